//! A differential run: `fuzz-redis HOST:PORT [COMMANDS [SEED [DIFFERENCES [GROUPS]]]]` plays random but plausible
//! sessions on the native engine (with `WAKEY=HOST:PORT` on one that serves) and on a real server, and compares the
//! replies byte for byte. It ends after so many commands (100,000) or different differences (1); a difference prints the
//! shortest session found that shows it. GROUPS, as `string,hash`, plays only those.
//!
//! Commands come from the argument trees of COMMAND DOCS (`tests/data/commands.json`, `commands-valkey.json`), filled from small alphabets of
//! keys, fields, numbers and patterns; some are then damaged. Three connections take turns, in RESP2 or RESP3, in pipelines.
//! Some sessions have tiny `hash-max-listpack-*`, some thousands of names. After each session every key of the databases is compared: type,
//! encoding, value, deadlines. The engine's clock is the real one.
//!
//! A server that says it is a Valkey is compared with an engine of that dialect.
//!
//! What is not compared byte for byte: the order where Redis has none to promise (KEYS, SCAN, hashes that are no plain
//! listpack), random replies (compared in shape, and ours must name what exists), times (with a tolerance), and what
//! tells of the server itself (INFO, CLIENT LIST, HELLO: only the type). Deadlines lie far ahead or in the past, so that
//! nothing expires meanwhile. Some sessions have users, with rules that
//! deny; those that wait also track keys, and what is invalidated is compared. Left out: QUIT, CLIENT KILL and CLIENT REPLY (dialogues have them), replies without end
//! (HRANDFIELD with a huge negative count), and Wakey's own short form of HSETEX. AUTH is never pipelined: Redis 8.6.3
//! loses the reply to a failed AUTH that is not the first command of a pipeline.

mod same;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{SystemTime, UNIX_EPOCH};
use testkit::redis::Redis;
use testkit::resp::{self, Value};
use testkit::session::{self, PLAYERS, Session, Step, generate};
use testkit::{random::Random, text};
use wakey::SessionId;

struct Difference {
    step: usize,
    redis: String,
    wakey: String,
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |d| (d.as_micros() as f64) / 1000.0)
}

/// Wakey, with sessions that play, one that only looks and one that only listens: the native engine, or a server (as
/// `WAKEY=HOST:PORT` says, for what only wasm32 or the sockets can get wrong).
struct Wakey {
    sessions: [SessionId; PLAYERS],
    side: SessionId,
    ear: SessionId,
    /// The time of the batch.
    now: f64,
    kind: Kind,
    /// What sessions of the native engine were sent unasked.
    heard: BTreeMap<SessionId, Vec<u8>>,
}

enum Kind {
    Native { engine: Box<wakey::Engine>, as_socket: bool },
    Served(Vec<Redis>),
}

impl Wakey {
    fn open(seed: u64, protocols: [u8; PLAYERS], dialect: wakey::Dialect) -> std::io::Result<Wakey> {
        let now = now();
        let heard = BTreeMap::new();
        if let Ok(address) = std::env::var("WAKEY") {
            let mut connections = Vec::new();
            for protocol in protocols.into_iter().chain([3, 3]) {
                let mut redis = Redis::connect(&address)?;
                redis.call(&["HELLO", if protocol == 2 { "2" } else { "3" }])?;
                connections.push(redis);
            }
            let side = PLAYERS as SessionId;
            connections[PLAYERS].call(&["FLUSHALL"])?;
            connections[PLAYERS].call(&DEFAULTS)?;
            connections[PLAYERS].call(&NOBODY)?;
            connections[PLAYERS + 1].call(&LISTEN)?;
            let sessions = std::array::from_fn(|i| i as SessionId);
            return Ok(Wakey { sessions, side, ear: side + 1, now, kind: Kind::Served(connections), heard });
        }
        let compat = wakey::Release::V8_6;
        let mut engine = wakey::Engine::new(wakey::Options { seed, now, compat, dialect, ..Default::default() });
        let mut open = |resp, trusted| {
            engine.open_session(wakey::SessionOptions {
                resp,
                trusted,
                addr: "127.0.0.1:5".into(),
                laddr: "127.0.0.1:6".into(),
                ..Default::default()
            })
        };
        let sessions = protocols.map(|resp| open(resp, false));
        let (side, ear) = (open(3, true), open(3, true));
        engine.exec(ear, now, &resp::frame(&LISTEN));
        let kind = Kind::Native { engine: Box::new(engine), as_socket: seed % 2 == 1 };
        Ok(Wakey { sessions, side, ear, now, kind, heard })
    }

