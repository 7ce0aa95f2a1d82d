//! What a script finds around it: the libraries of Lua that Redis leaves, with what could hurt taken out, and all of it read-only.

use super::stack::{Kind, Raised, Results, Stack};
use super::{bit, ffi::*, json, msgpack, pack};
use std::cell::Cell;
use std::ffi::c_int;

/// Globals that reach files, other environments, or memory that nobody counts.
const REMOVED: [&str; 6] = ["dofile", "loadfile", "print", "newproxy", "getfenv", "setfenv"];

crate::lua_function! {
    /// Opens the libraries.
    furnish = open_libraries;
    /// Makes the globals, and all tables among them, read-only.
    seal = make_readonly;
    pcall = protected_call;
    coroutine_yield = yield_;
    coroutine_running = running;
    find = |lua: Stack| matching(lua, 0);
    match_ = |lua: Stack| matching(lua, 1);
    gmatch = |lua: Stack| matching(lua, 2);
    gsub = |lua: Stack| matching(lua, 3);
    rep = repeat;
    random = random_number;
    randomseed = seed;
    clock = cpu_seconds;
    missing_global = refuse_missing;
    /// What makes of an error its text and its place: `__redis__err__handler`, as Redis calls it.
    error_handler = |lua: Stack| {
        unsafe { lua_settop(lua.0, 1) };
        describe_error(lua, lua, 1);
        Ok(1)
    };
}

fn open_libraries(lua: Stack) -> Results {
    for open in [luaopen_base, luaopen_table, luaopen_string, luaopen_math] {
        lua.push_function(open);
        unsafe { lua_call(lua.0, 0, 0) };
    }
    for name in REMOVED {
        lua.push_nil();
        lua.set_raw_field(LUA_GLOBALSINDEX, name);
    }
    let own: [(&str, &[(&str, lua_CFunction)]); 3] = [
        ("_G", &[("pcall", pcall), ("__redis__err__handler", error_handler)]),
        ("coroutine", &[("yield", coroutine_yield), ("running", coroutine_running)]),
        ("math", &[("random", random), ("randomseed", randomseed)]),
    ];
    for (library, functions) in own {
        lua.raw_field(LUA_GLOBALSINDEX, library);
        for (name, function) in functions {
            lua.push_function(*function);
            lua.set_raw_field(-2, name);
        }
        lua.pop(1);
    }
    guard_patterns(lua);
    super::register(lua, "os", &[("clock", clock)]);
    for open in [bit::open, pack::open, json::open, msgpack::open] {
        open(lua);
    }
    lua.truncate(0);
    Ok(0)
}

fn make_readonly(lua: Stack) -> Results {
    lua.truncate(0);
    lua.copy(LUA_GLOBALSINDEX);
    lua.push_table(0, 1);
    lua.push_function(missing_global);
    lua.set_raw_field(-2, "__index");
    set_readonly(lua, -1);
    unsafe { lua_setmetatable(lua.0, 1) };
    // The metatable that all strings share.
    lua.push_bytes(b"");
    unsafe { lua_getmetatable(lua.0, -1) };
    set_readonly(lua, -1);
    lua.truncate(1);
    lua.push_nil();
    while lua.next(1) {
        if lua.kind(-1) == Kind::Table {
            set_readonly(lua, -1);
        }
        lua.pop(1);
    }
    Ok(0)
}

fn set_readonly(lua: Stack, at: c_int) {
    unsafe { wakey_readonly(lua.0, at, 1) }
}

fn refuse_missing(lua: Stack) -> Results {
    Err(no_such_global(lua))
}

/// The error of an `__index` for what is not there.
pub fn no_such_global(lua: Stack) -> Raised {
    let text = match lua.bytes(2) {
        Some(name) => [b"Script attempted to access nonexistent global variable '", name, b"'"].concat(),
        None => b"Second argument to luaProtectedTableError must be a string or number".to_vec(),
    };
    lua.error(&text)
}

