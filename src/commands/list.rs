//! `verify list` and `verify python`: what there is, without running it.

use verify::cli::{ListArgs, ListFormat};
use verify::config::Config;
use verify::python::interpreters;
use verify::report;
use verify::run;

use super::ending::{Exit, Problem, say};
use super::stop::stoppable;

/// Shows every block.
pub(crate) fn list(args: &ListArgs, config: &Config) -> Result<Exit, Problem> {
    let finished = stoppable(|stop| run::list(config, stop))?;
    match args.format {
        ListFormat::Json => say(&report::json::render(&finished.report)),
        ListFormat::Terminal => {
            let claims = args.claims.then_some(config.width);
            say(&report::list::text(&finished.report, claims))
        }
    }
}

/// Shows the interpreters.
pub(crate) fn pythons(config: &Config) -> Result<Exit, Problem> {
    say(&report::python::render(
        &interpreters::list(&run::request(config)),
        config.lang.unwrap_or_default(),
    ))
}
