//! The report before and after judging: its blocks, and its counts.

use std::time::Instant;

use super::select::Selection;
use crate::model::{
    Block, BlockReport, ClaimVerdict, Lang, Lines, Note, NoteReport, PythonInfo, Report, Severity,
    Status, Summary,
};
use crate::plan::Plan;
use crate::python::interpreters::Interpreter;

/// The report of these notes. `tell` makes that of a block of which its note's index and its own
/// are given; it is asked for those that are selected, in their order. Nothing is copied: many
/// notes are most of what a run holds.
pub(super) fn report(
    notes: Vec<Note>,
    selection: &Selection,
    interpreter: &Interpreter,
    lang: Option<Lang>,
    mut tell: impl FnMut((usize, usize), Block) -> BlockReport,
) -> Report {
    let mut of_note = |(at, note): (usize, Note)| {
        let blocks = note.blocks.into_iter().enumerate();
        let chosen = blocks.filter(|(block, _)| selection.has_block(at, *block));
        let mut blocks: Vec<BlockReport> = chosen
            .map(|(block, content)| tell((at, block), content))
            .collect();
        blocks.shrink_to_fit();
        NoteReport {
            path: note.path,
            lang: lang.unwrap_or(note.lang),
            text: note.text,
            blocks,
            mentions: Vec::new(),
        }
    };
    let notes = notes.into_iter().enumerate();
    let chosen = notes.filter(|(at, _)| selection.notes.binary_search(at).is_ok());
    Report {
        python: PythonInfo {
            version: interpreter.version_text.clone(),
            executable: interpreter.executable.display().to_string(),
        },
        notes: chosen.map(&mut of_note).collect(),
        lang: lang.unwrap_or_default(),
        ..Report::default()
    }
}

/// The lines of each snippet.
pub(super) fn lines(plan: &Plan) -> Vec<Lines> {
    let snippets = plan.snippets.iter();
    let blocks = snippets.map(|snippet| &plan.notes[snippet.note].blocks[snippet.block]);
    blocks.map(|block| block.lines).collect()
}

/// The first line of each of these snippets.
pub(super) fn first_lines(lines: &[Lines], snippets: &[usize]) -> Vec<usize> {
    snippets.iter().map(|&at| lines[at].first).collect()
}

pub(super) fn summary(report: &Report, begun: Instant) -> Summary {
    let mut summary = Summary {
        notes: report.notes.len(),
        seconds: begun.elapsed().as_secs_f64(),
        ..Summary::default()
    };
    for block in report.notes.iter().flat_map(|note| &note.blocks) {
        summary.blocks += 1;
        summary.snippets += usize::from(block.block.language.is_snippet());
        match block.status {
            Some(Status::Pass) => summary.pass += 1,
            Some(Status::Stale) => summary.stale += 1,
            Some(Status::Failed) => summary.failed += 1,
            Some(Status::New) => summary.new += 1,
            Some(Status::Skipped) => summary.skipped += 1,
            None => {}
        }
        debug_assert!(
            !block.known
                || block
                    .findings
                    .iter()
                    .all(|finding| finding.known || finding.severity == Severity::Warning)
        );
        summary.known += usize::from(block.known && block.status.is_some());
        summary.cached += usize::from(block.cached);
        summary.claims += block.claims.len();
        let with = |verdict| {
            block
                .claims
                .iter()
                .filter(|claim| claim.verdict == verdict)
                .count()
        };
        summary.claims_stale += with(ClaimVerdict::Stale);
        summary.claims_checked += block.claims.len() - with(ClaimVerdict::Unchecked);
    }
    summary
}
