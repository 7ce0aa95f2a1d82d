//! HIMPORT: hashes of one shape. A session names their fields once, and then sends values alone. Such a hash is kept as any other.
//!
//! The field sets are the session's own: they go with it, and with RESET. There is a bound to how many it has; what they take counts
//! as its memory.

use super::limits;
use crate::exec::row::{Row, container, sub};
use crate::exec::{Ctx, Done};
use crate::keyspace::{Ttl, class};
use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::resp::room_for;
use crate::server::session::FieldSet;
use crate::table::spec::{OnSession, flags::*, key::*};
use crate::types::hash::{FieldTtl, Hash};
use crate::types::set::{self, Set};

/// So many field sets has a session at most.
const MOST: usize = 1024;

pub const TABLE: &[Row] = &[container("HIMPORT", SUBS).doc(
    "8.10.0",
    "Depends on subcommand.",
    "A container for session-based hash import commands using fieldsets.",
)];

const SUBS: &[Row] = &[
    sub("HIMPORT DISCARD fieldset-name", discard).plain(0).session(OnSession::Sets).reply("int").doc(
        "8.10.0",
        "O(1)",
        "Removes a fieldset of the session.",
    ),
    sub("HIMPORT DISCARDALL", discard_all).plain(0).session(OnSession::Sets).reply("int").doc(
        "8.10.0",
        "O(N) where N is the number of fieldsets.",
        "Removes all fieldsets of the session.",
    ),
    sub("HIMPORT PREPARE fieldset-name field [field ...]", prepare)
        .plain(DENYOOM | KEEPS)
        .session(OnSession::Sets)
        .reply("OK")
        .doc(
            "8.10.0",
            "O(N*log(N)) where N is the number of fields.",
            "Defines a session-local fieldset that maps a name to a sorted set of field names.",
        ),
    sub("HIMPORT SET key fieldset-name value [value ...]", set_values).write(DENYOOM).key(RW | UPDATE).reply("OK").doc(
        "8.10.0",
        "O(N) where N is the number of fields in the fieldset.",
        "Creates a fieldset-based hash from values supplied in the order matching a previously prepared fieldset.",
    ),
];

fn prepare(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let name = args.at(2);
    room_for(args.bytes() * 2 + args.len() * 64)?;
    let mut met = Set::new();
    let limits = set::Limits { ints: 0, entries: 128, value: 64, seed: cx.db.seed() };
    if !args.tail(3).all(|field| met.add(field, &limits)) {
        return Err(Error::FieldTwice);
    }
    let known = cx.session.fieldsets.iter().position(|set| *set.name == *name);
    if known.is_none() && cx.session.fieldsets.len() == MOST {
        return Err(Error::FieldSets);
    }
    let set = FieldSet::new(name, args.tail(3));
    match known {
        Some(at) => cx.session.fieldsets[at] = set,
        None => cx.session.fieldsets.push(set),
    }
    cx.out.ok();
    Ok(())
}

fn set_values(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, name, limits) = (args.at(2), args.at(3), limits(cx));
    let set = cx.session.fieldsets.iter().find(|set| *set.name == *name).ok_or(Error::NoFieldSet)?;
    if set.fields.len() != args.len() - 4 {
        return Err(Error::FieldSetValues);
    }
    let existed = cx.db.write::<Hash>(key)?.is_some();
    room_for(set.bytes * 2 + args.bytes())?;
    let mut hash = Hash::new();
    hash.expect(set.fields.len(), &limits);
    for (field, value) in set.fields.iter().zip(args.tail(4)) {
        hash.set(field, value, FieldTtl::Clear, &limits);
    }
    if cx.db.journaling() {
        if existed {
            cx.db.propagate(&[b"DEL", key]);
        }
        let pairs = set.fields.iter().zip(args.tail(4)).flat_map(|(field, value)| [&**field, value]);
        let command: Vec<&[u8]> = [&b"HSET"[..], key].into_iter().chain(pairs).collect();
        cx.db.propagate(&command);
    }
    cx.db.set(key, hash.into(), Ttl::Clear);
    cx.db.log.dirty += 1;
    cx.db.note(key, class::HASH, "hset");
    cx.db.log.effects.name_fields(&mut set.fields.iter().map(|field| &**field));
    cx.out.ok();
    Ok(())
}

fn discard(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let before = cx.session.fieldsets.len();
    cx.session.fieldsets.retain(|set| *set.name != *args.at(2));
    cx.out.int((before - cx.session.fieldsets.len()) as i64);
    Ok(())
}

fn discard_all(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.out.int(std::mem::take(&mut cx.session.fieldsets).len() as i64);
    Ok(())
}
