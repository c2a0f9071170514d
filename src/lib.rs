//! `verify` finds every Python snippet in a folder of Markdown notes, runs each
//! one in a process of its own, and says which statements of the notes are no
//! longer true.
//!
//! ```text
//! arguments ─ cli ─ config ─┐
//! notes/*.md ─── notes ─────┼─ plan ─ python (pool) ═ verify-python (worker) ─ traces ─┐
//! expected/* ─── recording ─┘                                                         │
//!        ┌───────────────────────────────── check ◄───────────────────────────────────┘
//!        ├─ report (terminal, listing, JSON, and the forms that CI servers read)
//!        ├─ update (what `--update` writes into expected/)
//!        ├─ fix (what `verify fix` writes into the notes)
//!        └─ review (which of these somebody wants)
//! ```
//!
//! `run` wires these together. `model` holds the values that they pass to each
//! other, and uses nothing else of this crate.
//!
//! - To add a format: one file in `report` with `render(&Report) -> String`.
//! - To add a rule: one entry in `data/rules`, and what finds it in `check/explain`.
//! - To add a reason why a block is or is not Python: `notes/language.rs`.

#![forbid(unsafe_code)]

pub mod bug;
pub mod changed;
pub mod check;
pub mod cli;
pub mod config;
pub mod deliver;
pub mod files;
pub mod fix;
pub mod git;
pub mod init;
pub mod lsp;
pub mod model;
pub mod modules;
pub mod notes;
pub mod picture;
pub mod plan;
pub mod python;
pub mod reading;
pub mod recording;
pub mod report;
pub mod review;
pub mod run;
pub mod shard;
mod steps;
pub mod update;
pub mod watch;
