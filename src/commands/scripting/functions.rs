//! Functions: libraries that stay, and are data as keys are: FUNCTION LOAD and its kind, FCALL, FCALL_RO.

use super::{is_flush_mode, kill, runs, split};
use crate::commands::shared::help;
use crate::exec::row::{Row, cmd, container, sub};
use crate::exec::{Ctx, Done};
use crate::rdb::payload;
use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::script::{self, Call, library};
use crate::server::scripts::{Functions, Library, flags::NAMES};
use crate::table::spec::{OnSession, Shards, flags::*};
use crate::types::copy::copied;
use crate::types::glob;

pub const TABLE: &[Row] = &[
    runs(cmd("FCALL function numkeys [key [key ...]] [arg [arg ...]]", fcall), &[super::WRITES_NOTED])
        .plain(super::RUNS | LEAVES_TRACES)
        .session(OnSession::Nothing)
        .doc("7.0.0", "Depends on the function that is executed.", "Invokes a function."),
    runs(cmd("FCALL_RO function numkeys [key [key ...]] [arg [arg ...]]", fcall_ro), &[super::READS_NOTED])
        .read(super::RUNS)
        .doc("7.0.0", "Depends on the function that is executed.", "Invokes a read-only function."),
    container("FUNCTION", FUNCTION).doc("7.0.0", "Depends on subcommand.", "A container for function commands."),
];

const ALL_SUCCEED: &[&str] = &["request_policy:all_shards", "response_policy:all_succeeded"];

const FUNCTION: &[Row] = &[
    sub("FUNCTION DELETE library-name", delete).write(NOSCRIPT).tips(ALL_SUCCEED).keys_at(0, 0, 0).reply("OK").doc(
        "7.0.0",
        "O(1)",
        "Deletes a library and its functions.",
    ),
    sub("FUNCTION DUMP", dump).plain(NOSCRIPT).session(OnSession::Nothing).reply("bulk").doc(
        "7.0.0",
        "O(N) where N is the number of functions",
        "Dumps all libraries into a serialized binary payload.",
    ),
    sub("FUNCTION FLUSH [ASYNC | SYNC]", flush)
        .write(NOSCRIPT)
        .tips(ALL_SUCCEED)
        .groups(&["flush-type"])
        .reply("OK")
        .doc("7.0.0", "O(N) where N is the number of functions deleted", "Deletes all libraries and functions."),
    sub("FUNCTION HELP", function_help).plain(LOADING | STALE).reply("array of simple").doc(
        "7.0.0",
        "O(1)",
        "Returns helpful text about the different subcommands.",
    ),
    sub("FUNCTION KILL", function_kill)
        .plain(ALLOW_BUSY | NOSCRIPT)
        .session(OnSession::Nothing)
        .tips(&["request_policy:all_shards", "response_policy:one_succeeded"])
        .reply("OK")
        .doc("7.0.0", "O(1)", "Terminates a function during execution."),
    sub("FUNCTION LIST [LIBRARYNAME library-name-pattern] [WITHCODE]", list)
        .plain(NOSCRIPT)
        .session(OnSession::Nothing)
        .tips(&["nondeterministic_output_order"])
        .reply("array of map of any")
        .doc("7.0.0", "O(N) where N is the number of functions", "Returns information about all libraries."),
    sub("FUNCTION LOAD [REPLACE] function-code", load).write(DENYOOM | NOSCRIPT).tips(ALL_SUCCEED).reply("bulk").doc(
        "7.0.0",
        "O(1) (considering compilation time is redundant)",
        "Creates a library.",
    ),
    sub("FUNCTION RESTORE serialized-value [FLUSH | APPEND | REPLACE]", restore)
        .write(DENYOOM | NOSCRIPT)
        .tips(ALL_SUCCEED)
        .groups(&["policy"])
        .reply("OK")
        .doc(
            "7.0.0",
            "O(N) where N is the number of functions on the payload",
            "Restores all libraries from a payload.",
        ),
    sub("FUNCTION STATS", stats)
        .plain(ALLOW_BUSY | NOSCRIPT)
        .session(OnSession::Nothing)
        .tips(&["nondeterministic_output", "request_policy:all_shards", "response_policy:special"])
        .shards(Shards::First)
        .reply("map of any")
        .doc("7.0.0", "O(1)", "Returns information about a function during execution."),
];

fn fcall(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    run(cx, args, false)
}

fn fcall_ro(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    run(cx, args, true)
}

fn run(cx: &mut Ctx<'_>, args: Args<'_>, readonly: bool) -> Done {
    cx.show(args);
    let functions = &cx.server.scripts.functions;
    let Some(function) = functions.get(args.at(1)) else { return Err(Error::Fixed("ERR Function not found")) };
    let (flags, key, name) = (function.flags, function.function, function.name.clone());
    let (keys, rest) = split(args).map_err(|error| match error {
        Error::Fixed("ERR value is not an integer or out of range") => Error::Fixed("ERR Bad number of keys provided"),
        error => error,
    })?;
    let call = Call { function: key, name: &name, flags, keys, args: rest, is_function: true, readonly };
    script::run(cx, args, &call)
}

