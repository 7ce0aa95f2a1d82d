//! ACL: users, what each may do, and the log of what was refused. The rules: [`crate::server::users`].

use crate::commands::shared::help;
use crate::exec::row::{Row, container, sub};
use crate::exec::{Ctx, Done};
use crate::resp::args::Args;
use crate::resp::error::{Error, quoted};
use crate::server::config::Id;
use crate::server::users::{DEFAULT, Denied, Selector, User, hex, join, sha256};
use crate::table::categories;
use crate::table::find::Found;
use crate::table::spec::{OnSession, Secret, Shards, flags::*};

pub const TABLE: &[Row] =
    &[container("ACL", ACL).doc("6.0.0", "Depends on subcommand.", "A container for Access List Control commands.")];

const TO_ALL: &[&str] = &["request_policy:all_nodes", "response_policy:all_succeeded"];

const ACL: &[Row] = &[
    sub("ACL CAT [category]", acl_cat)
        .session(OnSession::Nothing)
        .plain(LOADING | NOSCRIPT | STALE)
        .reply("array of bulk")
        .doc("6.0.0", "O(1) since the categories and commands are a fixed set.", "Lists the ACL categories, or the commands inside a category."),
    sub("ACL DELUSER username [username ...]", acl_deluser)
        .secret(Secret::All)
        .session(OnSession::Nothing)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE)
        .tips(TO_ALL)
        .reply("int")
        .doc("6.0.0", "O(1) amortized time considering the typical user.", "Deletes ACL users, and terminates their connections."),
    sub("ACL DRYRUN username command [arg [arg ...]]", acl_dryrun)
        .session(OnSession::Nothing).shards(Shards::One)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE)
        .reply("OK | bulk")
        .doc("7.0.0", "O(1).", "Simulates the execution of a command by a user, without executing the command."),
    sub("ACL GENPASS [bits]", acl_genpass)
        .session(OnSession::Nothing)
        .plain(LOADING | NOSCRIPT | STALE)
        .args(&[crate::table::spec::arg(0).kind("integer")])
        .reply("bulk")
        .doc("6.0.0", "O(1)", "Generates a pseudorandom, secure password that can be used to identify ACL users."),
    sub("ACL GETUSER username", acl_getuser)
        .secret(Secret::All)
        .session(OnSession::Nothing).shards(Shards::One)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE)
        .history(&[("6.2.0", "Added Pub/Sub channel patterns."), ("7.0.0", "Added selectors and changed the format of key and channel patterns from a list to their rule representation.")])
        .reply("map of any | null")
        .doc("6.0.0", "O(N). Where N is the number of password, command and pattern rules that the user has.", "Lists the ACL rules of a user."),
    sub("ACL HELP", acl_help)
        .plain(LOADING | STALE)
        .reply("array of simple")
        .doc("6.0.0", "O(1)", "Returns helpful text about the different subcommands."),
    sub("ACL LIST", acl_list)
        .session(OnSession::Nothing).shards(Shards::One)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE)
        .reply("array of bulk")
        .doc("6.0.0", "O(N). Where N is the number of configured users.", "Dumps the effective rules in ACL file format."),
    sub("ACL LOAD", acl_load)
        .session(OnSession::Nothing).shards(Shards::First)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE)
        .reply("OK")
        .doc("6.0.0", "O(N). Where N is the number of configured users.", "Reloads the rules from the configured ACL file."),
    sub("ACL LOG [count | RESET]", acl_log)
        .session(OnSession::Nothing).shards(Shards::One)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE)
        .groups(&["operation"])
        .history(&[("7.2.0", "Added entry ID, timestamp created, and timestamp last updated.")])
        .reply("array of any | OK")
        .doc("6.0.0", "O(N) with N being the number of entries shown.", "Lists recent security events generated due to ACL rules."),
    sub("ACL SAVE", acl_save)
        .session(OnSession::Nothing)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE)
        .tips(TO_ALL)
        .reply("OK")
        .doc("6.0.0", "O(N). Where N is the number of configured users.", "Saves the effective ACL rules in the configured ACL file."),
    sub("ACL SETUSER username [rule [rule ...]]", acl_setuser)
        .session(OnSession::Nothing)
        .secret(Secret::All)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE | KEEPS)
        .tips(TO_ALL)
        .history(&[("6.2.0", "Added Pub/Sub channel patterns."), ("7.0.0", "Added selectors and key based permissions.")])
        .reply("OK")
        .doc("6.0.0", "O(N). Where N is the number of rules provided.", "Creates and modifies an ACL user and its rules."),
    sub("ACL USERS", acl_users)
        .session(OnSession::Nothing).shards(Shards::One)
        .plain(ADMIN | LOADING | NOSCRIPT | STALE)
        .reply("array of bulk")
        .doc("6.0.0", "O(N). Where N is the number of configured users.", "Lists all ACL users."),
    sub("ACL WHOAMI", acl_whoami)
        .session(OnSession::Asks)
        .plain(LOADING | NOSCRIPT | STALE)
        .reply("bulk")
        .doc("6.0.0", "O(1)", "Returns the authenticated username of the current connection."),
];

