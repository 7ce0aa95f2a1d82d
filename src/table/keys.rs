//! Which arguments of a command are keys, and what is done with each: for COMMAND GETKEYS, and for whoever must know before a
//! command runs. Nothing is allocated.

use super::spec::{Begin, Find, KeyRule, KeySpec, Spec, flags::NO_MANDATORY_KEYS, key};
use crate::resp::args::{Args, Word};
use crate::resp::error::Error;
use crate::types::number::{leading_int, parse_int};

/// Shows the keys of a whole command, with their flags ([`key`]). The errors are those of COMMAND GETKEYS; what was shown before one
/// is none of the command's keys then.
pub fn each_key<'a>(spec: &Spec, args: Args<'a>, show: &mut dyn FnMut(&'a [u8], u16)) -> Result<(), Error> {
    each_found(spec, args, key::NOT_KEY, show)
}

/// The same with sharded channels, which have slots of a cluster as keys have; whether it is one.
pub fn each_key_or_channel<'a>(spec: &Spec, args: Args<'a>, show: &mut dyn FnMut(&'a [u8], bool)) -> Result<(), Error> {
    each_found(spec, args, 0, &mut |name, flags| show(name, flags & key::NOT_KEY != 0))
}

fn each_found<'a>(spec: &Spec, args: Args<'a>, without: u16, show: &mut dyn FnMut(&'a [u8], u16)) -> Result<(), Error> {
    let specs = || spec.key_specs().filter(|spec| spec.flags & without == 0);
    if specs().next().is_none() {
        return Err(Error::NoKeyArguments);
    }
    if !spec.accepts(args) {
        return Err(Error::InvalidArgumentCount);
    }
    const CHANGED: u16 = key::RW | key::ACCESS | key::UPDATE;
    let flags = match spec.key_rule {
        _ if is_vague(spec, args) => Some(0),
        KeyRule::Plain | KeyRule::Sort => None,
        KeyRule::Set if args.tail(3).any(|word| word.eq_ignore_ascii_case(b"get")) => Some(CHANGED),
        KeyRule::Set if args.tail(3).any(is_condition) => Some(key::RW | key::UPDATE),
        KeyRule::Set => Some(key::OW | key::UPDATE),
        KeyRule::Delex if args.get(2).is_some_and(is_condition) => Some(key::RW | key::DELETE),
        KeyRule::Delex => Some(key::RM | key::DELETE),
        KeyRule::Bitfield => Some(if only_gets(args) { key::RO | key::ACCESS } else { CHANGED }),
    };
    let may_be_none = spec.flags & NO_MANDATORY_KEYS != 0;
    let mut found = may_be_none;
    for spec in specs() {
        let keys = match spec_keys(&spec, args) {
            None if may_be_none => continue,
            keys => keys.ok_or(Error::InvalidArguments)?,
        };
        for at in keys {
            show(args.at(at), flags.unwrap_or(spec.flags));
            found = true;
        }
    }
    if !found {
        return Err(Error::InvalidArguments);
    }
    if let Some(target) = sort_target(args).filter(|_| spec.key_rule == KeyRule::Sort) {
        show(target, key::OW | key::UPDATE);
    }
    Ok(())
}

/// The keys of a command that has one run of them, and what it does with each: most commands, at once. Otherwise [`each_key`] tells.
/// The arguments are enough for the command. Gives the places of the keys, the distance from one to the next, and their flags; an
/// iterator with steps would divide.
#[inline(always)]
pub fn plain_keys(spec: &Spec, args: Args<'_>) -> Option<(std::ops::Range<usize>, usize, u16)> {
    let shape = spec.shape;
    let flags = spec.key_flags[0];
    if !spec.specs.is_empty() || spec.key_flags[1] != 0 || spec.key_rule != KeyRule::Plain || shape.step <= 0 {
        return None;
    }
    let first = shape.first as usize;
    let end =
        if shape.last < 0 { args.len().checked_add_signed(shape.last as isize)? } else { shape.last as usize } + 1;
    let is_plain = flags != 0 && flags & key::NOT_KEY == 0 && end <= args.len();
    is_plain.then_some((first..end, shape.step as usize, flags))
}

/// Whether a word is a condition about a value.
fn is_condition(word: &[u8]) -> bool {
    ["IFEQ", "IFNE", "IFDEQ", "IFDNE"].iter().any(|name| Word(word).is(name))
}

/// Whether a number of keys is no whole number, which the command itself refuses: Redis does not know then what is done with them.
fn is_vague(spec: &Spec, args: Args<'_>) -> bool {
    let Some(&KeySpec { begin: Begin::At(at), find: Find::Counted, .. }) = spec.specs.last() else { return false };
    args.get(at as usize).is_some_and(|count| parse_int(count).is_none())
}

/// Whether a BITFIELD has no operation but GET.
fn only_gets(args: Args<'_>) -> bool {
    let mut opts = args.options(2);
    while let Some(opt) = opts.next() {
        let skipped = match () {
            _ if opt.is("GET") && opts.left() >= 2 => 2,
            _ if opt.is("OVERFLOW") && opts.left() >= 1 => 1,
            _ => return false,
        };
        (0..skipped).for_each(|_| drop(opts.value()));
    }
    true
}

/// Where SORT stores: behind the last STORE that is no other option's argument.
fn sort_target(args: Args<'_>) -> Option<&[u8]> {
    let mut target = None;
    let mut opts = args.options(2);
    while let Some(opt) = opts.next() {
        if opt.is("STORE") {
            target = opts.value().ok().or(target);
        } else if opt.is("BY") || opt.is("GET") || opt.is("LIMIT") {
            opts.value().ok();
            if opt.is("LIMIT") {
                opts.value().ok();
            }
        }
    }
    target
}

/// The arguments that a key specification means; none where its word is missing or nothing is behind it, `None` where its number is wrong.
fn spec_keys(spec: &KeySpec, args: Args<'_>) -> Option<std::iter::StepBy<std::ops::Range<usize>>> {
    let len = args.len();
    let nothing = Some((0..0).step_by(1));
    let first = match spec.begin {
        Begin::At(index) => index as usize,
        Begin::Behind(word, from) => {
            match (from as usize..len - 1).find(|&at| args.at(at).eq_ignore_ascii_case(word.as_bytes())) {
                Some(at) => at + 1,
                None => return nothing,
            }
        }
        Begin::Unknown => return nothing,
    };
    let (range, step) = match spec.find {
        Find::Range { last, step, limit } => {
            let end = match last {
                _ if limit > 1 => first + len.saturating_sub(first) / limit as usize,
                last if last < 0 => len.checked_add_signed(last as isize + 1).filter(|&end| end > first)?,
                last => first + last as usize + 1,
            };
            (first..end, step as usize)
        }
        Find::Counted | Find::CountedPairs => {
            // As Redis reads it here: the command itself refuses what is no whole number.
            let count = args.get(first).map(leading_int).filter(|&count| count > 0)?;
            let count = usize::try_from(count).ok()?;
            let step = 1 + matches!(spec.find, Find::CountedPairs) as usize;
            (first + 1..first.checked_add(2)?.checked_add((count - 1).checked_mul(step)?)?, step)
        }
        Find::Unknown => return nothing,
    };
    (range.end <= len).then(|| range.step_by(step))
}
