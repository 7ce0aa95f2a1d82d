//! CONFIG: reading and setting parameters.

use crate::allocator;
use crate::commands::shared::help;
use crate::exec::row::{Row, container, sub};
use crate::exec::{Ctx, Done};
use crate::resp::args::Args;
use crate::resp::error::{Error, quoted};
use crate::server::config::{Config, Id, param, params};
use crate::table::spec::{OnSession, Secret, Shards, flags::*};
use crate::types::glob;

pub const TABLE: &[Row] = &[container("CONFIG", CONFIG).doc(
    "2.0.0",
    "Depends on subcommand.",
    "A container for server configuration commands.",
)];

const CONFIG: &[Row] = &[
    sub("CONFIG GET parameter [parameter ...]", config_get)
        .session(OnSession::Nothing)
        .shards(Shards::One)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE)
        .history(&[("7.0.0", "Added the ability to pass multiple pattern parameters in one call")])
        .reply("map of bulk")
        .doc(
            "2.0.0",
            "O(N) when N is the number of configuration parameters provided",
            "Returns the effective values of configuration parameters.",
        ),
    sub("CONFIG HELP", config_help).plain(LOADING | STALE).reply("array of simple").doc(
        "5.0.0",
        "O(1)",
        "Returns helpful text about the different subcommands.",
    ),
    sub("CONFIG RESETSTAT", config_resetstat)
        .session(OnSession::Nothing)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE)
        .tips(&["request_policy:all_nodes", "response_policy:all_succeeded"])
        .reply("OK")
        .doc("2.0.0", "O(1)", "Resets the server's statistics."),
    sub("CONFIG REWRITE", config_rewrite)
        .session(OnSession::Nothing)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE)
        .tips(&["request_policy:all_nodes", "response_policy:all_succeeded"])
        .reply("OK")
        .doc("2.8.0", "O(1)", "Persists the effective configuration to file."),
    sub("CONFIG SET parameter value [parameter value ...]", config_set)
        .session(OnSession::Nothing)
        .secret(Secret::Passwords)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE)
        .tips(&["request_policy:all_nodes", "response_policy:all_succeeded"])
        .groups(&["data"])
        .history(&[("7.0.0", "Added the ability to set multiple parameters in one call.")])
        .reply("OK")
        .doc(
            "2.0.0",
            "O(N) when N is the number of configuration parameters provided",
            "Sets configuration parameters in-flight.",
        ),
];

fn config_get(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let mut found: Vec<(&[u8], usize)> = Vec::new();
    for pattern in args.tail(2) {
        let is_pattern = pattern.iter().any(|b| matches!(b, b'*' | b'?' | b'['));
        for (index, param) in params().enumerate() {
            for name in [param.name.as_bytes(), param.alias.as_bytes()] {
                let wanted = match is_pattern {
                    true => !param.is_hidden() && glob::matches_any_case(pattern, name),
                    false => pattern.eq_ignore_ascii_case(name),
                };
                let shown = if is_pattern { name } else { pattern }; // a plain name comes back as it was written
                if wanted && !name.is_empty() && !found.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
                    found.push((shown, index));
                }
            }
        }
    }
    cx.out.map(found.len());
    for (name, index) in found {
        cx.out.bulk(name);
        cx.out.bulk(cx.server.config.shown(index));
    }
    Ok(())
}

/// There is no file that the configuration came from: the host's options are all.
fn config_rewrite(_: &mut Ctx<'_>, _: Args<'_>) -> Done {
    Err(Error::NoConfigFile)
}

fn config_set(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if !args.len().is_multiple_of(2) {
        return Err(Error::Syntax);
    }
    let failed = |name: &[u8], reason: &str| {
        const REASON: &[u8] = b"ERR CONFIG SET failed (possibly related to argument '";
        Error::Own([REASON, name, b"') - ", reason.as_bytes()].concat())
    };
    let mut changes: Vec<(usize, &[u8])> = Vec::new();
    let mut names: Vec<&[u8]> = Vec::new();
    for (name, value) in args.pairs(2) {
        let Some(index) = Config::find(name) else {
            const REASON: &[u8] = b"ERR Unknown option or number of arguments for CONFIG SET - '";
            return Err(Error::quoting(&[REASON, quoted(name, usize::MAX), b"'"]));
        };
        let param = param(index);
        if param.is_fixed() {
            return Err(failed(name, "can't set immutable config"));
        }
        if param.is_protected() && !super::debug::is_allowed(cx, Id::ProtectedConfigs) {
            return Err(failed(name, "can't set protected config"));
        }
        if names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            return Err(failed(name, "duplicate parameter"));
        }
        names.push(name);
        changes.push((index, value));
    }
    if let Err((place, reason)) = cx.server.config.set_all(&changes) {
        let param = param(changes[place].0);
        let by_alias = names[place].eq_ignore_ascii_case(param.alias.as_bytes());
        return Err(failed(if by_alias { param.alias } else { param.name }.as_bytes(), &reason));
    }
    cx.server.apply_config(cx.db);
    if let Some((_, password)) = changes.iter().find(|(index, _)| *index == Id::RequirePass as usize) {
        cx.server.set_default_password(Some(cx.session), password);
    }
    cx.out.ok();
    Ok(())
}

fn config_resetstat(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.server.stats.reset();
    cx.server.timing.reset();
    cx.db.log.counts = Default::default();
    allocator::reset_peak();
    cx.out.ok();
    Ok(())
}

fn config_help(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    help::help(
        cx,
        "CONFIG",
        &[
            "GET <pattern>",
            "    Return parameters matching the glob-like <pattern> and their values.",
            "SET <directive> <value>",
            "    Set the configuration <directive> to <value>.",
            "RESETSTAT",
            "    Reset statistics reported by the INFO command.",
            "REWRITE",
            "    Rewrite the configuration file.",
        ],
    )
}
