//! Hashes: fields and values under one key, each field with a TTL of its own if it needs one.
//!
//! A field whose time has come is gone before a handler sees the hash ([`crate::keyspace::Keyspace::entry`] removes it).
//! A hash without fields takes its key with it: what removes fields says so with `cx.removed`.

pub mod dragonfly;
pub mod expire;
pub mod import;
mod valkey;

use crate::commands::shared::draw::Draw;
use crate::commands::shared::scan::{self, Over, ScanOptions, Scanned};
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::class;
use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::resp::reply::Reply;
use crate::server::config::Id;
use crate::table::spec::{flags::*, key::*};
use crate::types::hash::{FieldTtl, Hash, Limits, Triple};
use crate::types::listpack::Item;
use crate::types::long_double::LongDouble;
use crate::types::number::{INT_LEN, format_int};

pub const TABLE: &[Row] = &[
    cmd("HDEL key field [field ...]", hdel)
        .write(FAST).key(RW | DELETE)
        .history(&[("2.4.0", "Accepts multiple `field` arguments.")])
        .reply("int")
        .doc("2.0.0", "O(N) where N is the number of fields to be removed.", "Deletes one or more fields and their values from a hash. Deletes the hash if no fields remain."),
    cmd("HEXISTS key field", hexists)
        .read(FAST).key(RO)
        .reply("int")
        .doc("2.0.0", "O(1)", "Determines whether a field exists in a hash."),
    cmd("HGET key field", hget)
        .read(FAST).key(RO | ACCESS)
        .reply("bulk | null")
        .doc("2.0.0", "O(1)", "Returns the value of a field in a hash."),
    cmd("HGETALL key", hgetall)
        .read(0).key(RO | ACCESS)
        .tips(&["nondeterministic_output_order"])
        .reply("map of bulk")
        .doc("2.0.0", "O(N) where N is the size of the hash.", "Returns all fields and values in a hash."),
    cmd("HINCRBY key field increment", hincrby)
        .write(DENYOOM | FAST).key(RW | ACCESS | UPDATE)
        .reply("int")
        .doc("2.0.0", "O(1)", "Increments the integer value of a field in a hash by a number. Uses 0 as initial value if the field doesn't exist."),
    cmd("HINCRBYFLOAT key field increment", hincrbyfloat)
        .write(DENYOOM | FAST).key(RW | ACCESS | UPDATE)
        .double("increment")
        .reply("bulk")
        .doc("2.6.0", "O(1)", "Increments the floating point value of a field by a number. Uses 0 as initial value if the field doesn't exist."),
    cmd("HKEYS key", hkeys)
        .read(0).key(RO | ACCESS)
        .tips(&["nondeterministic_output_order"])
        .reply("array of bulk")
        .doc("2.0.0", "O(N) where N is the size of the hash.", "Returns all fields in a hash."),
    cmd("HLEN key", hlen)
        .read(FAST).key(RO)
        .reply("int")
        .doc("2.0.0", "O(1)", "Returns the number of fields in a hash."),
    cmd("HMGET key field [field ...]", hmget)
        .read(FAST).key(RO | ACCESS)
        .reply("array of (bulk | null)")
        .doc("2.0.0", "O(N) where N is the number of fields being requested.", "Returns the values of all fields in a hash."),
    cmd("HMSET key field value [field value ...]", hmset)
        .write(DENYOOM | FAST).key(RW | UPDATE)
        .deprecated("4.0.0", "`HSET` with multiple field-value pairs")
        .groups(&["data"])
        .reply("OK")
        .doc("2.0.0", "O(N) where N is the number of fields being set.", "Sets the values of multiple fields."),
    cmd("HRANDFIELD key [count [WITHVALUES]]", hrandfield)
        .read(0).key(RO | ACCESS)
        .tips(&["nondeterministic_output"])
        .groups(&["options"])
        .reply("bulk | null | array of bulk | array of [bulk bulk]")
        .doc("6.2.0", "O(N) where N is the number of fields returned", "Returns one or more random fields from a hash."),
    cmd("HSCAN key cursor [MATCH pattern] [COUNT count] [NOVALUES]", hscan)
        .read(0).key(RO | ACCESS)
        .tips(&["nondeterministic_output"])
        .reply("[bulk array of bulk]")
        .doc("2.8.0", "O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection.", "Iterates over fields and values of a hash."),
    cmd("HSET key field value [field value ...]", hset)
        .write(DENYOOM | FAST).key(RW | UPDATE)
        .history(&[("4.0.0", "Accepts multiple `field` and `value` arguments.")])
        .groups(&["data"])
        .reply("int")
        .doc("2.0.0", "O(1) for each field/value pair added, so O(N) to add N field/value pairs when the command is called with multiple field/value pairs.", "Creates or modifies the value of a field in a hash."),
    cmd("HSETNX key field value", hsetnx)
        .write(DENYOOM | FAST).key(RW | INSERT)
        .reply("int")
        .doc("2.0.0", "O(1)", "Sets the value of a field in a hash only when the field doesn't exist."),
    cmd("HSTRLEN key field", hstrlen)
        .read(FAST).key(RO)
        .reply("int")
        .doc("3.2.0", "O(1)", "Returns the length of the value of a field."),
    cmd("HVALS key", hvals)
        .read(0).key(RO | ACCESS)
        .tips(&["nondeterministic_output_order"])
        .reply("array of bulk")
        .doc("2.0.0", "O(N) where N is the size of the hash.", "Returns all values in a hash."),
];

