//! Reads a row's syntax line, which is Redis's man-page line:
//!
//! ```text
//! SET key value [NX | XX] [GET] [EX seconds | PX milliseconds | KEEPTTL]
//! HSETEX key [FNX | FXX] FIELDS numfields field value [field value ...]
//! ```
//!
//! `[ ]` is optional, `< >` groups, ` | ` separates alternatives, `...` repeats its bracket, a word in capitals is a token,
//! any other word an argument.
//!
//! [`shape`] does it at compile time for what every call needs: where the name ends, the arity, where the keys are.
//! [`tree`] does it at run time for COMMAND DOCS, hints and types: the arguments as a tree.

/// What a call needs to know of a syntax line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Length of the name (for a subcommand: of both names) in the syntax line.
    pub name: u8,
    /// Number of arguments, the name included; negative where it is the least number.
    pub arity: i8,
    /// Position of the first key, 0 where there is none.
    pub first: i8,
    /// Position of the last key; negative counts from the end (-1: the last argument).
    pub last: i8,
    /// Distance from one key to the next.
    pub step: i8,
}

/// Derives the shape of a syntax line whose first `names` words are the name. Words that are called `key`, `key1`, `key2`,
/// `newkey`, `source` or `destination` at the top level are keys; a bracket that repeats one sets the step.
pub const fn shape(line: &str, names: usize) -> Shape {
    let s = line.as_bytes();
    let mut shape = Shape { name: 0, arity: 0, first: 0, last: 0, step: 0 };
    let (mut at, mut word, mut depth, mut open_ended) = (0, 0, 0, false);
    // Inside `<a | b>` the first alternative stands for all.
    let (mut angles, mut other_alternative) = (0, false);
    // Words since the bracket at depth 1 opened, and whether the first of them is a key.
    let (mut inside, mut key_inside) = (0, false);
    while at < s.len() {
        match s[at] {
            b' ' => at += 1,
            b'<' => {
                angles += 1;
                at += 1;
            }
            b'|' => {
                other_alternative = angles > 0;
                at += 1;
            }
            b'>' => {
                angles -= 1;
                other_alternative = false;
                at += 1;
            }
            b'[' => {
                depth += 1;
                open_ended = true;
                inside = 0;
                key_inside = false;
                at += 1;
            }
            b']' => {
                depth -= 1;
                at += 1;
            }
            _ => {
                let start = at;
                while at < s.len() && !matches!(s[at], b' ' | b'[' | b']' | b'<' | b'>') {
                    at += 1;
                }
                if other_alternative {
                    continue;
                }
                if depth == 0 {
                    if word < names {
                        shape.name = at as u8;
                    } else if is_key(s, start, at) {
                        if shape.first == 0 {
                            shape.first = word as i8;
                        }
                        shape.last = word as i8;
                        shape.step = 1;
                    }
                    word += 1;
                } else if depth == 1 {
                    if at - start == 3 && s[start] == b'.' {
                        if key_inside && shape.first != 0 {
                            shape.last = -1;
                            shape.step = inside;
                        }
                    } else {
                        if inside == 0 {
                            key_inside = is_key(s, start, at);
                        }
                        inside += 1;
                    }
                }
            }
        }
    }
    shape.arity = if open_ended { -(word as i8) } else { word as i8 };
    shape
}

const fn is_key(s: &[u8], start: usize, end: usize) -> bool {
    const KEYS: [&[u8]; 6] = [b"key", b"key1", b"key2", b"newkey", b"source", b"destination"];
    let mut i = 0;
    while i < KEYS.len() {
        let mut same = KEYS[i].len() == end - start;
        let mut j = 0;
        while same && j < KEYS[i].len() {
            same = KEYS[i][j] == s[start + j];
            j += 1;
        }
        if same {
            return true;
        }
        i += 1;
    }
    false
}

/// One argument of the tree that COMMAND DOCS shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arg {
    pub name: String,
    /// `key`, `string`, `integer`, `double`, `pattern`, `unix-time`, `pure-token`, `oneof` or `block`.
    pub kind: &'static str,
    /// The token before the argument, or the token it is.
    pub token: Option<String>,
    pub optional: bool,
    pub multiple: bool,
    /// The token comes again with each repetition.
    pub multiple_token: bool,
    pub args: Vec<Arg>,
    /// What is shown for it, where that is not its name.
    pub display: Option<&'static str>,
    /// The number of its key specification, if it is a key.
    pub spec: Option<i8>,
}

