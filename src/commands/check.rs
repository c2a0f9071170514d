//! The main job: checks the notes and tells what it found.

use verify::changed::{self, Narrowed};
use verify::config::{Config, Format};
use verify::deliver;
use verify::report::{self, progress::Bar};
use verify::run::{self, Finished};

use super::ending::{Exit, Problem, say};
use super::stop::stoppable;

/// Checks the notes.
pub(crate) fn check(config: Config) -> Result<Exit, Problem> {
    let config = match changed::narrow(config)? {
        Narrowed::Notes(config) => *config,
        Narrowed::Nothing(config, since) => return tell_unchanged(&config, &since),
    };
    let bar = Bar::new(config.progress, config.lang.unwrap_or_default());
    let finished = stoppable(|stop| run::check(&config, stop, &bar))?;
    tell(&config, &finished)
}

fn tell(config: &Config, finished: &Finished) -> Result<Exit, Problem> {
    say(&deliver::text(config, finished))?;
    deliver::write(config, finished)?;
    Ok(match finished {
        Finished {
            interrupted: true, ..
        } => Exit::Interrupted,
        finished if finished.fails(config.strict) => Exit::Findings,
        _ => Exit::Clean,
    })
}

/// No note has changed, which is told where people read, and as an empty report elsewhere.
fn tell_unchanged(config: &Config, since: &str) -> Result<Exit, Problem> {
    let lang = config.lang.unwrap_or_default();
    let mut finished = Finished::default();
    finished.report.lang = lang;
    match config.format {
        Format::Terminal => say(&report::unchanged(since, lang))?,
        _ => say(&deliver::text(config, &finished))?,
    };
    deliver::write(config, &finished)?;
    Ok(Exit::Clean)
}
