//! What to say and what to type when no interpreter can be embedded.
//!
//! Every command is complete: it can be pasted as it stands.

use std::fmt::Write;
use std::path::PathBuf;

use super::{Interpreter, OLDEST, ProbeError, RECOMMENDED, Source};
use crate::model::{Lang, Text};
use crate::text;

/// A command that mends it, and where it applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// The system or tool, such as `Debian, Ubuntu`.
    pub system: &'static str,
    /// What to type.
    pub command: String,
}

/// Why an interpreter can't be embedded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Older than 3.9.
    TooOld,
    /// `PyPy`, `GraalPy` and others.
    NotCPython,
    /// Built without the global interpreter lock.
    FreeThreaded,
    /// Its libpython is not installed, or it was built without one.
    NoSharedLibrary,
}

impl Unfit {
    /// What is wrong with `interpreter`.
    pub fn message(self, interpreter: &Interpreter) -> Text {
        let (version, oldest) = (&interpreter.version_text, oldest());
        let implementation = &interpreter.implementation;
        match self {
            Unfit::TooOld => text!(
                "Python {version} is too old, {oldest} or newer is needed",
                "Python {version} 太旧，需要 {oldest} 或更新的版本"
            ),
            Unfit::NotCPython => text!(
                "it is {implementation} {version}, and only CPython can be embedded",
                "它是 {implementation} {version}，只有 CPython 可以嵌入"
            ),
            Unfit::FreeThreaded => text!(
                "Python {version} is a free-threaded build, and only builds with the usual lock can be embedded",
                "Python {version} 是自由线程构建，只有带全局锁的构建可以嵌入"
            ),
            Unfit::NoSharedLibrary => text!(
                "the shared library of Python {version} (libpython) is missing",
                "缺少 Python {version} 的共享库（libpython）"
            ),
        }
    }

    /// What to do about it, the likeliest first.
    pub fn remedies(self, interpreter: &Interpreter) -> Vec<Remedy> {
        let (major, minor, _) = interpreter.version;
        match self {
            Unfit::TooOld | Unfit::NotCPython => install_any(),
            Unfit::FreeThreaded => install(&format!("{major}.{minor}")),
            Unfit::NoSharedLibrary => shared_library(interpreter),
        }
    }
}

/// Why there is no interpreter to embed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FindError {
    /// There is no Python at all.
    #[error("no Python was found on this machine")]
    Nothing,
    /// No Python of the wanted version.
    #[error("{asked_by} asks for Python {version}, which was not found on this machine")]
    NoSuchVersion {
        /// The version as it was asked for.
        version: String,
        /// Who asked.
        asked_by: Source,
    },
    /// No Python of the wanted version could be embedded.
    #[error(
        "{asked_by} asks for Python {version}, which is too old: {} or newer is needed",
        oldest()
    )]
    VersionTooOld {
        /// The version as it was asked for.
        version: String,
        /// Who asked.
        asked_by: Source,
    },
    /// Neither a version nor anything that exists.
    #[error(
        "{asked_by} asks for `{wanted}`, which is no Python version, no interpreter and no folder with one"
    )]
    NoSuchPath {
        /// What was asked for.
        wanted: String,
        /// Who asked.
        asked_by: Source,
    },
    /// A virtual environment without an interpreter.
    #[error("the virtual environment {} is broken: its bin/python leads nowhere", folder.display())]
    BrokenEnvironment {
        /// Its folder.
        folder: PathBuf,
    },
    /// It could not be asked.
    #[error("{} ({found_by}) can't be used: {problem}", executable.display())]
    Broken {
        /// Where it is.
        executable: PathBuf,
        /// Why it was tried.
        found_by: Source,
        /// What went wrong.
        problem: ProbeError,
    },
    /// It can't be embedded.
    #[error("{} ({}) can't be embedded: {}", interpreter.executable.display(), interpreter.source, unfit.message(interpreter).get(Lang::En))]
    Unfit {
        /// The interpreter.
        interpreter: Box<Interpreter>,
        /// The reason.
        unfit: Unfit,
    },
}

impl FindError {
    /// True where it was there and not to be used.
    pub(super) fn is_refused(&self) -> bool {
        matches!(
            self,
            Self::Broken {
                problem: ProbeError::Refused(_),
                ..
            }
        )
    }

