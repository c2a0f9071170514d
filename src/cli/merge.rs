//! The arguments of `verify merge`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{Format, Interpreter, ReportFile, RunArgs, Selection, report_file};

/// What is merged, and where the report goes.
#[derive(Args, Clone, Debug, Default)]
pub struct MergeArgs {
    /// The reports of all shards, as `verify --shard K/N --report json=FILE` writes them
    #[arg(value_name = "FILES", required = true, value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,

    /// Fail on known findings and on warnings too
    #[arg(long)]
    pub strict: bool,

    /// Read this file instead of the nearest verify.toml
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,

    /// How to write the report
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "terminal",
        help_heading = "Output"
    )]
    pub format: Format,

    /// Write a report into a file too: json, gitlab, junit, sarif, markdown or html; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report_file, help_heading = "Output")]
    pub report: Vec<ReportFile>,

    /// Show only what fails and the summary
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,

    /// Show known, skipped and passing snippets too
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,
}

impl MergeArgs {
    /// The options that it shares with checking the notes.
    pub(super) fn run_args(&self) -> RunArgs {
        RunArgs {
            selection: Selection {
                interpreter: Interpreter {
                    config: self.config.clone(),
                    ..Interpreter::default()
                },
                ..Selection::default()
            },
            strict: self.strict,
            format: self.format,
            report: self.report.clone(),
            quiet: self.quiet,
            verbose: self.verbose,
            ..RunArgs::default()
        }
    }
}
