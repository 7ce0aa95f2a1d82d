//! Sine, cosine and their kind for distances on the earth and for Lua: small, the same on every platform, and rounded right but for about
//! one argument in a hundred, as the C library's are that Redis uses, so that even the last digits of a distance are Redis's.
//!
//! Arguments are reduced to +-pi/4; large ones are multiplied with as many digits of 2/pi as matter (Payne and Hanek). The first terms of
//! the series are computed with twice the digits of a double, of which the rest needs none; the arc sine is Newton's method, one step
//! from a good first guess.

/// A sum of two doubles, the second one below the last digit of the first.
#[derive(Clone, Copy)]
struct Pair(f64, f64);

/// a + b, exactly.
#[inline(always)]
fn sum(a: f64, b: f64) -> Pair {
    let s = a + b;
    let t = s - a;
    Pair(s, (a - (s - t)) + (b - t))
}

/// a * b, exactly (Dekker: wasm has no fused multiplication and addition).
#[inline(always)]
fn product(a: f64, b: f64) -> Pair {
    let split = |x: f64| {
        let c = x * 134_217_729.0; // 2^27 + 1
        let high = c - (c - x);
        (high, x - high)
    };
    let p = a * b;
    let ((ah, al), (bh, bl)) = (split(a), split(b));
    Pair(p, ((ah * bh - p) + ah * bl + al * bh) + al * bl)
}

impl Pair {
    #[inline(always)]
    fn times(self, other: Pair) -> Pair {
        let Pair(p, e) = product(self.0, other.0);
        Pair(p, e + (self.0 * other.1 + self.1 * other.0))
    }
}

const HALF_PI: f64 = std::f64::consts::FRAC_PI_2;
/// What pi/2 has behind that.
const HALF_PI_LOW: f64 = 6.123233995736766e-17;
/// pi/2 in pieces of 33 bits, so that a small multiple of each is exact.
const PIECES: [f64; 3] = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21];

/// 64 zeros, and the first bits of 2/pi.
const TWO_OVER_PI: [u64; 21] = [
    0,
    0xa2f9_836e_4e44_1529,
    0xfc27_57d1_f534_ddc0,
    0xdb62_9599_3c43_9041,
    0xfe51_63ab_debb_c561,
    0xb724_6e3a_424d_d2e0,
    0x0649_2eea_09d1_921c,
    0xfe1d_eb1c_b129_a73e,
    0xe882_35f5_2ebb_4484,
    0xe99c_7026_b45f_7e41,
    0x3991_d639_8353_39f4,
    0x9c84_5f8b_bdf9_283b,
    0x1ff8_97ff_de05_980f,
    0xef2f_118b_5a0a_6d1f,
    0x6d36_7ecf_27cb_09b7,
    0x4f46_3f66_9e5f_ea2d,
    0x7527_bac7_ebe5_f17b,
    0x3d07_39f7_8a52_92ea,
    0x6bfb_5fb1_1f8d_5d08,
    0x5603_3046_fc7b_6bab,
    0xf0cf_bc20_9af4_361d,
];

/// x less a multiple of pi/2, and which multiple (modulo 4).
fn reduce(x: f64) -> (Pair, i64) {
    if x.abs() <= std::f64::consts::FRAC_PI_4 {
        return (Pair(x, 0.0), 0);
    }
    if x.abs() > 1e5 && x.is_finite() {
        let (r, k) = reduce_large(x.to_bits());
        return if x > 0.0 { (r, k) } else { (Pair(-r.0, -r.1), -k & 3) };
    }
    let k = (x / HALF_PI).round();
    let Pair(a, b) = sum(x - k * PIECES[0], -k * PIECES[1]);
    let Pair(r, low) = sum(a, b - k * PIECES[2]);
    (Pair(r, low), k as i64 & 3)
}

