//! Doubles to and from text, as Redis reads scores and as it prints doubles.
//!
//! - `parse` reads what the C library's `strtod` reads and Redis accepts, correctly rounded: decimal and hexadecimal,
//!   with exponents, infinities. Up to 19 digits take two multiplications, or are one exact operation; the rest, and what
//!   64 bits cannot decide, goes through the big integers of [`LongDouble`].
//! - `write` prints integers up to 2^62 in full, and everything else with Florian Loitsch's Grisu2 ("Printing
//!   Floating-Point Numbers Quickly and Accurately with Integers", 2010): digits that read back as the same number, the
//!   fewest that do in 99.6 of 100 cases. Redis prints with the same algorithm and the same 87 powers of ten, so also the
//!   digits that are not the fewest are the same.
//!
//! - `write_17` and `write_fixed` print exactly and round once ([`printf`]).
//! - `prefix` is `strtod` itself, which takes what it can read and leaves the rest.

use super::long_double::{LongDouble, parse_digits, parse_exponent};
use super::number::{INT_LEN, format_int};
use super::printf::{self, Form};

const HIDDEN: u64 = 1 << 52;

/// Reads a number as Redis does. None for what is none: spaces, anything behind the number, NaN, and numbers other than
/// zero that are too large or too small (`1e400`, `1e-400`).
pub fn parse(bytes: &[u8]) -> Option<f64> {
    parse_short(bytes).or_else(|| LongDouble::parse_double(bytes))
}

/// The same, but for Valkey only decimals.
pub fn parse_score(bytes: &[u8], valkey: bool) -> Option<f64> {
    parse(bytes).filter(|_| !valkey || !bytes.iter().any(|b| matches!(b, b'x' | b'X')))
}

/// Reads a border of a range of scores: only decimals and infinities, and what is too large is infinite, too small zero.
pub fn parse_limit(bytes: &[u8]) -> Option<f64> {
    let rest = match bytes {
        [b'-' | b'+', rest @ ..] => rest,
        _ => bytes,
    };
    if let [b'0', b'x' | b'X', ..] = rest {
        return None;
    }
    parse(bytes).or_else(|| {
        let size = limit(rest, 10, b'e', 1)?;
        Some(if bytes[0] == b'-' { -size } else { size })
    })
}

/// What a number is that no double can hold: infinity or zero.
fn limit(bytes: &[u8], base: u32, mark: u8, power_of_digit: i64) -> Option<f64> {
    // How far in front of the point the first digit is that is not zero.
    let (mut place, mut found) = (0i64, false);
    let power = parse_digits(bytes, base, mark, |digit, behind| {
        found |= digit != 0;
        place += match (found, behind) {
            (true, false) => 1,
            (false, true) => -1,
            _ => 0,
        };
    })?;
    Some(if place * power_of_digit + power as i64 > 0 { f64::INFINITY } else { 0.0 })
}

/// Reads the number that a text begins with, and how many bytes it is, as C's `strtod` does: spaces in front, a sign, decimals,
/// hexadecimals, infinities, NaN (but for what stands in its brackets). 0 bytes where there is none.
pub fn prefix(bytes: &[u8]) -> (f64, usize) {
    let starts = |at: usize, word: &[u8]| bytes[at..].get(..word.len()).is_some_and(|b| b.eq_ignore_ascii_case(word));
    let skip = |at: usize, one: fn(&u8) -> bool| at + bytes[at..].iter().take_while(|&b| one(b)).count();
    let sign = skip(0, |b| matches!(b, b' ' | 9..=13));
    let start = sign + matches!(bytes.get(sign), Some(b'-' | b'+')) as usize;
    let negative = bytes[sign..start] == *b"-";
    let (value, end) = if starts(start, b"inf") {
        (f64::INFINITY, start + if starts(start, b"infinity") { 8 } else { 3 })
    } else if starts(start, b"nan") {
        let inner = start + 4;
        let close = if starts(start, b"nan(") { skip(inner, |b| b.is_ascii_alphanumeric() || *b == b'_') } else { 0 };
        (f64::NAN, if bytes.get(close) == Some(&b')') && close > 0 { close + 1 } else { start + 3 })
    } else {
        let digits = |from: usize, one: fn(&u8) -> bool| {
            let point = skip(from, one);
            let end = if starts(point, b".") { skip(point + 1, one) } else { point };
            (end, end - from > starts(point, b".") as usize)
        };
        let hex = starts(start, b"0x").then(|| digits(start + 2, u8::is_ascii_hexdigit)).filter(|found| found.1);
        let (mut end, any) = hex.unwrap_or_else(|| digits(start, u8::is_ascii_digit));
        if !any {
            return (0.0, 0);
        }
        let mark = if hex.is_some() { b"p" } else { b"e" };
        if starts(end, mark) {
            let exponent = end + 1 + matches!(bytes.get(end + 1), Some(b'-' | b'+')) as usize;
            let behind = bytes.get(exponent..).map_or(0, |_| skip(exponent, u8::is_ascii_digit));
            end = if behind > exponent { behind } else { end };
        }
        let text = &bytes[start..end];
        let value = parse(text).or_else(|| match hex {
            Some(_) => limit(&text[2..], 16, b'p', 4),
            None => limit(text, 10, b'e', 1),
        });
        (value.unwrap_or(0.0), end)
    };
    (if negative { -value } else { value }, end)
}

