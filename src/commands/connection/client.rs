//! CLIENT: what is known of connections, and what can be done with others.

use super::filter::Filters;
use super::pause::{client_pause, client_unpause};
use super::tracking::{client_caching, client_getredir, client_tracking, client_trackinginfo};
use crate::commands::shared::help;
use crate::exec::row::{Row, container, sub};
use crate::exec::{Ctx, Done};
use crate::resp::args::{Args, Word};
use crate::resp::dialect::Dialect;
use crate::resp::error::{Error, quoted};
use crate::server::blocked::Release;
use crate::server::session::{ReplyMode, Session, SessionId};
use crate::server::tracking::mode;
use crate::table::spec::{OnSession, Shards, arg, flags::*};
use crate::types::number::parse_int;

pub const TABLE: &[Row] = &[container("CLIENT", CLIENT).session(OnSession::Sets).doc(
    "2.4.0",
    "Depends on subcommand.",
    "A container for client connection commands.",
)];

const CLIENT: &[Row] = &[
    sub("CLIENT CACHING <YES | NO>", client_caching)
        .session(OnSession::Sets)
        .plain(LOADING | NOSCRIPT | STALE)
        .groups(&["mode"])
        .reply("OK")
        .doc("6.0.0", "O(1)", "Instructs the server whether to track the keys in the next request."),
    sub("CLIENT CAPA capability [capability ...]", client_capa)
        .only(Dialect::Valkey)
        .session(OnSession::Sets)
        .plain(LOADING | NOSCRIPT | STALE)
        .reply("OK")
        .doc("8.0.0", "O(1)", "A client claims its capability."),
    sub("CLIENT GETNAME", client_getname)
        .session(OnSession::Asks)
        .plain(LOADING | NOSCRIPT | STALE)
        .reply("bulk | null")
        .doc("2.6.9", "O(1)", "Returns the name of the connection."),
    sub("CLIENT GETREDIR", client_getredir)
        .session(OnSession::Asks)
        .plain(LOADING | NOSCRIPT | STALE)
        .reply("int")
        .doc("6.0.0", "O(1)", "Returns the client ID to which the connection's tracking notifications are redirected."),
    sub("CLIENT HELP", client_help)
        .plain(LOADING | STALE)
        .reply("array of simple")
        .doc("5.0.0", "O(1)", "Returns helpful text about the different subcommands."),
    sub("CLIENT ID", client_id)
        .session(OnSession::Asks)
        .plain(LOADING | NOSCRIPT | STALE)
        .reply("int")
        .doc("5.0.0", "O(1)", "Returns the unique client ID of the connection."),
    sub("CLIENT IMPORT-SOURCE <ON | OFF>", client_import_source)
        .only(Dialect::Valkey)
        .session(OnSession::Sets)
        .plain(LOADING | NOSCRIPT | STALE)
        .groups(&["enabled"])
        .reply("OK")
        .doc("8.1.0", "O(1)", "Marks this client as an import source when the server is in import mode."),
    sub("CLIENT INFO", client_info)
        .session(OnSession::Nothing)
        .plain(LOADING | NOSCRIPT | STALE)
        .tips(&["nondeterministic_output"])
        .reply("text")
        .doc("6.2.0", "O(1)", "Returns information about the connection."),
    sub("CLIENT KILL <ip:port | [ID client-id] [TYPE <NORMAL | MASTER | SLAVE | REPLICA | PUBSUB>] [USER username] [ADDR ip:port] [LADDR ip:port] [SKIPME <YES | NO>] [MAXAGE maxage]>", client_kill).arity(-3)
        .session(OnSession::Nothing).shards(Shards::One)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE)
        .groups(&["filter", "new-format", "client-type", "skipme"])
        .history(&[("2.8.12", "Added new filter format."), ("2.8.12", "`ID` option."), ("3.2.0", "Added `master` type in for `TYPE` option."), ("5.0.0", "Replaced `slave` `TYPE` with `replica`. `slave` still supported for backward compatibility."), ("6.2.0", "`LADDR` option."), ("7.4.0", "`MAXAGE` option.")])
        .reply("OK | int")
        .doc("2.4.0", "O(N) where N is the number of client connections", "Terminates open connections."),
    sub("CLIENT LIST [TYPE <NORMAL | MASTER | REPLICA | PUBSUB>] [ID client-id [client-id ...]]", client_list)
        .session(OnSession::Nothing).shards(Shards::One)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE)
        .tips(&["nondeterministic_output"])
        .groups(&["client-type"])
        .history(&[("2.8.12", "Added unique client `id` field."), ("5.0.0", "Added optional `TYPE` filter."), ("6.0.0", "Added `user` field."), ("6.2.0", "Added `argv-mem`, `tot-mem`, `laddr` and `redir` fields and the optional `ID` filter."), ("7.0.0", "Added `resp`, `multi-mem`, `rbs` and `rbp` fields."), ("7.0.3", "Added `ssub` field."), ("7.2.0", "Added `lib-name` and `lib-ver` fields."), ("7.4.0", "Added `watch` field."), ("8.0.0", "Added `io-thread` field.")])
        .reply("text")
        .doc("2.4.0", "O(N) where N is the number of client connections", "Lists open connections."),
    sub("CLIENT NO-EVICT <ON | OFF>", client_no_evict)
        .session(OnSession::Sets)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE)
        .groups(&["enabled"])
        .reply("OK")
        .doc("7.0.0", "O(1)", "Sets the client eviction mode of the connection."),
    sub("CLIENT NO-TOUCH <ON | OFF>", client_no_touch)
        .session(OnSession::Sets)
        .plain(LOADING | NOSCRIPT | STALE)
        .groups(&["enabled"])
        .reply("OK")
        .doc("7.2.0", "O(1)", "Controls whether commands sent by the client affect the LRU/LFU of accessed keys."),
    sub("CLIENT PAUSE timeout [WRITE | ALL]", client_pause)
        .session(OnSession::Nothing).shards(Shards::First)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE)
        .args(&[arg(0).kind("integer")])
        .groups(&["mode"])
        .history(&[("6.2.0", "`CLIENT PAUSE WRITE` mode added along with the `mode` option.")])
        .reply("OK")
        .doc("3.0.0", "O(1)", "Suspends commands processing."),
    sub("CLIENT REPLY <ON | OFF | SKIP>", client_reply)
        .session(OnSession::Mutes)
        .plain(LOADING | NOSCRIPT | STALE)
        .groups(&["action"])
        .reply("OK")
        .doc("3.2.0", "O(1)", "Instructs the server whether to reply to commands."),
    sub("CLIENT SETINFO <LIB-NAME libname | LIB-VER libver>", client_setinfo)
        .session(OnSession::Sets)
        .plain(LOADING | NOSCRIPT | STALE | KEEPS)
        .tips(&["request_policy:all_nodes", "response_policy:all_succeeded"])
        .groups(&["attr"])
        .reply("OK")
        .doc("7.2.0", "O(1)", "Sets information specific to the client or connection."),
    sub("CLIENT SETNAME connection-name", client_setname)
        .session(OnSession::Sets)
        .plain(LOADING | NOSCRIPT | STALE | KEEPS)
        .tips(&["request_policy:all_nodes", "response_policy:all_succeeded"])
        .reply("OK")
        .doc("2.6.9", "O(1)", "Sets the connection name."),
    sub("CLIENT TRACKING <ON | OFF> [REDIRECT client-id] [PREFIX prefix ...] [BCAST] [OPTIN] [OPTOUT] [NOLOOP]", client_tracking)
        .session(OnSession::Sets)
        .plain(LOADING | NOSCRIPT | STALE | KEEPS)
        .groups(&["status"])
        .reply("OK")
        .doc("6.0.0", "O(1). Some options may introduce additional complexity.", "Controls server-assisted client-side caching for the connection."),
    sub("CLIENT TRACKINGINFO", client_trackinginfo)
        .session(OnSession::Asks)
        .plain(LOADING | NOSCRIPT | STALE)
        .reply("map of any")
        .doc("6.2.0", "O(1)", "Returns information about server-assisted client-side caching for the connection."),
    sub("CLIENT UNBLOCK client-id [TIMEOUT | ERROR]", client_unblock)
        .session(OnSession::Nothing).shards(Shards::One)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE)
        .groups(&["unblock-type"])
        .reply("int")
        .doc("5.0.0", "O(log N) where N is the number of client connections", "Unblocks a client blocked by a blocking command from a different connection."),
    sub("CLIENT UNPAUSE", client_unpause)
        .session(OnSession::Nothing).shards(Shards::First)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE)
        .reply("OK")
        .doc("6.2.0", "O(N) Where N is the number of paused clients", "Resumes processing commands from paused clients."),
];

