//! What ends next: an ordered set of (deadline, hash of the key).
//!
//! The hash stands for the key, which is found again through the table ([`crate::types::dict::Dict::find_by_hash`]), so an
//! element is 16 bytes and no key is copied. A B-tree and not a heap: a TTL that is renewed with every request (a session
//! store) would leave a heap full of stale elements, and clearing them out would stop the world.

use super::{Deadline, NEVER};
use crate::types::dict::hashing::Rng;
use crate::types::pairs::{self, Pair};
use std::collections::BTreeSet;

/// Deadlines in milliseconds since the epoch. [`NEVER`] is not kept: adding and removing it does nothing.
pub struct Deadlines {
    set: BTreeSet<Pair>,
    /// Those of a piece of a file that is being read, in whatever order: see [`Deadlines::add_later`].
    later: Vec<Pair>,
    /// The earliest, to be told without a look into the tree.
    first: Deadline,
    /// The sum of all deadlines, for their average.
    sum: u128,
}

impl Default for Deadlines {
    fn default() -> Deadlines {
        Deadlines { set: BTreeSet::new(), later: Vec::new(), first: NEVER, sum: 0 }
    }
}

impl Deadlines {
    #[inline]
    pub fn add(&mut self, deadline: Deadline, hash: u64) {
        if deadline != NEVER && self.set.insert((deadline, hash)) {
            self.sum += deadline as u128;
            self.first = self.first.min(deadline);
        }
    }

    /// Adds it, at the latest with [`Deadlines::settle`], which is to follow before anything is asked or removed. A file has its keys in the
    /// order of their hashes, and each deadline would be looked for somewhere else in the tree: sorted, they go in side by side.
    pub fn add_later(&mut self, deadline: Deadline, hash: u64) {
        if deadline == NEVER {
            return;
        }
        if self.later.try_reserve(1).is_err() {
            self.settle();
            return self.add(deadline, hash);
        }
        self.later.push((deadline, hash));
    }

    pub fn settle(&mut self) {
        let mut later = std::mem::take(&mut self.later);
        pairs::sort(&mut later, &Pair::cmp);
        later.iter().for_each(|&(deadline, hash)| self.add(deadline, hash));
    }

    #[inline]
    pub fn remove(&mut self, deadline: Deadline, hash: u64) {
        if deadline != NEVER && self.set.remove(&(deadline, hash)) {
            self.removed(deadline);
        }
    }

    fn removed(&mut self, deadline: Deadline) {
        self.sum -= deadline as u128;
        if deadline == self.first {
            self.first = self.set.first().map_or(NEVER, |&(deadline, _)| deadline);
        }
    }

    /// Frees about so many; whether there are more. Nothing else may be done with them from then on.
    pub fn shed(&mut self, about: usize) -> bool {
        (0..about).all(|_| self.set.pop_first().is_some())
    }

    /// The earliest deadline, [`NEVER`] where there is none.
    #[inline]
    pub fn next(&self) -> Deadline {
        self.first
    }

    /// The first of all.
    pub fn first(&self) -> Option<(Deadline, u64)> {
        self.set.first().copied()
    }

    /// The hash of the key that ends first, if its time has come.
    pub fn due(&self, now: Deadline) -> Option<u64> {
        self.set.first().filter(|&&(deadline, _)| deadline <= now).map(|&(_, hash)| hash)
    }

    /// Removes the first element, for the caller that found no key behind it.
    pub fn drop_first(&mut self) {
        if let Some((deadline, _)) = self.set.pop_first() {
            self.removed(deadline);
        }
    }

    /// An element at random: the one behind a point between the first and the last deadline. The longer the gap before an element, the
    /// likelier it is.
    pub fn random(&self, rng: &mut Rng) -> Option<(Deadline, u64)> {
        let (first, last) = (self.first, self.set.last()?.0);
        let point = (first + rng.below(last - first + 1), rng.next());
        self.set.range(point..).next().or(self.set.first()).copied()
    }

    pub fn len(&self) -> usize {
        self.set.len()
    }

    pub fn is_empty(&self) -> bool {
        self.set.is_empty()
    }

    /// The mean time to live in milliseconds, 0 where there is none.
    pub fn mean_ttl(&self, now: i64) -> i64 {
        match self.len() {
            0 => 0,
            len => (quotient(self.sum, len as u64) as i64).saturating_sub(now).max(0),
        }
    }
}

/// A sum divided by how many there are (fewer than 2^32): by hand, since nothing else divides 128 bits and the routine for it is
/// a kilobyte.
fn quotient(sum: u128, count: u64) -> u64 {
    let (mut quotient, mut rest) = (0u64, 0u64);
    for shift in [96, 64, 32, 0] {
        let part = (rest << 32) | ((sum >> shift) as u64 & 0xffff_ffff);
        quotient = (quotient << 32) | (part / count);
        rest = part % count;
    }
    quotient
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_of_a_file_are_there_as_if_they_had_come_one_by_one() {
        let mut rng = Rng::new(1);
        let (mut at_once, mut later) = (Deadlines::default(), Deadlines::default());
        for i in 0..10_000 {
            // Some twice, and some that do not count.
            let (deadline, hash) = if i % 7 == 0 { (NEVER, i) } else { (1 + rng.below(1000), rng.below(10)) };
            at_once.add(deadline, hash);
            later.add_later(deadline, hash);
        }
        later.settle();
        assert_eq!(
            (later.len(), later.next(), later.mean_ttl(0)),
            (at_once.len(), at_once.next(), at_once.mean_ttl(0))
        );
        while let Some(first) = at_once.first() {
            assert_eq!(later.first(), Some(first));
            at_once.drop_first();
            later.drop_first();
        }
        assert!(later.is_empty());
    }

    #[test]
    fn a_quotient_by_hand_is_that_of_the_machine() {
        let mut rng = crate::types::dict::hashing::Rng::new(1);
        for _ in 0..1000 {
            let count = rng.below(1 << 32) + 1;
            let sum = (rng.next() >> 1) as u128 * count as u128 + rng.below(count) as u128;
            assert_eq!(super::quotient(sum, count), (sum / count as u128) as u64);
        }
    }
}
