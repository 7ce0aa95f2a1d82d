//! Options as JavaScript gives them, checked.

use crate::resp::dialect::{Dialect, Release};
use crate::server::host::Store;
use crate::{Node, Options, SessionOptions, allocator};
use js_sys::Reflect;
use wasm_bindgen::prelude::*;

/// Reads a field of an options object; `None` if it is not there.
pub fn field(options: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(options, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

pub fn wrong(name: &str, wanted: &str) -> JsError {
    JsError::new(&format!("option '{name}' must be {wanted}"))
}

pub fn number(options: &JsValue, name: &str) -> Result<Option<f64>, JsError> {
    match field(options, name) {
        Some(value) => value.as_f64().map(Some).ok_or_else(|| wrong(name, "a number")),
        None => Ok(None),
    }
}

pub fn text(options: &JsValue, name: &str) -> Result<Option<String>, JsError> {
    match field(options, name) {
        Some(value) => value.as_string().map(Some).ok_or_else(|| wrong(name, "a string")),
        None => Ok(None),
    }
}

pub fn flag(options: &JsValue, name: &str) -> bool {
    field(options, name).is_some_and(|value| value.is_truthy())
}

/// `{ reserve? }`: has memory be so many bytes from now on.
pub fn reserve(options: &JsValue) -> Result<(), JsError> {
    let bytes = number(options, "reserve")?.unwrap_or(0.0) as usize;
    if bytes > 0 && !allocator::reserve(bytes) {
        return Err(JsError::new(&format!("there are no {bytes} bytes of memory to reserve")));
    }
    Ok(())
}

/// `{ seed, now, databases?, dialect?, compat?, maxmemory?, maxmemoryPolicy?, cluster?, requirepass?, scriptTimeout? }`
pub fn engine(options: &JsValue) -> Result<Options, JsError> {
    let seed = field(options, "seed").ok_or_else(|| wrong("seed", "given"))?;
    let seed = match seed.as_f64() {
        Some(seed) => seed as u64,
        None => u64::try_from(seed).map_err(|_| wrong("seed", "a number or a bigint of 64 bits"))?,
    };
    let dialect = text(options, "dialect")?.unwrap_or_else(|| "redis".to_string());
    let compat = match text(options, "compat")? {
        Some(name) => Release::named(&name).ok_or_else(|| wrong("compat", "8.0, 8.2, 8.4, 8.6, 8.8 or 8.10"))?,
        None => Release::NEWEST,
    };
    Ok(Options {
        clock: || unsafe { clock() },
        docs: |_| words(),
        seed,
        now: number(options, "now")?.ok_or_else(|| wrong("now", "given"))?,
        databases: number(options, "databases")?.unwrap_or(16.0) as usize,
        dialect: Dialect::named(&dialect).ok_or_else(|| wrong("dialect", "redis, valkey, dicedb or dragonfly"))?,
        compat,
        maxmemory: number(options, "maxmemory")?.unwrap_or(0.0) as u64,
        maxmemory_policy: text(options, "maxmemoryPolicy")?,
        cluster: flag(options, "cluster"),
        requirepass: text(options, "requirepass")?,
        script_timeout: number(options, "scriptTimeout")?.unwrap_or(5000.0),
    })
}

/// `{ resp?, trusted?, bus?, user?, readonly?, maxReply?, addr?, laddr?, name?, unix? }`
pub fn session(options: &JsValue) -> Result<SessionOptions, JsError> {
    Ok(SessionOptions {
        resp: number(options, "resp")?.unwrap_or(3.0) as u8,
        trusted: flag(options, "trusted"),
        bus: flag(options, "bus"),
        unix: flag(options, "unix"),
        addr: text(options, "addr")?.unwrap_or_default(),
        laddr: text(options, "laddr")?.unwrap_or_default(),
        name: text(options, "name")?.unwrap_or_default(),
        user: text(options, "user")?.unwrap_or_default(),
        readonly: flag(options, "readonly"),
        max_reply: number(options, "maxReply")?.map_or(usize::MAX, |bytes| bytes as usize),
    })
}

/// `{ kind, rewriting, saves, saving, savedOk, lastSave, lastOk, size, baseSize, refusing }`
pub fn store(state: &JsValue) -> Result<Store, JsError> {
    let number = |name: &str| Ok::<f64, JsError>(number(state, name)?.unwrap_or(0.0));
    Ok(Store {
        kind: text(state, "kind")?.unwrap_or_default(),
        appends: flag(state, "appends"),
        rewriting: flag(state, "rewriting"),
        saves: flag(state, "saves"),
        saving: flag(state, "saving"),
        saved_ok: flag(state, "savedOk"),
        last_save: number("lastSave")? as i64,
        saves_done: number("savesDone")? as u64,
        last_ok: flag(state, "lastOk"),
        size: number("size")? as u64,
        base_size: number("baseSize")? as u64,
        refusing: text(state, "refusing")?.unwrap_or_default(),
        backup: text(state, "backup")?.unwrap_or_default(),
    })
}

/// Nodes, and the first and last slots of what each has.
type Members = Vec<(Node, Vec<(u16, u16)>)>;

/// Nodes of a cluster, this one first: `[{ id, shard, host?, port, epoch, first, last }, ...]`, with the slots `first` to `last`.
pub fn nodes(list: &JsValue) -> Result<Members, JsError> {
    let node = |one: JsValue| {
        let number = |name: &str| Ok::<f64, JsError>(number(&one, name)?.unwrap_or_default());
        let text = |name: &str| Ok::<String, JsError>(text(&one, name)?.unwrap_or_default());
        let node = Node {
            id: text("id")?,
            shard: text("shard")?,
            host: text("host")?,
            port: number("port")? as u16,
            epoch: number("epoch")? as u64,
        };
        Ok((node, vec![(number("first")? as u16, number("last")? as u16)]))
    };
    js_sys::Array::from(list).iter().map(node).collect()
}

#[cfg(not(test))]
#[link(wasm_import_module = "host")]
unsafe extern "C" {
    /// A clock that goes on while a command runs: milliseconds from any moment on.
    fn clock() -> f64;
    /// Writes the words of COMMAND DOCS and HELP to this address, if there is room for all of them; how many bytes they are.
    fn docs(at: *mut u8, room: usize) -> usize;
}

/// The runner of the binding's tests gives no such imports.
#[cfg(test)]
unsafe fn clock() -> f64 {
    js_sys::Date::now()
}

#[cfg(test)]
unsafe fn docs(_: *mut u8, _: usize) -> usize {
    0
}

/// The words of COMMAND DOCS and HELP, from JavaScript.
fn words() -> Option<String> {
    let mut text = Vec::new();
    let len = unsafe { docs(text.as_mut_ptr(), 0) };
    text.try_reserve_exact(len).ok()?;
    text.resize(len, 0);
    unsafe { docs(text.as_mut_ptr(), len) };
    String::from_utf8(text).ok()
}
