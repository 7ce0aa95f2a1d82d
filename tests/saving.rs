//! When the host is asked to save, and who waits for its disk: the points of `save`, WAITAOF, SHUTDOWN, BACKUP.

use testkit::resp;
use wakey::server::host::{HostRequest, Store, Ways};
use wakey::{Engine, Options, SessionId, SessionOptions};

const NOW: f64 = 1_700_000_000_000.0;

struct Bench {
    engine: Engine,
    session: SessionId,
    now: f64,
}

impl Bench {
    fn new() -> Bench {
        let mut engine = Engine::new(Options { seed: 7, now: NOW, ..Options::default() });
        let session = engine.open_session(SessionOptions::default());
        engine.set_store(Store { saves: true, ..Store::default() });
        Bench { engine, session, now: NOW }
    }

    fn ask(&mut self, args: &[&str]) -> String {
        String::from_utf8_lossy(self.engine.feed(self.session, self.now, &resp::request(args))).into_owned()
    }

    fn tick(&mut self, seconds: f64) -> Option<HostRequest> {
        self.now += seconds * 1000.0;
        self.engine.tick(self.now);
        self.engine.next_request()
    }

    /// The host has written a snapshot, or has not.
    fn saved(&mut self, saved_ok: bool) {
        let before = self.engine.store().clone();
        let (last_save, saves_done) = match saved_ok {
            true => ((self.now / 1000.0) as i64, before.saves_done + 1),
            false => (before.last_save, before.saves_done),
        };
        self.engine.set_store(Store { saved_ok, last_save, saves_done, saving: false, ..before });
    }

    fn unsaved(&mut self) -> String {
        let info = self.ask(&["INFO", "persistence"]);
        info.lines().find_map(|line| line.strip_prefix("rdb_changes_since_last_save:")).expect("a field").into()
    }
}

#[test]
fn points_of_save_are_reached_to_the_second() {
    let mut bench = Bench::new();
    bench.ask(&["SET", "k", "1"]);
    assert_eq!(bench.engine.next_deadline(), f64::INFINITY);
    bench.ask(&["CONFIG", "SET", "save", "60 1 5 3"]);
    assert_eq!(bench.engine.next_deadline(), NOW + 61_000.0);
    assert_eq!(bench.tick(59.0), None);
    // The shorter one, once there are so many changes.
    bench.ask(&["MSET", "a", "1", "b", "2"]);
    assert_eq!(bench.engine.next_deadline(), NOW + 6_000.0);
    assert_eq!(bench.tick(0.0), Some(HostRequest::SaveSoon));
    bench.engine.begin_rdb(false);
    bench.ask(&["SET", "k", "2"]);
    while bench.engine.snapshot(1 << 20) == Some(true) {}
    bench.saved(true);
    assert_eq!(bench.unsaved(), "1", "what came since the save began");
    assert_eq!(bench.engine.next_deadline(), bench.now + 61_000.0);
    bench.ask(&["CONFIG", "SET", "save", ""]);
    assert_eq!(bench.engine.next_deadline(), f64::INFINITY);
    assert_eq!(bench.tick(1000.0), None);
}

#[test]
fn two_saves_in_a_second_are_two() {
    let mut bench = Bench::new();
    for _ in 0..2 {
        bench.ask(&["SET", "k", "1"]);
        bench.engine.begin_rdb(false);
        while bench.engine.snapshot(1 << 20) == Some(true) {}
        bench.saved(true);
        assert_eq!(bench.unsaved(), "0");
    }
}

#[test]
fn what_failed_is_tried_again_and_stops_writes() {
    let mut bench = Bench::new();
    bench.ask(&["CONFIG", "SET", "save", "1 1"]);
    bench.ask(&["SET", "k", "1"]);
    assert_eq!(bench.tick(2.0), Some(HostRequest::SaveSoon));
    bench.saved(false);
    assert!(bench.ask(&["SET", "k", "2"]).starts_with("-MISCONF Redis is configured to save RDB snapshots, but"));
    assert!(bench.ask(&["EVAL", "return redis.call('SET', 'k', 2)", "0"]).starts_with("-MISCONF Redis is"));
    assert!(bench.ask(&["PING"]).starts_with("-MISCONF Redis is"));
    assert_eq!(bench.ask(&["GET", "k"]), "$1\r\n1\r\n");
    assert_eq!(bench.engine.next_deadline(), bench.now + 6000.0);
    assert_eq!(bench.tick(5.0), None);
    assert_eq!(bench.tick(1.0), Some(HostRequest::SaveSoon));
    bench.saved(false);
    bench.ask(&["CONFIG", "SET", "stop-writes-on-bgsave-error", "no"]);
    assert_eq!(bench.ask(&["SET", "k", "2"]), "+OK\r\n");
    bench.ask(&["CONFIG", "SET", "stop-writes-on-bgsave-error", "yes", "save", ""]);
    assert_eq!(bench.ask(&["SET", "k", "2"]), "+OK\r\n");
    assert_eq!(bench.ask(&["PING"]), "+PONG\r\n");
}

