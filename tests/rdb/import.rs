//! A file that is loaded into an engine with sessions and data.

use testkit::resp;
use wakey::{Engine, Options, SessionOptions};

const NOW: f64 = 1_700_000_000_000.0;

fn engine() -> (Engine, u64) {
    let mut engine = Engine::new(Options { seed: 1, now: NOW, ..Options::default() });
    let session = engine.open_session(SessionOptions { trusted: true, ..SessionOptions::default() });
    (engine, session)
}

fn run(engine: &mut Engine, session: u64, line: &str) -> String {
    let args: Vec<String> = line.split(' ').map(String::from).collect();
    String::from_utf8_lossy(engine.exec(session, NOW, &resp::frame(&args))).trim_end().into()
}

/// An RDB file of an engine that has run these lines.
fn file(lines: &[&str]) -> Vec<u8> {
    let (mut engine, session) = engine();
    for line in lines {
        run(&mut engine, session, line);
    }
    engine.begin_rdb(false);
    engine.snapshot(usize::MAX);
    engine.exported().to_vec()
}

fn load(engine: &mut Engine, bytes: &[u8]) -> Result<(), String> {
    let wrong = |damage| format!("{damage:?}");
    engine.load_rdb(bytes, NOW).map_err(wrong)?;
    engine.load_rdb(b"", NOW).map(drop).map_err(wrong)
}

#[test]
fn who_needs_the_data_is_told_that_it_is_loading_and_who_does_not_is_answered() {
    let (mut engine, a) = engine();
    run(&mut engine, a, "SET old 1");
    let b = engine.open_session(SessionOptions { trusted: true, ..SessionOptions::default() });
    run(&mut engine, b, "MULTI");
    run(&mut engine, b, "GET old");
    assert!(engine.begin_import(false).is_ok());
    let loading = "-LOADING Redis is loading the dataset in memory";
    for line in ["GET old", "PING", "SET a b", "DBSIZE", "BGSAVE", "WAIT 0 0", "FUNCTION LIST", "SCRIPT FLUSH"] {
        assert_eq!(run(&mut engine, a, line), loading, "{line}");
    }
    assert_eq!(run(&mut engine, a, "GET"), "-ERR wrong number of arguments for 'get' command");
    assert_eq!(run(&mut engine, a, "SELECT 1"), "+OK");
    assert_eq!(run(&mut engine, a, "ECHO a"), "$1\r\na");
    assert!(run(&mut engine, a, "INFO persistence").contains("loading:1"));
    let queued = "-EXECABORT Transaction discarded because of: LOADING Redis is loading the dataset in memory";
    assert_eq!(run(&mut engine, b, "EXEC"), queued);
    run(&mut engine, a, "SELECT 0");
    run(&mut engine, a, "MULTI");
    assert_eq!(run(&mut engine, a, "GET old"), loading);
    assert_eq!(run(&mut engine, a, "EXEC"), "-EXECABORT Transaction discarded because of previous errors.");
    engine.end_import(false, NOW);
    assert_eq!(run(&mut engine, a, "GET old"), "$1\r\n1");
}

#[test]
fn a_file_takes_the_place_of_what_was_there_or_goes_beside_it() {
    let bytes = file(&["SET new 1", "SET both file", "SELECT 3", "SET other 1"]);
    for merge in [false, true] {
        let (mut engine, a) = engine();
        for line in ["SET old 1", "SET both old", "PEXPIRE both 1000"] {
            run(&mut engine, a, line);
        }
        assert!(engine.begin_import(merge).is_ok());
        assert_eq!(load(&mut engine, &bytes), Ok(()));
        assert!(engine.merge_import().is_ok());
        engine.end_import(true, NOW);
        assert_eq!(run(&mut engine, a, "EXISTS old new"), if merge { ":2" } else { ":1" });
        assert_eq!(run(&mut engine, a, "GET both"), "$4\r\nfile");
        assert_eq!(run(&mut engine, a, "TTL both"), ":-1");
        assert_eq!(engine.next_deadline(), f64::INFINITY);
        run(&mut engine, a, "SELECT 3");
        assert_eq!(run(&mut engine, a, "GET other"), "$1\r\n1");
    }
}

#[test]
fn after_damage_all_is_as_it_was() {
    let library = "FUNCTION LOAD #!lua\u{20}name=kept\nredis.register_function('kept',function()return\t1\tend)";
    let bytes = file(&["SET new 1", "SET both file"]);
    for merge in [false, true] {
        let (mut engine, a) = engine();
        let args = ["FUNCTION", "LOAD", library.split_once("LOAD ").unwrap().1].map(String::from);
        engine.exec(a, NOW, &resp::frame(&args));
        for line in ["SET old 1", "SET both old", "PEXPIRE both 1000"] {
            run(&mut engine, a, line);
        }
        let (before, deadline) = (engine.digest(), engine.next_deadline());
        for at in [5, 30, bytes.len() - 1] {
            assert!(engine.begin_import(merge).is_ok());
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x55;
            assert!(load(&mut engine, &damaged).is_err(), "{at}");
            engine.end_import(false, NOW);
            assert_eq!((engine.digest(), engine.next_deadline()), (before, deadline));
            assert_eq!(run(&mut engine, a, "FCALL kept 0"), ":1");
        }
        assert!(engine.begin_import(merge).is_ok());
        assert!(load(&mut engine, &bytes[..bytes.len() - 3]).is_err());
        engine.end_import(false, NOW);
        assert_eq!(engine.digest(), before);
    }
}

#[test]
fn transactions_that_watch_fail_and_who_waits_goes_on() {
    let bytes = file(&["RPUSH list a b"]);
    for merge in [false, true] {
        let (mut engine, a) = engine();
        run(&mut engine, a, "SET k 1");
        run(&mut engine, a, "WATCH k");
        let b = engine.open_session(SessionOptions { trusted: true, ..SessionOptions::default() });
        run(&mut engine, b, "BLPOP list 0");
        assert!(engine.begin_import(merge).is_ok());
        assert_eq!(load(&mut engine, &bytes), Ok(()));
        engine.tick(NOW + 5.0);
        assert!(engine.is_waiting(b));
        assert!(engine.merge_import().is_ok());
        engine.end_import(true, NOW);
        assert!(!engine.is_waiting(b));
        run(&mut engine, a, "MULTI");
        run(&mut engine, a, "PING");
        assert_eq!(run(&mut engine, a, "EXEC"), "*-1");
        assert_eq!(run(&mut engine, a, "LRANGE list 0 -1"), "*1\r\n$1\r\nb");
    }
}
