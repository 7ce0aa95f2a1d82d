//! How long commands take, by the clock that goes on while they run: the sums and histograms of INFO and LATENCY HISTOGRAM, the
//! slow log, the spikes of LATENCY. Nothing depends on it but what shows it.
//!
//! To look at that clock costs a call of the host's, twice a command; once where commands came together, each of which begins when the one
//! before it ends, so that the reading of its arguments is counted with it. Therefore it is not looked at until somebody asks: the host
//! ([`crate::Engine::measure`], as the socket server does: for what comes over its sockets), or a client that turns one of the settings on
//! (`slowlog-log-slower-than`, `latency-monitor-threshold`, `latency-tracking`, or HOTKEYS START).
//!
//! A histogram has, as HdrHistogram with two digits, 128 steps for each power of two of nanoseconds:
//!
//! ```text
//! value    0 1 2 ... 255 | 256 258 ... 510 | 512 516 ... | ...      up to a second
//! place    0 1 2 ... 255 | 256 257 ... 383 | 384 385 ... |
//! ```

use super::Server;
use super::config::Id;
use super::hotkeys;
use super::session::Session;
use crate::resp::args::Args;
use crate::table::spec::Spec;
use crate::table::spec::flags::{FAST, SKIP_SLOWLOG};
use crate::types::number::int_len;

/// A second: nothing is counted as longer.
const LONGEST: u64 = 1_000_000_000;

/// How often values came; see the head of this file. Only so many places are there as were needed.
#[derive(Default)]
pub struct Histogram {
    counts: Vec<u32>,
    pub total: u64,
}

/// How far a value is shifted for its place.
fn shift(value: u64) -> u32 {
    56 - (value | 255).leading_zeros()
}

fn place(value: u64) -> usize {
    let shift = shift(value);
    ((shift as usize) << 7) + (value >> shift) as usize
}

/// The highest value that has the same place as this one.
pub fn highest_like(value: u64) -> u64 {
    value | ((1 << shift(value)) - 1)
}

/// The highest value of a place.
fn highest_of(place: usize) -> u64 {
    let shift = (place >> 7).saturating_sub(1);
    (((place - (shift << 7)) as u64 + 1) << shift) - 1
}

impl Histogram {
    /// Counts a value in nanoseconds.
    pub fn add(&mut self, value: u64) {
        let place = place(value.clamp(1, LONGEST));
        if self.counts.len() <= place {
            self.counts.resize(place + 1, 0);
        }
        self.counts[place] = self.counts[place].saturating_add(1);
        self.total += 1;
    }

    /// The value below which so many percent are.
    pub fn percentile(&self, percent: f64) -> u64 {
        let wanted = ((percent / 100.0 * self.total as f64 + 0.5) as u64).max(1);
        let mut sum = 0;
        for (place, &count) in self.counts.iter().enumerate() {
            sum += count as u64;
            if sum >= wanted {
                return highest_of(place);
            }
        }
        0
    }

    /// How many are not larger than each power of two from 1024 on, where that is more than for the one before: bound, count.
    pub fn powers(&self) -> Vec<(u64, u64)> {
        let mut out: Vec<(u64, u64)> = Vec::new();
        let (mut bound, mut sum) = (1024, 0);
        for (at, &count) in self.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            while at > place(bound) {
                bound *= 2;
            }
            sum += count as u64;
            match out.last_mut() {
                Some(last) if last.0 == bound => last.1 = sum,
                _ => out.push((bound, sum)),
            }
        }
        out
    }
}

/// What is known of one command.
#[derive(Default)]
pub struct Time {
    /// Microseconds, all together.
    pub micros: u64,
    pub histogram: Histogram,
}

/// Times that were over `latency-monitor-threshold`, of one kind.
pub struct Event {
    pub name: &'static str,
    /// The longest since it was reset, in milliseconds.
    pub longest: u64,
    /// The latest: when, in seconds since the epoch, and how long, in milliseconds.
    pub samples: Vec<(i64, u64)>,
}

/// So many samples an event keeps, one a second at most.
const SAMPLES: usize = 160;

/// A command that took long, or of which Valkey notes how large it was.
pub struct Slow {
    pub id: u64,
    /// Seconds since the epoch.
    pub at: i64,
    /// Microseconds, or bytes.
    pub amount: u64,
    /// As they are shown: shortened, and without what is secret.
    pub args: Vec<Vec<u8>>,
    /// How many there were.
    pub argc: usize,
    pub addr: String,
    pub name: Vec<u8>,
}

/// See the head of this file.
#[derive(Default)]
pub struct Timing {
    /// The host wants commands to be measured.
    pub wanted: bool,
    /// When the last command ended, if nothing has happened since; else 0.
    pub looked: f64,
    /// By the row's number; empty while nothing was measured.
    pub times: Vec<Time>,
    pub events: Vec<Event>,
    /// Commands that took long, and for Valkey large requests and replies.
    pub logs: [Log; 3],
    /// Which keys it goes to.
    pub hotkeys: Option<hotkeys::Held>,
}

