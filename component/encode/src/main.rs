//! `encode MODULE COMPONENT`: makes a component of a module in which wit-bindgen has left its description, checks it, and prints its world as
//! WIT. It is compiled from the versions in the lock file, so that the component is the same everywhere.

use anyhow::{Context, Result, bail};
use std::{env, fs};
use wit_component::{ComponentEncoder, DecodedWasm, WitPrinter, decode};

fn main() -> Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [module, component] = &args[..] else { bail!("encode MODULE COMPONENT") };
    let bytes = fs::read(module).with_context(|| module.clone())?;
    let encoded = ComponentEncoder::default().validate(true).module(&bytes)?.encode()?;
    fs::write(component, &encoded).with_context(|| component.clone())?;
    let DecodedWasm::Component(resolve, world) = decode(&encoded)? else { bail!("it is no component") };
    let package = resolve.worlds[world].package.context("the world is in a package")?;
    let mut printer = WitPrinter::default();
    printer.emit_docs(false).print(&resolve, package, &[])?;
    print!("{}", printer.output);
    Ok(())
}
