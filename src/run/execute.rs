//! Runs what was planned, as often as judging it needs.
//!
//! A snippet runs once. It runs again under other conditions where something is to be recorded
//! or rewritten, to find what varies; and statement by statement where it can't be judged by
//! running it and the note still says something about it.

use std::collections::BTreeMap;

use super::select::Selection;
use super::start::{self, Ready};
use super::store::Store;
use super::{Failure, Judged, Progress, Stop, judge_all};
use crate::check::explain::code::{self, Old};
use crate::check::explain::history::Version;
use crate::config::Config;
use crate::model::{About, BlockReport, ClaimVerdict, EventKind, Language, Lines, Skip, Trace};
use crate::plan::{Plan, Snippet};
use crate::python::pool::{PoolError, Runner};
use crate::python::protocol::Job;
use crate::update::runs_twice;

/// By how many lines a snippet stands further down in the run that finds what varies: moving it
/// must not change its recording.
const LINES_AHEAD: u32 = 1000;

/// What happened, by the index of the snippet.
#[derive(Default)]
pub(super) struct Runs {
    /// In the run of the snippet.
    pub(super) first: BTreeMap<usize, Trace>,
    /// In its run under other conditions.
    pub(super) second: BTreeMap<usize, Trace>,
    /// In the run of its statements one by one.
    pub(super) alone: BTreeMap<usize, Trace>,
    /// In that run under other conditions.
    pub(super) second_alone: BTreeMap<usize, Trace>,
    /// What their code uses that is gone, for each snippet of the plan. It is read once all has
    /// run: what is to be run alone depends on runs only.
    pub(super) old: Vec<Vec<Old>>,
}

/// Runs what is selected, each snippet as often as judging it needs.
pub(super) fn run(
    config: &Config,
    plan: &Plan,
    selection: &Selection,
    ready: &Ready,
    progress: &dyn Progress,
    stop: &Stop,
    store: &Store,
) -> Result<Runs, Failure> {
    let planned: Vec<usize> = selection
        .snippets
        .iter()
        .copied()
        .filter(|&at| is_run(plan, at))
        .collect();
    progress.begin(planned.len());
    let mut runs = Runs {
        first: run_some(plan, &planned, &*ready.pool, config, progress, 0)?,
        ..Runs::default()
    };
    let judged = judge_all(plan, selection, store, &runs, ready);
    let skip = |at: usize| {
        judged
            .get(&at)
            .and_then(|judged| judged.report.skip.as_ref())
    };
    let alone: Vec<usize> = selection
        .snippets
        .iter()
        .copied()
        .filter(|&at| runs_alone(plan, at, skip(at)))
        .collect();
    runs.alone = run_alone(plan, &alone, &*ready.pool, config)?;
    let judged = if alone.is_empty() {
        judged
    } else {
        judge_all(plan, selection, store, &runs, ready)
    };
    let (again, alone_again) = to_run_again(config, &judged, &runs);
    let nothing = again.is_empty() && alone_again.is_empty();
    if !nothing && !stop.is_stopped() {
        let other = ready.other_pool(config, stop)?;
        let ahead = if config.update { LINES_AHEAD } else { 0 };
        runs.second = run_some(plan, &again, &*other, config, progress, ahead)?;
        runs.second_alone = run_alone(plan, &alone_again, &*other, config)?;
    }
    let (major, minor, _) = ready.interpreter.version;
    runs.old = code::of_plan(plan, Version(major, minor));
    progress.end();
    Ok(runs)
}

/// What is run a second time: what differs from its recording or is to be recorded, and what has
/// a stale claim, as a value that varies is never written into a note. The second list is of
/// snippets that were run statement by statement.
fn to_run_again(
    config: &Config,
    judged: &BTreeMap<usize, Judged>,
    runs: &Runs,
) -> (Vec<usize>, Vec<usize>) {
    let stale = |report: &BlockReport| {
        let mut claims = report.claims.iter();
        claims.any(|claim| claim.verdict == ClaimVerdict::Stale)
    };
    let again = |at: &usize| {
        judged.get(at).is_some_and(|judged| {
            let report = &judged.report;
            report.difference.is_some()
                || stale(report)
                || (config.update && runs_twice(report.status))
        })
    };
    let stale_alone = |at: &usize| judged.get(at).is_some_and(|judged| stale(&judged.report));
    (
        runs.first.keys().copied().filter(again).collect(),
        runs.alone.keys().copied().filter(stale_alone).collect(),
    )
}

/// True where the statements of a snippet are run one by one, as it can't be judged by running
/// it as a whole and there may be something to judge all the same.
fn runs_alone(plan: &Plan, at: usize, skip: Option<&Skip>) -> bool {
    let snippet = &plan.snippets[at];
    match skip {
        Some(Skip::Fragment(_) | Skip::NeedsModule(_)) => {
            !snippet.claims.is_empty() || !snippet.facts.modules.is_empty()
        }
        Some(_) => false,
        None => language(plan, snippet) == Language::Python2 && !snippet.claims.is_empty(),
    }
}

