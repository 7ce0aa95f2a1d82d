//! What goes when `maxmemory` is reached: which keys, in which order, and who is told.

use testkit::random::Random;
use testkit::resp;
use wakey::{Engine, Options, SessionId, SessionOptions};

const NOW: f64 = 1_700_000_000_000.0;

struct Bench {
    engine: Engine,
    session: SessionId,
    now: f64,
}

impl Bench {
    fn new(policy: &str) -> Bench {
        let mut engine = Engine::new(Options { seed: 7, now: NOW, ..Options::default() });
        let session = engine.open_session(SessionOptions { trusted: true, ..SessionOptions::default() });
        let mut bench = Bench { engine, session, now: NOW };
        bench.ask(&["CONFIG", "SET", "maxmemory-policy", policy]);
        bench
    }

    fn ask(&mut self, args: &[&str]) -> String {
        String::from_utf8_lossy(self.engine.exec(self.session, self.now, &resp::frame(args))).into_owned()
    }

    /// Leaves room for so many bytes more.
    fn limit(&mut self, more: usize) {
        let used: usize = self.info("used_memory");
        self.ask(&["CONFIG", "SET", "maxmemory", &(used + more).to_string()]);
    }

    fn info(&mut self, field: &str) -> usize {
        let info = self.ask(&["INFO", "everything"]);
        let line = info.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':')).expect("a field");
        line.trim().parse().expect("a number")
    }

    fn exists(&mut self, key: &str) -> bool {
        self.ask(&["EXISTS", key]) == ":1\r\n"
    }

    fn fill(&mut self, keys: std::ops::Range<usize>, options: &[&str]) {
        let value = "x".repeat(100);
        for n in keys {
            let key = format!("key:{n}");
            let reply = self.ask(&[&["SET", &key, &value], options].concat());
            assert_eq!(reply, "+OK\r\n", "{key}");
        }
    }

    /// Lets a key grow until that is refused. (What a test holds itself counts, too: its pieces are small.)
    fn grow(&mut self) {
        let piece = "x".repeat(1000);
        while self.ask(&["APPEND", "big", &piece]).starts_with(':') {}
    }

    /// How many of these keys are there.
    fn left(&mut self, keys: std::ops::Range<usize>) -> usize {
        keys.filter(|n| self.exists(&format!("key:{n}"))).count()
    }
}

#[test]
fn without_a_policy_writes_are_refused_and_nothing_goes() {
    let mut bench = Bench::new("noeviction");
    bench.fill(0..100, &[]);
    bench.limit(50_000);
    bench.grow();
    assert!(bench.ask(&["SET", "a", "1"]).starts_with("-OOM command not allowed when used memory > 'maxmemory'."));
    assert_eq!(bench.left(0..100), 100);
    bench.ask(&["DEL", "big"]);
    assert_eq!(bench.ask(&["SET", "a", "1"]), "+OK\r\n");
}

#[test]
fn the_least_recently_and_the_least_frequently_used_go_first() {
    for (policy, volatile) in
        [("allkeys-lru", false), ("volatile-lru", true), ("allkeys-lfu", false), ("volatile-lfu", true)]
    {
        let mut bench = Bench::new(policy);
        let ttl: &[&str] = if volatile { &["EX", "100000"] } else { &[] };
        bench.fill(0..2000, ttl);
        for second in 1..=50 {
            bench.now += 1000.0;
            for n in 0..1000 {
                if (n + second) % 5 == 0 {
                    bench.ask(&["GET", &format!("key:{n}")]);
                }
            }
        }
        bench.limit(0);
        bench.now += 1000.0;
        bench.fill(10_000..10_800, ttl);
        let (hot, cold) = (bench.left(0..1000), bench.left(1000..2000));
        assert!(hot > 900 && cold < 400, "{policy}: {hot} hot and {cold} cold keys are left");
        assert!(bench.info("evicted_keys") > 700);
    }
}

#[test]
fn where_changes_count_reading_saves_nothing() {
    let mut bench = Bench::new("allkeys-lrm");
    bench.fill(0..2000, &[]);
    bench.now += 50_000.0;
    for n in 0..1000 {
        bench.ask(&["APPEND", &format!("key:{n}"), "y"]);
        bench.ask(&["GET", &format!("key:{}", n + 1000)]);
    }
    bench.limit(0);
    bench.now += 1000.0;
    bench.fill(10_000..10_800, &[]);
    let (changed, read) = (bench.left(0..1000), bench.left(1000..2000));
    assert!(changed > 900 && read < 400, "{changed} changed and {read} read keys are left");
}

#[test]
fn keys_without_a_ttl_are_not_volatile() {
    for policy in ["volatile-lru", "volatile-lfu", "volatile-lrm", "volatile-random", "volatile-ttl"] {
        for some in [3, 1000] {
            let mut bench = Bench::new(policy);
            bench.fill(0..1000, &[]);
            bench.fill(5000..5000 + some, &["EX", "100"]);
            bench.ask(&["CONFIG", "SET", "maxmemory", "1"]);
            for _ in 0..5 {
                bench.ask(&["PING"]);
            }
            assert!(bench.ask(&["SET", "a", "1"]).starts_with("-OOM"), "{policy}");
            assert_eq!((bench.left(0..1000), bench.left(5000..5000 + some)), (1000, 0), "{policy}");
        }
    }
}

