//! What is said about claims of every shape.
#![allow(clippy::single_range_in_vec_init)]

use super::super::problem::problems;
use super::*;
use crate::model::{Difference, ErrorReport, Language, Lines, Recorded, Status, Text};
use crate::report::sample::{block, claim, finding};

const CONTEXT: Context = Context {
    python: "3.13",
    update: "verify --update a.md:1",
    fix: "verify fix a.md:1",
    known: false,
};

fn stale(claims: Vec<CheckedClaim>) -> BlockReport {
    BlockReport {
        status: Some(Status::Stale),
        claims,
        ..block((1, 9), Language::Python, "tagged python")
    }
}

fn comment(line: usize, claimed: &str, actual: &str) -> CheckedClaim {
    let mut checked = claim(line, ClaimForm::Comment, "x", claimed, actual);
    checked.claim.bytes.push(line..line + 1);
    checked
}

/// A line of an output that is shown below lines 1 to 3.
fn line_of_output(line: usize, claimed: &str, actual: &str) -> CheckedClaim {
    let mut checked = claim(line, ClaimForm::NextBlock, "print(x)", claimed, actual);
    checked.claim.about = About::Output(Lines { first: 1, last: 3 });
    checked
}

fn only(report: &BlockReport) -> Problem {
    let mut problems = problems(report, CONTEXT);
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems.remove(0)
}

fn notes(problem: &Problem) -> Vec<&str> {
    let words = problem.notes.iter().filter_map(|note| match note {
        Evidence::Words(words) => Some(words.en.as_str()),
        Evidence::Sides(..) => None,
    });
    words.collect()
}

fn sides(problem: &Problem) -> Vec<(&str, &str)> {
    let sides = problem.notes.iter().filter_map(|note| match note {
        Evidence::Words(_) => None,
        Evidence::Sides(_, old, new) => Some((old.as_str(), new.as_str())),
    });
    sides.collect()
}

#[test]
fn a_title_says_what_the_note_says_and_what_came() {
    let raises = |class: &str, message: Option<&str>| Says::Raises {
        class: class.to_owned(),
        message: message.map(str::to_owned),
    };
    let cases = [
        (Says::Text, "1", "2", "the note says `1`, but `2` came"),
        (Says::Text, "1", "", "the note says `1`, but nothing came"),
        (
            Says::Text,
            "",
            "2",
            "the note says that nothing comes, but `2` came",
        ),
        (
            Says::Text,
            "1\n2",
            "",
            "the note shows an output, but nothing came",
        ),
        (
            Says::Text,
            "1\n2",
            "1",
            "the note shows another output than what came",
        ),
        (
            Says::Text,
            "1",
            "KeyError: 1",
            "the note says `1`, but it raises `KeyError: 1`",
        ),
        (
            Says::Text,
            "1\n2",
            "KeyError: 1",
            "the note shows an output, but it raises `KeyError: 1`",
        ),
        (
            Says::Nothing,
            "无输出",
            "2",
            "the note says that nothing comes, but `2` came",
        ),
        (
            Says::Type("int".to_owned()),
            "整数",
            "2.5",
            "the note says that the type is `int`, but `2.5` came",
        ),
        (
            raises("E", Some("m")),
            "E: m",
            "2",
            "the note says that it raises `E: m`, but `2` came",
        ),
        (
            raises("", None),
            "报错",
            "",
            "the note says that it raises an exception, but nothing was raised",
        ),
        (
            raises("E", None),
            "E",
            "KeyError: 1",
            "the note says that it raises `E`, but it raises `KeyError: 1`",
        ),
    ];
    for (says, claimed, actual, title) in cases {
        let mut checked = comment(1, claimed, actual);
        checked.claim.says = says;
        let mut report = stale(vec![checked]);
        report.error = Some(ErrorReport {
            class: "KeyError".to_owned(),
            message: "1".to_owned(),
            line: 1,
        });
        report.status = Some(Status::Stale);
        let problem = only(&report);
        assert_eq!(problem.title.en, title);
        assert_eq!(problem.helps.len(), 1, "{title}");
    }
}

#[test]
fn what_only_looks_like_an_exception_was_not_raised() {
    let report = stale(vec![comment(1, "1", "KeyError: 1")]);
    assert_eq!(
        only(&report).title.en,
        "the note says `1`, but `KeyError: 1` came"
    );
}

