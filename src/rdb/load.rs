//! Bytes as a value.
//!
//! A value that lies packed is taken over as it is where it is well formed, has no element twice, and is within the limits; otherwise it
//! is built anew. What is wrong is a [`Fault`], and an empty collection is wrong: no key holds one.

use super::old::Meet;
use super::read::{Reader, room};
use super::{Fault, Limits, Read, array, kind, old, vectors};
use crate::keyspace::Value;
use crate::types::array::{Array, LAST};
use crate::types::hash::{self, FieldTtl, Hash};
use crate::types::intset::Intset;
use crate::types::list::List;
use crate::types::listpack::{Item, Listpack, MAX_BYTES};
use crate::types::number::INT_LEN;
use crate::types::pairs::{self, Pair};
use crate::types::set::Set;
use crate::types::sorted_set::SortedSet;
use crate::types::stream::group::{NOBODY, Pending};
use crate::types::stream::index::Index;
use crate::types::stream::producers::Memory;
use crate::types::stream::{Id, Stream, node};
use crate::types::string::Str;

const TWICE: Fault = Fault::Bad("an element twice");
const PACK: Fault = Fault::Bad("a listpack that is none");
const STREAM: Fault = Fault::Bad("a stream that is none");

/// No deadline of a field is later.
const LAST_DEADLINE: u64 = (1 << 48) - 1;

/// What an element takes beside its bytes, at most.
const BESIDE: usize = 128;

/// Reads a value of this type.
pub fn load(kind: u8, reader: &mut Reader<'_>, limits: &Limits) -> Read<Value> {
    let value = match kind {
        kind::STRING => {
            let bytes = reader.string()?;
            room(bytes.len())?;
            return Ok(Str::new(bytes).into());
        }
        kind::LIST | kind::LIST_ZIPLIST | kind::QUICKLIST | kind::QUICKLIST_2 => list(kind, reader, limits)?.into(),
        kind::SET | kind::SET_INTSET | kind::SET_LISTPACK => set(kind, reader, limits)?.into(),
        kind::ZSET | kind::ZSET_2 | kind::ZSET_ZIPLIST | kind::ZSET_LISTPACK => sorted(kind, reader, limits)?.into(),
        kind::HASH
        | kind::HASH_ZIPMAP
        | kind::HASH_ZIPLIST
        | kind::HASH_LISTPACK
        | kind::HASH_TTL_EARLY
        | kind::HASH_LISTPACK_EX_EARLY
        | kind::HASH_TTL
        | kind::HASH_LISTPACK_EX => Value::from(hash(kind, reader, limits)?),
        kind::STREAM | kind::STREAM_2 | kind::STREAM_3 | kind::STREAM_4 => {
            return stream(kind, reader, limits).map(Value::from);
        }
        kind::MODULE_2 => match reader.number()? {
            array::ID => array_parts(reader)?.into(),
            id => vectors::read(reader, id, limits)?.into(),
        },
        kind::MODULE => return Err(Fault::Bad("a value of a module")),
        _ => return Err(Fault::Bad("an unknown type")),
    };
    if value.elements() == 0 { Err(Fault::Empty) } else { Ok(value) }
}

fn array_parts(reader: &mut Reader<'_>) -> Read<Array> {
    const ARRAY: Fault = Fault::Bad("an array that is none");
    let number = |reader: &mut Reader<'_>| match reader.number()? {
        array::NUMBER => reader.number(),
        _ => Err(ARRAY),
    };
    let mut array = Array::new();
    array.seek(number(reader)?);
    for _ in 0..number(reader)? {
        let index = number(reader)?;
        if index > LAST || reader.number()? != array::STRING {
            return Err(ARRAY);
        }
        let value = reader.string()?;
        room(value.len() + BESIDE)?;
        if !array.set(index, value) {
            return Err(TWICE);
        }
    }
    if reader.number()? == array::END { Ok(array) } else { Err(ARRAY) }
}

/// A listpack, taken over.
fn pack(reader: &mut Reader<'_>) -> Read<Listpack> {
    Listpack::from_bytes(reader.owned()?).ok_or(PACK)
}

/// A ziplist's or a zipmap's elements in a listpack.
fn repacked(walk: fn(&[u8], &mut Meet<'_>) -> Read<()>, bytes: &[u8]) -> Read<Listpack> {
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
    pack.shrink();
    match walked {
        Err(Fault::Short) => Err(PACK),
        walked => walked.map(|()| pack),
    }
}

/// Whether no two of these are equal: by their hashes, of 64 bits.
fn differ<'a>(items: impl Iterator<Item = Item<'a>>, limits: &Limits) -> bool {
    let hash = |item: Item<'_>| limits.seed.hash(item.bytes(&mut [0; INT_LEN]));
    let mut hashes: Vec<Pair> = items.map(|item| (hash(item), 0)).collect();
    pairs::sort(&mut hashes, &Pair::cmp);
    hashes.windows(2).all(|two| two[0] != two[1])
}

