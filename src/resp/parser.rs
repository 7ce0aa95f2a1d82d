//! Bytes off a socket to argument spans, limits checked: `*2\r\n$3\r\nGET\r\n$1\r\nk\r\n`, or an inline command: `GET k\r\n`.
//!
//! The parser keeps its place between calls, so a command that arrives in a thousand pieces is read once.
//! Lengths are canonical decimal numbers and nothing else; of line ends the first byte is looked at, as in Redis. There is no
//! other reader of what clients send: what decides whether a command may run has been read here.
//!
//! The limits are Redis's: 1,048,576 arguments, `proto-max-bulk-len` bytes each, 64 KB for a line; before a client has
//! authenticated, 10 arguments of 16 KB. What breaks them is a protocol error, after which the connection is closed.

use super::args::Span;

const MAX_LINE: usize = 64 * 1024;
pub const MAX_ARGS: i64 = 1024 * 1024;
/// No command is longer, whatever `proto-max-bulk-len` says: offsets have 32 bits, and wasm32 has no buffer beyond 2 GiB.
const MAX_COMMAND: i64 = i32::MAX as i64;

/// What a session's limits are at the moment.
#[derive(Clone, Copy)]
pub struct Limits {
    pub max_bulk: i64,
    /// Whether the client still has to authenticate, which narrows the limits.
    pub unauthenticated: bool,
}

/// What [`Parser::next`] found.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// A whole command; its spans are in the parser, and it ends before this offset.
    Command(usize),
    /// An empty command (an empty inline line, `*0`): skipped, it ends before this offset.
    Nothing(usize),
    /// More bytes are needed.
    Partial,
    /// The text after `Protocol error: `.
    Broken(Vec<u8>),
}

/// Reads RESP and inline commands. Offsets are relative to the start of the command, so the bytes of one that is not
/// complete may be moved elsewhere, as long as they start at the command's first byte.
#[derive(Default)]
pub struct Parser {
    pub spans: Vec<Span>,
    /// The text of an inline command, unquoted: the spans point in here where `inline` is set.
    pub line: Vec<u8>,
    pub inline: bool,
    /// Where to go on reading.
    at: usize,
    /// Arguments still to come; 0 between commands.
    left: i64,
    /// The length of the bulk string whose bytes come next.
    bulk: Option<usize>,
}

impl Parser {
    /// Forgets a half-read command.
    pub fn reset(&mut self) {
        self.spans.clear();
        self.at = 0;
        self.left = 0;
        self.bulk = None;
        self.inline = false;
    }

    /// How many bytes from the command's start must be there before it is worth asking again.
    pub fn wanted(&self) -> usize {
        self.at + self.bulk.map_or(1, |len| len + 2)
    }

    /// Reads on in `bytes`, which start with the command's first byte.
    #[inline]
    pub fn next(&mut self, bytes: &[u8], limits: Limits) -> Next {
        if self.left == 0 {
            self.reset();
            match bytes.first() {
                None => return Next::Partial,
                Some(b'*') => {}
                Some(_) => return self.inline(bytes),
            }
            let (count, end) = match number_line(&bytes[1..]) {
                Line::Number(count, end) => (count, end),
                Line::Garbage => return broken("invalid multibulk length"),
                Line::Missing if bytes.len() > MAX_LINE => return broken("too big mbulk count string"),
                Line::Missing => return Next::Partial,
            };
            if count > MAX_ARGS {
                return broken("invalid multibulk length");
            }
            if count > 10 && limits.unauthenticated {
                return broken("unauthenticated multibulk length");
            }
            self.at = 1 + end;
            if count <= 0 {
                return Next::Nothing(self.at);
            }
            self.left = count;
            self.spans.reserve(count.min(1024) as usize);
        }
        while self.left > 0 {
            let len = match self.bulk {
                Some(len) => len,
                None => {
                    let rest = &bytes[self.at.min(bytes.len())..];
                    if rest.first().is_some_and(|&b| b != b'$' && rest.contains(&b'\r')) {
                        return Next::Broken([b"expected '$', got '", &rest[..1], b"'"].concat());
                    }
                    let (len, end) = match number_line(rest.get(1..).unwrap_or_default()) {
                        Line::Number(len, end) => (len, end),
                        Line::Garbage => return broken("invalid bulk length"),
                        Line::Missing if rest.len() > MAX_LINE => return broken("too big bulk count string"),
                        Line::Missing => return Next::Partial,
                    };
                    if len < 0 || len > limits.max_bulk.min(MAX_COMMAND - (self.at + end) as i64 - 3) {
                        return broken("invalid bulk length");
                    }
                    if len > 16384 && limits.unauthenticated {
                        return broken("unauthenticated bulk length");
                    }
                    self.at += 1 + end;
                    self.bulk = Some(len as usize);
                    len as usize
                }
            };
            if bytes.len() < self.at + len + 2 {
                return Next::Partial;
            }
            self.spans.push(Span { at: self.at as u32, len: len as u32 });
            self.at += len + 2; // the line end is not looked at, as in Redis
            self.bulk = None;
            self.left -= 1;
        }
        Next::Command(self.at)
    }

