//! POSIX extended regular expressions over bytes, for ARGREP's RE: whether a text has a part that matches.
//!
//! A pattern becomes a program (Thompson), and the program runs through the text once, in all its states together: time grows with the
//! text times the states, never with their powers, and there is no way back. Jumps are relative, so that a part of a program can be
//! moved, and copied for an interval.
//!
//! ```text
//! a|b       split 1 3, a, jump 2, b            a*     split 1 3, a, jump -2
//! a{2,3}    a, a, split 1 2, a                 a+     a, split -1 1
//! ```
//!
//! Here are alternation, groups, `* + ? {n} {n,} {n,m} {,m}`, `.`, brackets with classes, `^ $`, and of what TRE has beyond POSIX: `\w \s
//! \d` and their opposites, `\t \n \r \f \a \e \xHH \x{H}`, `\< \> \b \B`, and `?` behind a repetition, which asks for the shortest and
//! changes nothing here. Left out: backreferences (which is said), collating elements, bytes above 127 in classes.

/// A longer pattern is refused.
pub const MAX_LEN: usize = 2048;
/// A pattern with more states is refused: intervals of intervals.
const MAX_STATES: usize = 4096;
/// The highest number in an interval.
const MAX_TIMES: usize = 255;

/// A set of bytes.
type Set = [u64; 4];

#[derive(Clone, Copy, Debug)]
enum Op {
    Byte(u8),
    Any,
    /// One of a set, by its number.
    Set(u16),
    Jump(i32),
    Split(i32, i32),
    At(Place),
    Match,
}

/// What is asked of a place between two bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    Start,
    End,
    WordStart,
    WordEnd,
    Border,
    NoBorder,
}

/// A pattern that was understood.
pub struct Regex {
    ops: Vec<Op>,
    sets: Vec<Set>,
}

/// What a run needs, to be used again.
#[derive(Default)]
pub struct Scratch {
    /// At which step each state was met.
    met: Vec<u64>,
    step: u64,
    now: Vec<u32>,
    then: Vec<u32>,
    open: Vec<u32>,
}

/// What is wrong with a pattern, in TRE's words.
type Parsed<T> = Result<T, &'static str>;

const BRACKET: &str = "Missing ']'";
const PAREN: &str = "Missing ')'";
const BRACE: &str = "Missing '}'";
const BRACES: &str = "Invalid contents of {}";
const REPETITION: &str = "Invalid use of repetition operators";
const MEMORY: &str = "Out of memory";

/// A class of characters, and which bytes are in it.
type Class = (&'static [u8], fn(u8) -> bool);

/// The classes that a bracket can name.
const CLASSES: [Class; 12] = [
    (b"alnum", |b| b.is_ascii_alphanumeric()),
    (b"alpha", |b| b.is_ascii_alphabetic()),
    (b"blank", |b| b == b' ' || b == b'\t'),
    (b"cntrl", |b| b.is_ascii_control()),
    (b"digit", |b| b.is_ascii_digit()),
    (b"graph", |b| b.is_ascii_graphic()),
    (b"lower", |b| b.is_ascii_lowercase()),
    (b"print", |b| b.is_ascii_graphic() || b == b' '),
    (b"punct", |b| b.is_ascii_punctuation()),
    (b"space", is_space),
    (b"upper", |b| b.is_ascii_uppercase()),
    (b"xdigit", |b| b.is_ascii_hexdigit()),
];

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | 9..=13)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// A group that is open.
struct Group {
    /// Where its program begins.
    start: usize,
    /// Where its last branch begins.
    branch: usize,
    /// The jumps behind its other branches, which lead to its end.
    jumps: Vec<usize>,
}

struct Parser<'a> {
    rest: &'a [u8],
    any_case: bool,
    regex: Regex,
}

impl Regex {
    /// Reads a pattern; the error is what is wrong with it.
    pub fn new(pattern: &[u8], any_case: bool) -> Parsed<Regex> {
        let mut parser = Parser { rest: pattern, any_case, regex: Regex { ops: Vec::new(), sets: Vec::new() } };
        parser.parse()?;
        parser.regex.ops.push(Op::Match);
        Ok(parser.regex)
    }

