//! SORT: the elements of a list, set or sorted set, ordered by themselves or by what other keys hold.
//!
//! An order is a vector of (key, number of the element): of numbers the key is the number itself, in a form that compares as an
//! integer; of texts it is their first eight bytes, which decides nearly always. What the keys leave open is looked up:
//! the rest of the texts; among equal numbers the elements themselves; and at last the order in which the elements came.
//!
//! Other keys (`BY`, `GET`) are read without a note: they are no hits, misses or accesses.

use crate::allocator;
use crate::commands::sorted_sets;
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::{Keyspace, Ttl, Value, class};
use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::resp::room_for;
use crate::server::config::Id;
use crate::table::spec::{Begin, Find, KeyRule, KeySpec, arg, flags::*, key::*, keys};
use crate::types::double;
use crate::types::hash::Hash;
use crate::types::list::{Fill, List};
use crate::types::listpack::Item;
use crate::types::pairs::{self, Pair};
use crate::types::slots::{pattern_slot, slot};
use crate::types::sorted_set::SortedSet;
use crate::types::string::Str;
use std::cmp::Ordering;

pub const TABLE: &[Row] = &[
    cmd("SORT key [BY pattern] [LIMIT offset count] [GET pattern ...] [ASC | DESC] [ALPHA] [STORE destination]", sort)
        .write(DENYOOM | MOVABLEKEYS)
        .key_rule(KeyRule::Sort)
        .keys_at(1, 1, 1)
        .specs(&[keys(RO | ACCESS, Begin::At(1), KeySpec::ONE), keys(RO | ACCESS, Begin::Unknown, Find::Unknown).note("For the optional BY/GET keyword. It is marked 'unknown' because the key names derive from the content of the key we sort"), keys(OW | UPDATE, Begin::Unknown, Find::Unknown).note("For the optional STORE keyword. It is marked 'unknown' because the keyword can appear anywhere in the argument array")])
        .acl(&["dangerous", "list", "set", "sortedset"])
        .groups(&["limit", "order"])
        .args(&[arg(1).name("by-pattern").display("pattern").spec(1), arg(5).name("get-pattern").display("pattern").spec(1), arg(9).name("sorting"), arg(10).spec(2)])
        .reply("array of (bulk | null) | int")
        .doc("1.0.0", "O(N+M*log(M)) where N is the number of elements in the list or set to sort, and M the number of returned elements. When the elements are not sorted, complexity is O(N).", "Sorts the elements in a list, a set, or a sorted set, optionally storing the result."),
    cmd("SORT_RO key [BY pattern] [LIMIT offset count] [GET pattern ...] [ASC | DESC] [ALPHA]", sort_ro)
        .read(MOVABLEKEYS)
        .keys_at(1, 1, 1)
        .specs(&[keys(RO | ACCESS, Begin::At(1), KeySpec::ONE), keys(RO | ACCESS, Begin::Unknown, Find::Unknown).note("For the optional BY/GET keyword. It is marked 'unknown' because the key names derive from the content of the key we sort")])
        .acl(&["dangerous", "list", "set", "sortedset"])
        .groups(&["limit", "order"])
        .args(&[arg(1).name("by-pattern").display("pattern").spec(1), arg(5).name("get-pattern").display("pattern").spec(1), arg(9).name("sorting")])
        .reply("array of (bulk | null)")
        .doc("7.0.0", "O(N+M*log(M)) where N is the number of elements in the list or set to sort, and M the number of returned elements. When the elements are not sorted, complexity is O(N).", "Returns the sorted elements of a list, a set, or a sorted set."),
];

/// What a SORT is to do.
#[derive(Default)]
struct Options<'a> {
    descending: bool,
    alpha: bool,
    /// Elements stay as they come: a BY without a star.
    unsorted: bool,
    by: Option<&'a [u8]>,
    /// Offset and number; a negative number is all.
    limit: (i64, i64),
    get: Vec<&'a [u8]>,
    store: Option<&'a [u8]>,
}

