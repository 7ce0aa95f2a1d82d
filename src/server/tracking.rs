//! CLIENT TRACKING: who is to be told when a key changes that it may have kept a copy of.
//!
//! In the default mode the names of the keys that a session reads are remembered with it, whatever their database, and forgotten
//! with the first message. In the mode BCAST a session names prefixes; what changed under them is told once for all commands that
//! came together, in the order of the names. What a session has chosen stands with it ([`Session::tracking`]).
//!
//! A session that has gone stays in the table of names until they change: its number means nobody from then on. The table has
//! at most `tracking-table-max-keys` names; beyond that some are taken out by chance, and told as if they had changed. While nobody
//! tracks, a command costs no more than without it.

use super::Server;
use super::config::Id;
use super::session::{Session, SessionId};
use super::sessions::Stray;
use crate::keyspace::Keyspace;
use crate::resp::args::Args;
use crate::resp::write::{argument, length};
use crate::table::keys::each_key;
use crate::table::spec::Spec;
use crate::table::spec::flags::{READONLY, SKIP_MONITOR};
use crate::types::dict::hashing::Seed;
use crate::types::number::{INT_LEN, format_int};
use crate::types::pairs::{self, Pair};
use crate::types::registry::Registry;

/// What a session has chosen: bits of [`Session::tracking`].
pub mod mode {
    pub const ON: u8 = 1;
    pub const BCAST: u8 = 1 << 1;
    pub const OPTIN: u8 = 1 << 2;
    pub const OPTOUT: u8 = 1 << 3;
    /// CLIENT CACHING was said, for the next command.
    pub const CACHING: u8 = 1 << 4;
    pub const NOLOOP: u8 = 1 << 5;
    /// The session that is to be told in its place has gone.
    pub const BROKEN: u8 = 1 << 6;
}

/// A prefix, the sessions that named it, and what has changed under it since they were told: names, with who changed them last.
struct Prefix {
    text: Vec<u8>,
    sessions: Vec<SessionId>,
    changed: Registry,
}

/// See the head of this file.
pub struct Tracking {
    /// The names that were read, with those who read them.
    keys: Registry,
    /// How many sessions stand in there, in all.
    items: usize,
    /// In their order.
    prefixes: Vec<Prefix>,
    /// How many sessions track.
    pub clients: usize,
    /// Something has changed under a prefix.
    pub pending: bool,
    /// Hashes of names, each with a session that stands in the table for it: most keys are read more than once. Empty while nobody
    /// tracks.
    seen: Vec<[u64; 2]>,
}

/// So many places for hashes there are, each for two.
const SEEN: usize = 1 << 11;

impl Tracking {
    pub fn new(seed: Seed) -> Tracking {
        Tracking {
            keys: Registry::new(seed),
            items: 0,
            prefixes: Vec::new(),
            clients: 0,
            pending: false,
            seen: Vec::new(),
        }
    }

    /// Whether anybody is to be told of changes.
    pub fn is_active(&self) -> bool {
        self.clients > 0 || !self.keys.is_empty()
    }

    /// Names, sessions in their places, and prefixes.
    pub fn counts(&self) -> (usize, usize, usize) {
        (self.keys.len(), self.items, self.prefixes.len())
    }

    /// Whether a session is known to stand behind a name; it is from here on.
    #[inline(always)]
    fn has_seen(&mut self, key: &[u8], id: SessionId) -> bool {
        let hash = self.keys.hash(key);
        let mark = hash ^ id << 48;
        let Some(seen) = self.seen.get_mut(hash as usize % SEEN) else { return false };
        if seen[0] == mark || seen[1] == mark {
            return true;
        }
        *seen = [mark, seen[0]];
        false
    }

    /// Puts a session behind a name.
    fn add(&mut self, key: &[u8], id: SessionId) {
        self.items += self.keys.add(key, id) as usize;
    }

    /// Takes out a name with those who stand there.
    fn take(&mut self, key: &[u8]) -> Vec<SessionId> {
        let sessions = self.keys.take(key);
        if !sessions.is_empty() {
            self.items -= sessions.len();
            self.seen[self.keys.hash(key) as usize % SEEN] = [0; 2];
        }
        sessions
    }

    fn add_prefix(&mut self, text: &[u8], id: SessionId, seed: Seed) {
        let at = self.prefixes.partition_point(|prefix| &prefix.text[..] < text);
        if self.prefixes.get(at).is_none_or(|prefix| prefix.text != text) {
            self.prefixes
                .insert(at, Prefix { text: text.to_vec(), sessions: Vec::new(), changed: Registry::new(seed) });
        }
        self.prefixes[at].sessions.push(id);
    }
}

/// Keys as a message tells them.
fn listed<'a>(keys: impl ExactSizeIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut out = Vec::new();
    length(&mut out, b'*', keys.len());
    keys.for_each(|key| argument(&mut out, key));
    out
}

