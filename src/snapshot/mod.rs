//! A snapshot: the shortest list of commands that builds the keyspace again (Redis calls it rewriting the append-only file).
//!
//! It shows the keyspace of one moment, and is written in slices while commands go on. It walks through each database in the
//! order of hashes, as SCAN does; a key that a command is about to change and that the walk has not met yet is written first
//! ([`Snapshot::save_before`]), and remembered so that it is not written again. What happens after that moment is in the
//! journal, which belongs behind the snapshot.
//!
//! A value is cut where a slice is full, and goes on in the next one; a command that is about to change it has the rest of it
//! written first. So a slice holds little more than was asked for, except before such a command.
//!
//! Where there is no memory for what must be written first, the snapshot is given up, and not the engine.
//!
//! A key that went by itself in the meantime, because its time came, may be missing here, or be there in part: the journal
//! removes it once more, which does no harm. The same holds for a database that was flushed.

mod commands;

use crate::keyspace::Keyspace;
use crate::resp::args::Args;
use crate::table::keys::each_key;
use crate::table::spec::{Spec, Whole};
use crate::types::registry::{Registry, qualified_key};

use commands::{Out, Progress};

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

/// A key of which something is still to be written.
struct Part {
    db: usize,
    key: Box<[u8]>,
    progress: Progress,
}

impl Snapshot {
    /// A snapshot of what the keyspace holds now.
    pub fn new(keyspace: &Keyspace) -> Snapshot {
        let saved = Registry::new(keyspace.seed());
        Snapshot { db: 0, cursor: 0, parts: Vec::new(), saved, out: Out::default() }
    }

    /// Whether there was no memory for a part of it: then it must not be taken for a snapshot.
    pub fn failed(&self) -> bool {
        self.out.failed
    }

    /// Goes on until there are about so many bytes to be taken; whether there is more to come.
    pub fn go_on(&mut self, keyspace: &Keyspace, about: usize) -> bool {
        self.out.full = about;
        while !self.out.is_full() {
            if let Some(mut part) = self.parts.pop() {
                if !self.out.part(keyspace, &mut part) {
                    self.parts.push(part);
                }
            } else if self.db < keyspace.databases().len() {
                self.step(keyspace, self.db);
            } else {
                return false;
            }
        }
        true
    }

    /// Takes what is written.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out.bytes)
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
        self.out.full = usize::MAX;
        match cmd.whole {
            // It will be refused.
            Whole::Keyspace | Whole::Database if args.is_async().is_err() => {}
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
            self.out.part(keyspace, &mut part);
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

impl Out {
    /// Goes on with a key, if it is still there; whether it is done with.
    fn part(&mut self, keyspace: &Keyspace, part: &mut Part) -> bool {
        let entry = keyspace.entry_in(part.db, &part.key);
        entry.is_none_or(|entry| self.entry(part.db, &part.key, entry, keyspace.now, &mut part.progress))
    }
}
