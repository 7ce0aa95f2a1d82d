//! `LongDouble`: the 80-bit floating point of x86 in software, as far as INCRBYFLOAT and HINCRBYFLOAT need it: read,
//! add, print. Redis computes these commands in `long double`, so its last digits are those of a 64-bit mantissa.
//!
//! ```text
//! value = mantissa * 2^exponent      mantissa u64, its top bit set unless the exponent is the least one (-16445)
//! ```
//!
//! - `parse` reads what the C library's `strtold` reads and Redis accepts: decimal and hexadecimal, with exponents,
//!   infinities; correctly rounded (to nearest, ties to even) whatever the length, through big integers.
//! - `add` rounds once, as the hardware does.
//! - `write_human` prints like `%.17Lf`, exact and rounded once, and cuts trailing zeros and the point.
//!
//! Left out: NaN (`parse` refuses it, and finite sums do not make one; infinity minus infinity is answered as
//! infinity, which both callers refuse alike), other operations, other ways of rounding.
//!
//! Doubles are read here as well ([`LongDouble::parse_double`]): the same exact way, rounded to their bits at the end.

use super::number::{INT_LEN, format_int};
use std::cmp::Ordering;

const MIN_EXPONENT: i32 = -16_445;
const MAX_EXPONENT: i32 = 16_384 - 64;

/// What a result is rounded to: bits of a mantissa, and the exponents it can have.
#[derive(Clone, Copy)]
struct Format {
    bits: i32,
    min: i32,
    max: i32,
}

const LONG: Format = Format { bits: 64, min: MIN_EXPONENT, max: MAX_EXPONENT };
const DOUBLE: Format = Format { bits: 53, min: -1074, max: 1024 - 53 };
/// Longer strings are no numbers for Redis.
const MAX_LEN: usize = 5 * 1024 - 1;
const DECIMALS: usize = 17;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LongDouble {
    negative: bool,
    infinite: bool,
    exponent: i32,
    mantissa: u64,
}

impl LongDouble {
    /// What a key that is not there counts as.
    pub const ZERO: LongDouble = LongDouble { negative: false, infinite: false, exponent: MIN_EXPONENT, mantissa: 0 };

    /// The largest that is finite.
    pub const MAX: LongDouble =
        LongDouble { negative: false, infinite: false, exponent: MAX_EXPONENT, mantissa: u64::MAX };

    /// Reads a number as Redis does. None for what is none: spaces, anything behind the number, NaN, 5120 bytes or
    /// more, and numbers other than zero that are too large or too small (`1e5000`, `1e-5000`).
    pub fn parse(bytes: &[u8]) -> Option<LongDouble> {
        if bytes.len() > MAX_LEN {
            return None;
        }
        LongDouble::parse_as(bytes, LONG)
    }

    /// Reads a double, rounded once. As `parse`, but of any length, and the limits are those of doubles.
    pub fn parse_double(bytes: &[u8]) -> Option<f64> {
        let value = LongDouble::parse_as(bytes, DOUBLE)?;
        let bits = if value.infinite {
            f64::INFINITY.to_bits()
        } else if value.mantissa >> 52 == 0 {
            value.mantissa
        } else {
            ((value.exponent + 1075) as u64) << 52 | value.mantissa & ((1 << 52) - 1)
        };
        Some(f64::from_bits(bits | (value.negative as u64) << 63))
    }

