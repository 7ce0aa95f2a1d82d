//! Random but plausible sessions, from the argument trees that Redis gives in COMMAND DOCS.

use crate::json::{self, Json};
use crate::random::Random;
use crate::text;
use crate::words::{Dice, cased, database, key, leaf, pattern, value, vectors};

/// Sessions use databases 0 to 3; others are asked for only to be refused.
pub const DATABASES: usize = 4;

/// How many connections take part.
pub const PLAYERS: usize = 3;

#[derive(Clone)]
pub struct Session {
    pub seed: u64,
    pub protocols: [u8; PLAYERS],
    pub settings: Vec<Vec<String>>,
    /// Commands that wait and subscribe are in it: one step at a time, and what each connection hears is compared.
    pub waits: bool,
    pub steps: Vec<Step>,
}

#[derive(Clone)]
pub struct Step {
    /// Which of the connections.
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
    /// What its keys hold.
    group: String,
    /// By what it is chosen.
    chapter: String,
    arguments: Vec<Json>,
    weight: usize,
}

pub struct Grammar {
    commands: Vec<Command>,
    /// With what no real server knows.
    newest: bool,
    valkey: bool,
}

const STRINGS: &str = "append decr decrby get getdel getex getrange getset incr incrby incrbyfloat lcs mget mset msetnx
    psetex set setex setnx setrange strlen substr delex digest msetex delex msetex set";
const KEYS: &str = "dump restore restore dump copy del exists expire expireat expiretime keys move object|encoding object|freq object|idletime
    object|refcount persist pexpire pexpireat pexpiretime pttl randomkey rename renamenx scan touch ttl type unlink";
const HASHES: &str = "hdel hexists hexpire hexpireat hexpiretime hget hgetall hgetdel hgetex hincrby hincrbyfloat hkeys
    hlen hmget hmset hpersist hpexpire hpexpireat hpexpiretime hpttl hrandfield hscan hset hsetex hsetnx hstrlen httl hvals";
const OTHERS: &str =
    "auth client|getname client|id client|info client|list client|no-evict client|no-touch client|setinfo
    client|setname echo hello ping reset select command|count command|docs command|getkeys command|getkeysandflags
    command|info config|get config|resetstat object|help config|help command|help dbsize time info";

const LISTS: &str = "lindex linsert llen lmove lmpop lpop lpos lpush lpushx lrange lrem lset ltrim rpop rpoplpush rpush
    rpushx lpush rpush";
const SETS: &str = "sadd scard sdiff sdiffstore sinter sintercard sinterstore sismember smembers smismember smove spop
    srandmember srem sscan sunion sunionstore sadd sadd";
const SORTED: &str = "zadd zcard zcount zdiff zdiffstore zincrby zinter zintercard zinterstore zlexcount zmpop zmscore
    zpopmax zpopmin zrandmember zrange zrangebylex zrangebyscore zrangestore zrank zrem zremrangebylex zremrangebyrank
    zremrangebyscore zrevrange zrevrangebylex zrevrangebyscore zrevrank zscan zscore zunion zunionstore zadd zadd zadd";
const STREAMS: &str =
    "xack xadd xautoclaim xclaim xdel xgroup|create xgroup|createconsumer xgroup|delconsumer xgroup|destroy
    xgroup|setid xinfo|consumers xinfo|groups xinfo|stream xlen xpending xrange xread xreadgroup xrevrange xsetid xtrim
    xackdel xcfgset xdelex xidmprecord
    xadd xadd xadd xreadgroup xreadgroup";
const BITMAPS: &str = "bitcount bitfield bitfield_ro bitop bitpos getbit setbit setbit";
const HYPERLOGLOGS: &str = "pfadd pfcount pfmerge pfadd";
const GEO: &str =
    "geoadd geodist geohash geopos georadius georadius_ro georadiusbymember georadiusbymember_ro geosearch
    geosearchstore geoadd geoadd";
