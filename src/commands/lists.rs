//! Lists: sequences of strings, pushed and popped at both ends.
//!
//! A blocking command tries to be served first, as the command of the same name without the `B` is; if there is nothing, its
//! session waits and the engine runs the same handler again when one of the keys has become a list.

use crate::commands::shared::blocking;
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::{Deadline, class};
use crate::resp::args::{Args, Options, Word};
use crate::resp::dialect::Release;
use crate::resp::error::Error;
use crate::resp::reply::Reply;
use crate::resp::room_for;
use crate::server::config::Id;
use crate::server::session::{TimeoutReply, Wait, Wants};
use crate::table::spec::{Begin, Find, arg, flags::*, key::*, keys};
use crate::types::list::{Fill, List};
use crate::types::listpack::Item;
use crate::types::number::{INT_LEN, format_int, parse_int};

pub const TABLE: &[Row] = &[
    cmd("BLMOVE source destination <LEFT | RIGHT> <LEFT | RIGHT> timeout", blmove)
        .write(BLOCKING | DENYOOM).key(RW | ACCESS | DELETE).key(RW | INSERT)
        .groups(&["wherefrom", "whereto"])
        .args(&[arg(8).kind("double")])
        .reply("bulk | null")
        .doc("6.2.0", "O(1)", "Pops an element from a list, pushes it to another list and returns it. Blocks until an element is available otherwise. Deletes the list if the last element was moved."),
    cmd("BLMOVEM source destination <LEFT | RIGHT> <LEFT | RIGHT> timeout [<COUNT count | EXACTLY exactly> <OBO | BULK>]", blmovem)
        .write(BLOCKING | DENYOOM).key(RW | ACCESS | DELETE).key(RW | INSERT)
        .groups(&["wherefrom", "whereto", "how-many", "selector", "ordering"])
        .args(&[arg(8).kind("double"), arg(11).kind("integer"), arg(12).kind("integer")])
        .reply("array of bulk | null")
        .doc("8.10.0", "O(N) where N is the number of elements moved.", "Moves up to (or exactly) a number of elements from one list to another and returns them. Blocks until the elements are available otherwise. Deletes the source list if it becomes empty."),
    cmd("BLMPOP timeout numkeys key [key ...] <LEFT | RIGHT> [COUNT count]", blmpop)
        .write(BLOCKING | MOVABLEKEYS)
        .keys_at(0, 0, 0)
        .specs(&[keys(RW | ACCESS | DELETE, Begin::At(2), Find::Counted)])
        .groups(&["where"])
        .args(&[arg(0).kind("double"), arg(1).kind("integer")])
        .reply("[bulk array of bulk] | null")
        .doc("7.0.0", "O(N+M) where N is the number of provided keys and M is the number of elements returned.", "Pops the first element from one of multiple lists. Blocks until an element is available otherwise. Deletes the list if the last element was popped."),
    cmd("BLPOP key [key ...] timeout", blpop)
        .keys_at(1, -2, 1)
        .write(BLOCKING).key(RW | ACCESS | DELETE)
        .args(&[arg(1).kind("double")])
        .history(&[("6.0.0", "`timeout` is interpreted as a double instead of an integer.")])
        .reply("[bulk bulk] | null")
        .doc("2.0.0", "O(N) where N is the number of provided keys.", "Removes and returns the first element in a list. Blocks until an element is available otherwise. Deletes the list if the last element was popped."),
    cmd("BRPOP key [key ...] timeout", brpop)
        .keys_at(1, -2, 1)
        .write(BLOCKING).key(RW | ACCESS | DELETE)
        .args(&[arg(1).kind("double")])
        .history(&[("6.0.0", "`timeout` is interpreted as a double instead of an integer.")])
        .reply("[bulk bulk] | null")
        .doc("2.0.0", "O(N) where N is the number of provided keys.", "Removes and returns the last element in a list. Blocks until an element is available otherwise. Deletes the list if the last element was popped."),
    cmd("BRPOPLPUSH source destination timeout", brpoplpush)
        .write(BLOCKING | DENYOOM).key(RW | ACCESS | DELETE).key(RW | INSERT)
        .deprecated("6.2.0", "`BLMOVE` with the `RIGHT` and `LEFT` arguments")
        .args(&[arg(2).kind("double")])
        .history(&[("6.0.0", "`timeout` is interpreted as a double instead of an integer.")])
        .reply("bulk | null")
        .doc("2.2.0", "O(1)", "Pops an element from a list, pushes it to another list and returns it. Block until an element is available otherwise. Deletes the list if the last element was popped."),
    cmd("LINDEX key index", lindex)
        .read(0).key(RO | ACCESS)
        .reply("bulk | null")
        .doc("1.0.0", "O(N) where N is the number of elements to traverse to get to the element at index. This makes asking for the first or the last element of the list O(1).", "Returns an element from a list by its index."),
    cmd("LINSERT key <BEFORE | AFTER> pivot element", linsert)
        .write(DENYOOM).key(RW | INSERT)
        .groups(&["where"])
        .reply("int")
        .doc("2.2.0", "O(N) where N is the number of elements to traverse before seeing the value pivot. This means that inserting somewhere on the left end on the list (head) can be considered O(1) and inserting somewhere on the right end (tail) is O(N).", "Inserts an element before or after another element in a list."),
    cmd("LLEN key", llen)
        .read(FAST).key(RO)
        .reply("int")
        .doc("1.0.0", "O(1)", "Returns the length of a list."),
    cmd("LMOVE source destination <LEFT | RIGHT> <LEFT | RIGHT>", lmove)
        .write(DENYOOM).key(RW | ACCESS | DELETE).key(RW | INSERT)
        .groups(&["wherefrom", "whereto"])
        .reply("bulk | null")
        .doc("6.2.0", "O(1)", "Returns an element after popping it from one list and pushing it to another. Deletes the list if the last element was moved."),
    cmd("LMOVEM source destination <LEFT | RIGHT> <LEFT | RIGHT> [<COUNT count | EXACTLY exactly> <OBO | BULK>]", lmovem)
        .write(DENYOOM).key(RW | ACCESS | DELETE).key(RW | INSERT)
        .groups(&["wherefrom", "whereto", "how-many", "selector", "ordering"])
        .args(&[arg(10).kind("integer"), arg(11).kind("integer")])
        .reply("array of bulk | null")
        .doc("8.10.0", "O(N) where N is the number of elements moved.", "Moves up to (or exactly) a number of elements from one list to another and returns them. Deletes the source list if it becomes empty."),
    cmd("LMPOP numkeys key [key ...] <LEFT | RIGHT> [COUNT count]", lmpop)
        .write(MOVABLEKEYS)
        .keys_at(0, 0, 0)
        .specs(&[keys(RW | ACCESS | DELETE, Begin::At(1), Find::Counted)])
        .groups(&["where"])
        .args(&[arg(0).kind("integer")])
        .reply("[bulk array of bulk] | null")
        .doc("7.0.0", "O(N+M) where N is the number of provided keys and M is the number of elements returned.", "Returns multiple elements from a list after removing them. Deletes the list if the last element was popped."),
    cmd("LPOP key [count]", lpop)
        .write(FAST).key(RW | ACCESS | DELETE)
        .history(&[("6.2.0", "Added the `count` argument.")])
        .reply("bulk | null | array of bulk")
        .doc("1.0.0", "O(N) where N is the number of elements returned", "Returns the first elements in a list after removing it. Deletes the list if the last element was popped."),
    cmd("LPOS key element [RANK rank] [COUNT num-matches] [MAXLEN len]", lpos)
        .read(0).key(RO | ACCESS)
        .args(&[arg(2).kind("integer"), arg(3).kind("integer"), arg(4).kind("integer")])
        .reply("int | null | array of int")
        .doc("6.0.6", "O(N) where N is the number of elements in the list, for the average case. When searching for elements near the head or the tail of the list, or when the MAXLEN option is provided, the command may run in constant time.", "Returns the index of matching elements in a list."),
    cmd("LPUSH key element [element ...]", lpush)
        .write(DENYOOM | FAST).key(RW | INSERT)
        .history(&[("2.4.0", "Accepts multiple `element` arguments.")])
        .reply("int")
        .doc("1.0.0", "O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.", "Prepends one or more elements to a list. Creates the key if it doesn't exist."),
    cmd("LPUSHX key element [element ...]", lpushx)
        .write(DENYOOM | FAST).key(RW | INSERT)
        .history(&[("4.0.0", "Accepts multiple `element` arguments.")])
        .reply("int")
        .doc("2.2.0", "O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.", "Prepends one or more elements to a list only when the list exists."),
    cmd("LRANGE key start stop", lrange)
        .read(0).key(RO | ACCESS)
        .args(&[arg(2).kind("integer")])
        .reply("array of bulk")
        .doc("1.0.0", "O(S+N) where S is the distance of start offset from HEAD for small lists, from nearest end (HEAD or TAIL) for large lists; and N is the number of elements in the specified range.", "Returns a range of elements from a list."),
    cmd("LREM key count element", lrem)
        .write(0).key(RW | DELETE)
        .reply("int")
        .doc("1.0.0", "O(N+M) where N is the length of the list and M is the number of elements removed.", "Removes elements from a list. Deletes the list if the last element was removed."),
    cmd("LSET key index element", lset)
        .write(DENYOOM).key(RW | UPDATE)
        .reply("OK")
        .doc("1.0.0", "O(N) where N is the length of the list. Setting either the first or the last element of the list is O(1).", "Sets the value of an element in a list by its index."),
    cmd("LTRIM key start stop", ltrim)
        .write(0).key(RW | DELETE)
        .args(&[arg(2).kind("integer")])
        .reply("OK")
        .doc("1.0.0", "O(N) where N is the number of elements to be removed by the operation.", "Removes elements from both ends a list. Deletes the list if all elements were trimmed."),
    cmd("RPOP key [count]", rpop)
        .write(FAST).key(RW | ACCESS | DELETE)
        .history(&[("6.2.0", "Added the `count` argument.")])
        .reply("bulk | null | array of bulk")
        .doc("1.0.0", "O(N) where N is the number of elements returned", "Returns and removes the last elements of a list. Deletes the list if the last element was popped."),
    cmd("RPOPLPUSH source destination", rpoplpush)
        .write(DENYOOM).key(RW | ACCESS | DELETE).key(RW | INSERT)
        .deprecated("6.2.0", "`LMOVE` with the `RIGHT` and `LEFT` arguments")
        .reply("bulk | null")
        .doc("1.2.0", "O(1)", "Returns the last element of a list after removing and pushing it to another list. Deletes the list if the last element was popped."),
    cmd("RPUSH key element [element ...]", rpush)
        .write(DENYOOM | FAST).key(RW | INSERT)
        .history(&[("2.4.0", "Accepts multiple `element` arguments.")])
        .reply("int")
        .doc("1.0.0", "O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.", "Appends one or more elements to a list. Creates the key if it doesn't exist."),
    cmd("RPUSHX key element [element ...]", rpushx)
        .write(DENYOOM | FAST).key(RW | INSERT)
        .history(&[("4.0.0", "Accepts multiple `element` arguments.")])
        .reply("int")
        .doc("2.2.0", "O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.", "Appends an element to a list only when the list exists."),
];

