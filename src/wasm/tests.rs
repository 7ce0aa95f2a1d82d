//! The binding as JavaScript sees it: `make test` runs these in Node and in a headless browser.

use super::*;
use js_sys::{Object, Reflect};
use wasm_bindgen_test::wasm_bindgen_test;

/// Garbage, as `tests/garbage` feeds it to the native engine: here offsets have 32 bits, and nothing checks for overflow.
#[wasm_bindgen_test]
fn garbage_never_traps() {
    let rounds = option_env!("WAKEY_ROUNDS").and_then(|rounds| rounds.parse().ok()).unwrap_or(20_000);
    let seed = option_env!("WAKEY_SEED").and_then(|seed| seed.parse().ok()).unwrap_or(1);
    feed::frames(seed, rounds);
    feed::resp(seed, rounds);
    feed::programs(seed, rounds / 4);
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &(*name).into(), value).expect("a plain object takes any field");
    }
    object.into()
}

fn open() -> Core {
    Core::new(object(&[("seed", 1.into()), ("now", 1000.0.into())])).expect("good options")
}

fn session(core: &mut Core) -> f64 {
    core.open_session(object(&[("resp", 3.into()), ("trusted", true.into())])).expect("good options")
}

/// Writes a frame where JavaScript would, runs it, and reads the reply where JavaScript would.
fn call(core: &mut Core, session: f64, now: f64, args: &[&str]) -> String {
    let mut frame = (args.len() as u32).to_le_bytes().to_vec();
    for arg in args {
        frame.extend((arg.len() as u32).to_le_bytes());
        frame.extend(arg.as_bytes());
    }
    core.reserve(frame.len()).expect("a short request");
    core.request[..frame.len()].copy_from_slice(&frame);
    let len = core.exec(session, now, frame.len());
    assert_eq!(len, core.mailbox.length as usize);
    reply(core)
}

fn reply(core: &Core) -> String {
    let (at, len) = (core.mailbox.reply as *const u8, core.mailbox.length as usize);
    // SAFETY: the mailbox names bytes of this module's memory that live until the next call.
    String::from_utf8_lossy(unsafe { std::slice::from_raw_parts(at, len) }).into_owned()
}

#[wasm_bindgen_test]
fn a_command_crosses_once_and_its_reply_is_in_the_mailbox() {
    let mut core = open();
    let s = session(&mut core);
    assert_eq!(call(&mut core, s, 1000.0, &["SET", "k", "v"]), "+OK\r\n");
    assert_eq!(call(&mut core, s, 1000.0, &["GET", "k"]), "$1\r\nv\r\n");
    assert_eq!(call(&mut core, s, 1000.0, &["GET", "none"]), "_\r\n");
    assert_eq!(core.mailbox() % 8, 0);
}

#[wasm_bindgen_test]
fn the_next_deadline_is_in_the_mailbox() {
    let mut core = open();
    let s = session(&mut core);
    assert_eq!(core.mailbox.deadline, f64::INFINITY);
    call(&mut core, s, 1000.0, &["SET", "k", "v", "PX", "500"]);
    assert_eq!(core.mailbox.deadline, 1500.0);
    core.tick(1499.0);
    assert_eq!(core.mailbox.deadline, 1500.0);
    core.tick(1500.0);
    assert_eq!(core.mailbox.deadline, f64::INFINITY);
    assert_eq!(call(&mut core, s, 1500.0, &["DBSIZE"]), ":0\r\n");
}

#[wasm_bindgen_test]
fn sockets_feed_any_part_of_a_command() {
    let mut core = open();
    let s = core.open_session(object(&[("resp", 2.into())])).expect("good options");
    for (part, expected) in [("PI", ""), ("NG\r\n*2\r\n$4\r\nEC", "+PONG\r\n"), ("HO\r\n$2\r\nhi\r\n", "$2\r\nhi\r\n")]
    {
        core.request[..part.len()].copy_from_slice(part.as_bytes());
        core.feed(s, 1000.0, part.len());
        assert_eq!(reply(&core), expected);
    }
    core.request[..6].copy_from_slice(b"QUIT\r\n");
    core.feed(s, 1000.0, 6);
    assert_eq!(core.mailbox.flags & CLOSE, CLOSE);
}

#[wasm_bindgen_test]
fn a_killed_session_is_handed_to_the_host() {
    let mut core = open();
    let (a, b) = (session(&mut core), session(&mut core));
    assert_eq!(call(&mut core, a, 1000.0, &["CLIENT", "KILL", "ID", &b.to_string()]), ":1\r\n");
    assert_eq!(core.mailbox.flags & OUTPUT, OUTPUT);
    assert_eq!(core.next_output(), b);
    assert_eq!(core.mailbox.flags, CLOSE);
    assert_eq!(core.next_output(), 0.0);
}

