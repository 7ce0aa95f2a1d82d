//! Scripts: EVAL and its kind, and the cache that EVALSHA finds them in. Functions have a file of their own.
//!
//! What happens while a script runs is in [`crate::script`].

pub mod functions;

use crate::commands::shared::help;
use crate::exec::row::{Row, cmd, container, sub};
use crate::exec::{Ctx, Done};
use crate::lua::Interpreter;
use crate::resp::args::Args;
use crate::resp::dialect::Dialect;
use crate::resp::error::Error;
use crate::script::{self, Call, api, load};
use crate::server::scripts::{Digest, digest};
use crate::table::spec::{Begin, Find, KeySpec, OnSession, Tweak, arg, flags::*, key::*, keys};
use crate::types::copy::copied;

const WRITES: KeySpec = keys(RW | ACCESS | UPDATE, Begin::At(2), Find::Counted);
const READS: KeySpec = keys(RO | ACCESS, Begin::At(2), Find::Counted);
const WRITES_NOTED: KeySpec =
    WRITES.note("We cannot tell how the keys will be used so we assume the worst, RW and UPDATE");
const READS_NOTED: KeySpec =
    READS.note("We cannot tell how the keys will be used so we assume the worst, RO and ACCESS");

/// Of every command that runs a script.
const RUNS: u32 = NOSCRIPT | SKIP_MONITOR | STALE | MOVABLEKEYS | NO_MANDATORY_KEYS;

/// `numkeys`, as COMMAND DOCS has it.
const COUNT: &[Tweak] = &[arg(1).kind("integer")];

const fn runs(row: Row, specs: &'static [KeySpec]) -> Row {
    row.arity(-3).keys_at(0, 0, 0).specs(specs).args(COUNT).reply("any")
}

pub const TABLE: &[Row] = &[
    runs(cmd("EVAL script numkeys [key [key ...]] [arg [arg ...]]", eval), &[WRITES_NOTED])
        .plain(RUNS | LEAVES_TRACES)
        .session(OnSession::Nothing)
        .doc("2.6.0", "Depends on the script that is executed.", "Executes a server-side Lua script."),
    runs(cmd("EVAL_RO script numkeys [key [key ...]] [arg [arg ...]]", eval_ro), &[READS_NOTED]).read(RUNS).doc(
        "7.0.0",
        "Depends on the script that is executed.",
        "Executes a read-only server-side Lua script.",
    ),
    runs(cmd("EVALSHA sha1 numkeys [key [key ...]] [arg [arg ...]]", evalsha), &[WRITES])
        .plain(RUNS | LEAVES_TRACES)
        .session(OnSession::Nothing)
        .doc("2.6.0", "Depends on the script that is executed.", "Executes a server-side Lua script by SHA1 digest."),
    runs(cmd("EVALSHA_RO sha1 numkeys [key [key ...]] [arg [arg ...]]", evalsha_ro), &[READS]).read(RUNS).doc(
        "7.0.0",
        "Depends on the script that is executed.",
        "Executes a read-only server-side Lua script by SHA1 digest.",
    ),
    container("SCRIPT", SCRIPT).doc(
        "2.6.0",
        "Depends on subcommand.",
        "A container for Lua scripts management commands.",
    ),
];

