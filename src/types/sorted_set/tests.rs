use super::*;
use std::collections::BTreeMap;

/// Scores in halves, so that they have an order.
type Model = BTreeMap<(i64, Vec<u8>), ()>;

fn limits(entries: usize) -> Limits {
    Limits { entries, value: 20, seed: Seed::new(1) }
}

fn all(set: &SortedSet, start: usize, count: usize, reverse: bool) -> Vec<(i64, Vec<u8>)> {
    let mut found = Vec::new();
    set.each(start, count, reverse, &mut |item, score| {
        found.push(((score * 2.0) as i64, item.with_bytes(<[u8]>::to_vec)));
        true
    });
    found
}

fn check(set: &SortedSet, model: &Model, rng: &mut Rng) {
    let mut expected: Vec<_> = model.keys().cloned().collect();
    assert_eq!((set.len(), set.is_empty()), (expected.len(), expected.is_empty()));
    assert_eq!(all(set, 0, usize::MAX, false), expected);
    let (start, count) = (rng.below(expected.len() as u64 + 2) as usize, rng.below(9) as usize);
    let part: Vec<_> = expected.iter().skip(start).take(count).cloned().collect();
    assert_eq!(all(set, start, count, false), part);
    for (rank, (score, member)) in expected.iter().enumerate() {
        assert_eq!(set.rank(member), Some((rank, *score as f64 / 2.0)));
        assert_eq!(set.score(member), Some(*score as f64 / 2.0));
    }
    expected.reverse();
    assert_eq!(all(set, expected.len().saturating_sub(1), usize::MAX, true), expected);
    let mut scanned = Vec::new();
    let mut cursor = 0;
    loop {
        cursor = set.scan(cursor, 3, &mut |item, score| {
            scanned.push(((score * 2.0) as i64, item.with_bytes(<[u8]>::to_vec)));
        });
        if cursor == 0 {
            break;
        }
    }
    scanned.sort();
    expected.reverse();
    assert_eq!(scanned, expected);
}

#[test]
fn it_behaves_like_a_sorted_map_in_every_encoding() {
    let mut rng = Rng::new(1);
    for round in 0..60 {
        let limits = limits([0, 3, 40, 10_000][round % 4]);
        let (mut set, mut model) = (SortedSet::new(), Model::new());
        let names = rng.below(300) + 1;
        for step in 0..600 {
            let name = match rng.below(8) {
                0 => format!("a member of some length {}", rng.below(3)).into_bytes(),
                1 => Vec::new(),
                _ => rng.below(names).to_string().into_bytes(),
            };
            let short = limits.entries == 10_000 && name.len() > limits.value;
            let score = rng.below(40) as i64 - 20;
            let old = model.keys().find(|(_, member)| *member == name).cloned();
            match rng.below(8) {
                _ if short => {}
                0 | 1 => {
                    assert_eq!(set.remove(&name), old.is_some());
                    old.map(|old| model.remove(&old));
                }
                2 if step % 5 == 0 => {
                    let start = rng.below(model.len() as u64 + 1) as usize;
                    let end = start + rng.below(5) as usize;
                    set.remove_range(start..end.min(model.len()).max(start));
                    let gone: Vec<_> = model.keys().skip(start).take(end - start).cloned().collect();
                    model.retain(|key, ()| !gone.contains(key));
                }
                _ => {
                    let mut seen = Some(f64::NAN);
                    let guess = [None, Some(score as f64 / 2.0), Some(0.0)][step % 3];
                    set.update(&name, guess, &limits, &mut |found| {
                        seen = found;
                        Some(score as f64 / 2.0)
                    });
                    assert_eq!(seen, old.as_ref().map(|(score, _)| *score as f64 / 2.0));
                    old.map(|old| model.remove(&old));
                    model.insert((score, name), ());
                }
            }
            let border = rng.below(40) as i64 - 20;
            let below = model.keys().filter(|(score, _)| *score < border).count();
            assert_eq!(set.count_scores(border as f64 / 2.0, false), below);
            let below = model.keys().filter(|(score, _)| *score <= border).count();
            assert_eq!(set.count_scores(border as f64 / 2.0, true), below);
            if step % 20 == 0 {
                check(&set, &model, &mut rng);
            }
        }
        check(&set, &model, &mut rng);
        let copy = set.clone();
        check(&copy, &model, &mut rng);
        let mut other = SortedSet::big(&limits);
        for (score, member) in model.keys() {
            other.set(member, *score as f64 / 2.0, &limits);
        }
        assert_eq!((set.digest(&Seed::new(2)), other.encoding()), (other.digest(&Seed::new(2)), "skiplist"));
        let fits = model.len() <= limits.entries && model.keys().all(|(_, member)| member.len() <= limits.value);
        let packed = other.packed(&limits);
        assert_eq!(packed.encoding(), if fits { "listpack" } else { "skiplist" });
        check(&packed, &model, &mut rng);
        let mut sampled = Vec::new();
        let wanted = rng.below(model.len() as u64 + 3) as usize;
        set.sample(wanted, &mut rng, &mut |item, score| {
            sampled.push(((score * 2.0) as i64, item.with_bytes(<[u8]>::to_vec)));
            true
        });
        sampled.sort();
        sampled.dedup();
        assert_eq!(sampled.len(), wanted.min(model.len()));
        assert!(sampled.iter().all(|key| model.contains_key(key)));
    }
}

#[test]
fn the_limits_decide_the_encoding() {
    let limits = limits(3);
    let mut set = SortedSet::new();
    for member in ["a", "b", "c"] {
        set.set(member.as_bytes(), 1.5, &limits);
    }
    assert_eq!(set.encoding(), "listpack");
    set.clone().expect(3, &limits);
    assert_eq!(set.encoding(), "listpack");
    set.set(b"a", 7.0, &limits);
    assert_eq!(set.encoding(), "listpack");
    set.update(b"a member beyond the limit", None, &limits, &mut |_| None);
    assert_eq!(set.encoding(), "listpack");
    set.set(b"d", 1.0, &limits);
    assert_eq!(set.encoding(), "skiplist");
    let mut set = SortedSet::new();
    set.set(b"a member beyond the limit", 1.0, &limits);
    assert_eq!(set.encoding(), "skiplist");
}

/// What `ZADD z ...; DUMP z` of Redis 8 holds.
#[test]
fn the_bytes_of_a_pack_are_those_of_redis() {
    let mut set = SortedSet::new();
    for (member, score) in
        [("a", 1.5), ("b", -2.0), ("c", f64::INFINITY), ("17", 4096.0), ("d", 1e20), ("e", -0.0), ("f", 1e-7)]
    {
        set.set(member.as_bytes(), score, &limits(100));
    }
    let Repr::Pack(pack) = &set.0 else { panic!("a pack") };
    let expected: &[u8] = b";\x00\x00\x00\x0e\x00\x81b\x02\xdf\xfe\x02\x81e\x02\x00\x01\x81f\x02\x841e-7\x05\x81a\x02\x831.5\x04\x11\x01\xf1\x00\x10\x03\x81d\x02\x851e+20\x06\x81c\x02\x83inf\x04\xff";
    assert_eq!(pack.bytes(), expected);
}
