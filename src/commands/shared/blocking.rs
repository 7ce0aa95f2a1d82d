//! What commands that wait have in common: how long.

use crate::exec::Ctx;
use crate::keyspace::{Deadline, NEVER};
use crate::resp::error::Error;
use crate::types::double;
use crate::types::long_double::LongDouble;

/// The deadline that a timeout in seconds (with fractions) means; 0 is for good.
pub fn deadline(cx: &Ctx<'_>, seconds: &[u8]) -> Result<Deadline, Error> {
    // Redis reads a wider float: what only that can hold is out of range.
    let wide = || LongDouble::parse(seconds).map_or(Error::TimeoutNotFloat, |_| Error::TimeoutRange);
    let seconds = double::parse(seconds).ok_or_else(wide)?;
    from_millis(cx, (seconds * 1000.0).ceil())
}

/// The deadline so many milliseconds from now, a started one counted whole; 0 is for good.
pub fn from_millis(cx: &Ctx<'_>, millis: f64) -> Result<Deadline, Error> {
    if millis < 0.0 {
        return Err(Error::TimeoutNegative);
    }
    if millis.is_nan() || millis + cx.now as f64 >= i64::MAX as f64 {
        return Err(Error::TimeoutRange);
    }
    if millis == 0.0 {
        return Ok(NEVER);
    }
    Ok((cx.now + millis.ceil() as i64) as Deadline)
}
