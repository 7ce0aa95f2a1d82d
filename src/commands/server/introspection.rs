//! COMMAND: the table, told to whoever asks. All of it follows from the rows.

use crate::commands::shared::help;
use crate::exec::row::{Row, container, sub};
use crate::exec::{Ctx, Done};
use crate::resp::args::Args;
use crate::resp::dialect::Release;
use crate::resp::error::Error;
use crate::resp::reply::Reply;
use crate::table::docs::Docs;
use crate::table::find::{Found, Listing, Table};
use crate::table::spec::{Begin, Find, KeySpec, flags, flags::*, key};
use crate::table::syntax::Arg;
use crate::table::{categories, keys};
use crate::types::glob;

pub const ROW: Row = container("COMMAND", SUBS)
    .bare("array of any", command)
    .plain(LOADING | STALE)
    .tips(&["nondeterministic_output_order"])
    .acl(&["connection"])
    .doc(
        "2.8.13",
        "O(N) where N is the total number of Redis commands",
        "Returns detailed information about all commands.",
    );

const SUBS: &[Row] = &[
    sub("COMMAND COUNT", command_count).plain(LOADING | STALE).acl(&["connection"]).reply("int").doc(
        "2.8.13",
        "O(1)",
        "Returns a count of commands.",
    ),
    sub("COMMAND DOCS [command-name [command-name ...]]", command_docs)
        .plain(LOADING | STALE)
        .tips(&["nondeterministic_output_order"])
        .acl(&["connection"])
        .reply("map of any")
        .doc(
            "7.0.0",
            "O(N) where N is the number of commands to look up",
            "Returns documentary information about one, multiple or all commands.",
        ),
    sub("COMMAND GETKEYS command [arg [arg ...]]", command_getkeys)
        .plain(LOADING | STALE)
        .acl(&["connection"])
        .reply("array of bulk")
        .doc(
            "2.8.13",
            "O(N) where N is the number of arguments to the command",
            "Extracts the key names from an arbitrary command.",
        ),
    sub("COMMAND GETKEYSANDFLAGS command [arg [arg ...]]", command_getkeysandflags)
        .plain(LOADING | STALE)
        .acl(&["connection"])
        .reply("array of [bulk, set of simple]")
        .doc(
            "7.0.0",
            "O(N) where N is the number of arguments to the command",
            "Extracts the key names and access flags for an arbitrary command.",
        ),
    sub("COMMAND HELP", command_help).plain(LOADING | STALE).acl(&["connection"]).reply("array of simple").doc(
        "5.0.0",
        "O(1)",
        "Returns helpful text about the different subcommands.",
    ),
    sub("COMMAND INFO [command-name [command-name ...]]", command_info)
        .plain(LOADING | STALE)
        .tips(&["nondeterministic_output_order"])
        .acl(&["connection"])
        .history(&[("7.0.0", "Allowed to be called with no argument to get info on all commands.")])
        .reply("array of any")
        .doc(
            "2.8.13",
            "O(N) where N is the number of commands to look up",
            "Returns information about one, multiple or all commands.",
        ),
    sub("COMMAND LIST [FILTERBY <MODULE module-name | ACLCAT category | PATTERN pattern>]", command_list)
        .plain(LOADING | STALE)
        .tips(&["nondeterministic_output_order"])
        .acl(&["connection"])
        .groups(&["filterby"])
        .reply("array of bulk")
        .doc("7.0.0", "O(N) where N is the total number of Redis commands", "Returns a list of command names."),
];

fn command(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let table = &cx.server.table;
    let valkey = cx.server.is_valkey();
    let commands = || table.rows().iter().filter(|row| row.container.is_none());
    cx.out.array(commands().count());
    for row in commands() {
        reply_info(cx.out, table, row, valkey);
    }
    Ok(())
}

fn command_count(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let count = cx.server.table.rows().iter().filter(|row| row.container.is_none()).count();
    cx.out.int(count as i64);
    Ok(())
}

fn command_info(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if args.len() == 2 {
        return command(cx, args);
    }
    let valkey = cx.server.is_valkey();
    cx.out.array(args.len() - 2);
    for name in args.tail(2) {
        match cx.server.table.by_full_name(name) {
            Some(number) => reply_info(cx.out, &cx.server.table, cx.server.table.row(number), valkey),
            None => cx.out.null(),
        }
    }
    Ok(())
}

fn reply_info(out: &mut Reply, table: &Table, row: &Listing, valkey: bool) {
    let (cmd, own) = (row.spec, row.spec.flags_in(valkey));
    out.array(10);
    out.bulk(cmd.full_name().as_bytes());
    out.int(cmd.shape.arity as i64);
    reply_names(
        out,
        flags::NAMES.iter().filter(|(flag, _)| own & flag != 0).map(|(flag, name)| match *flag {
            SKIP_SLOWLOG if valkey => "skip_commandlog".into(),
            _ => name.to_string(),
        }),
    );
    out.int(cmd.shape.first as i64);
    out.int(cmd.shape.last as i64);
    out.int(cmd.shape.step as i64);
    reply_names(out, categories::names(row.categories).map(|name| format!("@{name}")));
    let tips = if valkey && ["HTTL", "HPTTL"].contains(&cmd.title()) { &[] } else { cmd.tips };
    out.set(tips.len());
    for tip in tips {
        out.bulk(tip.as_bytes());
    }
    out.set(cmd.key_specs().count());
    for mut spec in cmd.key_specs() {
        if valkey && cmd.title() == "HGETEX" {
            spec.note = "";
        }
        reply_key_spec(out, &spec);
    }
    let subs = table.subs(row);
    if valkey {
        out.array(subs.len())
    } else {
        out.set(subs.len())
    }
    for sub in subs {
        reply_info(out, table, sub, valkey);
    }
}

