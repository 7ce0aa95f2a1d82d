//! Vector sets from outside: a dump, a snapshot and a journal bring back the same graph, so that what comes later has the same replies;
//! and a real server takes our dumps, and we its (`WAKEY_REDIS=host:port`).

use testkit::random::Random;
use testkit::resp;
use wakey::{Engine, Options, SessionId, SessionOptions};

const NOW: f64 = 1_700_000_000_000.0;

struct Bench {
    engine: Engine,
    session: SessionId,
}

impl Bench {
    fn new(seed: u64) -> Bench {
        let mut engine = Engine::new(Options { seed, now: NOW, ..Options::default() });
        let session = engine.open_session(SessionOptions { trusted: true, ..SessionOptions::default() });
        Bench { engine, session }
    }

    fn run(&mut self, args: &[Vec<u8>]) -> Vec<u8> {
        self.engine.exec(self.session, NOW, &resp::frame(args)).to_vec()
    }

    fn line(&mut self, line: &str) -> Vec<u8> {
        self.run(&words(line))
    }

    fn dump(&mut self, key: &str) -> Vec<u8> {
        resp::parse_all(&self.line(&format!("DUMP {key}"))).expect("a reply")[0].bytes().to_vec()
    }
}

fn words(line: &str) -> Vec<Vec<u8>> {
    line.split(' ').map(|word| word.as_bytes().to_vec()).collect()
}

fn vector(r: &mut Random) -> String {
    (0..8).map(|_| (r.below(2001) as i64 - 1000).to_string()).collect::<Vec<_>>().join(" ")
}

/// A command that changes the set `k`.
fn change(r: &mut Random, options: &str) -> String {
    let name = r.below(150);
    let reduce = if options.contains("NOQUANT") { "REDUCE 4 " } else { "" };
    match r.below(10) {
        0 | 1 => format!("VREM k e{name}"),
        2 => format!("VSETATTR k e{name} {{\"n\":{name}}}"),
        _ => format!("VADD k {reduce}VALUES 8 {} e{name} {options}", vector(r)),
    }
}

/// What shows the graph, and what follows from it.
fn questions(r: &mut Random) -> Vec<String> {
    let links = (0..150).map(|name| format!("VLINKS k e{name} WITHSCORES"));
    let near = (0..20).map(|_| format!("VSIM k VALUES 8 {} WITHSCORES WITHATTRIBS EF 10", vector(r)));
    links.chain(near.collect::<Vec<_>>()).chain(["VINFO k".into(), "DUMP k".into()]).collect()
}

#[test]
fn a_set_that_comes_back_is_the_same_graph() {
    for (seed, options) in ["Q8", "NOQUANT M 4", "BIN M 5"].iter().enumerate() {
        let mut r = Random::new(seed as u64);
        let [mut origin, mut replica, mut restored] = [1, 2, 3].map(Bench::new);
        origin.engine.keep_journal(true);
        for round in 0..400 {
            origin.line(&change(&mut r, options));
            if round == 200 {
                origin.engine.take_journal();
                origin.engine.begin_snapshot();
            }
        }
        origin.engine.snapshot(usize::MAX);
        let snapshot = origin.engine.exported().to_vec();
        let journal = origin.engine.take_journal().to_vec();
        for piece in [&snapshot, &journal] {
            assert_eq!(replica.engine.load(piece).expect("commands"), piece.len());
        }
        replica.engine.finish_load(NOW);
        let payload = origin.dump("k");
        assert_eq!(restored.run(&[b"RESTORE".to_vec(), b"k".to_vec(), b"0".to_vec(), payload]), b"+OK\r\n");
        assert_eq!(origin.engine.digest(), replica.engine.digest());
        assert_eq!(origin.engine.digest(), restored.engine.digest());
        for round in 0..100 {
            let line = change(&mut r, options);
            let reply = origin.line(&line);
            assert_eq!(reply, replica.line(&line), "{line}");
            assert_eq!(reply, restored.line(&line), "{line}");
            if round % 50 == 0 {
                for line in questions(&mut r) {
                    // Which set of its server it is.
                    let without_uid = |reply: Vec<u8>| {
                        String::from_utf8_lossy(&reply).replace("vset-uid\r\n:1\r\n", "vset-uid\r\n:0\r\n")
                    };
                    let reply = without_uid(origin.line(&line));
                    assert_eq!(reply, without_uid(replica.line(&line)), "{line}");
                    assert_eq!(reply, without_uid(restored.line(&line)), "{line}");
                }
            }
        }
    }
}

