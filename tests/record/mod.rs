//! Plays random sessions (`testkit::session`) on a native engine and writes down, a line for each crossing, what went in and
//! what came out. `tests/laws.rs` makes a record twice; `pkg/test/native.test.mjs` has one made by `fuzz/record.rs` and plays
//! it on the WebAssembly module. Bytes are in hexadecimal, `-` where there are none.
//!
//! ```text
//! engine SEED NOW                        an engine is opened
//! session PROTOCOL ID                    a session of it, trusted; its id
//! exec ID NOW FRAME REPLY                a frame; a reply `?` tells of the machine, and is not to be compared
//! feed ID NOW BYTES REPLY                bytes as off a socket, cut anywhere; again, without bytes, for a backlog
//! tick NOW DEADLINE                      the timer; the next deadline after it, or `none`
//! heard ID BYTES                         what another session was sent by the line before
//! journal BYTES                          what was journaled since the last of these lines
//! digest DIGEST                          of the whole keyspace, 16 digits
//! ```

use std::fmt::Write;
use testkit::random::Random;
use testkit::session::{Grammar, generate};
use testkit::{resp, scripts};
use wakey::SessionId;

const NOW: f64 = 1_700_000_000_000.0;

fn hex(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "-".into();
    }
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// INFO, CLIENT INFO and CLIENT LIST say how many bytes something takes: the tests of a process share an allocator, and an
/// address has half the bytes in WebAssembly.
fn tells_of_memory(args: &[Vec<u8>]) -> bool {
    let is = |i: usize, name: &str| args.get(i).is_some_and(|arg| arg.eq_ignore_ascii_case(name.as_bytes()));
    is(0, "INFO") || is(0, "CLIENT") && (is(1, "INFO") || is(1, "LIST"))
}

struct Recorder {
    engine: wakey::Engine,
    now: f64,
    lines: Vec<String>,
}

impl Recorder {
    fn heard(&mut self) {
        while let Some((id, bytes, _)) = self.engine.next_output() {
            self.lines.push(format!("heard {id} {}", hex(bytes)));
        }
    }

    fn exec(&mut self, id: SessionId, frame: &[u8]) {
        let reply = hex(self.engine.exec(id, self.now, frame));
        self.lines.push(format!("exec {id} {} {} {reply}", self.now, hex(frame)));
        self.heard();
    }

    fn feed(&mut self, id: SessionId, bytes: &[u8]) {
        let reply = hex(self.engine.feed(id, self.now, bytes));
        self.lines.push(format!("feed {id} {} {} {reply}", self.now, hex(bytes)));
        self.heard();
        if self.engine.has_backlog(id) {
            self.feed(id, b"");
        }
    }

    fn tick(&mut self) {
        self.engine.tick(self.now);
        let deadline = self.engine.next_deadline();
        let deadline = if deadline.is_finite() { deadline.to_string() } else { "none".into() };
        self.lines.push(format!("tick {} {deadline}", self.now));
        self.heard();
    }
}

/// Whether it says where something lies in memory, how much there is, or how long something took.
fn tells_of_machine(args: &[Vec<u8>], reply: &str) -> bool {
    let names = |word: &str| args.iter().any(|arg| arg.windows(word.len()).any(|part| part == word.as_bytes()));
    names("clock") || names("collectgarbage") || names("gcinfo") || reply.contains(&hex(b": 0x"))
}

/// A session of random programs in Lua on an engine of its own.
pub fn record_scripts(grammar: &scripts::grammar::Grammar, seed: u64) -> Vec<String> {
    let engine = wakey::Engine::new(wakey::Options { seed, now: NOW, ..Default::default() });
    let mut it = Recorder { engine, now: NOW, lines: vec![format!("engine {seed} {NOW}")] };
    it.engine.keep_journal(true);
    let players = [2, 3].map(|resp| {
        let id = it.engine.open_session(wakey::SessionOptions { resp, trusted: true, ..Default::default() });
        it.lines.push(format!("session {resp} {id}"));
        id
    });
    let digest = |text: &[u8]| wakey::server::scripts::digest(text).to_vec();
    for step in scripts::generate(grammar, &mut Random::new(seed), digest) {
        let player = players[step.who];
        let Some(args) = step.command() else { continue };
        it.exec(player, &resp::frame(&args));
        let line = it.lines.last_mut().expect("it was just written");
        let reply = line.rfind(' ').map_or(0, |space| space + 1);
        if tells_of_machine(&args, &line[reply..]) {
            line.replace_range(reply.., "?");
        }
    }
    let journal = hex(it.engine.take_journal());
    it.lines.push(format!("journal {journal}"));
    it.lines.push(format!("digest {:016x}", it.engine.digest()));
    it.lines
}

/// Three sessions of the fuzzer on one engine, the second one as sockets send it.
pub fn record(grammar: &Grammar, seed: u64) -> Vec<String> {
    let engine = wakey::Engine::new(wakey::Options { seed, now: NOW, ..Default::default() });
    let mut it = Recorder { engine, now: NOW, lines: vec![format!("engine {seed} {NOW}")] };
    it.engine.keep_journal(true);
    let mut r = Random::new(seed);
    for round in 0..3 {
        let session = generate(grammar, &mut r, seed);
        let players = session.protocols.map(|resp| {
            let options = wakey::SessionOptions { resp, trusted: true, ..Default::default() };
            let id = it.engine.open_session(options);
            it.lines.push(format!("session {resp} {id}"));
            id
        });
        for setting in &session.settings {
            it.exec(players[0], &resp::frame(setting));
        }
        // Long, and the same each time: the module has the words of its host, the native engine in itself.
        if round == 0 && seed.is_multiple_of(16) {
            let rows = it.engine.server().table.rows().iter().map(|row| row.spec.title());
            let helps: Vec<&str> = rows.filter(|title| title.ends_with(" HELP")).collect();
            for command in helps.into_iter().chain(["DEBUG HELP", "COMMAND DOCS"]) {
                it.exec(players[0], &resp::frame(&command.split(' ').collect::<Vec<_>>()));
            }
        }
        for step in session.steps.iter().filter(|step| !tells_of_memory(&step.args)) {
            it.now += r.below(200) as f64 * 250.0;
            let id = players[step.who];
            if round == 1 {
                let bytes = resp::request(&step.args);
                let (head, tail) = bytes.split_at(r.below(bytes.len()));
                it.feed(id, head);
                it.feed(id, tail);
            } else {
                it.exec(id, &resp::frame(&step.args));
            }
            if r.one_in(10) {
                it.tick();
            }
        }
        let journal = hex(it.engine.take_journal());
        it.lines.push(format!("journal {journal}"));
        it.lines.push(format!("digest {:016x}", it.engine.digest()));
    }
    it.lines
}
