//! The library `cjson`, Mark Pulford's Lua CJSON 2.1.0: <https://kyne.au/~mark/software/lua-cjson-manual.html>, as Redis has it.
//!
//! Values are walked through without recursion: what is open lies on Lua's stack, one slot for an array and two for an object and its
//! key, and how far each of them is in the interpreter's levels. So depth is bound by the settings and by Lua's 8000 slots.
//!
//! Settings belong to an instance, the table that `new` makes, and lie in a userdata that its functions share. How much of its buffer
//! an instance keeps (`encode_keep_buffer`) is remembered and means nothing: all use the interpreter's.

use super::ffi::{
    LUA_GLOBALSINDEX, LUA_UPVALUE_1, lua_CFunction, lua_newuserdata, lua_pushlightuserdata, lua_touserdata,
};
use super::stack::{Kind, Raised, Results, Stack};
use crate::types::double::prefix;
use crate::types::number::{INT_LEN, format_int};
use crate::types::printf::{self, Form};

/// Pushes the library, and makes it a global.
pub fn open(lua: Stack) {
    push_instance(lua);
    lua.copy(-1);
    lua.set_raw_field(LUA_GLOBALSINDEX, "cjson");
}

/// What an instance does with what JSON has not.
#[derive(Clone)]
struct Settings {
    /// Whether an array with many gaps becomes an object rather than an error.
    sparse_convert: bool,
    /// An array has many gaps when its length is more than this times its elements, and more than what is safe. 0: never.
    sparse_ratio: i32,
    sparse_safe: i32,
    encode_depth: i32,
    decode_depth: i32,
    precision: i32,
    keep_buffer: bool,
    encode_invalid: Invalid,
    decode_invalid: bool,
    array_mt: bool,
}

/// The field of a metatable that says that its table is an array.
const MARK: &str = "__is_cjson_array";

/// What becomes of infinities and NaN.
#[derive(Clone, Copy, PartialEq)]
enum Invalid {
    Off,
    On,
    Null,
}

const FUNCTIONS: [(&str, lua_CFunction); 11] = [
    ("encode", encode),
    ("decode", decode),
    ("new", new),
    ("encode_sparse_array", encode_sparse_array),
    ("encode_max_depth", encode_max_depth),
    ("decode_max_depth", decode_max_depth),
    ("encode_number_precision", encode_number_precision),
    ("encode_keep_buffer", encode_keep_buffer),
    ("encode_invalid_numbers", encode_invalid_numbers),
    ("decode_invalid_numbers", decode_invalid_numbers),
    ("decode_array_with_array_mt", decode_array_with_array_mt),
];

crate::lua_function! {
    encode = encode_value;
    decode = decode_text;
    new = |lua| -> Results {
        push_instance(lua);
        Ok(1)
    };
    encode_sparse_array = set_sparse;
    encode_max_depth = |lua| set_integer(lua, |all| &mut all.encode_depth, 1, i32::MAX);
    decode_max_depth = |lua| set_integer(lua, |all| &mut all.decode_depth, 1, i32::MAX);
    encode_number_precision = |lua| set_integer(lua, |all| &mut all.precision, 1, 14);
    encode_keep_buffer = |lua| set_switch(lua, |all| &mut all.keep_buffer);
    encode_invalid_numbers = set_invalid;
    decode_invalid_numbers = |lua| set_switch(lua, |all| &mut all.decode_invalid);
    decode_array_with_array_mt = |lua| set_switch(lua, |all| &mut all.array_mt);
}

fn push_instance(lua: Stack) {
    lua.push_table(0, FUNCTIONS.len() + 3);
    // SAFETY: the block is as large as the settings, and aligned as what malloc gives. They need no drop.
    unsafe {
        lua_newuserdata(lua.0, size_of::<Settings>()).cast::<Settings>().write(Settings {
            sparse_convert: false,
            sparse_ratio: 2,
            sparse_safe: 10,
            encode_depth: 1000,
            decode_depth: 1000,
            precision: 14,
            keep_buffer: true,
            encode_invalid: Invalid::Off,
            decode_invalid: true,
            array_mt: false,
        })
    };
    for (name, function) in FUNCTIONS {
        lua.copy(-1);
        lua.push_closure(function, 1);
        lua.set_raw_field(-3, name);
    }
    lua.pop(1);
    push_null(lua);
    lua.set_raw_field(-2, "null");
    for (name, text) in [("_NAME", "cjson"), ("_VERSION", "2.1.0")] {
        lua.push_bytes(text.as_bytes());
        lua.set_raw_field(-2, name);
    }
}

