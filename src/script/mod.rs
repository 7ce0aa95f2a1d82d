//! Scripts: programs in Lua that run commands. A command that runs one calls [`run`]; the commands within it come back here by
//! `redis.call` ([`api`]), and go the way of all commands ([`command`]).
//!
//! ```text
//! run    the checks of a script -> its function, with KEYS and ARGV, in a thread of Lua -> its value as a reply, or its error
//! ```
//!
//! What Lua raises is caught by Lua: nothing of Rust's that must be dropped is on the stack where a function of Lua's may raise.

pub mod api;
pub mod library;
pub mod load;
pub mod values;

use crate::exec::{Ctx, Done};
use crate::lua::ffi::*;
use crate::lua::sandbox::describe_error;
use crate::lua::stack::{Kind, Stack};
use crate::lua::{Interpreter, Verdict};
use crate::lua_function;
use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::server::config::Id;
use crate::server::host::HostRequest;
use crate::server::scripts::{Paused, Running, flags::*};
use crate::table::spec::Spec;
use crate::table::spec::flags::WRITE;
use crate::types::copy::copied;
use crate::types::slots::slot;
use std::cell::Cell;
use std::ffi::c_int;
use std::ptr::null_mut;

/// A script that is to be run.
pub struct Call<'a> {
    /// Its function, by its number in the registry of its interpreter.
    pub function: c_int,
    /// What errors call it: its digest, or the function's name.
    pub name: &'a [u8],
    pub flags: u32,
    /// KEYS and ARGV.
    pub keys: Args<'a>,
    pub args: Args<'a>,
    /// A function of a library: it is given KEYS and ARGV, where a script finds them among the globals.
    pub is_function: bool,
    /// It was run by a command that may not write.
    pub readonly: bool,
}

/// What the pieces of a run share, which Lua calls.
struct Run<'a, 'b> {
    cx: *mut Ctx<'b>,
    name: &'a [u8],
    /// What it is run with; it is not there when it goes on after a pause.
    call: Option<&'a Call<'a>>,
}

/// So many milliseconds a script that was paused goes on for at a time.
const SLICE: f64 = 5.0;

/// Commands of so many bytes need little memory for what becomes of them in Lua.
const SMALL: usize = 1 << 16;

/// The error of a script that was killed.
const KILLED: &str = "Script killed by user with SCRIPT KILL...";

/// Runs a script, and writes its reply. `args` are those of the command that runs it.
pub fn run(cx: &mut Ctx<'_>, args: Args<'_>, call: &Call<'_>) -> Done {
    let over_limit = cx.is_over_limit();
    if call.flags & COMPAT == 0 {
        if call.readonly && call.flags & NO_WRITES == 0 {
            return Err(Error::Fixed("ERR Can not execute a script with write flag using *_ro command."));
        }
        if over_limit && call.flags & (ALLOW_OOM | NO_WRITES) == 0 {
            return Err(Error::OutOfMemory);
        }
    }
    if call.flags & NO_CLUSTER != 0 && cx.server.cluster.is_some() {
        return Err(Error::Fixed("ERR Can not run script on cluster, 'no-cluster' flag is set."));
    }
    let patient = cx.session.patient && cx.depth == 0;
    cx.server.scripts.running = Some(Running {
        flags: call.flags,
        readonly: call.readonly || call.flags & NO_WRITES != 0,
        wrote: false,
        dirty: cx.db.log.dirty,
        over_limit,
        slot: Cell::new(call.keys.get(0).map(slot)),
        resp3: false,
        propagation: 3,
        patient,
        warned: false,
    });
    let (db, last, mark) = (cx.session.db, cx.session.last, cx.out.mark());
    let after = if cx.session.patient { cx.server.config.int(Id::BusyReply) as f64 } else { cx.server.scripts.timeout };
    let Some(lua) = interpreter(cx, call.is_function) else { return Err(Error::OutOfMemory) };
    let started = (lua.clock)();
    let mut run = Run { cx: &raw mut *cx, name: call.name, call: Some(call) };
    let small = args.bytes() <= SMALL;
    if small {
        lua.call(prepare, &mut run);
    }
    let end = if small || lua.protect(prepare, &mut run).is_ok() {
        if after > 0.0 {
            lua.limit_from(started, after, judge);
        }
        go(lua, &mut run, if call.is_function { 2 } else { 0 })
    } else {
        lua.stack().truncate(0);
        End::Done(Err(Error::OutOfMemory))
    };
    let running = cx.server.scripts.running.take();
    cx.out.resp3 = cx.session.resp3;
    match end {
        End::Done(done) => {
            leave(cx, db, last);
            if done.is_err() {
                cx.out.drop_to(mark);
            }
            done
        }
        End::Paused => {
            let Some(running) = running else { return Ok(()) };
            cx.server.scripts.paused = Some(Box::new(Paused {
                session: cx.session.id,
                closed: None,
                number: cx.number,
                command: args.tail(0).map(|word| copied(word).unwrap_or_default()).collect(),
                name: call.name.to_vec(),
                is_function: call.is_function,
                started,
                now: cx.now,
                time: cx.server.time,
                db,
                last,
                running,
                killed: false,
            }));
            cx.session.paused = true;
            cx.host.requests.push(HostRequest::GoOn);
            Ok(())
        }
    }
}

