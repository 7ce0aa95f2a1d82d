//! The configuration: one table of parameters, with Redis's names, defaults, bounds and error texts. CONFIG GET and SET,
//! the options of `open()` and the engine itself all read the same values.

mod values;

use crate::keyspace::Policy;
use crate::rdb;
use crate::resp::dialect::Release;
use crate::server::host::Ways;
use crate::types::dict::hashing::Seed;
use crate::types::list::Fill;
use crate::types::number::parse_int;
use crate::types::stream::producers::Memory;
use crate::types::{hash, set, sorted_set};
use std::borrow::Cow;
pub use values::memory;

/// One parameter, as its line in [`TABLE`] says.
#[derive(Clone, Copy)]
pub struct Param {
    pub name: &'static str,
    /// An older name that still works, or nothing.
    pub alias: &'static str,
    /// The word for the kind of its values, and behind colons what belongs to it.
    kind: &'static str,
    flags: &'static str,
    pub default: &'static str,
}

impl Param {
    fn of(line: &'static str) -> Param {
        let mut parts = line.splitn(3, ' ');
        let mut part = || parts.next().unwrap_or_default();
        let (names, kind, default) = (part(), part(), part());
        let (name, alias) = names.split_once('/').unwrap_or((names, ""));
        let kind_len = kind.trim_end_matches(['!', '@', '=', '~', '^', '&', '+', '%']).len();
        let (kind, flags) = kind.split_at(kind_len);
        Param { name, alias, kind, flags, default }
    }

    /// Its values are written in quotes.
    pub fn is_text(&self) -> bool {
        let kinds = ["text", "file", "events", "host", "node", "ip", "locale", "title"];
        self.name != "bind" && kinds.contains(&self.kind)
    }

    /// Its values are bytes.
    pub fn is_memory(&self) -> bool {
        ["mem", "bytes", "share"].iter().any(|kind| self.kind.starts_with(kind))
    }

    /// It cannot be set while the engine runs.
    pub fn is_fixed(&self) -> bool {
        self.flags.contains('!')
    }

    /// It can be set where `enable-protected-configs` says so.
    pub fn is_protected(&self) -> bool {
        self.flags.contains('@')
    }

    /// The host decides on it: a client may only say what is so already.
    pub fn is_of_host(&self) -> bool {
        self.flags.contains('=')
    }

    /// CONFIG GET shows it to those alone who know its name.
    pub fn is_hidden(&self) -> bool {
        self.flags.contains('~')
    }

    /// The release that it came with, where that was after Redis 8.6.
    pub fn since(&self) -> Option<Release> {
        match () {
            _ if self.flags.contains('^') => Some(Release::V8_8),
            _ if self.flags.contains('&') => Some(Release::V8_10),
            _ => None,
        }
    }

    /// Whether this name of it is known in a dialect: Valkey has some of its own, and lacks some.
    pub fn is_known(&self, name: &str, valkey: bool) -> bool {
        if valkey { !self.flags.contains('%') } else { !self.flags.contains('+') && !name.starts_with("commandlog") }
    }

    /// Whether this is its name or its alias, in any case.
    pub fn is_called(&self, name: &[u8]) -> bool {
        name.eq_ignore_ascii_case(self.name.as_bytes())
            || (!self.alias.is_empty() && name.eq_ignore_ascii_case(self.alias.as_bytes()))
    }
}

/// All parameters, in the order of [`Id`], and behind those the ones without a meaning here.
pub fn params() -> impl Iterator<Item = Param> {
    TABLE.lines().map(Param::of)
}

/// The parameter at a place in the table.
pub fn param(index: usize) -> Param {
    params().nth(index).expect("a place that was found")
}

