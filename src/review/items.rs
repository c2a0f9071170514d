//! What is pending in a report.
//!
//! A claim and its causes are one item, what else is wrong with the code of a snippet is
//! another, and what it did is one where nothing else is told of it or it was recorded otherwise.

use std::collections::BTreeSet;

use super::{Fixable, Item, Kind};
use crate::fix::{self, Fix, NoteFixes, Place, Subject};
use crate::model::{
    BlockReport, CheckedClaim, ClaimVerdict, Finding, NoteReport, Report, Severity, Status,
};
use crate::recording::code_hash;
use crate::update::{self, ChangeKind};

/// The fewest digits of an id.
const DIGITS: usize = 8;

/// What of a report can be rewritten, and what can be recorded.
pub struct Found<'a> {
    /// The claims that can be rewritten.
    pub claims: &'a [NoteFixes<'a>],
    /// The code that can be.
    pub code: &'a [NoteFixes<'a>],
    /// What recording the outcome of a snippet would change, by the indices of note and block.
    pub outcome: &'a dyn Fn(usize, usize) -> Vec<ChangeKind>,
}

/// Everything that is pending, in the order of the notes.
pub fn items(report: &Report, found: &Found<'_>) -> Vec<Item> {
    let mut named: Vec<(String, Item)> = Vec::new();
    for (at, note) in report.notes.iter().enumerate() {
        let of_note = OfNote { at, note, found };
        let mut items = of_note.gone();
        let mut seen = Vec::new();
        for (block, report) in note.blocks.iter().enumerate() {
            let code = code_hash(&report.block.text);
            let same = seen.iter().filter(|other| **other == code).count();
            let identity = format!("{}\0{code}\0{same}", note.path);
            items.extend(of_note.of_block(block, report, &identity));
            seen.push(code);
        }
        items.sort_by_key(|(_, item)| item.line);
        named.extend(items);
    }
    with_ids(named)
}

/// Gives each item the beginning of its hash, as long as it takes to tell all apart.
fn with_ids(named: Vec<(String, Item)>) -> Vec<Item> {
    let hash = |(identity, _): &(String, Item)| blake3::hash(identity.as_bytes()).to_hex();
    let hashes: Vec<_> = named.iter().map(hash).collect();
    let are_different = |digits: &usize| {
        let ids: BTreeSet<&str> = hashes.iter().map(|hash| &hash[..*digits]).collect();
        ids.len() == hashes.len()
    };
    let digits = (DIGITS..64).find(are_different).unwrap_or(64);
    let ids = hashes.iter().map(|hash| hash[..digits].to_owned());
    let items = named.into_iter().map(|(_, item)| item);
    items
        .zip(ids)
        .map(|(item, id)| Item { id, ..item })
        .collect()
}

struct OfNote<'a> {
    at: usize,
    note: &'a NoteReport,
    found: &'a Found<'a>,
}

