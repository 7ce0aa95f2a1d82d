//! ACL LOG: what users were refused, the newest first. What is refused again for the same reason within a minute is counted.

/// Why and where something was refused.
#[derive(Clone, PartialEq, Eq)]
pub struct Refusal {
    /// `command`, `key`, `channel` or `auth`.
    pub reason: &'static str,
    /// `toplevel`, `multi` or `lua`.
    pub context: &'static str,
    pub object: Vec<u8>,
    pub username: Vec<u8>,
}

/// A line of the log.
pub struct Entry {
    pub refusal: Refusal,
    pub count: u64,
    /// The client, as CLIENT LIST shows it.
    pub client: String,
    pub id: u64,
    /// Milliseconds since the epoch.
    pub created: i64,
    pub updated: i64,
}

#[derive(Default)]
pub struct Log {
    entries: Vec<Entry>,
    next: u64,
}

/// So many of the newest entries are looked at, and so many milliseconds they are not older.
const LOOKED_AT: usize = 10;
const TOGETHER: i64 = 60_000;

impl Log {
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn clear(&mut self) {
        self.entries = Vec::new();
    }

    /// Notes a refusal in a log of at most so many entries.
    pub fn note(&mut self, refusal: Refusal, client: String, now: i64, most: usize) {
        let same = |entry: &Entry| entry.refusal == refusal && (now - entry.updated).abs() <= TOGETHER;
        let place = self.entries.iter().take(LOOKED_AT).position(same);
        match place {
            Some(place) => {
                let entry = self.entries.remove(place);
                self.entries.insert(0, Entry { client, updated: now, count: entry.count + 1, ..entry });
            }
            None => {
                let entry = Entry { refusal, count: 1, client, id: self.next, created: now, updated: now };
                self.next += 1;
                self.entries.insert(0, entry);
            }
        }
        self.entries.truncate(most);
    }
}