/// Whether a name has none but printable ASCII characters, no spaces; up to a zero byte, as Redis looks at it.
pub fn is_plain(name: &[u8]) -> bool {
    up_to_zero(name).iter().all(|b| (b'!'..=b'~').contains(b))
}

fn up_to_zero(name: &[u8]) -> &[u8] {
    name.split(|&b| b == 0).next().unwrap_or_default()
}

fn client_id(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.out.int(cx.session.id as i64);
    Ok(())
}

fn client_getname(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    match &cx.session.name[..] {
        b"" => cx.out.null(),
        name => cx.out.bulk(name),
    }
    Ok(())
}

fn client_setname(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if !is_plain(args.at(2)) {
        return Err(Error::ClientName);
    }
    cx.session.name = args.at(2).to_vec();
    cx.out.ok();
    Ok(())
}

fn client_setinfo(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (option, value) = (args.at(2), args.at(3));
    let slot = match &option.to_ascii_lowercase()[..] {
        b"lib-name" => &mut cx.session.lib_name,
        b"lib-ver" => &mut cx.session.lib_ver,
        _ => return Err(Error::quoting(&[b"ERR Unrecognized option '", quoted(option, usize::MAX), b"'"])),
    };
    if !is_plain(value) {
        const REASON: &[u8] = b" cannot contain spaces, newlines or special characters.";
        return Err(Error::quoting(&[b"ERR ", quoted(option, usize::MAX), REASON]));
    }
    *slot = up_to_zero(value).to_vec();
    cx.out.ok();
    Ok(())
}

