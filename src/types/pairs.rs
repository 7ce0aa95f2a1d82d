//! One sort for the whole module, and one ordered set: each instance of the library's would weigh a kilobyte and a half or more, compressed.

use super::stream::Id;
use super::stream::index::Index;
use std::cmp::Ordering;

/// Two numbers, mostly a key and the place of what it belongs to.
pub type Pair = (u64, u64);

/// Sorts pairs as `compare` tells; equal ones may change their places.
#[inline(never)]
pub fn sort(pairs: &mut [Pair], compare: &dyn Fn(&Pair, &Pair) -> Ordering) {
    pairs.sort_unstable_by(compare);
}

/// A set of pairs, in order: an [`Index`] of streams, of which the module has the code already.
#[derive(Clone, Default)]
pub struct Ordered(Index<()>);

fn id((ms, seq): Pair) -> Id {
    Id { ms, seq }
}

impl Ordered {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// False where it was there.
    #[inline(never)]
    pub fn insert(&mut self, pair: Pair) -> bool {
        let id = id(pair);
        let is_new = self.0.find(id).is_none();
        if is_new {
            self.0.insert(id, ());
        }
        is_new
    }

    /// False where it was not there.
    pub fn remove(&mut self, pair: Pair) -> bool {
        self.0.remove(id(pair)).is_some()
    }

    pub fn first(&self) -> Option<Pair> {
        self.0.first().map(|(id, ())| (id.ms, id.seq))
    }

    pub fn last(&self) -> Option<Pair> {
        self.0.last().map(|(id, ())| (id.ms, id.seq))
    }

    /// The first that is not before this one.
    pub fn from(&self, pair: Pair) -> Option<Pair> {
        self.0.get_at(self.0.seek(id(pair))).map(|(id, ())| (id.ms, id.seq))
    }

    pub fn drop_first(&mut self) {
        self.0.remove_at(self.0.start());
    }

    /// Frees about so many; whether there may be more. Nothing else may be done with the set from then on.
    pub fn shed(&mut self, about: usize) -> bool {
        self.0.shed(about)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::dict::hashing::Rng;
    use std::collections::BTreeSet;

    #[test]
    fn an_ordered_set_is_one() {
        let (mut set, mut model, mut rng) = (Ordered::default(), BTreeSet::new(), Rng::new(1));
        for round in 0..20_000 {
            let pair = (rng.below(300), rng.below(4));
            match rng.below(4) {
                0 | 1 => assert_eq!(set.insert(pair), model.insert(pair)),
                2 => assert_eq!(set.remove(pair), model.remove(&pair)),
                _ if round % 8 == 0 => {
                    set.drop_first();
                    model.pop_first();
                }
                _ => assert_eq!(set.from(pair), model.range(pair..).next().copied()),
            }
            assert_eq!((set.first(), set.last()), (model.first().copied(), model.last().copied()));
            assert_eq!((set.len(), set.is_empty()), (model.len(), model.is_empty()));
        }
    }
}
