//! Values that are written element by element: lists, sets, sorted sets and hashes that are not one pack, and streams.
//!
//! Of a file not all of such a value may have come. What has come is read, to the last whole element, and goes into the value; the
//! rest follows. So a slice of a file costs what it is long, however large the value is that it belongs to. Only the pending entries of one
//! consumer group, and what is remembered of producers, are read together: where they are cut off they are read anew.

use super::load::{BESIDE, DEADLINE, LAST_DEADLINE, SCORE, TWICE, pack, repacked};
use super::read::{Reader, room};
use super::{Fault, Limits, Read, kind, old};
use crate::keyspace::Value;
use crate::types::absent::HeldStream;
use crate::types::hash::{FieldTtl, Hash};
use crate::types::list::List;
use crate::types::set::Set;
use crate::types::sorted_set::SortedSet;
use crate::types::stream::group::{Group, NOBODY, Pending};
use crate::types::stream::index::Index;
use crate::types::stream::producers::{Memory, Producers};
use crate::types::stream::{Id, Stream, node};

const STREAM: Fault = Fault::Bad("a stream that is none");

/// A value of which elements are still to come.
pub struct Parts {
    kind: u8,
    /// How many elements; of a stream nodes, then groups.
    pub(super) left: usize,
    /// Of a hash: what the deadlines of its fields are counted from.
    first: u64,
    value: Partial,
}

enum Partial {
    List(List),
    Set(Set),
    Sorted(SortedSet),
    Hash(Hash),
    /// And whether its nodes are all there.
    Stream(HeldStream, bool),
}

impl Parts {
    /// Whether values of this type are read so. Of all others [`super::load`] wants the whole.
    pub fn has(kind: u8) -> bool {
        matches!(
            kind,
            kind::LIST
                | kind::QUICKLIST
                | kind::QUICKLIST_2
                | kind::SET
                | kind::ZSET
                | kind::ZSET_2
                | kind::HASH
                | kind::HASH_TTL
                | kind::HASH_TTL_EARLY
                | kind::HASH_TTL_VALKEY
                | kind::STREAM
                | kind::STREAM_2
                | kind::STREAM_3
                | kind::STREAM_4
        )
    }

    /// Reads how many elements are to come.
    pub fn begin(kind: u8, reader: &mut Reader<'_>, limits: &Limits) -> Read<Parts> {
        if !Parts::has(kind) {
            return Err(Fault::Bad("an unknown type"));
        }
        let first = if kind == kind::HASH_TTL { reader.word()? } else { 0 };
        let left = reader.count()?;
        let value = match kind {
            kind::LIST | kind::QUICKLIST | kind::QUICKLIST_2 => Partial::List(List::quick(limits.list)),
            kind::SET => {
                let mut set = Set::new();
                set.expect(left, &limits.set);
                Partial::Set(set)
            }
            kind::ZSET | kind::ZSET_2 => Partial::Sorted(SortedSet::big(&limits.sorted)),
            kind::HASH | kind::HASH_TTL | kind::HASH_TTL_EARLY | kind::HASH_TTL_VALKEY => {
                let mut hash = Hash::new();
                if kind != kind::HASH {
                    hash.expect_deadlines();
                }
                // Of Valkey's, none is a listpack.
                hash.expect(if kind == kind::HASH_TTL_VALKEY { usize::MAX } else { left }, &limits.hash);
                Partial::Hash(hash)
            }
            _ => Partial::Stream(Stream::remembering(limits.stream).into(), false),
        };
        Ok(Parts { kind, left, first, value })
    }

    /// Reads as many elements as there are whole; whether these were all.
    pub fn go_on(&mut self, reader: &mut Reader<'_>, limits: &Limits) -> Read<bool> {
        loop {
            let before = reader.bytes;
            match self.step(reader, limits) {
                Ok(true) => {}
                Ok(false) => return Ok(true),
                Err(Fault::Short) => {
                    reader.bytes = before;
                    return Ok(false);
                }
                Err(fault) => return Err(fault),
            }
        }
    }

