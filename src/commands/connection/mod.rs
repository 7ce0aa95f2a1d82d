//! Connections: who one is, which database and protocol it uses, and the list of all of them.

pub mod client;
mod filter;
pub mod pause;
pub mod tracking;

use crate::commands::keys::database;
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::resp::args::Args;
use crate::resp::error::{Error, quoted};
use crate::server::config::Id;
use crate::table::spec::{OnSession, Secret, flags::*};
use crate::types::number::parse_int;
use client::is_plain;

pub const TABLE: &[Row] = &[
    cmd("AUTH [username] password", auth)
        .secret(Secret::All)
        .session(OnSession::Authenticates)
        .plain(ALLOW_BUSY | FAST | LOADING | NO_AUTH | NOSCRIPT | STALE)
        .history(&[("6.0.0", "Added ACL style (username and password).")])
        .reply("OK")
        .doc("1.0.0", "O(N) where N is the number of passwords defined for the user", "Authenticates the connection."),
    cmd("ECHO message", echo)
        .session(OnSession::Asks)
        .plain(FAST | LOADING | STALE)
        .reply("bulk")
        .doc("1.0.0", "O(1)", "Returns the given string."),
    cmd("HELLO [protover [AUTH username password] [SETNAME clientname]]", hello)
        .secret(Secret::BehindAuth)
        .session(OnSession::Sets)
        .plain(ALLOW_BUSY | FAST | LOADING | NO_AUTH | NOSCRIPT | STALE | KEEPS)
        .groups(&["arguments", "auth"])
        .history(&[("6.2.0", "`protover` made optional; when called without arguments the command reports the current connection's context.")])
        .reply("map of any")
        .doc("6.0.0", "O(1)", "Handshakes with the Redis server."),
    cmd("PING [message]", ping)
        .session(OnSession::Asks)
        .plain(FAST | IN_SUBSCRIPTION | TELLS_HEALTH)
        .tips(&["request_policy:all_shards", "response_policy:all_succeeded"])
        .reply("simple | bulk")
        .doc("1.0.0", "O(1)", "Returns the server's liveliness response."),
    cmd("QUIT", quit).arity(-1)
        .session(OnSession::Ends)
        .plain(ALLOW_BUSY | FAST | LOADING | NO_AUTH | NOSCRIPT | STALE | IN_MULTI | IN_SUBSCRIPTION)
        .deprecated("7.2.0", "just closing the connection")
        .reply("OK")
        .doc("1.0.0", "O(1)", "Closes the connection."),
    cmd("RESET", reset)
        .session(OnSession::Ends)
        .plain(ALLOW_BUSY | FAST | LOADING | NO_AUTH | NOSCRIPT | STALE | IN_MULTI | IN_SUBSCRIPTION)
        .reply("simple")
        .doc("6.2.0", "O(1)", "Resets the connection."),
    cmd("SELECT index", select)
        .session(OnSession::Selects)
        .plain(FAST | LOADING | STALE)
        .reply("OK")
        .doc("1.0.0", "O(1)", "Changes the selected database."),
];

fn ping(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    match args.len() {
        1 | 2 if !cx.session.resp3 && cx.session.subscriptions() > 0 => {
            cx.out.array(2);
            cx.out.bulk(b"pong");
            cx.out.bulk(args.get(1).unwrap_or_default());
        }
        1 => cx.out.raw(b"+PONG\r\n"),
        2 => cx.out.bulk(args.at(1)),
        _ => return Err(cx.arity()),
    }
    Ok(())
}

fn echo(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    cx.out.bulk(args.at(1));
    Ok(())
}

fn select(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let db = if cx.server.cluster.is_some() { args.int(1)? as usize } else { database(cx, args.at(1))? };
    if cx.server.cluster.is_some() && db != 0 {
        return Err(Error::Fixed("ERR SELECT is not allowed in cluster mode"));
    }
    cx.session.db = db;
    cx.out.ok();
    Ok(())
}

