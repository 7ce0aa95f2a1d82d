//! DUMP, RESTORE and RDB files: values lie as a Redis writes them, come back from what one has written (in any version that still
//! occurs), and files survive damage.

mod files;
mod import;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard};
use testkit::redis::Redis;
use testkit::resp::{self, Value};
use testkit::text;

const NOW: f64 = 1_700_000_000_000.0;

/// Settings that sections change.
const DEFAULTS: [&str; 6] = ["CONFIG", "SET", "list-max-listpack-size", "-2", "rdbcompression", "yes"];

/// Somebody who takes commands: the engine, or a server.
trait Player {
    fn call(&mut self, args: &[Vec<u8>]) -> Value;

    fn line(&mut self, line: &str) -> Value {
        self.call(&text::split(line).expect("a command"))
    }
}

struct Wakey(wakey::Engine, wakey::SessionId);

impl Wakey {
    fn open(seed: u64) -> Wakey {
        Wakey::like(seed, FILES[0])
    }

    /// One that follows the server that a file is about.
    fn like(seed: u64, file: &str) -> Wakey {
        let dialect = if file == FILES[2] { wakey::Dialect::Valkey } else { wakey::Dialect::Redis };
        let mut engine = wakey::Engine::new(wakey::Options { seed, now: NOW, dialect, ..Default::default() });
        let session = engine.open_session(wakey::SessionOptions { resp: 3, trusted: true, ..Default::default() });
        Wakey(engine, session)
    }
}

impl Player for Wakey {
    fn call(&mut self, args: &[Vec<u8>]) -> Value {
        let reply = self.0.exec(self.1, NOW, &resp::frame(args));
        resp::parse(reply).expect("RESP").expect("a reply").0
    }
}

impl Player for Redis {
    fn call(&mut self, args: &[Vec<u8>]) -> Value {
        Redis::call(self, args).expect("a reply")
    }
}

/// What a section of a file says.
struct Section {
    title: String,
    lines: Vec<String>,
    /// Whether the bytes are the same everywhere.
    exact: bool,
    payload: Vec<u8>,
    encoding: String,
    /// The encoding once it was restored.
    again: String,
    digest: String,
}

fn unhex(text: &str) -> Vec<u8> {
    let digit = |c: u8| (c as char).to_digit(16).expect("a hexadecimal digit") as u8;
    text.as_bytes().chunks(2).map(|two| digit(two[0]) << 4 | digit(two[1])).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        write!(out, "{byte:02x}").expect("memory");
        out
    })
}

/// Commands, with what stands in braces done.
fn expand(line: &str) -> Vec<String> {
    let (times, line) = match line.strip_prefix('*').and_then(|rest| rest.split_once(' ')) {
        Some((times, line)) => (times.parse().expect("a number of times"), line),
        None => (1, line),
    };
    let one = |i: usize| {
        let mut out = String::new();
        let mut rest = line;
        while let Some((before, behind)) = rest.split_once('{') {
            let (inside, behind) = behind.split_once('}').expect("a brace that is closed");
            out += before;
            match inside.split_once('*') {
                Some((what, times)) => out += &what.repeat(times.parse().expect("a number")),
                None => out += &i.to_string(),
            }
            rest = behind;
        }
        out + rest
    };
    (1..=times).map(one).collect()
}

fn sections(file: &str) -> (String, Vec<Section>) {
    let (head, rest) = file.split_once("\n== ").expect("a section");
    let read = |part: &str| {
        let mut lines = part.lines();
        let mut section = Section {
            title: lines.next().unwrap_or_default().into(),
            lines: Vec::new(),
            exact: false,
            payload: Vec::new(),
            encoding: String::new(),
            again: String::new(),
            digest: String::new(),
        };
        for line in lines {
            if let Some(command) = line.strip_prefix("> ") {
                section.lines.push(command.into());
            } else if let Some(said) = line.strip_prefix("= ").or(line.strip_prefix("~ ")) {
                let words: Vec<&str> = said.split(' ').collect();
                section.exact = line.starts_with('=');
                section.payload = unhex(words[3]);
                section.encoding = words[0].into();
                section.again = words[1].into();
                section.digest = words[2].into();
            }
        }
        section
    };
    (head.into(), rest.split("\n== ").map(read).collect())
}

