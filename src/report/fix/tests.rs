//! Tests of questions, patches and what is told at the end.

use super::*;
use crate::fix::{Left, Refusal, survey};
use crate::model::{
    About, BlockReport, CheckedClaim, Claim, ClaimVerdict, Finding, Lines, Report, Severity, Text,
};

fn claim(line: usize, source: &str, note: &str, claimed: &str, rewrite: &str) -> CheckedClaim {
    let start = note.find(claimed).unwrap();
    let mut from = start;
    let bytes = claimed.split('\n').map(|line| {
        let place = from..from + line.len();
        from = place.end + 1;
        place
    });
    let lines = Lines {
        first: line,
        last: line,
    };
    CheckedClaim {
        claim: Claim {
            lines,
            source: source.into(),
            about: About::Output(lines),
            claimed: claimed.into(),
            bytes: bytes.collect(),
            ..Claim::default()
        },
        actual: rewrite.into(),
        verdict: ClaimVerdict::Stale,
        rewrite: Some(rewrite.into()),
        ..CheckedClaim::default()
    }
}

const NUMBERS: &str = "# 数字\n\n```python\n>>> 3 / 2\n1\n>>> f()\na\nb\n```";

fn report() -> Report {
    let finding = Finding {
        rule: "py2-division".into(),
        line: 5,
        message: Text::same("`/` of two `int` gives a `float`"),
        since: Some("3.0".into()),
        severity: Severity::Error,
        help: None,
        url: None,
        known: false,
    };
    let block = BlockReport {
        claims: vec![
            claim(5, "3 / 2", NUMBERS, "1", "1.5"),
            claim(7, "f()", NUMBERS, "a\nb", "\x1b[1m\tc"),
            claim(7, "f()\n\n  g(1)", NUMBERS, "a\nb", "c"),
        ],
        findings: vec![finding],
        ..BlockReport::default()
    };
    let note = NoteReport {
        path: "notes/数 字.md".into(),
        text: NUMBERS.into(),
        blocks: vec![block],
        ..NoteReport::default()
    };
    Report {
        notes: vec![note],
        ..Report::default()
    }
}

/// What was shown, and how many were chosen.
fn asked(typed: &str) -> (String, usize) {
    asked_in(Lang::En, typed)
}

fn asked_in(lang: Lang, typed: &str) -> (String, usize) {
    let mut report = report();
    report.notes[0].lang = lang;
    let notes = survey(&report, Subject::Claims);
    let mut shown = Vec::new();
    let choice = ask(&notes, false, &mut typed.as_bytes(), &mut shown).unwrap();
    (String::from_utf8(shown).unwrap(), choice.chosen().len())
}

#[test]
fn a_question_shows_all_that_is_needed_to_answer_it() {
    let (shown, chosen) = asked("y\nno\n");
    let expected = "\
notes/数 字.md:5: the note says `1`, but `1.5` came
  code  3 / 2
  why   `/` of two `int` gives a `float` [py2-division], since Python 3.0
    - 1
    + 1.5
rewrite it? (1 of 2) [y]es, [n]o, [a]ll, [q]uit: 
notes/数 字.md:7: the note shows another output than what came
  code  f()

          g(1)
    - a
    - b
    + c
rewrite it? (2 of 2) [y]es, [n]o, [a]ll, [q]uit: 
";
    assert_eq!(shown, expected);
    assert_eq!(chosen, 1);
}

#[test]
fn a_question_is_in_the_language_of_what_is_said_beside_the_note() {
    let (shown, chosen) = asked_in(Lang::Zh, "y\n?\nno\n");
    let expected = "\
notes/数 字.md:5: 笔记写的是 `1`，实际是 `1.5`
  代码  3 / 2
  原因  `/` of two `int` gives a `float` [py2-division]，自 Python 3.0 起
    - 1
    + 1.5
改写吗？（第 1 处，共 2 处）[y] 是，[n] 否，[a] 全部，[q] 退出：
notes/数 字.md:7: 笔记中的输出与实际结果不同
  代码  f()

          g(1)
    - a
    - b
    + c
改写吗？（第 2 处，共 2 处）[y] 是，[n] 否，[a] 全部，[q] 退出：请回答 `yes`（是）、`no`（否）、`all`（这一处和后面的全部）或 `quit`（一处也不改）
改写吗？（第 2 处，共 2 处）[y] 是，[n] 否，[a] 全部，[q] 退出：
";
    assert_eq!(shown, expected);
    assert_eq!(chosen, 1);
}

