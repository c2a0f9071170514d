//! Code as logical lines with what surrounds each: the function, and whether the code itself
//! takes care of other versions of Python.
//!
//! By tokens and indentation alone, so that Python 2 and fragments are read as well. A bracket
//! that is never closed costs its own statement.

use std::collections::HashSet;

use crate::notes::mentions::is_about_old;
use crate::notes::tokens::{Kind, Token, tokenize};

/// A logical line, cut again at `;`.
#[derive(Clone, Debug, Default)]
pub(super) struct Line<'a> {
    /// Its tokens without comments.
    pub(super) tokens: Vec<Token<'a>>,
    indent: usize,
    /// The innermost function that it stands in.
    pub(super) function: Option<&'a str>,
    /// What it does on an old Python is meant for an old Python.
    pub(super) guarded: bool,
}

impl Line<'_> {
    fn starts(&self, words: &[&str]) -> bool {
        let first = self.tokens.first();
        first.is_some_and(|token| token.kind == Kind::Name && words.contains(&token.text))
    }

    fn has(&self, is: impl Fn(&Token<'_>) -> bool) -> bool {
        self.tokens.iter().any(is)
    }

    /// True where operands stand side by side that nothing joins, as the words of a sentence do.
    pub(super) fn is_prose(&self) -> bool {
        let is_word = |token: &Token<'_>| token.kind == Kind::Name && !is_keyword(token.text);
        let pairs = self.tokens.windows(2);
        self.tokens.len() == 1 || pairs.into_iter().any(|pair| pair.iter().all(is_word))
    }
}

/// The logical lines of `source`.
pub(super) fn of(source: &str) -> Vec<Line<'_>> {
    let tokens = tokenize(source);
    let quiet = old_lines(source, &tokens);
    let mut lines = split(source, &tokens);
    let around = surroundings(&lines);
    let chains = guarded_chains(&lines, &around);
    for (at, place) in around.iter().enumerate() {
        let headers = place.within.iter().map(|&header| around[header].chain);
        let by_headers = headers.chain([place.chain]).any(|chain| chains[chain]);
        let function = place
            .within
            .iter()
            .rev()
            .find_map(|&header| name_of_function(&lines[header]));
        let says_old = lines[at]
            .tokens
            .iter()
            .any(|token| quiet.contains(&token.line));
        let line = &mut lines[at];
        line.function = function;
        line.guarded = by_headers || says_old || is_version_check(line);
    }
    lines
}

