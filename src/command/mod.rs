//! The machine behind commands. [`row`] is the shape of a table row, [`syntax`] reads its syntax line, [`table`] finds
//! rows by name; [`frame`] turns request bytes into [`args`], and [`reply`] and [`error`] are all that goes back.

pub mod args;
pub mod error;
pub mod frame;
pub mod glob;
pub mod reply;
pub mod row;
pub mod syntax;
pub mod table;

use crate::engine::Server;
use crate::keyspace::{Keyspace, Ttl, Value, class};
use crate::session::{Session, Wait};
use args::Args;
use error::Error;
use reply::Reply;
use row::{Cmd, flags::WRITE};

/// What a handler gives back: nothing, its reply is written already; or the error that is sent in its place.
pub type Done = Result<(), Error>;

/// The type of every handler.
pub type Handler = for<'a, 'b> fn(&mut Ctx<'a>, Args<'b>) -> Done;

/// What a handler works with. The fields are apart so that a value borrowed from `db` can be written to `out`.
pub struct Ctx<'a> {
    /// The keyspace; its methods work on the session's selected database.
    pub db: &'a mut Keyspace,
    /// The session that sent the command.
    pub session: &'a mut Session,
    /// The other sessions, the configuration, the statistics, the random numbers.
    pub server: &'a mut Server,
    /// Where the reply goes.
    pub out: &'a mut Reply,
    /// The row of the running command.
    pub cmd: &'static Cmd,
    /// Milliseconds since the epoch. Time stands still while a command runs.
    pub now: i64,
}

impl Ctx<'_> {
    /// The one place for all that follows from a change: it is counted (`count` keys, fields or elements), watches of the key
    /// are told, sessions that wait for it are looked at, and `event` of this class is published.
    #[inline(always)]
    pub fn changed(&mut self, key: &[u8], class: u32, event: &'static str, count: u64) {
        self.server.stats.changes += count;
        self.db.note(key, class, event);
    }

    /// One more event of a change that was told already.
    #[inline(always)]
    pub fn event(&mut self, key: &[u8], class: u32, event: &'static str) {
        self.db.note(key, class, event);
    }

    /// After elements were removed: an empty collection goes, with its `del` event. Whether the key is still there.
    pub fn settle(&mut self, key: &[u8]) -> bool {
        self.db.settle(key)
    }

    /// Removes a key and tells; whether it was there.
    pub fn remove_key(&mut self, key: &[u8]) -> bool {
        let removed = self.db.remove(key);
        if removed {
            self.changed(key, class::GENERIC, "del", 1);
        }
        removed
    }

    /// Gives a key a whole new value, without a TTL, and tells.
    pub fn store(&mut self, key: &[u8], value: Value, class: u32, event: &'static str) {
        self.db.set(key, value, Ttl::Clear);
        self.changed(key, class, event, 1);
    }

    /// Runs the handler of a row, and what follows from it at once. The reply, or the error, is written.
    #[inline(always)]
    pub fn call(&mut self, number: usize, args: Args<'_>) {
        self.cmd = self.server.table.row(number).cmd;
        self.db.select(self.session.db);
        self.db.access.touch = !self.session.no_touch;
        let mark = self.out.mark();
        let changes = self.server.stats.changes;
        if self.server.snapshot.is_some() && self.cmd.flags & WRITE != 0 {
            self.save_before(args);
        }
        let result = (self.cmd.run)(self, args);
        self.server.stats.commands += 1;
        self.server.stats.calls_of(number).calls += 1; // after it ran: INFO does not count itself
        let result = if self.out.take_overflow() { Err(self.no_room_for_reply(changes)) } else { result };
        if let Err(error) = result {
            self.out.drop_to(mark);
            self.server.stats.calls_of(number).failed += 1;
            self.server.stats.count_error(&error.text());
            self.out.error(&error);
        }
        if self.db.journaling() {
            self.journal(args, changes);
        }
        if !self.server.monitors.is_empty() {
            self.show_monitors(args);
        }
        if !self.db.log.effects.noted.is_empty() {
            self.server.follow_up(self.db, Some(self.session));
        }
    }

    /// The error where memory ended within the reply. Handlers that give away what they remove make room first, so that there is
    /// nothing to be said but that the command was refused.
    #[cold]
    fn no_room_for_reply(&self, changes: u64) -> Error {
        if self.server.stats.changes == changes { Error::OutOfMemory } else { Error::NoRoomForReply }
    }

    /// [`Ctx::call`] for those who are not in such a hurry that it must stand in their own code.
    #[inline(never)]
    pub fn call_apart(&mut self, number: usize, args: Args<'_>) {
        self.call(number, args);
    }

    /// Lets the snapshot that is being written have the keys of a command as they are before it.
    #[cold]
    fn save_before(&mut self, args: Args<'_>) {
        let Some(mut snapshot) = self.server.snapshot.take() else { return };
        snapshot.save_before(self.db, &self.server.table, self.cmd, args);
        self.server.snapshot = Some(snapshot);
    }

    /// Writes the command that has just run for the journal, if it changed something and did not tell its effects itself.
    /// Commands of a transaction are one unit with their EXEC.
    #[cold]
    fn journal(&mut self, args: Args<'_>, changes: u64) {
        let told = std::mem::take(&mut self.db.log.journal.told);
        if !told && self.server.stats.changes != changes {
            self.db.tell(&args.tail(0).collect::<Vec<_>>());
            self.db.log.journal.told = false;
        }
        if self.session.may_block {
            self.db.log.journal.end_unit();
        }
    }

    /// A command that blocks has found nothing: its session waits, and the same handler runs again when one of the keys has
    /// changed. Where waiting is not allowed (in a transaction) it answers as if the time were over.
    pub fn block(&mut self, wait: Wait) -> Done {
        if self.session.may_block {
            self.session.wait = Some(Box::new(wait));
            self.server.later = true;
        } else {
            wait.give_up(self.out);
        }
        Ok(())
    }

    /// The error for a wrong number of arguments, which names the running command.
    pub fn arity(&self) -> Error {
        Error::Arity(self.cmd)
    }
}
