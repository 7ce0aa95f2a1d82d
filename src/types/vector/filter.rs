//! VSIM's FILTER: expressions about the attributes of elements, such as `.year > 1980 and "jazz" in .genres`.
//!
//! An expression is read once, into operands and operators in the order in which a stack takes them (Dijkstra's shunting yard), and run
//! for each element over the text of its attributes, which is JSON. Nothing is built for that: a list stays the text that it was read
//! as, in the expression or in the attributes. All depth is that of explicit stacks, no longer than the expression.
//!
//! Values are numbers, strings, null and lists. Where a number is wanted, a string is the number that it spells, and anything else 0;
//! so are values of two kinds equal whose numbers are, but null only to null. What has no such field, or an object there, matches
//! nothing. Strings of an expression are taken as they are written, those of attributes with their escapes resolved.

use crate::types::copy::grow;
use crate::types::double;
use crate::types::trig::rest;
use std::borrow::Cow;

/// How tight an operator binds, in steps that grow; the name that it is written with. What another one begins with comes behind it.
const OPERATORS: [(&[u8], u8, Op); 22] = [
    (b"**", 6, Op::Power),
    (b"*", 5, Op::Times),
    (b"/", 5, Op::Over),
    (b"%", 5, Op::Rest),
    (b"+", 4, Op::Plus),
    (b"-", 4, Op::Minus),
    (b">=", 3, Op::AtLeast),
    (b">", 3, Op::Greater),
    (b"<=", 3, Op::AtMost),
    (b"<", 3, Op::Less),
    (b"==", 3, Op::Equal),
    (b"!=", 3, Op::Unequal),
    (b"in", 3, Op::In),
    (b"and", 2, Op::And),
    (b"&&", 2, Op::And),
    (b"or", 1, Op::Or),
    (b"||", 1, Op::Or),
    (b"not", 7, Op::Not),
    (b"!", 7, Op::Not),
    (b"(", 0, Op::Open),
    (b")", 0, Op::Close),
    (b"", 0, Op::Close),
];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Op {
    Power,
    Times,
    Over,
    Rest,
    Plus,
    Minus,
    AtLeast,
    Greater,
    AtMost,
    Less,
    Equal,
    Unequal,
    In,
    And,
    Or,
    Not,
    Open,
    Close,
}

/// What is done next. Strings, lists and fields are places in the expression.
#[derive(Clone, Copy)]
enum Step {
    Number(f64),
    Null,
    Text(usize, usize),
    List(usize, usize),
    Field(usize, usize),
    Do(Op),
}

/// An expression that was read.
pub struct Filter {
    text: Vec<u8>,
    steps: Vec<Step>,
}

