//! Lines by which a site generator puts a part of another file into a block.
//!
//! Snippets of `PyMdown` (`--8<-- "app.py:setup"`), `markdown-include` (`{!> app.py !}`) and mdBook
//! (`{{#include app.py:setup}}`). A file is looked for where these tools look, and never
//! outside of the project: no name and no link leads out of it.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

use super::language::{Tagged, tagged};
use super::markdown::tag_word;
use crate::files;
use crate::model::{Block, Included};

/// A larger file is not included.
const MOST: usize = 1 << 20;

/// A line that includes a file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Include {
    file: String,
    part: Part,
}

/// What of a file is included.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    All,
    /// From one line to another, 1-based and inclusive.
    Lines(usize, usize),
    /// Between two marks with this name.
    Section(String),
}

/// Finds what the blocks of the note at `file`, which reports call `shown`, include.
pub fn resolve(blocks: &mut [Block], file: &Path, shown: &str) {
    for block in blocks.iter_mut() {
        let may_include = ["--8<--", "{!", "{{#"]
            .iter()
            .any(|mark| block.text.contains(mark));
        if !may_include || tagged(&tag_word(&block.info)) != Tagged::Python {
            continue;
        }
        let lines = block.text.lines().enumerate();
        let found = lines.filter_map(|(line, text)| Some((line, include(text)?)));
        block.included = found
            .map(|(line, include)| Included {
                line,
                text: text_of(&include, file, shown),
                file: include.file,
            })
            .collect();
    }
}

/// True for a line that a site generator fills in with what only it knows.
pub fn is_filled_in(line: &str) -> bool {
    FILLED_IN.is_match(line)
}

/// What a line includes.
fn include(line: &str) -> Option<Include> {
    let mut found = [&*SNIPPET, &*MARKDOWN_INCLUDE, &*MDBOOK].into_iter();
    let named = found.find_map(|pattern| pattern.captures(line))?;
    let (file, part) = split(named.get(1)?.as_str().trim());
    Some(Include {
        file: file.to_owned(),
        part,
    })
}

/// A file and what of it is meant: `app.py`, `app.py:setup`, `app.py:3:7`.
fn split(text: &str) -> (&str, Part) {
    let Some((file, part)) = text.split_once(':') else {
        return (text, Part::All);
    };
    let (first, last) = part.split_once(':').unwrap_or((part, part));
    let number = |text: &str, open: usize| match text {
        "" => Some(open),
        text => text.parse().ok(),
    };
    match (number(first, 1), number(last, usize::MAX)) {
        (Some(first), Some(last)) => (file, Part::Lines(first, last)),
        _ => (file, Part::Section(part.to_owned())),
    }
}

/// The text that is included; none where it is not there.
fn text_of(include: &Include, note: &Path, shown: &str) -> Option<String> {
    let root = root(note, shown)?.canonicalize().ok()?;
    let mut places = places(note, &root).into_iter();
    let path = places.find_map(|place| {
        let path = place.join(&include.file).canonicalize().ok()?;
        (path.starts_with(&root) && path.is_file()).then_some(path)
    })?;
    let bytes = files::read(&path)
        .ok()
        .filter(|bytes| bytes.len() <= MOST)?;
    part_of(&String::from_utf8(bytes).ok()?, &include.part)
}

/// The folder from which reports show paths.
fn root(note: &Path, shown: &str) -> Option<PathBuf> {
    note.ancestors()
        .nth(Path::new(shown).components().count())
        .map(Path::to_path_buf)
}

/// Where the tools look: beside the note, in the folders that `mkdocs.yml` names, in the project.
fn places(note: &Path, root: &Path) -> Vec<PathBuf> {
    let mut places: Vec<PathBuf> = note.parent().map(Path::to_path_buf).into_iter().collect();
    for folder in note.ancestors().skip(1) {
        let mut settings = ["mkdocs.yml", "mkdocs.yaml"].iter();
        let settings = settings.find_map(|name| files::read(&folder.join(name)).ok());
        if let Some(text) = settings.and_then(|bytes| String::from_utf8(bytes).ok()) {
            places.extend(folders_of(&text).into_iter().map(|name| folder.join(name)));
            places.push(folder.to_path_buf());
        }
        if folder.canonicalize().is_ok_and(|folder| folder == *root) {
            places.push(folder.to_path_buf());
            break;
        }
    }
    places
}

/// The folders that `mkdocs.yml` names as that of the notes and as those of what they include.
fn folders_of(settings: &str) -> Vec<String> {
    let unquoted = |text: &str| text.trim().trim_matches(['"', '\'']).to_owned();
    let mut folders = Vec::new();
    let mut is_list = false;
    for line in settings.lines() {
        let text = line.trim();
        if let Some(item) = text.strip_prefix("- ").filter(|_| is_list) {
            folders.push(unquoted(item));
            continue;
        }
        is_list = false;
        for key in ["docs_dir:", "base_path:"] {
            let Some(value) = text.trim_start_matches("- ").strip_prefix(key) else {
                continue;
            };
            let value = value.trim().trim_matches(['[', ']']);
            is_list = value.is_empty();
            folders.extend(
                value
                    .split(',')
                    .map(unquoted)
                    .filter(|name| !name.is_empty()),
            );
        }
    }
    if !settings.contains("docs_dir:") {
        folders.push("docs".to_owned());
    }
    folders
}

