//! Sets against naive ones: exact search, a map of names; and filters against garbage.

use super::filter::Filter;
use super::*;
use std::collections::BTreeMap;

fn rng() -> Rng {
    Rng::new(7)
}

/// From -1 to 1.
fn float(rng: &mut Rng) -> f32 {
    rng.below(1 << 24) as f32 / (1 << 23) as f32 - 1.0
}

fn set(form: Form, dim: usize, m: usize) -> VectorSet {
    VectorSet::new(Seed::new(1), form, dim, m, None)
}

fn kept(set: &VectorSet, vector: &[f32]) -> Kept {
    set.keep(&mut vector.to_vec(), false)
}

/// Vectors around some that are far apart.
fn clustered(rng: &mut Rng, count: usize, dim: usize) -> Vec<Vec<f32>> {
    let middles: Vec<Vec<f32>> = (0..50).map(|_| (0..dim).map(|_| float(rng)).collect()).collect();
    let mut around = || {
        let middle = rng.below(50) as usize;
        middles[middle].iter().map(|x| x + float(rng) * 0.7).collect()
    };
    (0..count).map(|_| around()).collect()
}

fn nearest(set: &VectorSet, like: &[f32], ef: usize, exact: bool) -> Vec<u32> {
    let near = set.search(&kept(set, like), &Search { count: 10, ef, exact, filter: None });
    assert!(near.windows(2).all(|two| two[0].0 <= two[1].0), "the nearest first");
    near.into_iter().map(|(_, node)| node).collect()
}

/// The part of the ten nearest that a search finds.
fn recall(set: &VectorSet, questions: &[Vec<f32>], ef: usize) -> f64 {
    let mut found = 0;
    for like in questions {
        let truth = nearest(set, like, ef, true);
        found += nearest(set, like, ef, false).iter().filter(|node| truth.contains(node)).count();
    }
    found as f64 / (questions.len() * 10) as f64
}

#[test]
fn nearly_all_of_the_nearest_are_found_among_ten_thousand() {
    let mut rng = rng();
    let all = clustered(&mut rng, 10_100, 16);
    for form in [Form::Q8, Form::Full] {
        let mut set = set(form, 16, 16);
        for (at, vector) in all[..10_000].iter().enumerate() {
            let kept = kept(&set, vector);
            assert!(set.add(at.to_string().as_bytes(), &kept, 200));
        }
        set.graph.check();
        let recall = recall(&set, &all[10_000..], 100);
        assert!(recall >= 0.95, "{form:?}: {recall}");
        if form == Form::Q8 {
            // Half of them go, and what is left is found as well as before.
            for at in (0..10_000).step_by(2) {
                let node = set.find(at.to_string().as_bytes()).expect("it is there");
                set.remove(node);
            }
            set.graph.check();
            let recall = self::recall(&set, &all[10_000..], 100);
            assert!(recall >= 0.95, "after removals: {recall}");
        }
    }
}

#[test]
fn names_vectors_and_attributes_are_those_of_a_map() {
    let mut rng = rng();
    for (form, m) in [(Form::Full, 4), (Form::Q8, 16), (Form::Bin, 5)] {
        let mut set = set(form, 5, m);
        let mut map: BTreeMap<String, (Vec<f32>, String)> = BTreeMap::new();
        for round in 0..3000 {
            let name = rng.below(200).to_string();
            match rng.below(5) {
                0 | 1 => {
                    let vector: Vec<f32> = (0..5).map(|_| float(&mut rng)).collect();
                    let kept = kept(&set, &vector);
                    let is_new = set.add(name.as_bytes(), &kept, 20);
                    assert_eq!(is_new, !map.contains_key(&name));
                    map.entry(name).or_default().0 = vector;
                }
                2 => {
                    let attributes = rng.below(3).to_string().replace('0', "");
                    let node = set.find(name.as_bytes());
                    assert_eq!(node.is_some(), map.contains_key(&name));
                    if let Some(node) = node {
                        set.set_attributes(node, Some(attributes.as_bytes()).filter(|text| !text.is_empty()));
                        map.get_mut(&name).expect("it is there").1 = attributes;
                    }
                }
                _ => {
                    let node = set.find(name.as_bytes());
                    assert_eq!(node.is_some(), map.remove(&name).is_some());
                    node.into_iter().for_each(|node| set.remove(node));
                }
            }
            if round % 100 != 0 {
                continue;
            }
            set.graph.check();
            assert_eq!(set.len(), map.len());
            assert_eq!(set.with_attributes(), map.values().filter(|(_, text)| !text.is_empty()).count());
            for (name, (vector, attributes)) in &map {
                let node = set.find(name.as_bytes()).expect("it is there");
                assert_eq!(set.name(node), name.as_bytes());
                assert_eq!(set.attributes(node).unwrap_or_default(), attributes.as_bytes());
                assert_eq!(set.graph.query(node).words, kept(&set, vector).words);
            }
        }
    }
}

