//! When a key was last used (LRU), or how often (LFU): four bytes in its entry, for OBJECT IDLETIME and OBJECT FREQ.
//!
//! LRU: the second of the last access; LRM: of the last change, whatever reads. LFU, if `maxmemory-policy` says so: 16 bits for the minute of the last decay and 8
//! for a counter that grows logarithmically, by chance, and shrinks by one for each `lfu-decay-time` minutes unused.

use crate::types::dict::hashing::Rng;

/// Which keys may be evicted where `maxmemory` is reached, and which of them first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Policy {
    pub scope: Scope,
    pub order: Order,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// `noeviction`: none.
    Nothing,
    AllKeys,
    /// Those with a TTL.
    Volatile,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// The least recently used.
    Lru,
    /// The least recently modified.
    Lrm,
    /// The least frequently used.
    Lfu,
    Random,
    /// What expires next.
    Ttl,
}

impl Policy {
    pub const NO_EVICTION: Policy = Policy { scope: Scope::Nothing, order: Order::Lru };

    /// Reads a value of `maxmemory-policy`.
    pub fn parse(word: &str) -> Option<Policy> {
        let Some((scope, order)) = word.split_once('-') else {
            return (word == "noeviction").then_some(Policy::NO_EVICTION);
        };
        let scope = if scope == "volatile" { Scope::Volatile } else { Scope::AllKeys };
        let order = match order {
            "lru" => Order::Lru,
            "lrm" => Order::Lrm,
            "lfu" => Order::Lfu,
            "random" => Order::Random,
            "ttl" => Order::Ttl,
            _ => return None,
        };
        Some(Policy { scope, order })
    }
}

/// What an entry remembers of its use.
#[derive(Clone, Copy, Debug, Default)]
pub struct Access(u32);

/// How accesses are noted, from the configuration and the session.
#[derive(Clone, Copy)]
pub struct Rules {
    pub policy: Policy,
    /// `false` while a session with CLIENT NO-TOUCH runs a command: accesses leave no trace.
    pub touch: bool,
    pub log_factor: u32,
    pub decay_minutes: u32,
    /// Milliseconds by which the keyspace's time is behind: more than 0 during a replay.
    pub lead: i64,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules { policy: Policy::NO_EVICTION, touch: true, log_factor: 10, decay_minutes: 1, lead: 0 }
    }
}

/// The counter a new key starts with, so that it is not the first to go.
const LFU_START: u32 = 5;

/// Bits that LFU fills. A second of the clock needs more, from July 1970 on.
const LFU_BITS: u32 = 24;

/// The last second of Redis's LRU clock, before it begins again.
const LRU_CLOCK_MAX: i64 = (1 << LFU_BITS) - 1;

impl Rules {
    /// Whether it is counted how often a key is used, and not when.
    #[inline(always)]
    pub fn lfu(self) -> bool {
        self.policy.order == Order::Lfu
    }

    /// Whether only changes count, and not accesses: [`crate::keyspace::Keyspace::note_change`].
    #[inline(always)]
    pub fn lrm(self) -> bool {
        self.policy.order == Order::Lrm
    }

    /// What a key that was just made remembers.
    pub fn fresh(self, now: i64) -> Access {
        let now = now + self.lead;
        if self.lfu() { Access(minutes(now) << 8 | LFU_START) } else { Access((now / 1000) as u32) }
    }
}

impl Access {
    /// Remembers what came with the key, if that is what the policy counts.
    pub fn set(&mut self, rules: Rules, now: i64, idle: Option<i64>, frequency: Option<u8>) {
        let now = now + rules.lead;
        match (idle, frequency) {
            (_, Some(count)) if rules.lfu() => self.0 = minutes(now) << 8 | count as u32,
            (Some(idle), _) if !rules.lfu() => self.0 = (now / 1000).saturating_sub(idle).max(0) as u32,
            _ => {}
        }
    }

    /// Notes one access. Only LFU draws a number.
    #[inline]
    pub fn note(&mut self, rules: Rules, now: i64, rng: &mut Rng) {
        if !rules.touch || rules.lrm() {
            return;
        }
        let now = now + rules.lead;
        if !rules.lfu() {
            self.0 = (now / 1000) as u32;
            return;
        }
        let mut count = self.frequency(rules, now);
        if count < 255 {
            let one_in = count.saturating_sub(LFU_START) as u64 * rules.log_factor as u64 + 1;
            count += (rng.below(one_in) == 0) as u32;
        }
        self.0 = minutes(now) << 8 | count;
    }

    /// Seconds since the last access. What was counted under LFU is no time, but is read as one after the policy has changed, as in
    /// Redis, whose clock has 24 bits.
    pub fn idle_seconds(self, now: i64) -> i64 {
        let (seconds, noted) = (now / 1000, self.0 as i64);
        if noted >> LFU_BITS != 0 || seconds >> LFU_BITS == 0 {
            return (seconds - noted).max(0);
        }
        let clock = seconds & LRU_CLOCK_MAX;
        if clock >= noted { clock - noted } else { clock + LRU_CLOCK_MAX - noted }
    }

    /// The LFU counter after decay, 0 to 255.
    pub fn frequency(self, rules: Rules, now: i64) -> u32 {
        let passed = minutes(now).wrapping_sub(self.0 >> 8) & 0xffff;
        let decay = passed.checked_div(rules.decay_minutes).unwrap_or(0);
        (self.0 & 0xff).saturating_sub(decay)
    }

    /// The bits, for DEBUG OBJECT.
    pub fn bits(self) -> u32 {
        self.0
    }
}

fn minutes(now: i64) -> u32 {
    (now / 60_000) as u32 & 0xffff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lfu_counted_is_read_as_a_time_of_24_bits() {
        // As Redis 8.6.3 said at this time.
        let now = 1_795_941_369_769;
        let rules = Rules { policy: Policy::parse("allkeys-lfu").unwrap(), ..Rules::default() };
        let mut access = rules.fresh(now);
        assert_eq!((access.bits(), access.idle_seconds(now)), (12_272_645, 5_283_827));
        access.set(rules, now, None, Some(9));
        assert_eq!(access.idle_seconds(now), 5_283_823);
    }

    #[test]
    fn a_clock_that_steps_back_makes_nothing_old() {
        for now in [5000, 1_795_941_369_769] {
            let access = Rules::default().fresh(now);
            assert_eq!((access.idle_seconds(now - 2000), access.idle_seconds(now + 7000)), (0, 7));
        }
    }
}
