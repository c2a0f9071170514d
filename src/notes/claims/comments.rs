//! Claims in comments, beside a statement or on the lines directly below it.
//!
//! Decides where a comment may stand to be a claim; what it says is read by `meaning`. A
//! comment above code is never a claim about that code.

use std::collections::HashSet;
use std::ops::Range;

use super::Source;
use super::comment::{Comment, inner, run, shown};
use super::labels;
use super::meaning::{Meant, Words, is_of_checker, meant};
use super::printing::is_part;
use super::scope;
use super::statements::{Coded, Kind, Statement, masked, statements};
use super::traceback;
use super::values;
use crate::model::{About, Claim, ClaimForm, Options, Says};

/// The claims in the comments of the lines of `source` that `is_code` says are code, counted from 0.
pub(super) fn read(source: Source<'_>, is_code: &dyn Fn(usize) -> bool) -> Vec<Claim> {
    let text = masked(source.text, is_code);
    of_statements(source, &text, &statements(&text))
}

/// The claims in the comments of `text`, which is the code of `source` with these statements.
pub(super) fn of_statements(
    source: Source<'_>,
    text: &str,
    statements: &[Statement<'_>],
) -> Vec<Claim> {
    let starts = text
        .split_inclusive('\n')
        .scan(0, |at, line| {
            *at += line.len();
            Some(*at - line.len())
        })
        .collect();
    let mut reader = Reader {
        source,
        text,
        starts,
        words: Words::of(statements),
        scopes: scope::headings(statements),
        statements,
        coded: Coded::of(statements),
        catches: text.contains("except"),
        claims: Vec::new(),
    };
    reader.beside();
    reader.below();
    reader.claims.sort_by_key(|claim| claim.lines);
    reader.claims
}

/// True for an assignment with an annotation, which Python never holds the value against.
fn is_annotated(code: &str) -> bool {
    let name = code.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.')));
    name.is_some_and(|end| end > 0 && code[end..].trim_start().starts_with(':'))
        && code.contains('=')
        && !code.contains('(')
}

struct Reader<'a> {
    source: Source<'a>,
    text: &'a str,
    starts: Vec<usize>,
    words: Words,
    scopes: Vec<(usize, Option<String>)>,
    statements: &'a [Statement<'a>],
    coded: Coded,
    /// The text takes care of errors.
    catches: bool,
    claims: Vec<Claim>,
}

