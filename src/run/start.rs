//! What a run needs before the first snippet: an interpreter, and workers that embed it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Failure, Stop};
use crate::config::{Config, Made, Sandbox};
use crate::model::{Containment, Directives, Fence, Note};
use crate::notes::version_matches;
use crate::python::cached::{self, Cached, Surroundings};
use crate::python::interpreters::{self, Interpreter, Request};
use crate::python::pool::{Pool, Runner, Start, Within};
use crate::python::protocol::{Limits, Setup};
use crate::python::remember::Remembering;
use crate::python::uv::{self, Wanted};

/// Seconds by which the clock of a second run is ahead: year, month, day, hour, minute and
/// second all differ from those of the first run.
const AHEAD: i64 = 400 * 86_400 + 5 * 3_600 + 7 * 60 + 11;

/// An interpreter with workers.
pub(super) struct Ready {
    pub(super) interpreter: Interpreter,
    pub(super) pool: Arc<Pool>,
    /// Folders of the interpreter's installation, the longest first.
    pub(super) installation: Vec<String>,
    /// What answers for the runs of earlier runs, where that is wanted.
    pub(super) cache: Option<Cached>,
    start: Start,
    memory: Option<Memory>,
}

/// What was run before, and need not be run again.
struct Memory {
    first: Arc<Remembering<Arc<Pool>>>,
    other: Arc<Remembering<Arc<Pool>>>,
    other_pool: Arc<Pool>,
}

/// Which Python a run asks for, and what it may not start.
pub fn request(config: &Config) -> Request {
    Request {
        option: config.python.clone(),
        config: config.python_config.clone(),
        project: config.root.clone(),
        config_typed: config.settings_typed,
        checked: config.checked(),
        unattended: config.ci,
        env: interpreters::Environment::from_process(),
    }
}

/// Finds the interpreter and makes its pool; workers start when the first one is needed. With
/// notes whose snippets may run, it is that of the environment that is made for them, where one is.
pub(super) fn ready(
    config: &Config,
    notes: Option<&[Note]>,
    stop: &Stop,
) -> Result<Ready, Failure> {
    let request = request(config);
    let mut interpreter = interpreters::find(&request)?;
    if let (Some(made), Some(notes)) = (&config.environment, notes) {
        let wanted = wanted(made, notes, interpreter.version);
        let folder = uv::environment(&interpreter, &wanted, &request.env)?;
        let inside = Request {
            option: Some(folder.display().to_string()),
            ..request.clone()
        };
        interpreter = interpreters::find(&inside)?;
    }
    let libpython = interpreter.libpython.clone().unwrap_or_default();
    let start = Start {
        program: worker_program()?,
        executable: interpreter.base().to_owned(),
        within: within(&interpreter),
        libpython,
        environment: environment(config, &interpreter, "0"),
        clock_ahead: 0,
        setup: Setup {
            packages: packages(&interpreter),
            ..setup(config, &request.env)
        },
    };
    let mut installation: Vec<String> = [&interpreter.prefix, &interpreter.base_prefix]
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    installation.retain(|path| path.matches('/').count() > 1);
    let (major, minor, _) = interpreter.version;
    let library = format!("{}/lib/python{major}", interpreter.base_prefix.display());
    installation.extend([format!("{library}.{minor}"), library]);
    installation.sort_by_key(|path| std::cmp::Reverse(path.len()));
    installation.dedup();
    let pool = pool(start.clone(), config, stop)?;
    if config.sandbox == Sandbox::Require {
        let containment = pool.containment()?;
        if !containment.is_full() {
            return Err(Failure::NoSandbox(containment));
        }
    }
    refuse_uncontained(&interpreter, || Ok(pool.containment()?))?;
    let surroundings = Surroundings {
        start: start.clone(),
        interpreter: interpreter.clone(),
    };
    let folder = request.env.cache.filter(|_| config.cache);
    let cached = |folder: PathBuf| {
        let folder = folder.join(cached::FOLDER);
        Cached::new(Arc::clone(&pool) as _, surroundings, folder)
    };
    Ok(Ready {
        interpreter,
        cache: folder.map(cached),
        pool,
        installation,
        start,
        memory: None,
    })
}

