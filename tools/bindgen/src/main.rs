//! `bindgen MODULE FOLDER`: wasm-bindgen's own generator, for bundlers and without TypeScript: `core_bg.wasm` and `core_bg.js`.
//!
//! It is the library behind the program `wasm-bindgen`, whose other half (a server, a driver for browsers) takes most of the time that
//! the program compiles. One Cargo.lock has this version and the module's, which must be the same.

use std::process::ExitCode;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (Some(module), Some(out)) = (args.next(), args.next()) else {
        eprintln!("usage: bindgen MODULE FOLDER");
        return ExitCode::FAILURE;
    };
    let mut bindgen = Bindgen::new();
    let done =
        bindgen.input_path(module).out_name("core").typescript(false).bundler(true).and_then(|b| b.generate(out));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}
