//! The value of a hash key: fields with values, each perhaps with a deadline, in Redis's encodings.
//!
//! | variant | OBJECT ENCODING | representation |
//! |---|---|---|
//! | `Pack` | listpack | field, value, field, value, ... in the order of arrival |
//! | `PackEx` | listpackex | field, value, deadline, ...: soonest first, then those without (0), in the order of arrival |
//! | `Table` | hashtable | a `Dict` of fields (`types/field.rs`), and the deadlines in order once there is one |
//!
//! Conversions are Redis's, and never go back: `Pack` to `PackEx` when a command that can give a field a TTL comes by,
//! even if it gives none; either to `Table` when a field or value is longer than `hash-max-listpack-value`, when there
//! are more than `hash-max-listpack-entries` fields, or when a command brings more than that, however many are new.
//! Among equal deadlines the field that got its own last stands first.
//!
//! Deadlines are milliseconds since the epoch, `NEVER` for none. Time is the caller's matter: a field is there until
//! `expire_due` removes it, which whoever looks a hash up calls first; so no other function takes a time (`each` does,
//! for those who may not change anything).
//!
//! Finding a field is O(n) in the packs, O(1) in the table, plus O(log n) for changing a deadline. The index of a table
//! holds (deadline, hash of the field): 16 bytes, and no second copy of the field. Two fields of one hash and deadline
//! share an element, which goes with the last of them.

use super::Stored;
use super::dict::hashing::{Rng, Seed};
use super::dict::{self, Dict};
use super::field::Field;
use super::listpack::{Item, Listpack, MAX_BYTES, Pos};
use super::number::{INT_LEN, format_int};
use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};

/// The deadline of a field that has none.
pub const NEVER: i64 = i64::MAX;

/// When a hash becomes a table, and what the table hashes with.
#[derive(Clone, Copy)]
pub struct Limits {
    /// `hash-max-listpack-entries`
    pub entries: usize,
    /// `hash-max-listpack-value`
    pub value: usize,
    pub seed: Seed,
}

/// What setting a value does to the deadline of the field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldTtl {
    Clear,
    Keep,
    /// Ends at this time in milliseconds since the epoch.
    At(i64),
}

#[derive(Clone)]
pub struct Hash(Repr);

#[derive(Clone)]
enum Repr {
    Pack(Listpack),
    PackEx(Box<Packed>),
    Table(Box<Table>),
}

/// A listpackex.
#[derive(Clone)]
struct Packed {
    pack: Listpack,
    indexed: i64,
}

impl Packed {
    fn boxed(pack: Listpack) -> Box<Packed> {
        Box::new(Packed { pack, indexed: NEVER })
    }
}

impl Deref for Packed {
    type Target = Listpack;

    #[inline(always)]
    fn deref(&self) -> &Listpack {
        &self.pack
    }
}

impl DerefMut for Packed {
    fn deref_mut(&mut self) -> &mut Listpack {
        &mut self.pack
    }
}

#[derive(Clone)]
struct Table {
    fields: Dict<Field>,
    /// (deadline, hash of the field); unsigned, so that the module has one tree and not two.
    deadlines: BTreeSet<(u64, u64)>,
    indexed: i64,
}

/// What [`Hash::each`] shows a field to: name, value, deadline.
pub type Show<'a> = dyn FnMut(&[u8], &[u8], i64) + 'a;

/// A field in passing: name, value, deadline.
pub type Triple<'a> = (Item<'a>, Item<'a>, i64);

impl Default for Hash {
    fn default() -> Hash {
        Hash::new()
    }
}

impl Hash {
    pub fn new() -> Hash {
        Hash(Repr::Pack(Listpack::new()))
    }

    /// A hash of these fields and values, with deadlines up to `last` behind each pair if it is a listpackex. The fields are
    /// different, and there is no part of one. However long they are: only their number makes it a table. None where a deadline is
    /// none.
    pub fn from_pack(pack: Listpack, ex: bool, last: i64, limits: &Limits) -> Option<Hash> {
        let width = if ex { 3 } else { 2 };
        let mut before = 0;
        let (mut ordered, small) = (true, pack.len() / width <= limits.entries);
        for item in pack.iter().skip(2).step_by(3).filter(|_| ex) {
            let deadline = item.int().filter(|at| (0..=last).contains(at))?;
            let deadline = if deadline == 0 { NEVER } else { deadline };
            ordered &= deadline >= before;
            before = deadline;
        }
        let mut hash = Hash(if ex { Repr::PackEx(Packed::boxed(pack)) } else { Repr::Pack(pack) });
        if !small {
            hash.become_table(limits);
        } else if !ordered {
            let foreign = std::mem::replace(&mut hash, Hash(Repr::PackEx(Packed::boxed(Listpack::new()))));
            for (field, value, deadline) in foreign.iter() {
                let Repr::PackEx(pack) = &mut hash.0 else { break };
                field.with_bytes(|field| value.with_bytes(|value| insert(pack, field, value, deadline)));
            }
        }
        Some(hash)
    }

