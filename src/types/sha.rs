//! SHA-1, by which scripts are named, and SHA-256, as which a user's passwords are kept. A few lines each, where crates would bring
//! unrolled loops and a trait for each of them.

/// The first 32 bits of what is behind the point in the cube roots of the first 64 primes.
const ROUNDS: [u32; 64] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
    0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
    0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
    0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2,
];

/// The hash of some bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut state = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
    each_block(bytes, &mut |words| mix(&mut state, words));
    let mut out = [0; 32];
    write(&state, &mut out);
    out
}

/// The shorter hash of some bytes.
pub fn sha1(bytes: &[u8]) -> [u8; 20] {
    let mut state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
    each_block(bytes, &mut |words| mix_short(&mut state, words));
    let mut out = [0; 20];
    write(&state, &mut out);
    out
}

fn write(state: &[u32], out: &mut [u8]) {
    for (to, word) in out.chunks_exact_mut(4).zip(state) {
        to.copy_from_slice(&word.to_be_bytes());
    }
}

/// Shows the bytes, and what is put behind them, in blocks of 16 words, each with room behind it.
#[inline(never)]
fn each_block(bytes: &[u8], f: &mut dyn FnMut(&mut [u32; 80])) {
    let whole = bytes.len() / 64 * 64;
    // The rest, a bit, zeros, and the length in bits: one block more, or two.
    let rest = &bytes[whole..];
    let mut tail = [0; 128];
    let end = if rest.len() < 56 { 64 } else { 128 };
    tail[..rest.len()].copy_from_slice(rest);
    tail[rest.len()] = 0x80;
    tail[end - 8..end].copy_from_slice(&(bytes.len() as u64 * 8).to_be_bytes());
    let mut words = [0; 80];
    for block in bytes[..whole].chunks_exact(64).chain(tail[..end].chunks_exact(64)) {
        for (word, four) in words.iter_mut().zip(block.chunks_exact(4)) {
            *word = u32::from_be_bytes([four[0], four[1], four[2], four[3]]);
        }
        f(&mut words);
    }
}

fn mix_short(state: &mut [u32; 5], words: &mut [u32; 80]) {
    for at in 16..80 {
        words[at] = (words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16]).rotate_left(1);
    }
    let [mut a, mut b, mut c, mut d, mut e] = *state;
    for (at, word) in words.iter().enumerate() {
        let (chosen, round) = match at {
            0..20 => (b & c | !b & d, 0x5a827999),
            20..40 => (b ^ c ^ d, 0x6ed9eba1),
            40..60 => (b & c | b & d | c & d, 0x8f1bbcdcu32),
            _ => (b ^ c ^ d, 0xca62c1d6),
        };
        let sum = a.rotate_left(5).wrapping_add(chosen).wrapping_add(e).wrapping_add(round).wrapping_add(*word);
        (a, b, c, d, e) = (sum, a, b.rotate_left(30), c, d);
    }
    for (sum, word) in state.iter_mut().zip([a, b, c, d, e]) {
        *sum = sum.wrapping_add(word);
    }
}

fn mix(state: &mut [u32; 8], words: &mut [u32; 80]) {
    for at in 16..64 {
        let (a, b) = (words[at - 15], words[at - 2]);
        let a = a.rotate_right(7) ^ a.rotate_right(18) ^ a >> 3;
        let b = b.rotate_right(17) ^ b.rotate_right(19) ^ b >> 10;
        words[at] = words[at - 16].wrapping_add(a).wrapping_add(words[at - 7]).wrapping_add(b);
    }
    let mut s = *state;
    for (word, round) in words.iter().zip(ROUNDS) {
        let chosen = s[4] & s[5] ^ !s[4] & s[6];
        let turned = s[4].rotate_right(6) ^ s[4].rotate_right(11) ^ s[4].rotate_right(25);
        let one = s[7].wrapping_add(turned).wrapping_add(chosen).wrapping_add(round).wrapping_add(*word);
        let most = s[0] & s[1] ^ s[0] & s[2] ^ s[1] & s[2];
        let two = (s[0].rotate_right(2) ^ s[0].rotate_right(13) ^ s[0].rotate_right(22)).wrapping_add(most);
        s = [one.wrapping_add(two), s[0], s[1], s[2], s[3].wrapping_add(one), s[4], s[5], s[6]];
    }
    for (sum, word) in state.iter_mut().zip(s) {
        *sum = sum.wrapping_add(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").expect("a text takes what is written");
            text
        })
    }

    #[test]
    fn known_texts_have_their_known_short_hashes() {
        let of = |bytes: &[u8]| hex(&sha1(bytes));
        assert_eq!(of(b""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
        assert_eq!(of(b"abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
        let two_blocks = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        assert_eq!(of(two_blocks), "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
        assert_eq!(of(&[b'a'; 1_000_000]), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
    }

    #[test]
    fn known_texts_have_their_known_hashes() {
        let of = |bytes: &[u8]| hex(&sha256(bytes));
        assert_eq!(of(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(of(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let two_blocks = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        assert_eq!(of(two_blocks), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
        assert_eq!(of(&[b'a'; 1_000_000]), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }
}
