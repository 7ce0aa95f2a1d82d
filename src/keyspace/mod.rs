//! The databases: keys, their values, and when they end.
//!
//! A key whose deadline has come is gone: whoever looks it up removes it first ([`Keyspace::entry`]), and
//! [`Keyspace::expire_due`] removes the others when the host's timer fires. The deadline index (`deadlines.rs`) knows the
//! next one exactly, for keys and for fields of hashes.

mod access;
mod db;
mod deadlines;
mod digest;
mod effects;
mod entry;
mod evict;
mod garbage;
mod journal;
mod log;
mod value;

use crate::resp::error::Error;
use crate::resp::room_for;
use crate::types::dict::hashing::{Rng, Seed};
use crate::types::dict::{self};
use crate::types::small::Small;
pub use access::{Access, Order, Policy, Rules, Scope};
pub use db::Db;
pub use deadlines::Deadlines;
pub use digest::Sum;
pub use effects::{Effect, Effects, class, each_field, write_counted};
pub use entry::Entry;
pub use evict::Pool;
pub use garbage::Garbage;
pub use journal::{Journal, TOGETHER};
pub use log::{Counts, Log};
pub use value::{Kind, Value};

/// When something ends, in milliseconds since the epoch.
pub type Deadline = u64;

/// The deadline of what has none. Every deadline that a command can set is earlier.
pub const NEVER: Deadline = Deadline::MAX;

/// The type of the value that a key held and that of the one it got instead, if it was there.
pub type Replaced = Option<(&'static str, &'static str)>;

/// Classes of events of what is overwritten.
const OVERWRITING: u32 = class::OVERWRITTEN | class::TYPE_CHANGED;

/// What becomes of a key's TTL when its value is replaced.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ttl {
    Clear,
    Keep,
    At(Deadline),
}

/// All databases. Methods without a database in their arguments work on the selected one.
pub struct Keyspace {
    dbs: Vec<Db>,
    seed: Seed,
    pub rng: Rng,
    /// How many vector sets VADD has begun.
    pub vector_sets: u64,
    /// Index of the database the methods work on.
    selected: usize,
    /// Milliseconds since the epoch, the same for all of a command. Not negative.
    pub now: i64,
    /// How accesses are noted.
    pub access: access::Rules,
    pub log: Log,
    pub garbage: Garbage,
    /// What may be evicted soon.
    pool: Pool,
    /// Keys due are removed by the timer (DEBUG SET-ACTIVE-EXPIRE).
    pub active_expire: bool,
    /// The earliest deadline of all databases, unless it is out of date.
    next: Deadline,
    /// Databases other than the selected one have changed since `next` was found.
    others_changed: bool,
}

/// A key that was read from a file, on its way into a database.
pub struct Loaded {
    db: usize,
    hash: u64,
    entry: Entry,
}

impl Keyspace {
    pub fn new(databases: usize, seed: u64) -> Keyspace {
        let table = Seed::new(seed);
        Keyspace {
            dbs: (0..databases).map(|index| Db::new(index, table)).collect(),
            seed: table,
            garbage: Garbage::default(),
            pool: Pool::default(),
            rng: Rng::new(seed),
            vector_sets: 0,
            selected: 0,
            now: 0,
            access: access::Rules::default(),
            log: Log::default(),
            active_expire: true,
            next: NEVER,
            others_changed: false,
        }
    }

    /// Forty characters that name an engine or a node, from the seed.
    pub fn random_id(&mut self) -> String {
        (0..40).map(|_| char::from(b"0123456789abcdef"[self.rng.below(16) as usize])).collect()
    }

    pub fn databases(&self) -> &[Db] {
        &self.dbs
    }

    /// The selected database.
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// Goes on with a walk through one database, keys due included; see [`Dict::scan`].
    pub fn scan_in(&self, db: usize, cursor: u64, count: usize, show: &mut dyn FnMut(&[u8], &Entry)) -> u64 {
        self.dbs[db].keys.scan(cursor, count, &mut |entry| show(entry.key(), entry))
    }

    /// Whether a walk that goes on at `cursor` has met this key, or would have.
    pub fn is_behind(&self, key: &[u8], cursor: u64) -> bool {
        dict::position(self.seed.hash(key)) < cursor
    }

