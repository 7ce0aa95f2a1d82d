//! What is measured, by a clock that each look moves on: the core's second clock is the test's own here.

use std::cell::Cell;
use testkit::resp::{self, Value};
use wakey::{Engine, Options, SessionId, SessionOptions};

thread_local! {
    static CLOCK: Cell<f64> = const { Cell::new(1.0) };
    static STEP: Cell<f64> = const { Cell::new(0.0) };
    static LOOKS: Cell<u32> = const { Cell::new(0) };
}

/// Each look is `STEP` milliseconds after the one before.
fn clock() -> f64 {
    LOOKS.set(LOOKS.get() + 1);
    CLOCK.set(CLOCK.get() + STEP.get());
    CLOCK.get()
}

struct Play {
    engine: Engine,
    session: SessionId,
    now: f64,
}

impl Play {
    fn new(measured: bool) -> Play {
        LOOKS.set(0);
        let mut engine = Engine::new(Options { clock, now: 1000.0, ..Options::default() });
        engine.measure(measured);
        let session = engine.open_session(SessionOptions { resp: 3, trusted: true, ..SessionOptions::default() });
        Play { engine, session, now: 1000.0 }
    }

    /// Runs a command that takes so many milliseconds.
    fn run(&mut self, millis: f64, command: &str) -> Value {
        STEP.set(millis);
        let words: Vec<&str> = command.split(' ').collect();
        let reply = self.engine.feed(self.session, self.now, &resp::request(&words)).to_vec();
        resp::parse_all(&reply).expect("a whole reply").remove(0)
    }
}

#[test]
fn nobody_looks_at_the_clock_until_somebody_asks() {
    let mut play = Play::new(false);
    play.run(1.0, "SET k v");
    play.engine.measure(true);
    play.engine.exec(play.session, 1000.0, &resp::frame(&["SET", "k", "v"])); // not off a socket
    play.engine.measure(false);
    play.run(1.0, "INFO commandstats");
    play.run(1.0, "CONFIG SET slowlog-max-len 10");
    assert_eq!(LOOKS.get(), 0);
    for (on, off) in [
        ("slowlog-log-slower-than 0", "slowlog-log-slower-than -1"),
        ("latency-monitor-threshold 1", "latency-monitor-threshold 0"),
        ("latency-tracking yes", "latency-tracking no"),
    ] {
        play.run(1.0, &format!("CONFIG SET {on}"));
        LOOKS.set(0);
        play.run(1.0, "SET k v");
        assert_eq!(LOOKS.get(), 2, "{on}");
        play.run(1.0, &format!("CONFIG SET {off}"));
        LOOKS.set(0);
        play.run(1.0, "SET k v");
        assert_eq!(LOOKS.get(), 0, "{off}");
    }
}

#[test]
fn times_are_summed_and_distributed() {
    let mut play = Play::new(true);
    for millis in [0.001, 0.001, 0.016, 0.0] {
        play.run(millis, "SET k v");
    }
    let info = play.run(0.002, "INFO commandstats latencystats").text();
    assert!(info.contains("cmdstat_set:calls=4,usec=18,usec_per_call=4.50,"), "{info}");
    assert!(info.contains("latency_percentiles_usec_set:p50=1.003,p99=16.063,p99.9=16.063\r\n"), "{info}");
    let histogram = play.run(0.0, "LATENCY HISTOGRAM set");
    assert_eq!(
        testkit::text::show(&histogram).replace(' ', ""),
        "1#\"set\"=>\n1#\"calls\"=>(integer)4\n2#\"histogram_usec\"=>\n1#(integer)1=>(integer)3\n2#(integer)16=>(integer)4\n"
    );
}

