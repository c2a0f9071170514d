//! Workers that die or answer nonsense: they are replaced, their snippet is tried once more, and
//! what can't be helped is told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::TempDir;
use verify::model::{Code, End};
use verify::python::interpreters::{Environment, Interpreter, Request, find};
use verify::python::pool::{Pool, Runner, Start};
use verify::python::protocol::{Job, MAX_MESSAGE, Setup};

const DIES: &str = "#!/bin/sh\nexit 3\n";
const LEAVES: &str = "#!/bin/sh\nexit 0\n";
const TALKS_NONSENSE: &str = r"\3\0\0\0\377\377\377";
const PROMISES_TOO_MUCH: &str = r"\377\377\377\377";

/// A program that answers these bytes, whatever it is asked, and stays.
fn answers(bytes: &str) -> String {
    format!(
        "#!{}\nimport socket, time\n_, ends, _, _ = socket.recv_fds(socket.socket(fileno=0), 1, 1)\nsocket.socket(fileno=ends[0]).sendall(b'{bytes}')\ntime.sleep(60)\n",
        python().executable.display()
    )
}

fn python() -> Interpreter {
    let mut request = Request {
        project: std::env::temp_dir(),
        env: Environment::from_process(),
        ..Request::default()
    };
    request.env.cache = None;
    find(&request).expect("these tests need a CPython that can be embedded")
}

/// A pool whose worker is this program.
fn pool(folder: &Path, program: &Path) -> Pool {
    let python = python();
    let start = Start {
        program: program.to_owned(),
        executable: python.executable,
        within: None,
        libpython: python.libpython.unwrap(),
        environment: vec![("PATH".into(), "/usr/bin:/bin".into())],
        clock_ahead: 0,
        setup: Setup::default(),
    };
    Pool::new(start, 1, folder).unwrap()
}

fn worker() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_verify-python"))
}

/// A snippet that kills its worker, which nothing keeps it from here, as many times as said.
fn killer(folder: &Path, times: usize) -> Job {
    let code = format!(
        "import os, time\nfolder = '{}'\nif len(os.listdir(folder)) < {times}:\n    open(folder + '/' + str(os.getppid()), 'w').close()\n    os.kill(os.getppid(), 9)\n    time.sleep(60)\n",
        folder.display()
    );
    Job {
        path: "notes/a.md".into(),
        code: Code::script(1, code),
        ..Job::default()
    }
}

#[test]
fn a_lost_worker_is_replaced_and_its_snippet_tried_once_more() {
    for (times, end) in [(0, End::Finished), (1, End::Finished), (2, End::WorkerLost)] {
        let (folder, killed) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let pool = pool(folder.path(), worker());
        let traces = pool.run(&[killer(killed.path(), times)], &|| ()).unwrap();
        assert_eq!(traces[0].as_ref().unwrap().end, end, "{times}");
        assert_eq!(fs::read_dir(killed.path()).unwrap().count(), times);
    }
}

#[test]
fn a_snippet_that_breaks_its_worker_costs_no_other() {
    let breaks = "import os, shutil\nfolder = os.path.dirname(os.getcwd())\nshutil.rmtree(folder)\nopen(folder, 'w').close()\n";
    let job = |code: &str| Job {
        path: "notes/a.md".into(),
        code: Code::script(1, code),
        ..Job::default()
    };
    let folder = TempDir::new().unwrap();
    let pool = pool(folder.path(), worker());
    let jobs = [breaks, "print(1)\n", breaks, breaks, "print(2)\n"].map(job);
    let traces = pool.run(&jobs, &|| ()).unwrap();
    for trace in traces {
        assert_eq!(trace.unwrap().end, End::Finished);
    }
}

#[test]
fn a_program_that_is_no_worker_is_told_with_what_to_do() {
    let programs = [
        DIES.to_owned(),
        LEAVES.to_owned(),
        answers(TALKS_NONSENSE),
        answers(PROMISES_TOO_MUCH),
    ];
    for broken in programs {
        let folder = TempDir::new().unwrap();
        let program = folder.path().join("worker");
        fs::write(&program, broken).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let pool = pool(folder.path(), &program);
        let error = pool.run(&[Job::default()], &|| ()).unwrap_err().to_string();
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
    let pool = pool(folder.path(), worker());
    let long = Code::script(1, format!("x = '{}'\n", "y".repeat(MAX_MESSAGE)));
    let facts = pool.analyze(&[Code::script(1, "x = 1\n"), long]).unwrap();
    assert!(facts[0].error.is_none());
    assert!(facts[1].error.is_some());
}
