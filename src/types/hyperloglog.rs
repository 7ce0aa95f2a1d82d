//! HyperLogLog: how many different elements were seen, from 16384 small registers, within about 0.81 %. The value is a
//! string with Redis's own bytes.
//!
//! ```text
//! | "HYLL" | encoding | 0 0 0 | cached count u64 | registers ...        count: little-endian, its highest bit: out of date
//!
//! dense  (0)    16384 registers of 6 bits, the lowest bits first: 12288 bytes
//! sparse (1)    runs of registers, in order:
//!   00llllll             l + 1 registers that are 0
//!   01llllll llllllll    l + 1 registers that are 0, high bits first
//!   1vvvvvll             l + 1 registers that are v + 1
//! ```
//!
//! An element's hash (MurmurHash64A, by Austin Appleby) chooses a register by its low 14 bits; the register keeps the
//! highest rank seen: the place of the first 1 in the other 50. The count is Otmar Ertl's estimator ("New cardinality
//! estimation algorithms for HyperLogLog sketches", 2017): it needs the histogram of the registers, and neither tables nor
//! logarithms.
//!
//! A sparse value grows until it needs more than `hll-sparse-max-bytes`, or a rank above 32; then it becomes dense for good.
//! Adding to a sparse one walks through it, to a dense one is O(1). Counting is O(registers) and kept in the header.

use super::thin::room;

pub const REGISTERS: usize = 1 << BITS;
const BITS: u32 = 14;
/// The highest rank: the hash has so many bits left.
const RANKS: usize = 64 - BITS as usize;
const HEADER: usize = 16;
const DENSE: usize = HEADER + REGISTERS * 6 / 8;
const ENCODING: usize = 4;
const CACHE: std::ops::Range<usize> = 8..16;
const OUT_OF_DATE: u8 = 0x80;
/// The highest rank that a sparse value holds.
const SPARSE_RANK: u8 = 32;
/// The most zeros of a short run, and the most registers of a run with a rank.
const ZEROS: usize = 64;
const EQUALS: usize = 4;

/// The registers of a sparse value do not add up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Corrupted;

/// A value with all registers 0.
pub fn fresh() -> Vec<u8> {
    let mut bytes = b"HYLL\x01\0\0\0\0\0\0\0\0\0\0\x80".to_vec();
    zeros(&mut |byte| bytes.push(byte), REGISTERS);
    bytes
}

/// Whether the bytes are those of a HyperLogLog, as far as its header tells.
pub fn is_valid(bytes: &[u8]) -> bool {
    bytes.len() >= HEADER
        && &bytes[..4] == b"HYLL"
        && (bytes[ENCODING] == 1 || bytes[ENCODING] == 0 && bytes.len() == DENSE)
}

pub fn is_dense(bytes: &[u8]) -> bool {
    bytes[ENCODING] == 0
}

/// The count in the header, unless it is out of date.
pub fn cached(bytes: &[u8]) -> Option<u64> {
    let count = u64::from_le_bytes(bytes[CACHE].try_into().expect("eight bytes"));
    (bytes[CACHE.end - 1] & OUT_OF_DATE == 0).then_some(count)
}

pub fn cache(bytes: &mut [u8], count: u64) {
    bytes[CACHE].copy_from_slice(&count.to_le_bytes());
}

/// The registers have changed.
pub fn outdate(bytes: &mut [u8]) {
    bytes[CACHE.end - 1] |= OUT_OF_DATE;
}

/// The register that an element goes to, and its rank.
#[inline]
pub fn place(element: &[u8]) -> (usize, u8) {
    let hash = murmur(element);
    // The bit behind the last one makes sure that there is a first 1.
    let rest = hash >> BITS | 1 << RANKS;
    (hash as usize & (REGISTERS - 1), rest.trailing_zeros() as u8 + 1)
}

