//! Whether there are scripts: the module into which `plain.wat` was merged, for hosts without exceptions of WebAssembly, has none, and says so.

use wakey::Engine;
use wakey::commands::GROUPS;
use wakey::resp::args::Args;
use wakey::server::host::{Interceptor, Verdict};
use wakey::server::session::Session;

#[link(wasm_import_module = "host")]
unsafe extern "C" {
    /// 1 where errors of scripts can be thrown and caught.
    safe fn scripts() -> i32;
}

const NONE: &[u8] = b"-ERR this build of Wakey has no scripts: its host has no exceptions of WebAssembly\r\n";

struct Refusal;

impl Interceptor for Refusal {
    fn judge(&self, _: &Session, _: bool, args: Args<'_>) -> Verdict {
        let Some(name) = args.tail(0).next() else { return Verdict::Run };
        let scripting = GROUPS.iter().filter(|(group, _)| group.name == "scripting").flat_map(|(_, rows)| rows.iter());
        let is_one = scripting.into_iter().any(|row| row.spec.own_name().as_bytes().eq_ignore_ascii_case(name));
        if is_one { Verdict::Reply(NONE.to_vec()) } else { Verdict::Run }
    }
}

/// Has an engine refuse scripts where there can be none.
pub fn settle(engine: &mut Engine) {
    if scripts() == 0 {
        engine.intercept(Some(Box::new(Refusal)));
    }
}
