//! Fingerprints are compared in groups of [`WIDTH`]; a hit is a bit whose number >> [`SHIFT`] is the place in the group.

pub use wide::{SHIFT, WIDTH, matches};

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wide {
    use core::arch::wasm32::{i8x16_bitmask, i8x16_eq, u8x16_splat, v128, v128_load};
    pub const WIDTH: usize = 64;
    pub const SHIFT: u32 = 0;

    /// One bit for each of the 64 bytes from `at` that equals `byte`. All four parts at once, because which of them
    /// has the hit is what a branch could not predict.
    #[inline(always)]
    pub unsafe fn matches(at: *const u8, byte: u8) -> u64 {
        let wanted = u8x16_splat(byte);
        // SAFETY: the caller has 64 readable bytes there; v128_load needs no alignment.
        let part =
            |n: usize| unsafe { i8x16_bitmask(i8x16_eq(v128_load(at.add(n * 16).cast::<v128>()), wanted)) as u64 };
        (part(0) | part(1) << 16) | (part(2) | part(3) << 16) << 32
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod wide {
    pub const WIDTH: usize = 8;
    pub const SHIFT: u32 = 3;

    /// The high bit of each of the 8 bytes from `at` that equals `byte`.
    #[inline(always)]
    pub unsafe fn matches(at: *const u8, byte: u8) -> u64 {
        const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
        // SAFETY: the caller has 8 readable bytes there.
        let bytes = u64::from_le_bytes(unsafe { at.cast::<[u8; 8]>().read() });
        let x = bytes ^ (byte as u64 * 0x0101_0101_0101_0101);
        !(((x & LOW) + LOW) | x | LOW)
    }
}
