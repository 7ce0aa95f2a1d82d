//! What the table says of a command: pure data, to which [`crate::exec::row::Row`] adds the handler. A row reads as the manual does:
//!
//! ```text
//! cmd("GETEX key [EX seconds | PX milliseconds | ... | PERSIST]", getex)   name, arguments, handler
//!     .write(FAST)                        it changes data; its other flags
//!     .key(RW | ACCESS | UPDATE)          what it does with its first key (a second call: with its second)
//!     .reply("bulk | null")               what it answers, in the notation below
//!     .doc("6.2.0", "O(1)", "Returns the string value of a key after setting its expiration time."),
//! ```
//!
//! Arity, key positions, the argument tree of COMMAND DOCS, and the TypeScript types follow from the syntax line (see
//! [`super::syntax`]). A command whose arguments do not follow says so with [`Spec::arity`] or [`Spec::keys_at`]. A
//! container lists its subcommands with [`Spec::subs`]; their syntax lines start with both names.
//!
//! The notation for replies: `OK`, `simple`, `bulk`, `text` (a verbatim string), `int`, `double`, `bool`, `null`, `any`,
//! `push` (a confirmation of SUBSCRIBE and its kind), `array of X`, `set of X`, `map of X` (its values), `[X Y]` for an array
//! of fixed elements, `entry` for one of a stream (`[bulk, array of bulk]`), `gone` for one that was deleted (`[bulk null]`) and `claimed` for
//! one that CLAIM took (`[bulk, array of bulk, int, int]`), and ` | ` between alternatives, which binds least: `array of bulk | null` is an
//! array or null, `array of (bulk | null)` has elements that may be null. `scripts/notation.mjs` reads it, and a test holds every reply
//! of the dialogues against its row.

pub use super::facts::{Channels, KeyRule, OnSession, Secret, Shards, Whole};
use super::syntax::{Arg, Shape, shape, tree};
use crate::resp::args::Args;
use crate::resp::dialect::{Dialect, Release};
use crate::resp::error::{Error, full_name};
use crate::types::number::parse_int;

/// Command flags, named as COMMAND INFO names them.
pub mod flags {
    pub const WRITE: u32 = 1;
    pub const READONLY: u32 = 1 << 1;
    pub const DENYOOM: u32 = 1 << 2;
    pub const ADMIN: u32 = 1 << 3;
    pub const PUBSUB: u32 = 1 << 4;
    pub const NOSCRIPT: u32 = 1 << 5;
    pub const BLOCKING: u32 = 1 << 6;
    pub const LOADING: u32 = 1 << 7;
    pub const STALE: u32 = 1 << 8;
    pub const SKIP_MONITOR: u32 = 1 << 9;
    pub const SKIP_SLOWLOG: u32 = 1 << 10;
    pub const ASKING: u32 = 1 << 11;
    pub const FAST: u32 = 1 << 12;
    pub const NO_AUTH: u32 = 1 << 13;
    pub const MOVABLEKEYS: u32 = 1 << 14;
    pub const ALLOW_BUSY: u32 = 1 << 15;
    pub const NO_ASYNC_LOADING: u32 = 1 << 16;
    pub const NO_MULTI: u32 = 1 << 17;

    /// A module's, in Redis: it is named in capitals, and in no category.
    pub const MODULE: u32 = 1 << 19;

    /// Its keys may be none.
    pub const NO_MANDATORY_KEYS: u32 = 1 << 18;

    /// It writes nothing, and the session keeps what it names (not shown).
    pub const KEEPS: u32 = 1 << 28;
    /// It may need memory for longer than it runs.
    pub const TAKES_MEMORY: u32 = DENYOOM | BLOCKING | KEEPS;

