//! What a key takes: MEMORY USAGE.

use crate::commands::shared::help;
use crate::commands::shared::results::elsewhere;
use crate::exec::row::{Row, container, sub};
use crate::exec::{Ctx, Done};
use crate::keyspace::Entry;
use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::table::spec::{flags::*, key::*};
use crate::types::small::INLINE;

pub const TABLE: &[Row] = &[container("MEMORY", MEMORY).doc(
    "4.0.0",
    "Depends on subcommand.",
    "A container for memory diagnostics commands.",
)];

const MEMORY: &[Row] = &[
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

fn memory_help(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    help::help(
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
