//! What a hostile client may not do: write with a session that may only read, or make a browser send commands.

use testkit::random::Random;
use testkit::resp;
use testkit::session::{Grammar, PLAIN, generate};
use testkit::text;
use wakey::SessionId;
use wakey::table::spec::flags::{ADMIN, WRITE};
use wakey::{Engine, Options, SessionOptions};

const NOW: f64 = 1_700_000_000_000.0;

fn engine() -> Engine {
    Engine::new(Options { seed: 1, now: NOW, ..Options::default() })
}

fn open(engine: &mut Engine, trusted: bool, readonly: bool) -> SessionId {
    engine.open_session(SessionOptions { trusted, readonly, ..SessionOptions::default() })
}

fn feed(engine: &mut Engine, id: SessionId, bytes: &[u8]) -> String {
    String::from_utf8_lossy(engine.feed(id, NOW, bytes)).into_owned()
}

/// What a message may be besides whole commands: lengths that some readers take for others, line ends that are none.
fn damage(random: &mut Random, mut request: Vec<u8>) -> Vec<u8> {
    const TRICKS: &[&[u8]] =
        &[b"\r\r\n", b"\n", b"\r", b" ", b"0x", b"+", b"0", b"e0", b"$", b"*", b"\r\n", b"-1", b"\0"];
    for _ in 0..random.below(3) {
        let at = random.below(request.len() + 1);
        let end = (at + random.below(3)).min(request.len());
        request.splice(at..end, random.pick(TRICKS).iter().copied());
    }
    request
}

#[test]
fn whatever_a_reader_sends_nothing_changes_and_only_reads_run() {
    let grammar = Grammar::read(PLAIN);
    let mut random = Random::new(11);
    let mut engine = engine();
    let (owner, watcher) = (open(&mut engine, true, false), open(&mut engine, true, false));
    for step in generate(&grammar, &mut random, 0).steps {
        engine.feed(owner, NOW, &resp::request(&step.args));
    }
    assert_eq!(feed(&mut engine, watcher, b"MONITOR\r\n"), "+OK\r\n");
    let (mut ran, mut refused) = (0, 0);
    for seed in 0..60 {
        for step in generate(&grammar, &mut random, seed).steps {
            let reader = open(&mut engine, true, true);
            let before = engine.digest();
            let mut bytes = damage(&mut random, resp::request(&step.args));
            if random.one_in(3) {
                bytes = [b"*1\r\n$5\r\nMULTI\r\n".to_vec(), bytes, b"*1\r\n$4\r\nEXEC\r\n".to_vec()].concat();
            }
            let mut replies = String::new();
            for piece in bytes.chunks(1 + random.below(bytes.len())) {
                replies += &feed(&mut engine, reader, piece);
            }
            refused += replies.contains("-NOPERM") as usize;
            assert_eq!(engine.digest(), before, "{:?} {replies:?}", String::from_utf8_lossy(&bytes));
            engine.close_session(reader);
        }
        while let Some((id, lines, _)) = engine.next_output() {
            assert_eq!(id, watcher);
            let lines = lines.to_vec();
            for line in lines.split(|&b| b == b'\n').filter(|line| !line.is_empty()) {
                let line = String::from_utf8_lossy(line);
                let words =
                    text::split(line.split_once("] ").expect("a line of MONITOR").1.trim_end()).expect("quoted");
                let table = &engine.server().table;
                let wakey::table::find::Found::Row(number) = table.find(&words[0], words.get(1).map(|word| &word[..]))
                else {
                    panic!("{line} has run")
                };
                let flags = table.row(number).spec.flags;
                assert!(flags & (WRITE | ADMIN) == 0, "{line} has run");
                ran += 1;
            }
        }
    }
    assert!(ran > 100 && refused > 100, "{ran} commands have run, {refused} were refused");
}

