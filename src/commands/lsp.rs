//! `verify lsp`: talks to an editor on standard input and output.

use std::io;
use std::path::Path;

use verify::cli::Cli;
use verify::config::{self, Environment};
use verify::lsp::Server;
use verify::run::Stop;

use super::ending::{Exit, Problem};
use super::stop;

/// Serves one client until it ends the connection.
pub(crate) fn lsp(cli: &Cli, environment: &Environment) -> Result<Exit, Problem> {
    let stop = Stop::default();
    let handle = stop.clone();
    stop::on_signal(move || stop::end(&handle));
    let decide = |root: &Path| {
        let environment = Environment {
            cwd: root.to_owned(),
            ..environment.clone()
        };
        config::decide(cli, &environment)
    };
    let mut out = io::stdout();
    let server = Server::new(&decide, environment.cwd.clone(), stop, &mut out);
    match server.serve(io::stdin()) {
        Ok(true) => Ok(Exit::Clean),
        // The protocol wants a 1 where nobody asked it to shut down.
        Ok(false) => Ok(Exit::Findings),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::Findings),
        Err(error) => Err(Problem {
            message: format!("can't write to standard output: {error}"),
            help: String::new(),
        }),
    }
}
