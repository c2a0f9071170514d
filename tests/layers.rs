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
