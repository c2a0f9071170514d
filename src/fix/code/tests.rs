//! Tests of edits of code, and of the proof that they do what they should.

use super::*;
use crate::model::Text;

/// The report of a note with one block, whose code became `modern`.
fn report(note: &str, modern: &str) -> NoteReport {
    let read = read(note);
    let block = &read.blocks[0];
    let prompts = prompts::has_prompts(&block.text);
    let written = codes(&read, 0, prompts).remove(0);
    let mut new = written.clone();
    new.pieces[0].text = modern.to_owned();
    let finding = Finding {
        rule: "py2-print-statement".into(),
        line: block.lines.first,
        message: Text::same("old"),
        since: None,
        severity: Severity::Error,
        help: None,
        url: None,
        known: false,
    };
    let block = BlockReport {
        block: block.clone(),
        status: Some(Status::Stale),
        findings: vec![finding.clone(), finding],
        rewrite: Some(Rewrite {
            written,
            modern: new,
            unproven: Vec::new(),
        }),
        ..BlockReport::default()
    };
    NoteReport {
        text: note.to_owned(),
        blocks: vec![block],
        ..NoteReport::default()
    }
}

/// The new text of the note, or why there is none.
fn rewritten(note: &str, modern: &str) -> Result<String, String> {
    let report = report(note, modern);
    match of_block(&report, &report.blocks[0]) {
        (Some(fix), _) => {
            assert_eq!(fix.causes.len(), 1);
            prove(&report, &[&fix])
                .map_err(|(line, refusal)| format!("{line}: {}", refusal.message().en))
        }
        (None, left) => Err(format!("{left:?}")),
    }
}

#[test]
fn prefixes_and_what_is_no_code_stay() {
    for (note, modern, expected) in [
        ("```\nprint 1\n```", "print(1)\n", "```\nprint(1)\n```"),
        (
            "> * ```py\r\n>   if x:\r\n>     print '一'\r\n>   ```\r\n",
            "if x:\n  print('一')\n",
            "> * ```py\r\n>   if x:\r\n>     print('一')\r\n>   ```\r\n",
        ),
        (
            "```\n    print 1\n      # 注\n```\n",
            "print(1)\n  # 注\n",
            "```\n    print(1)\n      # 注\n```\n",
        ),
        (
            "```\n>>> print 1\n1\n```\n",
            "print(1)\n",
            "```\n>>> print(1)\n1\n```\n",
        ),
    ] {
        assert_eq!(rewritten(note, modern).as_deref(), Ok(expected));
    }
}

#[test]
fn more_lines_than_there_is_room_for_are_refused() {
    let why = rewritten("```\nprint 1\n```\n", "x\nprint(1)\n").unwrap_err();
    assert!(why.contains("NoRoom"), "{why}");
}

#[test]
fn what_would_close_its_block_is_refused() {
    let why = rewritten("```\nx = '''\n`'''\n```\n", "x = '''\n```'''\n");
    assert!(why.is_ok(), "{why:?}");
    let why = rewritten("```\nx = '''\n` '''\n```\n", "x = '''\n```\n'''\n").unwrap_err();
    assert!(why.contains("NoRoom"), "{why}");
    let why = rewritten("```\nx = 1, '''\n`\n'''\n```\n", "x = 1, '''\n```\n'''\n").unwrap_err();
    assert!(why.contains("2: with the code of this snippet"), "{why}");
}

#[test]
fn lines_differ_in_their_middle() {
    assert_eq!(difference("print x", "print(x)"), (5, " x", "(x)"));
    assert_eq!(difference("aa", "aaa"), (2, "", "a"));
    assert_eq!(difference("一二", "一三二"), (3, "", "三"));
}

#[test]
fn code_is_found_behind_prompts_and_indentation() {
    assert_eq!(column(">>> print 1", "print 1"), Some(4));
    assert_eq!(column("    f(x) -> 1", "f(x)"), Some(4));
    assert_eq!(column("  f(x)", "g(x)"), None);
    assert_eq!(column("f(x)", "  f(x)"), None);
}
