//! Reads shown values: Python literals, reprs, and what people leave out of them.
//!
//! Tolerant, as notes are: a bare `1, 2` is read, and so is `[1, 2, ...]`. It says what is
//! written and never what it is worth; what is no value is `None`.

use super::elide;
use super::scan::{control, number_length, prefix};

/// Deeper nesting is not read.
const DEPTH: usize = 60;

/// A value as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Literal {
    /// A number as written.
    Number(String),
    /// A string or bytes.
    Text {
        /// `b`, `u` or a space.
        prefix: char,
        /// The content, escapes resolved; bytes as the characters of the same number.
        value: String,
    },
    /// A name, such as `True`, `int` or `a.b`.
    Word(String),
    /// Several values.
    Group(Kind, Vec<Literal>),
    /// A key and its value.
    Pair(Box<Literal>, Box<Literal>),
    /// An argument with its name.
    Named(String, Box<Literal>),
    /// A name with arguments.
    Call(String, Vec<Literal>),
    /// A repr such as `<map object at 0x7f>`.
    Opaque(String),
    /// What the note leaves out.
    Gap,
}

/// What holds several values together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// Commas alone.
    Bare,
    /// `()`
    Tuple,
    /// `[]`
    List,
    /// `{1}`
    Set,
    /// `{1: 2}` and `{}`
    Dict,
}

