//! Payloads as Redis makes them: what FUNCTION DUMP gives and FUNCTION RESTORE takes.
//!
//! ```text
//! | 0xF5 | length | source of a library | ... | version of RDB, 2 bytes | CRC-64 of all that, 8 bytes |      little-endian
//! ```
//!
//! Strings may be compressed with LZF, or be integers, when they are read; they are written as they are.

use crate::resp::error::Error;
use crate::types::copy::copied;

const LIBRARY: u8 = 0xF5;
/// The same in what came before 7.0.
const OLD_LIBRARY: u8 = LIBRARY + 1;
/// Of Redis 8.6. What is newer is refused.
const VERSION: u16 = 13;
/// Version and checksum.
const FOOTER: usize = 10;

/// No text in a payload is longer, however well it is compressed.
const LONGEST: usize = 512 << 20;

/// The payload of these libraries.
/// Nothing where there is no memory for it.
pub fn functions<'a>(sources: impl Iterator<Item = &'a [u8]> + Clone) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let size: usize = sources.clone().map(|source| source.len() + 6).sum();
    out.try_reserve_exact(size + FOOTER).ok()?;
    for source in sources {
        out.push(LIBRARY);
        write_length(&mut out, source.len());
        out.extend_from_slice(source);
    }
    out.extend_from_slice(&VERSION.to_le_bytes());
    let sum = crc64(&out);
    out.extend_from_slice(&sum.to_le_bytes());
    Some(out)
}

/// The sources of the libraries in a payload, one by one: where one cannot be read, those before it have been.
pub fn read_functions(payload: &[u8]) -> Result<impl Iterator<Item = Result<Vec<u8>, Error>>, Error> {
    const WRONG: Error = Error::Fixed("ERR DUMP payload version or checksum are wrong");
    let body = payload.len().checked_sub(FOOTER).ok_or(WRONG)?;
    let (signed, sum) = payload.split_at(payload.len() - 8);
    let version = u16::from_le_bytes([payload[body], payload[body + 1]]);
    // A sum of zero: whoever made it has made none.
    let sum = u64::from_le_bytes(sum.try_into().map_err(|_| WRONG)?);
    if version > VERSION || sum != 0 && sum != crc64(signed) {
        return Err(WRONG);
    }
    // A text that is longer than it should be ends in the footer, as it does there.
    let mut reader = Reader { bytes: payload };
    Ok(std::iter::from_fn(move || match reader.bytes.len() > FOOTER {
        true => reader.byte().map(|kind| match kind {
            LIBRARY => reader.string(),
            OLD_LIBRARY => Err(Error::Fixed("ERR Pre-GA function format not supported")),
            _ => Err(Error::Fixed("ERR given type is not a function")),
        }),
        false => None,
    }))
}

fn write_length(out: &mut Vec<u8>, len: usize) {
    if len < 1 << 6 {
        out.push(len as u8);
    } else if len < 1 << 14 {
        out.extend_from_slice(&[0x40 | (len >> 8) as u8, len as u8]);
    } else {
        out.push(0x80);
        out.extend_from_slice(&(len as u32).to_be_bytes());
    }
}

/// What a length says: so many, or that something else than plain bytes follows.
enum Length {
    Plain(usize),
    Special(u8),
}

