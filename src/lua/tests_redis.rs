//! Random scripts over the libraries that Redis adds. With `WAKEY_REDIS=host:port` a real server has to answer each of them alike;
//! without, they only must not panic. `WAKEY_SCRIPTS` says how many, `WAKEY_SEED` which.
//!
//! Left out: a metatable whose function encodes with the instance that is encoding. A server mixes the two texts; we do not.

use super::evaluate;
use std::cell::RefCell;
use testkit::random::Random;
use testkit::redis::Redis;

/// Shows what an expression gives, to the last bit that a script can see.
const PRELUDE: &str = r#"
local function show(v, deep)
  local kind = type(v)
  if kind == 'number' then return string.format('%.17g', v) end
  if kind == 'string' then
    return '"' .. (string.gsub(v, '[^ -~]', function(c) return string.format('\\x%02x', string.byte(c)) end)) .. '"'
  end
  if kind ~= 'table' then return kind == 'userdata' and tostring(v) or kind == 'boolean' and tostring(v) or kind end
  if (deep or 0) > 40 then return '...' end
  local fields = {}
  for key, value in pairs(v) do fields[#fields + 1] = show(key, (deep or 0) + 1) .. '=' .. show(value, (deep or 0) + 1) end
  table.sort(fields)
  return '{' .. table.concat(fields, ',') .. '}' .. (getmetatable(v) and show(getmetatable(v), 39) or '')
end
local function list(...)
  local shown = {}
  for i = 1, math.min(select('#', ...), 50) do shown[i] = show((select(i, ...))) end
  return select('#', ...) .. ':' .. table.concat(shown, ' ')
end
local function try(f) return list(pcall(f)) end
"#;

const TOGETHER: usize = 20;

struct Script<'a> {
    random: RefCell<&'a mut Random>,
    text: String,
}

