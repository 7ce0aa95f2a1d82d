//! Garbage for as long as one likes: `fuzz-garbage [ROUNDS [SEED]]`. The bounded run of `tests/garbage`, longer.

#[path = "../tests/garbage/feed.rs"]
mod feed;

fn main() {
    let number = |i: usize, default: u64| std::env::args().nth(i).and_then(|a| a.parse().ok()).unwrap_or(default);
    let (rounds, seed) = (number(1, 1_000_000), number(2, 1));
    let started = std::time::Instant::now();
    for chunk in 0..rounds.div_ceil(1000) {
        feed::frames(seed.wrapping_add(chunk), 1000);
        feed::resp(seed.wrapping_add(chunk), 1000);
        feed::programs(seed.wrapping_add(chunk), 1000);
    }
    println!("{rounds} rounds of frames and of RESP, seed {seed}: {:.1} s", started.elapsed().as_secs_f64());
}
