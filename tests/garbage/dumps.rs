//! Feeds an engine damaged payloads and RDB files. Shared by `tests/garbage` and `fuzz/rdb.rs`. What is refused leaves nothing; what is
//! taken is a value like any other: it is read, dumped, changed and taken apart. A panic is the finding, or memory that grew
//! without bound.

use testkit::{random::Random, resp};

const NOW: f64 = 1_700_000_000_000.0;

/// Memory that a byte of a payload may become, and what an engine takes anyway. LZF packs 264 bytes in three.
const BYTES: u64 = 88 * 80;
const ANYWAY: u64 = 8 << 20;

/// What is done to a key that came from a payload, whatever its type.
const LINES: &str = "DUMP k
DEBUG DIGEST-VALUE k
OBJECT ENCODING k
DEBUG OBJECT k
MEMORY USAGE k
COPY k other
GETRANGE k 0 -1
APPEND k x
PFCOUNT k
LRANGE k 0 -1
LINDEX k -2
LPUSH k a
LSET k 0 b
LREM k 1 c
LPOP k 3
RPOP k 2
SMEMBERS k
SADD k 5 z
SREM k a 1
SPOP k 2
ZRANGE k 0 -1 WITHSCORES
ZRANGEBYSCORE k 1 100
ZADD k 3 new
ZREM k m1 a
ZPOPMIN k 2
HGETALL k
HSET k f2 v2
HPEXPIRE k 100000 FIELDS 1 g
HPTTL k FIELDS 2 f g
HDEL k f
HRANDFIELD k 2
XRANGE k - +
XREVRANGE k + - COUNT 3
XINFO STREAM k FULL
XADD k * f v
XREADGROUP GROUP one alice COUNT 2 STREAMS k >
XREADGROUP GROUP one alice STREAMS k 0
XACK k one 2-1
XDEL k 2-1 3-1
XAUTOCLAIM k one bob 0 0
XTRIM k MAXLEN 3
XADD k IDMP producer three * f v
XDELEX k DELREF IDS 1 1-0
XNACK k one SILENT IDS 1 2-1 FORCE
XREADGROUP GROUP one bob CLAIM 0 STREAMS k >
XINFO STREAM k
VINFO k
VSIM k VALUES 3 1 2 3 WITHSCORES WITHATTRIBS
VSIM k ELE a TRUTH FILTER .x>0
VEMB k a
VLINKS k a WITHSCORES
VADD k VALUES 3 3 2 1 d
VADD k VALUES 4 3 2 1 0 d
VREM k b
VRANDMEMBER k -5
VRANGE k - +
ARINFO k FULL
ARSCAN k 0 18446744073709551614 LIMIT 20
ARLASTITEMS k 5
ARRING k 3 a b
AROP k 0 100 SUM
ARDELRANGE k 0 4096
DUMP k
DEL k";

/// What the recorded payloads have not: a key `k` of each paragraph is dumped, and taken as good.
const NEWER: &str = r#"VADD k VALUES 3 1 2 3 a SETATTR {"x":1}
VADD k VALUES 3 0 1 0 b
VADD k VALUES 3 -1 0.5 2 c

VADD k VALUES 4 1 2 3 4 a NOQUANT M 4
VADD k VALUES 4 4 3 2 1 b NOQUANT M 4

VADD k REDUCE 2 VALUES 4 1 0 -1 2 a BIN
VADD k REDUCE 2 VALUES 4 2 2 2 2 b BIN

ARSET k 0 a 12 1234567890123 longer-than-a-cell
ARSET k 5000 x
ARSET k 18446744073709551614 last
ARINSERT k next

XADD k IDMP producer one 1-* f v
XADD k IDMP producer two * f v g w
XADD k IDMPAUTO other * f v
XGROUP CREATE k one 0
XREADGROUP GROUP one alice STREAMS k >
XNACK k one FAIL IDS 1 1-0"#;

/// Payloads and files that are good.
pub struct Good {
    payloads: Vec<Vec<u8>>,
    files: Vec<Vec<u8>>,
}

impl Good {
    pub fn read() -> Good {
        let digit = |c: u8| (c as char).to_digit(16).expect("a hexadecimal digit") as u8;
        let hex = |text: &str| text.as_bytes().chunks(2).map(|two| digit(two[0]) << 4 | digit(two[1])).collect();
        let texts = [include_str!("../data/dumps.txt"), include_str!("../data/dumps-6.txt")];
        let lines = texts.iter().flat_map(|text| text.lines());
        let lines = lines.filter(|line| (line.starts_with("= ") || line.starts_with("~ ")) && line.len() < 20_000);
        let mut payloads: Vec<Vec<u8>> = lines.filter_map(|line| line.split(' ').nth(4)).map(hex).collect();
        for paragraph in NEWER.split("\n\n") {
            let (mut engine, session) = open(1);
            for line in paragraph.lines() {
                engine.exec(session, NOW, &resp::frame(&line.split(' ').collect::<Vec<_>>()));
            }
            let reply = engine.exec(session, NOW, &resp::frame(&["DUMP", "k"])).to_vec();
            payloads.push(resp::parse_all(&reply).expect("RESP")[0].bytes().to_vec());
        }
        let files = [
            &include_bytes!("../data/saved-8.6.rdb")[..],
            include_bytes!("../data/saved-6.0.rdb"),
            include_bytes!("../data/saved-valkey-9.1.rdb"),
        ];
        Good { payloads, files: files.map(<[u8]>::to_vec).to_vec() }
    }
}