/// The thresholds in force.
fn limits(cx: &Ctx<'_>) -> Limits {
    let config = &cx.server.config;
    Limits { entries: config.size(Id::HashEntries), value: config.size(Id::HashValue), seed: cx.db.seed() }
}

fn bulk(out: &mut Reply, item: Option<Item<'_>>) {
    match item {
        Some(item) => out.item(item),
        None => out.null(),
    }
}

fn hset(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let added = set_pairs(cx, args)?;
    cx.out.int(added as i64);
    Ok(())
}

fn hmset(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    set_pairs(cx, args)?;
    cx.out.ok();
    Ok(())
}

/// Sets the pairs behind the key; how many fields are new.
fn set_pairs(cx: &mut Ctx<'_>, args: Args<'_>) -> Result<usize, Error> {
    if args.len() % 2 == 1 {
        return Err(cx.arity());
    }
    let (key, limits, count) = (args.at(1), limits(cx), args.len() / 2 - 1);
    let hash = cx.db.write_or(key, |_| Hash::new())?;
    let next = hash.next_deadline();
    hash.expect(count, &limits);
    let added = args.pairs(2).filter(|&(field, value)| hash.set(field, value, FieldTtl::Clear, &limits)).count();
    if hash.next_deadline() != next {
        cx.db.delete_or_reindex(key);
    }
    cx.changed(key, class::HASH, "hset", count as u64);
    cx.about(&mut args.pairs(2).map(|(field, _)| field));
    Ok(added)
}

fn hsetnx(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, field, limits) = (args.at(1), args.at(2), limits(cx));
    let hash = cx.db.write_or(key, |_| Hash::new())?;
    let fresh = !hash.contains(field);
    if fresh {
        hash.set(field, args.at(3), FieldTtl::Clear, &limits);
        cx.changed(key, class::HASH, "hset", 1);
        cx.about(&mut std::iter::once(field));
    }
    cx.out.int(fresh as i64);
    Ok(())
}

fn hget(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let hash = cx.db.read::<Hash>(args.at(1))?;
    bulk(cx.out, hash.and_then(|hash| hash.get(args.at(2))));
    Ok(())
}

fn hmget(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let hash = cx.db.read::<Hash>(args.at(1))?;
    cx.out.array(args.len() - 2);
    for field in args.tail(2) {
        bulk(cx.out, hash.and_then(|hash| hash.get(field)));
    }
    Ok(())
}

fn hgetall(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let hash = cx.db.read::<Hash>(args.at(1))?;
    cx.out.map(hash.map_or(0, Hash::len));
    for (field, value, _) in hash.iter().flat_map(|hash| hash.iter()) {
        bulk(cx.out, Some(field));
        bulk(cx.out, Some(value));
    }
    Ok(())
}

fn hkeys(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let hash = cx.db.read::<Hash>(args.at(1))?;
    cx.out.array(hash.map_or(0, Hash::len));
    for (field, _, _) in hash.iter().flat_map(|hash| hash.iter()) {
        bulk(cx.out, Some(field));
    }
    Ok(())
}

fn hvals(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let hash = cx.db.read::<Hash>(args.at(1))?;
    cx.out.array(hash.map_or(0, Hash::len));
    for (_, value, _) in hash.iter().flat_map(|hash| hash.iter()) {
        bulk(cx.out, Some(value));
    }
    Ok(())
}

fn hlen(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let len = cx.db.read::<Hash>(args.at(1))?.map_or(0, Hash::len);
    cx.out.int(len as i64);
    Ok(())
}

fn hexists(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let found = cx.db.read::<Hash>(args.at(1))?.is_some_and(|hash| hash.contains(args.at(2)));
    cx.out.int(found as i64);
    Ok(())
}

