//! Names, and the sessions that care for them: channels and their subscribers, keys and those who watch or wait for them.
//!
//! Sessions stand in the order in which they came. Adding and removing are O(sessions of that name); names without sessions
//! are not kept.

use crate::session::SessionId;
use crate::types::dict::{self, Dict};
use crate::types::hashing::Seed;
use crate::types::small::Small;

struct Interest {
    name: Small,
    sessions: Vec<SessionId>,
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
    pub fn add(&mut self, name: &[u8], id: SessionId) -> bool {
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
    pub fn remove(&mut self, name: &[u8], id: SessionId) -> bool {
        let Some(interest) = self.0.get_mut(name) else { return false };
        let Some(place) = interest.sessions.iter().position(|&session| session == id) else { return false };
        interest.sessions.remove(place);
        if interest.sessions.is_empty() {
            self.0.remove(name);
        }
        true
    }

    /// The sessions of a name.
    pub fn of(&self, name: &[u8]) -> &[SessionId] {
        self.0.get(name).map_or(&[], |interest| &interest.sessions)
    }

    /// All names with their sessions, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[SessionId])> {
        self.0.iter().map(|interest| (&*interest.name, &*interest.sessions))
    }

    /// All names, in no order.
    pub fn names(&self) -> impl Iterator<Item = &[u8]> {
        self.iter().map(|(name, _)| name)
    }
}

/// The names that one session cares for, found as quickly among many as among few. Most sessions have none.
#[derive(Default)]
pub struct Names(Option<Box<Registry>>);

impl Names {
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |names| names.len())
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// `false` if it is there already.
    pub fn add(&mut self, name: &[u8], seed: Seed) -> bool {
        self.0.get_or_insert_with(|| Box::new(Registry::new(seed))).add(name, 0)
    }

    /// `false` if it was not there.
    pub fn remove(&mut self, name: &[u8]) -> bool {
        let removed = self.0.as_mut().is_some_and(|names| names.remove(name, 0));
        if self.0.as_ref().is_some_and(|names| names.is_empty()) {
            self.0 = None;
        }
        removed
    }

    /// In no order.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().flat_map(|names| names.names())
    }
}

/// A key of a database as a name: the database's number in four bytes, then the key.
pub fn place(db: usize, key: &[u8]) -> Vec<u8> {
    [&(db as u32).to_le_bytes(), key].concat()
}

/// The database and the key of a name.
pub fn parts(place: &[u8]) -> (usize, &[u8]) {
    match place.split_first_chunk() {
        Some((db, key)) => (u32::from_le_bytes(*db) as usize, key),
        None => (0, place),
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
        assert_eq!(parts(&place(7, b"key")), (7, &b"key"[..]));
    }
}
