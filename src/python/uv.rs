//! An environment with what the notes need, made by `uv` and kept in the cache.
//!
//! One is made for each Python and each set of requirements, and used again as long as both
//! stay the same. It is made under a lock; one that was left unfinished is made anew.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use fd_lock::RwLock;

use super::interpreters::{Environment, Interpreter};

/// Changes whenever older environments would mislead.
const FORMAT: u32 = 1;
/// Written last: what has it is whole.
const WHOLE: &str = "verify-environment.txt";
/// Lines of uv's own words that are shown.
const LINES: usize = 12;

/// What an environment is to have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Requirements as PEP 508 has them.
    pub packages: Vec<String>,
    /// A file of requirements.
    pub file: Option<PathBuf>,
}

/// Why there is no environment.
#[derive(Debug, thiserror::Error)]
pub enum UvError {
    /// There is no uv.
    #[error("`environment = \"uv\"` needs `uv`, which is not on the path")]
    NoUv,
    /// There is no folder for caches.
    #[error("there is no folder to keep environments in: the home is not known")]
    NoCache,
    /// The file of requirements can't be read.
    #[error("{}: can't be read: {source}", .path.display())]
    Requirements {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The folder of environments can't be written.
    #[error("{}: can't be written: {source}", .path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// uv could not do it.
    #[error("`uv {step}` failed:\n{said}")]
    Failed {
        /// What it was to do.
        step: &'static str,
        /// What it said.
        said: String,
    },
}

impl UvError {
    /// What to do next.
    pub fn help(&self) -> String {
        match self {
            Self::NoUv => {
                "install it (https://docs.astral.sh/uv/), or remove `environment` from verify.toml".into()
            }
            Self::NoCache => "set `HOME` or `XDG_CACHE_HOME`".into(),
            Self::Requirements { .. } => {
                "correct `requirements` below `[python]` in verify.toml, or the permissions of the file".into()
            }
            Self::Folder { .. } => {
                "check the permissions of the folder and the space on its disk, or set `XDG_CACHE_HOME`".into()
            }
            Self::Failed { .. } => {
                "check the names and versions that the scripts and the file of requirements ask for, and the network; \
                 only packages with a wheel are installed"
                    .into()
            }
        }
    }
}

/// The folder of an environment of this Python that has what is wanted; it is made where there
/// is none yet.
pub fn environment(
    python: &Interpreter,
    wanted: &Wanted,
    env: &Environment,
) -> Result<PathBuf, UvError> {
    let cache = env.cache.as_ref().ok_or(UvError::NoCache)?;
    let folders = cache.join("environments");
    let folder = folders.join(key(python, wanted)?);
    if folder.join(WHOLE).is_file() {
        return Ok(folder);
    }
    let uv = find(env).ok_or(UvError::NoUv)?;
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| UvError::Folder { path, source }
    };
    fs::create_dir_all(&folders).map_err(failed(&folders))?;
    let lock = File::create(folder.with_extension("lock")).map_err(failed(&folders))?;
    let mut lock = RwLock::new(lock);
    let _only_maker = lock.write().map_err(failed(&folders))?;
    if folder.join(WHOLE).is_file() {
        return Ok(folder);
    }
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(failed(&folder))?;
    }
    make(&uv, python, wanted, &folder, env)?;
    let whole = format!("{}\n{}\n", python.version_text, wanted.packages.join("\n"));
    fs::write(folder.join(WHOLE), whole).map_err(failed(&folder))?;
    Ok(folder)
}

/// The name of the environment: the same for the same Python and the same requirements.
fn key(python: &Interpreter, wanted: &Wanted) -> Result<String, UvError> {
    let mut packages = wanted.packages.clone();
    packages.sort();
    packages.dedup();
    let mut hasher = blake3::Hasher::new();
    let executable = python.executable.display();
    let python = format!("{FORMAT}\0{executable}\0{}\0", python.version_text);
    hasher.update(python.as_bytes());
    hasher.update(packages.join("\0").as_bytes());
    if let Some(path) = &wanted.file {
        let bytes = fs::read(path).map_err(|source| UvError::Requirements {
            path: path.clone(),
            source,
        })?;
        hasher.update(b"\0\0").update(&bytes);
    }
    Ok(hasher.finalize().to_hex()[..16].to_owned())
}