    fn inline(&mut self, bytes: &[u8]) -> Next {
        let Some(end) = bytes.iter().position(|&b| b == b'\n') else {
            return if bytes.len() > MAX_LINE { broken("too big inline request") } else { Next::Partial };
        };
        let line = bytes[..end].strip_suffix(b"\r").unwrap_or(&bytes[..end]);
        self.line.clear();
        self.inline = true;
        if !split_line(line, &mut self.line, &mut self.spans) {
            return broken("unbalanced quotes in request");
        }
        if self.spans.is_empty() { Next::Nothing(end + 1) } else { Next::Command(end + 1) }
    }
}

fn broken(text: &str) -> Next {
    Next::Broken(text.as_bytes().to_vec())
}

enum Line {
    /// The number, and the offset behind its line end.
    Number(i64, usize),
    Garbage,
    Missing,
}

/// Reads `123\r\n`. The number must be canonical; what stands between the CR and the next byte is not looked at.
#[inline]
fn number_line(bytes: &[u8]) -> Line {
    // Short non-negative numbers, nearly all there are.
    let mut value = 0i64;
    for (i, &b) in bytes.iter().take(10).enumerate() {
        match b {
            b'0'..=b'9' => value = value * 10 + (b - b'0') as i64,
            b'\r' if i > 0 && (i == 1 || bytes[0] != b'0') => {
                return if i + 1 < bytes.len() { Line::Number(value, i + 2) } else { Line::Missing };
            }
            _ => break,
        }
    }
    let Some(cr) = bytes.iter().position(|&b| b == b'\r') else { return Line::Missing };
    if cr + 1 >= bytes.len() {
        return Line::Missing;
    }
    match crate::types::number::parse_int(&bytes[..cr]) {
        Some(value) => Line::Number(value, cr + 2),
        None => Line::Garbage,
    }
}

/// Splits a line into words as redis-cli and inline commands do: `"..."` with `\n \r \t \b \a \xHH` and any other
/// escaped character as itself, `'...'` with `\'` alone, a closing quote followed by a space or the end. Appends the
/// words to `text` and their spans to `spans`; false where the quotes do not close.
pub fn split_line(line: &[u8], text: &mut Vec<u8>, spans: &mut Vec<Span>) -> bool {
    let space = |b: u8| matches!(b, b' ' | b'\n' | b'\r' | b'\t' | 0x0b | 0x0c);
    let mut at = 0;
    loop {
        while at < line.len() && (space(line[at]) || line[at] == 0) {
            at += 1;
        }
        if at >= line.len() {
            return true;
        }
        let start = text.len();
        let mut quote = 0u8;
        loop {
            let Some(&b) = line.get(at) else {
                if quote != 0 {
                    return false;
                }
                break;
            };
            match (quote, b) {
                (b'"', b'\\') if is_hex_escape(&line[at..]) => {
                    text.push(hex(line[at + 2]) << 4 | hex(line[at + 3]));
                    at += 3;
                }
                (b'"', b'\\') if at + 1 < line.len() => {
                    at += 1;
                    text.push(match line[at] {
                        b'n' => b'\n',
                        b'r' => b'\r',
                        b't' => b'\t',
                        b'b' => 8,
                        b'a' => 7,
                        other => other,
                    });
                }
                (b'\'', b'\\') if line.get(at + 1) == Some(&b'\'') => {
                    at += 1;
                    text.push(b'\'');
                }
                (b'"', b'"') | (b'\'', b'\'') => {
                    at += 1;
                    if line.get(at).is_some_and(|&next| !space(next)) {
                        return false;
                    }
                    break;
                }
                (0, b'"' | b'\'') => quote = b,
                (0, b' ' | b'\n' | b'\r' | b'\t' | 0) => break,
                (_, b) => text.push(b),
            }
            at += 1;
        }
        spans.push(Span { at: start as u32, len: (text.len() - start) as u32 });
    }
}

fn is_hex_escape(bytes: &[u8]) -> bool {
    matches!(bytes, [b'\\', b'x', a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit())
}

fn hex(digit: u8) -> u8 {
    (digit as char).to_digit(16).unwrap_or(0) as u8
}
