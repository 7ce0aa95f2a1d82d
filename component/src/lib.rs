//! The engine as a WebAssembly component: `wit/engine.wit` is what it shows, and this no more than the way there.
//!
//! ```text
//! lib.rs        wakey:engine/keyspace
//! provider.rs   wasi:keyvalue, on strings of the engine's databases
//! scripts.rs    whether there are scripts
//! words.rs      the words of COMMAND DOCS and HELP
//! ```

mod provider;
mod scripts;
mod words;

wit_bindgen::generate!({ path: "../wit", world: "wakey", generate_all });

use exports::wakey::engine::keyspace as wit;
use std::cell::{RefCell, RefMut};
use std::rc::Rc;
use wakey::engine::Damage;
use wakey::keyspace::{Db, Policy};
use wakey::resp::dialect::{Dialect, Release};
use wakey::server::host::{HostRequest, Store};
use wakey::server::session::SessionId;
use wakey::{Engine, Options, SessionOptions, allocator};

struct Component;

export!(Component);

impl wit::Guest for Component {
    type Engine = Held;
}

/// An engine, which several handles may hold.
#[derive(Clone)]
pub struct Held(Rc<RefCell<Engine>>);

impl Held {
    fn new(options: Options) -> Held {
        let mut engine = Engine::new(options);
        scripts::settle(&mut engine);
        Held(Rc::new(RefCell::new(engine)))
    }

    fn engine(&self) -> RefMut<'_, Engine> {
        self.0.borrow_mut()
    }

    /// What is left to do for a session after a call.
    fn state(engine: &mut Engine, session: SessionId) -> wit::State {
        let mut state = wit::State::empty();
        state.set(wit::State::CLOSE, engine.closing(session));
        state.set(wit::State::MORE, engine.has_backlog(session));
        state.set(wit::State::WAITING, engine.is_waiting(session));
        state.set(wit::State::OUTPUTS, engine.has_output());
        state.set(wit::State::REQUESTS, engine.has_request());
        state.set(wit::State::JOURNAL, engine.journal_len() > 0);
        state
    }
}

/// The monotonic clock of the host, in milliseconds.
fn clock() -> f64 {
    wasi::clocks::monotonic_clock::now() as f64 / 1e6
}

/// Options of an engine but for seed and time.
fn standard() -> Options {
    Options { clock, docs: |_| Some(words::WORDS.into()), ..Options::default() }
}

fn opened(options: wit::Options) -> Result<Options, String> {
    let compat = match &options.compat {
        None => Release::NEWEST,
        Some(name) => Release::named(name).ok_or("compat must be 8.0, 8.2, 8.4, 8.6, 8.8 or 8.10")?,
    };
    let databases = options.databases.unwrap_or(16) as usize;
    if !(1..=16384).contains(&databases) {
        return Err("databases must be a number from 1 to 16384".into());
    }
    if let Some(policy) = &options.maxmemory_policy
        && Policy::parse(policy).is_none()
    {
        return Err("maxmemory-policy must be one of CONFIG's".into());
    }
    Ok(Options {
        seed: options.seed,
        now: options.now,
        databases,
        dialect: match options.dialect.unwrap_or(wit::Dialect::Redis) {
            wit::Dialect::Redis => Dialect::Redis,
            wit::Dialect::Valkey => Dialect::Valkey,
            wit::Dialect::Dicedb => Dialect::DiceDb,
            wit::Dialect::Dragonfly => Dialect::Dragonfly,
        },
        compat,
        maxmemory: options.maxmemory.unwrap_or(0),
        maxmemory_policy: options.maxmemory_policy,
        cluster: options.cluster,
        requirepass: options.requirepass,
        script_timeout: options.script_timeout.unwrap_or(5000) as f64,
        ..standard()
    })
}

fn damaged(damage: Damage) -> wit::Error {
    wit::Error::Damaged(wit::Damage { at: damage.at as u64, reason: damage.reason })
}

/// Words as the frame that [`Engine::exec`] takes.
fn frame(words: &[Vec<u8>]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(4 + words.iter().map(|word| 4 + word.len()).sum::<usize>());
    frame.extend_from_slice(&(words.len() as u32).to_le_bytes());
    for word in words {
        frame.extend_from_slice(&(word.len() as u32).to_le_bytes());
        frame.extend_from_slice(word);
    }
    frame
}

impl wit::GuestEngine for Held {
    fn open(options: wit::Options) -> Result<wit::Engine, wit::Error> {
        Ok(wit::Engine::new(Held::new(opened(options).map_err(wit::Error::Invalid)?)))
    }

    fn provider() -> wit::Engine {
        wit::Engine::new(provider::engine())
    }

    fn configure(&self, name: String, value: String) -> Result<(), wit::Error> {
        self.engine().configure(&name, &value).map_err(wit::Error::Invalid)
    }

    fn open_session(&self, options: wit::SessionOptions) -> SessionId {
        self.engine().open_session(SessionOptions {
            resp: if options.protocol == wit::Protocol::Resp3 { 3 } else { 2 },
            trusted: options.trusted,
            readonly: options.readonly,
            user: options.user.unwrap_or_default(),
            addr: options.address.unwrap_or_default(),
            ..SessionOptions::default()
        })
    }