const SCRIPT: &[Row] = &[
    sub("SCRIPT DEBUG <YES | SYNC | NO>", script_debug)
        .plain(NOSCRIPT)
        .session(OnSession::Nothing)
        .groups(&["mode"])
        .reply("OK")
        .doc("3.2.0", "O(1)", "Sets the debug mode of server-side Lua scripts."),
    sub("SCRIPT EXISTS sha1 [sha1 ...]", script_exists)
        .plain(NOSCRIPT)
        .session(OnSession::Nothing)
        .tips(&["request_policy:all_shards", "response_policy:agg_logical_and"])
        .reply("array of int")
        .doc(
            "2.6.0",
            "O(N) with N being the number of scripts to check (so checking a single script is an O(1) operation).",
            "Determines whether server-side Lua scripts exist in the script cache.",
        ),
    sub("SCRIPT FLUSH [ASYNC | SYNC]", script_flush)
        .plain(NOSCRIPT)
        .session(OnSession::Nothing)
        .tips(&["request_policy:all_nodes", "response_policy:all_succeeded"])
        .groups(&["flush-type"])
        .history(&[("6.2.0", "Added the `ASYNC` and `SYNC` flushing mode modifiers.")])
        .reply("OK")
        .doc(
            "2.6.0",
            "O(N) with N being the number of scripts in cache",
            "Removes all server-side Lua scripts from the script cache.",
        ),
    sub("SCRIPT HELP", script_help).plain(LOADING | STALE).reply("array of simple").doc(
        "5.0.0",
        "O(1)",
        "Returns helpful text about the different subcommands.",
    ),
    sub("SCRIPT KILL", script_kill)
        .plain(ALLOW_BUSY | NOSCRIPT)
        .session(OnSession::Nothing)
        .tips(&["request_policy:all_shards", "response_policy:one_succeeded"])
        .reply("OK")
        .doc("2.6.0", "O(1)", "Terminates a server-side Lua script during execution."),
    sub("SCRIPT LOAD script", script_load)
        .plain(NOSCRIPT | STALE)
        .session(OnSession::Nothing)
        .tips(&["request_policy:all_nodes", "response_policy:all_succeeded"])
        .reply("bulk")
        .doc(
            "2.6.0",
            "O(N) with N being the length in bytes of the script body.",
            "Loads a server-side Lua script to the script cache.",
        ),
    sub("SCRIPT SHOW sha1", script_show).plain(NOSCRIPT | STALE).only(Dialect::Valkey).reply("bulk").doc(
        "8.0.0",
        "O(1).",
        "Show server-side Lua script in the script cache.",
    ),
];

fn eval(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    run_source(cx, args, false)
}

fn eval_ro(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    run_source(cx, args, true)
}

fn evalsha(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    run_known(cx, args, false)
}

fn evalsha_ro(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    run_known(cx, args, true)
}

fn run_source(cx: &mut Ctx<'_>, args: Args<'_>, readonly: bool) -> Done {
    cx.show(args);
    let parts = split(args)?;
    let digest = keep(cx, args.at(1), false)?;
    run(cx, args, &digest, parts, readonly)
}

fn run_known(cx: &mut Ctx<'_>, args: Args<'_>, readonly: bool) -> Done {
    cx.show(args);
    let digest = Digest::try_from(args.at(1).to_ascii_lowercase()).map_err(|_| Error::NoMatchingScript)?;
    run(cx, args, &digest, split(args)?, readonly)
}

fn run(cx: &mut Ctx<'_>, all: Args<'_>, digest: &Digest, (keys, args): (Args<'_>, Args<'_>), readonly: bool) -> Done {
    let scripts = &mut cx.server.scripts;
    let Some(script) = scripts.touch(digest) else { return Err(Error::NoMatchingScript) };
    let call =
        Call { function: script.function, name: digest, flags: script.flags, keys, args, is_function: false, readonly };
    script::run(cx, all, &call)
}

/// The keys and the arguments behind `numkeys`.
pub fn split(args: Args<'_>) -> Result<(Args<'_>, Args<'_>), Error> {
    let count = args.int(2)?;
    if count > args.len() as i64 - 3 {
        return Err(Error::TooManyKeys);
    }
    if count < 0 {
        return Err(Error::Fixed("ERR Number of keys can't be negative"));
    }
    let end = 3 + count as usize;
    Ok((args.slice(3, end), args.slice(end, args.len())))
}

