use super::*;
use crate::types::dict::hashing::Rng;

fn value(rng: &mut Rng) -> Vec<u8> {
    match rng.below(10) {
        0 => rng.below(130).to_string().into_bytes(),
        1 => (rng.below(9000) as i64 - 4500).to_string().into_bytes(),
        2..=3 => {
            let shift = rng.below(64);
            let n = rng.below(u64::MAX);
            (n as i64 >> shift).to_string().into_bytes()
        }
        4 => {
            let len = [63, 64, 65, 125, 126, 127, 4094, 4095, 4096, 16_377, 16_378, 16_379][rng.below(12) as usize];
            vec![b'x'; len]
        }
        5 => [&b"-0"[..], b"00", b"", b"-", b"9223372036854775808", b"+1"][rng.below(6) as usize].to_vec(),
        _ => (0..rng.below(12)).map(|_| rng.below(256) as u8).collect(),
    }
}

fn check(pack: &Listpack, model: &[Vec<u8>]) {
    let forward: Vec<Vec<u8>> = pack.iter().map(|i| i.with_bytes(<[u8]>::to_vec)).collect();
    assert_eq!(forward, model);
    let mut backward = Vec::new();
    let mut pos = pack.last();
    while let Some(p) = pos {
        backward.push(pack.get(p).with_bytes(<[u8]>::to_vec));
        pos = pack.prev(p);
    }
    backward.reverse();
    assert_eq!(backward, model);
    assert_eq!((pack.len(), pack.is_empty()), (model.len(), model.is_empty()));
    let copy = Listpack::from_bytes(pack.bytes().to_vec()).unwrap();
    assert_eq!(copy.bytes(), pack.bytes());
}

#[test]
fn it_behaves_like_a_vector() {
    let mut rng = Rng::new(3);
    for _ in 0..60 {
        let (mut pack, mut model) = (Listpack::new(), Vec::<Vec<u8>>::new());
        let most = rng.below(60) + 1;
        for step in 0..300 {
            let v = value(&mut rng);
            let n = model.len() as u64;
            let i = if n > 0 { rng.below(n) as usize } else { 0 };
            let signed = if rng.below(2) == 0 { i as i64 } else { i as i64 - n as i64 };
            match rng.below(if n > most { 12 } else { 8 }) {
                0 => {
                    pack.push_back(&v);
                    model.push(v);
                }
                1 => {
                    let number = rng.below(1 << (step % 60)) as i64 - 200;
                    let mut tail = pack.tail(step as usize);
                    tail.push(&v);
                    tail.push_int(number);
                    drop(tail);
                    model.extend([v, number.to_string().into_bytes()]);
                }
                2 => {
                    pack.push_front(&v);
                    model.insert(0, v);
                }
                _ if n == 0 => assert!(pack.seek(0).is_none() && pack.seek(-1).is_none()),
                3 => {
                    let pos = pack.seek(signed).unwrap();
                    let now = pack.insert_before(pos, &v);
                    assert!(pack.get(now).eq_bytes(&v));
                    model.insert(i, v);
                }
                4 => {
                    let pos = pack.seek(signed).unwrap();
                    let now = pack.insert_after(pos, &v);
                    assert!(pack.get(now).eq_bytes(&v));
                    model.insert(i + 1, v);
                }
                5 => {
                    let pos = pack.seek(signed).unwrap();
                    let now = pack.replace(pos, &v);
                    assert_eq!(pack.get(now).len(), v.len());
                    model[i] = v;
                }
                6 => {
                    let wanted = if rng.below(2) == 0 { v } else { model[rng.below(n) as usize].clone() };
                    let skip = rng.below(3) as usize;
                    let found = pack.find(&wanted, pack.seek(signed), skip);
                    let expected = (i..model.len()).step_by(skip + 1).find(|&k| model[k] == wanted);
                    assert_eq!(found, expected.map(|k| pack.seek(k as i64).unwrap()));
                }
                7 | 8 => {
                    let next = pack.remove(pack.seek(signed).unwrap());
                    model.remove(i);
                    assert_eq!(next, if i < model.len() { pack.seek(i as i64) } else { None });
                }
                _ => {
                    let count = rng.below(5) as usize;
                    pack.remove_range(signed, count);
                    model.drain(i..(i + count).min(model.len()));
                }
            }
            assert!(pack.seek(model.len() as i64).is_none() && pack.seek(-1 - model.len() as i64).is_none());
            if step % 7 == 0 {
                check(&pack, &model);
            }
        }
        check(&pack, &model);
    }
}

