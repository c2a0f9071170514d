//! Outputs shown inside a script block: below a label, below a command, below the expression
//! that gives them, as a traceback, or in a string at the end.
//!
//! Finds which lines are no code, and what they claim. Sections are found from the top, and
//! behind each one reading starts anew, as what programs print has quotes and brackets
//! of its own.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::meaning::{Words, raised};
use super::statements::{Coded, Kind, Statement, Statements, statements};
use super::{Source, echoes, labels, pattern, reversed, scope, values};
use crate::model::{About, Claim, ClaimForm};
use crate::notes::tokens::Kind as TokenKind;

/// What is shown in a block.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown {
    /// The claims.
    pub(super) claims: Vec<Claim>,
    /// The lines, counted from 0, that are no code.
    pub(super) blank: BTreeSet<usize>,
}

/// So many sections of a block are read.
const MOST: usize = 200;

/// Reads what is shown in `source`, whose statements are `whole`.
pub(super) fn read(source: &Source<'_>, whole: &[Statement<'_>]) -> Shown {
    if reversed::is_reversed(source.text) {
        return reversed::read(source);
    }
    let mut shown = Shown::default();
    let mut page = Page::of(source.clone(), whole);
    if let Some((at, section)) = page.first_section() {
        page.read_from(at, &section, &mut shown);
    }
    page.read_rest(&mut shown);
    shown
}

/// A block while it is read.
pub(super) struct Page<'a> {
    pub(super) source: Source<'a>,
    pub(super) lines: Vec<&'a str>,
    /// What was read so far: all that is code, and no line of a section.
    pub(super) statements: Cow<'a, [Statement<'a>]>,
    coded: Coded,
    /// The statements as they were read before any section was found.
    whole: &'a [Statement<'a>],
    words: OnceCell<Words>,
    labels: OnceCell<Vec<usize>>,
    floor: usize,
}

/// Where a section lies, in lines counted from 0.
struct Section {
    /// All that is no code.
    blank: Range<usize>,
    /// What is claimed.
    shown: Range<usize>,
    /// The column at which the first of these lines begins.
    column: usize,
    scope: Option<String>,
    above: Range<usize>,
}

