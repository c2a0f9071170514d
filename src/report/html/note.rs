//! A note as its reader knows it, as HTML: the same parser that found its blocks, walked here.
//!
//! Nothing of the note becomes HTML but through `escape` and `links`: raw HTML is shown as text.
//! Each block is put where it stands, and each card at the first place behind its line.

use std::collections::HashSet;
use std::iter::Peekable;
use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, Tag, TagEnd};

use super::card;
use super::code::{self, Cards, Lines};
use super::escape::escaped;
use super::inline::Spans;
use super::links::{Links, slug};
use super::place::Place;
use crate::model::{BlockReport, Form, Lang, NoteReport, Report};
use crate::notes::Source;
use crate::notes::lines::LineStarts;
use crate::report::words::page as words;

/// What stands between two lines of this is no text of the note.
const COMMENT: (&str, &str) = ("<!--", "-->");

/// The note with this number as HTML.
pub(super) fn body(
    report: &Report,
    links: &Links,
    (number, note): (usize, &NoteReport),
    places: &[Place],
) -> String {
    let source = Source::of(&note.text);
    let known = Lines::new(note, places);
    let mut writer = Writer {
        note,
        source: &source,
        starts: LineStarts::new(source.text()),
        spans: Spans::new(links, &known, (number, note)),
        lines: &known,
        prefix: format!("n{number}"),
        places,
        blocks: note.blocks.iter().peekable(),
        quoted_until: 0,
        cards: cards(report, number, note, places),
        titles: source.titles().iter().peekable(),
        anchors: HashSet::new(),
        above: 2,
        table: Table::default(),
        opened: Vec::new(),
        html: String::new(),
    };
    writer.walk();
    writer.html
}

/// What is to be shown below the lines of the note: the problems of its places, and warnings about it.
fn cards(report: &Report, number: usize, note: &NoteReport, places: &[Place]) -> Cards {
    let mut all = Vec::new();
    let warnings = report.warnings.iter();
    for warning in warnings.filter(|warning| warning.path == note.path) {
        let shown = card::of_warning(warning, note.lang, "");
        all.push((warning.line.unwrap_or_default(), shown));
    }
    for place in places {
        let id = format!("n{number}-{}", place.id);
        for (at, issue) in place.issues.iter().enumerate() {
            let line = issue.place.map_or(0, |place| place.end_line);
            let mut card = card::of_issue(issue, &id);
            if at == 0 && place.report.block.form == Form::Inline {
                card = card.replacen("<div ", &format!("<div id=\"{id}\" tabindex=\"-1\" "), 1);
            }
            all.push((line, card));
        }
    }
    Cards::new(all)
}

/// What is known of the table that is open.
#[derive(Default)]
struct Table {
    columns: Vec<Alignment>,
    column: usize,
    in_head: bool,
}

struct Writer<'a> {
    note: &'a NoteReport,
    source: &'a Source<'a>,
    starts: LineStarts,
    spans: Spans<'a>,
    lines: &'a Lines<'a>,
    prefix: String,
    places: &'a [Place<'a>],
    blocks: Peekable<std::slice::Iter<'a, BlockReport>>,
    /// The last line of the quoted code that was shown last.
    quoted_until: usize,
    cards: Cards,
    titles: Peekable<std::slice::Iter<'a, (usize, String)>>,
    anchors: HashSet<String>,
    /// The level of the heading above.
    above: usize,
    table: Table,
    /// Where the headings and cells that are open begin in `html`, and what they begin with.
    opened: Vec<(usize, String)>,
    html: String,
}

impl<'a> Writer<'a> {
    fn walk(&mut self) {
        let source = self.source;
        let mut events = source.events();
        while let Some((event, range)) = events.next() {
            match event {
                Event::Start(tag) if is_leaf(&tag) => {
                    self.titles_above(self.starts.line_of(range.start));
                    if self.is_quoted_code(range.start) {
                        skip(&mut events);
                    } else if let Tag::CodeBlock(kind) = tag {
                        let text = text_of(&mut events);
                        self.block(&kind, &text, range.start);
                    } else if tag == Tag::HtmlBlock {
                        let html = text_of(&mut events);
                        self.raw(&html);
                        self.cards_up_to(self.starts.line_of(range.end.saturating_sub(1)));
                    } else {
                        self.start(tag, range.start);
                    }
                }
                Event::Start(tag) => self.start(tag, range.start),
                Event::End(tag) => self.end(tag, &range),
                Event::Rule => self.html.push_str("<hr>\n"),
                event => {
                    let seen = (source.text(), &self.starts);
                    self.spans.take(event, range, seen, &mut self.html);
                }
            }
        }
        self.titles_above(usize::MAX);
        for left in self.blocks.by_ref().collect::<Vec<_>>() {
            self.figure(left);
        }
        self.cards_up_to(usize::MAX);
    }

