//! Whose habits the engine takes on: what differs between the systems that speak Redis's protocol.

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
#[derive(Debug)]
pub struct Version {
    pub text: &'static str,
    pub number: u32,
}

/// A version of three parts; the text is the caller's to get right, which a test holds it to.
const fn version(text: &'static str, major: u32, minor: u32, patch: u32) -> Version {
    Version { text, number: major << 16 | minor << 8 | patch }
}

const REDIS: Identity =
    Identity { name: "redis", version: version("8.6.3", 8, 6, 3), redis: version("8.6.3", 8, 6, 3) };
const VALKEY: Identity =
    Identity { name: "valkey", version: version("9.1.2", 9, 1, 2), redis: version("7.2.4", 7, 2, 4) };

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
    pub fn identity(self) -> &'static Identity {
        match self {
            Dialect::Redis | Dialect::DiceDb | Dialect::Dragonfly => &REDIS,
            Dialect::Valkey => &VALKEY,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_say_the_same_as_text_and_as_number() {
        for version in [&REDIS.version, &REDIS.redis, &VALKEY.version, &VALKEY.redis] {
            let number = version.text.split('.').fold(0, |sum, part| sum << 8 | part.parse::<u32>().unwrap());
            assert_eq!(number, version.number);
        }
    }
}