const SORTS: &str = "sort sort_ro";
/// Those whose replies do not hang on levels drawn by chance: few elements, and searches that look at all.
const VECTORS: &str = "vadd vadd vadd vadd vcard vdim vemb vgetattr vismember vrange vrem vsetattr vsim vsim";
const TRANSACTIONS: &str = "multi exec exec exec discard watch unwatch";
/// Only in sessions that wait.
const WAITS: &str = "blmove blmpop blpop brpop brpoplpush bzmpop bzpopmax bzpopmin xread xreadgroup";
const MESSAGES: &str =
    "psubscribe publish pubsub|channels pubsub|numpat pubsub|numsub pubsub|shardchannels pubsub|shardnumsub
    punsubscribe spublish ssubscribe subscribe sunsubscribe unsubscribe publish publish spublish";

/// What came after the Redis whose commands are recorded: the engine's own word for it stands in `tests/data/later.json`.
const LATER: [(&str, &str, usize); 7] = [
    ("increx increx", "string", 9),
    ("himport|prepare himport|prepare himport|set himport|set himport|set himport|discard", "hash", 12),
    ("lmovem lmovem", "list", 12),
    ("sunioncard sdiffcard", "set", 12),
    ("xnack xnack", "stream", 12),
    ("blmovem", "waits", 30),
    (
        "arset arset arset armset arget armget argetrange arscan arlen arcount arnext ardel ardelrange arinsert arinsert
        arring arring arseek arlastitems arinfo argrep arop",
        "array",
        8,
    ),
];

/// Valkey's own.
const VALKEYS: [(&str, &str, usize); 1] = [("delifeq delifeq", "string", 9)];

/// Only in sessions that wait, too: what is invalidated is heard besides replies.
const TRACKING: &str =
    "client|caching client|getredir client|tracking client|tracking client|tracking client|trackinginfo";

/// Users that sessions may have, and rules that theirs are made of.
pub const USERS: [&str; 2] = ["alice", "bob"];
const RULES: &[&str] = &[
    "+@all ~* &*",
    "+@all ~* &* -@write",
    "+@all ~* &ch1 -@dangerous",
    "+@all %R~* %W~h* &*",
    "+@all %W~* %R~*1 &ch*",
    "+@read +@connection +@transaction ~*",
    "+@all ~s* ~l* ~h* ~f* &*",
    "+@all -@string -@slow ~* &ch2",
    "+@all -set -hset -zadd -client|info -config|set ~*",
    "+@hash +@list +@set +@sortedset +@connection ~*",
    "+@all -@all +get +set +mget +object|encoding +client ~* resetchannels",
    "-@all (+@read ~*) (+@write +@connection %W~*1 &ch1)",
    "+@read ~h* (+@all ~s* ~l* &ch*) (+sort +copy +rename ~*)",
];

/// The groups of commands that answer at once, each with one reply.
pub const PLAIN: &str =
    "string,generic,hash,list,set,sorted-set,stream,bitmap,hyperloglog,geo,sort,vector,array,other,flush";

impl Grammar {
    /// All commands, or those of the groups named in `only`: string, generic, hash, list, set, sorted-set, stream, bitmap,
    /// hyperloglog, geo, sort, vector, array (of the newest), transactions, waits, pubsub, tracking, other, flush.
    pub fn read(only: &str) -> Grammar {
        Grammar::of(only, &[], false)
    }

    /// Those that a Valkey has.
    pub fn valkey(only: &str) -> Grammar {
        Grammar::of(only, &VALKEYS, true)
    }

    /// The same with what came later than the Redis whose commands are recorded, which no real server knows.
    pub fn newest(only: &str) -> Grammar {
        Grammar::of(only, &LATER, false)
    }