/// The size of nodes that is configured.
fn fill(cx: &Ctx<'_>) -> Fill {
    Fill::new(cx.server.config.int(Id::ListSize))
}

/// The element that an index means, from -1 backwards.
fn place(index: i64, len: usize) -> Option<usize> {
    let index = if index < 0 { index.checked_add(len as i64)? } else { index };
    usize::try_from(index).ok().filter(|&index| index < len)
}

/// The first element and the number of those that `start` and `stop` (inclusive) mean; none of them is `(0, 0)`.
fn span(start: i64, stop: i64, len: usize) -> (usize, usize) {
    let len = len as i64;
    let start = if start < 0 { start.saturating_add(len).max(0) } else { start };
    let stop = if stop < 0 { stop.saturating_add(len) } else { stop.min(len - 1) };
    if start > stop || start >= len { (0, 0) } else { (start as usize, (stop - start + 1) as usize) }
}

/// Reads `LEFT` or `RIGHT`: whether it is the left end.
fn is_left(word: &[u8]) -> Result<bool, Error> {
    match Word(word) {
        word if word.is("LEFT") => Ok(true),
        word if word.is("RIGHT") => Ok(false),
        _ => Err(Error::Syntax),
    }
}

fn lpush(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    push(cx, args, true, false)
}

fn rpush(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    push(cx, args, false, false)
}

