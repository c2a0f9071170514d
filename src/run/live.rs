//! A run that goes on: it keeps what it knows of the notes, and looks anew at what was touched.
//!
//! Of a touched note only those snippets are run that have other code than before, or other
//! code before them. It watches nothing itself and shows nothing: it is told what changed on
//! the disk, and has a report at all times. What is in the way is told and tried again with the
//! next change.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use super::start::{self, Ready};
use super::{Failure, Finished, Progress, Stop, look, read, store};
use crate::config::{Config, ConfigError, NAME, Target};
use crate::model::{Grade, Note, NoteReport, Report, Summary, Warning};
use crate::notes::discover::{self, FoundNote};
use crate::recording;
use crate::text;

/// A run that goes on.
pub struct Live<'a> {
    decide: Box<dyn Fn() -> Result<Config, ConfigError> + 'a>,
    stop: Stop,
    known: Option<Known>,
    report: Report,
    todo: Todo,
}

/// What holds as long as `verify.toml` stays as it is.
struct Known {
    config: Config,
    ready: Arc<Ready>,
    notes: Vec<FoundNote>,
    /// What is to be said about folders, and about recordings without a note.
    of_folders: Vec<Warning>,
    /// What is to be said about notes and their recordings.
    of_notes: Vec<Warning>,
}

/// What is to be done, kept until it is done.
struct Todo {
    /// There is something, and no look at it has failed since.
    is_due: bool,
    /// `verify.toml` was touched: nothing that is known counts.
    anew: bool,
    /// Notes may have come or gone.
    find: bool,
    /// Files of notes that were touched.
    notes: BTreeSet<PathBuf>,
}

/// What came of looking anew.
#[derive(Debug, Default)]
pub struct Refreshed {
    /// False where nothing had to be looked at.
    pub looked: bool,
    /// The notes that were looked at, as reports show them.
    pub touched: Vec<String>,
    /// Those that are gone.
    pub gone: Vec<String>,
    /// How many snippets were run for it.
    pub ran: usize,
    /// What is in the way; the report is the one before.
    pub trouble: Option<Trouble>,
    /// How long it took.
    pub seconds: f64,
}

/// What is in the way of a run that goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trouble {
    /// What is wrong.
    pub message: String,
    /// What to do next, `""` where the message says it.
    pub help: String,
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self {
            message: failure.to_string(),
            help: failure.help(),
        }
    }
}

impl From<ConfigError> for Trouble {
    fn from(error: ConfigError) -> Self {
        Self {
            message: error.to_string(),
            help: String::new(),
        }
    }
}

impl<'a> Live<'a> {
    /// A run that knows nothing yet. `decide` is asked again whenever `verify.toml` was touched.
    pub fn new(decide: impl Fn() -> Result<Config, ConfigError> + 'a, stop: Stop) -> Self {
        Self {
            decide: Box::new(decide),
            stop,
            known: None,
            report: Report::default(),
            todo: Todo {
                is_due: true,
                anew: true,
                find: true,
                notes: BTreeSet::new(),
            },
        }
    }

    /// What is known of all notes.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// True once it was stopped from elsewhere.
    pub fn is_stopped(&self) -> bool {
        self.stop.is_stopped()
    }

    /// What was decided, once that was possible.
    pub fn config(&self) -> Option<&Config> {
        self.known.as_ref().map(|known| &known.config)
    }

    /// The note in a file, as reports show it.
    pub fn shown(&self, file: &Path) -> Option<&str> {
        let notes = &self.known.as_ref()?.notes;
        let real = |file: &Path| file.canonicalize().ok();
        let same = |note: &&FoundNote| note.file == file;
        let note = notes.iter().find(same).or_else(|| {
            let wanted = real(file)?;
            notes
                .iter()
                .find(|note| real(&note.file).as_ref() == Some(&wanted))
        });
        note.map(|note| note.shown.as_str())
    }

    /// The folders in which something may change that this run is about.
    pub fn folders(&self) -> BTreeSet<PathBuf> {
        let Some(Known { config, .. }) = &self.known else {
            return BTreeSet::new();
        };
        let paths: Vec<PathBuf> = config.paths.iter().map(|path| path.path.clone()).collect();
        let mut folders: BTreeSet<PathBuf> = discover::folders(&paths).into_iter().collect();
        folders.extend(recording::folders(&config.expected));
        folders.insert(config.root.clone());
        let settings = config.settings.as_deref().and_then(Path::parent);
        folders.extend(settings.map(Path::to_owned));
        folders.retain(|folder| folder.is_dir());
        folders
    }

