//! What the engine gives to a host that keeps the data, and takes back from it: the journal, a snapshot, and the replay of both.
//! The core knows bytes; where they lie, and when they are on a disk, is the host's.

use crate::command::args::Args;
use crate::command::frame::{Limits, Next, Parser};
use crate::command::row::flags;
use crate::command::table::Found;
use crate::engine::{Engine, Server};
use crate::keyspace::command;
use crate::registry::Names;
use crate::session::{ReplyMode, SessionId, SessionOptions};
use crate::snapshot::Snapshot;
use crate::types::number::{INT_LEN, format_int};

/// No argument in a journal is longer: a greater length is damage, and not the beginning of a command that was cut off.
const MAX_BULK: i64 = 512 << 20;

/// Why a journal cannot be replayed: where in the bytes given, and what is wrong.
#[derive(Debug, PartialEq, Eq)]
pub struct Damage {
    pub at: usize,
    pub reason: String,
}

/// What clients want of the host's store.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ask {
    /// BGSAVE, BGREWRITEAOF: a snapshot in the background.
    Rewrite = 1,
    /// SAVE: a snapshot before the reply leaves, where the store can do that.
    SaveNow,
    /// SHUTDOWN NOSAVE, or without a store.
    End,
    /// SHUTDOWN with a store.
    SaveAndEnd,
}

/// What the host says of its store, for INFO, LASTSAVE and the gate.
#[derive(Clone, Debug, Default)]
pub struct Store {
    /// `file`, `idb`, ...; empty where there is none.
    pub kind: String,
    pub rewriting: bool,
    /// Seconds since the epoch of the last snapshot; 0 where there was none.
    pub last_save: i64,
    pub last_ok: bool,
    /// Bytes of what is stored, and of the snapshot in it.
    pub size: u64,
    pub base_size: u64,
    /// Why nothing can be written at present; empty where all is well.
    pub refusing: String,
}

/// A command for each topic. Not in its place, where it would stand three times.
#[inline(never)]
fn subscribe(out: &mut Vec<u8>, name: &[u8], topics: &Names) {
    for topic in topics.iter() {
        command(out, &[name, topic]);
    }
}

impl Server {
    /// When data was saved last, or else when the engine was opened, in seconds since the epoch.
    pub fn last_save(&self) -> i64 {
        if self.store.last_save > 0 { self.store.last_save } else { self.started / 1000 }
    }
}

impl Engine {
    /// Notes what the host says of its store. A finished snapshot begins the count of changes anew.
    pub fn set_store(&mut self, store: Store) {
        if store.last_save != self.server.store.last_save {
            self.server.stats.changes = 0;
        }
        self.server.store = store;
    }

    /// What a client wants of the store, in the order in which they asked.
    pub fn next_ask(&mut self) -> Option<Ask> {
        (!self.server.asks.is_empty()).then(|| self.server.asks.remove(0))
    }

    /// Whether [`Engine::next_ask`] has something.
    #[inline(always)]
    pub fn has_ask(&self) -> bool {
        !self.server.asks.is_empty()
    }

    /// From here on the journal is kept, or no longer is. What was not taken is dropped.
    pub fn keep_journal(&mut self, on: bool) {
        self.keyspace.log.journal.keep(on);
    }

    /// How many bytes of journal wait to be taken.
    #[inline(always)]
    pub fn journal_len(&self) -> usize {
        self.keyspace.log.journal.len()
    }

    /// What has happened since the last call: whole commands in RESP, transactions never cut. The bytes live until the next
    /// call of this or of [`Engine::snapshot`].
    pub fn take_journal(&mut self) -> &[u8] {
        self.kept = self.keyspace.log.journal.take();
        &self.kept
    }

    /// Begins a snapshot of what is there now. What the journal says from here on belongs behind it; take it before.
    pub fn begin_snapshot(&mut self) {
        self.keyspace.log.journal.turn_page();
        self.server.snapshot = Some(Box::new(Snapshot::new(&self.keyspace)));
    }

    /// Writes about so many bytes of the snapshot; whether there is more to come. They are in [`Engine::kept`] until the next
    /// call of this or of [`Engine::take_journal`]. None: there was no memory for something, and there is no snapshot any more.
    pub fn snapshot(&mut self, about: usize) -> Option<bool> {
        self.kept = Vec::new();
        let snapshot = self.server.snapshot.as_mut()?;
        let more = snapshot.go_on(&self.keyspace, about);
        if snapshot.failed() {
            self.end_snapshot();
            return None;
        }
        self.kept = snapshot.take();
        if !more {
            self.end_snapshot();
        }
        Some(more)
    }

    /// Gives a snapshot up.
    pub fn end_snapshot(&mut self) {
        self.server.snapshot = None;
    }

