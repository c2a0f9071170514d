//! What ran before is answered from a cache in the user's cache folder.
//!
//! An answer counts for the same code with the same code before it, under the same
//! [`Surroundings`]: interpreter, packages, settings, programs. What is kept is decided by who
//! judges; here it is only seen to that it really ran, once, and where nothing from outside could
//! reach it. A cache that can't be read is empty, and one that can't be written is no error.

mod file;
mod surroundings;

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use file::Entries;
pub use file::clean;
pub use surroundings::Surroundings;

use super::placed::{Key, Placed, first_line, key};
use super::pool::{PARSER_CRASHED, PoolError, Runner};
use super::protocol::Job;
use crate::model::{Analysis, Code, Containment, End, Fence, Trace};

/// The folder of the cache in that of `verify`.
pub const FOLDER: &str = "traces";

/// The path of a note, and the line on which a snippet begins in it.
pub type Place = (String, u32);

/// A runner that answers from the cache what another one ran in an earlier run.
pub struct Cached {
    runner: Arc<dyn Runner + Send>,
    surroundings: Surroundings,
    folder: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// What the entries count for; none where nothing may be answered or kept.
    generation: Option<Key>,
    /// What is asked is answered, not only kept.
    answers: bool,
    entries: Entries,
    asked: HashMap<Place, Asked>,
}

/// What was asked about one snippet.
#[derive(Default)]
struct Asked {
    times: usize,
    answered: usize,
    ran: Option<(Key, Placed)>,
}

impl Cached {
    /// Answers nothing yet; the cache lies in `folder`.
    pub fn new(
        runner: Arc<dyn Runner + Send>,
        surroundings: Surroundings,
        folder: PathBuf,
    ) -> Self {
        Self {
            runner,
            surroundings,
            folder,
            state: Mutex::default(),
        }
    }

    /// The same over another runner.
    #[must_use]
    pub fn over(self, runner: Arc<dyn Runner + Send>) -> Self {
        Self { runner, ..self }
    }

    /// Begins a look at some notes; `answers` is false where nothing is to be read from the cache.
    pub fn begin(&self, answers: bool) {
        let Ok(mut state) = self.state.lock() else {
            return;
        };
        let generation = self.surroundings.generation();
        if generation != state.generation {
            let read = |generation| file::read(&self.folder, generation);
            state.entries = generation.as_ref().map(read).unwrap_or_default();
            state.generation = generation;
        }
        state.answers = answers;
        state.asked.clear();
    }

    /// The snippets that were answered and not run since the look began.
    pub fn answered(&self) -> BTreeSet<Place> {
        let Ok(state) = self.state.lock() else {
            return BTreeSet::new();
        };
        let asked = state.asked.iter();
        let answered = asked.filter(|(_, asked)| asked.answered == asked.times);
        answered.map(|(place, _)| place.clone()).collect()
    }

    /// Ends the look: keeps what these snippets did, as far as they ran once and were contained.
    /// Nothing is kept where what the runs rest on has changed meanwhile.
    pub fn keep(&self, which: &BTreeSet<Place>, containment: Option<&Containment>) {
        let Ok(mut state) = self.state.lock() else {
            return;
        };
        let State {
            generation,
            entries,
            asked,
            ..
        } = &mut *state;
        let Some(known) = generation.filter(|_| *generation == self.surroundings.generation())
        else {
            return;
        };
        if containment.is_some_and(is_apart) {
            for (place, asked) in asked {
                let is_kept = asked.times == 1 && which.contains(place);
                if let Some((key, placed)) = asked.ran.take().filter(|_| is_kept) {
                    entries.add_run(key, placed);
                }
            }
        }
        if entries.is_new() {
            // The next run runs again what could not be written.
            let _ = file::write(&self.folder, &known, entries);
        }
    }

