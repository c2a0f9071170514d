//! The text of a block with its place in the note, so that claims know their bytes.

use std::cell::OnceCell;
use std::ops::Range;
use std::rc::Rc;

use crate::model::{Block, Lines};

/// Lines of a note as a reader of Markdown sees them, without the prefixes of lists and quotes.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    /// The whole note.
    pub note: &'a str,
    /// The lines.
    pub text: &'a str,
    /// The line of the note on which `text` begins, 1-based.
    pub first: usize,
    /// The byte of the note at which that line begins.
    begin: usize,
    /// Its lines, looked for when the first of them is asked for.
    lines: Rc<OnceCell<Vec<Line>>>,
}

/// A line without its end: its bytes in the text and in the note.
#[derive(Clone, Debug)]
struct Line {
    text: Range<usize>,
    raw: Range<usize>,
}

impl<'a> Source<'a> {
    /// `text`, which begins on line `first` of `note`.
    pub fn new(note: &'a str, text: &'a str, first: usize) -> Self {
        let above = note.split_inclusive('\n').take(first.saturating_sub(1));
        Self {
            note,
            text,
            first,
            begin: above.map(str::len).sum(),
            lines: Rc::default(),
        }
    }

    /// The content of `block`, a block of `note`.
    pub fn of(note: &'a str, block: &'a Block) -> Self {
        let above = note.get(..block.bytes.start).unwrap_or_default();
        Self {
            note,
            text: &block.text,
            first: block.lines.first,
            begin: above.rfind('\n').map_or(0, |end| end + 1),
            lines: Rc::default(),
        }
    }

    /// The same lines with other text in them, such as without their prompts.
    pub fn with_text<'b>(&self, text: &'b str) -> Source<'b>
    where
        'a: 'b,
    {
        Source {
            note: self.note,
            text,
            first: self.first,
            begin: self.begin,
            lines: Rc::default(),
        }
    }

    /// The line of the note for line `at` of the text, which is counted from 0.
    pub fn line(&self, at: usize) -> usize {
        self.first + at
    }

    /// The lines of the note for lines `from` to `to` of the text, both counted from 0 and inclusive.
    pub fn lines(&self, from: usize, to: usize) -> Lines {
        Lines {
            first: self.line(from),
            last: self.line(to),
        }
    }

    /// The bytes of the note for bytes `columns` of line `at` of the text. `None` where the note's
    /// line does not end as the text's does, as with a tab that is half prefix, half content.
    /// White space at the begin of the text's line may stand for as many bytes of anything.
    pub fn bytes(&self, at: usize, columns: Range<usize>) -> Option<Range<usize>> {
        let place = self.lines.get_or_init(|| self.side_by_side()).get(at)?;
        let (line, raw) = (
            &self.text[place.text.clone()],
            &self.note[place.raw.clone()],
        );
        let content = line.trim_start();
        let prefix = raw.strip_suffix(content)?.len();
        let offset = place.raw.start + prefix.checked_sub(line.len() - content.len())?;
        (columns.start <= columns.end && columns.end <= line.len())
            .then(|| offset + columns.start..offset + columns.end)
    }

    fn side_by_side(&self) -> Vec<Line> {
        let text = places(self.text, 0);
        let raw = places(self.note, self.begin);
        text.zip(raw)
            .map(|(text, raw)| Line { text, raw })
            .collect()
    }
}

/// Where the lines of `text` stand from byte `begin` on, without their ends.
fn places(text: &str, begin: usize) -> impl Iterator<Item = Range<usize>> {
    let mut end = begin;
    let lines = text.get(begin..).unwrap_or_default().split_inclusive('\n');
    lines.map(move |line| {
        let start = end;
        end += line.len();
        let line = line.strip_suffix('\n').unwrap_or(line);
        start..start + line.strip_suffix('\r').unwrap_or(line).len()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_a_block_are_found_behind_prefixes_and_before_any_line_end() {
        let note = "> ```\r\n> 1 + 1\r\n> 二\r\n> ```\r\n";
        let source = Source::new(note, "1 + 1\n二\n", 2);
        let found = |at, columns| source.bytes(at, columns).map(|bytes| &note[bytes]);
        assert_eq!(found(0, 4..5), Some("1"));
        assert_eq!(found(1, 0..3), Some("二"));
        assert_eq!(found(1, 0..4), None);
        assert_eq!(found(2, 0..0), None);
    }
}
