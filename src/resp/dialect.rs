//! Whose habits the engine takes on: what differs between the systems that speak Redis's protocol.

/// Whose habits the engine takes on, where they differ from Redis's.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Dialect {
    #[default]
    Redis,
    DiceDb,
    Dragonfly,
}

impl Dialect {
    /// The dialect of this name: `redis`, `dicedb` or `dragonfly`.
    pub fn named(name: &str) -> Option<Dialect> {
        match name {
            "redis" => Some(Dialect::Redis),
            "dicedb" => Some(Dialect::DiceDb),
            "dragonfly" => Some(Dialect::Dragonfly),
            _ => None,
        }
    }

    /// The code of errors that have none of their own.
    pub fn generic_code(self) -> &'static str {
        match self {
            Dialect::Redis | Dialect::Dragonfly => "ERR",
            Dialect::DiceDb => "ERROR",
        }
    }
}
