//! A snippet as it could be written today, and what running that proves.
//!
//! Pure. Syntax is rewritten first, then names in what comes out; both keep the lines. What is
//! made here is a guess until it ran: only what ran is offered as help or written into a note.

use std::collections::BTreeMap;

use crate::model::{
    About, Block, Case, CheckedClaim, Code, CodeForm, Conditions, Draft, End, Finding, Language,
    Rewrite, Rewritten, Says, Severity, Stretch, Trace,
};
use crate::notes::python2::{self, Edit, edited, moved, moved_end, statement_at};
use crate::plan::{self, Snippet};
use crate::text;

use super::claims;
use super::explain::code::Old;
use super::raised::{ByLine, Raised};

/// A draft and what happened when it ran.
#[derive(Clone, Debug, PartialEq)]
pub struct Tried<'a> {
    draft: &'a Draft,
    /// What ran: the draft, or its statements one by one.
    ran: Code,
    /// What happened.
    pub trace: &'a Trace,
    /// What happened under other conditions, where that was asked for.
    pub second: Option<&'a Trace>,
}

/// What came of running a snippet as it could be written today; none where that is not known, as
/// where it did not end well as a whole and its statements did not run one by one.
pub fn tried<'a>(snippet: &Snippet, case: &'a Case, version: (u8, u8, u8)) -> Option<Tried<'a>> {
    let draft = case.draft.as_ref()?;
    let in_form = |form, ran: &dyn Fn() -> Code| {
        let trace = case.trace(form, Conditions::First)?;
        Some(Tried {
            draft,
            ran: ran(),
            trace,
            second: case.trace(form, Conditions::Second),
        })
    };
    let by_statement = in_form(CodeForm::ModernStatements, &|| {
        plan::statements(&draft.code)
    });
    by_statement.or_else(|| {
        let whole = in_form(CodeForm::Modern, &|| draft.code.clone())?;
        whole.is_enough(snippet, version).then_some(whole)
    })
}

/// Writes a snippet for today. `findings` say what of it is old: a script is rewritten where any
/// of them asks for it, a session input by input. `None` where nothing is to be rewritten, or
/// it is not known how.
///
/// `old` is what its code uses that is gone.
pub fn draft(snippet: &Snippet, block: &Block, findings: &[Finding], old: &[Old]) -> Option<Draft> {
    let is_python2 = block.language == Language::Python2;
    let mut draft = Draft::default();
    draft.code.prompts = snippet.code.prompts;
    let mut by_piece: BTreeMap<usize, Vec<&Old>> = BTreeMap::new();
    for old in old {
        if let Some(at) = snippet.piece_of(old.finding.line) {
            by_piece.entry(at).or_default().push(old);
        }
    }
    for (at, piece) in snippet.source().pieces.iter().enumerate() {
        let names = by_piece.remove(&at).unwrap_or_default();
        let (text, changes) = modern(piece, &names, snippet.written.is_some())?;
        let asked = is_python2 || changes.iter().any(|change| is_asked(change, findings));
        let piece = if asked {
            draft.changes.extend(changes);
            Stretch {
                text,
                line: piece.line,
            }
        } else {
            piece.clone()
        };
        draft.code.pieces.push(piece);
    }
    let shows_that_it_fails = |change: &Rewritten| {
        let mut claims = snippet.claims.iter();
        claims.any(|claim| {
            let lines = claim.about.lines();
            matches!(&claim.says, Says::Raises { .. })
                && matches!(claim.about, About::Statement(_))
                && (lines.first..=lines.last).contains(&change.line)
        })
    };
    let nothing = draft.changes.is_empty()
        || (!draft.code.prompts && draft.changes.iter().any(shows_that_it_fails));
    (!nothing).then_some(draft)
}

/// How many places of one piece are rewritten: each is told with its whole statement.
const MOST_CHANGES: usize = 1000;

/// A piece of code as it could be written today; `None` where that would do something else.
/// `names` were found in the piece, or in what it is with its syntax rewritten.
fn modern(piece: &Stretch, names: &[&Old], is_rewritten: bool) -> Option<(String, Vec<Rewritten>)> {
    let syntax = python2::modernize(&piece.text);
    if !syntax.is_exact || syntax.idioms.len() + names.len() > MOST_CHANGES {
        return None;
    }
    let errors = names
        .iter()
        .filter(|old| old.finding.severity == Severity::Error);
    let errors: Vec<(&Finding, Vec<Edit>)> = errors
        .map(|old| {
            let place = |(place, text): &Edit| {
                let place = if is_rewritten {
                    place.clone()
                } else {
                    moved(place.start, &syntax.edits)..moved_end(place.end, &syntax.edits)
                };
                (place, on_one_line(text))
            };
            (&old.finding, old.edits.iter().map(place).collect())
        })
        .collect();
    let mut all: Vec<Edit> = Vec::new();
    for edit in errors.iter().flat_map(|(_, edits)| edits) {
        // Several names can ask for the same import.
        if !all.contains(edit) {
            all.push(edit.clone());
        }
    }
    let edits = python2::without_overlaps(all);
    let text = edited(&syntax.text, &edits);
    let change = |rule: &str, line: usize, at: usize| Rewritten {
        rule: rule.to_owned(),
        line,
        modern: one_line(statement_at(&text, moved(at, &edits)).unwrap_or_default()),
    };
    let first = piece.line as usize;
    let idioms = syntax.idioms.iter();
    let of_syntax = idioms.map(|idiom| {
        let at = moved(idiom.at, &syntax.edits);
        change(idiom.rule, first + idiom.line, at)
    });
    let of_names = errors.iter().filter_map(|(finding, names)| {
        let line = |at: usize| {
            first
                + syntax
                    .text
                    .get(..at)
                    .unwrap_or_default()
                    .matches('\n')
                    .count()
        };
        let is_here = |(place, _): &&Edit| !place.is_empty() && line(place.start) == finding.line;
        let Some((place, _)) = names.iter().find(is_here) else {
            // All that is missing may be an import above.
            let modern = names.first()?.1.trim_end_matches("; ").to_owned();
            return Some(Rewritten {
                modern,
                ..change(&finding.rule, finding.line, 0)
            });
        };
        Some(change(&finding.rule, finding.line, place.start))
    });
    let changes = of_syntax.chain(of_names).collect();
    Some((text, changes))
}

