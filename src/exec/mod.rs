//! The way of a command. [`run`] takes one that was just read, [`call`] one that may run; both read in the order in which things
//! happen. A handler has no other caller than [`call`]: clients, transactions, sessions that were woken and the replay of a journal
//! come through it, told apart by their [`Origin`].
//!
//! ```text
//! run    find the row -> evict -> gate -> call, or the transaction's queue, or the error
//! call   before-images for a snapshot -> handler -> its error -> journal -> monitors -> effects -> what was read, and its time
//! ```

mod after;
mod denied;
mod gate;
pub mod monitors;
pub mod origin;
pub mod redirect;
pub mod room;
pub mod row;
pub mod transaction;

use crate::allocator;
use crate::keyspace::{Keyspace, Ttl, Value, class};
use crate::resp::args::{Args, Span, Word};
use crate::resp::dialect::Dialect;
use crate::resp::error::Error;
use crate::resp::reply::Reply;
use crate::server::Server;
use crate::server::host::Host;
use crate::server::session::{Session, Wait};
use crate::table::find::Found;
#[cfg(debug_assertions)]
use crate::table::keys::each_key;
use crate::table::spec::{Spec, flags::WRITE};
pub use after::follow_up;
use gate::Pass;
pub use gate::has_memory;
use origin::Origin;
use row::Row;

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
    /// The other sessions, the configuration, the statistics.
    pub server: &'a mut Server,
    /// The host's store, and what is asked of the host.
    pub host: &'a mut Host,
    /// Where the reply goes.
    pub out: &'a mut Reply,
    /// All rows, by their numbers.
    pub rows: &'a [&'static Row],
    /// The number of the running command's row, and what it says.
    pub number: usize,
    pub cmd: &'static Spec,
    run: Handler,
    /// Milliseconds since the epoch. Time stands still while a command runs.
    pub now: i64,
    pub origin: Origin,
    /// How many commands it runs within.
    pub depth: u32,
}

/// Runs a command that was just read: now, or with others in a transaction, or not at all. The reply is written.
#[inline(never)]
pub fn run(cx: &mut Ctx<'_>, args: Args<'_>) {
    let found = cx.server.table.find(args.at(0), args.get(1));
    run_found(cx, found, args);
}

/// The same, where its row has been looked for.
#[inline(never)]
pub fn run_found(cx: &mut Ctx<'_>, found: Found, args: Args<'_>) {
    match found {
        Found::Row(number) => cx.turn_to(number),
        missing => return not_found(cx, args, missing),
    }
    cx.session.last = Some(cx.cmd);
    if cx.origin == Origin::Client {
        if cx.server.cluster.is_some() {
            redirect::note_asking(cx);
        }
        room::make(cx);
    }
    let error = match gate::check(cx, args) {
        Ok(Pass::Run) => return call(cx, args),
        Ok(Pass::Queue) => return transaction::queue(cx, args),
        Ok(Pass::NoRoom) if gate::make_room(cx) => return run(cx, args),
        Ok(Pass::NoRoom) => Error::OutOfMemory,
        Ok(Pass::Denied(denied)) => cx.deny(denied),
        Err(error) => error,
    };
    cx.server.stats.calls_of(cx.number).rejected += 1;
    refuse(cx, error);
}

/// Runs the command that the context stands at, and what follows from it at once. The reply, or the error, is written.
#[inline(never)]
pub fn call(cx: &mut Ctx<'_>, args: Args<'_>) {
    call_in::<false>(cx, args);
}

/// The same for a command that is about data alone, at a quiet time (`engine/still.rs`): there is no snapshot, no journal, and nobody who
/// looks on but the clock.
#[inline(always)]
pub fn call_quietly(cx: &mut Ctx<'_>, args: Args<'_>) {
    cx.session.last = Some(cx.cmd);
    call_in::<true>(cx, args);
}

