//! Values of modules, in which each number and string says what it is.

use super::read::Reader;
use super::{Fault, Packer, Read};

/// A module that is none of ours.
pub const UNKNOWN: Fault = Fault::Bad("a value of a module");

const UNSIGNED: u64 = 2;
const STRING: u64 = 5;
const END: u64 = 0;

/// What names a module and its version: nine letters of six bits each, and ten bits.
pub const fn id(name: &[u8; 9], version: u64) -> u64 {
    let (mut id, mut at) = (0, 0);
    while at < name.len() {
        let letter = match name[at] {
            b'a'..=b'z' => name[at] - b'a' + 26,
            _ => 62, // a hyphen
        };
        id = id << 6 | letter as u64;
        at += 1;
    }
    id << 10 | version
}

pub fn number(out: &mut Packer, number: u64) {
    out.length(UNSIGNED);
    out.length(number);
}

/// Stands in front of a string.
pub fn begin_string(out: &mut Packer) {
    out.length(STRING);
}

pub fn end(out: &mut Packer) {
    out.length(END);
}

/// Reads what says what comes next; anything else is `wrong`.
fn expect(reader: &mut Reader<'_>, what: u64, wrong: Fault) -> Read<()> {
    if reader.number()? == what { Ok(()) } else { Err(wrong) }
}

pub fn read_number(reader: &mut Reader<'_>, wrong: Fault) -> Read<u64> {
    expect(reader, UNSIGNED, wrong)?;
    reader.number()
}

/// Reads what stands in front of a string.
pub fn expect_string(reader: &mut Reader<'_>, wrong: Fault) -> Read<()> {
    expect(reader, STRING, wrong)
}

pub fn expect_end(reader: &mut Reader<'_>, wrong: Fault) -> Read<()> {
    expect(reader, END, wrong)
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_are_those_of_redis() {
        assert_eq!(super::id(b"vectorset", 0), 0xbde7_2da2_bb1e_b400);
    }
}
