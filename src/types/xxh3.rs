//! XXH3 with 64 bits, without a seed: what DIGEST tells of a value. Written from the algorithm's public specification.
//!
//! Short input goes one of five ways by its length. Longer than 240 bytes, it is taken in stripes of 64 bytes into eight
//! accumulators, which are scrambled after each 1024 bytes. Everything is read little-endian.

const SECRET: &[u8; 192] = b"\
\xb8\xfe\x6c\x39\x23\xa4\x4b\xbe\x7c\x01\x81\x2c\xf7\x21\xad\x1c\xde\xd4\x6d\xe9\x83\x90\x97\xdb\x72\x40\xa4\xa4\xb7\xb3\x67\x1f\
\xcb\x79\xe6\x4e\xcc\xc0\xe5\x78\x82\x5a\xd0\x7d\xcc\xff\x72\x21\xb8\x08\x46\x74\xf7\x43\x24\x8e\xe0\x35\x90\xe6\x81\x3a\x26\x4c\
\x3c\x28\x52\xbb\x91\xc3\x00\xcb\x88\xd0\x65\x8b\x1b\x53\x2e\xa3\x71\x64\x48\x97\xa2\x0d\xf9\x4e\x38\x19\xef\x46\xa9\xde\xac\xd8\
\xa8\xfa\x76\x3f\xe3\x9c\x34\x3f\xf9\xdc\xbb\xc7\xc7\x0b\x4f\x1d\x8a\x51\xe0\x4b\xcd\xb4\x59\x31\xc8\x9f\x7e\xc9\xd9\x78\x73\x64\
\xea\xc5\xac\x83\x34\xd3\xeb\xc3\xc5\x81\xa0\xff\xfa\x13\x63\xeb\x17\x0d\xdd\x51\xb7\xf0\xda\x49\xd3\x16\x55\x26\x29\xd4\x68\x9e\
\x2b\x16\xbe\x58\x7d\x47\xa1\xfc\x8f\xf8\xb8\xd1\x7a\xd0\x31\xce\x45\xcb\x3a\x8f\x95\x16\x04\x28\xaf\xd7\xfb\xca\xbb\x4b\x40\x7e";

const P32_1: u64 = 0x9e37_79b1;
const P32_2: u64 = 0x85eb_ca77;
const P32_3: u64 = 0xc2b2_ae3d;
const P64_1: u64 = 0x9e37_79b1_85eb_ca87;
const P64_2: u64 = 0xc2b2_ae3d_27d4_eb4f;
const P64_3: u64 = 0x1656_67b1_9e37_79f9;
const P64_4: u64 = 0x85eb_ca77_c2b2_ae63;
const P64_5: u64 = 0x27d4_eb2f_1656_67c5;
const MX_1: u64 = 0x1656_6791_9e37_79f9;
const MX_2: u64 = 0x9fb2_1c65_1e98_df25;

/// As many bytes as a stripe has.
const STRIPE: usize = 64;
/// As many bytes as are taken between two scramblings: a stripe for each eight bytes of the secret that a stripe can begin at.
const BLOCK: usize = (SECRET.len() - STRIPE) / 8 * STRIPE;

/// The hash of `bytes`. Costs O(length).
pub fn xxh3(bytes: &[u8]) -> u64 {
    let len = bytes.len();
    match len {
        0 => finish(word(SECRET, 56) ^ word(SECRET, 64)),
        1..=3 => {
            let (first, middle, last) = (bytes[0] as u64, bytes[len >> 1] as u64, bytes[len - 1] as u64);
            let flip = half(SECRET, 0) ^ half(SECRET, 4);
            finish((first << 16 | middle << 24 | last | (len as u64) << 8) ^ flip)
        }
        4..=8 => {
            let both = half(bytes, len - 4).wrapping_add(half(bytes, 0) << 32);
            let mut hash = both ^ word(SECRET, 8) ^ word(SECRET, 16);
            hash ^= hash.rotate_left(49) ^ hash.rotate_left(24);
            hash = hash.wrapping_mul(MX_2);
            hash ^= (hash >> 35).wrapping_add(len as u64);
            hash = hash.wrapping_mul(MX_2);
            hash ^ hash >> 28
        }
        9..=16 => {
            let low = word(bytes, 0) ^ word(SECRET, 24) ^ word(SECRET, 32);
            let high = word(bytes, len - 8) ^ word(SECRET, 40) ^ word(SECRET, 48);
            let sum = (len as u64).wrapping_add(low.swap_bytes()).wrapping_add(high);
            avalanche(sum.wrapping_add(fold(low, high)))
        }
        17..=128 => {
            let mut sum = (len as u64).wrapping_mul(P64_1);
            for i in 0..=(len - 1) / 32 {
                sum = sum.wrapping_add(mix(bytes, 16 * i, 32 * i));
                sum = sum.wrapping_add(mix(bytes, len - 16 * (i + 1), 32 * i + 16));
            }
            avalanche(sum)
        }
        129..=240 => {
            let sum =
                (0..8).fold((len as u64).wrapping_mul(P64_1), |sum, i| sum.wrapping_add(mix(bytes, 16 * i, 16 * i)));
            let more = (8..len / 16).map(|i| mix(bytes, 16 * i, 16 * (i - 8) + 3));
            let sum = more.fold(avalanche(sum), u64::wrapping_add);
            avalanche(sum.wrapping_add(mix(bytes, len - 16, 136 - 17)))
        }
        _ => long(bytes),
    }
}

