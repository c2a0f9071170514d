//! A tolerant tokenizer for Python 2 and 3 source.
//!
//! It never fails: what is no token of Python becomes an operator of one
//! character. The rules are those of "Lexical analysis" in Python's language
//! reference, with the literals of Python 2 (`0777`, `1L`, `ur""`, backticks) too.

use crate::steps;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An identifier or keyword.
    Name,
    /// A number, suffixes included.
    Number,
    /// A string, prefix and quotes included.
    Text,
    /// An operator or a delimiter.
    Operator,
    /// From `#` to the end of the line.
    Comment,
    /// The end of a logical line.
    Newline,
}

/// One token with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: Kind,
    /// Its text.
    pub text: &'a str,
    /// The byte at which it begins.
    pub start: usize,
    /// The line on which it begins, counted from 0.
    pub line: usize,
}

impl Token<'_> {
    /// The byte behind it.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// True for this operator or delimiter.
    pub fn is(&self, operator: &str) -> bool {
        self.kind == Kind::Operator && self.text == operator
    }

    /// True for this identifier or keyword.
    pub fn is_name(&self, name: &str) -> bool {
        self.kind == Kind::Name && self.text == name
    }
}

/// The length of the operator of two or three characters at the start of `rest`.
fn long_operator(rest: &str) -> Option<usize> {
    match *rest.as_bytes() {
        [b'*', b'*', b'=', ..]
        | [b'/', b'/', b'=', ..]
        | [b'>', b'>', b'=', ..]
        | [b'<', b'<', b'=', ..]
        | [b'.', b'.', b'.', ..] => Some(3),
        [
            b':' | b'=' | b'!' | b'+' | b'-' | b'*' | b'/' | b'%' | b'&' | b'|' | b'^' | b'<'
            | b'>',
            b'=',
            ..,
        ]
        | [b'*', b'*', ..]
        | [b'/', b'/', ..]
        | [b'-' | b'<' | b'>', b'>', ..]
        | [b'<', b'<', ..] => Some(2),
        _ => None,
    }
}

/// The tokens of `source`.
pub fn tokenize(source: &str) -> Vec<Token<'_>> {
    Tokens::of(source).collect()
}

/// The tokens of a source, each read when it is asked for.
#[derive(Clone, Debug)]
pub struct Tokens<'a> {
    source: &'a str,
    at: usize,
    line: usize,
    depth: usize,
    /// The end of the last line was told.
    ended: bool,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        while self.at < self.source.len() {
            if let Some(token) = self.step() {
                return Some(token);
            }
        }
        let is_first = !std::mem::replace(&mut self.ended, true);
        is_first.then(|| self.token(Kind::Newline, 0))
    }
}

impl<'a> Tokens<'a> {
    /// The tokens of `source`; a [`Kind::Newline`] ends the last line, too.
    pub fn of(source: &'a str) -> Self {
        Self {
            source,
            at: 0,
            line: 0,
            depth: 0,
            ended: false,
        }
    }

    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    /// The token of `length` bytes that begins here.
    fn token(&mut self, kind: Kind, length: usize) -> Token<'a> {
        let text = &self.source[self.at..self.at + length];
        steps::take(1 + length);
        let token = Token {
            kind,
            text,
            start: self.at,
            line: self.line,
        };
        self.line += text.matches('\n').count();
        self.at += length;
        token
    }

    /// Passes `length` bytes and `lines` lines that are no token.
    fn pass(&mut self, length: usize, lines: usize) -> Option<Token<'a>> {
        steps::take(length);
        self.at += length;
        self.line += lines;
        None
    }

    /// The next token, or none behind what is no token.
    fn step(&mut self) -> Option<Token<'a>> {
        let rest = self.rest();
        let first = rest.chars().next()?;
        let (kind, length) = match first {
            '\n' if self.depth == 0 => (Kind::Newline, 1),
            '\n' => return self.pass(1, 1),
            '\\' if rest.starts_with("\\\n") => return self.pass(2, 1),
            '#' => (Kind::Comment, rest.find('\n').unwrap_or(rest.len())),
            _ if first.is_whitespace() => return self.pass(first.len_utf8(), 0),
            '0'..='9' => (Kind::Number, number_length(rest)),
            '.' if rest[1..].starts_with(|next: char| next.is_ascii_digit()) => {
                (Kind::Number, number_length(rest))
            }
            _ => match text_length(rest) {
                Some(length) => (Kind::Text, length),
                None if first == '_' || first.is_alphabetic() => {
                    let part = |c: char| !(c == '_' || c.is_alphanumeric());
                    (Kind::Name, rest.find(part).unwrap_or(rest.len()))
                }
                None => return Some(self.operator(rest, first)),
            },
        };
        Some(self.token(kind, length))
    }

    fn operator(&mut self, rest: &str, first: char) -> Token<'a> {
        match first {
            '(' | '[' | '{' => self.depth += 1,
            ')' | ']' | '}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        let length = long_operator(rest).unwrap_or(first.len_utf8());
        self.token(Kind::Operator, length)
    }
}

