//! A guest that counts visits in a store, and does not know which store that is.
//!
//! ```text
//! cargo build --release --target wasm32-unknown-unknown
//! wasm-tools component new target/wasm32-unknown-unknown/release/visits.wasm -o visits.component.wasm
//! wac plug visits.component.wasm --plug node_modules/wakey/dist/component.wasm -o whole.wasm
//! python run.py whole.wasm
//! ```

use wasi::keyvalue::{atomics, store};

wit_bindgen::generate!({
    path: ["../../../wit/deps/keyvalue", "wit"],
    world: "example:visits/visits",
    generate_all,
});

struct Visits;

export!(Visits);

impl Guest for Visits {
    fn visit(page: String) -> Result<i64, String> {
        let bucket = store::open("default").map_err(text)?;
        atomics::increment(&bucket, &page, 1).map_err(text)
    }
}

fn text(error: store::Error) -> String {
    match error {
        store::Error::NoSuchStore => "there is no such store".into(),
        store::Error::AccessDenied => "access is denied".into(),
        store::Error::Other(reason) => reason,
    }
}
