//! The wire: arguments as they come, replies and errors as they leave. Of commands it knows their names.

pub mod args;
pub mod dialect;
pub mod error;
pub mod parser;
pub mod reply;
pub mod request;
pub mod write;

use crate::allocator;
use error::Error;

/// Whether so many bytes can be had, for copies of what is stored, most of which are short.
#[inline(always)]
pub fn room_for(bytes: usize) -> Result<(), Error> {
    if allocator::has(bytes) { Ok(()) } else { Err(Error::OutOfMemory) }
}
