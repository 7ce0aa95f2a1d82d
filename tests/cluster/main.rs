//! Three nodes of a cluster in dialogue: `*.resp` beside this file, written as those of `tests/cases`. Natively each node is an engine,
//! and what they have to tell each other is passed on as a host does. With `WAKEY_CLUSTER_PORT=7386` the nodes are real ones, at that
//! port and the two behind it, each with its third of the slots; `WAKEY_RECORD=1` writes down what they say. `WAKEY_CASES=text` plays
//! only files whose name has it.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::time::Duration;
use testkit::dialogue::{self, Peer};
use testkit::redis::Redis;
use testkit::resp;
use wakey::{Engine, Node, Options, SessionId, SessionOptions};

const RANGES: [(u16, u16); 3] = [(0, 5460), (5461, 10922), (10923, 16383)];
const PORT: u16 = 7386;

/// Forty times the letter of a node, or the same letter large: its id, and its shard's.
fn id(node: usize, first: u8) -> String {
    String::from_utf8(vec![first + node as u8; 40]).expect("letters")
}

/// The node that a session is at.
fn node_of(session: &str) -> usize {
    (session.as_bytes()[0] - b'a') as usize
}

struct Engines {
    engines: Vec<Engine>,
    /// The session of each that is its end of the bus.
    buses: Vec<SessionId>,
    sessions: HashMap<String, SessionId>,
    heard: HashMap<(usize, SessionId), Vec<u8>>,
}

impl Engines {
    fn new() -> Engines {
        let nodes = |first: usize| {
            let node = |n: usize| {
                let host = "127.0.0.1".to_string();
                (
                    Node { id: id(n, b'a'), shard: id(n, b'A'), host, port: PORT + n as u16, epoch: n as u64 + 1 },
                    vec![RANGES[n]],
                )
            };
            (0..3).map(|n| node((first + n) % 3)).collect()
        };
        let engine = |n: usize| {
            let mut engine = Engine::new(Options { cluster: true, seed: n as u64, now: 1.7e12, ..Options::default() });
            engine.join(nodes(n)).expect("three nodes");
            engine
        };
        let mut engines: Vec<Engine> = (0..3).map(engine).collect();
        let bus = |engine: &mut Engine| {
            engine.open_session(SessionOptions { bus: true, trusted: true, ..SessionOptions::default() })
        };
        let buses = engines.iter_mut().map(bus).collect();
        Engines { engines, buses, sessions: HashMap::new(), heard: HashMap::new() }
    }

    fn send(&mut self, name: &str, bytes: &[u8]) -> (Vec<u8>, bool) {
        let (node, session) = (node_of(name), self.sessions[name]);
        let reply = self.engines[node].feed(session, 1.7e12, bytes).to_vec();
        self.take_output(node);
        (reply, self.engines[node].closing(session))
    }

    fn take_output(&mut self, node: usize) {
        let mut told = Vec::new();
        while let Some((id, bytes, _)) = self.engines[node].next_output() {
            if id == self.buses[node] {
                told.extend_from_slice(bytes);
            } else {
                self.heard.entry((node, id)).or_default().extend_from_slice(bytes);
            }
        }
        for other in (0..3).filter(|&other| other != node && !told.is_empty()) {
            self.engines[other].feed(self.buses[other], 1.7e12, &told);
            self.take_output(other);
        }
    }
}

impl Peer for Engines {
    fn open(&mut self, name: &str, protocol: u8) {
        let options = SessionOptions { resp: protocol, ..SessionOptions::default() };
        let session = self.engines[node_of(name)].open_session(options);
        self.sessions.insert(name.to_string(), session);
    }

    fn call(&mut self, name: &str, args: &[Vec<u8>], _: bool) -> (Vec<u8>, bool) {
        self.send(name, &resp::request(args))
    }

    fn hear(&mut self, name: &str) -> (Vec<u8>, bool) {
        (self.heard.remove(&(node_of(name), self.sessions[name])).unwrap_or_default(), false)
    }

    fn raw(&mut self, name: &str, bytes: &[u8]) -> (Vec<u8>, bool) {
        self.send(name, bytes)
    }

    fn clock(&mut self, _: Option<f64>, _: f64) -> bool {
        false
    }
}

struct Real {
    port: u16,
    sessions: HashMap<String, Redis>,
    /// What the nodes call themselves and their shards, and what they are called here.
    names: Vec<(String, String)>,
}

