//! CLIENT PAUSE and UNPAUSE. Who waits, and how they go on, is in `engine/pause.rs`.

use crate::commands::shared::{blocking, help};
use crate::exec::{Ctx, Done};
use crate::keyspace::{Deadline, NEVER};
use crate::resp::args::{Args, Word};
use crate::resp::error::Error;
use crate::types::number::parse_int;

pub fn client_pause(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if args.len() > 4 {
        return Err(help::usage(args));
    }
    let all = match args.get(3).map(Word) {
        None => true,
        Some(word) if word.is("ALL") => true,
        Some(word) if word.is("WRITE") => false,
        Some(_) => return Err(Error::Fixed("ERR CLIENT PAUSE mode must be WRITE or ALL")),
    };
    let millis = parse_int(args.at(2)).ok_or(Error::TimeoutNotInteger)?;
    let until = match blocking::from_millis(cx, millis as f64)? {
        NEVER => cx.now as Deadline,
        until => until,
    };
    cx.server.waiting.pause(until, all);
    cx.out.ok();
    Ok(())
}

pub fn client_unpause(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.server.waiting.pause = None;
    cx.server.unfinished = true;
    cx.out.ok();
    Ok(())
}
