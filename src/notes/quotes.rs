//! Code that somebody wrote as paragraphs of a block quote: `> print(x)`.
//!
//! A quote is prose far more often than code, so only what can hardly be anything else
//! counts: paragraphs that are statements from the first line to the last, with an
//! import, a definition or the like among them. Nothing here knows what a note is:
//! it is handed the events of a parser, or the text of an indented block.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::lines::LineStarts;
use super::statements::{Likeness, likeness};
use crate::model::Lines;

/// Code in a quote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Quoted {
    /// From its first line to its last.
    pub(super) lines: Lines,
    /// One line for each of these, without what stands before the code.
    pub(super) text: String,
}

/// True where it pays to look for quotes: a line of `text` may be code in one.
pub(super) fn are_likely(text: &str) -> bool {
    memchr::memchr_iter(b'>', text.as_bytes()).any(|at| {
        let before = text.as_bytes()[..at].iter().rev();
        let mut before = before.take_while(|byte| **byte != b'\n');
        let is_mark = |byte: &u8| {
            matches!(
                byte,
                b' ' | b'\t' | b'-' | b'*' | b'+' | b'.' | b')' | b'0'..=b'9'
            )
        };
        before.all(is_mark) && text[at + 1..].lines().next().is_some_and(may_be_code)
    })
}

/// True for a line that is code where other statements stand beside it. Few lines of prose have
/// the words or the signs without which none is, so few are taken apart.
fn may_be_code(line: &str) -> bool {
    let first = line.trim_start();
    let is_possible = (line.contains('=') && line.contains('('))
        || STATEMENTS.iter().any(|word| first.starts_with(word));
    is_possible && likeness(line).is_some_and(|likeness| likeness.level > 0)
}

/// How the statements begin that are surer code than others, but for assignments of a call.
const STATEMENTS: [&str; 8] = [
    "import", "from", "async", "def", "class", "with", "for", "print",
];

/// The quoted code of a note, in the order of its lines.
pub(super) fn find(
    events: &[(Event<'_>, Range<usize>)],
    note: &str,
    lines: &LineStarts,
) -> Vec<Quoted> {
    let mut finder = Finder {
        note,
        lines,
        containers: Vec::new(),
        run: Run::default(),
        found: Vec::new(),
    };
    for (event, range) in events {
        finder.take(event, range);
    }
    finder.end_run();
    finder.found
}

/// Paragraphs one below the other that are code so far.
#[derive(Default)]
struct Run {
    text: String,
    lines: Lines,
    likeness: Likeness,
}

impl Run {
    fn add(&mut self, text: &str, lines: Lines, likeness: Likeness) {
        if self.text.is_empty() {
            self.lines.first = lines.first;
        } else {
            self.text
                .push_str(&"\n".repeat(lines.first - self.lines.last - 1));
        }
        self.text.push_str(text);
        self.lines.last = lines.last;
        self.likeness = self.likeness.and(likeness);
    }

    /// What was put together, where it can hardly be prose; begins anew.
    fn take(&mut self) -> Option<Quoted> {
        let run = std::mem::take(self);
        run.likeness.is_code().then_some(Quoted {
            lines: run.lines,
            text: run.text,
        })
    }
}

struct Finder<'t> {
    note: &'t str,
    lines: &'t LineStarts,
    /// True for each block quote that is open, false for each list item and the like.
    containers: Vec<bool>,
    run: Run,
    found: Vec<Quoted>,
}

impl Finder<'_> {
    fn take(&mut self, event: &Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(Tag::BlockQuote(_)) => self.containers.push(true),
            Event::End(TagEnd::BlockQuote(_)) => {
                self.containers.pop();
            }
            Event::Start(Tag::Item | Tag::FootnoteDefinition(_)) => {
                self.end_run();
                self.containers.push(false);
            }
            Event::End(TagEnd::Item | TagEnd::FootnoteDefinition) => {
                self.end_run();
                self.containers.pop();
            }
            Event::Start(Tag::Paragraph) => self.paragraph(range),
            Event::Start(
                Tag::Heading { .. }
                | Tag::CodeBlock(_)
                | Tag::HtmlBlock
                | Tag::List(_)
                | Tag::Table(_),
            )
            | Event::Rule => self.end_run(),
            _ => {}
        }
    }

    fn paragraph(&mut self, range: &Range<usize>) {
        let is_quote = self.containers.last() == Some(&true);
        let is_only = self.containers.iter().filter(|quote| **quote).count() == 1;
        let code = (is_quote && is_only)
            .then(|| self.code(range))
            .flatten()
            .and_then(|text| Some((likeness(&text)?, text)));
        let Some((likeness, text)) = code else {
            self.end_run();
            return;
        };
        let first = self.lines.line_of(range.start);
        let last = first + text.matches('\n').count() - 1;
        if !self.run.text.is_empty() && !self.is_blank(self.run.lines.last + 1, first) {
            self.end_run();
        }
        self.run.add(&text, Lines { first, last }, likeness);
    }

    /// The lines of a paragraph without what stands before them; none where one lacks its `>`.
    fn code(&self, range: &Range<usize>) -> Option<String> {
        let start = self.lines.of_line(self.lines.line_of(range.start));
        let (marked, _) = self.note[start..range.start].rsplit_once('>')?;
        let last = self.lines.line_of(range.end.saturating_sub(1));
        let paragraph = &self.note[start + marked.len()..self.lines.of_line(last + 1)];
        let mut text = String::new();
        for line in paragraph.trim_end_matches(['\r', '\n']).split('\n') {
            text.push_str(unquoted(line)?);
            text.push('\n');
        }
        Some(text)
    }

    /// True where nothing but white space and quote marks stands from line `first` to before `end`.
    fn is_blank(&self, first: usize, end: usize) -> bool {
        self.note[self.lines.of_line(first)..self.lines.of_line(end)]
            .chars()
            .all(|c| c.is_whitespace() || c == '>')
    }

    fn end_run(&mut self) {
        self.found.extend(self.run.take());
    }
}

