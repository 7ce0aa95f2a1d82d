//! `Dict` against a naive model, its representation against its own invariants, and what SCAN and RANDOMKEY stand on.

use super::*;
use crate::types::small::Small;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
struct Pair {
    key: Small,
    value: u64,
}
impl Entry for Pair {
    fn key(&self) -> &[u8] {
        &self.key
    }
}

/// The same behind a reference.
#[derive(Clone, Debug)]
struct Far(Box<Pair>);
impl Entry for Far {
    fn key(&self) -> &[u8] {
        &self.0.key
    }
}

/// A key and a number, however it lies.
trait Held: Entry + Clone {
    fn of(n: u64, value: u64) -> Self;
    fn value(&mut self) -> &mut u64;
}
impl Held for Pair {
    fn of(n: u64, value: u64) -> Pair {
        pair(n, value)
    }
    fn value(&mut self) -> &mut u64 {
        &mut self.value
    }
}
impl Held for Far {
    fn of(n: u64, value: u64) -> Far {
        Far(Box::new(pair(n, value)))
    }
    fn value(&mut self) -> &mut u64 {
        &mut self.0.value
    }
}

fn pair(n: u64, value: u64) -> Pair {
    Pair { key: Small::new(name(n).as_bytes()), value }
}
/// Keys of many lengths, some on the heap.
fn name(n: u64) -> String {
    format!("{n}{}", "-".repeat((n * 7 % 29) as usize))
}

fn segments<E: Entry>(dict: &Dict<E>) -> Vec<Segment<E>> {
    let (mut all, mut at) = (Vec::new(), 0);
    while !dict.directory.is_null() && at < 1 << dict.depth() {
        // SAFETY: `at` is inside the directory.
        let segment = unsafe { *dict.directory.add(at) };
        all.push(segment);
        at = dict.range(at, segment).end;
    }
    all
}

/// Holds every invariant of the representation, and the count of bytes, against the structure itself.
fn check<E: Entry>(dict: &Dict<E>) {
    let mut bytes = 0;
    let mut len = 0;
    let mut depths = [0; MAX_DEPTH as usize + 1];
    if !dict.directory.is_null() {
        bytes += (1 << dict.depth()) * size_of::<usize>();
        if !dict.next.is_null() {
            bytes += (2 << dict.depth()) * size_of::<usize>();
            for at in 0..2 * dict.prepared {
                assert_eq!(unsafe { (*dict.next.add(at)).0 }, unsafe { (*dict.directory.add(at / 2)).0 });
            }
        }
        let mut at = 0;
        for segment in segments(dict) {
            depths[segment.depth() as usize] += 1;
            for slot in dict.range(at, segment) {
                assert_eq!(unsafe { *dict.directory.add(slot) }.0, segment.0);
            }
            bytes += head_layout::<E>(segment.capacity()).size();
            assert!(segment.len() <= segment.capacity());
            for i in 0..segment.len() {
                let hash = dict.hash(unsafe { &*segment.slot(i) }.key());
                assert_eq!(unsafe { *segment.prints().add(i) }, hash as u8);
                assert!(dict.range(at, segment).contains(&((hash >> dict.shift) as usize)));
            }
            len += segment.len();
            at = dict.range(at, segment).end;
        }
    }
    assert_eq!((dict.len, dict.bytes, dict.depths), (len, bytes, depths));
    if len == 0 {
        assert_eq!(dict.heap_bytes(), 0);
    }
}

#[test]
fn it_behaves_like_a_map_while_it_grows_and_shrinks() {
    grows_and_shrinks::<Pair>();
}

#[test]
fn so_it_does_where_entries_are_references() {
    grows_and_shrinks::<Far>();
}

