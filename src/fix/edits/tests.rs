//! Tests of the edits, over notes written by hand and at random.

use std::ops::Range;

use proptest::prelude::*;

use super::*;
use crate::model::{Claim, ClaimVerdict};

/// The place of each of these texts in the note, each looked for behind the one before.
fn places(note: &str, texts: &[&str]) -> Vec<Range<usize>> {
    let mut from = 0;
    let place = |text: &&str| {
        let start = from + note[from..].find(text).unwrap();
        from = start + text.len();
        start..from
    };
    texts.iter().map(place).collect()
}

fn stale(form: ClaimForm, bytes: Vec<Range<usize>>, claimed: &str, rewrite: &str) -> CheckedClaim {
    CheckedClaim {
        claim: Claim {
            form,
            claimed: claimed.into(),
            bytes,
            ..Claim::default()
        },
        verdict: ClaimVerdict::Stale,
        rewrite: Some(rewrite.into()),
        ..CheckedClaim::default()
    }
}

/// The note with what came in place of these lines of it.
fn fixed(form: ClaimForm, note: &str, claimed: &[&str], rewrite: &str) -> Result<String, Why> {
    let checked = stale(form, places(note, claimed), &claimed.join("\n"), rewrite);
    plan_edits(note, &checked).map(|edits| apply(note, &edits))
}

#[track_caller]
fn at_prompt(note: &str, claimed: &[&str], rewrite: &str, expected: &str) {
    let found = fixed(ClaimForm::Prompt, note, claimed, rewrite);
    assert_eq!(found.as_deref(), Ok(expected));
}

#[track_caller]
fn comment(note: &str, claimed: &[&str], rewrite: &str, expected: Result<&str, Why>) {
    let found = fixed(ClaimForm::Comment, note, claimed, rewrite);
    assert_eq!(found.as_deref().map_err(|why| *why), expected);
}

#[test]
fn only_the_claimed_bytes_of_a_line_change() {
    comment(
        "\u{feff}print(3 / 2)  # 输出: 1 (整除)  \r\nx",
        &["1"],
        "1.5",
        Ok("\u{feff}print(3 / 2)  # 输出: 1.5 (整除)  \r\nx"),
    );
    let note = "f(1) -> 'a'\t";
    let found = fixed(ClaimForm::Arrow, note, &["'a'"], "b'a'");
    assert_eq!(found.as_deref(), Ok("f(1) -> b'a'\t"));
}

#[test]
fn more_lines_come_below_with_the_same_prefix_and_line_end() {
    at_prompt(
        ">>> f()\na\n>>> g()\n",
        &["a"],
        "b\nc\nd",
        ">>> f()\nb\nc\nd\n>>> g()\n",
    );
    at_prompt(
        "> >>> f()\r\n> a\r\n\nx",
        &["a"],
        "b\nc",
        "> >>> f()\r\n> b\r\n> c\r\n\nx",
    );
    at_prompt(
        "   >>> f()\n\t a  \n",
        &["a"],
        "b\n\n  c",
        "   >>> f()\n\t b  \n\n\t   c\n",
    );
    at_prompt(">>> f()\r\na", &["a"], "b\nc", ">>> f()\r\nb\r\nc");
    comment(
        "f()\n# 1\n# 2\n",
        &["1", "2"],
        "3\n4\n5",
        Ok("f()\n# 3\n# 4\n# 5\n"),
    );
}

#[test]
fn lines_too_many_go_with_their_line_end() {
    at_prompt("> a\r\n> b\r\n> c\r\nd", &["a", "b", "c"], "x", "> x\r\nd");
    at_prompt(">>> f()\na\nb", &["a", "b"], "x", ">>> f()\nx");
    at_prompt(
        ">>> f()\r\na\r\nb\r\nc",
        &["a", "b", "c"],
        "x",
        ">>> f()\r\nx",
    );
    at_prompt(">>> f()\na\n>>> g()\n", &["a"], "", ">>> f()\n>>> g()\n");
    comment("f()  # 1\n     # 2\n", &["1", "2"], "3", Ok("f()  # 3\n"));
}

#[test]
fn empty_lines_are_written_as_the_note_writes_them() {
    at_prompt(
        "> >>> f()\n> a\n",
        &["a"],
        "b\n\nc",
        "> >>> f()\n> b\n>\n> c\n",
    );
    at_prompt(
        ">>> f()\na\n<BLANKLINE>\nb\n",
        &["a", "<BLANKLINE>", "b"],
        "x\n\ny\n\nz",
        ">>> f()\nx\n<BLANKLINE>\ny\n<BLANKLINE>\nz\n",
    );
}

#[test]
fn an_empty_line_gets_the_prefix_that_it_lacks() {
    let note = "- x\n\n      a\n\n      b\n";
    let bytes = vec![11..12, 13..13, 20..21];
    assert_eq!(&note[11..12], "a");
    assert_eq!(&note[20..21], "b");
    let checked = stale(ClaimForm::NextBlock, bytes, "a\n\nb", "1\n2\n3");
    let edits = plan_edits(note, &checked).unwrap();
    assert_eq!(apply(note, &edits), "- x\n\n      1\n      2\n      3\n");
}