macro_rules! params {
    ($($id:ident = $line:literal;)* _ = $rest:literal;) => {
        /// Names a parameter in the code.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Id { $($id),* }

        /// A line for each parameter: `name/alias kind default`.
        ///
        /// | kind | values |
        /// |---|---|
        /// | `int:MIN:MAX` `mem:MIN:MAX` | an integer; bytes, with the units k, kb, m, mb, g, gb. Without a bound it is that of 64 bits; `i` and `u` stand for those of 32. What is taken and then brought within narrower bounds has those behind |
        /// | `bytes` | bytes, up to 64 bits without a sign |
        /// | `bool` | `yes` or `no` |
        /// | `word:A,B` `words:A,B` | one of these; some of these |
        /// | `text` | any |
        /// | others | what their names say: [`Config::read`] |
        ///
        /// Behind the kind: `!` cannot be set at run time, `@` only with `enable-protected-configs`, `=` is
        /// the host's, and takes only the value that it has, `~` is not shown to patterns, `^` came
        /// with Redis 8.8, `&` with 8.10, `+` is Valkey's alone, `%` not Valkey's.
        const TABLE: &str = concat!($($line, "\n",)* $rest);
    };
}

const INT: i64 = i32::MAX as i64;

params! {
    AclPubsub = "acl-pubsub-default word:allchannels,resetchannels resetchannels";
    AclFile = "aclfile text! ";
    AclLogLen = "acllog-max-len int:0: 128";
    LoadTruncated = "aof-load-truncated bool yes";
    AppendFsync = "appendfsync word:everysec,always,no everysec";
    AppendOnly = "appendonly bool= no";
    RewriteSize = "auto-aof-rewrite-min-size mem:0: 67108864";
    RewritePercentage = "auto-aof-rewrite-percentage int:0:i 100";
    BackupTtl = "backup-sealed-ttl int:0:& 0";
    BackupFolder = "backupdirname file!& backupdir";
    Bind = "bind text! 127.0.0.1";
    BusyReply = "busy-reply-threshold/lua-time-limit int:0: 5000";
    OutputLimit = "client-output-buffer-limit limits normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60";
    QueryLimit = "client-query-buffer-limit mem:1048576: 1073741824";
    ClusterEnabled = "cluster-enabled bool! no";
    Databases = "databases int:1:i! 16";
    DbFilename = "dbfilename file@ dump.rdb";
    Dir = "dir text@ ";
    DebugCommand = "enable-debug-command word:no,yes,local! no";
    ProtectedConfigs = "enable-protected-configs word:no,yes,local! no";
    HashEntries = "hash-max-listpack-entries/hash-max-ziplist-entries int:0: 512";
    HashValue = "hash-max-listpack-value/hash-max-ziplist-value mem:0: 64";
    HllSparse = "hll-sparse-max-bytes mem:0: 3000";
    LatencyThreshold = "latency-monitor-threshold int:0: 0";
    LatencyTracking = "latency-tracking bool yes";
    LatencyPercentiles = "latency-tracking-info-percentiles percentiles 50 99 99.9";
    LfuDecay = "lfu-decay-time int:0:i 1";
    LfuFactor = "lfu-log-factor int:0:i 10";
    ListCompress = "list-compress-depth int:0:i 0";
    ListSize = "list-max-listpack-size/list-max-ziplist-size int:-i:i -2";
    MaxClients = "maxclients int:1:u 10000";
    MaxMemory = "maxmemory bytes 0";
    MaxMemoryClients = "maxmemory-clients share 0";
    EvictionTenacity = "maxmemory-eviction-tenacity int:0:100 10";
    MaxMemoryPolicy = "maxmemory-policy word:volatile-lru,volatile-lfu,volatile-random,volatile-ttl,volatile-lrm,allkeys-lru,allkeys-lfu,allkeys-random,allkeys-lrm,noeviction noeviction";
    MaxMemorySamples = "maxmemory-samples int:1:64 5";
    NotifyEvents = "notify-keyspace-events events ";
    Port = "port int:0:65535! 0";
    ProtectedMode = "protected-mode bool yes";
    MaxBulk = "proto-max-bulk-len mem:1048576: 536870912";
    RdbChecksum = "rdbchecksum bool! yes";
    RdbCompression = "rdbcompression bool yes";
    RequirePass = "requirepass text ";
    SanitizeDump = "sanitize-dump-payload word:no,yes,clients% no";
    Save = "save save ";
    SetInts = "set-max-intset-entries int:0: 512";
    SetEntries = "set-max-listpack-entries int:0: 128";
    SetValue = "set-max-listpack-value int:0: 64";
    SlowlogArgs = "slowlog-entry-max-argc int:1:^ 32";
    SlowlogBytes = "slowlog-entry-max-string-len int:1:^ 128";
    SlowlogTime = "slowlog-log-slower-than/commandlog-execution-slower-than int:-1: 10000";
    SlowlogLength = "slowlog-max-len/commandlog-slow-execution-max-len int:0: 128";
    LargeRequest = "commandlog-request-larger-than int:-1:+ 1048576";
    LargeRequestLength = "commandlog-large-request-max-len int:0:+ 128";
    LargeReply = "commandlog-reply-larger-than int:-1:+ 1048576";
    LargeReplyLength = "commandlog-large-reply-max-len int:0:+ 128";
    Zone = "availability-zone text+ ";
    StopWrites = "stop-writes-on-bgsave-error bool yes";
    StreamIdmpDuration = "stream-idmp-duration int:1:86400% 100";
    StreamIdmpSize = "stream-idmp-maxsize int:1:10000% 100";
    StreamBytes = "stream-node-max-bytes mem:0: 4096";
    StreamEntries = "stream-node-max-entries int:0: 100";
    Timeout = "timeout int:0:i 0";
    TrackingKeys = "tracking-table-max-keys int:0: 1000000";
    UnixSocket = "unixsocket text! ";
    SortedEntries = "zset-max-listpack-entries/zset-max-ziplist-entries int:0: 128";
    SortedValue = "zset-max-listpack-value/zset-max-ziplist-value mem:0: 64";
    // Kept, answered as Redis does, and without a meaning here.
    _ = "\
active-defrag-cycle-max int:1:99 25\n\
active-defrag-cycle-min int:1:99 1\n\
active-defrag-ignore-bytes mem:1: 104857600\n\
active-defrag-max-scan-fields int:1: 1000\n\
active-defrag-threshold-lower int:0:1000 10\n\
active-defrag-threshold-upper int:0:1000 100\n\
active-expire-effort int:1:10 1\n\
activedefrag bool= no\n\
activerehashing bool yes\n\
always-show-logo bool! no\n\
aof-disable-auto-gc bool~ no\n\
aof-load-corrupt-tail-max-size int:0:% 0\n\
aof-rewrite-cpulist/aof_rewrite_cpulist text! \n\
aof-rewrite-incremental-fsync bool yes\n\
aof-timestamp-enabled bool no\n\
aof-use-rdb-preamble bool yes\n\
appenddirname text! appendonlydir\n\
appendfilename text! appendonly.aof\n\
bgsave-cpulist/bgsave_cpulist text! \n\
bind-source-addr text \n\
bio-cpulist/bio_cpulist text! \n\
cluster-allow-pubsubshard-when-down bool yes\n\
cluster-allow-reads-when-down bool no\n\
cluster-allow-replica-migration bool yes\n\
cluster-announce-bus-port int:0:65535 0\n\
cluster-announce-hostname host \n\
cluster-announce-human-nodename node \n\
cluster-announce-ip ip \n\
cluster-announce-port int:0:65535 0\n\
cluster-announce-tls-port int:0:65535 0\n\
cluster-compatibility-sample-ratio int:0:100% 0\n\
cluster-config-file text! nodes.conf\n\
cluster-link-sendbuf-limit bytes 0\n\
cluster-migration-barrier int:0:i 1\n\
cluster-node-timeout int:0: 15000\n\
cluster-port int:0:65535! 0\n\
cluster-preferred-endpoint-type word:ip,hostname,unknown-endpoint ip\n\
cluster-replica-no-failover/cluster-slave-no-failover bool no\n\
cluster-replica-validity-factor/cluster-slave-validity-factor int:0:i 10\n\
cluster-require-full-coverage bool yes\n\
cluster-slot-migration-handoff-max-lag-bytes mem:0:% 1048576\n\
cluster-slot-migration-write-pause-timeout int:0:% 10000\n\
cluster-slot-stats-enabled words:no,yes,cpu,net,mem no\n\
crash-log-enabled bool yes\n\
crash-memcheck-enabled bool yes\n\
daemonize bool! no\n\
disable-thp bool! yes\n\
dynamic-hz bool% yes\n\
enable-module-command word:no,yes,local! no\n\
hide-user-data-from-log bool no\n\
hz int:0:i:1:500 10\n\
ignore-warnings text \n\
io-threads int:1:128! 1\n\
jemalloc-bg-thread bool yes\n\
key-load-delay int:-i:i~ 0\n\
key-memory-histograms bool=% no\n\
lazyexpire-nested-arbitrary-keys bool~ yes\n\
lazyfree-lazy-eviction bool no\n\
lazyfree-lazy-expire bool no\n\
lazyfree-lazy-server-del bool no\n\
lazyfree-lazy-user-del bool no\n\
lazyfree-lazy-user-flush bool no\n\
loading-process-events-interval-bytes int:1024:i~ 524288\n\
locale-collate locale \n\
logfile text! \n\
loglevel word:debug,verbose,notice,warning,nothing notice\n\
lookahead int:1:i% 16\n\
lua-enable-deprecated-api bool!~ no\n\
masterauth text \n\
masteruser text \n\
max-new-connections-per-cycle int:1:1000 10\n\
max-new-tls-connections-per-cycle int:1:1000 1\n\
min-replicas-max-lag/min-slaves-max-lag int:0:i 10\n\
min-replicas-to-write/min-slaves-to-write int:0:i 0\n\
no-appendfsync-on-rewrite bool no\n\
oom-score-adj word:no,yes,relative,absolute no\n\
oom-score-adj-values oom 0 200 800\n\
pidfile text! \n\
prefetch-batch-max-size int:0:128~ 16\n\
proc-title-template title {title} {listen-addr} {server-mode}\n\
propagation-error-behavior word:ignore,panic,panic-on-replicas ignore\n\
rdb-del-sync-files bool no\n\
rdb-key-save-delay int:-i:i~ 0\n\
rdb-save-incremental-fsync bool yes\n\
repl-backlog-size mem:1::16384 1048576\n\
repl-backlog-ttl int:0: 3600\n\
repl-disable-tcp-nodelay bool no\n\
repl-diskless-load word:disabled,on-empty-db,swapdb,flushdb disabled\n\
repl-diskless-sync bool yes\n\
repl-diskless-sync-delay int:0:i 5\n\
repl-diskless-sync-max-replicas int:0:i 0\n\
repl-ping-replica-period/repl-ping-slave-period int:1:i 10\n\
repl-rdb-channel bool~ yes\n\
repl-timeout int:1:i 60\n\
replica-announce-ip/slave-announce-ip text \n\
replica-announce-port/slave-announce-port int:0:65535 0\n\
replica-announced bool yes\n\
replica-full-sync-buffer-limit mem:0:% 0\n\
replica-ignore-disk-write-errors bool no\n\
replica-ignore-maxmemory/slave-ignore-maxmemory bool yes\n\
replica-lazy-flush/slave-lazy-flush bool no\n\
replica-priority/slave-priority int:0:i 100\n\
replica-read-only/slave-read-only bool yes\n\
replica-serve-stale-data/slave-serve-stale-data bool yes\n\
replicaof/slaveof text! \n\
server-cpulist/server_cpulist text! \n\
set-proc-title bool! yes\n\
shutdown-on-sigint words:default,save,nosave,now,force default\n\
shutdown-on-sigterm words:default,save,nosave,now,force default\n\
shutdown-timeout int:0:i 10\n\
socket-mark-id int:0:4294967295! 0\n\
supervised word:upstart,systemd,auto,no! no\n\
syslog-enabled bool! no\n\
syslog-facility word:user,local0,local1,local2,local3,local4,local5,local6,local7! local0\n\
syslog-ident text! redis\n\
tcp-backlog int:0:i! 511\n\
tcp-keepalive int:0:i 300\n\
tls-auth-clients word:no,yes,optional yes\n\
tls-auth-clients-user word:CN,off off\n\
tls-ca-cert-dir text \n\
tls-ca-cert-file text \n\
tls-cert-file text \n\
tls-ciphers text \n\
tls-ciphersuites text \n\
tls-client-cert-file text \n\
tls-client-key-file text \n\
tls-client-key-file-pass text \n\
tls-cluster bool= no\n\
tls-dh-params-file text \n\
tls-key-file text \n\
tls-key-file-pass text \n\
tls-port int:0:65535= 0\n\
tls-prefer-server-ciphers bool no\n\
tls-protocols text \n\
tls-replication bool= no\n\
tls-session-cache-size int:0:i 20480\n\
tls-session-cache-timeout int:0:i 300\n\
tls-session-caching bool yes\n\
unixsocketperm text! 0\n\
use-exit-on-panic bool~ no\n\
vset-force-single-threaded-execution bool% no\n\
watchdog-period int:0:i~ 0\n\
";
}

