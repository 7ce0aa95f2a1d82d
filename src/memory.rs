//! Memory, counted where it is handed out: the global allocator adds up the bytes it gave and took back, so that
//! `used_memory` and `maxmemory` are exact and cost one addition an allocation.
//!
//! On wasm32 an engine has its WebAssembly instance to itself and the count is the engine's. Natively (tests) the count
//! is the thread's. What the allocator itself wastes (its headers, fragments) is not counted, as it is not in Redis.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static USED: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

/// Where there is no `maxmemory`, commands that need memory are refused beyond this. wasm32 addresses 4 GiB, and running into
/// that wall is a trap; below it there must be room for one request of `proto-max-bulk-len` and its reply.
pub const CEILING: usize = if cfg!(target_arch = "wasm32") { 3 << 30 } else { usize::MAX };

/// What is worth asking [`room_for`] about.
pub const LARGE: usize = 1 << 20;

/// Whether so many bytes can be had in one piece, by trying. For commands that are about to copy something large: running
/// out of memory is a trap, and this is how they answer an error instead.
pub fn room_for(bytes: usize) -> bool {
    let mut probe: Vec<u8> = Vec::new();
    let fits = probe.try_reserve_exact(bytes).is_ok();
    std::hint::black_box(probe.as_ptr()); // or the compiler leaves the attempt out
    fits
}

/// Bytes allocated now.
pub fn used() -> usize {
    USED.get().max(0) as usize
}

/// The highest value [`used`] had when it was asked for with [`note_peak`].
pub fn peak() -> usize {
    note_peak();
    PEAK.get().max(0) as usize
}

/// Remembers the present use if it is the highest so far. Called after each batch of commands, not on each allocation.
pub fn note_peak() {
    if USED.get() > PEAK.get() {
        PEAK.set(USED.get());
    }
}

/// Forgets the peak (CONFIG RESETSTAT).
pub fn reset_peak() {
    PEAK.set(USED.get());
}

/// The system's allocator with a counter in front.
pub struct Counting;

// SAFETY: every call is passed on unchanged to the system's allocator; the counter has no part in what is returned.
unsafe impl GlobalAlloc for Counting {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        USED.set(USED.get() + layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    #[inline]
    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        USED.set(USED.get() - layout.size() as isize);
        unsafe { System.dealloc(ptr, layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        USED.set(USED.get() + layout.size() as isize);
        unsafe { System.alloc_zeroed(layout) }
    }

    #[inline]
    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        USED.set(USED.get() + size as isize - layout.size() as isize);
        unsafe { System.realloc(ptr, layout, size) }
    }
}
