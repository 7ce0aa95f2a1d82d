//! What one connection knows: who it is, which database and protocol it uses, and input that is not yet a whole command.

use crate::command::args::Span;
use crate::command::frame::Parser;
use crate::command::reply::Reply;
use crate::command::row::Cmd;
use crate::keyspace::Deadline;
use crate::registry::Names;
use crate::types::small::Small;
use crate::waiting::Parked;
use std::ops::Range;

/// A session's number: Redis's client id. 1, 2, ...; never used twice, which takes 64 bits: a busy host opens four billion.
pub type SessionId = u64;

/// How a session is opened.
#[derive(Clone, Debug)]
pub struct SessionOptions {
    /// 2 or 3: the protocol it starts with.
    pub resp: u8,
    /// It needs no password (an in-process session, whose owner owns the data).
    pub trusted: bool,
    /// The peer's address as CLIENT LIST shows it.
    pub addr: String,
    /// The local address.
    pub laddr: String,
    pub name: String,
    /// It came by a Unix socket.
    pub unix: bool,
    /// It may only read: see [`Cmd::refuses_readers`].
    pub readonly: bool,
}

impl Default for SessionOptions {
    fn default() -> SessionOptions {
        SessionOptions {
            resp: 2,
            trusted: false,
            addr: String::new(),
            laddr: String::new(),
            name: String::new(),
            unix: false,
            readonly: false,
        }
    }
}

/// What CLIENT REPLY says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ReplyMode {
    #[default]
    On,
    Off,
    /// The next command is silent.
    SkipNext,
    /// This command is silent.
    Skip,
}

/// The type of value that a waiting session can go on with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wants {
    List,
    Sorted,
    Stream,
    /// A stream through a consumer group: it must also learn that the stream, or its group, is gone.
    Group,
}

/// What a session is answered where it may not wait. (A time that is over is always answered with a null array.)
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TimeoutReply {
    Null,
    NullArray,
}

/// What a session waits for.
pub struct Wait {
    /// Which of its arguments are the keys.
    pub keys: Range<usize>,
    /// When it gives up; [`NEVER`](crate::keyspace::NEVER) to wait for good.
    pub deadline: Deadline,
    pub wants: Wants,
    pub timeout_reply: TimeoutReply,
    /// The arguments to come back with, if they are not those of the command (XREAD `$`).
    pub args: Option<Vec<Vec<u8>>>,
}

impl Wait {
    /// Writes the reply where waiting is not allowed.
    pub fn give_up(&self, out: &mut Reply) {
        match self.timeout_reply {
            TimeoutReply::Null => out.null(),
            TimeoutReply::NullArray => out.null_array(),
        }
    }
}

/// Commands that wait for EXEC, one behind the other.
#[derive(Default)]
pub struct Multi {
    pub bytes: Vec<u8>,
    pub spans: Vec<Span>,
    /// The number of each command's row, and where its arguments end in `spans`.
    pub commands: Vec<(usize, usize)>,
    /// A command was refused: EXEC will be.
    pub aborted: bool,
    /// The flags of all commands together.
    pub flags: u32,
}

/// A session.
pub struct Session {
    pub id: SessionId,
    pub db: usize,
    pub resp3: bool,
    pub authenticated: bool,
    pub trusted: bool,
    /// Whatever it sends, the gate refuses what [`Cmd::refuses_readers`].
    pub readonly: bool,
    pub unix: bool,
    pub addr: String,
    pub laddr: String,
    pub name: Vec<u8>,
    pub lib_name: Vec<u8>,
    pub lib_ver: Vec<u8>,
    pub no_evict: bool,
    pub no_touch: bool,
    pub reply_mode: ReplyMode,
    /// Milliseconds since the epoch: when it was opened, and when it last sent something.
    pub opened: i64,
    pub active: i64,
    pub last_cmd: Option<&'static Cmd>,
    /// The number of its row.
    pub row: usize,
    /// To be closed once what was written is sent.
    pub closing: bool,
    /// It is closed because what it sends is HTTP.
    pub speaks_http: bool,
    /// What waits to be sent though the session itself asked for nothing.
    pub outbox: Vec<u8>,
    /// Bytes of a command that is not complete.
    pub pending: Vec<u8>,
    /// `pending` may hold whole commands too: the replies before them are to be sent first.
    pub backlog: bool,
    pub parser: Parser,
    /// A command that finds nothing may wait.
    pub may_block: bool,
    /// What the command that just ran waits for.
    pub wait: Option<Box<Wait>>,
    /// The command that waits.
    pub parked: Option<Box<Parked>>,
    /// The commands between MULTI and EXEC.
    pub multi: Option<Box<Multi>>,
    /// The keys that WATCH named, as the registry names them, and whether there was none but an expired one.
    pub watching: Vec<(Small, bool)>,
    /// One of them has changed.
    pub dirty: bool,
    pub channels: Names,
    pub patterns: Names,
    pub shards: Names,
    /// It is shown every command.
    pub monitor: bool,
}

