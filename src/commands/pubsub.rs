//! Messages: subscribing, publishing, and asking who listens. How a message reaches its subscribers: [`crate::server::pubsub`].

use crate::commands::shared::help;
use crate::exec::row::{Row, cmd, container, sub};
use crate::exec::{Ctx, Done};
use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::server::pubsub::Topic;
use crate::server::session::Session;
use crate::table::spec::{Channels, OnSession, flags::*, key::NOT_KEY};
use crate::types::glob;
use crate::types::registry::Names;

pub const TABLE: &[Row] = &[
    cmd("PSUBSCRIBE pattern [pattern ...]", psubscribe)
        .channels(Channels::Patterns)
        .session(OnSession::Subscribes)
        .plain(DENYOOM | LOADING | NOSCRIPT | PUBSUB | STALE | IN_SUBSCRIPTION | KEEPS)
        .reply("push")
        .doc("2.0.0", "O(N) where N is the number of patterns to subscribe to.", "Listens for messages published to channels that match one or more patterns."),
    cmd("PUBLISH channel message", publish)
        .channels(Channels::One)
        .plain(LEAVES_TRACES | FAST | LOADING | PUBSUB | STALE)
        .reply("int")
        .doc("2.0.0", "O(N+M) where N is the number of clients subscribed to the receiving channel and M is the total number of subscribed patterns (by any client).", "Posts a message to a channel."),
    container("PUBSUB", SUBS).doc("2.8.0", "Depends on subcommand.", "A container for Pub/Sub commands."),
    cmd("PUNSUBSCRIBE [pattern [pattern ...]]", punsubscribe)
        .session(OnSession::Unsubscribes)
        .plain(LOADING | NOSCRIPT | PUBSUB | STALE | IN_SUBSCRIPTION)
        .reply("push")
        .doc("2.0.0", "O(N) where N is the number of patterns to unsubscribe.", "Stops listening to messages published to channels that match one or more patterns."),
    cmd("SPUBLISH shardchannel message", spublish)
        .channels(Channels::One)
        .plain(LEAVES_TRACES | FAST | LOADING | PUBSUB | STALE).keys_at(1, 1, 1).key(NOT_KEY)
        .reply("int")
        .doc("7.0.0", "O(N) where N is the number of clients subscribed to the receiving shard channel.", "Post a message to a shard channel"),
    cmd("SSUBSCRIBE shardchannel [shardchannel ...]", ssubscribe)
        .channels(Channels::All)
        .session(OnSession::Subscribes)
        .plain(DENYOOM | LOADING | NOSCRIPT | PUBSUB | STALE | IN_SUBSCRIPTION | KEEPS).keys_at(1, -1, 1).key(NOT_KEY)
        .reply("push")
        .doc("7.0.0", "O(N) where N is the number of shard channels to subscribe to.", "Listens for messages published to shard channels."),
    cmd("SUBSCRIBE channel [channel ...]", subscribe)
        .channels(Channels::All)
        .session(OnSession::Subscribes)
        .plain(DENYOOM | LOADING | NOSCRIPT | PUBSUB | STALE | IN_SUBSCRIPTION | KEEPS)
        .reply("push")
        .doc("2.0.0", "O(N) where N is the number of channels to subscribe to.", "Listens for messages published to channels."),
    cmd("SUNSUBSCRIBE [shardchannel [shardchannel ...]]", sunsubscribe)
        .session(OnSession::Unsubscribes)
        .plain(LOADING | NOSCRIPT | PUBSUB | STALE | IN_SUBSCRIPTION).keys_at(1, -1, 1).key(NOT_KEY)
        .reply("push")
        .doc("7.0.0", "O(N) where N is the number of shard channels to unsubscribe.", "Stops listening to messages posted to shard channels."),
    cmd("UNSUBSCRIBE [channel [channel ...]]", unsubscribe)
        .session(OnSession::Unsubscribes)
        .plain(LOADING | NOSCRIPT | PUBSUB | STALE | IN_SUBSCRIPTION)
        .reply("push")
        .doc("2.0.0", "O(N) where N is the number of channels to unsubscribe.", "Stops listening to messages posted to channels."),
];

const SUBS: &[Row] = &[
    sub("PUBSUB CHANNELS [pattern]", pubsub_channels)
        .plain(LOADING | PUBSUB | STALE)
        .reply("array of bulk")
        .doc("2.8.0", "O(N) where N is the number of active channels, and assuming constant time pattern matching (relatively short channels and patterns)", "Returns the active channels."),
    sub("PUBSUB HELP", pubsub_help)
        .plain(LOADING | STALE)
        .reply("array of simple")
        .doc("6.2.0", "O(1)", "Returns helpful text about the different subcommands."),
    sub("PUBSUB NUMPAT", pubsub_numpat)
        .plain(LOADING | PUBSUB | STALE)
        .reply("int")
        .doc("2.8.0", "O(1)", "Returns a count of unique pattern subscriptions."),
    sub("PUBSUB NUMSUB [channel [channel ...]]", pubsub_numsub)
        .plain(LOADING | PUBSUB | STALE)
        .reply("array of any")
        .doc("2.8.0", "O(N) for the NUMSUB subcommand, where N is the number of requested channels", "Returns a count of subscribers to channels."),
    sub("PUBSUB SHARDCHANNELS [pattern]", pubsub_shardchannels)
        .plain(LOADING | PUBSUB | STALE)
        .reply("array of bulk")
        .doc("7.0.0", "O(N) where N is the number of active shard channels, and assuming constant time pattern matching (relatively short shard channels).", "Returns the active shard channels."),
    sub("PUBSUB SHARDNUMSUB [shardchannel [shardchannel ...]]", pubsub_shardnumsub)
        .plain(LOADING | PUBSUB | STALE)
        .reply("array of any")
        .doc("7.0.0", "O(N) for the SHARDNUMSUB subcommand, where N is the number of requested shard channels", "Returns the count of subscribers of shard channels."),
];