#[derive(Clone)]
enum Value<'a> {
    Number(f64),
    Text(Cow<'a, [u8]>),
    Null,
    /// The text between its brackets, and whether it is JSON.
    List(&'a [u8], bool),
}

/// Where a token is wrong: what is behind it, or nothing where it is not one token that is wrong.
type Wrong = usize;

impl Filter {
    /// What each byte of an expression may take, at most: a step, its value, and as much again in vectors that grow.
    pub const BYTES: usize = 128;

    /// Reads an expression. Where it is wrong: from where on it is shown.
    pub fn new(text: &[u8]) -> Result<Filter, usize> {
        let shown = |at: Wrong| if at >= text.len() { 0 } else { at };
        let mut read = Reader { text, at: 0, steps: Vec::new(), waiting: Vec::new(), depth: 0 };
        read.tokens().map_err(shown)?;
        Ok(Filter { text: text.to_vec(), steps: read.steps })
    }

    /// Whether these attributes match.
    pub fn passes(&self, attributes: &[u8]) -> bool {
        self.run(attributes).is_some_and(|value| value.is_true())
    }

    fn run<'a>(&'a self, attributes: &'a [u8]) -> Option<Value<'a>> {
        let mut stack: Vec<Value<'a>> = Vec::with_capacity(8);
        for step in &self.steps {
            let value = match *step {
                Step::Number(number) => Value::Number(number),
                Step::Null => Value::Null,
                Step::Text(start, end) => Value::Text(Cow::Borrowed(&self.text[start..end])),
                Step::List(start, end) => Value::List(&self.text[start..end], false),
                Step::Field(start, end) => field(attributes, &self.text[start..end])?,
                Step::Do(op) => {
                    let right = stack.pop()?;
                    let left = if op == Op::Not { Value::Null } else { stack.pop()? };
                    apply(op, &left, &right)
                }
            };
            stack.push(value);
        }
        stack.pop()
    }
}

/// Reads tokens, and orders them.
struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    steps: Vec<Step>,
    waiting: Vec<(u8, Op)>,
    /// Values that the stack holds when the steps so far are done.
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(0)
    }

    /// Goes on while bytes are such.
    fn skip(&mut self, such: impl Fn(u8) -> bool) {
        while self.at < self.text.len() && such(self.text[self.at]) {
            self.at += 1;
        }
    }

    fn tokens(&mut self) -> Result<(), Wrong> {
        // Whether a value ended just now, so that a minus is an operator.
        let mut behind_value = false;
        let whole = self.text.len();
        loop {
            self.skip(is_space);
            if self.at >= self.text.len() {
                break;
            }
            let start = self.at;
            let next = self.text.get(start + 1).copied().unwrap_or(0);
            let first = self.peek();
            if first.is_ascii_digit() || first == b'-' && next.is_ascii_digit() && !behind_value {
                let number = self.number()?;
                self.value(Step::Number(number));
            } else if first == b'"' || first == b'\'' {
                let (start, end) = self.quoted()?;
                self.value(Step::Text(start, end));
            } else if first == b'.' && (next == 0 || is_name(next)) {
                self.at += 1;
                self.skip(is_name);
                self.value(Step::Field(start + 1, self.at));
            } else if first == b'[' {
                self.list()?;
                self.value(Step::List(start + 1, self.at - 1));
            } else if self.is_null() {
                self.at += 4;
                self.value(Step::Null);
            } else {
                let op = self.operator()?;
                self.order(op).ok_or(whole)?;
                behind_value = op.1 == Op::Close;
                continue;
            }
            behind_value = true;
        }
        while let Some((_, op)) = self.waiting.pop() {
            if op == Op::Open {
                return Err(whole);
            }
            self.emit(op).ok_or(whole)?;
        }
        if self.depth == 1 { Ok(()) } else { Err(whole) }
    }

    fn value(&mut self, step: Step) {
        self.steps.push(step);
        self.depth += 1;
    }

    fn number(&mut self) -> Result<f64, Wrong> {
        let start = self.at;
        self.at += 1;
        self.skip(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E'));
        spelled(&self.text[start..self.at]).ok_or(self.at)
    }

    fn quoted(&mut self) -> Result<(usize, usize), Wrong> {
        let (start, quote) = (self.at + 1, self.peek());
        self.at = start;
        while self.at < self.text.len() && self.peek() != quote {
            self.at += if self.peek() == b'\\' { 2 } else { 1 };
        }
        if self.at >= self.text.len() {
            return Err(self.at);
        }
        self.at += 1;
        Ok((start, self.at - 1))
    }

    /// A list of numbers and strings.
    fn list(&mut self) -> Result<(), Wrong> {
        self.at += 1;
        loop {
            self.skip(is_space);
            match self.peek() {
                b']' => break,
                b'"' | b'\'' => drop(self.quoted()?),
                b'-' | b'0'..=b'9' => drop(self.number()?),
                _ => return Err(self.at),
            }
            self.skip(is_space);
            match self.peek() {
                b',' => self.at += 1,
                b']' => break,
                _ => return Err(self.at),
            }
        }
        self.at += 1;
        Ok(())
    }

    fn is_null(&self) -> bool {
        let rest = &self.text[self.at..];
        rest.starts_with(b"null") && !rest.get(4).is_some_and(|b| b.is_ascii_alphabetic())
    }

    fn operator(&mut self) -> Result<(u8, Op), Wrong> {
        const SIGNS: &[u8] = b"+-*%/!()<>=|&";
        let rest = &self.text[self.at..];
        let found = OPERATORS.iter().find(|(name, ..)| rest.starts_with(name));
        match found {
            Some(&(name, tightness, op)) if !name.is_empty() => {
                self.at += name.len();
                Ok((tightness, op))
            }
            _ => {
                let is_word = rest[0].is_ascii_alphabetic();
                self.skip(|b| if is_word { b.is_ascii_alphabetic() } else { SIGNS.contains(&b) });
                Err(self.at)
            }
        }
    }

    /// An operator waits for its right side; those that bind as tight are done first.
    fn order(&mut self, (tightness, op): (u8, Op)) -> Option<()> {
        if op == Op::Open {
            self.waiting.push((tightness, op));
            return Some(());
        }
        while let Some(&(waiting, other)) = self.waiting.last() {
            let first = if op == Op::Power { waiting > tightness } else { waiting >= tightness };
            if other == Op::Open || !first {
                break;
            }
            self.waiting.pop();
            self.emit(other)?;
        }
        if op == Op::Close {
            return self.waiting.pop().map(|_| ());
        }
        self.waiting.push((tightness, op));
        Some(())
    }

    fn emit(&mut self, op: Op) -> Option<()> {
        let takes = if op == Op::Not { 1 } else { 2 };
        self.depth = self.depth.checked_sub(takes)? + 1;
        self.steps.push(Step::Do(op));
        Some(())
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | 9..=13)
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// The number that all of a text spells.
fn spelled(text: &[u8]) -> Option<f64> {
    let (number, len) = double::prefix(text);
    (len == text.len() && len > 0).then_some(number)
}

impl Value<'_> {
    fn is_true(&self) -> bool {
        match self {
            Value::Number(number) => *number != 0.0,
            Value::Text(text) => !text.is_empty(),
            Value::Null => false,
            Value::List(..) => true,
        }
    }

    fn number(&self) -> f64 {
        match self {
            Value::Number(number) => *number,
            Value::Text(text) => spelled(text).unwrap_or(0.0),
            Value::Null | Value::List(..) => 0.0,
        }
    }

    fn equals(&self, other: &Value<'_>) -> bool {
        match (self, other) {
            (Value::Text(a), Value::Text(b)) => a == b,
            (Value::Null, _) | (_, Value::Null) => matches!((self, other), (Value::Null, Value::Null)),
            _ => self.number() == other.number(),
        }
    }

    fn is_in(&self, other: &Value<'_>) -> bool {
        match (self, other) {
            (_, Value::List(text, json)) => {
                let mut rest = *text;
                while let Some(element) = element(&mut rest, *json) {
                    if self.equals(&element) {
                        return true;
                    }
                }
                false
            }
            (Value::Text(a), Value::Text(b)) => a.is_empty() || b.windows(a.len()).any(|part| part == &**a),
            _ => false,
        }
    }
}

