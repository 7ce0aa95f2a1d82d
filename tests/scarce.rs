//! A command happens whole or not at all, also where memory ends: each command that writes is refused, one after the other, every
//! larger request for memory that it makes. Its reply is an error and nothing has changed, or it is the right one and everything
//! has; alone, in a transaction, and when it wakes a session that waited. A process that ends here is a trap in WebAssembly.

#![cfg(not(target_arch = "wasm32"))] // where memory is refused for real

use testkit::resp::{self, Value};
use wakey::SessionId;
use wakey::allocator::scarce;
use wakey::rdb::Form;
use wakey::{Engine, Options, SessionOptions};

const NOW: f64 = 1_700_000_000_000.0;

/// `@a` stands for a value of more than a megabyte that begins with `a`; `%script` for a script of that length that sets its key to its
/// argument, `%library` for a library, and `%dump` for a dump of it; `%value`, `%packed` (compressed) and `%list` for dumps of values;
/// `%floats` for a vector, `%filter` for an expression.
fn expand(word: &str) -> Vec<u8> {
    let comment = "-".repeat(5 << 18);
    match word {
        "%floats" => return 1f32.to_le_bytes().repeat(600),
        "%filter" => return format!("1{}", "+1".repeat(1 << 19)).into_bytes(),
        "%script" => return format!("return redis.call('set', KEYS[1], ARGV[1]) {comment}").into_bytes(),
        "%library" => return library(&comment),
        "%dump" => {
            return wakey::rdb::payload::functions([&library(&comment)[..]].into_iter(), Form::Newest).expect("memory");
        }
        "%value" => return dumped(wakey::types::string::Str::new(&expand("@v")).into()),
        "%packed" => {
            let value = wakey::types::string::Str::new(&expand("@v")).into();
            return wakey::rdb::payload::dump(&value, true, Form::Common).expect("memory");
        }
        "%list" => {
            let mut list = wakey::types::list::List::quick(wakey::types::list::Fill::new(-2));
            ["@a", "@b", "@c"].iter().for_each(|word| list.add_plain(&expand(word)));
            return dumped(list.into());
        }
        _ => {}
    }
    match word.strip_prefix('@') {
        Some(name) => name.bytes().chain(std::iter::repeat_n(b'.', 5 << 18)).collect(),
        None => word.as_bytes().to_vec(),
    }
}

fn dumped(value: wakey::keyspace::Value) -> Vec<u8> {
    wakey::rdb::payload::dump(&value, false, Form::Common).expect("memory")
}

fn library(comment: &str) -> Vec<u8> {
    format!("#!lua name=lib\nredis.register_function('f', function(keys, args) return redis.call('set', keys[1], args[1]) end) {comment}")
        .into_bytes()
}

fn args(line: &str) -> Vec<Vec<u8>> {
    line.split(' ').map(expand).collect()
}

const LIST: &str = "RPUSH l @a @b @c";
const SET: &str = "SADD s @a @b @c;SADD t @b @d";
const SORTED: &str = "ZADD z 1 @a 2 @b 3 @c;ZADD y 1 @b 2 @d";
const HASH: &str = "HSET h @f @a @g @b small 1";
const GEO: &str = "GEOADD g 1 1 @a 2 2 @b";
const STREAM: &str = "XADD x 1-1 f @a;XADD x 1-2 g @b;XGROUP CREATE x gr 0";
const PENDING: &str = "XADD x 1-1 f @a;XADD x 1-2 g @b;XGROUP CREATE x gr 0;XREADGROUP GROUP gr me STREAMS x >";

