//! Writes records of random sessions to standard output, for `pkg/test/native.test.mjs`: `fuzz-record [COUNT [SEED]]`. Their
//! form is in `tests/record/mod.rs`.

#[path = "../tests/record/mod.rs"]
mod record;

use std::io::Write;
use testkit::scripts::grammar;
use testkit::session::Grammar;

fn main() -> std::io::Result<()> {
    let number = |i: usize, default: u64| std::env::args().nth(i).and_then(|a| a.parse().ok()).unwrap_or(default);
    let (count, seed) = (number(1, 20), number(2, 1));
    let (grammar, programs) = (Grammar::read(""), grammar::Grammar::read());
    let mut out = std::io::stdout().lock();
    for n in 0..count {
        let seed = seed.wrapping_add(n);
        for line in record::record(&grammar, seed).into_iter().chain(record::record_scripts(&programs, seed)) {
            writeln!(out, "{line}")?;
        }
    }
    out.flush()
}
