//! What of Lua's C interface is used. Its reference is the manual of Lua 5.1, section 3.

#![allow(non_camel_case_types)]

use std::ffi::{c_char, c_int, c_void};

/// A thread of Lua: a stack of its own on the heap that all threads of an interpreter share.
#[repr(C)]
pub struct lua_State {
    _opaque: [u8; 0],
}

pub type lua_CFunction = unsafe extern "C" fn(*mut lua_State) -> c_int;
pub type lua_Alloc = unsafe extern "C" fn(*mut c_void, *mut c_void, usize, usize) -> *mut c_void;
pub type lua_Hook = unsafe extern "C" fn(*mut lua_State, *mut lua_Debug);

pub const LUA_REGISTRYINDEX: c_int = -10000;
pub const LUA_GLOBALSINDEX: c_int = -10002;
/// The first value that a function in C has been given when it was made.
pub const LUA_UPVALUE_1: c_int = LUA_GLOBALSINDEX - 1;
pub const LUA_MULTRET: c_int = -1;

pub const LUA_TNIL: c_int = 0;
pub const LUA_TBOOLEAN: c_int = 1;
pub const LUA_TLIGHTUSERDATA: c_int = 2;
pub const LUA_TNUMBER: c_int = 3;
pub const LUA_TSTRING: c_int = 4;
pub const LUA_TTABLE: c_int = 5;
pub const LUA_TFUNCTION: c_int = 6;

pub const LUA_YIELD: c_int = 1;
pub const LUA_ERRMEM: c_int = 4;

pub const LUA_GCSTEP: c_int = 5;

pub const LUA_MASKLINE: c_int = 4;
pub const LUA_MASKCOUNT: c_int = 8;

#[repr(C)]
pub struct lua_Debug {
    pub event: c_int,
    pub name: *const c_char,
    pub namewhat: *const c_char,
    pub what: *const c_char,
    pub source: *const c_char,
    pub currentline: c_int,
    pub nups: c_int,
    pub linedefined: c_int,
    pub lastlinedefined: c_int,
    pub short_src: [c_char; 60],
    pub i_ci: c_int,
}

