//! The statements of a script, as far as tokens tell: where each lies, what kind it is, and
//! the comment beside it.
//!
//! No parser: fragments, Python 2 and lines that are no code at all come through as well.

use std::ops::Range;

use crate::notes::tokens::{Kind as TokenKind, Token, Tokens};

/// What a statement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A comment alone.
    Comment,
    /// An expression.
    Expression,
    /// A call of `print` or another function that shows something.
    Print,
    /// An assignment of any kind.
    Assign,
    /// The same, but what is assigned is a plain number or string.
    AssignPlain,
    /// An import.
    Import,
    /// `return`, `del`, `pass`, `raise` and the like.
    Simple,
    /// The head of a compound statement, a decorator, a part of something larger.
    Part,
    /// No code at all.
    Other,
}

/// One logical line.
#[derive(Clone, Debug)]
pub(super) struct Statement<'a> {
    /// What it is.
    pub(super) kind: Kind,
    /// Its first line, counted from 0.
    pub(super) from: usize,
    /// Its last line.
    pub(super) to: usize,
    /// Its code, without the comment that ends it.
    pub(super) code: &'a str,
    /// The bytes of `code` in the text.
    pub(super) range: Range<usize>,
    /// The byte and the text of the comment on its last line, `#` included.
    pub(super) comment: Option<(usize, &'a str)>,
    /// The columns of white space before it.
    pub(super) indent: usize,
    /// Its tokens, comments and the end of the line left out.
    pub(super) tokens: Vec<Token<'a>>,
}

impl Statement<'_> {
    /// True where this name is used in it.
    pub(super) fn uses(&self, name: &str) -> bool {
        self.tokens.iter().any(|token| token.is_name(name))
    }

    /// True for code of any kind.
    pub(super) fn is_code(&self) -> bool {
        !matches!(self.kind, Kind::Comment | Kind::Other)
    }

    /// True where something can be said of its value or of what it prints.
    pub(super) fn has_worth(&self) -> bool {
        let text = self.code.starts_with("\"\"\"") || self.code.starts_with("'''");
        matches!(self.kind, Kind::Expression | Kind::Print | Kind::Assign)
            && !(text && self.tokens.len() == 1)
    }
}

/// Which of some statements are code, so that the code near a line is found without a look at all of them.
#[derive(Clone, Debug)]
pub(super) struct Coded(Vec<usize>);

impl Coded {
    /// The places of the code among `statements`.
    pub(super) fn of(statements: &[Statement<'_>]) -> Self {
        let mut places = Self(Vec::new());
        for (at, one) in statements.iter().enumerate() {
            places.add(at, one);
        }
        places
    }

    /// Takes note of one more statement, behind all others.
    pub(super) fn add(&mut self, at: usize, one: &Statement<'_>) {
        if one.is_code() {
            self.0.push(at);
        }
    }

    /// The first code of `statements` that begins on line `line` or below.
    pub(super) fn first_from<'s, 'a>(
        &self,
        statements: &'s [Statement<'a>],
        line: usize,
    ) -> Option<&'s Statement<'a>> {
        let next = self.0.partition_point(|&at| statements[at].from < line);
        self.0.get(next).map(|&at| &statements[at])
    }

    /// The last code of `statements` that ends above line `line`.
    pub(super) fn last_above<'s, 'a>(
        &self,
        statements: &'s [Statement<'a>],
        line: usize,
    ) -> Option<&'s Statement<'a>> {
        let next = self.0.partition_point(|&at| statements[at].to < line);
        self.before(statements, next)
    }

    /// The last code among the first `count` of `statements`.
    pub(super) fn last_of<'s, 'a>(
        &self,
        statements: &'s [Statement<'a>],
        count: usize,
    ) -> Option<&'s Statement<'a>> {
        self.before(statements, self.0.partition_point(|&at| at < count))
    }

    fn before<'s, 'a>(
        &self,
        statements: &'s [Statement<'a>],
        next: usize,
    ) -> Option<&'s Statement<'a>> {
        let at = *self.0.get(next.checked_sub(1)?)?;
        statements.get(at)
    }
}

/// `text` with blanks for the lines that are no code; every byte keeps its place.
pub(super) fn masked(text: &str, is_code: &dyn Fn(usize) -> bool) -> String {
    text.split_inclusive('\n')
        .enumerate()
        .map(|(at, line)| match (is_code(at), line.strip_suffix('\n')) {
            (true, _) => line.to_owned(),
            (false, Some(line)) => " ".repeat(line.len()) + "\n",
            (false, None) => " ".repeat(line.len()),
        })
        .collect()
}

