//! Enough JSON to read `tests/data`. Objects keep their order.

#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// A member of an object; `Null` where there is none.
    pub fn get(&self, name: &str) -> &Json {
        match self {
            Json::Object(m) => m.iter().find(|(k, _)| k == name).map_or(&Json::Null, |(_, v)| v),
            _ => &Json::Null,
        }
    }

    pub fn list(&self) -> &[Json] {
        match self {
            Json::List(v) => v,
            _ => &[],
        }
    }

    pub fn members(&self) -> &[(String, Json)] {
        match self {
            Json::Object(m) => m,
            _ => &[],
        }
    }

    pub fn text(&self) -> &str {
        match self {
            Json::Text(s) => s,
            _ => "",
        }
    }

    pub fn int(&self) -> i64 {
        match self {
            Json::Number(n) => *n as i64,
            _ => 0,
        }
    }
}

/// Reads one JSON text; panics where it is none (the files are our own).
pub fn parse(text: &str) -> Json {
    let mut at = 0;
    value(text.as_bytes(), &mut at)
}

fn blank(b: &[u8], at: &mut usize) {
    while b[*at].is_ascii_whitespace() {
        *at += 1;
    }
}

fn value(b: &[u8], at: &mut usize) -> Json {
    blank(b, at);
    match b[*at] {
        b'{' => Json::Object(series(b, at, b'}', |b, at| {
            let name = string(b, at);
            blank(b, at);
            assert_eq!(b[*at], b':');
            *at += 1;
            (name, value(b, at))
        })),
        b'[' => Json::List(series(b, at, b']', value)),
        b'"' => Json::Text(string(b, at)),
        _ => {
            let start = *at;
            while *at < b.len() && !b",]} \n".contains(&b[*at]) {
                *at += 1;
            }
            match std::str::from_utf8(&b[start..*at]).expect("UTF-8") {
                "null" => Json::Null,
                "true" => Json::Bool(true),
                "false" => Json::Bool(false),
                number => Json::Number(number.parse().expect("a number")),
            }
        }
    }
}

fn series<T>(b: &[u8], at: &mut usize, close: u8, item: impl Fn(&[u8], &mut usize) -> T) -> Vec<T> {
    let mut out = Vec::new();
    *at += 1;
    loop {
        blank(b, at);
        if b[*at] == close {
            *at += 1;
            return out;
        }
        if b[*at] == b',' {
            *at += 1;
            blank(b, at);
        }
        out.push(item(b, at));
    }
}

fn string(b: &[u8], at: &mut usize) -> String {
    let mut out = Vec::new();
    *at += 1;
    while b[*at] != b'"' {
        if b[*at] != b'\\' {
            out.push(b[*at]);
            *at += 1;
            continue;
        }
        let c = match b[*at + 1] {
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let hex = std::str::from_utf8(&b[*at + 2..*at + 6]).expect("UTF-8");
                *at += 4;
                char::from_u32(u32::from_str_radix(hex, 16).expect("four hex digits")).expect("a plain character")
            }
            other => other as char,
        };
        out.extend_from_slice(c.to_string().as_bytes());
        *at += 2;
    }
    *at += 1;
    String::from_utf8(out).expect("UTF-8")
}