    /// Forgets everything, so that the next look is at everything.
    pub fn forget(&mut self) {
        (self.todo.anew, self.todo.is_due) = (true, true);
    }

    /// Decides what it is about, if that is still open.
    pub fn prepare(&mut self) -> Result<(), Trouble> {
        if !self.todo.anew && self.known.is_some() {
            return Ok(());
        }
        let config = (self.decide)()?;
        let notes = read::all(&config).map(|(notes, _)| notes);
        let ready = start::ready(&config, notes.as_deref().ok(), &self.stop)?;
        let ready = Arc::new(ready.remembering(&config, &self.stop)?);
        self.known = Some(Known {
            config,
            ready,
            notes: Vec::new(),
            of_folders: Vec::new(),
            of_notes: Vec::new(),
        });
        self.report = Report::default();
        self.todo.anew = false;
        self.todo.find = true;
        Ok(())
    }

    /// Looks anew at what these files and folders are about, and at what is left from before.
    pub fn refresh(&mut self, changed: &[PathBuf], progress: &dyn Progress) -> Refreshed {
        let begun = Instant::now();
        for path in changed {
            self.note_change(path);
        }
        if !self.todo.is_due {
            return Refreshed::default();
        }
        self.todo.is_due = false;
        let looked = self.look_anew(progress);
        let mut refreshed = looked.unwrap_or_else(|trouble| Refreshed {
            trouble: Some(trouble),
            ..Refreshed::default()
        });
        refreshed.looked = true;
        self.report.summary = Summary::of(&self.report.notes, begun.elapsed().as_secs_f64());
        refreshed.seconds = begun.elapsed().as_secs_f64();
        refreshed
    }

    /// Starts what the next look needs, so that it does not wait for that.
    pub fn warm_up(&self) {
        if let Some(known) = &self.known {
            // What does not start is told where something is to be run.
            let _ = known.ready.warm_up();
        }
    }

    /// Records what snippets do, as `verify --update` does: those of one place, or all.
    pub fn record(
        &mut self,
        place: Option<Target>,
        progress: &dyn Progress,
    ) -> Result<Finished, Trouble> {
        let Some(known) = &self.known else {
            return Err(Trouble::from(Failure::Nothing {
                message: "nothing is known of the notes yet".into(),
                help: "mend what is told above first".into(),
            }));
        };
        let mut config = Config {
            update: true,
            ..known.config.clone()
        };
        if let Some(place) = place {
            config.paths = vec![place];
            config.explicit_paths = true;
        }
        let (notes, warnings) = read::all(&config)?;
        (self.todo.find, self.todo.is_due) = (true, true);
        self.todo
            .notes
            .extend(notes.iter().map(|note| note.file.clone()));
        let found = look(&config, &known.ready, notes, warnings, &self.stop, progress);
        Ok(found?)
    }

    /// Adds to what is to be done what a change of this file or folder calls for.
    fn note_change(&mut self, path: &Path) {
        let Some(known) = &self.known else {
            return;
        };
        let Known { config, notes, .. } = known;
        let is_settings = path.file_name().is_some_and(|name| name == NAME)
            || config.settings.as_deref() == Some(path);
        let todo = &mut self.todo;
        if is_settings {
            todo.anew = true;
        } else if path.starts_with(&config.expected)
            || config.expected.starts_with(path) && !path.exists()
        {
            let recorded = |note: &&FoundNote| {
                recording::path_of(&config.expected, &note.shown).starts_with(path)
            };
            let mut touched = notes.iter().filter(recorded).peekable();
            if touched.peek().is_some() {
                todo.notes.extend(touched.map(|note| note.file.clone()));
            } else if path.extension().is_some_and(|end| end == "toml") {
                todo.find = true;
            } else {
                return;
            }
        } else if notes.iter().any(|note| note.file == path) {
            todo.notes.insert(path.to_owned());
            todo.find |= !path.exists();
        } else if path.is_dir()
            || discover::decides(path)
            || config.paths.iter().any(|target| target.path == path)
            || notes.iter().any(|note| note.file.starts_with(path))
        {
            todo.find = true;
        } else {
            return;
        }
        todo.is_due = true;
    }

