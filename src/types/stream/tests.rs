use super::group::Pending;
use super::*;
use crate::types::dict::hashing::Rng;
use std::collections::BTreeMap;

type Fields = Vec<(Vec<u8>, Vec<u8>)>;

fn id(ms: u64, seq: u64) -> Id {
    Id { ms, seq }
}

fn add(stream: &mut Stream, id: Id, fields: &Fields, limits: NodeLimits) {
    let bytes = fields.iter().map(|(f, v)| f.len() + v.len()).sum();
    stream.append(id, fields.iter().map(|(f, v)| (&f[..], &v[..])), bytes, limits);
}

fn fields(text: &str) -> Fields {
    let words: Vec<Vec<u8>> = text.split(' ').map(|w| w.as_bytes().to_vec()).collect();
    words.chunks(2).map(|w| (w[0].clone(), w[1].clone())).collect()
}

fn read(stream: &Stream, start: Id, end: Id, reverse: bool) -> Vec<(Id, Fields)> {
    let mut range = stream.range(start, end, reverse);
    let mut found = Vec::new();
    while let Some(id) = range.next() {
        let mut pairs = Vec::new();
        // Whether the fields are read makes no difference to what comes next.
        if id.seq.is_multiple_of(2) {
            range.pairs(&mut |_, _| {});
        }
        range.pairs(&mut |f, v| pairs.push((f.with_bytes(<[u8]>::to_vec), v.with_bytes(<[u8]>::to_vec))));
        assert_eq!(range.count(), pairs.len());
        found.push((id, pairs));
    }
    found
}

/// Each step is one that Redis took; `bytes` is the listpack in its DUMP.
#[test]
fn a_node_has_the_bytes_of_redis() {
    let (mut stream, limits) = (Stream::new(), NodeLimits { bytes: 4096, entries: 100 });
    for (at, text) in [(id(1, 1), "a 1 b 2"), (id(1, 2), "a 5 b 6"), (id(5, 1), "a hello"), (id(5, 2), "b 1 a 100")] {
        add(&mut stream, at, &fields(text), limits);
    }
    assert!(stream.delete(id(1, 2)));
    let pack = stream.nodes.first().unwrap().1;
    let hex: String = pack.bytes().iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(
        hex,
        "550000002200030101010201816102816202000102010001000101010201050103010001010105010601050100010401000101018161028568656c6c6f0606010001040101010201816202010181610264010801ff"
    );
}

#[test]
fn it_behaves_like_a_sorted_map_with_every_size_of_node() {
    for round in 0..120 {
        let mut rng = Rng::new(round);
        let limits = NodeLimits {
            bytes: [0, 1, 60, 300, 4096][rng.below(5) as usize],
            entries: [0, 1, 2, 5, 100][rng.below(5) as usize],
        };
        let (mut stream, mut model) = (Stream::new(), BTreeMap::<Id, Fields>::new());
        let (mut last, mut added, mut max_deleted) = (Id::MIN, 0, Id::MIN);
        for _ in 0..300 {
            let some = match rng.below(3) {
                0 => id(rng.below(last.ms + 3), rng.below(4)),
                _ => model.keys().nth(rng.below(model.len() as u64 + 1) as usize).copied().unwrap_or(last),
            };
            match rng.below(10) {
                0..=4 => {
                    let step = [0, 1, 1, 1, 300, 1 << 40][rng.below(6) as usize];
                    last = if step == 0 { last.next().unwrap() } else { id(last.ms + step, rng.below(3)) };
                    let text = ["a 1 b 2", "a 1 b x", "b 1", "a 1 b 2 c 3", "b 2 a 1"][rng.below(5) as usize];
                    let long = "y".repeat(rng.below(90) as usize);
                    let new = fields(&text.replace('x', &format!("x{long}")));
                    add(&mut stream, last, &new, limits);
                    model.insert(last, new);
                    added += 1;
                }
                5 | 6 => {
                    assert_eq!(stream.contains(some), model.contains_key(&some));
                    let there = model.remove(&some).is_some();
                    assert_eq!(stream.delete(some), there);
                    if there {
                        max_deleted = max_deleted.max(some);
                    }
                }
                7 => {
                    let about = [None, Some(0), Some(rng.below(20))][rng.below(3) as usize];
                    let keep = match rng.below(2) {
                        0 => Keep::Len(rng.below(60)),
                        _ => Keep::From(some),
                    };
                    let before = model.len() as u64;
                    let removed = stream.trim(Trim { keep, about }, group::Refs::Keep);
                    let due = match keep {
                        Keep::Len(len) => before.saturating_sub(len),
                        Keep::From(id) => model.range(..id).count() as u64,
                    };
                    assert!(if about.is_none() { removed == due } else { removed <= due });
                    assert!(about.is_none_or(|most| most == 0 || removed <= most));
                    for _ in 0..removed {
                        model.pop_first();
                    }
                }
                8 => stream = stream.clone(),
                _ => {
                    let other = id(rng.below(last.ms + 3), rng.below(4));
                    for (start, end) in [(some, other), (other, some), (Id::MIN, some), (some, Id::MAX), (some, some)] {
                        let there = |reverse: bool| {
                            let mut all: Vec<(Id, Fields)> = if start > end {
                                Vec::new()
                            } else {
                                model.range(start..=end).map(|(i, f)| (*i, f.clone())).collect()
                            };
                            if reverse {
                                all.reverse();
                            }
                            all
                        };
                        assert_eq!(read(&stream, start, end, false), there(false));
                        assert_eq!(read(&stream, start, end, true), there(true));
                    }
                }
            }
            let first = model.keys().next().copied().unwrap_or(Id::MIN);
            assert_eq!((stream.len(), stream.first(), stream.last()), (model.len() as u64, first, last));
            assert_eq!((stream.added(), stream.max_deleted()), (added, max_deleted));
        }
        assert_eq!(read(&stream, Id::MIN, Id::MAX, false), model.into_iter().collect::<Vec<_>>());
        for (_, pack) in stream.nodes.iter() {
            assert!(Listpack::from_bytes(pack.bytes().to_vec()).is_some());
        }
    }
}

