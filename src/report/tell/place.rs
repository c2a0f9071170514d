//! Where a problem stands: which lines of the note are shown, and what to underline.
//!
//! Claims know their bytes in the note. Findings know their line only: their place is
//! the first of some texts that the line holds, else the code of the line without its
//! comment, indent and container prefix. Any line number and any byte is fine: a line
//! that is not there is shown as an empty one, a byte range that is none is left out.

use std::cell::OnceCell;
use std::ops::Range;

use crate::model::{NoteReport, Report};
use crate::report::text;
use crate::steps;

/// Columns that are underlined at most.
const MOST: usize = 100;

/// Where a problem stands.
#[derive(Debug, Default)]
pub(in crate::report) struct Spot {
    /// The line of the note.
    pub(in crate::report) line: usize,
    /// What to underline, in bytes of the note.
    pub(in crate::report) marks: Vec<Range<usize>>,
    /// What to underline in the line where there are no marks, the best first.
    pub(in crate::report) wanted: Vec<String>,
    /// What belongs to it, in bytes of the note.
    pub(in crate::report) beside: Vec<Range<usize>>,
    /// The line of the code that it is about.
    pub(in crate::report) code: Option<usize>,
}

/// Some lines of a note, safe to show.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::report) struct Excerpt {
    /// The lines.
    pub(in crate::report) text: String,
    /// The number of the first of them.
    pub(in crate::report) first: usize,
    /// What to underline, in bytes of `text`; never empty.
    pub(in crate::report) primary: Vec<Range<usize>>,
    /// What belongs to it, in bytes of `text`.
    pub(in crate::report) context: Vec<Range<usize>>,
}

/// A part of a line: the line's index, and bytes of the line as it is shown.
type Part = (usize, Range<usize>);

/// A note whose lines are found when the first place in it is asked for, once for all of them.
pub(in crate::report) struct Lined<'a> {
    /// The note.
    pub(in crate::report) note: &'a NoteReport,
    lines: OnceCell<Lines<'a>>,
}

impl<'a> Lined<'a> {
    /// A note.
    pub(in crate::report) fn of(note: &'a NoteReport) -> Self {
        Self {
            note,
            lines: OnceCell::new(),
        }
    }

    /// The notes of a report, in their order.
    pub(in crate::report) fn notes(report: &'a Report) -> Vec<Self> {
        report.notes.iter().map(Self::of).collect()
    }

    /// The lines of the note around a spot.
    pub(in crate::report) fn excerpt(&self, spot: &Spot) -> Excerpt {
        excerpt(self.lines(), spot)
    }

    /// These lines of the note, safe to show.
    pub(in crate::report) fn shown(&self, first: usize, last: usize) -> String {
        let lines = self.lines();
        let last = last.min(lines.0.len());
        let shown: Vec<String> = (first.max(1)..=last)
            .map(|line| lines.shown(line - 1))
            .collect();
        shown.join("\n")
    }

    fn lines(&self) -> &Lines<'a> {
        self.lines.get_or_init(|| Lines::of(&self.note.text))
    }
}

fn excerpt(lines: &Lines<'_>, spot: &Spot) -> Excerpt {
    let mut primary: Vec<Part> = spot.marks.iter().filter_map(|m| lines.part(m)).collect();
    if primary.is_empty() {
        let at = spot.line.max(1) - 1;
        primary.push((at, place(&lines.shown(at), &spot.wanted)));
    }
    let is_free = |(line, part): &Part| {
        let apart = |other: &Range<usize>| part.end <= other.start || other.end <= part.start;
        primary.iter().all(|(at, other)| at != line || apart(other))
    };
    let beside = spot.beside.iter().filter_map(|mark| lines.part(mark));
    let mut context: Vec<Part> = beside.filter(is_free).collect();
    let has_none = |line: &usize| {
        let mut marked = primary.iter().chain(&context).map(|(at, _)| at + 1);
        (1..=lines.0.len()).contains(line) && marked.all(|at| at != *line)
    };
    if let Some(line) = spot.code.filter(has_none) {
        context.push((line - 1, code_of(&lines.shown(line - 1))));
    }
    let all = primary.iter().chain(&context).map(|(line, _)| *line);
    let (first, last) = all.fold((usize::MAX, 0), |(first, last), line| {
        (first.min(line), last.max(line))
    });
    lines.excerpt(first, last, &primary, &context)
}

