//! Sets: members without order, and what several sets have in common.

use crate::allocator;
use crate::commands::shared::draw::Draw;
use crate::commands::shared::results::room_for_result;
use crate::commands::shared::scan::{self, Over, ScanOptions, Scanned};
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::{Keyspace, TOGETHER, class};
use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::resp::room_for;
use crate::server::config::Id;
use crate::table::spec::{Begin, Find, KeySpec, arg, flags::*, key::*, keys};
use crate::types::hyperloglog;
use crate::types::listpack::Item;
use crate::types::number::parse_int;
use crate::types::pairs::{self, Pair};
use crate::types::set::{Limits, Set};

pub const TABLE: &[Row] = &[
    cmd("SADD key member [member ...]", sadd)
        .write(DENYOOM | FAST).key(RW | INSERT)
        .history(&[("2.4.0", "Accepts multiple `member` arguments.")])
        .reply("int")
        .doc("1.0.0", "O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.", "Adds one or more members to a set. Creates the key if it doesn't exist."),
    cmd("SCARD key", scard)
        .read(FAST).key(RO)
        .reply("int")
        .doc("1.0.0", "O(1)", "Returns the number of members in a set."),
    cmd("SDIFF key [key ...]", sdiff)
        .read(0).key(RO | ACCESS)
        .tips(&["nondeterministic_output_order"])
        .reply("set of bulk")
        .doc("1.0.0", "O(N) where N is the total number of elements in all given sets.", "Returns the difference of multiple sets."),
    cmd("SDIFFCARD numkeys key [key ...] [LIMIT limit]", sdiffcard)
        .read(MOVABLEKEYS)
        .keys_at(0, 0, 0)
        .specs(&[keys(RO | ACCESS, Begin::At(1), Find::Counted)])
        .args(&[arg(0).kind("integer"), arg(2).kind("integer")])
        .reply("int")
        .doc("8.10.0", "O(N) where N is the total number of elements in all given sets.", "Returns the number of members of the difference of multiple sets."),
    cmd("SDIFFSTORE destination key [key ...]", sdiffstore)
        .write(DENYOOM)
        .keys_at(1, -1, 1)
        .specs(&[keys(OW | UPDATE, Begin::At(1), KeySpec::ONE), keys(RO | ACCESS, Begin::At(2), Find::Range { last: -1, step: 1, limit: 0 })])
        .reply("int")
        .doc("1.0.0", "O(N) where N is the total number of elements in all given sets.", "Stores the difference of multiple sets in a key."),
    cmd("SINTER key [key ...]", sinter)
        .read(0).key(RO | ACCESS)
        .tips(&["nondeterministic_output_order"])
        .reply("set of bulk")
        .doc("1.0.0", "O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets.", "Returns the intersect of multiple sets."),
    cmd("SINTERCARD numkeys key [key ...] [LIMIT limit]", sintercard)
        .read(MOVABLEKEYS)
        .keys_at(0, 0, 0)
        .specs(&[keys(RO | ACCESS, Begin::At(1), Find::Counted)])
        .args(&[arg(0).kind("integer"), arg(2).kind("integer")])
        .reply("int")
        .doc("7.0.0", "O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets.", "Returns the number of members of the intersect of multiple sets."),
    cmd("SINTERSTORE destination key [key ...]", sinterstore)
        .write(DENYOOM)
        .keys_at(1, -1, 1)
        .specs(&[keys(OW | UPDATE, Begin::At(1), KeySpec::ONE), keys(RO | ACCESS, Begin::At(2), Find::Range { last: -1, step: 1, limit: 0 })])
        .reply("int")
        .doc("1.0.0", "O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets.", "Stores the intersect of multiple sets in a key."),
    cmd("SISMEMBER key member", sismember)
        .read(FAST).key(RO)
        .reply("int")
        .doc("1.0.0", "O(1)", "Determines whether a member belongs to a set."),
    cmd("SMEMBERS key", smembers)
        .read(0).key(RO | ACCESS)
        .tips(&["nondeterministic_output_order"])
        .reply("set of bulk")
        .doc("1.0.0", "O(N) where N is the set cardinality.", "Returns all members of a set."),
    cmd("SMISMEMBER key member [member ...]", smismember)
        .read(FAST).key(RO | ACCESS)
        .reply("array of int")
        .doc("6.2.0", "O(N) where N is the number of elements being checked for membership", "Determines whether multiple members belong to a set."),
    cmd("SMOVE source destination member", smove)
        .write(FAST).key(RW | ACCESS | DELETE).key(RW | INSERT)
        .reply("int")
        .doc("1.0.0", "O(1)", "Moves a member from one set to another."),
    cmd("SPOP key [count]", spop)
        .write(FAST).key(RW | ACCESS | DELETE)
        .tips(&["nondeterministic_output"])
        .history(&[("3.2.0", "Added the `count` argument.")])
        .reply("bulk | null | set of bulk")
        .doc("1.0.0", "Without the count argument O(1), otherwise O(N) where N is the value of the passed count.", "Returns one or more random members from a set after removing them. Deletes the set if the last member was popped."),
    cmd("SRANDMEMBER key [count]", srandmember)
        .read(0).key(RO | ACCESS)
        .tips(&["nondeterministic_output"])
        .history(&[("2.6.0", "Added the optional `count` argument.")])
        .reply("bulk | null | array of bulk")
        .doc("1.0.0", "Without the count argument O(1), otherwise O(N) where N is the absolute value of the passed count.", "Get one or multiple random members from a set"),
    cmd("SREM key member [member ...]", srem)
        .write(FAST).key(RW | DELETE)
        .history(&[("2.4.0", "Accepts multiple `member` arguments.")])
        .reply("int")
        .doc("1.0.0", "O(N) where N is the number of members to be removed.", "Removes one or more members from a set. Deletes the set if the last member was removed."),
    cmd("SSCAN key cursor [MATCH pattern] [COUNT count]", sscan)
        .read(0).key(RO | ACCESS)
        .tips(&["nondeterministic_output"])
        .reply("[bulk array of bulk]")
        .doc("2.8.0", "O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection.", "Iterates over members of a set."),
    cmd("SUNION key [key ...]", sunion)
        .read(0).key(RO | ACCESS)
        .tips(&["nondeterministic_output_order"])
        .reply("set of bulk")
        .doc("1.0.0", "O(N) where N is the total number of elements in all given sets.", "Returns the union of multiple sets."),
    cmd("SUNIONCARD numkeys key [key ...] [APPROX] [LIMIT limit]", sunioncard)
        .read(MOVABLEKEYS)
        .keys_at(0, 0, 0)
        .specs(&[keys(RO | ACCESS, Begin::At(1), Find::Counted)])
        .args(&[arg(0).kind("integer"), arg(3).kind("integer")])
        .reply("int")
        .doc("8.10.0", "O(N) where N is the total number of elements in all given sets.", "Returns the number of members of the union of multiple sets."),
    cmd("SUNIONSTORE destination key [key ...]", sunionstore)
        .write(DENYOOM)
        .keys_at(1, -1, 1)
        .specs(&[keys(OW | UPDATE, Begin::At(1), KeySpec::ONE), keys(RO | ACCESS, Begin::At(2), Find::Range { last: -1, step: 1, limit: 0 })])
        .reply("int")
        .doc("1.0.0", "O(N) where N is the total number of elements in all given sets.", "Stores the union of multiple sets in a key."),
];

