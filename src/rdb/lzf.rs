//! LZF: bytes as they are, or a piece of what came before.
//!
//! ```text
//! 000nnnnn  bytes              n + 1 bytes as they are
//! nnnooooo  oooooooo           n + 2 bytes from o + 1 bytes back; n is not 0
//! 111ooooo  nnnnnnnn oooooooo  n + 9 bytes
//! ```

/// The longest run as it is, the farthest and the longest piece from before.
const PLAIN: usize = 32;
const BACK: usize = 1 << 13;
const PIECE: usize = 264;
const SLOTS: usize = 1 << 16;

/// Compresses strings, one after the other.
#[derive(Default)]
pub struct Lzf {
    /// Where three bytes that hash so were met last; places of strings before this one are below `base`.
    met: Vec<u32>,
    base: usize,
    pub out: Vec<u8>,
}

impl Lzf {
    /// The same bytes shorter, by four at least, in `out`; or false. A match is taken where it is met, from where its three first
    /// bytes were seen last; the places of its last two bytes are noted too. That is what Redis finds.
    pub fn pack(&mut self, bytes: &[u8]) -> bool {
        let end = bytes.len();
        self.out.clear();
        if !(5..=1 << 30).contains(&end) || self.out.try_reserve(end).is_err() {
            return false;
        }
        if self.met.is_empty() || self.base + end >= u32::MAX as usize {
            if self.met.is_empty() && self.met.try_reserve_exact(SLOTS).is_err() {
                return false;
            }
            self.met.clear();
            self.met.resize(SLOTS, 0);
            self.base = 0;
        }
        // Position 0 is never looked back at: a place counts from `base` on, and `base` itself stands for none.
        let base = self.base;
        self.base += end;
        let most = end - 4;
        let out = &mut self.out;
        let slot = |at: usize| {
            let three = (bytes[at] as usize) << 16 | (bytes[at + 1] as usize) << 8 | bytes[at + 2] as usize;
            (three >> 8).wrapping_sub(three * 5) & (SLOTS - 1)
        };
        let (mut at, mut plain) = (0, 0);
        out.push(0);
        while at + 2 < end {
            let place = std::mem::replace(&mut self.met[slot(at)], (base + at) as u32) as usize;
            let from = place.wrapping_sub(base);
            let is_match = place > base && at - from <= BACK && bytes[from..from + 3] == bytes[at..at + 3];
            if !is_match {
                if out.len() >= most {
                    return false;
                }
                out.push(bytes[at]);
                at += 1;
                plain += 1;
                flush(out, &mut plain);
                continue;
            }
            if out.len() + 4 >= most && out.len() + 4 - (plain == 0) as usize >= most {
                return false;
            }
            end_run(out, plain);
            plain = 0;
            let longest = (end - at - 2).min(PIECE);
            // The last two bytes are not for pieces, unless sixteen are compared at once.
            let longest = if longest > 16 { longest.max(19) } else { longest };
            let mut len = 3;
            while len < longest && bytes[from + len] == bytes[at + len] {
                len += 1;
            }
            let (count, back) = (len - 2, at - from - 1);
            if count < 7 {
                out.push((count << 5 | back >> 8) as u8);
            } else {
                out.extend_from_slice(&[(7 << 5 | back >> 8) as u8, (count - 7) as u8]);
            }
            out.push(back as u8);
            out.push(0);
            at += len;
            if at + 2 >= end {
                break;
            }
            for at in [at - 2, at - 1] {
                self.met[slot(at)] = (base + at) as u32;
            }
        }
        if out.len() + 3 > most {
            return false;
        }
        for &byte in &bytes[at..] {
            out.push(byte);
            plain += 1;
            flush(out, &mut plain);
        }
        end_run(out, plain);
        true
    }
}

/// Ends a run that is as long as one can be, and begins another.
fn flush(out: &mut Vec<u8>, plain: &mut usize) {
    if *plain == PLAIN {
        end_run(out, PLAIN);
        out.push(0);
        *plain = 0;
    }
}

