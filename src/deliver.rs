//! Where reports go: what is written to standard output, into the files that were asked for, and into
//! the summary of a job of GitHub Actions.
//!
//! It makes no report itself and prints nothing.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::config::{Config, Format, Verbosity};
use crate::files;
use crate::report::{self, ci, terminal};
use crate::run::Finished;

/// What GitHub takes as the summary of a step.
const SUMMARY: usize = 1024 * 1024;
/// A summary that has less room than this says nothing.
const LEAST: usize = 4096;

/// A report that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("`{}`: the report can't be written: {source}", .path.display())]
pub struct DeliverError {
    /// Where it was to go.
    pub path: PathBuf,
    /// What the system says.
    pub source: io::Error,
}

impl DeliverError {
    /// What to do next.
    pub fn help(&self) -> String {
        "name a file in a folder that can be written to".to_owned()
    }
}

/// The report for standard output.
pub fn text(config: &Config, finished: &Finished) -> String {
    let update = config.update && !finished.interrupted && config.format == Format::Terminal;
    let mut text = String::new();
    if config.format == Format::Terminal
        && config.verbosity != Verbosity::Quiet
        && let Some(shard) = &finished.report.shard
    {
        let lang = finished.report.lang;
        text.push_str(&report::shard(shard, config.timings.as_deref(), lang));
        text.push('\n');
    }
    if update {
        text.push_str(&report::update::render(
            &finished.changes,
            &finished.report,
            config.color,
        ));
        text.push('\n');
    }
    text.push_str(&rendered(config.format, config, finished));
    text
}

/// Writes the reports that go elsewhere, each at once or not at all.
pub fn write(config: &Config, finished: &Finished) -> Result<(), DeliverError> {
    for wanted in &config.reports {
        let report = rendered(wanted.format, config, finished);
        let failed = |source| DeliverError {
            path: wanted.file.clone(),
            source,
        };
        if let Some(folder) = wanted.file.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        files::replace(&wanted.file, report.as_bytes(), None).map_err(failed)?;
    }
    match &config.server.summary {
        Some(summary) if config.format == Format::Github => add_summary(summary, config, finished)
            .map_err(|source| DeliverError {
                path: summary.clone(),
                source,
            }),
        _ => Ok(()),
    }
}

/// Adds to what other programs of the step have written there.
fn add_summary(path: &Path, config: &Config, finished: &Finished) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    let there = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    let room = SUMMARY.saturating_sub(there + 1);
    if room < LEAST {
        return Ok(());
    }
    let options = options(config, finished);
    let summary = report::markdown::render(&finished.report, &options, room);
    file.write_all(format!("\n{summary}").as_bytes())
}

fn rendered(format: Format, config: &Config, finished: &Finished) -> String {
    let report = &finished.report;
    let options = options(config, finished);
    match format {
        Format::Terminal => terminal::render(report, &terminal_options(config)),
        Format::Json => report::json::render(report),
        Format::Github => report::github::render(report, &options),
        Format::Gitlab => report::gitlab::render(report, &options),
        Format::Junit => report::junit::render(report, &options),
        Format::Sarif => report::sarif::render(report, &options),
        Format::Markdown => report::markdown::render(report, &options, usize::MAX),
        Format::Html => report::html::render(report, &options),
    }
}

fn options(config: &Config, finished: &Finished) -> ci::Options {
    ci::Options {
        strict: config.strict,
        prefix: config.prefix.clone(),
        files: config.server.files.clone(),
        interrupted: finished.interrupted,
    }
}

fn terminal_options(config: &Config) -> terminal::Options {
    terminal::Options {
        color: config.color,
        width: config.width,
        verbosity: config.verbosity,
        strict: config.strict,
        update_hint: "verify --update".into(),
    }
}