    /// The titles of tabs and admonitions up to a line.
    fn titles_above(&mut self, line: usize) {
        while let Some((_, title)) = self.titles.next_if(|(at, _)| *at <= line) {
            if !title.is_empty() {
                let title = escaped(title);
                self.html
                    .push_str(&format!("<p class=\"tab\">{title}</p>\n"));
            }
        }
    }

    /// True for what is shown as quoted code; where that begins, its block is shown.
    fn is_quoted_code(&mut self, byte: usize) -> bool {
        let line = self.starts.line_of(byte);
        let begins = |block: &&BlockReport| {
            let lines = block.block.lines;
            block.block.form == Form::Quoted && (lines.first..=lines.last).contains(&line)
        };
        if let Some(block) = self.blocks.next_if(begins) {
            self.quoted_until = block.block.lines.last;
            self.figure(block);
        }
        line <= self.quoted_until
    }

    /// A code block, with all that was found in it.
    fn block(&mut self, kind: &CodeBlockKind, text: &str, start: usize) {
        let start = self.starts.line_of(start);
        let (first, mut most) = match kind {
            CodeBlockKind::Fenced(_) => (start + 1, 1),
            CodeBlockKind::Indented => (start, usize::MAX),
        };
        let last = first + text.matches('\n').count().saturating_sub(1);
        let mut shown = false;
        while let Some(block) = self
            .blocks
            .next_if(|block| block.block.lines.first <= last && most > 0)
        {
            if block.block.lines.first >= first {
                most -= 1;
                shown = true;
            }
            self.figure(block);
        }
        if !shown {
            let text = escaped(text);
            self.html.push_str(&format!("<pre>{text}</pre>\n"));
        }
    }

    fn figure(&mut self, report: &'a BlockReport) {
        self.cards_up_to(report.block.lines.first.saturating_sub(1));
        let mut places = self.places.iter();
        let place = places.find(|place| std::ptr::eq(place.report, report));
        let shown = (self.prefix.as_str(), self.note.lang);
        self.html.push_str(&code::figure(
            &report.block,
            place,
            shown,
            self.lines,
            &mut self.cards,
        ));
        self.cards_up_to(report.block.lines.last);
    }

    fn cards_up_to(&mut self, line: usize) {
        self.html.extend(self.cards.up_to(line));
    }

    /// HTML of the note: comments are left out as every reader does it, all else is text.
    fn raw(&mut self, html: &str) {
        let shown = without_comments(html);
        let shown = shown.trim();
        if !shown.is_empty() {
            let shown = escaped(shown);
            self.html
                .push_str(&format!("<p class=\"raw\"><code>{shown}</code></p>\n"));
        }
    }

    fn start(&mut self, tag: Tag, start: usize) {
        let open = match tag {
            Tag::Paragraph => "<p>".to_owned(),
            Tag::Heading { level, .. } => {
                self.spans.take_text();
                self.opened
                    .push((self.html.len(), (level as usize).to_string()));
                return;
            }
            Tag::BlockQuote(kind) => quote(kind, self.note.lang),
            Tag::List(Some(1)) => "<ol>\n".to_owned(),
            Tag::List(Some(first)) => format!("<ol start=\"{first}\">\n"),
            Tag::List(None) => "<ul>\n".to_owned(),
            Tag::Item => "<li>".to_owned(),
            Tag::FootnoteDefinition(label) => self.footnote(&label),
            Tag::Table(columns) => {
                self.titles_above(self.starts.line_of(start));
                self.table.columns = columns;
                "<table>\n".to_owned()
            }
            Tag::TableHead | Tag::TableRow => {
                self.table.in_head = tag == Tag::TableHead;
                self.table.column = 0;
                "<tr>".to_owned()
            }
            Tag::TableCell => {
                self.opened.push((self.html.len(), String::new()));
                return;
            }
            tag => return self.spans.start(tag, &mut self.html),
        };
        self.html.push_str(&open);
    }

