//! Writes a note that has its new text, if the file still has the old one.

use std::fs::{self, File, OpenOptions};
use std::path::Path;

use fd_lock::RwLock;

use super::Refusal;
use super::edits::{Edit, apply};
use crate::files;
use crate::notes::with_feeds;

/// Makes these edits of a note in its file at once, which keeps its permissions. A link stays one:
/// the file that it leads to is written.
pub(super) fn write(path: &Path, before: &str, edits: &[Edit]) -> Result<(), Refusal> {
    let failed = |done| move |source| Refusal::Io { done, source };
    let real = fs::canonicalize(path).map_err(failed("read"))?;
    let folder = real.parent().unwrap_or(Path::new("/"));
    let mut lock = File::open(folder).ok().map(RwLock::new);
    // Where there are no locks, only what killed runs left stays.
    let only_writer = lock.as_mut().and_then(|lock| lock.write().ok());
    if only_writer.is_some() {
        files::remove_unfinished(folder);
    }
    let there = String::from_utf8(files::read(&real).map_err(failed("read"))?);
    let there = there.map_err(|_| Refusal::Changed)?;
    if with_feeds(there.clone()) != before {
        return Err(Refusal::Changed);
    }
    let edits: Vec<Edit> = edits
        .iter()
        .map(|edit| with_its_ends(edit, &there))
        .collect();
    let after = apply(&there, &edits);
    // A file may be replaced in its folder even where it may not be written itself.
    let file = OpenOptions::new()
        .append(true)
        .open(&real)
        .map_err(failed("written"))?;
    let permissions = file.metadata().map_err(failed("written"))?.permissions();
    files::replace(&real, after.as_bytes(), Some(permissions)).map_err(failed("written"))
}

/// An edit whose lines end as those around it in the file do.
fn with_its_ends(edit: &Edit, file: &str) -> Edit {
    let above = file.get(..edit.bytes.start).unwrap_or_default();
    let ends = above.rfind(['\r', '\n']).map(|at| &above[at..=at]);
    let mut edit = edit.clone();
    if ends == Some("\r") {
        edit.text = edit.text.replace('\n', "\r");
    }
    edit
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    /// The edit that makes `new` of a file with one line `old`.
    fn edit(old: &str, new: &str) -> [Edit; 1] {
        let text = new.to_owned();
        [Edit {
            bytes: 0..old.len(),
            text,
        }]
    }

    #[test]
    fn a_file_is_written_through_its_link_and_keeps_its_permissions() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("a.md"), folder.path().join("b.md"));
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o604)).unwrap();
        symlink("a.md", &link).unwrap();
        write(&link, "old", &edit("old", "new")).unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o604);
    }

    #[test]
    fn lines_end_as_they_did() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.md");
        fs::write(&file, "a\rb\rc\r\nd").unwrap();
        let added = |at, text: &str| Edit {
            bytes: at..at,
            text: text.into(),
        };
        let edits = [added(3, "\nx"), added(8, "\r\ny")];
        write(&file, "a\nb\nc\r\nd", &edits).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "a\rb\rx\rc\r\nd\r\ny");
    }

    #[test]
    fn a_file_that_changed_or_is_gone_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("a.md"), folder.path().join("b.md"));
        fs::write(&file, "newer").unwrap();
        let refusal = write(&file, "old", &edit("old", "new")).unwrap_err();
        assert!(matches!(refusal, Refusal::Changed));
        assert_eq!(fs::read_to_string(&file).unwrap(), "newer");

        symlink("gone.md", &link).unwrap();
        let refusal = write(&link, "old", &edit("old", "new")).unwrap_err();
        assert!(
            matches!(refusal, Refusal::Io { done: "read", .. }),
            "{refusal:?}"
        );
        assert!(!folder.path().join("gone.md").exists());
    }
}
