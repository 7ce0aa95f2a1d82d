//! Memory, counted where it is handed out: the global allocator adds up the bytes it gave and took back, so that
//! `used_memory` and `maxmemory` are exact and cost one addition an allocation.
//!
//! On wasm32 an engine has its WebAssembly instance to itself and the count is the engine's. Natively (tests) the count
//! is the thread's. What the allocator itself wastes (its headers, fragments) is not counted, as it is not in Redis.
//!
//! The allocator of wasm32 is the one of std, dlmalloc, with another way to get memory from the host. Beyond 64 MB each growth
//! makes V8 collect the garbage of the whole JavaScript heap, whose size decides how long that takes. So memory does not grow by
//! 64 KB, as std has it, but by 1 MB or a sixteenth of what there is, then by an eighth; and `reserve` has it grow once, in advance.

use std::alloc::{GlobalAlloc, Layout};

/// Counters of the thread's; in WebAssembly, where there is one, without the call that a `thread_local!` takes each time.
macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        $(
            #[cfg(target_arch = "wasm32")]
            $(#[$doc])*
            static $name: wasm::Counter = wasm::Counter::new();
        )*
        #[cfg(not(target_arch = "wasm32"))]
        thread_local! {
            $($(#[$doc])* static $name: std::cell::Cell<i64> = const { std::cell::Cell::new(0) };)*
        }
    };
}

// 64 bits: wasm32 addresses 4 GiB, and a count of 32 bits with a sign is negative from the half of it on.
counters! {
    USED;
    PEAK;
    /// What interpreters of scripts hold of it.
    LENT;
}

/// Where there is no `maxmemory`, commands that need memory are refused beyond this. wasm32 addresses 4 GiB, and running into
/// that wall is a trap; below it there must be room for one request of `proto-max-bulk-len` and its reply.
pub const CEILING: u64 = if cfg!(target_arch = "wasm32") { 3 << 30 } else { i64::MAX as u64 };

/// Beyond this nothing that can be refused is granted, so that what cannot be finds room.
const WALL: u64 = if cfg!(target_arch = "wasm32") { 15 << 28 } else { i64::MAX as u64 };

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

/// Whether so many bytes can be had. Of short pieces none is tried: they are refused together, before memory ends.
#[inline(always)]
pub fn has(bytes: usize) -> bool {
    if bytes <= LARGE { used() < WALL } else { room_for(bytes) }
}

/// Whether there is more memory left than is used: enough for a second one of anything that is there, and a reply about it.
/// Where there is not, a command that makes something out of what is stored adds it up first.
pub fn is_ample() -> bool {
    #[cfg(target_arch = "wasm32")]
    return held() < 3 << 28;
    #[cfg(not(target_arch = "wasm32"))]
    return scarce::is_unlimited();
}

/// Bytes allocated now.
pub fn used() -> u64 {
    USED.get().max(0) as u64
}

/// Bytes of what is there for data and clients: without what scripts hold while they run, which `maxmemory` does not count.
pub fn data() -> u64 {
    (USED.get() - LENT.get()).max(0) as u64
}

/// Bytes of the host's memory that have been put to use: without what is reserved and was never touched. They never become
/// fewer. Natively, what is allocated.
pub fn held() -> u64 {
    #[cfg(target_arch = "wasm32")]
    return wasm::held();
    #[cfg(not(target_arch = "wasm32"))]
    return used();
}

/// Has memory grow to so many bytes at once, so that it need not until they are used. Whether the host gave them.
#[cfg(target_arch = "wasm32")]
pub fn reserve(bytes: usize) -> bool {
    wasm::reserve(bytes)
}

/// An interpreter has taken so many bytes more of what is allocated, or less.
pub fn lend(bytes: i64) {
    LENT.set(LENT.get() + bytes);
}

/// The highest value [`data`] had when it was asked for with [`note_peak`].
pub fn peak() -> u64 {
    note_peak();
    PEAK.get().max(0) as u64
}

/// Remembers the present use if it is the highest so far. Called after each batch of commands, not on each allocation.
pub fn note_peak() {
    PEAK.set(PEAK.get().max(USED.get() - LENT.get()));
}

/// Forgets the peak (CONFIG RESETSTAT).
pub fn reset_peak() {
    PEAK.set(USED.get() - LENT.get());
}

/// The allocator below with a counter in front.
pub struct Counting;

/// Counts what was granted: a request that was refused took nothing.
#[inline(always)]
fn counted(ptr: *mut u8, bytes: i64) -> *mut u8 {
    if !ptr.is_null() {
        USED.set(USED.get() + bytes);
    }
    ptr
}

// SAFETY: every call is passed on unchanged to an allocator; the counter has no part in what is returned.
unsafe impl GlobalAlloc for Counting {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if refuses(layout.size()) {
            return std::ptr::null_mut();
        }
        counted(unsafe { SYSTEM.alloc(layout) }, layout.size() as i64)
    }

    #[inline]
    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        USED.set(USED.get() - layout.size() as i64);
        unsafe { SYSTEM.dealloc(ptr, layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if refuses(layout.size()) {
            return std::ptr::null_mut();
        }
        counted(unsafe { SYSTEM.alloc_zeroed(layout) }, layout.size() as i64)
    }

    #[inline]
    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if size > layout.size() && refuses(size) {
            return std::ptr::null_mut();
        }
        counted(unsafe { SYSTEM.realloc(ptr, layout, size) }, size as i64 - layout.size() as i64)
    }
}

