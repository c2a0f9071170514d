//! The fresh folder that each snippet has to itself.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// A folder that is gone, with whatever is in it, when this value is dropped.
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes a new, empty folder under `base`.
    pub(crate) fn new(base: &Path, number: u64) -> io::Result<Self> {
        let path = base.join(number.to_string());
        fs::create_dir(&path)?;
        Ok(Self { path })
    }

    /// Where it lies.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if fs::remove_dir_all(&self.path).is_err() {
            open_up(&self.path);
            // What still can't be removed lies under the run's own folder, which the driver removes.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// Gives every folder below `path` its permissions back; links are not followed.
fn open_up(path: &Path) {
    let mut pending = vec![path.to_owned()];
    while let Some(folder) = pending.pop() {
        let _ = fs::set_permissions(&folder, fs::Permissions::from_mode(0o700));
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        pending.extend(
            entries
                .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
                .map(|entry| entry.path()),
        );
    }
}
