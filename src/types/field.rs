//! A field of a hash that is a table: name, value and perhaps a deadline in one piece of memory, of which the table has the address. A
//! member of a set is a field without a value, which costs it a byte: there is one table for both in the module, and it is not small.
//!
//! ```text
//! | name, as in `named.rs`: 1 + length | length of the value u8, or 255 and u32 | value |
//! ```
//!
//! A value of the same length goes into the place of the old one. Where name and value are long there is always room for a deadline, so
//! that one can be set without a copy of them.

use super::copy::copy;
use super::dict::Entry;
use super::hash::NEVER;
use super::listpack::Item;
use super::named;
use std::alloc::{Layout, alloc, dealloc, handle_alloc_error, realloc};
use std::slice;

pub struct Field(*mut u8);

// SAFETY: a field owns its memory alone.
unsafe impl Send for Field {}
unsafe impl Sync for Field {}

/// The length of a long value stands behind this.
const LONG: u8 = 255;

/// Name and value together are moved without a thought up to this length.
const SHORT: usize = 400;

/// What a value of this length takes.
fn room(len: usize) -> usize {
    len + if len < LONG as usize { 1 } else { 5 }
}

/// Bytes that a field of such a name and value takes.
pub fn size(name: usize, value: usize) -> usize {
    named::size(name, false) + room(value)
}

fn layout(size: usize) -> Layout {
    // SAFETY: two lengths of 32 bits each natively, and what could be allocated on wasm32.
    unsafe { Layout::from_size_align_unchecked(size, 1) }
}

impl Field {
    pub fn new(name: &[u8], value: &[u8], deadline: i64) -> Field {
        let dated = (deadline != NEVER || name.len() + value.len() > SHORT).then_some(deadline as u64);
        let start = named::size(name.len(), dated.is_some());
        // SAFETY: the size is that of name and value.
        unsafe {
            let layout = layout(start + room(value.len()));
            let memory = alloc(layout);
            if memory.is_null() {
                handle_alloc_error(layout);
            }
            named::write(memory, name, dated);
            write(memory.add(start), value);
            Field(memory)
        }
    }

    #[inline(always)]
    pub fn name(&self) -> &[u8] {
        // SAFETY: `new` has written it, and it changes only where self is borrowed mutably.
        unsafe { named::name(self.0) }
    }

    #[inline(always)]
    pub fn value(&self) -> &[u8] {
        // SAFETY: the value stands behind the name.
        unsafe {
            let at = self.0.add(self.start());
            let short = at.read();
            if short != LONG {
                return slice::from_raw_parts(at.add(1), short as usize);
            }
            slice::from_raw_parts(at.add(5), at.add(1).cast::<u32>().read_unaligned() as usize)
        }
    }

    /// Name, value and deadline.
    pub fn triple(&self) -> (Item<'_>, Item<'_>, i64) {
        (Item::Str(self.name()), Item::Str(self.value()), self.deadline())
    }

    /// The deadline, in milliseconds since the epoch; `NEVER` if it has none.
    pub fn deadline(&self) -> i64 {
        // SAFETY: `new` has written a name.
        unsafe { named::deadline(self.0).map_or(NEVER, |at| at.read_unaligned() as i64) }
    }

    /// Where the value is.
    #[inline(always)]
    fn start(&self) -> usize {
        self.name().as_ptr_range().end as usize - self.0 as usize
    }

    /// Where the value is, and how many bytes are allocated.
    fn extent(&self) -> (usize, usize) {
        let start = self.start();
        (start, start + room(self.value().len()))
    }

    pub fn set_value(&mut self, value: &[u8]) {
        let (start, old) = self.extent();
        let new = start + room(value.len());
        if new != old && new > SHORT {
            *self = Field::new(self.name(), value, self.deadline());
            return;
        }
        // SAFETY: `old` bytes are allocated, and `new` are needed.
        unsafe {
            if new != old {
                self.0 = realloc(self.0, layout(old), new);
                if self.0.is_null() {
                    handle_alloc_error(layout(new));
                }
            }
            write(self.0.add(start), value);
        }
    }

    /// The deadline before.
    pub fn set_deadline(&mut self, deadline: i64) -> i64 {
        let old = self.deadline();
        // SAFETY: `new` has written a name.
        match unsafe { named::deadline(self.0) } {
            // SAFETY: there is room for it.
            Some(at) => unsafe { at.write_unaligned(deadline as u64) },
            None if deadline != NEVER => *self = Field::new(self.name(), self.value(), deadline),
            None => {}
        }
        old
    }
}

/// Writes a value, for which there is room.
unsafe fn write(to: *mut u8, value: &[u8]) {
    // SAFETY: the caller's.
    unsafe {
        if value.len() < LONG as usize {
            to.write(value.len() as u8);
            copy(value.as_ptr(), to.add(1), value.len());
        } else {
            to.write(LONG);
            to.add(1).cast::<u32>().write_unaligned(u32::try_from(value.len()).expect("a string of less than 4 GB"));
            copy(value.as_ptr(), to.add(5), value.len());
        }
    }
}

impl Entry for Field {
    #[inline(always)]
    fn key(&self) -> &[u8] {
        self.name()
    }
}

impl Clone for Field {
    fn clone(&self) -> Field {
        Field::new(self.name(), self.value(), self.deadline())
    }
}

impl Drop for Field {
    #[inline(never)]
    fn drop(&mut self) {
        let (_, size) = self.extent();
        // SAFETY: so many bytes are allocated.
        unsafe { dealloc(self.0, layout(size)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_values_and_deadlines_of_every_length_come_back() {
        for name in (0..140).step_by(9).chain([126, 127, 128, 300]) {
            let mut before: Option<(Field, Vec<u8>, i64)> = None;
            for len in (0..270).step_by(7).chain([253, 254, 255, 256, 70_000, 3]) {
                for deadline in [NEVER, 0, 7] {
                    let name: Vec<u8> = (0..name).map(|i| i as u8).collect();
                    let value: Vec<u8> = (0..len).map(|i| (i + 3) as u8).collect();
                    let new = Field::new(&name, &value, deadline);
                    assert_eq!((new.name(), new.value(), new.deadline()), (&name[..], &value[..], deadline));
                    if let Some((mut field, old, at)) = before.take() {
                        assert_eq!((field.value(), field.deadline()), (&old[..], at));
                        field.set_value(&value);
                        assert_eq!((field.name(), field.value(), field.deadline()), (&name[..], &value[..], at));
                        assert_eq!(field.set_deadline(deadline), at);
                        let copy = field.clone();
                        drop(field);
                        assert_eq!((copy.name(), copy.value(), copy.deadline()), (&name[..], &value[..], deadline));
                    }
                    before = Some((new, value, deadline));
                }
            }
        }
    }
}