fn lpushx(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    push(cx, args, true, true)
}

fn rpushx(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    push(cx, args, false, true)
}

fn push(cx: &mut Ctx<'_>, args: Args<'_>, left: bool, only_if_there: bool) -> Done {
    let (key, fill) = (args.at(1), fill(cx));
    let list = if only_if_there {
        let Some(list) = cx.db.write::<List>(key)? else {
            cx.out.int(0);
            return Ok(());
        };
        list
    } else {
        cx.db.write_or(key, |_| List::new())?
    };
    let count = args.len() - 2;
    list.expect(count, args.tail(2).map(<[u8]>::len).sum(), fill);
    for value in args.tail(2) {
        list.push(left, value);
    }
    let len = list.len();
    cx.changed(key, class::LIST, if left { "lpush" } else { "rpush" }, count as u64);
    cx.out.int(len as i64);
    Ok(())
}

fn lpop(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    pop(cx, args, true)
}

fn rpop(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    pop(cx, args, false)
}

fn pop(cx: &mut Ctx<'_>, args: Args<'_>, left: bool) -> Done {
    if args.len() > 3 {
        return Err(cx.arity());
    }
    let (key, fill) = (args.at(1), fill(cx));
    let count = match args.get(2) {
        Some(text) => Some(parse_int(text).filter(|&count| count >= 0).ok_or(Error::NotPositive)?),
        None => None,
    };
    let Some(list) = cx.db.write::<List>(key)? else {
        if count.is_some() {
            cx.out.null_array()
        } else {
            cx.out.null()
        };
        return Ok(());
    };
    let Some(count) = count else {
        let rest = pop_one(cx.out, list, left, fill)?;
        popped(cx, key, left, 1, rest);
        return Ok(());
    };
    let (count, rest) = pop_some(cx.out, list, left, count, fill)?;
    if count > 0 {
        popped(cx, key, left, count, rest);
    }
    Ok(())
}

