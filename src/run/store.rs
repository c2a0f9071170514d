//! The recordings of a run: read before, matched to the snippets, written by an update.

mod accept;
mod orphans;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub(super) use self::accept::Chosen;
pub(super) use self::orphans::without_note;
use super::names::Names;
use super::select::Selection;
use super::{Failure, Judged};
use crate::bug::{self, Stage};
use crate::config::Config;
use crate::model::{Entry, Finding, Grade, RecordedFigure, Recording, Status, Warning};
use crate::plan::Plan;
use crate::python::interpreters::Interpreter;
use crate::recording::{self, Key, RecordingError, Stored, figures};
use crate::text;
use crate::update::{self, Change, ChangeKind};

/// The recordings of the selected notes.
#[derive(Debug, Default)]
pub(super) struct Store {
    files: BTreeMap<usize, NoteFile>,
    /// Where the recordings of notes lie that are there and were not read.
    unread: Vec<PathBuf>,
    /// The recordings of notes that another machine looks at.
    elsewhere: BTreeSet<PathBuf>,
    /// What is to be said of notes that could not be recorded.
    pub(super) bugs: Vec<Warning>,
}

#[derive(Debug)]
struct NoteFile {
    path: PathBuf,
    stored: Option<Stored>,
    /// Where its pictures lie, as shown.
    pictures: String,
    /// By the index of the snippet: the index of its entry, and whether its code is another one.
    found: BTreeMap<usize, (usize, bool)>,
}

/// The entry of a snippet.
#[derive(Debug)]
pub(super) struct Found<'s> {
    pub(super) entry: &'s Entry,
    pub(super) edited: bool,
    pub(super) python: &'s str,
    /// Where the pictures of the note lie, as shown.
    pub(super) pictures: &'s str,
}

impl Store {
    pub(super) fn read(
        config: &Config,
        plan: &Plan,
        selection: &Selection,
        warnings: &[Warning],
        elsewhere: &[String],
    ) -> Result<Self, Failure> {
        let mut files = BTreeMap::new();
        for &note in &selection.notes {
            let path = recording::path_of(&config.expected, &plan.notes[note].path);
            recording::stays_inside(&path, &config.expected)?;
            let stored = read(&path, config)?;
            let mut file = NoteFile {
                pictures: shown(config, &figures::folder(&path)),
                path,
                stored,
                found: BTreeMap::new(),
            };
            file.find(plan, note);
            files.insert(note, file);
        }
        let unread = unread(config, warnings);
        let of_note = |path: &String| recording::path_of(&config.expected, path);
        Ok(Self {
            files,
            unread,
            elsewhere: elsewhere.iter().map(of_note).collect(),
            bugs: Vec::new(),
        })
    }

