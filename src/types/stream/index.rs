//! `Index`: values under ids, in order. The nodes of a stream, the pending entries of its groups and of their consumers
//! lie in one.
//!
//! ```text
//! chunks            | first id ...     | first id ...     | ...          each up to 64 pairs, in order, none empty
//! ```
//!
//! Ids mostly come at the end and leave at the front: the first is a push, the second moves one chunk. Finding is two binary searches; a
//! change in the middle moves half a chunk. Where a chunk is split, or is empty and goes, those behind it move as well: 12 bytes for 64
//! pairs. Compared with `BTreeMap`: a third of the code, no pointers between pairs.

use super::Id;

const FULL: usize = 64;

#[derive(Clone)]
pub struct Index<V> {
    chunks: Vec<Vec<(Id, V)>>,
    len: usize,
}

/// A place in an index, good until the next change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct At {
    chunk: usize,
    slot: usize,
}

impl<V> Default for Index<V> {
    fn default() -> Index<V> {
        Index { chunks: Vec::new(), len: 0 }
    }
}

impl<V> Index<V> {
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The place of the first id that is not before this one; it may be the end.
    #[inline(never)]
    pub fn seek(&self, id: Id) -> At {
        let (mut low, mut high) = (0, self.chunks.len());
        // The chunk to look into is the last whose first id is not after `id`.
        while low < high {
            let middle = (low + high) / 2;
            if self.chunks[middle][0].0 <= id { low = middle + 1 } else { high = middle }
        }
        let chunk = low.saturating_sub(1);
        let slot = match self.chunks.get(chunk) {
            Some(pairs) => pairs.partition_point(|pair| pair.0 < id),
            None => 0,
        };
        self.settled(At { chunk, slot })
    }

    /// A place behind the last of a chunk is the first of the next.
    #[inline]
    fn settled(&self, at: At) -> At {
        match self.chunks.get(at.chunk) {
            Some(pairs) if at.slot >= pairs.len() => At { chunk: at.chunk + 1, slot: 0 },
            _ => at,
        }
    }

    #[inline]
    pub fn get_at(&self, at: At) -> Option<(Id, &V)> {
        self.chunks.get(at.chunk)?.get(at.slot).map(|pair| (pair.0, &pair.1))
    }

    pub fn get_at_mut(&mut self, at: At) -> Option<&mut V> {
        self.chunks.get_mut(at.chunk)?.get_mut(at.slot).map(|pair| &mut pair.1)
    }

    #[inline]
    pub fn after(&self, at: At) -> At {
        self.settled(At { chunk: at.chunk, slot: at.slot + 1 })
    }

    /// None before the first.
    pub fn before(&self, at: At) -> Option<At> {
        if at.slot > 0 {
            return Some(At { chunk: at.chunk, slot: at.slot - 1 });
        }
        let chunk = at.chunk.checked_sub(1)?;
        Some(At { chunk, slot: self.chunks.get(chunk)?.len() - 1 })
    }

    pub fn start(&self) -> At {
        At { chunk: 0, slot: 0 }
    }

    pub fn end(&self) -> At {
        At { chunk: self.chunks.len(), slot: 0 }
    }

    pub fn first(&self) -> Option<(Id, &V)> {
        self.get_at(self.start())
    }

    #[inline]
    pub fn last(&self) -> Option<(Id, &V)> {
        self.chunks.last()?.last().map(|pair| (pair.0, &pair.1))
    }

    #[inline]
    pub fn last_mut(&mut self) -> Option<(Id, &mut V)> {
        self.chunks.last_mut()?.last_mut().map(|pair| (pair.0, &mut pair.1))
    }

    /// The place of this very id.
    #[inline]
    pub fn find(&self, id: Id) -> Option<At> {
        let at = self.seek(id);
        self.get_at(at).filter(|pair| pair.0 == id).map(|_| at)
    }

    pub fn get_mut(&mut self, id: Id) -> Option<&mut V> {
        let at = self.find(id)?;
        self.get_at_mut(at)
    }

