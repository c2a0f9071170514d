//! Chooses the interpreter to embed, and lists all that there are.
//!
//! What was asked for is taken or refused, never replaced: another Python would
//! have other packages and give other results without anybody noticing.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::cache::Cache;
use super::places::{self, Candidate};
use super::probe::{self, Facts, ProbeError};
use super::spec::{Spec, Version};
use super::{FindError, Interpreter, Request, Source};

/// One line of `verify python`.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Where it is.
    pub executable: PathBuf,
    /// Why it was found.
    pub source: Source,
    /// What it is, or why it could not be asked.
    pub interpreter: Result<Interpreter, ProbeError>,
    /// Whether a run with the same arguments would use it.
    pub used: bool,
}

/// The interpreter to embed.
pub fn find(request: &Request) -> Result<Interpreter, FindError> {
    let mut inspector = Inspector::new(request);
    let found = inspector.choose();
    inspector.cache.save();
    found
}

/// Every interpreter on this machine, the newest first and the broken ones last.
pub fn list(request: &Request) -> Vec<Listed> {
    let mut inspector = Inspector::new(request);
    let mut listed = inspector.list();
    inspector.cache.save();
    listed.sort_by_key(|line| {
        Reverse(
            line.interpreter
                .as_ref()
                .ok()
                .map(|interpreter| interpreter.version),
        )
    });
    listed
}

/// Asks interpreters on behalf of one request.
struct Inspector<'a> {
    request: &'a Request,
    cache: Cache,
}

impl<'a> Inspector<'a> {
    fn new(request: &'a Request) -> Self {
        Inspector {
            request,
            cache: Cache::open(request.env.cache.as_deref()),
        }
    }

    fn choose(&mut self) -> Result<Interpreter, FindError> {
        if let Some(wanted) = &self.request.option {
            return self.wanted(wanted, Source::Option);
        }
        if let Some(wanted) = &self.request.config {
            return self.wanted(wanted, Source::Config);
        }
        match self.environment()? {
            Some(candidate) => self.fit(candidate),
            None => self.any(),
        }
    }

    /// The interpreter that was asked for.
    fn wanted(&mut self, text: &str, source: Source) -> Result<Interpreter, FindError> {
        match Spec::parse(text) {
            Spec::Version(version) => self.of_version(version, source),
            Spec::Path(path) => {
                let executable = self.at_path(&path, source).ok_or(FindError::NoSuchPath {
                    wanted: path,
                    asked_by: source,
                })?;
                self.fit(Candidate { executable, source })
            }
        }
    }

    /// An executable, the folder of an environment or installation, or a command on `PATH`.
    fn at_path(&self, text: &str, source: Source) -> Option<PathBuf> {
        if text.is_empty() {
            return None;
        }
        let path = self.request.env.expand(Path::new(text));
        let path = if source == Source::Config {
            self.request.project.join(path)
        } else {
            path
        };
        if let Some(executable) = places::in_prefix(&path) {
            return Some(executable);
        }
        // As in a shell, a bare name is no file of the current folder.
        if text.contains('/') {
            return places::is_executable(&path).then_some(path);
        }
        let hit = places::on_path(text, self.request).into_iter().next();
        hit.map(|candidate| candidate.executable)
    }

    fn of_version(&mut self, version: Version, asked_by: Source) -> Result<Interpreter, FindError> {
        if version.is_too_old() {
            return Err(FindError::VersionTooOld {
                version: version.to_string(),
                asked_by,
            });
        }
        if let Ok(Some(environment)) = self.environment() {
            let candidate = Candidate {
                source: asked_by,
                ..environment
            };
            if self
                .inspect(&candidate)
                .is_ok_and(|found| version.matches(found.version))
            {
                return self.fit(candidate);
            }
        }
        let candidates = places::of_version(version, self.request);
        let found = candidates
            .iter()
            .filter_map(|candidate| self.inspect(candidate).ok());
        let matching = found.filter(|interpreter| version.matches(interpreter.version));
        // Of equals the first: `min` keeps the order of the places.
        let best =
            matching.min_by_key(|found| Reverse((found.embeddable().is_ok(), found.version)));
        let best = best.ok_or_else(|| FindError::NoSuchVersion {
            version: version.to_string(),
            asked_by,
        })?;
        embeddable(Interpreter {
            source: asked_by,
            ..best
        })
    }

