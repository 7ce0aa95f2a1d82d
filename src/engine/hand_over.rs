//! Sessions that move: one that takes the place of another, and the commands that make a fresh one the same.

use super::Engine;
use crate::resp::write::command;
use crate::server::session::{ReplyMode, SessionId, SessionOptions};
use crate::server::users::DEFAULT;
use crate::types::number::{INT_LEN, format_int};
use crate::types::registry::Names;

/// A command for each topic. Not in its place, where it would stand three times.
#[inline(never)]
fn subscribe(out: &mut Vec<u8>, name: &[u8], topics: &Names) {
    for topic in topics.in_order() {
        command(out, &[name, &topic]);
    }
}

impl Engine {
    /// Opens a session like another one: with its database, protocol, name and rights. If that one waits, the new one waits in
    /// its place and gets the reply, and the other is free again. Its id; 0 if there is no such session.
    pub fn clone_session(&mut self, id: SessionId) -> SessionId {
        let Some(mut like) = self.server.sessions.take(id) else { return 0 };
        let options = SessionOptions {
            bus: false,
            resp: if like.resp3 { 3 } else { 2 },
            trusted: like.trusted,
            addr: like.addr.clone(),
            laddr: like.laddr.clone(),
            name: String::new(),
            unix: like.unix,
            readonly: like.readonly,
            user: String::from_utf8_lossy(&like.opened_as).into_owned(),
            max_reply: like.max_reply,
        };
        let id = self.server.sessions.open(options, self.keyspace.now);
        if let Some(mut clone) = self.server.sessions.take(id) {
            clone.db = like.db;
            clone.authenticated = like.authenticated;
            (clone.owner, clone.bound) = (like.owner, like.bound);
            clone.user = like.user.clone();
            clone.name = like.name.clone();
            clone.lib_name = like.lib_name.clone();
            clone.lib_ver = like.lib_ver.clone();
            clone.no_evict = like.no_evict;
            clone.no_touch = like.no_touch;
            clone.follows_redirects = like.follows_redirects;
            clone.last = like.last;
            self.server.waiting.hand_over(&mut like, &mut clone);
            self.server.sessions.put_back(clone);
        }
        self.server.sessions.put_back(like);
        id
    }

    /// Writes the commands that make a fresh session what this one is: protocol, database, name, subscriptions. They are in
    /// [`Engine::exported`]. False where commands cannot: it waits, is in a transaction, watches or tracks keys, is silent, or has sent half
    /// a command.
    pub fn snapshot_session(&mut self, id: SessionId) -> bool {
        let out = &mut self.exported;
        out.clear();
        let Some(session) = self.server.sessions.get_mut(id) else { return false };
        // Who logged in would have to do it again: nobody else knows the password.
        let logged_in = match session.opened_as.is_empty() {
            true => !session.owner && (session.trusted || session.user != DEFAULT),
            false => session.user != session.opened_as,
        };
        let keeps_more = logged_in
            || session.multi.is_some()
            || session.parked.is_some()
            || !session.watching.is_empty()
            || session.tracking != 0
            || !session.live.is_empty();
        if keeps_more || session.closing || session.reply_mode != ReplyMode::On || !session.pending.is_empty() {
            return false;
        }
        if session.resp3 {
            command(out, &[b"HELLO", b"3"]);
        }
        if session.db > 0 {
            command(out, &[b"SELECT", format_int(session.db as i64, &mut [0; INT_LEN])]);
        }
        if !session.name.is_empty() {
            command(out, &[b"CLIENT", b"SETNAME", &session.name]);
        }
        for set in &session.fieldsets {
            let fields = set.fields.iter().map(|field| &**field);
            let prepare: Vec<&[u8]> = [&b"HIMPORT"[..], b"PREPARE", &set.name].into_iter().chain(fields).collect();
            command(out, &prepare);
        }
        subscribe(out, b"SUBSCRIBE", &session.channels);
        subscribe(out, b"PSUBSCRIBE", &session.patterns);
        subscribe(out, b"SSUBSCRIBE", &session.shards);
        true
    }
}