/// What `HSET h f v ...; DUMP h` of Redis 8 holds.
#[test]
fn bytes_are_those_of_redis() {
    let mut pack = Listpack::new();
    for v in ["a", "1", "-1", "4095", "-4096", "4096", "-32769", "8388608", "2147483648", "01"] {
        pack.push_back(v.as_bytes());
    }
    let expected =
        b"\x32\0\0\0\x0a\0\x81a\x02\x01\x01\xdf\xff\x02\xcf\xff\x02\xd0\x00\x02\xf1\x00\x10\x03\xf2\xff\x7f\xff\
        \x04\xf3\x00\x00\x80\x00\x05\xf4\x00\x00\x00\x80\x00\x00\x00\x00\x09\x8201\x03\xff";
    assert_eq!(pack.bytes(), expected);
    let mut long = Listpack::new();
    long.push_back(&[b'x'; 16_377]);
    assert!(long.bytes().ends_with(b"x\x7f\xfe\xff"));
    long.replace(long.first().unwrap(), &[b'x'; 16_378]);
    assert!(long.bytes().ends_with(b"x\x00\xff\xff\xff"));
}

#[test]
fn the_count_becomes_unknown_beyond_65534() {
    let (mut pack, mut model) = (Listpack::new(), Vec::new());
    for i in 0..66_000 {
        pack.push_back(&[b'0' + (i % 10) as u8]);
        model.push(vec![b'0' + (i % 10) as u8]);
    }
    assert_eq!(&pack.bytes()[4..6], &[255, 255]);
    check(&pack, &model);
    assert_eq!(pack.seek(65_999), pack.seek(-1));
    assert!(pack.seek(66_000).is_none() && pack.seek(-66_001).is_none());
    pack.remove_range(10, 65_980);
    model.drain(10..65_990);
    check(&pack, &model);
}

#[test]
fn garbage_is_refused_and_never_panics() {
    let mut rng = Rng::new(9);
    let mut accepted = 0;
    for _ in 0..60_000 {
        let mut pack = Listpack::new();
        for _ in 0..rng.below(6) {
            pack.push_back(&value(&mut rng));
        }
        let mut bytes = pack.bytes().to_vec();
        if bytes.len() > 300 {
            continue;
        }
        for _ in 0..rng.below(4) {
            let at = rng.below(bytes.len() as u64) as usize;
            match rng.below(3) {
                0 => bytes[at] = rng.below(256) as u8,
                1 => bytes[at] ^= 1 << rng.below(8),
                _ => {
                    bytes.truncate(at.max(1));
                    let total = (bytes.len() as u32).to_le_bytes();
                    let n = bytes.len().min(4);
                    bytes[..n].copy_from_slice(&total[..n]);
                }
            }
        }
        if let Some(pack) = Listpack::from_bytes(bytes) {
            accepted += 1;
            let model: Vec<Vec<u8>> = pack.iter().map(|i| i.with_bytes(<[u8]>::to_vec)).collect();
            check(&pack, &model);
        }
    }
    assert!(accepted > 1000);
    for bytes in [&b""[..], b"\xff", b"\x07\0\0\0\0\0", b"\x06\0\0\0\0\xff", b"\x08\0\0\0\x01\0\xf0\xff"] {
        assert!(Listpack::from_bytes(bytes.to_vec()).is_none());
    }
}
