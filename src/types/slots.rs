//! Hash slots of Redis Cluster, as its specification has them: CRC16 (XMODEM) of a key modulo 16384, or of its tag, what stands between
//! its first `{` and the next `}`, where that is not empty.

pub const SLOTS: usize = 16384;

/// The slot of a key or of a sharded channel.
pub fn slot(key: &[u8]) -> u16 {
    crc16(tag(key).unwrap_or(key)) % SLOTS as u16
}

/// The tag of a key, if it has one.
fn tag(key: &[u8]) -> Option<&[u8]> {
    let (_, rest) = key.split_at_checked(key.iter().position(|&b| b == b'{')? + 1)?;
    let end = rest.iter().position(|&b| b == b'}')?;
    Some(&rest[..end]).filter(|tag| !tag.is_empty())
}

/// The slot of all that a pattern matches, or a SORT makes of it: where its tag, or all of it, is plain text.
pub fn pattern_slot(pattern: &[u8]) -> Option<u16> {
    match pattern.iter().position(|b| b"*?[\\".contains(b)) {
        Some(end) => tag(&pattern[..end]).map(slot),
        None => Some(slot(pattern)),
    }
}

/// The name of a slot as Valkey's cursors have it: the first tag that belongs to it, shorter ones first, and then in this order. Zeros
/// stand in front of shorter ones: they change no checksum.
pub fn name(slot: u16) -> [u8; 3] {
    const ORDER: [u8; 63] = *b"\x000123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    // Checksums add up: that of a text is that of its beginning and a zero, and that of its last byte.
    let mut ends = [0; ORDER.len()];
    ends.iter_mut().zip(ORDER).for_each(|(end, b)| *end = crc16(&[b]));
    for first in ORDER {
        for second in &ORDER[(first > 0) as usize..] {
            let sum = crc16(&[first, *second, 0]) ^ slot;
            if let Some(end) = (1..ends.len()).find(|&end| (sum ^ ends[end]).is_multiple_of(SLOTS as u16)) {
                return [first, *second, ORDER[end]];
            }
        }
    }
    [0; 3] // no slot: each has a tag of three characters
}

fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, &byte| {
        (0..8).fold(crc ^ (byte as u16) << 8, |crc, _| if crc & 0x8000 != 0 { crc << 1 ^ 0x1021 } else { crc << 1 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_those_of_the_specification() {
        assert_eq!(crc16(b"123456789"), 0x31c3);
        for (key, wanted) in
            [("foo", 12182), ("a", 15495), ("b", 3300), ("c", 7365), ("", 0), ("{c}1", 7365), ("x{c}{a}", 7365)]
        {
            assert_eq!(slot(key.as_bytes()), wanted, "{key}");
        }
        assert_eq!(slot(b"{}c"), crc16(b"{}c") % 16384);
        assert_eq!(slot(b"{c"), crc16(b"{c") % 16384);
        assert_eq!(slot(b"{{c}"), crc16(b"{c") % 16384);
    }

    #[test]
    fn slots_have_the_names_that_valkey_gives_them() {
        for (number, wanted) in
            [(0, "06S"), (1, "Qi"), (9, "ru"), (80, "avs"), (89, "b4e"), (12182, "9Le"), (16383, "6ZJ")]
        {
            assert!(name(number).ends_with(wanted.as_bytes()));
        }
        assert!((0..SLOTS as u16).all(|number| slot(&name(number)) == number));
    }
}
