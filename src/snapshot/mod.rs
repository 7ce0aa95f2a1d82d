//! A snapshot: the shortest list of commands that builds the keyspace again (Redis calls it rewriting the append-only file), an RDB file,
//! or one with commands behind it; whoever writes it is a [`Writer`].
//!
//! It shows the keyspace of one moment, and is written in slices while commands go on. It walks through each database in the
//! order of hashes, as SCAN does; a key that a command is about to change and that the walk has not met yet is written first
//! ([`Snapshot::save_before`]), and remembered so that it is not written again. What happens after that moment is in the
//! journal, which belongs behind the snapshot.
//!
//! A value is cut where a slice is full, and goes on in the next one; a command that is about to change it has the rest of it
//! written first. So a slice holds little more than was asked for, except before such a command. A vector set is not cut, nor is what
//! producers of a stream have sent.
//!
//! Where there is no memory for what must be written first, the snapshot is given up, and not the engine.
//!
//! A key that went by itself in the meantime, because its time came, may be missing here, or be there in part: the journal
//! removes it once more, which does no harm. The same holds for a database that was flushed.

pub mod commands;
pub mod rdb;

use crate::keyspace::{Entry, Keyspace};
use crate::resp::args::Args;
use crate::table::keys::each_key;
use crate::table::spec::{Spec, Whole};
use crate::types::registry::{Registry, qualified_key};
use crate::types::stream::Id;
use commands::Commands;

/// How far a value is written; all zero at its beginning.
#[derive(Default)]
pub struct Progress {
    /// Elements, the next index, or the cursor of the walk through a table; in a stream 0 while entries are written, then a group's number.
    cursor: u64,
    /// In a stream: the next entry or pending entry is not before this id.
    id: Id,
    /// In a stream: ids that are pending and deleted, in order.
    dead: Vec<Id>,
}

/// What a snapshot is written as. The walk decides which keys are written, and when.
pub trait Writer {
    /// From now on a slice is full with about so many bytes.
    fn limit(&mut self, bytes: usize);

    fn is_full(&self) -> bool;

    /// There was no memory for something: the snapshot is worth nothing.
    fn has_failed(&self) -> bool;

    /// Takes what is written.
    fn take(&mut self) -> Vec<u8>;

    /// Writes a library of functions, which belongs to no database.
    fn library(&mut self, source: &[u8]);

    /// Writes one key of a database until the slice is full; whether it is whole. Called again, it goes on at `progress`.
    fn entry(&mut self, db: usize, key: &[u8], entry: &Entry, now: i64, progress: &mut Progress) -> bool;

    /// Whether nothing comes behind it that would tell of what is flushed meanwhile.
    fn stands_alone(&self) -> bool {
        false
    }

    /// Every key was written. May be told so more than once.
    fn end(&mut self) {}
}

/// See the head of this file.
pub struct Snapshot {
    /// Where the walk is: a database, and the position in it.
    db: usize,
    cursor: u64,
    /// Keys that the walk has met, and for which the slice had no room, or not enough.
    parts: Vec<Part>,
    /// Keys ahead of the walk that are written already, or were not there.
    saved: Registry,
    out: Out,
}

/// Who writes it.
struct Out {
    writer: Box<dyn Writer>,
    /// Before the first value of more bytes the file that it is ends, and commands stand behind it.
    whole: usize,
    full: usize,
}

impl Out {
    fn limit(&mut self, bytes: usize) {
        self.full = bytes;
        self.writer.limit(bytes);
    }

    fn entry(&mut self, db: usize, key: &[u8], entry: &Entry, now: i64, progress: &mut Progress) -> bool {
        if self.whole != usize::MAX && entry.value().bytes() > self.whole {
            self.whole = usize::MAX;
            self.writer.end();
            let failed = self.writer.has_failed();
            self.writer = Box::new(Commands::behind(self.writer.take(), self.full, failed));
        }
        self.writer.entry(db, key, entry, now, progress)
    }
}

/// A key of which something is still to be written.
struct Part {
    db: usize,
    key: Box<[u8]>,
    progress: Progress,
}

impl Snapshot {
    /// A snapshot of what the keyspace holds now. Before the first value of more than `whole` bytes what the writer has begun ends, and commands
    /// go on behind it, in pieces: an RDB file is half as long as commands, and loaded in half the time, but has each value whole.
    pub fn new(keyspace: &Keyspace, writer: Box<dyn Writer>, whole: usize) -> Snapshot {
        let saved = Registry::new(keyspace.seed());
        Snapshot { db: 0, cursor: 0, parts: Vec::new(), saved, out: Out { writer, whole, full: 0 } }
    }

