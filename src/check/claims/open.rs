//! Claims about what another run, or another machine, may give otherwise.
//!
//! Such a claim is never false: where what came is right in shape, it holds as volatile, and where not, it
//! can't be told. Where two outcomes may agree by luck it makes no difference whether they do, so that
//! every run comes to the same verdict.

use super::context::Context;
use super::family;
use super::happened::{self, Course};
use super::judge::Outcome;
use super::text;
use crate::model::{About, Claim, Event, Open, OpenKind, Tolerance, Trace};

/// What of the lines of a claim is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Openness {
    /// Something is, and this is the first that is.
    pub any: Option<Open>,
    /// Of a claim about output, each line that says something.
    pub lines: Vec<Option<Open>>,
}

impl Openness {
    /// What came at the lines that `about` names.
    pub(super) fn of(course: &Course<'_>, about: About) -> Self {
        let trace = course.trace;
        if trace.open.is_empty() {
            return Self::default();
        }
        let events = course.events(about);
        let mut all = events.iter().filter_map(|event| trace.open(event));
        let first = all.next();
        let any = first
            .filter(|open| open.is_by_luck())
            .or_else(|| all.find(|open| open.is_by_luck()))
            .or(first);
        let lines = match about {
            About::Output(_) => lines(trace, &events),
            About::Statement(_) => Vec::new(),
        };
        Self { any, lines }
    }

    /// True where runs may agree by luck.
    pub(super) fn is_by_luck(&self) -> bool {
        self.any.is_some_and(Open::is_by_luck)
    }
}

/// What each line of the output is open to.
fn lines(trace: &Trace, events: &[&Event]) -> Vec<Option<Open>> {
    let (mut lines, mut open, mut says) = (Vec::new(), None, false);
    for event in events {
        let printed = happened::shown(event, false);
        for part in printed.split_inclusive('\n') {
            open = open.or(trace.open(event));
            says |= !part.trim().is_empty();
            if part.ends_with('\n') && says {
                lines.push(open);
            }
            if part.ends_with('\n') {
                (open, says) = (None, false);
            }
        }
    }
    if says {
        lines.push(open);
    }
    lines
}

/// The tolerance under which a claim holds that agreed under this one.
pub(super) fn widened(open: Option<Open>, tolerance: Tolerance) -> Tolerance {
    if open.is_some_and(Open::is_by_luck) {
        Tolerance::Volatile
    } else {
        tolerance
    }
}

/// What becomes of one line, or of a claim that is one piece.
pub(super) fn line(claim: &Claim, claimed: &str, actual: &str, open: Open) -> Outcome {
    if open.kind == OpenKind::Race {
        return Outcome::open(actual, open);
    }
    let context = Context::of(claim).with_open(open.kind);
    let agrees = text::compare(claimed, actual, &context)
        .or_else(|| alike(claimed, actual, open.kind).then_some(Tolerance::Volatile));
    match agrees {
        Some(tolerance) => Outcome::holds(actual, widened(Some(open), tolerance)),
        None => Outcome::open(actual, open),
    }
}

/// Whether a claim shows what chance may as well have given: something else of the same kind; or what
/// came in another order, where the order is open.
fn alike(claimed: &str, actual: &str, kind: OpenKind) -> bool {
    let is_one_line = |text: &str| text.lines().count() == 1;
    match kind {
        OpenKind::Chance => {
            is_one_line(claimed) && is_one_line(actual) && family::may_be_about(claimed, actual)
        }
        OpenKind::Hash | OpenKind::Race => text::is_permuted(claimed, actual),
        _ => false,
    }
}

/// What becomes of a claim about output that does not agree as a whole; none where it is false
/// whatever the open lines had been.
pub(super) fn output(
    claim: &Claim,
    claimed: &str,
    actual: &str,
    openness: &Openness,
) -> Option<Outcome> {
    let open = openness.any?;
    if text::is_permuted(claimed, actual) && alike(claimed, actual, open.kind) {
        return Some(Outcome::holds(actual, Tolerance::Volatile));
    }
    let (wanted, came) = (text::telling_lines(claimed), text::telling_lines(actual));
    if wanted.len() != came.len() || came.len() != openness.lines.len() {
        return Some(Outcome::open(actual, open));
    }
    let mut undecided = None;
    for ((wanted, came), open) in wanted.iter().zip(&came).zip(&openness.lines) {
        match open {
            Some(open) => undecided = undecided.or(line(claim, wanted, came, *open).open),
            None if text::compare(wanted, came, &Context::of(claim)).is_none() => return None,
            None => {}
        }
    }
    Some(match undecided {
        Some(open) => Outcome::open(actual, open),
        None => Outcome::holds(actual, Tolerance::Volatile),
    })
}
