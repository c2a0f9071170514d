//! Many workers at once: rayon spreads the work, each thread borrows a worker.
//!
//! As many snippets run at once as were asked for, and more while some of them wait for something.
//! Snippets that import what others import too get workers that have it already.
//! A lost worker is replaced and its snippet tried once more; a snippet that
//! loses two workers is told as such. Nothing here judges or prints.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use thiserror::Error;

use super::folder::RunFolder;
use super::leftovers;
use super::packages;
use super::protocol::{Job, Reply, Request};
use super::warm::{self, Warm};
use super::worker::Worker;
use super::zygote::{Birth, Forked, Zygote};
use crate::model::{Analysis, Code, Containment, End, SyntaxProblem, Trace};

pub use super::worker::{Start, Within};

/// How long a worker may take to parse what it was given.
const ANALYSIS_PATIENCE: Duration = Duration::from_secs(60);
/// How long after a snippet's own limit a worker may take to say so.
const RUN_PATIENCE: Duration = Duration::from_secs(20);
/// How many workers a snippet, or a question, may take down.
const TRIES: usize = 2;
/// How long it is waited before a worker is tried to be started once more, where one was started before.
const PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(1)];
/// How many snippets may be under way for each that may use the processor.
const UNDER_WAY: usize = 8;
/// What is said of code that takes the parser down.
pub(super) const PARSER_CRASHED: &str = "the parser crashed";
/// How many sources are parsed at a time.
const ANALYSIS_BATCH: usize = 32;

/// What runs Python for the rest of the program; a scripted one stands in for it in tests.
pub trait Runner: Sync {
    /// What CPython's parser says about each of these.
    fn analyze(&self, sources: &[Code]) -> Result<Vec<Analysis>, PoolError>;

    /// Runs each of these, in any order, and returns what happened in theirs; none for
    /// those that were not run because the user stopped it. `done` is called as each
    /// one ends, from any thread.
    fn run(&self, jobs: &[Job], done: &(dyn Fn() + Sync)) -> Result<Vec<Option<Trace>>, PoolError>;
}

impl<R: Runner + Send + ?Sized> Runner for Arc<R> {
    fn analyze(&self, sources: &[Code]) -> Result<Vec<Analysis>, PoolError> {
        (**self).analyze(sources)
    }

    fn run(&self, jobs: &[Job], done: &(dyn Fn() + Sync)) -> Result<Vec<Option<Trace>>, PoolError> {
        (**self).run(jobs, done)
    }
}

/// Why nothing could be run.
#[derive(Debug, Error)]
pub enum PoolError {
    /// The threads could not be started.
    #[error("can't start {jobs} threads: {source}; try fewer with --jobs")]
    Threads {
        /// How many were wanted.
        jobs: usize,
        /// Why not.
        source: rayon::ThreadPoolBuildError,
    },
    /// A folder for the snippets could not be made.
    #[error("can't make a temporary folder in {}: {source}; free some space there or set TMPDIR to another folder", .folder.display())]
    Folder {
        /// Where.
        folder: std::path::PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A worker could not be started, or never answered.
    #[error("the worker {} can't run {}: {reason}; `verify python` lists the interpreters that can be used", .program.display(), .executable.display())]
    Worker {
        /// The program.
        program: std::path::PathBuf,
        /// The interpreter that it was to embed.
        executable: std::path::PathBuf,
        /// Why not.
        reason: String,
    },
    /// The user has stopped it.
    #[error("interrupted")]
    Interrupted,
}

/// What a worker has before its first snippet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Kind {
    /// What the installed packages have put into `.pth` files is done.
    packages: bool,
    /// What several snippets import is imported.
    warm: bool,
}

impl Kind {
    /// The quickest to start.
    const BARE: Self = Self {
        packages: false,
        warm: false,
    };

    fn number(self) -> usize {
        usize::from(self.packages) * 2 + usize::from(self.warm)
    }
}

