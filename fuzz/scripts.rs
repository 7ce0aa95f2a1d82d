//! A differential run over scripts: `fuzz-scripts HOST:PORT [PROGRAMS [SEED [DIFFERENCES]]]` runs random programs, libraries and
//! payloads on the native engine and on a real server, and compares the replies byte for byte. It ends after so many commands (100,000)
//! or different differences (1); a difference prints the shortest commands found that show it.
//!
//! Programs come from a grammar ([`testkit::scripts`]), some are damaged. Two connections take turns, one speaks
//! RESP2, the other RESP3. After each session the keyspace is compared, and the statistics of errors.
//!
//! Not compared: addresses in texts, which are masked, and what has no order that Redis promises. Left out: what a generator gives
//! that nobody has seeded, clocks, weak tables.

use std::collections::BTreeSet;
use std::io::{ErrorKind, Result};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use testkit::random::Random;
use testkit::redis::Redis;
use testkit::scripts::grammar::Grammar;
use testkit::scripts::{self, PLAYERS, Step, What};
use testkit::{resp, text};
use wakey::{Engine, SessionId, SessionOptions};

struct Difference {
    step: usize,
    /// The command.
    args: Vec<Vec<u8>>,
    redis: Vec<u8>,
    wakey: Vec<u8>,
}

/// What is being played, for whoever finds a panic.
static PLAYING: AtomicU64 = AtomicU64::new(0);

/// What keeps small values in the encodings that have an order.
const SETTINGS: &str = "hash-max-listpack-value 100000 set-max-listpack-value 100000 zset-max-listpack-value 100000";

/// Shows all keys that programs know.
const LOOK: &str = "
local out = {}
for _, key in ipairs(KEYS) do
  local kind = redis.call('type', key).ok
  local by = {string = {'get', key}, list = {'lrange', key, 0, -1}, hash = {'hgetall', key}, set = {'smembers', key},
    zset = {'zrange', key, 0, -1, 'withscores'}, stream = {'xrange', key, '-', '+'}}
  out[#out + 1] = {key, kind, by[kind] and redis.call(unpack(by[kind])) or false}
end
return out";
const COLLIDES: &[u8] = b" already exists\r\n";
const NAMES: [&str; 14] = ["k1", "k2", "k3", "h", "l", "l2", "z", "z2", "s", "is", "geo", "hll", "x", "a"];

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |d| (d.as_micros() as f64) / 1000.0)
}

/// How long a program may run, the server says.
const PATIENCE: Duration = Duration::from_secs(2);

struct Server {
    admin: Redis,
    players: [Redis; PLAYERS],
    address: String,
}

impl Server {
    fn connect(address: &str) -> Result<Server> {
        let mut admin = Redis::connect(address)?;
        admin.call(&["CONFIG", "SET", "busy-reply-threshold", "1000"])?;
        Ok(Server { admin, players: [Redis::connect(address)?, Redis::connect(address)?], address: address.into() })
    }

    /// Ends the script that runs, and all that waits behind it.
    fn end(&mut self) -> Result<()> {
        for _ in 0..20 {
            self.admin.call(&["SCRIPT", "KILL"])?;
            self.admin.call(&["FUNCTION", "KILL"])?;
            std::thread::sleep(Duration::from_millis(10));
        }
        *self = Server::connect(&self.address)?;
        Ok(())
    }

    fn reset(&mut self) -> Result<()> {
        for line in ["FLUSHALL", "SCRIPT FLUSH", "FUNCTION FLUSH", "CONFIG RESETSTAT"] {
            self.admin.call(&line.split(' ').collect::<Vec<_>>())?;
        }
        self.admin.call(&setting())?;
        for (player, protocol) in self.players.iter_mut().zip(["2", "3"]) {
            player.call(&["RESET"])?;
            player.call(&["HELLO", protocol])?;
        }
        self.admin.call(&["CONFIG", "RESETSTAT"]).map(|_| ())
    }
}

fn setting() -> Vec<&'static str> {
    ["CONFIG", "SET"].into_iter().chain(SETTINGS.split(' ')).collect()
}

struct Wakey {
    engine: Engine,
    sessions: [SessionId; PLAYERS],
}

impl Wakey {
    fn open() -> Wakey {
        let mut engine =
            Engine::new(wakey::Options { seed: 1, now: now(), compat: wakey::Release::V8_6, ..Default::default() });
        let mut open = |resp| engine.open_session(SessionOptions { resp, trusted: true, ..Default::default() });
        let sessions = [open(2), open(3)];
        let mut wakey = Wakey { engine, sessions };
        wakey.call(0, &setting());
        wakey
    }