#[test]
fn a_session_raises_what_it_did_not_print() {
    let mut checked = claim(2, ClaimForm::Prompt, "f()", "1", "KeyError: 1");
    checked.claim.about = About::Output(Lines { first: 1, last: 1 });
    let mut report = stale(vec![checked]);
    report.block.language = Language::Pycon;
    report.error = Some(ErrorReport {
        class: "NameError".to_owned(),
        line: 5,
        ..ErrorReport::default()
    });
    let raises = "the note says `1`, but it raises `KeyError: 1`";
    assert_eq!(problems(&report, CONTEXT)[0].title.en, raises);
    report.stdout = "KeyError: 1\n".to_owned();
    assert_ne!(problems(&report, CONTEXT)[0].title.en, raises);
}

#[test]
fn lines_of_one_output_are_told_together_with_those_that_hold() {
    let mut claims = vec![
        line_of_output(5, "a", "A"),
        line_of_output(6, "0.33", "0.3333"),
        line_of_output(8, "c", "C"),
        line_of_output(12, "d", "D"),
    ];
    claims[1].verdict = ClaimVerdict::Holds;
    let problems = problems(&stale(claims), CONTEXT);
    assert_eq!(problems.len(), 2);
    assert_eq!(sides(&problems[0]), [("a\n0.33\nc", "A\n0.33\nC")]);
    assert_eq!(problems[1].title.en, "the note says `d`, but `D` came");
}

#[test]
fn outputs_for_different_pythons_are_told_apart() {
    let mut claims = vec![line_of_output(5, "a", "A"), line_of_output(6, "b", "B")];
    claims[1].claim.scope = Some(">=3".to_owned());
    assert_eq!(problems(&stale(claims), CONTEXT).len(), 2);
}

#[test]
fn one_cause_of_many_claims_is_told_once() {
    let mut claims: Vec<_> = (2..8).map(|line| comment(line, "1", "2")).collect();
    for checked in &mut claims {
        checked.claim.about = About::Statement(Lines { first: 1, last: 1 });
        checked.rewrite = Some("2".to_owned());
    }
    let mut report = stale(claims);
    report.findings = vec![finding(1, "the cause")];
    let problem = only(&report);
    assert_eq!(problem.title.en, "the cause");
    assert_eq!(notes(&problem).len(), TOLD + 1);
    assert_eq!(
        notes(&problem)[0],
        "line 2: the note says `1`, but `2` came"
    );
    assert_eq!(notes(&problem)[TOLD], "so are 2 claims more (lines 6, 7)");
    assert_eq!(
        problem.helps[0].en,
        "`verify fix a.md:1` writes what came in the note"
    );
    assert_eq!(problem.spot.beside.len(), TOLD);
}

#[test]
fn a_cause_of_several_lines_of_one_output_is_told_once() {
    let claims = (5..8).map(|line| line_of_output(line, "a", "A"));
    let mut report = stale(claims.collect());
    report.findings = (5..9).map(|line| finding(line, "the cause")).collect();
    report.findings[1].help = Some(Text::same("something else"));
    let lines = problems(&report, CONTEXT);
    let lines: Vec<usize> = lines.iter().map(|problem| problem.spot.line).collect();
    assert_eq!(lines, [5, 6, 8]);
}

#[test]
fn a_cause_can_be_why_nothing_came() {
    let mut report = stale(vec![comment(2, "1", "")]);
    report.findings = vec![finding(2, "the cause")];
    let problem = only(&report);
    let said = "the note says `1`; nothing came that could be compared with it";
    assert_eq!(notes(&problem), [said]);
    assert!(problem.helps.is_empty());
}

#[test]
fn a_finding_somewhere_in_the_code_is_no_cause_of_its_whole_output() {
    let mut report = stale(vec![line_of_output(5, "a", "A")]);
    report.findings = vec![finding(2, "elsewhere")];
    assert_eq!(problems(&report, CONTEXT).len(), 2);
    report.findings = vec![finding(5, "the cause")];
    assert_eq!(problems(&report, CONTEXT).len(), 1);
}

fn difference(recorded: &str, actual: &str) -> Difference {
    Difference {
        recorded: recorded.to_owned(),
        actual: actual.to_owned(),
        recorded_with: "3.9".to_owned(),
        ..Difference::default()
    }
}