fn load(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let mut replace = false;
    for option in (2..args.len() - 1).map(|at| args.at(at)) {
        if !option.eq_ignore_ascii_case(b"replace") {
            return Err(Error::quoting(&[b"ERR Unknown option given: ", option]));
        }
        replace = true;
    }
    let name = add(cx, args.at(args.len() - 1), replace, b"'")?;
    cx.out.bulk(&name);
    Ok(())
}

/// Adds a library; its name. Errors quote that one way or another.
fn add(cx: &mut Ctx<'_>, source: &[u8], replace: bool, quote: &[u8]) -> Result<Vec<u8>, Error> {
    let head = library::head(source)?;
    let identity = cx.server.identity();
    let functions = &mut cx.server.scripts.functions;
    let there = functions.library(&head.name).is_some();
    if there && !replace {
        return Err(Error::quoting(&[b"ERR Library ", quote, &head.name, quote, b" already exists"]));
    }
    if functions.lua.is_none() {
        functions.lua = library::interpreter(cx.host.clock, identity);
    }
    let kept = copied(source).ok_or(Error::OutOfMemory)?;
    let Some(lua) = &functions.lua else { return Err(Error::OutOfMemory) };
    let loaded = library::load(lua, head.body)?;
    let own = functions.library(&head.name).map_or(&[][..], |library| &library.functions);
    let taken = loaded.iter().find(|one| functions.get(&one.name).is_some() && !own.contains(&one.key));
    if let Some(taken) = taken {
        let error = Error::quoting(&[b"ERR Function ", &taken.name, b" already exists"]);
        if let Some(lua) = &functions.lua {
            library::forget(lua, &loaded);
        }
        return Err(error);
    }
    library::remove(functions, &head.name);
    functions.add(head.name.clone(), kept, loaded);
    cx.db.log.dirty += 1;
    Ok(head.name)
}

fn delete(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if !library::remove(&mut cx.server.scripts.functions, args.at(2)) {
        return Err(Error::Fixed("ERR Library not found"));
    }
    cx.db.log.dirty += 1;
    cx.out.ok();
    Ok(())
}

fn flush(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if args.len() > 3 || args.get(2).is_some_and(|mode| !is_flush_mode(mode)) {
        return Err(Error::Fixed("ERR FUNCTION FLUSH only supports SYNC|ASYNC option"));
    }
    cx.server.scripts.functions.flush();
    cx.db.log.dirty += 1;
    cx.out.ok();
    Ok(())
}

fn list(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (mut pattern, mut with_code) = (None, false);
    let mut opts = args.options(2);
    while let Some(opt) = opts.next() {
        if opt.is("WITHCODE") && !with_code {
            with_code = true;
        } else if opt.is("LIBRARYNAME") && pattern.is_none() {
            let given = opts.value().map_err(|_| Error::Fixed("ERR library name argument was not given"))?;
            pattern = Some(given);
        } else {
            return Err(Error::quoting(&[b"ERR Unknown argument ", opt.0]));
        }
    }
    let functions = &cx.server.scripts.functions;
    let wanted = |library: &&Library| pattern.is_none_or(|pattern| glob::matches_any_case(pattern, &library.name));
    cx.out.array(functions.libraries.iter().filter(wanted).count());
    for library in functions.libraries.iter().filter(wanted) {
        cx.out.map(if with_code { 4 } else { 3 });
        cx.out.bulk(b"library_name");
        cx.out.bulk(&library.name);
        cx.out.bulk(b"engine");
        cx.out.bulk(b"LUA");
        cx.out.bulk(b"functions");
        cx.out.array(library.functions.len());
        for function in library.functions.iter().filter_map(|name| functions.get(name)) {
            cx.out.map(3);
            cx.out.bulk(b"name");
            cx.out.bulk(&function.name);
            cx.out.bulk(b"description");
            match &function.description {
                Some(text) => cx.out.bulk(text),
                None => cx.out.null(),
            }
            cx.out.bulk(b"flags");
            let set = NAMES.iter().filter(|(bit, _)| function.flags & bit != 0);
            cx.out.set(set.clone().count());
            for (_, name) in set {
                cx.out.simple(name);
            }
        }
        if with_code {
            cx.out.bulk(b"library_code");
            cx.out.bulk(&library.source);
        }
    }
    Ok(())
}