/// Workers that are started in one way.
pub struct Pool {
    start: Start,
    jobs: usize,
    threads: rayon::ThreadPool,
    zygotes: Mutex<[Option<Arc<Zygote>>; 4]>,
    /// All processes that these have forked.
    forked: Mutex<Vec<u32>>,
    idle: [Mutex<Vec<Worker>>; 4],
    warm: OnceLock<Warm>,
    busy: Mutex<BTreeSet<u32>>,
    folders: RunFolder,
    started: AtomicU64,
    stopped: AtomicBool,
    containment: Mutex<Option<Containment>>,
}

impl Pool {
    /// Up to `jobs` workers, started when they are needed; their folders lie under `temporary`.
    pub fn new(start: Start, jobs: usize, temporary: &Path) -> Result<Self, PoolError> {
        let threads = rayon::ThreadPoolBuilder::new()
            .num_threads(jobs)
            .build()
            .map_err(|source| PoolError::Threads { jobs, source })?;
        let folders = RunFolder::new(temporary).map_err(|source| PoolError::Folder {
            folder: temporary.to_owned(),
            source,
        })?;
        Ok(Self {
            start,
            jobs,
            threads,
            zygotes: Mutex::default(),
            forked: Mutex::default(),
            idle: Default::default(),
            warm: OnceLock::new(),
            busy: Mutex::default(),
            folders,
            started: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
            containment: Mutex::default(),
        })
    }

    /// What contains the snippets, once there was a worker.
    pub fn known_containment(&self) -> Option<Containment> {
        self.containment.lock().ok()?.clone()
    }

    /// What contains the snippets; it starts a worker if there was none yet.
    pub fn containment(&self) -> Result<Containment, PoolError> {
        if let Some(known) = self.known_containment() {
            return Ok(known);
        }
        let worker = self.new_worker(Kind::BARE)?;
        let containment = worker.containment().clone();
        self.put_back(Kind::BARE, worker);
        Ok(containment)
    }