fn grows_and_shrinks<E: Held>() {
    let mut rng = Rng::new(1);
    let mut dict = Dict::<E>::new(Seed::new(1));
    let mut model = BTreeMap::new();
    let mut peak = 0;
    for phase in 0..12u64 {
        let (keys, removals) = [(60_000, 20), (60_000, 90), (300, 50), (2_000, 45)][phase as usize % 4];
        for round in 0..30_000 {
            let n = rng.below(keys);
            let value = rng.below(1 << 40);
            match rng.below(100) {
                x if x < removals => {
                    let got = dict.remove(name(n).as_bytes()).map(|mut e| *e.value());
                    assert_eq!(got, model.remove(&n));
                }
                x if x < removals + 10 => {
                    assert_eq!(dict.get(name(n).as_bytes()).map(|e| *e.clone().value()), model.get(&n).copied());
                    if let Some(e) = dict.get_mut(name(n).as_bytes()) {
                        *e.value() = value;
                        model.insert(n, value);
                    }
                }
                _ => assert_eq!(dict.insert(E::of(n, value)).map(|mut e| *e.value()), model.insert(n, value)),
            }
            if round % 5_000 == 0 {
                check(&dict);
            }
        }
        check(&dict);
        peak = peak.max(dict.len());
        let mut all: Vec<_> = dict.iter().map(|e| (e.key().to_vec(), *e.clone().value())).collect();
        all.sort();
        let mut expected: Vec<_> = model.iter().map(|(&n, &v)| (name(n).into_bytes(), v)).collect();
        expected.sort();
        assert_eq!(all, expected);
        if phase % 3 == 2 {
            let copy = dict.clone();
            check(&copy);
            for n in std::mem::take(&mut model).into_keys() {
                assert!(dict.remove(name(n).as_bytes()).is_some());
                assert!(copy.get(name(n).as_bytes()).is_some());
            }
            check(&dict);
            assert!(dict.is_empty());
        }
    }
    assert!(peak > 15_000);
}

#[test]
fn memory_stays_in_proportion() {
    let mut dict = Dict::new(Seed::new(5));
    let mut worst: f64 = 0.0;
    for n in 0..200_000u64 {
        let key = format!("key:{n:012}");
        let hash = dict.hash(key.as_bytes());
        let mut e = Wide([0; 48]);
        e.0[..16].copy_from_slice(key.as_bytes());
        dict.insert_new_hashed(hash, e);
        if n > 4_096 && n % 512 == 0 {
            if n % 16_384 == 0 {
                check(&dict);
            }
            worst = worst.max(dict.heap_bytes() as f64 / dict.len() as f64);
        }
    }
    assert!(worst < 60.0, "{worst} bytes an entry");
    for n in 0..199_000u64 {
        dict.remove(format!("key:{n:012}").as_bytes()).unwrap();
    }
    check(&dict);
    assert!(dict.heap_bytes() < 160 * dict.len(), "{} bytes for {}", dict.heap_bytes(), dict.len());
}

struct Wide([u8; 48]);
impl Entry for Wide {
    fn key(&self) -> &[u8] {
        &self.0[..16]
    }
}

#[test]
fn a_small_table_is_small() {
    let mut dict = Dict::new(Seed::new(5));
    assert_eq!(dict.heap_bytes(), 0);
    dict.insert(pair(1, 1));
    assert!(dict.heap_bytes() <= STEP * size_of::<Pair>() + 96, "{}", dict.heap_bytes());
}

#[test]
fn scan_meets_whatever_stays() {
    let mut rng = Rng::new(77);
    for round in 0..60 {
        let mut dict = Dict::new(Seed::new(round));
        let stay = rng.below(3_000);
        let spare = rng.below(20_000) + 1;
        for n in 0..stay {
            dict.insert(pair(n, 0));
        }
        for n in 0..rng.below(spare) {
            dict.insert(pair(10_000 + n, 1));
        }
        let (mut seen, mut cursor, mut twice) = (BTreeSet::new(), 0, 0);
        loop {
            let count = rng.below(40) as usize;
            let mut met = 0;
            cursor = dict.scan(cursor, count, &mut |e| {
                met += 1;
                if e.value == 0 && !seen.insert(e.key.to_vec()) {
                    twice += 1;
                }
            });
            assert!(met <= count.max(1) + 1 && cursor <= 1 << CURSOR_BITS);
            if cursor == 0 {
                break;
            }
            // Grow or shrink by a lot between the calls, so that segments split and merge and the directory moves.
            if rng.below(8) == 0 {
                let grow = rng.below(2) == 0;
                for _ in 0..rng.below(spare) {
                    let n = 10_000 + rng.below(spare);
                    if grow {
                        dict.insert(pair(n, 1))
                    } else {
                        dict.remove(name(n).as_bytes())
                    };
                }
            }
        }
        check(&dict);
        assert_eq!((seen.len() as u64, twice), (stay, 0));
    }
}

#[test]
fn scan_ignores_cursors_it_never_gave() {
    let mut dict = Dict::new(Seed::new(5));
    for n in 0..1000 {
        dict.insert(pair(n, 1));
    }
    for cursor in [u64::MAX, 1 << 63, 1 << 52, (1 << 52) - 1] {
        assert_eq!(dict.scan(cursor, 10, &mut |_| {}), 0);
    }
    assert_eq!(Dict::<Pair>::new(Seed::new(5)).scan(0, 10, &mut |_| panic!()), 0);
}