/// Reads the pieces of a payload, of which nothing is believed.
struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (front, rest) = self.bytes.split_at_checked(len)?;
        self.bytes = rest;
        Some(front)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|bytes| bytes[0])
    }

    fn length(&mut self) -> Option<Length> {
        let first = self.byte()?;
        Some(match first >> 6 {
            0 => Length::Plain(first as usize & 0x3f),
            1 => Length::Plain((first as usize & 0x3f) << 8 | self.byte()? as usize),
            2 if first == 0x80 => Length::Plain(u32::from_be_bytes(self.take(4)?.try_into().ok()?) as usize),
            2 if first == 0x81 => {
                Length::Plain(usize::try_from(u64::from_be_bytes(self.take(8)?.try_into().ok()?)).ok()?)
            }
            2 => return None,
            _ => Length::Special(first & 0x3f),
        })
    }

    fn plain_length(&mut self) -> Option<usize> {
        match self.length()? {
            Length::Plain(len) => Some(len),
            Length::Special(_) => None,
        }
    }

    fn string(&mut self) -> Result<Vec<u8>, Error> {
        const BROKEN: Error = Error::Fixed("ERR Failed loading library payload");
        match self.length().ok_or(BROKEN)? {
            Length::Plain(len) => copied(self.take(len).ok_or(BROKEN)?).ok_or(Error::OutOfMemory),
            Length::Special(3) => {
                let sizes = self.plain_length().zip(self.plain_length());
                let (packed, whole) = sizes.filter(|&(_, whole)| whole <= LONGEST).ok_or(BROKEN)?;
                let packed = self.take(packed).ok_or(BROKEN)?;
                let mut out = Vec::new();
                out.try_reserve_exact(whole).map_err(|_| Error::OutOfMemory)?;
                if whole == 0 {
                    return Ok(out);
                }
                unpack(packed, whole, out).ok_or(BROKEN)
            }
            Length::Special(kind) => self.number(kind).ok_or(BROKEN),
        }
    }

    /// A text that is an integer.
    fn number(&mut self, kind: u8) -> Option<Vec<u8>> {
        match kind {
            0 => Some((self.byte()? as i8).to_string().into_bytes()),
            1 => Some(i16::from_le_bytes(self.take(2)?.try_into().ok()?).to_string().into_bytes()),
            2 => Some(i32::from_le_bytes(self.take(4)?.try_into().ok()?).to_string().into_bytes()),
            _ => None,
        }
    }
}

/// LZF: bytes as they are, or a piece of what came before. They go into `out`, which has room for `len` bytes. None where it is not
/// that, or not so many.
fn unpack(mut bytes: &[u8], len: usize, mut out: Vec<u8>) -> Option<Vec<u8>> {
    while let Some((&head, rest)) = bytes.split_first() {
        bytes = rest;
        if head < 32 {
            let (plain, rest) = bytes.split_at_checked(head as usize + 1)?;
            if plain.len() > len - out.len() {
                return None;
            }
            out.extend_from_slice(plain);
            bytes = rest;
        } else {
            let mut count = (head >> 5) as usize;
            if count == 7 {
                let (&more, rest) = bytes.split_first()?;
                count += more as usize;
                bytes = rest;
            }
            let (&low, rest) = bytes.split_first()?;
            bytes = rest;
            let back = ((head as usize & 31) << 8 | low as usize) + 1;
            let from = out.len().checked_sub(back)?;
            if count + 2 > len - out.len() {
                return None;
            }
            for at in from..from + count + 2 {
                out.push(out[at]);
            }
        }
    }
    (out.len() == len).then_some(out)
}

/// The CRC-64 of Redis: the polynomial of Jones, from the low bits on.
pub fn crc64(bytes: &[u8]) -> u64 {
    let mut sum = 0;
    for &byte in bytes {
        sum ^= byte as u64;
        for _ in 0..8 {
            sum = if sum & 1 == 1 { sum >> 1 ^ 0x95ac_9329_ac4b_c9b5 } else { sum >> 1 };
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(payload: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
        read_functions(payload)?.collect()
    }

    #[test]
    fn the_sum_is_that_of_redis() {
        assert_eq!(crc64(b"123456789"), 0xe9c6_d914_c4b8_d9ca);
    }

    /// What Redis 8.6.3 dumps.
    #[test]
    fn payloads_are_those_of_redis() {
        let source = b"#!lua name=l\nredis.register_function('a',function() end)";
        let payload = functions([&source[..]].into_iter()).expect("memory");
        assert_eq!(payload, [b"\xf58", &source[..], b"\r\x00\xb8\xb61D\xda\xcf/\xb7"].concat());
        assert_eq!(read(&payload).expect("a payload"), [source.to_vec()]);
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        let unpack = |bytes, len| unpack(bytes, len, Vec::new());
        assert_eq!(unpack(b"\x02abc\x20\x02", 6).expect("LZF"), b"abcabc");
        assert_eq!(unpack(b"\x00a\xe0\x05\x00", 15).expect("LZF"), b"aaaaaaaaaaaaaaa");
        assert_eq!(unpack(b"\x20\x02", 3), None);
        assert_eq!(unpack(b"\x05a", 6), None);
        assert_eq!(unpack(b"\x02abc", 4), None);
        assert_eq!(unpack(b"\x02abc", 2), None);
    }
}
