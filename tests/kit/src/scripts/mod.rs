//! Sessions of scripts: what is sent, and how a text of a program is damaged and cut into pieces.

pub mod grammar;

use crate::random::Random;
use grammar::{Grammar, bytes};

pub const PLAYERS: usize = 2;

#[derive(Clone)]
pub struct Step {
    pub who: usize,
    pub what: What,
}

#[derive(Clone)]
pub enum What {
    Command(Vec<Vec<u8>>),
    /// FUNCTION RESTORE of what the server dumps, damaged from this seed.
    Restore(u64),
}

impl Step {
    /// The command, unless it has to be asked for first.
    pub fn command(self) -> Option<Vec<Vec<u8>>> {
        match self.what {
            What::Command(args) => Some(args),
            What::Restore(_) => None,
        }
    }
}

/// Keys that scripts are given.
const KEYS: [&str; 9] = ["k1", "k2", "k3", "h", "l", "z", "s", "is", "nokey"];

struct Writer<'a> {
    grammar: &'a Grammar,
    random: &'a mut Random,
    /// Sources that were sent.
    sources: Vec<Vec<u8>>,
    steps: Vec<Step>,
    who: usize,
    digest: Digest,
}

/// The SHA-1 of a text, in hexadecimal digits.
pub type Digest = fn(&[u8]) -> Vec<u8>;

pub fn generate(grammar: &Grammar, random: &mut Random, digest: Digest) -> Vec<Step> {
    let mut writer = Writer { grammar, random, sources: Vec::new(), steps: Vec::new(), who: 0, digest };
    for _ in 0..30 {
        if writer.random.one_in(8) {
            writer.who = 1 - writer.who;
        }
        writer.next();
    }
    writer.steps
}

impl Writer<'_> {
    fn send(&mut self, args: Vec<Vec<u8>>) {
        self.steps.push(Step { who: self.who, what: What::Command(args) });
    }

    fn words(&mut self, words: &[&str]) {
        self.send(words.iter().map(|word| word.as_bytes().to_vec()).collect());
    }

    fn next(&mut self) {
        match self.random.below(60) {
            0..34 => {
                let source = self.source();
                self.run("EVAL", source);
            }
            34..38 => {
                let source = self.source();
                self.run("EVAL_RO", source);
            }
            38..42 => {
                let source = self.source();
                let digest = (self.digest)(&source);
                if self.random.one_in(2) {
                    self.send(vec![b"SCRIPT".to_vec(), b"LOAD".to_vec(), source]);
                }
                let command = if self.random.one_in(4) { "EVALSHA_RO" } else { "EVALSHA" };
                self.run(command, digest);
            }
            42 => {
                let digest = match self.sources.len() {
                    0 => b"nosuch".to_vec(),
                    len => (self.digest)(&self.sources[self.random.below(len)]),
                };
                let digest = if self.random.one_in(3) { digest.to_ascii_uppercase() } else { digest };
                if self.random.one_in(2) {
                    self.send(vec![b"SCRIPT".to_vec(), b"EXISTS".to_vec(), digest, b"x".to_vec()]);
                } else {
                    self.run("EVALSHA", digest);
                }
            }
            43..48 => self.library(),
            48..54 => {
                let name = self.random.pick(&["f1", "f1", "f2", "f2", "f3", "F1", "nosuch"]);
                let command = self.random.pick(&["FCALL", "FCALL", "FCALL_RO"]);
                self.run(command, name.into());
            }
            54 => self.words(&["FUNCTION", "LIST", "LIBRARYNAME", "lib1", "WITHCODE"]),
            55 => {
                let library = self.random.pick(&["lib1", "lib2", "LIB9"]);
                self.words(&["FUNCTION", "DELETE", library]);
            }
            56 | 57 => {
                let seed = self.random.bits();
                self.steps.push(Step { who: self.who, what: What::Restore(seed) });
            }
            58 => {
                let word =
                    self.random.pick(&["MULTI", "EXEC", "EXEC", "SCRIPT FLUSH", "FUNCTION FLUSH", "FUNCTION STATS"]);
                self.words(&word.split(' ').collect::<Vec<_>>());
            }
            _ => {
                self.words(&["MULTI"]);
                for _ in 0..self.random.below(3) {
                    let source = self.source();
                    self.run("EVAL", source);
                }
                self.words(&["EXEC"]);
            }
        }
    }

    /// A script: now and then one that was sent already, or one with a first line of its own, or damaged.
    fn source(&mut self) -> Vec<u8> {
        if self.random.one_in(20) && !self.sources.is_empty() {
            return self.sources[self.random.below(self.sources.len())].clone();
        }
        let mut source = self.grammar.text("program", self.random).into_bytes();
        if self.random.one_in(12) {
            source = [first_line(self.random).as_bytes(), b"\n", &source].concat();
        }
        if self.random.one_in(12) {
            source = damage(self.random, &source);
        }
        self.sources.push(source.clone());
        source
    }

    fn run(&mut self, command: &str, what: Vec<u8>) {
        let mut args = vec![command.as_bytes().to_vec(), what];
        let keys = self.random.below(4);
        args.push(keys.to_string().into_bytes());
        for _ in 0..keys {
            args.push(if self.random.one_in(8) { bytes(self.random) } else { self.random.pick(&KEYS).into() });
        }
        for _ in 0..self.random.below(3) {
            args.push(bytes(self.random));
        }
        if self.random.one_in(60) {
            let count = ["-1", "x", "99", "1.5", "", "9999999999999999999", " 1"];
            args[2] = self.random.pick(&count).into();
        }
        self.send(args);
    }

    fn library(&mut self) {
        let name = self.random.pick(&["lib1", "lib1", "lib2", "LIB9"]);
        let mut head = format!("#!lua name={name}");
        if self.random.one_in(15) {
            let odd = [
                "#!lua",
                "#!lua name=",
                "#!LUA name=lib1",
                "#!js name=lib1",
                "#!lua name=a name=b",
                "#!lua x=1",
                "#!lua name=a-b",
                "",
                "#!lua  name=lib1 ",
                "#!lua name='lib1'",
                "#! name=lib1",
                "#!lua NAME=lib1",
                "#!lua name=\"li",
                "#!lua\tname=lib1",
            ];
            head = self.random.pick(&odd).into();
        }
        let mut source = (head + "\n" + &self.grammar.text("library", self.random)).into_bytes();
        if self.random.one_in(10) {
            source = damage(self.random, &source);
        }
        let mut args = vec![b"FUNCTION".to_vec(), b"LOAD".to_vec(), source];
        if self.random.one_in(2) {
            args.insert(2, b"REPLACE".to_vec());
        }
        self.send(args);
    }
}