    /// The bytes of a listpack, or a listpackex (then true); None of a table.
    pub fn packed(&self) -> Option<(bool, &[u8])> {
        match &self.0 {
            Repr::Pack(pack) => Some((false, pack.bytes())),
            Repr::PackEx(pack) => Some((true, pack.bytes())),
            Repr::Table(_) => None,
        }
    }

    /// The number of fields.
    pub fn len(&self) -> usize {
        match &self.0 {
            Repr::Pack(pack) => pack.len() / 2,
            Repr::PackEx(pack) => pack.len() / 3,
            Repr::Table(table) => table.fields.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        match &self.0 {
            Repr::Pack(pack) => pack.is_empty(),
            Repr::PackEx(pack) => pack.is_empty(),
            Repr::Table(table) => table.fields.is_empty(),
        }
    }

    /// The value of a field.
    #[inline]
    pub fn get(&self, field: &[u8]) -> Option<Item<'_>> {
        match &self.0 {
            Repr::Pack(pack) => pack.find(field, pack.first(), 1).map(|at| value_at(pack, at)),
            Repr::PackEx(pack) => pack.find(field, pack.first(), 2).map(|at| value_at(pack, at)),
            Repr::Table(table) => table.fields.get(field).map(|e| Item::Str(e.value())),
        }
    }

    pub fn contains(&self, field: &[u8]) -> bool {
        self.get(field).is_some()
    }

    /// The deadline of a field, `NEVER` if it has none; None if there is no such field.
    pub fn deadline(&self, field: &[u8]) -> Option<i64> {
        match &self.0 {
            Repr::Pack(pack) => pack.find(field, pack.first(), 1).map(|_| NEVER),
            Repr::PackEx(pack) => pack.find(field, pack.first(), 2).map(|at| deadline_at(pack, at)),
            Repr::Table(table) => table.fields.get(field).map(Field::deadline),
        }
    }

    /// The earliest deadline of all fields; `NEVER` where none has one. O(1).
    pub fn next_deadline(&self) -> i64 {
        match &self.0 {
            Repr::Pack(_) => NEVER,
            Repr::PackEx(pack) => pack.first().map_or(NEVER, |at| deadline_at(pack, at)),
            Repr::Table(table) => table.deadlines.first().map_or(NEVER, |&(deadline, _)| deadline as i64),
        }
    }

    /// The earliest deadline as an index of hashes knows it: what [`Hash::set_indexed`] said last. It is kept here since hashes without
    /// deadlines, of which there are more, have no room for it.
    #[inline(always)]
    pub fn indexed(&self) -> i64 {
        match &self.0 {
            Repr::Pack(_) => NEVER,
            Repr::PackEx(pack) => pack.indexed,
            Repr::Table(table) => table.indexed,
        }
    }

    /// Notes under which deadline an index knows it. A hash in a `Pack` has none, and remembers none.
    pub fn set_indexed(&mut self, deadline: i64) {
        match &mut self.0 {
            Repr::Pack(_) => {}
            Repr::PackEx(pack) => pack.indexed = deadline,
            Repr::Table(table) => table.indexed = deadline,
        }
    }

    /// Prepares for a command that sets so many fields: more than the limit make it a table right away, new or not.
    pub fn expect(&mut self, fields: usize, limits: &Limits) {
        if fields > limits.entries {
            self.become_table(limits);
        }
    }

    /// Prepares for deadlines, as every command does that could set one. A pack becomes a listpackex.
    pub fn expect_deadlines(&mut self) {
        if let Repr::Pack(pack) = &self.0 {
            let mut wide = Listpack::new();
            for (i, item) in pack.iter().enumerate() {
                item.with_bytes(|bytes| wide.push_back(bytes));
                if i % 2 == 1 {
                    wide.push_back(b"0");
                }
            }
            self.0 = Repr::PackEx(Packed::boxed(wide));
        }
    }

