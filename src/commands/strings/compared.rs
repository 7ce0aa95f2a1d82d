//! Strings that change only if they are what their client takes them for: the conditions of SET, DELEX and DELIFEQ. A condition
//! names the value, or its digest, which DIGEST tells. MSETEX, whose condition is about several keys, stands here, too.

use crate::commands::shared::deadlines::Expiry;
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::{Deadline, Ttl, Value, class};
use crate::resp::args::{Args, Options, Word};
use crate::resp::dialect::{Dialect, Release};
use crate::resp::error::Error;
use crate::resp::room_for;
use crate::server::Server;
use crate::table::spec::{Begin, Find, KeyRule, arg, flags::*, key::*, keys};
use crate::types::number::{INT_LEN, format_int, parse_int};
use crate::types::string::Str;
use crate::types::xxh3::xxh3;

pub const TABLE: &[Row] = &[
    cmd("DELEX key [IFEQ ifeq-value | IFNE ifne-value | IFDEQ ifdeq-digest | IFDNE ifdne-digest]", delex)
        .write(FAST).key(RW | DELETE | VARIABLE).key_rule(KeyRule::Delex)
        .groups(&["condition"])
        .args(&[arg(4).kind("integer"), arg(5).kind("integer")])
        .reply("int")
        .doc("8.4.0", "O(1) for IFEQ/IFNE, O(N) for IFDEQ/IFDNE where N is the length of the string value.", "Conditionally removes the specified key based on value or digest comparison."),
    cmd("DELIFEQ key value", delifeq)
        .only(Dialect::Valkey)
        .write(FAST).key(RM | DELETE)
        .reply("int")
        .doc("9.0.0", "O(1)", "Delete key if value matches string."),
    cmd("DIGEST key", digest)
        .read(FAST).key(RO | ACCESS)
        .reply("bulk | null")
        .doc("8.4.0", "O(N) where N is the length of the string value.", "Returns the XXH3 hash of a string value."),
    cmd("MSETEX numkeys key value [key value ...] [NX | XX] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]", msetex)
        .write(DENYOOM | MOVABLEKEYS)
        .keys_at(0, 0, 0)
        .specs(&[keys(OW | UPDATE, Begin::At(1), Find::CountedPairs)])
        .tips(&["request_policy:multi_shard", "response_policy:all_succeeded"])
        .groups(&["data", "condition", "expiration"])
        .args(&[arg(0).kind("integer")])
        .valkey()
        .reply("int")
        .doc("8.4.0", "O(N) where N is the number of keys to set.", "Atomically sets multiple string keys with a shared expiration in a single operation. Supports flexible argument parsing where condition and expiration flags can appear in any order."),
];

/// How a condition looks at a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Test {
    digest: bool,
    differs: bool,
}

impl Test {
    const IFEQ: Test = Test { digest: false, differs: false };

    /// The test of this name, if the engine has it.
    pub(super) fn named(word: Word<'_>, server: &Server) -> Option<Test> {
        if server.dialect == Dialect::Valkey {
            return word.is("IFEQ").then_some(Test::IFEQ);
        }
        let test = match () {
            _ if word.is("IFEQ") => Test::IFEQ,
            _ if word.is("IFNE") => Test { digest: false, differs: true },
            _ if word.is("IFDEQ") => Test { digest: true, differs: false },
            _ if word.is("IFDNE") => Test { digest: true, differs: true },
            _ => return None,
        };
        server.has(Release::V8_4).then_some(test)
    }
}

/// What a value must be.
pub(super) struct Condition<'a> {
    test: Test,
    value: &'a [u8],
}

impl<'a> Condition<'a> {
    /// The condition that a word begins, its value taken from the cursor. The same one may come again, and the last counts; not so
    /// in Valkey.
    pub(super) fn option(
        test: Test,
        opts: &mut Options<'a>,
        before: Option<Condition<'a>>,
        server: &Server,
    ) -> Result<Condition<'a>, Error> {
        if before.is_some_and(|before| before.test != test || server.dialect == Dialect::Valkey) {
            return Err(Error::Syntax);
        }
        Ok(Condition { test, value: opts.value()? })
    }

    /// Whether a value meets it, or none. The length of a digest is looked at when there is one to compare it with.
    pub(super) fn is_met(&self, held: Option<&Str>) -> Result<bool, Error> {
        let Some(held) = held else { return Ok(self.test.differs) };
        let mut digits = [0; INT_LEN];
        let bytes = held.bytes(&mut digits);
        let equal = match self.test.digest {
            true if self.value.len() != 16 => return Err(Error::DigestLength),
            true => hex(xxh3(bytes)).eq_ignore_ascii_case(self.value),
            false => bytes == self.value,
        };
        Ok(equal != self.test.differs)
    }
}