impl<'a> Page<'a> {
    /// A block with these statements, none of whose sections has been read.
    pub(super) fn of(source: Source<'a>, whole: &'a [Statement<'a>]) -> Self {
        Self {
            lines: source.text.lines().collect(),
            source,
            statements: Cow::Borrowed(whole),
            coded: Coded::of(whole),
            whole,
            words: OnceCell::new(),
            labels: OnceCell::new(),
            floor: 0,
        }
    }

    /// The words of the code above the floor and of all that stands below it.
    pub(super) fn words(&self) -> &Words {
        self.words.get_or_init(|| match &self.statements {
            Cow::Borrowed(all) => Words::of(*all),
            Cow::Owned(above) => {
                let begin = above.last().map_or(0, |one| one.to + 1).max(self.floor);
                let below = self.whole.partition_point(|one| one.from < begin);
                Words::of(above.iter().chain(&self.whole[below..]))
            }
        })
    }

    /// The first section and the place of the statement at which it begins.
    fn first_section(&self) -> Option<(usize, Section)> {
        let mut all = self.whole.iter().enumerate();
        all.find_map(|(at, one)| Some((at, self.section_at(one)?)))
    }

    /// Reads the section that begins at statement `at`, and all below it.
    ///
    /// What a section shows may have quotes and brackets of its own, so what was read in it and below
    /// it is forgotten, and reading starts anew behind it. What stands above it is read once.
    fn read_from(&mut self, at: usize, section: &Section, shown: &mut Shown) {
        let starts = line_starts(self.source.text);
        self.statements = Cow::Owned(self.whole[..at].to_vec());
        self.coded = Coded::of(&self.statements);
        let mut rest = Statements::of(self.source.text);
        self.pass(section, shown);
        rest.go_on(starts[self.floor], self.floor);
        let mut count = 1;
        while let Some(one) = rest.next() {
            let section = (count < MOST).then(|| self.section_at(&one)).flatten();
            let Some(section) = section else {
                self.coded.add(self.statements.len(), &one);
                self.statements.to_mut().push(one);
                continue;
            };
            count += 1;
            self.pass(&section, shown);
            rest.go_on(starts[self.floor], self.floor);
        }
        self.words = OnceCell::new();
    }

    /// Takes the lines of a section and what they claim; the floor lies behind it from now on.
    fn pass(&mut self, section: &Section, shown: &mut Shown) {
        shown.blank.extend(section.blank.clone());
        shown.claims.extend(self.claims(section));
        self.floor = section.blank.end;
        self.words = OnceCell::new();
    }

    /// Reads what is shown behind the last section and without any.
    fn read_rest(&self, shown: &mut Shown) {
        shown.claims.extend(self.strings());
        echoes::read(self, shown);
    }

    /// The section that begins with a statement, where that has code above it and stands alone on its line.
    fn section_at(&self, at: &Statement<'_>) -> Option<Section> {
        if at.from < self.floor || at.from != at.to {
            return None;
        }
        let line = *self.lines.get(at.from)?;
        let above = self.code_above(at.from)?;
        let below = at.from + 1;
        let made = |blank: Range<usize>, shown, column| Section {
            blank,
            shown,
            column,
            scope: scope::scope_of(line),
            above: above.clone(),
        };
        if COMMAND.is_match(line) {
            let end = self.end_of_section(below, false);
            return Some(made(at.from..end, below..end, 0));
        }
        if line.trim() == TRACEBACK {
            let end = self.end_of_traceback(at.from);
            return Some(made(at.from..end, at.from..end, 0));
        }
        if self.announces(at, line) {
            let end = self.end_of_section(below, true);
            return Some(made(at.from..end, below..end, 0));
        }
        let column = self.announced_beside(at, line)?;
        Some(made(at.from..below, at.from..below, column))
    }

    /// The lines of code from the floor to line `at`.
    fn code_above(&self, at: usize) -> Option<Range<usize>> {
        let first = self.coded.first_from(&self.statements, self.floor)?;
        let last = self.coded.last_above(&self.statements, at)?;
        (first.from < at).then_some(first.from..last.to + 1)
    }

    /// True where a line only announces the output below it.
    fn announces(&self, at: &Statement<'_>, line: &str) -> bool {
        if !labels::is_output_label(line) {
            return false;
        }
        let below = self.lines[at.from + 1..]
            .iter()
            .find(|line| !line.trim().is_empty());
        if at.kind == Kind::Comment {
            return below.is_some_and(|line| !line.trim_start().starts_with('#') && !is_code(line));
        }
        // `output` alone is a name, `output:` and `Output is` are none.
        line.contains([':', '：', ' ']) || !line.is_ascii()
    }

    /// The column behind a label that has its output beside it: `输出：3`.
    fn announced_beside(&self, at: &Statement<'_>, line: &str) -> Option<usize> {
        let column = labels::after_label(line)?;
        let label = line[..column].trim();
        let rest = &line[column..];
        let told = at.kind != Kind::Comment
            && label.ends_with([':', '：'])
            && rest.trim() != "..."
            && (values::is_value(rest) || (!label.is_ascii() && self.words().could_print(rest)));
        told.then_some(column)
    }

    /// The line behind a section that begins on line `from`. Where labels alternate with code,
    /// code ends it; else only code below a blank line that can't be output does.
    fn end_of_section(&self, from: usize, labelled: bool) -> usize {
        let rest = &self.lines[from.min(self.lines.len())..];
        let next = self.next_label(from).filter(|_| labelled);
        let end = next.unwrap_or(rest.len());
        let blank_above = |at: usize| at > 0 && rest[at - 1].trim().is_empty();
        let strong = |at: &usize| {
            let kind = kind_of(rest[*at]);
            let shows = matches!(kind, Kind::Print | Kind::Import) || HEADER.is_match(rest[*at]);
            let may = next.is_some() && matches!(kind, Kind::Assign | Kind::AssignPlain);
            !rest[*at].starts_with(' ') && *at > 0 && (shows || may && blank_above(*at))
        };
        let stop = (0..end)
            .filter(|at| next.is_some() || blank_above(*at))
            .find(strong);
        from + stop.unwrap_or(end)
    }

    /// How far below line `from` the next label stands that ends with a colon.
    fn next_label(&self, from: usize) -> Option<usize> {
        let is_label =
            |line: &str| line.trim_end().ends_with([':', '：']) && labels::is_output_label(line);
        let labels = self.labels.get_or_init(|| {
            let lines = self.lines.iter().enumerate();
            lines
                .filter(|(_, line)| is_label(line))
                .map(|(at, _)| at)
                .collect()
        });
        let next = labels.partition_point(|&at| at < from);
        labels.get(next).map(|at| at - from)
    }

    fn end_of_traceback(&self, from: usize) -> usize {
        let rest = &self.lines[from + 1..];
        let is_frame = |line: &&str| line.starts_with([' ', '\t']) || line.trim() == "...";
        let frames = rest.iter().take_while(|line| is_frame(line)).count();
        let named = rest.get(frames).is_some_and(|line| raised(line).is_some());
        from + 1 + frames + usize::from(named)
    }

    /// The claims of a section: what is printed, and the error that ends it.
    fn claims(&self, section: &Section) -> Vec<Claim> {
        let mut shown = section.shown.clone();
        let about = self
            .source
            .lines(section.above.start, section.above.end.saturating_sub(1));
        let mut found = Vec::new();
        let trace = shown.clone().find(|at| self.lines[*at].trim() == TRACEBACK);
        if let Some(begin) = trace {
            let error = (begin..shown.end).rev().find_map(|at| {
                let (_, says) = raised(self.lines[at].trim())?;
                Some((at, says))
            });
            if let Some((at, says)) = error {
                found.extend(
                    self.claim(at..at + 1, 0, ClaimForm::Traceback, about)
                        .map(|claim| Claim { says, ..claim }),
                );
            }
            shown.end = begin;
        }
        found.extend(self.claim(shown, section.column, ClaimForm::Section, about));
        for claim in &mut found {
            claim.scope.clone_from(&section.scope);
        }
        found
    }

    /// A claim whose text is on these lines, the first from `column` on; the indentation that
    /// all have in common is left out.
    fn claim(
        &self,
        lines: Range<usize>,
        column: usize,
        form: ClaimForm,
        about: crate::model::Lines,
    ) -> Option<Claim> {
        let filled = |at: &usize| !self.lines[*at].trim().is_empty();
        let first = lines.clone().find(filled)?;
        let last = lines.rev().find(filled)?;
        let places: Vec<_> = (first..=last)
            .map(|at| {
                (
                    at,
                    if at == first { column } else { 0 }..self.lines[at].trim_end().len(),
                )
            })
            .collect();
        self.claim_at(&places, form, About::Output(about))
    }

    /// A claim whose text is at these places: lines counted from 0, with columns.
    pub(super) fn claim_at(
        &self,
        places: &[(usize, Range<usize>)],
        form: ClaimForm,
        about: About,
    ) -> Option<Claim> {
        let texts: Vec<_> = places
            .iter()
            .map(|(at, columns)| self.lines[*at].get(columns.clone()).unwrap_or_default())
            .collect();
        let filled = texts.iter().filter(|text| !text.trim().is_empty());
        let indent = filled
            .map(|text| text.len() - text.trim_start_matches([' ', '\t']).len())
            .min()?;
        let cut = |text: &&str| indent.min(text.len());
        let bytes: Option<Vec<_>> = places
            .iter()
            .zip(&texts)
            .map(|((at, columns), text)| {
                let start = columns.start.min(columns.end) + cut(text);
                self.source.bytes(*at, start..columns.end.max(start))
            })
            .collect();
        let claimed: Vec<_> = texts.iter().map(|text| &text[cut(text)..]).collect();
        let last = about.lines().last.saturating_sub(self.source.first);
        let code = self.coded.last_above(&self.statements, last + 1);
        Some(Claim {
            lines: self.source.lines(places.first()?.0, places.last()?.0),
            form,
            source: code.map_or("", |one| one.code).to_owned(),
            about,
            claimed: claimed.join("\n"),
            bytes: bytes.unwrap_or_default(),
            ..Claim::default()
        })
    }

    /// The long strings that show what code above them prints: each what the line right above it
    /// prints, where a block shows its outputs one by one; else the last one what all of it prints.
    fn strings(&self) -> Vec<Claim> {
        let below: Vec<_> = self
            .statements
            .windows(2)
            .filter(|two| is_string_below(&two[0], &two[1]) && two[0].from >= self.floor)
            .collect();
        let marks =
            |one: &Statement<'_>| one.comment.is_some_and(|(_, text)| text.starts_with("#>"));
        if below.len() < 2 && !self.statements.iter().any(marks) {
            return self.closing_string().into_iter().collect();
        }
        let words = Words::of(self.statements.iter());
        let claim = |two: &&[Statement<'_>]| {
            let about = About::Statement(self.source.lines(two[0].from, two[0].to));
            let places = self.places_in(&two[1])?;
            let is_output = self.could_show(&places, &words);
            is_output.then(|| self.claim_at(&places, ClaimForm::Section, about))?
        };
        below.iter().filter_map(claim).collect()
    }

    /// A long string that ends a block which prints, and shows what it prints.
    fn closing_string(&self) -> Option<Claim> {
        let (last, above) = self.statements.split_last()?;
        let printed = above
            .iter()
            .any(|one| one.kind == Kind::Print && one.from >= self.floor);
        if !is_long_string(last) || last.indent > 0 || !printed {
            return None;
        }
        let mut places = self.places_in(last)?;
        let first = self.text_at(places.first()?);
        if first.is_some_and(labels::is_output_label) {
            places.remove(0);
        } else if !self.could_show(&places, &Words::of(above)) {
            return None;
        }
        let code = self.code_above(last.from)?;
        let about = About::Output(self.source.lines(code.start, code.end - 1));
        self.claim_at(&places, ClaimForm::Section, about)
    }

    /// Where the lines of a long string stand, without empty lines around.
    fn places_in(&self, string: &Statement<'_>) -> Option<Vec<(usize, Range<usize>)>> {
        let mut places: Vec<_> = (string.from..=string.to)
            .map(|at| (at, 0..self.lines[at].trim_end().len()))
            .collect();
        places.first_mut()?.1.start = string.indent + 3;
        let end = &mut places.last_mut()?.1.end;
        *end = end.checked_sub(3)?;
        places.retain(|place| self.text_at(place).is_some());
        let is_empty = |place: &(usize, Range<usize>)| {
            self.text_at(place)
                .is_some_and(|text| text.trim().is_empty())
        };
        let begin = places.iter().take_while(|place| is_empty(place)).count();
        places.drain(..begin);
        let end = places.iter().rposition(|place| !is_empty(place));
        places.truncate(end.map_or(0, |end| end + 1));
        Some(places)
    }

    fn text_at(&self, place: &(usize, Range<usize>)) -> Option<&'a str> {
        self.lines[place.0].get(place.1.clone())
    }

