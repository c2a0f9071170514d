//! The page in a browser: what docs/page.md says is so in headless Chromium, where there is one.
//!
//! Needs node, Chromium and `npm ci --prefix tests/page`; without them it says so and tests nothing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

mod folders;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use folders::copy;

const BROWSERS: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// The first of these programs that is on the path.
fn program(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    let all = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    let mut found = all.filter(|program| program.is_file());
    found.next()
}

/// Writes the page of the notes of a project.
fn page_of(project: &Path, file: &str) {
    let output = Command::new(env!("CARGO_BIN_EXE_verify"))
        .args(["--format", "html"])
        .env("LC_ALL", "C")
        .current_dir(project)
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(1));
    fs::write(project.join(file), output.stdout).unwrap();
}

#[test]
fn a_browser_shows_the_page_as_documented() {
    let (node, browser) = (program(&["node"]), program(&BROWSERS));
    let (Some(node), Some(browser)) = (node, browser) else {
        eprintln!("not tested: the page needs node and Chromium on the PATH");
        return;
    };
    if !Path::new("tests/page/node_modules").is_dir() {
        eprintln!("not tested: the page needs `npm ci --prefix tests/page`");
        return;
    }
    let fixtures = Path::new("tests/fixtures/page");
    let folder = tempfile::tempdir().unwrap();
    let (good, hostile) = (folder.path().join("good"), folder.path().join("hostile"));
    for part in ["notes", "expected"] {
        copy(&fixtures.join(part), &good.join(part));
    }
    page_of(&good, "page.html");
    let text = fs::read_to_string(fixtures.join("hostile/hostile.md")).unwrap();
    let notes = hostile.join("notes \"><script>ran=17<");
    fs::create_dir_all(&notes).unwrap();
    for name in ["a.md", "<img src=x onerror=ran=17>' \" .md"] {
        fs::write(notes.join(name), &text).unwrap();
    }
    page_of(&hostile, "page.html");

    let checked = Command::new(node)
        .arg("tests/page/check.mjs")
        .arg(browser)
        .args([good.join("page.html"), hostile.join("page.html")])
        .arg(folder.path().join("page.pdf"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&checked.stdout);
    let complaints = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "{said}{complaints}");
    assert!(said.lines().count() > 12, "{said}");
}
