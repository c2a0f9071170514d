//! Names in running text that are gone: reported, recorded as known, switched off.

use snapbox::str;

use crate::support::Project;

const NOTE: &str = "# 数字\n\n最大的整数是 `sys.maxint`。\n\n以前有 `xrange`。\n";

#[test]
fn a_name_that_is_gone_fails_the_run_and_is_shown_in_its_sentence() {
    Project::with_note(NOTE).verify("").is(str![[r#"
error[sys-maxint]: `sys.maxint` is only in Python 2
 --> notes/a.md:3:9
  |
3 | 最大的整数是 `sys.maxint`。
  |               ^^^^^^^^^^
  |
  = note: so since Python 3.0, this is [VERSION]
  = note: see https://docs.python.org/3/library/sys.html#sys.maxsize
  = help: use `sys.maxsize`; `int` has no limit
  = help: to accept it for now, run `verify --update notes/a.md`

1 note, 0 snippets: 0 pass, 1 name that is gone in [TIME]
[exit 1]

"#]]);
}

#[test]
fn an_update_accepts_it_and_takes_it_out_again() {
    let project = Project::with_note(NOTE);
    let session = project.verify("--update").exits(0);
    assert!(
        session.out.contains(
            "notes/a.md:3: accepted as known: `sys.maxint` is only in Python 2 [sys-maxint]"
        ),
        "{}",
        session.text()
    );
    let recording = project.read("expected/notes/a.toml");
    assert!(
        recording.ends_with("\nknown = [\"sys-maxint\"]\n"),
        "{recording}"
    );
    project.verify("").exits(0);
    project.verify("--strict").exits(1);
    let again = project.verify("--update").exits(0);
    assert!(
        again.out.starts_with("nothing to update\n"),
        "{}",
        again.text()
    );
    assert_eq!(project.read("expected/notes/a.toml"), recording);
    project.edit("notes/a.md", "maxint", "maxsize");
    let settled = project.verify("").exits(0);
    assert!(
        settled
            .text()
            .contains("`sys-maxint` is known and not so any more"),
        "{}",
        settled.text()
    );
    project.verify("--update").exits(0);
    assert!(
        !project
            .names()
            .contains(&"expected/notes/a.toml".to_owned())
    );
}

#[test]
fn a_run_of_one_snippet_leaves_running_text_alone() {
    let project = Project::with_note(&format!("{NOTE}\n```python\nprint(1)\n```\n"));
    project.verify("--update").exits(0);
    let recording = project.read("expected/notes/a.toml");
    project.verify("--update notes/a.md:8").exits(0);
    assert_eq!(project.read("expected/notes/a.toml"), recording);
    project.remove("expected/notes/a.toml");
    project.verify("--update notes/a.md:8").exits(0);
    project.verify("notes/a.md:8").exits(0);
    project.verify("").exits(1);
}

#[test]
fn it_can_be_switched_off() {
    let project = Project::with_note(NOTE).file("verify.toml", "mentions = false\n");
    project.verify("").exits(0);
}

#[test]
fn words_of_sentences_can_be_left_alone() {
    let note = "# A\n\n用 xrange 循环，得到 `sys.maxint`。\n";
    let project = Project::with_note(note);
    let rules = |project: &Project| -> Vec<String> {
        let report = project.verify("--format json").exits(1).json();
        let findings = report["notes"][0]["blocks"][0]["findings"].clone();
        let findings = findings.as_array().cloned().unwrap_or_default();
        findings
            .iter()
            .filter_map(|finding| finding["rule"].as_str().map(str::to_owned))
            .collect()
    };
    assert_eq!(rules(&project), ["py2-xrange", "sys-maxint"]);
    let project = project.file("verify.toml", "prose = false\n");
    assert_eq!(rules(&project), ["sys-maxint"]);
}

#[test]
fn the_json_report_has_an_entry_for_the_line() {
    let report = Project::with_note(NOTE)
        .verify("--format json")
        .exits(1)
        .json();
    let block = &report["notes"][0]["blocks"][0];
    assert_eq!(block["form"], "inline");
    assert_eq!(block["lines"], serde_json::json!([3, 3]));
    assert_eq!(block["heading"], "数字");
    assert_eq!(block["status"], serde_json::Value::Null);
    assert_eq!(block["findings"][0]["rule"], "sys-maxint");
    assert_eq!(report["summary"]["blocks"], 0);
    assert_eq!(
        report["notes"][0]["blocks"].as_array().map(Vec::len),
        Some(1)
    );
}

#[test]
fn blocks_that_show_an_old_python_are_told_by_line() {
    let note = "# A\n\n类型：\n\n```text\nascii\n<type 'unicode'> 3\n```\n";
    let project = Project::with_note(note);
    let report = project.verify("--format json").exits(1).json();
    let block = &report["notes"][0]["blocks"][0];
    assert_eq!(block["findings"][0]["line"], 7);
    assert_eq!(block["status"], serde_json::Value::Null);
    project.verify("--update").exits(0);
    let report = project.verify("--format json").exits(0).json();
    assert_eq!(report["notes"][0]["blocks"][0]["known"], true);
    assert_eq!(report["summary"]["known"], 0);
}
