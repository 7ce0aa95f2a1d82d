//! Plays `tests/cases/*.resp` (see the README there): against the engine, or with `WAKEY_REDIS=host:port` against a
//! real server. `WAKEY_RECORD=1` writes what the real server answered into the files, `WAKEY_SLEEP=1` lets sections
//! that move the clock sleep there instead of being skipped, `WAKEY_CASES=text` plays only files whose name has it.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::Duration;
use testkit::dialogue::{self, Peer, Report};
use testkit::redis::Redis;
use testkit::resp;
use wakey::{Dialect, Release, SessionId};

const START: f64 = 1_700_000_000_000.0;

/// The engine, native.
struct Native {
    engine: wakey::Engine,
    now: f64,
    sessions: HashMap<String, (SessionId, bool)>,
    /// What sessions were sent and have not yet been asked for.
    heard: HashMap<SessionId, Vec<u8>>,
}

impl Native {
    fn new(dialect: Dialect, compat: Release, cluster: bool) -> Native {
        let options = wakey::Options { seed: 42, dialect, compat, cluster, now: START, ..Default::default() };
        let mut engine = wakey::Engine::new(options);
        // The real server is started with it, too.
        engine.configure("enable-debug-command", "yes").expect("a parameter");
        engine.configure("enable-protected-configs", "yes").expect("a parameter");
        Native { engine, now: START, sessions: HashMap::new(), heard: HashMap::new() }
    }

    /// Takes what the last call had for other sessions, and notes which it closed.
    fn deliver(&mut self) {
        while let Some((id, bytes, close)) = self.engine.next_output() {
            self.heard.entry(id).or_default().extend_from_slice(bytes);
            if close {
                self.close(id);
            }
        }
    }

    fn settle(&mut self, name: &str, session: SessionId) -> bool {
        self.deliver();
        if self.engine.closing(session) {
            self.close(session);
        }
        self.sessions[name].1
    }

    fn close(&mut self, id: SessionId) {
        if let Some(s) = self.sessions.values_mut().find(|s| s.0 == id && !s.1) {
            s.1 = true;
            self.engine.close_session(id);
        }
    }
}

impl Peer for Native {
    fn open(&mut self, name: &str, protocol: u8) {
        let port = 50_000 + self.sessions.len();
        let options = wakey::SessionOptions {
            resp: protocol,
            trusted: false,
            addr: format!("127.0.0.1:{port}"),
            laddr: "127.0.0.1:6380".into(),
            ..Default::default()
        };
        let id = self.engine.open_session(options);
        self.sessions.insert(name.to_string(), (id, false));
    }

    fn call(&mut self, name: &str, args: &[Vec<u8>], _: bool) -> (Vec<u8>, bool) {
        let (id, closed) = self.sessions[name];
        if closed {
            return (Vec::new(), true);
        }
        // Over a socket's way where the session waits: that is how a command can be sent meanwhile.
        let mut reply = match self.engine.is_waiting(id) {
            true => self.engine.feed(id, self.now, &resp::request(args)).to_vec(),
            false => self.engine.exec(id, self.now, &resp::frame(args)).to_vec(),
        };
        let quits = args.first().is_some_and(|a| a.eq_ignore_ascii_case(b"quit"));
        while let Ok(Some((first, len))) = resp::parse(&reply)
            && !quits
        {
            let heard = self.heard.entry(id).or_default();
            if is_message(&first) {
                heard.extend(reply.drain(..len));
            } else {
                heard.extend(reply.split_off(len));
                break;
            }
        }
        let closed = self.settle(name, id);
        (reply, closed)
    }

    fn hear(&mut self, name: &str) -> (Vec<u8>, bool) {
        let (id, closed) = self.sessions[name];
        (self.heard.remove(&id).unwrap_or_default(), closed)
    }

    fn raw(&mut self, name: &str, bytes: &[u8]) -> (Vec<u8>, bool) {
        let (id, closed) = self.sessions[name];
        if closed {
            return (Vec::new(), true);
        }
        let reply = self.engine.feed(id, self.now, bytes).to_vec();
        let closed = self.settle(name, id);
        (reply, closed)
    }

    fn clock(&mut self, set: Option<f64>, advance: f64) -> bool {
        self.now = set.unwrap_or(self.now) + advance;
        self.engine.tick(self.now);
        self.deliver();
        true
    }
}

/// A real server. Settings that a section changed are put back when it ends.
struct Real {
    address: String,
    admin: Redis,
    sessions: HashMap<String, Option<Redis>>,
    /// Messages that came before the reply of a command.
    heard: HashMap<String, Vec<u8>>,
    settings: Vec<(Vec<u8>, resp::Value)>,
    sleep: bool,
}

