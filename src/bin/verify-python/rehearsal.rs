//! Rehearsals in a process that has no snippets yet, so that those of its forks find all in order.
#![allow(unsafe_code)]

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsRawFd;

use pyo3::prelude::*;
use pyo3::types::PyModule;
use rustix::pipe::{PipeFlags, pipe_with};
use verify::model::Code;
use verify::python::protocol::Job;

use crate::sandbox;
use crate::snippet;

/// Does what snippets do, and returns the pages that nearly every one writes to, of those that
/// import one of `modules` where there are any.
pub(crate) fn usual(
    py: Python<'_>,
    harness: &Bound<'_, PyModule>,
    modules: &[String],
) -> PyResult<Vec<usize>> {
    harness.call_method0("rehearse")?;
    py.import("gc")?.call_method0("collect")?;
    let usual: String = harness.getattr("USUAL")?.extract()?;
    let imports = modules.first().map(|name| format!("import {name}\n"));
    let job = Job {
        path: "rehearsal".into(),
        code: Code::script(1, imports.unwrap_or_default() + &usual),
        ..Job::default()
    };
    Ok(in_fork(py, harness, &job)?)
}

#[cfg(not(target_os = "linux"))]
fn in_fork(_: Python<'_>, _: &Bound<'_, PyModule>, _: &Job) -> io::Result<Vec<usize>> {
    Ok(Vec::new())
}

/// The pages that a fork writes to which runs `job`.
#[cfg(target_os = "linux")]
fn in_fork(py: Python<'_>, harness: &Bound<'_, PyModule>, job: &Job) -> io::Result<Vec<usize>> {
    let end = wrap_pyfunction!(end_of_rehearsal, py)?;
    let run = harness.getattr("run")?;
    let null = File::options().read(true).write(true).open("/dev/null")?;
    let (pages, pages_end) = pipe_with(PipeFlags::CLOEXEC)?;
    let child = sandbox::fork(py)?;
    if child == 0 {
        let null = null.as_raw_fd();
        for (from, to) in [
            (pages_end.as_raw_fd(), 1),
            (null, 2),
            (null, sandbox::result_fd()),
        ] {
            // SAFETY: these descriptors are open.
            unsafe { libc::dup2(from, to) };
        }
        if harness.setattr("_exit", end).is_ok() {
            let _ = snippet::call(&run, job);
        }
        // SAFETY: ends this process without running destructors.
        unsafe { libc::_exit(125) }
    }
    drop(pages_end);
    let mut told = Vec::new();
    File::from(pages).read_to_end(&mut told)?;
    sandbox::reap(child)?;
    let pages = told.as_chunks().0.iter().copied();
    Ok(pages.map(usize::from_le_bytes).collect())
}

/// Stands in for `os._exit` in a rehearsal: tells which pages it wrote to, and leaves.
#[cfg(target_os = "linux")]
#[pyfunction]
fn end_of_rehearsal(_status: i32) {
    let pages = sandbox::written().unwrap_or_default();
    let told: Vec<u8> = pages.iter().flat_map(|page| page.to_le_bytes()).collect();
    // Less is told where the pipe is too small for all.
    let _ = rustix::io::write(rustix::stdio::stdout(), &told);
    // SAFETY: ends this process without running destructors.
    unsafe { libc::_exit(0) }
}