fn hstrlen(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let value = cx.db.read::<Hash>(args.at(1))?.and_then(|hash| hash.get(args.at(2)));
    cx.out.int(value.map_or(0, |value| value.len()) as i64);
    Ok(())
}

fn hdel(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let key = args.at(1);
    let (mut removed, mut told, names) = (0, Vec::new(), cx.db.log.effects.names_fields());
    if let Some(hash) = cx.db.write::<Hash>(key)? {
        for field in args.tail(2).filter(|field| hash.remove(field)) {
            removed += 1;
            if names {
                told.push(field);
            }
        }
        if removed > 0 {
            cx.changed(key, class::HASH, "hdel", removed);
            cx.about(&mut told.into_iter());
            cx.db.delete_or_reindex(key);
        }
    }
    cx.out.int(removed as i64);
    Ok(())
}

fn hincrby(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, field, by, limits) = (args.at(1), args.at(2), args.int(3)?, limits(cx));
    let hash = cx.db.write_or(key, |_| Hash::new())?;
    let old = hash.get(field).map_or(Some(0), Item::int).ok_or(Error::HashNotInteger)?;
    let sum = old.checked_add(by).ok_or(Error::Overflow)?;
    hash.set(field, format_int(sum, &mut [0; INT_LEN]), FieldTtl::Keep, &limits);
    cx.changed(key, class::HASH, "hincrby", 1);
    cx.about(&mut std::iter::once(field));
    cx.out.int(sum);
    Ok(())
}

fn hincrbyfloat(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, field, limits) = (args.at(1), args.at(2), limits(cx));
    let by = LongDouble::parse(args.at(3)).ok_or(Error::NotFloat)?;
    if !by.is_finite() {
        return Err(Error::NotFinite);
    }
    let hash = cx.db.write_or(key, |_| Hash::new())?;
    let old = match hash.get(field) {
        Some(value) => value.with_bytes(LongDouble::parse).ok_or(Error::HashNotFloat)?,
        None => LongDouble::ZERO,
    };
    let sum = old + by;
    if !sum.is_finite() {
        return Err(Error::NanOrInfinity);
    }
    let mut text = Vec::new();
    sum.write_human(&mut text);
    hash.set(field, &text, FieldTtl::Keep, &limits);
    cx.changed(key, class::HASH, "hincrbyfloat", 1);
    cx.about(&mut std::iter::once(field));
    cx.db.propagate(&[b"HSETEX", key, b"KEEPTTL", b"FIELDS", b"1", field, &text]);
    cx.out.bulk(&text);
    Ok(())
}

fn hrandfield(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let key = args.at(1);
    let mut rng = cx.db.rng.clone();
    if args.len() == 2 {
        let drawn = cx.db.read::<Hash>(key)?.and_then(|hash| hash.random(&mut rng));
        bulk(cx.out, drawn.map(|(field, _, _)| field));
        cx.db.rng = rng;
        return Ok(());
    }
    let draw = Draw::parse(cx, args, "WITHVALUES")?;
    let hash = cx.db.read::<Hash>(key)?;
    let size = draw.size(hash.map(|hash| hash.len()))?;
    let nested = draw.with && cx.out.resp3;
    let out = &mut *cx.out;
    out.array(if draw.with && !nested { size * 2 } else { size });
    let show = |out: &mut Reply, (field, value, _): Triple<'_>| {
        if nested {
            out.array(2);
        }
        out.item(field);
        if draw.with {
            out.item(value);
        }
    };
    match hash {
        Some(hash) if draw.repeats => draw.repeat(out, size, &mut |out| {
            if let Some(triple) = hash.random(&mut rng) {
                show(out, triple);
            }
        })?,
        Some(hash) => hash.sample(size, &mut rng, &mut |triple| show(out, triple)),
        None => {}
    }
    cx.db.rng = rng;
    Ok(())
}

fn hscan(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let cursor = scan::cursor(args.at(2))?;
    let valkey = cx.server.is_valkey();
    let (mut reply, mut next) = (Scanned::begin(cx.out), 0);
    if let Some(hash) = cx.db.read::<Hash>(args.at(1))? {
        let options = ScanOptions::parse(args, 3, Over::Elements, valkey)?;
        if options.no_scores {
            return Err(Error::NoScores);
        }
        next = hash.scan(cursor, options.count, &mut |(field, value, _)| {
            if options.admits_item(field) {
                reply.item(field);
                if !options.no_values {
                    reply.item(value);
                }
            }
        });
    }
    reply.end(next);
    Ok(())
}
