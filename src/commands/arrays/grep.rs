//! ARGREP: which elements of a range look so.

use super::{index, limit, pair, read};
use crate::exec::{Ctx, Done};
use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::resp::room_for;
use crate::types::array::LAST;
use crate::types::glob;
use crate::types::number::INT_LEN;
use crate::types::regex::{self, Regex, Scratch};

const MOST_PREDICATES: usize = 250;
/// About what a regular expression takes at most.
const REGEX_BYTES: usize = 1 << 16;

/// What is asked of an element.
enum Predicate<'a> {
    Exact(&'a [u8]),
    Part(Needle<'a>),
    Glob(&'a [u8]),
    Regex(Regex),
}

/// A part that is looked for in one go (Knuth, Morris, Pratt): nothing of a text is read twice.
struct Needle<'a> {
    bytes: &'a [u8],
    /// How long a beginning of the needle ends at each of its bytes.
    borders: Vec<u32>,
}

impl<'a> Needle<'a> {
    fn new(bytes: &'a [u8], same: fn(u8, u8) -> bool) -> Result<Needle<'a>, Error> {
        room_for(bytes.len().saturating_mul(size_of::<u32>()))?;
        let mut needle = Needle { bytes, borders: Vec::with_capacity(bytes.len()) };
        let mut met = 0;
        for (at, &byte) in bytes.iter().enumerate() {
            met = if at == 0 { 0 } else { needle.step(met, byte, same) };
            needle.borders.push(met as u32);
        }
        Ok(needle)
    }

    /// How much of the needle was met behind one byte more.
    fn step(&self, mut met: usize, byte: u8, same: fn(u8, u8) -> bool) -> usize {
        loop {
            if met < self.bytes.len() && same(self.bytes[met], byte) {
                return met + 1;
            }
            if met == 0 {
                return 0;
            }
            met = self.borders[met - 1] as usize;
        }
    }

    fn is_in(&self, text: &[u8], same: fn(u8, u8) -> bool) -> bool {
        let mut met = 0;
        self.bytes.is_empty()
            || text.iter().any(|&byte| {
                met = self.step(met, byte, same);
                met == self.bytes.len()
            })
    }
}

fn same(a: u8, b: u8) -> bool {
    a == b
}

fn same_in_any_case(a: u8, b: u8) -> bool {
    a.eq_ignore_ascii_case(&b)
}

fn compile(pattern: &[u8], any_case: bool) -> Result<Regex, Error> {
    match pattern.len() {
        0 => return Err(Error::Fixed("ERR regular expression is empty")),
        len if len > regex::MAX_LEN => {
            return Err(Error::Fixed("ERR regular expression is too long, maximum is 2048 bytes"));
        }
        _ => {}
    }
    if Regex::refers_back(pattern) {
        return Err(Error::Fixed("ERR regular expression backreferences are not supported"));
    }
    Regex::new(pattern, any_case).map_err(|why| Error::quoting(&[b"ERR invalid regular expression: ", why.as_bytes()]))
}

/// One end of the range: an index, or the first or the last there can be.
fn bound(text: &[u8]) -> Result<u64, Error> {
    match text {
        b"-" => Ok(0),
        b"+" => Ok(LAST),
        text => index(text),
    }
}

pub fn argrep(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (start, end) = (bound(args.at(2))?, bound(args.at(3))?);
    let (mut all, mut with_values, mut any_case, mut most) = (false, false, false, u64::MAX);
    let mut asked = Vec::new();
    let mut opts = args.options(4);
    while let Some(opt) = opts.next() {
        match () {
            _ if ["EXACT", "MATCH", "GLOB", "RE"].iter().any(|kind| opt.is(kind)) => {
                let value = opts.value()?;
                if asked.len() == MOST_PREDICATES {
                    return Err(Error::Fixed("ERR too many predicates, maximum is 250"));
                }
                asked.push((opt, value));
            }
            _ if opt.is("AND") => all = true,
            _ if opt.is("OR") => all = false,
            _ if opt.is("LIMIT") => most = limit(&mut opts)?,
            _ if opt.is("WITHVALUES") => with_values = true,
            _ if opt.is("NOCASE") => any_case = true,
            _ => return Err(Error::Syntax),
        }
    }
    if asked.is_empty() {
        return Err(Error::Syntax);
    }
    room_for(asked.iter().filter(|(kind, _)| kind.is("RE")).count() * REGEX_BYTES)?;
    let same = if any_case { same_in_any_case } else { same };
    let mut predicates = Vec::with_capacity(asked.len());
    for (kind, value) in asked {
        predicates.push(match () {
            _ if kind.is("EXACT") => Predicate::Exact(value),
            _ if kind.is("MATCH") => Predicate::Part(Needle::new(value, same)?),
            _ if kind.is("GLOB") => Predicate::Glob(value),
            _ => Predicate::Regex(compile(value, any_case)?),
        });
    }
    let array = read(cx.db, args)?;
    let mut scratch = Scratch::default();
    let mut holds = |predicate: &Predicate<'_>, text: &[u8]| match predicate {
        Predicate::Exact(value) if any_case => value.eq_ignore_ascii_case(text),
        Predicate::Exact(value) => *value == text,
        Predicate::Part(needle) => needle.is_in(text, same),
        Predicate::Glob(pattern) if any_case => glob::matches_any_case(pattern, text),
        Predicate::Glob(pattern) => glob::matches(pattern, text),
        Predicate::Regex(regex) => regex.matches(text, &mut scratch),
    };
    let (mark, out, mut met) = (cx.out.mark(), &mut *cx.out, 0);
    if let Some(array) = array {
        array.each(start, end, &mut |index, item| {
            let mut digits = [0; INT_LEN];
            let text = item.bytes(&mut digits);
            // With OR one that holds decides, with AND one that does not.
            let found = predicates.iter().any(|predicate| holds(predicate, text) != all) != all;
            if found {
                if with_values {
                    pair(out, index, item);
                } else {
                    out.uint(index);
                }
                met += 1;
            }
            met < most && out.written().is_ok()
        });
    }
    out.array_at(mark, met as usize);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::dict::hashing::Rng;

    #[test]
    fn a_part_is_found_where_it_is() {
        let mut rng = Rng::new(3);
        let mut random =
            |longest| -> Vec<u8> { (0..rng.below(longest)).map(|_| b"abA"[rng.below(3) as usize]).collect() };
        let (mut yes, mut no) = (0, 0);
        for _ in 0..20_000 {
            let (part, text) = (random(5), random(12));
            for test in [same, same_in_any_case] {
                let equal = |window: &[u8]| window.iter().zip(&part).all(|(&a, &b)| test(a, b));
                let expected = part.is_empty() || text.windows(part.len()).any(equal);
                assert_eq!(Needle::new(&part, test).is_ok_and(|needle| needle.is_in(&text, test)), expected);
                if expected { yes += 1 } else { no += 1 }
            }
        }
        assert!(yes > 1_000 && no > 1_000);
    }
}