#[cfg(target_arch = "wasm32")]
use wasm::{SYSTEM, refuses};

#[cfg(target_arch = "wasm32")]
mod wasm {
    use dlmalloc::{Allocator, Dlmalloc};
    use std::alloc::{GlobalAlloc, Layout};
    use std::arch::wasm32::{memory_grow, memory_size};
    use std::cell::UnsafeCell;
    use std::ptr::null_mut;

    const PAGE: usize = 1 << 16;

    /// What 32 bits address.
    const PAGES: usize = 1 << 16;

    /// 64 MB: beyond this V8 collects garbage with each growth.
    const SMALL: usize = 1 << 10;

    /// A number that the one thread counts with.
    pub struct Counter(UnsafeCell<i64>);

    // SAFETY: there is one thread.
    unsafe impl Sync for Counter {}

    impl Counter {
        pub const fn new() -> Counter {
            Counter(UnsafeCell::new(0))
        }

        #[inline(always)]
        pub fn get(&self) -> i64 {
            unsafe { *self.0.get() }
        }

        #[inline(always)]
        pub fn set(&self, value: i64) {
            unsafe { *self.0.get() = value }
        }
    }

    /// Pages from this one on are reserved, up to [`END`]; both are 0 before the first growth.
    static BEGUN: Counter = Counter::new();
    static END: Counter = Counter::new();

    /// Bytes, from the first on, that are in use.
    pub fn held() -> u64 {
        BEGUN.get() as u64 * PAGE as u64
    }

    /// Has memory be so many bytes, of which none of the new ones is in use.
    pub fn reserve(bytes: usize) -> bool {
        let missing = bytes.div_ceil(PAGE).saturating_sub(memory_size(0));
        let before = memory_grow(0, missing);
        if before == usize::MAX {
            return false;
        }
        if before as i64 != END.get() {
            BEGUN.set(before as i64);
        }
        END.set((before + missing) as i64);
        true
    }

    /// By how many pages memory of so many grows at least.
    fn ample(pages: usize) -> usize {
        let part = if pages < SMALL { pages / 16 } else { pages / 8 };
        // Not beyond the end of the address space, or the last part of it were had page by page.
        part.max(16).min(PAGES - pages)
    }

    /// These pages, as the allocator takes them.
    fn given(from: usize, to: usize) -> (*mut u8, usize, u32) {
        // The last bytes of the address space stay out: no pointer may be one past its end.
        let kept = if to == PAGES { 16 } else { 0 };
        ((from * PAGE) as *mut u8, (to - from) * PAGE - kept, 0)
    }

    /// The host's memory. It never takes anything back.
    struct Host;

