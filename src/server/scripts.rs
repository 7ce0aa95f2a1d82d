//! What the server knows of scripts: their texts by digest, the libraries of functions, the interpreters, and the one that runs.

use super::session::{Session, SessionId};
use crate::lua::Interpreter;
use crate::resp::args::Span;
use crate::table::spec::Spec;
use crate::types::dict::{self, Dict, hashing::Seed};
use crate::types::field::Field;
use crate::types::hash::NEVER;
use crate::types::sha::sha1;
use std::cell::Cell;

/// So many scripts that only EVAL has brought are kept.
const KEPT: usize = 500;

/// What a script says of itself in its first line: `#!lua flags=...`.
pub mod flags {
    pub const NO_WRITES: u32 = 1;
    pub const ALLOW_OOM: u32 = 1 << 1;
    pub const ALLOW_STALE: u32 = 1 << 2;
    pub const NO_CLUSTER: u32 = 1 << 3;
    pub const ALLOW_CROSS_SLOT: u32 = 1 << 4;
    /// It has no such line: its commands are checked one by one.
    pub const COMPAT: u32 = 1 << 5;

    pub const NAMES: [(u32, &str); 5] = [
        (NO_WRITES, "no-writes"),
        (ALLOW_OOM, "allow-oom"),
        (ALLOW_STALE, "allow-stale"),
        (NO_CLUSTER, "no-cluster"),
        (ALLOW_CROSS_SLOT, "allow-cross-slot-keys"),
    ];
}

/// Forty hexadecimal digits: the SHA-1 of a script's text.
pub type Digest = [u8; 40];

/// A script that EVAL or SCRIPT LOAD has brought.
pub struct Script {
    pub digest: Digest,
    pub source: Vec<u8>,
    pub flags: u32,
    /// Its function, by its number in Lua's registry.
    pub function: i32,
    /// When it was used last, in the order of all uses; 0 where SCRIPT LOAD has brought it, which keeps it.
    used: u64,
}

impl dict::Entry for Script {
    fn key(&self) -> &[u8] {
        &self.digest
    }
}

/// What of the running script its commands depend on.
pub struct Running {
    pub flags: u32,
    /// It may not write: it was run by a command that says so, or says so itself.
    pub readonly: bool,
    /// It has run a command that writes, whatever came of it.
    pub wrote: bool,
    /// Changes that had been counted when it began.
    pub dirty: u64,
    /// More memory was used than `maxmemory` when it began.
    pub over_limit: bool,
    /// In a cluster: the slot that its keys must be in, once it is known.
    pub slot: Cell<Option<u16>>,
    /// In which protocol its commands answer it.
    pub resp3: bool,
    /// What `redis.set_repl` says: bit 1 for the journal.
    pub propagation: i32,
    /// It can be paused: others need not wait for it.
    pub patient: bool,
    /// It has run for long at a place where it cannot be paused.
    pub warned: bool,
}

/// A script that has run for long over a socket, and is gone on with in slices, while others get an error.
pub struct Paused {
    pub session: SessionId,
    /// The session itself, if it was closed meanwhile: what has begun to write comes to its end.
    pub closed: Option<Box<Session>>,
    /// The row of the command that runs it, and all its arguments.
    pub number: usize,
    pub command: Vec<Vec<u8>>,
    /// What errors call the script.
    pub name: Vec<u8>,
    pub is_function: bool,
    /// When it began, on the clock that goes on while commands run.
    pub started: f64,
    /// The time that stands still for it: milliseconds since the epoch, and the host's time as it came.
    pub now: i64,
    pub time: f64,
    /// What its session stood at before.
    pub db: usize,
    pub last: Option<&'static Spec>,
    pub running: Running,
    /// It is to end with an error.
    pub killed: bool,
}

/// A function of a library.
pub struct Function {
    pub name: Vec<u8>,
    /// Its name in lowercase, by which it is called.
    pub key: Vec<u8>,
    pub description: Option<Vec<u8>>,
    pub flags: u32,
    /// By its number in Lua's registry.
    pub function: i32,
}

/// What FUNCTION LOAD has brought.
pub struct Library {
    pub name: Vec<u8>,
    pub source: Vec<u8>,
    /// The names of its functions, in lowercase.
    pub functions: Vec<Vec<u8>>,
}

/// The libraries and their functions. They are data: the journal and snapshots have them.
pub struct Functions {
    /// Where they run; there from the first library on.
    pub lua: Option<Box<Interpreter>>,
    pub libraries: Vec<Library>,
    all: Vec<Function>,
    /// Where each is in `all`, by its key: a table of the same kind as a hash's, so that there is not one more in the module.
    by_name: Dict<Field>,
}

impl Functions {
    pub fn new(seed: Seed) -> Functions {
        Functions { lua: None, libraries: Vec::new(), all: Vec::new(), by_name: Dict::new(seed) }
    }

    /// Where the function of this key is.
    fn place(&self, key: &[u8]) -> Option<usize> {
        let place = self.by_name.get(key)?.value().first_chunk()?;
        Some(u32::from_le_bytes(*place) as usize)
    }

    /// Says where a function is.
    fn put(&mut self, place: usize) {
        let field = Field::new(&self.all[place].key, &(place as u32).to_le_bytes(), NEVER);
        self.by_name.insert(field);
    }

    /// Bytes of the libraries.
    pub fn source_bytes(&self) -> u64 {
        self.libraries.iter().map(|library| library.source.len() as u64).sum()
    }

