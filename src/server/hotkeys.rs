//! HOTKEYS: which keys most of the time and of the traffic went to, since somebody asked.
//!
//! A command counts with the microseconds that it took, and with its bytes on the wire, those of the request and of the reply;
//! each of its keys gets an equal share. What adds up is a count-min sketch, where a key has one cell in each of four rows and
//! the least of them is at least its sum, and the names of the keys that are largest by it:
//!
//! ```text
//! cells   4 x 2048 sums       a key adds to its cells only what they lack (a conservative update)
//! names   COUNT at most       a key takes the place of the least when its sum is larger
//! ```
//!
//! So it takes 64 KB and the names, whatever the clients do; and a command costs one branch while nobody asks.

use super::Server;
use crate::resp::args::Args;
#[cfg(not(feature = "diagnostics"))]
use crate::types::absent::Absent;
use crate::types::dict::hashing::{Rng, Seed};
use crate::types::slots::{SLOTS, slot};

/// Cells in a row of the sketch, and rows.
const WIDTH: usize = 1 << 11;
const ROWS: usize = 4;

/// A longer name is not kept.
const LONGEST: usize = 1 << 16;

/// What is added up.
#[derive(Clone, Copy, Default)]
pub struct Sums {
    pub micros: u64,
    pub bytes: u64,
}

/// The keys that have most of something.
pub struct Top {
    most: usize,
    cells: Vec<u64>,
    /// Of all keys.
    pub total: u64,
    /// The largest first.
    names: Vec<(u64, Vec<u8>)>,
}

impl Top {
    pub fn new(most: usize) -> Top {
        Top { most, cells: vec![0; WIDTH * ROWS], total: 0, names: Vec::new() }
    }

    fn add(&mut self, seed: &Seed, key: &[u8], amount: u64) {
        if amount == 0 || key.len() > LONGEST {
            return;
        }
        self.total += amount;
        let hash = seed.hash(key);
        let cells: [usize; ROWS] = std::array::from_fn(|row| row * WIDTH + (hash >> (row * 16)) as usize % WIDTH);
        let sum = amount + cells.iter().map(|&cell| self.cells[cell]).min().unwrap_or(0);
        cells.iter().for_each(|&cell| self.cells[cell] = self.cells[cell].max(sum));
        let mut place = match self.names.iter().position(|(_, name)| name == key) {
            Some(place) => {
                self.names[place].0 += amount;
                place
            }
            None => {
                if self.names.len() == self.most {
                    if self.names[self.most - 1].0 >= sum {
                        return;
                    }
                    self.names.pop();
                }
                self.names.push((sum, key.to_vec()));
                self.names.len() - 1
            }
        };
        while place > 0 && self.names[place - 1].0 < self.names[place].0 {
            self.names.swap(place - 1, place);
            place -= 1;
        }
    }

    /// The keys with what they have, the largest first.
    pub fn names(&self) -> &[(u64, Vec<u8>)] {
        &self.names
    }
}

/// Slots, a bit for each.
#[derive(Clone)]
pub struct Slots([u64; SLOTS / 64]);

impl Slots {
    pub fn none() -> Slots {
        Slots([0; SLOTS / 64])
    }

    pub fn has(&self, slot: u16) -> bool {
        self.0[slot as usize / 64] >> (slot % 64) & 1 != 0
    }

    /// Adds one; `false` if it is there already.
    pub fn add(&mut self, slot: u16) -> bool {
        let new = !self.has(slot);
        self.0[slot as usize / 64] |= 1 << (slot % 64);
        new
    }

    /// Runs of them: first and last.
    pub fn runs(&self) -> Vec<(u16, u16)> {
        let mut out: Vec<(u16, u16)> = Vec::new();
        for slot in (0..SLOTS as u16).filter(|&slot| self.has(slot)) {
            match out.last_mut() {
                Some(last) if last.1 + 1 == slot => last.1 = slot,
                _ => out.push((slot, slot)),
            }
        }
        out
    }
}

/// How they are held: without the command that asks for them, not at all.
#[cfg(feature = "diagnostics")]
pub type Held = Box<Hotkeys>;
#[cfg(not(feature = "diagnostics"))]
pub type Held = Absent<Hotkeys>;

