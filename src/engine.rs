//! The engine: databases, sessions, time, configuration, and the one way in.
//!
//! ```text
//! exec(session, now, frame)   one command as a frame     \
//! feed(session, now, bytes)   RESP off a socket, any part  > run(): find the row, the gate, the handler, what follows
//! tick(now)                   the host's timer           /
//! ```
//!
//! Given the seed and the list of (now, session, bytes), every reply and the whole keyspace are the same again. Nothing here
//! looks at a clock, a file or a socket: the host brings time and bytes, takes replies away, and sleeps until
//! [`Engine::next_deadline`].

use crate::command::Ctx;
use crate::command::args::{Args, Span};
use crate::command::error::Error;
use crate::command::frame::{self, Limits, Next, Parser};
use crate::command::reply::Reply;
use crate::command::table::Table;
use crate::config::{Config, Dialect, Id, POLICIES};
use crate::gate::Way;
use crate::keyspace::{Deadline, Keyspace, NEVER, class};
use crate::memory;
use crate::messages::{Messages, Topic};
use crate::persistence::{Ask, Store};
use crate::registry::{Registry, place};
use crate::session::{ReplyMode, Session, SessionId, SessionOptions, Sessions};
use crate::snapshot::Snapshot;
use crate::stats::Stats;
use crate::types::copy::grow;
use crate::waiting::{Release, Waiting};

/// How an engine is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// Random numbers and hashing come from this and nothing else.
    pub seed: u64,
    pub databases: usize,
    pub dialect: Dialect,
    /// Bytes; 0 for no limit.
    pub maxmemory: u64,
    /// The password that sessions over a socket must give.
    pub requirepass: Option<String>,
    /// Milliseconds since the epoch.
    pub now: f64,
}

impl Default for Options {
    fn default() -> Options {
        Options { seed: 0, databases: 16, dialect: Dialect::Redis, maxmemory: 0, requirepass: None, now: 0.0 }
    }
}

/// What handlers need besides the keyspace and their own session.
pub struct Server {
    pub config: Config,
    pub stats: Stats,
    pub sessions: Sessions,
    pub table: Table,
    pub dialect: Dialect,
    pub messages: Messages,
    pub waiting: Waiting,
    /// Keys that transactions watch.
    pub watches: Registry,
    /// A journal is run again: deadlines and delivery times are in the past, and are taken as they are.
    pub replaying: bool,
    /// A snapshot is being written.
    pub snapshot: Option<Box<Snapshot>>,
    /// Sessions that are shown every command; and whether a command runs again that was shown when it began to wait.
    pub monitors: Vec<SessionId>,
    pub serving: bool,
    /// What the host has said of its store, and what clients want of it.
    pub store: Store,
    pub asks: Vec<Ask>,
    /// Something is to be done once the running command has answered.
    pub later: bool,
    /// Milliseconds since the epoch when the engine was opened.
    pub started: i64,
    /// The part of the host's time below a millisecond, in microseconds.
    pub micros: i64,
    /// Forty characters that name this engine in INFO and HELLO.
    pub run_id: String,
}

impl Server {
    /// Tells the keyspace what of the configuration it works by.
    pub fn apply_config(&self, keyspace: &mut Keyspace) {
        let policy = POLICIES[self.config.size(Id::MaxMemoryPolicy)];
        keyspace.access.lfu = policy.ends_with("lfu");
        keyspace.access.log_factor = self.config.size(Id::LfuFactor) as u32;
        keyspace.access.decay_minutes = self.config.size(Id::LfuDecay) as u32;
        self.care(keyspace);
    }

    /// Tells the keyspace what effects are to be noted.
    pub fn care(&self, keyspace: &mut Keyspace) {
        let events = self.config.size(Id::NotifyEvents) as u32;
        let channels = class::KEYSPACE | class::KEYEVENT;
        let told = if events & channels != 0 { events & !channels } else { 0 };
        let watched = !self.watches.is_empty() || self.waiting.count > 0;
        keyspace.log.effects.wanted = told | if watched { class::CHANGES } else { 0 };
    }