fn acl_cat(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let names = match cx.server.config.late {
        true => &categories::NAMES[..],
        false => categories::before_arrays(),
    };
    let Some(category) = args.get(2).filter(|_| args.len() == 3) else {
        if args.len() > 3 {
            return Err(help::usage(args));
        }
        cx.out.array(names.len());
        for name in names {
            cx.out.bulk(name.as_bytes());
        }
        return Ok(());
    };
    let known = names.iter().position(|name| name.as_bytes().eq_ignore_ascii_case(category));
    let Some(bit) = known else {
        return Err(Error::quoting(&[b"ERR Unknown category '", quoted(category, usize::MAX), b"'"]));
    };
    let (mark, mut count) = (cx.out.mark(), 0);
    for row in cx.server.table.rows().iter().filter(|row| row.categories >> bit & 1 != 0 && !row.spec.only_contains()) {
        cx.out.bulk(row.spec.full_name().as_bytes());
        count += 1;
    }
    cx.out.array_at(mark, count);
    Ok(())
}

fn acl_deluser(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if args.tail(2).any(|name| name == DEFAULT) {
        return Err(Error::Fixed("ERR The 'default' user cannot be removed"));
    }
    let removed = args.tail(2).filter(|name| cx.server.remove_user(cx.session, name)).count();
    cx.out.int(removed as i64);
    Ok(())
}

fn acl_dryrun(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let Some(user) = cx.server.users.get(args.at(2)) else {
        return Err(Error::quoting(&[b"ERR User '", quoted(args.at(2), usize::MAX), b"' not found"]));
    };
    let asked = args.skip(3);
    let Found::Row(number) = cx.server.table.find(asked.at(0), asked.get(1)) else {
        return Err(Error::quoting(&[b"ERR Command '", quoted(asked.at(0), usize::MAX), b"' not found"]));
    };
    let spec = cx.server.table.row(number).spec;
    if !spec.accepts(asked) {
        return Err(spec.arity_error());
    }
    let Err(denied) = user.check(number, spec, asked) else {
        cx.out.ok();
        return Ok(());
    };
    let object = denied.object(spec);
    let (before, after): (&[u8], &[u8]) = match denied {
        Denied::Command => (b"' has no permissions to run the '", b"' command"),
        Denied::Key(_) => (b"' has no permissions to access the '", b"' key"),
        Denied::Channel(_) => (b"' has no permissions to access the '", b"' channel"),
    };
    cx.out.room_for(object.len())?;
    cx.out.bulk(&[b"User ", &user.name[..], &before[1..], &object, after].concat());
    Ok(())
}

/// The password is the hash of what the engine's own seed gives: where the host draws that from a good source, nobody guesses it.
fn acl_genpass(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if args.len() > 3 {
        return Err(help::usage(args));
    }
    let bits = if args.len() == 3 { args.int(2)? } else { 256 };
    if !(1..=4096).contains(&bits) {
        return Err(Error::Fixed(
            "ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to 4096",
        ));
    }
    let digits = (bits as usize).div_ceil(4);
    let mut password = Vec::new();
    while password.len() < digits {
        let drawn: Vec<u8> = (0..4).flat_map(|_| cx.db.rng.next().to_le_bytes()).collect();
        password.extend(hex(&sha256(&drawn)));
    }
    cx.out.bulk(&password[..digits]);
    Ok(())
}

fn acl_getuser(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let out = &mut *cx.out;
    let Some(user) = cx.server.users.get(args.at(2)) else {
        out.null_array();
        return Ok(());
    };
    out.map(6);
    out.bulk(b"flags");
    let flags = user.flags();
    out.set(flags.len());
    for flag in flags {
        out.bulk(flag.as_bytes());
    }
    out.bulk(b"passwords");
    out.array(user.passwords.len());
    for hash in &user.passwords {
        out.bulk(&hex(hash));
    }
    let mut texts = |selector: &Selector| {
        for (name, text) in ["commands", "keys", "channels"].into_iter().zip(selector.texts()) {
            out.bulk(name.as_bytes());
            out.bulk(&text);
        }
    };
    texts(&user.selectors()[0]);
    cx.out.bulk(b"selectors");
    cx.out.array(user.selectors().len() - 1);
    for selector in &user.selectors()[1..] {
        cx.out.map(3);
        for (name, text) in ["commands", "keys", "channels"].into_iter().zip(selector.texts()) {
            cx.out.bulk(name.as_bytes());
            cx.out.bulk(&text);
        }
    }
    Ok(())
}

fn acl_list(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.out.array(cx.server.users.iter().len());
    for user in cx.server.users.iter() {
        cx.out.bulk(&user.describe());
    }
    Ok(())
}

fn acl_users(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.out.array(cx.server.users.iter().len());
    for user in cx.server.users.iter() {
        cx.out.bulk(&user.name);
    }
    Ok(())
}