#[test]
fn what_ends_next_goes_first() {
    let mut bench = Bench::new("volatile-ttl");
    let mut order: Vec<usize> = (0..500).collect();
    let mut random = Random::new(3);
    for n in 0..500 {
        order.swap(n, random.below(500));
    }
    for (place, n) in order.iter().enumerate() {
        bench.ask(&["SELECT", if n % 2 == 0 { "0" } else { "3" }]);
        bench.ask(&["SET", &format!("key:{n}"), &"x".repeat(100), "PX", &(100_000 + place).to_string()]);
    }
    bench.ask(&["SELECT", "9"]);
    bench.limit(0);
    let mut left = 500;
    while left > 0 {
        bench.ask(&["APPEND", "big", &"x".repeat(997)]);
        bench.ask(&["PING"]);
        let mut there = Vec::new();
        for n in &order {
            bench.ask(&["SELECT", if n % 2 == 0 { "0" } else { "3" }]);
            there.push(bench.exists(&format!("key:{n}")));
        }
        bench.ask(&["SELECT", "9"]);
        assert!(there.is_sorted(), "one went before another that ends earlier");
        let now = there.iter().filter(|there| **there).count();
        assert!(now <= left);
        left = now;
    }
}

#[test]
fn any_key_of_any_database_goes_at_random() {
    let mut bench = Bench::new("allkeys-random");
    for db in ["0", "5"] {
        bench.ask(&["SELECT", db]);
        bench.fill(0..1000, &[]);
    }
    bench.limit(0);
    bench.fill(10_000..11_000, &[]);
    let five = bench.left(0..1000);
    bench.ask(&["SELECT", "0"]);
    let zero = bench.left(0..1000);
    assert!((400..800).contains(&five) && (400..600).contains(&zero), "{five} and {zero}");
}

/// It reaches those who care for the key, and the journal, before the command that needed the room.
#[test]
fn others_are_told_of_it() {
    let mut bench = Bench::new("allkeys-lru");
    bench.ask(&["CONFIG", "SET", "notify-keyspace-events", "Ee"]);
    let listener = bench.engine.open_session(SessionOptions { trusted: true, ..SessionOptions::default() });
    bench.engine.exec(listener, NOW, &resp::frame(&["SUBSCRIBE", "__keyevent@0__:evicted"]));
    bench.fill(0..1, &[]);
    let watcher = bench.engine.open_session(SessionOptions { trusted: true, ..SessionOptions::default() });
    bench.engine.exec(watcher, NOW, &resp::frame(&["WATCH", "key:0"]));
    bench.engine.exec(watcher, NOW, &resp::frame(&["MULTI"]));
    while bench.engine.next_output().is_some() {}
    bench.engine.keep_journal(true);
    bench.now += 5000.0;
    bench.ask(&["SET", "other", &"x".repeat(30_000)]);
    bench.ask(&["CONFIG", "SET", "maxmemory", "1"]);
    // The next command, whatever it is, makes room.
    assert_eq!(bench.ask(&["PING"]), "+PONG\r\n");
    assert!(!bench.exists("key:0") && !bench.exists("other"));
    let mut heard = String::new();
    while let Some((id, bytes, _)) = bench.engine.next_output() {
        assert_eq!(id, listener);
        heard.push_str(&String::from_utf8_lossy(bytes));
    }
    let gone = bench.info("evicted_keys");
    assert_eq!(heard.matches("__keyevent@0__:evicted").count(), gone);
    let journal = String::from_utf8_lossy(bench.engine.take_journal()).into_owned();
    assert_eq!(journal.matches("DEL").count(), gone, "{journal}");
    assert!(!journal.contains("MULTI") && journal.find("other") < journal.find("DEL"), "{journal}");
    let reply = bench.engine.exec(watcher, bench.now, &resp::frame(&["EXEC"])).to_vec();
    assert_eq!(reply, b"*-1\r\n", "a transaction that watches what was evicted fails");
}

/// So many keys do not go at once: commands go on meanwhile, and the timer has the rest.
#[test]
fn a_limit_that_falls_far_is_reached_in_steps() {
    let mut bench = Bench::new("allkeys-lru");
    bench.fill(0..20_000, &[]);
    let used = bench.info("used_memory");
    bench.ask(&["CONFIG", "SET", "maxmemory", &(used / 2).to_string()]);
    assert_eq!(bench.ask(&["SET", "a", "1"]), "+OK\r\n");
    assert!(bench.info("used_memory") > used * 3 / 4);
    let mut ticks = 0;
    while bench.engine.next_deadline() <= bench.now {
        bench.engine.tick(bench.now);
        ticks += 1;
        assert!(ticks < 1000);
    }
    let now = bench.info("used_memory");
    assert!(ticks > 5 && now <= used / 2 + 20_000, "{now} of {used} after {ticks}");
}