impl Reader<'_> {
    fn beside(&mut self) {
        let numbered = self.has_numbers_beside();
        for statement in self.statements.iter().filter(|one| one.is_code()) {
            let Some(comment) = Comment::of(statement) else {
                continue;
            };
            if numbered && comment.number().is_some() {
                continue;
            }
            for claim in meant(comment.text, statement, &self.words) {
                if may_stand_beside(statement, &claim, self.text)
                    && !tells_part(statement, comment, &claim)
                {
                    self.push(statement, comment, claim);
                }
            }
        }
    }

    /// True where the comments `# 1`, `# 2` … number the lines of the block.
    fn has_numbers_beside(&self) -> bool {
        let all = self.statements.iter().filter(|one| one.is_code());
        let numbers: Vec<_> = all
            .filter_map(|one| Some((one, Comment::of(one)?.number()?)))
            .collect();
        is_counting(numbers.iter().map(|(_, number)| *number))
            && !numbers
                .iter()
                .all(|(one, _)| matches!(one.kind, Kind::Print | Kind::Expression))
    }

    fn push(&mut self, statement: &Statement<'_>, comment: Comment<'_>, meant: Meant) {
        let lines = self.source.lines(statement.from, statement.to);
        let place = comment.start + meant.range.start..comment.start + meant.range.end;
        let raises = matches!(&meant.says, Says::Raises { class, .. } if class.is_empty());
        let options = Options {
            by_checker: raises && (is_of_checker(comment.text) || is_annotated(statement.code)),
            ..Options::default()
        };
        let claim = Claim {
            says: meant.says,
            scope: meant.scope,
            options,
            ..self.claim(statement, About::Statement(lines), &[(comment.line, place)])
        };
        self.add(claim, comment.line);
    }

    fn add(&mut self, mut claim: Claim, line: usize) {
        claim.scope = claim.scope.or_else(|| scope::scope_at(&self.scopes, line));
        self.claims.push(claim);
    }

    /// A claim whose text stands at these places: lines counted from 0, with bytes of the text.
    fn claim(
        &self,
        statement: &Statement<'_>,
        about: About,
        places: &[(usize, Range<usize>)],
    ) -> Claim {
        let first = places.first().map_or(0, |place| place.0);
        let last = places.last().map_or(0, |place| place.0);
        let texts: Vec<_> = places
            .iter()
            .map(|(_, range)| &self.text[range.clone()])
            .collect();
        let bytes: Option<Vec<_>> = places
            .iter()
            .map(|(line, range)| {
                let start = self.starts.get(*line)?;
                self.source
                    .bytes(*line, range.start - start..range.end - start)
            })
            .collect();
        Claim {
            lines: self.source.lines(first, last),
            form: ClaimForm::Comment,
            source: statement.code.to_owned(),
            about,
            claimed: texts.join("\n"),
            bytes: bytes.unwrap_or_default(),
            ..Claim::default()
        }
    }

    fn below(&mut self) {
        let numbered = self.has_numbers_above();
        let ends = |claim: &Claim| claim.lines.last;
        let beside: HashSet<usize> = self.claims.iter().map(ends).collect();
        let mut at = 0;
        let mut floor = 0;
        while let Some(one) = self.statements.get(at) {
            if one.kind != Kind::Comment {
                if beside.contains(&self.source.line(one.to)) {
                    floor = one.to + 1;
                }
                at += 1;
                continue;
            }
            let run = run(self.statements, at);
            if let Some(last) = self.below_code(at, &run, floor, numbered) {
                floor = last + 1;
            }
            at += run.len().max(1);
        }
    }

    /// True where lines `# 1`, `# 2` … number the code below them.
    fn has_numbers_above(&self) -> bool {
        let pairs = self.statements.windows(2);
        let numbers: Vec<_> = pairs
            .filter(|pair| pair[0].kind == Kind::Comment && pair[1].is_code())
            .filter(|pair| pair[1].from == pair[0].to + 1)
            .filter_map(|pair| Comment::of(&pair[0])?.number())
            .collect();
        is_counting(numbers.into_iter())
    }

    /// Reads the comments `run`, which begin with statement `at`, as claims about what stands
    /// above. Gives the last line that a claim takes.
    fn below_code(
        &mut self,
        at: usize,
        run: &[Comment<'_>],
        floor: usize,
        numbered: bool,
    ) -> Option<usize> {
        let statements = self.statements;
        let above = self.coded.last_of(statements, at)?;
        if let Some(found) = self
            .section(above, run, floor)
            .or_else(|| self.traceback(above, run, floor))
        {
            return Some(found);
        }
        let first = *run.first()?;
        let free = self
            .claims
            .last()
            .is_none_or(|claim| claim.lines.last != self.source.line(above.to));
        let last = run.last()?.line;
        let gap = first.line - above.to;
        let follows = gap == 1 || gap == 2 && self.belongs_across_a_gap(above, first, last);
        if !follows || !above.has_worth() || !free {
            return None;
        }
        if numbered && first.number().is_some() {
            return None;
        }
        let goes_on = self
            .next_from(last + 1)
            .is_some_and(|one| one.from == last + 1);
        self.several(above, run, floor)
            .or_else(|| self.one(above, first, goes_on))
    }

    /// `# Output:` and the comments below it.
    fn section(
        &mut self,
        above: &Statement<'_>,
        run: &[Comment<'_>],
        floor: usize,
    ) -> Option<usize> {
        let label = run
            .iter()
            .position(|one| labels::is_output_label(one.text))?;
        let places: Vec<_> = run[label + 1..]
            .iter()
            .take_while(|one| self.words.could_print(one.text))
            .map(|one| (one.line, inner(one.start, one.text)))
            .collect();
        let last = places.last()?.0;
        let first = self.first_code(floor, above)?;
        let about = About::Output(self.source.lines(first, above.to));
        let mut claim = self.claim(above, about, &places);
        claim.scope = scope::scope_of(run[label].text);
        self.add(claim, last);
        Some(last)
    }

    /// True where comments that begin with `first` and end on line `last` tell what `above` prints
    /// although an empty line stands between: they say so, or are a container that nothing follows.
    fn belongs_across_a_gap(&self, above: &Statement<'_>, first: Comment<'_>, last: usize) -> bool {
        let text = first.text.trim();
        let printed = |label: labels::Label| {
            label.firm && matches!(label.kind, labels::Kind::Printed | labels::Kind::Arrow)
        };
        let says_so = labels::leading(text).is_some_and(printed);
        let is_container = values::is_value(text) && text.starts_with(['[', '(', '{']);
        let ends = || self.next_from(last + 1).is_none();
        above.kind == Kind::Print && (says_so || is_container && ends())
    }

    /// A traceback: what the code above raises.
    fn traceback(
        &mut self,
        above: &Statement<'_>,
        run: &[Comment<'_>],
        floor: usize,
    ) -> Option<usize> {
        let header = run.iter().position(|one| traceback::is_header(one.text))?;
        if run.first()?.line > above.to + 2 || self.catches {
            return None;
        }
        let inner = |one: &Comment<'_>| {
            let text = one.text.trim_start_matches('>');
            inner(one.start + one.text.len() - text.len(), text)
        };
        let shown: Vec<_> = run[header..]
            .iter()
            .map(|one| (one.line, inner(one)))
            .collect();
        let texts: Vec<_> = shown
            .iter()
            .map(|(_, place)| &self.text[place.clone()])
            .collect();
        let raised = traceback::shown(&texts.join("\n"))?;
        let places = shown.get(raised.lines)?;
        let first = self.first_code(floor, above)?;
        let about = About::Output(self.source.lines(first, above.to));
        let claim = Claim {
            says: raised.says,
            form: ClaimForm::Traceback,
            ..self.claim(above, about, places)
        };
        let last = places.last()?.0;
        self.add(claim, last);
        Some(last)
    }

    /// Values alone, or behind arrows, on several lines: what the lines above print.
    fn several(
        &mut self,
        above: &Statement<'_>,
        run: &[Comment<'_>],
        floor: usize,
    ) -> Option<usize> {
        let places: Vec<_> = run
            .iter()
            .map_while(|one| Some((one.line, shown(one)?)))
            .collect();
        if places.len() < 2 {
            return self.split_value(above, run);
        }
        if is_part(above, &self.text[places.last()?.1.clone()]) {
            return None;
        }
        let first = self.first_code(self.paragraph(above, floor), above)?;
        let about = About::Output(self.source.lines(first, above.to));
        let claim = self.claim(above, about, &places);
        let last = places.last()?.0;
        self.add(claim, last);
        Some(last)
    }

    /// One value whose brackets span several comments.
    fn split_value(&mut self, above: &Statement<'_>, run: &[Comment<'_>]) -> Option<usize> {
        if !run.first()?.text.trim_start().starts_with(['[', '(', '{']) {
            return None;
        }
        let texts: Vec<_> = run.iter().map(|one| one.text.trim_end()).collect();
        let count =
            (2..=texts.len().min(60)).find(|n| values::is_value(&texts[..*n].join("\n")))?;
        let places: Vec<_> = run[..count]
            .iter()
            .map(|one| (one.line, inner(one.start, one.text)))
            .collect();
        let about = About::Statement(self.source.lines(above.from, above.to));
        let claim = self.claim(above, about, &places);
        let last = places.last()?.0;
        self.add(claim, last);
        Some(last)
    }

    /// One comment directly below the statement that it is about.
    fn one(&mut self, above: &Statement<'_>, comment: Comment<'_>, goes_on: bool) -> Option<usize> {
        let assigns = above.kind == Kind::Assign;
        let printed = labels::leading(comment.text.trim_start())
            .is_some_and(|label| label.kind == labels::Kind::Printed);
        let found: Vec<_> = meant(comment.text, above, &self.words)
            .into_iter()
            .filter(|claim| may_stand_beside(above, claim, self.text))
            .filter(|claim| !tells_part(above, comment, claim))
            .filter(|claim| !assigns || !(printed || goes_on && !claim.marked))
            .filter(|claim| !matches!(claim.says, Says::Type(_)) || claim.marked)
            .collect();
        let claimed = !found.is_empty();
        for claim in found {
            self.push(above, comment, claim);
        }
        claimed.then_some(comment.line)
    }

    /// The line of the first code from line `floor` on, at most that of `above`.
    fn first_code(&self, floor: usize, above: &Statement<'_>) -> Option<usize> {
        let first = self.coded.first_from(self.statements, floor)?.from;
        (first <= above.from).then_some(first)
    }

    /// The first line of the code without blank lines that ends with `above`, from line `floor` on.
    fn paragraph(&self, above: &Statement<'_>, floor: usize) -> usize {
        let mut first = above.from;
        let until = self.statements.partition_point(|one| one.from < first);
        for one in self.statements[..until].iter().rev() {
            if one.to + 1 != first || first <= floor {
                break;
            }
            first = one.from;
        }
        first.max(floor)
    }

    /// The first statement, a comment as well, that begins on line `line` or below.
    fn next_from(&self, line: usize) -> Option<&Statement<'_>> {
        let next = self.statements.partition_point(|one| one.from < line);
        self.statements.get(next)
    }
}

