//! The words of COMMAND DOCS and HELP, as `scripts/component.mjs` has taken them from the command table.

pub const WORDS: &str = include_str!(env!("WAKEY_WORDS"));
