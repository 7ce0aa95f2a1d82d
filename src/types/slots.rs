//! Hash slots of Redis Cluster, as its specification has them: CRC16 (XMODEM) of a key modulo 16384, or of its tag, what stands between
//! its first `{` and the next `}`, where that is not empty.

pub const SLOTS: usize = 16384;

/// The slot of a key or of a sharded channel.
pub fn slot(key: &[u8]) -> u16 {
    crc16(tag(key).unwrap_or(key)) % SLOTS as u16
}

/// The tag of a key, if it has one.
pub fn tag(key: &[u8]) -> Option<&[u8]> {
    let (_, rest) = key.split_at_checked(key.iter().position(|&b| b == b'{')? + 1)?;
    let end = rest.iter().position(|&b| b == b'}')?;
    Some(&rest[..end]).filter(|tag| !tag.is_empty())
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
}
