//! What is told, decided once: each problem as one value that stands alone, which formats draw.
//!
//! `problem` and `claims` say what has to be said about a block, `place` where it stands. The
//! terminal draws these with the note's own lines; for all other formats each becomes an `Issue`,
//! whose texts are safe to show and of bounded length, and whose places are lines and columns.

mod claims;
pub(in crate::report) mod place;
pub(in crate::report) mod problem;

use std::collections::HashMap;

use self::place::Lined;
use self::problem::{Context, Evidence, Kind, Problem};
use crate::model::{BlockReport, Grade, Lang, NoteReport, Report, Status, Text, Warning};
use crate::report::diff::{self, Line};
use crate::report::style::Styles;
use crate::report::words::{ci as words, summary};
use crate::report::{text, words as common};

/// What the settings are called.
const SETTINGS: &str = "verify.toml";

/// Columns of a title.
pub(in crate::report) const TITLE: usize = 160;
/// Lines of a text within a sentence.
pub(in crate::report) const LINES: usize = 12;
/// Columns of a line of evidence or of a next step.
const COLUMNS: usize = 400;

/// How much a problem matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::report) enum Weight {
    /// It fails the run.
    Error,
    /// It works today.
    Warning,
    /// The author has accepted it.
    Known,
}

/// One thing that is wrong, or known to be.
#[derive(Clone, Debug)]
pub(in crate::report) struct Issue<'a> {
    /// How much it matters.
    pub(in crate::report) weight: Weight,
    /// The cause, or one of [`words::KINDS`].
    pub(in crate::report) rule: String,
    /// What is wrong, on one line.
    pub(in crate::report) title: String,
    /// The file, `""` where it is about none.
    pub(in crate::report) path: &'a str,
    /// Where it stands in the file.
    pub(in crate::report) place: Option<Place>,
    /// The parts of its lines that are marked, in order.
    pub(in crate::report) marks: Vec<Place>,
    /// The lines of the file that it is about, by which it is known again when they move.
    pub(in crate::report) text: String,
    /// What supports it.
    pub(in crate::report) evidence: Vec<Told>,
    /// What to do next.
    pub(in crate::report) helps: Vec<String>,
    /// The language of its texts.
    pub(in crate::report) lang: Lang,
}

/// A part of a file, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line on which it begins.
    pub line: usize,
    /// The character of that line at which it begins.
    pub column: usize,
    /// The line on which it ends.
    pub end_line: usize,
    /// The character of that line behind its last one.
    pub end_column: usize,
}

/// What supports an issue.
#[derive(Clone, Debug)]
pub(in crate::report) enum Told {
    /// Some lines of text.
    Words(String),
    /// What two texts are, and the lines in which they differ.
    Sides(String, Vec<Line>),
}

/// The commands of a block, and the Python that they run under.
pub(in crate::report) struct Commands {
    python: String,
    pub(in crate::report) update: String,
    fix: String,
}

impl Commands {
    /// Those of this block, where `record` is the command that records everything.
    pub(in crate::report) fn new(
        report: &Report,
        note: &NoteReport,
        block: &BlockReport,
        record: &str,
    ) -> Self {
        // What is no snippet is recorded with its note.
        let place = match block.status {
            Some(_) => format!("{}:{}", note.path, block.block.lines.first),
            None => note.path.clone(),
        };
        let place = text::shell_word(&place);
        Self {
            python: problem::minor(&report.python.version),
            update: format!("{record} {place}"),
            fix: common::fix_command(&place),
        }
    }

    /// What the problems of the block need to know.
    pub(in crate::report) fn context(&self, known: bool) -> Context<'_> {
        Context {
            python: &self.python,
            update: &self.update,
            fix: &self.fix,
            known,
        }
    }
}

/// All issues of a report: what is wrong with the run, then those of the notes in their order.
pub(in crate::report) fn all(report: &Report, strict: bool) -> Vec<Issue<'_>> {
    let notes = Lined::notes(report);
    let by_path = by_path(&notes);
    let warnings = report.warnings.iter();
    let warnings = warnings.map(|warning| {
        let note = by_path.get(warning.path.as_str()).copied();
        of_warning(report, note, warning, strict)
    });
    let places = notes.iter().flat_map(|note| {
        let places = note.note.places().into_iter();
        places.flat_map(move |block| of_block(report, note, block, strict))
    });
    let settings = of_settings(report).into_iter();
    settings.chain(warnings).chain(places).collect()
}

/// Notes by their paths.
pub(in crate::report) fn by_path<'a, 'n>(
    notes: &'n [Lined<'a>],
) -> HashMap<&'a str, &'n Lined<'a>> {
    // Of two of one path the first one counts.
    let notes = notes.iter().rev();
    notes.map(|note| (note.note.path.as_str(), note)).collect()
}

