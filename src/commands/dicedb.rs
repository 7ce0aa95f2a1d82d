//! What DiceDB has: replies that are kept up to date, SLEEP and ABORT.
//!
//! `GET.WATCH key`, `ZRANGE.WATCH key 0 -1` and so on, for every command that only reads keys, answers `[name, fingerprint, reply]`, and
//! sends the same again whenever a key that it reads has changed, until `GET.UNWATCH fingerprint`. There are as many of these names as
//! commands that read: [`crate::exec`] takes each for X.WATCH and X.UNWATCH, which stand here, with the command behind them. The
//! fingerprint is that of the command's line. An identifier such as `9e107d9d-3721-4c5b-8f3a-0242ac120002` as the last argument is the name
//! in the first reply.
//!
//! Left out is Q.WATCH: its language is a subset of SQL over all keys.

use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::Deadline;
use crate::resp::args::Args;
use crate::resp::dialect::Dialect;
use crate::resp::error::{Error, quoted};
use crate::server::host::HostRequest;
use crate::server::live::{LONGEST, Query};
use crate::server::session::{TimeoutReply, Wait, Wants};
use crate::table::keys::each_key;
use crate::table::spec::{OnSession, Shards, flags::*};
use crate::types::farmhash::fingerprint;
use crate::types::number::{INT_LEN, format_int, parse_int};

pub const TABLE: &[Row] = &[
    cmd("ABORT", abort)
        .only(Dialect::DiceDb)
        .session(OnSession::ShutsDown)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE)
        .reply("none")
        .doc("0.1.0", "O(1)", "Shuts down the server, without saving."),
    cmd("SLEEP seconds", sleep).only(Dialect::DiceDb).shards(Shards::Any).plain(BLOCKING | NOSCRIPT).reply("OK").doc(
        "0.1.0",
        "O(1)",
        "Answers after so many seconds; others are served meanwhile.",
    ),
    cmd("X.UNWATCH command fingerprint", x_unwatch)
        .only(Dialect::DiceDb)
        .session(OnSession::Unsubscribes)
        .plain(NOSCRIPT | PUBSUB | NO_MULTI)
        .reply("OK")
        .doc(
            "0.1.0",
            "O(N), N being the number of watched commands",
            "GET.UNWATCH and so on: no longer tells of changes.",
        ),
    cmd("X.WATCH command [arg [arg ...]]", x_watch)
        .only(Dialect::DiceDb)
        .session(OnSession::Subscribes)
        .plain(NOSCRIPT | PUBSUB | NO_MULTI | KEEPS)
        .reply("array of any")
        .doc(
            "0.1.0",
            "That of the command",
            "GET.WATCH and so on: answers as the command, and again when what it reads has changed.",
        ),
];

fn abort(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.host.requests.push(HostRequest::End);
    cx.session.closing = true;
    Ok(())
}

fn sleep(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let span = args.int(1)?.checked_mul(1000).filter(|&span| span >= 0);
    let deadline = span.and_then(|span| span.checked_add(cx.now)).ok_or(Error::NotInteger)?;
    if deadline == cx.now {
        cx.out.ok();
        return Ok(());
    }
    cx.block(Wait {
        number: cx.number,
        keys: 0..0,
        deadline: deadline as Deadline,
        wants: Wants::Sleep,
        timeout_reply: TimeoutReply::Nobody(Wants::Sleep),
        args: None,
        again: None,
    })
}

/// Whether this is an identifier: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.
fn is_label(text: &[u8]) -> bool {
    text.len() == 36
        && text.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// The error for a name of which there is none.
fn unknown(query: Args<'_>) -> Error {
    Error::quoting(&[b"ERR unknown command '", quoted(query.at(0), 128), b".WATCH'"])
}

fn x_watch(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let labelled = args.len() > 2 && is_label(args.at(args.len() - 1));
    let query = args.slice(1, args.len() - labelled as usize);
    let known = cx.server.table.by_full_name(query.at(0)).map(|number| (number, cx.server.table.row(number).spec));
    let reads = known.filter(|(_, spec)| spec.flags & (READONLY | BLOCKING) == READONLY && cx.server.cluster.is_none());
    let Some((number, spec)) = reads else { return Err(unknown(query)) };
    let mut keys = Vec::new();
    if !spec.accepts(query) {
        return Err(spec.arity_error());
    }
    if each_key(spec, query, &mut |key, _| keys.push(key)).is_err() || keys.is_empty() {
        return Err(unknown(query));
    }
    if cx.session.bound
        && let Err(denied) = cx.server.users.check(cx.session, number, spec, query)
    {
        return Err(cx.deny(denied));
    }
    if query.tail(0).map(<[u8]>::len).sum::<usize>() > LONGEST {
        return Err(Error::Fixed("ERR the command is too long to be watched"));
    }
    let name = query.at(0).to_ascii_uppercase();
    let mut line = name.clone();
    for arg in query.tail(1) {
        line.push(b' ');
        line.extend_from_slice(arg);
    }
    let fingerprint = fingerprint(&line);
    let mark = cx.out.mark();
    cx.run_nested(query);
    let end = cx.out.mark();
    if cx.out.is_error_at(mark) {
        return Ok(());
    }
    let query_of = Query::new(cx.session.db, (number, fingerprint), query, &keys);
    if !cx.server.add_live(cx.db, cx.session, query_of) {
        return Err(Error::Fixed("ERR too many commands are watched"));
    }
    cx.out.array(3);
    cx.out.bulk(if labelled { args.at(args.len() - 1) } else { &name });
    cx.out.bulk(format_int(fingerprint as i64, &mut [0; INT_LEN]));
    cx.out.pull_back(mark, end);
    Ok(())
}

fn x_unwatch(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let which = parse_int(args.at(2)).and_then(|number| u32::try_from(number).ok());
    let which = which.ok_or(Error::Fixed("ERR invalid fingerprint"))?;
    cx.server.drop_live(cx.db, cx.session, Some(which));
    cx.out.ok();
    Ok(())
}