/// The lines of a text without their ends, each with the byte at which it begins.
struct Lines<'a>(Vec<(usize, &'a str)>);

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        steps::take(text.len());
        let mut begin = 0;
        let line = |line: &'a str| {
            let from = begin;
            begin += line.len() + 1;
            (from, line.strip_suffix('\r').unwrap_or(line))
        };
        Self(text.split('\n').map(line).collect())
    }

    /// The line as it is shown.
    fn shown(&self, at: usize) -> String {
        let line = self.0.get(at).map_or("", |(_, line)| line);
        text::visible_source(line)
    }

    /// Where bytes of the text are shown: as far as their first line goes.
    fn part(&self, mark: &Range<usize>) -> Option<Part> {
        let at = self.0.partition_point(|(begin, _)| *begin <= mark.start);
        let at = at.checked_sub(1)?;
        let (begin, line) = self.0.get(at)?;
        let end = mark.end.min(begin + line.len());
        let before = line.get(..mark.start - begin)?;
        let marked = text::visible_source(line.get(mark.start - begin..end.checked_sub(*begin)?)?);
        if marked.is_empty() {
            return None;
        }
        let start = text::visible_source(before).len();
        Some((at, start..start + text::fitting(&marked, MOST).len()))
    }

    fn excerpt(&self, first: usize, last: usize, primary: &[Part], context: &[Part]) -> Excerpt {
        // A line that is not there stands alone.
        let (first, primary, context) = if last < self.0.len() {
            (first, primary, context)
        } else {
            (last, &[(last, 0..0)][..], &[][..])
        };
        let shown: Vec<String> = (first..=last).map(|at| self.shown(at)).collect();
        let moved = |(line, part): &Part| {
            let above = shown.iter().take(line - first);
            let above: usize = above.map(|line| line.len() + 1).sum();
            above + part.start..above + part.end
        };
        Excerpt {
            first: first.saturating_add(1),
            primary: primary.iter().map(moved).collect(),
            context: context.iter().map(moved).collect(),
            text: shown.join("\n"),
        }
    }
}

fn place(line: &str, wanted: &[String]) -> Range<usize> {
    let found = wanted
        .iter()
        .find_map(|wanted| find_word(line, &text::visible_source(wanted)));
    let place = found.unwrap_or_else(|| code_of(line));
    let kept = text::fitting(&line[place.clone()], MOST);
    place.start..place.start + kept.len()
}

/// The last place of a word that does not go on to either side. A claim stands
/// behind the code that it is about, so the last place is the right one.
fn find_word(line: &str, word: &str) -> Option<Range<usize>> {
    if word.trim().is_empty() {
        return None;
    }
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let goes_on = |at: usize| {
        is_word(line[..at].chars().next_back()) && is_word(word.chars().next())
            || is_word(word.chars().next_back()) && is_word(line[at + word.len()..].chars().next())
    };
    line.rmatch_indices(word)
        .find(|(at, _)| !goes_on(*at))
        .map(|(at, _)| at..at + word.len())
}

/// The line without its indent, container prefix, comment and blanks at its end.
fn code_of(line: &str) -> Range<usize> {
    let start = line.len() - line.trim_start_matches([' ', '\t', '>']).len();
    let start = match line[start..].strip_prefix(">>> ") {
        Some(rest) => line.len() - rest.len(),
        None => start,
    };
    let body = &line[start..];
    let comment = body.find("  #").filter(|at| !body[..*at].trim().is_empty());
    let end = start + body[..comment.unwrap_or(body.len())].trim_end().len();
    if start < end {
        start..end
    } else {
        0..line.trim_end().len()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::single_range_in_vec_init)]
mod tests {
    use super::*;

