//! A block as its reader knows it, with its verdict at its side and each problem below its line.

use std::collections::HashMap;
use std::ops::Range;

use super::escape::{escaped, push};
use super::highlight::{self, Parts};
use super::place::{Kind, Place};
use super::{card, figures};
use crate::model::{Block, CheckedClaim, ClaimVerdict, Lang, NoteReport, Status};
use crate::notes::lines::LineStarts;
use crate::report::words;
use crate::report::words::page as own_words;

/// Lines of the output of a new snippet.
const OUTPUT: usize = 40;

/// What is known of the lines of a note.
pub(super) struct Lines<'a> {
    text: Vec<&'a str>,
    /// The parts that problems are about, in characters.
    marks: HashMap<usize, Vec<Range<usize>>>,
    claims: HashMap<usize, ClaimVerdict>,
}

impl<'a> Lines<'a> {
    /// Those of a note with these places.
    pub(super) fn new(note: &'a NoteReport, places: &[Place]) -> Self {
        let mut marks: HashMap<usize, Vec<Range<usize>>> = HashMap::new();
        let issues = places.iter().flat_map(|place| &place.issues);
        for mark in issues.flat_map(|issue| &issue.marks) {
            let columns = mark.column - 1..mark.end_column - 1;
            marks.entry(mark.line).or_default().push(columns);
        }
        let mut claims = HashMap::new();
        let all = note.blocks.iter().flat_map(|block| &block.claims);
        for claim in all {
            let lines = claim.claim.lines;
            for line in lines.first..=lines.last {
                let verdict = claims.entry(line).or_insert(claim.verdict);
                *verdict = worse(*verdict, claim);
            }
        }
        let line = |line: &'a str| line.strip_suffix('\r').unwrap_or(line);
        Self {
            text: note.text.split('\n').map(line).collect(),
            marks,
            claims,
        }
    }

    /// The marked parts, in bytes, of what is shown of a line from some character on to its end.
    pub(super) fn marks(&self, number: usize, shown: &str) -> Vec<Range<usize>> {
        let Some(marks) = self.marks.get(&number) else {
            return Vec::new();
        };
        let whole = number.checked_sub(1).and_then(|at| self.text.get(at));
        let Some(before) = whole.and_then(|whole| whole.strip_suffix(shown)) else {
            return Vec::new();
        };
        let hidden = before.chars().count();
        let byte = |column: usize| {
            let mut starts = shown.char_indices().map(|(at, _)| at);
            starts
                .nth(column.saturating_sub(hidden))
                .unwrap_or(shown.len())
        };
        let marks = marks.iter().filter(|mark| mark.end > hidden);
        let mut parts: Vec<_> = marks.map(|mark| byte(mark.start)..byte(mark.end)).collect();
        parts.retain(|part| !part.is_empty());
        parts
    }

    /// The marked parts of a range of the text that is parsed, in bytes from its begin on.
    pub(super) fn between(
        &self,
        number: usize,
        (seen, starts): (&str, &LineStarts),
        range: &Range<usize>,
    ) -> Vec<Range<usize>> {
        let begin = starts.of_line(number);
        let line = seen.get(begin..starts.of_line(number + 1));
        let line = line.unwrap_or_default().trim_end_matches(['\r', '\n']);
        let (start, end) = (range.start - begin, range.end - begin);
        let marks = self.marks(number, line).into_iter();
        let within = marks.map(|mark| mark.start.max(start)..mark.end.min(end));
        let within = within.filter(|mark| mark.start < mark.end);
        within
            .map(|mark| mark.start - start..mark.end - start)
            .collect()
    }

    /// True for a line that has marks.
    pub(super) fn has_marks(&self, number: usize) -> bool {
        self.marks.contains_key(&number)
    }

    /// The class of the mark at the edge of a line.
    fn edge(&self, number: usize) -> &'static str {
        match self.claims.get(&number) {
            Some(ClaimVerdict::Holds) => " h",
            Some(ClaimVerdict::Stale) => " x",
            Some(ClaimVerdict::Unchecked) => " u",
            None => "",
        }
    }
}

fn worse(verdict: ClaimVerdict, claim: &CheckedClaim) -> ClaimVerdict {
    match (verdict, claim.verdict) {
        (ClaimVerdict::Stale, _) | (_, ClaimVerdict::Stale) => ClaimVerdict::Stale,
        (ClaimVerdict::Holds, other) | (other, _) => other,
    }
}

/// Cards that wait for their line, the first first.
#[derive(Default)]
pub(super) struct Cards(std::collections::VecDeque<(usize, String)>);

impl Cards {
    /// These cards, each with the line below which it is to stand.
    pub(super) fn new(mut cards: Vec<(usize, String)>) -> Self {
        cards.sort_by_key(|(line, _)| *line);
        Self(cards.into())
    }

    /// The cards up to this line.
    pub(super) fn up_to(&mut self, line: usize) -> Option<String> {
        let mut taken = String::new();
        while self.0.front().is_some_and(|(at, _)| *at <= line) {
            taken.extend(self.0.pop_front().map(|(_, card)| card));
        }
        (!taken.is_empty()).then_some(taken)
    }
}

