//! The engine's command table against what a real Redis says of itself (`tests/data/commands.json`, recorded by
//! `tests/data/record.mjs`): arity, flags, key positions and key specifications, ACL categories, tips, subcommands, and
//! COMMAND DOCS with its argument trees. Everything is asked for through COMMAND INFO and COMMAND DOCS, as a client would.
//!
//! What differs on purpose stands in [`EXCEPTIONS`] with its reason. An exception that no longer is one fails the test.

// The module is built without what only its hosts are told.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};
use testkit::json::{self, Json};
use testkit::resp::{self, Value};
use wakey::table::spec::{Secret, Spec};

/// (command, or `*` for several; property; why).
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("client|kill", "docs arguments", "the man-page line says the old and the new form in one line, not as a tree"),
    ("VADD", "docs arguments", "REDUCE and its number are one option, not a block"),
    ("xadd", "docs arguments", "the token of IDMP, and of IDMPAUTO, leads what is behind it, as tokens do elsewhere"),
    ("xcfgset", "docs arguments", "a token leads its number, as tokens do elsewhere"),
    ("cluster", "subcommands", "the others are told between nodes"),
];

/// Members of the trees that a syntax line does not say, and that are therefore not compared anywhere: since when an
/// option exists.
const UNSAID: [&str; 2] = ["since", "deprecated_since"];

type Properties = BTreeMap<String, String>;

/// The same of Valkey (`tests/data/commands-valkey.json`). What is true of `*` is so of the commands that Redis has, too.
const VALKEY_EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("*", "docs arguments", ONE_TEXT),
    ("*", "docs complexity", ONE_TEXT),
    ("*", "docs deprecated_since", ONE_TEXT),
    ("*", "docs doc_flags", ONE_TEXT),
    ("*", "docs history", ONE_TEXT),
    ("*", "docs replaced_by", ONE_TEXT),
    ("*", "docs since", ONE_TEXT),
    ("*", "docs summary", ONE_TEXT),
    ("cluster", "subcommands", "CLUSTER SLOT-STATS, FLUSHSLOT and the migration of slots: nodes are of one process"),
    ("cluster|replicate", "arity", "NO ONE is not here: there are no replicas"),
    ("script|debug", "arity", "there is no debugger, of any engine"),
    ("georadius", "keySpecs", "the destination is written to, whatever flags vary"),
    ("georadiusbymember", "keySpecs", "the destination is written to, whatever flags vary"),
    ("hsetex", "keySpecs", "with FXX it updates, too"),
];

const ONE_TEXT: &str = "a command of several dialects has one man-page line, and one text";

#[test]
fn every_command_is_described_as_redis_describes_it() {
    compare(&ours(wakey::Dialect::Redis), &theirs(REDIS), EXCEPTIONS);
}

#[test]
fn and_with_valkey_s_dialect_as_valkey_does() {
    compare(&ours(wakey::Dialect::Valkey), &theirs(VALKEY), VALKEY_EXCEPTIONS);
}

