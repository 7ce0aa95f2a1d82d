//! Bitmaps: strings seen as rows of bits, the first bit the highest of the first byte.
//!
//! A bit behind the end of a string is 0. Writing one there makes the string longer, with zeros.

use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::class;
use crate::resp::args::{Args, Options, Word};
use crate::resp::dialect::Release;
use crate::resp::error::Error;
use crate::server::config::Id;
use crate::table::spec::{Begin, Find, KeyRule, KeySpec, arg, flags::*, key::*, keys};
use crate::types::number::{INT_LEN, format_int, parse_int};
use crate::types::string::Str;

pub const TABLE: &[Row] = &[
    cmd("BITCOUNT key [start end [BYTE | BIT]]", bitcount)
        .read(0).key(RO | ACCESS)
        .groups(&["range", "unit"])
        .history(&[("7.0.0", "Added the `BYTE|BIT` option.")])
        .reply("int")
        .doc("2.6.0", "O(N)", "Counts the number of set bits (population counting) in a string."),
    cmd("BITFIELD key [GET encoding offset | [OVERFLOW <WRAP | SAT | FAIL>] <SET encoding offset value | INCRBY encoding offset increment>]", bitfield)
        .write(DENYOOM).key(RW | ACCESS | UPDATE | VARIABLE).key_rule(KeyRule::Bitfield)
        .key_note("This command allows both access and modification of the key")
        .groups(&["operation", "get-block", "write", "overflow-block", "write-operation", "set-block", "incrby-block"])
        .args(&[arg(1).repeats(), arg(5).lead(), arg(14).kind("integer")])
        .reply("array of (int | null)")
        .doc("3.2.0", "O(1) for each subcommand specified", "Performs arbitrary bitfield integer operations on strings."),
    cmd("BITFIELD_RO key [GET encoding offset ...]", bitfield_ro)
        .read(FAST).key(RO | ACCESS)
        .groups(&["get-block"])
        .reply("array of int")
        .doc("6.0.0", "O(1) for each subcommand specified", "Performs arbitrary read-only bitfield integer operations on strings."),
    cmd("BITOP <AND | OR | XOR | NOT | DIFF | DIFF1 | ANDOR | ONE> destkey key [key ...]", bitop)
        .write(DENYOOM)
        .keys_at(2, -1, 1)
        .specs(&[keys(OW | UPDATE, Begin::At(2), KeySpec::ONE), keys(RO | ACCESS, Begin::At(3), Find::Range { last: -1, step: 1, limit: 0 })])
        .later(&[(Release::V8_2, "DIFF DIFF1 ANDOR ONE")])
        .groups(&["operation"])
        .args(&[arg(9).kind("key").spec(0), arg(10).spec(1)])
        .reply("int")
        .doc("2.6.0", "O(N)", "Performs bitwise operations on multiple strings, and stores the result."),
    cmd("BITPOS key bit [start [end [BYTE | BIT]]]", bitpos)
        .read(0).key(RO | ACCESS)
        .groups(&["range", "end-unit-block", "unit"])
        .args(&[arg(1).kind("integer")])
        .history(&[("7.0.0", "Added the `BYTE|BIT` option.")])
        .reply("int")
        .doc("2.8.7", "O(N)", "Finds the first set (1) or clear (0) bit in a string."),
    cmd("GETBIT key offset", getbit)
        .read(FAST).key(RO | ACCESS)
        .reply("int")
        .doc("2.2.0", "O(1)", "Returns a bit value by offset."),
    cmd("SETBIT key offset value", setbit)
        .write(DENYOOM).key(RW | ACCESS | UPDATE)
        .args(&[arg(2).kind("integer")])
        .reply("int")
        .doc("2.2.0", "O(1)", "Sets or clears the bit at offset of the string value. Creates the key if it doesn't exist."),
];

/// Reads the number of a bit. Its byte must be one of those that a string may have.
fn offset(cx: &Ctx<'_>, text: &[u8]) -> Result<u64, Error> {
    bounded(cx, parse_int(text))
}

fn bounded(cx: &Ctx<'_>, offset: Option<i64>) -> Result<u64, Error> {
    let limit = cx.server.config.int(Id::MaxBulk);
    offset.filter(|&offset| offset >= 0 && offset >> 3 < limit).map(|offset| offset as u64).ok_or(Error::BitOffset)
}

