//! LOLWUT: a picture, and the version. The pictures of Redis are its own; here all of them are the maze that a Commodore 64 draws
//! with one line of BASIC. The engine's seed decides which way each wall leans.

use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::resp::args::Args;
use crate::resp::dialect::Dialect;
use crate::table::spec::{Shards, flags::*};

pub const ROW: Row = cmd("LOLWUT [VERSION version]", lolwut).read(FAST).shards(Shards::One).reply("text").doc(
    "5.0.0",
    "",
    "Displays computer art and the Redis version",
);

const COLUMNS: usize = 66;
const ROWS: usize = 12;

fn lolwut(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let valkey = cx.server.dialect == Dialect::Valkey;
    let version = match args.get(1) {
        Some(word) if word.eq_ignore_ascii_case(b"version") && args.len() > 2 => Some(args.int(2)?),
        _ => None,
    };
    // Those of 5 and 6 take sizes, up to three and two.
    let sizes = match version {
        Some(5) => 3,
        Some(6) => 2,
        _ => 0,
    };
    for at in 3..args.len().min(3 + sizes) {
        args.int(at)?;
    }
    let mut text = String::new();
    if version.is_none_or(|version| matches!(version, 5 | 6) || version == if valkey { 9 } else { 8 }) {
        for _ in 0..ROWS {
            text.extend((0..COLUMNS).map(|_| if cx.db.rng.below(2) == 0 { '/' } else { '\\' }));
            text.push('\n');
        }
        text += "\n10 PRINT CHR$(205.5+RND(1)); : GOTO 10 - Commodore 64, 1982. ";
    }
    // Without a picture Valkey leaves the blank out.
    text += match (valkey, text.is_empty()) {
        (false, _) => "Redis ver. ",
        (true, false) => "Valkey ver. ",
        (true, true) => "Valkey ver.",
    };
    text += cx.server.identity().version.text;
    text.push('\n');
    cx.out.text(&text);
    Ok(())
}
