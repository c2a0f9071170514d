//! What only Python 2 accepts: found by what makes it so, and rewritten so that
//! the rest of the code can still be read.
//!
//! A pure function from text to text and idioms. Whether the rewritten code is
//! Python 3 is for CPython's parser to say; nothing is decided here.

mod parameters;
mod statements;

use std::ops::Range;

use self::statements::goes_on;
use super::tokens::{Kind, Token, tokenize};

/// One idiom of Python 2 in some code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Idiom {
    /// The slug of its rule.
    pub rule: &'static str,
    /// The line, counted from 0 within the code.
    pub line: usize,
    /// The byte of the code at which it begins.
    pub at: usize,
}

/// Other text for some bytes of some code.
pub type Edit = (Range<usize>, String);

/// Code with its idioms of Python 2 replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Modern {
    /// The code as Python 3 writes it; as many lines as before.
    pub text: String,
    /// What was replaced, in the order of the lines.
    pub idioms: Vec<Idiom>,
    /// What makes `text` of the code, in the order of the places; no two of them overlap.
    pub edits: Vec<Edit>,
    /// False where `text` can be read, and does not do what the code did.
    pub is_exact: bool,
}

/// Replaces the syntax that only Python 2 has.
pub fn modernize(source: &str) -> Modern {
    let tokens = tokenize(source);
    let statements = statements(&tokens);
    let mut pass = Pass {
        source,
        tokens: &tokens,
        statements: &statements,
        edits: Vec::new(),
        idioms: Vec::new(),
        unsure: Vec::new(),
        is_exact: true,
    };
    for at in 0..statements.len() {
        pass.statement(at);
    }
    pass.finish()
}

/// The text of the statement that has this byte, without `;` and comments.
pub fn statement_at(source: &str, byte: usize) -> Option<&str> {
    let tokens = tokenize(source);
    let places = statements(&tokens).into_iter().filter_map(|statement| {
        let tokens = &tokens[statement];
        Some(tokens.first()?.start..tokens.last()?.end())
    });
    let mut places = places.filter(|place| place.contains(&byte));
    source.get(places.next()?)
}

/// The text with these edits, which are sorted by their places and do not overlap.
pub fn edited(source: &str, edits: &[Edit]) -> String {
    let (mut text, mut done) = (String::with_capacity(source.len()), 0);
    for (place, with) in edits {
        text.push_str(source.get(done..place.start).unwrap_or_default());
        text.push_str(with);
        done = place.end;
    }
    text.push_str(source.get(done..).unwrap_or_default());
    text
}

/// Where a byte of the source stands in the text with these edits.
pub fn moved(byte: usize, edits: &[Edit]) -> usize {
    let before = edits.iter().take_while(|(place, _)| place.end <= byte);
    before.fold(byte, |at, (place, with)| {
        (at + with.len()).saturating_sub(place.len())
    })
}

/// Where what ends before this byte of the source ends in the text with these edits.
pub fn moved_end(byte: usize, edits: &[Edit]) -> usize {
    let inside = edits
        .iter()
        .take_while(|(place, _)| place.start < byte && place.end <= byte);
    inside.fold(byte, |at, (place, with)| {
        (at + with.len()).saturating_sub(place.len())
    })
}

/// The places of the statements in a token stream: logical lines, cut again at `;` outside
/// brackets and behind the `:` that opens a block on the same line.
fn statements(tokens: &[Token<'_>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut first, mut depth, mut compound) = (0, 0usize, false);
    for (at, token) in tokens.iter().enumerate() {
        if at == first {
            compound = COMPOUND.contains(&token.text);
        }
        depth = depth_after(depth, token);
        let opens = compound && depth == 0 && token.is(":") && !is_lambda_colon(&tokens[first..at]);
        let ends =
            matches!(token.kind, Kind::Newline | Kind::Comment) || (depth == 0 && token.is(";"));
        if ends || opens {
            let last = if opens { at + 1 } else { at };
            if last > first {
                found.push(first..last);
            }
            first = at + 1;
            if token.kind == Kind::Newline {
                depth = 0;
            }
        }
    }
    found
}

const COMPOUND: [&str; 11] = [
    "if", "elif", "else", "while", "for", "try", "except", "finally", "with", "def", "class",
];

fn line_ends(text: &str) -> usize {
    text.matches('\n').count()
}

fn is_lambda_colon(before: &[Token<'_>]) -> bool {
    let lambdas = before
        .iter()
        .filter(|token| token.is_name("lambda"))
        .count();
    lambdas > before.iter().filter(|token| token.is(":")).count()
}

/// How many brackets are open behind `token`.
fn depth_after(depth: usize, token: &Token<'_>) -> usize {
    match token.text {
        "(" | "[" | "{" if token.kind == Kind::Operator => depth + 1,
        ")" | "]" | "}" if token.kind == Kind::Operator => depth.saturating_sub(1),
        _ => depth,
    }
}

struct Pass<'t, 'a> {
    source: &'a str,
    tokens: &'t [Token<'a>],
    statements: &'t [Range<usize>],
    edits: Vec<Edit>,
    idioms: Vec<Idiom>,
    /// `print` with what follows it where that is Python 3 too, and means something else there:
    /// `print`, `print (a), b`.
    unsure: Vec<(&'t Token<'a>, &'t [Token<'a>])>,
    is_exact: bool,
}