    // SAFETY: memory that has just grown belongs to nobody else, and neither does what is reserved.
    unsafe impl Allocator for Host {
        fn alloc(&self, size: usize) -> (*mut u8, usize, u32) {
            let (begun, end) = (BEGUN.get() as usize, END.get() as usize);
            let (wanted, left) = (size.div_ceil(PAGE), end - begun);
            if wanted <= left {
                BEGUN.set((begun + wanted) as i64);
                return given(begun, begun + wanted);
            }
            for pages in [ample(memory_size(0)).max(wanted), wanted - left] {
                let before = memory_grow(0, pages);
                if before != usize::MAX {
                    BEGUN.set((before + pages) as i64);
                    END.set((before + pages) as i64);
                    return given(if before == end { begun } else { before }, before + pages);
                }
            }
            (null_mut(), 0, 0)
        }

        fn remap(&self, _: *mut u8, _: usize, _: usize, _: bool) -> *mut u8 {
            null_mut()
        }

        fn free_part(&self, _: *mut u8, _: usize, _: usize) -> bool {
            false
        }

        fn free(&self, _: *mut u8, _: usize) -> bool {
            false
        }

        fn can_release_part(&self, _: u32) -> bool {
            false
        }

        fn allocates_zeros(&self) -> bool {
            true
        }

        fn page_size(&self) -> usize {
            PAGE
        }
    }

    pub struct System(UnsafeCell<Dlmalloc<Host>>);

    // SAFETY: there is one thread, and the allocator calls nobody but the host.
    unsafe impl Sync for System {}

    pub static SYSTEM: System = System(UnsafeCell::new(Dlmalloc::new_with_allocator(Host)));

    /// Only tests refuse.
    #[inline(always)]
    pub fn refuses(_: usize) -> bool {
        false
    }

    // SAFETY: dlmalloc keeps the contract; see `Sync` above for the reference.
    unsafe impl GlobalAlloc for System {
        #[inline]
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            unsafe { (*self.0.get()).malloc(layout.size(), layout.align()) }
        }

        #[inline]
        unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
            unsafe { (*self.0.get()).free(ptr, layout.size(), layout.align()) }
        }

        #[inline]
        unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
            unsafe { (*self.0.get()).calloc(layout.size(), layout.align()) }
        }

        #[inline]
        unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, size: usize) -> *mut u8 {
            unsafe { (*self.0.get()).realloc(ptr, layout.size(), layout.align(), size) }
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
use scarce::refuses;
#[cfg(not(target_arch = "wasm32"))]
use std::alloc::System as SYSTEM;

/// Scarce memory for tests: a limit for this thread, and the levels at which it would have to be to refuse each request in turn.
#[cfg(not(target_arch = "wasm32"))]
pub mod scarce {
    use super::USED;
    use std::cell::Cell;

    /// Smaller requests are always granted: near its end, wasm32's memory has room for those too.
    pub const SMALL: usize = super::LARGE;

    const MOST: usize = 64;

    thread_local! {
        static LIMIT: Cell<i64> = const { Cell::new(i64::MAX) };
        static LEVELS: [Cell<i64>; MOST] = const { [const { Cell::new(0) }; MOST] };
        static COUNT: Cell<usize> = const { Cell::new(0) };
    }

    pub fn is_unlimited() -> bool {
        LIMIT.get() == i64::MAX
    }

    #[inline]
    pub fn refuses(size: usize) -> bool {
        if size <= SMALL {
            return false;
        }
        let level = USED.get() + size as i64;
        let count = COUNT.get();
        if count < MOST {
            LEVELS.with(|levels| levels[count].set(level));
            COUNT.set(count + 1);
        }
        level > LIMIT.get()
    }

    /// Runs `work` with unlimited memory; what was in use, all told, after each of its larger requests, without repeats and from
    /// the highest. With a limit just below one of these levels, `work` is refused the request that reaches it first.
    pub fn levels(work: impl FnOnce()) -> Vec<i64> {
        COUNT.set(0);
        work();
        let mut levels: Vec<i64> = LEVELS.with(|levels| levels[..COUNT.get()].iter().map(Cell::get).collect());
        levels.sort_unstable_by(|a, b| b.cmp(a));
        levels.dedup();
        levels
    }

    /// Runs `work` while larger requests beyond `limit` bytes, all told, are refused.
    pub fn with_limit<T>(limit: i64, work: impl FnOnce() -> T) -> T {
        LIMIT.set(limit);
        let result = work();
        LIMIT.set(i64::MAX);
        result
    }
}