    fn call<A: AsRef<[u8]>>(&mut self, who: usize, args: &[A]) -> Vec<u8> {
        self.engine.exec(self.sessions[who], now(), &resp::frame(args)).to_vec()
    }
}

/// Plays the steps on both, up to the first difference.
fn play(server: &mut Server, steps: &[Step]) -> Result<Option<Difference>> {
    server.reset()?;
    let mut wakey = Wakey::open();
    let mut steps = steps.to_vec();
    let look: Vec<Vec<u8>> = ["EVAL", LOOK, &NAMES.len().to_string()].iter().chain(&NAMES).map(|&a| a.into()).collect();
    steps.push(Step { who: 0, what: What::Command(vec![b"DISCARD".to_vec()]) });
    steps.push(Step { who: 0, what: What::Command(look) });
    steps.push(Step { who: 0, what: What::Command(vec![b"INFO".to_vec(), b"errorstats".to_vec()]) });
    let mut at = 0;
    while at < steps.len() {
        let who = steps[at].who;
        let mut lines = Vec::new();
        for step in steps[at..].iter().take_while(|step| step.who == who) {
            match &step.what {
                What::Command(args) => lines.push(args.clone()),
                What::Restore(seed) if lines.is_empty() => {
                    let dump = server.admin.call(&["FUNCTION", "DUMP"])?;
                    lines.push(scripts::restore(*seed, dump.bytes().to_vec()));
                    break;
                }
                What::Restore(_) => break,
            }
        }
        let request: Vec<u8> = lines.iter().flat_map(|args| resp::request(args)).collect();
        server.players[who].write(&request)?;
        let theirs: Result<Vec<_>> = lines.iter().map(|_| server.players[who].read_within(PATIENCE)).collect();
        let theirs = match theirs {
            Err(e) if e.kind() == ErrorKind::WouldBlock => {
                // Damage has taken away what ends a program: such are not compared.
                server.end()?;
                return Ok(None);
            }
            theirs => theirs.inspect_err(|e| {
                eprintln!("{e} after one of these, from seed {}", PLAYING.load(Relaxed));
                lines.iter().for_each(|args| eprintln!("{}", line(args)));
            })?,
        };
        for (n, (args, theirs)) in lines.iter().zip(theirs).enumerate() {
            let ours = wakey.call(who, args);
            let agree = match &args[..] {
                // Functions of a library come in any order.
                [a, b, ..] if a == b"FUNCTION" && b == b"LIST" => sorted(&theirs) == sorted(&ours),
                // Also where a transaction lists them: what else it answers is compared, but not its order.
                [a, ..] if a == b"EXEC" && contains(&theirs, b"library_name") => sorted(&theirs) == sorted(&ours),
                // The first library or function that collides is any.
                [a, ..] if a == b"FUNCTION" && theirs.ends_with(COLLIDES) => ours.ends_with(COLLIDES),
                // Its lines are texts, which here are UTF-8.
                [a, ..] if a == b"INFO" => readable(&theirs) == readable(&ours),
                _ => same(&theirs, &ours),
            };
            if !agree {
                return Ok(Some(Difference { step: at + n, args: args.clone(), redis: theirs, wakey: ours }));
            }
        }
        at += lines.len();
    }
    Ok(None)
}

fn contains(reply: &[u8], part: &[u8]) -> bool {
    reply.windows(part.len()).any(|window| window == part)
}

fn sorted(reply: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<&[u8]> = reply.split(|&byte| byte == b'\n').collect();
    lines.sort_unstable();
    lines
}

/// What of a bulk string can be read, without its length.
fn readable(reply: &[u8]) -> String {
    let text = String::from_utf8_lossy(reply).into_owned();
    text.split_once("\r\n").map_or(String::new(), |(_, text)| text.into())
}

fn same(theirs: &[u8], ours: &[u8]) -> bool {
    // The server's compiler quotes what breaks a line of the protocol; we send spaces.
    if theirs.first() == Some(&b'-') && ours.first() == Some(&b'-') {
        let space =
            |text: &[u8]| text.iter().map(|&b| if b"\r\n".contains(&b) { b' ' } else { b }).collect::<Vec<u8>>();
        return masked(&space(theirs)) == masked(&space(ours));
    }
    theirs == ours || masked(theirs) == masked(ours)
}

/// The text without addresses, and without the lengths of what has them.
fn masked(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.windows(4).position(|four| four == b": 0x") {
        let (before, behind) = rest.split_at(at + 4);
        out.extend_from_slice(before);
        rest = &behind[behind.iter().take_while(|byte| byte.is_ascii_hexdigit()).count()..];
    }
    out.extend_from_slice(rest);
    out
}

