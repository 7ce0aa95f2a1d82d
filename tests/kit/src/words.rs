//! The words of random sessions: keys, fields, members, numbers, ids, from small alphabets, so that commands meet one another.

use crate::random::Random;
use crate::session::DATABASES;

/// Random choices, and whether this session has thousands of names and long lists instead of a handful.
pub struct Dice<'a> {
    pub random: &'a mut Random,
    pub wide: bool,
}

impl std::ops::Deref for Dice<'_> {
    type Target = Random;

    fn deref(&self) -> &Random {
        self.random
    }
}

impl std::ops::DerefMut for Dice<'_> {
    fn deref_mut(&mut self) -> &mut Random {
        self.random
    }
}

pub fn leaf(r: &mut Dice<'_>, kind: &str, name: &str, group: &str, command: &str) -> Vec<u8> {
    if r.one_in(60) {
        return value(r);
    }
    let number = |n: i64| n.to_string().into_bytes();
    match (kind, name) {
        ("key", _) => key(r, group_of_key(group, command)),
        (_, "serialized-value") => payload(r),
        (_, "ttl") => r.pick(&[&b"0"[..], b"0", b"0", b"0", b"5000000", b"4102444800000", b"-1", b"x"]).to_vec(),
        (_, "frequency") => r.pick(&[&b"0"[..], b"10", b"255", b"256", b"-1", b"x"]).to_vec(),
        (_, "field") if group != "stream" => field(r),
        (_, "member" | "member1" | "member2") => member(r),
        (_, "element" | "pivot") => {
            if r.one_in(3) {
                value(r)
            } else {
                member(r)
            }
        }
        (_, "score") => score(r),
        (_, "weight") => score(r),
        (_, "timeout") => {
            r.pick(&[&b"0"[..], b"0", b"0", b"0", b"0.0", b"1000", b"-1", b"x", b"1e30", b"inf", b""]).to_vec()
        }
        (_, "milliseconds") if group == "stream" => r.pick(&[&b"0"[..], b"0", b"0", b"1000000", b"-1", b"x"]).to_vec(),
        (_, "min" | "max" | "start" | "stop" | "end") if group == "sorted-set" => bound(r, command),
        (_, "longitude" | "latitude") => coordinate(r, name),
        (_, "radius" | "width" | "height") => match r.below(12) {
            0 => float(r),
            _ => r.pick(&[&b"1"[..], b"10", b"100", b"500", b"5000", b"100.5", b"20000", b"0"]).to_vec(),
        },
        (_, "id" | "lastid" | "last-id" | "entries-read-id" | "max-deleted-id") if group == "stream" => {
            stream_id(r, command)
        }
        (_, "start" | "end") if group == "stream" => stream_id(r, "RANGE"),
        (_, "group") => r.pick(&[&b"g1"[..], b"g1", b"g1", b"g2", b"nosuch"]).to_vec(),
        (_, "consumer") => r.pick(&[&b"c1"[..], b"c1", b"c2", b"c3"]).to_vec(),
        (_, "threshold") => match r.below(3) {
            0 => stream_id(r, "XADD"),
            _ => number(r.below(12) as i64),
        },
        (_, "pid" | "iid") => r.pick(&[&b"p"[..], b"p", b"q", b"r", b""]).to_vec(),
        (_, "stream-id") => stream_id(r, "XDEL"),
        (_, "duration" | "maxsize") if group == "stream" => r.pick(&[&b"100"[..], b"2", b"86400", b"0", b"x"]).to_vec(),
        (_, "min-idle-time") => r.pick(&[&b"0"[..], b"0", b"0", b"100000000", b"-1", b"x"]).to_vec(),
        ("integer", "ms") | (_, "unix-time-milliseconds") if group == "stream" => {
            r.pick(&[&b"0"[..], b"1000000", b"1700000000000", b"x", b"-5"]).to_vec()
        }
        (_, "index" | "start" | "end") if group == "array" => match r.below(10) {
            0 => {
                r.pick(&[&b"18446744073709551614"[..], b"18446744073709551615", b"1099511627776", b"-1", b"x"]).to_vec()
            }
            1 => number(r.below(20_000) as i64),
            _ => number(r.below(24) as i64),
        },
        (_, "size" | "limit") if group == "array" => number(r.below(9) as i64),
        (_, "encoding") => r
            .pick(&[&b"u8"[..], b"i8", b"u1", b"i5", b"u16", b"i32", b"u63", b"i64", b"u64", b"i0", b"x", b"u3"])
            .to_vec(),
        (_, "offset") if group == "bitmap" => match r.below(14) {
            0 => r.pick(&[&b"-1"[..], b"4294967296", b"x", b"9223372036854775807", b"#99999999999999999"]).to_vec(),
            1..=4 => format!("#{}", r.below(12)).into_bytes(),
            _ => number(r.below(130) as i64),
        },
        (_, "bit") => r.pick(&[&b"0"[..], b"1", b"1", b"2", b"x"]).to_vec(),
        (_, "channel" | "shardchannel") => match r.below(12) {
            0 => b"__redis__:invalidate".to_vec(),
            _ => r.pick(&[&b"ch1"[..], b"ch2", b"ch3", b""]).to_vec(),
        },
        (_, "rank" | "num-matches" | "len" | "maxlen" | "limit" | "entries-read" | "entries-added") => match r.below(8)
        {
            0 => int(r),
            _ => number(r.below(9) as i64 - 2),
        },
        ("pattern", _) if command.starts_with("SORT") => {
            r.pick(&[&b"w_*"[..], b"h*->f1", b"nosort", b"#", b"s*", b"*", b"h*->", b"l*->x"]).to_vec()
        }
        ("pattern", "pattern") if group == "pubsub" => r.pick(&[&b"ch*"[..], b"*", b"ch[12]", b"x"]).to_vec(),
        ("pattern", _) => pattern(r),
        (_, "ifeq-value" | "ifne-value") => match r.below(3) {
            0 => value(r),
            _ => r.pick(&[&b""[..], b"1", b"2", b"-", b"$3"]).to_vec(),
        },
        // Of "", "1" and "$3", and what is none.
        (_, "ifdeq-digest" | "ifdne-digest") => r
            .pick(&[
                &b"2d06800538d394c2"[..],
                b"2D06800538D394C2",
                b"65cd25028f98f158",
                b"zzzzzzzzzzzzzzzz",
                b"0000000000000000",
                b"123",
                b"",
            ])
            .to_vec(),
        (_, "fieldset-name") => r.pick(&[&b"u"[..], b"u", b"v", b"w"]).to_vec(),
        (_, "exactly") => number(r.below(6) as i64 - 1),
        (_, "lowerbound" | "upperbound" | "integer") => int(r),
        (_, "float") => float(r),
        (_, "increment") if command.ends_with("FLOAT") => float(r),
        (_, "increment" | "decrement") => int(r),
        (_, "cursor") => r.pick(&[&b"0"[..], b"0", b"0", b"0", b"abc", b"-1", b"18446744073709551615", b""]).to_vec(),
        (_, "count") if command.ends_with("SCAN") => r.pick(&[&b"1000000"[..], b"1000000", b"0", b"-5", b"x"]).to_vec(),
        (_, "count") => match r.below(12) {
            0 => int(r),
            _ => number(r.below(14) as i64 - 5),
        },
        (_, "type") => {
            r.pick(&[&b"string"[..], b"hash", b"HASH", b"list", b"set", b"zset", b"stream", b"nosuch"]).to_vec()
        }
        (_, "db" | "destination-db" | "index") => database(r),
        (_, "offset") => match r.below(10) {
            0 => r.pick(&[&b"-1"[..], b"536870912", b"x", b"9223372036854775807", b"1.0"]).to_vec(),
            _ => number(r.below(30) as i64),
        },
        (_, "start" | "end") => match r.below(10) {
            0 => int(r),
            _ => number(r.below(24) as i64 - 12),
        },
        (_, "min-match-len") => number(r.below(6) as i64 - 1),
        // Far from one another, so that GT and LT do not hang on a millisecond; far ahead, so that nothing expires.
        (_, "seconds") => match r.below(10) {
            0 => r
                .pick(&[
                    &b"0"[..],
                    b"-1",
                    b"x",
                    b"1.5",
                    b"9223372036854775807",
                    b"9223372036854775",
                    b"70368744177",
                    b"-9223372036854775808",
                ])
                .to_vec(),
            _ => number(1000 + 10 * r.below(1_000_000) as i64),
        },
        (_, "milliseconds") => match r.below(10) {
            0 => r
                .pick(&[&b"0"[..], b"-1", b"x", b"9223372036854775807", b"70368744177664", b"-9223372036854775808"])
                .to_vec(),
            _ => number(1_000_000 + 10_007 * r.below(1_000_000) as i64),
        },
        (_, "unix-time-seconds") => match r.below(10) {
            0 => r
                .pick(&[
                    &b"0"[..],
                    b"-1",
                    b"x",
                    b"9223372036854775807",
                    b"9223372036854775",
                    b"70368744177",
                    b"70368744178",
                ])
                .to_vec(),
            1 | 2 => number(1 + r.below(1_000_000_000) as i64),
            _ => number(4_102_444_800 + r.below(1_000_000) as i64),
        },
        (_, "unix-time-milliseconds") => match r.below(10) {
            0 => {
                r.pick(&[&b"0"[..], b"-1", b"x", b"9223372036854775807", b"70368744177663", b"70368744177664"]).to_vec()
            }
            1 | 2 => number(1 + r.below(1_000_000_000) as i64),
            _ => number(4_102_444_800_000 + r.below(1_000_000_000) as i64),
        },
        _ => value(r),
    }
}

