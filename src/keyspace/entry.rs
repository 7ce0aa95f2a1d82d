//! A key and all that belongs to it: one piece of memory, of which the table has the address.
//!
//! ```text
//! | value 16 | last access 4 | key, as in types/named.rs: 1 + length, and 8 more once it has had a deadline |      on wasm32
//! ```
//!
//! A long key always has room for a deadline, so that it need not be copied for one.
//! Values of up to 14 bytes need nothing more. Where a small collection's value is, there is the address of its listpack.

use super::{Access, Deadline, NEVER, Value};
use crate::types::{dict, named};
use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::mem::{ManuallyDrop, align_of};
use std::ptr::copy_nonoverlapping;

/// A key and all that belongs to it.
pub struct Entry(*mut u8);

// SAFETY: an entry owns its memory alone, and a value may go from thread to thread.
unsafe impl Send for Entry {}
unsafe impl Sync for Entry {}

const ACCESS: usize = size_of::<Value>();
/// A key of up to this length is copied without a thought.
const SHORT: usize = 200;
const KEY: usize = ACCESS + size_of::<Access>();

// SAFETY of the whole impl: `new` has written value, access and key to where they are read, and they go when the entry goes.
impl Entry {
    /// Bytes that one takes beside key and value, in a table of many.
    pub const OVERHEAD: usize = KEY + 8;

    #[inline(never)]
    pub fn new(key: &[u8], access: Access, deadline: Deadline, value: Value) -> Entry {
        let dated = (deadline != NEVER || key.len() > SHORT).then_some(deadline);
        unsafe {
            let memory = Entry::memory(key.len(), dated.is_some());
            memory.cast::<Value>().write(value);
            memory.add(ACCESS).cast::<Access>().write(access);
            named::write(memory.add(KEY), key, dated);
            Entry(memory)
        }
    }

    fn layout(key: usize, dated: bool) -> Layout {
        // SAFETY: a key has a length of 32 bits natively, and what could be allocated on wasm32.
        unsafe { Layout::from_size_align_unchecked(Entry::size(key, dated), align_of::<Value>()) }
    }

    fn memory(key: usize, dated: bool) -> *mut u8 {
        let layout = Entry::layout(key, dated);
        let memory = unsafe { alloc(layout) };
        if memory.is_null() {
            handle_alloc_error(layout);
        }
        memory
    }

    fn size(key: usize, dated: bool) -> usize {
        KEY + named::size(key, dated)
    }

    /// Bytes that are allocated for it, without what the value owns.
    pub fn bytes(&self) -> usize {
        Entry::size(self.key().len(), self.dated().is_some())
    }

    #[inline(always)]
    pub fn key(&self) -> &[u8] {
        unsafe { named::name(self.0.add(KEY)) }
    }

    #[inline(always)]
    pub fn value(&self) -> &Value {
        unsafe { &*self.0.cast() }
    }

    #[inline(always)]
    pub fn value_mut(&mut self) -> &mut Value {
        unsafe { &mut *self.0.cast() }
    }

    #[inline(always)]
    pub fn access(&self) -> &Access {
        unsafe { &*self.0.add(ACCESS).cast() }
    }

    #[inline(always)]
    pub fn access_mut(&mut self) -> &mut Access {
        unsafe { &mut *self.0.add(ACCESS).cast() }
    }

    /// The value alone.
    pub fn into_value(self) -> Value {
        let entry = ManuallyDrop::new(self);
        unsafe {
            let value = entry.0.cast::<Value>().read();
            entry.free();
            value
        }
    }

    #[inline(always)]
    fn dated(&self) -> Option<*mut Deadline> {
        unsafe { named::deadline(self.0.add(KEY)) }
    }

    /// When the key ends, in milliseconds since the epoch; [`NEVER`] if it has no TTL.
    #[inline(always)]
    pub fn deadline(&self) -> Deadline {
        self.dated().map_or(NEVER, |at| unsafe { at.read_unaligned() })
    }

    /// Gives it another deadline; the one before. Room for one stays: what has had a TTL often gets another.
    pub(super) fn set_deadline(&mut self, deadline: Deadline) -> Deadline {
        let old = self.deadline();
        match self.dated() {
            Some(at) => unsafe { at.write_unaligned(deadline) },
            None if deadline != NEVER => unsafe {
                let memory = Entry::memory(self.key().len(), true);
                copy_nonoverlapping(self.0, memory, KEY);
                named::write(memory.add(KEY), self.key(), Some(deadline));
                self.free();
                self.0 = memory;
            },
            None => {}
        }
        old
    }

    /// Gives the memory back, and leaves the value alone.
    unsafe fn free(&self) {
        let layout = Entry::layout(self.key().len(), self.dated().is_some());
        unsafe { dealloc(self.0, layout) }
    }
}

impl Drop for Entry {
    #[inline(never)]
    fn drop(&mut self) {
        // SAFETY: the value is dropped once, and nothing is used afterwards.
        unsafe {
            self.0.cast::<Value>().drop_in_place();
            self.free();
        }
    }
}

impl dict::Entry for Entry {
    #[inline(always)]
    fn key(&self) -> &[u8] {
        Entry::key(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::string::Str;

    #[test]
    fn deadlines_come_and_go_and_all_else_stays() {
        for len in [0, 1, 19, 20, 126, 127, 128, 1000] {
            let key = vec![b'k'; len];
            let value = || Value::Str(Str::new(&[b'v'; 50]));
            let mut entry = Entry::new(&key, Access::default(), NEVER, value());
            let without = entry.bytes();
            assert_eq!(entry.set_deadline(NEVER), NEVER);
            assert_eq!((entry.bytes(), entry.set_deadline(7)), (without, NEVER));
            let more = if len > SHORT { 0 } else { 8 };
            assert_eq!((entry.deadline(), entry.key(), entry.bytes()), (7, &key[..], without + more));
            assert_eq!((entry.set_deadline(NEVER), entry.deadline()), (7, NEVER));
            assert_eq!((entry.set_deadline(9), entry.key(), entry.value().bytes()), (NEVER, &key[..], 50));
            let Value::Str(kept) = entry.into_value() else { unreachable!("it was a string") };
            assert_eq!(kept.len(), 50);
            drop(Entry::new(&key, Access::default(), 8, value()));
        }
    }
}
