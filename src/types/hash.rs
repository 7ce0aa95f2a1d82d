//! The value of a hash key: fields with values, each perhaps with a deadline, in Redis's encodings.
//!
//! | variant | OBJECT ENCODING | representation |
//! |---|---|---|
//! | `Pack` | listpack | field, value, field, value, ... in the order of arrival |
//! | `PackEx` | listpackex | field, value, deadline, ...: soonest first, then those without (0), in the order of arrival |
//! | `Table` | hashtable | a `Dict` of (field, value, deadline), and the deadlines in order once there is one |
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
use super::dict::{self, Dict, Entry};
use super::listpack::{Item, Listpack, MAX_BYTES, Pos};
use super::number::{INT_LEN, format_int};
use super::pairs::Ordered;
use super::small::Small;

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
    PackEx(Listpack),
    Table(Box<Table>),
}

#[derive(Clone)]
struct Table {
    fields: Dict<Field>,
    /// (deadline, hash of the field); unsigned, as in every such set.
    deadlines: Ordered,
}

#[derive(Clone)]
struct Field {
    name: Small,
    value: Small,
    deadline: i64,
}

impl Entry for Field {
    #[inline(always)]
    fn key(&self) -> &[u8] {
        &self.name
    }
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
        let mut hash = Hash(if ex { Repr::PackEx(pack) } else { Repr::Pack(pack) });
        if !small {
            hash.become_table(limits);
        } else if !ordered {
            let foreign = std::mem::replace(&mut hash, Hash(Repr::PackEx(Listpack::new())));
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
            Repr::Pack(pack) | Repr::PackEx(pack) => pack.is_empty(),
            Repr::Table(table) => table.fields.is_empty(),
        }
    }

    /// The value of a field.
    #[inline]
    pub fn get(&self, field: &[u8]) -> Option<Item<'_>> {
        match &self.0 {
            Repr::Pack(pack) => pack.find(field, pack.first(), 1).map(|at| value_at(pack, at)),
            Repr::PackEx(pack) => pack.find(field, pack.first(), 2).map(|at| value_at(pack, at)),
            Repr::Table(table) => table.fields.get(field).map(|e| Item::Str(&e.value)),
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
            Repr::Table(table) => table.fields.get(field).map(|e| e.deadline),
        }
    }

    /// The earliest deadline of all fields. O(1).
    pub fn next_deadline(&self) -> Option<i64> {
        match &self.0 {
            Repr::Pack(_) => None,
            Repr::PackEx(pack) => pack.first().map(|at| deadline_at(pack, at)).filter(|&deadline| deadline != NEVER),
            Repr::Table(table) => table.deadlines.first().map(|(deadline, _)| deadline as i64),
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
            self.0 = Repr::PackEx(wide);
        }
    }

    /// Sets a field. Returns whether it is new.
    pub fn set(&mut self, field: &[u8], value: &[u8], ttl: FieldTtl, limits: &Limits) -> bool {
        if let FieldTtl::At(_) = ttl {
            self.expect_deadlines();
        }
        if let Repr::Pack(pack) | Repr::PackEx(pack) = &self.0 {
            let longest = field.len().max(value.len());
            if longest > limits.value || pack.bytes().len() + field.len() + value.len() + 64 > MAX_BYTES {
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
                let old = std::mem::replace(&mut e.deadline, deadline);
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
                table.reindex(hash, e.deadline, NEVER);
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
                while let Some((deadline, hash)) = table.deadlines.first() {
                    let deadline = deadline as i64;
                    if deadline > now || count >= max {
                        break;
                    }
                    let e = table.fields.remove_by_hash(hash, |e| e.deadline == deadline);
                    gone(&e.expect("the index has no deadline without a field").name);
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
            let mut drawn = Ordered::default(); // of places in the table
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
        let mut table = Table { fields: Dict::new(limits.seed), deadlines: Ordered::default() };
        for (field, value, deadline) in self.iter() {
            let name = field.with_bytes(Small::new);
            let hash = table.fields.hash(&name);
            table.fields.insert_new_hashed(hash, Field { name, value: value.with_bytes(Small::new), deadline });
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
        let value = Small::new(value);
        let (old, new, is_new) = match self.fields.get_hashed_mut(hash, field) {
            Some(e) => {
                let old = e.deadline;
                e.value = value;
                e.deadline = ttl.after(old);
                (old, e.deadline, false)
            }
            None => {
                let deadline = ttl.after(NEVER);
                self.fields.insert_new_hashed(hash, Field { name: Small::new(field), value, deadline });
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
        if old != NEVER && self.fields.find_by_hash(hash, |e| e.deadline == old).is_none() {
            self.deadlines.remove((old as u64, hash));
        }
        if new != NEVER {
            self.deadlines.insert((new as u64, hash));
        }
    }
}

impl Field {
    fn triple(&self) -> Triple<'_> {
        (Item::Str(&self.name), Item::Str(&self.value), self.deadline)
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

    /// Bytes on the heap, about: exact for a pack; of a table without what long fields and values own.
    fn heap_bytes(&self) -> usize {
        match &self.0 {
            Repr::Pack(pack) | Repr::PackEx(pack) => pack.heap_bytes(),
            Repr::Table(table) => size_of::<Table>() + table.fields.heap_bytes() + table.deadlines.len() * 20,
        }
    }

    fn elements(&self) -> usize {
        self.len()
    }

    /// Frees about so many fields; whether there are more. Nothing else may be done with the hash from then on.
    fn shed(&mut self, about: usize) -> bool {
        match &mut self.0 {
            Repr::Table(table) => table.fields.shed(about) || table.deadlines.shed(about),
            _ => false,
        }
    }

    fn is_spent(&self) -> bool {
        self.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn limits(entries: usize, value: usize) -> Limits {
        Limits { entries, value, seed: Seed::new(1) }
    }
    fn fields(hash: &Hash) -> String {
        let mut all = Vec::new();
        hash.each(0, &mut |field, _, _| all.push(String::from_utf8(field.to_vec()).unwrap()));
        all.join(" ")
    }
    fn hash_of(text: &str, limits: &Limits) -> Hash {
        let mut hash = Hash::new();
        for field in text.split(' ') {
            hash.set(field.as_bytes(), b"1", FieldTtl::Clear, limits);
        }
        hash
    }

    #[test]
    fn it_behaves_like_a_map_with_deadlines_in_every_encoding() {
        let mut seen = BTreeSet::new();
        for round in 0..300 {
            let mut rng = Rng::new(round * 77 + 1);
            let limits = limits([3, 40, 4000][round as usize % 3], [5, 30][rng.below(2) as usize]);
            let mut hash = Hash::new();
            let mut model: BTreeMap<Vec<u8>, (Vec<u8>, i64)> = BTreeMap::new();
            let (names, ttls) = (rng.below(60) + 1, rng.below(3));
            let mut now = 1_000;
            for _ in 0..400 {
                let field = match rng.below(names) {
                    n if n % 5 == 0 => format!("field-{n}-long").into_bytes(),
                    n => n.to_string().into_bytes(),
                };
                let digits = rng.below(60) + 1;
                let value = rng.below(1 << digits).to_string().into_bytes();
                let deadline = now + 1 + rng.below(50) as i64;
                match rng.below(12) {
                    0..=3 => {
                        let ttl = match rng.below(3) {
                            0 => FieldTtl::Clear,
                            1 => FieldTtl::Keep,
                            _ if ttls == 0 => FieldTtl::Keep,
                            _ => FieldTtl::At(deadline),
                        };
                        let old = model.get(&field).map(|e| e.1);
                        assert_eq!(hash.set(&field, &value, ttl, &limits), old.is_none());
                        model.insert(field, (value, ttl.after(old.unwrap_or(NEVER))));
                    }
                    4 if ttls > 0 => {
                        let deadline = if rng.below(3) == 0 { NEVER } else { deadline };
                        assert_eq!(hash.set_deadline(&field, deadline), model.contains_key(&field));
                        if let Some(e) = model.get_mut(&field) {
                            e.1 = deadline;
                        }
                    }
                    5 | 6 => assert_eq!(hash.remove(&field), model.remove(&field).is_some()),
                    7 => {
                        now += rng.below(20) as i64;
                        let max = rng.below(6) as usize;
                        let mut gone = Vec::new();
                        let count = hash.expire_due(now, max, &mut |f| gone.push(f.to_vec()));
                        let due = model.values().filter(|e| e.1 <= now).count();
                        assert_eq!((count, gone.len()), (due.min(max), due.min(max)));
                        let mut last = 0;
                        for field in gone {
                            let (_, deadline) = model.remove(&field).unwrap();
                            assert!(deadline <= now && deadline >= last);
                            last = deadline;
                        }
                        assert!(count == max || hash.next_deadline().is_none_or(|next| next > now));
                    }
                    8 => {
                        let got = hash.get(&field).map(|v| v.with_bytes(<[u8]>::to_vec));
                        assert_eq!(got, model.get(&field).map(|e| e.0.clone()));
                        assert_eq!(hash.deadline(&field), model.get(&field).map(|e| e.1));
                    }
                    9 => {
                        let mut rng = Rng::new(round);
                        let count = model.len().min(rng.below(20) as usize);
                        let mut picked = BTreeSet::new();
                        hash.sample(count, &mut rng, &mut |t| {
                            picked.insert(t.0.with_bytes(<[u8]>::to_vec));
                        });
                        assert!(picked.len() == count && picked.iter().all(|f| model.contains_key(f)));
                        let one = hash.random(&mut rng).map(|t| (t.0.with_bytes(<[u8]>::to_vec), t.2));
                        assert_eq!(one.is_none(), model.is_empty());
                        assert!(one.is_none_or(|(field, deadline)| model[&field].1 == deadline));
                    }
                    10 => hash = hash.clone(),
                    _ => {
                        let (mut cursor, mut met) = (0, Vec::new());
                        loop {
                            cursor = hash.scan(cursor, 3, &mut |t| met.push(t.0.with_bytes(<[u8]>::to_vec)));
                            if cursor == 0 {
                                break;
                            }
                        }
                        met.sort();
                        assert!(met.iter().eq(model.keys()));
                    }
                }
                seen.insert(hash.encoding());
                assert_eq!((hash.len(), hash.is_empty()), (model.len(), model.is_empty()));
                let next = model.values().map(|e| e.1).min().filter(|&d| d != NEVER);
                assert_eq!(hash.next_deadline(), next);
            }
            let mut all = Vec::new();
            hash.each(0, &mut |f, v, d| all.push((f.to_vec(), (v.to_vec(), d))));
            if hash.encoding() == "listpackex" {
                assert!(all.is_sorted_by_key(|e| e.1.1));
            }
            all.sort();
            assert_eq!(all, model.into_iter().collect::<Vec<_>>());
        }
        assert_eq!(seen.len(), 3);
    }

    /// Each line was answered by Redis 8 (HGETALL).
    #[test]
    fn fields_with_deadlines_stand_in_redis_order() {
        let l = limits(128, 64);
        let mut hash = hash_of("a b c d", &l);
        let mut step = |field: &str, deadline: i64, expected: &str| {
            hash.set_deadline(field.as_bytes(), deadline);
            assert_eq!(fields(&hash), expected);
        };
        step("c", 100, "c a b d");
        step("d", 50, "d c a b");
        step("a", 101, "d c a b");
        step("a", 300, "d c a b");
        step("b", 300, "d c b a");
        step("c", 300, "d c b a");
        step("d", 300, "d c b a");
        step("a", 300, "a d c b");
        step("b", NEVER, "a d c b");
        assert!(!hash.set(b"c", b"33", FieldTtl::Clear, &l));
        assert_eq!(fields(&hash), "a d b c");
        assert!(hash.set(b"e", b"5", FieldTtl::Clear, &l));
        assert!(!hash.set(b"b", b"22", FieldTtl::Clear, &l));
        assert_eq!(fields(&hash), "a d b c e");
        hash.set_deadline(b"a", NEVER);
        assert_eq!(fields(&hash), "d b c e a");
        hash.set(b"d", b"7", FieldTtl::Keep, &l);
        hash.set(b"f", b"7", FieldTtl::At(200), &l);
        hash.set(b"g", b"7", FieldTtl::At(200), &l);
        assert_eq!(fields(&hash), "g f d b c e a");
        assert_eq!(hash.encoding(), "listpackex");
    }

    #[test]
    fn encodings_change_where_redis_changes_them() {
        let l = limits(4, 8);
        let encoding = |hash: &Hash| hash.encoding();
        assert_eq!(encoding(&hash_of("a b c d", &l)), "listpack");
        assert_eq!(encoding(&hash_of("a b c d e", &l)), "hashtable");
        assert_eq!(encoding(&hash_of("aaaaaaaa", &l)), "listpack");
        assert_eq!(encoding(&hash_of("aaaaaaaaa", &l)), "hashtable");
        let mut hash = hash_of("a b", &l);
        hash.expect(4, &l);
        assert_eq!(hash.encoding(), "listpack");
        hash.set(b"a", b"12345678", FieldTtl::Keep, &l);
        hash.expect_deadlines();
        assert_eq!(hash.encoding(), "listpackex");
        let mut other = hash.clone();
        other.expect(5, &l);
        assert_eq!((other.encoding(), other.len()), ("hashtable", 2));
        hash.set_deadline(b"a", 5);
        hash.set(b"a", b"123456789", FieldTtl::Keep, &l);
        assert_eq!((hash.encoding(), hash.deadline(b"a"), hash.next_deadline()), ("hashtable", Some(5), Some(5)));
        let mut many = hash_of("a b c d", &l);
        many.set(b"a", b"2", FieldTtl::Keep, &limits(2, 8));
        assert_eq!(many.encoding(), "hashtable");
        assert_eq!(many.expire_due(i64::MAX - 1, 9, &mut |_| panic!()), 0);
    }

    #[test]
    fn a_sample_is_fair() {
        let mut rng = Rng::new(3);
        for (l, text) in [(limits(64, 64), "a b c d e f g h i j"), (limits(0, 64), "a b c d e f g h i j")] {
            let hash = hash_of(text, &l);
            for count in [2, 7] {
                let mut hits = BTreeMap::new();
                for _ in 0..10_000 {
                    hash.sample(count, &mut rng, &mut |t| {
                        *hits.entry(t.0.with_bytes(<[u8]>::to_vec)).or_insert(0i64) += 1
                    });
                }
                let mean = count as i64 * 1_000;
                assert!(hits.len() == 10 && hits.values().all(|h| (h - mean).abs() < 250), "{hits:?}");
            }
        }
    }
}
