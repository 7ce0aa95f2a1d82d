//! What stands between a command and its handler.

use crate::command::args::Args;
use crate::command::error::{Error, quoted};
use crate::command::row::{Cmd, flags};
use crate::command::table::Found;
use crate::config::Id;
use crate::engine::Engine;
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
        if cmd.flags & flags::DENYOOM != 0 && !self.has_room(args) && !self.make_room(args) {
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

    #[inline(always)]
    fn has_room(&self, args: Args<'_>) -> bool {
        let (limit, used) = match self.server.config.size(Id::MaxMemory) {
            0 => (memory::CEILING, memory::used().saturating_add(args.bytes())),
            limit => (limit, memory::used()),
        };
        used <= limit && (args.bytes() <= memory::LARGE || memory::room_for(args.bytes()))
    }

    /// Frees at once what was left for later; whether that was enough.
    #[cold]
    fn make_room(&mut self, args: Args<'_>) -> bool {
        while !self.keyspace.garbage.is_empty() {
            self.keyspace.sweep(usize::MAX);
        }
        self.has_room(args)
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
        let limit = self.server.config.size(Id::MaxMemory);
        let out_of_memory = multi.flags & flags::DENYOOM != 0 && limit != 0 && memory::used() > limit;
        if cmd.title() == "EXEC" && out_of_memory && !multi.aborted {
            self.server.stats.calls_of(number).rejected += 1;
            return Err(Error::OutOfMemory);
        }
        Ok(Way::Run(number))
    }
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
