//! What a row says of a command in one word: the facts that hosts, the gate and the logs go by.

/// What a command's options say of its keys, where COMMAND INFO says `variable_flags`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyRule {
    /// Nothing: the key specifications tell all.
    Plain,
    /// SET: it also reads the key with GET, and with a condition about its value.
    Set,
    /// DELEX: it also reads the key where it has a condition.
    Delex,
    /// BITFIELD: it only reads the key where all its operations are GET.
    Bitfield,
    /// SORT: STORE names another key.
    Sort,
}

/// Which arguments of a command are channels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Channels {
    None,
    /// The first.
    One,
    /// All of them.
    All,
    /// All of them, and they are patterns.
    Patterns,
}

/// What a command does to databases as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whole {
    /// It touches the keys that it names.
    Keys,
    /// It empties the selected database.
    Database,
    /// It empties all.
    Keyspace,
    /// It exchanges two.
    Swap,
}

/// Which arguments of a command are secret: MONITOR and logs do not show them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Secret {
    Nothing,
    /// All of them.
    All,
    /// The two words behind AUTH.
    BehindAuth,
    /// The values of settings that are passwords.
    Passwords,
}

impl Secret {
    /// As hosts are told it.
    pub fn name(self) -> &'static str {
        match self {
            Secret::Nothing => "",
            Secret::All => "all",
            Secret::BehindAuth => "behind auth",
            Secret::Passwords => "passwords",
        }
    }
}

/// What a command does to the session that sends it. Of a container: what its subcommands do, taken together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OnSession {
    Nothing,
    /// It asks the session alone, and needs no data: ECHO, CLIENT ID.
    Asks,
    /// It sets something that lasts as long as the session: protocol, name, mode.
    Sets,
    /// It chooses the database.
    Selects,
    /// It says who the client is.
    Authenticates,
    /// It decides which replies are sent.
    Mutes,
    /// It begins or ends a transaction.
    Transaction,
    Watches,
    Unwatches,
    /// Messages follow.
    Subscribes,
    Unsubscribes,
    /// What other sessions run follows.
    Monitors,
    /// It ends the session, or makes it a fresh one.
    Ends,
    /// It ends all sessions.
    ShutsDown,
}

impl OnSession {
    /// As hosts are told it.
    pub fn name(self) -> &'static str {
        match self {
            OnSession::Nothing => "",
            OnSession::Asks => "asks",
            OnSession::Sets => "sets",
            OnSession::Selects => "selects",
            OnSession::Authenticates => "authenticates",
            OnSession::Mutes => "mutes",
            OnSession::Transaction => "transaction",
            OnSession::Watches => "watches",
            OnSession::Unwatches => "unwatches",
            OnSession::Subscribes => "subscribes",
            OnSession::Unsubscribes => "unsubscribes",
            OnSession::Monitors => "monitors",
            OnSession::Ends => "ends",
            OnSession::ShutsDown => "shuts down",
        }
    }
}

/// Which of several databases a command without keys goes to, and what becomes of their replies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shards {
    /// Any one.
    One,
    /// All: the first error, or the first reply.
    First,
    /// All: the sum of their numbers.
    Sum,
    /// All: their arrays behind each other.
    Concat,
    /// All: one of the replies that are not null.
    Any,
    /// All: place by place the least of the numbers in their arrays.
    Least,
    /// All: a reply that is no error, or the first error.
    Once,
    /// All: the text of INFO, its numbers added up.
    Info,
    /// One after the other, by the cursor.
    Cursor,
}

impl Shards {
    /// As hosts are told it.
    pub fn name(self) -> &'static str {
        match self {
            Shards::One => "",
            Shards::First => "first",
            Shards::Sum => "sum",
            Shards::Concat => "concat",
            Shards::Any => "any",
            Shards::Least => "least",
            Shards::Once => "once",
            Shards::Info => "info",
            Shards::Cursor => "cursor",
        }
    }
}
