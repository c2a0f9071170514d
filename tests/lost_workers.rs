//! Workers that die or answer nonsense: they are replaced, their snippet is tried once more, and
//! what can't be helped is told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::TempDir;
use verify::model::{Code, End};
use verify::python::interpreters::{Environment, Interpreter, Request, find};
use verify::python::pool::{Pool, PoolError, Runner, Start};
use verify::python::protocol::{Job, MAX_MESSAGE};

const DIES: &str = "exit 3";
const LEAVES: &str = "exit 0";
const TALKS_NONSENSE: &str = r"printf '\003\000\000\000\377\377\377'; sleep 60";
const PROMISES_TOO_MUCH: &str = r"printf '\377\377\377\377'; sleep 60";

fn python() -> Interpreter {
    let mut request = Request {
        project: std::env::temp_dir(),
        env: Environment::from_process(),
        ..Request::default()
    };
    request.env.cache = None;
    find(&request).expect("these tests need a CPython that can be embedded")
}

/// A pool whose first workers are the shell script `broken`, as many as said.
fn pool(folder: &Path, broken: &str, times: usize) -> Pool {
    let program = folder.join("worker");
    let script = format!(
        "#!/bin/sh\ncount=$(ls '{0}' | wc -l)\n: > '{0}'/$count\nif [ $count -lt {times} ]; then {broken}; fi\nexec '{1}' \"$@\"\n",
        folder.join("started").display(),
        env!("CARGO_BIN_EXE_verify-python"),
    );
    fs::create_dir(folder.join("started")).unwrap();
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let python = python();
    let start = Start {
        program,
        executable: python.executable,
        libpython: python.libpython.unwrap(),
        environment: vec![("PATH".into(), "/usr/bin:/bin".into())],
        clock_ahead: 0,
    };
    Pool::new(start, 1, folder).unwrap()
}

fn job() -> Job {
    Job {
        path: "notes/a.md".into(),
        code: Code::script(1, "print(1)\n"),
        ..Job::default()
    }
}

/// How a snippet ends where so many workers are broken in this way.
fn end(broken: &str, times: usize) -> Result<End, PoolError> {
    let folder = TempDir::new().unwrap();
    let pool = pool(folder.path(), broken, times);
    let traces = pool.run(&[job()], &|| ())?;
    Ok(traces[0].as_ref().unwrap().end)
}

#[test]
fn a_lost_worker_is_replaced_and_its_snippet_tried_once_more() {
    for broken in [DIES, LEAVES, TALKS_NONSENSE, PROMISES_TOO_MUCH] {
        assert_eq!(end(broken, 1).unwrap(), End::Finished, "{broken}");
        assert_eq!(end(broken, 2).unwrap(), End::WorkerLost, "{broken}");
    }
}

#[test]
fn where_no_worker_works_the_run_ends_with_what_to_do() {
    for broken in [DIES, TALKS_NONSENSE] {
        let error = end(broken, 1000).unwrap_err().to_string();
        assert!(
            error.starts_with("the worker ")
                && error.ends_with("lists the interpreters that can be used"),
            "{error}"
        );
    }
}

#[test]
fn code_that_is_too_long_to_be_sent_is_an_error_of_its_own() {
    let folder = TempDir::new().unwrap();
    let pool = pool(folder.path(), LEAVES, 0);
    let long = Code::script(1, format!("x = '{}'\n", "y".repeat(MAX_MESSAGE)));
    let facts = pool.analyze(&[Code::script(1, "x = 1\n"), long]).unwrap();
    assert!(facts[0].error.is_none());
    assert!(facts[1].error.is_some());
}