impl Real {
    fn new(address: &str) -> Real {
        let mut admin = Redis::connect(address).unwrap_or_else(|e| panic!("{address}: {e}"));
        for reset in [&["FLUSHALL"][..], &["DEBUG", "SET-ACTIVE-EXPIRE", "1"]] {
            admin.call(reset).expect("the server answers");
        }
        forget_users(&mut admin);
        let sleep = std::env::var_os("WAKEY_SLEEP").is_some();
        Real {
            address: address.into(),
            admin,
            sessions: HashMap::new(),
            heard: HashMap::new(),
            settings: Vec::new(),
            sleep,
        }
    }

    fn remember(&mut self, args: &[Vec<u8>]) {
        let is = |i: usize, name: &str| args.get(i).is_some_and(|a| a.eq_ignore_ascii_case(name.as_bytes()));
        if !is(0, "CONFIG") || !is(1, "SET") {
            return;
        }
        for name in args[2..].iter().step_by(2) {
            // Asked once: what it asks may be in the slow log.
            if self.settings.iter().any(|s| s.0 == *name) {
                continue;
            }
            let get = [b"CONFIG".to_vec(), b"GET".to_vec(), name.clone()];
            if let Some(value) = self.admin.call(&get).expect("the server answers").items().get(1) {
                self.settings.push((name.clone(), value.clone()));
            }
        }
    }
}

/// Users are as they are when a server starts.
fn forget_users(admin: &mut Redis) {
    let users = admin.call(&["ACL", "USERS"]).expect("the server answers");
    for user in users.items().iter().map(|user| user.bytes()).filter(|user| *user != b"default") {
        admin.call(&[b"ACL", &b"DELUSER"[..], user]).ok();
    }
    for reset in [
        &["ACL", "SETUSER", "default", "reset", "on", "nopass", "allkeys", "allchannels", "allcommands"][..],
        &["ACL", "LOG", "RESET"],
    ] {
        admin.call(reset).ok();
    }
}

impl Drop for Real {
    fn drop(&mut self) {
        // A section may have killed every connection.
        if self.admin.call(&["PING"]).is_err() {
            self.admin = Redis::connect(&self.address).expect("the server is there");
        }
        forget_users(&mut self.admin);
        // Backwards: a setting may have been remembered under a second name when it was no longer what it had been.
        for (name, value) in self.settings.iter().rev() {
            let set = [b"CONFIG", &b"SET"[..], name, value.bytes()];
            self.admin.call(&set).ok();
        }
    }
}

/// Whether it is a message that was pushed.
fn is_message(v: &resp::Value) -> bool {
    let kinds = ["message", "pmessage", "smessage", "invalidate", "tracking-redir-broken"];
    matches!(v, resp::Value::Push(items) if items.first().is_some_and(|kind| kinds.contains(&&*kind.text())))
}

/// The next reply that is no message; messages before it are kept.
fn read_reply(redis: &mut Redis, heard: &mut Vec<u8>) -> std::io::Result<Vec<u8>> {
    loop {
        let reply = redis.read()?;
        match resp::parse(&reply) {
            Ok(Some((first, _))) if is_message(&first) => heard.extend(reply),
            _ => return Ok(reply),
        }
    }
}

impl Peer for Real {
    fn open(&mut self, name: &str, protocol: u8) {
        let mut redis = Redis::connect(&self.address).expect("a second connection");
        if protocol == 3 {
            redis.call(&["HELLO", "3"]).expect("HELLO 3");
        }
        self.sessions.insert(name.to_string(), Some(redis));
    }

    fn call(&mut self, name: &str, args: &[Vec<u8>], silent: bool) -> (Vec<u8>, bool) {
        self.remember(args);
        let Some(Some(redis)) = self.sessions.get_mut(name) else { return (Vec::new(), true) };
        if redis.write(&resp::request(args)).is_err() {
            self.sessions.insert(name.to_string(), None);
            return (Vec::new(), true);
        }
        if silent {
            return (Vec::new(), false);
        }
        let heard = self.heard.entry(name.to_string()).or_default();
        let reply = match read_reply(redis, heard) {
            Ok(reply) => reply,
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => return (Vec::new(), false),
            Err(_) => {
                self.sessions.insert(name.to_string(), None);
                return (Vec::new(), true);
            }
        };
        let last = args.first().is_some_and(|a| a.eq_ignore_ascii_case(b"quit"))
            || args.get(1).is_some_and(|a| [&b"kill"[..], b"deluser"].contains(&&a.to_ascii_lowercase()[..]));
        if last {
            let (more, closed) = redis.drain(Duration::from_millis(30));
            if closed {
                self.sessions.insert(name.to_string(), None);
            }
            return ([reply, more].concat(), closed);
        }
        (reply, false)
    }

