//! Transactions: commands between MULTI and EXEC run together, and not at all if a key changed that WATCH named.
//!
//! What happens between is in [`crate::exec::transaction`].

use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done, transaction};
use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::server::session::Multi;
use crate::table::spec::{OnSession, flags::*, key::RO};
use crate::types::registry::{qualified_key, split_key};
use crate::types::small::Small;

pub const TABLE: &[Row] = &[
    cmd("DISCARD", discard)
        .session(OnSession::Transaction)
        .plain(ALLOW_BUSY | FAST | LOADING | NOSCRIPT | STALE | IN_MULTI)
        .reply("OK")
        .doc("2.0.0", "O(N), when N is the number of queued commands", "Discards a transaction."),
    cmd("EXEC", exec)
        .session(OnSession::Transaction)
        .plain(LOADING | NOSCRIPT | SKIP_SLOWLOG | STALE | IN_MULTI | ENDS_MULTI)
        .reply("array of any | null")
        .doc("1.2.0", "Depends on commands in the transaction", "Executes all commands in a transaction."),
    cmd("MULTI", multi)
        .session(OnSession::Transaction)
        .plain(ALLOW_BUSY | FAST | LOADING | NOSCRIPT | STALE | IN_MULTI)
        .reply("OK")
        .doc("1.2.0", "O(1)", "Starts a transaction."),
    cmd("UNWATCH", unwatch)
        .session(OnSession::Unwatches)
        .plain(ALLOW_BUSY | FAST | LOADING | NOSCRIPT | STALE)
        .reply("OK")
        .doc("2.2.0", "O(1)", "Forgets about watched keys of a transaction."),
    cmd("WATCH key [key ...]", watch)
        .session(OnSession::Watches)
        .plain(ALLOW_BUSY | FAST | LOADING | NOSCRIPT | STALE | IN_MULTI | KEEPS)
        .key(RO)
        .reply("OK")
        .doc("2.2.0", "O(1) for every key.", "Monitors changes to keys to determine the execution of a transaction."),
];

fn multi(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    if cx.session.multi.is_some() {
        return Err(Error::NestedMulti);
    }
    // Room for ten commands: otherwise each of the first ones asks for some.
    let (bytes, spans, commands) = (Vec::with_capacity(512), Vec::with_capacity(32), Vec::with_capacity(16));
    cx.session.multi = Some(Box::new(Multi { bytes, spans, commands, ..Multi::default() }));
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
        let qualified = qualified_key(cx.session.db, key);
        if !cx.session.dirty && cx.server.watches.add(&qualified, cx.session.id) {
            let there = cx.db.exists(key);
            cx.session.watching.push((Small::new(&qualified), there));
        }
    }
    cx.server.note_interest(cx.db);
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
    for (qualified, there) in &cx.session.watching {
        let (db, key) = split_key(qualified);
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
    transaction::run(cx, &multi);
    Ok(())
}
