//! A snapshot: the shortest list of commands that builds the keyspace again (Redis calls it rewriting the append-only file).
//!
//! It shows the keyspace of one moment, and is written in slices while commands go on. It walks through each database in the
//! order of hashes, as SCAN does; a key that a command is about to change and that the walk has not met yet is written first
//! ([`Snapshot::save_before`]), and remembered so that it is not written again. What happens after that moment is in the
//! journal, which belongs behind the snapshot.
//!
//! A key that went by itself in the meantime, because its time came, may be missing here: the journal removes it once more,
//! which does no harm. The same holds for a database that was flushed.

use crate::command::args::Args;
use crate::command::row::Cmd;
use crate::command::table::Table;
use crate::commands::command::keys_of;
use crate::keyspace::{Entry, Keyspace, NEVER, Value, argument, command, length};
use crate::registry::{Registry, place};
use crate::types::double;
use crate::types::listpack::Item;
use crate::types::number::{INT_LEN, format_int};
use crate::types::stream::group::Group;
use crate::types::stream::{ID_LEN, Id, Stream};

/// Elements of one command, as in Redis.
const BATCH: usize = 64;

/// See the head of this file.
pub struct Snapshot {
    /// Where the walk is: a database, and the position in it.
    db: usize,
    cursor: u64,
    /// Keys ahead of the walk that are written already, or were not there.
    saved: Registry,
    /// What is written and was not taken yet, and the database it last named.
    out: Vec<u8>,
    named: Option<usize>,
}

impl Snapshot {
    /// A snapshot of what the keyspace holds now.
    pub fn new(keyspace: &Keyspace) -> Snapshot {
        Snapshot { db: 0, cursor: 0, saved: Registry::new(keyspace.seed()), out: Vec::new(), named: None }
    }

    /// Goes on until there are about so many bytes to be taken; whether there is more to come.
    pub fn go_on(&mut self, keyspace: &Keyspace, about: usize) -> bool {
        while self.out.len() < about && self.db < keyspace.databases().len() {
            self.step(keyspace, self.db);
        }
        self.db < keyspace.databases().len()
    }

    /// Takes what is written.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    /// Writes a few keys, from the walk's place in this database on.
    fn step(&mut self, keyspace: &Keyspace, db: usize) {
        let Snapshot { saved, out, named, cursor, .. } = self;
        let mut place = place(db, b"");
        let prefix = place.len();
        *cursor = keyspace.scan_in(db, *cursor, 16, &mut |key, entry| {
            place.truncate(prefix);
            place.extend_from_slice(key);
            if saved.of(&place).is_empty() {
                write(out, named, db, key, entry, keyspace.now);
            }
        });
        if *cursor == 0 {
            self.db += 1;
        }
    }

    /// Before a command changes its keys: writes those that the walk has not met yet.
    pub fn save_before(&mut self, keyspace: &Keyspace, table: &Table, cmd: &Cmd, args: Args<'_>) {
        match cmd.title() {
            // What is gone with the database needs not be here.
            "FLUSHALL" => self.db = keyspace.databases().len(),
            "FLUSHDB" if keyspace.selected() == self.db => (self.db, self.cursor) = (self.db + 1, 0),
            "FLUSHDB" => self.skip(keyspace.selected(), keyspace),
            // Databases change their places: nothing is left to be met afterwards.
            "SWAPDB" => while self.go_on(keyspace, usize::MAX) {},
            _ => {
                for (key, _) in keys_of(table, args).unwrap_or_default() {
                    // MOVE and COPY name a key of another database; looking into all of them is cheap.
                    for db in self.db..keyspace.databases().len() {
                        self.save(keyspace, db, key);
                    }
                }
            }
        }
    }

