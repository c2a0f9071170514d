//! The fresh folder that each snippet has to itself.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

/// Where the folders of snippets are made.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// They are made in here.
    pub(super) base: PathBuf,
    /// All that snippets can write to; it is emptied after each of them.
    pub(super) swept: PathBuf,
    /// Names in there that stay.
    pub(super) kept: Vec<OsString>,
    /// Links to make in each: a name, and what it leads to.
    pub(super) links: Vec<(PathBuf, PathBuf)>,
}

impl Place {
    /// The path of a folder.
    pub(crate) fn folder(&self, number: u64) -> PathBuf {
        self.base.join(number.to_string())
    }

    /// True where it, or something of its name, is there.
    pub(crate) fn has(&self, number: u64) -> bool {
        self.folder(number).symlink_metadata().is_ok()
    }
}

/// A folder that is gone, with whatever is in it, when this value is dropped.
pub(crate) struct Folder {
    path: PathBuf,
    place: Place,
    /// When it, and the folder that is swept, were changed last (`ctime` in inode(7)).
    changed: io::Result<[(i64, i64); 2]>,
}

impl Folder {
    /// Makes a new folder. It is empty but for the links to what `verify.toml` grants.
    pub(crate) fn new(place: &Place, number: u64) -> io::Result<Self> {
        let path = place.folder(number);
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&path)?;
        let mut folder = Self {
            path,
            place: place.clone(),
            changed: Err(io::ErrorKind::NotFound.into()),
        };
        for (name, target) in &place.links {
            let link = folder.path.join(name);
            fs::create_dir_all(link.parent().unwrap_or(&folder.path))?;
            symlink(target, link)?;
        }
        folder.changed = folder.changes();
        Ok(folder)
    }

    /// True where a snippet has left no trace in it, nor beside it, so that it is as good as a new one.
    pub(crate) fn is_untouched(&self) -> bool {
        let same =
            matches!((&self.changed, self.changes()), (Ok(before), Ok(now)) if *before == now);
        // A change in the tick in which it was made may not show in the times.
        same && self.place.links.is_empty() && self.is_alone_and_empty().unwrap_or(false)
    }

    fn changes(&self) -> io::Result<[(i64, i64); 2]> {
        let changed = |path: &Path| {
            let found = path.symlink_metadata()?;
            Ok::<_, io::Error>((found.ctime(), found.ctime_nsec()))
        };
        Ok([changed(&self.path)?, changed(&self.place.swept)?])
    }

    fn is_alone_and_empty(&self) -> io::Result<bool> {
        let kept = |name: &OsString| self.place.kept.contains(name);
        let beside = names_in(&self.place.swept)?;
        Ok(beside.iter().filter(|&name| !kept(name)).count() <= 1
            && names_in(&self.path)?.is_empty())
    }

    /// Where it lies.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What can't be removed lies under the run's own folder, which the driver removes.
        let _ = empty(&self.place.swept, &self.place.kept);
    }
}

/// What is in a folder.
pub(super) fn names_in(folder: &Path) -> io::Result<Vec<OsString>> {
    fs::read_dir(folder)?
        .map(|entry| Ok(entry?.file_name()))
        .collect()
}

/// Removes everything in `folder`, however deep it is and whatever its permissions are: what lies
/// below a folder in it is moved up before that folder is removed. Links are not followed.
fn empty(folder: &Path, kept: &[OsString]) -> io::Result<()> {
    let mut moved = 0u64;
    let mut more = true;
    while more {
        more = false;
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if kept.contains(&entry.file_name()) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                more |= flatten(&entry.path(), folder, &mut moved)?;
                fs::remove_dir(entry.path())?;
            } else {
                fs::remove_file(entry.path())?;
            }
        }
    }
    Ok(())
}

/// Removes the files of `folder` and moves its folders to `to`; true where there were any.
fn flatten(folder: &Path, to: &Path, moved: &mut u64) -> io::Result<bool> {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    let mut any = false;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            // A folder can only be moved by who may write to it.
            fs::set_permissions(entry.path(), fs::Permissions::from_mode(0o700))?;
            move_up(&entry.path(), to, moved)?;
            any = true;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(any)
}

fn move_up(path: &Path, to: &Path, moved: &mut u64) -> io::Result<()> {
    loop {
        *moved += 1;
        let new = to.join(format!("moved-{moved}"));
        if new.symlink_metadata().is_err() {
            return fs::rename(path, new);
        }
    }
}
