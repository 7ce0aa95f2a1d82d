//! The one hash function of an engine, and its random numbers. Both start from the engine's seed, and both give the
//! same answers on wasm32 and everywhere else.
//!
//! # Hashing
//!
//! ```text
//! acc = start + len * odd                                       start: secret
//! for each 16-byte block but the last (words w0..w3):
//!     acc = (acc ^ acc >> 29) * chain + NH(w)                   chain: secret, odd
//! acc = acc + NH(last 16 bytes)          (shorter keys: the bytes, spread over the four words)
//! hash = mix(acc)                        two multiplications, one of them secret, and three shifts
//!
//! NH(w) = (w0 + k0) * (w1 + k1) + (w2 + k2) * (w3 + k3)         + mod 2^32, * 32 x 32 -> 64
//! ```
//!
//! wasm has no 64 x 64 -> 128 multiplication, which is what wyhash and its kin live on; NH needs only 32 x 32 -> 64 and
//! comes with a proof: for two different keys of one length, taken without knowledge of `k0..k3`, the sums are equal
//! with a probability of at most 2^-32 (Black et al., UMAC, 1999). The last 16 bytes may overlap the block before them;
//! with the length in `acc`, no two keys become the same words. Everything after NH is a bijection of `acc`, so it
//! loses nothing, and it spreads each bit over all others: tables use the top bits (directory) as well as the low ones
//! (fingerprint).
//!
//! Nobody can flood a table without the seed: which keys share a segment depends on six secret numbers, replies never
//! carry a hash (a SCAN cursor carries the top bits of one; learning the keys from those means inverting `mix` and then
//! solving for four words, for which an attacker needs many cursors beside chosen keys; a host that serves strangers
//! and fears this much opens a fresh engine with a fresh seed). Who knows the seed can build collisions; `Dict` then
//! becomes slow, not wrong.
//!
//! Left out: a cryptographic hash (SipHash-1-3 takes about three times as long for short keys in wasm).

const ODD: u64 = 0x9E37_79B9_7F4A_7C15;

/// The secret numbers behind `hash`, expanded from 64 bits.
#[derive(Clone, Copy)]
pub struct Seed {
    words: [u32; 4],
    start: u64,
    chain: u64,
    finish: u64,
}

