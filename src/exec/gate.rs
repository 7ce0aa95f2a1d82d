//! What stands between a command and its handler: whether it may run, in Redis's order of checks. Nothing is changed here.

use super::origin::Origin;
use super::{Ctx, Done, redirect};
use crate::allocator;
use crate::keyspace::Keyspace;
use crate::resp::args::Args;
use crate::resp::error::{Error, quoted};
use crate::server::config::Id;
use crate::server::scripts::flags::ALLOW_OOM;
use crate::server::users::Denied;
use crate::table::spec::{Spec, flags::*};

const SUBSCRIBED: &[u8] =
    b"': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context";

const NOT_IN_MULTI: &[u8] = b"' not allowed inside a transaction";

/// Where a command goes that may run.
pub enum Pass<'a> {
    Run,
    /// Behind the others of its transaction.
    Queue,
    /// Not with as much in memory as there is.
    NoRoom,
    /// The session's user may not.
    Denied(Denied<'a>),
}

/// Whether the command at which the context stands may run: are its arguments enough, may this session, is there memory, does the
/// store take it, is there a transaction.
#[inline(always)]
pub fn check<'a>(cx: &Ctx<'_>, args: Args<'a>) -> Result<Pass<'a>, Error> {
    let Ctx { cmd, session, .. } = cx;
    if cx.origin == Origin::Script {
        return check_script(cx, args);
    }
    if !cmd.accepts(args) {
        return Err(cx.arity());
    }
    if cx.origin.is_checked() {
        if session.bound
            && let Some(pass) = check_user(cx, args)?
        {
            return Ok(pass);
        }
        if cx.server.cluster.is_some() && cx.origin == Origin::Client {
            redirect::check(cx, args)?;
        }
        if (cmd.flags & TAKES_MEMORY != 0 || args.bytes() > allocator::LARGE) && !has_room(cx, args) {
            return Ok(Pass::NoRoom);
        }
        // PING tells whether the server does its work.
        let writes = cmd.flags & (WRITE | TELLS_HEALTH) != 0;
        if writes && (!cx.host.store.refusing.is_empty() || !cx.host.store.saved_ok) {
            store_takes(cx)?;
        }
    }
    if cx.server.scripts.paused.is_some() | cx.server.loading {
        return check_busy(cx, args);
    }
    if session.is_plain() { Ok(Pass::Run) } else { check_special(cx) }
}

/// Whether the session may run the command: it has logged in, and its user may, on these keys and channels.
#[inline(never)]
fn check_user<'a>(cx: &Ctx<'_>, args: Args<'a>) -> Result<Option<Pass<'a>>, Error> {
    let Ctx { cmd, session, .. } = cx;
    if cmd.flags & NO_AUTH == 0 && cx.server.users.awaits_login(session) {
        return Err(Error::NoAuth);
    }
    let denied = cx.server.users.check(session, cx.number, cmd, args).err();
    // What no transaction takes, Valkey refuses for that.
    let in_vain = || session.multi.is_some() && cx.server.is_valkey() && cmd.flags_in(true) & NO_MULTI != 0;
    Ok(denied.filter(|_| !in_vain()).map(Pass::Denied))
}

/// The same for a command within a script, which is told in other words.
#[cold]
fn check_script<'a>(cx: &Ctx<'_>, args: Args<'a>) -> Result<Pass<'a>, Error> {
    let Ctx { cmd, session, .. } = cx;
    if !cmd.accepts(args) {
        return Err(Error::ScriptArity);
    }
    if cmd.flags & NOSCRIPT != 0 {
        return Err(Error::NoScript);
    }
    if session.bound
        && let Some(pass) = check_user(cx, args)?
    {
        return Ok(pass);
    }
    let Some(running) = &cx.server.scripts.running else { return Ok(Pass::Run) };
    if cx.server.cluster.is_some() {
        running.slot.set(redirect::check_script(cx, args)?.or(running.slot.get()));
    }
    if running.readonly && cmd.flags & (WRITE | LEAVES_TRACES) != 0 {
        return Err(Error::ScriptReadonly);
    }
    if cmd.flags & WRITE != 0 {
        store_takes(cx)?;
    }
    // A script that has begun to write goes on.
    if cmd.flags & DENYOOM != 0 && running.over_limit && !running.wrote && running.flags & ALLOW_OOM == 0 {
        return Err(Error::OutOfMemory);
    }
    if has_memory(cx.db, cmd, args) { Ok(Pass::Run) } else { Ok(Pass::NoRoom) }
}

/// The rest while a script is paused, or a file is loaded.
#[cold]
fn check_busy<'a>(cx: &Ctx<'_>, args: Args<'a>) -> Result<Pass<'a>, Error> {
    if cx.server.loading {
        return if cx.origin.is_checked() && needs_data(cx) { Err(Error::Loading) } else { check_special(cx) };
    }
    let ends = cx.cmd.title() == "SHUTDOWN";
    if cx.cmd.flags_in(cx.server.is_valkey()) & ALLOW_BUSY == 0
        || ends && args.get(1).is_none_or(|how| !how.eq_ignore_ascii_case(b"nosave"))
    {
        return Err(busy(cx));
    }
    check_special(cx)
}

/// Whether the command, or one of those that it would run, needs what is being loaded.
fn needs_data(cx: &Ctx<'_>) -> bool {
    let queued = cx.session.multi.as_ref().filter(|_| cx.cmd.flags & ENDS_MULTI != 0);
    cx.cmd.flags_in(cx.server.is_valkey()) & LOADING == 0
        || queued.is_some_and(|multi| multi.commands.iter().any(|&(row, _)| cx.rows[row].spec.flags & LOADING == 0))
}