impl<'a> Options<'a> {
    fn parse(args: Args<'a>, may_store: bool, in_cluster: bool, may_read_all: bool) -> Result<Options<'a>, Error> {
        // Of other keys than those of its own slot a node of a cluster knows nothing.
        let strays = |pattern: &[u8]| in_cluster && pattern_slot(pattern) != Some(slot(args.at(1)));
        let mut options = Options { limit: (0, -1), ..Options::default() };
        let mut opts = args.options(2);
        while let Some(opt) = opts.next() {
            match () {
                _ if opt.is("ASC") => options.descending = false,
                _ if opt.is("DESC") => options.descending = true,
                _ if opt.is("ALPHA") => options.alpha = true,
                _ if opt.is("LIMIT") && opts.left() >= 2 => options.limit = (opts.int()?, opts.int()?),
                _ if opt.is("STORE") && may_store && opts.left() >= 1 => options.store = Some(opts.value()?),
                _ if opt.is("BY") && opts.left() >= 1 => {
                    let pattern = opts.value()?;
                    options.unsorted |= !pattern.contains(&b'*');
                    if !options.unsorted && strays(pattern) {
                        return Err(Error::SortByStrays);
                    }
                    if !options.unsorted && !may_read_all {
                        return Err(Error::Fixed("ERR BY option of SORT denied due to insufficient ACL permissions."));
                    }
                    options.by = Some(pattern);
                }
                _ if opt.is("GET") && opts.left() >= 1 => {
                    let pattern = opts.value()?;
                    if pattern != b"#" && strays(pattern) {
                        return Err(Error::SortGetStrays);
                    }
                    if !may_read_all {
                        return Err(Error::Fixed("ERR GET option of SORT denied due to insufficient ACL permissions."));
                    }
                    options.get.push(pattern);
                }
                _ => return Err(Error::Syntax),
            }
        }
        Ok(options)
    }

    /// The first of the elements that are wanted, and their number.
    fn span(&self, len: usize) -> (usize, usize) {
        let (offset, count) = self.limit;
        let start = usize::try_from(offset.max(0)).unwrap_or(usize::MAX).min(len);
        let rest = len - start;
        (start, if count < 0 { rest } else { usize::try_from(count).unwrap_or(usize::MAX).min(rest) })
    }
}

fn sort(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    sorted(cx, args, true)
}

fn sort_ro(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    sorted(cx, args, false)
}

fn sorted(cx: &mut Ctx<'_>, args: Args<'_>, may_store: bool) -> Done {
    let mut options = Options::parse(args, may_store, cx.server.cluster.is_some(), cx.may_read_all_keys(args))?;
    cx.db.touch(args.at(1));
    if let Some(Value::Sorted(_)) = cx.db.peek_value(args.at(1)) {
        // Whatever is asked for, Redis makes it a skiplist.
        let limits = sorted_sets::limits(cx);
        if let Some(set) = cx.db.write::<SortedSet>(args.at(1))? {
            set.expect(usize::MAX, &limits);
        }
    }
    let fill = Fill::new(cx.server.config.int(Id::ListSize));
    let db = &*cx.db;
    let value = db.peek_value(args.at(1));
    match value {
        // What is stored must not depend on the order in which a table happens to hold its members.
        Some(Value::Set(_)) if options.unsorted && options.store.is_some() => {
            (options.unsorted, options.alpha, options.by) = (false, true, None);
        }
        Some(Value::List(_) | Value::Set(_) | Value::Sorted(_)) | None => {}
        Some(_) => return Err(Error::WrongType),
    }
    let mut members = Vec::new();
    let elements = match value {
        Some(value) => elements(value, &options, &mut members)?,
        None => Vec::new(),
    };
    // Unsorted, the elements are the wanted ones already.
    let (start, count) = if options.unsorted { (0, elements.len()) } else { options.span(elements.len()) };
    let order = if options.unsorted { Vec::new() } else { ordered(db, &elements, &options, cx.server.is_valkey())? };
    let wanted = (start..start + count).map(|n| elements[order.get(n).map_or(n, |&(_, number)| number as usize)]);
    let gets = options.get.len().max(1);
    let Some(target) = options.store else {
        cx.out.array(count.saturating_mul(gets));
        for element in wanted {
            if options.get.is_empty() {
                cx.out.item(element);
            }
            for pattern in &options.get {
                match got(db, pattern, element) {
                    Some(item) => cx.out.item(item),
                    None => cx.out.null(),
                }
            }
        }
        return Ok(());
    };
    let mut list = List::new();
    let mut add = |item: Item<'_>| -> Done {
        room_for(item.len())?;
        item.with_bytes(|bytes| {
            list.expect(1, bytes.len(), fill);
            list.push(false, bytes);
        });
        Ok(())
    };
    for element in wanted {
        if options.get.is_empty() {
            add(element)?;
        }
        for pattern in &options.get {
            add(got(db, pattern, element).unwrap_or(Item::Str(&[])))?;
        }
    }
    let len = list.len();
    if len == 0 {
        cx.remove_key(target);
    } else {
        cx.db.set(target, list.into(), Ttl::Clear);
        cx.changed(target, class::LIST, "sortstore", len as u64);
    }
    cx.out.int(len as i64);
    Ok(())
}

