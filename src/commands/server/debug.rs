//! DEBUG: for those who work on the server itself. What can harm wants `enable-debug-command` over a socket.

use crate::commands::shared::help;
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::resp::args::Args;
use crate::resp::error::{Error, quoted};
use crate::server::config::Id;
use crate::table::spec::{OnSession, Shards, flags::*};
use crate::types::glob;
use crate::types::number::parse_int;

pub const TABLE: &[Row] = &[cmd("DEBUG", debug)
    .arity(-2)
    .internal()
    .session(OnSession::Nothing)
    .shards(Shards::One)
    .plain(ADMIN | LOADING | NOSCRIPT | STALE)
    .reply("any")
    .doc("1.0.0", "Depends on subcommand.", "A container for debugging commands.")];

/// Whether the session may debug: one in process, whose owner has everything anyway, always.
fn may_debug(cx: &Ctx<'_>) -> bool {
    let local = || cx.session.unix || cx.session.addr.starts_with("127.") || cx.session.addr.starts_with("[::1]");
    cx.session.trusted
        || match cx.server.config.text(Id::DebugCommand) {
            b"yes" => true,
            b"local" => local(),
            _ => false,
        }
}

fn debug(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if !may_debug(cx) {
        return Err(Error::DebugRefused);
    }
    let name = args.at(1);
    match (&name.to_ascii_lowercase()[..], args.len()) {
        (b"object", 3) => debug_object(cx, args.at(2)),
        (b"set-active-expire", 3) => {
            cx.db.active_expire = leading_int(args.at(2)) != 0;
            cx.out.ok();
            Ok(())
        }
        // Time stands still while a command runs and belongs to the host: there is nothing here that could sleep.
        (b"sleep", 3) => {
            cx.out.ok();
            Ok(())
        }
        (b"stringmatch-len", 4) => {
            let text = vec![b'a'; leading_int(args.at(2)).clamp(0, 1 << 24) as usize];
            cx.out.int(glob::matches(args.at(3), &text) as i64);
            Ok(())
        }
        (b"help", 2) => debug_help(cx),
        _ => {
            const REASON: &[u8] = b"ERR unknown subcommand or wrong number of arguments for '";
            Err(Error::quoting(&[REASON, quoted(name, 128), b"'. Try DEBUG HELP."]))
        }
    }
}

/// The number a text begins with, as C's `atoi` reads it: 0 where there is none.
fn leading_int(text: &[u8]) -> i64 {
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    parse_int(&text[..digits]).unwrap_or(0)
}

fn debug_object(cx: &mut Ctx<'_>, key: &[u8]) -> Done {
    let now = cx.now;
    let Some(entry) = cx.db.entry(key) else { return Err(Error::NoSuchKey) };
    let line = format!(
        "Value at:0x0 refcount:1 encoding:{} serializedlength:{} lru:{} lru_seconds_idle:{}",
        entry.value.encoding_under(key),
        entry.value.bytes(),
        entry.access.bits() & 0xff_ffff,
        entry.access.idle_seconds(now),
    );
    cx.out.simple(&line);
    Ok(())
}

fn debug_help(cx: &mut Ctx<'_>) -> Done {
    help::help(
        cx,
        "DEBUG",
        &[
            "OBJECT <key>",
            "    Show low level info about `key` and associated value.",
            "SET-ACTIVE-EXPIRE <0|1>",
            "    Setting it to 0 disables expiring keys (and hash-fields) in background",
            "    when they are not accessed (otherwise the Redis behavior). Setting it",
            "    to 1 reenables back the default.",
            "SLEEP <seconds>",
            "    Stop the server for <seconds>. Decimals allowed.",
            "STRINGMATCH-LEN <len> <pattern>",
            "    Match a string of <len> letters a against <pattern>.",
        ],
    )
}