    fn of(only: &str, later: &[(&'static str, &'static str, usize)], valkey: bool) -> Grammar {
        let recorded = match valkey {
            true => include_str!("../../data/commands-valkey.json"),
            false => include_str!("../../data/commands.json"),
        };
        let data = [recorded, include_str!("../../data/later.json")].map(json::parse);
        let (mut commands, none) = (Vec::new(), Json::Null);
        let known = [
            (STRINGS, "string", 9),
            (KEYS, "generic", 6),
            (HASHES, "hash", 12),
            (LISTS, "list", 12),
            (SETS, "set", 12),
            (SORTED, "sorted-set", 12),
            (STREAMS, "stream", 12),
            (BITMAPS, "bitmap", 8),
            (HYPERLOGLOGS, "hyperloglog", 8),
            (GEO, "geo", 8),
            (SORTS, "sort", 12),
            (VECTORS, "vector", 9),
            (TRANSACTIONS, "transactions", 4),
            (WAITS, "waits", 30),
            (MESSAGES, "pubsub", 9),
            (TRACKING, "tracking", 9),
            (OTHERS, "other", 1),
        ];
        for &(names, group, weight) in known.iter().chain(later) {
            for name in names.split_whitespace() {
                let (top, sub) = name.split_once('|').map_or((name, ""), |(t, s)| (t, s));
                let mut rows = data.iter().flat_map(|data| data.get("commands").list());
                let row = match rows.find(|r| r.get("name").text() == top) {
                    // Those of a module are not recorded: `words::vectors` writes their arguments.
                    None if group == "vector" && !valkey => &none,
                    None if valkey => continue,
                    row => row.unwrap_or_else(|| panic!("no {top}")),
                };
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
                    "object|encoding" => 60,
                    _ if name.starts_with("object") => 2,
                    _ => weight,
                };
                // What a command is about tells its keys: XREAD that waits is still about streams.
                let about = match group {
                    "waits" if name.starts_with('x') => "stream",
                    "waits" if name.starts_with("bz") => "sorted-set",
                    "waits" => "list",
                    group => group,
                };
                commands.push(Command {
                    name: name.split('|').map(str::to_ascii_uppercase).collect(),
                    group: about.into(),
                    chapter: group.into(),
                    arguments: row.get("docs").get("arguments").list().to_vec(),
                    weight,
                });
            }
        }
        for (line, weight) in [("FLUSHDB", 1), ("FLUSHALL", 1), ("SWAPDB", 3)] {
            let (group, chapter) = ("flush".to_string(), "flush".to_string());
            commands.push(Command { name: vec![line.into()], group, chapter, arguments: Vec::new(), weight });
        }
        let played = |group: &str| only.is_empty() || only.split(',').any(|name| name == group);
        commands.retain(|c: &Command| played(&c.chapter) && (c.chapter != "waits" || played(&c.group)));
        Grammar { commands, newest: !later.is_empty() && !valkey, valkey }
    }

    /// A command, by weight, of those that `fits` accepts.
    fn choose(&self, random: &mut Random, fits: impl Fn(&Command) -> bool) -> &Command {
        let total: usize = self.commands.iter().filter(|c| fits(c)).map(|c| c.weight).sum();
        let mut at = random.below(total.max(1));
        let mut fitting = self.commands.iter().filter(|c| fits(c));
        let chosen = fitting.find(|c| {
            let here = at < c.weight;
            at = at.wrapping_sub(c.weight);
            here
        });
        chosen.unwrap_or(&self.commands[0])
    }
}