unsafe extern "C" {
    pub fn lua_newstate(alloc: lua_Alloc, with: *mut c_void) -> *mut lua_State;
    pub fn lua_close(l: *mut lua_State);
    pub fn lua_newthread(l: *mut lua_State) -> *mut lua_State;
    pub fn lua_getallocf(l: *mut lua_State, with: *mut *mut c_void) -> lua_Alloc;

    pub fn lua_gettop(l: *mut lua_State) -> c_int;
    pub fn lua_settop(l: *mut lua_State, at: c_int);
    pub fn lua_pushvalue(l: *mut lua_State, at: c_int);
    pub fn lua_remove(l: *mut lua_State, at: c_int);
    pub fn lua_insert(l: *mut lua_State, at: c_int);
    pub fn lua_replace(l: *mut lua_State, at: c_int);
    pub fn lua_checkstack(l: *mut lua_State, more: c_int) -> c_int;
    pub fn lua_xmove(from: *mut lua_State, to: *mut lua_State, count: c_int);

    pub fn lua_isnumber(l: *mut lua_State, at: c_int) -> c_int;
    pub fn lua_type(l: *mut lua_State, at: c_int) -> c_int;
    pub fn lua_typename(l: *mut lua_State, kind: c_int) -> *const c_char;
    pub fn lua_tonumber(l: *mut lua_State, at: c_int) -> f64;
    pub fn lua_tointeger(l: *mut lua_State, at: c_int) -> i64;
    pub fn lua_toboolean(l: *mut lua_State, at: c_int) -> c_int;
    pub fn lua_tolstring(l: *mut lua_State, at: c_int, length: *mut usize) -> *const c_char;
    pub fn lua_objlen(l: *mut lua_State, at: c_int) -> usize;
    pub fn lua_touserdata(l: *mut lua_State, at: c_int) -> *mut c_void;
    pub fn lua_tocfunction(l: *mut lua_State, at: c_int) -> Option<lua_CFunction>;
    pub fn lua_topointer(l: *mut lua_State, at: c_int) -> *const c_void;

    pub fn lua_pushnil(l: *mut lua_State);
    pub fn lua_pushnumber(l: *mut lua_State, n: f64);
    pub fn lua_pushboolean(l: *mut lua_State, value: c_int);
    pub fn lua_pushlstring(l: *mut lua_State, bytes: *const c_char, length: usize);
    pub fn lua_pushcclosure(l: *mut lua_State, function: lua_CFunction, upvalues: c_int);
    pub fn lua_pushlightuserdata(l: *mut lua_State, pointer: *mut c_void);

    pub fn lua_pushthread(l: *mut lua_State) -> c_int;

    pub fn lua_getfield(l: *mut lua_State, at: c_int, name: *const c_char);
    pub fn lua_gettable(l: *mut lua_State, at: c_int);
    pub fn lua_rawget(l: *mut lua_State, at: c_int);
    pub fn lua_rawgeti(l: *mut lua_State, at: c_int, n: c_int);
    pub fn lua_createtable(l: *mut lua_State, array: c_int, hash: c_int);
    pub fn lua_newuserdata(l: *mut lua_State, size: usize) -> *mut c_void;
    pub fn lua_getmetatable(l: *mut lua_State, at: c_int) -> c_int;
    pub fn lua_rawset(l: *mut lua_State, at: c_int);
    pub fn lua_rawseti(l: *mut lua_State, at: c_int, n: c_int);
    pub fn lua_setmetatable(l: *mut lua_State, at: c_int) -> c_int;
    pub fn lua_next(l: *mut lua_State, at: c_int) -> c_int;

    pub fn lua_call(l: *mut lua_State, arguments: c_int, results: c_int);
    pub fn lua_pcall(l: *mut lua_State, arguments: c_int, results: c_int, handler: c_int) -> c_int;
    pub fn lua_cpcall(l: *mut lua_State, function: lua_CFunction, with: *mut c_void) -> c_int;
    pub fn lua_yield(l: *mut lua_State, results: c_int) -> c_int;
    pub fn lua_resume(l: *mut lua_State, arguments: c_int) -> c_int;
    pub fn lua_error(l: *mut lua_State) -> c_int;
    pub fn lua_concat(l: *mut lua_State, count: c_int);
    pub fn lua_gc(l: *mut lua_State, what: c_int, data: c_int) -> c_int;

    pub fn lua_sethook(l: *mut lua_State, hook: Option<lua_Hook>, mask: c_int, count: c_int) -> c_int;
    pub fn lua_getstack(l: *mut lua_State, level: c_int, ar: *mut lua_Debug) -> c_int;
    pub fn lua_getinfo(l: *mut lua_State, what: *const c_char, ar: *mut lua_Debug) -> c_int;

    pub fn luaL_loadbuffer(l: *mut lua_State, text: *const c_char, length: usize, name: *const c_char) -> c_int;
    pub fn luaL_where(l: *mut lua_State, level: c_int);
    pub fn luaL_ref(l: *mut lua_State, table: c_int) -> c_int;
    pub fn luaL_unref(l: *mut lua_State, table: c_int, reference: c_int);

    pub fn luaopen_base(l: *mut lua_State) -> c_int;
    pub fn luaopen_table(l: *mut lua_State) -> c_int;
    pub fn luaopen_string(l: *mut lua_State) -> c_int;
    pub fn luaopen_math(l: *mut lua_State) -> c_int;

    /// lua/guard.c: the table at this index may, or may not, be changed from here on.
    pub fn wakey_readonly(l: *mut lua_State, at: c_int, on: c_int);
    /// lua/guard.c: whether the table at this index may not be changed.
    pub fn wakey_is_readonly(l: *mut lua_State, at: c_int) -> c_int;
    /// lua/guard.c: pops the top into a global, read-only as they are.
    pub fn wakey_setglobal(l: *mut lua_State, name: *const c_char);
    /// lua/guard.c: whether an error of this hook can be a pause instead: no function in C is between it and the thread's start.
    pub fn wakey_may_yield(l: *mut lua_State) -> c_int;
}
