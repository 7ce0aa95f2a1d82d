//! When times are quiet (`still.rs`): that the short way is taken at all, by which commands, and what ends it. That nothing is missed on it,
//! every other test shows, for with debug assertions the engine asks after each command that took it.

use crate::resp::args::Args;
use crate::server::host::{Interceptor, Store, Verdict};
use crate::server::session::{Session, SessionId};
use crate::{Engine, Options, SessionOptions};

const NOW: f64 = 1_700_000_000_000.0;

fn opened(options: Options) -> (Engine, SessionId, SessionId) {
    let mut engine = Engine::new(Options { seed: 1, now: NOW, ..options });
    let (one, other) = (open(&mut engine), open(&mut engine));
    (engine, one, other)
}

fn open(engine: &mut Engine) -> SessionId {
    engine.open_session(SessionOptions { trusted: true, ..SessionOptions::default() })
}

fn say(engine: &mut Engine, session: SessionId, line: &str) -> String {
    String::from_utf8_lossy(engine.feed(session, NOW, format!("{line}\r\n").as_bytes())).into_owned()
}

/// Whether a command of this session goes the short way: then it leaves all undisturbed.
fn is_quiet(engine: &mut Engine, session: SessionId) -> bool {
    assert!(!say(engine, session, "EXISTS k").starts_with('-'));
    engine.is_undisturbed()
}

#[test]
fn commands_about_keys_are_about_data() {
    let (engine, ..) = opened(Options::default());
    let others = ["dbsize", "flushall", "flushdb", "keys", "lolwut", "ping", "randomkey", "scan", "swapdb"];
    let mut without_keys: Vec<String> = Vec::new();
    for row in &engine.rows {
        if row.spec.is_about_data() && row.spec.key_specs().count() == 0 {
            without_keys.push(row.spec.full_name());
        }
    }
    without_keys.sort();
    assert_eq!(without_keys, others);
}

#[test]
fn sessions_by_turns_go_the_short_way() {
    let (mut engine, one, other) = opened(Options::default());
    for line in ["PING", "SET k v PX 100000", "GET k", "HSET h f v", "LPOP h", "GET", "EXPIRE k 100", "DEL k h"] {
        for session in [one, other] {
            // An error is no reason to leave it, but a wrong number of arguments is.
            say(&mut engine, session, line);
            assert_eq!(engine.is_undisturbed(), line != "GET", "{line}");
        }
    }
}

/// What one session does, and what undoes it: between them nobody's commands go the short way.
const DISTURBING: &[(&[&str], &[&str])] = &[
    (&["CONFIG SET notify-keyspace-events KEA"], &["CONFIG SET notify-keyspace-events ''"]),
    (&["CONFIG SET maxmemory 100mb"], &["CONFIG SET maxmemory 0"]),
    (&["CONFIG SET maxmemory-policy allkeys-lrm"], &["CONFIG SET maxmemory-policy noeviction"]),
    (&["CONFIG SET save '1 1'"], &["CONFIG SET save ''"]),
    (&["WATCH k"], &["UNWATCH"]),
    (&["CLIENT TRACKING on BCAST"], &["CLIENT TRACKING off"]),
    (&["HOTKEYS START METRICS 1 CPU"], &["HOTKEYS STOP", "HOTKEYS RESET"]),
    (&["MONITOR"], &["RESET"]),
];

#[test]
fn whatever_concerns_all_commands_ends_it_for_all() {
    for (begin, end) in DISTURBING {
        let (mut engine, one, other) = opened(Options::default());
        assert!(is_quiet(&mut engine, one));
        for line in *begin {
            assert!(!say(&mut engine, other, line).starts_with('-'), "{line}");
        }
        assert!(!is_quiet(&mut engine, one), "{begin:?}");
        for line in *end {
            let third = open(&mut engine);
            let who = if line.starts_with("CONFIG") { third } else { other };
            assert!(!say(&mut engine, who, line).starts_with('-'), "{line}");
            while engine.next_output().is_some() {}
        }
        assert!(is_quiet(&mut engine, one), "after {end:?}");
    }
}