fn find(env: &Environment) -> Option<PathBuf> {
    let mut found = env
        .path_folders()
        .into_iter()
        .map(|folder| folder.join("uv"));
    found.find(|path| path.is_file())
}

fn make(
    uv: &Path,
    python: &Interpreter,
    wanted: &Wanted,
    folder: &Path,
    env: &Environment,
) -> Result<(), UvError> {
    let mut venv = command(uv, env);
    venv.args(["venv", "--no-project", "--python"])
        .arg(python.base())
        .arg(folder);
    run(&mut venv, "venv")?;
    if wanted.packages.is_empty() && wanted.file.is_none() {
        return Ok(());
    }
    // Building a package would run its code, and nothing would contain that.
    let mut install = command(uv, env);
    install
        .args(["pip", "install", "--no-build", "--python"])
        .arg(folder.join("bin/python"));
    if let Some(file) = &wanted.file {
        install.arg("-r").arg(file);
    }
    install.arg("--").args(&wanted.packages);
    run(&mut install, "pip install")
}

/// uv with the settings of its user, and of nobody else: by itself it would look for some in the
/// current folder and above.
fn command(uv: &Path, env: &Environment) -> Command {
    let mut command = Command::new(uv);
    command.current_dir("/");
    if std::env::var_os("UV_CONFIG_FILE").is_none() {
        match env.uv_settings.as_ref().filter(|file| file.is_file()) {
            Some(file) => command.arg("--config-file").arg(file),
            None => command.arg("--no-config"),
        };
    }
    command
}

fn run(command: &mut Command, step: &'static str) -> Result<(), UvError> {
    let output = command
        .stdin(Stdio::null())
        .env("NO_COLOR", "1")
        .env_remove("VIRTUAL_ENV")
        .output()
        .map_err(|error| UvError::Failed {
            step,
            said: format!("  it could not be started: {error}"),
        })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<String> = said
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(LINES)
        .map(|line| format!("  {line}"))
        .collect();
    Err(UvError::Failed {
        step,
        said: lines.join("\n"),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::python::interpreters::Source;

    fn python(version: &str) -> Interpreter {
        Interpreter {
            executable: "/usr/bin/python3".into(),
            version: (3, 13, 0),
            version_text: version.into(),
            implementation: "CPython".into(),
            free_threaded: false,
            libpython: None,
            prefix: "/usr".into(),
            base_prefix: "/usr".into(),
            environment: None,
            leads: Vec::new(),
            source: Source::Path,
        }
    }

    fn wanted(packages: &[&str], file: Option<PathBuf>) -> Wanted {
        Wanted {
            packages: packages.iter().map(ToString::to_string).collect(),
            file,
        }
    }

    #[test]
    fn the_same_python_and_requirements_share_an_environment() {
        let of = |version: &str, packages: &[&str]| {
            key(&python(version), &wanted(packages, None)).unwrap()
        };
        assert_eq!(of("3.13.0", &["a", "b"]), of("3.13.0", &["b", "a", "b"]));
        assert_ne!(of("3.13.0", &["a"]), of("3.13.1", &["a"]));
        assert_ne!(of("3.13.0", &["a"]), of("3.13.0", &["a>1"]));
        assert_ne!(of("3.13.0", &["a", "b"]), of("3.13.0", &["ab"]));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("requirements.txt");
        let of_file = |text: &str| {
            fs::write(&file, text).unwrap();
            key(&python("3.13.0"), &wanted(&[], Some(file.clone()))).unwrap()
        };
        assert_ne!(of_file("a\n"), of_file("b\n"));
        let absent = wanted(&[], Some(folder.path().join("none.txt")));
        let error = key(&python("3.13.0"), &absent).unwrap_err();
        assert!(matches!(error, UvError::Requirements { .. }), "{error}");
    }

    #[test]
    fn without_uv_it_is_said_so() {
        let folder = tempfile::tempdir().unwrap();
        let env = Environment {
            cache: Some(folder.path().to_owned()),
            ..Environment::default()
        };
        let error = environment(&python("3.13.0"), &wanted(&[], None), &env).unwrap_err();
        assert!(matches!(error, UvError::NoUv), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
