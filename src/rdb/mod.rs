//! Redis's binary form of values: what DUMP gives, RESTORE takes, and an RDB file is made of.
//!
//! ```text
//! file      "REDIS0012", or "VALKEY080" | aux fields | libraries | database, its keys ... | ... | 0xFF | CRC-64, 8 bytes
//! key       [deadline] [idle time or frequency] | type, 1 byte | key | value
//! payload   type | value | version, 2 bytes | CRC-64, 8 bytes            one value, as DUMP gives it
//!
//! length    00llllll | 01llllll l | 80 l l l l | 81 l l l l l l l l      high bytes first
//! string    length, bytes | C0 i8 | C1 i16 | C2 i32 | C3 length, length unpacked, LZF
//! ```
//!
//! What is small lies here as it lies in memory (`types/listpack/`, `types/intset.rs`, `types/stream/node.rs`). Numbers beside the
//! lengths have their low bytes first, ids of streams their high ones.
//!
//! | file | |
//! |---|---|
//! | `crc64.rs` `lzf.rs` | the checksum, the compression |
//! | `read.rs` `write.rs` | lengths and strings |
//! | `value.rs` `load.rs` `old.rs` | values as bytes, and back; what servers before Redis 7 wrote |
//! | `parts.rs` | values that are read as they come |
//! | `module.rs` `vectors.rs` `arrays.rs` | values of modules: vector sets, and arrays as if they were |
//! | `payload.rs` | what DUMP and FUNCTION DUMP give |
//! | `file.rs` | files, read as they come |
//!
//! Nothing that is read is believed: a length does not allocate, and what is taken over as it is was looked at, byte by byte.

mod arrays;
pub mod crc64;
pub mod file;
mod load;
mod lzf;
mod module;
mod old;
mod parts;
pub mod payload;
mod read;
mod value;
mod vectors;
mod write;

use crate::types::dict::hashing::Seed;
use crate::types::list::Fill;
use crate::types::stream::producers::Memory;
use crate::types::{hash, set, sorted_set};
pub use load::load;
pub use value::value;
pub use write::Packer;

/// The version of Redis 8.6. What is newer is refused.
pub const VERSION: u16 = 13;
/// That of Valkey 9. Up to 11 the two had the same.
pub const VALKEY: u16 = 80;

/// Who is to read what is written, or has written what is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Redis 8.0, too; anybody.
    Common,
    /// Redis 8.6.
    Newest,
    Valkey,
}

impl Form {
    fn reads(self, version: u16) -> bool {
        match version {
            ..12 => true,
            12..=VERSION => self != Form::Valkey,
            _ => self != Form::Newest && version == VALKEY,
        }
    }
}

/// The types of values, as a byte in front of each says.
pub mod kind {
    pub const STRING: u8 = 0;
    pub const LIST: u8 = 1;
    pub const SET: u8 = 2;
    /// Scores as text.
    pub const ZSET: u8 = 3;
    pub const HASH: u8 = 4;
    pub const ZSET_2: u8 = 5;
    pub const MODULE: u8 = 6;
    pub const MODULE_2: u8 = 7;
    pub const HASH_ZIPMAP: u8 = 9;
    pub const LIST_ZIPLIST: u8 = 10;
    pub const SET_INTSET: u8 = 11;
    pub const ZSET_ZIPLIST: u8 = 12;
    pub const HASH_ZIPLIST: u8 = 13;
    /// Nodes are ziplists.
    pub const QUICKLIST: u8 = 14;
    pub const STREAM: u8 = 15;
    pub const HASH_LISTPACK: u8 = 16;
    pub const ZSET_LISTPACK: u8 = 17;
    pub const QUICKLIST_2: u8 = 18;
    /// With the first id, the highest deleted, and how many were added.
    pub const STREAM_2: u8 = 19;
    pub const SET_LISTPACK: u8 = 20;
    /// With when consumers were active.
    pub const STREAM_3: u8 = 21;
    /// Deadlines of fields as they are: of release candidates of 7.4.
    pub const HASH_TTL_EARLY: u8 = 22;
    /// What Valkey means by the same number: a deadline behind each value, or -1. Inside it is one that neither of them has.
    pub const HASH_TTL_VALKEY: u8 = 8;
    pub const HASH_LISTPACK_EX_EARLY: u8 = 23;
    /// Deadlines of fields after the earliest.
    pub const HASH_TTL: u8 = 24;
    pub const HASH_LISTPACK_EX: u8 = 25;
    /// With what producers have sent already.
    pub const STREAM_4: u8 = 26;

    /// The type that a byte means in this version. Of one that is left out of the crate it means nothing.
    pub fn in_version(kind: u8, version: u16) -> u8 {
        match kind {
            HASH_TTL_VALKEY => u8::MAX,
            STREAM | STREAM_2 | STREAM_3 | STREAM_4 if !cfg!(feature = "streams") => u8::MAX,
            HASH_TTL_EARLY | HASH_LISTPACK_EX_EARLY | HASH_TTL | HASH_LISTPACK_EX if !cfg!(feature = "fields") => {
                u8::MAX
            }
            HASH_TTL_EARLY if version == super::VALKEY => HASH_TTL_VALKEY,
            _ => kind,
        }
    }
}

/// When collections become other encodings, as the settings say.
#[derive(Clone, Copy)]
pub struct Limits {
    pub hash: hash::Limits,
    pub set: set::Limits,
    pub sorted: sorted_set::Limits,
    pub list: Fill,
    /// Of streams that were written before 8.6.
    pub stream: Memory,
    pub seed: Seed,
}

/// Why something cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// It ends before its end.
    Short,
    /// It is not what it should be: in what way.
    Bad(&'static str),
    Memory,
    /// It is a collection without elements, which no key holds; it was read to its end.
    Empty,
}

impl Fault {
    pub fn text(self) -> &'static str {
        match self {
            Fault::Short => "it ends before its end",
            Fault::Bad(how) => how,
            Fault::Memory => "there is no memory for it",
            Fault::Empty => "an empty collection",
        }
    }
}

type Read<T> = Result<T, Fault>;
