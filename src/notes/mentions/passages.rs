//! The running text of a note: paragraphs, headings, list items and rows of tables.
//!
//! Uses pulldown-cmark as `markdown` does; what stands in code blocks and HTML is left out.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::old;
use crate::notes::lines::LineStarts;
use crate::notes::markdown::{content_start, github};
use crate::notes::mkdocs;

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text between backticks.
    Code,
    /// Text of a sentence.
    Prose,
}

/// A part of a passage.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) kind: Kind,
    pub(super) text: String,
    /// The line of the note.
    pub(super) line: usize,
    /// Where it begins in the text of its passage.
    pub(super) at: usize,
}

/// One paragraph, heading, item or row.
#[derive(Clone, Debug, Default)]
pub(super) struct Passage {
    pub(super) pieces: Vec<Part>,
    /// All of it without marks, lines as they are.
    pub(super) text: String,
    /// The heading above.
    pub(super) heading: String,
    /// What is said above it is about something old.
    is_below_old: bool,
}

impl Passage {
    /// True where the sentence around a byte, or what stands above, puts it down as old.
    pub(super) fn is_old(&self, at: usize) -> bool {
        self.is_below_old || old::is_about_old(&self.text) || old::says_old(self.sentence(at))
    }

    /// The sentence around a byte.
    pub(super) fn sentence(&self, at: usize) -> &str {
        let Some((before, after)) = self.text.split_at_checked(at) else {
            return &self.text;
        };
        let first = before.rfind(ends_sentence).map_or(0, |end| {
            end + before[end..].chars().next().map_or(1, char::len_utf8)
        });
        let last = after.find(ends_sentence).unwrap_or(after.len());
        &self.text[first..at + last]
    }

    /// True where the word beside a piece says that it is a module.
    pub(super) fn calls_it_module(&self, piece: &Part) -> bool {
        let before = self.text[..piece.at].trim_end();
        let after = self.text[piece.at + piece.text.len()..].trim_start();
        let words = ["模块", "標準庫", "标准库", "module", "package"];
        words
            .iter()
            .any(|word| before.ends_with(word) || after.starts_with(word))
    }

    /// True where a byte of the text stands in no inline code.
    pub(super) fn is_bare(&self, at: usize) -> bool {
        let piece = self.pieces.iter().rev().find(|piece| piece.at <= at);
        piece.is_none_or(|piece| piece.kind == Kind::Prose)
    }

    /// The line of the note that a byte of the text stands on.
    pub(super) fn line_of(&self, at: usize) -> usize {
        let piece = self.pieces.iter().rev().find(|piece| piece.at <= at);
        piece.map_or(0, |piece| piece.line)
    }
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '；' | ';' | '！' | '？' | '!' | '?' | '\u{1}')
}

/// All passages of a note.
pub(super) fn of(text: &str) -> Vec<Passage> {
    let unfolded = mkdocs::unfold(text);
    let seen = unfolded
        .as_ref()
        .map_or(text, |unfolded| unfolded.text.as_str());
    let start = content_start(seen);
    let mut walker = Walker {
        lines: LineStarts::new(seen),
        now: Passage::default(),
        headings: Vec::new(),
        heading: String::new(),
        head: None,
        code: false,
        done: Vec::new(),
    };
    for (event, range) in Parser::new_ext(&seen[start..], github()).into_offset_iter() {
        walker.take(event, range.start + start);
    }
    walker.close();
    walker.done
}

struct Walker {
    lines: LineStarts,
    now: Passage,
    /// The levels of the headings above that are about something old, and whether the others are.
    headings: Vec<(u8, bool)>,
    /// The text of the last one.
    heading: String,
    /// Whether the head of the table is about something old, within a table.
    head: Option<bool>,
    code: bool,
    done: Vec<Passage>,
}

impl Walker {
    fn take(&mut self, event: Event<'_>, start: usize) {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_)) => {
                self.close();
                self.code = true;
            }
            Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::MetadataBlock(_)) => {
                self.code = false;
            }
            _ if self.code => {}
            Event::Text(text) => self.piece(Kind::Prose, &text, start),
            Event::Code(text) => self.piece(Kind::Code, &text, start),
            Event::SoftBreak | Event::End(TagEnd::TableCell) => self.now.text.push('\n'),
            Event::HardBreak => self.now.text.push('\u{1}'),
            Event::End(TagEnd::Heading(level)) => self.close_heading(level as u8),
            Event::End(TagEnd::TableHead) => {
                self.head =
                    Some(old::is_about_old(&self.now.text) || old::says_old(&self.now.text));
                self.close();
            }
            Event::End(TagEnd::Table) => self.head = None,
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::Item | Tag::TableRow)
            | Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::TableRow)
            | Event::Rule => self.close(),
            _ => {}
        }
    }

    fn piece(&mut self, kind: Kind, text: &str, start: usize) {
        let at = self.now.text.len();
        self.now.text.push_str(text);
        let line = self.lines.line_of(start);
        // Text that pulldown-cmark cut in two, as at `_`, is one piece.
        if let Some(last) = self.now.pieces.last_mut()
            && kind == Kind::Prose
            && last.kind == kind
            && last.line == line
            && last.at + last.text.len() == at
        {
            last.text.push_str(text);
            return;
        }
        self.now.pieces.push(Part {
            kind,
            text: text.to_owned(),
            line,
            at,
        });
    }

    fn close_heading(&mut self, level: u8) {
        let is_old = old::is_about_old(&self.now.text) || old::says_old(&self.now.text);
        self.headings.retain(|(above, _)| *above < level);
        let title = self.now.text.replace('\n', " ");
        self.close();
        self.headings.push((level, is_old));
        self.heading = title;
    }

    fn close(&mut self) {
        let mut passage = std::mem::take(&mut self.now);
        if passage.pieces.is_empty() {
            return;
        }
        passage.is_below_old =
            self.headings.iter().any(|(_, is_old)| *is_old) || self.head == Some(true);
        passage.heading.clone_from(&self.heading);
        self.done.push(passage);
    }
}