fn begin(player: &mut dyn Player) {
    player.line("FLUSHALL");
    player.line(&DEFAULTS.join(" "));
}

fn play(player: &mut dyn Player, section: &Section) {
    begin(player);
    for line in section.lines.iter().flat_map(|line| expand(line)) {
        let reply = player.line(&line);
        assert!(!reply.is_error(), "{}: {line}: {}", section.title, reply.text());
    }
}

fn digest(player: &mut dyn Player) -> String {
    player.line("DEBUG DIGEST-VALUE k").items()[0].text()
}

fn encoding(player: &mut dyn Player) -> String {
    player.line("OBJECT ENCODING k").text()
}

fn restore(player: &mut dyn Player, payload: &[u8]) -> Value {
    player.call(&[b"RESTORE".to_vec(), b"k".to_vec(), b"0".to_vec(), payload.to_vec(), b"REPLACE".to_vec()])
}

const FILES: [&str; 3] = ["tests/data/dumps.txt", "tests/data/dumps-6.txt", "tests/data/dumps-valkey.txt"];

/// One test at a time.
static SERVER: Mutex<()> = Mutex::new(());

fn server() -> Option<(Redis, MutexGuard<'static, ()>)> {
    let address = std::env::var("WAKEY_REDIS").ok()?;
    let alone = SERVER.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    Some((Redis::connect(&address).expect("a server"), alone))
}

/// The file that is about such a server.
fn file_of(redis: &mut Redis) -> &'static str {
    FILES[if redis.line("INFO server").text().contains("server_name:valkey") { 2 } else { 0 }]
}

/// Writes what the server says into the file: WAKEY_DUMPS=0, 1 or 2, and a server of the version that the file is about.
fn record(redis: &mut Redis, file: &str) {
    let (head, sections) = sections(&std::fs::read_to_string(file).expect("a file"));
    let mut out = head;
    for section in sections {
        play(redis, &section);
        let (first, encoding) = (redis.line("DUMP k"), encoding(redis));
        let mut wakey = Wakey::like(1, file);
        play(&mut wakey, &section);
        // Wakey tells which have another order, or the time, in them.
        let exact = wakey.line("DUMP k").bytes() == first.bytes();
        write!(out, "\n== {}\n", section.title).expect("memory");
        section.lines.iter().for_each(|line| writeln!(out, "> {line}").expect("memory"));
        let digest = digest(if file == FILES[2] { &mut wakey } else { redis });
        let mark = if exact { '=' } else { '~' };
        restore(redis, first.bytes());
        let again = self::encoding(redis);
        writeln!(out, "{mark} {encoding} {again} {digest} {}", hex(first.bytes())).expect("memory");
    }
    std::fs::write(file, out).expect("a file");
}

#[test]
fn values_are_dumped_as_redis_dumps_them_and_come_back() {
    if let Some((mut redis, _alone)) = server().filter(|_| std::env::var("WAKEY_RECORD").is_ok()) {
        let file = std::env::var("WAKEY_DUMPS").ok().and_then(|n| n.parse().ok()).unwrap_or(0);
        record(&mut redis, FILES[file]);
    }
    let mut exact = BTreeMap::new();
    for (at, file) in FILES.into_iter().enumerate() {
        let Ok(text) = std::fs::read_to_string(file) else { continue };
        for section in sections(&text).1 {
            let what = |part: &str| format!("{file}: {}: {part}", section.title);
            let mut other = Wakey::like(3, file);
            let reply = restore(&mut other, &section.payload);
            assert_eq!(reply.text(), "OK", "{}", what("RESTORE"));
            assert_eq!(digest(&mut other), section.digest, "{}", what("the value restored"));
            // Only a server of today has the encodings of today.
            if at == 1 {
                continue;
            }
            let mut wakey = Wakey::like(2, file);
            play(&mut wakey, &section);
            assert_eq!(encoding(&mut wakey), section.encoding, "{}", what("the encoding"));
            assert_eq!(digest(&mut wakey), section.digest, "{}", what("the value"));
            assert_eq!(encoding(&mut other), section.again, "{}", what("the encoding restored"));
            let dumped = wakey.line("DUMP k");
            if section.exact {
                assert_eq!(hex(dumped.bytes()), hex(&section.payload), "{}", what("DUMP"));
            }
            // Ours, too, comes back.
            assert_eq!(restore(&mut other, dumped.bytes()).text(), "OK", "{}", what("RESTORE of ours"));
            assert_eq!(digest(&mut other), section.digest, "{}", what("our value restored"));
            *exact.entry(section.exact).or_insert(0) += 1;
        }
    }
    assert!(exact[&true] > 30, "{exact:?}");
}