/// What is there before, and the command.
const CASES: &[(&str, &str)] = &[
    ("", "SET k @v"),
    ("SET k @a", "SET k @b GET"),
    ("SET k @a", "APPEND k @b"),
    ("SET k 1", "APPEND k @b"),
    ("SET k 5", "DECR k"),
    ("SET k 5", "DECRBY k 2"),
    ("SET k @a", "GETDEL k"),
    ("SET k @a", "GETEX k EX 100"),
    ("SET k @a", "GETSET k @b"),
    ("", "INCR @k"),
    ("", "INCRBY @k 3"),
    ("", "INCRBYFLOAT @k 1.5"),
    ("", "MSET @k @a @l @b"),
    ("", "MSETNX @k @a @l @b"),
    ("", "MSETEX 2 @k @a @l @b EX 100"),
    ("SET k @a", "SET k @b IFEQ @a"),
    ("SET k @a", "DELEX k IFEQ @a"),
    ("SET k 1", "INCREX k BYINT 5 EX 100"),
    ("SET k 1", "INCREX k BYFLOAT 1.5"),
    ("", "INCREX @k"),
    ("", "PSETEX k 1000 @v"),
    ("", "SETEX k 10 @v"),
    ("", "SETNX k @v"),
    ("SET k @a", "SETRANGE k 2000000 @b"),
    ("", "SETRANGE k 4000000 x"),
    ("SET k @a", "COPY k l"),
    ("", "RESTORE k 0 %value"),
    ("SET k @a", "RESTORE k 0 %value REPLACE"),
    ("SET k @a", "RESTORE k 100 %list REPLACE"),
    ("", "RESTORE k 0 %packed"),
    ("RPUSH k @a @b", "COPY k l"),
    ("HSET k @a @b", "COPY k l"),
    ("XADD k 1-1 a @b", "COPY k l"),
    ("", "VADD @k VALUES 1 1 @a SETATTR @x"),
    ("VADD k VALUES 1 1 a", "VADD k VALUES 1 2 @b SETATTR @x"),
    ("VADD k VALUES 1 1 @a", "VADD k VALUES 1 2 @a"),
    ("VADD k VALUES 1 1 @a;VADD k VALUES 1 1 @b", "VREM k @a"),
    ("VADD k VALUES 1 1 @a", "VREM k @a"),
    ("VADD k VALUES 1 1 a", "VSETATTR k a @x"),
    ("SET @k @a", "DEL @k"),
    ("SET @k @a", "UNLINK @k"),
    ("SET @k @a", "EXPIRE @k 100"),
    ("SET @k @a", "EXPIREAT @k 2000000000"),
    ("SET @k @a", "PEXPIRE @k 100000"),
    ("SET @k @a", "PEXPIREAT @k 2000000000000"),
    ("SET @k @a EX 100", "PERSIST @k"),
    ("SET @k @a", "MOVE @k 1"),
    ("SET @k @a", "RENAME @k @l"),
    ("SET @k @a", "RENAMENX @k @l"),
    (LIST, "SORT l ALPHA STORE d"),
    (HASH, "HDEL h @f @g"),
    (HASH, "HEXPIRE h 100 FIELDS 1 @f"),
    (HASH, "HEXPIREAT h 2000000000 FIELDS 1 @f"),
    (HASH, "HPEXPIRE h 100000 FIELDS 1 @f"),
    (HASH, "HPEXPIREAT h 2000000000000 FIELDS 1 @f"),
    ("HSET h @f @a;HEXPIRE h 100 FIELDS 1 @f", "HPERSIST h FIELDS 1 @f"),
    (HASH, "HGETDEL h FIELDS 2 @f @g"),
    (HASH, "HGETEX h EX 100 FIELDS 2 @f @g"),
    (HASH, "HINCRBY h @n 1"),
    (HASH, "HINCRBYFLOAT h @n 1.5"),
    (HASH, "HMSET h @i @c @j @d"),
    (HASH, "HSET h @i @c @j @d"),
    ("HSET h a 1", "HSET h @i @c"),
    (HASH, "HSETEX h EX 100 FIELDS 2 @i @c @j @d"),
    (HASH, "HSETNX h @i @c"),
    ("HSET h @f @a;HIMPORT PREPARE u @i @j", "HIMPORT SET h u @c @d"),
    (LIST, "BLMOVE l m LEFT RIGHT 0"),
    (LIST, "BLMOVEM l m LEFT RIGHT 0 COUNT 2 OBO"),
    (LIST, "BLMPOP 0 1 l LEFT COUNT 2"),
    (LIST, "BLPOP l 0"),
    (LIST, "BRPOP l 0"),
    (LIST, "BRPOPLPUSH l m 0"),
    (LIST, "LINSERT l BEFORE @b @x"),
    (LIST, "LMOVE l m LEFT RIGHT"),
    (LIST, "LMOVEM l m LEFT RIGHT EXACTLY 3 BULK"),
    (LIST, "LMOVEM l l LEFT LEFT COUNT 2 OBO"),
    (LIST, "LMPOP 1 l LEFT COUNT 2"),
    (LIST, "LPOP l 3"),
    (LIST, "LPOP l"),
    (LIST, "RPOP l 2"),
    (LIST, "LPUSH l @x @y"),
    (LIST, "LPUSHX l @x @y"),
    (LIST, "LREM l 0 @b"),
    (LIST, "LSET l 1 @x"),
    (LIST, "LTRIM l 1 1"),
    (LIST, "RPOPLPUSH l m"),
    (LIST, "RPUSH l @x @y"),
    (LIST, "RPUSHX l @x @y"),
    (SET, "SADD s @x @y"),
    ("SADD s 1 2 3", "SADD s @x"),
    (SET, "SDIFFSTORE d s t"),
    (SET, "SINTERSTORE d s t"),
    (SET, "SUNIONSTORE d s t"),
    (SET, "SMOVE s t @a"),
    (SET, "SPOP s 2"),
    (SET, "SPOP s 10"),
    (SET, "SPOP s"),
    (SET, "SREM s @a @b"),
    ("", "BITFIELD k SET u8 20000000 1"),
    ("SET k @a;SET l @b", "BITOP OR d k l"),
    ("SET k @a", "BITOP NOT d k"),
    ("SET k @a;SET l @b", "BITOP DIFF1 d k l"),
    ("SET k @a;SET l @b", "BITOP ONE d k l"),
    ("", "SETBIT k 20000000 1"),
    (SORTED, "BZMPOP 0 1 z MIN COUNT 2"),
    (SORTED, "BZPOPMAX z 0"),
    (SORTED, "BZPOPMIN z 0"),
    (SORTED, "ZADD z 5 @x 6 @y"),
    (SORTED, "ZINCRBY z 1 @x"),
    (SORTED, "ZMPOP 1 z MIN COUNT 2"),
    (SORTED, "ZPOPMAX z 2"),
    (SORTED, "ZPOPMIN z 3"),
    (SORTED, "ZREM z @a"),
    (SORTED, "ZRANGESTORE d z 0 -1"),
    ("ZADD z 0 @a 0 @b", "ZREMRANGEBYLEX z [@a +"),
    (SORTED, "ZREMRANGEBYRANK z 0 1"),
    (SORTED, "ZREMRANGEBYSCORE z 1 2"),
    (SORTED, "ZDIFFSTORE d 2 z y"),
    (SORTED, "ZINTERSTORE d 2 z y"),
    (SORTED, "ZUNIONSTORE d 2 z y"),
    (GEO, "GEOADD g 3 3 @c"),
    (GEO, "GEORADIUS g 1 1 9000 km STORE d"),
    (GEO, "GEORADIUSBYMEMBER g @a 9000 km STORE d"),
    (GEO, "GEOSEARCHSTORE d g FROMLONLAT 1 1 BYRADIUS 9000 km"),
    ("", "ARSET a 0 @v @w"),
    ("ARSET a 0 @a @b", "ARMSET a 1 @v 9 @w"),
    ("ARSET a 0 @a @b", "ARDEL a 0"),
    ("ARSET a 0 @a @b", "ARDELRANGE a 0 1"),
    ("", "ARINSERT a @v @w"),
    ("ARRING a 3 @a b c d", "ARRING a 2 @v"),
    ("ARSET a 0 @a", "ARSEEK a 5"),
    ("ARSET k 0 @a", "COPY k l"),
    ("", "PFADD p @a @b"),
    ("PFADD p a", "PFDEBUG TODENSE p"),
    ("PFADD p a;PFADD q b", "PFMERGE p q"),
    (PENDING, "XACK x gr 1-1 1-2"),
    (STREAM, "XADD x 2-1 @f @v"),
    (STREAM, "XADD x MAXLEN 1 2-1 @f @v"),
    (STREAM, "XADD x IDMP @p @i * @f @v"),
    (STREAM, "XADD x IDMPAUTO @p * @f @v"),
    (PENDING, "XACKDEL x gr DELREF IDS 2 1-1 1-2"),
    (PENDING, "XAUTOCLAIM x gr @you 0 0"),
    (STREAM, "XCFGSET x IDMP-DURATION 5"),
    (PENDING, "XCLAIM x gr @you 0 1-1 1-2"),
    (STREAM, "XDEL x 1-1"),
    (PENDING, "XDELEX x DELREF IDS 2 1-1 1-2"),
    (STREAM, "XIDMPRECORD x @p @i 1-1"),
    (PENDING, "XNACK x gr FAIL IDS 2 1-1 1-2"),
    (PENDING, "XREADGROUP GROUP gr @you CLAIM 0 STREAMS x >"),
    (PENDING, "XTRIM x MAXLEN 0 DELREF"),
    (STREAM, "XGROUP CREATE x @g 0"),
    (STREAM, "XGROUP CREATECONSUMER x gr @c"),
    (PENDING, "XGROUP DELCONSUMER x gr me"),
    (PENDING, "XGROUP DESTROY x gr"),
    (STREAM, "XGROUP SETID x gr 1-1"),
    (STREAM, "XREADGROUP GROUP gr @c STREAMS x >"),
    (STREAM, "XSETID x 9-9"),
    (STREAM, "XTRIM x MAXLEN 1"),
    (LIST, "FLUSHALL"),
    (LIST, "FLUSHDB"),
    (LIST, "SWAPDB 0 1"),
    ("", "FUNCTION LOAD %library"),
    ("FUNCTION LOAD %library", "FUNCTION LOAD REPLACE %library"),
    ("FUNCTION LOAD %library", "FUNCTION DELETE lib"),
    ("FUNCTION LOAD %library", "FUNCTION FLUSH"),
    ("", "FUNCTION RESTORE %dump"),
    ("FUNCTION LOAD %library", "FUNCTION RESTORE %dump REPLACE"),
    ("", "EVAL %script 1 k @v"),
    ("FUNCTION LOAD %library", "FCALL f 1 k @v"),
];

