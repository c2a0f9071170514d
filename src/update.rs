//! `--update`: from what happened to new recordings, and what that changes.
//!
//! Pure: recordings in, recordings and changes out. Each snippet to be recorded ran
//! twice under another hash seed, folder and clock; what differed is masked.

use crate::check::compare::{self, Outcome};
use crate::check::{figures, mask};
use crate::model::{
    BUG, BlockReport, CheckedClaim, ClaimVerdict, Difference, Entry, Finding, Severity, Skip,
};
use crate::recording::code_hash;

/// One thing that an update changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The note.
    pub path: String,
    /// The first line of the snippet, 0 where there is none any more.
    pub line: usize,
    /// What it is.
    pub kind: ChangeKind,
}

/// The kinds of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// Recorded for the first time: what it did.
    New(String),
    /// Recorded anew: what it did before and does now.
    Changed(Difference),
    /// A finding is accepted from now on.
    Accepted(Finding),
    /// A false claim is accepted from now on.
    AcceptedClaim(Box<CheckedClaim>),
    /// A finding or a false claim that was accepted is gone.
    Gone(String),
    /// The snippet of this heading is gone, and its recording with it.
    Removed(String),
    /// The picture at this path, which no recording named, is gone.
    PictureRemoved,
    /// The two runs ended differently, so there is nothing to record.
    Unstable,
}

/// What one snippet did in its two runs.
#[derive(Clone, Copy, Debug)]
pub struct Runs<'a> {
    /// What it did.
    pub first: &'a Outcome,
    /// What it did the second time, none where it did not come to its end.
    pub second: Option<&'a Outcome>,
}

/// The new entry of a snippet, none where nothing is to be recorded.
///
/// `runs` is none where it was not run to a judgement.
pub fn entry(
    report: &BlockReport,
    runs: Option<Runs<'_>>,
    old: Option<&Entry>,
    recorded_with: &str,
) -> (Option<Entry>, Vec<ChangeKind>) {
    if report.findings.iter().any(|finding| finding.rule == BUG) {
        return (old.cloned(), Vec::new());
    }
    if let Some(skip) = &report.skip {
        let kept = matches!(skip, Skip::NeedsModule(_) | Skip::NeedsNetwork(_))
            .then(|| old.cloned())
            .flatten();
        let removed = old
            .filter(|_| kept.is_none())
            .map(|old| ChangeKind::Removed(old.heading.clone()));
        return (kept, removed.into_iter().collect());
    }
    let all = Accepted {
        outcome: true,
        known: accepted(report),
    };
    accept(Entry::default(), report, runs, old, recorded_with, &all)
}

/// What of a snippet is accepted into its recording.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// What it does.
    pub outcome: bool,
    /// The names of what is wrong with it and known from now on.
    pub known: Vec<String>,
}

/// The new entry of a snippet of which only this is accepted: the rest of it stays as it is.
pub fn entry_with(
    report: &BlockReport,
    runs: Option<Runs<'_>>,
    old: Option<&Entry>,
    recorded_with: &str,
    accepted: &Accepted,
) -> (Option<Entry>, Vec<ChangeKind>) {
    let before = old.cloned().unwrap_or_default();
    accept(before, report, runs, old, recorded_with, accepted)
}

/// Puts what is accepted into an entry that holds what stays of the old one.
fn accept(
    stays: Entry,
    report: &BlockReport,
    runs: Option<Runs<'_>>,
    old: Option<&Entry>,
    recorded_with: &str,
    accepted: &Accepted,
) -> (Option<Entry>, Vec<ChangeKind>) {
    let mut changes = Vec::new();
    let mut entry = stays;
    if accepted.outcome || entry.code.is_empty() {
        entry.heading.clone_from(&report.block.heading);
        entry.code = code_hash(&report.block.text);
    }
    if let Some(runs) = runs.filter(|_| accepted.outcome && has_end(report)) {
        entry.ran = true;
        if !record(&mut entry, runs, old) {
            return (old.cloned(), vec![ChangeKind::Unstable]);
        }
        changes.extend(outcome_change(&entry, old, recorded_with));
    }
    entry.known = in_order(report, &entry.known, &accepted.known);
    changes.extend(known_changes(report, &entry, old));
    let says_something = entry.ran || !entry.known.is_empty();
    (says_something.then_some(entry), changes)
}

/// False for a run that has no end which could be compared.
fn has_end(report: &BlockReport) -> bool {
    let mut findings = report.findings.iter();
    !findings.any(|finding| ENDS.contains(&finding.rule.as_str()))
}

/// What was known and what is known from now on: what is still so in the order of the snippet.
fn in_order(report: &BlockReport, before: &[String], now: &[String]) -> Vec<String> {
    let is_known = |name: &String| before.contains(name) || now.contains(name);
    let mut known = accepted(report);
    known.retain(is_known);
    let gone: Vec<String> = before
        .iter()
        .filter(|name| !known.contains(name))
        .cloned()
        .collect();
    known.extend(gone);
    known
}