#[inline(always)]
fn call_in<const QUIET: bool>(cx: &mut Ctx<'_>, args: Args<'_>) {
    cx.db.select(cx.session.db);
    cx.db.access.touch = !cx.session.no_touch;
    let (number, mark, dirty) = (cx.number, cx.out.mark(), cx.db.log.dirty);
    if !QUIET && cx.host.snapshot.is_some() && cx.cmd.flags & WRITE != 0 {
        save_before(cx, args);
    }
    let started = if cx.server.timed { after::clock(cx, args) } else { 0.0 };
    let mut result = (cx.run)(cx, args);
    #[cfg(debug_assertions)]
    forgets_nothing(cx, args);
    cx.server.stats.commands += 1;
    cx.session.commands += 1;
    cx.server.stats.calls_of(number).calls += 1; // after it ran: INFO does not count itself
    if cx.out.take_overflow() {
        result = Err(no_room_for_reply(cx, dirty));
    }
    if let Err(error) = result {
        fail(cx, number, mark, error);
    }
    if !QUIET && cx.db.journaling() {
        after::journal(cx, args, dirty);
    }
    if cx.server.observed {
        after::observe(cx, args, number, started, mark);
    } else if !QUIET && !cx.db.log.effects.noted.is_empty() {
        follow_up(cx.server, cx.db, Some(cx.session));
    }
}

/// Has a command answer its error, and nothing of what it has written.
#[cold]
fn fail(cx: &mut Ctx<'_>, number: usize, mark: usize, error: Error) {
    cx.out.drop_to(mark);
    cx.server.stats.calls_of(number).failed += 1;
    if !matches!(error, Error::Told(_)) {
        cx.server.stats.count_error(&error.text());
    }
    cx.out.error(&error);
}

/// What follows from a command that was paused and has come to its end.
pub fn conclude(cx: &mut Ctx<'_>, result: Done) {
    if let Err(error) = result {
        cx.server.stats.calls_of(cx.number).failed += 1;
        cx.out.error(&error);
    }
    cx.db.log.journal.propagated = false;
    cx.db.log.journal.end_unit();
    if !cx.db.log.effects.noted.is_empty() {
        follow_up(cx.server, cx.db, Some(cx.session));
    }
}

/// Runs a command again that found nothing when its client sent it.
pub fn resume(cx: &mut Ctx<'_>, number: usize, args: Args<'_>) {
    cx.turn_to(number);
    match cx.denied_since(args) {
        Some(error) => refuse(cx, error),
        None => call(cx, args),
    }
}

#[cold]
fn not_found(cx: &mut Ctx<'_>, args: Args<'_>, found: Found) {
    if cx.origin == Origin::Script {
        return refuse(cx, Error::ScriptUnknown);
    }
    if cx.server.dialect == Dialect::DiceDb
        && let Some((row, name)) = watched(args.at(0))
        && args.bytes() <= allocator::LARGE
    {
        let (mut bytes, mut spans) = ([row.as_bytes(), name].concat(), vec![Span { at: 0, len: row.len() as u32 }]);
        spans.push(Span { at: row.len() as u32, len: name.len() as u32 });
        args.skip(1).copy_to(&mut bytes, &mut spans);
        return run(cx, Args::new(&bytes, &spans));
    }
    cx.session.last = None;
    if !cx.session.trusted && gate::speaks_http(args.at(0)) {
        (cx.session.speaks_http, cx.session.closing) = (true, true);
    }
    let error = if matches!(found, Found::Nothing) {
        gate::unknown_command(args, cx.server.is_valkey())
    } else {
        gate::unknown_subcommand(args)
    };
    refuse(cx, error);
}