/// These answer with as many entries as there is room for, and do no more.
const IN_PART: &[&str] = &["XREADGROUP", "XCLAIM", "XAUTOCLAIM"];

struct Bench {
    engine: Engine,
    session: SessionId,
}

impl Bench {
    fn new(setup: &str) -> Bench {
        let mut engine = Engine::new(Options { seed: 1, now: NOW, ..Options::default() });
        let session = engine.open_session(SessionOptions { resp: 3, trusted: true, ..SessionOptions::default() });
        let mut bench = Bench { engine, session };
        for line in setup.split(';').filter(|line| !line.is_empty()) {
            let reply = bench.call(line);
            assert!(!reply.starts_with(b"-"), "{line}: {}", String::from_utf8_lossy(&reply));
        }
        bench.engine.keep_journal(true);
        bench
    }

    fn call(&mut self, line: &str) -> Vec<u8> {
        self.engine.exec(self.session, NOW, &resp::frame(&args(line))).to_vec()
    }

    /// The reply of the last one is the engine's to keep: a copy would count.
    fn run_all(&mut self, frames: &[Vec<u8>]) {
        for frame in frames {
            self.engine.exec(self.session, NOW, frame);
        }
    }
}

/// Runs `frames` on what `setup` makes, refused one request after the other.
fn hold(name: &str, setup: &str, frames: &[Vec<u8>]) {
    let mut whole = Bench::new(setup);
    let before = whole.engine.digest();
    let levels = scarce::levels(|| whole.run_all(frames));
    let right = whole.engine.last_reply().to_vec();
    let (after, journal) = (whole.engine.digest(), whole.engine.take_journal().to_vec());
    assert!(!right.starts_with(b"-"), "{name}: {}", String::from_utf8_lossy(&right[..right.len().min(200)]));
    drop(whole);
    for level in levels {
        let mut bench = Bench::new(setup);
        scarce::with_limit(level - 1, || bench.run_all(frames));
        let reply = bench.engine.last_reply().to_vec();
        let failed = match resp::parse_all(&reply).expect("whole replies").pop().expect("a reply") {
            value if value.is_error() => Some(value),
            value => value.items().into_iter().find(Value::is_error),
        };
        let text = String::from_utf8_lossy(&reply[..reply.len().min(120)]).into_owned();
        match failed {
            Some(_) => {
                assert!(
                    text.contains("OOM command not allowed") || text.starts_with("-EXECABORT"),
                    "{name} at {level}: {text}"
                );
                assert_eq!(bench.engine.digest(), before, "{name} at {level}: {text}");
                assert_eq!(bench.engine.take_journal(), b"", "{name} at {level}: {text}");
            }
            // Less than there was to be had, and no more than that is done.
            None if IN_PART.iter().any(|part| name.starts_with(part)) && reply != right => {
                let journal = bench.engine.take_journal().to_vec();
                let mut replica = Bench::new(setup);
                assert_eq!(replica.engine.load(&journal), Ok(journal.len()));
                replica.engine.finish_load(NOW);
                assert_eq!(bench.engine.digest(), replica.engine.digest(), "{name} at {level}: {text}");
            }
            None => {
                assert!(reply == right, "{name} at {level}: {text}");
                assert_eq!(bench.engine.digest(), after, "{name} at {level}: {text}");
                assert!(bench.engine.take_journal() == journal, "{name} at {level}: its journal");
            }
        }
        assert_eq!(bench.call("PING"), b"+PONG\r\n");
    }
}

