//! Two texts line by line: what goes away with `-`, what comes with `+`.
//!
//! In colour, the words that changed are emphasised. Equal stretches and whatever
//! is too long are left out, with a count. The work is bounded for any input and
//! depends on no clock, so that a report is the same each time.

use anstyle::{Effects, Style};
use similar::{Algorithm, ChangeTag, DiffOp, TextDiff, capture_diff_slices};

use super::style::{ADDED, DIM, REMOVED, Styles};
use crate::model::{Lang, Text};
use crate::report::{text, words};

/// Equal lines kept on each side of a change.
const CONTEXT: usize = 2;
/// Lines of each side that are compared, from the first change on.
const COMPARED: usize = 400;
/// Characters shown of a line.
const COLUMNS: usize = 160;
/// Characters shown before the first change of a long line.
const LEAD: usize = 40;
/// Lines shown of a long diff.
const SHOWN: usize = 32;
/// How alike two lines must be for single words to be emphasised.
const ALIKE: f32 = 0.3;

/// One line of a diff, safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::report) struct Line {
    /// What the line is.
    pub(in crate::report) side: Side,
    /// Its text, each piece with whether it changed within the line.
    pub(in crate::report) pieces: Pieces,
}

/// What a line of a diff is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Side {
    /// On both sides.
    Same,
    /// What goes away.
    Removed,
    /// What comes.
    Added,
    /// A count of what is left out.
    LeftOut,
    /// A sentence in place of a diff.
    Words,
}

/// Pieces of a line, each with whether it changed.
type Pieces = Vec<(bool, String)>;

impl Line {
    fn whole(side: Side, text: &str) -> Self {
        Self {
            side,
            pieces: vec![(false, text.to_owned())],
        }
    }

    /// The line without colours.
    pub(in crate::report) fn plain(&self) -> String {
        self.painted(Styles { color: false })
    }

    /// The line with its sign.
    pub(in crate::report) fn painted(&self, styles: Styles) -> String {
        let text: String = self.pieces.iter().map(|(_, text)| text.as_str()).collect();
        match self.side {
            Side::Same => format!("  {text}").trim_end().to_owned(),
            Side::LeftOut => styles.paint(DIM, &format!("  {text}")),
            Side::Words => text,
            Side::Removed => self.changed("-", REMOVED, styles),
            Side::Added => self.changed("+", ADDED, styles),
        }
    }

    fn changed(&self, sign: &str, style: Style, styles: Styles) -> String {
        if self.pieces.iter().all(|(_, text)| text.is_empty()) {
            return styles.paint(style, sign);
        }
        let mut shown = styles.paint(style, &format!("{sign} "));
        for (changed, piece) in &self.pieces {
            let style = if *changed {
                style.effects(Effects::BOLD | Effects::UNDERLINE)
            } else {
                style
            };
            shown.push_str(&styles.paint(style, piece));
        }
        shown
    }
}

/// The diff as lines, ready to be shown.
pub(in crate::report) fn lines(old: &str, new: &str, lang: Lang) -> Vec<Line> {
    let old: Vec<&str> = old.split_terminator('\n').collect();
    let new: Vec<&str> = new.split_terminator('\n').collect();
    if old == new {
        let words = words::only_line_ends_differ();
        return vec![Line::whole(Side::Words, words.get(lang))];
    }
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old_part, old_rest) = window(&old[same..]);
    let (new_part, new_rest) = window(&new[same..]);

    let mut diff = Diff {
        lines: Vec::new(),
        lang,
    };
    diff.equal(&old[..same]);
    for op in capture_diff_slices(Algorithm::Myers, old_part, new_part) {
        diff.op(&op, old_part, new_part);
    }
    let rest = old_rest.max(new_rest);
    if rest > 0 {
        diff.remark(&words::left_out(rest));
    }
    without_middle(diff.lines, SHOWN, |count| {
        Line::whole(Side::LeftOut, words::left_out(count).get(lang))
    })
}

/// The lines, of which the middle is left out with a count where there are more than `most`.
pub(in crate::report) fn middle_left_out(
    lines: Vec<String>,
    most: usize,
    styles: Styles,
    lang: Lang,
) -> Vec<String> {
    without_middle(lines, most, |count| {
        styles.paint(DIM, &format!("  {}", words::left_out(count).get(lang)))
    })
}