    /// What follows from the effects that the keyspace has noted: transactions fail, waiting sessions are looked at, events are
    /// published. `current` is the session that is being served, if there is one.
    #[cold]
    pub fn follow_up(&mut self, keyspace: &mut Keyspace, mut current: Option<&mut Session>) {
        for effect in std::mem::take(&mut keyspace.log.effects.noted) {
            if effect.class & class::CHANGES != 0 && effect.class & class::QUIET == 0 {
                let db = effect.db as usize;
                if !self.watches.is_empty() {
                    self.fail_watchers(&place(db, &effect.key), current.as_deref_mut());
                }
                self.waiting.look_at(db, &effect.key);
                self.later |= self.waiting.has_ready();
            }
            self.notify(current.as_deref_mut(), &effect);
        }
    }

    /// Sessions that wait for this key are to look at it, though nothing was noted of it.
    pub fn wake(&mut self, db: usize, key: &[u8]) {
        self.waiting.look_at(db, key);
        self.later |= self.waiting.has_ready();
    }

    fn fail_watchers(&mut self, place: &[u8], mut current: Option<&mut Session>) {
        for &id in self.watches.of(place) {
            match &mut current {
                Some(session) if session.id == id => session.dirty = true,
                _ => {
                    if let Some(session) = self.sessions.get_mut(id) {
                        session.dirty = true;
                    }
                }
            }
        }
    }

    /// DISCARD: neither queued commands nor watched keys are left.
    pub fn forget_transaction(&mut self, keyspace: &mut Keyspace, session: &mut Session) {
        session.multi = None;
        self.unwatch(keyspace, session);
    }

    /// UNWATCH, for this session.
    pub fn unwatch(&mut self, keyspace: &mut Keyspace, session: &mut Session) {
        session.dirty = false;
        for (place, _) in std::mem::take(&mut session.watching) {
            self.watches.remove(&place, session.id);
        }
        self.care(keyspace);
    }

    /// Forgets all that a session watches, waits for and listens to.
    pub fn forget(&mut self, keyspace: &mut Keyspace, session: &mut Session) {
        session.multi = None;
        self.unwatch(keyspace, session);
        self.waiting.unpark(session);
        if std::mem::take(&mut session.monitor) {
            self.monitors.retain(|&id| id != session.id);
        }
        let lists = [
            (Topic::Channel, std::mem::take(&mut session.channels)),
            (Topic::Pattern, std::mem::take(&mut session.patterns)),
            (Topic::Shard, std::mem::take(&mut session.shards)),
        ];
        for (topic, names) in lists {
            for name in names.iter() {
                self.messages.unsubscribe(topic, name, session.id);
            }
        }
        self.care(keyspace);
    }
}

/// A Redis server without the sockets, the disk and the clock.
///
/// ```
/// use wakey::{Engine, Options, SessionOptions};
///
/// let mut engine = Engine::new(Options { seed: 42, now: 0.0, ..Options::default() });
/// let session = engine.open_session(SessionOptions { resp: 3, trusted: true, ..SessionOptions::default() });
/// assert_eq!(engine.feed(session, 1000.0, b"SET k v PX 500\r\nGET k\r\n"), b"+OK\r\n$1\r\nv\r\n");
/// assert_eq!(engine.next_deadline(), 1500.0);
/// engine.tick(1500.0);
/// assert_eq!(engine.feed(session, 1500.0, b"GET k\r\n"), b"_\r\n");
/// ```
pub struct Engine {
    pub(crate) keyspace: Keyspace,
    pub(crate) server: Server,
    pub(crate) out: Reply,
    spans: Vec<Span>,
    /// What `next_output` has handed out, kept until the next call.
    handed: Vec<u8>,
    /// What `take_journal` or `snapshot` has handed out, kept until the next call of it.
    pub(crate) kept: Vec<u8>,
    /// The session that replays a journal.
    pub(crate) replayer: Option<SessionId>,
    /// It was the same as what had been handed out before.
    repeats: bool,
}