    fn parse_as(bytes: &[u8], format: Format) -> Option<LongDouble> {
        let (negative, rest) = match bytes {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, bytes),
        };
        if rest.eq_ignore_ascii_case(b"inf") || rest.eq_ignore_ascii_case(b"infinity") {
            return Some(LongDouble { negative, infinite: true, ..LongDouble::ZERO });
        }
        let value = match rest {
            [b'0', b'x' | b'X', hex @ ..] => parse_hex(hex, format)?,
            _ => parse_decimal(rest, format)?,
        };
        Some(LongDouble { negative, ..value })
    }

    /// mantissa * 2^exponent, and a little more when `sticky`, rounded. The mantissa has at least 66 bits when
    /// `sticky`. None when it is not zero but rounds to zero or infinity.
    fn round(mut mantissa: u128, mut exponent: i32, mut sticky: bool, format: Format) -> Option<LongDouble> {
        if mantissa == 0 {
            return Some(LongDouble::ZERO);
        }
        let bits = 128 - mantissa.leading_zeros() as i32;
        // Cut to the bits there are, or to fewer where the exponent would fall below the least.
        let cut = (bits - format.bits).max(format.min - exponent);
        if cut > 0 {
            if cut > 128 {
                return None;
            }
            let half = 1u128 << (cut - 1);
            let low = mantissa & (half | (half - 1));
            mantissa = if cut == 128 { 0 } else { mantissa >> cut };
            exponent += cut;
            sticky |= low & (half - 1) != 0;
            if low & half != 0 && (sticky || mantissa & 1 == 1) {
                mantissa += 1;
            }
            if mantissa >> format.bits != 0 {
                mantissa >>= 1;
                exponent += 1;
            }
        } else {
            let up = (-cut).min(exponent - format.min);
            mantissa <<= up;
            exponent -= up;
        }
        if mantissa == 0 || exponent > format.max {
            return None;
        }
        Some(LongDouble { negative: false, infinite: false, exponent, mantissa: mantissa as u64 })
    }

    #[cfg(test)]
    pub fn mantissa(&self) -> u64 {
        self.mantissa
    }

    /// The same with the other sign.
    pub fn negated(self) -> LongDouble {
        LongDouble { negative: !self.negative, ..self }
    }

    /// The same with the sign of another.
    pub fn with_sign_of(self, other: LongDouble) -> LongDouble {
        LongDouble { negative: other.negative, ..self }
    }

    /// Whether it is less than another. Zeros are equal, whatever their signs.
    pub fn is_less(self, other: LongDouble) -> bool {
        if self.infinite && other.infinite {
            return self.negative && !other.negative;
        }
        let difference = self + other.negated();
        difference.negative && (difference.infinite || difference.mantissa != 0)
    }

    pub fn is_finite(&self) -> bool {
        !self.infinite
    }

    /// The integer towards zero, if it fits 64 bits.
    pub fn truncated(&self) -> Option<i64> {
        let size = match self.exponent {
            0 if !self.infinite => self.mantissa,
            -63..=-1 => self.mantissa >> self.exponent.unsigned_abs(),
            exponent if exponent < 0 => 0,
            _ => return None,
        };
        let value = if self.negative { -(size as i128) } else { size as i128 };
        i64::try_from(value).ok().filter(|_| !self.infinite)
    }

    /// Appends it with up to 17 decimals and without trailing zeros, as `%.17Lf` and Redis's trimming give it: `3`,
    /// `0.1`, `-2.5`, never `-0`. Infinities become `inf` and `-inf`.
    pub fn write_human(&self, out: &mut Vec<u8>) {
        if self.infinite {
            out.extend_from_slice(if self.negative { b"-inf" } else { b"inf" });
            return;
        }
        let digits = if self.exponent >= 0 {
            let mut n = Big::from(self.mantissa as u128);
            n.shift_left(self.exponent as u32);
            n.decimal()
        } else {
            // 121 bits, divided by a power of two, ties to even.
            let scaled = self.mantissa as u128 * 10u128.pow(DECIMALS as u32);
            let shift = self.exponent.unsigned_abs();
            let mut n = 0;
            if shift < 128 {
                n = scaled >> shift;
                match (scaled & ((1 << shift) - 1)).cmp(&(1 << (shift - 1))) {
                    Ordering::Greater => n += 1,
                    Ordering::Equal => n += n & 1,
                    Ordering::Less => {}
                }
            }
            let mut text = Big::from(n).decimal();
            while text.len() <= DECIMALS {
                text.insert(0, b'0');
            }
            text.insert(text.len() - DECIMALS, b'.');
            while text.last() == Some(&b'0') {
                text.pop();
            }
            if text.last() == Some(&b'.') {
                text.pop();
            }
            text
        };
        if self.negative && digits != b"0" {
            out.push(b'-');
        }
        out.extend_from_slice(&digits);
    }
}