    /// The entry of a key in one database, also one that is due; nothing is noted or removed.
    pub fn entry_in(&self, db: usize, key: &[u8]) -> Option<&Entry> {
        self.dbs[db].keys.get(key)
    }

    /// The seed that tables of this keyspace hash with.
    pub fn seed(&self) -> Seed {
        self.seed
    }

    fn db(&mut self) -> &mut Db {
        &mut self.dbs[self.selected]
    }

    /// Selects the database that the methods work on.
    #[inline(always)]
    pub fn select(&mut self, db: usize) {
        if self.selected != db {
            self.selected = db;
            self.others_changed = true;
        }
    }

    /// Number of keys in the selected database.
    pub fn len(&self) -> usize {
        self.dbs[self.selected].len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entry of a key, or `None` where there is none or its time has come; as a hit or miss if it is `counted`, as an
    /// access if it is `noted`.
    #[inline(never)]
    fn find(&mut self, key: &[u8], counted: bool, noted: bool) -> Option<&mut Entry> {
        let hash = self.seed.hash(key);
        let Keyspace { dbs, selected, log, access, now, rng, .. } = self;
        let entry = dbs[*selected].live(hash, key, *now, log);
        log.counts.hits += (counted && entry.is_some()) as u64;
        if counted && entry.is_none() {
            log.counts.misses += 1;
            log.effects.note(*selected as u32, key, class::MISS, "keymiss");
        }
        let entry = entry?;
        if noted {
            entry.access_mut().note(*access, *now, rng);
        }
        Some(entry)
    }

    /// The entry of a key, neither counted nor noted.
    #[inline(always)]
    pub fn entry(&mut self, key: &[u8]) -> Option<&mut Entry> {
        self.find(key, false, false)
    }

    /// The entry of a key for a command that only looks: a hit or a miss, and no access.
    #[inline(always)]
    pub fn look(&mut self, key: &[u8]) -> Option<&mut Entry> {
        self.find(key, true, false)
    }

    /// The same without telling anybody of a miss.
    pub fn inspect(&mut self, key: &[u8]) -> Option<&mut Entry> {
        let wanted = self.log.effects.wanted;
        self.log.effects.wanted &= !class::MISS;
        let there = self.find(key, true, false).is_some();
        self.log.effects.wanted = wanted;
        if there { self.entry(key) } else { None }
    }

    /// The value of a key for a command that reads: counted as a hit or a miss and as an access.
    #[inline(always)]
    pub fn read<K: Kind>(&mut self, key: &[u8]) -> Result<Option<&K>, Error> {
        self.read_mut(key).map(|value| value.map(|value| &*value))
    }

    /// As [`Keyspace::read`], for a command that also changes it.
    #[inline(always)]
    pub fn read_mut<K: Kind>(&mut self, key: &[u8]) -> Result<Option<&mut K>, Error> {
        K::within(self.readable(key))
    }

    #[inline(always)]
    fn readable(&mut self, key: &[u8]) -> Option<&mut Entry> {
        self.find(key, true, true)
    }

    /// The value of a key if it is of this kind, without a note of any sort: for commands that work with several values at
    /// once.
    pub fn peek<K: Kind>(&self, key: &[u8]) -> Option<&K> {
        self.peek_value(key).and_then(K::peek)
    }

    /// As [`Keyspace::peek`], whatever it is.
    pub fn peek_value(&self, key: &[u8]) -> Option<&Value> {
        let entry = self.dbs[self.selected].keys.get(key)?;
        (entry.deadline() > self.now as Deadline).then_some(entry.value())
    }

    /// The value of a key for a command that changes it. After the change of a collection: [`Keyspace::delete_or_reindex`].
    #[inline(always)]
    pub fn write<K: Kind>(&mut self, key: &[u8]) -> Result<Option<&mut K>, Error> {
        K::within(self.writable(key))
    }

    /// The same, whatever it is.
    #[inline(always)]
    pub fn writable(&mut self, key: &[u8]) -> Option<&mut Entry> {
        self.find(key, false, true)
    }

    /// The value of a key for a command that changes it; `fresh` where there was no such key.
    /// After the change of a collection: [`Keyspace::delete_or_reindex`].
    #[inline(always)]
    pub fn write_or<K: Kind + Into<Value>>(&mut self, key: &[u8], fresh: impl Fn(Seed) -> K) -> Result<&mut K, Error> {
        let entry = self.writable_or(key, &|seed| fresh(seed).into());
        K::peek_mut(entry.value_mut()).ok_or(Error::WrongType)
    }

    /// Not generic, as the other two, since it is long and every type would have its own.
    #[inline(never)]
    fn writable_or(&mut self, key: &[u8], fresh: &dyn Fn(Seed) -> Value) -> &mut Entry {
        let hash = self.seed.hash(key);
        let Keyspace { dbs, selected, log, access, now, rng, seed, .. } = self;
        let db = &mut dbs[*selected];
        let found = db.live(hash, key, *now, log).map(|entry| entry as *mut Entry);
        let entry = match found {
            // SAFETY: borrowed from `db` just now; a reference would keep it borrowed in the other branch too.
            Some(entry) => unsafe { &mut *entry },
            None => {
                let value = fresh(*seed);
                let access = access.fresh(*now);
                log.effects.note(db.index, key, class::NEW, "new");
                db.insert(hash, Entry::new(key, access, NEVER, value))
            }
        };
        entry.access_mut().note(*access, *now, rng);
        entry
    }

    /// Whether there is such a key; not an access.
    pub fn exists(&mut self, key: &[u8]) -> bool {
        self.entry(key).is_some()
    }

    /// Whether there is such a key, for a command that changes it: an access.
    pub fn meet(&mut self, key: &[u8]) -> bool {
        self.writable(key).is_some()
    }

    /// Notes an access to a key, as the hit or miss of a read. Whether there is such a key.
    pub fn touch(&mut self, key: &[u8]) -> bool {
        self.find(key, true, true).is_some()
    }

    /// Notes the time of a change, where the policy counts changes.
    pub fn note_change(&mut self, db: usize, key: &[u8]) {
        let access = self.access.fresh(self.now);
        self.within(db, |db| {
            if let Some(entry) = db.entry(key) {
                *entry.access_mut() = access;
            }
        });
    }

    /// Notes how long a key was not used, in seconds, or how often it was used, if it came with that.
    pub fn set_access(&mut self, key: &[u8], idle: Option<i64>, frequency: Option<u8>) {
        let (rules, now) = (self.access, self.now);
        if let Some(entry) = self.entry(key) {
            entry.access_mut().set(rules, now, idle, frequency);
        }
    }

    /// Sets a key, whatever it held before.
    #[inline(never)]
    pub fn set(&mut self, key: &[u8], value: Value, ttl: Ttl) {
        let hash = self.seed.hash(key);
        let access = self.access.fresh(self.now);
        let Keyspace { dbs, selected, log, now, .. } = self;
        let db = &mut dbs[*selected];
        let now = *now as Deadline;
        match db.keys.get_hashed_mut(hash, key) {
            Some(entry) if !matches!(entry.value(), Value::Hash(_)) && !matches!(value, Value::Hash(_)) => {
                let old = entry.deadline();
                if log.effects.wanted & OVERWRITING != 0 && old > now {
                    log.effects.note_overwritten(db.index, key, entry.value().type_name(), value.type_name());
                }
                let new = match ttl {
                    Ttl::Clear => NEVER,
                    Ttl::Keep if old <= now => NEVER,
                    Ttl::Keep => old,
                    Ttl::At(when) => when,
                };
                *entry.value_mut() = value;
                *entry.access_mut() = access;
                entry.set_deadline(new);
                db.move_deadline(hash, old, new);
                if old <= now {
                    log.counts.expired_keys += 1;
                    log.effects.note(db.index, key, class::EXPIRED, "expired");
                    log.effects.note(db.index, key, class::NEW, "new");
                }
            }
            found => {
                let old = found.map(|entry| (entry.deadline(), entry.value().type_name()));
                if let Some((_, kind)) = old.filter(|&(old, _)| log.effects.wanted & OVERWRITING != 0 && old > now) {
                    log.effects.note_overwritten(db.index, key, kind, value.type_name());
                }
                let old = old.map(|(old, _)| old);
                if old.is_some() {
                    db.remove(hash, key);
                }
                let deadline = match (ttl, old) {
                    (Ttl::Keep, Some(old)) if old > now => old,
                    (Ttl::At(when), _) => when,
                    _ => NEVER,
                };
                if old.is_some_and(|old| old <= now) {
                    log.counts.expired_keys += 1;
                    log.effects.note(db.index, key, class::EXPIRED, "expired");
                }
                if old.is_none_or(|old| old <= now) {
                    log.effects.note(db.index, key, class::NEW, "new");
                }
                db.insert(hash, Entry::new(key, access, deadline, value));
            }
        }
    }

    /// Notes that something happened to a key of the selected database.
    #[inline(always)]
    pub fn note(&mut self, key: &[u8], class: u32, event: &'static str) {
        self.log.effects.note(self.selected as u32, key, class, event);
    }

    /// Removes a key; whether it was there.
    pub fn remove(&mut self, key: &[u8]) -> bool {
        self.take(key).is_some()
    }

    /// Removes a key and gives its entry; not if its time had come.
    #[inline(never)]
    pub fn take(&mut self, key: &[u8]) -> Option<Entry> {
        self.entry(key)?;
        let hash = self.seed.hash(key);
        self.db().remove(hash, key)
    }

    /// Puts an entry that was taken (or a copy of its parts) into the selected database under this key.
    /// What the key held before is gone first, so it counts as new; what type that was and this is, for
    /// [`Keyspace::note_replaced`].
    pub fn put(&mut self, key: &[u8], value: Value, deadline: Deadline) -> Replaced {
        let (old, new) = (self.take(key), value.type_name());
        self.set(key, value, if deadline == NEVER { Ttl::Clear } else { Ttl::At(deadline) });
        old.map(|old| (old.value().type_name(), new))
    }

    /// Notes, behind the event of a command that has [put](Keyspace::put) a key, that there was one before.
    pub fn note_replaced(&mut self, key: &[u8], replaced: Replaced) {
        if let Some((old, new)) = replaced {
            self.log.effects.note_overwritten(self.selected as u32, key, old, new);
        }
    }

    /// Puts in keys that were read from a file, in their order: nobody is told. Whether all were new; of a name that was there, that key
    /// stays, unless it is to be replaced. What a table needs from memory for one is waited for together with the others.
    pub fn load(&mut self, keys: &mut Vec<Loaded>, replace: bool) -> bool {
        self.others_changed = true;
        keys.iter().for_each(|one| self.dbs[one.db].keys.touch(one.hash));
        keys.iter().for_each(|one| self.dbs[one.db].keys.touch_end(one.hash));
        let mut all_new = true;
        for Loaded { db, hash, entry } in keys.drain(..) {
            let db = &mut self.dbs[db];
            let is_new = db.keys.get_hashed(hash, entry.key()).is_none();
            if !is_new && replace {
                db.settle();
                db.remove(hash, entry.key());
            }
            if is_new || replace {
                db.insert_loaded(hash, entry);
            }
            all_new &= is_new;
        }
        all_new
    }

    /// After [`Keyspace::load`], before anybody asks for deadlines.
    pub fn settle(&mut self) {
        self.dbs.iter_mut().for_each(Db::settle);
    }

    /// A key that was read from a file, with the seconds that it was not used, or how often it was, if the file says that.
    pub fn loaded(
        &self,
        db: usize,
        key: &[u8],
        value: Value,
        deadline: Deadline,
        (idle, frequency): (Option<i64>, Option<u8>),
    ) -> Loaded {
        let mut access = self.access.fresh(self.now);
        access.set(self.access, self.now, idle, frequency);
        Loaded { db, hash: self.seed.hash(key), entry: Entry::new(key, access, deadline, value) }
    }

    /// Gives a key that exists a deadline; [`NEVER`] takes it away. `false` where there is no such key.
    #[inline(never)]
    pub fn set_deadline(&mut self, key: &[u8], deadline: Deadline) -> bool {
        let hash = self.seed.hash(key);
        let Some(entry) = self.entry(key) else { return false };
        let old = entry.set_deadline(deadline);
        self.db().move_deadline(hash, old, deadline);
        true
    }

    /// Takes a key's deadline away; whether it had one.
    pub fn persist(&mut self, key: &[u8]) -> bool {
        self.entry(key).is_some_and(|entry| entry.deadline() != NEVER) && self.set_deadline(key, NEVER)
    }

    /// To be called after a collection was changed: an empty one goes, and the index learns of new field deadlines.
    /// Whether the key is still there.
    #[inline(never)]
    pub fn delete_or_reindex(&mut self, key: &[u8]) -> bool {
        let hash = self.seed.hash(key);
        let Keyspace { dbs, selected, log, .. } = self;
        dbs[*selected].delete_or_reindex(hash, key, log)
    }

    /// Whether a key's value is not an empty collection, and the index knows its fields' next deadline.
    #[cfg(debug_assertions)]
    pub fn is_consistent(&self, key: &[u8]) -> bool {
        self.dbs[self.selected].keys.get(key).is_none_or(|entry| match entry.value() {
            Value::Hash(hash) if hash.indexed() != hash.next_deadline() => false,
            value => !value.is_spent(),
        })
    }

    /// A key at random, each as likely as any other; an access only if the caller makes it one.
    pub fn random_key(&mut self) -> Result<Option<Small>, Error> {
        loop {
            let Keyspace { dbs, selected, rng, now, .. } = self;
            let Some(entry) = dbs[*selected].keys.random(rng) else { return Ok(None) };
            room_for(entry.key().len())?;
            let key = Small::new(entry.key());
            if entry.deadline() > *now as Deadline {
                return Ok(Some(key));
            }
            self.entry(&key);
        }
    }

    /// Goes on with a scan at `cursor` (0: from the start), shows about `count` entries, and gives the next cursor (0: that
    /// was all). Keys whose time has come are not shown.
    pub fn scan(&self, cursor: u64, count: usize, show: &mut dyn FnMut(&[u8], &Entry)) -> u64 {
        let now = self.now as Deadline;
        self.scan_in(self.selected, cursor, count, &mut |key, entry| {
            if entry.deadline() > now {
                show(key, entry);
            }
        })
    }

    /// All keys of the selected database with their entries.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &Entry)> {
        let now = self.now as Deadline;
        self.dbs[self.selected]
            .keys
            .iter()
            .filter(move |entry| entry.deadline() > now)
            .map(|entry| (entry.key(), entry))
    }