/// Whether so many bytes more can wait for the rest of their command.
fn has_room(pending: &mut Vec<u8>, more: usize) -> bool {
    memory::check(0).is_ok() && (pending.capacity() - pending.len() >= more || grow(pending, more))
}

/// Replies of more bytes than this end a call of [`Engine::feed`].
const REPLY_BATCH: usize = 1 << 20;

/// How many keys and fields one tick removes at most, so that a page stays responsive.
const TICK_BUDGET: usize = 5000;

/// About how many elements of what is freed later one tick frees.
const SWEEP: usize = 1 << 13;

impl Engine {
    /// Opens an empty keyspace.
    pub fn new(options: Options) -> Engine {
        let mut keyspace = Keyspace::new(options.databases.max(1), options.seed);
        keyspace.now = options.now as i64;
        let table = Table::default();
        let mut server = Server {
            config: Config::default(),
            stats: Stats::default(),
            sessions: Sessions::default(),
            table,
            dialect: options.dialect,
            messages: Messages::new(keyspace.seed()),
            waiting: Waiting::new(keyspace.seed()),
            watches: Registry::new(keyspace.seed()),
            replaying: false,
            snapshot: None,
            monitors: Vec::new(),
            serving: false,
            store: Store::default(),
            asks: Vec::new(),
            later: false,
            started: keyspace.now,
            micros: 0,
            run_id: (0..40).map(|_| char::from(b"0123456789abcdef"[keyspace.rng.below(16) as usize])).collect(),
        };
        server.stats.calls = server.table.rows().iter().map(|row| (row.cmd, Default::default())).collect();
        let settings = [
            (Id::Databases, options.databases.max(1).to_string()),
            (Id::MaxMemory, options.maxmemory.to_string()),
            (Id::RequirePass, options.requirepass.unwrap_or_default()),
        ];
        for (id, value) in settings {
            server.config.set(id, &value).expect("options are within the bounds of their parameters");
        }
        let out = Reply::new(options.dialect);
        Engine {
            keyspace,
            server,
            out,
            spans: Vec::new(),
            handed: Vec::new(),
            repeats: false,
            kept: Vec::new(),
            replayer: None,
        }
    }

    /// Opens a session: one connection, with its own database, protocol and name.
    pub fn open_session(&mut self, options: SessionOptions) -> SessionId {
        self.server.stats.connections += 1;
        let trusted = options.trusted || self.server.config.text(Id::RequirePass).is_empty();
        let id = self.server.sessions.open(options, self.keyspace.now);
        if let Some(session) = self.server.sessions.get_mut(id) {
            session.authenticated = trusted;
        }
        id
    }

    /// Ends a session. Commands for it are refused from here on.
    pub fn close_session(&mut self, id: SessionId) {
        if let Some(mut session) = self.server.sessions.close(id) {
            self.server.forget(&mut self.keyspace, &mut session);
        }
    }

