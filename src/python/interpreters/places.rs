//! Where interpreters lie: virtual environments, `PATH`, pyenv, uv, the system.
//!
//! Looks at names and files only; no interpreter is started here.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::spec::Version;
use super::{Environment, Request, Source};

/// A file that is probably an interpreter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) executable: PathBuf,
    pub(super) source: Source,
    pub(super) named: Named,
}

impl Candidate {
    /// One that nobody has named.
    fn found(executable: PathBuf, source: Source) -> Self {
        Self {
            executable,
            source,
            named: Named::Not,
        }
    }
}

/// Who said that it is to be used, by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// Nobody: it was found.
    Not,
    /// `verify.toml`, or the environment is active.
    BySettings,
    /// The command line, or a `verify.toml` that it names.
    ByPerson,
}

/// The `pyvenv.cfg` of the virtual environment that `executable` belongs to.
pub(super) fn pyvenv_cfg(executable: &Path) -> Option<PathBuf> {
    let file = executable.parent()?.parent()?.join("pyvenv.cfg");
    file.is_file().then_some(file)
}

/// The interpreter of a virtual environment, or of an installation.
pub(super) fn in_prefix(prefix: &Path) -> Option<PathBuf> {
    ["bin/python3", "bin/python"]
        .map(|name| prefix.join(name))
        .into_iter()
        .find(|path| is_executable(path))
}

/// The virtual environments that lie in the project.
pub(super) fn local_environments(project: &Path) -> Vec<PathBuf> {
    // One without `bin` was made on Windows and is of no use here.
    let is_ours =
        |folder: &PathBuf| folder.join("pyvenv.cfg").is_file() && folder.join("bin").is_dir();
    [".venv", "venv"]
        .map(|name| project.join(name))
        .into_iter()
        .filter(is_ours)
        .collect()
}

/// The environment that a wheel with `program` was installed into. That a Python lies in the same
/// folder, such as `/usr/local/bin`, says nothing: what pip wrote does.
pub(super) fn installed_into(program: &Path) -> Option<PathBuf> {
    let program = fs::canonicalize(program).ok()?;
    let prefix = program.parent()?.parent()?;
    let library = prefix.join("lib");
    let packages = names(&library)
        .into_iter()
        .map(|version| library.join(version).join("site-packages"));
    let is_ours = |name: OsString| {
        let name = name.to_string_lossy();
        name.starts_with("verify_notes-") && name.ends_with(".dist-info")
    };
    packages
        .flat_map(|folder| names(&folder))
        .any(is_ours)
        .then(|| prefix.to_path_buf())
}

/// The interpreter of the environment that `verify` was installed into.
pub(super) fn own_python(env: &Environment) -> Option<Candidate> {
    let executable = in_prefix(env.own.as_deref()?)?;
    Some(Candidate::found(executable, Source::Own))
}

/// Every hit for a command on `PATH`, in order.
pub(super) fn on_path(command: &str, request: &Request) -> Vec<Candidate> {
    let folders = request.env.path_folders();
    let hits = folders
        .iter()
        .filter_map(|folder| command_in(folder, command, request));
    hits.map(|executable| Candidate::found(executable, Source::Path))
        .collect()
}

/// Where an interpreter of this version may be, outside virtual environments.
pub(super) fn of_version(version: Version, request: &Request) -> Vec<Candidate> {
    let command = version.command();
    let number = version.to_string();
    let named = |name: &str, prefix: &str| {
        let rest = name
            .strip_prefix(prefix)
            .and_then(|name| name.strip_prefix(&number));
        rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_digit()))
    };
    let mut found = on_path(&command, request);
    found.extend(
        installed(&request.env)
            .into_iter()
            .filter_map(|(folder, source)| {
                let name = folder.file_name()?.to_str()?;
                let wanted = if source == Source::Pyenv {
                    named(name, "")
                } else {
                    named(name, "cpython-")
                };
                let executable = in_prefix(&folder).filter(|_| wanted)?;
                Some(Candidate::found(executable, source))
            }),
    );
    let system = request
        .env
        .system
        .iter()
        .filter_map(|folder| command_in(folder, &command, request));
    found.extend(system.map(|executable| Candidate::found(executable, Source::System)));
    distinct(found)
}

/// Every interpreter that can be found, the likeliest first.
pub(super) fn everywhere(request: &Request) -> Vec<Candidate> {
    let env = &request.env;
    let environments = env
        .virtual_env
        .iter()
        .cloned()
        .chain(local_environments(&request.project));
    let mut found: Vec<_> = environments
        .filter_map(|folder| in_prefix(&folder))
        .map(|executable| Candidate::found(executable, Source::VirtualEnvironment))
        .chain(own_python(env))
        .collect();
    found.extend(usual(request));
    distinct(found)
}

/// True for an interpreter that is found without any environment, so that it would be used anyway.
pub(super) fn is_usual(base: &Path, request: &Request) -> bool {
    let mut usual = usual(request).into_iter();
    usual.any(|candidate| fs::canonicalize(&candidate.executable).is_ok_and(|path| path == base))
}

/// The interpreters of the machine, outside virtual environments.
fn usual(request: &Request) -> Vec<Candidate> {
    let env = &request.env;
    let mut found = all_in(&env.path_folders(), Source::Path, request);
    found.extend(
        installed(env)
            .into_iter()
            .filter_map(|(folder, source)| Some(Candidate::found(in_prefix(&folder)?, source))),
    );
    found.extend(all_in(&env.system, Source::System, request));
    found
}