#[test]
fn a_real_server_takes_what_is_dumped_here() {
    let Some((mut redis, _alone)) = server() else { return };
    let own = file_of(&mut redis);
    let is_valkey = own == FILES[2];
    let text = std::fs::read_to_string(own).expect("a file");
    for section in sections(&text).1 {
        let mut wakey = Wakey::like(2, own);
        play(&mut wakey, &section);
        begin(&mut redis);
        let reply = restore(&mut redis, wakey.line("DUMP k").bytes());
        assert_eq!(reply.text(), "OK", "{}", section.title);
        assert_eq!(encoding(&mut redis), section.again, "{}", section.title);
        // Of fields with deadlines, Valkey's digest is its own.
        if !is_valkey || !section.title.contains("deadline") {
            assert_eq!(digest(&mut redis), section.digest, "{}", section.title);
            assert_eq!(redis.line("DEBUG DIGEST").text(), wakey.line("DEBUG DIGEST").text(), "{}", section.title);
        }
    }
    // What either makes of a payload is the same.
    for file in [own, FILES[1]] {
        for section in sections(&std::fs::read_to_string(file).expect("a file")).1 {
            let mut wakey = Wakey::like(2, own);
            begin(&mut redis);
            restore(&mut redis, &section.payload);
            restore(&mut wakey, &section.payload);
            let title = &section.title;
            assert_eq!(encoding(&mut wakey), encoding(&mut redis), "{file}: {title}");
            // Redis gives an old stream without entries the last of all ids as its first.
            let same = encoding(&mut wakey) != "hashtable" && (file == own || title != "stream: empty");
            if same {
                let (ours, theirs) = (wakey.line("DUMP k"), redis.line("DUMP k"));
                assert_eq!(hex(ours.bytes()), hex(theirs.bytes()), "{file}: {title}");
            }
        }
    }
    redis.line("FLUSHALL");
}

/// A value as a payload without a checksum.
fn payload(parts: &[&[u8]]) -> Vec<u8> {
    [&parts.concat()[..], &[9, 0], &[0; 8]].concat()
}

/// Bytes with a length in front, as a string.
fn string(bytes: &[u8]) -> Vec<u8> {
    let head = if bytes.len() < 64 {
        vec![bytes.len() as u8]
    } else {
        vec![0x40 | (bytes.len() >> 8) as u8, bytes.len() as u8]
    };
    [&head[..], bytes].concat()
}

fn ziplist(entries: &[&[u8]]) -> Vec<u8> {
    let (mut body, mut before, mut last) = (Vec::new(), 0, 10);
    for entry in entries {
        last = 10 + body.len();
        body.push(before as u8);
        body.extend_from_slice(entry);
        before = entry.len() + 1;
    }
    let total = 10 + body.len() as u32 + 1;
    [&total.to_le_bytes()[..], &(last as u32).to_le_bytes(), &(entries.len() as u16).to_le_bytes(), &body, &[255]]
        .concat()
}