/// Sets of vectors as a Redis 8.6.3 dumps them.
const VECTOR_DUMPS: [&str; 2] = [
    "0781bde72da2bb1eb40002030201024401020205026d3105077b226e223a317d05032a557f0206020102800100000002000208020002813f4d41b2406f7751000d00ebafe838ef498252",
    "0781bde72da2bb1eb40002030201024400020205026d3105077b226e223a317d050c77d6883e77d6083fb2414d3f0206020102800100000002000208020002813f4d41b2406f7751000d000919fef3bc4723d0",
];

/// The arguments of a command of vector sets.
pub fn vectors(r: &mut Dice<'_>, name: &str, args: &mut Vec<Vec<u8>>) {
    let element = |r: &mut Dice<'_>| format!("m{}", r.below(9)).into_bytes();
    let attributes = |r: &mut Dice<'_>| {
        r.pick(&[&b"{\"n\":1}"[..], b"{\"n\":7,\"s\":\"x\"}", b"{\"s\":[\"x\",2]}", b"", b"x", b"{}"]).to_vec()
    };
    // Hardly two are as far from a third.
    let part = |r: &mut Dice<'_>| (r.below(20_001) as i64 - 10_000) as f32 / 8.0;
    let vector = |r: &mut Dice<'_>, args: &mut Vec<Vec<u8>>| {
        let dim = if r.one_in(20) { r.below(5) } else { 3 };
        if r.one_in(4) {
            args.push(cased(r, "FP32"));
            args.push((0..dim).flat_map(|_| part(r).to_le_bytes()).collect());
        } else {
            args.extend([cased(r, "VALUES"), dim.to_string().into_bytes()]);
            args.extend((0..dim).map(|_| part(r).to_string().into_bytes()));
        }
    };
    args.push(key(r, "vector"));
    match name {
        "VADD" => {
            vector(r, args);
            args.push(element(r));
            match r.below(6) {
                0 => args.push(cased(r, "NOQUANT")),
                1 => args.push(cased(r, "Q8")),
                2 => args.extend([cased(r, "M"), b"16".to_vec()]),
                _ => {}
            }
            if r.one_in(8) {
                args.push(cased(r, "CAS"));
            }
            if r.one_in(3) {
                args.extend([cased(r, "SETATTR"), attributes(r)]);
            }
        }
        "VSETATTR" => args.extend([element(r), attributes(r)]),
        "VRANGE" => {
            for end in [b"-", b"+"] {
                args.push(match r.below(3) {
                    0 => end.to_vec(),
                    1 => [b"[", &element(r)[..]].concat(),
                    _ => [b"(", &element(r)[..]].concat(),
                });
            }
            if r.one_in(3) {
                args.push((r.below(6) as i64 - 1).to_string().into_bytes());
            }
        }
        "VSIM" => {
            if r.one_in(2) {
                args.extend([cased(r, "ELE"), element(r)]);
            } else {
                vector(r, args);
            }
            for option in ["WITHSCORES", "WITHATTRIBS", "NOTHREAD", "COUNT", "EPSILON", "FILTER"] {
                if r.one_in(4) {
                    args.push(cased(r, option));
                    match option {
                        "COUNT" => args.push((r.below(12) as i64 - 1).to_string().into_bytes()),
                        "EPSILON" => args.push(r.pick(&[&b"0.5"[..], b"0.9", b"0", b"2", b"x"]).to_vec()),
                        "FILTER" => args.push(
                            r.pick(&[&b".n > 3"[..], b".n == 1 or .s == \"x\"", b"\"x\" in .s", b"not .n", b".n >"])
                                .to_vec(),
                        ),
                        _ => {}
                    }
                }
            }
            args.push(cased(r, "TRUTH"));
        }
        "VEMB" => {
            args.push(element(r));
            if r.one_in(4) {
                args.push(cased(r, "RAW"));
            }
        }
        "VCARD" | "VDIM" => {}
        _ => args.push(element(r)),
    }
}

