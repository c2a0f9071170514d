//! One problem in the manner of rustc: title, place, the note's own lines, evidence, next step.
//!
//! Everything that comes from notes or snippets is made safe to show here, as the
//! last step before it is drawn.

use annotate_snippets::{AnnotationKind, Element, Level, Origin, Snippet};

use super::diff;
use super::place::{self, Excerpt, Spot};
use super::problem::{Evidence, Problem};
use super::style::Styles;
use crate::model::{NoteReport, Warning};
use crate::report::{text, words};

/// Columns of a title.
const TITLE: usize = 160;
/// Lines of a text within a sentence.
const LINES: usize = 12;

/// How to draw.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pen {
    /// The colours.
    pub(super) styles: Styles,
    /// Columns of the terminal.
    pub(super) width: usize,
}

/// How much a problem matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// It fails the run.
    Error,
    /// It works today.
    Warning,
    /// The author has accepted it.
    Known,
}

impl Pen {
    /// A problem of a note, with a line end.
    pub(super) fn problem(self, problem: &Problem, note: &NoteReport, weight: Weight) -> String {
        let (level, title) = match weight {
            Weight::Error => (Level::ERROR, problem.title.clone()),
            Weight::Warning => (Level::WARNING, problem.title.clone()),
            Weight::Known => (Level::NOTE, words::as_known(&problem.title)),
        };
        let mut heading = level.primary_title(title_line(&title));
        if let Some(rule) = &problem.rule {
            heading = heading.id(text::visible_line(rule));
        }
        let excerpt = place::excerpt(note, &problem.spot);
        let notes = problem.notes.iter().map(|note| self.evidence(note));
        let group = heading
            .element(snippet(excerpt, &note.path))
            .elements(notes.map(|note| Level::NOTE.message(note)))
            .elements(problem.helps.iter().map(|help| help_line(help)));
        self.finish(&[group])
    }

    /// Something about the run as a whole, with a line end.
    pub(super) fn warning(self, warning: &Warning, note: Option<&NoteReport>) -> String {
        let heading = Level::WARNING.primary_title(title_line(&warning.message));
        let mut elements: Vec<Element> = Vec::new();
        match (note, warning.line) {
            (Some(note), Some(line)) => {
                let spot = Spot {
                    line,
                    wanted: super::problem::quoted(&warning.message),
                    ..Spot::default()
                };
                let excerpt = place::excerpt(note, &spot);
                elements.push(snippet(excerpt, &note.path).into());
            }
            _ if warning.path.is_empty() => {}
            (_, line) => {
                let mut origin = Origin::path(text::visible_line(&warning.path));
                if let Some(line) = line {
                    origin = origin.line(line);
                }
                elements.push(origin.into());
            }
        }
        elements.extend(warning.help.iter().map(|help| help_line(help).into()));
        self.finish(&[heading.elements(elements)])
    }

    fn finish(self, report: annotate_snippets::Report) -> String {
        let mut drawn = self.styles.renderer(self.width).render(report);
        drawn.push('\n');
        drawn
    }

    fn evidence(self, evidence: &Evidence) -> String {
        match evidence {
            Evidence::Words(words) => {
                let lines = text::visible(words);
                let lines = lines.lines().map(|line| text::clip(line, TITLE));
                diff::middle_left_out(lines.collect(), LINES, self.styles).join("\n")
            }
            Evidence::Sides(heading, old, new) => {
                let mut lines = vec![heading.clone()];
                lines.extend(diff::lines(old, new, self.styles));
                lines.join("\n")
            }
        }
    }
}

fn snippet<'a>(excerpt: Excerpt, path: &str) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let of = |kind: AnnotationKind, spans: Vec<std::ops::Range<usize>>| {
        spans.into_iter().map(move |span| kind.span(span))
    };
    Snippet::source(excerpt.text)
        .line_start(excerpt.first)
        .path(text::visible_line(path))
        .annotations(of(AnnotationKind::Primary, excerpt.primary))
        .annotations(of(AnnotationKind::Context, excerpt.context))
}

fn title_line(title: &str) -> String {
    text::clip(&text::visible_line(title), TITLE)
}

fn help_line<'a>(help: &str) -> annotate_snippets::Message<'a> {
    Level::HELP.message(text::visible(help))
}
