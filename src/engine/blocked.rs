//! How those who wait are served: by a key that has changed, by the end of their time, by CLIENT UNBLOCK. What they sent behind
//! the command that they waited with comes next.

use super::Engine;
use crate::exec;
use crate::exec::origin::Origin;
use crate::exec::redirect;
use crate::keyspace::{Deadline, Value};
use crate::resp::error::Error;
use crate::resp::reply::Reply;
use crate::script;
use crate::server::Server;
use crate::server::blocked::Release;
use crate::server::host::HostRequest;
use crate::server::live::Query;
use crate::server::session::{ReplyMode, Session, SessionId, Wants};
use crate::types::number::{INT_LEN, format_int, parse_int};
use crate::types::registry::split_key;

impl Engine {
    /// Lets those go whom CLIENT UNBLOCK named.
    pub(crate) fn release(&mut self) {
        for (id, why) in std::mem::take(&mut self.server.waiting.released) {
            self.give_up(id, why);
        }
        self.resume_held();
    }

    /// Answers sessions whose time is over.
    #[cold]
    pub(crate) fn time_out(&mut self) {
        if !self.is_paused() && self.server.waiting.claiming() {
            let Server { sessions, waiting, .. } = &mut *self.server;
            waiting.look_again(self.keyspace.now as Deadline, &mut |id| {
                let parked = sessions.get_mut(id).and_then(|session| session.parked.as_ref());
                parked.map(|parked| parked.qualified_keys().to_vec()).unwrap_or_default()
            });
            self.serve_ready();
        }
        while let Some(id) = self.server.waiting.due(self.keyspace.now as Deadline) {
            self.give_up(id, Release::Timeout);
        }
        if self.server.waiting.pause.as_ref().is_some_and(|pause| pause.until <= self.keyspace.now as Deadline) {
            self.server.waiting.pause = None;
            self.resume_held();
        }
        self.wake_pipelines();
    }

    /// A session no longer waits, and got nothing.
    pub(crate) fn give_up(&mut self, id: SessionId, why: Release) {
        let Some(mut session) = self.server.sessions.take(id) else { return };
        let mut wants = Wants::List;
        let mut sent_on = Error::Unblocked;
        if let Some(parked) = self.server.waiting.unpark(&mut session) {
            wants = parked.wants;
            if let (Release::Moved, Some(cluster)) = (why, &self.server.cluster) {
                sent_on =
                    parked.key().and_then(|key| redirect::sent_on(cluster, &session.laddr, key)).unwrap_or(sent_on);
            }
            // It has waited, and is counted now.
            self.server.stats.commands += 1;
            session.commands += 1;
            let calls = self.server.stats.calls_of(parked.number);
            calls.calls += 1;
            calls.failed += (why != Release::Timeout) as u64;
            if self.server.timed {
                let micros = std::mem::take(&mut session.spent);
                self.server.took(Some(&session), parked.number, parked.args(), (micros, 0), self.keyspace.now);
            }
        }
        self.server.note_interest(&mut self.keyspace);
        let mut out = Reply::new(self.server.dialect);
        out.resp3 = session.resp3;
        match why {
            Release::Timeout => wants.time_is_over(&mut out),
            Release::NotEnded => {
                let error = Error::Fixed("ERR Errors trying to SHUTDOWN. Check logs.");
                self.server.stats.count_error(&error.text());
                out.error(&error);
            }
            Release::Error | Release::Moved => {
                self.server.stats.count_error(&sent_on.text());
                out.error(&sent_on);
            }
        }
        self.hand_out(session, out.bytes());
    }

    /// What was journaled before the host was asked for the `asked`th time is on its disk; or with 0, it could not save, and does not
    /// end. Those who wait for that are answered.
    pub fn host_did(&mut self, asked: u64) {
        let mut served = Vec::new();
        self.server.sessions.each_mut(&mut |session| {
            let Some(parked) = &mut session.parked else { return };
            match parked.wants {
                Wants::Copies(ticket) if ticket <= asked => {
                    parked.wants = Wants::Synced;
                    if parse_int(parked.args().at(2)) == Some(0) {
                        served.push(session.id);
                    }
                }
                Wants::End if asked == 0 => served.push(session.id),
                _ => {}
            }
        });
        for id in served {
            self.give_up(id, if asked == 0 { Release::NotEnded } else { Release::Timeout });
        }
        self.wake_pipelines();
    }

