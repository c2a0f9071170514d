//! Compares claims with what happened.
//!
//! `warned` leaves out the warnings that came, `happened` lists what came at the lines of a claim, `text` compares it with what the note says,
//! and `judge` decides. A false alarm is worse than a miss: where it can't be told what the note
//! means, or whether the code did what it would do for a reader, the claim is unchecked.

mod context;
mod elide;
mod family;
mod happened;
mod judge;
mod literal;
mod number;
mod open;
mod raises;
mod rewrite;
mod scan;
mod shapes;
mod split;
mod terminal;
mod text;
mod types;
mod values;
mod warned;

#[cfg(test)]
mod tests;

use crate::model::{CheckedClaim, Claim, Tolerance, Trace, WhyUnchecked};
use crate::notes::version_matches;
use happened::Course;
use judge::{Facts, Outcome, judge};

/// Compares each claim with what the run of its snippet produced at its lines.
///
/// `trace` is none where the snippet was not run; `second` is a run under other conditions, where
/// there was one; `version` is the Python that ran. A claim of several lines may come back as one
/// a line.
pub fn check(
    claims: &[Claim],
    trace: Option<&Trace>,
    second: Option<&Trace>,
    version: (u8, u8, u8),
) -> Vec<CheckedClaim> {
    if claims.is_empty() {
        return Vec::new();
    }
    let first = trace.map(Course::of);
    let second = second.map(Course::of);
    let one = |claim: &Claim| match unchecked(claim, first.as_ref(), version) {
        Ok(course) => {
            let rest = warned::without(claim, course.trace);
            if rest
                .as_ref()
                .is_some_and(|rest| rest.claimed.trim().is_empty())
            {
                let held = Outcome::holds(&claim.claimed, Tolerance::Volatile);
                return vec![held.of(claim.clone())];
            }
            let claim = rest.as_ref().unwrap_or(claim);
            let facts = Facts {
                claim,
                course,
                second: second.as_ref(),
            };
            split::by_lines(claim, judge(facts))
        }
        Err(why) => vec![Outcome::unchecked(why).of(claim.clone())],
    };
    claims.iter().flat_map(one).collect()
}

/// The trace to compare with, or why there is nothing to compare.
fn unchecked<'a>(
    claim: &Claim,
    course: Option<&'a Course<'a>>,
    version: (u8, u8, u8),
) -> Result<&'a Course<'a>, WhyUnchecked> {
    if let Some(scope) = &claim.scope
        && version_matches(scope, version) == Some(false)
    {
        return Err(WhyUnchecked::OtherPython(scope.clone()));
    }
    if claim.options.skip {
        return Err(WhyUnchecked::Doctest);
    }
    if claim.options.ignore {
        return Err(WhyUnchecked::NotToCompare);
    }
    if elide::is_all(&claim.claimed) || elide::is_asked(&claim.claimed) {
        return Err(WhyUnchecked::AllLeftOut);
    }
    let course = course.ok_or(WhyUnchecked::NotRun)?;
    if course.trace.in_replay {
        return Err(WhyUnchecked::EarlierNotRun);
    }
    Ok(course)
}
