//! Whose habits the engine takes on: what differs between the systems that speak Redis's protocol, and between the releases of Redis.

use crate::types::number::parse_int;

/// Whose habits the engine takes on, where they differ from Redis's.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Dialect {
    #[default]
    Redis,
    Valkey,
    DiceDb,
    Dragonfly,
}

/// What an engine says that it is.
#[derive(Debug)]
pub struct Identity {
    /// As HELLO has it.
    pub name: &'static str,
    pub version: Version,
    /// The Redis whose commands it has, for clients that go by that.
    pub redis: Version,
}

/// A version, as text and as the number that scripts compare.
#[derive(Clone, Copy, Debug)]
pub struct Version {
    pub text: &'static str,
    pub number: u32,
}

/// A version of three parts; the text is the caller's to get right, which a test holds it to.
const fn version(text: &'static str, major: u32, minor: u32, patch: u32) -> Version {
    Version { text, number: major << 16 | minor << 8 | patch }
}

/// One for each of [`Release::ALL`].
const REDIS: [Identity; Release::ALL.len()] = [
    redis("8.0.2", 8, 0, 2),
    redis("8.2.9", 8, 2, 9),
    redis("8.4.6", 8, 4, 6),
    redis("8.6.3", 8, 6, 3),
    redis("8.8.2", 8, 8, 2),
    redis("8.10.2", 8, 10, 2),
];
const VALKEY: Identity =
    Identity { name: "valkey", version: version("9.1.2", 9, 1, 2), redis: version("7.2.4", 7, 2, 4) };

const fn redis(text: &'static str, major: u32, minor: u32, patch: u32) -> Identity {
    let version = version(text, major, minor, patch);
    Identity { name: "redis", version, redis: version }
}

/// A release of Redis, by its first two numbers. Later ones are greater.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Release(u16);

impl Release {
    pub const V7_2: Release = Release::new(7, 2);
    pub const V8_0: Release = Release::new(8, 0);
    pub const V8_2: Release = Release::new(8, 2);
    pub const V8_4: Release = Release::new(8, 4);
    pub const V8_6: Release = Release::new(8, 6);
    pub const V8_8: Release = Release::new(8, 8);
    pub const V8_10: Release = Release::new(8, 10);
    pub const NEWEST: Release = Release::V8_10;

    /// Those that an engine can be asked to be like.
    pub const ALL: [Release; 6] =
        [Release::V8_0, Release::V8_2, Release::V8_4, Release::V8_6, Release::V8_8, Release::V8_10];

    pub const fn new(major: u8, minor: u8) -> Release {
        Release((major as u16) << 8 | minor as u16)
    }

    /// That of a version as rows of the table write it: `8.4.0`. What is no number counts as 0.
    pub fn of(version: &str) -> Release {
        let mut parts = version.split('.').map(|part| parse_int(part.as_bytes()).unwrap_or(0) as u8);
        Release::new(parts.next().unwrap_or(0), parts.next().unwrap_or(0))
    }

    /// The one of [`Release::ALL`] with this name: `8.0`, ..., `8.10`.
    pub fn named(name: &str) -> Option<Release> {
        let wanted = Release::of(name);
        Release::ALL.into_iter().find(|release| *release == wanted && name.split('.').count() == 2)
    }
}

impl Dialect {
    const NAMES: [(&'static str, Dialect); 4] = [
        ("redis", Dialect::Redis),
        ("valkey", Dialect::Valkey),
        ("dicedb", Dialect::DiceDb),
        ("dragonfly", Dialect::Dragonfly),
    ];

    /// The dialect of this name: `redis`, `valkey`, `dicedb` or `dragonfly`.
    pub fn named(name: &str) -> Option<Dialect> {
        Dialect::NAMES.iter().find(|(own, _)| *own == name).map(|(_, dialect)| *dialect)
    }

    /// The code of errors that have none of their own.
    pub fn generic_code(self) -> &'static str {
        match self {
            Dialect::Redis | Dialect::Valkey | Dialect::Dragonfly => "ERR",
            Dialect::DiceDb => "ERROR",
        }
    }

    /// What it says that it is. DiceDB's and Dragonfly's say that they are Redis.
    pub fn identity(self, release: Release) -> &'static Identity {
        match self {
            Dialect::Redis | Dialect::DiceDb | Dialect::Dragonfly => {
                let at = Release::ALL.iter().position(|one| *one == release);
                &REDIS[at.unwrap_or(REDIS.len() - 1)]
            }
            Dialect::Valkey => &VALKEY,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_say_the_same_as_text_and_as_number() {
        let all = REDIS.iter().chain([&VALKEY]).flat_map(|identity| [&identity.version, &identity.redis]);
        for version in all {
            let number = version.text.split('.').fold(0, |sum, part| sum << 8 | part.parse::<u32>().unwrap());
            assert_eq!(number, version.number);
        }
    }

    #[test]
    fn releases_are_those_of_the_versions_and_in_order() {
        for (release, identity) in Release::ALL.iter().zip(&REDIS) {
            assert_eq!(*release, Release::of(identity.version.text));
        }
        assert!(Release::ALL.is_sorted());
        assert_eq!(Release::named("8.10"), Some(Release::NEWEST));
        for name in ["", "8", "8.1", "8.10.2", "8.x.", "9.0", "x"] {
            assert_eq!(Release::named(name), None, "{name}");
        }
    }
}
