//! `verify list` and `verify python`: what there is, without running it.

use verify::cli::{ListArgs, ListFormat};
use verify::config::Config;
use verify::python::interpreters;
use verify::report;
use verify::run;

use super::ending::{Exit, Problem, complain_of_notes, say};
use super::stop::stoppable;

/// Shows every block.
pub(crate) fn list(args: &ListArgs, config: &Config) -> Result<Exit, Problem> {
    let finished = stoppable(|stop| run::list(config, stop))?;
    let shown = match args.format {
        ListFormat::Json => report::json::render(&finished.report),
        ListFormat::Terminal => {
            complain_of_notes(&finished.report);
            let claims = args.claims.then_some(config.width);
            report::list::text(&finished.report, claims)
        }
    };
    Ok(say(&shown)?.with(finished.report.worst()))
}

/// Shows the interpreters.
pub(crate) fn pythons(config: &Config) -> Result<Exit, Problem> {
    say(&report::python::render(
        &interpreters::list(&run::request(config)),
        config.lang.unwrap_or_default(),
    ))
}
