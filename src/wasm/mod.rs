//! The binding: the engine as the JavaScript class `Core`. The only file that knows wasm-bindgen.
//!
//! A call crosses once. JavaScript writes a request into this module's memory, calls [`Core::exec`] or [`Core::feed`], and
//! reads the reply out of the same memory. Where things are stands in the [`Mailbox`], at a fixed address.
//!
//! Objects go in and out through js-sys alone. The command table is not told here: `scripts/table.rs` prints it, natively.

mod intercept;
mod mailbox;
mod options;
mod persistence;

use crate::server::config::{Config, Id};
use crate::server::host::{ConfigFile, UsersFile, Ways};
use crate::server::session::SessionId;
use crate::{Engine, allocator};
use intercept::{Asked, verdict};
use js_sys::{Function, Object, Reflect};
use mailbox::*;
use wasm_bindgen::prelude::*;

/// Request buffers that a large call has made larger than this are given back after it.
const KEEP: usize = 1 << 20;
const SMALLEST: usize = 1 << 16;

/// One engine and the buffers it shares with JavaScript.
#[wasm_bindgen]
pub struct Core {
    engine: Engine,
    request: Vec<u8>,
    mailbox: Box<Mailbox>,
}

/// A file that JavaScript reads and writes.
struct File {
    read: Function,
    write: Function,
}

impl UsersFile for File {
    fn read(&self) -> Result<Vec<u8>, String> {
        let text = self.read.call0(&JsValue::UNDEFINED).map_err(|error| reason(&error))?;
        Ok(text.as_string().unwrap_or_default().into_bytes())
    }

    fn write(&self, text: &[u8]) -> Result<(), String> {
        let text = JsValue::from_str(&String::from_utf8_lossy(text));
        self.write.call1(&JsValue::UNDEFINED, &text).map(|_| ()).map_err(|error| reason(&error))
    }
}

/// A function of JavaScript that takes the configuration's lines.
struct Rewrite(Function);

impl ConfigFile for Rewrite {
    fn rewrite(&self, parameters: &[u8]) -> Result<(), String> {
        let text = JsValue::from_str(&String::from_utf8_lossy(parameters));
        self.0.call1(&JsValue::UNDEFINED, &text).map(|_| ()).map_err(|error| reason(&error))
    }
}

/// A function of JavaScript that is asked for a parameter.
struct Asker(Function);

impl Ways for Asker {
    fn may(&self, name: &str, value: &[u8], dir: &[u8]) -> Result<String, String> {
        let text = |bytes: &[u8]| JsValue::from_str(&String::from_utf8_lossy(bytes));
        let (name, value, dir) = (text(name.as_bytes()), text(value), text(dir));
        let kept = self.0.call3(&JsValue::UNDEFINED, &name, &value, &dir).map_err(|error| reason(&error))?;
        Ok(kept.as_string().unwrap_or_default())
    }
}

/// What was thrown, as text.
fn reason(error: &JsValue) -> String {
    options::text(error, "message").ok().flatten().unwrap_or_default()
}

