//! One run from arguments to report: reads the notes, plans, runs, judges, records.
//!
//! Wires the parts together and decides nothing itself. It prints nothing either:
//! what is to be seen comes back as text.

mod batch;
mod course;
mod execute;
pub mod live;
mod modules;
mod names;
mod outline;
mod prepare;
mod read;
mod review;
mod select;
mod start;
mod store;
mod whole;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, Weak};
use std::time::Instant;

use rayon::prelude::*;
use thiserror::Error;

use crate::bug::{self, Stage};
use crate::check::normalize::{self, Outcome};
use crate::check::rewrite;
use crate::check::verdict::{self, Facts};
use crate::config::Config;
use crate::model::{
    BUG, Block, BlockReport, Case, CheckedClaim, Claim, CodeForm, Conditions, Containment, Finding,
    Grade, Note, NoteReport, Reading, Report, Severity, Skip, Standing, Status, Summary, Warning,
};
use crate::notes::discover::DiscoverError;
use crate::plan::{Plan, Snippet};
use crate::python::interpreters::{FindError, ProbeError};
use crate::python::pool::{Pool, PoolError};
use crate::python::uv::UvError;
use crate::recording::{self, RecordingError};
use crate::shard::TimingsError;
use crate::update::{self, Change};
use course::{Course, Planned, only_writer};
use execute::Runs;
use select::Selection;
use start::Ready;
use store::Store;

pub use modules::modules;
pub use review::{Applied, Reviewed, review};
pub use start::request;

/// What a run found out, and what it changed.
#[derive(Debug, Default)]
pub struct Finished {
    /// The report.
    pub report: Report,
    /// What `--update` changed.
    pub changes: Vec<Change>,
    /// The user stopped it before its end.
    pub interrupted: bool,
}

impl Finished {
    /// True where the run is to fail: with something stale, failed, new or gone that is not
    /// known; `strict` counts what is known and warnings too.
    pub fn fails(&self, strict: bool) -> bool {
        let blocks = self.report.notes.iter().flat_map(|note| &note.blocks);
        let mut problems = blocks.filter(|block| block.status.is_some_and(Status::is_problem));
        let mut lost = self
            .report
            .notes
            .iter()
            .flat_map(|note| &note.blocks)
            .filter(|block| block.block.language.is_snippet() && block.status.is_none());
        let mut gone = self.report.notes.iter().flat_map(NoteReport::gone);
        problems.any(|block| strict || !block.known)
            || gone.any(|finding| strict || !finding.known)
            || lost.next().is_some()
            || self.report.worst() != Grade::Warning
            || (strict && self.warns())
    }

    fn warns(&self) -> bool {
        let mut blocks = self.report.notes.iter().flat_map(|note| &note.blocks);
        let in_block = blocks.any(|block| block.warnings().next().is_some());
        in_block || !self.report.warnings.is_empty()
    }
}

