//! Finds every code block of a note.
//!
//! The parsing is pulldown-cmark's, with the extensions that GitHub knows, so
//! that a block is what a reader of the rendered note sees as one; code written
//! as paragraphs of a block quote is a block too ([`Form::Quoted`]). Around it
//! stand a front matter, which is left out, and the tabs, admonitions and directives of
//! `MkDocs` and `MyST`, which are unfolded first. What a block is written in is not
//! decided here.

use std::borrow::Cow;
use std::iter::Peekable;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd};

use super::cells;
use super::directives::{Problem, Reader};
use super::hidden::{self, Hidden};
use super::lang::{self, Count};
use super::lines::LineStarts;
use super::metadata;
use super::mkdocs;
use super::myst;
use super::named;
use super::quotes::{self, Part, Quoted};
use super::tags::shown_tag;
pub use super::tags::tag_word;
use crate::model::{Block, Form, Lang, Lines};

/// What was found in one note.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// Every code block, in the order of the note.
    pub blocks: Vec<Block>,
    /// Directives that ask for something impossible, in the order of their lines.
    pub problems: Vec<Problem>,
    /// The language that the note is written in.
    pub lang: Lang,
}

/// Finds the blocks of a note, with all but their language.
///
/// A block's `text` ends with a line end unless it is empty, and has one line for
/// each note line in `lines`. Its `bytes` are those whole lines of the note, from
/// the start of the first (container prefixes included) to behind the line end of
/// the last.
pub fn blocks(text: &str) -> Parsed {
    let source = Source::of(text);
    let seen = source.text();
    let lines = LineStarts::new(seen);
    let mut walker = Walker {
        seen,
        lines,
        quotes: Vec::new().into_iter().peekable(),
        quoted_until: 0,
        titles: source.titles(),
        state: State::Outside,
        heading: String::new(),
        lead: Lead::default(),
        reader: Reader::default(),
        read: Count::default(),
        blocks: Vec::new(),
    };
    if quotes::are_likely(seen) {
        // They are looked at twice, as parsing a second time takes longer.
        let events: Vec<_> = source.events().collect();
        let quotes = quotes::find(&events, seen, &walker.lines);
        walker.quotes = quotes.into_iter().peekable();
        walker.walk(events.into_iter());
    } else {
        walker.walk(source.events());
    }
    let mut blocks = walker.blocks;
    blocks.sort_by_key(|block| block.lines);
    blocks.shrink_to_fit();
    let (starts, lang) = match &source.text {
        Cow::Borrowed(_) => (walker.lines, walker.read.lang()),
        Cow::Owned(_) => (LineStarts::new(text), lang::of(text)),
    };
    for block in &mut blocks {
        block.bytes = starts.of_line(block.lines.first)..starts.of_line(block.lines.last + 1);
    }
    let mut problems = walker.reader.finish();
    for block in &mut blocks {
        cells::apply(block);
        metadata::apply(block, &mut problems);
        block.file = named::file(block);
    }
    problems.sort_by_key(|problem| problem.line);
    Parsed {
        blocks,
        problems,
        lang,
    }
}

/// A note as a Markdown parser is to read it, so that whoever shows a note sees the blocks that were found.
pub struct Source<'t> {
    text: Cow<'t, str>,
    start: usize,
    titles: Vec<(usize, String)>,
}

impl<'t> Source<'t> {
    /// The note without its front matter, its tabs, admonitions and directives unfolded.
    pub fn of(text: &'t str) -> Self {
        let (text, mut titles) = match myst::unfold(text) {
            Some(unfolded) => (Cow::Owned(unfolded.text), unfolded.titles),
            None => (Cow::Borrowed(text), Vec::new()),
        };
        let text = match mkdocs::unfold(&text) {
            Some(unfolded) => {
                titles.extend(unfolded.titles);
                titles.sort();
                Cow::Owned(unfolded.text)
            }
            None => text,
        };
        let start = content_start(&text);
        Self {
            text,
            start,
            titles,
        }
    }

