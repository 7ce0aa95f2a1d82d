//! Lengths and strings off a slice of bytes, of which nothing is believed.

use super::{Fault, Read, lzf};
use crate::allocator;
use crate::types::copy::{append, copied};
use crate::types::number::{INT_LEN, format_int};
use crate::types::stream::Id;

/// No string is longer, however well it is compressed.
const LONGEST: usize = 512 << 20;

/// What a length says: so many, or that something else than plain bytes follows.
pub enum Length {
    Plain(u64),
    Special(u8),
}

/// Reads the pieces of a value.
pub struct Reader<'a> {
    pub bytes: &'a [u8],
    /// Where the string that is read next may be unpacked.
    scratch: Vec<u8>,
}

/// A string that stays while others are read.
pub enum Text<'a> {
    There(&'a [u8]),
    Unpacked(Vec<u8>),
}

impl std::ops::Deref for Text<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Text::There(bytes) => bytes,
            Text::Unpacked(bytes) => bytes,
        }
    }
}

/// An error unless so many bytes can be had, and a little more.
pub fn room(bytes: usize) -> Read<()> {
    if allocator::has(bytes.saturating_add(1 << 10)) { Ok(()) } else { Err(Fault::Memory) }
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, scratch: Vec::new() }
    }

    #[inline(always)]
    pub fn take(&mut self, len: usize) -> Read<&'a [u8]> {
        let (front, rest) = self.bytes.split_at_checked(len).ok_or(Fault::Short)?;
        self.bytes = rest;
        Ok(front)
    }

    #[inline(always)]
    pub fn array<const N: usize>(&mut self) -> Read<[u8; N]> {
        let (front, rest) = self.bytes.split_first_chunk().ok_or(Fault::Short)?;
        self.bytes = rest;
        Ok(*front)
    }

    #[inline(always)]
    pub fn byte(&mut self) -> Read<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// A number of 8 bytes, the low ones first.
    pub fn word(&mut self) -> Read<u64> {
        self.array().map(u64::from_le_bytes)
    }

    /// An id of a stream, of 16 bytes.
    pub fn id(&mut self) -> Read<Id> {
        Ok(Id { ms: u64::from_be_bytes(self.array()?), seq: u64::from_be_bytes(self.array()?) })
    }

    #[inline(always)]
    pub fn length(&mut self) -> Read<Length> {
        let first = self.byte()?;
        Ok(match first >> 6 {
            0 => Length::Plain(first as u64 & 0x3f),
            1 => Length::Plain((first as u64 & 0x3f) << 8 | self.byte()? as u64),
            2 if first == 0x80 => Length::Plain(u32::from_be_bytes(self.array()?) as u64),
            2 if first == 0x81 => Length::Plain(u64::from_be_bytes(self.array()?)),
            2 => return Err(Fault::Bad("an unknown length")),
            _ => Length::Special(first & 0x3f),
        })
    }

    /// A length that is a number.
    pub fn number(&mut self) -> Read<u64> {
        match self.length()? {
            Length::Plain(number) => Ok(number),
            Length::Special(_) => Err(Fault::Bad("a string where a number should be")),
        }
    }

    /// A number of bytes or elements, of which each takes one byte at least.
    pub fn count(&mut self) -> Read<usize> {
        usize::try_from(self.number()?).map_err(|_| Fault::Bad("a number of elements that nothing can have"))
    }

    /// A string, until the next one is read.
    #[inline]
    pub fn string(&mut self) -> Read<&[u8]> {
        match self.length()? {
            Length::Plain(len) => self.take(usize::try_from(len).unwrap_or(usize::MAX)),
            Length::Special(kind) => {
                self.special(kind)?;
                Ok(&self.scratch)
            }
        }
    }

    /// A string while others are read.
    #[inline]
    pub fn text(&mut self) -> Read<Text<'a>> {
        match self.length()? {
            Length::Plain(len) => self.take(usize::try_from(len).unwrap_or(usize::MAX)).map(Text::There),
            Length::Special(kind) => {
                self.special(kind)?;
                Ok(Text::Unpacked(std::mem::take(&mut self.scratch)))
            }
        }
    }

    /// A string to keep.
    pub fn owned(&mut self) -> Read<Vec<u8>> {
        match self.length()? {
            Length::Plain(len) => {
                let bytes = self.take(usize::try_from(len).unwrap_or(usize::MAX))?;
                room(bytes.len())?;
                copied(bytes).ok_or(Fault::Memory)
            }
            Length::Special(kind) => {
                self.special(kind)?;
                Ok(std::mem::take(&mut self.scratch))
            }
        }
    }

    /// A string that is not written as it is, into the scratch.
    fn special(&mut self, kind: u8) -> Read<()> {
        self.scratch.clear();
        let number = match kind {
            0 => self.byte()? as i8 as i64,
            1 => i16::from_le_bytes(self.array()?) as i64,
            2 => i32::from_le_bytes(self.array()?) as i64,
            3 => {
                let (packed, whole) = (self.count()?, self.count()?);
                let packed = self.take(packed)?;
                if whole > LONGEST || whole > 0 && !lzf::can_be(packed.len(), whole) {
                    return Err(Fault::Bad("a compressed string of a length that it cannot have"));
                }
                room(whole)?;
                self.scratch.try_reserve_exact(whole).map_err(|_| Fault::Memory)?;
                let good = whole == 0 || lzf::unpack(packed, whole, &mut self.scratch);
                return if good { Ok(()) } else { Err(Fault::Bad("a compressed string that is none")) };
            }
            _ => return Err(Fault::Bad("an unknown form of a string")),
        };
        append(&mut self.scratch, format_int(number, &mut [0; INT_LEN]));
        Ok(())
    }

    /// A double as text, one byte with its length in front.
    pub fn text_double(&mut self) -> Read<f64> {
        match self.byte()? {
            253 => Ok(f64::NAN),
            254 => Ok(f64::INFINITY),
            255 => Ok(f64::NEG_INFINITY),
            len => {
                let text = self.take(len as usize)?;
                crate::types::double::parse(text).ok_or(Fault::Bad("a score that is no number"))
            }
        }
    }
}
