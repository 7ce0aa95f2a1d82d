//! Random but plausible sessions, from the argument trees that Redis gives in COMMAND DOCS.

use crate::json::{self, Json};
use crate::random::Random;
use crate::text;

/// Sessions use databases 0 to 3; others are asked for only to be refused.
pub const DATABASES: usize = 4;

#[derive(Clone)]
pub struct Session {
    pub seed: u64,
    pub protocols: [u8; 2],
    pub settings: Vec<Vec<String>>,
    pub steps: Vec<Step>,
}

#[derive(Clone)]
pub struct Step {
    /// Which of the two connections.
    pub who: usize,
    /// How many commands may be sent together, from here.
    pub batch: usize,
    /// A SCAN or HSCAN to be followed from cursor 0 to cursor 0.
    pub walk: bool,
    pub args: Vec<Vec<u8>>,
}

impl Step {
    pub fn line(&self) -> String {
        self.args.iter().map(|a| word(a)).collect::<Vec<_>>().join(" ")
    }

    /// Is it sent by itself? A walk is many commands; for AUTH see `fuzz/redis.rs`.
    pub fn alone(&self) -> bool {
        self.walk || self.args.iter().any(|a| a.eq_ignore_ascii_case(b"AUTH"))
    }

    /// The command without what varies, to tell differences apart.
    pub fn shape(&self) -> String {
        let words = self
            .args
            .iter()
            .enumerate()
            .filter(|(i, a)| *i == 0 || a.len() > 1 && a.iter().all(u8::is_ascii_uppercase));
        words.map(|(_, a)| String::from_utf8_lossy(a).to_ascii_uppercase()).collect::<Vec<_>>().join(" ")
    }
}

fn word(a: &[u8]) -> String {
    let plain = !a.is_empty() && a.iter().all(|b| b.is_ascii_graphic() && !b"\"'\\".contains(b));
    if plain { String::from_utf8_lossy(a).into_owned() } else { text::quote(a) }
}

struct Command {
    name: Vec<String>,
    group: String,
    arguments: Vec<Json>,
    weight: usize,
}

pub struct Grammar {
    commands: Vec<Command>,
    total: usize,
}

const STRINGS: &str = "append decr decrby get getdel getex getrange getset incr incrby incrbyfloat lcs mget mset msetnx
    psetex set setex setnx setrange strlen substr";
const KEYS: &str = "copy del exists expire expireat expiretime keys move object|encoding object|freq object|idletime
    object|refcount persist pexpire pexpireat pexpiretime pttl randomkey rename renamenx scan touch ttl type unlink";
const HASHES: &str = "hdel hexists hexpire hexpireat hexpiretime hget hgetall hgetdel hgetex hincrby hincrbyfloat hkeys
    hlen hmget hmset hpersist hpexpire hpexpireat hpexpiretime hpttl hrandfield hscan hset hsetex hsetnx hstrlen httl hvals";
const OTHERS: &str =
    "auth client|getname client|id client|info client|list client|no-evict client|no-touch client|setinfo
    client|setname echo hello ping reset select command|count command|docs command|getkeys command|getkeysandflags
    command|info config|get config|resetstat object|help config|help command|help dbsize time info";

