//! Replies as values of Lua, and values of Lua as replies: the conversions that Redis's documentation of scripts lists, for RESP2 and
//! for RESP3.
//!
//! | RESP | Lua | and back |
//! |---|---|---|
//! | bulk string | string | string: bulk string |
//! | integer | number | number: integer, cut off |
//! | simple string | `{ok=...}` | the same |
//! | error | `{err=...}` | the same |
//! | null of RESP2 | `false` | `false`: null; in RESP3 boolean |
//! | null of RESP3 | `nil` | `nil`: null |
//! | array | table | table: array up to the first `nil` |
//! | map, set | `{map={...}}`, `{set={member=true}}` | the same |
//! | double, boolean, big number, verbatim string | `{double=n}`, boolean, `{big_number=s}`, `{verbatim_string={format=, string=}}` | the same |

use crate::lua::stack::{Kind, Raised, Stack, cut};
use crate::resp::error::Error;
use crate::resp::reply::Reply;
use crate::server::stats::Stats;
use crate::types::double;
use crate::types::number::{parse_int, parse_uint};

/// The field of an error that stands in the statistics already.
pub const COUNTED: &str = "ignore_error_stats_update";

/// Stack that one value needs, keys and what is compared included.
const ROOM: i32 = 6;

/// The same where values are written: so much is left there where Redis refuses to go deeper.
const LEFT: i32 = 4;

/// Pushes the reply that stands at the beginning of `bytes`; what is behind it.
pub fn push(lua: Stack, bytes: &[u8]) -> &[u8] {
    let (line, rest) = line(bytes);
    let text = &line[1..];
    let count = || parse_int(text).unwrap_or(0);
    if !lua.reserve(ROOM) {
        lua.push_nil();
        return &[];
    }
    match line[0] {
        b'$' | b'*' if text == b"-1" => lua.push_boolean(false),
        b'$' => {
            let len = count() as usize;
            lua.push_bytes(&rest[..len]);
            return &rest[len + 2..];
        }
        b':' => lua.push_number(parse_uint(text).map_or_else(|| count() as f64, |n| n as f64)),
        b'+' => field(lua, "ok", text),
        b'-' => {
            field(lua, "err", text);
            lua.push_boolean(true);
            lua.set_raw_field(-2, COUNTED);
        }
        b'_' => lua.push_nil(),
        b'#' => lua.push_boolean(text == b"t"),
        b',' => {
            lua.push_table(0, 1);
            lua.push_number(double::parse(text).unwrap_or(f64::NAN));
            lua.set_raw_field(-2, "double");
        }
        b'(' => field(lua, "big_number", text),
        b'=' => {
            let len = count() as usize;
            lua.push_table(0, 1);
            field(lua, "string", &rest[4..len]);
            lua.push_bytes(&rest[..3]);
            lua.set_raw_field(-2, "format");
            lua.set_raw_field(-2, "verbatim_string");
            return &rest[len + 2..];
        }
        b'%' => return pairs(lua, rest, count(), "map"),
        b'~' => return pairs(lua, rest, count(), "set"),
        _ => {
            let count = count();
            lua.push_table(count as usize, 0);
            let mut rest = rest;
            for n in 1..=count {
                rest = push(lua, rest);
                lua.set_element(-2, n as i32);
            }
            return rest;
        }
    }
    rest
}

/// The first line, and what is behind it.
fn line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|&byte| byte == b'\r').unwrap_or(bytes.len());
    (&bytes[..end], bytes.get(end + 2..).unwrap_or_default())
}

/// Pushes a table with one field.
fn field(lua: Stack, name: &str, text: &[u8]) {
    lua.push_table(0, 1);
    lua.push_bytes(text);
    lua.set_raw_field(-2, name);
}

/// Pushes a map, or a set, whose members are all true.
fn pairs<'a>(lua: Stack, mut rest: &'a [u8], count: i64, name: &str) -> &'a [u8] {
    lua.push_table(0, 1);
    lua.push_table(0, count as usize);
    for _ in 0..count {
        rest = push(lua, rest);
        if name == "map" {
            rest = push(lua, rest);
        } else {
            lua.push_boolean(true);
        }
        // What cannot be a key is left out.
        if lua.kind(-2) == Kind::Nil {
            lua.pop(2);
        } else {
            lua.set_raw(-3);
        }
    }
    lua.set_raw_field(-2, name);
    rest
}

/// Writes values of Lua as replies.
pub struct Writer<'a> {
    pub lua: Stack,
    pub out: &'a mut Reply,
    /// Where errors are counted that a script returns.
    pub stats: &'a mut Stats,
    /// What the script speaks.
    pub resp3: bool,
}

/// Where the writer is in a table: in an array, behind so many elements of so many; in a map, where a key or a value is next; in a set.
const KEYS: (i64, i64) = (-1, 0);
const VALUES: (i64, i64) = (-2, 0);
const MEMBERS: (i64, i64) = (-3, 0);