impl Session {
    pub fn new(id: SessionId, options: SessionOptions, now: i64) -> Session {
        Session {
            id,
            db: 0,
            resp3: options.resp == 3,
            authenticated: options.trusted,
            trusted: options.trusted,
            readonly: options.readonly,
            unix: options.unix,
            addr: options.addr,
            laddr: options.laddr,
            name: options.name.into_bytes(),
            lib_name: Vec::new(),
            lib_ver: Vec::new(),
            no_evict: false,
            no_touch: false,
            reply_mode: ReplyMode::On,
            opened: now,
            active: now,
            last_cmd: None,
            row: 0,
            closing: false,
            speaks_http: false,
            outbox: Vec::new(),
            pending: Vec::new(),
            backlog: false,
            parser: Parser::default(),
            may_block: true,
            wait: None,
            parked: None,
            multi: None,
            watching: Vec::new(),
            dirty: false,
            channels: Names::default(),
            patterns: Names::default(),
            shards: Names::default(),
            monitor: false,
        }
    }

    /// It is in no transaction, and does not listen to channels.
    #[inline(always)]
    pub fn is_plain(&self) -> bool {
        self.multi.is_none()
            && self.channels.is_empty()
            && self.patterns.is_empty()
            && self.shards.is_empty()
            && !self.monitor
    }

    /// Subscriptions of all kinds.
    pub fn subscriptions(&self) -> usize {
        self.channels.len() + self.patterns.len() + self.shards.len()
    }

    /// To be closed, and nothing more is sent.
    pub fn cut(&mut self) {
        self.outbox = Vec::new();
        self.closing = true;
    }

    /// RESET: back to a fresh connection, which must authenticate again where there is a password.
    pub fn reset(&mut self) {
        self.db = 0;
        self.resp3 = false;
        self.name.clear();
        self.no_evict = false;
        self.no_touch = false;
        self.reply_mode = ReplyMode::On;
    }
}

/// All sessions, in the order of their ids. A session that is being served is taken out of its slot and put back.
#[derive(Default)]
pub struct Sessions {
    slots: Vec<(SessionId, Option<Box<Session>>)>,
    last: SessionId,
    /// The slot that was found last: most calls come from the session that called before.
    recent: usize,
    /// Sessions with something in their outbox, or to be closed.
    pub attention: Vec<SessionId>,
    /// Messages, written for RESP3, to the session that is being served, from those that its command has woken.
    pub strays: Vec<Vec<u8>>,
    /// Sessions that no longer wait and have sent more commands meanwhile.
    pub unblocked: Vec<SessionId>,
}

impl Sessions {
    pub fn open(&mut self, options: SessionOptions, now: i64) -> SessionId {
        self.last += 1;
        self.slots.push((self.last, Some(Box::new(Session::new(self.last, options, now)))));
        self.last
    }

    pub fn close(&mut self, id: SessionId) -> Option<Box<Session>> {
        let slot = self.slot(id)?;
        self.slots.remove(slot).1
    }

    #[inline(always)]
    fn slot(&mut self, id: SessionId) -> Option<usize> {
        if self.slots.get(self.recent).is_none_or(|slot| slot.0 != id) {
            self.recent = self.slots.binary_search_by_key(&id, |slot| slot.0).ok()?;
        }
        Some(self.recent)
    }

    /// Takes a session out while it is being served; it must be put back.
    #[inline(always)]
    pub fn take(&mut self, id: SessionId) -> Option<Box<Session>> {
        let slot = self.slot(id)?;
        self.slots[slot].1.take()
    }

    #[inline(always)]
    pub fn put_back(&mut self, session: Box<Session>) {
        if let Some(slot) = self.slot(session.id) {
            self.slots[slot].1 = Some(session);
        }
    }

    #[inline(always)]
    pub fn get_mut(&mut self, id: SessionId) -> Option<&mut Session> {
        let slot = self.slot(id)?;
        self.slots[slot].1.as_deref_mut()
    }

    /// A session that is about to get something into its outbox: the host will look. None for the one that is being served.
    pub fn reach(&mut self, id: SessionId) -> Option<&mut Session> {
        let slot = self.slot(id)?;
        let session = self.slots[slot].1.as_deref_mut()?;
        if session.outbox.is_empty() && !session.closing {
            self.attention.push(id);
        }
        Some(session)
    }

    /// All but the one that is being served.
    pub fn iter(&self) -> impl Iterator<Item = &Session> {
        self.slots.iter().filter_map(|slot| slot.1.as_deref())
    }

    /// How many are open, the one that is being served included.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Marks a session to be closed and tells the host to look.
    pub fn kill(&mut self, id: SessionId) {
        if let Some(session) = self.get_mut(id) {
            session.closing = true;
            self.attention.push(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_go_on_beyond_32_bits() {
        let mut sessions = Sessions { last: u32::MAX as SessionId - 1, ..Sessions::default() };
        let ids: Vec<SessionId> = (0..3).map(|_| sessions.open(SessionOptions::default(), 0)).collect();
        assert_eq!(ids, [0xffff_ffff, 0x1_0000_0000, 0x1_0000_0001]);
        assert!(ids.iter().all(|&id| sessions.take(id).is_some_and(|session| session.id == id)));
    }
}
