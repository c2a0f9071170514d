//! `verify fix --code`: from the code that ran to edits of the note, and the proof that they
//! make the note's code of it and change nothing else.
//!
//! Pure. Every line of code keeps its prefix, whether that is a quote's, a list's or a prompt.

use super::edits::{Edit, apply};
use super::proof::{first_without, sorted};
use super::{Fix, Left, Refusal, Target, Why};
use crate::model::{
    Block, BlockReport, Claim, Code, Finding, Language, Lines, Note, NoteReport, Rewrite, Severity,
    Status,
};
use crate::notes::claims::{self, Source};
use crate::notes::{language, markdown, prompts};

/// The code of one snippet, to be rewritten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeFix {
    /// Where its block stands.
    pub lines: Lines,
    /// What it is and what it becomes.
    pub rewrite: Rewrite,
}

/// The fix of a block's code, and what of it can't be rewritten.
pub(super) fn of_block(note: &NoteReport, report: &BlockReport) -> (Option<Fix>, Vec<Left>) {
    let left = |line: usize, why: Why| Left {
        line,
        why,
        known: report.known,
    };
    let is_old = report.status == Some(Status::Stale);
    let Some(rewrite) = report.rewrite.as_ref().filter(|_| is_old) else {
        let first = causes(report).first().map(|cause| cause.line);
        let python2 = is_old && report.block.language == Language::Python2;
        let line = first.filter(|_| python2);
        return (
            None,
            line.map(|line| left(line, Why::Unproven))
                .into_iter()
                .collect(),
        );
    };
    if is_meant_for_python2(&report.block) {
        let first = report.block.lines.first;
        return (None, vec![left(first, Why::ForPython2)]);
    }
    let mut lines = rewrite.unproven.clone();
    lines.dedup();
    let mut unproven: Vec<Left> = lines
        .into_iter()
        .map(|line| left(line, Why::Unproven))
        .collect();
    if !rewrite.changes() {
        return (None, unproven);
    }
    match plan_edits(&note.text, &report.block, rewrite) {
        Ok(edits) => {
            let code = CodeFix {
                lines: report.block.lines,
                rewrite: rewrite.clone(),
            };
            let fix = Fix {
                target: Target::Code(Box::new(code)),
                causes: once_a_rule(&causes(report)),
                edits,
            };
            (Some(fix), unproven)
        }
        Err((line, why)) => {
            unproven.push(left(line, why));
            (None, unproven)
        }
    }
}

/// True where the author says that the block is Python 2.
fn is_meant_for_python2(block: &Block) -> bool {
    let tag = block.tag.to_lowercase();
    matches!(tag.as_str(), "python2" | "py2")
        || claims::scope_around(block)
            .is_some_and(|scope| scope.starts_with('<') || scope.starts_with("==2"))
}

/// What is old in the code.
fn causes(report: &BlockReport) -> Vec<&Finding> {
    let lines = report.block.lines;
    let in_code = |finding: &&Finding| {
        finding.severity == Severity::Error && (lines.first..=lines.last).contains(&finding.line)
    };
    report.findings.iter().filter(in_code).collect()
}

fn once_a_rule(findings: &[&Finding]) -> Vec<Finding> {
    let mut once: Vec<Finding> = Vec::new();
    for finding in findings {
        if once.iter().all(|other| other.rule != finding.rule) {
            once.push((*finding).clone());
        }
    }
    once
}

/// The edits that make of the code what ran, or why and where that can't be done.
fn plan_edits(note: &str, block: &Block, rewrite: &Rewrite) -> Result<Vec<Edit>, (usize, Why)> {
    let source = Source::of(note, block);
    let shown: Vec<&str> = block.text.lines().collect();
    let mut edits = Vec::new();
    let pieces = rewrite.written.pieces.iter().zip(&rewrite.modern.pieces);
    for (old, new) in pieces {
        let first = old.line as usize;
        if old.text.lines().count() != new.text.lines().count() {
            return Err((first, Why::NoRoom));
        }
        for (line, (old, new)) in (first..).zip(old.text.lines().zip(new.text.lines())) {
            let edit = || {
                let at = line.checked_sub(block.lines.first)?;
                let begin = column(shown.get(at)?, old)?;
                let (same, old, new) = difference(old, new);
                let begin = begin + same;
                let bytes = source.bytes(at, begin..begin + old.len())?;
                Some(Edit {
                    bytes,
                    text: new.to_owned(),
                })
            };
            if old != new {
                edits.push(edit().ok_or((line, Why::NoPlace))?);
            }
        }
    }
    Ok(edits)
}