    /// It writes no data, and still what it does reaches others, or stays: a script that only reads is refused it,
    /// and CLIENT PAUSE WRITE holds it up (not shown).
    pub const LEAVES_TRACES: u32 = 1 << 25;
    /// It ends a transaction by running it (not shown).
    pub const ENDS_MULTI: u32 = 1 << 27;
    /// Its reply comes when the host's store has done its part (not shown).
    pub const STORE_ANSWERS: u32 = 1 << 26;
    /// It is refused as a write is where the storage refuses (not shown).
    pub const TELLS_HEALTH: u32 = 1 << 24;
    /// It runs in a transaction at once (not shown).
    pub const IN_MULTI: u32 = 1 << 30;
    /// A session that listens in RESP2 may send it (not shown).
    pub const IN_SUBSCRIPTION: u32 = 1 << 31;

    /// Each has a bit of its own.
    const _: () = {
        let hidden = [TELLS_HEALTH, LEAVES_TRACES, STORE_ANSWERS, ENDS_MULTI, KEEPS, IN_MULTI, IN_SUBSCRIPTION];
        let (mut bits, mut at) = (0, 0);
        while at < hidden.len() + NAMES.len() {
            let bit = if at < hidden.len() { hidden[at] } else { NAMES[at - hidden.len()].0 };
            assert!(bits & bit == 0 && bit.is_power_of_two());
            bits |= bit;
            at += 1;
        }
    };

    /// In the order in which COMMAND INFO lists them.
    pub const NAMES: &[(u32, &str)] = &[
        (WRITE, "write"),
        (READONLY, "readonly"),
        (DENYOOM, "denyoom"),
        (ADMIN, "admin"),
        (PUBSUB, "pubsub"),
        (NOSCRIPT, "noscript"),
        (BLOCKING, "blocking"),
        (LOADING, "loading"),
        (STALE, "stale"),
        (SKIP_MONITOR, "skip_monitor"),
        (SKIP_SLOWLOG, "skip_slowlog"),
        (ASKING, "asking"),
        (FAST, "fast"),
        (NO_AUTH, "no_auth"),
        (MOVABLEKEYS, "movablekeys"),
        (ALLOW_BUSY, "allow_busy"),
        (NO_ASYNC_LOADING, "no_async_loading"),
        (NO_MULTI, "no_multi"),
        (NO_MANDATORY_KEYS, "no_mandatory_keys"),
        (MODULE, "module"),
    ];
}

/// What a command does with a key, named as COMMAND INFO names it.
pub mod key {
    pub const RO: u16 = 1;
    pub const RW: u16 = 1 << 1;
    pub const OW: u16 = 1 << 2;
    pub const RM: u16 = 1 << 3;
    pub const ACCESS: u16 = 1 << 4;
    pub const UPDATE: u16 = 1 << 5;
    pub const INSERT: u16 = 1 << 6;
    pub const DELETE: u16 = 1 << 7;
    pub const VARIABLE: u16 = 1 << 8;
    pub const NOT_KEY: u16 = 1 << 9;

    pub const NAMES: &[(u16, &str)] = &[
        (RO, "RO"),
        (RW, "RW"),
        (OW, "OW"),
        (RM, "RM"),
        (ACCESS, "access"),
        (UPDATE, "update"),
        (INSERT, "insert"),
        (DELETE, "delete"),
        (VARIABLE, "variable_flags"),
        (NOT_KEY, "not_key"),
    ];
}

/// The group of a command: the file it stands in, its ACL category, its chapter in the manual.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Group {
    /// As COMMAND DOCS says it: `string`, `generic`, ...
    pub name: &'static str,
    /// As COMMAND INFO says it, without `@`; empty where the group is no category.
    pub category: &'static str,
}

/// Where some of a command's keys are and what is done with them, as COMMAND INFO tells it. Most rows need none: theirs
/// follow from the syntax line.
#[derive(Clone, Copy, Debug)]
pub struct KeySpec {
    pub flags: u16,
    pub begin: Begin,
    pub find: Find,
    pub note: &'static str,
}