    /// Writes one key, unless the walk has met it or it is written already.
    fn save(&mut self, keyspace: &Keyspace, db: usize, key: &[u8]) {
        if db == self.db && keyspace.is_behind(key, self.cursor) || !self.saved.add(&place(db, key), 0) {
            return;
        }
        if let Some(entry) = keyspace.entry_in(db, key) {
            write(&mut self.out, &mut self.named, db, key, entry, keyspace.now);
        }
    }

    /// A database ahead is about to be emptied: its keys count as written. So many names cost memory, as long as the snapshot is
    /// being written.
    fn skip(&mut self, db: usize, keyspace: &Keyspace) {
        if db < self.db {
            return;
        }
        let mut cursor = 0;
        loop {
            cursor = keyspace.scan_in(db, cursor, 64, &mut |key, _| {
                self.saved.add(&place(db, key), 0);
            });
            if cursor == 0 {
                return;
            }
        }
    }
}

/// Writes the commands that make one key, in its database.
fn write(out: &mut Vec<u8>, named: &mut Option<usize>, db: usize, key: &[u8], entry: &Entry, now: i64) {
    let mut digits = [0; INT_LEN];
    if *named != Some(db) {
        *named = Some(db);
        command(out, &[b"SELECT", format_int(db as i64, &mut digits)]);
    }
    let deadline = (entry.deadline() != NEVER).then(|| format_int(entry.deadline() as i64, &mut digits));
    match &entry.value {
        Value::Str(value) => {
            let mut number = [0; INT_LEN];
            let value = value.bytes(&mut number);
            return match deadline {
                None => command(out, &[b"SET", key, value]),
                Some(deadline) => command(out, &[b"SET", key, value, b"PXAT", deadline]),
            };
        }
        Value::List(list) => {
            let mut batch = Batch::new(out, b"RPUSH", key);
            for item in list.iter(0, true) {
                batch.item(item);
                batch.end_element();
            }
            batch.flush();
        }
        Value::Set(set) => {
            let mut batch = Batch::new(out, b"SADD", key);
            for item in set.iter() {
                batch.item(item);
                batch.end_element();
            }
            batch.flush();
        }
        Value::Sorted(set) => {
            let mut batch = Batch::new(out, b"ZADD", key);
            let mut score = Vec::new();
            set.each(0, set.len(), false, &mut |item, value| {
                score.clear();
                double::write(value, &mut score);
                batch.bytes(&score);
                batch.item(item);
                batch.end_element();
                true
            });
            batch.flush();
        }
        Value::Hash(fields) => {
            let mut batch = Batch::new(out, b"HSET", key);
            fields.hash().each(now, &mut |field, value, _| {
                batch.bytes(field);
                batch.bytes(value);
                batch.end_element();
            });
            batch.flush();
            fields.hash().each(now, &mut |field, _, deadline| {
                if deadline != crate::types::hash::NEVER {
                    let deadline = format_int(deadline, &mut [0; INT_LEN]).to_vec();
                    command(out, &[b"HPEXPIREAT", key, &deadline, b"FIELDS", b"1", field]);
                }
            });
        }
        Value::Stream(value) => stream(out, key, value),
    }
    if let Some(deadline) = deadline {
        command(out, &[b"PEXPIREAT", key, deadline]);
    }
}

/// Commands that share their name and key, each with up to [`BATCH`] elements.
struct Batch<'a> {
    out: &'a mut Vec<u8>,
    name: &'a [u8],
    key: &'a [u8],
    tail: Vec<u8>,
    args: usize,
    elements: usize,
}

