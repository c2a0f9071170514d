//! What lies under `expected/` and belongs to nothing any more: entries, recordings, pictures.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Store, shown, unread};
use crate::config::Config;
use crate::model::{Text, Warning};
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
        });
        in_files.chain(whole).chain(pictures).collect()
    }

    /// Recordings of notes that are gone.
    pub(super) fn orphan_files(&self, config: &Config) -> Vec<PathBuf> {
        let used: BTreeSet<&PathBuf> = self.files.values().map(|file| &file.path).collect();
        orphan_files(config, &used, &self.unread)
    }

    /// Pictures that no recording names, of the notes that were read and of those that are gone.
    pub(super) fn orphan_pictures(&self, config: &Config) -> Vec<PathBuf> {
        let mut pictures = figures::list(&config.expected);
        pictures.retain(|picture| {
            let owner = figures::owner(picture);
            match self.files.values().find(|file| file.path == owner) {
                Some(file) => !file.names(picture),
                None => is_looked_at(&owner, config, &self.unread) && !owner.exists(),
            }
        });
        pictures
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
    let used: Vec<PathBuf> = notes
        .iter()
        .map(|note| recording::path_of(&config.expected, &note.shown))
        .collect();
    let files = orphan_files(config, &used.iter().collect(), &unread(config, warnings));
    files.iter().map(|path| left_over(config, path)).collect()
}

/// Recordings of no note that is there or could not be read.
fn orphan_files(config: &Config, used: &BTreeSet<&PathBuf>, unread: &[PathBuf]) -> Vec<PathBuf> {
    let mut files = recording::list(&config.expected);
    files.retain(|path| {
        !used.contains(path) && is_looked_at(path, config, unread) && recording::is_recording(path)
    });
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
    }
}

fn remove_help() -> Text {
    text!(
        "`verify --update` removes what is left over",
        "`verify --update` 会删除多余的记录"
    )
}
