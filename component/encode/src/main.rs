//! `encode MODULE COMPONENT [WIT]`: makes a component of a module in which wit-bindgen has left its description, checks it, and prints its world
//! as WIT. A file of WIT for its users is read, so that one that is none is not published. It is compiled from the versions in the lock file, so that the component is the same everywhere.

use anyhow::{Context, Result, bail};
use std::{env, fs};
use wit_component::ComponentEncoder;
use wit_parser::Resolve;

fn main() -> Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [module, component, wit @ ..] = &args[..] else { bail!("encode MODULE COMPONENT [WIT]") };
    let bytes = fs::read(module).with_context(|| module.clone())?;
    let encoded = ComponentEncoder::default().validate(true).module(&bytes)?.encode()?;
    fs::write(component, &encoded).with_context(|| component.clone())?;
    if let Some(path) = wit.first() {
        let mut resolve = Resolve::default();
        let package = resolve.push_file(path)?;
        resolve.select_world(&[package], None)?;
    }
    print!("{}", encode::world(&encoded)?);
    Ok(())
}