/// Forms that no server of today writes, and Redis 6 did not either: what is in them, and the commands that make the same.
fn old_forms() -> Vec<(&'static str, Vec<u8>, Vec<&'static str>)> {
    let far = 4_000_000_000_000u64;
    let pack = [b"\x1f\0\0\0\x06\0\x81g\x02\x81w\x02\xf4", &far.to_le_bytes()[..], b"\x09\x81f\x02\x81v\x02\0\x01\xff"]
        .concat();
    let short: [&[u8]; 8] = [
        b"\x01a",
        b"\xf1",
        b"\xfe\x80",
        b"\xc0\0\x10",
        b"\xf0\x01\x02\x83",
        b"\xd0\x01\x02\x03\x04",
        b"\xe0\x01\x02\x03\x04\x05\x06\x07\x88",
        b"\x80\0\0\0\x03abc",
    ];
    vec![
        (
            "a list, one by one",
            payload(&[b"\x01\x03", &string(b"a"), b"\xc0\x05", &string(&[b'b'; 70])]),
            vec!["RPUSH k a 5 {b*70}"],
        ),
        (
            "a list in one ziplist",
            payload(&[b"\x0a", &string(&ziplist(&short))]),
            vec!["RPUSH k a 0 -128 4096 -8191487 67305985 -8644934341102468607 abc"],
        ),
        (
            "a sorted set with scores as text",
            payload(&[b"\x03\x04\x01a\x031.5\x01b\xfe\x01c\xff\x01d\x043e10"]),
            vec!["ZADD k 1.5 a inf b -inf c 3e10 d"],
        ),
        (
            "a zipmap",
            payload(&[b"\x09", &string(b"\x02\x01f\x01\0v\x02gg\x03\x02www\0\0\xff")]),
            vec!["HSET k f v gg www"],
        ),
        (
            "deadlines of fields as they are",
            payload(&[b"\x16\x02\x81", &far.to_be_bytes(), b"\x01f\x01v\0\x01g\x01w"]),
            vec!["HSET k f v g w", "HPEXPIREAT k 4000000000000 FIELDS 1 f"],
        ),
        (
            "a listpackex alone",
            payload(&[b"\x17", &string(&pack)]),
            vec!["HSET k f v g w", "HPEXPIREAT k 4000000000000 FIELDS 1 g"],
        ),
        (
            "no deadline at all",
            payload(&[b"\x18", &far.to_le_bytes(), b"\x02\0\x01f\x01v\0\x01g\x01w"]),
            vec!["HSET k f v g w"],
        ),
    ]
}

#[test]
fn what_no_server_writes_any_more_is_read() {
    let mut redis = server();
    for (title, payload, commands) in old_forms() {
        let (mut restored, mut made) = (Wakey::open(1), Wakey::open(2));
        assert_eq!(restore(&mut restored, &payload).text(), "OK", "{title}");
        for line in commands.iter().flat_map(|line| expand(line)) {
            assert!(!made.line(&line).is_error(), "{title}");
        }
        assert_eq!(digest(&mut restored), digest(&mut made), "{title}");
        if let Some((redis, _alone)) = &mut redis {
            begin(redis);
            assert_eq!(restore(redis, &payload).text(), "OK", "{title}");
            assert_eq!(hex(redis.line("DUMP k").bytes()), hex(restored.line("DUMP k").bytes()), "{title}");
            assert_eq!(encoding(redis), encoding(&mut restored), "{title}");
        }
    }
}

#[test]
fn limits_decide_what_becomes_of_a_restored_value() {
    let mut redis = server();
    let limits = [
        "hash-max-listpack-entries",
        "hash-max-listpack-value",
        "set-max-intset-entries",
        "set-max-listpack-entries",
        "set-max-listpack-value",
        "zset-max-listpack-entries",
        "zset-max-listpack-value",
        "list-max-listpack-size",
    ];
    let Some((redis, _alone)) = &mut redis else { return };
    let text = std::fs::read_to_string(FILES[0]).expect("a file");
    let mut compared = 0;
    for section in sections(&text).1 {
        for value in ["1", "2", "4", "100"] {
            let mut wakey = Wakey::open(2);
            for limit in limits {
                let line = format!("CONFIG SET {limit} {value}");
                assert_eq!(redis.line(&line).text(), wakey.line(&line).text());
            }
            redis.line("DEL k");
            assert_eq!(restore(redis, &section.payload).text(), restore(&mut wakey, &section.payload).text());
            let title = format!("{} with {value}", section.title);
            assert_eq!(encoding(redis), encoding(&mut wakey), "{title}");
            if encoding(redis) != "hashtable" {
                assert_eq!(hex(redis.line("DUMP k").bytes()), hex(wakey.line("DUMP k").bytes()), "{title}");
            }
            compared += 1;
        }
    }
    let defaults = ["512", "64", "512", "128", "64", "128", "64", "-2"];
    for (limit, value) in limits.iter().zip(defaults) {
        redis.line(&format!("CONFIG SET {limit} {value}"));
    }
    assert!(compared > 100);
}
