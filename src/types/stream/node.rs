//! A node of a stream: entries with ids that follow each other, in one listpack with Redis's own layout (RDB files and DUMP
//! hold it as it is).
//!
//! ```text
//! | count | deleted | n | field 1 | ... | field n | 0 | entry | entry | ...       the fields are those of the first entry
//!
//! entry with the same fields   | 2 | ms | seq | value 1 | ... | value n | n + 3 |
//! entry with others            | 0 | ms | seq | m | field 1 | value 1 | ... | value m | 2m + 4 |
//! ```
//!
//! `ms` and `seq` are differences to the node's id, which is that of the first entry. The last element of an entry is the
//! number of those before it, so that one can read backwards. A deleted entry stays, with 1 added to its first element;
//! `count` has the entries that are left, `deleted` the others.

use super::Id;
use crate::types::listpack::{Item, Listpack, Pos};

const DELETED: i64 = 1;
const SAME: i64 = 2;

/// A node begun for an entry with these fields.
pub fn new<'a>(fields: impl Iterator<Item = (&'a [u8], &'a [u8])> + Clone, more: usize) -> Listpack {
    let mut pack = Listpack::new();
    let mut tail = pack.tail(more);
    tail.push_int(0);
    tail.push_int(0);
    tail.push_int(fields.clone().count() as i64);
    for (field, _) in fields {
        tail.push(field);
    }
    tail.push_int(0);
    drop(tail);
    pack
}

/// Appends an entry. `more`: about how many bytes it takes.
pub fn append<'a>(
    pack: &mut Listpack,
    master: Id,
    id: Id,
    fields: impl Iterator<Item = (&'a [u8], &'a [u8])> + Clone,
    more: usize,
) {
    let view = View::new(master, pack);
    let (same, number) = view.compare(fields.clone());
    let count = view.count;
    let first = pack.first();
    let mut tail = pack.tail(more);
    tail.push_int(if same { SAME } else { 0 });
    tail.push_int(id.ms.wrapping_sub(master.ms) as i64);
    tail.push_int(id.seq.wrapping_sub(master.seq) as i64);
    if same {
        for (_, value) in fields {
            tail.push(value);
        }
        tail.push_int(number + 3);
    } else {
        tail.push_int(number);
        for (field, value) in fields {
            tail.push(field);
            tail.push(value);
        }
        tail.push_int(2 * number + 4);
    }
    drop(tail);
    if let Some(first) = first {
        pack.replace_int(first, count + 1);
    }
}

/// Whether a foreign listpack is a node: its head is whole, its entries are, and follow each other, and are counted right.
pub fn is_sound(master: Id, pack: &Listpack) -> bool {
    check(master, pack).is_some()
}

/// An element that must be an integer of this many at least, and is taken out of the rest.
fn take(pack: &Listpack, at: &mut Option<Pos>, least: i64) -> Option<i64> {
    let (item, next) = pack.read((*at)?);
    *at = next;
    match item {
        Item::Int(number) if number >= least => Some(number),
        _ => None,
    }
}

/// Takes elements whatever they are.
fn pass(pack: &Listpack, at: &mut Option<Pos>, count: i64) -> Option<()> {
    for _ in 0..count {
        *at = pack.next((*at)?);
    }
    Some(())
}

fn check(master: Id, pack: &Listpack) -> Option<()> {
    let mut at = pack.first();
    let at = &mut at;
    let (count, deleted, fields) = (take(pack, at, 0)?, take(pack, at, 0)?, take(pack, at, 0)?);
    pass(pack, at, fields)?;
    (take(pack, at, 0)? == 0).then_some(())?;
    let (mut live, mut dead, mut before) = (0, 0, None);
    while at.is_some() {
        let flags = take(pack, at, 0).filter(|flags| flags & !(DELETED | SAME) == 0)?;
        let (ms, seq) = (take(pack, at, i64::MIN)?, take(pack, at, i64::MIN)?);
        let id = Id { ms: master.ms.wrapping_add(ms as u64), seq: master.seq.wrapping_add(seq as u64) };
        let first = before.replace(id).is_none_or(|before| before < id) && id >= master;
        first.then_some(())?;
        let elements = match flags & SAME != 0 {
            true => fields,
            false => take(pack, at, 0)?.checked_mul(2)?,
        };
        pass(pack, at, elements)?;
        let behind = elements.checked_add(if flags & SAME != 0 { 3 } else { 4 })?;
        (take(pack, at, 0)? == behind).then_some(())?;
        if flags & DELETED != 0 { dead += 1 } else { live += 1 }
    }
    (live == count && dead == deleted && before.is_some()).then_some(())
}

/// Marks the entry that begins at `at` as deleted; [`count_deleted`] is to follow.
pub fn mark(pack: &mut Listpack, at: Pos) {
    let flags = int(pack, at);
    pack.replace_int(at, flags | DELETED);
}

/// Writes into the head that so many entries were marked. How many are left.
pub fn count_deleted(pack: &mut Listpack, marked: i64) -> i64 {
    let view = View::new(Id::MIN, pack);
    let (left, deleted) = (view.count - marked, view.deleted + marked);
    if let Some(first) = pack.first() {
        pack.replace_int(first, left);
        if let Some(second) = step(pack, first).1 {
            pack.replace_int(second, deleted);
        }
    }
    left
}

/// The integer at a place, 0 where a foreign node holds something else; and the place behind it.
#[inline(never)]
fn step(pack: &Listpack, at: Pos) -> (i64, Option<Pos>) {
    let (item, next) = pack.read(at);
    (item.int().unwrap_or(0), next)
}

fn int(pack: &Listpack, at: Pos) -> i64 {
    step(pack, at).0
}

