//! DEBUG: for those who work on the server itself. What can harm wants `enable-debug-command` over a socket.

use crate::commands::shared::help;
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::{Deadline, Entry, NEVER, Sum, Ttl, Value};
use crate::rdb::file::{File, Filling};
use crate::rdb::{Packer, value};
use crate::resp::args::{Args, Word};
use crate::resp::error::{Error, quoted};
use crate::resp::room_for;
use crate::server::config::{Id, memory};
use crate::server::host::Verdict;
use crate::snapshot::Snapshot;
use crate::snapshot::rdb::Rdb;
use crate::table::spec::{OnSession, Shards, flags::*};
use crate::types::glob;
use crate::types::list::NodeBytes;
use crate::types::long_double::LongDouble;
use crate::types::number::{INT_LEN, format_int, leading_int, parse_int};
use crate::types::string::Str;

pub const TABLE: &[Row] = &[cmd("DEBUG", debug)
    .arity(-2)
    .internal()
    .session(OnSession::Nothing)
    .shards(Shards::One)
    .plain(ADMIN | LOADING | NOSCRIPT | STALE)
    .reply("any")
    .doc("1.0.0", "Depends on subcommand.", "A container for debugging commands.")];

/// Whether a setting of `yes`, `no` and `local` allows something to the session: to one in process, whose owner has everything anyway,
/// always.
pub fn is_allowed(cx: &Ctx<'_>, by: Id) -> bool {
    let local = || cx.session.unix || cx.session.addr.starts_with("127.") || cx.session.addr.starts_with("[::1]");
    cx.session.trusted
        || match cx.server.config.text(by) {
            b"yes" => true,
            b"local" => local(),
            _ => false,
        }
}

fn debug(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if !is_allowed(cx, Id::DebugCommand) {
        return Err(Error::DebugRefused);
    }
    let name = args.at(1);
    match (&name.to_ascii_lowercase()[..], args.len()) {
        (b"change-repl-id", 2) | (b"log" | b"leak", 3) => {}
        // These turn what is not here: a cron, tables that resize in the background, buffers, plain nodes by another measure.
        (b"aof-flush-sleep" | b"dict-resizing" | b"keysizes-hist-assert" | b"pause-cron", 3) => {}
        (b"drop-cluster-packet-filter" | b"reply-copy-avoidance", 3) => {}
        (b"quicklist-packed-threshold", 3) => {
            let size = std::str::from_utf8(args.at(2)).ok().and_then(memory);
            if !size.is_some_and(|size| (0..1 << 32).contains(&size)) {
                let text = "ERR argument must be a memory value bigger than 1 and smaller than 4gb";
                return Err(Error::Fixed(text));
            }
        }
        (b"digest", 2) => {
            let sum = cx.db.sha1();
            cx.out.simple(&sum.text());
            return Ok(());
        }
        (b"digest-value", _) => return digest_value(cx, args),
        (b"error", 3) => {
            let text = args.at(2).iter().map(|&byte| if matches!(byte, b'\r' | b'\n') { b' ' } else { byte });
            return Err(Error::Own(text.collect()));
        }
        (b"htstats", 3 | 4) => return htstats(cx, args),
        (b"htstats-key", 3 | 4) => return htstats_key(cx, args),
        (b"listpack", 3) => {
            let packed = find(cx, args.at(2))?.value().encoding().starts_with("listpack");
            return printed(cx, packed, "Listpack", "ERR Not a listpack encoded object.");
        }
        (b"loadaof", 2) => return Err(Error::Fixed("ERR Error trying to load the AOF files, check server logs.")),
        (b"object", 3) => return debug_object(cx, args.at(2)),
        (b"populate", 3..=5) => return populate(cx, args),
        (b"protocol", 3) => return protocol(cx, args.at(2)),
        (b"quicklist", 3 | 4) => {
            let quick = find(cx, args.at(2))?.value().encoding() == "quicklist";
            return printed(cx, quick, "Quicklist", "ERR Not a quicklist encoded object.");
        }
        (b"reload", _) => return reload(cx, args),
        // There are no replicas, and the journal has what happened.
        (b"replicate", 3..) => {}
        (b"sdslen", 3) => return sdslen(cx, args.at(2)),
        (b"set-active-expire", 3) => cx.db.active_expire = leading_int(args.at(2)) != 0,
        (b"sleep", 3) => return sleep(cx, args.at(2)),
        (b"stringmatch-len", 4) => {
            let text = vec![b'a'; leading_int(args.at(2)).clamp(0, 1 << 24) as usize];
            cx.out.int(glob::matches(args.at(3), &text) as i64);
            return Ok(());
        }
        (b"help", 2) => return debug_help(cx),
        _ => {
            const REASON: &[u8] = b"ERR unknown subcommand or wrong number of arguments for '";
            return Err(Error::quoting(&[REASON, quoted(name, 128), b"'. Try DEBUG HELP."]));
        }
    }
    cx.out.ok();
    Ok(())
}