/// The bytes of a key for a command that changes bits, at least `len` of them; and whether there are more than before. The
/// string is raw from here on.
fn writable<'a>(cx: &'a mut Ctx<'_>, key: &[u8], len: u64) -> Result<(&'a mut Vec<u8>, bool), Error> {
    let fresh = std::cell::Cell::new(false);
    let value = cx.db.write_or(key, |_| {
        fresh.set(true);
        Str::Raw(Vec::new())
    })?;
    let (old, len) = (value.len(), usize::try_from(len).map_err(|_| Error::OutOfMemory));
    let len = len.and_then(|len| match value.raw().try_reserve(len.saturating_sub(old)) {
        Ok(()) => Ok(len),
        Err(_) => Err(Error::OutOfMemory),
    });
    if fresh.get() && len.is_err() {
        cx.db.remove(key);
    }
    let len = len?;
    let bytes = cx.db.write::<Str>(key)?.expect("it was just there").raw();
    if old < len {
        bytes.resize(len, 0);
    }
    Ok((bytes, old < len))
}

fn setbit(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, offset) = (args.at(1), offset(cx, args.at(2))?);
    let bit = match args.at(3) {
        b"0" => 0,
        b"1" => 1,
        _ => return Err(Error::BitValue),
    };
    let (bytes, grown) = writable(cx, key, (offset >> 3) + 1)?;
    let (byte, shift) = (&mut bytes[(offset >> 3) as usize], 7 - (offset & 7));
    let old = *byte >> shift & 1;
    *byte = *byte & !(1 << shift) | bit << shift;
    if grown || old != bit {
        cx.changed(key, class::STRING, "setbit", 1);
    }
    cx.out.int(old as i64);
    Ok(())
}

fn getbit(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let offset = offset(cx, args.at(2))?;
    let value = cx.db.read::<Str>(args.at(1))?;
    let bit = value.map_or(0, |value| bits(value.bytes(&mut [0; INT_LEN]), offset, 1));
    cx.out.int(bit as i64);
    Ok(())
}

/// So many bits (up to 64) from a bit on, as a number.
fn bits(bytes: &[u8], offset: u64, count: u32) -> u64 {
    let (mut at, mut left, mut value) = (offset, count, 0);
    while left > 0 {
        let byte = usize::try_from(at >> 3).ok().and_then(|i| bytes.get(i)).copied().unwrap_or(0);
        let skip = (at & 7) as u32;
        let taken = left.min(8 - skip);
        value = value << taken | (byte << skip >> (8 - taken)) as u64;
        at += taken as u64;
        left -= taken;
    }
    value
}

/// Writes the low `count` bits of `value` from a bit on, inside `bytes`.
fn set_bits(bytes: &mut [u8], offset: u64, count: u32, value: u64) {
    let (mut at, mut left) = (offset, count);
    while left > 0 {
        let skip = (at & 7) as u32;
        let taken = left.min(8 - skip);
        left -= taken;
        let shift = 8 - skip - taken;
        let mask = (0xFFu8 >> (8 - taken)) << shift;
        let byte = &mut bytes[(at >> 3) as usize];
        *byte = *byte & !mask | ((value >> left) as u8) << shift & mask;
        at += taken as u64;
    }
}

/// The bits that BITCOUNT and BITPOS look at, first and last; None if they are none.
fn span(start: i64, end: i64, len: usize, in_bits: bool) -> Option<(u64, u64)> {
    let unit = if in_bits { 1 } else { 8 };
    let total = len as i64 * 8 / unit;
    let from_end = |place: i64| if place < 0 { place.saturating_add(total).max(0) } else { place };
    let (start, end) = (from_end(start), from_end(end).min(total - 1));
    (start <= end).then(|| ((start * unit) as u64, (end * unit + unit - 1) as u64))
}

/// The bytes that hold the bits `first` to `last`, and masks for the first and the last of these bytes.
fn masked(bytes: &[u8], first: u64, last: u64) -> (&[u8], u8, u8) {
    (&bytes[(first >> 3) as usize..=(last >> 3) as usize], 0xFF >> (first & 7), 0xFF << (7 - (last & 7)))
}