fn number_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let hexadecimal = rest.len() > 1 && matches!(bytes[1], b'x' | b'X');
    let mut at = 1;
    while at < bytes.len() {
        let exponent_sign = matches!(bytes[at], b'+' | b'-')
            && matches!(bytes[at - 1], b'e' | b'E')
            && !hexadecimal;
        if !(bytes[at].is_ascii_alphanumeric() || matches!(bytes[at], b'.' | b'_') || exponent_sign)
        {
            break;
        }
        at += 1;
    }
    at
}

/// The length of the string at the start of `rest`, if there is one. A string
/// that is not closed ends with its line, or with the source where it is triple.
fn text_length(rest: &str) -> Option<usize> {
    let prefix = rest
        .bytes()
        .take(3)
        .take_while(|byte| b"rRbBuUfFtT".contains(byte))
        .count();
    let quote = *rest
        .as_bytes()
        .get(prefix)
        .filter(|byte| matches!(byte, b'"' | b'\''))?;
    let body = &rest.as_bytes()[prefix..];
    let triple = body.len() >= 3 && body[1] == quote && body[2] == quote;
    let width = if triple { 3 } else { 1 };
    let mut at = width;
    while at < body.len() {
        match body[at] {
            b'\\' => at += 2,
            b'\n' if !triple => return Some(prefix + at),
            byte if byte == quote && (!triple || body[at..].starts_with(&[quote; 3])) => {
                return Some(prefix + at + width);
            }
            _ => at += 1,
        }
    }
    Some(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<&str> {
        tokenize(source)
            .into_iter()
            .filter(|token| token.kind != Kind::Newline)
            .map(|token| token.text)
            .collect()
    }

    #[test]
    fn literals_of_both_pythons_are_one_token_each() {
        assert_eq!(
            texts("0777 1L 0xFFL 1.5e-3j ur'a\\'b' b\"x\""),
            ["0777", "1L", "0xFFL", "1.5e-3j", "ur'a\\'b'", "b\"x\""]
        );
    }

    #[test]
    fn a_comment_sign_inside_a_string_is_no_comment() {
        assert_eq!(texts("x = '#' # c"), ["x", "=", "'#'", "# c"]);
    }

    #[test]
    fn lines_are_counted_through_triple_quotes_and_brackets() {
        let tokens = tokenize("a = '''1\n2'''\n(b,\nc)\nd");
        let lines: Vec<_> = tokens
            .iter()
            .map(|token| (token.text, token.line))
            .collect();
        assert!(lines.contains(&("d", 4)), "{lines:?}");
        assert!(lines.contains(&("c", 3)), "{lines:?}");
    }

    #[test]
    fn an_open_string_ends_with_its_line() {
        assert_eq!(texts("x = 'abc\ny"), ["x", "=", "'abc", "y"]);
        assert_eq!(texts("'"), ["'"]);
        assert_eq!(texts("'\\"), ["'\\"]);
    }

    #[test]
    fn text_that_is_no_python_is_taken_apart_without_loss() {
        assert_eq!(
            texts("编码：`x` <> 5"),
            ["编码", "：", "`", "x", "`", "<>", "5"]
        );
    }
}
