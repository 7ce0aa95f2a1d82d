//! What the host has said of its store, what clients want of the host, and the snapshot that it asked for.

use crate::resp::args::Args;
use crate::resp::error::Error;
use crate::server::session::Session;
use crate::snapshot::Snapshot;
use crate::table::find::Table;

/// What clients want of the host's store.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HostRequest {
    /// BGREWRITEAOF: a snapshot in the background, in the place of what is kept.
    Rewrite = 1,
    /// SAVE: an RDB file, or where the host writes none a snapshot, before the reply leaves if it can do that.
    SaveNow,
    /// SHUTDOWN NOSAVE, or without a store.
    End,
    /// SHUTDOWN with a store, or with what `save` or SAVE asks for: not before that is written. Where it cannot be,
    /// [`crate::Engine::host_did`] is to be called.
    SaveAndEnd,
    /// A script is paused: [`crate::Engine::go_on`] is to be called, once others have had their turn.
    GoOn,
    /// BGSAVE, and a point of `save` that is reached: as SAVE, in the background.
    SaveSoon,
    /// As [`HostRequest::SaveAndEnd`], but the end comes also where nothing can be written: SHUTDOWN FORCE.
    ForceEnd,
    /// WAITAOF: [`crate::Engine::host_did`] is to be called once all that was journaled is on the disk.
    Sync,
    /// `appendonly` was changed: an append-only file is to be begun, or the one that there is ended.
    Append,
    /// BACKUP: one is to be begun in an empty folder; to be made whole, and nothing that comes after; to be given up; its files are to be
    /// removed. What comes of it is told in [`Store::backup`].
    BackupStart,
    BackupSeal,
    BackupAbort,
    BackupCleanup,
}

/// What the host says of its store, for INFO, LASTSAVE and the gate.
#[derive(Clone, Debug)]
pub struct Store {
    /// `file`, `idb`, ...; empty where there is none.
    pub kind: String,
    /// It keeps what happens, or will once it has been begun, and not snapshots alone.
    pub appends: bool,
    pub rewriting: bool,
    /// The host writes RDB files, whether it keeps a store or not.
    pub saves: bool,
    /// It is writing one, and whether the last one went well.
    pub saving: bool,
    pub saved_ok: bool,
    /// Seconds since the epoch of the last snapshot; 0 where there was none.
    pub last_save: i64,
    /// How many have been written.
    pub saves_done: u64,
    pub last_ok: bool,
    /// Bytes of what is stored, and of the snapshot in it.
    pub size: u64,
    pub base_size: u64,
    /// Why nothing can be written at present; empty where all is well.
    pub refusing: String,
    /// Lines: the state of the last backup, what it failed with, and the paths of its files. Empty where no backup can be made.
    pub backup: String,
}

impl Default for Store {
    fn default() -> Store {
        Store {
            kind: String::new(),
            appends: false,
            rewriting: false,
            saves: false,
            saving: false,
            saved_ok: true,
            last_save: 0,
            saves_done: 0,
            last_ok: true,
            size: 0,
            base_size: 0,
            refusing: String::new(),
            backup: String::new(),
        }
    }
}

impl Store {
    /// Whether there is a place for RDB files, or snapshots.
    pub fn can_save(&self) -> bool {
        self.saves || !self.kind.is_empty()
    }

    /// The word for the state of the last backup.
    pub fn backup_state(&self) -> &str {
        self.backup.split('\n').next().filter(|state| !state.is_empty()).unwrap_or("idle")
    }
}

/// Who is asked for `dir` and `appendonly`, where the host has files.
pub trait Ways {
    /// The value as it is kept, where `dir` is what that is now; nothing is done yet. `Err` is why it cannot be so.
    fn may(&self, name: &str, value: &[u8], dir: &[u8]) -> Result<String, String>;
}

/// The file that `aclfile` names, which the host reads and writes for ACL LOAD and ACL SAVE. `Err` is why it cannot.
pub trait UsersFile {
    fn read(&self) -> Result<Vec<u8>, String>;
    fn write(&self, text: &[u8]) -> Result<(), String>;
}

/// What the host says to a command before it runs.
#[derive(Clone, Debug)]
pub enum Verdict {
    Run,
    /// It does not run; this is its reply, in RESP. An error spoils a transaction, as any other does.
    Reply(Vec<u8>),
    /// It waits, and its session with it, until [`crate::Engine::decide`]. Where a session cannot wait, it runs.
    Hold,
    /// It does not run, and its session is to be closed.
    Drop,
}

/// Who is shown commands before they run: see [`crate::Engine::intercept`].
pub trait Interceptor {
    /// `admitted`: the session may do something, it has no login before it.
    fn judge(&self, session: &Session, admitted: bool, args: Args<'_>) -> Verdict;
}

/// The file that the configuration came from, which the host changes for CONFIG REWRITE.
pub trait ConfigFile {
    /// Takes the parameters in force: for each a line as the file has them, behind `=` where it is the default, else `+`. The name may have
    /// its alias behind a slash. `Err` is why the file cannot be written.
    fn rewrite(&self, parameters: &[u8]) -> Result<(), String>;
}

/// See the head of this file.
pub struct Host {
    /// A clock that goes on while a command runs, in milliseconds from any moment on. What takes long is measured by it, and nothing
    /// else: what is in the keyspace never depends on it.
    pub clock: fn() -> f64,
    /// The words of COMMAND DOCS and HELP ([`crate::table::docs`]); `None` where there is no memory for them, nothing while they are on their way.
    docs: fn(&Table) -> Option<String>,
    pub store: Store,
    pub users_file: Option<Box<dyn UsersFile>>,
    pub ways: Option<Box<dyn Ways>>,
    pub interceptor: Option<Box<dyn Interceptor>>,
    /// The configuration's file and its name.
    pub config_file: Option<(String, Box<dyn ConfigFile>)>,
    /// What clients want, in the order in which they asked.
    pub requests: Vec<HostRequest>,
    /// How often [`HostRequest::Sync`] was asked for.
    pub syncs: u64,
    /// When a snapshot was last asked for, in seconds since the epoch.
    pub save_asked: i64,
    /// How many changes there had been when a snapshot was begun.
    pub begun_at: u64,
    /// When the last backup was begun and sealed, in seconds since the epoch; 0 where it was not.
    pub backup_times: (i64, i64),
    /// A snapshot is being written.
    pub snapshot: Option<Box<Snapshot>>,
}

impl Host {
    pub fn new(clock: fn() -> f64, docs: fn(&Table) -> Option<String>) -> Host {
        Host {
            clock,
            docs,
            store: Store::default(),
            users_file: None,
            ways: None,
            interceptor: None,
            config_file: None,
            requests: Vec::new(),
            syncs: 0,
            save_asked: 0,
            begun_at: 0,
            backup_times: (0, 0),
            snapshot: None,
        }
    }

    /// The words of COMMAND DOCS and HELP.
    pub fn words(&self, table: &Table) -> Result<String, Error> {
        match (self.docs)(table) {
            Some(words) if words.is_empty() => {
                Err(Error::Fixed("LOADING the words of COMMAND DOCS and HELP; ask again"))
            }
            words => words.ok_or(Error::OutOfMemory),
        }
    }
}