/// Findings that say that a run has no end which could be compared.
const ENDS: [&str; 5] = ["timeout", "limit", "crashed", "vanished", "not-run"];
/// Findings that a recording answers: they need not be known.
const ANSWERED: [&str; 3] = ["output-changed", "raises", "exit-status"];

/// True for a finding that a recording answers, so that it need not be known.
pub fn is_answered(rule: &str) -> bool {
    ANSWERED.contains(&rule)
}

/// The names of all that is wrong with a snippet and has to be known for it to fail nothing.
pub fn accepted(report: &BlockReport) -> Vec<String> {
    let mut known: Vec<String> = Vec::new();
    for finding in &report.findings {
        let counts = finding.severity == Severity::Error && !is_answered(&finding.rule);
        if counts && !known.contains(&finding.rule) {
            known.push(finding.rule.clone());
        }
    }
    for claim in &report.claims {
        let name = claim.claim.name();
        if claim.verdict == ClaimVerdict::Stale && !known.contains(&name) {
            known.push(name);
        }
    }
    known
}

/// Fills in what the snippet did: as it is recorded already where that still holds, so that
/// masks stay as they are. False where the two runs can't be one recording.
fn record(entry: &mut Entry, runs: Runs<'_>, old: Option<&Entry>) -> bool {
    let Runs { first, second } = runs;
    let Some(second) = second else { return false };
    let still_says = |old: &&Entry| {
        let by_luck = first.steady.is_some() && !old.masked;
        old.ran && !by_luck && compare::agrees(old, first) && compare::agrees(old, second)
    };
    if let Some(old) = old.filter(still_says) {
        let Entry {
            stdout,
            stderr,
            raises,
            exit,
            figures,
            masked,
            ..
        } = old.clone();
        *entry = Entry {
            stdout,
            stderr,
            raises,
            exit,
            figures,
            masked,
            ..std::mem::take(entry)
        };
        return true;
    }
    let ends_alike = first.exit == second.exit && first.raises.is_some() == second.raises.is_some();
    if !ends_alike || first.figures.len() != second.figures.len() {
        return false;
    }
    let before = old.map_or(&[][..], |old| &old.figures);
    entry.figures = figures::record(before, &first.figures, &second.figures);
    let (first_texts, second_texts) = (compare::steady(first), compare::steady(second));
    let stdout = mask::merge(&first_texts.stdout, &second_texts.stdout);
    let stderr = mask::merge(&first_texts.stderr, &second_texts.stderr);
    let raises = first_texts
        .raises
        .as_ref()
        .zip(second_texts.raises.as_ref())
        .map(|(first, second)| mask::merge(first, second));
    let all = [Some(&stdout), Some(&stderr), raises.as_ref()];
    entry.masked = all
        .into_iter()
        .flatten()
        .any(|text| mask::unescape(text).is_none());
    let masked = entry.masked;
    let text = |text: String| {
        if masked {
            text
        } else {
            mask::unescape(&text).unwrap_or(text)
        }
    };
    entry.stdout = text(stdout);
    entry.stderr = text(stderr);
    entry.raises = raises.map(text);
    entry.exit = first.exit;
    true
}

fn outcome_change(entry: &Entry, old: Option<&Entry>, recorded_with: &str) -> Option<ChangeKind> {
    let now = compare::recorded(entry);
    match old.filter(|old| old.ran) {
        None => Some(ChangeKind::New(compare::transcript(&now))),
        Some(old) if compare::recorded(old) == now => None,
        Some(old) => Some(ChangeKind::Changed(compare::change(
            old,
            entry,
            recorded_with,
        ))),
    }
}

fn known_changes(report: &BlockReport, entry: &Entry, old: Option<&Entry>) -> Vec<ChangeKind> {
    let before = old.map(|old| old.known.as_slice()).unwrap_or_default();
    let newly = entry.known.iter().filter(|name| !before.contains(name));
    let accepted = newly.filter_map(|name| {
        let finding = report.findings.iter().find(|finding| finding.rule == *name);
        let claim = || {
            report
                .claims
                .iter()
                .find(|claim| claim.claim.name() == *name)
        };
        finding
            .map(|finding| ChangeKind::Accepted(finding.clone()))
            .or_else(|| Some(ChangeKind::AcceptedClaim(Box::new(claim()?.clone()))))
    });
    let gone = before
        .iter()
        .filter(|name| !entry.known.contains(name))
        .cloned();
    accepted.chain(gone.map(ChangeKind::Gone)).collect()
}

/// The rules of some findings, each once.
pub fn rules(findings: &[&Finding]) -> Vec<String> {
    let mut rules: Vec<String> = Vec::new();
    for finding in findings {
        if !rules.contains(&finding.rule) {
            rules.push(finding.rule.clone());
        }
    }
    rules.sort();
    rules
}