/// Compiles a script and keeps it, if it is not there yet.
fn keep(cx: &mut Ctx<'_>, source: &[u8], loaded: bool) -> Result<Digest, Error> {
    let digest = digest(source);
    let identity = cx.server.identity();
    let scripts = &mut cx.server.scripts;
    if scripts.get(&digest).is_some() {
        if loaded {
            scripts.pin(&digest);
        }
        return Ok(digest);
    }
    let head = load::head(source)?;
    if scripts.lua.is_none() {
        scripts.lua = Interpreter::new(cx.host.clock, Some((api::install, identity)));
    }
    let Some(lua) = &scripts.lua else { return Err(Error::OutOfMemory) };
    let kept = copied(source).ok_or(Error::OutOfMemory)?;
    let heading = b"ERR Error compiling script (new function): ";
    let function = load::compile(lua, head.body, c"@user_script", heading)?;
    if let Some(gone) = scripts.add(digest, kept, head.flags, function, loaded)
        && let Some(lua) = &scripts.lua
    {
        load::forget(lua, gone);
    }
    Ok(digest)
}

fn script_load(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let digest = keep(cx, args.at(2), true)?;
    cx.out.bulk(&digest);
    Ok(())
}

fn script_show(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let missing = Error::Fixed("NOSCRIPT No matching script.");
    let script = cx.server.scripts.get(&args.at(2).to_ascii_lowercase()).ok_or(missing)?;
    cx.out.bulk(&script.source);
    Ok(())
}

fn script_exists(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    cx.out.array(args.len() - 2);
    for name in args.tail(2) {
        let there = cx.server.scripts.get(&name.to_ascii_lowercase()).is_some();
        cx.out.int(there as i64);
    }
    Ok(())
}

fn script_flush(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if args.len() > 3 || args.get(2).is_some_and(|mode| !is_flush_mode(mode)) {
        return Err(Error::Fixed("ERR SCRIPT FLUSH only support SYNC|ASYNC option"));
    }
    cx.server.scripts.flush();
    cx.out.ok();
    Ok(())
}

pub fn is_flush_mode(word: &[u8]) -> bool {
    word.eq_ignore_ascii_case(b"sync") || word.eq_ignore_ascii_case(b"async")
}

fn script_kill(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    kill(cx, false)
}

/// Ends the script that is paused, if it is of this kind and has not written.
pub fn kill(cx: &mut Ctx<'_>, functions: bool) -> Done {
    let Some(paused) = &mut cx.server.scripts.paused else { return Err(Error::NotBusy) };
    if paused.is_function != functions {
        return Err(if functions { Error::BusyScript } else { Error::BusyFunction });
    }
    if paused.running.wrote {
        return Err(Error::Unkillable);
    }
    paused.killed = true;
    cx.out.ok();
    Ok(())
}

/// There is no debugger: the modes are taken, and change nothing.
fn script_debug(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if ![&b"yes"[..], b"sync", b"no"].iter().any(|mode| args.at(2).eq_ignore_ascii_case(mode)) {
        return Err(Error::Fixed("ERR Use SCRIPT DEBUG YES/SYNC/NO"));
    }
    cx.out.ok();
    Ok(())
}

fn script_help(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    help::help(
        cx,
        "SCRIPT",
        &[
            "DEBUG (YES|SYNC|NO)",
            "    Set the debug mode for subsequent scripts executed.",
            "EXISTS <sha1> [<sha1> ...]",
            "    Return information about the existence of the scripts in the script cache.",
            "FLUSH [ASYNC|SYNC]",
            "    Flush the Lua scripts cache. Very dangerous on replicas.",
            "    When called without the optional mode argument, the behavior is determined by the",
            "    lazyfree-lazy-user-flush configuration directive. Valid modes are:",
            "    * ASYNC: Asynchronously flush the scripts cache.",
            "    * SYNC: Synchronously flush the scripts cache.",
            "KILL",
            "    Kill the currently executing Lua script.",
            "LOAD <script>",
            "    Load a script into the scripts cache without executing it.",
        ],
    )
}