/// What a client can do for the server. Only `redirect` has a letter in CLIENT LIST; others may come.
fn client_capa(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    cx.session.follows_redirects |= args.tail(2).any(|word| Word(word).is("REDIRECT"));
    cx.out.ok();
    Ok(())
}

/// There is no import mode, in which it could be turned on.
fn client_import_source(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if !Word(args.at(2)).is("OFF") {
        return Err(Error::Fixed("ERR Server is not in import mode"));
    }
    cx.out.ok();
    Ok(())
}

fn client_no_evict(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    cx.session.no_evict = on_or_off(args.at(2))?;
    cx.out.ok();
    Ok(())
}

fn client_no_touch(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    cx.session.no_touch = on_or_off(args.at(2))?;
    cx.out.ok();
    Ok(())
}

fn on_or_off(word: &[u8]) -> Result<bool, Error> {
    match &word.to_ascii_lowercase()[..] {
        b"on" => Ok(true),
        b"off" => Ok(false),
        _ => Err(Error::Syntax),
    }
}

fn client_reply(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    match &args.at(2).to_ascii_lowercase()[..] {
        b"on" => {
            cx.session.reply_mode = ReplyMode::On;
            cx.out.ok();
        }
        b"off" => cx.session.reply_mode = ReplyMode::Off,
        // While replies are off, skipping one changes nothing.
        b"skip" if cx.session.reply_mode != ReplyMode::Off => cx.session.reply_mode = ReplyMode::SkipNext,
        b"skip" => {}
        _ => return Err(Error::Syntax),
    }
    Ok(())
}

/// How long a connection's own buffer of replies may become in Redis.
const BUFFER: usize = 16 << 10;

/// What a connection is doing, a letter each; N for nothing.
pub fn flags(session: &Session) -> String {
    let mut flags = String::new();
    let facts = [
        (session.monitor, 'O'),
        (session.subscriptions() > 0, 'P'),
        (session.multi.is_some(), 'x'),
        (session.is_held(), 'b'),
        (session.tracking != 0, 't'),
        (session.tracking & mode::BROKEN != 0, 'R'),
        (session.tracking & mode::BCAST != 0, 'B'),
        (session.dirty, 'd'),
        (session.closing, 'A'),
        (session.unix, 'U'),
        (session.no_evict, 'e'),
        (session.no_touch, 'T'),
    ];
    for (set, flag) in facts {
        if set {
            flags.push(flag);
        }
    }
    if flags.is_empty() {
        flags.push('N');
    }
    flags
}

