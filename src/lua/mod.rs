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
pub mod sandbox;
pub mod stack;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests_redis;
#[cfg(target_arch = "wasm32")]
mod unwind;

use crate::allocator;
use crate::lua_function;
use crate::types::copy::copied;
use ffi::*;
use stack::Stack;
use std::alloc::{Layout, alloc, dealloc, realloc};
use std::cell::{Cell, UnsafeCell};
use std::ffi::{c_int, c_void};
use std::ptr::null_mut;

/// An interpreter: threads, tables and strings in memory of its own, which goes with it.
///
/// What changes in it are cells: functions that Lua calls find it by its address, while others have it in their hands.
pub struct Interpreter {
    main: *mut lua_State,
    /// The thread in which scripts run, kept in the registry.
    runner: Cell<Stack>,
    runner_reference: Cell<c_int>,
    /// Bytes that its memory holds.
    used: Cell<usize>,
    /// Memory is given as long as there is any.
    granting: Cell<bool>,
    /// What functions collect bytes in; see [`Stack::scratch`].
    scratch: UnsafeCell<Vec<u8>>,
    /// Where functions are in values that are nested; see [`Stack::buffers`].
    levels: UnsafeCell<Vec<(i64, i64)>>,
    /// The generator behind `math.random`.
    pub random: Cell<u64>,
    /// How often something has run.
    runs: Cell<u32>,
    /// A clock that goes on while a script runs, in milliseconds; what `os.clock` shows.
    pub clock: fn() -> f64,
    /// How long what runs may run, and who decides then.
    limit: Cell<Option<Limit>>,
    /// What runs has been stopped: it is told again and again, so that it cannot catch the error.
    stopped: Cell<Option<&'static str>>,
    /// What the functions of its host work with while a script runs.
    pub context: Cell<*mut c_void>,
    /// The functions that a library has registered while it loads.
    pub registering: Cell<*mut c_void>,
}

/// Decides about what has run up to its limit; it is told whether it can pause where it is.
pub type Judge = fn(&Interpreter, bool) -> Verdict;

/// What becomes of it.
pub enum Verdict {
    GoOn,
    /// It yields, and is resumed later.
    Pause,
    /// It ends with this error.
    Stop(&'static str),
}

/// A buffer that has become larger than this is not kept.
const KEPT: usize = 1 << 20;

/// How long something may run.
#[derive(Clone, Copy)]
struct Limit {
    start: f64,
    /// Milliseconds.
    after: f64,
    judge: Judge,
    /// How often it was looked at.
    looks: u32,
}

impl Limit {
    /// Whether the time is over. Some hosts stop all their clocks while a program runs: there instructions are time.
    fn is_over(&mut self, now: f64) -> bool {
        self.looks += 1;
        let passed = if now == self.start { self.looks as f64 * TICK } else { now - self.start };
        passed >= self.after
    }
}

/// So many instructions pass between two looks at the clock.
const INSTRUCTIONS: c_int = 10_000;
/// About how many milliseconds they take.
const TICK: f64 = 0.1;

impl Interpreter {
    /// A new one with the libraries in it, and what `extend` adds to the globals; none where there is no memory for it. It stays where
    /// it is, since Lua knows its address.
    pub fn new<T>(clock: fn() -> f64, extend: Option<(lua_CFunction, &'static T)>) -> Option<Box<Interpreter>> {
        let mut interpreter = Box::new(Interpreter {
            main: null_mut(),
            runner: Cell::new(Stack(null_mut())),
            runner_reference: Cell::new(-1),
            used: Cell::new(0),
            granting: Cell::new(false),
            scratch: UnsafeCell::default(),
            levels: UnsafeCell::default(),
            random: Cell::new(0x330E),
            runs: Cell::new(0),
            clock,
            limit: Cell::new(None),
            stopped: Cell::new(None),
            context: Cell::new(null_mut()),
            registering: Cell::new(null_mut()),
        });
        interpreter.main = unsafe { lua_newstate(allocate, (&raw const *interpreter).cast_mut().cast()) };
        if interpreter.main.is_null() {
            return None;
        }
        // Threads have it from the one that makes them.
        unsafe { lua_sethook(interpreter.main, Some(look), LUA_MASKCOUNT, INSTRUCTIONS) };
        let furnished = interpreter.protect(sandbox::furnish, &mut ()).is_ok()
            && extend.is_none_or(|(extend, with)| interpreter.protect_with(extend, (&raw const *with).cast()).is_ok())
            && interpreter.protect(sandbox::seal, &mut ()).is_ok()
            && interpreter.protect(new_runner, &mut ()).is_ok();
        furnished.then_some(interpreter)
    }

    /// The stack of the thread in which scripts run.
    pub fn runner(&self) -> Stack {
        self.runner.get()
    }

    /// Bytes that its memory holds.
    pub fn used(&self) -> usize {
        self.used.get()
    }

    /// What the last function has left in the buffer, if there is memory for a copy.
    pub fn collected(&self) -> Option<Vec<u8>> {
        // SAFETY: no function is running.
        copied(unsafe { &*self.scratch.get() })
    }

    /// The main thread's stack.
    pub fn stack(&self) -> Stack {
        Stack(self.main)
    }

    /// Calls a function, which finds `with` as its argument, so that what Lua raises ends here. The error is left on the main stack.
    pub fn protect<T>(&self, function: lua_CFunction, with: &mut T) -> Result<(), stack::Raised> {
        self.protect_with(function, (&raw mut *with).cast())
    }

    fn protect_with(&self, function: lua_CFunction, with: *const c_void) -> Result<(), stack::Raised> {
        match unsafe { lua_cpcall(self.main, function, with.cast_mut()) } {
            0 => Ok(()),
            _ => Err(stack::Raised),
        }
    }

    /// Something has run: now and then a step of garbage collection follows. The collector runs by itself as well, when memory is asked for.
    pub fn rest(&self) {
        // SAFETY: no function is running.
        let scratch = unsafe { &mut *self.scratch.get() };
        if scratch.capacity() > KEPT {
            *scratch = Vec::new();
        }
        self.runs.set(self.runs.get() + 1);
        if self.runs.get() >= 50 {
            self.runs.set(0);
            unsafe { lua_gc(self.main, LUA_GCSTEP, 50) };
        }
    }

    /// From here on `judge` is asked whether what runs may go on, `after` milliseconds from now on.
    pub fn limit(&self, after: f64, judge: Judge) {
        self.limit_from((self.clock)(), after, judge);
    }

    /// The same from another moment on.
    pub fn limit_from(&self, start: f64, after: f64, judge: Judge) {
        self.limit.set(Some(Limit { start, after, judge, looks: 0 }));
    }

    /// What is paused ends with this error when it goes on.
    pub fn stop(&self, text: &'static str) {
        self.stopped.set(Some(text));
        unsafe { lua_sethook(self.runner().0, Some(look), LUA_MASKLINE | LUA_MASKCOUNT, 1) };
    }

    /// What runs next may run as long as it wants. With what error the last one was stopped.
    pub fn unlimited(&self) -> Option<&'static str> {
        self.limit.set(None);
        let stopped = self.stopped.take();
        if stopped.is_some() {
            // Threads have their hook from this one.
            unsafe { lua_sethook(self.main, Some(look), LUA_MASKCOUNT, INSTRUCTIONS) };
        }
        stopped
    }

