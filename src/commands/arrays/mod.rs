//! Arrays: strings under indexes, with holes; of Redis 8.8. No server that has them was asked: syntax, replies and errors are those of the
//! documents (`scripts/compat.mjs` says where these leave something open).
//!
//! Indexes are integers without a sign, up to 2^64 - 2, and so are replies about them. What is appended (ARINSERT, ARRING) goes behind
//! what was appended last, wherever ARSET has written meanwhile.

mod grep;

use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::Keyspace;
use crate::keyspace::class::ARRAY;
use crate::resp::args::{Args, Options, Word};
use crate::resp::error::Error;
use crate::resp::reply::Reply;
use crate::resp::room_for;
use crate::table::spec::{flags::*, key::*};
use crate::types::array::{Array, LAST, SLICE};
use crate::types::listpack::Item;
use crate::types::long_double::LongDouble;
use crate::types::number::{INT_LEN, parse_int, parse_uint};

pub const TABLE: &[Row] = &[
    cmd("ARCOUNT key", arcount)
        .read(FAST).key(RO)
        .reply("int")
        .doc("8.8.0", "O(1)", "Returns the number of non-empty elements in an array."),
    cmd("ARDEL key index [index ...]", ardel)
        .write(FAST).key(RW | DELETE)
        .reply("int")
        .doc("8.8.0", "O(N) where N is the number of indices to delete", "Deletes elements at the specified indices in an array."),
    cmd("ARDELRANGE key start end [start end ...]", ardelrange)
        .write(0).key(RW | DELETE)
        .groups(&["range"])
        .reply("int")
        .doc("8.8.0", "Proportional to the number of existing elements / slices touched, not to the numeric span of the requested ranges", "Deletes elements in one or more ranges."),
    cmd("ARGET key index", arget)
        .read(FAST).key(RO | ACCESS)
        .reply("bulk | null")
        .doc("8.8.0", "O(1)", "Gets the value at an index in an array."),
    cmd("ARGETRANGE key start end", argetrange)
        .read(0).key(RO | ACCESS)
        .reply("array of (bulk | null)")
        .doc("8.8.0", "O(N) where N is the range length", "Gets values in a range of indices."),
    cmd("ARGREP key start end <EXACT string | MATCH string | GLOB pattern | RE pattern> [EXACT string | MATCH string | GLOB pattern | RE pattern | AND | OR | LIMIT limit | WITHVALUES | NOCASE ...]", grep::argrep)
        .read(0).key(RO | ACCESS)
        .groups(&["predicate", "options"])
        .reply("array of int | array of [int bulk]")
        .doc("8.8.0", "O(P * C) where P is the number of visited positions in touched slices and C is the cost of evaluating the predicates on one existing element.", "Searches array elements in a range using textual predicates."),
    cmd("ARINFO key [FULL]", arinfo)
        .read(0).key(RO | ACCESS)
        .reply("map of (int | double)")
        .doc("8.8.0", "O(1), or O(N) with FULL option where N is the number of slices.", "Returns metadata about an array."),
    cmd("ARINSERT key value [value ...]", arinsert)
        .write(DENYOOM | FAST).key(RW | INSERT)
        .reply("int")
        .doc("8.8.0", "O(N) where N is the number of values", "Inserts one or more values at consecutive indices."),
    cmd("ARLASTITEMS key count [REV]", arlastitems)
        .read(0).key(RO | ACCESS)
        .reply("array of (bulk | null)")
        .doc("8.8.0", "O(N) where N is the count", "Returns the most recently inserted elements."),
    cmd("ARLEN key", arlen)
        .read(FAST).key(RO)
        .reply("int")
        .doc("8.8.0", "O(1)", "Returns the length of an array (max index + 1)."),
    cmd("ARMGET key index [index ...]", armget)
        .read(FAST).key(RO | ACCESS)
        .reply("array of (bulk | null)")
        .doc("8.8.0", "O(N) where N is the number of indices", "Gets values at multiple indices in an array."),
    cmd("ARMSET key index value [index value ...]", armset)
        .write(DENYOOM | FAST).key(RW | UPDATE)
        .groups(&["data"])
        .reply("int")
        .doc("8.8.0", "O(N) where N is the number of pairs", "Sets multiple index-value pairs in an array."),
    cmd("ARNEXT key", arnext)
        .read(FAST).key(RO)
        .reply("int | null")
        .doc("8.8.0", "O(1)", "Returns the next index ARINSERT would use."),
    cmd("AROP key start end <SUM | MIN | MAX | AND | OR | XOR | MATCH value | USED>", arop)
        .arity(-5)
        .read(0).key(RO | ACCESS)
        .groups(&["operation"])
        .reply("bulk | int | null")
        .doc("8.8.0", "O(P) where P is visited positions in touched slices (dense scanned slots + sparse entries), with worst-case O(|end-start|+1) and typical case close to O(N), where N is the number of existing elements in range.", "Performs aggregate operations on array elements in a range."),
    cmd("ARRING key size value [value ...]", arring)
        .write(DENYOOM).key(RW | UPDATE)
        .reply("int")
        .doc("8.8.0", "O(M) normally, O(N+M) on ring resize, where N is the maximum of the old and new ring size and M is the number of inserted values", "Inserts values into a ring buffer of specified size, wrapping and truncating as needed."),
    cmd("ARSCAN key start end [LIMIT limit]", arscan)
        .read(0).key(RO | ACCESS)
        .reply("array of [int bulk]")
        .doc("8.8.0", "O(P) where P is the number of visited positions in touched slices", "Iterates existing elements in a range, returning index-value pairs."),
    cmd("ARSEEK key index", arseek)
        .write(FAST).key(RW | UPDATE)
        .reply("int")
        .doc("8.8.0", "O(1)", "Sets the ARINSERT / ARRING cursor to a specific index."),
    cmd("ARSET key index value [value ...]", arset)
        .write(DENYOOM | FAST).key(RW | UPDATE)
        .reply("int")
        .doc("8.8.0", "O(N) where N is the number of values", "Sets one or more contiguous values starting at an index in an array."),
];