impl<'a> Batch<'a> {
    fn new(out: &'a mut Vec<u8>, name: &'a [u8], key: &'a [u8]) -> Batch<'a> {
        Batch { out, name, key, tail: Vec::new(), args: 0, elements: 0 }
    }

    fn bytes(&mut self, arg: &[u8]) {
        self.args += 1;
        argument(&mut self.tail, arg);
    }

    fn item(&mut self, item: Item<'_>) {
        item.with_bytes(|bytes| self.bytes(bytes));
    }

    fn end_element(&mut self) {
        self.elements += 1;
        if self.elements == BATCH {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if self.args == 0 {
            return;
        }
        length(self.out, b'*', 2 + self.args);
        argument(self.out, self.name);
        argument(self.out, self.key);
        self.out.append(&mut self.tail);
        (self.args, self.elements) = (0, 0);
    }
}

/// A stream: its entries, its groups, what is pending, and its counters.
///
/// An entry can be pending and deleted at once. No command makes that directly: the entry is added, given, and deleted again;
/// by trimming where it stands before all others, since only XDEL moves the highest id deleted.
fn stream(out: &mut Vec<u8>, key: &[u8], stream: &Stream) {
    let mut dead: Vec<Id> = stream
        .groups()
        .flat_map(|group| group.pending().iter().map(|(id, _)| id))
        .filter(|&id| !stream.contains(id))
        .collect();
    dead.sort_unstable();
    dead.dedup();
    let mut text = [0; ID_LEN];
    let mut waiting = dead.iter().peekable();
    let placeholder = |out: &mut Vec<u8>, id: Id| {
        command(out, &[b"XADD", key, id.write(&mut [0; ID_LEN]), b"", b""]);
    };
    let mut range = stream.range(Id::MIN, Id::MAX, false);
    while let Some(id) = range.next() {
        while let Some(&gone) = waiting.next_if(|&&gone| gone < id) {
            placeholder(out, gone);
        }
        let mut batch = Batch::new(out, b"XADD", key);
        batch.bytes(id.write(&mut text));
        range.pairs(&mut |field, value| {
            batch.item(field);
            batch.item(value);
        });
        batch.flush();
    }
    waiting.for_each(|&gone| placeholder(out, gone));
    if stream.is_empty() && dead.is_empty() {
        let id = stream.last().max(Id { ms: 0, seq: 1 });
        command(out, &[b"XADD", key, b"MAXLEN", b"0", id.write(&mut text), b"", b""]);
    }
    for one in stream.groups() {
        group(out, key, one);
    }
    if !dead.is_empty() && stream.is_empty() {
        command(out, &[b"XTRIM", key, b"MAXLEN", b"0"]);
    } else if let Some(&first) = dead.first() {
        if first < stream.first() {
            command(out, &[b"XTRIM", key, b"MINID", stream.first().write(&mut text)]);
        }
        for id in dead.iter().filter(|&&id| id > stream.first()) {
            command(out, &[b"XDEL", key, id.write(&mut text)]);
        }
    }
    let (mut added, mut deleted) = ([0; INT_LEN], [0; ID_LEN]);
    let added = format_int(stream.added() as i64, &mut added);
    let deleted = stream.max_deleted().write(&mut deleted);
    let last = stream.last().write(&mut text);
    command(out, &[b"XSETID", key, last, b"ENTRIESADDED", added, b"MAXDELETEDID", deleted]);
}

fn group(out: &mut Vec<u8>, key: &[u8], group: &Group) {
    let (mut text, mut digits, mut number) = ([0; ID_LEN], [0; INT_LEN], [0; INT_LEN]);
    let (last, read) = (group.last.write(&mut text), format_int(group.read, &mut digits));
    command(out, &[b"XGROUP", b"CREATE", key, &group.name, last, b"ENTRIESREAD", read]);
    for consumer in group.consumers() {
        let args: [&[u8]; 5] = [b"XGROUP", b"CREATECONSUMER", key, &group.name, &consumer.name];
        command(out, &args);
    }
    for (id, pending) in group.pending().iter() {
        let name = &group.at(pending.consumer).name;
        let (time, count) = (format_int(pending.delivered, &mut digits), format_int(pending.count as i64, &mut number));
        let id = id.write(&mut text);
        let args: [&[u8]; 12] =
            [b"XCLAIM", key, &group.name, name, b"0", id, b"TIME", time, b"RETRYCOUNT", count, b"FORCE", b"JUSTID"];
        command(out, &args);
    }
}
