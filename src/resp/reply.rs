//! Writes replies. Handlers speak RESP3; where the session speaks RESP2 this file, and no other, steps down: maps and
//! sets become arrays, verbatim strings bulk strings, and null the null bulk string.
//!
//! Every method is a call and not inlined: there are hundreds of uses, and a call is cheaper than the code it saves.
//!
//! A reply is appended to one buffer, so a pipeline of commands becomes one run of bytes. [`Reply::mark`] and
//! [`Reply::drop_to`] take back what a handler wrote before it met its error.

use super::error::Error;
use crate::allocator::LARGE;
use crate::resp::dialect::Dialect;
use crate::types::copy::{append, copy, grow};
use crate::types::double;
use crate::types::listpack::Item;
use crate::types::number::{INT_LEN, format_int, format_uint};

/// The reply buffer of the session that is being served.
pub struct Reply {
    bytes: Vec<u8>,
    /// Whether the session speaks RESP3.
    pub resp3: bool,
    dialect: Dialect,
    /// Where the reply of the running command begins.
    start: usize,
    /// There was no memory for the reply, which is not to be sent.
    overflow: bool,
    /// How long the buffer may become; looked at where it grows.
    most: usize,
    /// There are pushes in the buffer, so that a command may have another number of replies than one.
    pushed: bool,
}

impl Reply {
    pub fn new(dialect: Dialect) -> Reply {
        Reply { bytes: Vec::new(), resp3: false, dialect, start: 0, overflow: false, most: usize::MAX, pushed: false }
    }

    /// What it takes in memory.
    #[inline(always)]
    pub fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    #[inline(always)]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Forgets what was written, and gives back a buffer that one large reply has made larger than 1 MB.
    #[inline(always)]
    pub fn clear(&mut self) {
        if self.bytes.capacity() > 1 << 20 {
            self.bytes = Vec::new();
        }
        self.bytes.clear();
        self.pushed = false;
    }

    /// Whether there are pushes in the buffer.
    #[inline(always)]
    pub fn pushed(&self) -> bool {
        self.pushed
    }

    /// The present end of the buffer, to come back to.
    #[inline(always)]
    pub fn mark(&self) -> usize {
        self.bytes.len()
    }

    /// Takes back all that was written after `mark`.
    #[inline(always)]
    pub fn drop_to(&mut self, mark: usize) {
        self.bytes.truncate(mark);
    }

    /// Begins the reply of a command: where memory ends, this reply alone is dropped. What to give to [`Reply::end`]: a command of
    /// a transaction has its reply within that of EXEC.
    #[inline(always)]
    pub fn begin(&mut self) -> usize {
        std::mem::replace(&mut self.start, self.bytes.len())
    }

    /// Goes back to the reply in which the present one stands.
    #[inline(always)]
    pub fn end(&mut self, outer: usize) {
        self.start = outer;
    }

    /// Takes out what was written from `mark` on.
    pub fn take_from(&mut self, mark: usize) -> Vec<u8> {
        self.bytes.split_off(mark.min(self.bytes.len()))
    }

    /// Makes room for `len` bytes more, and what little a reply has around them. For commands that take data out of the keyspace:
    /// they ask before they do.
    #[inline]
    pub fn room_for(&mut self, len: usize) -> Result<(), Error> {
        let wanted = len.saturating_add(64);
        let fits = self.bytes.len().saturating_add(len) <= self.most;
        let has = self.bytes.capacity() - self.bytes.len() >= wanted || fits && grow(&mut self.bytes, wanted);
        if has && fits { Ok(()) } else { Err(self.refusal()) }
    }

    /// From here on the buffer may have `more` bytes more, about: beyond that a reply is refused, as where memory ends.
    #[inline(always)]
    pub fn bound(&mut self, more: usize) {
        self.most = self.bytes.len().saturating_add(more);
    }

    /// Why a reply found no room.
    #[cold]
    pub fn refusal(&self) -> Error {
        if self.most == usize::MAX { Error::OutOfMemory } else { Error::ReplyTooLong }
    }

    /// Whether all that was written has found room. For commands that answer with what they are about to take out of the keyspace:
    /// they ask before they do.
    #[inline(always)]
    pub fn written(&self) -> Result<(), Error> {
        if self.overflow { Err(self.refusal()) } else { Ok(()) }
    }

    /// Whether the memory that is left was not enough for the reply begun last.
    #[inline(always)]
    pub fn take_overflow(&mut self) -> bool {
        std::mem::take(&mut self.overflow)
    }

    #[inline(always)]
    fn put(&mut self, bytes: &[u8]) {
        let room = self.bytes.capacity() - self.bytes.len();
        if room < bytes.len() && self.bytes.len() + bytes.len() > self.most || !append(&mut self.bytes, bytes) {
            self.give_up();
        }
    }

