//! What the engine gives to a host that keeps the data, and takes back from it: the journal, a snapshot, and the replay of both.
//! The core knows bytes; where they lie, and when they are on a disk, is the host's.

use super::Engine;
use crate::exec;
use crate::exec::origin::Origin;
use crate::keyspace::{Deadline, NEVER};
use crate::rdb::file::Filling;
use crate::resp::args::{Args, Span};
use crate::resp::parser::{Limits, Next, Parser};
use crate::server::config::Id;
use crate::server::host::{Host, HostRequest, Store, Ways};
use crate::server::session::SessionOptions;
use crate::snapshot::commands::Commands;
use crate::snapshot::rdb::Rdb;
use crate::snapshot::{Snapshot, Writer};

/// No argument in a journal is longer: a greater length is damage, and not the beginning of a command that was cut off.
const MAX_BULK: i64 = 512 << 20;
/// But for a vector set, which a snapshot has whole, however large.
const RESTORE: &[u8] = b"*4\r\n$7\r\nRESTORE\r\n";

/// Why a journal cannot be replayed: where in the bytes given, and what is wrong.
#[derive(Debug, PartialEq, Eq)]
pub struct Damage {
    pub at: usize,
    pub reason: String,
}

impl Engine {
    /// Notes what the host says of its store. A finished snapshot begins the count of changes anew.
    pub fn set_store(&mut self, store: Store) {
        if store.saves_done != self.host.store.saves_done {
            self.keyspace.log.saved(self.host.begun_at);
        }
        let appends = if store.appends { "yes" } else { "no" };
        self.server.config.set(Id::AppendOnly, appends).expect("one of its words");
        if store.backup_state() == "sealed" && self.host.store.backup_state() != "sealed" {
            self.host.backup_times.1 = self.keyspace.now / 1000;
        }
        if store.backup.is_empty() {
            self.host.backup_times = (0, 0);
        }
        self.host.store = store;
    }

    /// What the host has said of its store.
    pub fn store(&self) -> &Store {
        &self.host.store
    }

    /// Names who is asked before `dir` or `appendonly` is set.
    pub fn set_ways(&mut self, ways: Box<dyn Ways>) {
        self.host.ways = Some(ways);
    }

    /// When a point of `save` is reached, if nothing is saved before.
    #[cold]
    pub(super) fn save_deadline(&self) -> Deadline {
        let Host { store, requests, save_asked, .. } = &*self.host;
        let log = &self.keyspace.log;
        if store.saving || !store.can_save() || log.unsaved() == 0 || requests.contains(&HostRequest::SaveSoon) {
            return NEVER;
        }
        let last = if store.last_save > 0 { store.last_save } else { self.server.started / 1000 };
        // More seconds than that, as Redis counts; what has failed is tried again after five.
        let again = if store.saved_ok { 0 } else { save_asked + 6 };
        let mut first = NEVER;
        for &(seconds, changes) in &self.server.save_points {
            if log.unsaved() >= changes {
                let at = last.saturating_add(seconds).saturating_add(1).max(again).max(0);
                first = first.min(at.saturating_mul(1000) as Deadline);
            }
        }
        first
    }

    /// Asks the host to save, where a point of `save` is reached.
    #[cold]
    pub(super) fn save_if_due(&mut self) {
        if self.save_deadline() <= self.keyspace.now as Deadline {
            self.host.save_asked = self.keyspace.now / 1000;
            self.host.requests.push(HostRequest::SaveSoon);
        }
    }

    /// When the files of a sealed backup go by themselves (`backup-sealed-ttl`).
    #[cold]
    pub(super) fn backup_deadline(&self) -> Deadline {
        match self.server.config.int(Id::BackupTtl) {
            0 => NEVER,
            seconds => (self.host.backup_times.1 + seconds).saturating_mul(1000) as Deadline,
        }
    }

    #[cold]
    pub(super) fn clean_up_if_due(&mut self) {
        if self.backup_deadline() <= self.keyspace.now as Deadline {
            self.host.backup_times = (0, 0);
            self.host.requests.push(HostRequest::BackupCleanup);
        }
    }

