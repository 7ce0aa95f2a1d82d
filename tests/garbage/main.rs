//! Garbage never panics, half commands wait for their rest, and the limits of the protocol give Redis's errors (their
//! texts were taken from a real Redis 8).

mod dumps;
mod feed;

/// What deep.lua has, one by one.
#[test]
fn scripts_that_go_deep_end_in_an_error_or_a_value() {
    let (head, programs) = include_str!("deep.lua").split_once("\n----\n").expect("a head");
    let (mut engine, session) = open();
    for program in programs.split("\n----\n") {
        // Natively nothing but the machine bounds memory.
        if ["2^30", "2^27", "2^31 - 1)", "s .. s", "1e9"].iter().any(|large| program.contains(large)) {
            continue;
        }
        let source = format!("{head}\n{program}");
        let reply = engine.exec(session, NOW, &resp::frame(&["EVAL", &source, "0"])).to_vec();
        assert!(!reply.is_empty(), "{program}");
        let pong = engine.exec(session, NOW, &resp::frame(&["ECHO", "still there"])).to_vec();
        assert_eq!(pong, b"$11\r\nstill there\r\n", "{program}");
    }
}

use testkit::resp;

const NOW: f64 = 1_700_000_000_000.0;

fn open() -> (wakey::Engine, wakey::SessionId) {
    let mut engine = wakey::Engine::new(wakey::Options { seed: 1, now: NOW, ..Default::default() });
    let session = engine.open_session(wakey::SessionOptions { resp: 2, ..Default::default() });
    (engine, session)
}

/// Feeds the pieces to a new session: everything it answered, and whether it is to be closed.
fn answer(pieces: &[&[u8]]) -> (String, bool) {
    let (mut engine, session) = open();
    let mut out = Vec::new();
    for piece in pieces {
        out.extend_from_slice(engine.feed(session, NOW, piece));
    }
    (String::from_utf8_lossy(&out).into_owned(), engine.closing(session))
}

#[test]
fn garbage_frames_never_panic() {
    for seed in 0..20 {
        feed::frames(seed, 2000);
    }
}

#[test]
fn damaged_programs_never_panic() {
    for seed in 0..20 {
        feed::programs(seed, 1000);
    }
}

#[test]
fn damaged_payloads_and_files_never_panic() {
    let good = dumps::Good::read();
    let taken: usize = (0..10).map(|seed| dumps::payloads(&good, seed, 600, false)).sum();
    let files: usize = (0..10).map(|seed| dumps::files(&good, seed, 30)).sum();
    assert!(taken > 100 && files > 1, "{taken} payloads and {files} files were taken");
}

#[test]
fn garbage_resp_never_panics() {
    for seed in 0..20 {
        feed::resp(seed, 1000);
    }
}

#[test]
fn commands_cut_in_two_at_any_byte_give_the_same_replies() {
    let mut stream = Vec::new();
    for line in ["SET k value", "GET k", "HSET h f v g w", "HGETALL h", "INCR k", "NOSUCH a b", "GET", "LCS k k IDX"] {
        stream.extend(resp::request(&line.split(' ').collect::<Vec<_>>()));
    }
    stream.extend_from_slice(b"SET inline \"a b\"\r\n  GET inline\n\r\n*0\r\n");
    stream.extend(resp::request(&[&b"SET"[..], b"bin", b"\r\n$5\r\n*1\r\n\x00\xff"]));
    stream.extend(resp::request(&["GET", "bin"]));
    stream.extend(resp::request(&[&b"SET"[..], b"big", &vec![b'x'; 5000]]));
    stream.extend(resp::request(&["STRLEN", "big"]));
    let whole = answer(&[&stream]);
    assert!(whole.0.ends_with(":5000\r\n"), "{:?}", whole.0);
    for cut in 1..stream.len() {
        assert_eq!(answer(&[&stream[..cut], &stream[cut..]]), whole, "cut at {cut}");
    }
    let single: Vec<&[u8]> = stream.chunks(1).collect();
    assert_eq!(answer(&single), whole, "byte by byte");
    for size in [2, 3, 7, 100] {
        let pieces: Vec<&[u8]> = stream.chunks(size).collect();
        assert_eq!(answer(&pieces), whole, "pieces of {size}");
    }
}

#[test]
fn a_protocol_error_answers_once_and_closes() {
    let error = |text: &str| (format!("-ERR Protocol error: {text}\r\n"), true);
    for (bytes, text) in [
        (&b"*x\r\n"[..], "invalid multibulk length"),
        (b"*1048577\r\n", "invalid multibulk length"),
        (b"*99999999999999999999\r\n", "invalid multibulk length"),
        (b"*1 \r\n", "invalid multibulk length"),
        (b"*1\r\n$536870913\r\n", "invalid bulk length"),
        (b"*1\r\n$-1\r\n", "invalid bulk length"),
        (b"*1\r\n$x\r\n", "invalid bulk length"),
        (b"*2\r\n$4\r\nPING\r\n:1\r\n", "expected '$', got ':'"),
        (b"PING \"a\r\n", "unbalanced quotes in request"),
    ] {
        assert_eq!(answer(&[bytes]), error(text), "{:?}", String::from_utf8_lossy(bytes));
        assert_eq!(answer(&[bytes, b"PING\r\n"]), error(text), "nothing is answered after the error");
    }
    let (both, closed) = answer(&[b"PING\r\n*x\r\nPING\r\n"]);
    assert_eq!((&both[..], closed), ("+PONG\r\n-ERR Protocol error: invalid multibulk length\r\n", true));
}