/// Settings with small thresholds, so that encodings change all the time; `four` for 4 everywhere.
fn thresholds(r: &mut Dice<'_>, four: bool) -> Vec<Vec<String>> {
    let mut set = Vec::new();
    let mut put = |name: &str, value: String| set.push(vec!["CONFIG".into(), "SET".into(), name.to_string(), value]);
    let mut small = |most: usize| if four { 4 } else { r.below(most) }.to_string();
    for kind in ["hash", "set", "zset"] {
        put(&format!("{kind}-max-listpack-entries"), small(6));
    }
    // Not below the limit of the listpack: else the encoding of a stored difference hangs on the order of a table.
    put("set-max-intset-entries", if four { 4 } else { 5 + r.below(3) }.to_string());
    put("list-max-listpack-size", if four { "4".into() } else { ["-2", "1", "2", "5", "-1"][r.below(5)].to_string() });
    let node = if four { "4".into() } else { ["100", "1", "2", "5"][r.below(4)].to_string() };
    put("stream-node-max-entries", node);
    put("hll-sparse-max-bytes", ["3000", "0", "30", "200"][r.below(4)].to_string());
    for kind in ["hash", "set", "zset"] {
        let length = if four { "4".into() } else { ["1", "3", "8", "64"][r.below(4)].to_string() };
        put(&format!("{kind}-max-listpack-value"), length);
    }
    set
}

pub fn generate(grammar: &Grammar, random: &mut Random, seed: u64) -> Session {
    let wide = random.one_in(6);
    let r = &mut Dice { random, wide };
    let protocols = std::array::from_fn(|_| 2 + r.below(2) as u8);
    let mut settings = Vec::new();
    let four = std::env::var_os("FOUR").is_some();
    if four || r.one_in(2) {
        settings.extend(thresholds(r, four));
    }
    let waits = r.one_in(6) && grammar.commands.iter().any(|c| late(&c.chapter));
    let users = r.one_in(4);
    if users {
        for name in USERS {
            let rules = r.pick(RULES).split(' ');
            // A selector is one word.
            let mut line: Vec<String> = ["ACL", "SETUSER", name, "on", ">x"].map(String::from).to_vec();
            let mut open = false;
            for rule in rules {
                match line.last_mut() {
                    Some(last) if open => *last = format!("{last} {rule}"),
                    _ => line.push(rule.into()),
                }
                open = (open || rule.starts_with('(')) && !rule.ends_with(')');
            }
            settings.push(line);
        }
    }
    if r.one_in(2) {
        let known = ["EA", "KEA", "EAn", "Kg$lshztd", "E$lzxn", "EAoc", "KEAoc"];
        let classes = match r.below(2) {
            0 if grammar.newest => r.pick(&["STIVKEAoc", "STIVh", "SAn", "TVEhc"]),
            _ => r.pick(&known),
        };
        let classes = if grammar.valkey { &classes.replace(['o', 'c'], "") } else { classes };
        settings.push(["CONFIG", "SET", "notify-keyspace-events", classes].iter().map(|s| s.to_string()).collect());
    }
    // Some sessions are about a few groups alone: there commands meet one another more.
    let mut groups: Vec<&str> = grammar.commands.iter().map(|c| &*c.chapter).collect();
    groups.dedup();
    let chosen: Vec<&str> = (0..1 + r.below(3)).map(|_| groups[r.below(groups.len())]).collect();
    let narrow = r.one_in(2);
    let fits = |c: &Command| {
        let late = late(&c.chapter);
        (waits || !late) && (!narrow || late || chosen.contains(&&*c.chapter) || c.chapter == "generic")
    };
    let mut steps = Vec::new();
    let mut who = 0;
    let mut batch = 1;
    let mut left = 0;
    let damage = [0, 8, 16, 40][r.below(4)];
    for _ in 0..50 + r.below(if wide { 2000 } else { 400 }) {
        if left == 0 {
            who = r.below(PLAYERS);
            batch = if waits { 1 } else { 1 + r.below(60) };
            left = batch;
        }
        left -= 1;
        let walk = !waits && r.one_in(40);
        let mut args = if walk { scan(grammar, r) } else { command(grammar, r, &fits) };
        lexical(r, &mut args);
        if !walk && damage > 0 && r.one_in(damage) {
            break_it(r, &mut args);
        }
        // Redis 8.6.3 fails to read numbers for SORT after a command that had one out of range, until something clears errno.
        if allowed(&args) && args[0].to_ascii_uppercase().starts_with(b"SORT") {
            let clears = ["CONFIG", "SET", "maxmemory", "0"].map(|word| word.as_bytes().to_vec()).to_vec();
            steps.push(Step { who, batch, walk: false, args: clears });
        }
        if allowed(&args) {
            steps.push(Step { who, batch, walk, args });
        }
    }
    // An event tells of a key whose time is over when somebody meets it, and so does tracking: not at the same moment here and there.
    let tracks = waits && steps.iter().any(|step| step.args.iter().any(|arg| arg.eq_ignore_ascii_case(b"TRACKING")));
    if tracks || settings.iter().any(|setting| setting.iter().any(|word| word == "notify-keyspace-events")) {
        steps.retain(|step| !past(&step.args));
    }
    // They are answered for each channel, which only sessions that wait look at.
    if !waits {
        steps.retain(|step| !step.args[0].to_ascii_uppercase().ends_with(b"SUBSCRIBE"));
    }
    // Who may not CONFIG SET does not clear errno.
    if users {
        steps.retain(|step| !step.args[0].to_ascii_uppercase().starts_with(b"SORT"));
    }
    // Redis 8.6.3 loses the reply to a failed AUTH in a transaction.
    let has = |step: &Step, name: &[u8]| step.args.iter().any(|a| a.eq_ignore_ascii_case(name));
    if steps.iter().any(|step| has(step, b"MULTI")) {
        steps.retain(|step| !has(step, b"AUTH"));
    }
    if users {
        for who in 0..PLAYERS {
            let name = r.pick(&["alice", "alice", "bob", "bob", "default"]);
            let args = vec![b"AUTH".to_vec(), name.as_bytes().to_vec(), b"x".to_vec()];
            steps.insert(0, Step { who, batch: 1, walk: false, args });
        }
    }
    Session { seed, protocols, settings, waits, steps }
}