    /// The same for a function that asks for little memory, which is always granted, and raises nothing else: without what catching costs.
    pub fn call<T>(&self, function: lua_CFunction, with: &mut T) {
        let lua = self.stack();
        self.granting.set(true);
        unsafe {
            lua_pushlightuserdata(lua.0, (&raw mut *with).cast());
            function(lua.0);
        }
        self.granting.set(false);
        lua.truncate(0);
    }

    /// Takes another thread to run scripts in: after an error the old one is of no use.
    pub fn renew_runner(&self) -> bool {
        self.protect(new_runner, &mut ()).is_ok()
    }
}

/// Called after some instructions: looks at the clock.
unsafe extern "C" fn look(l: *mut lua_State, _: *mut lua_Debug) {
    unsafe { look_at(l, Stack(l).is_runner() && wakey_may_yield(l) != 0) }
}

/// The same after some steps of matching a pattern.
#[unsafe(no_mangle)]
unsafe extern "C" fn wakey_look(l: *mut lua_State) {
    unsafe { look_at(l, false) }
}

unsafe fn look_at(l: *mut lua_State, may_pause: bool) {
    let lua = Stack(l);
    let interpreter = lua.interpreter();
    let now = (interpreter.clock)();
    let Some(mut limit) = interpreter.limit.get() else { return };
    if interpreter.stopped.get().is_none() {
        let over = limit.is_over(now);
        interpreter.limit.set(Some(limit));
        if !over {
            return;
        }
        match (limit.judge)(interpreter, may_pause) {
            Verdict::GoOn => return,
            Verdict::Pause => {
                unsafe { lua_yield(l, 0) };
                return;
            }
            Verdict::Stop(text) => interpreter.stopped.set(Some(text)),
        }
    }
    let text = interpreter.stopped.get().unwrap_or_default();
    unsafe { lua_sethook(l, Some(look), LUA_MASKLINE, 0) };
    lua.push_bytes(text.as_bytes());
    unsafe { lua_error(l) };
}

lua_function! {
    new_runner = |lua: Stack| {
        let interpreter = lua.interpreter();
        unsafe {
            let thread = lua_newthread(lua.0);
            luaL_unref(lua.0, LUA_REGISTRYINDEX, interpreter.runner_reference.get());
            interpreter.runner_reference.set(luaL_ref(lua.0, LUA_REGISTRYINDEX));
            interpreter.runner.set(Stack(thread));
        }
        Ok(0)
    };
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
        let Interpreter { used, granting, .. } = &*with.cast::<Interpreter>();
        let too_much = || !granting.get() && allocator::used() + (new - old) as u64 > allocator::CEILING;
        if new > old && (new > isize::MAX as usize - ALIGN || too_much()) {
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
            used.set(used.get() - old + new);
            allocator::lend(new as i64 - old as i64);
        }
        at.cast()
    }
}

/// Runs a chunk and gives what it returns as texts, or its error: for tests of what needs no keyspace.
#[cfg(test)]
pub fn evaluate(source: &[u8]) -> Result<Vec<Vec<u8>>, Vec<u8>> {
    let interpreter = Interpreter::new::<()>(|| 0.0, None).expect("memory");
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
pub mod tests {
    use super::evaluate;

    /// What a script returns, bytes that are no text in hexadecimal.
    pub fn is(expression: &str, expected: &str) {
        let values = evaluate(format!("return {expression}").as_bytes()).unwrap_or_else(|error| vec![error]);
        let shown: Vec<String> = values
            .iter()
            .map(|value| match value.iter().all(|b| (b' '..=b'~').contains(b)) {
                true => String::from_utf8_lossy(value).into_owned(),
                false => value.iter().map(|b| format!("{b:02x}")).collect(),
            })
            .collect();
        assert_eq!(shown.join("|"), expected, "{expression}");
    }

    #[test]
    fn it_runs() {
        assert_eq!(evaluate(b"return 1 + 1, 'a' .. 2, nil, true").unwrap(), [&b"2"[..], b"a2", b"nil", b"true"]);
        assert_eq!(evaluate(b"error('x')").unwrap_err(), b"user_script:1: x");
    }
}
