//! Runs what was planned, as often as judging it needs.
//!
//! A snippet runs once. It runs again under other conditions where something is to be recorded
//! or rewritten, to find what varies; statement by statement where it can't be judged by
//! running it and the note still says something about it; and as it could be written today
//! where something in it is old.

use std::collections::{BTreeMap, BTreeSet};

use super::batch::Batch;
use super::select::Selection;
use super::{Failure, Grounds, Judged, Progress, Stop, attempts};
use crate::check::explain::code::{self, Old};
use crate::check::explain::history::Version;
use crate::check::rewrite::{Draft, Tried};
use crate::config::Config;
use crate::model::{BlockReport, CheckedClaim, ClaimVerdict, Language, Skip, Status, Trace};
use crate::plan::{Plan, Snippet};
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
    /// What their code uses that is gone, for each snippet of the plan. It is left out until it is
    /// known what is to be run alone, which depends on runs only.
    pub(super) old: Vec<Vec<Old>>,
    /// In its runs as it could be written today.
    pub(super) tried: BTreeMap<usize, Tried>,
}

/// Runs what is selected, each snippet as often as judging it needs.
pub(super) fn run(
    config: &Config,
    selection: &Selection,
    progress: &dyn Progress,
    stop: &Stop,
    grounds: Grounds<'_>,
) -> Result<(Runs, BTreeMap<usize, Judged>), Failure> {
    let Grounds { plan, ready, .. } = grounds;
    let planned = select(selection, |at| is_run(plan, at));
    progress.begin(planned.len());
    let (major, minor, _) = ready.interpreter.version;
    let old = code::of_plan(plan, Version(major, minor));
    let python2 = attempts::of_python2(plan, &old);
    let batch = Batch {
        plan,
        config,
        runner: ready.runner(),
        drafts: &python2,
        ahead: 0,
    };
    let as_planned = |at: usize| plan.snippets[at].code.clone();
    let mut runs = Runs {
        first: batch.whole(&planned, &as_planned, &|| progress.step())?,
        ..Runs::default()
    };
    let mut judged = grounds.judge(&selection.snippets, &runs);
    let skip = |at: usize| judged.get(&at)?.report.skip.as_ref();
    let alone = select(selection, |at| {
        !python2.contains_key(&at) && runs_alone(plan, at, skip(at))
    });
    runs.alone = batch.statements(&alone, &as_planned)?;
    runs.old = old;
    let is_old = |at: usize| !runs.old[at].is_empty();
    let more = alone.into_iter().chain(select(selection, is_old));
    judged.extend(grounds.judge(&more.collect(), &runs));
    let drafts = attempts::drafts(plan, &python2, &judged, &runs.old);
    let rewritten = Batch {
        drafts: &drafts,
        ..batch
    };
    runs.tried = attempts::run(rewritten, selection, ready.interpreter.version)?;
    judged.extend(grounds.judge(&runs.tried.keys().copied().collect(), &runs));
    let again = Again::of(config, plan, &judged, &runs);
    if !again.is_empty() && !stop.is_stopped() {
        let other = ready.other(config, stop)?;
        let other = Batch {
            runner: &*other,
            ..batch
        };
        let moved = Batch {
            ahead: if config.update || config.review {
                LINES_AHEAD
            } else {
                0
            },
            ..other
        };
        runs.second = moved.whole(&again.first, &as_planned, &|| ())?;
        runs.second_alone = other.statements(&again.alone, &as_planned)?;
        let other = Batch {
            drafts: &drafts,
            ..other
        };
        attempts::run_again(other, &again.tried, &mut runs.tried)?;
        judged.extend(grounds.judge(&again.all(), &runs));
    }
    progress.end();
    Ok((runs, judged))
}

fn select(selection: &Selection, wanted: impl Fn(usize) -> bool) -> Vec<usize> {
    let all = selection.snippets.iter().copied();
    all.filter(|&at| wanted(at)).collect()
}

/// What is run a second time: what differs from its recording or is to be recorded, and what has
/// a stale claim, as a value that varies is never written into a note.
struct Again {
    first: Vec<usize>,
    /// Of those that were run statement by statement.
    alone: Vec<usize>,
    /// Of those whose claims are about what they did as they could be written today.
    tried: Vec<usize>,
}

impl Again {
    fn of(config: &Config, plan: &Plan, judged: &BTreeMap<usize, Judged>, runs: &Runs) -> Self {
        let report = |at: usize| judged.get(&at).map(|judged| &judged.report);
        let stale =
            |at: usize| report(at).is_some_and(|report| has_stale(report) || has_open(report));
        let again = |at: usize| {
            let differs = |report: &BlockReport| {
                let is_pending = || report.status.is_some_and(Status::is_problem);
                report.difference.is_some()
                    || (config.update && runs_twice(report.status))
                    || (config.review && is_pending())
            };
            stale(at) || report(at).is_some_and(differs)
        };
        let is_judged = |at: usize| {
            let snippet = &plan.snippets[at];
            snippet.code.prompts || language(plan, snippet) == Language::Python2
        };
        let keys = |traces: &BTreeMap<usize, Trace>| traces.keys().copied().collect::<Vec<_>>();
        let tried = runs.tried.keys().copied();
        Self {
            first: keys(&runs.first)
                .into_iter()
                .filter(|&at| again(at))
                .collect(),
            alone: keys(&runs.alone)
                .into_iter()
                .filter(|&at| stale(at))
                .collect(),
            tried: tried.filter(|&at| stale(at) && is_judged(at)).collect(),
        }
    }

    fn all(&self) -> BTreeSet<usize> {
        let each = [&self.first, &self.alone, &self.tried];
        each.into_iter().flatten().copied().collect()
    }

    fn is_empty(&self) -> bool {
        self.first.is_empty() && self.alone.is_empty() && self.tried.is_empty()
    }
}

fn has_stale(report: &BlockReport) -> bool {
    let mut claims = report.claims.iter();
    claims.any(|claim| claim.verdict == ClaimVerdict::Stale)
}

/// True where a claim is about something that a second run may show to vary.
fn has_open(report: &BlockReport) -> bool {
    let is_open = |claim: &CheckedClaim| claim.open.is_some_and(|open| !open.is_by_luck());
    let mut claims = report.claims.iter();
    claims.any(|claim| claim.verdict == ClaimVerdict::Unchecked && is_open(claim))
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

fn is_run(plan: &Plan, at: usize) -> bool {
    let snippet = &plan.snippets[at];
    snippet.skip.is_none() && language(plan, snippet) != Language::Python2
}

fn language(plan: &Plan, snippet: &Snippet) -> Language {
    plan.notes[snippet.note].blocks[snippet.block].language
}

/// Those of the drafts that are run.
pub(super) fn selected(drafts: &BTreeMap<usize, Draft>, selection: &Selection) -> Vec<usize> {
    select(selection, |at| drafts.contains_key(&at))
}