/// What DiceDB calls GET.WATCH, ZRANGE.UNWATCH and so on: the row that all of them have, and the command.
fn watched(name: &[u8]) -> Option<(&'static str, &[u8])> {
    let (command, word) = name.split_at(name.iter().position(|&byte| byte == b'.')?);
    match () {
        _ if command.eq_ignore_ascii_case(b"X") => None,
        _ if Word(word).is(".WATCH") => Some(("X.WATCH", command)),
        _ if Word(word).is(".UNWATCH") => Some(("X.UNWATCH", command)),
        _ => None,
    }
}

/// Answers a command that does not run.
#[cold]
pub fn refuse(cx: &mut Ctx<'_>, error: Error) {
    let error = transaction::spoil(cx, error);
    cx.server.stats.count_error(&error.text());
    cx.out.error(&error);
}

/// Lets the snapshot that is being written have the keys of a command as they are before it.
#[cold]
fn save_before(cx: &mut Ctx<'_>, args: Args<'_>) {
    if let Some(snapshot) = &mut cx.host.snapshot {
        snapshot.save_before(cx.db, cx.cmd, args);
    }
}

/// A handler that takes elements out, moves a field's deadline, or fails behind `write_or` must not leave an empty collection or
/// a deadline that the index does not know: it says so with [`Ctx::removed`] or [`Keyspace::delete_or_reindex`].
#[cfg(debug_assertions)]
fn forgets_nothing(cx: &Ctx<'_>, args: Args<'_>) {
    let mut forgotten = false;
    // What has no keys, or wrong ones, has changed none.
    let _ = each_key(cx.cmd, args, &mut |key, _| forgotten |= !cx.db.is_consistent(key));
    assert!(!forgotten, "{} leaves an empty collection, or a deadline that is in no index", cx.cmd.full_name());
}

/// The error where memory ended within the reply. Handlers that give away what they remove make room first, so that there is
/// nothing to be said but that the command was refused.
#[cold]
fn no_room_for_reply(cx: &Ctx<'_>, dirty: u64) -> Error {
    if cx.db.log.dirty == dirty { cx.out.refusal() } else { Error::NoRoomForReply }
}

impl<'a> Ctx<'a> {
    /// What a handler works with, before its row is found.
    #[inline(always)]
    pub fn new(
        db: &'a mut Keyspace,
        session: &'a mut Session,
        server: &'a mut Server,
        host: &'a mut Host,
        out: &'a mut Reply,
        rows: &'a [&'static Row],
        origin: Origin,
    ) -> Ctx<'a> {
        Ctx { origin, ..Ctx::at(0, db, session, server, host, out, rows) }
    }

    /// What a handler works with that a client has called.
    #[inline(always)]
    pub fn at(
        number: usize,
        db: &'a mut Keyspace,
        session: &'a mut Session,
        server: &'a mut Server,
        host: &'a mut Host,
        out: &'a mut Reply,
        rows: &'a [&'static Row],
    ) -> Ctx<'a> {
        let (row, now) = (rows[number], db.now);
        let origin = Origin::Client;
        Ctx { db, session, server, host, out, rows, number, cmd: &row.spec, run: row.run, now, origin, depth: 0 }
    }
}

