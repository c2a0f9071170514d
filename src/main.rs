//! The `verify` command: arguments, command, exit code.

#![forbid(unsafe_code)]

mod commands;

use std::process::ExitCode;

use clap::Parser;
use commands::ending::{Exit, Problem, complain, say};
use commands::means;
use verify::bug;
use verify::cli::{self, Cli, Command};
use verify::config::{self, Environment};

fn main() -> ExitCode {
    bug::watch();
    let cli = Cli::parse();
    means::take();
    let exit = dispatch(&cli).unwrap_or_else(|problem| {
        complain(&problem);
        Exit::Unable
    });
    ExitCode::from(exit as u8)
}

fn dispatch(cli: &Cli) -> Result<Exit, Problem> {
    let environment = Environment::from_process()?;
    let config = || config::decide(cli, &environment);
    match &cli.command {
        None => commands::check::check(config()?),
        Some(Command::Completions { shell }) => say(&cli::completion_script(*shell)),
        Some(Command::Clean) => commands::clean::clean(cli, &environment),
        Some(Command::Init(args)) => commands::init::init(cli, args, &environment),
        Some(Command::Python(_)) => commands::list::pythons(&config()?),
        Some(Command::List(args)) => commands::list::list(args, &config()?),
        Some(Command::Explain(args)) => commands::explain::explain(args, &config()?),
        Some(Command::Watch(_)) => commands::watch::watch(cli, &environment),
        Some(Command::Lsp(_)) => commands::lsp::lsp(cli, &environment),
        Some(Command::Fix(args)) => commands::fix::fix(cli, args, &environment),
        Some(Command::Deps(args)) => commands::deps::deps(cli, args, &environment),
        Some(Command::Merge(args)) => commands::merge::merge(cli, args, &environment),
        Some(Command::Review(args)) => commands::review::review(cli, args, &environment),
    }
}
