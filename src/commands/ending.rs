//! How a command ends: its exit code, or what went wrong and what to do next; and what it prints.

use std::io::{self, Write};

use verify::changed::ChangedError;
use verify::config;
use verify::deliver::DeliverError;
use verify::report;
use verify::run::Failure;

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Nothing to do.
    Clean = 0,
    /// Something is stale, failed or new.
    Findings = 1,
    /// It could not run.
    Unable = 2,
    /// The user stopped it.
    Interrupted = 130,
}

/// An error message with its next step below it.
pub(crate) struct Problem {
    pub(crate) message: String,
    pub(crate) help: String,
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

/// Writes to standard output. A reader that has gone, as in `verify | head`, is no error.
pub(crate) fn say(text: &str) -> Result<Exit, Problem> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Problem {
            message: format!("can't write to standard output: {error}"),
            help: String::new(),
        }),
        _ => Ok(Exit::Clean),
    }
}

pub(crate) fn complain(problem: &Problem) {
    let text = report::error::render(&problem.message, &problem.help);
    // Nothing is left to say where even this can't be written.
    let _ = io::stderr().write_all(text.as_bytes());
}