/// A node to read.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub pack: &'a Listpack,
    master: Id,
    /// How many entries are not deleted, and how many are.
    pub count: i64,
    deleted: i64,
    /// How many fields the head names, and the first of them.
    fields: usize,
    field: Pos,
}

/// Where an entry lies.
#[derive(Clone, Copy)]
pub struct Place {
    pub id: Id,
    pub deleted: bool,
    /// The first element.
    pub at: Pos,
    /// The first value, or field where the fields are its own.
    pub data: Pos,
    pub same: bool,
    pub pairs: usize,
}

impl Place {
    /// How many elements lie from `data` to the end of the entry.
    pub fn rest(&self) -> usize {
        self.pairs * if self.same { 1 } else { 2 } + 1
    }
}

impl<'a> View<'a> {
    pub fn new(master: Id, pack: &'a Listpack) -> View<'a> {
        const HEAD: &str = "a node has a head";
        let (count, at) = step(pack, pack.first().expect(HEAD));
        let (deleted, at) = step(pack, at.expect(HEAD));
        let (fields, at) = step(pack, at.expect(HEAD));
        View { pack, master, count, deleted, fields: fields.max(0) as usize, field: at.expect(HEAD) }
    }

    /// How many entries there are, deleted ones too.
    pub fn all(&self) -> i64 {
        self.count.saturating_add(self.deleted)
    }

    /// Whether an entry has the fields of the head, and how many it has.
    fn compare<'b>(&self, fields: impl Iterator<Item = (&'b [u8], &'b [u8])>) -> (bool, i64) {
        let (mut at, mut number, mut same) = (Some(self.field), 0, true);
        for (field, _) in fields {
            number += 1;
            if same && let Some(place) = at.filter(|_| number <= self.fields) {
                let (item, next) = self.pack.read(place);
                same = item.eq_bytes(field);
                at = next;
            } else {
                same = false;
            }
        }
        (same && number == self.fields, number as i64)
    }

    /// The first element behind the head.
    pub fn first(&self) -> Option<Pos> {
        self.skip(self.field, self.fields + 1)
    }

    /// The place so many elements on.
    #[inline]
    pub fn skip(&self, at: Pos, count: usize) -> Option<Pos> {
        let mut at = Some(at);
        for _ in 0..count {
            at = self.pack.next(at?);
        }
        at
    }

    /// The entry that begins at a place.
    #[inline]
    pub fn place(&self, at: Pos) -> Option<Place> {
        let pack = self.pack;
        let (flags, ms) = step(pack, at);
        let (ms, seq) = step(pack, ms?);
        let (seq, data) = step(pack, seq?);
        let (mut data, mut pairs, same) = (data?, self.fields, flags & SAME != 0);
        if !same {
            let (number, next) = step(pack, data);
            (pairs, data) = (number.max(0) as usize, next?);
        }
        let id = Id { ms: self.master.ms.wrapping_add(ms as u64), seq: self.master.seq.wrapping_add(seq as u64) };
        Some(Place { id, deleted: flags & DELETED != 0, at, data, same, pairs })
    }

    /// Where the first entry begins that is not before this id; None where all are. A walk in one loop, which most of the time of those
    /// goes into who read from the middle on.
    pub fn seek(&self, id: Id) -> Option<Pos> {
        let mut begin = self.first()?;
        let (mut at, mut met, mut same) = (begin, self.master, false);
        // Which element of its entry is at `at`, and how many the entry has as far as that is known.
        let (mut element, mut count) = (0, 4);
        loop {
            let (item, next) = self.pack.step(at);
            let number = item.int().unwrap_or(0);
            match element {
                0 => same = number & SAME != 0,
                1 => met.ms = self.master.ms.wrapping_add(number as u64),
                2 => {
                    met.seq = self.master.seq.wrapping_add(number as u64);
                    if met >= id {
                        return Some(begin);
                    }
                    count = if same { self.fields + 4 } else { 4 };
                }
                3 if !same => count = 5 + 2 * number.max(0) as usize,
                _ => {}
            }
            at = next?;
            element += 1;
            if element == count {
                (begin, element, count) = (at, 0, 4);
            }
        }
    }

    /// Shows the entries that are not deleted, as long as `go_on` says so.
    pub fn each(&self, go_on: &mut dyn FnMut(&Place) -> bool) {
        let mut at = self.first();
        while let Some(place) = at.and_then(|at| self.place(at)) {
            if !place.deleted && !go_on(&place) {
                break;
            }
            at = self.skip(place.data, place.rest());
        }
    }

    /// The last entry.
    pub fn last(&self) -> Option<Place> {
        self.ending(self.pack.last()?)
    }

    /// The entry before another.
    pub fn before(&self, place: &Place) -> Option<Place> {
        self.ending(self.pack.prev(place.at)?)
    }

    /// The entry whose last element is at `end`; None where the head ends there.
    fn ending(&self, end: Pos) -> Option<Place> {
        let mut at = end;
        for _ in 0..int(self.pack, end) {
            at = self.pack.prev(at)?;
        }
        if at == end { None } else { self.place(at) }
    }

    /// Shows the fields and values of an entry. Gives the element behind the last value: the number that ends the entry.
    #[inline]
    pub fn pairs(&self, place: &Place, show: &mut dyn FnMut(Item<'a>, Item<'a>)) -> Option<Pos> {
        let (mut at, mut named) = (place.data, self.field);
        for _ in 0..place.pairs {
            let (field, next) = self.pack.read(if place.same { named } else { at });
            if place.same {
                named = next?;
            } else {
                at = next?;
            }
            let (value, next) = self.pack.read(at);
            show(field, value);
            at = next?;
        }
        Some(at)
    }
}
