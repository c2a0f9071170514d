//! Runs what was planned, as often as judging it needs.
//!
//! This is the loop and decides nothing: `reading` says what a snippet needs next, the cheapest of
//! that is run, and who was read is judged anew.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::batch::Batch;
use super::{Failure, Grounds, Judged, Progress, Stop};
use crate::check::explain::code::{self, Old};
use crate::check::explain::history::Version;
use crate::check::rewrite;
use crate::config::Setup;
use crate::model::{Case, Conditions, Language, Reading};
use crate::plan::{Plan, Snippet};
use crate::python::pool::Runner;
use crate::python::protocol::Limits;
use crate::reading::{self, Purpose};

/// What snippets did, by the index of the snippet.
#[derive(Default)]
pub(super) struct Runs {
    /// How each was read, those too that are not selected and were not.
    pub(super) cases: Vec<Case>,
    /// What the code of each uses that is gone.
    pub(super) old: Vec<Vec<Old>>,
}

/// What runs the snippets.
pub(super) struct Runners<'a> {
    /// Under the conditions of every run.
    first: &'a dyn Runner,
    /// Makes what runs them under other ones, once that is needed.
    make_second: &'a dyn Fn() -> Result<Arc<dyn Runner>, Failure>,
    second: OnceCell<Arc<dyn Runner>>,
}

impl<'a> Runners<'a> {
    pub(super) fn new(
        first: &'a dyn Runner,
        make_second: &'a dyn Fn() -> Result<Arc<dyn Runner>, Failure>,
    ) -> Self {
        Self {
            first,
            make_second,
            second: OnceCell::new(),
        }
    }

    fn under(&self, conditions: Conditions) -> Result<&dyn Runner, Failure> {
        if conditions == Conditions::First {
            return Ok(self.first);
        }
        if let Some(made) = self.second.get() {
            return Ok(&**made);
        }
        let made = (self.make_second)()?;
        Ok(&**self.second.get_or_init(|| made))
    }
}

/// How snippets are read.
pub(super) struct Way<'a> {
    pub(super) purpose: Purpose,
    pub(super) limits: Limits,
    pub(super) setups: &'a [Setup],
    pub(super) runners: Runners<'a>,
    pub(super) stop: &'a Stop,
    pub(super) progress: &'a dyn Progress,
}

/// Reads each of `selected` as often as judging it needs.
pub(super) fn run(
    way: &Way<'_>,
    selected: &BTreeSet<usize>,
    grounds: Grounds<'_>,
) -> Result<(Runs, BTreeMap<usize, Judged>), Failure> {
    let Grounds { plan, .. } = grounds;
    let mut runs = Runs::new(plan, grounds.version);
    let mut judged = BTreeMap::new();
    let next = |runs: &Runs| {
        let cases = selected.iter().map(|&at| &runs.cases[at]);
        reading::cheapest(plan, cases, way.purpose)
    };
    let mut wanted = next(&runs);
    let mut to_judge = selected.clone();
    way.progress.begin(wanted.len());
    let step = || way.progress.step();
    let mut done: &(dyn Fn() + Sync) = &step;
    loop {
        way.read(plan, &mut runs, &wanted, done)?;
        judged.extend(grounds.judge(&to_judge, &runs));
        for at in to_judge {
            runs.take(plan, at, &judged[&at]);
        }
        wanted = next(&runs);
        if wanted.is_empty() || way.stop.is_stopped() {
            break;
        }
        to_judge = wanted.iter().map(|(at, _)| *at).collect();
        done = &|| ();
    }
    way.progress.end();
    Ok((runs, judged))
}

impl Way<'_> {
    /// Runs some readings of the same rank and adds what happened.
    fn read(
        &self,
        plan: &Plan,
        runs: &mut Runs,
        wanted: &[(usize, Reading)],
        done: &(dyn Fn() + Sync),
    ) -> Result<(), Failure> {
        let Some((_, any)) = wanted.first() else {
            return Ok(());
        };
        let batch = Batch {
            plan,
            purpose: self.purpose,
            limits: self.limits,
            setups: self.setups,
            cases: &runs.cases,
        };
        let traces = batch.run(wanted, self.runners.under(any.conditions)?, done)?;
        for (&(at, reading), trace) in wanted.iter().zip(traces) {
            runs.cases[at].add(reading, trace);
        }
        Ok(())
    }
}

impl Runs {
    /// All snippets of a plan, not read yet. Of Python 2 it is known how it could be written.
    fn new(plan: &Plan, version: (u8, u8, u8)) -> Self {
        let old = code::of_plan(plan, Version(version.0, version.1));
        let case = |(at, snippet): (usize, &Snippet)| {
            let block = &plan.notes[snippet.note].blocks[snippet.block];
            let is_asked = block.language == Language::Python2 && snippet.skip.is_none();
            let draft = || rewrite::draft(snippet, block, &[], &old[at]);
            Case::new(at, is_asked.then(draft).flatten())
        };
        let cases = plan.snippets.iter().enumerate().map(case).collect();
        Self { cases, old }
    }

    /// Takes what judging a snippet came to. How it could be written today is open until that is run.
    fn take(&mut self, plan: &Plan, at: usize, judged: &Judged) {
        let case = &mut self.cases[at];
        case.standing = Some(judged.standing.clone());
        let report = &judged.report;
        let is_settled = report.block.language == Language::Python2
            || case.was_read(|reading| reading.form.is_modern());
        if !is_settled {
            let snippet = &plan.snippets[at];
            let has_findings = !report.findings.is_empty();
            let draft = || rewrite::draft(snippet, &report.block, &report.findings, &self.old[at]);
            case.draft = has_findings.then(draft).flatten();
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