#[test]
fn note_recording_and_today_make_a_story() {
    let recorded = |with: &str, edited| {
        let with = with.to_owned();
        Some(Recorded { with, edited })
    };
    let plain = || BlockReport {
        stdout: "2\n".to_owned(),
        ..stale(vec![comment(1, "1", "2")])
    };
    let cases = [
        (plain(), ""),
        (
            BlockReport {
                recorded: recorded("3.13.1", false),
                ..plain()
            },
            "the note has said so since before it was recorded: `2` came then and comes today",
        ),
        (
            BlockReport {
                recorded: recorded("3.9", true),
                ..plain()
            },
            "the recording says otherwise too: `2` came then, with Python 3.9, and comes today",
        ),
        (
            BlockReport {
                recorded: recorded("3.9", false),
                stdout: String::new(),
                ..plain()
            },
            "",
        ),
        (
            BlockReport {
                difference: Some(difference("1\n", "2\n")),
                ..plain()
            },
            "the note and its recording from Python 3.9 agree; Python 3.13 does something else",
        ),
        (
            BlockReport {
                difference: Some(Difference {
                    edited: true,
                    ..difference("1\n", "2\n")
                }),
                ..plain()
            },
            "the note agrees with what was recorded before the snippet was edited",
        ),
        (
            BlockReport {
                difference: Some(Difference {
                    recorded_with: "3.13".to_owned(),
                    ..difference("1\n", "2\n")
                }),
                ..plain()
            },
            "the note and its recording agree; what came today is something else",
        ),
        (
            BlockReport {
                difference: Some(difference("0\n", "2\n")),
                ..plain()
            },
            "",
        ),
    ];
    for (report, story) in cases {
        let problem = only(&report);
        assert_eq!(notes(&problem).join("; "), story);
    }
}

#[test]
fn a_difference_that_claims_tell_is_not_told_again() {
    let mut report = stale(vec![comment(1, "1", "2")]);
    report.difference = Some(difference("a\n1\n", "a\n2\n"));
    assert!(sides(&only(&report)).is_empty());
    report.difference = Some(difference("a\n1\n", "b\n2\n"));
    assert_eq!(sides(&only(&report)), [("a\n1\n", "b\n2\n")]);
}

#[test]
fn where_only_the_recording_is_old_the_note_is_said_to_hold() {
    let mut report = stale(vec![comment(1, "2", "2")]);
    report.claims[0].verdict = ClaimVerdict::Holds;
    report.difference = Some(difference("1\n", "2\n"));
    assert_eq!(notes(&only(&report)), [words::only_recording_is_old().en]);
    report.claims[0].verdict = ClaimVerdict::Unchecked;
    assert!(notes(&only(&report)).is_empty());
}

#[test]
fn the_next_step_fits_what_came() {
    let help = |change: fn(&mut CheckedClaim)| {
        let mut checked = comment(1, "1", "2");
        change(&mut checked);
        only(&stale(vec![checked])).helps.remove(0).en
    };
    assert_eq!(help(|_| ()), "write `2` in the note");
    assert_eq!(
        help(|claim| claim.rewrite = Some("'2'".to_owned())),
        "write `'2'`, or run `verify fix a.md:1`"
    );
    assert_eq!(
        help(|claim| claim.rewrite = Some("2\n3".to_owned())),
        "`verify fix a.md:1` writes what came in the note"
    );
    assert_eq!(
        help(|claim| (claim.rewrite, claim.claim.bytes) = (Some("2".to_owned()), Vec::new())),
        "write `2` in the note"
    );
    assert_eq!(
        help(|claim| (claim.rewrite, claim.varies) = (Some("2".to_owned()), true)),
        "write `...` in place of what varies"
    );
    assert_eq!(
        help(|claim| claim.claim.form = ClaimForm::Equality),
        "mend one side of the comparison"
    );
    assert_eq!(
        help(|claim| claim.actual = String::new()),
        "take it out of the note, or mend the code"
    );
    assert_eq!(
        help(|claim| claim.actual = "2\n3".to_owned()),
        "write what came in the note"
    );
}

#[test]
fn only_lines_that_differ_are_underlined() {
    let mut checked = comment(1, "a\nb\nc", "a\nB\nc");
    checked.claim.bytes = vec![0..1, 2..3, 4..5];
    assert_eq!(only(&stale(vec![checked])).spot.marks, vec![2..3]);
}

#[test]
fn the_code_of_a_claim_is_found() {
    let mut checked = line_of_output(5, "a", "A");
    let mut report = stale(vec![checked.clone()]);
    report.block.text = "for x in y:\n    print(x)  # each\nz = 1\n".to_owned();
    assert_eq!(source_line(&checked, &report), Some(2));
    checked.claim.source = "gone()".to_owned();
    assert_eq!(source_line(&checked, &report), Some(3));
    checked.claim.about = About::Statement(Lines { first: 1, last: 2 });
    assert_eq!(source_line(&checked, &report), Some(1));
    checked.claim.about = About::default();
    assert_eq!(source_line(&checked, &report), None);
}