/// `pcall`, which gives of an error with an `err` field that field alone if it is a text, and else behind it.
fn protected_call(lua: Stack) -> Results {
    if lua.is_empty() {
        lua.push_boolean(false);
        lua.push_bytes(b"attempt to call a boolean value");
        return Ok(2);
    }
    let failed = unsafe { lua_pcall(lua.0, lua.len() - 1, LUA_MULTRET, 0) != 0 };
    if failed && lua.kind(-1) == Kind::Table {
        unsafe { lua_getfield(lua.0, -1, c"err".as_ptr()) };
        if matches!(lua.kind(-1), Kind::String | Kind::Number) {
            lua.remove(-2);
        }
    }
    lua.push_boolean(!failed);
    lua.insert(1);
    Ok(lua.len())
}

/// So many quantifiers and captures a pattern may have: for each of them matching goes one level deeper.
const DEEPEST: usize = 500;

/// The functions of `string` that match patterns, as they are in Lua's own library.
type Patterns = [Option<lua_CFunction>; 4];
const MATCHING: [&str; 4] = ["find", "match", "gmatch", "gsub"];

thread_local! {
    static PATTERNS: Cell<Patterns> = const { Cell::new([None; 4]) };
}

/// Puts a check of the pattern before each of them.
fn guard_patterns(lua: Stack) {
    lua.raw_field(LUA_GLOBALSINDEX, "string");
    let mut own: Patterns = [None; 4];
    for (slot, (name, checked)) in own.iter_mut().zip(MATCHING.iter().zip([find, match_, gmatch, gsub])) {
        lua.raw_field(-1, name);
        *slot = unsafe { lua_tocfunction(lua.0, -1) };
        lua.pop(1);
        lua.push_function(checked);
        lua.set_raw_field(-2, name);
    }
    // The old name of gmatch; and `rep`, which Lua writes byte by byte.
    for (name, function) in [("gfind", gmatch as lua_CFunction), ("rep", rep)] {
        lua.push_function(function);
        lua.set_raw_field(-2, name);
    }
    lua.pop(1);
    PATTERNS.set(own);
}

/// Runs the function of `string` of this number, if its pattern is not too deep for the stack of the machine.
fn matching(lua: Stack, number: usize) -> Results {
    if lua.kind(2) == Kind::String {
        let pattern = lua.bytes(2).unwrap_or_default();
        if pattern.len() > DEEPEST && pattern.iter().filter(|byte| b"*+-?()".contains(byte)).count() > DEEPEST {
            return Err(lua.error(b"pattern too complex"));
        }
    }
    match PATTERNS.get()[number] {
        Some(function) => Ok(unsafe { function(lua.0) }),
        None => Ok(0),
    }
}

fn repeat(lua: Stack) -> Results {
    let (text, count) = (lua.check_bytes(1)?, int(lua, 2)?.max(0) as usize);
    let out = lua.scratch();
    let Some(total) = text.len().checked_mul(count) else { return Err(plain_error(lua, "not enough memory")) };
    lua.grow(out, total)?;
    if total > 0 {
        out.extend_from_slice(text);
        while out.len() < total {
            let more = out.len().min(total - out.len());
            out.extend_from_within(..more);
        }
    }
    lua.push_bytes(out);
    Ok(1)
}

/// Pushes an error without a place.
fn plain_error(lua: Stack, text: &str) -> Raised {
    lua.push_bytes(text.as_bytes());
    Raised
}

/// `coroutine.yield`: the script itself is no coroutine, though it runs in one.
fn yield_(lua: Stack) -> Results {
    if lua.is_runner() {
        return Err(plain_error(lua, "attempt to yield across metamethod/C-call boundary"));
    }
    Ok(unsafe { lua_yield(lua.0, lua.len()) })
}

fn running(lua: Stack) -> Results {
    match lua.is_runner() {
        true => lua.push_nil(),
        false => unsafe {
            lua_pushthread(lua.0);
        },
    }
    Ok(1)
}