    pub(super) fn entry_of(&self, plan: &Plan, snippet: usize) -> Option<Found<'_>> {
        let file = self.files.get(&plan.snippets[snippet].note)?;
        let &(at, edited) = file.found.get(&snippet)?;
        let recording = &file.stored.as_ref()?.recording;
        Some(Found {
            entry: recording.entries.get(at)?,
            edited,
            python: &recording.python,
            pictures: &file.pictures,
        })
    }

    /// What is known of a note outside of its snippets.
    pub(super) fn known_of(&self, note: usize) -> &[String] {
        self.files.get(&note).map_or(&[], NoteFile::known)
    }

    /// Writes what changed; what is not selected stays as it is. The caller holds the lock
    /// since before these recordings were read.
    pub(super) fn update(
        &mut self,
        config: &Config,
        plan: &Plan,
        selection: &Selection,
        judged: &BTreeMap<usize, Judged>,
        names: &Names,
        interpreter: &Interpreter,
    ) -> Result<Vec<Change>, Failure> {
        let mut changes = Vec::new();
        for (&note, file) in &mut self.files {
            let path = &plan.notes[note].path;
            let recorded = bug::kept_to(path, Stage::Record, || {
                let mut changes = Vec::new();
                let known = if selection.whole_notes && names.knows(note) {
                    let found = names.of(note);
                    changes.extend(file.known_changes(path, &found));
                    update::rules(&found)
                } else {
                    file.known().to_vec()
                };
                let entries = file.update(plan, note, selection, judged, &mut changes);
                file.write(entries, known, interpreter, config)?;
                file.find(plan, note);
                Ok::<_, Failure>(changes)
            });
            match recorded {
                Ok(recorded) => changes.extend(recorded?),
                Err(bug) => self.bugs.push(*bug),
            }
        }
        if selection.whole_notes && !config.explicit_paths {
            for path in self.orphan_files(config) {
                recording::remove(&path, &config.expected)?;
                changes.push(Change {
                    path: shown(config, &path),
                    line: 0,
                    kind: ChangeKind::Removed(String::new()),
                });
            }
            for path in self.orphan_pictures(config) {
                recording::remove(&path, &config.expected)?;
                changes.push(Change {
                    path: shown(config, &path),
                    line: 0,
                    kind: ChangeKind::PictureRemoved,
                });
            }
        }
        Ok(changes)
    }

    /// What recordings say is known and is not so any more, as with a claim that was mended in its
    /// note. Only where the same Python ran: under another one it may be so again.
    pub(super) fn settled(
        &self,
        config: &Config,
        judged: &BTreeMap<usize, Judged>,
        names: Option<&Names>,
        interpreter: &Interpreter,
    ) -> Vec<Warning> {
        let (major, minor, _) = interpreter.version;
        let python = format!("{major}.{minor}");
        let files = self
            .files
            .iter()
            .filter(|(_, file)| file.python() == python);
        files
            .filter_map(|(&note, file)| {
                let names = names.map(|names| update::rules(&names.of(note)));
                let of_text = names.iter().flat_map(|names| {
                    let known = file.known().iter();
                    known.filter(move |name| !names.contains(name)).map(String::as_str)
                });
                let snippets = file.found.keys();
                let of_snippets = snippets
                    .filter_map(|at| Some((file.entry(*at)?, &judged.get(at)?.report)))
                    .filter(|(_, report)| report.status != Some(Status::Skipped))
                    .flat_map(|(entry, report)| {
                        let still = update::accepted(report);
                        let known = entry.known.iter();
                        known.filter(move |name| !still.contains(name)).map(String::as_str)
                    });
                let gone: Vec<&str> = of_text.chain(of_snippets).collect();
                let first = gone.first()?;
                let message = match gone.len() {
                    1 => text!("`{first}` is known and not so any more", "`{first}` 记为已知，但现在已不是这样"),
                    count => text!("{count} findings and claims are known and not so any more, the first `{first}`", "有 {count} 个记为已知的问题和说法，现在已不是这样，第一个是 `{first}`"),
                };
                Some(Warning {
                    path: shown(config, &file.path),
                    line: None,
                    message,
                    help: Some(text!("`verify --update` removes them from the recording", "`verify --update` 会把它们从记录中去掉")),
grade: Grade::Warning,
                })
            })
            .collect()
    }
}

/// A recording with its pictures.
fn read(path: &Path, config: &Config) -> Result<Option<Stored>, RecordingError> {
    let mut stored = recording::read(path)?;
    if let Some(stored) = &mut stored {
        figures::load(stored, path, &config.expected)?;
    }
    Ok(stored)
}

/// Where the recordings lie that these warnings keep from being told as left over: those of
/// a note, or of a folder with notes that could not be looked into.
fn unread(config: &Config, warnings: &[Warning]) -> Vec<PathBuf> {
    let unread = warnings.iter().flat_map(|warning| {
        [
            recording::path_of(&config.expected, &warning.path),
            config.expected.join(&warning.path),
        ]
    });
    unread.collect()
}

/// A path as reports show it.
pub(super) fn shown(config: &Config, path: &Path) -> String {
    let inside = path.strip_prefix(&config.root).unwrap_or(path);
    inside.display().to_string()
}

impl NoteFile {
    /// True where the recording names this picture, which lies in its folder.
    fn names(&self, picture: &Path) -> bool {
        let recordings = self.stored.iter().map(|stored| &stored.recording);
        let mut names = recordings
            .flat_map(figures::all)
            .filter_map(RecordedFigure::name);
        names.any(|name| picture.ends_with(name))
    }

