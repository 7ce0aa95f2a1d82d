//! What clients ask of the store that the host keeps: save, rewrite, when was the last time, shut down. The commands leave a
//! note for the host ([`Ask`]), which does the work; without a store there is nothing to save to, and they say so.

use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::NEVER;
use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::server::host::HostRequest;
use crate::server::session::{TimeoutReply, Wait, Wants};
use crate::table::spec::{OnSession, Shards, flags::*};

pub const TABLE: &[Row] = &[
    cmd("BGREWRITEAOF", bgrewriteaof)
        .session(OnSession::Nothing)
        .shards(Shards::First)
        .plain(ADMIN | NOSCRIPT | NO_ASYNC_LOADING)
        .reply("simple")
        .doc("1.0.0", "O(1)", "Asynchronously rewrites the append-only file to disk."),
    cmd("BGSAVE [SCHEDULE]", bgsave)
        .session(OnSession::Nothing)
        .shards(Shards::First)
        .plain(ADMIN | NOSCRIPT | NO_ASYNC_LOADING)
        .history(&[("3.2.2", "Added the `SCHEDULE` option.")])
        .reply("simple")
        .doc("1.0.0", "O(1)", "Asynchronously saves the database(s) to disk."),
    cmd("LASTSAVE", lastsave)
        .plain(FAST | LOADING | STALE)
        .acl(&["admin", "dangerous"])
        .tips(&["nondeterministic_output"])
        .reply("int")
        .doc("1.0.0", "O(1)", "Returns the Unix timestamp of the last successful save to disk."),
    cmd("SAVE", save)
        .session(OnSession::Nothing)
        .shards(Shards::First)
        .plain(ADMIN | NOSCRIPT | NO_ASYNC_LOADING | NO_MULTI | STORE_ANSWERS)
        .reply("OK")
        .doc(
            "1.0.0",
            "O(N) where N is the total number of keys in all databases",
            "Synchronously saves the database(s) to disk.",
        ),
    cmd("SHUTDOWN [NOSAVE | SAVE] [NOW] [FORCE] [ABORT]", shutdown)
        .session(OnSession::ShutsDown)
        .plain(ADMIN | ALLOW_BUSY | LOADING | NOSCRIPT | NO_MULTI | STALE)
        .groups(&["save-selector"])
        .history(&[("7.0.0", "Added the `NOW`, `FORCE` and `ABORT` modifiers.")])
        .reply("any")
        .doc(
            "1.0.0",
            "O(N) when saving, where N is the total number of keys in all databases when saving data, otherwise O(1)",
            "Synchronously saves the database(s) to disk and shuts down the Redis server.",
        ),
];

/// Leaves a note for the host, if it keeps the data, or writes files.
fn ask(cx: &mut Ctx<'_>, what: HostRequest) -> Done {
    let store = &cx.host.store;
    if store.kind.is_empty() && !(store.saves && what != HostRequest::Rewrite) {
        return Err(Error::Fixed("ERR no store is open: the data is in memory alone"));
    }
    cx.host.requests.push(what);
    cx.host.save_asked = cx.db.now / 1000;
    Ok(())
}

fn save(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    if cx.host.store.saves && cx.host.store.saving {
        return Err(Error::Fixed("ERR Background save already in progress"));
    }
    ask(cx, HostRequest::SaveNow)?;
    cx.out.ok();
    Ok(())
}

fn bgsave(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let mut opts = args.options(1);
    match opts.next() {
        None => {}
        Some(word) if word.is("SCHEDULE") && opts.left() == 0 => {}
        Some(_) => return Err(Error::Syntax),
    }
    if cx.host.store.saves && cx.host.store.saving {
        return Err(Error::Fixed("ERR Background save already in progress"));
    }
    ask(cx, HostRequest::SaveSoon)?;
    cx.out.simple("Background saving started");
    Ok(())
}

fn bgrewriteaof(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    ask(cx, HostRequest::Rewrite)?;
    cx.out.simple("Background append only file rewriting started");
    Ok(())
}

fn lastsave(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.out.int(cx.last_save());
    Ok(())
}

/// There is no reply: the connection ends, and the host with it or the database, as it likes. Only where it cannot save, and so does not
/// end, a client of a socket is told.
fn shutdown(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (mut save, mut no_save, mut abort, mut now, mut force) = (false, false, false, false, false);
    let mut opts = args.options(1);
    while let Some(word) = opts.next() {
        match () {
            _ if word.is("SAVE") => save = true,
            _ if word.is("NOSAVE") => no_save = true,
            _ if word.is("ABORT") => abort = true,
            _ if word.is("NOW") => now = true,
            _ if word.is("FORCE") => force = true,
            _ => return Err(Error::Syntax),
        }
    }
    if save && no_save || abort && (save || no_save || now || force) {
        return Err(Error::Syntax);
    }
    if abort {
        return Err(Error::Fixed("ERR No shutdown in progress."));
    }
    let store = &cx.host.store;
    // Without a store only what `save` asks for is kept, or the client.
    let wanted = save || !no_save && (!store.kind.is_empty() || !cx.server.save_points.is_empty());
    let keeps = wanted && store.can_save();
    cx.host.requests.push(match keeps {
        true if force => HostRequest::ForceEnd,
        true => HostRequest::SaveAndEnd,
        false => HostRequest::End,
    });
    if keeps && !force && cx.session.patient && cx.may_block() {
        let timeout_reply = TimeoutReply::Nobody(Wants::End);
        let wait = Wait {
            number: cx.number,
            keys: 0..0,
            deadline: NEVER,
            wants: Wants::End,
            timeout_reply,
            args: None,
            again: None,
        };
        return cx.block(wait);
    }
    cx.session.closing = true;
    Ok(())
}