/// The thresholds in force.
fn limits(cx: &Ctx<'_>) -> Limits {
    let config = &cx.server.config;
    Limits {
        ints: config.size(Id::SetInts),
        entries: config.size(Id::SetEntries),
        value: config.size(Id::SetValue),
        seed: cx.db.seed(),
    }
}

fn sadd(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, limits, count) = (args.at(1), limits(cx), args.len() - 2);
    let set = cx.db.write_or(key, |_| Set::for_members(args.at(2), count, &limits))?;
    set.expect(count, &limits);
    let mut added = 0;
    for member in args.tail(2) {
        added += set.add(member, &limits) as u64;
    }
    if added > 0 {
        cx.changed(key, class::SET, "sadd", added);
    }
    cx.out.int(added as i64);
    Ok(())
}

fn srem(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let key = args.at(1);
    let mut removed = 0;
    if let Some(set) = cx.db.write::<Set>(key)? {
        for member in args.tail(2) {
            removed += set.remove(member) as u64;
        }
        if removed > 0 {
            let rest = set.len();
            cx.removed(key, class::SET, "srem", removed, rest);
        }
    }
    cx.out.int(removed as i64);
    Ok(())
}

fn smove(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (source, target, member, limits) = (args.at(1), args.at(2), args.at(3), limits(cx));
    let there = match cx.db.write::<Set>(source)? {
        Some(set) => set.contains(member),
        None => {
            cx.out.int(0);
            return Ok(());
        }
    };
    cx.db.write::<Set>(target)?;
    if there && source != target {
        if let Some(set) = cx.db.write::<Set>(source)? {
            set.remove(member);
        }
        cx.removed(source, class::SET | class::FIRST, "srem", 1, 0);
        if cx.db.write_or(target, |_| Set::for_members(member, 1, &limits))?.add(member, &limits) {
            cx.changed(target, class::SET, "sadd", 1);
        }
    }
    cx.out.int(there as i64);
    Ok(())
}