/// A block of the note whose names on the page begin with `prefix`.
pub(super) fn figure(
    block: &Block,
    place: Option<&Place>,
    (prefix, shown): (&str, Lang),
    lines: &Lines,
    cards: &mut Cards,
) -> String {
    let code = code(block, lines, cards);
    let Some(place) = place else {
        return format!("<figure class=\"block\">{code}</figure>\n");
    };
    let classes: Vec<&str> = place.kinds.iter().map(|kind| kind.word()).collect();
    format!(
        "<figure class=\"block {}\" id=\"{prefix}-{}\" data-heading=\"{}\" tabindex=\"-1\">{}{code}{}</figure>\n",
        classes.join(" "),
        place.id,
        escaped(&block.heading),
        verdict(place, prefix, shown),
        below(place, shown),
    )
}

/// What stands in the margin.
fn verdict(place: &Place, prefix: &str, shown: Lang) -> String {
    let lines = place.report.block.lines;
    let numbers = if lines.last > lines.first {
        format!("{}–{}", lines.first, lines.last)
    } else {
        lines.first.to_string()
    };
    let kinds: Vec<String> = place
        .kinds
        .iter()
        .map(|kind| {
            let word = own_words::kind(kind.word());
            format!(
                "<span class=\"k {}\">{}</span>",
                kind.word(),
                word.get(shown)
            )
        })
        .collect();
    format!(
        "<figcaption lang=\"{}\"><a href=\"#{prefix}-{}\">{} <span class=\"at\">{numbers}</span></a></figcaption>",
        card::lang(shown),
        place.id,
        kinds.join(" "),
    )
}

/// Why it was skipped, what a new one prints, and why a known one is no alarm.
fn below(place: &Place, shown: Lang) -> String {
    let report = place.report;
    let mut below = String::new();
    if let Some(skip) = &report.skip {
        below.push_str(&card::remark(&words::skip(skip), shown));
    }
    if place.kinds.contains(&Kind::Known) {
        below.push_str(&card::accepted(shown));
    }
    if report.status == Some(Status::New) {
        below.push_str(&output(&report.stdout, shown));
    }
    below.push_str(&figures::drawn(&report.figures, shown));
    below
}

fn output(printed: &str, shown: Lang) -> String {
    if printed.is_empty() {
        return String::new();
    }
    let mut lines: Vec<String> = printed.lines().take(OUTPUT).map(escaped).collect();
    let left = printed.lines().count() - lines.len();
    if left > 0 {
        lines.push(escaped(words::left_out(left).get(shown)));
    }
    format!(
        "<details class=\"output\" lang=\"{}\"><summary>{}</summary><pre>{}</pre></details>\n",
        card::lang(shown),
        own_words::prints().get(shown),
        lines.join("\n"),
    )
}

/// The lines of a block, with the cards between them.
fn code(block: &Block, lines: &Lines, cards: &mut Cards) -> String {
    let parts = highlight::lines(&block.text, block.language);
    let all: Vec<&str> = block.text.split_terminator('\n').collect();
    let mut html = String::from("<div class=\"code\">");
    let mut open = false;
    for (at, (line, parts)) in all.iter().zip(&parts).enumerate() {
        if !open {
            html.push_str("<pre translate=\"no\">");
            open = true;
        }
        let number = block.lines.first + at;
        html.push_str(&format!(
            "<span class=\"l{}\" data-n=\"{number}\">",
            lines.edge(number)
        ));
        set_line(&mut html, line, parts, &lines.marks(number, line));
        html.push_str("\n</span>");
        if let Some(cards) = cards.up_to(number) {
            html.push_str("</pre>");
            html.push_str(&cards);
            open = false;
        }
    }
    if open {
        html.push_str("</pre>");
    }
    if !block.tag.is_empty() {
        let tag = escaped(&block.tag);
        html.push_str(&format!("<span class=\"tag\">{tag}</span>"));
    }
    html.push_str("</div>");
    html
}

/// A text with its parts set apart and its marks drawn.
pub(super) fn set_line(html: &mut String, line: &str, parts: &Parts, marks: &[Range<usize>]) {
    let ranges = parts.iter().map(|(part, _)| part).chain(marks);
    let mut cuts: Vec<usize> = ranges.flat_map(|range| [range.start, range.end]).collect();
    cuts.extend([0, line.len()]);
    cuts.sort_unstable();
    cuts.dedup();
    let mut parts = parts.iter().peekable();
    for cut in cuts.windows(2) {
        let (start, end) = (cut[0], cut[1]);
        while parts.next_if(|(part, _)| part.end <= start).is_some() {}
        let class = parts.peek().filter(|(part, _)| part.start <= start);
        let is_marked = marks.iter().any(|mark| mark.contains(&start));
        if is_marked {
            html.push_str("<mark>");
        }
        if let Some((_, class)) = class {
            html.push_str(&format!("<i class=\"{class}\">"));
        }
        push(html, line.get(start..end).unwrap_or_default());
        if class.is_some() {
            html.push_str("</i>");
        }
        if is_marked {
            html.push_str("</mark>");
        }
    }
}