    fn hear(&mut self, name: &str) -> (Vec<u8>, bool) {
        let mut heard = self.heard.remove(name).unwrap_or_default();
        let Some(Some(redis)) = self.sessions.get_mut(name) else { return (heard, true) };
        let (more, closed) = redis.drain(Duration::from_millis(40));
        heard.extend(more);
        if closed {
            self.sessions.insert(name.to_string(), None);
        }
        (heard, closed)
    }

    fn raw(&mut self, name: &str, bytes: &[u8]) -> (Vec<u8>, bool) {
        let Some(Some(redis)) = self.sessions.get_mut(name) else { return (Vec::new(), true) };
        let sent = redis.write(bytes);
        let (reply, closed) = redis.drain(Duration::from_millis(60));
        if closed || sent.is_err() {
            self.sessions.insert(name.to_string(), None);
        }
        (reply, closed)
    }

    fn clock(&mut self, set: Option<f64>, advance: f64) -> bool {
        if set.is_none() && self.sleep {
            std::thread::sleep(Duration::from_micros((advance * 1000.0) as u64 + 2000));
        }
        set.is_none() && self.sleep
    }
}

fn play(file: &str, source: &str, redis: Option<&str>) -> Report {
    match redis {
        Some(address) => {
            let record = std::env::var_os("WAKEY_RECORD").is_some();
            let in_cluster = std::env::var_os("WAKEY_CLUSTER").is_some();
            let (own, version) = who(address);
            dialogue::run(file, source, record, |setting| {
                let there = setting.since.as_deref().is_none_or(|since| release(since) <= version)
                    && setting.compat.as_deref().is_none_or(|last| release(last) >= version);
                let asked = setting.dialect.as_deref().unwrap_or("redis") == own && (there || own != "redis");
                (!setting.wakey && asked && setting.cluster == in_cluster).then(|| Real::new(address))
            })
        }
        None => play_as(file, source, None),
    }
}

/// Plays on an engine that is like that release, or like the last one to answer so.
fn play_as(file: &str, source: &str, wanted: Option<Release>) -> Report {
    dialogue::run(file, source, false, |setting| {
        let name = setting.dialect.as_deref().unwrap_or("redis");
        let dialect = Dialect::named(name).unwrap_or_else(|| panic!("{file}: no dialect {name:?}"));
        let last = setting.compat.as_deref().map_or(Release::NEWEST, release);
        let compat = wanted.unwrap_or(last);
        let there = setting.since.as_deref().is_none_or(|since| release(since) <= compat) && compat <= last;
        there.then(|| Native::new(dialect, compat, setting.cluster))
    })
}

fn release(name: &str) -> Release {
    Release::named(name).unwrap_or_else(|| panic!("no release {name:?}"))
}

/// Who answers there: the name of its dialect, and which release of Redis it is.
fn who(address: &str) -> (&'static str, Release) {
    let info = Redis::connect(address).and_then(|mut redis| redis.call(&["INFO", "server"]));
    let info = info.unwrap_or_else(|e| panic!("{address}: {e}")).text();
    let told = |what: &str| info.lines().find_map(|line| line.strip_prefix(what));
    let own = if told("valkey_version:").is_some() { "valkey" } else { "redis" };
    (own, Release::of(told("redis_version:").expect("it has a version")))
}

/// The dialogues, or those whose names have in them what `WAKEY_CASES` says.
fn files() -> Vec<PathBuf> {
    let only = std::env::var("WAKEY_CASES").unwrap_or_default();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("tests/cases")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "resp"))
        .filter(|path| path.to_string_lossy().contains(&only))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no dialogues in {folder}");
    files
}