/// Writes the head of a run of so many bytes, which lie behind it already; of an empty run nothing is left.
fn end_run(out: &mut Vec<u8>, plain: usize) {
    match plain {
        0 => drop(out.pop()),
        _ => {
            let head = out.len() - plain - 1;
            out[head] = plain as u8 - 1;
        }
    }
}

/// Whether so few bytes can be so many.
pub fn can_be(packed: usize, whole: usize) -> bool {
    whole <= packed.saturating_mul(PIECE / 3 + 1)
}

/// Unpacks into `out`, which has room for `len` bytes. Whether it is LZF, and of so many bytes.
pub fn unpack(mut bytes: &[u8], len: usize, out: &mut Vec<u8>) -> bool {
    while let Some((&head, rest)) = bytes.split_first() {
        bytes = rest;
        if head < 32 {
            let Some((plain, rest)) = bytes.split_at_checked(head as usize + 1) else { return false };
            if plain.len() > len - out.len() {
                return false;
            }
            out.extend_from_slice(plain);
            bytes = rest;
        } else {
            let mut count = (head >> 5) as usize + 2;
            if count == 9 {
                let Some((&more, rest)) = bytes.split_first() else { return false };
                count += more as usize;
                bytes = rest;
            }
            let Some((&low, rest)) = bytes.split_first() else { return false };
            bytes = rest;
            let back = ((head as usize & 31) << 8 | low as usize) + 1;
            let Some(from) = out.len().checked_sub(back) else { return false };
            if count > len - out.len() {
                return false;
            }
            if back == 1 {
                let byte = out[from];
                out.resize(out.len() + count, byte);
                continue;
            }
            // What is copied may be copied again.
            while count > 0 {
                let some = count.min(out.len() - from);
                out.extend_from_within(from..from + some);
                count -= some;
            }
        }
    }
    out.len() == len
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::dict::hashing::Rng;

    #[test]
    fn what_is_packed_is_unpacked() {
        let unpack = |bytes: &[u8], len| {
            let mut out = Vec::new();
            unpack(bytes, len, &mut out).then_some(out)
        };
        assert_eq!(unpack(b"\x02abc\x20\x02", 6).expect("LZF"), b"abcabc");
        assert_eq!(unpack(b"\x00a\xe0\x05\x00", 15).expect("LZF"), b"aaaaaaaaaaaaaaa");
        assert_eq!(unpack(b"\x20\x02", 3), None);
        assert_eq!(unpack(b"\x05a", 6), None);
        assert_eq!(unpack(b"\x02abc", 4), None);
        assert_eq!(unpack(b"\x02abc", 2), None);
    }

    /// What Redis 8.6.3 dumps for such strings.
    #[test]
    fn packed_bytes_are_those_of_redis() {
        let mut lzf = Lzf::default();
        for (text, packed) in [
            (vec![b'a'; 100], &b"\x01aa\xe0W\x00\x01aa"[..]),
            (vec![b'a'; 21], b"\x01aa\xe0\n\x00"),
            (vec![b'a'; 22], b"\x01aa\xe0\n\x00\x00a"),
            (b"abc".repeat(300), b"\x03abca\xe0\xff\x02\xe1\xff\x07\xe1\xff\x07\xe1]\x07\x01bc"),
        ] {
            assert!(lzf.pack(&text));
            assert_eq!(lzf.out.escape_ascii().to_string(), packed.escape_ascii().to_string());
        }
    }

    #[test]
    fn whatever_is_packed_comes_back() {
        let (mut rng, mut lzf) = (Rng::new(7), Lzf::default());
        let mut packed = 0;
        for _ in 0..3000 {
            let (letters, len) = (rng.below(20) + 1, rng.below(700) as usize);
            let text: Vec<u8> = (0..len).map(|_| rng.below(letters) as u8).collect();
            if lzf.pack(&text) {
                packed += 1;
                assert!(lzf.out.len() + 4 <= len && can_be(lzf.out.len(), len));
                let mut out = Vec::new();
                assert!(unpack(&lzf.out, len, &mut out));
                assert_eq!(out, text);
            }
        }
        assert!(packed > 500);
    }
}