    fn look_anew(&mut self, progress: &dyn Progress) -> Result<Refreshed, Trouble> {
        self.prepare()?;
        let mut refreshed = Refreshed::default();
        let Some(known) = &mut self.known else {
            return Ok(refreshed);
        };
        if self.todo.find {
            refreshed.gone = known.find(&mut self.todo.notes)?;
            self.report.notes.retain(|note| known.has(&note.path));
            self.todo.find = false;
        }
        let touched: Vec<FoundNote> = known
            .notes
            .iter()
            .filter(|note| self.todo.notes.contains(&note.file))
            .cloned()
            .collect();
        let (notes, warnings) = read_all(&touched);
        let paths: BTreeSet<&str> = touched.iter().map(|note| note.shown.as_str()).collect();
        let config = Config {
            explicit_paths: true,
            ..known.config.clone()
        };
        known.ready.begin_round();
        let finished = look(&config, &known.ready, notes, warnings, &self.stop, progress)?;
        refreshed.ran = known.ready.end_round(&paths);
        known.take_warnings(&paths, finished.report.warnings);
        self.report.warnings = known.warnings();
        self.report.python = finished.report.python;
        self.report.containment = finished.report.containment;
        self.report.lang = finished.report.lang;
        replace(&mut self.report.notes, &paths, finished.report.notes);
        refreshed.touched = paths.into_iter().map(str::to_owned).collect();
        self.todo.notes.clear();
        if known.notes.is_empty() {
            let nothing = read::nothing(&known.config, known.of_folders.first());
            refreshed.trouble = Some(nothing.into());
        }
        Ok(refreshed)
    }
}

impl Known {
    /// Looks which notes there are: those that are new are put on the list, those that are gone are told.
    fn find(&mut self, open: &mut BTreeSet<PathBuf>) -> Result<Vec<String>, Trouble> {
        let found = read::find(&self.config).map_err(Failure::from)?;
        let before = std::mem::replace(&mut self.notes, found.notes);
        let is_in = |notes: &[FoundNote], note: &FoundNote| {
            let at = notes.binary_search_by(|other| other.shown.cmp(&note.shown));
            at.is_ok_and(|at| notes[at].file == note.file)
        };
        let new = self.notes.iter().filter(|note| !is_in(&before, note));
        open.extend(new.map(|note| note.file.clone()));
        let gone = before.into_iter().filter(|note| !is_in(&self.notes, note));
        let gone: Vec<String> = gone.map(|note| note.shown).collect();
        self.take_warnings(&gone.iter().map(String::as_str).collect(), Vec::new());
        let left = store::without_note(&self.config, &self.notes, &found.warnings);
        self.of_folders = found.warnings;
        self.of_folders.extend(left);
        Ok(gone)
    }

    fn has(&self, shown: &str) -> bool {
        let notes = &self.notes;
        notes
            .binary_search_by(|note| note.shown.as_str().cmp(shown))
            .is_ok()
    }

    /// Puts these warnings in the place of those about the notes with these paths.
    fn take_warnings(&mut self, paths: &BTreeSet<&str>, warnings: Vec<Warning>) {
        let config = &self.config;
        let recordings: BTreeSet<String> = paths
            .iter()
            .map(|path| store::shown(config, &recording::path_of(&config.expected, path)))
            .collect();
        // What is about no file, such as a set-up, every round tells anew.
        self.of_notes.retain(|warning| {
            !paths.contains(warning.path.as_str())
                && !recordings.contains(&warning.path)
                && !warning.path.is_empty()
        });
        self.of_notes.extend(warnings);
        self.of_notes
            .sort_by(|one, other| one.path.cmp(&other.path));
    }

    fn warnings(&self) -> Vec<Warning> {
        let all = self.of_folders.iter().chain(&self.of_notes);
        all.cloned().collect()
    }
}

/// The texts of these notes. One that can't be read is told and left out: the others go on.
fn read_all(found: &[FoundNote]) -> (Vec<Note>, Vec<Warning>) {
    let mut warnings = Vec::new();
    let mut notes = Vec::new();
    for found in found {
        match read::note(found) {
            Ok((note, told)) => {
                notes.extend(note);
                warnings.extend(told);
            }
            Err(error) => warnings.push(Warning {
                path: found.shown.clone(),
                line: None,
                message: text!("it can't be read: {error}", "无法读取：{error}"),
                help: Some(text!(
                    "change its permissions, or leave it out with a `.verifyignore`",
                    "请修改它的权限，或用 `.verifyignore` 排除它"
                )),
                grade: Grade::Warning,
            }),
        }
    }
    (notes, warnings)
}

/// Puts these reports in the place of those of the notes with these paths.
fn replace(all: &mut Vec<NoteReport>, paths: &BTreeSet<&str>, new: Vec<NoteReport>) {
    all.retain(|note| !paths.contains(note.path.as_str()));
    all.extend(new);
    all.sort_by(|one, other| one.path.cmp(&other.path));
}