/// Reads the whole of `text` as one value, or as several with commas between.
pub(super) fn parse(text: &str) -> Option<Literal> {
    let mut reader = Reader { text, at: 0 };
    let (mut items, comma) = reader.items(None, DEPTH)?;
    match items.len() {
        0 => None,
        1 if !comma => items.pop(),
        _ if comma => Some(Literal::Group(Kind::Bare, items)),
        _ => None,
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn spaces(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    /// Items up to `close`, or to the end of the text, and whether there was a comma.
    fn items(&mut self, close: Option<char>, depth: usize) -> Option<(Vec<Literal>, bool)> {
        let mut items = Vec::new();
        let mut comma = false;
        let mut open = true;
        loop {
            self.spaces();
            match (self.peek(), close) {
                (None, None) => return Some((items, comma)),
                (Some(next), Some(close)) if next == close => {
                    self.eat(close);
                    return Some((items, comma));
                }
                (None, Some(_)) => return None,
                _ => {}
            }
            let gap = elide::at_start(self.rest());
            if gap > 0 {
                self.at += gap;
                items.push(Literal::Gap);
            } else if open {
                items.push(self.item(depth)?);
            } else {
                return None;
            }
            self.spaces();
            // No comma is needed around what is left out.
            open = gap > 0;
            if self.eat(',') || (gap > 0 && self.eat('，')) {
                comma = true;
                open = true;
            }
        }
    }

    fn item(&mut self, depth: usize) -> Option<Literal> {
        let value = self.value(depth.checked_sub(1)?)?;
        self.spaces();
        if self.eat(':') {
            self.spaces();
            return Some(Literal::Pair(
                Box::new(value),
                Box::new(self.value_or_gap(depth)?),
            ));
        }
        match value {
            Literal::Word(name) if self.eat('=') => {
                self.spaces();
                let value = self.value_or_gap(depth)?;
                Some(Literal::Named(name, Box::new(value)))
            }
            value => Some(value),
        }
    }

    fn value_or_gap(&mut self, depth: usize) -> Option<Literal> {
        let gap = elide::at_start(self.rest());
        self.at += gap;
        if gap > 0 {
            Some(Literal::Gap)
        } else {
            self.value(depth.checked_sub(1)?)
        }
    }

    fn value(&mut self, depth: usize) -> Option<Literal> {
        match self.peek()? {
            '[' => self.group(']', Kind::List, depth),
            '(' => self.group(')', Kind::Tuple, depth),
            '{' => self.group('}', Kind::Dict, depth),
            '<' => self.opaque(),
            '"' | '\'' => self.strings(' '),
            '+' | '-' | '.' | '0'..='9' => self.number(),
            next if is_name(next) => self.word(depth),
            _ => None,
        }
    }

    fn group(&mut self, close: char, kind: Kind, depth: usize) -> Option<Literal> {
        self.at += 1;
        let (mut items, comma) = self.items(Some(close), depth)?;
        if kind == Kind::Tuple && items.len() == 1 && !comma && items != [Literal::Gap] {
            return items.pop();
        }
        let pairs = items
            .iter()
            .filter(|item| matches!(item, Literal::Pair(..)))
            .count();
        let whole = items.iter().filter(|item| **item != Literal::Gap).count();
        match kind {
            Kind::Dict if pairs == 0 && whole > 0 => Some(Literal::Group(Kind::Set, items)),
            Kind::Dict if pairs == whole => Some(Literal::Group(kind, items)),
            _ if pairs > 0 => None,
            _ => Some(Literal::Group(kind, items)),
        }
    }

    fn opaque(&mut self) -> Option<Literal> {
        let mut depth = 0usize;
        let mut before = ' ';
        for (at, next) in self.rest().char_indices() {
            match next {
                '<' => depth += 1,
                '>' if before != '-' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let text = self.rest()[..=at].to_owned();
                self.at += at + 1;
                let named = text[1..].starts_with(|first: char| is_name(first) || first == '.');
                return (named || text.starts_with('…')).then_some(Literal::Opaque(text));
            }
            before = next;
        }
        None
    }

    fn word(&mut self, depth: usize) -> Option<Literal> {
        let end = |text: &str| {
            text.find(|next: char| !is_name(next) && !next.is_ascii_digit())
                .unwrap_or(text.len())
        };
        let mut length = end(self.rest());
        while let Some(after) = self.rest()[length..].strip_prefix('.') {
            if !after.starts_with(is_name) {
                break;
            }
            length += 1 + end(after);
        }
        let name = self.rest()[..length].to_owned();
        let quoted = self.rest()[length..].starts_with(['"', '\'']);
        if quoted {
            let prefix = prefix(&name)?;
            return self.strings_with(prefix);
        }
        self.at += length;
        if self.eat('(') {
            let (arguments, _) = self.items(Some(')'), depth)?;
            return Some(Literal::Call(name, arguments));
        }
        Some(Literal::Word(name))
    }

    fn number(&mut self) -> Option<Literal> {
        let first = number_length(self.rest())?;
        let rest = &self.rest()[first..];
        let second = rest
            .starts_with(['+', '-'])
            .then(|| number_length(rest))
            .flatten()
            .filter(|length| rest[..*length].ends_with('j'));
        let length = first + second.unwrap_or(0);
        let text = self.rest()[..length].to_owned();
        self.at += length;
        self.peek()
            .is_none_or(|next| !is_name(next) && !next.is_ascii_digit())
            .then_some(Literal::Number(text))
    }

    fn strings_with(&mut self, prefix: &str) -> Option<Literal> {
        let kind = prefix.chars().find(|c| matches!(c, 'b' | 'u'));
        let raw = prefix.contains('r');
        self.at += prefix.len();
        let value = self.string(raw)?;
        Some(Literal::Text {
            prefix: kind.unwrap_or(' '),
            value,
        })
    }

    /// Strings side by side are one, as `pprint` shows long ones.
    fn strings(&mut self, prefix: char) -> Option<Literal> {
        let mut value = self.string(false)?;
        loop {
            let end = self.at;
            self.spaces();
            if self.at == end || !matches!(self.peek(), Some('"' | '\'')) {
                self.at = end;
                return Some(Literal::Text { prefix, value });
            }
            value.push_str(&self.string(false)?);
        }
    }

    fn string(&mut self, raw: bool) -> Option<String> {
        let quote = self.peek()?;
        let triple: String = std::iter::repeat_n(quote, 3).collect();
        let end = if self.rest().starts_with(&triple) {
            triple
        } else {
            quote.to_string()
        };
        self.at += end.len();
        let mut value = String::new();
        loop {
            if self.rest().starts_with(&end) {
                self.at += end.len();
                return Some(value);
            }
            let next = self.peek()?;
            self.at += next.len_utf8();
            match next {
                '\\' if raw => {
                    value.push('\\');
                    let escaped = self.peek()?;
                    self.at += escaped.len_utf8();
                    value.push(escaped);
                }
                '\\' => self.escape(&mut value)?,
                '\n' if end.len() == 1 => return None,
                next => value.push(next),
            }
        }
    }

    fn escape(&mut self, value: &mut String) -> Option<()> {
        let kind = self.peek()?;
        self.at += kind.len_utf8();
        let (digits, radix) = match kind {
            'x' => (2, 16),
            'u' => (4, 16),
            'U' => (8, 16),
            '0'..='7' => {
                self.at -= 1;
                let octal = |c: &u8| (b'0'..=b'7').contains(c);
                (self.rest().bytes().take(3).take_while(octal).count(), 8)
            }
            '\n' => return Some(()),
            other => {
                match control(other) {
                    Some(control) => value.push(control),
                    None => value.extend(['\\', other]),
                }
                return Some(());
            }
        };
        let number = u32::from_str_radix(self.rest().get(..digits)?, radix).ok()?;
        self.at += digits;
        value.push(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER));
        Some(())
    }
}

fn is_name(next: char) -> bool {
    next == '_' || next.is_alphabetic()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn values_of_every_kind_are_read() {
        for text in [
            "1",
            "-1.5e10",
            "(1+2j)",
            "0xff",
            "[]",
            "[1, 2, 3]",
            "(1,)",
            "{}",
            "{1, 2}",
            "{'a': [1, {2: 3}]}",
            "<class 'int'>",
            "<function f.<locals>.<lambda> at 0x7f>",
            "<Signature (a) -> int>",
            "dict_keys(['a'])",
            "Point(x=1, y=2)",
            "u'\\u4e2d'",
            "br'\\d'",
            "'a' 'b'",
            "\"it's\"",
            "1, 2",
            "[1, 2, ...]",
            "{'x': 123, ......}",
            "[1, 2 …]",
            "[1, 2, 3...]",
            "None",
            "'''a\nb'''",
            "[[1,\n 2]]",
            "{...}",
        ] {
            assert!(parse(text).is_some(), "{text}");
        }
    }

    #[test]
    fn what_is_no_value_is_not_read() {
        for text in [
            "",
            "a b",
            "[1, 2",
            "1 2",
            "10L",
            "'open",
            "x = = 1",
            "<= 3",
            "1 + 2",
            "[1 2]",
            "{1: 2, 3}",
            "12...34",
            "-",
            ".",
            "f(",
            "（1）",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn strings_are_told_by_their_content_and_prefix() {
        let text = |source: &str| match parse(source) {
            Some(Literal::Text { prefix, value }) => (prefix, value),
            other => panic!("{source}: {other:?}"),
        };
        assert_eq!(text(r"'\xe4\x41\n\101'"), (' ', "äA\nA".into()));
        assert_eq!(text(r"u'\u4e2d'"), ('u', "中".into()));
        assert_eq!(text(r"rb'\d'"), ('b', r"\d".into()));
        assert_eq!(text(r"'\d'"), (' ', r"\d".into()));
        assert_eq!(text("('a'\n 'b')"), (' ', "ab".into()));
    }

    #[test]
    fn what_is_nested_too_deep_is_not_read() {
        let deep = "[".repeat(5000) + &"]".repeat(5000);
        assert_eq!(parse(&deep), None);
        assert_eq!(parse(&"{'a': ".repeat(5000)), None);
    }
}
