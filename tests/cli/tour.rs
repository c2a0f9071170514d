//! The tour of the manual is real: its note and its commands give what it shows.
//!
//! `SNAPSHOTS=overwrite cargo test --test cli tour` writes what they give today.

use std::fs;
use std::path::Path;

use regex::{Captures, Regex};

use crate::support::{Project, Session};

const TOUR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/tour.md");

/// What a reader of the tour sees: its Python and its times are those of one machine.
fn shown(session: &Session) -> String {
    let text = session.text();
    let (text, _exit) = text.rsplit_once("[exit ").unwrap();
    let text = text
        .replace("[VERSION]", "3.13")
        .replace("[TIME]", "0.12 s");
    let text = text.replace("[stderr]\n", "");
    let recorded = Regex::new(r#"(?m)^python = "3\.\d+"$"#).unwrap();
    recorded.replace(&text, r#"python = "3.13""#).into_owned()
}

/// Runs one command of the tour.
fn typed(project: &Project, command: &str) -> String {
    match command.split_once(' ') {
        None => shown(&project.verify("")),
        Some(("verify", arguments)) if arguments.starts_with("explain") => {
            shown(&project.bare(arguments))
        }
        Some(("verify", arguments)) => shown(&project.verify(arguments)),
        Some(("cat", path)) => shown(&Session {
            code: Some(0),
            out: project.read(path),
            err: String::new(),
        }),
        Some(_) => panic!("the tour types `{command}`"),
    }
}

/// A block of commands with what each of them prints, with a blank line between two of them.
fn answered(project: &Project, block: &str) -> String {
    let commands = block.lines().filter_map(|line| line.strip_prefix("$ "));
    let answers: Vec<String> = commands
        .map(|command| format!("$ {command}\n{}", typed(project, command)))
        .collect();
    answers.join("\n")
}

#[test]
fn the_tour_is_real() {
    let tour = fs::read_to_string(Path::new(TOUR)).unwrap();
    let note = Regex::new(r"(?s)\n````markdown\n(.*?\n)````\n").unwrap();
    let note = note.captures(&tour).unwrap()[1].to_owned();
    let project = Project::new().file("notes/grades.md", note);
    let block = Regex::new(r"(?s)\n(?:````console\n(.*?\n)````|```console\n(.*?\n)```)\n").unwrap();
    let today = block.replace_all(&tour, |found: &Captures<'_>| {
        let block = found.get(1).or(found.get(2)).unwrap();
        let text = answered(&project, block.as_str());
        let fence = if text.contains("```") { "````" } else { "```" };
        format!("\n{fence}console\n{text}{fence}\n")
    });
    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
        return fs::write(TOUR, today.as_bytes()).unwrap();
    }
    assert_eq!(tour, today);
}
