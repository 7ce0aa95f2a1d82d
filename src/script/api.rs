//! What scripts reach the server with: the table `redis`.

use super::values;
use crate::exec::Ctx;
use crate::lua::ffi::{LUA_GLOBALSINDEX, lua_CFunction};
use crate::lua::stack::{Kind, Raised, Results, Stack};
use crate::lua_function;
use crate::resp::args::{Args, Span};
use crate::resp::dialect::{Identity, Version};
use crate::server::scripts::digest;
use crate::table::find::Found;
use crate::types::double;
use crate::types::number::{INT_LEN, format_int};

/// Levels of `redis.log`, and what `redis.set_repl` takes.
const CONSTANTS: [(&str, f64); 9] = [
    ("LOG_DEBUG", 0.0),
    ("LOG_VERBOSE", 1.0),
    ("LOG_NOTICE", 2.0),
    ("LOG_WARNING", 3.0),
    ("REPL_NONE", 0.0),
    ("REPL_AOF", 1.0),
    ("REPL_SLAVE", 2.0),
    ("REPL_REPLICA", 2.0),
    ("REPL_ALL", 3.0),
];

/// The last three are for scripts alone.
const FUNCTIONS: [(&str, lua_CFunction); 12] = [
    ("call", call),
    ("pcall", pcall),
    ("error_reply", error_reply),
    ("status_reply", status_reply),
    ("sha1hex", sha1hex),
    ("log", log),
    ("setresp", setresp),
    ("set_repl", set_repl),
    ("acl_check_cmd", acl_check_cmd),
    ("replicate_commands", replicate_commands),
    ("breakpoint", breakpoint),
    ("debug", debug),
];

lua_function! {
    /// Makes the table for scripts. It is given an [`Identity`].
    install = |lua: Stack| make(lua, &FUNCTIONS);
    /// Makes it for functions, which lack what only scripts were ever given.
    install_for_functions = |lua: Stack| {
        make(lua, &FUNCTIONS[..FUNCTIONS.len() - 3])?;
        lua.push_nil();
        lua.set_raw_field(LUA_GLOBALSINDEX, "__redis__err__handler");
        Ok(0)
    };
    call = |lua: Stack| run(lua, true);
    pcall = |lua: Stack| run(lua, false);
    error_reply = |lua: Stack| reply(lua, "err");
    status_reply = |lua: Stack| reply(lua, "ok");
    sha1hex = |lua: Stack| {
        let [text] = arguments(lua)?;
        lua.push_bytes(&digest(text));
        Ok(1)
    };
    log = write_log;
    setresp = set_protocol;
    set_repl = set_propagation;
    replicate_commands = |lua: Stack| {
        lua.push_boolean(true);
        Ok(1)
    };
    breakpoint = |lua: Stack| {
        lua.push_boolean(false);
        Ok(1)
    };
    debug = |_: Stack| Ok(0);
    acl_check_cmd = check_command;
}

/// Makes the table, as `redis`, and in Valkey as `server` besides.
fn make(lua: Stack, functions: &[(&str, lua_CFunction)]) -> Results {
    // SAFETY: [`Interpreter::new`] gives what it was given with this function.
    let identity = unsafe { &*lua.pointer(1).cast::<Identity>() };
    super::push_library(lua, functions);
    for (name, value) in CONSTANTS {
        lua.push_number(value);
        lua.set_raw_field(-2, name);
    }
    push_version(lua, "REDIS_VERSION", "REDIS_VERSION_NUM", &identity.redis);
    if identity.name == "valkey" {
        push_version(lua, "VALKEY_VERSION", "VALKEY_VERSION_NUM", &identity.version);
        lua.push_bytes(identity.name.as_bytes());
        lua.set_raw_field(-2, "SERVER_NAME");
        lua.copy(-1);
        lua.set_raw_field(LUA_GLOBALSINDEX, "server");
    }
    lua.set_raw_field(LUA_GLOBALSINDEX, "redis");
    Ok(0)
}

