//! Whether text that nothing marks as code reads as Python statements.
//!
//! It is asked about prose, so it doubts: words side by side, letters outside ASCII,
//! open brackets and bare expressions are no code. CPython's parser has its say later.

use super::tokens::{Kind, Token, tokenize};

/// How text reads that consists of statements alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Likeness {
    /// Of the surest of them: 0 for what is also prose, a formula or a setting, 1 for what is
    /// code where other statements stand beside it, 2 for what is code by itself.
    pub(super) level: u8,
    /// How many there are, comments left out.
    pub(super) count: usize,
}

impl Likeness {
    /// Of this and of what stands below it.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            level: self.level.max(other.level),
            count: self.count + other.count,
        }
    }

    /// True where it can hardly be anything but code.
    pub(super) fn is_code(self) -> bool {
        self.level == 2 || self.level == 1 && self.count > 1
    }
}

/// How `text` reads; none where a part of it is no statement.
pub(super) fn likeness(text: &str) -> Option<Likeness> {
    let tokens = tokenize(text);
    let mut all = Likeness::default();
    for line in tokens.split(|token| token.kind == Kind::Newline) {
        let line: Vec<Token<'_>> = line
            .iter()
            .copied()
            .filter(|token| token.kind != Kind::Comment)
            .collect();
        if !line.is_empty() {
            let level = statement(&line)?;
            all = all.and(Likeness { level, count: 1 });
        }
    }
    Some(all)
}

