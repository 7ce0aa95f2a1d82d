//! Finds rows by name: one open-addressed table over all commands, made once an engine, and a walk of the few
//! subcommands of a container. Names are compared without regard to case.
//!
//! This happens with every command, so a name is folded into two words, its first and its last eight bytes, which hold
//! all of a name of up to sixteen; they are hashed with one multiplication and compared with two instructions.

use super::categories;
use super::spec::{Group, Spec};

/// All rows and where they are.
pub struct Table {
    /// Every row, a container's subcommands behind it. The number of a row is its place here.
    rows: Vec<Listing>,
    /// Commands by the hash of their name; a power of two, at most a quarter full.
    slots: Vec<Slot>,
}

/// A place in the hash table.
#[derive(Clone, Copy, Default)]
struct Slot {
    name: Folded,
    /// Row number + 1; 0 is free.
    row: u16,
}

/// A name in lower case: its first and its last eight bytes (of less than eight, all in `head`), and its length.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Folded {
    head: u64,
    tail: u64,
    len: usize,
}

impl Folded {
    #[inline(always)]
    fn new(name: &[u8]) -> Folded {
        let len = name.len();
        if let (Some(head), Some(tail)) = (name.first_chunk(), name.last_chunk()) {
            return Folded { head: lower(u64::from_le_bytes(*head)), tail: lower(u64::from_le_bytes(*tail)), len };
        }
        let head = match (name.first_chunk(), name.last_chunk()) {
            (Some(first), Some(last)) => u32::from_le_bytes(*first) as u64 | (u32::from_le_bytes(*last) as u64) << 32,
            _ if len > 0 => name[0] as u64 | (name[len / 2] as u64) << 8 | (name[len - 1] as u64) << 16,
            _ => 0,
        };
        Folded { head: lower(head), tail: 0, len }
    }

    #[inline(always)]
    fn hash(self) -> usize {
        let mixed = (self.head ^ self.tail.rotate_left(29) ^ self.len as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 40) as usize
    }
}

/// Eight bytes with their capital letters in lower case.
#[inline(always)]
fn lower(word: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let low = word & (0x7f * EACH);
    let from_a = low + (0x80 - b'A' as u64) * EACH; // the top bit of each byte that is not below 'A'
    let past_z = low + (0x7f - b'Z' as u64) * EACH; // ... that is above 'Z'
    let capitals = from_a & !past_z & !word & (0x80 * EACH);
    word | capitals >> 2
}

/// A command as the table lists it.
#[derive(Clone, Copy)]
pub struct Listing {
    pub spec: &'static Spec,
    pub group: Group,
    /// The number of its container.
    pub container: Option<u16>,
    /// How many subcommands follow it.
    pub subs: u16,
    /// Its ACL categories, as bits in the order of [`categories::NAMES`].
    pub categories: u32,
}

impl Table {
    /// A table of these commands, each container with so many subcommands, which follow it.
    pub fn new(all: impl Iterator<Item = (Group, &'static Spec, usize)>) -> Table {
        let mut rows: Vec<Listing> = Vec::new();
        let (mut container, mut left) = (0, 0);
        for (group, spec, subs) in all {
            let inside = if left > 0 { Some(container) } else { None };
            left = if left > 0 { left - 1 } else { subs };
            if inside.is_none() {
                container = rows.len() as u16;
            }
            let categories = categories::of(spec, group);
            rows.push(Listing { spec, group, container: inside, subs: subs as u16, categories });
        }
        let mut slots = vec![Slot::default(); (rows.len() * 4).next_power_of_two()];
        let mask = slots.len() - 1;
        for (number, row) in rows.iter().enumerate().filter(|(_, row)| row.container.is_none()) {
            let name = Folded::new(row.spec.title().as_bytes());
            let mut at = name.hash();
            while slots[at & mask].row != 0 {
                at += 1;
            }
            slots[at & mask] = Slot { name, row: number as u16 + 1 };
        }
        Table { rows, slots }
    }
}

/// What a name (and the word after it) stand for.
#[derive(Clone, Copy)]
pub enum Found {
    Row(usize),
    /// There is no such command.
    Nothing,
    /// The container is there, a subcommand of that name is not.
    NoSubcommand,
}

impl Table {
    pub fn rows(&self) -> &[Listing] {
        &self.rows
    }

    #[inline(always)]
    pub fn row(&self, number: usize) -> &Listing {
        &self.rows[number]
    }

    /// The subcommands of a container.
    pub fn subs(&self, row: &Listing) -> &[Listing] {
        if row.subs == 0 {
            return &[];
        }
        let at = self.command(row.spec.title().as_bytes()).expect("it is listed") + 1;
        &self.rows[at..at + row.subs as usize]
    }

    /// The number of a command's row.
    #[inline(always)]
    pub fn command(&self, name: &[u8]) -> Option<usize> {
        let folded = Folded::new(name);
        let mut at = folded.hash();
        loop {
            let slot = self.slots[at & (self.slots.len() - 1)];
            let number = (slot.row as usize).checked_sub(1)?;
            if slot.name == folded
                && (name.len() <= 16 || self.rows[number].spec.title().as_bytes().eq_ignore_ascii_case(name))
            {
                return Some(number);
            }
            at += 1;
        }
    }

    /// The row for a name and, if the command is a container, for the word behind it. A container alone is its own row.
    #[inline(always)]
    pub fn find(&self, name: &[u8], second: Option<&[u8]>) -> Found {
        let Some(number) = self.command(name) else { return Found::Nothing };
        match second {
            Some(second) if self.rows[number].subs > 0 => match self.subcommand(number, second) {
                Some(number) => Found::Row(number),
                None => Found::NoSubcommand,
            },
            _ => Found::Row(number),
        }
    }

    fn subcommand(&self, container: usize, name: &[u8]) -> Option<usize> {
        let subs = &self.rows[container + 1..][..self.rows[container].subs as usize];
        let place = subs.iter().position(|sub| sub.spec.own_name().as_bytes().eq_ignore_ascii_case(name))?;
        Some(container + 1 + place)
    }

    /// The row of a name as COMMAND INFO has it: `get`, or `config|get`.
    pub fn by_full_name(&self, name: &[u8]) -> Option<usize> {
        let mut words = name.splitn(2, |&b| b == b'|');
        match (words.next(), words.next()) {
            (Some(first), Some(second)) => self.subcommand(self.command(first)?, second),
            (Some(first), None) => self.command(first),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capital_letters_and_nothing_else_are_folded() {
        for byte in 0..=255u8 {
            assert_eq!(lower(u64::from_le_bytes([byte; 8])), u64::from_le_bytes([byte.to_ascii_lowercase(); 8]));
        }
    }
}
