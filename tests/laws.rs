//! The laws of the house that a client can see: same bytes in, same bytes out; deadlines to the millisecond, and known
//! exactly; an error changes nothing; a clock that steps back breaks nothing; SCAN misses nothing that stays; a tick is
//! bounded. Random sessions are those of the fuzzer (`testkit::session`).

mod record;

use record::{record, record_scripts};
use std::collections::BTreeSet;
use testkit::random::Random;
use testkit::resp::{self, Value};
use testkit::session::{Grammar, PLAIN, generate};
use wakey::SessionId;

const NOW: f64 = 1_700_000_000_000.0;

struct Db {
    engine: wakey::Engine,
    session: SessionId,
    now: f64,
}

impl Db {
    fn new(seed: u64) -> Db {
        Db::open(wakey::Options { seed, ..Default::default() })
    }

    fn open(options: wakey::Options) -> Db {
        let mut engine = wakey::Engine::new(wakey::Options { now: NOW, ..options });
        let session = engine.open_session(wakey::SessionOptions { resp: 3, trusted: true, ..Default::default() });
        Db { engine, session, now: NOW }
    }

    fn args<A: AsRef<[u8]>>(&mut self, args: &[A]) -> Value {
        let reply = self.engine.exec(self.session, self.now, &resp::frame(args)).to_vec();
        let mut values =
            resp::parse_all(&reply).unwrap_or_else(|e| panic!("{e}: {:?}", String::from_utf8_lossy(&reply)));
        assert_eq!(values.len(), 1, "one command, one reply");
        values.remove(0)
    }

    fn call(&mut self, line: &str) -> Value {
        self.args(&line.split(' ').collect::<Vec<_>>())
    }

    fn int(&mut self, line: &str) -> i64 {
        let reply = self.call(line);
        reply.int().unwrap_or_else(|| panic!("{line}: {reply:?}"))
    }

    /// Every deadline there is, of keys and fields, found by asking.
    fn deadlines(&mut self) -> Vec<i64> {
        let mut out = Vec::new();
        for db in 0..16 {
            self.args(&["SELECT", &db.to_string()]);
            for key in self.call("KEYS *").items() {
                out.extend(self.args(&[b"PEXPIRETIME", key.bytes()]).int());
                let fields = self.args(&[b"HKEYS", key.bytes()]).items();
                if !fields.is_empty() {
                    let count = fields.len().to_string();
                    let mut ask = vec![&b"HPEXPIRETIME"[..], key.bytes(), b"FIELDS", count.as_bytes()];
                    ask.extend(fields.iter().map(Value::bytes));
                    out.extend(self.args(&ask).items().iter().filter_map(Value::int));
                }
            }
        }
        self.call("SELECT 0");
        out.retain(|d| *d >= 0);
        out
    }
}

#[test]
fn the_same_bytes_give_the_same_replies_and_digest() {
    let (grammar, programs) = (Grammar::newest(""), testkit::scripts::grammar::Grammar::read());
    for seed in 0..20 {
        let play = || [record(&grammar, seed), record_scripts(&programs, seed)].concat();
        let (first, second) = (play(), play());
        assert!(first.iter().filter(|line| line.starts_with("exec") || line.starts_with("feed")).count() > 100);
        let differs = first.iter().zip(&second).find(|(a, b)| a != b);
        assert!(first == second, "seed {seed}: two runs differ:\n{differs:?}");
    }
}

