//! A thread's stack, as functions written in Rust use it.
//!
//! An error of Lua's leaves by the shortest way: what stands between it and who catches it is not dropped. So a function that scripts
//! call is a `fn(Stack) -> Result<c_int, Raised>` that pushes its error like any other value and returns; [`lua_function!`] makes of
//! it what Lua calls, and raises the error when nothing of Rust's is left. What the methods here raise themselves is memory that has
//! ended: whoever holds a `Vec` while he pushes loses its bytes then, and nothing else. Bytes that are collected one by one go into
//! the interpreter's own buffer ([`Stack::scratch`]).

use super::Interpreter;
use super::ffi::*;
use crate::allocator;
use std::ffi::{CStr, c_int, c_void};

/// See the head of this file.
#[derive(Clone, Copy)]
pub struct Stack(pub *mut lua_State);

/// An error is on top of the stack.
#[derive(Debug)]
pub struct Raised;

/// How many values a function has pushed as its results.
pub type Results = Result<c_int, Raised>;

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// There is no value at the index.
    None,
    Nil,
    Boolean,
    /// A pointer of its host's.
    Light,
    Number,
    String,
    Table,
    Function,
    Other,
}

impl Stack {
    /// How many values there are; the arguments, when a function begins. Indexes count from 1, or back from -1, the top.
    pub fn len(self) -> c_int {
        unsafe { lua_gettop(self.0) }
    }

    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    pub fn truncate(self, len: c_int) {
        unsafe { lua_settop(self.0, len) }
    }

    pub fn pop(self, count: c_int) {
        unsafe { lua_settop(self.0, -count - 1) }
    }

    /// Makes room for so many values more; an error is raised by the caller if there is none.
    pub fn reserve(self, more: c_int) -> bool {
        unsafe { lua_checkstack(self.0, more) != 0 }
    }

    /// Pushes a copy of the value at an index.
    pub fn copy(self, at: c_int) {
        unsafe { lua_pushvalue(self.0, at) }
    }

    /// Moves the top to an index, and what was there up.
    pub fn insert(self, at: c_int) {
        unsafe { lua_insert(self.0, at) }
    }

    pub fn remove(self, at: c_int) {
        unsafe { lua_remove(self.0, at) }
    }

    /// Pops the top and puts it in the place of the value at an index.
    pub fn replace(self, at: c_int) {
        unsafe { lua_replace(self.0, at) }
    }

    pub fn kind(self, at: c_int) -> Kind {
        match unsafe { lua_type(self.0, at) } {
            -1 => Kind::None,
            LUA_TNIL => Kind::Nil,
            LUA_TBOOLEAN => Kind::Boolean,
            LUA_TLIGHTUSERDATA => Kind::Light,
            LUA_TNUMBER => Kind::Number,
            LUA_TSTRING => Kind::String,
            LUA_TTABLE => Kind::Table,
            LUA_TFUNCTION => Kind::Function,
            _ => Kind::Other,
        }
    }

