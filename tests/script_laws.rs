//! The laws with scripts and functions in play: random sessions of `testkit::scripts`.

use testkit::random::Random;
use testkit::scripts::{What, generate, grammar::Grammar};
use testkit::{resp, scripts};
use wakey::{Engine, Options, SessionOptions};

const NOW: f64 = 2_500_000_000_000.0;

fn engine(seed: u64) -> Engine {
    Engine::new(Options { seed, now: NOW, ..Options::default() })
}

/// Plays the session of a seed; its replies, where addresses do not show, and the journal.
fn play(engine: &mut Engine, grammar: &Grammar, seed: u64) -> (Vec<Vec<u8>>, Vec<u8>) {
    let players =
        [2, 3].map(|resp| engine.open_session(SessionOptions { resp, trusted: true, ..SessionOptions::default() }));
    engine.keep_journal(true);
    let digest = |text: &[u8]| wakey::server::scripts::digest(text).to_vec();
    let mut replies = Vec::new();
    for step in generate(grammar, &mut Random::new(seed), digest) {
        let args = match step.what {
            What::Command(args) => args,
            What::Restore(seed) => {
                let dump = engine.exec(players[0], NOW, &resp::frame(&["FUNCTION", "DUMP"])).to_vec();
                let payload = resp::parse(&dump).ok().flatten().map(|(reply, _)| reply.bytes().to_vec());
                match payload.filter(|payload| payload.len() >= 10) {
                    Some(payload) => scripts::restore(seed, payload),
                    None => continue,
                }
            }
        };
        let reply = engine.exec(players[step.who], NOW, &resp::frame(&args)).to_vec();
        let tells_addresses = reply.windows(4).any(|four| four == b": 0x");
        if !tells_addresses && !args.concat().windows(5).any(|five| five == b"clock") {
            replies.push(reply);
        }
    }
    engine.exec(players[0], NOW, &resp::frame(&["DISCARD"]));
    (replies, engine.take_journal().to_vec())
}

fn loaded(pieces: &[u8], seed: u64) -> u64 {
    let mut engine = engine(seed);
    let used = engine.load(pieces).unwrap_or_else(|damage| panic!("{damage:?}"));
    assert_eq!(used, pieces.len());
    engine.finish_load(NOW);
    engine.digest()
}

#[test]
fn the_same_scripts_give_the_same_replies_and_what_they_did_is_built_again() {
    let grammar = Grammar::read();
    let mut bytes = 0;
    for seed in 0..150 {
        let (mut one, mut other) = (engine(7), engine(7));
        let (replies, journal) = play(&mut one, &grammar, seed);
        let (again, same) = play(&mut other, &grammar, seed);
        assert!(replies == again, "seed {seed}");
        assert!(journal == same, "seed {seed}: the journal");
        let digest = one.digest();
        assert_eq!(digest, other.digest(), "seed {seed}");
        assert_eq!(loaded(&journal, 8), digest, "seed {seed}: {}", String::from_utf8_lossy(&journal));
        one.begin_snapshot();
        one.snapshot(usize::MAX);
        let snapshot = one.exported().to_vec();
        assert_eq!(loaded(&snapshot, 9), digest, "seed {seed}: the snapshot");
        bytes += journal.len();
    }
    assert!(bytes > 10_000, "{bytes} bytes of journal");
}