/// Those of the instance whose function this is.
fn settings<'a>(lua: Stack) -> &'a mut Settings {
    // SAFETY: all functions have been made with them as their upvalue, and none keeps them while it calls Lua.
    unsafe { &mut *lua_touserdata(lua.0, LUA_UPVALUE_1).cast() }
}

fn push_null(lua: Stack) {
    unsafe { lua_pushlightuserdata(lua.0, std::ptr::null_mut()) }
}

// Settings

fn at_most(lua: Stack, arguments: i32) -> Result<(), Raised> {
    match lua.len() > arguments {
        true => Err(lua.argument_error(arguments + 1, "found too many arguments")),
        false => Ok(()),
    }
}

fn is_given(lua: Stack, argument: i32) -> bool {
    !matches!(lua.kind(argument), Kind::None | Kind::Nil)
}

/// The first argument as one of the names of a switch's states, or a boolean.
fn state(lua: Stack, names: &[&str]) -> Result<usize, Raised> {
    if lua.kind(1) == Kind::Boolean {
        return Ok(lua.boolean(1) as usize);
    }
    let name = lua.check_bytes(1)?;
    let name = name.split(|&b| b == 0).next().unwrap_or(name);
    let found = names.iter().position(|known| known.as_bytes() == name);
    found.ok_or_else(|| lua.argument_error(1, [b"invalid option '", name, b"'"].concat()))
}

fn set_switch(lua: Stack, which: fn(&mut Settings) -> &mut bool) -> Results {
    at_most(lua, 1)?;
    switch(lua, which(settings(lua)))
}

fn switch(lua: Stack, on: &mut bool) -> Results {
    if is_given(lua, 1) {
        *on = state(lua, &["off", "on"])? == 1;
    }
    lua.push_boolean(*on);
    Ok(1)
}

fn set_integer(lua: Stack, which: fn(&mut Settings) -> &mut i32, least: i32, most: i32) -> Results {
    at_most(lua, 1)?;
    integer(lua, 1, which(settings(lua)), least, most)
}

fn integer(lua: Stack, argument: i32, value: &mut i32, least: i32, most: i32) -> Results {
    if is_given(lua, argument) {
        let wanted = super::stack::cut(lua.check_number(argument)?) as i32;
        if !(least..=most).contains(&wanted) {
            // Whichever argument it is.
            return Err(lua.argument_error(1, format!("expected integer between {least} and {most}")));
        }
        *value = wanted;
    }
    lua.push_number(*value as f64);
    Ok(1)
}

/// `encode_sparse_array([convert[, ratio[, safe]]])`
fn set_sparse(lua: Stack) -> Results {
    at_most(lua, 3)?;
    let all = settings(lua);
    // What each of them pushes must not be taken for an argument.
    lua.truncate(3);
    switch(lua, &mut all.sparse_convert)?;
    integer(lua, 2, &mut all.sparse_ratio, 0, i32::MAX)?;
    integer(lua, 3, &mut all.sparse_safe, 0, i32::MAX)?;
    Ok(3)
}

fn set_invalid(lua: Stack) -> Results {
    at_most(lua, 1)?;
    let all = settings(lua);
    if is_given(lua, 1) {
        all.encode_invalid = [Invalid::Off, Invalid::On, Invalid::Null][state(lua, &["off", "on", "null"])?];
    }
    match all.encode_invalid {
        Invalid::Null => lua.push_bytes(b"null"),
        other => lua.push_boolean(other == Invalid::On),
    }
    Ok(1)
}

// Encoding

