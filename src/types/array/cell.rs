//! One position of a slice, in eight bytes.
//!
//! ```text
//! short    | up to 7 bytes ................. | length 0..=7 |
//! integer  | 56 bits, low ones first ....... |      8       |
//! heap     | address ....................... |      9       |    length u32, bytes
//! empty    | ............................... |     255      |
//! byte     0                                 7
//! ```

use crate::types::copy::copy;
use crate::types::listpack::Item;
use crate::types::number::parse_int;
use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::slice;

const SHORT: usize = 7;
const INT: u8 = 8;
const HEAP: u8 = 9;
const EMPTY: u8 = 255;
/// Where the bytes begin behind their length.
const HEAD: usize = 4;

/// See the head of this file.
#[repr(C, align(8))]
pub struct Cell([u8; 8]);

// SAFETY: a cell owns its heap bytes alone and never changes them.
unsafe impl Send for Cell {}
unsafe impl Sync for Cell {}

impl Cell {
    pub const EMPTY: Cell = Cell([EMPTY; 8]);

    pub fn new(bytes: &[u8]) -> Cell {
        if bytes.len() <= SHORT {
            let mut cell = [0; 8];
            cell[..bytes.len()].copy_from_slice(bytes);
            cell[SHORT] = bytes.len() as u8;
            return Cell(cell);
        }
        match parse_int(bytes).filter(|int| int << 8 >> 8 == *int) {
            Some(int) => Cell::tagged(int as u64, INT),
            None => Cell::tagged(boxed(bytes) as u64, HEAP),
        }
    }

    fn tagged(payload: u64, tag: u8) -> Cell {
        let mut cell = payload.to_le_bytes();
        cell[SHORT] = tag;
        Cell(cell)
    }

    #[inline]
    fn payload(&self) -> u64 {
        u64::from_le_bytes(self.0) << 8 >> 8
    }

    /// The address of the length and the bytes, where they are on the heap.
    fn heap(&self) -> Option<*mut u8> {
        (self.0[SHORT] == HEAP).then(|| std::ptr::with_exposed_provenance_mut(self.payload() as usize))
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0[SHORT] == EMPTY
    }

    #[inline]
    pub fn item(&self) -> Option<Item<'_>> {
        match self.0[SHORT] {
            EMPTY => None,
            INT => Some(Item::Int((self.payload() << 8) as i64 >> 8)),
            HEAP => self.heap().map(|at| {
                // SAFETY: `boxed` wrote the length and as many bytes, and they live as long as the cell.
                Item::Str(unsafe { slice::from_raw_parts(at.add(HEAD), len_at(at)) })
            }),
            len => Some(Item::Str(&self.0[..len as usize])),
        }
    }

    /// Bytes on the heap.
    pub fn outside(&self) -> usize {
        // SAFETY: `boxed` wrote the length.
        self.heap().map_or(0, |at| HEAD + unsafe { len_at(at) })
    }
}

/// The length that stands at an address of [`boxed`].
unsafe fn len_at(at: *mut u8) -> usize {
    // SAFETY: the caller has the address from there; it is aligned for the length.
    unsafe { at.cast::<u32>().read() as usize }
}

fn layout(len: usize) -> Layout {
    Layout::from_size_align(HEAD + len, HEAD).expect("a string of less than 4 GB")
}

/// Length and bytes on the heap, and where.
fn boxed(bytes: &[u8]) -> usize {
    let len = u32::try_from(bytes.len()).expect("a string of less than 4 GB");
    let layout = layout(bytes.len());
    // SAFETY: the layout has a size over 0, room for the length and the bytes, and the length's alignment.
    unsafe {
        let at = alloc(layout);
        if at.is_null() {
            handle_alloc_error(layout);
        }
        at.cast::<u32>().write(len);
        copy(bytes.as_ptr(), at.add(HEAD), bytes.len());
        let address = at.expose_provenance();
        debug_assert!(address as u64 >> 56 == 0);
        address
    }
}

impl Drop for Cell {
    #[inline]
    fn drop(&mut self) {
        if let Some(at) = self.heap() {
            // SAFETY: `boxed` made it with this layout, and nobody else owns it.
            unsafe { dealloc(at, layout(len_at(at))) }
        }
    }
}

impl Clone for Cell {
    fn clone(&self) -> Cell {
        match self.item() {
            Some(Item::Str(bytes)) if bytes.len() > SHORT => Cell::tagged(boxed(bytes) as u64, HEAP),
            _ => Cell(self.0),
        }
    }
}
