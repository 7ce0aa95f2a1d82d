//! FarmHash's Fingerprint32, by which DiceDB's clients know what they watch: four ways for four ranges of lengths.

const C1: u32 = 0xcc9e_2d51;
const C2: u32 = 0x1b87_3593;

fn mur(a: u32, h: u32) -> u32 {
    step(h ^ spread(a))
}

fn spread(a: u32) -> u32 {
    a.wrapping_mul(C1).rotate_right(17).wrapping_mul(C2)
}

fn step(h: u32) -> u32 {
    h.rotate_right(19).wrapping_mul(5).wrapping_add(0xe654_6b64)
}

fn mix(mut h: u32) -> u32 {
    h = (h ^ h >> 16).wrapping_mul(0x85eb_ca6b);
    h = (h ^ h >> 13).wrapping_mul(0xc2b2_ae35);
    h ^ h >> 16
}

#[inline(never)]
fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

/// The fingerprint of these bytes.
pub fn fingerprint(bytes: &[u8]) -> u32 {
    let (len, n) = (bytes.len(), bytes.len() as u32);
    let word = |at: usize| word(bytes, at);
    match len {
        0..=4 => {
            let (mut b, mut c) = (0u32, 9);
            for &byte in bytes {
                b = b.wrapping_mul(C1).wrapping_add(byte as i8 as u32);
                c ^= b;
            }
            mix(mur(b, mur(n, c)))
        }
        5..=12 => {
            let (a, b) = (n.wrapping_add(word(0)), (n * 5).wrapping_add(word(len - 4)));
            mix(mur(word(len >> 1 & 4).wrapping_add(9), mur(b, mur(a, n * 5))))
        }
        13..=24 => {
            let (a, b, c) = (word((len >> 1) - 4), word(4), word(len - 8));
            let (d, e, f) = (word(len >> 1), word(0), word(len - 4));
            let mut h = d.wrapping_mul(C1).wrapping_add(n);
            let mut a = a.rotate_right(12).wrapping_add(f);
            h = mur(c, h).wrapping_add(a);
            a = a.rotate_right(3).wrapping_add(c);
            h = mur(e, h).wrapping_add(a);
            a = a.wrapping_add(f).rotate_right(12).wrapping_add(d);
            mix(mur(b, h).wrapping_add(a))
        }
        _ => {
            let from_end = |back: usize| spread(word(len - back));
            let mut h = step(step(n ^ from_end(4)) ^ from_end(16));
            let mut g = C1.wrapping_mul(n);
            let mut f = g.wrapping_add(from_end(20)).rotate_right(19).wrapping_add(113);
            g = step(step(g ^ from_end(8)) ^ from_end(12));
            for at in (0..(len - 1) / 20).map(|i| 20 * i) {
                let (a, b, c, d, e) = (word(at), word(at + 4), word(at + 8), word(at + 12), word(at + 16));
                (h, g, f) = (h.wrapping_add(a), g.wrapping_add(b), f.wrapping_add(c));
                h = mur(d, h).wrapping_add(e);
                g = mur(c, g).wrapping_add(a);
                f = mur(b.wrapping_add(e.wrapping_mul(C1)), f).wrapping_add(d);
                f = f.wrapping_add(g);
                g = g.wrapping_add(f);
            }
            let last = |x: u32| x.rotate_right(11).wrapping_mul(C1).rotate_right(17).wrapping_mul(C1);
            for part in [last(g), last(f)] {
                h = step(h.wrapping_add(part)).rotate_right(17).wrapping_mul(C1);
            }
            h
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first three are those of DiceDB's own tests.
    #[test]
    fn fingerprints_are_farmhash_s() {
        let known = [
            ("GET getwatchkey", 2714318480),
            ("PFCOUNT hllkey", 1832643469),
            ("ZRANGE zrangewatchkey 0 -1 REV WITHSCORES", 1178068413),
            ("GET k", 2894570460),
            ("GET", 3574481546),
            ("HGETALL h", 3468456842),
            ("", 3696677242),
        ];
        for (text, number) in known {
            assert_eq!(fingerprint(text.as_bytes()), number, "{text}");
        }
    }
}