/// What only sessions that wait have.
fn late(chapter: &str) -> bool {
    matches!(chapter, "waits" | "pubsub" | "tracking")
}

/// Ranges by member are only defined among equal scores: they have keys of their own, where every score is 0.
fn lexical(r: &mut Dice<'_>, args: &mut [Vec<u8>]) {
    let is = |i: usize, name: &str| args.get(i).is_some_and(|a| a.eq_ignore_ascii_case(name.as_bytes()));
    let store = is(0, "ZRANGESTORE") as usize;
    let by_member = by_member(args);
    let adds = is(0, "ZADD") && args.len() == 4 && !is(2, "INCR") && r.one_in(2);
    let name = format!("y{}", 1 + r.below(2)).into_bytes();
    if by_member && let Some(key) = args.get_mut(1 + store) {
        *key = name;
    } else if adds {
        args[1] = name;
        args[2] = b"0".to_vec();
    }
}

fn by_member(args: &[Vec<u8>]) -> bool {
    let name = args.first().map(|a| a.to_ascii_uppercase()).unwrap_or_default();
    name.starts_with(b"Z") && (name.ends_with(b"LEX") || name == b"ZLEXCOUNT")
        || name.starts_with(b"ZRANGE") && args.iter().any(|a| a.eq_ignore_ascii_case(b"BYLEX"))
}

/// Does it give a key a deadline that is over?
fn past(args: &[Vec<u8>]) -> bool {
    let over = |i: usize| {
        args.get(i).and_then(|a| std::str::from_utf8(a).ok()?.parse::<i64>().ok()).is_some_and(|n| n < 2_000_000_000)
    };
    let is = |i: usize, name: &str| args[i].eq_ignore_ascii_case(name.as_bytes());
    (is(0, "EXPIREAT") || is(0, "PEXPIREAT")) && over(2)
        || (1..args.len()).any(|i| (is(i - 1, "EXAT") || is(i - 1, "PXAT")) && over(i))
}

