//! What a script finds around it: the libraries of Lua that Redis leaves, with what could hurt taken out.

use super::stack::{Results, Stack};
use super::{bit, ffi::*, json, msgpack, pack};

crate::lua_function! {
    /// Opens the libraries.
    furnish = furnish_with;
}

fn furnish_with(lua: Stack) -> Results {
    for open in [luaopen_base, luaopen_table, luaopen_string, luaopen_math] {
        lua.push_function(open);
        unsafe { lua_call(lua.0, 0, 0) };
    }
    for open in [bit::open, pack::open, json::open, msgpack::open] {
        open(lua);
        lua.pop(1);
    }
    Ok(0)
}