/// Answers with the first or last element and removes it. How many are left.
#[inline]
fn pop_one(out: &mut Reply, list: &mut List, left: bool, fill: Fill) -> Result<usize, Error> {
    match list.end(left) {
        Some(item) => out.item(item),
        None => out.null(),
    }
    out.written()?;
    list.drop_end(left);
    list.relax(fill);
    Ok(list.len())
}

/// Answers with an array of up to `count` elements and removes them. How many they are, and how many are left.
fn pop_some(out: &mut Reply, list: &mut List, left: bool, count: i64, fill: Fill) -> Result<(usize, usize), Error> {
    let len = list.len();
    let count = usize::try_from(count).unwrap_or(usize::MAX).min(len);
    out.array(count);
    list.iter(if left { 0 } else { len - 1 }, left).show(count, &mut |item| out.item(item));
    out.written()?;
    if count > 0 {
        list.remove_range(if left { 0 } else { len - count }, count);
        list.relax(fill);
    }
    Ok((count, len - count))
}

/// So many elements were taken from one end of a list.
fn popped(cx: &mut Ctx<'_>, key: &[u8], left: bool, count: usize, rest: usize) {
    cx.removed(key, class::LIST | class::FIRST, if left { "lpop" } else { "rpop" }, count as u64, rest);
    if cx.db.journaling() {
        let name: &[u8] = if left { b"LPOP" } else { b"RPOP" };
        cx.db.propagate(&[name, key, format_int(count as i64, &mut [0; INT_LEN])]);
    }
}

fn llen(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let len = cx.db.read::<List>(args.at(1))?.map_or(0, List::len);
    cx.out.int(len as i64);
    Ok(())
}

