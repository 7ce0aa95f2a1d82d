//! Users against a real server: `fuzz-users HOST:PORT [ROUNDS [SEED]]`. Each round gives both the same user by random rules, right and
//! wrong ones, compares the answers and how the user is shown, and asks of random commands whether it may run them (ACL DRYRUN).
//! Categories of commands that are not here yet make no difference: only commands that both know are asked for.

use testkit::random::Random;
use testkit::redis::Redis;
use testkit::session::{Grammar, generate};
use testkit::{resp, text};

const CATEGORIES: &[&str] = &[
    "keyspace",
    "read",
    "write",
    "set",
    "sortedset",
    "list",
    "hash",
    "string",
    "bitmap",
    "hyperloglog",
    "geo",
    "stream",
    "pubsub",
    "admin",
    "fast",
    "slow",
    "blocking",
    "dangerous",
    "connection",
    "transaction",
    "scripting",
    "all",
    "nosuch",
];
const COMMANDS: &[&str] = &[
    "get",
    "set",
    "mget",
    "del",
    "config",
    "config|get",
    "client",
    "client|id",
    "select|0",
    "select|1",
    "select",
    "acl",
    "publish",
    "subscribe",
    "sort",
    "object",
    "object|freq",
    "xgroup",
    "eval",
    "keys",
    "nosuch",
    "config|nosuch",
    "get|",
    "config|get|x",
    "set|s1",
    "HGET",
    "zadd",
    "xadd",
    "",
];
const PATTERNS: &[&str] = &[
    "*", "s*", "h*", "l*", "z*", "x*", "?1", "[a-k]*", "s1", "h1", "", "a b", "k\\*", "*1", "*2", "b?", "c*", "ch*",
    "[^s]*",
];
const WHOLE: &[&str] = &[
    "on",
    "off",
    "nopass",
    "resetpass",
    "reset",
    "allkeys",
    "resetkeys",
    "allchannels",
    "resetchannels",
    "allcommands",
    "nocommands",
    "clearselectors",
    "sanitize-payload",
    "skip-sanitize-payload",
    ">pw",
    "<pw",
    "#0",
    "zz",
    "(",
    ")",
    "()",
    "ON",
    "AllKeys",
];

fn rule(random: &mut Random, inside: bool) -> String {
    match random.below(10) {
        0 | 1 => format!("{}@{}", random.pick(&["+", "-"]), random.pick(CATEGORIES)),
        2 | 3 => format!("{}{}", random.pick(&["+", "-"]), random.pick(COMMANDS)),
        4 | 5 => {
            format!("{}{}", random.pick(&["~", "%R~", "%W~", "%RW~", "%r~", "%", "%RR~"]), random.pick(PATTERNS))
        }
        6 => format!("&{}", random.pick(PATTERNS)),
        7 if !inside => {
            let rules: Vec<String> = (0..random.below(4)).map(|_| rule(random, true)).collect();
            format!("({})", rules.join(" "))
        }
        8 => "+@all".into(),
        _ => random.pick(WHOLE).into(),
    }
}

fn main() {
    let mut args = std::env::args().skip(1);
    let address = args.next().expect("HOST:PORT of a real server");
    let rounds: usize = args.next().map_or(2000, |n| n.parse().expect("rounds"));
    let seed: u64 = args.next().map_or(1, |n| n.parse().expect("a seed"));
    let mut random = Random::new(seed);
    let mut redis = Redis::connect(&address).expect("a server");
    redis.call(&["HELLO", "3"]).expect("HELLO 3");
    let mut engine = wakey::Engine::new(wakey::Options {
        seed,
        now: 1_700_000_000_000.0,
        compat: wakey::Release::V8_6,
        ..Default::default()
    });
    let session = engine.open_session(wakey::SessionOptions { resp: 3, trusted: true, ..Default::default() });
    let grammar = Grammar::read("");
    let (mut asked, mut denied, mut differences) = (0, 0, 0);
    for round in 0..rounds {
        let before = differences;
        let mut both = |args: &[Vec<u8>]| {
            let theirs = redis.write(&resp::request(args)).and_then(|()| redis.read()).expect("an answer");
            let ours = engine.exec(session, 1_700_000_000_000.0, &resp::frame(args)).to_vec();
            if ours != theirs {
                differences += 1;
                let line: Vec<String> = args.iter().map(|arg| text::quote(arg)).collect();
                println!("round {round}: {}", line.join(" "));
                println!("  redis: {}  wakey: {}", String::from_utf8_lossy(&theirs), String::from_utf8_lossy(&ours));
            }
            theirs
        };
        let words = |words: &[&str]| words.iter().map(|word| word.as_bytes().to_vec()).collect::<Vec<_>>();
        both(&words(&["ACL", "SETUSER", "u", "reset"]));
        let mut given = String::new();
        for _ in 0..random.below(3) + 1 {
            let rules: Vec<String> = (0..random.below(4) + 1).map(|_| rule(&mut random, false)).collect();
            let mut all = vec!["ACL", "SETUSER", "u"];
            all.extend(rules.iter().map(String::as_str));
            both(&words(&all));
            given += &format!(" / {}", rules.join(" "));
        }
        both(&words(&["ACL", "GETUSER", "u"]));
        for step in generate(&grammar, &mut random, seed + round as u64).steps.into_iter().take(60) {
            let known = step.args.first().is_some_and(|name| {
                let name = String::from_utf8_lossy(name).to_lowercase();
                // Redis 8.6.3 compares the patterns of PSUBSCRIBE up to their first zero byte; here they are compared whole.
                let is_cut = name == "psubscribe" && step.args.iter().any(|arg| arg.contains(&0));
                !is_cut && !matches!(&name[..], "acl" | "debug" | "cluster" | "module")
            });
            if known && !step.args.is_empty() {
                let ask = [words(&["ACL", "DRYRUN", "u"]), step.args].concat();
                asked += 1;
                denied += both(&ask).starts_with(b"$") as usize;
            }
        }
        if differences > before {
            println!("the rules were{given}");
        }
        if differences >= 10 {
            break;
        }
    }
    println!("{rounds} users, {asked} commands asked for, {denied} denied, {differences} differences");
    assert_eq!(differences, 0);
}
