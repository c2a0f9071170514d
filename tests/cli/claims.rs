//! What is read in notes of every form, and what becomes of it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use snapbox::Data;

use crate::support::{Project, oldest_and_newest};

/// Each note in `tests/claims` has a text file beside it with its claims, a line each.
#[test]
fn every_form_is_read_and_compared_as_reviewed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/claims");
    let mut notes: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    notes.sort();
    let mut project = Project::under(oldest_and_newest()[1]);
    for note in &notes {
        let name = note.file_name().unwrap().to_str().unwrap();
        project = project.file(name, fs::read(note).unwrap());
    }
    let report = project.verify("--format json .").json();
    let reported = report["notes"].as_array().unwrap();
    assert_eq!(reported.len(), notes.len());
    for (path, note) in notes.iter().zip(reported) {
        let shown = shown(note);
        snapbox::Assert::new().action_env("SNAPSHOTS").eq(
            shown,
            Data::read_from(&path.with_extension("txt"), None).raw(),
        );
    }
}

fn shown(note: &serde_json::Value) -> String {
    let mut shown = String::new();
    let blocks = note["blocks"].as_array().unwrap();
    for claim in blocks
        .iter()
        .flat_map(|block| block["claims"].as_array().unwrap())
    {
        let text = |field: &str| claim[field].as_str().unwrap_or_default().replace('\n', "⏎");
        writeln!(
            shown,
            "{} {} {} {}: {} → {}{}",
            claim["line"],
            text("form"),
            text("verdict"),
            text("as"),
            text("source"),
            text("claimed"),
            match text("verdict").as_str() {
                "holds" => String::new(),
                _ => format!(" | {}", text("actual")),
            }
        )
        .unwrap();
    }
    shown
}

#[test]
fn a_false_claim_is_stale_on_the_first_day_then_known_then_mended() {
    let project = Project::with_note("# 数字\n\n```python\nprint(7 // 2)  # 输出: 4\n```\n");
    let first = project.verify("");
    assert_eq!(first.code, Some(1), "{}", first.text());
    assert!(first.out.contains("`4`, but `3` came"), "{}", first.text());

    let update = project.verify("--update");
    assert_eq!(update.code, Some(0), "{}", update.text());
    let recorded = project.read("expected/notes/a.toml");
    assert!(
        recorded.contains(r#"known = ["claim: print(7 // 2) → 4"]"#),
        "{recorded}"
    );
    project.verify("").exits(0);
    assert_eq!(project.verify("--strict").code, Some(1));

    project.verify("fix --yes").exits(0);
    assert!(project.read("notes/a.md").contains("# 输出: 3\n"));
    let mended = project.verify("").exits(0);
    assert!(
        mended
            .out
            .contains("`claim: print(7 // 2) → 4` is known and not so any more"),
        "{}",
        mended.text()
    );
    project.verify("--update").exits(0);
    assert!(!project.read("expected/notes/a.toml").contains("known"));
}

#[test]
fn what_an_unchanged_recording_says_does_not_make_a_claim_true() {
    let project = Project::with_note("```python\nprint(2)\n```\n");
    project.verify("--update").exits(0);
    project.edit("notes/a.md", "print(2)\n", "print(2)  # 3\n");
    let session = project.verify("");
    assert_eq!(session.code, Some(1), "{}", session.text());
    assert!(session.out.contains("but `2` came"), "{}", session.text());
}

#[test]
fn an_error_that_is_claimed_and_no_longer_comes_is_stale() {
    let project = Project::with_note(
        "```pycon\n>>> 'a' * 2\nTraceback (most recent call last):\n  ...\nTypeError: no\n>>> int('x')\nValueError\n```\n",
    );
    let report = project.verify("--format json").json();
    let claims = &crate::support::first_block(&report)["claims"];
    assert_eq!(claims[0]["verdict"], "stale", "{report:#}");
    assert_eq!(claims[1]["verdict"], "holds", "{report:#}");
    assert_eq!(report["notes"][0]["blocks"][0]["status"], "stale");
}

#[test]
fn claims_of_a_fragment_are_checked_with_the_names_that_the_note_defines() {
    let project = Project::with_note(
        "```python\nbase = 40\n```\n\n```python\n先定义，再使用\nbase + 2 -> 42\nos.path.join('a', 'b') -> 'a/b'\nnobody + 1 -> 2\n```\n",
    );
    let report = project.verify("--format json").json();
    let block = &report["notes"][0]["blocks"][1];
    let verdicts: Vec<&str> = block["claims"]
        .as_array()
        .unwrap()
        .iter()
        .map(|claim| claim["verdict"].as_str().unwrap())
        .collect();
    assert_eq!(verdicts, ["holds", "holds", "unchecked"], "{report:#}");
    assert_eq!(block["status"], "skipped");
}

#[test]
fn an_illustration_that_does_not_parse_contradicts_nothing() {
    let project = Project::with_note(
        "```python\n{{#include ../a.py}}\n```\n\nOutput:\n\n```text\nhello\n```\n",
    );
    let report = project.verify("--format json").json();
    let block = &report["notes"][0]["blocks"][0];
    assert_eq!(block["status"], "skipped", "{report:#}");
    assert_eq!(block["claims"][0]["verdict"], "unchecked", "{report:#}");
}
