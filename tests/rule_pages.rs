//! The pages of rules under `docs/rules` say what the catalogue says.
//!
//! `SNAPSHOTS=overwrite cargo test --test rule_pages` writes them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use verify::check::explain::catalogue;
use verify::report::explain;

/// Every page by its path.
fn pages() -> BTreeMap<PathBuf, String> {
    let folder = Path::new("docs/rules");
    let rules = catalogue::all();
    let of_rules = rules.iter().map(|rule| {
        (
            folder.join(format!("{}.md", rule.slug)),
            explain::page(rule),
        )
    });
    let index = explain::index(&rules, &catalogue::names());
    of_rules
        .chain([(folder.join("README.md"), index)])
        .collect()
}

/// The contents of the book with all rules below their index.
fn summary(there: &str) -> String {
    let line = "- [Rules](rules/README.md)\n";
    let (before, after) = there.split_once(line).unwrap();
    let rules = catalogue::all();
    let slugs = rules.iter().map(|rule| &rule.slug);
    let rules: String = slugs
        .map(|slug| format!("  - [{slug}](rules/{slug}.md)\n"))
        .collect();
    let rest = after.lines().skip_while(|line| line.starts_with("  - ["));
    let rest: String = rest.map(|line| format!("{line}\n")).collect();
    format!("{before}{line}{rules}{rest}")
}

#[test]
fn the_contents_of_the_book_have_every_rule() {
    let path = "docs/SUMMARY.md";
    let there = fs::read_to_string(path).unwrap();
    let wanted = summary(&there);
    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
        return fs::write(path, wanted).unwrap();
    }
    assert!(
        there == wanted,
        "run `SNAPSHOTS=overwrite cargo test --test rule_pages`"
    );
}

#[test]
fn every_rule_has_its_page() {
    let wanted = pages();
    let there = fs::read_dir("docs/rules").into_iter().flatten();
    let there: BTreeMap<PathBuf, String> = there
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap()))
        .collect();
    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
        fs::create_dir_all("docs/rules").unwrap();
        for path in there.keys().filter(|path| !wanted.contains_key(*path)) {
            fs::remove_file(path).unwrap();
        }
        for (path, text) in &wanted {
            fs::write(path, text).unwrap();
        }
        return;
    }
    let differing: Vec<&PathBuf> = wanted
        .keys()
        .chain(there.keys())
        .filter(|path| wanted.get(*path) != there.get(*path))
        .collect();
    assert!(
        differing.is_empty(),
        "run `SNAPSHOTS=overwrite cargo test --test rule_pages`: {differing:?}"
    );
}