#[test]
fn a_reader_that_counts_leaves_the_count_of_others_as_it_was() {
    let mut engine = engine();
    let (owner, reader) = (open(&mut engine, true, false), open(&mut engine, true, true));
    feed(&mut engine, owner, b"PFADD p a b c\r\n");
    let before = engine.digest();
    assert_eq!(feed(&mut engine, reader, b"PFCOUNT p\r\n"), ":3\r\n");
    assert_eq!(engine.digest(), before);
    feed(&mut engine, owner, b"PFCOUNT p\r\n");
    assert_ne!(engine.digest(), before);
    assert_eq!(feed(&mut engine, reader, b"PFCOUNT p\r\n"), ":3\r\n");
}

#[test]
fn a_reader_is_refused_in_every_way_in() {
    let mut engine = engine();
    let reader = open(&mut engine, true, true);
    let no =
        |name: &str| format!("-NOPERM this user has no permissions to run the '{name}' command or its subcommand\r\n");
    assert_eq!(feed(&mut engine, reader, b"SET k v\r\n"), no("set"));
    assert_eq!(feed(&mut engine, reader, b"*2\r\n$5\r\nGETEX\r\n$1\r\nk\r\n"), no("getex"));
    assert_eq!(String::from_utf8_lossy(engine.exec(reader, NOW, &resp::frame(&["FLUSHALL"]))), no("flushall"));
    for command in
        ["CONFIG GET *", "CLIENT LIST", "KEYS *", "SCAN 0", "PUBLISH c m", "SPUBLISH c m", "DEBUG SLEEP 0", "MONITOR"]
    {
        let name = command.split(' ').next().unwrap_or_default().to_lowercase();
        assert_eq!(feed(&mut engine, reader, format!("{command}\r\n").as_bytes()), no(&name), "{command}");
    }
    assert_eq!(
        feed(&mut engine, reader, b"MULTI\r\nGET k\r\nDEL k\r\nEXEC\r\n"),
        format!("+OK\r\n+QUEUED\r\n{}-EXECABORT Transaction discarded because of previous errors.\r\n", no("del"))
    );
    assert_eq!(feed(&mut engine, reader, b"GET k\r\nCLIENT ID\r\nPING\r\n"), "$-1\r\n:1\r\n+PONG\r\n");
    // Neither a new protocol, nor a reset, nor a session like this one changes that.
    feed(&mut engine, reader, b"HELLO 3\r\nRESET\r\nSELECT 1\r\n");
    assert_eq!(feed(&mut engine, reader, b"SET k v\r\n"), no("set"));
    let clone = engine.clone_session(reader);
    assert_eq!(feed(&mut engine, clone, b"SET k v\r\n"), no("set"));
}

#[test]
fn http_ends_an_untrusted_connection_before_its_body_runs() {
    let bodies = [
        "POST / HTTP/1.1\r\nContent-Length: 20\r\n\r\nSET evil 1\r\n",
        "post\r\nSET evil 1\r\n",
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:6379\r\n\r\nSET evil 1\r\n",
        "PUT /x HTTP/1.1\r\nhOST: a\r\n\r\nSET evil 1\r\n",
        "*1\r\n$4\r\nPOST\r\nSET evil 1\r\n",
        "*2\r\n$5\r\nHost:\r\n$1\r\na\r\n*3\r\n$3\r\nSET\r\n$4\r\nevil\r\n$1\r\n1\r\n",
        "MULTI\r\nPOST / HTTP/1.1\r\nSET evil 1\r\nEXEC\r\n",
    ];
    for body in bodies {
        for size in [1, 7, body.len()] {
            let mut engine = engine();
            let id = open(&mut engine, false, false);
            let replies: Vec<String> = body.as_bytes().chunks(size).map(|piece| feed(&mut engine, id, piece)).collect();
            assert!(engine.closing(id) && engine.speaks_http(id), "{body}");
            assert!(replies.last().is_some_and(String::is_empty), "{body}: {replies:?}");
            assert_eq!(engine.keyspace().len(), 0, "{body}");
        }
    }
    // In process nothing is HTTP, and there is nobody to be protected from.
    let mut engine = engine();
    let id = open(&mut engine, true, false);
    assert_eq!(
        feed(&mut engine, id, b"POST x\r\nPING\r\n"),
        "-ERR unknown command 'POST', with args beginning with: 'x' \r\n+PONG\r\n"
    );
}

