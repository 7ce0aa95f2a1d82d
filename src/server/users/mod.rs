//! Users: who may log in, and what each may do (ACL).
//!
//! ```text
//! user    on | off, nopass, passwords (SHA-256), selectors: the root one, then those in parentheses
//! selector   a bit for each row of the command table; first arguments that are allowed of a command that is not; patterns of
//!            keys, each for reading, writing or both; patterns of channels; and the rules as they are shown
//! ```
//!
//! A command may run if one selector allows it whole: the command, all its keys, all its channels. Which arguments are keys and
//! what is done with them is on the command's row ([`crate::table::keys`]), and so is which are channels.
//!
//! What this costs: a session whose user may do everything has [`Session::bound`] unset, and its commands pay for one branch. All
//! others pay for finding their user (the place is remembered), a bit, and a pattern or more for each key.
//!
//! Users are no data: they are in no snapshot and no journal, as in Redis.

mod file;
pub mod log;
mod rules;

use super::Server;
use super::session::{Session, SessionId};
use crate::resp::args::Args;
use crate::table::find::Table;
use crate::table::keys::{each_key, plain_keys};
use crate::table::spec::{Channels, Spec, flags, flags::NO_AUTH, key};
use crate::types::glob;
pub use crate::types::sha::sha256;
use log::Log;
pub use rules::{Refused, join};

/// The user of sessions that have not said who they are.
pub const DEFAULT: &[u8] = b"default";

/// The name of those who may only read: sessions that the host opened so.
pub const READER: &[u8] = b"readonly";

/// What a reader may do: what neither writes, administers nor is dangerous, runs no script that may write, reaches no other client
/// and does not walk all keys. This is what Upstash's read-only tokens may do.
const READER_RULES: &[u8] = b"~* &* +@all -@write -@admin -@dangerous -@scripting +eval_ro +evalsha_ro +fcall_ro \
    +script|exists +script|help +function|dump +function|list +function|help +function|stats -publish -spublish -scan";

/// What may be done with keys, as bits.
pub const READ: u8 = 1;
pub const WRITE: u8 = 2;

/// Keys of one pattern.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Keys {
    pub access: u8,
    pub pattern: Vec<u8>,
    /// The pattern is so many plain bytes and a star: the usual prefix, which needs no glob.
    prefix: Option<usize>,
}

impl Keys {
    fn new(access: u8, pattern: Vec<u8>) -> Keys {
        let plain = |bytes: &[u8]| !bytes.iter().any(|b| b"*?[\\".contains(b));
        let prefix = pattern.strip_suffix(b"*").filter(|bytes| plain(bytes)).map(<[u8]>::len);
        Keys { access, pattern, prefix }
    }

    #[inline]
    fn holds(&self, key: &[u8]) -> bool {
        match self.prefix {
            Some(len) => key.starts_with(&self.pattern[..len]) && !key.is_empty(),
            None => glob::matches(&self.pattern, key),
        }
    }
}

/// What one selector allows. See the head of this file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Selector {
    /// One bit for each row of the table.
    commands: Vec<u64>,
    /// First arguments, in lower case, with which a row may run whose bit is not set.
    firsts: Vec<(u16, Vec<u8>)>,
    all_commands: bool,
    /// The rules about commands, as ACL LIST shows them: those that still count, in the order in which they came.
    rules: Vec<Vec<u8>>,
    all_keys: bool,
    keys: Vec<Keys>,
    all_channels: bool,
    channels: Vec<Vec<u8>>,
}

/// A user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct User {
    pub name: Vec<u8>,
    pub enabled: bool,
    /// Any password will do.
    pub nopass: bool,
    pub sanitize: bool,
    pub passwords: Vec<[u8; 32]>,
    /// The first is the root one.
    selectors: Vec<Selector>,
}

