//! Random texts from a grammar: `lua.grammar` says how it is written.

use crate::random::Random;
use std::collections::HashMap;

/// No text is much longer.
const LONGEST: usize = 2500;

pub struct Grammar {
    rules: Vec<Rule>,
    names: HashMap<&'static str, usize>,
}

struct Rule {
    choices: Vec<Choice>,
    /// The weights of all together.
    weight: usize,
}

struct Choice {
    weight: usize,
    parts: Vec<Part>,
    /// How deep it goes at least.
    height: usize,
}

enum Part {
    Text(String),
    Rule(usize),
    /// A literal that is made here: `QUOTED`, and so on.
    Literal(&'static str),
}

impl Grammar {
    pub fn read() -> Grammar {
        let text = include_str!("lua.grammar");
        let mut names = HashMap::from([("prelude", 0)]);
        let prelude = Part::Text(include_str!("prelude.lua").into());
        let mut rules = vec![Rule { choices: vec![Choice { weight: 1, parts: vec![prelude], height: 0 }], weight: 1 }];
        let is_choice = |line: &str| line.starts_with(|c: char| c.is_ascii_digit());
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        for name in lines.clone().filter(|line| !is_choice(line)) {
            let twice = names.insert(name, rules.len());
            assert!(twice.is_none(), "the rule {name} is there twice");
            rules.push(Rule { choices: Vec::new(), weight: 0 });
        }
        let mut rule = 0;
        for line in lines {
            if !is_choice(line) {
                rule = names[line];
                continue;
            }
            let (weight, text) = line.split_once(' ').unwrap_or((line, ""));
            let weight = weight.parse().expect("a weight");
            rules[rule].choices.push(Choice { weight, parts: parts(text, &names), height: usize::MAX });
            rules[rule].weight += weight;
        }
        let mut grammar = Grammar { rules, names };
        grammar.measure();
        grammar
    }

    /// Works the heights out, from what is flat to what stands on it.
    fn measure(&mut self) {
        for height in 0.. {
            let lowest = |rule: &Rule| rule.choices.iter().map(|choice| choice.height).min().unwrap_or(usize::MAX);
            let known: Vec<usize> = self.rules.iter().map(lowest).collect();
            if known.iter().all(|&height| height < usize::MAX) && height > self.rules.len() {
                return;
            }
            assert!(height < 1000, "a rule has no end: {known:?}");
            for choice in self.rules.iter_mut().flat_map(|rule| &mut rule.choices) {
                let below = choice.parts.iter().map(|part| if let Part::Rule(rule) = part { known[*rule] } else { 0 });
                choice.height = below.max().unwrap_or(0).saturating_add(1).min(choice.height);
            }
        }
    }

    /// A text that the rule of this name gives.
    pub fn text(&self, name: &str, random: &mut Random) -> String {
        let mut out = String::new();
        let deepest = 3 + random.below(9);
        self.expand(self.names[name], deepest, random, &mut out);
        out
    }

    fn expand(&self, rule: usize, deep: usize, random: &mut Random, out: &mut String) {
        let rule = &self.rules[rule];
        let choice = if deep == 0 || out.len() > LONGEST {
            let lowest = rule.choices.iter().map(|choice| choice.height).min();
            let low: Vec<&Choice> = rule.choices.iter().filter(|choice| Some(choice.height) == lowest).collect();
            low[random.below(low.len())]
        } else {
            let mut at = random.below(rule.weight);
            let found = rule.choices.iter().find(|choice| {
                let here = at < choice.weight;
                at = at.wrapping_sub(choice.weight);
                here
            });
            found.expect("weights add up")
        };
        for part in &choice.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Rule(rule) => self.expand(*rule, deep.saturating_sub(1), random, out),
                Part::Literal("QUOTED") => quote(&bytes(random), out),
                Part::Literal("INTEGER") => *out += &integer(random),
                Part::Literal(_) => *out += &double(random),
            }
        }
    }
}

fn parts(text: &'static str, names: &HashMap<&'static str, usize>) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match (c, rest.bytes().next()) {
            ('$', Some(b'$')) => plain.push('$'),
            ('\\', Some(b'n')) => plain.push('\n'),
            ('\\', Some(b's')) => plain.push(' '),
            ('\\', Some(b'\\')) => plain.push('\\'),
            ('$', _) => {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
                // A rule in front of a text is told by its name: the longest that there is.
                let name = (1..=end).rev().map(|end| &rest[..end]);
                let name = name.clone().find(|name| names.contains_key(name) || LITERALS.contains(name));
                let name = name.unwrap_or_else(|| panic!("there is no rule for ${rest}"));
                rest = &rest[name.len()..];
                parts.push(Part::Text(std::mem::take(&mut plain)));
                parts.push(names.get(name).map_or(Part::Literal(name), |&rule| Part::Rule(rule)));
                continue;
            }
            _ => {
                plain.push(c);
                continue;
            }
        }
        rest = &rest[1..];
    }
    parts.push(Part::Text(plain));
    parts
}

const LITERALS: [&str; 3] = ["QUOTED", "INTEGER", "DOUBLE"];

/// Bytes as Lua writes them.
pub fn quote(bytes: &[u8], out: &mut String) {
    out.push('\'');
    for &byte in bytes {
        match byte {
            b'\'' | b'\\' | ..b' ' | 127.. => *out += &format!("\\{byte:03}"),
            _ => out.push(byte as char),
        }
    }
    out.push('\'');
}

/// A short text out of one of some alphabets.
pub fn bytes(random: &mut Random) -> Vec<u8> {
    let len = if random.one_in(30) { random.below(80) } else { random.below(8) };
    let alphabet: &[u8] = match random.below(5) {
        0 | 1 => b"abc",
        2 => b"abcdefghijklmnopqrstuvwxyz0123456789",
        3 => b"%-+*?[]^$().,'\"\\ ab\n\r\0\xff",
        _ => b"",
    };
    let all = |random: &mut Random| match alphabet.len() {
        0 => random.bits() as u8,
        len => alphabet[random.below(len)],
    };
    (0..len).map(|_| all(random)).collect()
}

fn integer(random: &mut Random) -> String {
    match random.below(10) {
        0..6 => (random.below(20) as i64 - 4).to_string(),
        6 | 7 => (random.below(2000) as i64 - 1000).to_string(),
        8 => format!("{}", (random.bits() >> random.below(64)) as f64),
        _ => (random.bits() >> random.below(64)).to_string(),
    }
}

fn double(random: &mut Random) -> String {
    match random.below(6) {
        0 => format!("{}", (random.below(20_000) as f64 - 10_000.0) / 8.0),
        1 => format!("{}", random.below(100_000) as f64 / 1000.0),
        2 => format!("{:e}", random.below(1 << 30) as f64 * 10f64.powi(random.below(40) as i32 - 20)),
        3 => {
            let double = f64::from_bits(random.bits());
            if double.is_finite() { format!("{double:e}") } else { "1e999".into() }
        }
        4 => format!("(2^{}{:+})", random.below(70), random.below(5) as i64 - 2),
        _ => format!("{}", random.below(10) as f64 + 0.5),
    }
}