#[test]
fn a_name_shows_nothing_behind_a_zero_byte() {
    let mut engine = engine();
    let id = open(&mut engine, true, false);
    let evil = b"*3\r\n$6\r\nCLIENT\r\n$7\r\nSETNAME\r\n$12\r\nme\0\x1b[2J\nid=9\r\n";
    assert_eq!(feed(&mut engine, id, evil), "+OK\r\n");
    for command in ["CLIENT LIST\r\n", "CLIENT INFO\r\n"] {
        let reply = feed(&mut engine, id, command.as_bytes());
        assert!(reply.contains(" name=me age="), "{reply}");
        assert!(!reply.contains('\x1b') && !reply.contains("id=9"), "{reply}");
    }
}

#[test]
fn lengths_that_no_command_has_are_protocol_errors_and_damage() {
    for length in [
        "4294967290",
        "4294967295",
        "4294967296",
        "4294967297",
        "2147483648",
        "9223372036854775807",
        "-1",
        "01",
        "+1",
        " 1",
    ] {
        let bytes = format!("*1\r\n${length}\r\nx\r\n");
        let mut engine = engine();
        let id = open(&mut engine, true, false);
        assert_eq!(feed(&mut engine, id, b"CONFIG SET proto-max-bulk-len 100gb\r\n"), "+OK\r\n");
        assert_eq!(feed(&mut engine, id, bytes.as_bytes()), "-ERR Protocol error: invalid bulk length\r\n", "{length}");
        assert!(engine.closing(id));
        let damage = engine.load(bytes.as_bytes()).expect_err("damage");
        assert_eq!((damage.at, &*damage.reason), (0, "invalid bulk length"), "{length}");
    }
    for count in ["1048577", "4294967297", "01", "+1"] {
        let mut engine = engine();
        let id = open(&mut engine, true, false);
        let reply = feed(&mut engine, id, format!("*{count}\r\n$1\r\nx\r\n").as_bytes());
        assert_eq!(reply, "-ERR Protocol error: invalid multibulk length\r\n", "{count}");
    }
}

#[test]
fn a_session_with_a_bound_is_given_no_longer_reply_and_loses_nothing_for_it() {
    let mut engine = engine();
    let owner = open(&mut engine, true, false);
    let options = SessionOptions { trusted: true, max_reply: 4 << 20, ..SessionOptions::default() };
    let bounded = engine.open_session(options);
    let element = vec![b'e'; 1 << 20];
    for _ in 0..10 {
        engine.feed(owner, NOW, &resp::request(&[b"RPUSH", &b"l"[..], &element]));
    }
    engine.feed(owner, NOW, &resp::request(&[b"SET", &b"k"[..], &element]));
    let no = "-ERR the reply is longer than this session may be given, or than there is memory for\r\n";
    let before = engine.digest();
    for command in ["LRANGE l 0 -1", "MGET k k k k k k", "LPOP l 10", "LMPOP 1 l LEFT COUNT 9"] {
        assert_eq!(feed(&mut engine, bounded, &format!("{command}\r\n").into_bytes()), no, "{command}");
        assert_eq!(engine.digest(), before, "{command}");
    }
    assert_eq!(feed(&mut engine, bounded, b"LPOP l 3\r\n").len(), 3 * ((1 << 20) + 12) + 4);
    // Each command of a transaction by itself, and all together no more than one alone.
    let replies = feed(&mut engine, bounded, b"MULTI\r\nLPOP l 2\r\nLRANGE l 0 -1\r\nLLEN l\r\nLPOP l 5\r\nEXEC\r\n");
    assert!(replies.ends_with(&format!("{no}:5\r\n{no}")), "{}", &replies[replies.len() - 300..]);
    assert_eq!(feed(&mut engine, bounded, b"LLEN l\r\n"), ":5\r\n");
    assert_eq!(feed(&mut engine, owner, b"LRANGE l 0 -1\r\n").len(), 5 * ((1 << 20) + 12) + 4);
}