#[wasm_bindgen]
impl Core {
    /// Opens an engine: `{ seed, now, reserve?, databases?, dialect?, compat?, maxmemory?, maxmemoryPolicy?, cluster?, requirepass?,
    /// scriptTimeout? }`. An error, too, where there is not as much memory as `reserve` says.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue) -> Result<Core, JsError> {
        options::reserve(&options)?;
        let engine = Engine::new(options::engine(&options)?);
        let mut core = Core { engine, request: vec![0; SMALLEST], mailbox: Box::default() };
        core.post_with_care(0);
        Ok(core)
    }

    /// Address of the mailbox in this module's memory, the same for the engine's whole life.
    pub fn mailbox(&self) -> u32 {
        &*self.mailbox as *const Mailbox as u32
    }

    /// Makes the request buffer hold at least `len` bytes; its address. Memory may have grown after this. An error, and all
    /// is as before, where that is more than `client-query-buffer-limit` or than there is memory.
    pub fn reserve(&mut self, len: usize) -> Result<u32, JsError> {
        let mut fits = true;
        if self.request.len() < len {
            self.request = Vec::new(); // first: the old and the new one need not fit together
            let size = if len > KEEP { len } else { len.next_power_of_two().max(SMALLEST) };
            fits =
                len <= self.engine.server().config.size(Id::QueryLimit) && self.request.try_reserve_exact(size).is_ok();
            self.request.resize(if fits { size } else { SMALLEST }, 0);
        }
        self.post_request();
        if fits {
            Ok(self.mailbox.request)
        } else {
            Err(JsError::new(&format!(
                "a request of {len} bytes is over client-query-buffer-limit, or over the memory left"
            )))
        }
    }

    /// Runs the frame of `len` bytes at the request address. The length of the reply, which lies at the mailbox's address
    /// until the next call.
    pub fn exec(&mut self, session: f64, now: f64, len: usize) -> usize {
        let session = session as SessionId;
        let reply = self.engine.exec(session, now, &self.request[..len.min(self.request.len())]);
        let written = reply.len();
        self.mailbox.reply = reply.as_ptr() as u32;
        self.mailbox.length = written as u32;
        self.post(session);
        written
    }

    /// Runs the frames of `len` bytes at the request address, each with its length in front: [`Engine::exec_many`]. How many have run;
    /// where their replies lie, one behind the other, says the mailbox.
    pub fn exec_many(&mut self, session: f64, now: f64, len: usize) -> usize {
        let session = session as SessionId;
        let ran = self.engine.exec_many(session, now, &self.request[..len.min(self.request.len())]);
        let replies = self.engine.last_reply();
        (self.mailbox.reply, self.mailbox.length) = (replies.as_ptr() as u32, replies.len() as u32);
        self.post(session);
        ran
    }

    /// Takes `len` bytes off a socket at the request address: commands in RESP, cut anywhere. The length of all replies.
    pub fn feed(&mut self, session: f64, now: f64, len: usize) -> usize {
        let session = session as SessionId;
        let reply = self.engine.feed(session, now, &self.request[..len.min(self.request.len())]);
        let written = reply.len();
        self.mailbox.reply = reply.as_ptr() as u32;
        self.mailbox.length = written as u32;
        self.post(session);
        written
    }

    /// The host's timer: removes what has expired. If more is due than one call does, the deadline in the mailbox stays in the
    /// past and the host comes again.
    pub fn tick(&mut self, now: f64) {
        self.engine.tick(now);
        self.post_with_care(0);
    }

    /// Goes on with the script that is paused, for some milliseconds: what `next_ask` asked for. Its reply, once it has ended, comes
    /// with `next_output`.
    pub fn go_on(&mut self, now: f64) {
        self.engine.go_on(now);
        self.post_with_care(0);
    }

    /// Whether a script is paused.
    pub fn is_paused(&self) -> bool {
        self.engine.is_paused()
    }

    /// Opens a session: `{ resp?, trusted?, readonly?, addr?, laddr?, name?, unix? }`. Its id.
    pub fn open_session(&mut self, options: JsValue) -> Result<f64, JsError> {
        let id = self.engine.open_session(options::session(&options)?);
        Ok(id as f64)
    }

    /// Ends a session.
    pub fn close_session(&mut self, session: f64) {
        self.engine.close_session(session as SessionId);
        self.mailbox.deadline = self.engine.next_deadline();
        self.mailbox.journal = self.engine.journal_len() as u32;
    }

    /// A parameter of the configuration as CONFIG GET shows it; empty if there is none of that name.
    pub fn setting(&self, name: &str) -> String {
        let config = &self.engine.server().config;
        Config::find(name.as_bytes()).map_or(String::new(), |place| String::from_utf8_lossy(config.shown(place)).into())
    }

    /// A number that is another one after each change of the configuration.
    pub fn settings(&self) -> u32 {
        self.engine.server().config.changes
    }

    /// Sets a parameter as the host's own, those included that CONFIG SET may not change (`port`, `bind`, `unixsocket`).
    pub fn configure(&mut self, name: &str, value: &str) -> Result<(), JsError> {
        self.engine.configure(name, value).map_err(|reason| JsError::new(&reason))
    }

    /// Puts the users of a text in the place of all that there are; see [`Engine::load_users`].
    pub fn load_users(&mut self, source: &str, text: &str) -> Result<(), JsError> {
        self.engine.load_users(source, text.as_bytes()).map_err(|reason| JsError::new(&reason))
    }

    /// Names and reads the file of users: `read` gives its text, `write` takes it, and both throw where they cannot.
    pub fn set_users_file(&mut self, name: &str, read: Function, write: Function) -> Result<(), JsError> {
        self.engine.set_users_file(name, Box::new(File { read, write })).map_err(|reason| JsError::new(&reason))
    }

    /// Has random numbers come from this seed, from now on.
    pub fn reseed(&mut self, seed: u64) {
        self.engine.reseed(seed);
    }

    /// Shows each command to a function before it runs, or no more: see `intercept.rs`.
    pub fn intercept(&mut self, judge: Option<Function>) {
        self.engine.intercept(judge.map(|judge| Box::new(Asked { judge }) as Box<_>));
    }

    /// What became of the command that a session waits with: what `judge` may have answered. Its reply comes with `next_output`.
    pub fn decide(&mut self, session: f64, now: f64, answer: JsValue) {
        self.engine.decide(session as SessionId, now, verdict(&answer));
        self.post_with_care(0);
    }

    /// Tells a node of a cluster who is there; see [`Engine::join`].
    pub fn join(&mut self, nodes: JsValue) -> Result<(), JsError> {
        self.engine.join(options::nodes(&nodes)?).map_err(JsError::new)
    }

    /// Names the file of the configuration: `rewrite` takes its lines ([`ConfigFile`]), and throws where it cannot write them.
    pub fn set_config_file(&mut self, name: &str, rewrite: Function) {
        self.engine.set_config_file(name, Box::new(Rewrite(rewrite)));
    }

    /// Names who is asked for `dir` and `appendonly`: `may` takes name, value and folder ([`Ways`]), and throws where it cannot be that.
    pub fn set_ways(&mut self, may: Function) {
        self.engine.set_ways(Box::new(Asker(may)));
    }

    /// Whether whoever connects may do something without a password.
    pub fn needs_no_password(&self) -> bool {
        self.engine.needs_no_password()
    }

    /// Whether a session was closed because its client speaks HTTP.
    pub fn speaks_http(&mut self, session: f64) -> bool {
        self.engine.speaks_http(session as SessionId)
    }

    /// Whether a session waits for the reply of a blocking command.
    pub fn is_waiting(&mut self, session: f64) -> bool {
        self.engine.is_waiting(session as SessionId)
    }

    /// When the session's wait ends by itself, in milliseconds since the epoch; infinity where it does not, or does not wait.
    pub fn wait_deadline(&mut self, session: f64) -> f64 {
        self.engine.wait_deadline(session as SessionId)
    }

    /// Opens a session like another one, which waits in the place of that one if it waits. Its id.
    pub fn clone_session(&mut self, session: f64) -> f64 {
        self.engine.clone_session(session as SessionId) as f64
    }

    /// The number of a session's database.
    pub fn database(&mut self, session: f64) -> u32 {
        self.engine.database(session as SessionId) as u32
    }

    /// Whether a session listens to channels or patterns.
    pub fn is_subscriber(&mut self, session: f64) -> bool {
        self.engine.is_subscriber(session as SessionId)
    }

    /// Ends a session's wait; whether it waited. Its reply, an error, comes with `next_output`.
    pub fn cancel_wait(&mut self, session: f64) -> bool {
        let waited = self.engine.cancel_wait(session as SessionId);
        self.post_with_care(0);
        waited
    }

    /// A number for the whole keyspace, the same natively and here after the same calls.
    pub fn digest(&self) -> u64 {
        self.engine.digest()
    }

    /// Whether commands off sockets are measured.
    pub fn measure(&mut self, wanted: bool) {
        self.engine.measure(wanted);
    }

    /// Counts a connection that the host refused, for INFO.
    pub fn count_rejected(&mut self) {
        self.engine.count_rejected();
    }

    /// The next session with output that it did not ask for, or that must be closed: its id, its bytes and flags (1, 4 and
    /// 32) in the mailbox. 0 where there is none.
    pub fn next_output(&mut self) -> f64 {
        let Some((session, bytes, closing)) = self.engine.next_output() else {
            (self.mailbox.reply, self.mailbox.length, self.mailbox.flags) = (0, 0, 0);
            return 0.0;
        };
        (self.mailbox.reply, self.mailbox.length) = (bytes.as_ptr() as u32, bytes.len() as u32);
        self.mailbox.flags = if closing { CLOSE } else { 0 } | if self.engine.output_repeats() { SAME } else { 0 };
        if self.engine.has_backlog(session) {
            self.mailbox.flags |= BACKLOG;
        }
        session as f64
    }

    /// Figures about the engine: an object.
    pub fn stats(&self) -> Object {
        let (server, keyspace) = (self.engine.server(), self.engine.keyspace());
        let counts = &keyspace.log.counts;
        let (mut keys, mut expires) = (0, 0);
        for db in keyspace.databases() {
            keys += db.len();
            expires += db.deadlines().len();
        }
        let figures = [
            ("usedMemory", allocator::data() as f64),
            ("peakMemory", allocator::peak() as f64),
            ("keys", keys as f64),
            ("expires", expires as f64),
            ("sessions", server.sessions.len() as f64),
            ("commands", server.stats.commands as f64),
            ("hits", counts.hits as f64),
            ("misses", counts.misses as f64),
            ("expiredKeys", counts.expired_keys as f64),
            ("expiredFields", counts.expired_fields as f64),
        ];
        let object = Object::new();
        for (name, figure) in figures {
            // A fresh object takes any field.
            let _ = Reflect::set(&object, &name.into(), &figure.into());
        }
        object
    }
}

