//! A rehearsal in a fork: which pages of the worker nearly every snippet writes to.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, AsRawFd};

use pyo3::prelude::*;
use rustix::pipe::{PipeFlags, pipe_with};
use verify::model::Code;
use verify::python::protocol::Job;

use super::Snippets;
use crate::sandbox;

impl Snippets {
    /// Runs what nearly every snippet does in a fork, to have the pages that it wrote to copied by
    /// the forks that follow. It is the last step before the first snippet.
    pub(crate) fn rehearse(&mut self, py: Python<'_>) -> io::Result<()> {
        let end = wrap_pyfunction!(end_of_rehearsal, py)?;
        let usual: String = self.harness.bind(py).getattr("USUAL")?.extract()?;
        let job = Job {
            path: "rehearsal".into(),
            code: Code::script(1, usual),
            ..Job::default()
        };
        let folder = self.folder(py)?;
        let (_result, result_end) = pipe_with(PipeFlags::CLOEXEC)?;
        let (pages, pages_end) = pipe_with(PipeFlags::CLOEXEC)?;
        let child = sandbox::fork(py)?;
        if child == 0 {
            // Where it can't be set, nothing is told and nothing pinned.
            let _ = self.harness.bind(py).setattr("_exit", end);
            let standard = [&self.null.as_fd(), &pages_end.as_fd(), &self.null.as_fd()];
            let standard = standard.map(AsRawFd::as_raw_fd);
            self.live(py, &job, &folder, standard, result_end.as_raw_fd());
        }
        drop(pages_end);
        let mut told = Vec::new();
        File::from(pages).read_to_end(&mut told)?;
        self.sandbox.kill(child);
        sandbox::reap(child)?;
        self.sandbox.reap_leftovers();
        self.spare = Some(folder);
        let pages = told.as_chunks().0.iter().copied();
        let pages: Vec<_> = pages.map(usize::from_le_bytes).collect();
        self.pinned = sandbox::Pinned::new(&pages);
        self.sandbox.seal()
    }
}

/// Stands in for `os._exit` in a rehearsal: tells which pages it wrote to, and leaves.
#[pyfunction]
fn end_of_rehearsal(_status: i32) {
    let pages = sandbox::written().unwrap_or_default();
    let told: Vec<u8> = pages.iter().flat_map(|page| page.to_le_bytes()).collect();
    // Less is told where the pipe is too small for all.
    let _ = rustix::io::write(rustix::stdio::stdout(), &told);
    // SAFETY: ends this process without running the worker's destructors.
    unsafe { libc::_exit(0) }
}
