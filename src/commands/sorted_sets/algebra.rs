//! What combines several sorted sets: unions, intersections, differences. Plain sets count as sorted sets whose scores are
//! all 1.
//!
//! Inputs are taken one after the other, for intersections and unions the smallest first, as in Redis: sums of scores depend
//! on the order.

use crate::commands::shared::results::room_for_result;
use crate::commands::sorted_sets::ranges::store;
use crate::commands::sorted_sets::{limits, open_members, show_member};
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::{Keyspace, Value};
use crate::resp::args::{Args, Word};
use crate::resp::dialect::Release;
use crate::resp::error::Error;
use crate::table::spec::{Begin, Find, KeySpec, arg, flags::*, key::*, keys};
use crate::types::double;
use crate::types::number::{INT_LEN, parse_int};
use crate::types::pairs::{self, Pair};
use crate::types::set::Set;
use crate::types::sorted_set::{Limits, Show, SortedSet};

pub const TABLE: &[Row] = &[
    cmd("ZDIFF numkeys key [key ...] [WITHSCORES]", zdiff)
        .read(MOVABLEKEYS)
        .keys_at(0, 0, 0)
        .specs(&[keys(RO | ACCESS, Begin::At(1), Find::Counted)])
        .args(&[arg(0).kind("integer")])
        .reply("array of bulk | array of [bulk double]")
        .doc("6.2.0", "O(L + (N-K)log(N)) worst case where L is the total number of elements in all the sets, N is the size of the first set, and K is the size of the result set.", "Returns the difference between multiple sorted sets."),
    cmd("ZDIFFSTORE destination numkeys key [key ...]", zdiffstore)
        .write(DENYOOM | MOVABLEKEYS)
        .keys_at(1, 1, 1)
        .specs(&[keys(OW | UPDATE, Begin::At(1), KeySpec::ONE), keys(RO | ACCESS, Begin::At(2), Find::Counted)])
        .args(&[arg(1).kind("integer")])
        .reply("int")
        .doc("6.2.0", "O(L + (N-K)log(N)) worst case where L is the total number of elements in all the sets, N is the size of the first set, and K is the size of the result set.", "Stores the difference of multiple sorted sets in a key."),
    cmd("ZINTER numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>] [WITHSCORES]", zinter)
        .read(MOVABLEKEYS)
        .keys_at(0, 0, 0)
        .specs(&[keys(RO | ACCESS, Begin::At(1), Find::Counted)])
        .later(&[(Release::V8_8, "COUNT")])
        .groups(&["aggregate"])
        .args(&[arg(0).kind("integer"), arg(2).kind("integer")])
        .reply("array of bulk | array of [bulk double]")
        .doc("6.2.0", "O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.", "Returns the intersect of multiple sorted sets."),
    cmd("ZINTERCARD numkeys key [key ...] [LIMIT limit]", zintercard)
        .read(MOVABLEKEYS)
        .keys_at(0, 0, 0)
        .specs(&[keys(RO | ACCESS, Begin::At(1), Find::Counted)])
        .args(&[arg(0).kind("integer"), arg(2).kind("integer")])
        .reply("int")
        .doc("7.0.0", "O(N*K) worst case with N being the smallest input sorted set, K being the number of input sorted sets.", "Returns the number of members of the intersect of multiple sorted sets."),
    cmd("ZINTERSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>]", zinterstore)
        .write(DENYOOM | MOVABLEKEYS)
        .keys_at(1, 1, 1)
        .specs(&[keys(OW | UPDATE, Begin::At(1), KeySpec::ONE), keys(RO | ACCESS, Begin::At(2), Find::Counted)])
        .later(&[(Release::V8_8, "COUNT")])
        .groups(&["aggregate"])
        .args(&[arg(1).kind("integer"), arg(3).kind("integer")])
        .reply("int")
        .doc("2.0.0", "O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.", "Stores the intersect of multiple sorted sets in a key."),
    cmd("ZUNION numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>] [WITHSCORES]", zunion)
        .read(MOVABLEKEYS)
        .keys_at(0, 0, 0)
        .specs(&[keys(RO | ACCESS, Begin::At(1), Find::Counted)])
        .later(&[(Release::V8_8, "COUNT")])
        .groups(&["aggregate"])
        .args(&[arg(0).kind("integer"), arg(2).kind("integer")])
        .reply("array of bulk | array of [bulk double]")
        .doc("6.2.0", "O(N)+O(M*log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set.", "Returns the union of multiple sorted sets."),
    cmd("ZUNIONSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>]", zunionstore)
        .write(DENYOOM | MOVABLEKEYS)
        .keys_at(1, 1, 1)
        .specs(&[keys(OW | UPDATE, Begin::At(1), KeySpec::ONE), keys(RO | ACCESS, Begin::At(2), Find::Counted)])
        .later(&[(Release::V8_8, "COUNT")])
        .groups(&["aggregate"])
        .args(&[arg(1).kind("integer"), arg(3).kind("integer")])
        .reply("int")
        .doc("2.0.0", "O(N)+O(M log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set.", "Stores the union of multiple sorted sets in a key."),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operation {
    Union,
    Inter,
    Diff,
}

#[derive(Clone, Copy)]
enum Aggregate {
    Sum,
    Min,
    Max,
    /// In how many inputs a member is, each as much as its weight.
    Count,
}

impl Aggregate {
    /// A sum of both infinities is 0.
    fn of(self, a: f64, b: f64) -> f64 {
        match self {
            Aggregate::Sum | Aggregate::Count => number(a + b),
            Aggregate::Min if b < a => b,
            Aggregate::Max if b > a => b,
            _ => a,
        }
    }
}

/// 0 for what is none.
fn number(score: f64) -> f64 {
    if score.is_nan() { 0.0 } else { score }
}

/// What a key holds, for these commands.
#[derive(Clone, Copy)]
enum Input<'a> {
    None,
    Set(&'a Set),
    Sorted(&'a SortedSet),
}

impl<'a> Input<'a> {
    fn of(value: &'a Value) -> Option<Input<'a>> {
        match value {
            Value::Set(set) => Some(Input::Set(set)),
            Value::Sorted(set) => Some(Input::Sorted(set)),
            Value::Str(_)
            | Value::Hash(_)
            | Value::List(_)
            | Value::Stream(_)
            | Value::Array(_)
            | Value::Vectors(_) => None,
        }
    }

    fn len(self) -> usize {
        match self {
            Input::None => 0,
            Input::Set(set) => set.len(),
            Input::Sorted(set) => set.len(),
        }
    }

    fn score(self, member: &[u8]) -> Option<f64> {
        match self {
            Input::None => None,
            Input::Set(set) => set.contains(member).then_some(1.0),
            Input::Sorted(set) => set.score(member),
        }
    }

    /// Shows the members while `show` answers true.
    fn each(self, show: &mut Show<'_>) {
        match self {
            Input::None => {}
            Input::Set(set) => {
                let mut iter = set.iter();
                while iter.next().is_some_and(|item| show(item, 1.0)) {}
            }
            Input::Sorted(set) => set.each(0, usize::MAX, false, show),
        }
    }
}

/// The inputs under the `count` keys from argument `at` on, all looked up.
fn inputs<'a>(db: &'a mut Keyspace, args: Args<'_>, at: usize, count: usize) -> Result<Vec<Input<'a>>, Error> {
    let keys = || args.tail(at).take(count);
    for key in keys() {
        if let Some(value) = db.read::<Value>(key)? {
            Input::of(value).ok_or(Error::WrongType)?;
        }
    }
    let db = &*db;
    room_for_result(db, keys(), 2)?;
    Ok(keys().map(|key| db.peek::<Value>(key).and_then(Input::of).unwrap_or(Input::None)).collect())
}

/// What stands behind the keys.
struct Options {
    /// One for each input, or none at all.
    weights: Vec<f64>,
    aggregate: Aggregate,
    scores: bool,
    /// How many members are enough; 0: all.
    limit: usize,
}

/// Which options a command has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Reply,
    Store,
    Count,
}

/// What of the options depends on the dialect; see [`Options::parse`].
fn has(cx: &Ctx<'_>) -> (bool, bool) {
    (cx.server.has(Release::V8_8), cx.server.is_valkey())
}

impl Options {
    /// `has`: there is AGGREGATE COUNT, and weights are as Valkey's.
    fn parse(
        has: (bool, bool),
        args: Args<'_>,
        at: usize,
        inputs: usize,
        operation: Operation,
        form: Form,
    ) -> Result<Options, Error> {
        let mut options = Options { weights: Vec::new(), aggregate: Aggregate::Sum, scores: false, limit: 0 };
        let weighted = operation != Operation::Diff && form != Form::Count;
        let mut opts = args.options(at);
        while let Some(opt) = opts.next() {
            match () {
                _ if opt.is("WEIGHTS") && weighted && opts.left() >= inputs => {
                    options.weights.clear();
                    for _ in 0..inputs {
                        options.weights.push(double::parse_score(opts.value()?, has.1).ok_or(Error::WeightNotFloat)?);
                    }
                }
                _ if opt.is("AGGREGATE") && weighted && opts.left() >= 1 => {
                    let word = Word(opts.value()?);
                    options.aggregate = match () {
                        _ if word.is("SUM") => Aggregate::Sum,
                        _ if word.is("MIN") => Aggregate::Min,
                        _ if word.is("MAX") => Aggregate::Max,
                        _ if word.is("COUNT") && has.0 => Aggregate::Count,
                        _ => return Err(Error::Syntax),
                    };
                }
                _ if opt.is("WITHSCORES") && form == Form::Reply => options.scores = true,
                _ if opt.is("LIMIT") && form == Form::Count && opts.left() >= 1 => {
                    let limit = parse_int(opts.value()?).filter(|&limit| limit >= 0).ok_or(Error::LimitNegative)?;
                    options.limit = usize::try_from(limit).unwrap_or(usize::MAX);
                }
                _ => return Err(Error::Syntax),
            }
        }
        Ok(options)
    }
}

/// The result.
fn combine(inputs: &[Input<'_>], options: &Options, operation: Operation, limits: &Limits) -> SortedSet {
    // Not as a listpack, which has no minus zero.
    let mut result = SortedSet::big(limits);
    let mut order: Vec<Pair> = inputs.iter().zip(0..).map(|(input, i)| (input.len() as u64, i)).collect();
    if operation != Operation::Diff {
        // Equal ones keep their order.
        pairs::sort(&mut order, &Pair::cmp);
    }
    let order: Vec<usize> = order.iter().map(|&(_, i)| i as usize).collect();
    let weight = |i: usize| options.weights.get(i).copied().unwrap_or(1.0);
    let counts = matches!(options.aggregate, Aggregate::Count);
    let weighted = |i: usize, score: f64| if counts { weight(i) } else { score * weight(i) };
    let Some((&first, others)) = order.split_first() else { return result };
    let mut digits = [0; INT_LEN];
    if operation == Operation::Union {
        for &i in &order {
            inputs[i].each(&mut |item, score| {
                let score = number(weighted(i, score));
                let sum = |old: Option<f64>| Some(old.map_or(score, |old| options.aggregate.of(old, score)));
                result.update(item.bytes(&mut digits), None, limits, &mut |old| sum(old));
                true
            });
        }
        return result;
    }
    inputs[first].each(&mut |item, score| {
        let member = item.bytes(&mut digits);
        let mut total = if operation == Operation::Diff { score } else { number(weighted(first, score)) };
        for &i in others {
            match inputs[i].score(member) {
                Some(score) if operation == Operation::Inter => {
                    total = options.aggregate.of(total, weighted(i, score));
                }
                None if operation == Operation::Diff => {}
                _ => return true,
            }
        }
        result.set(member, total, limits);
        options.limit == 0 || result.len() < options.limit
    });
    result
}

/// Reads `numkeys` at `at`, which the keys follow.
fn key_count(cx: &Ctx<'_>, args: Args<'_>, at: usize) -> Result<usize, Error> {
    let count = args.int(at)?;
    if count < 1 {
        let name = cx.cmd.full_name();
        return Err(Error::quoting(&[b"ERR at least 1 input key is needed for '", name.as_bytes(), b"' command"]));
    }
    usize::try_from(count).ok().filter(|&count| count < args.len() - at).ok_or(Error::Syntax)
}

fn zunion(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    show(cx, args, Operation::Union)
}

fn zinter(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    show(cx, args, Operation::Inter)
}

fn zdiff(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    show(cx, args, Operation::Diff)
}

fn show(cx: &mut Ctx<'_>, args: Args<'_>, operation: Operation) -> Done {
    let (count, limits) = (key_count(cx, args, 1)?, limits(cx));
    let has = has(cx);
    let inputs = inputs(cx.db, args, 2, count)?;
    let options = Options::parse(has, args, 2 + count, count, operation, Form::Reply)?;
    let result = combine(&inputs, &options, operation, &limits);
    open_members(cx.out, result.len(), options.scores);
    result.each(0, usize::MAX, false, &mut |item, score| {
        show_member(cx.out, item, score, options.scores);
        true
    });
    Ok(())
}

fn zunionstore(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    store_result(cx, args, Operation::Union, "zunionstore")
}

fn zinterstore(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    store_result(cx, args, Operation::Inter, "zinterstore")
}

fn zdiffstore(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    store_result(cx, args, Operation::Diff, "zdiffstore")
}

fn store_result(cx: &mut Ctx<'_>, args: Args<'_>, operation: Operation, event: &'static str) -> Done {
    let (count, limits) = (key_count(cx, args, 2)?, limits(cx));
    let has = has(cx);
    let inputs = inputs(cx.db, args, 3, count)?;
    let options = Options::parse(has, args, 3 + count, count, operation, Form::Store)?;
    let result = combine(&inputs, &options, operation, &limits);
    store(cx, args.at(1), result.packed(&limits), event);
    Ok(())
}

fn zintercard(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let count = key_count(cx, args, 1)?;
    let has = has(cx);
    let inputs = inputs(cx.db, args, 2, count)?;
    let options = Options::parse(has, args, 2 + count, count, Operation::Inter, Form::Count)?;
    let mut found = 0;
    if let Some(smallest) = inputs.iter().min_by_key(|input| input.len()) {
        let mut digits = [0; INT_LEN];
        smallest.each(&mut |item, _| {
            let member = item.bytes(&mut digits);
            found += inputs.iter().all(|input| input.score(member).is_some()) as usize;
            options.limit == 0 || found < options.limit
        });
    }
    cx.out.int(found as i64);
    Ok(())
}
