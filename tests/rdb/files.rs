//! RDB files: those that a server has saved, and ours.

use super::*;
use std::path::Path;

/// What servers have saved: the file, its version, and the digest of what is in it.
const SAVED: [&str; 3] = ["tests/data/saved-8.6.rdb", "tests/data/saved-6.0.rdb", "tests/data/saved-valkey-9.1.rdb"];

/// When files are read: after they were recorded.
const LATER: f64 = 3_800_000_000_000.0;

/// Keys of every kind, in three databases, some with deadlines.
fn fill(player: &mut dyn Player, file: &str) {
    begin(player);
    let sections = sections(&std::fs::read_to_string(file).expect("a file")).1;
    for (i, section) in sections.iter().filter(|section| section.payload.len() < 800).enumerate() {
        player.line("SELECT 0");
        player.line(&DEFAULTS.join(" "));
        for line in section.lines.iter().flat_map(|line| expand(line)) {
            player.line(&line);
        }
        player.line(&format!("RENAME k {i}"));
        if i % 4 == 0 {
            player.line(&format!("PEXPIREAT {i} {}", 4_000_000_000_000u64 + i as u64));
        }
        player.line(&format!("MOVE {i} {}", [0, 3, 9][i % 3]));
    }
    player.line("SELECT 0");
    player.line("SET short-lived v PX 1");
    player.line(&DEFAULTS.join(" "));
}

fn library(player: &mut dyn Player) {
    let source =
        b"#!lua name=lib\nredis.register_function('f', function() return 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' end)";
    player.call(&[b"FUNCTION".to_vec(), b"LOAD".to_vec(), b"REPLACE".to_vec(), source.to_vec()]);
}

/// An engine into which a file was read in pieces of this size, or what was wrong with it.
fn load(bytes: &[u8], piece: usize) -> Result<Wakey, String> {
    let mut wakey = Wakey::open(5);
    let mut taken = 0;
    let wrong = |damage: wakey::engine::Damage| format!("{} {}", damage.at, damage.reason);
    for piece in bytes.chunks(piece) {
        taken += wakey.0.load_rdb(piece, LATER).map_err(wrong)?;
    }
    wakey.0.load_rdb(b"", LATER).map_err(wrong)?;
    assert!(wakey.0.rdb_is_done() && taken <= bytes.len());
    wakey.0.finish_load(NOW);
    Ok(wakey)
}

/// What a file is written as, in slices of about this size.
fn save(wakey: &mut Wakey, about: usize) -> Vec<u8> {
    wakey.0.begin_rdb(false);
    let mut file = Vec::new();
    while {
        let more = wakey.0.snapshot(about).expect("memory");
        file.extend_from_slice(wakey.0.exported());
        more
    } {}
    file
}

fn all(player: &mut dyn Player) -> String {
    player.line("DEBUG DIGEST").text()
}

/// The folder and the name of the server's file.
fn place(redis: &mut Redis) -> std::path::PathBuf {
    let mut get = |name: &str| Player::line(redis, &format!("CONFIG GET {name}")).items()[1].text();
    Path::new(&get("dir")).join(get("dbfilename"))
}

fn record_file(redis: &mut Redis, at: usize) {
    fill(redis, FILES[at]);
    if at == 0 {
        library(redis);
    }
    std::thread::sleep(std::time::Duration::from_millis(5)); // the server's clock is its own
    assert_eq!(redis.line("SAVE").text(), "OK");
    std::fs::copy(place(redis), SAVED[at]).expect("a copy");
    redis.line("DEL short-lived");
    let mut wakey = Wakey::like(1, FILES[at]);
    fill(&mut wakey, FILES[at]);
    wakey.line("DEL short-lived");
    let digest = all(if at == 2 { &mut wakey } else { redis });
    std::fs::write(format!("{}.digest", SAVED[at]), digest).expect("a file");
    redis.line("FLUSHALL");
    if at == 0 {
        redis.line("FUNCTION FLUSH");
    }
}

