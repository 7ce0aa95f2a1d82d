//! Transactions: commands between MULTI and EXEC run together, and not at all if a key changed that WATCH named.
//!
//! The gate queues commands (see `gate.rs`); EXEC runs them through [`Ctx::call`], as the engine runs any command.

use crate::command::args::Args;
use crate::command::error::Error;
use crate::command::row::{Cmd, cmd, flags::*, key::RO};
use crate::command::{Ctx, Done};
use crate::gate::has_memory;
use crate::registry::{parts, place};
use crate::session::{Multi, ReplyMode};
use crate::types::small::Small;

pub const TABLE: &[Cmd] = &[
    cmd("DISCARD", discard).plain(ALLOW_BUSY | FAST | LOADING | NOSCRIPT | STALE | IN_MULTI).reply("OK").doc(
        "2.0.0",
        "O(N), when N is the number of queued commands",
        "Discards a transaction.",
    ),
    cmd("EXEC", exec).plain(LOADING | NOSCRIPT | SKIP_SLOWLOG | STALE | IN_MULTI).reply("array of any | null").doc(
        "1.2.0",
        "Depends on commands in the transaction",
        "Executes all commands in a transaction.",
    ),
    cmd("MULTI", multi).plain(ALLOW_BUSY | FAST | LOADING | NOSCRIPT | STALE | IN_MULTI).reply("OK").doc(
        "1.2.0",
        "O(1)",
        "Starts a transaction.",
    ),
    cmd("UNWATCH", unwatch).plain(ALLOW_BUSY | FAST | LOADING | NOSCRIPT | STALE).reply("OK").doc(
        "2.2.0",
        "O(1)",
        "Forgets about watched keys of a transaction.",
    ),
    cmd("WATCH key [key ...]", watch)
        .plain(ALLOW_BUSY | FAST | LOADING | NOSCRIPT | STALE | IN_MULTI | KEEPS)
        .key(RO)
        .reply("OK")
        .doc("2.2.0", "O(1) for every key.", "Monitors changes to keys to determine the execution of a transaction."),
];

fn multi(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    if cx.session.multi.is_some() {
        return Err(Error::NestedMulti);
    }
    cx.session.multi = Some(Box::default());
    cx.out.ok();
    Ok(())
}

fn discard(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    if cx.session.multi.is_none() {
        return Err(Error::DiscardWithoutMulti);
    }
    cx.server.forget_transaction(cx.db, cx.session);
    cx.out.ok();
    Ok(())
}

fn watch(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if cx.session.multi.is_some() {
        return Err(Error::WatchInMulti);
    }
    for key in args.tail(1) {
        let place = place(cx.session.db, key);
        if !cx.session.dirty && cx.server.watches.add(&place, cx.session.id) {
            let there = cx.db.exists(key);
            cx.session.watching.push((Small::new(&place), there));
        }
    }
    cx.server.care(cx.db);
    cx.out.ok();
    Ok(())
}

fn unwatch(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.server.unwatch(cx.db, cx.session);
    cx.out.ok();
    Ok(())
}

fn exec(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let Some(multi) = cx.session.multi.take() else { return Err(Error::ExecWithoutMulti) };
    // A watched key whose time has come makes the transaction fail, even if nobody has noticed yet.
    for (place, there) in &cx.session.watching {
        let (db, key) = parts(place);
        if *there && !cx.db.within(db, |db| db.exists(key)) {
            cx.session.dirty = true;
        }
    }
    let dirty = cx.session.dirty;
    cx.server.unwatch(cx.db, cx.session);
    if multi.aborted {
        return Err(Error::ExecAbort);
    }
    if dirty {
        cx.out.null_array();
        return Ok(());
    }
    cx.session.may_block = false;
    run(cx, &multi);
    cx.session.may_block = true;
    cx.db.log.journal.told = true; // by its commands
    Ok(())
}

/// Runs what was queued; an error is the reply of its own command alone.
fn run(cx: &mut Ctx<'_>, multi: &Multi) {
    let exec = cx.cmd;
    cx.out.array(multi.commands.len());
    let mut start = 0;
    for &(number, end) in &multi.commands {
        let mark = cx.out.mark();
        let outer = cx.out.begin();
        let args = Args::new(&multi.bytes, &multi.spans[start..end]);
        if has_memory(cx.db, cx.server.table.row(number).cmd, args) {
            cx.call_apart(number, args);
        } else {
            cx.out.error(&Error::OutOfMemory);
        }
        cx.out.end(outer);
        start = end;
        if cx.session.reply_mode == ReplyMode::Off {
            cx.out.drop_to(mark);
        }
    }
    cx.cmd = exec;
}