fn stats(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let functions = &cx.server.scripts.functions;
    let paused = cx.server.scripts.paused.as_ref();
    if paused.is_some_and(|paused| !paused.is_function) {
        return Err(Error::BusyScript);
    }
    cx.out.map(2);
    cx.out.bulk(b"running_script");
    match paused {
        Some(paused) => {
            cx.out.map(3);
            cx.out.bulk(b"name");
            cx.out.bulk(&paused.name);
            cx.out.bulk(b"command");
            cx.out.array(paused.command.len());
            for word in &paused.command {
                cx.out.bulk(word);
            }
            cx.out.bulk(b"duration_ms");
            cx.out.int(((cx.host.clock)() - paused.started) as i64);
        }
        None => cx.out.null(),
    }
    cx.out.bulk(b"engines");
    cx.out.map(1);
    cx.out.bulk(b"LUA");
    cx.out.map(2);
    cx.out.bulk(b"libraries_count");
    cx.out.int(functions.libraries.len() as i64);
    cx.out.bulk(b"functions_count");
    cx.out.int(functions.len() as i64);
    Ok(())
}

fn function_kill(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    kill(cx, true)
}

fn dump(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let sources = cx.server.scripts.functions.libraries.iter().map(|library| &library.source[..]);
    let payload = payload::functions(sources, cx.server.rdb_form()).ok_or(Error::OutOfMemory)?;
    cx.out.bulk(&payload);
    Ok(())
}

fn restore(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let policy = args.get(3).unwrap_or(b"append").to_ascii_lowercase();
    if args.len() > 4 {
        return Err(help::usage(args));
    }
    if ![&b"flush"[..], b"append", b"replace"].contains(&&policy[..]) {
        return Err(Error::Fixed("ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE."));
    }
    let sources = payload::read_functions(args.at(2), cx.server.rdb_form())?;
    // All or nothing: what is there is put aside until the last one has loaded.
    let before = std::mem::replace(&mut cx.server.scripts.functions, Functions::new(cx.db.seed()));
    let dirty = cx.db.log.dirty;
    let result = (|| {
        let mut count = 0;
        for source in sources {
            add(cx, &source?, false, b"")?;
            count += 1;
        }
        // Those that stay are told apart before one of them is loaded, and come first in the end.
        let is_new = |cx: &Ctx<'_>, name: &[u8]| cx.server.scripts.functions.library(name).is_some();
        let mut kept = Vec::new();
        for library in before.libraries.iter().filter(|_| policy != b"flush") {
            match is_new(cx, &library.name) {
                true if policy == b"append" => {
                    return Err(Error::quoting(&[b"ERR Library ", &library.name, b" already exists"]));
                }
                true => {}
                false => kept.push(&library.source),
            }
        }
        for source in kept {
            add(cx, source, false, b"")?;
        }
        let libraries = &mut cx.server.scripts.functions.libraries;
        for _ in 0..count {
            let first = libraries.remove(0);
            libraries.push(first);
        }
        Ok(())
    })();
    cx.db.log.dirty = dirty;
    if let Err(error) = result {
        cx.server.scripts.functions = before;
        return Err(error);
    }
    cx.db.log.dirty += 1;
    cx.out.ok();
    Ok(())
}

fn function_help(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    help::help(
        cx,
        "FUNCTION",
        &[
            "LOAD [REPLACE] <FUNCTION CODE>",
            "    Create a new library with the given library name and code.",
            "DELETE <LIBRARY NAME>",
            "    Delete the given library.",
            "LIST [LIBRARYNAME PATTERN] [WITHCODE]",
            "    Return general information on all the libraries:",
            "    * Library name",
            "    * The engine used to run the Library",
            "    * Functions list",
            "    * Library code (if WITHCODE is given)",
            "    It also possible to get only function that matches a pattern using LIBRARYNAME argument.",
            "STATS",
            "    Return information about the current function running:",
            "    * Function name",
            "    * Command used to run the function",
            "    * Duration in MS that the function is running",
            "    If no function is running, return nil",
            "    In addition, returns a list of available engines.",
            "KILL",
            "    Kill the current running function.",
            "FLUSH [ASYNC|SYNC]",
            "    Delete all the libraries.",
            "    When called without the optional mode argument, the behavior is determined by the",
            "    lazyfree-lazy-user-flush configuration directive. Valid modes are:",
            "    * ASYNC: Asynchronously flush the libraries.",
            "    * SYNC: Synchronously flush the libraries.",
            "DUMP",
            "    Return a serialized payload representing the current libraries, can be restored using FUNCTION RESTORE command",
            "RESTORE <PAYLOAD> [FLUSH|APPEND|REPLACE]",
            "    Restore the libraries represented by the given payload, it is possible to give a restore policy to",
            "    control how to handle existing libraries (default APPEND):",
            "    * FLUSH: delete all existing libraries.",
            "    * APPEND: appends the restored libraries to the existing libraries. On collision, abort.",
            "    * REPLACE: appends the restored libraries to the existing libraries, On collision, replace the old",
            "      libraries with the new libraries (notice that even on this option there is a chance of failure",
            "      in case of functions name collision with another library).",
        ],
    )
}
