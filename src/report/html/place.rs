//! The places of a note that something is to be said about: its snippets, and what names something
//! that is gone. The filters, the counts and the keys of the page go by them.

use std::collections::{BTreeSet, HashSet};

use crate::model::{BlockReport, Form, NoteReport, Report, Status};
use crate::report::tell::Weight;
use crate::report::tell::place::Lined;
use crate::report::tell::{self, Issue};
use crate::report::words::ci::NOT_RECORDED;

/// What is the matter with a place, as the filters know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Stale,
    Failed,
    New,
    NotRun,
    Gone,
    Warning,
    Known,
    Skipped,
    Pass,
}

/// In the order in which they are shown.
pub(super) const KINDS: [Kind; 9] = [
    Kind::Stale,
    Kind::Failed,
    Kind::New,
    Kind::NotRun,
    Kind::Gone,
    Kind::Warning,
    Kind::Known,
    Kind::Skipped,
    Kind::Pass,
];

impl Kind {
    /// The name of its class, and the word by which `words` knows it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Stale => "stale",
            Self::Failed => "failed",
            Self::New => "new",
            Self::NotRun => "not-run",
            Self::Gone => "gone",
            Self::Warning => "warning",
            Self::Known => "known",
            Self::Skipped => "skipped",
            Self::Pass => "pass",
        }
    }

    fn of_status(status: Status) -> Self {
        match status {
            Status::Pass => Self::Pass,
            Status::Stale => Self::Stale,
            Status::Failed => Self::Failed,
            Status::New => Self::New,
            Status::Skipped => Self::Skipped,
        }
    }
}

/// A place of a note.
pub(super) struct Place<'a> {
    pub(super) report: &'a BlockReport,
    /// Its name within its note.
    pub(super) id: String,
    /// The first is what its verdict says.
    pub(super) kinds: Vec<Kind>,
    /// What is shown beside it.
    pub(super) issues: Vec<Issue<'a>>,
}

/// The places of a note, in the order of lines.
pub(super) fn of_note<'a>(
    report: &'a Report,
    note: &'a NoteReport,
    strict: bool,
) -> Vec<Place<'a>> {
    let lined = Lined::of(note);
    let places = note.places().into_iter();
    let mut places: Vec<Place> = places
        .filter_map(|block| of_block(report, &lined, block, strict))
        .collect();
    // A block without lines begins where the next one does.
    let mut taken = HashSet::new();
    for place in &mut places {
        while !taken.insert(place.id.clone()) {
            place.id.push('-');
        }
    }
    places
}

fn of_block<'a>(
    report: &'a Report,
    note: &Lined<'a>,
    block: &'a BlockReport,
    strict: bool,
) -> Option<Place<'a>> {
    let issues = tell::of_block(report, note, block, strict);
    let first = match block.status {
        Some(status) => Kind::of_status(status),
        None if block.block.language.is_snippet() => Kind::NotRun,
        None if issues.is_empty() => return None,
        None => Kind::Gone,
    };
    let mut kinds = vec![first];
    let weigh = |weight| move |issue: &Issue| issue.weight == weight;
    let all_known = first == Kind::Gone && block.findings.iter().all(|finding| finding.known);
    if issues.iter().any(weigh(Weight::Warning)) {
        kinds.push(Kind::Warning);
    }
    if block.known || all_known {
        kinds.push(Kind::Known);
    }
    let letter = if block.block.form == Form::Inline {
        'M'
    } else {
        'L'
    };
    // What is not recorded yet is told by the verdict, and by what the snippet prints.
    let told = |issue: &Issue| issue.rule != NOT_RECORDED;
    Some(Place {
        report: block,
        id: format!("{letter}{}", block.block.lines.first),
        kinds,
        issues: issues.into_iter().filter(told).collect(),
    })
}

impl Place<'_> {
    /// The causes that are told of it, as words without blanks.
    pub(super) fn rules(&self) -> BTreeSet<String> {
        let rules = self.issues.iter().map(|issue| issue.rule.as_str());
        rules.map(word).collect()
    }

    /// What the filters need to know: name, kinds and causes.
    pub(super) fn entry(&self) -> String {
        let kinds: Vec<&str> = self.kinds.iter().map(|kind| kind.word()).collect();
        let rules: Vec<String> = self.rules().into_iter().collect();
        format!("{}:{}:{}", self.id, kinds.join("+"), rules.join("+"))
    }
}

/// A name without what separates names in a list of them.
fn word(rule: &str) -> String {
    let kept = rule
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c));
    kept.collect()
}