#[test]
fn damaged_dumps_are_refused_or_do_no_harm() {
    let mut bench = Bench::new(1);
    let mut r = Random::new(1);
    (0..30).for_each(|_| drop(bench.line(&change(&mut r, "Q8"))));
    let payload = bench.dump("k");
    let body = &payload[..payload.len() - 8];
    for round in 0..3000 {
        let mut bad = body.to_vec();
        for _ in 0..=r.below(3) {
            let at = r.below(bad.len() - 2);
            bad[at] = r.below(256) as u8;
        }
        if round % 10 == 0 {
            let len = r.below(bad.len() - 3);
            bad.drain(len..bad.len() - 2);
        }
        // A sum of zero is none.
        bad.extend([0; 8]);
        bench.run(&[b"RESTORE".to_vec(), b"k".to_vec(), b"0".to_vec(), bad, b"REPLACE".to_vec()]);
        for line in
            ["VSIM k VALUES 8 1 2 3 4 5 6 7 8", "VADD k VALUES 8 1 2 3 4 5 6 7 8 new", "VREM k e1", "VREM k new"]
        {
            bench.line(line);
        }
    }
}

#[test]
fn a_real_server_takes_our_dumps_and_we_take_its() {
    let Ok(address) = std::env::var("WAKEY_REDIS") else {
        return eprintln!("WAKEY_REDIS names no server: no dumps were exchanged");
    };
    let mut real = testkit::redis::Redis::connect(&address).expect("a server");
    let mut ask = |args: &[Vec<u8>]| real.call(args).expect("a reply");
    for (seed, options) in ["Q8", "NOQUANT M 4", "BIN M 5"].iter().enumerate() {
        let mut r = Random::new(seed as u64);
        let mut bench = Bench::new(1);
        ask(&words("DEL k t"));
        for _ in 0..300 {
            let line = change(&mut r, options);
            bench.line(&line);
            ask(&words(&line));
        }
        let theirs = ask(&words("DUMP k")).bytes().to_vec();
        let restore = |key: &str, payload: Vec<u8>| [words(&format!("RESTORE {key} 0")), vec![payload]].concat();
        assert_eq!(bench.run(&restore("t", theirs)), b"+OK\r\n");
        assert_eq!(ask(&restore("t", bench.dump("k"))).bytes(), b"OK");
        for _ in 0..50 {
            let question = format!("VALUES 8 {} WITHSCORES EF 500", vector(&mut r));
            let near = |value: &resp::Value| value.items().iter().map(|one| one.bytes().to_vec()).collect::<Vec<_>>();
            let mut here = |line: String| near(&resp::parse_all(&bench.line(&line)).expect("a reply")[0]);
            let own = here(format!("VSIM k {question} TRUTH"));
            let scores = |near: &[Vec<u8>]| near.iter().skip(1).step_by(2).cloned().collect::<Vec<_>>();
            assert_eq!(scores(&own), scores(&here(format!("VSIM t {question}"))), "their graph, here");
            let answer = near(&ask(&words(&format!("VSIM t {question}"))));
            let names = |near: &[Vec<u8>]| near.iter().step_by(2).cloned().collect::<Vec<_>>();
            // What is as far as another one may stand in its place, as may the last.
            let same = names(&own).iter().filter(|name| names(&answer).contains(name)).count();
            assert!(same >= 8 || options.starts_with("BIN"), "{own:?}\n{answer:?}");
        }
    }
}

/// A snapshot has a set as one argument, however large. Of all other commands a length over 512 MB is damage.
#[test]
fn a_snapshot_of_a_large_set_can_be_loaded() {
    let begins =
        |command: &str| Bench::new(1).engine.load(format!("{command}$1\r\nk\r\n$1\r\n0\r\n$536870913\r\n").as_bytes());
    assert_eq!(begins("*4\r\n$7\r\nRESTORE\r\n"), Ok(0), "the rest is to come");
    assert!(begins("*4\r\n$6\r\nSETBIT\r\n").is_err());
}
