//! One sort for the whole module: each instance of the library's would weigh a kilobyte and a half, compressed.

use std::cmp::Ordering;

/// Two numbers, mostly a key and the place of what it belongs to.
pub type Pair = (u64, u64);

/// Sorts pairs as `compare` tells; equal ones may change their places.
#[inline(never)]
pub fn sort(pairs: &mut [Pair], compare: &dyn Fn(&Pair, &Pair) -> Ordering) {
    pairs.sort_unstable_by(compare);
}
