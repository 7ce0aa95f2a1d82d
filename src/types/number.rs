//! Integers to and from decimal, as Redis reads and writes them.

/// The integer a text begins with, as C's `atoi` reads it: behind spaces and a sign, 0 where there is none, the low 32 bits of what is
/// larger.
pub fn leading_int(text: &[u8]) -> i32 {
    let start = text.iter().take_while(|b| matches!(b, b' ' | 9..=13)).count();
    let (negative, digits) = match &text[start..] {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let digits = digits.iter().take_while(|b| b.is_ascii_digit());
    let size = digits.fold(0i64, |sum, b| sum.saturating_mul(10).saturating_add((b - b'0') as i64));
    (if negative { -size } else { size }) as i32
}

/// Reads an integer the way Redis does for arguments and stored values: an optional minus sign, digits without leading
/// zeros, nothing else; `None` for anything that would not print as the same bytes (`""`, `"+1"`, `"01"`, `"-0"`,
/// `" 1"`) or does not fit 64 bits.
#[inline(always)]
pub fn parse_int(bytes: &[u8]) -> Option<i64> {
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, bytes),
    };
    match digits {
        [b'0'] if !negative => return Some(0),
        [b'1'..=b'9', ..] if digits.len() <= 19 => {}
        _ => return None,
    }
    let mut value: u64 = 0;
    for &digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + digit as u64; // 19 digits fit a u64
    }
    if negative { (value <= 1 << 63).then(|| (value as i64).wrapping_neg()) } else { i64::try_from(value).ok() }
}

/// Reads a cursor: 64 bits without a sign. What is no canonical integer goes the way of C's `strtoull`: leading spaces, a
/// sign (a minus wraps around) and zeros are allowed, and a zero byte ends the text.
pub fn parse_cursor(bytes: &[u8]) -> Option<u64> {
    if let Some(value) = parse_int(bytes) {
        return u64::try_from(value).ok();
    }
    let text = bytes.split(|&b| b == 0).next().unwrap_or_default();
    let text = &text[text.iter().take_while(|b| matches!(b, b' ' | 9..=13)).count()..];
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if digits.is_empty() {
        return None;
    }
    let value = digits.iter().try_fold(0u64, |n, &b| {
        let digit = b.is_ascii_digit().then(|| (b - b'0') as u64)?;
        n.checked_mul(10)?.checked_add(digit)
    })?;
    Some(if negative { value.wrapping_neg() } else { value })
}

/// The longest decimal of an `i64`: a sign and 19 digits.
pub const INT_LEN: usize = 20;

/// Writes `value` in decimal at the end of `buffer` and returns those bytes.
#[inline(always)]
pub fn format_int(value: i64, buffer: &mut [u8; INT_LEN]) -> &[u8] {
    let mut at = digits(value.unsigned_abs(), buffer);
    if value < 0 {
        at -= 1;
        buffer[at] = b'-';
    }
    &buffer[at..]
}

/// Writes the digits at the end of `buffer`; where they begin. Of 32 bits engines make a product of each division, of 64 they divide.
#[inline(never)]
fn digits(mut left: u64, buffer: &mut [u8; INT_LEN]) -> usize {
    let mut at = INT_LEN;
    while left > u32::MAX as u64 {
        at -= 1;
        let rest = left / 10;
        buffer[at] = b'0' + (left - rest * 10) as u8;
        left = rest;
    }
    let mut left = left as u32;
    loop {
        at -= 1;
        let rest = left / 10;
        buffer[at] = b'0' + (left - rest * 10) as u8;
        left = rest;
        if left == 0 {
            return at;
        }
    }
}

/// As [`format_int`], without a sign.
#[inline(never)]
pub fn format_uint(value: u64, buffer: &mut [u8; INT_LEN]) -> &[u8] {
    let at = digits(value, buffer);
    &buffer[at..]
}

/// As [`parse_int`], without a sign, up to 2^64 - 1.
#[inline(never)]
pub fn parse_uint(bytes: &[u8]) -> Option<u64> {
    match parse_int(bytes) {
        Some(value) => u64::try_from(value).ok(),
        // What is longer than 19 digits, or does not fit 63 bits.
        None if matches!(bytes, [b'1'..=b'9', ..]) => bytes.iter().try_fold(0u64, |n, byte| {
            let digit = byte.is_ascii_digit().then(|| (byte - b'0') as u64)?;
            n.checked_mul(10)?.checked_add(digit)
        }),
        None => None,
    }
}

/// How many bytes [`format_int`] writes.
pub fn int_len(value: i64) -> usize {
    format_int(value, &mut [0; INT_LEN]).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_read_only_in_their_canonical_form() {
        for value in [0, 1, -1, 9, 10, 99, i64::MAX, i64::MIN, i64::MAX - 1, 1_000_000_007] {
            assert_eq!(parse_int(value.to_string().as_bytes()), Some(value));
            assert_eq!(format_int(value, &mut [0; INT_LEN]), value.to_string().as_bytes());
            assert_eq!(int_len(value), value.to_string().len());
        }
        for text in ["", "-", "-0", "+1", "01", " 1", "1 ", "1a", "9223372036854775808", "-9223372036854775809"] {
            assert_eq!(parse_int(text.as_bytes()), None, "{text:?}");
        }
        assert_eq!(parse_int(b"99999999999999999999"), None);
        for value in [0, 7, 1 << 63, u64::MAX - 1, u64::MAX] {
            assert_eq!(parse_uint(value.to_string().as_bytes()), Some(value));
            assert_eq!(format_uint(value, &mut [0; INT_LEN]), value.to_string().as_bytes());
        }
        for text in ["", "-1", "+1", "01", "18446744073709551616", "1844674407370955161x", "1 "] {
            assert_eq!(parse_uint(text.as_bytes()), None, "{text:?}");
        }
    }
}
