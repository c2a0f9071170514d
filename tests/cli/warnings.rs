//! What Python warns of: told with its line, counted, and failing nothing unless asked for.

use snapbox::str;

use crate::support::{Project, note, pythons};

/// Works in every Python up to 3.13, and all of them warn of it.
const OLD: &str = "print(bool(NotImplemented), 'a\\d')";

#[test]
fn a_warning_is_told_and_fails_only_a_strict_run() {
    let project = Project::with_note(&note(&[OLD]));
    project.verify("--update").exits(0);
    project.verify("").is(str![[r#"
warning[invalid-escape]: `\d` is no escape: the backslash stands for itself, and Python warns of it
 --> notes/a.md:2:31
  |
2 | print(bool(NotImplemented), 'a\d')
  |                               ^^
  |
  = note: see https://docs.python.org/3/reference/lexical_analysis.html#escape-sequences
  = help: write a raw string such as `r'\d'`, or double the backslash

warning[notimplemented-bool]: `NotImplemented` is no truth value
 --> notes/a.md:2:12
  |
2 | print(bool(NotImplemented), 'a\d')
  |            ^^^^^^^^^^^^^^
  |
  = note: so from Python 3.14 on, this is [VERSION]
  = note: see https://docs.python.org/3/library/constants.html#NotImplemented
  = help: compare with the operator, such as `a == b`, and don't call `a.__eq__(b)`

1 note, 1 snippet: 1 pass, 2 warnings in [TIME]
[exit 0]

"#]]);
    project.verify("--quiet").exits(0);
    project.verify("--strict").exits(1);
}

#[test]
fn warnings_are_in_no_output_and_no_recording() {
    for python in pythons() {
        let project = Project::under(python).file("notes/a.md", note(&[OLD]));
        let report = project.verify("--format json").json();
        let block = &report["notes"][0]["blocks"][0];
        assert_eq!(block["stdout"], "True a\\d\n");
        assert_eq!(block["stderr"], "");
        let told: Vec<_> = block["findings"].as_array().unwrap().iter().collect();
        let rules: Vec<_> = told.iter().map(|it| it["rule"].as_str().unwrap()).collect();
        assert_eq!(
            rules,
            ["invalid-escape", "notimplemented-bool"],
            "{block:#}"
        );
        assert!(told.iter().all(|it| it["severity"] == "warning"));
        project.verify("--update").exits(0);
        let recording = project.read("expected/notes/a.toml");
        assert!(!recording.contains("known"), "{recording}");
        assert!(!recording.contains("arning"), "{recording}");
    }
}

#[test]
fn code_that_is_not_run_is_warned_of_unless_it_is_left_out() {
    let project = Project::with_note(
        "```python\nimport no_such_module\nx = '\\d'\n```\n\n<!-- verify: skip -->\n```python\nx = '\\d'\n```\n",
    );
    let report = project.verify("--format json").json();
    let lines: Vec<_> = report["notes"][0]["blocks"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|block| block["findings"].as_array().unwrap())
        .map(|finding| finding["line"].as_u64().unwrap())
        .collect();
    assert_eq!(lines, [3]);
}
