//! What follows from a command that has run: its line in the journal; and from what it did to keys: transactions fail, waiting
//! sessions are looked at, events are published.

use super::{Ctx, monitors, origin::Origin};
use crate::keyspace::{Effect, Keyspace, class};
use crate::resp::args::Args;
use crate::server::Server;
use crate::server::session::{ReplyMode, Session};
use crate::table::keys::each_key;
use crate::types::registry::qualified_key;

/// Writes the command that has just run for the journal, if it changed something and did not tell its effects itself.
/// Commands that run within another one are one unit with it.
#[cold]
pub fn journal(cx: &mut Ctx<'_>, args: Args<'_>, dirty: u64) {
    let told = std::mem::take(&mut cx.db.log.journal.propagated);
    if !told && cx.db.log.dirty != dirty {
        cx.db.propagate(&args.tail(0).collect::<Vec<_>>());
        cx.db.log.journal.propagated = false;
    }
    if cx.depth == 0 && cx.server.scripts.paused.is_none() {
        cx.db.log.journal.end_unit();
    }
}

/// The clock before a command that is to be measured: one off a socket where the host wants that, any where a client does.
#[cold]
pub fn clock(cx: &mut Ctx<'_>, args: Args<'_>) -> f64 {
    if let Some(hot) = &mut cx.server.timing.hotkeys
        && hot.active
        && cx.origin == Origin::Client
    {
        hot.begin(args, cx.session.patient, cx.out.mark());
    }
    if !cx.session.patient && !cx.server.measures() {
        return 0.0;
    }
    // In a pipeline the end of one command is the beginning of the next. Between those of a script it does what is its own.
    let looked = std::mem::take(&mut cx.server.timing.looked);
    if looked == 0.0 || cx.origin == Origin::Script { (cx.host.clock)() } else { looked }
}

/// What follows from a command while somebody looks at all of them.
#[inline(never)]
pub fn observe(cx: &mut Ctx<'_>, args: Args<'_>, number: usize, started: f64, mark: usize) {
    let reply = cx.out.mark().saturating_sub(mark);
    let ended = if started > 0.0 { (cx.host.clock)() } else { 0.0 };
    if !cx.server.monitors.is_empty() {
        monitors::show(cx, args);
    }
    if !cx.db.log.effects.noted.is_empty() {
        follow_up(cx.server, cx.db, Some(cx.session));
    }
    if cx.session.tracking != 0 {
        cx.server.remember(cx.db, cx.session, cx.cmd, args);
    }
    if (started > 0.0 || cx.server.measures()) && cx.origin.is_checked() {
        let micros = ((ended - started).max(0.0) * 1000.0 + 0.5) as u64;
        if cx.session.wait.is_some() {
            cx.session.spent += micros;
        } else {
            let micros = micros + std::mem::take(&mut cx.session.spent);
            let session = (cx.origin != Origin::Script).then_some(&*cx.session);
            cx.server.took(session, number, args, (micros, reply), cx.now);
            cx.server.timing.looked = ended;
            if cx.server.timing.hotkeys.is_some() {
                warm(cx, args, micros);
            }
        }
    }
}

/// Adds a command to the keys that it has used. What scripts call is theirs, and what had to wait is left out, as Redis does.
#[cold]
fn warm(cx: &mut Ctx<'_>, args: Args<'_>, micros: u64) {
    let replies = cx.session.reply_mode == ReplyMode::On;
    let Some(hot) = cx.server.hotkeys(cx.now) else { return };
    if !hot.active {
        return cx.server.note_interest(cx.db);
    }
    let mut keys = Vec::new();
    let counts = matches!(cx.origin, Origin::Client | Origin::Exec);
    if counts && each_key(cx.cmd, args, &mut |key, _| keys.push(key)).is_ok() {
        let seed = cx.db.seed();
        hot.add(&seed, &mut cx.db.rng, &keys, micros, replies.then_some(cx.out.mark()));
    }
}

/// What follows from the effects that the keyspace has noted. `current` is the session that is being served, if there is one.
#[cold]
pub fn follow_up(server: &mut Server, keyspace: &mut Keyspace, mut current: Option<&mut Session>) {
    let mut noted = std::mem::take(&mut keyspace.log.effects.noted);
    // What was published before it was told.
    let mut late: Option<Effect> = None;
    for effect in noted.drain(..) {
        let goes_on = late.as_ref().is_some_and(|first| first.db == effect.db && first.key == effect.key);
        if !goes_on {
            if let Some(first) = late.take() {
                tell(server, keyspace, &first, current.as_deref_mut());
            }
            if effect.class & class::FIRST == 0 {
                tell(server, keyspace, &effect, current.as_deref_mut());
            }
        }
        server.notify(current.as_deref_mut(), &effect);
        if !goes_on && effect.class & class::FIRST != 0 {
            late = Some(effect);
        }
    }
    if let Some(first) = late {
        tell(server, keyspace, &first, current);
    }
    // Whoever notes the next ones need not ask for memory again.
    if keyspace.log.effects.noted.is_empty() && noted.capacity() < 64 {
        keyspace.log.effects.noted = noted;
    }
}

/// Tells of a change those who watch the key, wait for it or track it.
#[inline(never)]
fn tell(server: &mut Server, keyspace: &mut Keyspace, effect: &Effect, mut current: Option<&mut Session>) {
    let db = effect.db as usize;
    if keyspace.access.lrm() && effect.class & class::CHANGES != 0 && effect.class & class::WHOLE == 0 {
        keyspace.note_change(db, &effect.key);
    }
    if effect.class & class::CHANGES == 0 || effect.class & class::QUIET != 0 {
        return;
    }
    if !server.watches.is_empty() {
        server.fail_watchers(&qualified_key(db, &effect.key), current.as_deref_mut());
    }
    server.waiting.look_at(db, &effect.key);
    if effect.class & class::WHOLE == 0 && server.tracking.is_active() {
        server.invalidate(&effect.key, current.as_deref_mut());
    }
    server.unfinished |= server.waiting.has_ready();
    if server.live.is_active() {
        server.look_live(db, &effect.key, current);
    }
}
