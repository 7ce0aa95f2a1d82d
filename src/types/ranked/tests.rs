//! `Ranked` against a naive model, and its representation against its own invariants.

use super::*;
use crate::types::dict::hashing::Rng;
use std::collections::BTreeMap;

/// Scores as integers: a BTreeMap orders them like the tree.
type Model = BTreeMap<(i64, Vec<u8>), Member>;

impl Ranked {
    /// Every border and every count is right, every node as full as it must be. Answers the elements below.
    unsafe fn check(&self, node: *mut u8, level: usize, root: bool) -> (f64, Member, u32) {
        unsafe {
            if level == 0 {
                let leaf = node.cast::<Leaf>();
                assert!((*leaf).len > 0);
                return ((*leaf).scores[0], (*leaf).members[0], (*leaf).len);
            }
            let inner = node.cast::<Inner>();
            let len = (*inner).len as usize;
            assert!(len >= if root { 2 } else { INNER / 4 });
            let mut first = None;
            for i in 0..len {
                let (score, member, count) = self.check((*inner).children[i].node, level - 1, false);
                assert_eq!(count, (*inner).children[i].count);
                if i > 0 {
                    assert!(score == (*inner).children[i].score && member == (*inner).members[i]);
                }
                first.get_or_insert((score, member));
            }
            let (score, member) = first.unwrap();
            (score, member, Inner::total(inner, len))
        }
    }
}

fn compare(tree: &Ranked, model: &Model) {
    assert_eq!(tree.len(), model.len());
    if !tree.root.is_null() {
        let (_, _, count) = unsafe { tree.check(tree.root, tree.height, true) };
        assert_eq!(count as usize, tree.len());
    }
    let mut cursor = tree.at(0);
    for (score, name) in model.keys() {
        assert_eq!(cursor.get(), Some((*score as f64, &name[..])));
        cursor.next();
    }
    assert!(cursor.get().is_none());
    if let Some(last) = model.len().checked_sub(1) {
        let mut cursor = tree.at(last);
        for (score, name) in model.keys().rev() {
            assert_eq!(cursor.get(), Some((*score as f64, &name[..])));
            cursor.prev();
        }
        assert!(cursor.get().is_none());
    }
}

#[test]
fn it_behaves_like_a_sorted_map() {
    for (seed, scores, names, order) in
        [(1, 5, 50, 0), (2, 1, 100_000, 0), (3, 1_000_000, 9, 0), (4, 40, 1000, 1), (5, 40, 1000, 2), (6, 300, 300, 0)]
    {
        let mut rng = Rng::new(seed);
        let (mut tree, mut model) = (Ranked::default(), Model::new());
        let mut next = 0i64;
        // Grows, stays, shrinks, and once more.
        for step in 0..60_000u64 {
            let phase = step / 10_000 % 3;
            let adds = [7, 5, 2][phase as usize];
            let in_order = order != 0 && step % 20_000 < 9_000;
            if rng.below(10) < adds {
                let score = match order {
                    1 if in_order => next,
                    2 if in_order => -next,
                    _ => rng.below(scores) as i64 - scores as i64 / 2,
                };
                next += 1;
                let name = rng.below(names).to_string().into_bytes();
                if !model.contains_key(&(score, name.clone())) {
                    let member = Member::new(&name);
                    tree.insert(score as f64, member);
                    model.insert((score, name), member);
                }
            } else if !model.is_empty() {
                let rank = rng.below(model.len() as u64) as usize;
                let (old, member) = tree.element_at(rank);
                let key = (old as i64, member.bytes().to_vec());
                assert!(model.get(&key) == Some(&member) && tree.rank(old, member) == rank);
                model.remove(&key);
                let score = if rng.below(2) == 0 { key.0 + 1 } else { rng.below(scores) as i64 };
                if rng.below(3) == 0 && !model.contains_key(&(score, key.1.clone())) {
                    tree.rescore(old, member, score as f64);
                    model.insert((score, key.1), member);
                } else {
                    tree.remove(old, member);
                    unsafe { member.free() };
                }
            }
            if step % 997 == 0 {
                compare(&tree, &model);
            }
            if step % 31 == 0 {
                let border = rng.below(scores) as i64 - scores as i64 / 2;
                let expected = model.range(..(border, Vec::new())).count();
                assert_eq!(tree.count_scores(border as f64, false), expected);
                let expected = model.range(..(border + 1, Vec::new())).count();
                assert_eq!(tree.count_scores(border as f64, true), expected);
                let name = rng.below(names).to_string().into_bytes();
                if scores == 1 && !tree.root.is_null() && model.keys().all(|(score, _)| *score == 0) {
                    let expected = model.range(..(0, name.clone())).count();
                    assert_eq!(tree.count(&|member| member < &name[..]), expected);
                }
                assert!(tree.at(model.len()).get().is_none());
            }
        }
        compare(&tree, &model);
        // Ranges go from one end, from the other, and from the middle.
        while !model.is_empty() {
            let rank = [0, tree.len() - 1, tree.len() / 2][rng.below(3) as usize];
            let (score, member) = tree.element_at(rank);
            tree.remove(score, member);
            model.remove(&(score as i64, member.bytes().to_vec()));
            unsafe { member.free() };
            if model.len() % 499 == 0 {
                compare(&tree, &model);
            }
        }
        assert_eq!((tree.len(), tree.heap_bytes(), tree.height), (0, 0, 0));
    }
}