    /// Runs one command, given as a frame (`u32 argc`, then `u32 length, bytes` for each argument, little-endian), at `now`
    /// milliseconds since the epoch. The reply lives until the next call; it is empty where CLIENT REPLY said so, and where the
    /// command waits ([`Engine::is_waiting`]): the reply then comes with [`Engine::next_output`].
    #[inline]
    pub fn exec(&mut self, id: SessionId, now: f64, frame: &[u8]) -> &[u8] {
        self.out.clear();
        self.set_time(now);
        let Some(mut session) = self.server.sessions.take(id) else {
            self.out.error(&Error::Fixed("ERR no such session"));
            return self.out.bytes();
        };
        if session.parked.is_some() {
            self.out.error(&Error::Fixed("ERR the session is waiting for the reply of a blocking command"));
            self.server.sessions.put_back(session);
            return self.out.bytes();
        }
        self.out.resp3 = session.resp3;
        session.active = self.keyspace.now;
        let mut spans = std::mem::take(&mut self.spans);
        let limit = self.server.config.size(Id::MaxBulk);
        if frame::read_frame(frame, &mut spans).is_none() {
            self.out.error(&Error::Frame);
        } else if frame.len() > limit && spans.iter().any(|span| span.len as usize > limit) {
            self.refuse(&Error::TooLong);
        } else if spans.len() > frame::MAX_ARGS as usize {
            // A journal with it could not be loaded, and no socket takes it.
            self.refuse(&Error::Fixed("ERR a command has at most 1048576 arguments"));
        } else {
            self.run(&mut session, Args::new(frame, &spans));
        }
        self.spans = spans;
        self.server.sessions.put_back(session);
        self.wake_pipelines();
        self.out.bytes()
    }

    /// What the last call of [`Engine::exec`] or [`Engine::feed`] gave, until the next one.
    pub fn last_reply(&self) -> &[u8] {
        self.out.bytes()
    }

    /// Takes bytes as they come off a socket: commands in RESP or inline, any number, cut anywhere. Gives all their replies.
    /// After a protocol error or QUIT, [`Engine::closing`] says that the connection is to be closed.
    ///
    /// Replies of more than about a megabyte end the call early, so that a client that does not read cannot fill memory:
    /// [`Engine::has_backlog`] then says that commands are left, which a call without bytes goes on with.
    pub fn feed(&mut self, id: SessionId, now: f64, bytes: &[u8]) -> &[u8] {
        self.out.clear();
        self.set_time(now);
        let Some(mut session) = self.server.sessions.take(id) else {
            return self.out.bytes();
        };
        session.active = self.keyspace.now;
        self.server.stats.net_input += bytes.len() as u64;
        if session.closing {
            self.server.sessions.put_back(session);
            return self.out.bytes();
        }
        let mut parser = std::mem::take(&mut session.parser);
        let mut room = true;
        if session.parked.is_some() {
            room = has_room(&mut session.pending, bytes.len());
            session.pending.extend_from_slice(if room { bytes } else { &[] });
        } else if session.pending.is_empty() {
            let used = self.drain(&mut session, &mut parser, bytes);
            session.pending.extend_from_slice(&bytes[used..]);
        } else {
            let mut pending = std::mem::take(&mut session.pending);
            room = has_room(&mut pending, bytes.len());
            pending.extend_from_slice(if room { bytes } else { &[] });
            if session.backlog || pending.len() >= parser.wanted() {
                let used = self.drain(&mut session, &mut parser, &pending);
                pending.drain(..used);
                if pending.capacity() > 1 << 20 && pending.len() < pending.capacity() / 4 {
                    pending.shrink_to_fit();
                }
            }
            session.pending = pending;
        }
        session.parser = parser;
        if !room || session.pending.len() as i64 > self.server.config.int(Id::QueryLimit) {
            session.closing = true;
            session.pending = Vec::new();
        }
        let written = self.out.bytes().len() as u64;
        self.server.stats.net_output += written;
        memory::note_peak();
        self.server.sessions.put_back(session);
        self.wake_pipelines();
        self.out.bytes()
    }