#[test]
fn lines_end_within_64_kilobytes() {
    let limit = 64 * 1024;
    let error = |text: &str| (format!("-ERR Protocol error: {text}\r\n"), true);
    let waits = (String::new(), false);
    for (head, text) in [
        (&b"PING "[..], "too big inline request"),
        (b"*", "too big mbulk count string"),
        (b"*1\r\n$", "too big bulk count string"),
    ] {
        let line = head.iter().rposition(|b| *b == b'\n').map_or(0, |p| p + 1);
        let fill = |n: usize| [head, &vec![b'1'; n - (head.len() - line)]].concat();
        assert_eq!(answer(&[&fill(limit)]), waits, "{text}: not yet");
        assert_eq!(answer(&[&fill(limit + 1)]), error(text));
        let bytes = fill(limit + 1);
        let pieces: Vec<&[u8]> = bytes.chunks(1000).collect();
        assert_eq!(answer(&pieces), error(text), "in pieces");
    }
}

#[test]
fn a_command_may_have_1048576_arguments() {
    let count = 1_048_576;
    let mut bytes = format!("*{count}\r\n$6\r\nEXISTS\r\n").into_bytes();
    for _ in 1..count {
        bytes.extend_from_slice(b"$1\r\na\r\n");
    }
    assert_eq!(answer(&[b"SET a 1\r\n", &bytes]), (format!("+OK\r\n:{}\r\n", count - 1), false));
}

#[test]
fn a_bulk_string_of_512_megabytes_is_waited_for_and_not_reserved() {
    assert_eq!(answer(&[b"*2\r\n$4\r\nECHO\r\n$536870912\r\nabc"]), (String::new(), false));
}

#[test]
fn a_pipeline_of_large_replies_is_answered_in_parts() {
    let (mut engine, session) = open();
    let value = vec![b'x'; 100_000];
    engine.exec(session, NOW, &resp::frame(&[&b"SET"[..], b"k", &value]));
    let mut pipeline = Vec::new();
    for i in 0..100 {
        pipeline.extend(resp::request(&["GET", "k"]));
        pipeline.extend(resp::request(&["INCRBY", "n", &i.to_string()]));
    }
    pipeline.extend_from_slice(b"*1\r\n$4\r\nPI");
    let mut parts = vec![engine.feed(session, NOW, &pipeline).to_vec()];
    while engine.has_backlog(session) {
        parts.push(engine.feed(session, NOW, b"").to_vec());
        assert!(parts.len() < 1000, "the backlog does not come to an end");
    }
    parts.push(engine.feed(session, NOW, b"NG\r\n").to_vec());
    assert!(parts.len() > 5, "{} parts", parts.len());
    assert!(parts.iter().all(|part| part.len() < 2_000_000));
    let replies = resp::parse_all(&parts.concat()).expect("whole replies");
    assert_eq!(replies.len(), 201);
    let mut sum = 0;
    for (i, pair) in replies[..200].chunks(2).enumerate() {
        sum += i as i64;
        assert_eq!(pair[0].bytes(), value);
        assert_eq!(pair[1].int(), Some(sum));
    }
    assert_eq!(replies[200].bytes(), b"PONG");
}

#[test]
fn a_bad_frame_is_an_error() {
    let (mut engine, session) = open();
    let good = resp::frame(&["ECHO", "hello"]);
    assert_eq!(engine.exec(session, NOW, &good), b"$5\r\nhello\r\n");
    for cut in 0..good.len() {
        let reply = engine.exec(session, NOW, &good[..cut]).to_vec();
        assert!(reply.starts_with(b"-"), "cut at {cut}: {:?}", String::from_utf8_lossy(&reply));
    }
    for argc in [0, 3, 1_000_000, u32::MAX] {
        let frame = [&argc.to_le_bytes()[..], &good[4..]].concat();
        assert!(engine.exec(session, NOW, &frame).starts_with(b"-"), "{argc} arguments");
    }
    for length in [6, u32::MAX, 1 << 31] {
        let mut frame = good.clone();
        frame[4..8].copy_from_slice(&u32::to_le_bytes(length));
        assert!(engine.exec(session, NOW, &frame).starts_with(b"-"), "a length of {length}");
    }
    assert_eq!(engine.exec(session, NOW, &good), b"$5\r\nhello\r\n");
}