/// Statements on lines of their own as statements on one line, so that all others keep theirs.
fn on_one_line(text: &str) -> String {
    let lines: Vec<&str> = text.split('\n').map(str::trim_start).collect();
    match lines.as_slice() {
        [one] => (*one).to_owned(),
        lines => lines.join("; "),
    }
}

/// A statement on one line, for a sentence about it.
fn one_line(statement: &str) -> String {
    let lines = statement
        .lines()
        .map(|line| line.trim_end_matches('\\').trim());
    lines.collect::<Vec<_>>().join(" ")
}

fn is_asked(change: &Rewritten, findings: &[Finding]) -> bool {
    findings.iter().any(|finding| change.is_of(finding))
}

impl Tried<'_> {
    /// True where its statements one by one would tell no more.
    fn is_enough(&self, snippet: &Snippet, version: (u8, u8, u8)) -> bool {
        let is_last = matches!(self.trace.end, End::Limit(_)) && snippet.claims.is_empty();
        is_last || self.draft.code.prompts || self.runs(snippet, version)
    }

    /// True where all of the draft ran to its end.
    fn runs(&self, snippet: &Snippet, version: (u8, u8, u8)) -> bool {
        let claims = self.claims(snippet, version);
        self.ends_well() && self.failed(snippet, &claims).next().is_none()
    }

    /// What of the draft ran, of a script all or nothing.
    pub fn proven(&self, snippet: &Snippet, version: (u8, u8, u8)) -> Rewrite {
        let claims = self.claims(snippet, version);
        let failed: Vec<usize> = self.failed(snippet, &claims).collect();
        let proves = |line: usize| self.proves(line, &failed);
        let written = snippet.source();
        let lines = self.draft.changes.iter().map(|change| change.line);
        let unproven: Vec<usize> = lines.filter(|line| !proves(*line)).collect();
        let pieces = written.pieces.iter().zip(&self.draft.code.pieces);
        let modern = pieces.map(|(old, new)| {
            let fails = unproven.iter().any(|&line| {
                !written.prompts || snippet.piece_of(line) == snippet.piece_of(old.line as usize)
            });
            if fails { old.clone() } else { new.clone() }
        });
        Rewrite {
            modern: Code {
                prompts: written.prompts,
                pieces: modern.collect(),
            },
            written: written.clone(),
            unproven,
        }
    }

    /// Puts into the findings what is to be written, where that ran.
    pub fn help(&self, findings: &mut [Finding], snippet: &Snippet, version: (u8, u8, u8)) {
        let claims = self.claims(snippet, version);
        let failed: Vec<usize> = self.failed(snippet, &claims).collect();
        for finding in findings {
            let mut changes = self.draft.changes.iter();
            let found = changes.find(|change| change.is_of(finding) && !change.modern.is_empty());
            if let Some(change) = found
                && self.proves(change.line, &failed)
            {
                let modern = &change.modern;
                finding.help = Some(text!("write `{modern}`", "写成 `{modern}`"));
            }
        }
    }

    /// What the note says, compared with what happened.
    fn claims(&self, snippet: &Snippet, version: (u8, u8, u8)) -> Vec<CheckedClaim> {
        claims::check(&snippet.claims, Some(self.trace), None, version)
    }

    /// True where it ran as a whole.
    pub fn is_whole(&self) -> bool {
        self.ran == self.draft.code
    }

    /// True where the draft says in another way what this finding is about.
    pub fn rewrites(&self, finding: &Finding) -> bool {
        let mut changes = self.draft.changes.iter();
        changes.any(|change| change.is_of(finding))
    }

    fn ends_well(&self) -> bool {
        !self.trace.in_replay && matches!(self.trace.end, End::Finished | End::Exit(0))
    }

    /// True where what stands on this line ran, `failed` being the pieces that did not.
    fn proves(&self, line: usize, failed: &[usize]) -> bool {
        let piece = self.ran.piece_of(line);
        self.ends_well() && piece.is_some_and(|piece| !failed.contains(&piece))
    }

    /// The pieces of what ran that raised something which the note does not tell.
    fn failed<'a>(
        &'a self,
        snippet: &'a Snippet,
        claims: &'a [CheckedClaim],
    ) -> impl Iterator<Item = usize> + 'a {
        let errors = self.trace.events.iter().filter_map(Raised::of);
        let claims = ByLine::of(claims);
        let untold =
            errors.filter(move |error| !error.is_shown(snippet) && !error.is_claimed(&claims));
        let piece = |line: usize| self.ran.piece_of(line).filter(|_| line > 0);
        untold.flat_map(move |error| match piece(error.top) {
            Some(piece) => piece..piece + 1,
            // It may have come from anywhere.
            None => 0..self.ran.pieces.len(),
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
