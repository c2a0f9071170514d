//! How what the note says, what was recorded and what comes today came apart.

use std::collections::HashSet;

use super::{Group, SHORT, fits, groups, is_raised};
use crate::model::{BlockReport, CheckedClaim, Difference, Text};
use crate::report::tell::problem::{Context, minor};
use crate::report::words::claims as words;

impl Group<'_> {
    /// How note, recording and today came apart.
    pub(super) fn story(&self, block: &BlockReport, context: Context) -> Option<Text> {
        if self.stale.iter().any(|claim| claim.varies) {
            return Some(words::varies());
        }
        let claim = self.first();
        let short = match claim.actual.trim() {
            actual if fits(actual, SHORT) && self.only().is_some() => actual,
            _ => "",
        };
        let wrong_then = |edited: bool, with: &str| {
            let tell = if edited || !is_within(claim, block) {
                words::recorded_alike
            } else {
                words::always_wrong
            };
            Some(tell(short, &minor(with), context.python))
        };
        let Some(difference) = &block.difference else {
            let recorded = block.recorded.as_ref()?;
            let came = has_lines(&block.stdout, &claim.actual)
                || has_lines(&block.stderr, &claim.actual)
                || is_raised(claim, block);
            return came.then(|| wrong_then(recorded.edited, &recorded.with))?;
        };
        let with = minor(&difference.recorded_with);
        let said = has_lines(&difference.recorded, &claim.claim.claimed);
        let came = has_lines(&difference.recorded, &claim.actual);
        match (said, came) {
            _ if difference.varies => None,
            (false, true) => wrong_then(difference.edited, &difference.recorded_with),
            (true, false) if difference.edited => Some(words::right_before_edit()),
            (true, false) if !with.is_empty() && with != context.python => {
                Some(words::python_changed(&with, context.python))
            }
            (true, false) => Some(words::right_when_recorded()),
            _ => None,
        }
    }
}

/// True where the false claims that are told say all that differs from the recording.
pub(in crate::report::tell) fn tell(
    block: &BlockReport,
    difference: &Difference,
    context: Context,
) -> bool {
    let mut groups = groups(block, context);
    groups.retain(|group| group.story(block, context).is_some());
    let lines = |of: fn(&CheckedClaim) -> &str| -> HashSet<&str> {
        let stale = groups.iter().flat_map(|group| &group.stale);
        stale.flat_map(|claim| trimmed(of(claim))).collect()
    };
    let recorded: HashSet<&str> = trimmed(&difference.recorded).collect();
    let actual: HashSet<&str> = trimmed(&difference.actual).collect();
    let claimed = lines(|claim| &claim.claim.claimed);
    let came = lines(|claim| &claim.actual);
    !groups.is_empty()
        && recorded
            .difference(&actual)
            .all(|line| claimed.contains(line))
        && actual.difference(&recorded).all(|line| came.contains(line))
}

fn is_within(claim: &CheckedClaim, block: &BlockReport) -> bool {
    let (lines, block) = (claim.claim.lines, block.block.lines);
    block.first <= lines.first && lines.last <= block.last
}

/// True where these lines stand below each other in a text.
pub(super) fn has_lines(text: &str, part: &str) -> bool {
    let part: Vec<&str> = trimmed(part.trim()).collect();
    // Most often not even the first line is there, and that is told much faster.
    if !part.first().is_some_and(|first| text.contains(first)) {
        return false;
    }
    let text: Vec<&str> = trimmed(text).collect();
    text.windows(part.len()).any(|lines| lines == part)
}

fn trimmed(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim_end)
}
