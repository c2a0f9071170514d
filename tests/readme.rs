//! The example of README.md is real: its note, run by `verify`, gives the report that it shows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
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

fn verify(project: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_verify"))
        .args(["--color", "never"])
        .args(arguments)
        .current_dir(project)
        .env("LC_ALL", "en_US.UTF-8")
        .output()
        .unwrap()
}

/// A report without what differs from run to run and from Python to Python.
fn redacted(report: &str) -> String {
    let seconds = Regex::new(r"in \d+\.\d\d s\b").unwrap();
    let version = Regex::new(r"this is 3\.\d+").unwrap();
    let report = seconds.replace_all(report, "in 0.00 s");
    version.replace_all(&report, "this is 3.0").into_owned()
}

#[test]
fn the_note_and_the_report_of_the_readme_are_real() {
    let note = fs::read_to_string("tests/fixtures/readme/notes/prices.md").unwrap();
    assert_eq!(block("````markdown", "````"), note);

    let project = tempfile::tempdir().unwrap();
    let file = project.path().join("notes/prices.md");
    fs::create_dir(project.path().join("notes")).unwrap();
    fs::write(&file, note).unwrap();
    let checked = verify(project.path(), &[]);
    assert_eq!(String::from_utf8_lossy(&checked.stderr), "");
    assert_eq!(checked.status.code(), Some(1));
    let report = String::from_utf8(checked.stdout).unwrap();
    assert_eq!(redacted(&report), redacted(&block("```text", "```")));
}