fn compare(
    ours: &BTreeMap<String, Properties>,
    theirs: &BTreeMap<String, Properties>,
    exceptions: &'static [(&str, &str, &str)],
) {
    let redis_s = self::theirs(REDIS);
    let excepted = |name: &str, property: &str, used: &mut BTreeSet<(&'static str, &'static str)>| {
        let covers = |n: &str| n == name || n == "*" && redis_s.contains_key(name);
        let (n, p, why) = exceptions.iter().find(|(n, p, _)| covers(n) && *p == property)?;
        used.insert((n, p));
        Some(why)
    };
    let mut problems = Vec::new();
    let mut used = BTreeSet::new();
    for (name, mine) in ours {
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
    for (name, property, why) in exceptions {
        if !used.contains(&(*name, *property)) {
            problems.push(format!("the exception ({name}, {property}: {why}) is no longer needed"));
        }
    }
    println!("{} commands and subcommands held against {} of Redis", ours.len(), theirs.len());
    assert!(problems.is_empty(), "{} differences:\n{}", problems.len(), problems.join("\n"));
}

/// What `COMPAT.md` says of each command of Redis: here, not yet, or not; subcommands that are not here stand in the note.
#[test]
fn the_commands_that_are_here_are_those_that_compat_md_promises() {
    let (ours, theirs) = (ours(wakey::Dialect::Redis), theirs(REDIS));
    let compat = include_str!("../COMPAT.md");
    let mut rows = BTreeMap::new();
    for line in compat.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').splitn(3, '|').map(str::trim).collect();
        rows.insert(cells[0], (cells[1], cells[2]));
    }
    let mut problems = Vec::new();
    for name in theirs.keys() {
        let (top, sub) = name.split_once('|').map_or((&name[..], None), |(top, sub)| (top, Some(sub)));
        let Some((state, note)) = rows.get(&top.to_ascii_uppercase()[..]) else {
            problems.push(format!("COMPAT.md has no row for {top}"));
            continue;
        };
        let promised = matches!(*state, "yes" | "differs")
            && sub.is_none_or(|sub| {
                let left_out = |part: &str| part.contains(": not yet (") || part.contains(": not here (");
                let names = note.split("; ").filter(|part| left_out(part)).filter_map(|part| part.split(": ").next());
                !names.flat_map(|names| names.split(", ")).any(|name| name.eq_ignore_ascii_case(sub))
            });
        if promised != ours.contains_key(name) {
            let is = if promised { "promises" } else { "does not promise" };
            problems.push(format!("COMPAT.md {is} {name}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
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

const REDIS: &str = include_str!("data/commands.json");
const VALKEY: &str = include_str!("data/commands-valkey.json");

fn theirs(text: &str) -> BTreeMap<String, Properties> {
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
    ("dir", "the folder is the host's"),
    ("logfile", "there is no log"),
    ("pidfile", "the process is the host's"),
    ("enable-protected-configs", "as enable-debug-command"),
    ("enable-debug-command", "the server that was asked is started with it; no is its default"),
];

#[test]
fn every_setting_is_redis_s_with_its_default() {
    let data = json::parse(include_str!("data/config.json"));
    let mut engine = wakey::Engine::new(wakey::Options { compat: wakey::Release::V8_6, ..Default::default() });
    let session = engine.open_session(wakey::SessionOptions { resp: 3, trusted: true, ..Default::default() });
    let reply = engine.exec(session, 0.0, &resp::frame(&["CONFIG", "GET", "*"])).to_vec();
    let settings = resp::parse_all(&reply).expect("a whole reply").remove(0).items();
    let mut problems = Vec::new();
    let mut own: BTreeSet<&str> = OWN_SETTINGS.iter().map(|(name, _)| *name).collect();
    for pair in settings.chunks(2) {
        let (name, value) = (pair[0].text(), pair[1].text());
        let redis = data.get("config").get(&name);
        if *redis != Json::Text(value.clone()) && !own.remove(&name[..]) {
            problems.push(format!("{name} is {value:?}, and {redis:?} in Redis"));
        }
    }
    let names: BTreeSet<String> = settings.chunks(2).map(|pair| pair[0].text()).collect();
    let missing = data.get("config").members().iter().filter(|(name, _)| !names.contains(name));
    problems.extend(missing.map(|(name, _)| format!("{name} is missing")));
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(own.is_empty(), "these exceptions are no longer needed: {own:?}");
}

/// Fields of INFO that only Wakey has.
const OWN_FIELDS: &[&str] = &["wakey_version"];

/// Fields of Redis's INFO that are not here: section, fields, why.
const LEFT_OUT: &[(&str, &str, &str)] = &[
    (
        "Server",
        "redis_git_sha1 redis_git_dirty redis_build_id monotonic_clock multiplexing_api atomicvar_api gcc_version
         process_id process_supervised hz configured_hz executable io_threads_active listener0",
        "a process and how it was built; here is an engine",
    ),
    ("Memory", "used_memory_peak_time", "the peak is the allocator's, which has no clock"),
    ("Memory", "lazyfreed_objects", "not counted"),
    ("Persistence", "current_fork_perc", "nothing forks"),
    (
        "Persistence",
        "current_save_keys_processed current_save_keys_total rdb_last_bgsave_time_sec rdb_current_bgsave_time_sec
         rdb_saves rdb_saves_consecutive_failures rdb_last_load_keys_expired rdb_last_load_keys_loaded aof_rewrite_scheduled
         aof_last_rewrite_time_sec aof_current_rewrite_time_sec aof_rewrites aof_rewrites_consecutive_failures",
        "the store is the host's; these it does not tell",
    ),
    ("Threads", "io_thread_0", "one thread"),
    (
        "Stats",
        "instantaneous_ops_per_sec instantaneous_input_kbps instantaneous_output_kbps instantaneous_input_repl_kbps
         instantaneous_output_repl_kbps expired_stale_perc expired_time_cap_reached_count
         expire_cycle_cpu_milliseconds eventloop_cycles eventloop_duration_sum eventloop_duration_cmd_sum
         instantaneous_eventloop_cycles_per_sec instantaneous_eventloop_duration_usec",
        "rates and durations: the engine has no clock of its own, and no loop",
    ),
    (
        "Stats",
        "total_eviction_exceeded_time current_eviction_exceeded_time
         dump_payload_sanitizations",
        "RESTORE looks at every byte, always",
    ),
    ("Stats", "acl_access_denied_tls_cert", "TLS is the host's"),
    (
        "Stats",
        "total_reads_processed total_writes_processed io_threaded_reads_processed io_threaded_writes_processed
         io_threaded_total_prefetch_batches io_threaded_total_prefetch_entries
         client_query_buffer_limit_disconnections client_output_buffer_limit_disconnections reply_buffer_shrinks
         reply_buffer_expands",
        "sockets are the host's",
    ),
    ("Stats", "unexpected_error_replies", "not counted apart"),
    (
        "Replication",
        "master_failover_state master_replid2 second_repl_offset repl_backlog_active repl_backlog_size
         repl_backlog_first_byte_offset repl_backlog_histlen",
        "no replicas",
    ),
    (
        "CPU",
        "used_cpu_sys_children used_cpu_user_children used_cpu_sys_main_thread used_cpu_user_main_thread",
        "no children, no threads; the processor's time is the host's",
    ),
    ("Modules", "module", "no modules"),
];

#[test]
fn info_has_the_fields_of_redis_but_those_that_are_left_out_for_a_reason() {
    let data = json::parse(include_str!("data/info.json"));
    let mut engine = wakey::Engine::new(wakey::Options { compat: wakey::Release::V8_6, ..Default::default() });
    let session = engine.open_session(wakey::SessionOptions { resp: 2, trusted: true, ..Default::default() });
    engine.exec(session, 0.0, &resp::frame(&["SET", "k", "v"]));
    let reply = engine.exec(session, 0.0, &resp::frame(&["INFO", "everything"])).to_vec();
    let text = resp::parse_all(&reply).expect("a whole reply").remove(0).text();
    let mut ours: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut section = "";
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("# ") {
            section = title;
            ours.entry(title).or_default();
        } else if let Some((name, _)) = line.split_once(':') {
            ours.entry(section).or_default().insert(name);
        }
    }
    // These name databases, commands and errors, as they come.
    let listed = ["Keyspace", "Commandstats", "Errorstats", "Latencystats"];
    let mut problems = Vec::new();
    let theirs = data.get("info").members();
    for (section, fields) in &ours {
        let Some((_, redis)) = theirs.iter().find(|(name, _)| name == section) else {
            problems.push(format!("Redis has no section {section}"));
            continue;
        };
        for name in fields.iter().filter(|_| !listed.contains(section)) {
            if !redis.list().iter().any(|field| field.text() == *name) && !OWN_FIELDS.contains(name) {
                problems.push(format!("Redis has no {name} in {section}"));
            }
        }
    }
    let mut left_out = BTreeSet::new();
    for (section, fields, _) in LEFT_OUT {
        left_out.extend(fields.split_whitespace().map(|name| (*section, name)));
    }
    for (section, fields) in theirs.iter().filter(|(name, _)| !listed.contains(&&name[..])) {
        for field in fields.list() {
            let is = ours.get(&section[..]).is_some_and(|fields| fields.contains(field.text()));
            if is == left_out.remove(&(&section[..], field.text())) {
                let what = if is { "is here, and listed as left out" } else { "is not here, and nothing says why" };
                problems.push(format!("{} in {section} {what}", field.text()));
            }
        }
    }
    problems.extend(left_out.iter().map(|(section, name)| format!("Redis has no {name} in {section} to leave out")));
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn ours(dialect: wakey::Dialect) -> BTreeMap<String, Properties> {
    let options = wakey::Options { compat: wakey::Release::V8_6, dialect, ..Default::default() };
    let mut engine = wakey::Engine::new(options);
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

/// What hosts go by ([`wakey::table::hosts`]). What does not follow from the rest of a row stands on it, and nothing else does.
#[test]
fn every_row_has_its_facts_for_hosts() {
    let engine = wakey::Engine::new(wakey::Options::default());
    let mut problems = Vec::new();
    for row in engine.server().table.rows() {
        let (spec, group) = (row.spec, row.group.name);
        let bare = Spec { session: None, shards: None, ..*spec };
        let name = spec.full_name();
        match spec.on_session(group) {
            None => problems.push(format!("{name} does not say what it does to its session")),
            said if spec.session.is_some() && said == bare.on_session(group) => {
                problems.push(format!("{name} says of its session what follows anyway"));
            }
            _ => {}
        }
        match spec.on_shards(group) {
            None => problems.push(format!("{name} does not say where it goes in a database of several")),
            said if spec.shards.is_some() && said == (Spec { shards: None, ..*spec }).on_shards(group) => {
                problems.push(format!("{name} says where it goes in a database of several, which follows anyway"));
            }
            _ => {}
        }
        // A password is an argument by name, or is a user's, or is given to a setting.
        let holds = ["password", "parameter value", "setuser", "getuser", "deluser"]
            .iter()
            .any(|word| spec.syntax.to_lowercase().contains(word));
        if holds != (spec.secret != Secret::Nothing) {
            problems.push(format!("{name} does not say which of its arguments is secret, or says it in vain"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_name_is_found_in_any_case_and_nothing_else() {
    let engine = wakey::Engine::new(wakey::Options::default());
    let table = &engine.server().table;
    for (number, row) in table.rows().iter().enumerate() {
        let full = row.spec.full_name();
        assert_eq!(table.by_full_name(full.as_bytes()), Some(number), "{full}");
        assert_eq!(table.by_full_name(full.to_uppercase().as_bytes()), Some(number), "{full}");
        for place in 0..full.len() {
            let mut other = full.clone().into_bytes();
            other[place] ^= 0x80;
            assert_eq!(table.by_full_name(&other), None);
            other[place] ^= 0x90;
            assert_ne!(table.by_full_name(&other), Some(number));
        }
    }
    assert_eq!(table.command(b""), None);
    assert_eq!(table.command(&[0; 8]), None);
}