#[test]
fn a_deadline_is_exact_whether_read_or_ticked() {
    let base = NOW as i64;
    for (set, read) in [
        ("SET k v PX 1000".to_string(), "EXISTS k"),
        ("SET k v EX 1".into(), "EXISTS k"),
        (format!("SET k v PXAT {}", base + 1000), "EXISTS k"),
        (format!("SET k v EXAT {}", base / 1000 + 1), "EXISTS k"),
        ("PSETEX k 1000 v".into(), "EXISTS k"),
        ("SETEX k 1 v".into(), "STRLEN k"),
        ("GETEX old PX 1000".into(), "EXISTS old"),
        ("PEXPIRE old 1000".into(), "STRLEN old"),
        ("EXPIRE old 1".into(), "EXISTS old"),
        (format!("PEXPIREAT old {}", base + 1000), "EXISTS old"),
        (format!("EXPIREAT old {}", base / 1000 + 1), "EXISTS old"),
        ("HPEXPIRE h 1000 FIELDS 1 f".into(), "HEXISTS h f"),
        ("HEXPIRE h 1 FIELDS 1 f".into(), "HSTRLEN h f"),
        (format!("HPEXPIREAT h {} FIELDS 1 f", base + 1000), "HEXISTS h f"),
        (format!("HEXPIREAT h {} FIELDS 1 f", base / 1000 + 1), "HEXISTS h f"),
        ("HGETEX h PX 1000 FIELDS 1 f".into(), "EXISTS h"),
        ("HSETEX h PX 1000 FIELDS 1 f x".into(), "HLEN h"),
        ("HSETEX h EX 1 FIELDS 1 f x".into(), "HEXISTS h f"),
        ("HSETEX h f x 1".into(), "EXISTS h"),
        ("EXPIRE h 1".into(), "HEXISTS h f"),
        ("HPEXPIRE big 1000 FIELDS 1 f".into(), "HEXISTS big f"),
    ] {
        for tick in [false, true] {
            let mut db = Db::new(1);
            db.call("CONFIG SET hash-max-listpack-entries 2");
            db.call("SET old v");
            db.call("HSET h f v");
            db.call("HSET big f v a 1 b 2 c 3");
            let reply = db.call(&set);
            assert!(!reply.is_error(), "{set}: {reply:?}");
            assert_eq!(db.engine.next_deadline(), NOW + 1000.0, "{set}");
            for (ms, there) in [(0.0, true), (999.0, true), (999.999, true), (1000.0, false), (5000.0, false)] {
                db.now = NOW + ms;
                if tick {
                    db.engine.tick(db.now);
                }
                assert_eq!(db.int(read) > 0, there, "{set}; {read} after {ms} ms, tick {tick}");
                if tick && !there {
                    assert_eq!(db.engine.next_deadline(), f64::INFINITY, "{set}");
                }
            }
        }
    }
}

#[test]
fn the_next_deadline_is_the_earliest_of_all_keys_and_fields() {
    let grammar = Grammar::newest(PLAIN);
    for seed in 0..30 {
        let mut db = Db::new(seed);
        let mut r = Random::new(seed);
        let player = db.engine.open_session(wakey::SessionOptions::default());
        let session = generate(&grammar, &mut r, seed);
        for setting in &session.settings {
            db.args(setting);
        }
        for step in &session.steps {
            db.engine.exec(player, db.now, &resp::frame(&step.args));
            if r.one_in(3) {
                let key = ["s1", "s2", "h1", "h2"][r.below(4)];
                let near = (r.below(5000) + 1).to_string();
                match r.below(3) {
                    0 => db.args(&["PEXPIRE", key, &near]),
                    1 => db.args(&["HPEXPIRE", key, &near, "FIELDS", "2", "f1", "f2"]),
                    _ => db.args(&["HSETEX", key, "PX", &near, "FIELDS", "1", "f3", "v"]),
                };
            }
            if r.one_in(4) {
                db.now += r.below(1500) as f64;
                db.engine.tick(db.now);
            }
            let earliest = db.deadlines().into_iter().min().map_or(f64::INFINITY, |d| d as f64);
            assert_eq!(db.engine.next_deadline(), earliest, "seed {seed}, after {}", step.line());
        }
    }
}

#[test]
fn an_error_leaves_the_keyspace_as_it_was() {
    let grammar = Grammar::newest(PLAIN);
    let mut errors = 0;
    for seed in 0..60 {
        let mut db = Db::new(seed);
        let mut r = Random::new(seed);
        let session = generate(&grammar, &mut r, seed);
        for setting in &session.settings {
            db.args(setting);
        }
        for step in &session.steps {
            let before = db.engine.digest();
            let reply = db.args(&step.args);
            if reply.is_error() {
                errors += 1;
                assert_eq!(
                    db.engine.digest(),
                    before,
                    "seed {seed}: {} gave {reply:?} and changed something",
                    step.line()
                );
            }
        }
    }
    assert!(errors > 500, "only {errors} errors");
}

