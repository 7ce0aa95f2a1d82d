//! The library `cmsgpack`, Salvatore Sanfilippo's lua-cmsgpack 0.4.0: MessagePack (<https://msgpack.org>) without binary and extension
//! types.
//!
//! - Numbers that are integers of 64 bits take the least form; others 4 bytes if a float has the same value, or 8.
//! - Tables whose keys are 1 to n are arrays, the empty one too, all others maps. The seventeenth in each other is nil.
//! - Unsigned integers of 64 bits come back signed.
//!
//! Unpacking goes without recursion: what is open lies on Lua's stack, a table and its key, as deep as its 8000 slots reach.

use super::register;
use super::stack::{Kind, Raised, Results, Stack, cut};

/// Pushes the library, and makes it a global.
pub fn open(lua: Stack) {
    register(
        lua,
        "cmsgpack",
        &[("pack", pack), ("unpack", unpack), ("unpack_one", unpack_one), ("unpack_limit", unpack_limit)],
    );
    for (name, text) in [
        ("_NAME", "cmsgpack"),
        ("_VERSION", "lua-cmsgpack 0.4.0"),
        ("_COPYRIGHT", "Copyright (C) 2012, Salvatore Sanfilippo"),
        ("_DESCRIPTION", "MessagePack C implementation for Lua"),
    ] {
        lua.push_bytes(text.as_bytes());
        lua.set_raw_field(-2, name);
    }
}

crate::lua_function! {
    pack = pack_values;
    unpack = |lua| unpack_values(lua, 0, 0);
    unpack_one = |lua| unpack_values(lua, 1, optional(lua, 2)?);
    unpack_limit = |lua: Stack| unpack_values(lua, cut(lua.check_number(2)?), optional(lua, 3)?);
}

const MAX_NESTING: u32 = 16;

fn pack_values(lua: Stack) -> Results {
    let arguments = lua.len();
    if arguments == 0 {
        return Err(lua.argument_error(0, "MessagePack pack needs input."));
    }
    if !lua.reserve(arguments) || !lua.reserve(4 * MAX_NESTING as i32) {
        return Err(lua.argument_error(0, "Too many arguments for MessagePack pack."));
    }
    let out = lua.scratch();
    for argument in 1..=arguments {
        lua.copy(argument);
        pack_value(lua, 0, out)?;
    }
    lua.push_bytes(out);
    Ok(1)
}

/// Packs the value on top, and pops it.
fn pack_value(lua: Stack, nesting: u32, out: &mut Vec<u8>) -> Result<(), Raised> {
    lua.grow(out, 16)?;
    match lua.kind(-1) {
        Kind::String => {
            let text = lua.bytes(-1).unwrap_or_default();
            match text.len() {
                0..32 => out.push(0xA0 | text.len() as u8),
                length => sized(length, Some(0xD9), 0xDA, out),
            }
            lua.grow(out, text.len())?;
            out.extend_from_slice(text);
        }
        Kind::Boolean => out.push(0xC2 | lua.boolean(-1) as u8),
        Kind::Number => pack_number(lua.number(-1), out),
        Kind::Table if nesting < MAX_NESTING => pack_table(lua, nesting, out)?,
        _ => out.push(0xC0),
    }
    lua.pop(1);
    Ok(())
}

/// The byte of a type and a length: of one byte if there is such a type, of two, or of four, whose type is the next.
fn sized(length: usize, one: Option<u8>, two: u8, out: &mut Vec<u8>) {
    match (length, one) {
        (..=0xFF, Some(kind)) => out.extend_from_slice(&[kind, length as u8]),
        (..=0xFFFF, _) => put(two, &(length as u16).to_be_bytes(), out),
        _ => put(two + 1, &(length as u32).to_be_bytes(), out),
    }
}

fn put(kind: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(kind);
    out.extend_from_slice(bytes);
}