impl<'t, 'a> Pass<'t, 'a> {
    fn statement(&mut self, at: usize) {
        let tokens = &self.tokens[self.statements[at].clone()];
        self.small(tokens);
        let Some((first, rest)) = tokens.split_first() else {
            return;
        };
        match first.text {
            "print" if rest.is_empty() || goes_on(rest) => self.unsure.push((first, rest)),
            "print" => self.print(first, rest),
            "exec" => self.exec(first, rest),
            "raise" => self.raise(first, rest),
            "except" => self.except(first, rest),
            "def" => self.tuple_parameters(at),
            _ => {}
        }
        self.lambdas(tokens);
    }

    fn found(&mut self, rule: &'static str, token: &Token<'_>) {
        self.idioms.push(Idiom {
            rule,
            line: token.line,
            at: token.start,
        });
    }

    /// Replaces some bytes and keeps their line ends: all that is replaced across lines stands in
    /// brackets, or does from then on.
    fn replace(&mut self, start: usize, end: usize, with: impl Into<String>) {
        let mut with = with.into();
        let lost = line_ends(&self.source[start..end]).saturating_sub(line_ends(&with));
        with.push_str(&"\n".repeat(lost));
        self.edits.push((start..end, with));
    }

    /// Literals and operators that stand anywhere.
    fn small(&mut self, tokens: &'t [Token<'a>]) {
        self.backticks(tokens);
        for token in tokens {
            match token.kind {
                Kind::Number => self.number(token),
                Kind::Text
                    if token
                        .text
                        .get(..2)
                        .is_some_and(|prefix| prefix.eq_ignore_ascii_case("ur")) =>
                {
                    self.found("py2-ur-string", token);
                    self.replace(token.start, token.start + 1, "");
                }
                Kind::Operator if token.text == "<>" => {
                    self.found("py2-not-equal", token);
                    self.replace(token.start, token.end(), "!=");
                }
                _ => {}
            }
        }
    }

    /// Backticks, which nest: one that stands where a value may begin opens, any other closes.
    fn backticks(&mut self, tokens: &'t [Token<'a>]) {
        let mut open: Vec<usize> = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            if !token.is("`") {
                continue;
            }
            let before = at.checked_sub(1).map(|at| &tokens[at]);
            let opens = open.last().is_none_or(|&last| {
                let expects_value = before.is_some_and(|token| {
                    token.kind == Kind::Operator && !matches!(token.text, ")" | "]" | "}" | "`")
                });
                expects_value || last + 1 == at
            });
            if opens {
                open.push(at);
                continue;
            }
            let Some(begin) = open.pop() else { continue };
            // Several values are one tuple.
            let tuple = top_level(&tokens[begin + 1..at], ",").next().is_some();
            let (left, right) = if tuple {
                ("repr((", "))")
            } else {
                ("repr(", ")")
            };
            self.found("py2-backticks", &tokens[begin]);
            self.replace(tokens[begin].start, tokens[begin].end(), left);
            self.replace(token.start, token.end(), right);
        }
    }

    fn number(&mut self, token: &Token<'_>) {
        let digits = token.text.trim_end_matches(['l', 'L']);
        let hexadecimal = digits.starts_with("0x") || digits.starts_with("0X");
        let whole = digits.bytes().all(|byte| byte.is_ascii_digit()) || hexadecimal;
        if digits.len() < token.text.len() && whole && !digits.is_empty() {
            self.found("py2-long-literal", token);
            self.replace(token.start + digits.len(), token.end(), "");
        }
        let octal = digits.len() > 1
            && digits.starts_with('0')
            && digits.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
        if octal && digits.bytes().any(|byte| byte != b'0') {
            self.found("py2-octal-literal", token);
            self.replace(token.start, token.start + 1, "0o");
        }
    }

    fn finish(mut self) -> Modern {
        if !self.idioms.is_empty() {
            for (print, rest) in std::mem::take(&mut self.unsure) {
                self.call_print(print, rest);
            }
        }
        self.idioms.sort_by_key(|idiom| (idiom.line, idiom.at));
        let edits = without_overlaps(self.edits);
        Modern {
            text: edited(self.source, &edits),
            idioms: self.idioms,
            edits,
            is_exact: self.is_exact,
        }
    }
}

/// The edits by their places. Edits at one place are made in the order in which they were asked
/// for; of two that overlap the later one is left out.
pub fn without_overlaps(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort_by_key(|(place, _)| (place.start, place.end));
    let mut kept: Vec<Edit> = Vec::new();
    for edit in edits {
        let is_apart = |last: &Edit| last.0.end <= edit.0.start;
        if kept.last().is_none_or(is_apart) {
            kept.push(edit);
        }
    }
    kept
}

/// Where `operator` stands outside brackets and lambdas.
fn top_level<'t>(tokens: &'t [Token<'_>], operator: &'t str) -> impl Iterator<Item = usize> + 't {
    let mut depth = 0usize;
    tokens.iter().enumerate().filter_map(move |(at, token)| {
        depth = depth_after(depth, token);
        (depth == 0 && token.is(operator)).then_some(at)
    })
}

#[cfg(test)]
mod tests;