/// Nothing is evicted within a transaction or a script, which see a keyspace that stands still: before them, and behind them.
#[test]
fn what_runs_as_one_is_not_disturbed() {
    for script in [false, true] {
        let mut bench = Bench::new("allkeys-random");
        bench.fill(0..200, &[]);
        bench.limit(0);
        if script {
            let source =
                "for n = 1, 50 do redis.call('SET', 't:' .. n, string.rep('x', 5000)) end return redis.call('DBSIZE')";
            assert_eq!(bench.ask(&["EVAL", source, "0"]), ":250\r\n");
        } else {
            bench.ask(&["MULTI"]);
            let value = "x".repeat(1500);
            for n in 1..=10 {
                bench.ask(&["SET", &format!("t:{n}"), &value]);
            }
            bench.ask(&["DBSIZE"]);
            let replies = bench.ask(&["EXEC"]);
            let there: usize =
                replies.split(':').nth(1).and_then(|n| n.split('\r').next()?.parse().ok()).expect(&replies);
            let gone = bench.info("evicted_keys");
            assert!(there >= 200 - gone + 10 && gone > 20, "{there} are there, {gone} are gone");
        }
        assert_eq!(bench.ask(&["PING"]), "+PONG\r\n");
        assert!(bench.info("evicted_keys") > 20);
    }
}

/// The same commands at the same times evict the same keys.
#[test]
fn what_goes_is_the_same_again() {
    let play = || {
        let mut bench = Bench::new("allkeys-lfu");
        let mut random = Random::new(11);
        bench.ask(&["CONFIG", "SET", "maxmemory", "1000000"]);
        for _ in 0..20_000 {
            bench.now += 10.0;
            let key = format!("key:{}", random.below(3000) * random.below(3000) / 3000);
            if bench.ask(&["GET", &key]) == "$-1\r\n" {
                bench.ask(&["SET", &key, &"v".repeat(300 + random.below(100))]);
            }
        }
        bench.engine.digest()
    };
    assert_eq!(play(), play());
}

/// A client that has sent so many bytes of a command, and not all.
fn sender(engine: &mut Engine, bytes: usize) -> SessionId {
    let id = engine.open_session(SessionOptions { trusted: true, ..SessionOptions::default() });
    let mut request = b"*2\r\n$4\r\nECHO\r\n$9999999\r\n".to_vec();
    request.resize(bytes, b'x');
    engine.feed(id, NOW, &request);
    id
}

#[test]
fn the_largest_clients_go_when_they_hold_more_than_maxmemory_clients_allows() {
    let mut engine = Engine::new(Options { now: NOW, ..Options::default() });
    let [small, large, spared] = [300_000, 600_000, 500_000].map(|bytes| sender(&mut engine, bytes));
    let session = engine.open_session(SessionOptions { trusted: true, ..SessionOptions::default() });
    let ask = |engine: &mut Engine, words: &[&str]| {
        String::from_utf8_lossy(engine.feed(session, NOW, &resp::request(words))).into_owned()
    };
    let info = |text: String| text.lines().find_map(|line| Some(line.strip_prefix("evicted_clients:")?.to_string()));
    // In the middle of a command nothing else can be sent: the one who is spared says so first.
    engine.close_session(spared);
    let spared = engine.open_session(SessionOptions { trusted: true, ..SessionOptions::default() });
    assert_eq!(engine.feed(spared, NOW, &resp::request(&["CLIENT", "NO-EVICT", "ON"])), b"+OK\r\n");
    engine.feed(spared, NOW, &[b"*2\r\n$4\r\nECHO\r\n$9999999\r\n", &[b'x'; 500_000][..]].concat());
    ask(&mut engine, &["CONFIG", "SET", "maxmemory", "10000000"]);
    ask(&mut engine, &["CONFIG", "SET", "maxmemory-clients", "20%"]);
    assert_eq!(info(ask(&mut engine, &["INFO", "stats"])), Some("0".into()));
    ask(&mut engine, &["CONFIG", "SET", "maxmemory-clients", "1000000"]);
    assert_eq!([small, large, spared].map(|id| engine.closing(id)), [false, true, false]);
    ask(&mut engine, &["CONFIG", "SET", "maxmemory-clients", "700000"]);
    assert_eq!([small, large, spared].map(|id| engine.closing(id)), [true, true, false]);
    assert_eq!(info(ask(&mut engine, &["INFO", "stats"])), Some("2".into()));
    // What is left is more than the limit by itself: whoever comes then goes, and is not answered.
    ask(&mut engine, &["CLIENT", "NO-EVICT", "ON"]);
    ask(&mut engine, &["CONFIG", "SET", "maxmemory-clients", "100000"]);
    let late = engine.open_session(SessionOptions { trusted: true, ..SessionOptions::default() });
    assert_eq!(engine.feed(late, NOW, b"PING\r\n"), b"");
    assert!(engine.closing(late) && !engine.closing(session));
    assert_eq!(info(ask(&mut engine, &["INFO", "stats"])), Some("3".into()));
}
