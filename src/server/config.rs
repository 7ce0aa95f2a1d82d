//! The configuration: one table of parameters, with Redis's names, defaults, bounds and error texts. CONFIG GET and SET,
//! the options of `open()` and the engine itself all read the same values.

use crate::keyspace::{Policy, class};
use crate::rdb;
use crate::types::dict::hashing::Seed;
use crate::types::list::Fill;
use crate::types::{hash, set, sorted_set};

/// What values a parameter takes.
#[derive(Clone, Copy)]
pub enum Kind {
    /// An integer within bounds.
    Int(i64, i64),
    /// Bytes, with the units k, kb, m, mb, g, gb, within bounds.
    Memory(i64, i64),
    /// `yes` or `no`.
    Bool,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Any text.
    Text,
    /// Letters for classes of keyspace events.
    Events,
    /// Numbers from 0 to 100.
    Percentiles,
    /// `class hard soft seconds`, for each class of clients.
    Limits,
}

/// One parameter.
pub struct Param {
    pub name: &'static str,
    /// An older name that still works.
    pub alias: &'static str,
    pub kind: Kind,
    pub default: &'static str,
    /// It cannot be set while the engine runs.
    pub fixed: bool,
}

macro_rules! params {
    ($($id:ident = $name:literal $(/ $alias:literal)?, $kind:expr, $default:literal $(, $fixed:ident)?;)*) => {
        /// Names a parameter in the code.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Id { $($id),* }

        /// All parameters, in the order of [`Id`].
        pub const PARAMS: &[Param] = &[
            $(Param {
                name: $name,
                alias: concat!($($alias)?),
                kind: $kind,
                default: $default,
                fixed: false $(|| stringify!($fixed).len() > 0)?,
            }),*
        ];
    };
}

const MAX: i64 = i64::MAX;
const INT: i64 = i32::MAX as i64;

const POLICIES: &[&str] = &[
    "volatile-lru",
    "volatile-lfu",
    "volatile-random",
    "volatile-ttl",
    "volatile-lrm",
    "allkeys-lru",
    "allkeys-lfu",
    "allkeys-random",
    "allkeys-lrm",
    "noeviction",
];

