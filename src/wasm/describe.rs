//! What JavaScript is told of the engine as objects: the command table, and figures.

use crate::resp::dialect::Release;
use crate::table::categories;
use crate::table::find::{Listing, Table};
use crate::table::spec::{OnSession, Shards, Spec, flags};
use crate::table::syntax::Arg;
use crate::{Engine, allocator};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Statistics {
    used_memory: f64,
    peak_memory: f64,
    keys: f64,
    expires: f64,
    sessions: f64,
    commands: f64,
    hits: f64,
    misses: f64,
    expired_keys: f64,
    expired_fields: f64,
}

impl Statistics {
    pub fn of(engine: &Engine) -> Statistics {
        let (server, keyspace) = (engine.server(), engine.keyspace());
        Statistics {
            used_memory: allocator::data() as f64,
            peak_memory: allocator::peak() as f64,
            keys: keyspace.databases().iter().map(|db| db.len() as f64).sum(),
            expires: keyspace.databases().iter().map(|db| db.deadlines().len() as f64).sum(),
            sessions: server.sessions.len() as f64,
            commands: server.stats.commands as f64,
            hits: keyspace.log.counts.hits as f64,
            misses: keyspace.log.counts.misses as f64,
            expired_keys: keyspace.log.counts.expired_keys as f64,
            expired_fields: keyspace.log.counts.expired_fields as f64,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Command {
    name: String,
    arity: i8,
    flags: Vec<&'static str>,
    first: i8,
    last: i8,
    step: i8,
    group: &'static str,
    categories: Vec<&'static str>,
    since: &'static str,
    summary: &'static str,
    complexity: &'static str,
    syntax: &'static str,
    reply: &'static str,
    session: &'static str,
    shards: &'static str,
    secret: &'static str,
    /// What COMMAND INFO does not show: it runs in a transaction at once; its reply comes from the store.
    at_once: bool,
    store_answers: bool,
    args: Vec<Argument>,
    subcommands: Vec<Command>,
}

impl Command {
    pub fn of(table: &Table, row: &Listing) -> Command {
        let cmd: &Spec = row.spec;
        Command {
            name: cmd.title().to_string(),
            arity: cmd.shape.arity,
            flags: flags::NAMES.iter().filter(|(flag, _)| cmd.flags & flag != 0).map(|(_, name)| *name).collect(),
            first: cmd.shape.first,
            last: cmd.shape.last,
            step: cmd.shape.step,
            group: row.group.name,
            categories: categories::names(row.categories).collect(),
            since: cmd.since,
            summary: cmd.summary,
            complexity: cmd.cost,
            syntax: cmd.syntax,
            reply: cmd.reply,
            session: cmd.on_session(row.group.name).map_or("", OnSession::name),
            shards: cmd.on_shards(row.group.name).map_or("", Shards::name),
            secret: cmd.secret.name(),
            at_once: cmd.flags & flags::IN_MULTI != 0,
            store_answers: cmd.flags & flags::STORE_ANSWERS != 0,
            args: cmd.arguments(Release::NEWEST).into_iter().map(Argument::from).collect(),
            subcommands: table.subs(row).iter().map(|sub| Command::of(table, sub)).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Argument {
    name: String,
    #[serde(rename = "type")]
    kind: &'static str,
    token: Option<String>,
    optional: bool,
    multiple: bool,
    multiple_token: bool,
    args: Vec<Argument>,
}

impl From<Arg> for Argument {
    fn from(arg: Arg) -> Argument {
        Argument {
            name: arg.name,
            kind: arg.kind,
            token: arg.token,
            optional: arg.optional,
            multiple: arg.multiple,
            multiple_token: arg.multiple_token,
            args: arg.args.into_iter().map(Argument::from).collect(),
        }
    }
}
