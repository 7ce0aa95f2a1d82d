//! Commands in RESP, as a client writes them: for journals, snapshots, and messages.

use crate::allocator::LARGE;
use crate::types::number::{INT_LEN, format_int};

/// Appends one command in RESP.
#[inline(never)]
pub fn command(out: &mut Vec<u8>, args: &[&[u8]]) {
    let total: usize = args.iter().map(|arg| arg.len() + 16).sum();
    if total > LARGE {
        out.reserve_exact(total + 64); // and not double that, where memory ends
    }
    length(out, b'*', args.len());
    for arg in args {
        argument(out, arg);
    }
}

/// Appends one argument.
#[inline(never)]
pub fn argument(out: &mut Vec<u8>, arg: &[u8]) {
    length(out, b'$', arg.len());
    out.extend_from_slice(arg);
    out.extend_from_slice(b"\r\n");
}

/// Appends a number of arguments or bytes.
#[inline(never)]
pub fn length(out: &mut Vec<u8>, sign: u8, n: usize) {
    out.push(sign);
    out.extend_from_slice(format_int(n as i64, &mut [0; INT_LEN]));
    out.extend_from_slice(b"\r\n");
}