#[test]
fn waitaof_waits_for_the_disk() {
    let mut bench = Bench::new();
    assert!(bench.ask(&["WAITAOF", "1", "0", "0"]).starts_with("-ERR WAITAOF cannot be used when numlocal is set"));
    bench.engine.set_store(Store { kind: "file".into(), appends: true, ..Store::default() });
    bench.ask(&["SET", "k", "1"]);
    assert_eq!(bench.ask(&["WAITAOF", "1", "0", "0"]), "");
    assert_eq!(bench.engine.next_request(), Some(HostRequest::Sync));
    let other = bench.engine.open_session(SessionOptions::default());
    assert_eq!(bench.engine.feed(other, bench.now, b"SET k 2\r\nWAITAOF 1 1 100\r\nPING\r\n"), b"+OK\r\n");
    assert_eq!(bench.engine.next_request(), Some(HostRequest::Sync));
    bench.engine.host_did(1);
    assert_eq!(bench.engine.next_output(), Some((bench.session, &b"*2\r\n:1\r\n:0\r\n"[..], false)));
    assert!(bench.engine.is_waiting(other));
    bench.engine.host_did(2);
    assert_eq!(bench.engine.next_output(), None, "there is no replica");
    assert_eq!(bench.tick(0.2), None);
    assert_eq!(bench.engine.next_output(), Some((other, &b"*2\r\n:1\r\n:0\r\n+PONG\r\n"[..], false)));
    // Not in time.
    assert_eq!(bench.ask(&["WAITAOF", "1", "0", "50"]), "");
    bench.tick(0.1);
    assert_eq!(bench.engine.next_output(), Some((bench.session, &b"*2\r\n:0\r\n:0\r\n"[..], false)));
    bench.engine.host_did(3);
    assert_eq!(bench.engine.next_output(), None);
    // Each change is on the disk before it is answered.
    bench.ask(&["CONFIG", "SET", "appendfsync", "always"]);
    assert_eq!(bench.ask(&["WAITAOF", "1", "0", "0"]), "*2\r\n:1\r\n:0\r\n");
}

#[test]
fn who_could_not_shut_down_is_told() {
    let mut bench = Bench::new();
    assert_eq!(bench.ask(&["SHUTDOWN", "SAVE"]), "");
    assert_eq!(bench.engine.next_request(), Some(HostRequest::SaveAndEnd));
    assert!(!bench.engine.closing(bench.session));
    bench.engine.host_did(0);
    let told = &b"-ERR Errors trying to SHUTDOWN. Check logs.\r\n"[..];
    assert_eq!(bench.engine.next_output(), Some((bench.session, told, false)));
    assert_eq!(bench.ask(&["PING"]), "+PONG\r\n");
    // With points of `save` it saves unasked.
    bench.ask(&["CONFIG", "SET", "save", "60 1"]);
    assert_eq!(bench.ask(&["SHUTDOWN"]), "");
    assert_eq!(bench.engine.next_request(), Some(HostRequest::SaveAndEnd));
    bench.engine.host_did(0);
    assert_eq!(bench.engine.next_output(), Some((bench.session, told, false)));
    bench.ask(&["SHUTDOWN", "NOSAVE"]);
    assert_eq!(bench.engine.next_request(), Some(HostRequest::End));
    assert!(bench.engine.closing(bench.session));
    let mut bench = Bench::new();
    bench.ask(&["SHUTDOWN", "SAVE", "FORCE"]);
    assert_eq!(bench.engine.next_request(), Some(HostRequest::ForceEnd));
}

struct Folders;

impl Ways for Folders {
    fn may(&self, name: &str, value: &[u8], dir: &[u8]) -> Result<String, String> {
        let value = std::str::from_utf8(value).expect("UTF-8");
        match value {
            "/nonexistent" => Err("No such file or directory".into()),
            _ if name == "appendonly" => {
                if dir == b"/full" {
                    Err("no".into())
                } else {
                    Ok(value.into())
                }
            }
            _ => Ok(["/", value].concat()),
        }
    }
}