fn pack_number(number: f64, out: &mut Vec<u8>) {
    let whole = cut(number);
    if whole as f64 != number || number == i64::MAX as f64 {
        return match number as f32 {
            single if single as f64 == number => put(0xCA, &single.to_be_bytes(), out),
            _ => put(0xCB, &number.to_be_bytes(), out),
        };
    }
    match whole {
        -32..=127 => out.push(whole as u8),
        128..=0xFF => put(0xCC, &[whole as u8], out),
        0x100..=0xFFFF => put(0xCD, &(whole as u16).to_be_bytes(), out),
        0x1_0000..=0xFFFF_FFFF => put(0xCE, &(whole as u32).to_be_bytes(), out),
        0x1_0000_0000.. => put(0xCF, &whole.to_be_bytes(), out),
        -0x80..=-33 => put(0xD0, &[whole as u8], out),
        -0x8000..=-0x81 => put(0xD1, &(whole as i16).to_be_bytes(), out),
        -0x8000_0000..=-0x8001 => put(0xD2, &(whole as i32).to_be_bytes(), out),
        _ => put(0xD3, &whole.to_be_bytes(), out),
    }
}

/// The table on top, which stays.
fn pack_table(lua: Stack, nesting: u32, out: &mut Vec<u8>) -> Result<(), Raised> {
    let (mut fields, mut last, mut array) = (0usize, 0.0, true);
    lua.push_nil();
    while lua.next(-2) {
        lua.pop(1);
        let key = if lua.kind(-1) == Kind::Number { lua.number(-1) } else { 0.0 };
        array &= key >= 1.0 && key.floor() == key;
        last = key.max(last);
        fields += 1;
    }
    if array && last == fields as f64 {
        match fields {
            0..16 => out.push(0x90 | fields as u8),
            _ => sized(fields, None, 0xDC, out),
        }
        for n in 1..=fields {
            lua.element(-1, n as i32);
            pack_value(lua, nesting + 1, out)?;
        }
        return Ok(());
    }
    match fields {
        0..16 => out.push(0x80 | fields as u8),
        _ => sized(fields, None, 0xDE, out),
    }
    lua.push_nil();
    while lua.next(-2) {
        lua.copy(-2);
        pack_value(lua, nesting + 1, out)?;
        pack_value(lua, nesting + 1, out)?;
    }
    Ok(())
}

/// An integer that need not be there.
fn optional(lua: Stack, argument: i32) -> Result<i64, Raised> {
    match lua.kind(argument) {
        Kind::None | Kind::Nil => Ok(0),
        _ => Ok(cut(lua.check_number(argument)?)),
    }
}

const MISSING: &[u8] = b"Missing bytes in input.";
const BAD: &[u8] = b"Bad data format in input.";
const TOO_MANY: &[u8] = b"stack overflow (too many return values at once; use unpack_one or unpack_limit instead.)";

/// Unpacks up to `limit` values from an offset on, and says in front of them where the next one is, or -1 at the end. Without limit and
/// offset all, and only them.
fn unpack_values(lua: Stack, limit: i64, offset: i64) -> Results {
    let data = lua.check_bytes(1)?;
    let all = limit == 0 && offset == 0;
    if limit < 0 || offset < 0 {
        let text = format!("Invalid request to unpack with offset of {} and limit of {}.", offset as i32, data.len());
        return Err(lua.error(text.as_bytes()));
    }
    if offset > data.len() as i64 {
        let text = format!("Start offset {} greater than input length {}.", offset as i32, data.len());
        return Err(lua.error(text.as_bytes()));
    }
    if !all {
        lua.truncate(1);
    }
    let mut rest = &data[offset as usize..];
    let mut values = 0;
    while !rest.is_empty() && (all || values < limit) {
        unpack_value(lua, &mut rest)?;
        values += 1;
    }
    if all {
        return Ok(values as i32);
    }
    if !lua.reserve(1) {
        return Err(lua.error(b"stack overflow (in function mp_unpack_full)"));
    }
    lua.push_number(if rest.is_empty() { -1.0 } else { (data.len() - rest.len()) as f64 });
    lua.insert(-1 - values as i32);
    Ok(values as i32 + 1)
}

