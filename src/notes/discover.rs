//! From the paths that were typed to the notes that they mean.
//!
//! Folders are walked with the `ignore` crate. What is taken depends on the
//! folder alone, never on a user's own git settings, so that the same notes are
//! found everywhere. Nothing here looks into a note but [`read`], which only
//! makes sure that it is text.

use std::collections::HashSet;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

use ignore::{DirEntry, WalkBuilder};

use super::{encoding, lines};
use crate::files;
use crate::model::{Grade, Warning};
use crate::text;

/// The notes that were found, and what could not be looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Every note once, sorted by the path shown.
    pub notes: Vec<FoundNote>,
    /// Folders that could not be read, and ignore files with mistakes.
    pub warnings: Vec<Warning>,
}

/// A note that was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundNote {
    /// Where it lies, for reading it.
    pub file: PathBuf,
    /// The path as reports show it, with `/`.
    pub shown: String,
}

/// Why a path that was typed means no notes.
#[derive(Debug, thiserror::Error)]
pub enum DiscoverError {
    /// Nothing is there.
    #[error("`{}` does not exist: check its spelling, or name another note or folder of notes", .0.display())]
    Missing(PathBuf),
    /// It is a pipe, a socket or a device.
    #[error("`{}` is neither a file nor a folder: name a note or a folder of notes", .0.display())]
    NotRegular(PathBuf),
    /// The system does not let it be looked at.
    #[error("`{}` can't be looked at ({}): change its permissions, or leave it out", .0.display(), .1)]
    Unreadable(PathBuf, #[source] io::Error),
}

/// What a note's file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// Its text, byte order mark and line ends as they are, but for carriage returns alone.
    Text(String),
    /// It is not UTF-8, and this says where.
    NotUtf8(Warning),
}

/// Finds the notes that `paths` mean: a file is taken as it is, a folder for the
/// `.md` and `.markdown` files in it that are neither hidden nor ignored by a
/// `.gitignore` or `.verifyignore`. Paths inside `root` are shown relative to it,
/// others as they were typed.
pub fn discover(paths: &[PathBuf], root: &Path) -> Result<Found, DiscoverError> {
    let mut found = Found::default();
    for path in paths {
        let kind = path.metadata().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                DiscoverError::Missing(path.clone())
            }
            _ => DiscoverError::Unreadable(path.clone(), error),
        })?;
        if kind.is_dir() {
            walk(path, root, &mut found);
        } else if kind.is_file() {
            found.notes.push(found_note(path, root));
        } else {
            return Err(DiscoverError::NotRegular(path.clone()));
        }
    }
    // The first of several names of one file stays: its own before that of a link to it.
    found
        .notes
        .sort_by_cached_key(|note| (note.file.is_symlink(), note.shown.clone()));
    let mut seen = HashSet::new();
    found
        .notes
        .retain(|note| seen.insert(real_path(&note.file)));
    found.notes.sort_by(|a, b| a.shown.cmp(&b.shown));
    Ok(found)
}

/// Reads a note.
pub fn read(found: &FoundNote) -> io::Result<Read> {
    let error = match String::from_utf8(files::read(&found.file)?) {
        Ok(text) => return Ok(Read::Text(lines::with_feeds(text))),
        Err(error) => error,
    };
    let byte = error.utf8_error().valid_up_to();
    let above = error.as_bytes().get(..byte).unwrap_or_default();
    let line = lines::with_feeds(String::from_utf8_lossy(above).into_owned());
    let line = line.split('\n').count();
    Ok(Read::NotUtf8(Warning {
        path: found.shown.clone(),
        line: Some(line),
        message: text!(
            "not UTF-8 at byte {byte} (line {line}), so none of its snippets was run",
            "字节 {byte} 处（第 {line} 行）不是 UTF-8，因此其中的片段都没有运行"
        ),
        help: Some(encoding::remedy(error.as_bytes(), byte)),
        grade: Grade::Error,
    }))
}

/// The files that say what is no note.
const IGNORE_FILES: [&str; 2] = [".gitignore", ".verifyignore"];