/// A number is less than another one; 0 and -0 are the same.
impl PartialOrd for LongDouble {
    fn partial_cmp(&self, other: &LongDouble) -> Option<Ordering> {
        let size = |value: &LongDouble| (value.infinite, value.exponent, value.mantissa);
        let is_below = |value: &LongDouble| value.negative && (value.infinite || value.mantissa > 0);
        Some(match (is_below(self), is_below(other)) {
            (false, false) => size(self).cmp(&size(other)),
            (true, true) => size(other).cmp(&size(self)),
            (below, _) => {
                if below {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
        })
    }
}

impl std::ops::Add for LongDouble {
    type Output = LongDouble;

    /// The sum, rounded once; infinite when it is too large.
    fn add(self, other: LongDouble) -> LongDouble {
        if self.infinite || other.infinite {
            return if self.infinite { self } else { other };
        }
        let (big, small) = if (self.exponent, self.mantissa) >= (other.exponent, other.mantissa) {
            (self, other)
        } else {
            (other, self)
        };
        if small.mantissa == 0 {
            let negative = if big.mantissa == 0 { big.negative && small.negative } else { big.negative };
            return LongDouble { negative, ..big };
        }
        // 62 bits below the larger one's: what falls off the smaller one beyond them only decides a rounding.
        let distance = (big.exponent - small.exponent) as u32;
        let low = (small.mantissa as u128) << 62;
        let mut shifted = if distance < 128 { low >> distance } else { 0 };
        if distance >= 128 || shifted << distance != low {
            shifted |= 1;
        }
        let high = (big.mantissa as u128) << 62;
        let sum = if big.negative == small.negative { high + shifted } else { high - shifted };
        if sum == 0 {
            return LongDouble::ZERO;
        }
        let exponent = big.exponent - 62;
        match LongDouble::round(sum, exponent, false, LONG) {
            Some(value) => LongDouble { negative: big.negative, ..value },
            None => LongDouble { negative: big.negative, infinite: true, ..LongDouble::ZERO },
        }
    }
}

/// Reads `[+-]digits` behind an `e` or `p`, which must be all that is left. Saturates far outside of any use.
pub(super) fn parse_exponent(bytes: &[u8]) -> Option<i32> {
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, bytes),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = digits.iter().fold(0i32, |n, d| (n * 10 + (d - b'0') as i32).min(10_000_000));
    Some(if negative { -value } else { value })
}

/// Digits of a base up to 16, with at most one point among them, then perhaps `mark` and an exponent. Hands each digit
/// to `f` with whether it stands behind the point. Answers the exponent; None when it is no number.
pub(super) fn parse_digits(bytes: &[u8], base: u32, mark: u8, mut f: impl FnMut(u32, bool)) -> Option<i32> {
    let (mut point, mut any) = (false, false);
    for (i, &b) in bytes.iter().enumerate() {
        if let Some(digit) = (b as char).to_digit(base) {
            f(digit, point);
            any = true;
        } else if b == b'.' && !point {
            point = true;
        } else if b.eq_ignore_ascii_case(&mark) && any {
            return parse_exponent(&bytes[i + 1..]);
        } else {
            return None;
        }
    }
    any.then_some(0)
}

fn parse_hex(bytes: &[u8], format: Format) -> Option<LongDouble> {
    let (mut mantissa, mut exponent, mut sticky) = (0u128, 0i32, false);
    let power = parse_digits(bytes, 16, b'p', |digit, behind| {
        if mantissa >> 120 == 0 {
            mantissa = mantissa << 4 | digit as u128;
            exponent -= if behind { 4 } else { 0 };
        } else {
            sticky |= digit != 0;
            exponent += if behind { 0 } else { 4 };
        }
    })?;
    LongDouble::round(mantissa, exponent + power, sticky, format)
}

fn parse_decimal(bytes: &[u8], format: Format) -> Option<LongDouble> {
    let (mut digits, mut exponent) = (Vec::with_capacity(bytes.len().min(MAX_LEN + 1)), 0i32);
    let power = parse_digits(bytes, 10, b'e', |digit, behind| {
        if digits.len() > MAX_LEN {
            // Far behind where any rounding is decided, but for whether it is zero.
            *digits.last_mut().expect("there are many") |= (digit != 0) as u32;
            exponent += !behind as i32;
            return;
        }
        if digit != 0 || !digits.is_empty() {
            digits.push(digit);
        }
        exponent -= behind as i32;
    })?;
    exponent += power;
    while digits.last() == Some(&0) {
        digits.pop();
        exponent += 1;
    }
    let magnitude = digits.len() as i32 + exponent;
    if digits.is_empty() {
        return Some(LongDouble::ZERO);
    }
    if !(-4960..=4940).contains(&magnitude) {
        return None;
    }
    let mut n = Big::default();
    for part in digits.chunks(9) {
        n.multiply_add(10u32.pow(part.len() as u32), part.iter().fold(0, |n, d| n * 10 + d));
    }
    if exponent >= 0 {
        n.multiply_power_of_ten(exponent as u32);
        let (mantissa, shift, sticky) = n.top();
        return LongDouble::round(mantissa, shift, sticky, format);
    }
    let mut divisor = Big::from(1);
    divisor.multiply_power_of_ten(exponent.unsigned_abs());
    // At least 96 bits of quotient.
    let shift = (divisor.bits() + 97).saturating_sub(n.bits());
    n.shift_left(shift);
    let rest = n.divide(&divisor);
    let (mantissa, up, sticky) = n.top();
    LongDouble::round(mantissa, up - shift as i32, sticky || rest, format)
}

/// All decimal digits of mantissa * 2^exponent, and the power of ten that they are to be multiplied with.
pub(super) fn digits(mantissa: u64, exponent: i32) -> (Vec<u8>, i32) {
    let mut n = Big::from(mantissa as u128);
    if exponent >= 0 {
        n.shift_left(exponent as u32);
        return (n.decimal(), 0);
    }
    // 2^-k is 5^k * 10^-k.
    let mut left = exponent.unsigned_abs();
    while left > 0 {
        let step = left.min(13);
        n.multiply_add(5u32.pow(step), 0);
        left -= step;
    }
    (n.decimal(), exponent)
}

/// A natural number: 32 bits each, low ones first, no zeros on top.
#[derive(Default)]
struct Big(Vec<u32>);

impl From<u128> for Big {
    fn from(n: u128) -> Big {
        let mut big = Big(vec![n as u32, (n >> 32) as u32, (n >> 64) as u32, (n >> 96) as u32]);
        big.trim();
        big
    }
}

impl Big {
    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    fn bits(&self) -> u32 {
        self.0.len() as u32 * 32 - self.0.last().map_or(0, |top| top.leading_zeros())
    }

