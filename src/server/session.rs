//! What one connection knows: who it is, which database and protocol it uses, and input that is not yet a whole command.

use super::blocked::Parked;
use super::host::Verdict;
use super::users::DEFAULT;
use crate::keyspace::Deadline;
use crate::resp::args::Span;
use crate::resp::parser::Parser;
use crate::resp::reply::Reply;
use crate::server::live::Query;
use crate::table::spec::Spec;
use crate::types::registry::Names;
use crate::types::small::Small;
use std::cell::Cell;
use std::ops::Range;

/// A session's number: Redis's client id. 1, 2, ...; never used twice, which takes 64 bits: a busy host opens four billion.
pub type SessionId = u64;

/// How a session is opened.
#[derive(Clone, Debug)]
pub struct SessionOptions {
    /// 2 or 3: the protocol it starts with.
    pub resp: u8,
    /// It needs no password (an in-process session, whose owner owns the data).
    pub trusted: bool,
    /// It is its node's end of the bus of a cluster: `server/cluster.rs`.
    pub bus: bool,
    /// The peer's address as CLIENT LIST shows it.
    pub addr: String,
    /// The local address.
    pub laddr: String,
    pub name: String,
    /// It came by a Unix socket.
    pub unix: bool,
    /// The user whose it is, without a password: the host vouches for it. Empty: nobody's yet.
    pub user: String,
    /// It may only read: see [`READER`](super::users::READER).
    pub readonly: bool,
    /// About how many bytes the reply of one command may have.
    pub max_reply: usize,
}

impl Default for SessionOptions {
    fn default() -> SessionOptions {
        SessionOptions {
            resp: 2,
            trusted: false,
            bus: false,
            addr: String::new(),
            laddr: String::new(),
            name: String::new(),
            unix: false,
            user: String::new(),
            readonly: false,
            max_reply: usize::MAX,
        }
    }
}

/// What CLIENT REPLY says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ReplyMode {
    #[default]
    On,
    Off,
    /// The next command is silent.
    SkipNext,
    /// This command is silent.
    Skip,
}

/// The type of value that a waiting session can go on with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wants {
    List,
    Sorted,
    Stream,
    /// A stream through a consumer group: it must also learn that the stream, or its group, is gone.
    Group,
    /// WAIT: replicas, of which there are none.
    Replicas,
    /// WAITAOF: the same, and that this one of the syncs is done that the host was asked for (`u64::MAX`: none was).
    Copies(u64),
    /// The same, where it is synced here and no replica is.
    Synced,
    /// SHUTDOWN: that the host ends.
    End,
    /// SLEEP: that time passes.
    Sleep,
}

impl Wants {
    /// Writes the reply where the time is over.
    pub fn time_is_over(self, out: &mut Reply) {
        match self {
            Wants::List | Wants::Sorted | Wants::Stream | Wants::Group => out.null_array(),
            Wants::Replicas | Wants::End => out.int(0),
            Wants::Sleep => out.ok(),
            Wants::Copies(_) | Wants::Synced => {
                out.array(2);
                out.int((self == Wants::Synced) as i64);
                out.int(0);
            }
        }
    }
}

/// What a session is answered where it may not wait. (A time that is over is always answered with a null array.)
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TimeoutReply {
    Null,
    NullArray,
    /// How many replicas there are.
    Nobody(Wants),
}

/// What a session waits for.
pub struct Wait {
    /// The number of the command's row; [`crate::exec::Ctx::block`] knows it.
    pub number: usize,
    /// Which of its arguments are the keys.
    pub keys: Range<usize>,
    /// When it gives up; [`NEVER`](crate::keyspace::NEVER) to wait for good.
    pub deadline: Deadline,
    pub wants: Wants,
    pub timeout_reply: TimeoutReply,
    /// The arguments to come back with, if they are not those of the command (XREAD `$`).
    pub args: Option<Vec<Vec<u8>>>,
    /// When the command is to look again though no key has changed, [`NEVER`](crate::keyspace::NEVER) as things are; None where
    /// time brings it nothing.
    pub again: Option<Deadline>,
}

impl Wait {
    /// Writes the reply where waiting is not allowed.
    pub fn give_up(&self, out: &mut Reply) {
        match self.timeout_reply {
            TimeoutReply::Null => out.null(),
            TimeoutReply::NullArray => out.null_array(),
            TimeoutReply::Nobody(wants) => wants.time_is_over(out),
        }
    }
}

