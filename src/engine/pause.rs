//! CLIENT PAUSE: which commands wait until it ends, and how they go on.
//!
//! A session's bytes are not taken further than the command that has to wait ([`Session::postponed`]): when the pause is over they
//! are read again. Only what comes off a socket waits; a call in process is answered at once. Keys are not removed by the timer
//! meanwhile.

use super::Engine;
use crate::resp::args::Args;
use crate::script::load;
use crate::server::scripts::flags::NO_WRITES;
use crate::server::session::Session;
use crate::table::find::Found;
use crate::table::spec::flags::*;

impl Engine {
    /// Whether a command that was just read has to wait for the end of a pause.
    #[cold]
    pub(super) fn postpones(&mut self, session: &mut Session, args: Args<'_>) -> bool {
        let Some(pause) = &self.server.waiting.pause else { return false };
        let Found::Row(number) = self.server.table.find(args.at(0), args.get(1)) else { return false };
        let cmd = &self.rows[number].spec;
        // What is refused anyway is refused at once.
        if !cmd.accepts(args) || !session.authenticated && cmd.flags & NO_AUTH == 0 {
            return false;
        }
        const WRITES: u32 = WRITE | LEAVES_TRACES;
        let queued = session.multi.as_ref().map_or(0, |multi| multi.flags);
        let writes = cmd.flags & WRITES != 0 && !self.only_reads(cmd.flags, args)
            || cmd.flags & ENDS_MULTI != 0 && queued & WRITES != 0;
        if !pause.all && !writes {
            return false;
        }
        (session.postponed, session.last) = (true, Some(cmd));
        self.server.waiting.held.push(session.id);
        true
    }

    /// Whether a command runs a script that says of itself that it writes nothing.
    fn only_reads(&self, flags: u32, args: Args<'_>) -> bool {
        if flags & SKIP_MONITOR == 0 {
            return false;
        }
        let (scripts, what) = (&self.server.scripts, args.at(1));
        let flags = match args.at(0).len() {
            4 => load::head(what).map_or(0, |head| head.flags),
            5 => scripts.functions.get(what).map_or(0, |function| function.flags),
            _ => scripts.get(&what.to_ascii_lowercase()).map_or(0, |script| script.flags),
        };
        flags & NO_WRITES != 0
    }

    /// Lets those go on who waited for the end of a pause, in the order in which they came.
    pub(super) fn resume_held(&mut self) {
        if self.server.waiting.pause.is_some() {
            return;
        }
        for id in std::mem::take(&mut self.server.waiting.held).into_iter().rev() {
            match self.server.sessions.get_mut(id) {
                Some(session) if session.undecided => self.server.waiting.held.push(id),
                Some(session) => {
                    session.postponed = false;
                    self.server.sessions.unblocked.push(id);
                }
                None => {}
            }
        }
    }
}
