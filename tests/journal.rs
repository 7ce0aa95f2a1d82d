//! What the journal and a snapshot say builds the same keyspace again: random sessions of the fuzzer (`testkit::session`), a
//! replica that replays the journal as it comes, and another that is built from a snapshot taken in slices in the meantime.

use testkit::random::Random;
use testkit::resp;
use testkit::session::{Grammar, generate};
use wakey::{Engine, Options, SessionOptions};

const NOW: f64 = 1_700_000_000_000.0;

/// An engine with these settings: a HyperLogLog's bytes depend on them.
fn engine(seed: u64, settings: &[Vec<String>]) -> Engine {
    let mut engine = Engine::new(Options { seed, now: NOW, ..Options::default() });
    let boss = engine.open_session(SessionOptions { trusted: true, ..SessionOptions::default() });
    for setting in settings {
        engine.exec(boss, NOW, &resp::frame(setting));
    }
    engine
}

/// Replays whole pieces, as a host that has all of them does; a digest of what came out at `now`.
fn replay(engine: &mut Engine, pieces: &[&[u8]], now: f64) -> u64 {
    for piece in pieces {
        let used = engine.load(piece).unwrap_or_else(|damage| panic!("{damage:?} in {}", text(piece)));
        assert_eq!(used, piece.len(), "{}", text(piece));
    }
    engine.finish_load(now);
    engine.digest()
}

fn text(bytes: &[u8]) -> String {
    let line = |value: &resp::Value| {
        value.items().iter().map(|arg| testkit::text::quote(arg.bytes())).collect::<Vec<_>>().join(" ")
    };
    resp::parse_all(bytes).unwrap_or_default().iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The lines of one engine's snapshot that are not in the other's.
fn differences(a: &mut Engine, b: &mut Engine) -> String {
    let [mut here, mut there] = [a, b].map(|engine| {
        engine.begin_snapshot();
        engine.snapshot(usize::MAX);
        text(engine.kept()).lines().map(String::from).collect::<Vec<_>>()
    });
    let both: Vec<String> = here.iter().filter(|line| there.contains(line)).cloned().collect();
    here.retain(|line| !both.contains(line));
    there.retain(|line| !both.contains(line));
    format!("only in the origin\n{}\nonly in the replica\n{}", here.join("\n"), there.join("\n"))
}

/// A snapshot that is being taken, and what the journal said since it began.
#[derive(Default)]
struct Taking {
    base: Vec<u8>,
    rest: Vec<u8>,
}

#[test]
fn replayed_journals_and_snapshots_build_the_same_keyspace() {
    let grammar = Grammar::read("");
    let (mut commands, mut snapshots) = (0, 0);
    // Each command by itself, to find the one that is told wrong.
    let checks = std::env::var_os("EACH").is_some();
    let seeds: u64 = std::env::var("SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(150);
    for seed in 0..seeds {
        let mut r = Random::new(seed);
        let session = generate(&grammar, &mut r, seed);
        let mut origin = engine(seed, &session.settings);
        let mut journal = Vec::new();
        let mut now = NOW;
        let players =
            session.protocols.map(|resp| origin.open_session(SessionOptions { resp, ..SessionOptions::default() }));
        origin.keep_journal(true);
        let mut taking: Option<Taking> = None;
        for step in &session.steps {
            if r.one_in(20) {
                now += r.below(20_000) as f64;
            }
            if r.one_in(30) {
                origin.tick(now);
            }
            origin.exec(players[step.who], now, &resp::frame(&step.args));
            commands += 1;
            let piece = origin.take_journal().to_vec();
            journal.extend_from_slice(&piece);
            if checks || commands % 50 == 0 {
                let mut replica = engine(seed + 1_000_000, &session.settings);
                let same = replay(&mut replica, &[&journal], now) == origin.digest();
                assert!(same, "seed {seed}: after {}\n{}", step.line(), differences(&mut origin, &mut replica));
            }
            match &mut taking {
                None if r.one_in(60) => {
                    origin.begin_snapshot();
                    taking = Some(Taking::default());
                }
                None => {}
                Some(slices) => {
                    slices.rest.extend_from_slice(&piece);
                    if r.one_in(3) {
                        let more = origin.snapshot(r.below(400));
                        slices.base.extend_from_slice(origin.kept());
                        if !more {
                            let mut other = engine(seed + 2_000_000, &session.settings);
                            let digest = replay(&mut other, &[&slices.base, &slices.rest], now);
                            let (base, rest) = (text(&slices.base), text(&slices.rest));
                            assert_eq!(digest, origin.digest(), "seed {seed}: the snapshot says\n{base}\nthen\n{rest}");
                            snapshots += 1;
                            taking = None;
                        }
                    }
                }
            }
        }
    }
    assert!(commands > 10_000 && snapshots > 100, "{commands} commands, {snapshots} snapshots");
}
