//! The frame of an in-process call: `u32 argc`, then `u32 length, bytes` for each argument, little-endian.

use super::args::Span;

/// Reads a frame into `spans`. `None` if the lengths do not add up to exactly the bytes there are, or there is no name.
#[inline(always)]
pub fn read_frame(frame: &[u8], spans: &mut Vec<Span>) -> Option<()> {
    spans.clear();
    let word = |at: usize| Some(u32::from_le_bytes(frame.get(at..at + 4)?.try_into().ok()?) as usize);
    let argc = word(0)?;
    if argc == 0 || argc > frame.len() / 4 {
        return None;
    }
    let mut at = 4;
    spans.reserve(argc);
    for place in &mut spans.spare_capacity_mut()[..argc] {
        let len = word(at)?;
        at += 4;
        if len > frame.len() - at {
            return None;
        }
        place.write(Span { at: at as u32, len: len as u32 });
        at += len;
    }
    if at != frame.len() {
        return None;
    }
    // SAFETY: there is room for so many, and each has been written.
    unsafe { spans.set_len(argc) };
    Some(())
}