#[test]
fn a_command_that_is_refused_memory_changes_nothing() {
    for (setup, line) in CASES {
        println!("{line}");
        hold(line, setup, &[resp::frame(&args(line))]);
    }
}

#[test]
fn nor_does_it_in_a_transaction() {
    for (setup, line) in CASES {
        println!("{line}");
        let frames = ["MULTI", line, "EXEC"].map(|line| resp::frame(&args(line)));
        hold(line, setup, &frames);
    }
}

/// Commands that change no key, or are refused in any case; with what errors quote.
const OTHERS: &[(&str, &str)] = &[
    ("VADD k REDUCE 600 FP32 %floats a", "DUMP k"),
    ("VADD k VALUES 1 1 a SETATTR {}", "VSIM k ELE a FILTER %filter"),
    ("SET k @a;SET l @a", "LCS k l"),
    ("SET k @a;SET l @b", "LCS k l IDX"),
    ("SET k @a", "GET k"),
    ("SET k @a", "GETRANGE k 0 -1"),
    ("SET k @a", "MGET k k k"),
    (LIST, "LRANGE l 0 -1"),
    (LIST, "LINDEX l 1"),
    (LIST, "LPOS l @b"),
    ("", "EVAL %script 1 k v"),
    ("", "SCRIPT LOAD %script"),
    ("FUNCTION LOAD %library", "FUNCTION DUMP"),
    ("FUNCTION LOAD %library", "FUNCTION LIST WITHCODE"),
    (LIST, "SORT l ALPHA"),
    (LIST, "SORT l BY @p* GET #"),
    (SET, "SMEMBERS s"),
    (SET, "SUNION s t"),
    (SET, "SDIFF s t"),
    (SET, "SINTER s t"),
    (SET, "SRANDMEMBER s 2"),
    (SET, "SRANDMEMBER s -5"),
    (SET, "SSCAN s 0"),
    (SORTED, "ZRANGE z 0 -1 WITHSCORES"),
    (SORTED, "ZUNION 2 z y WITHSCORES"),
    (SORTED, "ZINTER 2 z y"),
    (SORTED, "ZDIFF 2 z y"),
    (SORTED, "ZRANDMEMBER z 2"),
    (SORTED, "ZSCAN z 0"),
    (HASH, "HGETALL h"),
    (HASH, "HMGET h @f @g"),
    (HASH, "HRANDFIELD h 3 WITHVALUES"),
    (HASH, "HSCAN h 0"),
    (GEO, "GEOSEARCH g FROMLONLAT 1 1 BYRADIUS 9000 km WITHDIST"),
    (GEO, "GEOSEARCH g FROMMEMBER @a BYRADIUS 9000 km"),
    (STREAM, "XRANGE x - +"),
    (STREAM, "XREAD STREAMS x 0"),
    (PENDING, "XPENDING x gr - + 10"),
    (PENDING, "XINFO STREAM x FULL"),
    ("SET @k 1", "KEYS *"),
    ("SET @k 1", "SCAN 0"),
    ("SET @k 1", "RANDOMKEY"),
    ("", "ECHO @m"),
    ("", "PING @m"),
    ("", "SUBSCRIBE @c"),
    ("", "PSUBSCRIBE @c"),
    ("", "SSUBSCRIBE @c"),
    ("SUBSCRIBE @c;PSUBSCRIBE @p", "UNSUBSCRIBE @c"),
    ("SUBSCRIBE @c", "PUBLISH @c @m"),
    ("PSUBSCRIBE *", "PUBLISH @c @m"),
    ("", "WATCH @k @l"),
    ("", "CLIENT SETNAME @n"),
    ("", "HELLO 3 SETNAME @n"),
    ("", "CONFIG SET requirepass @p"),
    ("", "CONFIG SET @p 1"),
    ("", "CONFIG GET @p"),
    ("", "COMMAND GETKEYS SET @k @v"),
    ("", "COMMAND INFO @k"),
    ("", "@k @v"),
    ("", "CLIENT @k @v"),
    ("", "OBJECT ENCODING @k"),
    ("", "SET k v @x"),
    ("", "HELLO 3 @x"),
    ("", "XADD x 1-1 @f"),
    ("", "XGROUP CREATE x @g 0"),
    ("", "ZADD z @s m"),
    ("", "AUTH @u @p"),
    ("", "DEBUG @x"),
    ("MONITOR", "SET k @v"),
    ("CONFIG SET notify-keyspace-events KEA;PSUBSCRIBE *", "SET @k @v"),
];