/// Decimals of up to 19 digits, nearly all there are. None for anything else, and for the one in two hundred whose rounding
/// takes more than 64 bits to decide.
fn parse_short(bytes: &[u8]) -> Option<f64> {
    let (negative, rest) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, bytes),
    };
    let (mut digits, mut power, mut count, mut point, mut at) = (0u64, 0i32, 0, false, 0);
    while let Some(&b) = rest.get(at) {
        let digit = b.wrapping_sub(b'0');
        if digit <= 9 {
            if count == 19 {
                return None;
            }
            digits = digits * 10 + digit as u64;
            count += (digits > 0) as u32;
            power -= point as i32;
        } else if b == b'.' && !point && rest.len() > 1 {
            point = true;
        } else {
            break;
        }
        at += 1;
    }
    match rest[at..] {
        [] if at > 0 => {}
        [b'e' | b'E', ref exponent @ ..] if at > point as usize && exponent.len() <= 5 => {
            power += parse_exponent(exponent)?;
        }
        _ => return None,
    }
    let value = if digits == 0 { 0.0 } else { scale(digits, power)? };
    Some(if negative { -value } else { value })
}

/// digits * 10^power, rounded right, or None.
fn scale(digits: u64, power: i32) -> Option<f64> {
    if digits < 1 << 53 && power.abs() <= 22 {
        // Both are exact doubles, so one operation rounds right.
        let mut ten = 1.0;
        for _ in 0..power.abs() {
            ten *= 10.0;
        }
        return Some(if power < 0 { digits as f64 / ten } else { digits as f64 * ten });
    }
    let (at, rest) = ((power - FIRST_POWER).div_euclid(8), (power - FIRST_POWER).rem_euclid(8));
    let factor = *POWERS.get(usize::try_from(at).ok()?)?;
    // The top 64 bits of the digits times what the table has not, then those of that times what it has.
    let wide = digits as u128 * 10u64.pow(rest as u32) as u128;
    let cut = 64 - wide.leading_zeros() as i32;
    let top = if cut > 0 { (wide >> cut) as u64 } else { (wide as u64) << -cut };
    let mut product = ((top as u128 * factor as u128) >> 64) as u64;
    let mut exponent = cut + table_exponent(power - rest) + 64;
    if product >> 63 == 0 {
        product <<= 1;
        exponent -= 1;
    }
    // At most some four units are wrong; of the 11 bits that are to be rounded away the middle decides.
    let low = (product & 0x7FF) as i32;
    let biased = exponent + 11 + 1075;
    if (low - 0x400).abs() <= 4 || !(1..2046).contains(&biased) {
        return None;
    }
    let bits = ((biased as u64) << 52) + ((product >> 11) & (HIDDEN - 1)) + (low > 0x400) as u64;
    Some(f64::from_bits(bits))
}

