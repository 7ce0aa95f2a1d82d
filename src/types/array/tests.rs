//! Arrays against a naive model, and what they cost.

use super::{Array, LAST, SLICE};
use crate::types::Stored;
use crate::types::dict::hashing::{Rng, Seed};
use std::collections::BTreeMap;

type Model = BTreeMap<u64, Vec<u8>>;

fn value(rng: &mut Rng) -> Vec<u8> {
    match rng.below(5) {
        0 => rng.below(1 << 40).to_string().into_bytes(),
        1 => (rng.below(u64::MAX) as i64).to_string().into_bytes(),
        2 => vec![b'x'; rng.below(40) as usize],
        3 => (0..rng.below(9)).map(|_| rng.below(256) as u8).collect(),
        _ => b"-9007199254740993".to_vec(),
    }
}

fn all(array: &Array, from: u64, to: u64) -> Vec<(u64, Vec<u8>)> {
    let mut met = Vec::new();
    array.each(from, to, &mut |index, item| {
        met.push((index, item.with_bytes(<[u8]>::to_vec)));
        true
    });
    met
}

fn check(array: &Array, model: &Model) {
    assert_eq!(array.count(), model.len() as u64);
    assert_eq!(array.len(), model.keys().next_back().map_or(0, |last| last + 1));
    assert!(all(array, 0, LAST).iter().map(|(index, value)| (index, value)).eq(model));
    let layout = array.layout();
    assert_eq!(layout.filled + layout.scattered, array.count());
    assert_eq!(layout.dense + layout.sparse, array.slices());
    let outside = |value: &Vec<u8>| if super::Cell::new(value).outside() > 0 { value.len() + 4 } else { 0 };
    assert_eq!(array.outside, model.values().map(outside).sum::<usize>());
    for (id, slice) in array.slices.iter() {
        assert!(slice.used() > 0 && slice.get(slice.first()).is_some() && slice.get(slice.last()).is_some());
        assert!(!slice.is_dense() || slice.span() <= slice.used() * 2, "slice {} is dense and half empty", id.ms);
    }
}

#[test]
fn it_behaves_like_a_sorted_map() {
    for round in 0..60 {
        let mut rng = Rng::new(round);
        let (mut array, mut model) = (Array::new(), Model::new());
        let width = [40, 5_000, 40_000, 1 << 40, LAST][rng.below(5) as usize];
        let base = if round % 3 == 0 { LAST - width.min(LAST) } else { 0 };
        let removals = rng.below(6);
        for step in 0..600 {
            let index = base + rng.below(width);
            match rng.below(14) {
                n if n < removals => {
                    let index = if n > 1 { model.range(index..).next().map_or(index, |pair| *pair.0) } else { index };
                    assert_eq!(array.remove(index), model.remove(&index).is_some());
                }
                6 => {
                    let from = base + rng.below(width);
                    let to = if rng.below(2) == 0 { from.saturating_add(rng.below(6_000)).min(LAST) } else { index };
                    let (from, to) = if rng.below(9) == 0 { (0, LAST) } else { (from, to) };
                    let before = model.len();
                    model.retain(|at, _| *at < from.min(to) || *at > from.max(to));
                    assert_eq!(array.remove_range(from, to), (before - model.len()) as u64);
                }
                7 => {
                    for n in 0..rng.below(300).min(LAST - index) {
                        let value = value(&mut rng);
                        assert_eq!(array.set(index + n, &value), model.insert(index + n, value).is_none());
                    }
                }
                8 => {
                    let (from, to) = (base + rng.below(width), index);
                    let mut expected: Vec<_> =
                        model.range(from.min(to)..=from.max(to)).map(|(at, value)| (*at, value.clone())).collect();
                    if from > to {
                        expected.reverse();
                    }
                    assert_eq!(all(&array, from, to), expected);
                }
                _ => {
                    let value = value(&mut rng);
                    assert_eq!(array.set(index, &value), model.insert(index, value).is_none());
                    let (twin, seed) = (array.clone(), Seed::new(round));
                    assert_eq!(twin.digest(&seed), array.digest(&seed));
                }
            }
            let got = array.get(index).map(|item| item.with_bytes(<[u8]>::to_vec));
            assert_eq!(got.as_ref(), model.get(&index));
            if step % 10 == 0 {
                check(&array, &model);
            }
        }
        check(&array, &model);
        let mut other = Array::new();
        model.iter().rev().for_each(|(index, value)| assert!(other.set(*index, value)));
        assert_eq!(other.digest(&Seed::new(1)), array.digest(&Seed::new(1)));
    }
}

/// A naive ring: what was appended, newest last.
#[test]
fn a_ring_keeps_the_newest_through_every_change_of_its_size() {
    for round in 0..200 {
        let mut rng = Rng::new(round);
        let (mut array, mut newest) = (Array::new(), Vec::<Vec<u8>>::new());
        for step in 0..200u64 {
            let size = if rng.below(12) == 0 { rng.below(30) + 1 } else { array.len().max(5) };
            if array.needs_turn(size) {
                array.turn(size);
            }
            let held = array.count();
            let at = array.next() % size;
            array.set(at, step.to_string().as_bytes());
            array.seek(at + 1);
            newest.push(step.to_string().into_bytes());
            assert_eq!((array.len(), array.count()), (size.min(held + 1), size.min(held + 1)));
            let mut at = at;
            for value in newest.iter().rev().take(array.count() as usize) {
                assert_eq!(array.get(at).map(|item| item.with_bytes(<[u8]>::to_vec)).as_ref(), Some(value));
                at = at.checked_sub(1).unwrap_or(array.len() - 1);
            }
        }
    }
}

#[test]
fn what_is_not_there_costs_nothing() {
    let mut array = Array::new();
    array.set(1 << 63, b"x");
    array.set(LAST, b"y");
    assert!(array.heap_bytes() < 1_000);
    assert_eq!(array.len(), u64::MAX);
    assert_eq!(array.remove_range(0, LAST), 2);
    assert_eq!((array.is_spent(), array.slices()), (true, 0));
}

#[test]
fn small_values_take_eight_bytes_a_position() {
    let (mut rows, mut scattered) = (Array::new(), Array::new());
    for n in 0..10 * SLICE {
        rows.set(n, (n * 1_000_003).to_string().as_bytes());
        scattered.set(n * 16, b"on");
    }
    assert_eq!(rows.layout().dense, 10);
    assert_eq!(scattered.layout().sparse, 160);
    assert!(rows.heap_bytes() < 10 * SLICE as usize * 9, "{}", rows.heap_bytes());
    assert!(scattered.heap_bytes() < 10 * SLICE as usize * 22, "{}", scattered.heap_bytes());
    let with_long = rows.heap_bytes();
    rows.set(5, &[b'x'; 1000]);
    assert_eq!(rows.heap_bytes(), with_long + 1004);
}