impl Grammar {
    /// All commands, or those of the groups named in `only`: string, generic, hash, other, flush.
    pub fn read(only: &str) -> Grammar {
        let data = json::parse(include_str!("../../data/commands.json"));
        let mut commands = Vec::new();
        for (names, group, weight) in
            [(STRINGS, "string", 9), (KEYS, "generic", 6), (HASHES, "hash", 12), (OTHERS, "other", 1)]
        {
            for name in names.split_whitespace() {
                let (top, sub) = name.split_once('|').map_or((name, ""), |(t, s)| (t, s));
                let rows = data.get("commands").list();
                let row = rows.iter().find(|r| r.get("name").text() == top).unwrap_or_else(|| panic!("no {top}"));
                let row = match sub {
                    "" => row,
                    _ => {
                        let subs = row.get("subcommands").list();
                        subs.iter().find(|r| r.get("name").text() == name).unwrap_or_else(|| panic!("no {name}"))
                    }
                };
                let weight = match name {
                    "select" => 10,
                    "set" | "hset" | "hsetex" | "expire" | "hexpire" | "getex" | "hgetex" => weight * 2,
                    "object|encoding" => 15,
                    _ if name.starts_with("object") => 2,
                    _ => weight,
                };
                commands.push(Command {
                    name: name.split('|').map(str::to_ascii_uppercase).collect(),
                    group: group.into(),
                    arguments: row.get("docs").get("arguments").list().to_vec(),
                    weight,
                });
            }
        }
        for (line, weight) in [("FLUSHDB", 1), ("FLUSHALL", 1), ("SWAPDB", 3)] {
            commands.push(Command { name: vec![line.into()], group: "flush".into(), arguments: Vec::new(), weight });
        }
        commands.retain(|c: &Command| only.is_empty() || only.split(',').any(|group| group == c.group));
        let total = commands.iter().map(|c| c.weight).sum();
        Grammar { commands, total }
    }
}

/// Random choices, and whether this session has thousands of names and long lists instead of a handful.
struct Dice<'a> {
    random: &'a mut Random,
    wide: bool,
}

impl std::ops::Deref for Dice<'_> {
    type Target = Random;

    fn deref(&self) -> &Random {
        self.random
    }
}

impl std::ops::DerefMut for Dice<'_> {
    fn deref_mut(&mut self) -> &mut Random {
        self.random
    }
}

pub fn generate(grammar: &Grammar, random: &mut Random, seed: u64) -> Session {
    let wide = random.one_in(6);
    let r = &mut Dice { random, wide };
    let protocols = [2 + r.below(2) as u8, 2 + r.below(2) as u8];
    let mut settings = Vec::new();
    if r.one_in(2) {
        let entries = r.below(6).to_string();
        let length = [1, 3, 8, 64][r.below(4)].to_string();
        let set = ["CONFIG", "SET", "hash-max-listpack-entries", &entries, "hash-max-listpack-value", &length];
        settings.push(set.iter().map(|s| s.to_string()).collect());
    }
    let mut steps = Vec::new();
    let mut who = 0;
    let mut batch = 1;
    let mut left = 0;
    let damage = [0, 8, 16, 40][r.below(4)];
    for _ in 0..50 + r.below(if wide { 2000 } else { 400 }) {
        if left == 0 {
            who = r.below(2);
            batch = 1 + r.below(60);
            left = batch;
        }
        left -= 1;
        let walk = r.one_in(40);
        let mut args = if walk { scan(grammar, r) } else { command(grammar, r) };
        if !walk && damage > 0 && r.one_in(damage) {
            break_it(r, &mut args);
        }
        if allowed(&args) {
            steps.push(Step { who, batch, walk, args });
        }
    }
    Session { seed, protocols, settings, steps }
}