fn without_middle<T>(mut lines: Vec<T>, most: usize, remark: impl Fn(usize) -> T) -> Vec<T> {
    let head = most * 3 / 4;
    if lines.len() > most + 1 {
        let tail = lines.len() - (most - head);
        lines.splice(head..tail, [remark(tail - head)]);
    }
    lines
}

/// The lines that are compared, and how many are not.
fn window<'a, 'b>(lines: &'b [&'a str]) -> (&'b [&'a str], usize) {
    let compared = lines.len().min(COMPARED);
    (&lines[..compared], lines.len() - compared)
}

struct Diff {
    lines: Vec<Line>,
    lang: Lang,
}

impl Diff {
    fn op(&mut self, op: &DiffOp, old: &[&str], new: &[&str]) {
        let (old, new) = (&old[op.old_range()], &new[op.new_range()]);
        if matches!(op, DiffOp::Equal { .. }) {
            self.equal(old);
        } else {
            self.replace(old, new);
        }
    }

    /// Equal lines: those next to a change, and a count for the others.
    fn equal(&mut self, lines: &[&str]) {
        let before = if self.lines.is_empty() { 0 } else { CONTEXT };
        if lines.len() <= before + CONTEXT + 1 {
            return self.context(lines);
        }
        let hidden = before..lines.len() - CONTEXT;
        self.context(&lines[..hidden.start]);
        self.remark(&words::same_lines(hidden.len()));
        self.context(&lines[hidden.end..]);
    }

    fn context(&mut self, lines: &[&str]) {
        let shown = |line: &&str| text::clip(&text::visible_line(line), COLUMNS);
        let lines = lines.iter().map(shown);
        self.lines
            .extend(lines.map(|line| Line::whole(Side::Same, &line)));
    }

    fn remark(&mut self, remark: &Text) {
        self.lines
            .push(Line::whole(Side::LeftOut, remark.get(self.lang)));
    }

    fn replace(&mut self, old: &[&str], new: &[&str]) {
        let (mut removed, mut added) = (Vec::new(), Vec::new());
        for i in 0..old.len().max(new.len()) {
            let (before, after) = pair(old.get(i).copied(), new.get(i).copied());
            removed.extend(before);
            added.extend(after);
        }
        self.lines.append(&mut removed);
        self.lines.append(&mut added);
    }
}

/// A line that goes away and the one that comes in its place.
fn pair(old: Option<&str>, new: Option<&str>) -> (Option<Line>, Option<Line>) {
    let (Some(old), Some(new)) = (old, new) else {
        let whole = |side, line: &str| shown(side, &[(false, cut(line, 0))]);
        return (
            old.map(|line| whole(Side::Removed, line)),
            new.map(|line| whole(Side::Added, line)),
        );
    };
    let same = old.chars().zip(new.chars()).take_while(|(a, b)| a == b);
    let start = same.count().saturating_sub(LEAD);
    let (old, new) = (cut(old, start), cut(new, start));
    let (before, after) = changed_words(&old, &new);
    (
        Some(shown(Side::Removed, &before)),
        Some(shown(Side::Added, &after)),
    )
}

fn changed_words(old: &str, new: &str) -> (Pieces, Pieces) {
    let diff = TextDiff::from_unicode_words(old, new);
    if diff.ratio() < ALIKE {
        return (vec![(false, old.to_owned())], vec![(false, new.to_owned())]);
    }
    let (mut before, mut after) = (Pieces::new(), Pieces::new());
    for change in diff.iter_all_changes() {
        let piece = change.value();
        match change.tag() {
            ChangeTag::Equal => {
                push_piece(&mut before, false, piece);
                push_piece(&mut after, false, piece);
            }
            ChangeTag::Delete => push_piece(&mut before, true, piece),
            ChangeTag::Insert => push_piece(&mut after, true, piece),
        }
    }
    (before, after)
}

/// Adds a piece, to the last one where that is of its kind.
fn push_piece(pieces: &mut Pieces, changed: bool, piece: &str) {
    match pieces.last_mut() {
        Some((kind, last)) if *kind == changed => last.push_str(piece),
        _ => pieces.push((changed, piece.to_owned())),
    }
}

