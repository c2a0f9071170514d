//! Finds every code block of a note.
//!
//! The parsing is pulldown-cmark's, with the extensions that GitHub knows, so
//! that a block is what a reader of the rendered note sees as one. Around it
//! stand a front matter, which is left out, and the tabs and admonitions of
//! `MkDocs`, which are unfolded first. What a block is written in is not
//! decided here.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd};

use super::directives::{Problem, Reader};
use super::mkdocs;
use crate::model::{Block, Form, Lines};

/// What was found in one note.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// Every code block, in the order of the note.
    pub blocks: Vec<Block>,
    /// Directives that ask for something impossible, in the order of their lines.
    pub problems: Vec<Problem>,
}

/// Finds the blocks of a note, with all but their language.
///
/// A block's `text` ends with a line end unless it is empty, and has one line for
/// each note line in `lines`. Its `bytes` are those whole lines of the note, from
/// the start of the first (container prefixes included) to behind the line end of
/// the last.
pub fn blocks(text: &str) -> Parsed {
    let unfolded = mkdocs::unfold(text);
    let seen = unfolded
        .as_ref()
        .map_or(text, |unfolded| unfolded.text.as_str());
    let start = content_start(seen);
    let mut walker = Walker {
        seen,
        lines: LineStarts::new(seen),
        titles: unfolded
            .as_ref()
            .map_or(&[], |unfolded| unfolded.titles.as_slice()),
        state: State::Outside,
        heading: String::new(),
        lead: Lead::default(),
        reader: Reader::default(),
        blocks: Vec::new(),
    };
    for (event, range) in Parser::new_ext(&seen[start..], github()).into_offset_iter() {
        walker.take(event, range.start + start..range.end + start);
    }
    let mut blocks = walker.blocks;
    let starts = LineStarts::new(text);
    for block in &mut blocks {
        block.bytes = starts.of_line(block.lines.first)..starts.of_line(block.lines.last + 1);
    }
    Parsed {
        blocks,
        problems: walker.reader.finish(),
    }
}

/// The extensions by which GitHub reads Markdown, as far as they move blocks.
fn github() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
}

/// Where the Markdown begins: behind a byte order mark and a front matter.
fn content_start(text: &str) -> usize {
    let mark = if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    mark + front_matter_len(&text[mark..])
}

/// The length of a YAML or TOML front matter. A pair of rules around Markdown is
/// none: a front matter starts right below its opening line and holds no fence.
fn front_matter_len(text: &str) -> usize {
    let mut lines = text.split_inclusive('\n');
    let opening = lines.next().unwrap_or_default();
    let closings: &[&str] = match opening.trim_end() {
        "---" => &["---", "..."],
        "+++" => &["+++"],
        _ => return 0,
    };
    let mut len = opening.len();
    for (i, line) in lines.enumerate() {
        len += line.len();
        if closings.contains(&line.trim_end()) {
            return len;
        }
        let first = line.trim_start();
        if first.starts_with("```") || first.starts_with("~~~") || (i == 0 && first.is_empty()) {
            return 0;
        }
    }
    0
}

/// Where each line of a text starts.
struct LineStarts {
    starts: Vec<usize>,
    len: usize,
}

impl LineStarts {
    fn new(text: &str) -> Self {
        let after_ends = text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(at, _)| at + 1);
        Self {
            starts: std::iter::once(0).chain(after_ends).collect(),
            len: text.len(),
        }
    }

    /// The 1-based line of a byte.
    fn line_of(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte)
    }

    /// Where a 1-based line starts, the end of the text for lines behind it.
    fn of_line(&self, line: usize) -> usize {
        self.starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(self.len)
    }
}

/// How much of a heading is kept: every block below it has a copy.
const HEADING_CHARS: usize = 300;

/// What the walker stands in, where that is not just text.
enum State {
    Outside,
    /// In a heading, with its text so far.
    Heading(String),
    /// In a code block that starts at this byte, with its text so far.
    Code(Block, usize),
    /// In HTML that starts at this byte.
    Html(String, usize),
}

