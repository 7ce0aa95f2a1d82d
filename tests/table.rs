//! The engine's command table against what a real Redis says of itself (`tests/data/commands.json`, recorded by
//! `tests/data/record.mjs`): arity, flags, key positions and key specifications, ACL categories, tips, subcommands, and
//! COMMAND DOCS with its argument trees. Everything is asked for through COMMAND INFO and COMMAND DOCS, as a client would.
//!
//! What differs on purpose stands in [`EXCEPTIONS`] with its reason. An exception that no longer is one fails the test.

use std::collections::{BTreeMap, BTreeSet};
use testkit::json::{self, Json};
use testkit::resp::{self, Value};

/// (command, or `*` for several; property; why).
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("client|kill", "docs arguments", "the man-page line says the old and the new form in one line, not as a tree"),
    ("client", "subcommands", "those for tracking, pausing and blocking come with what they are for"),
    ("memory", "subcommands", "the others are about the allocator and the operating system"),
];

/// Members of the trees that a syntax line does not say, and that are therefore not compared anywhere: since when an
/// option exists.
const UNSAID: [&str; 2] = ["since", "deprecated_since"];

/// Commands that must be there: strings, keys, hashes, connection, server.
const WANTED: &str = "append decr decrby get getdel getex getrange getset incr incrby incrbyfloat lcs mget mset msetnx
    psetex set setex setnx setrange strlen substr
    copy del exists expire expireat expiretime keys move object object|encoding object|freq object|help object|idletime
    object|refcount persist pexpire pexpireat pexpiretime pttl randomkey rename renamenx scan touch ttl type unlink
    hdel hexists hexpire hexpireat hexpiretime hget hgetall hgetdel hgetex hincrby hincrbyfloat hkeys hlen hmget hmset
    hpersist hpexpire hpexpireat hpexpiretime hpttl hrandfield hscan hset hsetex hsetnx hstrlen httl hvals
    blmove blmpop blpop brpop brpoplpush lindex linsert llen lmove lmpop lpop lpos lpush lpushx lrange lrem lset ltrim rpop
    rpoplpush rpush rpushx
    sadd scard sdiff sdiffstore sinter sintercard sinterstore sismember smembers smismember smove spop srandmember srem sscan
    sunion sunionstore
    bitcount bitfield bitfield_ro bitop bitpos getbit setbit
    bzmpop bzpopmax bzpopmin zadd zcard zcount zdiff zdiffstore zincrby zinter zintercard zinterstore zlexcount
    zmpop zmscore zpopmax zpopmin zrandmember zrange zrangebylex zrangebyscore zrangestore zrank zrem zremrangebylex
    zremrangebyrank zremrangebyscore zrevrange zrevrangebylex zrevrangebyscore zrevrank zscan zscore zunion
    zunionstore
    bitcount bitfield bitfield_ro bitop bitpos getbit setbit sort sort_ro
    geoadd geodist geohash geopos georadius georadius_ro georadiusbymember georadiusbymember_ro geosearch geosearchstore
    auth client client|getname client|help client|id client|info client|kill client|list client|no-evict client|no-touch
    client|reply client|setinfo client|setname echo hello ping quit reset select
    client|unblock discard exec multi unwatch watch
    psubscribe publish pubsub pubsub|channels pubsub|help pubsub|numpat pubsub|numsub pubsub|shardchannels
    pubsub|shardnumsub punsubscribe spublish ssubscribe subscribe sunsubscribe unsubscribe
    command command|count command|docs command|getkeys command|getkeysandflags command|help command|info command|list
    config config|get config|help config|resetstat config|set dbsize debug flushall flushdb info swapdb time
    pfadd pfcount pfdebug pfmerge pfselftest
    xack xadd xautoclaim xclaim xdel xgroup xgroup|create xgroup|createconsumer xgroup|delconsumer xgroup|destroy xgroup|help
    xgroup|setid xinfo xinfo|consumers xinfo|groups xinfo|help xinfo|stream xlen xpending xrange xread xreadgroup xrevrange
    xsetid xtrim
    bgrewriteaof bgsave lastsave memory memory|help memory|usage monitor role save shutdown";

type Properties = BTreeMap<String, String>;

