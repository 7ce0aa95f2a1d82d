//! UNLINK and FLUSHALL ASYNC leave large values to the timer, which frees them a little at a time. One test, since it looks at
//! the memory of the whole process.

use testkit::resp;
use wakey::SessionId;
use wakey::{Engine, Options, SessionOptions, allocator};

const NOW: f64 = 1_700_000_000_000.0;
const MANY: usize = 50_000;

struct Db(Engine, SessionId);

impl Db {
    fn run(&mut self, line: &str) -> String {
        let args: Vec<&str> = line.split(' ').collect();
        String::from_utf8_lossy(self.0.exec(self.1, NOW, &resp::frame(&args))).into_owned()
    }

    /// How many times the timer comes until all is free; the longest step is a small part of it.
    fn sweep(&mut self) -> usize {
        let (mut ticks, begin) = (0, allocator::used());
        while self.0.next_deadline() <= NOW {
            let before = allocator::used();
            self.0.tick(NOW);
            ticks += 1;
            assert!(
                before - allocator::used() <= begin / 2,
                "one step freed {} of {begin}",
                before - allocator::used()
            );
        }
        ticks
    }
}

#[test]
fn what_is_large_is_freed_later_and_in_steps() {
    let mut engine = Engine::new(Options { seed: 1, now: NOW, ..Options::default() });
    let id = engine.open_session(SessionOptions::default());
    let mut db = Db(engine, id);
    db.run("CONFIG SET list-max-listpack-size 1");
    db.run("CONFIG SET stream-node-max-entries 1");
    let fills: [(&str, &dyn Fn(usize) -> String); 7] = [
        ("list", &|i| format!("RPUSH k element-{i}")),
        ("set", &|i| format!("SADD k a-member-that-lies-on-the-heap-{i}")),
        ("zset", &|i| format!("ZADD k {i} member-{i}")),
        ("hash", &|i| format!("HSET k field-{i} a-value-that-lies-on-the-heap-{i}")),
        ("hash with TTLs", &|i| format!("HSETEX k EX {} FIELDS 1 field-{i} v", i + 1000)),
        ("stream", &|i| format!("XADD k {}-1 f v", i + 1)),
        ("array", &|i| format!("ARSET k {} a-value-that-lies-on-the-heap-{i}", i * 50)),
    ];
    for (name, fill) in fills {
        let before = allocator::used();
        for i in 0..MANY {
            db.run(&fill(i));
        }
        db.run("XGROUP CREATE k g 0");
        db.run(&format!("XREADGROUP GROUP g c COUNT {MANY} STREAMS k >"));
        assert!(db.run("INFO memory").contains("lazyfree_pending_objects:0"));
        let full = allocator::used();
        assert_eq!(db.run("UNLINK k"), ":1\r\n", "{name}");
        assert_eq!(db.run("EXISTS k"), ":0\r\n");
        assert!(allocator::used() > full - (full - before) / 4, "{name} was freed at once");
        assert!(db.run("INFO memory").contains("lazyfree_pending_objects:1"));
        // The name is free, whatever becomes of the rest.
        db.run("SET k v");
        let ticks = db.sweep();
        assert!(ticks >= 3, "{name}: {ticks}");
        assert!(db.run("INFO memory").contains("lazyfree_pending_objects:0"));
        assert_eq!(db.run("GETDEL k"), "$1\r\nv\r\n");
        assert!(
            allocator::used() < before + (full - before) / 10 + 10_000,
            "{name}: {before}, {full}, {}",
            allocator::used()
        );
    }
    let fill = |db: &mut Db| (0..MANY).for_each(|i| drop(db.run(&format!("SET key:{i} value EX {}", 1000 + i % 70))));

    // Databases, and what knows when their keys end.
    for (flush, lazy) in
        [("FLUSHALL ASYNC", true), ("FLUSHDB ASYNC", true), ("FLUSHALL", false), ("FLUSHDB SYNC", false)]
    {
        fill(&mut db);
        let full = allocator::used();
        assert_eq!(db.run(flush), "+OK\r\n");
        assert_eq!(db.run("DBSIZE"), ":0\r\n");
        assert_eq!(allocator::used() > full / 2, lazy, "{flush}");
        assert_eq!(db.sweep() > 3, lazy, "{flush}");
        assert_eq!(db.0.next_deadline(), f64::INFINITY);
    }

    // What is small is freed at once; what is left for later does not stand in the way of a write.
    db.run("RPUSH small a b c");
    db.run("UNLINK small");
    assert_eq!(db.sweep(), 0);
    fill(&mut db);
    db.run("FLUSHALL ASYNC");
    let limit = allocator::used() / 2;
    db.run(&format!("CONFIG SET maxmemory {limit}"));
    assert_eq!(db.run("SET k v"), "+OK\r\n");
    db.sweep();
    assert!(allocator::used() < limit);

    // An engine that ends half-way frees the rest.
    fill(&mut db);
    db.run("CONFIG SET maxmemory 0");
    fill(&mut db);
    db.run("FLUSHALL ASYNC");
    db.0.tick(NOW);
    drop(db);
}
