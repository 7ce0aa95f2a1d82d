//! What MONITOR shows: every command that runs, once it has answered. The lines are no replies and no pushes, but simple strings, in
//! both protocols.

use super::Ctx;
use super::origin::Origin;
use crate::allocator::LARGE;
use crate::resp::args::{Args, Word};
use crate::table::spec::Secret;
use crate::table::spec::flags::*;
use crate::types::number::{INT_LEN, format_int};

/// Shows the command that has just run to those who monitor, unless it is about the administration.
#[cold]
pub fn show(cx: &mut Ctx<'_>, args: Args<'_>) {
    if cx.cmd.flags & (ADMIN | SKIP_MONITOR) == 0 && cx.origin.is_shown() {
        show_now(cx, args);
    }
}

/// Shows a command, whatever it is.
#[cold]
pub fn show_now(cx: &mut Ctx<'_>, args: Args<'_>) {
    let mut line = vec![b'+'];
    // Each byte may become four. Who is shown everything is not shown all but that.
    let room = args.tail(0).map(|arg| arg.len() * 4 + 3).sum::<usize>();
    if room > LARGE && line.try_reserve_exact(room + 128).is_err() {
        for id in cx.server.monitors.clone() {
            cx.server.cut(Some(cx.session), id);
        }
        return;
    }
    let micros = cx.now * 1000 + cx.server.micros();
    let mut digits = [0; INT_LEN];
    line.extend_from_slice(format_int(micros / 1_000_000, &mut digits));
    line.push(b'.');
    // Six digits: those of a seventh in front of them, without it.
    line.extend_from_slice(&format_int(1_000_000 + micros % 1_000_000, &mut digits)[1..]);
    line.extend_from_slice(b" [");
    line.extend_from_slice(format_int(cx.session.db as i64, &mut digits));
    line.push(b' ');
    if cx.origin == Origin::Script {
        line.extend_from_slice(b"lua");
    } else {
        line.extend_from_slice(if cx.session.unix { b"unix:" } else { b"" });
        line.extend_from_slice(cx.session.addr.as_bytes());
    }
    line.push(b']');
    let mut secrets = 0;
    for (at, arg) in args.tail(0).enumerate() {
        line.extend_from_slice(b" \"");
        if secrets > 0 {
            line.extend_from_slice(b"(redacted)");
        } else {
            escape(&mut line, arg);
        }
        line.push(b'"');
        secrets = match cx.cmd.secret {
            Secret::All | Secret::Passwords => usize::MAX,
            Secret::BehindAuth if at > 1 && secrets == 0 && Word(arg).is("AUTH") => 2,
            _ => secrets.saturating_sub(1),
        };
    }
    line.extend_from_slice(b"\r\n");
    for id in cx.server.monitors.clone() {
        cx.server.deliver(Some(cx.session), id, &mut line, false);
    }
}

/// Writes bytes as a string in quotes shows them.
pub fn escape(line: &mut Vec<u8>, bytes: &[u8]) {
    for &byte in bytes {
        match byte {
            b'\\' | b'"' => line.extend([b'\\', byte]),
            b'\n' => line.extend(b"\\n"),
            b'\r' => line.extend(b"\\r"),
            b'\t' => line.extend(b"\\t"),
            7 => line.extend(b"\\a"),
            8 => line.extend(b"\\b"),
            b' '..=b'~' => line.push(byte),
            _ => {
                let hex = |half: u8| b"0123456789abcdef"[half as usize];
                line.extend([b'\\', b'x', hex(byte >> 4), hex(byte & 15)]);
            }
        }
    }
}
