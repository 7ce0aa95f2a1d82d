//! Faults on purpose: the host is shown each command of a client before it runs, and may answer it itself, have it wait, or end its
//! session. Tests of what clients do about LOADING, a dropped connection or a slow answer stand on it.
//!
//! A command that has to wait is kept as those of a pause are ([`super::pause`]): a session's bytes are not taken further. What a
//! script runs is not shown, nor what EXEC runs, which was when it was queued.

use super::Engine;
use crate::exec::{self, Ctx};
use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::server::host::{Interceptor, Verdict};
use crate::server::session::{Session, SessionId};
use crate::table::find::Found;
use crate::table::spec::flags::ENDS_MULTI;

/// What becomes of a command that was just read.
#[derive(PartialEq)]
pub(super) enum Screened {
    Run,
    /// It is answered, or nobody is left to be.
    Done,
    /// Its session waits with it.
    Later,
}

impl Engine {
    /// Has commands shown to the host, or no more.
    pub fn intercept(&mut self, interceptor: Option<Box<dyn Interceptor>>) {
        self.host.interceptor = interceptor;
    }

    /// What became of the command that a session waits with ([`Verdict::Hold`]). The session goes on.
    pub fn decide(&mut self, id: SessionId, now: f64, verdict: Verdict) {
        self.set_time(now);
        let Some(session) = self.server.sessions.get_mut(id) else { return };
        if !session.undecided {
            return;
        }
        (session.undecided, session.postponed) = (false, false);
        session.verdict = Some(verdict);
        self.server.waiting.held.retain(|&held| held != id);
        self.server.sessions.unblocked.push(id);
        self.wake_pipelines();
    }

    /// Whether somebody is to be asked about a session's commands before they run, or has been.
    #[inline(always)]
    pub(super) fn screens(&self, session: &Session) -> bool {
        self.host.interceptor.is_some() || self.server.waiting.pause.is_some() || session.verdict.is_some()
    }

    /// Asks about a command: the host first, then CLIENT PAUSE.
    #[cold]
    pub(super) fn screen(&mut self, session: &mut Session, args: Args<'_>) -> Screened {
        let admitted = !self.server.users.awaits_login(session);
        let asked = self.host.interceptor.as_ref();
        let verdict = session.verdict.take().or_else(|| Some(asked?.judge(session, admitted, args)));
        match verdict {
            Some(Verdict::Reply(reply)) => {
                self.run_as(session, args, &mut |cx, args| answer(cx, args, &reply));
                Screened::Done
            }
            Some(Verdict::Drop) => {
                session.closing = true;
                Screened::Done
            }
            Some(Verdict::Hold) if session.patient => {
                (session.postponed, session.undecided) = (true, true);
                self.server.waiting.held.push(session.id);
                Screened::Later
            }
            _ => {
                if session.patient && self.postpones(session, args) {
                    // It is not asked about twice.
                    session.verdict = Some(Verdict::Run);
                    return Screened::Later;
                }
                Screened::Run
            }
        }
    }
}

/// Answers in the place of a command.
fn answer(cx: &mut Ctx<'_>, args: Args<'_>, reply: &[u8]) {
    let found = cx.server.table.find(args.at(0), args.get(1));
    cx.session.last = if let Found::Row(number) = found { Some(&cx.rows[number].spec) } else { None };
    if let Some(error) = reply.strip_prefix(b"-") {
        return exec::refuse(cx, Error::quoting(&[error.strip_suffix(b"\r\n").unwrap_or(error)]));
    }
    if cx.session.last.is_some_and(|cmd| cmd.flags & ENDS_MULTI != 0) {
        cx.server.forget_transaction(cx.db, cx.session);
    }
    let mark = cx.out.mark();
    cx.out.raw(reply);
    if cx.out.take_overflow() {
        cx.out.drop_to(mark);
        exec::refuse(cx, cx.out.refusal());
    }
}