const BAD_INDEX: Error = Error::Fixed("ERR invalid array index");
/// Of how many positions, and of how many last items, a reply tells at most.
const MOST: u64 = 1_000_000;

#[inline(never)]
fn index(text: &[u8]) -> Result<u64, Error> {
    parse_uint(text).filter(|&index| index <= LAST).ok_or(BAD_INDEX)
}

/// Whether all of these are indexes, every `step`th.
#[inline(never)]
fn check_indexes(args: Args<'_>, step: usize) -> Result<(), Error> {
    args.tail(2).step_by(step).try_for_each(|at| index(at).map(drop))
}

/// Both ends of a range.
#[inline(never)]
fn range(args: Args<'_>) -> Result<(u64, u64), Error> {
    Ok((index(args.at(2))?, index(args.at(3))?))
}

/// The array of a key for a command that reads it.
#[inline(never)]
fn read<'a>(db: &'a mut Keyspace, args: Args<'_>) -> Result<Option<&'a Array>, Error> {
    db.read(args.at(1))
}

/// The array of a key for a command that adds to it.
#[inline(never)]
fn grown<'a>(db: &'a mut Keyspace, args: Args<'_>) -> Result<&'a mut Array, Error> {
    db.write_or(args.at(1), |_| Array::new())
}

/// The array of a key for a command that takes from it.
#[inline(never)]
fn there<'a>(db: &'a mut Keyspace, args: Args<'_>) -> Result<Option<&'a mut Array>, Error> {
    db.write(args.at(1))
}

/// The value of LIMIT.
#[inline(never)]
fn limit(opts: &mut Options<'_>) -> Result<u64, Error> {
    u64::try_from(opts.int()?).ok().filter(|&limit| limit > 0).ok_or(Error::Fixed("ERR LIMIT must be positive"))
}

#[inline(never)]
fn element(out: &mut Reply, item: Option<Item<'_>>) {
    match item {
        Some(item) => out.item(item),
        None => out.null(),
    }
}

/// An element with its index.
#[inline(never)]
fn pair(out: &mut Reply, index: u64, item: Item<'_>) {
    out.array(2);
    out.uint(index);
    out.item(item);
}

fn arset(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, first, count) = (args.at(1), index(args.at(2))?, args.len() as u64 - 3);
    if LAST - first < count - 1 {
        return Err(Error::Fixed("ERR array index overflow"));
    }
    let array = grown(cx.db, args)?;
    let values = (0..count).zip(args.tail(3));
    let new = values.map(|(n, value)| array.set(first + n, value) as i64).sum();
    cx.changed(key, ARRAY, "arset", count);
    cx.out.int(new);
    Ok(())
}

fn armset(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if args.len() % 2 == 1 {
        return Err(cx.arity());
    }
    let key = args.at(1);
    check_indexes(args, 2)?;
    let array = grown(cx.db, args)?;
    let mut new = 0;
    for (at, value) in args.pairs(2) {
        new += array.set(index(at)?, value) as i64;
    }
    cx.changed(key, ARRAY, "armset", (args.len() as u64 - 2) / 2);
    cx.out.int(new);
    Ok(())
}

