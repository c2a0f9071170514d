//! `verify deps`: the modules that the notes import, and the packages that bring them.

use std::path::Path;

use verify::cli::{Cli, DepsArgs, ListFormat};
use verify::config::{self, Environment};
use verify::files;
use verify::modules::{self, Modules};
use verify::report::modules as shown;
use verify::run;

use super::ending::{Exit, Problem, say};
use super::stop::until_stopped;

/// Lists them, and writes a file of requirements where one is wanted.
pub(crate) fn deps(cli: &Cli, args: &DepsArgs, environment: &Environment) -> Result<Exit, Problem> {
    let config = config::decide(cli, environment)?;
    let Some(modules) = until_stopped(|stop| run::modules(&config, stop))? else {
        return Ok(Exit::Interrupted);
    };
    let lang = config.lang.unwrap_or_default();
    let list = match args.format {
        ListFormat::Json => shown::json(&modules),
        ListFormat::Terminal => shown::render(&modules, lang),
    };
    say(&list)?;
    if let Some(path) = &args.write {
        let added = write(&environment.cwd.join(path), &modules, args.pin)?;
        if args.format == ListFormat::Terminal {
            say(&shown::written(&path.display().to_string(), added, lang))?;
        }
    }
    Ok(if modules.lacks() {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

/// How many lines were added to the file.
fn write(path: &Path, modules: &Modules, pin: bool) -> Result<usize, Problem> {
    let failed = |done: &str, why: String| Problem {
        message: format!("{}: can't be {done}: {why}", path.display()),
        help: "name another file with `--write`".into(),
    };
    let before = if path.exists() {
        let bytes = files::read(path).map_err(|error| failed("read", error.to_string()))?;
        String::from_utf8(bytes).map_err(|_| failed("read", "it is not UTF-8".into()))?
    } else {
        String::new()
    };
    let (after, added) = modules::merge(&before, &modules::wanted(modules, pin));
    if added > 0 {
        let permissions = path.metadata().ok().map(|data| data.permissions());
        files::replace(path, after.as_bytes(), permissions)
            .map_err(|error| failed("written", error.to_string()))?;
    }
    Ok(added)
}