#[test]
fn files_of_servers_are_read_in_pieces_of_any_size() {
    if let Some((mut redis, _alone)) = server().filter(|_| std::env::var("WAKEY_RECORD").is_ok()) {
        record_file(&mut redis, std::env::var("WAKEY_DUMPS").ok().and_then(|n| n.parse().ok()).unwrap_or(0));
    }
    for (at, file) in SAVED.iter().enumerate() {
        let bytes = std::fs::read(file).expect("a file");
        let digest = std::fs::read_to_string(format!("{file}.digest")).expect("a digest");
        for piece in [1, 7, 100, 4096, usize::MAX] {
            let mut wakey = load(&bytes, piece).expect("a file that can be read");
            assert_eq!(all(&mut wakey), digest, "{file} in pieces of {piece}");
            assert_eq!(wakey.line("EXISTS short-lived").int(), Some(0), "its time had come");
            if at == 0 {
                assert_eq!(wakey.line("FCALL f 0").text(), "a".repeat(31));
            }
        }
        // What is behind the end is not the file's.
        let mut wakey = Wakey::open(1);
        let more = [&bytes[..], b"*1\r\n$4\r\nPING\r\n"].concat();
        assert_eq!(wakey.0.load_rdb(&more, NOW).ok(), Some(bytes.len()));
        // A file without an end has none, wherever it is cut.
        for len in (0..bytes.len()).step_by(97).chain([bytes.len() - 1, bytes.len() - 8, bytes.len() - 9]) {
            assert!(load(&bytes[..len], 1000).is_err(), "{file}: the first {len} bytes");
        }
    }
}

/// As a Valkey: what it writes in the end is what that would have written.
#[test]
fn in_its_dialect_files_are_valkey_s() {
    let mut wakey = Wakey::like(7, FILES[2]);
    fill(&mut wakey, FILES[2]);
    wakey.line("DEL short-lived");
    let file = save(&mut wakey, 100);
    assert!(file.starts_with(b"VALKEY080\xfa\x0avalkey-ver\x059.1.2"));
    assert_eq!(all(&mut load(&file, 333).expect("our own file")), all(&mut wakey));
    // Each has its own versions, and its own payloads.
    for head in [&b"REDIS0080"[..], b"REDIS0014", b"VALKEY081", b"VALKEY000"] {
        assert!(load(&[head, &file[9..]].concat(), 333).is_err());
    }
    wakey.line("HSET k f v");
    wakey.line("HEXPIRE k 100 FIELDS 1 f");
    let (theirs, mut redis) = (wakey.line("DUMP k"), Wakey::open(1));
    assert_eq!(restore(&mut wakey, theirs.bytes()).text(), "OK");
    assert!(restore(&mut redis, theirs.bytes()).is_error());
    redis.line("SET k v");
    assert!(restore(&mut wakey, redis.line("DUMP k").bytes()).is_error());
}

#[test]
fn what_is_written_is_read_again_in_slices_and_beside_writes() {
    for about in [1, 100, 1 << 20] {
        let mut wakey = Wakey::open(7);
        fill(&mut wakey, FILES[0]);
        library(&mut wakey);
        wakey.line("DEL short-lived");
        let digest = all(&mut wakey);
        let file = save(&mut wakey, about);
        assert_eq!(&file[..9], b"REDIS0012");
        let mut again = load(&file, 333).expect("our own file");
        assert_eq!(all(&mut again), digest);
        assert_eq!(again.line("FCALL f 0").text(), "a".repeat(31));
        // Keys change and go while it is written: it shows what was there in the beginning.
        wakey.0.begin_rdb(false);
        let (mut file, mut i) = (Vec::new(), 0);
        while wakey.0.snapshot(50).expect("memory") {
            file.extend_from_slice(wakey.0.exported());
            wakey.line(&format!("SELECT {}", [0, 3, 9][i % 3]));
            let line = match i % 5 {
                0 => format!("DEL {i}"),
                1 => format!("SET {i} other"),
                2 => format!("RENAME {i} new{i}"),
                3 => format!("SET new:{i} v"),
                _ => format!("APPEND {i} x"),
            };
            wakey.line(&line);
            if i == 20 {
                wakey.line("SWAPDB 0 3");
            }
            i += 1;
        }
        file.extend_from_slice(wakey.0.exported());
        assert!(i > 10, "{i} slices");
        assert_eq!(all(&mut load(&file, 1 << 20).expect("our own file")), digest);
    }
}