    /// Empties one database, or all; how many keys that were. Their memory comes back at once, or later.
    pub fn flush(&mut self, which: Option<usize>, later: bool) -> u64 {
        let seed = self.seed;
        self.others_changed = true;
        let dbs = match which {
            Some(index) => &mut self.dbs[index..=index],
            None => &mut self.dbs[..],
        };
        let mut removed = 0;
        for db in dbs {
            removed += db.len() as u64;
            let old = std::mem::replace(db, Db::new(db.index as usize, seed));
            if later {
                self.garbage.put_db(old);
            }
        }
        removed
    }

    /// Exchanges two databases.
    pub fn swap(&mut self, a: usize, b: usize) {
        self.others_changed = true;
        self.dbs.swap(a, b);
        self.dbs[a].index = a as u32;
        self.dbs[b].index = b as u32;
    }

    /// Puts other databases in the place of these, as many, and gives these back.
    pub fn exchange(&mut self, mut dbs: Vec<Db>) -> Vec<Db> {
        self.others_changed = true;
        std::mem::swap(&mut self.dbs, &mut dbs);
        dbs
    }

    /// As many databases as there are, empty.
    pub fn fresh(&self) -> Vec<Db> {
        (0..self.dbs.len()).map(|index| Db::new(index, self.seed)).collect()
    }

