//! What reading a snippet finds beyond what its runs tell: what is gone on lines that no run
//! reached, as what ran well is not gone, and comments that are no longer so.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use super::explain::{self, code::Old};
use super::raised::{ByLine, Raised};
use super::verdict::Facts;
use crate::model::{BlockReport, Code, End, Finding, Language, Says, Severity, Skip, Trace};
use crate::plan;

/// Adds what reading the code found to what `trace` tells; true where an error is among it.
/// `by_statement` says that each statement, or each input, ran whatever became of the others.
pub(super) fn add(
    report: &mut BlockReport,
    facts: Facts<'_>,
    trace: Option<&Trace>,
    by_statement: bool,
) -> bool {
    if is_left_out(facts) {
        return false;
    }
    let code = by_statement.then(|| plan::statements(&facts.snippet.code));
    let is_python2 = facts.block.language == Language::Python2;
    let tried = facts.tried.filter(|_| is_python2);
    let run = trace.map(|trace| Run::of(trace, code, facts));
    let encoding = encoding(facts);
    let mut has_error = encoding.is_some();
    let claims = ByLine::of(&report.claims);
    let mut told = explain::Told::of(&report.findings);
    let rules = report.findings.iter().map(|other| other.rule.clone());
    let mut rules: HashSet<String> = rules.collect();
    report.findings.extend(encoding);
    for old in facts.old {
        let finding = &old.finding;
        let is_error = finding.severity == Severity::Error;
        // What still works is told once.
        let again = told.has(finding) || !is_error && rules.contains(&finding.rule);
        // In what ran another name may stand.
        let is_rewritten = tried.is_some_and(|tried| tried.rewrites(finding));
        let is_well = is_error && !is_rewritten && run.as_ref().is_some_and(|run| run.passed(old));
        if !again && !is_well && !is_told(&claims, finding.line) {
            told.is_new(finding);
            rules.insert(finding.rule.clone());
            report.findings.push(finding.clone());
            has_error |= is_error;
        }
    }
    if has_error {
        report.findings.sort_by_key(|finding| finding.line);
    }
    has_error
}

/// A comment about the encoding of source files that is no longer so.
pub(super) fn encoding(facts: Facts<'_>) -> Option<Finding> {
    let is_read = !is_left_out(facts);
    is_read.then(|| explain::source_encoding(facts.block))?
}

fn is_left_out(facts: Facts<'_>) -> bool {
    matches!(
        facts.snippet.skip,
        Some(Skip::Directive(_) | Skip::NeedsPython(_))
    )
}

/// True for a line that the note says raises an error, or that it says is for other Pythons.
fn is_told(claims: &ByLine<'_>, line: usize) -> bool {
    claims.at(line).any(|checked| {
        let raises = matches!(checked.claim.says, Says::Raises { .. });
        raises || checked.claim.scope.is_some()
    })
}

/// What a run reached, and what of it raised.
struct Run<'a> {
    /// Where each statement ran by itself, the statements and those that raised.
    by_itself: Option<(Code, HashSet<Option<usize>>)>,
    /// The first line of the top level that raised.
    raised: Option<usize>,
    /// The line that it came to, where it was stopped.
    stopped: Option<usize>,
    facts: Facts<'a>,
    /// How often the snippet names something, by the name.
    names: OnceCell<HashMap<&'a str, usize>>,
}

impl<'a> Run<'a> {
    fn of(trace: &Trace, code: Option<Code>, facts: Facts<'a>) -> Self {
        let errors = || trace.events.iter().filter_map(Raised::of);
        let last = trace.events.last().map_or(0, |event| event.line as usize);
        let is_whole = matches!(trace.end, End::Finished | End::Exit(_));
        let by_itself = code.map(|code| {
            let of_error = |error: Raised<'_>| code.piece_of(error.top.max(error.line));
            let failed = errors().map(of_error).collect();
            (code, failed)
        });
        Self {
            by_itself,
            raised: errors().map(|error| error.top).filter(|top| *top > 0).min(),
            stopped: (!is_whole).then_some(last),
            facts,
            names: OnceCell::new(),
        }
    }

    /// True for what was run and raised nothing, and where that can't be told.
    fn passed(&self, old: &Old) -> bool {
        match &old.function {
            // What is called by its name alone would have raised; of what an object has, the
            // object may be anybody's.
            Some(name) => old.is_attribute && self.is_used(name),
            None => self.reached(old.finding.line),
        }
    }

    /// True where the statement on this line of the top level ran, or may have.
    fn reached(&self, line: usize) -> bool {
        if self.stopped.is_some_and(|last| line > last) {
            return false;
        }
        match &self.by_itself {
            Some((code, failed)) => !failed.contains(&code.piece_of(line)),
            None => self.raised.is_none_or(|top| line < top),
        }
    }

    /// True where the snippet names a function other than by defining it.
    fn is_used(&self, function: &str) -> bool {
        let is_ours = self.facts.block.language != Language::Python2;
        let names = || self.names.get_or_init(|| names(self.facts));
        let is_named = || names().get(function).is_some_and(|&count| count > 1);
        is_ours && (function == "lambda" || is_named())
    }
}

/// How often a snippet names something, by the name.
fn names(facts: Facts<'_>) -> HashMap<&str, usize> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let pieces = facts.snippet.code.pieces.iter();
    let mut names = HashMap::new();
    for name in pieces.flat_map(|piece| piece.text.split(move |c| !is_name(c))) {
        *names.entry(name).or_default() += 1;
    }
    names
}