fn quit(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.session.closing = true;
    cx.out.ok();
    Ok(())
}

fn reset(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.server.forget(cx.db, cx.session);
    cx.session.reset();
    cx.server.users.receive(cx.session);
    cx.out.resp3 = cx.session.resp3;
    cx.out.simple("RESET");
    Ok(())
}

fn auth(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    match args.len() {
        2 if cx.server.users.default_needs_none() => return Err(Error::AuthWithoutPassword),
        2 => log_in(cx, args.at(0), b"default", args.at(1))?,
        3 => log_in(cx, args.at(0), args.at(1), args.at(2))?,
        _ => return Err(Error::Syntax),
    }
    cx.out.ok();
    Ok(())
}

/// Lets the session be another user's. `command` is what the client calls the command that wants this.
fn log_in(cx: &mut Ctx<'_>, command: &[u8], user: &[u8], password: &[u8]) -> Done {
    if !cx.server.users.log_in(cx.session, user, password) {
        cx.note_wrong_password(command, user);
        return Err(Error::WrongPass);
    }
    Ok(())
}

fn hello(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let mut protocol = None;
    if let Some(version) = args.get(1) {
        let version = parse_int(version).ok_or(Error::ProtoNotInteger)?;
        if !(2..=3).contains(&version) {
            return Err(Error::NoProto);
        }
        protocol = Some(version);
    }
    let (mut credentials, mut name) = (None, None);
    let mut opts = args.options(2.min(args.len()));
    while let Some(opt) = opts.next() {
        match () {
            _ if opt.is("AUTH") && opts.left() >= 2 => credentials = Some((opts.value()?, opts.value()?)),
            _ if opt.is("SETNAME") && opts.left() >= 1 => {
                let wanted = opts.value()?;
                if !is_plain(wanted) {
                    return Err(Error::ClientName);
                }
                name = Some(wanted);
            }
            _ => return Err(Error::quoting(&[b"ERR Syntax error in HELLO option '", quoted(opt.0, usize::MAX), b"'"])),
        }
    }
    if let Some((user, password)) = credentials {
        log_in(cx, args.at(0), user, password)?;
    }
    if cx.server.users.awaits_login(cx.session) {
        return Err(Error::HelloNoAuth);
    }
    if let Some(name) = name {
        cx.session.name = name.to_vec();
    }
    if let Some(version) = protocol {
        cx.session.resp3 = version == 3;
    }
    cx.out.resp3 = cx.session.resp3;
    let zone = cx.server.config.text(Id::Zone);
    cx.out.map(7 + usize::from(!zone.is_empty()));
    cx.out.bulk(b"server");
    let identity = cx.server.identity();
    cx.out.bulk(identity.name.as_bytes());
    cx.out.bulk(b"version");
    cx.out.bulk(identity.version.text.as_bytes());
    cx.out.bulk(b"proto");
    cx.out.int(if cx.session.resp3 { 3 } else { 2 });
    cx.out.bulk(b"id");
    cx.out.int(cx.session.id as i64);
    cx.out.bulk(b"mode");
    cx.out.bulk(if cx.server.cluster.is_some() { b"cluster" } else { b"standalone" });
    cx.out.bulk(b"role");
    cx.out.bulk(b"master");
    cx.out.bulk(b"modules");
    let valkey = cx.server.is_valkey();
    cx.out.array(usize::from(valkey));
    if valkey {
        cx.out.map(4);
        cx.out.bulk(b"name");
        cx.out.bulk(b"lua");
        cx.out.bulk(b"ver");
        cx.out.int(1);
        cx.out.bulk(b"path");
        cx.out.bulk(b"lua");
        cx.out.bulk(b"args");
        cx.out.array(0);
    }
    if !zone.is_empty() {
        cx.out.bulk(b"availability_zone");
        cx.out.bulk(zone);
    }
    Ok(())
}
