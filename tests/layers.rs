//! Imports point one way: a folder of `src/` uses the folders before it in this list, and itself. Paths in code, comments and tests
//! are not looked at; `use` lines are.

use std::fs;
use std::path::{Path, PathBuf};

const LAYERS: [&str; 14] = [
    "allocator",
    "types",
    "lua",
    "resp",
    "table",
    "keyspace",
    "rdb",
    "snapshot",
    "server",
    "exec",
    "script",
    "commands",
    "engine",
    "wasm",
];

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        match entry.is_dir() {
            true => sources(&entry, out),
            false => out.push(entry),
        }
    }
}

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| *layer == name)
}

/// The folders, or files at the root, that a source uses: what stands behind `crate::` in its `use` lines, before its tests.
fn uses(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let lines =
        code.lines().filter_map(|line| line.trim_start().trim_start_matches("pub ").strip_prefix("use crate::"));
    lines
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(list) => list.split(',').map(|name| name.trim_matches([' ', '}', ';']).to_string()).collect(),
            None => vec![rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>()],
        })
        .collect()
}

#[test]
fn no_folder_uses_one_that_comes_after_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let (mut seen, mut up) = (0, Vec::new());
    for file in files {
        let path = file.strip_prefix(&root).expect("under it");
        let own = path.components().next().expect("a name").as_os_str().to_string_lossy().replace(".rs", "");
        // The map of the house, and what only tests see.
        if own == "lib" || path.ends_with("tests.rs") {
            continue;
        }
        let here = layer(&own).unwrap_or_else(|| panic!("{own} has no place among the layers"));
        for name in uses(&fs::read_to_string(&file).expect("a source")) {
            let Some(there) = layer(&name) else { continue };
            seen += 1;
            if there > here {
                up.push(format!("{} uses {name}", path.display()));
            }
        }
    }
    assert!(seen > 200, "{seen} imports were found");
    assert!(up.is_empty(), "{}", up.join("\n"));
}
