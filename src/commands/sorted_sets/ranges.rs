//! Ranges of sorted sets: by rank, by score, by bytes among members of one score. Every range becomes one of ranks: what
//! it holds is counted in O(log n), wherever its borders came from.

use crate::commands::shared::results::room_for_result;
use crate::commands::sorted_sets::{limits, open_members, show_member};
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::class;
use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::table::spec::{Begin, KeySpec, arg, flags::*, key::*, keys};
use crate::types::double;
use crate::types::sorted_set::SortedSet;
use std::ops::Range;

pub const TABLE: &[Row] = &[
    cmd("ZCOUNT key min max", zcount)
        .read(FAST).key(RO | ACCESS)
        .args(&[arg(1).kind("double"), arg(2).kind("double")])
        .reply("int")
        .doc("2.0.0", "O(log(N)) with N being the number of elements in the sorted set.", "Returns the count of members in a sorted set that have scores within a range."),
    cmd("ZLEXCOUNT key min max", zlexcount)
        .read(FAST).key(RO | ACCESS)
        .reply("int")
        .doc("2.8.9", "O(log(N)) with N being the number of elements in the sorted set.", "Returns the number of members in a sorted set within a lexicographical range."),
    cmd("ZRANGE key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]", zrange)
        .read(0).key(RO | ACCESS)
        .groups(&["sortby", "limit"])
        .args(&[arg(1).kind("string")])
        .history(&[("6.2.0", "Added the `REV`, `BYSCORE`, `BYLEX` and `LIMIT` options.")])
        .reply("array of bulk | array of [bulk double]")
        .doc("1.2.0", "O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.", "Returns members in a sorted set within a range of indexes."),
    cmd("ZRANGEBYLEX key min max [LIMIT offset count]", zrangebylex)
        .read(0).key(RO | ACCESS)
        .deprecated("6.2.0", "`ZRANGE` with the `BYLEX` argument")
        .groups(&["limit"])
        .reply("array of bulk")
        .doc("2.8.9", "O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements being returned. If M is constant (e.g. always asking for the first 10 elements with LIMIT), you can consider it O(log(N)).", "Returns members in a sorted set within a lexicographical range."),
    cmd("ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count]", zrangebyscore)
        .read(0).key(RO | ACCESS)
        .deprecated("6.2.0", "`ZRANGE` with the `BYSCORE` argument")
        .groups(&["limit"])
        .args(&[arg(1).kind("double"), arg(2).kind("double")])
        .history(&[("2.0.0", "Added the `WITHSCORES` modifier.")])
        .reply("array of bulk | array of [bulk double]")
        .doc("1.0.5", "O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements being returned. If M is constant (e.g. always asking for the first 10 elements with LIMIT), you can consider it O(log(N)).", "Returns members in a sorted set within a range of scores."),
    cmd("ZRANGESTORE dst src min max [BYSCORE | BYLEX] [REV] [LIMIT offset count]", zrangestore)
        .write(DENYOOM)
        .keys_at(1, 2, 1)
        .specs(&[keys(OW | UPDATE, Begin::At(1), KeySpec::ONE), keys(RO | ACCESS, Begin::At(2), KeySpec::ONE)])
        .groups(&["sortby", "limit"])
        .args(&[arg(0).kind("key").spec(0), arg(1).kind("key").spec(1)])
        .reply("int")
        .doc("6.2.0", "O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements stored into the destination key.", "Stores a range of members from sorted set in a key."),
    cmd("ZREMRANGEBYLEX key min max", zremrangebylex)
        .write(0).key(RW | DELETE)
        .reply("int")
        .doc("2.8.9", "O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed by the operation.", "Removes members in a sorted set within a lexicographical range. Deletes the sorted set if all members were removed."),
    cmd("ZREMRANGEBYRANK key start stop", zremrangebyrank)
        .write(0).key(RW | DELETE)
        .args(&[arg(2).kind("integer")])
        .reply("int")
        .doc("2.0.0", "O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed by the operation.", "Removes members in a sorted set within a range of indexes. Deletes the sorted set if all members were removed."),
    cmd("ZREMRANGEBYSCORE key min max", zremrangebyscore)
        .write(0).key(RW | DELETE)
        .args(&[arg(1).kind("double"), arg(2).kind("double")])
        .reply("int")
        .doc("1.2.0", "O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed by the operation.", "Removes members in a sorted set within a range of scores. Deletes the sorted set if all members were removed."),
    cmd("ZREVRANGE key start stop [WITHSCORES]", zrevrange)
        .read(0).key(RO | ACCESS)
        .deprecated("6.2.0", "`ZRANGE` with the `REV` argument")
        .args(&[arg(2).kind("integer")])
        .reply("array of bulk | array of [bulk double]")
        .doc("1.2.0", "O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.", "Returns members in a sorted set within a range of indexes in reverse order."),
    cmd("ZREVRANGEBYLEX key max min [LIMIT offset count]", zrevrangebylex)
        .read(0).key(RO | ACCESS)
        .deprecated("6.2.0", "`ZRANGE` with the `REV` and `BYLEX` arguments")
        .groups(&["limit"])
        .reply("array of bulk")
        .doc("2.8.9", "O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements being returned. If M is constant (e.g. always asking for the first 10 elements with LIMIT), you can consider it O(log(N)).", "Returns members in a sorted set within a lexicographical range in reverse order."),
    cmd("ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count]", zrevrangebyscore)
        .read(0).key(RO | ACCESS)
        .deprecated("6.2.0", "`ZRANGE` with the `REV` and `BYSCORE` arguments")
        .groups(&["limit"])
        .args(&[arg(1).kind("double"), arg(2).kind("double")])
        .history(&[("2.1.6", "`min` and `max` can be exclusive.")])
        .reply("array of bulk | array of [bulk double]")
        .doc("2.2.0", "O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements being returned. If M is constant (e.g. always asking for the first 10 elements with LIMIT), you can consider it O(log(N)).", "Returns members in a sorted set within a range of scores in reverse order."),
];

