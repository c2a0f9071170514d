//! The example of README.md is real: its note, run by `verify`, gives the report that it shows,
//! as text and as a picture of a terminal.
//!
//! `SNAPSHOTS=overwrite cargo test --test readme` draws the picture.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::process::{Command, Output};

use regex::Regex;

/// The content of the first block of a README that begins with this fence.
fn block(fence: &str, end: &str) -> String {
    let readme = fs::read_to_string("README.md").unwrap();
    let (_, content) = readme.split_once(&format!("{fence}\n")).unwrap();
    content
        .split_once(&format!("\n{end}\n"))
        .unwrap()
        .0
        .to_owned()
        + "\n"
}

/// What `verify` says of the note of the README.
fn checked(color: &str) -> Output {
    let project = tempfile::tempdir().unwrap();
    fs::create_dir(project.path().join("notes")).unwrap();
    let note = "tests/fixtures/readme/notes/prices.md";
    fs::copy(note, project.path().join("notes/prices.md")).unwrap();
    Command::new(env!("CARGO_BIN_EXE_verify"))
        .args(["--color", color])
        .current_dir(project.path())
        .env("LC_ALL", "en_US.UTF-8")
        .output()
        .unwrap()
}

/// A report without what differs from run to run and from Python to Python.
fn redacted(report: &str) -> String {
    let seconds = Regex::new(r"in \d+\.\d\d s\b").unwrap();
    let version = Regex::new(r"this is 3\.\d+").unwrap();
    let report = seconds.replace_all(report, "in 0.44 s");
    version.replace_all(&report, "this is 3.13").into_owned()
}

#[test]
fn the_note_and_the_report_of_the_readme_are_real() {
    let note = fs::read_to_string("tests/fixtures/readme/notes/prices.md").unwrap();
    assert_eq!(block("````markdown", "````"), note);

    let checked = checked("never");
    assert_eq!(String::from_utf8_lossy(&checked.stderr), "");
    assert_eq!(checked.status.code(), Some(1));
    let report = String::from_utf8(checked.stdout).unwrap();
    assert_eq!(redacted(&report), redacted(&block("```text", "```")));
}

#[test]
fn the_picture_of_the_terminal_shows_the_report() {
    const PICTURE: &str = "docs/images/terminal.svg";
    let report = String::from_utf8(checked("always").stdout).unwrap();
    let typed = format!("$ verify\n{}", redacted(&report));
    let picture = anstyle_svg::Term::new().render_svg(&typed);
    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
        fs::create_dir_all("docs/images").unwrap();
        return fs::write(PICTURE, picture).unwrap();
    }
    assert!(
        fs::read_to_string(PICTURE).unwrap() == picture,
        "run `SNAPSHOTS=overwrite cargo test --test readme`"
    );
}
