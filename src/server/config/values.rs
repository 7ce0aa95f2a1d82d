//! Values of parameters: how each kind reads one, how it is shown, and what is wrong with another.

use super::{INT, Setting};
use crate::keyspace::class;
use crate::types::double;
use crate::types::number::parse_int;

/// Reads a value of this kind, where `standing` is what the parameter has, or says what is wrong with it. `whose`: what came with
/// Redis 8.8 is here, and what is here is Valkey's.
pub fn read(kind: &'static str, bytes: &[u8], standing: &[u8], whose: (bool, bool)) -> Result<Setting, String> {
    let value = &*String::from_utf8_lossy(bytes);
    let (kind, rest) = kind.split_once(':').unwrap_or((kind, ""));
    match kind {
        "int" => between(parse_int(bytes).ok_or("argument couldn't be parsed into an integer")?, rest),
        "mem" => between(memory(value).ok_or("argument must be a memory value")?, rest),
        "bool" => match word("no,yes", value) {
            Some((place, word)) => Ok(Setting::new(place, word)),
            None => Err("argument must be 'yes' or 'no'".to_string()),
        },
        "word" => match word(rest, value) {
            Some((place, word)) => Ok(Setting::new(place, word)),
            None => Err(none_of(rest)),
        },
        "text" => Ok(Setting::new(0, bytes)),
        _ => read_rare(kind, rest, bytes, standing, whose),
    }
}

/// As `read`, for the other kinds. Apart from it, because each engine that opens reads some two hundred defaults, and V8 sets out to optimise a
/// function as long as both that runs so often: 8 to 16 ms of the processor, for nothing.
#[inline(never)]
fn read_rare(
    kind: &str,
    rest: &'static str,
    bytes: &[u8],
    standing: &[u8],
    whose: (bool, bool),
) -> Result<Setting, String> {
    let value = &*String::from_utf8_lossy(bytes);
    match kind {
        "words" => words(rest, value),
        "events" => events(value, whose),
        "percentiles" => percentiles(value),
        "limits" => limits(&String::from_utf8_lossy(standing), value),
        "save" => save_points(value),
        "share" => share(value),
        "bytes" => {
            let bytes = unsigned(value).ok_or("argument must be a memory value")?;
            Ok(Setting::new(i64::try_from(bytes).unwrap_or(i64::MAX), bytes.to_string()))
        }
        "oom" => scores(value),
        _ => match refuse_text(kind, value) {
            "" => Ok(Setting::new(0, bytes)),
            reason => Err(reason.to_string()),
        },
    }
}

/// A number within bounds that are written `MIN:MAX`, and brought within those behind them.
fn between(number: i64, bounds: &str) -> Result<Setting, String> {
    let mut bounds = bounds.split(':').map(|bound| match bound {
        "" => None,
        "i" => Some(INT),
        "-i" => Some(-INT - 1),
        "u" => Some(u32::MAX as i64),
        digits => digits.parse().ok(),
    });
    let mut bound = |missing| bounds.next().flatten().unwrap_or(missing);
    let (min, max) = (bound(i64::MIN), bound(i64::MAX));
    if !(min..=max).contains(&number) {
        return Err(["argument must be between ", &min.to_string(), " and ", &max.to_string(), " inclusive"].concat());
    }
    let number = number.max(bound(min)).min(bound(max));
    Ok(Setting::new(number, number.to_string()))
}

/// Which of these words it is, in any case.
fn word(words: &'static str, value: &str) -> Option<(i64, &'static str)> {
    let place = words.split(',').position(|word| word.eq_ignore_ascii_case(value))?;
    Some((place as i64, words.split(',').nth(place)?))
}

fn none_of(words: &str) -> String {
    ["argument(s) must be one of the following: ", &joined(&mut words.split(','), ", ")].concat()
}

/// Words with something between them. By hand: each instance of std's joins and searches is most of a kilobyte.
fn joined(words: &mut dyn Iterator<Item = &str>, between: &str) -> String {
    let mut out = String::new();
    for word in words {
        if !out.is_empty() {
            out.push_str(between);
        }
        out.push_str(word);
    }
    out
}

/// Some of these words, in their order. The first stands for none of the others.
fn words(words: &'static str, value: &str) -> Result<Setting, String> {
    let mut bits = 0i64;
    for given in value.split(' ') {
        bits |= 1 << word(words, given).ok_or_else(|| none_of(words))?.0;
    }
    if bits & 0b110 == 0b110 && words.starts_with("default") {
        return Err("shutdown options SAVE and NOSAVE can't be used simultaneously".to_string());
    }
    bits = if bits > 1 { bits & !1 } else { bits };
    let mut shown = words.split(',').enumerate().filter(|(place, _)| bits >> place & 1 == 1).map(|(_, word)| word);
    Ok(Setting::new(bits, joined(&mut shown, " ")))
}

