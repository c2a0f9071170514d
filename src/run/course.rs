//! The course of a run: what it is about, then what its snippets did, then the report.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::mem;
use std::sync::Arc;
use std::time::Instant;

use super::execute::{self, Runners, Runs, Way};
use super::names::Names;
use super::read::Share;
use super::select::Selection;
use super::start::{self, Ready};
use super::store::{Found, Store};
use super::{Failure, Grounds, Judged, Progress, Stop, outline, prepare, read, whole};
use crate::check::compare;
use crate::config::Config;
use crate::model::{BlockReport, Note, Report, Shard, Summary, Warning};
use crate::plan::Plan;
use crate::python::cached::{Cached, Place};
use crate::reading::Purpose;
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
    shard: Option<Shard>,
    elsewhere: Vec<String>,
}

impl Planned {
    pub(super) fn new(config: &Config, stop: &Stop) -> Result<Self, Failure> {
        let begun = Instant::now();
        let Share {
            notes,
            warnings,
            shard,
            elsewhere,
        } = Share::read(config)?;
        // An environment is made with what all notes need, so that it is the same in every shard.
        let every = match &config.environment {
            Some(_) if shard.is_some() => Some(read::all(config)?.0),
            _ => None,
        };
        let ready = start::ready(config, Some(every.as_ref().unwrap_or(&notes)), stop)?;
        let planned = Self::of(config, Arc::new(ready), notes, warnings)?;
        Ok(Self {
            begun,
            shard,
            elsewhere,
            ..planned
        })
    }

    /// The same for notes that are read, with workers that are there.
    pub(super) fn of(
        config: &Config,
        ready: Arc<Ready>,
        notes: Vec<Note>,
        mut warnings: Vec<Warning>,
    ) -> Result<Self, Failure> {
        let begun = Instant::now();
        if let Some(cache) = &ready.cache {
            // What is recorded is what a run did.
            cache.begin(!config.update && !config.review);
        }
        let plan = whole::plan(config, &ready, notes, &mut warnings)?;
        let selection = Selection::new(config, &plan)?;
        selection.needs_snippets(&plan)?;
        warnings.extend(prepare::check(config, ready.runner())?);
        Ok(Self {
            begun,
            plan,
            selection,
            ready,
            warnings,
            shard: None,
            elsewhere: Vec::new(),
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
            elsewhere,
            ..
        } = &planned;
        let store = Store::read(config, plan, selection, warnings, elsewhere)?;
        let second = || ready.other(config, stop);
        let way = Way {
            purpose: purpose(config),
            limits: start::limits(config),
            setups: &config.setup,
            runners: Runners::new(ready.runner(), &second),
            stop,
            progress,
        };
        let grounds = Grounds::new(plan, &store, ready);
        let (runs, judged) = execute::run(&way, &selection.snippets, grounds)?;
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
        let grounds = Grounds::new(plan, &self.store, ready);
        self.judged = grounds.judge(&selection.snippets, &self.runs);
        Ok(changes)
    }

    /// Keeps for the next run what snippets did that do the same whenever they run.
    pub(super) fn keep(&self) {
        let Planned { plan, ready, .. } = &self.planned;
        let Some(cache) = &ready.cache else { return };
        let is_settled = |at: usize, judged: &Judged| {
            let found = self.store.entry_of(plan, at);
            let outcome = judged.outcome.as_ref();
            found.zip(outcome).is_some_and(|(found, outcome)| {
                let Found { entry, edited, .. } = found;
                let varies = entry.masked || outcome.steady.is_some();
                entry.ran && !varies && !edited && compare::agrees(entry, outcome)
            })
        };
        let settled = self.judged.iter();
        let settled = settled.filter(|(at, judged)| is_settled(**at, judged));
        let settled = settled.map(|(&at, _)| place(plan, at)).collect();
        cache.keep(&settled, ready.pool.known_containment().as_ref());
    }

    /// What is known by now. It takes the notes and what was judged.
    pub(super) fn report(&mut self, config: &Config) -> Report {
        let Planned {
            begun,
            plan,
            selection,
            ready,
            warnings,
            shard,
            ..
        } = &mut self.planned;
        let mut warnings = warnings.clone();
        warnings.extend(self.store.orphans(config, selection));
        let looked = selection.whole_notes.then_some(&self.names);
        let settled = self
            .store
            .settled(config, &self.judged, looked, &ready.interpreter);
        warnings.extend(settled);
        let cached = ready
            .cache
            .as_ref()
            .map(Cached::answered)
            .unwrap_or_default();
        let is_cached = |at: &usize| !cached.is_empty() && cached.contains(&place(plan, *at));
        let cached: BTreeSet<usize> = self.judged.keys().copied().filter(is_cached).collect();
        let lines = outline::lines(plan);
        let notes = mem::take(&mut plan.notes);
        let mut judged = mem::take(&mut self.judged).into_iter().peekable();
        let place_of = |at: usize| (plan.snippets[at].note, plan.snippets[at].block);
        let tell = |place, block| {
            let Some((at, judged)) = judged.next_if(|(at, _)| place_of(*at) == place) else {
                return BlockReport::of(block);
            };
            BlockReport {
                cached: cached.contains(&at),
                depends_on: outline::first_lines(&lines, &plan.snippets[at].depends_on),
                ..judged.report
            }
        };
        let mut report = outline::report(notes, selection, &ready.interpreter, config.lang, tell);
        self.names.report(&mut report, selection, &self.store);
        warnings.extend(self.names.bugs.iter().chain(&self.store.bugs).cloned());
        report.containment = ready.pool.known_containment();
        report.warnings = warnings;
        report.distrusted = config
            .distrusted
            .iter()
            .map(|&key| key.to_owned())
            .collect();
        report.sort_warnings();
        report.shard.clone_from(shard);
        report.summary = Summary::of(&report.notes, begun.elapsed().as_secs_f64());
        report
    }
}

/// What it is all run for.
fn purpose(config: &Config) -> Purpose {
    match (config.update, config.review) {
        (true, _) => Purpose::Record,
        (false, true) => Purpose::Review,
        (false, false) => Purpose::Check,
    }
}

/// Where a snippet stands, as it is run.
fn place(plan: &Plan, at: usize) -> Place {
    let snippet = &plan.snippets[at];
    let first = snippet.code.pieces.first().map_or(0, |piece| piece.line);
    (plan.notes[snippet.note].path.clone(), first)
}
