//! `verify init`: the files that a project of notes starts with.
//!
//! Writes only what is not there yet: a file that exists is kept and named.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use crate::config::{self, With};

/// What is always written, by path below the project's folder.
const FILES: [(&str, &str); 2] = [
    (config::NAME, include_str!("init/verify.toml")),
    ("expected/.gitkeep", ""),
];

/// What is written for a place that runs `verify`.
fn file_for(with: With) -> (&'static str, &'static str) {
    match with {
        With::Github => (
            ".github/workflows/verify.yml",
            include_str!("init/verify.yml"),
        ),
        With::Gitlab => (
            ".gitlab-ci.yml",
            include_str!("../templates/verify.gitlab-ci.yml"),
        ),
        With::PreCommit => (
            ".pre-commit-config.yaml",
            include_str!("init/pre-commit-config.yaml"),
        ),
    }
}

/// What became of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InitFile {
    /// The path below the project's folder.
    pub path: &'static str,
    /// It was written; else it was there already, and is as it was.
    pub written: bool,
}

/// A file that could not be written.
#[derive(Debug, thiserror::Error)]
#[error(
    "{path}: it can't be written: {source}; make room for it and run `verify init` again, which keeps what is there"
)]
pub struct InitError {
    /// The path below the project's folder.
    pub path: &'static str,
    /// What the system says.
    pub source: io::Error,
}

/// Writes the files that `root` lacks, and tells of each what became of it.
pub fn init(root: &Path, with: &[With]) -> Result<Vec<InitFile>, InitError> {
    let mut files = Vec::new();
    let wanted = with.iter().map(|with| file_for(*with));
    for (path, text) in FILES.into_iter().chain(wanted) {
        let written =
            create(&root.join(path), text).map_err(|source| InitError { path, source })?;
        files.push(InitFile { path, written });
    }
    Ok(files)
}

/// False where something of that name is there already.
fn create(path: &Path, text: &str) -> io::Result<bool> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).map(|()| true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn written(files: &[InitFile]) -> Vec<(&str, bool)> {
        files.iter().map(|file| (file.path, file.written)).collect()
    }

    #[test]
    fn everything_is_written_once() {
        let root = tempfile::tempdir().unwrap();
        let all = [With::Github, With::Gitlab, With::PreCommit];
        let first = init(root.path(), &all).unwrap();
        assert_eq!(
            written(&first),
            [
                ("verify.toml", true),
                ("expected/.gitkeep", true),
                (".github/workflows/verify.yml", true),
                (".gitlab-ci.yml", true),
                (".pre-commit-config.yaml", true)
            ]
        );
        for (path, text) in FILES.into_iter().chain(all.map(file_for)) {
            assert_eq!(fs::read_to_string(root.path().join(path)).unwrap(), text);
        }
        assert!(
            init(root.path(), &all)
                .unwrap()
                .iter()
                .all(|file| !file.written)
        );
    }

    #[test]
    fn what_is_there_is_kept() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("verify.toml"), "jobs = 1\n").unwrap();
        let files = init(root.path(), &[With::Github]).unwrap();
        assert_eq!(
            written(&files),
            [
                ("verify.toml", false),
                ("expected/.gitkeep", true),
                (".github/workflows/verify.yml", true)
            ]
        );
        assert_eq!(
            fs::read_to_string(root.path().join("verify.toml")).unwrap(),
            "jobs = 1\n"
        );
    }

    #[test]
    fn a_file_in_the_way_is_an_error_with_its_path() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("expected"), "").unwrap();
        let error = init(root.path(), &[]).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("expected/.gitkeep: it can't be written: "),
            "{error}"
        );
    }
}
