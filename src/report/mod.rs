//! Reports: one file for each format, all made from the one [`crate::model::Report`].
//!
//! A format is a function from the report to a `String`. It may not judge, run
//! or read anything, and two formats may not tell different stories: whatever
//! they have in common stands in the model, every sentence in `words`.
//! To add one, write `report/<name>.rs` with `pub fn render(report: &Report) -> String`
//! and test it over the shared sample of `sample.rs`.

pub mod ci;
pub mod editor;
pub mod error;
pub mod explain;
pub mod fix;
pub mod github;
pub mod gitlab;
pub mod html;
pub mod init;
pub mod json;
pub mod junit;
pub mod list;
pub mod markdown;
pub mod modules;
pub mod progress;
pub mod python;
pub mod review;
pub mod sarif;
pub mod terminal;
pub mod update;
pub mod watch;

mod diff;
#[cfg(test)]
mod sample;
mod style;
mod tell;
mod text;
mod words;

use std::path::Path;

use crate::model::{Cut, Lang, Shard};

/// What `verify clean` removed: so many bytes from this folder, or none where nothing was there.
pub fn cleaned(folder: &Path, bytes: Option<u64>, lang: Lang) -> String {
    let folder = text::visible_line(&folder.display().to_string());
    format!("{}\n", words::summary::cleaned(&folder, bytes).get(lang))
}

/// What is said where a run was to look at changed notes only, and none has changed.
pub fn unchanged(since: &str, lang: Lang) -> String {
    format!("{}\n", words::ci::unchanged(since).get(lang))
}

/// Which part of the notes a report is about, and how it was chosen where there were to be timings.
pub fn shard(shard: &Shard, timings: Option<&Path>, lang: Lang) -> String {
    let how = match (shard.by, timings) {
        (Cut::Timings, _) => words::summary::by_timings(),
        (Cut::Path, None) => words::summary::by_path(),
        (Cut::Path, Some(file)) => {
            words::summary::by_path_without(&text::visible(&file.display().to_string()))
        }
    };
    format!("{}\n", words::summary::shard(shard, &how).get(lang))
}
