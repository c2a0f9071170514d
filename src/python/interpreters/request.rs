//! What is asked for: the wishes of the user and the environment they are read in.
//!
//! [`Environment::from_process`] is the one place that reads the process environment.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::places;
use super::tree::Tree;

/// Which Python is wanted, and where to look for it.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// What `--python` said: a version, a path or a command.
    pub option: Option<String>,
    /// What `python` in `verify.toml` said.
    pub config: Option<String>,
    /// The root folder of the project: local virtual environments and relative
    /// paths of `verify.toml` are looked for here.
    pub project: PathBuf,
    /// That `verify.toml` was named by a person.
    pub config_typed: bool,
    /// More folders that whoever wrote the notes may have filled, beside the project.
    pub checked: Vec<PathBuf>,
    /// Nobody is there whose home it could be: it counts as any other folder.
    pub unattended: bool,
    /// The surroundings.
    pub env: Environment,
}

impl Request {
    /// The folders of which nothing is started outside of the sandbox.
    pub(super) fn checked_tree(&self) -> Tree {
        let folders = [&self.project].into_iter().chain(&self.checked);
        let home = self.env.home.as_deref().filter(|_| !self.unattended);
        Tree::new(folders.map(PathBuf::as_path), home)
    }
}

/// The part of the environment that decides which Python is found.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// `VIRTUAL_ENV`, the active virtual environment.
    pub virtual_env: Option<PathBuf>,
    /// The environment that `verify` itself was installed into, by pip, uv or pipx.
    pub own: Option<PathBuf>,
    /// `PATH`.
    pub path: Option<OsString>,
    /// `HOME`.
    pub home: Option<PathBuf>,
    /// `PYENV_ROOT`; `~/.pyenv` where it is not set.
    pub pyenv_root: Option<PathBuf>,
    /// `PYENV_VERSION`.
    pub pyenv_version: Option<String>,
    /// Where uv keeps its Pythons.
    pub uv_pythons: Option<PathBuf>,
    /// Where the user of uv keeps its settings.
    pub uv_settings: Option<PathBuf>,
    /// The usual folders of the system, searched last.
    pub system: Vec<PathBuf>,
    /// Where answers of interpreters are remembered; nowhere if `None`.
    pub cache: Option<PathBuf>,
}

impl Environment {
    /// That of this process.
    pub fn from_process() -> Self {
        let folders = etcetera::base_strategy::Xdg::new().ok();
        Environment {
            virtual_env: variable("VIRTUAL_ENV").map(PathBuf::from),
            own: std::env::current_exe()
                .ok()
                .and_then(|program| places::installed_into(&program)),
            path: variable("PATH"),
            home: etcetera::home_dir().ok(),
            pyenv_root: variable("PYENV_ROOT").map(PathBuf::from),
            pyenv_version: variable("PYENV_VERSION").and_then(|value| value.into_string().ok()),
            uv_pythons: variable("UV_PYTHON_INSTALL_DIR")
                .map(PathBuf::from)
                .or_else(|| Some(folders.as_ref()?.data_dir().join("uv/python"))),
            uv_settings: folders
                .as_ref()
                .map(|folders| folders.config_dir().join("uv/uv.toml")),
            system: ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]
                .map(PathBuf::from)
                .into(),
            cache: folders.map(|folders| folders.cache_dir().join("verify")),
        }
    }

    /// The folders of `PATH`. Relative ones are left out: what runs must not
    /// depend on the folder that `verify` is started in.
    pub(in crate::python) fn path_folders(&self) -> Vec<PathBuf> {
        let path = self.path.as_deref().unwrap_or_default();
        std::env::split_paths(path)
            .filter(|folder| folder.is_absolute())
            .collect()
    }

    /// The root folder of pyenv.
    pub(super) fn pyenv(&self) -> Option<PathBuf> {
        self.pyenv_root
            .clone()
            .or_else(|| Some(self.home.as_ref()?.join(".pyenv")))
    }

    /// `path` with a leading `~` replaced.
    pub(super) fn expand(&self, path: &Path) -> PathBuf {
        match (path.strip_prefix("~"), &self.home) {
            (Ok(rest), Some(home)) => home.join(rest),
            _ => path.to_path_buf(),
        }
    }
}

fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}