/// A line without its quote mark and one space; none where it has none or another follows.
fn unquoted(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches([' ', '\t']).strip_prefix('>')?;
    let rest = rest.strip_suffix('\r').unwrap_or(rest);
    let rest = rest.strip_prefix([' ', '\t']).unwrap_or(rest);
    (!rest.starts_with('>') && !rest.contains('\r')).then_some(rest)
}

/// A part of an indented block: its lines counted from 0, and its code where that is quoted.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The first line and the one behind the last.
    pub(super) lines: Range<usize>,
    /// The code without quote marks.
    pub(super) quoted: Option<String>,
}

/// The parts of an indented block that was meant as a quote; none where it holds no quoted code.
/// `source` are its lines in the note: what ends a line there and no line here leaves it whole.
pub(super) fn split(text: &str, source: &str) -> Option<Vec<Part>> {
    let mut returns = source.split('\r').skip(1);
    if returns.any(|after| !after.starts_with('\n')) || !is_mostly_marked(text) {
        return None;
    }
    let mut parts: Vec<Part> = Vec::new();
    for group in chunks(text).chunk_by(|a, b| a.code.is_some() == b.code.is_some()) {
        let part = Part::of(group);
        match parts.last_mut() {
            Some(last) if last.quoted.is_none() && part.quoted.is_none() => {
                last.lines.end = part.lines.end;
            }
            _ => parts.push(part),
        }
    }
    let holds_code = parts.iter().any(|part| part.quoted.is_some());
    holds_code.then_some(parts)
}

fn is_mostly_marked(text: &str) -> bool {
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    lines().filter(|line| unquoted(line).is_some()).count() * 2 > lines().count()
}

/// Lines without a blank one among them.
struct Chunk {
    lines: Lines,
    code: Option<(Likeness, String)>,
}

/// The chunks of an indented block, their lines counted from 0.
fn chunks(text: &str) -> Vec<Chunk> {
    let lines: Vec<&str> = text.split_terminator('\n').collect();
    let mut found = Vec::new();
    let mut first = 0;
    for chunk in lines.split(|line| line.trim().is_empty()) {
        let end = first + chunk.len();
        if end > first {
            let last = end - 1;
            found.push(Chunk {
                lines: Lines { first, last },
                code: quoted_code(chunk),
            });
        }
        first = end + 1;
    }
    found
}

fn quoted_code(chunk: &[&str]) -> Option<(Likeness, String)> {
    let lines: Option<Vec<&str>> = chunk.iter().map(|line| unquoted(line)).collect();
    let text = lines?.join("\n") + "\n";
    Some((likeness(&text)?, text))
}

impl Part {
    /// The chunks of `group` together.
    fn of(group: &[Chunk]) -> Self {
        let mut run = Run::default();
        for chunk in group {
            if let Some((likeness, text)) = &chunk.code {
                run.add(text, chunk.lines, *likeness);
            }
        }
        let ends = group.first().zip(group.last());
        Self {
            lines: ends.map_or(0..0, |(first, last)| first.lines.first..last.lines.last + 1),
            quoted: run.take().map(|quoted| quoted.text),
        }
    }
}