#[test]
fn the_digest_tells_keyspaces_apart() {
    let mut seen = BTreeSet::new();
    let mut db = Db::new(7);
    for line in [
        "PING",
        "SET k v",
        "SET k w",
        "EXPIREAT k 4102444800",
        "SET k w",
        "MOVE k 1",
        "HSET h f v",
        "HSET h f w",
        "HSET h g v",
        "HEXPIREAT h 4102444800 FIELDS 1 g",
        "RENAME h i",
        "COPY i j",
        "DEL j i",
        "FLUSHALL",
    ] {
        db.call(line);
        seen.insert(db.engine.digest());
    }
    // Three of these states had been there before: SET k w again, DEL j i, and nothing at all.
    assert_eq!(seen.len(), 11);
}

#[test]
fn a_clock_that_steps_back_breaks_nothing() {
    let grammar = Grammar::newest(PLAIN);
    for seed in 0..20 {
        let mut db = Db::new(seed);
        let mut r = Random::new(seed);
        let session = generate(&grammar, &mut r, seed);
        for step in &session.steps {
            let gone = db.call("SET gone v PX 10");
            assert_eq!(gone, Value::Simple(b"OK".to_vec()));
            db.now += 10.0;
            assert_eq!(db.int("EXISTS gone"), 0);
            db.now += r.below(2_000_000_000) as f64 - 1_000_000_000.0;
            assert_eq!(db.int("EXISTS gone"), 0, "what has expired stays gone");
            db.args(&step.args);
            db.engine.tick(db.now);
            db.call("HELLO 3");
            db.call("SELECT 0");
            let due = db.engine.next_deadline();
            assert!(due > db.now.floor(), "what is due is gone after the tick: {due} at {}", db.now);
        }
        db.now = -1.0;
        db.call("SET k v EX 1");
        assert_eq!(db.int("EXISTS k"), 1);
        db.now = 8e15;
        assert_eq!(db.int("EXISTS k"), 0);
    }
}

/// Walks with a cursor while `churn` changes things between the calls: everything met, and how many calls it took.
fn walk(db: &mut Db, head: &[&str], count: usize, mut churn: impl FnMut(&mut Db, usize)) -> (BTreeSet<Vec<u8>>, usize) {
    let mut seen = BTreeSet::new();
    let mut cursor = "0".to_string();
    let count = count.to_string();
    for call in 1.. {
        let mut args = head.to_vec();
        args.extend([&cursor[..], "COUNT", &count]);
        if head.len() == 2 {
            args.push("NOVALUES");
        }
        let reply = db.args(&args).items();
        seen.extend(reply[1].items().iter().map(|v| v.bytes().to_vec()));
        cursor = reply[0].text();
        if cursor == "0" {
            return (seen, call);
        }
        assert!(call < 100_000, "the cursor does not come back to 0: {reply:?}");
        churn(db, call);
    }
    unreachable!("the loop ends by returning")
}

#[test]
fn scan_misses_nothing_that_stays() {
    for (seed, count) in [(1, 1), (2, 7), (3, 10), (4, 100)] {
        for head in [&["SCAN"][..], &["HSCAN", "hash"]] {
            let mut db = Db::new(seed);
            let mut r = Random::new(seed);
            let hash = head.len() == 2;
            let add = |db: &mut Db, name: &str| {
                if hash { db.args(&["HSET", "hash", name, "v"]) } else { db.args(&["SET", name, "v"]) }
            };
            let remove =
                |db: &mut Db, name: &str| if hash { db.args(&["HDEL", "hash", name]) } else { db.args(&["DEL", name]) };
            for i in 0..3000 {
                add(&mut db, &format!("stay:{i}"));
            }
            for i in 0..2000 {
                add(&mut db, &format!("go:{i}"));
            }
            let (mut fresh, mut gone) = (0, 0);
            let (seen, _) = walk(&mut db, head, count, |db, _| {
                for _ in 0..r.below(20) {
                    // Not without end: new elements are met too, and one call may meet only one.
                    if r.one_in(2) && fresh < 3000 {
                        add(db, &format!("new:{fresh}"));
                        fresh += 1;
                    } else {
                        remove(db, &format!("go:{gone}"));
                        gone += 1;
                    }
                }
            });
            let stayed = seen.iter().filter(|k| k.starts_with(b"stay:")).count();
            assert_eq!(stayed, 3000, "{head:?} COUNT {count}: with {fresh} added and {gone} removed meanwhile");
            let (all, _) = walk(&mut db, head, count, |_, _| {});
            let total = if hash { db.int("HLEN hash") } else { db.int("DBSIZE") };
            assert_eq!(all.len() as i64, total, "{head:?} undisturbed meets everything there is");
        }
    }
}

