//! HOTKEYS: which keys most of the time and of the traffic went to ([`crate::server::hotkeys`] adds it up).

use crate::commands::shared::help;
use crate::exec::row::{Row, container, sub};
use crate::exec::{Ctx, Done};
use crate::resp::args::{Args, Options};
use crate::resp::error::Error;
use crate::resp::reply::Reply;
use crate::server::cluster::MYSELF;
use crate::server::hotkeys::{Hotkeys, Slots, Top};
use crate::table::spec::{OnSession, Shards, arg, flags::*};
use crate::types::number::parse_int;
use crate::types::slots::SLOTS;

pub const ROW: Row =
    container("HOTKEYS", HOTKEYS).doc("8.6.0", "Depends on subcommand.", "A container for hotkeys tracking commands.");

const fn asks(row: Row) -> Row {
    row.session(OnSession::Nothing).shards(Shards::One).plain(ADMIN | NOSCRIPT).tips(&["request_policy:special"])
}

const HOTKEYS: &[Row] = &[
    asks(sub("HOTKEYS GET", hotkeys_get))
        .tips(&["nondeterministic_output", "request_policy:special", "response_policy:special"])
        .reply("array of map of any | null")
        .doc(
            "8.6.0",
            "O(K) where K is the number of hotkeys returned.",
            "Returns lists of top K hotkeys depending on metrics chosen in HOTKEYS START command.",
        ),
    sub("HOTKEYS HELP", hotkeys_help).plain(LOADING | STALE).reply("array of simple").doc(
        "8.6.1",
        "O(1)",
        "Return helpful text about HOTKEYS command parameters.",
    ),
    asks(sub("HOTKEYS RESET", hotkeys_reset)).reply("OK").doc(
        "8.6.0",
        "O(1)",
        "Release the resources used for hotkey tracking.",
    ),
    asks(sub(
        "HOTKEYS START <METRICS count [CPU] [NET]> [COUNT k] [DURATION seconds] [SAMPLE ratio] [SLOTS count slot [slot ...]]",
        hotkeys_start,
    ))
    .arity(-2)
    .groups(&["metrics", "slots"])
    .args(&[arg(4).kind("integer"), arg(6).kind("integer"), arg(9).kind("integer")])
    .reply("OK")
    .doc("8.6.0", "O(1)", "Starts hotkeys tracking."),
    asks(sub("HOTKEYS STOP", hotkeys_stop)).reply("OK | null").doc("8.6.0", "O(1)", "Stops hotkeys tracking."),
];

fn hotkeys_start(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if cx.server.hotkeys(cx.now).is_some_and(|hot| hot.active) {
        return Err(Error::Fixed("ERR hotkey tracking session already in progress"));
    }
    let mut hot = Hotkeys::new(cx.now);
    let mut opts = args.options(2);
    if args.len() < 4 || !opts.next().is_some_and(|word| word.is("METRICS")) {
        return Err(Error::Fixed("ERR METRICS parameter is required"));
    }
    let count = number(&mut opts, 2, "ERR METRICS count must be > 0 and <= 2")?;
    let Some(metrics) = opts.take(count) else {
        return Err(Error::Fixed("ERR METRICS count does not match number of metric types provided"));
    };
    let (mut cpu, mut net) = (false, false);
    for metric in metrics.tail(0) {
        let (known, twice) = match &metric.to_ascii_lowercase()[..] {
            b"cpu" => (&mut cpu, "ERR METRICS CPU defined more than once!"),
            b"net" => (&mut net, "ERR METRICS NET defined more than once!"),
            _ => continue,
        };
        if std::mem::replace(known, true) {
            return Err(Error::Fixed(twice));
        }
    }
    if !cpu && !net {
        return Err(Error::Fixed("ERR METRICS no valid metrics passed. Supported: CPU|NET"));
    }
    let mut most = 10;
    while let Some(opt) = opts.next() {
        if opt.is("COUNT") {
            most = number(&mut opts, 64, "ERR COUNT must be between 1 and 64")?;
        } else if opt.is("DURATION") {
            let seconds = number(&mut opts, 1_000_000, "ERR DURATION must be between 1 and 1000000")?;
            hot.until = cx.now + seconds as i64 * 1000;
        } else if opt.is("SAMPLE") {
            hot.sample = number(&mut opts, i32::MAX as usize, "ERR SAMPLE ratio must be positive")? as u64;
        } else if opt.is("SLOTS") && opts.left() > 0 {
            if cx.server.cluster.is_none() {
                return Err(Error::Fixed("ERR SLOTS parameter cannot be used in non-cluster mode"));
            }
            if hot.slots.is_some() {
                return Err(Error::Fixed("ERR SLOTS parameter already specified"));
            }
            let count = number(&mut opts, SLOTS, "ERR SLOTS count must be between 1 and 16384")?;
            let Some(slots) = opts.take(count) else {
                return Err(Error::Fixed("ERR not enough slot numbers provided"));
            };
            hot.slots = Some(read_slots(slots)?);
        } else {
            return Err(Error::Syntax);
        }
    }
    hot.cpu = cpu.then(|| Top::new(most));
    hot.net = net.then(|| Top::new(most));
    cx.server.timing.hotkeys = Some(hot.into());
    cx.server.note_interest(cx.db);
    cx.out.ok();
    Ok(())
}

