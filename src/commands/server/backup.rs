//! BACKUP (Redis 8.10): a copy of the data, made while it is written to. The host does the work, by hard links to the files of its
//! append-only store: it is asked ([`HostRequest`]), and says in [`Store::backup`] how far it is. As documented, the states are `idle`,
//! `snapshotting` (the BASE file is being written), `incrementing` (it is there; what happens is in INCR files), `sealed` and `failed`;
//! nothing here waits for anything, so none is `pending`.
//!
//! OK says that the host was asked: what fails there is told by BACKUP STATUS.
//!
//! [`Store::backup`]: crate::server::host::Store::backup

use crate::commands::shared::help;
use crate::exec::row::{Row, container, sub};
use crate::exec::{Ctx, Done};
use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::server::host::HostRequest;
use crate::table::spec::{OnSession, Shards, flags::*};
use crate::types::number::{INT_LEN, format_int};

pub const ROW: Row =
    container("BACKUP", BACKUP).doc("8.10.0", "Depends on subcommand.", "A container for backup management commands.");

const fn asks(row: Row) -> Row {
    row.session(OnSession::Nothing).shards(Shards::First).reply("OK")
}

const BACKUP: &[Row] = &[
    asks(sub("BACKUP ABORT", backup_abort)).plain(ADMIN | NOSCRIPT).doc(
        "8.10.0",
        "O(1)",
        "Cancel a backup that has not been sealed yet.",
    ),
    asks(sub("BACKUP CLEANUP", backup_cleanup)).plain(ADMIN | NOSCRIPT).doc(
        "8.10.0",
        "O(1)",
        "Remove sealed backup files and return to idle.",
    ),
    sub("BACKUP HELP", backup_help).plain(LOADING | STALE).reply("array of simple").doc(
        "8.10.0",
        "O(1)",
        "Return helpful text about BACKUP command parameters.",
    ),
    sub("BACKUP LIST", backup_list).shards(Shards::First).plain(ADMIN | STALE).reply("array of bulk").doc(
        "8.10.0",
        "O(1)",
        "List the immutable backup file paths pinned so far.",
    ),
    asks(sub("BACKUP SEAL", backup_seal)).plain(ADMIN | NOSCRIPT | STORE_ANSWERS).doc(
        "8.10.0",
        "O(1)",
        "Freeze the current backup (BASE + INCR + manifest).",
    ),
    asks(sub("BACKUP START", backup_start)).plain(ADMIN | NOSCRIPT).doc(
        "8.10.0",
        "O(1)",
        "Start a new backup into the configured 'backupdirname'.",
    ),
    sub("BACKUP STATUS", backup_status).shards(Shards::First).plain(ADMIN | STALE).reply("map of bulk").doc(
        "8.10.0",
        "O(1)",
        "Report the current backup state.",
    ),
];

/// Asks the host, unless the state is none of those that `from` names; `then` is what is shown until the host has said more.
#[inline(never)]
fn ask(cx: &mut Ctx<'_>, from: &[&str], what: HostRequest, then: &str, otherwise: &'static str) -> Done {
    if !from.contains(&cx.host.store.backup_state()) {
        return Err(Error::Fixed(otherwise));
    }
    let backup = &mut cx.host.store.backup;
    if !backup.is_empty() {
        if !then.is_empty() {
            *backup = then.into();
        }
        cx.host.requests.push(what);
    }
    cx.out.ok();
    Ok(())
}

fn backup_start(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    if cx.host.store.backup.is_empty() {
        return Err(Error::Fixed("ERR no append-only file: nothing to back up"));
    }
    let busy = "ERR a backup exists already";
    ask(cx, &["idle", "failed"], HostRequest::BackupStart, "snapshotting\n", busy)?;
    cx.host.backup_times = (cx.db.now / 1000, 0);
    Ok(())
}

fn backup_seal(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let none = "ERR no backup is incrementing";
    ask(cx, &["incrementing"], HostRequest::BackupSeal, "", none)
}

fn backup_abort(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    ask(cx, &["snapshotting", "incrementing"], HostRequest::BackupAbort, "failed\naborted", "ERR no backup in progress")
}

/// Nothing to remove is no error.
fn backup_cleanup(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    ask(cx, &["idle", "sealed", "failed"], HostRequest::BackupCleanup, "idle", "ERR a backup is in progress")?;
    cx.host.backup_times = (0, 0);
    Ok(())
}

fn backup_list(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let files = || cx.host.store.backup.split('\n').skip(2);
    cx.out.array(files().count());
    for file in files() {
        cx.out.bulk(file.as_bytes());
    }
    Ok(())
}

fn backup_status(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let (start, end) = cx.host.backup_times;
    let error = cx.host.store.backup.split('\n').nth(1).unwrap_or_default();
    let mut buf = [0; INT_LEN];
    cx.out.map(4);
    for (name, value) in [("state", cx.host.store.backup_state()), ("error", error)] {
        cx.out.bulk(name.as_bytes());
        cx.out.bulk(value.as_bytes());
    }
    for (name, seconds) in [("start_time", start), ("end_time", end)] {
        cx.out.bulk(name.as_bytes());
        cx.out.bulk(format_int(seconds, &mut buf));
    }
    Ok(())
}

fn backup_help(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    help::help(
        cx,
        "BACKUP",
        &[
            "ABORT",
            "    Cancel a backup that has not been sealed yet.",
            "CLEANUP",
            "    Remove the files of a backup that is sealed or has failed.",
            "LIST",
            "    The paths of the files that will not change any more.",
            "SEAL",
            "    Freeze the backup: a snapshot, what has happened since, and a manifest.",
            "START",
            "    Begin a backup in the folder that backupdirname names, which must be empty.",
            "STATUS",
            "    The state of the backup, its error, and when it was begun and sealed.",
        ],
    )
}
