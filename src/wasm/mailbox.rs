//! The mailbox: eight words at a fixed address of this module's memory, which both sides know. The package's names for them are made
//! from this file (`make gen`).
//!
//! ```text
//! word 0  address of the request buffer        word 4  flags, as below
//! word 1  its capacity in bytes                word 5  bytes of journal that wait for take_journal()
//! word 2  address of the reply                 6, 7    the next deadline, an f64: milliseconds since the epoch
//! word 3  its length in bytes
//! ```

/// This session is to be closed once its reply is sent.
pub const CLOSE: u32 = 1;
/// next_output() has something.
pub const OUTPUT: u32 = 2;
/// feed() is to be called again, without bytes, once this reply is sent.
pub const BACKLOG: u32 = 4;
/// The session waits: the reply of its command comes later.
pub const WAITING: u32 = 8;
/// There are pushes in front of the reply, behind it, or in its place.
pub const PUSHES: u32 = 16;
/// The output is the same as that of the session before.
pub const SAME: u32 = 32;
/// next_ask() has something.
pub const ASKS: u32 = 64;

#[repr(C, align(8))]
#[derive(Default)]
pub struct Mailbox {
    pub request: u32,
    pub capacity: u32,
    pub reply: u32,
    pub length: u32,
    pub flags: u32,
    pub journal: u32,
    pub deadline: f64,
}
