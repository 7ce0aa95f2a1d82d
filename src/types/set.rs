//! The value of a set key, in Redis's encodings:
//!
//! | variant | OBJECT ENCODING | representation |
//! |---|---|---|
//! | `Ints` | intset | integers in ascending order |
//! | `Pack` | listpack | members in the order of arrival |
//! | `Table` | hashtable | a `Dict` of members |
//!
//! Conversions are Redis's, and never go back. A new set is an `Ints` if its first member is an integer, a `Pack` or a
//! `Table` otherwise, or if the command brings too many members, however many of them are equal. An `Ints` of more than
//! `set-max-intset-entries` becomes a `Table`; one that is given something else than an integer a `Pack`, if that is small
//! enough. A `Pack` becomes a `Table` beyond `set-max-listpack-entries` members, or with one longer than
//! `set-max-listpack-value`.
//!
//! Finding a member is O(log n) in an intset, O(n) in a listpack, O(1) in a table.

use super::Stored;
use super::dict::hashing::{Rng, Seed};
use super::dict::{self, Dict, Entry};
use super::intset::Intset;
use super::listpack::{Item, Listpack, MAX_BYTES, Pos};
use super::number::{int_len, parse_int};
use super::pairs::Ordered;
use super::small::Small;

/// When a set becomes another encoding, and what a table hashes with.
#[derive(Clone, Copy)]
pub struct Limits {
    /// `set-max-intset-entries`
    pub ints: usize,
    /// `set-max-listpack-entries`
    pub entries: usize,
    /// `set-max-listpack-value`
    pub value: usize,
    pub seed: Seed,
}

/// No intset has more members.
const MAX_INTS: usize = 1 << 30;

impl Limits {
    fn ints(&self) -> usize {
        self.ints.min(MAX_INTS)
    }
}

#[derive(Clone)]
pub struct Set(Repr);

#[derive(Clone)]
enum Repr {
    Ints(Intset),
    Pack(Listpack),
    Table(Box<Dict<Member>>),
}

#[derive(Clone)]
struct Member(Small);

impl Entry for Member {
    #[inline(always)]
    fn key(&self) -> &[u8] {
        &self.0
    }
}

impl Default for Set {
    fn default() -> Set {
        Set::new()
    }
}

impl Set {
    /// An empty set that takes whatever comes, as one is that collects a result.
    pub fn new() -> Set {
        Set(Repr::Ints(Intset::new()))
    }

    /// An empty set for so many members, of which this is the first.
    pub fn for_members(first: &[u8], count: usize, limits: &Limits) -> Set {
        if count <= limits.ints() && parse_int(first).is_some() {
            return Set::new();
        }
        if count <= limits.entries {
            return Set(Repr::Pack(Listpack::new()));
        }
        Set(Repr::Table(Box::new(Dict::new(limits.seed))))
    }

    /// A set of these integers.
    pub fn from_ints(ints: Intset, limits: &Limits) -> Set {
        let mut set = Set(Repr::Ints(ints));
        set.expect(set.len(), limits);
        set
    }

    /// A set of these members, which are different.
    pub fn from_pack(pack: Listpack, limits: &Limits) -> Set {
        let mut set = Set(Repr::Pack(pack));
        if set.len() > limits.entries {
            set.become_table(limits);
        }
        set
    }

    /// The bytes of an intset (then true) or a listpack; None of a table.
    pub fn packed(&self) -> Option<(bool, &[u8])> {
        match &self.0 {
            Repr::Ints(ints) => Some((true, ints.bytes())),
            Repr::Pack(pack) => Some((false, pack.bytes())),
            Repr::Table(_) => None,
        }
    }