/// Why a command may not run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Denied<'a> {
    Command,
    Key(&'a [u8]),
    Channel(&'a [u8]),
}

impl<'a> Denied<'a> {
    fn rank(&self) -> u8 {
        match self {
            Denied::Command => 0,
            Denied::Key(_) => 1,
            Denied::Channel(_) => 2,
        }
    }

    /// The key or channel; the command has its name.
    pub fn object(&self, spec: &Spec) -> Vec<u8> {
        match self {
            Denied::Command => spec.full_name().into_bytes(),
            Denied::Key(object) | Denied::Channel(object) => object.to_vec(),
        }
    }
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> Vec<u8> {
    let digit = |half: u8| b"0123456789abcdef"[half as usize];
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

impl Selector {
    fn new(all_channels: bool) -> Selector {
        Selector {
            commands: Vec::new(),
            firsts: Vec::new(),
            all_commands: false,
            rules: vec![b"-@all".to_vec()],
            all_keys: false,
            keys: Vec::new(),
            all_channels,
            channels: Vec::new(),
        }
    }

    fn may_all(&self) -> bool {
        self.all_commands && self.all_keys && self.all_channels
    }

    #[inline(always)]
    fn has(&self, number: usize) -> bool {
        self.commands.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 != 0)
    }

    #[inline(always)]
    fn may_run(&self, number: usize, spec: &Spec, args: Args<'_>) -> bool {
        let first = args.get(1);
        self.has(number)
            || spec.flags & NO_AUTH != 0
            || first.is_some_and(|first| {
                self.firsts.iter().any(|(row, word)| *row as usize == number && first.eq_ignore_ascii_case(word))
            })
    }

    /// Whether a key may be used so, if all of `access` is wanted.
    #[inline(always)]
    pub fn may_use(&self, key: &[u8], access: u8) -> bool {
        self.all_keys || self.keys.iter().any(|keys| keys.access & access == access && keys.holds(key))
    }

    fn may_reach(&self, channel: &[u8], is_pattern: bool) -> bool {
        self.all_channels
            || self.channels.iter().any(|allowed| match is_pattern {
                true => allowed == channel,
                false => glob::matches(allowed, channel),
            })
    }

    /// Why it does not allow a command, and at which of the keys or channels it found that.
    fn check<'a>(&self, number: usize, spec: &Spec, args: Args<'a>) -> Option<(Denied<'a>, usize)> {
        if !self.may_run(number, spec, args) {
            return Some((Denied::Command, 0));
        }
        if self.all_keys {
        } else if let Some((places, step, flags)) = plain_keys(spec, args) {
            let (wanted, mut at) = (wanted(flags), places.start);
            while at < places.end {
                if !self.may_use(args.at(at), wanted) {
                    return Some((Denied::Key(args.at(at)), at));
                }
                at += step;
            }
        } else {
            let (mut at, mut denied) = (0, None);
            let found = each_key(spec, args, &mut |key, flags| {
                if denied.is_none() && !self.may_use(key, wanted(flags)) {
                    denied = Some((Denied::Key(key), at));
                }
                at += 1;
            });
            // Where the keys cannot be told, the command will say what is wrong with it.
            if found.is_ok() && denied.is_some() {
                return denied;
            }
        }
        if self.all_channels || spec.channels == Channels::None {
            return None;
        }
        let is_pattern = spec.channels == Channels::Patterns;
        let end = if spec.channels == Channels::One { 2 } else { args.len() };
        let refused = (1..end.min(args.len())).find(|&at| !self.may_reach(args.at(at), is_pattern))?;
        Some((Denied::Channel(args.at(refused)), refused))
    }

    fn keys_text(&self) -> Vec<u8> {
        if self.all_keys {
            return b"~*".to_vec();
        }
        let one = |keys: &Keys| {
            let mark: &[u8] = match keys.access {
                READ => b"%R~",
                WRITE => b"%W~",
                _ => b"~",
            };
            [mark, &keys.pattern].concat()
        };
        self.keys.iter().map(one).collect::<Vec<_>>().join(&b' ')
    }

    fn channels_text(&self) -> Vec<u8> {
        if self.all_channels {
            return b"&*".to_vec();
        }
        self.channels.iter().map(|pattern| [b"&", &pattern[..]].concat()).collect::<Vec<_>>().join(&b' ')
    }

    /// Its rules as ACL GETUSER shows them: commands, keys, channels.
    pub fn texts(&self) -> [Vec<u8>; 3] {
        [self.rules.join(&b' '), self.keys_text(), self.channels_text()]
    }

    /// Its rules as ACL LIST shows them.
    fn describe(&self, out: &mut Vec<u8>) {
        let [commands, keys, channels] = self.texts();
        let reset: &[u8] = if self.all_channels { b"" } else { b"resetchannels" };
        let parts = [&keys[..], reset, &channels, &commands];
        let shown: Vec<&[u8]> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        out.extend_from_slice(&shown.join(&b' '));
    }
}

/// What a key's flags ask of a user.
fn wanted(flags: u16) -> u8 {
    let read = if flags & key::ACCESS != 0 { READ } else { 0 };
    let write = if flags & (key::INSERT | key::UPDATE | key::DELETE) != 0 { WRITE } else { 0 };
    read | write
}

impl User {
    /// A user who may do nothing.
    pub fn new(name: &[u8], all_channels: bool) -> User {
        User {
            name: name.to_vec(),
            enabled: false,
            nopass: false,
            sanitize: true,
            passwords: Vec::new(),
            selectors: vec![Selector::new(all_channels)],
        }
    }

    /// Whether there is nothing that it may not do.
    pub fn may_all(&self) -> bool {
        self.selectors[0].may_all()
    }

    /// Whether a command may run. Where several selectors say no, the one that came furthest tells why.
    pub fn check<'a>(&self, number: usize, spec: &Spec, args: Args<'a>) -> Result<(), Denied<'a>> {
        let mut told: Option<(Denied<'a>, usize)> = None;
        for selector in &self.selectors {
            let Some((denied, at)) = selector.check(number, spec, args) else { return Ok(()) };
            if told.is_none_or(|(known, place)| (denied.rank(), at) > (known.rank(), place)) {
                told = Some((denied, at));
            }
        }
        told.map_or(Ok(()), |(denied, _)| Err(denied))
    }

    /// Whether it may read every key there is, with some selector that may run the command.
    pub fn reads_all_keys(&self, number: usize, spec: &Spec, args: Args<'_>) -> bool {
        let all = |keys: &Keys| keys.access & READ != 0 && keys.pattern == b"*";
        let may = |selector: &Selector| selector.all_keys || selector.keys.iter().any(all);
        self.selectors.iter().any(|selector| selector.may_run(number, spec, args) && may(selector))
    }

    /// Whether it may listen to all these.
    fn may_listen(&self, session: &Session) -> bool {
        self.selectors.iter().any(|selector| selector.all_channels) || {
            let may = |name: &[u8], is_pattern: bool| {
                self.selectors.iter().any(|selector| selector.may_reach(name, is_pattern))
            };
            session.patterns.iter().all(|name| may(name, true))
                && session.channels.iter().all(|name| may(name, false))
                && session.shards.iter().all(|name| may(name, false))
        }
    }

    /// The root selector, and those in parentheses.
    pub fn selectors(&self) -> &[Selector] {
        &self.selectors
    }

    /// What ACL GETUSER calls its flags.
    pub fn flags(&self) -> Vec<&'static str> {
        let mut flags = vec![if self.enabled { "on" } else { "off" }];
        flags.extend(self.nopass.then_some("nopass"));
        flags.push(if self.sanitize { "sanitize-payload" } else { "skip-sanitize-payload" });
        flags
    }

    /// Its line of ACL LIST.
    pub fn describe(&self) -> Vec<u8> {
        let mut out = [b"user ", &self.name[..], b" "].concat();
        for flag in self.flags() {
            out.extend_from_slice(flag.as_bytes());
            out.push(b' ');
        }
        for hash in &self.passwords {
            out.push(b'#');
            out.extend_from_slice(&hex(hash));
            out.push(b' ');
        }
        self.selectors[0].describe(&mut out);
        for selector in &self.selectors[1..] {
            out.extend_from_slice(b" (");
            selector.describe(&mut out);
            out.push(b')');
        }
        out
    }

    /// Whether one may log in with this password.
    fn accepts(&self, password: &[u8]) -> bool {
        let given = sha256(password);
        // Every hash is looked at to its end: how long this takes tells nothing.
        let same = |known: &[u8; 32]| known.iter().zip(&given).fold(0, |bits, (a, b)| bits | (a ^ b)) == 0;
        let known = self.passwords.iter().fold(false, |found, known| found | same(known));
        self.enabled && (self.nopass || known)
    }
}