/// Goes through the events of one note and keeps what stands above each block.
struct Walker<'t> {
    seen: &'t str,
    lines: LineStarts,
    titles: &'t [(usize, String)],
    state: State,
    heading: String,
    lead: Lead,
    reader: Reader,
    blocks: Vec<Block>,
}

impl Walker<'_> {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match (&mut self.state, event) {
            (State::Code(block, _), Event::Text(text)) => block.text.push_str(&text),
            (State::Html(html, _), Event::Html(text) | Event::Text(text)) => html.push_str(&text),
            (_, Event::Start(Tag::CodeBlock(kind))) => self.open_code(kind, range.start),
            (_, Event::End(TagEnd::CodeBlock)) => self.close_code(),
            (_, Event::Start(Tag::HtmlBlock)) => {
                self.state = State::Html(String::new(), range.start)
            }
            (_, Event::End(TagEnd::HtmlBlock)) => self.close_html(),
            (_, Event::Start(Tag::Heading { .. })) => {
                self.interrupt();
                self.state = State::Heading(String::new());
            }
            (_, Event::End(TagEnd::Heading(_))) => self.close_heading(),
            (_, Event::Start(Tag::Table(_)) | Event::End(TagEnd::Table) | Event::Rule) => {
                self.interrupt()
            }
            (_, Event::Start(Tag::Paragraph | Tag::Item)) => self.lead = Lead::default(),
            (State::Heading(title), Event::SoftBreak | Event::HardBreak) => title.push(' '),
            (_, Event::SoftBreak | Event::HardBreak) => self.lead.line = None,
            (State::Heading(title), Event::Text(text) | Event::Code(text)) => title.push_str(&text),
            (_, Event::InlineHtml(text)) => self.inline_html(&text, range),
            (_, event) if is_inline(&event) => self.inline(range),
            _ => {}
        }
    }

    /// Something stands here that is neither a paragraph nor a block.
    fn interrupt(&mut self) {
        self.lead = Lead::default();
        self.reader.other();
    }

    fn inline(&mut self, range: Range<usize>) {
        if !matches!(self.state, State::Outside) {
            return;
        }
        let line = self.lead.line;
        match line {
            Some(Line::Comment) => {}
            None if self.percent_comment(range.start) => self.lead.line = Some(Line::Comment),
            _ => {
                self.reader.other();
                self.lead.extend(range);
            }
        }
    }

    /// Reads a comment of `MyST`: a line of a paragraph that starts with `%`.
    fn percent_comment(&mut self, start: usize) -> bool {
        let Some(inside) = self.seen[start..].strip_prefix('%') else {
            return false;
        };
        let line = self.lines.line_of(start);
        self.reader
            .comment(inside.lines().next().unwrap_or_default(), line)
    }

    fn inline_html(&mut self, html: &str, range: Range<usize>) {
        match html
            .strip_prefix("<!--")
            .and_then(|html| html.strip_suffix("-->"))
        {
            Some(inside) => drop(self.reader.comment(inside, self.lines.line_of(range.start))),
            None => self.inline(range),
        }
    }

    /// Reads the comments of an HTML block; all else in it interrupts.
    fn close_html(&mut self) {
        let State::Html(html, start) = std::mem::replace(&mut self.state, State::Outside) else {
            return;
        };
        self.lead.line = None;
        let mut line = self.lines.line_of(start);
        let mut rest = html.as_str();
        while let Some((before, comment)) = rest.split_once("<!--") {
            if !before.trim().is_empty() {
                self.interrupt();
            }
            line += count_line_ends(before);
            let (inside, after) = comment.split_once("-->").unwrap_or((comment, ""));
            self.reader.comment(inside, line);
            line += count_line_ends(inside);
            rest = after;
        }
        if !rest.trim().is_empty() {
            self.interrupt();
        }
    }

    fn close_heading(&mut self) {
        if let State::Heading(title) = std::mem::replace(&mut self.state, State::Outside) {
            self.heading = title.trim().chars().take(HEADING_CHARS).collect();
        }
    }

    fn open_code(&mut self, kind: CodeBlockKind<'_>, start: usize) {
        let (form, info) = match kind {
            CodeBlockKind::Fenced(info) => (Form::Fenced, info),
            CodeBlockKind::Indented => (Form::Indented, CowStr::Borrowed("")),
        };
        let line = self.lines.line_of(start);
        let block = Block {
            form,
            tag: shown_tag(&info).to_owned(),
            heading: self.heading.clone(),
            lead_in: self
                .title_above(line)
                .unwrap_or_else(|| self.lead.text(self.seen)),
            directives: self.reader.block(&info, line),
            info: info.into_string(),
            ..Block::default()
        };
        self.state = State::Code(block, start);
    }

    fn close_code(&mut self) {
        self.lead = Lead::default();
        let State::Code(mut block, start) = std::mem::replace(&mut self.state, State::Outside)
        else {
            return;
        };
        if !block.text.is_empty() && !block.text.ends_with('\n') {
            block.text.push('\n');
        }
        let first = self.lines.line_of(start) + usize::from(block.form == Form::Fenced);
        block.lines = Lines {
            first,
            last: first + count_line_ends(&block.text) - 1,
        };
        self.blocks.push(block);
    }

    /// The title of the tab or admonition that starts right above a line.
    fn title_above(&self, line: usize) -> Option<String> {
        let next = self.titles.partition_point(|(at, _)| *at < line);
        let (at, title) = self.titles.get(next.checked_sub(1)?)?;
        let above = &self.seen[self.lines.of_line(*at)..self.lines.of_line(line)];
        above.trim_end().is_empty().then(|| title.clone())
    }
}