/// What a Redis has dumped, now and then with another checksum.
fn payload(r: &mut Dice<'_>) -> Vec<u8> {
    let files = [
        include_str!("../../data/dumps.txt"),
        include_str!("../../data/dumps-6.txt"),
        include_str!("../../data/dumps-valkey.txt"),
    ];
    let dumps: Vec<&str> = files
        .iter()
        .flat_map(|file| file.lines())
        .filter(|line| (line.starts_with("= ") || line.starts_with("~ ")) && line.len() < 1500)
        .filter_map(|line| line.split(' ').nth(4))
        // Of an old stream without entries Redis makes one with an impossible first id.
        .filter(|dump| !dump.starts_with("0f00"))
        .chain(VECTOR_DUMPS.iter().copied().cycle().take(12))
        .collect();
    let digit = |c: u8| (c as char).to_digit(16).unwrap_or(0) as u8;
    let dump = dumps[r.below(dumps.len())];
    let mut bytes: Vec<u8> = dump.as_bytes().chunks(2).map(|two| digit(two[0]) << 4 | digit(two[1])).collect();
    if r.one_in(20) {
        let at = r.below(bytes.len());
        bytes[at] ^= 1;
    }
    bytes
}

pub fn database(r: &mut Dice<'_>) -> Vec<u8> {
    match r.below(12) {
        0 => r.pick(&[&b"16"[..], b"-1", b"x", b"1.0", b"99999999999999999999", b"4294967296"]).to_vec(),
        _ => r.below(DATABASES).to_string().into_bytes(),
    }
}