/// What the scripts in these notes need that are for this Python, and the file of requirements.
fn wanted(made: &Made, notes: &[Note], version: (u8, u8, u8)) -> Wanted {
    let blocks = notes.iter().flat_map(|note| &note.blocks);
    let directives = blocks.map(|block| &block.directives);
    let is_for_it = |directives: &&Directives| {
        let python = directives.python.as_ref();
        let fits = python.is_none_or(|spec| version_matches(spec, version) != Some(false));
        directives.skip.is_none() && fits
    };
    let packages = directives.filter(is_for_it);
    Wanted {
        packages: packages
            .flat_map(|directives| directives.dependencies.clone())
            .collect(),
        file: made.requirements.clone(),
    }
}

impl Ready {
    /// The same with a memory, for a run that goes on: nothing is run twice.
    pub(super) fn remembering(self, config: &Config, stop: &Stop) -> Result<Self, Failure> {
        let other_pool = self.other_pool(config, stop)?;
        let memory = Memory {
            first: Arc::new(Remembering::new(Arc::clone(&self.pool))),
            other: Arc::new(Remembering::new(Arc::clone(&other_pool))),
            other_pool,
        };
        let cache = self.cache;
        Ok(Self {
            cache: cache.map(|cache| cache.over(Arc::clone(&memory.first) as _)),
            memory: Some(memory),
            ..self
        })
    }

    /// What runs the snippets.
    pub(super) fn runner(&self) -> &dyn Runner {
        match (&self.cache, &self.memory) {
            (Some(cache), _) => cache,
            (None, Some(memory)) => &memory.first,
            (None, None) => &*self.pool,
        }
    }

    /// What runs them with another hash seed, folder and clock.
    pub(super) fn other(&self, config: &Config, stop: &Stop) -> Result<Arc<dyn Runner>, Failure> {
        match &self.memory {
            Some(memory) => Ok(Arc::clone(&memory.other) as Arc<dyn Runner>),
            None => Ok(self.other_pool(config, stop)?),
        }
    }

    /// Starts a worker of each kind, so that the next snippet does not wait for one.
    pub(super) fn warm_up(&self) -> Result<(), Failure> {
        self.pool.containment()?;
        if let Some(memory) = &self.memory {
            memory.other_pool.containment()?;
        }
        Ok(())
    }

    /// Begins a round of a run that goes on.
    pub(super) fn begin_round(&self) {
        for remembering in self.remembered() {
            remembering.begin_round();
        }
    }

    /// Ends it: how many snippets were run in it. What it did not ask for of the notes that it
    /// looked at is forgotten.
    pub(super) fn end_round(&self, looked_at: &BTreeSet<&str>) -> usize {
        let mut ran = BTreeSet::new();
        for remembering in self.remembered() {
            remembering.end_round(looked_at);
            ran.extend(remembering.take_ran());
        }
        ran.len()
    }

    fn remembered(&self) -> impl Iterator<Item = &Remembering<Arc<Pool>>> {
        let memory = self.memory.iter();
        memory.flat_map(|memory| [&*memory.first, &*memory.other])
    }

    fn other_pool(&self, config: &Config, stop: &Stop) -> Result<Arc<Pool>, Failure> {
        let environment = environment(config, &self.interpreter, "1");
        pool(
            Start {
                environment,
                clock_ahead: AHEAD,
                ..self.start.clone()
            },
            config,
            stop,
        )
    }
}

/// What snippets are to find themselves in, and their workers not: a virtual environment, or an
/// installation whose packages lead into the checked tree.
fn within(interpreter: &Interpreter) -> Option<Within> {
    let environment = interpreter.environment.as_ref();
    if environment.is_none() && interpreter.leads.is_empty() {
        return None;
    }
    Some(Within {
        executable: interpreter.executable.clone(),
        folder: interpreter.prefix.clone(),
        customized: environment.is_none_or(|environment| environment.customized),
    })
}

