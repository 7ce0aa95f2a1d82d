//! RDB files of versions 1 to 13, and of Valkey, read as they come: in pieces of any size.
//!
//! What is read is shown at once, key by key. Of what has come, what is not yet a whole key (or field before one) is kept, and looked at
//! again when there is twice as much, or all: so a value is in memory twice, as bytes and as itself, and a length allocates nothing. Of
//! a value that is written element by element that is so of each of these (`parts.rs`).

use super::crc64::Crc64;
use super::parts::Parts;
use super::payload::{LIBRARY, OLD_LIBRARY};
use super::read::{Reader, room};
use super::{Fault, Form, Limits, kind, load};
use crate::keyspace::{Deadline, Keyspace, Loaded, NEVER, Value};
use crate::types::copy::{append, copied};

/// What stands in front of keys.
pub mod opcode {
    pub const SLOT_INFO: u8 = 0xf4;
    pub const MODULE: u8 = 0xf7;
    pub const IDLE: u8 = 0xf8;
    pub const FREQUENCY: u8 = 0xf9;
    pub const AUX: u8 = 0xfa;
    pub const RESIZE: u8 = 0xfb;
    pub const DEADLINE: u8 = 0xfc;
    pub const DEADLINE_SECONDS: u8 = 0xfd;
    pub const DATABASE: u8 = 0xfe;
    pub const END: u8 = 0xff;
}

/// From this version on there is a checksum.
const WITH_SUM: u16 = 5;
const HEAD: usize = 9;

/// What was read of a file.
pub enum Found<'a> {
    /// The source of a library of functions.
    Library(&'a [u8]),
    Key {
        db: usize,
        key: &'a [u8],
        value: Value,
        about: About,
    },
}

/// What is known of a key beside its value.
#[derive(Clone, Copy, Default)]
pub struct About {
    /// In milliseconds since the epoch.
    pub deadline: Option<i64>,
    /// Seconds that it was not used.
    pub idle: Option<i64>,
    /// How often it was used.
    pub frequency: Option<u8>,
}

/// Who is shown what was read; an error ends the reading.
pub type Show<'a> = dyn FnMut(Found<'_>) -> Result<(), Fault> + 'a;

/// How what is read goes into the keyspace: some keys at a time.
pub struct Filling {
    /// Keys whose time has come by then are left out: milliseconds since the epoch.
    now: i64,
    /// Keys that are there already are replaced; else there must be none.
    replace: bool,
    waiting: Vec<Loaded>,
    /// The sources of libraries that were met, which somebody else loads.
    pub libraries: Vec<Vec<u8>>,
}

impl Filling {
    /// So many keys go in together: as many as a processor can wait for at once.
    const TOGETHER: usize = 16;

    pub fn new(now: i64, replace: bool) -> Filling {
        Filling { now, replace, waiting: Vec::new(), libraries: Vec::new() }
    }

    /// Puts in what was read; [`Filling::end`] is to follow.
    pub fn put(&mut self, keyspace: &mut Keyspace, found: Found<'_>) -> Result<(), Fault> {
        match found {
            Found::Library(source) => self.libraries.push(copied(source).ok_or(Fault::Memory)?),
            Found::Key { about, .. } if about.deadline.is_some_and(|deadline| deadline <= self.now) => {}
            Found::Key { db, key, value, about } => {
                let deadline = about.deadline.map_or(NEVER, |deadline| deadline.max(0) as Deadline);
                self.waiting.push(keyspace.loaded(db, key, value, deadline, (about.idle, about.frequency)));
                if self.waiting.len() == Filling::TOGETHER {
                    return self.load(keyspace);
                }
            }
        }
        Ok(())
    }

    /// Puts in what waits, before somebody looks.
    pub fn end(&mut self, keyspace: &mut Keyspace) -> Result<(), Fault> {
        let loaded = self.load(keyspace);
        keyspace.settle();
        loaded
    }

    fn load(&mut self, keyspace: &mut Keyspace) -> Result<(), Fault> {
        let all_new = keyspace.load(&mut self.waiting, self.replace);
        if all_new || self.replace { Ok(()) } else { Err(Fault::Bad("a key twice")) }
    }
}

/// A file that is being read.
#[derive(Default)]
pub struct File {
    /// What has come, and is not yet whole.
    pending: Vec<u8>,
    /// With so many bytes it is looked at again.
    wanted: usize,
    /// Bytes that were read.
    at: u64,
    sum: Crc64,
    /// 0 before the head.
    version: u16,
    db: usize,
    about: About,
    /// The key whose value has come in part.
    begun: Option<(Vec<u8>, Parts)>,
    done: bool,
}

impl File {
    /// Whether the end was read.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Where in the file it has come to.
    pub fn at(&self) -> u64 {
        self.at
    }

    /// Elements of the value being read that are still to come, and bytes that have come and are not read.
    #[cfg(test)]
    pub fn waiting(&self) -> (usize, usize) {
        (self.begun.as_ref().map_or(0, |(_, parts)| parts.left), self.pending.len())
    }

    /// Takes the next bytes, or with none of them says that these were all; how many belong to the file: what is behind its end
    /// does not. A fault is at [`File::at`].
    pub fn feed(
        &mut self,
        bytes: &[u8],
        databases: usize,
        limits: &Limits,
        show: &mut Show<'_>,
    ) -> Result<usize, Fault> {
        if self.done {
            return Ok(0);
        }
        if self.pending.is_empty() && !bytes.is_empty() {
            let used = self.read(bytes, databases, limits, show)?;
            if self.done {
                return Ok(used);
            }
            self.keep(&bytes[used..])?;
            self.wanted = self.pending.len() * 2;
            return Ok(bytes.len());
        }
        self.keep(bytes)?;
        if !bytes.is_empty() && self.pending.len() < self.wanted {
            return Ok(bytes.len());
        }
        let mut pending = std::mem::take(&mut self.pending);
        let used = self.read(&pending, databases, limits, show)?;
        let left = pending.len() - used;
        if self.done {
            return Ok(bytes.len() - left.min(bytes.len()));
        }
        if bytes.is_empty() {
            return Err(Fault::Short);
        }
        pending.drain(..used);
        if pending.capacity() > 1 << 20 && pending.len() < pending.capacity() / 4 {
            pending.shrink_to_fit();
        }
        self.wanted = pending.len() * 2;
        self.pending = pending;
        Ok(bytes.len())
    }