    /// A reply, or part of one, that is written already.
    #[inline(never)]
    pub fn raw(&mut self, bytes: &[u8]) {
        self.put(bytes);
    }

    /// What is written already: pushes, behind a reply.
    pub fn append(&mut self, bytes: &[u8]) {
        self.pushed = true;
        self.raw(bytes);
    }

    /// What is written already, if there is something.
    #[inline(always)]
    pub fn append_some(&mut self, bytes: &mut Vec<u8>) {
        if !bytes.is_empty() {
            self.append(&std::mem::take(bytes));
        }
    }

    /// There is no memory: forgets what the command has written, keeps the replies before it.
    #[cold]
    fn give_up(&mut self) {
        self.overflow = true;
        self.bytes.truncate(self.start);
        self.bytes.shrink_to(self.start + LARGE / 16); // or nothing would be left for what comes next
    }

    /// `kind`, a number, a line end: the head of nearly every reply.
    #[inline(always)]
    fn line(&mut self, kind: u8, value: i64) {
        if (0..10).contains(&value) {
            return self.put(&[kind, b'0' + value as u8, b'\r', b'\n']);
        }
        if (10..100).contains(&value) {
            return self.put(&[kind, b'0' + (value / 10) as u8, b'0' + (value % 10) as u8, b'\r', b'\n']);
        }
        self.long_line(kind, value);
    }

    #[inline(never)]
    fn long_line(&mut self, kind: u8, value: i64) {
        let mut line = *b"                     \r\n";
        let Some(digits) = line[1..].first_chunk_mut() else { return };
        let start = INT_LEN - format_int(value, digits).len();
        line[start] = kind;
        self.raw(&line[start..]);
    }

    #[inline(never)]
    pub fn ok(&mut self) {
        self.put(b"+OK\r\n");
    }

    /// A simple string; it must hold no line end.
    #[inline(never)]
    pub fn simple(&mut self, text: &str) {
        self.raw(b"+");
        self.raw(text.as_bytes());
        self.raw(b"\r\n");
    }

    #[inline(never)]
    pub fn int(&mut self, value: i64) {
        self.line(b':', value);
    }

    /// An integer that may be 2^63 or more, which is written without a sign.
    #[inline(never)]
    pub fn uint(&mut self, value: u64) {
        self.raw(b":");
        self.raw(format_uint(value, &mut [0; INT_LEN]));
        self.raw(b"\r\n");
    }

    #[inline(never)]
    pub fn bulk(&mut self, value: &[u8]) {
        let (start, len) = (self.bytes.len(), value.len());
        // Nearly all are short: one look at the room for all parts.
        if len < 100 && self.bytes.capacity() - start >= len + 7 {
            // SAFETY: head (5), bytes and line end (2) have room behind `start`; the buffer is borrowed mutably.
            unsafe {
                let mut to = self.bytes.as_mut_ptr().add(start);
                let (tens, ones) = (b'0' + (len / 10) as u8, b'0' + (len % 10) as u8);
                if len < 10 {
                    to.cast::<[u8; 4]>().write([b'$', ones, b'\r', b'\n']);
                    to = to.add(4);
                } else {
                    to.cast::<[u8; 5]>().write([b'$', tens, ones, b'\r', b'\n']);
                    to = to.add(5);
                }
                copy(value.as_ptr(), to, len);
                to.add(len).cast::<[u8; 2]>().write(*b"\r\n");
                self.bytes.set_len(to.offset_from(self.bytes.as_ptr()) as usize + len + 2);
            }
            return;
        }
        self.line(b'$', len as i64);
        self.raw(value);
        self.raw(b"\r\n");
    }

    /// Text for people: a verbatim string, in RESP2 a bulk string.
    #[inline(never)]
    pub fn text(&mut self, text: &str) {
        if self.resp3 {
            self.line(b'=', text.len() as i64 + 4);
            self.raw(b"txt:");
            self.raw(text.as_bytes());
            self.raw(b"\r\n");
        } else {
            self.bulk(text.as_bytes());
        }
    }

    /// The null that stands for a missing value.
    #[inline(never)]
    pub fn null(&mut self) {
        self.put(if self.resp3 { b"_\r\n" } else { b"$-1\r\n" });
    }

    /// The null that stands for a missing array.
    #[inline(never)]
    pub fn null_array(&mut self) {
        self.raw(if self.resp3 { b"_\r\n" } else { b"*-1\r\n" });
    }

    /// An element of a listpack as a bulk string.
    #[inline(never)]
    pub fn item(&mut self, item: Item<'_>) {
        match item {
            Item::Str(bytes) => self.bulk(bytes),
            Item::Int(n) => self.bulk(format_int(n, &mut [0; INT_LEN])),
        }
    }