fn encode_value(lua: Stack) -> Results {
    if lua.len() != 1 {
        return Err(lua.argument_error(1, "expected 1 argument"));
    }
    let all = &settings(lua).clone();
    let (mut out, mut levels) = lua.buffers();
    out.clear();
    // Of an array how many elements have been written, and how many there are; of an object how many fields, and -1.
    levels.clear();
    'values: loop {
        lua.grow(out, 32)?;
        match lua.kind(-1) {
            Kind::Table => {
                let depth = levels.len() + 1;
                if depth > all.encode_depth as usize || !lua.reserve(3) {
                    return Err(lua.error(format!("Cannot serialise, excessive nesting ({depth})").as_bytes()));
                }
                let length = match is_marked(lua)? {
                    true => Some(lua.length(-1).min(i32::MAX as usize) as i32),
                    false => array_length(lua, all)?,
                };
                (out, levels) = lua.buffers();
                if let Some(length) = length {
                    out.push(b'[');
                    levels.push((0, length as i64));
                } else {
                    out.push(b'{');
                    levels.push((0, -1));
                    lua.push_nil();
                }
            }
            _ => {
                write_scalar(lua, all, out)?;
                lua.pop(1);
            }
        }
        while let Some((done, length)) = levels.last_mut() {
            let more = if *length < 0 { lua.next(-2) } else { done < length };
            if !more {
                out.push(if *length < 0 { b'}' } else { b']' });
                levels.pop();
                lua.pop(1);
                continue;
            }
            lua.grow(out, 32)?;
            if *done > 0 {
                out.push(b',');
            }
            *done += 1;
            if *length < 0 {
                write_key(lua, all, out)?;
            } else {
                lua.element(-1, *done as i32);
            }
            continue 'values;
        }
        lua.push_bytes(out);
        return Ok(1);
    }
}

/// Whether the table on top says that it is an array: its metatable has a field for that. The buffers are no longer those from before.
fn is_marked(lua: Stack) -> Result<bool, Raised> {
    if !lua.push_metatable(-1) {
        return Ok(false);
    }
    if lua.push_metatable(-1) {
        lua.pop(1);
        return is_marked_by_function(lua);
    }
    lua.raw_field(-1, MARK);
    let marked = lua.boolean(-1);
    lua.pop(2);
    Ok(marked)
}

/// The same where the metatable has one itself, so that the field may be a function's answer, and the function may encode something:
/// what the buffers hold lies with Lua meanwhile.
#[inline(never)]
fn is_marked_by_function(lua: Stack) -> Result<bool, Raised> {
    if !lua.reserve(6) {
        return Err(lua.error(b"stack overflow"));
    }
    let (out, levels) = lua.buffers();
    lua.push_bytes(out);
    out.clear();
    lua.grow(out, 16 * levels.len())?;
    out.extend(levels.iter().flat_map(|level| [level.0, level.1]).flat_map(i64::to_le_bytes));
    lua.push_bytes(out);
    lua.copy(-3);
    lua.push_bytes(MARK.as_bytes());
    lua.field(-2);
    let marked = lua.boolean(-1);
    lua.pop(2);
    let (out, levels) = lua.buffers();
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0, |n, &b| n << 8 | b as i64);
    let saved = lua.bytes(-1).unwrap_or_default();
    levels.clear();
    levels.extend(saved.chunks_exact(16).map(|level| (number(&level[..8]), number(&level[8..]))));
    let saved = lua.bytes(-2).unwrap_or_default();
    out.clear();
    lua.grow(out, saved.len())?;
    out.extend_from_slice(saved);
    lua.pop(3);
    Ok(marked)
}

/// How long the table on top is as an array; none if it is none: it has other keys than positive integers, or none at all, or many gaps
/// where that makes an object of it.
fn array_length(lua: Stack, all: &Settings) -> Result<Option<i32>, Raised> {
    let (mut length, mut elements) = (0i32, 0i32);
    lua.push_nil();
    while lua.next(-2) {
        lua.pop(1);
        let key = if lua.kind(-1) == Kind::Number { lua.number(-1) } else { 0.0 };
        if !(key >= 1.0 && key.floor() == key) {
            lua.pop(1);
            return Ok(None);
        }
        if key > length as f64 {
            // As x86 does it: too large is the least.
            length = if key <= i32::MAX as f64 { key as i32 } else { i32::MIN };
        }
        elements += 1;
    }
    let ratio = all.sparse_ratio;
    if ratio > 0 && length > elements.wrapping_mul(ratio) && length > all.sparse_safe {
        if !all.sparse_convert {
            return Err(lua.error(b"Cannot serialise table: excessively sparse array"));
        }
        return Ok(None);
    }
    Ok(Some(length).filter(|&length| length > 0))
}

/// The key under the top.
fn write_key(lua: Stack, all: &Settings, out: &mut Vec<u8>) -> Result<(), Raised> {
    match lua.kind(-2) {
        Kind::Number => {
            out.push(b'"');
            write_number(lua, lua.number(-2), all, out)?;
            out.push(b'"');
        }
        Kind::String => write_string(lua, lua.bytes(-2).unwrap_or_default(), out)?,
        _ => {
            let text = format!("Cannot serialise {}: table key must be a number or string", lua.kind_name(-2));
            return Err(lua.error(text.as_bytes()));
        }
    }
    out.push(b':');
    Ok(())
}

