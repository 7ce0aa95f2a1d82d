//! WATCH: which sessions' transactions fail when a key changes.

use super::Server;
use super::session::Session;
use crate::keyspace::Keyspace;

impl Server {
    /// The transactions that watch a key, named as the registry names it, will not run. `current` is the session that is being
    /// served, if there is one.
    pub fn fail_watchers(&mut self, qualified: &[u8], mut current: Option<&mut Session>) {
        for &id in self.watches.of(qualified) {
            match &mut current {
                Some(session) if session.id == id => session.dirty = true,
                _ => {
                    if let Some(session) = self.sessions.get_mut(id) {
                        session.dirty = true;
                    }
                }
            }
        }
    }

    /// DISCARD: neither queued commands nor watched keys are left.
    pub fn forget_transaction(&mut self, keyspace: &mut Keyspace, session: &mut Session) {
        session.multi = None;
        self.unwatch(keyspace, session);
    }

    /// UNWATCH, for this session.
    pub fn unwatch(&mut self, keyspace: &mut Keyspace, session: &mut Session) {
        session.dirty = false;
        for (qualified, _) in std::mem::take(&mut session.watching) {
            self.watches.remove(&qualified, session.id);
        }
        self.note_interest(keyspace);
    }
}