/// How often reading starts, anew behind a bracket or string that nothing closes.
const MOST_STARTS: usize = 200;

/// The statements of `text`, comments included.
pub(super) fn statements(text: &str) -> Vec<Statement<'_>> {
    Statements::of(text).collect()
}

/// The statements of a text, each read when it is asked for.
///
/// Where one never ends, only its first line is taken, and reading starts anew behind it.
#[derive(Clone, Debug)]
pub(super) struct Statements<'a> {
    text: &'a str,
    /// Where reading began: a byte, and its line.
    base: (usize, usize),
    tokens: Tokens<'a>,
    starts: usize,
}

impl<'a> Statements<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self {
            text,
            base: (0, 0),
            tokens: Tokens::of(text),
            starts: 1,
        }
    }

    /// Goes on at byte `byte`, with which line `line` begins.
    pub(super) fn go_on(&mut self, byte: usize, line: usize) {
        self.base = (byte, line);
        self.tokens = Tokens::of(&self.text[byte..]);
    }

    /// The tokens of the next logical line, and whether another one may follow.
    fn group(&mut self) -> (Vec<Token<'a>>, bool) {
        let (byte, line) = self.base;
        let mut group = Vec::new();
        for token in self.tokens.by_ref() {
            if token.kind == TokenKind::Newline {
                return (group, true);
            }
            group.push(Token {
                start: token.start + byte,
                line: token.line + line,
                ..token
            });
        }
        (group, false)
    }

    /// The tokens on the first line of `group`, which never ends; goes on behind that line.
    fn cut(&mut self, group: &[Token<'a>], first: Token<'a>) -> Vec<Token<'a>> {
        let end = memchr::memchr(b'\n', &self.text.as_bytes()[first.start..]);
        let line_end = end.map_or(self.text.len(), |end| first.start + end);
        self.starts += 1;
        if end.is_some() && self.starts <= MOST_STARTS {
            self.go_on(line_end + 1, first.line + 1);
        } else {
            self.go_on(self.text.len(), first.line + 1);
        }
        let on_line = group.iter().take_while(|token| token.start < line_end);
        on_line
            .map(|token| Token {
                text: &self.text[token.start..token.end().min(line_end)],
                ..*token
            })
            .collect()
    }
}

impl<'a> Iterator for Statements<'a> {
    type Item = Statement<'a>;

    fn next(&mut self) -> Option<Statement<'a>> {
        loop {
            let (mut group, goes_on) = self.group();
            let Some(&first) = group.first() else {
                if goes_on {
                    continue;
                }
                return None;
            };
            if is_open(&group) {
                group = self.cut(&group, first);
            }
            if let Some(found) = statement(self.text, &group) {
                return Some(found);
            }
        }
    }
}

