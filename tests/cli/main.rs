//! The whole program, as its users meet it: notes and a command in, everything that
//! comes out compared, the exit code and the files that are left too.
//!
//! Needs a CPython that can be embedded; `verify python` tells which there are. Where
//! words of the reports change on purpose, `SNAPSHOTS=overwrite cargo test --test cli`
//! writes the new ones in here, to be read before they are committed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]
#![allow(
    clippy::needless_raw_string_hashes,
    reason = "snapshots are written with them"
)]

mod cache;
mod chance;
mod ci;
mod claims;
mod deps;
mod disks;
mod errors;
mod explain;
mod figures;
mod fix;
mod fix_code;
mod formats;
mod hostile;
mod init;
mod interpreters;
mod interrupts;
mod languages;
mod limits;
mod lost;
mod lsp;
mod marks;
mod masks;
mod mentions;
mod mutations;
mod recordings;
mod review;
mod run;
mod sandbox;
mod selection;
mod shards;
mod support;
mod tour;
mod trust;
mod unreached;
mod warnings;
mod watch;
mod workers;
