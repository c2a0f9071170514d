//! `verify clean`: removes the cache of what snippets do.

use verify::cli::Cli;
use verify::config::{self, Environment};
use verify::python::cached;
use verify::python::interpreters;
use verify::report;

use super::ending::{Exit, Problem, say};

/// Removes it, and says how much that was.
pub(crate) fn clean(cli: &Cli, environment: &Environment) -> Result<Exit, Problem> {
    let folder = interpreters::Environment::from_process().cache;
    let Some(folder) = folder.map(|folder| folder.join(cached::FOLDER)) else {
        return Err(Problem {
            message: "there is no folder for caches, as there is no home".into(),
            help: "set HOME or XDG_CACHE_HOME".into(),
        });
    };
    let removed = cached::clean(&folder).map_err(|error| Problem {
        message: format!("{}: can't be removed: {error}", folder.display()),
        help: "change its permissions, or remove it by hand".into(),
    })?;
    let lang = config::lang(cli, environment);
    say(&report::cleaned(&folder, removed, lang))
}
