//! Which part of the program may use which: the table of docs/architecture.md is true.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

type Uses = BTreeMap<String, BTreeSet<String>>;

/// The table below "Who may use whom".
fn allowed() -> Uses {
    let text = fs::read_to_string("docs/architecture.md").unwrap();
    let (_, section) = text.split_once("## Who may use whom").unwrap();
    let row = Regex::new(r"(?m)^\| `(\w+)` \|[^|]*\|([^|]*)\|$").unwrap();
    let name = Regex::new(r"`(\w+)`").unwrap();
    row.captures_iter(section.split("\n## ").next().unwrap())
        .map(|row| {
            let used = name.captures_iter(row.get(2).unwrap().as_str());
            (
                row[1].to_owned(),
                used.map(|name| name[1].to_owned()).collect(),
            )
        })
        .collect()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
    found
}

/// The part that a source belongs to: the first file or folder below `src`.
fn part(path: &Path) -> String {
    let below = path
        .strip_prefix("src")
        .unwrap()
        .components()
        .next()
        .unwrap();
    below
        .as_os_str()
        .to_str()
        .unwrap()
        .trim_end_matches(".rs")
        .to_owned()
}

/// What a source outside its tests and comments uses of the other parts.
fn used(path: &Path, parts: &Uses) -> BTreeSet<String> {
    let text = fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]\n#[allow").next().unwrap();
    let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let from_outside = matches!(part(path).as_str(), "main" | "commands" | "bin");
    let root = if from_outside { "verify" } else { "crate" };
    let group = Regex::new(&format!(r"\buse {root}::\{{")).unwrap();
    assert!(
        !group.is_match(code),
        "{}: name each part in a `use` of its own",
        path.display()
    );
    let name = Regex::new(&format!(r"\b{root}::(\w+)")).unwrap();
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| name.captures_iter(line))
        .map(|name| name[1].to_owned())
        .filter(|name| parts.contains_key(name) && *name != part(path))
        .collect()
}

/// The source without its tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    text.split("#[cfg(test)]").next().unwrap().to_owned()
}

/// What still looks into a sentence, to find what it names.
const LOOK_INTO_SENTENCES: [&str; 1] = ["src/report/tell/problem.rs"];

#[test]
fn nothing_is_decided_by_the_words_of_a_sentence() {
    let english = Regex::new(r"\.en\b").unwrap();
    let makes_words = |path: &Path| {
        path.starts_with("src/report/words")
            || ["src/report/words.rs", "src/model/text.rs"].contains(&path.to_str().unwrap())
            || path.to_str().unwrap().contains("tests")
    };
    let sources = sources(Path::new("src")).into_iter();
    let found: Vec<String> = sources
        .filter(|path| !makes_words(path) && english.is_match(&code(path)))
        .map(|path| path.display().to_string())
        .collect();
    assert_eq!(found, LOOK_INTO_SENTENCES);
}

#[test]
fn every_part_uses_what_the_document_says_and_nothing_else() {
    let allowed = allowed();
    let mut actual: Uses = BTreeMap::new();
    for path in sources(Path::new("src"))
        .iter()
        .filter(|path| !path.ends_with("src/lib.rs"))
    {
        actual
            .entry(part(path))
            .or_default()
            .extend(used(path, &allowed));
    }
    for (part, uses) in &actual {
        assert_eq!(
            allowed.get(part),
            Some(uses),
            "docs/architecture.md says otherwise about `{part}`"
        );
    }
    assert!(
        allowed.keys().eq(actual.keys()),
        "docs/architecture.md names a part that is gone"
    );
}