/// Runs a script. Below are the holes that the notes of Redis 8.0.4 to 8.6 name for its Lua.
fn script(engine: &mut Engine, id: SessionId, source: &str) -> String {
    String::from_utf8_lossy(engine.exec(id, NOW, &resp::frame(&["EVAL", source, "0"]))).into_owned()
}

#[test]
fn cve_2024_31449_bit_tohex_takes_any_number_of_digits() {
    let mut engine = engine();
    let id = open(&mut engine, true, false);
    let source =
        "local out = {} for _, digits in ipairs({-2^31, 2^31-1, -2^31+1, 0, 1e300, -8, 9, 2^63, -2^63, 0/0}) do
        out[#out + 1] = bit.tohex(65535, digits) assert(#out[#out] <= 8) end return table.concat(out, ' ')";
    let reply = script(&mut engine, id, source);
    assert!(reply.contains("0000FFFF 0000ffff 0000FFFF "), "{reply}");
    assert_eq!(script(&mut engine, id, "return bit.tohex(65535, -2147483648)"), "$8\r\n0000FFFF\r\n");
}

#[test]
fn cve_2024_46981_a_script_has_nothing_that_runs_as_it_is_collected() {
    let mut engine = engine();
    let id = open(&mut engine, true, false);
    assert!(script(&mut engine, id, "return newproxy(true)").contains("nonexistent global variable 'newproxy'"));
    let source = "for n = 1, 1000 do setmetatable({}, {__gc = function() redis.call('SET', 'k', 'v') end}) end
        collectgarbage() return redis.call('EXISTS', 'k')";
    assert_eq!(script(&mut engine, id, source), ":0\r\n");
    for userdata in ["cjson.null", "io", "coroutine.create(function() end)"] {
        let source = format!("local m = getmetatable({userdata}) m.__gc = function() end return 1");
        assert!(script(&mut engine, id, &source).starts_with('-'), "{userdata}");
    }
    // The interpreter goes while what was made in it is still there.
    script(
        &mut engine,
        id,
        "local t = {} for n = 1, 100 do t[n] = coroutine.wrap(function() coroutine.yield(t) end) t[n]() end",
    );
    assert_eq!(feed(&mut engine, id, b"SCRIPT FLUSH\r\n"), "+OK\r\n");
    assert_eq!(script(&mut engine, id, "return 1"), ":1\r\n");
}

#[test]
fn cve_2025_46817_unpack_refuses_ranges_that_no_stack_has() {
    let mut engine = engine();
    let id = open(&mut engine, true, false);
    for range in [
        "0, 2147483647",
        "-2147483648, 2147483647",
        "1, 2147483647",
        "-2147483648, -1",
        "-1, 2147483646",
        "1, 8001",
        "-2^31, 2^31-1",
        "-1e8, 1e8",
        "-2^31, 2^53",
    ] {
        let reply = script(&mut engine, id, &format!("return {{unpack({{}}, {range})}}"));
        let small = reply == "*0\r\n" && range.contains("2^53");
        assert!(small || reply.contains("too many results to unpack"), "{range}: {reply}");
    }
    assert_eq!(script(&mut engine, id, "return select('#', unpack({}, 2147483640, 2147483647))"), ":8\r\n");
    assert_eq!(script(&mut engine, id, "return {unpack({1, 2}, 2147483647, -2147483648)}"), "*0\r\n");
}

#[test]
fn cve_2025_46818_metatables_of_basic_types_are_the_same_for_all_scripts() {
    let mut engine = engine();
    let id = open(&mut engine, true, false);
    for source in [
        "getmetatable('').__index = function() return 1 end",
        "getmetatable('').__add = function() return 1 end",
        "rawset(getmetatable(''), '__call', type)",
        "setmetatable(getmetatable(''), {__newindex = function() end})",
        "getmetatable('').__index.rep = nil",
        "string.rep = nil",
        "rawset(string, 'rep', nil)",
        "table.insert(string, 1)",
        "table.sort(getmetatable(''))  getmetatable('')[1] = 1",
        "setmetatable(string, {})",
        "local m = getmetatable('') m.__metatable = 1",
    ] {
        let reply = script(&mut engine, id, source);
        assert!(reply.contains("Attempt to modify a readonly table"), "{source}: {reply}");
    }
    for value in ["1", "true", "nil", "type", "function() end", "coroutine.create(function() end)", "cjson.null"] {
        let reply = script(&mut engine, id, &format!("local m = getmetatable({value}) return m == nil"));
        assert_eq!(reply, ":1\r\n", "{value}");
        let set = format!("setmetatable({value}, {{}}) return 1");
        assert!(script(&mut engine, id, &set).starts_with('-'), "{value}");
    }
    assert_eq!(script(&mut engine, id, "return ('x'):rep(3)"), "$3\r\nxxx\r\n");
}

#[test]
fn cve_2025_46819_delimiters_of_long_strings_are_read_as_they_are() {
    let mut engine = engine();
    let id = open(&mut engine, true, false);
    for level in [0, 1, 2, 255, 256, 65536, 1 << 20] {
        let signs = "=".repeat(level);
        for (source, says) in [
            (format!("return [{signs}[x"), "unfinished long string"),
            (format!("return [{signs}[x]{signs}"), "unfinished long string"),
            (format!("--[{signs}[x]{signs}=]"), "unfinished long comment"),
            (format!("return [{signs}="), "invalid long string delimiter"),
            (format!("return [={signs}"), "invalid long string delimiter"),
        ] {
            let reply = script(&mut engine, id, &source);
            assert!(reply.contains(says), "{level}: {}", &reply[..reply.len().min(200)]);
        }
        let whole = script(&mut engine, id, &format!("return [{signs}[x]{signs}]"));
        assert_eq!(whole, "$1\r\nx\r\n", "{level}");
    }
}

#[test]
fn cve_2025_49844_a_name_of_a_chunk_outlives_the_collector() {
    let mut engine = engine();
    let id = open(&mut engine, true, false);
    // The collector goes all the way round while the compiler runs, and the name is known to nobody else.
    let source = "collectgarbage('setpause', 0) collectgarbage('setstepmul', 1000000)
        local kept = {}
        for n = 1, 200 do
          local body = string.rep('local a' .. n .. ' = {\"s' .. n .. '\"} ', 20)
          local f, e = loadstring(body .. ' return return', '=name' .. n .. '\\0' .. n)
          assert(f == nil and string.find(e, '^name' .. n .. ':1: '), e)
          f = assert(loadstring(body .. ' error(\"x\" .. ' .. n .. ')', '@file' .. n .. '\\0' .. n))
          kept[n] = f
          local ok, e = pcall(f)
          assert(e == 'file' .. n .. ':1: x' .. n, e)
          pcall(load, function() return nil end, 'n' .. n)
        end
        for n = 1, 200 do local _, e = pcall(kept[n]) assert(e == 'file' .. n .. ':1: x' .. n, e) end
        return 'whole'";
    assert_eq!(script(&mut engine, id, source), "$5\r\nwhole\r\n");
}

#[test]
fn bytecode_is_neither_read_nor_written() {
    let mut engine = engine();
    let id = open(&mut engine, true, false);
    assert!(script(&mut engine, id, "return string.dump(function() end)").starts_with('-'));
    for head in ["\\27Lua", "\\27LuaQ\\0\\1\\4\\8\\4\\8\\0", "\\27"] {
        let reply = script(&mut engine, id, &format!("local f, e = loadstring('{head}') return {{f == nil, e}}"));
        assert!(reply.starts_with("*2\r\n:1\r\n$"), "{reply}");
        assert!(script(&mut engine, id, &format!("return load(function() return '{head}' end)()")).starts_with('-'));
    }
    assert!(script(&mut engine, id, "\u{1b}LuaQ\0\u{1}\u{4}").starts_with("-ERR Error compiling script"));
}
