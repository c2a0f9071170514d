//! One worker process as the driver sees it.
//!
//! A worker runs code that nobody has reviewed, so every wait for it has an end
//! and whatever it answers may be nonsense: then it is killed and replaced.

use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::idle::Look;
use super::leftovers;
use super::protocol::{self, Reply, Request, Setup};
use crate::model::Containment;

/// How a worker is started.
#[derive(Clone, Debug)]
pub struct Start {
    /// The program `verify-python`.
    pub program: PathBuf,
    /// The interpreter whose Python it embeds.
    pub executable: PathBuf,
    /// That interpreter's shared library.
    pub libpython: PathBuf,
    /// The environment of the worker and its snippets, whole.
    pub environment: Vec<(String, String)>,
    /// Seconds by which its clock is ahead.
    pub clock_ahead: i64,
    /// What its snippets may reach.
    pub setup: Setup,
}

/// How long a worker may take to start.
const START_PATIENCE: Duration = Duration::from_secs(60);

/// How long a snippet may take before it is looked whether it waits for something.
const FIRST_LOOK: Duration = Duration::from_millis(6);
/// How long the first of these looks takes; each one after it takes half as long again.
const LOOK: Duration = Duration::from_millis(5);

/// A running worker.
pub(crate) struct Worker {
    child: Child,
    requests: Option<ChildStdin>,
    replies: BufReader<Timed>,
    containment: Containment,
}

impl Worker {
    /// Starts a worker whose snippets get their folders under `folder`.
    /// It has done what `packages` put into `.pth` files, and imported `warm` as far as that can go unnoticed.
    pub(crate) fn start(
        start: &Start,
        packages: bool,
        warm: &[String],
        folder: &Path,
    ) -> io::Result<Self> {
        let preload = if cfg!(target_os = "macos") {
            "DYLD_INSERT_LIBRARIES"
        } else {
            "LD_PRELOAD"
        };
        let mut command = Command::new(&start.program);
        command
            .arg(&start.executable)
            .args((!packages).then_some(protocol::WITHOUT_PACKAGES))
            .current_dir(folder)
            .env_clear()
            .envs(start.environment.iter().map(|(name, value)| (name, value)))
            .env(preload, &start.libpython)
            .env("LD_BIND_NOW", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit());
        if start.clock_ahead != 0 {
            command.env("VERIFY_CLOCK_AHEAD", start.clock_ahead.to_string());
        }
        leftovers::adopt();
        let mut child = command.spawn()?;
        let (Some(requests), Some(replies)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("the worker has no pipes"));
        };
        let replies = BufReader::new(Timed {
            pipe: replies,
            deadline: Instant::now(),
        });
        let mut worker = Self {
            child,
            requests: Some(requests),
            replies,
            containment: Containment::default(),
        };
        let setup = Setup {
            warm: warm.to_vec(),
            ..start.setup.clone()
        };
        match worker.ask(&Request::Begin(setup), START_PATIENCE)? {
            Reply::Begun(containment) => worker.containment = containment,
            Reply::Refused(reason) => return Err(io::Error::other(reason)),
            _ => {
                return Err(io::Error::other(
                    "it does not say what contains its snippets",
                ));
            }
        }
        Ok(worker)
    }

    /// What contains its snippets.
    pub(crate) fn containment(&self) -> &Containment {
        &self.containment
    }

    /// The worker's process number.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks one thing and waits for the answer, `patience` at the longest.
    pub(crate) fn ask(&mut self, request: &Request, patience: Duration) -> io::Result<Reply> {
        self.ask_and_watch(request, patience, None)
    }

    /// The same; `idle` is called once if what it does meanwhile is waiting.
    pub(crate) fn ask_and_watch(
        &mut self,
        request: &Request,
        patience: Duration,
        idle: Option<&dyn Fn()>,
    ) -> io::Result<Reply> {
        let closed = || {
            io::Error::new(
                io::ErrorKind::BrokenPipe,
                "the worker has closed its channel",
            )
        };
        protocol::send(self.requests.as_mut().ok_or_else(closed)?, request)?;
        self.replies.get_mut().deadline = Instant::now() + patience;
        if let Some(idle) = idle
            && self.waits()?
        {
            idle();
        }
        protocol::receive(&mut self.replies)?.ok_or_else(closed)
    }

    /// Closes its channel, upon which it leaves.
    pub(crate) fn tell_to_leave(&mut self) {
        self.requests = None;
    }

    /// Looks until there is something to read, or until all that it started waits for something.
    fn waits(&self) -> io::Result<bool> {
        if self.replies.get_ref().is_ready(FIRST_LOOK)? {
            return Ok(false);
        }
        let mut length = LOOK;
        while Instant::now() < self.replies.get_ref().deadline {
            let Some(before) = Look::at(self.pid()) else {
                return Ok(false);
            };
            let begun = Instant::now();
            if self.replies.get_ref().is_ready(length)? {
                return Ok(false);
            }
            let taken = begun.elapsed().as_nanos();
            let after = Look::at(self.pid());
            if after.is_some_and(|after| after.is_idle_since(before, taken)) {
                return Ok(true);
            }
            length = length.mul_f64(1.5);
        }
        Ok(false)
    }
}

impl Drop for Worker {
    /// A worker that does not leave is killed.
    fn drop(&mut self) {
        self.tell_to_leave();
        for _ in 0..50 {
            match self.child.try_wait() {
                Ok(Some(status)) if status.success() => return,
                Ok(None) => std::thread::sleep(Duration::from_millis(2)),
                Ok(Some(_)) | Err(_) => break,
            }
        }
        // Both fail only where the process is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        leftovers::end();
    }
}

/// A pipe that is read until a deadline.
struct Timed {
    pipe: ChildStdout,
    deadline: Instant,
}

impl Timed {
    /// True once there is something to read, or its end; false after the deadline, or `most` if that is sooner.
    fn is_ready(&self, most: Duration) -> io::Result<bool> {
        let until = self.deadline.min(Instant::now() + most);
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let left = Timespec::try_from(left).map_err(io::Error::other)?;
            match poll(&mut [PollFd::new(&self.pipe, PollFlags::IN)], Some(&left)) {
                Ok(ready) => return Ok(ready > 0),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.is_ready(self.deadline.saturating_duration_since(Instant::now()))? {
            return Err(io::Error::new(
                io::ErrorKind::TimedOut,
                "the worker does not answer",
            ));
        }
        self.pipe.read(buffer)
    }
}
