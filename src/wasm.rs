//! The binding: the engine as the JavaScript class `Core`. The only file that knows wasm-bindgen.
//!
//! A call crosses once. JavaScript writes a request into this module's memory, calls [`Core::exec`] or [`Core::feed`], and
//! reads the reply out of the same memory. Where things are stands in the mailbox, eight words at a fixed address:
//!
//! ```text
//! word 0  address of the request buffer        word 4  flags: 1 close this session once its reply is sent,
//! word 1  its capacity in bytes                                2 next_output() has something,
//! word 2  address of the reply                                 4 call feed() again, without bytes, once this reply is sent
//! word 3  its length in bytes                  word 5  0
//!                                              6, 7    the next deadline, an f64: milliseconds since the epoch
//! ```
//!
//! Options and structured answers (the command table, statistics) go through serde-wasm-bindgen; they are rare.

use crate::commands::command::categories;
use crate::command::row::{Cmd, flags};
use crate::command::syntax::Arg;
use crate::command::table::Row;
use crate::config::Dialect;
use crate::{Engine, Options, SessionOptions, memory};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

/// Request buffers that a large call has made larger than this are given back after it.
const KEEP: usize = 1 << 20;
const SMALLEST: usize = 1 << 16;

const CLOSE: u32 = 1;
const OUTPUT: u32 = 2;
const BACKLOG: u32 = 4;

#[repr(C, align(8))]
#[derive(Default)]
struct Mailbox {
    request: u32,
    capacity: u32,
    reply: u32,
    length: u32,
    flags: u32,
    reserved: u32,
    deadline: f64,
}

