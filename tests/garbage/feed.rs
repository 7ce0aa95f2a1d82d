//! Feeds an engine damaged commands, as frames and as bytes off a socket. Shared by `tests/garbage`,
//! `fuzz/garbage.rs` and the tests of the WebAssembly module (`src/wasm.rs`). A panic is the finding; besides, every reply must be
//! whole RESP, and the engine must still work afterwards.

use testkit::{random::Random, resp};

const WORDS: &[&[u8]] = &[
    b"SET",
    b"GET",
    b"GETEX",
    b"SETRANGE",
    b"GETRANGE",
    b"APPEND",
    b"INCRBY",
    b"INCRBYFLOAT",
    b"MSET",
    b"LCS",
    b"DEL",
    b"COPY",
    b"RENAME",
    b"EXPIRE",
    b"PEXPIREAT",
    b"SCAN",
    b"KEYS",
    b"OBJECT",
    b"ENCODING",
    b"RANDOMKEY",
    b"MOVE",
    b"SELECT",
    b"SWAPDB",
    b"HSET",
    b"HGET",
    b"HGETALL",
    b"HSETEX",
    b"HGETEX",
    b"HEXPIRE",
    b"HPEXPIREAT",
    b"HTTL",
    b"HPERSIST",
    b"HSCAN",
    b"HDEL",
    b"HINCRBY",
    b"HINCRBYFLOAT",
    b"HGETDEL",
    b"HELLO",
    b"AUTH",
    b"CLIENT",
    b"KILL",
    b"LIST",
    b"REPLY",
    b"SETNAME",
    b"COMMAND",
    b"DOCS",
    b"INFO",
    b"GETKEYS",
    b"GETKEYSANDFLAGS",
    b"FILTERBY",
    b"CONFIG",
    b"DEBUG",
    b"PING",
    b"RESET",
    b"QUIT",
    b"FLUSHALL",
    b"EX",
    b"PX",
    b"EXAT",
    b"PXAT",
    b"KEEPTTL",
    b"NX",
    b"XX",
    b"GT",
    b"LT",
    b"FIELDS",
    b"FNX",
    b"FXX",
    b"MATCH",
    b"COUNT",
    b"TYPE",
    b"IDX",
    b"MINMATCHLEN",
    b"WITHMATCHLEN",
    b"LEN",
    b"k",
    b"h",
    b"f",
    b"g",
    b"v",
    b"0",
    b"1",
    b"2",
    b"-1",
    b"3",
    b"100",
    b"1700000001000",
    b"9223372036854775807",
    b"-9223372036854775808",
    b"1.5",
    b"1e300",
    b"nan",
    b"*",
    b"[a-",
    b"\\",
    b"",
    b"\x00\xff\r\n",
    b"a value of some length that does not fit into any small place, however hard one tries to make it",
];

const NOW: f64 = 1_700_000_000_000.0;

struct Victim {
    engine: wakey::Engine,
    session: wakey::SessionId,
    now: f64,
}

impl Victim {
    fn new(seed: u64) -> Victim {
        let mut engine = wakey::Engine::new(wakey::Options { seed, now: NOW, ..Default::default() });
        let session = engine.open_session(wakey::SessionOptions { resp: 2 + (seed % 2) as u8, ..Default::default() });
        // Else one SETRANGE may ask for half a gigabyte.
        engine.exec(session, NOW, &resp::frame(&["CONFIG", "SET", "proto-max-bulk-len", "1mb"]));
        Victim { engine, session, now: NOW }
    }

    /// Whatever was done to it, it answers, tells its digest, and lets time pass.
    fn check(&mut self) {
        self.reopen();
        self.now += 1.0;
        self.engine.tick(self.now);
        self.engine.digest();
        let pong = self.engine.exec(self.session, self.now, &resp::frame(&["PING", "still there"])).to_vec();
        assert_eq!(pong, b"$11\r\nstill there\r\n");
    }

