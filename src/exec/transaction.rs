//! Transactions: commands between MULTI and EXEC are queued, and run together.

use super::origin::Origin;
use super::{Ctx, call, has_memory, redirect};
use crate::allocator;
use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::server::session::{Multi, ReplyMode};
use crate::table::spec::flags::ENDS_MULTI;

/// Puts a command behind the others of its transaction.
pub fn queue(cx: &mut Ctx<'_>, args: Args<'_>) {
    let Some(multi) = &mut cx.session.multi else { return };
    // What is queued can be neither evicted nor flushed.
    let full = allocator::used().saturating_add(args.bytes() as u64) > allocator::CEILING;
    if full || multi.bytes.try_reserve(args.bytes()).is_err() {
        return super::refuse(cx, Error::OutOfMemory);
    }
    args.copy_to(&mut multi.bytes, &mut multi.spans);
    multi.commands.push((cx.number, multi.spans.len()));
    multi.flags |= cx.cmd.flags;
    cx.out.raw(b"+QUEUED\r\n");
}

/// What a refused command does to a transaction: it will not run; if it is EXEC itself, it ends here. The error to answer.
pub fn spoil(cx: &mut Ctx<'_>, error: Error) -> Error {
    if cx.depth > 0 {
        return error;
    }
    if let Some(multi) = &mut cx.session.multi {
        multi.aborted = true;
    }
    if cx.session.last.is_none_or(|cmd| cmd.flags & ENDS_MULTI == 0) {
        return error;
    }
    cx.server.forget_transaction(cx.db, cx.session);
    let text = error.text();
    if cx.server.cluster.is_some() && redirect::is_redirection(&text) {
        return error;
    }
    let reason = text.strip_prefix(b"ERR ").unwrap_or(&text);
    Error::quoting(&[b"EXECABORT Transaction discarded because of: ", reason])
}

/// Runs what was queued, as one unit of the journal; an error is the reply of its own command alone.
pub fn run(cx: &mut Ctx<'_>, multi: &Multi) {
    cx.out.array(multi.commands.len());
    cx.within(Origin::Exec, |cx| {
        let mut start = 0;
        for &(number, end) in &multi.commands {
            let args = Args::new(&multi.bytes, &multi.spans[start..end]);
            start = end;
            cx.turn_to(number);
            let (mark, outer) = (cx.out.mark(), cx.out.begin());
            if let Some(error) = cx.denied_since(args) {
                super::refuse(cx, error);
            } else if has_memory(cx.db, cx.cmd, args) {
                call(cx, args);
            } else {
                cx.out.error(&Error::OutOfMemory);
            }
            cx.out.end(outer);
            if cx.session.reply_mode == ReplyMode::Off {
                cx.out.drop_to(mark);
            }
        }
    });
}
