//! CLIENT TRACKING and its like: what a session chooses. What comes of it is in [`crate::server::tracking`].

use crate::exec::{Ctx, Done};
use crate::resp::args::{Args, Word};
use crate::resp::error::Error;
use crate::server::session::SessionId;
use crate::server::tracking::mode::*;

pub fn client_tracking(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (mut mode, mut redirect, mut prefixes): (u8, Option<SessionId>, Vec<&[u8]>) = (0, None, Vec::new());
    let mut opts = args.options(3);
    while let Some(opt) = opts.next() {
        match () {
            _ if opt.is("REDIRECT") && opts.left() > 0 => {
                if redirect.is_some() {
                    return Err(Error::Fixed("ERR A client can only redirect to a single other client"));
                }
                let id = opts.int()? as SessionId;
                if id != cx.session.id && !cx.server.sessions.is_open(id) {
                    return Err(Error::Fixed("ERR The client ID you want redirect to does not exist"));
                }
                redirect = Some(id);
            }
            _ if opt.is("BCAST") => mode |= BCAST,
            _ if opt.is("OPTIN") => mode |= OPTIN,
            _ if opt.is("OPTOUT") => mode |= OPTOUT,
            _ if opt.is("NOLOOP") => mode |= NOLOOP,
            _ if opt.is("PREFIX") && opts.left() > 0 => prefixes.push(opts.value()?),
            _ => return Err(Error::Syntax),
        }
    }
    match Word(args.at(2)) {
        word if word.is("ON") => {}
        word if word.is("OFF") => {
            cx.server.untrack(cx.db, cx.session);
            cx.out.ok();
            return Ok(());
        }
        _ => return Err(Error::Syntax),
    }
    let before = cx.session.tracking;
    if mode & BCAST == 0 && !prefixes.is_empty() {
        return Err(Error::Fixed("ERR PREFIX option requires BCAST mode to be enabled"));
    }
    if before != 0 && (before ^ mode) & BCAST != 0 {
        const TEXT: &str = "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then re-enabling it with a different mode.";
        return Err(Error::Fixed(TEXT));
    }
    if mode & BCAST != 0 && mode & (OPTIN | OPTOUT) != 0 {
        return Err(Error::Fixed("ERR OPTIN and OPTOUT are not compatible with BCAST"));
    }
    if mode & OPTIN != 0 && mode & OPTOUT != 0 {
        return Err(Error::Fixed("ERR You can't specify both OPTIN mode and OPTOUT mode"));
    }
    if mode & OPTIN != 0 && before & OPTOUT != 0 || mode & OPTOUT != 0 && before & OPTIN != 0 {
        const TEXT: &str = "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then re-enabling it with a different mode.";
        return Err(Error::Fixed(TEXT));
    }
    for (at, prefix) in prefixes.iter().enumerate() {
        let existing = cx.session.prefixes.iter().find(|known| overlap(known, prefix));
        if let Some(known) = existing {
            return Err(overlaps(prefix, b"an existing", known));
        }
        if let Some(other) = prefixes[at + 1..].iter().find(|other| overlap(other, prefix)) {
            return Err(overlaps(prefix, b"another provided", other));
        }
    }
    cx.server.track(cx.db, cx.session, mode, redirect.unwrap_or(0), &prefixes);
    cx.out.ok();
    Ok(())
}

fn overlap(a: &[u8], b: &[u8]) -> bool {
    a.starts_with(b) || b.starts_with(a)
}

fn overlaps(prefix: &[u8], which: &[u8], other: &[u8]) -> Error {
    const END: &[u8] = b"'. Prefixes for a single client must not overlap.";
    Error::quoting(&[b"ERR Prefix '", prefix, b"' overlaps with ", which, b" prefix '", other, END])
}

pub fn client_caching(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let mode = cx.session.tracking;
    if mode == 0 {
        const TEXT: &str = "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled";
        return Err(Error::Fixed(TEXT));
    }
    match Word(args.at(2)) {
        word if word.is("YES") => {
            if mode & OPTIN == 0 {
                return Err(Error::Fixed(
                    "ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.",
                ));
            }
        }
        word if word.is("NO") => {
            if mode & OPTOUT == 0 {
                return Err(Error::Fixed(
                    "ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.",
                ));
            }
        }
        _ => return Err(Error::Syntax),
    }
    cx.session.tracking |= CACHING;
    cx.out.ok();
    Ok(())
}

pub fn client_getredir(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    cx.out.int(cx.session.redirected());
    Ok(())
}

pub fn client_trackinginfo(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    let mode = cx.session.tracking;
    let caching = if mode & OPTIN != 0 { "caching-yes" } else { "caching-no" };
    let facts = [
        (if mode == 0 { !0 } else { 0 }, "off"),
        (ON, "on"),
        (BCAST, "bcast"),
        (OPTIN, "optin"),
        (OPTOUT, "optout"),
        (CACHING, caching),
        (NOLOOP, "noloop"),
        (BROKEN, "broken_redirect"),
    ];
    let holds = |bit: u8| if mode == 0 { bit == !0 } else { mode & bit != 0 };
    cx.out.map(3);
    cx.out.bulk(b"flags");
    cx.out.set(facts.iter().filter(|(bit, _)| holds(*bit)).count());
    for (_, name) in facts.iter().filter(|(bit, _)| holds(*bit)) {
        cx.out.bulk(name.as_bytes());
    }
    cx.out.bulk(b"redirect");
    cx.out.int(cx.session.redirected());
    cx.out.bulk(b"prefixes");
    cx.out.array(cx.session.prefixes.len());
    for prefix in &cx.session.prefixes {
        cx.out.bulk(prefix);
    }
    Ok(())
}