    /// Whether there was no memory for a part of it: then it must not be taken for a snapshot.
    pub fn failed(&self) -> bool {
        self.out.writer.has_failed()
    }

    /// Goes on until there are about so many bytes to be taken; whether there is more to come.
    pub fn go_on(&mut self, keyspace: &Keyspace, about: usize) -> bool {
        self.out.limit(about);
        while !self.out.writer.is_full() {
            if let Some(mut part) = self.parts.pop() {
                if !part.write(keyspace, &mut self.out) {
                    self.parts.push(part);
                }
            } else if self.db < keyspace.databases().len() {
                self.step(keyspace, self.db);
            } else {
                self.out.writer.end();
                return false;
            }
        }
        true
    }

    /// Takes what is written.
    pub fn take(&mut self) -> Vec<u8> {
        self.out.writer.take()
    }

    /// Writes a few keys, from the walk's place in this database on.
    fn step(&mut self, keyspace: &Keyspace, db: usize) {
        let Snapshot { saved, out, parts, cursor, .. } = self;
        let mut qualified = qualified_key(db, b"");
        let prefix = qualified.len();
        *cursor = keyspace.scan_in(db, *cursor, 16, &mut |key, entry| {
            qualified.truncate(prefix);
            qualified.extend_from_slice(key);
            let mut progress = Progress::default();
            if saved.of(&qualified).is_empty() && !out.entry(db, key, entry, keyspace.now, &mut progress) {
                parts.push(Part { db, key: key.into(), progress });
            }
        });
        if *cursor == 0 {
            self.db += 1;
        }
    }

    /// Before a command changes its keys: writes those that the walk has not met yet.
    pub fn save_before(&mut self, keyspace: &Keyspace, cmd: &Spec, args: Args<'_>) {
        self.out.limit(usize::MAX);
        match cmd.whole {
            // It will be refused.
            Whole::Keyspace | Whole::Database if args.is_async().is_err() => {}
            Whole::Keyspace | Whole::Database if self.out.writer.stands_alone() => {
                let _ = self.go_on(keyspace, usize::MAX);
            }
            // What is gone with the database needs not be here.
            Whole::Keyspace => {
                self.db = keyspace.databases().len();
                self.parts.clear();
            }
            Whole::Database => self.skip(keyspace.selected(), keyspace),
            // Databases change their places: nothing is left to be met afterwards.
            Whole::Swap => drop(self.go_on(keyspace, usize::MAX)),
            // A command without keys, or with wrong arguments, changes none.
            Whole::Keys => drop(each_key(cmd, args, &mut |key, _| {
                // MOVE and COPY name a key of another database; looking into all of them is cheap.
                for db in 0..keyspace.databases().len() {
                    self.save(keyspace, db, key);
                }
            })),
        }
    }

    /// Writes one key, or the rest of it, unless it is written already.
    fn save(&mut self, keyspace: &Keyspace, db: usize, key: &[u8]) {
        if let Some(at) = self.parts.iter().position(|part| part.db == db && *part.key == *key) {
            let mut part = self.parts.swap_remove(at);
            part.write(keyspace, &mut self.out);
            return;
        }
        let behind = db < self.db || db == self.db && keyspace.is_behind(key, self.cursor);
        if behind || !self.saved.add(&qualified_key(db, key), 0) {
            return;
        }
        if let Some(entry) = keyspace.entry_in(db, key) {
            self.out.entry(db, key, entry, keyspace.now, &mut Progress::default());
        }
    }

    /// A database is about to be emptied: its keys count as written. Names that are ahead of the walk cost memory, as long as
    /// the snapshot is being written.
    fn skip(&mut self, db: usize, keyspace: &Keyspace) {
        self.parts.retain(|part| part.db != db);
        if db == self.db {
            (self.db, self.cursor) = (db + 1, 0);
        }
        let mut cursor = 0;
        while db > self.db {
            cursor = keyspace.scan_in(db, cursor, 64, &mut |key, _| {
                self.saved.add(&qualified_key(db, key), 0);
            });
            if cursor == 0 {
                return;
            }
        }
    }
}

impl Part {
    /// Goes on with the key, if it is still there; whether it is done with.
    fn write(&mut self, keyspace: &Keyspace, out: &mut Out) -> bool {
        let entry = keyspace.entry_in(self.db, &self.key);
        entry.is_none_or(|entry| out.entry(self.db, &self.key, entry, keyspace.now, &mut self.progress))
    }
}