impl Writer<'_> {
    /// Writes the value on top of the stack, and pops it. Tables in tables are as deep as Lua's stack, and so no functions in functions.
    pub fn write(&mut self) {
        let lua = self.lua;
        let (_, open) = lua.buffers();
        open.clear();
        open.extend(self.begin());
        while let Some(place) = open.last_mut() {
            let more = match *place {
                KEYS | MEMBERS => lua.next(-2),
                VALUES => true,
                (at, count) => at < count,
            };
            if !more {
                lua.pop(1);
                open.pop();
                continue;
            }
            match *place {
                KEYS => {
                    lua.copy(-2);
                    *place = VALUES;
                }
                VALUES => *place = KEYS,
                MEMBERS => {
                    lua.pop(1);
                    lua.copy(-1);
                }
                (at, count) => {
                    lua.element(-1, at as i32 + 1);
                    *place = (at + 1, count);
                }
            }
            open.extend(self.begin());
        }
    }

    /// Writes the value on top of the stack, and pops it; of a table with others in it only the head: it stays, and what is in it is
    /// written from the place that is given.
    fn begin(&mut self) -> Option<(i64, i64)> {
        let Writer { lua, out, resp3, stats } = self;
        if !lua.reserve(LEFT) {
            lua.pop(1);
            let error = Error::Fixed("ERR reached lua stack limit");
            stats.count_error(&error.text());
            out.error(&error);
            return None;
        }
        match lua.kind(-1) {
            Kind::String => out.bulk(lua.bytes(-1).unwrap_or_default()),
            Kind::Number => out.int(cut(lua.number(-1))),
            Kind::Boolean if *resp3 => out.bool(lua.boolean(-1)),
            Kind::Boolean if lua.boolean(-1) => out.int(1),
            Kind::Table => return self.begin_table(),
            _ => out.null(),
        }
        lua.pop(1);
        None
    }

    /// Whether the table on top has a field of this name and kind, which is pushed then.
    fn has(&self, name: &str, kind: Kind) -> bool {
        self.lua.raw_field(-1, name);
        let found = self.lua.kind(-1) == kind;
        if !found {
            self.lua.pop(1);
        }
        found
    }

    fn begin_table(&mut self) -> Option<(i64, i64)> {
        let lua = self.lua;
        if self.has("err", Kind::String) {
            let text = before_zero(lua.bytes(-1).unwrap_or_default());
            let error = Error::quoting(&[text]);
            lua.raw_field(-2, COUNTED);
            if !lua.boolean(-1) {
                self.stats.count_error(&error.text());
            }
            lua.pop(1);
            self.out.error(&error);
        } else if self.has("ok", Kind::String) {
            self.out.status(&in_line(before_zero(lua.bytes(-1).unwrap_or_default())));
        } else if self.has("double", Kind::Number) {
            self.out.double(lua.number(-1));
        } else if self.has("map", Kind::Table) {
            lua.remove(-2);
            self.out.map(size(lua));
            lua.push_nil();
            return Some(KEYS);
        } else if self.has("set", Kind::Table) {
            lua.remove(-2);
            self.out.set(size(lua));
            lua.push_nil();
            return Some(MEMBERS);
        } else if self.has("big_number", Kind::String) {
            self.out.big_number(&in_line(lua.bytes(-1).unwrap_or_default()));
        } else if self.has("verbatim_string", Kind::Table) {
            lua.raw_field(-1, "string");
            lua.raw_field(-2, "format");
            let is_text = lua.kind(-2) == Kind::String && lua.kind(-1) == Kind::String;
            let parts = lua.bytes(-2).zip(lua.bytes(-1)).filter(|_| is_text);
            lua.pop(2);
            let Some((text, format)) = parts else {
                lua.pop(1);
                return self.begin_array();
            };
            self.out.verbatim(before_zero(format), text);
        } else {
            return self.begin_array();
        }
        lua.pop(2);
        None
    }

    fn begin_array(&mut self) -> Option<(i64, i64)> {
        let lua = self.lua;
        let mut count = 0;
        loop {
            lua.element(-1, count + 1);
            let end = lua.kind(-1) == Kind::Nil;
            lua.pop(1);
            if end {
                break;
            }
            count += 1;
        }
        self.out.array(count as usize);
        Some((0, count as i64))
    }
}

/// What of a text is an error or a status: it ends at the first zero byte.
pub fn before_zero(text: &[u8]) -> &[u8] {
    text.split(|&byte| byte == 0).next().unwrap_or_default()
}

/// A text without line ends: each becomes a space.
fn in_line(text: &[u8]) -> Vec<u8> {
    text.iter().map(|&byte| if b"\r\n".contains(&byte) { b' ' } else { byte }).collect()
}

/// How many fields the table on top has.
fn size(lua: Stack) -> usize {
    let mut count = 0;
    lua.push_nil();
    while lua.next(-2) {
        lua.pop(1);
        count += 1;
    }
    count
}

/// Pushes an error as `redis.call` raises it and `redis.pcall` gives it.
pub fn push_error(lua: Stack, text: &[u8]) -> Raised {
    field(lua, "err", text);
    Raised
}
