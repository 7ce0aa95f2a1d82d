//! Sorted sets: members under one key, each with a score, in the order of scores. Here is what works on members and on the
//! two ends; ranges are in `sorted_set_ranges`, what combines several sets in `sorted_set_algebra`.

pub mod algebra;
pub mod ranges;

use crate::commands::shared::blocking;
use crate::commands::shared::draw::Draw;
use crate::commands::shared::scan::{self, Over, ScanOptions, Scanned};
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::{Deadline, class};
use crate::resp::args::{Args, Word};
use crate::resp::error::Error;
use crate::resp::reply::Reply;
use crate::server::config::Id;
use crate::server::session::{TimeoutReply, Wait, Wants};
use crate::table::spec::{Begin, Find, arg, flags::*, key::*, keys};
use crate::types::double;
use crate::types::listpack::Item;
use crate::types::number::{INT_LEN, format_int, parse_int};
use crate::types::sorted_set::{Limits, SortedSet};
use std::ops::Range;

pub const TABLE: &[Row] = &[
    cmd("BZMPOP timeout numkeys key [key ...] <MIN | MAX> [COUNT count]", bzmpop)
        .write(BLOCKING | MOVABLEKEYS)
        .keys_at(0, 0, 0)
        .specs(&[keys(RW | ACCESS | DELETE, Begin::At(2), Find::Counted)])
        .groups(&["where"])
        .args(&[arg(0).kind("double"), arg(1).kind("integer")])
        .reply("[bulk array of [bulk double]] | null")
        .doc("7.0.0", "O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of elements in the sorted set, and M being the number of elements popped.", "Removes and returns a member by score from one or more sorted sets. Blocks until a member is available otherwise. Deletes the sorted set if the last element was popped."),
    cmd("BZPOPMAX key [key ...] timeout", bzpopmax)
        .keys_at(1, -2, 1)
        .write(BLOCKING | FAST).key(RW | ACCESS | DELETE)
        .args(&[arg(1).kind("double")])
        .history(&[("6.0.0", "`timeout` is interpreted as a double instead of an integer.")])
        .reply("[bulk bulk double] | null")
        .doc("5.0.0", "O(log(N)) with N being the number of elements in the sorted set.", "Removes and returns the member with the highest score from one or more sorted sets. Blocks until a member available otherwise.  Deletes the sorted set if the last element was popped."),
    cmd("BZPOPMIN key [key ...] timeout", bzpopmin)
        .keys_at(1, -2, 1)
        .write(BLOCKING | FAST).key(RW | ACCESS | DELETE)
        .args(&[arg(1).kind("double")])
        .history(&[("6.0.0", "`timeout` is interpreted as a double instead of an integer.")])
        .reply("[bulk bulk double] | null")
        .doc("5.0.0", "O(log(N)) with N being the number of elements in the sorted set.", "Removes and returns the member with the lowest score from one or more sorted sets. Blocks until a member is available otherwise. Deletes the sorted set if the last element was popped."),
    cmd("ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]", zadd)
        .write(DENYOOM | FAST).key(RW | UPDATE)
        .groups(&["condition", "comparison", "data"])
        .args(&[arg(7).name("change"), arg(8).name("increment"), arg(10).kind("double")])
        .history(&[("2.4.0", "Accepts multiple elements."), ("3.0.2", "Added the `XX`, `NX`, `CH` and `INCR` options."), ("6.2.0", "Added the `GT` and `LT` options.")])
        .reply("int | double | null")
        .doc("1.2.0", "O(log(N)) for each item added, where N is the number of elements in the sorted set.", "Adds one or more members to a sorted set, or updates their scores. Creates the key if it doesn't exist."),
    cmd("ZCARD key", zcard)
        .read(FAST).key(RO)
        .reply("int")
        .doc("1.2.0", "O(1)", "Returns the number of members in a sorted set."),
    cmd("ZINCRBY key increment member", zincrby)
        .write(DENYOOM | FAST).key(RW | ACCESS | UPDATE)
        .reply("double")
        .doc("1.2.0", "O(log(N)) where N is the number of elements in the sorted set.", "Increments the score of a member in a sorted set."),
    cmd("ZMPOP numkeys key [key ...] <MIN | MAX> [COUNT count]", zmpop)
        .write(MOVABLEKEYS)
        .keys_at(0, 0, 0)
        .specs(&[keys(RW | ACCESS | DELETE, Begin::At(1), Find::Counted)])
        .groups(&["where"])
        .args(&[arg(0).kind("integer")])
        .reply("[bulk array of [bulk double]] | null")
        .doc("7.0.0", "O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of elements in the sorted set, and M being the number of elements popped.", "Returns the highest- or lowest-scoring members from one or more sorted sets after removing them. Deletes the sorted set if the last member was popped."),
    cmd("ZMSCORE key member [member ...]", zmscore)
        .read(FAST).key(RO | ACCESS)
        .reply("array of (double | null)")
        .doc("6.2.0", "O(N) where N is the number of members being requested.", "Returns the score of one or more members in a sorted set."),
    cmd("ZPOPMAX key [count]", zpopmax)
        .write(FAST).key(RW | ACCESS | DELETE)
        .reply("[bulk double] | array of [bulk double]")
        .doc("5.0.0", "O(log(N)*M) with N being the number of elements in the sorted set, and M being the number of elements popped.", "Returns the highest-scoring members from a sorted set after removing them. Deletes the sorted set if the last member was popped."),
    cmd("ZPOPMIN key [count]", zpopmin)
        .write(FAST).key(RW | ACCESS | DELETE)
        .reply("[bulk double] | array of [bulk double]")
        .doc("5.0.0", "O(log(N)*M) with N being the number of elements in the sorted set, and M being the number of elements popped.", "Returns the lowest-scoring members from a sorted set after removing them. Deletes the sorted set if the last member was popped."),
    cmd("ZRANDMEMBER key [count [WITHSCORES]]", zrandmember)
        .read(0).key(RO | ACCESS)
        .tips(&["nondeterministic_output"])
        .groups(&["options"])
        .reply("bulk | null | array of bulk | array of [bulk double]")
        .doc("6.2.0", "O(N) where N is the number of members returned", "Returns one or more random members from a sorted set."),
    cmd("ZRANK key member [WITHSCORE]", zrank)
        .read(FAST).key(RO | ACCESS)
        .history(&[("7.2.0", "Added the optional `WITHSCORE` argument.")])
        .reply("int | null | [int double]")
        .doc("2.0.0", "O(log(N))", "Returns the index of a member in a sorted set ordered by ascending scores."),
    cmd("ZREM key member [member ...]", zrem)
        .write(FAST).key(RW | DELETE)
        .history(&[("2.4.0", "Accepts multiple elements.")])
        .reply("int")
        .doc("1.2.0", "O(M*log(N)) with N being the number of elements in the sorted set and M the number of elements to be removed.", "Removes one or more members from a sorted set. Deletes the sorted set if all members were removed."),
    cmd("ZREVRANK key member [WITHSCORE]", zrevrank)
        .read(FAST).key(RO | ACCESS)
        .history(&[("7.2.0", "Added the optional `WITHSCORE` argument.")])
        .reply("int | null | [int double]")
        .doc("2.0.0", "O(log(N))", "Returns the index of a member in a sorted set ordered by descending scores."),
    cmd("ZSCAN key cursor [MATCH pattern] [COUNT count]", zscan)
        .read(0).key(RO | ACCESS)
        .tips(&["nondeterministic_output"])
        .reply("[bulk array of bulk]")
        .doc("2.8.0", "O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection.", "Iterates over members and scores of a sorted set."),
    cmd("ZSCORE key member", zscore)
        .read(FAST).key(RO | ACCESS)
        .reply("double | null")
        .doc("1.2.0", "O(1)", "Returns the score of a member in a sorted set."),
];

