//! Are two replies the same where they need be?

use testkit::resp::Value;

/// Asks Wakey a question while nothing else changes it.
pub type Look<'a> = dyn FnMut(&[&[u8]]) -> Value + 'a;

/// A value with all that has no order sorted.
pub fn sorted(v: &Value) -> Value {
    let mut out = match v {
        Value::Array(i) | Value::Set(i) => i.iter().map(sorted).collect::<Vec<_>>(),
        Value::Map(p) => p.iter().map(|(k, v)| Value::Array(vec![k.clone(), sorted(v)])).collect(),
        other => return other.clone(),
    };
    out.sort_by_key(|v| format!("{v:?}"));
    match v {
        Value::Array(_) => Value::Array(out),
        _ => Value::Set(out),
    }
}

/// Integers at most `by` apart (negative ones equal), wherever they stand.
pub fn near(a: &Value, b: &Value, by: i64) -> bool {
    match (a, b) {
        (Value::Int(x), Value::Int(y)) => {
            // In Valkey fields live for longer than here.
            x == y || *x >= 0 && *y >= 0 && x.abs_diff(*y) <= by as u64 || x > y && *y > 60_000_000_000
        }
        (Value::Array(x), Value::Array(y)) => x.len() == y.len() && x.iter().zip(y).all(|(x, y)| near(x, y, by)),
        (Value::Map(x), Value::Map(y)) => {
            x.len() == y.len() && x.iter().zip(y).all(|(x, y)| x.0 == y.0 && near(&x.1, &y.1, by))
        }
        (a, b) => a == b,
    }
}

/// Scores at most one step of 32 bits apart, wherever they stand: of a sum of products the last bit follows from the order in which they
/// are added, and that is the machine's.
fn close(a: &Value, b: &Value) -> bool {
    let all = |x: &[Value], y: &[Value]| x.len() == y.len() && x.iter().zip(y).all(|(x, y)| close(x, y));
    match (a, b) {
        (Value::Array(x), Value::Array(y)) => all(x, y),
        (Value::Map(x), Value::Map(y)) => {
            x.len() == y.len() && x.iter().zip(y).all(|(x, y)| x.0 == y.0 && close(&x.1, &y.1))
        }
        (a, b) if a != b => match (a.text().parse::<f64>(), b.text().parse::<f64>()) {
            (Ok(x), Ok(y)) => (x as f32).to_bits().abs_diff((y as f32).to_bits()) <= 1,
            _ => false,
        },
        _ => true,
    }
}

fn upper(args: &[Vec<u8>], i: usize) -> String {
    args.get(i).map(|a| String::from_utf8_lossy(a).to_ascii_uppercase()).unwrap_or_default()
}

/// Must the elements of this reply come in the same order? Asked before the command runs.
pub fn ordered(look: &mut Look<'_>, args: &[Vec<u8>]) -> bool {
    let listpack = match &upper(args, 0)[..] {
        "HGETALL" | "HKEYS" | "HVALS" | "HSCAN" | "ZSCAN" => ["listpack", ""],
        // What SDIFFSTORE writes into a listpack comes out of tables.
        "SMEMBERS" | "SSCAN" => ["intset", ""],
        "SORT" | "SORT_RO" => ["listpack", "quicklist"],
        _ => return false,
    };
    args.get(1).is_some_and(|key| {
        let encoding = look(&[b"OBJECT", b"ENCODING", key]);
        listpack.iter().any(|name| encoding.bytes() == name.as_bytes())
    })
}

/// The members that a random draw gave, from a reply of any shape; `pairs`: with a value each.
fn drawn(reply: &Value, pairs: bool) -> Vec<Value> {
    match reply {
        Value::Bulk(_) => vec![reply.clone()],
        _ => match reply.items() {
            items if matches!(items.first(), Some(Value::Array(_))) => {
                items.iter().filter_map(|pair| pair.items().first().cloned()).collect()
            }
            items if pairs => items.chunks(2).map(|pair| pair[0].clone()).collect(),
            items => items,
        },
    }
}