params! {
    AclFile = "aclfile", Kind::Text, "", fixed;
    AclPubsub = "acl-pubsub-default", Kind::Word(&["allchannels", "resetchannels"]), "resetchannels";
    AclLogLen = "acllog-max-len", Kind::Int(0, MAX), "128";
    AppendFsync = "appendfsync", Kind::Word(&["everysec", "always", "no"]), "everysec";
    AppendOnly = "appendonly", Kind::Bool, "no", fixed;
    RewriteSize = "auto-aof-rewrite-min-size", Kind::Memory(0, MAX), "67108864";
    RewritePercentage = "auto-aof-rewrite-percentage", Kind::Int(0, INT), "100";
    LoadTruncated = "aof-load-truncated", Kind::Bool, "yes";
    Bind = "bind", Kind::Text, "127.0.0.1", fixed;
    BusyReply = "busy-reply-threshold" / "lua-time-limit", Kind::Int(0, MAX), "5000";
    OutputLimit = "client-output-buffer-limit", Kind::Limits, "normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60";
    QueryLimit = "client-query-buffer-limit", Kind::Memory(1 << 20, MAX), "1073741824";
    ClusterEnabled = "cluster-enabled", Kind::Bool, "no", fixed;
    Databases = "databases", Kind::Int(1, INT), "16", fixed;
    DebugCommand = "enable-debug-command", Kind::Word(&["no", "yes", "local"]), "no", fixed;
    HashEntries = "hash-max-listpack-entries" / "hash-max-ziplist-entries", Kind::Int(0, MAX), "512";
    HashValue = "hash-max-listpack-value" / "hash-max-ziplist-value", Kind::Memory(0, MAX), "64";
    HllSparse = "hll-sparse-max-bytes", Kind::Memory(0, MAX), "3000";
    LatencyThreshold = "latency-monitor-threshold", Kind::Int(0, MAX), "0";
    LatencyTracking = "latency-tracking", Kind::Bool, "yes";
    LatencyPercentiles = "latency-tracking-info-percentiles", Kind::Percentiles, "50 99 99.9";
    LfuDecay = "lfu-decay-time", Kind::Int(0, INT), "1";
    LfuFactor = "lfu-log-factor", Kind::Int(0, INT), "10";
    ListCompress = "list-compress-depth", Kind::Int(0, INT), "0";
    ListSize = "list-max-listpack-size" / "list-max-ziplist-size", Kind::Int(i32::MIN as i64, INT), "-2";
    MaxClients = "maxclients", Kind::Int(1, u32::MAX as i64), "10000";
    MaxMemory = "maxmemory", Kind::Memory(0, MAX), "0";
    EvictionTenacity = "maxmemory-eviction-tenacity", Kind::Int(0, 100), "10";
    MaxMemorySamples = "maxmemory-samples", Kind::Int(1, 64), "5";
    MaxMemoryPolicy = "maxmemory-policy", Kind::Word(POLICIES), "noeviction";
    Port = "port", Kind::Int(0, 65535), "0", fixed;
    ProtectedMode = "protected-mode", Kind::Bool, "yes";
    NotifyEvents = "notify-keyspace-events", Kind::Events, "";
    MaxBulk = "proto-max-bulk-len", Kind::Memory(1 << 20, MAX), "536870912";
    RdbCompression = "rdbcompression", Kind::Bool, "yes";
    RdbChecksum = "rdbchecksum", Kind::Bool, "yes", fixed;
    RequirePass = "requirepass", Kind::Text, "";
    SanitizeDump = "sanitize-dump-payload", Kind::Word(&["no", "yes", "clients"]), "no";
    Save = "save", Kind::Text, "";
    SetInts = "set-max-intset-entries", Kind::Int(0, MAX), "512";
    SetEntries = "set-max-listpack-entries", Kind::Int(0, MAX), "128";
    SetValue = "set-max-listpack-value", Kind::Int(0, MAX), "64";
    SlowlogTime = "slowlog-log-slower-than", Kind::Int(-1, MAX), "10000";
    SlowlogLength = "slowlog-max-len", Kind::Int(0, MAX), "128";
    StreamIdmpDuration = "stream-idmp-duration", Kind::Int(1, 86_400), "100";
    StreamIdmpSize = "stream-idmp-maxsize", Kind::Int(1, 10_000), "100";
    StreamBytes = "stream-node-max-bytes", Kind::Memory(0, MAX), "4096";
    StreamEntries = "stream-node-max-entries", Kind::Int(0, MAX), "100";
    Timeout = "timeout", Kind::Int(0, INT), "0";
    TrackingKeys = "tracking-table-max-keys", Kind::Int(0, MAX), "1000000";
    UnixSocket = "unixsocket", Kind::Text, "", fixed;
    SortedEntries = "zset-max-listpack-entries" / "zset-max-ziplist-entries", Kind::Int(0, MAX), "128";
    SortedValue = "zset-max-listpack-value" / "zset-max-ziplist-value", Kind::Memory(0, MAX), "64";
}

/// The values in force.
pub struct Config {
    values: Vec<Setting>,
    /// Settings that a client has set so that commands must be measured, one bit each.
    measures: u8,
}

/// A value as it is used (an integer, a word's index, 1 for yes) and as it is shown.
#[derive(Clone, Default)]
struct Setting {
    number: i64,
    text: Vec<u8>,
}

impl Setting {
    fn new(number: i64, text: impl Into<Vec<u8>>) -> Setting {
        Setting { number, text: text.into() }
    }
}

impl Default for Config {
    fn default() -> Config {
        let mut config = Config { values: vec![Setting::default(); PARAMS.len()], measures: 0 };
        for (index, param) in PARAMS.iter().enumerate() {
            config.values[index] =
                config.read(index, param.default.as_bytes()).expect("defaults are within their bounds");
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
        Policy::parse(POLICIES[self.size(Id::MaxMemoryPolicy)]).unwrap_or(Policy::NO_EVICTION)
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
            seed,
        }
    }

    /// What streams are written with.
    pub fn producers(&self) -> rdb::Producers {
        rdb::Producers { duration: self.int(Id::StreamIdmpDuration) as u64, most: self.int(Id::StreamIdmpSize) as u64 }
    }

