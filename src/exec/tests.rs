//! A command that runs others, as scripts will: through the same gate and the same steps, with their replies as values.

use super::row::{Row, cmd};
use super::{Ctx, Done};
use crate::commands::GROUPS;
use crate::resp::args::{Args, Span};
use crate::server::session::SessionId;
use crate::table::spec::Group;
use crate::{Engine, Options, SessionOptions};

const NOW: f64 = 1_700_000_000_000.0;

/// `EACH command , command ...`: runs each, and answers with an array of their replies.
const ROWS: &[Row] = &[cmd("EACH argument [argument ...]", each).write(0).reply("array of any")];

fn each(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let words: Vec<&[u8]> = args.tail(1).collect();
    let commands: Vec<&[&[u8]]> = words.split(|word| *word == b",").collect();
    cx.out.array(commands.len());
    for words in commands {
        let bytes = words.concat();
        let mut at = 0;
        let spans: Vec<Span> = words
            .iter()
            .map(|word| {
                at += word.len() as u32;
                Span { at: at - word.len() as u32, len: word.len() as u32 }
            })
            .collect();
        let reply = cx.nested(Args::new(&bytes, &spans));
        cx.out.raw(&reply);
    }
    Ok(())
}

struct Bench {
    engine: Engine,
    session: SessionId,
}

impl Bench {
    fn new() -> Bench {
        let groups: Vec<(Group, &'static [Row])> =
            GROUPS.iter().copied().chain([(Group { name: "scripting", category: "scripting" }, ROWS)]).collect();
        let mut engine = Engine::with_groups(Options { seed: 1, now: NOW, ..Options::default() }, &groups);
        let session = engine.open_session(SessionOptions { trusted: true, ..SessionOptions::default() });
        Bench { engine, session }
    }

    fn open(&mut self) -> SessionId {
        self.engine.open_session(SessionOptions { trusted: true, ..SessionOptions::default() })
    }

    fn feed(&mut self, line: &str) -> String {
        let line = format!("{line}\r\n");
        String::from_utf8_lossy(self.engine.feed(self.session, NOW, line.as_bytes())).into_owned()
    }
}

#[test]
fn replies_are_values_and_errors_are_the_replies_of_their_own_commands() {
    let mut bench = Bench::new();
    assert_eq!(
        bench.feed("EACH SET k 1 , INCR k , LPUSH k x , GET k , NOSUCH , GET"),
        "*6\r\n+OK\r\n:2\r\n-WRONGTYPE Operation against a key holding the wrong kind of value\r\n$1\r\n2\r\n\
         -ERR unknown command 'NOSUCH'\r\n-ERR wrong number of arguments for 'get' command\r\n"
    );
    // What runs within another command is counted as what a client sends.
    assert!(bench.feed("INFO commandstats").contains("cmdstat_incr:calls=1,"));
    assert_eq!(bench.feed("CLIENT INFO").split(" cmd=").nth(1).map(|rest| &rest[..11]), Some("client|info"));
}

#[test]
fn within_another_one_a_command_does_not_wait_and_some_are_refused() {
    let mut bench = Bench::new();
    assert_eq!(bench.feed("EACH BLPOP l 0 , EACH PING"), "*2\r\n*-1\r\n*1\r\n+PONG\r\n");
    assert!(!bench.engine.is_waiting(bench.session));
    for refused in ["MULTI", "SUBSCRIBE c", "MONITOR", "WATCH k"] {
        let reply = bench.feed(&format!("EACH {refused}"));
        assert_eq!(reply, "*1\r\n-ERR This Redis command is not allowed from script\r\n", "{refused}");
    }
}

#[test]
fn it_is_one_unit_of_the_journal_alone_and_in_a_transaction() {
    let mut bench = Bench::new();
    bench.engine.keep_journal(true);
    let text = |bench: &mut Bench| {
        let bytes = String::from_utf8_lossy(bench.engine.take_journal()).into_owned();
        bytes.split("\r\n").filter(|line| !line.starts_with(['*', '$'])).collect::<Vec<_>>().join(" ")
    };
    bench.feed("EACH SET k v , SADD s 1 , GET k , SPOP s");
    assert_eq!(text(&mut bench), "SELECT 0 MULTI SET k v SADD s 1 SREM s 1 EXEC ");
    bench.feed("EACH GET k");
    assert_eq!(text(&mut bench), "");
    assert_eq!(
        bench.feed("MULTI\r\nSET a 1\r\nEACH SET b 2 , EACH SET c 3\r\nSET d 4\r\nEXEC"),
        "+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n*3\r\n+OK\r\n*2\r\n+OK\r\n*1\r\n+OK\r\n+OK\r\n"
    );
    assert_eq!(text(&mut bench), "MULTI SET a 1 SET b 2 SET c 3 SET d 4 EXEC ");
}

#[test]
fn who_waits_is_served_and_who_watches_fails_and_monitors_see_each() {
    let mut bench = Bench::new();
    let (sleeper, watcher, monitor) = (bench.open(), bench.open(), bench.open());
    bench.engine.feed(sleeper, NOW, b"BLPOP l 0\r\n");
    bench.engine.feed(watcher, NOW, b"WATCH k\r\nMULTI\r\nGET k\r\n");
    bench.engine.feed(monitor, NOW, b"MONITOR\r\n");
    assert_eq!(bench.feed("EACH SET k v , RPUSH l x , LLEN l"), "*3\r\n+OK\r\n:1\r\n:1\r\n");
    let mut heard = Vec::new();
    while let Some((id, bytes, _)) = bench.engine.next_output() {
        heard.push((id, String::from_utf8_lossy(bytes).into_owned()));
    }
    heard.sort();
    assert_eq!(heard[0], (sleeper, "*2\r\n$1\r\nl\r\n$1\r\nx\r\n".to_string()));
    let shown: Vec<&str> =
        heard[1].1.lines().map(|line| line.split_once("] ").map_or("", |(_, words)| words)).collect();
    assert_eq!(shown[..3], ["\"SET\" \"k\" \"v\"", "\"RPUSH\" \"l\" \"x\"", "\"LLEN\" \"l\""]);
    assert!(shown[3].starts_with("\"EACH\""), "{shown:?}");
    assert_eq!(bench.engine.feed(watcher, NOW, b"EXEC\r\n"), b"*-1\r\n");
}