/// The values in force.
pub struct Config {
    values: Vec<Setting>,
    /// Settings that a client has set so that commands must be measured, one bit each.
    measures: u8,
    /// How often something was set.
    pub changes: u32,
    /// What came with Redis 8.8 is here: some letters of `notify-keyspace-events`.
    pub late: bool,
    /// The parameters and letters are Valkey's.
    pub valkey: bool,
}

/// A value as it is used (an integer, a word's index, 1 for yes) and as it is shown.
#[derive(Clone, Default)]
struct Setting {
    number: i64,
    text: Cow<'static, [u8]>,
}

impl Setting {
    fn new(number: i64, text: impl Into<Vec<u8>>) -> Setting {
        Setting { number, text: Cow::Owned(text.into()) }
    }
}

impl Default for Config {
    fn default() -> Config {
        let mut config = Config { values: Vec::new(), measures: 0, changes: 0, late: true, valkey: false };
        for param in params() {
            config.values.push(Setting { number: 0, text: Cow::Borrowed(param.default.as_bytes()) });
            let last = config.values.len() - 1;
            let read = config.read(last, param, param.default.as_bytes());
            config.values[last].number = read.expect("defaults are within their bounds").number;
        }
        config
    }
}

impl Config {
    /// A parameter as a number: an integer, bytes, 0 or 1, or the index of a word.
    #[inline(always)]
    pub fn int(&self, id: Id) -> i64 {
        self.values[id as usize].number
    }

