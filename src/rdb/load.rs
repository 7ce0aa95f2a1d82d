//! Bytes as a value. What is written element by element is read in `parts.rs`.
//!
//! A value that lies packed is taken over as it is where it is well formed, has no element twice, and is within the limits; otherwise it
//! is built anew. What is wrong is a [`Fault`], and an empty collection is wrong: no key holds one.

use super::old::Meet;
use super::parts::Parts;
use super::read::{Reader, room};
use super::{Fault, Limits, Read, arrays, kind, module, old, vectors};
use crate::keyspace::Value;
use crate::types::hash::Hash;
use crate::types::intset::Intset;
use crate::types::list::List;
use crate::types::listpack::{Item, Listpack, MAX_BYTES};
use crate::types::number::INT_LEN;
use crate::types::pairs::{self, Pair};
use crate::types::set::Set;
use crate::types::sorted_set::SortedSet;
use crate::types::string::Str;

pub(super) const TWICE: Fault = Fault::Bad("an element twice");
pub(super) const SCORE: Fault = Fault::Bad("a score that is no number");
pub(super) const DEADLINE: Fault = Fault::Bad("a deadline that is none");
const PACK: Fault = Fault::Bad("a listpack that is none");

/// No deadline of a field is later.
pub(super) const LAST_DEADLINE: u64 = (1 << 48) - 1;

/// What an element takes beside its bytes, at most.
pub(super) const BESIDE: usize = 128;

/// Reads a value of this type, whole.
pub fn load(kind: u8, reader: &mut Reader<'_>, limits: &Limits) -> Read<Value> {
    let value: Value = match kind {
        kind::STRING => {
            let bytes = reader.string()?;
            room(bytes.len())?;
            return Ok(Str::new(bytes).into());
        }
        kind::LIST_ZIPLIST => list(&reader.owned()?, limits)?.into(),
        kind::SET_INTSET | kind::SET_LISTPACK => set(kind, reader, limits)?.into(),
        kind::ZSET_ZIPLIST | kind::ZSET_LISTPACK => sorted(kind, reader, limits)?.into(),
        kind::HASH_ZIPMAP
        | kind::HASH_ZIPLIST
        | kind::HASH_LISTPACK
        | kind::HASH_LISTPACK_EX_EARLY
        | kind::HASH_LISTPACK_EX => hash(kind, reader, limits)?.into(),
        kind::MODULE_2 => match reader.number()? {
            arrays::ID if cfg!(feature = "arrays") => arrays::read(reader)?.into(),
            id if cfg!(feature = "vectors") => vectors::read(reader, id, limits)?.into(),
            _ => return Err(module::UNKNOWN),
        },
        kind::MODULE => return Err(module::UNKNOWN),
        _ => {
            let mut parts = Parts::begin(kind, reader, limits)?;
            return if parts.go_on(reader, limits)? { parts.value(limits) } else { Err(Fault::Short) };
        }
    };
    if value.elements() == 0 { Err(Fault::Empty) } else { Ok(value) }
}

/// A listpack, taken over.
pub(super) fn pack(reader: &mut Reader<'_>) -> Read<Listpack> {
    Listpack::from_bytes(reader.owned()?).ok_or(PACK)
}

/// A ziplist's or a zipmap's elements in a listpack.
pub(super) fn repacked(walk: fn(&[u8], &mut Meet<'_>) -> Read<()>, bytes: &[u8]) -> Read<Listpack> {
    room(bytes.len() * 2)?;
    let mut pack = Listpack::new();
    let mut tail = pack.tail(bytes.len());
    let mut left = MAX_BYTES - 64;
    // What ends in its middle is wrong, however much follows.
    let walked = walk(bytes, &mut |item| {
        left = left.checked_sub(item.len() + 16).ok_or(PACK)?;
        item.with_bytes(|bytes| tail.push(bytes));
        Ok(())
    });
    drop(tail);
    match walked {
        Err(Fault::Short) => Err(PACK),
        walked => walked.map(|()| pack),
    }
}

/// Whether no two of the elements that stand in front of each `width` are equal: by their hashes, of 64 bits. Of a few, no two have even ten
/// bits of those in common, most of the time: then nothing is kept and sorted.
fn differ(pack: &Listpack, width: usize, limits: &Limits) -> bool {
    let hash = |item: Item<'_>| limits.seed.hash(item.bytes(&mut [0; INT_LEN]));
    let mut met = [0u64; 16];
    let mut beside = 0;
    let apart = pack.iter().all(|item| {
        if beside > 0 {
            beside -= 1;
            return true;
        }
        beside = width - 1;
        let hash = hash(item);
        let (word, bit) = (&mut met[hash as usize & 15], 1 << (hash >> 58));
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    });
    if apart {
        return true;
    }
    let mut hashes: Vec<Pair> = pack.iter().step_by(width).map(|item| (hash(item), 0)).collect();
    pairs::sort(&mut hashes, &Pair::cmp);
    hashes.windows(2).all(|two| two[0] != two[1])
}

/// A list that lies in one piece.
fn list(bytes: &[u8], limits: &Limits) -> Read<List> {
    let mut list = List::quick(limits.list);
    list.add_pack(repacked(old::ziplist, bytes)?);
    Ok(list) // a quicklist, however short, as there
}

fn set(kind: u8, reader: &mut Reader<'_>, limits: &Limits) -> Read<Set> {
    let limits = (&limits.set, limits);
    if kind == kind::SET_INTSET {
        let ints = Intset::from_bytes(reader.owned()?).ok_or(Fault::Bad("an intset that is none"))?;
        room(if ints.len() > limits.0.ints { ints.len() * BESIDE } else { 0 })?;
        return Ok(Set::from_ints(ints, limits.0));
    }
    let pack = pack(reader)?;
    if !differ(&pack, 1, limits.1) {
        return Err(TWICE);
    }
    room(if pack.len() > limits.0.entries { pack.len() * BESIDE } else { 0 })?;
    Ok(Set::from_pack(pack, limits.0))
}

fn sorted(kind: u8, reader: &mut Reader<'_>, limits: &Limits) -> Read<SortedSet> {
    let pack = match kind {
        kind::ZSET_LISTPACK => pack(reader)?,
        _ => repacked(old::ziplist, &reader.owned()?)?,
    };
    if !pack.len().is_multiple_of(2) || !differ(&pack, 2, limits) {
        return Err(if pack.len().is_multiple_of(2) { TWICE } else { PACK });
    }
    room(pack.len() * BESIDE)?;
    SortedSet::from_pack(pack, &limits.sorted).ok_or(SCORE)
}

fn hash(kind: u8, reader: &mut Reader<'_>, limits: &Limits) -> Read<Hash> {
    if kind == kind::HASH_LISTPACK_EX {
        reader.word()?; // the first deadline
    }
    let pack = match kind {
        kind::HASH_ZIPMAP => repacked(old::zipmap, &reader.owned()?)?,
        kind::HASH_ZIPLIST => repacked(old::ziplist, &reader.owned()?)?,
        _ => pack(reader)?,
    };
    let width = match kind {
        kind::HASH_LISTPACK_EX | kind::HASH_LISTPACK_EX_EARLY => 3,
        _ => 2,
    };
    if !pack.len().is_multiple_of(width) {
        return Err(PACK);
    }
    if !differ(&pack, width, limits) {
        return Err(TWICE);
    }
    room(pack.bytes().len() + pack.len() * BESIDE)?;
    Hash::from_pack(pack, width == 3, LAST_DEADLINE as i64, &limits.hash).ok_or(DEADLINE)
}