/// Reads `BYTE` or `BIT`: whether it is bits.
fn in_bits(word: &[u8]) -> Result<bool, Error> {
    match Word(word) {
        word if word.is("BIT") => Ok(true),
        word if word.is("BYTE") => Ok(false),
        _ => Err(Error::Syntax),
    }
}

fn bitcount(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (start, end, in_bits) = match args.len() {
        2 => (0, -1, false),
        3 if cx.server.is_valkey() => (args.int(2)?, -1, false),
        4 => (args.int(2)?, args.int(3)?, false),
        5 => (args.int(2)?, args.int(3)?, in_bits(args.at(4))?),
        _ => return Err(Error::Syntax),
    };
    let Some(value) = cx.db.read::<Str>(args.at(1))? else {
        cx.out.int(0);
        return Ok(());
    };
    let mut digits = [0; INT_LEN];
    let bytes = value.bytes(&mut digits);
    let backwards = start < 0 && end < 0 && start > end; // which BITPOS does not look at
    let range = span(start, end, bytes.len(), in_bits).filter(|_| !backwards);
    let count = range.map_or(0, |(first, last)| {
        let (bytes, head, tail) = masked(bytes, first, last);
        let outside = (bytes[0] & !head).count_ones() + (bytes[bytes.len() - 1] & !tail).count_ones();
        ones(bytes) - outside as u64
    });
    cx.out.int(count as i64);
    Ok(())
}

/// How many bits are 1.
fn ones(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let of_words: u64 = words.iter().map(|word| u64::from_le_bytes(*word).count_ones() as u64).sum();
    of_words + rest.iter().map(|byte| byte.count_ones() as u64).sum::<u64>()
}

fn bitpos(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let bit = match args.int(2)? {
        0 => false,
        1 => true,
        _ => return Err(Error::BitArgument),
    };
    let (start, end, in_bits) = match args.len() {
        3 => (0, None, false),
        4 => (args.int(3)?, None, false),
        5 => (args.int(3)?, Some(args.int(4)?), false),
        6 => {
            let (start, in_bits) = (args.int(3)?, in_bits(args.at(5))?);
            (start, Some(args.int(4)?), in_bits)
        }
        _ => return Err(Error::Syntax),
    };
    let Some(value) = cx.db.read::<Str>(args.at(1))? else {
        cx.out.int(if bit { -1 } else { 0 });
        return Ok(());
    };
    let mut digits = [0; INT_LEN];
    let bytes = value.bytes(&mut digits);
    let found = span(start, end.unwrap_or(-1), bytes.len(), in_bits).map(|(first, last)| {
        match first_bit(bytes, bit, first, last) {
            Some(place) => place as i64,
            // Where no end was given, the string goes on with zeros.
            None if !bit && end.is_none() => bytes.len() as i64 * 8,
            None => -1,
        }
    });
    cx.out.int(found.unwrap_or(-1));
    Ok(())
}

/// The first bit of this value from `first` to `last`.
fn first_bit(bytes: &[u8], bit: bool, first: u64, last: u64) -> Option<u64> {
    let flip = if bit { 0 } else { 0xFF };
    let (bytes, head, tail) = masked(bytes, first, last);
    let start = first & !7;
    let within = |index: usize, mask: u8| {
        let hits = (bytes[index] ^ flip) & mask;
        (hits != 0).then(|| start + index as u64 * 8 + hits.leading_zeros() as u64)
    };
    let end = bytes.len() - 1;
    if end == 0 {
        return within(0, head & tail);
    }
    if let Some(place) = within(0, head) {
        return Some(place);
    }
    let idle = if bit { 0 } else { u64::MAX };
    let words = bytes[1..end].as_chunks::<8>().0;
    let skipped = words.iter().take_while(|word| u64::from_le_bytes(**word) == idle).count();
    (1 + skipped * 8..end).find_map(|index| within(index, 0xFF)).or_else(|| within(end, tail))
}