    /// Sets a field. Returns whether it is new.
    pub fn set(&mut self, field: &[u8], value: &[u8], ttl: FieldTtl, limits: &Limits) -> bool {
        if let FieldTtl::At(_) = ttl {
            self.expect_deadlines();
        }
        if let Some((_, bytes)) = self.packed() {
            let longest = field.len().max(value.len());
            if longest > limits.value || bytes.len() + field.len() + value.len() + 64 > MAX_BYTES {
                self.become_table(limits);
            }
        }
        let new = match &mut self.0 {
            Repr::Pack(pack) => match pack.find(field, pack.first(), 1) {
                Some(at) => {
                    let at = pack.next(at).expect("a value follows its field");
                    pack.replace(at, value);
                    false
                }
                None => {
                    pack.push_back(field);
                    pack.push_back(value);
                    true
                }
            },
            Repr::PackEx(pack) => match pack.find(field, pack.first(), 2) {
                Some(at) => {
                    let old = deadline_at(pack, at);
                    let new = ttl.after(old);
                    if old == new && !matches!(ttl, FieldTtl::At(_)) {
                        let at = pack.next(at).expect("a value follows its field");
                        pack.replace(at, value);
                    } else {
                        pack.remove_at(at, 3);
                        insert(pack, field, value, new);
                    }
                    false
                }
                None => {
                    insert(pack, field, value, ttl.after(NEVER));
                    true
                }
            },
            Repr::Table(table) => table.set(field, value, ttl),
        };
        if !matches!(self.0, Repr::Table(_)) && self.len() > limits.entries {
            self.become_table(limits);
        }
        new
    }

    /// Gives a field another deadline, or with `NEVER` takes it away. Whether there is such a field.
    pub fn set_deadline(&mut self, field: &[u8], deadline: i64) -> bool {
        self.expect_deadlines();
        match &mut self.0 {
            Repr::Pack(_) => false,
            Repr::PackEx(pack) => {
                let Some(at) = pack.find(field, pack.first(), 2) else { return false };
                let mut value = Vec::new();
                value_at(pack, at).write_to(&mut value);
                pack.remove_at(at, 3);
                insert(pack, field, &value, deadline);
                true
            }
            Repr::Table(table) => {
                let hash = table.fields.hash(field);
                let Some(e) = table.fields.get_hashed_mut(hash, field) else { return false };
                let old = e.set_deadline(deadline);
                table.reindex(hash, old, deadline);
                true
            }
        }
    }

    /// Whether the field was there.
    pub fn remove(&mut self, field: &[u8]) -> bool {
        match &mut self.0 {
            Repr::Pack(pack) => match pack.find(field, pack.first(), 1) {
                Some(at) => {
                    pack.remove_at(at, 2);
                    true
                }
                None => false,
            },
            Repr::PackEx(pack) => match pack.find(field, pack.first(), 2) {
                Some(at) => {
                    pack.remove_at(at, 3);
                    true
                }
                None => false,
            },
            Repr::Table(table) => {
                let hash = table.fields.hash(field);
                let Some(e) = table.fields.remove_hashed(hash, field) else { return false };
                table.reindex(hash, e.deadline(), NEVER);
                true
            }
        }
    }

    /// Removes fields whose deadline is `now` or earlier, soonest first and at most `max`, showing each to `gone`.
    /// Returns how many.
    pub fn expire_due(&mut self, now: i64, max: usize, gone: &mut dyn FnMut(&[u8])) -> usize {
        let mut count = 0;
        match &mut self.0 {
            Repr::Pack(_) => {}
            Repr::PackEx(pack) => {
                let first = pack.first();
                let mut next = first;
                while let Some(at) = next.filter(|&at| count < max && deadline_at(pack, at) <= now) {
                    pack.get(at).with_bytes(&mut *gone);
                    next = third(pack, at);
                    count += 1;
                }
                if let Some(first) = first {
                    pack.remove_at(first, 3 * count);
                }
            }
            Repr::Table(table) => {
                while let Some(&(deadline, hash)) = table.deadlines.first() {
                    let deadline = deadline as i64;
                    if deadline > now || count >= max {
                        break;
                    }
                    let e = table.fields.remove_by_hash(hash, |e| e.deadline() == deadline);
                    gone(e.expect("the index has no deadline without a field").name());
                    table.reindex(hash, deadline, NEVER);
                    count += 1;
                }
            }
        }
        count
    }