    /// True where code with these words could well print each of these lines.
    fn could_show(&self, places: &[(usize, Range<usize>)], words: &Words) -> bool {
        let mut lines = places.iter().filter_map(|place| self.text_at(place));
        lines.all(|line| line.trim().is_empty() || words.could_print(line))
    }
}

/// True for a string in three quotes that is a line of code by itself.
fn is_long_string(one: &Statement<'_>) -> bool {
    let is_string = matches!(one.tokens.as_slice(), [token] if token.kind == TokenKind::Text);
    let is_long = one.code.starts_with("'''") || one.code.starts_with("\"\"\"");
    is_string && is_long && one.code.len() >= 6
}

/// True for such a string right below something that prints.
fn is_string_below(above: &Statement<'_>, one: &Statement<'_>) -> bool {
    above.kind == Kind::Print
        && is_long_string(one)
        && one.from == above.to + 1
        && one.indent == above.indent
}

/// The byte at which each line of `text` begins, and that of its end.
fn line_starts(text: &str) -> Vec<usize> {
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|end| end + 1);
    let mut starts: Vec<usize> = std::iter::once(0).chain(ends).collect();
    starts.push(text.len());
    starts
}

/// What a line is when it stands alone.
pub(super) fn kind_of(line: &str) -> Kind {
    statements(line)
        .first()
        .map_or(Kind::Comment, |one| one.kind)
}

/// True for a line that only code can be.
fn is_code(line: &str) -> bool {
    if values::is_value(line) || line.trim() == TRACEBACK {
        return false;
    }
    match kind_of(line) {
        Kind::Other => false,
        Kind::Part => HEADER.is_match(line),
        Kind::Expression => line.contains(['(', '[', '.']),
        _ => true,
    }
}

pub(super) const TRACEBACK: &str = "Traceback (most recent call last):";

static COMMAND: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s*(?:[\w.@~:/-]*[$%>#]\s*)?(?:python[\d.]*(?:\s+-\w)*\s+[\w./\\-]+\.py|\./[\w./-]+\.py)\s*$",
    )
});
static HEADER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s*(?:@\w|(?:async\s+)?def\s+\w+\s*\(|class\s+\w+\s*[:(]|(?:for|while|if|with|try|elif|else|except|finally)\b.*:\s*(?:#.*)?$)",
    )
});

#[cfg(test)]
#[path = "sections_tests.rs"]
mod tests;
