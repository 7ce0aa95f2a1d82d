//! What goes when `maxmemory` is reached. Policies by age or frequency are approximated as in Redis: a few keys are drawn, and the best
//! of them, and of those that were drawn before, goes; the more are drawn (`maxmemory-samples`), the closer it comes to the exact order.
//! `volatile-ttl` is exact: what ends next is known.

use super::{Db, Entry, Keyspace, NEVER, Order, Policy, Scope, access, class};
use crate::types::dict::hashing::Rng;

/// So many candidates are remembered.
const POOL: usize = 16;

/// Keys that may go soon, the best last. They are drawn, so that they may be gone by now, or have been used.
pub struct Pool {
    candidates: Vec<Candidate>,
    /// Under which they were drawn: another one has other scores.
    policy: Policy,
    /// The database that a random key was taken from last.
    turn: usize,
}

#[derive(Clone, Copy)]
struct Candidate {
    score: u64,
    db: usize,
    /// Of its key, which stands for it.
    hash: u64,
}

impl Default for Pool {
    fn default() -> Pool {
        Pool { candidates: Vec::new(), policy: Policy::NO_EVICTION, turn: 0 }
    }
}

impl Pool {
    /// Whether a key of this score would be taken in.
    fn wants(&self, score: u64) -> bool {
        self.candidates.len() < POOL || self.candidates[0].score < score
    }

    /// Takes a candidate in, if it is better than the worst one or there is room.
    fn offer(&mut self, candidate: Candidate) {
        let place = self.candidates.partition_point(|other| other.score < candidate.score);
        if self.candidates.iter().any(|other| (other.db, other.hash) == (candidate.db, candidate.hash)) {
            return;
        }
        if self.candidates.len() < POOL {
            self.candidates.insert(place, candidate);
        } else if place > 0 {
            self.candidates.copy_within(1..place, 0);
            self.candidates[place - 1] = candidate;
        }
    }
}

/// How much there is for an entry to go: seconds unused (LRU, LRM), or how seldom it is used (LFU).
fn score(entry: &Entry, rules: access::Rules, now: i64) -> u64 {
    if rules.lfu() {
        255 - entry.access().frequency(rules, now) as u64
    } else {
        entry.access().idle_seconds(now) as u64
    }
}

impl Db {
    /// Draws so many keys, or fewer where few have a TTL and those are wanted.
    fn draw(&self, scope: Scope, samples: usize, rng: &mut Rng, show: &mut dyn FnMut(&Entry)) {
        const DRAWS: usize = 16;
        match scope {
            Scope::Nothing => {}
            Scope::AllKeys => self.keys.sample(rng, samples, show),
            Scope::Volatile if self.deadlines.len() * DRAWS >= self.len() => {
                let mut left = samples;
                self.keys.sample(rng, samples * DRAWS, &mut |entry| {
                    if left > 0 && entry.deadline() != NEVER {
                        left -= 1;
                        show(entry);
                    }
                });
            }
            Scope::Volatile => (0..samples).filter_map(|_| self.random_volatile(rng)).for_each(show),
        }
    }

    /// Whether a policy finds keys here.
    fn offers(&self, scope: Scope) -> bool {
        match scope {
            Scope::Nothing => false,
            Scope::AllKeys => !self.is_empty(),
            Scope::Volatile => !self.deadlines.is_empty(),
        }
    }
}

impl Keyspace {
    /// Removes the key that the policy says is to go; false where it finds none. The caller ends the journal's unit.
    ///
    /// Costs a look at `samples` keys and at those that were drawn before.
    #[cold]
    pub fn evict(&mut self, samples: usize) -> bool {
        let Some((db, key)) = self.next_to_go(samples) else { return false };
        let hash = self.seed.hash(&key);
        let Some(entry) = self.dbs[db].remove(hash, &key) else { return false };
        self.garbage.put(entry.into_value());
        self.others_changed = true;
        let log = &mut self.log;
        log.counts.evicted_keys += 1;
        log.effects.note(db as u32, &key, class::EVICTED, "evicted");
        if log.journal.on {
            log.journal.write(db as u32, &[b"DEL", &key]);
        }
        true
    }

    /// The database and the name of the key that is to go.
    fn next_to_go(&mut self, samples: usize) -> Option<(usize, Box<[u8]>)> {
        let scope = self.access.policy.scope;
        if !self.dbs.iter().any(|db| db.offers(scope)) {
            return None;
        }
        let (db, hash) = match self.access.policy.order {
            Order::Ttl => self.ends_next()?,
            Order::Random => self.at_random(scope)?,
            Order::Lru | Order::Lrm | Order::Lfu => self.best(scope, samples),
        };
        let entry = self.dbs[db].keys.find_by_hash(hash, |_| true)?;
        Some((db, entry.key().into()))
    }

    fn ends_next(&self) -> Option<(usize, u64)> {
        let next = |db: &(usize, &Db)| db.1.deadlines.next();
        let (number, db) = self.dbs.iter().enumerate().min_by_key(next)?;
        Some((number, db.deadlines.first()?.1))
    }

    /// A key of one database after the other.
    fn at_random(&mut self, scope: Scope) -> Option<(usize, u64)> {
        let Keyspace { dbs, rng, pool, seed, .. } = self;
        for step in 1..=dbs.len() {
            let turn = (pool.turn + step) % dbs.len();
            let mut drawn = None;
            // Of many draws none may have a TTL.
            for _ in 0..100 {
                if drawn.is_none() && dbs[turn].offers(scope) {
                    dbs[turn].draw(scope, 1, rng, &mut |entry| drawn = Some(seed.hash(entry.key())));
                }
            }
            if let Some(hash) = drawn {
                pool.turn = turn;
                return Some((turn, hash));
            }
        }
        None
    }

    /// The best of those drawn now and before, of which there is one.
    fn best(&mut self, scope: Scope, samples: usize) -> (usize, u64) {
        let Keyspace { dbs, rng, pool, access, now, seed, .. } = self;
        let (rules, now) = (*access, *now + access.lead);
        if pool.policy != rules.policy {
            (pool.policy, pool.candidates) = (rules.policy, Vec::with_capacity(POOL));
        }
        loop {
            for (number, db) in dbs.iter().enumerate().filter(|(_, db)| db.offers(scope)) {
                db.draw(scope, samples, rng, &mut |entry| {
                    let score = score(entry, rules, now);
                    if pool.wants(score) {
                        pool.offer(Candidate { score, db: number, hash: seed.hash(entry.key()) });
                    }
                });
            }
            while let Some(Candidate { score: was, db, hash }) = pool.candidates.pop() {
                let entry =
                    dbs[db].keys.find_by_hash(hash, |entry| scope == Scope::AllKeys || entry.deadline() != NEVER);
                // Whatever was used since it was drawn has another chance.
                if entry.is_some_and(|entry| score(entry, rules, now) >= was) {
                    return (db, hash);
                }
            }
        }
    }
}
