//! The report for people, in the manner of rustc.
//!
//! From top to bottom: what is to be said about the run, every problem in the
//! order of the notes, what is not recorded yet, what was skipped, and two lines
//! with the counts of claims and snippets. It only shows; what counts as a problem stands in the model.

mod coverage;
mod draw;
pub(super) mod review;
mod summary;
#[cfg(test)]
mod tests;

use self::draw::Pen;
use super::diff;
use super::style::Styles;
use super::tell::place::Lined;
use super::tell::problem::{self, Problem};
use super::tell::{Commands, Weight, by_path, close, weight};
use crate::model::{BlockReport, Lang, NoteReport, Report, Status};

/// Problems of one block that are shown unless everything is asked for.
const PROBLEMS: usize = 5;

/// How the report is to look.
#[derive(Clone, Debug)]
pub struct Options {
    /// With colours.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// How much to say.
    pub verbosity: Verbosity,
    /// Known problems and warnings fail the run, so they are shown as problems.
    pub strict: bool,
    /// The command that records, such as `verify --update`.
    pub update_hint: String,
}

/// How much to say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verbosity {
    /// Problems, and nothing at all where there are none.
    Quiet,
    /// Problems, warnings and counts.
    #[default]
    Normal,
    /// Also what is known, what was skipped, what new snippets print, and how claims hold.
    Verbose,
}

/// The whole report as text, `""` where there is nothing to say.
pub fn render(report: &Report, options: &Options) -> String {
    let terminal = Terminal {
        report,
        options,
        pen: Pen {
            styles: Styles {
                color: options.color,
            },
            width: options.width,
        },
    };
    let notes = Lined::notes(report);
    let mut parts = Vec::new();
    if options.verbosity != Verbosity::Quiet {
        parts.extend(terminal.containment());
        parts.extend(terminal.distrusted());
        parts.extend(terminal.warnings(&notes));
    }
    for note in &notes {
        for block in note.note.places() {
            parts.extend(terminal.block(note, block));
        }
    }
    parts.extend(terminal.new_snippets());
    if options.verbosity != Verbosity::Quiet {
        parts.extend(terminal.skipped());
    }
    if options.verbosity == Verbosity::Verbose {
        parts.extend(terminal.with_care());
    }
    if options.verbosity != Verbosity::Quiet {
        parts.push(terminal.counts());
    }
    parts.join("\n")
}

/// Two texts line by line, as the report shows differences.
pub(super) fn sides(old: &str, new: &str, color: bool, lang: Lang) -> Vec<String> {
    if old == new {
        Vec::new()
    } else {
        let lines = diff::lines(old, new, lang);
        let styles = Styles { color };
        lines.iter().map(|line| line.painted(styles)).collect()
    }
}

/// What every part of the report needs.
struct Terminal<'a> {
    report: &'a Report,
    options: &'a Options,
    pen: Pen,
}

impl Terminal<'_> {
    fn is(&self, verbosity: Verbosity) -> bool {
        self.options.verbosity == verbosity
    }

    fn warnings(&self, notes: &[Lined<'_>]) -> Vec<String> {
        let by_path = by_path(notes);
        let warnings = self.report.warnings.iter();
        warnings
            .map(|warning| {
                let note = by_path.get(warning.path.as_str()).copied();
                self.pen.warning(warning, note, self.report.lang)
            })
            .collect()
    }

    /// Every problem of a block that is to be shown.
    fn block(&self, note: &Lined<'_>, block: &BlockReport) -> Vec<String> {
        let known = self.options.strict || self.is(Verbosity::Verbose);
        let nothing = block.status.is_none() && block.findings.is_empty();
        if nothing || block.known && !known {
            return Vec::new();
        }
        let commands = Commands::new(self.report, note.note, block, &self.options.update_hint);
        let mut problems = problem::problems(block, commands.context(known));
        problems.retain(|problem| {
            self.weight(block, problem) != Weight::Warning || !self.is(Verbosity::Quiet)
        });
        let most = match self.options.verbosity {
            Verbosity::Verbose => problems.len(),
            _ => problems.len().min(PROBLEMS),
        };
        close(&mut problems, most, &commands.update);
        let shown = problems.iter().take(most);
        shown
            .map(|problem| self.pen.problem(problem, note, self.weight(block, problem)))
            .collect()
    }

    fn weight(&self, block: &BlockReport, problem: &Problem) -> Weight {
        weight(self.options.strict, block, problem)
    }

    /// Every block with a status, with its note.
    fn with_status(&self, status: Status) -> impl Iterator<Item = (&NoteReport, &BlockReport)> {
        let notes = self.report.notes.iter();
        let blocks = notes.flat_map(|note| note.blocks.iter().map(move |block| (note, block)));
        blocks.filter(move |(_, block)| block.status == Some(status))
    }
}
