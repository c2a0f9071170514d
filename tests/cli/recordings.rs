//! What `--update` writes, keeps and removes, and what it never touches.

use snapbox::str;

use crate::support::{Project, VERIFY, note, oldest_and_newest, statuses};

/// The text of each entry in a recording.
fn entries(file: &str) -> Vec<String> {
    file.split("\n[[snippet]]\n")
        .skip(1)
        .map(|entry| entry.trim_end().to_owned())
        .collect()
}

const THREE: &str = "# A\n\n```python\nprint('a')\n```\n\n# B\n\n```python\nprint('b')\n```\n\n# C\n\n```python\nprint('c')\n```\n";

fn three() -> Project {
    let project = Project::with_note(THREE);
    project.verify("--update").exits(0);
    project
}

#[test]
fn a_second_update_changes_no_byte() {
    for python in oldest_and_newest() {
        let project = Project::under(python).file("notes/a.md", THREE).file(
            "notes/deep/b.md",
            note(&[
                "print(1)",
                "import os\nprint(os.getpid())",
                "1 / 0",
                "print 'old'",
                "x = input()",
            ]),
        );
        project.verify("--update --jobs 8").exits(0);
        let first = project.files();
        for jobs in [1, 8] {
            let session = project.verify(&format!("--update --jobs {jobs}")).exits(0);
            assert!(
                session.out.starts_with("nothing to update\n"),
                "{}",
                session.text()
            );
            assert_eq!(project.files(), first);
        }
        project.verify("").exits(0);
    }
}

