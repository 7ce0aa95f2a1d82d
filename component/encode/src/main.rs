//! `encode MODULE COMPONENT`: makes a component of a module in which wit-bindgen has left its description, checks it, and prints its world as
//! WIT. It is compiled from the versions in the lock file, so that the component is the same everywhere.

use anyhow::{Context, Result, bail};
use std::{env, fs};
use wit_component::ComponentEncoder;

fn main() -> Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [module, component] = &args[..] else { bail!("encode MODULE COMPONENT") };
    let bytes = fs::read(module).with_context(|| module.clone())?;
    let encoded = ComponentEncoder::default().validate(true).module(&bytes)?.encode()?;
    fs::write(component, &encoded).with_context(|| component.clone())?;
    print!("{}", encode::world(&encoded)?);
    Ok(())
}