/// Goes on with a script that was paused. Its reply is written, or its error given; nothing where it is paused again.
pub fn go_on(cx: &mut Ctx<'_>, mut paused: Paused) -> Option<Done> {
    let lua = interpreter(cx, paused.is_function)?;
    let (killed, name) = (paused.killed, std::mem::take(&mut paused.name));
    cx.turn_to(paused.number);
    cx.server.scripts.running = Some(paused.running);
    lua.limit(SLICE, judge);
    if killed {
        lua.stop(KILLED);
    }
    let mark = cx.out.mark();
    let mut run = Run { cx: &raw mut *cx, name: &name, call: None };
    let end = go(lua, &mut run, 0);
    let running = cx.server.scripts.running.take();
    cx.out.resp3 = cx.session.resp3;
    match (end, running) {
        (End::Done(done), _) => {
            leave(cx, paused.db, paused.last);
            if done.is_err() {
                cx.out.drop_to(mark);
            }
            Some(done)
        }
        (End::Paused, Some(running)) => {
            cx.server.scripts.paused = Some(Box::new(Paused { name, running, ..paused }));
            None
        }
        (End::Paused, None) => None,
    }
}

/// The interpreter of scripts, or of functions.
fn interpreter<'a>(cx: &Ctx<'_>, of_functions: bool) -> Option<&'a Interpreter> {
    let scripts = &cx.server.scripts;
    let lua = if of_functions { &scripts.functions.lua } else { &scripts.lua };
    let lua: *const Interpreter = &raw const **lua.as_ref()?;
    // SAFETY: it stays where it is while something runs in it: nothing that a script can do lets go of it.
    Some(unsafe { &*lua })
}

/// The session is what it was before the script.
fn leave(cx: &mut Ctx<'_>, db: usize, last: Option<&'static Spec>) {
    cx.session.last = last;
    if cx.session.db != db {
        cx.session.db = db;
        cx.db.select(db);
    }
}

/// How far a script has come.
enum End {
    Done(Done),
    Paused,
}

/// Runs what is in the thread of scripts, up to its end or a pause.
fn go(lua: &Interpreter, run: &mut Run<'_, '_>, arguments: c_int) -> End {
    lua.context.set(run.cx.cast());
    let status = unsafe { lua_resume(lua.runner().0, arguments) };
    // The error's text may be what a metamethod makes of it: that, too, is the script, within its limits.
    let ended = match status {
        LUA_YIELD => Ok(()),
        0 => {
            lua.call(finish, run);
            Ok(())
        }
        _ => lua.protect(fail, run),
    };
    lua.context.set(null_mut());
    let stopped = lua.unlimited();
    if status == LUA_YIELD {
        return End::Paused;
    }
    lua.stack().truncate(0);
    if status == 0 {
        lua.runner().truncate(0);
    } else {
        lua.renew_runner();
    }
    let done = match (status, ended) {
        (0, _) => Ok(()),
        (_, Ok(())) => Err(lua.collected().map_or(Error::OutOfMemory, Error::Told)),
        (_, Err(_)) => Err(stopped.map_or(Error::OutOfMemory, |text| Error::quoting(&[b"ERR ", text.as_bytes()]))),
    };
    lua.rest();
    End::Done(done)
}