/// True where a bracket or a long string is opened that is never closed.
fn is_open(group: &[Token<'_>]) -> bool {
    let depth: i64 = group.iter().map(depth_change).sum();
    let open_string = group.last().is_some_and(|last| {
        let body = last
            .text
            .trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let quote = body.get(..3).filter(|q| matches!(*q, "'''" | "\"\"\""));
        last.kind == TokenKind::Text
            && last.text.contains('\n')
            && quote.is_some_and(|quote| body.len() < 6 || !body.ends_with(quote))
    });
    open_string || (depth > 0 && group.first().map(|t| t.line) != group.last().map(|t| t.line))
}

fn depth_change(token: &Token<'_>) -> i64 {
    match token.text {
        "(" | "[" | "{" => 1,
        ")" | "]" | "}" => -1,
        _ => 0,
    }
}

fn statement<'a>(text: &'a str, group: &[Token<'a>]) -> Option<Statement<'a>> {
    let first = group.first()?;
    let last = group.last()?;
    let comment = (last.kind == TokenKind::Comment).then_some((last.start, last.text));
    let tokens: Vec<_> = group
        .iter()
        .filter(|token| token.kind != TokenKind::Comment)
        .copied()
        .collect();
    let range = first.start..tokens.last().map_or(first.start, Token::end);
    let line_start = text[..first.start].rfind('\n').map_or(0, |at| at + 1);
    Some(Statement {
        kind: classify(&tokens),
        from: first.line,
        to: last.line + last.text.matches('\n').count(),
        code: &text[range.clone()],
        range,
        comment,
        indent: first.start - line_start,
        tokens,
    })
}

fn classify(tokens: &[Token<'_>]) -> Kind {
    let Some(first) = tokens.first() else {
        return Kind::Comment;
    };
    let last_part = split(tokens, ";")
        .into_iter()
        .rfind(|part| !part.is_empty());
    let tokens = last_part.unwrap_or(tokens);
    let compound = [
        "for", "if", "elif", "else", "while", "def", "class", "with", "try", "except", "finally",
        "async", "match", "case",
    ];
    let heads = compound.contains(&first.text) && first.kind == TokenKind::Name;
    let soft = matches!(first.text, "match" | "case");
    let ends = tokens.last().is_some_and(|last| last.is(":"));
    if heads && (ends || !soft) {
        return match body(tokens).map(simple) {
            Some(Kind::Print) => Kind::Print,
            _ => Kind::Part,
        };
    }
    simple(tokens)
}

/// The body of a compound statement that stands on one line.
fn body<'s, 'a>(tokens: &'s [Token<'a>]) -> Option<&'s [Token<'a>]> {
    let parts = split(tokens, ":");
    parts.get(1).filter(|body| !body.is_empty()).copied()
}

/// The parts of `tokens` between the `mark`s that stand outside brackets.
pub(super) fn split<'s, 'a>(tokens: &'s [Token<'a>], mark: &str) -> Vec<&'s [Token<'a>]> {
    let mut depth = 0;
    tokens
        .split(|token| {
            depth += depth_change(token);
            depth == 0 && token.is(mark)
        })
        .collect()
}