impl Server {
    /// CLIENT TRACKING ON: the session tracks in this mode from here on, for prefixes that are new to it.
    pub fn track(
        &mut self,
        keyspace: &mut Keyspace,
        session: &mut Session,
        mode: u8,
        redirect: SessionId,
        prefixes: &[&[u8]],
    ) {
        self.tracking.clients += (session.tracking == 0) as usize;
        self.tracking.seen.resize(SEEN, [0; 2]);
        (session.tracking, session.redirect) = (mode | mode::ON, redirect);
        if mode & mode::BCAST != 0 {
            let all: [&[u8]; 1] = [b""];
            let named = if prefixes.is_empty() { &all[..] } else { prefixes };
            for prefix in named {
                if session.prefixes.iter().any(|known| known == prefix) {
                    continue;
                }
                self.tracking.add_prefix(prefix, session.id, keyspace.seed());
                let at = session.prefixes.partition_point(|known| &known[..] < *prefix);
                session.prefixes.insert(at, prefix.to_vec());
            }
        }
        self.note_interest(keyspace);
    }

    /// CLIENT TRACKING OFF. The names that the session has read stay, as in Redis: should it track again, it hears of them.
    pub fn untrack(&mut self, keyspace: &mut Keyspace, session: &mut Session) {
        if session.tracking == 0 {
            return;
        }
        self.tracking.clients -= 1;
        (session.tracking, session.redirect) = (0, 0);
        if !std::mem::take(&mut session.prefixes).is_empty() {
            for prefix in &mut self.tracking.prefixes {
                prefix.sessions.retain(|&id| id != session.id);
            }
            self.tracking.prefixes.retain(|prefix| !prefix.sessions.is_empty());
        }
        self.note_interest(keyspace);
    }

    /// Remembers the keys that a command of this session has read, which tracks.
    #[inline(always)]
    pub fn remember(&mut self, keyspace: &mut Keyspace, session: &mut Session, cmd: &Spec, args: Args<'_>) {
        // As nearly all have it: one key, and a session that remembers all.
        let one = cmd.specs.is_empty() && cmd.shape.first * cmd.shape.last == 1;
        if !(one
            && session.tracking == mode::ON
            && cmd.flags & READONLY != 0
            && self.tracking.has_seen(args.at(1), session.id))
        {
            self.remember_all(keyspace, session, cmd, args);
        }
    }

    #[inline(never)]
    fn remember_all(&mut self, keyspace: &mut Keyspace, session: &mut Session, cmd: &Spec, args: Args<'_>) {
        use mode::*;
        let caching = session.tracking & CACHING != 0;
        let wanted = match session.tracking & (BCAST | OPTIN | OPTOUT) {
            0 => true,
            OPTIN => caching,
            OPTOUT => !caching,
            _ => false,
        };
        // What runs a script leaves it to the script's commands.
        if !wanted || cmd.flags & (READONLY | SKIP_MONITOR) != READONLY {
            return;
        }
        let (tracking, id) = (&mut self.tracking, session.id);
        // Where the arguments are wrong there was nothing to be read.
        let _ = each_key(cmd, args, &mut |key, _| tracking.add(key, id));
        let most = self.config.size(Id::TrackingKeys);
        while most > 0 && self.tracking.keys.len() > most {
            let Some(name) = self.tracking.keys.any(&mut keyspace.rng) else { return };
            self.forget_key(&name, Some(session));
        }
    }

    /// Tells those who have read a key that it changed, and remembers to tell those who named a prefix of it. `current` is the
    /// session that is being served, if there is one.
    #[cold]
    pub fn invalidate(&mut self, key: &[u8], current: Option<&mut Session>) {
        let by = current.as_ref().map_or(0, |session| session.id);
        for prefix in &mut self.tracking.prefixes {
            if key.starts_with(&prefix.text) {
                prefix.changed.take(key);
                prefix.changed.add(key, by);
                self.tracking.pending = true;
            }
        }
        self.forget_key(key, current);
    }

    /// Takes a name out of the table, and tells those who stood there.
    fn forget_key(&mut self, key: &[u8], mut current: Option<&mut Session>) {
        let sessions = self.tracking.take(key);
        if sessions.is_empty() {
            return;
        }
        let keys = listed([key].into_iter());
        for id in sessions {
            let own = current.as_ref().is_some_and(|session| session.id == id && session.tracking & mode::NOLOOP != 0);
            if !own {
                self.tell(current.as_deref_mut(), id, mode::BCAST, Some(&keys));
            }
        }
    }