fn lindex(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let Some(list) = cx.db.read::<List>(args.at(1))? else {
        cx.out.null();
        return Ok(());
    };
    match place(args.int(2)?, list.len()).and_then(|index| list.get(index)) {
        Some(item) => cx.out.item(item),
        None => cx.out.null(),
    }
    Ok(())
}

fn lset(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, value, fill) = (args.at(1), args.at(3), fill(cx));
    let whole = cx.server.has(Release::V8_10);
    let list = cx.db.write::<List>(key)?.ok_or(Error::NoSuchKey)?;
    let index = args.int(2)?;
    let index = if whole { index } else { index as i32 as i64 }; // Redis looked at the lower 32 bits alone before 8.10
    let index = place(index, list.len());
    list.expect(1, value.len(), fill);
    list.set(index.ok_or(Error::IndexOutOfRange)?, value);
    list.relax(fill);
    cx.changed(key, class::LIST, "lset", 1);
    cx.out.ok();
    Ok(())
}

fn linsert(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, value, fill) = (args.at(1), args.at(4), fill(cx));
    let after = match Word(args.at(2)) {
        word if word.is("AFTER") => true,
        word if word.is("BEFORE") => false,
        _ => return Err(Error::Syntax),
    };
    let Some(list) = cx.db.write::<List>(key)? else {
        cx.out.int(0);
        return Ok(());
    };
    list.expect(1, value.len(), fill);
    let Some(index) = list.find(args.at(3)) else {
        cx.out.int(-1);
        return Ok(());
    };
    list.insert(index, after, value);
    let len = list.len();
    cx.changed(key, class::LIST, "linsert", 1);
    cx.out.int(len as i64);
    Ok(())
}

fn lrange(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (start, stop) = (args.int(2)?, args.int(3)?);
    let Some(list) = cx.db.read::<List>(args.at(1))? else {
        cx.out.array(0);
        return Ok(());
    };
    let (start, count) = span(start, stop, list.len());
    cx.out.array(count);
    list.iter(start, true).show(count, &mut |item| cx.out.item(item));
    Ok(())
}

fn ltrim(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, start, stop, fill) = (args.at(1), args.int(2)?, args.int(3)?, fill(cx));
    if let Some(list) = cx.db.write::<List>(key)? {
        let len = list.len();
        let (start, count) = span(start, stop, len);
        list.remove_range(start + count, usize::MAX);
        list.remove_range(0, start);
        list.relax(fill);
        cx.removed(key, class::LIST | class::FIRST, "ltrim", (len - count) as u64, count);
    }
    cx.out.ok();
    Ok(())
}

fn lrem(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, count, fill) = (args.at(1), args.int(2)?, fill(cx));
    if count == i64::MIN {
        return Err(Error::RandomCount);
    }
    let mut removed = 0;
    if let Some(list) = cx.db.write::<List>(key)? {
        let most = if count == 0 { u64::MAX } else { count.unsigned_abs() };
        removed = list.remove_equal(args.at(3), usize::try_from(most).unwrap_or(usize::MAX), count < 0);
        if removed > 0 {
            list.relax(fill);
            let rest = list.len();
            cx.removed(key, class::LIST | class::FIRST, "lrem", removed as u64, rest);
        }
    }
    cx.out.int(removed as i64);
    Ok(())
}