impl OfNote<'_> {
    /// The names that are gone outside of snippets, one item for each.
    fn gone(&self) -> Vec<(String, Item)> {
        let new = |finding: &&Finding| !finding.known;
        let gone: Vec<&Finding> = self.note.gone().filter(new).collect();
        let rules = update::rules(&gone);
        let item = |rule: String| {
            let is_it = |finding: &Finding| finding.rule == rule && !finding.known;
            let shown = self.note.places().into_iter().filter_map(|place| {
                let findings: Vec<Finding> = place
                    .findings
                    .iter()
                    .filter(|f| is_it(f))
                    .cloned()
                    .collect();
                let outside = place.status.is_none() && !findings.is_empty();
                outside.then(|| BlockReport {
                    findings,
                    ..place.clone()
                })
            });
            let shown: Vec<BlockReport> = shown.collect();
            let first = shown.first()?.findings.first()?.clone();
            let identity = format!("{}\0gone\0{rule}", self.note.path);
            let item = Item {
                known: vec![rule],
                line: first.line,
                gone: vec![first],
                shown,
                ..self.blank(Kind::Gone, None)
            };
            Some((identity, item))
        };
        rules.into_iter().filter_map(item).collect()
    }

    /// What is pending of a snippet.
    fn of_block(&self, at: usize, report: &BlockReport, identity: &str) -> Vec<(String, Item)> {
        let is_pending = report.status.is_some_and(Status::is_problem) && !report.known;
        if !is_pending {
            return Vec::new();
        }
        let outcome = (self.found.outcome)(self.at, at);
        let code_fix = self.fix_of_code(report);
        let mut items = Vec::new();
        let mut told: Vec<&Finding> = Vec::new();
        for claim in stale(report) {
            let causes = unexplained(report, &told);
            let causes: Vec<&Finding> = causes
                .into_iter()
                .filter(|finding| fix::is_cause(finding, claim))
                .collect();
            told.extend(&causes);
            let fix = self.fix_of_claim(report, claim);
            let fix = fix.or_else(|| code_fix.clone().filter(|_| !causes.is_empty()));
            let item = Item {
                line: claim.claim.lines.first,
                known: names(Some(claim), &causes),
                fix,
                shown: vec![only(report, Some(claim), &causes)],
                ..self.blank(Kind::Claim, Some(at))
            };
            items.push((format!("{identity}\0{}", claim.claim.name()), item));
        }
        let rest = unexplained(report, &told);
        if let Some(first) = rest.first() {
            let kind = match report.status {
                Some(Status::Failed) => Kind::Failed,
                _ => Kind::Code,
            };
            let item = Item {
                line: first.line,
                known: names(None, &rest),
                fix: code_fix,
                shown: vec![only(report, None, &rest)],
                ..self.blank(kind, Some(at))
            };
            items.push((format!("{identity}\0code"), item));
        }
        match outcome_kind(report, items.is_empty()) {
            Some(kind) => items.push(self.outcome(at, report, identity, kind, outcome)),
            // It was told what is wrong; what the snippet does goes along with that.
            None => items
                .iter_mut()
                .for_each(|(_, item)| item.outcome.clone_from(&outcome)),
        }
        items
    }

    /// What a snippet did.
    fn outcome(
        &self,
        at: usize,
        report: &BlockReport,
        identity: &str,
        kind: Kind,
        outcome: Vec<ChangeKind>,
    ) -> (String, Item) {
        let item = Item {
            line: report.block.lines.first,
            outcome,
            shown: vec![BlockReport {
                claims: Vec::new(),
                findings: answered(report),
                ..report.clone()
            }],
            ..self.blank(kind, Some(at))
        };
        (format!("{identity}\0{}", kind.as_str()), item)
    }

    fn blank(&self, kind: Kind, block: Option<usize>) -> Item {
        Item {
            id: String::new(),
            kind,
            note: self.at,
            block,
            line: 0,
            known: Vec::new(),
            gone: Vec::new(),
            outcome: Vec::new(),
            fix: None,
            shown: Vec::new(),
        }
    }

    /// The rewrites of all claims of the snippet that recordings call by the same name.
    fn fix_of_claim(&self, report: &BlockReport, claim: &CheckedClaim) -> Option<Fixable> {
        let lines = report.block.lines;
        let is_it = |fix: &Fix| {
            fix.checked().is_some_and(|other| {
                other.claim.name() == claim.claim.name()
                    && (lines.first..=lines.last).contains(&other.claim.about.lines().first)
            })
        };
        self.fix(self.found.claims, Subject::Claims, is_it)
    }

    fn fix_of_code(&self, report: &BlockReport) -> Option<Fixable> {
        let lines = report.block.lines;
        let is_it = |fix: &Fix| fix.code().is_some_and(|code| code.lines == lines);
        self.fix(self.found.code, Subject::Code, is_it)
    }

    fn fix(
        &self,
        all: &[NoteFixes<'_>],
        subject: Subject,
        is_it: impl Fn(&Fix) -> bool,
    ) -> Option<Fixable> {
        let (note, fixes) = all
            .iter()
            .enumerate()
            .find(|(_, fixes)| fixes.note.path == self.note.path)?;
        let fixes = fixes.fixes.iter().enumerate();
        let places: Vec<Place> = fixes
            .filter(|(_, fix)| is_it(fix))
            .map(|(fix, _)| Place { note, fix })
            .collect();
        (!places.is_empty()).then_some(Fixable { subject, places })
    }
}

/// Which kind of item tells what a snippet did, where one does.
fn outcome_kind(report: &BlockReport, is_all: bool) -> Option<Kind> {
    if report.status == Some(Status::New) {
        Some(Kind::New)
    } else if report.difference.is_some() {
        Some(Kind::Differs)
    } else if is_all || !answered(report).is_empty() {
        Some(Kind::Failed)
    } else {
        None
    }
}

/// The claims that are stale and not known, each name once.
fn stale(report: &BlockReport) -> Vec<&CheckedClaim> {
    let mut once: Vec<&CheckedClaim> = Vec::new();
    let claims = report.claims.iter();
    for claim in claims.filter(|claim| claim.verdict == ClaimVerdict::Stale && !claim.known) {
        if once
            .iter()
            .all(|other| other.claim.name() != claim.claim.name())
        {
            once.push(claim);
        }
    }
    once
}

/// The errors that are not known, that no recording answers and that were not told with a claim.
fn unexplained<'r>(report: &'r BlockReport, told: &[&Finding]) -> Vec<&'r Finding> {
    let findings = report.findings.iter();
    let open = findings.filter(|finding| {
        let is_told = told.iter().any(|other| std::ptr::eq(*other, *finding));
        finding.severity == Severity::Error
            && !finding.known
            && !is_told
            && !update::is_answered(&finding.rule)
    });
    open.collect()
}

/// The errors that a recording answers.
fn answered(report: &BlockReport) -> Vec<Finding> {
    let findings = report.findings.iter();
    let answered = findings.filter(|finding| update::is_answered(&finding.rule));
    answered.cloned().collect()
}

fn names(claim: Option<&CheckedClaim>, causes: &[&Finding]) -> Vec<String> {
    let mut names = update::rules(causes);
    names.extend(claim.map(|claim| claim.claim.name()));
    names
}

/// The block with nothing wrong about it but this.
fn only(report: &BlockReport, claim: Option<&CheckedClaim>, findings: &[&Finding]) -> BlockReport {
    BlockReport {
        claims: claim.into_iter().cloned().collect(),
        findings: findings.iter().map(|finding| (*finding).clone()).collect(),
        difference: None,
        error: report.error.clone().filter(|_| claim.is_none()),
        ..report.clone()
    }
}
