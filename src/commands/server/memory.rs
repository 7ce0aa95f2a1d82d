//! MEMORY: what a key takes, and what there is in all. There is an allocator and the module's memory, which never shrinks, and no
//! operating system below it: what is about that is 0, and PURGE has nothing to do.

use crate::allocator;
use crate::commands::server::info::Memory;
use crate::commands::shared::help;
use crate::commands::shared::results::elsewhere;
use crate::exec::row::{Row, container, sub};
use crate::exec::{Ctx, Done};
use crate::keyspace::Entry;
use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::table::spec::{Shards, flags::*, key::*};

pub const TABLE: &[Row] = &[container("MEMORY", MEMORY).doc(
    "4.0.0",
    "Depends on subcommand.",
    "A container for memory diagnostics commands.",
)];

/// What each shard says of itself.
const ASKED: &[&str] = &["nondeterministic_output", "request_policy:all_shards", "response_policy:special"];

const MEMORY: &[Row] = &[
    sub("MEMORY DOCTOR", memory_doctor).shards(Shards::One).tips(ASKED).reply("text").doc(
        "4.0.0",
        "O(1)",
        "Outputs a memory problems report.",
    ),
    sub("MEMORY HELP", memory_help).plain(LOADING | STALE).reply("array of simple").doc(
        "4.0.0",
        "O(1)",
        "Returns helpful text about the different subcommands.",
    ),
    sub("MEMORY MALLOC-STATS", memory_malloc_stats).shards(Shards::One).tips(ASKED).reply("text").doc(
        "4.0.0",
        "Depends on how much memory is allocated, could be slow",
        "Returns the allocator statistics.",
    ),
    sub("MEMORY PURGE", memory_purge)
        .tips(&["request_policy:all_shards", "response_policy:all_succeeded"])
        .reply("OK")
        .doc(
            "4.0.0",
            "Depends on how much memory is allocated, could be slow",
            "Asks the allocator to release memory.",
        ),
    sub("MEMORY STATS", memory_stats).shards(Shards::One).tips(ASKED).reply("map of any").doc(
        "4.0.0",
        "O(1)",
        "Returns details about memory usage.",
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
            let bytes = entry.bytes() + entry.value().bytes();
            cx.out.int((bytes + elsewhere(entry.value(), samples)) as i64);
        }
        None => cx.out.null(),
    }
    Ok(())
}

/// Below this DOCTOR does not look.
const LITTLE: u64 = 5 << 20;

const EMPTY: &str = "Hi Sam, this instance is empty or is using very little memory, my issues detector can't be used in these \
conditions. Please, leave for your mission on Earth and fill it with some data. The new Sam and I will be back to our programming as \
soon as I finished rebooting.\n";

const WELL: &str =
    "Hi Sam, I can't find any memory issue in your instance. I can only account for what occurs on this base.\n";

const PEAK: &str = "Sam, I detected a few issues in this Redis instance memory implants:\n\n * Peak memory: In the past this instance \
used more than 150% the memory that is currently using. The allocator is normally not able to release memory after a peak, so you can \
expect to see a big fragmentation ratio, however this is actually harmless and is only due to the memory peak, and if the Redis instance \
Resident Set Size (RSS) is currently bigger than expected, the memory will be used as soon as you fill the Redis instance with more \
data. If the memory peak was only occasional and you want to try to reclaim memory, please try the MEMORY PURGE command, otherwise the \
only other option is to shutdown and restart the instance.\n\nI'm here to keep you safe, Sam. I want to help you.\n";

fn memory_doctor(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let (used, peak) = (allocator::data(), allocator::peak());
    cx.out.text(match () {
        _ if used < LITTLE => EMPTY,
        _ if peak / 3 > used / 2 => PEAK,
        _ => WELL,
    });
    Ok(())
}

fn memory_malloc_stats(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.out.text("There is no jemalloc here, and there are no statistics of one.\n");
    Ok(())
}

fn memory_purge(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.out.ok();
    Ok(())
}

