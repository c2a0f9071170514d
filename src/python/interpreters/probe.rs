//! Asks an interpreter what it is, by running a short script in it.
//!
//! The answer is believed as it is; whether a shared library exists is looked up
//! anew each time, since installing one does not change the interpreter.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Environment;

const SCRIPT: &str = include_str!("probe.py");

/// How long an interpreter may take to answer.
pub(super) const LIMIT: Duration = Duration::from_secs(10);

/// More than any answer has: thousands of packages.
const ANSWER_BYTES: u64 = 4 * 1024 * 1024;
/// As much of what it says last as is looked at.
const ERROR_BYTES: u64 = 64 * 1024;

/// Why an interpreter could not be asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProbeError {
    /// The system would not start it.
    #[error("it could not be started: {0}")]
    NotStarted(String),
    /// It took too long.
    #[error("it did not answer within {} seconds", .0.as_secs())]
    TooSlow(Duration),
    /// It ended without an answer; what it said last on its error output.
    #[error("it could not run a short script{}", because(.0))]
    NoAnswer(String),
    /// It is not to be asked, nor used.
    #[error("{0}")]
    Refused(#[from] Refused),
}

/// Why an interpreter is not even asked: whoever wrote the notes may have made it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It lies in the checked tree.
    #[error("it lies among what is checked, of which nothing is started outside of the sandbox")]
    InTree,
    /// Git brought this environment.
    #[error("git tracks `{}`, and an environment that comes with the notes is not used", .0.display())]
    Tracked(PathBuf),
    /// The interpreter that an environment was made from lies in the checked tree.
    #[error("it was made from `{}`, which lies among what is checked, of which nothing is started outside of the sandbox", .0.display())]
    BaseInTree(PathBuf),
    /// An environment names no interpreter that it was made from.
    #[error("{}", no_base(.0.as_deref()))]
    NoBase(Option<PathBuf>),
    /// Others can change the interpreter that an environment was made from.
    #[error("it was made from `{}`, which other users can change", .0.display())]
    Foreign(PathBuf),
}

fn no_base(home: Option<&Path>) -> String {
    match home {
        Some(home) => format!(
            "its pyvenv.cfg says that it was made from a Python in `{}`, and there is none",
            home.display()
        ),
        None => "its pyvenv.cfg does not say from which Python it was made".to_owned(),
    }
}

impl Refused {
    /// What to do next.
    pub fn help(&self) -> &'static str {
        match self {
            Self::InTree => {
                "Use a Python that lies elsewhere. If you built this one yourself, give its path to `--python`."
            }
            Self::Tracked(_) => {
                "Remove it from git (`git rm -r --cached`) and make it where it is used, or choose another Python with `--python`."
            }
            Self::BaseInTree(_) | Self::NoBase(_) => {
                "Make the environment anew with a Python that lies elsewhere."
            }
            Self::Foreign(_) => {
                "Take the right to write from other users, or make the environment anew with a Python of yours."
            }
        }
    }
}

fn because(last_words: &str) -> String {
    if last_words.is_empty() {
        String::new()
    } else {
        format!(": {last_words}")
    }
}

/// What an interpreter says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Facts {
    pub(super) version: (u8, u8, u8),
    pub(super) version_text: String,
    pub(super) implementation: String,
    pub(super) free_threaded: bool,
    pub(super) executable: PathBuf,
    pub(super) prefix: PathBuf,
    pub(super) base_prefix: PathBuf,
    pub(super) build: Build,
}

/// How it was built: configuration variables, `""` where unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Build {
    libdir: PathBuf,
    libpl: PathBuf,
    instsoname: String,
    ldlibrary: String,
    multiarch: String,
    framework_prefix: PathBuf,
}

impl Facts {
    /// The shared library that belongs to it, if there is one on this machine.
    pub(super) fn libpython(&self) -> Option<PathBuf> {
        let names = self.library_names();
        let framework = names
            .iter()
            .map(|name| self.build.framework_prefix.join(name));
        let libraries = self.library_folders().into_iter().flat_map(|folder| {
            let names = names.clone();
            names.into_iter().map(move |name| folder.join(name))
        });
        framework
            .chain(libraries)
            .find(|path| path.is_absolute() && path.is_file())
    }

    fn library_names(&self) -> Vec<String> {
        let (major, minor, _) = self.version;
        let build = &self.build;
        [
            build.instsoname.clone(),
            build.ldlibrary.clone(),
            format!("libpython{major}.{minor}.so.1.0"),
            format!("libpython{major}.{minor}.dylib"),
        ]
        .into_iter()
        .filter(|name| is_shared_library(name))
        .collect()
    }

    /// Only folders of this very installation: another one's library of the same
    /// version would not fit its standard library.
    fn library_folders(&self) -> Vec<PathBuf> {
        let build = &self.build;
        let mut folders = vec![
            build.libdir.clone(),
            self.base_prefix.join("lib"),
            build.libpl.clone(),
        ];
        if self.base_prefix == Path::new("/usr") {
            folders.push(Path::new("/usr/lib").join(&build.multiarch));
            folders.push(PathBuf::from("/usr/lib64"));
        }
        folders
    }
}