    fn recall(&self, job: &Job, key: Option<&Key>) -> Option<Trace> {
        let mut state = self.state.lock().ok()?;
        let answer = key
            .filter(|_| state.answers && state.generation.is_some())
            .and_then(|key| state.entries.run(key)?.at(job));
        let asked = state.asked.entry(place(job)).or_default();
        asked.times += 1;
        asked.answered += usize::from(answer.is_some());
        answer
    }

    fn note(&self, job: &Job, key: Key, trace: &Trace) {
        let well = matches!(trace.end, End::Finished | End::Exit(_)) && trace.dropped == 0;
        if let Ok(mut state) = self.state.lock()
            && well
            && !trace.in_replay
        {
            let asked = state.asked.entry(place(job)).or_default();
            asked.ran = Some((key, Placed::of(job, trace)));
        }
    }
}

impl Runner for Cached {
    fn analyze(&self, sources: &[Code]) -> Result<Vec<Analysis>, PoolError> {
        let keys: Vec<Option<Key>> = sources.iter().map(key_of_code).collect();
        let mut found: Vec<Option<Analysis>> = match self.state.lock() {
            Ok(mut state) if state.answers => {
                let entries = &mut state.entries;
                let known = |key: &Option<Key>| entries.analysis(key.as_ref()?).cloned();
                keys.iter().map(known).collect()
            }
            _ => vec![None; sources.len()],
        };
        let open = |at: &usize| found[*at].is_none();
        let open: Vec<usize> = (0..sources.len()).filter(open).collect();
        let asked: Vec<Code> = open.iter().map(|&at| sources[at].clone()).collect();
        if asked.is_empty() {
            return Ok(found.into_iter().flatten().collect());
        }
        let new = self.runner.analyze(&asked)?;
        let mut state = self.state.lock();
        for (at, analysis) in open.into_iter().zip(new) {
            if let (Some(key), Ok(state)) = (keys[at], &mut state)
                && !has_crashed(&analysis)
            {
                state.entries.add_analysis(key, analysis.clone());
            }
            found[at] = Some(analysis);
        }
        Ok(found.into_iter().flatten().collect())
    }

    fn run(&self, jobs: &[Job], done: &(dyn Fn() + Sync)) -> Result<Vec<Option<Trace>>, PoolError> {
        let keys: Vec<Option<Key>> = jobs.iter().map(key).collect();
        let recall = |(job, key): (&Job, &Option<Key>)| self.recall(job, key.as_ref());
        let mut traces: Vec<Option<Trace>> = jobs.iter().zip(&keys).map(recall).collect();
        traces.iter().flatten().for_each(|_| done());
        let open = |at: &usize| traces[*at].is_none();
        let open: Vec<usize> = (0..jobs.len()).filter(open).collect();
        if open.is_empty() {
            return Ok(traces);
        }
        let asked: Vec<Job> = open.iter().map(|&at| jobs[at].clone()).collect();
        for (at, trace) in open.into_iter().zip(self.runner.run(&asked, done)?) {
            if let (Some(key), Some(trace)) = (keys[at], &trace) {
                self.note(&jobs[at], key, trace);
            }
            traces[at] = trace;
        }
        Ok(traces)
    }
}

fn place(job: &Job) -> Place {
    (job.path.clone(), first_line(&job.code))
}

fn key_of_code(code: &Code) -> Option<Key> {
    let bytes = postcard::to_stdvec(code).ok()?;
    Some(*blake3::hash(&bytes).as_bytes())
}

/// True where nothing is known of the code, as the parser was lost with it.
fn has_crashed(analysis: &Analysis) -> bool {
    let error = analysis.error.as_ref();
    error.is_some_and(|error| error.message == PARSER_CRASHED)
}

/// True where neither files of the user nor the network could have a part in what happened.
fn is_apart(containment: &Containment) -> bool {
    let has = |one, other| containment.has.contains(&one) || containment.has.contains(&other);
    !containment.off && has(Fence::Files, Fence::Landlock) && has(Fence::Network, Fence::Seccomp)
}

#[cfg(test)]
mod tests;
