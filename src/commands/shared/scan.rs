//! SCAN and its kind: the cursor, the options, and the reply, into which elements are written as they are met.

use crate::keyspace::Entry;
use crate::resp::args::Args;
use crate::resp::error::{Error, quoted};
use crate::resp::reply::Reply;
use crate::types::glob;
use crate::types::listpack::Item;
use crate::types::number::{INT_LEN, format_int, parse_cursor, parse_int};
use crate::types::slots::SLOTS;

/// The types of Valkey.
const TYPES: [&[u8]; 6] = [b"string", b"list", b"set", b"zset", b"hash", b"stream"];

/// Reads a cursor.
pub fn cursor(text: &[u8]) -> Result<u64, Error> {
    parse_cursor(text).ok_or(Error::Cursor)
}

/// Reads the number of a slot.
pub fn slot_number(word: &[u8]) -> Result<u16, Error> {
    const NO_SLOT: Error = Error::Fixed("ERR Invalid or out of range slot");
    parse_int(word).filter(|number| (0..SLOTS as i64).contains(number)).map(|number| number as u16).ok_or(NO_SLOT)
}

/// The options of SCAN, HSCAN and their kind.
pub struct ScanOptions<'a> {
    pub pattern: Option<&'a [u8]>,
    pub count: usize,
    pub kind: Option<&'a [u8]>,
    pub no_values: bool,
    /// Valkey's, of ZSCAN.
    pub no_scores: bool,
    /// Valkey's, of CLUSTERSCAN.
    pub slot: Option<u16>,
}

/// What is walked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Over {
    Keys,
    Slots,
    Elements,
}

impl<'a> ScanOptions<'a> {
    /// Reads `[MATCH pattern] [COUNT count]` and, over the keyspace, `[TYPE type]`, else `[NOVALUES]`. For Valkey
    /// the type must be one, and there are `[NOSCORES]` and, over slots, `[SLOT slot]`.
    pub fn parse(args: Args<'a>, start: usize, over: Over, valkey: bool) -> Result<ScanOptions<'a>, Error> {
        let keyspace = over != Over::Elements;
        let mut options =
            ScanOptions { pattern: None, count: 10, kind: None, no_values: false, no_scores: false, slot: None };
        let mut opts = args.options(start);
        while let Some(opt) = opts.next() {
            match () {
                _ if opt.is("COUNT") && opts.left() > 0 => {
                    let count = opts.int()?;
                    if count < 1 {
                        return Err(Error::Syntax);
                    }
                    options.count = usize::try_from(count).unwrap_or(usize::MAX);
                }
                _ if opt.is("MATCH") && opts.left() > 0 => {
                    options.pattern = Some(opts.value()?).filter(|pattern| pattern != b"*");
                }
                _ if opt.is("TYPE") && keyspace && opts.left() > 0 => {
                    let kind = opts.value()?;
                    if valkey && !TYPES.iter().any(|name| kind.eq_ignore_ascii_case(name)) {
                        return Err(Error::quoting(&[b"ERR unknown type name '", quoted(kind, usize::MAX), b"'"]));
                    }
                    options.kind = Some(kind);
                }
                _ if over == Over::Slots && opt.is("SLOT") && opts.left() > 0 => {
                    if options.slot.is_some() {
                        return Err(Error::Fixed("ERR SLOT option can only be specified once"));
                    }
                    options.slot = Some(slot_number(opts.value()?)?);
                }
                _ if opt.is("NOVALUES") && keyspace => return Err(Error::NoValues),
                _ if opt.is("NOVALUES") => options.no_values = true,
                _ if valkey && opt.is("NOSCORES") && keyspace => return Err(Error::NoScores),
                _ if valkey && opt.is("NOSCORES") => options.no_scores = true,
                _ => return Err(Error::Syntax),
            }
        }
        Ok(options)
    }

    /// Whether a key is of the type, and MATCH lets its name through.
    pub fn admits_key(&self, key: &[u8], entry: &Entry) -> bool {
        self.kind.is_none_or(|kind| kind.eq_ignore_ascii_case(entry.value().type_name().as_bytes())) && self.admits(key)
    }

    /// Whether MATCH lets this name through.
    pub fn admits(&self, name: &[u8]) -> bool {
        self.pattern.is_none_or(|pattern| glob::matches(pattern, name))
    }

    /// The same for an element.
    pub fn admits_item(&self, item: Item<'_>) -> bool {
        self.pattern.is_none() || item.with_bytes(|name| self.admits(name))
    }
}

/// The reply of a SCAN. The elements come first, for the cursor is known last; [`Scanned::end`] puts it in front.
pub struct Scanned<'a> {
    out: &'a mut Reply,
    mark: usize,
    count: usize,
}

impl<'a> Scanned<'a> {
    pub fn begin(out: &'a mut Reply) -> Scanned<'a> {
        let mark = out.mark();
        Scanned { out, mark, count: 0 }
    }

    pub fn bulk(&mut self, value: &[u8]) {
        self.out.bulk(value);
        self.count += 1;
    }

    pub fn item(&mut self, item: Item<'_>) {
        self.out.item(item);
        self.count += 1;
    }

    /// The cursor to go on with; 0 where there is nothing more.
    pub fn end(self, cursor: u64) {
        self.end_at(format_int(cursor as i64, &mut [0; INT_LEN])); // of 48 bits
    }

    /// The same with a cursor that is no number.
    pub fn end_at(self, cursor: &[u8]) {
        let end = self.out.mark();
        self.out.array(2);
        self.out.bulk(cursor);
        self.out.array(self.count);
        self.out.pull_back(self.mark, end);
    }
}