    #[inline(always)]
    pub fn size(&self, id: Id) -> usize {
        usize::try_from(self.int(id)).unwrap_or(usize::MAX)
    }

    /// A parameter as CONFIG GET shows it.
    #[inline(always)]
    pub fn text(&self, id: Id) -> &[u8] {
        &self.values[id as usize].text
    }

    /// `maxmemory-policy`.
    pub fn policy(&self) -> Policy {
        std::str::from_utf8(self.text(Id::MaxMemoryPolicy)).ok().and_then(Policy::parse).unwrap_or(Policy::NO_EVICTION)
    }

    /// When collections that are read become other encodings.
    pub fn rdb_limits(&self, seed: Seed) -> rdb::Limits {
        rdb::Limits {
            hash: hash::Limits { entries: self.size(Id::HashEntries), value: self.size(Id::HashValue), seed },
            set: set::Limits {
                ints: self.size(Id::SetInts),
                entries: self.size(Id::SetEntries),
                value: self.size(Id::SetValue),
                seed,
            },
            sorted: sorted_set::Limits {
                entries: self.size(Id::SortedEntries),
                value: self.size(Id::SortedValue),
                seed,
            },
            list: Fill::new(self.int(Id::ListSize)),
            stream: self.stream_memory(),
            seed,
        }
    }

