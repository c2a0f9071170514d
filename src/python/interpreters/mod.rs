//! Which Python to embed: finding interpreters, asking them what they are, and
//! saying what to do about the ones that can't be embedded.
//!
//! An interpreter is asked once and remembered (`cache`). A virtual environment is read and never
//! asked (`environment`), and nothing of the checked tree is started (`tree`). Nothing in here prints.

mod cache;
mod environment;
mod find;
mod packages;
mod places;
mod probe;
mod remedy;
mod request;
mod spec;
mod tree;

use std::path::{Path, PathBuf};

pub use environment::VirtualEnvironment;
pub use find::{Listed, find, list};
pub use packages::{Packages, packages};
pub use probe::{ProbeError, Refused};
pub use remedy::{FindError, Remedy, Unfit, install_any};
pub use request::{Environment, Request};

/// The oldest Python that the worker can embed.
pub const OLDEST: (u8, u8) = (3, 9);

/// The Python that a remedy installs where any would do.
pub const RECOMMENDED: &str = "3.13";

/// One Python on this machine, and what it said about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interpreter {
    /// Its path as it was found: that of a virtual environment is not resolved.
    pub executable: PathBuf,
    /// Such as `(3, 11, 7)`.
    pub version: (u8, u8, u8),
    /// Such as `3.11.7` or `3.14.0rc2`.
    pub version_text: String,
    /// Such as `CPython` or `PyPy`.
    pub implementation: String,
    /// Whether it was built without the global interpreter lock.
    pub free_threaded: bool,
    /// Its shared library, where there is one.
    pub libpython: Option<PathBuf>,
    /// Where its packages are.
    pub prefix: PathBuf,
    /// Where its standard library is.
    pub base_prefix: PathBuf,
    /// The virtual environment that it belongs to.
    pub environment: Option<VirtualEnvironment>,
    /// Folders that the packages of an installation lead to, where one of them lies in the checked tree.
    pub leads: Vec<PathBuf>,
    /// Why it was found.
    pub source: Source,
}

impl Interpreter {
    /// The library to preload, or why this Python can't be embedded.
    pub fn embeddable(&self) -> Result<&Path, Unfit> {
        if self.implementation != "CPython" {
            return Err(Unfit::NotCPython);
        }
        if (self.version.0, self.version.1) < OLDEST {
            return Err(Unfit::TooOld);
        }
        if self.free_threaded {
            return Err(Unfit::FreeThreaded);
        }
        self.libpython.as_deref().ok_or(Unfit::NoSharedLibrary)
    }

    /// Whether it belongs to a virtual environment.
    pub fn is_virtual_environment(&self) -> bool {
        self.environment.is_some()
    }

    /// The file to start: of an environment, the Python that it was made from.
    pub fn base(&self) -> &Path {
        let environment = self.environment.as_ref();
        environment.map_or(&self.executable, |environment| &environment.base)
    }
}

/// Why an interpreter was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// `--python` asked for it.
    Option,
    /// `verify.toml` asked for it.
    Config,
    /// A virtual environment is active, or lies beside the notes.
    VirtualEnvironment,
    /// `verify` was installed into its environment.
    Own,
    /// It is on `PATH`.
    Path,
    /// pyenv installed it.
    Pyenv,
    /// uv installed it.
    Uv,
    /// It is in one of the usual folders of the system.
    System,
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Source::Option => "--python",
            Source::Config => "verify.toml",
            Source::VirtualEnvironment => "virtual environment",
            Source::Own => "environment of verify",
            Source::Path => "PATH",
            Source::Pyenv => "pyenv",
            Source::Uv => "uv",
            Source::System => "system",
        })
    }
}
