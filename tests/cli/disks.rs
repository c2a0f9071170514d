//! Disks that are full or may not be written: an error, and nothing is lost.
//!
//! The disks are mounted in a user and mount namespace of the test's own; where the system
//! gives none, a test says so and ends.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use crate::support::{Project, Session, VERIFY, note};

const NAMESPACES: [&str; 3] = ["unshare", "--map-root-user", "--mount"];

fn has_namespaces() -> bool {
    let there = Command::new("/usr/bin/env")
        .args(NAMESPACES)
        .arg("true")
        .output();
    let there = there.is_ok_and(|output| output.status.success());
    if !there {
        eprintln!("not tested: this system gives no user and mount namespaces");
    }
    there
}

/// Runs `verify` after the commands of `before`, and those of `after` behind it.
fn inside(project: &Project, before: &str, arguments: &str, after: &str) -> Session {
    let verify = project.under_python(VERIFY, arguments);
    let words: Vec<&str> = verify
        .get_args()
        .map(|word| word.to_str().unwrap())
        .collect();
    let script = format!(
        "set -e\n{before}\nset +e\n{VERIFY} {}\ncode=$?\nset -e\n{after}\nexit $code",
        words.join(" ")
    );
    let mut command = project.command("/usr/bin/env");
    command.args(NAMESPACES).args(["sh", "-c", &script]);
    project.run(&mut command)
}

fn recordings(project: &Project, folder: &str) -> BTreeMap<String, Vec<u8>> {
    let files = project.files().into_iter();
    files
        .filter_map(|(path, text)| Some((path.strip_prefix(folder)?.to_owned(), text)))
        .collect()
}

#[test]
fn a_full_disk_loses_no_recording() {
    if !has_namespaces() {
        return;
    }
    let text = |word: &str, times: usize| note(&[&format!("print('{word}' * {times})")]);
    let project = Project::new()
        .file("notes/a.md", text("a", 10))
        .file("notes/b.md", text("b", 10));
    project.verify("--update").exits(0);
    let old = recordings(&project, "expected/");
    project.write("notes/a.md", text("A", 10));
    project.write("notes/b.md", text("B", 100_000));
    fs::create_dir(project.at("after")).unwrap();
    let session = inside(
        &project,
        "cp -r expected saved\nmount -t tmpfs -o size=64k none expected\ncp -r saved/. expected\nrm -r saved",
        "--update",
        "cp -r expected/. after",
    );
    let (start, end) = (
        "error: [TEMP]/project/expected/notes/b.toml: can't be written: No space left on device",
        "  help: check the permissions of this file and its folder, and the space on its disk\n",
    );
    assert_eq!(session.code, Some(2), "{}", session.text());
    assert!(
        session.err.starts_with(start) && session.err.ends_with(end),
        "{}",
        session.text()
    );
    let after = recordings(&project, "after/");
    assert_eq!(
        after.keys().collect::<Vec<_>>(),
        old.keys().collect::<Vec<_>>()
    );
    assert_eq!(after["notes/b.toml"], old["notes/b.toml"]);
    assert!(String::from_utf8_lossy(&after["notes/a.toml"]).contains("AAAAAAAAAA"));
}

#[test]
fn recordings_that_may_not_be_written_stay() {
    if !has_namespaces() {
        return;
    }
    let project = Project::with_note(&note(&["print('a')"]));
    project.verify("--update").exits(0);
    project.edit("notes/a.md", "'a'", "'b'");
    let before = project.files();
    let mount = "mount --bind expected expected\nmount -o remount,bind,ro expected";
    let session = inside(&project, mount, "--update", "");
    let message = "error: [TEMP]/project/expected/notes/a.toml: can't be written: Read-only file";
    assert_eq!(session.code, Some(2), "{}", session.text());
    assert!(session.err.starts_with(message), "{}", session.text());
    assert_eq!(project.files(), before);
}

#[test]
fn notes_that_may_not_be_written_stay() {
    if !has_namespaces() {
        return;
    }
    let project = Project::with_note(&note(&["1 + 1  # 3"]));
    let before = project.files();
    let mount = "mount --bind notes notes\nmount -o remount,bind,ro notes";
    let session = inside(&project, mount, "fix --yes", "");
    assert_eq!(session.code, Some(1), "{}", session.text());
    let told = "it can't be written: Read-only file system";
    assert!(session.out.contains(told), "{}", session.text());
    assert_eq!(project.files(), before);
}