fn scard(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let len = cx.db.read::<Set>(args.at(1))?.map_or(0, Set::len);
    cx.out.int(len as i64);
    Ok(())
}

fn sismember(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let found = cx.db.read::<Set>(args.at(1))?.is_some_and(|set| set.contains(args.at(2)));
    cx.out.int(found as i64);
    Ok(())
}

fn smismember(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let set = cx.db.read::<Set>(args.at(1))?;
    cx.out.array(args.len() - 2);
    for member in args.tail(2) {
        cx.out.int(set.is_some_and(|set| set.contains(member)) as i64);
    }
    Ok(())
}

fn smembers(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let set = cx.db.read::<Set>(args.at(1))?;
    cx.out.set(set.map_or(0, Set::len));
    for member in set.iter().flat_map(|set| set.iter()) {
        cx.out.item(member);
    }
    Ok(())
}

fn spop(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, limits) = (args.at(1), limits(cx));
    let mut rng = cx.db.rng.clone();
    if args.len() == 2 {
        let Some(set) = cx.db.write::<Set>(key)? else {
            cx.out.null();
            return Ok(());
        };
        let mut member = Vec::new();
        if let Some(item) = set.random(&mut rng) {
            room_for(item.len() * 2)?;
            cx.out.room_for(item.len())?;
            item.write_to(&mut member);
        }
        set.remove(&member);
        let rest = set.len();
        cx.out.bulk(&member);
        cx.db.rng = rng;
        cx.removed(key, class::SET | class::FIRST, "spop", 1, rest);
        cx.db.propagate(&[b"SREM", key, &member]);
        return Ok(());
    }
    if args.len() > 3 {
        return Err(Error::Syntax);
    }
    let count = parse_int(args.at(2)).filter(|&count| count >= 0).ok_or(Error::NotPositive)?;
    let journaling = cx.db.journaling();
    let Some(set) = cx.db.write::<Set>(key)? else {
        cx.out.set(0);
        return Ok(());
    };
    let count = usize::try_from(count).unwrap_or(usize::MAX).min(set.len());
    cx.out.set(count);
    if count == 0 {
        return Ok(());
    }
    let out = &mut *cx.out;
    if count < set.len() {
        let mut taken: Vec<Vec<u8>> = Vec::new();
        // Which ones go is not known before they do: room for all is room for any. The journal has them twice more.
        if !allocator::is_ample() {
            let all: usize = set.iter().map(|member| member.len() + 64).sum();
            out.room_for(all)?;
            room_for(if journaling { all * 2 } else { 0 })?;
        }
        set.take(count, &limits, &mut rng, &mut |member| {
            out.item(member);
            if journaling {
                taken.push(member.with_bytes(<[u8]>::to_vec));
            }
        });
        cx.db.rng = rng;
        cx.changed(key, class::SET | class::FIRST, "spop", count as u64);
        for some in taken.chunks(TOGETHER) {
            let mut told: Vec<&[u8]> = vec![b"SREM", key];
            told.extend(some.iter().map(Vec::as_slice));
            cx.db.propagate(&told);
        }
        return Ok(());
    }
    for member in set.iter() {
        out.item(member);
    }
    out.written()?;
    cx.changed(key, class::SET | class::FIRST, "spop", count as u64);
    cx.db.remove(key);
    cx.event(key, class::GENERIC, "del");
    cx.db.propagate(&[b"DEL", key]);
    Ok(())
}

fn srandmember(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let key = args.at(1);
    let mut rng = cx.db.rng.clone();
    if args.len() == 2 {
        match cx.db.read::<Set>(key)?.and_then(|set| set.random(&mut rng)) {
            Some(member) => cx.out.item(member),
            None => cx.out.null(),
        }
        cx.db.rng = rng;
        return Ok(());
    }
    if args.len() > 3 {
        return Err(Error::Syntax);
    }
    let draw = Draw::parse(cx, args, "")?;
    let set = cx.db.read::<Set>(key)?;
    let size = draw.size(set.map(|set| set.len()))?;
    let out = &mut *cx.out;
    out.array(size);
    match set {
        Some(set) if draw.repeats => draw.repeat(out, size, &mut |out| {
            if let Some(member) = set.random(&mut rng) {
                out.item(member);
            }
        })?,
        Some(set) => set.sample(size, &mut rng, &mut |member| out.item(member)),
        None => {}
    }
    cx.db.rng = rng;
    Ok(())
}

