//! RESP2 and RESP3 as values, and requests as bytes.

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Simple(Vec<u8>),
    Error(Vec<u8>),
    Int(i64),
    /// 2^63 or more.
    Uint(u64),
    Bulk(Vec<u8>),
    Verbatim(Vec<u8>),
    Double(String),
    Big(String),
    Bool(bool),
    Nil,
    Array(Vec<Value>),
    Set(Vec<Value>),
    Push(Vec<Value>),
    Map(Vec<(Value, Value)>),
}

impl Value {
    /// The bytes of a string of any kind; empty for everything else.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Value::Simple(b) | Value::Bulk(b) | Value::Verbatim(b) | Value::Error(b) => b,
            _ => &[],
        }
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.bytes()).into_owned()
    }

    pub fn int(&self) -> Option<i64> {
        match self {
            Value::Int(n) => Some(*n),
            _ => None,
        }
    }

    /// The elements of an aggregate; a map's keys and values alternate.
    pub fn items(&self) -> Vec<Value> {
        match self {
            Value::Array(v) | Value::Set(v) | Value::Push(v) => v.clone(),
            Value::Map(m) => m.iter().flat_map(|(k, v)| [k.clone(), v.clone()]).collect(),
            _ => Vec::new(),
        }
    }

    /// The value of a key in a map, or in an array of alternating keys and values.
    pub fn get(&self, key: &str) -> Option<Value> {
        self.items().chunks(2).find(|kv| kv[0].bytes() == key.as_bytes()).map(|kv| kv[1].clone())
    }

    pub fn is_error(&self) -> bool {
        matches!(self, Value::Error(_))
    }
}

/// Reads one reply at the start of `bytes`: `Ok(None)` when it is not complete yet, else the value and its length.
pub fn parse(bytes: &[u8]) -> Result<Option<(Value, usize)>, String> {
    let Some(end) = bytes.windows(2).position(|w| w == b"\r\n") else { return Ok(None) };
    let line = &bytes[1.min(end)..end];
    let pos = end + 2;
    let text = || String::from_utf8_lossy(line).into_owned();
    let number = || text().parse::<i64>().map_err(|_| format!("bad number {:?} in a reply", text()));
    let value = match bytes[0] {
        b'+' => Value::Simple(line.to_vec()),
        b'-' => Value::Error(line.to_vec()),
        b':' => match (number(), text().parse()) {
            (Err(_), Ok(large)) => Value::Uint(large),
            (number, _) => Value::Int(number?),
        },
        b',' => Value::Double(text()),
        b'(' => Value::Big(text()),
        b'#' => Value::Bool(line == b"t"),
        b'_' => Value::Nil,
        b'$' | b'=' | b'!' => {
            let n = number()?;
            if n < 0 {
                return Ok(Some((Value::Nil, pos)));
            }
            let n = n as usize;
            if bytes.len() < pos + n + 2 {
                return Ok(None);
            }
            if &bytes[pos + n..pos + n + 2] != b"\r\n" {
                return Err("a bulk string does not end where its length says".into());
            }
            let body = &bytes[pos..pos + n];
            let value = match bytes[0] {
                b'$' => Value::Bulk(body.to_vec()),
                b'=' => Value::Verbatim(body[4.min(n)..].to_vec()),
                _ => Value::Error(body.to_vec()),
            };
            return Ok(Some((value, pos + n + 2)));
        }
        kind @ (b'*' | b'~' | b'>' | b'%') => {
            let n = number()?;
            if n < 0 {
                return Ok(Some((Value::Nil, pos)));
            }
            let count = if kind == b'%' { 2 * n } else { n };
            let mut items = Vec::new();
            let mut at = pos;
            for _ in 0..count {
                if at >= bytes.len() {
                    return Ok(None);
                }
                let Some((v, used)) = parse(&bytes[at..])? else { return Ok(None) };
                items.push(v);
                at += used;
            }
            let value = match kind {
                b'*' => Value::Array(items),
                b'~' => Value::Set(items),
                b'>' => Value::Push(items),
                _ => {
                    let mut items = items.into_iter();
                    let mut pairs = Vec::new();
                    while let (Some(k), Some(v)) = (items.next(), items.next()) {
                        pairs.push((k, v));
                    }
                    Value::Map(pairs)
                }
            };
            return Ok(Some((value, at)));
        }
        other => return Err(format!("reply type byte {:?}", other as char)),
    };
    Ok(Some((value, pos)))
}

/// All replies in `bytes`, which must end with a complete one.
pub fn parse_all(mut bytes: &[u8]) -> Result<Vec<Value>, String> {
    let mut out = Vec::new();
    while !bytes.is_empty() {
        let (v, n) = parse(bytes)?.ok_or("a reply is cut short")?;
        out.push(v);
        bytes = &bytes[n..];
    }
    Ok(out)
}

/// A request as sockets carry it.
pub fn request<A: AsRef<[u8]>>(args: &[A]) -> Vec<u8> {
    let mut out = format!("*{}\r\n", args.len()).into_bytes();
    for a in args {
        out.extend_from_slice(format!("${}\r\n", a.as_ref().len()).as_bytes());
        out.extend_from_slice(a.as_ref());
        out.extend_from_slice(b"\r\n");
    }
    out
}

/// A request as the engine's frame: count, then length and bytes of each argument, `u32` little-endian.
pub fn frame<A: AsRef<[u8]>>(args: &[A]) -> Vec<u8> {
    let mut out = (args.len() as u32).to_le_bytes().to_vec();
    for a in args {
        out.extend_from_slice(&(a.as_ref().len() as u32).to_le_bytes());
        out.extend_from_slice(a.as_ref());
    }
    out
}