    /// The number of members.
    #[inline]
    pub fn len(&self) -> usize {
        match &self.0 {
            Repr::Ints(ints) => ints.len(),
            Repr::Pack(pack) => pack.len(),
            Repr::Table(table) => table.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        match &self.0 {
            Repr::Ints(ints) => ints.is_empty(),
            Repr::Pack(pack) => pack.is_empty(),
            Repr::Table(table) => table.is_empty(),
        }
    }

    /// Prepares for a command that adds so many members: more than a limit make it a table right away, new or not.
    pub fn expect(&mut self, count: usize, limits: &Limits) {
        let most = match &self.0 {
            Repr::Ints(_) => limits.ints(),
            Repr::Pack(_) => limits.entries,
            Repr::Table(_) => return,
        };
        if count > most {
            self.become_table(limits);
        }
    }

    /// Adds a member. Returns whether it is new.
    #[inline]
    pub fn add(&mut self, member: &[u8], limits: &Limits) -> bool {
        match &mut self.0 {
            Repr::Table(table) => {
                let hash = table.hash(member);
                let new = table.get_hashed(hash, member).is_none();
                if new {
                    table.insert_new_hashed(hash, Member(Small::new(member)));
                }
                new
            }
            _ => self.add_small(member, limits),
        }
    }

    fn add_small(&mut self, member: &[u8], limits: &Limits) -> bool {
        if let Repr::Ints(ints) = &mut self.0 {
            if let Some(value) = parse_int(member) {
                let new = ints.add(value);
                if new && ints.len() > limits.ints() {
                    self.become_table(limits);
                }
                return new;
            }
            let longest = |index: usize| int_len(ints.get(index));
            let widest = if ints.is_empty() { 0 } else { longest(0).max(longest(ints.len() - 1)) };
            if ints.len() < limits.entries && widest.max(member.len()) <= limits.value {
                let mut pack = Listpack::new();
                for item in self.iter() {
                    item.with_bytes(|bytes| pack.push_back(bytes));
                }
                self.0 = Repr::Pack(pack);
            }
        }
        if let Repr::Pack(pack) = &mut self.0 {
            if pack.find(member, pack.first(), 0).is_some() {
                return false;
            }
            let fits = pack.bytes().len() + member.len() + 32 <= MAX_BYTES;
            if pack.len() < limits.entries && member.len() <= limits.value && fits {
                pack.push_back(member);
                return true;
            }
        }
        self.become_table(limits);
        self.add(member, limits)
    }

    /// Whether the member was there.
    pub fn remove(&mut self, member: &[u8]) -> bool {
        match &mut self.0 {
            Repr::Ints(ints) => parse_int(member).is_some_and(|value| ints.remove(value)),
            Repr::Pack(pack) => match pack.find(member, pack.first(), 0) {
                Some(at) => {
                    pack.remove(at);
                    true
                }
                None => false,
            },
            Repr::Table(table) => table.remove(member).is_some(),
        }
    }

    #[inline]
    pub fn contains(&self, member: &[u8]) -> bool {
        match &self.0 {
            Repr::Ints(ints) => parse_int(member).is_some_and(|value| ints.contains(value)),
            Repr::Pack(pack) => pack.find(member, pack.first(), 0).is_some(),
            Repr::Table(table) => table.get(member).is_some(),
        }
    }

    /// Whether it has a member of another set.
    #[inline]
    pub fn contains_item(&self, member: Item<'_>) -> bool {
        match (&self.0, member) {
            (Repr::Ints(ints), Item::Int(value)) => ints.contains(value),
            _ => member.with_bytes(|bytes| self.contains(bytes)),
        }
    }

    /// All members: those of an intset ascending, those of a listpack in the order of arrival.
    pub fn iter(&self) -> Iter<'_> {
        Iter(match &self.0 {
            Repr::Ints(ints) => Walk::Ints(ints, 0),
            Repr::Pack(pack) => Walk::Pack(pack, pack.first()),
            Repr::Table(table) => Walk::Table(table.iter()),
        })
    }

    /// One step of SSCAN. Starts at cursor 0 and answers the next one, 0 at the end; shows about `count` members of a table,
    /// all of a smaller set.
    pub fn scan(&self, cursor: u64, count: usize, f: &mut dyn FnMut(Item<'_>)) -> u64 {
        match &self.0 {
            Repr::Table(table) => table.scan(cursor, count, &mut |member| f(Item::Str(&member.0))),
            _ => {
                self.iter().for_each(f);
                0
            }
        }
    }

    /// A member, each as likely as any other.
    pub fn random(&self, rng: &mut Rng) -> Option<Item<'_>> {
        if self.is_empty() {
            return None;
        }
        match &self.0 {
            Repr::Ints(ints) => Some(Item::Int(ints.get(rng.below(ints.len() as u64) as usize))),
            Repr::Pack(pack) => pack.seek(rng.below(pack.len() as u64) as i64).map(|at| pack.get(at)),
            Repr::Table(table) => table.random(rng).map(|member| Item::Str(&member.0)),
        }
    }