    /// Whether there is a backreference in a pattern, which no such program can follow.
    pub fn refers_back(pattern: &[u8]) -> bool {
        let mut bytes = pattern.iter();
        while let Some(byte) = bytes.next() {
            if *byte == b'\\' && bytes.next().is_some_and(|next| matches!(next, b'1'..=b'9')) {
                return true;
            }
        }
        false
    }

    /// Whether a part of the text matches. O(text * states).
    pub fn matches(&self, text: &[u8], scratch: &mut Scratch) -> bool {
        scratch.now.clear();
        scratch.met.clear();
        scratch.met.resize(self.ops.len(), 0);
        scratch.step = 0;
        for at in 0..=text.len() {
            scratch.step += 1;
            scratch.then.clear();
            // What was waiting here, and a match that begins here.
            let mut now = std::mem::take(&mut scratch.now);
            now.push(0);
            let found = now.iter().any(|&op| self.follow(op, text, at, scratch));
            scratch.now = now;
            if found {
                return true;
            }
            scratch.now.clear();
            let Some(&byte) = text.get(at) else { break };
            for &op in &scratch.then {
                if self.takes(op as usize, byte) {
                    scratch.now.push(op + 1);
                }
            }
        }
        false
    }

    fn takes(&self, op: usize, byte: u8) -> bool {
        match self.ops[op] {
            Op::Byte(wanted) => byte == wanted,
            Op::Any => true,
            Op::Set(set) => self.sets[set as usize][byte as usize / 64] >> (byte % 64) & 1 != 0,
            Op::Jump(_) | Op::Split(..) | Op::At(_) | Op::Match => false,
        }
    }

    /// Goes from a state to those that take a byte; whether one of them is the end.
    fn follow(&self, op: u32, text: &[u8], at: usize, scratch: &mut Scratch) -> bool {
        let Scratch { met, step, then, open, .. } = scratch;
        open.clear();
        open.push(op);
        while let Some(op) = open.pop() {
            if std::mem::replace(&mut met[op as usize], *step) == *step {
                continue;
            }
            let to = |by: i32| op.wrapping_add_signed(by);
            match self.ops[op as usize] {
                Op::Match => return true,
                Op::Jump(by) => open.push(to(by)),
                Op::Split(one, other) => open.extend([to(one), to(other)]),
                Op::At(place) if place.is_at(text, at) => open.push(op + 1),
                Op::At(_) => {}
                Op::Byte(_) | Op::Any | Op::Set(_) => then.push(op),
            }
        }
        false
    }
}

impl Place {
    fn is_at(self, text: &[u8], at: usize) -> bool {
        let before = at > 0 && is_word(text[at - 1]);
        let behind = text.get(at).is_some_and(|&byte| is_word(byte));
        match self {
            Place::Start => at == 0,
            Place::End => at == text.len(),
            Place::WordStart => !before && behind,
            Place::WordEnd => before && !behind,
            Place::Border => before != behind,
            Place::NoBorder => before == behind,
        }
    }
}