/// See the head of this file.
pub struct Hotkeys {
    pub active: bool,
    /// Of so many commands one is looked at.
    pub sample: u64,
    /// The slots that were chosen, if some were.
    pub slots: Option<Slots>,
    /// Milliseconds since the epoch, and how long it took in the end.
    pub started: i64,
    pub lasted: i64,
    /// When it ends by itself.
    pub until: i64,
    pub cpu: Option<Top>,
    pub net: Option<Top>,
    /// Of all commands with keys, of those with keys in the slots, and of those of them that were looked at.
    pub all: Sums,
    pub selected: Sums,
    pub sampled: Sums,
    /// The bytes of the request that is being served, and where its reply begins.
    request: usize,
    reply: usize,
}

impl Hotkeys {
    pub fn new(now: i64) -> Hotkeys {
        Hotkeys {
            active: true,
            sample: 1,
            slots: None,
            started: now,
            lasted: 0,
            until: i64::MAX,
            cpu: None,
            net: None,
            all: Sums::default(),
            selected: Sums::default(),
            sampled: Sums::default(),
            request: 0,
            reply: 0,
        }
    }

    /// A request begins whose reply is to be written from `reply` on; it came over a socket, or as a frame.
    pub fn begin(&mut self, args: Args<'_>, socket: bool, reply: usize) {
        let text: usize = args.tail(0).map(<[u8]>::len).sum();
        let is_line = socket && args.bytes() == text;
        let digits = |number: usize| 1 + number.checked_ilog10().unwrap_or(0) as usize;
        self.reply = reply;
        self.request = if is_line {
            text + args.len() + 1
        } else {
            3 + digits(args.len()) + args.tail(0).map(|arg| arg.len() + digits(arg.len()) + 5).sum::<usize>()
        };
    }

    /// A command has run on these keys, and written its reply up to `reply` (none: it is not sent).
    pub fn add(&mut self, seed: &Seed, rng: &mut Rng, keys: &[&[u8]], micros: u64, reply: Option<usize>) {
        let Some(first) = keys.first() else { return };
        let bytes = (self.request + reply.map_or(0, |reply| reply.saturating_sub(self.reply))) as u64;
        let note = |sums: &mut Sums| {
            sums.micros += micros;
            sums.bytes += bytes;
        };
        note(&mut self.all);
        if self.slots.as_ref().is_some_and(|slots| !slots.has(slot(first))) {
            return;
        }
        note(&mut self.selected);
        if self.sample > 1 && rng.below(self.sample) != 0 {
            return;
        }
        note(&mut self.sampled);
        for key in keys {
            for (top, amount) in [(&mut self.cpu, micros), (&mut self.net, bytes)] {
                if let Some(top) = top {
                    top.add(seed, key, amount / keys.len() as u64);
                }
            }
        }
    }

    /// Ends it, if it has not ended.
    pub fn stop(&mut self, now: i64) {
        if self.active {
            self.active = false;
            self.lasted = (now.min(self.until) - self.started).max(0);
        }
    }
}

impl Server {
    /// The hot keys, ended where their time is over.
    pub fn hotkeys(&mut self, now: i64) -> Option<&mut Hotkeys> {
        let hot = self.timing.hotkeys.as_deref_mut()?;
        if hot.until <= now {
            hot.stop(now);
        }
        Some(hot)
    }

    /// Whether a client has asked for what needs a clock that goes on while commands run.
    pub fn measures(&self) -> bool {
        self.config.measures() || self.timing.hotkeys.as_ref().is_some_and(|hot| hot.active)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_are_found_among_many() {
        let (mut top, seed, mut rng) = (Top::new(8), Seed::new(1), Rng::new(1));
        for round in 0..200_000u64 {
            let key = if round % 4 == 0 { rng.below(8) } else { 8 + rng.below(50_000) };
            top.add(&seed, key.to_string().as_bytes(), 10);
        }
        let mut found: Vec<&[u8]> = top.names().iter().map(|name| &name.1[..]).collect();
        found.sort();
        assert_eq!(found, [b"0", b"1", b"2", b"3", b"4", b"5", b"6", b"7"]);
        assert!(top.names().iter().all(|name| (60_000..66_000).contains(&name.0)), "{:?}", top.names());
        assert_eq!(top.total, 2_000_000);
    }
}