/// Where the code of a line begins in the line as the block has it: behind its prompt, or moved
/// left with the whole block, and perhaps before something that is no code.
fn column(shown: &str, code: &str) -> Option<usize> {
    if shown.ends_with(code) {
        return Some(shown.len() - code.len());
    }
    let indent = |line: &str| line.len() - line.trim_start().len();
    let begin = indent(shown).checked_sub(indent(code))?;
    shown.get(begin..)?.starts_with(code).then_some(begin)
}

/// Where two lines begin to differ, and what of each differs.
fn difference<'t>(old: &'t str, new: &'t str) -> (usize, &'t str, &'t str) {
    let pairs = old.chars().zip(new.chars());
    let same = pairs.take_while(|(a, b)| a == b);
    let begin: usize = same.map(|(c, _)| c.len_utf8()).sum();
    let (old, new) = (&old[begin..], &new[begin..]);
    let pairs = old.chars().rev().zip(new.chars().rev());
    let same = pairs.take_while(|(a, b)| a == b);
    let end: usize = same.map(|(c, _)| c.len_utf8()).sum();
    (begin, &old[..old.len() - end], &new[..new.len() - end])
}

/// The text of the note with these fixes, or the line of the first snippet that keeps them from
/// being proved.
pub fn prove(note: &NoteReport, fixes: &[&Fix]) -> Result<String, (usize, Refusal)> {
    let before = read(&note.text);
    let proved = |fixes: &[&Fix]| {
        let text = apply(&note.text, &sorted(fixes));
        let after = read(&text);
        (is_within(&before, fixes) && holds(&before, &after, fixes)).then_some(text)
    };
    first_without(fixes, proved).map_err(|line| (line, Refusal::CodeReadsOtherwise))
}

fn read(text: &str) -> Note {
    Note {
        text: text.to_owned(),
        blocks: markdown::blocks(text).blocks,
        ..Note::default()
    }
}

/// True where only bytes of the rewritten blocks are touched.
fn is_within(before: &Note, fixes: &[&Fix]) -> bool {
    fixes.iter().all(|fix| {
        let block = before
            .blocks
            .iter()
            .find(|block| block.lines.first == fix.line());
        block.is_some_and(|block| {
            let is_inside = |edit: &Edit| {
                block.bytes.start <= edit.bytes.start && edit.bytes.end <= block.bytes.end
            };
            fix.edits.iter().all(is_inside)
        })
    })
}

/// True where the rewritten blocks have the code that ran, and the others are as they were.
fn holds(before: &Note, after: &Note, fixes: &[&Fix]) -> bool {
    let same = |(at, (old, new)): (usize, (&Block, &Block))| {
        let around = (old.form, &old.tag, &old.info, &old.heading, old.lines)
            == (new.form, &new.tag, &new.info, &new.heading, new.lines)
            && old.directives == new.directives;
        let fix = fixes.iter().find(|fix| fix.line() == old.lines.first);
        around
            && match fix.and_then(|fix| fix.code()) {
                Some(code) => becomes(before, after, at, &code.rewrite),
                None => old.text == new.text && says(before, at) == says(after, at),
            }
    };
    let mut blocks = before.blocks.iter().zip(&after.blocks).enumerate();
    before.blocks.len() == after.blocks.len() && blocks.all(same)
}

/// True where the code of a block was what was written, and is what ran.
fn becomes(before: &Note, after: &Note, at: usize, rewrite: &Rewrite) -> bool {
    let prompts = rewrite.written.prompts;
    let readings = codes(before, at, prompts)
        .into_iter()
        .zip(codes(after, at, prompts));
    let mut changes = readings.map(|(old, new)| old == rewrite.written && new == rewrite.modern);
    changes.any(|becomes| becomes)
}

/// The code of a block: as it stands there, and without what its note shows as output in it.
fn codes(note: &Note, at: usize, prompts: bool) -> Vec<Code> {
    let block = &note.blocks[at];
    if prompts {
        let inputs = prompts::session(&block.text, block.lines.first);
        let pieces = inputs.into_iter().map(|input| input.piece).collect();
        return vec![Code { prompts, pieces }];
    }
    let script = |text: &str| Code::script(block.lines.first, language::dedent(text));
    let bare = claims::read(note, at, false).code;
    let bare = script(bare.as_deref().unwrap_or(&block.text));
    vec![script(&block.text), bare]
}

/// What a note says about a block.
fn says(note: &Note, at: usize) -> Vec<Claim> {
    let block = &note.blocks[at];
    let prompts = prompts::has_prompts(&block.text);
    let mut claims = claims::read(note, at, prompts).claims;
    for claim in &mut claims {
        claim.bytes.clear();
    }
    claims
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
