//! What stands within a line of running text: emphasis, code, links, pictures.
//!
//! Links lead where `links` lets them; pictures that would have to be fetched are links too.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use super::card::lang;
use super::code::{Lines, set_line};
use super::escape::{escaped, push};
use super::links::{Links, Target, is_own_picture, slug};
use crate::model::{Lang, NoteReport};
use crate::notes::lines::LineStarts;
use crate::report::words::page as words;

/// Writes what stands within lines.
pub(super) struct Spans<'a> {
    links: &'a Links<'a>,
    lines: &'a Lines<'a>,
    number: usize,
    path: &'a str,
    shown: Lang,
    /// Links that are open: where they begin, how they end, and what is shown of one without text.
    open: Vec<(usize, &'static str, String)>,
    /// Addresses of the pictures that are open, the outer first, and the text in them.
    pictures: Vec<String>,
    alternative: String,
    /// The text since it was last taken.
    text: String,
    /// A line has ended, and nothing was written since.
    broken: bool,
}

impl<'a> Spans<'a> {
    /// Those of a note with this number.
    pub(super) fn new(
        links: &'a Links<'a>,
        known: &'a Lines<'a>,
        (number, note): (usize, &'a NoteReport),
    ) -> Self {
        Self {
            links,
            lines: known,
            number,
            path: &note.path,
            shown: note.lang,
            open: Vec::new(),
            pictures: Vec::new(),
            alternative: String::new(),
            text: String::new(),
            broken: false,
        }
    }

    /// The text since it was last taken.
    pub(super) fn take_text(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    pub(super) fn take(
        &mut self,
        event: Event,
        range: Range<usize>,
        seen: (&str, &LineStarts),
        html: &mut String,
    ) {
        if !self.pictures.is_empty() {
            if let Event::Text(text) | Event::Code(text) = event {
                self.alternative.push_str(&text);
            }
            return;
        }
        match event {
            Event::Text(text) => {
                self.join_lines(&text, html);
                self.text.push_str(&text);
                self.marked(&text, &range, seen, html);
            }
            Event::Code(code) => {
                self.join_lines(&code, html);
                self.text.push_str(&code);
                self.code(&code, &range, seen, html);
            }
            Event::SoftBreak => self.broken = true,
            Event::HardBreak => html.push_str("<br>\n"),
            Event::InlineHtml(tag) | Event::Html(tag) => {
                self.join_lines(&tag, html);
                inline_html(&tag, html);
            }
            Event::FootnoteReference(label) => self.footnote(&label, html),
            Event::TaskListMarker(done) => html.push_str(if done { "☑ " } else { "☐ " }),
            Event::InlineMath(math) | Event::DisplayMath(math) => push(html, &math),
            Event::Start(_) | Event::End(_) | Event::Rule => {}
        }
    }

    /// Puts a blank for the end of a line, but for one between characters of a script without blanks.
    fn join_lines(&mut self, next: &str, html: &mut String) {
        if !std::mem::take(&mut self.broken) {
            return;
        }
        let above = self.text.chars().next_back();
        if !(above.is_some_and(is_set_solid) && next.chars().next().is_some_and(is_set_solid)) {
            self.text.push(' ');
            html.push('\n');
        }
    }

    /// A text that stands in the note as it is shown has its marks.
    fn marked(
        &self,
        text: &str,
        range: &Range<usize>,
        seen: (&str, &LineStarts),
        html: &mut String,
    ) {
        let number = seen.1.line_of(range.start);
        if !self.lines.has_marks(number) || range.len() != text.len() {
            return push(html, text);
        }
        let marks = self.lines.between(number, seen, range);
        set_line(html, text, &Vec::new(), &marks);
    }

    /// Code is marked as a whole.
    fn code(&self, code: &str, range: &Range<usize>, seen: (&str, &LineStarts), html: &mut String) {
        let number = seen.1.line_of(range.start);
        let is_marked =
            self.lines.has_marks(number) && !self.lines.between(number, seen, range).is_empty();
        let (open, close) = if is_marked {
            ("<mark>", "</mark>")
        } else {
            ("", "")
        };
        html.push_str("<code translate=\"no\">");
        html.push_str(open);
        push(html, code);
        html.push_str(close);
        html.push_str("</code>");
    }

    fn footnote(&self, label: &str, html: &mut String) {
        let (number, anchor, label) = (self.number, slug(label), escaped(label));
        html.push_str(&format!(
            "<sup><a href=\"#n{number}-fn-{anchor}\">{label}</a></sup>"
        ));
    }

    pub(super) fn start(&mut self, tag: Tag, html: &mut String) {
        match tag {
            Tag::Image { dest_url, .. } => {
                self.join_lines("", html);
                self.pictures.push(dest_url.into_string());
            }
            _ if !self.pictures.is_empty() => {}
            Tag::Emphasis => html.push_str("<em>"),
            Tag::Strong => html.push_str("<strong>"),
            Tag::Strikethrough => html.push_str("<s>"),
            Tag::Link {
                link_type: LinkType::Email,
                dest_url,
                ..
            } => self.link(&format!("mailto:{dest_url}"), html),
            Tag::Link { dest_url, .. } => self.link(&dest_url, html),
            _ => {}
        }
    }

    pub(super) fn end(&mut self, tag: TagEnd, html: &mut String) {
        if tag == TagEnd::Image {
            return self.end_picture(html);
        }
        if !self.pictures.is_empty() {
            return;
        }
        match tag {
            TagEnd::Emphasis => html.push_str("</em>"),
            TagEnd::Strong => html.push_str("</strong>"),
            TagEnd::Strikethrough => html.push_str("</s>"),
            TagEnd::Link => self.end_link(html),
            _ => {}
        }
    }

    fn link(&mut self, address: &str, html: &mut String) {
        let close = match self.links.target(self.number, self.path, address) {
            Target::To(target) => {
                html.push_str(&format!("<a href=\"{}\">", escaped(&target)));
                "</a>"
            }
            Target::Nowhere => {
                let left_out = words::left_out(address);
                let left_out = escaped(left_out.get(self.shown));
                html.push_str(&format!("<span class=\"dropped\" title=\"{left_out}\">"));
                "</span>"
            }
        };
        self.open.push((html.len(), close, escaped(address)));
    }

    fn end_link(&mut self, html: &mut String) {
        let Some((begin, close, address)) = self.open.pop() else {
            return;
        };
        if html[begin..].trim().is_empty() {
            html.push_str(&address);
        }
        html.push_str(close);
    }

    /// A picture of the note itself, or a link to where it lies.
    fn end_picture(&mut self, html: &mut String) {
        let Some(address) = self.pictures.pop() else {
            return;
        };
        if !self.pictures.is_empty() {
            return;
        }
        let alternative = std::mem::take(&mut self.alternative);
        self.text.push_str(&alternative);
        if is_own_picture(&address) {
            let alternative = escaped(&alternative);
            html.push_str(&format!("<img src=\"{address}\" alt=\"{alternative}\">"));
            return;
        }
        let word = words::picture();
        let (lang, word) = (lang(self.shown), word.get(self.shown));
        let title = match alternative.trim() {
            "" => escaped(address.rsplit('/').next().unwrap_or_default()),
            text => escaped(text),
        };
        let shown = format!("<span class=\"picture\" lang=\"{lang}\">{word}</span> {title}");
        match self.links.target(self.number, self.path, &address) {
            Target::To(target) if self.open.is_empty() => {
                let target = escaped(&target);
                html.push_str(&format!("<a href=\"{target}\">{shown}</a>"));
            }
            _ => html.push_str(&shown),
        }
    }
}

/// True for characters of Chinese and Japanese, and for their marks.
fn is_set_solid(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}')
}

/// A tag is shown as it is written; a comment is not, and a line break is one.
fn inline_html(tag: &str, html: &mut String) {
    let name = tag.trim_matches(['<', '>', '/', ' ']);
    if name.eq_ignore_ascii_case("br") {
        html.push_str("<br>");
    } else if !tag.starts_with("<!--") {
        html.push_str(&format!("<code class=\"raw\">{}</code>", escaped(tag)));
    }
}