/// Leaves out what is Wakey's own, what has no end, and what would end the run.
fn allowed(args: &[Vec<u8>]) -> bool {
    let int = |i: usize| args.get(i).and_then(|a| std::str::from_utf8(a).ok()).and_then(|a| a.parse::<i64>().ok());
    let is = |i: usize, name: &str| args.get(i).is_some_and(|a| a.eq_ignore_ascii_case(name.as_bytes()));
    // What would expire while the session runs.
    let relative = ["SETEX", "PSETEX", "EXPIRE", "PEXPIRE", "HEXPIRE", "HPEXPIRE"].iter().any(|name| is(0, name));
    let soon = |i: usize| {
        int(i).is_some_and(|n| {
            0 < n
                && n < 60_000
                && (n < 60 || is(i - 1, "PX") || is(0, "PSETEX") || is(0, "PEXPIRE") || is(0, "HPEXPIRE"))
        })
    };
    if relative && soon(2) || (1..args.len()).any(|i| (is(i - 1, "EX") || is(i - 1, "PX")) && soon(i)) {
        return false;
    }
    // Wakey's own form has five arguments, the last an integer; COMMAND GETKEYS knows of the first.
    let own = |at: usize| is(at, "HSETEX") && args.len() == at + 5;
    if own(0) && int(4).is_some() || is(0, "COMMAND") && own(2) {
        return false;
    }
    // Redis 8.0.2 reads past the end of these arguments, and may die of it.
    if is(0, "HGETEX") && is(args.len() - 1, "FIELDS") {
        return false;
    }
    if is(0, "HRANDFIELD") {
        return int(2).is_none_or(|n| n > -1000 || n == i64::MIN);
    }
    let bare =
        args.len() == 1 && is(0, "COMMAND") || args.len() == 2 && is(0, "COMMAND") && (is(1, "DOCS") || is(1, "INFO"));
    let fatal =
        is(0, "QUIT") || is(0, "DEBUG") || is(0, "SHUTDOWN") || is(0, "CLIENT") && (is(1, "KILL") || is(1, "REPLY"));
    !args.is_empty() && !bare && !fatal
}

fn scan(grammar: &Grammar, r: &mut Dice<'_>) -> Vec<Vec<u8>> {
    let keys = !grammar.commands.iter().any(|c| c.group == "hash") || r.one_in(2);
    let mut args: Vec<Vec<u8>> = if keys { vec![b"SCAN".to_vec()] } else { vec![b"HSCAN".to_vec(), key(r, "hash")] };
    let hash = args.len() == 2;
    args.push(b"0".to_vec());
    if r.one_in(2) {
        args.extend([b"COUNT".to_vec(), (1 + r.below(12)).to_string().into_bytes()]);
    }
    if r.one_in(3) {
        args.extend([b"MATCH".to_vec(), pattern(r)]);
    }
    if hash && r.one_in(3) {
        args.push(b"NOVALUES".to_vec());
    }
    args
}

fn command(grammar: &Grammar, r: &mut Dice<'_>) -> Vec<Vec<u8>> {
    let mut at = r.below(grammar.total);
    let command = grammar
        .commands
        .iter()
        .find(|c| {
            let here = at < c.weight;
            at = at.wrapping_sub(c.weight);
            here
        })
        .expect("the weights sum up");
    let name = command.name.join(" ");
    let mut args: Vec<Vec<u8>> = command.name.iter().map(|n| cased(r, n)).collect();
    match &name[..] {
        "SWAPDB" => args.extend([database(r), database(r)]),
        "CLIENT LIST" if r.one_in(2) => args.extend([b"ID".to_vec(), b"999999".to_vec()]),
        "CLIENT LIST" | "FLUSHALL" | "FLUSHDB" | "INFO" => {}
        "COMMAND GETKEYS" | "COMMAND GETKEYSANDFLAGS" => {
            let inner = self::command(grammar, r);
            args.extend(inner);
        }
        "COMMAND DOCS" | "COMMAND INFO" => {
            let c = &grammar.commands[r.below(grammar.commands.len())];
            args.push(c.name.join("|").to_ascii_lowercase().into_bytes());
        }
        "CONFIG GET" => args.push(
            r.pick(&[
                "hash-max-listpack-*",
                "maxmemory",
                "MAXMEMORY-policy",
                "nosuch",
                "hash-max-listpack-value",
                "proto-max-bulk-len",
            ])
            .as_bytes()
            .to_vec(),
        ),
        "CLIENT SETINFO" => args.extend([r.pick(&[&b"LIB-NAME"[..], b"lib-ver", b"FOO"]).to_vec(), value(r)]),
        "CLIENT SETNAME" => args.push(r.pick(&[&b"me"[..], b"", b"a b", b"you"]).to_vec()),
        "AUTH" => args.extend((0..1 + r.below(3)).map(|_| r.pick(&[&b"default"[..], b"x", b"nosuch"]).to_vec())),
        "HELLO" => {
            args.push(r.pick(&[&b"2"[..], b"3", b"3", b"4", b"x"]).to_vec());
            if r.one_in(4) {
                args.extend([b"SETNAME".to_vec(), b"it".to_vec()]);
            }
        }
        "SCAN" | "HSCAN" => {
            command.arguments.iter().for_each(|a| put(r, a, &command.group, &name, &mut args));
            if !args.iter().any(|a| a.eq_ignore_ascii_case(b"COUNT")) {
                args.extend([b"COUNT".to_vec(), b"1000000".to_vec()]);
            }
        }
        _ => {
            let shuffled = shuffle(r, &command.arguments);
            for argument in shuffled {
                put(r, &argument, &command.group, &name, &mut args);
            }
        }
    }
    args
}

