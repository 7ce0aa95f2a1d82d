//! LATENCY: spikes, and how times are distributed ([`crate::server::timing`] keeps both).

use crate::commands::shared::help;
use crate::exec::row::{Row, container, sub};
use crate::exec::{Ctx, Done};
use crate::resp::args::Args;
use crate::resp::error::{Error, quoted};
use crate::server::config::Id;
use crate::server::timing::{Event, highest_like};
use crate::table::spec::{OnSession, Shards, flags::*};
use std::fmt::Write;

pub const ROW: Row = container("LATENCY", LATENCY).doc(
    "2.8.13",
    "Depends on subcommand.",
    "A container for latency diagnostics commands.",
);

const ASKED: &[&str] = &["nondeterministic_output", "request_policy:all_nodes", "response_policy:special"];

const fn asks(row: Row) -> Row {
    row.session(OnSession::Nothing).shards(Shards::One).plain(ADMIN | LOADING | NOSCRIPT | STALE).tips(ASKED)
}

const LATENCY: &[Row] = &[
    asks(sub("LATENCY DOCTOR", latency_doctor)).reply("text").doc(
        "2.8.13",
        "O(1)",
        "Returns a human-readable latency analysis report.",
    ),
    asks(sub("LATENCY GRAPH event", latency_graph)).reply("text").doc(
        "2.8.13",
        "O(1)",
        "Returns a latency graph for an event.",
    ),
    sub("LATENCY HELP", latency_help).plain(LOADING | STALE).reply("array of simple").doc(
        "2.8.13",
        "O(1)",
        "Returns helpful text about the different subcommands.",
    ),
    asks(sub("LATENCY HISTOGRAM [command [command ...]]", latency_histogram)).reply("map of map of any").doc(
        "7.0.0",
        "O(N) where N is the number of commands with latency information being retrieved.",
        "Returns the cumulative distribution of latencies of a subset or all commands.",
    ),
    asks(sub("LATENCY HISTORY event", latency_history)).reply("array of [int int]").doc(
        "2.8.13",
        "O(1)",
        "Returns timestamp-latency samples for an event.",
    ),
    asks(sub("LATENCY LATEST", latency_latest)).reply("array of [bulk int int int]").doc(
        "2.8.13",
        "O(1)",
        "Returns the latest latency samples for all events.",
    ),
    sub("LATENCY RESET [event [event ...]]", latency_reset)
        .session(OnSession::Nothing)
        .shards(Shards::Sum)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE)
        .tips(&["request_policy:all_nodes", "response_policy:agg_sum"])
        .reply("int")
        .doc("2.8.13", "O(1)", "Resets the latency data for one or more events."),
];

fn find<'a>(cx: &'a Ctx<'_>, name: &[u8]) -> Option<&'a Event> {
    cx.server.timing.events.iter().find(|event| event.name.as_bytes() == name)
}

fn latency_latest(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let events = &cx.server.timing.events;
    cx.out.array(events.len());
    for event in events {
        let (at, millis) = event.samples.last().copied().unwrap_or_default();
        cx.out.array(4);
        cx.out.bulk(event.name.as_bytes());
        cx.out.int(at);
        cx.out.int(millis as i64);
        cx.out.int(event.longest as i64);
    }
    Ok(())
}

fn latency_history(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let samples = find(cx, args.at(2)).map_or(Vec::new(), |event| event.samples.clone());
    cx.out.array(samples.len());
    for (at, millis) in samples {
        cx.out.array(2);
        cx.out.int(at);
        cx.out.int(millis as i64);
    }
    Ok(())
}

fn latency_reset(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let events = &mut cx.server.timing.events;
    let before = events.len();
    events.retain(|event| args.len() > 2 && !args.tail(2).any(|name| name.eq_ignore_ascii_case(event.name.as_bytes())));
    cx.out.int((before - events.len()) as i64);
    Ok(())
}

