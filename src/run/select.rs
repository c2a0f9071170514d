//! Which snippets a run is about: those of the paths that were named, or of one line, or with some text.

use std::collections::BTreeSet;

use super::Failure;
use crate::config::{Config, Target};
use crate::model::{Block, Lang, Note};
use crate::plan::Plan;

/// The part of a plan that a run is about.
#[derive(Debug, Default)]
pub(super) struct Selection {
    /// Indices of notes, in order.
    pub(super) notes: Vec<usize>,
    /// Indices of snippets.
    pub(super) snippets: BTreeSet<usize>,
    /// Every block of its notes, so that what belongs to no block can be judged too.
    pub(super) whole_notes: bool,
    may_be_empty: bool,
    blocks: BTreeSet<(usize, usize)>,
}

impl Selection {
    pub(super) fn new(config: &Config, plan: &Plan) -> Result<Self, Failure> {
        let narrowed = narrows(config);
        let mut blocks = BTreeSet::new();
        for (at, note) in plan.notes.iter().enumerate() {
            let targets = targets_of(config, note);
            let chosen = note
                .blocks
                .iter()
                .enumerate()
                .filter(|(_, block)| is_selected(config, &targets, note, block));
            blocks.extend(chosen.map(|(block, _)| (at, block)));
        }
        // What one shard has nothing of may be in another one.
        let may_be_empty = config.shard.is_some();
        if narrowed && blocks.is_empty() && !may_be_empty {
            return Err(nothing(config, plan));
        }
        let notes: BTreeSet<usize> = if narrowed {
            blocks.iter().map(|(note, _)| *note).collect()
        } else {
            (0..plan.notes.len()).collect()
        };
        let snippets = plan
            .snippets
            .iter()
            .enumerate()
            .filter(|(_, snippet)| blocks.contains(&(snippet.note, snippet.block)));
        Ok(Self {
            notes: notes.into_iter().collect(),
            snippets: snippets.map(|(at, _)| at).collect(),
            whole_notes: !narrowed,
            may_be_empty,
            blocks,
        })
    }

    /// An error where what was asked for has nothing in it that can be checked.
    pub(super) fn needs_snippets(&self, plan: &Plan) -> Result<(), Failure> {
        let Some(&(note, block)) = self.blocks.first() else {
            return Ok(());
        };
        if self.whole_notes || self.may_be_empty || !self.snippets.is_empty() {
            return Ok(());
        }
        let block = &plan.notes[note].blocks[block];
        let place = format!("{}:{}", plan.notes[note].path, block.lines.first);
        Err(Failure::Nothing {
            message: format!(
                "{place}: nothing to check, as this block is no Python ({})",
                block.why.get(Lang::En)
            ),
            help: format!("`verify list {place}` shows what it was taken for"),
        })
    }

    pub(super) fn has_block(&self, note: usize, block: usize) -> bool {
        self.blocks.contains(&(note, block))
    }
}

/// True where not all blocks of the notes are asked for.
pub(super) fn narrows(config: &Config) -> bool {
    config.filter.is_some() || config.paths.iter().any(|target| target.line.is_some())
}

/// Those of the paths that mean a note.
fn targets_of<'c>(config: &'c Config, note: &Note) -> Vec<&'c Target> {
    let targets = config.paths.iter();
    targets
        .filter(|target| note.file.starts_with(&target.path))
        .collect()
}

fn is_selected(config: &Config, targets: &[&Target], note: &Note, block: &Block) -> bool {
    let named = targets.iter().any(|target| has_line(target, block));
    let has_text = config.filter.as_ref().is_none_or(|text| {
        note.path.contains(text.as_str())
            || block.heading.contains(text.as_str())
            || block.text.contains(text.as_str())
    });
    named && has_text
}

/// The line of a fence counts as its block's.
fn has_line(target: &Target, block: &Block) -> bool {
    target
        .line
        .is_none_or(|line| block.lines.first <= line + 1 && line <= block.lines.last + 1)
}

fn nothing(config: &Config, plan: &Plan) -> Failure {
    let target = config
        .paths
        .iter()
        .find_map(|target| Some((target, target.line?)));
    if let (Some((target, line)), None) = (target, &config.filter) {
        let blocks = plan
            .notes
            .iter()
            .filter(|note| note.file == target.path)
            .flat_map(|note| &note.blocks);
        let nearest = blocks
            .map(|block| block.lines.first)
            .min_by_key(|first| first.abs_diff(line));
        let shown = target
            .path
            .strip_prefix(&config.root)
            .unwrap_or(&target.path)
            .display();
        return Failure::Nothing {
            message: format!("{shown}:{line}: no block stands on this line"),
            help: match nearest {
                Some(first) => {
                    format!("the nearest begins on line {first}: `verify {shown}:{first}`")
                }
                None => "the note has no code blocks".into(),
            },
        };
    }
    Failure::Nothing {
        message: format!(
            "no block has `{}` in its note's path, its heading or its code",
            config.filter.as_deref().unwrap_or_default()
        ),
        help: "`verify list` shows every block".into(),
    }
}
