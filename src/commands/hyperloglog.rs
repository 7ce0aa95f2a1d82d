//! HyperLogLogs: counting what is different, in strings of at most 12 KB.

use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::class;
use crate::resp::args::{Args, Word};
use crate::resp::error::{Error, quoted};
use crate::server::config::Id;
use crate::table::spec::{Begin, Find, KeySpec, Shards, arg, flags::*, key::*, keys};
use crate::types::hyperloglog::{self as hll, Corrupted, REGISTERS};
use crate::types::number::{INT_LEN, format_int};
use crate::types::string::Str;

pub const TABLE: &[Row] = &[
    cmd("PFADD key [element [element ...]]", pfadd)
        .write(DENYOOM | FAST).key(RW | INSERT)
        .reply("int")
        .doc("2.8.9", "O(1) to add every element.", "Adds elements to a HyperLogLog key. Creates the key if it doesn't exist."),
    cmd("PFCOUNT key [key ...]", pfcount)
        .read(LEAVES_TRACES).key(RW | ACCESS)
        .key_note("RW because it may change the internal representation of the key, and propagate to replicas")
        .reply("int")
        .doc("2.8.9", "O(1) with a very small average constant time when called with a single key. O(N) with N being the number of keys, and much bigger constant times, when called with multiple keys.", "Returns the approximated cardinality of the set(s) observed by the HyperLogLog key(s)."),
    cmd("PFDEBUG subcommand key", pfdebug)
        .internal()
        .write(ADMIN | DENYOOM).key(RW | ACCESS)
        .reply("any")
        .doc("2.8.9", "N/A", "Internal commands for debugging HyperLogLog values."),
    cmd("PFMERGE destkey [sourcekey [sourcekey ...]]", pfmerge)
        .write(DENYOOM)
        .keys_at(1, -1, 1)
        .specs(&[keys(RW | ACCESS | INSERT, Begin::At(1), KeySpec::ONE), keys(RO | ACCESS, Begin::At(2), Find::Range { last: -1, step: 1, limit: 0 })])
        .args(&[arg(0).kind("key").spec(0), arg(1).kind("key").spec(1)])
        .reply("OK")
        .doc("2.8.9", "O(N) to merge N HyperLogLogs, but with high constant times.", "Merges one or more HyperLogLog values into a single key."),
    cmd("PFSELFTEST", pfselftest)
        .internal()
        .shards(Shards::One)
        .plain(ADMIN)
        .reply("OK")
        .doc("2.8.9", "N/A", "An internal command for testing HyperLogLog values."),
];

/// The bytes of a string that must be a HyperLogLog.
fn checked<'a>(value: &'a Str, digits: &'a mut [u8; INT_LEN]) -> Result<&'a [u8], Error> {
    let bytes = value.bytes(digits);
    if hll::is_valid(bytes) { Ok(bytes) } else { Err(Error::NotHll) }
}

impl From<Corrupted> for Error {
    fn from(_: Corrupted) -> Error {
        Error::CorruptedHll
    }
}

fn pfadd(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, limit) = (args.at(1), cx.server.config.size(Id::HllSparse));
    let mut updated = 0;
    let value = match cx.db.write::<Str>(key)? {
        Some(value) => {
            checked(value, &mut [0; INT_LEN])?;
            value
        }
        None => {
            updated += 1;
            cx.db.write_or(key, |_| Str::Raw(hll::fresh()))?
        }
    };
    let bytes = value.raw();
    // One element alone fails before it changes anything.
    let before = (args.len() > 3 && !hll::is_dense(bytes) && hll::count(bytes).is_err()).then(|| bytes.clone());
    for element in args.tail(2) {
        match hll::add(bytes, element, limit) {
            Ok(changed) => updated += changed as u64,
            Err(corrupted) => {
                if let Some(before) = before {
                    *bytes = before;
                }
                return Err(corrupted.into());
            }
        }
    }
    if updated > 0 {
        hll::outdate(bytes);
        cx.changed(key, class::STRING, "pfadd", updated);
    }
    cx.out.int((updated > 0) as i64);
    Ok(())
}

fn pfcount(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if args.len() > 2 {
        let mut registers = vec![0; REGISTERS];
        for key in args.tail(1) {
            if let Some(value) = cx.db.read::<Str>(key)? {
                hll::merge(checked(value, &mut [0; INT_LEN])?, &mut registers)?;
            }
        }
        cx.out.int(hll::count_registers(&registers) as i64);
        return Ok(());
    }
    let key = args.at(1);
    let Some(value) = cx.db.read_mut::<Str>(key)? else {
        cx.out.int(0);
        return Ok(());
    };
    let mut digits = [0; INT_LEN];
    let bytes = checked(value, &mut digits)?;
    if let Some(count) = hll::cached(bytes) {
        cx.out.int(count as i64);
        return Ok(());
    }
    let count = hll::count(bytes)?;
    cx.out.int(count as i64);
    // It is kept in the value, which has other bytes then, and there is no event that says so. Who may only read leaves all as it is.
    if !cx.session.readonly {
        hll::cache(value.raw(), count);
        cx.changed(key, class::SILENT, "pfcount", 1);
    }
    Ok(())
}

