//! A session as commands: what `snapshot_session` writes makes a fresh session the same, and it says where commands cannot.

use testkit::resp;
use wakey::SessionId;
use wakey::{Engine, Options, SessionOptions};

const NOW: f64 = 1_700_000_000_000.0;

struct Bench {
    engine: Engine,
}

impl Bench {
    fn new() -> Bench {
        Bench { engine: Engine::new(Options { seed: 1, now: NOW, ..Options::default() }) }
    }

    /// A session that has sent these lines.
    fn session(&mut self, lines: &[&str]) -> SessionId {
        let id = self.engine.open_session(SessionOptions { trusted: true, ..SessionOptions::default() });
        for line in lines {
            let args: Vec<String> = line.split(' ').map(String::from).collect();
            self.engine.feed(id, NOW, &resp::request(&args));
        }
        id
    }

    /// What makes a session like this one; none where commands cannot.
    fn snapshot_session(&mut self, id: SessionId) -> Option<Vec<u8>> {
        self.engine.snapshot_session(id).then(|| self.engine.exported().to_vec())
    }
}

#[test]
fn a_fresh_session_becomes_the_same() {
    let mut bench = Bench::new();
    let plain = bench.session(&["SET k v", "GET k"]);
    assert_eq!(bench.snapshot_session(plain), Some(Vec::new()));
    let id = bench.session(&[
        "HELLO 3",
        "SELECT 4",
        "CLIENT SETNAME me",
        "HIMPORT PREPARE user name mail",
        "SUBSCRIBE a b",
        "UNSUBSCRIBE a",
        "PSUBSCRIBE p*",
        "SSUBSCRIBE s",
    ]);
    let commands = bench.snapshot_session(id).expect("commands can");
    let other = bench.session(&[]);
    bench.engine.feed(other, NOW, &commands);
    assert_eq!(bench.snapshot_session(other), Some(commands));
    assert_eq!(bench.engine.database(other), 4);
    assert!(bench.engine.is_subscriber(other));
    bench.session(&["PUBLISH b x"]);
    let mut heard = Vec::new();
    while let Some((session, _, _)) = bench.engine.next_output() {
        heard.push(session);
    }
    heard.sort();
    assert_eq!(heard, [id, other]);
    bench.engine.feed(id, NOW, b"*1\r\n$5\r\nRESET\r\n");
    assert_eq!(bench.snapshot_session(id), Some(Vec::new()));
}

#[test]
fn what_commands_cannot_bring_back_is_told() {
    let mut bench = Bench::new();
    for lines in [&["MULTI"][..], &["WATCH k"], &["BLPOP k 0"], &["CLIENT REPLY OFF"], &["QUIT"]] {
        let id = bench.session(lines);
        assert_eq!(bench.snapshot_session(id), None, "{lines:?}");
    }
    let half = bench.session(&[]);
    bench.engine.feed(half, NOW, b"*2\r\n$3\r\nGE");
    assert_eq!(bench.snapshot_session(half), None);
    bench.engine.feed(half, NOW, b"T\r\n$1\r\nk\r\n");
    assert_eq!(bench.snapshot_session(half), Some(Vec::new()));
    let multi = bench.session(&["MULTI", "EXEC"]);
    assert_eq!(bench.snapshot_session(multi), Some(Vec::new()));
    assert_eq!(bench.snapshot_session(SessionId::MAX), None);
}

#[test]
fn a_session_that_has_logged_in_cannot_be_told_as_commands() {
    let mut engine = wakey::Engine::new(wakey::Options::default());
    engine.load_users("users", b"user ann on >secret ~* +@all").expect("a user");
    let mut open = |user: &str| {
        let options = SessionOptions { trusted: true, user: user.into(), ..SessionOptions::default() };
        engine.open_session(options)
    };
    let (owner, ann) = (open(""), open("ann"));
    assert!(engine.snapshot_session(owner) && engine.snapshot_session(ann));
    assert_eq!(engine.feed(owner, 0.0, b"AUTH ann secret\r\n"), b"+OK\r\n");
    assert!(!engine.snapshot_session(owner));
    assert_eq!(engine.feed(owner, 0.0, b"RESET\r\n"), b"+RESET\r\n");
    assert!(engine.snapshot_session(owner));
}
