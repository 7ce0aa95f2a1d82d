//! What C's `printf` makes of numbers and strings: `%[flags][width][.precision]conversion`, to the last digit.
//!
//! Doubles are exact: all their decimal digits are there before one rounding (to nearest, ties to even) cuts them. That costs big
//! integers, some hundred nanoseconds for numbers of usual size and microseconds at the ends of the range.
//!
//! Left out: `%a`, and what reads the format itself; who calls has split it.

use super::double;
use super::long_double::digits;

/// One conversion: flags, width, precision, and its letter.
#[derive(Default)]
pub struct Form {
    /// `-`: spaces come behind.
    pub left: bool,
    /// `+`: a sign always.
    pub plus: bool,
    /// A space where there is no sign.
    pub space: bool,
    /// `#`: the point always, `0x` and `0` in front.
    pub alternate: bool,
    /// `0`: zeros fill the width.
    pub zero: bool,
    pub width: usize,
    pub precision: Option<usize>,
    pub conversion: u8,
}

/// Appends a double: `e`, `f`, `g`, or one of them as a capital.
pub fn double(form: &Form, value: f64, out: &mut Vec<u8>) {
    let start = out.len();
    sign(form, value.is_sign_negative(), out);
    let body = out.len();
    if value.is_finite() {
        Decimal::new(value).write(form, out);
    } else {
        out.extend_from_slice(if value.is_nan() { b"nan" } else { b"inf" });
    }
    if form.conversion.is_ascii_uppercase() {
        out[body..].make_ascii_uppercase();
    }
    pad(form, form.zero && value.is_finite(), start, body, out);
}

/// Appends an integer: `d` or `i` with its sign, `u`, `o`, `x`, `X` without; `c` is a byte.
pub fn integer(form: &Form, bits: u64, out: &mut Vec<u8>) {
    let start = out.len();
    if form.conversion == b'c' {
        out.push(bits as u8);
        return pad(form, false, start, start, out);
    }
    let signed = matches!(form.conversion, b'd' | b'i');
    let negative = signed && (bits as i64) < 0;
    if signed {
        sign(form, negative, out);
    }
    let base = match form.conversion {
        b'o' => 8,
        b'x' | b'X' => 16,
        _ => 10,
    };
    if base == 16 && form.alternate && bits != 0 {
        out.extend_from_slice(&[b'0', form.conversion]);
    }
    let body = out.len();
    let mut left = if negative { bits.wrapping_neg() } else { bits };
    let (mut text, mut at) = ([b'0'; 22], 22);
    while left > 0 {
        at -= 1;
        text[at] = b"0123456789abcdef"[(left % base) as usize];
        left /= base;
    }
    if form.conversion == b'X' {
        text.make_ascii_uppercase();
    }
    let len = text.len() - at;
    let least = form.precision.unwrap_or(1).max(if base == 8 && form.alternate {
        len + (bits != 0 || len == 0) as usize
    } else {
        0
    });
    out.resize(body + least.saturating_sub(len), b'0');
    out.extend_from_slice(&text[at..]);
    pad(form, form.zero && form.precision.is_none(), start, body, out);
}

/// Appends a string: `s`, the precision being the most bytes of it.
pub fn string(form: &Form, text: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.extend_from_slice(&text[..form.precision.unwrap_or(text.len()).min(text.len())]);
    pad(form, false, start, start, out);
}

fn sign(form: &Form, negative: bool, out: &mut Vec<u8>) {
    if negative || form.plus || form.space {
        out.push(match (negative, form.plus) {
            (true, _) => b'-',
            (_, true) => b'+',
            _ => b' ',
        });
    }
}

/// Fills what begins at `start` up to the width; zeros go in front of `body`.
fn pad(form: &Form, zeros: bool, start: usize, body: usize, out: &mut Vec<u8>) {
    let missing = form.width.saturating_sub(out.len() - start);
    let (at, with) = match (form.left, zeros) {
        (true, _) => (out.len(), b' '),
        (_, true) => (body, b'0'),
        _ => (start, b' '),
    };
    // Not more than 99.
    for _ in 0..missing {
        out.insert(at, with);
    }
}

