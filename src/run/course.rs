//! The course of a run: what it is about, then what its snippets did, then the report.

use std::collections::BTreeMap;
use std::fs::File;
use std::sync::Arc;
use std::time::Instant;

use super::execute::{self, Runs};
use super::names::Names;
use super::select::Selection;
use super::start::{self, Ready};
use super::store::Store;
use super::{Failure, Grounds, Judged, Progress, Stop, outline, read};
use crate::config::Config;
use crate::model::{Note, Report, Warning};
use crate::plan::{self, Plan};
use crate::recording::{self, RecordingError};
use crate::update::Change;

/// Waits until nobody else writes recordings.
pub(super) fn only_writer<'l>(
    lock: &'l mut fd_lock::RwLock<File>,
    config: &Config,
) -> Result<fd_lock::RwLockWriteGuard<'l, File>, Failure> {
    let failed = |source| RecordingError::Io {
        path: config.expected.clone(),
        done: "locked",
        source,
    };
    let guard = lock.write().map_err(failed)?;
    recording::remove_unfinished(&config.expected);
    Ok(guard)
}

/// What a run is about, before anything runs.
pub(super) struct Planned {
    begun: Instant,
    pub(super) plan: Plan,
    selection: Selection,
    pub(super) ready: Arc<Ready>,
    warnings: Vec<Warning>,
}

impl Planned {
    pub(super) fn new(config: &Config, stop: &Stop) -> Result<Self, Failure> {
        let begun = Instant::now();
        let (notes, warnings) = read::all(config)?;
        let ready = Arc::new(start::ready(config, Some(&notes), stop)?);
        let planned = Self::of(config, ready, notes, warnings)?;
        Ok(Self { begun, ..planned })
    }

    /// The same for notes that are read, with workers that are there.
    pub(super) fn of(
        config: &Config,
        ready: Arc<Ready>,
        notes: Vec<Note>,
        warnings: Vec<Warning>,
    ) -> Result<Self, Failure> {
        let begun = Instant::now();
        let plan = plan::plan(notes, &*ready.pool, config.state, ready.interpreter.version)?;
        let selection = Selection::new(config, &plan)?;
        selection.needs_snippets(&plan)?;
        Ok(Self {
            begun,
            plan,
            selection,
            ready,
            warnings,
        })
    }
}

/// A run whose snippets have run and are judged.
pub(super) struct Course {
    pub(super) planned: Planned,
    pub(super) store: Store,
    runs: Runs,
    pub(super) judged: BTreeMap<usize, Judged>,
    names: Names,
}

impl Course {
    pub(super) fn run(
        planned: Planned,
        config: &Config,
        stop: &Stop,
        progress: &dyn Progress,
    ) -> Result<Self, Failure> {
        let Planned {
            plan,
            selection,
            ready,
            warnings,
            ..
        } = &planned;
        let store = Store::read(config, plan, selection, warnings)?;
        let grounds = Grounds {
            plan,
            store: &store,
            ready,
        };
        let (runs, judged) = execute::run(config, selection, progress, stop, grounds)?;
        let names = Names::find(config, plan, selection, ready.interpreter.version);
        Ok(Self {
            planned,
            store,
            runs,
            judged,
            names,
        })
    }

    /// Records all of it. The caller holds the lock since before the recordings were read.
    pub(super) fn update(&mut self, config: &Config) -> Result<Vec<Change>, Failure> {
        let Planned {
            plan,
            selection,
            ready,
            ..
        } = &self.planned;
        let (judged, names) = (&self.judged, &self.names);
        let interpreter = &ready.interpreter;
        let changes = self
            .store
            .update(config, plan, selection, judged, names, interpreter)?;
        let grounds = Grounds {
            plan,
            store: &self.store,
            ready,
        };
        self.judged = grounds.judge(&selection.snippets, &self.runs);
        Ok(changes)
    }

    /// What is known by now.
    pub(super) fn report(&self, config: &Config) -> Report {
        let Planned {
            begun,
            plan,
            selection,
            ready,
            warnings,
        } = &self.planned;
        let mut warnings = warnings.clone();
        warnings.extend(self.store.orphans(config, selection));
        let looked = selection.whole_notes.then_some(&self.names);
        let settled = self
            .store
            .settled(config, &self.judged, looked, &ready.interpreter);
        warnings.extend(settled);
        let mut report = outline::blank(plan, selection, &ready.interpreter, config.lang);
        for (&at, judged) in &self.judged {
            if let Some(block) = outline::block_of(&mut report, plan, selection, at) {
                *block = judged.report.clone();
                block.depends_on = outline::first_lines(plan, &plan.snippets[at].depends_on);
            }
        }
        self.names.report(&mut report, selection, &self.store);
        report.containment = ready.pool.known_containment();
        report.warnings = warnings;
        report.summary = outline::summary(&report, *begun);
        report
    }
}