#[test]
fn a_search_that_looks_at_all_finds_what_is_nearest() {
    let mut rng = rng();
    let all = clustered(&mut rng, 320, 8);
    for form in [Form::Full, Form::Q8] {
        let mut set = set(form, 8, 16);
        for (at, vector) in all[..300].iter().enumerate() {
            let kept = kept(&set, vector);
            set.add(at.to_string().as_bytes(), &kept, 200);
        }
        assert_eq!(recall(&set, &all[300..], 300), 1.0);
    }
}

#[test]
fn many_equal_vectors_stay_within_reach() {
    let mut set = set(Form::Q8, 3, 4);
    for at in 0..500 {
        let kept = kept(&set, &[1.0, 2.0, 3.0]);
        set.add(format!("e{at}").as_bytes(), &kept, 10);
    }
    set.graph.check();
    let near = set.search(&kept(&set, &[1.0, 2.0, 3.0]), &Search { count: 500, ef: 500, exact: false, filter: None });
    assert!(near.len() >= 490, "{}", near.len());
}

#[test]
fn what_is_no_number_does_no_harm() {
    let mut set = set(Form::Full, 2, 4);
    for at in 0..100 {
        let kept = kept(&set, &[if at % 3 == 0 { f32::NAN } else { at as f32 }, f32::INFINITY]);
        set.add(format!("e{at}").as_bytes(), &kept, 10);
    }
    for at in 0..100 {
        let node = set.find(format!("e{at}").as_bytes()).expect("it is there");
        set.remove(node);
        set.graph.check();
    }
}

#[test]
fn kernels_are_what_they_should_be() {
    let mut rng = rng();
    for dim in [1, 3, 8, 15, 16, 17, 64, 100, 384] {
        let (a, b): (Vec<f32>, Vec<f32>) = (0..dim).map(|_| (float(&mut rng), float(&mut rng))).unzip();
        for form in [Form::Full, Form::Q8, Form::Bin] {
            let set = set(form, dim, 4);
            let (x, y) = (kept(&set, &a), kept(&set, &b));
            let values = |kept: &Kept| space::floats(form, dim, &kept.words, kept.range, 1.0);
            let pairs = values(&x).into_iter().zip(values(&y));
            let naive = match form {
                Form::Bin => pairs.filter(|(a, b)| a != b).count() as f32 * 2.0 / dim as f32,
                _ => 1.0 - pairs.map(|(a, b)| a * b).sum::<f32>(),
            };
            let found = space::distance(form, dim, &x.words, &y.words, (x.range, y.range));
            assert!((found - naive.clamp(0.0, 2.0)).abs() < 1e-5, "{form:?} {dim}: {found} {naive}");
        }
    }
}

/// Of bytes that mean something there, mostly.
fn garbage(rng: &mut Rng, pieces: &[&str]) -> Vec<u8> {
    let mut text = Vec::new();
    for _ in 0..rng.below(12) {
        match rng.below(10) {
            0 => text.push(rng.below(256) as u8),
            _ => text.extend_from_slice(pieces[rng.below(pieces.len() as u64) as usize].as_bytes()),
        }
    }
    text
}

#[test]
fn no_filter_and_no_attributes_are_too_much() {
    let words = [
        ".a", "1", "-2", "\"x\"", "'", "\"", "\\", "[", "]", "(", ")", ",", " ", "not ", "!", "**", "*", "in ", "==",
        "and ", "or ", "null", ".", "1e9", "<", ">=", "%", "/", "-", "+", "[1,'x']",
    ];
    let json =
        ["{", "}", "[", "]", "\"a\":", "\"b\":", "1", "\"x\\\"\"", "\\", "\"", ",", ":", " ", "true", "null", "-", "e"];
    let mut rng = rng();
    let (mut read, mut met) = (0, 0);
    for _ in 0..20_000 {
        let text = garbage(&mut rng, &words);
        match Filter::new(&text) {
            Ok(filter) => {
                read += 1;
                for _ in 0..3 {
                    met += filter.passes(&garbage(&mut rng, &json)) as u32;
                    met += filter.passes(b"{\"a\":1}") as u32;
                }
            }
            Err(at) => assert!(at == 0 || at < text.len()),
        }
    }
    assert!(read > 100 && met > 100, "{read} {met}");
    let deep = [b"{\"a\":".as_slice(), &b"[".repeat(100_000), &b"]".repeat(100_000), b"}"].concat();
    Filter::new(b"1 in .a").expect("an expression").passes(&deep);
    assert!(Filter::new(&[b"(".repeat(100_000), b"1".to_vec(), b")".repeat(100_000)].concat()).is_ok());
    assert!(Filter::new(&b"!".repeat(100_000)).is_err());
}
