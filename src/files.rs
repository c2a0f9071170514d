//! Reads files, and puts one in the place of another, at once or not at all.
//!
//! A kill at any moment leaves the old file or the new one. What is read or written, and
//! whether it may be, is for the caller to know.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// What a new file may be used for, before the user's mask takes its part away.
const NEW: u32 = 0o666;
/// How the names of files begin that are still being written; six letters or digits follow.
const UNFINISHED: &str = ".verify-unfinished-";

/// What the file `path` holds. A pipe or a device is an error: either could be read for ever.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let nonblocking = rustix::fs::OFlags::NONBLOCK.bits();
    let mut file = OpenOptions::new()
        .read(true)
        .custom_flags(nonblocking.cast_signed())
        .open(path)?;
    let kind = file.metadata()?;
    if kind.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !kind.is_file() {
        return Err(io::Error::other("it is a pipe, a socket or a device"));
    }
    let mut bytes = Vec::new();
    let size = usize::try_from(kind.len()).unwrap_or(usize::MAX);
    bytes.try_reserve_exact(size)?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Removes what killed writers left in a folder. The caller holds a lock that keeps all others
/// from writing there.
pub fn remove_unfinished(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name();
        let random = name.to_str().and_then(|name| name.strip_prefix(UNFINISHED));
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        let is_random = |text: &str| text.len() == 6 && text.chars().all(char::is_alphanumeric);
        if is_file && random.is_some_and(is_random) {
            // What can't be removed does no harm.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Writes `bytes` as the file `path`, whose folder is there. The file gets these permissions,
/// or those of a new file.
pub fn replace(path: &Path, bytes: &[u8], permissions: Option<Permissions>) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .permissions(Permissions::from_mode(NEW))
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_writer_left_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let left = tempfile::Builder::new()
            .prefix(UNFINISHED)
            .tempfile_in(folder.path())
            .unwrap();
        let (_, left) = left.keep().unwrap();
        for name in ["a.toml", ".verify-unfinished-notes.md", ".verify-abc123"] {
            fs::write(at(name), "").unwrap();
        }
        remove_unfinished(folder.path());
        assert!(!left.exists());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    #[test]
    fn the_permissions_are_those_asked_for_and_nothing_is_left_beside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "old").unwrap();
        replace(&path, b"new", Some(Permissions::from_mode(0o640))).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