    /// How many functions there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// A function by its name, in any case.
    pub fn get(&self, name: &[u8]) -> Option<&Function> {
        let place = self.place(name).or_else(|| self.place(&name.to_ascii_lowercase()))?;
        self.all.get(place)
    }

    pub fn library(&self, name: &[u8]) -> Option<&Library> {
        self.libraries.iter().find(|library| library.name == name)
    }

    /// Adds a library with its functions, whose names are new. Of two names that are one in any case, the first is called.
    pub fn add(&mut self, name: Vec<u8>, source: Vec<u8>, functions: Vec<Function>) {
        let names = functions.iter().map(|function| function.key.clone()).collect();
        self.libraries.push(Library { name, source, functions: names });
        for function in functions {
            if self.place(&function.key).is_none() {
                self.all.push(function);
                self.put(self.all.len() - 1);
            }
        }
    }

    /// Removes a library: its functions, by their numbers.
    pub fn remove(&mut self, name: &[u8]) -> Option<Vec<i32>> {
        let place = self.libraries.iter().position(|library| library.name == name)?;
        let library = self.libraries.remove(place);
        let gone = library.functions.iter().filter_map(|name| {
            let place = self.place(name)?;
            self.by_name.remove(name);
            let gone = self.all.swap_remove(place);
            // The last one has its place.
            if place < self.all.len() {
                self.put(place);
            }
            Some(gone.function)
        });
        Some(gone.collect())
    }

    /// Forgets all libraries, and the interpreter with them.
    pub fn flush(&mut self) {
        *self = Functions::new(self.by_name.seed());
    }
}

/// See the head of this file.
pub struct Scripts {
    /// Where EVAL runs; there from the first one on.
    pub lua: Option<Box<Interpreter>>,
    known: Dict<Script>,
    /// Those of EVAL in the order of their uses. Where one was used again it stands here twice, and the older place means nothing.
    order: Vec<(u64, Digest)>,
    uses: u64,
    /// How many of them there are.
    evictable: usize,
    pub evicted: u64,
    pub running: Option<Running>,
    pub paused: Option<Box<Paused>>,
    /// After so many milliseconds a script ends that cannot be paused and has not written; 0 for never.
    pub timeout: f64,
    pub functions: Functions,
    /// What `redis.call` collects its arguments in.
    pub arguments: (Vec<u8>, Vec<Span>),
}

impl Scripts {
    pub fn new(seed: Seed, timeout: f64) -> Scripts {
        Scripts {
            lua: None,
            known: Dict::new(seed),
            order: Vec::new(),
            uses: 0,
            evictable: 0,
            evicted: 0,
            running: None,
            paused: None,
            timeout,
            functions: Functions::new(seed),
            arguments: Default::default(),
        }
    }

    /// Bytes of the scripts.
    pub fn source_bytes(&self) -> u64 {
        self.known.iter().map(|script| script.source.len() as u64).sum()
    }

    /// How many scripts there are.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    pub fn get(&self, digest: &[u8]) -> Option<&Script> {
        self.known.get(digest)
    }

    /// A script, which is about to be run.
    pub fn touch(&mut self, digest: &Digest) -> Option<&Script> {
        self.uses += 1;
        let script = self.known.get_mut(digest)?;
        if script.used != 0 {
            script.used = self.uses;
            self.order.push((self.uses, *digest));
            if self.order.len() > 4 * KEPT {
                self.tidy();
            }
        }
        self.known.get(digest)
    }

    /// Keeps a script; `loaded` by SCRIPT LOAD, and so for good. What has to go for it: the number of a function.
    pub fn add(&mut self, digest: Digest, source: Vec<u8>, flags: u32, function: i32, loaded: bool) -> Option<i32> {
        self.uses += 1;
        let used = if loaded { 0 } else { self.uses };
        self.known.insert(Script { digest, source, flags, function, used });
        if loaded {
            return None;
        }
        self.order.push((used, digest));
        self.evictable += 1;
        if self.evictable <= KEPT {
            return None;
        }
        let known = &self.known;
        let means = |(used, digest): &(u64, Digest)| known.get(digest).is_some_and(|script| script.used == *used);
        let place = self.order.iter().position(means)?;
        let (_, digest) = self.order[place];
        self.order.drain(..=place);
        self.evictable -= 1;
        self.evicted += 1;
        self.known.remove(&digest).map(|script| script.function)
    }

    /// SCRIPT LOAD of a script that EVAL has brought: from here on it stays.
    pub fn pin(&mut self, digest: &Digest) {
        if let Some(script) = self.known.get_mut(digest)
            && script.used != 0
        {
            script.used = 0;
            self.evictable -= 1;
        }
    }

    /// Forgets all scripts, and the interpreter with them. Functions stay.
    pub fn flush(&mut self) {
        (self.lua, self.known) = (None, Dict::new(self.known.seed()));
        self.order.clear();
        self.evictable = 0;
    }

    /// Drops the places that mean nothing.
    fn tidy(&mut self) {
        let known = &self.known;
        self.order.retain(|(used, digest)| known.get(digest).is_some_and(|script| script.used == *used));
    }
}

/// The SHA-1 of some bytes, as hexadecimal digits.
pub fn digest(bytes: &[u8]) -> Digest {
    let mut out = [0; 40];
    for (two, byte) in out.chunks_exact_mut(2).zip(sha1(bytes)) {
        let hex = |half: u8| b"0123456789abcdef"[half as usize];
        two.copy_from_slice(&[hex(byte >> 4), hex(byte & 15)]);
    }
    out
}
