//! Who runs a command, and what that allows.

/// See the head of this file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// A client sent it.
    Client,
    /// It was queued in a transaction, whose EXEC runs.
    Exec,
    /// Another command runs it and takes its reply.
    Script,
    /// It found nothing when a client sent it, and a key that it waits for has changed.
    Woken,
    /// It stands in a journal.
    Replay,
}

impl Origin {
    /// Whether a command that finds nothing may wait.
    pub fn may_block(self) -> bool {
        matches!(self, Origin::Client | Origin::Woken)
    }

    /// Whether monitors are shown it. One that was woken they have seen when it came.
    pub fn is_shown(self) -> bool {
        !matches!(self, Origin::Woken | Origin::Replay)
    }

    /// Whether it may be refused for what may change between two runs of a journal: rights, memory, the state of the store.
    pub fn is_checked(self) -> bool {
        self != Origin::Replay
    }
}