#[test]
fn the_host_is_asked_for_dir_and_appendonly() {
    let mut bench = Bench::new();
    let refused = "-ERR CONFIG SET failed (possibly related to argument 'appendonly') - Unable to turn on AOF. Check server logs.\r\n";
    assert_eq!(bench.ask(&["CONFIG", "SET", "appendonly", "yes"]), refused, "a host without files");
    bench.engine.configure("enable-protected-configs", "yes").expect("one of its words");
    bench.engine.set_ways(Box::new(Folders));
    let wrong = "-ERR CONFIG SET failed (possibly related to argument 'dir') - No such file or directory\r\n";
    assert_eq!(bench.ask(&["CONFIG", "SET", "dir", "/nonexistent"]), wrong);
    assert_eq!(bench.ask(&["CONFIG", "SET", "dir", "data"]), "+OK\r\n");
    assert_eq!(bench.ask(&["CONFIG", "GET", "dir"]), "*2\r\n$3\r\ndir\r\n$5\r\n/data\r\n");
    assert_eq!(bench.engine.next_request(), None);
    // All or nothing, in the folder that it is to be.
    assert!(bench.ask(&["CONFIG", "SET", "dir", "full", "appendonly", "yes"]).ends_with("'appendonly') - no\r\n"));
    assert_eq!(bench.ask(&["CONFIG", "GET", "dir"]), "*2\r\n$3\r\ndir\r\n$5\r\n/data\r\n");
    assert_eq!(bench.ask(&["CONFIG", "SET", "appendonly", "yes"]), "+OK\r\n");
    assert_eq!(bench.engine.next_request(), Some(HostRequest::Append));
    assert_eq!(bench.ask(&["CONFIG", "SET", "appendonly", "yes"]), "+OK\r\n");
    assert_eq!(bench.engine.next_request(), None);
    assert_eq!(bench.ask(&["CONFIG", "SET", "appendonly", "no"]), "+OK\r\n");
    assert_eq!(bench.engine.next_request(), Some(HostRequest::Append));
}

#[test]
fn a_backup_goes_by_what_the_host_says_of_it() {
    let mut bench = Bench::new();
    let told = |bench: &mut Bench, backup: &str| {
        let before = bench.engine.store().clone();
        bench.engine.set_store(Store { kind: "file".into(), appends: true, backup: backup.into(), ..before });
    };
    told(&mut bench, "idle\n");
    assert!(bench.ask(&["BACKUP", "SEAL"]).starts_with("-ERR"));
    assert_eq!(bench.ask(&["BACKUP", "START"]), "+OK\r\n");
    assert!(bench.ask(&["BACKUP", "STATUS"]).contains("snapshotting"));
    assert!(bench.ask(&["BACKUP", "START"]).starts_with("-ERR"));
    assert_eq!(bench.engine.next_request(), Some(HostRequest::BackupStart));
    assert_eq!(bench.engine.next_request(), None);

    told(&mut bench, "incrementing\n\n/b/base");
    assert!(bench.ask(&["BACKUP", "CLEANUP"]).starts_with("-ERR"));
    assert!(bench.ask(&["INFO", "persistence"]).contains("backup_in_progress:1"));
    assert_eq!(bench.ask(&["BACKUP", "LIST"]), "*1\r\n$7\r\n/b/base\r\n");
    assert_eq!(bench.ask(&["BACKUP", "SEAL"]), "+OK\r\n");
    assert_eq!(bench.engine.next_request(), Some(HostRequest::BackupSeal));

    // A sealed one goes by itself once `backup-sealed-ttl` says so, also where that is set later.
    told(&mut bench, "sealed\n\n/b/base\n/b/incr");
    assert_eq!(bench.engine.next_deadline(), f64::INFINITY);
    assert_eq!(bench.ask(&["CONFIG", "SET", "backup-sealed-ttl", "60"]), "+OK\r\n");
    let due = bench.engine.next_deadline();
    assert!(due.is_finite());
    assert_eq!(bench.tick(59.0), None);
    assert_eq!(bench.tick(1.0), Some(HostRequest::BackupCleanup));
    assert_eq!(bench.engine.next_deadline(), f64::INFINITY);
    told(&mut bench, "idle\n");
    assert!(bench.ask(&["BACKUP", "STATUS"]).contains("idle"));
}
