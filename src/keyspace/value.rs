//! What a key can hold, and how a command sees it as the type that it wants.

use super::{Deadline, Entry, NEVER};
use crate::resp::error::Error;
use crate::types::Stored;
use crate::types::absent::{HeldArray, HeldStream, HeldVectors};
use crate::types::array::Array;
use crate::types::hash::{self, Hash};
use crate::types::list::List;
use crate::types::set::Set;
use crate::types::sorted_set::SortedSet;
use crate::types::stream::Stream;
use crate::types::string::Str;
use crate::types::vector::VectorSet;

/// What a key holds.
#[derive(Clone)]
pub enum Value {
    Str(Str),
    Hash(Hash),
    List(List),
    Set(Set),
    Sorted(SortedSet),
    Stream(HeldStream),
    Array(HeldArray),
    Vectors(HeldVectors),
}

/// The earliest deadline of a hash's fields, as one of keys.
#[inline(always)]
fn of_fields(deadline: i64) -> Deadline {
    if deadline == hash::NEVER { NEVER } else { deadline as Deadline }
}

impl Value {
    /// The deadline under which the index of fields knows it.
    #[inline(always)]
    pub(super) fn indexed(&self) -> Deadline {
        match self {
            Value::Hash(hash) => of_fields(hash.indexed()),
            _ => NEVER,
        }
    }

    /// Notes that the index of fields knows it under its next deadline from now on: the one before, and this one.
    pub(super) fn reindex(&mut self) -> (Deadline, Deadline) {
        let Value::Hash(hash) = self else { return (NEVER, NEVER) };
        let (old, new) = (hash.indexed(), hash.next_deadline());
        hash.set_indexed(new);
        (of_fields(old), of_fields(new))
    }
}

#[cfg(target_arch = "wasm32")]
const _: () = assert!(size_of::<Value>() == 16);

/// Asks the value, whatever its type: with a new type the compiler asks for a line here, and one in [`Value`].
macro_rules! ask {
    ($value:expr, $stored:ident => $answer:expr) => {
        match $value {
            Value::Str($stored) => $answer,
            Value::Hash($stored) => $answer,
            Value::List($stored) => $answer,
            Value::Set($stored) => $answer,
            Value::Sorted($stored) => $answer,
            Value::Stream($stored) => $answer,
            Value::Array($stored) => $answer,
            Value::Vectors($stored) => $answer,
        }
    };
}

impl Value {
    /// What TYPE says.
    pub fn type_name(&self) -> &'static str {
        fn name<T: Stored>(_: &T) -> &'static str {
            T::TYPE
        }
        match self {
            Value::Str(value) => name(value),
            Value::Hash(hash) => name(hash),
            Value::List(list) => name(list),
            Value::Set(set) => name(set),
            Value::Sorted(set) => name(set),
            Value::Stream(stream) => name(&**stream),
            Value::Array(array) => name(&**array),
            Value::Vectors(set) => name(&**set),
        }
    }

    /// About how many bytes the value is; see [`Stored::heap_bytes`].
    pub fn bytes(&self) -> usize {
        ask!(self, value => value.heap_bytes())
    }

    /// How many elements it has; of a string one.
    pub fn elements(&self) -> usize {
        ask!(self, value => value.elements())
    }

    /// Frees a part of about so many elements; whether there may be more. Nothing else may be done with it from then on.
    pub(super) fn shed(&mut self, about: usize) -> bool {
        ask!(self, value => value.shed(about))
    }

    /// What OBJECT ENCODING says, but for strings that it calls otherwise under a long key.
    pub fn encoding(&self) -> &'static str {
        ask!(self, value => value.encoding())
    }

    /// What OBJECT ENCODING says of the value of this key, strings being embedded up to so many bytes of key and value.
    pub fn encoding_under(&self, key: &[u8], embedded: usize) -> &'static str {
        match self {
            Value::Str(value) => value.encoding_under(key, embedded),
            _ => self.encoding(),
        }
    }

    /// Before the value goes from this key to another one: the encoding that depended on the key stays.
    pub fn leave(&mut self, key: &[u8], embedded: usize) {
        if let Value::Str(value) = self {
            value.leave(key, embedded);
        }
    }

    /// Whether it is a collection that has lost its last element, and its key with it. A stream may be empty.
    pub(super) fn is_spent(&self) -> bool {
        ask!(self, value => value.is_spent())
    }
}

/// A type that a key can hold: how to see a value as one.
pub trait Kind: Sized {
    fn peek(value: &Value) -> Option<&Self>;
    fn peek_mut(value: &mut Value) -> Option<&mut Self>;

    /// What an entry holds, if there is one; an error if it is of another kind.
    #[inline(always)]
    fn within(entry: Option<&mut Entry>) -> Result<Option<&mut Self>, Error> {
        match entry {
            Some(entry) => Self::peek_mut(entry.value_mut()).map(Some).ok_or(Error::WrongType),
            None => Ok(None),
        }
    }
}

/// For commands that take more than one type.
impl Kind for Value {
    fn peek(value: &Value) -> Option<&Value> {
        Some(value)
    }

    fn peek_mut(value: &mut Value) -> Option<&mut Value> {
        Some(value)
    }
}

/// A type that stands in its variant, as it is or in a box.
macro_rules! kinds {
    ($($variant:ident($kind:ty, $wrap:expr);)*) => {
        $(
            impl Kind for $kind {
                fn peek(value: &Value) -> Option<&$kind> {
                    match value {
                        Value::$variant(value) => Some(value),
                        _ => None,
                    }
                }

                fn peek_mut(value: &mut Value) -> Option<&mut $kind> {
                    match value {
                        Value::$variant(value) => Some(value),
                        _ => None,
                    }
                }
            }

            impl From<$kind> for Value {
                fn from(value: $kind) -> Value {
                    Value::$variant($wrap(value))
                }
            }
        )*
    };
}

kinds! {
    Str(Str, std::convert::identity);
    Hash(Hash, std::convert::identity);
    List(List, std::convert::identity);
    Set(Set, std::convert::identity);
    Sorted(SortedSet, std::convert::identity);
    Stream(Stream, HeldStream::from);
    Array(Array, HeldArray::from);
    Vectors(VectorSet, HeldVectors::from);
}
