//! What stands between a command and its handler.

use crate::command::args::Args;
use crate::command::error::{Error, quoted};
use crate::command::row::{Cmd, flags};
use crate::command::table::Found;
use crate::config::Id;
use crate::engine::Engine;
use crate::keyspace::Keyspace;
use crate::memory;
use crate::session::Session;

const SUBSCRIBED: &[u8] =
    b"': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context";

/// Where a command goes that has passed the gate: its row's number, and whether it runs now or in a transaction.
pub(crate) enum Way {
    Run(usize),
    Queue(usize),
}

impl Engine {
    /// What stands between a command and its handler: does it exist, are its arguments enough, may this session, is there
    /// memory, is there a transaction. The number of its row, or the error, in Redis's order.
    #[inline(always)]
    pub(crate) fn gate(&mut self, session: &mut Session, args: Args<'_>) -> Result<Way, Error> {
        let number = match self.server.table.find(args.at(0), args.get(1)) {
            Found::Row(number) => number,
            Found::Nothing => {
                session.last_cmd = None;
                if !session.trusted && speaks_http(args.at(0)) {
                    (session.speaks_http, session.closing) = (true, true);
                }
                return Err(unknown_command(args));
            }
            Found::NoSubcommand => {
                session.last_cmd = None;
                return Err(unknown_subcommand(args));
            }
        };
        let cmd: &'static Cmd = self.server.table.row(number).cmd;
        session.last_cmd = Some(cmd);
        if !cmd.accepts(args) {
            self.server.stats.calls_of(number).rejected += 1;
            return Err(Error::Arity(cmd));
        }
        if !session.authenticated && cmd.flags & flags::NO_AUTH == 0 {
            self.server.stats.calls_of(number).rejected += 1;
            return Err(Error::NoAuth);
        }
        if session.readonly && cmd.refuses_readers() {
            self.server.stats.calls_of(number).rejected += 1;
            return Err(no_permission(args));
        }
        if (cmd.flags & flags::TAKES_MEMORY != 0 || args.bytes() > memory::LARGE)
            && !self.has_room(cmd, args)
            && !self.make_room(cmd, args)
        {
            self.server.stats.calls_of(number).rejected += 1;
            return Err(Error::OutOfMemory);
        }
        if cmd.flags & flags::WRITE != 0 && !self.server.store.refusing.is_empty() {
            self.server.stats.calls_of(number).rejected += 1;
            return Err(Error::quoting(&[
                b"MISCONF Errors writing to the AOF file: ",
                self.server.store.refusing.as_bytes(),
            ]));
        }
        session.row = number;
        if session.is_plain() {
            return Ok(Way::Run(number));
        }
        self.special_gate(session, number)
    }

    /// Whether `maxmemory` lets the command run, and the memory that there is.
    #[inline(always)]
    fn has_room(&self, cmd: &Cmd, args: Args<'_>) -> bool {
        let limit = self.server.config.int(Id::MaxMemory) as u64;
        let over = cmd.flags & flags::DENYOOM != 0 && limit != 0 && memory::used() > limit;
        !over && has_memory(&self.keyspace, cmd, args)
    }

    /// Frees at once what was left for later; whether that was enough.
    #[cold]
    fn make_room(&mut self, cmd: &Cmd, args: Args<'_>) -> bool {
        while !self.keyspace.garbage.is_empty() {
            self.keyspace.sweep(usize::MAX);
        }
        self.has_room(cmd, args)
    }

    /// The gate of a session that listens to channels, or is in a transaction.
    fn special_gate(&mut self, session: &mut Session, number: usize) -> Result<Way, Error> {
        let cmd = self.server.table.row(number).cmd;
        if session.monitor && cmd.flags & (flags::READONLY | flags::WRITE) != 0 {
            self.server.stats.calls_of(number).rejected += 1;
            return Err(Error::Fixed("ERR Replica can't interact with the keyspace"));
        }
        if !session.resp3 && session.subscriptions() > 0 && cmd.flags & flags::IN_SUBSCRIPTION == 0 {
            self.server.stats.calls_of(number).rejected += 1;
            let name = cmd.full_name();
            return Err(Error::quoting(&[b"ERR Can't execute '", name.as_bytes(), SUBSCRIBED]));
        }
        let Some(multi) = &session.multi else { return Ok(Way::Run(number)) };
        if cmd.flags & flags::NO_MULTI != 0 {
            self.server.stats.calls_of(number).rejected += 1;
            return Err(Error::NotInMulti);
        }
        if cmd.flags & flags::IN_MULTI == 0 {
            return Ok(Way::Queue(number));
        }
        let limit = self.server.config.int(Id::MaxMemory) as u64;
        let out_of_memory = multi.flags & flags::DENYOOM != 0 && limit != 0 && memory::used() > limit;
        if cmd.title() == "EXEC" && out_of_memory && !multi.aborted {
            self.server.stats.calls_of(number).rejected += 1;
            return Err(Error::OutOfMemory);
        }
        Ok(Way::Run(number))
    }
}

/// Whether the memory that there is will do for what a command keeps of its arguments, and for the copies that are made of them on
/// the way: natively always, in wasm32 there are 4 GiB, and where they end is a trap. Also asked before each command of a
/// transaction, for what was there when it was queued may be gone.
#[inline(always)]
pub(crate) fn has_memory(keyspace: &Keyspace, cmd: &Cmd, args: Args<'_>) -> bool {
    if cmd.flags & flags::TAKES_MEMORY != 0 && memory::used().saturating_add(args.bytes() as u64) > memory::CEILING {
        return false;
    }
    args.bytes() <= memory::LARGE || has_memory_for_large(keyspace, args)
}

#[cold]
fn has_memory_for_large(keyspace: &Keyspace, args: Args<'_>) -> bool {
    let length: usize = args.tail(0).map(<[u8]>::len).sum();
    // The value and what it is made of; its line of the journal; names in notes, and messages made of these.
    let copies = 2 + keyspace.journaling() as usize + if keyspace.log.effects.wanted == 0 { 0 } else { 3 };
    length <= memory::LARGE || memory::room_for(length.saturating_mul(copies))
}

/// Whether a line that is no command is one of HTTP. A page in a browser can make it send POST with any body, and the `Host:` of
/// a GET comes before anything that the page chooses.
fn speaks_http(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"post") || name.eq_ignore_ascii_case(b"host:")
}

#[cold]
fn no_permission(args: Args<'_>) -> Error {
    let name = args.at(0).to_ascii_lowercase();
    Error::quoting(&[b"NOPERM this user has no permissions to run the '", &name, b"' command or its subcommand"])
}

fn unknown_command(args: Args<'_>) -> Error {
    let mut list = Vec::new();
    for arg in args.tail(1) {
        if list.len() >= 128 {
            break;
        }
        let room = 128 - list.len();
        list.extend([b"'", quoted(arg, room), b"' "].concat());
    }
    let name = quoted(args.at(0), 128);
    Error::quoting(&[b"ERR unknown command '", name, b"', with args beginning with: ", &list])
}

fn unknown_subcommand(args: Args<'_>) -> Error {
    let container = args.at(0).to_ascii_uppercase();
    Error::quoting(&[b"ERR unknown subcommand '", quoted(args.at(1), 128), b"'. Try ", &container, b" HELP."])
}