/// Bits turned over, bytes that say a length made large, pieces cut out and doubled.
fn damage(r: &mut Random, bytes: &mut Vec<u8>) {
    for _ in 0..1 + r.below(4) {
        if bytes.is_empty() {
            return;
        }
        let at = r.below(bytes.len());
        match r.below(8) {
            0 | 1 => bytes[at] ^= 1 << r.below(8),
            2 => bytes[at] = [0, 1, 0x3f, 0x40, 0x7f, 0x80, 0x81, 0xc3, 0xf0, 0xfe, 0xff][r.below(11)],
            3 => drop(bytes.remove(at)),
            4 => bytes.insert(at, r.bits() as u8),
            5 => bytes.truncate(at),
            6 => {
                let copy = bytes[at..(at + r.below(40)).min(bytes.len())].to_vec();
                bytes.splice(at..at, copy);
            }
            _ => {
                let large: [&[u8]; 4] = [
                    b"\x81\xff\xff\xff\xff\xff\xff\xff\xff",
                    b"\x80\x7f\xff\xff\xff",
                    b"\x7f\xff",
                    b"\xff\xff\xff\x7f",
                ];
                let large = large[r.below(4)];
                let end = (at + large.len()).min(bytes.len());
                bytes.splice(at..end, large.iter().copied());
            }
        }
    }
}

fn open(seed: u64) -> (wakey::Engine, wakey::SessionId) {
    let mut engine = wakey::Engine::new(wakey::Options { seed, now: NOW, ..Default::default() });
    let options = wakey::SessionOptions { trusted: true, resp: 3, ..Default::default() };
    let session = engine.open_session(options);
    (engine, session)
}

fn bounded(before: u64, len: usize, what: &[u8]) {
    let grown = wakey::allocator::used().saturating_sub(before);
    assert!(grown <= ANYWAY + len as u64 * BYTES, "{len} bytes took {grown}: {}", what.escape_ascii());
}

/// Damaged payloads; how many were taken all the same. `alone`: nobody else allocates, so memory is looked at.
pub fn payloads(good: &Good, seed: u64, rounds: usize, alone: bool) -> usize {
    let mut r = Random::new(seed);
    let (mut engine, session) = open(seed);
    let mut taken = 0;
    for _ in 0..rounds {
        let mut payload = good.payloads[r.below(good.payloads.len())].clone();
        let body = payload.len() - 10;
        payload.truncate(body);
        damage(&mut r, &mut payload);
        payload.extend_from_slice(&[11, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        let before = wakey::allocator::used();
        let line = [b"RESTORE", &b"k"[..], b"0", &payload, b"REPLACE"];
        let reply = engine.exec(session, NOW, &resp::frame(&line)).to_vec();
        if alone {
            bounded(before, payload.len(), &payload);
        }
        if reply != b"+OK\r\n" {
            assert!(reply.starts_with(b"-ERR Bad data format"), "{}", reply.escape_ascii());
            continue;
        }
        taken += 1;
        for line in LINES.lines() {
            let reply = engine.exec(session, NOW, &resp::frame(&line.split(' ').collect::<Vec<_>>())).to_vec();
            let whole = resp::parse_all(&reply);
            assert!(whole.is_ok(), "{line}: {}", payload.escape_ascii());
            // What is dumped comes back.
            if line == "DUMP k" && reply.starts_with(b"$") {
                let dumped = whole.expect("RESP")[0].bytes().to_vec();
                let line = [b"RESTORE", &b"again"[..], b"0", &dumped, b"REPLACE"];
                let reply = engine.exec(session, NOW, &resp::frame(&line));
                assert_eq!(reply, b"+OK\r\n", "{} became {}", payload.escape_ascii(), dumped.escape_ascii());
            }
        }
    }
    engine.exec(session, NOW, &resp::frame(&["FLUSHALL"]));
    taken
}

/// Damaged files, in pieces; how many were taken all the same.
pub fn files(good: &Good, seed: u64, rounds: usize) -> usize {
    let mut r = Random::new(seed);
    let mut taken = 0;
    for _ in 0..rounds {
        let mut file = good.files[r.below(good.files.len())].clone();
        // Without a checksum, most of the time.
        if !r.one_in(10) {
            let end = file.len() - 8;
            file[end..].fill(0);
        }
        damage(&mut r, &mut file);
        let (mut engine, session) = open(seed);
        let piece = 1 + r.below(file.len().max(1) * 2);
        let whole = file.chunks(piece).all(|piece| engine.load_rdb(piece, NOW).is_ok());
        if whole && engine.load_rdb(b"", NOW).is_ok() {
            taken += 1;
        }
        engine.finish_load(NOW);
        let reload = engine.exec(session, NOW, &resp::frame(&["DEBUG", "RELOAD"]));
        assert_eq!(reload, b"+OK\r\n", "{}", file.escape_ascii());
    }
    taken
}