/// The elements of a value in its own order; where they stay unsorted, only those that are wanted. Those of a sorted set are
/// copied to `members`.
fn elements<'a>(value: &'a Value, options: &Options<'_>, members: &'a mut Vec<u8>) -> Result<Vec<Item<'a>>, Error> {
    let len = match value {
        Value::List(list) => list.len(),
        Value::Set(set) => set.len(),
        Value::Sorted(set) => set.len(),
        Value::Str(_) | Value::Hash(_) | Value::Stream(_) | Value::Array(_) | Value::Vectors(_) => 0,
    };
    let (start, count) = if options.unsorted { options.span(len) } else { (0, len) };
    let room = count.saturating_mul(size_of::<Item<'_>>() * 2 + size_of::<(u64, u64)>());
    if room > allocator::LARGE && !allocator::room_for(room) {
        return Err(Error::OutOfMemory);
    }
    let mut all = Vec::with_capacity(count);
    let backward = options.unsorted && options.descending;
    match value {
        Value::List(list) if backward && count > 0 => all.extend(list.iter(len - 1 - start, false).take(count)),
        Value::List(list) => all.extend(list.iter(start, true).take(count)),
        Value::Set(set) => all.extend(set.iter().skip(start).take(count)),
        Value::Sorted(set) if count > 0 => {
            let mut ends = Vec::with_capacity(count);
            set.each(if backward { len - 1 - start } else { start }, count, backward, &mut |member, _| {
                member.write_to(members);
                ends.push(members.len());
                true
            });
            let (members, mut from): (&'a [u8], usize) = (members, 0);
            for end in ends {
                all.push(Item::Str(&members[from..end]));
                from = end;
            }
        }
        _ => {}
    }
    Ok(all)
}

/// The elements' order: to each its number.
fn ordered(db: &Keyspace, elements: &[Item<'_>], options: &Options<'_>, valkey: bool) -> Result<Vec<Pair>, Error> {
    let mut by: Vec<Option<Item<'_>>> = Vec::new();
    if let Some(pattern) = options.by {
        by.extend(elements.iter().map(|&element| found(db, pattern, element)));
    }
    let criterion = |number: usize| if options.by.is_some() { by[number] } else { Some(elements[number]) };
    let mut order = Vec::with_capacity(elements.len());
    for number in 0..elements.len() {
        let key = match criterion(number) {
            Some(item) if options.alpha => prefix(item, options.store.is_none()),
            Some(item) => comparable(weight(item, valkey).ok_or(Error::SortWeight)?),
            None if options.alpha => 0,
            None => comparable(0.0),
        };
        order.push((key, number as u64));
    }
    pairs::sort(&mut order, &|a, b| {
        let (one, two) = (a.1 as usize, b.1 as usize);
        let rest = || match options.alpha {
            true => text_order(criterion(one), criterion(two), options.store.is_none()),
            false => text_order(Some(elements[one]), Some(elements[two]), false),
        };
        let order = a.0.cmp(&b.0).then_with(rest);
        (if options.descending { order.reverse() } else { order }).then(a.1.cmp(&b.1))
    });
    Ok(order)
}

/// None comes before every text. Where Redis compares for display, a text ends with its first zero byte.
fn text_order(one: Option<Item<'_>>, two: Option<Item<'_>>, shown: bool) -> Ordering {
    match (one, two) {
        (Some(one), Some(two)) => one.with_bytes(|one| two.with_bytes(|two| cut(one, shown).cmp(cut(two, shown)))),
        _ => one.is_some().cmp(&two.is_some()),
    }
}

/// The bytes, if `shown` those up to the first zero.
fn cut(bytes: &[u8], shown: bool) -> &[u8] {
    let end = if shown { bytes.iter().position(|&b| b == 0) } else { None };
    &bytes[..end.unwrap_or(bytes.len())]
}

/// The first eight bytes, as a number that compares as they do.
fn prefix(item: Item<'_>, shown: bool) -> u64 {
    let key = |bytes: &[u8]| bytes.iter().take(8).enumerate().fold(0, |key, (i, &b)| key | (b as u64) << (56 - 8 * i));
    item.with_bytes(|bytes| key(cut(bytes, shown)))
}

/// A double as a number that compares as it does; both zeros are the same.
fn comparable(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// What an element weighs: a number up to the first zero byte; nothing at all is 0. None for what is no number, and in Valkey for nothing
/// and what no double can hold.
fn weight(item: Item<'_>, valkey: bool) -> Option<f64> {
    let bytes = match item {
        Item::Int(value) => return Some(value as f64),
        Item::Str(bytes) => cut(bytes, true),
    };
    match bytes {
        _ if valkey => double::parse_score(bytes, true),
        [] => Some(0.0),
        _ => double::parse_limit(bytes),
    }
}

/// What `GET pattern` means for an element.
fn got<'a>(db: &'a Keyspace, pattern: &[u8], element: Item<'a>) -> Option<Item<'a>> {
    if pattern == b"#" { Some(element) } else { found(db, pattern, element) }
}

/// What the key named by a pattern holds, the element in the place of the star: a string; or, behind `->`, a field of a hash.
fn found<'a>(db: &'a Keyspace, pattern: &[u8], element: Item<'_>) -> Option<Item<'a>> {
    let star = pattern.iter().position(|&b| b == b'*')?;
    let arrow = pattern[star..].windows(2).position(|pair| pair == b"->").map(|at| star + at);
    let arrow = arrow.filter(|&at| at + 2 < pattern.len());
    let (end, field) = arrow.map_or((pattern.len(), None), |at| (at, Some(&pattern[at + 2..])));
    let mut key = pattern[..star].to_vec();
    element.write_to(&mut key);
    key.extend_from_slice(&pattern[star + 1..end]);
    match field {
        None => db.peek::<Str>(&key).map(Str::item),
        Some(field) => {
            let hash = db.peek::<Hash>(&key)?;
            hash.get(field).filter(|_| hash.deadline(field).is_some_and(|deadline| deadline > db.now))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_read_as_redis_reads_them() {
        let weight = |text: &str| weight(Item::Str(text.as_bytes()), false);
        for (text, value) in [
            ("", 0.0),
            ("1e3", 1000.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("+5", 5.0),
            ("1e400", f64::INFINITY),
            ("-1e400", f64::NEG_INFINITY),
            ("1e-400", 0.0),
            (&["1", &"0".repeat(400)].concat(), f64::INFINITY),
            (&["-1", &"0".repeat(400)].concat(), f64::NEG_INFINITY),
            (&["0.", &"0".repeat(400), "1"].concat(), 0.0),
            ("1e99999999999999999999", f64::INFINITY),
            ("-Inf", f64::NEG_INFINITY),
            ("5\x006", 5.0),
        ] {
            assert_eq!(weight(text), Some(value), "{text:?}");
        }
        for text in ["nan", " 7", "7 ", "-", ".", "1e", "0x10", "5x", "--1"] {
            assert_eq!(weight(text), None, "{text:?}");
        }
    }

    #[test]
    fn keys_compare_as_what_they_stand_for() {
        let numbers = [f64::NEG_INFINITY, -1e300, -2.5, -1.0, -1e-300, 0.0, 1e-300, 1.0, 2.5, f64::INFINITY];
        assert!(numbers.windows(2).all(|pair| comparable(pair[0]) < comparable(pair[1])));
        assert_eq!(comparable(-0.0), comparable(0.0));
        let texts = ["", "a", "a\x01", "aaaaaaaa", "b", "\u{e9}"];
        let key = |text: &str| prefix(Item::Str(text.as_bytes()), false);
        assert!(texts.windows(2).all(|pair| key(pair[0]) < key(pair[1])));
        assert_eq!(key("aaaaaaaa"), key("aaaaaaaab"));
    }
}
