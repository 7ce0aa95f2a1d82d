//! CONFIG: reading and setting parameters.

use crate::allocator;
use crate::commands::shared::help;
use crate::exec::monitors::escape;
use crate::exec::row::{Row, container, sub};
use crate::exec::{Ctx, Done};
use crate::resp::args::Args;
use crate::resp::dialect::Release;
use crate::resp::error::{Error, quoted};
use crate::server::config::{Config, Id, Param, param, params};
use crate::server::host::HostRequest;
use crate::table::spec::{OnSession, Secret, Shards, flags::*};
use crate::types::glob;
use crate::types::pairs::{self, Pair};

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

/// Whether what the engine is like has this parameter, under this name.
fn is_here(cx: &Ctx<'_>, param: &Param, name: &[u8]) -> bool {
    let name = if name.eq_ignore_ascii_case(param.alias.as_bytes()) { param.alias } else { param.name };
    param.since().is_none_or(|release| cx.server.has(release)) && param.is_known(name, cx.server.config.valkey)
}

fn config_get(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let mut found: Vec<(&[u8], usize)> = Vec::new();
    for pattern in args.tail(2) {
        let is_pattern = pattern.iter().any(|b| matches!(b, b'*' | b'?' | b'['));
        for (index, param) in params().enumerate() {
            let here = |name: &&[u8]| is_here(cx, &param, name);
            for name in [param.name.as_bytes(), param.alias.as_bytes()].into_iter().filter(here) {
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
    let mut order: Vec<Pair> = (0..found.len() as u64).map(|place| (place, 0)).collect();
    if cx.server.is_valkey() {
        pairs::sort(&mut order, &|a, b| found[a.0 as usize].cmp(&found[b.0 as usize]));
    }
    cx.out.map(found.len());
    for (name, index) in order.iter().map(|pair| found[pair.0 as usize]) {
        cx.out.bulk(name);
        cx.out.bulk(cx.server.config.shown(index));
    }
    Ok(())
}

fn config_rewrite(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let Some((_, file)) = &cx.host.config_file else { return Err(Error::NoConfigFile) };
    file.rewrite(&in_force(cx))
        .map_err(|reason| Error::quoting(&[b"ERR Rewriting config file: ", quoted(reason.as_bytes(), usize::MAX)]))?;
    cx.out.ok();
    Ok(())
}

/// The parameters in force, as [`crate::server::host::ConfigFile`] has them.
fn in_force(cx: &Ctx<'_>) -> Vec<u8> {
    let mut text = Vec::new();
    for (index, param) in params().enumerate().filter(|(_, param)| !param.is_hidden() && is_here(cx, param, b"")) {
        let value = cx.server.config.shown(index);
        let words = |count: usize| {
            let words: Vec<&[u8]> = value.split(|&b| b == b' ').collect();
            words.chunks(count).map(|line| line.join(&b' ')).collect::<Vec<_>>()
        };
        let lines = match (param.name, value) {
            ("save", b"") => vec![b"\"\"".to_vec()],
            ("save", _) => words(2),
            ("client-output-buffer-limit", _) => words(4),
            _ if param.is_text() => {
                let mut line = b"\"".to_vec();
                escape(&mut line, value);
                vec![[&line[..], b"\""].concat()]
            }
            _ => vec![value.to_vec()],
        };
        for line in lines {
            let usual = match param.name {
                "client-output-buffer-limit" => param.default.as_bytes().windows(line.len()).any(|part| part == line),
                "latency-tracking-info-percentiles" => false,
                _ => value == param.default.as_bytes(),
            };
            text.push(if usual { b'=' } else { b'+' });
            text.extend_from_slice(param.name.as_bytes());
            if !param.alias.is_empty() && is_here(cx, &param, param.alias.as_bytes()) {
                text.extend([b"/", param.alias.as_bytes()].concat());
            }
            let limits = param.name == "client-output-buffer-limit";
            for (place, word) in line.split(|&b| b == b' ').enumerate() {
                text.push(b' ');
                match word {
                    b"slave" if limits => text.extend_from_slice(b"replica"),
                    _ if param.is_memory() || limits && (1..3).contains(&place) => text.extend(with_unit(word)),
                    _ => text.extend_from_slice(word),
                }
            }
            text.push(b'\n');
        }
    }
    if cx.server.config.text(Id::AclFile).is_empty() {
        for user in cx.server.users.iter() {
            text.extend([b"+", &user.describe()[..], b"\n"].concat());
        }
    }
    text
}

/// Bytes in the largest unit of which they are a whole number.
fn with_unit(digits: &[u8]) -> Vec<u8> {
    let number = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse::<u64>().ok()).unwrap_or(0);
    for (shift, unit) in [(30, "gb"), (20, "mb"), (10, "kb")] {
        if number != 0 && number.is_multiple_of(1 << shift) {
            return [(number >> shift).to_string().as_bytes(), unit.as_bytes()].concat();
        }
    }
    digits.to_vec()
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
        let Some(index) = Config::find(name).filter(|&index| is_here(cx, &param(index), name)) else {
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
        let both = cx.server.has(Release::V8_10) && changes.iter().any(|(known, _)| *known == index);
        if both || names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            return Err(failed(name, "duplicate parameter"));
        }
        names.push(name);
        changes.push((index, value));
    }
    let appends = cx.server.config.int(Id::AppendOnly);
    if let Err((place, reason)) = cx.server.config.set_all(&changes, cx.host.ways.as_deref()) {
        let param = param(changes[place].0);
        let by_alias = names[place].eq_ignore_ascii_case(param.alias.as_bytes());
        return Err(failed(if by_alias { param.alias } else { param.name }.as_bytes(), &reason));
    }
    if cx.server.config.int(Id::AppendOnly) != appends {
        cx.host.requests.push(HostRequest::Append);
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