fn write_scalar(lua: Stack, all: &Settings, out: &mut Vec<u8>) -> Result<(), Raised> {
    match lua.kind(-1) {
        Kind::String => return write_string(lua, lua.bytes(-1).unwrap_or_default(), out),
        Kind::Number => return write_number(lua, lua.number(-1), all, out),
        Kind::Boolean => out.extend_from_slice(if lua.boolean(-1) { b"true" } else { b"false" }),
        Kind::Nil => out.extend_from_slice(b"null"),
        Kind::Light if lua.is_null(-1) => out.extend_from_slice(b"null"),
        _ => {
            let text = format!("Cannot serialise {}: type not supported", lua.kind_name(-1));
            return Err(lua.error(text.as_bytes()));
        }
    }
    Ok(())
}

fn write_number(lua: Stack, number: f64, all: &Settings, out: &mut Vec<u8>) -> Result<(), Raised> {
    if !number.is_finite() {
        match all.encode_invalid {
            Invalid::Off => return Err(lua.error(b"Cannot serialise number: must not be NaN or Inf")),
            Invalid::Null => out.extend_from_slice(b"null"),
            Invalid::On if number.is_nan() => out.extend_from_slice(b"nan"),
            Invalid::On => out.extend_from_slice(if number > 0.0 { b"inf" } else { b"-inf" }),
        }
        return Ok(());
    }
    let whole = number as i64;
    if whole as f64 == number && whole != 0 && whole.unsigned_abs() < 10u64.pow(all.precision as u32) {
        out.extend_from_slice(format_int(whole, &mut [0; INT_LEN]));
    } else {
        let form = Form { precision: Some(all.precision as usize), conversion: b'g', ..Form::default() };
        printf::double(&form, number, out);
    }
    Ok(())
}

fn write_string(lua: Stack, text: &[u8], out: &mut Vec<u8>) -> Result<(), Raised> {
    out.push(b'"');
    let mut rest = text;
    loop {
        let plain = rest.iter().take_while(|&&b| !matches!(b, 0..32 | 127 | b'"' | b'\\' | b'/')).count();
        // And what follows: an escape, or what stands behind a string.
        lua.grow(out, plain + 32)?;
        out.extend_from_slice(&rest[..plain]);
        let Some(&b) = rest.get(plain) else {
            break;
        };
        rest = &rest[plain + 1..];
        let short = match b {
            b'"' | b'\\' | b'/' => b,
            8 => b'b',
            9 => b't',
            10 => b'n',
            12 => b'f',
            13 => b'r',
            _ => {
                let digit = |n: u8| b"0123456789abcdef"[n as usize];
                out.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(b >> 4), digit(b & 15)]);
                continue;
            }
        };
        out.extend_from_slice(&[b'\\', short]);
    }
    out.push(b'"');
    Ok(())
}

// Decoding

/// What a text is made of. Strings and numbers have been pushed when they are read.
#[derive(Clone, Copy, PartialEq)]
enum Token {
    ObjectBegin,
    ObjectEnd,
    ArrayBegin,
    ArrayEnd,
    String,
    Number,
    Boolean,
    Null,
    Colon,
    Comma,
    End,
    /// None: what is wrong.
    Error(&'static str),
}

impl Token {
    fn name(self) -> &'static str {
        match self {
            Token::ObjectBegin => "T_OBJ_BEGIN",
            Token::ObjectEnd => "T_OBJ_END",
            Token::ArrayBegin => "T_ARR_BEGIN",
            Token::ArrayEnd => "T_ARR_END",
            Token::String => "T_STRING",
            Token::Number => "T_NUMBER",
            Token::Boolean => "T_BOOLEAN",
            Token::Null => "T_NULL",
            Token::Colon => "T_COLON",
            Token::Comma => "T_COMMA",
            Token::End => "T_END",
            Token::Error(text) => text,
        }
    }
}

struct Reader<'a> {
    lua: Stack,
    /// Up to a zero.
    text: &'a [u8],
    at: usize,
    /// Where the last token begins; where it is wrong if it is an error.
    token: usize,
    invalid: bool,
}