/// The level of one logical line.
fn statement(line: &[Token<'_>]) -> Option<u8> {
    if !line.iter().all(is_code_token) || !is_balanced(line) || has_words(line) {
        return None;
    }
    let (first, rest) = line.split_first()?;
    let ends_with = |operator: &str| rest.last().is_some_and(|token| token.is(operator));
    match first.text {
        "import" => is_names(rest).then_some(1 + u8::from(rest.len() > 1)),
        "from" => from_import(rest).then_some(2),
        "async" => rest
            .first()
            .filter(|next| HEADERS.contains(&next.text))
            .and_then(|_| statement(rest)),
        "def" => (ends_with(":") && rest.get(1).is_some_and(|next| next.is("("))).then_some(2),
        "class" | "with" => ends_with(":").then_some(1),
        "for" => (has(rest, |token| token.is_name("in")) && has_colon(rest)).then_some(1),
        "if" | "elif" | "while" | "except" => (rest.len() > 1 && has_colon(rest)).then_some(0),
        "else" | "try" | "finally" => rest.first()?.is(":").then_some(0),
        "pass" | "break" | "continue" => rest.is_empty().then_some(0),
        "return" | "raise" | "yield" | "assert" | "del" | "global" | "nonlocal" | "@" => Some(0),
        "print" => printing(rest),
        _ => match assignment_at(line) {
            Some(at) => assignment(line, at),
            None => is_call(line).then_some(0),
        },
    }
}

/// `print(x)`, and what Python 2 prints.
fn printing(rest: &[Token<'_>]) -> Option<u8> {
    let first = rest.first()?;
    if first.is("(") {
        return rest.last()?.is(")").then_some(2);
    }
    match first.kind {
        Kind::Text => Some(2),
        Kind::Name | Kind::Number => Some(0),
        _ => None,
    }
}

/// The index of the `=` or the like that stands in no brackets.
fn assignment_at(line: &[Token<'_>]) -> Option<usize> {
    outside(line)
        .into_iter()
        .find(|&at| line[at].kind == Kind::Operator && ASSIGNMENTS.contains(&line[at].text))
}

/// `name = value` with its sign at `at`, surer where a function is called.
fn assignment(line: &[Token<'_>], at: usize) -> Option<u8> {
    let (target, value) = (&line[..at], &line[at + 1..]);
    let is_part = |&index: &usize| {
        let token = &target[index];
        token.kind == Kind::Name || matches!(token.text, "." | "," | "[" | "]" | "*")
    };
    let is_target = target.first()?.kind == Kind::Name && outside(target).iter().all(is_part);
    let calls = value.windows(2).any(|pair| {
        pair[0].kind == Kind::Name && pair[1].is("(") && pair[0].end() == pair[1].start
    });
    (is_target && !value.is_empty()).then_some(u8::from(calls))
}

/// The indices of the tokens that stand in no brackets, and of the brackets around the others.
fn outside(line: &[Token<'_>]) -> Vec<usize> {
    let mut depth = 0usize;
    let mut found = Vec::new();
    for (at, token) in line.iter().enumerate() {
        let closes = matches!(token.text, ")" | "]" | "}");
        depth -= usize::from(closes && depth > 0);
        if depth == 0 {
            found.push(at);
        }
        depth += usize::from(matches!(token.text, "(" | "[" | "{"));
    }
    found
}

fn is_call(line: &[Token<'_>]) -> bool {
    line[0].kind == Kind::Name
        && !KEYWORDS.contains(&line[0].text)
        && line.last().is_some_and(|token| token.is(")"))
        && line
            .get(1)
            .is_some_and(|next| matches!(next.text, "." | "(" | "[") && next.start == line[0].end())
}

fn is_names(tokens: &[Token<'_>]) -> bool {
    tokens.first().is_some_and(|token| token.kind == Kind::Name)
        && tokens
            .iter()
            .all(|token| token.kind == Kind::Name || token.is(".") || token.is(","))
}

fn from_import(rest: &[Token<'_>]) -> bool {
    let Some(at) = rest.iter().position(|token| token.is_name("import")) else {
        return false;
    };
    let is_part = |token: &Token<'_>| {
        token.kind == Kind::Name || matches!(token.text, "." | "..." | "," | "(" | ")" | "*")
    };
    at > 0 && at + 1 < rest.len() && rest.iter().all(is_part)
}

fn has(tokens: &[Token<'_>], what: impl Fn(&Token<'_>) -> bool) -> bool {
    tokens.iter().any(what)
}

fn has_colon(tokens: &[Token<'_>]) -> bool {
    has(tokens, |token| token.is(":"))
}

/// False for what stands in prose and shells, and for strings that don't end.
fn is_code_token(token: &Token<'_>) -> bool {
    match token.kind {
        Kind::Name => token.text.is_ascii(),
        Kind::Operator => {
            token.text.is_ascii() && !matches!(token.text, ";" | "`" | "$" | "?" | "!" | "\\")
        }
        Kind::Text => {
            let body = token
                .text
                .trim_start_matches(|c: char| c.is_ascii_alphabetic());
            let quote = body.chars().next();
            body.len() > 1 && body.chars().last() == quote
        }
        Kind::Number | Kind::Comment | Kind::Newline => true,
    }
}

fn is_balanced(tokens: &[Token<'_>]) -> bool {
    let mut open = Vec::new();
    for token in tokens.iter().filter(|token| token.kind == Kind::Operator) {
        match token.text {
            "(" => open.push(")"),
            "[" => open.push("]"),
            "{" => open.push("}"),
            ")" | "]" | "}" if open.pop() != Some(token.text) => return false,
            _ => {}
        }
    }
    open.is_empty()
}

/// True where two operands stand side by side that nothing joins, as the words of a sentence do.
fn has_words(line: &[Token<'_>]) -> bool {
    let is_operand = |token: &Token<'_>| match token.kind {
        Kind::Name => !KEYWORDS.contains(&token.text),
        Kind::Number | Kind::Text => true,
        _ => false,
    };
    line.windows(2).any(|pair| {
        let ends = is_operand(&pair[0]) || matches!(pair[0].text, ")" | "]" | "}");
        let joined = pair[0].kind == Kind::Text && pair[1].kind == Kind::Text;
        ends && is_operand(&pair[1]) && !joined
    })
}

const HEADERS: [&str; 3] = ["def", "for", "with"];
const ASSIGNMENTS: [&str; 13] = [
    "=", "+=", "-=", "*=", "/=", "//=", "%=", "**=", "&=", "|=", "^=", ">>=", "<<=",
];
const KEYWORDS: [&str; 33] = [
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif",
    "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda",
    "nonlocal", "not", "or", "pass", "print", "raise", "return", "try", "while", "with", "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_told_by_how_sure_they_are() {
        for (text, level) in [
            ("import pdb", 1),
            ("import os.path", 2),
            ("import numpy as np  # 数组", 2),
            ("from collections import Iterable", 2),
            ("from . import (a, b)", 2),
            ("def f(x, *, y=1) -> int:", 2),
            ("async def f():", 2),
            ("class A(B):", 1),
            ("for line in f.readlines():", 1),
            ("with open('x') as f:", 1),
            ("if x > 3 and y:", 0),
            ("else:", 0),
            ("return x", 0),
            ("print(line.strip()) # 把末尾的 '\\n' 删掉", 2),
            ("print \"a\"", 2),
            ("print x, y", 0),
            ("names = ['Michael', 'Bob']", 0),
            ("d['k'] += 3", 0),
            ("x = int('1')", 1),
            ("sys.path.append('/x')", 0),
            ("x = f(\n  1,\n)", 1),
        ] {
            assert_eq!(
                likeness(text).map(|likeness| likeness.level),
                Some(level),
                "{text:?}"
            );
        }
    }

    #[test]
    fn prose_shells_and_other_languages_are_no_statements() {
        for text in [
            "range()函数，可以生成一个整数序列",
            "break语句可以在循环过程中直接退出循环",
            "read(size) reads at most size bytes",
            "read(size) 每次最多读取 size 个字节的内容",
            "for example, in this case:",
            "if you want this:",
            "import the module first",
            "from time to time we import it",
            "return to sender",
            "print it out",
            "with great power comes:",
            "don't = do()",
            "Note: x = f()",
            "$ python setup.py",
            "pip install x",
            "let x = f()",
            "x = f();",
            "os.path",
            "True",
            "1 + 1",
            "x == f()",
            "f(x) = g(x)",
            "print(",
            "print)",
            "`print(x)`",
            "变量 = f()",
            "def",
            "import",
            "try hard:",
            "sche 主循环: 执行task",
            "[a](http://b)",
            "Foo (bar)",
            "async",
            "x =",
        ] {
            assert_eq!(likeness(text), None, "{text:?}");
        }
    }

    #[test]
    fn one_statement_needs_to_be_surer_than_two() {
        let is_code = |text: &str| likeness(text).is_some_and(Likeness::is_code);
        assert!(is_code("import os.path"));
        assert!(!is_code("import pdb"));
        assert!(!is_code("import pdb\n# then"));
        assert!(is_code("import pdb\n\npdb.set_trace()"));
        assert!(!is_code("x = 1\ny = 2"));
        assert!(!is_code(""));
    }
}