/// One engine and the buffers it shares with JavaScript.
#[wasm_bindgen]
pub struct Core {
    engine: Engine,
    request: Vec<u8>,
    mailbox: Box<Mailbox>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CoreOptions {
    seed: u64,
    now: f64,
    databases: Option<u32>,
    dialect: Option<String>,
    maxmemory: Option<f64>,
    requirepass: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct OpenSession {
    resp: Option<u8>,
    trusted: bool,
    unix: bool,
    addr: String,
    laddr: String,
    name: String,
}

#[wasm_bindgen]
impl Core {
    /// Opens an engine: `{ seed, now, databases?, dialect?, maxmemory?, requirepass? }`.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue) -> Result<Core, JsError> {
        let options: CoreOptions = serde_wasm_bindgen::from_value(options)?;
        let dialect = options.dialect.as_deref().unwrap_or("redis");
        let engine = Engine::new(Options {
            seed: options.seed,
            now: options.now,
            databases: options.databases.unwrap_or(16) as usize,
            dialect: Dialect::named(dialect).ok_or_else(|| JsError::new(&format!("unknown dialect '{dialect}'")))?,
            maxmemory: options.maxmemory.unwrap_or(0.0) as u64,
            requirepass: options.requirepass,
        });
        let mut core = Core { engine, request: vec![0; SMALLEST], mailbox: Box::default() };
        core.post(0);
        Ok(core)
    }

    /// Address of the mailbox in this module's memory, the same for the engine's whole life.
    pub fn mailbox(&self) -> u32 {
        &*self.mailbox as *const Mailbox as u32
    }

    /// Makes the request buffer hold at least `len` bytes; its address. Memory may have grown after this.
    pub fn reserve(&mut self, len: usize) -> u32 {
        if self.request.len() < len {
            self.request = Vec::new();
            self.request = vec![0; len.next_power_of_two().max(SMALLEST)];
        }
        self.post_request();
        self.mailbox.request
    }

    /// Runs the frame of `len` bytes at the request address. The length of the reply, which lies at the mailbox's address
    /// until the next call.
    pub fn exec(&mut self, session: u32, now: f64, len: usize) -> usize {
        let reply = self.engine.exec(session, now, &self.request[..len.min(self.request.len())]);
        let written = reply.len();
        self.mailbox.reply = reply.as_ptr() as u32;
        self.mailbox.length = written as u32;
        self.post(session);
        written
    }

    /// Takes `len` bytes off a socket at the request address: commands in RESP, cut anywhere. The length of all replies.
    pub fn feed(&mut self, session: u32, now: f64, len: usize) -> usize {
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

    /// Opens a session: `{ resp?, trusted?, addr?, laddr?, name?, unix? }`. Its id.
    pub fn open_session(&mut self, options: JsValue) -> Result<u32, JsError> {
        let options: OpenSession = serde_wasm_bindgen::from_value(options)?;
        Ok(self.engine.open_session(SessionOptions {
            resp: options.resp.unwrap_or(3),
            trusted: options.trusted,
            unix: options.unix,
            addr: options.addr,
            laddr: options.laddr,
            name: options.name,
        }))
    }

    /// Ends a session.
    pub fn close_session(&mut self, session: u32) {
        self.engine.close_session(session);
    }

    /// The next session with output that it did not ask for, or that must be closed: its id, its bytes and flags in the
    /// mailbox. 0 where there is none.
    pub fn next_output(&mut self) -> u32 {
        let (session, reply, length, closing) = match self.engine.next_output() {
            Some((session, bytes, closing)) => (session, bytes.as_ptr() as u32, bytes.len() as u32, closing),
            None => (0, 0, 0, false),
        };
        self.mailbox.reply = reply;
        self.mailbox.length = length;
        self.mailbox.flags = if closing { CLOSE } else { 0 };
        session
    }

    /// The command table: an array of objects.
    pub fn commands(&self) -> Result<JsValue, JsError> {
        let rows = self.engine.server().table.rows();
        let all: Vec<Command> =
            rows.iter().filter(|row| row.container.is_none()).map(Command::of).collect();
        Ok(all.serialize(&serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true))?)
    }

    /// Figures about the engine: an object.
    pub fn stats(&self) -> Result<JsValue, JsError> {
        let (server, keyspace) = (self.engine.server(), self.engine.keyspace());
        let stats = Statistics {
            used_memory: memory::used() as f64,
            peak_memory: memory::peak() as f64,
            keys: keyspace.databases().iter().map(|db| db.len() as f64).sum(),
            expires: keyspace.databases().iter().map(|db| db.deadlines().len() as f64).sum(),
            sessions: server.sessions.len() as f64,
            commands: server.stats.commands as f64,
            hits: keyspace.counts.hits as f64,
            misses: keyspace.counts.misses as f64,
            expired_keys: keyspace.counts.expired_keys as f64,
            expired_fields: keyspace.counts.expired_fields as f64,
        };
        Ok(serde_wasm_bindgen::to_value(&stats)?)
    }

    /// A number, in hexadecimal, that two engines share if they hold the same keys, values and deadlines.
    pub fn digest(&self) -> String {
        format!("{:016x}", self.engine.digest())
    }
}

impl Core {
    fn post_request(&mut self) {
        self.mailbox.request = self.request.as_mut_ptr() as u32;
        self.mailbox.capacity = self.request.len() as u32;
    }

    /// Writes the mailbox after a call for `session` (0: for none).
    #[inline]
    fn post(&mut self, session: u32) {
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
        }
        if self.engine.has_output() {
            flags |= OUTPUT;
        }
        self.mailbox.flags = flags;
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
    fn of(row: &Row) -> Command {
        let cmd: &Cmd = row.cmd;
        Command {
            name: cmd.title().to_string(),
            arity: cmd.shape.arity,
            flags: flags::NAMES.iter().filter(|(flag, _)| cmd.flags & flag != 0).map(|(_, name)| *name).collect(),
            first: cmd.shape.first,
            last: cmd.shape.last,
            step: cmd.shape.step,
            group: row.group.name,
            categories: categories(row),
            since: cmd.since,
            summary: cmd.summary,
            complexity: cmd.cost,
            syntax: cmd.syntax,
            reply: cmd.reply,
            args: cmd.arguments().into_iter().map(Argument::from).collect(),
            subcommands: cmd.subs.iter().map(|sub| Command::of(&Row { cmd: sub, ..*row })).collect(),
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
