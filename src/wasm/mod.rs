//! The binding: the engine as the JavaScript class `Core`. The only file that knows wasm-bindgen.
//!
//! A call crosses once. JavaScript writes a request into this module's memory, calls [`Core::exec`] or [`Core::feed`], and
//! reads the reply out of the same memory. Where things are stands in the mailbox, eight words at a fixed address:
//!
//! ```text
//! word 0  address of the request buffer        word 4  flags: 1 close this session once its reply is sent,
//! word 1  its capacity in bytes                                2 next_output() has something,
//! word 2  address of the reply                                 4 call feed() again, without bytes, once this reply is sent
//! word 3  its length in bytes                               8 the session waits: its reply comes later,
//!                                                           16 the reply has pushes beside it, or is one
//!                                                           32 what next_output() gave is what it gave before,
//!                                                           64 next_request() has something
//!                                              word 5  bytes of journal that wait for take_journal()
//!                                              6, 7    the next deadline, an f64: milliseconds since the epoch
//! ```
//!
//! Structured answers (the command table, statistics) go through serde-wasm-bindgen. Options do not: serde's own error
//! texts print floating-point numbers, which is 14 KB of code.

use crate::resp::dialect::Dialect;
use crate::server::config::{Config, Id};
use crate::server::host::Store;
use crate::server::session::SessionId;
use crate::table::categories;
use crate::table::find::{Listing, Table};
use crate::table::spec::{Spec, flags};
use crate::table::syntax::Arg;
use crate::{Engine, Options, SessionOptions, allocator};
use js_sys::Reflect;
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// Request buffers that a large call has made larger than this are given back after it.
const KEEP: usize = 1 << 20;
const SMALLEST: usize = 1 << 16;

const CLOSE: u32 = 1;
const OUTPUT: u32 = 2;
const BACKLOG: u32 = 4;
/// The session waits: the reply of its command comes later.
const WAITING: u32 = 8;
/// There are pushes in front of the reply, behind it, or in its place.
const PUSHES: u32 = 16;
/// The output is the same as that of the session before.
const SAME: u32 = 32;
/// next_request() has something.
const ASKS: u32 = 64;

#[repr(C, align(8))]
#[derive(Default)]
struct Mailbox {
    request: u32,
    capacity: u32,
    reply: u32,
    length: u32,
    flags: u32,
    journal: u32,
    deadline: f64,
}

/// One engine and the buffers it shares with JavaScript.
#[wasm_bindgen]
pub struct Core {
    engine: Engine,
    request: Vec<u8>,
    mailbox: Box<Mailbox>,
}