fn lpos(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (mut rank, mut count, mut longest) = (1, None, 0);
    let mut opts = args.options(3);
    while let Some(opt) = opts.next() {
        match () {
            _ if opts.left() == 0 => return Err(Error::Syntax),
            _ if opt.is("RANK") => rank = opts.int()?,
            _ if opt.is("COUNT") => count = Some(not_negative(&mut opts, Error::CountNegative)?),
            _ if opt.is("MAXLEN") => longest = not_negative(&mut opts, Error::MaxLenNegative)?,
            _ => return Err(Error::Syntax),
        }
        match rank {
            i64::MIN => return Err(Error::RandomCount),
            0 => return Err(Error::RankZero),
            _ => {}
        }
    }
    let list = cx.db.read::<List>(args.at(1))?;
    let len = list.map_or(0, List::len);
    let forward = rank > 0;
    let longest = if longest == 0 { len } else { len.min(usize::try_from(longest).unwrap_or(usize::MAX)) };
    let wanted =
        count.map_or(1, |count| if count == 0 { usize::MAX } else { usize::try_from(count).unwrap_or(usize::MAX) });
    let mut skip = rank.unsigned_abs() - 1;
    let mut found = Vec::new();
    if let Some(list) = list.filter(|_| len > 0) {
        for (n, item) in list.iter(if forward { 0 } else { len - 1 }, forward).take(longest).enumerate() {
            if !item.eq_bytes(args.at(2)) {
                continue;
            }
            if skip > 0 {
                skip -= 1;
                continue;
            }
            found.push(if forward { n } else { len - 1 - n });
            if found.len() >= wanted {
                break;
            }
        }
    }
    if count.is_some() {
        cx.out.array(found.len());
    } else if found.is_empty() {
        cx.out.null();
    }
    for index in found {
        cx.out.int(index as i64);
    }
    Ok(())
}

/// The value of an option that must not be negative.
fn not_negative(opts: &mut Options<'_>, error: Error) -> Result<i64, Error> {
    parse_int(opts.value()?).filter(|&value| value >= 0).ok_or(error)
}

fn lmove(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (from, to) = (is_left(args.at(3))?, is_left(args.at(4))?);
    if !move_element(cx, args, from, to)? {
        cx.out.null();
    }
    Ok(())
}

fn rpoplpush(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if !move_element(cx, args, false, true)? {
        cx.out.null();
    }
    Ok(())
}

fn blmove(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (from, to) = (is_left(args.at(3))?, is_left(args.at(4))?);
    let deadline = blocking::deadline(cx, args.at(5))?;
    if move_element(cx, args, from, to)? { Ok(()) } else { wait_to_move(cx, deadline) }
}

fn brpoplpush(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let deadline = blocking::deadline(cx, args.at(3))?;
    if move_element(cx, args, false, true)? { Ok(()) } else { wait_to_move(cx, deadline) }
}

/// Moves an element from the list of the first key to that of the second, which may be the same, and answers with it.
/// `false`, and no answer, where there is none.
fn move_element(cx: &mut Ctx<'_>, args: Args<'_>, from_left: bool, to_left: bool) -> Result<bool, Error> {
    let (source, target, fill) = (args.at(1), args.at(2), fill(cx));
    let Some(list) = cx.db.write::<List>(source)? else { return Ok(false) };
    let mut value = Vec::new();
    if let Some(item) = list.end(from_left) {
        // Here, and in the list where it goes.
        room_for(item.len() * 2)?;
        cx.out.room_for(item.len())?;
        item.write_to(&mut value);
    }
    if source != target {
        cx.db.write::<List>(target)?;
    }
    if let Some(list) = cx.db.write::<List>(source)? {
        list.drop_end(from_left);
    }
    let list = cx.db.write_or(target, |_| List::new())?;
    list.expect(1, value.len(), fill);
    list.push(to_left, &value);
    let mut rest = 0;
    if let Some(list) = cx.db.write::<List>(source)? {
        list.relax(fill);
        rest = list.len();
    }
    cx.event(target, class::LIST, if to_left { "lpush" } else { "rpush" });
    cx.removed(source, class::LIST | class::FIRST, if from_left { "lpop" } else { "rpop" }, 1, rest);
    let side = |left: bool| -> &[u8] { if left { b"LEFT" } else { b"RIGHT" } };
    cx.db.propagate(&[b"LMOVE", source, target, side(from_left), side(to_left)]);
    cx.out.bulk(&value);
    Ok(true)
}

fn lmovem(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (from, to) = (is_left(args.at(3))?, is_left(args.at(4))?);
    let many = HowMany::parse(args, 5)?;
    if !move_many(cx, args, from, to, &many)? {
        if many.exact { cx.out.null() } else { cx.out.array(0) }
    }
    Ok(())
}

fn blmovem(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (from, to) = (is_left(args.at(3))?, is_left(args.at(4))?);
    let deadline = blocking::deadline(cx, args.at(5))?;
    let many = HowMany::parse(args, 6)?;
    if move_many(cx, args, from, to, &many)? { Ok(()) } else { wait(cx, 1..2, deadline) }
}