    /// Writes the commands that make a fresh session what this one is: protocol, database, name, subscriptions. They are in
    /// [`Engine::kept`]. False where commands cannot: it waits, is in a transaction, watches keys, is silent, or has sent half
    /// a command.
    pub fn recall(&mut self, id: SessionId) -> bool {
        let out = &mut self.kept;
        out.clear();
        let Some(session) = self.server.sessions.get_mut(id) else { return false };
        let keeps_more = session.multi.is_some() || session.parked.is_some() || !session.watching.is_empty();
        if keeps_more || session.closing || session.reply_mode != ReplyMode::On || !session.pending.is_empty() {
            return false;
        }
        if session.resp3 {
            command(out, &[b"HELLO", b"3"]);
        }
        if session.db > 0 {
            command(out, &[b"SELECT", format_int(session.db as i64, &mut [0; INT_LEN])]);
        }
        if !session.name.is_empty() {
            command(out, &[b"CLIENT", b"SETNAME", &session.name]);
        }
        subscribe(out, b"SUBSCRIBE", &session.channels);
        subscribe(out, b"PSUBSCRIBE", &session.patterns);
        subscribe(out, b"SSUBSCRIBE", &session.shards);
        true
    }

    /// What [`Engine::snapshot`] has written.
    pub fn kept(&self) -> &[u8] {
        &self.kept
    }

    /// Runs the commands of a journal or a snapshot again, those that are whole: how many bytes that were, never up to the
    /// middle of a transaction. The rest is to come again with what follows it. Lines that begin with `#` are skipped.
    ///
    /// Until [`Engine::finish_load`] no deadline counts: what has expired is removed by the journal's own commands. A command
    /// that is unknown, is refused or fails is damage, and what came before it has happened.
    pub fn load(&mut self, bytes: &[u8]) -> Result<usize, Damage> {
        let id = match self.replayer {
            Some(id) => id,
            None => {
                let options = SessionOptions { resp: 2, trusted: true, ..SessionOptions::default() };
                let id = self.open_session(options);
                self.replayer = Some(id);
                // Keys are as good as used now; everything else has its times from the commands.
                self.keyspace.access.lead = self.keyspace.now;
                self.server.replaying = true;
                id
            }
        };
        self.keyspace.now = 0;
        let Some(mut session) = self.server.sessions.take(id) else { return Ok(0) };
        let (mut at, mut unit) = (0, None);
        let mut parser = Parser::default();
        let limits = Limits { max_bulk: MAX_BULK, unauthenticated: false };
        let result = loop {
            let rest = &bytes[at..];
            match rest.first() {
                Some(b'*') => {}
                None => break Ok(at),
                Some(b'#') => match rest.iter().position(|&b| b == b'\n') {
                    Some(end) => {
                        at += end + 1;
                        continue;
                    }
                    None => break Ok(at),
                },
                Some(_) => break Err(Damage { at, reason: "no command begins here".into() }),
            }
            let len = match parser.next(rest, limits) {
                Next::Command(len) => len,
                Next::Nothing(_) => break Err(Damage { at, reason: "a command without a name".into() }),
                Next::Partial => break Ok(at),
                Next::Broken(reason) => break Err(Damage { at, reason: String::from_utf8_lossy(&reason).into() }),
            };
            let args = Args::new(&rest[..len], &parser.spans);
            let failed = self.server.stats.error_replies;
            self.out.clear();
            let outside = session.multi.is_none();
            match self.server.table.find(args.at(0), args.get(1)) {
                Found::Row(number) if self.server.table.row(number).cmd.accepts(args) => {
                    if !outside && self.server.table.row(number).cmd.flags & flags::IN_MULTI == 0 {
                        self.queue(&mut session, number, args);
                    } else {
                        self.call_apart(&mut session, number, args);
                    }
                }
                _ => {
                    let name = String::from_utf8_lossy(args.at(0)).into_owned();
                    break Err(Damage { at, reason: format!("unknown command '{name}', or wrong arguments for it") });
                }
            }
            if self.server.stats.error_replies != failed {
                let text = String::from_utf8_lossy(self.out.bytes());
                let name = String::from_utf8_lossy(args.at(0));
                break Err(Damage { at, reason: format!("'{name}' failed: {}", text.trim_end()) });
            }
            if outside && session.multi.is_some() {
                unit = Some(at);
            }
            at += len;
        };
        // The rest of a transaction comes again, with its beginning.
        let cut = session.multi.take().and(unit);
        self.server.sessions.put_back(session);
        self.out.clear();
        result.map(|at| cut.unwrap_or(at))
    }

    /// The replay is over: from here on deadlines count, at `now` milliseconds since the epoch.
    pub fn finish_load(&mut self, now: f64) {
        if let Some(id) = self.replayer.take() {
            self.close_session(id);
        }
        self.server.replaying = false;
        self.keyspace.access.lead = 0;
        self.keyspace.now = now as i64;
        self.server.stats.reset();
        self.server.stats.changes = 0;
        self.keyspace.log.counts = Default::default();
        self.keyspace.log.effects.noted.clear();
    }
}
