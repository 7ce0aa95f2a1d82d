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

use crate::lua::stack::{Kind, Raised, Stack};
use crate::resp::error::Error;
use crate::resp::reply::Reply;
use crate::types::double;
use crate::types::number::parse_int;

/// Stack that one value needs, keys and what is compared included.
const ROOM: i32 = 6;

/// Pushes the reply that stands at the beginning of `bytes`; what is behind it.
pub fn push<'a>(lua: Stack, bytes: &'a [u8]) -> &'a [u8] {
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
        b':' => lua.push_number(count() as f64),
        b'+' => field(lua, "ok", text),
        b'-' => {
            field(lua, "err", text);
            lua.push_boolean(true);
            lua.set_raw_field(-2, "ignore_error_stats_update");
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

/// Writes the value on top of the stack as a reply, and pops it. `resp3`: what the script speaks.
pub fn write(lua: Stack, out: &mut Reply, resp3: bool) {
    if !lua.reserve(ROOM) {
        lua.pop(1);
        out.error(&Error::Fixed("ERR reached lua stack limit"));
        return;
    }
    match lua.kind(-1) {
        Kind::String => out.bulk(lua.bytes(-1).unwrap_or_default()),
        Kind::Number => out.int(cut(lua.number(-1))),
        Kind::Boolean if resp3 => out.bool(lua.boolean(-1)),
        Kind::Boolean if lua.boolean(-1) => out.int(1),
        Kind::Table => return write_table(lua, out, resp3),
        _ => out.null(),
    }
    lua.pop(1);
}

/// A number as an integer, as the servers do it that scripts were written for.
pub fn cut(n: f64) -> i64 {
    if n >= -9_223_372_036_854_775_808.0 && n < 9_223_372_036_854_775_808.0 { n as i64 } else { i64::MIN }
}

fn write_table(lua: Stack, out: &mut Reply, resp3: bool) {
    let is = |name: &str, kind: Kind| {
        lua.raw_field(-1, name);
        let found = lua.kind(-1) == kind;
        if !found {
            lua.pop(1);
        }
        found
    };
    if is("err", Kind::String) {
        let text = lua.bytes(-1).unwrap_or_default();
        out.error(&Error::quoting(&[text]));
        lua.pop(2);
    } else if is("ok", Kind::String) {
        out.status(lua.bytes(-1).unwrap_or_default());
        lua.pop(2);
    } else if is("double", Kind::Number) {
        out.double(lua.number(-1));
        lua.pop(2);
    } else if is("map", Kind::Table) {
        let count = size(lua);
        out.map(count);
        each(lua, |lua| {
            lua.copy(-2);
            write(lua, out, resp3);
            write(lua, out, resp3);
        });
        lua.pop(2);
    } else if is("set", Kind::Table) {
        let count = size(lua);
        out.set(count);
        each(lua, |lua| {
            lua.pop(1);
            lua.copy(-1);
            write(lua, out, resp3);
        });
        lua.pop(2);
    } else if is("big_number", Kind::String) {
        out.big_number(lua.bytes(-1).unwrap_or_default());
        lua.pop(2);
    } else if is("verbatim_string", Kind::Table) {
        lua.raw_field(-1, "string");
        lua.raw_field(-2, "format");
        match (lua.bytes(-2), lua.bytes(-1)) {
            (Some(text), Some(format)) => out.verbatim(format, text),
            _ => out.null(),
        }
        lua.pop(4);
    } else {
        write_array(lua, out, resp3);
    }
}

fn write_array(lua: Stack, out: &mut Reply, resp3: bool) {
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
    out.array(count as usize);
    for n in 1..=count {
        lua.element(-1, n);
        write(lua, out, resp3);
    }
    lua.pop(1);
}

/// How many fields the table on top has.
fn size(lua: Stack) -> usize {
    let mut count = 0;
    each(lua, |lua| {
        lua.pop(1);
        count += 1;
    });
    count
}

/// Shows each key and value of the table on top; `show` pops the value.
fn each(lua: Stack, mut show: impl FnMut(Stack)) {
    lua.push_nil();
    while lua.next(-2) {
        show(lua);
    }
}

/// Pushes an error as `redis.call` raises it and `redis.pcall` gives it.
pub fn push_error(lua: Stack, text: &[u8]) -> Raised {
    field(lua, "err", text);
    Raised
}