impl Parser<'_> {
    fn parse(&mut self) -> Parsed<()> {
        let mut groups = vec![Group { start: 0, branch: 0, jumps: Vec::new() }];
        // Where the last atom begins, which a repetition would repeat.
        let mut atom = None;
        while let Some(byte) = self.take() {
            let start = self.regex.ops.len();
            match byte {
                b'(' => {
                    groups.push(Group { start, branch: start, jumps: Vec::new() });
                    atom = None;
                    continue;
                }
                b'|' => {
                    let Some(group) = groups.last_mut() else { return Err(PAREN) };
                    let len = start - group.branch;
                    self.regex.ops.insert(group.branch, Op::Split(1, len as i32 + 2));
                    self.push(Op::Jump(0))?;
                    group.jumps.push(start + 1);
                    group.branch = start + 2;
                    atom = None;
                    continue;
                }
                b')' if groups.len() == 1 => return Err(PAREN),
                b')' => {
                    let Some(group) = groups.pop() else { return Err(PAREN) };
                    atom = Some(group.start);
                    self.close(group);
                }
                b'*' | b'+' | b'?' | b'{' => {
                    let Some(start) = atom else { return Err(REPETITION) };
                    self.repeat(byte, start)?;
                }
                _ => {
                    atom = Some(start);
                    self.atom(byte)?;
                }
            }
        }
        match groups.pop() {
            Some(group) if groups.is_empty() => self.close(group),
            _ => return Err(PAREN),
        }
        Ok(())
    }

    fn take(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// Takes a byte if it comes next.
    fn meet(&mut self, byte: u8) -> bool {
        let meets = self.rest.first() == Some(&byte);
        if meets {
            self.rest = &self.rest[1..];
        }
        meets
    }

    #[inline(never)]
    fn push(&mut self, op: Op) -> Parsed<()> {
        if self.regex.ops.len() >= MAX_STATES {
            return Err(MEMORY);
        }
        self.regex.ops.push(op);
        Ok(())
    }

    /// The branches of a group lead to its end.
    fn close(&mut self, group: Group) {
        let end = self.regex.ops.len();
        for jump in group.jumps {
            self.regex.ops[jump] = Op::Jump((end - jump) as i32);
        }
    }

    /// One byte, or what stands for one, or a place.
    fn atom(&mut self, byte: u8) -> Parsed<()> {
        match byte {
            b'.' => self.push(Op::Any),
            b'^' => self.push(Op::At(Place::Start)),
            b'$' => self.push(Op::At(Place::End)),
            b'[' => self.bracket(),
            b'\\' => self.escape(),
            byte => self.byte(byte),
        }
    }

    #[inline(never)]
    fn byte(&mut self, byte: u8) -> Parsed<()> {
        if self.any_case && byte.is_ascii_alphabetic() {
            let mut set = Set::default();
            add(&mut set, byte);
            return self.set(set, false);
        }
        self.push(Op::Byte(byte))
    }

    /// One of a set of bytes, or one that is not in it.
    #[inline(never)]
    fn set(&mut self, mut set: Set, negated: bool) -> Parsed<()> {
        if self.any_case {
            for byte in (0..128u8).filter(u8::is_ascii_alphabetic) {
                if set[byte as usize / 64] >> (byte % 64) & 1 != 0 {
                    add(&mut set, byte ^ 0x20);
                }
            }
        }
        if negated {
            set = set.map(|word| !word);
        }
        let number = self.regex.sets.iter().position(|other| *other == set).unwrap_or(self.regex.sets.len());
        if number == self.regex.sets.len() {
            self.regex.sets.push(set);
        }
        self.push(Op::Set(number as u16))
    }

    fn escape(&mut self) -> Parsed<()> {
        match self.take().ok_or("Trailing backslash")? {
            byte @ (b'w' | b'W') => self.set(of(Set::default(), is_word), byte == b'W'),
            byte @ (b's' | b'S') => self.set(of(Set::default(), is_space), byte == b'S'),
            byte @ (b'd' | b'D') => self.set(of(Set::default(), |byte| byte.is_ascii_digit()), byte == b'D'),
            b'<' => self.push(Op::At(Place::WordStart)),
            b'>' => self.push(Op::At(Place::WordEnd)),
            b'b' => self.push(Op::At(Place::Border)),
            b'B' => self.push(Op::At(Place::NoBorder)),
            b't' => self.byte(b'\t'),
            b'n' => self.byte(b'\n'),
            b'r' => self.byte(b'\r'),
            b'f' => self.byte(12),
            b'a' => self.byte(7),
            b'e' => self.byte(27),
            b'x' => {
                let braces = self.meet(b'{');
                let (mut value, mut digits) = (0, 0);
                while digits < if braces { 8 } else { 2 }
                    && let Some(digit) = self.rest.first().and_then(|&byte| (byte as char).to_digit(16))
                {
                    value = value << 4 | digit;
                    digits += 1;
                    self.rest = &self.rest[1..];
                }
                if braces && !self.meet(b'}') {
                    return Err(BRACE);
                }
                self.byte(u8::try_from(value).map_err(|_| "Invalid regexp")?)
            }
            byte => self.byte(byte),
        }
    }

    fn bracket(&mut self) -> Parsed<()> {
        let negated = self.meet(b'^');
        let mut set = Set::default();
        let mut first = true;
        loop {
            let byte = self.take().ok_or(BRACKET)?;
            match (byte, self.rest.first()) {
                (b']', _) if !first => break,
                (b'[', Some(b'=' | b'.')) => return Err("Unknown collating element"),
                (b'[', Some(b':')) => {
                    let end =
                        self.rest.windows(2).position(|two| two == b":]").ok_or("Unknown character class name")?;
                    let name = self.rest.get(1..end).unwrap_or_default();
                    let (_, test) =
                        CLASSES.iter().find(|(known, _)| *known == name).ok_or("Unknown character class name")?;
                    set = of(set, *test);
                    self.rest = &self.rest[end + 2..];
                }
                (_, Some(b'-')) if self.rest.get(1).is_some_and(|&next| next != b']') => {
                    let last = self.rest[1];
                    self.rest = &self.rest[2..];
                    if last < byte || last == b'[' && matches!(self.rest.first(), Some(b':' | b'=' | b'.')) {
                        return Err("Invalid character range");
                    }
                    (byte..=last).for_each(|byte| add(&mut set, byte));
                }
                _ => add(&mut set, byte),
            }
            first = false;
        }
        self.set(set, negated)
    }

    /// The atom that begins there so many times.
    fn repeat(&mut self, sign: u8, start: usize) -> Parsed<()> {
        let (least, most) = match sign {
            b'*' => (0, None),
            b'+' => (1, None),
            b'?' => (0, Some(1)),
            _ => self.interval()?,
        };
        self.meet(b'?');
        let part = self.regex.ops.split_off(start);
        let len = part.len();
        // An atom that must be there is followed by itself again, or not; else it is gone around.
        let copies = least.max(most.unwrap_or(1));
        if start + copies * (len + 1) + 2 > MAX_STATES {
            return Err(MEMORY);
        }
        for _ in 0..least {
            self.regex.ops.extend_from_slice(&part);
        }
        match most {
            None if least > 0 => self.push(Op::Split(-(len as i32), 1)),
            None => {
                self.push(Op::Split(1, len as i32 + 2))?;
                self.regex.ops.extend_from_slice(&part);
                self.push(Op::Jump(-(len as i32) - 1))
            }
            Some(most) => {
                for left in (1..=most - least).rev() {
                    self.push(Op::Split(1, (left * (len + 1)) as i32))?;
                    self.regex.ops.extend_from_slice(&part);
                }
                Ok(())
            }
        }
    }

    /// `n}`, `n,}`, `n,m}` or `,m}`.
    fn interval(&mut self) -> Parsed<(usize, Option<usize>)> {
        if !self.rest.contains(&b'}') {
            return Err(BRACE);
        }
        let least = self.times()?;
        let most = if self.meet(b',') { self.times()? } else { Some(least.ok_or(BRACES)?) };
        if !self.meet(b'}') {
            return Err(BRACES);
        }
        match (least, most) {
            (None, None) => Err(BRACES),
            (Some(least), Some(most)) if most < least => Err(BRACES),
            _ => Ok((least.unwrap_or(0), most)),
        }
    }

    fn times(&mut self) -> Parsed<Option<usize>> {
        let mut times = None;
        while let Some(digit) = self.rest.first().filter(|byte| byte.is_ascii_digit()) {
            let all = times.unwrap_or(0) * 10 + (digit - b'0') as usize;
            if all > MAX_TIMES {
                return Err(BRACES);
            }
            times = Some(all);
            self.rest = &self.rest[1..];
        }
        Ok(times)
    }
}

