//! Compiles Lua 5.1.5, which scripts run in: natively with the C compiler that is there, for WebAssembly with one that npm brings
//! (lua/compile.mjs). The sources are those of the crate `lua-src`, unmodified but for their configuration, which is lua/luaconf.h.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// What the interpreter needs of Lua: not its files (io, os, package, debug), its own interpreter, nor what reads and writes bytecode.
const SOURCES: [&str; 22] = [
    "lapi", "lauxlib", "lbaselib", "lcode", "ldebug", "ldo", "lfunc", "lgc", "llex", "lmathlib", "lmem", "lobject",
    "lopcodes", "lparser", "lstate", "lstring", "lstrlib", "ltable", "ltablib", "ltm", "lvm", "lzio",
];

fn main() {
    println!("cargo::rerun-if-changed=lua");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=Cargo.lock");
    // Cargo has no word for that: whoever wants the crates this one needs, and not this one (scripts/crates.mjs), has it fail.
    assert!(env::var_os("WAKEY_CRATES").is_none(), "the crates are there");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo says where to build"));
    let sources = out.join("lua");
    gather(&sources);
    if env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32") {
        let node = env::var_os("NODE").unwrap_or("node".into());
        let done = Command::new(node).arg("lua/compile.mjs").arg(&sources).arg(&out).status();
        assert!(
            done.is_ok_and(|status| status.success()),
            "lua/compile.mjs failed; it wants Node, and `npm ci` before it"
        );
        println!("cargo::rustc-link-search=native={}", out.display());
        println!("cargo::rustc-link-lib=static=lua");
    } else {
        let units = fs::read_dir(&sources).expect("gathered").map(|entry| entry.expect("an entry").path());
        cc::Build::new()
            .files(units.filter(|path| path.extension().is_some_and(|extension| extension == "c")))
            .define("LUA_USE_ULONGJMP", None)
            .flag_if_supported("-fwrapv")
            .opt_level(2)
            .warnings(false)
            .compile("lua");
    }
}

/// Lays out the sources with our configuration in front of theirs.
fn gather(to: &Path) {
    let from = lua_src();
    fs::create_dir_all(to).expect("a folder for the sources");
    for entry in fs::read_dir(&from).expect("the crate has a folder of Lua 5.1.5") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let wanted = name.ends_with(".h") || name.strip_suffix(".c").is_some_and(|unit| SOURCES.contains(&unit));
        if wanted {
            copy(&path, &to.join(if name == "luaconf.h" { "luaconf.original.h" } else { &name }));
        }
    }
    for name in ["luaconf.h", "guard.c"] {
        copy(&Path::new("lua").join(name), &to.join(name));
    }
}

fn copy(from: &Path, to: &Path) {
    fs::write(to, fs::read(from).expect("a source")).expect("room for a source");
}

/// Where cargo has put the crate. It says so once all crates of the lock file are there, and fetches what is missing.
fn lua_src() -> PathBuf {
    let text = metadata(&["--offline"]).or_else(|| metadata(&[])).expect("cargo knows where its crates are");
    let manifest = text
        .split("\"manifest_path\":\"")
        .map(|rest| &rest[..rest.find('"').unwrap_or(0)])
        .find(|path| path.contains("lua-src"))
        .expect("lua-src is a build dependency");
    Path::new(&manifest.replace("\\\\", "/")).parent().expect("a folder").join("lua-5.1.5")
}

fn metadata(more: &[&str]) -> Option<String> {
    let cargo = env::var_os("CARGO").expect("cargo says where it is");
    let asked = Command::new(cargo).args(["metadata", "--format-version=1", "--locked"]).args(more).output().ok()?;
    asked.status.success().then(|| String::from_utf8(asked.stdout).expect("JSON is UTF-8"))
}