/// One side of a changed line. Blanks at its end are shown.
fn shown(side: Side, pieces: &[(bool, String)]) -> Line {
    let line: String = pieces.iter().map(|(_, piece)| piece.as_str()).collect();
    let mut left = line.trim_end_matches(' ').len();
    let shown = |(changed, piece): &(bool, String)| {
        let (solid, blank) = piece.split_at(left.min(piece.len()));
        left -= solid.len();
        let piece = format!("{}{}", text::visible_line(solid), "·".repeat(blank.len()));
        (*changed, piece)
    };
    Line {
        side,
        pieces: pieces.iter().map(shown).collect(),
    }
}

/// The line from a character on, as far as it is shown, with `…` where it was cut.
fn cut(line: &str, start: usize) -> String {
    let length = line.chars().count();
    if length <= COLUMNS {
        return line.to_owned();
    }
    let part: String = line.chars().skip(start).take(COLUMNS).collect();
    let before = if start > 0 { "…" } else { "" };
    let after = if start + COLUMNS < length { "…" } else { "" };
    format!("{before}{part}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain_lines(old: &str, new: &str) -> Vec<String> {
        let lines = lines(old, new, Lang::En);
        lines.iter().map(Line::plain).collect()
    }

    fn plain(old: &str, new: &str) -> String {
        plain_lines(old, new).join("\n")
    }

    fn sides(old: &str, new: &str, styles: Styles) -> String {
        let lines = lines(old, new, Lang::En);
        let lines: Vec<_> = lines.iter().map(|line| line.painted(styles)).collect();
        lines.join("\n")
    }

    fn numbered(range: std::ops::Range<usize>) -> String {
        range.map(|i| format!("{i}\n")).collect::<Vec<_>>().concat()
    }

    #[test]
    fn signs_say_what_goes_and_what_comes() {
        assert_eq!(plain("a\nb\nc\n", "a\nB\nc\n"), "  a\n- b\n+ B\n  c");
        assert_eq!(plain("", "x\n\n"), "+ x\n+");
        assert_eq!(plain("数字\n", ""), "- 数字");
    }

    #[test]
    fn blanks_tabs_and_escapes_are_seen() {
        assert_eq!(plain("a  \n", "a\n"), "- a··\n+ a");
        assert_eq!(plain("a\tb\r\n", "\x1b[1m\n"), "- a␉b␍\n+ ␛[1m");
        assert_eq!(plain("a", "a\n"), words::only_line_ends_differ().en);
    }

    #[test]
    fn equal_stretches_are_counted() {
        let (old, new) = (
            numbered(0..20),
            numbered(0..20).replace("9\n10\n", "9\nten\n"),
        );
        assert_eq!(
            plain(&old, &new),
            "  … 8 equal lines …\n  8\n  9\n- 10\n+ ten\n  11\n  12\n  … 5 equal lines …\n  18\n  19"
        );
    }

    #[test]
    fn the_middle_of_a_long_diff_is_left_out() {
        let shown = plain_lines("", &numbered(0..1000));
        assert_eq!(shown.len(), SHOWN + 1);
        assert_eq!(shown[23], "+ 23");
        assert_eq!(shown[24], "  … 369 lines left out …");
        assert_eq!(shown[25], "+ 393");
        assert_eq!(shown[SHOWN], "  … 600 lines left out …");
    }

    #[test]
    fn a_long_line_is_shown_around_its_change() {
        let (old, new) = (
            format!("{}b", "a".repeat(5000)),
            format!("{}c", "a".repeat(5000)),
        );
        let kept = "a".repeat(LEAD);
        assert_eq!(plain(&old, &new), format!("- …{kept}b\n+ …{kept}c"));
    }

    #[test]
    fn colour_emphasises_the_words_that_changed() {
        let styles = Styles { color: true };
        let shown = sides("the old word\n", "the new word\n", styles);
        assert!(
            shown.contains("\x1b[1m\x1b[4m\x1b[91mold\x1b[0m"),
            "{shown:?}"
        );
        assert!(!shown.contains("\x1b[4m\x1b[91mthe"), "{shown:?}");
    }
}