fn memory_stats(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let memory = Memory::of(cx);
    let dbs: Vec<(usize, usize)> =
        cx.db.databases().iter().map(|db| db.len()).enumerate().filter(|&(_, keys)| keys > 0).collect();
    let keys = dbs.iter().map(|&(_, keys)| keys as u64).sum::<u64>();
    cx.out.map(33 + dbs.len());
    ints(
        cx,
        &[
            ("peak.allocated", memory.peak),
            ("total.allocated", memory.used),
            ("startup.allocated", 0),
            ("replication.backlog", 0),
            ("replica.fullsync.buffer", 0),
            ("clients.slaves", 0),
            ("clients.normal", memory.clients),
            ("cluster.links", 0),
            ("aof.buffer", 0),
            ("lua.caches", memory.eval),
            ("functions.caches", memory.functions),
            ("script.VMs", memory.eval_vm + memory.functions_vm),
        ],
    );
    for (index, keys) in dbs {
        cx.out.bulk(format!("db.{index}").as_bytes());
        cx.out.map(2);
        let main = (keys * Entry::OVERHEAD) as u64;
        ints(cx, &[("overhead.hashtable.main", main), ("overhead.hashtable.expires", 0)]);
    }
    ints(
        cx,
        &[
            ("overhead.db.hashtable.lut", 0),
            ("overhead.db.hashtable.rehashing", 0),
            ("overhead.total", memory.overhead()),
            ("db.dict.rehashing.count", 0),
            ("keys.count", keys),
            ("keys.bytes-per-key", memory.used / keys.max(1) * (keys > 0) as u64),
            ("dataset.bytes", memory.dataset()),
        ],
    );
    double(cx, "dataset.percentage", memory.dataset() * 100, memory.used);
    double(cx, "peak.percentage", memory.used * 100, memory.peak);
    let (held, wasted) = (memory.held, memory.held - memory.used);
    ints(
        cx,
        &[
            ("allocator.allocated", memory.used),
            ("allocator.active", held),
            ("allocator.resident", held),
            ("allocator.muzzy", 0),
        ],
    );
    double(cx, "allocator-fragmentation.ratio", held, memory.used);
    ints(cx, &[("allocator-fragmentation.bytes", wasted)]);
    double(cx, "allocator-rss.ratio", 1, 1);
    ints(cx, &[("allocator-rss.bytes", 0)]);
    double(cx, "rss-overhead.ratio", 1, 1);
    ints(cx, &[("rss-overhead.bytes", 0)]);
    double(cx, "fragmentation", held, memory.used);
    ints(cx, &[("fragmentation.bytes", wasted)]);
    Ok(())
}

fn ints(cx: &mut Ctx<'_>, pairs: &[(&str, u64)]) {
    for &(name, value) in pairs {
        cx.out.bulk(name.as_bytes());
        cx.out.int(value as i64);
    }
}

fn double(cx: &mut Ctx<'_>, name: &str, part: u64, whole: u64) {
    cx.out.bulk(name.as_bytes());
    cx.out.double(part as f64 / whole.max(1) as f64);
}

fn memory_help(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    help::help(
        cx,
        "MEMORY",
        &[
            "DOCTOR",
            "    Return memory problems reports.",
            "MALLOC-STATS",
            "    Return internal statistics report from the memory allocator.",
            "PURGE",
            "    Attempt to purge dirty pages for reclamation by the allocator.",
            "STATS",
            "    Return information about the memory usage of the server.",
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
            ("SADD k a b", format!("SADD k {a} {b}"), 78),
            ("HSET k a 1 b 2", format!("HSET k a {b} b {a}"), 78),
            ("HSET k a 1 b 2", format!("HSET k {a} 1 {b} 2"), 78),
            ("ZADD k 1 a 2 b", format!("ZADD k 1 {a} 2 {b}"), 78),
            ("SET k v", format!("SET k {a}"), 39),
            // One of two stands for both.
            ("ZADD k 1 a 2 b", format!("ZADD k 1 {a} 2 b"), 78),
        ] {
            assert_eq!(usage("k", &long, " SAMPLES 1") - usage("k", short, " SAMPLES 1"), more, "{long}");
        }
        assert_eq!(usage("k", &format!("ZADD k 1 {a} 2 b"), "") - usage("k", "ZADD k 1 a 2 b", ""), 39);
        assert_eq!(usage(a, &format!("SET {a} v"), "") - usage("k", "SET k v", ""), 39);
    }
}
