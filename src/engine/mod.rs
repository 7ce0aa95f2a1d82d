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

mod blocked;
mod hand_over;
mod import;
mod intercept;
mod options;
mod pause;
mod persistence;
mod still;
mod take;

use crate::allocator;
use crate::commands::GROUPS;
use crate::commands::connection::client::describe;
use crate::exec::row::Row;
use crate::exec::{follow_up, room};
use crate::keyspace::{Deadline, Keyspace, NEVER};
use crate::rdb::crc64::crc64;
use crate::rdb::file::File;
use crate::resp::args::{Args, Span};
use crate::resp::dialect;
use crate::resp::error::Error;
use crate::resp::parser::{Limits, MAX_ARGS, Next, Parser};
use crate::resp::reply::Reply;
use crate::resp::request::read_frame;
use crate::server::Server;
use crate::server::blocked::{Release, Waiting};
use crate::server::cluster::{Cluster, MYSELF, Node};
use crate::server::config::{Config, Id};
use crate::server::host::{ConfigFile, Host, UsersFile};
use crate::server::live::Live;
use crate::server::pubsub::Messages;
use crate::server::scripts::Scripts;
use crate::server::session::{ReplyMode, Session, SessionId, SessionOptions};
use crate::server::sessions::Sessions;
use crate::server::stats::Stats;
use crate::server::timing::Timing;
use crate::server::tracking::Tracking;
use crate::server::users::{DEFAULT, Users};
use crate::table::find::Table;
use crate::table::spec::Group;
use crate::types::copy::grow;
use crate::types::dict::hashing::{Rng, same};
use crate::types::registry::Registry;
use crate::types::slots::SLOTS;
pub use options::Options;
pub use persistence::Damage;
use still::Still;

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
    pub(crate) keyspace: Still<Keyspace>,
    pub(crate) server: Still<Server>,
    pub(crate) host: Still<Host>,
    /// How often times have become quiet, and which of these times it is; 0 where they are not. See `still.rs`.
    times: u64,
    quiet: u64,
    pub(crate) out: Reply,
    /// All rows, by their numbers.
    rows: Vec<&'static Row>,
    spans: Vec<Span>,
    /// What `next_output` has handed out, kept until the next call.
    delivered: Vec<u8>,
    /// What `take_journal` or `snapshot` has handed out, kept until the next call of it.
    pub(crate) exported: Vec<u8>,
    /// The session that replays a journal.
    pub(crate) replayer: Option<SessionId>,
    /// The RDB file that is being read.
    file: Option<Box<File>>,
    /// What was there before a file is imported.
    aside: Option<import::Aside>,
    /// It was the same as what had been handed out before.
    repeats: bool,
}

/// Whether so many bytes more can wait for the rest of their command.
fn has_room(pending: &mut Vec<u8>, more: usize) -> bool {
    allocator::has(0) && (pending.capacity() - pending.len() >= more || grow(pending, more))
}