/// The same for the absolute value of a large number, of which these are the bits. What stands before the bits of 2/pi that are looked
/// at gives multiples of 4; of the 192 bits that are left of the product, two are the multiple, and the others a fraction.
fn reduce_large(bits: u64) -> (Pair, i64) {
    let number = (bits & ((1 << 52) - 1) | 1 << 52) as u128;
    let at = ((bits >> 52 & 0x7ff) as usize) - (1075 + 2 - 64);
    let word = |n: usize| {
        let two = (TWO_OVER_PI[at / 64 + n] as u128) << 64 | TWO_OVER_PI[at / 64 + n + 1] as u128;
        (two << (at % 64) >> 64) as u64 as u128
    };
    let low = number * word(2);
    let middle = number * word(1) + (low >> 64);
    let high = (number * word(0) + (middle >> 64)) as u64;
    let (middle, low) = (middle as u64, low as u64);
    let k = (high >> 62) + (high >> 61 & 1);
    // The fraction, as 128 bits with a sign and 64 behind them.
    let (mut fraction, mut below) = ((high << 2 | middle >> 62) as u128, middle << 2 | low >> 62);
    fraction = fraction << 64 | below as u128;
    below = low << 2;
    let negative = fraction >> 127 == 1;
    if negative {
        (fraction, below) = (!fraction, !below);
    }
    let zeros = fraction.leading_zeros().min(63);
    fraction = fraction << zeros | (below >> 1 >> (63 - zeros)) as u128;
    let unit = f64::from_bits((1023 - 64 - zeros as u64) << 52);
    let unit = if negative { -unit } else { unit };
    let top = (fraction >> 64) as u64 & !0x7ff;
    let rest = (fraction - ((top as u128) << 64)) >> 32;
    let fraction = Pair(top as f64 * unit, rest as u64 as f64 * unit / 4_294_967_296.0);
    (fraction.times(Pair(HALF_PI, HALF_PI_LOW)), k as i64)
}

/// Coefficients of the series behind the terms of twice the digits: alternating 1/5!, 1/7!, ... and 1/6!, 1/8!, ...
const SIN: [f64; 8] = [
    1.0 / 120.0,
    -1.0 / 5040.0,
    1.0 / 362_880.0,
    -1.0 / 39_916_800.0,
    1.0 / 6_227_020_800.0,
    -1.0 / 1_307_674_368_000.0,
    1.0 / 355_687_428_096_000.0,
    -1.0 / 121_645_100_408_832_000.0,
];
const COS: [f64; 8] = [
    -1.0 / 720.0,
    1.0 / 40_320.0,
    -1.0 / 3_628_800.0,
    1.0 / 479_001_600.0,
    -1.0 / 87_178_291_200.0,
    1.0 / 20_922_789_888_000.0,
    -1.0 / 6_402_373_705_728_000.0,
    1.0 / 2_432_902_008_176_640_000.0,
];
/// 1/6 and 1/24.
const SIXTH: Pair = Pair(1.0 / 6.0, 9.25185853854297e-18);
const TWENTY_FOURTH: Pair = Pair(1.0 / 24.0, 2.3129646346357427e-18);

fn series(coefficients: &[f64; 8], z: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * z + c)
}

/// The sine of an argument up to pi/4.
fn sin_reduced(r: Pair) -> Pair {
    let square = r.times(r);
    let third = square.times(r).times(SIXTH);
    let rest = square.0 * square.0 * r.0 * series(&SIN, square.0);
    let Pair(s, e) = sum(r.0, -third.0);
    sum(s, e + (r.1 - third.1 + rest))
}

/// The cosine of an argument up to pi/4.
fn cos_reduced(r: Pair) -> Pair {
    let square = r.times(r);
    let fourth = square.times(square).times(TWENTY_FOURTH);
    let rest = square.0 * square.0 * square.0 * series(&COS, square.0);
    let Pair(s, e) = sum(1.0, -0.5 * square.0);
    let Pair(s, f) = sum(s, fourth.0);
    sum(s, e + f + (fourth.1 - 0.5 * square.1 + rest))
}