fn first_line(random: &mut Random) -> String {
    let flags = [
        "no-writes",
        "allow-oom",
        "allow-stale",
        "no-cluster",
        "allow-cross-slot-keys",
        "nosuch",
        "",
        "no-writes",
        "NO-WRITES",
    ];
    let mut line = String::from(
        random.pick(&["#!lua", "#!lua", "#!lua", "#!lua", "#!lua", "#!lua", "#!LUA", "#!", "#! lua", "#!js"]),
    );
    for _ in 0..random.below(3) {
        line += random.pick(&[" ", " ", "  ", "\t"]);
        line += random.pick(&["flags=", "flags=", "flags=", "flags=", "FLAGS=", "name=x", "x", "flags"]);
        for n in 0..random.below(3) {
            line += if n > 0 { "," } else { "" };
            line += random.pick(&flags);
        }
    }
    line
}

/// The pieces that Lua's compiler would see, or about: names, numbers, texts in quotes, blanks, and signs.
pub fn tokens(text: &[u8]) -> Vec<&[u8]> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(&first) = rest.first() {
        let run = |is: fn(&u8) -> bool| rest.iter().take_while(|&byte| is(byte)).count();
        let len = match first {
            b'\'' | b'"' => {
                let mut at = 1;
                while at < rest.len() && rest[at] != first && rest[at] != b'\n' {
                    at += if rest[at] == b'\\' { 2 } else { 1 };
                }
                (at + 1).min(rest.len())
            }
            b' ' => run(|byte| *byte == b' '),
            _ if first.is_ascii_alphanumeric() => run(|byte| byte.is_ascii_alphanumeric() || *byte == b'_'),
            _ => 1,
        };
        tokens.push(&rest[..len]);
        rest = &rest[len..];
    }
    tokens
}

/// Some damage to what is behind the prelude: pieces that are missing, twice, in another place or others.
fn damage(random: &mut Random, source: &[u8]) -> Vec<u8> {
    const PIECES: [&str; 36] = [
        "end", "(", ")", "{", "}", "[", "]", "[[", "]]", "'", "\"", "--", "--[[", "=", "==", "~=", "..", "...", ".",
        ":", ";", ",", "local", "function", "return", "if", "then", "do", "while", "nil", "break", "~", "@", "\0",
        "\u{e9}", "0x",
    ];
    let prelude = include_bytes!("prelude.lua");
    let start = if source.starts_with(prelude) { prelude.len() } else { 0 };
    let mut tokens = tokens(&source[start..]);
    for _ in 0..1 + random.below(3) {
        if tokens.is_empty() {
            break;
        }
        let at = random.below(tokens.len());
        match random.below(6) {
            0 => drop(tokens.remove(at)),
            1 => tokens.insert(at, random.pick(&PIECES).as_bytes()),
            2 => tokens[at] = random.pick(&PIECES).as_bytes(),
            3 => tokens.insert(at, tokens[random.below(tokens.len())]),
            4 => tokens.truncate(at),
            _ => {
                let other = random.below(tokens.len());
                tokens.swap(at, other);
            }
        }
    }
    [&source[..start], &tokens.concat()].concat()
}

/// The arguments of FUNCTION RESTORE for what was dumped, some of it damaged, without a checksum, which is one that fits.
pub fn restore(seed: u64, mut payload: Vec<u8>) -> Vec<Vec<u8>> {
    let mut random = Random::new(seed);
    let body = payload.len() - 10;
    payload[body + 2..].fill(0);
    for _ in 0..random.below(3) {
        let at = random.below(body + 2);
        match random.below(4) {
            0 => payload[at] ^= 1 << random.below(8),
            1 => payload[at] = random.bits() as u8,
            2 if body > 0 => {
                // A length, of the first library.
                payload[1.min(body - 1)] = [0x40, 0x7f, 0x80, 0x81, 0xc0, 0xc1, 0xc2, 0xc3, 0xff, 0][random.below(10)];
            }
            _ => {
                if random.one_in(4) {
                    payload.truncate(random.below(payload.len()));
                    break;
                }
            }
        }
    }
    let mut args = vec![b"FUNCTION".to_vec(), b"RESTORE".to_vec(), payload];
    if random.one_in(2) {
        args.push(random.pick(&["FLUSH", "APPEND", "REPLACE", "replace", "nosuch"]).into());
    }
    args
}
