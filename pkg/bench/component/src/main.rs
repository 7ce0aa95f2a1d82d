//! `calls COMPONENT KEYS OPERATIONS`: SETs and GETs a second through the component in wasmtime, as JSON. Keys and values are those of
//! ../words.mjs, built anew for every call; words go in as bytes, replies come out as RESP.

use exports::wakey::engine::keyspace::{Options, Protocol, SessionOptions};
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use std::{env, hint};
use wasi::{clocks::monotonic_clock, clocks::wall_clock, random::random};
use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Config, Engine, Result, Store};

wasmtime::component::bindgen!({ path: "../../../wit", world: "wakey" });

struct Host(Instant);

impl wall_clock::Host for Host {
    fn now(&mut self) -> wall_clock::Datetime {
        wall_clock::Datetime { seconds: 0, nanoseconds: 0 }
    }
}

impl monotonic_clock::Host for Host {
    fn now(&mut self) -> u64 {
        self.0.elapsed().as_nanos() as u64
    }
}

impl random::Host for Host {
    fn get_random_u64(&mut self) -> u64 {
        1
    }
}

/// Milliseconds since 1970: each call reads the clock, as the package does.
fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64() * 1e3).floor()
}

fn main() -> Result<()> {
    let args: Vec<String> = env::args().collect();
    let [_, path, keys, operations] = &args[..] else { wasmtime::bail!("calls COMPONENT KEYS OPERATIONS") };
    let (keys, operations): (u64, u64) = (keys.parse()?, operations.parse()?);
    let mut config = Config::new();
    config.wasm_exceptions(true);
    let engine = Engine::new(&config)?;
    let mut linker = Linker::new(&engine);
    Wakey::add_to_linker::<_, HasSelf<_>>(&mut linker, |host| host)?;
    let mut store = Store::new(&engine, Host(Instant::now()));
    let world = Wakey::instantiate(&mut store, &Component::from_file(&engine, path)?, &linker)?;
    let api = world.wakey_engine_keyspace().engine();
    let options = Options {
        seed: 1,
        now: now(),
        databases: None,
        dialect: None,
        compat: None,
        maxmemory: None,
        maxmemory_policy: None,
        requirepass: None,
        cluster: false,
        script_timeout: None,
    };
    let held = api.call_open(&mut store, &options)??;
    let options =
        SessionOptions { protocol: Protocol::Resp3, trusted: true, readonly: false, user: None, address: None };
    let session = api.call_open_session(&mut store, held, &options)?;
    let key = |i: u64| format!("key:{:012}", i * 7919 % keys).into_bytes();
    let mut best = [0.0_f64; 2];
    for _ in 0..3 {
        for (which, best) in best.iter_mut().enumerate() {
            let start = Instant::now();
            for i in 0..operations {
                let words = match which {
                    0 => vec![b"SET".to_vec(), key(i), format!("value:{:06}", i % 1_000_000).into_bytes()],
                    _ => vec![b"GET".to_vec(), key(i)],
                };
                hint::black_box(api.call_exec(&mut store, held, session, now(), &words)?);
            }
            *best = best.max(operations as f64 / start.elapsed().as_secs_f64());
        }
    }
    println!("{{\"set\":{:.0},\"get\":{:.0}}}", best[0], best[1]);
    Ok(())
}