fn sscan(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let cursor = scan::cursor(args.at(2))?;
    let valkey = cx.server.is_valkey();
    let (mut reply, mut next) = (Scanned::begin(cx.out), 0);
    if let Some(set) = cx.db.read::<Set>(args.at(1))? {
        let options = ScanOptions::parse(args, 3, Over::Elements, valkey)?;
        if options.no_values || options.no_scores {
            return Err(if options.no_values { Error::NoValues } else { Error::NoScores });
        }
        next = set.scan(cursor, options.count, &mut |member| {
            if options.admits_item(member) {
                reply.item(member);
            }
        });
    }
    reply.end(next);
    Ok(())
}

/// What is done with several sets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operation {
    Inter,
    Union,
    Diff,
}

/// The sets behind keys; None for a key that is not there.
fn sets<'a>(db: &'a mut Keyspace, keys: impl Iterator<Item = &'a [u8]> + Clone) -> Result<Vec<Option<&'a Set>>, Error> {
    for key in keys.clone() {
        db.read::<Set>(key)?;
    }
    let db = &*db;
    room_for_result(db, keys.clone(), 2)?;
    Ok(keys.map(|key| db.peek(key)).collect())
}

/// The members that all sets share, at most `most` of them: those of the smallest set that are in all others, in its order.
fn shared<'a>(sets: &[Option<&'a Set>], most: usize) -> Vec<Item<'a>> {
    let there: Vec<&Set> = sets.iter().copied().flatten().collect();
    if there.len() < sets.len() {
        return Vec::new();
    }
    let sorted = by_len(&there);
    let (smallest, others) = sorted.split_first().expect("the arity says so");
    let members = smallest.iter().filter(|&member| others.iter().all(|set| set.contains_item(member)));
    members.take(most).collect()
}

/// The smallest set first; sets of one size stay in their order.
fn by_len<'a>(sets: &[&'a Set]) -> Vec<&'a Set> {
    let mut order: Vec<Pair> = sets.iter().zip(0..).map(|(set, i)| (set.len() as u64, i)).collect();
    pairs::sort(&mut order, &Pair::cmp);
    order.iter().map(|&(_, i)| sets[i as usize]).collect()
}

fn union(sets: &[Option<&Set>], limits: &Limits) -> Set {
    let mut result = Set::new();
    for member in sets.iter().flatten().flat_map(|set| set.iter()) {
        member.with_bytes(|bytes| result.add(bytes, limits));
    }
    result
}

/// The first set without the members of the others. Two ways, of which Redis takes the one that looks at fewer members; the
/// second may leave a table where the first leaves a listpack.
fn difference(sets: &[Option<&Set>], limits: &Limits) -> Set {
    let mut result = Set::new();
    let Some(first) = sets[0] else { return result };
    let others: Vec<&Set> = sets[1..].iter().copied().flatten().collect();
    if others.iter().any(|set| std::ptr::eq(*set, first)) {
        return result;
    }
    let all = others.iter().map(|set| set.len()).sum::<usize>() + first.len();
    if first.len().saturating_mul(others.len() + 1) / 2 <= all {
        let others = by_len(&others);
        for member in first.iter().filter(|&member| !others.iter().rev().any(|set| set.contains_item(member))) {
            member.with_bytes(|bytes| result.add(bytes, limits));
        }
        return result;
    }
    for member in first.iter() {
        member.with_bytes(|bytes| result.add(bytes, limits));
    }
    for member in others.iter().flat_map(|set| set.iter()) {
        member.with_bytes(|bytes| result.remove(bytes));
        if result.is_empty() {
            break;
        }
    }
    result
}

fn sinter(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let sets = sets(cx.db, args.tail(1))?;
    let members = shared(&sets, usize::MAX);
    cx.out.set(members.len());
    for member in members {
        cx.out.item(member);
    }
    Ok(())
}

fn sintercard(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let wish = Cardinality::parse(args, false)?;
    let sets = sets(cx.db, args.tail(2).take(wish.keys))?;
    cx.out.int(shared(&sets, wish.limit).len() as i64);
    Ok(())
}