    /// The text that is parsed; every line has the number that it has in the note.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The 1-based line and the title of each tab and admonition, `""` where there is none.
    pub fn titles(&self) -> &[(usize, String)] {
        &self.titles
    }

    /// What the parser finds, with the bytes of [`Self::text`].
    pub fn events(&self) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
        let shift = |range: Range<usize>| range.start + self.start..range.end + self.start;
        Parser::new_ext(&self.text[self.start..], github())
            .into_offset_iter()
            .map(move |(event, range)| (event, shift(range)))
    }
}

/// The extensions by which GitHub reads Markdown, as far as they move blocks.
pub(super) fn github() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
}

/// Where the Markdown begins: behind a byte order mark and a front matter.
pub(super) fn content_start(text: &str) -> usize {
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

/// How much of a heading is kept: every block below it has a copy.
const HEADING_CHARS: usize = 300;

/// What the walker stands in, where that is not just text.
enum State {
    Outside,
    /// In a heading, with its text so far.
    Heading(String),
    /// In a code block that starts at this byte, with its text so far.
    Code(Box<Block>, usize),
    /// In HTML that starts at this byte.
    Html(String, usize),
}

/// Goes through the events of one note and keeps what stands above each block.
struct Walker<'t> {
    seen: &'t str,
    lines: LineStarts,
    /// The quoted code that is still to come, and the end of what was passed last.
    quotes: Peekable<std::vec::IntoIter<Quoted>>,
    quoted_until: usize,
    titles: &'t [(usize, String)],
    state: State,
    heading: String,
    lead: Lead,
    reader: Reader,
    /// What people read.
    read: Count,
    blocks: Vec<Block>,
}

