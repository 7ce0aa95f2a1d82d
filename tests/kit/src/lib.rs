//! What the integration tests and the fuzzers share. It does not know the engine: it knows RESP ([`resp`]), how
//! redis-cli writes a reply and reads a command line ([`text`]), dialogue files ([`dialogue`]), a connection to a real
//! server ([`redis`]), random sessions ([`session`]; [`scripts`], of programs in Lua) out of small alphabets ([`words`]), enough JSON to read `tests/data`
//! ([`json`]), and a small random generator ([`random`]).
//!
//! Left out on purpose: RESP3 attributes and streamed aggregates, which Redis never sends.

pub mod dialogue;
pub mod json;
pub mod random;
pub mod redis;
pub mod resp;
pub mod scripts;
pub mod session;
pub mod text;
pub mod words;
