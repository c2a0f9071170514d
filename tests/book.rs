//! The manual is a book without a warning, in which every link leads somewhere.
//!
//! Needs mdbook in `target/tools/bin` or on `PATH`: `cargo install mdbook --root target/tools`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use regex::Regex;

fn mdbook() -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/bin/mdbook");
    let candidates = [own, PathBuf::from("mdbook")];
    candidates
        .into_iter()
        .find(|program| Command::new(program).arg("--version").output().is_ok())
}

/// Every page below `folder`.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|end| end == "html") {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn the_book_has_every_document() {
    let summary = fs::read_to_string("docs/SUMMARY.md").unwrap();
    for entry in fs::read_dir("docs").unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let is_page = Path::new(&name).extension().is_some_and(|end| end == "md");
        if is_page && name != "SUMMARY.md" {
            let link = format!("]({name})");
            assert!(summary.contains(&link), "docs/SUMMARY.md has no {name}");
        }
    }
}

#[test]
fn the_book_is_built_without_a_warning_and_its_links_lead_somewhere() {
    let Some(mdbook) = mdbook() else {
        return eprintln!("skipped: there is no mdbook; run `cargo install mdbook`");
    };
    let folder = tempfile::tempdir().unwrap();
    let built = Command::new(mdbook)
        .args(["build", "docs", "--dest-dir"])
        .arg(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&built.stderr).into_owned();
    assert!(built.status.success(), "{said}");
    assert!(!said.contains("WARN") && !said.contains("ERROR"), "{said}");

    let link = Regex::new(r##"(?:href|src)="([^"#:]+)[^":]*""##).unwrap();
    let pages = pages(folder.path());
    assert!(pages.len() > 200, "{} pages", pages.len());
    let mut dead = BTreeSet::new();
    for page in pages.iter().filter(|page| !page.ends_with("404.html")) {
        let text = fs::read_to_string(page).unwrap();
        for found in link.captures_iter(&text) {
            if !page.parent().unwrap().join(&found[1]).exists() {
                dead.insert(format!("{}: {}", page.display(), &found[1]));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}
