//! What is left out of the crate with its commands: types, deadlines of fields, RDB files. Values of such types are refused, in files and
//! journals, as unknown ones are, and all stays as it was. With the commands the same bytes are values, so this runs with all features,
//! without those that types belong to, and without any (`make test PART=rust`).

use testkit::resp;
use wakey::{Engine, Options, SessionOptions};

const NOW: f64 = 1_700_000_000_000.0;

/// A type: whether it is here, a value of it behind its key `k` in a file, why that is refused otherwise, and a command that makes one.
struct Type {
    name: &'static str,
    is_here: bool,
    kind: u8,
    value: &'static [u8],
    refused: &'static str,
    command: &'static str,
}

const TYPES: [Type; 5] = [
    Type {
        name: "stream",
        is_here: cfg!(feature = "streams"),
        kind: 21,
        value: b"\x01\x10\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01\x1d\x1d\x00\x00\x00\x0a\x00\x01\x01\x00\x01\x01\x01\
            \x81f\x02\x00\x01\x02\x01\x00\x01\x00\x01\x81v\x02\x04\x01\xff\x01\x01\x01\x01\x01\x00\x00\x01\x00",
        refused: "an unknown type",
        command: "XADD k 1-1 f v",
    },
    Type {
        name: "vectorset",
        is_here: cfg!(feature = "vectors"),
        kind: 7,
        value: b"\x81\xbd\xe7-\xa2\xbb\x1e\xb4\x00\x02\x02\x02\x01\x02P\x00\x02\x00\x05\x01a\x05\x08.\xf9d?.\xf9\xe4>\x02\x06\x02\x01\x02\
            \x80\x01\x00\x00\x00\x02\x00\x02 \x02\x00\x02\x80?\x8f\x1b\xbd\x00",
        refused: "a value of a module",
        command: "VADD k VALUES 2 1 0.5 a NOQUANT",
    },
    Type {
        name: "array",
        is_here: cfg!(feature = "arrays"),
        kind: 7,
        value: b"\x81\xc1\xa9\x1e\xcb\xe6\xab\xac\x01\x02\x00\x02\x01\x02\x00\x05\x01x\x00",
        refused: "a value of a module",
        command: "ARSET k 0 x",
    },
    // Hashes whose fields have deadlines: packed, and field by field.
    Type {
        name: "hash",
        is_here: cfg!(feature = "fields"),
        kind: 25,
        value: b"\x00@\x94R\xa3\x03\x00\x00\x17\x17\x00\x00\x00\x03\x00\x81f\x02\x81v\x02\xf4\x00@\x94R\xa3\x03\x00\x00\x09\xff",
        refused: "an unknown type",
        command: "HSETEX k EX 100 FIELDS 1 f v",
    },
    Type {
        name: "hash",
        is_here: cfg!(feature = "fields"),
        kind: 24,
        value: b"\x00@\x94R\xa3\x03\x00\x00\x01\x01\x01f\xc3\x09@A\x01vv\xe04\x00\x01vv",
        refused: "an unknown type",
        command: "HSETEX k FNX FIELDS 1 f v",
    },
];

/// Whether files are read.
const RDB: bool = cfg!(feature = "rdb");

struct Bench(Engine, u64);

impl Bench {
    /// With one key, `old`.
    fn new() -> Bench {
        let mut engine = Engine::new(Options { seed: 1, now: NOW, ..Options::default() });
        let session = engine.open_session(SessionOptions { trusted: true, ..SessionOptions::default() });
        let mut bench = Bench(engine, session);
        assert_eq!(bench.run("SET old 1"), "+OK");
        bench
    }

    fn run(&mut self, line: &str) -> String {
        let args: Vec<&str> = line.split(' ').collect();
        String::from_utf8_lossy(self.0.exec(self.1, NOW, &resp::frame(&args))).trim_end().into()
    }

    /// Imports a file that has come in pieces of so many bytes; why it is refused.
    fn import(&mut self, file: &[u8], piece: usize) -> Result<(), String> {
        self.0.begin_import(false).expect("no other import");
        let pieces = file.chunks(piece).chain([&b""[..]]);
        let mut read = Ok(());
        for piece in pieces {
            read = read.and_then(|()| self.0.load_rdb(piece, NOW).map(drop));
        }
        let read = read.and_then(|()| self.0.merge_import());
        self.0.end_import(read.is_ok(), NOW);
        read.map_err(|damage| damage.reason)
    }
}