/// Whether the replies to this command agree. `order`: what [`ordered`] said.
pub fn same(mut look: Option<&mut Look<'_>>, args: &[Vec<u8>], redis: &Value, wakey: &Value, order: bool) -> bool {
    if redis == wakey {
        return true;
    }
    if redis.is_error() || wakey.is_error() {
        return false;
    }
    let alike = std::mem::discriminant(redis) == std::mem::discriminant(wakey);
    let (name, sub) = (upper(args, 0), upper(args, 1));
    let alone = look.is_none();
    let denied = |answer: &Value| answer.is_error() && answer.text().contains("NOPERM");
    let mut says = |line: &[&[u8]], wanted: Value| {
        look.as_mut().map(|look| look(line)).is_none_or(|answer| answer == wanted || denied(&answer))
    };
    match (&name[..], &sub[..]) {
        ("TTL" | "EXPIRETIME" | "HTTL" | "HEXPIRETIME", _) => near(redis, wakey, 2),
        ("PTTL" | "PEXPIRETIME" | "HPTTL" | "HPEXPIRETIME" | "XPENDING" | "XINFO", _) => near(redis, wakey, 5000),
        // A queued command holds its words until the transaction ends.
        ("OBJECT", "REFCOUNT") if alone => alike,
        ("OBJECT", "IDLETIME") => near(redis, wakey, 2),
        // Grows by chance.
        ("OBJECT", "FREQ") => alike,
        // Redis counts keys that SET has given a deadline in the past, until it meets them.
        ("DBSIZE", _) => redis.int() >= wakey.int(),
        ("INFO" | "TIME" | "HELLO", _) => alike,
        ("CLIENT", "INFO" | "LIST" | "ID") | ("DEBUG", "OBJECT") | ("COMMAND", "COUNT" | "LIST" | "DOCS") => alike,
        ("COMMAND", "INFO" | "GETKEYSANDFLAGS") | ("CONFIG", "GET") | ("PUBSUB", _) => sorted(redis) == sorted(wakey),
        // Tables have an order of their own, and sets that were stored had it; deadlines of fields and streams have the time; links of vectors hang on chance.
        ("DUMP", _) => {
            let (theirs, ours) = (redis.bytes(), wakey.bytes());
            let loose = [2, 4, 7, 20, 21, 22, 24, 25, 26];
            alike && theirs.first() == ours.first() && ours.first().is_some_and(|kind| loose.contains(kind))
        }
        ("VSIM" | "VLINKS", _) => close(redis, wakey),
        ("RANDOMKEY", _) => alike && says(&[b"EXISTS", wakey.bytes()], Value::Int(1)),
        ("HRANDFIELD" | "SRANDMEMBER" | "ZRANDMEMBER", _) => {
            if !alike || redis.items().len() != wakey.items().len() {
                return false;
            }
            let members = drawn(wakey, args.len() == 4);
            let distinct = args.len() < 3 || args[2].first() == Some(&b'-') || {
                let mut seen: Vec<&[u8]> = members.iter().map(Value::bytes).collect();
                seen.sort_unstable();
                seen.windows(2).all(|w| w[0] != w[1])
            };
            let exists = |look: &mut Look<'_>, member: &Value| {
                let ask: &[u8] = match &name[..] {
                    "HRANDFIELD" => b"HEXISTS",
                    "SRANDMEMBER" => b"SISMEMBER",
                    _ => b"ZRANK",
                };
                let answer = look(&[ask, &args[1], member.bytes()]);
                let missing = if ask == b"ZRANK" { Value::Nil } else { Value::Int(0) };
                answer != missing && !answer.is_error() || denied(&answer)
            };
            distinct && look.is_none_or(|look| members.iter().all(|member| exists(look, member)))
        }
        ("KEYS" | "SINTER" | "SUNION" | "SDIFF" | "SPOP", _) => sorted(redis) == sorted(wakey),
        ("SCAN" | "HSCAN" | "SSCAN" | "ZSCAN", _) if !ended(redis) || !ended(wakey) => alike,
        // A cursor out of nowhere starts somewhere.
        ("SCAN", _) if sub != "0" => alike,
        ("HSCAN" | "SSCAN" | "ZSCAN", _) if !order && args[2] != b"0" => alike,
        ("SCAN", _) => sorted(redis) == sorted(wakey),
        ("HGETALL" | "HKEYS" | "HVALS" | "HSCAN" | "SMEMBERS" | "SSCAN" | "ZSCAN", _) => {
            !order && sorted(redis) == sorted(wakey)
        }
        // Without weights, words have no order among themselves.
        ("SORT" | "SORT_RO", _) if args.iter().any(|a| a.eq_ignore_ascii_case(b"ALPHA")) => {
            let given = |word: &[u8]| args.iter().any(|a| a.eq_ignore_ascii_case(word));
            // Those that are equal up to a zero byte, where words end in C, come in any order.
            let words = |reply: &Value| -> Vec<Vec<u8>> {
                let word = |item: &Value| item.bytes().split(|&b| b == 0).next().unwrap_or_default().to_vec();
                reply.items().iter().map(word).collect()
            };
            let by = given(b"BY") || !order && words(redis) == words(wakey);
            by && alike && (given(b"LIMIT") || sorted(redis) == sorted(wakey))
        }
        // A set has no order of its own, and a part of it is any part.
        ("SORT" | "SORT_RO", _) if !order => {
            let limited = args.iter().any(|a| a.eq_ignore_ascii_case(b"LIMIT"));
            alike && (limited || sorted(redis) == sorted(wakey))
        }
        ("UNSUBSCRIBE" | "PUNSUBSCRIBE" | "SUNSUBSCRIBE", "") => alike,
        _ => false,
    }
}

/// Is this the reply of a scan that came to its end?
fn ended(reply: &Value) -> bool {
    reply.items().first().is_some_and(|cursor| cursor.bytes() == b"0")
}