#[test]
fn every_dialogue_gets_its_replies() {
    let redis = std::env::var("WAKEY_REDIS").ok().filter(|s| !s.is_empty());
    let files = files();
    let mut failures = Vec::new();
    let mut total = [0; 4];
    for path in &files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let source = std::fs::read_to_string(path).expect("UTF-8");
        let report = play(&name, &source, redis.as_deref());
        println!(
            "{name}: {} sections, {} commands{}{}{}",
            report.sections,
            report.commands,
            if report.skipped > 0 { format!(", {} skipped", report.skipped) } else { String::new() },
            if report.partly > 0 { format!(", {} stopped at the clock", report.partly) } else { String::new() },
            if report.failures.is_empty() { String::new() } else { format!(", {} FAILED", report.failures.len()) },
        );
        for (sum, n) in total.iter_mut().zip([report.sections, report.commands, report.skipped, report.partly]) {
            *sum += n;
        }
        if let Some(text) = report.recorded.filter(|text| *text != source) {
            std::fs::write(path, text).expect("the file can be written");
            println!("    recorded");
        }
        failures.extend(report.failures);
    }
    let [sections, commands, skipped, partly] = total;
    println!(
        "{} files, {sections} sections ({skipped} skipped, {partly} stopped at the clock), {commands} commands, {} failed, {}",
        files.len(),
        failures.len(),
        redis.as_deref().unwrap_or("native")
    );
    assert!(failures.is_empty(), "{} replies differ:\n\n{}", failures.len(), failures.join("\n"));
}

/// What came later is skipped, and all else is answered as it is now.
#[test]
fn an_engine_that_is_like_an_older_release_answers_as_that_did() {
    let mut failures = Vec::new();
    for compat in Release::ALL {
        for path in files() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let source = std::fs::read_to_string(path).expect("UTF-8");
            let failed = play_as(&name, &source, Some(compat)).failures;
            failures.extend(
                failed.into_iter().map(|text| format!("Redis {} {text}", Dialect::Redis.identity(compat).version.text)),
            );
        }
    }
    assert!(failures.is_empty(), "{} replies differ:\n\n{}", failures.len(), failures.join("\n"));
}

/// Taken from the real redis-cli 8 (`-3 --no-raw`) against a server that sent these bytes.
#[test]
fn replies_are_shown_as_redis_cli_shows_them() {
    for (bytes, shown) in [
        (&b"%0\r\n"[..], "(empty hash)\n"),
        (b"*0\r\n", "(empty array)\n"),
        (b"~0\r\n", "(empty set)\n"),
        (b"*-1\r\n", "(nil)\n"),
        (b"#t\r\n", "(true)\n"),
        (b",3.14\r\n", "(double) 3.14\n"),
        (b"=7\r\ntxt:a\nb\r\n", "a\nb\n"),
        (b"*2\r\n=7\r\ntxt:a\nb\r\n:1\r\n", "1) a\nb\n2) (integer) 1\n"),
        (b"$9\r\n\x00\xff\"\\\n\t\x07\x7f\xc3\r\n", "\"\\x00\\xff\\\"\\\\\\n\\t\\a\\x7f\\xc3\"\n"),
        (b"+a b\"c\r\n", "a b\"c\n"),
        (b"*2\r\n-ERR a\r\n+OK\r\n", "1) (error) ERR a\n2) OK\n"),
        (b"%1\r\n+k\r\n*1\r\n:1\r\n", "1# k => 1) (integer) 1\n"),
        (b"%1\r\n+k\r\n~0\r\n", "1# k => (empty set)\n"),
        (b"%1\r\n+k\r\n~2\r\n:1\r\n:2\r\n", "1# k => \n   1~ (integer) 1\n   2~ (integer) 2\n"),
        (
            b"%1\r\n+k\r\n%1\r\n+z\r\n*2\r\n:1\r\n:2\r\n",
            "1# k => \n   1# z => \n      1) (integer) 1\n      2) (integer) 2\n",
        ),
        (
            b"%1\r\n*2\r\n:1\r\n:2\r\n*2\r\n:1\r\n:2\r\n",
            "1# 1) (integer) 1\n   2) (integer) 2 => \n   1) (integer) 1\n   2) (integer) 2\n",
        ),
        (
            b"*10\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n*2\r\n:1\r\n~1\r\n$1\r\na\r\n",
            " 1) (integer) 1\n 2) (integer) 1\n 3) (integer) 1\n 4) (integer) 1\n 5) (integer) 1\n 6) (integer) 1\n \
             7) (integer) 1\n 8) (integer) 1\n 9) (integer) 1\n10) 1) (integer) 1\n    2) 1~ \"a\"\n",
        ),
    ] {
        let values = resp::parse_all(bytes).expect("whole replies");
        assert_eq!(testkit::text::show(&values[0]), shown, "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn command_lines_are_split_as_redis_cli_splits_them() {
    let split = |line: &str| testkit::text::split(line);
    assert_eq!(
        split(r#"  SET k  "a b\x41\n\"" 'it\'s' """#),
        Ok(vec![b"SET".to_vec(), b"k".to_vec(), b"a bA\n\"".to_vec(), b"it's".to_vec(), b"".to_vec()])
    );
    assert!(split("SET \"a").is_err());
    assert!(split("SET \"a\"b").is_err());
}