    /// Ends everything that runs; what is asked from now on is `Interrupted`.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        let Ok(busy) = self.busy.lock() else { return };
        for pid in busy.iter().filter_map(|&pid| i32::try_from(pid).ok()) {
            if let Some(pid) = rustix::process::Pid::from_raw(pid) {
                // It fails only where the worker is gone already.
                let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
            }
        }
    }

    /// Ends what killed workers have left and removes their folder.
    pub fn abandon(&self) {
        self.end();
        self.folders.remove();
    }

    /// Ends every process of this pool.
    fn end(&self) {
        self.forget_zygotes();
        let forked = self.forked.lock();
        let forked = forked.map(|mut forked| std::mem::take(&mut *forked));
        leftovers::end_these(&forked.unwrap_or_default());
        leftovers::end();
    }

    fn borrow(&self, kind: Kind) -> Result<Worker, PoolError> {
        if self.stopped.load(Ordering::SeqCst) {
            return Err(PoolError::Interrupted);
        }
        let idle = self.idle[kind.number()].lock();
        let idle = idle.ok().and_then(|mut idle| idle.pop());
        let worker = idle.map_or_else(|| self.new_worker(kind), Ok)?;
        if let Ok(mut busy) = self.busy.lock() {
            busy.insert(worker.pid());
        }
        Ok(worker)
    }

    fn put_back(&self, kind: Kind, worker: Worker) {
        if let Ok(mut idle) = self.idle[kind.number()].lock() {
            idle.push(worker);
        }
    }

    /// A worker of this kind. Where none can be started it is tried again, as what keeps it from starting may
    /// be a snippet that runs now.
    fn new_worker(&self, kind: Kind) -> Result<Worker, PoolError> {
        let pauses: &[Duration] = if self.known_containment().is_some() {
            &PAUSES
        } else {
            &[]
        };
        for &pause in pauses {
            match self.try_new_worker(kind) {
                Err(PoolError::Worker { .. }) if !self.stopped.load(Ordering::SeqCst) => {
                    std::thread::sleep(pause);
                }
                other => return other,
            }
        }
        self.try_new_worker(kind)
    }

    fn try_new_worker(&self, kind: Kind) -> Result<Worker, PoolError> {
        let number = self.started.fetch_add(1, Ordering::Relaxed);
        let folder = self.folders.path().join(number.to_string());
        std::fs::create_dir(&folder).map_err(|source| PoolError::Folder {
            folder: folder.clone(),
            source,
        })?;
        let mut worker = self.start_worker(kind, &folder);
        if worker
            .as_ref()
            .is_err_and(|error| error.kind() != io::ErrorKind::TimedOut)
        {
            // A snippet may have ended what it was to come from.
            self.forget_zygotes();
            worker = self.start_worker(kind, &folder);
        }
        let worker = worker.map_err(|error| self.unfit(&error.to_string()))?;
        if let Ok(mut known) = self.containment.lock() {
            known.get_or_insert_with(|| worker.containment().clone());
        }
        Ok(worker)
    }

    fn start_worker(&self, kind: Kind, folder: &Path) -> io::Result<Worker> {
        let forked = self.fork(&*self.zygote(kind)?, &Birth::Worker)?;
        Worker::start(forked, &self.start, folder)
    }

    fn fork(&self, zygote: &Zygote, birth: &Birth) -> io::Result<Forked> {
        let forked = zygote.fork(birth)?;
        if let Ok(mut all) = self.forked.lock() {
            all.push(forked.pid);
        }
        Ok(forked)
    }

    /// What workers of this kind are forked from.
    fn zygote(&self, kind: Kind) -> io::Result<Arc<Zygote>> {
        let lock = self.zygotes.lock();
        let mut zygotes = lock.map_err(|_| io::Error::other("a thread has panicked"))?;
        let cold = Kind {
            warm: false,
            ..kind
        };
        for kind in [cold, kind] {
            if zygotes[kind.number()].is_some() {
                continue;
            }
            let new = match (kind.warm, &zygotes[cold.number()], self.warm.get()) {
                (true, Some(cold), Some(warm)) => {
                    let birth = Birth::Zygote(warm.modules().to_vec());
                    Zygote::of(self.fork(cold, &birth)?)
                }
                _ => Zygote::start(&self.start, kind.packages, self.folders.path())?,
            };
            zygotes[kind.number()] = Some(Arc::new(new));
        }
        let zygote = zygotes[kind.number()].clone();
        zygote.ok_or_else(|| io::Error::other("it could not be started"))
    }

    fn forget_zygotes(&self) {
        if let Ok(mut zygotes) = self.zygotes.lock() {
            *zygotes = Default::default();
        }
    }

    fn unfit(&self, reason: &str) -> PoolError {
        let Start {
            program,
            executable,
            ..
        } = &self.start;
        PoolError::Worker {
            program: program.clone(),
            executable: executable.clone(),
            reason: reason.to_owned(),
        }
    }

    /// One question to one worker. A worker that fails, or says that it retires, is dropped, which ends its
    /// process.
    fn ask(
        &self,
        kind: Kind,
        request: &Request,
        patience: Duration,
        idle: Option<&dyn Fn()>,
    ) -> Result<io::Result<Reply>, PoolError> {
        let mut worker = self.borrow(kind)?;
        let reply = worker.ask_and_watch(request, patience, idle);
        if let Ok(mut busy) = self.busy.lock() {
            busy.remove(&worker.pid());
        }
        if self.stopped.load(Ordering::SeqCst) {
            return Err(PoolError::Interrupted);
        }
        if reply.as_ref().is_ok_and(|reply| !reply.is_last()) {
            self.put_back(kind, worker);
        }
        Ok(reply)
    }

    fn ask_plainly(&self, request: &Request) -> Result<io::Result<Reply>, PoolError> {
        self.ask(Kind::BARE, request, ANALYSIS_PATIENCE, None)
    }

    fn analyze_batch(&self, sources: &[Code]) -> Result<Vec<Analysis>, PoolError> {
        match self.ask_plainly(&Request::Analyze(sources.to_vec()))? {
            Ok(Reply::Analyzed(found)) if found.len() == sources.len() => Ok(found),
            Ok(Reply::Refused(reason)) => Err(self.unfit(&reason)),
            // Source that takes the parser down is found by asking for each one alone.
            _ if sources.len() > 1 => sources
                .chunks(1)
                .map(|one| self.analyze_batch(one))
                .collect::<Result<Vec<_>, _>>()
                .map(|all| all.concat()),
            _ => {
                self.check_that_workers_work()?;
                let problem = SyntaxProblem {
                    message: PARSER_CRASHED.into(),
                    ..SyntaxProblem::default()
                };
                Ok(vec![Analysis {
                    error: Some(problem),
                    ..Analysis::default()
                }])
            }
        }
    }

    /// An error where not even a snippet that does nothing can be run.
    fn check_that_workers_work(&self) -> Result<(), PoolError> {
        let request = Request::Run(Box::default());
        let mut reason = String::new();
        for _ in 0..TRIES {
            match self.ask_plainly(&request)? {
                Ok(Reply::Ran(_)) => return Ok(()),
                Ok(Reply::Refused(why)) => reason = why,
                Ok(Reply::Analyzed(_) | Reply::Begun(_)) => reason = "it answers nonsense".into(),
                Err(error) => reason = error.to_string(),
            }
        }
        Err(self.unfit(&reason))
    }

    /// True where something is done whenever Python starts that is no package's alone.
    fn customized(&self) -> bool {
        let within = self.start.within.as_ref();
        within.is_some_and(|within| within.customized)
    }

    fn run_one(&self, job: &Job, idle: &dyn Fn()) -> Result<Trace, PoolError> {
        let kind = Kind {
            packages: self.customized() || packages::may_be_used(job),
            warm: self.warm.get().is_some_and(|warm| warm.suits(job)),
        };
        let patience = Duration::from_secs_f64(job.limits.wall.clamp(0.0, 1e6)) + RUN_PATIENCE;
        let request = Request::Run(Box::new(job.clone()));
        for _ in 0..TRIES {
            if let Ok(Reply::Ran(ran)) = self.ask(kind, &request, patience, Some(idle))? {
                return Ok(*ran.trace);
            }
        }
        self.check_that_workers_work()?;
        Ok(Trace {
            events: Vec::new(),
            dropped: 0,
            end: End::WorkerLost,
            in_replay: false,
            open: Vec::new(),
            seconds: 0.0,
        })
    }
}