    /// Lets go of databases. Their memory comes back later.
    pub fn drop_databases(&mut self, dbs: Vec<Db>) {
        self.others_changed = true;
        dbs.into_iter().for_each(|db| self.garbage.put_db(db));
    }

    /// Moves all keys of other databases into these, in the place of those of the same name. There must be memory for the tables.
    pub fn absorb(&mut self, mut dbs: Vec<Db>) {
        self.others_changed = true;
        let mut names: Vec<Small> = Vec::new();
        for (from, into) in dbs.iter_mut().zip(&mut self.dbs) {
            let mut cursor = 0;
            loop {
                cursor = from.keys.scan(cursor, 64, &mut |entry| names.push(Small::new(entry.key())));
                for key in names.drain(..) {
                    let hash = self.seed.hash(&key);
                    let Some(entry) = from.remove(hash, &key) else { continue };
                    into.remove(hash, &key);
                    into.insert(hash, entry);
                }
                if cursor == 0 {
                    break;
                }
            }
        }
    }

    /// Whether a journal is kept: then a command that would not do the same again says what it did with [`Keyspace::propagate`].
    #[inline(always)]
    pub fn journaling(&self) -> bool {
        self.log.journal.on
    }

    /// Writes a command for the journal in the place of the one that is running, which happened in the selected database.
    #[inline(never)]
    pub fn propagate(&mut self, args: &[&[u8]]) {
        if self.log.journal.on {
            self.log.journal.propagated = true;
            self.log.journal.write(self.selected as u32, args);
        }
    }

