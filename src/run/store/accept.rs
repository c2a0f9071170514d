//! Recording only some of what a run found: what a review has accepted.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{NoteFile, Store};
use crate::config::Config;
use crate::model::{Entry, Finding};
use crate::plan::Plan;
use crate::python::interpreters::Interpreter;
use crate::recording;
use crate::run::{Failure, Judged};
use crate::update::{self, Accepted, Change, ChangeKind};

/// What was chosen of what could be recorded.
#[derive(Debug, Default)]
pub(in crate::run) struct Chosen {
    /// By the index of the snippet.
    pub(in crate::run) accepted: BTreeMap<usize, Accepted>,
    /// The findings outside of snippets that are known from now on, by the index of the note.
    pub(in crate::run) gone: BTreeMap<usize, Vec<Finding>>,
    /// The new text of the snippets in which claims were rewritten.
    pub(in crate::run) rewritten: BTreeMap<usize, String>,
}

impl Chosen {
    fn accepted_names(&self, note: usize) -> impl Iterator<Item = &Finding> {
        self.gone.get(&note).into_iter().flatten()
    }
}

impl Store {
    /// Writes only what was chosen; all else stays as it is. The caller holds the lock.
    pub(in crate::run) fn accept(
        &mut self,
        config: &Config,
        plan: &Plan,
        judged: &BTreeMap<usize, Judged>,
        chosen: &Chosen,
        interpreter: &Interpreter,
    ) -> Result<Vec<Change>, Failure> {
        let mut changes = Vec::new();
        for (&note, file) in &mut self.files {
            let path = &plan.notes[note].path;
            let known = file.more_known(chosen.gone.get(&note).map_or(&[], Vec::as_slice));
            changes.extend(chosen.accepted_names(note).map(|finding| Change {
                path: path.clone(),
                line: 0,
                kind: ChangeKind::Accepted(finding.clone()),
            }));
            let entries = file.accept(plan, note, judged, chosen, &mut changes);
            file.write(entries, known, interpreter, config)?;
            file.find(plan, note);
        }
        Ok(changes)
    }

    /// What accepting the outcome of a snippet would change.
    pub(in crate::run) fn outcome_change(
        &self,
        snippet: usize,
        judged: &Judged,
    ) -> Vec<ChangeKind> {
        let file = self
            .files
            .values()
            .find(|file| file.found.contains_key(&snippet));
        let old = file.and_then(|file| file.entry(snippet));
        let python = file.map(NoteFile::python).unwrap_or_default();
        let accepted = Accepted {
            outcome: true,
            known: Vec::new(),
        };
        update::entry_with(&judged.report, judged.runs(), old, &python, &accepted).1
    }

    /// The first recording that is no longer what was read, pictures included.
    pub(in crate::run) fn changed(&self, config: &Config) -> Result<Option<PathBuf>, Failure> {
        for file in self.files.values() {
            if super::read(&file.path, config)? != file.stored {
                return Ok(Some(file.path.clone()));
            }
        }
        Ok(None)
    }
}

impl NoteFile {
    /// The entries with what was chosen, and what that changes.
    fn accept(
        &self,
        plan: &Plan,
        note: usize,
        judged: &BTreeMap<usize, Judged>,
        chosen: &Chosen,
        changes: &mut Vec<Change>,
    ) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        for at in plan.snippets_of(note) {
            let mut old = self.entry(at).cloned();
            // A recording goes along with its snippet where only what the note says was rewritten.
            if let (Some(old), Some(text)) = (&mut old, chosen.rewritten.get(&at))
                && old.code == recording::code_hash(block_of(plan, at))
            {
                old.code = recording::code_hash(text);
            }
            let Some((judged, accepted)) = judged.get(&at).zip(chosen.accepted.get(&at)) else {
                entries.extend(old);
                continue;
            };
            let (report, runs) = (&judged.report, judged.runs());
            let (entry, kinds) =
                update::entry_with(report, runs, old.as_ref(), &self.python(), accepted);
            changes.extend(kinds.into_iter().map(|kind| Change {
                path: plan.notes[note].path.clone(),
                line: report.block.lines.first,
                kind,
            }));
            entries.extend(entry);
        }
        entries.extend(self.left_over().into_iter().cloned());
        entries
    }

    /// What is known outside of the snippets, with these names.
    fn more_known(&self, names: &[Finding]) -> Vec<String> {
        let mut known = self.known().to_vec();
        if names.is_empty() {
            return known;
        }
        known.extend(names.iter().map(|finding| finding.rule.clone()));
        known.sort();
        known.dedup();
        known
    }
}

/// The text of a snippet's block.
fn block_of(plan: &Plan, snippet: usize) -> &str {
    let snippet = &plan.snippets[snippet];
    &plan.notes[snippet.note].blocks[snippet.block].text
}
