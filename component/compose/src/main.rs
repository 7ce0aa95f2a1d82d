//! `compose GUEST PROVIDER OUT`: one component of a guest and of what it imports from another, as `wac plug GUEST --plug PROVIDER -o OUT` makes
//! it, by the library behind that program. What neither has is imported still; the world that comes of it is printed as WIT.

use anyhow::{Context, Result, bail};
use std::{env, fs};
use wac_graph::types::Package;
use wac_graph::{CompositionGraph, EncodeOptions, plug};

fn main() -> Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [guest, provider, out] = &args[..] else { bail!("compose GUEST PROVIDER OUT") };
    let mut graph = CompositionGraph::new();
    let mut packages = Vec::new();
    for (name, path) in [("guest:part", guest), ("provider:part", provider)] {
        let package = Package::from_file(name, None, path, graph.types_mut()).with_context(|| path.clone())?;
        packages.push(graph.register_package(package)?);
    }
    plug(&mut graph, vec![packages[1]], packages[0])?;
    let composed = graph.encode(EncodeOptions::default())?;
    fs::write(out, &composed).with_context(|| out.clone())?;
    print!("{}", encode::world(&composed)?);
    Ok(())
}