#[wasm_bindgen_test]
fn pushes_beside_a_reply_show_in_the_flags() {
    let mut core = open();
    let s = session(&mut core);
    call(&mut core, s, 1000.0, &["SUBSCRIBE", "c"]);
    assert_eq!(core.mailbox.flags, PUSHES);
    assert!(call(&mut core, s, 1000.0, &["PUBLISH", "c", "x"]).starts_with(":1\r\n>3\r\n"));
    assert_eq!(core.mailbox.flags, PUSHES);
    call(&mut core, s, 1000.0, &["GET", "k"]);
    assert_eq!(core.mailbox.flags, 0);
}

#[wasm_bindgen_test]
fn a_command_that_waits_shows_in_the_flags_and_a_clone_takes_it_over() {
    let mut core = open();
    let s = session(&mut core);
    assert_eq!(call(&mut core, s, 1000.0, &["BLPOP", "k", "1"]), "");
    assert_eq!((core.mailbox.flags, core.mailbox.deadline), (WAITING, 2000.0));
    let clone = core.clone_session(s);
    assert_eq!((core.wait_deadline(s), core.wait_deadline(clone)), (f64::INFINITY, 2000.0));
    assert_eq!(call(&mut core, s, 1000.0, &["PING"]), "+PONG\r\n");
    core.tick(2000.0);
    assert_eq!(core.mailbox.flags, OUTPUT);
    assert_eq!(core.next_output(), clone);
    assert_eq!(reply(&core), "_\r\n");
}

#[wasm_bindgen_test]
fn large_requests_do_not_keep_their_memory() {
    let mut core = open();
    let s = session(&mut core);
    let value = "x".repeat(3 << 20);
    assert_eq!(call(&mut core, s, 1000.0, &["SET", "k", &value]), "+OK\r\n");
    assert_eq!(core.mailbox.capacity as usize, SMALLEST);
    assert_eq!(call(&mut core, s, 1000.0, &["STRLEN", "k"]), format!(":{}\r\n", value.len()));
}

#[wasm_bindgen_test]
fn a_request_that_is_too_large_is_an_error_and_nothing_more() {
    let mut core = open();
    let s = session(&mut core);
    assert!(core.reserve((1 << 30) + 1).is_err());
    assert!(core.reserve(usize::MAX).is_err());
    assert_eq!(core.mailbox.capacity as usize, SMALLEST);
    assert_eq!(call(&mut core, s, 1000.0, &["CONFIG", "SET", "proto-max-bulk-len", "1mb"]), "+OK\r\n");
    let text = "-ERR string exceeds maximum allowed size (proto-max-bulk-len)\r\n";
    assert_eq!(call(&mut core, s, 1000.0, &["SET", "k", &"x".repeat((1 << 20) + 1)]), text);
    assert_eq!(call(&mut core, s, 1000.0, &["SET", "k", &"x".repeat(1 << 20)]), "+OK\r\n");
}

#[wasm_bindgen_test]
fn garbage_frames_get_an_error() {
    let mut core = open();
    let s = session(&mut core);
    core.request[..8].copy_from_slice(&[0xff; 8]);
    core.exec(s, 1000.0, 8);
    assert_eq!(reply(&core), "-ERR Protocol error: malformed frame\r\n");
    core.exec(s, 1000.0, usize::MAX);
    assert!(reply(&core).starts_with("-ERR"));
    core.exec(99.0, 1000.0, 0);
    assert!(reply(&core).starts_with("-ERR"));
}

#[wasm_bindgen_test]
fn wrong_options_are_refused() {
    let base = [("seed", JsValue::from(1)), ("now", JsValue::from(0.0))];
    for (name, value) in [("dialect", JsValue::from("klingon")), ("databases", "x".into())] {
        let mut fields = base.to_vec();
        fields.push((name, value));
        assert!(Core::new(object(&fields)).is_err(), "{name}");
    }
    assert!(Core::new(JsValue::NULL).is_err());
}

#[wasm_bindgen_test]
fn the_host_reads_and_sets_the_configuration() {
    let mut core = open();
    assert_eq!(core.setting("maxclients"), "10000");
    assert_eq!(core.setting("nosuch"), "");
    assert!(core.configure("port", "6380").is_ok());
    assert_eq!(core.setting("port"), "6380");
    assert!(core.configure("port", "x").is_err() && core.configure("nosuch", "1").is_err());
    core.count_rejected();
    let s = session(&mut core);
    assert!(call(&mut core, s, 1000.0, &["INFO", "stats"]).contains("rejected_connections:1\r\n"));
}

#[wasm_bindgen_test]
fn the_statistics_are_a_plain_object() {
    let mut core = open();
    let s = session(&mut core);
    call(&mut core, s, 1000.0, &["SET", "k", "v", "EX", "9"]);
    let stats = core.stats();
    let figure = |name: &str| Reflect::get(&stats, &name.into()).ok().and_then(|v| v.as_f64());
    assert_eq!((figure("keys"), figure("expires"), figure("commands")), (Some(1.0), Some(1.0), Some(1.0)));
}