    /// What to do next: sentences and commands, one a line.
    pub fn help(&self) -> String {
        match self {
            FindError::Nothing => format!("Install one:\n{}", commands(&install_any())),
            FindError::NoSuchVersion { version, .. } => {
                format!("Install it:\n{}{OTHERS}", commands(&install(version)))
            }
            FindError::VersionTooOld { .. } => format!(
                "Ask for a newer one; snippets that only Python 2 understands are found and reported all the same.\n{OTHERS}"
            ),
            FindError::NoSuchPath { .. } => {
                format!(
                    "Give a version such as {RECOMMENDED}, or the path of an interpreter or of a virtual environment.\n{OTHERS}"
                )
            }
            FindError::BrokenEnvironment { folder } => {
                let folder = quoted(&folder.to_string_lossy());
                format!(
                    "Make it anew, or run `deactivate` if it is gone for good:\n  python3 -m venv --clear {folder}\n{OTHERS}"
                )
            }
            FindError::Broken {
                problem: ProbeError::Refused(refused),
                ..
            } => format!("{}\n{OTHERS}", refused.help()),
            FindError::Broken { executable, .. } => {
                let executable = quoted(&executable.to_string_lossy());
                format!(
                    "See what it says to this, then repair or remove it:\n  {executable} -c 'import json, platform, sysconfig'\n{OTHERS}"
                )
            }
            FindError::Unfit { interpreter, unfit } => {
                let todo = if *unfit == Unfit::NoSharedLibrary {
                    "Install the library"
                } else {
                    "Install another Python"
                };
                format!(
                    "{todo}:\n{}{OTHERS}",
                    commands(&unfit.remedies(interpreter))
                )
            }
        }
    }
}

const OTHERS: &str = "`verify python` lists what is on this machine; `--python` chooses another.\n";

fn commands(remedies: &[Remedy]) -> String {
    remedies.iter().fold(String::new(), |mut text, remedy| {
        // Writing to a string can't fail.
        writeln!(text, "  {}  # {}", remedy.command, remedy.system).ok();
        text
    })
}

fn oldest() -> String {
    format!("{}.{}", OLDEST.0, OLDEST.1)
}

/// For a shell, so that a folder with spaces can be pasted too.
fn quoted(text: &str) -> String {
    let plain = |character: char| character.is_alphanumeric() || "/._-+@".contains(character);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// Installs whichever Python is at hand.
pub fn install_any() -> Vec<Remedy> {
    let debian = "sudo apt-get install -y python3 libpython3-dev".to_owned();
    let fedora = "sudo dnf install -y python3".to_owned();
    let tools = [uv(RECOMMENDED), brew(RECOMMENDED), pyenv(RECOMMENDED, "")];
    [apt(debian), dnf(fedora)]
        .into_iter()
        .chain(tools)
        .collect()
}

/// Installs this version, given with one to three parts.
fn install(version: &str) -> Vec<Remedy> {
    let mut parts = version.split('.');
    let (Some(major), Some(minor)) = (parts.next(), parts.next()) else {
        return install_any();
    };
    let minor = format!("{major}.{minor}");
    let debian = format!("sudo apt-get install -y python{minor} libpython{minor}");
    let fedora = format!("sudo dnf install -y python{minor}");
    vec![
        uv(version),
        apt(debian),
        dnf(fedora),
        brew(&minor),
        pyenv(version, ""),
    ]
}

/// Adds the library to an interpreter that lacks it, or installs it anew with one.
fn shared_library(interpreter: &Interpreter) -> Vec<Remedy> {
    let (major, minor, _) = interpreter.version;
    let minor = format!("{major}.{minor}");
    let base = &interpreter.base_prefix;
    if base.starts_with("/usr") && !base.starts_with("/usr/local") {
        let debian = format!("sudo apt-get install -y libpython{minor}");
        return vec![
            apt(debian),
            dnf("sudo dnf install -y python3-libs".to_owned()),
            uv(&minor),
        ];
    }
    let is_pyenv = base
        .parent()
        .is_some_and(|folder| folder.ends_with("versions"));
    if is_pyenv {
        return vec![pyenv(&interpreter.version_text, "--force "), uv(&minor)];
    }
    vec![uv(&minor), brew(&minor), pyenv(&minor, "")]
}

fn apt(command: String) -> Remedy {
    Remedy {
        system: "Debian, Ubuntu",
        command,
    }
}

fn dnf(command: String) -> Remedy {
    Remedy {
        system: "Fedora",
        command,
    }
}

fn uv(version: &str) -> Remedy {
    Remedy {
        system: "uv",
        command: format!("uv python install {version}"),
    }
}

fn brew(minor: &str) -> Remedy {
    Remedy {
        system: "macOS",
        command: format!("brew install python@{minor}"),
    }
}

fn pyenv(version: &str, flags: &str) -> Remedy {
    let command = format!("PYTHON_CONFIGURE_OPTS=--enable-shared pyenv install {flags}{version}");
    Remedy {
        system: "pyenv",
        command,
    }
}
