//! The rules of ACL SETUSER, one by one.

use super::{Keys, READ, Selector, User, WRITE, sha256};
use crate::table::categories;
use crate::table::find::Table;

/// Why a rule is refused, as it is said behind the rule itself.
pub type Refused = &'static str;

const UNKNOWN: Refused = "Unknown command or category name in ACL";
const SYNTAX: Refused = "Syntax error";
const KEYS_ALL: Refused = "Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not have any effect. Try 'resetkeys' to start with an empty list of patterns";
const CHANNELS_ALL: Refused = "Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and does not have any effect. Try 'resetchannels' to start with an empty list of channels";
const HASH: Refused =
    "The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters";
const NO_PASSWORD: Refused = "The password you are trying to remove from the user does not exist";
const FIRST_ARG: Refused = "Allowing first-arg of a subcommand is not supported";

/// Puts together the rules that stand between parentheses: each is one then. `Err` is the rule whose parenthesis stays open.
pub fn join<'a>(rules: impl Iterator<Item = &'a [u8]>) -> Result<Vec<Vec<u8>>, &'a [u8]> {
    let mut out: Vec<Vec<u8>> = Vec::new();
    let mut open: Option<&[u8]> = None;
    for rule in rules {
        match (open, out.last_mut()) {
            (Some(_), Some(last)) => {
                last.push(b' ');
                last.extend_from_slice(rule);
            }
            _ => {
                out.push(rule.to_vec());
                open = rule.starts_with(b"(").then_some(rule);
            }
        }
        if open.is_some() && rule.ends_with(b")") {
            open = None;
        }
    }
    open.map_or(Ok(out), Err)
}

impl User {
    /// Applies one rule. `all_channels` is what a selector begins with.
    pub fn apply(&mut self, table: &Table, rule: &[u8], all_channels: bool) -> Result<(), Refused> {
        match (rule.first(), &rule.to_ascii_lowercase()[..]) {
            (None, _) => {}
            (_, b"on") => self.enabled = true,
            (_, b"off") => self.enabled = false,
            (_, b"nopass") => {
                self.nopass = true;
                self.passwords.clear();
            }
            (_, b"resetpass") => {
                self.nopass = false;
                self.passwords.clear();
            }
            (_, b"sanitize-payload") => self.sanitize = true,
            (_, b"skip-sanitize-payload") => self.sanitize = false,
            (_, b"reset") => *self = User::new(&self.name, all_channels),
            (_, b"clearselectors") => self.selectors.truncate(1),
            (Some(b'>'), _) => self.add_password(sha256(&rule[1..])),
            (Some(b'#'), _) => self.add_password(hash(&rule[1..])?),
            (Some(b'<'), _) => self.remove_password(sha256(&rule[1..]))?,
            (Some(b'!'), _) => self.remove_password(hash(&rule[1..])?)?,
            (Some(b'('), _) if rule.ends_with(b")") => {
                let mut selector = Selector::new(all_channels);
                for rule in rule[1..rule.len() - 1].split(|&b| b == b' ') {
                    selector.apply(table, rule)?;
                }
                self.selectors.push(selector);
            }
            _ => self.selectors[0].apply(table, rule)?,
        }
        Ok(())
    }

    fn add_password(&mut self, hash: [u8; 32]) {
        self.nopass = false;
        if !self.passwords.contains(&hash) {
            self.passwords.push(hash);
        }
    }

    fn remove_password(&mut self, hash: [u8; 32]) -> Result<(), Refused> {
        let place = self.passwords.iter().position(|known| *known == hash).ok_or(NO_PASSWORD)?;
        self.passwords.remove(place);
        Ok(())
    }
}

/// Reads a hash: 64 digits in lower case.
fn hash(text: &[u8]) -> Result<[u8; 32], Refused> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut out = [0; 32];
    if text.len() != 64 {
        return Err(HASH);
    }
    for (to, two) in out.iter_mut().zip(text.chunks_exact(2)) {
        *to = digit(two[0]).ok_or(HASH)? << 4 | digit(two[1]).ok_or(HASH)?;
    }
    Ok(out)
}

impl Selector {
    fn apply(&mut self, table: &Table, rule: &[u8]) -> Result<(), Refused> {
        match (rule.first(), &rule.to_ascii_lowercase()[..]) {
            (None, _) => {}
            (_, b"allkeys" | b"~*") => {
                self.all_keys = true;
                self.keys.clear();
            }
            (_, b"resetkeys") => {
                self.all_keys = false;
                self.keys.clear();
            }
            (_, b"allchannels" | b"&*") => {
                self.all_channels = true;
                self.channels.clear();
            }
            (_, b"resetchannels") => {
                self.all_channels = false;
                self.channels.clear();
            }
            (_, b"allcommands" | b"+@all") => self.all(table, true),
            (_, b"nocommands" | b"-@all") => self.all(table, false),
            (Some(b'~' | b'%'), _) => self.add_keys(rule)?,
            (Some(b'&'), _) => {
                if self.all_channels {
                    return Err(CHANNELS_ALL);
                }
                let pattern = plain(&rule[1..])?;
                if !self.channels.contains(&pattern) {
                    self.channels.push(pattern);
                }
            }
            (Some(b'+' | b'-'), folded) => self.change(table, folded)?,
            _ => return Err(SYNTAX),
        }
        Ok(())
    }

