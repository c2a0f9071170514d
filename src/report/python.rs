//! The text of `verify python`: which interpreters there are, and which of them
//! can be embedded.
//!
//! Formats what `python::interpreters` found; looks nothing up.

use std::fmt::Write;

use super::text;
use crate::python::interpreters::{FindError, Interpreter, Listed, Unfit};

/// The listing as plain text; the one that a run would use is marked with `*`.
pub fn render(listed: &[Listed]) -> String {
    let rows: Vec<_> = listed.iter().map(Row::new).collect();
    let mut text = table(&rows);
    if rows.iter().any(|row| row.used) {
        text.push_str("\n* is the one that a run uses; `--python` chooses another.\n");
    }
    let fit = |line: &Listed| {
        line.interpreter
            .as_ref()
            .is_ok_and(|found| found.embeddable().is_ok())
    };
    if !listed.iter().any(fit) {
        let intro = if listed.is_empty() {
            "No Python was found"
        } else {
            "\nNone of these can be embedded"
        };
        write!(text, "{intro}. {}", FindError::Nothing.help()).ok();
    }
    text::visible(&text)
}

/// Writing to a string can't fail, so that the results are not looked at.
fn table(rows: &[Row]) -> String {
    let width = |column: fn(&Row) -> &str| {
        rows.iter()
            .map(|row| column(row).chars().count())
            .max()
            .unwrap_or(0)
    };
    let (name, path, source) = (
        width(|row| &row.name),
        width(|row| &row.path),
        width(|row| &row.source),
    );
    rows.iter().fold(String::new(), |mut text, row| {
        let mark = if row.used { '*' } else { ' ' };
        writeln!(
            text,
            "{mark} {:name$}  {:path$}  {:source$}  {}",
            row.name, row.path, row.source, row.fitness
        )
        .ok();
        for command in &row.commands {
            writeln!(text, "      {command}").ok();
        }
        text
    })
}

struct Row {
    used: bool,
    name: String,
    path: String,
    source: String,
    fitness: String,
    commands: Vec<String>,
}

impl Row {
    fn new(line: &Listed) -> Self {
        let (name, fitness, commands) = match &line.interpreter {
            Ok(interpreter) => described(interpreter),
            Err(problem) => (
                "unknown".to_owned(),
                format!("can't be used: {problem}"),
                Vec::new(),
            ),
        };
        let path = text::visible_line(&line.executable.display().to_string());
        Row {
            used: line.used,
            name,
            path,
            source: line.source.to_string(),
            fitness,
            commands,
        }
    }
}

fn described(interpreter: &Interpreter) -> (String, String, Vec<String>) {
    let lock = if interpreter.free_threaded {
        " free-threaded"
    } else {
        ""
    };
    let name = format!(
        "{} {}{lock}",
        interpreter.implementation, interpreter.version_text
    );
    match interpreter.embeddable() {
        Ok(_) => (name, "can be embedded".to_owned(), Vec::new()),
        Err(unfit) => (
            name,
            unfit.message(interpreter),
            commands(unfit, interpreter),
        ),
    }
}

/// Only a missing library can be added; the others are there to stay as they are.
fn commands(unfit: Unfit, interpreter: &Interpreter) -> Vec<String> {
    if unfit != Unfit::NoSharedLibrary {
        return Vec::new();
    }
    let remedies = unfit.remedies(interpreter).into_iter();
    remedies
        .map(|remedy| format!("{}  # {}", remedy.command, remedy.system))
        .collect()
}