    /// What a new stream remembers of its producers.
    pub fn stream_memory(&self) -> Memory {
        Memory { duration: self.int(Id::StreamIdmpDuration) as u32, most: self.int(Id::StreamIdmpSize) as u32 }
    }

    /// The place of a parameter in the table, by name or alias in any case.
    pub fn find(name: &[u8]) -> Option<usize> {
        params().position(|param| param.is_called(name))
    }

    /// The value of the parameter at a place in the table, as text.
    pub fn shown(&self, index: usize) -> &[u8] {
        &self.values[index].text
    }

    /// Bytes that may wait for a subscriber, 0 for any number: the hard limit of the class `pubsub`.
    pub fn output_limit(&self) -> usize {
        self.size(Id::OutputLimit)
    }

    /// Sets several parameters at once for a client, all or none. On failure: which of the changes, and what was wrong with it.
    /// `ways`: whom to ask of those that are the host's.
    pub fn set_all(&mut self, changes: &[(usize, &[u8])], ways: Option<&dyn Ways>) -> Result<(), (usize, String)> {
        let before: Vec<Setting> = changes.iter().map(|&(index, _)| self.values[index].clone()).collect();
        for (place, &(index, value)) in changes.iter().enumerate() {
            let param = param(index);
            let read = match self.read(index, param, value) {
                Ok(new) if new.text != self.values[index].text => match ways {
                    Some(ways) if index == Id::Dir as usize || index == Id::AppendOnly as usize => {
                        let kept = ways.may(param.name, &new.text, &self.values[Id::Dir as usize].text);
                        kept.map(|text| Setting::new(new.number, text))
                    }
                    _ if param.is_of_host() => Err(refuse_change(param.name).to_string()),
                    _ => Ok(new),
                },
                read => read,
            };
            match read {
                Ok(setting) => self.values[index] = setting,
                Err(reason) => {
                    for (&(index, _), setting) in changes.iter().zip(before).rev() {
                        self.values[index] = setting;
                    }
                    return Err((place, reason));
                }
            }
        }
        changes.iter().for_each(|&(index, _)| self.note(index));
        Ok(())
    }

