//! Which processes the kernel ends first where memory runs out.
//!
//! A container, or the machine, may have less memory than all limits together. Then the kernel ends the
//! process with the highest score (`proc_pid_oom_score_adj(5)`): a snippet's, then a worker, and the driver
//! last of all. A process may raise its score without any right.

use std::cell::Cell;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;

use pyo3::Python;

use super::processes;

const SCORE: &str = "/proc/self/oom_score_adj";
/// What has it is ended before all others.
const FIRST: i32 = 1000;

/// Puts this process, and the workers that it will fork, between the driver and the snippets.
pub(crate) fn step_in_front_of_the_driver() {
    // Without it all works, but for the order.
    let _ = score().and_then(|of_driver| {
        let own = i32::midpoint(of_driver, FIRST);
        fs::write(SCORE, own.to_string())
    });
}

fn score() -> io::Result<i32> {
    let score = fs::read_to_string(SCORE)?;
    score.trim().parse().map_err(io::Error::other)
}

/// A worker's place in this order, and what the kernel has ended so far.
#[derive(Default)]
pub(super) struct Order {
    /// The file of this process, and its score.
    place: Option<(File, i32)>,
    /// The counters of the machine.
    counters: Option<File>,
    ended: Cell<u64>,
}

impl Order {
    /// That of this process, which still sees its own files.
    pub(super) fn of_this_process() -> Self {
        let own = || Some((File::options().write(true).open(SCORE).ok()?, score().ok()?));
        let order = Self {
            place: own(),
            counters: File::open("/proc/vmstat").ok(),
            ended: Cell::default(),
        };
        order.has_ended_some();
        order
    }

    /// Forks a process that is ended before this one.
    pub(super) fn fork_in_front(&self, py: Python<'_>) -> io::Result<libc::pid_t> {
        // A fork has the score of its parent, so that it need not be able to write any.
        self.place(FIRST);
        let child = processes::fork(py);
        if !matches!(child, Ok(0))
            && let Some((_, own)) = &self.place
        {
            self.place(*own);
        }
        child
    }

    fn place(&self, score: i32) {
        if let Some((file, _)) = &self.place {
            // It fails only where the system keeps the order to itself.
            let _ = file.write_at(score.to_string().as_bytes(), 0);
        }
    }

    /// True where the kernel has ended processes for lack of memory since it was asked last.
    pub(super) fn has_ended_some(&self) -> bool {
        let mut text = [0; 16384];
        let read = self
            .counters
            .as_ref()
            .and_then(|file| file.read_at(&mut text, 0).ok());
        let text = String::from_utf8_lossy(&text[..read.unwrap_or(0)]);
        let count = text.lines().find_map(|line| line.strip_prefix("oom_kill "));
        let count = count.and_then(|count| count.parse().ok()).unwrap_or(0);
        self.ended.replace(count) < count
    }
}
