//! A keyspace for tests in Rust: no server, no socket, and a clock in the hand.
//!
//! `cargo run -- node_modules/wakey/dist/component.wasm`
//!
//! `bindgen!` makes the types of the component's world; `Host` is all that it imports.

use exports::wakey::engine::keyspace::{self, Options, Protocol, SessionOptions, SnapshotFormat};
use std::{env, time};
use wasi::{clocks::monotonic_clock, clocks::wall_clock, random::random};
use wasmtime::component::{Component, HasSelf, Linker, ResourceAny};
use wasmtime::{Config, Engine, Result, Store, bail};

wasmtime::component::bindgen!({ path: "../../../wit", world: "wakey" });

struct Host {
    /// Milliseconds since 1970: the clock.
    now: f64,
    start: time::Instant,
}

/// Asked by `wasi:keyvalue` alone; calls of `wakey:engine` are told the time.
impl wall_clock::Host for Host {
    fn now(&mut self) -> wall_clock::Datetime {
        wall_clock::Datetime { seconds: (self.now / 1e3) as u64, nanoseconds: (self.now % 1e3 * 1e6) as u32 }
    }
}

/// How long a script has run. This one is the system's: else a script that never ends would not be stopped.
impl monotonic_clock::Host for Host {
    fn now(&mut self) -> u64 {
        self.start.elapsed().as_nanos() as u64
    }
}

/// The seed of `wasi:keyvalue`: always the same, so that a test is.
impl random::Host for Host {
    fn get_random_u64(&mut self) -> u64 {
        1
    }
}

/// Compiles the component, once for all keyspaces.
fn compile(path: &str) -> Result<WakeyPre<Host>> {
    let mut config = Config::new();
    config.wasm_exceptions(true); // how errors of scripts are thrown
    let engine = Engine::new(&config)?;
    let mut linker = Linker::new(&engine);
    Wakey::add_to_linker::<_, HasSelf<_>>(&mut linker, |host| host)?;
    WakeyPre::new(linker.instantiate_pre(&Component::from_file(&engine, path)?)?)
}

/// Redis's commands on an engine of its own.
struct Keyspace {
    store: Store<Host>,
    world: Wakey,
    engine: ResourceAny,
    session: u64,
}

impl Keyspace {
    fn open(wakey: &WakeyPre<Host>, now: f64) -> Result<Keyspace> {
        let mut store = Store::new(wakey.engine(), Host { now, start: time::Instant::now() });
        let world = wakey.instantiate(&mut store)?;
        let options = Options {
            seed: 1,
            now,
            databases: None,
            dialect: None,
            compat: None,
            maxmemory: None,
            maxmemory_policy: None,
            requirepass: None,
            cluster: false,
            script_timeout: None,
        };
        let api = world.wakey_engine_keyspace().engine();
        let engine = api.call_open(&mut store, &options)??;
        let options =
            SessionOptions { protocol: Protocol::Resp3, trusted: true, readonly: false, user: None, address: None };
        let session = api.call_open_session(&mut store, engine, &options)?;
        Ok(Keyspace { store, world, engine, session })
    }

    /// The functions of the interface, what they are called in, the engine, and the time.
    fn parts(&mut self) -> (keyspace::GuestEngine<'_>, &mut Store<Host>, ResourceAny, f64) {
        let now = self.store.data().now;
        (self.world.wakey_engine_keyspace().engine(), &mut self.store, self.engine, now)
    }

    /// Runs a command; its reply is RESP.
    fn call(&mut self, words: &[&str]) -> Result<String> {
        let words: Vec<Vec<u8>> = words.iter().map(|word| word.as_bytes().to_vec()).collect();
        let session = self.session;
        let (api, store, engine, now) = self.parts();
        let answer = api.call_exec(store, engine, session, now, &words)?;
        Ok(String::from_utf8_lossy(&answer.reply).into_owned())
    }

    /// Moves the clock, and removes what is due.
    fn advance(&mut self, milliseconds: f64) -> Result<()> {
        self.store.data_mut().now += milliseconds;
        let (api, store, engine, now) = self.parts();
        while api.call_next_deadline(&mut *store, engine)?.is_some_and(|deadline| deadline <= now) {
            api.call_tick(&mut *store, engine, now)?;
        }
        Ok(())
    }

    /// All keys, as an RDB file.
    fn snapshot(&mut self) -> Result<Vec<u8>> {
        let (api, store, engine, _) = self.parts();
        api.call_begin_snapshot(&mut *store, engine, SnapshotFormat::Rdb)?;
        let mut file = Vec::new();
        loop {
            let slice = api.call_next_slice(&mut *store, engine, 1 << 20)??;
            file.extend(slice.bytes);
            if !slice.more {
                return Ok(file);
            }
        }
    }

    fn load(&mut self, file: &[u8]) -> Result<()> {
        let (api, store, engine, now) = self.parts();
        api.call_load_rdb(&mut *store, engine, file, now)??;
        api.call_finish_load(store, engine, now)
    }
}

fn main() -> Result<()> {
    let Some(path) = env::args().nth(1) else { bail!("the path of the component is to be given") };
    let wakey = compile(&path)?;
    let mut redis = Keyspace::open(&wakey, 1.7e12)?;
    print!("{}", redis.call(&["SET", "session:1", "ann", "EX", "60"])?); // +OK
    print!("{}", redis.call(&["EVAL", "return redis.call('INCR', KEYS[1])", "1", "hits"])?); // :1
    print!("{}", redis.call(&["EVAL", "return redis.call('INCR', KEYS[1])", "1", "session:1"])?); // -ERR value is not an integer ...
    redis.advance(59_999.0)?;
    print!("{}", redis.call(&["GET", "session:1"])?); // $3 ann
    let file = redis.snapshot()?;
    redis.advance(1.0)?;
    print!("{}", redis.call(&["GET", "session:1"])?); // _

    // Another one goes on where the snapshot was taken.
    let mut copy = Keyspace::open(&wakey, 1.7e12 + 59_999.0)?;
    copy.load(&file)?;
    print!("{}", copy.call(&["PTTL", "session:1"])?); // :1
    Ok(())
}
