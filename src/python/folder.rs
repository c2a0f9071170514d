//! The folder in which a run's snippets get theirs, and what killed runs left of such folders.
//!
//! A run holds a lock on a file in its folder. The system gives the lock up when the run ends,
//! however it ends, so a folder whose lock can be had belongs to nobody: the next run removes
//! it. Nothing else is ever removed, whatever its name is.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use rustix::process::geteuid;
use tempfile::TempDir;

const PREFIX: &str = "verify-";
const LOCK: &str = "run.lock";

/// A folder that is gone, with whatever is in it, when this value is dropped.
pub(super) struct RunFolder {
    folder: TempDir,
    _lock: File,
}

impl RunFolder {
    /// Makes a new folder under `temporary`, and removes those that killed runs left there.
    pub(super) fn new(temporary: &Path) -> io::Result<Self> {
        remove_leftovers(temporary);
        let folder = tempfile::Builder::new()
            .prefix(PREFIX)
            .tempdir_in(temporary)?;
        // It gets its name once it is locked, so that nobody ever finds it free.
        let lock = tempfile::NamedTempFile::new_in(folder.path())?;
        flock(&lock, FlockOperation::NonBlockingLockExclusive)?;
        let lock = lock.persist(folder.path().join(LOCK))?;
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    /// Removes it now.
    pub(super) fn remove(&self) {
        remove(self.folder.path());
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        self.remove();
    }
}

fn remove_leftovers(temporary: &Path) {
    let entries = fs::read_dir(temporary).into_iter().flatten().flatten();
    for folder in entries.map(|entry| entry.path()) {
        if let Some(_lock) = free_lock(&folder) {
            remove(&folder);
        }
    }
}

/// The lock of a folder of this user's runs, where no run holds it.
fn free_lock(folder: &Path) -> Option<File> {
    let name = folder.file_name()?.to_str()?;
    let is_ours = |kind: &fs::Metadata| kind.uid() == geteuid().as_raw();
    let kind = folder.symlink_metadata().ok()?;
    if !name.starts_with(PREFIX) || !kind.is_dir() || !is_ours(&kind) {
        return None;
    }
    let path = folder.join(LOCK);
    let kind = path.symlink_metadata().ok()?;
    if !kind.is_file() || kind.len() > 0 || !is_ours(&kind) {
        return None;
    }
    let lock = File::open(path).ok()?;
    flock(&lock, FlockOperation::NonBlockingLockExclusive).ok()?;
    Some(lock)
}

/// Removes a folder, whatever its permissions are, its lock at the end: what can't be removed
/// yet, as a process still writes there, is for the next run.
fn remove(folder: &Path) {
    let left = || {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let paths = entries.map(|entry| entry.path());
        paths
            .filter(|path| !path.ends_with(LOCK))
            .collect::<Vec<_>>()
    };
    let remove_all = || {
        for path in left() {
            let is_folder = path.symlink_metadata().is_ok_and(|kind| kind.is_dir());
            let _ = if is_folder {
                fs::remove_dir_all(path)
            } else {
                fs::remove_file(path)
            };
        }
    };
    remove_all();
    if !left().is_empty() {
        open_up(folder);
        remove_all();
    }
    if left().is_empty() {
        let _ = fs::remove_dir_all(folder);
    }
}

/// Gives every folder from `path` on its permissions back; links are not followed.
fn open_up(path: &Path) {
    let mut pending: Vec<PathBuf> = vec![path.to_owned()];
    while let Some(folder) = pending.pop() {
        let _ = fs::set_permissions(&folder, Permissions::from_mode(0o700));
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        pending.extend(folders.map(|entry| entry.path()));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_run_left_is_removed_by_the_next_one() {
        let temporary = tempfile::tempdir().unwrap();
        let killed = temporary.path().join("verify-abc123");
        fs::create_dir_all(killed.join("0/1/deep")).unwrap();
        fs::write(killed.join(LOCK), "").unwrap();
        fs::set_permissions(killed.join("0/1"), Permissions::from_mode(0o000)).unwrap();
        let run = RunFolder::new(temporary.path()).unwrap();
        assert!(!killed.exists() && run.path().exists());
        let path = run.path().to_owned();
        drop(run);
        assert!(!path.exists());
    }

    #[test]
    fn the_folders_of_others_stay() {
        let temporary = tempfile::tempdir().unwrap();
        let running = RunFolder::new(temporary.path()).unwrap();
        let at = |name: &str| temporary.path().join(name);
        for (name, lock) in [
            ("verify-notes", "other"),
            ("verify-main/run.lock", "other"),
            ("other", LOCK),
        ] {
            fs::create_dir_all(at(name)).unwrap();
            fs::write(at(name).join(lock), "").unwrap();
        }
        fs::create_dir(at("verify-mine")).unwrap();
        fs::write(at("verify-mine").join(LOCK), "something").unwrap();
        std::os::unix::fs::symlink(at("other"), at("verify-link")).unwrap();
        drop(RunFolder::new(temporary.path()).unwrap());
        assert!(running.path().join(LOCK).exists());
        for name in [
            "verify-notes",
            "verify-main",
            "other",
            "verify-mine",
            "verify-link",
        ] {
            assert!(at(name).exists(), "{name}");
        }
    }
}