/// With all bytes for which a test holds.
#[inline(never)]
fn of(mut set: Set, test: fn(u8) -> bool) -> Set {
    for byte in 0..=127 {
        if test(byte) {
            add(&mut set, byte);
        }
    }
    set
}

#[inline(never)]
fn add(set: &mut Set, byte: u8) {
    set[byte as usize / 64] |= 1 << (byte % 64);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::dict::hashing::Rng;

    fn found(pattern: &str, text: &str) -> bool {
        let regex = Regex::new(pattern.as_bytes(), false).unwrap_or_else(|e| panic!("{pattern}: {e}"));
        regex.matches(text.as_bytes(), &mut Scratch::default())
    }

    #[test]
    fn patterns_match_as_posix_has_it() {
        let lines = [
            ("abc", "xabcx", true),
            ("abc", "abxc", false),
            ("^abc$", "abc", true),
            ("^abc$", "abcd", false),
            ("a|b|cd", "xcd", true),
            ("^(a|b|cd)$", "c", false),
            ("^(ab)+$", "ababab", true),
            ("^(ab)+$", "", false),
            ("^a{2,3}$", "a", false),
            ("^a{2,3}$", "aaa", true),
            ("^a{2,3}$", "aaaa", false),
            ("^a{2}$", "aa", true),
            ("^a{2,}b$", "aaaaab", true),
            ("^a{,2}$", "", true),
            ("^a{,2}$", "aaa", false),
            ("^a{0}$", "", true),
            ("^(a{2}){2}$", "aaaa", true),
            ("^[[:alpha:]_][[:alnum:]_]*$", "a_1", true),
            ("^[[:alpha:]_][[:alnum:]_]*$", "1a", false),
            ("^[^a-c]$", "d", true),
            ("^[^a-c]$", "b", false),
            ("^[]a]$", "]", true),
            ("^[^]a]$", "]", false),
            ("^[a-]$", "-", true),
            ("^[a\\]$", "\\", true),
            ("a.c", "a\nc", true),
            ("", "", true),
            ("()", "x", true),
            ("a||b", "", true),
            ("a*?b", "aab", true),
            (r"^\w+\s\d\D$", "ab_ 7x", true),
            (r"\<ab\>", "x ab!", true),
            (r"\<ab\>", "xab", false),
            (r"\bab\B", "ab", false),
            (r"a\.c", "abc", false),
            (r"\x41\x{42}", "AB", true),
            (r"^\t$", "\t", true),
            ("x^a", "xa", false),
            ("(^a|b$)c?", "zb", true),
        ];
        for (pattern, text, expected) in lines {
            assert_eq!(found(pattern, text), expected, "{pattern:?} in {text:?}");
        }
        let any_case = |pattern: &str, text: &str| {
            let regex = Regex::new(pattern.as_bytes(), true).unwrap_or_else(|e| panic!("{pattern}: {e}"));
            regex.matches(text.as_bytes(), &mut Scratch::default())
        };
        assert!(any_case("^aB[c-d][[:upper:]]$", "AbDx"));
        assert!(!any_case("^[^a]$", "A"));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let lines = [
            ("(a", PAREN),
            ("a)", PAREN),
            ("[a", BRACKET),
            ("[]", BRACKET),
            ("*a", REPETITION),
            ("a|*", REPETITION),
            ("(*)", REPETITION),
            ("a{", BRACE),
            ("a{x}", BRACES),
            ("a{3,2}", BRACES),
            ("a{256}", BRACES),
            ("a{,}", BRACES),
            ("a\\", "Trailing backslash"),
            ("[[:nope:]]", "Unknown character class name"),
            ("[[:]", "Unknown character class name"),
            ("[[=a=]]", "Unknown collating element"),
            ("[b-a]", "Invalid character range"),
            ("(((a{255}){255}){255}){255}", MEMORY),
            ("\\x{100}", "Invalid regexp"),
        ];
        for (pattern, expected) in lines {
            assert_eq!(Regex::new(pattern.as_bytes(), false).err(), Some(expected), "{pattern:?}");
        }
        assert!(Regex::refers_back(br"(a)\1") && !Regex::refers_back(br"\\1 \0"));
    }

    /// Patterns over which those with a way back never come to an end.
    #[test]
    fn nothing_blows_up() {
        let text = "a".repeat(20_000);
        for pattern in ["(a*)*b", "(a|a)*b", "(a?){50}a{50}b", "(((a*)*)*)*b", "(a|aa)+$b", "(x+x+)+y", "(.*)*(.*)*b"] {
            assert!(!found(pattern, &text), "{pattern}");
        }
        let deep = format!("{}a{}", "(".repeat(1000), ")*".repeat(524));
        assert!(Regex::new(deep.as_bytes(), false).is_err());
        let deep = format!("{}a{}", "(".repeat(680), ")*".repeat(680));
        assert!(found(&deep, &text));
        let wide = vec!["ab"; 680].join("|");
        assert!(found(&wide, "xab"));
    }

    /// A pattern as a tree, and the simplest way to match it: all ends that a part can have.
    enum Tree {
        Byte(u8),
        Any,
        Start,
        End,
        Row(Vec<Tree>),
        Either(Vec<Tree>),
        Times(Box<Tree>, usize, usize, &'static str),
    }

    impl Tree {
        fn random(rng: &mut Rng, depth: usize) -> Tree {
            match rng.below(if depth == 0 { 6 } else { 12 }) {
                0..=3 => Tree::Byte(b'a' + rng.below(2) as u8),
                4 => Tree::Any,
                5 => [Tree::Start, Tree::End].into_iter().nth(rng.below(2) as usize).expect("one of two"),
                6 | 7 => Tree::Row((0..rng.below(4)).map(|_| Tree::random(rng, depth - 1)).collect()),
                8 | 9 => Tree::Either((0..=rng.below(3)).map(|_| Tree::random(rng, depth - 1)).collect()),
                _ => {
                    let times =
                        [(0, 99, "*"), (1, 99, "+"), (0, 1, "?"), (2, 2, "{2}"), (1, 3, "{1,3}"), (2, 99, "{2,}")];
                    let (least, most, text) = times[rng.below(6) as usize];
                    Tree::Times(Box::new(Tree::random(rng, depth - 1)), least, most, text)
                }
            }
        }

        fn write(&self, out: &mut String) {
            match self {
                Tree::Byte(byte) => out.push(*byte as char),
                Tree::Any => out.push('.'),
                Tree::Start => out.push('^'),
                Tree::End => out.push('$'),
                Tree::Row(parts) => {
                    out.push('(');
                    parts.iter().for_each(|part| part.write(out));
                    out.push(')');
                }
                Tree::Either(parts) => {
                    out.push('(');
                    for (n, part) in parts.iter().enumerate() {
                        out.push_str(if n > 0 { "|" } else { "" });
                        part.write(out);
                    }
                    out.push(')');
                }
                Tree::Times(part, _, _, text) => {
                    out.push('(');
                    part.write(out);
                    out.push(')');
                    out.push_str(text);
                }
            }
        }

        fn ends(&self, text: &[u8], from: usize) -> Vec<usize> {
            let one = |holds: bool, to: usize| if holds { vec![to] } else { vec![] };
            match self {
                Tree::Byte(byte) => one(text.get(from) == Some(byte), from + 1),
                Tree::Any => one(from < text.len(), from + 1),
                Tree::Start => one(from == 0, from),
                Tree::End => one(from == text.len(), from),
                Tree::Row(parts) => parts.iter().fold(vec![from], |from, part| part.step(text, from)),
                Tree::Either(parts) => parts.iter().flat_map(|part| part.ends(text, from)).collect(),
                Tree::Times(part, least, most, _) => {
                    let (mut at, mut all) = (vec![from], Vec::new());
                    for n in 0..=*most {
                        if n >= *least {
                            let before = all.len();
                            all.extend(at.clone());
                            all.sort();
                            all.dedup();
                            if all.len() == before && n > *least {
                                break;
                            }
                        }
                        at = part.step(text, at);
                    }
                    all
                }
            }
        }

        fn step(&self, text: &[u8], from: Vec<usize>) -> Vec<usize> {
            let mut all: Vec<usize> = from.into_iter().flat_map(|from| self.ends(text, from)).collect();
            all.sort();
            all.dedup();
            all
        }
    }

    #[test]
    fn it_finds_what_the_simplest_way_finds() {
        let mut rng = Rng::new(1);
        let (mut yes, mut no, mut scratch) = (0, 0, Scratch::default());
        for _ in 0..4_000 {
            let tree = Tree::random(&mut rng, 4);
            let mut pattern = String::new();
            tree.write(&mut pattern);
            let Ok(regex) = Regex::new(pattern.as_bytes(), false) else { panic!("{pattern}") };
            for _ in 0..8 {
                let text: Vec<u8> = (0..rng.below(9)).map(|_| b'a' + rng.below(3) as u8).collect();
                let expected = (0..=text.len()).any(|from| !tree.ends(&text, from).is_empty());
                assert_eq!(regex.matches(&text, &mut scratch), expected, "{pattern} in {}", text.escape_ascii());
                if expected { yes += 1 } else { no += 1 }
            }
        }
        assert!(yes > 2_000 && no > 2_000, "{yes} matches, {no} others");
    }

    /// Any bytes are a pattern, or an error.
    #[test]
    fn garbage_is_refused_or_run() {
        let mut rng = Rng::new(2);
        let mut scratch = Scratch::default();
        for _ in 0..20_000 {
            let letters = b"ab()[]{}|*+?^$.\\-,:=019x<\xff";
            let pattern: Vec<u8> =
                (0..rng.below(20)).map(|_| letters[rng.below(letters.len() as u64) as usize]).collect();
            if let Ok(regex) = Regex::new(&pattern, rng.below(2) == 0) {
                regex.matches(b"ab(1x", &mut scratch);
            }
        }
    }
}