fn long(bytes: &[u8]) -> u64 {
    let len = bytes.len();
    let mut sums = [P32_3, P64_1, P64_2, P64_3, P64_4, P32_2, P64_5, P32_1];
    // The last stripe is taken apart, and may overlap with the one before.
    let stripes = (len - 1) / STRIPE;
    for stripe in 0..stripes {
        let within = stripe % (BLOCK / STRIPE);
        accumulate(&mut sums, &bytes[stripe * STRIPE..], &SECRET[8 * within..]);
        if within + 1 == BLOCK / STRIPE {
            for (i, sum) in sums.iter_mut().enumerate() {
                *sum = (*sum ^ *sum >> 47 ^ word(SECRET, SECRET.len() - STRIPE + 8 * i)).wrapping_mul(P32_1);
            }
        }
    }
    accumulate(&mut sums, &bytes[len - STRIPE..], &SECRET[SECRET.len() - STRIPE - 7..]);
    let folded = (0..4).map(|i| {
        let at = 11 + 16 * i;
        fold(sums[2 * i] ^ word(SECRET, at), sums[2 * i + 1] ^ word(SECRET, at + 8))
    });
    avalanche(folded.fold((len as u64).wrapping_mul(P64_1), u64::wrapping_add))
}

/// Takes one stripe.
fn accumulate(sums: &mut [u64; 8], stripe: &[u8], secret: &[u8]) {
    for i in 0..8 {
        let value = word(stripe, 8 * i);
        let keyed = value ^ word(secret, 8 * i);
        sums[i ^ 1] = sums[i ^ 1].wrapping_add(value);
        sums[i] = sums[i].wrapping_add((keyed & 0xffff_ffff).wrapping_mul(keyed >> 32));
    }
}

/// Sixteen bytes mixed with sixteen of the secret.
fn mix(bytes: &[u8], at: usize, secret: usize) -> u64 {
    fold(word(bytes, at) ^ word(SECRET, secret), word(bytes, at + 8) ^ word(SECRET, secret + 8))
}

/// Both halves of the product, one upon the other.
fn fold(a: u64, b: u64) -> u64 {
    let product = a as u128 * b as u128;
    product as u64 ^ (product >> 64) as u64
}

fn avalanche(mut hash: u64) -> u64 {
    hash ^= hash >> 37;
    hash = hash.wrapping_mul(MX_1);
    hash ^ hash >> 32
}

/// The other avalanche, that of XXH64.
fn finish(mut hash: u64) -> u64 {
    hash = (hash ^ hash >> 33).wrapping_mul(P64_2);
    hash = (hash ^ hash >> 29).wrapping_mul(P64_3);
    hash ^ hash >> 32
}

fn word(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}

fn half(bytes: &[u8], at: usize) -> u64 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_manual() {
        let known: [(&[u8], u64); 7] = [
            (b"", 0x2d06_8005_38d3_94c2),
            (b"v8", 0x0cc7_6dbb_4138_1419),
            (b"123", 0x404a_763b_3f4c_8c9a),
            (b"test", 0x9ec9_f791_8d7d_fc40),
            (b"hello", 0x9555_e855_5c62_dcfd),
            (b"Hello world", 0xb6ac_b9d8_4a38_ff74),
            (b"Hello, Dragonfly!", 0x063b_4909_128e_92b7),
        ];
        for (bytes, digest) in known {
            assert_eq!(xxh3(bytes), digest, "{}", String::from_utf8_lossy(bytes));
        }
    }

    /// What DIGEST of Redis 8.6.3 said for the first so many of the bytes 0, 1, ... 250, 0, 1, ...: each digest is added to 31 times
    /// the sum before it.
    #[test]
    fn digests_of_every_length_are_those_of_redis() {
        let bytes: Vec<u8> = (0..100_000).map(|i| (i % 251) as u8).collect();
        let lengths = (0..=300).chain([1000, 1023, 1024, 1025, 1088, 1089, 2048, 2049, 100_000]);
        let sum = lengths.fold(0u64, |sum, len| sum.wrapping_mul(31).wrapping_add(xxh3(&bytes[..len])));
        assert_eq!(sum, SUM_OF_REDIS);
    }

    const SUM_OF_REDIS: u64 = 0xe4cd_b99b_aae7_4681;
}
