//! Which notes were touched since a commit: `--changed`.
//!
//! Asks the `git` executable, and changes nothing in the repository. A note counts as changed
//! where its file, its recording or a picture of it differs from the commit at which this branch left the other one,
//! committed or not, or is not tracked yet; all do where the settings have changed.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::config::{Config, Target};
use crate::git;
use crate::notes::discover::{self, FoundNote};
use crate::recording::{self, figures};

/// What the default branch may be called, the surest first.
const DEFAULTS: [&str; 6] = [
    "origin/HEAD",
    "origin/main",
    "origin/master",
    "@{upstream}",
    "main",
    "master",
];
/// Files by which it is decided what a note is.
const IGNORES: [&str; 2] = [".verifyignore", ".gitignore"];

/// What is left of a run.
#[derive(Debug)]
pub enum Narrowed {
    /// A run over the notes that have changed, or over all.
    Notes(Box<Config>),
    /// No note has changed since this commit or branch.
    Nothing(Box<Config>, String),
}

/// Why it can't be told what has changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangedError {
    /// There is no git.
    #[error("`--changed` asks git what has changed, and git can't be run: {0}")]
    NoGit(#[source] io::Error),
    /// The notes are in no repository, or git does not want to work in it.
    #[error("`--changed` needs a git repository, and git says of `{}`: {said}", .folder.display())]
    NoRepository {
        /// The folder of the notes.
        folder: PathBuf,
        /// What git says.
        said: String,
    },
    /// The ref does not exist.
    #[error("git knows no commit or branch `{reference}`")]
    Unknown {
        /// What was asked for.
        reference: String,
        /// There is a file or folder of that name.
        is_path: bool,
    },
    /// The two have no commit in common.
    #[error("this branch and `{0}` have no commit in common, as far as the history is here")]
    Unrelated(String),
    /// Git failed.
    #[error("git can't tell what has changed: {0}")]
    Git(String),
}

impl ChangedError {
    /// What to do next.
    pub fn help(&self) -> String {
        match self {
            Self::NoGit(_) => "install git, or leave `--changed` out".to_owned(),
            Self::NoRepository { .. } => {
                "run it in a git repository, or leave `--changed` out".to_owned()
            }
            Self::Unknown {
                reference,
                is_path: true,
            } => format!("`{reference}` is a path: write it before, as in `verify {reference} --changed`"),
            Self::Unknown { .. } => {
                "`git branch --all` shows the branches; in CI, fetch the other branch first".to_owned()
            }
            Self::Unrelated(_) => {
                "fetch the whole history: `git fetch --unshallow`, or `fetch-depth: 0` for actions/checkout"
                    .to_owned()
            }
            Self::Git(_) => "try the same with `git status`, or leave `--changed` out".to_owned(),
        }
    }
}

/// Leaves the notes of a run that have changed, where it was asked for that.
pub fn narrow(mut config: Config) -> Result<Narrowed, ChangedError> {
    let Some(reference) = config.changed.take() else {
        return Ok(Narrowed::Notes(Box::new(config)));
    };
    let repository = Repository::of(&config.root)?;
    let since = repository.since(&reference)?;
    let changed = repository.changed(&since.commit)?;
    let paths: Vec<PathBuf> = config
        .paths
        .iter()
        .map(|target| target.path.clone())
        .collect();
    // Paths that mean no notes are for the run to tell.
    let notes = match discover::discover(&paths, &config.root) {
        Ok(found) if !found.notes.is_empty() => found.notes,
        _ => return Ok(Narrowed::Notes(Box::new(config))),
    };
    if settings_changed(&config, &changed) {
        return Ok(Narrowed::Notes(Box::new(config)));
    }
    let expected = real(&config.expected);
    let is_picture = |path: &&PathBuf| path.extension().is_some_and(|end| end == "png");
    let pictures = changed.iter().filter(is_picture);
    let pictures: HashSet<PathBuf> = pictures.map(|path| figures::owner(path)).collect();
    let is_changed = |note: &FoundNote| {
        let recording = recording::path_of(&expected, &note.shown);
        let its_own = [&real(&note.file), &recording];
        its_own.iter().any(|path| changed.contains(*path)) || pictures.contains(&recording)
    };
    let notes: Vec<&FoundNote> = notes.iter().filter(|note| is_changed(note)).collect();
    if notes.is_empty() {
        return Ok(Narrowed::Nothing(Box::new(config), since.name));
    }
    config.paths = notes
        .iter()
        .flat_map(|note| targets(note, &config.paths))
        .collect();
    config.explicit_paths = true;
    Ok(Narrowed::Notes(Box::new(config)))
}