fn list(kind: u8, reader: &mut Reader<'_>, limits: &Limits) -> Read<List> {
    let mut list = List::quick(limits.list);
    if kind == kind::LIST_ZIPLIST {
        let bytes = reader.owned()?;
        list.add_pack(repacked(old::ziplist, &bytes)?);
        return Ok(list); // a quicklist, however short, as there
    }
    for _ in 0..reader.count()? {
        match kind {
            kind::LIST => {
                let bytes = reader.string()?;
                room(bytes.len() + BESIDE)?;
                list.push(false, bytes);
            }
            kind::QUICKLIST => {
                let bytes = reader.owned()?;
                list.add_pack(repacked(old::ziplist, &bytes)?);
            }
            _ => match reader.number()? {
                1 => {
                    let bytes = reader.string()?;
                    room(bytes.len() + BESIDE)?;
                    list.add_plain(bytes);
                }
                2 => list.add_pack(pack(reader)?),
                _ => return Err(Fault::Bad("an unknown node of a list")),
            },
        }
    }
    list.settle(limits.list);
    Ok(list)
}

fn set(kind: u8, reader: &mut Reader<'_>, limits: &Limits) -> Read<Set> {
    let limits = (&limits.set, limits);
    match kind {
        kind::SET_INTSET => {
            let ints = Intset::from_bytes(reader.owned()?).ok_or(Fault::Bad("an intset that is none"))?;
            room(if ints.len() > limits.0.ints { ints.len() * BESIDE } else { 0 })?;
            Ok(Set::from_ints(ints, limits.0))
        }
        kind::SET_LISTPACK => {
            let pack = pack(reader)?;
            if !differ(pack.iter(), limits.1) {
                return Err(TWICE);
            }
            room(if pack.len() > limits.0.entries { pack.len() * BESIDE } else { 0 })?;
            Ok(Set::from_pack(pack, limits.0))
        }
        _ => {
            let count = reader.count()?;
            let mut set = Set::new();
            set.expect(count, limits.0);
            for _ in 0..count {
                let member = reader.string()?;
                room(member.len() + BESIDE)?;
                if !set.add(member, limits.0) {
                    return Err(TWICE);
                }
            }
            Ok(set)
        }
    }
}

fn sorted(kind: u8, reader: &mut Reader<'_>, limits: &Limits) -> Read<SortedSet> {
    const SCORE: Fault = Fault::Bad("a score that is no number");
    if kind == kind::ZSET || kind == kind::ZSET_2 {
        let count = reader.count()?;
        let mut set = SortedSet::big(&limits.sorted);
        for _ in 0..count {
            let member = reader.text()?;
            room(member.len() + BESIDE)?;
            let score = if kind == kind::ZSET { reader.text_double()? } else { f64::from_bits(reader.word()?) };
            if score.is_nan() {
                return Err(SCORE);
            }
            let mut is_new = false;
            set.update(&member, Some(score), &limits.sorted, &mut |old| {
                is_new = old.is_none();
                Some(score)
            });
            if !is_new {
                return Err(TWICE);
            }
        }
        return Ok(set.packed(&limits.sorted));
    }
    let pack = match kind {
        kind::ZSET_LISTPACK => pack(reader)?,
        _ => repacked(old::ziplist, &reader.owned()?)?,
    };
    if !pack.len().is_multiple_of(2) || !differ(pack.iter().step_by(2), limits) {
        return Err(if pack.len().is_multiple_of(2) { TWICE } else { PACK });
    }
    room(pack.len() * BESIDE)?;
    SortedSet::from_pack(pack, &limits.sorted).ok_or(SCORE)
}

