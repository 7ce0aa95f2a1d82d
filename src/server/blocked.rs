//! Sessions that wait: for a key (BLPOP and its kind), until a deadline.
//!
//! A command that finds nothing parks its session with a copy of its arguments ([`Waiting::park`]). When one of its keys
//! changes ([`Waiting::look_at`]), the engine runs the same handler again, in the order in which the sessions came; it then
//! answers, or finds nothing again and parks anew. What a served session changes may wake the next one, so a chain of
//! BLMOVE runs through in one go.

use crate::keyspace::{Deadline, NEVER};
use crate::resp::args::{Args, Span};
use crate::server::session::{Session, SessionId, Wait, Wants};
use crate::types::dict::hashing::Seed;
use crate::types::pairs::{self, Ordered, Pair};
use crate::types::registry::{Registry, qualified_key, split_key};
use crate::types::small::Small;

/// A command that waits.
pub struct Parked {
    /// The number of its row.
    pub number: usize,
    bytes: Vec<u8>,
    spans: Vec<Span>,
    /// The names of its keys in the registry.
    qualified_keys: Vec<Vec<u8>>,
    pub wants: Wants,
    pub deadline: Deadline,
    /// When it looks again: [`Wait::again`].
    again: Option<Deadline>,
    /// How often an awaited key had changed when its command last looked: until one changes again there is nothing to find.
    pub looked: u64,
}

impl Parked {
    /// The first of its keys.
    pub fn key(&self) -> Option<&[u8]> {
        self.qualified_keys.first().map(|qualified| split_key(qualified).1)
    }

    /// All of them, as they are named in [`Waiting::keys`].
    pub fn qualified_keys(&self) -> &[Vec<u8>] {
        &self.qualified_keys
    }

    pub fn args(&self) -> Args<'_> {
        Args::new(&self.bytes, &self.spans)
    }
}

/// CLIENT PAUSE.
pub struct Pause {
    pub until: Deadline,
    /// All commands wait, not only those that write.
    pub all: bool,
}

/// Why a session no longer waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Release {
    Timeout,
    /// CLIENT UNBLOCK ... ERROR
    Error,
    /// Its slot is not here any more.
    Moved,
    /// The host could not save, and goes on.
    NotEnded,
}

/// All that wait.
pub struct Waiting {
    /// Sessions by the keys they wait for.
    pub keys: Registry,
    deadlines: Ordered,
    /// Those that look again, by when.
    again: Ordered,
    /// How many sessions wait.
    pub count: usize,
    /// Keys that changed and that somebody waits for, in order, and the same to be looked up in.
    ready: Vec<Small>,
    /// How many of those have been looked at, until all have.
    looked_at: usize,
    is_ready: Registry,
    /// How often an awaited key has changed.
    pub changes: u64,
    /// Sessions that CLIENT UNBLOCK names.
    pub released: Vec<(SessionId, Release)>,
    /// Commands wait until it is over.
    pub pause: Option<Pause>,
    /// Sessions that wait for that, in the order in which they came.
    pub held: Vec<SessionId>,
}

impl Waiting {
    pub fn new(seed: Seed) -> Waiting {
        Waiting {
            keys: Registry::new(seed),
            deadlines: Ordered::default(),
            again: Ordered::default(),
            count: 0,
            ready: Vec::new(),
            looked_at: 0,
            is_ready: Registry::new(seed),
            changes: 0,
            released: Vec::new(),
            pause: None,
            held: Vec::new(),
        }
    }

    /// Has clients wait until then. A second pause makes neither shorter nor milder what the first one asked for.
    pub fn pause(&mut self, until: Deadline, all: bool) {
        let before = self.pause.as_ref().map_or((0, false), |pause| (pause.until, pause.all));
        self.pause = Some(Pause { until: until.max(before.0), all: all || before.1 });
    }

    /// The earliest deadline.
    #[inline(always)]
    pub fn next_deadline(&self) -> Deadline {
        if self.count == 0 && self.pause.is_none() { NEVER } else { self.first_deadline() }
    }

    #[cold]
    fn first_deadline(&self) -> Deadline {
        let pause = self.pause.as_ref().map_or(NEVER, |pause| pause.until);
        let first = |set: &Ordered| set.first().map_or(NEVER, |(deadline, _)| deadline);
        first(&self.deadlines).min(first(&self.again)).min(pause)
    }

    /// How many have a deadline.
    pub fn with_deadline(&self) -> usize {
        self.deadlines.len()
    }

    /// Parks a session whose command just asked for it. A command that was run again keeps its first deadline.
    pub fn park(&mut self, session: &mut Session, wait: Wait, args: Args<'_>, before: Option<Deadline>) {
        let (mut bytes, mut spans) = (Vec::new(), Vec::new());
        match wait.args {
            Some(own) => {
                for arg in &own {
                    spans.push(Span { at: bytes.len() as u32, len: arg.len() as u32 });
                    bytes.extend_from_slice(arg);
                }
            }
            None => args.copy_to(&mut bytes, &mut spans),
        }
        let deadline = before.unwrap_or(wait.deadline);
        let mut parked = Parked {
            number: wait.number,
            bytes,
            spans,
            qualified_keys: Vec::new(),
            wants: wait.wants,
            deadline,
            again: wait.again,
            looked: self.changes,
        };
        parked.qualified_keys = wait.keys.map(|at| qualified_key(session.db, parked.args().at(at))).collect();
        self.enter(session, Box::new(parked));
    }

    /// Lets `to` wait in the place of `from`, if that one waits.
    pub fn hand_over(&mut self, from: &mut Session, to: &mut Session) {
        if let Some(parked) = self.unpark(from) {
            self.enter(to, parked);
        }
    }

