//! The server itself: its configuration, its databases as a whole, its debugging aids. COMMAND and INFO have files of
//! their own.

pub mod info;
pub mod introspection;
pub mod memory;
pub mod monitor;
pub mod saving;

use crate::commands::keys::{database, references};
use crate::commands::shared::help;

use crate::allocator;
use crate::exec::row::{Row, cmd, container, sub};
use crate::exec::{Ctx, Done};
use crate::keyspace::class;
use crate::resp::args::Args;
use crate::resp::error::{Error, quoted};
use crate::server::config::{Config, Id, PARAMS};
use crate::table::spec::{Whole, flags::*};
use crate::types::glob;
use crate::types::number::{INT_LEN, format_int, parse_int};
use crate::types::pairs::{self, Pair};
use crate::types::registry::parts;

pub const TABLE: &[Row] = &[
    introspection::ROW,
    container("CONFIG", CONFIG).doc(
        "2.0.0",
        "Depends on subcommand.",
        "A container for server configuration commands.",
    ),
    cmd("DBSIZE", dbsize)
        .read(FAST)
        .tips(&["request_policy:all_shards", "response_policy:agg_sum"])
        .acl(&["keyspace"])
        .reply("int")
        .doc("1.0.0", "O(1)", "Returns the number of keys in the database."),
    cmd("DEBUG", debug).arity(-2).internal().plain(ADMIN | LOADING | NOSCRIPT | STALE).reply("any").doc(
        "1.0.0",
        "Depends on subcommand.",
        "A container for debugging commands.",
    ),
    cmd("FLUSHALL [ASYNC | SYNC]", flushall)
        .write(0)
        .whole(Whole::Keyspace)
        .tips(&["request_policy:all_shards", "response_policy:all_succeeded"])
        .acl(&["dangerous", "keyspace"])
        .groups(&["flush-type"])
        .history(&[
            ("4.0.0", "Added the `ASYNC` flushing mode modifier."),
            ("6.2.0", "Added the `SYNC` flushing mode modifier."),
        ])
        .reply("OK")
        .doc(
            "1.0.0",
            "O(N) where N is the total number of keys in all databases",
            "Removes all keys from all databases.",
        ),
    cmd("FLUSHDB [ASYNC | SYNC]", flushdb)
        .write(0)
        .whole(Whole::Database)
        .tips(&["request_policy:all_shards", "response_policy:all_succeeded"])
        .acl(&["dangerous", "keyspace"])
        .groups(&["flush-type"])
        .history(&[
            ("4.0.0", "Added the `ASYNC` flushing mode modifier."),
            ("6.2.0", "Added the `SYNC` flushing mode modifier."),
        ])
        .reply("OK")
        .doc(
            "1.0.0",
            "O(N) where N is the number of keys in the selected database",
            "Remove all keys from the current database.",
        ),
    info::ROW,
    cmd("ROLE", role)
        .plain(FAST | LOADING | NOSCRIPT | STALE)
        .acl(&["admin", "dangerous"])
        .reply("[bulk, int, array of any]")
        .doc("2.8.12", "O(1)", "Returns the replication role."),
    cmd("SWAPDB index1 index2", swapdb).write(FAST).whole(Whole::Swap).acl(&["dangerous", "keyspace"]).reply("OK").doc(
        "4.0.0",
        "O(N) where N is the count of clients watching or blocking on keys from both databases.",
        "Swaps two Redis databases.",
    ),
    cmd("TIME", time).plain(FAST | LOADING | STALE).tips(&["nondeterministic_output"]).reply("[bulk, bulk]").doc(
        "2.6.0",
        "O(1)",
        "Returns the server time.",
    ),
];

const CONFIG: &[Row] = &[
    sub("CONFIG GET parameter [parameter ...]", config_get)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE)
        .history(&[("7.0.0", "Added the ability to pass multiple pattern parameters in one call")])
        .reply("map of bulk")
        .doc(
            "2.0.0",
            "O(N) when N is the number of configuration parameters provided",
            "Returns the effective values of configuration parameters.",
        ),
    sub("CONFIG HELP", config_help).plain(LOADING | STALE).reply("array of simple").doc(
        "5.0.0",
        "O(1)",
        "Returns helpful text about the different subcommands.",
    ),
    sub("CONFIG RESETSTAT", config_resetstat)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE)
        .tips(&["request_policy:all_nodes", "response_policy:all_succeeded"])
        .reply("OK")
        .doc("2.0.0", "O(1)", "Resets the server's statistics."),
    sub("CONFIG REWRITE", config_rewrite)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE)
        .tips(&["request_policy:all_nodes", "response_policy:all_succeeded"])
        .reply("OK")
        .doc("2.8.0", "O(1)", "Persists the effective configuration to file."),
    sub("CONFIG SET parameter value [parameter value ...]", config_set)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE)
        .tips(&["request_policy:all_nodes", "response_policy:all_succeeded"])
        .groups(&["data"])
        .history(&[("7.0.0", "Added the ability to set multiple parameters in one call.")])
        .reply("OK")
        .doc(
            "2.0.0",
            "O(N) when N is the number of configuration parameters provided",
            "Sets configuration parameters in-flight.",
        ),
];

