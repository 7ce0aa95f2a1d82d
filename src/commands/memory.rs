//! What a key takes: MEMORY USAGE.

use crate::command::args::Args;
use crate::command::error::Error;
use crate::command::row::{Cmd, container, flags::*, key::*, sub};
use crate::command::{Ctx, Done};
use crate::keyspace::{Entry, Keyspace, Value};
use crate::memory;
use crate::types::listpack::Item;
use crate::types::small::INLINE;

pub const TABLE: &[Cmd] = &[container("MEMORY", MEMORY).doc(
    "4.0.0",
    "Depends on subcommand.",
    "A container for memory diagnostics commands.",
)];

const MEMORY: &[Cmd] = &[
    sub("MEMORY HELP", memory_help).plain(LOADING | STALE).reply("array of simple").doc(
        "4.0.0",
        "O(1)",
        "Returns helpful text about the different subcommands.",
    ),
    sub("MEMORY USAGE key [SAMPLES count]", memory_usage).read(0).key(RO).reply("int | null").doc(
        "4.0.0",
        "O(N) where N is the number of samples.",
        "Estimates the memory usage of a key.",
    ),
];

/// Elements that are looked at without SAMPLES.
const SAMPLES: i64 = 5;

fn memory_usage(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let mut samples = SAMPLES;
    let mut options = args.options(3);
    while let Some(word) = options.next() {
        if !word.is("SAMPLES") {
            return Err(Error::Syntax);
        }
        samples = options.int()?;
        if samples < 0 {
            return Err(Error::Syntax);
        }
    }
    let samples = if samples == 0 { usize::MAX } else { samples as usize };
    match cx.db.inspect(args.at(2)) {
        Some(entry) => {
            let bytes = size_of::<Entry>() + args.at(2).len().saturating_sub(INLINE) + entry.value.bytes();
            cx.out.int((bytes + elsewhere(&entry.value, samples)) as i64);
        }
        None => cx.out.null(),
    }
    Ok(())
}

/// Bytes on the heap: what a copy takes.
fn all_bytes(value: &Value) -> usize {
    value.bytes() + elsewhere(value, usize::MAX)
}

/// Room for something made out of all the values behind these keys, so many times over. O(1) while memory is ample.
pub fn room_for_result<'a>(db: &Keyspace, keys: impl Iterator<Item = &'a [u8]>, times: usize) -> Done {
    if memory::is_ample() {
        return Ok(());
    }
    memory::check(keys.filter_map(|key| db.peek_value(key)).map(all_bytes).sum::<usize>().saturating_mul(times))
}

/// About how many bytes lie outside of a table, which holds short elements itself: from the first `samples` of them.
fn elsewhere(value: &Value, samples: usize) -> usize {
    let (mut met, mut bytes) = (0, 0);
    let mut meet = |outside: usize| {
        met += 1;
        bytes += outside;
        met < samples
    };
    let len = |item: Item<'_>| item.with_bytes(|bytes| bytes.len());
    let long = |item: Item<'_>| Some(len(item)).filter(|&len| len > INLINE).unwrap_or(0);
    let elements = match value {
        Value::Set(set) if set.encoding() == "hashtable" => {
            set.iter().all(|member| meet(long(member)));
            set.len()
        }
        Value::Hash(fields) if fields.hash().encoding() == "hashtable" => {
            fields.hash().iter().all(|(field, value, _)| meet(long(field) + long(value)));
            fields.hash().len()
        }
        // Of these 16 bytes each are counted already.
        Value::Sorted(set) if !set.is_pack() => {
            set.each(0, set.len(), false, &mut |member, _| meet(len(member).saturating_sub(16)));
            set.len()
        }
        _ => return 0,
    };
    (bytes as f64 / met.max(1) as f64 * elements as f64) as usize
}

fn memory_help(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    super::help(
        cx,
        "MEMORY",
        &[
            "USAGE <key> [SAMPLES <count>]",
            "    Return memory in bytes used by <key> and its value. Nested values are",
            "    sampled up to <count> times (default: 5, 0 means sample all).",
        ],
    )
}

#[cfg(test)]
mod tests {
    use crate::{Engine, Options, SessionOptions};

    fn usage(key: &str, fill: &str, samples: &str) -> i64 {
        let mut engine = Engine::new(Options::default());
        let id = engine.open_session(SessionOptions { trusted: true, ..SessionOptions::default() });
        let mut run = |line: &str| String::from_utf8_lossy(engine.feed(id, 0.0, line.as_bytes())).into_owned();
        for group in ["set", "hash", "zset"] {
            run(&format!("CONFIG SET {group}-max-listpack-entries 1\r\n"));
        }
        run(&format!("{fill}\r\n"));
        let reply = run(&format!("MEMORY USAGE {key}{samples}\r\n"));
        reply.trim_start_matches(':').trim_end().parse().unwrap_or_else(|_| panic!("{reply}"))
    }

    #[test]
    fn long_elements_of_tables_count_as_many_as_are_looked_at() {
        let long = ["a", "b"].map(|letter| letter.repeat(40));
        let [a, b] = &long;
        for (short, long, more) in [
            ("SADD k a b", format!("SADD k {a} {b}"), 80),
            ("HSET k a 1 b 2", format!("HSET k a {b} b {a}"), 80),
            ("HSET k a 1 b 2", format!("HSET k {a} 1 {b} 2"), 80),
            ("ZADD k 1 a 2 b", format!("ZADD k 1 {a} 2 {b}"), 48),
            ("SET k v", format!("SET k {a}"), 39),
            // One of two stands for both.
            ("ZADD k 1 a 2 b", format!("ZADD k 1 {a} 2 b"), 48),
        ] {
            assert_eq!(usage("k", &long, " SAMPLES 1") - usage("k", short, " SAMPLES 1"), more, "{long}");
        }
        assert_eq!(usage("k", &format!("ZADD k 1 {a} 2 b"), "") - usage("k", "ZADD k 1 a 2 b", ""), 24);
        assert_eq!(usage(a, &format!("SET {a} v"), "") - usage("k", "SET k v", ""), 21);
    }
}