    /// Runs every whole command in `bytes`; how many bytes that took.
    pub(crate) fn drain(&mut self, session: &mut Session, parser: &mut Parser, bytes: &[u8]) -> usize {
        let mut used = 0;
        session.backlog = false;
        while !session.closing && session.parked.is_none() {
            if self.out.mark() > REPLY_BATCH && used < bytes.len() {
                session.backlog = true;
                return used;
            }
            let rest = &bytes[used..];
            let limits =
                Limits { max_bulk: self.server.config.int(Id::MaxBulk), unauthenticated: !session.authenticated };
            self.out.resp3 = session.resp3;
            match parser.next(rest, limits) {
                Next::Command(len) => {
                    let text = if parser.inline { &parser.line } else { &rest[..len] };
                    self.run(session, Args::new(text, &parser.spans));
                    used += len;
                    if session.speaks_http {
                        self.out.clear();
                    }
                }
                Next::Nothing(len) => used += len,
                Next::Partial => return used,
                Next::Broken(reason) => {
                    self.refuse(&Error::quoting(&[b"ERR Protocol error: ", &reason]));
                    session.closing = true;
                }
            }
        }
        if session.closing { bytes.len() } else { used }
    }

    fn refuse(&mut self, error: &Error) {
        self.server.stats.count_error(&error.text());
        self.out.error(error);
    }

    #[inline(always)]
    fn set_time(&mut self, now: f64) {
        self.keyspace.now = (now as i64).max(0);
        self.server.micros = ((now - now.floor()) * 1000.0) as i64;
        if self.server.waiting.next_deadline() <= self.keyspace.now as Deadline {
            self.time_out();
        }
    }

    /// One command, whole: the gate, the handler, and what follows from it.
    #[inline(always)]
    fn run(&mut self, session: &mut Session, args: Args<'_>) {
        let mark = self.out.mark();
        let outer = self.out.begin();
        let mode = session.reply_mode;
        match self.gate(session, args) {
            Ok(Way::Run(number)) => self.call(session, number, args),
            Ok(Way::Queue(number)) => self.queue(session, number, args),
            Err(error) => {
                let error = self.spoil(session, error);
                self.refuse(&error);
            }
        }
        self.out.end(outer);
        if mode != ReplyMode::On || session.reply_mode != ReplyMode::On {
            if mode != ReplyMode::On && session.reply_mode == mode {
                self.out.drop_to(mark);
            }
            session.reply_mode = match session.reply_mode {
                ReplyMode::SkipNext => ReplyMode::Skip,
                ReplyMode::Skip => ReplyMode::On,
                mode => mode,
            };
        }
        if !session.outbox.is_empty() {
            self.out.append(&std::mem::take(&mut session.outbox));
        }
        if self.server.later {
            self.finish(session, args);
        }
    }

    /// What a refused command does to a transaction: it will not run; if it is EXEC itself, it ends here. The error to answer.
    #[cold]
    fn spoil(&mut self, session: &mut Session, error: Error) -> Error {
        if let Some(multi) = &mut session.multi {
            multi.aborted = true;
        }
        if session.last_cmd.is_none_or(|cmd| cmd.title() != "EXEC") {
            return error;
        }
        self.server.forget_transaction(&mut self.keyspace, session);
        let text = error.text();
        let reason = text.strip_prefix(b"ERR ").unwrap_or(&text);
        Error::quoting(&[b"EXECABORT Transaction discarded because of: ", reason])
    }

    /// Puts a command behind the others of a transaction.
    pub(crate) fn queue(&mut self, session: &mut Session, number: usize, args: Args<'_>) {
        let Some(multi) = &mut session.multi else { return };
        // What is queued can be neither evicted nor flushed.
        let full = memory::used().saturating_add(args.bytes() as u64) > memory::CEILING;
        if full || multi.bytes.try_reserve(args.bytes()).is_err() {
            multi.aborted = true;
            return self.refuse(&Error::OutOfMemory);
        }
        args.copy_to(&mut multi.bytes, &mut multi.spans);
        multi.commands.push((number, multi.spans.len()));
        multi.flags |= self.server.table.row(number).cmd.flags;
        self.out.simple("QUEUED");
    }