/// How many elements LMOVEM and BLMOVEM are to move, and how.
struct HowMany {
    count: usize,
    /// So many or none.
    exact: bool,
    /// They keep their order: they are not moved one by one.
    bulk: bool,
}

impl HowMany {
    /// Reads `[<COUNT count | EXACTLY exactly> <OBO | BULK>]` from argument `at` on, which must be all. Without it, one.
    fn parse(args: Args<'_>, at: usize) -> Result<HowMany, Error> {
        if args.len() == at {
            return Ok(HowMany { count: 1, exact: false, bulk: false });
        }
        if args.len() != at + 3 {
            return Err(Error::Syntax);
        }
        let (selector, order) = (Word(args.at(at)), Word(args.at(at + 2)));
        let exact = selector.is("EXACTLY");
        let bulk = order.is("BULK");
        if !exact && !selector.is("COUNT") || !bulk && !order.is("OBO") {
            return Err(Error::Syntax);
        }
        let count = parse_int(args.at(at + 1)).filter(|&count| count > 0).ok_or(Error::CountPositive)?;
        Ok(HowMany { count: usize::try_from(count).unwrap_or(usize::MAX), exact, bulk })
    }
}

/// Moves elements from the list of the first key to that of the second, which may be the same, and answers with them as they stand
/// there. `false`, and no answer, where there are not enough.
fn move_many(cx: &mut Ctx<'_>, args: Args<'_>, from_left: bool, to_left: bool, many: &HowMany) -> Result<bool, Error> {
    let (source, target, fill) = (args.at(1), args.at(2), fill(cx));
    let there = cx.db.write::<List>(source)?.map_or(0, |list| list.len());
    cx.db.write::<List>(target)?;
    if there == 0 || many.exact && there < many.count {
        return Ok(false);
    }
    let count = many.count.min(there);
    let list = cx.db.peek::<List>(source).expect("it has elements");
    let from_end = || list.iter(if from_left { 0 } else { there - 1 }, from_left).take(count);
    // One by one from an end to the same end of one list, it is always the same one.
    let stays = source == target && from_left == to_left && !many.bulk;
    let bytes = match stays {
        true => list.end(from_left).map_or(0, |item| item.len()).saturating_mul(count),
        false => from_end().map(|item| item.len()).sum(),
    };
    // Here, and in the list where they go; and their places in both.
    let journaling = cx.db.journaling();
    room_for(bytes.saturating_add(count.saturating_mul(32)).saturating_mul(2 + journaling as usize))?;
    cx.out.room_for(bytes + 16 * count)?;
    let owned = |item: Item<'_>| item.with_bytes(|bytes| bytes.to_vec());
    let mut values: Vec<Vec<u8>> = match stays {
        true => list.end(from_left).into_iter().map(owned).cycle().take(count).collect(),
        false => from_end().map(owned).collect(),
    };
    // As they are pushed: the one that came out first goes in first, unless they keep their order at the same end.
    if many.bulk && from_left == to_left {
        values.reverse();
    }
    if !stays {
        if let Some(list) = cx.db.write::<List>(source)? {
            list.remove_range(if from_left { 0 } else { there - count }, count);
        }
        let list = cx.db.write_or(target, |_| List::new())?;
        list.expect(count, bytes, fill);
        values.iter().for_each(|value| list.push(to_left, value));
        if let Some(list) = cx.db.write::<List>(source)? {
            list.relax(fill);
        }
    }
    cx.event(target, class::LIST, if to_left { "lpush" } else { "rpush" });
    cx.removed(source, class::LIST | class::FIRST, if from_left { "lpop" } else { "rpop" }, count as u64, 0);
    if journaling {
        // As a Redis before 8.10 reads it, too; pushed first, so that a list that goes around is never empty, which would end its deadline.
        let (pop, push): (&[u8], &[u8]) =
            (if from_left { b"LPOP" } else { b"RPOP" }, if to_left { b"LPUSH" } else { b"RPUSH" });
        let told: Vec<&[u8]> = [push, target].into_iter().chain(values.iter().map(|value| &value[..])).collect();
        cx.db.propagate(&told);
        cx.db.propagate(&[pop, source, format_int(count as i64, &mut [0; INT_LEN])]);
    }
    cx.out.array(count);
    match to_left {
        true => values.iter().rev().for_each(|value| cx.out.bulk(value)),
        false => values.iter().for_each(|value| cx.out.bulk(value)),
    }
    Ok(true)
}