/// What of `verify.toml` does not hold, as a warning that fails nothing.
pub(in crate::report) fn distrusted(report: &Report) -> Option<Warning> {
    (!report.distrusted.is_empty()).then(|| Warning {
        path: SETTINGS.to_owned(),
        line: None,
        grade: Grade::Warning,
        message: summary::distrusted(&report.distrusted),
        help: Some(summary::trust_settings()),
    })
}

/// What of `verify.toml` does not hold; it fails nothing, however strict a run is.
fn of_settings(report: &Report) -> Option<Issue<'_>> {
    let warning = distrusted(report)?;
    Some(Issue {
        weight: Weight::Known,
        path: SETTINGS,
        rule: words::OF_THE_RUN.to_owned(),
        title: text::visible_line(warning.message.get(report.lang)),
        place: None,
        marks: Vec::new(),
        text: warning.message.get(Lang::En).to_owned(),
        evidence: Vec::new(),
        helps: warning
            .help
            .iter()
            .map(|help| help_text(help, report.lang))
            .collect(),
        lang: report.lang,
    })
}

/// The issues of one block, in the order of lines.
pub(in crate::report) fn of_block<'a>(
    report: &'a Report,
    note: &Lined<'a>,
    block: &'a BlockReport,
    strict: bool,
) -> Vec<Issue<'a>> {
    let commands = Commands::new(report, note.note, block, common::UPDATE);
    let mut problems = problem::problems(block, commands.context(true));
    let all = problems.len();
    close(&mut problems, all, &commands.update);
    let mut issues: Vec<Issue> = problems
        .iter()
        .map(|problem| from_problem(problem, note, block, strict))
        .collect();
    issues.extend(unfinished(note, block, &commands, strict));
    issues
}

fn from_problem<'a>(
    problem: &Problem,
    lined: &Lined<'a>,
    block: &BlockReport,
    strict: bool,
) -> Issue<'a> {
    let note = lined.note;
    let lang = note.lang;
    let at = placed(lined, &problem.spot);
    let kind = match problem.kind {
        Kind::Claim => words::STALE_CLAIM,
        Kind::Raises => words::RAISES,
        Kind::Output => words::OUTPUT_CHANGED,
        Kind::Unexplained if block.status == Some(Status::Failed) => words::FAILED,
        Kind::Unexplained => words::STALE,
    };
    let rule = problem.rule.as_deref().unwrap_or(kind);
    Issue {
        weight: weight(strict, block, problem),
        rule: text::visible_line(rule),
        title: text::clip(&text::visible_line(problem.title.get(lang)), TITLE),
        path: &note.path,
        place: Some(at.place),
        marks: at.marks,
        text: at.text,
        evidence: problem.notes.iter().map(|note| told(note, lang)).collect(),
        helps: problem
            .helps
            .iter()
            .map(|help| help_text(help, lang))
            .collect(),
        lang,
    }
}

/// How much a problem of a block matters.
pub(in crate::report) fn weight(strict: bool, block: &BlockReport, problem: &Problem) -> Weight {
    if strict {
        Weight::Error
    } else if problem.mild {
        Weight::Warning
    } else if block.known || problem.known {
        Weight::Known
    } else {
        Weight::Error
    }
}

/// Adds to the problems that are shown what is to be said about all of a block: to the last
/// one, and to those that have no other next step.
pub(in crate::report) fn close(problems: &mut [Problem], most: usize, update: &str) {
    let acceptable = problems.iter().filter(|problem| problem.acceptable).count();
    let (shown, left) = problems.split_at_mut(most);
    let last = shown.iter().rposition(|problem| problem.acceptable);
    for (at, problem) in shown.iter_mut().enumerate() {
        if Some(at) == last || problem.acceptable && problem.helps.is_empty() {
            problem.helps.push(common::accept(acceptable, update));
        }
    }
    if let Some(last) = shown.last_mut().filter(|_| !left.is_empty()) {
        let lines: Vec<usize> = left.iter().map(|problem| problem.spot.line).collect();
        last.helps.push(common::more_in_block(left.len(), &lines));
    }
}

/// What is to be said of a snippet that nothing is recorded of, or that was not run to its end.
fn unfinished<'a>(
    lined: &Lined<'a>,
    block: &BlockReport,
    commands: &Commands,
    strict: bool,
) -> Option<Issue<'a>> {
    let note = lined.note;
    let lang = note.lang;
    let (rule, title, help) = match block.status {
        Some(Status::New) => (
            words::NOT_RECORDED,
            words::not_recorded(),
            words::record(&commands.update),
        ),
        None if block.block.language.is_snippet() => {
            (words::NOT_RUN, words::not_run(), words::run_again())
        }
        _ => return None,
    };
    let spot = place::Spot {
        line: block.block.lines.first,
        ..place::Spot::default()
    };
    let at = placed(lined, &spot);
    Some(Issue {
        weight: if block.known && !strict {
            Weight::Known
        } else {
            Weight::Error
        },
        rule: rule.to_owned(),
        title: title.get(lang).to_owned(),
        path: &note.path,
        place: Some(at.place),
        marks: at.marks,
        text: at.text,
        evidence: Vec::new(),
        helps: vec![help_text(&help, lang)],
        lang,
    })
}

