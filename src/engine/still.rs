//! The short way of a command. What is asked around each of them (is there a journal, a snapshot, a monitor, a session that waits, a
//! cluster, `maxmemory`, a transaction?) is nearly always answered with no, for all of them and for a long time. So it is asked once: while
//! the answer is no throughout, times are quiet, and a command that is about data alone goes straight to its handler.
//!
//! The answers can only change where somebody takes the server, the host or the keyspace to change something. [`Still`] notes that,
//! whoever it is, and the next command asks anew. Commands that are about data alone take all three without a note; builds with debug
//! assertions ask after each of them whether times are still quiet.

use super::Engine;
use crate::server::Server;
use crate::server::config::Id;
use crate::server::session::{ReplyMode, Session};
use std::ops::{Deref, DerefMut};

/// A part of the engine that knows whether somebody may have changed it.
pub(crate) struct Still<T> {
    part: T,
    stirred: bool,
}

impl<T> Still<T> {
    pub fn new(part: T) -> Still<T> {
        Still { part, stirred: true }
    }

    /// To change what has no part in whether times are quiet.
    #[inline(always)]
    pub fn quietly(&mut self) -> &mut T {
        &mut self.part
    }
}

impl<T> Deref for Still<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.part
    }
}

impl<T> DerefMut for Still<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        self.stirred = true;
        &mut self.part
    }
}

impl Session {
    /// Whether its commands are plain ones, that any user may run, and answered as they come.
    pub(super) fn is_quiet(&self) -> bool {
        (self.is_plain() && !self.is_held() && self.reply_mode == ReplyMode::On)
            && !(self.bound || self.closing || self.backlog || self.speaks_http)
            && (self.tracking == 0 && self.verdict.is_none() && self.outbox.is_empty() && self.max_reply == usize::MAX)
    }
}

impl Engine {
    /// Whether times have been quiet and nobody has stirred anything since: then nothing is left to be done or told, either.
    #[inline(always)]
    pub(crate) fn is_undisturbed(&self) -> bool {
        self.quiet != 0 && !(self.keyspace.stirred | self.server.stirred | self.host.stirred)
    }

    /// Whether nothing stands around a command but its session.
    pub(super) fn finds_quiet(&self) -> bool {
        let (keyspace, host) = (&self.keyspace, &self.host);
        let server: &Server = &self.server;
        let Server { sessions, scripts, waiting, tracking, timing, .. } = server;
        !keyspace.journaling()
            && waiting.count == 0
            && (keyspace.log.effects.wanted == 0 && keyspace.log.effects.noted.is_empty())
            && (host.snapshot.is_none() && host.interceptor.is_none() && host.requests.is_empty())
            && (host.store.saved_ok && host.store.refusing.is_empty() && host.backup_times.1 == 0)
            && (server.config.int(Id::MaxMemory) == 0 && !server.over_limit && !server.evicting)
            && (waiting.pause.is_none() && waiting.held.is_empty() && waiting.released.is_empty())
            && (sessions.attention.is_empty() && sessions.strays.is_empty() && sessions.unblocked.is_empty())
            && (server.monitors.is_empty() && tracking.clients == 0 && !tracking.pending && timing.hotkeys.is_none())
            && !(server.loading || server.unfinished || scripts.paused.is_some() || scripts.running.is_some())
            && (server.cluster.is_none() && server.save_points.is_empty())
    }

    /// Has the next command ask anew, where something has become of the session alone.
    pub(super) fn disturb(&mut self) {
        self.quiet = 0;
    }

    /// Whether times are quiet, and the session too.
    #[inline(always)]
    pub(super) fn is_quiet(&mut self, session: &mut Session) -> bool {
        if !self.is_undisturbed() && !self.look_around() {
            return false;
        }
        if session.quiet != self.quiet {
            session.quiet = if session.is_quiet() { self.quiet } else { 0 };
        }
        session.quiet != 0
    }

    /// Asks anew. What was found for sessions no longer holds: others may have changed them.
    #[inline(never)]
    fn look_around(&mut self) -> bool {
        let quiet = self.finds_quiet();
        self.quiet = 0;
        if quiet {
            (self.keyspace.stirred, self.server.stirred, self.host.stirred) = (false, false, false);
            self.times += 1;
            self.quiet = self.times;
        }
        quiet
    }
}