/// The type of key that this command means: GEORADIUS's STORE and the like write sorted sets.
fn group_of_key<'a>(group: &'a str, command: &str) -> &'a str {
    match command {
        "PFMERGE" | "PFCOUNT" | "PFADD" => "hyperloglog",
        _ => group,
    }
}

/// Keys are named after the type they mostly hold.
const KINDS: [(&str, char); 12] = [
    ("string", 's'),
    ("hash", 'h'),
    ("list", 'l'),
    ("set", 'e'),
    ("sorted-set", 'z'),
    ("stream", 'x'),
    ("bitmap", 'b'),
    ("hyperloglog", 'p'),
    ("geo", 'g'),
    ("transactions", 's'),
    ("vector", 'v'),
    ("array", 'a'),
];

pub fn key(r: &mut Dice<'_>, group: &str) -> Vec<u8> {
    let own = KINDS.iter().find(|(name, _)| *name == group).filter(|_| !r.random.one_in(25));
    let letter = match (own, group) {
        (Some((_, letter)), _) => *letter,
        (None, "sort") => *r.pick(&[&'l', &'e', &'z', &'l']),
        _ => KINDS[r.below(KINDS.len())].1,
    };
    if r.one_in(50) {
        return r
            .pick(&[
                &b""[..],
                b"bin\x00\xff",
                b"a rather long name of a key, longer than any entry would like to hold it in",
            ])
            .to_vec();
    }
    let names = match letter {
        's' if r.wide => 3000,
        's' | 'h' => 6,
        _ => 4,
    };
    format!("{letter}{}", 1 + r.below(names)).into_bytes()
}