#[test]
fn spikes_are_kept_drawn_and_explained() {
    let mut play = Play::new(true);
    play.run(0.0, "CONFIG SET latency-monitor-threshold 10 slowlog-log-slower-than -1");
    for (second, millis) in [(1, 20.0), (3, 50.0), (3, 30.0), (4, 40.0), (4, 9.0)] {
        play.now = second as f64 * 1000.0;
        play.run(millis, "LRANGE l 0 -1");
    }
    play.run(15.0, "GET k");
    let show = |value: &Value| testkit::text::show(value).split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(
        show(&play.run(0.0, "LATENCY LATEST")),
        "1) 1) \"command\" 2) (integer) 4 3) (integer) 40 4) (integer) 50 2) 1) \"fast-command\" 2) (integer) 4 3) (integer) 15 4) (integer) 15"
    );
    assert_eq!(
        show(&play.run(0.0, "LATENCY HISTORY command")),
        "1) 1) (integer) 1 2) (integer) 20 2) 1) (integer) 3 2) (integer) 50 3) 1) (integer) 4 2) (integer) 40"
    );
    let graph = play.run(0.0, "LATENCY GRAPH command").text();
    let dashes = "-".repeat(80);
    // As a real Redis drew the same samples.
    assert_eq!(
        graph,
        format!("command - high 50 ms, low 20 ms (all time high 50 ms)\n{dashes}\n # \n |#\n ||\n_||\n   \n310\nsss\n")
    );
    let doctor = play.run(0.0, "LATENCY DOCTOR").text();
    for said in [
        "1. command: 3 latency spikes (average 36ms, mean deviation 11ms, period 1.00 sec). Worst all time event 50ms.\n2. fast-command:",
        "I have a few advices for you:\n\n- There are latency issues",
        "'CONFIG SET slowlog-log-slower-than 10000'",
    ] {
        assert!(doctor.contains(said), "{doctor}");
    }
    assert_eq!(show(&play.run(0.0, "LATENCY RESET command foo")), "(integer) 1");
    assert_eq!(show(&play.run(0.0, "LATENCY RESET")), "(integer) 1");
}

#[test]
fn many_samples_are_drawn_below_each_other() {
    let mut play = Play::new(true);
    play.run(0.0, "CONFIG SET latency-monitor-threshold 1");
    for second in 0..200 {
        play.now = second as f64 * 1000.0;
        play.run((1 + second % 12) as f64, "LRANGE l 0 -1");
    }
    assert_eq!(play.run(0.0, "LATENCY HISTORY command").items().len(), 160);
    let graph = play.run(0.0, "LATENCY GRAPH command").text();
    assert_eq!(graph.lines().filter(|line| line.contains('#')).count(), 8, "{graph}");
    assert!(graph.lines().all(|line| line.len() <= 80));
}

#[test]
fn a_command_that_waits_is_measured_where_it_ran() {
    let mut play = Play::new(true);
    play.run(0.0, "CONFIG SET slowlog-log-slower-than 1");
    STEP.set(0.004);
    play.engine.feed(play.session, play.now, b"*3\r\n$5\r\nBLPOP\r\n$1\r\nl\r\n$1\r\n0\r\n");
    let other = play.engine.open_session(SessionOptions { resp: 3, trusted: true, ..SessionOptions::default() });
    STEP.set(0.002);
    play.engine.feed(other, play.now, b"RPUSH l x\r\n");
    let info = String::from_utf8_lossy(play.engine.feed(other, play.now, b"INFO commandstats\r\n")).into_owned();
    assert!(info.contains("cmdstat_blpop:calls=1,usec=6,"), "{info}");
}

#[test]
fn the_keys_that_take_most_time_are_told() {
    let mut play = Play::new(false);
    play.run(0.0, "HOTKEYS START METRICS 1 CPU COUNT 2");
    for (millis, command) in [(3.0, "SET a 1"), (8.0, "MGET a b"), (1.0, "SET c 1"), (20.0, "PING"), (2.0, "GET a")] {
        play.run(millis, command);
    }
    LOOKS.set(0);
    let shown = format!("{:?}", play.run(0.0, "HOTKEYS GET"));
    assert!(shown.contains("Int(14000)"), "all of it in {shown}");
    assert!(shown.contains("Bulk([97]), Int(9000), Bulk([98]), Int(4000)]"), "a, and then b, in {shown}");
    assert_eq!(LOOKS.get(), 2);
    play.run(0.0, "HOTKEYS STOP");
    LOOKS.set(0);
    play.run(0.0, "SET a 1");
    assert_eq!(LOOKS.get(), 0);
}

#[test]
fn what_a_script_does_between_its_commands_is_not_theirs() {
    let mut play = Play::new(true);
    let mut looks = |script: &str| {
        LOOKS.set(0);
        play.engine.feed(play.session, 1000.0, &resp::request(&["EVAL", script, "0"]));
        LOOKS.get()
    };
    let two = looks("redis.call('get', 'k') redis.call('get', 'k')");
    let three = looks("redis.call('get', 'k') redis.call('get', 'k') redis.call('get', 'k')");
    assert_eq!(three - two, 2, "where it begins and where it ends");
}