/// Appends a double as Redis prints it: `3`, `-0.1`, `1e+20`, `1.5e-7`, `inf`, `-inf`, `nan`.
pub fn write(value: f64, out: &mut Vec<u8>) {
    let whole = value as i64;
    if whole.unsigned_abs() <= 1 << 62 && whole as f64 == value && (whole != 0 || !value.is_sign_negative()) {
        return out.extend_from_slice(format_int(whole, &mut [0; INT_LEN]));
    }
    write_shortest(value, out);
}

/// The same, and large integers as others: `1e+16`.
pub fn write_shortest(value: f64, out: &mut Vec<u8>) {
    if value.is_nan() {
        return out.extend_from_slice(b"nan");
    }
    if value.is_sign_negative() {
        out.push(b'-');
    }
    if value.is_infinite() {
        return out.extend_from_slice(b"inf");
    }
    if value == 0.0 {
        return out.push(b'0');
    }
    let (mut text, power) = shortest(value.to_bits() & (u64::MAX >> 1));
    let digits = text.digits();
    let len = digits.len() as i32;
    // The exponent of the first digit, without its sign.
    let first = (power + len - 1).unsigned_abs() as i32;
    if power >= 0 && first < len + 7 {
        out.extend_from_slice(digits);
        out.resize(out.len() + power as usize, b'0');
    } else if power < 0 && (power > -7 || first < 4) {
        point(digits, len + power, out);
    } else {
        scientific(digits, power + len - 1, out);
    }
}

/// Appends a double with 17 significant digits, or as many as it takes without trailing zeros: C's `%.17g`, which Redis
/// uses for scores in ZSCAN.
pub fn write_17(value: f64, out: &mut Vec<u8>) {
    printf::double(&Form { precision: Some(17), conversion: b'g', ..Form::default() }, value, out);
}

/// Appends a double with up to 17 decimals.
pub fn write_decimals(value: f64, out: &mut Vec<u8>) {
    printf::double(&Form { precision: Some(17), conversion: b'f', ..Form::default() }, value, out);
    let kept = out.iter().rposition(|&b| b != b'0').unwrap_or(0);
    out.truncate(if out[kept] == b'.' { kept } else { kept + 1 });
}

/// Appends a double with so many decimals, 1 to 6: C's `%.6f`, without the big integers of [`printf`] but for what has no fraction.
/// Distances are printed so.
pub fn write_fixed(value: f64, decimals: usize, out: &mut Vec<u8>) {
    let (f, e) = parts(value.to_bits() & (u64::MAX >> 1));
    if e >= 0 || !value.is_finite() {
        return printf::double(&Form { precision: Some(decimals), conversion: b'f', ..Form::default() }, value, out);
    }
    if value.is_sign_negative() {
        out.push(b'-');
    }
    let one = 10u64.pow(decimals as u32);
    let shift = e.unsigned_abs();
    let mut whole = f.checked_shr(shift).unwrap_or(0);
    let rest = if shift < 64 { f & ((1 << shift) - 1) } else { f };
    let scaled = rest as u128 * one as u128;
    let mut part = 0;
    if shift < 128 {
        part = (scaled >> shift) as u64;
        let (left, half) = (scaled & ((1 << shift) - 1), 1 << (shift - 1));
        part += (left > half || left == half && part & 1 == 1) as u64;
    }
    whole += part / one;
    part %= one;
    out.extend_from_slice(format_int(whole as i64, &mut [0; INT_LEN]));
    out.push(b'.');
    let mut unit = one / 10;
    while unit > 0 {
        out.push(b'0' + (part / unit % 10) as u8);
        unit /= 10;
    }
}

/// Digits with the point behind so many of them; it may be in front of them all.
fn point(digits: &[u8], whole: i32, out: &mut Vec<u8>) {
    if whole > 0 {
        let (front, behind) = digits.split_at(whole as usize);
        out.extend_from_slice(front);
        if !behind.is_empty() {
            out.push(b'.');
            out.extend_from_slice(behind);
        }
    } else {
        out.extend_from_slice(b"0.");
        out.resize(out.len() + whole.unsigned_abs() as usize, b'0');
        out.extend_from_slice(digits);
    }
}

/// Digits with the point behind the first, and an exponent.
fn scientific(digits: &[u8], exponent: i32, out: &mut Vec<u8>) {
    out.push(digits[0]);
    if digits.len() > 1 {
        out.push(b'.');
        out.extend_from_slice(&digits[1..]);
    }
    out.extend_from_slice(if exponent >= 0 { b"e+" } else { b"e-" });
    out.extend_from_slice(format_int(exponent.unsigned_abs() as i64, &mut [0; INT_LEN]));
}

