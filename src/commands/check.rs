//! The main job: checks the notes and tells what it found.

use verify::changed::{self, Narrowed};
use verify::config::{Config, Format};
use verify::deliver;
use verify::report::{self, progress::Bar};
use verify::run::{self, Finished};
use verify::shard;

use super::ending::{Exit, Problem, say};
use super::stop::stoppable;

/// Checks the notes.
pub(crate) fn check(config: Config) -> Result<Exit, Problem> {
    if let Some(status) = &config.shard_status {
        shard::announce(status).map_err(|error| Problem {
            message: format!("{}: can't be touched: {error}", status.display()),
            help: "it is what Bazel names in `TEST_SHARD_STATUS_FILE`".into(),
        })?;
    }
    let config = match changed::narrow(config)? {
        Narrowed::Notes(config) => *config,
        Narrowed::Nothing(config, since) => return tell_unchanged(&config, &since),
    };
    let bar = Bar::new(config.progress, config.lang.unwrap_or_default());
    let finished = stoppable(|stop| run::check(&config, stop, &bar))?;
    tell(&config, &finished)
}

/// Tells what a run or all its shards found.
pub(super) fn tell(config: &Config, finished: &Finished) -> Result<Exit, Problem> {
    say(&deliver::text(config, finished))?;
    deliver::write(config, finished)?;
    Ok(match finished {
        Finished {
            interrupted: true, ..
        } => Exit::Interrupted,
        finished if finished.fails(config.strict) => Exit::Findings.with(finished.report.worst()),
        _ => Exit::Clean,
    })
}

/// No note has changed, which is told where people read, and as an empty report elsewhere.
fn tell_unchanged(config: &Config, since: &str) -> Result<Exit, Problem> {
    let lang = config.lang.unwrap_or_default();
    let mut finished = Finished::default();
    finished.report.lang = lang;
    finished.report.shard = config.shard.map(|number| shard::divide(&[], number, None));
    match config.format {
        Format::Terminal => say(&report::unchanged(since, lang))?,
        _ => say(&deliver::text(config, &finished))?,
    };
    deliver::write(config, &finished)?;
    Ok(Exit::Clean)
}
