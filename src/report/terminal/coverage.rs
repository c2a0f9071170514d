//! What became of all claims: the counts, why some could not be checked, and on request how the others hold.

use super::Terminal;
use crate::model::{CheckedClaim, ClaimVerdict, NoteReport, Text, Tolerance, WhyUnchecked};
use crate::report::words::claims::{self as words, Reason};
use crate::report::{list, text};

/// Reasons that are told each with its count.
const REASONS: usize = 3;
/// Columns of the code and of the claim in a list.
const COLUMNS: usize = 40;

impl Terminal<'_> {
    /// The counts of claims as a line, `""` where there are none.
    pub(super) fn coverage(&self) -> String {
        let claims: Vec<&CheckedClaim> = self.claims().map(|(_, claim)| claim).collect();
        if claims.is_empty() {
            return String::new();
        }
        let of = |verdict| claims.iter().filter(move |claim| claim.verdict == verdict);
        let line = words::coverage(
            of(ClaimVerdict::Holds).count(),
            of(ClaimVerdict::Stale).count(),
            of(ClaimVerdict::Stale).filter(|claim| claim.known).count(),
            &reasons(of(ClaimVerdict::Unchecked).copied()),
        );
        format!("{}\n", text::visible_line(line.get(self.report.lang)))
    }

    /// One line for each claim that holds with a tolerance, or that could not be checked.
    pub(super) fn with_care(&self) -> Option<String> {
        let line = |(note, claim): (&NoteReport, &CheckedClaim)| {
            let remark = text::visible_line(remark(claim)?.get(note.lang));
            let path = text::visible_line(&note.path);
            let source = list::source(&claim.claim, COLUMNS, note.lang);
            let shown = words::source_and_claimed(
                &source,
                &list::claimed(&claim.claim, COLUMNS, note.lang),
            );
            let line = claim.claim.lines.first;
            Some(format!("  {path}:{line}: {shown}  {remark}\n"))
        };
        let lines: String = self.claims().filter_map(line).collect();
        (!lines.is_empty())
            .then(|| format!("{}\n{lines}", words::with_care().get(self.report.lang)))
    }

    fn claims(&self) -> impl Iterator<Item = (&NoteReport, &CheckedClaim)> {
        self.report.notes.iter().flat_map(|note| {
            let claims = note.blocks.iter().flat_map(|block| &block.claims);
            claims.map(move |claim| (note, claim))
        })
    }
}

fn remark(claim: &CheckedClaim) -> Option<Text> {
    match (claim.verdict, claim.tolerance) {
        (ClaimVerdict::Unchecked, _) => Some(words::not_checked(claim.why.as_ref())),
        (ClaimVerdict::Stale, _) | (_, Tolerance::Exact) => None,
        (ClaimVerdict::Holds, tolerance) => Some(words::holds_as(tolerance)),
    }
}

/// Why claims could not be checked, the most frequent reason first.
fn reasons<'a>(claims: impl Iterator<Item = &'a CheckedClaim>) -> Vec<(usize, Reason)> {
    let mut reasons: Vec<(usize, Reason)> = Vec::new();
    for reason in claims.map(reason) {
        match reasons.iter_mut().find(|(_, other)| *other == reason) {
            Some((count, _)) => *count += 1,
            None => reasons.push((1, reason)),
        }
    }
    reasons.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    if reasons.len() > REASONS + 1 {
        let rest = reasons.split_off(REASONS);
        let rest = rest.iter().map(|(count, _)| count).sum();
        reasons.push((rest, Reason::Various));
    }
    reasons
}

fn reason(claim: &CheckedClaim) -> Reason {
    match &claim.why {
        _ if claim.claim.options.skip => Reason::Doctest,
        Some(WhyUnchecked::OtherPython(_)) => Reason::OtherPython,
        Some(WhyUnchecked::NotRun | WhyUnchecked::EarlierNotRun) => Reason::NotRun,
        Some(why) => Reason::Because(why.clone()),
        None => Reason::Various,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ClaimForm;
    use crate::report::sample::claim;

    fn unchecked(why: impl Into<Option<WhyUnchecked>>) -> CheckedClaim {
        CheckedClaim {
            verdict: ClaimVerdict::Unchecked,
            why: why.into(),
            ..claim(1, ClaimForm::Comment, "x", "1", "")
        }
    }

    fn told(claims: &[CheckedClaim]) -> String {
        words::coverage(0, 0, 0, &reasons(claims.iter())).en
    }

    #[test]
    fn reasons_are_told_in_short() {
        let mut other_python = unchecked(WhyUnchecked::OtherPython("<3".into()));
        other_python.claim.scope = Some("<3".to_owned());
        let mut skipped = unchecked(WhyUnchecked::Doctest);
        skipped.claim.options.skip = true;
        let not_run = unchecked(WhyUnchecked::NotRun);
        let claims = [skipped, other_python.clone(), not_run, other_python];
        assert_eq!(
            told(&claims),
            "4 claims read: 4 could not be checked (2 are about another Python, \
             1 is marked `# doctest: +SKIP`, 1 stands in code that was not run)"
        );
    }

    #[test]
    fn rare_reasons_are_counted_together() {
        use WhyUnchecked::{Display, Ended, Input, Network, NoType};
        let reasons = [Input, Display, Ended, Network, NoType, Input].map(Some);
        let mut claims: Vec<_> = reasons.map(unchecked).into();
        claims.push(unchecked(None));
        assert_eq!(
            told(&claims),
            "7 claims read: 7 could not be checked (2 as it waits for input, \
             1 as it needs a display, 1 as the run was ended, 3 for other reasons)"
        );
        assert_eq!(
            told(&claims[..1]),
            "1 claim read: 1 could not be checked (1 as it waits for input)"
        );
        assert_eq!(
            told(&claims[6..]),
            "1 claim read: 1 could not be checked (1 for another reason)"
        );
    }

    #[test]
    fn what_is_known_is_counted_as_stale_too() {
        assert_eq!(
            words::coverage(1, 4, 2, &[]).en,
            "5 claims read: 1 holds, 4 stale (2 known)"
        );
    }
}