/// The arguments of a syntax line, which starts behind the name. Alternatives and blocks have no name in a syntax line:
/// `groups` names them in the order in which they open.
pub fn tree(arguments: &str, groups: &[&str]) -> Vec<Arg> {
    let mut args = Reader { words: words(arguments), at: 0 }.sequence();
    name_groups(&mut args, &mut groups.iter());
    args
}

fn name_groups<'a>(args: &mut [Arg], names: &mut impl Iterator<Item = &'a &'a str>) {
    for arg in args.iter_mut().filter(|arg| !arg.args.is_empty()) {
        arg.name = names.next().copied().unwrap_or_default().to_string();
        name_groups(&mut arg.args, names);
    }
}

fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let len = match c {
            ' ' => {
                rest = &rest[1..];
                continue;
            }
            '[' | ']' | '<' | '>' | '|' => 1,
            _ => rest.find([' ', '[', ']', '<', '>', '|']).unwrap_or(rest.len()),
        };
        words.push(&rest[..len]);
        rest = &rest[len..];
    }
    words
}

struct Reader<'a> {
    words: Vec<&'a str>,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.words.get(self.at).copied()
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.peek() == Some(word);
        self.at += found as usize;
        found
    }

    /// Arguments up to a `|`, a closing bracket or the end.
    fn sequence(&mut self) -> Vec<Arg> {
        let mut args: Vec<Arg> = Vec::new();
        while let Some(word) = self.peek() {
            match word {
                "]" | ">" | "|" => break,
                "[" => {
                    self.at += 1;
                    let (group, repeats) = self.alternatives("]");
                    self.bracket(&mut args, group, repeats);
                }
                "<" => {
                    self.at += 1;
                    let (group, _) = self.alternatives(">");
                    args.push(group);
                }
                "..." => self.at += 1,
                // These lead all that follows.
                "FIELDS" | "STREAMS" => {
                    self.at += 1;
                    let args_behind = self.sequence();
                    args.push(Arg {
                        kind: "block",
                        token: Some(word.to_string()),
                        args: args_behind,
                        ..Arg::default()
                    });
                }
                token if is_token(token) => {
                    self.at += 1;
                    args.push(self.token(token));
                }
                name => {
                    self.at += 1;
                    args.push(plain(name));
                }
            }
        }
        args
    }

    /// A token and the one argument that belongs to it, if there is one.
    fn token(&mut self, token: &str) -> Arg {
        match self.peek() {
            Some(next) if !matches!(next, "[" | "]" | "|" | ">" | "<" | "...") && !is_token(next) => {
                self.at += 1;
                Arg { token: Some(token.to_string()), ..plain(next) }
            }
            Some("<") => {
                self.at += 1;
                let (group, _) = self.alternatives(">");
                Arg { token: Some(token.to_string()), ..group }
            }
            _ => Arg {
                name: token.to_ascii_lowercase(),
                kind: "pure-token",
                token: Some(token.to_string()),
                ..Arg::default()
            },
        }
    }

    /// The alternatives up to the closing bracket as one argument, and whether they end in `...`.
    fn alternatives(&mut self, close: &str) -> (Arg, bool) {
        let mut branches = vec![];
        let mut repeats = false;
        loop {
            let start = self.at;
            branches.push(self.sequence());
            repeats |= self.words[start..self.at].last() == Some(&"...");
            if !self.take("|") {
                break;
            }
        }
        self.take(close);
        let mut branches: Vec<Arg> = branches.into_iter().map(block).collect();
        let group = if branches.len() == 1 {
            branches.remove(0)
        } else {
            Arg { kind: "oneof", args: branches, ..Arg::default() }
        };
        (group, repeats)
    }

    /// Places a bracket: `x [x ...]` repeats what stands before it, any other is optional.
    fn bracket(&mut self, args: &mut Vec<Arg>, group: Arg, repeats: bool) {
        if let (true, Some(last)) = (repeats, args.last_mut())
            && group == (Arg { token: None, ..last.clone() })
        {
            last.multiple = true; // `x [x ...]`, or `TOKEN x [x ...]`
            return;
        }
        let inner: Vec<Arg> =
            if group.kind == "block" && group.token.is_none() { group.args.clone() } else { vec![group.clone()] };
        let start = args.len().wrapping_sub(inner.len());
        if repeats && start <= args.len() && args[start..] == inner[..] {
            let mut repeated = block(args.split_off(start));
            repeated.multiple = true;
            args.push(repeated);
        } else if repeats && inner.len() > 1 && args.last().is_some_and(|last| last == &inner[inner.len() - 1]) {
            args.push(Arg { optional: true, multiple: true, ..group });
        } else {
            let multiple_token = repeats && group.token.is_some();
            args.push(Arg { optional: true, multiple: repeats || group.multiple, multiple_token, ..group });
        }
    }
}