fn push_version(lua: Stack, text: &str, number: &str, version: &Version) {
    lua.push_bytes(version.text.as_bytes());
    lua.set_raw_field(-2, text);
    lua.push_number(version.number as f64);
    lua.set_raw_field(-2, number);
}

/// The context of the command that runs the script.
pub fn context<'a>(lua: Stack) -> Option<&'a mut Ctx<'a>> {
    // SAFETY: `script::run` sets it for as long as the script runs, and lends the context to nobody else meanwhile.
    unsafe { lua.interpreter().context.get().cast::<Ctx<'a>>().as_mut() }
}

/// Pushes an error as a table, for [`call`] and its like to raise.
pub fn raise(lua: Stack, text: &[u8]) -> Raised {
    values::push_error(lua, text)
}

/// `redis.call`, which raises what is an error, and `redis.pcall`, which gives it.
fn run(lua: Stack, raises: bool) -> Results {
    let mut given = match context(lua) {
        Some(cx) => std::mem::take(&mut cx.server.scripts.arguments),
        None => return Err(raise(lua, b"ERR redis.call/pcall can only be called inside a script invocation")),
    };
    let (bytes, spans) = &mut given;
    bytes.clear();
    spans.clear();
    let read = read_arguments(lua, bytes, spans);
    let Some(cx) = context(lua) else { return Ok(0) };
    if let Err(text) = read {
        cx.server.scripts.arguments = given;
        values::push_error(lua, text.as_bytes());
        return if raises { Err(Raised) } else { Ok(1) };
    }
    let mark = cx.out.mark();
    super::command(cx, Args::new(bytes, spans));
    if bytes.capacity() > 1 << 20 {
        *bytes = Vec::new();
    }
    cx.server.scripts.arguments = given;
    let reply = &cx.out.bytes()[mark..];
    let failed = reply.first() == Some(&b'-');
    if reply.is_empty() {
        lua.push_nil();
    } else {
        values::push(lua, reply);
    }
    cx.out.drop_to(mark);
    if failed && raises { Err(Raised) } else { Ok(1) }
}

/// Beyond it whole numbers are written as others, with the digits that tell them apart and zeros behind.
const LARGEST_WHOLE: f64 = (1u64 << 62) as f64;

/// Reads what was given to `redis.call`: strings, and numbers as Redis writes them.
fn read_arguments(lua: Stack, bytes: &mut Vec<u8>, spans: &mut Vec<Span>) -> Result<(), &'static str> {
    if lua.is_empty() {
        return Err("ERR Please specify at least one argument for this redis lib call");
    }
    for at in 1..=lua.len() {
        let start = bytes.len();
        match lua.kind(at) {
            Kind::Number => {
                let n = lua.number(at);
                if n as i64 as f64 == n && n.abs() <= LARGEST_WHOLE {
                    bytes.extend_from_slice(format_int(n as i64, &mut [0; INT_LEN]));
                } else if n.is_nan() {
                    bytes.extend_from_slice(if n.is_sign_negative() { b"-nan" } else { b"nan" });
                } else {
                    double::write(n, bytes);
                }
            }
            Kind::String => {
                let text = lua.bytes(at).unwrap_or_default();
                if bytes.try_reserve(text.len()).is_err() {
                    return Err("OOM command not allowed when used memory > 'maxmemory'.");
                }
                bytes.extend_from_slice(text);
            }
            _ => return Err("ERR Lua redis lib command arguments must be strings or integers"),
        }
        spans.push(Span { at: start as u32, len: (bytes.len() - start) as u32 });
    }
    Ok(())
}

