//! The arguments of a running command: spans into the request buffer, nothing copied.
//!
//! ```text
//! args.len()                  how many there are, the command's name included
//! &args[1]                    the bytes of one
//! args.int(2)?                as an integer, or "value is not an integer or out of range"
//! args.tail(2)                the rest, from 2 on (an iterator)
//! args.pairs(2)               the rest two by two
//! let mut opts = args.options(3);
//! while let Some(opt) = opts.next() {
//!     if opt.is("NX") { ... }                         a token, in any case
//!     else if opt.is("EX") { opts.int()? }            a token with an integer; a syntax error if there is none
//!     else { return Err(Error::Syntax) }
//! }
//! ```

use super::error::Error;
use crate::types::number;

/// Where one argument lies in the request buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub at: u32,
    pub len: u32,
}

/// Borrowed arguments; copying them copies two pointers.
#[derive(Clone, Copy)]
pub struct Args<'a> {
    bytes: &'a [u8],
    spans: &'a [Span],
}

impl<'a> Args<'a> {
    /// `spans` must lie inside `bytes` (the frame parser makes sure; indexing checks again).
    pub fn new(bytes: &'a [u8], spans: &'a [Span]) -> Args<'a> {
        Args { bytes, spans }
    }

    #[allow(clippy::len_without_is_empty)] // a command has at least its name
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// The bytes of argument `i`, for as long as the request buffer lives. Panics where there is no such argument:
    /// the gate has checked the arity.
    #[inline(always)]
    pub fn at(&self, i: usize) -> &'a [u8] {
        let span = self.spans[i];
        &self.bytes[span.at as usize..span.at as usize + span.len as usize]
    }

    /// The bytes that the arguments lie in: no less than all of them together.
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    #[inline(always)]
    pub fn get(&self, i: usize) -> Option<&'a [u8]> {
        (i < self.len()).then(|| self.at(i))
    }

    /// Argument `i` as Redis reads an integer: canonical decimal, no spaces, no plus sign.
    pub fn int(&self, i: usize) -> Result<i64, Error> {
        number::parse_int(self.at(i)).ok_or(Error::NotInteger)
    }

    /// The arguments from `start` up to `end`, as if they were all.
    pub fn slice(self, start: usize, end: usize) -> Args<'a> {
        Args { bytes: self.bytes, spans: &self.spans[start..end] }
    }

    /// The arguments from `start` on.
    pub fn tail(self, start: usize) -> impl DoubleEndedIterator<Item = &'a [u8]> + ExactSizeIterator + Clone {
        (start..self.len()).map(move |i| self.at(i))
    }

    /// The arguments from `start` on, two by two; an odd last one is left out.
    pub fn pairs(self, start: usize) -> impl Iterator<Item = (&'a [u8], &'a [u8])> + Clone {
        (start..self.len().saturating_sub(1)).step_by(2).map(move |i| (self.at(i), self.at(i + 1)))
    }

    /// Reads `[ASYNC | SYNC]`, and nothing behind it: whether it is ASYNC.
    pub fn is_async(&self) -> Result<bool, Error> {
        match self.get(1).map(Word) {
            None => Ok(false),
            Some(word) if self.len() == 2 && word.is("SYNC") => Ok(false),
            Some(word) if self.len() == 2 && word.is("ASYNC") => Ok(true),
            Some(_) => Err(Error::Syntax),
        }
    }

    /// The same arguments without the first `n`.
    pub fn skip(self, n: usize) -> Args<'a> {
        Args { bytes: self.bytes, spans: &self.spans[n..] }
    }

    /// Copies the arguments behind `bytes`, with what lies between them, and notes where.
    pub fn copy_to(&self, bytes: &mut Vec<u8>, spans: &mut Vec<Span>) {
        let (Some(first), Some(last)) = (self.spans.first(), self.spans.last()) else { return };
        let shift = (bytes.len() as u32).wrapping_sub(first.at);
        bytes.extend_from_slice(&self.bytes[first.at as usize..(last.at + last.len) as usize]);
        spans.extend(self.spans.iter().map(|span| Span { at: span.at.wrapping_add(shift), len: span.len }));
    }

    /// A cursor over the options from `start` on.
    pub fn options(self, start: usize) -> Options<'a> {
        Options { args: self, next: start }
    }
}

impl std::ops::Index<usize> for Args<'_> {
    type Output = [u8];

    #[inline]
    fn index(&self, i: usize) -> &[u8] {
        self.at(i)
    }
}

/// Goes through options one by one. See the head of this file.
pub struct Options<'a> {
    args: Args<'a>,
    next: usize,
}

/// One argument where an option's name is expected.
#[derive(Clone, Copy)]
pub struct Word<'a>(pub &'a [u8]);

impl Word<'_> {
    /// Whether it is this token, in any case.
    pub fn is(&self, token: &str) -> bool {
        self.0.eq_ignore_ascii_case(token.as_bytes())
    }
}

impl<'a> Options<'a> {
    #[allow(clippy::should_implement_trait)] // the loop body takes values from the same cursor
    pub fn next(&mut self) -> Option<Word<'a>> {
        let word = self.args.get(self.next)?;
        self.next += 1;
        Some(Word(word))
    }

    /// The next argument as the value of the option just met, or a syntax error where there is none.
    pub fn value(&mut self) -> Result<&'a [u8], Error> {
        let value = self.args.get(self.next).ok_or(Error::Syntax)?;
        self.next += 1;
        Ok(value)
    }

    /// The next argument as an integer.
    pub fn int(&mut self) -> Result<i64, Error> {
        number::parse_int(self.value()?).ok_or(Error::NotInteger)
    }

    /// The next `n` arguments; `None` where there are not so many.
    pub fn take(&mut self, n: usize) -> Option<Args<'a>> {
        let spans = self.args.spans[self.next..].get(..n)?;
        self.next += n;
        Some(Args { bytes: self.args.bytes, spans })
    }

    /// How many arguments are still to come.
    pub fn left(&self) -> usize {
        self.args.len() - self.next
    }

    /// The index of the argument that comes next.
    pub fn position(&self) -> usize {
        self.next
    }
}