    /// What is left to do once a command has answered: its session parks, others are let go, and those go on that waited for
    /// what it changed.
    #[cold]
    fn finish(&mut self, session: &mut Session, args: Args<'_>) {
        self.server.later = false;
        if let Some(wait) = session.wait.take() {
            self.server.waiting.park(session, *wait, session.row, args, None);
            self.server.care(&mut self.keyspace);
        }
        self.release();
        self.serve_ready();
        for mut message in std::mem::take(&mut self.server.sessions.strays) {
            message[0] = if session.resp3 { b'>' } else { b'*' };
            self.out.append(&message);
        }
    }

    #[inline(always)]
    fn call(&mut self, session: &mut Session, number: usize, args: Args<'_>) {
        let now = self.keyspace.now;
        let cmd = self.server.table.row(number).cmd;
        let Engine { keyspace, server, out, .. } = self;
        Ctx { db: keyspace, session, server, out, cmd, now }.call(number, args);
    }

    /// The same for what is not in a hurry.
    pub(crate) fn call_apart(&mut self, session: &mut Session, number: usize, args: Args<'_>) {
        let now = self.keyspace.now;
        let cmd = self.server.table.row(number).cmd;
        let Engine { keyspace, server, out, .. } = self;
        Ctx { db: keyspace, session, server, out, cmd, now }.call_apart(number, args);
    }

    /// The host's timer: removes what has expired, a bounded number of keys and fields. If more is due,
    /// [`Engine::next_deadline`] is not later than `now`, and the host comes again.
    pub fn tick(&mut self, now: f64) {
        self.set_time(now);
        self.keyspace.expire_due(TICK_BUDGET);
        self.keyspace.sweep(SWEEP);
        if !self.keyspace.log.effects.noted.is_empty() {
            self.server.follow_up(&mut self.keyspace, None);
            self.serve_ready();
            self.wake_pipelines();
        }
    }

    /// When the host must call [`Engine::tick`]: milliseconds since the epoch, infinity where nothing will ever be due.
    #[inline(always)]
    pub fn next_deadline(&mut self) -> f64 {
        let keys = if self.keyspace.active_expire { self.keyspace.next_deadline() } else { NEVER };
        match keys.min(self.server.waiting.next_deadline()) {
            NEVER => f64::INFINITY,
            deadline => deadline as f64,
        }
    }

    /// Whether the session is to be closed once its replies are sent.
    #[inline(always)]
    pub fn closing(&mut self, id: SessionId) -> bool {
        self.server.sessions.get_mut(id).is_none_or(|session| session.closing)
    }

    /// Whether the session was closed because its client speaks HTTP: somebody makes a browser, or a server, send commands here.
    pub fn speaks_http(&mut self, id: SessionId) -> bool {
        self.server.sessions.get_mut(id).is_some_and(|session| session.speaks_http)
    }

    /// Whether the session waits for the reply of a blocking command.
    #[inline(always)]
    pub fn is_waiting(&mut self, id: SessionId) -> bool {
        self.server.waiting.count > 0
            && self.server.sessions.get_mut(id).is_some_and(|session| session.parked.is_some())
    }

    /// When the session's wait ends by itself: milliseconds since the epoch, infinity where it does not wait, or for good.
    pub fn wait_deadline(&mut self, id: SessionId) -> f64 {
        let parked = self.server.sessions.get_mut(id).and_then(|session| session.parked.as_ref());
        match parked.map_or(NEVER, |parked| parked.deadline) {
            NEVER => f64::INFINITY,
            deadline => deadline as f64,
        }
    }

