//! The value of a set key. A stub: what the keyspace needs of it.

use super::hashing::Seed;

#[derive(Clone, Default)]
pub struct Set;

impl Set {
    pub fn encoding(&self) -> &'static str {
        "listpack"
    }

    pub fn is_empty(&self) -> bool {
        true
    }

    pub fn bytes(&self) -> usize {
        0
    }

    pub fn digest(&self, _: &Seed) -> u64 {
        0
    }
}