    /// All fields, in Redis's order for the packs.
    pub fn iter(&self) -> Iter<'_> {
        Iter(match &self.0 {
            Repr::Pack(pack) => Walk::Pack(pack, pack.first()),
            Repr::PackEx(pack) => Walk::PackEx(pack, pack.first()),
            Repr::Table(table) => Walk::Table(table.fields.iter()),
        })
    }

    /// Shows field, value and deadline of all fields that are not due at `now`.
    pub fn each(&self, now: i64, f: &mut Show<'_>) {
        for (field, value, deadline) in self.iter().filter(|&(_, _, deadline)| deadline > now) {
            f(field.bytes(&mut [0; INT_LEN]), value.bytes(&mut [0; INT_LEN]), deadline);
        }
    }

    /// One step of HSCAN: shows about `count` fields from `cursor` on and returns the cursor to go on with, 0 at the
    /// end. A pack is shown whole, whatever the cursor. The guarantee is that of [`Dict::scan`].
    pub fn scan(&self, cursor: u64, count: usize, f: &mut dyn FnMut(Triple<'_>)) -> u64 {
        match &self.0 {
            Repr::Table(table) => table.fields.scan(cursor, count, &mut |e| f(e.triple())),
            _ => {
                self.iter().for_each(f);
                0
            }
        }
    }

    /// A field, each with the same probability.
    pub fn random(&self, rng: &mut Rng) -> Option<Triple<'_>> {
        let pack_at = |pack: &Listpack, width: u64, rng: &mut Rng| {
            let len = pack.len() as u64 / width;
            (len > 0).then(|| pack.seek((rng.below(len) * width) as i64).expect("an index below the length"))
        };
        match &self.0 {
            Repr::Pack(pack) => pack_at(pack, 2, rng).map(|at| (pack.get(at), value_at(pack, at), NEVER)),
            Repr::PackEx(pack) => {
                pack_at(pack, 3, rng).map(|at| (pack.get(at), value_at(pack, at), deadline_at(pack, at)))
            }
            Repr::Table(table) => table.fields.random(rng).map(Field::triple),
        }
    }

    /// Shows `count` different fields, all of them when there are no more; each set of fields is as likely as any other.
    pub fn sample(&self, count: usize, rng: &mut Rng, f: &mut dyn FnMut(Triple<'_>)) {
        let len = self.len();
        if let Repr::Table(table) = &self.0
            && count < len / 3
        {
            // Few of many: draw again what was drawn before.
            let mut drawn = BTreeSet::new(); // of places in the table
            while drawn.len() < count {
                let e = table.fields.random(rng).expect("there are fields");
                if drawn.insert((e as *const Field as u64, 0u64)) {
                    f(e.triple());
                }
            }
            return;
        }
        let mut wanted = count.min(len);
        for (i, triple) in self.iter().enumerate() {
            if wanted == 0 {
                break;
            }
            if rng.below((len - i) as u64) < wanted as u64 {
                wanted -= 1;
                f(triple);
            }
        }
    }

    fn become_table(&mut self, limits: &Limits) {
        if matches!(self.0, Repr::Table(_)) {
            return;
        }
        let mut table = Table { fields: Dict::new(limits.seed), deadlines: BTreeSet::new(), indexed: self.indexed() };
        for (field, value, deadline) in self.iter() {
            let field = field.with_bytes(|field| value.with_bytes(|value| Field::new(field, value, deadline)));
            let hash = table.fields.hash(field.name());
            table.fields.insert_new_hashed(hash, field);
            table.reindex(hash, NEVER, deadline);
        }
        self.0 = Repr::Table(Box::new(table));
    }
}

impl FieldTtl {
    /// The deadline of a field whose deadline was `old`.
    fn after(self, old: i64) -> i64 {
        match self {
            FieldTtl::Clear => NEVER,
            FieldTtl::Keep => old,
            FieldTtl::At(deadline) => deadline,
        }
    }
}

impl Table {
    fn set(&mut self, field: &[u8], value: &[u8], ttl: FieldTtl) -> bool {
        let hash = self.fields.hash(field);
        let (old, new, is_new) = match self.fields.get_hashed_mut(hash, field) {
            Some(e) => {
                let old = e.deadline();
                let new = ttl.after(old);
                e.set_value(value);
                e.set_deadline(new);
                (old, new, false)
            }
            None => {
                let deadline = ttl.after(NEVER);
                self.fields.insert_new_hashed(hash, Field::new(field, value, deadline));
                (NEVER, deadline, true)
            }
        };
        self.reindex(hash, old, new);
        is_new
    }