/// Sixteen digits in lower case.
fn hex(digest: u64) -> [u8; 16] {
    std::array::from_fn(|i| b"0123456789abcdef"[(digest >> (60 - 4 * i)) as usize & 15])
}

fn digest(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    match cx.db.read::<Str>(args.at(1))? {
        Some(value) => cx.out.bulk(&hex(xxh3(value.bytes(&mut [0; INT_LEN])))),
        None => cx.out.null(),
    }
    Ok(())
}

fn delex(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let key = args.at(1);
    if args.len() == 3 || args.len() > 4 {
        return Err(cx.arity());
    }
    let mut met = true;
    if args.len() == 4 {
        met = match cx.db.writable(key).map(|entry| entry.value()) {
            None => false,
            Some(Value::Str(held)) => {
                let test = Test::named(Word(args.at(2)), cx.server).ok_or(Error::DelexCondition)?;
                Condition { test, value: args.at(3) }.is_met(Some(held))?
            }
            Some(_) => return Err(Error::DelexType),
        };
    }
    remove(cx, key, met)
}

fn delifeq(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let condition = Condition { test: Test::IFEQ, value: args.at(2) };
    let met = condition.is_met(cx.db.write::<Str>(args.at(1))?.as_deref())?;
    remove(cx, args.at(1), met)
}

fn remove(cx: &mut Ctx<'_>, key: &[u8], met: bool) -> Done {
    let removed = met && cx.remove_key(key);
    if removed {
        cx.db.propagate(&[b"DEL", key]);
    }
    cx.out.int(removed as i64);
    Ok(())
}

fn msetex(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let valkey = cx.server.dialect == Dialect::Valkey;
    let count = parse_int(args.at(1)).filter(|&count| count > 0 && count <= i32::MAX as i64);
    let count = count.ok_or(if valkey { Error::NumKeysOrRange } else { Error::NumKeysInvalid })? as usize;
    if count > (args.len() - 2) / 2 {
        return Err(if valkey { Error::Syntax } else { Error::PairCount });
    }
    let end = 2 + 2 * count;
    let (mut nx, mut xx, mut ttl) = (false, false, Ttl::Clear);
    let mut expiry: Option<Expiry<'_>> = None;
    let mut opts = args.options(end);
    while let Some(opt) = opts.next() {
        match () {
            _ if opt.is("NX") && !xx => nx = true,
            _ if opt.is("XX") && !nx => xx = true,
            _ if opt.is("KEEPTTL") && expiry.is_none() => ttl = Ttl::Keep,
            _ if ttl == Ttl::Clear => expiry = Some(Expiry::option(opt, &mut opts, expiry)?),
            _ => return Err(Error::Syntax),
        }
    }
    if let Some(expiry) = expiry {
        ttl = Ttl::At(expiry.deadline(cx)? as Deadline);
        // The values, and the journal, which grows from one SET to the next.
        room_for(args.bytes().saturating_mul(1 + 3 * cx.db.journaling() as usize))?;
    }
    let pairs = args.slice(0, end).pairs(2);
    let met = !(nx || xx) || !pairs.clone().any(|(key, _)| cx.db.meet(key) == nx);
    if met {
        for (key, value) in pairs {
            cx.db.set(key, Value::Str(Str::new(value)), ttl);
            if valkey {
                cx.changed(key, class::STRING, "set", 1);
            }
            if let Ttl::At(deadline) = ttl {
                cx.event(key, class::GENERIC, "expire");
                cx.db.propagate(&[b"SET", key, value, b"PXAT", format_int(deadline as i64, &mut [0; INT_LEN])]);
            }
            if !valkey {
                cx.changed(key, class::STRING, "set", 1);
            }
        }
        if matches!(ttl, Ttl::At(deadline) if deadline <= cx.now as Deadline) {
            // Looking them up removes them.
            for (key, _) in args.slice(0, end).pairs(2) {
                cx.db.exists(key);
            }
        }
    }
    cx.out.int(met as i64);
    Ok(())
}