impl Core {
    #[inline(always)]
    fn post_request(&mut self) {
        self.mailbox.request = self.request.as_mut_ptr() as u32;
        self.mailbox.capacity = self.request.len() as u32;
    }

    /// Writes the mailbox after a call for `session`.
    #[inline(always)]
    fn post(&mut self, session: SessionId) {
        if !self.engine.is_undisturbed() || self.request.len() > KEEP {
            return self.post_with_care(session);
        }
        self.post_request();
        self.mailbox.deadline = self.engine.next_quiet_deadline();
        (self.mailbox.flags, self.mailbox.journal) = (0, 0);
    }

    /// The same where there may be something to be done or told; 0 for no session.
    #[inline(never)]
    fn post_with_care(&mut self, session: SessionId) {
        if self.request.len() > KEEP {
            self.request = vec![0; SMALLEST];
        }
        self.post_request();
        self.mailbox.deadline = self.engine.next_deadline();
        let mut flags = 0;
        if session != 0 {
            if self.engine.closing(session) {
                flags |= CLOSE;
            }
            if self.engine.has_backlog(session) {
                flags |= BACKLOG;
            }
            if self.engine.is_waiting(session) {
                flags |= WAITING;
            }
            if self.engine.pushed() {
                flags |= PUSHES;
            }
        }
        if self.engine.has_output() {
            flags |= OUTPUT;
        }
        if self.engine.has_request() {
            flags |= ASKS;
        }
        self.mailbox.flags = flags;
        self.mailbox.journal = self.engine.journal_len() as u32;
    }
}

#[cfg(test)]
#[path = "../../tests/garbage/feed.rs"]
mod feed;

#[cfg(test)]
mod tests;