    /// The place of a parameter in [`PARAMS`], by name or alias in any case.
    pub fn find(name: &[u8]) -> Option<usize> {
        PARAMS.iter().position(|p| {
            name.eq_ignore_ascii_case(p.name.as_bytes())
                || (!p.alias.is_empty() && name.eq_ignore_ascii_case(p.alias.as_bytes()))
        })
    }

    /// The value of the parameter at a place in [`PARAMS`], as text.
    pub fn shown(&self, index: usize) -> &[u8] {
        &self.values[index].text
    }

    /// Bytes that may wait for a subscriber, 0 for any number: the hard limit of the class `pubsub`.
    pub fn output_limit(&self) -> usize {
        self.size(Id::OutputLimit)
    }

    /// Sets several parameters at once, all or none. On failure: which of the changes, and what was wrong with it.
    pub fn set_all(&mut self, changes: &[(usize, &[u8])]) -> Result<(), (usize, String)> {
        let before = self.values.clone();
        for (place, &(index, value)) in changes.iter().enumerate() {
            match self.read(index, value) {
                Ok(setting) => self.values[index] = setting,
                Err(reason) => {
                    self.values = before;
                    return Err((place, reason));
                }
            }
        }
        for (bit, id, from) in [(1, Id::SlowlogTime, 0), (2, Id::LatencyThreshold, 1), (4, Id::LatencyTracking, 1)] {
            if changes.iter().any(|&(index, _)| index == id as usize) {
                let on = self.int(id) >= from;
                self.measures = if on { self.measures | bit } else { self.measures & !bit };
            }
        }
        Ok(())
    }

    /// Whether a client has asked for what needs a clock that goes on while commands run.
    pub fn measures(&self) -> bool {
        self.measures != 0
    }

    /// Sets a parameter from the host's options, the fixed ones too.
    pub fn set(&mut self, id: Id, value: &str) -> Result<(), String> {
        self.values[id as usize] = self.read(id as usize, value.as_bytes())?;
        Ok(())
    }

    fn read(&self, index: usize, bytes: &[u8]) -> Result<Setting, String> {
        let value = &*String::from_utf8_lossy(bytes);
        let between = |number: i64, min: i64, max: i64| {
            if (min..=max).contains(&number) {
                Ok(Setting::new(number, number.to_string()))
            } else {
                Err(format!("argument must be between {min} and {max} inclusive"))
            }
        };
        match PARAMS[index].kind {
            Kind::Int(min, max) => match crate::types::number::parse_int(bytes) {
                Some(number) => between(number, min, max),
                None => Err("argument couldn't be parsed into an integer".to_string()),
            },
            Kind::Memory(min, max) => match memory(value) {
                Some(number) => between(number, min, max),
                None => Err("argument must be a memory value".to_string()),
            },
            Kind::Bool => match value.to_ascii_lowercase().as_str() {
                "yes" => Ok(Setting::new(1, "yes")),
                "no" => Ok(Setting::new(0, "no")),
                _ => Err("argument must be 'yes' or 'no'".to_string()),
            },
            Kind::Word(words) => match words.iter().position(|word| word.eq_ignore_ascii_case(value)) {
                Some(place) => Ok(Setting::new(place as i64, words[place])),
                None => Err(format!("argument(s) must be one of the following: {}", words.join(", "))),
            },
            Kind::Events => events(value),
            Kind::Percentiles => percentiles(value),
            Kind::Text => Ok(Setting::new(0, bytes)),
            Kind::Limits => limits(&String::from_utf8_lossy(&self.values[index].text), value),
        }
    }
}

/// Bytes with an optional unit: `1k` is 1000, `1kb` 1024. No text at all is 0.
pub fn memory(text: &str) -> Option<i64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let unit: i64 = match text[digits..].to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" => 1000,
        "kb" => 1 << 10,
        "m" => 1_000_000,
        "mb" => 1 << 20,
        "g" => 1_000_000_000,
        "gb" => 1 << 30,
        _ => return None,
    };
    let number = if text.is_empty() { 0 } else { text[..digits].parse::<i64>().ok()? };
    number.checked_mul(unit)
}

