//! What the documents say is so: dependencies, links, commands, names of causes, recordings.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;
use verify::check::explain::{catalogue, history};
use verify::recording;

fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// README, changelog and everything in `docs`; of the pages of rules, which are generated, the index.
fn documents() -> Vec<PathBuf> {
    let docs = fs::read_dir("docs")
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut all: Vec<PathBuf> = docs
        .filter(|path| path.extension().is_some_and(|end| end == "md"))
        .collect();
    all.sort();
    all.extend(["README.md", "CHANGELOG.md", "docs/rules/README.md"].map(PathBuf::from));
    all
}

/// A document without its blocks and code spans, whose content is no Markdown.
fn prose(text: &str) -> String {
    let fence = Regex::new(r"(?ms)^(````|```).*?^(````|```)\n").unwrap();
    let code = Regex::new(r"``[^\n]*?``|`[^`\n]*`").unwrap();
    code.replace_all(&fence.replace_all(text, ""), "")
        .into_owned()
}

/// The anchor that GitHub gives a heading.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter_map(|line| line.strip_prefix('#'));
    let slug = |heading: &str| -> String {
        let words = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = words
            .chars()
            .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.map(slug).collect()
}

/// The first column of the table below a heading, without backticks, and the second.
fn table(text: &str, heading: &str) -> BTreeMap<String, String> {
    let (_, below) = text
        .split_once(heading)
        .unwrap_or_else(|| panic!("no `{heading}`"));
    let row = Regex::new(r"(?m)^\| `([^`]+)` \| ([^|]*?) *\|").unwrap();
    row.captures_iter(below.split("\n## ").next().unwrap())
        .map(|row| (row[1].to_owned(), row[2].to_owned()))
        .collect()
}

#[test]
fn every_dependency_is_listed_with_its_reason() {
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    let document = read("docs/dependencies.md");
    for (section, heading) in [
        ("dependencies", "## Of the programs"),
        ("dev-dependencies", "## Of the tests"),
    ] {
        let mut named: BTreeSet<&String> = manifest[section].as_table().unwrap().keys().collect();
        let of_systems = manifest["target"].as_table().unwrap().values();
        let of_systems = of_systems.filter_map(|system| system.get(section)?.as_table());
        named.extend(of_systems.flat_map(toml::Table::keys));
        let listed = table(&document, heading);
        assert_eq!(
            listed.keys().collect::<BTreeSet<_>>(),
            named,
            "`{heading}` and [{section}] differ"
        );
        for (name, reason) in &listed {
            assert!(
                reason.split_whitespace().count() > 2,
                "`{name}` has no reason"
            );
        }
    }
}

#[test]
fn every_cause_has_a_name_of_its_own() {
    let rules = catalogue::rules().iter().map(|rule| rule.slug.clone());
    let mut seen = BTreeSet::new();
    for slug in rules.chain(history::all().map(|gone| gone.slug())) {
        let plain = slug
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        assert!(plain, "`{slug}` can't be typed as a word");
        assert!(seen.insert(slug.clone()), "two causes are called `{slug}`");
    }
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    let link = Regex::new(r"\]\(([^)\s#]*)(?:#([^)\s]*))?\)").unwrap();
    for document in documents() {
        let text = prose(&read(&document));
        for found in link
            .captures_iter(&text)
            .filter(|found| !found[1].contains("://"))
        {
            let shown = format!("{}: {}", document.display(), &found[0]);
            let target = match &found[1] {
                "" => document.clone(),
                path => document.parent().unwrap().join(path),
            };
            assert!(target.exists(), "{shown} leads to nothing");
            if let Some(anchor) = found.get(2) {
                assert!(
                    anchors(&read(&target)).contains(anchor.as_str()),
                    "{shown} leads to no heading"
                );
            }
        }
    }
}

#[test]
fn readme_names_every_document() {
    let readme = read("README.md");
    for document in documents()
        .iter()
        .filter(|path| !path.ends_with("README.md"))
    {
        let link = format!("]({})", document.display());
        assert!(
            readme.contains(&link),
            "README.md does not link to {}",
            document.display()
        );
    }
}

#[test]
fn ci_tests_with_the_command_of_the_readme() {
    let command = "cargo test --locked";
    assert_eq!(
        read("README.md")
            .matches(&format!("```sh\n{command}\n```"))
            .count(),
        2
    );
    assert!(read(".ci/run").contains(&format!("\nstep {command}\n")));
}

#[test]
fn every_recording_of_our_own_notes_can_be_read_and_has_its_note() {
    for path in recording::list(Path::new("expected")) {
        let stored = recording::read(&path)
            .unwrap_or_else(|error| panic!("{error}"))
            .unwrap();
        assert!(
            !stored.recording.entries.is_empty() || !stored.recording.known.is_empty(),
            "{} records nothing",
            path.display()
        );
        let note = path.strip_prefix("expected").unwrap().with_extension("md");
        assert!(note.exists(), "{} has no note", path.display());
    }
}