/// Optional arguments that stand together sometimes change their order.
fn shuffle(r: &mut Dice<'_>, arguments: &[Json]) -> Vec<Json> {
    let mut out = arguments.to_vec();
    let optional = |a: &Json| a.get("flags").list().iter().any(|f| f.text() == "optional");
    if r.one_in(2) {
        for i in 1..out.len() {
            if optional(&out[i]) && optional(&out[i - 1]) && r.one_in(2) {
                out.swap(i, i - 1);
            }
        }
    }
    out
}

fn put(r: &mut Dice<'_>, argument: &Json, group: &str, command: &str, out: &mut Vec<Vec<u8>>) {
    let flag = |name: &str| argument.get("flags").list().iter().any(|f| f.text() == name);
    if flag("optional") && r.below(100) < 60 {
        return;
    }
    let token = argument.get("token").text();
    if !token.is_empty() {
        out.push(cased(r, token));
    }
    let inner = argument.get("arguments").list();
    match argument.get("type").text() {
        "pure-token" => {}
        "oneof" => {
            let choice = r.below(inner.len());
            put(r, &inner[choice], group, command, out);
        }
        "block" => {
            let times = if flag("multiple") { many(r) } else { 1 };
            for _ in 0..times {
                let counted = inner.first().is_some_and(|a| a.get("name").text() == "numfields");
                if !counted {
                    inner.iter().for_each(|a| put(r, a, group, command, out));
                    continue;
                }
                // FIELDS numfields field [field ...]: the number is written when it is known.
                let place = out.len();
                out.push(Vec::new());
                let width = inner[1].get("arguments").list().len().max(1);
                inner[1..].iter().for_each(|a| put(r, a, group, command, out));
                let count = (out.len() - place - 1) / width;
                out[place] = match r.below(30) {
                    0 => r.pick(&[&b"0"[..], b"-1", b"x", b"", b"99999999999999999999", b"4294967297"]).to_vec(),
                    1 => (count + 1).to_string().into_bytes(),
                    _ => count.to_string().into_bytes(),
                };
            }
        }
        kind => {
            let times = if flag("multiple") { many(r) } else { 1 };
            for _ in 0..times {
                let bytes = leaf(r, kind, argument.get("name").text(), group, command);
                out.push(bytes);
            }
        }
    }
}

fn many(r: &mut Dice<'_>) -> usize {
    if r.wide && r.one_in(3) { 1 + r.below(60) } else { [1, 1, 2, 2, 3, 4, 7][r.below(7)] }
}