    fn all(&mut self, table: &Table, on: bool) {
        self.all_commands = on;
        self.commands = vec![if on { u64::MAX } else { 0 }; table.rows().len().div_ceil(64)];
        self.firsts.clear();
        self.rules = vec![if on { b"+@all".to_vec() } else { b"-@all".to_vec() }];
    }

    /// `~pattern`, or `%R~pattern` and the like.
    fn add_keys(&mut self, rule: &[u8]) -> Result<(), Refused> {
        if self.all_keys {
            return Err(KEYS_ALL);
        }
        let (mut access, mut start) = (READ | WRITE, 1);
        if rule[0] == b'%' {
            access = 0;
            for &byte in &rule[1..] {
                match byte.to_ascii_lowercase() {
                    b'r' if access & READ == 0 => access |= READ,
                    b'w' if access & WRITE == 0 => access |= WRITE,
                    b'~' if access != 0 => break,
                    _ => return Err(SYNTAX),
                }
                start += 1;
            }
            if access == 0 {
                return Err(SYNTAX);
            }
            start += 1;
        }
        let pattern = plain(rule.get(start..).unwrap_or_default())?;
        match self.keys.iter_mut().find(|keys| keys.pattern == pattern) {
            Some(keys) => keys.access |= access,
            None => self.keys.push(Keys::new(access, pattern)),
        }
        Ok(())
    }

    /// `+command`, `-command|sub`, `+command|first-argument`, `-@category`, in lower case.
    fn change(&mut self, table: &Table, rule: &[u8]) -> Result<(), Refused> {
        let (on, name) = (rule[0] == b'+', &rule[1..]);
        if let Some(category) = name.strip_prefix(b"@") {
            let bit = categories::NAMES.iter().position(|known| known.as_bytes() == category).ok_or(UNKNOWN)?;
            for (number, _) in table.rows().iter().enumerate().filter(|(_, row)| row.categories >> bit & 1 != 0) {
                self.set(table, number, on);
            }
            self.note(rule, false);
            return Ok(());
        }
        if let Some(number) = table.by_full_name(name) {
            self.set(table, number, on);
            self.note(rule, true);
            return Ok(());
        }
        // A first argument, then, of a command that has no subcommands.
        let mut words = name.splitn(2, |&b| b == b'|');
        let (command, first) = (words.next().unwrap_or_default(), words.next().ok_or(UNKNOWN)?);
        let number = table.command(command).filter(|_| on).ok_or(UNKNOWN)?;
        if first.is_empty() {
            return Err(SYNTAX);
        }
        if table.row(number).subs > 0 {
            let sub = first.split(|&b| b == b'|').next().unwrap_or_default();
            let known = table.by_full_name(&[command, b"|", sub].concat()).is_some();
            return Err(if known { FIRST_ARG } else { UNKNOWN });
        }
        if first.contains(&b'|') {
            return Err(UNKNOWN);
        }
        if !self.firsts.iter().any(|(row, word)| *row as usize == number && word == first) {
            self.firsts.push((number as u16, first.to_vec()));
        }
        self.note(rule, true);
        Ok(())
    }

    /// Sets the bit of a row, and of what it contains.
    fn set(&mut self, table: &Table, number: usize, on: bool) {
        self.commands.resize(table.rows().len().div_ceil(64), 0);
        let end = number + table.row(number).subs as usize;
        for number in number..=end {
            let bit = 1 << (number % 64);
            let word = &mut self.commands[number / 64];
            *word = if on { *word | bit } else { *word & !bit };
            self.firsts.retain(|(row, _)| *row as usize != number);
        }
        self.all_commands &= on;
    }

    /// Puts a rule behind the others; those that it makes void go.
    fn note(&mut self, rule: &[u8], with_subs: bool) {
        let name = &rule[1..];
        let is_void = |old: &Vec<u8>| match old[1..].strip_prefix(name) {
            Some(b"") => true,
            Some(rest) => with_subs && rest[0] == b'|',
            None => false,
        };
        self.rules.retain(|old| !is_void(old));
        self.rules.push(rule.to_vec());
    }
}

/// A pattern, which holds neither spaces nor zeros.
fn plain(pattern: &[u8]) -> Result<Vec<u8>, Refused> {
    if pattern.iter().any(|b| matches!(b, 0 | b' ' | b'\t' | b'\n' | 11 | 12 | b'\r')) {
        return Err(SYNTAX);
    }
    Ok(pattern.to_vec())
}
