//! A hash against a map, in every encoding.

use super::*;
use std::collections::BTreeMap;

fn limits(entries: usize, value: usize) -> Limits {
    Limits { entries, value, seed: Seed::new(1) }
}
fn fields(hash: &Hash) -> String {
    let mut all = Vec::new();
    hash.each(0, &mut |field, _, _| all.push(String::from_utf8(field.to_vec()).unwrap()));
    all.join(" ")
}
fn hash_of(text: &str, limits: &Limits) -> Hash {
    let mut hash = Hash::new();
    for field in text.split(' ') {
        hash.set(field.as_bytes(), b"1", FieldTtl::Clear, limits);
    }
    hash
}

#[test]
fn it_behaves_like_a_map_with_deadlines_in_every_encoding() {
    let mut seen = BTreeSet::new();
    for round in 0..300 {
        let mut rng = Rng::new(round * 77 + 1);
        let limits = limits([3, 40, 4000][round as usize % 3], [5, 30][rng.below(2) as usize]);
        let mut hash = Hash::new();
        let mut model: BTreeMap<Vec<u8>, (Vec<u8>, i64)> = BTreeMap::new();
        let (names, ttls) = (rng.below(60) + 1, rng.below(3));
        let mut now = 1_000;
        for _ in 0..400 {
            let field = match rng.below(names) {
                n if n % 5 == 0 => format!("field-{n}-long").into_bytes(),
                n => n.to_string().into_bytes(),
            };
            let digits = rng.below(60) + 1;
            let value = rng.below(1 << digits).to_string().into_bytes();
            let deadline = now + 1 + rng.below(50) as i64;
            match rng.below(12) {
                0..=3 => {
                    let ttl = match rng.below(3) {
                        0 => FieldTtl::Clear,
                        1 => FieldTtl::Keep,
                        _ if ttls == 0 => FieldTtl::Keep,
                        _ => FieldTtl::At(deadline),
                    };
                    let old = model.get(&field).map(|e| e.1);
                    assert_eq!(hash.set(&field, &value, ttl, &limits), old.is_none());
                    model.insert(field, (value, ttl.after(old.unwrap_or(NEVER))));
                }
                4 if ttls > 0 => {
                    let deadline = if rng.below(3) == 0 { NEVER } else { deadline };
                    assert_eq!(hash.set_deadline(&field, deadline), model.contains_key(&field));
                    if let Some(e) = model.get_mut(&field) {
                        e.1 = deadline;
                    }
                }
                5 | 6 => assert_eq!(hash.remove(&field), model.remove(&field).is_some()),
                7 => {
                    now += rng.below(20) as i64;
                    let max = rng.below(6) as usize;
                    let mut gone = Vec::new();
                    let count = hash.expire_due(now, max, &mut |f| gone.push(f.to_vec()));
                    let due = model.values().filter(|e| e.1 <= now).count();
                    assert_eq!((count, gone.len()), (due.min(max), due.min(max)));
                    let mut last = 0;
                    for field in gone {
                        let (_, deadline) = model.remove(&field).unwrap();
                        assert!(deadline <= now && deadline >= last);
                        last = deadline;
                    }
                    assert!(count == max || hash.next_deadline() > now);
                }
                8 => {
                    let got = hash.get(&field).map(|v| v.with_bytes(<[u8]>::to_vec));
                    assert_eq!(got, model.get(&field).map(|e| e.0.clone()));
                    assert_eq!(hash.deadline(&field), model.get(&field).map(|e| e.1));
                }
                9 => {
                    let mut rng = Rng::new(round);
                    let count = model.len().min(rng.below(20) as usize);
                    let mut picked = BTreeSet::new();
                    hash.sample(count, &mut rng, &mut |t| {
                        picked.insert(t.0.with_bytes(<[u8]>::to_vec));
                    });
                    assert!(picked.len() == count && picked.iter().all(|f| model.contains_key(f)));
                    let one = hash.random(&mut rng).map(|t| (t.0.with_bytes(<[u8]>::to_vec), t.2));
                    assert_eq!(one.is_none(), model.is_empty());
                    assert!(one.is_none_or(|(field, deadline)| model[&field].1 == deadline));
                }
                10 => hash = hash.clone(),
                _ => {
                    let (mut cursor, mut met) = (0, Vec::new());
                    loop {
                        cursor = hash.scan(cursor, 3, &mut |t| met.push(t.0.with_bytes(<[u8]>::to_vec)));
                        if cursor == 0 {
                            break;
                        }
                    }
                    met.sort();
                    assert!(met.iter().eq(model.keys()));
                }
            }
            seen.insert(hash.encoding());
            assert_eq!((hash.len(), hash.is_empty()), (model.len(), model.is_empty()));
            let next = model.values().map(|e| e.1).min().unwrap_or(NEVER);
            assert_eq!(hash.next_deadline(), next);
        }
        let mut all = Vec::new();
        hash.each(0, &mut |f, v, d| all.push((f.to_vec(), (v.to_vec(), d))));
        if hash.encoding() == "listpackex" {
            assert!(all.is_sorted_by_key(|e| e.1.1));
        }
        all.sort();
        assert_eq!(all, model.into_iter().collect::<Vec<_>>());
    }
    assert_eq!(seen.len(), 3);
}