/// When a sorted set becomes big.
pub(super) fn limits(cx: &Ctx<'_>) -> Limits {
    let config = &cx.server.config;
    Limits { entries: config.size(Id::SortedEntries), value: config.size(Id::SortedValue), seed: cx.db.seed() }
}

/// Opens a reply of so many members: in RESP3 each with its score is an array of its own.
pub(super) fn open_members(out: &mut Reply, len: usize, scores: bool) {
    out.array(if scores && !out.resp3 { len.saturating_mul(2) } else { len });
}

pub(super) fn show_member(out: &mut Reply, item: Item<'_>, score: f64, scores: bool) {
    if scores && out.resp3 {
        out.array(2);
    }
    out.item(item);
    if scores {
        out.double(score);
    }
}

/// What ZADD is to do.
#[derive(Default)]
pub(super) struct Add {
    pub nx: bool,
    pub xx: bool,
    pub gt: bool,
    pub lt: bool,
    pub ch: bool,
    pub incr: bool,
}

fn zadd(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let mut how = Add::default();
    let mut at = 2;
    while let Some(word) = args.get(at).map(Word) {
        let option = match () {
            _ if word.is("NX") => &mut how.nx,
            _ if word.is("XX") => &mut how.xx,
            _ if word.is("GT") => &mut how.gt,
            _ if word.is("LT") => &mut how.lt,
            _ if word.is("CH") => &mut how.ch,
            _ if word.is("INCR") => &mut how.incr,
            _ => break,
        };
        *option = true;
        at += 1;
    }
    let count = args.len() - at;
    if count == 0 || !count.is_multiple_of(2) {
        return Err(Error::Syntax);
    }
    if how.nx && how.xx {
        return Err(Error::AddNxAndXx);
    }
    if (how.gt || how.lt) && how.nx || how.gt && how.lt {
        return Err(Error::AddConditions);
    }
    if how.incr && count > 2 {
        return Err(Error::IncrSinglePair);
    }
    add_pairs(cx, args.at(1), args.skip(at), &how)
}

