//! The report before and after judging: its blocks, and its counts.

use super::select::Selection;
use crate::model::{Block, BlockReport, Lang, Lines, Note, NoteReport, PythonInfo, Report};
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