/// Why there is no report.
#[derive(Debug, Error)]
pub enum Failure {
    /// The paths mean no notes.
    #[error("{0}")]
    Notes(#[from] DiscoverError),
    /// A note can't be read.
    #[error("{path}: can't be read: {source}")]
    Unreadable {
        /// The note.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// There is nothing to look at.
    #[error("{message}")]
    Nothing {
        /// What was looked for.
        message: String,
        /// What to do next.
        help: String,
    },
    /// No Python to run the snippets under.
    #[error("{0}")]
    Python(#[from] FindError),
    /// More was asked of the sandbox than there is.
    #[error("a full sandbox is required, and there is only part of it here: {}", .0.words())]
    NoSandbox(Containment),
    /// What the packages of an environment do would be contained by nothing.
    #[error("the environment `{}` lies among what is checked, and nothing contains here what its packages do", .0.display())]
    UncontainedEnvironment(PathBuf),
    /// The worker is not where it should be.
    #[error("`{}` is missing: `verify` runs snippets with it", .0.display())]
    NoWorker(PathBuf),
    /// The workers don't work.
    #[error("{0}")]
    Pool(#[from] PoolError),
    /// The environment of the notes can't be made.
    #[error("{0}")]
    Environment(#[from] UvError),
    /// Python does not say what is installed.
    #[error("Python does not say which packages it has: {0}")]
    Packages(#[from] ProbeError),
    /// How long the notes took before can't be read.
    #[error("{0}")]
    Timings(#[from] TimingsError),
    /// A recording can't be read or written.
    #[error("{0}")]
    Recording(#[from] RecordingError),
    /// Somebody else wrote a recording while it was reviewed.
    #[error("{}: it was changed while it was reviewed, so nothing was written", .0.display())]
    Overtaken(PathBuf),
}

impl Failure {
    /// What to do next, `""` where the message says it.
    pub fn help(&self) -> String {
        match self {
            Self::Notes(_) | Self::Pool(_) => String::new(),
            Self::Unreadable { .. } => "change its permissions, or leave it out with a `.verifyignore`".into(),
            Self::Nothing { help, .. } => help.clone(),
            Self::Python(error) => error.help(),
            Self::Environment(error) => error.help(),
            Self::UncontainedEnvironment(folder) => format!(
                "if you trust it, name it: `--python {}`; or run with a sandbox, or under a Python that lies elsewhere",
                folder.display()
            ),
            Self::Packages(_) => "`verify python` shows which Python is used".into(),
            Self::NoSandbox(_) => {
                "docs/running.md says what each part needs; \
                 where you trust the notes, `--sandbox auto` runs them with what there is".into()
            }
            Self::NoWorker(_) => {
                "install both programs side by side: `cargo install --locked --path .` in the sources of verify, \
                 or `cargo build --bins` while working on it"
                    .into()
            }
            Self::Timings(error) => error.help(),
            Self::Recording(error) => error.help(),
            Self::Overtaken(_) => "run `verify review` again".into(),
        }
    }
}

/// Told how far a run is.
pub trait Progress: Sync {
    /// So many snippets are going to be run.
    fn begin(&self, total: usize);
    /// One more has ended.
    fn step(&self);
    /// All have.
    fn end(&self);
}

/// Lets another thread stop a run.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    state: Arc<Mutex<StopState>>,
}

#[derive(Default)]
struct StopState {
    stopped: bool,
    pools: Vec<Weak<Pool>>,
}

impl std::fmt::Debug for StopState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StopState")
            .field("stopped", &self.stopped)
            .finish_non_exhaustive()
    }
}

impl Stop {
    /// Ends all that runs now and lets nothing new start.
    pub fn stop(&self) {
        let Ok(mut state) = self.state.lock() else {
            return;
        };
        state.stopped = true;
        for pool in state.pools.iter().filter_map(Weak::upgrade) {
            pool.stop();
        }
    }

    /// Removes what a stopped run has left, for a program that ends without waiting for it.
    pub fn abandon(&self) {
        let Ok(state) = self.state.lock() else { return };
        for pool in state.pools.iter().filter_map(Weak::upgrade) {
            pool.abandon();
        }
    }

    /// True once it was stopped.
    pub fn is_stopped(&self) -> bool {
        self.state.lock().is_ok_and(|state| state.stopped)
    }

    fn watch(&self, pool: &Arc<Pool>) {
        let Ok(mut state) = self.state.lock() else {
            return;
        };
        state.pools.push(Arc::downgrade(pool));
        if state.stopped {
            pool.stop();
        }
    }
}

/// What is listed of a snippet.
struct Listed {
    /// The indices of its note and its block.
    place: (usize, usize),
    skip: Option<Skip>,
    claims: Vec<Claim>,
    depends_on: Vec<usize>,
}

/// The listing: everything but running.
pub fn list(config: &Config, stop: &Stop) -> Result<Finished, Failure> {
    let begun = Instant::now();
    let (notes, warnings) = read::all(config)?;
    let ready = start::ready(config, None, stop)?;
    let mut warnings = warnings;
    let plan = whole::plan(config, &ready, notes, &mut warnings)?;
    let selection = Selection::new(config, &plan)?;
    let lines = outline::lines(&plan);
    let Plan { notes, snippets } = plan;
    // What is not shown goes before the report comes.
    let listed = snippets.into_iter().map(|snippet| Listed {
        place: (snippet.note, snippet.block),
        skip: snippet.skip,
        claims: snippet.claims,
        depends_on: snippet.depends_on,
    });
    let mut listed: Vec<Listed> = listed.collect();
    listed.shrink_to_fit();
    let mut listed = listed.into_iter().peekable();
    let tell = |place, block| {
        while listed.next_if(|it| it.place < place).is_some() {}
        let Some(it) = listed.next_if(|it| it.place == place) else {
            return BlockReport::of(block);
        };
        BlockReport {
            skip: it.skip,
            claims: it.claims.into_iter().map(CheckedClaim::from).collect(),
            depends_on: outline::first_lines(&lines, &it.depends_on),
            ..BlockReport::of(block)
        }
    };
    let mut report = outline::report(notes, &selection, &ready.interpreter, config.lang, tell);
    report.warnings = warnings;
    report.distrusted = config
        .distrusted
        .iter()
        .map(|&key| key.to_owned())
        .collect();
    report.summary = Summary::of(&report.notes, begun.elapsed().as_secs_f64());
    Ok(Finished {
        report,
        changes: Vec::new(),
        interrupted: stop.is_stopped(),
    })
}

/// The main job.
pub fn check(config: &Config, stop: &Stop, progress: &dyn Progress) -> Result<Finished, Failure> {
    conduct(Planned::new(config, stop)?, config, stop, progress)
}

/// The same for these notes, with workers that are there already.
fn look(
    config: &Config,
    ready: &Arc<Ready>,
    notes: Vec<Note>,
    warnings: Vec<Warning>,
    stop: &Stop,
    progress: &dyn Progress,
) -> Result<Finished, Failure> {
    let planned = Planned::of(config, Arc::clone(ready), notes, warnings)?;
    conduct(planned, config, stop, progress)
}

/// Runs and judges what is planned, and records what it does where that is asked for.
fn conduct(
    planned: Planned,
    config: &Config,
    stop: &Stop,
    progress: &dyn Progress,
) -> Result<Finished, Failure> {
    let mut lock = config
        .update
        .then(|| recording::lock(&config.expected))
        .transpose()?;
    let _only_writer = lock
        .as_mut()
        .map(|lock| only_writer(lock, config))
        .transpose()?;
    let mut course = Course::run(planned, config, stop, progress)?;
    let interrupted = stop.is_stopped();
    let changes = if config.update && !interrupted {
        course.update(config)?
    } else {
        Vec::new()
    };
    course.keep();
    let report = course.report(config);
    Ok(Finished {
        report,
        changes,
        interrupted,
    })
}

/// One judged snippet, with what it did in its runs.
#[derive(Clone)]
pub(crate) struct Judged {
    /// The judgement.
    pub(crate) report: BlockReport,
    /// What it did, where it ran to a judgement.
    pub(crate) outcome: Option<Outcome>,
    second: Second,
    /// What decides whether it is run in other ways too.
    standing: Standing,
}

/// What a snippet did under other conditions.
#[derive(Clone)]
enum Second {
    /// Nobody asked.
    NotRead,
    /// It did not come to its end.
    Lost,
    /// This.
    Did(Outcome),
}

impl Judged {
    /// A snippet that could not be judged, as there is a bug.
    fn lost(block: &Block, bug: Warning) -> Self {
        let finding = Finding {
            rule: BUG.into(),
            line: block.lines.first,
            message: bug.message,
            since: None,
            severity: Severity::Error,
            help: bug.help,
            url: None,
            known: false,
        };
        let report = BlockReport {
            status: Some(Status::Failed),
            findings: vec![finding],
            ..BlockReport::of(block.clone())
        };
        Self {
            standing: Standing {
                status: report.status,
                ..Standing::default()
            },
            report,
            outcome: None,
            second: Second::NotRead,
        }
    }

    /// What it did in both runs, where there were two.
    pub(crate) fn runs(&self) -> Option<update::Runs<'_>> {
        let first = self.outcome.as_ref()?;
        let second = match &self.second {
            Second::NotRead => return None,
            Second::Lost => None,
            Second::Did(outcome) => Some(outcome),
        };
        Some(update::Runs { first, second })
    }
}

/// What judging rests on beside what the snippets did.
#[derive(Clone, Copy)]
struct Grounds<'a> {
    plan: &'a Plan,
    store: &'a Store,
    /// The Python that runs.
    version: (u8, u8, u8),
    /// Folders of its installation.
    installation: &'a [String],
}

impl<'a> Grounds<'a> {
    fn new(plan: &'a Plan, store: &'a Store, ready: &'a Ready) -> Self {
        Self {
            plan,
            store,
            version: ready.interpreter.version,
            installation: &ready.installation,
        }
    }

    /// Judges these snippets by what is known of them by now.
    fn judge(self, which: &BTreeSet<usize>, runs: &Runs) -> BTreeMap<usize, Judged> {
        let judged = which.par_iter().map(|&at| (at, self.judge_one(at, runs)));
        judged.collect()
    }

    fn judge_one(self, at: usize, runs: &Runs) -> Judged {
        let snippet = &self.plan.snippets[at];
        let note = &self.plan.notes[snippet.note];
        let judged = bug::kept_to(&note.path, Stage::Judge, || self.judge_it(at, runs));
        judged.unwrap_or_else(|bug| Judged::lost(&note.blocks[snippet.block], *bug))
    }

    fn judge_it(self, at: usize, runs: &Runs) -> Judged {
        let Self {
            plan,
            store,
            version,
            installation,
        } = self;
        let (snippet, case) = (&plan.snippets[at], &runs.cases[at]);
        let found = store.entry_of(plan, at);
        let tried = rewrite::tried(snippet, case, version);
        let facts = Facts {
            block: &plan.notes[snippet.note].blocks[snippet.block],
            snippet,
            case,
            tried: tried.as_ref(),
            version,
            entry: found.as_ref().map(|found| found.entry),
            edited: found.as_ref().is_some_and(|found| found.edited),
            recorded_with: found.as_ref().map_or("", |found| found.python),
            pictures: found.as_ref().map_or("", |found| found.pictures),
            installation,
            old: &runs.old[at],
        };
        let judgement = verdict::judge(facts);
        Judged {
            standing: judgement.standing(facts),
            report: judgement.report,
            outcome: judgement.outcome,
            second: self.second(snippet, case),
        }
    }

    fn second(self, snippet: &Snippet, case: &Case) -> Second {
        let reading = Reading::of(CodeForm::Written, Conditions::Second);
        let installation = self.installation;
        match case.trace(reading.form, reading.conditions) {
            Some(trace) => {
                let prompts = snippet.code.prompts;
                Second::Did(normalize::outcome(trace, prompts, installation))
            }
            None if case.was_read(|other| other == reading) => Second::Lost,
            None => Second::NotRead,
        }
    }
}