fn line(args: &[Vec<u8>]) -> String {
    args.iter().map(|arg| text::quote(arg)).collect::<Vec<_>>().join(" ")
}

/// Drops steps, then pieces of the programs, as long as a difference of the last step remains.
fn shrink(server: &mut Server, mut steps: Vec<Step>, mut found: Difference) -> Result<(Vec<Step>, Difference)> {
    steps.truncate(found.step + 1);
    let mut at = 0;
    while at + 1 < steps.len() {
        let mut shorter = steps.clone();
        shorter.remove(at);
        match play(server, &shorter)? {
            Some(difference) => {
                shorter.truncate(difference.step + 1);
                (steps, found) = (shorter, difference);
            }
            None => at += 1,
        }
    }
    for at in 0..steps.len() {
        loop {
            let before = steps.clone();
            shrink_step(server, &mut steps, at, &mut found)?;
            if steps.len() <= at || args(&steps[at]) == args(&before[at]) {
                break;
            }
        }
    }
    Ok((steps, found))
}

fn args(step: &Step) -> &[Vec<u8>] {
    match &step.what {
        What::Command(args) => args,
        What::Restore(_) => &[],
    }
}

fn shrink_step(server: &mut Server, steps: &mut Vec<Step>, at: usize, found: &mut Difference) -> Result<()> {
    let Some(n) = args(&steps[at]).iter().enumerate().max_by_key(|(_, arg)| arg.len()).map(|(n, _)| n) else {
        return Ok(());
    };
    let source = args(&steps[at])[n].clone();
    let mut tokens: Vec<Vec<u8>> = scripts::tokens(&source).into_iter().map(<[u8]>::to_vec).collect();
    let mut size = tokens.len().div_ceil(2);
    while size > 0 && at < steps.len() {
        let mut from = 0;
        while from < tokens.len() {
            let mut shorter = tokens.clone();
            shorter.drain(from..(from + size).min(tokens.len()));
            let mut tried = steps.clone();
            if let What::Command(args) = &mut tried[at].what {
                args[n] = shorter.concat();
            }
            match play(server, &tried)? {
                // It must not become a difference of another kind: those of errors stay so.
                Some(difference)
                    if difference.redis.first() == found.redis.first()
                        && difference.wakey.first() == found.wakey.first() =>
                {
                    (tokens, *steps, *found) = (shorter, tried, difference);
                    steps.truncate(found.step + 1);
                    if at >= steps.len() {
                        return Ok(());
                    }
                }
                _ => from += size,
            }
        }
        size /= 2;
    }
    Ok(())
}

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let number = |i: usize, default: u64| args.get(i).and_then(|a| a.parse().ok()).unwrap_or(default);
    let Some(address) = args.get(1) else {
        eprintln!("usage: fuzz-scripts HOST:PORT [PROGRAMS [SEED [DIFFERENCES]]]");
        std::process::exit(2);
    };
    let (programs, seed, most) = (number(2, 100_000), number(3, 1), number(4, 1));
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        eprintln!("a panic, from seed {}", PLAYING.load(Relaxed));
        told(panic);
    }));
    let mut server = Server::connect(address)?;
    let grammar = Grammar::read();
    let started = std::time::Instant::now();
    let (mut done, mut sessions, mut differences) = (0u64, 0u64, 0u64);
    let mut seen = BTreeSet::new();
    while done < programs && differences < most {
        let seed = seed.wrapping_add(sessions);
        PLAYING.store(seed, Relaxed);
        let steps =
            scripts::generate(&grammar, &mut Random::new(seed), |text| wakey::server::scripts::digest(text).to_vec());
        sessions += 1;
        done += steps.len() as u64;
        if let Some(found) = play(&mut server, &steps)? {
            let (shortest, again) = shrink(&mut server, steps, found)?;
            let (theirs, ours) = (text::quote(&again.redis), text::quote(&again.wakey));
            if seen.insert((theirs.clone(), ours.clone())) {
                differences += 1;
                println!("== a difference (seed {seed})");
                for step in &shortest {
                    match &step.what {
                        What::Command(args) => println!("{} > {}", ["a", "b"][step.who], line(args)),
                        What::Restore(_) => println!("{} > FUNCTION RESTORE", ["a", "b"][step.who]),
                    }
                }
                println!("the last is {}\n    Redis {theirs}\n    Wakey {ours}\n", line(&again.args));
            }
        }
    }
    server.reset()?;
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{done} commands in {sessions} sessions, {seconds:.1} s ({:.0} a second), seed {seed}: {differences} differences",
        done as f64 / seconds
    );
    std::process::exit(i32::from(differences > 0));
}
