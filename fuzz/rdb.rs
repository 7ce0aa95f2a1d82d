//! Damaged payloads and RDB files for as long as one likes: `fuzz-rdb [ROUNDS [SEED]]`. The bounded run of `tests/garbage`, longer, and
//! alone in its process, so that it sees what memory they take.
//!
//! `fuzz-rdb time FILE` says how fast a file is read and written, in seconds of the processor (Linux).

#[path = "../tests/garbage/dumps.rs"]
mod dumps;

use wakey::{Engine, Options};

/// Seconds that this thread has had of the processor.
fn busy() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    text.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}

fn time(path: &str) {
    let bytes = std::fs::read(path).expect("a file");
    for piece in [64 << 10, 1 << 20, usize::MAX] {
        let started = busy();
        let mut engine = Engine::new(Options::default());
        for piece in bytes.chunks(piece) {
            engine.load_rdb(piece, 0.0).expect("a file that can be read");
        }
        engine.load_rdb(b"", 0.0).expect("a whole file");
        engine.finish_load(0.0);
        let (read, started) = (busy() - started, busy());
        engine.begin_rdb(false);
        let mut written = 0;
        while {
            let more = engine.snapshot(1 << 20).expect("memory");
            written += engine.exported().len();
            more
        } {}
        let wrote = busy() - started;
        println!("{} bytes read in {read:.2} s; {written} bytes written in {wrote:.2} s", bytes.len());
    }
}

fn main() {
    if let [_, word, path] = &std::env::args().collect::<Vec<_>>()[..]
        && word == "time"
    {
        return time(path);
    }
    let number = |i: usize, default: u64| std::env::args().nth(i).and_then(|a| a.parse().ok()).unwrap_or(default);
    let (rounds, seed) = (number(1, 1_000_000), number(2, 1));
    let started = std::time::Instant::now();
    let good = dumps::Good::read();
    let mut taken = (0, 0);
    for chunk in 0..rounds.div_ceil(1000) {
        taken.0 += dumps::payloads(&good, seed.wrapping_add(chunk), 1000, true);
        taken.1 += dumps::files(&good, seed.wrapping_add(chunk), 20);
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("{rounds} payloads and {} files, seed {seed}: {taken:?} were taken, {seconds:.1} s", rounds / 50);
}