fn pfmerge(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, limit) = (args.at(1), cx.server.config.size(Id::HllSparse));
    let mut registers = vec![0; REGISTERS];
    let mut dense = false;
    for key in args.tail(1) {
        if let Some(value) = cx.db.read::<Str>(key)? {
            let mut digits = [0; INT_LEN];
            let bytes = checked(value, &mut digits)?;
            dense |= hll::is_dense(bytes);
            hll::merge(bytes, &mut registers)?;
        }
    }
    let bytes = cx.db.write_or(key, |_| Str::Raw(hll::fresh()))?.raw();
    if dense && !hll::is_dense(bytes) {
        hll::to_dense(bytes)?;
    }
    for (register, &rank) in registers.iter().enumerate() {
        if hll::is_dense(bytes) {
            hll::write_dense(bytes, &registers);
            break;
        }
        if rank > 0 {
            hll::raise(bytes, register, rank, limit)?;
        }
    }
    hll::outdate(bytes);
    cx.changed(key, class::STRING, "pfadd", 1);
    cx.out.ok();
    Ok(())
}

/// `PFDEBUG ENCODING | DECODE | GETREG | TODENSE key`, and `PFDEBUG SIMD ON | OFF`, which has nothing to switch here.
fn pfdebug(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (word, key) = (Word(args.at(1)), args.at(2));
    if word.is("SIMD") {
        return match Word(key) {
            on if on.is("ON") => {
                cx.out.simple("enabled");
                Ok(())
            }
            off if off.is("OFF") => {
                cx.out.simple("disabled");
                Ok(())
            }
            _ => Err(Error::OnOrOff),
        };
    }
    let value = cx.db.write::<Str>(key)?.ok_or(Error::NoSuchHll)?;
    let mut digits = [0; INT_LEN];
    let bytes = checked(value, &mut digits)?;
    let dense = hll::is_dense(bytes);
    if word.is("ENCODING") {
        cx.out.simple(if dense { "dense" } else { "sparse" });
    } else if word.is("DECODE") {
        if dense {
            return Err(Error::NotSparse);
        }
        let mut text = Vec::new();
        // What does not add up is shown as far as it goes.
        let _ = hll::runs(bytes, &mut |rank, registers, long| {
            let mut number = |before: &[u8], value: usize| {
                text.extend_from_slice(before);
                text.extend_from_slice(format_int(value as i64, &mut [0; INT_LEN]));
            };
            if rank > 0 {
                number(b"v:", rank as usize);
                number(b",", registers);
            } else {
                number(if long { b"Z:" } else { b"z:" }, registers);
            }
            text.push(b' ');
        });
        text.pop();
        cx.out.bulk(&text);
    } else if word.is("GETREG") || word.is("TODENSE") {
        if !dense {
            hll::to_dense(value.raw())?;
        }
        if word.is("TODENSE") {
            cx.out.int(!dense as i64);
            cx.db.log.dirty += !dense as u64;
            return Ok(());
        }
        let mut registers = vec![0; REGISTERS];
        hll::merge(value.raw(), &mut registers)?;
        cx.db.log.dirty += !dense as u64;
        cx.out.array(REGISTERS);
        for rank in registers {
            cx.out.int(rank as i64);
        }
    } else {
        return Err(Error::quoting(&[b"ERR Unknown PFDEBUG subcommand '", quoted(word.0, usize::MAX), b"'"]));
    }
    Ok(())
}

/// Raises every register of a value to some rank, and looks whether both encodings tell the same.
fn pfselftest(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let (mut sparse, mut wanted, mut found) = (hll::fresh(), vec![0; REGISTERS], vec![0; REGISTERS]);
    let rank = |register: usize| (register.wrapping_mul(0x9E37_79B1) >> 7 & 31) as u8;
    for (register, wanted) in wanted.iter_mut().enumerate().take(1000) {
        *wanted = rank(register);
        hll::raise(&mut sparse, register, *wanted, usize::MAX)?;
    }
    let mut dense = sparse.clone();
    hll::to_dense(&mut dense)?;
    for bytes in [&sparse, &dense] {
        found.fill(0);
        hll::merge(bytes, &mut found)?;
        if found != wanted || hll::count(bytes)? != hll::count_registers(&wanted) {
            return Err(Error::CorruptedHll);
        }
    }
    cx.out.ok();
    Ok(())
}