    fn find(&mut self, plan: &Plan, note: usize) {
        self.found.clear();
        let Some(stored) = &self.stored else { return };
        let snippets = plan.snippets_of(note);
        let keys: Vec<Key<'_>> = snippets
            .clone()
            .map(|at| {
                let block = &plan.notes[note].blocks[plan.snippets[at].block];
                Key {
                    heading: &block.heading,
                    code: recording::code_hash(&block.text),
                }
            })
            .collect();
        let entries = &stored.recording.entries;
        for ((at, key), entry) in snippets
            .into_iter()
            .zip(&keys)
            .zip(recording::match_entries(&keys, entries))
        {
            if let Some(entry) = entry {
                self.found
                    .insert(at, (entry, entries[entry].code != key.code));
            }
        }
    }

    fn left_over(&self) -> Vec<&Entry> {
        let used: BTreeSet<usize> = self.found.values().map(|(entry, _)| *entry).collect();
        let entries = self
            .stored
            .iter()
            .flat_map(|stored| &stored.recording.entries)
            .enumerate();
        entries
            .filter(|(at, _)| !used.contains(at))
            .map(|(_, entry)| entry)
            .collect()
    }

    /// What is accepted from now on outside of the snippets, and what is no longer.
    fn known_changes(&self, path: &str, found: &[&Finding]) -> Vec<Change> {
        let kinds = update::names_accepted(found, self.known());
        let change = |kind| Change {
            path: path.to_owned(),
            line: 0,
            kind,
        };
        kinds.into_iter().map(change).collect()
    }

    /// The entries as they are to be, and what that changes.
    fn update(
        &self,
        plan: &Plan,
        note: usize,
        selection: &Selection,
        judged: &BTreeMap<usize, Judged>,
        changes: &mut Vec<Change>,
    ) -> Vec<Entry> {
        let path = &plan.notes[note].path;
        let mut entries: Vec<Entry> = Vec::new();
        for at in plan.snippets_of(note) {
            let old = self.entry(at);
            let Some(judged) = judged.get(&at).filter(|_| selection.snippets.contains(&at)) else {
                entries.extend(old.cloned());
                continue;
            };
            let (entry, kinds) = update::entry(&judged.report, judged.runs(), old, &self.python());
            let line = judged.report.block.lines.first;
            changes.extend(kinds.into_iter().map(|kind| Change {
                path: path.clone(),
                line,
                kind,
            }));
            entries.extend(entry);
        }
        for left in self.left_over() {
            if selection.whole_notes {
                let kind = ChangeKind::Removed(left.heading.clone());
                changes.push(Change {
                    path: path.clone(),
                    line: 0,
                    kind,
                });
            } else {
                entries.push(left.clone());
            }
        }
        entries
    }

    fn write(
        &mut self,
        mut entries: Vec<Entry>,
        known: Vec<String>,
        interpreter: &Interpreter,
        config: &Config,
    ) -> Result<(), Failure> {
        let expected = &config.expected;
        let before = self.stored.as_ref().map(|stored| &stored.recording);
        let entries_before = before.into_iter().flat_map(|before| &before.entries);
        figures::give_names(&mut entries, entries_before);
        if entries.is_empty() && known.is_empty() {
            if before.is_some() {
                recording::remove(&self.path, expected)?;
                figures::remove_left(&self.path, expected, before, None)?;
            }
            self.stored = None;
            return Ok(());
        }
        let same = before.is_some_and(|before| before.entries == entries && before.known == known);
        let python = if same {
            self.python()
        } else {
            let (major, minor, _) = interpreter.version;
            format!("{major}.{minor}")
        };
        let recording = Recording {
            python,
            known,
            entries,
        };
        figures::write(&self.path, expected, before, &recording)?;
        recording::write(&self.path, self.stored.as_ref(), &recording)?;
        figures::remove_left(&self.path, expected, before, Some(&recording))?;
        self.stored = read(&self.path, config)?;
        Ok(())
    }

    fn entry(&self, snippet: usize) -> Option<&Entry> {
        let (at, _) = self.found.get(&snippet)?;
        self.stored.as_ref()?.recording.entries.get(*at)
    }

    fn known(&self) -> &[String] {
        self.stored
            .as_ref()
            .map_or(&[], |stored| &stored.recording.known)
    }

    fn python(&self) -> String {
        self.stored
            .as_ref()
            .map(|stored| stored.recording.python.clone())
            .unwrap_or_default()
    }
}