/// What is accepted newly of what a note names or shows outside of its snippets, and what was
/// accepted and is gone.
pub fn names_accepted(found: &[&Finding], before: &[String]) -> Vec<ChangeKind> {
    let accepted = found
        .iter()
        .filter(|finding| !before.contains(&finding.rule));
    let now = rules(found);
    let gone = before.iter().filter(|rule| !now.contains(rule));
    accepted
        .map(|finding| ChangeKind::Accepted((*finding).clone()))
        .chain(gone.cloned().map(ChangeKind::Gone))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Block, Status, Text};

    fn report() -> BlockReport {
        let block = Block {
            text: "x\n".into(),
            heading: "A".into(),
            ..Block::default()
        };
        BlockReport {
            block,
            status: Some(Status::New),
            ..BlockReport::default()
        }
    }

    fn outcome(stdout: &str) -> Outcome {
        Outcome {
            stdout: stdout.into(),
            ..Outcome::default()
        }
    }

    fn update(first: &str, second: &str, old: Option<&Entry>) -> (Option<Entry>, Vec<ChangeKind>) {
        let (first, second) = (outcome(first), outcome(second));
        entry(
            &report(),
            Some(Runs {
                first: &first,
                second: Some(&second),
            }),
            old,
            "3.11",
        )
    }

    #[test]
    fn two_runs_that_agree_are_recorded_as_they_are() {
        let (entry, changes) = update("1\n", "1\n", None);
        assert!(entry.is_some_and(|entry| entry.stdout == "1\n" && !entry.masked && entry.ran));
        assert_eq!(changes, [ChangeKind::New("1\n".into())]);
    }

    #[test]
    fn what_differs_is_masked_and_a_mask_stays_as_it_is() {
        let (first, _) = update("pid 1\n", "pid 2\n", None);
        assert!(
            first
                .as_ref()
                .is_some_and(|entry| entry.stdout == "pid ⟪number⟫\n" && entry.masked)
        );
        let (second, changes) = update("pid 8\n", "pid 9\n", first.as_ref());
        assert_eq!((second, changes), (first, vec![]));
    }

    #[test]
    fn text_like_a_mask_is_recorded_as_text() {
        let printed = mask::escape("⟪number⟫\n");
        let (entry, _) = update(&printed, &printed, None);
        assert!(entry.is_some_and(|entry| entry.stdout == "⟪number⟫\n" && !entry.masked));
    }

    #[test]
    fn a_change_is_shown_with_both_sides() {
        let (old, _) = update("1\n", "1\n", None);
        let (_, changes) = update("2\n", "2\n", old.as_ref());
        assert!(
            matches!(changes.as_slice(), [ChangeKind::Changed(change)] if change.recorded == "1\n" && change.actual == "2\n")
        );
    }

    #[test]
    fn a_missing_module_keeps_what_was_recorded_and_records_nothing() {
        let (old, _) = update("1\n", "1\n", None);
        let skipped = BlockReport {
            skip: Some(Skip::NeedsModule("numpy".into())),
            ..report()
        };
        assert_eq!(entry(&skipped, None, None, "3.11"), (None, vec![]));
        assert_eq!(
            entry(&skipped, None, old.as_ref(), "3.11"),
            (old.clone(), vec![])
        );
        let fragment = BlockReport {
            skip: Some(Skip::Fragment(Text::same("x"))),
            ..report()
        };
        assert_eq!(
            entry(&fragment, None, old.as_ref(), "3.11"),
            (None, vec![ChangeKind::Removed("A".into())])
        );
    }

    #[test]
    fn runs_that_end_differently_are_not_recorded() {
        let (first, second) = (
            outcome("1\n"),
            Outcome {
                raises: Some("E".into()),
                ..outcome("1\n")
            },
        );
        let (entry, changes) = entry(
            &report(),
            Some(Runs {
                first: &first,
                second: Some(&second),
            }),
            None,
            "3.11",
        );
        assert_eq!((entry, changes), (None, vec![ChangeKind::Unstable]));
    }

    #[test]
    fn what_did_not_end_twice_keeps_its_recording() {
        let old = update("1\n", "1\n", None).0;
        let first = outcome("2\n");
        let runs = Runs {
            first: &first,
            second: None,
        };
        let kept = entry(&report(), Some(runs), old.as_ref(), "3.11");
        assert!(old.is_some());
        assert_eq!(kept, (old, vec![ChangeKind::Unstable]));
    }

    #[test]
    fn findings_are_accepted_by_name_unless_the_recording_answers_them() {
        let finding = |rule: &str| Finding {
            rule: rule.into(),
            line: 1,
            message: Text::default(),
            since: None,
            severity: Severity::Error,
            help: None,
            url: None,
            known: false,
        };
        let report = BlockReport {
            findings: vec![finding("py2-unicode"), finding("raises")],
            ..report()
        };
        let done = outcome("");
        let (entry, changes) = entry(
            &report,
            Some(Runs {
                first: &done,
                second: Some(&done),
            }),
            None,
            "3.11",
        );
        assert_eq!(
            entry.map(|entry| entry.known),
            Some(vec!["py2-unicode".to_owned()])
        );
        assert_eq!(changes.len(), 2);
    }
}
