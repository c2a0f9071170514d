//! Claims of prompt sessions: what is shown below an input.
//!
//! Greetings of an interpreter, comments, labels and sentences of the author are kept apart
//! from output. An input with nothing shown below it makes no claim.

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::statements::{Kind, statements};
use super::within::Texts;
use super::{Source, comments, labels, pattern, scope, traceback, values};
use crate::model::{About, Claim, ClaimForm, Lines, Options, Says};
use crate::notes::prompts::{self, Input};
use crate::notes::{doctest, language};

/// The claims of the session `source`.
pub(super) fn read(source: Source<'_>) -> Vec<Claim> {
    let session = Session::of(source);
    let mut scope = None;
    let mut claims = Vec::new();
    let mut above = 0;
    for (at, input) in session.inputs.iter().enumerate() {
        let typed = session.typed(at);
        for line in &session.lines[above..typed.start] {
            follow_scope(&mut scope, line);
        }
        for line in input.piece.text.lines() {
            follow_scope(&mut scope, line);
        }
        claims.extend(session.claim(at, scope.as_deref()));
        above = typed.end;
    }
    claims.extend(session.beside());
    claims
}

/// A greeting or a heading such as `# Python 2` says which Python all below is about.
fn follow_scope(scope: &mut Option<String>, line: &str) {
    if let Some(version) = prompts::banner(line) {
        let mut parts = version.split('.').filter(|part| !part.is_empty());
        *scope = match (parts.next(), parts.next()) {
            (None, _) => scope.take(),
            (Some("2"), None) => Some("<3".to_owned()),
            (Some("2"), Some(minor)) => Some(format!("==2.{minor}.*")),
            _ => None,
        };
    } else if let Some(spec) = scope::heading(line) {
        *scope = Some(spec);
    }
}

struct Session<'a> {
    source: Source<'a>,
    lines: Vec<&'a str>,
    inputs: Vec<Input>,
    /// All that was typed, once something is looked for in it.
    typed: OnceCell<Texts>,
    /// What their flags ask for.
    options: Vec<Options>,
}

/// A piece of a line of the session, which is counted from 0.
#[derive(Clone, Debug)]
struct Part {
    line: usize,
    columns: Range<usize>,
}

impl<'a> Session<'a> {
    fn of(source: Source<'a>) -> Self {
        let inputs = prompts::session(source.text, source.first);
        let flags = doctest::of_session(&inputs);
        Self {
            lines: source.text.lines().collect(),
            typed: OnceCell::new(),
            options: flags.into_iter().map(|flags| flags.options).collect(),
            inputs,
            source,
        }
    }

    /// The lines of an input, counted from 0.
    fn typed(&self, at: usize) -> Range<usize> {
        let piece = &self.inputs[at].piece;
        let first = (piece.line as usize).saturating_sub(self.source.first);
        first..(first + piece.text.lines().count()).min(self.lines.len())
    }

