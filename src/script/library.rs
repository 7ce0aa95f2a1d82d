//! Libraries of functions: what FUNCTION LOAD reads, compiles and runs once, so that the library registers its functions.
//!
//! While it does, it finds nothing but `redis`, and in that nothing but `register_function`, `log` and some constants. Its functions
//! find all that scripts find, but for KEYS and ARGV, which they are given. One table of globals, which is empty and read-only, looks
//! names up in the one place or the other.

use super::{api, load};
use crate::lua::ffi::*;
use crate::lua::sandbox::describe_error;
use crate::lua::stack::{Kind, Raised, Results, Stack};
use crate::lua::{Interpreter, Verdict};
use crate::lua_function;
use crate::resp::dialect::Identity;
use crate::resp::error::Error;
use crate::server::scripts::{Function, Functions, flags::NAMES};
use std::ffi::{c_int, c_void};
use std::ptr::null_mut;

/// How long a library may take to register its functions, in milliseconds.
const PATIENCE: f64 = 500.0;

/// What the first line of a library says: `#!lua name=mylib`.
#[derive(Debug)]
pub struct Head<'a> {
    pub name: Vec<u8>,
    pub body: &'a [u8],
}

/// Reads it.
pub fn head(source: &[u8]) -> Result<Head<'_>, Error> {
    if !source.starts_with(b"#!") {
        return Err(Error::Fixed("ERR Missing library metadata"));
    }
    const INVALID: Error = Error::Fixed("ERR Invalid library metadata");
    let end = source.iter().position(|&byte| byte == b'\n').ok_or(INVALID)?;
    let (mut text, mut spans) = (Vec::new(), Vec::new());
    if source[..end].contains(&0) || !crate::resp::parser::split_line(&source[..end], &mut text, &mut spans) {
        return Err(INVALID);
    }
    let mut words = spans.iter().map(|span| &text[span.at as usize..(span.at + span.len) as usize]);
    let engine = words.next().and_then(|word| word.strip_prefix(b"#!")).unwrap_or_default();
    let mut name = None;
    for word in words {
        match word.split_at_checked(5) {
            Some((key, _)) if key.eq_ignore_ascii_case(b"name=") && name.is_some() => {
                return Err(Error::Fixed("ERR Invalid metadata value, name argument was given multiple times"));
            }
            Some((key, value)) if key.eq_ignore_ascii_case(b"name=") => name = Some(value.to_vec()),
            _ => return Err(Error::quoting(&[b"ERR Invalid metadata value given: ", word])),
        }
    }
    let name = name.ok_or(Error::Fixed("ERR Library name was not given"))?;
    if !is_name(&name) {
        return Err(Error::Fixed(concat!("ERR ", bad_name!())));
    }
    if !engine.eq_ignore_ascii_case(b"lua") {
        return Err(Error::quoting(&[b"ERR Engine '", engine, b"' not found"]));
    }
    Ok(Head { name, body: &source[end..] })
}

macro_rules! bad_name {
    () => {
        "Library names can only contain letters, numbers, or underscores(_) and must be at least one character long"
    };
}
use bad_name;