impl Ctx<'_> {
    /// Stands at the row of this number.
    #[inline(always)]
    pub fn turn_to(&mut self, number: usize) {
        let row = self.rows[number];
        (self.number, self.cmd, self.run) = (number, &row.spec, row.run);
    }

    /// Does `work` as somebody else, one level further in, and stands where it stood.
    fn within(&mut self, origin: Origin, work: impl FnOnce(&mut Self)) {
        let outer = (self.number, self.origin);
        (self.origin, self.depth) = (origin, self.depth + 1);
        self.db.log.journal.propagated = false;
        work(self);
        self.db.log.journal.propagated = true; // what runs within it tells the journal what it does
        (self.depth, self.origin) = (self.depth - 1, outer.1);
        self.turn_to(outer.0);
    }

    /// Shows a command to those who monitor before it runs: those that it will run come behind it.
    pub fn show(&mut self, args: Args<'_>) {
        if !self.server.monitors.is_empty() {
            monitors::show_now(self, args);
        }
    }

    /// Runs another command within the running one. Its reply is written behind what is there. It is refused what scripts are
    /// refused, does not wait, and belongs to the same unit of the journal.
    pub fn run_nested(&mut self, args: Args<'_>) {
        let outer = self.out.begin();
        self.within(Origin::Script, |cx| run(cx, args));
        self.out.end(outer);
    }

    /// Sessions that wait for this key are to look at it, though nothing was noted of it.
    pub fn wake(&mut self, db: usize, key: &[u8]) {
        self.server.waiting.look_at(db, key);
        self.server.unfinished |= self.server.waiting.has_ready();
    }

    /// The one place for all that follows from a change: it is counted (`count` keys, fields or elements), watches of the key
    /// are told, sessions that wait for it are looked at, and `event` of this class is published.
    #[inline(always)]
    pub fn changed(&mut self, key: &[u8], class: u32, event: &'static str, count: u64) {
        self.db.log.dirty += count;
        self.db.note(key, class, event);
    }

    /// One more event of a change that was told already.
    #[inline(never)]
    pub fn event(&mut self, key: &[u8], class: u32, event: &'static str) {
        self.db.note(key, class, event);
    }

    /// Says which fields of a hash the last event was about, for those who want to know.
    #[inline(always)]
    pub fn about(&mut self, fields: &mut dyn Iterator<Item = &[u8]>) {
        self.db.log.effects.name_fields(fields);
    }

    /// As [`Ctx::changed`], where elements of a collection were removed and so many are `left` of it: an empty one goes, with its `del`
    /// event. 0 also where that is not known.
    pub fn removed(&mut self, key: &[u8], class: u32, event: &'static str, count: u64, left: usize) {
        self.changed(key, class, event, count);
        if left == 0 {
            self.db.delete_or_reindex(key);
        }
    }

    /// Removes a key and tells; whether it was there.
    pub fn remove_key(&mut self, key: &[u8]) -> bool {
        let removed = self.db.remove(key);
        if removed {
            self.changed(key, class::GENERIC, "del", 1);
        }
        removed
    }

    /// Removes a key that was given a deadline in the past, of which Valkey tells as of one whose time is over.
    pub fn remove_past(&mut self, key: &[u8]) {
        if !self.server.is_valkey() {
            self.remove_key(key);
        } else if self.db.remove(key) {
            self.changed(key, class::EXPIRED, "expired", 1);
        }
    }

    /// Gives a key a whole new value, without a TTL, and tells.
    pub fn store(&mut self, key: &[u8], value: Value, class: u32, event: &'static str) {
        self.db.set(key, value, Ttl::Clear);
        self.changed(key, class, event, 1);
    }

    /// Whether more was used than `maxmemory` allows when the client's command came, and nothing could be evicted.
    pub fn is_over_limit(&self) -> bool {
        self.server.over_limit
    }

    /// Whether a command that finds nothing may wait.
    pub fn may_block(&self) -> bool {
        self.origin.may_block()
    }

    /// A command that blocks has found nothing: its session waits, and the same handler runs again when one of the keys has
    /// changed. Where waiting is not allowed (in a transaction) it answers as if the time were over.
    pub fn block(&mut self, wait: Wait) -> Done {
        if self.may_block() {
            self.session.wait = Some(Box::new(Wait { number: self.number, ..wait }));
            self.server.unfinished = true;
        } else {
            wait.give_up(self.out);
        }
        Ok(())
    }

    /// The error for a wrong number of arguments, which names the running command.
    pub fn arity(&self) -> Error {
        self.cmd.arity_error()
    }

    /// When data was saved last, or else when the engine was opened, in seconds since the epoch.
    pub fn last_save(&self) -> i64 {
        if self.host.store.last_save > 0 { self.host.store.last_save } else { self.server.started / 1000 }
    }
}

#[cfg(test)]
mod tests;