#[test]
fn nor_does_what_only_reads_end_the_engine() {
    for (setup, line) in OTHERS {
        println!("{line}");
        let frame = [resp::frame(&args(line))];
        let mut whole = Bench::new(setup);
        let levels = scarce::levels(|| whole.run_all(&frame));
        let right = whole.engine.last_reply().to_vec();
        for level in levels {
            let mut bench = Bench::new(setup);
            scarce::with_limit(level - 1, || bench.run_all(&frame));
            let reply = bench.engine.last_reply();
            let text = String::from_utf8_lossy(&reply[..reply.len().min(120)]);
            assert!(reply == right || text.contains("OOM command not allowed"), "{line} at {level}: {text}");
        }
    }
}

#[test]
fn an_element_that_cannot_be_handed_over_stays() {
    for (wait, push) in
        [("BLPOP l 0", "RPUSH l @a"), ("BLMOVE l m LEFT LEFT 0", "RPUSH l @a"), ("BZPOPMIN l 0", "ZADD l 1 @a")]
    {
        let new = || {
            let mut bench = Bench::new("");
            let sleeper = bench.engine.open_session(SessionOptions { trusted: true, ..SessionOptions::default() });
            assert_eq!(bench.engine.exec(sleeper, NOW, &resp::frame(&args(wait))), b"");
            (bench, sleeper)
        };
        let frame = [resp::frame(&args(push))];
        let (mut whole, _) = new();
        let levels = scarce::levels(|| whole.run_all(&frame));
        let after = whole.engine.digest();
        for level in levels {
            let (mut bench, sleeper) = new();
            let empty = bench.engine.digest();
            scarce::with_limit(level - 1, || bench.run_all(&frame));
            let refused = bench.engine.last_reply().starts_with(b"-OOM");
            let woken = bench
                .engine
                .next_output()
                .map(|(id, bytes, _)| (id, bytes.starts_with(b"-OOM"), bytes.len() > 1 << 20));
            match woken {
                None => assert!(refused && bench.engine.digest() == empty, "{wait} at {level}"),
                Some((id, true, _)) => {
                    assert_eq!(id, sleeper);
                    assert!(!refused, "{wait} at {level}");
                    let kept = bench.call(if push.starts_with("ZADD") { "ZCARD l" } else { "LLEN l" });
                    assert_eq!(kept, b":1\r\n", "{wait} at {level}");
                }
                Some((_, false, whole)) => {
                    assert!(whole && bench.engine.digest() == after, "{wait} at {level}");
                }
            }
        }
    }
}