fn config_get(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let mut found: Vec<(&[u8], usize)> = Vec::new();
    for pattern in args.tail(2) {
        let is_pattern = pattern.iter().any(|b| matches!(b, b'*' | b'?' | b'['));
        for (index, param) in PARAMS.iter().enumerate() {
            for name in [param.name.as_bytes(), param.alias.as_bytes()] {
                let wanted = match is_pattern {
                    true => glob::matches_any_case(pattern, name),
                    false => pattern.eq_ignore_ascii_case(name),
                };
                let shown = if is_pattern { name } else { pattern }; // a plain name comes back as it was written
                if wanted && !name.is_empty() && !found.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
                    found.push((shown, index));
                }
            }
        }
    }
    cx.out.map(found.len());
    for (name, index) in found {
        cx.out.bulk(name);
        cx.out.bulk(cx.server.config.shown(index));
    }
    Ok(())
}

/// There is no file that the configuration came from: the host's options are all.
fn config_rewrite(_: &mut Ctx<'_>, _: Args<'_>) -> Done {
    Err(Error::NoConfigFile)
}

fn config_set(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if !args.len().is_multiple_of(2) {
        return Err(Error::Syntax);
    }
    let failed = |index: usize, given: &[u8], reason: &str| {
        let name = if given.eq_ignore_ascii_case(PARAMS[index].alias.as_bytes()) {
            PARAMS[index].alias
        } else {
            PARAMS[index].name
        };
        Error::Own(format!("ERR CONFIG SET failed (possibly related to argument '{name}') - {reason}").into_bytes())
    };
    let mut changes: Vec<(usize, &[u8])> = Vec::new();
    let mut names: Vec<&[u8]> = Vec::new();
    for (name, value) in args.pairs(2) {
        let Some(index) = Config::find(name) else {
            const REASON: &[u8] = b"ERR Unknown option or number of arguments for CONFIG SET - '";
            return Err(Error::quoting(&[REASON, quoted(name, usize::MAX), b"'"]));
        };
        if PARAMS[index].fixed {
            return Err(failed(index, name, "can't set immutable config"));
        }
        if names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            return Err(failed(index, name, "duplicate parameter"));
        }
        names.push(name);
        changes.push((index, value));
    }
    if let Err((place, reason)) = cx.server.config.set_all(&changes) {
        let (index, _) = changes[place];
        return Err(failed(index, names[place], &reason));
    }
    cx.server.apply_config(cx.db);
    cx.out.ok();
    Ok(())
}

fn config_resetstat(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.server.stats.reset();
    cx.db.log.counts = Default::default();
    allocator::reset_peak();
    cx.out.ok();
    Ok(())
}

fn config_help(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    help::help(
        cx,
        "CONFIG",
        &[
            "GET <pattern>",
            "    Return parameters matching the glob-like <pattern> and their values.",
            "SET <directive> <value>",
            "    Set the configuration <directive> to <value>.",
            "RESETSTAT",
            "    Reset statistics reported by the INFO command.",
            "REWRITE",
            "    Rewrite the configuration file.",
        ],
    )
}

fn dbsize(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.out.int(cx.db.len() as i64);
    Ok(())
}

fn flushall(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    flush(cx, args, None)
}

fn flushdb(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let selected = cx.session.db;
    flush(cx, args, Some(selected))
}

fn flush(cx: &mut Ctx<'_>, args: Args<'_>, which: Option<usize>) -> Done {
    let later = args.is_async()?;
    let dbs: Vec<usize> = (0..cx.db.databases().len()).filter(|&db| which.is_none_or(|which| which == db)).collect();
    touch_all(cx, &dbs);
    let flushed = cx.db.flush(which, later);
    cx.db.log.dirty += flushed;
    cx.out.ok();
    Ok(())
}