#[test]
fn every_command_is_described_as_redis_describes_it() {
    let ours = ours();
    let theirs = theirs();
    let mut problems = Vec::new();
    for name in WANTED.split_whitespace() {
        if !ours.contains_key(name) {
            problems.push(format!("{name} is missing"));
        }
    }
    let mut used = BTreeSet::new();
    for (name, mine) in &ours {
        let Some(redis) = theirs.get(name) else {
            if excepted(name, "unknown to Redis", &mut used).is_none() {
                problems.push(format!("{name}: Redis has no such command"));
            }
            continue;
        };
        let properties: BTreeSet<&String> = mine.keys().chain(redis.keys()).collect();
        for property in properties {
            let (m, r) = (mine.get(property), redis.get(property));
            if m != r && excepted(name, property, &mut used).is_none() {
                let show = |v: Option<&String>| v.map_or("(nothing)".to_string(), Clone::clone);
                problems.push(format!("{name}, {property}:\n    Redis {}\n    Wakey {}", show(r), show(m)));
            }
        }
    }
    for (name, property, why) in EXCEPTIONS {
        if !used.contains(&(*name, *property)) {
            problems.push(format!("the exception ({name}, {property}: {why}) is no longer needed"));
        }
    }
    println!("{} commands and subcommands held against {} of Redis", ours.len(), theirs.len());
    assert!(problems.is_empty(), "{} differences:\n{}", problems.len(), problems.join("\n"));
}

fn excepted(name: &str, property: &str, used: &mut BTreeSet<(&'static str, &'static str)>) -> Option<&'static str> {
    let (n, p, why) = EXCEPTIONS.iter().find(|(n, p, _)| (*n == name || *n == "*") && *p == property)?;
    used.insert((n, p));
    Some(why)
}

/// A value with everything that has no order sorted: object members, and the lists of flags and categories.
fn canonical(v: &Json, sorted: bool) -> String {
    let mut parts: Vec<String> = match v {
        Json::Object(m) => {
            let said = m.iter().filter(|(k, _)| !UNSAID.contains(&&k[..]));
            said.map(|(k, v)| format!("{k}: {}", canonical(v, k == "flags"))).collect()
        }
        Json::List(l) => l.iter().map(|v| canonical(v, false)).collect(),
        Json::Text(t) => return t.clone(),
        Json::Number(n) => return n.to_string(),
        other => return format!("{other:?}"),
    };
    if sorted || matches!(v, Json::Object(_)) {
        parts.sort();
    }
    match v {
        Json::Object(_) => format!("{{{}}}", parts.join(", ")),
        _ => format!("[{}]", parts.join(", ")),
    }
}

fn describe(row: &Json, docs: &Json, out: &mut BTreeMap<String, Properties>) {
    let mut p = Properties::new();
    for name in ["arity", "flags", "first", "last", "step", "acl", "tips", "keySpecs"] {
        p.insert(name.into(), canonical(row.get(name), matches!(name, "flags" | "acl")));
    }
    for (name, value) in docs.members().iter().filter(|(name, _)| name != "subcommands") {
        p.insert(format!("docs {name}"), canonical(value, name == "doc_flags"));
    }
    let subcommands: BTreeSet<&str> = row.get("subcommands").list().iter().map(|s| s.get("name").text()).collect();
    if !subcommands.is_empty() {
        p.insert("subcommands".into(), format!("{subcommands:?}"));
    }
    out.insert(row.get("name").text().into(), p);
}

fn theirs() -> BTreeMap<String, Properties> {
    let text = include_str!("data/commands.json");
    let mut out = BTreeMap::new();
    for row in json::parse(text).get("commands").list() {
        describe(row, row.get("docs"), &mut out);
        for sub in row.get("subcommands").list() {
            describe(sub, sub.get("docs"), &mut out);
        }
    }
    out
}

/// Settings whose default is Wakey's own, or was not recorded because it depends on the machine.
const OWN_SETTINGS: &[(&str, &str)] = &[
    ("bind", "the socket server's, which asks for 127.0.0.1"),
    ("port", "the socket server's; an engine has none"),
    ("save", "the host decides when a snapshot is written"),
    ("enable-debug-command", "the server that was asked is started with it; no is its default"),
];