impl Drop for Pool {
    /// All workers leave at the same time.
    fn drop(&mut self) {
        let idle = self.idle.iter_mut().filter_map(|idle| idle.get_mut().ok());
        let mut idle: Vec<Worker> = idle.flat_map(std::mem::take).collect();
        idle.iter_mut().for_each(Worker::tell_to_leave);
        drop(idle);
        self.end();
    }
}

/// The work of a run, handed out to threads one piece after the other.
struct Queue<'a> {
    pool: &'a Pool,
    /// How many pieces there are, and how many of them are taken.
    total: usize,
    taken: AtomicUsize,
    /// How many threads are at a piece that uses the processor.
    active: AtomicUsize,
    /// How many threads there are.
    threads: AtomicUsize,
    work: &'a (dyn Fn(usize, &dyn Fn()) + Sync),
}

impl<'a> Queue<'a> {
    /// Does all the work: `work` is told the number of a piece, and calls what it is given if
    /// it finds that it only waits.
    fn finish(pool: &'a Pool, total: usize, work: &'a (dyn Fn(usize, &dyn Fn()) + Sync)) {
        let threads = pool.jobs.min(total);
        let queue = Self {
            pool,
            total,
            taken: AtomicUsize::new(0),
            active: AtomicUsize::new(threads),
            threads: AtomicUsize::new(threads),
            work,
        };
        std::thread::scope(|more| {
            pool.threads.scope(|scope| {
                for _ in 0..threads {
                    scope.spawn(|_| queue.help(more));
                }
            });
        });
    }

