//! The text of `verify python`: which interpreters there are, and which of them
//! can be embedded.
//!
//! Formats what `python::interpreters` found; looks nothing up.

use super::text;
use super::words::python as words;
use crate::model::{Lang, Text};
use crate::python::interpreters::{Interpreter, Listed, Remedy, Unfit, install_any};

/// The listing as plain text; the one that a run would use is marked with `*`.
pub fn render(listed: &[Listed], lang: Lang) -> String {
    let rows: Vec<_> = listed.iter().map(|line| Row::new(line, lang)).collect();
    let mut shown = table(&rows);
    if rows.iter().any(|row| row.used) {
        shown.push_str(&format!("\n{}\n", words::used().get(lang)));
    }
    let fit = |line: &Listed| {
        let found = line.interpreter.as_ref();
        found.is_ok_and(|found| found.embeddable().is_ok())
    };
    if !listed.iter().any(fit) {
        if listed.is_empty() {
            shown.push_str(words::none_found().get(lang));
        } else {
            shown.push_str(&format!("\n{}", words::none_fit().get(lang)));
        }
        let commands = install_any();
        let commands = commands.iter().map(command);
        shown.push('\n');
        shown.extend(commands.map(|command| format!("  {command}\n")));
    }
    text::visible(&shown)
}

fn table(rows: &[Row]) -> String {
    let width = |column: fn(&Row) -> &str| rows.iter().map(|row| text::width(column(row))).max();
    let width = |column| width(column).unwrap_or_default();
    let (name, path, source) = (
        width(|row| &row.name),
        width(|row| &row.path),
        width(|row| &row.source),
    );
    let mut shown = String::new();
    for row in rows {
        let mark = if row.used { '*' } else { ' ' };
        let name = text::pad(&row.name, name);
        let path = text::pad(&row.path, path);
        let source = text::pad(&row.source, source);
        shown.push_str(&format!(
            "{mark} {name}  {path}  {source}  {}\n",
            row.fitness
        ));
        for command in &row.commands {
            shown.push_str(&format!("      {command}\n"));
        }
    }
    shown
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
    fn new(line: &Listed, lang: Lang) -> Self {
        let (name, fitness, commands) = match &line.interpreter {
            Ok(interpreter) => described(interpreter, lang),
            Err(problem) => {
                let fitness = words::unusable(problem);
                (words::unknown(), fitness, Vec::new())
            }
        };
        Row {
            used: line.used,
            name: name.get(lang).to_owned(),
            path: text::visible_line(&line.executable.display().to_string()),
            source: words::source(line.source).get(lang).to_owned(),
            fitness: fitness.get(lang).to_owned(),
            commands,
        }
    }
}

fn described(interpreter: &Interpreter, lang: Lang) -> (Text, Text, Vec<String>) {
    let free_threaded = words::free_threaded();
    let lock = if interpreter.free_threaded {
        format!(" {}", free_threaded.get(lang))
    } else {
        String::new()
    };
    let name = format!(
        "{} {}{lock}",
        interpreter.implementation, interpreter.version_text
    );
    let (fitness, commands) = match interpreter.embeddable() {
        Ok(_) => (words::fit(), Vec::new()),
        Err(unfit) => (unfit.message(interpreter), commands(unfit, interpreter)),
    };
    (Text::same(name), fitness, commands)
}

/// Only a missing library can be added; the others are there to stay as they are.
fn commands(unfit: Unfit, interpreter: &Interpreter) -> Vec<String> {
    if unfit != Unfit::NoSharedLibrary {
        return Vec::new();
    }
    unfit.remedies(interpreter).iter().map(command).collect()
}

fn command(remedy: &Remedy) -> String {
    format!("{}  # {}", remedy.command, remedy.system)
}
