//! How a command ends: its exit code, or what went wrong and what to do next; and what it prints.

use std::io::{self, Write};

use verify::changed::ChangedError;
use verify::config;
use verify::deliver::DeliverError;
use verify::model::{Grade, Report};
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
    /// There is a bug: what it is about was left out.
    Bug = 101,
    /// The user stopped it.
    Interrupted = 130,
}

impl Exit {
    /// This, or worse where a note could not be judged.
    pub(crate) fn with(self, worst: Grade) -> Self {
        match (self, worst) {
            (Self::Interrupted, _) | (_, Grade::Warning) => self,
            (_, Grade::Bug) => Self::Bug,
            (Self::Clean, Grade::Error) => Self::Findings,
            (_, Grade::Error) => self,
        }
    }
}

/// Tells which notes could not be judged, where the report itself is not shown.
pub(crate) fn complain_of_notes(report: &Report) {
    let notes = report.warnings.iter();
    for warning in notes.filter(|warning| warning.grade != Grade::Warning) {
        let help = warning.help.as_ref().map(|help| help.get(report.lang));
        complain(&Problem {
            message: format!("{}: {}", warning.path, warning.message.get(report.lang)),
            help: help.unwrap_or_default().to_owned(),
        });
    }
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
