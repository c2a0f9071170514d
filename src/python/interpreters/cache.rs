//! Remembers what interpreters answered, so that a run need not ask again.
//!
//! An answer holds as long as the interpreter and its shared library are the files they were. A cache that can't be read is empty, and one
//! that can't be written is no error: it only saves time.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::probe::Facts;
use crate::python::stamp::Stamp;

/// Changes whenever an older answer would mislead.
const FORMAT: u32 = 2;

/// The answers of earlier runs and of this one.
#[derive(Debug, Default)]
pub(super) struct Cache {
    file: Option<PathBuf>,
    answers: BTreeMap<PathBuf, Answer>,
    changed: bool,
}

#[derive(Serialize, Deserialize)]
struct Document {
    format: u32,
    interpreters: BTreeMap<PathBuf, Answer>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Answer {
    stamps: Stamps,
    facts: Facts,
}

/// The files that an answer depends on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stamps {
    executable: Stamp,
    libpython: Option<Stamp>,
}

impl Cache {
    /// That of `folder`, empty if there is none that this version understands.
    pub(super) fn open(folder: Option<&Path>) -> Self {
        let file = folder.map(|folder| folder.join("interpreters.json"));
        let document = file.as_ref().and_then(|file| fs::read(file).ok());
        let document = document.and_then(|bytes| serde_json::from_slice::<Document>(&bytes).ok());
        let answers = document
            .filter(|document| document.format == FORMAT)
            .map(|document| document.interpreters);
        Cache {
            file,
            answers: answers.unwrap_or_default(),
            changed: false,
        }
    }

    /// What the interpreter at this path said, if that still holds.
    pub(super) fn get(&self, executable: &Path) -> Option<&Facts> {
        let answer = self.answers.get(executable)?;
        (answer.stamps == stamps(executable, &answer.facts)?).then_some(&answer.facts)
    }

    /// Remembers what it said.
    pub(super) fn insert(&mut self, executable: &Path, facts: &Facts) {
        // Only Unicode can be written as JSON.
        if executable.to_str().is_none() {
            return;
        }
        if let Some(stamps) = stamps(executable, facts) {
            self.answers.insert(
                executable.to_path_buf(),
                Answer {
                    stamps,
                    facts: facts.clone(),
                },
            );
            self.changed = true;
        }
    }

    /// Writes what is new, without what is gone from the machine.
    pub(super) fn save(mut self) {
        if let (true, Some(file)) = (self.changed, self.file.take()) {
            self.answers.retain(|executable, _| executable.exists());
            write(
                &file,
                &Document {
                    format: FORMAT,
                    interpreters: self.answers,
                },
            )
            .ok();
        }
    }
}

fn stamps(executable: &Path, facts: &Facts) -> Option<Stamps> {
    Some(Stamps {
        executable: Stamp::of(executable)?,
        libpython: facts.libpython().as_deref().and_then(Stamp::of),
    })
}

/// A reader sees the old file or the new one, never half of it.
fn write(file: &Path, document: &Document) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer(&mut new, document)?;
    new.persist(file)?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn facts(library_folder: &Path) -> Facts {
        serde_json::from_value(serde_json::json!({
            "version": [3, 12, 1], "version_text": "3.12.1", "implementation": "CPython", "free_threaded": false,
            "executable": "", "prefix": "/p", "base_prefix": "/p",
            "build": {"libdir": library_folder, "libpl": "", "instsoname": "libpython3.12.so.1.0",
                      "ldlibrary": "", "multiarch": "", "framework_prefix": ""},
        }))
        .unwrap()
    }

    /// An installation with a library, and a cache that knows it.
    fn remembered() -> (tempfile::TempDir, PathBuf, Cache) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("bin")).unwrap();
        let executable = folder.path().join("bin/python");
        for file in ["bin/python", "libpython3.12.so.1.0"] {
            fs::write(folder.path().join(file), "").unwrap();
        }
        let mut cache = Cache::open(Some(&folder.path().join("cache")));
        cache.insert(&executable, &facts(folder.path()));
        cache.save();
        let cache = Cache::open(Some(&folder.path().join("cache")));
        (folder, executable, cache)
    }

    #[test]
    fn an_answer_is_read_back() {
        let (folder, executable, cache) = remembered();
        assert_eq!(cache.get(&executable), Some(&facts(folder.path())));
        assert_eq!(cache.get(&folder.path().join("bin/python3")), None);
    }

    #[test]
    fn an_answer_ends_with_each_file_that_it_depends_on() {
        for file in ["bin/python", "libpython3.12.so.1.0"] {
            let (folder, executable, cache) = remembered();
            fs::write(folder.path().join(file), "another size").unwrap();
            assert_eq!(cache.get(&executable), None, "{file} changed");
            fs::remove_file(folder.path().join(file)).unwrap();
            assert_eq!(cache.get(&executable), None, "{file} removed");
        }
    }

    #[test]
    fn what_is_gone_is_forgotten() {
        let (folder, executable, mut cache) = remembered();
        fs::remove_file(&executable).unwrap();
        let other = folder.path().join("other");
        fs::write(&other, "").unwrap();
        cache.insert(&other, &facts(folder.path()));
        cache.save();
        let cache = Cache::open(Some(&folder.path().join("cache")));
        assert_eq!(cache.answers.keys().collect::<Vec<_>>(), [&other]);
    }
}
