//! What can't be done is said with its place and the next step, and exits with 2.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use rustix::fs::{CWD, mkfifoat};
use snapbox::str;

use crate::support::{Project, VERIFY, note, statuses};

#[test]
fn mistakes_in_verify_toml_are_told_all_at_once() {
    let project = Project::with_note(&note(&["print(1)"])).file(
        "verify.toml",
        "path = [\"notes\"]\nstate = \"isolate\"\njobs = 0\npython = 3.12\n\n[limits]\ncpuu = 3\nwall = \"5 s\"\n",
    );
    project.bare("").is(str![[r#"
[stderr]
error: verify.toml:1:1: unknown key `path`; did you mean `paths`?
verify.toml:2:9: `state` is one of `auto`, `isolated`, `note`, not `isolate`; did you mean `isolated`?
verify.toml:3:8: `jobs` is a whole number from 1 to 1024, not 0; write a number in that range, or leave the key out
verify.toml:4:10: `python` is a text, not a number; put it in quotes: `python = "3.12"`
verify.toml:7:1: unknown key `cpuu` in `[limits]`; did you mean `cpu`?
verify.toml:8:8: `wall` is a number of seconds from 0.1 to 86400, not a text; write a number in that range, or leave the key out
[exit 2]

"#]]);
    project.write("verify.toml", "paths = [\"notes\"\nstate = 1\n");
    project.bare("").is(str![[r#"
[stderr]
error: verify.toml:2:1: this is not TOML: missing comma between array elements, expected `,`; see https://toml.io for how to write it
verify.toml:2:1: this is not TOML: string values must be quoted, expected literal string; see https://toml.io for how to write it
verify.toml:2:7: this is not TOML: unexpected `=` in array, expected value, `]`; see https://toml.io for how to write it
verify.toml:2:9: this is not TOML: missing comma between array elements, expected `,`; see https://toml.io for how to write it
verify.toml:2:10: this is not TOML: unclosed array, expected `]`; see https://toml.io for how to write it
[exit 2]

"#]]);
    project.write("verify.toml", "paths = [\"nots\"]\n");
    project.bare("").is(str![[r#"
[stderr]
error: verify.toml:1:10: there is no file or folder `nots`; correct the path, or remove it from `paths`
[exit 2]

"#]]);
}

#[test]
fn mistakes_on_the_command_line_are_told() {
    let project = Project::with_note(&note(&["print(1)"]));
    project.bare("notes/b.md").is(str![[r#"
[stderr]
error: there is no file or folder `notes/b.md`; did you mean `notes/a.md`?
[exit 2]

"#]]);
    project.bare("chek").is(str![[r#"
[stderr]
error: there is no file or folder `chek`; check the path
[exit 2]

"#]]);
    project.bare("--updat").is(str![[r#"
[stderr]
error: unexpected argument '--updat' found

  tip: a similar argument exists: '--update'

Usage: verify --update [PATHS]...

For more information, try '--help'.
[exit 2]

"#]]);
    project.bare("--jobs 0").is(str![[r#"
[stderr]
error: invalid value '0' for '--jobs <N>': 0 is not in 1..=1024

For more information, try '--help'.
[exit 2]

"#]]);
    project.bare("--config none.toml").is(str![[r#"
[stderr]
error: none.toml: it can't be read: No such file or directory (os error 2); check the path
[exit 2]

"#]]);
    project.bare("--expected notes/a.md").is(str![[r#"
[stderr]
error: the recordings belong in a folder, and `[TEMP]/project/notes/a.md` is a file; name another folder with `--expected DIR` or in verify.toml
[exit 2]

"#]]);
}

#[test]
fn without_notes_there_is_nothing_to_be_right() {
    Project::new().verify("").is(str![[r#"
[stderr]
error: no notes in `[TEMP]/project`
  help: name a folder that has `.md` files which no `.gitignore` or `.verifyignore` leaves out
[exit 2]

"#]]);
    Project::new()
        .file("notes/text.txt", "")
        .verify("")
        .is(str![[r#"
[stderr]
error: no notes in `[TEMP]/project/notes`
  help: name a folder that has `.md` files which no `.gitignore` or `.verifyignore` leaves out
[exit 2]

"#]]);
    Project::new()
        .file("notes/a.md", "Text.\n")
        .verify("")
        .is(str![[r#"
1 note, 0 snippets: 0 pass in [TIME]
[exit 0]

"#]]);
}

#[test]
fn a_note_that_is_not_utf_8_is_told_and_the_others_are_checked() {
    let project = Project::new()
        .file("notes/a.md", note(&["print('a')"]))
        .file(
            "notes/b.md",
            b"# Gr\xfc\xdfe\n\n```python\nprint('b')\n```\n",
        );
    project.verify("--update").is(str![[r#"
notes/a.md:2: recorded
    + a
updated: 1 recorded

error: not UTF-8 at byte 4 (line 1), so none of its snippets was run
--> notes/b.md:1
 = help: it looks like Latin-1 (Windows-1252): `iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW` makes UTF-8 of it

1 note, 1 snippet: 1 pass in [TIME]
[exit 1]

"#]]);
    assert_eq!(statuses(&project.verify("--format json").json()), ["pass"]);
    project.verify("--strict").is(str![[r#"
error: not UTF-8 at byte 4 (line 1), so none of its snippets was run
--> notes/b.md:1
 = help: it looks like Latin-1 (Windows-1252): `iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW` makes UTF-8 of it

1 note, 1 snippet: 1 pass in [TIME]
[exit 1]

"#]]);
}

#[test]
fn no_python_or_a_wrong_one_is_told_with_what_to_do() {
    let project = Project::with_note(&note(&["print(1)"]));
    let session = project.bare("--python 3.4");
    assert_eq!((session.code, session.out.as_str()), (Some(2), ""));
    assert!(
        session.err.starts_with("error: ") && session.err.contains("  help: "),
        "{}",
        session.err
    );
    project.bare("--python /no/such/python").is(str![[r#"
[stderr]
error: --python asks for `/no/such/python`, which is no Python version, no interpreter and no folder with one
  help: Give a version such as 3.13, or the path of an interpreter or of a virtual environment.
  help: `verify python` lists what is on this machine; `--python` chooses another.
[exit 2]

"#]]);
    let mut command = project.command(VERIFY);
    command
        .env_clear()
        .env("PATH", "/nowhere")
        .env("HOME", "/nowhere")
        .env("PYENV_VERSION", "none");
    let session = project.run(command.args(["--python", "python-of-nobody"]));
    assert_eq!(session.code, Some(2), "{}", session.text());
}

#[test]
fn a_missing_worker_is_told_with_what_to_do() {
    let project = Project::with_note(&note(&["print(1)"]));
    let alone = project.outside().join("verify");
    fs::copy(VERIFY, &alone).unwrap();
    project
        .run(&mut project.under_python(&alone, ""))
        .is(str![[r#"
[stderr]
error: `[TEMP]/verify-python` is missing: `verify` runs snippets with it
  help: install both programs side by side: `cargo install --locked --path .` in the sources of verify, or `cargo build --bins` while working on it
[exit 2]

"#]]);
}

#[test]
fn recordings_that_cannot_be_written_are_an_error() {
    let project =
        Project::with_note(&note(&["print(1)"])).file("expected/notes", "a file in the way");
    project.verify("--update").is(str![[r#"
[stderr]
error: [TEMP]/project/expected/notes/a.toml: can't be read: Not a directory (os error 20)
  help: check the permissions of this file and its folder, and the space on its disk
[exit 2]

"#]]);
    assert_eq!(project.read("expected/notes"), "a file in the way");
}

/// Checks that a recording in this shape stops the run with this message and stays as it is.
#[track_caller]
fn refuses_recording(project: &Project, message: &str) {
    let before = project.names();
    for arguments in ["", "--update", "fix --yes"] {
        let session = project.verify(arguments);
        let expected = format!("error: [TEMP]/project/expected/notes/a.toml{message}\n  help: ");
        assert!(
            session.code == Some(2) && session.err.starts_with(&expected) && session.out.is_empty(),
            "{arguments}: {}",
            session.text()
        );
    }
    assert_eq!(project.names(), before);
}

#[test]
fn recordings_that_are_no_text_files_are_an_error() {
    let project = Project::with_note(&note(&["print(1)"])).file("expected/notes/a.toml/b", "");
    refuses_recording(&project, ": can't be read: is a directory");

    let project = Project::with_note(&note(&["print(1)"]));
    let path = project.at("expected/notes/a.toml");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    mkfifoat(CWD, &path, 0o600.into()).unwrap();
    let wanted = ": can't be read: it is a pipe, a socket or a device";
    for arguments in ["", "--update"] {
        let session = project.verify(arguments);
        assert!(session.err.contains(wanted), "{}", session.text());
    }

    let project = Project::with_note(&note(&["print(1)"])).file("expected/notes/a.toml", b"\xff");
    refuses_recording(&project, ":1: this line is not UTF-8");
}

#[test]
fn no_link_leads_out_of_the_recordings() {
    let project = Project::with_note(&note(&["print(1)"]));
    let outside = project.outside().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::create_dir(project.at("expected")).unwrap();
    symlink(&outside, project.at("expected/notes")).unwrap();
    let session = project.verify("--update");
    let message = "error: [TEMP]/project/expected/notes/a.toml: a link leads from here out of";
    assert!(
        session.code == Some(2) && session.err.starts_with(message),
        "{}",
        session.text()
    );
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
}

#[test]
fn what_verify_toml_can_be_instead_of_a_file_is_told() {
    let project = Project::with_note(&note(&["print(1)"]));
    let path = project.at("verify.toml");
    symlink("/dev/zero", &path).unwrap();
    project.bare("").is(str![[r#"
[stderr]
error: verify.toml: it can't be read: it is a pipe, a socket or a device; check the path
[exit 2]

"#]]);
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    project.bare("").is(str![[r#"
[stderr]
error: verify.toml: this is a folder; name a file
[exit 2]

"#]]);
}

#[test]
fn an_ignore_file_that_is_a_device_is_told() {
    let project = Project::with_note(&note(&["print(1)"]));
    symlink("/dev/zero", project.at("notes/.gitignore")).unwrap();
    project.verify("").is(str![[r#"
[stderr]
error: no notes in `[TEMP]/project/notes`
  help: notes/.gitignore: it is a pipe, a socket or a device, so no notes were looked for in its folder
[exit 2]

"#]]);
}

#[test]
fn an_update_removes_no_file_that_is_no_recording() {
    let project = Project::with_note(&note(&["print(1)"]))
        .file("Cargo.toml", "[package]\nname = \"mine\"\n")
        .file("notes/other.toml", "key = 1\n")
        .file("verify.toml", "paths = [\".\"]\nexpected = \".\"\n");
    project.verify("--update").exits(0);
    assert_eq!(
        project.names(),
        [
            "Cargo.toml",
            "notes/a.md",
            "notes/a.toml",
            "notes/other.toml",
            "verify.toml"
        ]
    );
}

#[test]
fn a_note_that_may_not_be_read_is_told() {
    let project = Project::with_note(&note(&["print(1)"]));
    fs::set_permissions(project.at("notes/a.md"), fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(project.at("notes/a.md")).is_ok() {
        return eprintln!("this user may read everything");
    }
    let session = project.verify("");
    assert_eq!(session.code, Some(2));
    assert!(
        session
            .err
            .starts_with("error: notes/a.md: can't be read: "),
        "{}",
        session.err
    );
}

#[test]
fn a_temporary_folder_that_is_not_there_is_told() {
    let project = Project::with_note(&note(&["print(1)"]));
    let mut command = project.under_python(VERIFY, "");
    let session = project.run(command.env("TMPDIR", "/no/such/folder"));
    assert_eq!((session.code, session.out.as_str()), (Some(2), ""));
    let (start, end) = (
        "error: can't make a temporary folder in /no/such/folder: ",
        "or set TMPDIR to another folder\n",
    );
    assert!(
        session.err.starts_with(start) && session.err.ends_with(end),
        "{}",
        session.err
    );
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let project = Project::with_note(&note(&["print(1)"; 40]));
    for arguments in ["-v", "list", "--format json", "--help", "python"] {
        let command = project.under_python(VERIFY, arguments);
        let words: Vec<_> = std::iter::once(command.get_program())
            .chain(command.get_args())
            .map(|word| word.to_str().unwrap())
            .collect();
        let line = format!("{} | head -c 1", words.join(" "));
        let session = project.run(project.command("/bin/sh").args(["-c", &line]));
        assert_eq!(session.err, "", "{arguments}");
    }
}
