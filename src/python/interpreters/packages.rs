//! Asks an interpreter which modules it has, and which packages brought them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

use super::probe::{self, ProbeError};
use super::{Environment, Interpreter};

const SCRIPT: &str = include_str!("packages.py");

/// What an interpreter can import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Packages {
    /// The modules of its standard library.
    pub standard: BTreeSet<String>,
    /// The package that brought a module.
    pub modules: BTreeMap<String, String>,
    /// The packages by their names, with their versions.
    pub packages: BTreeMap<String, String>,
}

/// Asks it.
pub fn packages(
    interpreter: &Interpreter,
    project: &Path,
    env: &Environment,
) -> Result<Packages, ProbeError> {
    let executable = &interpreter.executable;
    probe::ask(SCRIPT, executable, project, env, probe::LIMIT)
}