/// Reads a field of an options object; `None` if it is not there.
fn field(options: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(options, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

fn wrong(name: &str, wanted: &str) -> JsError {
    JsError::new(&format!("option '{name}' must be {wanted}"))
}

fn number(options: &JsValue, name: &str) -> Result<Option<f64>, JsError> {
    match field(options, name) {
        Some(value) => value.as_f64().map(Some).ok_or_else(|| wrong(name, "a number")),
        None => Ok(None),
    }
}

fn text(options: &JsValue, name: &str) -> Result<Option<String>, JsError> {
    match field(options, name) {
        Some(value) => value.as_string().map(Some).ok_or_else(|| wrong(name, "a string")),
        None => Ok(None),
    }
}

fn flag(options: &JsValue, name: &str) -> bool {
    field(options, name).is_some_and(|value| value.is_truthy())
}

#[wasm_bindgen]
impl Core {
    /// Opens an engine: `{ seed, now, databases?, dialect?, maxmemory?, requirepass? }`.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue) -> Result<Core, JsError> {
        let seed = field(&options, "seed").ok_or_else(|| wrong("seed", "given"))?;
        let seed = match seed.as_f64() {
            Some(seed) => seed as u64,
            None => u64::try_from(seed).map_err(|_| wrong("seed", "a number or a bigint of 64 bits"))?,
        };
        let dialect = text(&options, "dialect")?.unwrap_or_else(|| "redis".to_string());
        let engine = Engine::new(Options {
            seed,
            now: number(&options, "now")?.ok_or_else(|| wrong("now", "given"))?,
            databases: number(&options, "databases")?.unwrap_or(16.0) as usize,
            dialect: Dialect::named(&dialect).ok_or_else(|| wrong("dialect", "redis, dicedb or dragonfly"))?,
            maxmemory: number(&options, "maxmemory")?.unwrap_or(0.0) as u64,
            requirepass: text(&options, "requirepass")?,
        });
        let mut core = Core { engine, request: vec![0; SMALLEST], mailbox: Box::default() };
        core.post(0);
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
        self.post(0);
    }

    /// Opens a session: `{ resp?, trusted?, readonly?, addr?, laddr?, name?, unix? }`. Its id.
    pub fn open_session(&mut self, options: JsValue) -> Result<f64, JsError> {
        let id = self.engine.open_session(SessionOptions {
            resp: number(&options, "resp")?.unwrap_or(3.0) as u8,
            trusted: flag(&options, "trusted"),
            unix: flag(&options, "unix"),
            addr: text(&options, "addr")?.unwrap_or_default(),
            laddr: text(&options, "laddr")?.unwrap_or_default(),
            name: text(&options, "name")?.unwrap_or_default(),
            readonly: flag(&options, "readonly"),
        });
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

    /// Sets a parameter as the host's own, those included that CONFIG SET may not change (`port`, `bind`, `unixsocket`).
    pub fn configure(&mut self, name: &str, value: &str) -> Result<(), JsError> {
        self.engine.configure(name, value).map_err(|reason| JsError::new(&reason))
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
    pub fn twin(&mut self, session: f64) -> f64 {
        self.engine.twin(session as SessionId) as f64
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
        self.post(0);
        waited
    }

    /// A number for the whole keyspace, the same natively and here after the same calls.
    pub fn digest(&self) -> u64 {
        self.engine.digest()
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

    /// From here on the core writes down what happens, or no longer does: see word 5 of the mailbox.
    pub fn keep_journal(&mut self, on: bool) {
        self.engine.keep_journal(on);
        self.post(0);
    }

    /// The address of the journal's bytes, as many as word 5 said: whole commands in RESP. They live until the next call of
    /// this, or of `snapshot`.
    pub fn take_journal(&mut self) -> u32 {
        self.mailbox.journal = 0;
        self.engine.take_journal().as_ptr() as u32
    }

    /// Runs the commands of a journal again, those that are whole among the first `len` bytes of the request buffer: how many
    /// bytes that were. An error says `at <byte>: <reason>`.
    pub fn load(&mut self, len: usize) -> Result<usize, JsError> {
        let used = self.engine.load(&self.request[..len.min(self.request.len())]);
        self.post(0);
        used.map_err(|damage| JsError::new(&format!("at {}: {}", damage.at, damage.reason)))
    }

    /// The replay is over: from here on deadlines count.
    pub fn finish_load(&mut self, now: f64) {
        self.engine.finish_load(now);
        self.post(0);
    }

    /// Begins a snapshot of what is there now; what the journal says from here on belongs behind it.
    pub fn begin_snapshot(&mut self) {
        self.engine.begin_snapshot();
    }

    /// Writes about so many bytes of the snapshot, their address and length into words 2 and 3: 1 where more is to come, 0 where
    /// this was all, -1 where there was no memory for something: there is no snapshot any more.
    pub fn snapshot(&mut self, about: usize) -> i32 {
        let more = self.engine.snapshot(about);
        self.post(0);
        self.show_kept();
        more.map_or(-1, i32::from)
    }

    /// The commands that make a fresh session what this one is, RESP: address and length in the mailbox, in place of the last
    /// reply. False where commands cannot.
    pub fn recall(&mut self, session: f64) -> bool {
        let can = self.engine.recall(session as SessionId);
        self.show_kept();
        can
    }

    /// Gives a snapshot up.
    pub fn end_snapshot(&mut self) {
        self.engine.end_snapshot();
    }

    /// What the host has to say of the store: `{ kind, rewriting, lastSave, lastOk, size, baseSize, refusing }`.
    pub fn set_store(&mut self, state: JsValue) -> Result<(), JsError> {
        let number = |name: &str| Ok::<f64, JsError>(number(&state, name)?.unwrap_or(0.0));
        let store = Store {
            kind: text(&state, "kind")?.unwrap_or_default(),
            rewriting: flag(&state, "rewriting"),
            last_save: number("lastSave")? as i64,
            last_ok: flag(&state, "lastOk"),
            size: number("size")? as u64,
            base_size: number("baseSize")? as u64,
            refusing: text(&state, "refusing")?.unwrap_or_default(),
        };
        self.engine.set_store(store);
        Ok(())
    }

    /// What the core wants of the store: 1 a rewrite in the background, 2 one now, 3 the end without a save, 4 a save and the
    /// end; 0 where there is nothing.
    pub fn next_ask(&mut self) -> u32 {
        let ask = self.engine.next_request();
        self.post(0);
        ask.map_or(0, |ask| ask as u32)
    }

    /// The command table: an array of objects.
    pub fn commands(&self) -> Result<JsValue, JsError> {
        let table = &self.engine.server().table;
        let named = table.rows().iter().filter(|row| row.container.is_none());
        let all: Vec<Command> = named.map(|row| Command::of(table, row)).collect();
        Ok(all.serialize(&serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true))?)
    }

    /// Figures about the engine: an object.
    pub fn stats(&self) -> Result<JsValue, JsError> {
        let (server, keyspace) = (self.engine.server(), self.engine.keyspace());
        let stats = Statistics {
            used_memory: allocator::used() as f64,
            peak_memory: allocator::peak() as f64,
            keys: keyspace.databases().iter().map(|db| db.len() as f64).sum(),
            expires: keyspace.databases().iter().map(|db| db.deadlines().len() as f64).sum(),
            sessions: server.sessions.len() as f64,
            commands: server.stats.commands as f64,
            hits: keyspace.log.counts.hits as f64,
            misses: keyspace.log.counts.misses as f64,
            expired_keys: keyspace.log.counts.expired_keys as f64,
            expired_fields: keyspace.log.counts.expired_fields as f64,
        };
        Ok(serde_wasm_bindgen::to_value(&stats)?)
    }
}

impl Core {
    #[inline(always)]
    fn post_request(&mut self) {
        self.mailbox.request = self.request.as_mut_ptr() as u32;
        self.mailbox.capacity = self.request.len() as u32;
    }

    /// What the engine has kept for the host, in place of a reply.
    fn show_kept(&mut self) {
        let kept = self.engine.kept();
        (self.mailbox.reply, self.mailbox.length) = (kept.as_ptr() as u32, kept.len() as u32);
    }

    /// Writes the mailbox after a call for `session` (0: for none).
    #[inline(always)]
    fn post(&mut self, session: SessionId) {
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

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Statistics {
    used_memory: f64,
    peak_memory: f64,
    keys: f64,
    expires: f64,
    sessions: f64,
    commands: f64,
    hits: f64,
    misses: f64,
    expired_keys: f64,
    expired_fields: f64,
}

#[derive(Serialize)]
struct Command {
    name: String,
    arity: i8,
    flags: Vec<&'static str>,
    first: i8,
    last: i8,
    step: i8,
    group: &'static str,
    categories: Vec<&'static str>,
    since: &'static str,
    summary: &'static str,
    complexity: &'static str,
    syntax: &'static str,
    reply: &'static str,
    args: Vec<Argument>,
    subcommands: Vec<Command>,
}

impl Command {
    fn of(table: &Table, row: &Listing) -> Command {
        let cmd: &Spec = row.spec;
        Command {
            name: cmd.title().to_string(),
            arity: cmd.shape.arity,
            flags: flags::NAMES.iter().filter(|(flag, _)| cmd.flags & flag != 0).map(|(_, name)| *name).collect(),
            first: cmd.shape.first,
            last: cmd.shape.last,
            step: cmd.shape.step,
            group: row.group.name,
            categories: categories::names(row.categories).collect(),
            since: cmd.since,
            summary: cmd.summary,
            complexity: cmd.cost,
            syntax: cmd.syntax,
            reply: cmd.reply,
            args: cmd.arguments().into_iter().map(Argument::from).collect(),
            subcommands: table.subs(row).iter().map(|sub| Command::of(table, sub)).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Argument {
    name: String,
    #[serde(rename = "type")]
    kind: &'static str,
    token: Option<String>,
    optional: bool,
    multiple: bool,
    multiple_token: bool,
    args: Vec<Argument>,
}

impl From<Arg> for Argument {
    fn from(arg: Arg) -> Argument {
        Argument {
            name: arg.name,
            kind: arg.kind,
            token: arg.token,
            optional: arg.optional,
            multiple: arg.multiple,
            multiple_token: arg.multiple_token,
            args: arg.args.into_iter().map(Argument::from).collect(),
        }
    }
}

#[cfg(test)]
#[path = "../../tests/garbage/feed.rs"]
mod feed;

#[cfg(test)]
mod tests {
    //! The binding as JavaScript sees it: `make test` runs these in Node and in a headless browser.

    use super::*;
    use js_sys::{Array, Object};
    use wasm_bindgen_test::wasm_bindgen_test;

    /// Garbage, as `tests/garbage` feeds it to the native engine: here offsets have 32 bits, and nothing checks for overflow.
    #[wasm_bindgen_test]
    fn garbage_never_traps() {
        let rounds = option_env!("WAKEY_ROUNDS").and_then(|rounds| rounds.parse().ok()).unwrap_or(20_000);
        let seed = option_env!("WAKEY_SEED").and_then(|seed| seed.parse().ok()).unwrap_or(1);
        feed::frames(seed, rounds);
        feed::resp(seed, rounds);
    }

    fn object(fields: &[(&str, JsValue)]) -> JsValue {
        let object = Object::new();
        for (name, value) in fields {
            Reflect::set(&object, &(*name).into(), value).expect("a plain object takes any field");
        }
        object.into()
    }

    fn open() -> Core {
        Core::new(object(&[("seed", 1.into()), ("now", 1000.0.into())])).expect("good options")
    }

    fn session(core: &mut Core) -> f64 {
        core.open_session(object(&[("resp", 3.into()), ("trusted", true.into())])).expect("good options")
    }

    /// Writes a frame where JavaScript would, runs it, and reads the reply where JavaScript would.
    fn call(core: &mut Core, session: f64, now: f64, args: &[&str]) -> String {
        let mut frame = (args.len() as u32).to_le_bytes().to_vec();
        for arg in args {
            frame.extend((arg.len() as u32).to_le_bytes());
            frame.extend(arg.as_bytes());
        }
        core.reserve(frame.len()).expect("a short request");
        core.request[..frame.len()].copy_from_slice(&frame);
        let len = core.exec(session, now, frame.len());
        assert_eq!(len, core.mailbox.length as usize);
        reply(core)
    }

    fn reply(core: &Core) -> String {
        let (at, len) = (core.mailbox.reply as *const u8, core.mailbox.length as usize);
        // SAFETY: the mailbox names bytes of this module's memory that live until the next call.
        String::from_utf8_lossy(unsafe { std::slice::from_raw_parts(at, len) }).into_owned()
    }

    #[wasm_bindgen_test]
    fn a_command_crosses_once_and_its_reply_is_in_the_mailbox() {
        let mut core = open();
        let s = session(&mut core);
        assert_eq!(call(&mut core, s, 1000.0, &["SET", "k", "v"]), "+OK\r\n");
        assert_eq!(call(&mut core, s, 1000.0, &["GET", "k"]), "$1\r\nv\r\n");
        assert_eq!(call(&mut core, s, 1000.0, &["GET", "none"]), "_\r\n");
        assert_eq!(core.mailbox() % 8, 0);
    }

    #[wasm_bindgen_test]
    fn the_next_deadline_is_in_the_mailbox() {
        let mut core = open();
        let s = session(&mut core);
        assert_eq!(core.mailbox.deadline, f64::INFINITY);
        call(&mut core, s, 1000.0, &["SET", "k", "v", "PX", "500"]);
        assert_eq!(core.mailbox.deadline, 1500.0);
        core.tick(1499.0);
        assert_eq!(core.mailbox.deadline, 1500.0);
        core.tick(1500.0);
        assert_eq!(core.mailbox.deadline, f64::INFINITY);
        assert_eq!(call(&mut core, s, 1500.0, &["DBSIZE"]), ":0\r\n");
    }

    #[wasm_bindgen_test]
    fn sockets_feed_any_part_of_a_command() {
        let mut core = open();
        let s = core.open_session(object(&[("resp", 2.into())])).expect("good options");
        for (part, expected) in
            [("PI", ""), ("NG\r\n*2\r\n$4\r\nEC", "+PONG\r\n"), ("HO\r\n$2\r\nhi\r\n", "$2\r\nhi\r\n")]
        {
            core.request[..part.len()].copy_from_slice(part.as_bytes());
            core.feed(s, 1000.0, part.len());
            assert_eq!(reply(&core), expected);
        }
        core.request[..6].copy_from_slice(b"QUIT\r\n");
        core.feed(s, 1000.0, 6);
        assert_eq!(core.mailbox.flags & CLOSE, CLOSE);
    }

    #[wasm_bindgen_test]
    fn a_killed_session_is_handed_to_the_host() {
        let mut core = open();
        let (a, b) = (session(&mut core), session(&mut core));
        assert_eq!(call(&mut core, a, 1000.0, &["CLIENT", "KILL", "ID", &b.to_string()]), ":1\r\n");
        assert_eq!(core.mailbox.flags & OUTPUT, OUTPUT);
        assert_eq!(core.next_output(), b);
        assert_eq!(core.mailbox.flags, CLOSE);
        assert_eq!(core.next_output(), 0.0);
    }

    #[wasm_bindgen_test]
    fn pushes_beside_a_reply_show_in_the_flags() {
        let mut core = open();
        let s = session(&mut core);
        call(&mut core, s, 1000.0, &["SUBSCRIBE", "c"]);
        assert_eq!(core.mailbox.flags, PUSHES);
        assert!(call(&mut core, s, 1000.0, &["PUBLISH", "c", "x"]).starts_with(":1\r\n>3\r\n"));
        assert_eq!(core.mailbox.flags, PUSHES);
        call(&mut core, s, 1000.0, &["GET", "k"]);
        assert_eq!(core.mailbox.flags, 0);
    }

    #[wasm_bindgen_test]
    fn a_command_that_waits_shows_in_the_flags_and_a_twin_takes_it_over() {
        let mut core = open();
        let s = session(&mut core);
        assert_eq!(call(&mut core, s, 1000.0, &["BLPOP", "k", "1"]), "");
        assert_eq!((core.mailbox.flags, core.mailbox.deadline), (WAITING, 2000.0));
        let twin = core.twin(s);
        assert_eq!((core.wait_deadline(s), core.wait_deadline(twin)), (f64::INFINITY, 2000.0));
        assert_eq!(call(&mut core, s, 1000.0, &["PING"]), "+PONG\r\n");
        core.tick(2000.0);
        assert_eq!(core.mailbox.flags, OUTPUT);
        assert_eq!(core.next_output(), twin);
        assert_eq!(reply(&core), "_\r\n");
    }

    #[wasm_bindgen_test]
    fn large_requests_do_not_keep_their_memory() {
        let mut core = open();
        let s = session(&mut core);
        let value = "x".repeat(3 << 20);
        assert_eq!(call(&mut core, s, 1000.0, &["SET", "k", &value]), "+OK\r\n");
        assert_eq!(core.mailbox.capacity as usize, SMALLEST);
        assert_eq!(call(&mut core, s, 1000.0, &["STRLEN", "k"]), format!(":{}\r\n", value.len()));
    }

    #[wasm_bindgen_test]
    fn a_request_that_is_too_large_is_an_error_and_nothing_more() {
        let mut core = open();
        let s = session(&mut core);
        assert!(core.reserve((1 << 30) + 1).is_err());
        assert!(core.reserve(usize::MAX).is_err());
        assert_eq!(core.mailbox.capacity as usize, SMALLEST);
        assert_eq!(call(&mut core, s, 1000.0, &["CONFIG", "SET", "proto-max-bulk-len", "1mb"]), "+OK\r\n");
        let text = "-ERR string exceeds maximum allowed size (proto-max-bulk-len)\r\n";
        assert_eq!(call(&mut core, s, 1000.0, &["SET", "k", &"x".repeat((1 << 20) + 1)]), text);
        assert_eq!(call(&mut core, s, 1000.0, &["SET", "k", &"x".repeat(1 << 20)]), "+OK\r\n");
    }

    #[wasm_bindgen_test]
    fn garbage_frames_get_an_error() {
        let mut core = open();
        let s = session(&mut core);
        core.request[..8].copy_from_slice(&[0xff; 8]);
        core.exec(s, 1000.0, 8);
        assert_eq!(reply(&core), "-ERR Protocol error: malformed frame\r\n");
        core.exec(s, 1000.0, usize::MAX);
        assert!(reply(&core).starts_with("-ERR"));
        core.exec(99.0, 1000.0, 0);
        assert!(reply(&core).starts_with("-ERR"));
    }

    #[wasm_bindgen_test]
    fn wrong_options_are_refused() {
        let base = [("seed", JsValue::from(1)), ("now", JsValue::from(0.0))];
        for (name, value) in [("dialect", JsValue::from("klingon")), ("databases", "x".into())] {
            let mut fields = base.to_vec();
            fields.push((name, value));
            assert!(Core::new(object(&fields)).is_err(), "{name}");
        }
        assert!(Core::new(JsValue::NULL).is_err());
    }

    #[wasm_bindgen_test]
    fn the_host_reads_and_sets_the_configuration() {
        let mut core = open();
        assert_eq!(core.setting("maxclients"), "10000");
        assert_eq!(core.setting("nosuch"), "");
        assert!(core.configure("port", "6380").is_ok());
        assert_eq!(core.setting("port"), "6380");
        assert!(core.configure("port", "x").is_err() && core.configure("nosuch", "1").is_err());
        core.count_rejected();
        let s = session(&mut core);
        assert!(call(&mut core, s, 1000.0, &["INFO", "stats"]).contains("rejected_connections:1\r\n"));
    }

    #[wasm_bindgen_test]
    fn the_table_and_the_statistics_are_plain_objects() {
        let mut core = open();
        let s = session(&mut core);
        call(&mut core, s, 1000.0, &["SET", "k", "v", "EX", "9"]);
        let table = Array::from(&core.commands().expect("a table"));
        let names: Vec<String> =
            table.iter().filter_map(|row| Reflect::get(&row, &"name".into()).ok()?.as_string()).collect();
        assert!(names.iter().any(|name| name == "HSET") && names.iter().any(|name| name == "CONFIG"));
        let stats = core.stats().expect("figures");
        let figure = |name: &str| Reflect::get(&stats, &name.into()).ok().and_then(|v| v.as_f64());
        assert_eq!((figure("keys"), figure("expires"), figure("commands")), (Some(1.0), Some(1.0), Some(1.0)));
    }
}