/// The same for one interpreter under several names; a virtual environment is
/// another than the interpreter that it links to.
pub(super) fn identity(executable: &Path) -> (PathBuf, Option<PathBuf>) {
    let resolved = |path: PathBuf| fs::canonicalize(&path).unwrap_or(path);
    let (Some(folder), Some(name)) = (executable.parent(), executable.file_name()) else {
        return (executable.to_path_buf(), None);
    };
    let target = resolved(executable.to_path_buf());
    let file = if is_named_python(&target) {
        target
    } else {
        resolved(folder.to_path_buf()).join(name)
    };
    (file, pyvenv_cfg(executable).map(resolved))
}

/// Whether the file only leads to an interpreter, and tomorrow perhaps to another:
/// a script, or a link to a program that acts by the name it is called.
pub(super) fn is_shim(file: &Path) -> bool {
    let mut start = [0; 2];
    let read = fs::File::open(file).and_then(|mut file| file.read_exact(&mut start));
    let is_script = read.is_ok() && start == *b"#!";
    is_script || !fs::canonicalize(file).is_ok_and(|target| is_named_python(&target))
}

pub(super) fn is_named_python(file: &Path) -> bool {
    file.file_name()
        .and_then(|name| name.to_str())
        .is_some_and(is_python_name)
}

pub(super) fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

fn distinct(mut found: Vec<Candidate>) -> Vec<Candidate> {
    let mut seen = HashSet::new();
    found.retain(|candidate| seen.insert(identity(&candidate.executable)));
    found
}

/// The folders that pyenv and uv installed, sorted by name.
fn installed(env: &Environment) -> Vec<(PathBuf, Source)> {
    let pyenv = env
        .pyenv()
        .map(|root| (root.join("versions"), Source::Pyenv));
    let uv = env.uv_pythons.clone().map(|folder| (folder, Source::Uv));
    let in_folder = |(folder, source): (PathBuf, Source)| {
        names(&folder)
            .into_iter()
            .map(move |name| (folder.join(name), source))
    };
    pyenv.into_iter().chain(uv).flat_map(in_folder).collect()
}

fn all_in(folders: &[PathBuf], source: Source, request: &Request) -> Vec<Candidate> {
    let commands = folders.iter().flat_map(|folder| {
        let names = names(folder)
            .into_iter()
            .filter_map(|name| name.into_string().ok());
        let mut names: Vec<_> = names.filter(|name| is_python_name(name)).collect();
        // The usual name is the one to show of several for one interpreter.
        names.sort_by_key(|name| name != "python3");
        names
            .into_iter()
            .filter_map(move |name| command_in(folder, &name, request))
    });
    commands
        .map(|executable| Candidate::found(executable, source))
        .collect()
}

/// `python`, `python3`, `python3.13t`, `pypy3` and the like, but not `python3-config`.
pub(super) fn is_python_name(name: &str) -> bool {
    let rest = name
        .strip_prefix("python")
        .or_else(|| name.strip_prefix("pypy"));
    rest.is_some_and(|rest| {
        rest.trim_end_matches('t')
            .chars()
            .all(|character| character.is_ascii_digit() || character == '.')
    })
}

pub(super) fn names(folder: &Path) -> Vec<OsString> {
    let entries = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok);
    let mut names: Vec<_> = entries.map(|entry| entry.file_name()).collect();
    names.sort();
    names
}

/// `folder/command` if it can be run; a shim of pyenv is followed.
fn command_in(folder: &Path, command: &str, request: &Request) -> Option<PathBuf> {
    let file = folder.join(command);
    if !is_executable(&file) {
        return None;
    }
    match request.env.pyenv() {
        Some(root) if folder == root.join("shims") => behind_shim(&root, command, request),
        _ => Some(file),
    }
}

/// What pyenv's shim would start, without starting it; nothing if it would fail
/// or would go on to the rest of `PATH`, which is searched anyway.
fn behind_shim(root: &Path, command: &str, request: &Request) -> Option<PathBuf> {
    let selected = selected_versions(root, request);
    let folders = selected
        .iter()
        .filter_map(|name| version_folder(root, name));
    folders
        .map(|folder| folder.join("bin").join(command))
        .find(|path| is_executable(path))
}

/// The versions that pyenv has selected: by variable, by project, or globally.
fn selected_versions(root: &Path, request: &Request) -> Vec<String> {
    if let Some(names) = &request.env.pyenv_version {
        return names.split(':').map(str::to_owned).collect();
    }
    let mut local = request
        .project
        .ancestors()
        .map(|folder| folder.join(".python-version"));
    let words = |text: String| -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.split('#').next());
        let words = lines.flat_map(str::split_whitespace);
        words.map(str::to_owned).collect()
    };
    if let Some(text) = local.find_map(|file| fs::read_to_string(file).ok()) {
        let mut names = words(text);
        names.retain(|name| is_plain(name));
        return names;
    }
    words(fs::read_to_string(root.join("version")).unwrap_or_default())
}

/// The name of a version, and no path: such a file may have come with the notes.
fn is_plain(name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || "._-+@".contains(c);
    name.chars().all(is_part) && !name.starts_with('.')
}

/// The folder of a version, or of the newest one that `3.12` stands for.
fn version_folder(root: &Path, name: &str) -> Option<PathBuf> {
    let versions = root.join("versions");
    let name = name.strip_prefix("python-").unwrap_or(name);
    let exact = versions.join(name);
    if !name.is_empty() && exact.is_dir() {
        return Some(exact);
    }
    let patch = |folder: &OsString| {
        folder
            .to_str()?
            .strip_prefix(name)?
            .strip_prefix('.')?
            .parse::<u8>()
            .ok()
    };
    let newest = names(&versions)
        .into_iter()
        .filter_map(|folder| Some((patch(&folder)?, folder)))
        .max();
    newest.map(|(_, folder)| versions.join(folder))
}
