//! Lua 5.1, the language of scripts: PUC's own interpreter (lua/, build.rs), its libraries as Redis leaves them, and four more that
//! Redis adds: `bit`, `struct`, `cjson` and `cmsgpack`. It knows nothing of commands; `redis.call` and its like come from
//! [`crate::script`].
//!
//! ```text
//! ffi        what of Lua's C interface is used
//! stack      how a function written in Rust takes its arguments and gives its results
//! libc       on wasm32: what the interpreter wants of a C library
//! unwind     on wasm32: how an error finds its way out
//! bit, pack, json, msgpack    the libraries
//! ```

pub mod bit;
pub mod ffi;
pub mod json;
#[cfg(target_arch = "wasm32")]
mod libc;
pub mod msgpack;
pub mod pack;
mod sandbox;
pub mod stack;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests_redis;
#[cfg(target_arch = "wasm32")]
mod unwind;

use crate::allocator;
use ffi::*;
use stack::Stack;
use std::alloc::{Layout, alloc, dealloc, realloc};
use std::ffi::{c_int, c_void};
use std::ptr::null_mut;

/// An interpreter: threads, tables and strings in memory of its own, which goes with it.
pub struct Interpreter {
    main: *mut lua_State,
    /// Bytes that its memory holds.
    pub used: usize,
    /// What functions collect bytes in; see [`Stack::scratch`].
    pub scratch: Vec<u8>,
    /// Where functions are in values that are nested; see [`Stack::buffers`].
    pub levels: Vec<(i64, i64)>,
    /// The generator behind `math.random`.
    pub random: u64,
}

impl Interpreter {
    /// A new one with the libraries in it; none where there is no memory for it. It stays where it is, since Lua knows its address.
    pub fn new() -> Option<Box<Interpreter>> {
        let mut interpreter = Box::new(Interpreter { main: null_mut(), used: 0, scratch: Vec::new(), levels: Vec::new(), random: 0 });
        interpreter.main = unsafe { lua_newstate(allocate, (&raw mut *interpreter).cast()) };
        if interpreter.main.is_null() || !interpreter.protect(sandbox::furnish) {
            return None;
        }
        Some(interpreter)
    }

    /// The main thread's stack.
    pub fn stack(&self) -> Stack {
        Stack(self.main)
    }

    /// Calls a function that may run out of memory; whether it came to its end.
    pub fn protect(&self, function: lua_CFunction) -> bool {
        unsafe { lua_cpcall(self.main, function, null_mut()) == 0 }
    }
}

impl Drop for Interpreter {
    fn drop(&mut self) {
        if !self.main.is_null() {
            unsafe { lua_close(self.main) };
        }
    }
}

const ALIGN: usize = 8;

/// Where Lua's memory comes from: the engine's allocator, up to where commands are refused for want of it.
unsafe extern "C" fn allocate(with: *mut c_void, at: *mut c_void, old: usize, new: usize) -> *mut c_void {
    unsafe {
        let used = &raw mut (*with.cast::<Interpreter>()).used;
        if new > old && (allocator::used() + (new - old) as u64 > allocator::CEILING || new > isize::MAX as usize - ALIGN) {
            return null_mut();
        }
        let layout = Layout::from_size_align_unchecked(old, ALIGN);
        let at: *mut u8 = match (old, new) {
            (0, 0) => null_mut(),
            (0, _) => alloc(Layout::from_size_align_unchecked(new, ALIGN)),
            (_, 0) => {
                dealloc(at.cast(), layout);
                null_mut()
            }
            _ => realloc(at.cast(), layout, new),
        };
        if !at.is_null() || new == 0 {
            *used = *used - old + new;
        }
        at.cast()
    }
}

/// Runs a chunk and gives what it returns as texts, or its error: for tests of what needs no keyspace.
#[cfg(test)]
pub fn evaluate(source: &[u8]) -> Result<Vec<Vec<u8>>, Vec<u8>> {
    let interpreter = Interpreter::new().expect("memory");
    let lua = interpreter.stack();
    let failed = unsafe {
        luaL_loadbuffer(lua.0, source.as_ptr().cast(), source.len(), c"@user_script".as_ptr()) != 0
            || lua_pcall(lua.0, 0, LUA_MULTRET, 0) != 0
    };
    if failed {
        return Err(lua.bytes(-1).unwrap_or(b"(error object is no string)").to_vec());
    }
    Ok((1..=lua.len())
        .map(|at| match lua.kind(at) {
            stack::Kind::Nil => b"nil".to_vec(),
            stack::Kind::Boolean => lua.boolean(at).to_string().into_bytes(),
            _ => lua.bytes(at).map_or_else(|| lua.kind_name(at).into(), <[u8]>::to_vec),
        })
        .collect())
}

/// Registers functions as a library: a table of this name among the globals.
pub fn register(lua: Stack, name: &str, functions: &[(&str, lua_CFunction)]) {
    lua.push_table(0, functions.len());
    for (name, function) in functions {
        lua.push_function(*function);
        lua.set_raw_field(-2, name);
    }
    lua.copy(-1);
    lua.set_raw_field(LUA_GLOBALSINDEX as c_int, name);
}

#[cfg(test)]
mod tests {
    use super::evaluate;

    #[test]
    fn it_runs() {
        assert_eq!(evaluate(b"return 1 + 1, 'a' .. 2, nil, true").unwrap(), [&b"2"[..], b"a2", b"nil", b"true"]);
        assert_eq!(evaluate(b"error('x')").unwrap_err(), b"user_script:1: x");
    }
}