fn acl_whoami(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.out.bulk(&cx.session.user);
    Ok(())
}

fn acl_setuser(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let name = args.at(2);
    if name.iter().any(|b| matches!(b, 0 | b' ' | b'\t' | b'\n' | 11 | 12 | b'\r')) {
        return Err(Error::Fixed("ERR Usernames can't contain spaces or null characters"));
    }
    let all_channels = cx.server.config.int(Id::AclPubsub) == 0;
    let mut user = cx.server.users.get(name).cloned().unwrap_or_else(|| User::new(name, all_channels));
    let rules = join(args.tail(3)).map_err(|open| {
        Error::quoting(&[b"ERR Unmatched parenthesis in acl selector starting at '", quoted(open, usize::MAX), b"'."])
    })?;
    for rule in &rules {
        user.apply(&cx.server.table, rule, all_channels).map_err(|reason| {
            let rule = quoted(rule, usize::MAX);
            Error::quoting(&[b"ERR Error in ACL SETUSER modifier '", rule, b"': ", reason.as_bytes()])
        })?;
    }
    cx.server.set_user(Some(cx.session), user);
    cx.out.ok();
    Ok(())
}

fn acl_log(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let most = match args.get(2) {
        _ if args.len() > 3 => return Err(help::usage(args)),
        None => 10,
        Some(word) if word.eq_ignore_ascii_case(b"reset") => {
            cx.server.users.log.clear();
            cx.out.ok();
            return Ok(());
        }
        Some(_) => usize::try_from(args.int(2)?).unwrap_or(0),
    };
    let entries = cx.server.users.log.entries();
    let shown = &entries[..most.min(entries.len())];
    cx.out.array(shown.len());
    for entry in shown {
        let refusal = &entry.refusal;
        cx.out.map(10);
        cx.out.bulk(b"count");
        cx.out.int(entry.count as i64);
        for (name, text) in [
            ("reason", refusal.reason.as_bytes()),
            ("context", refusal.context.as_bytes()),
            ("object", &refusal.object),
            ("username", &refusal.username),
        ] {
            cx.out.bulk(name.as_bytes());
            cx.out.bulk(text);
        }
        cx.out.bulk(b"age-seconds");
        cx.out.double((cx.now - entry.updated) as f64 / 1000.0);
        cx.out.bulk(b"client-info");
        cx.out.bulk(entry.client.trim_end().as_bytes());
        for (name, number) in [
            ("entry-id", entry.id as i64),
            ("timestamp-created", entry.created),
            ("timestamp-last-updated", entry.updated),
        ] {
            cx.out.bulk(name.as_bytes());
            cx.out.int(number);
        }
    }
    Ok(())
}

const NO_FILE: Error = Error::Fixed(
    "ERR This Redis instance is not configured to use an ACL file. You may want to specify users via the ACL SETUSER command and then issue a CONFIG REWRITE (assuming you have a Redis configuration file set) in order to store users in the Redis configuration.",
);

fn acl_load(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let file = cx.host.users_file.as_ref().ok_or(NO_FILE)?;
    let name = cx.server.config.text(Id::AclFile).to_vec();
    let text = file.read().map_err(|reason| {
        Error::quoting(&[b"ERR Error loading ACLs, opening file '", &name, b"': ", reason.as_bytes()])
    })?;
    cx.server.load_users(Some(cx.session), &name, &text, None).map_err(|wrong| Error::quoting(&[b"ERR ", &wrong]))?;
    cx.out.ok();
    Ok(())
}

fn acl_save(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let file = cx.host.users_file.as_ref().ok_or(NO_FILE)?;
    file.write(&cx.server.users.text()).map_err(|_| {
        Error::Fixed(
            "ERR There was an error trying to save the ACLs. Please check the server logs for more information",
        )
    })?;
    cx.out.ok();
    Ok(())
}

fn acl_help(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    help::help(
        cx,
        "ACL",
        &[
            "CAT [<category>]",
            "    List all commands that belong to <category>, or all command categories",
            "    when no category is specified.",
            "DELUSER <username> [<username> ...]",
            "    Delete a list of users.",
            "DRYRUN <username> <command> [<arg> ...]",
            "    Returns whether the user can execute the given command without executing the command.",
            "GETUSER <username>",
            "    Get the user's details.",
            "GENPASS [<bits>]",
            "    Generate a secure 256-bit user password. The optional `bits` argument can",
            "    be used to specify a different size.",
            "LIST",
            "    Show users details in config file format.",
            "LOAD",
            "    Reload users from the ACL file.",
            "LOG [<count> | RESET]",
            "    Show the ACL log entries.",
            "SAVE",
            "    Save the current config to the ACL file.",
            "SETUSER <username> <attribute> [<attribute> ...]",
            "    Create or modify a user with the specified attributes.",
            "USERS",
            "    List all the registered usernames.",
            "WHOAMI",
            "    Return the current connection username.",
        ],
    )
}
