//! Lengths and strings into a buffer.

use super::lzf::Lzf;
use crate::types::copy::{append, grow};
use crate::types::listpack::Item;
use crate::types::number::{INT_LEN, format_int, parse_int};
use crate::types::stream::Id;

/// Strings up to this length are not compressed.
const SHORT: usize = 20;

/// What is written, and how.
#[derive(Default)]
pub struct Packer {
    pub bytes: Vec<u8>,
    /// `rdbcompression`
    pub compress: bool,
    /// There was no memory for something.
    pub failed: bool,
    lzf: Lzf,
}

impl Packer {
    pub fn new(compress: bool) -> Packer {
        Packer { compress, ..Packer::default() }
    }

    #[inline]
    pub fn raw(&mut self, bytes: &[u8]) {
        self.failed = self.failed || !append(&mut self.bytes, bytes);
    }

    pub fn byte(&mut self, byte: u8) {
        self.raw(&[byte]);
    }

    /// A number of 8 bytes, the low ones first.
    pub fn word(&mut self, number: u64) {
        self.raw(&number.to_le_bytes());
    }

    /// An id of a stream, in 16 bytes.
    pub fn id(&mut self, id: Id) {
        self.raw(&id.ms.to_be_bytes());
        self.raw(&id.seq.to_be_bytes());
    }

    pub fn length(&mut self, len: u64) {
        match len {
            0..0x40 => self.byte(len as u8),
            0x40..0x4000 => self.raw(&[0x40 | (len >> 8) as u8, len as u8]),
            0x4000..=0xffff_ffff => {
                self.byte(0x80);
                self.raw(&(len as u32).to_be_bytes());
            }
            _ => {
                self.byte(0x81);
                self.raw(&len.to_be_bytes());
            }
        }
    }

    /// A string: as an integer where it is one of 32 bits, compressed where that is shorter, else as it is.
    pub fn string(&mut self, bytes: &[u8]) {
        if bytes.len() <= 11
            && let Some(number) = parse_int(bytes).and_then(|number| i32::try_from(number).ok())
        {
            return self.small(number);
        }
        if self.compress && bytes.len() > SHORT && self.lzf.pack(bytes) {
            let packed = std::mem::take(&mut self.lzf.out);
            self.byte(0xc3);
            self.length(packed.len() as u64);
            self.length(bytes.len() as u64);
            self.raw(&packed);
            // What one long string took is not kept.
            self.lzf.out = if packed.capacity() > 1 << 16 { Vec::new() } else { packed };
            return;
        }
        self.length(bytes.len() as u64);
        self.raw(bytes);
    }

    pub fn item(&mut self, item: Item<'_>) {
        match item {
            Item::Str(bytes) => self.string(bytes),
            Item::Int(number) => match i32::try_from(number) {
                Ok(number) => self.small(number),
                Err(_) => self.string(format_int(number, &mut [0; INT_LEN])),
            },
        }
    }

    fn small(&mut self, number: i32) {
        let bytes = number.to_le_bytes();
        let (mark, len) = match number {
            -0x80..=0x7f => (0xc0, 1),
            -0x8000..=0x7fff => (0xc1, 2),
            _ => (0xc2, 4),
        };
        self.byte(mark);
        self.raw(&bytes[..len]);
    }

    /// Room for so many bytes more, so that they are not moved again and again.
    pub fn expect(&mut self, more: usize) {
        if self.bytes.capacity() - self.bytes.len() < more {
            self.failed = self.failed || !grow(&mut self.bytes, more);
        }
    }
}