fn arget(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let array = read(cx.db, args)?;
    let at = index(args.at(2))?;
    element(cx.out, array.and_then(|array| array.get(at)));
    Ok(())
}

fn armget(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let array = read(cx.db, args)?;
    cx.out.array(args.len() - 2);
    for at in args.tail(2) {
        let at = index(at)?;
        element(cx.out, array.and_then(|array| array.get(at)));
    }
    Ok(())
}

fn argetrange(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (start, end) = range(args)?;
    let count = start.abs_diff(end) + 1;
    if count > MOST {
        return Err(Error::Fixed("ERR range exceeds maximum of 1000000 items"));
    }
    let array = read(cx.db, args)?;
    let (out, mut written) = (&mut *cx.out, 0);
    out.array(count as usize);
    if let Some(array) = array {
        array.each(start, end, &mut |index, item| {
            (written..index.abs_diff(start)).for_each(|_| out.null());
            out.item(item);
            written = index.abs_diff(start) + 1;
            true
        });
    }
    (written..count).for_each(|_| out.null());
    Ok(())
}

fn arscan(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (start, end) = range(args)?;
    let (mut most, mut opts) = (u64::MAX, args.options(4));
    while let Some(opt) = opts.next() {
        match () {
            _ if opt.is("LIMIT") => most = limit(&mut opts)?,
            _ => return Err(Error::Syntax),
        }
    }
    let array = read(cx.db, args)?;
    let (mark, out, mut met) = (cx.out.mark(), &mut *cx.out, 0);
    if let Some(array) = array {
        array.each(start, end, &mut |index, item| {
            pair(out, index, item);
            met += 1;
            met < most && out.written().is_ok()
        });
    }
    out.array_at(mark, met as usize);
    Ok(())
}

fn arlen(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let len = read(cx.db, args)?.map_or(0, Array::len);
    cx.out.uint(len);
    Ok(())
}

fn arcount(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let count = read(cx.db, args)?.map_or(0, Array::count);
    cx.out.uint(count);
    Ok(())
}

fn ardel(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let key = args.at(1);
    check_indexes(args, 1)?;
    let mut removed = 0;
    if let Some(array) = there(cx.db, args)? {
        for at in args.tail(2) {
            removed += array.remove(index(at)?) as u64;
        }
    }
    deleted(cx, key, "ardel", removed);
    Ok(())
}

fn ardelrange(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if args.len() % 2 == 1 {
        return Err(cx.arity());
    }
    let key = args.at(1);
    check_indexes(args, 1)?;
    let mut removed = 0;
    if let Some(array) = there(cx.db, args)? {
        for (start, end) in args.pairs(2) {
            removed += array.remove_range(index(start)?, index(end)?);
        }
    }
    deleted(cx, key, "ardelrange", removed);
    Ok(())
}

/// So many elements were removed.
#[inline(never)]
fn deleted(cx: &mut Ctx<'_>, key: &[u8], event: &'static str, count: u64) {
    if count > 0 {
        cx.removed(key, ARRAY, event, count, 0);
    }
    cx.out.uint(count);
}

fn arinsert(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, count) = (args.at(1), args.len() as u64 - 2);
    let array = grown(cx.db, args)?;
    let first = array.next();
    if count > u64::MAX - first {
        return Err(Error::Fixed("ERR insert index overflow"));
    }
    for (n, value) in (0..count).zip(args.tail(2)) {
        array.set(first + n, value);
    }
    array.seek(first + count);
    cx.changed(key, ARRAY, "arinsert", count);
    cx.out.uint(first + count - 1);
    Ok(())
}

fn arring(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let key = args.at(1);
    let size = parse_uint(args.at(2)).ok_or(Error::Fixed("ERR invalid size"))?;
    if size == 0 {
        return Err(Error::Fixed("ERR size must be positive"));
    }
    let array = grown(cx.db, args)?;
    if array.needs_turn(size) {
        // The elements are moved out and in: twice eight bytes each, and half as much again in slices that grow.
        room_for((array.count().min(size) as usize).saturating_mul(24))?;
        array.turn(size);
    }
    let mut at = 0;
    for value in args.tail(3) {
        at = array.next() % size;
        array.set(at, value);
        array.seek(at + 1);
    }
    cx.changed(key, ARRAY, "arring", args.len() as u64 - 3);
    cx.out.uint(at);
    Ok(())
}

fn arnext(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    match read(cx.db, args)?.map_or(0, Array::next) {
        u64::MAX => cx.out.null(),
        next => cx.out.uint(next),
    }
    Ok(())
}

fn arseek(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let key = args.at(1);
    let next = parse_uint(args.at(2)).ok_or(BAD_INDEX)?;
    let Some(array) = there(cx.db, args)? else {
        cx.out.int(0);
        return Ok(());
    };
    array.seek(next);
    cx.changed(key, ARRAY, "arseek", 1);
    cx.out.int(1);
    Ok(())
}