    /// Goes on with the script that is paused, for some milliseconds. If it is not at its end then, the host is asked to come again.
    pub fn go_on(&mut self, now: f64) {
        let Some(mut paused) = self.server.scripts.paused.take() else { return };
        let closed = paused.closed.is_some();
        let Some(mut session) = paused.closed.take().or_else(|| self.server.sessions.take(paused.session)) else {
            return;
        };
        self.keyspace.now = paused.now;
        self.server.time = paused.time;
        let mut out = Reply::new(self.server.dialect);
        out.resp3 = session.resp3;
        out.bound(session.max_reply);
        std::mem::swap(&mut out, &mut self.out);
        let mut cx = self.ctx(&mut session, Origin::Client);
        let ended = script::go_on(&mut cx, *paused);
        let paused = ended.is_none();
        if let Some(done) = ended {
            exec::conclude(&mut cx, done);
        }
        std::mem::swap(&mut out, &mut self.out);
        if paused {
            self.host.requests.push(HostRequest::GoOn);
            match &mut self.server.scripts.paused {
                Some(paused) if closed => paused.closed = Some(session),
                _ => self.server.sessions.put_back(session),
            }
            return;
        }
        session.paused = false;
        self.set_time(now);
        if !closed {
            self.hand_out(session, out.bytes());
        }
        self.release();
        self.serve_ready();
        self.wake_pipelines();
    }

    /// Whether a script is paused: the keyspace then holds half of what it does.
    pub fn is_paused(&self) -> bool {
        self.server.scripts.paused.is_some()
    }

    /// Puts a late reply into a session's outbox, and the session back.
    fn hand_out(&mut self, mut session: Box<Session>, reply: &[u8]) {
        if session.outbox.is_empty() && !session.closing {
            self.server.sessions.attention.push(session.id);
        }
        if session.reply_mode == ReplyMode::On {
            session.outbox.extend_from_slice(reply);
        }
        if !session.pending.is_empty() {
            self.server.sessions.unblocked.push(session.id);
        }
        self.server.sessions.put_back(session);
    }

    /// Runs the commands of waiting sessions again whose keys have changed, as long as that changes more keys.
    pub(crate) fn serve_ready(&mut self) {
        while let Some(qualified) = self.server.waiting.next_ready() {
            let (db, key) = split_key(&qualified);
            let mut held = self.held(db, key);
            for id in self.server.waiting.keys.of(&qualified).to_vec() {
                if self.serve(id, held, &qualified) {
                    held = self.held(db, key);
                }
            }
        }
        self.server.unfinished = false;
    }

    /// What somebody can wait for that a key holds.
    fn held(&mut self, db: usize, key: &[u8]) -> Option<Wants> {
        self.keyspace.within(db, |db| match db.entry(key)?.value() {
            Value::List(_) => Some(Wants::List),
            Value::Sorted(_) => Some(Wants::Sorted),
            Value::Stream(_) => Some(Wants::Stream),
            Value::Str(_) | Value::Hash(_) | Value::Set(_) | Value::Array(_) | Value::Vectors(_) => None,
        })
    }

    /// Runs the command of one waiting session again, if the key now holds what it wants; whether it ran.
    fn serve(&mut self, id: SessionId, held: Option<Wants>, qualified: &[u8]) -> bool {
        let Server { sessions, waiting, .. } = &mut *self.server;
        let Some(session) = sessions.get_mut(id) else { return false };
        let Some((wants, looked)) = session.parked.as_ref().map(|parked| (parked.wants, parked.looked)) else {
            return false;
        };
        // A consumer group also wants to know that there is none any more.
        if wants != Wants::Group && held != Some(wants) {
            return false;
        }
        // One that waits for many keys looks at all of them at once.
        let has_looked = looked == waiting.changes;
        if has_looked || session.closing || !waiting.keys.of(qualified).contains(&id) {
            return false;
        }
        let Some(mut session) = self.server.sessions.take(id) else { return false };
        let Some(parked) = self.server.waiting.unpark(&mut session) else { return false };
        let mut out = Reply::new(self.server.dialect);
        out.resp3 = session.resp3;
        out.bound(session.max_reply);
        let early = std::mem::take(&mut session.outbox);
        std::mem::swap(&mut out, &mut self.out);
        let mut cx = self.ctx(&mut session, Origin::Woken);
        exec::resume(&mut cx, parked.number, parked.args());
        std::mem::swap(&mut out, &mut self.out);
        out.append(&std::mem::replace(&mut session.outbox, early));
        match session.wait.take() {
            Some(wait) => {
                let deadline = Some(parked.deadline);
                self.server.stats.uncount(parked.number);
                session.commands -= 1;
                self.server.waiting.park(&mut session, *wait, parked.args(), deadline);
                self.server.sessions.put_back(session);
            }
            None => self.hand_out(session, out.bytes()),
        }
        self.server.note_interest(&mut self.keyspace);
        true
    }