    fn text(&self, part: &Part) -> &'a str {
        &self.lines[part.line][part.columns.clone()]
    }

    fn claim(&self, at: usize, scope: Option<&str>) -> Option<Claim> {
        let typed = self.typed(at);
        let code = &self.inputs[at].piece.text;
        let all = statements(code);
        let asked = all.iter().find(|one| one.is_code())?;
        if matches!(asked.code.trim(), "exit()" | "quit()") {
            return None;
        }
        let parts = self.output(at);
        let mut claimed = self.claimed(&parts);
        if claimed
            .chars()
            .all(|c| c.is_whitespace() || matches!(c, '.' | '…'))
        {
            return None;
        }
        let mut parts = parts.as_slice();
        let raised = traceback::shown(&claimed)
            .filter(|_| !code.contains("except") || claimed.lines().any(traceback::is_header));
        if let Some(raised) = &raised {
            parts = &parts[raised.lines.clone()];
            claimed = self.claimed(parts);
        }
        let (first, last) = (parts.first()?.line, parts.last()?.line);
        let bytes: Option<Vec<_>> = parts
            .iter()
            .map(|part| self.source.bytes(part.line, part.columns.clone()))
            .collect();
        let beside = asked
            .comment
            .and_then(|(_, comment)| scope::heading(comment));
        Some(Claim {
            lines: self.source.lines(first, last),
            form: raised
                .as_ref()
                .map_or(ClaimForm::Prompt, |_| ClaimForm::Traceback),
            source: asked
                .code
                .lines()
                .next()
                .unwrap_or_default()
                .trim_end()
                .to_owned(),
            about: About::Output(Lines {
                first: self.source.line(typed.start),
                last: self.source.line(typed.end.saturating_sub(1)),
            }),
            claimed,
            says: raised.map_or(Says::Text, |raised| raised.says),
            bytes: bytes.unwrap_or_default(),
            scope: beside.or_else(|| scope.map(str::to_owned)),
            options: self.options[at],
        })
    }

    fn claimed(&self, parts: &[Part]) -> String {
        let lines: Vec<&str> = parts
            .iter()
            .map(|part| match self.text(part) {
                "<BLANKLINE>" => "",
                text => text,
            })
            .collect();
        lines.join("\n")
    }

    /// What of the lines below an input is output.
    fn output(&self, at: usize) -> Vec<Part> {
        let typed = self.typed(at);
        let input = &self.inputs[at];
        let code = input.piece.text.as_str();
        let margin = indent(self.lines[typed.start]);
        let shown = typed.end..typed.end + input.shown.lines().count();
        let mut parts: Vec<Part> = shown.map(|line| self.part(line, margin)).collect();
        let is_aside = |part: &Part| is_aside(self.text(part), code);
        let begin = parts.iter().take_while(|part| is_aside(part)).count();
        parts.drain(..begin);
        // A value that was typed shows itself alone, and what calls nothing prints no code.
        let is_bare = values::is_value(code);
        let is_code = |part: &Part| {
            let text = self.text(part);
            let is_statement = !values::is_value(text) && language::reads_as_statement(text);
            CALL.is_match(text)
                || is_bare && !values::is_value(text)
                || is_statement && !code.contains('(')
        };
        let end = parts.iter().position(is_code).unwrap_or(parts.len());
        parts.truncate(end);
        self.cut_prose(&mut parts, code);
        while parts.last().is_some_and(is_aside) {
            parts.pop();
        }
        if let [only] = parts.as_mut_slice() {
            only.columns.end = only.columns.start + value_end(self.text(only), code);
        } else {
            for part in &mut parts {
                part.columns.end = part.columns.start + comment_start(self.text(part), code);
            }
        }
        if prints_nothing(code)
            && parts
                .first()
                .is_some_and(|part| is_sentence(self.text(part)))
        {
            parts.clear();
        }
        parts
    }

    /// A line of output without the indentation of the session, `Out[1]:` and spaces at its end.
    fn part(&self, line: usize, margin: &str) -> Part {
        let text = self.lines[line];
        let mut start = if text.starts_with(margin) {
            margin.len()
        } else {
            0
        };
        if let Some(prompt) = OUT.find(&text[start..]) {
            start += prompt.end();
        }
        let end = text.trim_end().len().max(start);
        Part {
            line,
            columns: start..end,
        }
    }

    /// Leaves out what the author says below the output: from the first sentence on that stands
    /// behind an empty line, unless sentences are what the code shows.
    fn cut_prose(&self, parts: &mut Vec<Part>, code: &str) {
        let shows_text = ["help(", "__doc__", "import this", "read("]
            .iter()
            .any(|word| code.contains(word));
        let begins_so = parts
            .first()
            .is_some_and(|part| is_sentence(self.text(part)));
        if shows_text || begins_so {
            return;
        }
        let is_typed = |begin: &str| {
            let typed = self.inputs.iter().map(|input| input.piece.text.as_str());
            self.typed.get_or_init(|| Texts::of(typed)).have(begin)
        };
        let end = (1..parts.len()).find(|&at| {
            let text = self.text(&parts[at]);
            let begin: String = text.trim().chars().take(4).collect();
            self.text(&parts[at - 1]).trim().is_empty() && is_sentence(text) && !is_typed(&begin)
        });
        parts.truncate(end.unwrap_or(parts.len()));
    }

    /// The claims in comments beside what was typed, and in comments directly below it.
    fn beside(&self) -> Vec<Claim> {
        let mut text: Vec<String> = self.lines.iter().map(|&line| line.to_owned()).collect();
        let mut is_code = vec![false; self.lines.len()];
        for (at, input) in self.inputs.iter().enumerate() {
            let typed = self.typed(at);
            for (line, code) in typed.clone().zip(input.piece.text.lines()) {
                let prompt = self.lines[line].len().saturating_sub(code.len());
                text[line] = " ".repeat(prompt) + code;
                is_code[line] = true;
            }
            if !self.output(at).is_empty() {
                continue;
            }
            let below = self.lines[typed.end..]
                .iter()
                .take(input.shown.lines().count());
            let comments = below
                .take_while(|line| line.trim_start().starts_with('#'))
                .count();
            is_code[typed.end..typed.end + comments].fill(true);
        }
        let text = text.join("\n") + "\n";
        let source = self.source.with_text(&text);
        let mut claims = comments::read(source, &|line| {
            is_code.get(line).copied().unwrap_or_default()
        });
        for claim in &mut claims {
            claim.options = claim.options.or(self.options_at(claim.about.lines().first));
        }
        claims
    }

    /// The flags of the input that line `line` of the note belongs to.
    fn options_at(&self, line: usize) -> Options {
        let begins = |input: &Input| input.piece.line as usize <= line;
        let at = self.inputs.iter().rposition(begins);
        at.map_or_else(Options::default, |at| self.options[at])
    }
}

