//! Which notes and snippets a run is about.

use snapbox::str;

use crate::support::{Project, VERIFY, first_block, note, statuses};

fn project() -> Project {
    Project::new()
        .file(
            "notes/a.md",
            format!(
                "# One\n\n{}",
                note(&["x = 'a'", "print('alone')", "print(x)"])
            ),
        )
        .file(
            "notes/sub/b.md",
            "# Two\n\n```python\nprint('b')\n```\n\n```sh\nls\n```\n",
        )
        .file("other.md", note(&["print('other')"]))
}

#[test]
fn notes_are_looked_for_in_the_folder_notes() {
    assert_eq!(
        project().verify("").counts(),
        "2 notes, 4 snippets: 0 pass, 4 new in [TIME]"
    );
    assert_eq!(
        project().verify("other.md").counts(),
        "1 note, 1 snippet: 0 pass, 1 new in [TIME]"
    );
    assert_eq!(
        project().verify(".").counts(),
        "3 notes, 5 snippets: 0 pass, 5 new in [TIME]"
    );
    assert_eq!(
        project().verify("notes/sub notes/sub/b.md").counts(),
        "1 note, 1 snippet: 0 pass, 1 new in [TIME]"
    );
    let configured = project().file("verify.toml", "paths = [\"other.md\", \"notes/sub\"]\n");
    assert_eq!(
        configured.verify("").counts(),
        "2 notes, 2 snippets: 0 pass, 2 new in [TIME]"
    );
}

#[test]
fn without_the_folder_notes_all_are_looked_at_but_what_is_ignored() {
    let project = Project::new()
        .file("README.md", note(&["print(1)"]))
        .file("build/x.md", note(&["print(2)"]))
        .file("draft.md", note(&["print(3)"]))
        .file(".gitignore", "build/\n")
        .file(".verifyignore", "draft.md\n");
    assert_eq!(
        project.verify("").counts(),
        "1 note, 1 snippet: 0 pass, 1 new in [TIME]"
    );
}

#[test]
fn one_snippet_runs_with_what_it_depends_on() {
    let project = project();
    for place in [
        "notes/a.md:12",
        "./notes/../notes/a.md:12",
        "notes/a.md:12:3",
        "notes/a.md:11",
        "notes/a.md:13",
    ] {
        let report = project
            .verify(&format!("{place} --format json"))
            .exits(1)
            .json();
        let block = first_block(&report);
        assert_eq!(
            (
                report["summary"]["blocks"].as_u64(),
                block["stdout"].as_str()
            ),
            (Some(1), Some("a\n")),
            "{place}"
        );
        assert_eq!(block["depends_on"], serde_json::json!([4]));
    }
    project.verify("notes/a.md:12 -v").is(str![[r#"
error: nothing is recorded yet for 1 snippet
  notes/a.md: 1 new snippet (line 12)
    notes/a.md:12 prints:
      a
  help: if they do what you mean, run `verify --update` and commit what it writes

1 note, 1 snippet: 0 pass, 1 new in [TIME]
[exit 1]

"#]]);
}

#[test]
fn a_line_without_a_block_names_the_nearest() {
    let project = project().file("notes/none.md", "Text.\n");
    project.verify("notes/a.md:1").is(str![[r#"
[stderr]
error: notes/a.md:1: no block stands on this line
  help: the nearest begins on line 4: `verify notes/a.md:4`
[exit 2]

"#]]);
    project.verify("notes/a.md:999").is(str![[r#"
[stderr]
error: notes/a.md:999: no block stands on this line
  help: the nearest begins on line 12: `verify notes/a.md:12`
[exit 2]

"#]]);
    project.verify("notes/none.md:1").is(str![[r#"
[stderr]
error: notes/none.md:1: no block stands on this line
  help: the note has no code blocks
[exit 2]

"#]]);
    project.verify("notes/a.md:0").is(str![[r#"
[stderr]
error: `notes/a.md` has no line 0; lines are counted from 1
[exit 2]

"#]]);
    project.verify("notes:3").is(str![[r#"
[stderr]
error: `notes` is a folder and has no line 3; write `notes` for all of it or `notes/NOTE.md:3`
[exit 2]

"#]]);
}

#[test]
fn a_block_that_is_no_snippet_can_be_listed_but_not_checked() {
    project().verify("notes/sub/b.md:8").is(str![[r#"
[stderr]
error: notes/sub/b.md:8: nothing to check, as this block is no Python (tagged sh)
  help: `verify list notes/sub/b.md:8` shows what it was taken for
[exit 2]

"#]]);
    project().verify("--filter ls").is(str![[r#"
[stderr]
error: notes/sub/b.md:8: nothing to check, as this block is no Python (tagged sh)
  help: `verify list notes/sub/b.md:8` shows what it was taken for
[exit 2]

"#]]);
    project().verify("list notes/sub/b.md:8").is(str![[r#"
notes/sub/b.md
  line 8  fenced  shell  (tagged sh)

1 note, 1 block, 0 snippets
[exit 0]

"#]]);
}

#[test]
fn a_filter_looks_at_path_heading_and_code() {
    let project = project();
    let counts = |filter: &str| {
        project
            .verify(&format!("--filter {filter}"))
            .counts()
            .to_owned()
    };
    assert_eq!(
        counts("alone"),
        "1 note, 1 snippet: 0 pass, 1 new in [TIME]"
    );
    assert_eq!(counts("Two"), "1 note, 1 snippet: 0 pass, 1 new in [TIME]");
    assert_eq!(
        counts("a.md"),
        "1 note, 3 snippets: 0 pass, 3 new in [TIME]"
    );
    project.verify("--filter nowhere").is(str![[r#"
[stderr]
error: no block has `nowhere` in its note's path, its heading or its code
  help: `verify list` shows every block
[exit 2]

"#]]);
}

#[test]
fn a_selection_tells_nothing_about_what_it_leaves_out() {
    let project = project();
    project.verify("--update").exits(0);
    project.edit("notes/a.md", "print('alone')", "print('changed')");
    project.remove("notes/sub/b.md");
    project.verify("notes/a.md:12").exits(0);
    project.verify("--filter x").exits(0);
    assert_eq!(
        statuses(&project.verify("--format json notes/a.md").exits(1).json()),
        ["pass", "stale", "pass"]
    );
    let before = project.files();
    project.verify("--update --filter x").exits(0);
    assert_eq!(project.files(), before);
}

#[test]
fn a_run_from_a_folder_below_shows_paths_from_the_root() {
    let project = project().file("verify.toml", "");
    let mut command = project.under_python(VERIFY, "b.md --update");
    command.current_dir(project.at("notes/sub"));
    project.run(&mut command).is(str![[r#"
notes/sub/b.md:4: recorded
    + b
updated: 1 recorded

1 note, 1 snippet: 1 pass in [TIME]
[exit 0]

"#]]);
    assert!(
        project
            .names()
            .contains(&"expected/notes/sub/b.toml".to_owned())
    );
}