/// `redis.error_reply` and `redis.status_reply`.
fn reply(lua: Stack, name: &str) -> Results {
    if lua.len() != 1 || lua.kind(1) != Kind::String {
        values::push_error(lua, b"ERR wrong number or type of arguments");
        return Ok(1);
    }
    if name == "err" {
        let text = values::before_zero(lua.bytes(1).unwrap_or_default());
        // Without a code, it is the generic one.
        let text = text.strip_prefix(b"-").unwrap_or(text);
        let full = match text.iter().position(|&byte| byte == b' ') {
            Some(code) => [&text[..=code], without_ends(&text[code + 1..])].concat(),
            None => [b"ERR ", without_ends(text)].concat(),
        };
        values::push_error(lua, &full);
    } else {
        lua.push_table(0, 1);
        lua.copy(1);
        lua.set_raw_field(-2, name);
    }
    Ok(1)
}

/// A text without the line ends around it.
fn without_ends(text: &[u8]) -> &[u8] {
    let is_end = |byte: &u8| b"\r\n".contains(byte);
    let start = text.iter().take_while(|byte| is_end(byte)).count();
    let end = text.iter().rposition(|byte| !is_end(byte)).map_or(start, |last| last + 1);
    &text[start..end]
}

/// So many arguments, which must be strings or numbers.
fn arguments<'a, const N: usize>(lua: Stack) -> Result<[&'a [u8]; N], Raised> {
    let mut out = [&b""[..]; N];
    if lua.len() as usize != N {
        return Err(raise(lua, b"ERR wrong number of arguments"));
    }
    for (at, slot) in (1..).zip(&mut out) {
        *slot = lua.bytes(at).unwrap_or_default();
    }
    Ok(out)
}

/// `redis.log`: there is no log but the host's, which a script does not write to.
fn write_log(lua: Stack) -> Results {
    if lua.len() < 2 {
        return Err(raise(lua, b"ERR redis.log() requires two arguments or more."));
    }
    if !lua.is_number(-lua.len()) {
        return Err(raise(lua, b"ERR First argument must be a number (log level)."));
    }
    if !(0..=3).contains(&lua.integer(-lua.len())) {
        return Err(raise(lua, b"ERR Invalid log level."));
    }
    Ok(0)
}

fn set_protocol(lua: Stack) -> Results {
    if lua.len() != 1 {
        return Err(raise(lua, b"ERR redis.setresp() requires one argument."));
    }
    let version = lua.integer(-1);
    if !(2..=3).contains(&version) {
        return Err(raise(lua, b"ERR RESP version must be 2 or 3."));
    }
    if let Some(running) = context(lua).and_then(|cx| cx.server.scripts.running.as_mut()) {
        running.resp3 = version == 3;
    }
    Ok(0)
}

fn set_propagation(lua: Stack) -> Results {
    if lua.len() != 1 {
        return Err(raise(lua, b"ERR redis.set_repl() requires one argument."));
    }
    let flags = lua.integer(-1);
    if flags & !3 != 0 {
        return Err(raise(lua, b"ERR Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE."));
    }
    if let Some(running) = context(lua).and_then(|cx| cx.server.scripts.running.as_mut()) {
        running.propagation = flags as i32;
    }
    Ok(0)
}

/// `redis.acl_check_cmd`: whether the session may run a command.
fn check_command(lua: Stack) -> Results {
    let (mut bytes, mut spans) = (Vec::new(), Vec::new());
    if let Err(text) = read_arguments(lua, &mut bytes, &mut spans) {
        drop((bytes, spans));
        return Err(raise(lua, text.as_bytes()));
    }
    let Some(cx) = context(lua) else { return Ok(0) };
    let args = Args::new(&bytes, &spans);
    let allowed = match cx.server.table.find(args.at(0), args.get(1)) {
        Found::Row(number) if !cx.rows[number].spec.accepts(args) => {
            drop((bytes, spans));
            return Err(raise(lua, b"ERR Wrong number of args for redis.acl_check_cmd()"));
        }
        Found::Row(number) => {
            let (session, spec) = (&*cx.session, &cx.rows[number].spec);
            !session.bound || cx.server.users.check(session, number, spec, args).is_ok()
        }
        _ => {
            drop((bytes, spans));
            return Err(raise(lua, b"ERR Invalid command passed to redis.acl_check_cmd()"));
        }
    };
    lua.push_boolean(allowed);
    Ok(1)
}
