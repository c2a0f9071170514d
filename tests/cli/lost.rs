//! Nothing of a note is lost, and no note costs another: what updates and fixes leave alone.

use std::fs;
use std::os::unix::fs::symlink;

use snapbox::str;

use crate::support::{Project, note, statuses};

/// Checks that nothing of this note is rewritten.
#[track_caller]
fn stays(text: &str) {
    let project = Project::with_note(text);
    let session = project.verify("fix --yes");
    assert_eq!(project.read("notes/a.md"), text, "{}", session.text());
}

/// The verdicts of all claims of a note.
fn verdicts(text: &str) -> Vec<String> {
    let report = Project::with_note(text).verify("--format json").json();
    let blocks = report["notes"][0]["blocks"].as_array().unwrap().clone();
    let claims = blocks
        .iter()
        .flat_map(|block| block["claims"].as_array().unwrap().clone());
    claims
        .map(|claim| claim["verdict"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn what_varies_at_several_places_of_a_string_is_recorded_and_the_notes_behind_it_too() {
    let now = "```pycon\n>>> from datetime import datetime\n>>> datetime.now().isoformat()\n```\n";
    let project = Project::with_note(now).file("notes/b.md", note(&["print(1)"]));
    project.verify("--update").exits(0);
    assert!(project.read("expected/notes/a.toml").contains("⟪text⟫"));
    assert!(project.read("expected/notes/b.toml").contains('1'));
    project.verify("").exits(0);
}

#[test]
fn code_that_stands_where_output_could_stays() {
    stays("```python\nmood = 'calm'\nmood\n>>> 'calm'\nmood.upper()\n>>> 'CALM'\n```\n");
    stays("```pycon\n>>> 'calm'\nmood = 3\nmood.upper()\n```\n");
    stays("```python\nprint('tea')\n```\n\nOutput:\n\n```\ntea = brew('tea')\n```\n");
}

#[test]
fn a_prompt_below_code_says_what_it_gives() {
    let text = "```python\nx = 2\nx * 3\n>>> 7\nprint(x)\n>>> 2\n```\n";
    assert_eq!(verdicts(text), ["stale", "holds"]);
    let project = Project::with_note(text);
    project.verify("fix --yes").exits(0);
    assert_eq!(project.read("notes/a.md"), text.replace(">>> 7", ">>> 6"));
}

#[test]
fn words_below_code_are_no_output() {
    let list = "* Tea:\n\n    ```python\n    print('tea - hot')\n    ```\n\n      1. Whoever likes `tea - hot` waits.\n      2. Any other word is cold.\n";
    assert!(verdicts(list).is_empty());
    stays(list);
    stays(
        "```python\nprint('one')\n```\n\nIt prints:\n\n```\nThis is what nobody expected here.\n```\n",
    );
}

#[test]
fn remarks_and_questions_beside_outputs_stay() {
    let text =
        "```python\nprint('one')\nprint('two')\n```\n\n```text\none   # said first\ntwo\n```\n";
    assert_eq!(verdicts(text), ["holds", "holds"]);
    stays(&text.replace("one   #", "eins   #"));
    let asked = "```pycon\n>>> 1 + 1\n?\n```\n";
    assert_eq!(verdicts(asked), ["unchecked"]);
    stays(asked);
}

#[test]
fn what_python_adds_to_an_error_is_left_in_the_note() {
    let hints = "```pycon\n>>> value = 3\n>>> valeu\nTraceback (most recent call last):\n  ...\nNameError: name 'valeu' is not defined. Did you mean: 'value'?\n>>> valeu\nTraceback (most recent call last):\n  ...\nNameError: name 'valeu' is not defined\n```\n";
    assert_eq!(verdicts(hints), ["holds", "holds"]);
    let long = "```pycon\n>>> raise ValueError('one\\n\\nthree')\nTraceback (most recent call last):\n  ...\nValueError: one\n\nthree\n```\n";
    assert_eq!(verdicts(long), ["holds"]);
    stays(
        "```pycon\n>>> raise ValueError('hot')\nTraceback (most recent call last):\n  ...\nValueError: cold\nsee the manual\n```\n",
    );
}

#[test]
fn notes_of_an_exception_are_shown() {
    let [_, newest] = crate::support::oldest_and_newest();
    if newest.version < (3, 11, 0) {
        return;
    }
    let notes = "```pycon\n>>> e = ValueError('hot')\n>>> e.add_note('see the manual')\n>>> raise e\nTraceback (most recent call last):\n  ...\nValueError: hot\nsee the manual\n```\n";
    assert_eq!(verdicts(notes), ["holds"]);
}

#[test]
fn a_warning_that_came_holds_and_one_that_did_not_stays() {
    let warn = "```python\nimport warnings\nwarnings.warn('careful')\nprint('after')\n```\n\nOutput:\n\n```text\na.py:2: UserWarning: careful\n  warnings.warn('careful')\nafter\n```\n";
    assert_eq!(verdicts(warn), ["holds"]);
    stays(&warn.replace(": careful\n", ": take care\n"));
    let project = Project::with_note(&warn.replace("\nafter\n", "\nbefore\n"));
    project.verify("fix --yes").exits(0);
    assert_eq!(project.read("notes/a.md"), warn);
}

#[test]
fn nothing_is_known_below_a_statement_that_raised_in_a_run_of_its_own() {
    let text = "# First\n\n```python\nx = 5\n```\n\n# Second\n\n```python\nx.append(3)\nprint(x)  # [5, 3]\n```\n";
    assert_eq!(verdicts(text), ["unchecked"]);
    stays(text);
}

#[test]
fn strings_below_prints_show_what_these_print() {
    let text =
        "```python\nprint('one')\n\"\"\"\none\n\"\"\"\nprint('two')\n\"\"\"\ntwo\n\"\"\"\n```\n";
    assert_eq!(verdicts(text), ["holds", "holds"]);
    let marked =
        "```python\nprint('one')\n#> one\nprint('two\\nthree')\n\"\"\"\ntwo\nthree\n\"\"\"\n```\n";
    assert_eq!(verdicts(marked), ["holds", "holds", "holds"]);
}

#[cfg(debug_assertions)]
#[test]
fn a_bug_in_one_note_costs_no_other_note() {
    for stage in ["read", "planned", "judged", "recorded"] {
        let project = Project::new()
            .file("notes/a.md", note(&["print(1)"]))
            .file("notes/b.md", note(&["print(2)"]))
            .file("notes/c.md", note(&["print(3)"]));
        project.verify("--update").exits(0);
        project.edit("notes/a.md", "print(1)", "print(4)");
        project.edit("notes/c.md", "print(3)", "print(5)");
        let before = project.read("expected/notes/b.toml");
        let project = project.variable("VERIFY_FAULT", &format!("{stage}:b.md"));
        let session = project.verify("--update --format json");
        assert_eq!(session.code, Some(101), "{stage}: {}", session.text());
        assert!(
            session.out.contains("a bug of verify") && session.out.contains("asked for by a test"),
            "{stage}: {}",
            session.text()
        );
        assert!(!session.text().contains("panicked"), "{stage}");
        assert!(
            project.read("expected/notes/a.toml").contains('4'),
            "{stage}"
        );
        assert!(
            project.read("expected/notes/c.toml").contains('5'),
            "{stage}"
        );
        assert_eq!(project.read("expected/notes/b.toml"), before, "{stage}");
    }
}

#[cfg(debug_assertions)]
#[test]
fn a_bug_in_a_fix_costs_no_other_note() {
    let project = Project::new()
        .file("notes/a.md", note(&["print(1)  # 3"]))
        .file("notes/b.md", note(&["print(2)  # 3"]))
        .variable("VERIFY_FAULT", "fixed:b.md");
    let session = project.verify("fix --yes");
    assert_eq!(session.code, Some(101), "{}", session.text());
    assert_eq!(project.read("notes/a.md"), note(&["print(1)  # 1"]));
    assert_eq!(project.read("notes/b.md"), note(&["print(2)  # 3"]));
}

#[test]
fn a_link_out_of_the_project_is_no_folder_for_recordings() {
    let project = Project::with_note(&note(&["print(1)"]));
    let outside = project.outside().join("outside");
    fs::create_dir(&outside).unwrap();
    symlink(&outside, project.at("expected")).unwrap();
    for command in ["--update", "", "fix --yes"] {
        let session = project.verify(command);
        assert_eq!(session.code, Some(2));
        assert!(
            session
                .err
                .contains("is a link that leads out of the project"),
            "{}",
            session.text()
        );
    }
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
    project
        .verify(&format!("--update --expected {}", outside.display()))
        .exits(0);
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
}

#[test]
fn a_link_above_the_recordings_may_lead_to_the_project_alone() {
    let project = Project::with_note(&note(&["print(1)"]));
    let outside = project.outside().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::create_dir(project.at("inside")).unwrap();
    symlink("inside", project.at("in")).unwrap();
    symlink("../outside", project.at("out")).unwrap();
    project.verify("--update --expected in/expected").exits(0);
    assert!(project.at("inside/expected/notes/a.toml").is_file());
    let refused = project.verify("--update --expected out/expected");
    assert_eq!(refused.code, Some(2), "{}", refused.text());
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
}

#[test]
fn a_note_in_another_encoding_fails_the_run_and_the_others_are_judged() {
    let project = Project::new()
        .file("notes/a.md", note(&["print('a')"]))
        .file(
            "notes/b.md",
            b"# \xca\xfd\xd7\xd6\n\n```python\nprint('b')\n```\n",
        );
    project.verify("--update").is(str![[r#"
notes/a.md:2: recorded
    + a
updated: 1 recorded

error: not UTF-8 at byte 2 (line 1), so none of its snippets was run
--> notes/b.md:1
 = help: it looks like GB18030 (GBK): `iconv -f GB18030 -t UTF-8 OLD > NEW` makes UTF-8 of it

1 note, 1 snippet: 1 pass in [TIME]
[exit 1]

"#]]);
    assert_eq!(statuses(&project.verify("--format json").json()), ["pass"]);
    assert_eq!(project.verify("list").code, Some(1));
    let fix = project.verify("fix --yes");
    assert_eq!(fix.code, Some(1));
    assert!(fix.err.contains("notes/b.md: not UTF-8"), "{}", fix.text());
    project.verify("notes/b.md").is(str![[r#"
[stderr]
error: notes/b.md: not UTF-8 at byte 2 (line 1), so none of its snippets was run
  help: it looks like GB18030 (GBK): `iconv -f GB18030 -t UTF-8 OLD > NEW` makes UTF-8 of it
[exit 2]

"#]]);
}

#[test]
fn lines_may_end_with_carriage_returns_alone() {
    let text = "# Sum\r\r```python\rprint(1 + 1)  # 3\rprint('a')\r```\r\r```text\r2\rb\r```\r";
    let project = Project::with_note(text);
    let report = project.verify("--format json").json();
    let block = &report["notes"][0]["blocks"][0];
    assert_eq!(block["lines"], serde_json::json!([4, 5]), "{report:#}");
    assert_eq!(block["claims"][0]["line"], 4);
    project.verify("fix --yes").exits(0);
    let fixed = text.replace("# 3", "# 2").replace("\rb\r", "\ra\r");
    assert_eq!(project.read("notes/a.md"), fixed);
    let mixed = "```python\rprint(1)  # 2\r\nprint(2)  # 1\n```\r";
    let project = Project::with_note(mixed);
    project.verify("fix --yes").exits(0);
    let fixed = "```python\rprint(1)  # 1\r\nprint(2)  # 2\n```\r";
    assert_eq!(project.read("notes/a.md"), fixed);
}
