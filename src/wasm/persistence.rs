//! What the engine gives to a host that keeps the data, and takes back from it.

use super::{Core, options};
use crate::engine::Damage;
use crate::server::session::SessionId;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl Core {
    /// From here on the core writes down what happens, or no longer does: see word 5 of the mailbox.
    pub fn keep_journal(&mut self, on: bool) {
        self.engine.keep_journal(on);
        self.post_with_care(0);
    }

    /// The address of the journal's bytes, as many as word 5 said: whole commands in RESP. They live until the next call of
    /// this, or of `snapshot`.
    pub fn take_journal(&mut self) -> u32 {
        self.mailbox.journal = 0;
        self.engine.take_journal().as_ptr() as u32
    }

    /// Runs the commands of a journal again, those that are whole among the first `len` bytes of the request buffer: how many
    /// bytes that were. An error says `at <byte>: <reason>`.
    pub fn load(&mut self, len: usize) -> Result<usize, JsError> {
        let used = self.engine.load(&self.request[..len.min(self.request.len())]);
        self.post_with_care(0);
        used.map_err(damaged)
    }

    /// Takes the first `len` bytes of the request buffer as the next of an RDB file, or with 0 says that there are no more; how many
    /// were taken: fewer where the file ends before them. Keys whose time has come at `now` are left out, with 0 none. An error says
    /// `at <byte>: <reason>`. `finish_load` is to follow.
    pub fn load_rdb(&mut self, len: usize, now: f64) -> Result<usize, JsError> {
        let used = self.engine.load_rdb(&self.request[..len.min(self.request.len())], now);
        self.post_with_care(0);
        used.map_err(damaged)
    }

    /// Whether `load_rdb` has met the end of the file.
    pub fn rdb_is_done(&self) -> bool {
        self.engine.rdb_is_done()
    }

    /// Begins to import: what `load_rdb` reads takes the place of what is there, or with `merge` goes beside it; `end_import` is to follow.
    pub fn begin_import(&mut self, merge: bool) -> Result<(), JsError> {
        let begun = self.engine.begin_import(merge);
        self.post_with_care(0);
        begun.map_err(damaged)
    }

    /// With `merge`, once the file was read to its end: puts it beside what was there.
    pub fn merge_import(&mut self) -> Result<(), JsError> {
        self.engine.merge_import().map_err(damaged)
    }

    /// What was read is kept; or else all is as it was before.
    pub fn end_import(&mut self, keep: bool, now: f64) {
        self.engine.end_import(keep, now);
        self.post_with_care(0);
    }

    /// The replay is over: from here on deadlines count.
    pub fn finish_load(&mut self, now: f64) {
        self.engine.finish_load(now);
        self.post_with_care(0);
    }

    /// Begins a snapshot of what is there now; what the journal says from here on belongs behind it.
    pub fn begin_snapshot(&mut self) {
        self.engine.begin_snapshot();
    }

    /// The same as an RDB file, dump.rdb. A value is written whole, so a slice may be longer than was asked for. `base`: what the
    /// journal says belongs behind it.
    pub fn begin_rdb(&mut self, base: bool) {
        self.engine.begin_rdb(base);
    }

    /// The same as an RDB file that ends before the first value of more than `whole` bytes, and commands from there on.
    pub fn begin_mixed(&mut self, whole: usize) {
        self.engine.begin_mixed(whole);
    }

    /// Writes about so many bytes of the snapshot, their address and length into words 2 and 3: 1 where more is to come, 0 where
    /// this was all, -1 where there was no memory for something: there is no snapshot any more.
    pub fn snapshot(&mut self, about: usize) -> i32 {
        let more = self.engine.snapshot(about);
        self.post_with_care(0);
        self.show_exported();
        more.map_or(-1, i32::from)
    }

    /// The commands that make a fresh session what this one is, RESP: address and length in the mailbox, in place of the last
    /// reply. False where commands cannot.
    pub fn snapshot_session(&mut self, session: f64) -> bool {
        let can = self.engine.snapshot_session(session as SessionId);
        self.show_exported();
        can
    }

    /// Gives a snapshot up.
    pub fn end_snapshot(&mut self) {
        self.engine.end_snapshot();
    }

    /// What the host has to say of the store: `{ kind, appends, rewriting, saves, saving, savedOk, lastSave, savesDone, lastOk, size, baseSize, refusing, backup }`.
    pub fn set_store(&mut self, state: JsValue) -> Result<(), JsError> {
        let store = options::store(&state)?;
        self.engine.set_store(store);
        Ok(())
    }

    /// What was journaled before the core wanted a sync the `asked`th time is on the disk; or with 0, what was to be saved before the
    /// end could not be, and there is none.
    pub fn host_did(&mut self, asked: u32) {
        self.engine.host_did(asked as u64);
        self.post_with_care(0);
    }

    /// What the core wants of the store: 1 a rewrite in the background, 2 one now, 3 the end without a save, 4 a save and the
    /// end, 5 that `go_on` be called, 6 an RDB file in the background, 7 as 4, whatever fails, 8 a sync, and that `host_did` be called, 9 that `appendonly` be looked at, 10 to 13
    /// that a backup be begun, sealed, given up, or its files removed; 0 where there is nothing.
    pub fn next_ask(&mut self) -> u32 {
        let ask = self.engine.next_request();
        self.post_with_care(0);
        ask.map_or(0, |ask| ask as u32)
    }
}

fn damaged(damage: Damage) -> JsError {
    JsError::new(&format!("at {}: {}", damage.at, damage.reason))
}

impl Core {
    /// What the engine has kept for the host, in place of a reply.
    fn show_exported(&mut self) {
        let bytes = self.engine.exported();
        (self.mailbox.reply, self.mailbox.length) = (bytes.as_ptr() as u32, bytes.len() as u32);
    }
}