    fn marked(line: &str, wanted: &[&str]) -> String {
        let wanted: Vec<String> = wanted.iter().map(ToString::to_string).collect();
        line[place(line, &wanted)].to_owned()
    }

    #[test]
    fn the_code_of_a_line_is_the_place() {
        assert_eq!(marked("> > print 'x'   ", &[]), "print 'x'");
        assert_eq!(marked("\tprint 'x'  # 输出: x", &[]), "print 'x'");
        assert_eq!(marked(">>> 3 / 2", &[]), "3 / 2");
        assert_eq!(marked("  # all comment", &[]), "# all comment");
        assert_eq!(marked("", &["x"]), "");
        assert_eq!(marked(" > ", &[]), " >");
    }

    #[test]
    fn a_wanted_word_is_found_whole() {
        assert_eq!(place("unicodes(unicode)", &["unicode".to_owned()]), 9..16);
        assert_eq!(place("13 / 3  # 3", &["3".to_owned()]), 10..11);
        assert_eq!(marked("数字 = `x`", &["none", "`x`"]), "`x`");
        assert_eq!(marked("x = 1", &["", "  "]), "x = 1");
    }

    #[test]
    fn long_places_are_cut_between_characters() {
        assert_eq!(marked(&"数".repeat(500), &[]), "数".repeat(MOST / 2));
    }

    fn note(text: &str) -> NoteReport {
        NoteReport {
            text: text.to_owned(),
            ..NoteReport::default()
        }
    }

    fn at(line: usize) -> Spot {
        Spot {
            line,
            ..Spot::default()
        }
    }

    #[test]
    fn bytes_are_found_behind_what_is_shown_otherwise() {
        let text = "\u{feff}一\r\n> \u{202e}x  # 输出: 数字\r\n";
        let start = text.find("数字").unwrap();
        let spot = Spot {
            marks: vec![start..start + "数字".len()],
            code: Some(1),
            ..at(2)
        };
        let found = Lined::of(&note(text)).excerpt(&spot);
        assert_eq!(found.first, 1);
        assert_eq!(&found.text[found.primary[0].clone()], "数字");
        assert_eq!(&found.text[found.context[0].clone()], "\u{fffd}一");
    }

    #[test]
    fn marks_that_are_none_leave_the_line() {
        let reversed = Range { start: 5, end: 2 };
        for mark in [0..0, reversed, 1..2, 90..99, 2..usize::MAX] {
            let spot = Spot {
                marks: vec![mark.clone()],
                beside: vec![mark.clone()],
                code: Some(usize::MAX),
                wanted: vec!["b".to_owned()],
                ..at(2)
            };
            let found = Lined::of(&note("数\nb")).excerpt(&spot);
            assert!(
                found.text.get(found.primary[0].clone()).is_some(),
                "{mark:?}"
            );
        }
    }

    #[test]
    fn what_belongs_to_a_place_stands_beside_it_and_never_in_it() {
        let spot = Spot {
            marks: vec![4..5],
            beside: vec![4..5, 0..1],
            code: Some(1),
            ..at(2)
        };
        let found = Lined::of(&note("a\n..b")).excerpt(&spot);
        assert_eq!(found.primary, vec![4..5]);
        assert_eq!(found.context, vec![0..1]);
    }

    #[test]
    fn a_note_is_taken_apart_once_for_all_its_places() {
        let note = note(&"x = 1\n".repeat(100));
        let lined = Lined::of(&note);
        let steps = steps::of(|| {
            for line in 1..=100 {
                lined.excerpt(&at(line));
            }
        });
        assert_eq!(steps, note.text.len());
    }

    #[test]
    fn odd_lines_do_no_harm() {
        let note = note("a\r\nb");
        let note = Lined::of(&note);
        assert_eq!(note.excerpt(&at(1)).text, "a");
        for line in [0, 2, 3, usize::MAX] {
            let spot = Spot {
                wanted: vec!["b".to_owned()],
                code: Some(1),
                ..at(line)
            };
            let found = note.excerpt(&spot);
            assert!(found.text.get(found.primary[0].clone()).is_some());
            assert!(found.text.len() < 9);
        }
    }
}