/// Where packages are imported from beside the interpreter's own folders.
fn packages(interpreter: &Interpreter) -> Vec<PathBuf> {
    let environment = interpreter.environment.as_ref();
    let leads = environment.map_or(&interpreter.leads, |environment| &environment.leads);
    leads.clone()
}

/// An environment that lies among the notes is used where its packages are contained, or where
/// somebody has named it.
fn refuse_uncontained(
    interpreter: &Interpreter,
    containment: impl FnOnce() -> Result<Containment, Failure>,
) -> Result<(), Failure> {
    let environment = interpreter.environment.as_ref();
    let Some(found) = environment.filter(|found| found.of_tree && !found.named) else {
        return Ok(());
    };
    let containment = containment()?;
    let keeps_files = [Fence::Files, Fence::Landlock];
    if containment
        .has
        .iter()
        .any(|fence| keeps_files.contains(fence))
    {
        return Ok(());
    }
    Err(Failure::UncontainedEnvironment(found.folder.clone()))
}

/// What snippets may reach.
fn setup(config: &Config, env: &interpreters::Environment) -> Setup {
    Setup {
        contained: config.sandbox != Sandbox::Off,
        home: env.home.clone(),
        root: config.root.clone(),
        read: config.grants.read.clone(),
        write: config.grants.write.clone(),
        packages: Vec::new(),
        folder: PathBuf::new(),
    }
}

/// The limits of one snippet.
pub(super) fn limits(config: &Config) -> Limits {
    let limits = config.limits;
    Limits {
        cpu: limits.cpu,
        wall: limits.wall.as_secs_f64(),
        memory: limits.memory,
        output: limits.output,
    }
}

fn pool(start: Start, config: &Config, stop: &Stop) -> Result<Arc<Pool>, Failure> {
    let pool = Arc::new(Pool::new(start, config.jobs, &std::env::temp_dir())?);
    stop.watch(&pool);
    Ok(pool)
}

/// `verify-python` lies beside `verify`.
fn worker_program() -> Result<PathBuf, Failure> {
    let name = format!("verify-python{}", std::env::consts::EXE_SUFFIX);
    let own = std::env::current_exe().and_then(|path| path.canonicalize());
    // Where that is not known there is none, and above all not the one of the current folder.
    let folder = own.as_deref().ok().and_then(Path::parent);
    let program = folder.unwrap_or(Path::new("/")).join(name);
    if folder.is_some() && program.is_file() {
        Ok(program)
    } else {
        Err(Failure::NoWorker(program))
    }
}

/// The whole environment of a snippet: the same everywhere, but for what `verify.toml` lets through.
fn environment(
    config: &Config,
    interpreter: &Interpreter,
    hash_seed: &str,
) -> Vec<(String, String)> {
    let mut path = interpreter
        .executable
        .parent()
        .map(Path::to_owned)
        .unwrap_or_default()
        .into_os_string();
    path.push(":/usr/local/bin:/usr/bin:/bin");
    let mut all: Vec<(String, String)> = [
        ("PATH", &*path.to_string_lossy()),
        ("LANG", "C.UTF-8"),
        ("LC_ALL", "C.UTF-8"),
        ("TZ", "UTC"),
        ("COLUMNS", "80"),
        ("LINES", "24"),
        ("TERM", "dumb"),
        ("NO_COLOR", "1"),
        ("PYTHON_COLORS", "0"),
        ("PYTHONHASHSEED", hash_seed),
        ("PYTHONDONTWRITEBYTECODE", "1"),
        ("MPLBACKEND", "Agg"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    if interpreter.is_virtual_environment() {
        all.push((
            "VIRTUAL_ENV".into(),
            interpreter.prefix.display().to_string(),
        ));
    }
    let passed = config
        .pass
        .iter()
        .filter_map(|name| Some((name.clone(), std::env::var(name).ok()?)));
    all.extend(passed);
    all
}
