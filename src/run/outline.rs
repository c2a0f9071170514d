//! The report before and after judging: its blocks, and its counts.

use rayon::prelude::*;

use super::select::Selection;
use crate::model::{BlockReport, Lang, NoteReport, PythonInfo, Report};
use crate::notes;
use crate::plan::Plan;
use crate::python::interpreters::Interpreter;

/// A report with every selected block and no judgement.
pub(super) fn blank(
    plan: &Plan,
    selection: &Selection,
    interpreter: &Interpreter,
    lang: Option<Lang>,
) -> Report {
    let of_note = |&at: &usize| {
        let note = &plan.notes[at];
        let blocks = note.blocks.iter().enumerate();
        let chosen = blocks.filter(|(block, _)| selection.has_block(at, *block));
        NoteReport {
            path: note.path.clone(),
            lang: lang.unwrap_or_else(|| notes::lang::of(&note.text)),
            text: note.text.clone(),
            blocks: chosen
                .map(|(_, block)| BlockReport {
                    block: block.clone(),
                    ..BlockReport::default()
                })
                .collect(),
            mentions: Vec::new(),
        }
    };
    Report {
        python: PythonInfo {
            version: interpreter.version_text.clone(),
            executable: interpreter.executable.display().to_string(),
        },
        notes: selection.notes.par_iter().map(of_note).collect(),
        lang: lang.unwrap_or_default(),
        ..Report::default()
    }
}

pub(super) fn block_of<'r>(
    report: &'r mut Report,
    plan: &Plan,
    selection: &Selection,
    at: usize,
) -> Option<&'r mut BlockReport> {
    let snippet = &plan.snippets[at];
    let note = selection.notes.binary_search(&snippet.note).ok()?;
    let lines = plan.notes[snippet.note].blocks[snippet.block].lines;
    let blocks = &mut report.notes.get_mut(note)?.blocks;
    // They are in the order of the note.
    let at = blocks.partition_point(|block| block.block.lines < lines);
    blocks
        .get_mut(at)
        .filter(|block| block.block.lines == lines)
}

pub(super) fn first_lines(plan: &Plan, snippets: &[usize]) -> Vec<usize> {
    let line = |&at: &usize| {
        let snippet = &plan.snippets[at];
        plan.notes[snippet.note].blocks[snippet.block].lines.first
    };
    snippets.iter().map(line).collect()
}