/// Several arguments as one.
fn block(mut args: Vec<Arg>) -> Arg {
    if args.len() == 1 {
        return args.remove(0);
    }
    // `FIELDS numfields field [field ...]`: the token leads the block.
    let token = args.first_mut().filter(|first| first.kind != "pure-token").and_then(|first| first.token.take());
    Arg { kind: "block", token, args, ..Arg::default() }
}

fn is_token(word: &str) -> bool {
    word.bytes().next().is_some_and(|b| b.is_ascii_uppercase() || b"'$*=~".contains(&b))
        && !word.bytes().any(|b| b.is_ascii_lowercase())
}

fn plain(name: &str) -> Arg {
    let kind = match name {
        "key" | "key1" | "key2" | "newkey" | "source" | "destination" => "key",
        "pattern" => "pattern",
        "unix-time-seconds" | "unix-time-milliseconds" => "unix-time",
        "seconds" | "milliseconds" | "count" | "cursor" | "numfields" | "offset" | "start" | "end" | "increment"
        | "decrement" | "db" | "destination-db" | "min-match-len" | "index" | "index1" | "index2" | "protover"
        | "client-id" | "maxage" | "version" | "maxcount" | "maxsize" | "numids" | "min-idle-time" => "integer",
        _ => "string",
    };
    Arg { name: name.to_string(), kind, ..Arg::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str, names: usize) -> (i8, i8, i8, i8) {
        let s = shape(line, names);
        (s.arity, s.first, s.last, s.step)
    }

    #[test]
    fn arity_and_keys_follow_from_the_line() {
        assert_eq!(of("GET key", 1), (2, 1, 1, 1));
        assert_eq!(of("MSET key value [key value ...]", 1), (-3, 1, -1, 2));
        assert_eq!(of("DEL key [key ...]", 1), (-2, 1, -1, 1));
        assert_eq!(of("COPY source destination [DB destination-db] [REPLACE]", 1), (-3, 1, 2, 1));
        assert_eq!(of("OBJECT ENCODING key", 2), (3, 2, 2, 1));
        assert_eq!(of("HSETEX key [FNX | FXX] FIELDS numfields field value [field value ...]", 1), (-6, 1, 1, 1));
        assert_eq!(of("PING [message]", 1), (-1, 0, 0, 0));
        assert_eq!(of("CLIENT REPLY <ON | OFF | SKIP>", 2), (3, 0, 0, 0));
        assert_eq!(of("CLIENT SETINFO <LIB-NAME libname | LIB-VER libver>", 2), (4, 0, 0, 0));
        assert_eq!(shape("CONFIG GET parameter [parameter ...]", 2).name, 10);
    }

    #[test]
    fn the_tree_knows_options_blocks_and_repetition() {
        let line = "key [FNX | FXX] [EX seconds | KEEPTTL] FIELDS numfields field value [field value ...]";
        let args = tree(line, &["condition", "expiration", "fields", "data"]);
        let kinds: Vec<_> = args.iter().map(|a| (a.name.as_str(), a.kind, a.optional)).collect();
        assert_eq!(
            kinds,
            [
                ("key", "key", false),
                ("condition", "oneof", true),
                ("expiration", "oneof", true),
                ("fields", "block", false),
            ]
        );
        assert_eq!(args[3].token.as_deref(), Some("FIELDS"));
        let data = &args[3].args[1];
        assert!(data.name == "data" && data.multiple && data.args.len() == 2);
        let args = tree("key [key ...]", &[]);
        assert!(args.len() == 1 && args[0].multiple && !args[0].optional);
        let args = tree("cursor [MATCH pattern] [COUNT count]", &[]);
        assert_eq!(args[1].token.as_deref(), Some("MATCH"));
        assert_eq!(args[2].kind, "integer");
    }
}