/// Where the keys of a [`KeySpec`] begin.
#[derive(Clone, Copy, Debug)]
pub enum Begin {
    /// At this argument.
    At(i8),
    /// Behind this word, which is searched for from an argument on; a negative one counts from the end, and backwards.
    Behind(&'static str, i8),
    Unknown,
}

/// How the keys of a [`KeySpec`] go on.
#[derive(Clone, Copy, Debug)]
pub enum Find {
    /// Up to `last` (relative to the first; negative counts from the end of the arguments), each `step` arguments; of what is
    /// there, one part in `limit`, if that is not 0.
    Range {
        last: i8,
        step: i8,
        limit: i8,
    },
    /// A number stands where the keys begin, and so many keys behind it.
    Counted,
    /// The same, each with a value behind it.
    CountedPairs,
    Unknown,
}

/// Keys from an argument on; see [`Spec::specs`].
pub const fn keys(flags: u16, begin: Begin, find: Find) -> KeySpec {
    KeySpec { flags, begin, find, note: "" }
}

impl KeySpec {
    /// One key.
    pub const ONE: Find = Find::Range { last: 0, step: 1, limit: 0 };

    pub const fn note(mut self, note: &'static str) -> KeySpec {
        self.note = note;
        self
    }
}

/// What COMMAND DOCS says of an argument and the syntax line does not: the argument's number (groups count, before what they
/// hold), and what is different.
#[derive(Clone, Copy, Debug)]
pub struct Tweak {
    pub at: u8,
    pub name: &'static str,
    pub display: &'static str,
    pub kind: &'static str,
    /// The number of its key specification; -1 where it follows from its place.
    pub spec: i8,
    /// The token before the group belongs to the first argument in it.
    pub lead: bool,
    /// It may come again.
    pub repeats: bool,
}

/// A tweak of the argument of this number.
pub const fn arg(at: u8) -> Tweak {
    Tweak { at, name: "", display: "", kind: "", spec: -1, lead: false, repeats: false }
}

impl Tweak {
    pub const fn name(mut self, name: &'static str) -> Tweak {
        self.name = name;
        self
    }

    pub const fn display(mut self, text: &'static str) -> Tweak {
        self.display = text;
        self
    }

    pub const fn kind(mut self, kind: &'static str) -> Tweak {
        self.kind = kind;
        self
    }

    pub const fn lead(mut self) -> Tweak {
        self.lead = true;
        self
    }

    pub const fn repeats(mut self) -> Tweak {
        self.repeats = true;
        self
    }

    pub const fn spec(mut self, number: i8) -> Tweak {
        self.spec = number;
        self
    }
}

/// Leaves out the arguments of these tokens. Of a block that loses the first nothing stays, nor of a choice that loses all.
fn without(args: &mut Vec<Arg>, is_out: &dyn Fn(&str) -> bool) {
    args.retain_mut(|arg| {
        if arg.token.as_deref().is_some_and(is_out) {
            return false;
        }
        let Some(first) = arg.args.first().cloned() else { return true };
        without(&mut arg.args, is_out);
        arg.args.first().is_some_and(|left| arg.kind != "block" || *left == first)
    });
}

/// What a row says of a command. See the head of this file.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    pub syntax: &'static str,
    pub shape: Shape,
    pub flags: u32,
    /// What is done with the keys: one entry for all of them, or one for each of two.
    pub key_flags: [u16; 2],
    /// Where the keys are, if that does not follow from the syntax line.
    pub specs: &'static [KeySpec],
    /// What COMMAND DOCS says of the arguments beyond the syntax line.
    pub tweaks: &'static [Tweak],
    /// ACL categories beyond those that follow from flags and group.
    pub acl: &'static [&'static str],
    pub tips: &'static [&'static str],
    /// A remark on the use of the keys.
    pub key_note: &'static str,
    /// What it answers, in the notation above. Not in the module, which reads it nowhere.
    #[cfg(not(target_arch = "wasm32"))]
    pub reply: &'static str,
    /// The version it came with, as three numbers: [`Spec::since`] is its text.
    pub since: [u8; 3],
    /// What COMMAND DOCS says in words, here and below: not in the module, which has it of its host ([`super::docs`]).
    #[cfg(not(target_arch = "wasm32"))]
    pub cost: &'static str,
    #[cfg(not(target_arch = "wasm32"))]
    pub summary: &'static str,
    /// The version that deprecated it and what to use instead; empty for most.
    #[cfg(not(target_arch = "wasm32"))]
    pub deprecated: (&'static str, &'static str),
    /// Names for the groups of arguments, in the order in which they open in the syntax line.
    pub groups: &'static [&'static str],
    /// The argument that is a double; empty for most.
    pub double: &'static str,
    /// Version and change.
    #[cfg(not(target_arch = "wasm32"))]
    pub history: &'static [(&'static str, &'static str)],
    /// Meant for those who work on the server itself.
    pub internal: bool,
    /// A number of arguments, the name included, that is right besides those of the arity if the last is an integer, or the
    /// second behind the name; 0 for most.
    pub also: u8,
    /// It holds subcommands.
    pub container: bool,
    /// How the flags of its keys depend on its options.
    pub key_rule: KeyRule,
    /// Which of its arguments are channels that a user must be allowed.
    pub channels: Channels,
    /// What it does to all keys of a database at once.
    pub whole: Whole,
    /// Which of its arguments nobody but the engine may see.
    pub secret: Secret,
    /// What it does to the session that sends it, where that does not follow; see [`Spec::on_session`]. Not in the module.
    #[cfg(not(target_arch = "wasm32"))]
    pub session: Option<OnSession>,
    /// Where it goes in a database of several, where that does not follow; see [`Spec::on_shards`]. Not in the module.
    #[cfg(not(target_arch = "wasm32"))]
    pub shards: Option<Shards>,
    /// The one dialect that has it; none for what all have.
    pub only: Option<Dialect>,
    /// Valkey has it, though it came to Redis after they parted.
    pub valkey: bool,
    /// Tokens of options that came with later releases, with blanks between them.
    pub later: &'static [(Release, &'static str)],
}

