//! Leaves CPython's symbols of the worker unresolved at link time, and packs the history.
//!
//! `verify-python` embeds whichever libpython the driver preloads, so one build
//! serves every CPython from 3.9 on and builds without Python's headers.

use std::path::Path;
use std::{env, fs, io};

const HISTORY: &str = "data/history.txt";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    leave_symbols_unresolved();
    pack_history()
}

fn leave_symbols_unresolved() {
    let target_os = env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    let flags: &[&str] = match target_os.as_str() {
        "macos" | "ios" => &["-Wl,-undefined,dynamic_lookup"],
        // The clock's functions are exported so that libpython takes the worker's own (`clock.rs`).
        _ => &[
            "-Wl,--unresolved-symbols=ignore-all",
            "-Wl,--export-dynamic-symbol=clock_gettime",
            "-Wl,--export-dynamic-symbol=time",
        ],
    };
    for flag in flags {
        println!("cargo::rustc-link-arg-bin=verify-python={flag}");
    }
}

/// The history is a few hundred kilobytes of text that most runs never look at.
fn pack_history() -> io::Result<()> {
    println!("cargo::rerun-if-changed={HISTORY}");
    let text = fs::read(HISTORY)?;
    let folder = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    let packed = miniz_oxide::deflate::compress_to_vec(&text, 9);
    fs::write(Path::new(&folder).join("history.bin"), packed)
}