/// True for 1, 2, 3 and so on.
fn is_counting(numbers: impl ExactSizeIterator<Item = usize>) -> bool {
    numbers.len() > 1 && numbers.enumerate().all(|(at, number)| number == at + 1)
}

/// True where the comment tells only a part of what its statement prints.
fn tells_part(statement: &Statement<'_>, comment: Comment<'_>, claim: &Meant) -> bool {
    let compared = matches!(claim.says, Says::Text | Says::Type(_));
    compared && is_part(statement, &comment.text[claim.range.clone()])
}

fn may_stand_beside(statement: &Statement<'_>, claim: &Meant, text: &str) -> bool {
    let last_line = text[statement.range.clone()]
        .lines()
        .last()
        .unwrap_or_default();
    let closes = last_line.trim().chars().all(|c| ")]}".contains(c));
    if !claim.marked && statement.from != statement.to && !closes {
        return false;
    }
    let asks = ["type", "__class__", "__name__"]
        .iter()
        .any(|name| statement.uses(name));
    match (&claim.says, statement.kind) {
        (Says::Type(_), Kind::Print) => asks,
        (Says::Raises { class, .. }, Kind::Import | Kind::AssignPlain) => !class.is_empty(),
        (Says::Raises { class, .. }, Kind::Simple) => {
            !class.is_empty() && (statement.uses("del") || statement.uses("assert"))
        }
        _ => statement.has_worth(),
    }
}

#[cfg(test)]
#[path = "comments_tests.rs"]
mod tests;
