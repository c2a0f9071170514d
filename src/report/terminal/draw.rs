//! One problem in the manner of rustc: title, place, the note's own lines, evidence, next step.
//!
//! Everything that comes from notes or snippets is made safe to show here, as the
//! last step before it is drawn.

use annotate_snippets::{AnnotationKind, Element, Level, Origin, Snippet};

use crate::model::{Grade, Lang, Text, Warning};
use crate::report::diff;
use crate::report::style::Styles;
use crate::report::tell::place::{Excerpt, Lined, Spot};
use crate::report::tell::problem::{self, Evidence, Problem};
use crate::report::tell::{LINES, TITLE, Weight};
use crate::report::{text, words};

/// How to draw.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pen {
    /// The colours.
    pub(super) styles: Styles,
    /// Columns of the terminal.
    pub(super) width: usize,
}

impl Pen {
    /// A problem of a note, with a line end.
    pub(super) fn problem(self, problem: &Problem, lined: &Lined<'_>, weight: Weight) -> String {
        let note = lined.note;
        let lang = note.lang;
        let (level, label, title) = match weight {
            Weight::Error => (Level::ERROR, words::error(), problem.title.clone()),
            Weight::Warning => (Level::WARNING, words::warning(), problem.title.clone()),
            Weight::Known => (Level::NOTE, words::note(), words::as_known(&problem.title)),
        };
        let mut heading = labelled(level, &label, lang).primary_title(title_line(title.get(lang)));
        if let Some(rule) = &problem.rule {
            heading = heading.id(text::visible_line(rule));
        }
        let excerpt = lined.excerpt(&problem.spot);
        let notes = problem.notes.iter().map(|note| self.evidence(note, lang));
        let group = heading
            .element(snippet(excerpt, &note.path))
            .elements(notes.map(|note| labelled(Level::NOTE, &words::note(), lang).message(note)))
            .elements(problem.helps.iter().map(|help| help_line(help, lang)));
        self.finish(&[group])
    }

    /// Some lines of a note under a title, with a line end.
    pub(super) fn lines(
        self,
        title: &Text,
        lined: &Lined<'_>,
        first: usize,
        last: usize,
    ) -> String {
        let note = lined.note;
        let heading = labelled(Level::ERROR, &words::error(), note.lang)
            .primary_title(title_line(title.get(note.lang)));
        let shown = lined.shown(first, last);
        let source = Snippet::<annotate_snippets::Annotation>::source(shown)
            .line_start(first)
            .fold(false)
            .path(text::visible_line(&note.path));
        self.finish(&[heading.element(source)])
    }

    /// Something about the run as a whole, with a line end.
    pub(super) fn warning(self, warning: &Warning, note: Option<&Lined<'_>>, lang: Lang) -> String {
        let lang = note.map_or(lang, |note| note.note.lang);
        let title = title_line(warning.message.get(lang));
        let (level, word) = match warning.grade {
            Grade::Warning => (Level::WARNING, words::warning()),
            Grade::Error | Grade::Bug => (Level::ERROR, words::error()),
        };
        let heading = labelled(level, &word, lang).primary_title(title);
        let mut elements: Vec<Element> = Vec::new();
        match (note, warning.line) {
            (Some(note), Some(line)) => {
                let spot = Spot {
                    line,
                    wanted: problem::quoted(warning.message.get(lang)),
                    ..Spot::default()
                };
                let excerpt = note.excerpt(&spot);
                elements.push(snippet(excerpt, &note.note.path).into());
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
        elements.extend(warning.help.iter().map(|help| help_line(help, lang).into()));
        self.finish(&[heading.elements(elements)])
    }

    fn finish(self, report: annotate_snippets::Report) -> String {
        let mut drawn = self.styles.renderer(self.width).render(report);
        drawn.push('\n');
        drawn
    }

    fn evidence(self, evidence: &Evidence, lang: Lang) -> String {
        match evidence {
            Evidence::Words(words) => {
                let lines = text::visible(words.get(lang));
                let lines = lines.lines().map(|line| text::clip(line, TITLE));
                diff::middle_left_out(lines.collect(), LINES, self.styles, lang).join("\n")
            }
            Evidence::Sides(heading, old, new) => {
                let mut lines = vec![heading.get(lang).to_owned()];
                let sides = diff::lines(old, new, lang);
                lines.extend(sides.iter().map(|line| line.painted(self.styles)));
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

/// A level under its name in that language.
fn labelled<'a>(level: Level<'a>, name: &Text, lang: Lang) -> Level<'a> {
    level.with_name(name.get(lang).to_owned())
}

fn title_line(title: &str) -> String {
    text::clip(&text::visible_line(title), TITLE)
}

fn help_line<'a>(help: &Text, lang: Lang) -> annotate_snippets::Message<'a> {
    labelled(Level::HELP, &words::help(), lang).message(text::visible(help.get(lang)))
}
