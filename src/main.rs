//! The `verify` command: arguments, run, exit code.

#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Parser;
use verify::changed::{self, ChangedError, Narrowed};
use verify::check::explain::catalogue;
use verify::cli::{self, Cli, Command, ExplainArgs, FixArgs, Format, ListFormat};
use verify::config::{self, Config, Environment, Fixing};
use verify::deliver::{self, DeliverError};
use verify::fix::{self, Choice, Folders, NoteDone, Subject};
use verify::python::interpreters;
use verify::report::{self, progress::Bar};
use verify::run::{self, Failure, Finished, Stop};

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// Nothing to do.
    Clean = 0,
    /// Something is stale, failed or new.
    Findings = 1,
    /// It could not run.
    Unable = 2,
    /// The user stopped it.
    Interrupted = 130,
}

/// A question is open: nothing runs, and nothing is half written.
static ASKING: AtomicBool = AtomicBool::new(false);

/// How long a run that the user has stopped may take to tell what it knows.
const PATIENCE: Duration = Duration::from_millis(800);

fn main() -> ExitCode {
    let cli = Cli::parse();
    let exit = dispatch(&cli).unwrap_or_else(|problem| {
        complain(&problem);
        Exit::Unable
    });
    ExitCode::from(exit as u8)
}

/// An error message with its next step below it.
struct Problem {
    message: String,
    help: String,
}

impl From<config::ConfigError> for Problem {
    fn from(error: config::ConfigError) -> Self {
        Self {
            message: error.to_string(),
            help: String::new(),
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self {
            message: failure.to_string(),
            help: failure.help(),
        }
    }
}

impl From<DeliverError> for Problem {
    fn from(error: DeliverError) -> Self {
        Self {
            message: error.to_string(),
            help: error.help(),
        }
    }
}

impl From<ChangedError> for Problem {
    fn from(error: ChangedError) -> Self {
        Self {
            message: error.to_string(),
            help: error.help(),
        }
    }
}

fn dispatch(cli: &Cli) -> Result<Exit, Problem> {
    let environment = Environment::from_process()?;
    match &cli.command {
        Some(Command::Completions { shell }) => say(&cli::completion_script(*shell)),
        Some(Command::Init(args)) => {
            let files =
                verify::init::init(&environment.cwd, &args.with).map_err(|error| Problem {
                    message: error.to_string(),
                    help: String::new(),
                })?;
            say(&report::init::render(
                &files,
                config::lang(cli, &environment),
            ))
        }
        Some(Command::Python(_)) => {
            let config = config::decide(cli, &environment)?;
            list_pythons(&config)
        }
        Some(Command::List(list)) => {
            let config = config::decide(cli, &environment)?;
            let finished = stoppable(|stop| run::list(&config, stop))?;
            match list.format {
                ListFormat::Json => say(&report::json::render(&finished.report)),
                ListFormat::Terminal => {
                    let claims = list.claims.then_some(config.width);
                    say(&report::list::text(&finished.report, claims))
                }
            }
        }
        Some(Command::Explain(args)) => {
            let config = config::decide(cli, &environment)?;
            explain(args, &config)
        }
        Some(Command::Fix(args)) => fix(cli, args, &environment),
        None => {
            let config = config::decide(cli, &environment)?;
            let config = match changed::narrow(config)? {
                Narrowed::Notes(config) => *config,
                Narrowed::Nothing(config, since) => return tell_unchanged(&config, &since),
            };
            let bar = Bar::new(config.progress, config.lang.unwrap_or_default());
            let finished = stoppable(|stop| run::check(&config, stop, &bar))?;
            tell(&config, &finished)
        }
    }
}

/// Runs something that the user can stop.
fn stoppable(job: impl FnOnce(&Stop) -> Result<Finished, Failure>) -> Result<Finished, Failure> {
    let stop = Stop::default();
    let handle = stop.clone();
    // Without a handler the default action ends the program, which is all that is lost.
    let _ = ctrlc::set_handler(move || {
        if ASKING.load(Ordering::SeqCst) {
            std::process::exit(Exit::Interrupted as i32);
        }
        handle.stop();
        // What was found out so far is told meanwhile, which ends the program.
        std::thread::sleep(PATIENCE);
        handle.abandon();
        std::process::exit(Exit::Interrupted as i32);
    });
    match job(&stop) {
        Err(Failure::Pool(_)) if stop.is_stopped() => Ok(Finished {
            interrupted: true,
            ..Finished::default()
        }),
        other => other,
    }
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

fn fix(cli: &Cli, args: &FixArgs, environment: &Environment) -> Result<Exit, Problem> {
    let fixing = config::decide_fixing(args, environment)?;
    let config = config::decide(cli, environment)?;
    let bar = Bar::new(config.progress, config.lang.unwrap_or_default());
    let finished = stoppable(|stop| run::check(&config, stop, &bar))?;
    if finished.interrupted {
        return Ok(Exit::Interrupted);
    }
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
    if done.iter().all(NoteDone::is_complete) && !(dry && rewritten) {
        Ok(Exit::Clean)
    } else {
        Ok(Exit::Findings)
    }
}

fn explain(args: &ExplainArgs, config: &Config) -> Result<Exit, Problem> {
    let (lang, color) = (config.lang.unwrap_or_default(), config.color);
    let Some(slug) = &args.rule else {
        let names = if args.all {
            catalogue::names()
        } else {
            BTreeMap::new()
        };
        let rules = catalogue::all();
        return say(&report::explain::list(&rules, &names, lang, color));
    };
    if let Some(rule) = catalogue::rule(slug) {
        return say(&report::explain::render(&rule, lang, color));
    }
    let near = catalogue::nearest(slug);
    let (message, help) = report::explain::unknown(slug, &near, lang);
    Err(Problem { message, help })
}

fn list_pythons(config: &Config) -> Result<Exit, Problem> {
    let request = interpreters::Request {
        option: config.python.clone(),
        config: config.python_config.clone(),
        project: config.root.clone(),
        env: interpreters::Environment::from_process(),
    };
    say(&report::python::render(
        &interpreters::list(&request),
        config.lang.unwrap_or_default(),
    ))
}

/// Writes to standard output. A reader that has gone, as in `verify | head`, is no error.
fn say(text: &str) -> Result<Exit, Problem> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Problem {
            message: format!("can't write to standard output: {error}"),
            help: String::new(),
        }),
        _ => Ok(Exit::Clean),
    }
}

fn complain(problem: &Problem) {
    let text = report::error::render(&problem.message, &problem.help);
    // Nothing is left to say where even this can't be written.
    let _ = io::stderr().write_all(text.as_bytes());
}