/// What of a file is meant; none where it has no such part. Marks of sections are no code of it.
fn part_of(text: &str, part: &Part) -> Option<String> {
    let is_mark = |line: &&str| MARK.is_match(line);
    let lines: Vec<&str> = match part {
        Part::All => text.lines().filter(|line| !is_mark(line)).collect(),
        Part::Lines(first, last) => {
            let count = last.saturating_sub(first.saturating_sub(1));
            text.lines()
                .skip(first.saturating_sub(1))
                .take(count)
                .collect()
        }
        Part::Section(name) => {
            let is = |line: &str, edge: &str| {
                MARK.captures(line).is_some_and(|found| {
                    let begins = found.get(1).or(found.get(3)).map(|edge| edge.as_str());
                    let named = found.get(2).or(found.get(4)).map(|name| name.as_str());
                    begins.is_some_and(|begins| begins.eq_ignore_ascii_case(edge))
                        && named == Some(name)
                })
            };
            let starts = |line: &str| is(line, "start") || is(line, "anchor");
            let ends = |line: &str| is(line, "end") || is(line, "anchor_end");
            let mut behind = text.lines().skip_while(|line| !starts(line));
            behind.next()?;
            behind
                .take_while(|line| !ends(line))
                .filter(|line| !is_mark(line))
                .collect()
        }
    };
    (!lines.is_empty()).then(|| super::language::dedent(&(lines.join("\n") + "\n")))
}

#[expect(
    clippy::expect_used,
    reason = "the patterns are fixed, and the tests use each one"
)]
fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}

static SNIPPET: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"^\s*-+8<-+\s+["']([^"']+)["']\s*(?:#.*)?$"#));
static MARKDOWN_INCLUDE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\s*\{!>?\s*([^!{}\s][^!{}]*?)\s*!\}\s*$"));
static MDBOOK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^\s*\{\{\s*#(?:include|rustdoc_include|playground)\s+([^{}\s]+)[^{}]*\}\}\s*$")
});
static MARK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:-+8<-+\s*\[\s*(?i:(start|end))\s*:\s*([\w.-]+)\s*\]|\b(ANCHOR(?:_END)?):\s*([\w.-]+))",
    )
});
static FILLED_IN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\s*(?:\{\{[^{}#]*\}\}|\{%[^{}]*%\})\s*$"));

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;

    use super::*;
    use crate::notes::markdown;

    fn of(line: &str) -> Option<(String, Part)> {
        include(line).map(|include| (include.file, include.part))
    }

    #[test]
    fn each_tool_has_its_own_line() {
        let section = |name: &str| Part::Section(name.to_owned());
        for (line, file, part) in [
            ("--8<-- \"a/app.py\"", "a/app.py", Part::All),
            ("    --8<-- 'app.py:setup'", "app.py", section("setup")),
            ("--8<-- \"app.py:3:7\"", "app.py", Part::Lines(3, 7)),
            ("--8<-- \"app.py::7\"", "app.py", Part::Lines(1, 7)),
            ("{! ../app.py !}", "../app.py", Part::All),
            ("{!> app.py!}", "app.py", Part::All),
            ("{{#include app.py:setup}}", "app.py", section("setup")),
            (
                "{{#rustdoc_include app.py:2:}}",
                "app.py",
                Part::Lines(2, usize::MAX),
            ),
        ] {
            assert_eq!(of(line), Some((file.to_owned(), part)), "{line}");
        }
        for line in [
            "x = {'!': 1}",
            "--8<--",
            "print('--8<-- \"a\"')",
            "{{ code }}",
            "{!!}",
        ] {
            assert_eq!(of(line), None, "{line}");
        }
        assert!(is_filled_in("{{ code }}") && is_filled_in("  {% include 'a.py' %}"));
        assert!(!is_filled_in("x = {{1}}") && !is_filled_in("{'a': {}}"));
    }

    #[test]
    fn parts_of_a_file() {
        let text =
            "a\n# --8<-- [start:x]\n    b\n# --8<-- [end:x]\n# ANCHOR: y\nc\n# ANCHOR_END: y\n";
        let part = |part| part_of(text, &part);
        assert_eq!(part(Part::All).unwrap(), "a\n    b\nc\n");
        assert_eq!(part(Part::Section("x".into())).unwrap(), "b\n");
        assert_eq!(part(Part::Section("y".into())).unwrap(), "c\n");
        assert_eq!(part(Part::Section("z".into())), None);
        assert_eq!(part(Part::Lines(3, 3)).unwrap(), "b\n");
        assert_eq!(part(Part::Lines(0, usize::MAX)).unwrap().lines().count(), 7);
        assert_eq!(part(Part::Lines(9, 3)), None);
    }

    #[test]
    fn folders_are_those_that_mkdocs_names() {
        let text = "docs_dir: 'site'\nmarkdown_extensions:\n  - pymdownx.snippets:\n      base_path:\n        - a\n        - \"b\"\n";
        assert_eq!(folders_of(text), ["site", "a", "b"]);
        assert_eq!(folders_of("base_path: [a, b]\n"), ["a", "b", "docs"]);
    }

    #[test]
    fn nothing_outside_of_the_project_is_included() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("project");
        fs::create_dir_all(root.join("docs")).unwrap();
        fs::write(folder.path().join("secret.py"), "x = 1\n").unwrap();
        fs::write(root.join("app.py"), "y = 1\n").unwrap();
        std::os::unix::fs::symlink(folder.path().join("secret.py"), root.join("link.py")).unwrap();
        let found = |file: &str| {
            let note = format!("```python\n--8<-- \"{file}\"\n```\n");
            let mut blocks = markdown::blocks(&note).blocks;
            resolve(&mut blocks, &root.join("docs/a.md"), "docs/a.md");
            blocks.remove(0).included.remove(0).text
        };
        assert_eq!(found("app.py").as_deref(), Some("y = 1\n"));
        assert_eq!(found("../app.py").as_deref(), Some("y = 1\n"));
        for outside in ["../../secret.py", "link.py", "/etc/passwd", "gone.py"] {
            assert_eq!(found(outside), None, "{outside}");
        }
    }
}