fn is_shared_library(name: &str) -> bool {
    [".so", ".dylib", ".framework/"]
        .iter()
        .any(|sign| name.contains(sign))
}

/// Asks `executable` what it is; it is given up after `limit`.
pub(super) fn probe(
    executable: &Path,
    env: &Environment,
    limit: Duration,
) -> Result<Facts, ProbeError> {
    ask(SCRIPT, &[], executable, env, limit)
}

/// What a script that `executable` runs says on a line of JSON; it is given up after `limit`.
pub(super) fn ask<T: DeserializeOwned + Send + 'static>(
    script: &str,
    arguments: &[&Path],
    executable: &Path,
    env: &Environment,
    limit: Duration,
) -> Result<T, ProbeError> {
    let errors = tempfile::tempfile().ok();
    // Where there is no room for an empty one, at least it is none of anybody's.
    let empty = tempfile::tempdir().ok();
    let folder = empty.as_ref().map_or(Path::new("/"), |empty| empty.path());
    let mut child = command(script, executable, env)
        .args(arguments)
        .current_dir(folder)
        .stderr(
            errors
                .as_ref()
                .and_then(|file| file.try_clone().ok())
                .map_or_else(Stdio::null, Stdio::from),
        )
        .spawn()
        .map_err(|error| ProbeError::NotStarted(error.to_string()))?;
    let answer = child
        .stdout
        .take()
        .map(|stdout| answer_within(stdout, limit));
    end(&mut child);
    match answer {
        Some(Ok(Some(facts))) => Ok(facts),
        Some(Err(mpsc::RecvTimeoutError::Timeout)) => Err(ProbeError::TooSlow(limit)),
        _ => Err(ProbeError::NoAnswer(
            errors.map(last_line).unwrap_or_default(),
        )),
    }
}

/// What an interpreter, or a script that leads to one, may need of the environment; there may be
/// secrets in the rest.
const NEEDED: [&str; 14] = [
    "HOME",
    "PATH",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "NIX_LD",
    "NIX_LD_LIBRARY_PATH",
    "PYENV_ROOT",
    "ASDF_DIR",
    "ASDF_DATA_DIR",
    "MISE_DATA_DIR",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
];

fn command(script: &str, executable: &Path, env: &Environment) -> Command {
    let mut command = Command::new(executable);
    // `-I` for all Pythons: 2.7 does not know it, so the scripts themselves leave out the current folder.
    command.args(["-E", "-s", "-S", "-c", script]);
    command.env_clear();
    command.envs(
        NEEDED
            .iter()
            .filter_map(|name| Some((name, std::env::var_os(name)?))),
    );
    if let Some(path) = &env.path {
        command.env("PATH", path);
    }
    if let Some(version) = &env.pyenv_version {
        command.env("PYENV_VERSION", version);
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .process_group(0);
    command
}

/// Reads on a thread of its own, since a pipe may be held open for ever.
fn answer_within<T: DeserializeOwned + Send + 'static>(
    stdout: ChildStdout,
    limit: Duration,
) -> Result<Option<T>, mpsc::RecvTimeoutError> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut lines = BufReader::new(stdout.take(ANSWER_BYTES))
            .split(b'\n')
            .map_while(Result::ok);
        // Start-up files may print lines of their own.
        let facts = lines.find_map(|line| serde_json::from_slice(&line).ok());
        sender.send(facts).ok();
    });
    receiver.recv_timeout(limit)
}

/// Ends the interpreter and whatever it started; the answer is already read.
fn end(child: &mut Child) {
    rustix::process::kill_process_group(
        rustix::process::Pid::from_child(child),
        rustix::process::Signal::KILL,
    )
    .ok();
    child.wait().ok();
}

fn last_line(mut file: File) -> String {
    let mut bytes = Vec::new();
    let read = file
        .rewind()
        .and_then(|()| file.take(ERROR_BYTES).read_to_end(&mut bytes));
    if read.is_err() {
        return String::new();
    }
    let text = String::from_utf8_lossy(&bytes);
    text.lines()
        .rev()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default()
        .trim()
        .to_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    const FAKE: &str = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/interpreters/fake-python"
    );

    #[test]
    fn an_interpreter_that_hangs_is_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let executable = folder.path().join("python");
        std::os::unix::fs::symlink(FAKE, &executable).unwrap();
        std::fs::write(folder.path().join("python.hangs"), "").unwrap();
        let limit = Duration::from_millis(50);
        let answer = probe(&executable, &Environment::default(), limit);
        assert_eq!(answer, Err(ProbeError::TooSlow(limit)));
    }

    #[test]
    fn what_is_no_program_is_not_started() {
        let folder = tempfile::tempdir().unwrap();
        let answer = probe(folder.path(), &Environment::default(), LIMIT);
        assert!(
            matches!(answer, Err(ProbeError::NotStarted(_))),
            "{answer:?}"
        );
    }

    #[test]
    fn a_library_for_linking_is_no_shared_one() {
        for name in ["libpython3.9.a", "python39.lib", ""] {
            assert!(!is_shared_library(name), "{name}");
        }
        for name in [
            "libpython3.9.so.1.0",
            "libpython3.13t.so",
            "Python.framework/Versions/3.13/Python",
        ] {
            assert!(is_shared_library(name), "{name}");
        }
    }
}