fn leaf(r: &mut Dice<'_>, kind: &str, name: &str, group: &str, command: &str) -> Vec<u8> {
    if r.one_in(60) {
        return value(r);
    }
    let number = |n: i64| n.to_string().into_bytes();
    match (kind, name) {
        ("key", _) => key(r, group),
        (_, "field") => field(r),
        ("pattern", _) => pattern(r),
        (_, "increment") if command.ends_with("FLOAT") => float(r),
        (_, "increment" | "decrement") => int(r),
        (_, "cursor") => r.pick(&[&b"0"[..], b"0", b"0", b"0", b"abc", b"-1", b"18446744073709551616", b""]).to_vec(),
        (_, "count") if command.ends_with("SCAN") => r.pick(&[&b"1000000"[..], b"1000000", b"0", b"-5", b"x"]).to_vec(),
        (_, "count") => match r.below(12) {
            0 => int(r),
            _ => number(r.below(14) as i64 - 5),
        },
        (_, "type") => r.pick(&[&b"string"[..], b"hash", b"HASH", b"list", b"nosuch"]).to_vec(),
        (_, "db" | "destination-db" | "index") => database(r),
        (_, "offset") => match r.below(10) {
            0 => r.pick(&[&b"-1"[..], b"536870912", b"x", b"9223372036854775807", b"1.0"]).to_vec(),
            _ => number(r.below(30) as i64),
        },
        (_, "start" | "end") => match r.below(10) {
            0 => int(r),
            _ => number(r.below(24) as i64 - 12),
        },
        (_, "min-match-len") => number(r.below(6) as i64 - 1),
        // Far from one another, so that GT and LT do not hang on a millisecond; far ahead, so that nothing expires.
        (_, "seconds") => match r.below(10) {
            0 => r
                .pick(&[
                    &b"0"[..],
                    b"-1",
                    b"x",
                    b"1.5",
                    b"9223372036854775807",
                    b"9223372036854775",
                    b"70368744177",
                    b"-9223372036854775808",
                ])
                .to_vec(),
            _ => number(1000 + 10 * r.below(1_000_000) as i64),
        },
        (_, "milliseconds") => match r.below(10) {
            0 => r
                .pick(&[&b"0"[..], b"-1", b"x", b"9223372036854775807", b"70368744177664", b"-9223372036854775808"])
                .to_vec(),
            _ => number(1_000_000 + 10_007 * r.below(1_000_000) as i64),
        },
        (_, "unix-time-seconds") => match r.below(10) {
            0 => r
                .pick(&[
                    &b"0"[..],
                    b"-1",
                    b"x",
                    b"9223372036854775807",
                    b"9223372036854775",
                    b"70368744177",
                    b"70368744178",
                ])
                .to_vec(),
            1 | 2 => number(1 + r.below(1_000_000_000) as i64),
            _ => number(4_102_444_800 + r.below(1_000_000) as i64),
        },
        (_, "unix-time-milliseconds") => match r.below(10) {
            0 => {
                r.pick(&[&b"0"[..], b"-1", b"x", b"9223372036854775807", b"70368744177663", b"70368744177664"]).to_vec()
            }
            1 | 2 => number(1 + r.below(1_000_000_000) as i64),
            _ => number(4_102_444_800_000 + r.below(1_000_000_000) as i64),
        },
        _ => value(r),
    }
}

fn database(r: &mut Dice<'_>) -> Vec<u8> {
    match r.below(12) {
        0 => r.pick(&[&b"16"[..], b"-1", b"x", b"1.0", b"99999999999999999999", b"4294967296"]).to_vec(),
        _ => r.below(DATABASES).to_string().into_bytes(),
    }
}

fn key(r: &mut Dice<'_>, group: &str) -> Vec<u8> {
    let hash = match group {
        "hash" => !r.one_in(25),
        "string" => r.one_in(25),
        _ => r.one_in(2),
    };
    if r.one_in(50) {
        return r
            .pick(&[
                &b""[..],
                b"bin\x00\xff",
                b"a rather long name of a key, longer than any entry would like to hold it in",
            ])
            .to_vec();
    }
    let names = if r.wide && !hash { 3000 } else { 6 };
    format!("{}{}", if hash { "h" } else { "s" }, 1 + r.below(names)).into_bytes()
}

fn field(r: &mut Dice<'_>) -> Vec<u8> {
    match r.below(20) {
        0 => r
            .pick(&[
                &b""[..],
                b"\x00\xff",
                b"12",
                b"-1",
                b"007",
                b"a field that is longer than sixty-four bytes, which no listpack may hold",
            ])
            .to_vec(),
        _ => {
            let names = if r.wide { 3000 } else { 9 };
            format!("f{}", r.below(names)).into_bytes()
        }
    }
}

