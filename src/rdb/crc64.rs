//! The CRC-64 of Redis: the polynomial of Jones, from the low bits on.
//!
//! A short text is summed by half bytes, from a table of 128 bytes. A long one, or a file, pays for 16 KB of tables with which eight
//! bytes are summed at once; they are made when they are needed, not kept in the module.

/// The polynomial, its low bits first.
const POLYNOMIAL: u64 = 0x95ac_9329_ac4b_c9b5;
/// From so many bytes on the tables are worth their making.
const LONG: usize = 1 << 14;

const fn step(mut sum: u64, bits: u32) -> u64 {
    let mut bit = 0;
    while bit < bits {
        sum = if sum & 1 == 1 { sum >> 1 ^ POLYNOMIAL } else { sum >> 1 };
        bit += 1;
    }
    sum
}

const HALVES: [u64; 16] = {
    let mut table = [0; 16];
    let mut half = 0;
    while half < 16 {
        table[half] = step(half as u64, 4);
        half += 1;
    }
    table
};

fn short(mut sum: u64, bytes: &[u8]) -> u64 {
    for &byte in bytes {
        sum ^= byte as u64;
        sum = sum >> 4 ^ HALVES[sum as usize & 15];
        sum = sum >> 4 ^ HALVES[sum as usize & 15];
    }
    sum
}

/// The sum of bytes that come one after the other.
#[derive(Default)]
pub struct Crc64 {
    sum: u64,
    /// Eight tables of 256, once there was much to sum.
    tables: Vec<u64>,
}

impl Crc64 {
    pub fn add(&mut self, bytes: &[u8]) {
        if self.tables.is_empty() {
            if bytes.len() < LONG {
                self.sum = short(self.sum, bytes);
                return;
            }
            self.tables = (0..256).map(|byte| step(byte, 8)).collect();
            for at in 0..7 * 256 {
                let sum = self.tables[at];
                self.tables.push(sum >> 8 ^ self.tables[sum as usize & 255]);
            }
        }
        let tables = &self.tables[..8 * 256];
        let mut words = bytes.chunks_exact(8);
        for word in words.by_ref() {
            let word = self.sum ^ u64::from_le_bytes(word.try_into().expect("eight bytes"));
            self.sum = (0..8).fold(0, |sum, i| sum ^ tables[(7 - i) * 256 + (word >> (8 * i)) as usize % 256]);
        }
        self.sum = short(self.sum, words.remainder());
    }

    pub fn sum(&self) -> u64 {
        self.sum
    }
}

pub fn crc64(bytes: &[u8]) -> u64 {
    let mut sum = Crc64::default();
    sum.add(bytes);
    sum.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_that_of_redis() {
        assert_eq!(crc64(b"123456789"), 0xe9c6_d914_c4b8_d9ca);
    }

    #[test]
    fn long_texts_and_pieces_have_the_same_sum() {
        let bytes: Vec<u8> = (0..100_003u32).map(|i| (i.wrapping_mul(i) >> 7) as u8).collect();
        let mut pieces = Crc64::default();
        for piece in bytes.chunks(20_001) {
            pieces.add(piece);
        }
        assert_eq!((crc64(&bytes), pieces.sum()), (short(0, &bytes), short(0, &bytes)));
    }
}
