//! The forms in which a run is told: JSON as its schema says, the listing, completions.

use serde_json::Value;
use snapbox::str;

use crate::support::{Project, note, oldest_and_newest, pythons, statuses};

fn validate(report: &Value) {
    let schema: Value =
        serde_json::from_str(include_str!("../../docs/report.schema.json")).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(report)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

/// Notes in which everything happens that a report can tell.
fn eventful() -> Vec<(&'static str, String)> {
    vec![
        ("notes/a.md", note(&["print('a')", "x = 1", "print(x)", "1 / 0", "print 'old'", "import no_such_module", "input()", "{}['k']", "import sys\nsys.exit(2)"])),
        ("notes/b.md", "# Output\n\n```text\nplain\n```\n\n    indented = 1\n    print(indented)\n\n```\n\n```\n\n> ```py\n> print('\u{1b}[31mred', '\u{202e}')\n> ```\n\n```pycon\n>>> 1 + 1\n2\n>>> [][1]\n```\n".to_owned()),
        ("notes/c.md", note(&["import os\nos._exit(0)", "import os\nos.write(1, b'\\xff raw')", "def f(:", "", "import warnings\nwarnings.warn('w', DeprecationWarning)", "s = '\\d'"])),
    ]
}

#[test]
fn json_reports_are_as_their_schema_says() {
    for python in pythons() {
        let project = eventful()
            .into_iter()
            .fold(Project::under(python), |project, (path, text)| {
                project.file(path, text)
            });
        for arguments in [
            "--format json",
            "list --format json",
            "--format json --update",
            "--format json",
            "--format json notes/b.md",
            "--format json --strict",
        ] {
            let session = project.verify(arguments);
            assert_eq!(session.err, "", "{arguments}");
            let report = session.json();
            validate(&report);
            let summary = &report["summary"];
            let counted: u64 = ["pass", "stale", "failed", "new", "skipped"]
                .iter()
                .map(|status| summary[status].as_u64().unwrap())
                .sum();
            if !arguments.starts_with("list") {
                assert_eq!(summary["snippets"], counted, "{summary}");
                assert_eq!(statuses(&report).len() as u64, counted);
            }
        }
    }
}

#[test]
fn the_number_of_jobs_changes_nothing_but_the_time() {
    for python in oldest_and_newest() {
        let project = eventful()
            .into_iter()
            .fold(Project::under(python), |project, (path, text)| {
                project.file(path, text)
            });
        let reports = ["1", "2", "8", "8"]
            .map(|jobs| project.verify(&format!("--format json --jobs {jobs}")).out);
        assert!(
            reports.iter().all(|report| *report == reports[0]),
            "{reports:#?}"
        );
    }
}

#[test]
fn every_block_is_listed_with_the_reason_for_its_language() {
    let project = Project::new()
        .file("notes/a.md", note(&["x = 1", "print(x)", "import no_such_module", "while True:\n    pass"]))
        .file("notes/b.md", "Text.\n")
        .file("notes/c.md", "# H\n\n```\nprint('no tag')\n```\n\n```sh\nls\n```\n\n    >>> 1 + 1\n    2\n\n```\nprint 'old'\n```\n\n```json\n{}\n```\n\n<!-- verify: skip reason=\"why not\" -->\n```python\n1\n```\n");
    project.verify("list").is(str![[r#"
notes/a.md
  line 2       fenced  python  (tagged python)
  line 6       fenced  python  (tagged python)  depends on 2
  line 10      fenced  python  (tagged python)
  lines 14-15  fenced  python  (tagged python)  skipped (endless: while True on line 14)

notes/b.md
  no code blocks

notes/c.md
  line 4       fenced    python   (no tag, parses as Python 3)
  line 8       fenced    shell    (tagged sh)
  lines 11-12  indented  pycon    (no tag, with prompts)
  line 15      fenced    python2  (no tag, parses as Python 2 only)
  line 19      fenced    other    (tagged json)
  line 24      fenced    python   (tagged python)                    skipped (directive: why not)

3 notes, 10 blocks, 8 snippets
[exit 0]

"#]]);
    let report = project.verify("list --format json").exits(0).json();
    validate(&report);
    assert!(statuses(&report).is_empty());
    assert_eq!(project.names(), ["notes/a.md", "notes/b.md", "notes/c.md"]);
}

#[test]
fn completions_are_printed_without_a_python() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let session = Project::new()
            .bare(&format!("completions {shell}"))
            .exits(0);
        assert!(
            session.out.contains("update") && session.out.contains("verify"),
            "{shell}"
        );
    }
    let project = Project::new();
    let script = project.outside().join("verify.bash");
    std::fs::write(&script, project.bare("completions bash").out).unwrap();
    let line = format!("source {} && complete -p verify", script.display());
    let session = project.run(project.command("/bin/bash").args(["-c", &line]));
    assert_eq!(session.code, Some(0), "{}", session.text());
}

#[test]
fn colour_comes_only_where_it_is_wanted() {
    let project = Project::with_note(&note(&["1 / 0"]));
    let colored = |arguments: &str| project.verify(arguments).out.contains('\u{1b}');
    assert!(!colored("") && colored("--color always") && !colored("--color always --format json"));
    let forced = Project::with_note(&note(&["1 / 0"])).variable("CLICOLOR_FORCE", "1");
    assert!(
        forced.verify("").out.contains('\u{1b}')
            && !forced.verify("--color never").out.contains('\u{1b}')
    );
}

#[test]
fn what_a_terminal_would_obey_is_shown_as_text() {
    let project = Project::with_note(&note(&[
        "print('\\x1b[2J\\u202e\\r\\x07')\nraise ValueError('\\x1b]0;title\\x07')",
    ]));
    for arguments in ["", "-v", "--update", "list"] {
        let session = project.verify(arguments);
        let bad = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(
            !session.text().contains(bad),
            "{arguments}: {:?}",
            session.text()
        );
    }
    assert!(!project.read("expected/notes/a.toml").contains('\u{1b}'));
}

#[test]
fn quiet_says_nothing_where_nothing_is_wrong() {
    let project = Project::with_note(&note(&["print(1)", "import no_such_module"]));
    project.verify("-q --update");
    project.verify("-q").is(str![[r#"
[exit 0]

"#]]);
}
