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
use crate::keyspace::Keyspace;
use crate::session::Session;
use args::Args;
use error::Error;
use reply::Reply;
use row::Cmd;

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
    /// One place for all that follows from a change of `count` keys, fields or elements. Today: the number of changes
    /// that INFO persistence tells.
    pub fn changed(&mut self, count: u64) {
        self.server.stats.changes += count;
    }

    /// The error for a wrong number of arguments, which names the running command.
    pub fn arity(&self) -> Error {
        Error::Arity(self.cmd)
    }
}