#[inline(never)]
fn sin_pair(x: f64) -> Pair {
    let (r, k) = reduce(x);
    let value = if k % 2 == 0 { sin_reduced(r) } else { cos_reduced(r) };
    if k & 2 == 0 { value } else { Pair(-value.0, -value.1) }
}

pub fn sin(x: f64) -> f64 {
    sin_pair(x).0
}

#[inline(never)]
fn cos_pair(x: f64) -> Pair {
    let (r, k) = reduce(x.abs());
    let value = if k % 2 == 0 { cos_reduced(r) } else { sin_reduced(r) };
    if (k + 1) & 2 == 0 { value } else { Pair(-value.0, -value.1) }
}

pub fn cos(x: f64) -> f64 {
    cos_pair(x).0
}

/// The tangent.
pub fn tan(x: f64) -> f64 {
    let (Pair(s, low), Pair(c, below)) = (sin_pair(x), cos_pair(x));
    let quotient = s / c;
    let Pair(p, e) = product(quotient, c);
    quotient + (((s - p) - e) + (low - quotient * below)) / c
}

/// Coefficients of a rational approximation of (asin(y) - y) / y^3 in y^2, from Sun's fdlibm.
const ASIN_ABOVE: [f64; 6] = [
    0.16666666666666666,
    -0.3255658186224009,
    0.20121253213486293,
    -0.04005553450067941,
    0.0007915349942898145,
    3.479331075960212e-05,
];
const ASIN_BELOW: [f64; 5] = [1.0, -2.403394911734414, 2.0209457602335057, -0.6882839716054533, 0.07703815055590194];

/// The arc sine of y + low, for y up to about 0.7.
fn asin_pair(y: f64, low: f64) -> Pair {
    let z = y * y;
    let above = ASIN_ABOVE.iter().rev().fold(0.0, |sum, c| sum * z + c);
    let below = ASIN_BELOW.iter().rev().fold(0.0, |sum, c| sum * z + c);
    let guess = y + y * z * (above / below);
    let Pair(s, e) = sin_pair(guess);
    let step = ((y - s) + (low - e)) / ((1.0 - y) * (1.0 + y)).sqrt();
    sum(guess, step)
}

/// The arc sine of a half root of 1 - y, which is half the arc cosine of y: for y from 0.5 to 1; NaN beyond.
fn half_acos(y: f64) -> Pair {
    let half = (1.0 - y) / 2.0;
    let root = half.sqrt();
    if root == 0.0 {
        return Pair(0.0, 0.0);
    }
    let Pair(square, e) = product(root, root);
    let low = ((half - square) - e) / (2.0 * root);
    asin_pair(root, low)
}

/// The arc sine of what lies between 0 and 1; NaN beyond.
pub fn asin(y: f64) -> f64 {
    if y <= 0.5 {
        return asin_pair(y, 0.0).0;
    }
    let Pair(a, b) = half_acos(y);
    let Pair(s, e) = sum(HALF_PI, -2.0 * a);
    s + (e + (HALF_PI_LOW - 2.0 * b))
}

/// The arc cosine of what lies between -1 and 1; NaN beyond.
pub fn acos(y: f64) -> f64 {
    // A multiple of pi/2, and what is added to it.
    let (k, Pair(a, b)) = if y.abs() <= 0.5 {
        let Pair(a, b) = asin_pair(y, 0.0);
        (1.0, Pair(-a, -b))
    } else {
        let Pair(a, b) = half_acos(y.abs());
        if y < 0.0 { (2.0, Pair(-2.0 * a, -2.0 * b)) } else { (0.0, Pair(2.0 * a, 2.0 * b)) }
    };
    let Pair(s, e) = sum(k * HALF_PI, a);
    s + (e + (k * HALF_PI_LOW + b))
}