    /// Runs again what sessions are to be kept up to date of, where what it reads has changed: each as its session, in its database.
    #[inline(always)]
    pub(crate) fn serve_live(&mut self, current: Option<&mut Session>) {
        if self.server.live.is_active() {
            self.tell_live(current);
        }
    }

    #[cold]
    fn tell_live(&mut self, mut current: Option<&mut Session>) {
        // A key whose time is over may be found so by what runs here: that is told, too.
        let mut ready = self.server.live.take_ready();
        for at in 0.. {
            let Some(&(id, fingerprint)) = ready.get(at) else { break };
            let message = match &mut current {
                Some(session) if session.id == id => self.message_of(session, fingerprint),
                _ => {
                    let Some(mut session) = self.server.sessions.take(id) else { continue };
                    let message = self.message_of(&mut session, fingerprint);
                    self.server.sessions.put_back(session);
                    message
                }
            };
            if let Some(mut message) = message {
                self.server.deliver(current.as_deref_mut(), id, &mut message, false);
            }
            ready.append(&mut self.server.live.take_ready());
        }
        self.server.end_live(&ready, current);
        self.server.unfinished = false;
    }

    /// What a session is told of one of its queries; nothing where it may no longer know.
    fn message_of(&mut self, session: &mut Session, fingerprint: u32) -> Option<Vec<u8>> {
        let at = session.live.iter().position(|query| query.fingerprint == fingerprint)?;
        let Query { number, .. } = session.live[at];
        let (spec, args) = (self.server.table.row(number).spec, session.live[at].args());
        if session.closing || session.bound && self.server.users.check(session, number, spec, args).is_err() {
            return None;
        }
        let query = session.live.remove(at);
        let mut out = Reply::new(self.server.dialect);
        out.resp3 = session.resp3;
        out.bound(session.max_reply);
        out.push(3);
        out.bulk(&query.args().at(0).to_ascii_uppercase());
        out.bulk(format_int(fingerprint as i64, &mut [0; INT_LEN]));
        let (db, multi) = (std::mem::replace(&mut session.db, query.db), session.multi.take());
        std::mem::swap(&mut out, &mut self.out);
        self.ctx(session, Origin::Client).run_nested(query.args());
        std::mem::swap(&mut out, &mut self.out);
        (session.db, session.multi) = (db, multi);
        session.live.insert(at, query);
        Some(out.bytes().to_vec())
    }

    /// Goes on with what sessions had sent behind the command that they waited with.
    #[inline(always)]
    pub(crate) fn wake_pipelines(&mut self) {
        if !self.server.sessions.unblocked.is_empty() {
            self.drain_pipelines();
        }
    }

    #[cold]
    fn drain_pipelines(&mut self) {
        while let Some(id) = self.server.sessions.unblocked.pop() {
            let Some(mut session) = self.server.sessions.take(id) else { continue };
            if session.is_held() {
                self.server.sessions.put_back(session);
                continue;
            }
            let mut out = Reply::new(self.server.dialect);
            std::mem::swap(&mut out, &mut self.out);
            let early = std::mem::take(&mut session.outbox);
            let mut parser = session.parser.take().unwrap_or_default();
            let mut pending = std::mem::take(&mut session.pending);
            let used = self.drain(&mut session, &mut parser, &pending);
            pending.drain(..used);
            session.pending = pending;
            session.parser = Some(parser);
            std::mem::swap(&mut out, &mut self.out);
            session.outbox = early;
            let reply = out.bytes();
            if session.outbox.is_empty() {
                self.server.sessions.attention.push(session.id);
            }
            session.outbox.extend_from_slice(reply);
            self.server.sessions.put_back(session);
        }
    }
}
