//! `verify merge`: one report of the reports of all shards.

use verify::cli::{Cli, MergeArgs};
use verify::config::{self, Environment};
use verify::run::Finished;
use verify::shard::{self, MergeError};

use super::check::tell;
use super::ending::{Exit, Problem};

/// Merges them, and ends as a run over all notes would.
pub(crate) fn merge(
    cli: &Cli,
    args: &MergeArgs,
    environment: &Environment,
) -> Result<Exit, Problem> {
    let config = config::decide(cli, environment)?;
    let mut report = shard::merge(&args.files)?;
    if let Some(lang) = config.lang {
        report.lang = lang;
        report.notes.iter_mut().for_each(|note| note.lang = lang);
    }
    let finished = Finished {
        report,
        ..Finished::default()
    };
    tell(&config, &finished)
}

impl From<MergeError> for Problem {
    fn from(error: MergeError) -> Self {
        Self {
            message: error.to_string(),
            help: error.help().into(),
        }
    }
}