impl Walker<'_> {
    fn walk<'e>(&mut self, events: impl Iterator<Item = (Event<'e>, Range<usize>)>) {
        for (event, range) in events {
            self.read.take(&event);
            if !self.is_in_quoted_code(range.start) {
                self.take(event, range);
            }
        }
    }

    /// True for what is read as quoted code; where that begins, its block is made.
    fn is_in_quoted_code(&mut self, byte: usize) -> bool {
        if byte < self.quoted_until {
            return true;
        }
        let Some(first) = self.quotes.peek().map(|quoted| quoted.lines.first) else {
            return false;
        };
        if byte < self.lines.of_line(first) {
            return false;
        }
        if let Some(quoted) = self.quotes.next() {
            self.quoted_until = self.lines.of_line(quoted.lines.last + 1);
            let block = self.block(Form::Quoted, "", first);
            self.lead = Lead::default();
            self.blocks.push(Block {
                lines: quoted.lines,
                text: quoted.text,
                ..block
            });
        }
        true
    }

    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match (&mut self.state, event) {
            (State::Code(block, _), Event::Text(text)) => block.text.push_str(&text),
            (State::Html(html, _), Event::Html(text) | Event::Text(text)) => html.push_str(&text),
            (_, Event::Start(Tag::CodeBlock(kind))) => self.open_code(kind, range.start),
            (_, Event::End(TagEnd::CodeBlock)) => self.close_code(),
            (_, Event::Start(Tag::HtmlBlock)) => {
                self.state = State::Html(String::new(), range.start);
            }
            (_, Event::End(TagEnd::HtmlBlock)) => self.close_html(),
            (_, Event::Start(Tag::Heading { .. })) => {
                self.interrupt();
                self.state = State::Heading(String::new());
            }
            (_, Event::End(TagEnd::Heading(_))) => self.close_heading(),
            (_, Event::Start(Tag::Table(_)) | Event::End(TagEnd::Table) | Event::Rule) => {
                self.interrupt();
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
            Some(inside) => {
                self.reader.comment(inside, self.lines.line_of(range.start));
            }
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
            match hidden::code(inside) {
                Some(hidden) => self.hidden_code(hidden, line),
                None => {
                    self.reader.comment(inside, line);
                }
            }
            line += count_line_ends(inside);
            rest = after;
        }
        if !rest.trim().is_empty() {
            self.interrupt();
        }
    }

    /// Makes a block of code that stands in a comment which begins on `line`.
    fn hidden_code(&mut self, hidden: Hidden<'_>, line: usize) {
        let first = line + hidden.line;
        let mut block = self.block(Form::Fenced, "python", first);
        block.directives.setup = true;
        hidden.code.clone_into(&mut block.text);
        if !block.text.ends_with('\n') {
            block.text.push('\n');
        }
        block.lines = Lines {
            first,
            last: first + count_line_ends(&block.text) - 1,
        };
        self.blocks.push(block);
    }

    fn close_heading(&mut self) {
        if let State::Heading(title) = std::mem::replace(&mut self.state, State::Outside) {
            let words: Vec<&str> = title.split_whitespace().collect();
            self.heading = words.join(" ").chars().take(HEADING_CHARS).collect();
        }
    }

    fn open_code(&mut self, kind: CodeBlockKind<'_>, start: usize) {
        let (form, info) = match kind {
            CodeBlockKind::Fenced(info) => (Form::Fenced, info),
            CodeBlockKind::Indented => (Form::Indented, CowStr::Borrowed("")),
        };
        let line = self.lines.line_of(start);
        let block = self.block(form, &info, line);
        self.state = State::Code(Box::new(block), start);
    }

    /// A block that begins at `line`, with all that stands above it.
    fn block(&mut self, form: Form, info: &str, line: usize) -> Block {
        Block {
            form,
            tag: shown_tag(info).to_owned(),
            heading: self.heading.clone(),
            lead_in: self
                .title_above(line)
                .unwrap_or_else(|| self.lead.text(self.seen)),
            directives: self.reader.block(info, line),
            info: info.to_owned(),
            ..Block::default()
        }
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
        let source =
            &self.seen[self.lines.of_line(first)..self.lines.of_line(block.lines.last + 1)];
        let parts = (block.form == Form::Indented).then(|| quotes::split(&block.text, source));
        match parts.flatten() {
            Some(parts) => self.blocks.extend(parted(&block, parts)),
            None => self.blocks.push(*block),
        }
    }

    /// The title of the tab or admonition that starts right above a line.
    fn title_above(&self, line: usize) -> Option<String> {
        let next = self.titles.partition_point(|(at, _)| *at < line);
        let (at, title) = self.titles.get(next.checked_sub(1)?)?;
        let above = &self.seen[self.lines.of_line(*at)..self.lines.of_line(line)];
        above.trim_end().is_empty().then(|| title.clone())
    }
}