/// The entry of a key that must be there.
fn find<'a>(cx: &'a mut Ctx<'_>, key: &[u8]) -> Result<&'a mut Entry, Error> {
    cx.db.entry(key).ok_or(Error::NoSuchKey)
}

fn printed(cx: &mut Ctx<'_>, is_one: bool, what: &str, error: &'static str) -> Done {
    if !is_one {
        return Err(Error::Fixed(error));
    }
    cx.out.simple(&format!("{what} structure printed on stdout"));
    Ok(())
}

fn debug_object(cx: &mut Ctx<'_>, key: &[u8]) -> Done {
    let now = cx.now;
    let Some(entry) = cx.db.entry(key) else { return Err(Error::NoSuchKey) };
    let mut dumped = Packer::new(true);
    value(&mut dumped, None, entry.value(), cx.server.rdb_form());
    let mut line = format!(
        "Value at:0x0 refcount:1 encoding:{} serializedlength:{} lru:{} lru_seconds_idle:{}",
        entry.value().encoding_under(key, cx.server.embedded(key, entry.deadline() != NEVER)),
        dumped.bytes.len() - 1,
        entry.access().bits() & 0xff_ffff,
        entry.access().idle_seconds(now),
    );
    if let Value::List(list) = entry.value()
        && entry.value().encoding() == "quicklist"
    {
        let (nodes, mut bytes) = (list.nodes(), 0);
        list.each_node(&mut |node| {
            bytes += match node {
                NodeBytes::Pack(pack) => pack.bytes().len(),
                NodeBytes::Plain(bytes) => bytes.len(),
            }
        });
        line += &format!(
            " ql_nodes:{nodes} ql_avg_node:{}.{:02} ql_listpack_max:{} ql_compressed:0 ql_uncompressed_size:{bytes}",
            list.len() / nodes,
            (list.len() % nodes * 1000 / nodes + 5) / 10,
            cx.server.config.int(Id::ListSize),
        );
    }
    cx.out.simple(&line);
    Ok(())
}

fn digest_value(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    cx.out.array(args.len() - 2);
    for key in args.tail(2) {
        let sum = cx.db.entry(key).map(|entry| Sum::of_entry(entry)).unwrap_or_default();
        cx.out.simple(&sum.text());
    }
    Ok(())
}

/// What there is to say of a table: how many slots Redis would have made for so many.
fn table(elements: usize) -> String {
    match elements {
        0 => String::new(),
        _ => {
            let slots = elements.next_power_of_two().max(4);
            format!("Hash table 0 stats (main hash table):\n table size: {slots}\n number of elements: {elements}\n")
        }
    }
}

fn htstats(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let db = usize::try_from(args.int(2)?).ok().and_then(|db| cx.db.databases().get(db));
    let db = db.ok_or(Error::Fixed("ERR Out of range database"))?;
    let (keys, deadlines) = (table(db.len()), table(db.deadlines().len()));
    cx.out.verbatim(b"txt", format!("[Dictionary HT]\n{keys}[Expires HT]\n{deadlines}").as_bytes());
    Ok(())
}

fn htstats_key(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let value = find(cx, args.at(2))?.value();
    if !matches!(value.encoding(), "hashtable" | "skiplist") {
        let text = "ERR The value stored at the specified key is not represented using an hash table";
        return Err(Error::Fixed(text));
    }
    let text = table(value.elements());
    cx.out.verbatim(b"txt", text.as_bytes());
    Ok(())
}