fn arlastitems(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let count = parse_int(args.at(2)).ok_or(Error::Fixed("ERR invalid COUNT"))?;
    let reverse = match args.get(3).map(Word) {
        Some(word) if args.len() > 4 || !word.is("REV") => return Err(Error::Syntax),
        word => word.is_some(),
    };
    let Some(array) = read(cx.db, args)?.filter(|_| count > 0) else {
        cx.out.array(0);
        return Ok(());
    };
    let wanted = count as u64;
    if wanted > MOST && wanted > array.count() {
        return Err(Error::Fixed("ERR count exceeds maximum of 1000000 items"));
    }
    let (count, len) = (wanted.min(array.count()), array.len());
    let newest = array.next().checked_sub(1).unwrap_or(len - 1);
    cx.out.array(count as usize);
    for n in 0..count {
        let back = if reverse { n } else { count - 1 - n };
        // Behind index 0 it goes on at the end; of elements there are no more than positions.
        let at = newest.checked_sub(back).unwrap_or_else(|| len - (back - newest));
        element(cx.out, array.get(at));
    }
    Ok(())
}

fn arop(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (start, end) = range(args)?;
    let word = Word(args.at(4));
    let value = match args.get(5) {
        None if word.is("MATCH") => return Err(Error::Fixed("ERR MATCH requires a value argument")),
        value => value.unwrap_or_default(),
    };
    let names = ["SUM", "MIN", "MAX", "AND", "OR", "XOR", "MATCH", "USED"];
    let operation = names.iter().position(|name| word.is(name)).ok_or(Error::Fixed("ERR unknown operation"))?;
    if args.len() > 5 + word.is("MATCH") as usize {
        return Err(Error::Syntax);
    }
    let array = read(cx.db, args)?;
    let (mut sum, mut bits, mut count) = (None, None, 0);
    let mut meet = |item: Item<'_>| match operation {
        0..3 => {
            let Some(number) = number(item) else { return };
            sum = Some(match sum {
                None => number,
                Some(sum) if operation == 0 => sum + number,
                Some(sum) if (number < sum) == (operation == 1) => number,
                Some(sum) => sum,
            });
        }
        3..6 => {
            let Some(number) = item.int().or_else(|| number(item)?.truncated()) else { return };
            bits = Some(match (bits, operation) {
                (None, _) => number,
                (Some(bits), 3) => bits & number,
                (Some(bits), 4) => bits | number,
                (Some(bits), _) => bits ^ number,
            });
        }
        6 => count += item.eq_bytes(value) as i64,
        _ => count += 1,
    };
    if let Some(array) = array {
        array.each(start.min(end), start.max(end), &mut |_, item| {
            meet(item);
            true
        });
    }
    match (sum, bits, operation) {
        (_, _, 6..) => cx.out.int(count),
        (Some(sum), ..) => {
            let mut text = Vec::new();
            sum.write_human(&mut text);
            cx.out.bulk(&text);
        }
        (_, Some(bits), _) => cx.out.int(bits),
        _ => cx.out.null(),
    }
    Ok(())
}

/// An element as a number, if it is one.
fn number(item: Item<'_>) -> Option<LongDouble> {
    LongDouble::parse(item.bytes(&mut [0; INT_LEN]))
}

fn arinfo(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let full = match args.get(2).map(Word) {
        Some(word) if args.len() > 3 || !word.is("FULL") => return Err(Error::Syntax),
        word => word.is_some(),
    };
    let array = read(cx.db, args)?.ok_or(Error::NoSuchKey)?;
    let out = &mut *cx.out;
    out.map(if full { 12 } else { 7 });
    let mut line = |name: &str, value: u64| {
        out.bulk(name.as_bytes());
        out.uint(value);
    };
    line("count", array.count());
    line("len", array.len());
    line("next-insert-index", array.next());
    line("slices", array.slices());
    line("directory-size", array.slices());
    line("super-dir-entries", 0);
    line("slice-size", SLICE);
    if !full {
        return Ok(());
    }
    let layout = array.layout();
    line("dense-slices", layout.dense);
    line("sparse-slices", layout.sparse);
    let mut average = |name: &str, sum: u64, of: u64| {
        out.bulk(name.as_bytes());
        out.double(sum as f64 / of.max(1) as f64);
    };
    average("avg-dense-size", layout.filled, layout.dense);
    average("avg-dense-fill", layout.filled, layout.positions);
    average("avg-sparse-size", layout.scattered, layout.sparse);
    Ok(())
}