/// Each line was answered by Redis 8 (HGETALL).
#[test]
fn fields_with_deadlines_stand_in_redis_order() {
    let l = limits(128, 64);
    let mut hash = hash_of("a b c d", &l);
    let mut step = |field: &str, deadline: i64, expected: &str| {
        hash.set_deadline(field.as_bytes(), deadline);
        assert_eq!(fields(&hash), expected);
    };
    step("c", 100, "c a b d");
    step("d", 50, "d c a b");
    step("a", 101, "d c a b");
    step("a", 300, "d c a b");
    step("b", 300, "d c b a");
    step("c", 300, "d c b a");
    step("d", 300, "d c b a");
    step("a", 300, "a d c b");
    step("b", NEVER, "a d c b");
    assert!(!hash.set(b"c", b"33", FieldTtl::Clear, &l));
    assert_eq!(fields(&hash), "a d b c");
    assert!(hash.set(b"e", b"5", FieldTtl::Clear, &l));
    assert!(!hash.set(b"b", b"22", FieldTtl::Clear, &l));
    assert_eq!(fields(&hash), "a d b c e");
    hash.set_deadline(b"a", NEVER);
    assert_eq!(fields(&hash), "d b c e a");
    hash.set(b"d", b"7", FieldTtl::Keep, &l);
    hash.set(b"f", b"7", FieldTtl::At(200), &l);
    hash.set(b"g", b"7", FieldTtl::At(200), &l);
    assert_eq!(fields(&hash), "g f d b c e a");
    assert_eq!(hash.encoding(), "listpackex");
}

#[test]
fn encodings_change_where_redis_changes_them() {
    let l = limits(4, 8);
    let encoding = |hash: &Hash| hash.encoding();
    assert_eq!(encoding(&hash_of("a b c d", &l)), "listpack");
    assert_eq!(encoding(&hash_of("a b c d e", &l)), "hashtable");
    assert_eq!(encoding(&hash_of("aaaaaaaa", &l)), "listpack");
    assert_eq!(encoding(&hash_of("aaaaaaaaa", &l)), "hashtable");
    let mut hash = hash_of("a b", &l);
    hash.expect(4, &l);
    assert_eq!(hash.encoding(), "listpack");
    hash.set(b"a", b"12345678", FieldTtl::Keep, &l);
    hash.expect_deadlines();
    assert_eq!(hash.encoding(), "listpackex");
    let mut other = hash.clone();
    other.expect(5, &l);
    assert_eq!((other.encoding(), other.len()), ("hashtable", 2));
    hash.set_deadline(b"a", 5);
    hash.set(b"a", b"123456789", FieldTtl::Keep, &l);
    assert_eq!((hash.encoding(), hash.deadline(b"a"), hash.next_deadline()), ("hashtable", Some(5), 5));
    let mut many = hash_of("a b c d", &l);
    many.set(b"a", b"2", FieldTtl::Keep, &limits(2, 8));
    assert_eq!(many.encoding(), "hashtable");
    assert_eq!(many.expire_due(i64::MAX - 1, 9, &mut |_| panic!()), 0);
}

#[test]
fn a_sample_is_fair() {
    let mut rng = Rng::new(3);
    for (l, text) in [(limits(64, 64), "a b c d e f g h i j"), (limits(0, 64), "a b c d e f g h i j")] {
        let hash = hash_of(text, &l);
        for count in [2, 7] {
            let mut hits = BTreeMap::new();
            for _ in 0..10_000 {
                hash.sample(count, &mut rng, &mut |t| *hits.entry(t.0.with_bytes(<[u8]>::to_vec)).or_insert(0i64) += 1);
            }
            let mean = count as i64 * 1_000;
            assert!(hits.len() == 10 && hits.values().all(|h| (h - mean).abs() < 250), "{hits:?}");
        }
    }
}
