//! redis-cli's two languages: the command line with its quotes, and the way it shows a reply (`--no-raw`, held against
//! the real program byte for byte when this was written).

use crate::resp::Value;

/// A reply as redis-cli shows it, lines ending in `\n`.
pub fn show(v: &Value) -> String {
    let mut out = String::new();
    put(v, "", &mut out);
    out
}

fn put(v: &Value, prefix: &str, out: &mut String) {
    let lossy = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
    match v {
        Value::Simple(b) | Value::Verbatim(b) => *out += &(lossy(b) + "\n"),
        Value::Error(b) => *out += &format!("(error) {}\n", lossy(b)),
        Value::Int(n) => *out += &format!("(integer) {n}\n"),
        Value::Uint(n) => *out += &format!("(integer) {n}\n"),
        Value::Double(d) => *out += &format!("(double) {d}\n"),
        Value::Big(d) => *out += &format!("(big number) {d}\n"),
        Value::Bool(b) => *out += &format!("({b})\n"),
        Value::Nil => *out += "(nil)\n",
        Value::Bulk(b) => *out += &(quote(b) + "\n"),
        Value::Array(items) => list(items, ')', "(empty array)\n", prefix, out),
        Value::Set(items) => list(items, '~', "(empty set)\n", prefix, out),
        Value::Push(items) => list(items, '>', "(empty push)\n", prefix, out),
        Value::Map(pairs) if pairs.is_empty() => *out += "(empty hash)\n",
        Value::Map(pairs) => {
            let width = pairs.len().to_string().len();
            let inner = format!("{prefix}{}", " ".repeat(width + 2));
            for (i, (k, v)) in pairs.iter().enumerate() {
                *out += &format!("{}{:>width$}# ", if i == 0 { "" } else { prefix }, i + 1);
                put(k, &inner, out);
                out.pop();
                *out += " => ";
                if many_lines(v) {
                    *out += &format!("\n{inner}");
                }
                put(v, &inner, out);
            }
        }
    }
}

fn list(items: &[Value], mark: char, empty: &str, prefix: &str, out: &mut String) {
    if items.is_empty() {
        *out += empty;
        return;
    }
    let width = items.len().to_string().len();
    let inner = format!("{prefix}{}", " ".repeat(width + 2));
    for (i, item) in items.iter().enumerate() {
        *out += &format!("{}{:>width$}{mark} ", if i == 0 { "" } else { prefix }, i + 1);
        put(item, &inner, out);
    }
}

/// Does an aggregate need more than one line? Then a map shows it below its key.
fn many_lines(v: &Value) -> bool {
    match v {
        Value::Array(i) | Value::Set(i) | Value::Push(i) => i.len() > 1 || i.first().is_some_and(many_lines),
        Value::Map(p) => p.len() > 1 || p.first().is_some_and(|(_, v)| many_lines(v)),
        _ => false,
    }
}

/// Bytes in double quotes, with escapes for what is not printable ASCII.
pub fn quote(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for &b in bytes {
        match b {
            b'\\' | b'"' => out.extend(['\\', b as char]),
            b'\n' => out += "\\n",
            b'\r' => out += "\\r",
            b'\t' => out += "\\t",
            7 => out += "\\a",
            8 => out += "\\b",
            32..127 => out.push(b as char),
            _ => out += &format!("\\x{b:02x}"),
        }
    }
    out + "\""
}

/// A command line as arguments: blanks separate, `"..."` knows `\n \r \t \a \b \xHH \" \\`, `'...'` only `\'`.
pub fn split(line: &str) -> Result<Vec<Vec<u8>>, String> {
    let b = line.as_bytes();
    let hex = |i: usize| b.get(i).and_then(|c| (*c as char).to_digit(16)).map(|d| d as u8);
    let mut out = Vec::new();
    let mut i = 0;
    loop {
        while i < b.len() && b[i].is_ascii_whitespace() {
            i += 1;
        }
        if i == b.len() {
            return Ok(out);
        }
        let mut word = Vec::new();
        let mut quoted = 0;
        loop {
            let end = i == b.len();
            match quoted {
                0 if end || b[i].is_ascii_whitespace() => break,
                0 if b[i] == b'"' || b[i] == b'\'' => quoted = b[i],
                _ if end => return Err(format!("unbalanced quotes: {line}")),
                0 => word.push(b[i]),
                q if b[i] == q => {
                    i += 1;
                    if i < b.len() && !b[i].is_ascii_whitespace() {
                        return Err(format!("a closing quote must be followed by a blank: {line}"));
                    }
                    break;
                }
                b'"' if b[i] == b'\\'
                    && b.get(i + 1) == Some(&b'x')
                    && hex(i + 2).is_some()
                    && hex(i + 3).is_some() =>
                {
                    word.push(hex(i + 2).unwrap_or(0) * 16 + hex(i + 3).unwrap_or(0));
                    i += 3;
                }
                b'"' if b[i] == b'\\' && i + 1 < b.len() => {
                    i += 1;
                    word.push(match b[i] {
                        b'n' => b'\n',
                        b'r' => b'\r',
                        b't' => b'\t',
                        b'b' => 8,
                        b'a' => 7,
                        other => other,
                    });
                }
                b'\'' if b[i] == b'\\' && b.get(i + 1) == Some(&b'\'') => {
                    word.push(b'\'');
                    i += 1;
                }
                _ => word.push(b[i]),
            }
            i += 1;
        }
        out.push(word);
    }
}
