//! Which modules an interpreter has, and which packages brought them.
//!
//! What is installed is read by the interpreter that an environment was made from. No code of a
//! package runs, not even what Python would run when it starts.

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

/// Reads it.
pub fn packages(interpreter: &Interpreter, env: &Environment) -> Result<Packages, ProbeError> {
    let environment = interpreter.environment.as_ref();
    let folder: Option<&Path> = environment.map(|environment| environment.folder.as_path());
    probe::ask(
        SCRIPT,
        folder.as_slice(),
        interpreter.base(),
        env,
        probe::LIMIT,
    )
}