/// A file with a string, and behind it the value.
fn file(one: &Type) -> Vec<u8> {
    let head = b"REDIS0012\xfe\x00\x00\x01a\x01b";
    [&head[..], &[one.kind], b"\x01k", one.value, b"\xff", &[0; 8]].concat()
}

#[test]
fn a_file_with_a_value_of_a_type_that_is_left_out_is_refused_whole() {
    for one in TYPES {
        let file = file(&one);
        for piece in [file.len(), 1] {
            let mut bench = Bench::new();
            let digest = bench.0.digest();
            let imported = bench.import(&file, piece);
            if one.is_here && RDB {
                assert_eq!(imported, Ok(()), "{}", one.name);
                assert_eq!(bench.run("TYPE k"), format!("+{}", one.name));
            } else {
                let refused = if RDB { one.refused } else { "an engine without the feature rdb reads no RDB file" };
                assert_eq!(imported, Err(refused.into()), "{}", one.name);
                assert_eq!((bench.run("KEYS *"), bench.0.digest()), ("*1\r\n$3\r\nold".into(), digest));
            }
        }
    }
}

#[test]
fn a_journal_with_a_command_that_is_left_out_is_damaged_there() {
    for one in TYPES {
        let mut engine = Engine::new(Options { seed: 1, now: NOW, ..Options::default() });
        let before = resp::request(&["SET", "old", "1"]);
        let args: Vec<&str> = one.command.split(' ').collect();
        let journal = [before.clone(), resp::request(&args)].concat();
        let loaded = engine.load(&journal).map_err(|damage| (damage.at, damage.reason));
        match one.is_here {
            true => assert_eq!(loaded, Ok(journal.len())),
            false => assert_eq!(loaded, Err((before.len(), format!("unknown command '{}'", args[0])))),
        }
    }
}

#[test]
fn a_command_that_is_left_out_is_unknown() {
    for one in TYPES {
        let mut bench = Bench::new();
        let reply = bench.run(one.command);
        assert_eq!(reply.starts_with("-ERR unknown command"), !one.is_here, "{reply}");
        assert_eq!(bench.run("DBSIZE"), if one.is_here { ":2" } else { ":1" });
    }
}

#[cfg(feature = "rdb")]
#[test]
fn a_payload_of_a_type_that_is_left_out_has_a_bad_format() {
    for one in TYPES {
        let mut bench = Bench::new();
        // Version 12, and a checksum of zero: whoever made it has made none.
        let payload = [&[one.kind][..], one.value, b"\x0c\x00", &[0; 8]].concat();
        let frame = resp::frame(&[&b"RESTORE"[..], b"k", b"0", &payload]);
        let reply = String::from_utf8_lossy(bench.0.exec(bench.1, NOW, &frame)).into_owned();
        assert_eq!(reply.trim_end(), if one.is_here { "+OK" } else { "-ERR Bad data format" }, "{}", one.name);
    }
}

/// A snapshot is commands where there are no RDB files; as a file, there is none.
#[test]
fn a_snapshot_brings_everything_back_with_files_and_without() {
    let mut bench = Bench::new();
    bench.run("RPUSH list a b c");
    bench.0.begin_mixed(usize::MAX);
    assert_eq!(bench.0.snapshot(usize::MAX), Some(false));
    let snapshot = bench.0.exported().to_vec();
    assert_eq!(snapshot.starts_with(b"REDIS"), RDB);
    let mut other = Engine::new(Options { seed: 2, now: NOW, ..Options::default() });
    let taken = if RDB { other.load_rdb(&snapshot, 0.0) } else { other.load(&snapshot) };
    assert_eq!(taken, Ok(snapshot.len()));
    other.finish_load(NOW);
    assert_eq!(other.digest(), bench.0.digest());
    bench.0.begin_rdb(false);
    assert_eq!(bench.0.snapshot(usize::MAX).is_some(), RDB);
}