    /// One command, to the engine as a frame or as it comes off a socket.
    fn call<A: AsRef<[u8]>>(&mut self, session: SessionId, args: &[A]) -> Vec<u8> {
        match &mut self.kind {
            Kind::Native { engine, as_socket } => {
                let reply = match as_socket {
                    true => engine.feed(session, self.now, &resp::request(args)).to_vec(),
                    false => engine.exec(session, self.now, &resp::frame(args)).to_vec(),
                };
                while let Some((id, bytes, _)) = engine.next_output() {
                    self.heard.entry(id).or_default().extend_from_slice(bytes);
                }
                reply
            }
            Kind::Served(connections) => {
                let redis = &mut connections[session as usize];
                let reply = redis.write(&resp::request(args)).and_then(|()| redis.read());
                reply.unwrap_or_else(|e| format!("-GONE {e}\r\n").into_bytes())
            }
        }
    }

    /// A whole pipeline to a server. The engine is not asked: one can look around between its commands.
    fn pipeline(&mut self, session: SessionId, request: &[u8], count: usize) -> std::io::Result<Option<Vec<Vec<u8>>>> {
        let Kind::Served(connections) = &mut self.kind else { return Ok(None) };
        let redis = &mut connections[session as usize];
        redis.write(request)?;
        (0..count).map(|_| redis.read()).collect::<Result<_, _>>().map(Some)
    }

    fn look<A: AsRef<[u8]>>(&mut self, session: SessionId, args: &[A]) -> Value {
        value(&self.call(session, args))
    }

    fn is_waiting(&mut self, session: SessionId) -> bool {
        match &mut self.kind {
            Kind::Native { engine, .. } => engine.is_waiting(session),
            Kind::Served(_) => false,
        }
    }

    /// What the listening session was told since it was asked last.
    fn events(&mut self) -> std::io::Result<Vec<Value>> {
        match &mut self.kind {
            Kind::Native { .. } => Ok(values(&self.heard.remove(&self.ear).unwrap_or_default())),
            Kind::Served(connections) => {
                connections[self.side as usize].call(&MARK)?;
                until_mark(&mut connections[self.ear as usize])
            }
        }
    }
}

const DEFAULTS: [&str; 28] = [
    "CONFIG",
    "SET",
    "hash-max-listpack-entries",
    "512",
    "hash-max-listpack-value",
    "64",
    "set-max-listpack-entries",
    "128",
    "set-max-listpack-value",
    "64",
    "set-max-intset-entries",
    "512",
    "zset-max-listpack-entries",
    "128",
    "zset-max-listpack-value",
    "64",
    "list-max-listpack-size",
    "-2",
    "list-compress-depth",
    "0",
    "stream-node-max-entries",
    "100",
    "stream-node-max-bytes",
    "4096",
    "hll-sparse-max-bytes",
    "3000",
    "notify-keyspace-events",
    "",
];
const NOBODY: [&str; 4] = ["ACL", "DELUSER", session::USERS[0], session::USERS[1]];
const LISTEN: [&str; 2] = ["PSUBSCRIBE", "__key*"];
/// Published to know that all that came before has arrived.
const MARK: [&str; 3] = ["PUBLISH", "__key mark", ""];

