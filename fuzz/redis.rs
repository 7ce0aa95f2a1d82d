//! A differential run: `fuzz-redis HOST:PORT [COMMANDS [SEED [DIFFERENCES [GROUPS]]]]` plays random but plausible
//! sessions on the native engine (with `WAKEY=HOST:PORT` on one that serves) and on a real server, and compares the
//! replies byte for byte. It ends after so many commands (100,000) or different differences (1); a difference prints the
//! shortest session found that shows it. GROUPS, as `string,hash`, plays only those.
//!
//! Commands come from the argument trees of COMMAND DOCS (`tests/data/commands.json`), filled from small alphabets of
//! keys, fields, numbers and patterns; some are then damaged. Two connections take turns, in RESP2 or RESP3, in pipelines.
//! Some sessions have tiny `hash-max-listpack-*`, some thousands of names. After each session every key of the databases is compared: type,
//! encoding, value, deadlines. The engine's clock is the real one.
//!
//! What is not compared byte for byte: the order where Redis has none to promise (KEYS, SCAN, hashes that are no plain
//! listpack), random replies (compared in shape, and ours must name what exists), times (with a tolerance), and what
//! tells of the server itself (INFO, CLIENT LIST, HELLO: only the type). Deadlines lie far ahead or in the past, so that
//! nothing expires meanwhile. Left out: QUIT, CLIENT KILL and CLIENT REPLY (dialogues have them), replies without end
//! (HRANDFIELD with a huge negative count), and Wakey's own short form of HSETEX. AUTH is never pipelined: Redis 8.0.2
//! loses the reply to a failed AUTH that is not the first command of a pipeline.

use std::time::{SystemTime, UNIX_EPOCH};
use testkit::redis::Redis;
use testkit::resp::{self, Value};
use testkit::session::{self, Session, Step, generate};
use testkit::{random::Random, text};

struct Difference {
    step: usize,
    redis: String,
    wakey: String,
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |d| (d.as_micros() as f64) / 1000.0)
}

/// Wakey, with two sessions that play and one that only looks: the native engine, or a server (as `WAKEY=HOST:PORT`
/// says, for what only wasm32 or the sockets can get wrong).
struct Wakey {
    sessions: [u32; 2],
    side: u32,
    /// The time of the batch.
    now: f64,
    kind: Kind,
}

enum Kind {
    Native { engine: Box<wakey::Engine>, as_socket: bool },
    Served(Vec<Redis>),
}

impl Wakey {
    fn open(seed: u64, protocols: [u8; 2]) -> std::io::Result<Wakey> {
        let now = now();
        if let Ok(address) = std::env::var("WAKEY") {
            let mut connections = Vec::new();
            for protocol in [protocols[0], protocols[1], 3] {
                let mut redis = Redis::connect(&address)?;
                redis.call(&["HELLO", if protocol == 2 { "2" } else { "3" }])?;
                connections.push(redis);
            }
            connections[2].call(&["FLUSHALL"])?;
            connections[2].call(&DEFAULTS)?;
            return Ok(Wakey { sessions: [0, 1], side: 2, now, kind: Kind::Served(connections) });
        }
        let mut engine = wakey::Engine::new(wakey::Options { seed, now, ..Default::default() });
        let mut open = |resp| {
            engine.open_session(wakey::SessionOptions {
                resp,
                trusted: true,
                addr: "127.0.0.1:5".into(),
                laddr: "127.0.0.1:6".into(),
                ..Default::default()
            })
        };
        let sessions = [open(protocols[0]), open(protocols[1])];
        let side = open(3);
        let kind = Kind::Native { engine: Box::new(engine), as_socket: seed % 2 == 1 };
        Ok(Wakey { sessions, side, now, kind })
    }

    /// One command, to the engine as a frame or as it comes off a socket.
    fn call<A: AsRef<[u8]>>(&mut self, session: u32, args: &[A]) -> Vec<u8> {
        match &mut self.kind {
            Kind::Native { engine, as_socket: true } => engine.feed(session, self.now, &resp::request(args)).to_vec(),
            Kind::Native { engine, .. } => engine.exec(session, self.now, &resp::frame(args)).to_vec(),
            Kind::Served(connections) => {
                let redis = &mut connections[session as usize];
                let reply = redis.write(&resp::request(args)).and_then(|()| redis.read());
                reply.unwrap_or_else(|e| format!("-GONE {e}\r\n").into_bytes())
            }
        }
    }