#[test]
fn random_is_uniform_over_uneven_segments() {
    for keys in [1u64, 9, 130, 1_000] {
        let mut dict = Dict::new(Seed::new(keys));
        for n in 0..keys * 4 {
            dict.insert(pair(n, n));
        }
        // Empty one half of the hash space more than the other: depths differ then.
        for n in 0..keys * 4 {
            let hash = dict.hash(name(n).as_bytes());
            if hash >> 62 == 0 && n % 16 != 0 || n >= keys * 3 {
                dict.remove(name(n).as_bytes());
            }
        }
        check(&dict);
        let mut rng = Rng::new(4);
        let mut hits = BTreeMap::new();
        let draws = dict.len() as u64 * 200;
        for _ in 0..draws {
            *hits.entry(dict.random(&mut rng).unwrap().value).or_insert(0u64) += 1;
        }
        assert_eq!(hits.len(), dict.len());
        let chi: f64 = hits.values().map(|&h| (h as f64 - 200.0).powi(2) / 200.0).sum();
        let freedom = dict.len() as f64 - 1.0;
        assert!((chi - freedom).abs() < 6.0 * (2.0 * freedom + 1.0).sqrt(), "{keys} keys: {chi}");
    }
    assert!(Dict::<Pair>::new(Seed::new(1)).random(&mut Rng::new(1)).is_none());
}

#[test]
fn keys_that_aim_at_one_segment_slow_it_down_but_do_not_blow_it_up() {
    let seed = Seed::new(11);
    let mut dict = Dict::new(seed);
    let mut aimed = Vec::new();
    let mut n = 0;
    while aimed.len() < 600 {
        if seed.hash(name(n).as_bytes()) >> 54 == 5 {
            aimed.push(n);
            dict.insert(pair(n, n));
        }
        n += 1;
    }
    check(&dict);
    assert!(dict.depth() < 9 && dict.heap_bytes() < 100 * 600);
    let mut count = 0;
    assert_eq!(dict.scan(0, 10_000, &mut |_| count += 1), 0);
    assert_eq!(count, 600);
    assert!(aimed.iter().all(|&n| dict.get(name(n).as_bytes()).is_some()));
    let mut rng = Rng::new(1);
    assert!((0..1000).map(|_| dict.random(&mut rng).unwrap().value).collect::<BTreeSet<_>>().len() > 400);
    for n in aimed {
        assert!(dict.remove(name(n).as_bytes()).is_some());
    }
    check(&dict);
}

#[test]
fn entries_of_a_hash_are_found_by_it() {
    let mut dict = Dict::new(Seed::new(3));
    for n in 0..5_000 {
        dict.insert(pair(n, n));
    }
    for n in 0..5_000 {
        let hash = dict.hash(name(n).as_bytes());
        assert_eq!(dict.find_by_hash(hash, |_| true).unwrap().value, n);
        assert!(dict.find_by_hash(hash, |_| false).is_none());
        assert!(dict.find_by_hash(hash ^ 256, |_| true).is_none());
        dict.find_by_hash_mut(hash, |e| e.value == n).unwrap().value += 1;
        assert_eq!(dict.remove_by_hash(hash, |e| e.value == n + 1).unwrap().value, n + 1);
    }
    assert!(dict.is_empty());
}

/// An entry that tells when it is dropped.
struct Told(Small, std::rc::Rc<std::cell::Cell<usize>>);

impl Entry for Told {
    fn key(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        self.1.set(self.1.get() + 1);
    }
}

#[test]
fn shed_drops_each_entry_once_a_few_at_a_time() {
    for (count, stop) in [(0, 9), (1, 9), (63, 9), (5000, 0), (5000, 3), (5000, 1000)] {
        let dropped = std::rc::Rc::default();
        let mut dict = Dict::new(Seed::new(count));
        for n in 0..count {
            dict.insert(Told(Small::new(name(n).as_bytes()), std::rc::Rc::clone(&dropped)));
        }
        let mut more = count > 0;
        for _ in 0..stop {
            let before = dropped.get();
            more = dict.shed(100);
            assert!(dropped.get() - before < 100 + SEGMENT);
            assert!(!more || dropped.get() - before >= 100);
            if !more {
                break;
            }
        }
        if !more {
            assert_eq!(dropped.get(), count as usize);
            // It is a table as good as new.
            check(&dict);
            dict.insert(Told(Small::new(b"again"), std::rc::Rc::clone(&dropped)));
            check(&dict);
            assert!(dict.get(b"again").is_some());
        }
        drop(dict);
        assert_eq!(dropped.get() as u64, count + !more as u64);
    }
}
