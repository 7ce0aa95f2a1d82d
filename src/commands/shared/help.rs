//! What containers answer: HELP, and the error for a subcommand that is used wrongly.

use crate::exec::{Ctx, Done};
use crate::resp::args::Args;
use crate::resp::error::{Error, quoted};
#[cfg(target_arch = "wasm32")]
use crate::table::docs::Docs;

/// What `<container> HELP` answers: a heading, the lines, and HELP itself. The module is built without the lines, and asks its host for
/// them ([`Docs::help`]).
#[inline(always)]
pub fn help(cx: &mut Ctx<'_>, container: &str, lines: &[&str]) -> Done {
    #[cfg(not(target_arch = "wasm32"))]
    return said(cx, container, lines);
    #[cfg(target_arch = "wasm32")]
    {
        let _ = lines;
        told(cx, container)
    }
}

#[cfg(target_arch = "wasm32")]
fn told(cx: &mut Ctx<'_>, container: &str) -> Done {
    let text = cx.host.words(&cx.server.table)?;
    let lines: Vec<&str> = Docs::new(&text).help(container).collect();
    said(cx, container, &lines)
}

fn said(cx: &mut Ctx<'_>, container: &str, lines: &[&str]) -> Done {
    let valkey = cx.server.is_valkey();
    cx.out.array(lines.len() + 3);
    cx.out.simple(&format!("{container} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:"));
    for line in lines.iter().chain(&["HELP", "    Print this help."]) {
        // Valkey has taken the name out.
        let name = line.as_bytes().windows(6).position(|part| part == b"Redis ").filter(|_| valkey);
        let (before, behind) = name.map_or((*line, ""), |at| (&line[..at], &line[at + 6..]));
        cx.out.simple(&[before, behind].concat());
    }
    Ok(())
}

/// The error for a subcommand that is not there, or has arguments or options that it does not take.
pub fn usage(args: Args<'_>) -> Error {
    let container = args.at(0).to_ascii_uppercase();
    const BEFORE: &[u8] = b"ERR unknown subcommand or wrong number of arguments for '";
    Error::quoting(&[BEFORE, quoted(args.at(1), 128), b"'. Try ", &container, b" HELP."])
}