    /// A whole pipeline to a server. The engine is not asked: one can look around between its commands.
    fn pipeline(&mut self, session: u32, request: &[u8], count: usize) -> std::io::Result<Option<Vec<Vec<u8>>>> {
        let Kind::Served(connections) = &mut self.kind else { return Ok(None) };
        let redis = &mut connections[session as usize];
        redis.write(request)?;
        (0..count).map(|_| redis.read()).collect::<Result<_, _>>().map(Some)
    }

    fn look<A: AsRef<[u8]>>(&mut self, session: u32, args: &[A]) -> Value {
        value(&self.call(session, args))
    }
}

const DEFAULTS: [&str; 6] = ["CONFIG", "SET", "hash-max-listpack-entries", "512", "hash-max-listpack-value", "64"];

fn value(bytes: &[u8]) -> Value {
    match resp::parse(bytes) {
        Ok(Some((v, n))) if n == bytes.len() => v,
        _ => Value::Error(format!("BROKEN {}", text::quote(bytes)).into_bytes()),
    }
}

struct Server {
    admin: Redis,
    players: [Redis; 2],
}

impl Server {
    fn connect(address: &str) -> std::io::Result<Server> {
        let mut admin = Redis::connect(address)?;
        admin.call(&["HELLO", "3"])?;
        Ok(Server { admin, players: [Redis::connect(address)?, Redis::connect(address)?] })
    }

    fn reset(&mut self, protocols: [u8; 2]) -> std::io::Result<()> {
        self.admin.call(&["FLUSHALL"])?;
        self.admin.call(&DEFAULTS)?;
        for (player, protocol) in self.players.iter_mut().zip(protocols) {
            player.call(&["RESET"])?;
            player.call(&["HELLO", if protocol == 2 { "2" } else { "3" }])?;
        }
        Ok(())
    }
}

/// Plays a session on both; `pipelined` sends a whole batch at once. The first difference ends it.
fn play(server: &mut Server, session: &Session, pipelined: bool) -> std::io::Result<Option<Difference>> {
    server.reset(session.protocols)?;
    let mut player = Wakey::open(session.seed, session.protocols)?;
    for setting in &session.settings {
        server.admin.call(setting)?;
        player.look(player.side, setting);
    }
    let mut at = 0;
    while at < session.steps.len() {
        let who = session.steps[at].who;
        let limit = if pipelined { session.steps[at].batch } else { 1 };
        let mut end = at + 1;
        while end < session.steps.len()
            && end - at < limit
            && session.steps[end].who == who
            && !session.steps[end].alone()
            && !session.steps[at].alone()
        {
            end += 1;
        }
        player.now = now();
        if session.steps[at].walk {
            if let Some(found) = walk(server, &mut player, &session.steps[at], at)? {
                return Ok(Some(found));
            }
            at = end;
            continue;
        }
        let mut request = Vec::new();
        for step in &session.steps[at..end] {
            request.extend(resp::request(&step.args));
        }
        server.players[who].write(&request)?;
        let mut replies: Vec<Vec<u8>> = Vec::new();
        for _ in at..end {
            replies.push(server.players[who].read().inspect_err(|e| {
                eprintln!("no reply to number {} of these: {e}", replies.len() + 1);
                for (i, step) in session.steps[at..end].iter().enumerate() {
                    eprintln!("> {}    {}", step.line(), replies.get(i).map_or("?".into(), |r| text::quote(r)));
                }
            })?);
        }
        let id = player.sessions[who];
        let mut sent = if end - at > 1 { player.pipeline(id, &request, end - at)? } else { None };
        for (i, (step, theirs)) in session.steps[at..end].iter().zip(replies).enumerate() {
            let order = sent.is_none() && ordered(&mut player, id, &step.args);
            let ours = match &mut sent {
                Some(replies) => std::mem::take(&mut replies[i]),
                None => player.call(id, &step.args),
            };
            if ours != theirs {
                let (o, t) = (value(&ours), value(&theirs));
                let look = if sent.is_some() { None } else { Some(&mut player) };
                if !same(look, id, &step.args, &t, &o, order) {
                    return Ok(Some(Difference { step: at + i, redis: show(&theirs), wakey: show(&ours) }));
                }
            }
        }
        at = end;
    }
    let theirs = keyspace(&mut |batch| {
        let bytes: Vec<u8> = batch.iter().flat_map(|args| resp::request(args)).collect();
        server.admin.write(&bytes)?;
        batch.iter().map(|_| Ok(value(&server.admin.read()?))).collect()
    })?;
    let side = player.side;
    let ours = keyspace(&mut |batch| Ok(batch.iter().map(|args| player.look(side, args)).collect()))?;
    for (t, o) in theirs.iter().zip(&ours) {
        let times = t.0.contains("PEXPIRETIME");
        if t.0 != o.0 || !(t.1 == o.1 || times && near(&t.1, &o.1, 2000)) {
            let what = |x: &(String, Value)| format!("{}: {}", x.0, text::show(&x.1).trim_end());
            return Ok(Some(Difference { step: session.steps.len(), redis: what(t), wakey: what(o) }));
        }
    }
    Ok((theirs.len() != ours.len()).then(|| Difference {
        step: session.steps.len(),
        redis: format!("{} facts about the keyspace", theirs.len()),
        wakey: format!("{}", ours.len()),
    }))
}