#[test]
fn use_of_keys_is_kept_where_the_policy_looks_at_it() {
    for (policy, ask, want) in [("allkeys-lru", "OBJECT IDLETIME k", 77), ("volatile-lfu", "OBJECT FREQ k", 99)] {
        let mut wakey = Wakey::open(1);
        wakey.line(&format!("CONFIG SET maxmemory-policy {policy}"));
        wakey.line("SET a 1");
        let payload = wakey.line("DUMP a").bytes().to_vec();
        let restore = |word: &str, number: &str| {
            [b"RESTORE", &b"k"[..], b"0", &payload, word.as_bytes(), number.as_bytes()].map(<[u8]>::to_vec)
        };
        let line = if ask.contains("FREQ") { restore("FREQ", "99") } else { restore("IDLETIME", "77") };
        assert_eq!(wakey.call(&line).text(), "OK");
        let file = save(&mut wakey, 1000);
        let mut again = Wakey::open(1);
        again.line(&format!("CONFIG SET maxmemory-policy {policy}"));
        again.0.load_rdb(&file, NOW).expect("our own file");
        again.0.finish_load(NOW);
        assert_eq!(again.line(ask).int(), Some(want), "{policy}");
    }
}

#[test]
fn debug_reload_changes_nothing() {
    let mut wakey = Wakey::open(7);
    fill(&mut wakey, FILES[0]);
    library(&mut wakey);
    wakey.line("DEL short-lived");
    let digest = all(&mut wakey);
    for line in ["DEBUG RELOAD", "DEBUG RELOAD NOFLUSH MERGE"] {
        assert_eq!(wakey.line(line).text(), "OK");
        assert_eq!(all(&mut wakey), digest);
    }
    assert_eq!(wakey.line("FCALL f 0").text(), "a".repeat(31));
}

#[test]
fn who_was_read_from_a_file_ends_in_time_without_being_looked_at() {
    let mut wakey = Wakey::open(5);
    for i in 0..100 {
        wakey.line(&format!("SET {i} v PXAT {}", LATER as i64 + 1000 + i * 7 % 100));
    }
    let file = save(&mut wakey, 1 << 20);
    // As it was read again: at once, in place of itself, and in pieces.
    for line in ["DEBUG RELOAD", "DEBUG RELOAD NOFLUSH MERGE"] {
        assert_eq!(wakey.line(line).text(), "OK");
        assert_eq!(wakey.0.next_deadline(), LATER + 1000.0, "{line}");
    }
    for mut wakey in [wakey, load(&file, 100).expect("our own file")] {
        assert_eq!(wakey.0.next_deadline(), LATER + 1000.0);
        wakey.0.tick(LATER + 1049.0);
        assert_eq!(wakey.0.next_deadline(), LATER + 1050.0);
        wakey.0.tick(LATER + 1099.0);
        assert!(wakey.0.next_deadline() > LATER + 1e9);
        assert_eq!(wakey.line("DBSIZE"), Value::Int(0));
    }
}

#[test]
fn a_real_server_reads_the_files_that_are_written_here() {
    let Some((mut redis, _alone)) = server() else { return };
    let own = file_of(&mut redis);
    let mut wakey = Wakey::like(7, own);
    fill(&mut wakey, own);
    library(&mut wakey);
    wakey.line("DEL short-lived");
    let path = place(&mut redis);
    for policy in ["noeviction", "allkeys-lru", "allkeys-lfu"] {
        wakey.line(&format!("CONFIG SET maxmemory-policy {policy}"));
        std::fs::write(&path, save(&mut wakey, 1000)).expect("a file");
        if let Ok(bin) = std::env::var("WAKEY_REDIS_BIN") {
            let check = std::process::Command::new(Path::new(&bin).join(if own == FILES[0] {
                "redis-check-rdb"
            } else {
                "valkey-check-rdb"
            }))
            .arg(&path)
            .output();
            let said = String::from_utf8_lossy(&check.expect("redis-check-rdb").stdout).to_string();
            assert!(said.contains("RDB looks OK") && !said.contains("RDB ERROR"), "{said}");
        }
        assert_eq!(redis.line("DEBUG RELOAD NOSAVE").text(), "OK");
        if own == FILES[0] {
            assert_eq!(all(&mut redis), all(&mut wakey));
        }
        assert_eq!(redis.line("SAVE").text(), "OK");
        let theirs = std::fs::read(&path).expect("a file");
        assert_eq!(all(&mut load(&theirs, 1000).expect("their file")), all(&mut wakey));
        assert_eq!(redis.line("FCALL f 0").text(), "a".repeat(31));
    }
    redis.line("FUNCTION FLUSH");
    redis.line("FLUSHALL");
}