    fn end(&mut self, tag: TagEnd, range: &Range<usize>) {
        let close = match tag {
            TagEnd::Paragraph => "</p>\n",
            TagEnd::Heading(_) => {
                self.end_heading();
                ""
            }
            TagEnd::BlockQuote(_) => "</blockquote>\n",
            TagEnd::List(true) => "</ol>\n",
            TagEnd::List(false) => "</ul>\n",
            TagEnd::Item => "",
            TagEnd::FootnoteDefinition => "</div>\n",
            TagEnd::Table => "</table>\n",
            TagEnd::TableHead | TagEnd::TableRow => "</tr>\n",
            TagEnd::TableCell => {
                self.end_cell();
                return;
            }
            tag => return self.spans.end(tag, &mut self.html),
        };
        self.html.push_str(close);
        if matches!(
            tag,
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Table | TagEnd::Item
        ) {
            self.cards_up_to(self.starts.line_of(range.end.saturating_sub(1)));
        }
        if tag == TagEnd::Item {
            self.html.push_str("</li>\n");
        }
    }

    /// Sets a heading, no more than one level below the one above it. One without text is nothing.
    fn end_heading(&mut self) {
        let Some((begin, level)) = self.opened.pop() else {
            return;
        };
        let title = self.html.split_off(begin);
        let text = self.spans.take_text();
        if text.trim().is_empty() {
            return self.html.push_str(&title);
        }
        let written: usize = level.parse().unwrap_or(1);
        let level = (written + 2).min(self.above + 1).min(6);
        self.above = level;
        let anchor = self.anchor(&slug(text.trim()));
        self.html.push_str(&format!(
            "<h{level} class=\"h{written}\" id=\"{anchor}\">{title}</h{level}>\n"
        ));
    }

    /// A name on the page that nothing else has.
    fn anchor(&mut self, slug: &str) -> String {
        let mut anchor = format!("{}-{slug}", self.prefix);
        let mut more = 0;
        while !self.anchors.insert(anchor.clone()) {
            more += 1;
            anchor = format!("{}-{slug}-{more}", self.prefix);
        }
        anchor
    }

    fn end_cell(&mut self) {
        let Some((begin, _)) = self.opened.pop() else {
            return;
        };
        let content = self.html.split_off(begin);
        let class = match self.table.columns.get(self.table.column) {
            Some(Alignment::Center) => " class=\"center\"",
            Some(Alignment::Right) => " class=\"right\"",
            _ => "",
        };
        self.table.column += 1;
        let is_head = self.table.in_head && !content.trim().is_empty();
        let cell = if is_head {
            format!("<th scope=\"col\"{class}>{content}</th>")
        } else {
            format!("<td{class}>{content}</td>")
        };
        self.html.push_str(&cell);
    }

    fn footnote(&mut self, label: &str) -> String {
        let anchor = self.anchor(&format!("fn-{}", slug(label)));
        let label = escaped(label);
        format!("<div class=\"footnote\" id=\"{anchor}\"><sup>{label}</sup>\n")
    }
}

fn quote(kind: Option<BlockQuoteKind>, shown: Lang) -> String {
    kind.map_or_else(
        || "<blockquote>\n".to_owned(),
        |kind| {
            let title = words::alert(kind);
            let (lang, title) = (card::lang(shown), title.get(shown));
            format!("<blockquote class=\"alert\"><p class=\"tab\" lang=\"{lang}\">{title}</p>\n")
        },
    )
}

/// True for what holds text or lines, and so can be what quoted code is made of.
fn is_leaf(tag: &Tag) -> bool {
    matches!(
        tag,
        Tag::Paragraph | Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock
    )
}

/// Passes over the rest of an element that has begun.
fn skip<'e>(events: &mut impl Iterator<Item = (Event<'e>, Range<usize>)>) {
    text_of(events);
}

/// The text of an element that has begun, up to its end.
fn text_of<'e>(events: &mut impl Iterator<Item = (Event<'e>, Range<usize>)>) -> String {
    let mut text = String::new();
    let mut depth = 1;
    for (event, _) in events.by_ref() {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            Event::Text(part) | Event::Html(part) => text.push_str(&part),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    text
}

/// HTML without its comments.
fn without_comments(html: &str) -> String {
    let mut shown = String::new();
    let mut rest = html;
    while let Some((before, comment)) = rest.split_once(COMMENT.0) {
        shown.push_str(before);
        rest = comment.split_once(COMMENT.1).map_or("", |(_, after)| after);
    }
    shown.push_str(rest);
    shown
}