fn sdslen(cx: &mut Ctx<'_>, key: &[u8]) -> Done {
    let Value::Str(value) = find(cx, key)?.value() else {
        return Err(Error::Fixed("ERR Not an sds encoded string."));
    };
    if matches!(value, Str::Int(_)) {
        return Err(Error::Fixed("ERR Not an sds encoded string."));
    }
    let line = format!(
        "key_sds_len:{}, key_sds_avail:0, key_zmalloc: 0, val_sds_len:{}, val_sds_avail:0, val_zmalloc: 0",
        key.len(),
        value.len()
    );
    cx.out.simple(&line);
    Ok(())
}

/// Makes keys that are not there yet: `<prefix>:<number>`, with `value:<number>`, of a certain size if that is said.
fn populate(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let number = |at: usize| {
        args.get(at).map_or(Ok(0), |text| match parse_int(text) {
            Some(number) if number >= 0 => Ok(number as usize),
            _ => Err(Error::NotPositive),
        })
    };
    let (count, size) = (number(2)?, number(4)?);
    let prefix = args.get(3).unwrap_or(b"key");
    room_for(count.saturating_mul(prefix.len() + size + 80))?;
    for i in 0..count {
        let mut digits = [0; INT_LEN];
        let digits = format_int(i as i64, &mut digits);
        let key = [prefix, b":", digits].concat();
        let mut value = [b"value:", digits].concat();
        if size > 0 {
            value.resize(size, 0);
        }
        if !cx.db.exists(&key) {
            cx.db.set(&key, Str::text(&value).into(), Ttl::Clear);
        }
    }
    cx.out.ok();
    Ok(())
}

/// Saves all as an RDB file, in memory, and reads it back.
fn reload(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    const LOADING: Error = Error::Fixed("ERR Error trying to load the RDB dump, check server logs.");
    let (mut flush, mut save, mut merge) = (true, true, false);
    for word in args.tail(2).map(Word) {
        match () {
            _ if word.is("NOFLUSH") => flush = false,
            _ if word.is("NOSAVE") => save = false,
            _ if word.is("MERGE") => merge = true,
            _ => {
                let text = "ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.";
                return Err(Error::Fixed(text));
            }
        }
    }
    // There is no file but what is saved now, and where keys would come twice, Redis ends.
    if !save || !flush && !merge {
        return Err(LOADING);
    }
    let compress = cx.server.config.int(Id::RdbCompression) != 0;
    let mut snapshot =
        Snapshot::new(cx.db, Box::new(Rdb::new(cx.db, cx.server.identity(), compress, false)), usize::MAX);
    snapshot.go_on(cx.db, usize::MAX);
    if snapshot.failed() {
        return Err(Error::OutOfMemory);
    }
    let bytes = snapshot.take();
    let limits = cx.server.config.rdb_limits(cx.db.seed());
    if flush {
        let dbs: Vec<usize> = (0..cx.db.databases().len()).collect();
        cx.server.touch_all(cx.db, &dbs);
        cx.db.flush(None, false);
        cx.server.invalidate_all(Some(cx.session));
    }
    // What is due goes when it is met, as it would have.
    let mut filling = Filling::new(0, merge);
    let (mut file, databases) = (File::default(), cx.db.databases().len());
    let read = file.feed(&bytes, databases, &limits, &mut |found| filling.put(cx.db, found));
    let ended = filling.end(cx.db);
    if read.is_err() || ended.is_err() || !file.is_done() {
        return Err(LOADING);
    }
    cx.out.ok();
    Ok(())
}