#[test]
fn a_snapshot_that_finds_no_memory_is_given_up_and_the_engine_goes_on() {
    const KEYS: &str = "SET k @a;RPUSH l @a @b;SADD s @a @b;ZADD z 1 @a 2 @b;HSET h @f @a @g @b;XADD x 1-1 @f @v;HEXPIRE h 9 FIELDS 1 @f;\
        VADD v REDUCE 600 FP32 %floats a";
    // In slices, and all of a key at once, before a command that changes it.
    let slices = |bench: &mut Bench| {
        while let Some(more) = bench.engine.snapshot(1000) {
            if !more {
                return true;
            }
        }
        false
    };
    for line in ["PING", "DEL h", "DEL x", "SWAPDB 0 1"] {
        let frame = [resp::frame(&args(line))];
        let whole = |bench: &mut Bench| {
            bench.engine.begin_snapshot();
            bench.run_all(&frame);
            slices(bench)
        };
        let mut bench = Bench::new(KEYS);
        let levels = scarce::levels(|| assert!(whole(&mut bench)));
        let after = bench.engine.digest();
        assert!(levels.len() > 3, "{line}");
        for level in levels {
            let mut bench = Bench::new(KEYS);
            let done = scarce::with_limit(level - 1, || whole(&mut bench));
            assert_eq!(bench.engine.digest(), after, "{line} at {level}");
            assert!(
                !done || bench.engine.last_reply().starts_with(b"-"),
                "{line} at {level}: a snapshot without a part of it"
            );
            assert_eq!(bench.engine.snapshot(1000), None);
            bench.engine.begin_snapshot();
            assert!(slices(&mut bench), "{line} at {level}: the next one");
        }
    }
}

#[test]
fn every_command_that_writes_is_held_to_it() {
    let engine = Engine::new(Options::default());
    for row in engine.server().table.rows().iter().filter(|row| row.spec.flags & wakey::table::spec::flags::WRITE != 0)
    {
        let name = row.spec.full_name().replace('|', " ").to_uppercase();
        let mut lines = CASES.iter().map(|(_, line)| *line);
        assert!(lines.any(|line| line == name || line.starts_with(&format!("{name} "))), "{name} has no case");
    }
}