fn hash(kind: u8, reader: &mut Reader<'_>, limits: &Limits) -> Read<Hash> {
    const DEADLINE: Fault = Fault::Bad("a deadline that is none");
    let first = match kind {
        kind::HASH_TTL | kind::HASH_LISTPACK_EX => reader.word()?,
        _ => 0,
    };
    let pack = match kind {
        kind::HASH | kind::HASH_TTL | kind::HASH_TTL_EARLY => {
            let count = reader.count()?;
            let mut hash = Hash::new();
            if kind != kind::HASH {
                hash.expect_deadlines();
            }
            hash.expect(count, &limits.hash);
            for _ in 0..count {
                let after = if kind == kind::HASH { 0 } else { reader.number()? };
                let deadline = match after {
                    0 => hash::NEVER,
                    _ => {
                        let before = if kind == kind::HASH_TTL_EARLY { after } else { after - 1 };
                        first.checked_add(before).filter(|&at| at <= LAST_DEADLINE).ok_or(DEADLINE)? as i64
                    }
                };
                let field = reader.text()?;
                let value = reader.string()?;
                room(field.len() + value.len() + BESIDE)?;
                let ttl = if deadline == hash::NEVER { FieldTtl::Clear } else { FieldTtl::At(deadline) };
                if !hash.set(&field, value, ttl, &limits.hash) {
                    return Err(TWICE);
                }
            }
            return Ok(hash);
        }
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
    if !differ(pack.iter().step_by(width), limits) {
        return Err(TWICE);
    }
    room(pack.bytes().len() + pack.len() * BESIDE)?;
    Hash::from_pack(pack, width == 3, LAST_DEADLINE as i64, &limits.hash).ok_or(DEADLINE)
}

fn stream(kind: u8, reader: &mut Reader<'_>, limits: &Limits) -> Read<Stream> {
    let mut stream = Stream::remembering(limits.stream);
    for _ in 0..reader.count()? {
        let master = <[u8; 16]>::try_from(reader.string()?).map_err(|_| STREAM)?;
        let master = Reader::new(&master).id()?;
        let pack = pack(reader)?;
        room(BESIDE)?;
        if !node::is_sound(master, &pack) || !stream.add_node(master, pack) {
            return Err(STREAM);
        }
    }
    let len = reader.number()?;
    let last = short_id(reader)?;
    let (mut max_deleted, mut added) = (Id::MIN, len);
    if kind != kind::STREAM {
        short_id(reader)?; // the first is known
        max_deleted = short_id(reader)?;
        added = reader.number()?;
    }
    if len != stream.len() || !stream.finish(last) {
        return Err(STREAM);
    }
    stream.set_max_deleted(max_deleted);
    stream.set_added(added);
    for _ in 0..reader.count()? {
        group(kind, reader, &mut stream)?;
    }
    if kind == kind::STREAM_4 {
        producers(reader, &mut stream)?;
    }
    Ok(stream)
}

fn short_id(reader: &mut Reader<'_>) -> Read<Id> {
    Ok(Id { ms: reader.number()?, seq: reader.number()? })
}

fn group(kind: u8, reader: &mut Reader<'_>, stream: &mut Stream) -> Read<()> {
    let name = reader.owned()?;
    room(name.len() + BESIDE)?;
    let last = short_id(reader)?;
    let read = match kind {
        kind::STREAM => stream.position(last).map_or(-1, |position| position as i64),
        _ => reader.number()? as i64,
    };
    if !stream.add_group(&name, last, read) {
        return Err(TWICE);
    }
    let Some(group) = stream.group_mut(&name) else { return Err(STREAM) };
    // Those that no consumer has claimed yet.
    let mut pending: Index<Pending> = Index::default();
    for _ in 0..reader.count()? {
        let (id, delivered, count) = (reader.id()?, reader.word()? as i64, reader.number()?);
        room(BESIDE)?;
        if pending.find(id).is_some() {
            return Err(TWICE);
        }
        pending.insert(id, Pending::new(delivered, count, NOBODY));
    }
    for _ in 0..reader.count()? {
        let name = reader.owned()?;
        room(name.len() + BESIDE)?;
        let seen = reader.word()? as i64;
        let active = match kind {
            kind::STREAM | kind::STREAM_2 => seen,
            _ => reader.word()? as i64,
        };
        let count = reader.count()?;
        // What is as one without a name that never was seen stands for what nobody has.
        let nobody = name.is_empty() && seen == 0 && active == -1 && count > 0;
        let mut slot = NOBODY;
        if !nobody {
            let (at, is_new) = group.consumer_or_new(&name, seen);
            if !is_new {
                return Err(TWICE);
            }
            group.at_mut(at).active = active;
            slot = at;
        }
        for _ in 0..count {
            let id = reader.id()?;
            room(BESIDE)?;
            let one = pending.remove(id).ok_or(Fault::Bad("a consumer's entry that is not pending"))?;
            let slot = if name.is_empty() && one.delivered == 0 { NOBODY } else { slot };
            group.give(id, Pending::new(one.delivered, one.count, slot));
        }
    }
    if pending.is_empty() { Ok(()) } else { Err(Fault::Bad("a pending entry of no consumer")) }
}

/// What producers have sent already.
fn producers(reader: &mut Reader<'_>, stream: &mut Stream) -> Read<()> {
    let settings = short_id(reader)?; // the settings: how long it is remembered, and how much of it
    let within = |number: u64, most: u32| u32::try_from(number).ok().filter(|number| (1..=most).contains(number));
    let duration = within(settings.ms, Memory::MAX.duration).ok_or(STREAM)?;
    let memory = Memory { duration, most: within(settings.seq, Memory::MAX.most).ok_or(STREAM)? };
    stream.memory = memory;
    for _ in 0..reader.count()? {
        let producer = reader.owned()?;
        for _ in 0..reader.count()? {
            let name = reader.owned()?;
            room(producer.len() + name.len() + BESIDE)?;
            stream.record(&producer, &name, short_id(reader)?);
        }
    }
    let counts = short_id(reader)?; // how much was sent, and sent again
    if stream.producers().is_some() || counts != Id::MIN {
        let producers = stream.producers_mut();
        (producers.added, producers.duplicates) = (counts.ms, counts.seq);
    }
    Ok(())
}
