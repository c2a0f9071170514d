//! A claim of several lines as one claim a line, so that each wrong line is named.

use super::context::Context;
use super::happened::{How, Seen};
use super::judge::Outcome;
use super::open;
use super::{rewrite, text};
use crate::model::{CheckedClaim, Claim, ClaimForm, ClaimVerdict, Lines, Open, Says, Tolerance};

/// The claim as one a line where what came has the same number of lines; else as it is.
pub(super) fn by_lines(claim: &Claim, outcome: Outcome) -> Vec<CheckedClaim> {
    match lines(claim, &outcome) {
        Some(lines) => lines,
        None => vec![outcome.of(claim.clone())],
    }
}

fn lines(claim: &Claim, outcome: &Outcome) -> Option<Vec<CheckedClaim>> {
    let of_lines = matches!(claim.form, ClaimForm::Section | ClaimForm::NextBlock);
    let is_open = !outcome.open_lines.is_empty();
    let told = is_open || outcome.verdict != ClaimVerdict::Unchecked;
    let told = told && claim.says == Says::Text;
    let claimed: Vec<&str> = claim.claimed.lines().collect();
    let in_place = claim.lines.last + 1 == claim.lines.first + claimed.len();
    let known = claim.bytes.is_empty() || claim.bytes.len() == claimed.len();
    if !(of_lines && told && in_place && known) || claimed.len() < 2 {
        return None;
    }
    let cut = |text: &'_ str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        lines.map(str::to_owned).collect()
    };
    let actual = cut(&outcome.actual);
    let shown: Vec<usize> = (0..claimed.len())
        .filter(|at| !claimed[*at].trim().is_empty())
        .collect();
    if shown.len() != actual.len() || is_open && shown.len() != outcome.open_lines.len() {
        return None;
    }
    let agains = outcome
        .again
        .as_deref()
        .map(cut)
        .filter(|lines| lines.len() == actual.len());
    let checked = shown
        .iter()
        .zip(&actual)
        .enumerate()
        .map(|(nth, (at, actual))| {
            let line = Claim {
                lines: Lines {
                    first: claim.lines.first + at,
                    last: claim.lines.first + at,
                },
                claimed: claimed[*at].to_owned(),
                bytes: claim.bytes.get(*at).cloned().into_iter().collect(),
                ..claim.clone()
            };
            let again = agains.as_ref().map(|lines| lines[nth].as_str());
            let open = outcome.open_lines.get(nth).copied().flatten();
            one(&line, actual, again, (outcome, open))
        });
    Some(checked.collect())
}

fn one(
    claim: &Claim,
    actual: &str,
    again: Option<&str>,
    (whole, open): (&Outcome, Option<Open>),
) -> CheckedClaim {
    if let Some(open) = open {
        let actual = text::tidy(actual);
        let outcome = match whole.verdict {
            ClaimVerdict::Holds => Outcome::holds(actual, whole.tolerance),
            _ => open::line(claim, &claim.claimed, &actual, open),
        };
        return outcome.of(claim.clone());
    }
    let context = Context::of(claim).with_second(actual, again);
    let actual = text::tidy(actual);
    let again = again.map(text::tidy);
    let found = text::compare(&claim.claimed, &actual, &context);
    let mut outcome = match (found, whole.verdict) {
        (Some(tolerance), _) => Outcome::holds(&actual, tolerance),
        // Where it can't be told, that is so for lines that are open.
        (None, ClaimVerdict::Holds | ClaimVerdict::Unchecked) => {
            Outcome::holds(&actual, whole.tolerance.max(Tolerance::Repr))
        }
        (None, _) => Outcome::stale(&actual),
    };
    if outcome.verdict == ClaimVerdict::Stale && whole.rewrite.is_some() {
        let seen = Seen {
            how: How::Printed,
            text: actual,
        };
        outcome.rewrite = rewrite::text(claim, &claim.claimed, &seen, &context);
    }
    outcome.again = again;
    outcome.of(claim.clone())
}