    /// Takes pieces until there are none left, or until enough others do.
    fn help<'scope>(&'scope self, more: &'scope std::thread::Scope<'scope, '_>) {
        let mut counted = true;
        loop {
            let piece = self.taken.fetch_add(1, Ordering::SeqCst);
            if piece >= self.total {
                break;
            }
            let waits = AtomicBool::new(false);
            (self.work)(piece, &|| {
                if !waits.swap(true, Ordering::SeqCst) {
                    self.active.fetch_sub(1, Ordering::SeqCst);
                    self.get_help(more);
                }
            });
            counted = !waits.into_inner() || enter(&self.active, self.pool.jobs);
            if !counted {
                break;
            }
        }
        if counted {
            self.active.fetch_sub(1, Ordering::SeqCst);
        }
        self.threads.fetch_sub(1, Ordering::SeqCst);
    }

    /// Starts one more thread, where there is work and room for it.
    fn get_help<'scope>(&'scope self, more: &'scope std::thread::Scope<'scope, '_>) {
        if self.taken.load(Ordering::SeqCst) >= self.total
            || !enter(&self.threads, self.pool.jobs.saturating_mul(UNDER_WAY))
        {
            return;
        }
        let entered = enter(&self.active, self.pool.jobs);
        let started = || std::thread::Builder::new().spawn_scoped(more, || self.help(more));
        if !entered || started().is_err() {
            // The threads that there are do the work.
            self.threads.fetch_sub(1, Ordering::SeqCst);
            if entered {
                self.active.fetch_sub(1, Ordering::SeqCst);
            }
        }
    }
}

/// Counts one more, unless there are as many as `most`.
fn enter(count: &AtomicUsize, most: usize) -> bool {
    let add = |now: usize| (now < most).then_some(now + 1);
    count
        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, add)
        .is_ok()
}

impl Runner for Pool {
    fn analyze(&self, sources: &[Code]) -> Result<Vec<Analysis>, PoolError> {
        let batches: Vec<&[Code]> = sources.chunks(ANALYSIS_BATCH).collect();
        let found = spread(self, batches.len(), |at, _| self.analyze_batch(batches[at]));
        found.map(|found| found.concat())
    }

    fn run(&self, jobs: &[Job], done: &(dyn Fn() + Sync)) -> Result<Vec<Option<Trace>>, PoolError> {
        self.warm.get_or_init(|| warm::learn(jobs));
        spread(self, jobs.len(), |at, idle| {
            let trace = match self.run_one(&jobs[at], idle) {
                Err(PoolError::Interrupted) => None,
                other => Some(other?),
            };
            done();
            Ok(trace)
        })
    }
}

/// What `work` returns for each number below `total`, or the first error.
fn spread<T: Send>(
    pool: &Pool,
    total: usize,
    work: impl Fn(usize, &dyn Fn()) -> Result<T, PoolError> + Sync,
) -> Result<Vec<T>, PoolError> {
    let places: Vec<Mutex<Option<Result<T, PoolError>>>> =
        (0..total).map(|_| Mutex::default()).collect();
    Queue::finish(pool, total, &|at, idle| {
        let done = work(at, idle);
        if let Ok(mut place) = places[at].lock() {
            *place = Some(done);
        }
    });
    let done = places.into_iter().map(|place| {
        let place = place.into_inner().ok().flatten();
        place.unwrap_or(Err(PoolError::Interrupted))
    });
    done.collect()
}