/// True for lines around an output that are none: empty ones, comments and labels.
fn is_aside(line: &str, code: &str) -> bool {
    let text = line.trim();
    text.is_empty()
        || text.starts_with('#')
        || (labels::is_output_label(text) && !code.contains(text))
}

/// The length of `text`, shown by `code`, without a comment behind a value.
fn comment_start(text: &str, code: &str) -> usize {
    let Some(at) = text.find(" #").map(|at| text[..at].trim_end().len()) else {
        return text.len();
    };
    let Some(comment) = text[at..].trim_start().strip_prefix('#') else {
        return text.len();
    };
    let (value, comment) = (&text[..at], comment.trim());
    let is_prose = comment.chars().any(char::is_alphabetic);
    let ends_value = values::is_value(value) || traceback::shown(value).is_some();
    // Only a text that is printed has such a sign of its own behind a value.
    if ends_value && (is_prose || !code.contains("print")) {
        at
    } else {
        text.len()
    }
}

/// The length of the value that an output of one line begins with, where only an explanation follows it.
fn value_end(text: &str, code: &str) -> usize {
    let commented = comment_start(text, code);
    if commented < text.len() || code.contains("print") {
        return commented;
    }
    let Some(value) = values::explained(text) else {
        return text.len();
    };
    let rest = text[value.len..].trim_start();
    if rest.starts_with(|c: char| !c.is_ascii()) {
        value.len
    } else {
        text.len()
    }
}

/// True for code that shows nothing but errors when it was typed.
fn prints_nothing(code: &str) -> bool {
    statements(code).iter().all(|one| {
        matches!(
            one.kind,
            Kind::Assign | Kind::AssignPlain | Kind::Import | Kind::Comment
        )
    })
}

/// True for a line that reads as a sentence and as nothing that Python shows.
pub(super) fn is_sentence(line: &str) -> bool {
    let line = line.trim();
    if values::value(line).is_some() || traceback::shown(line).is_some() {
        return false;
    }
    let is_han = |c: &char| ('\u{4e00}'..='\u{9fff}').contains(c);
    let han = line.chars().filter(is_han).count();
    let punctuated =
        line.contains(['，', '。', '：', '；', '？', '！']) || line.ends_with([':', '?']);
    if han >= 6 || (han >= 2 && punctuated) {
        return true;
    }
    let words = line.split_whitespace();
    let plain = |word: &str| {
        word.chars()
            .all(|c| c.is_alphabetic() || ",.:;'`-()?!".contains(c))
    };
    let (all, plain) = words.fold((0, 0), |(all, good), word| {
        (all + 1, good + usize::from(plain(word)))
    });
    all >= 4 && plain * 4 >= all * 3 && line.ends_with(['.', ':', '?', '!'])
}

/// The white space that a line begins with.
fn indent(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

static OUT: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*Out ?\[\d*\]: ?"));
/// A call of a method with a comment: code that lost its prompt.
static CALL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[a-z_]\w*(?:\.[a-z_]\w*)+\([^#]*\)\s+#\s"));

#[cfg(test)]
#[path = "prompts_tests.rs"]
mod tests;