/// One line of CLIENT LIST.
pub fn describe(session: &Session, now: i64, dialect: Dialect) -> String {
    // Behind a zero byte a name may hold anything, line breaks too: it ends there for those who look at it.
    let text = |bytes: &[u8]| String::from_utf8_lossy(up_to_zero(bytes)).into_owned();
    let flags = flags(session);
    let (capa, thread) = match dialect {
        Dialect::Valkey => (if session.follows_redirects { " capa=r" } else { " capa=" }, ""),
        _ => ("", " io-thread=0"),
    };
    let query = session.pending.len();
    // The first of it would lie in a connection's own buffer, the rest behind.
    let (output, buffer) = (session.outbox.len(), session.outbox.capacity());
    let first = output.min(BUFFER);
    format!(
        "id={} addr={} laddr={} fd=-1 name={} age={} idle={} flags={flags}{capa} db={} sub={} psub={} ssub={} multi={} watch={} \
         qbuf={query} qbuf-free={} argv-mem=0 multi-mem={} rbs={buffer} rbp={buffer} obl={first} oll={} omem={} tot-mem={} events=r \
         cmd={} user={} redir={} resp={} lib-name={} lib-ver={}{thread} \
         tot-net-in={} tot-net-out={} tot-cmds={}\n",
        session.id,
        session.addr,
        session.laddr,
        text(&session.name),
        (now - session.opened) / 1000,
        (now - session.active) / 1000,
        session.db,
        session.channels.len(),
        session.patterns.len(),
        session.shards.len(),
        session.multi.as_ref().map_or(-1, |multi| multi.commands.len() as i64),
        session.watching.len(),
        session.pending.capacity() - query,
        session.multi.as_ref().map_or(0, |multi| multi.bytes.capacity()),
        (output > first) as u8,
        output - first,
        session.memory(),
        session.last.map_or("NULL".to_string(), |cmd| cmd.full_name()),
        text(&session.user),
        session.redirected(),
        if session.resp3 { 3 } else { 2 },
        text(&session.lib_name),
        text(&session.lib_ver),
        session.net_input,
        session.net_output,
        session.commands,
    )
}

fn client_info(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let line = describe(cx.session, cx.now, cx.server.dialect);
    cx.out.text(&line);
    Ok(())
}

/// Every session, the one that is being served too, in the order of their ids.
fn everyone<'a>(cx: &'a Ctx<'_>) -> Vec<&'a Session> {
    let mut all: Vec<&Session> = cx.server.sessions.iter().collect();
    let place = all.partition_point(|session| session.id < cx.session.id);
    all.insert(place, cx.session);
    all
}

/// A type of clients, as CLIENT LIST and CLIENT KILL name them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ClientType {
    Normal,
    PubSub,
    /// Masters and replicas, of which there are none.
    Other,
}

impl ClientType {
    pub fn of(session: &Session) -> ClientType {
        if session.subscriptions() > 0 { ClientType::PubSub } else { ClientType::Normal }
    }
}

pub fn client_type(name: &[u8]) -> Result<ClientType, Error> {
    match &name.to_ascii_lowercase()[..] {
        b"normal" => Ok(ClientType::Normal),
        b"pubsub" => Ok(ClientType::PubSub),
        b"master" | b"slave" | b"replica" => Ok(ClientType::Other),
        _ => Err(Error::quoting(&[b"ERR Unknown client type '", quoted(name, usize::MAX), b"'"])),
    }
}

fn client_list(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if cx.server.dialect == Dialect::Valkey {
        let filters = Filters::parse(cx, args, false)?;
        let all = everyone(cx).into_iter().filter(|session| filters.pick(session, cx.session, cx.now));
        let text: String = all.map(|session| describe(session, cx.now, cx.server.dialect)).collect();
        cx.out.text(&text);
        return Ok(());
    }
    let mut ids: Option<Vec<i64>> = None;
    let mut kind = None;
    match args.get(2) {
        None => {}
        Some(option) if option.eq_ignore_ascii_case(b"type") && args.len() == 4 => {
            kind = Some(client_type(args.at(3))?)
        }
        Some(option) if option.eq_ignore_ascii_case(b"id") && args.len() > 3 => {
            let wanted: Option<Vec<i64>> = args.tail(3).map(parse_int).collect();
            ids = Some(wanted.ok_or(Error::InvalidClientId)?);
        }
        Some(_) => return Err(Error::Syntax),
    }
    let mut text = String::new();
    let all = everyone(cx);
    match ids {
        Some(ids) => {
            for session in ids.iter().filter_map(|id| all.iter().find(|session| session.id as i64 == *id)) {
                text += &describe(session, cx.now, cx.server.dialect);
            }
        }
        None => {
            for session in all.iter().filter(|session| kind.is_none_or(|kind| kind == ClientType::of(session))) {
                text += &describe(session, cx.now, cx.server.dialect);
            }
        }
    }
    cx.out.text(&text);
    Ok(())
}