/// A finite double as a whole number and a power of two.
pub(super) fn parts(bits: u64) -> (u64, i32) {
    let (fraction, biased) = (bits & (HIDDEN - 1), (bits >> 52) as i32);
    if biased == 0 { (fraction, -1074) } else { (fraction | HIDDEN, biased - 1075) }
}

/// Decimal digits while they are made.
struct Text {
    bytes: [u8; 20],
    len: usize,
}

impl Text {
    fn push(&mut self, digit: u64) {
        // Leading zeros are none.
        if digit != 0 || self.len > 0 {
            self.bytes[self.len] = b'0' + digit as u8;
            self.len += 1;
        }
    }

    fn digits(&mut self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// Lowers the last digit while that brings it nearer to the number: `rest` is how far below the upper bound the
    /// digits are, `wanted` how far the number is, `room` how far the lower bound, `unit` what the last digit counts.
    fn round(&mut self, mut rest: u64, wanted: u64, room: u64, unit: u64) {
        while rest < wanted && room - rest >= unit && (rest + unit < wanted || wanted - rest > rest + unit - wanted) {
            self.bytes[self.len - 1] -= 1;
            rest += unit;
        }
    }
}

/// Grisu2: the digits of a positive finite double, and the power of ten that they are to be multiplied with.
fn shortest(bits: u64) -> (Text, i32) {
    let (f, e) = parts(bits);
    // The number and the middles between it and its neighbours, all with the exponent of the upper one, which has its
    // top bit set.
    let shift = (f * 2 + 1).leading_zeros() as i32;
    let exponent = e - 1 - shift;
    let upper = (f * 2 + 1) << shift;
    let lower = if f == HIDDEN { (f * 4 - 1) << (shift - 1) } else { (f * 2 - 1) << shift };
    let number = (f * 2) << shift;
    // Scaled by a power of ten so that there are 32 to 60 bits behind the binary point.
    let (mut power, mut point);
    let mut at = 0;
    loop {
        power = FIRST_POWER + 8 * at as i32;
        point = -(exponent + table_exponent(power) + 64);
        if point <= 60 {
            break;
        }
        at += 1;
    }
    let factor = POWERS[at];
    let scale = |n: u64| ((n as u128 * factor as u128 + (1 << 63)) >> 64) as u64;
    // A bit less on both sides, because the scaling was not exact.
    let upper = scale(upper) - 1;
    let mut room = upper - (scale(lower) + 1);
    let mut wanted = upper - scale(number);
    power = -power;

    let mut text = Text { bytes: [0; 20], len: 0 };
    let mask = (1u64 << point) - 1;
    let (mut whole, mut part) = (upper >> point, upper & mask);
    let mut unit = 1_000_000_000u64;
    let mut left = 10;
    while left > 0 {
        text.push(whole / unit);
        whole %= unit;
        left -= 1;
        let rest = (whole << point) + part;
        if rest <= room {
            text.round(rest, wanted, room, unit << point);
            return (text, power + left);
        }
        unit /= 10;
    }
    loop {
        (part, room, wanted) = (part * 10, room * 10, wanted * 10);
        text.push(part >> point);
        part &= mask;
        left -= 1;
        if part < room {
            text.round(part, wanted, room, 1 << point);
            return (text, power + left);
        }
    }
}

/// The power of two that belongs to the 64 bits in the table of this power of ten.
fn table_exponent(power: i32) -> i32 {
    ((power * 217_706) >> 16) - 63
}

const FIRST_POWER: i32 = -348;

/// The top 64 bits, rounded, of 10^-348, 10^-340, ... 10^340.
#[rustfmt::skip]
const POWERS: [u64; 87] = [
    0xfa8fd5a0081c0288, 0xbaaee17fa23ebf76, 0x8b16fb203055ac76, 0xcf42894a5dce35ea, 0x9a6bb0aa55653b2d,
    0xe61acf033d1a45df, 0xab70fe17c79ac6ca, 0xff77b1fcbebcdc4f, 0xbe5691ef416bd60c, 0x8dd01fad907ffc3c,
    0xd3515c2831559a83, 0x9d71ac8fada6c9b5, 0xea9c227723ee8bcb, 0xaecc49914078536d, 0x823c12795db6ce57,
    0xc21094364dfb5637, 0x9096ea6f3848984f, 0xd77485cb25823ac7, 0xa086cfcd97bf97f4, 0xef340a98172aace5,
    0xb23867fb2a35b28e, 0x84c8d4dfd2c63f3b, 0xc5dd44271ad3cdba, 0x936b9fcebb25c996, 0xdbac6c247d62a584,
    0xa3ab66580d5fdaf6, 0xf3e2f893dec3f126, 0xb5b5ada8aaff80b8, 0x87625f056c7c4a8b, 0xc9bcff6034c13053,
    0x964e858c91ba2655, 0xdff9772470297ebd, 0xa6dfbd9fb8e5b88f, 0xf8a95fcf88747d94, 0xb94470938fa89bcf,
    0x8a08f0f8bf0f156b, 0xcdb02555653131b6, 0x993fe2c6d07b7fac, 0xe45c10c42a2b3b06, 0xaa242499697392d3,
    0xfd87b5f28300ca0e, 0xbce5086492111aeb, 0x8cbccc096f5088cc, 0xd1b71758e219652c, 0x9c40000000000000,
    0xe8d4a51000000000, 0xad78ebc5ac620000, 0x813f3978f8940984, 0xc097ce7bc90715b3, 0x8f7e32ce7bea5c70,
    0xd5d238a4abe98068, 0x9f4f2726179a2245, 0xed63a231d4c4fb27, 0xb0de65388cc8ada8, 0x83c7088e1aab65db,
    0xc45d1df942711d9a, 0x924d692ca61be758, 0xda01ee641a708dea, 0xa26da3999aef774a, 0xf209787bb47d6b85,
    0xb454e4a179dd1877, 0x865b86925b9bc5c2, 0xc83553c5c8965d3d, 0x952ab45cfa97a0b3, 0xde469fbd99a05fe3,
    0xa59bc234db398c25, 0xf6c69a72a3989f5c, 0xb7dcbf5354e9bece, 0x88fcf317f22241e2, 0xcc20ce9bd35c78a5,
    0x98165af37b2153df, 0xe2a0b5dc971f303a, 0xa8d9d1535ce3b396, 0xfb9b7cd9a4a7443c, 0xbb764c4ca7a44410,
    0x8bab8eefb6409c1a, 0xd01fef10a657842c, 0x9b10a4e5e9913129, 0xe7109bfba19c0c9d, 0xac2820d9623bf429,
    0x80444b5e7aa7cf85, 0xbf21e44003acdd2d, 0x8e679c2f5e44ff8f, 0xd433179d9c8cb841, 0x9e19db92b4e31ba9,
    0xeb96bf6ebadf77d9, 0xaf87023b9bf0ee6b,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::dict::hashing::Rng;

    fn show(value: f64) -> String {
        let mut out = Vec::new();
        write(value, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_powers_are_those_of_ten() {
        for (i, &power) in POWERS.iter().enumerate() {
            let text = format!("1e{}", FIRST_POWER + 8 * i as i32);
            assert_eq!(LongDouble::parse(text.as_bytes()).unwrap().mantissa(), power, "{text}");
        }
    }

    /// Each line was answered by Redis 8: ZADD, then ZSCORE.
    #[test]
    fn forms_are_those_of_redis() {
        for (text, expected) in [
            ("1", "1"),
            ("1e18", "1000000000000000000"),
            ("1e19", "1e+19"),
            ("1.5e19", "1.5e+19"),
            ("123456789012345680000", "123456789012345680000"),
            ("12345678901234567e10", "1.2345678901234568e+26"),
            ("4611686018427387904", "4611686018427387904"),
            ("-4611686018427388928", "-4611686018427389000"),
            ("9223372036854775807", "9223372036854776000"),
            ("123456789.125e10", "1234567891249999872"),
            ("1e-5", "0.00001"),
            ("1e-6", "0.000001"),
            ("1e-7", "1e-7"),
            ("1.5e-6", "1.5e-6"),
            ("0.00001234", "1.234e-5"),
            ("1.234567891234567e-3", "0.001234567891234567"),
            ("1.234567891234567e-4", "1.234567891234567e-4"),
            ("1.234567891234567e22", "12345678912345670000000"),
            ("5e-324", "5e-324"),
            ("-1.7976931348623157e308", "-1.7976931348623157e+308"),
            ("2.2250738585072011e-308", "2.225073858507201e-308"),
            ("+Inf", "inf"),
            ("-iNfinity", "-inf"),
            ("0x1p4", "16"),
            ("0x.8p1", "1"),
            ("0x1.8p-1075", "5e-324"),
            ("3e-324", "5e-324"),
            (".5", "0.5"),
            ("5.", "5"),
            ("0e999999999999", "0"),
        ] {
            assert_eq!(show(parse(text.as_bytes()).unwrap()), expected, "{text}");
        }
        let long = "0".repeat(60_000) + "1";
        assert_eq!(parse(long.as_bytes()), Some(1.0));
        for text in [
            "",
            " 1",
            "1 ",
            "nan",
            "-nan",
            "nan(1)",
            "0x",
            "0x1p",
            "1e",
            "1e400",
            "1e-400",
            "infin",
            ".",
            "+",
            "-",
            "--5",
            "1_0",
            "1d",
            "1\0",
            "5e-325",
            "2e-324",
            "\t1",
            "1\n",
            "0x1p-1075",
            "0x1p1024",
            "1.7976931348623159e308",
            "-.",
            "..1",
            "1.2.3",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text:?}");
        }
    }

    /// As Redis 8 answered ZRANGEBYSCORE.
    #[test]
    fn borders_of_ranges_are_read_more_kindly() {
        for (text, expected) in [
            ("1e400", f64::INFINITY),
            ("-1e99999999999", f64::NEG_INFINITY),
            ("1e-400", 0.0),
            ("0.0000001e320", f64::INFINITY),
            ("-.5", -0.5),
            ("+5.", 5.0),
            ("inf", f64::INFINITY),
        ] {
            assert_eq!(parse_limit(text.as_bytes()), Some(expected), "{text}");
        }
        for text in ["0x1", "-0x1", ".", "", "-", "1e", "1e400x", "nan", " 1", "1_0"] {
            assert_eq!(parse_limit(text.as_bytes()), None, "{text}");
        }
    }

    /// As ZSCAN of Redis 8 shows them in a skiplist.
    #[test]
    fn seventeen_digits_are_those_of_c() {
        for (value, expected) in [
            (1.0 / 3.0, "0.33333333333333331"),
            (3e-7, "2.9999999999999999e-07"),
            (123_456.789, "123456.789"),
            (0.1, "0.10000000000000001"),
            (2.5e-10, "2.5000000000000002e-10"),
            (1e300, "1.0000000000000001e+300"),
            (1e20, "1e+20"),
            (-0.0, "-0"),
            (1e16, "10000000000000000"),
            (1e17, "1e+17"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (0.0001, "0.0001"),
            (-100.0, "-100"),
            (5e-324, "4.9406564584124654e-324"),
        ] {
            let mut out = Vec::new();
            write_17(value, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
        let mut rng = Rng::new(23);
        for _ in 0..20_000 {
            let value = f64::from_bits(rng.next());
            if value.is_finite() {
                let mut out = Vec::new();
                write_17(value, &mut out);
                let text = String::from_utf8(out).unwrap();
                let digits = |text: &str| text.trim_start_matches('-').split('e').next().unwrap().replace('.', "");
                let expected = digits(&format!("{value:.16e}"));
                assert_eq!(digits(&text).trim_matches('0'), expected.trim_matches('0'), "{text}");
                assert_eq!(text.parse::<f64>().unwrap(), value);
            }
        }
    }

    #[test]
    fn decimals_are_those_of_c() {
        let mut rng = Rng::new(24);
        for _ in 0..50_000 {
            let value = match rng.below(3) {
                0 => f64::from_bits(rng.next()),
                1 => rng.next() as f64 / 2f64.powi(rng.below(80) as i32),
                _ => (rng.next() >> 40) as f64 / 64.0 - 1000.0,
            };
            if value.is_finite() {
                for decimals in [1, 4, 6] {
                    let mut out = Vec::new();
                    write_fixed(value, decimals, &mut out);
                    let expected = format!("{value:.*}", decimals);
                    let ours = String::from_utf8(out).unwrap();
                    assert_eq!(ours, expected, "{value:e}");
                }
            }
        }
    }

    #[test]
    fn every_double_is_read_back_and_its_digits_are_nearly_always_the_fewest() {
        let (mut rng, mut longer) = (Rng::new(21), 0);
        for _ in 0..200_000 {
            let value = f64::from_bits(rng.next());
            if !value.is_finite() {
                continue;
            }
            let text = show(value);
            assert_eq!(text.parse::<f64>().unwrap().to_bits(), value.to_bits(), "{text}");
            assert_eq!(parse(text.as_bytes()).unwrap().to_bits(), value.to_bits(), "{text}");
            let digits = |text: &str| {
                let digits: String = text.chars().take_while(|&c| c != 'e').filter(char::is_ascii_digit).collect();
                digits.trim_matches('0').len()
            };
            longer += (digits(&text) > digits(&format!("{value:e}"))) as u32;
        }
        assert!(longer < 1000, "{longer}");
    }

    #[test]
    #[cfg(not(target_arch = "wasm32"))] // where there is a C library to compare with
    fn the_longest_number_in_front_is_what_c_reads() {
        unsafe extern "C" {
            fn strtod(text: *const std::ffi::c_char, end: *mut *const std::ffi::c_char) -> f64;
        }
        let words: [&[u8]; 40] = [
            b" ",
            b"\t\n\x0b\x0c\r ",
            b"-",
            b"+",
            b"0",
            b"0x",
            b"0X",
            b"1",
            b"12",
            b"9007199254740993",
            b"a",
            b"fF",
            b".",
            b"5",
            b"e",
            b"E",
            b"p",
            b"P",
            b"e+",
            b"p-",
            b"30",
            b"400",
            b"1070",
            b"99999999999",
            b"inf",
            b"INFI",
            b"inity",
            b"nan",
            b"NaN(",
            b"_1z)",
            b")",
            b"x",
            b"000000000000000000000000000000",
            b"\x80",
            b",",
            b"1e",
            b"0x1p",
            b".5e-",
            b"0x.",
            b"179769313486231580",
        ];
        let mut rng = Rng::new(25);
        for _ in 0..400_000 {
            let mut text = Vec::new();
            for _ in 0..rng.below(7) {
                text.extend_from_slice(words[rng.below(words.len() as u64) as usize]);
            }
            let (ours, read) = prefix(&text);
            text.push(0);
            let mut end = std::ptr::null();
            let theirs = unsafe { strtod(text.as_ptr().cast(), &mut end) };
            let shown = String::from_utf8_lossy(&text);
            assert_eq!(read, end as usize - text.as_ptr() as usize, "{shown}");
            assert_eq!(ours.is_sign_negative(), theirs.is_sign_negative(), "{shown}");
            assert!(ours == theirs || ours.is_nan() && theirs.is_nan(), "{shown}: {ours:e} {theirs:e}");
        }
    }

    #[test]
    fn reading_agrees_with_the_standard_library() {
        let mut rng = Rng::new(22);
        for _ in 0..200_000 {
            let digits = rng.next() >> (rng.next() % 64);
            let text = match rng.below(5) {
                0 => format!("{digits}"),
                1 => format!("-{digits}.{}", rng.next() >> (rng.next() % 64)),
                2 => format!("{digits}e{}", rng.below(640) as i64 - 340),
                3 => format!("0.{digits}"),
                _ => format!("{}{digits}.{digits}e-{}", rng.next(), rng.below(380)),
            };
            let expected = text.parse::<f64>().unwrap();
            let ours = parse(text.as_bytes());
            let zero = !text.split('e').next().unwrap().contains(|c| ('1'..='9').contains(&c));
            if expected.is_infinite() || expected == 0.0 && !zero {
                assert_eq!(ours, None, "{text}");
            } else {
                assert_eq!(ours.map(f64::to_bits), Some(expected.to_bits()), "{text}");
            }
        }
    }
}
