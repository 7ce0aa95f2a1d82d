//! An RDB file and commands behind it, as Redis reads them too: half as long as commands, and loaded in half the time, but a value in an
//! RDB file is written whole. So the file ends before the first value for which that would take too much memory, and from there on all are
//! written as commands, in pieces.

use super::commands::Commands;
use super::rdb::Rdb;
use super::{Progress, Writer};
use crate::keyspace::Entry;

/// What is written, and the largest value that is written whole.
pub struct Mixed {
    out: Out,
    whole: usize,
}

enum Out {
    File(Rdb),
    Behind(Commands),
}

impl Mixed {
    /// `rdb`: one that has just begun. `whole`: bytes of a value that may be in it.
    pub fn new(rdb: Rdb, whole: usize) -> Mixed {
        Mixed { out: Out::File(rdb), whole }
    }

    fn out(&self) -> &dyn Writer {
        match &self.out {
            Out::File(rdb) => rdb,
            Out::Behind(commands) => commands,
        }
    }

    fn out_mut(&mut self) -> &mut dyn Writer {
        match &mut self.out {
            Out::File(rdb) => rdb,
            Out::Behind(commands) => commands,
        }
    }
}

impl Writer for Mixed {
    fn limit(&mut self, bytes: usize) {
        self.out_mut().limit(bytes);
    }

    fn is_full(&self) -> bool {
        self.out().is_full()
    }

    fn has_failed(&self) -> bool {
        self.out().has_failed()
    }

    fn take(&mut self) -> Vec<u8> {
        self.out_mut().take()
    }

    fn library(&mut self, source: &[u8]) {
        self.out_mut().library(source);
    }

    fn entry(&mut self, db: usize, key: &[u8], entry: &Entry, now: i64, progress: &mut Progress) -> bool {
        if let Out::File(rdb) = &mut self.out
            && entry.value().bytes() > self.whole
        {
            self.out = Out::Behind(rdb.go_on_as_commands());
        }
        self.out_mut().entry(db, key, entry, now, progress)
    }

    fn end(&mut self) {
        self.out_mut().end();
    }
}
