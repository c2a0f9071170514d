//! The options of `verify watch` and `verify lsp`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{Interpreter, RunArgs, Running, Selection};

/// What to watch.
#[derive(Args, Clone, Debug, Default)]
pub struct WatchArgs {
    /// Notes or folders of notes [default: those of verify.toml, else notes/, else all]
    #[arg(value_name = "PATHS", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,

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

impl WatchArgs {
    /// The options that it shares with checking the notes.
    pub(super) fn run_args(&self) -> RunArgs {
        RunArgs {
            selection: Selection {
                paths: self.paths.clone(),
                interpreter: self.interpreter.clone(),
                ..Selection::default()
            },
            expected: self.expected.clone(),
            running: self.running.clone(),
            ..RunArgs::default()
        }
    }
}

/// How the language server runs snippets.
#[derive(Args, Clone, Debug, Default)]
pub struct LspArgs {
    /// Which Python to use.
    #[command(flatten)]
    pub interpreter: Interpreter,

    /// Many clients name the way on which they talk; there is no other one
    #[arg(long, hide = true)]
    pub stdio: bool,

    /// How a snippet is run.
    #[command(flatten)]
    pub running: Running,
}

impl LspArgs {
    /// The options that it shares with checking the notes.
    pub(super) fn run_args(&self) -> RunArgs {
        RunArgs {
            selection: Selection {
                interpreter: self.interpreter.clone(),
                ..Selection::default()
            },
            running: self.running.clone(),
            ..RunArgs::default()
        }
    }
}