fn show(bytes: &[u8]) -> String {
    format!("{}\n      {}", text::show(&value(bytes)).trim_end().replace('\n', "\n      "), text::quote(bytes))
}

/// Must the elements of this reply come in the same order? Asked before the command runs.
fn ordered(player: &mut Wakey, id: u32, args: &[Vec<u8>]) -> bool {
    let name = args[0].to_ascii_uppercase();
    if !matches!(&name[..], b"HGETALL" | b"HKEYS" | b"HVALS" | b"HSCAN") || args.len() < 2 {
        return false;
    }
    player.look(id, &[b"OBJECT", &b"ENCODING"[..], &args[1]]).bytes() == b"listpack"
}

fn sorted(v: &Value) -> Value {
    let mut out = match v {
        Value::Array(i) | Value::Set(i) => i.iter().map(sorted).collect::<Vec<_>>(),
        Value::Map(p) => p.iter().map(|(k, v)| Value::Array(vec![k.clone(), sorted(v)])).collect(),
        other => return other.clone(),
    };
    out.sort_by_key(|v| format!("{v:?}"));
    match v {
        Value::Array(_) => Value::Array(out),
        _ => Value::Set(out),
    }
}

/// Integers at most `by` apart (negative ones equal), alone or in arrays of the same length.
fn near(a: &Value, b: &Value, by: i64) -> bool {
    match (a, b) {
        (Value::Int(x), Value::Int(y)) => x == y || *x >= 0 && *y >= 0 && x.abs_diff(*y) <= by as u64,
        (Value::Array(x), Value::Array(y)) => x.len() == y.len() && x.iter().zip(y).all(|(x, y)| near(x, y, by)),
        (a, b) => a == b,
    }
}

/// Are the replies the same where they need be? `look` asks Wakey what is there, while nothing else has changed it.
fn same(mut look: Option<&mut Wakey>, id: u32, args: &[Vec<u8>], redis: &Value, wakey: &Value, order: bool) -> bool {
    if redis.is_error() || wakey.is_error() {
        return false;
    }
    let kind = |v: &Value| std::mem::discriminant(v);
    let name = String::from_utf8_lossy(&args[0]).to_ascii_uppercase();
    let sub = args.get(1).map(|a| String::from_utf8_lossy(a).to_ascii_uppercase()).unwrap_or_default();
    let mut says = |line: &[&[u8]], answer: Value| look.as_mut().is_none_or(|player| player.look(id, line) == answer);
    match (&name[..], &sub[..]) {
        ("TTL" | "EXPIRETIME" | "HTTL" | "HEXPIRETIME", _) => near(redis, wakey, 2),
        ("PTTL" | "PEXPIRETIME" | "HPTTL" | "HPEXPIRETIME", _) => near(redis, wakey, 2000),
        // Redis's small integers are one shared object each: its idle time is nobody's, and COPY makes an unshared one.
        ("OBJECT", "IDLETIME" | "REFCOUNT" | "FREQ") => kind(redis) == kind(wakey),
        // Redis counts keys that SET has given a deadline in the past, until it meets them.
        ("DBSIZE", _) => redis.int() >= wakey.int(),
        ("INFO" | "TIME" | "HELLO", _) => kind(redis) == kind(wakey),
        ("CLIENT", "INFO" | "LIST" | "ID") | ("DEBUG", "OBJECT") | ("COMMAND", "COUNT" | "LIST" | "DOCS") => {
            kind(redis) == kind(wakey)
        }
        ("COMMAND", "INFO" | "GETKEYSANDFLAGS") | ("CONFIG", "GET") => sorted(redis) == sorted(wakey),
        ("RANDOMKEY", _) => kind(redis) == kind(wakey) && says(&[b"EXISTS", wakey.bytes()], Value::Int(1)),
        ("HRANDFIELD", _) => {
            let (r, w) = (redis.items(), wakey.items());
            if kind(redis) != kind(wakey) || r.len() != w.len() {
                return false;
            }
            let nested = matches!(w.first(), Some(Value::Array(_)));
            let flat = !nested && args.len() == 4;
            let fields: Vec<Value> = match wakey {
                Value::Bulk(_) => vec![wakey.clone()],
                _ if flat => w.chunks(2).map(|pair| pair[0].clone()).collect(),
                _ if nested => w.iter().map(|pair| pair.items()[0].clone()).collect(),
                _ => w.clone(),
            };
            let distinct = args.len() < 3 || args[2].first() == Some(&b'-') || {
                let mut seen: Vec<&[u8]> = fields.iter().map(Value::bytes).collect();
                seen.sort_unstable();
                seen.windows(2).all(|w| w[0] != w[1])
            };
            distinct
                && fields.iter().all(|f| says(&[b"HEXISTS", &args[1][..], f.bytes()], Value::Int(1)))
                && (!flat || w.chunks(2).all(|p| says(&[b"HGET", &args[1][..], p[0].bytes()], p[1].clone())))
        }
        ("KEYS", _) => sorted(redis) == sorted(wakey),
        ("SCAN" | "HSCAN", _) if !ended(redis) || !ended(wakey) => kind(redis) == kind(wakey),
        // A cursor out of nowhere starts somewhere.
        ("SCAN", _) if sub != "0" => kind(redis) == kind(wakey),
        ("HSCAN", _) if !order && args[2] != b"0" => kind(redis) == kind(wakey),
        ("SCAN", _) => sorted(redis) == sorted(wakey),
        ("HGETALL" | "HKEYS" | "HVALS" | "HSCAN", _) => !order && sorted(redis) == sorted(wakey),
        _ => false,
    }
}

