//! What stands for itself outside of a file: what DUMP gives and RESTORE takes, and FUNCTION DUMP and RESTORE.
//!
//! ```text
//! type | value | version, 2 bytes | CRC-64 of all that, 8 bytes
//! F5 | source of a library | F5 | ... | version | CRC-64          as it is, not compressed
//! ```

use super::crc64::crc64;
use super::read::Reader;
use super::value::value;
use super::{Fault, Form, Limits, Packer, VALKEY, VERSION, kind, load};
use crate::keyspace::Value;
use crate::resp::error::Error;

/// A library of functions.
pub const LIBRARY: u8 = 0xF5;
/// The same in what came before 7.0.
pub const OLD_LIBRARY: u8 = LIBRARY + 1;
/// Version and checksum.
const FOOTER: usize = 10;

/// Why a payload is not taken, in Redis's words.
const WRONG: Error = Error::Fixed("ERR DUMP payload version or checksum are wrong");
const BAD: Error = Error::Fixed("ERR Bad data format");

/// The payload of a value. Nothing where there is no memory for it.
pub fn dump(of: &Value, compress: bool, form: Form) -> Option<Vec<u8>> {
    let mut out = Packer::new(compress);
    value(&mut out, None, of, form);
    seal(out, form)
}

/// Puts version and checksum behind what is written.
fn seal(mut out: Packer, form: Form) -> Option<Vec<u8>> {
    out.raw(&if form == Form::Valkey { VALKEY } else { VERSION }.to_le_bytes());
    let sum = crc64(&out.bytes);
    out.word(sum);
    (!out.failed).then_some(out.bytes)
}

/// The version, if it and the checksum are right.
fn check(payload: &[u8], form: Form) -> Result<u16, Error> {
    let (signed, sum) = payload.split_last_chunk().ok_or(WRONG)?;
    let (_, version) = signed.split_last_chunk().ok_or(WRONG)?;
    // A sum of zero: whoever made it has made none.
    let (sum, version) = (u64::from_le_bytes(*sum), u16::from_le_bytes(*version));
    if !form.reads(version) || sum != 0 && sum != crc64(signed) {
        return Err(WRONG);
    }
    Ok(version)
}

/// The value of a payload.
pub fn restore(payload: &[u8], limits: &Limits, form: Form) -> Result<Value, Error> {
    let version = check(payload, form)?;
    // What is longer than it should be ends in the footer, as it does there.
    let mut reader = Reader::new(payload);
    let read = reader.byte().and_then(|kind| load(kind::in_version(kind, version), &mut reader, limits));
    read.map_err(|fault| if fault == Fault::Memory { Error::OutOfMemory } else { BAD })
}

/// The payload of these libraries. Nothing where there is no memory for it.
pub fn functions<'a>(sources: impl Iterator<Item = &'a [u8]> + Clone, form: Form) -> Option<Vec<u8>> {
    let mut out = Packer::default();
    out.expect(sources.clone().map(|source| source.len() + 6).sum::<usize>() + FOOTER);
    for source in sources {
        out.byte(LIBRARY);
        out.string(source);
    }
    seal(out, form)
}

/// The sources of the libraries in a payload, one by one: where one cannot be read, those before it have been.
pub fn read_functions(payload: &[u8], form: Form) -> Result<impl Iterator<Item = Result<Vec<u8>, Error>>, Error> {
    check(payload, form)?;
    // A text that is longer than it should be ends in the footer, as it does there.
    let mut reader = Reader::new(payload);
    Ok(std::iter::from_fn(move || match reader.bytes.len() > FOOTER {
        true => reader.byte().ok().map(|kind| match kind {
            LIBRARY => reader.owned().map_err(|fault| match fault {
                Fault::Memory => Error::OutOfMemory,
                _ => Error::Fixed("ERR Failed loading library payload"),
            }),
            OLD_LIBRARY => Err(Error::Fixed("ERR Pre-GA function format not supported")),
            _ => Err(Error::Fixed("ERR given type is not a function")),
        }),
        false => None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(payload: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
        read_functions(payload, Form::Newest)?.collect()
    }

    /// What Redis 8.6.3 dumps.
    #[test]
    fn payloads_are_those_of_redis() {
        let source = b"#!lua name=l\nredis.register_function('a',function() end)";
        let payload = functions([&source[..]].into_iter(), Form::Newest).expect("memory");
        assert_eq!(payload, [b"\xf58", &source[..], b"\r\x00\xb8\xb61D\xda\xcf/\xb7"].concat());
        assert_eq!(read(&payload).expect("a payload"), [source.to_vec()]);
    }
}
