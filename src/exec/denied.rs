//! What is said and noted where a user may not do something.

use super::Ctx;
use super::origin::Origin;
use crate::allocator;
use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::server::config::Id;
use crate::server::users::Denied;
use crate::server::users::log::Refusal;

/// What EXEC says of a command that was allowed when it was queued.
const CHANGED: &[u8] = b"NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This command is no longer allowed for the following reason: no permission to ";

impl Ctx<'_> {
    /// Counts and notes that the session's user may not run the command at which the context stands; the error to answer.
    #[cold]
    pub fn deny(&mut self, denied: Denied<'_>) -> Error {
        let stats = &mut self.server.stats;
        let (reason, count) = match denied {
            Denied::Command => ("command", &mut stats.commands_denied),
            Denied::Key(_) => ("key", &mut stats.keys_denied),
            Denied::Channel(_) => ("channel", &mut stats.channels_denied),
        };
        *count += 1;
        let username = self.session.user.clone();
        if let Denied::Key(object) | Denied::Channel(object) = denied
            && !allocator::room_for(object.len())
        {
            return self.denial(denied); // not noted: the log is not worth what there is no memory for
        }
        self.note_refusal(reason, denied.object(self.cmd), username);
        self.denial(denied)
    }

    /// Why the session's user may no longer run a command that was let through before; it is counted and noted.
    #[inline(always)]
    pub fn denied_since(&mut self, args: Args<'_>) -> Option<Error> {
        if self.session.bound { self.look_again(args) } else { None }
    }

    #[cold]
    fn look_again(&mut self, args: Args<'_>) -> Option<Error> {
        let denied = self.server.users.check(self.session, self.number, self.cmd, args).err()?;
        Some(self.deny(denied))
    }

    /// Whether the session's user may read every key there is. SORT asks: it reads keys that it does not name.
    pub fn may_read_all_keys(&self, args: Args<'_>) -> bool {
        let user = if self.session.bound { self.server.users.of(self.session) } else { None };
        user.is_none_or(|user| user.reads_all_keys(self.number, self.cmd, args))
    }

    fn denial(&self, denied: Denied<'_>) -> Error {
        if self.session.readonly && matches!(denied, Denied::Command) {
            // As Upstash says it.
            let name = self.cmd.full_name();
            let name = name.split('|').next().unwrap_or_default().as_bytes();
            return Error::quoting(&[
                b"NOPERM this user has no permissions to run the '",
                name,
                b"' command or its subcommand",
            ]);
        }
        if self.origin == Origin::Exec {
            let reason: &[u8] = match denied {
                Denied::Command => b"execute the command or subcommand",
                Denied::Key(_) => b"touch the specified keys",
                Denied::Channel(_) => b"access one of the channels used as arguments",
            };
            return Error::quoting(&[CHANGED, reason]);
        }
        let before: &[u8] = if self.origin == Origin::Script { b"ERR ACL failure in script: " } else { b"NOPERM " };
        match denied {
            Denied::Command => {
                let name = self.cmd.full_name();
                Error::quoting(&[
                    before,
                    b"User ",
                    &self.session.user,
                    b" has no permissions to run the '",
                    name.as_bytes(),
                    b"' command",
                ])
            }
            Denied::Key(_) => Error::quoting(&[before, b"No permissions to access a key"]),
            Denied::Channel(_) => Error::quoting(&[before, b"No permissions to access a channel"]),
        }
    }

    /// Counts and notes that somebody could not log in.
    #[cold]
    pub fn note_wrong_password(&mut self, command: &[u8], user: &[u8]) {
        self.server.stats.auth_denied += 1;
        if allocator::room_for(user.len()) {
            self.note_refusal("auth", command.to_vec(), user.to_vec());
        }
    }

    fn note_refusal(&mut self, reason: &'static str, object: Vec<u8>, username: Vec<u8>) {
        let context = match self.origin {
            Origin::Script => "lua",
            Origin::Exec => "multi",
            _ if self.session.multi.is_some() => "multi",
            _ => "toplevel",
        };
        let client = (self.server.describe)(self.session, self.now, self.server.dialect);
        let most = self.server.config.size(Id::AclLogLen);
        self.server.users.log.note(Refusal { reason, context, object, username }, client, self.now, most);
    }
}