/// Commands that wait for EXEC, one behind the other.
#[derive(Default)]
pub struct Multi {
    pub bytes: Vec<u8>,
    pub spans: Vec<Span>,
    /// The number of each command's row, and where its arguments end in `spans`.
    pub commands: Vec<(usize, usize)>,
    /// A command was refused: EXEC will be.
    pub aborted: bool,
    /// The flags of all commands together.
    pub flags: u32,
}

/// The fields that HIMPORT PREPARE gave a name.
pub struct FieldSet {
    pub name: Box<[u8]>,
    pub fields: Box<[Box<[u8]>]>,
    /// What it takes.
    pub bytes: usize,
}

impl FieldSet {
    pub fn new<'a>(name: &[u8], fields: impl Iterator<Item = &'a [u8]>) -> FieldSet {
        let fields: Box<[Box<[u8]>]> = fields.map(Box::from).collect();
        let bytes = name.len() + fields.iter().map(|field| size_of_val(field) + field.len()).sum::<usize>();
        FieldSet { name: name.into(), fields, bytes }
    }
}

/// A session.
pub struct Session {
    pub id: SessionId,
    pub db: usize,
    pub resp3: bool,
    pub authenticated: bool,
    pub trusted: bool,
    /// It is the host's own, and has not logged in as somebody: nothing is refused to it.
    pub owner: bool,
    /// The name of its user, and of the one that the host opened it for.
    pub user: Vec<u8>,
    pub opened_as: Vec<u8>,
    /// Where that was found last.
    pub user_place: Cell<usize>,
    /// The gate looks whether it may run what it sends: it has yet to log in, or its user may not do everything.
    pub bound: bool,
    /// Whoever it logs in as, it only reads: see [`READER`](super::users::READER).
    pub readonly: bool,
    /// About how many bytes the reply of one command may have.
    pub max_reply: usize,
    pub unix: bool,
    pub addr: String,
    pub laddr: String,
    pub name: Vec<u8>,
    pub lib_name: Vec<u8>,
    pub lib_ver: Vec<u8>,
    pub no_evict: bool,
    pub no_touch: bool,
    /// CLIENT CAPA redirect, in Valkey.
    pub follows_redirects: bool,
    pub reply_mode: ReplyMode,
    /// Milliseconds since the epoch: when it was opened, and when it last sent something.
    pub opened: i64,
    pub active: i64,
    /// How many commands it has run, and how many bytes came and went over its socket.
    pub commands: u64,
    pub net_input: u64,
    pub net_output: u64,
    /// What it sent last.
    pub last: Option<&'static Spec>,
    /// To be closed once what was written is sent.
    pub closing: bool,
    /// It is closed because what it sends is HTTP.
    pub speaks_http: bool,
    /// What waits to be sent though the session itself asked for nothing.
    pub outbox: Vec<u8>,
    /// Bytes of a command that is not complete.
    pub pending: Vec<u8>,
    /// `pending` may hold whole commands too: the replies before them are to be sent first.
    pub backlog: bool,
    /// Where it stands in what it reads, once it has read from a socket; boxed, for it is taken out for each piece.
    pub parser: Option<Box<Parser>>,
    /// What the command that just ran waits for.
    pub wait: Option<Box<Wait>>,
    /// Microseconds that the command has taken which waits.
    pub spent: u64,
    /// The command that waits.
    pub parked: Option<Box<Parked>>,
    /// The script that it has sent is paused.
    pub paused: bool,
    /// The command that it has sent waits for the end of CLIENT PAUSE; it stands in `pending`.
    pub postponed: bool,
    /// The same for what the host has not decided on yet, and what it has decided since.
    pub undecided: bool,
    pub verdict: Option<Verdict>,
    /// What it sends comes off a socket: it can wait for a reply, while others go on.
    pub patient: bool,
    /// The commands between MULTI and EXEC.
    pub multi: Option<Box<Multi>>,
    /// The keys that WATCH named, as the registry names them, and whether there was none but an expired one.
    pub watching: Vec<(Small, bool)>,
    /// Commands of which it is told when what they read has changed.
    pub live: Vec<Query>,
    /// One of them has changed.
    pub dirty: bool,
    pub channels: Names,
    pub patterns: Names,
    pub shards: Names,
    /// It is shown every command.
    pub monitor: bool,
    /// In a cluster, ASKING: 2 when it has just been sent, 1 while it counts.
    pub asking: u8,
    /// READONLY, which a node without replicas only remembers.
    pub reads_replicas: bool,
    /// CLIENT TRACKING: [`mode`](super::tracking::mode), 0 where it does not track.
    pub tracking: u8,
    /// Who is told in its place; 0 for itself.
    pub redirect: SessionId,
    /// The prefixes that it tracks, in their order.
    pub prefixes: Vec<Vec<u8>>,
    /// What HIMPORT PREPARE has named, in that order.
    pub fieldsets: Vec<FieldSet>,
    /// The quiet time in which it was found to be quiet, too: see `engine/still.rs`.
    pub quiet: u64,
}

