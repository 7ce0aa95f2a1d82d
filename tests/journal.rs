//! What the journal and a snapshot say builds the same keyspace again: random sessions of the fuzzer (`testkit::session`), a
//! replica that replays the journal as it comes, and another that is built from a snapshot taken in slices in the meantime.

use testkit::random::Random;
use testkit::resp;
use testkit::session::{Grammar, generate};
use wakey::{Engine, Options, Release, SessionOptions};

/// In a far future, so that a real server, which has a clock of its own, finds every deadline ahead.
const NOW: f64 = 2_500_000_000_000.0;

/// An engine with these settings: a HyperLogLog's bytes depend on them.
fn engine(seed: u64, settings: &[Vec<String>]) -> Engine {
    engine_like(Release::NEWEST, seed, settings)
}

fn engine_like(compat: Release, seed: u64, settings: &[Vec<String>]) -> Engine {
    let mut engine = Engine::new(Options { seed, now: NOW, compat, ..Options::default() });
    let boss = engine.open_session(SessionOptions { trusted: true, ..SessionOptions::default() });
    for setting in settings {
        engine.exec(boss, NOW, &resp::frame(setting));
    }
    engine
}

/// Replays whole pieces, as a host that has all of them does; a digest of what came out at `now`. A piece may begin with an RDB file.
fn replay(engine: &mut Engine, pieces: &[&[u8]], now: f64) -> u64 {
    for mut piece in pieces.iter().copied() {
        if piece.starts_with(b"REDIS") {
            let used = engine.load_rdb(piece, 0.0).unwrap_or_else(|damage| panic!("{damage:?}"));
            assert!(engine.rdb_is_done());
            piece = &piece[used..];
        }
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
        text(engine.exported()).lines().map(String::from).collect::<Vec<_>>()
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
    let grammar = Grammar::newest("");
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
                    if r.one_in(2) {
                        origin.begin_snapshot();
                    } else {
                        origin.begin_mixed(r.below(1000));
                    }
                    taking = Some(Taking::default());
                }
                None => {}
                Some(slices) => {
                    slices.rest.extend_from_slice(&piece);
                    if r.one_in(3) {
                        let more = origin.snapshot(r.below(400)).expect("memory");
                        slices.base.extend_from_slice(origin.exported());
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

/// A value larger than a slice goes on in the next one, whatever happens to it, or to another one, in the meantime.
#[test]
fn a_large_value_is_cut_in_slices_and_may_change_in_between() {
    let types: [(&str, &[&str]); 6] = [
        (
            "list",
            &[
                "RPUSH list new",
                "LPOP list",
                "LTRIM list 10 -10",
                "RPOPLPUSH list list",
                "DEL list",
                "RENAME list moved",
            ],
        ),
        ("set", &["SREM set m17 m170", "SPOP set 100", "SMOVE set other m3", "SINTERSTORE set set", "EXPIRE set 1000"]),
        (
            "zset",
            &["ZADD zset 0 m500 9 new", "ZPOPMIN zset 100", "ZREMRANGEBYRANK zset 0 500", "ZUNIONSTORE zset 1 zset"],
        ),
        (
            "hash",
            &[
                "HSET hash f1 v f2 v",
                "HDEL hash f3",
                "HINCRBY hash n 5",
                "HPEXPIRE hash 50000 FIELDS 1 f9",
                "COPY hash copy",
            ],
        ),
        (
            "stream",
            &[
                "XADD stream * a b",
                "XADD stream IDMPAUTO p * a b",
                "XNACK stream g FAIL IDS 2 7-0 8-0",
                "XREADGROUP GROUP h e CLAIM 0 COUNT 2 STREAMS stream >",
                "XDELEX stream ACKED IDS 2 9-0 990-0",
                "XDEL stream 5-0 50-0",
                "XTRIM stream MAXLEN 10",
                "XACK stream g 3-0",
                "XREADGROUP GROUP g c STREAMS stream >",
            ],
        ),
        (
            "array",
            &[
                "ARSET array 500 new",
                "ARDELRANGE array 100 90000",
                "ARRING array 70 x",
                "ARSEEK array 7",
                "COPY array copy",
            ],
        ),
    ];
    let others = ["SET unrelated 1", "FLUSHDB", "FLUSHALL", "SWAPDB 0 1", "MOVE list 1", "GET nothing", "later"];
    for seed in 0..100 {
        let mut r = Random::new(seed);
        let mut now = NOW;
        let mut db = engine(seed, &[]);
        let player = db.open_session(SessionOptions::default());
        let exec = |db: &mut Engine, now: f64, line: &str| {
            db.exec(player, now, &resp::frame(&line.split(' ').collect::<Vec<_>>()));
        };
        for i in 0..1000 {
            exec(&mut db, now, &format!("RPUSH list element-{i}"));
            exec(&mut db, now, &format!("SADD set m{i}"));
            exec(&mut db, now, &format!("ZADD zset {} m{i}", i % 70));
            // Some fields are gone when it is `later`.
            let ttl = ["KEEPTTL", "PX 30000", "PX 9000000"][i % 3];
            exec(&mut db, now, &format!("HSETEX hash {ttl} FIELDS 1 f{i} v{i}"));
            exec(&mut db, now, &format!("XADD stream {}-0 f v", i + 1));
            exec(&mut db, now, &format!("ARSET array {} value-{i}", i * (i % 100)));
        }
        exec(&mut db, now, "XGROUP CREATE stream g 0");
        exec(&mut db, now, "XGROUP CREATE stream h 400-0");
        exec(&mut db, now, "XREADGROUP GROUP g c COUNT 700 STREAMS stream >");
        exec(&mut db, now, "XREADGROUP GROUP h d COUNT 300 STREAMS stream >");
        exec(&mut db, now, "XNACK stream g FAIL IDS 3 2-0 3-0 600-0");
        for i in 0..50 {
            exec(&mut db, now, &format!("XADD stream IDMP p{} i{i} * f v", i % 3));
        }
        exec(&mut db, now, "XTRIM stream MAXLEN 1010");
        exec(&mut db, now, "XDEL stream 1-0 300-0 500-0 1000-0");
        db.keep_journal(true);
        db.begin_snapshot();
        let (mut base, mut rest, mut changed) = (Vec::new(), Vec::new(), false);
        loop {
            let more = db.snapshot(1000).expect("memory");
            base.extend_from_slice(db.exported());
            // Commands of 64 elements more than was asked for, at most.
            assert!(changed || db.exported().len() < 1000 + 64 * 200, "a slice of {} bytes", db.exported().len());
            if !more {
                break;
            }
            changed = r.one_in(60);
            if changed {
                let line = if r.one_in(4) {
                    others[r.below(others.len())]
                } else {
                    let (_, lines) = types[r.below(types.len())];
                    lines[r.below(lines.len())]
                };
                if line == "later" {
                    now += 40_000.0;
                    db.tick(now);
                } else {
                    exec(&mut db, now, line);
                }
                rest.extend_from_slice(db.take_journal());
            }
        }
        let mut replica = engine(seed + 1, &[]);
        let digest = replay(&mut replica, &[&base, &rest], now);
        assert!(digest == db.digest(), "seed {seed}, after {}\n{}", text(&rest), differences(&mut db, &mut replica));
    }
}

/// Random commands of arrays, which the fuzzer's sessions have not: the journal, a snapshot and an RDB file say what they have done.
#[test]
fn arrays_are_built_again_by_journals_snapshots_and_files() {
    for seed in 0..60 {
        let mut r = Random::new(seed);
        let mut db = engine(seed, &[]);
        let player = db.open_session(SessionOptions::default());
        db.keep_journal(true);
        let (mut journal, mut snapshots) = (Vec::new(), Vec::new());
        for step in 0..300 {
            let key = ["a", "b", "c"][r.below(3)];
            let index = |r: &mut Random| match r.below(8) {
                0 => u64::MAX - 1 - r.below(5) as u64,
                1 => (r.below(1 << 20) as u64) << 40,
                2 => r.below(20_000) as u64,
                _ => r.below(40) as u64,
            };
            let (at, to) = (index(&mut r), index(&mut r));
            let line = match r.below(12) {
                0 | 1 => format!("ARSET {key} {at} v{step} {step} a-longer-value-{step}"),
                2 => format!("ARMSET {key} {at} x{step} {to} {}", step * 1_000_003),
                3 => format!("ARDEL {key} {at} {to}"),
                4 => format!("ARDELRANGE {key} {at} {to}"),
                5 | 6 => format!("ARINSERT {key} i{step} j{step}"),
                7 | 8 => format!("ARRING {key} {} r{step} s{step}", r.below(30) + 1),
                9 => format!("ARSEEK {key} {at}"),
                10 => format!("COPY {key} {} REPLACE", ["a", "b", "c"][r.below(3)]),
                _ => format!("PEXPIRE {key} {}", r.below(3) * 100_000),
            };
            db.exec(player, NOW, &resp::frame(&line.split(' ').collect::<Vec<_>>()));
            journal.extend_from_slice(db.take_journal());
            if step % 25 == 0 {
                let digest = db.digest();
                let mut replica = engine(seed + 1, &[]);
                let same = replay(&mut replica, &[&journal], NOW) == digest;
                assert!(same, "seed {seed}: after {line}\n{}", differences(&mut db, &mut replica));
                db.begin_snapshot();
                let mut base = Vec::new();
                while db.snapshot(200).expect("memory") {
                    base.extend_from_slice(db.exported());
                }
                base.extend_from_slice(db.exported());
                let mut replica = engine(seed + 2, &[]);
                assert_eq!(replay(&mut replica, &[&base], NOW), digest, "seed {seed}: {}", text(&base));
                db.begin_rdb(false);
                db.snapshot(usize::MAX);
                let file = db.exported().to_vec();
                let mut replica = engine(seed + 3, &[]);
                replica.load_rdb(&file, NOW).expect("a good file");
                replica.load_rdb(b"", NOW).expect("all of it");
                assert_eq!(replica.digest(), digest, "seed {seed}: a file");
                snapshots.push(file);
            }
        }
        // Damaged files are refused, or read; nothing ends.
        for file in snapshots {
            for _ in 0..20 {
                let mut file = file.clone();
                let at = 60 + r.below(file.len() - 60);
                file[at] = r.below(256) as u8;
                let mut replica = engine(seed + 4, &[]);
                let _ = replica.load_rdb(&file, NOW).and_then(|_| replica.load_rdb(b"", NOW));
            }
        }
    }
}

/// What a command is about to do is saved before it checks its arguments: one that fails must not cost the snapshot anything.
#[test]
fn a_command_that_fails_takes_nothing_out_of_a_snapshot() {
    for line in [
        "FLUSHALL WRONG",
        "FLUSHDB ASYNC SYNC",
        "FLUSHDB NOW",
        "SWAPDB 0 99",
        "SWAPDB a b",
        "MOVE list 99",
        "RENAME list",
    ] {
        let mut db = engine(1, &[]);
        let player = db.open_session(SessionOptions::default());
        for i in 0..500 {
            db.exec(player, NOW, &resp::frame(&["RPUSH", "list", &format!("element-{i}")]));
            db.exec(player, NOW, &resp::frame(&["SET", &format!("key:{i}"), "v"]));
        }
        let before = db.digest();
        db.begin_snapshot();
        let mut more = db.snapshot(1000).expect("memory");
        let mut base = db.exported().to_vec();
        assert!(more);
        let reply = db.exec(player, NOW, &resp::frame(&line.split(' ').collect::<Vec<_>>())).to_vec();
        assert_eq!(reply[0], b'-', "{line}");
        while more {
            more = db.snapshot(1000).expect("memory");
            base.extend_from_slice(db.exported());
        }
        assert_eq!(db.digest(), before);
        assert!(replay(&mut engine(2, &[]), &[&base], NOW) == before, "{line}");
    }
}

/// `redis-server` and `redis-check-aof` of a Redis 8, from the folder that REDIS_BIN names.
#[cfg(unix)]
struct Real {
    bin: std::path::PathBuf,
    dir: std::path::PathBuf,
}

#[cfg(unix)]
impl Real {
    /// Makes the files of an append-only log as Redis lays them out, and has them checked.
    fn check(&self, base: &[u8], rest: &[u8]) {
        let dir = self.dir.join("appendonlydir");
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).expect("a folder");
        let manifest = "file appendonly.aof.1.base.aof seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n";
        for (name, bytes) in [("manifest", manifest.as_bytes()), ("1.base.aof", base), ("1.incr.aof", rest)] {
            std::fs::write(dir.join(format!("appendonly.aof.{name}")), bytes).expect("a file");
        }
        let check = std::process::Command::new(self.bin.join("redis-check-aof"))
            .arg(dir.join("appendonly.aof.manifest"))
            .output()
            .expect("redis-check-aof");
        assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
    }

    /// A real server that loads what is in the folder, unless it refuses that.
    fn serve(&self, settings: &[Vec<String>]) -> Option<(std::process::Child, std::os::unix::net::UnixStream)> {
        let socket = self.dir.join("redis.sock");
        let mut command = std::process::Command::new(self.bin.join("redis-server"));
        command.args(["--port", "0", "--save", "", "--appendonly", "yes", "--aof-use-rdb-preamble", "no", "--dir"]);
        command.arg(&self.dir).arg("--unixsocket").arg(&socket).args(["--logfile", "redis.log"]);
        // What decides encodings does so while it loads, too.
        for setting in settings {
            command.arg(format!("--{}", setting[2])).arg(&setting[3]);
        }
        let mut server = command.spawn().expect("redis-server");
        loop {
            if let Ok(mut stream) = std::os::unix::net::UnixStream::connect(&socket) {
                use std::io::{Read, Write};
                // It listens before it has loaded all: one that refuses the rest closes the socket.
                let mut got = [0; 256];
                loop {
                    let answer = stream.write_all(&resp::request(&["PING"])).and_then(|_| stream.read(&mut got));
                    match answer {
                        Ok(n) if got[..n].starts_with(b"-LOADING") => {}
                        Ok(n) if n > 0 => return Some((server, stream)),
                        _ => break,
                    }
                }
            }
            if server.try_wait().expect("a child").is_some() {
                return None;
            }
        }
    }

    /// Has a real server load what was checked and write it anew: its own base file, and what vectors it had.
    fn rewrite(&self, settings: &[Vec<String>]) -> (Vec<u8>, Vec<String>) {
        let log = || std::fs::read_to_string(self.dir.join("redis.log")).unwrap_or_default();
        let (mut server, mut stream) = self.serve(settings).unwrap_or_else(|| panic!("it was refused:\n{}", log()));
        let mut ask = |args: &[&str]| {
            use std::io::{Read, Write};
            stream.write_all(&resp::request(args)).expect("a socket");
            let mut got = vec![0; 1 << 16];
            let n = stream.read(&mut got).expect("a reply");
            String::from_utf8_lossy(&got[..n]).into_owned()
        };
        for setting in settings {
            ask(&setting.iter().map(String::as_str).collect::<Vec<_>>());
        }
        let mut vectors = Vec::new();
        for db in 0..testkit::session::DATABASES {
            ask(&["SELECT", &db.to_string()]);
            vectors.push(ask(&["EVAL", TAKE_VECTORS, "0"]));
        }
        ask(&["BGREWRITEAOF"]);
        while !ask(&["INFO", "persistence"]).contains("aof_rewrites:1\r\n") {}
        while !ask(&["INFO", "persistence"]).contains("aof_rewrite_in_progress:0\r\n") {}
        server.kill().expect("a child");
        server.wait().expect("a child");
        let file = self.dir.join("appendonlydir/appendonly.aof.2.base.aof");
        (std::fs::read(file).expect("the server's own file"), vectors)
    }
}

/// What came with Redis 8.2 to 8.10, and how it is told to a Redis 8.6.
#[cfg(unix)]
const NEWER: [&str; 13] = [
    "SET n1 a",
    "SET n1 b IFEQ a EX 1000000",
    "MSETEX 2 n2 v n3 w PX 1000000000",
    "INCREX n4 BYINT 5 UBOUND 7 EX 1000000",
    "SET n5 b",
    "BITOP ONE n6 n1 n2 n5",
    "DELEX n3 IFEQ w",
    "RPUSH n7 a b c d",
    "LMOVEM n7 n8 LEFT RIGHT EXACTLY 2 BULK",
    "LMOVEM n7 n7 LEFT RIGHT COUNT 2 OBO",
    "BLMOVEM n7 n7 RIGHT RIGHT 0 COUNT 2 OBO",
    "HIMPORT PREPARE n f g",
    "HIMPORT SET n9 n 1 2",
];
#[cfg(unix)]
const NEWER_OF_STREAMS: [&str; 14] = [
    "XADD n10 IDMP p i 1-1 f v",
    "XADD n10 IDMPAUTO p * f v",
    "XADD n10 * f w",
    "XCFGSET n10 IDMP-DURATION 5",
    "XGROUP CREATE n10 g 0",
    "XREADGROUP GROUP g c STREAMS n10 >",
    "XNACK n10 g FAIL IDS 1 1-1",
    "XREADGROUP GROUP g d CLAIM 0 STREAMS n10 >",
    "XDELEX n10 DELREF IDS 1 1-1",
    "XTRIM n10 MAXLEN 1 ACKED",
    "VADD n11 VALUES 3 1 2 3 a SETATTR {\"n\":1}",
    "VADD n11 VALUES 3 1 -2 3 b CAS",
    "VSETATTR n11 b {}",
    "VREM n11 a",
];

/// Says what elements the sets of vectors have, and deletes these: Redis 8.6.3 ends where it has to write them as commands.
#[cfg(unix)]
const TAKE_VECTORS: &str =
    "local said, keys = {}, redis.call('KEYS', '*') table.sort(keys) for _, key in ipairs(keys) do
    if redis.call('TYPE', key).ok == 'vectorset' then
        said[#said + 1] = key .. ':' .. redis.call('VDIM', key)
        for _, name in ipairs(redis.call('VRANGE', key, '-', '+')) do
            said[#said + 1] = name .. '=' .. (redis.call('VGETATTR', key, name) or '')
        end
        redis.call('DEL', key)
    end
end return table.concat(said, ' ')";

/// What `TAKE_VECTORS` says here. The streams go, too.
#[cfg(unix)]
fn take_vectors_and_streams(engine: &mut Engine, now: f64) -> Vec<String> {
    let boss = engine.open_session(SessionOptions { trusted: true, ..SessionOptions::default() });
    let mut vectors = Vec::new();
    for db in 0..testkit::session::DATABASES {
        engine.exec(boss, now, &resp::frame(&["SELECT", &db.to_string()]));
        let reply = engine.exec(boss, now, &resp::frame(&["EVAL", TAKE_VECTORS, "0"]));
        vectors.push(String::from_utf8_lossy(reply).into_owned());
        let reply = engine.exec(boss, now, &resp::frame(&["SCAN", "0", "COUNT", "1000000", "TYPE", "stream"])).to_vec();
        for key in resp::parse_all(&reply).expect("a reply")[0].items()[1].items() {
            engine.exec(boss, now, &resp::frame(&[b"DEL", key.bytes()]));
        }
    }
    vectors
}

/// What we write is an append-only file to a real Redis, and what it writes is one to us. (Streams are loaded and not compared:
/// Redis does not write down what is pending and deleted at once. Of vectors the elements are.) It refuses arrays, which it has not.
#[cfg(unix)]
#[test]
fn a_real_server_loads_it_and_we_load_what_it_writes() {
    let Some(bin) = std::env::var_os("REDIS_BIN") else {
        return eprintln!("REDIS_BIN names no folder: the files were not shown to a real server");
    };
    let dir = std::env::temp_dir().join(format!("wakey-journal-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("a folder");
    let real = Real { bin: bin.into(), dir: dir.clone() };
    let others = "string,generic,hash,list,set,sorted-set,bitmap,hyperloglog,geo,sort,transactions";
    use testkit::scripts;
    let digest = |text: &[u8]| wakey::server::scripts::digest(text).to_vec();
    let programs = scripts::grammar::Grammar::read();
    let newest = Release::NEWEST;
    let parts =
        [others, "stream", "programs"].into_iter().flat_map(|groups| [(groups, Release::V8_6), (groups, newest)]);
    for (groups, compat) in parts {
        let grammar = Grammar::read(if groups == "programs" { "string" } else { groups });
        let (mut shown, mut next) = (0, 0);
        while shown < 10 {
            let seed = next;
            next += 1;
            let mut r = Random::new(seed);
            let mut session = generate(&grammar, &mut r, seed);
            // Users are no part of such a file, and it does not know all classes of events.
            session.settings.retain(|setting| setting[0] == "CONFIG" && setting[2] != "notify-keyspace-events");
            let mut commands: Vec<Vec<Vec<u8>>> = if groups == "programs" {
                let steps = (0..3).flat_map(|_| scripts::generate(&programs, &mut r, digest));
                steps.filter_map(scripts::Step::command).collect()
            } else {
                let more = (0..5).flat_map(|_| generate(&grammar, &mut r, seed).steps).collect::<Vec<_>>();
                session.steps.iter().chain(&more).map(|step| step.args.clone()).collect()
            };
            let words = |line: &&str| line.split(' ').map(|word| word.as_bytes().to_vec()).collect();
            commands.extend(NEWER.iter().map(words));
            if groups.starts_with("stream") {
                commands.extend(NEWER_OF_STREAMS.iter().map(words));
            }
            let mut origin = engine_like(compat, seed, &session.settings);
            let player = origin.open_session(SessionOptions::default());
            origin.keep_journal(true);
            let (mut base, mut rest, mut now) = (Vec::new(), Vec::new(), NOW);
            let half = commands.len() / 2;
            for (n, args) in commands.iter().enumerate() {
                now += r.below(100) as f64;
                origin.exec(player, now, &resp::frame(args));
                let piece = origin.take_journal();
                if n > half {
                    rest.extend_from_slice(piece);
                }
                if n == half {
                    origin.begin_snapshot();
                }
                if n >= half {
                    origin.snapshot(100);
                    base.extend_from_slice(origin.exported());
                }
            }
            origin.snapshot(usize::MAX);
            base.extend_from_slice(origin.exported());
            // Half way there may have been no key.
            if base.is_empty() || rest.is_empty() {
                continue;
            }
            shown += 1;
            real.check(&base, &rest);
            let (theirs, vectors) = real.rewrite(&session.settings);
            assert_eq!(take_vectors_and_streams(&mut origin, now), vectors, "seed {seed}");
            let mut replica = engine_like(compat, seed + 9, &session.settings);
            replay(&mut replica, &[&theirs], now);
            take_vectors_and_streams(&mut replica, now);
            if replica.digest() != origin.digest() {
                panic!("seed {seed}:\n{}", differences(&mut origin, &mut replica));
            }
        }
    }
    let mut origin = engine(1, &[]);
    let player = origin.open_session(SessionOptions::default());
    origin.keep_journal(true);
    origin.exec(player, NOW, &resp::frame(&["ARSET", "a", "1", "v"]));
    real.check(b"", origin.take_journal());
    assert!(real.serve(&[]).is_none(), "a Redis that has arrays");
    let log = std::fs::read_to_string(dir.join("redis.log")).expect("a log");
    assert!(log.contains("Unknown command 'ARSET' reading the append only file"), "{log}");
    std::fs::remove_dir_all(dir).expect("a folder");
}

/// What commands are told as that would not do the same again: as in the append-only file of Redis 8, but where a line says so.
#[test]
fn commands_are_told_by_their_effects() {
    let mut db = engine(1, &[]);
    let player = db.open_session(SessionOptions { trusted: true, ..SessionOptions::default() });
    let other = db.open_session(SessionOptions { trusted: true, ..SessionOptions::default() });
    db.keep_journal(true);
    let mut now = NOW;
    let mut told = |db: &mut Engine, line: &str| {
        let id = if line.starts_with("other: ") { other } else { player };
        let args: Vec<&str> = line.trim_start_matches("other: ").split(' ').collect();
        if args[0] == "later" {
            now += 1_000_000.0;
            db.tick(now);
        } else {
            db.exec(id, now, &resp::frame(&args));
        }
        text(db.take_journal()).replace('"', "").replace('\n', "; ")
    };
    for (line, expected) in [
        ("SET a 1 EX 100", "SELECT 0; SET a 1 PXAT 2500000100000"),
        ("SETEX a 100 1", "SET a 1 PXAT 2500000100000"),
        ("SET a 1 EX 100 NX", ""),
        ("GETEX a PX 5", "PEXPIREAT a 2500000000005"),
        ("GETEX a PERSIST", "PERSIST a"),
        ("GET a", ""),
        ("INCRBYFLOAT f 1.5", "SET f 1.5 KEEPTTL"),
        ("EXPIRE f 100", "PEXPIREAT f 2500000100000"),
        ("EXPIRE f -1", "DEL f"),
        // HSET, which Redis writes, would take the field's TTL away.
        ("HINCRBYFLOAT h f 1.5", "HSETEX h KEEPTTL FIELDS 1 f 1.5"),
        ("HEXPIRE h 100 FIELDS 2 f g", "HPEXPIREAT h 2500000100000 FIELDS 1 f"),
        ("HSETEX h EX 100 FIELDS 2 a 1 b 2", "HSETEX h PXAT 2500000100000 FIELDS 2 a 1 b 2"),
        ("HGETEX h PERSIST FIELDS 1 a", "HPERSIST h FIELDS 1 a"),
        ("HEXPIRE h 0 FIELDS 1 f", "HDEL h f"),
        ("HSETEX h2 f v 100", "MULTI; HSET h2 f v; PEXPIREAT h2 2500000100000; EXEC"),
        (
            "RESTORE r 100 \0\u{1}v\r\0\0\0\0\0\0\0\0\0",
            "RESTORE r 2500000000100 \\x00\\x01v\\r\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00 ABSTTL",
        ),
        ("RESTORE r 1 \0\u{1}v\r\0\0\0\0\0\0\0\0\0 ABSTTL REPLACE", "DEL r"),
        ("RESTORE r 1 \0\u{1}v\r\0\0\0\0\0\0\0\0\0 ABSTTL REPLACE", ""),
        ("SADD s 7", "SADD s 7"),
        ("SPOP s", "SREM s 7"),
        ("SADD s 1 2", "SADD s 1 2"),
        ("SPOP s 5", "DEL s"),
        ("RPUSH l 1 2 3", "RPUSH l 1 2 3"),
        ("BLPOP l 0", "LPOP l 1"),
        ("BLMOVE l m LEFT RIGHT 0", "LMOVE l m LEFT RIGHT"),
        ("other: BRPOP q 0", ""),
        // What the push serves is a unit of its own.
        ("LPUSH q x", "LPUSH q x; RPOP q 1"),
        ("ZADD z 1 a 2 b", "ZADD z 1 a 2 b"),
        ("BZMPOP 0 1 z MAX", "ZPOPMAX z 1"),
        ("XADD x * f v", "XADD x 2500000000000-0 f v"),
        ("XADD x MAXLEN 1 * f w", "XADD x MAXLEN = 1 2500000000000-1 f w"),
        ("XGROUP CREATE x g 0", "XGROUP CREATE x g 0"),
        (
            "XREADGROUP GROUP g c STREAMS x >",
            "MULTI; XGROUP CREATECONSUMER x g c; XCLAIM x g c 0 2500000000000-1 TIME 2500000000000 RETRYCOUNT 1 FORCE JUSTID; \
             XGROUP SETID x g 2500000000000-1 ENTRIESREAD 2; EXEC",
        ),
        (
            "XREADGROUP GROUP g d CLAIM 0 STREAMS x >",
            "MULTI; XGROUP CREATECONSUMER x g d; XCLAIM x g d 0 2500000000000-1 TIME 2500000000000 RETRYCOUNT 2 FORCE JUSTID; EXEC",
        ),
        // Redis 8.6 has no XNACK.
        ("XNACK x g SILENT IDS 1 2500000000000-1", "XCLAIM x g  0 2500000000000-1 TIME 0 RETRYCOUNT 1 FORCE JUSTID"),
        ("XADD x IDMP p i MAXLEN 1 ACKED * f v", "XADD x IDMP p i 2500000000000-2 f v"),
        ("XADD x IDMP p i * f v", ""),
        ("XACK x g 2500000000000-1", "XACK x g 2500000000000-1"),
        ("XADD x ACKED MAXLEN ~ 2 * f v", "XADD x ACKED MAXLEN = 2 2500000000000-3 f v"),
        ("XTRIM x MINID 2500000000000-3 DELREF", "XTRIM x MAXLEN = 1 DELREF"),
        ("XDELEX x DELREF IDS 1 2500000000000-1", "XDELEX x DELREF IDS 1 2500000000000-1"),
        ("XCFGSET x IDMP-DURATION 100", ""),
        ("XCFGSET x IDMP-DURATION 5", "XCFGSET x IDMP-DURATION 5"),
        ("CONFIG SET stream-idmp-maxsize 7", ""),
        (
            "XADD y IDMP p i * f v",
            "MULTI; XADD y 2500000000000-0 f v; XCFGSET y IDMP-DURATION 100 IDMP-MAXSIZE 7; XIDMPRECORD y p i 2500000000000-0; EXEC",
        ),
        (
            "XGROUP CREATE w g $ MKSTREAM",
            "MULTI; XGROUP CREATE w g 0-0 MKSTREAM ENTRIESREAD -1; XCFGSET w IDMP-DURATION 100 IDMP-MAXSIZE 7; EXEC",
        ),
        ("MULTI", ""),
        ("SET a 1", ""),
        ("GET a", ""),
        ("INCR a", ""),
        ("EXEC", "MULTI; SET a 1; INCR a; EXEC"),
        ("SELECT 3", ""),
        ("SET k v PX 10", "SELECT 3; SET k v PXAT 2500000000010"),
        ("later", "SELECT 0; DEL h2; HDEL h b; SELECT 3; DEL k"),
    ] {
        assert_eq!(told(&mut db, line), expected, "{line}");
    }
}

/// What came with Redis 8.2 to 8.10, in every form that is told in another way, and HSETEX in all of its own.
const ALL_NEWER: [&str; 63] = [
    "SET s a",
    "SET s b IFEQ a EX 1000000",
    "SET s c IFDNE 0000000000000000",
    "MSETEX 2 m1 v m2 w PX 1000000000",
    "MSETEX 1 m1 x XX KEEPTTL",
    "INCREX i BYINT 5 UBOUND 7 EX 1000000",
    "INCREX i BYINT 5 UBOUND 7 SATURATE",
    "INCREX f BYFLOAT 0.1 ENX PX 1000000000",
    "BITOP ONE b s m1 m2",
    "DELEX m2 IFEQ w",
    "RPUSH l a b c d",
    "LMOVEM l l2 LEFT RIGHT EXACTLY 2 BULK",
    "LMOVEM l2 l2 LEFT RIGHT COUNT 2 OBO",
    "BLMOVEM l l2 RIGHT LEFT 0 COUNT 9 BULK",
    "HIMPORT PREPARE n f g h",
    "HIMPORT SET h1 n 1 2 3",
    "HIMPORT SET h2 n 1 2 a",
    "HSETEX h1 EX 1000000 FIELDS 2 f 7 new 8",
    "HSETEX h1 FXX KEEPTTL FIELDS 1 f 9",
    "HSETEX h3 FNX PXAT 3000000000000 FIELDS 1 f 9",
    "HSETEX h4 1000000 f v g w",
    "HSETEX h5 f v 1000000",
    "HSETEX h6 FIELDS 1 f v",
    "HGETEX h1 PERSIST FIELDS 1 f",
    "HGETEX h3 EX 500000 FIELDS 1 f",
    "HGETDEL h6 FIELDS 1 f",
    "ARSET a 5 v",
    "ARMSET a 0 x 18446744073709551614 far 7 y",
    "ARINSERT a i j k",
    "ARSEEK a 3",
    "ARINSERT a l",
    "ARDEL a 5",
    "ARDELRANGE a 0 0 7 9",
    "ARRING r 3 a b c d e",
    "ARRING r 2 f",
    "ARSET gone 1 v",
    "ARDEL gone 1",
    "VADD v VALUES 3 1 2 3 a SETATTR {\"n\":1}",
    "VADD v VALUES 3 1 -2 3 b CAS",
    "VADD v VALUES 3 3 2 1 a",
    "VADD vb VALUES 3 1 -2 3 b BIN M 8",
    "VADD vf VALUES 3 1 -2 3 b NOQUANT EF 50",
    "VADD vr REDUCE 2 VALUES 3 1 -2 3 b",
    "VADD vr REDUCE 2 VALUES 3 3 2 1 c",
    "VSETATTR v b {\"x\":2}",
    "VSETATTR v a ",
    "VREM v a",
    "XADD x 1-1 f v",
    "XADD x IDMP p i * f v",
    "XADD x IDMP p i * f v",
    "XADD x IDMPAUTO p * f v",
    "XADD x * f w",
    "XCFGSET x IDMP-DURATION 5 IDMP-MAXSIZE 7",
    "XGROUP CREATE x g 0",
    "XGROUP CREATE x g2 0",
    "XREADGROUP GROUP g c STREAMS x >",
    "XREADGROUP GROUP g2 c STREAMS x >",
    "XNACK x g FAIL IDS 1 1-1",
    "XREADGROUP GROUP g d CLAIM 0 COUNT 1 STREAMS x >",
    "XACKDEL x g DELREF IDS 1 1-1",
    "XDELEX x KEEPREF IDS 1 2500000000048-0",
    "XADD x KEEPREF MAXLEN 1 * f last",
    "XTRIM x MAXLEN 0 ACKED",
];

/// Where the process ends in the middle of an append, what is there is loaded as far as it is whole: as it was behind one command or
/// another, and never between.
#[test]
fn a_journal_that_ends_at_any_byte_is_loaded_as_it_was_behind_a_command() {
    for compat in [Release::NEWEST, Release::V8_6] {
        let mut origin = engine_like(compat, 3, &[]);
        let player = origin.open_session(SessionOptions::default());
        origin.keep_journal(true);
        let (mut journal, mut states, mut refused) = (Vec::new(), vec![(0, origin.digest())], Vec::new());
        for (n, line) in ALL_NEWER.iter().enumerate() {
            let args: Vec<&str> = line.split(' ').collect();
            let reply = origin.exec(player, NOW + n as f64, &resp::frame(&args));
            if reply.starts_with(b"-") {
                refused.push(format!("{line}: {}", String::from_utf8_lossy(reply)));
            }
            journal.extend_from_slice(origin.take_journal());
            states.push((journal.len(), origin.digest()));
        }
        assert_eq!(refused.is_empty(), compat == Release::NEWEST, "{refused:?}");
        let now = NOW + ALL_NEWER.len() as f64;
        for cut in 0..=journal.len() {
            let mut replica = engine_like(compat, 4, &[]);
            let used = replica.load(&journal[..cut]).unwrap_or_else(|damage| panic!("{damage:?} at {cut}"));
            replica.finish_load(now);
            let (end, digest) = *states.iter().rev().find(|(end, _)| *end <= cut).expect("the first");
            // Of a unit that several commands are, none counts before the last.
            assert!(used >= end, "{used} of {cut} bytes");
            assert_eq!(replica.digest(), digest, "cut at {cut}:\n{}", text(&journal[..end]));
        }
    }
}