/// The note, or the lines of it that were asked for.
fn targets(note: &FoundNote, asked: &[Target]) -> Vec<Target> {
    let whole = asked
        .iter()
        .any(|target| target.line.is_none() && note.file.starts_with(&target.path));
    if whole {
        return vec![Target {
            path: note.file.clone(),
            line: None,
        }];
    }
    let lines = asked.iter().filter(|target| target.path == note.file);
    lines.cloned().collect()
}

fn settings_changed(config: &Config, changed: &HashSet<PathBuf>) -> bool {
    let settings = config.settings.as_deref().map(real);
    let is_ignore = |path: &PathBuf| IGNORES.iter().any(|name| path.ends_with(name));
    settings.is_some_and(|settings| changed.contains(&settings)) || changed.iter().any(is_ignore)
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// A commit, and what people call it.
struct Since {
    name: String,
    commit: String,
}

/// A git repository.
struct Repository {
    top: PathBuf,
}

impl Repository {
    /// The repository in which a folder lies.
    fn of(folder: &Path) -> Result<Self, ChangedError> {
        let top = git(folder, &["rev-parse", "--show-toplevel"])?.map_err(|said| {
            ChangedError::NoRepository {
                folder: folder.to_owned(),
                said,
            }
        })?;
        let top = top.strip_suffix(b"\n").unwrap_or(&top);
        Ok(Self {
            top: real(Path::new(OsStr::from_bytes(top))),
        })
    }

    /// The commit at which this branch left `reference`, `""` being the default branch.
    fn since(&self, reference: &str) -> Result<Since, ChangedError> {
        let Some(head) = self.commit("HEAD")? else {
            return self.beginning();
        };
        let mut found = None;
        let asked = [reference];
        let names: &[&str] = if reference.is_empty() {
            &DEFAULTS
        } else {
            &asked
        };
        for name in names {
            if found.is_none() {
                found = self
                    .commit(name)?
                    .map(|commit| ((*name).to_owned(), commit));
            }
        }
        let (name, commit) = match found {
            Some(found) => found,
            None if reference.is_empty() => ("HEAD".to_owned(), head.clone()),
            None => {
                return Err(ChangedError::Unknown {
                    reference: reference.to_owned(),
                    is_path: Path::new(reference).exists(),
                });
            }
        };
        let base = git(&self.top, &["merge-base", &commit, &head])?;
        let base = base.map_err(|_| ChangedError::Unrelated(name.clone()))?;
        Ok(Since {
            name: format!("`{name}`"),
            commit: trimmed(&base),
        })
    }

    /// Where there is no commit yet, everything is new.
    fn beginning(&self) -> Result<Since, ChangedError> {
        let empty = git(&self.top, &["hash-object", "-t", "tree", "/dev/null"])?;
        Ok(Since {
            name: "`HEAD`".to_owned(),
            commit: trimmed(&empty.map_err(ChangedError::Git)?),
        })
    }

    fn commit(&self, name: &str) -> Result<Option<String>, ChangedError> {
        let commit = format!("{name}^{{commit}}");
        let arguments = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &commit,
        ];
        Ok(git(&self.top, &arguments)?
            .ok()
            .map(|found| trimmed(&found)))
    }

    /// The files that differ from a commit, and those that are not tracked yet.
    fn changed(&self, commit: &str) -> Result<HashSet<PathBuf>, ChangedError> {
        const DIFF: [&str; 7] = [
            "diff",
            "--name-only",
            "-z",
            "--no-renames",
            "--no-relative",
            "--no-ext-diff",
            "--no-textconv",
        ];
        let differ = [DIFF.as_slice(), &[commit, "--"]].concat();
        let untracked = ["ls-files", "-z", "--others", "--exclude-standard"];
        let mut changed = HashSet::new();
        for arguments in [differ.as_slice(), &untracked] {
            let names = git(&self.top, arguments)?.map_err(ChangedError::Git)?;
            let names = names
                .split(|byte| *byte == 0)
                .filter(|name| !name.is_empty());
            changed.extend(names.map(|name| self.top.join(OsStr::from_bytes(name))));
        }
        Ok(changed)
    }
}

/// What git writes, or what it says where it fails.
fn git(folder: &Path, arguments: &[&str]) -> Result<Result<Vec<u8>, String>, ChangedError> {
    git::ask(folder, arguments).map_err(ChangedError::NoGit)
}

fn trimmed(output: &[u8]) -> String {
    String::from_utf8_lossy(output).trim().to_owned()
}