    fn enter(&mut self, session: &mut Session, parked: Box<Parked>) {
        for qualified in &parked.qualified_keys {
            self.keys.add(qualified, session.id);
        }
        if parked.deadline != NEVER {
            self.deadlines.insert((parked.deadline, session.id));
        }
        if let Some(again) = parked.again {
            self.again.insert((again, session.id));
        }
        self.count += 1;
        session.parked = Some(parked);
    }

    /// Takes a session out; what it waited with.
    pub fn unpark(&mut self, session: &mut Session) -> Option<Box<Parked>> {
        let parked = session.parked.take()?;
        for qualified in &parked.qualified_keys {
            self.keys.remove(qualified, session.id);
        }
        self.deadlines.remove((parked.deadline, session.id));
        if let Some(again) = parked.again {
            self.again.remove((again, session.id));
        }
        self.count -= 1;
        Some(parked)
    }

    /// Notes that a key has changed, if somebody waits for it.
    pub fn look_at(&mut self, db: usize, key: &[u8]) {
        if self.keys.is_empty() {
            return;
        }
        let qualified = qualified_key(db, key);
        if self.keys.of(&qualified).is_empty() {
            return;
        }
        self.changes += 1;
        if self.is_ready.add(&qualified, 0) {
            self.ready.push(Small::new(&qualified));
        }
    }

    /// Whether keys are ready.
    pub fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// The next key that is ready, which is not from here on.
    pub fn next_ready(&mut self) -> Option<Small> {
        let qualified = std::mem::take(self.ready.get_mut(self.looked_at)?);
        self.looked_at += 1;
        if self.looked_at == self.ready.len() {
            self.ready.clear();
            self.looked_at = 0;
        }
        self.is_ready.remove(&qualified, 0);
        Some(qualified)
    }

    /// Lets those go who wait for a key of which this is true.
    pub fn release_those(&mut self, of: impl Fn(&[u8]) -> bool) {
        let mut gone: Vec<Pair> = Vec::new();
        for (qualified, ids) in self.keys.iter() {
            if of(split_key(qualified).1) {
                gone.extend(ids.iter().map(|&id| (id, 0)));
            }
        }
        pairs::sort(&mut gone, &Pair::cmp);
        gone.dedup();
        self.released.extend(gone.into_iter().map(|(id, _)| (id, Release::Moved)));
    }

    /// Whether somebody waits for what is pending.
    pub fn claiming(&self) -> bool {
        !self.again.is_empty()
    }

    /// Has the keys looked at of those whose time it is to look again.
    pub fn look_again(&mut self, now: Deadline, keys_of: &mut dyn FnMut(SessionId) -> Vec<Vec<u8>>) {
        while let Some((_, id)) = self.again.first().filter(|&(at, _)| at <= now) {
            self.again.drop_first();
            for qualified in keys_of(id) {
                let (db, key) = split_key(&qualified);
                self.look_at(db, key);
            }
        }
    }

    /// A session whose time is over, if there is one.
    pub fn due(&self, now: Deadline) -> Option<SessionId> {
        self.deadlines.first().filter(|&(deadline, _)| deadline <= now).map(|(_, id)| id)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Engine, Options, SessionOptions};

    #[test]
    fn a_clone_waits_in_the_place_of_its_session() {
        let mut engine = Engine::new(Options { now: 1000.0, ..Options::default() });
        let trusted = || SessionOptions { resp: 3, trusted: true, ..SessionOptions::default() };
        let (a, b) = (engine.open_session(trusted()), engine.open_session(trusted()));
        engine.feed(a, 1000.0, b"SELECT 2\r\nCLIENT SETNAME worker\r\n");
        engine.feed(b, 1000.0, b"SELECT 2\r\n");
        assert_eq!(engine.feed(a, 1000.0, b"BLPOP k 5\r\n"), b"");
        assert_eq!((engine.wait_deadline(a), engine.wait_deadline(b)), (6000.0, f64::INFINITY));
        let clone = engine.clone_session(a);
        assert_eq!((engine.is_waiting(a), engine.is_waiting(clone)), (false, true));
        assert_eq!((engine.wait_deadline(clone), engine.next_deadline()), (6000.0, 6000.0));
        assert_eq!(engine.database(clone), 2);
        assert_eq!(engine.feed(a, 1000.0, b"CLIENT GETNAME\r\n"), b"$6\r\nworker\r\n");
        assert_eq!(engine.feed(b, 1000.0, b"RPUSH k x\r\n"), b":1\r\n");
        assert_eq!(engine.next_output(), Some((clone, &b"*2\r\n$1\r\nk\r\n$1\r\nx\r\n"[..], false)));
        assert_eq!(engine.next_output(), None);
        assert_eq!(engine.feed(clone, 1000.0, b"CLIENT GETNAME\r\n"), b"$6\r\nworker\r\n");
        assert_eq!(engine.clone_session(99), 0);
    }

    #[test]
    fn a_clone_that_is_closed_takes_nothing() {
        let mut engine = Engine::new(Options::default());
        let a = engine.open_session(SessionOptions { resp: 3, trusted: true, ..SessionOptions::default() });
        engine.feed(a, 0.0, b"BLPOP k 5\r\n");
        let clone = engine.clone_session(a);
        engine.close_session(clone);
        assert_eq!(engine.next_deadline(), f64::INFINITY);
        assert_eq!(engine.feed(a, 0.0, b"RPUSH k x\r\nLLEN k\r\n"), b":1\r\n:1\r\n");
        assert_eq!(engine.next_output(), None);
    }
}