fn zincrby(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    add_pairs(cx, args.at(1), args.skip(2), &Add { incr: true, ..Add::default() })
}

/// Adds score and member, score and member, ... and answers.
fn add_pairs(cx: &mut Ctx<'_>, key: &[u8], pairs: Args<'_>, how: &Add) -> Done {
    let valkey = cx.server.is_valkey();
    let first = double::parse_score(pairs.at(0), valkey).ok_or(Error::NotFloat)?;
    for (score, _) in pairs.pairs(2) {
        double::parse_score(score, valkey).ok_or(Error::NotFloat)?;
    }
    let pair = |i: usize| {
        let score = if i == 0 { first } else { double::parse(pairs.at(2 * i)).unwrap_or(first) };
        (score, pairs.at(2 * i + 1))
    };
    add(cx, key, pairs.len() / 2, &pair, how)
}

/// Adds `count` members and answers; `pair` gives each with its score.
pub(super) fn add<'a>(
    cx: &mut Ctx<'_>,
    key: &[u8],
    count: usize,
    pair: &dyn Fn(usize) -> (f64, &'a [u8]),
    how: &Add,
) -> Done {
    let limits = limits(cx);
    // Valkey asks only how long members are, not whether they will be there.
    let long = cx.server.is_valkey() && (0..count).any(|i| pair(i).1.len() > limits.value);
    let set = if how.xx { cx.db.write::<SortedSet>(key)? } else { Some(cx.db.write_or(key, |_| SortedSet::new())?) };
    let (mut added, mut updated, mut result, mut nan) = (0, 0, None, false);
    if let Some(set) = set {
        set.expect(if long { usize::MAX } else { count }, &limits);
        for i in 0..count {
            let (score, member) = pair(i);
            let guess = (!how.incr && !how.xx).then_some(score);
            set.update(member, guess, &limits, &mut |old| {
                let Some(old) = old else {
                    if how.xx {
                        return None;
                    }
                    added += 1;
                    result = Some(score);
                    return Some(score);
                };
                if how.nx {
                    return None;
                }
                let new = if how.incr { old + score } else { score };
                nan |= new.is_nan();
                if nan || how.gt && new <= old || how.lt && new >= old {
                    return None;
                }
                result = Some(new);
                // Zero stays as it is where the sign is all that would change.
                (new != old).then(|| {
                    updated += 1;
                    new
                })
            });
        }
    }
    if nan {
        return Err(Error::ScoreNan);
    }
    if added + updated > 0 {
        cx.changed(key, class::SORTED, if how.incr { "zincr" } else { "zadd" }, added + updated);
    }
    match result {
        Some(score) if how.incr => cx.out.double(score),
        None if how.incr => cx.out.null(),
        _ => cx.out.int((added + if how.ch { updated } else { 0 }) as i64),
    }
    Ok(())
}

fn zcard(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let len = cx.db.read::<SortedSet>(args.at(1))?.map_or(0, SortedSet::len);
    cx.out.int(len as i64);
    Ok(())
}

fn zscore(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    match cx.db.read::<SortedSet>(args.at(1))?.and_then(|set| set.score(args.at(2))) {
        Some(score) => cx.out.double(score),
        None => cx.out.null(),
    }
    Ok(())
}

fn zmscore(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let set = cx.db.read::<SortedSet>(args.at(1))?;
    cx.out.array(args.len() - 2);
    for member in args.tail(2) {
        match set.and_then(|set| set.score(member)) {
            Some(score) => cx.out.double(score),
            None => cx.out.null(),
        }
    }
    Ok(())
}