/// What becomes of a script that has run for long: it is paused where it can be, else it ends, unless it has written.
fn judge(lua: &Interpreter, may_pause: bool) -> Verdict {
    let Some(cx) = api::context(lua.runner()) else { return Verdict::GoOn };
    let Some(running) = &mut cx.server.scripts.running else { return Verdict::GoOn };
    if running.patient && may_pause {
        return Verdict::Pause;
    }
    if cx.db.log.dirty != running.dirty {
        return Verdict::GoOn;
    }
    if running.patient && !std::mem::replace(&mut running.warned, true) {
        // As long again, which may bring it to a place where it can be paused.
        lua.limit(cx.server.config.int(Id::BusyReply) as f64, judge);
        return Verdict::GoOn;
    }
    Verdict::Stop(KILLED)
}

lua_function! {
    /// Puts function and arguments on the stack of the thread that runs scripts.
    prepare = |lua: Stack| {
        let run = unsafe { &*lua.pointer(1).cast::<Run<'_, '_>>() };
        let runner = lua.interpreter().runner();
        if !runner.reserve(3) {
            return Err(lua.error(b"not enough memory"));
        }
        let Some(call) = run.call else { return Ok(0) };
        lua.element(LUA_REGISTRYINDEX, call.function);
        for (name, args) in [(c"KEYS", call.keys), (c"ARGV", call.args)] {
            lua.push_table(args.len(), 0);
            for (n, arg) in (1..).zip(args.tail(0)) {
                lua.push_bytes(arg);
                lua.set_element(-2, n);
            }
            if !call.is_function {
                lua.set_global(name);
            }
        }
        let count = if call.is_function { 3 } else { 1 };
        unsafe { lua_xmove(lua.0, runner.0, count) };
        Ok(0)
    };
    /// Writes what the script has returned. It asks for no memory of Lua's but for the names of fields.
    finish = |lua: Stack| {
        let run = unsafe { &*lua.pointer(1).cast::<Run<'_, '_>>() };
        let cx = unsafe { &mut *run.cx };
        let runner = lua.interpreter().runner();
        if runner.is_empty() {
            lua.push_nil();
        } else {
            runner.truncate(1);
            unsafe { lua_xmove(runner.0, lua.0, 1) };
        }
        let resp3 = cx.server.scripts.running.as_ref().is_some_and(|running| running.resp3);
        cx.out.resp3 = cx.session.resp3;
        values::Writer { lua, out: cx.out, stats: &mut cx.server.stats, resp3 }.write();
        Ok(0)
    };
    /// Leaves the text of the error that ended the script in the interpreter's buffer.
    fail = |lua: Stack| {
        let run = unsafe { &*lua.pointer(1).cast::<Run<'_, '_>>() };
        let runner = lua.interpreter().runner();
        unsafe { lua_xmove(runner.0, lua.0, 1) };
        describe_error(lua, runner, 0);
        lua.raw_field(-1, values::COUNTED);
        let counted = lua.boolean(-1);
        lua.pop(1);
        let out = lua.scratch();
        for (name, before) in [(c"err", &b""[..]), (c"", b" script: "), (c"source", b", on "), (c"line", b":")] {
            if name.is_empty() {
                out.extend_from_slice(before);
                out.extend_from_slice(run.name);
                continue;
            }
            unsafe { lua_getfield(lua.0, -1, name.as_ptr()) };
            match lua.bytes(-1) {
                Some(text) => {
                    out.extend_from_slice(before);
                    out.extend_from_slice(values::before_zero(text));
                }
                None if name == c"err" => out.extend_from_slice(b"ERR unknown error"),
                None => {}
            }
            if name == c"line" && lua.kind(-1) != Kind::Nil {
                out.push(b'.');
            }
            lua.pop(1);
        }
        if !counted {
            unsafe { &mut *run.cx }.server.stats.count_error(out);
        }
        Ok(0)
    };
}

/// Runs one command of a script. Its reply is written, in the protocol that the script has chosen.
fn command(cx: &mut Ctx<'_>, args: Args<'_>) {
    let Some(running) = &cx.server.scripts.running else { return };
    cx.out.resp3 = running.resp3;
    let keeps = running.propagation & 1 != 0;
    let journal = cx.db.log.journal.on;
    cx.db.log.journal.on &= keeps;
    cx.run_nested(args);
    cx.db.log.journal.on = journal;
    let writes = cx.session.last.is_some_and(|cmd| cmd.flags & WRITE != 0);
    if let Some(running) = &mut cx.server.scripts.running {
        running.wrote |= writes;
    }
}

/// Pushes a table of functions.
pub fn push_library(lua: Stack, functions: &[(&str, lua_CFunction)]) {
    lua.push_table(0, functions.len());
    for (name, function) in functions {
        lua.push_function(*function);
        lua.set_raw_field(-2, name);
    }
}