fn simple(tokens: &[Token<'_>]) -> Kind {
    let [first, rest @ ..] = tokens else {
        return Kind::Other;
    };
    let next = rest.first();
    let called = next.is_some_and(|next| next.is("("));
    if first.kind == TokenKind::Name {
        match first.text {
            "import" | "from" => return Kind::Import,
            "pass" | "break" | "continue" | "return" | "yield" | "raise" | "assert" | "del"
            | "global" | "nonlocal" | "exec" => return Kind::Simple,
            "print" if !next.is_some_and(|next| next.is("=") || next.is(".")) => {
                return Kind::Print;
            }
            "pprint" | "pp" | "display" if called => return Kind::Print,
            _ => {}
        }
    }
    if first.is("@") || !is_balanced(tokens) {
        return Kind::Part;
    }
    let assigned = assignment(tokens);
    let value = assigned.map_or(tokens, |at| &tokens[at + 1..]);
    if split(value, ":").len() > 1 && !value.iter().any(|token| token.is_name("lambda"))
        || value.last().is_some_and(|last| last.is(","))
    {
        return Kind::Part;
    }
    match (is_expression(value), assigned) {
        (false, _) => Kind::Other,
        (true, None) => Kind::Expression,
        (true, Some(at)) if tokens[at].is("=") && is_plain(value) => Kind::AssignPlain,
        (true, Some(_)) => Kind::Assign,
    }
}

/// The last `=` or `+=` outside brackets.
fn assignment(tokens: &[Token<'_>]) -> Option<usize> {
    let mut depth = 0;
    let mut found = None;
    for (at, token) in tokens.iter().enumerate() {
        depth += depth_change(token);
        let assigns = token.kind == TokenKind::Operator
            && token.text.ends_with('=')
            && !matches!(token.text, "==" | "!=" | "<=" | ">=" | ":=");
        let arrow = tokens
            .get(at + 1)
            .is_some_and(|next| next.is(">") && next.start == token.end());
        if depth == 0 && at > 0 && assigns && !arrow {
            found = Some(at);
        }
    }
    found
}

fn is_plain(value: &[Token<'_>]) -> bool {
    let value = match value {
        [sign, rest @ ..] if sign.is("-") => rest,
        _ => value,
    };
    value
        .iter()
        .all(|token| matches!(token.kind, TokenKind::Number | TokenKind::Text))
        || matches!(value, [one] if matches!(one.text, "True" | "False" | "None"))
}

/// True where every bracket is closed, and none that was not opened.
pub(super) fn is_balanced(tokens: &[Token<'_>]) -> bool {
    let mut depth = 0;
    let never_below = tokens.iter().all(|token| {
        depth += depth_change(token);
        depth >= 0
    });
    never_below && depth == 0
}

const WORDS: [&str; 12] = [
    "and", "or", "not", "in", "is", "if", "else", "for", "lambda", "await", "async", "yield",
];

/// True where `tokens` could be an expression: operands with operators between them.
pub(super) fn is_expression(tokens: &[Token<'_>]) -> bool {
    let joins = |token: &Token<'_>| token.kind == TokenKind::Name && WORDS.contains(&token.text);
    let opens = |token: &Token<'_>| matches!(token.text, "(" | "[" | "{");
    let closes = |token: &Token<'_>| matches!(token.text, ")" | "]" | "}");
    let is_operand = |token: &Token<'_>| token.kind != TokenKind::Operator && !joins(token);
    let odd = |token: &Token<'_>| {
        token.kind == TokenKind::Operator
            && (!token.text.is_ascii() || matches!(token.text, "?" | "$" | "!" | ";" | "->"))
    };
    let beside = tokens.windows(2).any(|pair| {
        let left = is_operand(&pair[0]) || closes(&pair[0]);
        let strings = pair.iter().all(|token| token.kind == TokenKind::Text);
        left && is_operand(&pair[1]) && !strings
    });
    let unclosed =
        |token: &Token<'_>| token.kind == TokenKind::Text && !token.text.ends_with(['\'', '"']);
    let ends = |token: &Token<'_>| {
        is_operand(token) || closes(token) || matches!(token.text, "..." | "," | "`")
    };
    let starts = |token: &Token<'_>| {
        is_operand(token)
            || opens(token)
            || joins(token)
            || matches!(token.text, "-" | "+" | "~" | "*" | "..." | "`")
    };
    !beside
        && !tokens.iter().any(|token| odd(token) || unclosed(token))
        && tokens.first().is_some_and(starts)
        && tokens.last().is_some_and(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Kind> {
        statements(text).iter().map(|one| one.kind).collect()
    }

    #[test]
    fn kinds_of_statements() {
        use Kind::{Assign, AssignPlain, Comment, Expression, Import, Other, Part, Print, Simple};
        for (text, kind) in [
            ("# x", Comment),
            ("3 / 2", Expression),
            ("f(x)[1].y", Expression),
            ("a if b else c", Expression),
            ("lambda x: x", Expression),
            ("'a' 'b'", Expression),
            ("await f()", Expression),
            ("print(x)", Print),
            ("print x, y", Print),
            ("for i in x: print(i)", Print),
            ("a = 1; print(a)", Print),
            ("x = f(y)", Assign),
            ("x += y", Assign),
            ("x += 1", Assign),
            ("x: int = f()", Assign),
            ("x = y = 3", AssignPlain),
            ("x = -3.5", AssignPlain),
            ("x = 'a'", AssignPlain),
            ("import os", Import),
            ("return x", Simple),
            ("raise ValueError", Simple),
            ("for i in x:", Part),
            ("@decorator", Part),
            ("'a': 1,", Part),
            ("f(x,", Part),
            ("])", Part),
            ("key=3,", Part),
            ("some words here", Other),
            ("编码：`x`", Other),
            ("it's", Other),
            ("$ python x.py", Other),
            ("output:", Part),
        ] {
            assert_eq!(kinds(text), [kind], "{text}");
        }
    }

    #[test]
    fn lines_and_comments_of_statements() {
        let text = "x = [1, # one\n  2] # two\n\n'''a\nb'''\n# c\n";
        let found: Vec<_> = statements(text)
            .into_iter()
            .map(|one| (one.from, one.to, one.code, one.comment.map(|found| found.1)))
            .collect();
        assert_eq!(
            found,
            [
                (0, 1, "x = [1, # one\n  2]", Some("# two")),
                (3, 4, "'''a\nb'''", None),
                (5, 5, "", Some("# c")),
            ]
        );
    }

    #[test]
    fn what_is_never_closed_takes_one_line() {
        let text = "os.listdir(path)，os.scandir(\nx  # 3\n'''a\ny\n";
        let found: Vec<_> = statements(text)
            .iter()
            .map(|one| (one.from, one.to))
            .collect();
        assert_eq!(found, [(0, 0), (1, 1), (2, 2), (3, 3)]);
        assert!(statements(&"(\n".repeat(1000)).len() >= MOST_STARTS);
    }
}