/// A member of a set, or an element of a list: some are integers, so that intsets meet.
pub fn member(r: &mut Dice<'_>) -> Vec<u8> {
    let names = if r.wide { 3000 } else { 12 };
    match r.below(16) {
        0 => field(r),
        1 => value(r),
        2..=6 => (r.below(names) as i64 - 4).to_string().into_bytes(),
        _ => format!("m{}", r.below(names)).into_bytes(),
    }
}

fn score(r: &mut Dice<'_>) -> Vec<u8> {
    match r.below(8) {
        0 => float(r),
        1 => r.pick(&[&b"inf"[..], b"-inf", b"+inf", b"0", b"-0", b"1e300", b"1e-300"]).to_vec(),
        2 | 3 => format!("{}.{}", r.below(20) as i64 - 10, r.below(1000)).into_bytes(),
        _ => (r.below(20) as i64 - 5).to_string().into_bytes(),
    }
}

/// One end of a range by rank, by score or by member, mostly of the kind that the command wants.
fn bound(r: &mut Dice<'_>, command: &str) -> Vec<u8> {
    let kind = match r.below(12) {
        0 => r.below(3),
        _ if command.contains("LEX") => 2,
        _ if command.contains("SCORE") || command == "ZCOUNT" => 1,
        _ if command.starts_with("ZRANGE") => [0, 0, 1, 2][r.below(4)],
        _ => 0,
    };
    match kind {
        0 => (r.below(24) as i64 - 12).to_string().into_bytes(),
        1 => {
            let score = score(r);
            if r.one_in(3) { [b"(", &score[..]].concat() } else { score }
        }
        _ => match r.below(6) {
            0 => b"-".to_vec(),
            1 => b"+".to_vec(),
            _ => [if r.one_in(2) { &b"["[..] } else { b"(" }, &member(r)].concat(),
        },
    }
}

fn coordinate(r: &mut Dice<'_>, name: &str) -> Vec<u8> {
    match r.below(14) {
        0 => float(r),
        1 => r.pick(&[&b"180"[..], b"-180", b"85.05112878", b"-85.05112878", b"90", b"0"]).to_vec(),
        2..=5 => format!("{}.{}", r.below(360) as i64 - 180, r.below(1_000_000)).into_bytes(),
        _ if name == "longitude" => format!("{}.{}", 12 + r.below(4), r.below(1_000_000)).into_bytes(),
        _ => format!("{}.{}", 36 + r.below(4), r.below(1_000_000)).into_bytes(),
    }
}

/// An id of a stream entry; never one that the server's clock makes.
fn stream_id(r: &mut Dice<'_>, command: &str) -> Vec<u8> {
    let plain = format!("{}-{}", r.below(40), r.below(6)).into_bytes();
    match (r.below(12), command) {
        (0, "XREAD" | "XREADGROUP") => b"$".to_vec(),
        (1..=5, "XREADGROUP") => b">".to_vec(),
        (1, "XREAD") => b"+".to_vec(),
        (0 | 1, "RANGE") => b"-".to_vec(),
        (2 | 3, "RANGE") => b"+".to_vec(),
        (4, "RANGE") => [b"(", &plain[..]].concat(),
        (0, "XGROUP CREATE" | "XGROUP SETID") => b"$".to_vec(),
        (0 | 1, _) => r.below(40).to_string().into_bytes(),
        (2, "XADD") => format!("{}-*", r.below(60)).into_bytes(),
        (3, _) if r.one_in(4) => r
            .pick(&[
                &b"0-0"[..],
                b"x",
                b"-1",
                b"18446744073709551615-18446744073709551615",
                b"1-x",
                b"1-1-1",
                b"18446744073709551616-1",
            ])
            .to_vec(),
        (4..=6, "XADD") => format!("{}-{}", 40 + r.below(4000), r.below(6)).into_bytes(),
        _ => plain,
    }
}