fn int(r: &mut Dice<'_>) -> Vec<u8> {
    match r.below(8) {
        0 => r
            .pick(&[
                &b"9223372036854775807"[..],
                b"-9223372036854775808",
                b"9223372036854775808",
                b"-9223372036854775807",
                b"x",
                b"",
                b"+1",
                b"01",
                b" 1",
                b"1.0",
                b"-0",
                b"4294967296",
                b"4294967297",
                b"-4294967295",
            ])
            .to_vec(),
        1 => ((r.bits() as i64) >> r.below(64)).to_string().into_bytes(),
        _ => (r.below(40) as i64 - 15).to_string().into_bytes(),
    }
}

fn float(r: &mut Dice<'_>) -> Vec<u8> {
    match r.below(10) {
        0 => r
            .pick(&[
                &b"inf"[..],
                b"-inf",
                b"nan",
                b"x",
                b"",
                b" 1",
                b"1 ",
                b"0x10",
                b"0x1.8p3",
                b"1e400",
                b"1e5000",
                b"1e-5000",
                b"-0.0",
                b"+1.5",
                b".5",
                b"5.",
                b"1e",
                b"infinity",
            ])
            .to_vec(),
        1 => format!("{}e{}", r.below(1000) as f64 / 8.0, r.below(60) as i64 - 30).into_bytes(),
        2 => format!("{}", f64::from_bits(r.bits() & 0xbfff_ffff_ffff_ffff)).into_bytes(),
        3 => int(r),
        _ => format!("{}.{}", r.below(200) as i64 - 100, r.below(100_000)).into_bytes(),
    }
}

fn pattern(r: &mut Dice<'_>) -> Vec<u8> {
    r.pick(&[
        &b"*"[..],
        b"*",
        b"h*",
        b"s?",
        b"[hs][1-3]",
        b"f[^1-4]",
        b"f?",
        b"*1",
        b"nothing",
        b"",
        b"\\h1",
        b"[",
        b"h[1",
        b"**",
        b"?",
    ])
    .to_vec()
}

fn value(r: &mut Dice<'_>) -> Vec<u8> {
    match r.below(12) {
        0 => int(r),
        1 => float(r),
        2 | 3 => (r.below(2000) as i64 - 1000).to_string().into_bytes(),
        4 => r.pick(&[&b""[..], b"\x00\x01\xfe\xff", b"\r\n", b"-", b"$3"]).to_vec(),
        5 => vec![b'a' + r.below(26) as u8; [7, 8, 9, 44, 45, 63, 64, 65, 200][r.below(9)]],
        6 => (0..r.below(12)).map(|_| b"abc"[r.below(3)]).collect(),
        _ => (0..1 + r.below(6)).map(|_| b'a' + r.below(6) as u8).collect(),
    }
}

fn cased(r: &mut Dice<'_>, name: &str) -> Vec<u8> {
    match r.below(12) {
        0 => name.to_ascii_lowercase().into_bytes(),
        1 => name.bytes().map(|b| if r.one_in(2) { b.to_ascii_lowercase() } else { b }).collect(),
        _ => name.as_bytes().to_vec(),
    }
}

/// One argument lost, doubled, replaced, moved or added.
fn break_it(r: &mut Dice<'_>, args: &mut Vec<Vec<u8>>) {
    let at = r.below(args.len());
    match r.below(6) {
        0 => drop(args.remove(at)),
        1 => args.insert(at, args[at].clone()),
        2 => args[at] = value(r),
        3 => {
            let other = r.below(args.len());
            args.swap(at, other);
        }
        4 => args.push(
            r.pick(&[
                &b"NX"[..],
                b"XX",
                b"GT",
                b"LT",
                b"GET",
                b"EX",
                b"FIELDS",
                b"KEEPTTL",
                b"PERSIST",
                b"1",
                b"COUNT",
                b"FNX",
            ])
            .to_vec(),
        ),
        _ => args.truncate(1 + r.below(args.len())),
    }
}
