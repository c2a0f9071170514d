//! Snippets with something old in them, run as they could be written today.
//!
//! Python 2 is always tried, other code where its findings say that something in it is gone.
//! Snippets that they need are replayed in their modern form too.

use std::collections::BTreeMap;

use super::Judged;
use super::batch::Batch;
use super::execute::selected;
use super::select::Selection;
use crate::check::explain::code::Old;
use crate::check::rewrite::{self, Draft, Tried};
use crate::model::{Code, End, Language};
use crate::notes::fragments;
use crate::plan::{self, Plan};
use crate::python::pool::PoolError;

/// Python 2 as it could be written today, by the index of the snippet.
pub(super) fn of_python2(plan: &Plan, old: &[Vec<Old>]) -> BTreeMap<usize, Draft> {
    let drafts = plan.snippets.iter().enumerate().map(|(at, snippet)| {
        let block = &plan.notes[snippet.note].blocks[snippet.block];
        let asked = block.language == Language::Python2 && snippet.skip.is_none();
        let draft = asked
            .then(|| rewrite::draft(snippet, block, &[], &old[at]))
            .flatten();
        Some((at, draft?))
    });
    drafts.flatten().collect()
}

/// These, and other code of which something is gone.
pub(super) fn drafts(
    plan: &Plan,
    python2: &BTreeMap<usize, Draft>,
    judged: &BTreeMap<usize, Judged>,
    old: &[Vec<Old>],
) -> BTreeMap<usize, Draft> {
    let mut drafts = python2.clone();
    for (&at, judged) in judged {
        let report = &judged.report;
        if report.block.language != Language::Python2 && !report.findings.is_empty() {
            let draft = rewrite::draft(
                &plan.snippets[at],
                &report.block,
                &report.findings,
                &old[at],
            );
            drafts.extend(draft.map(|draft| (at, draft)));
        }
    }
    drafts
}

/// Runs the drafts of what is selected: as a whole, and scripts that don't end well
/// statement by statement.
pub(super) fn run(
    batch: Batch<'_>,
    selection: &Selection,
    version: (u8, u8, u8),
) -> Result<BTreeMap<usize, Tried>, PoolError> {
    let code = |at: usize| batch.drafts[&at].code.clone();
    let all = selected(batch.drafts, selection);
    let whole: Vec<usize> = all
        .iter()
        .copied()
        .filter(|&at| runs_whole(batch.plan, at))
        .collect();
    let traces = batch.whole(&whole, &code, &|| ())?;
    let mut tried = BTreeMap::new();
    for (at, trace) in traces {
        let one = Tried {
            draft: batch.drafts[&at].clone(),
            ran: code(at),
            trace,
            second: None,
        };
        let snippet = &batch.plan.snippets[at];
        let is_last = matches!(one.trace.end, End::Limit(_)) && snippet.claims.is_empty();
        if is_last || code(at).prompts || one.runs(snippet, version) {
            tried.insert(at, one);
        }
    }
    let ends = |at: &usize| {
        let snippet = &batch.plan.snippets[*at];
        !snippet.is_endless() || !snippet.claims.is_empty()
    };
    let rest: Vec<usize> = all
        .into_iter()
        .filter(|at| !tried.contains_key(at) && ends(at))
        .collect();
    for (at, trace) in batch.statements(&rest, &code)? {
        let draft = batch.drafts[&at].clone();
        let ran = plan::statements(&draft.code);
        tried.insert(
            at,
            Tried {
                draft,
                ran,
                trace,
                second: None,
            },
        );
    }
    Ok(tried)
}

/// Runs some of the drafts once more, in the same way.
pub(super) fn run_again(
    batch: Batch<'_>,
    which: &[usize],
    tried: &mut BTreeMap<usize, Tried>,
) -> Result<(), PoolError> {
    let in_pieces = |at: &usize| {
        let one = tried.get(at);
        one.is_some_and(|one| one.ran.prompts && !one.draft.code.prompts)
    };
    let (pieces, whole): (Vec<usize>, Vec<usize>) = which.iter().copied().partition(in_pieces);
    let code = |at: usize| -> Code { batch.drafts[&at].code.clone() };
    let mut traces = batch.whole(&whole, &code, &|| ())?;
    traces.extend(batch.statements(&pieces, &code)?);
    for (at, trace) in traces {
        if let Some(one) = tried.get_mut(&at) {
            one.second = Some(trace);
        }
    }
    Ok(())
}

/// False for what would never end, and for what leaves something out.
fn runs_whole(plan: &Plan, at: usize) -> bool {
    let snippet = &plan.snippets[at];
    let mut pieces = snippet.code.pieces.iter();
    let is_whole = pieces.all(|piece| fragments::placeholder(&piece.text).is_none());
    snippet.code.prompts || (is_whole && !snippet.is_endless())
}