    /// Runs `f` with another database selected.
    pub fn within<T>(&mut self, db: usize, f: impl FnOnce(&mut Keyspace) -> T) -> T {
        self.others_changed = true;
        let selected = std::mem::replace(&mut self.selected, db);
        let result = f(self);
        self.selected = selected;
        result
    }

    /// The earliest deadline of any key or field. Nearly always what it was, which costs three comparisons.
    #[inline]
    pub fn next_deadline(&mut self) -> Deadline {
        let db = &self.dbs[self.selected];
        if self.others_changed || db.noted != db.next_deadline() {
            self.others_changed = false;
            self.next = if self.garbage.is_empty() { NEVER } else { self.now as Deadline };
            for db in &mut self.dbs {
                db.noted = db.next_deadline();
                self.next = self.next.min(db.noted);
            }
        }
        self.next
    }

    /// Frees a part of what was left for later.
    pub fn sweep(&mut self, about: usize) {
        self.garbage.free(about);
        self.others_changed = true;
    }

    /// Removes a key; its memory comes back later, if there is much of it. Whether it was there.
    pub fn unlink(&mut self, key: &[u8]) -> bool {
        let Some(entry) = self.take(key) else { return false };
        self.garbage.put(entry.into_value());
        self.others_changed = true;
        true
    }