/// What others are told while a script is paused.
pub fn busy(cx: &Ctx<'_>) -> Error {
    match &cx.server.scripts.paused {
        Some(paused) if paused.is_function => Error::BusyFunction,
        _ => Error::BusyScript,
    }
}

/// The rest for a session that listens to channels, monitors, or is in a transaction.
fn check_special<'a>(cx: &Ctx<'_>) -> Result<Pass<'a>, Error> {
    let Ctx { cmd, session, .. } = cx;
    if session.monitor && cmd.flags & (READONLY | WRITE) != 0 {
        return Err(Error::Fixed("ERR Replica can't interact with the keyspace"));
    }
    if !session.resp3 && session.subscriptions() > 0 && cmd.flags & IN_SUBSCRIPTION == 0 {
        return Err(Error::quoting(&[b"ERR Can't execute '", cmd.full_name().as_bytes(), SUBSCRIBED]));
    }
    let Some(multi) = &session.multi else { return Ok(Pass::Run) };
    let valkey = cx.server.is_valkey();
    if cmd.flags_in(valkey) & NO_MULTI != 0 {
        return Err(match valkey {
            true => Error::quoting(&[b"ERR Command '", cmd.full_name().as_bytes(), NOT_IN_MULTI]),
            false => Error::NotInMulti,
        });
    }
    if cmd.flags & IN_MULTI == 0 {
        return Ok(Pass::Queue);
    }
    let ends = cmd.flags & ENDS_MULTI != 0 && !multi.aborted;
    if ends && multi.flags & DENYOOM != 0 && cx.is_over_limit() {
        return Err(Error::OutOfMemory);
    }
    Ok(Pass::Run)
}

/// Whether `maxmemory` lets the command run, and the memory that there is.
#[inline(always)]
fn has_room(cx: &Ctx<'_>, args: Args<'_>) -> bool {
    !(cx.cmd.flags & DENYOOM != 0 && cx.is_over_limit() && cx.cmd.flags_in(cx.server.is_valkey()) & DENYOOM != 0)
        && has_memory(cx.db, cx.cmd, args)
}

/// Frees at once what was left for later; whether there was something.
#[cold]
pub fn make_room(cx: &mut Ctx<'_>) -> bool {
    let some = !cx.db.garbage.is_empty();
    while !cx.db.garbage.is_empty() {
        cx.db.sweep(usize::MAX);
    }
    some
}

/// Whether the memory that there is will do for what a command keeps of its arguments, and for the copies that are made of them on
/// the way: natively always, in wasm32 there are 4 GiB, and where they end is a trap. Also asked before each command of a
/// transaction, for what was there when it was queued may be gone.
#[inline(never)]
pub fn has_memory(keyspace: &Keyspace, cmd: &Spec, args: Args<'_>) -> bool {
    if cmd.flags & TAKES_MEMORY != 0 && allocator::used().saturating_add(args.bytes() as u64) > allocator::CEILING {
        return false;
    }
    args.bytes() <= allocator::LARGE || has_memory_for_large(keyspace, cmd, args)
}

#[cold]
fn has_memory_for_large(keyspace: &Keyspace, cmd: &Spec, args: Args<'_>) -> bool {
    let length: usize = args.tail(0).map(<[u8]>::len).sum();
    // What is stored, or quoted in an error; the command that waits, and its keys; its line of the journal; names in notes, and
    // messages made of these.
    let copies = 1
        + (cmd.flags & (BLOCKING | KEEPS) != 0) as usize
        + keyspace.journaling() as usize
        + match &keyspace.log.effects {
            effects if effects.wanted == 0 => 0,
            effects if effects.names_fields() => 9,
            _ => 3,
        };
    length <= allocator::LARGE || allocator::room_for(length.saturating_mul(copies))
}

/// Whether a line that is no command is one of HTTP. A page in a browser can make it send POST with any body, and the `Host:` of
/// a GET comes before anything that the page chooses.
pub fn speaks_http(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"post") || name.eq_ignore_ascii_case(b"host:")
}

/// Whether the storage takes what is written: now, and at the points of `save`.
#[cold]
fn store_takes(cx: &Ctx<'_>) -> Done {
    let (store, config) = (&cx.host.store, &cx.server.config);
    if !store.refusing.is_empty() {
        return Err(Error::quoting(&[b"MISCONF Errors writing to the AOF file: ", store.refusing.as_bytes()]));
    }
    let wanted = store.can_save() && !cx.server.save_points.is_empty();
    if wanted && !store.saved_ok && config.int(Id::StopWrites) != 0 {
        return Err(Error::Fixed(
            "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that \
             may modify the data set are disabled, because this instance is configured to report errors during writes if RDB \
             snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs for details about the RDB \
             error.",
        ));
    }
    Ok(())
}

/// `always`: also of no arguments it is said that they follow.
pub fn unknown_command(args: Args<'_>, always: bool) -> Error {
    let mut list = Vec::new();
    for arg in args.tail(1) {
        if list.len() >= 128 {
            break;
        }
        let room = 128 - list.len();
        list.extend([b"'", quoted(arg, room), b"' "].concat());
    }
    let name = quoted(args.at(0), 128);
    let with: &[u8] = if always || args.len() > 1 { b", with args beginning with: " } else { b"" };
    Error::quoting(&[b"ERR unknown command '", name, b"'", with, &list])
}

pub fn unknown_subcommand(args: Args<'_>) -> Error {
    let container = args.at(0).to_ascii_uppercase();
    Error::quoting(&[b"ERR unknown subcommand '", quoted(args.at(1), 128), b"'. Try ", &container, b" HELP."])
}