fn walk(folder: &Path, root: &Path, found: &mut Found) {
    // Those of the folders above count too.
    let above = real_path(folder);
    if let Some(file) = above.ancestors().find_map(unreadable_ignore_file) {
        found.warnings.push(ignore_file_warning(&file, root));
        return;
    }
    let unreadable = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&unreadable);
    let walker = walker(folder)
        .filter_entry(move |entry| {
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            let file = is_folder
                .then(|| unreadable_ignore_file(entry.path()))
                .flatten();
            let enters = file.is_none();
            if let Ok(mut seen) = seen.lock() {
                seen.extend(file);
            }
            enters
        })
        .build();
    let real_folder = real_path(folder);
    for entry in walker {
        match entry {
            Ok(entry) => {
                if let Some(error) = entry.error() {
                    found.warnings.push(walk_warning(entry.path(), root, error));
                }
                if is_note(&entry, &real_folder) {
                    found.notes.push(found_note(entry.path(), root));
                }
            }
            Err(error) => found.warnings.push(walk_warning(folder, root, &error)),
        }
    }
    let unreadable = unreadable.lock();
    let files = unreadable.iter().flat_map(|files| files.iter());
    found
        .warnings
        .extend(files.map(|file| ignore_file_warning(file, root)));
}

/// What walks a folder as far as there may be notes in it.
fn walker(folder: &Path) -> WalkBuilder {
    let mut walker = WalkBuilder::new(folder);
    walker
        .standard_filters(false)
        .hidden(true)
        .parents(true)
        .git_ignore(true)
        .require_git(false)
        .add_custom_ignore_filename(IGNORE_FILES[1]);
    walker
}

/// The folders in which notes that `paths` mean may come and go.
pub fn folders(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in paths {
        if !path.is_dir() {
            found.extend(path.parent().map(Path::to_owned));
            continue;
        }
        let above = real_path(path);
        if above.ancestors().find_map(unreadable_ignore_file).is_some() {
            continue;
        }
        let is_folder = |entry: &DirEntry| entry.file_type().is_some_and(|kind| kind.is_dir());
        let walker = walker(path)
            .filter_entry(move |entry| {
                is_folder(entry) && unreadable_ignore_file(entry.path()).is_none()
            })
            .build();
        found.extend(walker.flatten().map(DirEntry::into_path));
    }
    found
}

/// A pipe or device in the place of an ignore file, which `ignore` would read for ever.
fn unreadable_ignore_file(folder: &Path) -> Option<PathBuf> {
    let files = IGNORE_FILES.iter().map(|name| folder.join(name));
    let is_other = |path: &PathBuf| {
        let kind = path.metadata();
        kind.is_ok_and(|kind| !kind.is_file() && !kind.is_dir())
    };
    files.into_iter().find(is_other)
}

fn ignore_file_warning(file: &Path, root: &Path) -> Warning {
    Warning {
        path: shown(file, root),
        line: None,
        message: text!(
            "it is a pipe, a socket or a device, so no notes were looked for in its folder",
            "它是管道、套接字或设备，因此没有在它所在的文件夹中查找笔记"
        ),
        help: Some(text!(
            "put a text file in its place, or remove it",
            "换成文本文件，或删除它"
        )),
        grade: Grade::Warning,
    }
}

fn walk_warning(path: &Path, root: &Path, error: &ignore::Error) -> Warning {
    Warning {
        path: shown(path, root),
        line: None,
        message: text!(
            "the notes in this folder may be incomplete: {error}",
            "这个文件夹中的笔记可能不全：{error}"
        ),
        help: Some(text!(
            "make it readable or correct it, or list it in a `.verifyignore`",
            "让它可读或改正它，或把它写进 `.verifyignore`"
        )),
        grade: Grade::Warning,
    }
}

/// True for a path that has a say in which notes there are, by its name.
pub fn decides(path: &Path) -> bool {
    is_named_as_note(path) || IGNORE_FILES.iter().any(|name| path.ends_with(name))
}

fn is_named_as_note(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    extension.eq_ignore_ascii_case("md") || extension.eq_ignore_ascii_case("markdown")
}

/// True for notes, and for links to a file inside the folder that is walked.
fn is_note(entry: &DirEntry, folder: &Path) -> bool {
    let named_so = is_named_as_note(entry.path());
    let is_file = match entry.file_type() {
        Some(kind) if kind.is_symlink() => {
            entry.path().is_file() && real_path(entry.path()).starts_with(folder)
        }
        Some(kind) => kind.is_file(),
        None => false,
    };
    named_so && is_file
}