    /// Removes keys and fields whose time has come, at most about `budget` of them. Whether none is left.
    pub fn expire_due(&mut self, mut budget: usize) -> bool {
        if !self.active_expire {
            return true;
        }
        let now = self.now as Deadline;
        self.others_changed = true;
        let Keyspace { dbs, log, .. } = self;
        for db in dbs {
            while let Some(hash) = db.deadlines.due(now) {
                if budget == 0 {
                    return false;
                }
                budget -= 1;
                match db.keys.find_by_hash(hash, |entry| entry.deadline() <= now).map(|entry| Small::new(entry.key())) {
                    Some(key) => {
                        db.remove(hash, &key);
                        log.counts.expired_keys += 1;
                        log.counts.expired_keys_active += 1;
                        log.propagate_expired(db.index, &key);
                        log.journal.end_unit();
                    }
                    None => db.deadlines.drop_first(),
                }
            }
            while let Some(hash) = db.field_deadlines.due(now) {
                if budget == 0 {
                    return false;
                }
                let is_due = |entry: &Entry| entry.value().indexed() <= now;
                let Some(entry) = db.keys.find_by_hash_mut(hash, is_due) else {
                    db.field_deadlines.drop_first();
                    continue;
                };
                let key = Small::new(entry.key());
                let Value::Hash(fields) = entry.value_mut() else { continue };
                let gone = log.expire_fields(db.index, &key, fields, now as i64, budget);
                log.journal.end_unit();
                budget = budget.saturating_sub(gone.max(1));
                log.counts.expired_fields += gone as u64;
                log.counts.expired_fields_active += gone as u64;
                db.delete_or_reindex(hash, &key, log);
            }
        }
        true
    }
}
