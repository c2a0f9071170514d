//! Tests of what can be rewritten, and of what is left.

use super::*;
use crate::model::{About, Block, Claim, ErrorReport, Lines, Severity, Text};

const NOTE: &str = "```\na()  # 1\nb()  # 2\n```\n";

/// A stale claim about the code on a line, for which this place says what it says.
fn stale(line: usize, bytes: Range<usize>) -> CheckedClaim {
    let lines = Lines {
        first: line,
        last: line,
    };
    CheckedClaim {
        claim: Claim {
            lines,
            form: ClaimForm::Comment,
            about: About::Statement(lines),
            claimed: NOTE[bytes.clone()].into(),
            bytes: std::iter::once(bytes).collect(),
            ..Claim::default()
        },
        actual: "3".into(),
        verdict: ClaimVerdict::Stale,
        rewrite: Some("3".into()),
        ..CheckedClaim::default()
    }
}

fn report(claims: Vec<CheckedClaim>, block: BlockReport) -> Report {
    let block = BlockReport {
        block: Block {
            lines: Lines { first: 2, last: 3 },
            ..Block::default()
        },
        claims,
        ..block
    };
    let note = NoteReport {
        path: "a.md".into(),
        text: NOTE.into(),
        blocks: vec![block],
        ..NoteReport::default()
    };
    Report {
        notes: vec![NoteReport::default(), note],
        ..Report::default()
    }
}

/// The lines of what can be rewritten, and the reasons for the rest.
fn found(claims: Vec<CheckedClaim>, block: BlockReport) -> (Vec<usize>, Vec<Why>) {
    let report = report(claims, block);
    let notes = survey(&report, Subject::Claims);
    let fixes = notes.iter().flat_map(|note| &note.fixes);
    let left = notes.iter().flat_map(|note| &note.left);
    (
        fixes.map(Fix::line).collect(),
        left.map(|left| left.why).collect(),
    )
}

#[test]
fn stale_claims_can_be_rewritten_known_or_not_and_others_are_no_concern() {
    let known = CheckedClaim {
        known: true,
        ..stale(2, 11..12)
    };
    let holds = CheckedClaim {
        verdict: ClaimVerdict::Holds,
        ..stale(3, 20..21)
    };
    assert_eq!(
        found(vec![stale(3, 20..21), known], BlockReport::default()),
        (vec![2, 3], vec![])
    );
    let report = report(vec![holds], BlockReport::default());
    assert!(survey(&report, Subject::Claims).is_empty());
}

#[test]
fn what_can_not_be_rewritten_has_its_reason() {
    let one = |change: fn(&mut CheckedClaim), error: Option<ErrorReport>| {
        let mut checked = stale(2, 11..12);
        change(&mut checked);
        let block = BlockReport {
            error,
            ..BlockReport::default()
        };
        let (fixes, left) = found(vec![checked], block);
        assert!(fixes.is_empty());
        left[0]
    };
    let error = || Some(ErrorReport::default());
    assert_eq!(one(|checked| checked.varies = true, None), Why::Varies);
    assert_eq!(one(|checked| checked.rewrite = None, None), Why::NoText);
    assert_eq!(one(|checked| checked.rewrite = None, error()), Why::Raised);
    assert_eq!(
        one(|checked| checked.rewrite = Some("1".into()), None),
        Why::NoText
    );
    assert_eq!(
        one(|checked| checked.claim.bytes.clear(), None),
        Why::NoPlace
    );
    let comparison = |checked: &mut CheckedClaim| {
        checked.rewrite = None;
        checked.claim.form = ClaimForm::Equality;
    };
    assert_eq!(one(comparison, error()), Why::Comparison);
}

#[test]
fn of_two_claims_in_one_place_the_first_is_rewritten() {
    let longer = stale(2, 9..12);
    assert_eq!(
        found(
            vec![stale(2, 11..12), longer, stale(3, 20..21)],
            BlockReport::default()
        ),
        (vec![2, 3], vec![Why::Shared])
    );
}

#[test]
fn the_causes_of_a_claim_are_those_on_its_lines() {
    let finding = |line| Finding {
        rule: format!("rule-{line}"),
        line,
        message: Text::default(),
        since: None,
        severity: Severity::Error,
        help: None,
        url: None,
        known: false,
    };
    let block = BlockReport {
        findings: vec![finding(2), finding(3)],
        ..BlockReport::default()
    };
    let report = report(vec![stale(3, 20..21)], block);
    let causes = &survey(&report, Subject::Claims)[0].fixes[0].causes;
    assert_eq!(
        causes.iter().map(|cause| cause.line).collect::<Vec<_>>(),
        [3]
    );
}

#[test]
fn nothing_chosen_is_nothing_written_and_all_is_told() {
    let report = report(vec![stale(3, 20..21)], BlockReport::default());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.md");
    std::fs::write(&file, NOTE).unwrap();
    let folders = Folders {
        root: folder.path(),
        expected: folder.path(),
    };
    let done = rewrite(
        &survey(&report, Subject::Claims),
        &BTreeSet::new(),
        folders,
        false,
    );
    assert_eq!(
        (done[0].declined.as_slice(), done[0].rewritten),
        (&[3][..], 0)
    );
    assert!(!done[0].is_complete() && !done[0].recorded);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), NOTE);
}

#[test]
fn a_note_is_complete_when_only_known_claims_are_left() {
    let left = |known| NoteDone {
        left: vec![Left {
            line: 1,
            why: Why::Varies,
            known,
        }],
        ..NoteDone::default()
    };
    assert!(left(true).is_complete());
    assert!(!left(false).is_complete());
}