/// Sets what the module is built without: what nothing that runs reads, and words of COMMAND DOCS. All of it is there natively.
macro_rules! native {
    ($spec:ident.$fact:ident = $value:expr) => {{
        #[cfg(not(target_arch = "wasm32"))]
        {
            $spec.$fact = $value;
        }
        #[cfg(target_arch = "wasm32")]
        let _ = (&mut $spec, $value);
    }};
}

/// The numbers of a version.
const fn version(text: &str) -> [u8; 3] {
    let (text, mut out, mut part, mut at) = (text.as_bytes(), [0; 3], 0, 0);
    while at < text.len() {
        match text[at] {
            b'.' => part += 1,
            digit => out[part] = out[part] * 10 + digit - b'0',
        }
        at += 1;
    }
    out
}

impl Spec {
    /// A command whose name is the first `names` words of its syntax line.
    pub const fn new(syntax: &'static str, names: usize) -> Spec {
        Spec {
            syntax,
            shape: shape(syntax, names),
            flags: 0,
            key_flags: [0; 2],
            specs: &[],
            tweaks: &[],
            acl: &[],
            tips: &[],
            key_note: "",
            #[cfg(not(target_arch = "wasm32"))]
            reply: "any",
            since: [0; 3],
            #[cfg(not(target_arch = "wasm32"))]
            cost: "",
            #[cfg(not(target_arch = "wasm32"))]
            summary: "",
            #[cfg(not(target_arch = "wasm32"))]
            deprecated: ("", ""),
            groups: &[],
            double: "",
            #[cfg(not(target_arch = "wasm32"))]
            history: &[],
            internal: false,
            also: 0,
            container: false,
            key_rule: KeyRule::Plain,
            channels: Channels::None,
            whole: Whole::Keys,
            secret: Secret::Nothing,
            #[cfg(not(target_arch = "wasm32"))]
            session: None,
            #[cfg(not(target_arch = "wasm32"))]
            shards: None,
            only: None,
            valkey: false,
            later: &[],
        }
    }

    /// A container: called without a subcommand it is an arity error.
    pub const fn container(name: &'static str) -> Spec {
        let mut spec = Spec::new(name, 1);
        spec.shape.arity = -2;
        spec.container = true;
        spec
    }

    /// It reads the keyspace.
    pub const fn read(mut self, f: u32) -> Spec {
        self.flags = flags::READONLY | f;
        self
    }