/// The blocks that an indented block is made of which was meant as a quote.
fn parted(block: &Block, parts: Vec<Part>) -> impl Iterator<Item = Block> {
    let lines: Vec<&str> = block.text.split_inclusive('\n').collect();
    parts.into_iter().enumerate().map(move |(at, part)| Block {
        lines: Lines {
            first: block.lines.first + part.lines.start,
            last: block.lines.first + part.lines.end - 1,
        },
        form: if part.quoted.is_some() {
            Form::Quoted
        } else {
            Form::Indented
        },
        text: part.quoted.unwrap_or_else(|| lines[part.lines].concat()),
        lead_in: if at == 0 {
            block.lead_in.clone()
        } else {
            String::new()
        },
        ..block.clone()
    })
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::model::Text;

    /// First line, last line, tag and text of every block.
    fn seen(text: &str) -> Vec<(usize, usize, String, String)> {
        let blocks = blocks(text).blocks.into_iter();
        blocks
            .map(|block| (block.lines.first, block.lines.last, block.tag, block.text))
            .collect()
    }

    fn lead_ins(blocks: &[Block]) -> Vec<&str> {
        blocks.iter().map(|block| block.lead_in.as_str()).collect()
    }

    fn only(text: &str) -> Block {
        let mut blocks = blocks(text).blocks;
        assert_eq!(blocks.len(), 1, "{text:?}");
        blocks.remove(0)
    }

    #[test]
    fn fences_of_any_form() {
        for text in [
            "a\n```python\nx = 1\n\ny\n```\nb\n",
            "a\n~~~python\nx = 1\n\ny\n~~~\n",
            "a\n````python\nx = 1\n\ny\n`````\n",
            "a\n   ``` python\n   x = 1\n\n   y\n  ```\n",
            "a\r\n```python\r\nx = 1\r\n\r\ny\r\n```\r\n",
            "a\n```python\nx = 1\n\ny\n",
            "a\n```python\nx = 1\n\ny",
            "> a\n> ```python\n> x = 1\n>\n> y\n> ```\n",
            "> a\n> ```python\n> x = 1\n> \n> y\nthe quote ends, and so does the fence\n",
            "- a\n  ```python\n  x = 1\n\n  y\n  ```\n",
            "1. > - a\n   >   ```python\n   >   x = 1\n   >\n   >   y\n   >   ```\n",
            "\u{feff}a\n```python\nx = 1\n\ny\n```",
        ] {
            assert_eq!(
                seen(text),
                [(3, 5, "python".into(), "x = 1\n\ny\n".into())],
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_fence_shows_shorter_and_other_fences() {
        let text = "````md\n```python\nx\n```\n~~~\n````\n";
        assert_eq!(
            seen(text),
            [(2, 5, "md".into(), "```python\nx\n```\n~~~\n".into())]
        );
    }

    #[test]
    fn tabs_are_kept_in_code_and_expanded_at_the_edge() {
        assert_eq!(only("```py\n\tx\n```").text, "\tx\n");
        assert_eq!(only("- a\n\n\t\tcode\n").text, "  code\n");
        assert_eq!(only(">\t```py\n>\tx\n").text, "x\n");
    }

    #[test]
    fn empty_blocks_end_before_they_begin() {
        for (text, first) in [
            ("```python\n```\n", 2),
            ("```python", 2),
            ("a\n> ```\nb", 3),
            ("- ```\n", 2),
        ] {
            let block = only(text);
            assert_eq!(
                (block.lines.first, block.lines.last),
                (first, first - 1),
                "{text:?}"
            );
            assert_eq!(block.text, "");
            assert!(block.bytes.is_empty());
        }
        assert_eq!(seen("```\n\n```\n"), [(2, 2, String::new(), "\n".into())]);
    }

    #[test]
    fn indented_blocks_lose_blank_lines_at_their_end() {
        let block = only("text\n\n    x = 1\n\n      y\n    \n\n\ntext");
        assert_eq!(
            (block.lines, block.form),
            (Lines { first: 3, last: 5 }, Form::Indented)
        );
        assert_eq!(block.text, "x = 1\n\n  y\n");
        assert_eq!(
            only("-     in an item\n").lines,
            Lines { first: 1, last: 1 }
        );
        assert_eq!(seen("a paragraph\n    goes on\n"), []);
    }

    #[test]
    fn an_indented_fence_is_an_indented_block() {
        let block = only("text\n\n    ```python\n    x\n    ```\n");
        assert_eq!((block.form, block.tag.as_str()), (Form::Indented, ""));
        assert_eq!(block.text, "```python\nx\n```\n");
    }

    #[test]
    fn bytes_are_the_whole_lines() {
        let text = "é\n> ```\n> ü\n> b\r\n> ```\n";
        assert_eq!(&text[only(text).bytes], "> ü\n> b\r\n");
        assert_eq!(&"```\nx"[only("```\nx").bytes], "x");
    }

    #[test]
    fn a_front_matter_is_left_out() {
        let text = "---\ntitle: x\ncode: |\n\n    indented\n---\n\n```py\nx\n```\n";
        assert_eq!(seen(text), [(9, 9, "py".into(), "x\n".into())]);
        assert_eq!(seen(&format!("\u{feff}{text}")).len(), 1);
        assert_eq!(seen("+++\na = 1\n\n    b\n+++\n"), []);
    }

    #[test]
    fn rules_around_markdown_are_no_front_matter() {
        assert_eq!(seen("---\n# a\n```py\nx\n```\n---\n").len(), 1);
        assert_eq!(seen("---\n\n    x\n\n---\n").len(), 1);
        assert_eq!(seen("+++\n\n    x\n\n+++\n").len(), 1);
        assert_eq!(seen("---\nnever closed\n\n    x\n").len(), 1);
    }

    #[test]
    fn the_nearest_heading_is_kept_as_plain_text() {
        let text = "```\na\n```\n# The `int` *type* <b>x</b>\n## 数字 #\n```\nb\n```\nSet\next\n===\n\n- ```\n  c\n  ```\n";
        let headings: Vec<_> = blocks(text)
            .blocks
            .into_iter()
            .map(|block| block.heading)
            .collect();
        assert_eq!(headings, ["", "数字", "Set ext"]);
        assert_eq!(
            only("# The `int` *type* <b>x</b>\n\n    y").heading,
            "The int type x"
        );
    }

    #[test]
    fn the_line_above_leads_in() {
        for (text, lead_in) in [
            ("First.\nIt **prints**:  \n\n```\nx\n```", "It **prints**:"),
            ("输出:\n```\nx\n```", "输出:"),
            ("> a\n> b\n> ```\n> x\n", "b"),
            ("> `a\n> b`\n> ```\n> x\n", "b`"),
            ("1. Do *this*\n   ```\n   x\n", "Do *this*"),
            ("1. a\n   - b [c](d)\n\n```\nx\n```", "b [c](d)"),
            ("- [ ] task\n  ```\n  x\n", "task"),
            ("a\n\n<!-- a comment -->\n\n```\nx\n```", "a"),
            ("- a\n  <!-- c -->\n  b\n  ```\n  x\n", "b"),
            ("a\n\n- ```\n  x\n", ""),
            ("a\n# b\n```\nx\n```", ""),
            ("a\n\n---\n```\nx\n```", ""),
            ("a\n\n<hr>\n\n```\nx\n```", ""),
            ("|a|\n|-|\n|b|\n\n```\nx\n```", ""),
            ("```\nx\n```", ""),
        ] {
            assert_eq!(only(text).lead_in, lead_in, "{text:?}");
        }
        let two = blocks("a\n```\nx\n```\n\n```\ny\n```").blocks;
        assert_eq!(lead_ins(&two), ["a", ""]);
    }

    #[test]
    fn the_info_string_is_kept_whole() {
        let block = only("```  {.python} a=b  \nx\n```");
        assert_eq!(
            (block.info.as_str(), block.tag.as_str()),
            ("{.python} a=b", "python")
        );
    }

    #[test]
    fn comments_above_a_block_direct_it() {
        for text in [
            "<!-- verify: skip reason=\"old\" -->\n```py\nx\n```",
            "text\n<!-- verify: skip reason=\"old\" -->\n\n\n```py\nx\n```",
            "<!-- verify: skip reason=\"old\" -->\n<!-- another -->\n\n<!-- third -->\n```py\nx\n```",
            "text <!-- verify: skip reason=\"old\" -->\n```py\nx\n```",
            "- text\n\n  <!--\n  verify: skip reason=\"old\"\n  -->\n  ```py\n  x\n",
            "text\n% verify: skip reason=\"old\"\n\n    x\n",
            "```py skip=\"old\"\nx\n```",
        ] {
            let parsed = blocks(text);
            assert_eq!(
                parsed.blocks[0].directives.skip,
                Some(Text::same("old")),
                "{text:?}"
            );
            assert_eq!(parsed.problems, [], "{text:?}");
        }
    }

    /// First line, last line, form and text of every block.
    fn forms(text: &str) -> Vec<(usize, usize, Form, String)> {
        let blocks = blocks(text).blocks.into_iter();
        blocks
            .map(|block| (block.lines.first, block.lines.last, block.form, block.text))
            .collect()
    }

    #[test]
    fn code_in_quotes_is_a_block() {
        for text in [
            "a\n> import os\n> print(os.sep)\n\nb\n",
            "a\n\n> import os\n> print(os.sep)",
            "* a\n> b\n\n  * > import os\n    > print(os.sep)\n\nb\n",
            "\u{feff}a\r\n\r\n>import os\r\n>print(os.sep)\r\n",
        ] {
            let found = forms(text);
            assert_eq!(found.len(), 1, "{text:?}");
            assert_eq!(found[0].2, Form::Quoted);
            assert_eq!(found[0].3, "import os\nprint(os.sep)\n", "{text:?}");
            assert_eq!(
                text.lines()
                    .nth(found[0].0 - 1)
                    .map(|line| line.contains("import")),
                Some(true)
            );
        }
    }

    #[test]
    fn code_in_quotes_may_be_in_paragraphs_and_keeps_its_lines() {
        let code = "for x in range(3):\n\n    y = f(x)\n\nprint(y)\n";
        let apart =
            "> prose\n\n> for x in range(3):\n\n>  \n\n> y = f(x)\n>\n> print(y)\n\n> prose (a)\n";
        assert_eq!(
            forms(apart),
            [(
                3,
                9,
                Form::Quoted,
                "for x in range(3):\n\n\n\ny = f(x)\n\nprint(y)\n".to_owned()
            )]
        );
        let together = code.replace("\n\n", "\n").replace('\n', "\n> ");
        let kept = "for x in range(3):\n    y = f(x)\nprint(y)\n".to_owned();
        assert_eq!(
            forms(&format!("> {}", together.trim_end_matches("\n> "))),
            [(1, 3, Form::Quoted, kept)]
        );
    }

    #[test]
    fn what_stands_between_ends_quoted_code() {
        for between in [
            "text",
            "# heading",
            "---",
            "<div>\n\n",
            "> text",
            "> > x = f(1)",
            "[a]: b",
            "- item",
            "> ```\n> x\n> ```",
        ] {
            let text = format!("> import os.path\n\n{between}\n\n> print(1)\n");
            let quoted: Vec<_> = forms(&text)
                .into_iter()
                .filter(|block| block.2 == Form::Quoted)
                .map(|block| block.3)
                .collect();
            assert_eq!(quoted, ["import os.path\n", "print(1)\n"], "{text:?}");
        }
    }

    #[test]
    fn quoted_prose_and_prompts_are_no_blocks() {
        for text in [
            "> text\n",
            "> import pdb\n",
            "> import os\nprint(os.sep)\n",
            "> Call:\n> print(1)\n",
            "> `print(1)`\n",
            "> - print(1)\n",
            ">>> print(1)\n",
            "> > print(1)\n",
            "print(1) > print(2)\n",
            "> print(1)\rprint(2)\n",
        ] {
            assert_eq!(forms(text), [], "{text:?}");
        }
    }

    #[test]
    fn quoted_code_has_what_other_blocks_have() {
        let text = "# H\n\nLike this:\n\n<!-- verify: skip reason=\"old\" -->\n> import os.path\n\n```\nx\n```\n";
        let parsed = blocks(text);
        let block = &parsed.blocks[0];
        assert_eq!((block.form, block.heading.as_str()), (Form::Quoted, "H"));
        assert_eq!(block.directives.skip, Some(Text::same("old")));
        assert_eq!(&text[block.bytes.clone()], "> import os.path\n");
        assert_eq!(lead_ins(&parsed.blocks), ["Like this:", ""]);
        assert_eq!(parsed.problems, []);
    }

    #[test]
    fn an_indented_quote_is_taken_apart_where_it_holds_code() {
        let text = "- a:\n\n      > One:\n\n      > two\n\n      > import os\n\n      > os.chdir('/')\n\n      >three\n\n  b\n";
        assert_eq!(
            forms(text),
            [
                (3, 5, Form::Indented, "> One:\n\n> two\n".to_owned()),
                (
                    7,
                    9,
                    Form::Quoted,
                    "import os\n\nos.chdir('/')\n".to_owned()
                ),
                (11, 11, Form::Indented, ">three\n".to_owned()),
            ]
        );
        assert_eq!(lead_ins(&blocks(text).blocks), ["a:", "", ""]);
        for whole in [
            "    > text\n\n    > import x\n\n    > more\n",
            "    >>> import os\n    >>> print(os.sep)\n",
            "    print(1)\n    > import os.path\n",
            "    > import os.path\n    text\n",
        ] {
            assert_eq!(forms(whole).len(), 1, "{whole:?}");
            assert_eq!(forms(whole)[0].2, Form::Indented, "{whole:?}");
        }
    }

    #[test]
    fn a_comment_is_for_the_next_block_alone() {
        let parsed = blocks("<!-- verify: skip -->\n```\nx\n```\n```\ny\n```\n");
        let skipped: Vec<_> = parsed
            .blocks
            .iter()
            .map(|block| block.directives.skip.is_some())
            .collect();
        assert_eq!(skipped, [true, false]);
    }

    #[test]
    fn a_comment_above_something_else_is_a_problem() {
        for text in [
            "\n<!-- verify: skip -->\ntext\n```\nx\n```\n",
            "\n<!-- verify: skip -->\n\n# heading\n\n    x\n",
            "\n<!-- verify: skip --> text\n\n    x\n",
            "\n<!-- verify: skip -->\n",
        ] {
            let parsed = blocks(text);
            assert_eq!(parsed.problems.len(), 1, "{text:?}");
            assert_eq!(parsed.problems[0].line, 2, "{text:?}");
            assert!(
                parsed
                    .blocks
                    .iter()
                    .all(|block| block.directives.skip.is_none())
            );
        }
    }

    #[test]
    fn problems_name_their_line() {
        let text = "---\na: b\n---\n\n> text\n>\n> <!-- a\n> b --> <!-- verify: sikp -->\n> ```py raises=1\n> x\n";
        let lines: Vec<_> = blocks(text)
            .problems
            .iter()
            .map(|problem| problem.line)
            .collect();
        assert_eq!(lines, [8, 9]);
    }

    #[test]
    fn ordinary_percent_signs_are_text() {
        assert_eq!(
            only("%timeit is a magic:\n\n    x\n").lead_in,
            "%timeit is a magic:"
        );
        assert_eq!(
            only("It prints:\n% skip: next\n\n    x\n").lead_in,
            "It prints:"
        );
    }

    #[test]
    fn the_title_of_a_tab_leads_in() {
        let text = "Intro.\n\n=== \"Code\"\n    ```py\n    x\n    ```\n\n=== \"Output\"\n\n    ```\n    1\n    ```\n\n    And:\n\n    ```\n    2\n    ```\n";
        let blocks = blocks(text).blocks;
        assert_eq!(lead_ins(&blocks), ["Code", "Output", "And:"]);
        assert_eq!(&text[blocks[0].bytes.clone()], "    x\n");
        assert_eq!(
            blocks[1].lines,
            Lines {
                first: 11,
                last: 11
            }
        );
    }

    #[test]
    fn a_long_heading_is_not_copied_whole_into_every_block() {
        let block = only(&format!("# {}\n\n    x\n", "é".repeat(10_000)));
        assert_eq!(block.heading.chars().count(), HEADING_CHARS);
    }
}
