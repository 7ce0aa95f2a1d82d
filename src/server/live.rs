//! Commands whose replies sessions are kept up to date of (DiceDB's `GET.WATCH` and its kind): what a session has asked for stands with
//! it ([`Session::live`]), and the keys that they read stand here. When one changes, the engine runs them again behind the command that
//! changed it, and the reply is a message.
//!
//! A session has at most [`MOST`] of them, each of at most [`LONGEST`] bytes. While there are none, a change costs one branch.

use super::Server;
use super::session::{Session, SessionId};
use crate::keyspace::Keyspace;
use crate::resp::args::{Args, Span};
use crate::types::dict::hashing::Seed;
use crate::types::registry::{Registry, qualified_key};

/// How many a session may have, and how long each may be.
pub const MOST: usize = 256;
pub const LONGEST: usize = 16 << 10;

/// A command that runs again.
pub struct Query {
    pub db: usize,
    pub number: usize,
    pub fingerprint: u32,
    bytes: Vec<u8>,
    spans: Vec<Span>,
    /// The names of its keys in the registry.
    keys: Vec<Vec<u8>>,
    /// It is to be run again, or was in this round: what it does itself (PFCOUNT keeps what it has counted) is no news to it.
    ready: bool,
}

impl Query {
    /// A command by the number of its row and its fingerprint.
    pub fn new(db: usize, (number, fingerprint): (usize, u32), args: Args<'_>, keys: &[&[u8]]) -> Query {
        let (mut bytes, mut spans) = (Vec::new(), Vec::new());
        args.copy_to(&mut bytes, &mut spans);
        Query {
            db,
            number,
            fingerprint,
            bytes,
            spans,
            keys: keys.iter().map(|key| qualified_key(db, key)).collect(),
            ready: false,
        }
    }

    pub fn args(&self) -> Args<'_> {
        Args::new(&self.bytes, &self.spans)
    }
}

/// See the head of this file.
pub struct Live {
    keys: Registry,
    /// Sessions, each with one of its queries that is to be run again, in order.
    ready: Vec<(SessionId, u32)>,
}

impl Live {
    pub fn new(seed: Seed) -> Live {
        Live { keys: Registry::new(seed), ready: Vec::new() }
    }

    #[inline(always)]
    pub fn is_active(&self) -> bool {
        !self.keys.is_empty()
    }

    /// The names of keys that are read.
    pub fn names(&self) -> impl Iterator<Item = &[u8]> {
        self.keys.names()
    }

    /// What is to be run again since this was asked last.
    pub fn take_ready(&mut self) -> Vec<(SessionId, u32)> {
        std::mem::take(&mut self.ready)
    }

    fn remove(&mut self, session: &Session) {
        for key in session.live.iter().flat_map(|query| &query.keys) {
            self.keys.remove(key, session.id);
        }
    }

    fn add(&mut self, session: &Session) {
        for key in session.live.iter().flat_map(|query| &query.keys) {
            self.keys.add(key, session.id);
        }
    }
}

impl Server {
    /// A key has changed: those are to be run again that read it. `current` is the session that is being served.
    #[cold]
    pub fn look_live(&mut self, db: usize, key: &[u8], mut current: Option<&mut Session>) {
        let qualified = qualified_key(db, key);
        for &id in self.live.keys.of(&qualified) {
            let session = match &mut current {
                Some(session) if session.id == id => &mut **session,
                _ => match self.sessions.get_mut(id) {
                    Some(session) => session,
                    None => continue,
                },
            };
            for query in session.live.iter_mut().filter(|query| !query.ready && query.keys.contains(&qualified)) {
                query.ready = true;
                self.live.ready.push((id, query.fingerprint));
            }
        }
        self.unfinished |= !self.live.ready.is_empty();
    }

    /// Ends a round: of what these queries read they are to hear again.
    pub fn end_live(&mut self, round: &[(SessionId, u32)], mut current: Option<&mut Session>) {
        for &(id, fingerprint) in round {
            let session = match &mut current {
                Some(session) if session.id == id => Some(&mut **session),
                _ => self.sessions.get_mut(id),
            };
            let queries = session.into_iter().flat_map(|session| &mut session.live);
            queries.filter(|query| query.fingerprint == fingerprint).for_each(|query| query.ready = false);
        }
    }

    /// Keeps a session up to date of a query, from its next change on, in the place of one with the same fingerprint. False where it has too many.
    pub fn add_live(&mut self, keyspace: &mut Keyspace, session: &mut Session, query: Query) -> bool {
        self.drop_live(keyspace, session, Some(query.fingerprint));
        if session.live.len() >= MOST {
            return false;
        }
        session.live.push(query);
        self.live.add(session);
        self.note_interest(keyspace);
        true
    }

    /// Takes from a session the queries of this fingerprint, or all.
    pub fn drop_live(&mut self, keyspace: &mut Keyspace, session: &mut Session, which: Option<u32>) {
        if session.live.is_empty() {
            return;
        }
        self.live.remove(session);
        session.live.retain(|query| which.is_some_and(|which| query.fingerprint != which));
        self.live.add(session);
        self.note_interest(keyspace);
    }
}