    /// It may change the keyspace.
    pub const fn write(mut self, f: u32) -> Spec {
        self.flags = flags::WRITE | f;
        self
    }

    /// It does neither.
    pub const fn plain(mut self, f: u32) -> Spec {
        self.flags = f;
        self
    }

    /// A container that also does something when it is called alone.
    pub const fn bare(mut self, notation: &'static str) -> Spec {
        self.shape.arity = -1;
        self.reply(notation)
    }

    /// How the flags of its keys depend on its options.
    pub const fn key_rule(mut self, rule: KeyRule) -> Spec {
        self.key_rule = rule;
        self
    }

    /// Which of its arguments are channels.
    pub const fn channels(mut self, channels: Channels) -> Spec {
        self.channels = channels;
        self
    }

    /// What it does to databases as a whole.
    pub const fn whole(mut self, whole: Whole) -> Spec {
        self.whole = whole;
        self
    }

    /// Which of its arguments are secret.
    pub const fn secret(mut self, secret: Secret) -> Spec {
        self.secret = secret;
        self
    }

    /// What it does to the session that sends it.
    pub const fn session(mut self, session: OnSession) -> Spec {
        native!(self.session = Some(session));
        self
    }

    /// Where it goes in a database of several.
    pub const fn shards(mut self, shards: Shards) -> Spec {
        native!(self.shards = Some(shards));
        self
    }

    /// Valkey has it as well, though it came to Redis after 7.2, where the two parted.
    pub const fn valkey(mut self) -> Spec {
        self.valkey = true;
        self
    }

