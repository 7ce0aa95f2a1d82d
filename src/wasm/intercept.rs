//! The function of JavaScript that is shown commands before they run.
//!
//! It is called with a frame (`u32 argc`, then `u32 length, bytes` for each argument, and in the same form the name and the user of the
//! session), the session's id, and its facts: 1 if it can wait, 2 if it speaks RESP3, 4 if
//! it needs no login any more, and its database above them. It answers
//! with nothing (the command runs), bytes (its reply), `true` (it waits for `decide`), or `false` (the session ends). It may not call the
//! engine.

use crate::resp::args::Args;
use crate::server::host::{Interceptor, Verdict};
use crate::server::session::Session;
use js_sys::{Function, Uint8Array};
use wasm_bindgen::prelude::*;

pub struct Asked {
    pub judge: Function,
}

/// What an answer means.
pub fn verdict(answer: &JsValue) -> Verdict {
    if answer.is_undefined() {
        return Verdict::Run;
    }
    match answer.as_bool() {
        Some(true) => Verdict::Hold,
        Some(false) => Verdict::Drop,
        None => Verdict::Reply(Uint8Array::new(answer).to_vec()),
    }
}

impl Interceptor for Asked {
    fn judge(&self, session: &Session, admitted: bool, args: Args<'_>) -> Verdict {
        let mut frame = (args.len() as u32).to_le_bytes().to_vec();
        for part in args.tail(0).chain([&session.name[..], &session.user]) {
            frame.extend_from_slice(&(part.len() as u32).to_le_bytes());
            frame.extend_from_slice(part);
        }
        let flags = session.patient as u32 | (session.resp3 as u32) << 1 | (admitted as u32) << 2;
        let facts = flags | (session.db as u32) << 3;
        let id = JsValue::from_f64(session.id as f64);
        let answer =
            self.judge.call3(&JsValue::NULL, &Uint8Array::from(&frame[..]), &id, &JsValue::from_f64(facts as f64));
        answer.map_or(Verdict::Run, |answer| verdict(&answer))
    }
}
