//! The keyspace, or a value, as a number: equal ones have equal numbers, in whatever order they came.
//!
//! [`Keyspace::digest`] is short and knows deadlines; tests compare engines with it. [`Keyspace::sha1`] and [`Sum::of_entry`] are
//! those of DEBUG DIGEST and DEBUG DIGEST-VALUE, which a Redis answers with the same 20 bytes. They are made of two steps: what has no
//! order is added (the SHA-1 of it, by exclusive or), what has one is mixed (added, and all of it hashed again).

use super::{Deadline, Entry, Keyspace, NEVER, Value};
use crate::types::array::LAST;
use crate::types::dict::hashing::Seed;
use crate::types::double;
use crate::types::hash;
use crate::types::listpack::Item;
use crate::types::number::{INT_LEN, format_uint};
use crate::types::sha::sha1;
use crate::types::stream::{ID_LEN, Id};

/// The number that is being made.
#[derive(Clone, Copy, Default)]
pub struct Sum([u8; 20]);

impl Sum {
    fn add(&mut self, bytes: &[u8]) {
        let hash = sha1(bytes);
        self.0.iter_mut().zip(hash).for_each(|(byte, other)| *byte ^= other);
    }

    fn mix(&mut self, bytes: &[u8]) {
        self.add(bytes);
        self.0 = sha1(&self.0);
    }

    fn add_item(&mut self, item: Item<'_>) {
        self.add(item.bytes(&mut [0; INT_LEN]));
    }

    fn mix_item(&mut self, item: Item<'_>) {
        self.mix(item.bytes(&mut [0; INT_LEN]));
    }

    /// In hexadecimal digits.
    pub fn text(&self) -> String {
        self.0
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 15])
            .map(|half| b"0123456789abcdef"[half as usize] as char)
            .collect()
    }

    /// What an entry holds, and whether it ends.
    pub fn of_entry(entry: &Entry) -> Sum {
        let mut sum = Sum::default();
        sum.mix_entry(entry);
        sum
    }

    fn mix_entry(&mut self, entry: &Entry) {
        let kind: u32 = match entry.value() {
            Value::Str(_) => 0,
            Value::List(_) => 1,
            Value::Set(_) => 2,
            Value::Sorted(_) => 3,
            Value::Hash(_) => 4,
            Value::Stream(_) => 6,
            Value::Array(_) => 7, // a guess: no server that has them was asked
            Value::Vectors(_) => 5,
        };
        self.mix(&kind.to_be_bytes());
        match entry.value() {
            Value::Str(value) => self.mix(value.bytes(&mut [0; INT_LEN])),
            Value::List(list) => list.iter(0, true).for_each(|item| self.mix_item(item)),
            Value::Set(set) => set.iter().for_each(|member| self.add_item(member)),
            Value::Sorted(set) => {
                let mut text = Vec::new();
                set.each(0, usize::MAX, false, &mut |member, score| {
                    let mut pair = Sum::default();
                    pair.mix_item(member);
                    text.clear();
                    double::write_shortest(score, &mut text);
                    pair.mix(&text);
                    self.add(&pair.0);
                    true
                });
            }
            Value::Hash(fields) => {
                for (field, value, deadline) in fields.iter() {
                    let mut pair = Sum::default();
                    pair.mix_item(field);
                    pair.mix_item(value);
                    if deadline != hash::NEVER {
                        pair.add(b"!!hexpire!!");
                    }
                    self.add(&pair.0);
                }
            }
            Value::Stream(stream) => {
                let mut range = stream.range(Id::MIN, Id::MAX, false);
                while let Some(id) = range.next() {
                    let mut text = [0; ID_LEN];
                    let start = ID_LEN - id.write(&mut text).len();
                    text[start..].iter_mut().filter(|byte| **byte == b'-').for_each(|byte| *byte = b'.');
                    self.mix(&text[start..]);
                    range.pairs(&mut |field, value| {
                        self.mix_item(field);
                        self.mix_item(value);
                    });
                }
            }
            Value::Array(array) => array.each(0, LAST, &mut |index, item| {
                self.mix(format_uint(index, &mut [0; INT_LEN]));
                self.mix_item(item);
                true
            }),
            // A module's own sum, of which only this is said: equal sets have equal ones.
            Value::Vectors(set) => self.mix(&set.digest(&Seed::new(0)).to_be_bytes()),
        }
        if entry.deadline() != NEVER {
            self.add(b"!!expire!!");
        }
    }
}

impl Keyspace {
    /// All databases as DEBUG DIGEST sees them.
    pub fn sha1(&self) -> Sum {
        let mut all = Sum::default();
        for db in self.dbs.iter().filter(|db| !db.is_empty()) {
            all.mix(&db.index.to_be_bytes());
            for entry in db.keys.iter() {
                let mut one = Sum::default();
                one.mix(entry.key());
                one.mix_entry(entry);
                all.add(&one.0);
            }
        }
        all
    }

    /// A number that two keyspaces share if they hold the same keys, values and deadlines, in whatever order they came.
    pub fn digest(&self) -> u64 {
        let seed = Seed::new(0);
        let mut sum = 0u64;
        let mut digits = [0; crate::types::number::INT_LEN];
        for (index, db) in self.dbs.iter().enumerate() {
            for entry in db.keys.iter().filter(|entry| entry.deadline() > self.now as Deadline) {
                let mut part = seed.hash(entry.key()) ^ (index as u64) << 56 ^ entry.deadline();
                match entry.value() {
                    Value::Str(value) => part = part.rotate_left(7) ^ seed.hash(value.bytes(&mut digits)),
                    Value::Hash(fields) => {
                        let mut fields_sum = 1u64;
                        fields.each(self.now, &mut |field, value, deadline| {
                            let pair = seed.hash(field).rotate_left(9) ^ seed.hash(value) ^ deadline as u64;
                            fields_sum = fields_sum.wrapping_add(seed.hash(&pair.to_le_bytes()));
                        });
                        part = part.rotate_left(13) ^ fields_sum;
                    }
                    Value::List(list) => part = part.rotate_left(17) ^ list.digest(&seed),
                    Value::Set(set) => part = part.rotate_left(19) ^ set.digest(&seed),
                    Value::Sorted(set) => part = part.rotate_left(23) ^ set.digest(&seed),
                    Value::Stream(stream) => part = part.rotate_left(29) ^ stream.digest(&seed),
                    Value::Array(array) => part = part.rotate_left(31) ^ array.digest(&seed),
                    Value::Vectors(set) => part = part.rotate_left(37) ^ set.digest(&seed),
                }
                sum = sum.wrapping_add(seed.hash(&part.to_le_bytes()));
            }
        }
        sum
    }
}
