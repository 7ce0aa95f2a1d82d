//! Whoever sends four times as many arguments keeps the engine busy about four times as long, and not sixteen times: every command
//! that takes any number of arguments, with ten and with forty thousand of them. This is the one test that looks at a clock: it
//! compares the best of several rounds, and allows three times what a line would be: what grows leaves the caches.

use std::time::{Duration, Instant};
use testkit::resp;
use wakey::SessionId;
use wakey::{Engine, Options, SessionOptions};

const NOW: f64 = 1_700_000_000_000.0;
const FEW: usize = 10_000;
const MANY: usize = 40_000;

/// What is set up, what another session waits or listens with, and the command. In each `{...}` is repeated, `#` is the number of
/// the repetition, and `N` how many there are. A setup of several commands has them between semicolons; one in braces is run so
/// many times.
const CASES: &[(&str, &str, &str)] = &[
    ("MSET {k# v}", "", "DEL {k#}"),
    ("MSET {k# v}", "", "UNLINK {k#}"),
    ("MSET {k# v}", "", "EXISTS {k#}"),
    ("MSET {k# v}", "", "TOUCH {k#}"),
    ("MSET {k# v}", "", "MGET {k#}"),
    ("", "", "MSET {k# v}"),
    ("", "", "MSETNX {k# v}"),
    ("", "", "MSET {k v}"),
    ("", "", "SADD s {m#}"),
    ("", "", "SADD s {#}"),
    ("SADD s {m#}", "", "SREM s {m#}"),
    ("SADD s {m#}", "", "SMISMEMBER s {m#}"),
    ("SADD s {m#}", "", "SPOP s N"),
    ("SADD s {m#}", "", "SRANDMEMBER s -N"),
    ("{SADD s# m}", "", "SINTER {s#}"),
    ("{SADD s# m}", "", "SUNION {s#}"),
    ("{SADD s# m}", "", "SDIFF {s#}"),
    ("{SADD s# m}", "", "SINTERCARD N {s#}"),
    ("{SADD s# m#}", "", "SUNIONSTORE d {s#}"),
    ("", "", "RPUSH l {e#}"),
    ("", "", "LPUSH l {e#}"),
    ("RPUSH l {e#}", "", "LPOP l N"),
    ("", "", "LMPOP N {l#} LEFT"),
    ("", "", "BLPOP {l#} 0"),
    ("", "", "BLPOP {l} 0"),
    ("", "", "BLMPOP 0 N {l#} LEFT"),
    ("", "", "HSET h {f# v}"),
    ("", "", "HMSET h {f# v}"),
    ("HSET h {f# v}", "", "HDEL h {f#}"),
    ("HSET h {f# v}", "", "HMGET h {f#}"),
    ("HSET h {f# v}", "", "HGETDEL h FIELDS N {f#}"),
    ("HSET h {f# v}", "", "HGETEX h EX 100 FIELDS N {f#}"),
    ("HSET h {f# v}", "", "HEXPIRE h 100 FIELDS N {f#}"),
    ("HSET h {f# v}", "", "HTTL h FIELDS N {f#}"),
    ("HSET h {f# v}", "", "HPERSIST h FIELDS N {f#}"),
    ("", "", "HSETEX h EX 100 FIELDS N {f# v}"),
    ("HSET h {f# v}", "", "HRANDFIELD h -N"),
    ("", "", "ZADD z {# m#}"),
    ("", "", "ZADD z {0 m#}"),
    ("ZADD z {# m#}", "", "ZREM z {m#}"),
    ("ZADD z {# m#}", "", "ZMSCORE z {m#}"),
    ("ZADD z {# m#}", "", "ZPOPMIN z N"),
    ("{ZADD z# 1 m}", "", "ZUNION N {z#}"),
    ("{ZADD z# 1 m}", "", "ZINTER N {z#}"),
    ("{ZADD z# 1 m}", "", "ZDIFF N {z#}"),
    ("{ZADD z# 1 m}", "", "ZINTERCARD N {z#}"),
    ("{ZADD z# 1 m#}", "", "ZUNIONSTORE d N {z#}"),
    ("", "", "ZMPOP N {z#} MIN"),
    ("", "", "BZPOPMIN {z#} 0"),
    ("", "", "PFADD p {e#}"),
    ("", "", "ARSET a 0 {v#}"),
    ("", "", "ARMSET a {# v#}"),
    ("", "", "ARRING a 100 {v#}"),
    ("ARSET a 0 {v#}", "", "ARDEL a {#}"),
    ("ARSET a 0 {v#}", "", "ARDELRANGE a {# #}"),
    ("ARSET a 0 {v#}", "", "ARLASTITEMS a N"),
    ("", "", "GEOADD g {1.5 2.5 m#}"),
    ("GEOADD g {1.5 2.5 m#}", "", "GEOHASH g {m#}"),
    ("GEOADD g {1.5 2.5 m#}", "", "GEOPOS g {m#}"),
    ("{SET k# v}", "", "BITOP OR d {k#}"),
    ("", "", "BITFIELD b {SET u8 # 1}"),
    ("", "", "XADD x 1-1 {f# v}"),
    ("{XADD x 1-# f v}", "", "XDEL x {1-#}"),
    ("{XADD x 1-# f v};XGROUP CREATE x g 0;XREADGROUP GROUP g c STREAMS x >", "", "XACK x g {1-#}"),
    ("{XADD x 1-# f v};XGROUP CREATE x g 0;XREADGROUP GROUP g c STREAMS x >", "", "XCLAIM x g d 0 {1-#}"),
    ("{XADD x 1-# f v};XGROUP CREATE x g 0", "", "XREADGROUP GROUP g c STREAMS x >"),
    ("", "", "XREAD STREAMS {x#} {0}"),
    ("", "", "XREAD BLOCK 0 STREAMS {x#} {0}"),
    ("RPUSH l 1 2 3", "", "SORT l {GET k#*}"),
    ("", "", "SUBSCRIBE {c#}"),
    ("", "", "PSUBSCRIBE {c#*}"),
    ("", "", "SSUBSCRIBE {c#}"),
    ("SUBSCRIBE {c#}", "", "UNSUBSCRIBE {c#}"),
    ("PSUBSCRIBE {c#*}", "", "PUNSUBSCRIBE {c#*}"),
    ("SSUBSCRIBE {c#}", "", "SUNSUBSCRIBE {c#}"),
    ("SUBSCRIBE {c#}", "", "UNSUBSCRIBE"),
    ("PSUBSCRIBE {c#*}", "", "PUNSUBSCRIBE"),
    ("SUBSCRIBE {c#}", "", "RESET"),
    ("PSUBSCRIBE {c#*}", "", "RESET"),
    ("SUBSCRIBE {c#}", "", "PUBSUB NUMSUB {c#}"),
    ("PSUBSCRIBE {c#*}", "", "PUBLISH d m"),
    ("", "", "WATCH {k#}"),
    ("WATCH {k#}", "", "UNWATCH"),
    ("WATCH {k#}", "", "MSET {k# v}"),
    ("", "", "COMMAND INFO {get}"),
    ("", "", "COMMAND DOCS {get}"),
    ("", "", "COMMAND GETKEYS MSET {k# v}"),
    ("", "", "CONFIG GET {maxmemory}"),
    ("", "", "CONFIG SET {maxmemory 0}"),
    ("", "", "CLIENT LIST ID {#}"),
    ("", "", "CLIENT KILL {ID #}"),
    ("MULTI;{SET k# v}", "", "EXEC"),
    ("MULTI;{SET k# v}", "", "DISCARD"),
    ("MULTI;{RPUSH k# v}", "BLPOP {k#} 0", "EXEC"),
    ("MULTI;{RPUSH k# v};{LPOP k#}", "BLPOP {k#} 0", "EXEC"),
    ("MULTI;{SET k# v}", "BLPOP {k#} 0", "EXEC"),
    ("MULTI;{XADD k# 1-1 f v};{XDEL k# 1-1}", "XREAD BLOCK 0 STREAMS {k#} {0}", "EXEC"),
    ("MULTI;{SET k# v}", "WATCH {k#}", "EXEC"),
    ("{SET k# v}", "WATCH {k#}", "FLUSHALL"),
    ("{RPUSH k# v}", "BZPOPMIN {j#} 0", "FLUSHALL"),
    ("{RPUSH k# v};MULTI;{DEL k#}", "PSUBSCRIBE {c#*}", "EXEC"),
];