    /// The points of `save`: after so many seconds, where there have been so many changes.
    pub fn save_points(&self) -> Vec<(i64, u64)> {
        let text = &self.values[Id::Save as usize].text;
        let mut numbers = text.split(|&b| b == b' ').filter_map(parse_int);
        let mut points = Vec::new();
        while let (Some(seconds), Some(changes)) = (numbers.next(), numbers.next()) {
            points.push((seconds, changes as u64));
        }
        points
    }

    /// Whether a client has asked for what needs a clock that goes on while commands run.
    pub fn measures(&self) -> bool {
        self.measures != 0
    }

    /// Takes on the names and defaults of Valkey.
    pub fn follow_valkey(&mut self) {
        self.valkey = true;
        const DEFAULTS: &str = "hide-user-data-from-log yes lazyfree-lazy-eviction yes lazyfree-lazy-expire yes \
             lazyfree-lazy-server-del yes lazyfree-lazy-user-del yes lazyfree-lazy-user-flush yes \
             repl-backlog-size 10485760 replica-lazy-flush yes syslog-ident valkey";
        let mut words = DEFAULTS.split(' ');
        while let (Some(name), Some(value)) = (words.next(), words.next()) {
            let taken = Config::find(name.as_bytes()).and_then(|index| self.put(index, value.as_bytes()).ok());
            debug_assert!(taken.is_some(), "{name}");
        }
    }