/// Pushes the value that the bytes begin with, and goes behind it.
fn unpack_value(lua: Stack, rest: &mut &[u8]) -> Result<(), Raised> {
    let levels = lua.buffers().1;
    // Of an array the index of the element that comes, and its length; of a map how many fields are left, and what comes: a key or
    // a value.
    levels.clear();
    const KEY: i64 = -1;
    const VALUE: i64 = -2;
    'values: loop {
        if !lua.reserve(1) {
            return Err(lua.error(TOO_MANY));
        }
        let kind = take(lua, rest, 1)? as u8;
        // Types that are followed by a number of 1, 2, 4, 8 bytes stand beside each other.
        let mut number = |first: u8| take(lua, rest, 1 << (kind - first));
        let text = match kind {
            0xA0..=0xBF => Some((kind & 31) as u64),
            0xD9..=0xDB => Some(number(0xD9)?),
            _ => None,
        };
        let array = match kind {
            0x90..=0x9F => Some((kind & 15) as i64),
            0xDC | 0xDD => Some(number(0xDB)? as i64),
            _ => None,
        };
        let map = match kind {
            0x80..=0x8F => Some((kind & 15) as i64),
            0xDE | 0xDF => Some(number(0xDD)? as i64),
            _ => None,
        };
        match kind {
            _ if let Some(length) = text => {
                let Some((text, behind)) =
                    usize::try_from(length).ok().and_then(|length| rest.split_at_checked(length))
                else {
                    return Err(lua.error(MISSING));
                };
                lua.push_bytes(text);
                *rest = behind;
            }
            _ if let Some(length) = array => {
                if !lua.reserve(2) {
                    return Err(lua.error(b"stack overflow (in function mp_decode_to_lua_array)"));
                }
                lua.push_table(0, 0);
                if length > 0 {
                    lua.push_number(1.0);
                    levels.push((1, length));
                    continue 'values;
                }
            }
            _ if let Some(fields) = map => {
                lua.push_table(0, 0);
                if fields > 0 {
                    levels.push((fields, KEY));
                    continue 'values;
                }
            }
            0..=0x7F | 0xE0..=0xFF => lua.push_number(kind as i8 as f64),
            0xC0 => lua.push_nil(),
            0xC2 | 0xC3 => lua.push_boolean(kind == 0xC3),
            0xCA => lua.push_number(f32::from_bits(number(0xC8)? as u32) as f64),
            0xCB => lua.push_number(f64::from_bits(number(0xC8)?)),
            0xCC..=0xCF => lua.push_number(number(0xCC)? as i64 as f64),
            0xD0..=0xD3 => {
                let bits = number(0xD0)?;
                let unused = 64 - (8 << (kind - 0xD0));
                lua.push_number(((bits << unused) as i64 >> unused) as f64);
            }
            _ => return Err(lua.error(BAD)),
        }
        // A value is on top.
        while let Some((count, state)) = levels.last_mut() {
            if *state == KEY {
                *state = VALUE;
                continue 'values;
            }
            lua.set_raw(-3);
            if *state != VALUE && *count < *state {
                *count += 1;
                lua.push_number(*count as f64);
                continue 'values;
            }
            if *state == VALUE && *count > 1 {
                (*count, *state) = (*count - 1, KEY);
                continue 'values;
            }
            levels.pop();
        }
        return Ok(());
    }
}

/// A number of so many bytes.
fn take(lua: Stack, rest: &mut &[u8], bytes: usize) -> Result<u64, Raised> {
    let Some((number, behind)) = rest.split_at_checked(bytes) else {
        return Err(lua.error(MISSING));
    };
    *rest = behind;
    Ok(number.iter().fold(0, |number, &b| number << 8 | b as u64))
}

#[cfg(test)]
mod tests {
    use crate::lua::tests::is;

    fn fails(call: &str, expected: &str) {
        is(&format!("cmsgpack.{call}"), &format!("user_script:1: {expected}"));
    }