#[test]
fn a_session_that_waits_ends_it_for_those_who_can_serve_it() {
    let (mut engine, one, other) = opened(Options::default());
    assert!(is_quiet(&mut engine, one));
    assert_eq!(say(&mut engine, other, "BLPOP l 0"), "");
    assert!(!is_quiet(&mut engine, one));
    assert_eq!(say(&mut engine, one, "LPUSH l a"), ":1\r\n");
    let (id, bytes, _) = engine.next_output().expect("it is served");
    assert_eq!((id, bytes), (other, &b"*2\r\n$1\r\nl\r\n$1\r\na\r\n"[..]));
    assert!(engine.next_output().is_none());
    assert!(is_quiet(&mut engine, one));
}

#[test]
fn what_concerns_a_session_ends_it_for_that_one() {
    for line in ["MULTI", "CLIENT REPLY OFF", "SUBSCRIBE c", "ACL SETUSER default -@all +ping"] {
        let (mut engine, one, other) = opened(Options::default());
        assert!(is_quiet(&mut engine, one));
        let reader = engine.open_session(SessionOptions { trusted: false, ..SessionOptions::default() });
        assert!(is_quiet(&mut engine, reader));
        say(&mut engine, if line.starts_with("ACL") { other } else { reader }, line);
        let reply = say(&mut engine, reader, "GET k");
        assert_ne!(reply, "$-1\r\n", "{line}");
        assert!(!engine.is_undisturbed(), "{line}");
        assert!(is_quiet(&mut engine, one), "{line}");
    }
}

#[test]
fn one_that_is_killed_by_another_runs_nothing_more() {
    let (mut engine, one, other) = opened(Options::default());
    assert!(is_quiet(&mut engine, one));
    assert_eq!(say(&mut engine, other, &format!("CLIENT KILL ID {one}")), ":1\r\n");
    assert_eq!(say(&mut engine, one, "SET k v"), "");
    assert_eq!(say(&mut engine, other, "GET k"), "$-1\r\n");
}

struct Judge;

impl Interceptor for Judge {
    fn judge(&self, _: &Session, _: bool, _: Args<'_>) -> Verdict {
        Verdict::Reply(b"+judged\r\n".to_vec())
    }
}

#[test]
fn the_host_ends_it_too() {
    let (mut engine, one, _) = opened(Options::default());
    assert!(is_quiet(&mut engine, one));
    engine.intercept(Some(Box::new(Judge)));
    assert_eq!(say(&mut engine, one, "GET k"), "+judged\r\n");
    engine.intercept(None);
    assert!(is_quiet(&mut engine, one));

    engine.keep_journal(true);
    assert_eq!(say(&mut engine, one, "SET k v"), "+OK\r\n");
    assert!(engine.journal_len() > 0);
    engine.take_journal();
    engine.keep_journal(false);
    assert!(is_quiet(&mut engine, one));

    engine.begin_snapshot();
    assert!(!is_quiet(&mut engine, one));
    engine.end_snapshot();
    assert!(is_quiet(&mut engine, one));

    engine.set_store(Store { refusing: "no space".into(), ..Store::default() });
    assert!(say(&mut engine, one, "SET k w").starts_with("-MISCONF"));
    assert!(say(&mut engine, one, "PING").starts_with("-MISCONF"));
    engine.set_store(Store::default());
    assert!(is_quiet(&mut engine, one));
}

#[test]
fn replies_that_are_to_be_read_first_are_told_of() {
    let (mut engine, one, _) = opened(Options::default());
    say(&mut engine, one, "SETRANGE k 700000 x");
    let gets = "GET k\r\n".repeat(4);
    assert!(engine.feed(one, NOW, gets.as_bytes()).len() < 3 * 700_000);
    assert!(engine.has_backlog(one) && !engine.is_undisturbed());
    let rest = engine.feed(one, NOW, b"").len();
    assert!(rest > 700_000);
}
