//! The data structures, and the numbers, that keys hold. They know no command, no reply and no session.

pub mod absent;
pub mod array;
pub mod copy;
pub mod dict;
pub mod double;
pub mod farmhash;
pub mod field;
pub mod geohash;
pub mod glob;
pub mod hash;
pub mod hyperloglog;
pub mod intset;
pub mod list;
pub mod listpack;
pub mod long_double;
pub mod named;
pub mod number;
pub mod pairs;
pub mod printf;
pub mod ranked;
pub mod regex;
pub mod registry;
pub mod set;
pub mod sha;
pub mod slots;
pub mod small;
pub mod sorted_set;
pub mod stream;
pub mod string;
pub mod thin;
pub mod trig;
pub mod vector;
pub mod xxh3;

/// What each type of value tells of itself, and how it goes. A new type implements this in its own file, and the compiler asks for the
/// rest.
pub trait Stored {
    /// What TYPE says.
    const TYPE: &'static str;

    /// What OBJECT ENCODING says.
    fn encoding(&self) -> &'static str;

    /// Bytes on the heap, about: of a table without what long elements own.
    fn heap_bytes(&self) -> usize;

    /// How many elements it has; of a string one.
    fn elements(&self) -> usize;

    /// Frees about so many elements; whether there are more. Nothing else may be done with it from then on.
    fn shed(&mut self, about: usize) -> bool;

    /// Whether it is a collection that has lost its last element, and its key with it. A stream may be empty.
    fn is_spent(&self) -> bool;
}
