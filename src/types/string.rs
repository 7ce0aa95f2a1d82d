//! The value of a string key, in Redis's encodings:
//!
//! | variant | OBJECT ENCODING | when |
//! |---|---|---|
//! | `Int` | int | the bytes are the canonical decimal of a 64-bit integer |
//! | `Short` | embstr | up to 14 bytes, inside the keyspace entry |
//! | `Emb` | embstr | up to 41 bytes; longer ones, up to 113, are raw in Redis, and embstr in Valkey |
//! | `Raw` | raw | longer ones, and whatever APPEND or SETRANGE has touched |
//!
//! Redis keeps an embstr in one piece with its key. Where key and value together are longer than 41 bytes it is raw there (in Valkey
//! 113 bytes), and so it is called here, too ([`Str::encoding_under`]), however it is kept.
//!
//! 16 bytes on wasm32. Reading is O(1); an `Int` is printed into a buffer of the caller's.

use super::Stored;
use super::copy::copy;
use crate::types::listpack::Item;
use crate::types::number::{INT_LEN, format_int, int_len, parse_int};

const SHORT: usize = 14;

/// How many bytes key and value have together where they are embedded: in Redis, and in Valkey.
pub const EMBEDDED: usize = 41;
pub const VALKEY_EMBEDDED: usize = 113;

/// See the head of this file.
#[derive(Clone, Debug)]
pub enum Str {
    Int(i64),
    Short { len: u8, bytes: [u8; SHORT] },
    Emb(Box<[u8]>),
    Raw(Vec<u8>),
}

impl Str {
    /// The encoding that Redis gives to a value that was just set.
    #[inline(always)]
    pub fn new(bytes: &[u8]) -> Str {
        match parse_int(bytes) {
            Some(value) if bytes.len() <= INT_LEN => Str::Int(value),
            _ => Str::text(bytes),
        }
    }

    /// The same bytes as a text even where they are a number, as INCRBYFLOAT leaves its results.
    #[inline]
    pub fn text(bytes: &[u8]) -> Str {
        if bytes.len() <= SHORT {
            let mut short = [0; SHORT];
            // SAFETY: at most 14 bytes, into an array that is nobody else's.
            unsafe { copy(bytes.as_ptr(), short.as_mut_ptr(), bytes.len()) };
            return Str::Short { len: bytes.len() as u8, bytes: short };
        }
        if bytes.len() <= VALKEY_EMBEDDED { Str::Emb(bytes.into()) } else { Str::Raw(bytes.to_vec()) }
    }

    /// The bytes; those of an integer are printed into `digits`.
    #[inline(always)]
    pub fn bytes<'a>(&'a self, digits: &'a mut [u8; INT_LEN]) -> &'a [u8] {
        match self {
            Str::Int(value) => format_int(*value, digits),
            Str::Short { len, bytes } => &bytes[..*len as usize],
            Str::Emb(bytes) => bytes,
            Str::Raw(bytes) => bytes,
        }
    }

    /// The value as an element of a collection would be.
    pub fn item(&self) -> Item<'_> {
        match self {
            Str::Int(value) => Item::Int(*value),
            Str::Short { len, bytes } => Item::Str(&bytes[..*len as usize]),
            Str::Emb(bytes) => Item::Str(bytes),
            Str::Raw(bytes) => Item::Str(bytes),
        }
    }

    pub fn len(&self) -> usize {
        match self {
            Str::Int(value) => int_len(*value),
            Str::Short { len, .. } => *len as usize,
            Str::Emb(bytes) => bytes.len(),
            Str::Raw(bytes) => bytes.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value as an integer, if it is one.
    pub fn int(&self) -> Option<i64> {
        match self {
            Str::Int(value) => Some(*value),
            // A string that APPEND touched or INCRBYFLOAT made may look like a number.
            Str::Short { len, bytes } => parse_int(&bytes[..*len as usize]),
            Str::Emb(bytes) => parse_int(bytes),
            Str::Raw(bytes) => parse_int(bytes),
        }
    }

    /// What OBJECT ENCODING says of the value of this key, where both together are embedded up to so many bytes.
    pub fn encoding_under(&self, key: &[u8], embedded: usize) -> &'static str {
        match self {
            Str::Int(_) => "int",
            Str::Short { .. } | Str::Emb(_) if key.len() + self.len() <= embedded => "embstr",
            _ => "raw",
        }
    }

    /// Before the value goes to another key: what was raw under this one is raw there.
    pub fn leave(&mut self, key: &[u8], embedded: usize) {
        if self.encoding_under(key, embedded) == "raw" {
            self.raw();
        }
    }

    /// The bytes to change in place. From here on the encoding is raw.
    pub fn raw(&mut self) -> &mut Vec<u8> {
        if !matches!(self, Str::Raw(_)) {
            *self = Str::Raw(self.bytes(&mut [0; INT_LEN]).to_vec());
        }
        match self {
            Str::Raw(bytes) => bytes,
            _ => unreachable!("it was just made raw"),
        }
    }
}

impl Stored for Str {
    const TYPE: &'static str = "string";

    /// What OBJECT ENCODING says under a short key.
    fn encoding(&self) -> &'static str {
        self.encoding_under(b"", EMBEDDED)
    }

    /// What the value is long.
    fn heap_bytes(&self) -> usize {
        self.len()
    }

    fn elements(&self) -> usize {
        1
    }

    fn shed(&mut self, _: usize) -> bool {
        false
    }

    fn is_spent(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_change_where_redis_changes_them() {
        let encoding = |bytes: &[u8]| Str::new(bytes).encoding();
        assert_eq!(encoding(b"12"), "int");
        assert_eq!(encoding(b"-9223372036854775808"), "int");
        assert_eq!(encoding(b"9223372036854775808"), "embstr");
        assert_eq!(encoding(b"01"), "embstr");
        assert_eq!(encoding(b""), "embstr");
        assert_eq!(encoding(&[b'x'; 41]), "embstr");
        assert_eq!(encoding(&[b'x'; 45]), "raw");
        let mut value = Str::new(b"12");
        value.raw().push(b'3');
        assert_eq!((value.encoding(), value.int(), value.len()), ("raw", Some(123), 3));
    }

    #[test]
    fn every_encoding_gives_its_bytes_back() {
        for len in 0..64 {
            let bytes: Vec<u8> = (0..len).map(|i| b'a' + i % 26).collect();
            assert_eq!(Str::new(&bytes).bytes(&mut [0; INT_LEN]), bytes);
            assert_eq!(Str::new(&bytes).len(), bytes.len());
        }
    }

    #[cfg(target_pointer_width = "32")]
    const _: () = assert!(size_of::<Str>() == 16);
}
