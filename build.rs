//! Leaves CPython's symbols of the worker unresolved at link time.
//!
//! `verify-python` embeds whichever libpython the driver preloads, so one build
//! serves every CPython from 3.9 on and builds without Python's headers.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target_os = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
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
