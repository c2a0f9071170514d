//! `verify fix`: rewrites stale claims, or old code, in the notes.

use std::io::{self, Write};
use std::sync::atomic::Ordering;

use verify::cli::{Cli, FixArgs};
use verify::config::{self, Environment, Fixing};
use verify::fix::{self, Choice, Folders, NoteDone, Subject};
use verify::model::Grade;
use verify::report::{self, progress::Bar};
use verify::run;

use super::ending::{Exit, Problem, complain_of_notes, say};
use super::stop::{ASKING, stoppable};

/// Rewrites what is chosen.
pub(crate) fn fix(cli: &Cli, args: &FixArgs, environment: &Environment) -> Result<Exit, Problem> {
    let fixing = config::decide_fixing(args, environment)?;
    let config = config::decide(cli, environment)?;
    let bar = Bar::new(config.progress, config.lang.unwrap_or_default());
    let finished = stoppable(|stop| run::check(&config, stop, &bar))?;
    if finished.interrupted {
        return Ok(Exit::Interrupted);
    }
    complain_of_notes(&finished.report);
    let subject = if args.code {
        Subject::Code
    } else {
        Subject::Claims
    };
    let notes = fix::survey(&finished.report, subject);
    let mut choice = Choice::new(&notes);
    if fixing == Fixing::Asked {
        ASKING.store(true, Ordering::SeqCst);
        let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
        let asked = report::fix::ask(&notes, config.color, &mut input, &mut output);
        ASKING.store(false, Ordering::SeqCst);
        choice = asked.map_err(|error| Problem {
            message: format!("can't ask what to rewrite, so nothing was: {error}"),
            help: "run `verify fix --dry-run`, or `verify fix --yes`".into(),
        })?;
    } else {
        choice.answer(fix::Answer::All);
    }
    let folders = Folders {
        root: &config.root,
        expected: &config.expected,
    };
    let dry = fixing == Fixing::Shown;
    let done = fix::rewrite(&notes, &choice.chosen(), folders, dry);
    let shown = report::fix::render(&done, subject, dry, config.lang.unwrap_or_default());
    if dry {
        let terminal = environment.is_terminal_stdout;
        say(&report::fix::patch(&notes, &done, terminal))?;
        // What is no patch is kept out of a file that is to be one.
        let _ = io::stderr().write_all(shown.as_bytes());
    } else {
        say(&shown)?;
    }
    let rewritten = done.iter().any(|note| note.rewritten > 0);
    let is_done = done.iter().all(NoteDone::is_complete) && !(dry && rewritten);
    let exit = if is_done { Exit::Clean } else { Exit::Findings };
    let worst = if done.iter().any(NoteDone::has_bug) {
        Grade::Bug
    } else {
        finished.report.worst()
    };
    Ok(exit.with(worst))
}