/// What is left of x when y has been taken from it as often as it goes, exactly: C's `fmod`, of which NaN has a sign on x86.
pub fn rest(x: f64, y: f64) -> f64 {
    let (mut left, unit) = (x.abs(), y.abs());
    if x.is_nan() || y.is_nan() {
        return if x.is_nan() { x } else { y };
    }
    if unit == 0.0 || left.is_infinite() {
        return -f64::NAN;
    }
    let mut part = unit;
    while part <= left / 2.0 {
        part *= 2.0;
    }
    while left >= unit {
        if left >= part {
            left -= part;
        }
        part /= 2.0;
    }
    left.copysign(x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::dict::hashing::Rng;

    /// How many of the platform's results differ, and by how many units in the last place at most.
    fn compare(ours: fn(f64) -> f64, theirs: fn(f64) -> f64, from: f64, to: f64) -> (u32, u64) {
        let mut rng = Rng::new(31);
        let (mut different, mut most) = (0, 0);
        for _ in 0..200_000 {
            let x = from + (to - from) * ((rng.next() >> 11) as f64 / (1u64 << 53) as f64);
            let (a, b) = (ours(x), theirs(x));
            let distance = a.to_bits().abs_diff(b.to_bits());
            different += (distance > 0) as u32;
            most = most.max(distance);
        }
        (different, most)
    }

    #[test]
    fn rests_are_exact() {
        let mut rng = Rng::new(5);
        let special = [0.0, -0.0, 1.0, 3.0, 5e-324, 1.5e-323, 1e-310, 1e308, f64::INFINITY, f64::NAN];
        for round in 0..20_000 {
            let mut draw = || match rng.below(3) {
                0 => special[rng.below(special.len() as u64) as usize],
                1 => rng.below(1000) as f64 / 8.0 - 60.0,
                _ => f64::from_bits(rng.next()),
            };
            let (x, y) = (draw(), draw());
            let (ours, theirs) = (rest(x, y), x % y);
            assert!(
                ours.to_bits() == theirs.to_bits() || ours.is_nan() && theirs.is_nan(),
                "{round}: {x:e} {y:e} {ours:e}"
            );
        }
    }

    #[test]
    fn results_are_those_of_the_platform_but_for_the_last_digit_of_very_few() {
        for (ours, theirs, from, to) in [
            (sin as fn(f64) -> f64, f64::sin as fn(f64) -> f64, -0.8, 0.8),
            (sin, f64::sin, -1e-4, 1e-4),
            (sin, f64::sin, -7.0, 7.0),
            (sin, f64::sin, -1000.0, 1000.0),
            (cos, f64::cos, -1.6, 1.6),
            (cos, f64::cos, -7.0, 7.0),
            (asin, f64::asin, 0.0, 1e-3),
            (asin, f64::asin, 0.0, 0.5),
            (asin, f64::asin, 0.5, 1.0),
            (asin, f64::asin, 0.999, 1.0),
            (sin, f64::sin, -1e9, 1e9),
            (cos, f64::cos, -1e22, 1e22),
            (cos, f64::cos, -8e307, 8e307),
            (tan, f64::tan, -1.6, 1.6),
            (tan, f64::tan, -1e7, 1e7),
            (acos, f64::acos, -1.0, 1.0),
            (acos, f64::acos, 0.999, 1.0),
        ] {
            let (different, most) = compare(ours, theirs, from, to);
            println!("{from} {to}: {different} of 200000, {most}");
            assert!(different < 3_000 && most <= 1, "{from} {to}: {different} by {most}");
        }
        assert_eq!((sin(0.0), cos(0.0), asin(0.0), asin(1.0)), (0.0, 1.0, 0.0, HALF_PI));
        assert!(asin(1.1).is_nan() && sin(f64::INFINITY).is_nan() && cos(f64::NAN).is_nan());
        // Near a multiple of pi/2, as near as a double comes to one.
        let near = 6381956970095103.0 * 2f64.powi(797);
        assert_eq!((sin(near), cos(near)), (1.0, -4.687_165_924_254_628e-19));
        assert_eq!((acos(1.0), acos(-1.0), acos(0.0)), (0.0, std::f64::consts::PI, HALF_PI));
        assert!(acos(-1.1).is_nan() && tan(f64::NEG_INFINITY).is_nan());
    }
}