fn decode_text(lua: Stack) -> Results {
    if lua.len() != 1 {
        return Err(lua.argument_error(1, "expected 1 argument"));
    }
    let text = lua.check_bytes(1)?;
    if text.len() >= 2 && (text[0] == 0 || text[1] == 0) {
        return Err(lua.error(b"JSON parser does not support UTF-16 or UTF-32"));
    }
    let all = &settings(lua).clone();
    let end = text.iter().position(|&b| b == 0).unwrap_or(text.len());
    let mut reader = Reader { lua, text: &text[..end], at: 0, token: 0, invalid: all.decode_invalid };
    // Of an array how many elements it has; of an object -1.
    let levels = lua.buffers().1;
    levels.clear();
    let mut token = reader.next(true)?;
    'values: loop {
        match token {
            Token::String | Token::Number | Token::Boolean | Token::Null => {}
            Token::ArrayBegin | Token::ObjectBegin => {
                let depth = levels.len() + 1;
                if depth > all.decode_depth as usize || !lua.reserve(2) {
                    let character = reader.token + 1;
                    let text = format!("Found too many nested data structures ({depth}) at character {character}");
                    return Err(lua.error(text.as_bytes()));
                }
                lua.push_table(0, 0);
                let array = token == Token::ArrayBegin;
                if array && all.array_mt {
                    push_array_metatable(lua)?;
                }
                token = reader.next(true)?;
                if token != (if array { Token::ArrayEnd } else { Token::ObjectEnd }) {
                    levels.push((if array { 0 } else { -1 }, 0));
                    if !array {
                        token = reader.key(token)?;
                    }
                    continue 'values;
                }
            }
            _ => return reader.unexpected("value", token),
        }
        // A value is on top.
        while let Some((elements, _)) = levels.last_mut() {
            let array = *elements >= 0;
            if array {
                *elements += 1;
                lua.set_element(-2, *elements as i32);
            } else {
                lua.set_raw(-3);
            }
            token = reader.next(false)?;
            if token == Token::Comma {
                token = reader.next(true)?;
                if !array {
                    token = reader.key(token)?;
                }
                continue 'values;
            }
            if token != (if array { Token::ArrayEnd } else { Token::ObjectEnd }) {
                return reader.unexpected(if array { "comma or array end" } else { "comma or object end" }, token);
            }
            levels.pop();
        }
        token = reader.next(false)?;
        return if token == Token::End { Ok(1) } else { reader.unexpected("the end", token) };
    }
}

/// Gives the table on top a metatable of its own that says it is an array.
fn push_array_metatable(lua: Stack) -> Result<(), Raised> {
    if !lua.reserve(4) {
        return Err(lua.error(b"stack overflow"));
    }
    lua.push_table(0, 1);
    lua.push_boolean(true);
    lua.set_raw_field(-2, MARK);
    lua.freeze(-1);
    lua.set_metatable(-2);
    Ok(())
}

/// A number as most are, of up to nine digits and nothing else, and its length.
fn small(text: &[u8]) -> Option<(u32, usize)> {
    let (mut value, mut length) = (0, 0);
    while let Some(digit @ b'0'..=b'9') = text.get(length) {
        if length == 9 {
            return None;
        }
        value = value * 10 + (digit - b'0') as u32;
        length += 1;
    }
    let ends = !matches!(text.get(length), Some(b'.' | b'e' | b'E' | b'x' | b'X'));
    (ends && length > 0 && (text[0] != b'0' || length == 1)).then_some((value, length))
}