    /// Which options came with which release, by their tokens: to an engine that is like one before, COMMAND DOCS does not tell of them.
    pub const fn later(mut self, options: &'static [(Release, &'static str)]) -> Spec {
        self.later = options;
        self
    }

    /// Whether an engine of this dialect and release has it.
    pub fn is_in(&self, dialect: Dialect, compat: Release) -> bool {
        let since = Release::new(self.since[0], self.since[1]);
        self.only.is_none_or(|only| only == dialect)
            && match dialect {
                Dialect::Valkey => self.only.is_some() || self.valkey || since <= Release::V7_2,
                _ => since <= compat,
            }
    }

    /// Only this dialect has it.
    pub const fn only(mut self, dialect: Dialect) -> Spec {
        self.only = Some(dialect);
        self
    }

    /// What it does with its keys; a second call is for the second of two keys with different uses.
    pub const fn key(mut self, f: u16) -> Spec {
        if self.key_flags[0] == 0 {
            self.key_flags[0] = f;
        } else {
            self.key_flags[1] = f;
        }
        self
    }

    /// The arity, where it does not follow from the syntax line.
    pub const fn arity(mut self, arity: i8) -> Spec {
        self.shape.arity = arity;
        self
    }

    /// The key positions, where they do not follow from the syntax line; all 0 for no keys.
    pub const fn keys_at(mut self, first: i8, last: i8, step: i8) -> Spec {
        self.shape.first = first;
        self.shape.last = last;
        self.shape.step = step;
        self
    }

    /// The key specifications, where they do not follow from the syntax line.
    pub const fn specs(mut self, specs: &'static [KeySpec]) -> Spec {
        self.specs = specs;
        self
    }

    /// What COMMAND DOCS says of the arguments beyond the syntax line.
    pub const fn args(mut self, tweaks: &'static [Tweak]) -> Spec {
        self.tweaks = tweaks;
        self
    }

    pub const fn acl(mut self, categories: &'static [&'static str]) -> Spec {
        self.acl = categories;
        self
    }

    pub const fn tips(mut self, tips: &'static [&'static str]) -> Spec {
        self.tips = tips;
        self
    }

    /// What it answers.
    pub const fn reply(mut self, notation: &'static str) -> Spec {
        native!(self.reply = notation);
        self
    }

    pub const fn deprecated(mut self, since: &'static str, instead: &'static str) -> Spec {
        native!(self.deprecated = (since, instead));
        self
    }

    /// A remark on the use of the keys.
    pub const fn key_note(mut self, note: &'static str) -> Spec {
        self.key_note = note;
        self
    }

    /// Names for the groups of arguments, in the order in which they open in the syntax line.
    pub const fn groups(mut self, names: &'static [&'static str]) -> Spec {
        self.groups = names;
        self
    }

    /// The argument of this name is a double.
    pub const fn double(mut self, name: &'static str) -> Spec {
        self.double = name;
        self
    }

    /// What changed in which version.
    pub const fn history(mut self, changes: &'static [(&'static str, &'static str)]) -> Spec {
        native!(self.history = changes);
        self
    }

    /// It is for those who work on the server itself.
    pub const fn internal(mut self) -> Spec {
        self.internal = true;
        self
    }

    /// So many arguments, the name included, are right as well if the last is an integer, or the second behind it: forms that
    /// Redis does not have.
    pub const fn also(mut self, argc: u8) -> Spec {
        self.also = argc;
        self
    }

    pub const fn doc(mut self, since: &'static str, cost: &'static str, summary: &'static str) -> Spec {
        self.since = version(since);
        native!(self.cost = cost);
        native!(self.summary = summary);
        self
    }

    /// The version it came with: `8.4.0`; empty for what is of no Redis.
    pub fn since(&self) -> String {
        match self.since {
            [0, ..] => String::new(),
            [major, minor, patch] => format!("{major}.{minor}.{patch}"),
        }
    }

    /// The arguments as a tree.
    pub fn arguments(&self, compat: Release) -> Vec<Arg> {
        let mut args = tree(&self.syntax[self.shape.name as usize..], self.groups);
        for arg in args.iter_mut().filter(|arg| arg.name == self.double) {
            arg.kind = "double";
        }
        tweak(&mut args, self.tweaks, &mut 0, &mut 0, self.key_specs().count().saturating_sub(1) as i8);
        let is_later = |token: &str| {
            let later = self.later.iter().filter(|(release, _)| *release > compat);
            later.flat_map(|(_, tokens)| tokens.split(' ')).any(|one| one == token)
        };
        if !self.later.is_empty() {
            without(&mut args, &is_later);
        }
        args
    }

    /// The key specifications: the row's own, or one for all keys, or one for each of two.
    pub fn key_specs(&self) -> impl Iterator<Item = KeySpec> + Clone + '_ {
        let shape = self.shape;
        let spec = move |flags, first, last| KeySpec {
            flags,
            begin: Begin::At(first),
            find: Find::Range { last, step: shape.step, limit: 0 },
            note: self.key_note,
        };
        let followed = match self.key_flags {
            _ if !self.specs.is_empty() => [None, None],
            [0, _] => [None, None],
            [flags, 0] => {
                let last = if shape.last < 0 { shape.last } else { shape.last - shape.first };
                [Some(spec(flags, shape.first, last)), None]
            }
            [one, two] => [Some(spec(one, shape.first, 0)), Some(spec(two, shape.last, 0))],
        };
        self.specs.iter().copied().chain(followed.into_iter().flatten())
    }

    /// The name as the syntax line has it: `GET`, or `CONFIG GET`.
    pub fn title(&self) -> &'static str {
        &self.syntax[..self.shape.name as usize]
    }

    /// Whether the argument at this place is secret: the slow log does not show it.
    pub fn hides(&self, args: Args<'_>, at: usize) -> bool {
        let is = |at: usize, word: &str| args.at(at).eq_ignore_ascii_case(word.as_bytes());
        match self.secret {
            Secret::Nothing => false,
            Secret::All => at >= self.full_name().split('|').count(),
            Secret::BehindAuth => at > 2 && is(at - 1, "AUTH") || at > 3 && is(at - 2, "AUTH"),
            Secret::Passwords => at > 2 && at % 2 == 1 && (is(at - 1, "requirepass") || is(at - 1, "masterauth")),
        }
    }

    /// The name as errors and COMMAND INFO have it: `get`, or `config|get`.
    pub fn full_name(&self) -> String {
        if self.flags & flags::MODULE != 0 { self.title().to_string() } else { full_name(self.title()) }
    }

    /// Its flags in this dialect: Valkey's differ in these few.
    #[cold]
    pub fn flags_in(&self, valkey: bool) -> u32 {
        const OTHERS: [(u32, &str); 6] = [
            (flags::NO_MULTI, "MULTI,WATCH"),
            (flags::NO_MULTI | flags::ALLOW_BUSY, "CLIENT REPLY"),
            (
                flags::ALLOW_BUSY,
                "SELECT,CLIENT CACHING,CLIENT CAPA,CLIENT GETNAME,CLIENT GETREDIR,CLIENT ID,CLIENT NO-EVICT,CLIENT NO-TOUCH,\
                 CLIENT SETINFO,CLIENT SETNAME",
            ),
            (
                flags::LOADING,
                "CLUSTER INFO,CLUSTER MYID,CLUSTER MYSHARDID,CLUSTER NODES,MEMORY MALLOC-STATS,MEMORY PURGE",
            ),
            (flags::DENYOOM, "PSUBSCRIBE,SSUBSCRIBE,SUBSCRIBE"),
            (flags::STALE, "SCRIPT EXISTS,SCRIPT FLUSH"),
        ];
        let title = self.title().as_bytes();
        let is = |names: &str| names.as_bytes().split(|&byte| byte == b',').any(|name| name == title);
        let other = OTHERS.iter().find(|(_, names)| valkey && is(names)).map_or(0, |(flags, _)| *flags);
        self.flags ^ other
    }

    /// The error for a wrong number of arguments.
    pub fn arity_error(&self) -> Error {
        if self.flags & flags::MODULE == 0 {
            return Error::Arity(self.title());
        }
        Error::quoting(&[b"ERR wrong number of arguments for '", self.title().as_bytes(), b"' command"])
    }

    /// The last word of the name: what a container knows its subcommand by.
    pub fn own_name(&self) -> &'static str {
        self.title().rsplit(' ').next().unwrap_or_default()
    }

    /// Whether it is a container that does nothing by itself.
    pub fn only_contains(&self) -> bool {
        self.container && self.shape.arity == -2
    }

    /// Whether this many arguments, names included, are right.
    #[inline(always)]
    pub fn accepts(&self, args: Args<'_>) -> bool {
        let (argc, arity) = (args.len() as isize, self.shape.arity as isize);
        (if arity >= 0 { argc == arity } else { argc >= -arity })
            || argc == self.also as isize && self.is_own_form(args)
    }

    /// Whether it reads or changes keys and nothing else, and answers at once. PING, which does less, is one of these.
    #[inline(always)]
    pub fn is_about_data(&self) -> bool {
        use flags::*;
        const MORE: u32 = BLOCKING | ADMIN | PUBSUB | NOSCRIPT | KEEPS | LEAVES_TRACES | STORE_ANSWERS;
        self.flags & (READONLY | WRITE | TELLS_HEALTH) != 0 && self.flags & MORE == 0
    }

    #[cold]
    fn is_own_form(&self, args: Args<'_>) -> bool {
        [args.len() - 1, 2].iter().any(|&at| parse_int(args.at(at)).is_some())
    }
}

/// Applies a row's tweaks, and numbers the key specifications of its keys.
fn tweak(args: &mut [Arg], tweaks: &[Tweak], at: &mut u8, keys: &mut i8, last_spec: i8) {
    for arg in args {
        if arg.kind == "key" {
            arg.spec = Some((*keys).min(last_spec));
            *keys += 1;
        }
        if let Some(tweak) = tweaks.iter().find(|tweak| tweak.at == *at) {
            if !tweak.name.is_empty() {
                arg.name = tweak.name.to_string();
            }
            if !tweak.display.is_empty() {
                arg.display = Some(tweak.display);
            }
            if !tweak.kind.is_empty() {
                arg.kind = tweak.kind;
                arg.spec = None;
            }
            arg.multiple |= tweak.repeats;
            if tweak.lead {
                arg.args[0].token = arg.token.take();
            }
            if tweak.spec >= 0 {
                arg.spec = Some(tweak.spec);
            }
        }
        *at += 1;
        tweak(&mut arg.args, tweaks, at, keys, last_spec);
    }
}