/// Notes a change of every key of these databases that somebody watches or waits for, if it is there.
fn touch_all(cx: &mut Ctx<'_>, dbs: &[usize]) {
    let mut places: Vec<Vec<u8>> = cx.server.watches.names().map(|place| place.to_vec()).collect();
    places.extend(cx.server.waiting.keys.names().map(|place| place.to_vec()));
    let mut order: Vec<Pair> = (0..places.len() as u64).map(|i| (i, i)).collect();
    pairs::sort(&mut order, &|a, b| places[a.0 as usize].cmp(&places[b.0 as usize]));
    for (i, _) in order {
        let (db, key) = parts(&places[i as usize]);
        if dbs.contains(&db) {
            cx.db.within(db, |db| {
                if db.exists(key) {
                    db.note(key, class::SILENT, "");
                }
            });
        }
    }
}

fn swapdb(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let is_int = |text: &[u8]| parse_int(text).and_then(|index| i32::try_from(index).ok());
    is_int(args.at(1)).ok_or(Error::FirstDb)?;
    is_int(args.at(2)).ok_or(Error::SecondDb)?;
    let (a, b) = (database(cx, args.at(1))?, database(cx, args.at(2))?);
    touch_all(cx, &[a, b]);
    cx.db.swap(a, b);
    touch_all(cx, &[a, b]);
    cx.db.log.dirty += 1;
    cx.out.ok();
    Ok(())
}

fn time(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let micros = cx.now % 1000 * 1000 + cx.server.micros;
    cx.out.array(2);
    cx.out.bulk(format_int(cx.now / 1000, &mut [0; INT_LEN]));
    cx.out.bulk(format_int(micros, &mut [0; INT_LEN]));
    Ok(())
}

/// A master without replicas: nothing was ever written for one.
fn role(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.out.array(3);
    cx.out.bulk(b"master");
    cx.out.int(0);
    cx.out.array(0);
    Ok(())
}

/// Whether the session may debug: one in process, whose owner has everything anyway, always.
fn may_debug(cx: &Ctx<'_>) -> bool {
    let local = || cx.session.unix || cx.session.addr.starts_with("127.") || cx.session.addr.starts_with("[::1]");
    cx.session.trusted
        || match cx.server.config.text(Id::DebugCommand) {
            b"yes" => true,
            b"local" => local(),
            _ => false,
        }
}

fn debug(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if !may_debug(cx) {
        return Err(Error::DebugRefused);
    }
    let name = args.at(1);
    match (&name.to_ascii_lowercase()[..], args.len()) {
        (b"object", 3) => debug_object(cx, args.at(2)),
        (b"set-active-expire", 3) => {
            cx.db.active_expire = leading_int(args.at(2)) != 0;
            cx.out.ok();
            Ok(())
        }
        // Time stands still while a command runs and belongs to the host: there is nothing here that could sleep.
        (b"sleep", 3) => {
            cx.out.ok();
            Ok(())
        }
        (b"stringmatch-len", 4) => {
            let text = vec![b'a'; leading_int(args.at(2)).clamp(0, 1 << 24) as usize];
            cx.out.int(glob::matches(args.at(3), &text) as i64);
            Ok(())
        }
        (b"help", 2) => debug_help(cx),
        _ => {
            const REASON: &[u8] = b"ERR unknown subcommand or wrong number of arguments for '";
            Err(Error::quoting(&[REASON, quoted(name, 128), b"'. Try DEBUG HELP."]))
        }
    }
}

/// The number a text begins with, as C's `atoi` reads it: 0 where there is none.
fn leading_int(text: &[u8]) -> i64 {
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    parse_int(&text[..digits]).unwrap_or(0)
}

fn debug_object(cx: &mut Ctx<'_>, key: &[u8]) -> Done {
    let now = cx.now;
    let Some(entry) = cx.db.entry(key) else { return Err(Error::NoSuchKey) };
    let line = format!(
        "Value at:0x0 refcount:{} encoding:{} serializedlength:{} lru:{} lru_seconds_idle:{}",
        references(&entry.value),
        entry.value.encoding(),
        entry.value.bytes(),
        entry.access.bits() & 0xff_ffff,
        entry.access.idle_seconds(now),
    );
    cx.out.simple(&line);
    Ok(())
}

fn debug_help(cx: &mut Ctx<'_>) -> Done {
    help::help(
        cx,
        "DEBUG",
        &[
            "OBJECT <key>",
            "    Show low level info about `key` and associated value.",
            "SET-ACTIVE-EXPIRE <0|1>",
            "    Setting it to 0 disables expiring keys (and hash-fields) in background",
            "    when they are not accessed (otherwise the Redis behavior). Setting it",
            "    to 1 reenables back the default.",
            "SLEEP <seconds>",
            "    Stop the server for <seconds>. Decimals allowed.",
            "STRINGMATCH-LEN <len> <pattern>",
            "    Match a string of <len> letters a against <pattern>.",
        ],
    )
}