    fn reopen(&mut self) {
        while self.engine.next_output().is_some() {}
        self.engine.close_session(self.session);
        self.session = self.engine.open_session(wakey::SessionOptions { trusted: true, ..Default::default() });
    }
}

fn words(r: &mut Random) -> Vec<Vec<u8>> {
    (0..1 + r.below(9)).map(|_| r.pick(WORDS).to_vec()).collect()
}

/// Some bytes changed, removed, doubled, or random from the start.
fn damage(r: &mut Random, bytes: &mut Vec<u8>) {
    for _ in 0..r.below(4) {
        if bytes.is_empty() {
            return;
        }
        let at = r.below(bytes.len());
        match r.below(6) {
            0 => bytes[at] = r.bits() as u8,
            1 => drop(bytes.remove(at)),
            2 => bytes.insert(at, r.bits() as u8),
            3 => bytes.truncate(at),
            4 => bytes[at] = b"\r\n*$-+09\x00\xff"[r.below(10)],
            _ => {
                let copy = bytes[at..(at + r.below(8)).min(bytes.len())].to_vec();
                bytes.splice(at..at, copy);
            }
        }
    }
    if r.one_in(10) {
        *bytes = (0..r.below(40)).map(|_| r.bits() as u8).collect();
    }
}

/// Damaged frames through `exec` and `exec_many`.
pub fn frames(seed: u64, rounds: usize) {
    let mut r = Random::new(seed);
    let mut victim = Victim::new(seed);
    for round in 0..rounds {
        let mut bytes = resp::frame(&words(&mut r));
        if r.one_in(2) {
            damage(&mut r, &mut bytes);
        }
        let reply = if r.one_in(4) {
            // Behind another one, both with their lengths in front, which are damaged with them.
            let mut both = Vec::new();
            for frame in [&resp::frame(&words(&mut r)), &bytes] {
                both.extend((frame.len() as u32).to_le_bytes());
                both.extend(frame);
            }
            if r.one_in(2) {
                damage(&mut r, &mut both);
            }
            let ran = victim.engine.exec_many(victim.session, victim.now, &both);
            assert!(ran <= both.len() / 4, "{ran} frames in {both:?} (seed {seed}, round {round})");
            bytes = both;
            victim.engine.last_reply().to_vec()
        } else {
            victim.engine.exec(victim.session, victim.now, &bytes).to_vec()
        };
        if let Err(e) = resp::parse_all(&reply) {
            panic!("frame {bytes:?} (seed {seed}, round {round}): {e}: {:?}", String::from_utf8_lossy(&reply));
        }
        if victim.engine.closing(victim.session) || r.one_in(500) {
            victim.check();
        }
    }
    victim.check();
}

/// Programs that are damaged before they run. None of them loops, or makes long strings: what damage can make of them ends soon.
const PROGRAMS: &[&[u8]] = &[
    b"local t = {1, 'a', [3] = {x = 1.5e3}} return {#t, t[3].x .. 'b', t[2] == 'a' and true or false}",
    b"local function f(a, ...) return select('#', ...), a end return {f(1, nil, 2)} -- a comment",
    b"return {pcall(redis.call, 'set', KEYS[1], ARGV[1]), redis.pcall('lpush', KEYS[1], 1), redis.error_reply('A b')}",
    b"return string.format('%5.2f|%-8s|%q|%x', 1.5, 'ab', ARGV[1], 255) .. ('x=1, y=2'):gsub('(%w+)=(%w+)', '%2=%1')",
    b"local ok, v = pcall(cjson.decode, ARGV[1]) return cjson.encode({ok, type(v), cjson.encode({[1]=1,[2]={}})})",
    b"local ok, v = pcall(cmsgpack.unpack, ARGV[1]) return {tostring(ok), type(v), cmsgpack.pack({1, 'a', {x = true}})}",
    b"local ok, v = pcall(struct.unpack, ARGV[2], ARGV[1]) return {tostring(ok), type(v), struct.pack('>I2c0s', 3, 'abc', 'd')}",
    b"redis.setresp(3) return {map = {a = 1}, set = {x = true}, double = 1.5, big_number = '1', err = 'E x'}",
    b"local co = coroutine.wrap(function(a) local b = coroutine.yield(a) return b end) return {co(1), co(2), bit.tohex(-1, 4)}",
    b"#!lua flags=no-writes,allow-oom\nlocal s = [==[ long ]] ]==] return loadstring('return ' .. #s)()",
    b"#!lua name=lib\nredis.register_function{function_name='f', callback=function(k, a) return a[1] end, flags={'no-writes'}}",
    b"return setmetatable({}, {__index = function(t, k) return k end, __tostring = function() return 'x' end}).y",
];