#[test]
fn what_has_no_room_is_left() {
    comment("f()  # 1\n", &["1"], "2\n3", Err(Why::NoRoom));
    comment("# 1\n", &["1"], "2\n3", Err(Why::NoRoom));
    comment("f()  # 1\n", &["1"], "", Err(Why::NoRoom));
    comment("f()\n# 1\n# 2, 二\n", &["1", "2"], "3", Err(Why::NoRoom));
    let found = fixed(ClaimForm::Arrow, "f() -> 1\n", &["1"], "2\n3");
    assert_eq!(found, Err(Why::NoRoom));
    comment("f()  # 1\n", &["1"], "a\rb", Err(Why::Unprintable));
}

#[test]
fn places_that_make_no_sense_are_left() {
    let refused = |places: &[(usize, usize)]| {
        let bytes = places.iter().map(|&(start, end)| start..end).collect();
        plan_edits("数\nab\n", &stale(ClaimForm::Prompt, bytes, "a", "b"))
    };
    assert!(refused(&[(4, 5)]).is_ok());
    for places in [
        &[][..],
        &[(4, 5), (4, 5)],
        &[(5, 2)],
        &[(0, 99)],
        &[(1, 2)],
        &[(0, 5)],
    ] {
        assert_eq!(refused(places), Err(Why::NoPlace), "{places:?}");
    }
    let nothing = CheckedClaim {
        rewrite: None,
        ..stale(ClaimForm::Prompt, vec![Range { start: 0, end: 1 }], "a", "")
    };
    assert_eq!(plan_edits("a", &nothing), Err(Why::NoText));
}

/// A note with a claim of some lines, each behind the same prefix, and other lines around it.
#[derive(Debug)]
struct Sample {
    note: String,
    checked: CheckedClaim,
    prefix: String,
    end: &'static str,
    before: String,
    after: String,
}

prop_compose! {
    fn sample()(
        prefix in "[ \t>]{0,4}",
        end in prop_oneof![Just("\n"), Just("\r\n")],
        before in prop::collection::vec("[ >a#数\t]{0,5}", 1..3),
        after in prop::option::of(prop::collection::vec("[ >a#数\t]{0,5}", 0..3)),
        claimed in prop::collection::vec("[a-z数'][a-z数 ]{0,3}", 1..4),
        new in prop::collection::vec("[A-Z数][A-Z数 ]{0,3}", 1..5),
    ) -> Sample {
        let lines = |lines: &[String]| -> String { lines.iter().map(|line| format!("{line}{end}")).collect() };
        let before = lines(&before);
        let mut note = before.clone();
        let mut bytes = Vec::new();
        for (at, line) in claimed.iter().enumerate() {
            note.push_str(if at > 0 { end } else { "" });
            note.push_str(&prefix);
            bytes.push(note.len()..note.len() + line.len());
            note.push_str(line);
        }
        let after = after.map_or(String::new(), |after| format!("{end}{}", lines(&after)));
        note.push_str(&after);
        let checked = stale(ClaimForm::Section, bytes, &claimed.join("\n"), &new.join("\n"));
        Sample { note, checked, prefix, end, before, after }
    }
}

proptest! {
    #[test]
    fn a_fix_changes_the_lines_of_the_claim_alone(sample in sample()) {
        let Sample { note, checked, prefix, end, before, after } = sample;
        let new: Vec<&str> = checked.rewrite.as_deref().unwrap().split('\n').collect();
        let edited = apply(&note, &plan_edits(&note, &checked).unwrap());
        let lines: Vec<String> = new.iter().map(|line| format!("{prefix}{line}")).collect();
        prop_assert_eq!(&edited, &format!("{before}{}{after}", lines.join(end)));

        let mut from = before.len();
        let bytes = lines.iter().map(|line| {
            let place = from + prefix.len()..from + line.len();
            from += line.len() + end.len();
            place
        });
        let again = stale(ClaimForm::Section, bytes.collect(), &new.join("\n"), &new.join("\n"));
        prop_assert_eq!(plan_edits(&edited, &again), Ok(vec![]));
    }

    #[test]
    fn no_place_and_no_text_is_too_odd(
        note in "(?s)[\\PC\r\n\t>#]{0,20}",
        starts in prop::collection::vec((0_usize..40, 0_usize..6), 0..4),
        rewrite in "(?s).{0,8}",
    ) {
        let bytes: Vec<Range<usize>> = starts.into_iter().map(|(start, length)| start..start + length).collect();
        let claimed = vec![""; bytes.len()].join("\n");
        let checked = stale(ClaimForm::Echo, bytes, &claimed, &rewrite);
        if let Ok(edits) = plan_edits(&note, &checked) {
            prop_assert!(edits.windows(2).all(|two| two[0].bytes.end <= two[1].bytes.start));
            prop_assert!(edits.iter().all(|edit| note.get(edit.bytes.clone()).is_some()));
            let lost: usize = edits.iter().map(|edit| edit.bytes.len()).sum();
            let come: usize = edits.iter().map(|edit| edit.text.len()).sum();
            prop_assert_eq!(apply(&note, &edits).len(), note.len() - lost + come);
        }
    }
}