fn murmur(bytes: &[u8]) -> u64 {
    const SEED: u64 = 0xADC8_3B19;
    const M: u64 = 0xC6A4_A793_5BD1_E995;
    let mut hash = SEED ^ (bytes.len() as u64).wrapping_mul(M);
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        let mut k = u64::from_le_bytes(*word).wrapping_mul(M);
        k = (k ^ k >> 47).wrapping_mul(M);
        hash = (hash ^ k).wrapping_mul(M);
    }
    if !rest.is_empty() {
        let last = rest.iter().rev().fold(0, |sum, &byte| sum << 8 | byte as u64);
        hash = (hash ^ last).wrapping_mul(M);
    }
    hash = (hash ^ hash >> 47).wrapping_mul(M);
    hash ^ hash >> 47
}

/// Adds an element; whether a register has changed. `limit`: the most bytes of a sparse value.
#[inline]
pub fn add(bytes: &mut Vec<u8>, element: &[u8], limit: usize) -> Result<bool, Corrupted> {
    let (register, rank) = place(element);
    raise(bytes, register, rank, limit)
}

/// Raises a register to a rank; whether it was lower.
#[inline]
pub fn raise(bytes: &mut Vec<u8>, register: usize, rank: u8, limit: usize) -> Result<bool, Corrupted> {
    if is_dense(bytes) {
        Ok(raise_dense(&mut bytes[HEADER..], register, rank))
    } else {
        raise_sparse(bytes, register, rank, limit)
    }
}

fn raise_dense(registers: &mut [u8], register: usize, rank: u8) -> bool {
    let (at, shift) = (register * 6 / 8, register * 6 % 8);
    // The last register ends with the last byte.
    let high = registers.get(at + 1).copied().unwrap_or(0);
    let pair = u16::from_le_bytes([registers[at], high]);
    if (pair >> shift & 63) as u8 >= rank {
        return false;
    }
    let [low, high] = (pair & !(63 << shift) | (rank as u16) << shift).to_le_bytes();
    registers[at] = low;
    if let Some(byte) = registers.get_mut(at + 1) {
        *byte = high;
    }
    true
}

/// One run of a sparse value.
#[derive(Clone, Copy)]
struct Run {
    /// 0 for registers that are 0.
    rank: u8,
    registers: usize,
    /// How many bytes it takes.
    len: usize,
}

/// The run that begins at `at`; None at the end.
#[inline(always)]
fn run(bytes: &[u8], at: usize) -> Option<Run> {
    let byte = *bytes.get(at)?;
    let low = (byte & 63) as usize;
    Some(match byte >> 6 {
        0 => Run { rank: 0, registers: low + 1, len: 1 },
        1 => Run { rank: 0, registers: (low << 8 | *bytes.get(at + 1)? as usize) + 1, len: 2 },
        _ => Run { rank: (byte >> 2 & 31) + 1, registers: (byte & 3) as usize + 1, len: 1 },
    })
}

fn ranks(rank: u8, registers: usize) -> u8 {
    0x80 | (rank - 1) << 2 | (registers - 1) as u8
}

/// A run of zeros.
fn zeros(push: &mut dyn FnMut(u8), registers: usize) {
    let l = registers - 1;
    if registers > ZEROS {
        push(0x40 | (l >> 8) as u8);
    }
    push(l as u8);
}

fn raise_sparse(bytes: &mut Vec<u8>, register: usize, rank: u8, limit: usize) -> Result<bool, Corrupted> {
    if rank > SPARSE_RANK {
        to_dense(bytes)?;
        return raise(bytes, register, rank, limit);
    }
    // The run in which the register lies, its first register, and the run before.
    let (mut at, mut first, mut before) = (HEADER, 0, HEADER);
    let found = loop {
        let run = run(bytes, at).ok_or(Corrupted)?;
        if first + run.registers > register {
            break run;
        }
        before = at;
        first += run.registers;
        at += run.len;
    };
    if found.rank >= rank {
        return Ok(false);
    }
    if found.registers == 1 && found.len == 1 {
        bytes[at] = ranks(rank, 1);
    } else {
        let (mut parts, mut len) = ([0; 5], 0);
        let mut push = |byte| {
            parts[len] = byte;
            len += 1;
        };
        let rest = |push: &mut dyn FnMut(u8), registers: usize| match (registers, found.rank) {
            (0, _) => {}
            (_, 0) => zeros(push, registers),
            (_, rank) => push(ranks(rank, registers)),
        };
        rest(&mut push, register - first);
        push(ranks(rank, 1));
        rest(&mut push, first + found.registers - 1 - register);
        if len > found.len && bytes.len() + len - found.len > limit {
            to_dense(bytes)?;
            return raise(bytes, register, rank, limit);
        }
        let end = bytes.len();
        if len > found.len && bytes.capacity() - end < len {
            bytes.reserve_exact(room(end + len) - end);
        }
        bytes.resize(end + len.saturating_sub(found.len), 0);
        bytes.copy_within(at + found.len..end, at + len);
        bytes.truncate(end + len - found.len);
        bytes[at..at + len].copy_from_slice(&parts[..len]);
    }
    join(bytes, before);
    Ok(true)
}