fn latency_histogram(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (mark, mut count) = (cx.out.mark(), 0);
    if args.len() == 2 {
        for number in 0..cx.server.timing.times.len() {
            count += write_histogram(cx, number) as usize;
        }
    }
    for name in args.tail(2) {
        let Some(number) = cx.server.table.by_full_name(name) else { continue };
        let subs = cx.server.table.row(number).subs as usize;
        for number in number..=number + subs {
            count += write_histogram(cx, number) as usize;
        }
    }
    cx.out.map_at(mark, count);
    Ok(())
}

/// Writes the histogram of a command, if there is one.
fn write_histogram(cx: &mut Ctx<'_>, number: usize) -> bool {
    let Some(time) = cx.server.timing.times.get(number).filter(|time| time.histogram.total > 0) else { return false };
    let powers = time.histogram.powers();
    cx.out.bulk(cx.rows[number].spec.full_name().as_bytes());
    cx.out.map(2);
    cx.out.bulk(b"calls");
    cx.out.int(time.histogram.total as i64);
    cx.out.bulk(b"histogram_usec");
    cx.out.map(powers.len());
    for (bound, count) in powers {
        cx.out.int((highest_like(bound) / 1000) as i64);
        cx.out.int(count as i64);
    }
    true
}

/// So many samples stand beside each other in a graph.
const COLUMNS: usize = 80;
/// A graph's rows, and the steps that a row shows.
const ROWS: u64 = 4;
const STEPS: &[u8] = b"_o#";

fn latency_graph(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let name = args.at(2);
    let Some(event) = find(cx, name) else {
        return Err(Error::quoting(&[b"ERR No samples available for event '", quoted(name, usize::MAX), b"'"]));
    };
    let millis = || event.samples.iter().map(|sample| sample.1);
    let (low, high) = (millis().min().unwrap_or(0), millis().max().unwrap_or(0));
    let mut text = String::new();
    let _ = writeln!(text, "{} - high {high} ms, low {low} ms (all time high {} ms)", event.name, event.longest);
    text.extend(std::iter::repeat_n('-', COLUMNS));
    text.push('\n');
    for (n, samples) in event.samples.chunks(COLUMNS).enumerate() {
        text.push_str(if n > 0 { "\n" } else { "" });
        draw(&mut text, samples, low, high, cx.now / 1000);
    }
    cx.out.text(&text);
    Ok(())
}

/// Draws columns, and below each how long ago that was.
fn draw(text: &mut String, samples: &[(i64, u64)], low: u64, high: u64, now: i64) {
    let steps = ROWS * STEPS.len() as u64;
    let heights: Vec<u64> =
        samples.iter().map(|sample| ((sample.1 - low) * steps / (high - low).max(1)).min(steps - 1)).collect();
    for row in (0..ROWS).rev() {
        for height in &heights {
            let (at, step) = (height / STEPS.len() as u64, height % STEPS.len() as u64);
            text.push(match at.cmp(&row) {
                std::cmp::Ordering::Less => ' ',
                std::cmp::Ordering::Equal => char::from(STEPS[step as usize]),
                std::cmp::Ordering::Greater => '|',
            });
        }
        text.push('\n');
    }
    let labels: Vec<String> = samples.iter().map(|sample| ago(now - sample.0)).collect();
    let longest = labels.iter().map(String::len).max().unwrap_or(0);
    text.extend(std::iter::repeat_n(' ', labels.len()));
    text.push('\n');
    for at in 0..longest {
        text.extend(labels.iter().map(|label| label.as_bytes().get(at).map_or(' ', |&byte| char::from(byte))));
        text.push('\n');
    }
}

fn ago(seconds: i64) -> String {
    let (unit, letter) = match seconds {
        ..60 => (1, 's'),
        60..3600 => (60, 'm'),
        3600..86_400 => (3600, 'h'),
        _ => (86_400, 'd'),
    };
    format!("{}{letter}", seconds / unit)
}

