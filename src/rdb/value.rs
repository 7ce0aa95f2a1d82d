//! A value as bytes: its type, and what it holds.

use super::{Form, Packer, arrays, kind, vectors};
use crate::keyspace::Value;
use crate::types::hash::{Hash, NEVER};
use crate::types::list::{List, NodeBytes};
use crate::types::listpack::Item;
use crate::types::set::Set;
use crate::types::sorted_set::SortedSet;
use crate::types::stream::Stream;
use crate::types::stream::group::{Group, NOBODY};
use crate::types::string::Str;

/// Writes the type of a value, then `key`, if it stands in a file, then the value.
pub fn value(out: &mut Packer, key: Option<&[u8]>, value: &Value, form: Form) {
    let begin = |out: &mut Packer, kind: u8| {
        out.byte(kind);
        if let Some(key) = key {
            out.string(key);
        }
    };
    match value {
        Value::Str(value) => {
            begin(out, kind::STRING);
            match value {
                Str::Int(number) => out.item(Item::Int(*number)),
                _ => out.string(value.bytes(&mut [0; _])),
            }
        }
        Value::List(value) => {
            begin(out, kind::QUICKLIST_2);
            list(out, value);
        }
        Value::Set(value) => set(out, value, &begin),
        Value::Sorted(value) => sorted(out, value, &begin),
        Value::Hash(value) => hash(out, value, form, &begin),
        Value::Stream(value) => {
            // What producers have sent is lost to no file, but Valkey's, which has no place for it.
            let newest = form == Form::Newest || form == Form::Common && value.remembers();
            begin(out, if newest { kind::STREAM_4 } else { kind::STREAM_3 });
            stream(out, value, newest);
        }
        Value::Array(value) => {
            begin(out, kind::MODULE_2);
            arrays::write(out, value);
        }
        Value::Vectors(set) => {
            begin(out, kind::MODULE_2);
            vectors::write(out, set);
        }
    }
}

type Begin<'a> = dyn Fn(&mut Packer, u8) + 'a;

fn list(out: &mut Packer, list: &List) {
    out.length(list.nodes() as u64);
    list.each_node(&mut |node| match node {
        NodeBytes::Plain(bytes) => {
            out.length(1);
            out.string(bytes);
        }
        NodeBytes::Pack(pack) => {
            out.length(2);
            out.string(pack.bytes());
        }
    });
}

fn set(out: &mut Packer, set: &Set, begin: &Begin<'_>) {
    if let Some((is_ints, bytes)) = set.packed() {
        begin(out, if is_ints { kind::SET_INTSET } else { kind::SET_LISTPACK });
        return out.string(bytes);
    }
    begin(out, kind::SET);
    out.length(set.len() as u64);
    set.iter().for_each(|member| out.item(member));
}

fn sorted(out: &mut Packer, set: &SortedSet, begin: &Begin<'_>) {
    if let Some(pack) = set.packed_bytes() {
        begin(out, kind::ZSET_LISTPACK);
        return out.string(pack);
    }
    begin(out, kind::ZSET_2);
    out.length(set.len() as u64);
    // The highest first, as in Redis: who reads it adds each in front of all others.
    set.each(set.len().wrapping_sub(1), usize::MAX, true, &mut |member, score| {
        out.item(member);
        out.word(score.to_bits());
        true
    });
}

fn hash(out: &mut Packer, hash: &Hash, form: Form, begin: &Begin<'_>) {
    let first = hash.next_deadline();
    if first != NEVER && form == Form::Valkey {
        begin(out, kind::HASH_TTL_EARLY);
        out.length(hash.len() as u64);
        for (field, value, deadline) in hash.iter() {
            out.item(field);
            out.item(value);
            out.word(if deadline == NEVER { u64::MAX } else { deadline as u64 });
        }
        return;
    }
    if let Some((has_deadlines, bytes)) = hash.packed() {
        begin(out, if has_deadlines { kind::HASH_LISTPACK_EX } else { kind::HASH_LISTPACK });
        if has_deadlines {
            out.word(if first == NEVER { 0 } else { first as u64 });
        }
        return out.string(bytes);
    }
    begin(out, if first != NEVER { kind::HASH_TTL } else { kind::HASH });
    if first != NEVER {
        out.word(first as u64);
    }
    out.length(hash.len() as u64);
    for (field, value, deadline) in hash.iter() {
        if first != NEVER {
            out.length(if deadline == NEVER { 0 } else { (deadline - first) as u64 + 1 });
        }
        out.item(field);
        out.item(value);
    }
}

fn stream(out: &mut Packer, stream: &Stream, newest: bool) {
    out.length(stream.nodes() as u64);
    stream.each_node(&mut |id, pack| {
        out.length(16);
        out.id(id);
        out.string(pack.bytes());
    });
    let ids = [stream.last(), stream.first(), stream.max_deleted()];
    out.length(stream.len());
    for id in ids {
        out.length(id.ms);
        out.length(id.seq);
    }
    out.length(stream.added());
    out.length(stream.groups().len() as u64);
    stream.groups().for_each(|one| group(out, one));
    if newest {
        let (memory, producers) = (stream.memory, stream.producers());
        out.length(memory.duration as u64);
        out.length(memory.most as u64);
        out.length(producers.map_or(0, |producers| producers.iter().len() as u64));
        for producer in producers.iter().flat_map(|producers| producers.iter()) {
            out.string(&producer.name);
            out.length(producer.sent.len() as u64);
            for sent in &producer.sent {
                out.string(&sent.name);
                out.length(sent.id.ms);
                out.length(sent.id.seq);
            }
        }
        out.length(producers.map_or(0, |producers| producers.added));
        out.length(producers.map_or(0, |producers| producers.duplicates));
    }
}

/// A group. Redis 8.6 knows no pending entry that nobody has: those are written as of a consumer without a name, with no time.
fn group(out: &mut Packer, group: &Group) {
    out.string(&group.name);
    out.length(group.last.ms);
    out.length(group.last.seq);
    out.length(group.read as u64);
    out.length(group.pending().len() as u64);
    for (id, pending) in group.pending().iter() {
        out.id(id);
        out.word(pending.delivered as u64);
        out.length(pending.count);
    }
    let unowned = || group.pending().iter().filter(|(_, pending)| pending.consumer == NOBODY).map(|(id, _)| id);
    let count = unowned().count();
    let nameless = group.consumer(b"");
    out.length(group.consumers().len() as u64 + (count > 0 && nameless.is_none()) as u64);
    if count > 0 && nameless.is_none() {
        out.string(b"");
        out.word(0);
        out.word(u64::MAX);
        out.length(count as u64);
        unowned().for_each(|id| out.id(id));
    }
    for consumer in group.consumers() {
        let unowned_too = if consumer.name.is_empty() { count } else { 0 };
        out.string(&consumer.name);
        out.word(consumer.seen as u64);
        out.word(consumer.active as u64);
        out.length((consumer.pending.len() + unowned_too) as u64);
        consumer.pending.iter().for_each(|(id, ())| out.id(id));
        unowned().take(unowned_too).for_each(|id| out.id(id));
    }
}