/// Digits without zeros in front, and how many of them stand before the point. Zero has none, and one before the point.
struct Decimal {
    digits: Vec<u8>,
    point: i64,
}

impl Decimal {
    fn new(value: f64) -> Decimal {
        let (mut mantissa, mut exponent) = double::parts(value.to_bits() & (u64::MAX >> 1));
        if mantissa == 0 {
            return Decimal { digits: Vec::new(), point: 1 };
        }
        // Whole numbers need no big ones.
        let zeros = mantissa.trailing_zeros().min(exponent.min(0).unsigned_abs());
        mantissa >>= zeros;
        exponent += zeros as i32;
        let (digits, power) = digits(mantissa, exponent);
        let point = digits.len() as i64 + power as i64;
        Decimal { digits, point }
    }

    /// The first `keep` digits, rounded.
    fn round(&mut self, keep: i64) {
        let Ok(keep) = usize::try_from(keep) else {
            return self.digits.clear();
        };
        if keep >= self.digits.len() {
            return;
        }
        let rest = &self.digits[keep..];
        let half = rest[0] == b'5' && rest[1..].iter().all(|&digit| digit == b'0');
        let up = if half { keep > 0 && self.digits[keep - 1] % 2 == 1 } else { rest[0] >= b'5' };
        self.digits.truncate(keep);
        if up {
            while self.digits.last() == Some(&b'9') {
                self.digits.pop();
            }
            match self.digits.last_mut() {
                Some(digit) => *digit += 1,
                None => {
                    self.digits.push(b'1');
                    self.point += 1;
                }
            }
        }
    }

    /// A digit; zeros are around them.
    fn digit(&self, at: i64) -> u8 {
        usize::try_from(at).ok().and_then(|at| self.digits.get(at)).copied().unwrap_or(b'0')
    }

    fn write(mut self, form: &Form, out: &mut Vec<u8>) {
        let precision = form.precision.unwrap_or(6) as i64;
        match form.conversion.to_ascii_lowercase() {
            b'f' => {
                self.round(self.point + precision);
                self.fixed(precision, form, out);
            }
            b'e' => {
                self.round(precision + 1);
                self.scientific(precision, form, out);
            }
            _ => {
                let significant = precision.max(1);
                self.round(significant);
                let exponent = self.point - 1;
                let mut most = significant;
                if !form.alternate {
                    while self.digits.last() == Some(&b'0') {
                        self.digits.pop();
                    }
                    most = self.digits.len() as i64;
                }
                if exponent < -4 || exponent >= significant {
                    self.scientific((most - 1).max(0), form, out);
                } else {
                    self.fixed((most - self.point).max(0), form, out);
                }
            }
        }
    }

    fn fixed(&self, decimals: i64, form: &Form, out: &mut Vec<u8>) {
        out.extend(((self.point - 1).min(0)..self.point).map(|at| self.digit(at)));
        if decimals > 0 || form.alternate {
            out.push(b'.');
        }
        out.extend((self.point..self.point + decimals).map(|at| self.digit(at)));
    }

    fn scientific(&self, decimals: i64, form: &Form, out: &mut Vec<u8>) {
        out.push(self.digit(0));
        if decimals > 0 || form.alternate {
            out.push(b'.');
        }
        out.extend((1..=decimals).map(|at| self.digit(at)));
        out.push(b'e');
        let exponent = Form { plus: true, precision: Some(2), conversion: b'd', ..Form::default() };
        integer(&exponent, (self.point - 1) as u64, out);
    }
}