#[test]
fn a_group_keeps_its_pending_entries_and_those_of_its_consumers_alike() {
    for round in 0..60 {
        let mut rng = Rng::new(round);
        let mut stream = Stream::new();
        assert!(stream.add_group(b"g", Id::MIN, -1) && !stream.add_group(b"g", Id::MAX, 0));
        assert!(stream.add_group(b"f", Id::MIN, -1) && stream.groups().map(|g| g.name[0]).eq(*b"fg"));
        let group = stream.group_mut(b"g").unwrap();
        let mut model: BTreeMap<Id, (String, u64)> = BTreeMap::new();
        let mut names: Vec<String> = Vec::new();
        for step in 0..400 {
            let (name, at) = (format!("c{}", rng.below(8)), id(rng.below(90), 0));
            match rng.below(9) {
                0 => {
                    let held = model.values().filter(|value| value.0 == name).count();
                    let there = names.contains(&name);
                    assert_eq!(group.remove_consumer(name.as_bytes()), there.then_some(held));
                    names.retain(|other| *other != name);
                    model.retain(|_, value| value.0 != name);
                }
                1 | 2 => assert_eq!(group.release(at), model.remove(&at).is_some()),
                _ => {
                    let (slot, new) = group.consumer_or_new(name.as_bytes(), step);
                    assert_eq!(new, !names.contains(&name));
                    if new {
                        names.push(name.clone());
                    }
                    group.give(at, Pending::new(step, step as u64, slot));
                    model.insert(at, (name, step as u64));
                }
            }
            names.sort();
            assert!(group.consumers().map(|c| String::from_utf8_lossy(&c.name).into_owned()).eq(names.iter().cloned()));
            let ours = group.pending().iter().map(|(at, p)| (at, (group.at(p.consumer).name.to_vec(), p.count)));
            assert!(ours.eq(model.iter().map(|(at, value)| (*at, (value.0.clone().into_bytes(), value.1)))));
            if step % 7 == 0 {
                let mut times: Vec<_> = group.pending().iter().map(|(at, pending)| (pending.delivered, at)).collect();
                times.sort();
                assert!(group.waiting().iter().map(|(_, at)| *at).eq(times.iter().map(|time| time.1)));
            }
            for consumer in group.consumers() {
                let own = model.iter().filter(|(_, value)| value.0.as_bytes() == &*consumer.name).map(|(at, _)| *at);
                assert!(consumer.pending.iter().map(|(at, _)| at).eq(own));
            }
        }
    }
}

#[test]
fn ids_are_read_and_shown_as_redis_does() {
    let read = |text: &str| Id::parse(text.as_bytes(), 7);
    assert_eq!(read("5"), Some(id(5, 7)));
    assert_eq!(read("5-1"), Some(id(5, 1)));
    assert_eq!(read("18446744073709551615-18446744073709551615"), Some(Id::MAX));
    assert_eq!(read("+8- 2"), Some(id(8, 2)));
    assert_eq!(read("6--18446744073709551614"), Some(id(6, 2)));
    assert_eq!(read("7-1\0x"), Some(id(7, 1)));
    for text in ["", "-", "-5", "5-", "5-1-1", "a", "5-*", "18446744073709551616", "7-1 ", "7 -1", "6--1"] {
        assert_eq!(read(text), None, "{text}");
    }
    assert_eq!(read(&format!("{}5", "0".repeat(126))), Some(id(5, 7)));
    assert_eq!(read(&format!("{}5", "0".repeat(127))), None);
    assert_eq!((Id::parse_open(b"5-*"), Id::parse_open(b"*"), Id::parse_open(b"5-1")), (Some(5), None, None));
    for at in [Id::MIN, id(0, 9), id(1_700_000_000_000, 10), Id::MAX] {
        let text = at.write(&mut [0; ID_LEN]).to_vec();
        assert_eq!(text, format!("{}-{}", at.ms, at.seq).into_bytes());
        assert_eq!(Id::parse(&text, 0), Some(at));
    }
    assert_eq!((Id::MAX.next(), Id::MIN.prev()), (None, None));
    assert_eq!((id(1, u64::MAX).next(), id(2, 0).prev()), (Some(id(2, 0)), Some(id(1, u64::MAX))));
}

#[test]
fn a_clock_that_steps_back_makes_no_id_go_back() {
    let mut stream = Stream::new();
    add(&mut stream, id(1_000, 3), &fields("a b"), NodeLimits { bytes: 0, entries: 0 });
    assert_eq!(stream.next_id(900), Some(id(1_000, 4)));
    assert_eq!(stream.next_id(1_000), Some(id(1_000, 4)));
    assert_eq!(stream.next_id(1_001), Some(id(1_001, 0)));
    assert_eq!(stream.next_id(-5), Some(id(1_000, 4)));
}