/// Is this the reply of a scan that came to its end?
fn ended(reply: &Value) -> bool {
    reply.items().first().is_some_and(|cursor| cursor.bytes() == b"0")
}

/// SCAN or HSCAN from 0 to 0 on both, compared as sets.
fn walk(server: &mut Server, player: &mut Wakey, step: &Step, at: usize) -> std::io::Result<Option<Difference>> {
    let place = if step.args[0].eq_ignore_ascii_case(b"SCAN") { 1 } else { 2 };
    let mut collect = |ours: bool| -> std::io::Result<Result<Vec<Vec<u8>>, Value>> {
        let mut args = step.args.clone();
        let mut found = Vec::new();
        for _ in 0..100_000 {
            let reply = match ours {
                true => player.look(player.sessions[step.who], &args),
                false => server.players[step.who].call(&args)?,
            };
            let Value::Array(parts) = &reply else { return Ok(Err(reply)) };
            let values = parts[1].items();
            if place == 2 && !step.args.iter().any(|a| a.eq_ignore_ascii_case(b"NOVALUES")) {
                found.extend(values.chunks(2).map(|p| [p[0].bytes(), b"=", p[1].bytes()].concat()));
            } else {
                found.extend(values.iter().map(|v| v.bytes().to_vec()));
            }
            args[place] = parts[0].bytes().to_vec();
            if args[place] == b"0" {
                found.sort_unstable();
                found.dedup();
                return Ok(Ok(found));
            }
        }
        Ok(Err(Value::Error(b"never came back to cursor 0".to_vec())))
    };
    let theirs = collect(false)?;
    let ours = collect(true)?;
    let list = |r: &Result<Vec<Vec<u8>>, Value>| match r {
        Ok(v) => v.iter().map(|b| text::quote(b)).collect::<Vec<_>>().join(" "),
        Err(v) => text::show(v),
    };
    Ok((theirs != ours).then(|| Difference { step: at, redis: list(&theirs), wakey: list(&ours) }))
}

type Ask<'a> = dyn FnMut(&[Vec<Vec<u8>>]) -> std::io::Result<Vec<Value>> + 'a;