    /// Opens a session like another one: with its database, protocol, name and rights. If that one waits, the new one waits in
    /// its place and gets the reply, and the other is free again. Its id; 0 if there is no such session.
    pub fn twin(&mut self, id: SessionId) -> SessionId {
        let Some(mut like) = self.server.sessions.take(id) else { return 0 };
        let options = SessionOptions {
            resp: if like.resp3 { 3 } else { 2 },
            trusted: like.trusted,
            addr: like.addr.clone(),
            laddr: like.laddr.clone(),
            name: String::new(),
            unix: like.unix,
            readonly: like.readonly,
        };
        let id = self.server.sessions.open(options, self.keyspace.now);
        if let Some(mut twin) = self.server.sessions.take(id) {
            twin.db = like.db;
            twin.authenticated = like.authenticated;
            twin.name = like.name.clone();
            twin.lib_name = like.lib_name.clone();
            twin.lib_ver = like.lib_ver.clone();
            twin.no_evict = like.no_evict;
            twin.no_touch = like.no_touch;
            twin.last_cmd = like.last_cmd;
            twin.row = like.row;
            self.server.waiting.hand_over(&mut like, &mut twin);
            self.server.sessions.put_back(twin);
        }
        self.server.sessions.put_back(like);
        id
    }

    /// The number of the session's database.
    pub fn database(&mut self, id: SessionId) -> usize {
        self.server.sessions.get_mut(id).map_or(0, |session| session.db)
    }

    /// Whether the session listens to channels or patterns.
    pub fn is_subscriber(&mut self, id: SessionId) -> bool {
        self.server.sessions.get_mut(id).is_some_and(|session| session.subscriptions() > 0)
    }

    /// Whether there are pushes among the replies of the last call.
    #[inline(always)]
    pub fn pushed(&self) -> bool {
        self.out.pushed()
    }

    /// Ends a session's wait as if its time were over; whether it waited.
    pub fn cancel_wait(&mut self, id: SessionId) -> bool {
        let waits = self.is_waiting(id);
        if waits {
            self.give_up(id, Release::Error);
            self.wake_pipelines();
        }
        waits
    }

    /// Whether the session has sent commands that wait for [`Engine::feed`] to be called again.
    #[inline(always)]
    pub fn has_backlog(&mut self, id: SessionId) -> bool {
        self.server.sessions.get_mut(id).is_some_and(|session| session.backlog)
    }

    /// Whether [`Engine::next_output`] has something.
    #[inline(always)]
    pub fn has_output(&self) -> bool {
        !self.server.sessions.attention.is_empty()
    }

    /// The next session that has something to be sent, or must be closed, though it did not ask: its id, the bytes (which
    /// live until the next call), and whether to close it.
    pub fn next_output(&mut self) -> Option<(SessionId, &[u8], bool)> {
        loop {
            let id = self.server.sessions.attention.pop()?;
            if let Some(session) = self.server.sessions.get_mut(id)
                && (!session.outbox.is_empty() || session.closing)
            {
                let before = std::mem::replace(&mut self.handed, std::mem::take(&mut session.outbox));
                self.repeats = !before.is_empty() && before == self.handed;
                return Some((id, &self.handed, session.closing));
            }
        }
    }

    /// Whether the last two calls of [`Engine::next_output`] gave the same bytes, as they do for subscribers of a channel.
    pub fn output_repeats(&self) -> bool {
        self.repeats
    }

    /// A number that two engines share if they hold the same keys, values and deadlines.
    pub fn digest(&self) -> u64 {
        self.keyspace.digest()
    }

    pub fn keyspace(&self) -> &Keyspace {
        &self.keyspace
    }

    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Sets a parameter as the host's own, those included that CONFIG SET may not change. What was wrong, if it was refused.
    pub fn configure(&mut self, name: &str, value: &str) -> Result<(), String> {
        let place = Config::find(name.as_bytes()).ok_or_else(|| format!("there is no parameter '{name}'"))?;
        let set = self.server.config.set_all(&[(place, value.as_bytes())]);
        set.map_err(|(_, reason)| format!("{name}: {reason}"))?;
        self.server.apply_config(&mut self.keyspace);
        Ok(())
    }

    /// Counts a connection that the host refused (too many, protected mode).
    pub fn count_rejected(&mut self) {
        self.server.stats.rejected_connections += 1;
    }
}
