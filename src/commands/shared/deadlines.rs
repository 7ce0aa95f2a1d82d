//! Expiry as commands take it: `EX seconds`, `PX milliseconds`, `EXAT unix-time-seconds`, `PXAT unix-time-milliseconds`.

use crate::exec::Ctx;
use crate::resp::args::{Options, Word};
use crate::resp::error::Error;
use crate::types::number::parse_int;

/// A time to live as it was written: the number, still unread, and what it counts.
#[derive(Clone, Copy)]
pub struct Expiry<'a> {
    pub text: &'a [u8],
    pub seconds: bool,
    /// A point in time, and not a span from now.
    pub absolute: bool,
}

impl<'a> Expiry<'a> {
    /// The expiry that a token begins, its value taken from the cursor. A syntax error for any other word, and for a token
    /// beside another one; the same one may come again, and the last counts.
    pub fn option(word: Word<'a>, opts: &mut Options<'a>, before: Option<Expiry<'a>>) -> Result<Expiry<'a>, Error> {
        let (seconds, absolute) = match () {
            _ if word.is("EX") => (true, false),
            _ if word.is("PX") => (false, false),
            _ if word.is("EXAT") => (true, true),
            _ if word.is("PXAT") => (false, true),
            _ => return Err(Error::Syntax),
        };
        if before.is_some_and(|before| (before.seconds, before.absolute) != (seconds, absolute)) {
            return Err(Error::Syntax);
        }
        Ok(Expiry { text: opts.value()?, seconds, absolute })
    }

    /// The deadline in milliseconds since the epoch. It must lie after zero and fit 64 bits.
    pub fn deadline(self, cx: &Ctx<'_>) -> Result<i64, Error> {
        let value = parse_int(self.text).ok_or(Error::NotInteger)?;
        if value <= 0 {
            return Err(Error::ExpireTime(cx.cmd.title()));
        }
        self.at(value, cx.now).ok_or(Error::ExpireTime(cx.cmd.title()))
    }

    /// The deadline for a number that may also lie in the past; `None` where it does not fit 64 bits.
    pub fn at(self, value: i64, now: i64) -> Option<i64> {
        let value = if self.seconds { value.checked_mul(1000)? } else { value };
        if self.absolute { Some(value) } else { value.checked_add(now) }
    }
}