/// Also what is in a slot that comes to the node meanwhile, behind those that are walked.
#[test]
fn nor_does_clusterscan() {
    for count in [1, 10, 100] {
        let mut db = Db::open(wakey::Options {
            cluster: true,
            dialect: wakey::Dialect::Valkey,
            seed: count,
            ..Default::default()
        });
        let node =
            |name: &str| wakey::Node { id: name.repeat(40), shard: name.repeat(40), port: 1, ..Default::default() };
        let both = vec![(node("a"), vec![(0, 4999), (9000, 16383)]), (node("b"), vec![(5000, 8999)])];
        db.engine.join(both).expect("two nodes");
        let ours = (0..4000).filter(|i| db.args(&["SET", &format!("stay:{i}"), ""]).text() == "OK").count();
        assert!(ours > 1000);
        let (mut cursor, mut seen, mut calls) = ("0".to_string(), BTreeSet::new(), 0);
        loop {
            let reply = db.args(&["CLUSTERSCAN", &cursor, "COUNT", &count.to_string()]);
            if reply.text().starts_with("MOVED 5001 ") {
                cursor = db.call("CLUSTERSCAN 0 SLOT 9000").items()[0].text();
                continue;
            }
            let reply = reply.items();
            seen.extend(reply[1].items().iter().map(|v| v.bytes().to_vec()));
            cursor = reply[0].text();
            if cursor == "0" {
                break;
            }
            calls += 1;
            if calls == 20 {
                db.call(&format!("CLUSTER SETSLOT 5000 NODE {}", "a".repeat(40)));
                // Its tag is `4tw`.
                for i in 0..50 {
                    assert_eq!(db.args(&["SET", &format!("stay:{{4tw}}{i}"), ""]).text(), "OK");
                }
            }
            db.args(&["SET", &format!("new:{calls}"), ""]);
        }
        let stayed = seen.iter().filter(|key| key.starts_with(b"stay:")).count();
        assert_eq!(stayed, ours + 50, "COUNT {count}, {calls} calls");
    }
}

#[test]
fn a_tick_is_bounded_and_what_it_leaves_is_not_seen() {
    let mut db = Db::new(1);
    let keys = 30_000;
    for i in 0..keys {
        db.args(&["SET", &format!("key:{i}"), "v", "PX", "1000"]);
    }
    for i in 0..100 {
        let mut args =
            vec!["HSETEX".to_string(), format!("hash:{i}"), "PX".into(), "1000".into(), "FIELDS".into(), "200".into()];
        (0..200).for_each(|f| args.extend([format!("f{f}"), "v".into()]));
        assert_eq!(db.args(&args), Value::Int(1));
    }
    db.call("SET stays v");
    db.now += 1000.0;
    let mut ticks = 0;
    while db.engine.next_deadline() <= db.now {
        db.engine.tick(db.now);
        ticks += 1;
        assert_eq!(db.int("EXISTS key:0 key:29999 key:15000 hash:0 hash:99"), 0, "after {ticks} ticks");
        assert!(ticks < 10_000, "ticks do not come to an end");
    }
    assert!(ticks > 3, "one tick removed everything: {ticks} ticks for {keys} keys and 20,000 fields");
    assert_eq!(db.int("DBSIZE"), 1);
    assert_eq!(db.engine.next_deadline(), f64::INFINITY);
}

