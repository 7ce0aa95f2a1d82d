//! Scripts that run for long: over a socket they are paused, and others get an error; in process they end. And what one script does is
//! one unit, whatever happens between.

use std::cell::Cell;
use wakey::server::host::HostRequest;
use wakey::{Engine, Options, SessionId, SessionOptions};

const NOW: f64 = 1_700_000_000_000.0;

thread_local! {
    static CLOCK: Cell<f64> = const { Cell::new(0.0) };
}

/// Each look at the clock takes a while.
fn clock() -> f64 {
    CLOCK.set(CLOCK.get() + 7.0);
    CLOCK.get()
}

struct Bench {
    engine: Engine,
    session: SessionId,
}

impl Bench {
    fn new() -> Bench {
        let mut engine = Engine::new(Options { seed: 1, now: NOW, clock, ..Options::default() });
        let session = open(&mut engine);
        let mut bench = Bench { engine, session };
        bench.feed(b"CONFIG SET busy-reply-threshold 50");
        bench
    }

    /// Sends a line as a socket does.
    fn feed(&mut self, line: &[u8]) -> String {
        self.feed_as(self.session, line)
    }

    fn feed_as(&mut self, session: SessionId, line: &[u8]) -> String {
        let reply = self.engine.feed(session, NOW, &[line, b"\r\n"].concat());
        String::from_utf8_lossy(reply).into_owned()
    }

    /// Goes on with what is paused as long as the engine asks for it; in how many slices.
    fn go_on(&mut self) -> usize {
        let mut slices = 0;
        while let Some(request) = self.engine.next_request() {
            assert_eq!(request, HostRequest::GoOn);
            self.engine.go_on(NOW + 60_000.0);
            slices += 1;
            assert!(slices < 1_000_000, "it never ends");
        }
        slices
    }

    fn heard(&mut self) -> Vec<(SessionId, String)> {
        let mut all = Vec::new();
        while let Some((id, bytes, _)) = self.engine.next_output() {
            all.push((id, String::from_utf8_lossy(bytes).into_owned()));
        }
        all
    }

    fn journal(&mut self) -> String {
        let bytes = String::from_utf8_lossy(self.engine.take_journal()).into_owned();
        bytes.split("\r\n").filter(|line| !line.starts_with(['*', '$'])).collect::<Vec<_>>().join(" ")
    }
}

fn open(engine: &mut Engine) -> SessionId {
    engine.open_session(SessionOptions { trusted: true, ..SessionOptions::default() })
}

const LOOP: &str = "for i = 1, 1000000 do end ";
const BUSY: &str = "-BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.\r\n";

#[test]
fn over_a_socket_it_is_paused_and_comes_to_its_end() {
    let mut bench = Bench::new();
    let other = open(&mut bench.engine);
    let sleeper = open(&mut bench.engine);
    bench.feed_as(sleeper, b"BLPOP l 0");
    bench.engine.keep_journal(true);
    let script = format!(
        "EVAL \"redis.call('set','k',redis.call('time')[1]) {LOOP} redis.call('select',3) redis.call('rpush','in3','x') \
         {LOOP} redis.call('select',0) redis.call('rpush','l','x') return 'done'\" 0"
    );
    assert_eq!(bench.feed(script.as_bytes()), "");
    assert!(bench.engine.is_waiting(bench.session));
    // What is behind it waits, and so does the journal: it is whole or not there.
    assert_eq!(bench.feed(b"GET k"), "");
    assert_eq!(bench.journal(), "SELECT 0 ");
    for line in ["PING", "GET k", "EVAL x 0", "FUNCTION STATS", "SHUTDOWN"] {
        assert_eq!(bench.feed_as(other, line.as_bytes()), BUSY, "{line}");
    }
    assert_eq!(bench.feed_as(other, b"MULTI"), "+OK\r\n");
    assert_eq!(bench.feed_as(other, b"GET k"), BUSY);
    let aborted = BUSY.replace("-BUSY", "-EXECABORT Transaction discarded because of: BUSY");
    assert_eq!(bench.feed_as(other, b"EXEC"), aborted);
    assert_eq!(
        bench.feed_as(other, b"SCRIPT KILL"),
        "-UNKILLABLE Sorry the script already executed write commands against the dataset. You can either wait the \
         script termination or kill the server in a hard way using the SHUTDOWN NOSAVE command.\r\n"
    );
    assert_eq!(bench.engine.next_deadline(), f64::INFINITY);
    assert!(bench.go_on() > 2);
    // The reply, and that of the command behind it; who waited was served; time stood still.
    assert_eq!(
        bench.heard(),
        [
            (sleeper, "*2\r\n$1\r\nl\r\n$1\r\nx\r\n".to_string()),
            (bench.session, "$4\r\ndone\r\n$10\r\n1700000000\r\n".to_string())
        ]
    );
    assert_eq!(bench.journal(), "MULTI set k 1700000000 SELECT 3 rpush in3 x SELECT 0 rpush l x EXEC LPOP l 1 ");
    assert_eq!(bench.feed(b"PING"), "+PONG\r\n");
}