    /// What a client wants of the store, in the order in which they asked.
    pub fn next_request(&mut self) -> Option<HostRequest> {
        (!self.host.requests.is_empty()).then(|| self.host.requests.remove(0))
    }

    /// Whether [`Engine::next_request`] has something.
    #[inline(always)]
    pub fn has_request(&self) -> bool {
        !self.host.requests.is_empty()
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
        self.exported = self.keyspace.log.journal.take();
        &self.exported
    }

    /// Begins a snapshot of what is there now. What the journal says from here on belongs behind it; take it before.
    pub fn begin_snapshot(&mut self) {
        self.begin(Box::<Commands>::default(), usize::MAX);
    }

    /// The same, as an RDB file: what Redis calls dump.rdb. A value is written whole, so a slice may be longer than was asked for.
    /// `base`: what the journal says belongs behind it; else it stands alone. Without the feature `rdb` there is no snapshot.
    pub fn begin_rdb(&mut self, base: bool) {
        if !cfg!(feature = "rdb") {
            return self.end_snapshot();
        }
        let compress = self.server.config.int(Id::RdbCompression) != 0;
        self.begin(Box::new(Rdb::new(&self.keyspace, self.server.identity(), compress, base)), usize::MAX);
    }

    /// The same as an RDB file that ends before the first value of more than `whole` bytes, and commands from there on: where a slice
    /// must not be much longer than was asked for, nor take longer to write. So nothing is compressed in it.
    /// Without the feature `rdb` all of it is commands.
    pub fn begin_mixed(&mut self, whole: usize) {
        if !cfg!(feature = "rdb") {
            return self.begin_snapshot();
        }
        self.begin(Box::new(Rdb::new(&self.keyspace, self.server.identity(), false, true)), whole);
    }

    fn begin(&mut self, mut out: Box<dyn Writer>, whole: usize) {
        self.keyspace.log.journal.turn_page();
        self.host.begun_at = self.keyspace.log.dirty;
        for library in &self.server.scripts.functions.libraries {
            out.library(&library.source);
        }
        self.host.snapshot = Some(Box::new(Snapshot::new(&self.keyspace, out, whole)));
    }

    /// Writes about so many bytes of the snapshot; whether there is more to come. They are in [`Engine::exported`] until the next
    /// call of this or of [`Engine::take_journal`]. None: there was no memory for something, and there is no snapshot any more.
    pub fn snapshot(&mut self, about: usize) -> Option<bool> {
        self.exported = Vec::new();
        let snapshot = self.host.snapshot.as_mut()?;
        let more = snapshot.go_on(&self.keyspace, about);
        if snapshot.failed() {
            self.end_snapshot();
            return None;
        }
        self.exported = snapshot.take();
        if !more {
            self.end_snapshot();
        }
        Some(more)
    }

    /// Gives a snapshot up.
    pub fn end_snapshot(&mut self) {
        self.host.snapshot = None;
    }

