//! Entries that are added once, however often they are sent: what XADD does with IDMP and IDMPAUTO; XCFGSET, XIDMPRECORD.
//!
//! Left out: Redis's own ids for IDMPAUTO. Wakey's are made of the same, fields and values in whatever order, by another hash.

use super::entries::id;
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::class;
use crate::resp::args::{Args, Word};
use crate::resp::error::Error;
use crate::table::spec::{arg, flags::*, key::*};
use crate::types::number::{INT_LEN, format_int};
use crate::types::stream::producers::{Memory, name_of};
use crate::types::stream::{ID_LEN, Id, Stream};

pub const TABLE: &[Row] = &[
    cmd("XCFGSET key [IDMP-DURATION duration] [IDMP-MAXSIZE maxsize]", xcfgset)
        .write(FAST)
        .key(RW | UPDATE)
        .args(&[arg(1).kind("integer")])
        .reply("OK")
        .doc("8.6.0", "O(1)", "Sets the IDMP configuration parameters for a stream."),
    cmd("XIDMPRECORD key pid iid stream-id", xidmprecord).write(DENYOOM | FAST).key(RW | UPDATE).reply("OK").doc(
        "8.6.2",
        "O(1)",
        "An internal command for setting IDMP metadata on an existing stream message.",
    ),
];

/// Who sends an entry, and its name there.
#[derive(Clone, Copy)]
pub struct Sender<'a> {
    pub producer: &'a [u8],
    /// None with IDMPAUTO.
    name: Option<&'a [u8]>,
}

impl<'a> Sender<'a> {
    /// Reads what is behind IDMP, or IDMPAUTO.
    pub fn parse(producer: &'a [u8], name: Option<&'a [u8]>) -> Result<Sender<'a>, Error> {
        match name {
            None if producer.is_empty() => Err(Error::IdmpAutoProducerEmpty),
            Some(_) if producer.is_empty() => Err(Error::IdmpProducerEmpty),
            Some([]) => Err(Error::IdmpMessageEmpty),
            name => Ok(Sender { producer, name }),
        }
    }

    /// The name of an entry with these fields and values.
    pub fn name<'b>(&self, pairs: impl Iterator<Item = (&'b [u8], &'b [u8])>, own: &'b mut [u8; 16]) -> &'b [u8]
    where
        'a: 'b,
    {
        match self.name {
            Some(name) => name,
            None => {
                *own = name_of(pairs);
                own
            }
        }
    }
}

/// How long a stream that is made now remembers. In a journal it says so where that is not the usual.
pub fn memory(cx: &Ctx<'_>) -> Memory {
    if cx.server.loading { Memory::default() } else { cx.server.config.stream_memory() }
}

/// Tells the journal how a stream that was just made remembers, and the message that it was made with.
pub fn propagate_memory(cx: &mut Ctx<'_>, key: &[u8], memory: Memory, sent: Option<(&[u8], &[u8], Id)>) {
    let (mut duration, mut most) = ([0; INT_LEN], [0; INT_LEN]);
    let (duration, most) =
        (format_int(memory.duration as i64, &mut duration), format_int(memory.most as i64, &mut most));
    cx.db.propagate(&[b"XCFGSET", key, b"IDMP-DURATION", duration, b"IDMP-MAXSIZE", most]);
    if let Some((producer, name, id)) = sent {
        cx.db.propagate(&[b"XIDMPRECORD", key, producer, name, id.write(&mut [0; ID_LEN])]);
    }
}

fn xcfgset(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let key = args.at(1);
    let before = cx.db.write::<Stream>(key)?.ok_or(Error::NoSuchKey)?.memory;
    if args.len() == 2 {
        return Err(Error::IdmpNothing);
    }
    let (mut duration, mut most) = (None, None);
    let mut at = 2;
    while let Some(arg) = args.get(at) {
        let word = Word(arg);
        let (given, twice, range, top) = if word.is("IDMP-DURATION") {
            (&mut duration, Error::IdmpDurationTwice, Error::IdmpDuration, Memory::MAX.duration)
        } else if word.is("IDMP-MAXSIZE") {
            (&mut most, Error::IdmpMaxSizeTwice, Error::IdmpMaxSize, Memory::MAX.most)
        } else {
            return Err(Error::Syntax);
        };
        if at + 1 >= args.len() {
            return Err(Error::Syntax);
        }
        if given.is_some() {
            return Err(twice);
        }
        *given = Some(u32::try_from(args.int(at + 1)?).ok().filter(|number| (1..=top).contains(number)).ok_or(range)?);
        at += 2;
    }
    let memory = Memory { duration: duration.unwrap_or(before.duration), most: most.unwrap_or(before.most) };
    let changed = cx.db.write::<Stream>(key)?.is_some_and(|stream| stream.set_memory(memory));
    if changed {
        cx.changed(key, class::SILENT | class::QUIET, "", 1);
    }
    cx.out.ok();
    Ok(())
}

fn xidmprecord(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, producer, name) = (args.at(1), args.at(2), args.at(3));
    let id = id(args.at(4))?;
    if producer.is_empty() {
        return Err(Error::ProducerEmpty);
    }
    if name.is_empty() {
        return Err(Error::MessageEmpty);
    }
    let replayed = cx.server.loading;
    let stream = cx.db.write::<Stream>(key)?.ok_or(Error::NoSuchKey)?;
    // In a journal the entry may be gone again.
    if !replayed && !stream.contains(id) {
        return Err(Error::IdmpNoEntry);
    }
    match stream.recorded(producer, name) {
        Some(other) if other != id => return Err(Error::IdmpRecorded),
        Some(_) => {}
        None => {
            stream.record(producer, name, id);
            cx.changed(key, class::SILENT | class::QUIET, "", 1);
        }
    }
    cx.out.ok();
    Ok(())
}