fn zrank(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    reply_rank(cx, args, false)
}

fn zrevrank(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    reply_rank(cx, args, true)
}

fn reply_rank(cx: &mut Ctx<'_>, args: Args<'_>, reverse: bool) -> Done {
    if args.len() > 4 {
        return Err(cx.arity());
    }
    let scores = args.len() == 4;
    if scores && !Word(args.at(3)).is("WITHSCORE") {
        return Err(Error::Syntax);
    }
    let set = cx.db.read::<SortedSet>(args.at(1))?;
    match set.and_then(|set| Some((set.len(), set.rank(args.at(2))?))) {
        Some((len, (rank, score))) => {
            if scores {
                cx.out.array(2);
            }
            cx.out.int(if reverse { len - 1 - rank } else { rank } as i64);
            if scores {
                cx.out.double(score);
            }
        }
        None if scores => cx.out.null_array(),
        None => cx.out.null(),
    }
    Ok(())
}

fn zrem(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let key = args.at(1);
    let mut removed = 0;
    if let Some(set) = cx.db.write::<SortedSet>(key)? {
        removed = args.tail(2).filter(|member| set.remove(member)).count();
        if removed > 0 {
            let rest = set.len();
            cx.removed(key, class::SORTED | class::FIRST, "zrem", removed as u64, rest);
        }
    }
    cx.out.int(removed as i64);
    Ok(())
}

/// Removes up to `count` members from one end of the set under this key, showing each, and tells. There must be one.
fn pop(cx: &mut Ctx<'_>, key: &[u8], max: bool, count: usize, pairs: bool) -> Done {
    let Some(set) = cx.db.write::<SortedSet>(key)? else { return Ok(()) };
    let (out, len) = (&mut *cx.out, set.len());
    let count = count.min(len);
    set.each(if max { len - 1 } else { 0 }, count, max, &mut |item, score| {
        if pairs {
            out.array(2);
        }
        out.item(item);
        out.double(score);
        true
    });
    out.written()?;
    set.remove_range(if max { len - count..len } else { 0..count });
    if count > 0 {
        cx.removed(
            key,
            class::SORTED | class::FIRST,
            if max { "zpopmax" } else { "zpopmin" },
            count as u64,
            len - count,
        );
        let name: &[u8] = if max { b"ZPOPMAX" } else { b"ZPOPMIN" };
        cx.db.propagate(&[name, key, format_int(count as i64, &mut [0; INT_LEN])]);
    }
    Ok(())
}

fn zpopmin(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    pop_from(cx, args, false)
}

fn zpopmax(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    pop_from(cx, args, true)
}

fn pop_from(cx: &mut Ctx<'_>, args: Args<'_>, max: bool) -> Done {
    if args.len() > 3 {
        return Err(Error::Syntax);
    }
    let count = match args.get(2) {
        Some(count) => parse_int(count).filter(|&count| count >= 0).ok_or(Error::NotPositive)?,
        None => 1,
    };
    let len = cx.db.write::<SortedSet>(args.at(1))?.map_or(0, |set| set.len());
    let count = usize::try_from(count).unwrap_or(usize::MAX).min(len);
    let nested = args.len() == 3 && cx.out.resp3;
    cx.out.array(if nested { count } else { count.saturating_mul(2) });
    pop(cx, args.at(1), max, count, nested)
}

/// The first of these keys that has a sorted set.
fn first_there(cx: &mut Ctx<'_>, args: Args<'_>, keys: Range<usize>) -> Result<Option<(usize, usize)>, Error> {
    for at in keys {
        if let Some(set) = cx.db.write::<SortedSet>(args.at(at))? {
            return Ok(Some((at, set.len())));
        }
    }
    Ok(None)
}

/// The session waits for one of these keys.
fn wait(cx: &mut Ctx<'_>, keys: Range<usize>, deadline: Deadline) -> Done {
    cx.block(Wait {
        number: cx.number,
        keys,
        deadline,
        wants: Wants::Sorted,
        timeout_reply: TimeoutReply::NullArray,
        args: None,
        again: None,
    })
}

fn bzpopmin(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    pop_or_wait(cx, args, false)
}

fn bzpopmax(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    pop_or_wait(cx, args, true)
}

fn pop_or_wait(cx: &mut Ctx<'_>, args: Args<'_>, max: bool) -> Done {
    let last = args.len() - 1;
    let deadline = blocking::deadline(cx, args.at(last))?;
    match first_there(cx, args, 1..last)? {
        Some((at, _)) => {
            cx.out.array(3);
            cx.out.bulk(args.at(at));
            pop(cx, args.at(at), max, 1, false)
        }
        None => wait(cx, 1..last, deadline),
    }
}