/// Joins runs of the same rank around a change: among the five that begin at `at`.
fn join(bytes: &mut Vec<u8>, mut at: usize) {
    for _ in 0..5 {
        let Some(one) = run(bytes, at) else { return };
        match run(bytes, at + one.len) {
            Some(two) if one.rank > 0 && one.rank == two.rank && one.registers + two.registers <= EQUALS => {
                bytes.remove(at);
                bytes[at] = ranks(one.rank, one.registers + two.registers);
            }
            _ => at += one.len,
        }
    }
}

/// Shows the runs of a sparse value: rank, registers, and whether it is a long run of zeros. An error where they do not add
/// up to all registers.
pub fn runs(bytes: &[u8], show: &mut dyn FnMut(u8, usize, bool)) -> Result<(), Corrupted> {
    let (mut at, mut registers) = (HEADER, 0);
    while let Some(run) = run(bytes, at) {
        show(run.rank, run.registers, run.len == 2);
        registers += run.registers;
        at += run.len;
    }
    if registers == REGISTERS && at == bytes.len() { Ok(()) } else { Err(Corrupted) }
}

/// Makes a sparse value dense.
pub fn to_dense(bytes: &mut Vec<u8>) -> Result<(), Corrupted> {
    let mut dense = vec![0; DENSE];
    let mut register = 0;
    runs(bytes, &mut |rank, registers, _| {
        for at in register..register + registers {
            if rank > 0 && at < REGISTERS {
                raise_dense(&mut dense[HEADER..], at, rank);
            }
        }
        register += registers;
    })?;
    dense[..HEADER].copy_from_slice(&bytes[..HEADER]);
    dense[ENCODING] = 0;
    *bytes = dense;
    Ok(())
}

/// Raises each of 16384 registers, one byte each, to what it is in a value.
pub fn merge(bytes: &[u8], registers: &mut [u8]) -> Result<(), Corrupted> {
    if !is_dense(bytes) {
        let mut at = 0;
        return runs(bytes, &mut |rank, count, _| {
            if rank > 0 {
                for register in registers.iter_mut().skip(at).take(count) {
                    *register = rank.max(*register);
                }
            }
            at += count;
        });
    }
    const TOPS: u64 = 0x8080_8080_8080_8080;
    let (groups, _) = bytes[HEADER..].as_chunks::<6>();
    let (eights, _) = registers.as_chunks_mut::<8>();
    for (eight, group) in eights.iter_mut().zip(groups) {
        let (ours, theirs) = (u64::from_le_bytes(*eight), unpack(*group));
        // A byte keeps its highest bit where ours is not lower.
        let keep = (((ours | TOPS) - theirs) & TOPS) >> 7;
        let mask = keep * 0xFF;
        *eight = (ours & mask | theirs & !mask).to_le_bytes();
    }
    Ok(())
}

/// Writes all registers, of one byte each, into a dense value.
pub fn write_dense(bytes: &mut [u8], registers: &[u8]) {
    let (groups, _) = bytes[HEADER..].as_chunks_mut::<6>();
    let (eights, _) = registers.as_chunks::<8>();
    for (group, eight) in groups.iter_mut().zip(eights) {
        let ranks = u64::from_le_bytes(*eight);
        let half = |r: u64| r & 63 | r >> 2 & 63 << 6 | r >> 4 & 63 << 12 | r >> 6 & 63 << 18;
        let packed = half(ranks) | half(ranks >> 32) << 24;
        group.copy_from_slice(&packed.to_le_bytes()[..6]);
    }
}

