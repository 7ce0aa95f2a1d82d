//! Names, and the sessions that care for them, by their numbers: channels and their subscribers, keys and those who watch or wait
//! for them.
//!
//! Sessions stand in the order in which they came. Adding and removing are O(sessions of that name); names without sessions
//! are not kept.

use super::dict::hashing::{Rng, Seed};
use super::dict::{self, Dict};
use super::pairs::{self, Pair};
use super::small::Small;

struct Interest {
    name: Small,
    sessions: Vec<u64>,
}

impl dict::Entry for Interest {
    fn key(&self) -> &[u8] {
        &self.name
    }
}

pub struct Registry(Dict<Interest>);

impl Registry {
    pub fn new(seed: Seed) -> Registry {
        Registry(Dict::new(seed))
    }

    /// Number of names.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts a session behind the others of this name; `false` if it is there already.
    #[inline(never)]
    pub fn add(&mut self, name: &[u8], id: u64) -> bool {
        match self.0.get_mut(name) {
            Some(interest) if interest.sessions.contains(&id) => return false,
            Some(interest) => interest.sessions.push(id),
            None => {
                self.0.insert(Interest { name: Small::new(name), sessions: vec![id] });
            }
        }
        true
    }

    /// Takes a session from a name; `false` if it was not there.
    #[inline(never)]
    pub fn remove(&mut self, name: &[u8], id: u64) -> bool {
        let Some(interest) = self.0.get_mut(name) else { return false };
        let Some(at) = interest.sessions.iter().position(|&session| session == id) else { return false };
        interest.sessions.remove(at);
        if interest.sessions.is_empty() {
            self.0.remove(name);
        }
        true
    }

    /// Takes out a name with its sessions.
    pub fn take(&mut self, name: &[u8]) -> Vec<u64> {
        self.0.remove(name).map_or(Vec::new(), |interest| interest.sessions)
    }

    /// A name by chance.
    pub fn any(&self, rng: &mut Rng) -> Option<Vec<u8>> {
        self.0.random(rng).map(|interest| interest.name.to_vec())
    }

    /// The hash of a name.
    #[inline(always)]
    pub fn hash(&self, name: &[u8]) -> u64 {
        self.0.hash(name)
    }

    /// The seed that it hashes with.
    pub fn seed(&self) -> Seed {
        self.0.seed()
    }

    /// The sessions of a name.
    pub fn of(&self, name: &[u8]) -> &[u64] {
        self.0.get(name).map_or(&[], |interest| &interest.sessions)
    }

    /// All names with their sessions, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u64])> {
        self.0.iter().map(|interest| (&*interest.name, &*interest.sessions))
    }

    /// All names, in no order.
    pub fn names(&self) -> impl Iterator<Item = &[u8]> {
        self.iter().map(|(name, _)| name)
    }
}

/// The names that one session cares for, found as quickly among many as among few. Most sessions have none.
#[derive(Default)]
pub struct Names {
    /// Each name with its number.
    names: Option<Box<Registry>>,
    /// How many there have been.
    numbers: u64,
}

impl Names {
    pub fn len(&self) -> usize {
        self.names.as_ref().map_or(0, |names| names.len())
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.names.is_none()
    }

    /// Adds a name that is not there.
    pub fn add(&mut self, name: &[u8], seed: Seed) {
        self.numbers += 1;
        self.names.get_or_insert_with(|| Box::new(Registry::new(seed))).add(name, self.numbers);
    }

    pub fn remove(&mut self, name: &[u8]) {
        let Some(names) = &mut self.names else { return };
        if let Some(&number) = names.of(name).first() {
            names.remove(name, number);
        }
        if names.is_empty() {
            self.names = None;
        }
    }

    /// In no order.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.names.iter().flat_map(|names| names.names())
    }

    /// Copies of all, in the order in which they came.
    pub fn in_order(&self) -> Vec<Vec<u8>> {
        let names: Vec<(&[u8], u64)> =
            self.names.iter().flat_map(|names| names.iter()).map(|(name, number)| (name, number[0])).collect();
        let mut order: Vec<Pair> = names.iter().zip(0..).map(|(&(_, number), i)| (number, i)).collect();
        pairs::sort(&mut order, &Pair::cmp);
        order.iter().map(|&(_, i)| names[i as usize].0.to_vec()).collect()
    }
}

/// A key of a database as a name: the database's number in four bytes, then the key.
pub fn qualified_key(db: usize, key: &[u8]) -> Vec<u8> {
    [&(db as u32).to_le_bytes(), key].concat()
}

/// The database and the key of a name.
pub fn split_key(qualified: &[u8]) -> (usize, &[u8]) {
    match qualified.split_first_chunk() {
        Some((db, key)) => (u32::from_le_bytes(*db) as usize, key),
        None => (0, qualified),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_stand_in_the_order_in_which_they_came() {
        let mut registry = Registry::new(Seed::new(1));
        for id in [3, 1, 2, 1] {
            registry.add(b"a", id);
        }
        assert_eq!(registry.of(b"a"), [3, 1, 2]);
        assert!(registry.remove(b"a", 1) && !registry.remove(b"a", 1) && !registry.remove(b"b", 1));
        assert_eq!(registry.of(b"a"), [3, 2]);
        assert!(registry.remove(b"a", 3) && registry.remove(b"a", 2));
        assert!(registry.is_empty() && registry.of(b"a").is_empty());
        assert_eq!(split_key(&qualified_key(7, b"key")), (7, &b"key"[..]));
    }
}