/// Runs the statements of these snippets one by one, with the modules that they use and import nowhere.
fn run_alone(
    plan: &Plan,
    which: &[usize],
    runner: &dyn Runner,
    config: &Config,
) -> Result<BTreeMap<usize, Trace>, PoolError> {
    let jobs: Vec<Job> = which
        .iter()
        .map(|&at| Job {
            code: plan.snippets[at].alone(),
            imports: plan.snippets[at].facts.modules.clone(),
            ..job(plan, at, config, 0)
        })
        .collect();
    let traces = runner.run(&jobs, &|| ())?;
    let found = which.iter().copied().zip(traces);
    Ok(found
        .filter_map(|(at, trace)| {
            let mut trace = trace?;
            if !plan.snippets[at].code.prompts {
                // A script displays nothing.
                trace
                    .events
                    .retain(|event| !matches!(event.kind, EventKind::Value(_)));
            }
            Some((at, trace))
        })
        .collect())
}

fn is_run(plan: &Plan, at: usize) -> bool {
    let snippet = &plan.snippets[at];
    snippet.skip.is_none() && language(plan, snippet) != Language::Python2
}

fn language(plan: &Plan, snippet: &Snippet) -> Language {
    plan.notes[snippet.note].blocks[snippet.block].language
}

/// Runs these snippets, and some of them once more alone: one that ended while others were
/// replayed for it, and one that names from under other headings only led astray.
fn run_some(
    plan: &Plan,
    which: &[usize],
    runner: &dyn Runner,
    config: &Config,
    progress: &dyn Progress,
    ahead: u32,
) -> Result<BTreeMap<usize, Trace>, PoolError> {
    let job = |&at: &usize| job(plan, at, config, ahead);
    let jobs: Vec<Job> = which.iter().map(job).collect();
    let traces = runner.run(&jobs, &|| progress.step())?;
    let mut found: BTreeMap<usize, Trace> = which
        .iter()
        .copied()
        .zip(traces)
        .filter_map(|(at, trace)| Some((at, trace?)))
        .collect();
    let doubtful = |at: &usize, trace: &Trace| {
        trace.in_replay || (raises(trace, "") && only_from_afar(plan, *at))
    };
    let alone: Vec<usize> = found
        .iter()
        .filter(|(at, trace)| doubtful(at, trace))
        .map(|(&at, _)| at)
        .collect();
    let jobs: Vec<Job> = alone
        .iter()
        .map(|at| Job {
            replay: Vec::new(),
            ..job(at)
        })
        .collect();
    for (at, trace) in alone.into_iter().zip(runner.run(&jobs, &|| ())?) {
        let Some(trace) = trace else { continue };
        if found[&at].in_replay || raises(&trace, "NameError") {
            found.insert(at, trace);
        }
    }
    for trace in found.values_mut() {
        move_up(trace, ahead);
    }
    for (&at, trace) in &mut found {
        let snippet = &plan.snippets[at];
        only_own_lines(trace, plan.notes[snippet.note].blocks[snippet.block].lines);
    }
    Ok(found)
}

/// Counts the lines of a run that was `ahead` as the note does.
fn move_up(trace: &mut Trace, ahead: u32) {
    for event in &mut trace.events {
        event.line = event.line.saturating_sub(ahead);
        event.top = event.top.saturating_sub(ahead);
    }
}

/// True where an exception of this class, or of any for `""`, was not caught.
fn raises(trace: &Trace, wanted: &str) -> bool {
    let raised = trace.events.iter().filter_map(|event| match &event.kind {
        EventKind::Raised { class, .. } => Some(class),
        _ => None,
    });
    raised
        .into_iter()
        .any(|class| wanted.is_empty() || class == wanted)
}

/// True where all the snippets that it depends on stand under other headings.
fn only_from_afar(plan: &Plan, at: usize) -> bool {
    let heading = |at: usize| {
        let snippet = &plan.snippets[at];
        &plan.notes[snippet.note].blocks[snippet.block].heading
    };
    let depends_on = &plan.snippets[at].depends_on;
    !depends_on.is_empty()
        && depends_on
            .iter()
            .all(|&earlier| heading(earlier) != heading(at))
}

/// The job of a snippet, as if its note had `ahead` more lines at its beginning.
fn job(plan: &Plan, at: usize, config: &Config, ahead: u32) -> Job {
    let snippet = &plan.snippets[at];
    let code = |at: usize| {
        let mut code = plan.snippets[at].code.clone();
        for piece in &mut code.pieces {
            piece.line = piece.line.saturating_add(ahead);
        }
        code
    };
    let values = snippet.claims.iter().filter_map(|claim| match claim.about {
        About::Statement(lines) => Some((line(lines.first, ahead), line(lines.last, ahead))),
        About::Output(_) => None,
    });
    Job {
        path: plan.notes[snippet.note].path.clone(),
        replay: snippet.depends_on.iter().copied().map(code).collect(),
        imports: Vec::new(),
        code: code(at),
        values: values.collect(),
        limits: start::limits(config),
    }
}

/// Takes the lines of other snippets away, such as those of a function that a thread runs: what
/// comes from there comes from this snippet as a whole.
fn only_own_lines(trace: &mut Trace, lines: Lines) {
    for event in &mut trace.events {
        if event.top > 0 && !(lines.first..=lines.last).contains(&(event.top as usize)) {
            (event.line, event.top) = (0, 0);
        }
    }
}

fn line(line: usize, ahead: u32) -> u32 {
    u32::try_from(line)
        .unwrap_or(u32::MAX)
        .saturating_add(ahead)
}