/// The eight registers in six bytes, one byte each.
#[inline(always)]
fn unpack([a, b, c, d, e, f]: [u8; 6]) -> u64 {
    let half = |x: u64| x & 63 | x << 2 & 63 << 8 | x << 4 & 63 << 16 | x << 6 & 63 << 24;
    half(u32::from_le_bytes([a, b, c, 0]) as u64) | half(u32::from_le_bytes([d, e, f, 0]) as u64) << 32
}

/// About how many different elements a value has seen.
pub fn count(bytes: &[u8]) -> Result<u64, Corrupted> {
    let mut histogram = [0u32; 64];
    if is_dense(bytes) {
        let (groups, _) = bytes[HEADER..].as_chunks::<6>();
        fill(&mut histogram, groups.iter().map(|group| unpack(*group)));
    } else {
        runs(bytes, &mut |rank, registers, _| histogram[rank as usize] += registers as u32)?;
    }
    Ok(estimate(&histogram))
}

/// The same of registers of one byte each.
pub fn count_registers(registers: &[u8]) -> u64 {
    let mut histogram = [0; 64];
    let (eights, _) = registers.as_chunks::<8>();
    fill(&mut histogram, eights.iter().map(|eight| u64::from_le_bytes(*eight)));
    estimate(&histogram)
}

/// Counts the ranks of registers, which come eight at a time.
fn fill(histogram: &mut [u32; 64], eights: impl Iterator<Item = u64>) {
    // Four histograms, so that equal neighbours need not wait for one another.
    let mut parts = [[0u32; 64]; 4];
    for eight in eights {
        for at in 0..8 {
            parts[at % 4][(eight >> (at * 8) & 63) as usize] += 1;
        }
    }
    for part in &parts {
        for (sum, more) in histogram.iter_mut().zip(part) {
            *sum += more;
        }
    }
}

/// Ertl's estimator. `histogram[r]`: how many registers have rank r.
fn estimate(histogram: &[u32; 64]) -> u64 {
    const ALPHA: f64 = 0.721_347_520_444_481_7; // 1 / (2 ln 2)
    let m = REGISTERS as f64;
    let mut z = m * tau((m - histogram[RANKS + 1] as f64) / m);
    for rank in (1..=RANKS).rev() {
        z = (z + histogram[rank] as f64) * 0.5;
    }
    z += m * sigma(histogram[0] as f64 / m);
    // All registers 0 make z infinite, and the count 0. Rounded half away from 0.
    (ALPHA * m * m / z + 0.5) as u64
}

/// x + x^2 + 2 x^4 + 4 x^8 + ...
fn sigma(mut x: f64) -> f64 {
    if x == 1.0 {
        return f64::INFINITY;
    }
    let (mut y, mut sum) = (1.0, x);
    loop {
        x *= x;
        let before = sum;
        sum += x * y;
        y += y;
        if sum == before {
            return sum;
        }
    }
}