fn reply_key_spec(out: &mut Reply, spec: &KeySpec) {
    /// `{ type: kind, spec: { name: value, ... } }`
    fn reply_step(out: &mut Reply, kind: &str, facts: &[(&str, i8)], word: Option<&str>) {
        out.map(2);
        out.bulk(b"type");
        out.bulk(kind.as_bytes());
        out.bulk(b"spec");
        out.map(facts.len() + word.is_some() as usize);
        if let Some(word) = word {
            out.bulk(b"keyword");
            out.bulk(word.as_bytes());
        }
        for (name, value) in facts {
            out.bulk(name.as_bytes());
            out.int(*value as i64);
        }
    }
    out.map(3 + !spec.note.is_empty() as usize);
    if !spec.note.is_empty() {
        out.bulk(b"notes");
        out.bulk(spec.note.as_bytes());
    }
    out.bulk(b"flags");
    reply_names(out, key::NAMES.iter().filter(|(flag, _)| spec.flags & flag != 0).map(|(_, name)| name.to_string()));
    out.bulk(b"begin_search");
    match spec.begin {
        Begin::At(index) => reply_step(out, "index", &[("index", index)], None),
        Begin::Behind(word, from) => reply_step(out, "keyword", &[("startfrom", from)], Some(word)),
        Begin::Unknown => reply_step(out, "unknown", &[], None),
    }
    out.bulk(b"find_keys");
    match spec.find {
        Find::Range { last, step, limit } => {
            reply_step(out, "range", &[("lastkey", last), ("keystep", step), ("limit", limit)], None);
        }
        Find::Counted | Find::CountedPairs => {
            let step = 1 + matches!(spec.find, Find::CountedPairs) as i8;
            reply_step(out, "keynum", &[("keynumidx", 0), ("firstkey", 1), ("keystep", step)], None);
        }
        Find::Unknown => reply_step(out, "unknown", &[], None),
    }
}

fn reply_names(out: &mut Reply, names: impl Iterator<Item = String> + Clone) {
    out.set(names.clone().count());
    for name in names {
        out.simple(&name);
    }
}

fn command_docs(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let table = &cx.server.table;
    let text = cx.host.words(table)?;
    let docs = Docs::new(&text);
    let rows: Vec<usize> = if args.len() == 2 {
        (0..table.rows().len()).filter(|&number| table.row(number).container.is_none()).collect()
    } else {
        args.tail(2).filter_map(|name| table.by_full_name(name)).collect()
    };
    cx.out.map(rows.len());
    for number in rows {
        reply_docs(cx.out, table, &docs, number, cx.server.compat);
    }
    Ok(())
}

fn reply_docs(out: &mut Reply, table: &Table, docs: &Docs<'_>, number: usize, compat: Release) {
    let row = table.row(number);
    let cmd = row.spec;
    let words = docs.of(cmd.title());
    let arguments = cmd.arguments(compat);
    let history = words.history().filter(|(version, _)| Release::of(version) <= compat);
    let changes = history.clone().count();
    let deprecated = !words.deprecated_since.is_empty();
    out.bulk(cmd.full_name().as_bytes());
    let parts = [
        (3, true),
        (1, !words.complexity.is_empty()),
        (1, cmd.internal),
        (1, cmd.flags & flags::MODULE != 0),
        (3, deprecated),
        (1, changes > 0),
        (1, !arguments.is_empty()),
        (1, cmd.container),
    ];
    out.map(parts.iter().filter(|(_, there)| *there).map(|(fields, _)| fields).sum());
    for (name, value) in [
        ("summary", words.summary),
        ("since", &cmd.since()),
        ("group", row.group.name),
        ("complexity", words.complexity),
    ] {
        // One command has no complexity.
        if name != "complexity" || !value.is_empty() {
            out.bulk(name.as_bytes());
            out.bulk(value.as_bytes());
        }
    }
    if cmd.flags & flags::MODULE != 0 {
        out.bulk(b"module");
        out.bulk(b"vectorset");
    }
    if cmd.internal {
        out.bulk(b"doc_flags");
        reply_names(out, std::iter::once("syscmd".to_string()));
    }
    if deprecated {
        out.bulk(b"doc_flags");
        reply_names(out, std::iter::once("deprecated".to_string()));
        out.bulk(b"deprecated_since");
        out.bulk(words.deprecated_since.as_bytes());
        out.bulk(b"replaced_by");
        out.bulk(words.instead.as_bytes());
    }
    if changes > 0 {
        out.bulk(b"history");
        out.set(changes);
        for (version, change) in history {
            out.array(2);
            out.bulk(version.as_bytes());
            out.bulk(change.as_bytes());
        }
    }
    if !arguments.is_empty() {
        out.bulk(b"arguments");
        reply_arguments(out, &arguments);
    }
    if row.subs > 0 {
        out.bulk(b"subcommands");
        out.map(row.subs as usize);
        // They stand behind it.
        for sub in 0..row.subs as usize {
            reply_docs(out, table, docs, number + 1 + sub, compat);
        }
    }
}

