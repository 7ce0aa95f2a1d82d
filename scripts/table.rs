//! `cargo run --example table`: the command table as JSON, with all that rows say (`rows`), and the words of COMMAND DOCS and HELP as the
//! module takes them from its host (`docs`), for `table.mjs`. The module is built without both.

use std::fmt::Write;
use wakey::table::find::{Listing, Table};
use wakey::table::spec::{OnSession, Shards, flags};
use wakey::table::syntax::Arg;
use wakey::table::{categories, docs};
use wakey::{Dialect, Engine, Options, Release, SessionOptions};

fn main() {
    let engine = Engine::new(Options::default());
    let table = &engine.server().table;
    let mut out = String::from("{");
    text(&mut out, "docs", &(words() + &helps(table)));
    out.push_str("\"rows\":");
    list(&mut out, table.rows().iter().filter(|row| row.container.is_none()), |out, row| command(out, table, row));
    println!("{out}}}");
}

/// What is said of the rows of all dialects.
fn words() -> String {
    let mut out = String::new();
    for dialect in [Dialect::Redis, Dialect::Valkey, Dialect::DiceDb, Dialect::Dragonfly] {
        let engine = Engine::new(Options { dialect, ..Options::default() });
        for line in docs::written(&engine.server().table).lines() {
            let name = line.split('\t').next().unwrap_or_default();
            match out.lines().find(|other| other.split('\t').next() == Some(name)) {
                Some(other) => assert_eq!(line, other, "two dialects say different things of {name}"),
                None => out.extend([line, "\n"]),
            }
        }
    }
    out
}

/// What each HELP answers, without its heading and what it says of itself, as `table/docs.rs` has it.
fn helps(table: &Table) -> String {
    // Of a cluster, else CLUSTER says nothing.
    let mut engine = Engine::new(Options { cluster: true, ..Options::default() });
    let session = engine.open_session(SessionOptions { trusted: true, ..SessionOptions::default() });
    let mut out = String::new();
    let containers: Vec<&str> = table.rows().iter().filter_map(|row| row.spec.title().strip_suffix(" HELP")).collect();
    // What Valkey alone has.
    let mut valkey = Engine::new(Options { dialect: Dialect::Valkey, ..Options::default() });
    let its = valkey.open_session(SessionOptions { trusted: true, ..SessionOptions::default() });
    // DEBUG has no rows for what it does.
    for container in containers.into_iter().chain(["DEBUG", "COMMANDLOG"]) {
        let own = container == "COMMANDLOG";
        let (engine, session) = if own { (&mut valkey, its) } else { (&mut engine, session) };
        let reply = engine.feed(session, 0.0, format!("{container} HELP\r\n").as_bytes());
        let text = String::from_utf8(reply.to_vec()).expect("HELP answers in ASCII");
        // An array's length, and its elements behind a plus sign each.
        let lines: Vec<&str> = text.split("\r\n").filter_map(|line| line.strip_prefix('+')).collect();
        let [heading, said @ .., _, _] = &lines[..] else { panic!("{container} HELP answers {text:?}") };
        assert!(heading.starts_with(container), "the heading of {container} HELP: {heading}");
        writeln!(out, "?{container}\t{}", said.join("\t")).expect("a string takes all");
    }
    out
}

fn command(out: &mut String, table: &Table, row: &Listing) {
    let cmd = row.spec;
    let shown = flags::NAMES.iter().filter(|(flag, _)| cmd.flags & flag != 0).map(|(_, name)| *name);
    out.push('{');
    text(out, "name", cmd.title());
    for (name, number) in
        [("arity", cmd.shape.arity), ("first", cmd.shape.first), ("last", cmd.shape.last), ("step", cmd.shape.step)]
    {
        write!(out, "{name:?}:{number},").expect("a string takes all");
    }
    for (name, value) in [
        ("group", row.group.name),
        ("since", &cmd.since()),
        ("summary", cmd.summary),
        ("complexity", cmd.cost),
        ("syntax", cmd.syntax),
        ("reply", cmd.reply),
        ("session", cmd.on_session(row.group.name).map_or("", OnSession::name)),
        ("shards", cmd.on_shards(row.group.name).map_or("", Shards::name)),
        ("secret", cmd.secret.name()),
    ] {
        text(out, name, value);
    }
    // What COMMAND INFO does not show: it runs in a transaction at once; its reply comes from the store.
    flag(out, "atOnce", cmd.flags & flags::IN_MULTI != 0);
    flag(out, "storeAnswers", cmd.flags & flags::STORE_ANSWERS != 0);
    out.push_str("\"flags\":");
    list(out, shown, quoted);
    out.push_str(",\"categories\":");
    list(out, categories::names(row.categories), quoted);
    out.push_str(",\"args\":");
    list(out, cmd.arguments(Release::NEWEST).iter(), argument);
    out.push_str(",\"subcommands\":");
    list(out, table.subs(row).iter(), |out, sub| command(out, table, sub));
    out.push('}');
}

fn argument(out: &mut String, arg: &Arg) {
    out.push('{');
    text(out, "name", &arg.name);
    text(out, "type", arg.kind);
    if let Some(token) = &arg.token {
        text(out, "token", token);
    }
    flag(out, "optional", arg.optional);
    flag(out, "multiple", arg.multiple);
    flag(out, "multipleToken", arg.multiple_token);
    out.push_str("\"args\":");
    list(out, arg.args.iter(), argument);
    out.push('}');
}

fn list<T>(out: &mut String, all: impl Iterator<Item = T>, one: impl Fn(&mut String, T)) {
    out.push('[');
    for (n, item) in all.enumerate() {
        if n > 0 {
            out.push(',');
        }
        one(out, item);
    }
    out.push(']');
}

fn text(out: &mut String, name: &str, value: &str) {
    quoted(out, name);
    out.push(':');
    quoted(out, value);
    out.push(',');
}

fn flag(out: &mut String, name: &str, value: bool) {
    write!(out, "{name:?}:{value},").expect("a string takes all");
}

/// Rows are printable ASCII, and tabs and line feeds stand between them.
fn quoted(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            _ => out.push(letter),
        }
    }
    out.push('"');
}
