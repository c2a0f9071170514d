//! What is read in notes of every form, and what becomes of it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use snapbox::Data;

use crate::support::{Project, oldest_and_newest};

/// Each note in `tests/claims` has a text file beside it with its claims, a line each.
#[test]
fn every_form_is_read_and_compared_as_reviewed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/claims");
    let mut notes: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    notes.sort();
    let mut project = Project::under(oldest_and_newest()[1]);
    for note in &notes {
        let name = note.file_name().unwrap().to_str().unwrap();
        project = project.file(name, fs::read(note).unwrap());
    }
    let report = project.verify("--format json .").json();
    let reported = report["notes"].as_array().unwrap();
    assert_eq!(reported.len(), notes.len());
    for (path, note) in notes.iter().zip(reported) {
        let shown = shown(note);
        snapbox::Assert::new().action_env("SNAPSHOTS").eq(
            shown,
            Data::read_from(&path.with_extension("txt"), None).raw(),
        );
    }
}

fn shown(note: &serde_json::Value) -> String {
    let mut shown = String::new();
    let blocks = note["blocks"].as_array().unwrap();
    for claim in blocks
        .iter()
        .flat_map(|block| block["claims"].as_array().unwrap())
    {
        let text = |field: &str| claim[field].as_str().unwrap_or_default().replace('\n', "⏎");
        writeln!(
            shown,
            "{} {} {} {}: {} → {}{}",
            claim["line"],
            text("form"),
            text("verdict"),
            text("as"),
            text("source"),
            text("claimed"),
            match text("verdict").as_str() {
                "holds" => String::new(),
                _ => format!(" | {}", text("actual")),
            }
        )
        .unwrap();
    }
    shown
}
