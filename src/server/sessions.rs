//! All sessions.

use super::session::{Session, SessionId, SessionOptions};

/// Something for a session that is not at hand.
pub enum Stray {
    /// A message, written for RESP3.
    Message(Vec<u8>),
    /// Keys that it tracks have changed.
    Changed(Vec<u8>),
    /// The same, for one in whose place it is told.
    Redirected(Vec<u8>),
}

/// All sessions, in the order of their ids. A session that is being served is taken out of its slot and put back.
#[derive(Default)]
pub struct Sessions {
    slots: Vec<(SessionId, Option<Box<Session>>)>,
    last: SessionId,
    /// The slot that was found last: most calls come from the session that called before.
    recent: usize,
    /// Sessions with something in their outbox, or to be closed.
    pub attention: Vec<SessionId>,
    /// What those that its command has woken have for the session that is being served.
    pub strays: Vec<Stray>,
    /// Sessions that no longer wait and have sent more commands meanwhile.
    pub unblocked: Vec<SessionId>,
}

impl Sessions {
    pub fn open(&mut self, options: SessionOptions, now: i64) -> SessionId {
        self.last += 1;
        self.slots.push((self.last, Some(Box::new(Session::new(self.last, options, now)))));
        self.last
    }

    pub fn close(&mut self, id: SessionId) -> Option<Box<Session>> {
        let slot = self.slot(id)?;
        self.slots.remove(slot).1
    }

    #[inline(always)]
    fn slot(&mut self, id: SessionId) -> Option<usize> {
        if self.slots.get(self.recent).is_none_or(|slot| slot.0 != id) {
            self.recent = self.slots.binary_search_by_key(&id, |slot| slot.0).ok()?;
        }
        Some(self.recent)
    }

    /// Takes a session out while it is being served; it must be put back.
    #[inline(always)]
    pub fn take(&mut self, id: SessionId) -> Option<Box<Session>> {
        let slot = self.slot(id)?;
        self.slots[slot].1.take()
    }

    #[inline(always)]
    pub fn put_back(&mut self, session: Box<Session>) {
        if let Some(slot) = self.slot(session.id) {
            self.slots[slot].1 = Some(session);
        }
    }

    #[inline(always)]
    pub fn get_mut(&mut self, id: SessionId) -> Option<&mut Session> {
        let slot = self.slot(id)?;
        self.slots[slot].1.as_deref_mut()
    }

    /// Whether there is such a session, the one that is being served included.
    pub fn is_open(&mut self, id: SessionId) -> bool {
        self.slot(id).is_some()
    }

    /// A session that is about to get something into its outbox: the host will look. None for the one that is being served.
    pub fn reach(&mut self, id: SessionId) -> Option<&mut Session> {
        let slot = self.slot(id)?;
        let session = self.slots[slot].1.as_deref_mut()?;
        if session.outbox.is_empty() && !session.closing {
            self.attention.push(id);
        }
        Some(session)
    }

    /// All but the one that is being served.
    pub fn iter(&self) -> impl Iterator<Item = &Session> {
        self.slots.iter().filter_map(|slot| slot.1.as_deref())
    }

    /// Shows all but the one that is being served.
    pub fn each_mut(&mut self, show: &mut dyn FnMut(&mut Session)) {
        self.slots.iter_mut().filter_map(|slot| slot.1.as_deref_mut()).for_each(show);
    }

    /// How many are open, the one that is being served included.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Marks a session to be closed and tells the host to look.
    pub fn kill(&mut self, id: SessionId) {
        if let Some(session) = self.get_mut(id) {
            session.closing = true;
            self.attention.push(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_go_on_beyond_32_bits() {
        let mut sessions = Sessions { last: u32::MAX as SessionId - 1, ..Sessions::default() };
        let ids: Vec<SessionId> = (0..3).map(|_| sessions.open(SessionOptions::default(), 0)).collect();
        assert_eq!(ids, [0xffff_ffff, 0x1_0000_0000, 0x1_0000_0001]);
        assert!(ids.iter().all(|&id| sessions.take(id).is_some_and(|session| session.id == id)));
    }
}