/// Natively, where there is a C library to compare with.
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::types::dict::hashing::Rng;
    use std::ffi::{CString, c_char, c_int};

    unsafe extern "C" {
        fn snprintf(to: *mut c_char, size: usize, format: *const c_char, ...) -> c_int;
    }

    /// The format as C writes it.
    fn spell(form: &Form, length: &str) -> CString {
        let mut text = String::from("%");
        for (on, flag) in
            [(form.left, '-'), (form.plus, '+'), (form.space, ' '), (form.alternate, '#'), (form.zero, '0')]
        {
            if on {
                text.push(flag);
            }
        }
        if form.width > 0 {
            text += &form.width.to_string();
        }
        if let Some(precision) = form.precision {
            text += &format!(".{precision}");
        }
        CString::new(text + length + &(form.conversion as char).to_string()).unwrap()
    }

    fn random(rng: &mut Rng, conversions: &[u8]) -> Form {
        let mut flag = || rng.below(4) == 0;
        Form {
            left: flag(),
            plus: flag(),
            space: flag(),
            alternate: flag(),
            zero: flag(),
            width: if flag() { 0 } else { rng.below(40) as usize },
            precision: match rng.below(4) {
                0 => None,
                1 => Some(rng.below(100) as usize),
                _ => Some(rng.below(20) as usize),
            },
            conversion: conversions[rng.below(conversions.len() as u64) as usize],
        }
    }

    fn same(form: &Form, length: &str, ours: &[u8], theirs: impl Fn(*mut c_char, usize, *const c_char) -> c_int) {
        let mut buffer = [0u8; 1024];
        let format = spell(form, length);
        let len = theirs(buffer.as_mut_ptr().cast(), buffer.len(), format.as_ptr()) as usize;
        let (ours, theirs) = (String::from_utf8_lossy(ours), String::from_utf8_lossy(&buffer[..len]));
        assert_eq!(ours, theirs, "{format:?}");
    }

    #[test]
    fn doubles_are_those_of_the_c_library() {
        let mut rng = Rng::new(31);
        for turn in 0..60_000 {
            let value = match rng.below(6) {
                0 => f64::from_bits(rng.next()),
                1 => rng.next() as f64 / 2f64.powi(rng.below(80) as i32),
                2 => (rng.next() >> 40) as f64 / 64.0 - 1000.0,
                3 => (rng.next() >> rng.below(64)) as f64,
                4 => [0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, -f64::NAN, 5e-324, f64::MAX]
                    [rng.below(8) as usize],
                _ => (rng.below(2000) as f64 - 1000.0) * 10f64.powi(rng.below(40) as i32 - 20),
            };
            let form = random(&mut rng, b"eEfFgG");
            let mut ours = b"x".to_vec();
            double(&form, value, &mut ours);
            same(&form, "", &ours[1..], |to, size, format| unsafe { snprintf(to, size, format, value) });
            if turn % 4 == 0 {
                let form = Form { precision: Some(14), conversion: b'g', ..Form::default() };
                ours.clear();
                double(&form, value, &mut ours);
                same(&form, "", &ours, |to, size, format| unsafe { snprintf(to, size, format, value) });
            }
        }
    }

    #[test]
    fn integers_and_strings_are_those_of_the_c_library() {
        let mut rng = Rng::new(32);
        for _ in 0..60_000 {
            let bits = match rng.below(3) {
                0 => rng.next(),
                1 => rng.below(3).wrapping_sub(1),
                _ => rng.next() >> rng.below(64),
            };
            let form = random(&mut rng, b"diouxXc");
            let mut ours = b"x".to_vec();
            integer(&form, bits, &mut ours);
            let length = if form.conversion == b'c' { "" } else { "ll" };
            same(&form, length, &ours[1..], |to, size, format| unsafe { snprintf(to, size, format, bits) });

            let form = random(&mut rng, b"s");
            let text = &"some words that are neither long nor short"[rng.below(42) as usize..];
            ours.clear();
            string(&form, text.as_bytes(), &mut ours);
            let text = CString::new(text).unwrap();
            same(&form, "", &ours, |to, size, format| unsafe { snprintf(to, size, format, text.as_ptr()) });
        }
    }
}
