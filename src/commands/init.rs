//! `verify init`: the files that a project starts with.

use verify::cli::{Cli, InitArgs};
use verify::config::{self, Environment};
use verify::report;

use super::ending::{Exit, Problem, say};

/// Writes them.
pub(crate) fn init(cli: &Cli, args: &InitArgs, environment: &Environment) -> Result<Exit, Problem> {
    let files = verify::init::init(&environment.cwd, &args.with).map_err(|error| Problem {
        message: error.to_string(),
        help: String::new(),
    })?;
    let lang = config::lang(cli, environment);
    say(&report::init::render(&files, lang))
}