    fn multiply_add(&mut self, factor: u32, term: u32) {
        let mut carry = term as u64;
        for word in &mut self.0 {
            carry += *word as u64 * factor as u64;
            *word = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    fn multiply_power_of_ten(&mut self, mut power: u32) {
        while power > 0 {
            let step = power.min(9);
            self.multiply_add(10u32.pow(step), 0);
            power -= step;
        }
    }

    fn shift_left(&mut self, by: u32) {
        if !self.0.is_empty() {
            self.multiply_add(1 << (by % 32), 0);
            let mut shifted = vec![0; by as usize / 32];
            shifted.append(&mut self.0);
            self.0 = shifted;
        }
    }

    /// The top 128 bits (fewer when it has no more), what power of two they are to be multiplied with, and whether
    /// anything was cut off.
    fn top(&self) -> (u128, i32, bool) {
        let cut = self.0.len().saturating_sub(4);
        let mantissa = self.0[cut..].iter().rev().fold(0, |n, &word| n << 32 | word as u128);
        (mantissa, cut as i32 * 32, self.0[..cut].iter().any(|&word| word != 0))
    }

    /// Becomes the quotient; answers whether there is a rest. Long division, word by word (Knuth's algorithm D).
    fn divide(&mut self, divisor: &Big) -> bool {
        let n = divisor.0.len();
        if n == 1 {
            let mut rest = 0u64;
            for word in self.0.iter_mut().rev() {
                let part = rest << 32 | *word as u64;
                *word = (part / divisor.0[0] as u64) as u32;
                rest = part % divisor.0[0] as u64;
            }
            self.trim();
            return rest != 0;
        }
        // Normalise: the top bit of the divisor set.
        let by = divisor.0[n - 1].leading_zeros();
        let mut d = Big(divisor.0.clone());
        d.shift_left(by);
        self.shift_left(by);
        let (d, rest) = (d.0, &mut self.0);
        rest.push(0);
        if rest.len() <= n {
            let any = rest.iter().any(|&word| word != 0);
            rest.clear();
            return any;
        }
        let mut quotient = vec![0; rest.len() - n];
        for at in (0..quotient.len()).rev() {
            let top = (rest[at + n] as u64) << 32 | rest[at + n - 1] as u64;
            let mut guess = (top / d[n - 1] as u64).min(u32::MAX as u64);
            let mut left = top - guess * d[n - 1] as u64;
            while left >> 32 == 0 && guess * d[n - 2] as u64 > (left << 32 | rest[at + n - 2] as u64) {
                guess -= 1;
                left += d[n - 1] as u64;
            }
            let (mut carry, mut borrow) = (0u64, 0i64);
            for i in 0..n {
                carry += guess * d[i] as u64;
                borrow += rest[at + i] as i64 - (carry as u32) as i64;
                rest[at + i] = borrow as u32;
                borrow >>= 32;
                carry >>= 32;
            }
            borrow += rest[at + n] as i64 - carry as i64;
            rest[at + n] = borrow as u32;
            if borrow < 0 {
                guess -= 1;
                let mut carry = 0;
                for i in 0..n {
                    carry += rest[at + i] as u64 + d[i] as u64;
                    rest[at + i] = carry as u32;
                    carry >>= 32;
                }
                rest[at + n] = rest[at + n].wrapping_add(carry as u32);
            }
            quotient[at] = guess as u32;
        }
        let any = rest.iter().any(|&word| word != 0);
        self.0 = quotient;
        self.trim();
        any
    }

    fn decimal(mut self) -> Vec<u8> {
        let mut groups = Vec::new();
        while !self.0.is_empty() {
            let mut rest = 0u64;
            for word in self.0.iter_mut().rev() {
                let part = rest << 32 | *word as u64;
                *word = (part / 1_000_000_000) as u32;
                rest = part % 1_000_000_000;
            }
            self.trim();
            groups.push(rest);
        }
        let mut text = Vec::new();
        for group in groups.iter().rev() {
            let mut digits = [0; INT_LEN];
            // Nine digits: those of a tenth in front of them, without it, but for the first group.
            let first = text.is_empty();
            let digits = format_int((*group + if first { 0 } else { 1_000_000_000 }) as i64, &mut digits);
            text.extend_from_slice(if first { digits } else { &digits[1..] });
        }
        if text.is_empty() {
            text.push(b'0');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::dict::hashing::Rng;

    fn parse(text: &str) -> LongDouble {
        LongDouble::parse(text.as_bytes()).unwrap_or_else(|| panic!("{text} is a number"))
    }
    fn show(value: LongDouble) -> String {
        let mut out = Vec::new();
        value.write_human(&mut out);
        String::from_utf8(out).unwrap()
    }
    fn sum(a: &str, b: &str) -> String {
        show(parse(a) + parse(b))
    }

    #[test]
    fn numbers_are_compared_and_cut() {
        let ascending = [
            "-inf",
            "-1e30",
            "-9223372036854775808",
            "-2.5",
            "-1",
            "-0.5",
            "0",
            "1e-9",
            "1",
            "2.9",
            "3",
            "1e19",
            "inf",
        ];
        let numbers: Vec<LongDouble> =
            ascending.iter().map(|text| LongDouble::parse(text.as_bytes()).expect("a number")).collect();
        assert!(numbers.windows(2).all(|two| two[0] < two[1]));
        let cut: Vec<Option<i64>> = numbers.iter().map(LongDouble::truncated).collect();
        let (no, least) = (None, Some(i64::MIN));
        assert_eq!(
            cut,
            [no, no, least, Some(-2), Some(-1), Some(0), Some(0), Some(0), Some(1), Some(2), Some(3), no, no]
        );
        assert_eq!(LongDouble::parse(b"9223372036854775807").and_then(|n| n.truncated()), Some(i64::MAX));
        assert_eq!(LongDouble::parse(b"9223372036854775808").and_then(|n| n.truncated()), None);
    }

    /// Each line was answered by Redis 8: INCRBYFLOAT of the second to the first.
    #[test]
    fn sums_are_those_of_redis() {
        for (a, b, expected) in [
            ("0", "0.1", "0.1"),
            ("0.1", "0.2", "0.3"),
            ("10.50", "0.1", "10.6"),
            ("5.0e3", "2.0e2", "5200"),
            ("0", "123456789012345678901234567890", "123456789012345678899921813504"),
            ("0", "1e17", "100000000000000000"),
            ("0", "1e-17", "0.00000000000000001"),
            ("0", "1e-18", "0"),
            ("0", "-1e-18", "0"),
            ("-0", "-0", "0"),
            ("0", "0x1p-16445", "0"),
            ("0", "0x1.8p1", "3"),
            ("0", "0x1e5", "485"),
            ("0", "0x.8", "0.5"),
            ("0", "1.e1", "10"),
            ("0", "-.5", "-0.5"),
            ("0", "0e99999999999999999999", "0"),
            ("3", "-3", "0"),
        ] {
            assert_eq!(sum(a, b), expected, "{a} + {b}");
        }
        assert!(sum("0", "1e4932").starts_with("1000000000000000000006018"));
        assert!(sum("0", "1e4000").starts_with("9999999999999999999965463"));
        assert_eq!(sum("0", "0x1p16383").len(), 4932);
    }

    #[test]
    fn numbers_are_refused_as_redis_refuses_them() {
        for text in [
            "",
            " ",
            " 1",
            "1 ",
            ".",
            "1e",
            "1e+",
            "e5",
            "infinit",
            "nan",
            "-nan",
            "nan(123)",
            "0x",
            "0xg",
            "0x1p+",
            "1e-5000",
            "1e5000",
            "1.19e4932",
            "1.8e-4951",
            "1e99999999999999999999",
            "0x1p16384",
            "0x1p-16446",
            "1_0",
            "1,5",
            "1\0",
            "\t1",
            "1\n",
            "--1",
            "+-1",
            "1.5.5",
            "1e5.5",
            "1d",
            "1L",
            "0b1",
            "-",
            "+",
            "0x1p-99999",
        ] {
            assert_eq!(LongDouble::parse(text.as_bytes()), None, "{text:?}");
        }
        assert_eq!(parse("1.9e-4951"), parse("0x1p-16445"));
        assert!(!parse("inf").is_finite() && parse("-InFiNiTy").negative);
        assert_eq!(show(parse(&("0".repeat(5118) + "1"))), "1");
        assert_eq!(LongDouble::parse(("0".repeat(5119) + "1").as_bytes()), None);
    }

    /// Every f64 and every sum of two that is exact in 64 bits must come out as the platform's own arithmetic has it.
    #[test]
    fn it_agrees_with_doubles_where_they_are_exact() {
        let mut rng = Rng::new(5);
        for _ in 0..40_000 {
            let n = rng.next() as i64 >> (rng.next() % 40 + 13);
            let scale = (rng.next() % 60) as i32 - 40;
            let x = n as f64 * 2f64.powi(scale);
            let value = parse(&format!("{x:.50}"));
            if scale >= -17 && n != 0 {
                assert_eq!(show(value), format!("{x:.17}").trim_end_matches('0').trim_end_matches('.'));
            }
            assert_eq!(value, parse(&format!("{x:.60}e0")));
            let y = (rng.next() as i64 >> 20) as f64 * 2f64.powi(scale);
            assert_eq!(value + parse(&format!("{y:.50}")), parse(&format!("{:.50}", x + y)));
        }
    }

    #[test]
    fn printing_and_reading_an_integer_is_exact_at_any_size() {
        let mut rng = Rng::new(6);
        for _ in 0..300 {
            let value = LongDouble {
                negative: rng.next() & 1 == 1,
                infinite: false,
                exponent: (rng.next() % MAX_EXPONENT as u64) as i32,
                mantissa: rng.next() | 1 << 63,
            };
            let text = show(value);
            assert_eq!(parse(&text), value);
            // One off in the last digit of many is far below half a unit.
            assert_eq!(parse(&format!("{text}.0000001")), value);
            assert_eq!(parse(&format!("{text}e-1")) + LongDouble::ZERO, parse(&format!("{text}00000e-6")));
            // Exactly between two numbers: to even.
            let mut between = Big::from(value.mantissa as u128);
            between.shift_left(1);
            between.multiply_add(1, 1);
            between.shift_left(value.exponent as u32);
            let even = parse(&String::from_utf8(between.decimal()).unwrap());
            assert_eq!(even.mantissa & 1, 0);
        }
    }

    #[test]
    fn division_agrees_with_small_numbers() {
        let mut rng = Rng::new(8);
        for _ in 0..100_000 {
            let a = (rng.next() as u128) << 64 >> (rng.next() % 100) | rng.next() as u128;
            let b = (rng.next() >> (rng.next() % 63)).max(1);
            let mut n = Big::from(a >> 64);
            n.shift_left(64);
            n.0.resize(4, 0);
            n.0[0] = a as u32;
            n.0[1] = (a >> 32) as u32;
            n.trim();
            assert_eq!(n.divide(&Big::from(b as u128)), !a.is_multiple_of(b as u128));
            n.0.resize(4, 0);
            assert_eq!(n.top().0, a / b as u128);
        }
    }
}
