//! Chooses the interpreter to embed, and lists all that there are.
//!
//! What was asked for is taken or refused, never replaced: another Python would
//! have other packages and give other results without anybody noticing.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::cache::Cache;
use super::environment::{Installed, VirtualEnvironment, is_ours};
use super::places::{self, Candidate, Named};
use super::probe::{self, Facts, ProbeError, Refused};
use super::spec::{Spec, Version};
use super::tree::{Tree, real};
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
    tree: Tree,
    cache: Cache,
}

impl<'a> Inspector<'a> {
    fn new(request: &'a Request) -> Self {
        let tree = request.checked_tree();
        // Answers that came with the notes are nobody's.
        let folder = request.env.cache.as_deref();
        let folder = folder.filter(|folder| !tree.holds(folder));
        Inspector {
            request,
            cache: Cache::open(folder),
            tree,
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
                let named = if source == Source::Option || self.request.config_typed {
                    Named::ByPerson
                } else {
                    Named::BySettings
                };
                self.fit(Candidate {
                    executable,
                    source,
                    named,
                })
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
            match self.inspect(&candidate) {
                Ok(found) if !version.matches(found.version) => {}
                Ok(found) => return embeddable(found),
                Err(problem @ ProbeError::Refused(_)) => return Err(broken(candidate, problem)),
                Err(_) => {}
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
        let active = active.map(|folder| (folder, Named::BySettings));
        let local = places::local_environments(&self.request.project);
        let local = local.into_iter().next().map(|folder| (folder, Named::Not));
        let Some((folder, named)) = active.or(local) else {
            return Ok(places::own_python(&self.request.env));
        };
        match places::in_prefix(&folder) {
            Some(executable) => Ok(Some(Candidate {
                executable,
                source: Source::VirtualEnvironment,
                named,
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
                // Another one would have other packages than the one that was meant.
                Err(error) if error.is_refused() => return Err(error),
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
        for candidate in places::everywhere(self.request) {
            let interpreter = self.inspect(&candidate);
            let Candidate {
                executable, source, ..
            } = candidate;
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
            Err(problem) => Err(broken(candidate, problem)),
        }
    }

    /// A virtual environment is read, and an installation is asked.
    fn inspect(&mut self, candidate: &Candidate) -> Result<Interpreter, ProbeError> {
        let executable =
            std::path::absolute(&candidate.executable).unwrap_or(candidate.executable.clone());
        let is_named = candidate.named != Named::Not;
        match VirtualEnvironment::of(&executable, is_named, &self.tree) {
            Some(environment) => self.in_environment(executable, environment?, candidate.source),
            None => self.installed(executable, candidate),
        }
    }

    fn in_environment(
        &mut self,
        executable: PathBuf,
        environment: VirtualEnvironment,
        source: Source,
    ) -> Result<Interpreter, ProbeError> {
        let base = &environment.base;
        // Whoever wrote its `pyvenv.cfg` may have put a Python where everybody can.
        if environment.of_tree && !is_ours(base) && !places::is_usual(base, self.request) {
            return Err(Refused::Foreign(base.clone()).into());
        }
        let facts = self.facts(base)?;
        let environment = environment.with_packages(&facts, &self.tree);
        Ok(Interpreter {
            prefix: environment.folder.clone(),
            executable,
            environment: Some(environment),
            ..interpreter(PathBuf::new(), facts, source)
        })
    }

    fn installed(
        &mut self,
        executable: PathBuf,
        candidate: &Candidate,
    ) -> Result<Interpreter, ProbeError> {
        let path = self.startable(executable, candidate.named)?;
        let facts = self.facts(&path)?;
        let told = &facts.executable;
        let leads_elsewhere = *told != path && told.is_absolute() && places::is_executable(told);
        if leads_elsewhere && (places::pyvenv_cfg(told).is_some() || self.tree.holds(told)) {
            return self.inspect(&Candidate {
                executable: told.clone(),
                source: candidate.source,
                named: Named::Not,
            });
        }
        let leads = Installed::below(&[&facts.prefix], facts.version).leads;
        let into_tree = leads.iter().any(|lead| self.tree.names(lead));
        Ok(Interpreter {
            leads: if into_tree { leads } else { Vec::new() },
            ..interpreter(path, facts, candidate.source)
        })
    }

    /// The file to start for it. What lies in the checked tree is started only where a person has typed it.
    fn startable(&self, executable: PathBuf, named: Named) -> Result<PathBuf, ProbeError> {
        if !self.tree.holds(&executable) {
            return Ok(executable);
        }
        let file = real(&executable);
        if !self.tree.names(&file) && places::is_named_python(&file) {
            return Ok(file);
        }
        let is_tracked = || crate::git::tracks(&executable) || crate::git::tracks(&file);
        if named == Named::ByPerson && !is_tracked() {
            return Ok(executable);
        }
        Err(Refused::InTree.into())
    }

    /// What an installation says of itself.
    fn facts(&mut self, executable: &Path) -> Result<Facts, ProbeError> {
        if let Some(facts) = self.cache.get(executable) {
            return Ok(facts.clone());
        }
        let facts = probe::probe(executable, &self.request.env, probe::LIMIT)?;
        if !places::is_shim(executable) {
            self.cache.insert(executable, &facts);
        }
        Ok(facts)
    }
}

fn broken(candidate: Candidate, problem: ProbeError) -> FindError {
    FindError::Broken {
        executable: candidate.executable,
        found_by: candidate.source,
        problem,
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
        environment: None,
        leads: Vec::new(),
        source,
    }
}
