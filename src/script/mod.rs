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
use crate::lua::Interpreter;
use crate::lua_function;
use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::server::scripts::{Running, flags::*};
use crate::table::spec::flags::WRITE;
use std::ffi::{c_int, c_void};
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
    call: &'a Call<'a>,
    resp3: bool,
}

/// Runs a script, and writes its reply.
pub fn run(cx: &mut Ctx<'_>, lua: *const Interpreter, call: &Call<'_>) -> Done {
    let over_limit = cx.is_over_limit();
    if call.flags & COMPAT == 0 {
        if call.readonly && call.flags & NO_WRITES == 0 {
            return Err(Error::Fixed("ERR Can not execute a script with write flag using *_ro command."));
        }
        if over_limit && call.flags & (ALLOW_OOM | NO_WRITES) == 0 {
            return Err(Error::OutOfMemory);
        }
    }
    cx.server.scripts.running = Some(Running {
        flags: call.flags,
        readonly: call.readonly || call.flags & NO_WRITES != 0,
        wrote: false,
        over_limit,
        resp3: false,
        propagation: 3,
    });
    let (db, last, mark) = (cx.session.db, cx.session.last, cx.out.mark());
    // SAFETY: nobody else uses the interpreter or the context while Lua runs; the functions of `redis` find them by these pointers.
    let done = unsafe { enter(&*lua, &raw mut *cx, call) };
    cx.session.last = last;
    if cx.session.db != db {
        cx.session.db = db;
        cx.db.select(db);
    }
    cx.out.resp3 = cx.session.resp3;
    cx.server.scripts.running = None;
    if done.is_err() {
        cx.out.drop_to(mark);
    }
    done
}

/// Runs a script in Lua, between what goes into it and what comes out.
unsafe fn enter(lua: &Interpreter, cx: *mut Ctx<'_>, call: &Call<'_>) -> Done {
    unsafe {
        let mut run = Run { cx: cx.cast(), call, resp3: false };
        let run = &raw mut run;
        let with: *mut c_void = run.cast();
        let stack = lua.stack();
        if lua.protect(prepare, with).is_err() {
            stack.truncate(0);
            return Err(Error::OutOfMemory);
        }
        lua.context.set(cx.cast());
        let status = lua_resume(lua.runner().0, if call.is_function { 2 } else { 0 });
        lua.context.set(null_mut());
        (*run).resp3 = (*cx).server.scripts.running.as_ref().is_some_and(|running| running.resp3);
        (*cx).out.resp3 = (*cx).session.resp3;
        let ended = lua.protect(if status == 0 { finish } else { fail }, with);
        stack.truncate(0);
        if status == 0 {
            lua.runner().truncate(0);
        } else {
            lua.renew_runner();
        }
        stack.collect();
        match (status, ended) {
            (0, Ok(())) => Ok(()),
            (_, Ok(())) => Err(Error::Told(lua.collected())),
            (_, Err(_)) => Err(Error::OutOfMemory),
        }
    }
}

lua_function! {
    /// Puts function and arguments on the stack of the thread that runs scripts.
    prepare = |lua: Stack| {
        let run = unsafe { &*lua.pointer(1).cast::<Run<'_, '_>>() };
        let runner = lua.interpreter().runner();
        if !runner.reserve(3) {
            return Err(lua.error(b"not enough memory"));
        }
        lua.element(LUA_REGISTRYINDEX, run.call.function);
        for (name, args) in [(c"KEYS", run.call.keys), (c"ARGV", run.call.args)] {
            lua.push_table(args.len(), 0);
            for (n, arg) in (1..).zip(args.tail(0)) {
                lua.push_bytes(arg);
                lua.set_element(-2, n);
            }
            if !run.call.is_function {
                lua.set_global(name);
            }
        }
        let count = if run.call.is_function { 3 } else { 1 };
        unsafe { lua_xmove(lua.0, runner.0, count) };
        Ok(0)
    };
    /// Writes what the script has returned.
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
        values::Writer { lua, out: cx.out, stats: &mut cx.server.stats, resp3: run.resp3 }.write();
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
        for (name, before) in [("err", &b""[..]), ("", b" script: "), ("source", b", on "), ("line", b":")] {
            if name.is_empty() {
                out.extend_from_slice(before);
                out.extend_from_slice(run.call.name);
                continue;
            }
            lua.raw_field(-1, name);
            match lua.bytes(-1) {
                Some(text) => {
                    out.extend_from_slice(before);
                    out.extend_from_slice(text);
                }
                None if name == "err" => out.extend_from_slice(b"ERR unknown error"),
                None => {}
            }
            if name == "line" && lua.kind(-1) != Kind::Nil {
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