impl Real {
    /// Puts the cluster back to where a section begins.
    fn new(port: u16) -> Real {
        let mut names = Vec::new();
        let mut nodes: Vec<Redis> =
            (0..3).map(|n| Redis::connect(&format!("127.0.0.1:{}", port + n)).expect("a node")).collect();
        for (n, node) in nodes.iter_mut().enumerate() {
            node.call(&["FLUSHALL"]).expect("FLUSHALL");
            node.call(&["CONFIG", "RESETSTAT"]).expect("RESETSTAT");
            names.push((node.call(&["CLUSTER", "MYID"]).expect("MYID").text(), id(n, b'a')));
            names.push((node.call(&["CLUSTER", "MYSHARDID"]).expect("MYSHARDID").text(), id(n, b'A')));
        }
        for slot in ["5061", "7629"] {
            let owner =
                RANGES.iter().position(|range| slot.parse::<u16>().expect("a slot") <= range.1).expect("an owner");
            for round in 0..2 {
                for n in [owner, 0, 1, 2] {
                    let stable = nodes[n].call(&["CLUSTER", "SETSLOT", slot, "STABLE"]);
                    assert!(stable.is_ok(), "{round}");
                    nodes[n].call(&["CLUSTER", "SETSLOT", slot, "NODE", &names[owner * 2].0]).expect("SETSLOT");
                }
            }
        }
        std::thread::sleep(Duration::from_millis(1500));
        Real { port, sessions: HashMap::new(), names }
    }

    fn renamed(&self, mut bytes: Vec<u8>, to_real: bool) -> Vec<u8> {
        for (real, ours) in &self.names {
            let (from, to) = if to_real { (ours, real) } else { (real, ours) };
            while let Some(at) = bytes.windows(40).position(|window| window == from.as_bytes()) {
                bytes[at..at + 40].copy_from_slice(to.as_bytes());
            }
        }
        bytes
    }
}

impl Peer for Real {
    fn open(&mut self, name: &str, protocol: u8) {
        let mut redis = Redis::connect(&format!("127.0.0.1:{}", self.port + node_of(name) as u16)).expect("a node");
        redis.call(&["HELLO", &protocol.to_string()]).expect("HELLO");
        self.sessions.insert(name.to_string(), redis);
    }

    fn call(&mut self, name: &str, args: &[Vec<u8>], silent: bool) -> (Vec<u8>, bool) {
        let request = resp::request(&args.iter().map(|arg| self.renamed(arg.clone(), true)).collect::<Vec<_>>());
        let redis = self.sessions.get_mut(name).expect("a session");
        redis.write(&request).expect("a connection");
        if silent {
            std::thread::sleep(Duration::from_millis(50));
            return (Vec::new(), false);
        }
        let subscribes = args[0].to_ascii_lowercase().ends_with(b"subscribe");
        let reply = match redis.read() {
            Ok(reply) if subscribes => [reply, redis.drain(Duration::from_millis(50)).0].concat(),
            Ok(reply) => reply,
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => Vec::new(),
            Err(_) => return (Vec::new(), true),
        };
        (self.renamed(reply, false), false)
    }

    fn hear(&mut self, name: &str) -> (Vec<u8>, bool) {
        // Those who wait are looked after by a timer.
        let (heard, closed) = self.sessions.get_mut(name).expect("a session").drain(Duration::from_millis(400));
        (self.renamed(heard, false), closed)
    }

    fn raw(&mut self, name: &str, bytes: &[u8]) -> (Vec<u8>, bool) {
        let redis = self.sessions.get_mut(name).expect("a session");
        redis.write(bytes).expect("a connection");
        redis.drain(Duration::from_millis(60))
    }

    fn clock(&mut self, _: Option<f64>, _: f64) -> bool {
        false
    }
}

#[test]
fn three_nodes_answer_as_three_of_redis() {
    let real = std::env::var("WAKEY_CLUSTER_PORT").ok().map(|port| port.parse().expect("a port"));
    let record = std::env::var_os("WAKEY_RECORD").is_some();
    let only = std::env::var("WAKEY_CASES").unwrap_or_default();
    let mut failures = Vec::new();
    for name in ["three.resp", "alone.resp"].into_iter().filter(|name| name.contains(&only)) {
        let path = format!("{}/tests/cluster/{name}", env!("CARGO_MANIFEST_DIR"));
        let source = std::fs::read_to_string(&path).expect("a dialogue");
        let report = match real {
            Some(port) => dialogue::run(name, &source, record, |_| Some(Real::new(port))),
            None => dialogue::run(name, &source, false, |_| Some(Engines::new())),
        };
        if let Some(text) = report.recorded.filter(|text| *text != source) {
            std::fs::write(&path, text).expect("the file can be written");
        }
        failures.extend(report.failures);
    }
    assert!(failures.is_empty(), "{} replies differ:\n\n{}", failures.len(), failures.join("\n"));
}