fn apply<'a>(op: Op, left: &Value<'_>, right: &Value<'_>) -> Value<'a> {
    let (a, b) = (left.number(), right.number());
    let truth = |is: bool| is as u8 as f64;
    Value::Number(match op {
        Op::Power => a.powf(b),
        Op::Times => a * b,
        Op::Over => a / b,
        Op::Rest => rest(a, b),
        Op::Plus => a + b,
        Op::Minus => a - b,
        Op::AtLeast => truth(a >= b),
        Op::Greater => truth(a > b),
        Op::AtMost => truth(a <= b),
        Op::Less => truth(a < b),
        Op::Equal => truth(left.equals(right)),
        Op::Unequal => truth(!left.equals(right)),
        Op::In => truth(left.is_in(right)),
        Op::And => truth(left.is_true() && right.is_true()),
        Op::Or => truth(left.is_true() || right.is_true()),
        Op::Not | Op::Open | Op::Close => truth(!right.is_true()),
    })
}

/// Lists in lists are looked at so deep.
const DEEPEST: u32 = 16;

/// The value of a field of the object that a text is; none where there is no such field, or an object there.
fn field<'a>(json: &'a [u8], name: &[u8]) -> Option<Value<'a>> {
    let mut rest = json.trim_ascii_start().strip_prefix(b"{")?;
    loop {
        rest = rest.trim_ascii_start();
        let (key, behind) = string(rest).filter(|_| rest[0] == b'"')?;
        rest = behind.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
        if key == name {
            return value(&mut rest, true, DEEPEST);
        }
        skip(&mut rest)?;
        rest = rest.trim_ascii_start().strip_prefix(b",")?;
    }
}