    /// Tells all who track that all keys have changed.
    pub fn invalidate_all(&mut self, mut current: Option<&mut Session>) {
        let mut all: Vec<SessionId> =
            self.sessions.iter().filter(|session| session.tracking != 0).map(|session| session.id).collect();
        all.extend(current.as_ref().filter(|session| session.tracking != 0).map(|session| session.id));
        for id in all {
            self.tell(current.as_deref_mut(), id, 0, None);
        }
        let seed = self.tracking.keys.seed();
        (self.tracking.keys, self.tracking.items) = (Registry::new(seed), 0);
        self.tracking.seen.fill([0; 2]);
    }

    /// Tells those who named prefixes what has changed under them.
    #[cold]
    pub fn broadcast(&mut self, mut current: Option<&mut Session>) {
        self.tracking.pending = false;
        for at in 0..self.tracking.prefixes.len() {
            let prefix = &mut self.tracking.prefixes[at];
            if prefix.changed.is_empty() {
                continue;
            }
            let empty = Registry::new(prefix.changed.seed());
            let changed = std::mem::replace(&mut prefix.changed, empty);
            let sessions = prefix.sessions.clone();
            let names: Vec<(&[u8], SessionId)> = changed.iter().map(|(name, by)| (name, by[0])).collect();
            let mut order: Vec<Pair> = (0..names.len() as u64).map(|i| (i, i)).collect();
            pairs::sort(&mut order, &|a, b| names[a.0 as usize].0.cmp(names[b.0 as usize].0));
            let sorted = |but: SessionId| -> Vec<&[u8]> {
                let all = order.iter().map(|&(i, _)| names[i as usize]);
                all.filter(|&(_, by)| by != but || but == 0).map(|(name, _)| name).collect()
            };
            let all = listed(sorted(0).into_iter());
            for id in sessions {
                let own = match &current {
                    Some(session) if session.id == id => session.tracking & mode::NOLOOP != 0,
                    _ => self.sessions.get_mut(id).is_some_and(|session| session.tracking & mode::NOLOOP != 0),
                };
                if !own {
                    self.tell(current.as_deref_mut(), id, 0, Some(&all));
                    continue;
                }
                let others = sorted(id);
                if !others.is_empty() {
                    self.tell(current.as_deref_mut(), id, 0, Some(&listed(others.into_iter())));
                }
            }
        }
    }

    /// Tells a session, or the one that is to be told in its place, of keys; `None` means all. Not if its mode is one of `but`.
    pub fn tell(&mut self, mut current: Option<&mut Session>, id: SessionId, but: u8, keys: Option<&[u8]>) {
        let source = match &mut current {
            Some(session) if session.id == id => &mut **session,
            _ if !self.sessions.is_open(id) => return,
            _ => match self.sessions.get_mut(id) {
                Some(session) => session,
                None => return self.sessions.strays.push(Stray::Changed(keys.unwrap_or_default().to_vec())),
            },
        };
        if source.tracking == 0 || source.tracking & but != 0 {
            return;
        }
        // As in Redis, null is written in the protocol of the one that tracks.
        let keys = keys.unwrap_or(if source.resp3 { b"_\r\n" } else { b"$-1\r\n" });
        let (resp3, redirect) = (source.resp3, source.redirect);
        if redirect == 0 {
            return self.hand(current, id, keys, false);
        }
        let me = redirect == id || current.as_ref().is_some_and(|session| session.id == redirect);
        let broken =
            !me && (!self.sessions.is_open(redirect) || self.sessions.get_mut(redirect).is_some_and(|s| s.closing));
        if !broken {
            return self.hand(current, redirect, keys, true);
        }
        match &mut current {
            Some(session) if session.id == id => session.tracking |= mode::BROKEN,
            _ => self.sessions.get_mut(id).into_iter().for_each(|session| session.tracking |= mode::BROKEN),
        }
        if resp3 {
            let mut digits = [0; INT_LEN];
            let number = format_int(redirect as i64, &mut digits);
            let mut bytes = [b">2\r\n$21\r\ntracking-redir-broken\r\n:", number, b"\r\n"].concat();
            self.deliver(current, id, &mut bytes, false);
        }
    }

    /// Gives a session the message itself: a push, or in RESP2 a message of a channel, if it listens to any and is told in the
    /// place of another.
    pub fn hand(&mut self, current: Option<&mut Session>, id: SessionId, keys: &[u8], redirected: bool) {
        let target = match &current {
            Some(session) if session.id == id => &**session,
            _ => match self.sessions.get_mut(id) {
                Some(session) => session,
                None => return self.sessions.strays.push(Stray::Redirected(keys.to_vec())),
            },
        };
        let head: &[u8] = match (target.resp3, redirected && target.subscriptions() > 0) {
            (true, _) => b">2\r\n$10\r\ninvalidate\r\n",
            (false, true) => b"*3\r\n$7\r\nmessage\r\n$20\r\n__redis__:invalidate\r\n",
            (false, false) => return,
        };
        self.deliver(current, id, &mut [head, keys].concat(), false);
    }
}
