//! Whether a command asks what to do, or was told.

use super::{ConfigError, Environment, Mistake};
use crate::cli::{FixArgs, ReviewArgs};

/// Which stale claims `verify fix` rewrites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixing {
    /// Those that somebody says yes to.
    Asked,
    /// All.
    All,
    /// None: it is only shown what would be.
    Shown,
}

/// Decides what `verify fix` does. It asks only where there is somebody to answer.
pub fn decide_fixing(args: &FixArgs, env: &Environment) -> Result<Fixing, ConfigError> {
    let cannot_ask = if env.ci {
        Some("this is an unattended run (`CI` is set)")
    } else if !(env.is_terminal_stdin && env.is_terminal_stdout) {
        Some("standard input and output are no terminal")
    } else {
        None
    };
    match (args.dry_run, args.yes, cannot_ask) {
        (true, ..) => Ok(Fixing::Shown),
        (_, true, _) => Ok(Fixing::All),
        (.., None) => Ok(Fixing::Asked),
        (.., Some(why)) => Err(Mistake::new(
            "",
            format!("`verify fix` asks before it rewrites a claim, and can't here: {why}"),
            "add `--dry-run` to see what it would rewrite, or `--yes` to have all of it rewritten",
        )
        .into()),
    }
}

/// How `verify review` decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reviewing {
    /// By single keys of a terminal.
    Keys,
    /// By lines of standard input.
    Lines,
    /// By the names that were typed.
    Named,
    /// Nothing is decided: it is only shown what is pending.
    Listed,
}

/// Decides how `verify review` decides. In an unattended run nobody answers.
pub fn decide_reviewing(args: &ReviewArgs, env: &Environment) -> Result<Reviewing, ConfigError> {
    if args.list {
        return Ok(Reviewing::Listed);
    }
    if args.is_named() {
        return Ok(Reviewing::Named);
    }
    if env.ci {
        return Err(Mistake::new(
            "",
            "`verify review` asks what to do, and can't here: this is an unattended run (`CI` is set)",
            "add `--list` to see what is pending, or name what to do with `--accept`, `--known`, `--fix` and `--reject`",
        )
        .into());
    }
    if env.is_terminal_stdin && env.is_terminal_stdout {
        Ok(Reviewing::Keys)
    } else {
        Ok(Reviewing::Lines)
    }
}