const LARGEST: u64 = i32::MAX as u64;

/// The next number of the generator that POSIX calls `lrand48`: 31 bits.
fn next(lua: Stack) -> u64 {
    let state = &lua.interpreter().random;
    state.set((0x5_DEEC_E66D_u64.wrapping_mul(state.get()).wrapping_add(0xB)) & ((1 << 48) - 1));
    state.get() >> 17
}

fn random_number(lua: Stack) -> Results {
    let r = (next(lua) % LARGEST) as f64 / LARGEST as f64;
    let (low, high) = match lua.len() {
        0 => {
            lua.push_number(r);
            return Ok(1);
        }
        1 => (1, int(lua, 1)?),
        2 => (int(lua, 1)?, int(lua, 2)?),
        _ => return Err(lua.error(b"wrong number of arguments")),
    };
    if low > high {
        return Err(lua.argument_error(lua.len(), "interval is empty"));
    }
    lua.push_number((r * (high as f64 - low as f64 + 1.0)).floor() + low as f64);
    Ok(1)
}

/// An argument as a C `int`.
fn int(lua: Stack, argument: c_int) -> Result<i32, Raised> {
    lua.check_integer(argument).map(|n| n as i32)
}

fn seed(lua: Stack) -> Results {
    let seed = int(lua, 1)?;
    lua.interpreter().random.set((seed as u32 as u64) << 16 | 0x330E);
    Ok(0)
}

fn cpu_seconds(lua: Stack) -> Results {
    lua.push_number((lua.interpreter().clock)() / 1000.0);
    Ok(1)
}

/// Makes of the error on top of the stack a table with `err`, its text, and `source` and `line`, the place where it was raised:
/// in the function at this level of `thread`, or where that is none of Lua's, in the one that called it, whatever that is.
pub fn describe_error(lua: Stack, thread: Stack, level: c_int) {
    if lua.kind(-1) == Kind::Table && unsafe { wakey_is_readonly(lua.0, -1) != 0 } {
        // There that is done by a program in Lua, which ends here itself.
        lua.pop(1);
        lua.push_table(0, 3);
        for (name, text) in [
            ("err", &b"ERR err_handler_def:10: Attempt to modify a readonly table"[..]),
            ("source", b"@err_handler_def"),
            ("line", b"10"),
        ] {
            lua.push_bytes(text);
            lua.set_raw_field(-2, name);
        }
        return;
    }
    if lua.kind(-1) != Kind::Table {
        lua.push_table(0, 3);
        lua.insert(-2);
        let text = match lua.kind(-1) {
            Kind::Nil => b"ERR nil".to_vec(),
            Kind::Boolean => format!("ERR {}", lua.boolean(-1)).into_bytes(),
            _ => match lua.bytes(-1) {
                Some(text) => [b"ERR ", text].concat(),
                // As `tostring` shows it.
                None => match unsafe { lua_topointer(lua.0, -1) } {
                    null if null.is_null() => format!("ERR {}: (nil)", lua.kind_name(-1)).into_bytes(),
                    pointer => format!("ERR {}: {pointer:p}", lua.kind_name(-1)).into_bytes(),
                },
            },
        };
        lua.pop(1);
        lua.push_bytes(&text);
        lua.set_raw_field(-2, "err");
    }
    let mut ar = unsafe { std::mem::zeroed::<lua_Debug>() };
    let found = (level..level + 2).any(|at| unsafe {
        lua_getstack(thread.0, at, &mut ar) != 0
            && lua_getinfo(thread.0, c"Sl".as_ptr(), &mut ar) != 0
            && (at > level || std::ffi::CStr::from_ptr(ar.what) != c"C")
    });
    if found {
        lua.push_bytes(unsafe { std::ffi::CStr::from_ptr(ar.source).to_bytes() });
        lua.set_raw_field(-2, "source");
        lua.push_number(ar.currentline as f64);
        lua.set_raw_field(-2, "line");
    }
}