    /// The interpreter of the active or else the local virtual environment, or else of the
    /// environment that `verify` was installed into.
    fn environment(&self) -> Result<Option<Candidate>, FindError> {
        let active = self.request.env.virtual_env.clone();
        let local = places::local_environments(&self.request.project)
            .into_iter()
            .next();
        let Some(folder) = active.or(local) else {
            return Ok(places::own_python(&self.request.env));
        };
        match places::in_prefix(&folder) {
            Some(executable) => Ok(Some(Candidate {
                executable,
                source: Source::VirtualEnvironment,
            })),
            None => Err(FindError::BrokenEnvironment { folder }),
        }
    }

    /// The first on `PATH` that can be embedded, else the newest of the machine.
    fn any(&mut self) -> Result<Interpreter, FindError> {
        let mut refused = None;
        for candidate in ["python3", "python"]
            .iter()
            .flat_map(|command| places::on_path(command, self.request))
        {
            match self.fit(candidate) {
                Ok(interpreter) => return Ok(interpreter),
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        let mut others: Vec<_> = self
            .everywhere()
            .into_iter()
            .filter_map(|line| line.interpreter.ok())
            .collect();
        others.sort_by_key(|interpreter| Reverse(interpreter.version));
        let unfit = others.first().cloned();
        let fit = others
            .into_iter()
            .find(|interpreter| interpreter.embeddable().is_ok());
        match (fit, refused, unfit) {
            (Some(interpreter), _, _) => Ok(interpreter),
            (None, Some(error), _) => Err(error),
            (None, None, Some(interpreter)) => embeddable(interpreter),
            (None, None, None) => Err(FindError::Nothing),
        }
    }

    /// All there are, each once however many scripts lead to it.
    fn everywhere(&mut self) -> Vec<Listed> {
        let mut seen = HashSet::new();
        let mut listed = Vec::new();
        for Candidate { executable, source } in places::everywhere(self.request) {
            let interpreter = self.inspect(&Candidate {
                executable: executable.clone(),
                source,
            });
            let executable = interpreter
                .as_ref()
                .map_or(executable, |found| found.executable.clone());
            if seen.insert(places::identity(&executable)) {
                listed.push(Listed {
                    executable,
                    source,
                    interpreter,
                    used: false,
                });
            }
        }
        listed
    }

    fn list(&mut self) -> Vec<Listed> {
        let mut listed = self.everywhere();
        if let Ok(chosen) = self.choose() {
            let identity = places::identity(&chosen.executable);
            let line = listed
                .iter_mut()
                .find(|line| places::identity(&line.executable) == identity);
            match line {
                Some(line) => line.used = true,
                None => listed.push(Listed {
                    executable: chosen.executable.clone(),
                    source: chosen.source,
                    interpreter: Ok(chosen),
                    used: true,
                }),
            }
        }
        listed
    }

    /// The candidate, if it can be embedded.
    fn fit(&mut self, candidate: Candidate) -> Result<Interpreter, FindError> {
        match self.inspect(&candidate) {
            Ok(interpreter) => embeddable(interpreter),
            Err(problem) => Err(FindError::Broken {
                executable: candidate.executable,
                found_by: candidate.source,
                problem,
            }),
        }
    }

    fn inspect(&mut self, candidate: &Candidate) -> Result<Interpreter, ProbeError> {
        let executable =
            std::path::absolute(&candidate.executable).unwrap_or(candidate.executable.clone());
        if let Some(facts) = self.cache.get(&executable) {
            return Ok(interpreter(executable, facts.clone(), candidate.source));
        }
        let facts = probe::probe(
            &executable,
            &self.request.project,
            &self.request.env,
            probe::LIMIT,
        )?;
        if !places::is_shim(&executable) {
            self.cache.insert(&executable, &facts);
        }
        Ok(interpreter(executable, facts, candidate.source))
    }
}

fn embeddable(interpreter: Interpreter) -> Result<Interpreter, FindError> {
    match interpreter.embeddable() {
        Ok(_) => Ok(interpreter),
        Err(unfit) => Err(FindError::Unfit {
            interpreter: Box::new(interpreter),
            unfit,
        }),
    }
}

/// What was found at `path`, which may only have led there.
fn interpreter(path: PathBuf, facts: Facts, source: Source) -> Interpreter {
    let is_there = facts.executable.is_absolute() && places::is_executable(&facts.executable);
    Interpreter {
        libpython: facts.libpython(),
        executable: if is_there { facts.executable } else { path },
        version: facts.version,
        version_text: facts.version_text,
        implementation: facts.implementation,
        free_threaded: facts.free_threaded,
        prefix: facts.prefix,
        base_prefix: facts.base_prefix,
        source,
    }
}
