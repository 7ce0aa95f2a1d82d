//! MONITOR: a session is shown every command that runs ([`crate::exec`] does that).

use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::table::spec::{OnSession, flags::*};

pub const TABLE: &[Row] = &[cmd("MONITOR", monitor)
    .session(OnSession::Monitors)
    .plain(ADMIN | LOADING | NOSCRIPT | STALE)
    .reply("OK")
    .doc("1.0.0", "", "Listens for all requests received by the server in real-time.")];

fn monitor(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    if !cx.may_block() {
        return Err(Error::Fixed("ERR MONITOR isn't allowed for DENY BLOCKING client"));
    }
    // Asked again it says nothing at all.
    if !cx.session.monitor {
        cx.session.monitor = true;
        cx.server.monitors.push(cx.session.id);
        cx.server.note_interest(cx.db);
        cx.out.ok();
    }
    Ok(())
}
