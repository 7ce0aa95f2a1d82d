//! Vectors as they are kept: scaled to length 1, in one of three forms, and how far apart two of them are.
//!
//! | form | VINFO | an element takes | distance |
//! |---|---|---|---|
//! | `Full` | f32 | 4 bytes: a float | 1 - dot product |
//! | `Q8` | int8 | 1 byte: -127 to 127, to be multiplied with the largest element of the vector / 127 | the same |
//! | `Bin` | bin | 1 bit: whether it is greater than 0 | 2 * differing bits / dimensions |
//!
//! A vector lies in words of 32 bits, filled up with zeros to a multiple of four, so that the kernels see whole registers. Sums are
//! taken as Redis takes them where it takes them one by one; of more than seven floats it takes them in another order, and the last
//! digits of scores may differ.

/// How vectors of a set are kept. The numbers are those in a dump.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    Full = 0,
    Q8 = 1,
    Bin = 2,
}

impl Form {
    /// What VINFO says.
    pub fn name(self) -> &'static str {
        ["f32", "int8", "bin"][self as usize]
    }

    /// The form of this number.
    pub fn of(number: u64) -> Option<Form> {
        [Form::Full, Form::Q8, Form::Bin].get(usize::try_from(number).ok()?).copied()
    }

    /// Bytes of a vector in a dump.
    pub fn bytes(self, dim: usize) -> usize {
        match self {
            Form::Full => dim * 4,
            Form::Q8 => dim,
            Form::Bin => dim.div_ceil(64) * 8,
        }
    }

    /// Words of a vector in memory.
    pub fn words(self, dim: usize) -> usize {
        self.bytes(dim).div_ceil(16) * 4
    }
}

/// A vector as it is kept, and what it was.
#[derive(Clone, Default)]
pub struct Kept {
    pub words: Vec<u32>,
    /// Its length before it was scaled; 1 of a vector of zeros.
    pub norm: f32,
    /// The largest element of the scaled vector, without its sign. Only `Q8` has one.
    pub range: f32,
}

impl Kept {
    /// Scales and rounds a vector.
    pub fn new(form: Form, vector: &mut [f32]) -> Kept {
        let mut norm = dot_floats(vector, vector).sqrt();
        if norm == 0.0 {
            norm = 1.0;
        }
        vector.iter_mut().for_each(|x| *x /= norm);
        let mut words = vec![0; form.words(vector.len())];
        let mut range = 0.0f32;
        match form {
            Form::Full => words.iter_mut().zip(vector).for_each(|(word, x)| *word = x.to_bits()),
            Form::Q8 => {
                range = vector.iter().fold(0.0, |most, x| if x.abs() > most { x.abs() } else { most });
                let scale = if range == 0.0 { 0.0 } else { 127.0 / range };
                for (at, x) in vector.iter().enumerate() {
                    // Away from zero, as C's roundf; NaN becomes 0.
                    let x = x * scale;
                    let rounded = (x + if x < 0.0 { -0.5 } else { 0.5 }) as i8;
                    words[at / 4] |= (rounded as u8 as u32) << (at % 4 * 8);
                }
            }
            Form::Bin => {
                for (at, _) in vector.iter().enumerate().filter(|(_, x)| **x > 0.0) {
                    words[at / 32] |= 1 << (at % 32);
                }
            }
        }
        Kept { words, norm, range }
    }
}

/// The vector that words stand for, with its length of before where that is known.
pub fn floats(form: Form, dim: usize, words: &[u32], range: f32, norm: f32) -> Vec<f32> {
    let element = |at: usize| match form {
        Form::Full => f32::from_bits(words[at]) * norm,
        Form::Q8 => (words[at / 4] >> (at % 4 * 8)) as i8 as f32 * range / 127.0 * norm,
        Form::Bin => (words[at / 32] >> (at % 32) & 1) as f32 * 2.0 - 1.0,
    };
    (0..dim).map(element).collect()
}

/// What is farther than everything else: the distance to a vector that has something in it that is no number.
pub const NOWHERE: f32 = 3.0;

/// How far two vectors are from each other: from 0 where they point the same way to 2 where they are opposite, or [`NOWHERE`].
#[inline(always)]
pub fn distance(form: Form, dim: usize, a: &[u32], b: &[u32], ranges: (f32, f32)) -> f32 {
    let distance = match form {
        Form::Full => 1.0 - dot_words(a, b),
        Form::Q8 => 1.0 - dot_bytes(a, b) as f32 * ((ranges.0 / 127.0) * (ranges.1 / 127.0)),
        Form::Bin => differing(a, b) as f32 * 2.0 / dim as f32,
    };
    // Of floats it can be a last digit beyond.
    match form {
        _ if distance.is_nan() => NOWHERE,
        Form::Full => distance,
        _ => distance.clamp(0.0, 2.0),
    }
}

