//! What the engine counts for INFO: commands, errors, connections, bytes. Nothing depends on it.

use crate::table::spec::Spec;

/// Calls of one command.
#[derive(Clone, Copy, Default)]
pub struct Calls {
    pub calls: u64,
    /// Refused before it ran.
    pub rejected: u64,
    /// Ran and answered an error.
    pub failed: u64,
}

/// What is longer is not taken for the code of an error.
const LONGEST_CODE: usize = 30;

#[derive(Default)]
pub struct Stats {
    /// Commands that ran.
    pub commands: u64,
    pub connections: u64,
    pub rejected_connections: u64,
    /// Sessions that were closed for what they held.
    pub evicted_clients: u64,
    pub net_input: u64,
    pub net_output: u64,
    pub error_replies: u64,
    pub auth_denied: u64,
    /// Commands, keys and channels that users were refused.
    pub commands_denied: u64,
    pub keys_denied: u64,
    pub channels_denied: u64,
    /// By the row's number in the table of all rows.
    pub calls: Vec<(&'static Spec, Calls)>,
    /// Errors by their code, in its order.
    pub errors: Vec<(String, u64)>,
}

impl Stats {
    /// The counter of a row.
    #[inline(always)]
    pub fn calls_of(&mut self, row: usize) -> &mut Calls {
        &mut self.calls[row].1
    }

    /// A command that ran, and now waits, counts when it has answered.
    pub fn uncount(&mut self, row: usize) {
        self.commands -= 1;
        self.calls_of(row).calls -= 1;
    }

    /// Counts an error by the first word of its text, if that is short, and another behind it.
    pub fn count_error(&mut self, text: &[u8]) {
        self.error_replies += 1;
        let len = text.iter().rposition(|b| !b"\r\n".contains(b)).map_or(0, |last| last + 1);
        let text = &text[..len];
        let end = text.iter().take(LONGEST_CODE + 1).position(|b| b" \r\n".contains(b));
        let mut code = end.map_or(&b"ERR"[..], |end| &text[..end]).to_vec();
        code.iter_mut().filter(|byte| **byte == b':').for_each(|byte| *byte = b'_');
        let code = String::from_utf8_lossy(&code).into_owned();
        match self.errors.iter().position(|(known, _)| *known >= code) {
            Some(place) if self.errors[place].0 == code => self.errors[place].1 += 1,
            _ if self.errors.len() >= 128 => {}
            place => {
                let place = place.unwrap_or(self.errors.len());
                self.errors.insert(place, (code, 1));
            }
        }
    }

    /// CONFIG RESETSTAT.
    pub fn reset(&mut self) {
        let calls = self.calls.iter().map(|&(cmd, _)| (cmd, Calls::default())).collect();
        *self = Stats { calls, ..Stats::default() };
    }
}