    fn close_session(&self, session: SessionId) {
        self.engine().close_session(session);
    }

    fn exec(&self, session: SessionId, now: f64, words: Vec<Vec<u8>>) -> wit::Answer {
        let mut engine = self.engine();
        let reply = engine.exec(session, now, &frame(&words)).to_vec();
        wit::Answer { reply, state: Held::state(&mut engine, session) }
    }

    fn feed(&self, session: SessionId, now: f64, bytes: Vec<u8>) -> wit::Answer {
        let mut engine = self.engine();
        let reply = engine.feed(session, now, &bytes).to_vec();
        wit::Answer { reply, state: Held::state(&mut engine, session) }
    }

    fn tick(&self, now: f64) {
        self.engine().tick(now);
    }

    fn next_deadline(&self) -> Option<f64> {
        let deadline = self.engine().next_deadline();
        deadline.is_finite().then_some(deadline)
    }

    fn next_output(&self) -> Option<wit::Output> {
        let mut engine = self.engine();
        let (session, bytes, close) = engine.next_output()?;
        let bytes = bytes.to_vec();
        let more = engine.has_backlog(session);
        Some(wit::Output { session, bytes, close, more })
    }

    fn next_request(&self) -> Option<wit::Request> {
        Some(match self.engine().next_request()? {
            HostRequest::Rewrite => wit::Request::Rewrite,
            HostRequest::SaveNow => wit::Request::Save,
            HostRequest::SaveSoon => wit::Request::SaveInBackground,
            HostRequest::End => wit::Request::ShutDown,
            HostRequest::SaveAndEnd | HostRequest::ForceEnd => wit::Request::SaveAndShutDown,
            HostRequest::GoOn => wit::Request::ResumeScript,
            HostRequest::Sync
            | HostRequest::Append
            | HostRequest::BackupStart
            | HostRequest::BackupSeal
            | HostRequest::BackupAbort
            | HostRequest::BackupCleanup => wit::Request::Other,
        })
    }

    fn resume_script(&self, now: f64) {
        self.engine().go_on(now);
    }

    fn is_waiting(&self, session: SessionId) -> bool {
        self.engine().is_waiting(session)
    }

    fn cancel_wait(&self, session: SessionId) -> bool {
        self.engine().cancel_wait(session)
    }

    fn keep_journal(&self, enabled: bool) {
        self.engine().keep_journal(enabled);
    }

    fn take_journal(&self) -> Vec<u8> {
        self.engine().take_journal().to_vec()
    }

    fn allow_saves(&self, enabled: bool) {
        let mut engine = self.engine();
        let kind = if enabled { "host" } else { "" };
        let store = Store { kind: kind.into(), saves: enabled, ..engine.store().clone() };
        engine.set_store(store);
    }

    fn finish_save(&self, done: bool, now: f64) {
        let mut engine = self.engine();
        let mut store = engine.store().clone();
        store.saved_ok = done;
        if done {
            store.last_save = now as i64 / 1000;
            store.saves_done += 1;
        }
        engine.set_store(store);
        if !done {
            engine.host_did(0);
        }
    }

    fn begin_snapshot(&self, format: wit::SnapshotFormat) {
        match format {
            wit::SnapshotFormat::Commands => self.engine().begin_snapshot(),
            wit::SnapshotFormat::Rdb => self.engine().begin_rdb(false),
        }
    }

    fn next_slice(&self, size: u32) -> Result<wit::Slice, wit::Error> {
        let mut engine = self.engine();
        let more = engine.snapshot(size as usize).ok_or(wit::Error::NoSnapshot)?;
        Ok(wit::Slice { bytes: engine.exported().to_vec(), more })
    }

    fn load(&self, bytes: Vec<u8>) -> Result<u64, wit::Error> {
        self.engine().load(&bytes).map(|used| used as u64).map_err(damaged)
    }

    fn load_rdb(&self, bytes: Vec<u8>, now: f64) -> Result<(), wit::Error> {
        let mut engine = self.engine();
        engine.load_rdb(&bytes, now).map_err(damaged)?;
        engine.load_rdb(&[], now).map(|_| ()).map_err(damaged)
    }

    fn finish_load(&self, now: f64) {
        self.engine().finish_load(now);
    }

    fn digest(&self) -> u64 {
        self.engine().digest()
    }

    fn statistics(&self) -> wit::Statistics {
        let engine = self.engine();
        let (server, keyspace) = (engine.server(), engine.keyspace());
        let counts = &keyspace.log.counts;
        let sum = |each: fn(&Db) -> usize| keyspace.databases().iter().map(each).sum::<usize>() as u64;
        wit::Statistics {
            used_memory: allocator::data(),
            peak_memory: allocator::peak(),
            keys: sum(|db| db.len()),
            expires: sum(|db| db.deadlines().len()),
            sessions: server.sessions.len() as u64,
            commands: server.stats.commands,
            hits: counts.hits,
            misses: counts.misses,
            expired_keys: counts.expired_keys,
        }
    }
}