/// The messages up to the mark.
fn until_mark(redis: &mut Redis) -> std::io::Result<Vec<Value>> {
    let mut out = Vec::new();
    loop {
        let message = value(&redis.read()?);
        if message.items().get(2).is_some_and(|channel| channel.bytes() == MARK[1].as_bytes()) {
            return Ok(out);
        }
        out.push(message);
    }
}

/// All values in these bytes.
fn values(bytes: &[u8]) -> Vec<Value> {
    resp::parse_all(bytes).unwrap_or_else(|e| vec![Value::Error(format!("BROKEN {e} {}", text::quote(bytes)).into())])
}

fn value(bytes: &[u8]) -> Value {
    match resp::parse(bytes) {
        Ok(Some((v, n))) if n == bytes.len() => v,
        _ => Value::Error(format!("BROKEN {}", text::quote(bytes)).into_bytes()),
    }
}

struct Server {
    admin: Redis,
    ear: Redis,
    players: [Redis; PLAYERS],
    ids: [i64; PLAYERS],
    /// As it says itself.
    dialect: wakey::Dialect,
}

impl Server {
    fn connect(address: &str) -> std::io::Result<Server> {
        let mut admin = Redis::connect(address)?;
        let hello = format!("{:?}", admin.call(&["INFO", "server"])?.text());
        admin.call(&["HELLO", "3"])?;
        let dialect = if hello.contains("server_name:valkey") { wakey::Dialect::Valkey } else { wakey::Dialect::Redis };
        let mut ear = Redis::connect(address)?;
        ear.call(&["HELLO", "3"])?;
        ear.call(&LISTEN)?;
        let mut players = [Redis::connect(address)?, Redis::connect(address)?, Redis::connect(address)?];
        let mut ids = [0; PLAYERS];
        for (player, id) in players.iter_mut().zip(&mut ids) {
            *id = player.call(&["CLIENT", "ID"])?.int().unwrap_or_default();
        }
        Ok(Server { admin, ear, players, ids, dialect })
    }

    fn reset(&mut self, protocols: [u8; PLAYERS]) -> std::io::Result<()> {
        for id in self.ids {
            self.admin.call(&["CLIENT", "UNBLOCK", &id.to_string()])?;
        }
        self.admin.call(&["FLUSHALL"])?;
        self.admin.call(&DEFAULTS)?;
        for (player, protocol) in self.players.iter_mut().zip(protocols) {
            player.take()?;
            player.call(&["RESET"])?;
            player.take()?;
            player.call(&["HELLO", if protocol == 2 { "2" } else { "3" }])?;
        }
        self.admin.call(&NOBODY)?;
        self.events().map(|_| ())
    }

    /// What the listening connection was told since it was asked last.
    fn events(&mut self) -> std::io::Result<Vec<Value>> {
        self.admin.call(&MARK)?;
        until_mark(&mut self.ear)
    }