/// (1 - x - (1 - x^(1/2))^2 / 2 - (1 - x^(1/4))^2 / 4 - ...) / 3
fn tau(mut x: f64) -> f64 {
    if x == 0.0 || x == 1.0 {
        return 0.0;
    }
    let (mut y, mut sum) = (1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        let before = sum;
        y *= 0.5;
        sum -= (1.0 - x) * (1.0 - x) * y;
        if sum == before {
            return sum / 3.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::dict::hashing::Rng;

    fn registers(bytes: &[u8]) -> Vec<u8> {
        let mut all = vec![0; REGISTERS];
        assert_eq!(merge(bytes, &mut all), Ok(()));
        all
    }

    /// Redis's own bytes after the same PFADDs, shown by GET.
    #[test]
    fn the_bytes_are_those_of_redis() {
        let mut bytes = fresh();
        assert_eq!(bytes, b"HYLL\x01\0\0\0\0\0\0\0\0\0\0\x80\x7f\xff");
        assert_eq!(add(&mut bytes, b"a", 3000), Ok(true));
        assert_eq!(bytes[HEADER..], *b"q\xa6\x84NW");
        assert_eq!(add(&mut bytes, b"a", 3000), Ok(false));
        assert_eq!(add(&mut bytes, b"b", 3000), Ok(true));
        assert_eq!(add(&mut bytes, b"c", 3000), Ok(true));
        assert_eq!(bytes[HEADER..], *b"`\xf3\x80P\xb1\x84K\xfb\x80BZ");
        assert_eq!(count(&bytes), Ok(3));
    }

    #[test]
    fn both_encodings_hold_the_same_registers() {
        for round in 0..30 {
            let mut rng = Rng::new(round);
            let limit = [0, 18, 40, 3000, 16_000][rng.below(5) as usize];
            let (mut bytes, mut model) = (fresh(), vec![0u8; REGISTERS]);
            let (near, high) = (rng.below(REGISTERS as u64 / 2) + 1, rng.below(40) + 1);
            for _ in 0..2_000 {
                let (register, rank) = (rng.below(near) as usize * 2, rng.below(high) as u8 + 1);
                assert_eq!(raise(&mut bytes, register, rank, limit), Ok(rank > model[register]));
                model[register] = model[register].max(rank);
                assert!(is_valid(&bytes) && (is_dense(&bytes) || bytes.len() <= limit.max(18)));
            }
            assert_eq!(registers(&bytes), model);
            assert_eq!(count(&bytes), Ok(count_registers(&model)));
            if !is_dense(&bytes) {
                assert_eq!(to_dense(&mut bytes), Ok(()));
                assert_eq!(registers(&bytes), model);
            }
            let mut other: Vec<u8> = (0..REGISTERS).map(|_| rng.below(51) as u8).collect();
            let higher = other.iter().zip(&model).map(|(a, b)| *a.max(b)).collect::<Vec<u8>>();
            assert_eq!(merge(&bytes, &mut other), Ok(()));
            assert_eq!(other, higher);
            write_dense(&mut bytes, &other);
            assert_eq!(registers(&bytes), other);
        }
    }

    #[test]
    fn a_long_run_of_one_zero_is_replaced() {
        let mut bytes = [&fresh()[..HEADER], b"\x40\0\x7f\xfe"].concat();
        assert_eq!(raise(&mut bytes, 0, 3, 3000), Ok(true));
        assert_eq!(bytes[HEADER..], *b"\x88\x7f\xfe");
        assert_eq!(registers(&bytes)[..2], [3, 0]);
    }

    #[test]
    fn what_does_not_add_up_is_an_error_and_stays_as_it_was() {
        for tail in [&b""[..], b"\x7f", b"\x7f\xfe", b"\x7f\xff\0", b"\x7f\xff\x7f\xff", b"\xff\xff"] {
            let bytes = [&fresh()[..HEADER], tail].concat();
            assert_eq!((count(&bytes), merge(&bytes, &mut [0; REGISTERS])), (Err(Corrupted), Err(Corrupted)));
            let mut other = bytes.clone();
            assert_eq!(to_dense(&mut other), Err(Corrupted));
            assert_eq!(raise(&mut other, REGISTERS - 1, 40, 3000), Err(Corrupted));
            assert_eq!(other, bytes);
        }
    }

    /// Counts stay within four standard errors of 0.81 %, from one to ten million.
    #[test]
    fn ten_million_elements_are_counted_within_the_theory() {
        let (mut bytes, mut next) = (fresh(), 10u64);
        for element in 1..=10_000_000u64 {
            assert!(add(&mut bytes, &element.to_le_bytes(), 3000).is_ok());
            if element == next {
                next *= 10;
                let error = count(&bytes).unwrap() as f64 / element as f64 - 1.0;
                assert!(error.abs() < 4.0 * 0.0081, "{element}: {error}");
            }
        }
    }
}
