//! Leaves CPython's symbols of the worker unresolved at link time, and packs the generated data.
//!
//! `verify-python` embeds whichever libpython the driver preloads, so one build
//! serves every CPython from 3.9 on and builds without Python's headers.

use std::path::Path;
use std::{env, fs, io};

/// Texts that most runs never look at.
const PACKED: [&str; 2] = ["history", "wordings"];

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    leave_symbols_unresolved();
    PACKED.iter().try_for_each(|name| pack(name))
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

/// From `data/name.txt` to `name.bin` in the folder of the build.
fn pack(name: &str) -> io::Result<()> {
    let source = format!("data/{name}.txt");
    println!("cargo::rerun-if-changed={source}");
    let text = fs::read(source)?;
    let folder = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    let packed = miniz_oxide::deflate::compress_to_vec(&text, 9);
    fs::write(Path::new(&folder).join(format!("{name}.bin")), packed)
}
