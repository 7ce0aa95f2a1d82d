//! Dialogue files: commands and the replies they must get. `tests/cases/README.md` says how they are written; the
//! runners in `pkg/test` read the same files, so a change here is a change there.
//!
//! A [`Peer`] answers: the engine, or a real server. [`run`] plays one file against peers and reports; with `record`
//! it also returns the file with every reply that did not fit replaced by the one that came.

use crate::{resp, text};

/// Who answers. Connections are named as in the file; one is opened when its name first speaks.
pub trait Peer {
    /// Opens connection `name` speaking RESP `protocol`.
    fn open(&mut self, name: &str, protocol: u8);
    /// One command; the reply's bytes, empty where none comes, and whether the connection is closed now.
    /// `silent`: the file says that no reply comes, so do not wait for one.
    fn call(&mut self, name: &str, args: &[Vec<u8>], silent: bool) -> (Vec<u8>, bool);
    /// What has come without being asked for: messages, and the reply of a command that had to wait.
    fn hear(&mut self, name: &str) -> (Vec<u8>, bool);
    /// Bytes as they are; everything that comes back.
    fn raw(&mut self, name: &str, bytes: &[u8]) -> (Vec<u8>, bool);
    /// Sets the clock (milliseconds), or moves it on. False: this peer's clock cannot be set.
    fn clock(&mut self, set: Option<f64>, advance: f64) -> bool;
}

/// What a section asks of its peer.
pub struct Setting {
    pub wakey: bool,
    pub dialect: Option<String>,
    /// The release of Redis that brought what it is about.
    pub since: Option<String>,
    /// The last release that answers so.
    pub compat: Option<String>,
    /// It is a node of a cluster, and has all slots.
    pub cluster: bool,
}

#[derive(Default)]
pub struct Report {
    pub sections: usize,
    pub partly: usize,
    pub skipped: usize,
    pub commands: usize,
    pub failures: Vec<String>,
    pub recorded: Option<String>,
}

#[derive(Default, Clone, Copy)]
struct How {
    unordered: bool,
    like: bool,
}

pub const NO_REPLY: &str = "(no reply)";
pub const CLOSED: &str = "(closed)";
/// With `@like`: any number of lines, none too.
const LINES: &str = "<lines>";

/// Plays the file. `start` gives the peer for a section, or `None` to skip it.
pub fn run<P: Peer>(file: &str, source: &str, record: bool, mut start: impl FnMut(&Setting) -> Option<P>) -> Report {
    let lines: Vec<&str> = source.lines().collect();
    let mut report = Report::default();
    let mut out: Vec<String> = Vec::new();
    let mut i = 0;
    while i < lines.len() {
        if !lines[i].starts_with("== ") {
            assert!(
                lines[i].is_empty() || lines[i].starts_with('#'),
                "{file}:{}: {:?} stands outside a section",
                i + 1,
                lines[i]
            );
            out.push(lines[i].to_string());
            i += 1;
            continue;
        }
        let end = (i + 1..lines.len()).find(|&j| lines[j].starts_with("== ")).unwrap_or(lines.len());
        section(file, &lines, i, end, record, &mut start, &mut report, &mut out);
        i = end;
    }
    if record {
        report.recorded = Some(out.join("\n") + "\n");
    }
    report
}

fn directive(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix('@')?;
    Some(rest.split_once(' ').map_or((rest, ""), |(a, b)| (a, b.trim())))
}

fn ends_reply(line: &str) -> bool {
    line.trim_end().is_empty() || line.starts_with("> ") || line.starts_with("== ") || line.starts_with('@')
}

