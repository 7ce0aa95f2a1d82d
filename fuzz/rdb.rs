//! Damaged payloads and RDB files for as long as one likes: `fuzz-rdb [ROUNDS [SEED]]`. The bounded run of `tests/garbage`, longer, and
//! alone in its process, so that it sees what memory they take.

#[path = "../tests/garbage/dumps.rs"]
mod dumps;

fn main() {
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