fn of_warning<'a>(
    report: &'a Report,
    note: Option<&Lined<'a>>,
    warning: &'a Warning,
    strict: bool,
) -> Issue<'a> {
    let lang = note.map_or(report.lang, |note| note.note.lang);
    let message = warning.message.get(lang);
    let spot = warning.line.map(|line| place::Spot {
        line,
        wanted: problem::quoted(message),
        ..place::Spot::default()
    });
    let found = note.zip(spot).map(|(note, spot)| placed(note, &spot));
    let bare = warning.line.map(|line| Place {
        line: line.max(1),
        column: 1,
        end_line: line.max(1),
        end_column: 1,
    });
    let (place, marks, text) = match found {
        Some(at) => (Some(at.place), at.marks, at.text),
        None => (bare, Vec::new(), warning.message.get(Lang::En).to_owned()),
    };
    Issue {
        weight: if strict || warning.grade != Grade::Warning {
            Weight::Error
        } else {
            Weight::Warning
        },
        rule: words::OF_THE_RUN.to_owned(),
        title: text::clip(&text::visible_line(message), TITLE),
        path: &warning.path,
        place,
        marks,
        text,
        evidence: Vec::new(),
        helps: warning
            .help
            .iter()
            .map(|help| help_text(help, lang))
            .collect(),
        lang,
    }
}

/// Where a spot stands in its note.
struct Placed {
    /// From the first mark to the last.
    place: Place,
    marks: Vec<Place>,
    /// The text of its lines.
    text: String,
}

fn placed(note: &Lined<'_>, spot: &place::Spot) -> Placed {
    let excerpt = note.excerpt(spot);
    let position = |at: usize| {
        let before = excerpt.text.get(..at).unwrap_or_default();
        let lines = before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap_or_default();
        (lines, column.chars().count() + 1)
    };
    let part = |start: usize, end: usize| {
        let ((above, column), (below, end_column)) = (position(start), position(end));
        Place {
            line: excerpt.first.saturating_add(above),
            column,
            end_line: excerpt.first.saturating_add(below),
            end_column,
        }
    };
    let start = excerpt.primary.iter().map(|mark| mark.start).min();
    let end = excerpt.primary.iter().map(|mark| mark.end).max();
    let place = part(start.unwrap_or_default(), end.unwrap_or_default());
    let lines = excerpt.text.split('\n').skip(place.line - excerpt.first);
    let lines: Vec<&str> = lines
        .take(place.end_line - place.line + 1)
        .map(str::trim)
        .collect();
    let marks = excerpt.primary.iter();
    Placed {
        place,
        marks: marks.map(|mark| part(mark.start, mark.end)).collect(),
        text: lines.join("\n"),
    }
}

fn told(evidence: &Evidence, lang: Lang) -> Told {
    let plain = Styles { color: false };
    match evidence {
        Evidence::Words(words) => {
            let lines = text::visible(words.get(lang));
            let lines = lines.lines().map(|line| text::clip(line, COLUMNS));
            let lines = diff::middle_left_out(lines.collect(), LINES, plain, lang);
            Told::Words(lines.join("\n"))
        }
        Evidence::Sides(heading, old, new) => {
            Told::Sides(heading.get(lang).to_owned(), diff::lines(old, new, lang))
        }
    }
}

fn help_text(help: &Text, lang: Lang) -> String {
    let plain = Styles { color: false };
    let lines = text::visible(help.get(lang));
    let lines = lines.lines().map(|line| text::clip(line, COLUMNS));
    diff::middle_left_out(lines.collect(), LINES, plain, lang).join("\n")
}

impl Issue<'_> {
    /// Its title, which says so where it is known.
    pub(in crate::report) fn full_title(&self) -> String {
        match self.weight {
            Weight::Known => common::as_known(&Text::same(self.title.as_str()))
                .get(self.lang)
                .to_owned(),
            _ => self.title.clone(),
        }
    }

    /// What supports it and what to do next, as lines of plain text.
    pub(in crate::report) fn more(&self) -> Vec<String> {
        let evidence = self.evidence.iter().map(|told| match told {
            Told::Words(words) => words.clone(),
            Told::Sides(heading, lines) => {
                let lines: Vec<String> = lines.iter().map(Line::plain).collect();
                format!("{heading}\n{}", lines.join("\n"))
            }
        });
        let helps = self.helps.iter();
        let helps = helps.map(|help| words::help(help).get(self.lang).to_owned());
        evidence.chain(helps).collect()
    }
}