impl Session {
    pub fn new(id: SessionId, options: SessionOptions, now: i64) -> Session {
        Session {
            id,
            db: 0,
            resp3: options.resp == 3,
            authenticated: options.trusted,
            trusted: options.trusted,
            owner: options.trusted,
            user: DEFAULT.to_vec(),
            opened_as: options.user.into_bytes(),
            user_place: Cell::new(0),
            bound: true,
            readonly: options.readonly,
            max_reply: options.max_reply,
            unix: options.unix,
            addr: options.addr,
            laddr: options.laddr,
            name: options.name.into_bytes(),
            lib_name: Vec::new(),
            lib_ver: Vec::new(),
            no_evict: false,
            no_touch: false,
            follows_redirects: false,
            reply_mode: ReplyMode::On,
            opened: now,
            active: now,
            commands: 0,
            net_input: 0,
            net_output: 0,
            last: None,
            closing: false,
            speaks_http: false,
            outbox: Vec::new(),
            pending: Vec::new(),
            backlog: false,
            parser: None,
            wait: None,
            spent: 0,
            parked: None,
            paused: false,
            postponed: false,
            undecided: false,
            verdict: None,
            patient: false,
            multi: None,
            watching: Vec::new(),
            live: Vec::new(),
            dirty: false,
            channels: Names::default(),
            patterns: Names::default(),
            shards: Names::default(),
            monitor: false,
            asking: 0,
            reads_replicas: false,
            tracking: 0,
            redirect: 0,
            prefixes: Vec::new(),
            fieldsets: Vec::new(),
            quiet: 0,
        }
    }

    /// It has sent a command whose reply comes later.
    #[inline(always)]
    pub fn is_held(&self) -> bool {
        self.parked.is_some() || self.paused || self.postponed
    }

    /// It is in no transaction, and does not listen to channels.
    #[inline(always)]
    pub fn is_plain(&self) -> bool {
        self.multi.is_none()
            && self.channels.is_empty()
            && self.patterns.is_empty()
            && self.shards.is_empty()
            && !self.monitor
    }

    /// What it takes, in bytes, with its input and its output.
    pub fn memory(&self) -> usize {
        let queued = self.multi.as_ref().map_or(0, |multi| multi.bytes.capacity());
        let prepared = self.fieldsets.iter().map(|set| set.bytes).sum::<usize>();
        size_of::<Session>() + prepared + self.pending.capacity() + self.outbox.capacity() + queued
    }

    /// Subscriptions of all kinds.
    pub fn subscriptions(&self) -> usize {
        self.channels.len() + self.patterns.len() + self.shards.len()
    }

    /// The session that is told of changed keys in its place: 0 for itself, -1 where it does not track.
    pub fn redirected(&self) -> i64 {
        if self.tracking == 0 { -1 } else { self.redirect as i64 }
    }

    /// To be closed, and nothing more is sent.
    pub fn cut(&mut self) {
        self.outbox = Vec::new();
        self.closing = true;
    }

    /// RESET: back to a fresh connection, which must authenticate again where there is a password.
    pub fn reset(&mut self) {
        self.db = 0;
        self.resp3 = false;
        self.name.clear();
        self.fieldsets = Vec::new();
        self.no_evict = false;
        self.no_touch = false;
        (self.asking, self.reads_replicas) = (0, false);
        self.reply_mode = ReplyMode::On;
    }
}