/// All users, in the order of their names.
pub struct Users {
    list: Vec<User>,
    /// Not among the others: nobody logs in as it, and nobody changes it.
    reader: User,
    pub log: Log,
}

impl Users {
    /// The default user alone, who may do everything.
    pub fn new(table: &Table) -> Users {
        let mut user = User::new(DEFAULT, true);
        for rule in [&b"on"[..], b"nopass", b"~*", b"+@all"] {
            user.apply(table, rule, false).expect("a rule");
        }
        let mut reader = User::new(READER, true);
        for rule in READER_RULES.split(|&b| b == b' ') {
            // What the table lacks needs no rule.
            reader.apply(table, rule, false).ok();
        }
        Users { list: vec![user], reader, log: Log::default() }
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = &User> {
        self.list.iter()
    }

    fn place(&self, name: &[u8]) -> Result<usize, usize> {
        self.list.binary_search_by(|user| user.name.as_slice().cmp(name))
    }

    pub fn get(&self, name: &[u8]) -> Option<&User> {
        self.place(name).ok().map(|place| &self.list[place])
    }

    fn put(&mut self, user: User) {
        match self.place(&user.name) {
            Ok(place) => self.list[place] = user,
            Err(place) => self.list.insert(place, user),
        }
    }

    /// The default user, who is always there.
    fn default_user(&self) -> &User {
        self.get(DEFAULT).expect("it cannot be removed")
    }

    /// The user of a session; `None` for the host's own, who owns the data.
    #[inline]
    pub fn of(&self, session: &Session) -> Option<&User> {
        if session.owner {
            return None;
        }
        let place = session.user_place.get();
        if let Some(user) = self.list.get(place).filter(|user| user.name == session.user) {
            return Some(user);
        }
        let place = self.place(&session.user).ok()?;
        session.user_place.set(place);
        Some(&self.list[place])
    }

    /// Whether a session has to log in before it may do anything.
    pub fn awaits_login(&self, session: &Session) -> bool {
        !session.owner && !session.authenticated && {
            let default = self.default_user();
            !(default.nopass && default.enabled)
        }
    }

    /// Lets a session be the user's for whom the host opened it, or else the default user's or the host's own.
    pub fn receive(&self, session: &mut Session) {
        let default = self.default_user();
        let vouched = !session.opened_as.is_empty();
        session.owner = session.trusted && !vouched;
        session.user = match vouched {
            true if self.get(&session.opened_as).is_some_and(|user| user.enabled) => session.opened_as.clone(),
            // Nobody's name, which may do nothing.
            true => [&session.opened_as[..], b" (off)"].concat(),
            false if session.owner && session.readonly => READER.to_vec(),
            false => DEFAULT.to_vec(),
        };
        session.authenticated = session.trusted || default.nopass && default.enabled;
        self.bind(session);
    }

    /// Notes whether the gate has to look at what a session sends.
    pub fn bind(&self, session: &mut Session) {
        let free = match self.of(session) {
            None => session.owner,
            Some(user) => user.may_all() && !self.awaits_login(session),
        };
        session.bound = session.readonly || !free;
    }

    /// Whether the default user has no password: then AUTH with one alone is a mistake.
    pub fn default_needs_none(&self) -> bool {
        self.default_user().nopass
    }

    /// Lets a session log in; `false` where name or password are wrong.
    pub fn log_in(&self, session: &mut Session, name: &[u8], password: &[u8]) -> bool {
        let Some(user) = self.get(name).filter(|user| user.accepts(password)) else { return false };
        (session.owner, session.authenticated) = (false, true);
        session.user = user.name.clone();
        self.bind(session);
        true
    }

    /// Why a session may not run a command. What was opened for reading only reads, whoever it logs in as.
    #[inline(never)]
    pub fn check<'a>(&self, session: &Session, number: usize, spec: &Spec, args: Args<'a>) -> Result<(), Denied<'a>> {
        if session.readonly {
            // Also what no category has: those of vector sets have none.
            if spec.flags & flags::WRITE != 0 {
                return Err(Denied::Command);
            }
            self.reader.check(number, spec, args)?;
        }
        match self.of(session) {
            Some(user) => user.check(number, spec, args),
            None if session.owner => Ok(()),
            None => Err(Denied::Command),
        }
    }
}

