//! The library `bit`, Mike Pall's BitOp: operations on 32 bits. What it promises is at <https://bitop.luajit.org/api.html>.
//!
//! A number stands for the low 32 bits of the nearest integer (the even one of two), taken two's complement; results are signed. Past
//! 2^51 the original promises nothing, and neither do we anything but the same bits.

use super::register;
use super::stack::{Raised, Results, Stack};

/// Pushes the library, and makes it a global.
pub fn open(lua: Stack) {
    register(
        lua,
        "bit",
        &[
            ("tobit", tobit),
            ("tohex", tohex),
            ("bnot", bnot),
            ("band", band),
            ("bor", bor),
            ("bxor", bxor),
            ("lshift", lshift),
            ("rshift", rshift),
            ("arshift", arshift),
            ("rol", rol),
            ("ror", ror),
            ("bswap", bswap),
        ],
    );
}

crate::lua_function! {
    tobit = |lua| one(lua, |bits| bits);
    bnot = |lua| one(lua, |bits| !bits);
    bswap = |lua| one(lua, i32::swap_bytes);
    band = |lua| all(lua, |a, b| a & b);
    bor = |lua| all(lua, |a, b| a | b);
    bxor = |lua| all(lua, |a, b| a ^ b);
    lshift = |lua| moved(lua, i32::wrapping_shl);
    rshift = |lua| moved(lua, |bits, by| (bits as u32).wrapping_shr(by) as i32);
    arshift = |lua| moved(lua, i32::wrapping_shr);
    rol = |lua| moved(lua, |bits, by| bits.rotate_left(by & 31));
    ror = |lua| moved(lua, |bits, by| bits.rotate_right(by & 31));
    tohex = hexadecimal;
}

/// An argument's bits. Beside 1.5 * 2^52 the fraction of a double counts ones, so the addition rounds.
fn bits(lua: Stack, argument: i32) -> Result<i32, Raised> {
    const SHIFT: f64 = 6_755_399_441_055_744.0;
    lua.check_number(argument).map(|n| (n + SHIFT).to_bits() as i32)
}

fn push(lua: Stack, bits: i32) -> Results {
    lua.push_number(bits as f64);
    Ok(1)
}

fn one(lua: Stack, f: fn(i32) -> i32) -> Results {
    push(lua, f(bits(lua, 1)?))
}

fn all(lua: Stack, f: fn(i32, i32) -> i32) -> Results {
    let mut result = bits(lua, 1)?;
    // From behind, so that of several that are no numbers the last is named.
    for argument in (2..=lua.len()).rev() {
        result = f(result, bits(lua, argument)?);
    }
    push(lua, result)
}

/// Of the second argument five bits count.
fn moved(lua: Stack, f: fn(i32, u32) -> i32) -> Results {
    let value = bits(lua, 1)?;
    push(lua, f(value, bits(lua, 2)? as u32))
}

/// `tohex(x [, n])`: the last n digits, 8 at most and unless it says otherwise; capitals when n is negative.
fn hexadecimal(lua: Stack) -> Results {
    let value = bits(lua, 1)? as u32;
    let wanted = if lua.len() < 2 { 8 } else { bits(lua, 2)? };
    let digits = if wanted < 0 { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
    let text: [u8; 8] = std::array::from_fn(|at| digits[(value >> (28 - 4 * at) & 15) as usize]);
    lua.push_bytes(&text[8 - wanted.unsigned_abs().min(8) as usize..]);
    Ok(1)
}

#[cfg(test)]
mod tests {
    use crate::lua::evaluate;

    fn is(expression: &str, expected: &str) {
        let values = evaluate(format!("return {expression}").as_bytes()).unwrap_or_else(|error| vec![error]);
        assert_eq!(String::from_utf8_lossy(&values.join(&b' ')), expected, "{expression}");
    }

    /// Here and below, what Redis 8.6.3 answers.
    #[test]
    fn numbers_become_bits() {
        is("bit.tobit(1.5), bit.tobit(2.5), bit.tobit(-1.5), bit.tobit(0.5), bit.tobit('0x10')", "2 2 -2 0 16");
        is("bit.tobit(2^32), bit.tobit(2^32-1), bit.tobit(2^31), bit.tobit(-2^31-1)", "0 -1 -2147483648 2147483647");
        is("bit.tobit(2^53+2), bit.tobit(1e300), bit.tobit(1/0), bit.tobit(0/0)", "1 -2013235812 0 0");
        is("bit.tobit(-2^52-1), bit.tobit(123456789012345)", "-4 -2045911175");
    }

    #[test]
    fn operations_are_those_of_32_bits() {
        is(
            "bit.bnot(0), bit.bnot(2^31), bit.band(255, 15, 7), bit.bor(3, 4, 8), bit.bxor(1, 3, 7, 15)",
            "-1 2147483647 7 15 10",
        );
        is(
            "bit.lshift(1, 31), bit.lshift(1, 33), bit.lshift(1, -1), bit.lshift(1, 2.5)",
            "-2147483648 2 -2147483648 4",
        );
        is("bit.rshift(-1, 4), bit.rshift(-1, 32), bit.arshift(-256, 36)", "268435455 -1 -16");
        is("bit.rol(0x12345678, 4), bit.ror(0x12345678, 4), bit.bswap(0x12345678)", "591751041 -2128394905 2018915346");
    }

    #[test]
    fn hexadecimal_digits_are_eight_at_most() {
        is("bit.tohex(1), bit.tohex(255, 4), bit.tohex(255, -4), bit.tohex(255, 100)", "00000001 00ff 00FF 000000ff");
        is("bit.tohex(255, -2147483648), bit.tohex(255, 2147483647), bit.tohex(-1, 2^32-4)", "000000FF 000000ff FFFF");
        is("'<'..bit.tohex(255, 0)..'>', bit.tohex(255, 2^31)", "<> 000000FF");
    }

    #[test]
    fn errors_name_the_argument() {
        is("bit.band()", "user_script:1: bad argument #1 to 'band' (number expected, got no value)");
        is("bit.bor(1, {})", "user_script:1: bad argument #2 to 'bor' (number expected, got table)");
        is("bit.bor(1, {}, 2, {})", "user_script:1: bad argument #4 to 'bor' (number expected, got table)");
        is("bit.lshift('x', 'x')", "user_script:1: bad argument #1 to 'lshift' (number expected, got string)");
        is("bit.tohex(1, nil)", "user_script:1: bad argument #2 to 'tohex' (number expected, got nil)");
        is("bit:band(1)", "user_script:1: calling 'band' on bad self (number expected, got table)");
        is("pcall(bit.bswap, '')", "false bad argument #1 to '?' (number expected, got string)");
    }
}
