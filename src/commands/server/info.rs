//! INFO: what the engine knows of itself, in Redis's sections and lines. Lines about what does not exist here (processes,
//! disks, replicas) are left out, except where clients look for them.

use crate::allocator;
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::{Db, Entry, Value};
use crate::lua::Interpreter;
use crate::resp::args::Args;
use crate::resp::dialect::{Dialect, Release};
use crate::server::config::Id;
use crate::server::pubsub::Topic;
use crate::server::session::{Session, Wants};
use crate::table::spec::{Shards, flags::*};
use crate::types::dict::hashing::Seed;
use crate::types::double;
use crate::types::registry::Registry;
use std::fmt::Write;

pub const ROW: Row = cmd("INFO [section [section ...]]", info)
    .shards(Shards::Info)
    .plain(LOADING | STALE)
    .tips(&["nondeterministic_output", "request_policy:all_shards", "response_policy:special"])
    .acl(&["dangerous"])
    .history(&[("7.0.0", "Added support for taking multiple section arguments.")])
    .reply("text")
    .doc("1.0.0", "O(1)", "Returns information and statistics about the server.");

type Section = fn(&mut String, &Ctx<'_>);

/// The sections in their order, and whether INFO alone shows them.
const SECTIONS: &[(&str, bool, Section)] = &[
    ("Server", true, server),
    ("Clients", true, clients),
    ("Memory", true, memory_section),
    ("Persistence", true, persistence),
    ("Stats", true, stats),
    ("Replication", true, replication),
    ("CPU", true, cpu),
    ("Hotkeys", true, hotkeys),
    ("Modules", true, nothing),
    ("Commandstats", false, commandstats),
    ("Errorstats", true, errorstats),
    ("Latencystats", false, latencystats),
    ("Cluster", true, cluster),
    ("Keyspace", true, keyspace),
    (KEYSIZES, true, keysizes),
];

/// A section that looks at every key: of more than so many, only for who asks for it by its name.
const KEYSIZES: &str = "Keysizes";
const MANY: usize = 100_000;

fn info(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let asked = |name: &str| args.tail(1).any(|arg| arg.eq_ignore_ascii_case(name.as_bytes()));
    let everything = asked("all") || asked("everything");
    let defaults = args.len() == 1 || asked("default");
    let mut text = String::new();
    let many = cx.db.databases().iter().map(Db::len).sum::<usize>() > MANY;
    for (name, default, write) in SECTIONS {
        if many && *name == KEYSIZES && !asked(name) {
            continue;
        }
        if everything || defaults && *default || asked(name) {
            if !text.is_empty() {
                text += "\r\n";
            }
            let _ = write!(text, "# {name}\r\n");
            write(&mut text, cx);
        }
    }
    cx.out.text(&text);
    Ok(())
}

macro_rules! lines {
    ($out:ident, $($name:literal: $value:expr,)*) => { $(let _ = write!($out, concat!($name, ":{}\r\n"), $value);)* };
}

/// Fields that are numbers: smaller code than [`lines`] has for each.
fn numbers(out: &mut String, fields: &[(&str, u64)]) {
    for (name, value) in fields {
        let _ = write!(out, "{name}:{value}\r\n");
    }
}

/// Fields that are 0 wherever there is no second process and no replica.
fn zeros(out: &mut String, names: &str) {
    for name in names.split(' ') {
        *out += name;
        *out += ":0\r\n";
    }
}

fn nothing(_: &mut String, _: &Ctx<'_>) {}

fn server(out: &mut String, cx: &Ctx<'_>) {
    let uptime = (cx.now - cx.server.started).max(0) / 1000;
    let identity = cx.server.identity();
    lines! { out, "redis_version": identity.redis.text, }
    if cx.server.dialect == Dialect::Valkey {
        lines! { out, "server_name": identity.name, "valkey_version": identity.version.text, }
    }
    lines! { out,
        "wakey_version": env!("CARGO_PKG_VERSION"),
        "redis_mode": if cx.server.cluster.is_some() { "cluster" } else { "standalone" },
        "os": std::env::consts::ARCH,
        "arch_bits": usize::BITS,
        "run_id": cx.server.run_id,
        "tcp_port": cx.server.config.int(Id::Port),
        "server_time_usec": cx.now * 1000 + cx.server.micros(),
        "uptime_in_seconds": uptime,
        "uptime_in_days": uptime / 86400,
        "lru_clock": (cx.now / 1000) & 0xff_ffff,
        "config_file": cx.host.config_file.as_ref().map_or("", |(name, _)| name),
    }
}

/// All sessions, the one that is being served too.
fn everyone<'a>(cx: &'a Ctx<'_>) -> impl Iterator<Item = &'a Session> {
    cx.server.sessions.iter().chain(std::iter::once(&*cx.session))
}

fn clients(out: &mut String, cx: &Ctx<'_>) {
    // Keys that somebody waits for who must also learn that they are gone.
    let parked = everyone(cx).filter_map(|session| session.parked.as_ref());
    let gone = parked.filter(|parked| parked.wants == Wants::Group).flat_map(|parked| parked.qualified_keys());
    let mut distinct = Registry::new(Seed::new(0));
    for key in gone {
        distinct.add(key, 0);
    }
    lines! { out,
        "connected_clients": cx.server.sessions.len(),
        "cluster_connections": 0,
        "maxclients": cx.server.config.int(Id::MaxClients),
        "client_recent_max_input_buffer": everyone(cx).map(|session| session.pending.capacity()).max().unwrap_or(0),
        "client_recent_max_output_buffer": everyone(cx).map(|session| session.outbox.capacity()).max().unwrap_or(0),
        "blocked_clients": cx.server.waiting.count + cx.server.waiting.held.len(),
        "tracking_clients": cx.server.tracking.clients,
        "pubsub_clients": everyone(cx).filter(|session| session.subscriptions() > 0).count(),
        "watching_clients": everyone(cx).filter(|session| !session.watching.is_empty()).count(),
        "clients_in_timeout_table": cx.server.waiting.with_deadline(),
        "total_watched_keys": cx.server.watches.len(),
        "total_blocking_keys": cx.server.waiting.keys.len(),
        "total_blocking_keys_on_nokey": distinct.len(),
    }
}

/// Bytes as people read them: `1.58M`. Integers alone: printing floating-point numbers is 14 KB of code.
fn human(bytes: u64) -> String {
    let (unit, letter) = match bytes {
        0..1024 => return format!("{bytes}B"),
        1024..1_048_576 => (1u64 << 10, 'K'),
        1_048_576..1_073_741_824 => (1 << 20, 'M'),
        _ => (1 << 30, 'G'),
    };
    format!("{}{letter}", hundredths(bytes * 100, unit))
}

/// `part / whole`, where the part is given a hundred times too large, with two decimals.
fn hundredths(part: u64, whole: u64) -> String {
    let rounded = (part + whole / 2) / whole;
    format!("{}.{:02}", rounded / 100, rounded % 100)
}

/// What memory there is, in bytes, and who has it. Also for MEMORY STATS.
pub struct Memory {
    pub used: u64,
    pub peak: u64,
    /// What the allocator holds, used or not.
    pub held: u64,
    pub clients: u64,
    /// The entries of all databases, without what is in them.
    pub entries: u64,
    /// Interpreters, of scripts and of functions, and their sources.
    pub eval_vm: u64,
    pub functions_vm: u64,
    pub eval: u64,
    pub functions: u64,
}

impl Memory {
    pub fn of(cx: &Ctx<'_>) -> Memory {
        let scripts = &cx.server.scripts;
        let vm = |lua: &Option<Box<Interpreter>>| lua.as_ref().map_or(0, |lua| lua.used() as u64);
        let used = allocator::data();
        Memory {
            used,
            peak: allocator::peak(),
            held: allocator::held().max(used),
            clients: everyone(cx).map(|session| session.memory() as u64).sum(),
            entries: cx.db.databases().iter().map(|db| (db.len() * Entry::OVERHEAD) as u64).sum(),
            eval_vm: vm(&scripts.lua),
            functions_vm: vm(&scripts.functions.lua),
            eval: scripts.source_bytes(),
            functions: scripts.functions.source_bytes(),
        }
    }

    /// What is not data.
    pub fn overhead(&self) -> u64 {
        (self.clients + self.entries + self.eval + self.functions).min(self.used)
    }

    pub fn dataset(&self) -> u64 {
        self.used - self.overhead()
    }
}

/// What a module can have at most: all that WebAssembly's 32 bits address.
const SYSTEM: u64 = 4 << 30;

fn memory_section(out: &mut String, cx: &Ctx<'_>) {
    let memory = Memory::of(cx);
    let Memory { used, peak, held, eval_vm, functions_vm, eval, functions, .. } = memory;
    let (overhead, dataset, wasted, ratio) =
        (memory.overhead(), memory.dataset(), held - used, hundredths(held * 100, used.max(1)));
    let limit = cx.server.config.int(Id::MaxMemory) as u64;
    let scripts = &cx.server.scripts;
    lines! { out,
        "used_memory": used,
        "used_memory_human": human(used),
        "used_memory_rss": held,
        "used_memory_rss_human": human(held),
        "used_memory_peak": peak,
        "used_memory_peak_human": human(peak),
        "used_memory_peak_perc": format_args!("{}%", hundredths(used * 10_000, peak.max(1))),
    }
    numbers(out, &[("used_memory_overhead", overhead), ("used_memory_startup", 0), ("used_memory_dataset", dataset)]);
    lines! { out,
        "used_memory_dataset_perc": format_args!("{}%", hundredths(dataset * 10_000, used.max(1))),
    }
    numbers(
        out,
        &[
            ("allocator_allocated", used),
            ("allocator_active", held),
            ("allocator_resident", held),
            ("allocator_muzzy", 0),
            ("total_system_memory", SYSTEM),
        ],
    );
    lines! { out,
        "total_system_memory_human": human(SYSTEM),
        "used_memory_lua": eval_vm,
        "used_memory_vm_eval": eval_vm,
        "used_memory_lua_human": human(eval_vm),
        "used_memory_scripts_eval": eval,
        "number_of_cached_scripts": scripts.len(),
        "number_of_functions": scripts.functions.len(),
        "number_of_libraries": scripts.functions.libraries.len(),
        "used_memory_vm_functions": functions_vm,
        "used_memory_vm_total": eval_vm + functions_vm,
        "used_memory_vm_total_human": human(eval_vm + functions_vm),
        "used_memory_functions": functions,
        "used_memory_scripts": eval + functions,
        "used_memory_scripts_human": human(eval + functions),
        "maxmemory": limit,
        "maxmemory_human": human(limit),
        "maxmemory_policy": String::from_utf8_lossy(cx.server.config.text(Id::MaxMemoryPolicy)),
        "allocator_frag_ratio": ratio,
        "allocator_frag_bytes": wasted,
        "allocator_rss_ratio": "1.00",
        "allocator_rss_bytes": 0,
        "rss_overhead_ratio": "1.00",
        "rss_overhead_bytes": 0,
        "mem_fragmentation_ratio": ratio,
        "mem_fragmentation_bytes": wasted,
    }
    zeros(
        out,
        "mem_not_counted_for_evict mem_replication_backlog mem_total_replication_buffers mem_replica_full_sync_buffer \
         mem_clients_slaves",
    );
    lines! { out, "mem_clients_normal": memory.clients, }
    zeros(
        out,
        "mem_cluster_links mem_cluster_slot_migration_output_buffer mem_cluster_slot_migration_input_buffer \
         mem_cluster_slot_migration_input_buffer_peak mem_aof_buffer mem_overhead_db_hashtable_rehashing",
    );
    lines! { out,
        "mem_allocator": "dlmalloc",
        "active_defrag_running": 0,
        "lazyfree_pending_objects": cx.db.garbage.len(),
    }
}

fn persistence(out: &mut String, cx: &Ctx<'_>) {
    let store = &cx.host.store;
    let status = |failed: bool| if failed { "err" } else { "ok" };
    lines! { out,
        "loading": cx.server.loading as u8,
        "async_loading": 0,
        "rdb_changes_since_last_save": cx.db.log.unsaved(),
        "rdb_bgsave_in_progress": store.saving as u8,
        "rdb_last_save_time": cx.last_save(),
        "rdb_last_bgsave_status": status(!store.saved_ok),
        "aof_enabled": store.appends as u8,
        "aof_rewrite_in_progress": store.rewriting as u8,
        "aof_last_bgrewrite_status": status(!store.last_ok),
        "aof_last_write_status": status(!store.refusing.is_empty()),
    }
    zeros(
        out,
        "current_cow_peak current_cow_size current_cow_size_age rdb_last_cow_size aof_last_cow_size \
         module_fork_in_progress module_fork_last_cow_size",
    );
    if store.appends {
        lines! { out,
            "aof_current_size": store.size,
            "aof_base_size": store.base_size,
        }
    }
    if cx.server.has(Release::V8_10) {
        lines! { out, "backup_in_progress": ["snapshotting", "incrementing"].contains(&store.backup_state()) as u8, }
    }
}

fn stats(out: &mut String, cx: &Ctx<'_>) {
    let (stats, counts) = (&cx.server.stats, cx.db.log.counts);
    let tracked = cx.server.tracking.counts();
    lines! { out,
        "total_connections_received": stats.connections,
        "total_commands_processed": stats.commands,
        "total_net_input_bytes": stats.net_input,
        "total_net_output_bytes": stats.net_output,
        "rejected_connections": stats.rejected_connections,
        "expired_subkeys": counts.expired_fields,
        "expired_subkeys_active": counts.expired_fields_active,
        "expired_keys": counts.expired_keys,
        "expired_keys_active": counts.expired_keys_active,
        "evicted_keys": counts.evicted_keys,
        "evicted_clients": stats.evicted_clients,
        "evicted_scripts": cx.server.scripts.evicted,
        "keyspace_hits": counts.hits,
        "keyspace_misses": counts.misses,
        "pubsub_channels": cx.server.messages.of(Topic::Channel).len(),
        "pubsub_patterns": cx.server.messages.of(Topic::Pattern).len(),
        "pubsubshard_channels": cx.server.messages.of(Topic::Shard).len(),
        "tracking_total_keys": tracked.0,
        "tracking_total_items": tracked.1,
        "tracking_total_prefixes": tracked.2,
        "total_error_replies": stats.error_replies,
        "acl_access_denied_auth": stats.auth_denied,
        "acl_access_denied_cmd": stats.commands_denied,
        "acl_access_denied_key": stats.keys_denied,
        "acl_access_denied_channel": stats.channels_denied,
    }
    zeros(
        out,
        "total_net_repl_input_bytes total_net_repl_output_bytes sync_full sync_partial_ok sync_partial_err \
         slave_expires_tracked_keys migrate_cached_sockets latest_fork_usec total_forks active_defrag_hits \
         active_defrag_misses active_defrag_key_hits active_defrag_key_misses total_active_defrag_time \
         current_active_defrag_time",
    );
}

fn replication(out: &mut String, cx: &Ctx<'_>) {
    lines! { out,
        "role": "master",
        "connected_slaves": 0,
        "master_replid": cx.server.run_id,
        "master_repl_offset": 0,
    }
}

fn cpu(out: &mut String, _: &Ctx<'_>) {
    // The host owns the time, that of the processor too.
    lines! { out,
        "used_cpu_sys": "0.000000",
        "used_cpu_user": "0.000000",
    }
}

fn hotkeys(out: &mut String, cx: &Ctx<'_>) {
    if let Some(hot) = &cx.server.timing.hotkeys {
        lines! { out,
            "hotkeys-tracking-active": (hot.active && cx.now < hot.until) as u8,
            "hotkeys-cmd-cpu-time": 0,
        }
    }
}

fn commandstats(out: &mut String, cx: &Ctx<'_>) {
    for (number, (cmd, calls)) in cx.server.stats.calls.iter().enumerate() {
        if calls.calls + calls.rejected == 0 {
            continue;
        }
        let micros = cx.server.timing.times.get(number).map_or(0, |time| time.micros);
        let _ = write!(
            out,
            "cmdstat_{}:calls={},usec={micros},usec_per_call={},rejected_calls={},failed_calls={}\r\n",
            cmd.full_name(),
            calls.calls,
            hundredths(micros * 100, calls.calls.max(1)),
            calls.rejected,
            calls.failed
        );
    }
}

fn latencystats(out: &mut String, cx: &Ctx<'_>) {
    if cx.server.config.int(Id::LatencyTracking) == 0 {
        return;
    }
    let percentiles = String::from_utf8_lossy(cx.server.config.text(Id::LatencyPercentiles));
    for (row, time) in cx.rows.iter().zip(&cx.server.timing.times).filter(|(_, time)| time.histogram.total > 0) {
        let _ = write!(out, "latency_percentiles_usec_{}", row.spec.full_name());
        for (n, word) in percentiles.split(' ').filter(|word| !word.is_empty()).enumerate() {
            let nanos = time.histogram.percentile(double::parse(word.as_bytes()).unwrap_or(0.0));
            let before = if n == 0 { ':' } else { ',' };
            let _ = write!(out, "{before}p{word}={}.{:03}", nanos / 1000, nanos % 1000);
        }
        out.push_str("\r\n");
    }
}

fn errorstats(out: &mut String, cx: &Ctx<'_>) {
    for (code, count) in &cx.server.stats.errors {
        let _ = write!(out, "errorstat_{code}:count={count}\r\n");
    }
}

fn cluster(out: &mut String, cx: &Ctx<'_>) {
    lines! { out, "cluster_enabled": cx.server.cluster.is_some() as u8, }
}

fn keyspace(out: &mut String, cx: &Ctx<'_>) {
    for (index, db) in cx.db.databases().iter().enumerate().filter(|(_, db)| !db.is_empty()) {
        let _ = write!(
            out,
            "db{index}:keys={},expires={},avg_ttl={},subexpiry={}\r\n",
            db.len(),
            db.deadlines().len(),
            db.deadlines().mean_ttl(cx.now),
            db.field_deadlines().len()
        );
    }
}

/// How large values are, by type: how many from each power of two on. All of them are looked at.
fn keysizes(out: &mut String, cx: &Ctx<'_>) {
    const NAMES: [&str; 5] = ["strings_sizes", "lists_items", "sets_items", "zsets_items", "hashes_items"];
    const UNITS: [&str; 7] = ["", "K", "M", "G", "T", "P", "E"];
    for (index, db) in cx.db.databases().iter().enumerate() {
        let mut counts = [[0u32; 65]; NAMES.len()];
        for entry in db.entries() {
            let (kind, size) = match entry.value() {
                Value::Str(value) => (0, value.len()),
                Value::List(_) => (1, entry.value().elements()),
                Value::Set(_) => (2, entry.value().elements()),
                Value::Sorted(_) => (3, entry.value().elements()),
                Value::Hash(_) => (4, entry.value().elements()),
                Value::Stream(_) | Value::Array(_) | Value::Vectors(_) => continue,
            };
            counts[kind][(usize::BITS - size.leading_zeros()) as usize] += 1;
        }
        for (name, counts) in NAMES.iter().zip(&counts) {
            let mut before = ':';
            for (bits, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                if before == ':' {
                    let _ = write!(out, "db{index}_distrib_{name}");
                }
                let (size, unit) = match bits.checked_sub(1) {
                    None => (0, ""),
                    Some(power) => (1u32 << (power % 10), UNITS[power / 10]),
                };
                let _ = write!(out, "{before}{size}{unit}={count}");
                before = ',';
            }
            if before == ',' {
                out.push_str("\r\n");
            }
        }
    }
}