fn lmpop(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let many = Many::parse(args, 1)?;
    if !pop_many(cx, args, &many)? {
        cx.out.null_array();
    }
    Ok(())
}

fn blmpop(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let many = Many::parse(args, 2)?;
    let deadline = blocking::deadline(cx, args.at(1))?;
    if pop_many(cx, args, &many)? { Ok(()) } else { wait(cx, many.keys, deadline) }
}

/// What LMPOP and BLMPOP are to do.
struct Many {
    keys: std::ops::Range<usize>,
    left: bool,
    count: i64,
}

impl Many {
    /// Reads `numkeys key [key ...] <LEFT | RIGHT> [COUNT count]` from argument `at` on.
    fn parse(args: Args<'_>, at: usize) -> Result<Many, Error> {
        let number = parse_int(args.at(at)).filter(|&number| number > 0).ok_or(Error::NumKeys)?;
        let end = usize::try_from(number).ok().and_then(|number| number.checked_add(at + 1));
        let end = end.filter(|&end| end < args.len()).ok_or(Error::Syntax)?;
        let mut many = Many { keys: at + 1..end, left: is_left(args.at(end))?, count: -1 };
        let mut opts = args.options(end + 1);
        while let Some(opt) = opts.next() {
            if many.count >= 0 || !opt.is("COUNT") || opts.left() == 0 {
                return Err(Error::Syntax);
            }
            many.count = parse_int(opts.value()?).filter(|&count| count > 0).ok_or(Error::CountPositive)?;
        }
        many.count = many.count.max(1);
        Ok(many)
    }
}

/// Pops from the first of the keys that is there, and answers with its name and the elements; `false` if none is.
fn pop_many(cx: &mut Ctx<'_>, args: Args<'_>, many: &Many) -> Result<bool, Error> {
    let fill = fill(cx);
    for at in many.keys.clone() {
        let key = args.at(at);
        if let Some(list) = cx.db.write::<List>(key)? {
            cx.out.array(2);
            cx.out.bulk(key);
            let (count, rest) = pop_some(cx.out, list, many.left, many.count, fill)?;
            popped(cx, key, many.left, count, rest);
            return Ok(true);
        }
    }
    Ok(false)
}

fn blpop(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    blocking_pop(cx, args, true)
}

fn brpop(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    blocking_pop(cx, args, false)
}

fn blocking_pop(cx: &mut Ctx<'_>, args: Args<'_>, left: bool) -> Done {
    let (last, fill) = (args.len() - 1, fill(cx));
    let deadline = blocking::deadline(cx, args.at(last))?;
    for at in 1..last {
        let key = args.at(at);
        if let Some(list) = cx.db.write::<List>(key)? {
            cx.out.array(2);
            cx.out.bulk(key);
            let rest = pop_one(cx.out, list, left, fill)?;
            popped(cx, key, left, 1, rest);
            return Ok(());
        }
    }
    wait(cx, 1..last, deadline)
}

/// Waits until one of the keys is a list.
fn wait(cx: &mut Ctx<'_>, keys: std::ops::Range<usize>, deadline: Deadline) -> Done {
    cx.block(Wait {
        number: cx.number,
        keys,
        deadline,
        wants: Wants::List,
        timeout_reply: TimeoutReply::NullArray,
        args: None,
        again: None,
    })
}

/// Waits until the first key is a list. Where it cannot wait, the answer is that of LMOVE; when it has waited in vain, an array.
fn wait_to_move(cx: &mut Ctx<'_>, deadline: Deadline) -> Done {
    if !cx.may_block() {
        cx.out.null();
        return Ok(());
    }
    wait(cx, 1..2, deadline)
}