impl Server {
    /// Puts a user in the place of the one with its name, or among the others.
    pub fn set_user(&mut self, current: Option<&mut Session>, user: User) {
        self.users.put(user);
        self.rebind(current);
    }

    /// Removes a user, whose sessions end; whether there was one.
    pub fn remove_user(&mut self, current: &mut Session, name: &[u8]) -> bool {
        let Ok(place) = self.users.place(name) else { return false };
        self.users.list.remove(place);
        self.rebind(Some(current));
        true
    }

    /// What follows when users have changed: sessions are bound by what theirs may do now; those whose user is gone end, and those
    /// that listen to what theirs may no longer hear.
    fn rebind(&mut self, mut current: Option<&mut Session>) {
        let users = &self.users;
        let mut ended: Vec<SessionId> = Vec::new();
        let mut look = |session: &mut Session| {
            let may_stay = match users.of(session) {
                Some(user) => session.subscriptions() == 0 || user.may_listen(session),
                None => session.owner,
            };
            users.bind(session);
            if !may_stay {
                ended.push(session.id);
            }
        };
        self.sessions.each_mut(&mut look);
        if let Some(session) = current.as_deref_mut() {
            look(session);
        }
        for id in ended {
            match current.as_deref_mut() {
                Some(session) if session.id == id => session.closing = true,
                _ => self.sessions.kill(id),
            }
        }
    }

    /// `requirepass`: the default user's only password, or none at all.
    pub fn set_default_password(&mut self, current: Option<&mut Session>, password: &[u8]) {
        let mut user = self.users.default_user().clone();
        user.passwords.clear();
        user.nopass = password.is_empty();
        if !password.is_empty() {
            user.passwords.push(sha256(password));
        }
        self.set_user(current, user);
    }
}

#[cfg(test)]
mod tests;