fn reply_arguments(out: &mut Reply, args: &[Arg]) {
    out.array(args.len());
    for arg in args {
        let group = !arg.args.is_empty();
        let flags: Vec<&str> =
            [(arg.optional, "optional"), (arg.multiple, "multiple"), (arg.multiple_token, "multiple_token")]
                .into_iter()
                .filter(|(set, _)| *set)
                .map(|(_, name)| name)
                .collect();
        out.map(
            2 + !group as usize
                + arg.spec.is_some() as usize
                + arg.token.is_some() as usize
                + !flags.is_empty() as usize
                + group as usize,
        );
        out.bulk(b"name");
        out.bulk(arg.name.as_bytes());
        out.bulk(b"type");
        out.bulk(arg.kind.as_bytes());
        if !group {
            out.bulk(b"display_text");
            out.bulk(arg.display.unwrap_or(&arg.name).as_bytes());
        }
        if let Some(spec) = arg.spec {
            out.bulk(b"key_spec_index");
            out.int(spec as i64);
        }
        if let Some(token) = &arg.token {
            out.bulk(b"token");
            out.bulk(token.as_bytes());
        }
        if !flags.is_empty() {
            out.bulk(b"flags");
            reply_names(out, flags.iter().map(|name| name.to_string()));
        }
        if group {
            out.bulk(b"arguments");
            reply_arguments(out, &arg.args);
        }
    }
}

/// The keys of a whole command and what is done with them, or the error that COMMAND GETKEYS answers.
fn keys_of<'a>(table: &Table, args: Args<'a>) -> Result<Vec<(&'a [u8], u16)>, Error> {
    let Found::Row(number) = table.find(args.at(0), args.get(1)) else { return Err(Error::InvalidCommandSpecified) };
    let mut found = Vec::new();
    keys::each_key(table.row(number).spec, args, &mut |key, flags| found.push((key, flags)))?;
    Ok(found)
}

fn command_getkeys(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let keys = keys_of(&cx.server.table, args.skip(2))?;
    cx.out.array(keys.len());
    for (key, _) in keys {
        cx.out.bulk(key);
    }
    Ok(())
}

fn command_getkeysandflags(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let keys = keys_of(&cx.server.table, args.skip(2))?;
    cx.out.array(keys.len());
    for (key, flags) in keys {
        cx.out.array(2);
        cx.out.bulk(key);
        reply_names(cx.out, key::NAMES.iter().filter(|(flag, _)| flags & flag != 0).map(|(_, name)| name.to_string()));
    }
    Ok(())
}

fn command_list(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let rows = cx.server.table.rows();
    let names: Vec<String> = match args.len() {
        2 => rows.iter().map(|row| row.spec.full_name()).collect(),
        5 if args.at(2).eq_ignore_ascii_case(b"filterby") => {
            let value = args.at(4);
            let chosen: Box<dyn Fn(&Listing) -> bool> = match &args.at(3).to_ascii_lowercase()[..] {
                b"module" => Box::new(|_| false),
                b"aclcat" => Box::new(|row| {
                    categories::names(row.categories).any(|name| name.as_bytes().eq_ignore_ascii_case(value))
                }),
                b"pattern" => Box::new(|row| glob::matches_any_case(value, row.spec.full_name().as_bytes())),
                _ => return Err(Error::Syntax),
            };
            rows.iter().filter(|row| chosen(row)).map(|row| row.spec.full_name()).collect()
        }
        _ => return Err(Error::Syntax),
    };
    cx.out.array(names.len());
    for name in names {
        cx.out.bulk(name.as_bytes());
    }
    Ok(())
}

fn command_help(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    help::help(
        cx,
        "COMMAND",
        &[
            "(no subcommand)",
            "    Return details about all Redis commands.",
            "COUNT",
            "    Return the total number of commands in this Redis server.",
            "LIST",
            "    Return a list of all commands in this Redis server.",
            "INFO [<command-name> ...]",
            "    Return details about multiple Redis commands.",
            "    If no command names are given, documentation details for all",
            "    commands are returned.",
            "DOCS [<command-name> ...]",
            "    Return documentation details about multiple Redis commands.",
            "    If no command names are given, documentation details for all",
            "    commands are returned.",
            "GETKEYS <full-command>",
            "    Return the keys from a full Redis command.",
            "GETKEYSANDFLAGS <full-command>",
            "    Return the keys and the access flags from a full Redis command.",
        ],
    )
}