/// Damaged programs as scripts and as libraries, damaged dumps of these, and bytes for the libraries that read formats.
pub fn programs(seed: u64, rounds: usize) {
    let mut r = Random::new(seed ^ 0x1ca);
    let mut victim = Victim::new(seed);
    let mut values = 0;
    for round in 0..rounds {
        let mut source = r.pick(PROGRAMS).to_vec();
        for _ in 0..r.below(3) {
            damage(&mut r, &mut source);
        }
        let mut data = r
            .pick(&[&b"{\"a\":[1,2.5e3,\"\\u00e9\"],\"b\":null}"[..], b"\x93\x01\xa1a\x81\xa1x\xc3", b">I2c0sdlf"])
            .to_vec();
        damage(&mut r, &mut data);
        let command: Vec<&[u8]> = match r.below(6) {
            0 => vec![b"FUNCTION", b"LOAD", b"REPLACE", &source],
            1 => vec![b"FUNCTION", b"RESTORE", &data, b"REPLACE"],
            2 => vec![b"FCALL", b"f", b"1", b"k", &data],
            _ => vec![b"EVAL", &source, b"1", b"k", &data, b"<I1i8c2!4dBs"],
        };
        let reply = victim.engine.exec(victim.session, victim.now, &resp::frame(&command)).to_vec();
        values += (reply.first() != Some(&b'-')) as usize;
        if let Err(e) = resp::parse_all(&reply) {
            let source = String::from_utf8_lossy(&source);
            panic!("{source} (seed {seed}, round {round}): {e}: {:?}", String::from_utf8_lossy(&reply));
        }
        if r.one_in(500) {
            victim.check();
        }
    }
    victim.check();
    assert!(values > rounds / 10, "{values} of {rounds} came to their end");
}

/// Damaged RESP and inline commands through `feed`, cut anywhere.
pub fn resp(seed: u64, rounds: usize) {
    let mut r = Random::new(seed ^ 0x5eed);
    let mut victim = Victim::new(seed);
    for round in 0..rounds {
        let mut bytes = Vec::new();
        for _ in 0..1 + r.below(3) {
            let args = words(&mut r);
            if r.one_in(4) {
                bytes.extend(args.join(&b' '));
                bytes.extend_from_slice(b"\r\n");
            } else {
                bytes.extend(testkit::resp::request(&args));
            }
        }
        if r.one_in(2) {
            damage(&mut r, &mut bytes);
        }
        let mut replies = Vec::new();
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(1 + r.below(rest.len()));
            replies.extend_from_slice(victim.engine.feed(victim.session, victim.now, piece));
            rest = after;
        }
        if let Err(e) = testkit::resp::parse_all(&replies) {
            panic!("{bytes:?} (seed {seed}, round {round}): {e}: {:?}", String::from_utf8_lossy(&replies));
        }
        // What is half received would swallow the next round.
        if victim.engine.closing(victim.session) || r.one_in(3) {
            victim.reopen();
        }
        if r.one_in(500) {
            victim.check();
        }
    }
    victim.check();
}