/// A deadline as the host has it.
#[inline(always)]
fn as_time(deadline: Deadline) -> f64 {
    match deadline {
        NEVER => f64::INFINITY,
        deadline => deadline as f64,
    }
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
        Engine::with_groups(options, GROUPS)
    }

    /// The same with these commands, which are all that it has.
    pub fn with_groups(options: Options, groups: &[(Group, &'static [Row])]) -> Engine {
        let databases = if options.cluster { 1 } else { options.databases.max(1) };
        let mut keyspace = Keyspace::new(databases, options.seed);
        keyspace.now = options.now as i64;
        let mut rows: Vec<&'static Row> = Vec::new();
        let mut listed = Vec::new();
        let here = |row: &&'static Row| row.spec.is_in(options.dialect, options.compat);
        for &(group, table) in groups {
            for row in table.iter().filter(here) {
                let first = rows.len();
                rows.push(row);
                rows.extend(row.subs.iter().filter(here));
                listed.push((group, &row.spec, rows.len() - first - 1));
                listed.extend(rows[first + 1..].iter().map(|sub| (group, &sub.spec, 0)));
            }
        }
        let table = Table::new(listed.into_iter());
        let users = Users::new(&table);
        let mut server = Server {
            config: Config::default(),
            stats: Stats::default(),
            sessions: Sessions::default(),
            table,
            dialect: options.dialect,
            compat: options.compat,
            cluster: None,
            bus: None,
            messages: Messages::new(keyspace.seed()),
            waiting: Waiting::new(keyspace.seed()),
            scripts: Scripts::new(keyspace.seed(), options.script_timeout),
            tracking: Tracking::new(keyspace.seed()),
            timing: Timing::default(),
            timed: false,
            watches: Registry::new(keyspace.seed()),
            live: Live::new(keyspace.seed()),
            users,
            describe,
            loading: false,
            monitors: Vec::new(),
            over_limit: false,
            evicting: false,
            save_points: Vec::new(),
            observed: false,
            unfinished: false,
            started: keyspace.now,
            time: options.now,
            run_id: keyspace.random_id(),
        };
        server.config.late = server.has(dialect::Release::V8_8);
        if server.is_valkey() {
            server.config.follow_valkey();
        }
        if options.cluster {
            let myself = Node { id: keyspace.random_id(), shard: keyspace.random_id(), ..Node::default() };
            let mut cluster = Cluster::new(vec![myself]);
            (0..SLOTS as u16).for_each(|slot| cluster.assign(slot, Some(MYSELF)));
            server.cluster = Some(Box::new(cluster));
        }
        server.stats.calls = server.table.rows().iter().map(|row| (row.spec, Default::default())).collect();
        let password = options.requirepass.unwrap_or_default();
        server.set_default_password(None, password.as_bytes());
        let settings = [
            (Id::Databases, databases.to_string()),
            (Id::ClusterEnabled, if options.cluster { "yes" } else { "no" }.into()),
            (Id::MaxMemory, options.maxmemory.to_string()),
            (Id::MaxMemoryPolicy, options.maxmemory_policy.unwrap_or_else(|| "noeviction".into())),
            (Id::RequirePass, password),
        ];
        for (id, value) in settings {
            server.config.set(id, &value).expect("options are within the bounds of their parameters");
        }
        server.apply_config(&mut keyspace);
        let out = Reply::new(options.dialect);
        Engine {
            keyspace: Still::new(keyspace),
            server: Still::new(server),
            host: Still::new(Host::new(options.clock, options.docs)),
            times: 0,
            quiet: 0,
            out,
            rows,
            spans: Vec::new(),
            delivered: Vec::new(),
            repeats: false,
            exported: Vec::new(),
            replayer: None,
            file: None,
            aside: None,
        }
    }

    /// Tells a node of a cluster who else is there, itself first, and which slots each has: first and last. What is wrong with that
    /// otherwise.
    pub fn join(&mut self, nodes: Vec<(Node, Vec<(u16, u16)>)>) -> Result<(), &'static str> {
        if self.server.cluster.is_none() {
            return Err("an engine joins others only where it was opened as a node of a cluster");
        }
        if !(1..256).contains(&nodes.len()) {
            return Err("a cluster has 1 to 255 nodes");
        }
        let (nodes, slots): (Vec<Node>, Vec<_>) = nodes.into_iter().unzip();
        let mut cluster = Cluster::new(nodes);
        for (node, ranges) in slots.into_iter().enumerate() {
            for (first, last) in ranges {
                (first..=last.min(SLOTS as u16 - 1)).for_each(|slot| cluster.assign(slot, Some(node)));
            }
        }
        self.server.cluster = Some(Box::new(cluster));
        Ok(())
    }

    /// Puts the users of a text, a line for each as ACL LIST shows them, in the place of all that there are but the
    /// default user, who stays if it is not among them. What is wrong with it otherwise, and nothing has changed.
    pub fn load_users(&mut self, source: &str, text: &[u8]) -> Result<(), String> {
        let default = self.server.users.get(DEFAULT).cloned();
        let done = self.server.load_users(None, source.as_bytes(), text, default);
        done.map_err(|wrong| String::from_utf8_lossy(&wrong).into_owned())
    }

    /// Names the file of users for ACL LOAD and ACL SAVE, and reads it.
    pub fn set_users_file(&mut self, name: &str, file: Box<dyn UsersFile>) -> Result<(), String> {
        let text = file.read().map_err(|reason| format!("{name}: {reason}"))?;
        self.load_users(name, &text)?;
        self.server.config.set(Id::AclFile, name)?;
        self.host.users_file = Some(file);
        Ok(())
    }

    /// Has random numbers come from this seed, from now on. What hashes are made of stays.
    pub fn reseed(&mut self, seed: u64) {
        self.keyspace.rng = Rng::new(seed);
    }

    /// Names the file of the configuration for CONFIG REWRITE and INFO.
    pub fn set_config_file(&mut self, name: &str, file: Box<dyn ConfigFile>) {
        self.host.config_file = Some((name.to_string(), file));
    }

    /// Whether whoever connects may do something without a password.
    pub fn needs_no_password(&self) -> bool {
        self.server.users.default_needs_none()
    }

    /// Opens a session: one connection, with its own database, protocol and name.
    pub fn open_session(&mut self, options: SessionOptions) -> SessionId {
        self.server.stats.connections += 1;
        let bus = options.bus;
        let server = &mut *self.server;
        let id = server.sessions.open(options, self.keyspace.now);
        if bus {
            server.bus = Some(id);
        }
        if let Some(session) = server.sessions.get_mut(id) {
            server.users.receive(session);
        }
        id
    }

    /// Ends a session. Commands for it are refused from here on.
    pub fn close_session(&mut self, id: SessionId) {
        let Some(mut session) = self.server.sessions.close(id) else { return };
        self.server.forget(&mut self.keyspace, &mut session);
        if session.paused
            && let Some(paused) = &mut self.server.scripts.paused
        {
            // What has not written anything, nobody misses.
            paused.killed |= !paused.running.wrote;
            paused.closed = Some(session);
        }
    }

    /// Runs one command, given as a frame (`u32 argc`, then `u32 length, bytes` for each argument, little-endian), at `now`
    /// milliseconds since the epoch. The reply lives until the next call; it is empty where CLIENT REPLY said so, and where the
    /// command waits ([`Engine::is_waiting`]): the reply then comes with [`Engine::next_output`].
    #[inline]
    pub fn exec(&mut self, id: SessionId, now: f64, frame: &[u8]) -> &[u8] {
        if let Some(mut session) = self.admit(id, now) {
            self.run_frame(&mut session, frame);
            self.leave(session);
        }
        self.out.bytes()
    }

    /// Runs commands one behind the other at `now`, each a frame with its length in front (`u32`, little-endian): all of them, or up to one
    /// that leaves the host something to do, or sends no reply, or brings the replies to more than about a megabyte. How many have run. Their
    /// replies are [`Engine::last_reply`].
    pub fn exec_many(&mut self, id: SessionId, now: f64, frames: &[u8]) -> usize {
        let next = |rest: &'_ [u8]| -> Option<(usize, usize)> {
            let len = u32::from_le_bytes(*rest.first_chunk()?) as usize;
            (len <= rest.len() - 4).then_some((4, 4 + len))
        };
        let Some(mut session) = self.admit(id, now) else { return 1 };
        let (mut rest, mut ran) = (frames, 0);
        while let Some((start, end)) = next(rest) {
            let silent = session.reply_mode != ReplyMode::On;
            self.run_frame(&mut session, &rest[start..end]);
            (rest, ran) = (&rest[end..], ran + 1);
            if self.is_undisturbed() && self.out.mark() <= REPLY_BATCH {
                continue;
            }
            let silent = silent || session.reply_mode != ReplyMode::On;
            let calls = self.out.pushed() || self.has_output() || self.has_request() || self.server.tracking.pending;
            if silent || calls || session.closing || session.is_held() || self.out.mark() > REPLY_BATCH {
                break;
            }
        }
        self.leave(session);
        ran
    }

    /// Takes a session that is to be served at `now`, where it can be; the reply is the error otherwise.
    #[inline(always)]
    fn admit(&mut self, id: SessionId, now: f64) -> Option<Box<Session>> {
        self.out.clear();
        self.set_time(now);
        let Some(mut session) = self.server.quietly().sessions.take(id) else {
            self.out.error(&Error::Fixed("ERR no such session"));
            return None;
        };
        session.patient = false;
        if session.is_held() {
            self.out.error(&Error::Fixed("ERR the session is waiting for the reply of a blocking command"));
            self.server.sessions.put_back(session);
            return None;
        }
        session.active = self.keyspace.now;
        Some(session)
    }

    /// Puts a session back that has been served, with what is left to do for others.
    #[inline(always)]
    fn leave(&mut self, mut session: Box<Session>) {
        if self.is_undisturbed() {
            return self.server.quietly().sessions.put_back(session);
        }
        if self.server.tracking.pending {
            self.broadcast(&mut session);
        }
        self.server.sessions.put_back(session);
        self.wake_pipelines();
    }

    /// Runs the command of a frame, if it is one.
    #[inline(always)]
    fn run_frame(&mut self, session: &mut Session, frame: &[u8]) {
        self.out.resp3 = session.resp3;
        let mut spans = std::mem::take(&mut self.spans);
        if read_frame(frame, &mut spans).is_none() {
            self.out.error(&Error::Frame);
        } else if frame.len() > allocator::LARGE
            && let Some(error) = self.is_too_much(&spans)
        {
            self.refuse(&error);
        } else {
            self.take(session, Args::new(frame, &spans));
        }
        // What is there meanwhile has nothing to be freed.
        std::mem::forget(std::mem::replace(&mut self.spans, spans));
    }

    /// What no socket takes, either: such a command could not be loaded from a journal.
    #[cold]
    fn is_too_much(&self, spans: &[Span]) -> Option<Error> {
        let limit = self.server.config.size(Id::MaxBulk);
        if spans.iter().any(|span| span.len as usize > limit) {
            return Some(Error::TooLong);
        }
        let many = spans.len() > MAX_ARGS as usize;
        many.then_some(Error::Fixed("ERR a command has at most 1048576 arguments"))
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
        let Some(mut session) = self.server.quietly().sessions.take(id) else {
            return self.out.bytes();
        };
        session.active = self.keyspace.now;
        session.patient = true;
        self.server.quietly().stats.net_input += bytes.len() as u64;
        session.net_input += bytes.len() as u64;
        if session.closing {
            self.server.sessions.put_back(session);
            return self.out.bytes();
        }
        let mut parser = session.parser.take().unwrap_or_default();
        let mut room = true;
        if session.is_held() {
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
        session.parser = Some(parser);
        if self.server.tracking.pending {
            self.broadcast(&mut session);
        }
        if !room || session.pending.len() as i64 > self.server.config.int(Id::QueryLimit) {
            session.closing = true;
            session.pending = Vec::new();
            self.disturb();
        }
        let written = self.out.bytes().len() as u64;
        self.server.quietly().stats.net_output += written;
        session.net_output += written;
        allocator::note_peak();
        self.leave(session);
        if self.server.config.int(Id::MaxMemoryClients) != 0 && self.server.evict_clients(id) {
            self.out.clear();
        }
        self.out.bytes()
    }

    /// Runs every whole command in `bytes`; how many bytes that took.
    pub(crate) fn drain(&mut self, session: &mut Session, parser: &mut Parser, bytes: &[u8]) -> usize {
        let mut used = 0;
        session.backlog = false;
        while !session.closing && !session.is_held() {
            if self.out.mark() > REPLY_BATCH && used < bytes.len() {
                session.backlog = true;
                self.disturb();
                return used;
            }
            let rest = &bytes[used..];
            let limits = Limits {
                max_bulk: self.server.config.int(Id::MaxBulk),
                unauthenticated: session.bound && self.server.users.awaits_login(session),
            };
            self.out.resp3 = session.resp3;
            match parser.next(rest, limits) {
                Next::Command(len) => {
                    let text = if parser.inline { &parser.line } else { &rest[..len] };
                    let args = Args::new(text, &parser.spans);
                    if !self.take(session, args) {
                        return used;
                    }
                    // DEBUG SLEEP is answered when it is read again.
                    if session.postponed {
                        return used;
                    }
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
    pub(crate) fn set_time(&mut self, now: f64) {
        let (keyspace, server) = (self.keyspace.quietly(), self.server.quietly());
        keyspace.now = (now as i64).max(0);
        server.time = now;
        server.timing.looked = 0.0;
        if server.waiting.next_deadline() <= self.keyspace.now as Deadline {
            self.time_out();
        }
    }

    /// Tells those who track prefixes what has changed since the last call, the session that is being served behind its replies.
    #[cold]
    fn broadcast(&mut self, session: &mut Session) {
        self.server.broadcast(Some(session));
        self.out.append_some(&mut session.outbox);
    }

    /// The host's timer: removes what has expired, a bounded number of keys and fields. If more is due,
    /// [`Engine::next_deadline`] is not later than `now`, and the host comes again.
    pub fn tick(&mut self, now: f64) {
        if self.server.scripts.paused.is_some() {
            return; // time stands still for a script
        }
        self.set_time(now);
        if self.server.waiting.pause.is_none() && !self.server.loading {
            self.keyspace.expire_due(TICK_BUDGET);
        }
        self.keyspace.sweep(SWEEP);
        if !self.server.save_points.is_empty() && !self.server.loading {
            self.save_if_due();
        }
        if self.host.backup_times.1 != 0 {
            self.clean_up_if_due();
        }
        if self.server.evicting && !self.server.loading {
            room::evict(&mut self.server, &mut self.keyspace, &self.out, None);
        }
        self.follow();
    }

    /// What follows from what happened while no session was served.
    fn follow(&mut self) {
        if !self.keyspace.log.effects.noted.is_empty() {
            follow_up(&mut self.server, &mut self.keyspace, None);
            self.serve_ready();
            self.serve_live(None);
            self.wake_pipelines();
        }
        if self.server.tracking.pending {
            self.server.broadcast(None);
        }
    }

    /// When the host must call [`Engine::tick`]: milliseconds since the epoch, infinity where nothing will ever be due.
    #[inline(always)]
    pub fn next_deadline(&mut self) -> f64 {
        if self.is_undisturbed() { self.next_quiet_deadline() } else { self.next_of_all_deadlines() }
    }

    /// The same at a quiet time ([`Engine::is_undisturbed`]).
    #[inline(always)]
    pub(crate) fn next_quiet_deadline(&mut self) -> f64 {
        let keyspace = self.keyspace.quietly();
        as_time(if keyspace.active_expire { keyspace.next_deadline() } else { NEVER })
    }

    /// The same, where more than keys can be due.
    #[inline(never)]
    fn next_of_all_deadlines(&mut self) -> f64 {
        if self.server.scripts.paused.is_some() {
            return f64::INFINITY;
        }
        let loading = self.server.loading;
        if self.server.evicting && !loading {
            return self.keyspace.now as f64;
        }
        let removes = self.keyspace.active_expire && self.server.waiting.pause.is_none() && !loading;
        let keys = if removes { self.keyspace.quietly().next_deadline() } else { NEVER };
        let mut first = keys.min(self.server.waiting.next_deadline());
        if !self.server.save_points.is_empty() && !loading {
            first = first.min(self.save_deadline());
        }
        if self.host.backup_times.1 != 0 {
            first = first.min(self.backup_deadline());
        }
        as_time(first)
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
        let Server { waiting, scripts, .. } = &*self.server;
        (waiting.count > 0 || scripts.paused.is_some() || !waiting.held.is_empty())
            && self.server.sessions.get_mut(id).is_some_and(|session| session.is_held())
    }

    /// When the session's wait ends by itself: milliseconds since the epoch, infinity where it does not wait, or for good.
    pub fn wait_deadline(&mut self, id: SessionId) -> f64 {
        let parked = self.server.sessions.get_mut(id).and_then(|session| session.parked.as_ref());
        as_time(parked.map_or(NEVER, |parked| parked.deadline))
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
                let before = std::mem::replace(&mut self.delivered, std::mem::take(&mut session.outbox));
                self.repeats = !before.is_empty() && same(&before, &self.delivered);
                return Some((id, &self.delivered, session.closing));
            }
        }
    }

    /// Whether the last two calls of [`Engine::next_output`] gave the same bytes, as they do for subscribers of a channel.
    pub fn output_repeats(&self) -> bool {
        self.repeats
    }

    /// A number that two engines share if they hold the same keys, values and deadlines, and the same libraries of functions.
    pub fn digest(&self) -> u64 {
        let libraries = self.server.scripts.functions.libraries.iter();
        libraries.fold(self.keyspace.digest(), |sum, library| sum ^ crc64(&library.source))
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
        self.server.config.put(place, value.as_bytes()).map_err(|reason| format!("{name}: {reason}"))?;
        self.server.apply_config(&mut self.keyspace);
        Ok(())
    }

    /// Whether commands that come off sockets ([`Engine::feed`]) are measured by the clock of the options, which costs two looks at it a command. Otherwise they are once a client
    /// asks for it: see `server/timing.rs`.
    pub fn measure(&mut self, wanted: bool) {
        self.server.timing.wanted = wanted;
        self.server.note_interest(&mut self.keyspace);
    }

    /// Counts a connection that the host refused (too many, protected mode).
    pub fn count_rejected(&mut self) {
        self.server.stats.rejected_connections += 1;
    }
}

#[cfg(test)]
mod tests;