    /// What [`Engine::snapshot`] has written.
    pub fn exported(&self) -> &[u8] {
        &self.exported
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
                self.begin_load();
                id
            }
        };
        self.keyspace.now = 0;
        let Some(mut session) = self.server.sessions.take(id) else { return Ok(0) };
        let (mut at, mut unit) = (0, None);
        let mut parser = Parser::default();
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
            let max_bulk = if rest.starts_with(RESTORE) { i64::MAX } else { MAX_BULK };
            let len = match parser.next(rest, Limits { max_bulk, unauthenticated: false }) {
                Next::Command(len) => len,
                Next::Nothing(_) => break Err(Damage { at, reason: "a command without a name".into() }),
                Next::Partial => break Ok(at),
                Next::Broken(reason) => break Err(Damage { at, reason: String::from_utf8_lossy(&reason).into() }),
            };
            let args = Args::new(&rest[..len], &parser.spans);
            let failed = self.server.stats.error_replies;
            self.out.clear();
            let outside = session.multi.is_none();
            exec::run(&mut self.ctx(&mut session, Origin::Replay), args);
            if self.server.stats.error_replies != failed {
                let text = String::from_utf8_lossy(self.out.bytes());
                let name = String::from_utf8_lossy(args.at(0));
                let reason = match session.last {
                    None => format!("unknown command '{name}'"),
                    Some(_) => format!("'{name}' failed: {}", text.trim_end()),
                };
                break Err(Damage { at, reason });
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

    /// Once for all that is loaded: keys are as good as used now; everything else has its times from what comes.
    pub(super) fn begin_load(&mut self) {
        if !self.server.loading {
            self.keyspace.access.lead = self.keyspace.now;
            self.server.loading = true;
        }
    }

    /// Takes the next bytes of an RDB file, in pieces of any size, or with none of them says that these were all. How many bytes
    /// were taken: where [`Engine::rdb_is_done`], what is behind them is not the file's.
    ///
    /// Keys whose time has come at `now` are left out, as a Redis does that is no replica; with 0 none is. Those that are there already
    /// are replaced. What came before a damage has happened. [`Engine::finish_load`] is to follow.
    pub fn load_rdb(&mut self, bytes: &[u8], now: f64) -> Result<usize, Damage> {
        if !cfg!(feature = "rdb") {
            return Err(Damage { at: 0, reason: "an engine without the feature rdb reads no RDB file".into() });
        }
        let mut file = self.file.take().unwrap_or_default();
        self.begin_load();
        self.keyspace.now = 0;
        let limits = self.server.config.rdb_limits(self.keyspace.seed());
        let (databases, keyspace) = (self.keyspace.databases().len(), &mut self.keyspace);
        let mut filling = Filling::new(now as i64, true);
        let taken = file.feed(bytes, databases, &limits, &mut |found| filling.put(keyspace, found));
        let at = file.at() as usize;
        self.file = Some(file);
        let taken = filling.end(keyspace).and(taken);
        let taken = taken.map_err(|fault| Damage { at, reason: fault.text().into() })?;
        for library in filling.libraries {
            self.load_library(&library).map_err(|reason| Damage { at, reason })?;
        }
        Ok(taken)
    }

    /// Whether [`Engine::load_rdb`] has met the end of the file.
    pub fn rdb_is_done(&self) -> bool {
        self.file.as_ref().is_some_and(|file| file.is_done())
    }

    /// Runs FUNCTION LOAD, in place of a library of the same name.
    pub(super) fn load_library(&mut self, source: &[u8]) -> Result<(), String> {
        let mut frame = Vec::new();
        let mut spans = Vec::new();
        for word in [&b"FUNCTION"[..], b"LOAD", b"REPLACE", source] {
            spans.push(Span { at: frame.len() as u32, len: word.len() as u32 });
            frame.extend_from_slice(word);
        }
        let id = self.open_session(SessionOptions { resp: 2, trusted: true, ..SessionOptions::default() });
        let Some(mut session) = self.server.sessions.take(id) else { return Ok(()) };
        let failed = self.server.stats.error_replies;
        self.out.clear();
        exec::run(&mut self.ctx(&mut session, Origin::Replay), Args::new(&frame, &spans));
        self.server.sessions.put_back(session);
        let text = String::from_utf8_lossy(self.out.bytes()).trim_end().to_string();
        self.out.clear();
        self.close_session(id);
        if self.server.stats.error_replies == failed { Ok(()) } else { Err(text) }
    }

    /// The replay is over, or an RDB file is loaded: from here on deadlines count, at `now` milliseconds since the epoch.
    pub fn finish_load(&mut self, now: f64) {
        self.file = None;
        if let Some(id) = self.replayer.take() {
            self.close_session(id);
            self.server.stats.reset();
            self.keyspace.log.counts = Default::default();
        }
        self.server.loading = false;
        self.keyspace.access.lead = 0;
        self.keyspace.now = now as i64;
        let log = &mut self.keyspace.log;
        log.saved(log.dirty);
        self.keyspace.log.effects.noted.clear();
    }
}