pub fn field(r: &mut Dice<'_>) -> Vec<u8> {
    match r.below(20) {
        0 => r
            .pick(&[
                &b""[..],
                b"\x00\xff",
                b"12",
                b"-1",
                b"007",
                b"a field that is longer than sixty-four bytes, which no listpack may hold",
            ])
            .to_vec(),
        _ => {
            let names = if r.wide { 3000 } else { 9 };
            format!("f{}", r.below(names)).into_bytes()
        }
    }
}

pub fn int(r: &mut Dice<'_>) -> Vec<u8> {
    match r.below(8) {
        0 => r
            .pick(&[
                &b"9223372036854775807"[..],
                b"-9223372036854775808",
                b"9223372036854775808",
                b"-9223372036854775807",
                b"x",
                b"",
                b"+1",
                b"01",
                b" 1",
                b"1.0",
                b"-0",
                b"4294967296",
                b"4294967297",
                b"-4294967295",
            ])
            .to_vec(),
        1 => ((r.bits() as i64) >> r.below(64)).to_string().into_bytes(),
        _ => (r.below(40) as i64 - 15).to_string().into_bytes(),
    }
}

pub fn float(r: &mut Dice<'_>) -> Vec<u8> {
    match r.below(10) {
        0 => r
            .pick(&[
                &b"inf"[..],
                b"-inf",
                b"nan",
                b"x",
                b"",
                b" 1",
                b"1 ",
                b"0x10",
                b"0x1.8p3",
                b"1e400",
                b"-0.0",
                b"+1.5",
                b".5",
                b"5.",
                b"1e",
                b"infinity",
            ])
            .to_vec(),
        1 => format!("{}e{}", r.below(1000) as f64 / 8.0, r.below(60) as i64 - 30).into_bytes(),
        2 => format!("{}", f64::from_bits(r.bits() & 0xbfff_ffff_ffff_ffff)).into_bytes(),
        3 => int(r),
        _ => format!("{}.{}", r.below(200) as i64 - 100, r.below(100_000)).into_bytes(),
    }
}

pub fn pattern(r: &mut Dice<'_>) -> Vec<u8> {
    r.pick(&[
        &b"*"[..],
        b"*",
        b"h*",
        b"s?",
        b"[hs][1-3]",
        b"f[^1-4]",
        b"f?",
        b"*1",
        b"nothing",
        b"",
        b"\\h1",
        b"[",
        b"h[1",
        b"**",
        b"?",
    ])
    .to_vec()
}

pub fn value(r: &mut Dice<'_>) -> Vec<u8> {
    match r.below(12) {
        0 => int(r),
        1 => float(r),
        2 | 3 => (r.below(2000) as i64 - 1000).to_string().into_bytes(),
        4 => r.pick(&[&b""[..], b"\x00\x01\xfe\xff", b"\r\n", b"-", b"$3"]).to_vec(),
        5 => vec![b'a' + r.below(26) as u8; [7, 8, 9, 44, 45, 63, 64, 65, 200][r.below(9)]],
        6 => (0..r.below(12)).map(|_| b"abc"[r.below(3)]).collect(),
        _ => (0..1 + r.below(6)).map(|_| b'a' + r.below(6) as u8).collect(),
    }
}

pub fn cased(r: &mut Dice<'_>, name: &str) -> Vec<u8> {
    match r.below(12) {
        0 => name.to_ascii_lowercase().into_bytes(),
        1 => name.bytes().map(|b| if r.one_in(2) { b.to_ascii_lowercase() } else { b }).collect(),
        _ => name.as_bytes().to_vec(),
    }
}
