//! One command, whole: the short way at a quiet time (`still.rs`), or with everything that may stand around it, and what is left to do
//! behind it.

use super::Engine;
use super::intercept::Screened;
use crate::allocator::{CEILING, LARGE, used};
use crate::exec::origin::Origin;
use crate::exec::{self, Ctx};
use crate::resp::args::Args;
use crate::server::session::{ReplyMode, Session};
use crate::server::sessions::Stray;
use crate::server::tracking::mode;
use crate::table::find::Found;

impl Engine {
    /// Takes a command that was just read; false where it is to be read again, once its session may go on.
    #[inline(never)]
    pub(super) fn take(&mut self, session: &mut Session, args: Args<'_>) -> bool {
        let found = self.server.table.find(args.at(0), args.get(1));
        if let Found::Row(number) = found
            && self.rows[number].spec.is_about_data()
            && self.rows[number].spec.accepts(args)
            && args.bytes() <= LARGE
            && used() < CEILING - LARGE as u64
            && self.is_quiet(session)
        {
            self.run_quietly(session, number, args);
            return true;
        }
        self.take_with_care(session, found, args)
    }

    /// Runs a command with nothing around it. The reply is written.
    #[inline(always)]
    fn run_quietly(&mut self, session: &mut Session, number: usize, args: Args<'_>) {
        let Engine { keyspace, server, host, out, rows, .. } = self;
        let (keyspace, server, host) = (keyspace.quietly(), server.quietly(), host.quietly());
        out.begin();
        exec::call_quietly(&mut Ctx::at(number, keyspace, session, server, host, out, rows), args);
        debug_assert!(
            self.finds_quiet() && session.is_quiet(),
            "{} is about more than data",
            self.rows[number].spec.full_name()
        );
    }

    /// Takes a command with everything that may stand around it; see [`Engine::take`].
    #[inline(never)]
    fn take_with_care(&mut self, session: &mut Session, found: Found, args: Args<'_>) -> bool {
        match if self.screens(session) { self.screen(session, args) } else { Screened::Run } {
            Screened::Run => self.run_as(session, args, &mut |cx, args| exec::run_found(cx, found, args)),
            Screened::Done => {}
            Screened::Later => return false,
        }
        true
    }

    /// One command, whole, or what is done in its place, and what is left to do behind it.
    pub(super) fn run_as(
        &mut self,
        session: &mut Session,
        args: Args<'_>,
        what: &mut dyn FnMut(&mut Ctx<'_>, Args<'_>),
    ) {
        let mark = self.out.mark();
        let outer = self.out.begin();
        if session.max_reply != usize::MAX {
            self.out.bound(session.max_reply);
        }
        let mode = session.reply_mode;
        what(&mut self.ctx(session, Origin::Client), args);
        self.out.end(outer);
        if session.max_reply != usize::MAX {
            self.out.bound(usize::MAX);
        }
        if mode != ReplyMode::On || session.reply_mode != ReplyMode::On {
            self.silence(session, mode, mark);
        }
        self.out.append_some(&mut session.outbox);
        if self.server.unfinished {
            self.finish(session, args);
        }
        if session.tracking & mode::CACHING != 0 {
            // CLIENT CACHING is for one command, and whatever CLIENT says between them.
            let keeps = session.multi.is_some() || session.last.is_some_and(|cmd| cmd.syntax.starts_with("CLIENT "));
            session.tracking &= if keeps { !0 } else { !mode::CACHING };
        }
    }

    /// What a handler works with, before its row is found.
    #[inline(always)]
    pub(super) fn ctx<'a>(&'a mut self, session: &'a mut Session, origin: Origin) -> Ctx<'a> {
        let Engine { keyspace, server, host, out, rows, .. } = self;
        Ctx::new(keyspace, session, server, host, out, rows, origin)
    }

    /// CLIENT REPLY: takes back the reply of a session that wants none; the mode was this before the command.
    #[cold]
    fn silence(&mut self, session: &mut Session, before: ReplyMode, mark: usize) {
        if before != ReplyMode::On && session.reply_mode == before {
            self.out.drop_to(mark);
        }
        session.reply_mode = match session.reply_mode {
            ReplyMode::SkipNext => ReplyMode::Skip,
            ReplyMode::Skip => ReplyMode::On,
            mode => mode,
        };
    }

    /// What is left to do once a command has answered: its session parks, others are let go, and those go on that waited for
    /// what it changed.
    #[cold]
    fn finish(&mut self, session: &mut Session, args: Args<'_>) {
        self.server.unfinished = false;
        self.server.timing.looked = 0.0;
        if let Some(wait) = session.wait.take() {
            self.server.stats.uncount(wait.number);
            session.commands -= 1;
            self.server.waiting.park(session, *wait, args, None);
            self.server.note_interest(&mut self.keyspace);
        }
        self.release();
        self.serve_ready();
        self.serve_live(Some(session));
        for stray in std::mem::take(&mut self.server.sessions.strays) {
            match stray {
                Stray::Message(mut message) => {
                    message[0] = if session.resp3 { b'>' } else { b'*' };
                    self.out.append(&message);
                }
                Stray::Changed(keys) => {
                    let id = session.id;
                    self.server.tell(Some(session), id, mode::BCAST, Some(&keys));
                }
                Stray::Redirected(keys) => {
                    let id = session.id;
                    self.server.hand(Some(session), id, &keys, true);
                }
            }
        }
        self.out.append_some(&mut session.outbox);
    }
}