    /// Sets a parameter from the host's options, the fixed ones too.
    pub fn set(&mut self, id: Id, value: &str) -> Result<(), String> {
        self.put(id as usize, value.as_bytes())
    }

    /// The same, by its place in the table.
    pub fn put(&mut self, index: usize, value: &[u8]) -> Result<(), String> {
        self.values[index] = self.read(index, param(index), value)?;
        self.note(index);
        Ok(())
    }

    /// Notes that a parameter was set, and whether it has commands measured.
    fn note(&mut self, index: usize) {
        self.changes = self.changes.wrapping_add(1);
        let all = [
            (1, Id::SlowlogTime, 0),
            (2, Id::LatencyThreshold, 1),
            (4, Id::LatencyTracking, 1),
            (8, Id::LargeRequest, 0),
            (16, Id::LargeReply, 0),
        ];
        for (bit, id, from) in all {
            if index == id as usize {
                let on = self.int(id) >= from;
                self.measures = if on { self.measures | bit } else { self.measures & !bit };
            }
        }
    }

    /// Reads a value of this parameter, or says what is wrong with it.
    fn read(&self, index: usize, param: Param, bytes: &[u8]) -> Result<Setting, String> {
        values::read(param.kind, bytes, &self.values[index].text, (self.late, self.valkey))
    }
}

/// Why a parameter of the host's cannot be changed.
fn refuse_change(name: &str) -> &'static str {
    match name {
        "appendonly" => "Unable to turn on AOF. Check server logs.",
        "activedefrag" => {
            "Active defragmentation cannot be enabled: it requires a Redis server compiled with a modified Jemalloc \
             like the one shipped by default with the Redis source distribution"
        }
        "key-memory-histograms" => "memory tracking cannot be enabled at runtime",
        _ => "Unable to update TLS configuration. Check server logs.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keyspace::{Order, Scope};

    #[test]
    fn every_policy_is_one_of_the_keyspace() {
        let policies = param(Id::MaxMemoryPolicy as usize).kind;
        for word in &policies["word:".len()..].split(',').collect::<Vec<_>>() {
            let policy = Policy::parse(word).unwrap_or_else(|| panic!("{word} is none"));
            assert_eq!(policy.scope == Scope::Nothing, *word == "noeviction");
            assert_eq!(policy.scope == Scope::Volatile, word.starts_with("volatile-"));
            assert_eq!(policy.order == Order::Lfu, word.ends_with("-lfu"));
        }
        assert_eq!((Policy::parse("allkeys-x"), Policy::parse("lru")), (None, None));
    }

    #[test]
    fn settings_change_all_or_none() {
        let mut config = Config::default();
        let place = |name: &str| Config::find(name.as_bytes()).expect("a parameter");
        assert!(config.set_all(&[(place("maxmemory"), b"1kb"), (place("timeout"), b"x")], None).is_err());
        assert_eq!(config.int(Id::MaxMemory), 0);
        assert!(
            config.set_all(&[(place("MAXMEMORY"), b"1kb"), (place("hash-max-ziplist-entries"), b"4")], None).is_ok()
        );
        assert_eq!((config.int(Id::MaxMemory), config.int(Id::HashEntries)), (1024, 4));
    }

    #[test]
    fn output_limits_change_class_by_class() {
        let mut config = Config::default();
        assert!(config.set(Id::OutputLimit, "normal 1mb 0 0").is_ok());
        assert_eq!(
            String::from_utf8_lossy(config.text(Id::OutputLimit)),
            "normal 1048576 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60"
        );
        assert!(config.set(Id::OutputLimit, "normal 0 0").is_err());
    }
}
