//! `Small`: an immutable byte string in 20 bytes, for keys and fields.
//!
//! ```text
//! inline   | up to 19 bytes ........................ | length 0..=19 |
//! heap     | address (4, or 8 natively) | length u32 | unused ... 255 |
//! byte     0                            8 (wasm32)                19
//! ```
//!
//! The same size and alignment (4) on every platform, so that entries are as tight natively as in wasm. A clone copies
//! the heap bytes: sharing would need a count beside every long key, and keys are cloned rarely (COPY).

use super::copy::copy;
use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::mem::MaybeUninit;
use std::ops::Deref;
use std::slice;

const SIZE: usize = 20;
const TAG: usize = SIZE - 1;
const HEAP: u8 = 255;
/// The longest string that needs no heap.
pub const INLINE: usize = TAG;

#[repr(C, align(4))]
pub struct Small([MaybeUninit<u8>; SIZE]);

// SAFETY: a Small owns its heap bytes alone and never changes them.
unsafe impl Send for Small {}
unsafe impl Sync for Small {}

impl Small {
    #[inline]
    pub fn new(bytes: &[u8]) -> Small {
        let mut small = Small([MaybeUninit::uninit(); SIZE]);
        let start = small.0.as_mut_ptr().cast::<u8>();
        if bytes.len() <= INLINE {
            // SAFETY: at most 19 bytes go in front of the tag.
            unsafe {
                copy(bytes.as_ptr(), start, bytes.len());
                start.add(TAG).write(bytes.len() as u8);
            }
        } else {
            let len = u32::try_from(bytes.len()).expect("a string of less than 4 GB");
            let layout = Small::layout(bytes.len());
            // SAFETY: the layout has a size over 0; address and length fit in front of the tag (8 + 4 <= 19).
            unsafe {
                let heap = alloc(layout);
                if heap.is_null() {
                    handle_alloc_error(layout);
                }
                copy(bytes.as_ptr(), heap, bytes.len());
                start.cast::<*mut u8>().write_unaligned(heap);
                start.add(size_of::<*mut u8>()).cast::<u32>().write_unaligned(len);
                start.add(TAG).write(HEAP);
            }
        }
        small
    }

    fn layout(len: usize) -> Layout {
        Layout::array::<u8>(len).expect("a length that was allocated")
    }

    #[inline(always)]
    fn tag(&self) -> u8 {
        // SAFETY: the tag is always written.
        unsafe { self.0[TAG].assume_init() }
    }

    /// Address and length of the heap bytes. Only when the tag is `HEAP`.
    #[inline(always)]
    unsafe fn heap(&self) -> (*mut u8, usize) {
        let start = self.0.as_ptr().cast::<u8>();
        // SAFETY: `new` wrote both.
        unsafe {
            let len = start.add(size_of::<*mut u8>()).cast::<u32>().read_unaligned();
            (start.cast::<*mut u8>().read_unaligned(), len as usize)
        }
    }

    #[inline(always)]
    pub fn as_slice(&self) -> &[u8] {
        let tag = self.tag();
        // SAFETY: `tag` inline bytes were written, or the heap bytes that live as long as self.
        unsafe {
            if tag != HEAP {
                slice::from_raw_parts(self.0.as_ptr().cast::<u8>(), tag as usize)
            } else {
                let (heap, len) = self.heap();
                slice::from_raw_parts(heap, len)
            }
        }
    }

    #[inline]
    pub fn len(&self) -> usize {
        self.as_slice().len()
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.tag() == 0
    }

    /// Bytes on the heap (without the allocator's own): 0 for an inline string.
    #[inline]
    pub fn heap_bytes(&self) -> usize {
        if self.tag() == HEAP { self.len() } else { 0 }
    }
}

impl Drop for Small {
    #[inline]
    fn drop(&mut self) {
        if self.tag() == HEAP {
            // SAFETY: `new` made it with this layout, and nobody else owns it.
            unsafe {
                let (heap, len) = self.heap();
                dealloc(heap, Small::layout(len));
            }
        }
    }
}

impl Clone for Small {
    fn clone(&self) -> Small {
        if self.tag() == HEAP { Small::new(self.as_slice()) } else { Small(self.0) }
    }
}

impl Deref for Small {
    type Target = [u8];
    #[inline(always)]
    fn deref(&self) -> &[u8] {
        self.as_slice()
    }
}

impl From<&[u8]> for Small {
    fn from(bytes: &[u8]) -> Small {
        Small::new(bytes)
    }
}

impl Default for Small {
    fn default() -> Small {
        Small::new(&[])
    }
}

impl PartialEq for Small {
    fn eq(&self, other: &Small) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl Eq for Small {}

impl std::fmt::Debug for Small {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\"{}\"", self.as_slice().escape_ascii())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_takes_twenty_bytes_everywhere() {
        assert_eq!((size_of::<Small>(), align_of::<Small>()), (20, 4));
    }

    #[test]
    fn every_length_comes_back() {
        for len in 0..300usize {
            let bytes: Vec<u8> = (0..len).map(|i| (i * 31 + len) as u8).collect();
            let small = Small::new(&bytes);
            let copy = small.clone();
            assert_eq!(&*small, &bytes[..]);
            assert_eq!(small.len(), len);
            assert_eq!(small.is_empty(), len == 0);
            assert_eq!(small.heap_bytes(), if len > INLINE { len } else { 0 });
            drop(small);
            assert_eq!(copy.as_slice(), &bytes[..]);
            assert_eq!(copy, Small::from(&bytes[..]));
        }
    }

    #[test]
    fn strings_survive_being_moved_and_replaced() {
        let mut state = 88172645463325252u64;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let (mut ours, mut theirs): (Vec<Small>, Vec<Vec<u8>>) = (Vec::new(), Vec::new());
        for _ in 0..20_000 {
            let bytes: Vec<u8> = (0..next() % 40).map(|_| next() as u8).collect();
            if ours.len() < 50 {
                ours.push(Small::new(&bytes));
                theirs.push(bytes);
            } else {
                let i = next() as usize % ours.len();
                assert_eq!(ours.swap_remove(i).as_slice(), theirs.swap_remove(i));
            }
        }
        assert!(ours.iter().zip(&theirs).all(|(a, b)| a.as_slice() == b));
    }
}