    /// Called after a field of this hash went from deadline `old` to `new`.
    #[inline]
    fn reindex(&mut self, hash: u64, old: i64, new: i64) {
        if old == new {
            return;
        }
        if old != NEVER && self.fields.find_by_hash(hash, |e| e.deadline() == old).is_none() {
            self.deadlines.remove(&(old as u64, hash));
        }
        if new != NEVER {
            self.deadlines.insert((new as u64, hash));
        }
    }
}

/// The value behind the field at `at`.
#[inline]
fn value_at(pack: &Listpack, at: Pos) -> Item<'_> {
    pack.get(pack.next(at).expect("a value follows its field"))
}

/// The deadline behind the field at `at` and its value, in a listpackex.
#[inline]
fn deadline_at(pack: &Listpack, at: Pos) -> i64 {
    let deadline = pack.next(at).and_then(|at| pack.next(at)).expect("a deadline follows the value");
    match pack.get(deadline).int() {
        Some(0) | None => NEVER,
        Some(deadline) => deadline,
    }
}

/// The field after the one at `at`, in a listpackex.
#[inline]
fn third(pack: &Listpack, at: Pos) -> Option<Pos> {
    pack.next(at).and_then(|at| pack.next(at)).and_then(|at| pack.next(at))
}

/// Puts a field into a listpackex at its place: before the first that does not end earlier, or at the end.
fn insert(pack: &mut Listpack, field: &[u8], value: &[u8], deadline: i64) {
    let mut next = pack.first();
    if deadline == NEVER {
        next = None;
    }
    while let Some(at) = next.filter(|&at| deadline_at(pack, at) < deadline) {
        next = third(pack, at);
    }
    let mut digits = [0; INT_LEN];
    let deadline = format_int(if deadline == NEVER { 0 } else { deadline }, &mut digits);
    match next {
        Some(at) => {
            for part in [deadline, value, field] {
                pack.insert_before(at, part);
            }
        }
        None => {
            for part in [field, value, deadline] {
                pack.push_back(part);
            }
        }
    }
}

/// See [`Hash::iter`].
pub struct Iter<'a>(Walk<'a>);

enum Walk<'a> {
    Pack(&'a Listpack, Option<Pos>),
    PackEx(&'a Listpack, Option<Pos>),
    Table(dict::Iter<'a, Field>),
}

impl<'a> Iterator for Iter<'a> {
    type Item = Triple<'a>;

    #[inline]
    fn next(&mut self) -> Option<Triple<'a>> {
        match &mut self.0 {
            Walk::Pack(pack, next) => {
                let at = (*next)?;
                let value = pack.next(at).expect("a value follows its field");
                *next = pack.next(value);
                Some((pack.get(at), pack.get(value), NEVER))
            }
            Walk::PackEx(pack, next) => {
                let at = (*next)?;
                *next = third(pack, at);
                Some((pack.get(at), value_at(pack, at), deadline_at(pack, at)))
            }
            Walk::Table(iter) => iter.next().map(Field::triple),
        }
    }
}

impl Stored for Hash {
    const TYPE: &'static str = "hash";

    /// What OBJECT ENCODING says.
    fn encoding(&self) -> &'static str {
        match &self.0 {
            Repr::Pack(_) => "listpack",
            Repr::PackEx(_) => "listpackex",
            Repr::Table(_) => "hashtable",
        }
    }

    /// Bytes on the heap, about: exact for a pack; of a table without its fields.
    fn heap_bytes(&self) -> usize {
        match &self.0 {
            Repr::Pack(pack) => pack.heap_bytes(),
            Repr::PackEx(pack) => size_of::<Packed>() + pack.heap_bytes(),
            Repr::Table(table) => size_of::<Table>() + table.fields.heap_bytes() + table.deadlines.len() * 20,
        }
    }

    fn elements(&self) -> usize {
        self.len()
    }

    /// Frees about so many fields; whether there are more. Nothing else may be done with the hash from then on.
    fn shed(&mut self, about: usize) -> bool {
        match &mut self.0 {
            Repr::Table(table) => table.fields.shed(about) || (0..about).all(|_| table.deadlines.pop_first().is_some()),
            _ => false,
        }
    }

    fn is_spent(&self) -> bool {
        self.is_empty()
    }
}

#[cfg(test)]
mod tests;