fn publish(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let count = cx.server.publish(Some(cx.session), false, args.at(1), args.at(2));
    cx.server.tell_nodes(cx.session, &[b"PUBLISH", args.at(1), args.at(2)]);
    cx.out.int(count as i64);
    Ok(())
}

fn spublish(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let count = cx.server.publish(Some(cx.session), true, args.at(1), args.at(2));
    cx.out.int(count as i64);
    Ok(())
}

fn subscribe(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    listen(cx, args, Topic::Channel, "subscribe")
}

fn psubscribe(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    listen(cx, args, Topic::Pattern, "psubscribe")
}

fn ssubscribe(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if !cx.may_block() {
        return Err(Error::DenyBlocking);
    }
    listen(cx, args, Topic::Shard, "ssubscribe")
}

fn unsubscribe(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    stop_listening(cx, args, Topic::Channel, "unsubscribe")
}

fn punsubscribe(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    stop_listening(cx, args, Topic::Pattern, "punsubscribe")
}

fn sunsubscribe(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    stop_listening(cx, args, Topic::Shard, "sunsubscribe")
}

/// A session's own list of its subscriptions.
fn list(session: &mut Session, topic: Topic) -> &mut Names {
    match topic {
        Topic::Channel => &mut session.channels,
        Topic::Pattern => &mut session.patterns,
        Topic::Shard => &mut session.shards,
    }
}

/// The number that goes with an answer: shard channels count by themselves.
fn count(session: &Session, topic: Topic) -> usize {
    if topic == Topic::Shard { session.shards.len() } else { session.channels.len() + session.patterns.len() }
}

fn listen(cx: &mut Ctx<'_>, args: Args<'_>, topic: Topic, kind: &str) -> Done {
    for name in args.tail(1) {
        if cx.server.messages.subscribe(topic, name, cx.session.id) {
            let seed = cx.db.seed();
            list(cx.session, topic).add(name, seed);
        }
        answer(cx, topic, kind, Some(name));
    }
    Ok(())
}

fn stop_listening(cx: &mut Ctx<'_>, args: Args<'_>, topic: Topic, kind: &str) -> Done {
    if args.len() > 1 {
        for name in args.tail(1) {
            if cx.server.messages.unsubscribe(topic, name, cx.session.id) {
                list(cx.session, topic).remove(name);
            }
            answer(cx, topic, kind, Some(name));
        }
        return Ok(());
    }
    if list(cx.session, topic).is_empty() {
        answer(cx, topic, kind, None);
    }
    for name in list(cx.session, topic).in_order() {
        cx.server.messages.unsubscribe(topic, &name, cx.session.id);
        list(cx.session, topic).remove(&name);
        answer(cx, topic, kind, Some(&name));
    }
    Ok(())
}

fn answer(cx: &mut Ctx<'_>, topic: Topic, kind: &str, name: Option<&[u8]>) {
    cx.out.push(3);
    cx.out.bulk(kind.as_bytes());
    match name {
        Some(name) => cx.out.bulk(name),
        None => cx.out.null(),
    }
    cx.out.int(count(cx.session, topic) as i64);
}

fn pubsub_channels(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    reply_channels(cx, args, Topic::Channel)
}

fn pubsub_shardchannels(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    reply_channels(cx, args, Topic::Shard)
}

fn reply_channels(cx: &mut Ctx<'_>, args: Args<'_>, topic: Topic) -> Done {
    if args.len() > 3 {
        return Err(help::usage(args));
    }
    let names = cx.server.messages.of(topic).names();
    let chosen: Vec<&[u8]> =
        names.filter(|name| args.get(2).is_none_or(|pattern| glob::matches(pattern, name))).collect();
    cx.out.array(chosen.len());
    for name in chosen {
        cx.out.bulk(name);
    }
    Ok(())
}

fn pubsub_numpat(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.out.int(cx.server.messages.of(Topic::Pattern).len() as i64);
    Ok(())
}

fn pubsub_numsub(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    reply_subscribers(cx, args, Topic::Channel)
}

fn pubsub_shardnumsub(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    reply_subscribers(cx, args, Topic::Shard)
}

fn reply_subscribers(cx: &mut Ctx<'_>, args: Args<'_>, topic: Topic) -> Done {
    cx.out.array((args.len() - 2) * 2);
    for name in args.tail(2) {
        cx.out.bulk(name);
        cx.out.int(cx.server.messages.of(topic).of(name).len() as i64);
    }
    Ok(())
}

fn pubsub_help(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    help::help(
        cx,
        "PUBSUB",
        &[
            "CHANNELS [<pattern>]",
            "    Return the currently active channels matching a <pattern> (default: '*').",
            "NUMPAT",
            "    Return number of subscriptions to patterns.",
            "NUMSUB [<channel> ...]",
            "    Return the number of subscribers for the specified channels, excluding",
            "    pattern subscriptions(default: no channels).",
            "SHARDCHANNELS [<pattern>]",
            "    Return the currently active shard level channels matching a <pattern> (default: '*').",
            "SHARDNUMSUB [<shardchannel> ...]",
            "    Return the number of subscribers for the specified shard level channel(s)",
        ],
    )
}
