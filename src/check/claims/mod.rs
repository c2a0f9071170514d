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
mod raises;
mod rewrite;
mod scan;
mod shapes;
mod split;
mod text;
mod types;
mod values;
mod warned;

#[cfg(test)]
mod tests;

use crate::model::{CheckedClaim, Claim, Text, Tolerance, Trace};
use crate::notes::version_matches;
use crate::text;
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
    let one = |claim: &Claim| match unchecked(claim, trace, version) {
        Ok(trace) => {
            let rest = warned::without(claim, trace);
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
                trace,
                second,
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
    trace: Option<&'a Trace>,
    version: (u8, u8, u8),
) -> Result<&'a Trace, Text> {
    if let Some(scope) = &claim.scope
        && version_matches(scope, version) == Some(false)
    {
        return Err(text!(
            "the note says this of Python {scope}",
            "笔记说的是 Python {scope}"
        ));
    }
    if claim.options.skip {
        return Err(Text::same("doctest: +SKIP"));
    }
    if elide::is_all(&claim.claimed) || elide::is_asked(&claim.claimed) {
        return Err(text!("everything is left out", "内容全部省略了"));
    }
    let trace = trace.ok_or_else(|| text!("its snippet was not run", "它的片段没有运行"))?;
    if trace.in_replay {
        return Err(text!(
            "an earlier snippet that it needs did not run to its end",
            "它需要的前面的片段没有运行完"
        ));
    }
    Ok(trace)
}
