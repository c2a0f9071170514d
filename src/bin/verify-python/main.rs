//! The worker: embeds the CPython whose libpython was preloaded, and runs each
//! snippet in a process forked from it.
//!
//! It is started by `verify` as `verify-python EXECUTABLE [without-packages] [within EXECUTABLE FOLDER]`, with
//! requests on its standard input and replies on its standard output (`protocol`). It is the only
//! program of the package that knows pyo3, fork and the sandbox, and the only one
//! with `unsafe` code.

mod clock;
mod interpreter;
mod rehearsal;
mod sandbox;
mod seal;
mod snippet;

use std::process::ExitCode;

use verify::python::protocol::{WITHIN, WITHOUT_PACKAGES};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let Some(executable) = arguments.next() else {
        return fail("this is the worker of `verify`, which starts it; run `verify` instead");
    };
    let mut arguments = arguments.peekable();
    let packages = arguments.next_if(|word| word == WITHOUT_PACKAGES).is_none();
    let within = arguments.next_if(|word| word == WITHIN).is_some();
    let within = within
        .then(|| arguments.next().zip(arguments.next()))
        .flatten();
    match interpreter::start(&executable, packages, within) {
        Ok(code) => code,
        Err(error) => fail(&error),
    }
}

#[expect(
    clippy::print_stderr,
    reason = "the driver shows what a worker says before it gives up"
)]
fn fail(message: &str) -> ExitCode {
    eprintln!("verify-python: {message}");
    ExitCode::from(2)
}