    /// Here and below, what Redis 8.6.3 answers.
    #[test]
    fn values_are_packed() {
        is(
            "cmsgpack.pack(nil, true, false, 0, 127, 128, 65535, 65536, 2^32)",
            "c0c3c2007fcc80cdffffce00010000cf0000000100000000",
        );
        is(
            "cmsgpack.pack(-1, -32, -33, -128, -129, -32769, -2^31-1)",
            "ffe0d0dfd080d1ff7fd2ffff7fffd3ffffffff7fffffff",
        );
        is("cmsgpack.pack(0.5, 0.1, 1/0, 2^63, 0*-1)", "ca3f000000cb3fb999999999999aca7f800000ca5f00000000");
        is("cmsgpack.pack('', 'a', ('b'):rep(32)):sub(1, 5)", "a0a161d920");
        is("cmsgpack.pack({}, {1, 2}, {[2] = 1}, {[1.5] = 1}, {[true] = {}})", "9092010281020181ca3fc000000181c390");
        is("cmsgpack.pack(tostring, {tostring}, cjson.null)", "c091c0c0");
        is(
            "(function() local t = {} for _ = 1, 20 do t = {t} end return cmsgpack.pack(t) end)()",
            &("91".repeat(16) + "c0"),
        );
        fails("pack()", "bad argument #0 to 'pack' (MessagePack pack needs input.)");
        fails("pack(unpack({}, 1, 4001))", "bad argument #0 to 'pack' (Too many arguments for MessagePack pack.)");
    }

    #[test]
    fn values_are_unpacked() {
        is(r"cmsgpack.unpack('\1\204\255\207\255\255\255\255\255\255\255\255\208\255\224')", "1|255|-1|-1|-32");
        is(r"cmsgpack.unpack('\161a\202\63\128\0\0\192\195')", "a|1|nil|true");
        is(r"cmsgpack.unpack('\130\161a\146\1\2\5\6').a[2]", "2");
        is("cmsgpack.unpack('')", "");
        fails(r"unpack('\1\204')", "Missing bytes in input.");
        fails(r"unpack('\1\193')", "Bad data format in input.");
        is(r"cmsgpack.unpack('\129\192\1')", "table index is nil");
        is(r"cmsgpack.unpack_one('\1\2\3', 1)", "2|2");
        is(r"cmsgpack.unpack_one('\1\2\3', 2)", "-1|3");
        is(r"cmsgpack.unpack_limit('\1\2\3', 2)", "2|1|2");
        is(r"cmsgpack.unpack_limit('\1\2\3', 0, 1)", "1");
        fails(r"unpack_one('\1\2\3', 4)", "Start offset 4 greater than input length 3.");
        fails(r"unpack_one('\1\2\3', 2^31)", "Start offset -2147483648 greater than input length 3.");
        fails(r"unpack_limit('\1\2\3', -1, 5)", "Invalid request to unpack with offset of 5 and limit of 3.");
        fails("unpack_limit()", "bad argument #2 to 'unpack_limit' (number expected, got no value)");
    }

    #[test]
    fn depth_and_number_end_where_the_stack_does() {
        let many = "stack overflow (too many return values at once; use unpack_one or unpack_limit instead.)";
        let array = "stack overflow (in function mp_decode_to_lua_array)";
        for (bytes, most, error) in [
            (r"('\145'):rep(n) .. '\1'", 3999, array),
            (r"('\129\1'):rep(n) .. '\1'", 3999, many),
            (r"('\129'):rep(n) .. ('\1'):rep(n + 1)", 7997, many),
            (r"('\1'):rep(n)", 7999, many),
            (r"('\1'):rep(n) .. '\144'", 7997, array),
        ] {
            let call =
                |n: i32| format!("(function(n) local ok, e = pcall(cmsgpack.unpack, {bytes}) return ok or e end)({n})");
            is(&call(most), "true");
            is(&call(most + 1), error);
        }
        is(r"pcall(cmsgpack.unpack_limit, ('\1'):rep(7999), 1e5)", "false|stack overflow (in function mp_unpack_full)");
    }
}
