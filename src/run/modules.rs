//! What the notes import, without running them.

use super::select::Selection;
use super::{Failure, Stop, read, start};
use crate::config::Config;
use crate::modules::{self, Modules};
use crate::plan;
use crate::python::interpreters::{self, Environment};

/// The modules of the selected notes, and where they come from.
pub fn modules(config: &Config, stop: &Stop) -> Result<Modules, Failure> {
    let (notes, _) = read::all(config)?;
    let ready = start::ready(config, Some(&notes), stop)?;
    let version = ready.interpreter.version;
    let mut plan = plan::plan(notes, &*ready.pool, config.state, version)?;
    let selection = Selection::new(config, &plan)?;
    let mut at = 0..;
    let is_selected = |at: Option<usize>| at.is_some_and(|at| selection.snippets.contains(&at));
    plan.snippets.retain(|_| is_selected(at.next()));
    let env = Environment::from_process();
    let installed = interpreters::packages(&ready.interpreter, &env)?;
    Ok(modules::survey(&plan, &installed, &config.root, version))
}