    /// Shows `count` different members, all of them when there are no more; each choice is as likely as any other.
    pub fn sample(&self, count: usize, rng: &mut Rng, f: &mut dyn FnMut(Item<'_>)) {
        let len = self.len();
        if let Repr::Table(table) = &self.0
            && count < len / 3
        {
            // Few of many: draw again what was drawn before.
            let mut drawn = Ordered::default(); // of places in the table
            while drawn.len() < count {
                let member = table.random(rng).expect("there are members");
                if drawn.insert((member as *const Member as u64, 0u64)) {
                    f(Item::Str(&member.0));
                }
            }
            return;
        }
        let mut wanted = count.min(len);
        for (i, member) in self.iter().enumerate() {
            if wanted == 0 {
                break;
            }
            if rng.below((len - i) as u64) < wanted as u64 {
                wanted -= 1;
                f(member);
            }
        }
    }

    /// Removes `count` members at random, fewer than there are, and shows each before it goes. Few that remain are moved into
    /// a new set, as Redis does: a table may become a listpack again.
    pub fn take(&mut self, count: usize, limits: &Limits, rng: &mut Rng, f: &mut dyn FnMut(Item<'_>)) {
        let rest = self.len() - count;
        if rest.saturating_mul(5) > count {
            let mut name = Vec::new();
            for _ in 0..count {
                let Some(member) = self.random(rng) else { break };
                f(member);
                name.clear();
                member.write_to(&mut name);
                self.remove(&name);
            }
            return;
        }
        let mut kept = match &self.0 {
            Repr::Ints(_) => Set::new(),
            _ => Set(Repr::Pack(Listpack::new())),
        };
        self.sample(rest, rng, &mut |member| {
            member.with_bytes(|bytes| kept.add(bytes, limits));
        });
        for member in kept.iter() {
            member.with_bytes(|bytes| self.remove(bytes));
        }
        self.iter().for_each(f);
        *self = kept;
    }

    fn become_table(&mut self, limits: &Limits) {
        let mut table = Dict::new(limits.seed);
        for item in self.iter() {
            let member = item.with_bytes(Small::new);
            let hash = table.hash(&member);
            table.insert_new_hashed(hash, Member(member));
        }
        self.0 = Repr::Table(Box::new(table));
    }
}

/// See [`Set::iter`].
pub struct Iter<'a>(Walk<'a>);

enum Walk<'a> {
    Ints(&'a Intset, usize),
    Pack(&'a Listpack, Option<Pos>),
    Table(dict::Iter<'a, Member>),
}

impl<'a> Iterator for Iter<'a> {
    type Item = Item<'a>;

    #[inline]
    fn next(&mut self) -> Option<Item<'a>> {
        match &mut self.0 {
            Walk::Ints(ints, next) => {
                let index = *next;
                *next += 1;
                (index < ints.len()).then(|| Item::Int(ints.get(index)))
            }
            Walk::Pack(pack, next) => {
                let at = (*next)?;
                *next = pack.next(at);
                Some(pack.get(at))
            }
            Walk::Table(iter) => iter.next().map(|member| Item::Str(&member.0)),
        }
    }
}

impl Set {
    /// A number that sets with the same members share.
    pub fn digest(&self, seed: &Seed) -> u64 {
        self.iter().fold(1, |sum: u64, member| sum.wrapping_add(member.with_bytes(|bytes| seed.hash(bytes))))
    }
}

impl Stored for Set {
    const TYPE: &'static str = "set";

    /// What OBJECT ENCODING says.
    fn encoding(&self) -> &'static str {
        match &self.0 {
            Repr::Ints(_) => "intset",
            Repr::Pack(_) => "listpack",
            Repr::Table(_) => "hashtable",
        }
    }

    /// Bytes on the heap, about: of a table without what long members own.
    fn heap_bytes(&self) -> usize {
        match &self.0 {
            Repr::Ints(ints) => ints.heap_bytes(),
            Repr::Pack(pack) => pack.heap_bytes(),
            Repr::Table(table) => size_of::<Dict<Member>>() + table.heap_bytes(),
        }
    }

    fn elements(&self) -> usize {
        self.len()
    }

    /// Frees about so many members; whether there are more. Nothing else may be done with the set from then on.
    fn shed(&mut self, about: usize) -> bool {
        match &mut self.0 {
            Repr::Table(table) => table.shed(about),
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
    use std::collections::BTreeSet;

    fn limits(ints: usize, entries: usize, value: usize) -> Limits {
        Limits { ints, entries, value, seed: Seed::new(1) }
    }

    fn text(item: Item<'_>) -> Vec<u8> {
        item.with_bytes(<[u8]>::to_vec)
    }

    #[test]
    fn it_behaves_like_a_set_in_every_encoding() {
        let mut seen = BTreeSet::new();
        for round in 0..300 {
            let mut rng = Rng::new(round);
            let l = limits([3, 30, 500][rng.below(3) as usize], [4, 40, 400][rng.below(3) as usize], 9);
            let (mut set, mut model) = (Set::new(), BTreeSet::<Vec<u8>>::new());
            let (names, words) = (rng.below(100) + 1, rng.below(4) == 0 || rng.below(40) == 0);
            for _ in 0..300 {
                let member = match rng.below(names) {
                    n if words && n % 3 == 0 => format!("m{n}").into_bytes(),
                    n if words && n % 17 == 0 => vec![b'x'; n as usize],
                    n => (n as i64 - 30).to_string().into_bytes(),
                };
                match rng.below(12) {
                    0..=5 => assert_eq!(set.add(&member, &l), model.insert(member)),
                    6 => assert_eq!(set.remove(&member), model.remove(&member)),
                    7 => {
                        assert_eq!(set.contains(&member), model.contains(&member));
                        assert_eq!(set.contains_item(Item::Str(&member)), model.contains(&member));
                        if let Some(value) = parse_int(&member) {
                            assert_eq!(set.contains_item(Item::Int(value)), model.contains(&member));
                        }
                    }
                    8 => {
                        let count = rng.below(30) as usize;
                        let mut picked = BTreeSet::new();
                        set.sample(count, &mut rng, &mut |item| assert!(picked.insert(text(item))));
                        assert_eq!(picked.len(), count.min(model.len()));
                        assert!(picked.is_subset(&model));
                        assert_eq!(set.random(&mut rng).is_none(), model.is_empty());
                    }
                    9 if model.len() > 1 && rng.below(4) == 0 => {
                        let count = rng.below(model.len() as u64 - 1) as usize + 1;
                        let mut gone = 0;
                        set.take(count, &l, &mut rng, &mut |item| {
                            assert!(model.remove(&text(item)));
                            gone += 1;
                        });
                        assert_eq!(gone, count);
                    }
                    10 => {
                        let (mut cursor, mut met) = (0, Vec::new());
                        loop {
                            cursor = set.scan(cursor, 3, &mut |item| met.push(text(item)));
                            if cursor == 0 {
                                break;
                            }
                        }
                        met.sort();
                        assert!(met.iter().eq(model.iter()));
                    }
                    _ => {
                        let mut other = Set::for_members(b"x", 1, &limits(0, 1, 1));
                        model.iter().rev().for_each(|m| assert!(other.add(m, &limits(0, 1, 1))));
                        assert_eq!(set.clone().digest(&l.seed), other.digest(&l.seed));
                    }
                }
                seen.insert(set.encoding());
                assert_eq!((set.len(), set.is_empty()), (model.len(), model.is_empty()));
            }
            let all: BTreeSet<_> = set.iter().map(text).collect();
            assert_eq!(all, model);
        }
        assert_eq!(seen.len(), 3);
    }

    #[test]
    fn encodings_change_where_redis_changes_them() {
        let l = limits(4, 6, 8);
        let made = |members: &str| {
            let members: Vec<&str> = members.split(' ').collect();
            let mut set = Set::for_members(members[0].as_bytes(), members.len(), &l);
            members.iter().for_each(|m| _ = set.add(m.as_bytes(), &l));
            set
        };
        let encoding = |members: &str| made(members).encoding();
        assert_eq!(encoding("4 3 2 1"), "intset");
        assert_eq!(encoding("5 4 3 2 1"), "listpack");
        assert_eq!(encoding("7 6 5 4 3 2 1"), "hashtable");
        assert_eq!(encoding("1 1 1 1 1 1 1"), "hashtable");
        assert_eq!(encoding("1 2 a"), "listpack");
        assert_eq!(encoding("1 a 12345678 b"), "listpack");
        assert_eq!(encoding("1 a 123456789 b"), "hashtable");
        assert_eq!(encoding("123456789 a"), "hashtable");
        assert_eq!(encoding("-12345678 a"), "hashtable");
        let mut set = made("1 2 3 4");
        set.add(b"5", &l);
        assert_eq!(set.encoding(), "hashtable");
        let mut set = made("1 2 3 4");
        set.expect(5, &l);
        assert_eq!(set.encoding(), "hashtable");
        let mut set = made("a b c");
        set.expect(6, &l);
        assert_eq!(set.encoding(), "listpack");
        set.expect(7, &l);
        assert_eq!((set.encoding(), set.len()), ("hashtable", 3));
    }
}