#[allow(clippy::too_many_arguments)]
fn section<P: Peer>(
    file: &str,
    lines: &[&str],
    begin: usize,
    end: usize,
    record: bool,
    start: &mut impl FnMut(&Setting) -> Option<P>,
    report: &mut Report,
    out: &mut Vec<String>,
) {
    let told =
        |what: &str| lines[begin..end].iter().find_map(|l| l.strip_prefix(what)).map(|rest| rest.trim().to_string());
    let setting = Setting {
        since: told("@since "),
        compat: told("@compat "),
        wakey: lines[begin..end].contains(&"@wakey"),
        cluster: lines[begin..end].contains(&"@cluster"),
        dialect: told("@dialect "),
    };
    report.sections += 1;
    let Some(mut peer) = start(&setting) else {
        report.skipped += 1;
        out.extend(lines[begin..end].iter().map(|l| l.to_string()));
        return;
    };
    // name, protocol wanted, opened
    let mut sessions: Vec<(String, u8, bool)> = vec![("a".into(), 3, false)];
    let mut current = 0;
    let mut how = How::default();
    let mut i = begin;
    out.push(lines[begin].to_string());
    i += 1;
    while i < end {
        let line = lines[i];
        let number = i + 1;
        i += 1;
        out.push(line.to_string());
        if line.trim_end().is_empty() || line.starts_with('#') {
            continue;
        }
        let hears = line.trim_end() == "@hear";
        let raw = match directive(line) {
            None => None,
            Some(("hear", _)) => None,
            Some(("raw", bytes)) => {
                let words = text::split(bytes).unwrap_or_else(|e| panic!("{file}:{number}: {e}"));
                assert_eq!(words.len(), 1, "{file}:{number}: @raw takes one quoted string");
                Some(words[0].clone())
            }
            Some((name, rest)) => {
                match name {
                    "unordered" => how.unordered = true,
                    "like" => how.like = true,
                    "wakey" | "dialect" | "cluster" | "since" | "compat" => {}
                    "resp2" | "resp3" => {
                        let protocol = if name == "resp2" { 2 } else { 3 };
                        let (session, wanted, open) = &mut sessions[current];
                        *wanted = protocol;
                        if *open {
                            let hello = [b"HELLO".to_vec(), protocol.to_string().into_bytes()];
                            let (reply, _) = peer.call(session, &hello, false);
                            assert!(!reply.starts_with(b"-"), "{file}:{number}: HELLO {protocol} was refused");
                        }
                    }
                    "session" => {
                        current = sessions.iter().position(|s| s.0 == rest).unwrap_or_else(|| {
                            sessions.push((rest.to_string(), 3, false));
                            sessions.len() - 1
                        });
                    }
                    "clock" | "advance" => {
                        let ms: f64 = rest.parse().unwrap_or_else(|_| panic!("{file}:{number}: milliseconds?"));
                        let moved = if name == "clock" { peer.clock(Some(ms), 0.0) } else { peer.clock(None, ms) };
                        if !moved {
                            report.partly += 1;
                            out.extend(lines[i..end].iter().map(|l| l.to_string()));
                            return;
                        }
                    }
                    _ => panic!("{file}:{number}: unknown directive {line:?}"),
                }
                continue;
            }
        };
        let (name, protocol, open) = &mut sessions[current];
        if !*open {
            peer.open(name, *protocol);
            *open = true;
        }
        let from = i;
        while i < end && !ends_reply(lines[i]) {
            i += 1;
        }
        let expected: Vec<&str> = lines[from..i].iter().map(|l| l.trim_end()).collect();
        let (bytes, closed) = match &raw {
            Some(bytes) => peer.raw(name, bytes),
            None if hears => peer.hear(name),
            None => {
                let command = line.strip_prefix("> ").unwrap_or_else(|| {
                    panic!("{file}:{number}: {line:?} is neither a command nor a directive (a blank line ends a reply)")
                });
                let command = with_ids(command, &mut peer);
                let (name, _, _) = &sessions[current];
                let args = text::split(&command).unwrap_or_else(|e| panic!("{file}:{number}: {e}"));
                peer.call(name, &args, expected == [NO_REPLY])
            }
        };
        report.commands += 1;
        let mut got: Vec<String> = match () {
            () if bytes.is_empty() && closed => vec![],
            () if bytes.is_empty() => vec![NO_REPLY.into()],
            () if raw.is_some() => vec![text::quote(&bytes)],
            () => match resp::parse_all(&bytes) {
                Ok(values) if hears => values.iter().flat_map(heard).collect(),
                Ok(values) => values.iter().flat_map(|v| shown(&text::show(v))).collect(),
                Err(e) => vec![format!("(broken reply: {e}) {}", text::quote(&bytes))],
            },
        };
        if closed {
            got.push(CLOSED.into());
        }
        let fits = fits(&expected, &got, how);
        if fits || !record {
            out.extend(lines[from..i].iter().map(|l| l.to_string()));
        } else {
            out.extend(got.iter().cloned());
        }
        if !fits && !record {
            report.failures.push(format!(
                "{file}:{number}: {line}\n    expected:\n{}\n    got:\n{}",
                indent(expected.iter().copied()),
                indent(got.iter().map(String::as_str))
            ));
        }
        how = How::default();
    }
}

