//! Tells which files and folders are touched, as the system says.
//!
//! Each folder is watched by itself, so that nothing is asked about folders that hold no notes.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::mpsc::Sender;

use notify::event::{AccessKind, AccessMode};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use thiserror::Error;

use super::Event;

/// Why nothing can be watched.
#[derive(Debug, Error)]
#[error(
    "can't watch for changes: {0}; run `verify` by hand, or raise the system's limits of watches (fs.inotify.max_user_instances and max_user_watches)"
)]
pub struct WatchError(#[from] notify::Error);

/// Folders that are watched.
pub struct Watching {
    watcher: RecommendedWatcher,
    folders: BTreeSet<PathBuf>,
}

impl Watching {
    /// Watches nothing yet; what is touched will be told to `events`.
    pub fn new(events: Sender<Event>) -> Result<Self, WatchError> {
        let tell = move |told: notify::Result<notify::Event>| {
            let event = match told {
                Ok(event) if event.need_rescan() => Event::Lost,
                Ok(event) if is_change(event.kind) => Event::Changed(event.paths),
                Ok(_) => return,
                Err(_) => Event::Lost,
            };
            // Nobody listens any more where it is to end.
            let _ = events.send(event);
        };
        Ok(Self {
            watcher: notify::recommended_watcher(tell)?,
            folders: BTreeSet::new(),
        })
    }

    /// Watches these folders and no others; returns those that were not watched before.
    pub fn follow(&mut self, folders: &BTreeSet<PathBuf>) -> Vec<PathBuf> {
        if folders.is_empty() {
            return Vec::new();
        }
        for gone in self.folders.difference(folders) {
            // A folder that is gone is no longer watched anyway.
            let _ = self.watcher.unwatch(gone);
        }
        let before = std::mem::take(&mut self.folders);
        for folder in folders {
            let watched = before.contains(folder)
                || self
                    .watcher
                    .watch(folder, RecursiveMode::NonRecursive)
                    .is_ok();
            if watched {
                self.folders.insert(folder.clone());
            }
        }
        self.folders.difference(&before).cloned().collect()
    }
}

/// False for files that were only read.
fn is_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(access) => access == AccessKind::Close(AccessMode::Write),
        _ => true,
    }
}
