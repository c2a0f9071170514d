//! The prose around a block, line by line.
//!
//! Knows where each line stands in the note, and nothing of what it says.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern;
use crate::model::{Block, Form, Lines, Note};

/// A line of prose, without quote marks, bullets and white space around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prose<'a> {
    /// Its line in the note, 1-based.
    pub(super) number: usize,
    /// The byte of the note at which `text` begins.
    pub(super) start: usize,
    /// Its text.
    pub(super) text: &'a str,
}

impl Prose<'_> {
    /// The line as lines of the note.
    pub(super) fn lines(&self) -> Lines {
        Lines {
            first: self.number,
            last: self.number,
        }
    }

    /// True for headings, tables, images and rules.
    pub(super) fn is_structure(&self) -> bool {
        self.text.starts_with(['#', '|', '!', '<']) || self.text.starts_with("---")
    }
}

/// How far below a block its paragraph is looked for.
const FARTHEST: usize = 8;

/// The prose between two blocks, or the lines below the last; comments of HTML count as empty.
pub(super) fn between<'n>(note: &'n str, above: &Block, below: Option<&Block>) -> Vec<Prose<'n>> {
    let first = above.lines.last + 1;
    let end = below.map_or(first + FARTHEST, |block| {
        block.lines.first - usize::from(block.form == Form::Fenced && block.lines.first > first)
    });
    let mut lines = numbered(note, Some(above), first, end);
    if above.form == Form::Fenced && lines.first().is_some_and(|line| is_fence(line.text)) {
        lines.remove(0);
    }
    lines
}

/// The paragraph above block `at`.
pub(super) fn above(note: &Note, at: usize) -> Vec<Prose<'_>> {
    let block = &note.blocks[at];
    let end = block.lines.first - usize::from(block.form == Form::Fenced);
    let last = at.checked_sub(1).map(|last| &note.blocks[last]);
    let floor = last.map_or(1, |last| last.lines.last + 1);
    let first = floor.max(end.saturating_sub(3));
    let lines = numbered(&note.text, last, first, end);
    let is_own = |line: &Prose<'_>| !line.is_structure() && !is_fence(line.text);
    lines.into_iter().filter(is_own).collect()
}

fn is_fence(text: &str) -> bool {
    text.starts_with("```") || text.starts_with("~~~")
}

/// The lines from `first` up to `end`, both 1-based and the latter not included. They are looked
/// for from the first line of a block above on, where there is one.
fn numbered<'n>(note: &'n str, above: Option<&Block>, first: usize, end: usize) -> Vec<Prose<'n>> {
    let (mut begin, mut number) = above.map_or((0, 0), |block| {
        let before = note.get(..block.bytes.start).unwrap_or_default();
        let begin = before.rfind('\n').map_or(0, |end| end + 1);
        (begin, block.lines.first.saturating_sub(1))
    });
    let mut found = Vec::new();
    for line in note[begin..].split_inclusive('\n') {
        number += 1;
        if number >= end {
            break;
        }
        if number >= first {
            let text = line.trim_start_matches(['>', ' ', '\t']);
            let text = BULLET
                .find(text)
                .map_or(text, |bullet| &text[bullet.end()..]);
            let start = begin + line.len() - text.len();
            let is_comment = text.starts_with("<!--");
            found.push(Prose {
                number,
                start,
                text: if is_comment { "" } else { text.trim_end() },
            });
        }
        begin += line.len();
    }
    found
}

static BULLET: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:[-*+]|\d{1,3}[.)])\s+"));

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notes::markdown;

    #[test]
    fn lines_without_what_stands_around_them() {
        let text = "一\n```\nx\n```\n<!-- y -->\n> - 输出：\n\n> ```\n> 1\n> ```\n二\n";
        let note = Note {
            text: text.to_owned(),
            blocks: markdown::blocks(text).blocks,
            ..Note::default()
        };
        let told = |lines: Vec<Prose<'_>>| -> Vec<(usize, String)> {
            for line in &lines {
                assert!(text[line.start..].starts_with(line.text));
            }
            let pairs = lines.iter().map(|line| (line.number, line.text.to_owned()));
            pairs.collect()
        };
        let [first, second] = note.blocks.as_slice() else {
            unreachable!("two blocks");
        };
        assert_eq!(
            told(between(text, first, Some(second))),
            [(5, String::new()), (6, "输出：".into()), (7, String::new())]
        );
        assert_eq!(told(between(text, second, None)), [(11, "二".into())]);
        assert_eq!(told(above(&note, 0)), [(1, "一".into())]);
        assert_eq!(
            told(above(&note, 1)),
            [(5, String::new()), (6, "输出：".into()), (7, String::new())]
        );
    }
}
