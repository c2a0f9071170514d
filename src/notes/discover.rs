//! From the paths that were typed to the notes that they mean.
//!
//! Folders are walked with the `ignore` crate. What is taken depends on the
//! folder alone, never on a user's own git settings, so that the same notes are
//! found everywhere. Nothing here looks into a note but [`read`], which only
//! makes sure that it is text.

use std::collections::HashSet;
use std::io;
use std::path::{Component, Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

use crate::model::Warning;

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
    /// Its text, byte order mark and line ends as they are.
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
    let text = match String::from_utf8(std::fs::read(&found.file)?) {
        Ok(text) => return Ok(Read::Text(text)),
        Err(error) => error,
    };
    let byte = text.utf8_error().valid_up_to();
    let line = 1 + text.as_bytes()[..byte]
        .iter()
        .filter(|byte| **byte == b'\n')
        .count();
    Ok(Read::NotUtf8(Warning {
        path: found.shown.clone(),
        line: Some(line),
        message: format!("not UTF-8 at byte {byte} (line {line}), so none of its snippets was run"),
        help: Some("save it as UTF-8, for example with `iconv -f GB18030 -t UTF-8`".into()),
    }))
}

fn walk(folder: &Path, root: &Path, found: &mut Found) {
    let walker = WalkBuilder::new(folder)
        .standard_filters(false)
        .hidden(true)
        .parents(true)
        .git_ignore(true)
        .require_git(false)
        .add_custom_ignore_filename(".verifyignore")
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
}

fn walk_warning(path: &Path, root: &Path, error: &ignore::Error) -> Warning {
    Warning {
        path: shown(path, root),
        line: None,
        message: format!("the notes in this folder may be incomplete: {error}"),
        help: Some("make it readable or correct it, or list it in a `.verifyignore`".into()),
    }
}

/// True for notes, and for links to a file inside the folder that is walked.
fn is_note(entry: &DirEntry, folder: &Path) -> bool {
    let extension = entry.path().extension().unwrap_or_default();
    let named_so =
        extension.eq_ignore_ascii_case("md") || extension.eq_ignore_ascii_case("markdown");
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
