//! What a component shows, as WIT.

use anyhow::{Context, Result, bail};
use wit_component::{DecodedWasm, WitPrinter, decode};

/// The world of a component, without what its packages say in words.
pub fn world(component: &[u8]) -> Result<String> {
    let DecodedWasm::Component(resolve, world) = decode(component)? else { bail!("it is no component") };
    let package = resolve.worlds[world].package.context("the world is in a package")?;
    let mut printer = WitPrinter::default();
    printer.emit_docs(false).print(&resolve, package, &[])?;
    Ok(printer.output.to_string())
}
