//! What `verify.toml` says is to be run before the snippets of a note.

use super::start;
use crate::config::{Config, Setup};
use crate::model::{Code, EventKind, Grade, Trace, Warning};
use crate::python::pool::{PoolError, Runner};
use crate::python::protocol::Job;
use crate::text;

/// The set-ups of a note, on lines behind its last one, so that theirs are not taken for its own.
pub(super) fn of_note(setups: &[Setup], path: &str, lines: usize) -> Vec<Code> {
    let setups = setups.iter().filter(|setup| setup.is_for(path));
    setups
        .map(|setup| Code::script(lines + 1, &*setup.code))
        .collect()
}

/// Runs each set-up alone, and says once what is wrong with it.
pub(super) fn check(config: &Config, runner: &dyn Runner) -> Result<Vec<Warning>, PoolError> {
    let job = |setup: &Setup| Job {
        path: setup.place.clone(),
        code: Code::script(1, &*setup.code),
        limits: start::limits(config),
        ..Job::default()
    };
    let jobs: Vec<Job> = config.setup.iter().map(job).collect();
    if jobs.is_empty() {
        return Ok(Vec::new());
    }
    let traces = runner.run(&jobs, &|| ())?;
    let told = config.setup.iter().zip(traces);
    Ok(told
        .filter_map(|(setup, trace)| trouble(setup, &trace?))
        .collect())
}

fn trouble(setup: &Setup, trace: &Trace) -> Option<Warning> {
    let error = trace.events.iter().find_map(|event| match &event.kind {
        EventKind::Raised { class, message, .. } => Some((event.line, class, message)),
        _ => None,
    });
    let (line, class, message) = error?;
    let place = &setup.place;
    let what = format!("{class}: {message}");
    let what = what.lines().next().unwrap_or_default();
    Some(Warning {
        path: String::new(),
        line: None,
        grade: Grade::Warning,
        message: text!(
            "the set-up in {place} raises `{what}` on its line {line}",
            "{place} 中的准备代码在其第 {line} 行抛出 `{what}`"
        ),
        help: Some(text!(
            "mend it: the snippets that it is for lack what it gives",
            "修正它：它所服务的片段缺少它给出的名字"
        )),
    })
}