const DISABLED: &str = "I'm sorry, Dave, I can't do that. Latency monitoring is disabled in this Redis instance. You may use \"CONFIG SET latency-monitor-threshold <milliseconds>.\" in order to enable it. If we weren't in a deep space mission I'd suggest to take a look at https://redis.io/docs/latest/operate/oss_and_stack/management/optimization/latency-monitor.\n";
const NOTHING: &str = "Dave, no latency spike was observed during the lifetime of this Redis instance, not in the slightest bit. I honestly think you ought to sit down calmly, take a stress pill, and think things over.\n";
const OBSERVED: &str =
    "Dave, I have observed latency spikes in this Redis instance. You don't mind talking about it, do you Dave?\n\n";
const INSPECT: &str = "- Check your Slow Log to understand what are the commands you are running which are too slow to execute. Please check https://redis.io/commands/slowlog for more information.\n- Deleting, expiring or evicting (because of maxmemory policy) large objects is a blocking operation. If you have very large objects that are often deleted, expired, or evicted, try to fragment those objects into multiple smaller objects.\n";
const ENABLE: [&str; 2] = [
    "- There are latency issues with potentially slow commands you are using. Try to enable the Slow Log Redis feature using the command 'CONFIG SET slowlog-log-slower-than ",
    "'. If the Slow log is disabled Redis is not able to log slow commands execution for you.\n",
];
const TUNE: [&str; 2] = [
    "- Your current Slow Log configuration only logs events that are slower than your configured latency monitor threshold. Please use 'CONFIG SET slowlog-log-slower-than ",
    "'.\n",
];

/// What Redis's doctor says, in its words.
fn latency_doctor(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let threshold = cx.server.config.int(Id::LatencyThreshold);
    let slower = cx.server.config.int(Id::SlowlogTime);
    let mut text = String::new();
    let mut advice = String::new();
    for (n, event) in (1..).zip(&cx.server.timing.events) {
        let samples = event.samples.len() as u64;
        let average = event.samples.iter().map(|sample| sample.1).sum::<u64>() / samples;
        let deviation = event.samples.iter().map(|sample| sample.1.abs_diff(average)).sum::<u64>() / samples;
        let elapsed = (cx.now / 1000 - event.samples[0].0).max(1) as u64;
        let period = (elapsed * 100 + samples / 2) / samples;
        let _ = writeln!(
            text,
            "{n}. {}: {samples} latency spikes (average {average}ms, mean deviation {deviation}ms, period {}.{:02} sec). Worst all time event {}ms.",
            event.name,
            period / 100,
            period % 100,
            event.longest
        );
        if event.name == "command" {
            let wanted = threshold.saturating_mul(1000);
            if slower < 0 || slower > wanted {
                let [before, after] = if slower < 0 { ENABLE } else { TUNE };
                let _ = write!(advice, "{before}{wanted}{after}");
            }
            advice += INSPECT;
        }
    }
    match (text.is_empty(), threshold) {
        (true, 0) => text += DISABLED,
        (true, _) => text += NOTHING,
        (false, _) => {
            text.insert_str(0, OBSERVED);
            if !advice.is_empty() {
                text += "\nI have a few advices for you:\n\n";
                text += &advice;
            }
        }
    }
    cx.out.text(&text);
    Ok(())
}

fn latency_help(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    help::help(
        cx,
        "LATENCY",
        &[
            "DOCTOR",
            "    Return a human readable latency analysis report.",
            "GRAPH <event>",
            "    Return an ASCII latency graph for the <event> class.",
            "HISTORY <event>",
            "    Return time-latency samples for the <event> class.",
            "LATEST",
            "    Return the latest latency samples for all events.",
            "RESET [<event> ...]",
            "    Reset latency data of one or more <event> classes.",
            "    (default: reset all data for all event classes)",
            "HISTOGRAM [COMMAND ...]",
            "    Return a cumulative distribution of latencies in the format of a histogram for the specified command names.",
            "    If no commands are specified then all histograms are replied.",
        ],
    )
}
