//! SRANDMEMBER, HRANDFIELD and ZRANDMEMBER with a count. A positive one wants different elements; a negative one wants so many, each
//! one of all, and may ask for any number of them: a reply has to be in memory before it can be sent, so there is a bound.

use crate::exec::{Ctx, Done};
use crate::resp::args::{Args, Word};
use crate::resp::error::Error;
use crate::resp::reply::Reply;
use crate::server::config::Id;

pub struct Draw {
    count: usize,
    /// Elements may come again.
    pub repeats: bool,
    /// The word behind the count is there: more of each element is shown.
    pub with: bool,
    limit: usize,
}

impl Draw {
    /// Reads `count [with]`, from the second argument on.
    pub fn parse(cx: &Ctx<'_>, args: Args<'_>, with: &str) -> Result<Draw, Error> {
        let count = args.int(2)?;
        if count == i64::MIN {
            return Err(Error::RandomCount);
        }
        let has = args.get(3).is_some_and(|word| Word(word).is(with));
        if args.len() > 3 + has as usize {
            return Err(Error::Syntax);
        }
        if has && count.unsigned_abs() > i64::MAX as u64 / 2 {
            return Err(Error::OutOfRange);
        }
        let limit = cx.server.config.size(Id::MaxBulk);
        let repeats = count < 0;
        Ok(Draw { count: usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX), repeats, with: has, limit })
    }

    /// How many elements of a collection with `len` are shown; none where there is none.
    pub fn size(&self, len: Option<usize>) -> Result<usize, Error> {
        let size = match len {
            None => 0,
            Some(_) if self.repeats => self.count,
            Some(len) => len.min(self.count),
        };
        if size > self.limit / 8 { Err(Error::OutOfRange) } else { Ok(size) }
    }

    /// Whether what was written since `start` is within the bound.
    pub fn fits(&self, out: &Reply, start: usize) -> bool {
        out.mark().saturating_sub(start) <= self.limit
    }

    /// Lets `show` show one element after the other.
    pub fn repeat(&self, out: &mut Reply, size: usize, show: &mut dyn FnMut(&mut Reply)) -> Done {
        let start = out.mark();
        for _ in 0..size {
            show(out);
            if !self.fits(out, start) {
                return Err(Error::OutOfRange);
            }
        }
        Ok(())
    }
}
