//! Cuts code that does not run as a whole into statements that can be run one by one.
//!
//! A pure function over text: a statement is a line without indentation with everything that
//! belongs to it. Whether it is Python is for CPython's parser to say.

use std::borrow::Cow;

use super::tokens::{Kind, Tokens};
use crate::model::Stretch;

/// Words that continue the statement above them.
const CONTINUES: [&str; 5] = ["else", "elif", "except", "finally", "case"];

/// Lines of the longest statement that is put together.
const LONGEST: usize = 200;

/// The statements of `text`, which begins on line `first` of its note.
pub fn cut(text: &str, first: usize) -> Vec<Stretch> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let ended = if text.ends_with('\n') {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("{text}\n"))
    };
    let windows = windows(&ended, &lines);
    let mut pieces: Vec<Stretch> = Vec::new();
    let mut decorated = false;
    let mut at = 0;
    while at < lines.len() {
        let length = logical_line(windows[at]);
        let statement = lines[at..at + length].concat();
        let begins = lines[at]
            .chars()
            .next()
            .is_some_and(|c| !c.is_whitespace() && c != '#');
        let continues = lines[at]
            .split(|c: char| !c.is_alphanumeric())
            .next()
            .is_some_and(|word| CONTINUES.contains(&word));
        match pieces.last_mut() {
            Some(last) if !begins || continues || decorated => last.text.push_str(&statement),
            _ if begins => pieces.push(Stretch::new(first + at, statement)),
            _ => {}
        }
        if begins {
            decorated = lines[at].starts_with('@');
        }
        at += length;
    }
    pieces
}

/// For each of `lines` the part of `text`, which they and a line end are, that begins with it and is
/// [`LONGEST`] lines long at most.
fn windows<'t>(text: &'t str, lines: &[&str]) -> Vec<&'t str> {
    let mut ends = Vec::with_capacity(lines.len() + 1);
    ends.push(0);
    ends.extend(lines.iter().scan(0, |end, line| {
        *end += line.len();
        Some(*end)
    }));
    ends[lines.len()] = text.len();
    let window = |at: usize| &text[ends[at]..ends[(at + LONGEST).min(lines.len())]];
    (0..lines.len()).map(window).collect()
}

/// How many of the lines of `window` belong together because of brackets and long strings; 1 where
/// one is never closed, so that one broken line costs nothing but itself.
fn logical_line(window: &str) -> usize {
    let end = Tokens::of(window).find(|token| token.kind == Kind::Newline);
    end.filter(|token| token.start < window.len())
        .map_or(1, |token| token.line + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cuts(text: &str) -> Vec<(u32, String)> {
        cut(text, 10)
            .into_iter()
            .map(|piece| (piece.line, piece.text))
            .collect()
    }

    #[test]
    fn each_statement_is_a_piece_with_all_that_belongs_to_it() {
        let text = "x = [\n    1,\n]\n\n# a comment\n@d\ndef f():\n    return 1\nif x:\n    pass\nelse:\n    pass\ns = '''\na\n'''\n";
        let found = cuts(text);
        let firsts: Vec<u32> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!(firsts, [10, 15, 18, 22], "{found:?}");
        assert_eq!(found[1].1, "@d\ndef f():\n    return 1\n");
        assert_eq!(found[3].1, "s = '''\na\n'''\n");
    }

    #[test]
    fn a_bracket_that_is_never_closed_costs_its_own_line() {
        assert_eq!(
            cuts("os.mkdir(   # one\nlen('a')\n'''\nlen('b')\n"),
            [
                (10, "os.mkdir(   # one\n".to_owned()),
                (11, "len('a')\n".to_owned()),
                (12, "'''\n".to_owned()),
                (13, "len('b')\n".to_owned()),
            ]
        );
    }
}