/// The physical lines that a comment beside them, or above them without a blank line in between,
/// puts down as old.
fn old_lines(source: &str, tokens: &[Token<'_>]) -> HashSet<usize> {
    const SAYS_OLD: [&str; 8] = [
        "removed",
        "deprecated",
        "no longer",
        "移除",
        "弃用",
        "废弃",
        "不再",
        "旧版",
    ];
    let says_old = |text: &str| {
        let meant = !text.starts_with("#!");
        meant && (is_about_old(text) || SAYS_OLD.iter().any(|word| text.contains(word)))
    };
    let comments = tokens
        .iter()
        .filter(|token| token.kind == Kind::Comment && says_old(token.text));
    let said: HashSet<usize> = comments.map(|token| token.line).collect();
    let mut quiet = HashSet::new();
    let mut below = false;
    for (at, text) in source.lines().enumerate() {
        let alone = text.trim_start().starts_with('#');
        below = !text.trim().is_empty() && (below || (alone && said.contains(&at)));
        if below || said.contains(&at) {
            quiet.insert(at);
        }
    }
    quiet
}

/// Words that begin a statement wherever they stand first on a line.
const BEGINS: [&str; 8] = [
    "def", "class", "import", "from", "return", "while", "with", "try",
];

fn split<'a>(source: &'a str, tokens: &[Token<'a>]) -> Vec<Line<'a>> {
    let mut lines: Vec<Line<'a>> = Vec::new();
    let mut depth = 0usize;
    let mut last: Option<Token<'a>> = None;
    let is_code = |token: &&Token<'a>| !matches!(token.kind, Kind::Comment | Kind::Newline);
    for token in tokens.iter().filter(is_code) {
        let first_on_line = last.is_none_or(|last| {
            token.line > last.line + last.text.matches('\n').count()
                && !source[last.end()..token.start].contains("\\\n")
        });
        let cut = last.is_some_and(|last| last.is(";")) && depth == 0;
        if first_on_line && (depth == 0 || BEGINS.contains(&token.text)) {
            depth = 0;
            lines.push(Line {
                indent: indent(source, token.start),
                ..Line::default()
            });
        } else if cut {
            let indent = lines.last().map_or(0, |line| line.indent);
            lines.push(Line {
                indent,
                ..Line::default()
            });
        }
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if let Some(line) = lines.last_mut().filter(|_| !token.is(";")) {
            line.tokens.push(*token);
        }
        last = Some(*token);
    }
    lines
}

/// The column of a byte, tabs reaching to the next eighth one.
fn indent(source: &str, at: usize) -> usize {
    let line = source[..at].rfind('\n').map_or(0, |end| end + 1);
    let columns = source[line..at].chars();
    columns.fold(0, |column, c| match c {
        '\t' => column / 8 * 8 + 8,
        _ => column + 1,
    })
}

/// Where a line stands.
#[derive(Clone, Debug, Default)]
struct Place {
    /// The headers of the suites that it stands in, the outermost first.
    within: Vec<usize>,
    /// The first line of the compound statement that it belongs to, such as the `try` of an `except`.
    chain: usize,
}

fn surroundings(lines: &[Line<'_>]) -> Vec<Place> {
    let mut open: Vec<usize> = Vec::new();
    let mut places: Vec<Place> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let mut chain = at;
        while let Some(&header) = open.last()
            && lines[header].indent >= line.indent
        {
            if lines[header].indent == line.indent
                && line.starts(&["except", "else", "elif", "finally"])
            {
                chain = places[header].chain;
            }
            open.pop();
        }
        places.push(Place {
            within: open.clone(),
            chain,
        });
        let opens = line.tokens.last().is_some_and(|token| token.is(":"))
            || line.starts(&[
                "try", "if", "except", "else", "elif", "def", "class", "with",
            ]);
        if opens {
            open.push(at);
        }
    }
    places
}

/// For each line whether a compound statement that begins with it takes care of other versions.
fn guarded_chains(lines: &[Line<'_>], places: &[Place]) -> Vec<bool> {
    let mut guarded = vec![false; lines.len()];
    for (at, line) in lines.iter().enumerate() {
        let chain = places[at].chain;
        let decorates = at > 0
            && lines[at - 1]
                .tokens
                .first()
                .is_some_and(|token| token.is("@"))
            && lines[at - 1].has(|token| token.text.to_lowercase().contains("skip"));
        guarded[chain] |= decorates
            || (line.starts(&["except"])
                && chain < at
                && catches(line, body_length(places, chain)))
            || (line.starts(&["if", "elif", "while"]) && is_version_check(line))
            || (line.starts(&["with"]) && line.has(expects_errors));
    }
    guarded
}

/// How many lines stand in the first suite of a statement.
fn body_length(places: &[Place], header: usize) -> usize {
    let inside = places
        .iter()
        .filter(|place| place.within.contains(&header))
        .count();
    inside.max(1)
}

/// True for an `except` that is there for names and modules that are not everywhere. One for
/// everything is, where little was tried.
fn catches(line: &Line<'_>, tried: usize) -> bool {
    let header = line.tokens.split(|token| token.is(":")).next();
    let caught: Vec<&str> = header
        .unwrap_or_default()
        .iter()
        .skip(1)
        .map(|token| token.text)
        .collect();
    let names = |wanted: &[&str]| caught.iter().any(|name| wanted.contains(name));
    let all = caught.is_empty() || names(&["Exception", "BaseException"]);
    names(&[
        "ImportError",
        "ModuleNotFoundError",
        "NameError",
        "AttributeError",
    ]) || (all && tried <= 2)
}

fn expects_errors(token: &Token<'_>) -> bool {
    let name = token.text.to_lowercase();
    token.kind == Kind::Name && (name.contains("raises") || name.contains("suppress"))
}

fn is_version_check(line: &Line<'_>) -> bool {
    line.has(|token| {
        if token.kind != Kind::Name {
            return false;
        }
        let name = token.text.to_lowercase();
        let plain = name.replace('_', "");
        plain.ends_with("py2")
            || plain.ends_with("py3")
            || plain.contains("py3k")
            || plain.contains("pyver")
            || plain.contains("python2")
            || plain.contains("python3")
            || matches!(
                name.as_str(),
                "version_info" | "hexversion" | "hasattr" | "python_version"
            )
            || name.contains("raises")
    })
}

fn name_of_function<'a>(line: &Line<'a>) -> Option<&'a str> {
    let at = line.tokens.iter().position(|token| token.is_name("def"))?;
    (at <= 1).then(|| line.tokens.get(at + 1).map(|token| token.text))?
}

pub(in crate::check) fn is_keyword(word: &str) -> bool {
    const KEYWORDS: [&str; 40] = [
        "and", "as", "assert", "async", "await", "break", "case", "class", "continue", "def",
        "del", "elif", "else", "except", "exec", "finally", "for", "from", "global", "if",
        "import", "in", "is", "lambda", "match", "nonlocal", "not", "or", "pass", "print", "raise",
        "return", "try", "type", "while", "with", "yield", "None", "True", "False",
    ];
    KEYWORDS.contains(&word)
}