/// A score where a range begins or ends.
#[derive(Clone, Copy)]
struct Border {
    score: f64,
    open: bool,
}

impl Border {
    fn parse(text: &[u8]) -> Result<Border, Error> {
        let (open, text) = match text {
            [b'(', rest @ ..] => (true, rest),
            _ => (false, text),
        };
        // Redis reads it as a C string, of which nothing at all is 0.
        let text = text.split(|&b| b == 0).next().unwrap_or_default();
        let score = if text.is_empty() { Some(0.0) } else { double::parse_limit(text) };
        Ok(Border { score: score.ok_or(Error::ScoreRange)?, open })
    }
}

/// A member where a range begins or ends.
#[derive(Clone, Copy)]
enum LexBorder<'a> {
    Lowest,
    Highest,
    Member { bytes: &'a [u8], open: bool },
}

impl<'a> LexBorder<'a> {
    fn parse(text: &'a [u8]) -> Result<LexBorder<'a>, Error> {
        match text {
            b"-" => Ok(LexBorder::Lowest),
            b"+" => Ok(LexBorder::Highest),
            [b'(', bytes @ ..] => Ok(LexBorder::Member { bytes, open: true }),
            [b'[', bytes @ ..] => Ok(LexBorder::Member { bytes, open: false }),
            _ => Err(Error::LexRange),
        }
    }

    /// Whether a member stands behind this border as the lower end of a range, or on it.
    fn is_above(self, member: &[u8]) -> bool {
        match self {
            LexBorder::Lowest => true,
            LexBorder::Highest => false,
            LexBorder::Member { bytes, open } => member > bytes || !open && member == bytes,
        }
    }

    /// Whether a member stands in front of this border as the upper end of a range, or on it.
    fn is_below(self, member: &[u8]) -> bool {
        match self {
            LexBorder::Lowest => false,
            LexBorder::Highest => true,
            LexBorder::Member { bytes, open } => member < bytes || !open && member == bytes,
        }
    }
}

/// The ranks between two borders. Where scores are not all equal, members are in no order, and which of them are found is
/// the chance of where one looks from: as in Redis from the end that a range begins at, and nowhere if the last member is too
/// low or the first too high.
fn lex_ranks(set: &SortedSet, min: LexBorder<'_>, max: LexBorder<'_>, reverse: bool) -> (usize, usize) {
    let len = set.len();
    let mut possible = true;
    set.each(0, 1, false, &mut |item, _| {
        possible &= item.with_bytes(|member| max.is_below(member));
        false
    });
    set.each(len.wrapping_sub(1), 1, false, &mut |item, _| {
        possible &= item.with_bytes(|member| min.is_above(member));
        false
    });
    match (possible, reverse) {
        (false, _) => (0, 0),
        (_, false) => {
            (set.count_members(&|member| !min.is_above(member)), set.count_members(&|member| max.is_below(member)))
        }
        (_, true) => (
            len - set.count_members_back(&|member| min.is_above(member)),
            len - set.count_members_back(&|member| !max.is_below(member)),
        ),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Rank,
    Score,
    Lex,
}

/// A range as it was asked for.
#[derive(Clone, Copy)]
enum Span<'a> {
    /// From and to, both included, from -1 on counted from the end. Here and in `Lex` the order is backwards if `true`.
    Rank(i64, i64, bool),
    Score(Border, Border),
    Lex(LexBorder<'a>, LexBorder<'a>, bool),
}

impl<'a> Span<'a> {
    /// `low` and `high` are arguments. Ranks are counted from the end if `reverse`.
    fn parse(args: Args<'a>, low: usize, high: usize, by: By, reverse: bool) -> Result<Span<'a>, Error> {
        Ok(match by {
            By::Rank => Span::Rank(args.int(low)?, args.int(high)?, reverse),
            By::Score => Span::Score(Border::parse(args.at(low))?, Border::parse(args.at(high))?),
            By::Lex => Span::Lex(LexBorder::parse(args.at(low))?, LexBorder::parse(args.at(high))?, reverse),
        })
    }

    /// The ranks in this set.
    fn ranks(self, set: &SortedSet) -> Range<usize> {
        let len = set.len();
        let (start, end) = match self {
            Span::Rank(start, stop, reverse) => {
                let place = |i: i64| if i < 0 { i.saturating_add(len as i64) } else { i };
                let start = usize::try_from(place(start).max(0)).unwrap_or(len).min(len);
                let end = usize::try_from(place(stop).saturating_add(1).max(0)).unwrap_or(len).min(len);
                if reverse { (len - end.max(start), len - start) } else { (start, end) }
            }
            Span::Score(min, max) => (set.count_scores(min.score, min.open), set.count_scores(max.score, !max.open)),
            Span::Lex(min, max, reverse) => lex_ranks(set, min, max, reverse),
        };
        start..end.max(start)
    }
}

/// What ZRANGE and its kind are to do.
struct Query<'a> {
    span: Span<'a>,
    reverse: bool,
    scores: bool,
    /// How many are left out, and how many are wanted: all if negative.
    limit: (i64, i64),
}

/// What a command says by its name.
#[derive(Clone, Copy, Default)]
struct Fixed {
    by: Option<By>,
    reverse: Option<bool>,
    store: bool,
}

impl<'a> Query<'a> {
    /// Reads `min max` from argument `at` on, and the options behind.
    fn parse(args: Args<'a>, at: usize, fixed: Fixed) -> Result<Query<'a>, Error> {
        let (mut by, mut reverse) = (fixed.by, fixed.reverse);
        let (mut scores, mut limit) = (false, (0, -1));
        let mut opts = args.options(at + 2);
        while let Some(opt) = opts.next() {
            match () {
                _ if opt.is("WITHSCORES") && !fixed.store => scores = true,
                _ if opt.is("LIMIT") && opts.left() >= 2 => limit = (opts.int()?, opts.int()?),
                _ if opt.is("REV") && reverse.is_none() => reverse = Some(true),
                _ if opt.is("BYLEX") && by.is_none() => by = Some(By::Lex),
                _ if opt.is("BYSCORE") && by.is_none() => by = Some(By::Score),
                _ => return Err(Error::Syntax),
            }
        }
        let (by, reverse) = (by.unwrap_or(By::Rank), reverse.unwrap_or(false));
        if limit.1 != -1 && by == By::Rank {
            return Err(Error::RangeLimit);
        }
        if scores && by == By::Lex {
            return Err(Error::RangeScores);
        }
        // The higher end comes first in a range backwards.
        let (low, high) = if reverse && by != By::Rank { (at + 1, at) } else { (at, at + 1) };
        let span = Span::parse(args, low, high, by, reverse)?;
        if by == By::Rank {
            limit = (0, -1);
        }
        Ok(Query { span, reverse, scores, limit })
    }

    /// The ranks that are wanted of this set.
    fn ranks(&self, set: &SortedSet, valkey: bool) -> Range<usize> {
        let Range { mut start, mut end } = self.span.ranks(set);
        let (offset, count) = self.limit;
        let len = end - start;
        // A negative offset leaves out all. In Valkey's skiplists it counts from the end.
        let offset = if offset < 0 && valkey && set.packed_bytes().is_none() { len as i64 + offset } else { offset };
        let left_out = usize::try_from(offset).map_or(len, |offset| offset.min(len));
        let wanted = usize::try_from(count).unwrap_or(usize::MAX).min(len - left_out);
        if self.reverse {
            end -= left_out;
            start = end - wanted;
        } else {
            start += left_out;
            end = start + wanted;
        }
        start..end
    }
}

fn show_range(cx: &mut Ctx<'_>, args: Args<'_>, fixed: Fixed) -> Done {
    let query = Query::parse(args, 2, fixed)?;
    let Some(set) = cx.db.read::<SortedSet>(args.at(1))? else {
        cx.out.array(0);
        return Ok(());
    };
    let (ranks, out) = (query.ranks(set, cx.server.is_valkey()), &mut *cx.out);
    open_members(out, ranks.len(), query.scores);
    let first = if query.reverse { ranks.end.saturating_sub(1) } else { ranks.start };
    set.each(first, ranks.len(), query.reverse, &mut |item, score| {
        show_member(out, item, score, query.scores);
        true
    });
    Ok(())
}

fn zrange(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    show_range(cx, args, Fixed::default())
}

fn zrevrange(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    show_range(cx, args, Fixed { by: Some(By::Rank), reverse: Some(true), store: false })
}

fn zrangebyscore(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    show_range(cx, args, Fixed { by: Some(By::Score), reverse: Some(false), store: false })
}

fn zrevrangebyscore(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    show_range(cx, args, Fixed { by: Some(By::Score), reverse: Some(true), store: false })
}

fn zrangebylex(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    show_range(cx, args, Fixed { by: Some(By::Lex), reverse: Some(false), store: false })
}

fn zrevrangebylex(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    show_range(cx, args, Fixed { by: Some(By::Lex), reverse: Some(true), store: false })
}

fn zrangestore(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let query = Query::parse(args, 3, Fixed { store: true, ..Fixed::default() })?;
    let (target, limits) = (args.at(1), limits(cx));
    let mut result = SortedSet::new();
    room_for_result(cx.db, std::iter::once(args.at(2)), 1)?;
    if let Some(set) = cx.db.read::<SortedSet>(args.at(2))? {
        let ranks = query.ranks(set, cx.server.is_valkey());
        // Redis knows the number of members beforehand of a range of ranks alone, and adds them in the order asked for: a pack
        // keeps no sign of a zero, and what outgrows it has lost that.
        if matches!(query.span, Span::Rank(..)) {
            result.expect(ranks.len(), &limits);
        }
        let first = if query.reverse { ranks.end.wrapping_sub(1) } else { ranks.start };
        set.each(first, ranks.len(), query.reverse, &mut |item, score| {
            item.with_bytes(|member| result.set(member, score, &limits));
            true
        });
    }
    store(cx, target, result, "zrangestore");
    Ok(())
}

/// Puts a result under a key, or removes that where there is nothing, and answers with the number of members.
pub fn store(cx: &mut Ctx<'_>, target: &[u8], result: SortedSet, event: &'static str) {
    let len = result.len();
    if len == 0 {
        cx.remove_key(target);
    } else {
        cx.store(target, result.into(), class::SORTED, event);
    }
    cx.out.int(len as i64);
}

fn zcount(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    count(cx, args, By::Score)
}

fn zlexcount(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    count(cx, args, By::Lex)
}

fn count(cx: &mut Ctx<'_>, args: Args<'_>, by: By) -> Done {
    let span = Span::parse(args, 2, 3, by, false)?;
    let count = cx.db.read::<SortedSet>(args.at(1))?.map_or(0, |set| span.ranks(set).len());
    cx.out.int(count as i64);
    Ok(())
}

fn zremrangebyrank(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    remove(cx, args, By::Rank, "zremrangebyrank")
}

fn zremrangebyscore(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    remove(cx, args, By::Score, "zremrangebyscore")
}

fn zremrangebylex(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    remove(cx, args, By::Lex, "zremrangebylex")
}

fn remove(cx: &mut Ctx<'_>, args: Args<'_>, by: By, event: &'static str) -> Done {
    let key = args.at(1);
    let span = Span::parse(args, 2, 3, by, false)?;
    let mut removed = 0;
    if let Some(set) = cx.db.write::<SortedSet>(key)? {
        let ranks = span.ranks(set);
        removed = ranks.len();
        if removed > 0 {
            set.remove_range(ranks);
            let rest = set.len();
            cx.removed(key, class::SORTED, event, removed as u64, rest);
        }
    }
    cx.out.int(removed as i64);
    Ok(())
}
