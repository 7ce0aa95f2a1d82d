//! Floating-point numbers as text. A stub: what replies need of it.

pub fn write(value: f64, out: &mut Vec<u8>) {
    out.extend_from_slice((value as i64).to_string().as_bytes());
}

pub fn parse(bytes: &[u8]) -> Option<f64> {
    super::number::parse_int(bytes).map(|value| value as f64)
}