/// The words of a line with its repetitions.
fn words(line: &str, n: usize) -> Vec<String> {
    let mut out = Vec::new();
    for part in line.split_inclusive(['{', '}']) {
        let (text, repeated) = match part.strip_suffix('}') {
            Some(text) => (text, n),
            None => (part.trim_end_matches('{'), 1),
        };
        for i in 1..=repeated {
            out.extend(text.split_whitespace().map(|word| match word {
                "N" | "-N" => word.replace('N', &n.to_string()),
                _ if repeated > 1 => word.replace('#', &i.to_string()),
                _ => word.to_string(),
            }));
        }
    }
    out
}

struct Bench {
    engine: Engine,
    session: SessionId,
}

impl Bench {
    fn run(&mut self, id: SessionId, words: &[String]) -> Duration {
        let frame = resp::frame(words);
        let start = Instant::now();
        self.engine.exec(id, NOW, &frame);
        start.elapsed()
    }

    /// How long the command takes.
    fn time((setup, other, command): (&str, &str, &str), n: usize) -> Duration {
        let mut engine = Engine::new(Options { seed: 1, now: NOW, ..Options::default() });
        let mut open = || engine.open_session(SessionOptions { resp: 3, trusted: true, ..SessionOptions::default() });
        let (session, waits) = (open(), open());
        let mut bench = Bench { engine, session };
        if !other.is_empty() {
            bench.run(waits, &words(other, n));
        }
        for line in setup.split(';').filter(|line| !line.is_empty()) {
            match line.strip_prefix('{').and_then(|line| line.strip_suffix('}')) {
                Some(line) => {
                    for i in 1..=n {
                        bench.run(session, &words(&line.replace('#', &i.to_string()), 1));
                    }
                }
                None => {
                    bench.run(session, &words(line, n));
                }
            }
        }
        bench.run(bench.session, &words(command, n))
    }
}

#[test]
fn four_times_the_arguments_take_about_four_times_as_long() {
    let mut slow = Vec::new();
    for &case in CASES {
        // What takes no time cannot be compared.
        let floor = Duration::from_millis(2);
        let ratio = |rounds: usize| {
            let best = |n| (0..rounds).map(|_| Bench::time(case, n)).min().expect("a round");
            let (few, many) = (best(FEW), best(MANY));
            (many.as_secs_f64() / few.max(floor / 4).as_secs_f64(), many)
        };
        // A busy machine may disturb a round or two.
        let found = (1..=4).map(|rounds| ratio(rounds * 2 - 1)).find(|&(ratio, many)| ratio < 12.0 || many < floor);
        if found.is_none() {
            let (ratio, many) = ratio(3);
            slow.push(format!("{} | {}: {ratio:.1} times, {many:?}", case.1, case.2));
        }
    }
    assert!(slow.is_empty(), "{}", slow.join("\n"));
}