    /// Whether a player waits. It may take a moment until the server has read the command that makes it wait.
    fn is_waiting(&mut self, who: usize) -> std::io::Result<bool> {
        for _ in 0..200 {
            let list = self.admin.call(&["CLIENT", "LIST", "ID", &self.ids[who].to_string()])?.text();
            let flags = list.split(' ').find_map(|word| word.strip_prefix("flags=")).unwrap_or_default();
            if flags.contains('b') {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// What one connection is in: a transaction with these commands, and a wait with this one.
#[derive(Default)]
struct State {
    queued: Option<Vec<Vec<Vec<u8>>>>,
    waits_with: Option<Vec<Vec<u8>>>,
}

/// Plays a session on both. `pipelined`: commands are sent in batches as the session says, else one by one.
fn play(server: &mut Server, session: &Session, pipelined: bool) -> std::io::Result<Option<Difference>> {
    server.reset(session.protocols)?;
    let mut player = Wakey::open(session.seed, session.protocols, server.dialect)?;
    if session.waits && matches!(player.kind, Kind::Served(_)) {
        return Ok(None);
    }
    for setting in &session.settings {
        server.admin.call(setting)?;
        player.look(player.side, setting);
    }
    let mut states: [State; PLAYERS] = Default::default();
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
        let found = match &session.steps[at] {
            _ if states[who].waits_with.is_some() => None,
            step if session.waits => wait_step(server, &mut player, step, at, &mut states)?,
            step if step.walk && states[who].queued.is_some() => None,
            step if step.walk => walk(server, &mut player, step, at)?,
            _ => batch(server, &mut player, &session.steps[at..end], at, &mut states[who])?,
        };
        if found.is_some() {
            return Ok(found);
        }
        at = end;
    }
    let last = session.steps.len();
    // A key whose deadline has come is told when it is met, which is another time here and there.
    let told = |events: Vec<Value>| -> Vec<Value> {
        events.into_iter().filter(|v| !v.items().iter().any(|part| part.text().contains("expired"))).collect()
    };
    let (theirs, ours) = (told(server.events()?), told(player.events()?));
    if let Some(i) = (0..theirs.len().max(ours.len())).find(|&i| theirs.get(i) != ours.get(i)) {
        let show = |v: &[Value]| {
            let from = i.saturating_sub(2);
            let shown: Vec<String> = v.iter().skip(from).take(6).map(event).collect();
            format!("event {i} of {}: ... {}", v.len(), shown.join(", "))
        };
        return Ok(Some(Difference { step: last, redis: show(&theirs), wakey: show(&ours) }));
    }
    compare_keyspaces(server, &mut player, last)
}

/// A keyspace event in short.
fn event(v: &Value) -> String {
    v.items().iter().skip(2).map(Value::text).collect::<Vec<_>>().join(" ")
}

/// Several commands of one connection, sent in one go.
fn batch(
    server: &mut Server,
    player: &mut Wakey,
    steps: &[Step],
    at: usize,
    state: &mut State,
) -> std::io::Result<Option<Difference>> {
    let who = steps[0].who;
    let request: Vec<u8> = steps.iter().flat_map(|step| resp::request(&step.args)).collect();
    server.players[who].write(&request)?;
    let mut replies: Vec<Vec<u8>> = Vec::new();
    for _ in steps {
        replies.push(server.players[who].read().inspect_err(|e| {
            eprintln!("no reply to number {} of these: {e}", replies.len() + 1);
            for (i, step) in steps.iter().enumerate() {
                eprintln!("> {}    {}", step.line(), replies.get(i).map_or("?".into(), |r| text::quote(r)));
            }
        })?);
    }
    let id = player.sessions[who];
    let mut sent = if steps.len() > 1 { player.pipeline(id, &request, steps.len())? } else { None };
    for (i, (step, theirs)) in steps.iter().zip(replies).enumerate() {
        let looks = sent.is_none() && state.queued.is_none();
        let order = looks && same::ordered(&mut |line| player.look(id, line), &step.args);
        let ours = match &mut sent {
            Some(replies) => std::mem::take(&mut replies[i]),
            None => player.call(id, &step.args),
        };
        let (o, t) = (value(&ours), value(&theirs));
        let mut look = |line: &[&[u8]]| player.look(id, line);
        let look: Option<&mut same::Look<'_>> = if looks { Some(&mut look) } else { None };
        if !agree(look, state, &step.args, &t, &o, order) {
            return Ok(Some(Difference { step: at + i, redis: show(&theirs), wakey: show(&ours) }));
        }
    }
    Ok(None)
}

/// Whether the replies agree, those of a transaction one by one; notes what the command does to the transaction.
fn agree(
    look: Option<&mut same::Look<'_>>,
    state: &mut State,
    args: &[Vec<u8>],
    redis: &Value,
    wakey: &Value,
    order: bool,
) -> bool {
    let is = |name: &str| args[0].eq_ignore_ascii_case(name.as_bytes());
    if *wakey == Value::Simple(b"QUEUED".to_vec()) {
        if let Some(queued) = &mut state.queued {
            queued.push(args.to_vec());
        }
        return redis == wakey;
    }
    if is("MULTI") && !wakey.is_error() {
        state.queued = Some(Vec::new());
    }
    if is("RESET") || is("DISCARD") {
        state.queued = None;
    }
    if is("EXEC")
        && let Some(queued) = state.queued.take()
        && let (Value::Array(theirs), Value::Array(ours)) = (redis, wakey)
    {
        let mut pairs = queued.iter().zip(theirs.iter().zip(ours));
        return theirs.len() == ours.len() && pairs.all(|(args, (t, o))| same::same(None, args, t, o, false));
    }
    same::same(look, args, redis, wakey, order)
}

/// One command in a session that waits: what every connection then hears must agree, and who waits.
fn wait_step(
    server: &mut Server,
    player: &mut Wakey,
    step: &Step,
    at: usize,
    states: &mut [State; PLAYERS],
) -> std::io::Result<Option<Difference>> {
    let who = step.who;
    let id = player.sessions[who];
    // UNSUBSCRIBE of all leaves them in no order.
    let leaves_all = step.args.len() == 1 && step.args[0].to_ascii_uppercase().ends_with(b"UNSUBSCRIBE");
    let differs = |redis: String, wakey: String| Ok(Some(Difference { step: at, redis, wakey }));
    let mut ours = values(&player.call(id, &named(&step.args, player.sessions.map(|id| id as i64))));
    ours.extend(values(&player.heard.remove(&id).unwrap_or_default()));
    server.players[who].write(&resp::request(&named(&step.args, server.ids)))?;
    let mut theirs = Vec::new();
    if player.is_waiting(id) {
        states[who].waits_with = Some(step.args.clone());
        if !server.is_waiting(who)? {
            return differs(list(&values(&server.players[who].take()?)), "waits".into());
        }
    } else {
        match server.players[who].read_within(std::time::Duration::from_secs(2)) {
            Ok(reply) => theirs.push(value(&reply)),
            Err(_) => return differs("waits".into(), list(&ours)),
        }
        // What FLUSHDB invalidates comes before its reply, which may take its time.
        if step.args[0].to_ascii_uppercase().starts_with(b"FLUSH") {
            while matches!(theirs.last(), Some(Value::Push(_))) {
                theirs.push(value(&server.players[who].read()?));
            }
            if server.dialect == wakey::Dialect::Valkey {
                // There the reply comes first.
                theirs.extend(values(&server.players[who].take()?));
                theirs.sort_by_key(|value| !matches!(value, Value::Push(_)));
            }
        }
    }
    server.admin.call(&["PING"])?;
    theirs.extend(values(&server.players[who].take()?));
    // A transaction that subscribes has more replies than commands.
    let subscribes =
        |queued: &Vec<Vec<Vec<u8>>>| queued.iter().any(|args| args[0].to_ascii_uppercase().ends_with(b"SUBSCRIBE"));
    if step.args[0].eq_ignore_ascii_case(b"EXEC") && states[who].queued.as_ref().is_some_and(subscribes) {
        states[who].queued = None;
    } else if states[who].waits_with.is_none() {
        let first = |v: &[Value]| v.first().cloned().unwrap_or(Value::Nil);
        let (mut t, mut o) = (first(&theirs), first(&ours));
        if step.args[0].eq_ignore_ascii_case(b"CLIENT") {
            unname(&mut t, server.ids);
            unname(&mut o, player.sessions.map(|id| id as i64));
        }
        let agrees = agree(None, &mut states[who], &step.args, &t, &o, false);
        let rest = |v: &[Value]| match leaves_all {
            true => v.iter().map(|v| format!("{:?}", v.items().get(1))).collect::<BTreeSet<_>>().into_iter().collect(),
            false => sorted_messages(v.get(1..).unwrap_or_default()),
        };
        if !agrees || rest(&theirs) != rest(&ours) {
            return differs(list(&theirs), list(&ours));
        }
    }
    for other in (0..PLAYERS).filter(|&other| other != who) {
        let id = player.sessions[other];
        let mut ours = values(&player.heard.remove(&id).unwrap_or_default());
        let mut theirs = values(&server.players[other].take()?);
        if states[other].waits_with.is_some() && !player.is_waiting(id) {
            let args = states[other].waits_with.take().unwrap_or_default();
            let reply = |v: &mut Vec<Value>| match v.is_empty() {
                true => Value::Nil,
                false => v.remove(0),
            };
            let (t, o) = (reply(&mut theirs), reply(&mut ours));
            if !same::same(None, &args, &t, &o, false) {
                return differs(format!("{other} hears {}", list(&[t])), list(&[o]));
            }
        }
        if sorted_messages(&theirs) != sorted_messages(&ours) {
            return differs(format!("{other} hears {}", list(&theirs)), list(&ours));
        }
    }
    Ok(None)
}

/// The arguments with a connection's id for `@0`, `@1` and `@2`.
fn named(args: &[Vec<u8>], ids: [i64; PLAYERS]) -> Vec<Vec<u8>> {
    if !args[0].eq_ignore_ascii_case(b"CLIENT") {
        return args.to_vec();
    }
    let place = |arg: &Vec<u8>| match &arg[..] {
        [b'@', digit @ b'0'..=b'2'] => ids[(digit - b'0') as usize].to_string().into_bytes(),
        _ => arg.clone(),
    };
    args.iter().map(place).collect()
}

/// Ids of connections are others here and there: their numbers instead.
fn unname(v: &mut Value, ids: [i64; PLAYERS]) {
    match v {
        Value::Int(n) => *n = ids.iter().position(|id| id == n).map_or(*n, |at| at as i64 - 10),
        Value::Array(items) | Value::Set(items) => items.iter_mut().for_each(|item| unname(item, ids)),
        Value::Map(pairs) => pairs.iter_mut().for_each(|(_, value)| unname(value, ids)),
        _ => {}
    }
}

/// Patterns that match one message have no order among themselves.
fn sorted_messages(v: &[Value]) -> Vec<String> {
    let mut all: Vec<String> = v.iter().map(|v| format!("{v:?}")).collect();
    all.sort();
    all
}

fn list(v: &[Value]) -> String {
    v.iter().map(|v| text::show(v).trim_end().replace('\n', "\n      ")).collect::<Vec<_>>().join(" ; ")
}

fn compare_keyspaces(server: &mut Server, player: &mut Wakey, last: usize) -> std::io::Result<Option<Difference>> {
    let digests = server.dialect == wakey::Dialect::Redis;
    let theirs = keyspace(digests, &mut |batch| {
        let bytes: Vec<u8> = batch.iter().flat_map(|args| resp::request(args)).collect();
        server.admin.write(&bytes)?;
        batch.iter().map(|_| Ok(value(&server.admin.read()?))).collect()
    })?;
    let side = player.side;
    let ours = keyspace(digests, &mut |batch| Ok(batch.iter().map(|args| player.look(side, args)).collect()))?;
    for (t, o) in theirs.iter().zip(&ours) {
        let times = t.0.contains("PEXPIRETIME") || t.0.contains("XINFO");
        if t.0 != o.0 || !(t.1 == o.1 || times && same::near(&t.1, &o.1, 5000)) {
            let what = |x: &(String, Value)| format!("{}: {}", x.0, text::show(&x.1).trim_end());
            return Ok(Some(Difference { step: last, redis: what(t), wakey: what(o) }));
        }
    }
    Ok((theirs.len() != ours.len()).then(|| Difference {
        step: last,
        redis: format!("{} facts about the keyspace", theirs.len()),
        wakey: format!("{}", ours.len()),
    }))
}

fn show(bytes: &[u8]) -> String {
    format!("{}\n      {}", text::show(&value(bytes)).trim_end().replace('\n', "\n      "), text::quote(bytes))
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
            let single =
                step.args.iter().any(|a| a.eq_ignore_ascii_case(b"NOVALUES") || a.eq_ignore_ascii_case(b"SSCAN"));
            if place == 2 && !single {
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

/// Every key of the databases that sessions use: type, encoding, value, deadlines, payload, with `digests` that of hashes;
/// as (question, answer), sorted.
fn keyspace(digests: bool, ask: &mut Ask) -> std::io::Result<Vec<(String, Value)>> {
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
            batch.push(match kind.bytes() {
                b"hash" => line(&[b"HGETALL", key]),
                b"list" => line(&[b"LRANGE", key, b"0", b"-1"]),
                b"set" => line(&[b"SMEMBERS", key]),
                b"zset" => line(&[b"ZRANGE", key, b"0", b"-1", b"WITHSCORES"]),
                b"stream" => line(&[b"XINFO", b"STREAM", key, b"FULL", b"COUNT", b"0"]),
                b"vectorset" => line(&[b"VRANGE", key, b"-", b"+"]),
                _ => line(&[b"GET", key]),
            });
            batch.push(line(&[b"PEXPIRETIME", key]));
            batch.push(line(&[b"OBJECT", b"ENCODING", key]));
            // Valkey's digests of hashes have something of deadlines in them. Not that of all: it knows keys whose time has come and that nobody has met yet.
            if kind.bytes() != b"vectorset" && (digests || kind.bytes() != b"hash") {
                batch.push(line(&[b"DEBUG", b"DIGEST-VALUE", key]));
            }
            if matches!(kind.bytes(), b"string" | b"list" | b"zset") {
                batch.push(line(&[b"DUMP", key]));
            }
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
            let ordered = matches!(&question[0][..], b"LRANGE" | b"ZRANGE" | b"XINFO");
            facts.push((db, question.clone(), if ordered { answer } else { same::sorted(&answer) }));
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
    println!("== a difference (seed {}; sessions a, b and c speak RESP {:?})", session.seed, session.protocols);
    for setting in &session.settings {
        println!("> {}", setting.join(" "));
    }
    let mut who = 0;
    for step in &session.steps {
        if step.who != who {
            who = step.who;
            println!("@session {}", ["a", "b", "c"][who]);
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
    let groups = args.get(5).map_or("", String::as_str);
    let grammar = match server.dialect {
        wakey::Dialect::Valkey => session::Grammar::valkey(groups),
        _ => session::Grammar::read(groups),
    };
    let started = std::time::Instant::now();
    let (mut done, mut sessions, mut differences) = (0u64, 0u64, 0u64);
    let mut seen = BTreeSet::new();
    while done < commands && differences < most {
        let mut session =
            generate(&grammar, &mut Random::new(seed.wrapping_add(sessions)), seed.wrapping_add(sessions));
        sessions += 1;
        if server.dialect == wakey::Dialect::Valkey {
            let is = |step: &Step, name: &[u8]| step.args[0].eq_ignore_ascii_case(name);
            let says = |step: &Step, word: &[u8]| step.args.iter().any(|arg| arg.eq_ignore_ascii_case(word));
            // The flags of their keys.
            session.steps.retain(|step| {
                !is(step, b"COMMAND")
                    || !says(step, b"HSETEX") && !says(step, b"GEORADIUS") && !says(step, b"GEORADIUSBYMEMBER")
            });
        }
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
    server.reset([2; PLAYERS])?;
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{done} commands in {sessions} sessions, {seconds:.1} s ({:.0} a second), seed {seed}: {differences} differences",
        done as f64 / seconds
    );
    std::process::exit(i32::from(differences > 0));
}