/// Leaves out what is Wakey's own, what has no end, and what would end the run.
fn allowed(args: &[Vec<u8>]) -> bool {
    let int = |i: usize| args.get(i).and_then(|a| std::str::from_utf8(a).ok()).and_then(|a| a.parse::<i64>().ok());
    let is = |i: usize, name: &str| args.get(i).is_some_and(|a| a.eq_ignore_ascii_case(name.as_bytes()));
    // What would expire while the session runs.
    let relative =
        ["SETEX", "PSETEX", "EXPIRE", "PEXPIRE", "HEXPIRE", "HPEXPIRE", "RESTORE"].iter().any(|name| is(0, name));
    let soon = |i: usize| {
        int(i).is_some_and(|n| {
            0 < n
                && n < 60_000
                && (n < 60
                    || is(i - 1, "PX")
                    || ["PSETEX", "PEXPIRE", "HPEXPIRE", "RESTORE"].iter().any(|name| is(0, name)))
        })
    };
    if relative && soon(2) || (1..args.len()).any(|i| (is(i - 1, "EX") || is(i - 1, "PX")) && soon(i)) {
        return false;
    }
    // Redis's clock of accesses begins anew after 194 days.
    if (1..args.len()).any(|i| is(i - 1, "IDLETIME") && int(i).is_some_and(|n| n > 16_000_000)) {
        return false;
    }
    // Wakey's own form has five arguments, the last an integer; Dragonfly's an integer behind the key; COMMAND GETKEYS knows of them.
    let own = |at: usize| is(at, "HSETEX") && args.len() == at + 5;
    if own(0) && int(4).is_some() || is(0, "HSETEX") && int(2).is_some() || is(0, "COMMAND") && own(2) {
        return false;
    }
    // Redis 8.6.3 takes the full name of a subcommand for it, if that was the last command of the connection.
    if args.first().is_some_and(|name| name.contains(&b'|')) {
        return false;
    }
    // Redis 8.6.3 dies of a deadline for a field of a hashtable that is named twice.
    let ends = ["EX", "PX", "EXAT", "PXAT"].iter().any(|token| (1..args.len()).any(|i| is(i, token)));
    if is(0, "HSETEX") && ends && twice(args) {
        return false;
    }
    // It also dies of a number of fields that overflows an int together with their place.
    let fields = |at: usize| is(at - 1, "FIELDS") && int(at).is_some_and(|n| n > i32::MAX as i64 - 4096);
    if ["HEXPIRE", "HPEXPIRE", "HEXPIREAT", "HPEXPIREAT"].iter().any(|name| is(0, name)) && (1..args.len()).any(fields)
    {
        return false;
    }
    if is(0, "HRANDFIELD") || is(0, "SRANDMEMBER") || is(0, "ZRANDMEMBER") {
        return int(2).is_none_or(|n| n > -1000 || n == i64::MIN);
    }
    let given = |word: &[u8]| args.iter().any(|a| a.eq_ignore_ascii_case(word));
    if is(0, "SORT") && given(b"STORE") && given(b"BY") {
        return false;
    }
    if by_member(args) && !args.iter().skip(1).take(2).any(|key| key.starts_with(b"y")) {
        return false;
    }
    // What is removed must not hang on chance, nor the id of an entry on the clock.
    if is(0, "SPOP") && args.len() == 3 && int(2).is_some_and(|n| 0 < n && n < 100_000)
        || is(0, "SPOP") && args.len() == 2
    {
        return false;
    }
    // Redis 8.6.3 sends the old value, and the error behind it.
    if is(0, "SET")
        && (3..args.len()).any(|i| is(i, "GET"))
        && (4..args.len()).any(|i| (is(i - 1, "IFDEQ") || is(i - 1, "IFDNE")) && args[i].len() != 16)
    {
        return false;
    }
    if is(0, "XADD") && args.iter().any(|a| a == b"*") {
        return false;
    }
    // Waiting that would end by itself, and what only a session that waits can do.
    if ["BLPOP", "BRPOP", "BLMOVE", "BLMOVEM", "BRPOPLPUSH", "BZPOPMIN", "BZPOPMAX", "BLMPOP", "BZMPOP"]
        .iter()
        .any(|name| is(0, name))
    {
        let short = |a: &Vec<u8>| {
            let number = std::str::from_utf8(a).ok().and_then(|a| a.parse::<f64>().ok());
            number.is_some_and(|n| n != 0.0 && n.abs() < 60.0)
        };
        if [args.get(1), args.get(5), args.last()].into_iter().flatten().any(short) {
            return false;
        }
    }
    if (is(0, "XREAD") || is(0, "XREADGROUP"))
        && (1..args.len()).any(|i| is(i - 1, "BLOCK") && int(i).is_some_and(|n| 0 < n && n < 60_000))
    {
        return false;
    }
    let bare =
        args.len() == 1 && is(0, "COMMAND") || args.len() == 2 && is(0, "COMMAND") && (is(1, "DOCS") || is(1, "INFO"));
    let fatal =
        is(0, "QUIT") || is(0, "DEBUG") || is(0, "SHUTDOWN") || is(0, "CLIENT") && (is(1, "KILL") || is(1, "REPLY"));
    !args.is_empty() && !bare && !fatal
}