/// The command with `<id b>` replaced by the number of session `b`, which it is asked for.
fn with_ids(command: &str, peer: &mut impl Peer) -> String {
    let mut command = command.to_string();
    while let Some(start) = command.find("<id ") {
        let len = command[start..].find('>').expect("<id NAME>") + 1;
        let name = &command[start + 4..start + len - 1];
        let (reply, _) = peer.call(name, &[b"CLIENT".to_vec(), b"ID".to_vec()], false);
        let id = String::from_utf8_lossy(&reply).trim_start_matches(':').trim_end().to_string();
        command.replace_range(start..start + len, &id);
    }
    command
}

fn indent<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.map(|l| format!("        {l}")).collect::<Vec<_>>().join("\n")
}

/// What came unasked: a push in one line, anything else as a reply.
fn heard(v: &resp::Value) -> Vec<String> {
    let resp::Value::Push(items) = v else { return shown(&text::show(v)) };
    let parts: Vec<String> = items.iter().map(|item| shown(&text::show(item)).join(" ")).collect();
    vec![format!("push {}", parts.join(" "))]
}

/// The lines that count: without trailing blanks (and carriage returns), without empty ones.
fn shown(text: &str) -> Vec<String> {
    text.lines().map(|l| l.trim_end().to_string()).filter(|l| !l.is_empty()).collect()
}

fn fits(expected: &[&str], got: &[String], how: How) -> bool {
    let same = |e: &str, g: &str| if how.like { like(e, g) } else { e == g };
    if how.like && !how.unordered {
        return in_order(expected, got, same);
    }
    if expected.len() != got.len() {
        return false;
    }
    if how.unordered {
        let mut e: Vec<&str> = expected.iter().map(|l| bare(l)).collect();
        let mut g: Vec<&str> = got.iter().map(|l| bare(l)).collect();
        e.sort_unstable();
        g.sort_unstable();
        return e.iter().zip(&g).all(|(e, g)| same(e, g));
    }
    expected.iter().zip(got).all(|(e, g)| same(e, g))
}

/// Whether the lines follow each other as expected, where `<lines>` stands for any number of them: as a glob with `*`.
fn in_order(expected: &[&str], got: &[String], same: impl Fn(&str, &str) -> bool) -> bool {
    let (mut e, mut g, mut last) = (0, 0, None);
    while g < got.len() {
        if expected.get(e) == Some(&LINES) {
            last = Some((e + 1, g));
            e += 1;
        } else if expected.get(e).is_some_and(|line| same(line, &got[g])) {
            (e, g) = (e + 1, g + 1);
        } else if let Some((after, from)) = last {
            last = Some((after, from + 1));
            (e, g) = (after, from + 1);
        } else {
            return false;
        }
    }
    expected[e..].iter().all(|line| *line == LINES)
}

/// A line without the numbers of the elements in front: `2) 1~ "x"` is `"x"`.
fn bare(line: &str) -> &str {
    let mut rest = line.trim_start();
    loop {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        match rest.as_bytes().get(digits) {
            Some(b')' | b'~' | b'#' | b'>') if digits > 0 && rest.as_bytes().get(digits + 1) == Some(&b' ') => {
                rest = rest[digits + 2..].trim_start();
            }
            _ => return rest,
        }
    }
}

/// `<int>` stands for an integer, `<any>` for any text (also none); the rest must be equal.
fn like(pattern: &str, line: &str) -> bool {
    if let Some(rest) = pattern.strip_prefix("<int>") {
        let sign = usize::from(line.starts_with('-'));
        let digits = line[sign..].bytes().take_while(u8::is_ascii_digit).count();
        return digits > 0 && like(rest, &line[sign + digits..]);
    }
    if let Some(rest) = pattern.strip_prefix("<any>") {
        return (0..=line.len()).any(|n| line.is_char_boundary(n) && like(rest, &line[n..]));
    }
    match (pattern.chars().next(), line.chars().next()) {
        (None, None) => true,
        (Some(p), Some(l)) if p == l => like(&pattern[p.len_utf8()..], &line[l.len_utf8()..]),
        _ => false,
    }
}