/// `seconds changes` for each point at which data is saved, between single blanks.
fn save_points(value: &str) -> Result<Setting, String> {
    let numbers: Vec<&str> = if value.is_empty() { Vec::new() } else { value.split(' ').collect() };
    let is_good = |(place, word): (usize, &&str)| {
        crate::types::number::parse_int(word.as_bytes()).is_some_and(|number| number >= 1 - (place as i64 & 1))
    };
    if numbers.len() % 2 == 1 || !numbers.iter().enumerate().all(is_good) {
        return Err("Invalid save parameters".to_string());
    }
    Ok(Setting::new(0, value))
}

/// Bytes, or a percentage of `maxmemory`, which is kept as a negative number.
fn share(value: &str) -> Result<Setting, String> {
    const REASON: &str = "argument must be a memory or percent value";
    let number = match value.strip_suffix('%') {
        Some(percent) => match crate::types::number::parse_int(percent.as_bytes()) {
            Some(number @ 0..) => -number,
            _ => return Err(REASON.to_string()),
        },
        None => memory(value).ok_or(REASON)?,
    };
    match number {
        ..-100 => Err("percentage argument must be less or equal to 100".to_string()),
        -100..0 => Ok(Setting::new(number, [&(-number).to_string(), "%"].concat())),
        0.. => Ok(Setting::new(number, number.to_string())),
    }
}

/// The three of `oom-score-adj-values`.
fn scores(value: &str) -> Result<Setting, String> {
    let numbers: Vec<&str> = value.split(' ').collect();
    if numbers.len() != 3 {
        return Err("wrong number of arguments".to_string());
    }
    let is_good = |word: &&str| {
        crate::types::number::parse_int(word.as_bytes()).is_some_and(|score| (-2000..=2000).contains(&score))
    };
    if !numbers.iter().all(is_good) {
        return Err("Invalid oom-score-adj-values, elements must be between -2000 and 2000.".to_string());
    }
    Ok(Setting::new(0, value))
}

/// What is wrong with a text of this kind; nothing if it is as it should be.
fn refuse_text(kind: &str, value: &str) -> &'static str {
    let all = |is_good: fn(u8) -> bool| value.bytes().all(is_good);
    match kind {
        "file" if value.contains('/') => "dbfilename can't be a path, just a filename",
        "host" if !all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b)) => {
            "Hostnames may only contain alphanumeric characters, hyphens or dots"
        }
        "node" if !all(|b| !b.is_ascii() || b.is_ascii_alphanumeric() || b"-._/".contains(&b)) => {
            "Announced human node name contained invalid character"
        }
        "ip" if !value.is_empty() && !is_address(value) => "Cluster announce IP must be a valid IPv4 or IPv6 address",
        "locale" if !matches!(value, "" | "C" | "POSIX") => "Invalid locale name",
        "title" if !is_title(value) => "template format is invalid or contains unknown variables",
        _ => "",
    }
}

/// Whether it is an address of IPv4 or IPv6. By hand: std's reader of both is 3 KB.
fn is_address(value: &str) -> bool {
    let v4 = |text: &str| {
        let is_byte = |part: &str| parse_int(part.as_bytes()).is_some_and(|byte| (0..256).contains(&byte));
        text.split('.').count() == 4 && text.split('.').all(is_byte)
    };
    let is_group = |part: &str| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_hexdigit());
    // How many of the eight groups a side of `::` has. The last may be an address of IPv4, in the place of two.
    let groups = |side: &str, last: bool| {
        let parts: Vec<&str> = side.split(':').filter(|_| !side.is_empty()).collect();
        let (tail, ends_v4) = (parts.len().wrapping_sub(1), last && parts.last().is_some_and(|part| v4(part)));
        let good = parts.iter().enumerate().all(|(n, part)| n == tail && ends_v4 || is_group(part));
        good.then_some(parts.len() + ends_v4 as usize)
    };
    match value.as_bytes().windows(2).position(|two| two == b"::") {
        Some(place) => {
            let (left, right) = (&value[..place], &value[place + 2..]);
            matches!((groups(left, false), groups(right, true)), (Some(left), Some(right)) if left + right < 8)
        }
        None => v4(value) || groups(value, true) == Some(8),
    }
}

/// Whether a template for the title of a process has nothing but known variables.
fn is_title(value: &str) -> bool {
    const KNOWN: [&str; 7] = ["title", "listen-addr", "server-mode", "port", "tls-port", "unixsocket", "config-file"];
    let is_good = |part: &str| part.split_once('}').is_some_and(|(name, _)| KNOWN.contains(&name));
    !value.trim().is_empty() && value.split('{').skip(1).all(is_good)
}

/// Bytes with an optional unit: `1k` is 1000, `1kb` 1024. No text at all is 0, and what is more than 2^63 is negative, as in C.
pub fn memory(text: &str) -> Option<i64> {
    unsigned(text).map(|bytes| bytes as i64)
}

