//! What all sessions share: the configuration, the statistics, who subscribes, waits, watches and monitors.

pub mod blocked;
pub mod client_memory;
pub mod cluster;
pub mod config;
pub mod host;
pub mod hotkeys;
pub mod live;
pub mod pubsub;
pub mod scripts;
pub mod session;
pub mod sessions;
pub mod stats;
pub mod timing;
pub mod tracking;
pub mod users;
pub mod watches;

use crate::keyspace::{Keyspace, class};
use crate::rdb::Form;
use crate::resp::dialect::{Dialect, Identity, Release};
use crate::table::find::Table;
use crate::types::pairs::{self, Pair};
use crate::types::registry::{Registry, split_key};
use crate::types::string::{EMBEDDED, VALKEY_EMBEDDED};
use blocked::Waiting;
use cluster::Cluster;
use config::{Config, Id};
use pubsub::{Messages, Topic};
use scripts::Scripts;
use session::{Session, SessionId};
use sessions::Sessions;
use stats::Stats;
use timing::Timing;
use tracking::Tracking;
use users::Users;

/// What handlers need besides the keyspace and their own session.
pub struct Server {
    pub config: Config,
    pub stats: Stats,
    pub sessions: Sessions,
    pub table: Table,
    pub dialect: Dialect,
    /// The release of Redis whose commands and replies it has.
    pub compat: Release,
    /// The cluster that this is a node of, if it is one.
    pub cluster: Option<Box<Cluster>>,
    /// The session that hears what other nodes of the cluster are to do.
    pub bus: Option<SessionId>,
    pub messages: Messages,
    pub waiting: Waiting,
    pub tracking: Tracking,
    pub timing: Timing,
    /// Commands are measured.
    pub timed: bool,
    pub scripts: Scripts,
    pub users: Users,
    /// One line of CLIENT LIST, at a time: for the log of what was refused.
    pub describe: fn(&Session, i64, Dialect) -> String,
    /// Keys that transactions watch.
    pub watches: Registry,
    /// Commands that run again when what they read has changed.
    pub live: live::Live,
    /// Sessions that are shown every command.
    pub monitors: Vec<SessionId>,
    /// Somebody looks at every command: those who monitor, those who track, the clock.
    pub observed: bool,
    /// A journal is run again, or a file is loaded: deadlines and delivery times are in the past, and are taken as they are, and who needs
    /// the data gets the LOADING error.
    pub loading: bool,
    /// More is used than `maxmemory` allows, and nothing can be evicted.
    pub over_limit: bool,
    /// More is used than `maxmemory` allows, and the timer goes on evicting.
    pub evicting: bool,
    /// The points of `save`: after so many seconds, where there have been so many changes.
    pub save_points: Vec<(i64, u64)>,
    /// Something is to be done once the running command has answered: a session waits, or others can go on.
    pub unfinished: bool,
    /// Milliseconds since the epoch when the engine was opened.
    pub started: i64,
    /// The host's time as it came: milliseconds since the epoch.
    pub time: f64,
    /// Forty characters that name this engine in INFO and HELLO.
    pub run_id: String,
}

impl Server {
    /// What it says that it is.
    pub fn identity(&self) -> &'static Identity {
        self.dialect.identity(self.compat)
    }

    /// The part of the host's time below a millisecond, in microseconds.
    pub fn micros(&self) -> i64 {
        ((self.time - self.time.floor()) * 1000.0) as i64
    }

    /// Whether it follows Valkey.
    #[inline(always)]
    pub fn is_valkey(&self) -> bool {
        self.dialect == Dialect::Valkey
    }

    /// What DUMP writes and RESTORE reads: of a store, whatever was ever written into one.
    pub fn rdb_form(&self) -> Form {
        match self.dialect {
            _ if self.loading => Form::Common,
            Dialect::Valkey => Form::Valkey,
            _ => Form::Newest,
        }
    }

    /// How long a key and its string may be together for OBJECT ENCODING to call the string an embstr.
    pub fn embedded(&self, key: &[u8], timed: bool) -> usize {
        match self.is_valkey() {
            true => VALKEY_EMBEDDED - 2 * usize::from(key.len() > 31) - 8 * usize::from(timed),
            false => EMBEDDED,
        }
    }

    /// Whether it has what came to Redis with this release. Valkey went its own way before.
    pub fn has(&self, release: Release) -> bool {
        self.compat >= release && self.dialect != Dialect::Valkey
    }

    /// Tells the keyspace what of the configuration it works by.
    pub fn apply_config(&mut self, keyspace: &mut Keyspace) {
        keyspace.access.policy = self.config.policy();
        keyspace.access.log_factor = self.config.size(Id::LfuFactor) as u32;
        keyspace.access.decay_minutes = self.config.size(Id::LfuDecay) as u32;
        self.save_points = self.config.save_points();
        self.note_interest(keyspace);
    }

    /// Tells the keyspace what effects are to be noted: those that somebody watches, waits for or listens to, and
    /// changes where the policy counts them.
    pub fn note_interest(&mut self, keyspace: &mut Keyspace) {
        self.timed = self.timing.wanted || self.measures();
        self.observed = !self.monitors.is_empty() || self.tracking.clients > 0 || self.timed;
        let events = self.config.size(Id::NotifyEvents) as u32;
        let channels = class::KEYSPACE | class::KEYEVENT | class::SUBKEYS;
        let mut published = if events & channels != 0 { events & !channels } else { 0 };
        if published & class::HASH != 0 {
            published |= events & class::SUBKEYS;
        }
        let watched =
            !self.watches.is_empty() || self.waiting.count > 0 || self.tracking.is_active() || keyspace.access.lrm();
        let watched = watched || self.live.is_active();
        keyspace.log.effects.wanted = published | if watched { class::CHANGES } else { 0 };
    }

    /// Notes a change of every key of these databases that somebody watches or waits for, if it is there. Those who track are not told.
    pub fn touch_all(&self, keyspace: &mut Keyspace, dbs: &[usize]) {
        let mut keys: Vec<Vec<u8>> = self.watches.names().map(|key| key.to_vec()).collect();
        keys.extend(self.waiting.keys.names().chain(self.live.names()).map(|key| key.to_vec()));
        let mut order: Vec<Pair> = (0..keys.len() as u64).map(|i| (i, i)).collect();
        pairs::sort(&mut order, &|a, b| keys[a.0 as usize].cmp(&keys[b.0 as usize]));
        for (i, _) in order {
            let (db, key) = split_key(&keys[i as usize]);
            if dbs.contains(&db) {
                keyspace.within(db, |db| {
                    if db.exists(key) {
                        db.note(key, class::SILENT | class::WHOLE, "");
                    }
                });
            }
        }
    }

    /// Forgets all that a session watches, waits for and listens to.
    pub fn forget(&mut self, keyspace: &mut Keyspace, session: &mut Session) {
        session.multi = None;
        self.unwatch(keyspace, session);
        self.waiting.unpark(session);
        self.untrack(keyspace, session);
        self.drop_live(keyspace, session, None);
        self.waiting.held.retain(|&id| id != session.id);
        if std::mem::take(&mut session.monitor) {
            self.monitors.retain(|&id| id != session.id);
        }
        let lists = [
            (Topic::Channel, std::mem::take(&mut session.channels)),
            (Topic::Pattern, std::mem::take(&mut session.patterns)),
            (Topic::Shard, std::mem::take(&mut session.shards)),
        ];
        for (topic, names) in lists {
            for name in names.iter() {
                self.messages.unsubscribe(topic, name, session.id);
            }
        }
        self.note_interest(keyspace);
    }
}