    fn keep(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        room(bytes.len())?;
        if append(&mut self.pending, bytes) { Ok(()) } else { Err(Fault::Memory) }
    }

    /// Reads what is whole; how many bytes that was.
    fn read(&mut self, bytes: &[u8], databases: usize, limits: &Limits, show: &mut Show<'_>) -> Result<usize, Fault> {
        let mut reader = Reader::new(bytes);
        let mut whole = 0;
        let result = loop {
            match self.one(&mut reader, databases, limits, show) {
                Ok(()) => {}
                Err(Fault::Short) => break Ok(()),
                Err(fault) => break Err(fault),
            }
            let read = bytes.len() - reader.bytes.len();
            self.at += (read - whole) as u64;
            whole = read;
            if self.done {
                break Ok(());
            }
        };
        self.sum.add(&bytes[..whole]);
        if self.done && self.version >= WITH_SUM {
            let said = reader.word()?;
            if said != 0 && said != self.sum.sum() {
                return Err(Fault::Bad("the checksum is another"));
            }
            whole += 8;
        }
        result.map(|()| whole)
    }

    /// Reads the head, a key, or what stands before one.
    fn one(
        &mut self,
        reader: &mut Reader<'_>,
        databases: usize,
        limits: &Limits,
        show: &mut Show<'_>,
    ) -> Result<(), Fault> {
        if self.version == 0 {
            let head: [u8; HEAD] = reader.array()?;
            let (digits, form) = match head.strip_prefix(b"REDIS") {
                Some(digits) => (digits, Form::Newest),
                None => (head.strip_prefix(b"VALKEY").ok_or(Fault::Bad("no RDB file begins so"))?, Form::Common),
            };
            let version = crate::types::number::parse_cursor(digits.trim_ascii_start()).unwrap_or(0);
            self.version = u16::try_from(version).unwrap_or(0);
            if self.version == 0 || !form.reads(self.version) {
                self.version = 0;
                return Err(Fault::Bad("a version that cannot be read"));
            }
            return Ok(());
        }
        if self.begun.is_some() {
            return self.go_on(reader, limits, show);
        }
        match reader.byte()? {
            opcode::AUX => {
                reader.string()?;
                reader.string()?;
            }
            opcode::RESIZE => {
                reader.number()?;
                reader.number()?;
            }
            opcode::SLOT_INFO => {
                for _ in 0..3 {
                    reader.number()?;
                }
            }
            opcode::DATABASE => {
                let db = reader.count()?;
                if db >= databases {
                    return Err(Fault::Bad("a database that is not there"));
                }
                self.db = db;
            }
            opcode::DEADLINE => self.about.deadline = Some(reader.word()? as i64),
            opcode::DEADLINE_SECONDS => {
                self.about.deadline = Some(i32::from_le_bytes(reader.array()?) as i64 * 1000);
            }
            opcode::IDLE => self.about.idle = Some(i64::try_from(reader.number()?).unwrap_or(i64::MAX)),
            opcode::FREQUENCY => self.about.frequency = Some(reader.byte()?),
            LIBRARY => {
                let source = reader.text()?;
                show(Found::Library(&source))?;
            }
            OLD_LIBRARY => return Err(Fault::Bad("a function of a release candidate of 7.0")),
            opcode::MODULE => return Err(Fault::Bad("data of a module")),
            // With the checksum, if there is one.
            opcode::END if self.version >= WITH_SUM && reader.bytes.len() < 8 => return Err(Fault::Short),
            opcode::END => self.done = true,
            kind => {
                let kind = kind::in_version(kind, self.version);
                let key = reader.text()?;
                let value = if Parts::has(kind) {
                    let mut parts = Parts::begin(kind, reader, limits)?;
                    if !parts.go_on(reader, limits)? {
                        room(key.len())?;
                        self.begun = Some((copied(&key).ok_or(Fault::Memory)?, parts));
                        return Ok(());
                    }
                    parts.value(limits)
                } else {
                    load(kind, reader, limits)
                };
                self.show(&key, value, show)?;
            }
        }
        Ok(())
    }

    /// Reads more of the value of which the beginning was read.
    fn go_on(&mut self, reader: &mut Reader<'_>, limits: &Limits, show: &mut Show<'_>) -> Result<(), Fault> {
        let Some((key, mut parts)) = self.begun.take() else { return Ok(()) };
        let before = reader.bytes.len();
        if parts.go_on(reader, limits)? {
            return self.show(&key, parts.value(limits), show);
        }
        self.begun = Some((key, parts));
        if reader.bytes.len() < before { Ok(()) } else { Err(Fault::Short) }
    }

    fn show(&mut self, key: &[u8], value: Result<Value, Fault>, show: &mut Show<'_>) -> Result<(), Fault> {
        if value.as_ref().is_err_and(|&fault| fault != Fault::Empty) {
            return value.map(drop);
        }
        let about = std::mem::take(&mut self.about);
        // Redis leaves empty ones out, too.
        let Ok(value) = value else { return Ok(()) };
        room(key.len() + 128)?;
        show(Found::Key { db: self.db, key, value, about })
    }
}