/// The next element of a list.
fn element<'a>(rest: &mut &'a [u8], json: bool) -> Option<Value<'a>> {
    *rest = rest.trim_ascii_start();
    // What is within it was looked at when the list was read.
    let found = value(rest, json, 0)?;
    *rest = rest.trim_ascii_start();
    *rest = rest.strip_prefix(b",").unwrap_or(rest);
    Some(found)
}

/// The inside of a quoted string, escapes as they are, and what is behind it.
fn string(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&quote, inner) = text.split_first()?;
    let mut at = 0;
    while *inner.get(at)? != quote {
        at += if inner[at] == b'\\' { 2 } else { 1 };
    }
    matches!(quote, b'"' | b'\'').then(|| (&inner[..at], &inner[at + 1..]))
}

/// A value at the beginning of a text, which goes on behind it. Lists are looked at so deep, and must be lists there.
fn value<'a>(rest: &mut &'a [u8], json: bool, depth: u32) -> Option<Value<'a>> {
    let start = *rest;
    match start.first()? {
        b'"' | b'\'' if !json || start[0] == b'"' => {
            let (inner, behind) = string(start)?;
            *rest = behind;
            Some(Value::Text(if json && inner.contains(&b'\\') { Cow::Owned(unescaped(inner)?) } else { inner.into() }))
        }
        b'{' => None,
        b'[' => {
            skip(rest)?;
            let inner = start[1..start.len() - rest.len() - 1].trim_ascii();
            let mut left = if depth > 0 { inner } else { b"" };
            while !left.is_empty() {
                value(&mut left, json, depth - 1)?;
                left = left.trim_ascii_start();
                if !left.is_empty() {
                    left = left.strip_prefix(b",")?.trim_ascii_start();
                }
            }
            Some(Value::List(inner, json))
        }
        _ => {
            skip(rest)?;
            Some(match &start[..start.len() - rest.len()] {
                b"true" => Value::Number(1.0),
                b"false" => Value::Number(0.0),
                b"null" => Value::Null,
                text if matches!(text.first(), Some(b'-' | b'+' | b'0'..=b'9')) => Value::Number(spelled(text)?),
                _ => return None,
            })
        }
    }
}

/// Goes on behind a value.
fn skip(rest: &mut &[u8]) -> Option<()> {
    let mut depth = 0;
    loop {
        match rest.first() {
            Some(b'"' | b'\'') => *rest = string(rest)?.1,
            Some(b'[' | b'{') => {
                depth += 1;
                *rest = &rest[1..];
            }
            Some(b']' | b'}') if depth > 0 => {
                depth -= 1;
                *rest = &rest[1..];
            }
            Some(b',' | b':') if depth > 0 => *rest = &rest[1..],
            Some(_) => {
                let len = rest.iter().take_while(|b| !b"[]{},:\"' \t\r\n".contains(b)).count();
                *rest = if len == 0 && depth > 0 { &rest[1..] } else { &rest[len..] };
            }
            None => return (depth == 0).then_some(()),
        }
        if depth == 0 {
            return Some(());
        }
    }
}

/// A string of JSON with its escapes resolved; none where there is no memory for it.
fn unescaped(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    if !grow(&mut out, text.len()) {
        return None;
    }
    let mut at = 0;
    while at < text.len() {
        let byte = text[at];
        at += 1;
        if byte != b'\\' || at == text.len() {
            out.push(byte);
            continue;
        }
        out.push(match text[at] {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            other => other,
        });
        at += 1;
    }
    Some(out)
}