#[test]
fn every_setting_is_redis_s_with_its_default() {
    let data = json::parse(include_str!("data/config.json"));
    let mut engine = wakey::Engine::new(wakey::Options::default());
    let session = engine.open_session(wakey::SessionOptions { resp: 3, trusted: true, ..Default::default() });
    let reply = engine.exec(session, 0.0, &resp::frame(&["CONFIG", "GET", "*"])).to_vec();
    let settings = resp::parse_all(&reply).expect("a whole reply").remove(0).items();
    assert!(settings.len() > 10);
    let mut problems = Vec::new();
    let mut own: BTreeSet<&str> = OWN_SETTINGS.iter().map(|(name, _)| *name).collect();
    for pair in settings.chunks(2) {
        let (name, value) = (pair[0].text(), pair[1].text());
        let redis = data.get("config").get(&name);
        if *redis != Json::Text(value.clone()) && !own.remove(&name[..]) {
            problems.push(format!("{name} is {value:?}, and {redis:?} in Redis"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(own.is_empty(), "these exceptions are no longer needed: {own:?}");
}

/// Fields of INFO that only Wakey has.
const OWN_FIELDS: &[&str] = &["wakey_version"];

#[test]
fn every_field_of_info_is_one_that_redis_has() {
    let data = json::parse(include_str!("data/info.json"));
    let mut engine = wakey::Engine::new(wakey::Options::default());
    let session = engine.open_session(wakey::SessionOptions { resp: 2, trusted: true, ..Default::default() });
    engine.exec(session, 0.0, &resp::frame(&["SET", "k", "v"]));
    let reply = engine.exec(session, 0.0, &resp::frame(&["INFO", "everything"])).to_vec();
    let text = resp::parse_all(&reply).expect("a whole reply").remove(0).text();
    let mut section = "";
    let mut fields = 0;
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("# ") {
            section = title;
            assert!(data.get("info").members().iter().any(|(name, _)| name == title), "Redis has no section {title}");
        } else if let Some((name, _)) = line.split_once(':') {
            fields += 1;
            // These name databases, commands and errors, as they come.
            let listed = matches!(section, "Keyspace" | "Commandstats" | "Errorstats" | "Latencystats");
            let known = data.get("info").get(section).list().iter().any(|f| f.text() == name);
            assert!(known || listed || OWN_FIELDS.contains(&name), "Redis has no {name} in {section}");
        }
    }
    assert!(fields > 30, "{fields} fields");
}

fn ours() -> BTreeMap<String, Properties> {
    let mut engine = wakey::Engine::new(wakey::Options::default());
    let session = engine.open_session(wakey::SessionOptions { resp: 3, trusted: true, ..Default::default() });
    let mut call = |args: &[&str]| {
        let reply = engine.exec(session, 0.0, &resp::frame(args)).to_vec();
        let mut values = resp::parse_all(&reply).expect("a whole reply");
        values.remove(0)
    };
    let rows = call(&["COMMAND"]);
    let docs = json_of(&call(&["COMMAND", "DOCS"]));
    let mut out = BTreeMap::new();
    for row in rows.items() {
        let row = row_of(&row);
        let name = row.get("name").text().to_string();
        let doc = docs.get(&name);
        describe(&row, doc, &mut out);
        for sub in row.get("subcommands").list() {
            describe(sub, doc.get("subcommands").get(sub.get("name").text()), &mut out);
        }
    }
    out
}

/// One element of COMMAND's reply, with the names that `record.mjs` gives its parts.
fn row_of(row: &Value) -> Json {
    let items = row.items();
    assert_eq!(items.len(), 10, "a row of COMMAND has ten parts: {row:?}");
    let names = ["name", "arity", "flags", "first", "last", "step", "acl", "tips", "keySpecs"];
    let mut members: Vec<(String, Json)> =
        names.iter().zip(&items).map(|(name, item)| (name.to_string(), json_of(item))).collect();
    members.push(("subcommands".into(), Json::List(items[9].items().iter().map(row_of).collect())));
    Json::Object(members)
}

fn json_of(v: &Value) -> Json {
    match v {
        Value::Int(n) => Json::Number(*n as f64),
        Value::Bool(b) => Json::Bool(*b),
        Value::Nil => Json::Null,
        Value::Array(_) | Value::Set(_) | Value::Push(_) => Json::List(v.items().iter().map(json_of).collect()),
        Value::Map(pairs) => Json::Object(pairs.iter().map(|(k, v)| (k.text(), json_of(v))).collect()),
        _ => Json::Text(v.text()),
    }
}
