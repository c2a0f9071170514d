//! Where in its line a problem stands: what to underline.
//!
//! Findings and claims know their line only. The place is the first of some
//! texts that the line holds, else the code of the line without its comment,
//! indent and container prefix. Any line number is fine: a line that is not
//! there is shown as an empty one.

use std::ops::Range;

use crate::model::NoteReport;
use crate::report::text;

/// Columns that are underlined at most.
const MOST: usize = 100;

/// The place of a problem, and the line of the code that led to it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The lines of the note, safe to show.
    pub(super) text: String,
    /// The number of the first of them.
    pub(super) first: usize,
    /// What to underline, in bytes of `text`.
    pub(super) primary: Range<usize>,
    /// The line above that it is about, in bytes of `text`.
    pub(super) context: Option<Range<usize>>,
}

/// The excerpt around `line`, with a place that holds one of `wanted` where it can.
/// From `from` on, where given, the note's lines are shown too.
pub(super) fn excerpt(
    note: &NoteReport,
    line: usize,
    wanted: &[String],
    from: Option<usize>,
) -> Excerpt {
    let first = from.filter(|from| *from < line).unwrap_or(line).max(1);
    let shown: Vec<String> = note
        .text
        .split('\n')
        .skip(first - 1)
        .take(line.max(1) - first + 1)
        .map(|line| text::visible_source(line.strip_suffix('\r').unwrap_or(line)))
        .collect();
    let above: usize = shown.iter().rev().skip(1).map(|line| line.len() + 1).sum();
    let last = shown.last().map_or("", String::as_str);
    let place = place(last, wanted);
    let context = shown
        .first()
        .filter(|_| shown.len() > 1)
        .map(|line| code(line));
    Excerpt {
        first,
        primary: above + place.start..above + place.end,
        context,
        text: shown.join("\n"),
    }
}

/// The number of the nearest line above `line`, at most `reach` away, that holds `code`.
pub(super) fn line_above(
    note: &NoteReport,
    line: usize,
    code: &str,
    reach: usize,
) -> Option<usize> {
    let code = code
        .lines()
        .next_back()
        .map(str::trim)
        .filter(|code| !code.is_empty())?;
    let start = line.saturating_sub(reach + 1);
    let lines: Vec<&str> = note
        .text
        .lines()
        .skip(start)
        .take(line.saturating_sub(start + 1))
        .collect();
    let above = lines.iter().rposition(|text| text.contains(code))?;
    Some(start + above + 1)
}

fn place(line: &str, wanted: &[String]) -> Range<usize> {
    let found = wanted
        .iter()
        .find_map(|wanted| find_word(line, &text::visible_source(wanted)));
    let place = found.unwrap_or_else(|| code(line));
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
fn code(line: &str) -> Range<usize> {
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

    #[test]
    fn odd_lines_do_no_harm() {
        let note = NoteReport {
            text: "a\r\nb".to_owned(),
            ..NoteReport::default()
        };
        assert_eq!(excerpt(&note, 1, &[], None).text, "a");
        for line in [0, 2, 3, usize::MAX] {
            let excerpt = excerpt(&note, line, &["b".to_owned()], None);
            assert!(excerpt.text.get(excerpt.primary).is_some());
        }
        assert_eq!(line_above(&note, 0, "a", 3), None);
        assert_eq!(line_above(&note, 2, "a", 3), Some(1));
        assert_eq!(line_above(&note, usize::MAX, "a", 3), None);
    }
}