/// Is one of the fields behind FIELDS and their number, each with a value, named twice?
fn twice(args: &[Vec<u8>]) -> bool {
    let Some(place) = args.iter().position(|a| a.eq_ignore_ascii_case(b"FIELDS")) else { return false };
    let fields: Vec<_> = args.iter().skip(place + 2).step_by(2).collect();
    fields.iter().enumerate().any(|(i, field)| fields[..i].contains(field))
}

fn scan(grammar: &Grammar, r: &mut Dice<'_>) -> Vec<Vec<u8>> {
    let kinds = [("HSCAN", "hash"), ("SSCAN", "set"), ("ZSCAN", "sorted-set")];
    let kind = kinds[r.below(3)];
    let keys = r.one_in(3) || !grammar.commands.iter().any(|c| c.name == [kind.0]);
    let mut args = if keys { vec![b"SCAN".to_vec()] } else { vec![kind.0.into(), key(r, kind.1)] };
    let hash = args.len() == 2 && kind.1 == "hash";
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

fn command(grammar: &Grammar, r: &mut Dice<'_>, fits: &dyn Fn(&Command) -> bool) -> Vec<Vec<u8>> {
    let command = grammar.choose(r.random, fits);
    let name = command.name.join(" ");
    let mut args: Vec<Vec<u8>> = command.name.iter().map(|n| cased(r, n)).collect();
    match &name[..] {
        _ if command.chapter == "vector" => vectors(r, &name, &mut args),
        "SWAPDB" => args.extend([database(r), database(r)]),
        "CLIENT LIST" if r.one_in(2) => args.extend([b"ID".to_vec(), b"999999".to_vec()]),
        "CLIENT LIST" | "FLUSHALL" | "FLUSHDB" | "INFO" => {}
        "COMMAND GETKEYS" | "COMMAND GETKEYSANDFLAGS" => {
            let inner = self::command(grammar, r, fits);
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
                "list-*",
                "list-max-*",
                "notify-keyspace-events",
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
        // Ids are others here and there: `@0` stands for that of the first connection.
        "CLIENT TRACKING" => {
            args.push(r.pick(&[&b"ON"[..], b"ON", b"ON", b"on", b"OFF"]).to_vec());
            for option in ["BCAST", "PREFIX", "PREFIX", "OPTIN", "OPTOUT", "NOLOOP", "REDIRECT"] {
                if r.one_in(5) {
                    args.push(option.into());
                    match option {
                        "PREFIX" => args.push(r.pick(&[&b"s"[..], b"h", b"l", b"s1", b""]).to_vec()),
                        "REDIRECT" => args.push(r.pick(&[&b"@0"[..], b"@1", b"@2", b"0", b"999999", b"x"]).to_vec()),
                        _ => {}
                    }
                }
            }
        }
        "AUTH" if r.one_in(2) => args.extend([r.pick(&USERS).as_bytes().to_vec(), b"x".to_vec()]),
        "AUTH" => args.extend((0..1 + r.below(3)).map(|_| r.pick(&[&b"default"[..], b"x", b"nosuch"]).to_vec())),
        "HELLO" => {
            args.push(r.pick(&[&b"2"[..], b"3", b"3", b"4", b"x"]).to_vec());
            if r.one_in(4) {
                args.extend([b"SETNAME".to_vec(), b"it".to_vec()]);
            }
        }
        "SCAN" | "HSCAN" | "SSCAN" | "ZSCAN" => {
            command.arguments.iter().for_each(|a| put(r, a, &command.group, &name, &mut args));
            if !args.iter().any(|a| a.eq_ignore_ascii_case(b"COUNT")) {
                args.extend([b"COUNT".to_vec(), b"1000000".to_vec()]);
            }
        }
        _ => {
            let shuffled = shuffle(r, &command.arguments);
            // `numkeys key [key ...] [WEIGHTS weight ...]`: the number is written when it is known.
            let (mut numkeys, mut count) = (None, 0);
            for argument in shuffled {
                if command.chapter == "stream" && argument.get("token").text() == "BLOCK" {
                    continue; // XREAD waits only in sessions that wait
                }
                match (argument.get("name").text(), numkeys) {
                    ("numkeys" | "numids", _) => {
                        let token = argument.get("token").text();
                        if !token.is_empty() {
                            args.push(cased(r, token));
                        }
                        numkeys = Some(args.len());
                        args.push(Vec::new());
                    }
                    ("weight", _) if count > 0 && !r.one_in(10) => {
                        if r.one_in(2) {
                            args.push(cased(r, "WEIGHTS"));
                            args.extend((0..count).map(|_| leaf(r, "double", "weight", &command.group, &name)));
                        }
                    }
                    (keys @ ("key" | "data" | "id"), Some(place)) if args[place].is_empty() => {
                        put(r, &argument, &command.group, &name, &mut args);
                        // Of MSETEX, each with its value.
                        count = (args.len() - place - 1) / if keys == "data" { 2 } else { 1 };
                        args[place] = match r.below(40) {
                            0 => r.pick(&[&b"0"[..], b"-1", b"x", b"", b"99999999999999999999"]).to_vec(),
                            1 => (count + 1).to_string().into_bytes(),
                            _ => count.to_string().into_bytes(),
                        };
                    }
                    _ => put(r, &argument, &command.group, &name, &mut args),
                }
            }
        }
    }
    args
}

/// Optional arguments that stand together sometimes change their order.
fn shuffle(r: &mut Dice<'_>, arguments: &[Json]) -> Vec<Json> {
    let mut out = arguments.to_vec();
    // HEXPIRE and its kind, HGETEX and HSETEX have the fields before or behind their options.
    let optional =
        |a: &Json| a.get("flags").list().iter().any(|f| f.text() == "optional") || a.get("name").text() == "fields";
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
        "block" if argument.get("name").text() == "streams" => {
            let count = 1 + r.below(3);
            out.extend((0..count).map(|_| leaf(r, "key", "key", group, command)));
            let ids = if r.one_in(30) { r.below(3) } else { count };
            out.extend((0..ids).map(|_| leaf(r, "string", "id", group, command)));
        }
        "block" => {
            let times = if flag("multiple") { many(r) } else { 1 };
            for _ in 0..times {
                let counted = inner.first().is_some_and(|a| ["numfields", "numids"].contains(&a.get("name").text()));
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