fn splitmix64(state: &mut u64) -> u64 {
    *state = state.wrapping_add(ODD);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Four bytes at `at` as one number. Not `copy_from_slice`, which is a call in wasm, of a function that calls one of the engine's.
#[inline(always)]
fn read32(bytes: &[u8], at: usize) -> u64 {
    let word = bytes[at..at + 4].first_chunk().expect("four bytes");
    u32::from_le_bytes(*word) as u64
}

/// As [`read32`], eight bytes.
#[inline(always)]
fn read64(bytes: &[u8], at: usize) -> u64 {
    let word = bytes[at..at + 8].first_chunk().expect("eight bytes");
    u64::from_le_bytes(*word)
}

impl Seed {
    pub fn new(seed: u64) -> Seed {
        let mut state = seed;
        let (a, b) = (splitmix64(&mut state), splitmix64(&mut state));
        Seed {
            words: [a as u32, (a >> 32) as u32, b as u32, (b >> 32) as u32],
            start: splitmix64(&mut state),
            chain: splitmix64(&mut state) | 1,
            finish: splitmix64(&mut state) | 1,
        }
    }

    #[inline(always)]
    fn nh(&self, a: u64, b: u64) -> u64 {
        let k = &self.words;
        let x = (a as u32).wrapping_add(k[0]) as u64 * ((a >> 32) as u32).wrapping_add(k[1]) as u64;
        let y = (b as u32).wrapping_add(k[2]) as u64 * ((b >> 32) as u32).wrapping_add(k[3]) as u64;
        x.wrapping_add(y)
    }

    /// The hash of `bytes`: all 64 bits are good.
    #[inline]
    pub fn hash(&self, bytes: &[u8]) -> u64 {
        let len = bytes.len();
        let mut acc = self.start.wrapping_add((len as u64).wrapping_mul(ODD));
        let (a, b) = if len > 16 {
            let mut at = 0;
            while at + 16 < len {
                let block = self.nh(read64(bytes, at), read64(bytes, at + 8));
                acc = (acc ^ (acc >> 29)).wrapping_mul(self.chain).wrapping_add(block);
                at += 16;
            }
            (read64(bytes, len - 16), read64(bytes, len - 8))
        } else if len >= 8 {
            (read64(bytes, 0), read64(bytes, len - 8))
        } else if len >= 4 {
            (read32(bytes, 0), read32(bytes, len - 4))
        } else if len > 0 {
            (bytes[0] as u64 | (bytes[len / 2] as u64) << 8, bytes[len - 1] as u64)
        } else {
            (0, 0)
        };
        let mut x = acc.wrapping_add(self.nh(a, b));
        x = (x ^ (x >> 32)).wrapping_mul(self.finish);
        x = (x ^ (x >> 29)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        x ^ (x >> 32)
    }
}

/// Whether two byte strings are equal: `a == b`, but inline, eight bytes at a time (in wasm `==` calls a `memcmp`
/// that goes byte by byte).
#[inline(always)]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    let len = a.len();
    if len != b.len() {
        return false;
    }
    if len >= 8 {
        let mut at = 0;
        while at + 8 < len {
            if read64(a, at) != read64(b, at) {
                return false;
            }
            at += 8;
        }
        read64(a, len - 8) == read64(b, len - 8)
    } else if len >= 4 {
        read32(a, 0) == read32(b, 0) && read32(a, len - 4) == read32(b, len - 4)
    } else {
        len == 0 || (a[0] == b[0] && a[len / 2] == b[len / 2] && a[len - 1] == b[len - 1])
    }
}

/// A deterministic source of random numbers (xoshiro256**), not for secrets.
#[derive(Clone)]
pub struct Rng {
    state: [u64; 4],
}

impl Rng {
    pub fn new(seed: u64) -> Rng {
        let mut state = seed;
        Rng { state: std::array::from_fn(|_| splitmix64(&mut state)) }
    }

    /// 64 random bits.
    #[allow(clippy::should_implement_trait)]
    #[inline]
    pub fn next(&mut self) -> u64 {
        let s = &mut self.state;
        let result = s[1].wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// A number in `0..n`, each with the same probability. Panics when `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        assert!(n > 0, "below(0)");
        if n.is_power_of_two() {
            return self.next() & (n - 1);
        }
        let fair = u64::MAX - u64::MAX % n;
        loop {
            let x = self.next();
            if x < fair {
                return x % n;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_never_changes() {
        let seed = Seed::new(42);
        let got: Vec<u64> =
            ["", "a", "abc", "key:", "key:0001", "key:000000000001", "a key of more than sixteen bytes, even forty"]
                .iter()
                .map(|k| seed.hash(k.as_bytes()))
                .collect();
        let again = Seed::new(42);
        assert_eq!(got[5], again.hash(b"key:000000000001"));
        assert_eq!(got, EXPECTED);
    }
    const EXPECTED: [u64; 7] = [
        13906604668828061117,
        5467885926170592801,
        8959864748897262688,
        11143000384595631839,
        18394647282877593030,
        14023783464089293006,
        3340412272965796181,
    ];

    #[test]
    fn every_length_and_every_bit_counts() {
        let seed = Seed::new(7);
        for len in 0..80 {
            let base = vec![b'x'; len];
            let hash = seed.hash(&base);
            assert_ne!(hash, seed.hash(&vec![b'x'; len + 1]));
            assert_ne!(hash, Seed::new(8).hash(&base));
            for bit in 0..len * 8 {
                let mut other = base.clone();
                other[bit / 8] ^= 1 << (bit % 8);
                let flipped = (hash ^ seed.hash(&other)).count_ones();
                assert!((8..=56).contains(&flipped), "length {len}, bit {bit}: {flipped} bits flip");
            }
        }
    }

    #[test]
    fn counting_keys_fill_buckets_evenly_at_both_ends() {
        for (s, width) in [(1, 1), (2, 6), (3, 12), (4, 20), (5, 32)] {
            let seed = Seed::new(s);
            let (mut top, mut low) = (vec![0u32; 4096], vec![0u32; 4096]);
            let n = 400_000u32;
            for i in 0..n {
                let hash = seed.hash(format!("k{i:0width$}").as_bytes());
                top[(hash >> 52) as usize] += 1;
                low[(hash & 4095) as usize] += 1;
            }
            for buckets in [top, low] {
                let mean = n as f64 / 4096.0;
                let chi: f64 = buckets.iter().map(|&c| (c as f64 - mean).powi(2) / mean).sum();
                // 4095 degrees of freedom: the standard deviation is about 90.
                assert!((chi - 4095.0).abs() < 600.0, "chi square {chi}");
            }
        }
    }

    #[test]
    fn same_is_equality() {
        let mut rng = Rng::new(3);
        for len in 0..70usize {
            let a: Vec<u8> = (0..len).map(|_| rng.next() as u8).collect();
            assert!(same(&a, &a.clone()));
            assert!(!same(&a, &vec![0; len + 1]));
            for i in 0..len {
                let mut b = a.clone();
                b[i] ^= 1 << rng.below(8);
                assert!(!same(&a, &b));
            }
        }
    }

    #[test]
    fn below_is_fair() {
        let mut rng = Rng::new(9);
        let mut seen = [0u32; 7];
        for _ in 0..70_000 {
            seen[rng.below(7) as usize] += 1;
        }
        assert!(seen.iter().all(|&c| (9_600..10_400).contains(&c)), "{seen:?}");
        assert_eq!(rng.below(1), 0);
    }
}