/// Every key of the databases that sessions use: type, encoding, value, deadlines; as (question, answer), sorted.
fn keyspace(ask: &mut Ask) -> std::io::Result<Vec<(String, Value)>> {
    let line = |args: &[&[u8]]| args.iter().map(|a| a.to_vec()).collect::<Vec<_>>();
    let mut facts = Vec::new();
    for db in 0..session::DATABASES {
        let replies = ask(&[line(&[b"SELECT", db.to_string().as_bytes()]), line(&[b"KEYS", b"*"])])?;
        let mut keys: Vec<Vec<u8>> = replies[1].items().iter().map(|k| k.bytes().to_vec()).collect();
        keys.sort_unstable();
        let mut batch = Vec::new();
        for key in &keys {
            batch.push(line(&[b"TYPE", key]));
        }
        let types = ask(&batch)?;
        for (key, kind) in keys.iter().zip(&types) {
            batch.push(line(&[if kind.bytes() == b"hash" { b"HGETALL" } else { b"GET" }, key]));
            batch.push(line(&[b"PEXPIRETIME", key]));
            batch.push(line(&[b"OBJECT", b"ENCODING", key]));
        }
        let answers = ask(&batch)?;
        let mut more = Vec::new();
        for (question, answer) in batch.iter().zip(answers) {
            if let (b"HGETALL", Value::Map(pairs)) = (&question[0][..], &answer)
                && !pairs.is_empty()
            {
                let mut fields: Vec<&[u8]> = pairs.iter().map(|p| p.0.bytes()).collect();
                fields.sort_unstable();
                let count = fields.len().to_string();
                let head = [b"HPEXPIRETIME", &question[1][..], b"FIELDS", count.as_bytes()];
                more.push(line(&[&head[..], &fields].concat()));
            }
            facts.push((db, question.clone(), sorted(&answer)));
        }
        for (question, answer) in more.iter().zip(ask(&more)?) {
            facts.push((db, question.clone(), answer));
        }
    }
    ask(&[line(&[b"SELECT", b"0"])])?;
    Ok(facts
        .into_iter()
        .map(|(db, question, answer)| {
            let words: Vec<String> = question.iter().map(|w| text::quote(w)).collect();
            (format!("database {db}, {}", words.join(" ")), answer)
        })
        .collect())
}

/// Delta debugging: drops ever smaller pieces of the session as long as a difference remains.
fn shrink(server: &mut Server, mut session: Session, mut found: Difference) -> std::io::Result<(Session, Difference)> {
    session.steps.truncate(found.step + 1);
    let mut size = session.steps.len().div_ceil(2);
    loop {
        let mut at = 0;
        let mut smaller = false;
        while at < session.steps.len() {
            let mut shorter = session.clone();
            shorter.steps.drain(at..(at + size).min(session.steps.len()));
            match play(server, &shorter, false)? {
                Some(difference) => {
                    shorter.steps.truncate(difference.step + 1);
                    (session, found, smaller) = (shorter, difference, true);
                }
                None => at += size,
            }
        }
        if size == 1 && !smaller {
            break;
        }
        size = (size / 2).max(1);
    }
    if !session.settings.is_empty() {
        let plain = Session { settings: Vec::new(), ..session.clone() };
        if let Some(difference) = play(server, &plain, false)? {
            (session, found) = (plain, difference);
        }
    }
    Ok((session, found))
}

fn print(session: &Session, found: &Difference) {
    println!(
        "== a difference (seed {}; sessions a and b speak RESP{} and {})",
        session.seed, session.protocols[0], session.protocols[1]
    );
    for setting in &session.settings {
        println!("> {}", setting.join(" "));
    }
    let mut who = 0;
    for step in &session.steps {
        if step.who != who {
            who = step.who;
            println!("@session {}", ["a", "b"][who]);
        }
        println!("> {}{}", step.line(), if step.walk { "      (followed to cursor 0)" } else { "" });
    }
    println!("    Redis {}\n    Wakey {}\n", found.redis, found.wakey);
}

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let number = |i: usize, default: u64| args.get(i).and_then(|a| a.parse().ok()).unwrap_or(default);
    let Some(address) = args.get(1) else {
        eprintln!("usage: fuzz-redis HOST:PORT [COMMANDS [SEED [DIFFERENCES [GROUPS]]]]");
        std::process::exit(2);
    };
    let (commands, seed, most) = (number(2, 100_000), number(3, 1), number(4, 1));
    let mut server = Server::connect(address)?;
    let grammar = session::Grammar::read(args.get(5).map_or("", String::as_str));
    let started = std::time::Instant::now();
    let (mut done, mut sessions, mut differences) = (0u64, 0u64, 0u64);
    let mut seen = std::collections::BTreeSet::new();
    while done < commands && differences < most {
        let session = generate(&grammar, &mut Random::new(seed.wrapping_add(sessions)), seed.wrapping_add(sessions));
        sessions += 1;
        done += session.steps.len() as u64;
        if let Some(found) = play(&mut server, &session, true)? {
            let (shortest, again) = match play(&mut server, &session, false)? {
                Some(found) => shrink(&mut server, session, found)?,
                None => (session, found),
            };
            let last = shortest.steps.last().map(Step::shape).unwrap_or_default();
            if seen.insert(last) {
                differences += 1;
                print(&shortest, &again);
            }
        }
    }
    server.reset([2, 2])?;
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{done} commands in {sessions} sessions, {seconds:.1} s ({:.0} a second), seed {seed}: {differences} differences",
        done as f64 / seconds
    );
    std::process::exit(i32::from(differences > 0));
}
