//! The arguments of `verify review`.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueHint};

use super::{Interpreter, ListFormat, RunArgs, Running, Selection};

/// What is decided, and how.
#[derive(Args, Clone, Debug, Default)]
#[command(after_help = "\
An ID is that of `--list`, or its beginning. Several are written as `ID,ID` or `ID ID`.
`all` stands for everything that the option can be used for and no other one names.")]
pub struct ReviewArgs {
    /// Notes, folders of notes, or one snippet as `note.md:LINE` [default: those of verify.toml, else notes/, else all]
    #[arg(value_name = "PATHS", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,

    /// Show what is pending on a line each, with its ID, and ask nothing
    #[arg(long)]
    pub list: bool,

    /// How to write the list
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "terminal",
        requires = "list"
    )]
    pub format: ListFormat,

    /// Record what these snippets do
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',', conflicts_with = "list")]
    pub accept: Vec<String>,

    /// Mark these as known
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',', conflicts_with = "list")]
    pub known: Vec<String>,

    /// Rewrite the note for these
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',', conflicts_with = "list")]
    pub fix: Vec<String>,

    /// Leave these pending, whatever `all` says
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',', conflicts_with = "list")]
    pub reject: Vec<String>,

    /// Only snippets whose note, heading or code contains this text
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    pub filter: Option<String>,

    /// Which Python to use.
    #[command(flatten)]
    pub interpreter: Interpreter,

    /// The folder of the recordings [default: expected]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub expected: Option<PathBuf>,

    /// How a snippet is run.
    #[command(flatten)]
    pub running: Running,
}

impl ReviewArgs {
    /// The options that it shares with checking the notes.
    pub(super) fn run_args(&self) -> RunArgs {
        RunArgs {
            selection: Selection {
                paths: self.paths.clone(),
                filter: self.filter.clone(),
                interpreter: self.interpreter.clone(),
            },
            format: self.format.into(),
            expected: self.expected.clone(),
            running: self.running.clone(),
            ..RunArgs::default()
        }
    }

    /// True where something is decided by name.
    pub fn is_named(&self) -> bool {
        let all = [&self.accept, &self.known, &self.fix, &self.reject];
        all.iter().any(|names| !names.is_empty())
    }
}
