//! The journal: what has happened to the keyspace, as commands in RESP which do the same again whenever they are run. The
//! host takes these bytes after each call and keeps them where it likes; [`crate::Engine::load`] runs them again.
//!
//! A command that changed something is written as it came, unless its handler told its effects instead (SPOP tells SREM,
//! EXPIRE tells PEXPIREAT with the deadline). Keys and fields whose time has come are told as DEL and HDEL when they are
//! removed, since a replay removes nothing by itself. What belongs together, all of a transaction for example, is one unit:
//! it stands between MULTI and EXEC if it is more than one command, and a replay does all of it or nothing.
//!
//! While nobody keeps a journal, a command costs one comparison more. A command costs its own length here.

use crate::resp::write::command;
use crate::types::number::{INT_LEN, format_int};

/// See the head of this file.
#[derive(Default)]
pub struct Journal {
    /// Somebody keeps a journal.
    pub on: bool,
    /// The running command needs not be written as it came: its effects are told.
    pub propagated: bool,
    /// Whole units.
    bytes: Vec<u8>,
    /// Where the unit begins that is being written, how many commands it has, and the database of the last one.
    start: usize,
    commands: usize,
    db: Option<u32>,
}

impl Journal {
    /// Begins or ends it. What was not taken is dropped.
    pub fn keep(&mut self, on: bool) {
        *self = Journal { on, ..Journal::default() };
    }

    /// Writes one command for a database.
    pub fn write(&mut self, db: u32, args: &[&[u8]]) {
        if self.db != Some(db) {
            self.db = Some(db);
            let mut digits = [0; INT_LEN];
            command(&mut self.bytes, &[b"SELECT", format_int(db as i64, &mut digits)]);
        }
        // In front of a unit, SELECT is none of its commands.
        if self.commands == 0 {
            self.start = self.bytes.len();
        }
        self.commands += 1;
        command(&mut self.bytes, args);
    }

    /// Ends a unit.
    pub fn end_unit(&mut self) {
        if self.commands > 1 {
            let (first, end) = (b"*1\r\n$5\r\nMULTI\r\n", self.bytes.len());
            self.bytes.extend_from_slice(first);
            self.bytes.copy_within(self.start..end, self.start + first.len());
            self.bytes[self.start..][..first.len()].copy_from_slice(first);
            command(&mut self.bytes, &[b"EXEC"]);
        }
        self.commands = 0;
    }

    /// How many bytes there are to be taken: whole units.
    #[inline(always)]
    pub fn len(&self) -> usize {
        if self.commands == 0 { self.bytes.len() } else { self.start }
    }

    /// What it takes in memory.
    #[inline(always)]
    pub fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What has been written since the last time. Of a unit that is not at its end, nothing.
    pub fn take(&mut self) -> Vec<u8> {
        let rest = self.bytes.split_off(self.len());
        self.start = 0;
        std::mem::replace(&mut self.bytes, rest)
    }

    /// The next command names its database again: what follows goes elsewhere than what came before.
    pub fn turn_page(&mut self) {
        self.db = None;
    }
}

/// So many members or fields go into one command of the journal, at most. What has more could not be loaded.
pub const TOGETHER: usize = 1 << 19;