impl Script<'_> {
    fn bits(&self) -> u64 {
        self.random.borrow_mut().bits()
    }

    fn below(&self, n: usize) -> usize {
        self.random.borrow_mut().below(n)
    }

    fn one_in(&self, n: usize) -> bool {
        self.random.borrow_mut().one_in(n)
    }

    fn pick<'t>(&self, of: &[&'t str]) -> &'t str {
        self.random.borrow_mut().pick(of)
    }

    fn add(&mut self, text: impl AsRef<str>) {
        self.text += text.as_ref();
    }

    fn one(&mut self, of: &[&str]) {
        let text = self.pick(of);
        self.text += text;
    }

    /// Some of what `each` gives, between commas.
    fn some(&mut self, most: usize, mut each: impl FnMut(&mut Self)) {
        for n in 0..self.below(most + 1) {
            self.add(if n > 0 { "," } else { "" });
            each(self);
        }
    }

    fn literal(&mut self, bytes: &[u8]) {
        self.add("'");
        for b in bytes {
            match b {
                b'\'' | b'\\' | ..=b' ' | 127.. => self.add(format!("\\{b:03}")),
                _ => self.text.push(*b as char),
            }
        }
        self.add("'");
    }

    fn number(&mut self) {
        match self.below(10) {
            0..3 => self.add((self.below(20) as i64 - 4).to_string()),
            3 => {
                let power = self.below(70);
                let more = self.below(5) as i64 - 2;
                let sign = if self.one_in(2) { "-" } else { "" };
                self.add(format!("({sign}2^{power}+{more})"));
            }
            4 => self.one(&[
                "1/0", "-1/0", "0/0", "-(0/0)", "0*-1", "1e300", "-1e300", "5e-324", "2^63", "-2^63", "1e14", "1e15",
            ]),
            5 => self.add(format!("{:e}", f64::from_bits(self.bits() & !(1 << 62) | (self.bits() & 1) << 61))),
            6 => self.add(format!("{}", (self.bits() >> self.below(64)) as f64)),
            7 => self.add(format!("{}", (self.below(20_000) as f64 - 10_000.0) / 8.0)),
            8 => self.add(format!("{}", self.below(100_000) as f64 / 1000.0)),
            _ => self.add(format!("{:e}", self.below(1 << 30) as f64 * 10f64.powi(self.below(40) as i32 - 20))),
        }
    }

    fn bytes(&mut self) -> Vec<u8> {
        let len = if self.one_in(30) { self.below(300) } else { self.below(9) };
        let alphabet: &[u8] = match self.below(4) {
            0 => b"abc",
            1 => b"abcdefghijklmnopqrstuvwxyz0123456789",
            2 => b"\"\\/\x08\x0c\n\r\t\0\x01\x1f\x7f\x80\xff \xc3\xa9'",
            _ => &[],
        };
        (0..len)
            .map(|_| if alphabet.is_empty() { self.bits() as u8 } else { alphabet[self.below(alphabet.len())] })
            .collect()
    }

    fn string(&mut self) {
        let bytes = self.bytes();
        self.literal(&bytes);
    }

    fn value(&mut self, deep: usize) {
        match self.below(if deep > 3 { 8 } else { 12 }) {
            0..3 => self.number(),
            3..5 => self.string(),
            5 => self.one(&["true", "false", "true", "false", "nil", "cjson.null"]),
            6 => self.one(&["'12'", "'0x1F'", "' 7 '", "'1e3'", "'x'", "''", "{}", "{{}}"]),
            7 => self.one(&["list", "nil", "{}", "1", "true", "''"]),
            _ => self.table(deep + 1),
        }
    }

    fn table(&mut self, deep: usize) {
        let marked = self.one_in(25);
        if marked {
            self.add("setmetatable(");
        }
        self.add("{");
        match self.below(8) {
            0..3 => self.some(5, |s| s.value(deep)),
            3 => self.some(if deep < 2 { 40 } else { 4 }, |s| s.number()),
            4..6 => self.some(5, |s| {
                s.add("[");
                s.string();
                s.add("]=");
                s.value(deep);
            }),
            6 => self.some(6, |s| {
                let key = s.below(if s.one_in(4) { 60 } else { 12 });
                s.add(format!("[{key}]="));
                s.value(deep);
            }),
            _ if self.one_in(10) => {
                // Alone, since where others stand beside it differs from run to run.
                self.add("[");
                self.one(&["{}", "{1}", "list", "cjson.null"]);
                self.add("]=1");
            }
            _ => {
                self.some(4, |s| {
                    s.add("[");
                    match s.below(5) {
                        0 => s.one(&[
                            "-1", "0", "1.5", "2^31", "2^32+5", "2^53", "1/0", "-1/0", "true", "false", "1e300",
                            "-2^40",
                        ]),
                        1 => s.string(),
                        2 => s.one(&["1", "2", "3", "'1'", "'2'"]),
                        3 => s.add(format!("{}", s.below(2000) as f64 / 8.0 + 0.125)),
                        _ => s.add(format!("{}", s.below(20) + 1)),
                    }
                    s.add("]=");
                    s.value(deep);
                });
            }
        }
        self.add("}");
        if marked {
            self.add(",");
            self.one(&[
                "{__is_cjson_array=true}",
                "{__is_cjson_array=false}",
                "{__is_cjson_array=1}",
                "{}",
                "{__index=function(t,k) return k end}",
                "setmetatable({},{__index={__is_cjson_array=true}})",
                "setmetatable({},{__index=function(t,k) return cmsgpack.pack(1) end})",
                "setmetatable({},{__index=function(t,k) cjson.new().encode({1,{2}}) return false end})",
                "setmetatable({},{__index=function(t,k) error(k) end})",
            ]);
            self.add(")");
        }
    }

    fn bit(&mut self) {
        self.add("bit.");
        self.one(&[
            "tobit", "tohex", "tohex", "bnot", "band", "bor", "bxor", "lshift", "rshift", "arshift", "rol", "ror",
            "bswap",
        ]);
        self.add("(");
        self.some(3, |s| if s.one_in(15) { s.value(3) } else { s.number() });
        self.add(")");
    }

    fn format(&mut self) -> String {
        let mut format = String::new();
        for _ in 0..self.below(6) {
            let options = [
                "b", "B", "h", "H", "l", "L", "T", "f", "d", "s", "x", "i", "I", "c", "c0", "c", "i", "I", " ", ">",
                "<", "!", "!", "Bc0",
            ];
            format += self.pick(&options);
            if self.one_in(3) {
                format += self.pick(&[
                    "1",
                    "2",
                    "3",
                    "4",
                    "5",
                    "7",
                    "8",
                    "9",
                    "16",
                    "32",
                    "0",
                    "33",
                    "99999999999",
                    "04",
                    "64",
                ]);
            }
            if self.one_in(60) {
                format +=
                    self.pick(&["=", "q", "\\0", "\\255", "-", "%", "n", "\\n", "@", "i2147483648", "c2147483647"]);
            }
        }
        format
    }

    fn pack(&mut self) {
        let format = self.format();
        self.add(format!("struct.pack('{format}'"));
        let mut options = format.chars().peekable();
        while let Some(option) = options.next() {
            match option {
                'b' | 'B' | 'h' | 'H' | 'l' | 'L' | 'T' | 'f' | 'd' | 'i' | 'I' | 's' | 'c' => self.add(","),
                _ => continue,
            }
            match option {
                _ if self.one_in(40) => self.value(3),
                's' => self.string(),
                'c' => {
                    let len = options.peek().and_then(|digit| digit.to_digit(10)).unwrap_or(1) as usize + self.below(3);
                    let bytes: Vec<u8> = (0..len).map(|_| self.bits() as u8).collect();
                    self.literal(&bytes);
                }
                _ => self.number(),
            }
        }
        self.add(")");
    }

    fn integer(&mut self) {
        match self.below(8) {
            0..5 => self.add((self.below(12) as i64 - 2).to_string()),
            5 => self.value(3),
            _ => self.number(),
        }
    }

    fn packed(&mut self) {
        match self.below(5) {
            0 => {
                self.add("struct.size('");
                let format = self.format();
                self.add(format);
                self.add("')");
            }
            1 => self.pack(),
            2 => {
                // What was packed, by the same format or another.
                let start = self.text.len();
                self.pack();
                let packed = self.text.split_off(start);
                let format = match self.one_in(3) {
                    true => self.format(),
                    false => packed[13..13 + packed[13..].find('\'').unwrap_or(0)].to_string(),
                };
                self.add(format!("struct.unpack('{format}',{packed}"));
                if self.one_in(3) {
                    self.add(",");
                    self.integer();
                }
                self.add(")");
            }
            _ => {
                let format = self.format();
                let bytes: Vec<u8> = (0..self.below(40)).map(|_| self.bits() as u8 >> self.below(8)).collect();
                self.add(format!("struct.unpack('{format}',"));
                self.literal(&bytes);
                if self.one_in(3) {
                    self.add(",");
                    self.integer();
                }
                self.add(")");
            }
        }
    }

    /// Settings of the instance `c`, with what they answer.
    fn setting(&mut self) {
        self.add("c.");
        match self.below(9) {
            0 | 1 => {
                self.add("encode_sparse_array(");
                self.some(4, |s| match s.below(12) {
                    0 => s.value(3),
                    1 => s.integer(),
                    2..7 => s.one(&["true", "false", "nil", "'on'", "'off'"]),
                    _ => s.one(&["0", "1", "2", "3", "5", "nil"]),
                });
            }
            2 | 3 => {
                self.one(&["encode_max_depth(", "decode_max_depth("]);
                self.some(1, |s| if s.one_in(4) { s.integer() } else { s.one(&["1", "2", "3", "4", "nil"]) });
            }
            4 => {
                self.add("encode_number_precision(");
                self.some(
                    1,
                    |s| if s.one_in(4) { s.integer() } else { s.one(&["1", "2", "3", "10", "13", "14", "15"]) },
                );
            }
            _ => {
                self.one(&[
                    "encode_keep_buffer(",
                    "encode_invalid_numbers(",
                    "decode_invalid_numbers(",
                    "decode_array_with_array_mt(",
                ]);
                self.some(1, |s| {
                    if s.one_in(5) { s.value(3) } else { s.one(&["true", "false", "'on'", "'off'", "'null'", "nil"]) }
                });
            }
        }
        self.add(")");
    }

    /// JSON, or nearly.
    fn json(&mut self, deep: usize, out: &mut Vec<u8>) {
        if self.one_in(60) {
            let odd = [
                "", "]", "}", ",", ":", "x", "\0", "'a'", "nul", "tru", "NULL", "[", "{", "\"", "\\", "\x0b", "/",
                "//", "\u{feff}", "+", ".5", "-", "- 1", "1 2", "\"a\" 1",
            ];
            out.extend_from_slice(self.pick(&odd).as_bytes());
        }
        if self.one_in(8) {
            out.extend_from_slice(self.pick(&[" ", "\n", "\t", "\r", "  "]).as_bytes());
        }
        match self.below(if deep > 4 { 7 } else { 11 }) {
            0 => out.extend_from_slice(self.pick(&["true", "false", "null"]).as_bytes()),
            1 | 2 => {
                let numbers = [
                    "0",
                    "-0",
                    "1",
                    "-1",
                    "12",
                    "1.5",
                    "1e5",
                    "1E-5",
                    "1e+",
                    "1.",
                    "-.5",
                    "0123",
                    "-012",
                    "00",
                    "0x10",
                    "-0x1p4",
                    "0x",
                    "inf",
                    "-inf",
                    "nan",
                    "-nan",
                    "NaN",
                    "INFINITY",
                    "+1",
                    "+inf",
                    "+nan",
                    "nan(1)",
                    "1e400",
                    "1e-400",
                    "123456789012345678901234",
                    "0.1e-2",
                    "0e1",
                    "1.2.3",
                    "--1",
                    "9007199254740993",
                    "-+1",
                    "0b1",
                    "1f",
                    "infinit",
                    "i",
                    "n",
                    "N",
                    "-n",
                    "+x",
                    "1e5e",
                ];
                out.extend_from_slice(self.pick(&numbers).as_bytes());
            }
            3 => out.extend_from_slice(format!("{}", self.below(100_000) as f64 / 64.0).as_bytes()),
            4..7 => self.json_string(out),
            7 | 8 => {
                out.push(b'[');
                for n in 0..self.below(4) {
                    if n > 0 {
                        out.push(b',');
                    }
                    self.json(deep + 1, out);
                }
                out.push(b']');
            }
            _ => {
                out.push(b'{');
                for n in 0..self.below(4) {
                    if n > 0 {
                        out.push(b',');
                    }
                    if self.one_in(60) {
                        self.json(deep + 1, out)
                    } else {
                        self.json_string(out)
                    }
                    out.push(b':');
                    self.json(deep + 1, out);
                }
                out.push(b'}');
            }
        }
        if self.one_in(20) {
            out.extend_from_slice(self.pick(&[" ", "\n", "\t", "\r"]).as_bytes());
        }
    }

    fn json_string(&mut self, out: &mut Vec<u8>) {
        out.push(b'"');
        for _ in 0..self.below(5) {
            let pieces = [
                "a",
                "b",
                "c",
                "abc",
                "1",
                "2",
                " ",
                "\\n",
                "\\t",
                "\\\"",
                "\\\\",
                "\\/",
                "\\b",
                "\\f",
                "\\r",
                "\\u0041",
                "\\u00e9",
                "\\u20AC",
                "\\ud83d\\ude00",
                "é",
                "\u{1}",
                "\u{7f}",
            ];
            let odd = [
                "\\x",
                "\\u12",
                "\\u12g4",
                "\\ud800",
                "\\udc00",
                "\\ud800\\u0041",
                "\\ud800\\ud800",
                "\\u0000",
                "\\",
                "\\u",
                "\0",
                "\\U0041",
                "\\ud800\\n",
                "\\uD7FF",
                "\\uffff",
                "\n",
            ];
            out.extend_from_slice(if self.one_in(40) { self.pick(&odd) } else { self.pick(&pieces) }.as_bytes());
        }
        out.push(b'"');
    }

    fn cjson(&mut self) {
        match self.below(10) {
            0..4 => {
                self.one(&["c.encode(", "c.encode(", "c.encode(c.decode(c.encode("]);
                let start = self.text.len();
                let nested = self.text[..start].ends_with("c.encode(c.decode(c.encode(");
                self.value(0);
                self.add(if nested { ")))" } else { ")" });
            }
            4 => {
                self.one(&["c.encode(", "c.decode(", "cjson.encode(", "c.new().decode("]);
                self.some(3, |s| s.value(3));
                self.add(")");
            }
            5 => {
                let depth = self.below(5);
                self.add(format!("(function() local t={{}} for i=1,{depth} do t={{t}} end return c.encode(t) end)()"));
            }
            turn => {
                let mut text = Vec::new();
                self.json(0, &mut text);
                if self.one_in(10) && !text.is_empty() {
                    text.truncate(self.below(text.len()));
                }
                if self.one_in(10) && !text.is_empty() {
                    let at = self.below(text.len());
                    text[at] =
                        if self.one_in(2) { self.bits() as u8 } else { b"{}[]\",:0e\\ntfi-+. \0"[self.below(19)] };
                }
                self.add(if turn == 9 { "c.encode(c.decode(" } else { "c.decode(" });
                self.literal(&text);
                self.add(if turn == 9 { "))" } else { ")" });
            }
        }
    }

    fn messages(&mut self) {
        match self.below(8) {
            0..3 => {
                let back = self.one_in(2);
                self.add(if back { "cmsgpack.unpack(cmsgpack.pack(" } else { "cmsgpack.pack(" });
                self.some(4, |s| s.value(0));
                self.add(if back { "))" } else { ")" });
            }
            3 => {
                let depth = 10 + self.below(10);
                let with = self.pick(&["{t}", "{a=t}", "{[t]=1}", "{1,t}", "{t,t.x}"]);
                self.add(format!(
                    "(function() local t={{}} for i=1,{depth} do t={with} end return cmsgpack.pack(t) end)()"
                ));
            }
            turn => {
                self.one(&["cmsgpack.unpack(", "cmsgpack.unpack(", "cmsgpack.unpack_one(", "cmsgpack.unpack_limit("]);
                if self.one_in(30) {
                    self.value(3);
                } else if turn == 4 {
                    self.add("cmsgpack.pack(");
                    self.value(0);
                    self.add(",");
                    self.value(0);
                    self.add(")");
                } else {
                    let mut bytes = Vec::new();
                    for _ in 0..self.below(8) {
                        self.message(0, &mut bytes);
                    }
                    if self.one_in(6) && !bytes.is_empty() {
                        bytes.truncate(self.below(bytes.len()));
                    }
                    if self.one_in(10) && !bytes.is_empty() {
                        let at = self.below(bytes.len());
                        bytes[at] = self.bits() as u8;
                    }
                    self.literal(&bytes);
                }
                if self.one_in(2) {
                    self.add(",");
                    self.integer();
                    if self.one_in(2) {
                        self.add(",");
                        self.integer();
                    }
                }
                self.add(")");
            }
        }
    }

    /// A message, mostly whole.
    fn message(&mut self, deep: usize, out: &mut Vec<u8>) {
        let mut body = |kind: u8, len: usize, s: &Self| {
            out.push(kind);
            out.extend((0..len).map(|_| s.bits() as u8 >> (s.below(3) * 3)));
        };
        match self.below(if deep > 3 { 8 } else { 12 }) {
            0 => body(0xCA + self.below(2) as u8, 4, self),
            1 => {
                let size = self.below(4) as u8;
                body(0xCC + size, 1 << size, self);
            }
            2 => {
                let size = self.below(4) as u8;
                body(0xD0 + size, 1 << size, self);
            }
            3 => {
                let len = self.below(6);
                body(0xA0 + len as u8, len, self);
            }
            4 => {
                let len = self.below(6) as u8;
                let heads = [vec![0xD9, len], vec![0xDA, 0, len], vec![0xDB, 0, 0, 0, len]];
                out.extend_from_slice(&heads[self.below(3)]);
                out.extend(std::iter::repeat_n(b'a' + len, len as usize));
            }
            5 => out.push([0xC0, 0xC2, 0xC3][self.below(3)]),
            6 | 7 => out.push(if self.one_in(20) { self.bits() as u8 } else { self.below(128) as u8 }),
            turn => {
                let len = self.below(4) as u8;
                let (small, large) = if turn < 10 { (0x90, 0xDC) } else { (0x80, 0xDE) };
                let heads = [vec![small | len], vec![large, 0, len], vec![large + 1, 0, 0, 0, len]];
                out.extend_from_slice(&heads[self.below(3)]);
                for _ in 0..len {
                    if turn >= 10 && self.one_in(3) {
                        self.message(deep + 1, out);
                    } else if turn >= 10 {
                        out.extend_from_slice(&[0xA1, b'a' + self.below(5) as u8]);
                    }
                    self.message(deep + 1, out);
                }
            }
        }
    }

    /// One of the programs, as an expression that shows what it gives.
    fn program(&mut self) {
        self.add("try(function() local c=cjson.new() ");
        let library = self.below(8);
        if (2..5).contains(&library) {
            for _ in 0..self.below(3) {
                self.add("local _=");
                self.setting();
                self.add(" ");
            }
        }
        self.add("return ");
        match library {
            0 => self.bit(),
            1 => self.packed(),
            2..5 if self.one_in(8) => self.setting(),
            2..5 => self.cjson(),
            5 => self.packed(),
            _ => self.messages(),
        }
        self.add(" end)");
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[test]
fn libraries_answer_as_a_server_does() {
    let number = |name, other| variable(name).map_or(other, |n| n.parse::<u64>().expect("a number"));
    let seed = number("WAKEY_SEED", 1);
    let mut redis = variable("WAKEY_REDIS").map(|address| Redis::connect(&address).expect("a server"));
    let programs = number("WAKEY_SCRIPTS", if redis.is_some() { 20_000 } else { 4_000 });
    let mut random = Random::new(seed);
    let mut differences = Vec::new();
    for _ in 0..programs / TOGETHER as u64 {
        let mut lines = Vec::new();
        for _ in 0..TOGETHER {
            let mut script = Script { random: RefCell::new(&mut random), text: String::new() };
            script.program();
            lines.push(script.text);
        }
        let source =
            format!("{PRELUDE}return {{\n{}}}", lines.iter().map(|line| format!("{line},\n")).collect::<String>());
        let ours = format!("{PRELUDE}return \n{}", lines.join(",\n"));
        let ours =
            evaluate(ours.as_bytes()).unwrap_or_else(|error| panic!("{}\n{ours}", String::from_utf8_lossy(&error)));
        let Some(redis) = &mut redis else {
            continue;
        };
        let theirs = redis.call(&[b"EVAL", source.as_bytes(), b"0"]).expect("an answer");
        assert!(!theirs.is_error(), "{}", theirs.text());
        for ((line, ours), theirs) in lines.iter().zip(ours).zip(theirs.items()) {
            if ours != theirs.bytes() {
                let (ours, theirs) = (String::from_utf8_lossy(&ours).into_owned(), theirs.text());
                differences.push(format!("{line}\n  ours   {ours}\n  theirs {theirs}"));
            }
        }
    }
    let shown = &differences[..differences.len().min(20)];
    assert!(differences.is_empty(), "{} differences\n{}", differences.len(), shown.join("\n"));
}

#[test]
fn garbage_panics_nowhere() {
    let mut random = Random::new(7);
    for _ in 0..300 {
        let mut script = Script { random: RefCell::new(&mut random), text: String::new() };
        for _ in 0..40 {
            let call = script.pick(&[
                "cjson.decode",
                "cjson.decode",
                "cmsgpack.unpack",
                "cmsgpack.unpack_one",
                "cmsgpack.unpack_limit",
                "struct.unpack",
                "struct.pack",
                "struct.size",
            ]);
            script.add(format!("pcall({call},"));
            let text: &[u8] = match &call[..4] {
                "cjso" => b"{}[]\",:\\u0d8c1e-+ntfi. \0",
                "stru" => b"bBhHlLTfdsxiIc0123456789><! =\0",
                _ => &[],
            };
            let bytes: Vec<u8> = (0..script.below(60))
                .map(|_| {
                    if text.is_empty() || script.one_in(20) {
                        script.bits() as u8
                    } else {
                        text[script.below(text.len())]
                    }
                })
                .collect();
            script.literal(&bytes);
            if call != "cjson.decode" {
                script.add(",");
                script.string();
                script.add(",");
                script.number();
            }
            script.add(")\n");
        }
        evaluate(script.text.as_bytes()).expect("errors are caught");
    }
}
