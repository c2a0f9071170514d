//! What the notes of a run name or show outside of their snippets that is gone.
//!
//! Nothing is run for it. Only whole notes are looked at.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::select::Selection;
use super::store::Store;
use crate::bug::{self, Stage};
use crate::check::explain::history::Version;
use crate::check::explain::mentions as explain;
use crate::config::Config;
use crate::model::{
    Block, BlockReport, Claim, Finding, Form, Language, Lines, Note, Report, Warning,
};
use crate::notes::mentions;
use crate::plan::Plan;
use crate::text;

/// What was found, by the index of the note.
#[derive(Debug, Default)]
pub(super) struct Names {
    notes: BTreeMap<usize, Found>,
    /// What is to be said of notes that could not be looked through.
    pub(super) bugs: Vec<Warning>,
    /// These notes.
    unknown: BTreeSet<usize>,
}

#[derive(Debug, Default)]
struct Found {
    /// The lines of running text.
    lines: Vec<BlockReport>,
    /// By the index of the block.
    shown: BTreeMap<usize, Vec<Finding>>,
}

impl Names {
    /// Looks through the selected notes, unless that is switched off.
    pub(super) fn find(
        config: &Config,
        plan: &Plan,
        selection: &Selection,
        version: (u8, u8, u8),
    ) -> Self {
        if !config.mentions || !selection.whole_notes {
            return Self::default();
        }
        let version = Version(version.0, version.1);
        let notes = selection.notes.par_iter().map(|&at| {
            let note = &plan.notes[at];
            let found = bug::kept_to(&note.path, Stage::Judge, || Found {
                lines: lines(note, version, config.prose),
                shown: shown(plan, at, version),
            });
            (at, found)
        });
        let all: Vec<_> = notes.collect();
        let mut names = Self::default();
        for (at, found) in all {
            match found {
                Ok(found) => {
                    names.notes.insert(at, found);
                }
                Err(bug) => {
                    names.unknown.insert(at);
                    names.bugs.push(*bug);
                }
            }
        }
        names
    }

    /// True for a note that was looked through.
    pub(super) fn knows(&self, note: usize) -> bool {
        !self.unknown.contains(&note)
    }

    /// All that was found in a note.
    pub(super) fn of(&self, note: usize) -> Vec<&Finding> {
        let Some(found) = self.notes.get(&note) else {
            return Vec::new();
        };
        let mut all: Vec<&Finding> = found
            .lines
            .iter()
            .flat_map(|line| &line.findings)
            .chain(found.shown.values().flatten())
            .collect();
        all.sort_by_key(|finding| finding.line);
        all
    }

    /// Puts what was found into the report, marked where it is known.
    pub(super) fn report(&self, report: &mut Report, selection: &Selection, store: &Store) {
        for (&at, found) in &self.notes {
            let place = selection.notes.binary_search(&at).ok();
            let Some(note) = place.and_then(|place| report.notes.get_mut(place)) else {
                continue;
            };
            for (&block, findings) in &found.shown {
                if let Some(block) = note.blocks.get_mut(block) {
                    block.findings.clone_from(findings);
                    mark(block, store.known_of(at));
                }
            }
            note.mentions.clone_from(&found.lines);
            for line in &mut note.mentions {
                mark(line, store.known_of(at));
            }
        }
    }
}

fn mark(block: &mut BlockReport, known: &[String]) {
    for finding in &mut block.findings {
        finding.known = known.contains(&finding.rule);
    }
    block.known = block.findings.iter().all(|finding| finding.known);
}

/// The lines of running text that name what is gone.
fn lines(note: &Note, version: Version, prose: bool) -> Vec<BlockReport> {
    let mut mentions = mentions::mentions(&note.text, &note.blocks);
    mentions.retain(|mention| prose || !mention.bare);
    let findings = explain::mentions(&mentions, version);
    let by_line = findings.chunk_by(|one, other| one.line == other.line);
    by_line
        .map(|findings| {
            let line = findings[0].line;
            // They are in the order of their lines.
            let first = mentions.partition_point(|mention| mention.line < line);
            let heading = mentions.get(first).map(|mention| mention.heading.clone());
            let block = Block {
                lines: Lines {
                    first: line,
                    last: line,
                },
                form: Form::Inline,
                why: text!("a name in running text", "正文中的名字"),
                heading: heading.unwrap_or_default(),
                ..Block::default()
            };
            BlockReport {
                block,
                findings: findings.to_vec(),
                ..BlockReport::default()
            }
        })
        .collect()
}

/// The lines of a note that claims stand on.
struct Claimed {
    /// In order, the first line of each claim, and the last of it and of all before it.
    lines: Vec<(usize, usize)>,
}

impl Claimed {
    fn new<'c>(claims: impl Iterator<Item = &'c Claim>) -> Self {
        let mut lines: Vec<Lines> = claims.map(|claim| claim.lines).collect();
        lines.sort_unstable();
        let mut last = 0;
        let with_last = lines.into_iter().map(|lines| {
            last = last.max(lines.last);
            (lines.first, last)
        });
        Self {
            lines: with_last.collect(),
        }
    }

    fn overlaps(&self, other: Lines) -> bool {
        let begun = self
            .lines
            .partition_point(|(first, _)| *first <= other.last);
        let above = begun.checked_sub(1).map(|at| &self.lines[at]);
        above.is_some_and(|(_, last)| *last >= other.first)
    }
}

/// What blocks show that are neither snippets nor read as claims.
fn shown(plan: &Plan, note: usize, version: Version) -> BTreeMap<usize, Vec<Finding>> {
    let claims = plan.snippets[plan.snippets_of(note)].iter();
    let claimed = Claimed::new(claims.flat_map(|snippet| &snippet.claims));
    let is_claimed = |block: &Block| claimed.overlaps(block.lines);
    let blocks = plan.notes[note].blocks.iter().enumerate();
    blocks
        .filter(|(_, block)| block.language != Language::Shell && !is_claimed(block))
        .map(|(at, block)| (at, explain::shown(block, version)))
        .filter(|(_, findings)| !findings.is_empty())
        .collect()
}
