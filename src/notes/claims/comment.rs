//! A comment with its place, and runs of comments on lines of their own.
//!
//! Finds where the text of a comment lies; what it claims is not decided here.

use std::ops::Range;

use super::statements::{Kind, Statement};
use super::{labels, values};

/// The text of a comment with its place.
#[derive(Clone, Copy)]
pub(super) struct Comment<'a> {
    /// Its line, counted from 0.
    pub(super) line: usize,
    /// The byte of the text at which it begins.
    pub(super) start: usize,
    /// What stands behind the `#`.
    pub(super) text: &'a str,
}

impl<'a> Comment<'a> {
    /// The comment that ends a statement, or stands alone.
    pub(super) fn of(statement: &Statement<'a>) -> Option<Self> {
        let (start, text) = statement.comment?;
        // `#> 3` is an arrow, `## 3` a comment like any other.
        let inner = text.trim_start_matches('#');
        Some(Self {
            line: statement.to,
            start: start + text.len() - inner.len(),
            text: inner,
        })
    }

    /// The number that is all it says.
    pub(super) fn number(self) -> Option<usize> {
        let text = self.text.trim();
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| digits)
    }
}

/// The comments on successive lines from statement `at` on.
pub(super) fn run<'a>(statements: &[Statement<'a>], at: usize) -> Vec<Comment<'a>> {
    let first = statements[at].from;
    statements[at..]
        .iter()
        .enumerate()
        .take_while(|(i, one)| one.kind == Kind::Comment && one.from == first + i)
        .filter_map(|(_, one)| Comment::of(one))
        .collect()
}

/// The bytes of a comment's text without the space behind `#` and the white space at its end.
pub(super) fn inner(start: usize, text: &str) -> Range<usize> {
    let lead = usize::from(text.starts_with(' '));
    start + lead..start + text.trim_end().len().max(lead)
}

/// The bytes of a value that stands alone in a comment, or behind an arrow or another label.
pub(super) fn shown(comment: &Comment<'_>) -> Option<Range<usize>> {
    let text = comment.text.trim_start();
    let skipped = comment.text.len() - text.len();
    let label =
        labels::leading(text).filter(|label| label.firm && label.kind != labels::Kind::Error);
    let lead = label.map_or(0, |label| label.end);
    let found = values::explained(&text[lead..])?;
    let start = comment.start + skipped + lead;
    Some(start..start + found.len)
}