/// The next argument as a number from 1 to `most`; a syntax error where there is none, and `wrong` for another.
fn number(opts: &mut Options<'_>, most: usize, wrong: &'static str) -> Result<usize, Error> {
    let number = parse_int(opts.value()?).and_then(|number| usize::try_from(number).ok());
    number.filter(|number| (1..=most).contains(number)).ok_or(Error::Fixed(wrong))
}

fn read_slots(args: Args<'_>) -> Result<Slots, Error> {
    let mut slots = Slots::none();
    for slot in args.tail(0) {
        match parse_int(slot) {
            Some(slot @ 0..16384) if slots.add(slot as u16) => {}
            Some(0..16384) => return Err(Error::Fixed("ERR duplicate slot number")),
            _ => return Err(Error::Fixed("ERR Invalid or out of range slot")),
        }
    }
    Ok(slots)
}

fn hotkeys_stop(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let now = cx.now;
    match cx.server.hotkeys(now).filter(|hot| hot.active) {
        Some(hot) => {
            hot.stop(now);
            cx.server.note_interest(cx.db);
            cx.out.ok();
        }
        None => cx.out.null(),
    }
    Ok(())
}

fn hotkeys_reset(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    if cx.server.hotkeys(cx.now).is_some_and(|hot| hot.active) {
        return Err(Error::Fixed("ERR hotkey tracking session in progress, stop tracking first"));
    }
    cx.server.timing.hotkeys = None;
    cx.out.ok();
    Ok(())
}

fn hotkeys_get(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let Ctx { server, out, now, .. } = cx;
    server.hotkeys(*now);
    let Some(hot) = &server.timing.hotkeys else {
        out.null();
        return Ok(());
    };
    let ranges = match (&hot.slots, &server.cluster) {
        (Some(slots), _) => slots.runs(),
        (None, Some(cluster)) => {
            cluster.ranges().iter().filter(|range| range.2 == MYSELF).map(|range| (range.0, range.1)).collect()
        }
        (None, None) => vec![(0, SLOTS as u16 - 1)],
    };
    let (chosen, sampled) = (hot.slots.is_some(), hot.slots.is_some() && hot.sample > 1);
    let lasted = if hot.active { (*now - hot.started).max(0) } else { hot.lasted };
    let spent = (hot.all.micros / 1000) as i64;
    let (cpu, net) = (hot.cpu.is_some(), hot.net.is_some());
    out.array(1);
    let (mark, mut fields) = (out.mark(), 3);
    int(out, "tracking-active", hot.active as i64);
    int(out, "sample-ratio", hot.sample as i64);
    out.bulk(b"selected-slots");
    out.array(ranges.len());
    for (first, last) in ranges {
        out.array(1 + (first != last) as usize);
        out.int(first as i64);
        if first != last {
            out.int(last as i64);
        }
    }
    for (name, value, shown) in [
        ("sampled-commands-selected-slots-us", hot.sampled.micros as i64, sampled),
        ("all-commands-selected-slots-us", hot.selected.micros as i64, chosen),
        ("all-commands-all-slots-us", hot.all.micros as i64, true),
        ("net-bytes-sampled-commands-selected-slots", hot.sampled.bytes as i64, sampled),
        ("net-bytes-all-commands-selected-slots", hot.selected.bytes as i64, chosen),
        ("net-bytes-all-commands-all-slots", hot.all.bytes as i64, true),
        ("collection-start-time-unix-ms", hot.started, true),
        ("collection-duration-ms", lasted, true),
        ("total-cpu-time-user-ms", spent, cpu),
        ("total-cpu-time-sys-ms", 0, cpu),
        ("total-net-bytes", hot.net.as_ref().map_or(0, |top| top.total) as i64, net),
    ] {
        if shown {
            int(out, name, value);
            fields += 1;
        }
    }
    for (name, top) in [("by-cpu-time-us", &hot.cpu), ("by-net-bytes", &hot.net)] {
        if let Some(top) = top {
            out.bulk(name.as_bytes());
            out.array(top.names().len() * 2);
            for (sum, key) in top.names() {
                out.bulk(key);
                out.int(*sum as i64);
            }
            fields += 1;
        }
    }
    out.map_at(mark, fields);
    Ok(())
}

fn int(out: &mut Reply, name: &str, value: i64) {
    out.bulk(name.as_bytes());
    out.int(value);
}

fn hotkeys_help(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    help::help(
        cx,
        "HOTKEYS",
        &[
            "START <METRICS count [CPU] [NET]> [COUNT k] [DURATION duration] [SAMPLE ratio] [SLOTS count slot...]",
            "    Starts hotkeys tracking with specified metrics.",
            "    * METRICS count [CPU] [NET]",
            "        Specify count of metrics and choose amongst:",
            "        - CPU: Track hotkeys by CPU time percentage",
            "        - NET: Track hotkeys by network bytes percentage",
            "    * COUNT k",
            "        Specifies the value of K for the top-K hotkeys tracking. Default: 10",
            "    * DURATION duration",
            "        Specifies tracking duration in seconds. 0 means tracking will continue until manually stopped. Default: 0",
            "    * SAMPLE ratio",
            "        Keys are tracked with probability 1/ratio. Default: 1 (tracks every key)",
            "    * SLOTS count slot...",
            "        Specify which slots to track keys from. Only available in cluster mode. Default: empty (track all slots)",
            "STOP",
            "    Stop hotkeys tracking. Results are still available via GET",
            "GET",
            "    Get results from hotkeys tracking.",
            "RESET",
            "    Reset memory used for hotkeys tracking. Tracking must have been stopped.",
            "    Results will no longer be available after this command.",
        ],
    )
}
