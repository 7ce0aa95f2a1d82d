//! From a text to a function: the first line that says what a script is, and the compiler.

use crate::lua::ffi::{LUA_ERRMEM, LUA_REGISTRYINDEX, luaL_loadbuffer, luaL_ref, luaL_unref};
use crate::lua::stack::Stack;
use crate::lua::{Interpreter, Verdict};
use crate::lua_function;
use crate::resp::error::Error;
use crate::server::scripts::flags::{COMPAT, NAMES};
use std::ffi::{CStr, c_int};

/// What a script says of itself, and where its program begins.
#[derive(Debug)]
pub struct Head<'a> {
    pub flags: u32,
    /// `name=...`, which libraries have.
    pub name: Option<&'a [u8]>,
    pub body: &'a [u8],
}

/// Reads the line `#!lua flags=no-writes,allow-oom`. The program keeps the line end, and so the numbers of its lines. A library also
/// has `name=...` in it, and must have it.
pub fn head(source: &[u8]) -> Result<Head<'_>, Error> {
    if !source.starts_with(b"#!") {
        return Ok(Head { flags: COMPAT, name: None, body: source });
    }
    const INVALID: Error = Error::Fixed("ERR Invalid script shebang");
    let end = source.iter().position(|&byte| byte == b'\n').ok_or(INVALID)?;
    if source[..end].contains(&0) {
        return Err(INVALID);
    }
    let (mut text, mut spans) = (Vec::new(), Vec::new());
    if !crate::resp::parser::split_line(&source[..end], &mut text, &mut spans) {
        return Err(Error::Fixed("ERR Invalid engine in script shebang"));
    }
    let mut words = spans.iter().map(|span| &text[span.at as usize..(span.at + span.len) as usize]);
    let engine = words.next().unwrap_or_default();
    if engine != b"#!lua" {
        return Err(Error::quoting(&[b"ERR Unexpected engine in script shebang: ", engine]));
    }
    let mut flags = 0;
    for word in words {
        let Some(list) = word.strip_prefix(b"flags=") else {
            return Err(Error::quoting(&[b"ERR Unknown lua shebang option: ", word]));
        };
        if list.is_empty() {
            continue;
        }
        for flag in list.split(|&byte| byte == b',') {
            match NAMES.iter().find(|(_, name)| name.as_bytes() == flag) {
                Some((bit, _)) => flags |= bit,
                // @upstash/ratelimit says that its scripts hold up the keys that they name, and no others; here nothing runs beside one.
                None if flag == b"allow-key-locking" => {}
                None => return Err(Error::quoting(&[b"ERR Unexpected flag in script shebang: ", flag])),
            }
        }
    }
    Ok(Head { flags, name: None, body: &source[end..] })
}

/// What compiling takes and gives, which Lua calls.
struct Compile<'a> {
    body: &'a [u8],
    name: &'a CStr,
    function: c_int,
    no_memory: bool,
}

/// So many milliseconds compiling may take: of some programs it takes time with the square of their length.
const PATIENCE: f64 = 2000.0;

/// Compiles a program: the number of its function in the registry. What the compiler says stands behind `heading` in the error.
pub fn compile(lua: &Interpreter, body: &[u8], name: &CStr, heading: &[u8]) -> Result<c_int, Error> {
    let mut work = Compile { body, name, function: -1, no_memory: false };
    lua.limit(PATIENCE, |_, _| Verdict::Stop("it takes too long"));
    let done = lua.protect(compile_one, &mut work);
    lua.unlimited();
    let stack = lua.stack();
    let result = match done {
        Ok(()) => Ok(work.function),
        Err(_) if work.no_memory => Err(Error::OutOfMemory),
        Err(_) => Err(Error::quoting(&[heading, stack.bytes(-1).unwrap_or_default()])),
    };
    stack.truncate(0);
    result
}

/// Forgets a function.
pub fn forget(lua: &Interpreter, function: c_int) {
    unsafe { luaL_unref(lua.stack().0, LUA_REGISTRYINDEX, function) }
}

lua_function! {
    compile_one = |lua: Stack| {
        let work = unsafe { &mut *lua.pointer(1).cast::<Compile<'_>>() };
        unsafe {
            // Until it has come to its end, it can end for want of memory alone.
            work.no_memory = true;
            let status = luaL_loadbuffer(lua.0, work.body.as_ptr().cast(), work.body.len(), work.name.as_ptr());
            if status != 0 {
                work.no_memory = status == LUA_ERRMEM;
                return Err(crate::lua::stack::Raised);
            }
            work.function = luaL_ref(lua.0, LUA_REGISTRYINDEX);
        }
        Ok(0)
    };
}