/// A reply of each type.
fn protocol(cx: &mut Ctx<'_>, kind: &[u8]) -> Done {
    let resp3 = cx.session.resp3;
    let out = &mut *cx.out;
    match &kind.to_ascii_lowercase()[..] {
        b"string" => out.bulk(b"Hello World"),
        b"integer" => out.int(12345),
        #[allow(clippy::approx_constant)] // it is Redis's
        b"double" => out.double(3.141),
        b"bignum" => out.big_number(b"1234567999999999999999999999999999999"),
        b"null" => out.null(),
        b"array" => {
            out.array(3);
            (0..3).for_each(|i| out.int(i));
        }
        b"set" => {
            out.set(3);
            (0..3).for_each(|i| out.int(i));
        }
        b"map" => {
            out.map(3);
            for i in 0..3 {
                out.int(i);
                out.bool(i == 1);
            }
        }
        b"attrib" => {
            if resp3 {
                out.raw(b"|1\r\n");
                out.bulk(b"key-popularity");
                out.array(2);
                out.bulk(b"key:123");
                out.int(90);
            }
            out.bulk(b"Some real reply following the attribute");
        }
        b"push" if !resp3 => return Err(Error::Fixed("ERR RESP2 is not supported by this command")),
        b"push" => {
            out.bulk(b"Some real reply following the push reply");
            out.push(2);
            out.bulk(b"server-cpu-usage");
            out.int(42);
        }
        b"verbatim" => out.verbatim(b"txt", b"This is a verbatim\nstring"),
        b"true" => out.bool(true),
        b"false" => out.bool(false),
        _ => {
            const TYPES: &str = "ERR Wrong protocol type name. Please use one of the following: \
                string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false";
            return Err(Error::Fixed(TYPES));
        }
    }
    Ok(())
}

/// Time belongs to the host, so nothing sleeps here: as with CLIENT PAUSE, what comes off sockets waits until the host's timer says that it
/// is over, and this command's reply with it. A call in process is answered at once, also in a transaction or a script.
fn sleep(cx: &mut Ctx<'_>, seconds: &[u8]) -> Done {
    let millis = LongDouble::parse_double(seconds).unwrap_or(0.0).clamp(0.0, 1e12) * 1000.0;
    if !cx.session.patient || cx.depth > 0 || millis < 1.0 {
        cx.out.ok();
        return Ok(());
    }
    cx.server.waiting.pause(cx.now as Deadline + millis as Deadline, true);
    // Read again when it is over, it is answered in the host's place.
    cx.session.verdict = Some(Verdict::Reply(b"+OK\r\n".to_vec()));
    cx.session.postponed = true;
    cx.server.waiting.held.push(cx.session.id);
    Ok(())
}

fn debug_help(cx: &mut Ctx<'_>) -> Done {
    help::help(
        cx,
        "DEBUG",
        &[
            "CHANGE-REPL-ID",
            "    Change the replication IDs of the instance.",
            "    Dangerous: should be used only for testing the replication subsystem.",
            "DIGEST",
            "    Output a hex signature representing the current DB content.",
            "DIGEST-VALUE <key> [<key> ...]",
            "    Output a hex signature of the values of all the specified keys.",
            "ERROR <string>",
            "    Return a Redis protocol error with <string> as message. Useful for clients",
            "    unit tests to simulate Redis errors.",
            "HTSTATS <dbid> [full]",
            "    Return hash table statistics of the specified Redis database.",
            "HTSTATS-KEY <key> [full]",
            "    Like HTSTATS but for the hash table stored at <key>'s value.",
            "LISTPACK <key>",
            "    Show low level info about the listpack encoding of <key>.",
            "OBJECT <key>",
            "    Show low level info about `key` and associated value.",
            "POPULATE <count> [<prefix>] [<size>]",
            "    Create <count> string keys named key:<num>. If <prefix> is specified then",
            "    it is used instead of the 'key' prefix.",
            "PROTOCOL <type>",
            "    Reply with a test value of the specified type. <type> can be: string,",
            "    integer, double, bignum, null, array, set, map, attrib, push, verbatim,",
            "    true, false.",
            "QUICKLIST <key> [<0|1>]",
            "    Show low level info about the quicklist encoding of <key>.",
            "RELOAD [option ...]",
            "    Save all as an RDB file in memory and load it back. Valid <option> values:",
            "    * MERGE: conflicting keys will be loaded from RDB.",
            "    * NOFLUSH: the existing database will not be removed before load.",
            "SDSLEN <key>",
            "    Show low level SDS string info representing `key` and value.",
            "SET-ACTIVE-EXPIRE <0|1>",
            "    Setting it to 0 disables expiring keys (and hash-fields) in background",
            "    when they are not accessed (otherwise the Redis behavior). Setting it",
            "    to 1 reenables back the default.",
            "SLEEP <seconds>",
            "    Stop the server for <seconds>. Decimals allowed.",
            "STRINGMATCH-LEN <len> <pattern>",
            "    Match a string of <len> letters a against <pattern>.",
        ],
    )
}