    /// Adds a pair. The id must not be there.
    #[inline(never)]
    pub fn insert(&mut self, id: Id, value: V) {
        self.len += 1;
        if self.last().is_none_or(|last| last.0 < id) {
            match self.chunks.last_mut() {
                Some(pairs) if pairs.len() < FULL => push(pairs, id, value),
                _ => {
                    // A full chunk shows that there are many; an index of one or two stays small.
                    let mut pairs = Vec::with_capacity(if self.chunks.is_empty() { 1 } else { FULL });
                    pairs.push((id, value));
                    self.chunks.push(pairs);
                }
            }
            return;
        }
        let mut at = self.seek(id);
        if self.chunks[at.chunk].len() >= FULL {
            let half = self.chunks[at.chunk].split_off(FULL / 2);
            self.chunks.insert(at.chunk + 1, half);
            at = self.seek(id);
        }
        self.chunks[at.chunk].insert(at.slot, (id, value));
    }

    pub fn remove(&mut self, id: Id) -> Option<V> {
        let at = self.find(id)?;
        self.remove_at(at)
    }

    pub fn remove_at(&mut self, at: At) -> Option<V> {
        let pairs = self.chunks.get_mut(at.chunk)?;
        if at.slot >= pairs.len() {
            return None;
        }
        let value = pairs.remove(at.slot).1;
        self.len -= 1;
        let left = pairs.len();
        if left == 0 {
            self.chunks.remove(at.chunk);
        } else if left < FULL / 4 {
            self.merge(at.chunk);
        }
        Some(value)
    }

    /// Joins a chunk that has become small with the one behind it, where both fit well.
    fn merge(&mut self, chunk: usize) {
        let fits = self.chunks.get(chunk + 1).is_some_and(|next| next.len() + self.chunks[chunk].len() <= FULL / 2);
        if fits {
            let mut next = self.chunks.remove(chunk + 1);
            self.chunks[chunk].append(&mut next);
        }
    }

    /// Frees a part of about so many values; whether there may be more. Nothing else may be done with the index from then on.
    pub fn shed(&mut self, about: usize) -> bool {
        (0..=about / FULL).all(|_| self.chunks.pop().is_some())
    }

    pub fn iter(&self) -> impl Iterator<Item = (Id, &V)> {
        self.chunks.iter().flatten().map(|pair| (pair.0, &pair.1))
    }

    /// About how many bytes of heap it takes, those of the values not counted.
    pub fn bytes(&self) -> usize {
        self.chunks.capacity() * size_of::<Vec<(Id, V)>>() + self.len * size_of::<(Id, V)>()
    }
}

#[inline]
fn push<V>(pairs: &mut Vec<(Id, V)>, id: Id, value: V) {
    if pairs.len() == pairs.capacity() {
        pairs.reserve_exact(pairs.len().min(FULL - pairs.len()).max(1));
    }
    pairs.push((id, value));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::dict::hashing::Rng;
    use std::collections::BTreeMap;

    #[test]
    fn it_behaves_like_a_sorted_map() {
        for round in 0..40 {
            let mut rng = Rng::new(round);
            let (mut index, mut model) = (Index::default(), BTreeMap::new());
            let (range, removals) = (rng.below(3_000) + 2, rng.below(9) + 1);
            let mut next = 0;
            for step in 0..4_000u64 {
                let id = Id { ms: rng.below(range) / 3, seq: rng.below(3) };
                match rng.below(12) {
                    n if n < removals => {
                        let id = if n == 0 { model.keys().next().copied().unwrap_or(id) } else { id };
                        assert_eq!(index.remove(id), model.remove(&id));
                    }
                    n => {
                        next += 1;
                        let id = if n == 11 { Id { ms: range + next, seq: 0 } } else { id };
                        match index.get_mut(id) {
                            Some(value) => *value = step,
                            None => index.insert(id, step),
                        }
                        model.insert(id, step);
                    }
                }
                assert_eq!(index.len(), model.len());
                let at = index.seek(id);
                assert_eq!(index.get_at(at).map(|p| (p.0, *p.1)), model.range(id..).next().map(|p| (*p.0, *p.1)));
                let before = index.before(at).and_then(|at| index.get_at(at)).map(|p| p.0);
                assert_eq!(before, model.range(..id).next_back().map(|p| *p.0));
                let after = index.get_at(index.after(at)).map(|p| p.0);
                assert_eq!(after, model.range(id..).nth(1).map(|p| *p.0));
                assert_eq!(index.last().map(|p| p.0), model.keys().next_back().copied());
                assert_eq!(index.first().map(|p| p.0), model.keys().next().copied());
            }
            assert!(index.iter().map(|p| (p.0, *p.1)).eq(model.into_iter()));
            assert!(index.chunks.iter().all(|pairs| !pairs.is_empty() && pairs.len() <= FULL));
        }
    }
}