#[test]
fn it_can_be_killed_before_it_writes() {
    let mut bench = Bench::new();
    let other = open(&mut bench.engine);
    assert_eq!(bench.feed_as(other, b"SCRIPT KILL"), "-NOTBUSY No scripts in execution right now.\r\n");
    assert_eq!(bench.feed(b"EVAL \"while true do end\" 0"), "");
    bench.engine.next_request();
    bench.engine.go_on(NOW);
    assert_eq!(bench.feed_as(other, b"FUNCTION KILL"), BUSY, "it is no function");
    assert_eq!(bench.feed_as(other, b"SCRIPT KILL"), "+OK\r\n");
    bench.go_on();
    let text = &bench.heard()[0].1;
    assert!(text.starts_with("-ERR Script killed by user with SCRIPT KILL... script: "), "{text}");
    assert!(text.ends_with(", on @user_script:1.\r\n"), "{text}");
    assert_eq!(bench.feed(b"EVAL \"return 1\" 0"), ":1\r\n");
    assert!(
        bench
            .feed(b"INFO commandstats")
            .contains("cmdstat_eval:calls=2,usec=0,usec_per_call=0.00,rejected_calls=0,failed_calls=1")
    );
}

#[test]
fn a_function_says_who_it_is() {
    let mut bench = Bench::new();
    let other = open(&mut bench.engine);
    bench.feed(b"FUNCTION LOAD \"#!lua name=lib\\nredis.register_function('f', function() while true do end end)\"");
    assert_eq!(bench.feed(b"FCALL f 0 a"), "");
    let busy = BUSY.replace("SCRIPT KILL", "FUNCTION KILL");
    assert_eq!(bench.feed_as(other, b"SCRIPT KILL"), busy);
    let stats = bench.feed_as(other, b"FUNCTION STATS");
    assert!(
        stats.starts_with(
            "*4\r\n$14\r\nrunning_script\r\n*6\r\n$4\r\nname\r\n$1\r\nf\r\n$7\r\ncommand\r\n*4\r\n$5\r\nFCALL\r\n"
        ),
        "{stats}"
    );
    assert_eq!(bench.feed_as(other, b"FUNCTION KILL"), "+OK\r\n");
    bench.go_on();
    assert!(bench.heard()[0].1.contains(" script: f, on @user_function:2."));
}

#[test]
fn who_leaves_takes_it_along_unless_it_has_written() {
    let mut bench = Bench::new();
    let (reader, writer) = (open(&mut bench.engine), open(&mut bench.engine));
    bench.feed_as(reader, b"EVAL \"while true do end\" 0");
    bench.engine.close_session(reader);
    bench.go_on();
    assert_eq!(bench.heard(), []);
    let script = format!("EVAL \"redis.call('incr','a') {LOOP} redis.call('incr','b')\" 0");
    bench.engine.keep_journal(true);
    bench.feed_as(writer, script.as_bytes());
    bench.engine.close_session(writer);
    bench.go_on();
    assert_eq!(bench.journal(), "SELECT 0 MULTI incr a incr b EXEC ");
    assert_eq!(bench.feed(b"MGET a b"), "*2\r\n$1\r\n1\r\n$1\r\n1\r\n");
}

/// Where it cannot be paused (in a call that catches errors, in a coroutine, in a transaction, in a pattern) it ends, unless it has written.
#[test]
fn what_cannot_be_paused_ends() {
    for script in [
        "while true do pcall(function() while true do end end)\\nend",
        "coroutine.wrap(function() while true do end end)()",
        "string.find(string.rep('a', 40), string.rep('a-', 40) .. 'b')",
        "return (string.gsub(string.rep('a', 40), string.rep('a*', 30) .. 'b', ''))",
        "table.sort({3,2,1,4,5,6,7}, function() while true do end end)",
        "setmetatable({}, {__index = function() while true do end end}).x()",
        "error(setmetatable({}, {__index = function() while true do end end}))",
    ] {
        let mut bench = Bench::new();
        let mut reply = bench.feed(format!("EVAL \"{script}\" 0").as_bytes());
        bench.go_on();
        reply.extend(bench.heard().into_iter().map(|(_, text)| text));
        assert!(reply.starts_with("-ERR ") && reply.contains("Script killed by user"), "{script}: {reply}");
        assert_eq!(bench.feed(b"MULTI"), "+OK\r\n");
        assert_eq!(bench.feed(format!("EVAL \"{script}\" 0").as_bytes()), "+QUEUED\r\n");
        let reply = bench.feed(b"EXEC");
        assert!(reply.starts_with("*1\r\n-ERR ") && reply.contains("Script killed by user"), "{script}: {reply}");
        assert_eq!(bench.engine.next_request(), None);
    }
}

