use super::*;
use crate::types::dict::hashing::Rng;

/// What the list keeps true about itself.
fn check(list: &List, model: &[Vec<u8>]) {
    assert_eq!((list.len(), list.is_empty()), (model.len(), model.is_empty()));
    let all = |forward| {
        let start = if forward { 0 } else { model.len().saturating_sub(1) };
        list.iter(start, forward).map(|item| item.with_bytes(<[u8]>::to_vec)).collect::<Vec<_>>()
    };
    assert_eq!(all(true), model);
    let mut backward = all(false);
    backward.reverse();
    assert_eq!(backward, model);
    let bytes = |item: Option<Item>| item.map(|item| item.with_bytes(<[u8]>::to_vec));
    assert_eq!(bytes(list.end(true)), model.first().cloned());
    assert_eq!(bytes(list.end(false)), model.last().cloned());
    if let Repr::Quick(quick) = &list.0 {
        let nodes: usize = quick.chunks.iter().map(|chunk| chunk.nodes.len()).sum();
        assert_eq!(nodes, quick.nodes);
        for chunk in &quick.chunks {
            assert!((1..=CHUNK).contains(&chunk.nodes.len()));
            assert_eq!(chunk.len, chunk.nodes.iter().map(Node::len).sum::<usize>());
            assert!(chunk.nodes.iter().all(|node| node.len() > 0));
        }
    }
}

fn value(rng: &mut Rng, longest: u64) -> Vec<u8> {
    match rng.below(8) {
        0..=2 => rng.below(5).to_string().into_bytes(),
        3 => vec![b'a'; rng.below(4) as usize],
        4 => (rng.next() as i64 >> rng.below(64)).to_string().into_bytes(),
        5 if rng.below(6) == 0 => vec![b'L'; 8193 + rng.below(3) as usize],
        _ => vec![b'x'; rng.below(longest) as usize],
    }
}

#[test]
fn it_behaves_like_a_vector() {
    let seed = Seed::new(1);
    for round in 0..400 {
        let mut rng = Rng::new(round);
        let fill = Fill::new([1, 2, 3, 4, 7, -1, -2, 128][round as usize % 8]);
        let longest = [30, 3000][rng.below(2) as usize];
        let (mut list, mut model) = (List::new(), Vec::<Vec<u8>>::new());
        let most = rng.below(80);
        for step in 0..300 {
            let v = value(&mut rng, longest);
            let n = model.len() as u64;
            let i = if n > 0 { rng.below(n) as usize } else { 0 };
            match rng.below(if n > most { 14 } else { 9 }) {
                0..=2 => {
                    let front = rng.below(2) == 0;
                    list.expect(1, v.len(), fill);
                    list.push(front, &v);
                    model.insert(if front { 0 } else { model.len() }, v);
                }
                _ if n == 0 => assert!(list.get(0).is_none() && list.find(b"x").is_none()),
                3..=4 => {
                    let after = rng.below(2) == 0;
                    list.expect(1, v.len(), fill);
                    list.insert(i, after, &v);
                    model.insert(i + after as usize, v);
                }
                5 => {
                    list.expect(0, v.len(), fill);
                    list.set(i, &v);
                    list.relax(fill);
                    model[i] = v;
                }
                6 => {
                    assert_eq!(list.get(i).map(|item| item.with_bytes(<[u8]>::to_vec)), Some(model[i].clone()));
                    assert_eq!(list.find(&v), model.iter().position(|m| *m == v));
                    let forward = rng.below(2) == 0;
                    let part: Vec<_> = list.iter(i, forward).map(|item| item.with_bytes(<[u8]>::to_vec)).collect();
                    let expected = if forward { &model[i..] } else { &model[..=i] };
                    assert!(if forward { part.iter().eq(expected) } else { part.iter().rev().eq(expected) });
                    let (most, mut shown) = (part.len().min(1 + i % 7 * 40), Vec::new());
                    list.iter(i, forward).show(most, &mut |item| shown.push(item.with_bytes(<[u8]>::to_vec)));
                    assert_eq!(shown, part[..most]);
                }
                7 => {
                    let (most, backward) = (rng.below(4) as usize, rng.below(2) == 0);
                    let wanted = if rng.below(2) == 0 { v } else { model[i].clone() };
                    let mut expected = 0;
                    let mut k = if backward { model.len() } else { 0 };
                    while expected < most && if backward { k > 0 } else { k < model.len() } {
                        if backward {
                            k -= 1;
                        }
                        if model[k] == wanted {
                            model.remove(k);
                            expected += 1;
                        } else if !backward {
                            k += 1;
                        }
                    }
                    assert_eq!(list.remove_equal(&wanted, most, backward), expected);
                    list.relax(fill);
                }
                8 => {
                    list = list.clone();
                    let mut other = List::new();
                    other.expect(model.len(), 0, Fill::new(3));
                    model.iter().for_each(|m| other.push(false, m));
                    assert_eq!(list.digest(&seed), other.digest(&seed));
                }
                9..=11 => {
                    let front = rng.below(2) == 0;
                    list.drop_end(front);
                    list.relax(fill);
                    model.remove(if front { 0 } else { model.len() - 1 });
                }
                _ => {
                    let count = rng.below(30) as usize;
                    list.remove_range(i, count);
                    list.relax(fill);
                    model.drain(i..(i + count).min(model.len()));
                }
            }
            if step % 5 == 0 {
                check(&list, &model);
            }
        }
        check(&list, &model);
    }
}