fn client_kill(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let old_form = args.len() == 3;
    let filters = if old_form { Filters::addr(args.at(2)) } else { Filters::parse(cx, args, true)? };
    // What came over a socket cannot kill a session of the host's own.
    let chosen =
        |session: &&Session| (cx.session.trusted || !session.trusted) && filters.pick(session, cx.session, cx.now);
    let killed: Vec<SessionId> = everyone(cx).into_iter().filter(chosen).map(|session| session.id).collect();
    for &id in &killed {
        if id == cx.session.id {
            cx.session.closing = true;
        } else {
            cx.server.sessions.kill(id);
        }
    }
    match (old_form, killed.len()) {
        (true, 0) => return Err(Error::NoSuchClient),
        (true, _) => cx.out.ok(),
        (false, count) => cx.out.int(count as i64),
    }
    Ok(())
}

fn client_unblock(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let why = match args.get(3).map(Word) {
        _ if args.len() > 4 => return Err(help::usage(args)),
        None => Release::Timeout,
        Some(word) if word.is("TIMEOUT") => Release::Timeout,
        Some(word) if word.is("ERROR") => Release::Error,
        Some(_) => return Err(Error::UnblockReason),
    };
    let id = args.int(2)? as SessionId;
    let waits = cx.server.sessions.get_mut(id).is_some_and(|session| session.parked.is_some());
    let known = cx.server.waiting.released.iter().any(|&(released, _)| released == id);
    if waits && !known {
        cx.server.waiting.released.push((id, why));
        cx.server.unfinished = true;
    }
    cx.out.int((waits && !known) as i64);
    Ok(())
}

fn client_help(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    help::help(
        cx,
        "CLIENT",
        &[
            "CACHING (YES|NO)",
            "    Enable/disable tracking of the keys for next command in OPTIN/OPTOUT modes.",
            "GETREDIR",
            "    Return the client ID we are redirecting to when tracking is enabled.",
            "GETNAME",
            "    Return the name of the current connection.",
            "ID",
            "    Return the ID of the current connection.",
            "INFO",
            "    Return information about the current client connection.",
            "KILL <ip:port>",
            "    Kill connection made from <ip:port>.",
            "KILL <option> <value> [<option> <value> [...]]",
            "    Kill connections. Options are:",
            "    * ADDR (<ip:port>|<unixsocket>:0)",
            "      Kill connections made from the specified address",
            "    * LADDR (<ip:port>|<unixsocket>:0)",
            "      Kill connections made to specified local address",
            "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
            "      Kill connections by type.",
            "    * USER <username>",
            "      Kill connections authenticated by <username>.",
            "    * SKIPME (YES|NO)",
            "      Skip killing current connection (default: yes).",
            "    * ID <client-id>",
            "      Kill connections by client id.",
            "    * MAXAGE <maxage>",
            "      Kill connections older than the specified age.",
            "LIST [options ...]",
            "    Return information about client connections. Options:",
            "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
            "      Return clients of specified type.",
            "UNPAUSE",
            "    Stop the current client pause, resuming traffic.",
            "PAUSE <timeout> [WRITE|ALL]",
            "    Suspend all, or just write, clients for <timeout> milliseconds.",
            "REPLY (ON|OFF|SKIP)",
            "    Control the replies sent to the current connection.",
            "SETNAME <name>",
            "    Assign the name <name> to the current connection.",
            "SETINFO <option> <value>",
            "    Set client meta attr. Options are:",
            "    * LIB-NAME: the client lib name.",
            "    * LIB-VER: the client lib version.",
            "UNBLOCK <clientid> [TIMEOUT|ERROR]",
            "    Unblock the specified blocked client.",
            "TRACKING (ON|OFF) [REDIRECT <id>] [BCAST] [PREFIX <prefix> [...]]",
            "         [OPTIN] [OPTOUT] [NOLOOP]",
            "    Control server assisted client side caching.",
            "TRACKINGINFO",
            "    Report tracking status for the current connection.",
            "NO-EVICT (ON|OFF)",
            "    Protect current client connection from eviction.",
            "NO-TOUCH (ON|OFF)",
            "    Will not touch LRU/LFU stats when this mode is on.",
        ],
    )
}