/// What ZMPOP and BZMPOP are to do.
struct Many {
    keys: Range<usize>,
    max: bool,
    count: usize,
}

impl Many {
    /// Reads `numkeys key [key ...] <MIN | MAX> [COUNT count]` from argument `at` on.
    fn parse(args: Args<'_>, at: usize) -> Result<Many, Error> {
        let number = parse_int(args.at(at)).filter(|&number| number > 0).ok_or(Error::NumKeys)?;
        let end = usize::try_from(number).ok().and_then(|number| number.checked_add(at + 1));
        let end = end.filter(|&end| end < args.len()).ok_or(Error::Syntax)?;
        let word = Word(args.at(end));
        if !word.is("MIN") && !word.is("MAX") {
            return Err(Error::Syntax);
        }
        let mut count = None;
        let mut opts = args.options(end + 1);
        while let Some(opt) = opts.next() {
            if count.is_some() || !opt.is("COUNT") || opts.left() == 0 {
                return Err(Error::Syntax);
            }
            count = Some(parse_int(opts.value()?).filter(|&count| count > 0).ok_or(Error::CountPositive)?);
        }
        let count = usize::try_from(count.unwrap_or(1)).unwrap_or(usize::MAX);
        Ok(Many { keys: at + 1..end, max: word.is("MAX"), count })
    }
}

/// Pops from the first key that is there, and answers; `false` if none is.
fn pop_many(cx: &mut Ctx<'_>, args: Args<'_>, many: &Many) -> Result<bool, Error> {
    let Some((at, len)) = first_there(cx, args, many.keys.clone())? else { return Ok(false) };
    cx.out.array(2);
    cx.out.bulk(args.at(at));
    cx.out.array(many.count.min(len));
    pop(cx, args.at(at), many.max, many.count, true)?;
    Ok(true)
}

fn zmpop(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let many = Many::parse(args, 1)?;
    if !pop_many(cx, args, &many)? {
        cx.out.null_array();
    }
    Ok(())
}

fn bzmpop(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let deadline = blocking::deadline(cx, args.at(1));
    let many = Many::parse(args, 2)?;
    let deadline = deadline?;
    if pop_many(cx, args, &many)? { Ok(()) } else { wait(cx, many.keys, deadline) }
}

fn zrandmember(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let key = args.at(1);
    let mut rng = cx.db.rng.clone();
    if args.len() == 2 {
        match cx.db.read::<SortedSet>(key)? {
            Some(set) => set.random(&mut rng, &mut |item, _| {
                cx.out.item(item);
                true
            }),
            None => cx.out.null(),
        }
        cx.db.rng = rng;
        return Ok(());
    }
    let draw = Draw::parse(cx, args, "WITHSCORES")?;
    let set = cx.db.read::<SortedSet>(key)?;
    let size = draw.size(set.map(|set| set.len()))?;
    let out = &mut *cx.out;
    open_members(out, size, draw.with);
    let start = out.mark();
    let mut show = |item: Item<'_>, score: f64| {
        show_member(out, item, score, draw.with);
        draw.fits(out, start)
    };
    match set {
        Some(set) if draw.repeats => {
            for _ in 0..size {
                set.random(&mut rng, &mut show);
            }
        }
        Some(set) => set.sample(size, &mut rng, &mut show),
        None => {}
    }
    if !draw.fits(out, start) {
        return Err(Error::OutOfRange);
    }
    cx.db.rng = rng;
    Ok(())
}

fn zscan(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let cursor = scan::cursor(args.at(2))?;
    let valkey = cx.server.is_valkey();
    let (mut reply, mut next, mut text) = (Scanned::begin(cx.out), 0, Vec::new());
    if let Some(set) = cx.db.read::<SortedSet>(args.at(1))? {
        let options = ScanOptions::parse(args, 3, Over::Elements, valkey)?;
        if options.no_values {
            return Err(Error::NoValues);
        }
        // A listpack has the text that it stores, the other encoding another one.
        let write = if set.is_pack() { double::write } else { double::write_17 };
        next = set.scan(cursor, options.count, &mut |member, score| {
            if options.admits_item(member) {
                reply.item(member);
                if !options.no_scores {
                    text.clear();
                    write(score, &mut text);
                    reply.bulk(&text);
                }
            }
        });
    }
    reply.end(next);
    Ok(())
}