fn is_inline(event: &Event<'_>) -> bool {
    match event {
        Event::Text(_) | Event::Code(_) | Event::FootnoteReference(_) => true,
        Event::Start(tag) => matches!(
            tag,
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
        ),
        _ => false,
    }
}

fn count_line_ends(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

/// The last line of the paragraph that ends above.
#[derive(Default)]
struct Lead {
    last: Range<usize>,
    line: Option<Line>,
}

/// What the line that the walker is in begins with.
#[derive(Clone, Copy)]
enum Line {
    Text,
    Comment,
}

impl Lead {
    fn extend(&mut self, range: Range<usize>) {
        if self.line.is_none() {
            self.last = range;
            self.line = Some(Line::Text);
        } else {
            self.last.end = self.last.end.max(range.end);
        }
    }

    fn text(&self, note: &str) -> String {
        let text = note.get(self.last.clone()).unwrap_or_default();
        let last = match text.rsplit_once('\n') {
            Some((_, last)) => last.trim_start_matches(['>', ' ', '\t']),
            None => text,
        };
        last.trim().to_owned()
    }
}

/// The lower-case word for the language that an info string names, `""` where it
/// names none: `python` for `Python`, `{.python .numberLines}`, `python:title.py`
/// and the bare `{code-cell}` of `MyST`, `ipython3` for `{code-cell} ipython3`.
pub fn tag_word(info: &str) -> String {
    match shown_tag(info).to_lowercase().as_str() {
        "code-cell" => "python".to_owned(),
        "code-block" | "code" | "sourcecode" if info.trim_start().starts_with('{') => String::new(),
        word => word.to_owned(),
    }
}

/// The word that names the language, as the author wrote it. Of a directive that
/// only says "code", it is its argument.
fn shown_tag(info: &str) -> &str {
    let mut words = info
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '{' | '}'))
        .filter_map(language_word);
    let first = words.next().unwrap_or_default();
    let is_code_directive = matches!(first, "code-cell" | "code-block" | "code" | "sourcecode");
    if is_code_directive && info.trim_start().starts_with('{') {
        return words.next().unwrap_or(first);
    }
    first
}

/// A word without what may hang on it, none for an id or an attribute.
fn language_word(word: &str) -> Option<&str> {
    let is_attribute = word.starts_with(['#', '"', '\'']) || word.contains('=');
    let word = word.trim_start_matches('.');
    let end = word.find([':', ';', '[', '(', '|']).unwrap_or(word.len());
    (!is_attribute && end > 0).then(|| &word[..end])
}