impl Reader<'_> {
    fn unexpected<T>(&self, expected: &str, found: Token) -> Result<T, Raised> {
        let text = format!("Expected {expected} but found {} at character {}", found.name(), self.token + 1);
        Err(self.lua.error(text.as_bytes()))
    }

    /// Goes over a key, which has been read, and the colon to the value.
    fn key(&mut self, token: Token) -> Result<Token, Raised> {
        if token != Token::String {
            return self.unexpected("object key string", token);
        }
        match self.next(false)? {
            Token::Colon => self.next(true),
            other => self.unexpected("colon", other),
        }
    }

    /// The next token; `push`: its value is wanted if it has one.
    fn next(&mut self, push: bool) -> Result<Token, Raised> {
        let (text, lua) = (self.text, self.lua);
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = text.get(self.at) {
            self.at += 1;
        }
        self.token = self.at;
        let rest = &text[self.at..];
        let Some(&first) = rest.first() else {
            return Ok(Token::End);
        };
        let starts = |word: &[u8]| rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        let (token, length) = match first {
            b'{' => (Token::ObjectBegin, 1),
            b'}' => (Token::ObjectEnd, 1),
            b'[' => (Token::ArrayBegin, 1),
            b']' => (Token::ArrayEnd, 1),
            b':' => (Token::Colon, 1),
            b',' => (Token::Comma, 1),
            b'"' => return self.string(push),
            b'-' | b'0'..=b'9' => return Ok(self.number(push)),
            b't' if rest.starts_with(b"true") => (Token::Boolean, 4),
            b'f' if rest.starts_with(b"false") => (Token::Boolean, 5),
            b'n' if rest.starts_with(b"null") => (Token::Null, 4),
            b'+' if self.invalid => return Ok(self.number(push)),
            _ if self.invalid && (starts(b"inf") || starts(b"nan")) => return Ok(self.number(push)),
            _ => return Ok(Token::Error("invalid token")),
        };
        self.at += length;
        if push && token == Token::Boolean {
            lua.push_boolean(first == b't');
        } else if push && token == Token::Null {
            push_null(lua);
        }
        Ok(token)
    }

    /// What `strtod` reads; without invalid numbers no hexadecimals, infinities and NaN, and no zeros in front.
    fn number(&mut self, push: bool) -> Token {
        let rest = &self.text[self.at..];
        if let Some((value, length)) = small(rest) {
            self.at += length;
            if push {
                self.lua.push_number(value as f64);
            }
            return Token::Number;
        }
        let unsigned = rest.strip_prefix(b"-").unwrap_or(rest);
        let odd = match unsigned {
            [b'0', next, ..] => matches!(next, b'x' | b'X' | b'0'..=b'9'),
            [first, ..] => !matches!(first, b'0'..=b'9' | b'.'),
            [] => true,
        };
        let (value, length) = prefix(rest);
        if length == 0 || odd && !self.invalid {
            return Token::Error("invalid number");
        }
        self.at += length;
        if push {
            self.lua.push_number(value);
        }
        Token::Number
    }

    /// At its first quote.
    fn string(&mut self, push: bool) -> Result<Token, Raised> {
        let (text, lua, start) = (self.text, self.lua, self.at + 1);
        let plain = |from: usize| text[from..].iter().take_while(|&&b| b != b'"' && b != b'\\').count();
        let mut at = start + plain(start);
        if text.get(at) == Some(&b'"') {
            if push {
                lua.push_bytes(&text[start..at]);
            }
            self.at = at + 1;
            return Ok(Token::String);
        }
        let out = lua.scratch();
        lua.grow(out, text.len() - start)?;
        out.extend_from_slice(&text[start..at]);
        loop {
            self.token = at;
            match text.get(at) {
                None => return Ok(Token::Error("unexpected end of string")),
                Some(b'"') => break,
                Some(b'\\') => {}
                Some(_) => {
                    let length = plain(at);
                    out.extend_from_slice(&text[at..at + length]);
                    at += length;
                    continue;
                }
            }
            let short = match text.get(at + 1) {
                Some(b'u') => {
                    let Some((character, length)) = unescape(&text[at..]) else {
                        return Ok(Token::Error("invalid unicode escape code"));
                    };
                    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                    at += length;
                    continue;
                }
                Some(&b @ (b'"' | b'\\' | b'/')) => b,
                Some(b'b') => 8,
                Some(b't') => b'\t',
                Some(b'n') => b'\n',
                Some(b'f') => 12,
                Some(b'r') => b'\r',
                _ => return Ok(Token::Error("invalid escape code")),
            };
            out.push(short);
            at += 2;
        }
        if push {
            lua.push_bytes(out);
        }
        self.at = at + 1;
        self.token = start - 1;
        Ok(Token::String)
    }
}

/// The character that `\u` and four digits stand for, or two of them, a surrogate pair; and how many bytes they are.
fn unescape(text: &[u8]) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
        digits.iter().try_fold(0, |n, &b| Some(n << 4 | (b as char).to_digit(16)?))
    };
    let first = unit(0)?;
    if first & 0xFC00 != 0xD800 {
        return Some((char::from_u32(first)?, 6));
    }
    let second = unit(6).filter(|second| second & 0xFC00 == 0xDC00)?;
    Some((char::from_u32(0x10000 + ((first & 0x3FF) << 10 | second & 0x3FF))?, 12))
}

#[cfg(test)]
mod tests;