fn found_note(file: &Path, root: &Path) -> FoundNote {
    FoundNote {
        file: file.to_owned(),
        shown: shown(file, root),
    }
}

fn real_path(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// A path relative to `root` where it lies inside, else as it was typed. A path is
/// first taken by its words, so that a linked folder keeps the name that it has here.
fn shown(path: &Path, root: &Path) -> String {
    let by_words = plain(path).strip_prefix(plain(root)).map(with_slashes);
    by_words
        .or_else(|_| {
            real_path(path)
                .strip_prefix(real_path(root))
                .map(with_slashes)
        })
        .unwrap_or_else(|_| with_slashes(path))
}

/// An absolute path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    };
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut plain = PathBuf::new();
    for part in absolute.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

fn with_slashes(path: &Path) -> String {
    let shown = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        shown.into_owned()
    } else {
        shown.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use std::fs;

    use super::*;

    /// A folder with these files, each with its content.
    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, content) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        folder
    }

    fn names(found: &Found) -> Vec<&str> {
        found.notes.iter().map(|note| note.shown.as_str()).collect()
    }

    fn found(folder: &Path, paths: &[&str]) -> Vec<String> {
        let paths: Vec<PathBuf> = paths.iter().map(|path| folder.join(path)).collect();
        let found = discover(&paths, folder).unwrap();
        assert_eq!(found.warnings, []);
        names(&found).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn a_folder_holds_its_markdown_files() {
        let folder = folder(&[
            ("b.md", ""),
            ("a/B.MarkDown", ""),
            ("a/c.MD", ""),
            ("a/d.txt", ""),
            ("a/md", ""),
            (".hidden.md", ""),
            (".git/e.md", ""),
            ("中文 笔记.md", ""),
        ]);
        assert_eq!(
            found(folder.path(), &["."]),
            ["a/B.MarkDown", "a/c.MD", "b.md", "中文 笔记.md"]
        );
        assert_eq!(found(folder.path(), &["a"]), ["a/B.MarkDown", "a/c.MD"]);
        assert_eq!(found(folder.path(), &["a/../a/./c.MD"]), ["a/c.MD"]);
    }

    #[test]
    fn ignored_and_hidden_notes_are_taken_only_by_name() {
        let folder = folder(&[
            (".gitignore", "build/\n"),
            ("docs/.verifyignore", "draft*\n!draft-2.md\n"),
            ("build/a.md", ""),
            ("docs/draft.md", ""),
            ("docs/draft-2.md", ""),
            ("docs/e.md", ""),
            (".x/f.md", ""),
            ("notes.txt", ""),
        ]);
        assert_eq!(
            found(folder.path(), &[""]),
            ["docs/draft-2.md", "docs/e.md"]
        );
        let named = ["build/a.md", "docs/draft.md", ".x", "notes.txt"];
        assert_eq!(
            found(folder.path(), &named),
            [".x/f.md", "build/a.md", "docs/draft.md", "notes.txt"]
        );
    }

    #[test]
    fn a_note_is_found_once() {
        let folder = folder(&[("a/b.md", "")]);
        assert_eq!(
            found(folder.path(), &["a/b.md", "a", "", "a/../a/b.md"]),
            ["a/b.md"]
        );
    }

    #[test]
    fn paths_outside_of_the_project_stay_as_typed() {
        let outside = folder(&[("a/b.md", "")]);
        let project = folder(&[]);
        let typed = outside.path().join("a/../a");
        let found = discover(std::slice::from_ref(&typed), project.path()).unwrap();
        assert_eq!(names(&found), [typed.join("b.md").to_str().unwrap()]);
    }

    #[test]
    fn what_is_not_there_is_an_error_that_says_what_to_do() {
        let folder = folder(&[("a.md", "")]);
        for gone in ["gone.md", "a.md/b.md"] {
            let error = discover(&[folder.path().join(gone)], folder.path()).unwrap_err();
            assert!(matches!(error, DiscoverError::Missing(_)));
            let message = error.to_string();
            assert!(
                message.contains(gone) && message.contains("check its spelling"),
                "{message}"
            );
        }
    }

    #[test]
    fn text_is_read_as_it_is() {
        let folder = folder(&[("a.md", "\u{feff}é\r\n")]);
        let found = discover(&[folder.path().to_owned()], folder.path()).unwrap();
        assert_eq!(
            read(&found.notes[0]).unwrap(),
            Read::Text("\u{feff}é\r\n".into())
        );
    }

    #[test]
    fn other_encodings_are_an_error_with_a_place() {
        let folder = folder(&[]);
        fs::write(folder.path().join("a.md"), b"ab\n\xc4\xe3").unwrap();
        let found = discover(&[folder.path().to_owned()], folder.path()).unwrap();
        let Read::NotUtf8(warning) = read(&found.notes[0]).unwrap() else {
            panic!("taken for UTF-8");
        };
        assert_eq!((warning.path.as_str(), warning.line), ("a.md", Some(2)));
        assert!(warning.message.en.contains("byte 3 (line 2)"));
        assert_eq!(warning.grade, Grade::Error);
        assert!(warning.help.unwrap().en.contains("iconv -f GB18030"));
    }

    #[cfg(unix)]
    mod unix {
        use std::os::unix::fs::{PermissionsExt, symlink};
        use std::os::unix::net::UnixListener;

        use super::*;

        #[test]
        fn what_is_no_file_is_passed_by_and_refused_by_name() {
            let folder = folder(&[("a.md", ""), ("dir.md/b.txt", "")]);
            let _socket = UnixListener::bind(folder.path().join("x.md")).unwrap();
            assert_eq!(found(folder.path(), &[""]), ["a.md"]);
            let error = discover(&[folder.path().join("x.md")], folder.path()).unwrap_err();
            assert!(matches!(error, DiscoverError::NotRegular(_)));
            assert!(error.to_string().contains("x.md"));
        }

        #[test]
        fn an_ignore_file_without_end_is_not_read() {
            let folder = folder(&[("a.md", ""), ("b/c.md", ""), ("d/e.md", "")]);
            symlink("/dev/zero", folder.path().join("b/.gitignore")).unwrap();
            let pipe = folder.path().join("d/.verifyignore");
            rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, 0o600.into()).unwrap();
            let found = discover(&[folder.path().to_owned()], folder.path()).unwrap();
            assert_eq!(names(&found), ["a.md"]);
            let told: Vec<_> = found
                .warnings
                .iter()
                .map(|warning| warning.path.as_str())
                .collect();
            assert_eq!(told, ["b/.gitignore", "d/.verifyignore"]);
            let found = discover(&[folder.path().join("b")], folder.path()).unwrap();
            assert_eq!((found.notes.len(), found.warnings.len()), (0, 1));
        }

        #[test]
        fn links_are_followed_only_inside_and_never_twice() {
            let outside = folder(&[("o.md", "")]);
            let folder = folder(&[("z.md", ""), (".h/h.md", "")]);
            let link = |to: &Path, name: &str| symlink(to, folder.path().join(name)).unwrap();
            link(Path::new("z.md"), "a.md");
            link(Path::new(".h/h.md"), "b.md");
            link(&outside.path().join("o.md"), "c.md");
            link(outside.path(), "d");
            link(Path::new("."), "loop");
            link(Path::new("gone.md"), "e.md");
            assert_eq!(found(folder.path(), &[""]), ["b.md", "z.md"]);
            assert_eq!(found(folder.path(), &["c.md"]), ["c.md"]);
            assert_eq!(found(folder.path(), &["d"]), ["d/o.md"]);
        }

        #[test]
        fn a_linked_project_shows_the_same_paths() {
            let folder = folder(&[("real/a.md", "")]);
            symlink("real", folder.path().join("link")).unwrap();
            let found = discover(
                &[folder.path().join("link/a.md")],
                &folder.path().join("real"),
            )
            .unwrap();
            assert_eq!(names(&found), ["a.md"]);
        }

        #[test]
        fn an_unreadable_folder_is_a_warning() {
            let folder = folder(&[("a.md", ""), ("locked/b.md", "")]);
            let locked = folder.path().join("locked");
            fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
            let readable_anyway = fs::read_dir(&locked).is_ok();
            let found = discover(&[folder.path().to_owned()], folder.path()).unwrap();
            fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
            let expected = usize::from(!readable_anyway);
            assert_eq!(found.warnings.len(), expected, "{:?}", found.warnings);
        }
    }
}
