//! `maxmemory-clients`: what sessions hold all together (see [`Session::memory`]), and who goes when it is too much: the largest first,
//! but those whom CLIENT NO-EVICT spares, and those that the host works with in process. What they hold counts, too, and may be more
//! than the limit by itself. While there is no limit this costs a branch, once a call of the host's; with one, O(sessions).

use super::Server;
use super::config::Id;
use super::session::{Session, SessionId};

impl Server {
    /// Closes sessions until no more is held than the setting allows, without what waits to be sent to them; whether `current` is
    /// one of them.
    #[cold]
    pub fn evict_clients(&mut self, current: SessionId) -> bool {
        let limit = self.clients_limit();
        let counted = |session: &&Session| session.patient && !session.closing;
        let mut total: usize = self.sessions.iter().filter(counted).map(Session::memory).sum();
        let mut gone = false;
        while limit > 0 && total > limit {
            let largest = self.sessions.iter().filter(counted).filter(|session| !session.no_evict);
            let Some(id) = largest.max_by_key(|session| session.memory()).map(|session| session.id) else { break };
            let Some(session) = self.sessions.get_mut(id) else { break };
            total -= session.memory();
            session.cut();
            session.pending = Vec::new();
            self.sessions.attention.push(id);
            self.stats.evicted_clients += 1;
            gone |= id == current;
        }
        gone
    }

    /// `maxmemory-clients` in bytes; a percentage is one of `maxmemory`. 0: any number.
    fn clients_limit(&self) -> usize {
        match self.config.int(Id::MaxMemoryClients) {
            share @ ..0 => (self.config.int(Id::MaxMemory) as u64 / 100 * share.unsigned_abs()) as usize,
            bytes => bytes as usize,
        }
    }
}
