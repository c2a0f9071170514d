//! Statements that only Python 2 has: `print`, `exec`, `raise` and `except` with their commas.

use std::ops::Range;

use super::{Edit, Pass, depth_after, edited, line_ends, top_level, without_overlaps};
use crate::notes::tokens::{Kind, Token};

impl Pass<'_, '_> {
    pub(super) fn print(&mut self, print: &Token<'_>, rest: &[Token<'_>]) {
        let Some(next) = rest.first() else { return };
        let shifted = next.is(">>");
        let subscript = next.is("[") && next.start == print.end();
        let continues = matches!(next.text, "=" | "." | "," | ":" | ")" | "]")
            || subscript
            || (next.is("(") && !prints_more(rest));
        let other_operator = next.kind == Kind::Operator
            && !matches!(next.text, "-" | "+" | "~" | "(" | "{" | "[" | "`" | ">>");
        if continues || (other_operator && !shifted) || next.is_name("in") || next.is_name("is") {
            return;
        }
        self.call_print(print, rest);
    }

    /// Makes a call of the statement, whatever follows.
    pub(super) fn call_print(&mut self, print: &Token<'_>, rest: &[Token<'_>]) {
        self.found("py2-print-statement", print);
        let (Some(next), Some(last)) = (rest.first(), rest.last()) else {
            self.replace(print.end(), print.end(), "()");
            return;
        };
        let shifted = next.is(">>");
        let start = if shifted {
            rest.get(1).map_or(next.end(), |token| token.start)
        } else {
            next.start
        };
        self.replace(print.end(), start, "(");
        let mut end = String::from(")");
        if shifted {
            let comma = top_level(rest, ",").next();
            let (from, to) = comma.map_or((last.end(), last.end()), |at| {
                (
                    rest[at].start,
                    rest.get(at + 1).map_or(last.end(), |token| token.start),
                )
            });
            let file = self.take_modern(start..from);
            // Its own line ends move with it.
            let between = "\n".repeat(line_ends(&self.source[from..to]));
            self.edits.push((start..to, between));
            end = format!("{}file={file})", if to < last.end() { ", " } else { "" });
        }
        if last.is(",") {
            self.replace(last.start, last.end(), "");
            end = format!(", end=\" \"{end}");
        }
        self.replace(last.end(), last.end(), end);
    }

    /// Some of the source with the edits inside of it, which are made there no more.
    fn take_modern(&mut self, place: Range<usize>) -> String {
        let inside = |edit: &Edit| place.start <= edit.0.start && edit.0.end <= place.end;
        let (moved, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut self.edits)
            .into_iter()
            .partition(inside);
        self.edits = kept;
        let from_here = |(at, with): Edit| (at.start - place.start..at.end - place.start, with);
        let moved = without_overlaps(moved.into_iter().map(from_here).collect());
        edited(&self.source[place.clone()], &moved)
    }

    pub(super) fn exec(&mut self, exec: &Token<'_>, rest: &[Token<'_>]) {
        let (Some(first), Some(last)) = (rest.first(), rest.last()) else {
            return;
        };
        let within = named_at_top(rest, "in");
        // In Python 3 `exec(code) in names` asks whether `None` is among the names.
        let called = first.is("(") && within.is_some_and(|at| rest[at - 1].is(")"));
        let operand = matches!(first.kind, Kind::Name | Kind::Text) || called;
        if !operand || first.is_name("in") || first.is_name("is") {
            return;
        }
        self.found("py2-exec-statement", exec);
        self.replace(exec.end(), first.start, "(");
        if let Some(at) = within {
            self.replace(rest[at - 1].end(), rest[at].end(), ",");
        }
        self.replace(last.end(), last.end(), ")");
    }

    pub(super) fn raise(&mut self, raise: &Token<'_>, rest: &[Token<'_>]) {
        let commas: Vec<usize> = top_level(rest, ",").collect();
        let (Some(&first), Some(last)) = (commas.first(), rest.last()) else {
            return;
        };
        let end = commas.get(1).copied().unwrap_or(rest.len());
        let value = &rest[first + 1..end];
        let (Some(begins), Some(ends)) = (value.first(), value.last()) else {
            return;
        };
        self.found("py2-raise-comma", raise);
        let comma = &rest[first];
        if value.len() == 1 && begins.is_name("None") {
            self.replace(comma.start, ends.end(), "");
        } else if is_tuple(value) {
            self.replace(comma.start, begins.start, "");
        } else {
            self.replace(comma.start, begins.start, "(");
            self.replace(ends.end(), ends.end(), ")");
        }
        if let Some(traceback) = rest.get(end + 1) {
            self.replace(rest[end].start, traceback.start, ".with_traceback(");
            self.replace(last.end(), last.end(), ")");
        }
    }

    pub(super) fn except(&mut self, except: &Token<'_>, rest: &[Token<'_>]) {
        let mut commas = top_level(rest, ",");
        let (Some(at), None) = (commas.next(), commas.next()) else {
            return;
        };
        let named = rest
            .get(at + 1)
            .is_some_and(|token| token.kind == Kind::Name);
        let ends = rest.get(at + 2).is_some_and(|token| token.is(":"));
        if named && ends {
            self.found("py2-except-comma", except);
            self.replace(rest[at].start, rest[at].end(), " as");
        }
    }
}

/// True for values in one pair of parentheses: the arguments of the exception.
fn is_tuple(value: &[Token<'_>]) -> bool {
    let mut depth = 0;
    let closed = value.iter().position(|token| {
        depth = depth_after(depth, token);
        depth == 0
    });
    value.first().is_some_and(|token| token.is("("))
        && closed == Some(value.len() - 1)
        && value.len() > 2
        && top_level(&value[1..value.len() - 1], ",").next().is_some()
}

/// Where this keyword stands outside brackets, if not as the first.
fn named_at_top(tokens: &[Token<'_>], word: &str) -> Option<usize> {
    let mut depth = 0;
    let found = tokens.iter().position(|token| {
        depth = depth_after(depth, token);
        depth == 0 && token.is_name(word)
    });
    found.filter(|&at| at > 0)
}

/// True where a value follows the parenthesis behind `print`, as in `print ("a") "b"`.
fn prints_more(rest: &[Token<'_>]) -> bool {
    behind_parenthesis(rest).is_some_and(|next| {
        next.kind != Kind::Operator && !next.is_name("if") && !next.is_name("for")
    })
}

/// True where an expression goes on behind the parenthesis behind `print`, as in `print (a), b` or
/// `print ("%d") % x`.
pub(super) fn goes_on(rest: &[Token<'_>]) -> bool {
    rest.first().is_some_and(|token| token.is("("))
        && behind_parenthesis(rest)
            .is_some_and(|next| next.kind == Kind::Operator && !next.text.ends_with('='))
}

/// What follows the first brackets.
fn behind_parenthesis<'t, 'a>(rest: &'t [Token<'a>]) -> Option<&'t Token<'a>> {
    let mut depth = 0usize;
    for (at, token) in rest.iter().enumerate() {
        depth = depth_after(depth, token);
        if depth == 0 {
            return rest.get(at + 1);
        }
    }
    None
}