fn unsigned(text: &str) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let unit: u64 = match text[digits..].to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" => 1000,
        "kb" => 1 << 10,
        "m" => 1_000_000,
        "mb" => 1 << 20,
        "g" => 1_000_000_000,
        "gb" => 1 << 30,
        _ => return None,
    };
    let number = match &text[..digits] {
        "" if !text.is_empty() => return None,
        "" => 0,
        digits => digits.parse::<u64>().unwrap_or(u64::MAX),
    };
    Some(number.wrapping_mul(unit))
}

/// The letters of `notify-keyspace-events`, in the order in which Redis shows them.
const EVENT_LETTERS: [(char, u32); 22] = [
    ('g', class::GENERIC),
    ('$', class::STRING),
    ('l', class::LIST),
    ('s', class::SET),
    ('h', class::HASH),
    ('z', class::SORTED),
    ('x', class::EXPIRED),
    ('e', class::EVICTED),
    ('t', class::STREAM),
    ('d', class::MODULE),
    ('a', class::ARRAY),
    ('n', class::NEW),
    ('o', class::OVERWRITTEN),
    ('c', class::TYPE_CHANGED),
    ('K', class::KEYSPACE),
    ('E', class::KEYEVENT),
    ('S', class::SUBKEYSPACE),
    ('T', class::SUBKEYEVENT),
    ('I', class::SUBKEYSPACEITEM),
    ('V', class::SUBKEYSPACEEVENT),
    ('m', class::MISS),
    ('A', class::ALL),
];

/// Those that came with Redis 8.8, as arrays did.
const LATE_LETTERS: [char; 5] = ['a', 'S', 'T', 'I', 'V'];

/// Reads classes of keyspace events. `A` stands for most of them, and is shown in their place (and in that of `n`, `o` and `c`).
fn events(value: &str, (late, valkey): (bool, bool)) -> Result<Setting, String> {
    let mut bits = 0;
    for letter in value.chars() {
        let here = (late || !LATE_LETTERS.contains(&letter)) && !(valkey && ['o', 'c'].contains(&letter));
        let known = EVENT_LETTERS.iter().find(|(known, _)| *known == letter && here);
        bits |= known.ok_or("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.")?.1;
    }
    let every = if late { class::ALL } else { class::ALL & !class::ARRAY };
    let all = bits & every == every;
    let hidden = if all { class::ALL | class::NEW | class::OVERWRITTEN | class::TYPE_CHANGED } else { 0 };
    let mut text = String::from(if all { "A" } else { "" });
    let shown = EVENT_LETTERS[..21].iter().filter(|(_, bit)| bits & !hidden & bit != 0);
    text.extend(shown.map(|(letter, _)| letter));
    Ok(Setting::new(bits as i64, text))
}

/// Reads numbers from 0 to 100, between blanks.
fn percentiles(value: &str) -> Result<Setting, String> {
    const NAME: &str = "latency-tracking-info-percentiles";
    let mut text = Vec::new();
    for word in value.split(' ').filter(|_| !value.is_empty()) {
        match double::parse(word.as_bytes()) {
            None => return Err(["Invalid ", NAME, " parameters"].concat()),
            Some(percent) if !(0.0..=100.0).contains(&percent) => {
                return Err([NAME, " parameters should sit between [0.0,100.0]"].concat());
            }
            Some(percent) => {
                text.extend_from_slice(if text.is_empty() { b"" } else { b" " });
                double::write(percent, &mut text);
            }
        }
    }
    Ok(Setting::new(0, text))
}

/// Changes the classes that `value` names in the limits that stand, e.g. `normal 0 0 0 pubsub 32mb 8mb 60`.
fn limits(standing: &str, value: &str) -> Result<Setting, String> {
    let words: Vec<&str> = value.split(' ').filter(|_| !value.is_empty()).collect();
    if !words.len().is_multiple_of(4) {
        return Err("Wrong number of arguments in buffer limit configuration.".to_string());
    }
    let mut all: Vec<String> = standing.split(' ').filter(|word| !word.is_empty()).map(str::to_string).collect();
    for change in words.chunks(4) {
        let class = match change[0].to_ascii_lowercase().as_str() {
            "replica" => "slave".to_string(),
            class @ ("normal" | "slave" | "pubsub") => class.to_string(),
            _ => return Err("Invalid client class specified in buffer limit configuration.".to_string()),
        };
        let numbers = (unsigned(change[1]), unsigned(change[2]), change[3].parse::<u32>().ok());
        let (Some(hard), Some(soft), Some(seconds)) = numbers else {
            return Err("Error in hard, soft or soft_seconds setting in buffer limit configuration.".to_string());
        };
        let at = all.iter().position(|word| *word == class).unwrap_or_else(|| {
            all.extend([class.clone(), String::new(), String::new(), String::new()]);
            all.len() - 4
        });
        all[at + 1..at + 4].clone_from_slice(&[hard.to_string(), soft.to_string(), seconds.to_string()]);
    }
    let hard = all
        .iter()
        .position(|word| word == "pubsub")
        .map_or(0, |at| memory(&all[at + 1]).map_or(0, |bytes| bytes & i64::MAX));
    Ok(Setting::new(hard, joined(&mut all.iter().map(String::as_str), " ")))
}
