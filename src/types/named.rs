//! How a key, a field or a member begins in the memory that it has to itself: with its name, and its deadline once it had one.
//!
//! ```text
//! | 0 to 126                    | name |        a short name, and no deadline
//! | 127 | length u32            | name |        a long one
//! | 128 to 255, as above        | deadline u64 | name |
//! ```
//!
//! What follows the name is the owner's matter. A name is in the way of every lookup: so a short one is told by one comparison.

use super::copy::copy;

/// The length of a long name stands behind this.
const LONG: u8 = 127;
const DATED: u8 = 128;

/// How many bytes a name of this length takes, with room for a deadline or without.
#[inline(always)]
pub fn size(len: usize, dated: bool) -> usize {
    1 + if len < LONG as usize { 0 } else { 4 } + if dated { 8 } else { 0 } + len
}

/// Writes a name, and a deadline.
///
/// # Safety
/// There are as many bytes at `to` as [`size`] says.
#[inline(always)]
pub unsafe fn write(mut to: *mut u8, name: &[u8], deadline: Option<u64>) {
    let dated = if deadline.is_some() { DATED } else { 0 };
    // SAFETY: the caller's.
    unsafe {
        if name.len() < LONG as usize {
            to.write(name.len() as u8 | dated);
            to = to.add(1);
        } else {
            to.write(LONG | dated);
            let len = u32::try_from(name.len()).expect("a string of less than 4 GB");
            to.add(1).cast::<u32>().write_unaligned(len);
            to = to.add(5);
        }
        if let Some(deadline) = deadline {
            to.cast::<u64>().write_unaligned(deadline);
            to = to.add(8);
        }
        copy(name.as_ptr(), to, name.len());
    }
}

/// The name at `at`.
///
/// # Safety
/// [`write`] has written one there, which lives as long as 'a and is not changed.
#[inline(always)]
pub unsafe fn name<'a>(at: *const u8) -> &'a [u8] {
    // SAFETY: the caller's.
    unsafe {
        let shape = at.read();
        if shape < LONG { std::slice::from_raw_parts(at.add(1), shape as usize) } else { other(at, shape) }
    }
}

/// A name that is long or has a deadline.
unsafe fn other<'a>(mut at: *const u8, shape: u8) -> &'a [u8] {
    // SAFETY: the caller's.
    unsafe {
        let mut len = (shape & LONG) as usize;
        at = at.add(1);
        if shape & LONG == LONG {
            len = at.cast::<u32>().read_unaligned() as usize;
            at = at.add(4);
        }
        std::slice::from_raw_parts(if shape & DATED != 0 { at.add(8) } else { at }, len)
    }
}

/// Where the deadline is, if there is room for one.
///
/// # Safety
/// [`write`] has written a name at `at`.
#[inline(always)]
pub unsafe fn deadline(at: *mut u8) -> Option<*mut u64> {
    // SAFETY: the caller's.
    unsafe {
        let shape = at.read();
        (shape & DATED != 0).then(|| at.add(if shape & LONG == LONG { 5 } else { 1 }).cast())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_deadlines_come_back() {
        for len in (0..300).chain([70_000]) {
            let bytes: Vec<u8> = (0..len).map(|i| (i * 31 + len) as u8).collect();
            for dated in [None, Some(0), Some(u64::MAX - 1)] {
                let mut memory = vec![0xEE; size(len, dated.is_some())];
                let at = memory.as_mut_ptr();
                // SAFETY: there is as much room as that, and the memory outlives what is read.
                unsafe {
                    write(at, &bytes, dated);
                    assert_eq!(name(at), bytes);
                    assert_eq!(deadline(at).map(|at| at.read_unaligned()), dated);
                    if let Some(place) = deadline(at) {
                        place.write_unaligned(5);
                        assert_eq!((name(at), place.read_unaligned()), (&bytes[..], 5));
                    }
                }
            }
        }
    }
}