#[test]
fn an_edited_value_changes_its_own_entry_only() {
    let project = three();
    let before = entries(&project.read("expected/notes/a.toml"));
    project.edit("notes/a.md", "print('b')", "print('better')");
    project.verify("").is(str![[r#"
error: the snippet was edited since it was recorded, and does something else now
  --> notes/a.md:10:1
   |
10 | print('better')
   | ^^^^^^^^^^^^^^^
   |
   = note: recorded (-) and what came (+):
           - b
           + better
   = help: if the new output is right, run `verify --update notes/a.md:10`

1 note, 3 snippets: 2 pass, 1 stale in [TIME]
[exit 1]

"#]]);
    project.verify("--update").is(str![[r#"
notes/a.md:10: recorded anew
    - b
    + better
updated: 1 changed

1 note, 3 snippets: 3 pass in [TIME]
[exit 0]

"#]]);
    let after = entries(&project.read("expected/notes/a.toml"));
    assert_eq!((&before[0], &before[2]), (&after[0], &after[2]));
    assert!(
        after[1].contains("better") && !after[1].contains("\nb\n"),
        "{}",
        after[1]
    );
    project.verify("").exits(0);
}

#[test]
fn an_edit_that_does_the_same_passes_and_keeps_its_entry_until_the_update() {
    let project = three();
    project.edit("notes/a.md", "print('b')", "print(\"b\")");
    project.verify("").exits(0);
    project.verify("--update").exits(0);
    project.verify("").exits(0);
    assert_eq!(entries(&project.read("expected/notes/a.toml")).len(), 3);
}

#[test]
fn moved_and_renamed_snippets_keep_their_recordings() {
    let project = three();
    let before = entries(&project.read("expected/notes/a.toml"));
    project.write("notes/a.md", "# C\n\n```python\nprint('c')\n```\n\n# A\n\n```python\nprint('a')\n```\n\n# Bee\n\n```python\nprint('b')\n```\n");
    let session = project.verify("").exits(0);
    assert_eq!(session.counts(), "1 note, 3 snippets: 3 pass in [TIME]");
    project.verify("--update").exits(0);
    let after = entries(&project.read("expected/notes/a.toml"));
    assert_eq!(after[0], before[2]);
    assert_eq!(after[1], before[0]);
    assert_eq!(after[2], before[1].replace("\"B\"", "\"Bee\""));
}

#[test]
fn a_duplicate_is_new_and_its_original_stays() {
    let project = three();
    let before = entries(&project.read("expected/notes/a.toml"));
    project.write(
        "notes/a.md",
        format!("{THREE}\n```python\nprint('a')\n```\n"),
    );
    assert_eq!(
        statuses(&project.verify("--format json").exits(1).json()),
        ["pass", "pass", "pass", "new"]
    );
    project.verify("--update").exits(0);
    let after = entries(&project.read("expected/notes/a.toml"));
    assert_eq!(after[..3], before);
    assert_eq!(after[3], before[0].replace("\"A\"", "\"C\""));
    project.verify("").exits(0);
}

#[test]
fn the_recording_of_a_removed_snippet_is_told_then_removed() {
    let project = three();
    let before = entries(&project.read("expected/notes/a.toml"));
    project.edit("notes/a.md", "```python\nprint('b')\n```\n", "Text.\n");
    project.verify("").is(str![[r#"
warning: the recording of a snippet under `B` belongs to no snippet any more
--> expected/notes/a.toml
 = help: `verify --update` removes what is left over

1 note, 2 snippets: 2 pass in [TIME]
[exit 0]

"#]]);
    assert_eq!(project.verify("--strict").code, Some(1));
    project.verify("--update").is(str![[r#"
notes/a.md: the recording of a snippet under `B` was removed
updated: 1 removed

1 note, 2 snippets: 2 pass in [TIME]
[exit 0]

"#]]);
    assert_eq!(
        entries(&project.read("expected/notes/a.toml")),
        [before[0].clone(), before[2].clone()]
    );
    project.verify("--strict").exits(0);
}

#[test]
fn the_recording_of_a_deleted_note_is_told_then_removed() {
    let project = three().file("notes/deep/gone.md", note(&["print('gone')"]));
    project.verify("--update").exits(0);
    project.remove("notes/deep/gone.md");
    project.verify("").is(str![[r#"
warning: the note that this recording belongs to is gone
--> expected/notes/deep/gone.toml
 = help: `verify --update` removes what is left over

1 note, 3 snippets: 3 pass in [TIME]
[exit 0]

"#]]);
    project.verify("--update notes/a.md").exits(0);
    assert!(
        project
            .names()
            .contains(&"expected/notes/deep/gone.toml".to_owned())
    );
    project.verify("--update").is(str![[r#"
expected/notes/deep/gone.toml: its recording was removed: nothing belongs to it any more
updated: 1 removed

1 note, 3 snippets: 3 pass in [TIME]
[exit 0]

"#]]);
    assert_eq!(project.names(), ["expected/notes/a.toml", "notes/a.md"]);
    assert!(!project.at("expected/notes/deep").exists());
}

#[test]
fn a_note_that_loses_its_last_snippet_loses_its_recording() {
    let project = three();
    project.write("notes/a.md", "Text.\n");
    project.verify("").is(str![[r#"
warning: 3 recordings belong to no snippet any more, the first under `A`
--> expected/notes/a.toml
 = help: `verify --update` removes what is left over

1 note, 0 snippets: 0 pass in [TIME]
[exit 0]

"#]]);
    project.verify("--update").exits(0);
    assert_eq!(project.names(), ["notes/a.md"]);
    project.verify("--strict").exits(0);
}

#[test]
fn the_recording_of_a_note_that_cannot_be_read_stays() {
    let project = three();
    let recorded = project.read("expected/notes/a.toml");
    project.write(
        "notes/a.md",
        b"# Gr\xfc\xdfe\n\n```python\nprint('a')\n```\n",
    );
    let session = project.verify("--update");
    assert_eq!(
        project.read("expected/notes/a.toml"),
        recorded,
        "{}",
        session.text()
    );
}

#[test]
fn an_update_of_one_snippet_writes_nothing_else() {
    let project = three();
    let before = entries(&project.read("expected/notes/a.toml"));
    project.edit("notes/a.md", "print('a')", "print('A')");
    project.edit("notes/a.md", "print('c')", "print('C')");
    project.verify("--update notes/a.md:4").is(str![[r#"
notes/a.md:4: recorded anew
    - a
    + A
updated: 1 changed

1 note, 1 snippet: 1 pass in [TIME]
[exit 0]

"#]]);
    let after = entries(&project.read("expected/notes/a.toml"));
    assert!(
        after[0].contains("\nA\n") && after[1..] == before[1..],
        "{after:?}"
    );
    assert_eq!(
        statuses(&project.verify("--format json").exits(1).json()),
        ["pass", "pass", "stale"]
    );
}

#[test]
fn recordings_hold_no_place_of_this_machine() {
    let project = Project::with_note(&note(&[
        "import os\nprint(os.__file__)\nprint(os.path.abspath('.'))",
        "import warnings\nwarnings.warn('soon')",
        "import traceback\ntry:\n    open('/no/such/file')\nexcept OSError:\n    traceback.print_exc()",
        "import threading\nthread = threading.Thread(target=lambda: 1 / 0, name='t')\nthread.start()\nthread.join()",
        "import json\njson.loads('x')",
    ]));
    project.verify("--update").exits(0);
    project.verify("").exits(0);
    let recorded = project.read("expected/notes/a.toml");
    let prefix = &oldest_and_newest()[1].base_prefix.display().to_string();
    for place in [
        prefix.as_str(),
        &project.outside().display().to_string(),
        "harness",
        ", line ",
    ] {
        assert!(!recorded.contains(place), "`{place}` in\n{recorded}");
    }
}

#[test]
fn another_folder_of_recordings_can_be_named() {
    let project = three();
    let before = project.files();
    assert_eq!(
        project.verify("--expected none").exits(1).counts(),
        "1 note, 3 snippets: 0 pass, 3 new in [TIME]"
    );
    assert_eq!(project.files(), before);
    project.verify("--expected other/deep --update").exits(0);
    assert_eq!(
        project.read("other/deep/notes/a.toml"),
        project.read("expected/notes/a.toml")
    );
    project.write("verify.toml", "expected = \"other/deep\"\n");
    project.verify("").exits(0);
}

#[test]
fn nothing_is_written_unless_it_was_asked_for() {
    for ci in ["true", ""] {
        let project = three().variable("CI", ci);
        project.edit("notes/a.md", "print('b')", "print('B')");
        let before = project.files();
        for arguments in [
            "",
            "-v",
            "--format json",
            "--strict",
            "notes/a.md:10",
            "list",
            "python",
        ] {
            project.verify(arguments);
        }
        assert_eq!(project.files(), before);
        project.verify("--update").exits(0);
        assert_ne!(project.files(), before);
    }
}

#[test]
fn a_broken_recording_stops_the_run_and_stays_as_it_is() {
    let project = three();
    let whole = project.read("expected/notes/a.toml");
    let broken = [
        whole.replace("heading = \"B\"", "heading = \"B"),
        whole.replace(
            "\n[[snippet]]\nheading = \"B\"",
            "\n<<<<<<< HEAD\n[[snippet]]\nheading = \"B\"",
        ),
        whole.replace("heading = \"B\"", "heading = \"B\"\nstdot = \"\""),
        whole.replace("heading = \"B\"", "heading = 2"),
        whole.replace("code = ", "# code = "),
    ];
    for text in &broken {
        project.write("expected/notes/a.toml", text);
        project.write("expected/notes/unused.toml", "kept = true");
        for arguments in ["", "--update", "--update notes/a.md:4", "--format json"] {
            let session = project.verify(arguments);
            assert_eq!(
                (session.code, session.out.as_str()),
                (Some(2), ""),
                "{}",
                session.text()
            );
            assert_eq!(&project.read("expected/notes/a.toml"), text);
        }
    }
    let messages: Vec<String> = broken
        .iter()
        .map(|text| {
            project.write("expected/notes/a.toml", text);
            project.verify("--update").err
        })
        .collect();
    snapbox::assert_data_eq!(
        messages.concat(),
        str![[r#"
error: [TEMP]/project/expected/notes/a.toml:12: invalid basic string, expected `"`
  help: mend the line, or remove the file and run `verify --update` to record the note anew
error: [TEMP]/project/expected/notes/a.toml:11: an unfinished merge: the file has conflict marks
  help: mend the line, or remove the file and run `verify --update` to record the note anew
error: [TEMP]/project/expected/notes/a.toml:13: unknown field `stdot`, expected one of `heading`, `code`, `stdout`, `stderr`, `raises`, `exit`, `figures`, `masked`, `run`, `known`
  help: mend the line, or remove the file and run `verify --update` to record the note anew
error: [TEMP]/project/expected/notes/a.toml:12: invalid type: integer `2`, expected a string
  help: mend the line, or remove the file and run `verify --update` to record the note anew
error: [TEMP]/project/expected/notes/a.toml:4: missing field `code`
  help: mend the line, or remove the file and run `verify --update` to record the note anew

"#]]
    );
}

#[test]
fn other_line_ends_and_a_mark_change_nothing() {
    let project = Project::with_note("# A\n\n```python\nprint('a\\n\\nb  ')\n```\n");
    project.verify("--update").exits(0);
    let turned = format!(
        "\u{feff}{}",
        project.read("expected/notes/a.toml").replace('\n', "\r\n")
    );
    project.write("expected/notes/a.toml", &turned);
    project.verify("").exits(0);
    project.verify("--update").exits(0);
    assert_eq!(project.read("expected/notes/a.toml"), turned);
}

#[test]
fn notes_of_nearly_the_same_name_have_their_own_recordings() {
    let project = Project::new()
        .file("notes/a.md", note(&["print(1)"]))
        .file("notes/a.markdown", note(&["print(2)"]))
        .file("notes/a.MD", note(&["print(3)"]))
        .file("notes/a.b.md", note(&["print(4)"]))
        .file("notes/空 \n'\".md", note(&["print(5)"]));
    project.verify("--update").exits(0);
    assert_eq!(
        statuses(&project.verify("--format json --strict").exits(0).json()),
        ["pass"; 5]
    );
    let before = project.files();
    project.verify("--update").exits(0);
    assert_eq!(project.files(), before);
}

#[test]
fn comments_and_order_of_a_recording_are_kept() {
    let project = three();
    project.edit(
        "expected/notes/a.toml",
        "heading = \"A\"",
        "# reviewed\nheading = \"A\"",
    );
    let kept = project.read("expected/notes/a.toml");
    project.verify("--update").exits(0);
    assert_eq!(project.read("expected/notes/a.toml"), kept);
    project.edit("notes/a.md", "print('c')", "print('C')");
    project.verify("--update").exits(0);
    assert!(
        project
            .read("expected/notes/a.toml")
            .contains("# reviewed\nheading = \"A\"")
    );
}

#[test]
fn what_ends_differently_each_time_is_not_recorded() {
    let project = Project::with_note(&note(&[
        "import os\nif os.environ['PYTHONHASHSEED'] == '1':\n    1 / 0",
        "print('b')",
    ]));
    project.verify("--update").is(str![[r#"
notes/a.md:2: not recorded: two runs ended differently; mark it with `<!-- verify: skip reason="…" -->` or make it end the same each time
notes/a.md:8: recorded
    + b
updated: 1 recorded

error: nothing is recorded yet for 1 snippet
  notes/a.md: 1 new snippet (line 2)
  help: if they do what you mean, run `verify --update` and commit what it writes

1 note, 2 snippets: 1 pass, 1 new in [TIME]
[exit 1]

"#]]);
    assert_eq!(entries(&project.read("expected/notes/a.toml")).len(), 1);
}

#[test]
fn a_recording_of_another_python_says_so() {
    let [oldest, newest] = oldest_and_newest();
    if oldest == newest {
        return eprintln!("only one Python was found");
    }
    let project = Project::under(oldest).file(
        "notes/a.md",
        note(&["import sys\nprint(sys.version_info[:2])"]),
    );
    project.verify("--update").exits(0);
    let other = project
        .bare(&format!("--python {}", newest.executable.display()))
        .exits(1);
    let (major, minor, _) = oldest.version;
    assert!(
        other
            .out
            .contains(&format!("recorded with Python {major}.{minor}, ")),
        "{}",
        other.text()
    );
}

#[test]
fn two_updates_at_once_both_leave_whole_files() {
    let project = three().file("notes/b.md", note(&["print(2)"]));
    project.edit("notes/a.md", "print('b')", "print('B')");
    std::thread::scope(|scope| {
        let update = || project.under_python(VERIFY, "--update").output().unwrap();
        let both = [scope.spawn(update), scope.spawn(update)].map(|thread| thread.join().unwrap());
        for output in both {
            assert_eq!(output.status.code(), Some(0), "{output:?}");
        }
    });
    project.verify("").exits(0);
    assert_eq!(
        project.names(),
        [
            "expected/notes/a.toml",
            "expected/notes/b.toml",
            "notes/a.md",
            "notes/b.md"
        ]
    );
}