#[test]
fn random_choices_are_fair() {
    for (limit, seed) in [("512", 1), ("0", 2)] {
        let mut db = Db::new(seed);
        db.args(&["CONFIG", "SET", "hash-max-listpack-entries", limit]);
        let names = 40;
        for i in 0..names {
            db.args(&["HSET", "h", &format!("field:{i}"), "v"]);
        }
        // An expired field must not take the place of another.
        db.call("HSETEX h PX 10 FIELDS 2 expired1 v expired2 v");
        for i in 0..names - 1 {
            db.args(&["SET", &format!("key:{i}"), "v"]);
        }
        db.now += 10.0;
        for line in
            ["HRANDFIELD h", "HRANDFIELD h 3", "HRANDFIELD h 20", "HRANDFIELD h 37", "HRANDFIELD h -3", "RANDOMKEY"]
        {
            let mut counts = std::collections::BTreeMap::new();
            let mut picks = 0;
            while picks < 40_000 {
                let reply = db.call(line);
                let chosen = if line.contains("h ") { reply.items() } else { vec![reply] };
                assert!(!chosen.is_empty());
                picks += chosen.len();
                chosen.iter().for_each(|c| *counts.entry(c.text()).or_insert(0) += 1);
            }
            assert_eq!(counts.len(), names, "{line}: {counts:?}");
            let (least, most) = (counts.values().min().copied(), counts.values().max().copied());
            // 1,000 each is expected; a fair choice is within 200 of it but for one run in ten million.
            assert!(
                least > Some(750) && most < Some(1250),
                "{line}, limit {limit}: between {least:?} and {most:?} of 1000"
            );
        }
    }
}

#[test]
fn monitors_are_shown_what_ran_and_no_secrets() {
    let mut db = Db::new(1);
    let watcher = db.engine.open_session(wakey::SessionOptions { trusted: true, resp: 2, ..Default::default() });
    let ask = |engine: &mut wakey::Engine, line: &str| {
        let args: Vec<&str> = line.split(' ').collect();
        String::from_utf8_lossy(engine.exec(watcher, NOW + 0.25, &resp::frame(&args))).into_owned()
    };
    assert_eq!(ask(&mut db.engine, "MONITOR"), "+OK\r\n");
    assert_eq!(ask(&mut db.engine, "MONITOR"), "");
    for line in
        ["SET k v", "GET", "NOSUCH", "CONFIG GET save", "AUTH secret", "HELLO 3 AUTH default secret", "SELECT 2"]
    {
        db.call(line);
    }
    for line in ["MULTI", "INCR n", "EXEC", "BLPOP l 1"] {
        db.engine.exec(db.session, db.now, &resp::frame(&line.split(' ').collect::<Vec<_>>()));
    }
    let other = db.engine.open_session(wakey::SessionOptions { addr: "1.2.3.4:5".into(), ..Default::default() });
    db.engine.exec(other, db.now, &resp::frame(&[b"RPUSH", &b"\x00\"\n\xff"[..], b"x"]));
    let (session, bytes, _) = db.engine.next_output().expect("lines");
    assert_eq!(session, watcher);
    let lines: Vec<String> =
        String::from_utf8_lossy(bytes).lines().map(|line| line.replace("+1700000000.000000 ", "")).collect();
    let expected = [
        r#"[0 ] "SET" "k" "v""#,
        r#"[0 ] "AUTH" "(redacted)""#,
        r#"[0 ] "HELLO" "3" "AUTH" "(redacted)" "(redacted)""#,
        r#"[2 ] "SELECT" "2""#,
        r#"[2 ] "MULTI""#,
        r#"[2 ] "INCR" "n""#,
        r#"[2 ] "EXEC""#,
        r#"[2 ] "BLPOP" "l" "1""#,
        r#"[0 1.2.3.4:5] "RPUSH" "\x00\"\n\xff" "x""#,
    ];
    assert_eq!(lines, expected);
    assert_eq!(ask(&mut db.engine, "PING"), "+PONG\r\n+1700000000.000250 [0 ] \"PING\"\r\n");
    assert_eq!(ask(&mut db.engine, "GET k"), "-ERR Replica can't interact with the keyspace\r\n");
    assert_eq!(ask(&mut db.engine, "RESET"), "+RESET\r\n");
    db.engine.exec(other, db.now, &resp::frame(&["PING"]));
    assert!(db.engine.next_output().is_none());
}