fn sunioncard(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (wish, limits) = (Cardinality::parse(args, true)?, limits(cx));
    let sets = sets(cx.db, args.tail(2).take(wish.keys))?;
    let mut members = sets.iter().flatten().flat_map(|set| set.iter());
    let count = if wish.approx {
        let mut registers = vec![0; hyperloglog::REGISTERS];
        for member in members {
            let (register, rank) = member.with_bytes(hyperloglog::place);
            registers[register] = rank.max(registers[register]);
        }
        hyperloglog::count_registers(&registers) as usize
    } else {
        let mut result = Set::new();
        while result.len() < wish.limit
            && let Some(member) = members.next()
        {
            member.with_bytes(|bytes| result.add(bytes, &limits));
        }
        result.len()
    };
    cx.out.int(count.min(wish.limit) as i64);
    Ok(())
}

fn sdiffcard(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let wish = Cardinality::parse(args, false)?;
    let sets = sets(cx.db, args.tail(2).take(wish.keys))?;
    let others = &sets[1..];
    let members = sets[0].into_iter().flat_map(|set| set.iter());
    let left = members.filter(|&member| !others.iter().flatten().any(|set| set.contains_item(member)));
    cx.out.int(left.take(wish.limit).count() as i64);
    Ok(())
}

/// What SINTERCARD, SUNIONCARD and SDIFFCARD are to count.
struct Cardinality {
    keys: usize,
    approx: bool,
    /// How many members are enough.
    limit: usize,
}

impl Cardinality {
    /// Reads `numkeys key [key ...] [APPROX] [LIMIT limit]`. A limit of 0 is none.
    fn parse(args: Args<'_>, may_approximate: bool) -> Result<Cardinality, Error> {
        let number = parse_int(args.at(1)).filter(|&number| number > 0).ok_or(Error::NumKeys)?;
        let keys = usize::try_from(number).unwrap_or(usize::MAX);
        if keys > args.len() - 2 {
            return Err(Error::TooManyKeys);
        }
        let mut wish = Cardinality { keys, approx: false, limit: usize::MAX };
        let mut opts = args.options(2 + keys);
        while let Some(opt) = opts.next() {
            match () {
                _ if opt.is("APPROX") && may_approximate => wish.approx = true,
                _ if opt.is("LIMIT") && opts.left() > 0 => {
                    let limit = parse_int(opts.value()?).filter(|&limit| limit >= 0).ok_or(Error::LimitNegative)?;
                    wish.limit = if limit == 0 { usize::MAX } else { usize::try_from(limit).unwrap_or(usize::MAX) };
                }
                _ => return Err(Error::Syntax),
            }
        }
        Ok(wish)
    }
}

fn sunion(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    answer(cx, args, Operation::Union)
}

fn sdiff(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    answer(cx, args, Operation::Diff)
}

fn answer(cx: &mut Ctx<'_>, args: Args<'_>, operation: Operation) -> Done {
    let result = combined(cx, args, 1, operation)?;
    cx.out.set(result.len());
    for member in result.iter() {
        cx.out.item(member);
    }
    Ok(())
}

/// The result of an operation on the sets whose keys begin at an argument.
fn combined(cx: &mut Ctx<'_>, args: Args<'_>, start: usize, operation: Operation) -> Result<Set, Error> {
    let limits = limits(cx);
    let sets = sets(cx.db, args.tail(start))?;
    Ok(match operation {
        Operation::Union => union(&sets, &limits),
        Operation::Diff => difference(&sets, &limits),
        Operation::Inter => {
            let members = shared(&sets, usize::MAX);
            let fresh = |first: &Item<'_>| first.with_bytes(|first| Set::for_members(first, members.len(), &limits));
            let mut result = members.first().map_or_else(Set::new, fresh);
            for member in &members {
                member.with_bytes(|bytes| result.add(bytes, &limits));
            }
            result
        }
    })
}

fn sinterstore(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    store(cx, args, Operation::Inter, "sinterstore")
}

fn sunionstore(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    store(cx, args, Operation::Union, "sunionstore")
}

fn sdiffstore(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    store(cx, args, Operation::Diff, "sdiffstore")
}

fn store(cx: &mut Ctx<'_>, args: Args<'_>, operation: Operation, event: &'static str) -> Done {
    let (target, result) = (args.at(1), combined(cx, args, 2, operation)?);
    let len = result.len();
    if len == 0 {
        cx.remove_key(target);
    } else {
        cx.store(target, result.into(), class::SET, event);
    }
    cx.out.int(len as i64);
    Ok(())
}