/// Makes `bytes` at least `len` long, with zeros.
fn stretch(bytes: &mut Vec<u8>, len: usize) -> Done {
    if len > bytes.len() {
        bytes.try_reserve_exact(len - bytes.len()).map_err(|_| Error::OutOfMemory)?;
        bytes.resize(len, 0);
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operation {
    And,
    Or,
    Xor,
    Not,
    /// In the first, and in none of the others.
    Diff,
    /// In one of the others, and not in the first.
    Diff1,
    /// In the first, and in one of the others.
    AndOr,
    /// In exactly one.
    One,
}

fn bitop(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let operation = match Word(args.at(1)) {
        word if word.is("AND") => Operation::And,
        word if word.is("OR") => Operation::Or,
        word if word.is("XOR") => Operation::Xor,
        word if word.is("NOT") => Operation::Not,
        // Only these since the beginning.
        _ if !cx.server.has(Release::V8_2) => return Err(Error::Syntax),
        word if word.is("DIFF") => Operation::Diff,
        word if word.is("DIFF1") => Operation::Diff1,
        word if word.is("ANDOR") => Operation::AndOr,
        word if word.is("ONE") => Operation::One,
        _ => return Err(Error::Syntax),
    };
    if operation == Operation::Not && args.len() != 4 {
        return Err(Error::BitopNot);
    }
    if matches!(operation, Operation::Diff | Operation::Diff1 | Operation::AndOr) && args.len() < 5 {
        let name = args.at(1).to_ascii_uppercase();
        return Err(Error::quoting(&[b"ERR BITOP ", &name, b" must be called with at least two source keys."]));
    }
    let target = args.at(2);
    // Beside the result, where it takes more than one look: the first source, or the bits that were met twice (ONE).
    let (mut result, mut beside): (Vec<u8>, Vec<u8>) = (Vec::new(), Vec::new());
    for (n, key) in args.tail(3).enumerate() {
        let value = cx.db.read::<Str>(key)?;
        let mut digits = [0; INT_LEN];
        let bytes = value.map_or(&[][..], |value| value.bytes(&mut digits));
        stretch(&mut result, bytes.len())?;
        let pairs = result.iter_mut().zip(bytes);
        match operation {
            Operation::Not => pairs.for_each(|(ours, theirs)| *ours = !theirs),
            Operation::Diff1 | Operation::AndOr if n == 0 => {
                stretch(&mut beside, bytes.len())?;
                beside.copy_from_slice(bytes);
            }
            _ if n == 0 => result.copy_from_slice(bytes),
            Operation::And => {
                pairs.for_each(|(ours, theirs)| *ours &= theirs);
                result[bytes.len()..].fill(0);
            }
            Operation::Or | Operation::Diff1 | Operation::AndOr => pairs.for_each(|(ours, theirs)| *ours |= theirs),
            Operation::Xor => pairs.for_each(|(ours, theirs)| *ours ^= theirs),
            Operation::Diff => pairs.for_each(|(ours, theirs)| *ours &= !theirs),
            Operation::One => {
                stretch(&mut beside, bytes.len())?;
                pairs.zip(&mut beside).for_each(|((ours, theirs), twice)| {
                    *twice |= *ours & theirs;
                    *ours |= theirs;
                });
            }
        }
    }
    match operation {
        Operation::Diff1 | Operation::One => {
            result.iter_mut().zip(&beside).for_each(|(ours, theirs)| *ours &= !theirs);
        }
        Operation::AndOr => {
            result.iter_mut().zip(&beside).for_each(|(ours, theirs)| *ours &= theirs);
            result[beside.len()..].fill(0);
        }
        _ => {}
    }
    let len = result.len();
    if len == 0 {
        cx.remove_key(target);
    } else {
        cx.store(target, Str::Raw(result).into(), class::STRING, "set");
    }
    cx.out.int(len as i64);
    Ok(())
}

/// What becomes of a number that its field cannot hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Overflow {
    /// The low bits of it.
    Wrap,
    /// The nearest one that fits.
    Sat,
    /// Nothing, and the answer is null.
    Fail,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Action {
    Get,
    Set,
    IncrBy,
}

/// An integer among the bits.
#[derive(Clone, Copy)]
struct Field {
    signed: bool,
    /// 1 to 64, unsigned to 63.
    bits: u32,
    offset: u64,
}

/// One step of BITFIELD.
struct Step {
    action: Action,
    field: Field,
    value: i64,
    overflow: Overflow,
}

impl Field {
    /// Reads `encoding offset`: `i5 100`, or `u8 #2` for the third field of eight bits.
    fn parse(cx: &Ctx<'_>, opts: &mut Options<'_>) -> Result<Field, Error> {
        let (kind, place) = (opts.value()?, opts.value()?);
        let (signed, bits) = match kind {
            [b'i', bits @ ..] => (true, parse_int(bits).filter(|bits| (1..=64).contains(bits))),
            [b'u', bits @ ..] => (false, parse_int(bits).filter(|bits| (1..=63).contains(bits))),
            _ => (false, None),
        };
        let bits = bits.ok_or(Error::BitfieldType)?;
        let offset = match place {
            [b'#', number @ ..] => parse_int(number).and_then(|number| number.checked_mul(bits)),
            number => parse_int(number),
        };
        Ok(Field { signed, bits: bits as u32, offset: bounded(cx, offset)? })
    }

    /// Behind its last bit.
    fn end(self) -> u64 {
        self.offset + self.bits as u64
    }

    fn range(self) -> (i64, i64) {
        match self.signed {
            true => (i64::MIN >> (64 - self.bits), i64::MAX >> (64 - self.bits)),
            false => (0, (u64::MAX >> (64 - self.bits)) as i64),
        }
    }

    fn get(self, bytes: &[u8]) -> i64 {
        self.wrapped(bits(bytes, self.offset, self.bits))
    }

    /// The number that the low bits are.
    fn wrapped(self, value: u64) -> i64 {
        let above = 64 - self.bits;
        if self.signed { (value << above) as i64 >> above } else { (value << above >> above) as i64 }
    }

    /// What is stored where `value` is wanted, or its overflow beyond 64 bits, which is `value` wrapped and the side it left
    /// on. None where it is not to be stored.
    fn fit(self, value: i64, beyond: Option<bool>, overflow: Overflow) -> Option<i64> {
        let (min, max) = self.range();
        let above = match beyond {
            Some(above) => above,
            None if value > max => true,
            None if value < min => false,
            None => return Some(value),
        };
        match overflow {
            Overflow::Wrap => Some(self.wrapped(value as u64)),
            Overflow::Sat => Some(if above { max } else { min }),
            Overflow::Fail => None,
        }
    }
}

impl Step {
    /// Does it, and tells what to answer; and what was there before.
    fn run(&self, bytes: &mut [u8]) -> (Option<i64>, i64) {
        let old = self.field.get(bytes);
        let new = match self.action {
            Action::Get => return (Some(old), old),
            // Taken as unsigned, a negative number is too large; and to Redis one that is further below the largest than 64 bits say.
            Action::Set => {
                let (_, max) = self.field.range();
                let above = match self.field.signed {
                    true => self.field.bits < 64 && max.checked_sub(self.value).is_none(),
                    false => self.value < 0,
                };
                self.field.fit(self.value, above.then_some(true), self.overflow)
            }
            Action::IncrBy => {
                let (sum, beyond) = old.overflowing_add(self.value);
                self.field.fit(sum, beyond.then_some(self.value > 0), self.overflow)
            }
        };
        if let Some(new) = new {
            set_bits(bytes, self.field.offset, self.field.bits, new as u64);
        }
        (new, old)
    }
}

fn bitfield(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    bitfields(cx, args, false)
}

fn bitfield_ro(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    bitfields(cx, args, true)
}

fn bitfields(cx: &mut Ctx<'_>, args: Args<'_>, only_read: bool) -> Done {
    let key = args.at(1);
    let (mut steps, mut overflow, mut end) = (Vec::new(), Overflow::Wrap, 0);
    let mut opts = args.options(2);
    while let Some(opt) = opts.next() {
        let action = match () {
            _ if opt.is("GET") && opts.left() >= 2 => Action::Get,
            _ if opt.is("SET") && opts.left() >= 3 => Action::Set,
            _ if opt.is("INCRBY") && opts.left() >= 3 => Action::IncrBy,
            _ if opt.is("OVERFLOW") && opts.left() >= 1 => {
                overflow = match Word(opts.value()?) {
                    word if word.is("WRAP") => Overflow::Wrap,
                    word if word.is("SAT") => Overflow::Sat,
                    word if word.is("FAIL") => Overflow::Fail,
                    _ => return Err(Error::OverflowType),
                };
                continue;
            }
            _ => return Err(Error::Syntax),
        };
        let field = Field::parse(cx, &mut opts)?;
        let mut value = 0;
        if action != Action::Get {
            value = opts.int()?;
            end = end.max(field.end());
        }
        steps.push(Step { action, field, value, overflow });
    }
    if end == 0 {
        let value = cx.db.read::<Str>(key)?;
        let mut digits = [0; INT_LEN];
        let bytes = value.map_or(&[][..], |value| value.bytes(&mut digits));
        cx.out.array(steps.len());
        for step in &steps {
            cx.out.int(step.field.get(bytes));
        }
        return Ok(());
    }
    if only_read {
        return Err(Error::BitfieldRo);
    }
    let (bytes, grown) = writable(cx, key, end.div_ceil(8))?;
    let mut changes = 0;
    let answers: Vec<Option<i64>> = steps
        .iter()
        .map(|step| {
            let (answer, old) = step.run(bytes);
            let stored = step.action != Action::Get && answer.is_some();
            changes += (stored && (grown || answer != Some(old))) as u64;
            if step.action == Action::Set && stored { Some(old) } else { answer }
        })
        .collect();
    if changes > 0 {
        cx.changed(key, class::STRING, "setbit", changes);
    } else if grown {
        // No change in Redis's eyes, but the string is longer.
        cx.db.propagate(&[b"SETBIT", key, format_int(end as i64 - 1, &mut [0; INT_LEN]), b"0"]);
    }
    cx.out.array(answers.len());
    for answer in answers {
        match answer {
            Some(value) => cx.out.int(value),
            None => cx.out.null(),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::dict::hashing::Rng;

    fn bit_of(bytes: &[u8], at: u64) -> bool {
        bytes[(at / 8) as usize] & 1 << (7 - at % 8) != 0
    }

    #[test]
    fn words_find_and_count_the_same_bits_as_a_walk() {
        let mut rng = Rng::new(4);
        for _ in 0..20_000 {
            let len = rng.below(40) as usize + 1;
            let fill = [0, 0xFF][rng.below(2) as usize];
            let mut bytes = vec![fill; len];
            for _ in 0..rng.below(3) {
                bytes[rng.below(len as u64) as usize] ^= 1 << rng.below(8);
            }
            let (a, b) = (rng.below(len as u64 * 8), rng.below(len as u64 * 8));
            let (first, last) = (a.min(b), a.max(b));
            for bit in [false, true] {
                let walk = (first..=last).find(|&at| bit_of(&bytes, at) == bit);
                assert_eq!(first_bit(&bytes, bit, first, last), walk);
            }
            let (part, head, tail) = masked(&bytes, first, last);
            let outside = (part[0] & !head).count_ones() + (part[part.len() - 1] & !tail).count_ones();
            let walk = (first..=last).filter(|&at| bit_of(&bytes, at)).count();
            assert_eq!(ones(part) - outside as u64, walk as u64);
        }
    }

    #[test]
    fn a_field_is_read_as_it_was_written_and_nothing_beside_it_changes() {
        let mut rng = Rng::new(5);
        for _ in 0..20_000 {
            let before: Vec<u8> = (0..20).map(|_| rng.next() as u8).collect();
            let signed = rng.below(2) == 0;
            let field = Field { signed, bits: rng.below(63 + signed as u64) as u32 + 1, offset: rng.below(90) };
            let value = rng.next() as i64;
            let mut bytes = before.clone();
            set_bits(&mut bytes, field.offset, field.bits, value as u64);
            assert_eq!(field.get(&bytes), field.wrapped(value as u64));
            let (min, max) = field.range();
            assert!((min..=max).contains(&field.get(&bytes)));
            let outside = |at: &u64| !(field.offset..field.end()).contains(at);
            assert!((0..160).filter(outside).all(|at| bit_of(&bytes, at) == bit_of(&before, at)));
        }
    }
}
