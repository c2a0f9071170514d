//! The arguments of `verify deps`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{Interpreter, ListFormat, RunArgs, Selection};

/// What is listed, and where it is written.
#[derive(Args, Clone, Debug, Default)]
pub struct DepsArgs {
    /// Notes or folders of notes [default: those of verify.toml, else notes/, else all]
    #[arg(value_name = "PATHS", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,

    /// Add the packages that the notes need to a file of requirements
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub write: Option<PathBuf>,

    /// Write those that are installed in just their versions
    #[arg(long, requires = "write")]
    pub pin: bool,

    /// Which Python to use.
    #[command(flatten)]
    pub interpreter: Interpreter,

    /// How to write the list
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "terminal",
        help_heading = "Output"
    )]
    pub format: ListFormat,
}

impl DepsArgs {
    /// The options that it shares with checking the notes.
    pub(super) fn run_args(&self) -> RunArgs {
        RunArgs {
            selection: Selection {
                paths: self.paths.clone(),
                filter: None,
                interpreter: self.interpreter.clone(),
            },
            format: self.format.into(),
            ..RunArgs::default()
        }
    }
}
