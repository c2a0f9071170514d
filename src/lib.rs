//! `verify` finds every Python snippet in a folder of Markdown notes, runs each
//! one, and says which statements of the notes are no longer true.

pub mod check;
pub mod cli;
pub mod config;
pub mod init;
pub mod model;
pub mod notes;
pub mod plan;
pub mod python;
pub mod recording;
pub mod report;
