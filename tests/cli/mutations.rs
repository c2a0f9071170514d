//! Claims that hold are changed, one at a time, and every change has to be found.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;
use verify::model::{Claim, Note, Says};
use verify::notes::{claims, markdown};

use crate::support::{Project, oldest_and_newest};

/// How many of a hundred changed claims may go unseen.
const UNSEEN: usize = 1;

/// One note with one changed claim.
struct Mutant {
    path: String,
    lines: (usize, usize),
    told: String,
}

#[test]
fn changed_claims_of_the_corpus_are_found() {
    every_change_is_found("tests/claims");
}

#[test]
fn changed_claims_of_our_notes_are_found() {
    every_change_is_found("notes");
}

fn every_change_is_found(folder: &str) {
    let mut project = Project::under(oldest_and_newest()[1]);
    let notes = notes(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    for (name, text) in &notes {
        project = project.file(&format!("notes/{name}.md"), text);
    }
    let report = project.verify("--format json").json();
    let mutated = Project::under(oldest_and_newest()[1]);
    let mut mutants = Vec::new();
    for (name, text) in &notes {
        let path = format!("notes/{name}.md");
        let blocks = blocks_of(&report, &path);
        for (claim, shown) in holding(text, blocks) {
            let Some((changed, told)) = change(text, &claim) else {
                continue;
            };
            let path = format!("notes/{name}-{}.md", mutants.len());
            mutated.write(&path, changed);
            mutants.push(Mutant {
                path,
                lines: (claim.lines.first, claim.lines.last),
                told: format!("{name}:{} ({shown}) {told}", claim.lines.first),
            });
        }
    }
    let report = mutated.verify("--format json").json();
    let unseen: Vec<&str> = mutants
        .iter()
        .filter(|mutant| !is_found(blocks_of(&report, &mutant.path), mutant.lines))
        .map(|mutant| mutant.told.as_str())
        .collect();
    assert!(mutants.len() > 20, "{} claims were changed", mutants.len());
    assert!(
        unseen.len() * 100 <= mutants.len() * UNSEEN,
        "{} of {} changed claims were not found:\n{}",
        unseen.len(),
        mutants.len(),
        unseen.join("\n")
    );
    eprintln!(
        "{folder}: {} of {} changed claims were not found",
        unseen.len(),
        mutants.len()
    );
}

fn notes(folder: &Path) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect();
    found.sort();
    found
}

fn blocks_of<'r>(report: &'r Value, path: &str) -> &'r [Value] {
    let notes = report["notes"].as_array().unwrap();
    let note = notes.iter().find(|note| note["path"] == path).unwrap();
    note["blocks"].as_array().unwrap()
}

/// The claims that hold and say more than a shape, with their forms.
fn holding(text: &str, blocks: &[Value]) -> Vec<(Claim, String)> {
    let note = Note {
        text: text.to_owned(),
        blocks: markdown::blocks(text).blocks,
        ..Note::default()
    };
    let mut found = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        let reported = block["claims"].as_array().unwrap();
        let reading = claims::read(&note, at, block["language"] == "pycon");
        for claim in reading.claims {
            let holds = reported.iter().all(|reported| {
                let line = usize::try_from(reported["line"].as_u64().unwrap()).unwrap();
                !(claim.lines.first..=claim.lines.last).contains(&line)
                    || (reported["verdict"] == "holds" && reported["as"] != "volatile")
            });
            let known = reported
                .iter()
                .any(|reported| reported["line"] == claim.lines.first);
            if holds && known && !claim.bytes.is_empty() {
                let shown = claim.form.as_str().to_owned();
                found.push((claim, shown));
            }
        }
    }
    found
}

/// The note with another value in the claim, and what was changed.
fn change(text: &str, claim: &Claim) -> Option<(String, String)> {
    for bytes in claim.bytes.iter().rev() {
        let old = &text[bytes.clone()];
        let new = match &claim.says {
            Says::Type(_) => Some(if old == "str" { "int" } else { "str" }.to_owned()),
            Says::Nothing => None,
            Says::Raises { .. } => old.contains("Error").then(|| {
                if old.contains("KeyError") {
                    old.replace("KeyError", "IndexError")
                } else {
                    renamed(old)
                }
            }),
            Says::Text => other(old),
        };
        if let Some(new) = new.filter(|new| new != old) {
            let mut changed = text.to_owned();
            changed.replace_range(bytes.clone(), &new);
            return Some((changed, format!("{old} → {new}")));
        }
    }
    None
}

fn renamed(error: &str) -> String {
    let at = error.find("Error").unwrap_or_default();
    let begin = error[..at]
        .rfind(|c: char| !c.is_alphanumeric())
        .map_or(0, |at| at + 1);
    format!("{}KeyError{}", &error[..begin], &error[at + 5..])
}

/// The text with its last digit, word of truth, or letter changed.
fn other(text: &str) -> Option<String> {
    for (old, new) in [("True", "False"), ("False", "True"), ("None", "0")] {
        if text.trim() == old {
            return Some(text.replace(old, new));
        }
    }
    let characters: Vec<char> = text.chars().collect();
    let at = characters
        .iter()
        .rposition(char::is_ascii_digit)
        .or_else(|| characters.iter().rposition(|c| c.is_alphabetic()))?;
    let mut changed = String::new();
    for (index, &c) in characters.iter().enumerate() {
        let new = match c {
            _ if index != at => c,
            '0'..='9' => char::from_digit((c.to_digit(10).unwrap() + 5) % 10, 10).unwrap(),
            'x' => 'q',
            _ => 'x',
        };
        write!(changed, "{new}").unwrap();
    }
    Some(changed)
}

/// True where something on these lines is told to be stale.
fn is_found(blocks: &[Value], lines: (usize, usize)) -> bool {
    let on_them = |value: &Value| {
        let line = usize::try_from(value["line"].as_u64().unwrap()).unwrap();
        lines.0 <= line && line <= lines.1
    };
    blocks.iter().any(|block| {
        let mut claims = block["claims"].as_array().unwrap().iter();
        claims.any(|claim| on_them(claim) && claim["verdict"] == "stale")
    })
}
