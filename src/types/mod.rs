//! The data structures, and the numbers, that keys hold. They know no command, no reply and no session.

pub mod copy;
pub mod dict;
pub mod double;
pub mod geohash;
pub mod glob;
pub mod hash;
pub mod hyperloglog;
pub mod intset;
pub mod list;
pub mod listpack;
pub mod long_double;
pub mod number;
pub mod pairs;
pub mod ranked;
pub mod registry;
pub mod set;
pub mod small;
pub mod sorted_set;
pub mod stream;
pub mod string;
pub mod trig;