/// The letters of `notify-keyspace-events`, in the order in which Redis shows them.
const EVENT_LETTERS: [(char, u32); 15] = [
    ('g', class::GENERIC),
    ('$', class::STRING),
    ('l', class::LIST),
    ('s', class::SET),
    ('h', class::HASH),
    ('z', class::SORTED),
    ('x', class::EXPIRED),
    ('e', class::EVICTED),
    ('t', class::STREAM),
    ('d', class::MODULE),
    ('n', class::NEW),
    ('K', class::KEYSPACE),
    ('E', class::KEYEVENT),
    ('m', class::MISS),
    ('A', class::ALL),
];

/// Reads classes of keyspace events. `A` stands for most of them, and is shown in their place (and in that of `n`).
fn events(value: &str) -> Result<Setting, String> {
    let mut bits = 0;
    for letter in value.chars() {
        let known = EVENT_LETTERS.iter().find(|(known, _)| *known == letter);
        bits |= known.ok_or("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.")?.1;
    }
    let all = bits & class::ALL == class::ALL;
    let hidden = if all { class::ALL | class::NEW } else { 0 };
    let mut text = String::from(if all { "A" } else { "" });
    let shown = EVENT_LETTERS[..14].iter().filter(|(_, bit)| bits & !hidden & bit != 0);
    text.extend(shown.map(|(letter, _)| letter));
    Ok(Setting::new(bits as i64, text))
}

/// Reads numbers from 0 to 100, between blanks.
fn percentiles(value: &str) -> Result<Setting, String> {
    const NAME: &str = "latency-tracking-info-percentiles";
    let mut words: Vec<&str> = Vec::new();
    for word in value.split_ascii_whitespace() {
        match crate::types::double::parse(word.as_bytes()) {
            None => return Err(["Invalid ", NAME, " parameters"].concat()),
            Some(percent) if !(0.0..=100.0).contains(&percent) => {
                return Err([NAME, " parameters should sit between [0.0,100.0]"].concat());
            }
            Some(_) => words.push(word),
        }
    }
    Ok(Setting::new(0, words.join(" ")))
}

/// Changes the classes that `value` names in the limits that stand, e.g. `normal 0 0 0 pubsub 32mb 8mb 60`.
fn limits(standing: &str, value: &str) -> Result<Setting, String> {
    let words: Vec<&str> = value.split_ascii_whitespace().collect();
    if words.is_empty() || !words.len().is_multiple_of(4) {
        return Err("Wrong number of arguments in buffer limit configuration.".to_string());
    }
    let mut all: Vec<String> = standing.split(' ').filter(|word| !word.is_empty()).map(str::to_string).collect();
    for change in words.chunks(4) {
        let class = match change[0].to_ascii_lowercase().as_str() {
            "replica" => "slave".to_string(),
            class @ ("normal" | "slave" | "pubsub") => class.to_string(),
            _ => return Err("Invalid client class specified in buffer limit configuration.".to_string()),
        };
        let numbers = (memory(change[1]), memory(change[2]), change[3].parse::<u32>().ok());
        let (Some(hard), Some(soft), Some(seconds)) = numbers else {
            return Err("Error in hard, soft or soft_seconds setting in buffer limit configuration.".to_string());
        };
        let at = all.iter().position(|word| *word == class).unwrap_or_else(|| {
            all.extend([class.clone(), String::new(), String::new(), String::new()]);
            all.len() - 4
        });
        all[at + 1..at + 4].clone_from_slice(&[hard.to_string(), soft.to_string(), seconds.to_string()]);
    }
    let hard = all.iter().position(|word| word == "pubsub").map_or(0, |at| memory(&all[at + 1]).unwrap_or(0));
    Ok(Setting::new(hard, all.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keyspace::{Order, Scope};

    #[test]
    fn every_policy_is_one_of_the_keyspace() {
        for word in POLICIES {
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
        assert!(config.set_all(&[(place("maxmemory"), b"1kb"), (place("timeout"), b"x")]).is_err());
        assert_eq!(config.int(Id::MaxMemory), 0);
        assert!(config.set_all(&[(place("MAXMEMORY"), b"1kb"), (place("hash-max-ziplist-entries"), b"4")]).is_ok());
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