    /// What Lua calls the kind of a value.
    pub fn kind_name(self, at: c_int) -> &'static str {
        unsafe { CStr::from_ptr(lua_typename(self.0, lua_type(self.0, at))).to_str().unwrap_or("") }
    }

    /// A number, or a string that reads as one.
    pub fn is_number(self, at: c_int) -> bool {
        unsafe { lua_isnumber(self.0, at) != 0 }
    }

    /// As a number; 0 where it is none.
    pub fn number(self, at: c_int) -> f64 {
        unsafe { lua_tonumber(self.0, at) }
    }

    /// As an integer, cut off as C does it.
    pub fn integer(self, at: c_int) -> i64 {
        unsafe { lua_tointeger(self.0, at) }
    }

    pub fn boolean(self, at: c_int) -> bool {
        unsafe { lua_toboolean(self.0, at) != 0 }
    }

    /// The bytes of a string, or of a number, which becomes a string where it stands (keys of a table that is being walked through
    /// must not). They live as long as the value is on the stack, or anywhere else in Lua.
    pub fn bytes<'a>(self, at: c_int) -> Option<&'a [u8]> {
        let mut length = 0;
        unsafe {
            let bytes = lua_tolstring(self.0, at, &mut length);
            if bytes.is_null() { None } else { Some(std::slice::from_raw_parts(bytes.cast(), length)) }
        }
    }

    /// A pointer of the host's; null where it is none.
    pub fn pointer(self, at: c_int) -> *mut c_void {
        unsafe { lua_touserdata(self.0, at) }
    }

    /// Pops the top into a global, which scripts cannot change.
    pub fn set_global(self, name: &CStr) {
        unsafe { wakey_setglobal(self.0, name.as_ptr()) }
    }

    /// Length of a string, border of a table (`#`), size of a userdata.
    pub fn length(self, at: c_int) -> usize {
        unsafe { lua_objlen(self.0, at) }
    }

    pub fn push_nil(self) {
        unsafe { lua_pushnil(self.0) }
    }

    pub fn push_number(self, n: f64) {
        unsafe { lua_pushnumber(self.0, n) }
    }

    pub fn push_boolean(self, value: bool) {
        unsafe { lua_pushboolean(self.0, value as c_int) }
    }

    pub fn push_bytes(self, bytes: &[u8]) {
        unsafe { lua_pushlstring(self.0, bytes.as_ptr().cast(), bytes.len()) }
    }

    pub fn push_function(self, function: lua_CFunction) {
        unsafe { lua_pushcclosure(self.0, function, 0) }
    }

    /// Pushes a function with the values on top, which are popped, as its upvalues.
    pub fn push_closure(self, function: lua_CFunction, upvalues: c_int) {
        unsafe { lua_pushcclosure(self.0, function, upvalues) }
    }

    /// Pushes an empty table with room for so many elements and fields.
    pub fn push_table(self, elements: usize, fields: usize) {
        unsafe { lua_createtable(self.0, elements.min(1 << 26) as c_int, fields.min(1 << 24) as c_int) }
    }

    /// Pushes the field of a table, without metamethods.
    pub fn raw_field(self, table: c_int, name: &str) {
        let table = self.absolute(table);
        self.push_bytes(name.as_bytes());
        unsafe { lua_rawget(self.0, table) }
    }

    /// Pops the top into a field of a table, without metamethods.
    pub fn set_raw_field(self, table: c_int, name: &str) {
        let table = self.absolute(table);
        self.push_bytes(name.as_bytes());
        self.insert(-2);
        unsafe { lua_rawset(self.0, table) }
    }

    /// Pushes an element of a table, without metamethods.
    pub fn element(self, table: c_int, n: c_int) {
        unsafe { lua_rawgeti(self.0, table, n) }
    }

    /// Pops the top into an element of a table, without metamethods.
    pub fn set_element(self, table: c_int, n: c_int) {
        unsafe { lua_rawseti(self.0, table, n) }
    }

    /// Pops value and key into a table, without metamethods.
    pub fn set_raw(self, table: c_int) {
        unsafe { lua_rawset(self.0, table) }
    }

    /// Pops a key and pushes its value in a table, with metamethods.
    pub fn field(self, table: c_int) {
        unsafe { lua_gettable(self.0, table) }
    }

    /// Pushes the metatable of a value if it has one.
    pub fn push_metatable(self, at: c_int) -> bool {
        unsafe { lua_getmetatable(self.0, at) != 0 }
    }

    /// Pops a table that becomes the metatable of a value.
    pub fn set_metatable(self, at: c_int) {
        unsafe { lua_setmetatable(self.0, at) };
    }

    /// Makes a table one that scripts cannot change.
    pub fn freeze(self, table: c_int) {
        unsafe { wakey_readonly(self.0, table, 1) }
    }

    /// Whether it is a pointer of the host's to nothing, which stands for null.
    pub fn is_null(self, at: c_int) -> bool {
        self.kind(at) == Kind::Light && unsafe { lua_touserdata(self.0, at).is_null() }
    }

    /// Pops a key, and pushes the next one of the table with its value; nothing, and false, behind the last one.
    pub fn next(self, table: c_int) -> bool {
        unsafe { lua_next(self.0, table) != 0 }
    }

    /// An index that stays right when values are pushed.
    pub fn absolute(self, at: c_int) -> c_int {
        if at > 0 || at <= LUA_REGISTRYINDEX { at } else { self.len() + at + 1 }
    }

    /// Pushes an error with the place in the script where the function was called, as `luaL_error` does.
    pub fn error(self, text: &[u8]) -> Raised {
        unsafe { luaL_where(self.0, 1) };
        self.push_bytes(text);
        unsafe { lua_concat(self.0, 2) };
        Raised
    }

    /// Pushes the error of an argument that is not what it must be, as `luaL_argerror` does.
    pub fn argument_error(self, argument: c_int, text: impl AsRef<[u8]>) -> Raised {
        self.argument_error_of(argument, text.as_ref())
    }

    fn argument_error_of(self, argument: c_int, text: &[u8]) -> Raised {
        let with = |front: String| self.error(&[front.as_bytes(), b" (", text, b")"].concat());
        let mut ar = unsafe { std::mem::zeroed::<lua_Debug>() };
        let name = unsafe {
            if lua_getstack(self.0, 0, &mut ar) == 0 {
                return with(format!("bad argument #{argument}"));
            }
            lua_getinfo(self.0, c"n".as_ptr(), &mut ar);
            if ar.name.is_null() { "?".into() } else { CStr::from_ptr(ar.name).to_string_lossy() }
        };
        let method = unsafe { !ar.namewhat.is_null() && CStr::from_ptr(ar.namewhat) == c"method" };
        match (method, argument) {
            (true, 1) => with(format!("calling '{name}' on bad self")),
            _ => with(format!("bad argument #{} to '{name}'", argument - method as c_int)),
        }
    }

    /// Pushes the error of an argument that is of another type.
    pub fn type_error(self, argument: c_int, expected: &str) -> Raised {
        let found = if self.kind(argument) == Kind::None { "no value" } else { self.kind_name(argument) };
        self.argument_error(argument, format!("{expected} expected, got {found}"))
    }

    /// An argument as a number.
    pub fn check_number(self, argument: c_int) -> Result<f64, Raised> {
        if self.is_number(argument) { Ok(self.number(argument)) } else { Err(self.type_error(argument, "number")) }
    }

    /// An argument as bytes.
    pub fn check_bytes<'a>(self, argument: c_int) -> Result<&'a [u8], Raised> {
        self.bytes(argument).ok_or_else(|| self.type_error(argument, "string"))
    }

    /// An argument as an integer.
    pub fn check_integer(self, argument: c_int) -> Result<i64, Raised> {
        self.check_number(argument).map(|_| self.integer(argument))
    }

    /// Whether it is the thread in which scripts run, and none that a script has made.
    pub fn is_runner(self) -> bool {
        self.interpreter().runner().0 == self.0
    }

    /// The interpreter that the thread belongs to.
    pub fn interpreter<'a>(self) -> &'a Interpreter {
        let mut with = std::ptr::null_mut();
        unsafe {
            lua_getallocf(self.0, &mut with);
            &*with.cast()
        }
    }

    /// The interpreter's buffers as they are: [`Self::scratch`], and one for what is nested.
    pub fn buffers<'a>(self) -> (&'a mut Vec<u8>, &'a mut Vec<(i64, i64)>) {
        let interpreter = self.interpreter();
        // SAFETY: one function at a time uses them.
        unsafe { (&mut *interpreter.scratch.get(), &mut *interpreter.levels.get()) }
    }

    /// Makes room for so many bytes more, or pushes an error.
    pub fn grow(self, out: &mut Vec<u8>, more: usize) -> Result<(), Raised> {
        if out.capacity() - out.len() >= more {
            return Ok(());
        }
        if allocator::used() + (out.len() + more) as u64 > allocator::CEILING || out.try_reserve(more).is_err() {
            self.push_bytes(b"not enough memory");
            return Err(Raised);
        }
        Ok(())
    }

    /// The interpreter's own buffer, empty. One function uses it at a time: it does not call back into Lua meanwhile.
    pub fn scratch<'a>(self) -> &'a mut Vec<u8> {
        let scratch = self.buffers().0;
        scratch.clear();
        scratch
    }
}

/// A number as an integer, as x86 cuts it off: the least one stands for whatever has no place.
pub fn cut(n: f64) -> i64 {
    const END: f64 = (1u64 << 63) as f64;
    if (-END..END).contains(&n) { n as i64 } else { i64::MIN }
}

/// As an integer without sign, as compilers have x86 do it.
pub fn cut_unsigned(n: f64) -> u64 {
    const END: f64 = (1u64 << 63) as f64;
    if n >= END { cut(n - END) as u64 ^ 1 << 63 } else { cut(n) as u64 }
}

/// Makes functions that Lua calls: `lua_function!(band = body)` where `fn body(lua: Stack) -> Results`.
#[macro_export]
macro_rules! lua_function {
    ($($(#[$doc:meta])* $name:ident = $body:expr;)*) => {$(
        $(#[$doc])*
        pub(crate) unsafe extern "C" fn $name(l: *mut $crate::lua::ffi::lua_State) -> std::ffi::c_int {
            let body: fn($crate::lua::stack::Stack) -> $crate::lua::stack::Results = $body;
            match body($crate::lua::stack::Stack(l)) {
                Ok(results) => results,
                Err(_) => unsafe { $crate::lua::ffi::lua_error(l) },
            }
        }
    )*};
}