/// The slow log, or one of its kind.
#[derive(Default)]
pub struct Log {
    /// The latest last.
    pub entries: Vec<Slow>,
    next: u64,
}

impl Timing {
    /// CONFIG RESETSTAT: sums and histograms begin anew.
    pub fn reset(&mut self) {
        self.times = Vec::new();
    }

    fn spike(&mut self, name: &'static str, at: i64, millis: u64) {
        let known = self.events.iter().position(|event| event.name == name);
        let place = known.unwrap_or_else(|| {
            self.events.push(Event { name, longest: 0, samples: Vec::new() });
            self.events.len() - 1
        });
        let event = &mut self.events[place];
        event.longest = event.longest.max(millis);
        match event.samples.last_mut() {
            Some(last) if last.0 == at => last.1 = last.1.max(millis),
            _ => event.samples.push((at, millis)),
        }
        if event.samples.len() > SAMPLES {
            event.samples.remove(0);
        }
    }
}

/// A command's arguments as the slow log keeps them: at most so many, and of each at most so many bytes.
fn shown(cmd: &Spec, args: Args<'_>, most: usize, longest: usize) -> Vec<Vec<u8>> {
    let kept = if args.len() > most { most - 1 } else { args.len() };
    let mut out: Vec<Vec<u8>> = (0..kept)
        .map(|at| match args.at(at) {
            _ if cmd.hides(args, at) => b"(redacted)".to_vec(),
            arg if arg.len() > longest => {
                let more = (arg.len() - longest).to_string();
                [&arg[..longest], b"... (", more.as_bytes(), b" more bytes)"].concat()
            }
            arg => arg.to_vec(),
        })
        .collect();
    if args.len() > kept {
        let more = (args.len() - kept).to_string();
        out.push([b"... (", more.as_bytes(), b" more arguments)"].concat());
    }
    out
}

impl Server {
    /// Notes that a command took so many microseconds and answered so many bytes; `session` is none where a script has run it.
    #[cold]
    pub fn took(
        &mut self,
        session: Option<&Session>,
        number: usize,
        args: Args<'_>,
        (micros, reply): (u64, usize),
        now: i64,
    ) {
        let cmd = self.stats.calls[number].0;
        if self.timing.times.is_empty() {
            self.timing.times.resize_with(self.stats.calls.len(), Time::default);
        }
        let time = &mut self.timing.times[number];
        time.micros += micros;
        if self.config.int(Id::LatencyTracking) != 0 {
            time.histogram.add(micros * 1000);
        }
        let threshold = self.config.int(Id::LatencyThreshold) as u64;
        if threshold > 0 && micros / 1000 >= threshold {
            let name = if cmd.flags & FAST != 0 { "fast-command" } else { "command" };
            self.timing.spike(name, now / 1000, micros / 1000);
        }
        let sizes = if self.is_valkey() { 3 } else { 1 };
        let request = || args.tail(0).map(|arg| 5 + int_len(arg.len() as i64) + arg.len()).sum::<usize>();
        let logs = [
            (Id::SlowlogTime, Id::SlowlogLength),
            (Id::LargeRequest, Id::LargeRequestLength),
            (Id::LargeReply, Id::LargeReplyLength),
        ];
        for (kind, &(from, length)) in logs[..sizes].iter().enumerate() {
            let (least, most) = (self.config.int(from), self.config.size(length));
            let amount = match kind {
                0 => micros,
                _ if session.is_none() || most == 0 => continue,
                1 => (3 + int_len(args.len() as i64) + request()) as u64,
                _ => reply as u64,
            };
            if least < 0 {
                continue;
            }
            if amount >= least as u64 && cmd.flags & SKIP_SLOWLOG == 0 {
                let (addr, name) =
                    session.map_or(Default::default(), |session| (session.addr.clone(), session.name.clone()));
                let (parts, longest) = (self.config.size(Id::SlowlogArgs), self.config.size(Id::SlowlogBytes));
                let (argc, args) = (args.len(), shown(cmd, args, parts, longest));
                let log = &mut self.timing.logs[kind];
                log.entries.push(Slow { id: log.next, at: now / 1000, amount, args, argc, addr, name });
                log.next += 1;
            }
            let log = &mut self.timing.logs[kind];
            if log.entries.len() > most {
                log.entries.drain(..log.entries.len() - most);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_two_digits() {
        for (value, like) in [(1, 1), (255, 255), (1000, 1003), (1024, 1031), (13_000, 13_055), (32_768, 33_023)] {
            assert_eq!(highest_like(value), like);
            assert_eq!(highest_of(place(value)), like, "{value}");
        }
        let mut histogram = Histogram::default();
        [0, 1000, 1000, 16_000, 3_000_000_000].iter().for_each(|&value| histogram.add(value));
        assert_eq!([0.0, 50.0, 80.0].map(|percent| histogram.percentile(percent)), [1, 1003, 16_063]);
        assert_eq!(histogram.powers(), [(1024, 3), (16_384, 4), (1 << 30, 5)]);
    }
}
