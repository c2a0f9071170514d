//! What lies under `expected/` and belongs to nothing any more: entries, recordings, pictures.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Store, shown, unread};
use crate::config::Config;
use crate::model::{Grade, Text, Warning};
use crate::notes::discover::FoundNote;
use crate::recording::{self, figures};
use crate::run::select::Selection;
use crate::text;

impl Store {
    /// Recordings whose snippet or note is gone.
    pub(in crate::run) fn orphans(&self, config: &Config, selection: &Selection) -> Vec<Warning> {
        if !selection.whole_notes {
            return Vec::new();
        }
        let in_files = self.files.values().filter_map(|file| {
            let left = file.left_over();
            let first = left.first()?;
            let heading = &first.heading;
            let message = match left.len() {
                1 => text!(
                    "the recording of a snippet under `{heading}` belongs to no snippet any more",
                    "`{heading}` 下某个片段的记录已没有对应的片段"
                ),
                count => text!(
                    "{count} recordings belong to no snippet any more, the first under `{heading}`",
                    "有 {count} 条记录已没有对应的片段，第一条在 `{heading}` 下"
                ),
            };
            Some(Warning {
                path: shown(config, &file.path),
                line: None,
                message,
                help: Some(remove_help()),
                grade: Grade::Warning,
            })
        });
        let (files, pictures) = if config.explicit_paths {
            (Vec::new(), Vec::new())
        } else {
            (self.orphan_files(config), self.orphan_pictures(config))
        };
        let whole = files.iter().map(|path| left_over(config, path));
        let pictures = pictures.iter().map(|path| Warning {
            path: shown(config, path),
            line: None,
            message: text!("no recording names this picture", "没有记录用到这张图"),
            help: Some(remove_help()),
            grade: Grade::Warning,
        });
        in_files.chain(whole).chain(pictures).collect()
    }

    /// Recordings of notes that are gone.
    pub(super) fn orphan_files(&self, config: &Config) -> Vec<PathBuf> {
        let used: BTreeSet<&PathBuf> = self.files.values().map(|file| &file.path).collect();
        let is_left = |path: &PathBuf| !used.contains(path) && self.is_left_to_us(path, config);
        orphan_files(config, is_left)
    }

    /// Pictures that no recording names, of the notes that were read and of those that are gone.
    pub(super) fn orphan_pictures(&self, config: &Config) -> Vec<PathBuf> {
        let mut pictures = figures::list(&config.expected);
        pictures.retain(|picture| {
            let owner = figures::owner(picture);
            match self.files.values().find(|file| file.path == owner) {
                Some(file) => !file.names(picture),
                None => self.is_left_to_us(&owner, config) && !owner.exists(),
            }
        });
        pictures
    }

    /// True for the recording of no note, or of one that is gone. Of several machines, the first
    /// looks after these.
    fn is_left_to_us(&self, path: &PathBuf, config: &Config) -> bool {
        config.shard.is_none_or(|shard| shard.index == 1)
            && !self.elsewhere.contains(path)
            && is_looked_at(path, config, &self.unread)
    }
}

/// What is to be said about recordings whose note is not among these.
pub(in crate::run) fn without_note(
    config: &Config,
    notes: &[FoundNote],
    warnings: &[Warning],
) -> Vec<Warning> {
    if config.explicit_paths {
        return Vec::new();
    }
    let used: BTreeSet<PathBuf> = notes
        .iter()
        .map(|note| recording::path_of(&config.expected, &note.shown))
        .collect();
    let unread = unread(config, warnings);
    let is_left = |path: &PathBuf| !used.contains(path) && is_looked_at(path, config, &unread);
    let files = orphan_files(config, is_left);
    files.iter().map(|path| left_over(config, path)).collect()
}

/// The recordings for which this holds.
fn orphan_files(config: &Config, is_left: impl Fn(&PathBuf) -> bool) -> Vec<PathBuf> {
    let mut files = recording::list(&config.expected);
    files.retain(|path| is_left(path) && recording::is_recording(path));
    files
}

/// True for a path below `expected` that belongs to the notes that this run is about.
fn is_looked_at(path: &Path, config: &Config, unread: &[PathBuf]) -> bool {
    let targets = config.paths.iter();
    let mut inside = targets
        .filter_map(|target| target.path.strip_prefix(&config.root).ok())
        .map(|path| config.expected.join(path));
    let is_unread = unread.iter().any(|unread| path.starts_with(unread));
    !is_unread && inside.any(|folder| path.starts_with(folder))
}

fn left_over(config: &Config, path: &Path) -> Warning {
    Warning {
        path: shown(config, path),
        line: None,
        message: text!(
            "the note that this recording belongs to is gone",
            "这份记录对应的笔记已不存在"
        ),
        help: Some(remove_help()),
        grade: Grade::Warning,
    }
}

fn remove_help() -> Text {
    text!(
        "`verify --update` removes what is left over",
        "`verify --update` 会删除多余的记录"
    )
}