    /// A floating-point number, in RESP2 as a bulk string.
    #[inline(never)]
    pub fn double(&mut self, value: f64) {
        let mut text = Vec::new();
        double::write(value, &mut text);
        self.double_text(&text);
    }

    /// A double, with up to 17 decimals: C's `%.17Lf` without the zeros at its end.
    pub fn double_17(&mut self, value: f64) {
        let mut text = Vec::new();
        double::write_decimals(value, &mut text);
        self.double_text(&text);
    }

    fn double_text(&mut self, text: &[u8]) {
        if self.resp3 {
            self.raw(b",");
            self.raw(text);
            self.raw(b"\r\n");
        } else {
            self.bulk(text);
        }
    }

    /// Opens a push of `len` elements: a message that no command asked for. In RESP2 an array.
    #[inline(never)]
    pub fn push(&mut self, len: usize) {
        self.pushed = true;
        self.line(if self.resp3 { b'>' } else { b'*' }, len as i64);
    }

    /// Opens an array of `len` elements, which the caller writes next.
    #[inline(never)]
    pub fn array(&mut self, len: usize) {
        self.line(b'*', len as i64);
    }

    /// Opens an array of `len` elements that were written already, from `mark` on.
    #[inline(never)]
    pub fn array_at(&mut self, mark: usize, len: usize) {
        let end = self.bytes.len();
        self.array(len);
        self.pull_back(mark, end);
    }

    /// Opens a map of `len` pairs that were written already, from `mark` on.
    #[inline(never)]
    pub fn map_at(&mut self, mark: usize, len: usize) {
        let end = self.bytes.len();
        self.map(len);
        self.pull_back(mark, end);
    }

    /// Whether what was written from `mark` on is an error.
    pub fn is_error_at(&self, mark: usize) -> bool {
        self.bytes.get(mark) == Some(&b'-')
    }

    /// Moves what was written last, from `end` on, to `mark`.
    pub fn pull_back(&mut self, mark: usize, end: usize) {
        let head = self.bytes.len().saturating_sub(end);
        // Where there was no memory, nothing is left to be moved.
        if let Some(part) = self.bytes.get_mut(mark..)
            && head > 0
        {
            part.rotate_right(head);
        }
    }

    /// Opens a map of `len` pairs; the caller writes key, value, key, value.
    #[inline(never)]
    pub fn map(&mut self, len: usize) {
        if self.resp3 { self.line(b'%', len as i64) } else { self.line(b'*', len as i64 * 2) }
    }

    /// Opens a set of `len` elements.
    #[inline(never)]
    pub fn set(&mut self, len: usize) {
        self.line(if self.resp3 { b'~' } else { b'*' }, len as i64);
    }

    #[inline(never)]
    pub fn error(&mut self, error: &Error) {
        let text = error.text();
        let text = match text.strip_prefix(b"ERR ") {
            Some(rest) => {
                self.raw(b"-");
                self.raw(self.dialect.generic_code().as_bytes());
                self.raw(b" ");
                rest
            }
            None => {
                self.raw(b"-");
                &text
            }
        };
        self.one_line(text);
    }

    /// A simple string that is not ours: what a script gives.
    pub fn status(&mut self, text: &[u8]) {
        self.raw(b"+");
        self.one_line(text);
    }

    /// The rest of a line. What a client sent may be in it, and a line end there would break the protocol.
    fn one_line(&mut self, text: &[u8]) {
        let is_end = |b: &u8| matches!(b, b'\r' | b'\n');
        let end = text.len() - text.iter().rev().take_while(|b| is_end(b)).count();
        for (n, part) in text[..end].split(is_end).enumerate() {
            self.raw(if n > 0 { b" " } else { b"" });
            self.raw(part);
        }
        self.raw(b"\r\n");
    }

    /// A boolean, in RESP2 the integer 1 or 0.
    pub fn bool(&mut self, value: bool) {
        self.raw(match (self.resp3, value) {
            (true, true) => b"#t\r\n",
            (true, false) => b"#f\r\n",
            (false, true) => b":1\r\n",
            (false, false) => b":0\r\n",
        });
    }

    /// An integer of any size, in RESP2 a bulk string.
    pub fn big_number(&mut self, digits: &[u8]) {
        if self.resp3 {
            self.raw(b"(");
            self.one_line(digits);
        } else {
            self.bulk(digits);
        }
    }

    /// A text in a format of three letters, in RESP2 a bulk string.
    pub fn verbatim(&mut self, format: &[u8], text: &[u8]) {
        if self.resp3 {
            self.line(b'=', text.len() as i64 + 4);
            let mut letters = [b' '; 3];
            let len = format.len().min(3);
            letters[..len].copy_from_slice(&format[..len]);
            self.raw(&letters);
            self.raw(b":");
            self.raw(text);
            self.raw(b"\r\n");
        } else {
            self.bulk(text);
        }
    }
}