/// Whether a library or a function may be called so.
fn is_name(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

/// The interpreter for functions.
pub fn interpreter(clock: fn() -> f64, identity: &'static Identity) -> Option<Box<Interpreter>> {
    let lua = Interpreter::new(clock, Some((api::install_for_functions, identity)))?;
    (lua.protect(divide, &mut ()).is_ok() && lua.renew_runner()).then_some(lua)
}

/// Compiles a library and lets it register its functions, which are given; nothing else has changed.
pub fn load(lua: &Interpreter, body: &[u8]) -> Result<Vec<Function>, Error> {
    let program = load::compile(lua, body, c"@user_function", b"ERR Error compiling function: ")?;
    let mut functions: Vec<Function> = Vec::new();
    lua.registering.set((&raw mut functions).cast());
    let result = register_all(lua, program);
    lua.registering.set(null_mut());
    load::forget(lua, program);
    match result {
        Ok(()) if functions.is_empty() => Err(Error::Fixed("ERR No functions registered")),
        Ok(()) => Ok(functions),
        Err(error) => {
            forget(lua, &functions);
            Err(error)
        }
    }
}

/// Lets go of functions that are not to be run any more.
pub fn forget(lua: &Interpreter, functions: &[Function]) {
    for function in functions {
        load::forget(lua, function.function);
    }
}

/// Removes a library.
pub fn remove(functions: &mut Functions, name: &[u8]) -> bool {
    let Some(gone) = functions.remove(name) else { return false };
    if let Some(lua) = &functions.lua {
        for function in gone {
            load::forget(lua, function);
        }
    }
    true
}

fn register_all(lua: &Interpreter, program: c_int) -> Result<(), Error> {
    let mut program = program;
    if lua.protect(begin, &mut program).is_err() {
        return Err(Error::OutOfMemory);
    }
    lua.limit(PATIENCE, |_, _| Verdict::Stop("FUNCTION LOAD timeout"));
    let status = unsafe { lua_resume(lua.runner().0, 0) };
    lua.unlimited();
    if status == 0 {
        lua.runner().truncate(0);
        return Ok(());
    }
    let described = lua.protect(describe, &mut ());
    lua.stack().truncate(0);
    lua.renew_runner();
    match described {
        Ok(()) => Err(lua
            .collected()
            .map_or(Error::OutOfMemory, |text| Error::quoting(&[b"ERR Error registering functions: ", &text]))),
        Err(_) => Err(Error::OutOfMemory),
    }
}

lua_function! {
    begin = |lua: Stack| {
        let program = unsafe { *lua.pointer(1).cast::<c_int>() };
        let runner = lua.interpreter().runner();
        if !runner.reserve(1) {
            return Err(lua.error(b"not enough memory"));
        }
        lua.element(LUA_REGISTRYINDEX, program);
        unsafe { lua_xmove(lua.0, runner.0, 1) };
        Ok(0)
    };
    /// Leaves the text of the error that ended the library in the interpreter's buffer.
    describe = |lua: Stack| {
        let runner = lua.interpreter().runner();
        unsafe { lua_xmove(runner.0, lua.0, 1) };
        describe_error(lua, runner, 0);
        lua.raw_field(-1, "err");
        let text = lua.bytes(-1).unwrap_or(b"ERR unknown error");
        lua.scratch().extend_from_slice(text);
        Ok(0)
    };
    /// Gives the interpreter globals that are not the same while a library loads and while its functions run.
    divide = |lua: Stack| {
        lua.truncate(0);
        lua.push_table(0, 0);
        lua.push_table(0, 1);
        lua.copy(LUA_GLOBALSINDEX);
        push_while_loading(lua);
        lua.push_closure(look_up, 2);
        lua.set_raw_field(-2, "__index");
        set_readonly(lua, -1);
        unsafe { lua_setmetatable(lua.0, 1) };
        set_readonly(lua, 1);
        lua.replace(LUA_GLOBALSINDEX);
        Ok(0)
    };
    look_up = find_global;
    missing = |lua: Stack| Err(no_such_global(lua));
    register_function = register;
}

fn set_readonly(lua: Stack, at: c_int) {
    unsafe { wakey_readonly(lua.0, at, 1) }
}

/// Pushes the globals of a library that loads: of the table `redis` it has what is neither a function nor for replication.
fn push_while_loading(lua: Stack) {
    lua.push_table(0, 1);
    super::push_library(lua, &[("register_function", register_function), ("log", api::log)]);
    lua.raw_field(LUA_GLOBALSINDEX, "redis");
    lua.push_nil();
    while lua.next(-2) {
        let name = lua.bytes(-2).unwrap_or_default();
        if matches!(lua.kind(-1), Kind::Number | Kind::String) && !name.starts_with(b"REPL_") {
            lua.copy(-2);
            lua.insert(-2);
            lua.set_raw(-5);
        } else {
            lua.pop(1);
        }
    }
    lua.pop(1);
    lua.push_table(0, 1);
    lua.push_function(missing);
    lua.set_raw_field(-2, "__index");
    set_readonly(lua, -1);
    unsafe { lua_setmetatable(lua.0, -2) };
    set_readonly(lua, -1);
    lua.raw_field(LUA_GLOBALSINDEX, "server");
    let twice = lua.kind(-1) == Kind::Table;
    lua.pop(1);
    if twice {
        lua.copy(-1);
        lua.set_raw_field(-3, "server");
    }
    lua.set_raw_field(-2, "redis");
}

/// `__index` of the globals.
fn find_global(lua: Stack) -> Results {
    let loading = !lua.interpreter().registering.get().is_null();
    lua.copy(2);
    unsafe { lua_rawget(lua.0, if loading { LUA_UPVALUE_1 - 1 } else { LUA_UPVALUE_1 }) };
    if lua.kind(-1) == Kind::Nil {
        return Err(no_such_global(lua));
    }
    Ok(1)
}

fn no_such_global(lua: Stack) -> Raised {
    crate::lua::sandbox::no_such_global(lua)
}

/// `redis.register_function(name, callback)`, or with one table of named arguments.
fn register(lua: Stack) -> Results {
    let functions: *mut c_void = lua.interpreter().registering.get();
    let Some(functions) = (unsafe { functions.cast::<Vec<Function>>().as_mut() }) else {
        return Err(api::raise(lua, b"ERR redis.register_function can only be called on FUNCTION LOAD command"));
    };
    match read(lua) {
        Ok(function) if functions.iter().any(|other| other.name == function.name) => {
            unsafe { luaL_unref(lua.0, LUA_REGISTRYINDEX, function.function) };
            drop(function);
            Err(api::raise(lua, b"ERR Function already exists in the library"))
        }
        Ok(function) => {
            functions.push(function);
            Ok(0)
        }
        Err(text) => Err(api::raise(lua, text.as_bytes())),
    }
}

fn read(lua: Stack) -> Result<Function, &'static str> {
    let (mut description, mut flags) = (None, 0);
    match lua.len() {
        1 if lua.kind(1) != Kind::Table => {
            return Err(
                "ERR calling redis.register_function with a single argument is only applicable to Lua table (representing named arguments).",
            );
        }
        1 => {
            // Name and callback go where they are with two arguments.
            lua.push_nil();
            lua.push_nil();
            lua.push_nil();
            while lua.next(1) {
                let name = match lua.kind(-2) {
                    Kind::String => lua.bytes(-2).unwrap_or_default().to_ascii_lowercase(),
                    Kind::Number => Vec::new(),
                    _ => return Err("ERR named argument key given to redis.register_function is not a string"),
                };
                match &name[..] {
                    b"function_name" if matches!(lua.kind(-1), Kind::String | Kind::Number) => {
                        lua.copy(-1);
                        lua.replace(2);
                    }
                    b"function_name" => {
                        return Err("ERR function_name argument given to redis.register_function must be a string");
                    }
                    b"description" if matches!(lua.kind(-1), Kind::String | Kind::Number) => {
                        description = lua.bytes(-1).map(<[u8]>::to_vec)
                    }
                    b"description" => {
                        return Err("ERR description argument given to redis.register_function must be a string");
                    }
                    b"callback" if lua.kind(-1) == Kind::Function => {
                        lua.copy(-1);
                        lua.replace(3);
                    }
                    b"callback" => {
                        return Err("ERR callback argument given to redis.register_function must be a function");
                    }
                    b"flags" if lua.kind(-1) == Kind::Table => flags = read_flags(lua)?,
                    b"flags" => {
                        return Err(
                            "ERR flags argument to redis.register_function must be a table representing function flags",
                        );
                    }
                    _ => return Err("ERR unknown argument given to redis.register_function"),
                }
                lua.pop(1);
            }
            lua.remove(1);
            if lua.kind(1) == Kind::Nil {
                return Err("ERR redis.register_function must get a function name argument");
            }
            if lua.kind(2) == Kind::Nil {
                return Err("ERR redis.register_function must get a callback argument");
            }
        }
        2 if !matches!(lua.kind(1), Kind::String | Kind::Number) => {
            return Err("ERR first argument to redis.register_function must be a string");
        }
        2 if lua.kind(2) != Kind::Function => {
            return Err("ERR second argument to redis.register_function must be a function");
        }
        2 => {}
        _ => return Err("ERR wrong number of arguments to redis.register_function"),
    }
    let name = lua.bytes(1).unwrap_or_default();
    if !is_name(name) {
        return Err(concat!("ERR ", bad_name!()));
    }
    lua.truncate(2);
    let function = unsafe { luaL_ref(lua.0, LUA_REGISTRYINDEX) };
    Ok(Function { name: name.to_vec(), key: name.to_ascii_lowercase(), description, flags, function })
}

fn read_flags(lua: Stack) -> Result<u32, &'static str> {
    let mut flags = 0;
    for n in 1.. {
        lua.element(-1, n);
        if lua.kind(-1) == Kind::Nil {
            lua.pop(1);
            break;
        }
        let name = if lua.kind(-1) == Kind::String { lua.bytes(-1) } else { None };
        match NAMES.iter().find(|(_, known)| name.is_some_and(|name| name.eq_ignore_ascii_case(known.as_bytes()))) {
            Some((bit, _)) => flags |= bit,
            None => return Err("ERR unknown flag given"),
        }
        lua.pop(1);
    }
    Ok(flags)
}