    /// Reads an element; false where there is none left. What is cut off changes nothing.
    fn step(&mut self, reader: &mut Reader<'_>, limits: &Limits) -> Read<bool> {
        if let Partial::Stream(stream, whole) = &mut self.value {
            return part_of_stream(self.kind, reader, stream, whole, &mut self.left);
        }
        if self.left == 0 {
            return Ok(false);
        }
        match &mut self.value {
            Partial::List(list) => node_of_list(self.kind, reader, list)?,
            Partial::Set(set) => {
                let member = reader.string()?;
                room(member.len() + BESIDE)?;
                if !set.add(member, &limits.set) {
                    return Err(TWICE);
                }
            }
            Partial::Sorted(set) => {
                let member = reader.text()?;
                let score =
                    if self.kind == kind::ZSET { reader.text_double()? } else { f64::from_bits(reader.word()?) };
                room(member.len() + BESIDE)?;
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
            Partial::Hash(hash) => {
                let has_plain = matches!(self.kind, kind::HASH | kind::HASH_TTL_VALKEY);
                let mut ttl = match if has_plain { 0 } else { reader.number()? } {
                    0 => FieldTtl::Clear,
                    after => {
                        let before = if self.kind == kind::HASH_TTL_EARLY { after } else { after - 1 };
                        let at = self.first.checked_add(before).filter(|&at| at <= LAST_DEADLINE);
                        FieldTtl::At(at.ok_or(DEADLINE)? as i64)
                    }
                };
                let field = reader.text()?;
                let kept;
                // A value that is packed has memory of its own only where something is read behind it.
                let value = if self.kind == kind::HASH_TTL_VALKEY {
                    kept = reader.text()?;
                    ttl = match reader.word()? as i64 {
                        -1 => FieldTtl::Clear,
                        at @ 0.. => FieldTtl::At(at.min(LAST_DEADLINE as i64)),
                        _ => return Err(DEADLINE),
                    };
                    &kept
                } else {
                    reader.string()?
                };
                room(field.len() + value.len() + BESIDE)?;
                if !hash.set(&field, value, ttl, &limits.hash) {
                    return Err(TWICE);
                }
            }
            Partial::Stream(..) => {}
        }
        self.left -= 1;
        Ok(true)
    }

    /// The value, of which nothing is left to come.
    pub fn value(self, limits: &Limits) -> Read<Value> {
        let value = match self.value {
            Partial::List(mut list) => {
                list.settle(limits.list);
                Value::from(list)
            }
            Partial::Set(set) => set.into(),
            Partial::Sorted(set) => set.packed(&limits.sorted).into(),
            Partial::Hash(hash) => hash.into(),
            Partial::Stream(stream, _) => return Ok(Value::Stream(stream)),
        };
        if value.elements() == 0 { Err(Fault::Empty) } else { Ok(value) }
    }
}

fn node_of_list(kind: u8, reader: &mut Reader<'_>, list: &mut List) -> Read<()> {
    match if kind == kind::QUICKLIST_2 { reader.number()? } else { 0 } {
        0 if kind == kind::LIST => {
            let bytes = reader.string()?;
            room(bytes.len() + BESIDE)?;
            list.push(false, bytes);
        }
        0 if kind == kind::QUICKLIST => list.add_pack(repacked(old::ziplist, &reader.owned()?)?),
        1 => {
            let bytes = reader.string()?;
            room(bytes.len() + BESIDE)?;
            list.add_plain(bytes);
        }
        2 => list.add_pack(pack(reader)?),
        _ => return Err(Fault::Bad("an unknown node of a list")),
    }
    Ok(())
}

/// Reads a node, what stands behind the last of them, a group, or what stands behind the last of those; false where that was all.
fn part_of_stream(
    kind: u8,
    reader: &mut Reader<'_>,
    stream: &mut Stream,
    whole: &mut bool,
    left: &mut usize,
) -> Read<bool> {
    match (*whole, *left > 0) {
        (false, true) => {
            let master = <[u8; 16]>::try_from(reader.string()?).map_err(|_| STREAM)?;
            let master = Reader::new(&master).id()?;
            let pack = pack(reader)?;
            room(BESIDE)?;
            if !node::is_sound(master, &pack) || !stream.add_node(master, pack) {
                return Err(STREAM);
            }
        }
        (false, false) => {
            let len = reader.number()?;
            let last = short_id(reader)?;
            let (mut max_deleted, mut added) = (Id::MIN, len);
            if kind != kind::STREAM {
                short_id(reader)?; // the first is known
                max_deleted = short_id(reader)?;
                added = reader.number()?;
            }
            (*left, *whole) = (reader.count()?, true);
            if len != stream.len() || !stream.finish(last) {
                return Err(STREAM);
            }
            stream.set_max_deleted(max_deleted);
            stream.set_added(added);
            return Ok(true);
        }
        (true, true) => group(kind, reader, stream)?,
        (true, false) => {
            if kind == kind::STREAM_4 {
                producers(reader, stream).inspect_err(|_| {
                    if stream.producers().is_some() {
                        *stream.producers_mut() = Producers::default();
                    }
                })?;
            }
            return Ok(false);
        }
    }
    *left -= 1;
    Ok(true)
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
    let read = members(kind, reader, group);
    if read.is_err() {
        stream.remove_group(&name);
    }
    read
}

/// The pending entries of a group, and its consumers.
fn members(kind: u8, reader: &mut Reader<'_>, group: &mut Group) -> Read<()> {
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

#[cfg(test)]
mod tests {
    use crate::keyspace::Keyspace;
    use crate::rdb::file::{File, Filling};
    use crate::server::config::Config;

    const FIELDS: usize = 1_000_000;
    const PIECE: usize = 1 << 16;

    /// One hash of a million fields, of 16 bytes and more each.
    fn file() -> Vec<u8> {
        let mut file = b"REDIS0011\xfe\x00\x04\x01h\x80".to_vec();
        file.extend_from_slice(&(FIELDS as u32).to_be_bytes());
        for i in 0..FIELDS {
            for letter in ["f", "v"] {
                let text = format!("{letter}{i:06}");
                file.push(text.len() as u8);
                file.extend_from_slice(text.as_bytes());
            }
        }
        file.push(0xff);
        file.extend_from_slice(&[0; 8]);
        file
    }

    #[test]
    fn no_slice_of_a_file_reads_more_elements_than_it_holds_however_large_the_value() {
        let mut keyspace = Keyspace::new(1, 1);
        let limits = Config::default().rdb_limits(keyspace.seed());
        let mut filling = Filling::new(0, false);
        let (mut reading, mut slices) = (File::default(), 0);
        let mut left = FIELDS;
        for piece in file().chunks(PIECE) {
            reading.feed(piece, 1, &limits, &mut |found| filling.put(&mut keyspace, found)).expect("a good file");
            let (now, pending) = reading.waiting();
            assert!(left - now <= PIECE / 16 + 1, "{} elements in a slice", left - now);
            // Nothing is looked at again but the element that was cut off.
            assert!(pending <= 16);
            (left, slices) = (now, slices + 1);
        }
        filling.end(&mut keyspace).expect("a key once");
        assert!(reading.is_done() && left == 0 && slices > 200);
        assert_eq!(keyspace.entry_in(0, b"h").map(|entry| entry.value().elements()), Some(FIELDS));
    }
}