#[test]
fn in_process_it_ends_after_its_time_unless_it_has_written() {
    let mut bench = Bench::new();
    let exec = |bench: &mut Bench, script: &str| {
        let frame = testkit::resp::frame(&["EVAL", script, "0"].map(|word| word.as_bytes().to_vec()));
        String::from_utf8_lossy(bench.engine.exec(bench.session, NOW, &frame)).into_owned()
    };
    assert!(exec(&mut bench, "while true do end").starts_with("-ERR Script killed by user with SCRIPT KILL..."));
    assert_eq!(exec(&mut bench, &format!("{LOOP} return 1")), ":1\r\n");
    let written = format!("redis.call('set','k','v') {} return 2", LOOP.repeat(20));
    assert_eq!(exec(&mut bench, &written), ":2\r\n");
    // A command that only reads, and one that was refused, leave it what it was.
    let read = "redis.call('get','k') redis.pcall('lpush','k','v') while true do end";
    assert!(exec(&mut bench, read).starts_with("-ERR Script killed"), "{read}");
}

#[test]
fn what_one_script_does_is_one_unit_and_random_numbers_are_the_same_again() {
    let run = || {
        let mut bench = Bench::new();
        bench.engine.keep_journal(true);
        let random = bench.feed(b"EVAL \"return {math.random(1000000), redis.call('srandmember', KEYS[1])}\" 1 s");
        bench.feed(b"EVAL \"redis.call('sadd','s','a','b') redis.call('spop','s') error('x')\" 0");
        bench.feed(b"EVAL \"redis.set_repl(redis.REPL_NONE) redis.call('set','x','1') redis.set_repl(redis.REPL_ALL) redis.call('set','y','1')\" 0");
        (random, bench.journal())
    };
    let (random, journal) = run();
    assert!(journal.starts_with("SELECT 0 MULTI sadd s a b SREM s "), "{journal}");
    assert!(journal.ends_with(" EXEC set y 1 "), "{journal}");
    assert_eq!(run(), (random, journal));
}

/// Redis keeps as many as these that only EVAL has brought.
#[test]
fn the_cache_keeps_500_scripts_and_all_that_were_loaded() {
    let mut bench = Bench::new();
    let loaded = bench.feed(b"SCRIPT LOAD \"return 'kept'\"");
    let digest = loaded.split("\r\n").nth(1).expect("a digest").to_string();
    for n in 0..620 {
        bench.feed(format!("EVAL \"return {n}\" 0").as_bytes());
        // One that is used again and again does not go.
        assert_eq!(bench.feed(b"EVAL \"return 'used'\" 0"), "$4\r\nused\r\n");
    }
    let info = bench.feed(b"INFO everything");
    assert!(info.contains("number_of_cached_scripts:501\r\n"), "{info}");
    assert!(info.contains("evicted_scripts:121\r\n"), "{info}");
    assert_eq!(bench.feed(format!("EVALSHA {digest} 0").as_bytes()), "$4\r\nkept\r\n");
    let first = bench.feed(b"EVAL \"return redis.sha1hex('return 0')\" 0");
    let first = first.split("\r\n").nth(1).expect("a digest").to_string();
    assert!(bench.feed(format!("EVALSHA {first} 0").as_bytes()).starts_with("-NOSCRIPT"));
}

#[test]
fn monitors_see_the_script_and_then_its_commands() {
    let mut bench = Bench::new();
    let monitor = open(&mut bench.engine);
    bench.feed_as(monitor, b"MONITOR");
    bench.feed(b"EVAL \"redis.call('set','k','v')\" 1 k");
    let heard = bench.heard();
    let lines: Vec<&str> = heard[0].1.lines().map(|line| line.split_once(' ').map_or("", |(_, rest)| rest)).collect();
    bench.feed(b"FCALL nosuch 0");
    assert!(bench.heard()[0].1.ends_with("\"FCALL\" \"nosuch\" \"0\"\r\n"));
    assert_eq!(lines, ["[0 ] \"EVAL\" \"redis.call('set','k','v')\" \"1\" \"k\"", "[0 lua] \"set\" \"k\" \"v\""]);
}

/// For such a program the compiler takes time with the square of its length.
#[test]
fn a_program_that_takes_long_to_compile_is_refused() {
    let mut bench = Bench::new();
    let long = |terms| format!("return {}1", "nil and ".repeat(terms));
    let refused = "-ERR Error compiling script (new function): it takes too long\r\n";
    // 7 ms for each KiB: 80 pass, 800 do not.
    assert_eq!(bench.feed(format!("SCRIPT LOAD \"{}\"", long(10_000)).as_bytes()).len(), 47);
    for command in ["SCRIPT LOAD", "EVAL"] {
        let rest = if command == "EVAL" { " 0" } else { "" };
        assert_eq!(bench.feed(format!("{command} \"{}\"{rest}", long(50_000)).as_bytes()), refused);
    }
    let library = format!("FUNCTION LOAD \"#!lua name=l\\n{}\"", long(50_000));
    assert_eq!(bench.feed(library.as_bytes()), "-ERR Error compiling function: it takes too long\r\n");
    // In a script it counts as what the script does.
    let source = "loadstring('return ' .. string.rep('nil and ', 100000) .. 'nil')";
    let killed = bench.feed(format!("EVAL \"{source}\\nreturn 1\" 0").as_bytes());
    assert!(killed.contains("Script killed by user with SCRIPT KILL"), "{killed}");
    assert_eq!(bench.feed(b"EVAL \"return 1\" 0"), ":1\r\n");
}