#[test]
fn nothing_is_guessed_and_an_input_that_ends_is_a_quit() {
    let (shown, chosen) = asked("ok\n\u{1b}\nY");
    assert_eq!(shown.matches("please answer").count(), 2);
    assert_eq!(shown.matches("rewrite it? (2 of 2)").count(), 1);
    assert_eq!(chosen, 1);
    assert_eq!(asked("all\n").1, 2);
    assert_eq!(asked("").1, 0);
}

fn done(after: &str) -> NoteDone {
    NoteDone {
        path: "notes/数 字.md".into(),
        after: Some(after.to_owned()),
        rewritten: 1,
        ..NoteDone::default()
    }
}

#[test]
fn a_patch_has_what_git_needs() {
    let report = report();
    let notes = survey(&report, Subject::Claims);
    let done = [done(&NUMBERS.replace("a\nb\n```", "c\r\n```"))];
    let expected = "\
--- a/notes/数 字.md\t
+++ b/notes/数 字.md\t
@@ -4,6 +4,5 @@
 >>> 3 / 2
 1
 >>> f()
-a
-b
+c\r
 ```
\\ No newline at end of file
";
    assert_eq!(patch(&notes, &done, false), expected);
    assert!(!patch(&notes, &done, true).contains(['\r', '\t']));
    assert_eq!(patch(&notes, &[NoteDone::default()], false), "");
}

#[test]
fn odd_paths_are_quoted_in_a_patch() {
    assert_eq!(patch_name('a', "x.md"), "a/x.md");
    assert_eq!(patch_name('b', "/tmp/x y.md"), "b/tmp/x y.md\t");
    assert_eq!(patch_name('a', "q\"\\\n.md"), "\"a/q\\\"\\\\\\012.md\"");
}

#[test]
fn the_end_tells_what_was_done_what_was_not_and_what_is_next() {
    let left = |line, why| Left {
        line,
        why,
        known: false,
    };
    let mut all = [
        NoteDone {
            recorded: true,
            left: vec![left(9, Why::Comparison), left(12, Why::Varies)],
            ..done("")
        },
        NoteDone {
            path: "b.md".into(),
            refused: Some((4, Refusal::Changed)),
            declined: vec![7, 8],
            left: vec![left(30, Why::Varies)],
            ..NoteDone::default()
        },
    ];
    let expected = "\
notes/数 字.md: 1 claim rewritten
error: b.md:4: this note was not rewritten: it was changed while its snippets ran
  help: run `verify fix` again
2 stale claims left as they are in the note: b.md:7, b.md:8
3 stale claims can't be rewritten:
  notes/数 字.md:12, b.md:30: what came is another thing in every run; write `...` in place of what varies
  notes/数 字.md:9: it is a comparison; decide which of its sides is wrong
next: look at `git diff`, then run `verify --update 'notes/数 字.md'`, as the recordings know the old text
";
    assert_eq!(render(&all, Subject::Claims, false, Lang::En), expected);
    all[0].recorded = false;
    assert!(render(&all, Subject::Claims, false, Lang::En).ends_with("next: look at `git diff`\n"));
    let dry = render(&all, Subject::Claims, true, Lang::En);
    assert!(
        dry.starts_with("notes/数 字.md: 1 claim would be rewritten\n"),
        "{dry}"
    );
    assert!(!dry.contains("next:"), "{dry}");
    assert_eq!(
        render(&[], Subject::Claims, false, Lang::En),
        "nothing to rewrite: no claim that was checked is stale\n"
    );
}
