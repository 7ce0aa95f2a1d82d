//! What servers before Redis 7 wrote: ziplists and zipmaps. They are read only.
//!
//! ```text
//! ziplist   | total u32 | last u32 | count u16 | entry | ... | 0xFF |       all little-endian
//! entry     | length of the entry before: 1 byte, or FE and u32 | encoding | data |
//!
//! 00llllll  bytes                string of up to 63 bytes
//! 01llllll llllllll  bytes       string of up to 16383 bytes, high bits first
//! 80 l l l l  bytes              longer string, high bytes first
//! C0 / D0 / E0 / F0 / FE  data   integer of 16 / 32 / 64 / 24 / 8 bits, signed
//! F1 ... FD                      0 to 12
//!
//! zipmap    | count u8 | length, key | length, free u8, value, free bytes | ... | 0xFF |       length: 1 byte, or FE and u32
//! ```

use super::read::Reader;
use super::{Fault, Read};
use crate::types::listpack::Item;

/// Who is shown the entries.
pub type Meet<'a> = dyn FnMut(Item<'_>) -> Read<()> + 'a;

/// Shows the entries of a ziplist.
pub fn ziplist(bytes: &[u8], show: &mut Meet<'_>) -> Read<()> {
    const BAD: Fault = Fault::Bad("a ziplist that is none");
    let mut reader = Reader::new(bytes);
    let (total, last, count) = (reader.array()?, reader.array()?, reader.array()?);
    let (total, last, count) = (u32::from_le_bytes(total), u32::from_le_bytes(last), u16::from_le_bytes(count));
    if total as usize != bytes.len() {
        return Err(BAD);
    }
    let (mut entries, mut before, mut start) = (0usize, 0, 10);
    loop {
        let at = bytes.len() - reader.bytes.len();
        let first = reader.byte()?;
        if first == 0xff {
            let counted = count == u16::MAX || count as usize == entries;
            return if counted && reader.bytes.is_empty() && last as usize == start { Ok(()) } else { Err(BAD) };
        }
        let said = if first == 0xfe { u32::from_le_bytes(reader.array()?) as usize } else { first as usize };
        if said != before {
            return Err(BAD);
        }
        start = at;
        let head = reader.byte()?;
        let item = match head {
            0..=0x3f => Item::Str(reader.take(head as usize)?),
            0x40..=0x7f => {
                let low = reader.byte()?;
                Item::Str(reader.take((head as usize & 0x3f) << 8 | low as usize)?)
            }
            0x80 => {
                let len = u32::from_be_bytes(reader.array()?);
                Item::Str(reader.take(len as usize)?)
            }
            0xc0 => Item::Int(i16::from_le_bytes(reader.array()?) as i64),
            0xd0 => Item::Int(i32::from_le_bytes(reader.array()?) as i64),
            0xe0 => Item::Int(i64::from_le_bytes(reader.array()?)),
            0xf0 => {
                let [a, b, c] = reader.array()?;
                Item::Int((i32::from_le_bytes([0, a, b, c]) >> 8) as i64)
            }
            0xfe => Item::Int(reader.byte()? as i8 as i64),
            0xf1..=0xfd => Item::Int((head & 15) as i64 - 1),
            _ => return Err(BAD),
        };
        show(item)?;
        entries += 1;
        before = bytes.len() - reader.bytes.len() - at;
    }
}

/// Shows keys and values of a zipmap, by turns.
pub fn zipmap(bytes: &[u8], show: &mut Meet<'_>) -> Read<()> {
    let mut reader = Reader::new(bytes);
    reader.byte()?;
    let mut is_value = false;
    loop {
        let len = match reader.byte()? {
            0xff if is_value || !reader.bytes.is_empty() => return Err(Fault::Bad("a zipmap that is none")),
            0xff => return Ok(()),
            0xfe => u32::from_le_bytes(reader.array()?) as usize,
            len => len as usize,
        };
        let free = if is_value { reader.byte()? } else { 0 };
        show(Item::Str(reader.take(len)?))?;
        reader.take(free as usize)?;
        is_value = !is_value;
    }
}