/// One by one, in order.
fn dot_floats(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).fold(0.0, |sum, (x, y)| sum + x * y)
}

/// The dot product of floats: in two times four sums.
fn dot_words(a: &[u32], b: &[u32]) -> f32 {
    if a.len() <= 8 {
        return a.iter().zip(b).fold(0.0, |sum, (&x, &y)| sum + f32::from_bits(x) * f32::from_bits(y));
    }
    kernel::dot_words(a, b)
}

#[inline(always)]
fn dot_bytes(a: &[u32], b: &[u32]) -> i32 {
    kernel::dot_bytes(a, b)
}

#[inline(always)]
fn differing(a: &[u32], b: &[u32]) -> u32 {
    a.iter().zip(b).map(|(x, y)| (x ^ y).count_ones()).sum()
}

/// Four words at a time, with the 128-bit registers of WebAssembly.
#[cfg(target_feature = "simd128")]
mod kernel {
    use core::arch::wasm32::*;

    #[inline(always)]
    fn load(words: &[u32], at: usize) -> v128 {
        debug_assert!(at + 4 <= words.len());
        // SAFETY: callers go in steps of four below the length, which is a multiple of four.
        unsafe { v128_load(words.as_ptr().add(at).cast()) }
    }

    pub fn dot_words(a: &[u32], b: &[u32]) -> f32 {
        let len = a.len().min(b.len()) & !3;
        let (mut even, mut odd, mut at) = (f32x4_splat(0.0), f32x4_splat(0.0), 0);
        while at + 8 <= len {
            even = f32x4_add(even, f32x4_mul(load(a, at), load(b, at)));
            odd = f32x4_add(odd, f32x4_mul(load(a, at + 4), load(b, at + 4)));
            at += 8;
        }
        if at < len {
            even = f32x4_add(even, f32x4_mul(load(a, at), load(b, at)));
        }
        let sums = f32x4_add(even, odd);
        (f32x4_extract_lane::<0>(sums) + f32x4_extract_lane::<1>(sums))
            + (f32x4_extract_lane::<2>(sums) + f32x4_extract_lane::<3>(sums))
    }

    #[inline(always)]
    pub fn dot_bytes(a: &[u32], b: &[u32]) -> i32 {
        let len = a.len().min(b.len()) & !3;
        let (mut low, mut high, mut at) = (i32x4_splat(0), i32x4_splat(0), 0);
        while at < len {
            let (x, y) = (load(a, at), load(b, at));
            low = i32x4_add(low, i32x4_dot_i16x8(i16x8_extend_low_i8x16(x), i16x8_extend_low_i8x16(y)));
            high = i32x4_add(high, i32x4_dot_i16x8(i16x8_extend_high_i8x16(x), i16x8_extend_high_i8x16(y)));
            at += 4;
        }
        let sums = i32x4_add(low, high);
        i32x4_extract_lane::<0>(sums)
            + i32x4_extract_lane::<1>(sums)
            + i32x4_extract_lane::<2>(sums)
            + i32x4_extract_lane::<3>(sums)
    }
}

/// The same, bit for bit, without them.
#[cfg(not(target_feature = "simd128"))]
mod kernel {
    pub fn dot_words(a: &[u32], b: &[u32]) -> f32 {
        let mut sums = [0f32; 8];
        for (a, b) in a.chunks(8).zip(b.chunks(8)) {
            for (sum, (&x, &y)) in sums.iter_mut().zip(a.iter().zip(b)) {
                *sum += f32::from_bits(x) * f32::from_bits(y);
            }
        }
        let [a, b, c, d] = std::array::from_fn(|at| sums[at] + sums[at + 4]);
        (a + b) + (c + d)
    }

    pub fn dot_bytes(a: &[u32], b: &[u32]) -> i32 {
        let mut sum = 0i32;
        for (x, y) in a.iter().zip(b) {
            for (x, y) in x.to_le_bytes().into_iter().zip(y.to_le_bytes()) {
                sum += (x as i8 as i16 * (y as i8 as i16)) as i32;
            }
        }
        sum
    }
}
