//! What reading a snippet finds beyond what its runs tell: what is gone on lines that no run
//! reached, as what ran well is not gone, and comments that are no longer so.

use super::explain::{self, code::Old};
use super::raised::Raised;
use super::verdict::Facts;
use crate::model::{BlockReport, Code, End, Language, Says, Severity, Skip, Trace};
use crate::plan;

/// Adds what reading the code found to what `trace` tells; true where an error is among it.
/// `by_statement` says that each statement, or each input, ran whatever became of the others.
pub(super) fn add(
    report: &mut BlockReport,
    facts: Facts<'_>,
    trace: Option<&Trace>,
    by_statement: bool,
) -> bool {
    if matches!(
        facts.snippet.skip,
        Some(Skip::Directive(_) | Skip::NeedsPython(_))
    ) {
        return false;
    }
    let code = by_statement.then(|| plan::statements(&facts.snippet.code));
    let is_python2 = facts.block.language == Language::Python2;
    let tried = facts.tried.filter(|_| is_python2);
    let run = trace.map(|trace| Run { trace, code });
    let encoding = explain::source_encoding(facts.block);
    let mut has_error = encoding.is_some();
    report.findings.extend(encoding);
    for old in facts.old {
        let finding = &old.finding;
        let is_error = finding.severity == Severity::Error;
        // What still works is told once.
        let again = report
            .findings
            .iter()
            .any(|other| other.rule == finding.rule && (other.line == finding.line || !is_error));
        // In what ran another name may stand.
        let is_rewritten = tried.is_some_and(|tried| tried.rewrites(finding));
        let is_well =
            is_error && !is_rewritten && run.as_ref().is_some_and(|run| run.passed(old, facts));
        if !again && !is_well && !is_told(report, finding.line) {
            report.findings.push(finding.clone());
            has_error |= is_error;
        }
    }
    if has_error {
        report.findings.sort_by_key(|finding| finding.line);
    }
    has_error
}

/// True for a line that the note says raises an error, or that it says is for other Pythons.
fn is_told(report: &BlockReport, line: usize) -> bool {
    report.claims.iter().any(|checked| {
        let lines = checked.claim.about.lines();
        let is_about_it = lines.first <= line && line <= lines.last;
        let raises = matches!(checked.claim.says, Says::Raises { .. });
        is_about_it && (raises || checked.claim.scope.is_some())
    })
}

/// A run and, where each statement ran by itself, the statements.
struct Run<'a> {
    trace: &'a Trace,
    code: Option<Code>,
}

impl Run<'_> {
    /// True for what was run and raised nothing, and where that can't be told.
    fn passed(&self, old: &Old, facts: Facts<'_>) -> bool {
        match &old.function {
            // What is called by its name alone would have raised; of what an object has, the
            // object may be anybody's.
            Some(name) => old.is_attribute && is_used(name, facts),
            None => self.reached(old.finding.line),
        }
    }

    /// True where the statement on this line of the top level ran, or may have.
    fn reached(&self, line: usize) -> bool {
        let errors = || self.trace.events.iter().filter_map(Raised::of);
        let last = self
            .trace
            .events
            .last()
            .map_or(0, |event| event.line as usize);
        let is_whole = matches!(self.trace.end, End::Finished | End::Exit(_));
        if !is_whole && line > last {
            return false;
        }
        match &self.code {
            Some(code) => {
                let piece = |line: usize| {
                    code.pieces
                        .iter()
                        .rposition(|piece| piece.line as usize <= line)
                };
                errors().all(|error| piece(error.top.max(error.line)) != piece(line))
            }
            None => errors().all(|error| error.top == 0 || line < error.top),
        }
    }
}

/// True where the snippet names a function other than by defining it.
fn is_used(function: &str, facts: Facts<'_>) -> bool {
    let names = facts.snippet.code.pieces.iter().flat_map(|piece| {
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        piece.text.split(move |c| !is_name(c))
    });
    let is_ours = facts.block.language != Language::Python2;
    is_ours && (function == "lambda" || names.filter(|name| *name == function).count() > 1)
}
