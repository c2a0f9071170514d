//! What `--update` changed: every value, every finding that it accepts, and how many.

use super::terminal::sides;
use super::words::claims;
use super::words::update as words;
use super::{list, text};
use crate::model::{CheckedClaim, Lang, Report, Text};
use crate::update::{Change, ChangeKind};

/// The changes that led to a report as text, one after the other, and their counts last.
pub fn render(changes: &[Change], report: &Report, color: bool) -> String {
    let lang = |change: &Change| {
        let mut notes = report.notes.iter();
        let note = notes.find(|note| note.path == change.path);
        note.map_or(report.lang, |note| note.lang)
    };
    let each = changes.iter();
    let each = each.map(|change| one(change, color, lang(change)));
    let mut shown: String = each.collect();
    let count =
        |of: fn(&ChangeKind) -> bool| changes.iter().filter(|change| of(&change.kind)).count();
    let counts = words::counts(
        count(|kind| matches!(kind, ChangeKind::New(_))),
        count(|kind| matches!(kind, ChangeKind::Changed(_))),
        count(|kind| matches!(kind, ChangeKind::Accepted(_) | ChangeKind::AcceptedClaim(_))),
        count(|kind| {
            let picture = matches!(kind, ChangeKind::PictureRemoved);
            picture || matches!(kind, ChangeKind::Removed(_) | ChangeKind::Gone(_))
        }),
    );
    shown.push_str(counts.get(report.lang));
    shown.push('\n');
    shown
}

fn one(change: &Change, color: bool, lang: Lang) -> String {
    let path = text::visible_line(&change.path);
    let line = match &change.kind {
        ChangeKind::Accepted(finding) => finding.line,
        ChangeKind::AcceptedClaim(claim) => claim.claim.lines.first,
        _ => change.line,
    };
    let place = if line == 0 {
        path
    } else {
        format!("{path}:{line}")
    };
    let (what, body) = match &change.kind {
        ChangeKind::New(outcome) => (words::recorded(), sides("", outcome, color, lang)),
        ChangeKind::Changed(difference) => {
            let body = sides(&difference.recorded, &difference.actual, color, lang);
            (words::recorded_anew(difference.varies), body)
        }
        ChangeKind::Accepted(finding) => {
            (words::accepted(&finding.rule, &finding.message), Vec::new())
        }
        ChangeKind::AcceptedClaim(claim) => accepted(claim, color, lang),
        ChangeKind::Gone(rule) => (words::no_longer_known(rule), Vec::new()),
        ChangeKind::Removed(heading) => (words::recording_removed(heading), Vec::new()),
        ChangeKind::PictureRemoved => (words::picture_removed(), Vec::new()),
        ChangeKind::Unstable => (words::unstable(), Vec::new()),
    };
    let mut shown = format!("{place}: {}\n", text::visible_line(what.get(lang)));
    for line in body {
        shown.push_str(&format!("    {line}\n"));
    }
    shown
}

/// A claim in a sentence where it fits into one, else its two sides.
fn accepted(claim: &CheckedClaim, color: bool, lang: Lang) -> (Text, Vec<String>) {
    const SHORT: usize = 60;
    let fits = |side: &str| !side.contains('\n') && text::width(side) <= SHORT;
    let (claimed, actual) = (claim.claim.claimed.trim(), claim.actual.trim());
    let source = list::source(&claim.claim, SHORT, lang);
    if fits(claimed) && fits(actual) {
        (claims::accepted(&source, claimed, actual), Vec::new())
    } else {
        let what = claims::accepted_output(&source);
        (what, sides(claimed, actual, color, lang))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ClaimForm, Difference, Finding, Severity, Text};
    use crate::report::sample::claim;

    fn change(line: usize, kind: ChangeKind) -> Change {
        Change {
            path: "notes/数字.md".into(),
            line,
            kind,
        }
    }

    #[test]
    fn every_change_is_told_with_its_place_and_they_are_counted() {
        let finding = Finding {
            rule: "py2-unicode".into(),
            line: 9,
            message: Text::same("the built-in `unicode` is only in Python 2"),
            since: None,
            severity: Severity::Error,
            help: None,
            url: None,
            known: false,
        };
        let difference = Difference {
            recorded: "1\n".into(),
            actual: "1.5\n".into(),
            ..Difference::default()
        };
        let changes = [
            change(3, ChangeKind::New("a\n".into())),
            change(5, ChangeKind::Changed(difference)),
            change(8, ChangeKind::Accepted(finding)),
            change(0, ChangeKind::Removed("旧".into())),
        ];
        let expected = "\
notes/数字.md:3: recorded
    + a
notes/数字.md:5: recorded anew
    - 1
    + 1.5
notes/数字.md:9: accepted as known: the built-in `unicode` is only in Python 2 [py2-unicode]
notes/数字.md: the recording of a snippet under `旧` was removed
updated: 1 recorded, 1 changed, 1 accepted as known, 1 removed
";
        assert_eq!(render(&changes, &Report::default(), false), expected);
    }

    #[test]
    fn accepted_claims_are_told_with_both_sides() {
        let accepted = |claim| change(3, ChangeKind::AcceptedClaim(Box::new(claim)));
        let changes = [
            accepted(claim(4, ClaimForm::Comment, "len(s)", "9", "3")),
            accepted(claim(7, ClaimForm::Section, "print(a)", "x\n一", "x\n二")),
        ];
        let expected = "\
notes/数字.md:4: accepted as known: `len(s)`: the note says `9`, but `3` came
notes/数字.md:7: accepted as known: `print(a)`: the note shows another output than what came
      x
    - 一
    + 二
updated: 2 accepted as known
";
        assert_eq!(render(&changes, &Report::default(), false), expected);
    }

    #[test]
    fn no_change_is_said_so() {
        let nothing = render(&[], &Report::default(), false);
        assert_eq!(nothing, "nothing to update\n");
    }
}
