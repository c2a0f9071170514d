//! One worker process as the driver sees it.
//!
//! A worker runs code that nobody has reviewed, so every wait for it has an end
//! and whatever it answers may be nonsense: then it is killed and replaced.

use std::io::{self, BufReader, Read};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process};

use super::idle::Look;
use super::leftovers;
use super::protocol::{self, Reply, Request, Setup};
use super::zygote::Forked;
use crate::model::Containment;

/// How a worker is started.
#[derive(Clone, Debug)]
pub struct Start {
    /// The program `verify-python`.
    pub program: PathBuf,
    /// The interpreter whose Python it embeds.
    pub executable: PathBuf,
    /// The virtual environment of its snippets.
    pub within: Option<Within>,
    /// That interpreter's shared library.
    pub libpython: PathBuf,
    /// The environment of the worker and its snippets, whole.
    pub environment: Vec<(String, String)>,
    /// Seconds by which its clock is ahead.
    pub clock_ahead: i64,
    /// What its snippets may reach.
    pub setup: Setup,
}

/// A virtual environment that snippets are in. A worker itself is not: what packages do when Python
/// starts is done in each snippet's own process, where it is contained.
#[derive(Clone, Debug)]
pub struct Within {
    /// Its interpreter, which is not started.
    pub executable: PathBuf,
    /// Its folder.
    pub folder: PathBuf,
    /// It has a module that Python imports whenever it starts.
    pub customized: bool,
}

/// How long a worker may take to start.
const START_PATIENCE: Duration = Duration::from_secs(60);

/// How long a snippet may take before it is looked whether it waits for something.
const FIRST_LOOK: Duration = Duration::from_millis(6);
/// How long the first of these looks takes; each one after it takes half as long again.
const LOOK: Duration = Duration::from_millis(5);

/// How long a worker may take to leave.
const LEAVING: Duration = Duration::from_millis(100);

/// A running worker.
pub(crate) struct Worker {
    pid: u32,
    channel: BufReader<Timed>,
    containment: Containment,
}

impl Worker {
    /// Sets up what was forked as one; its snippets get their folders under `folder`.
    pub(super) fn start(forked: Forked, start: &Start, folder: &Path) -> io::Result<Self> {
        let mut worker = Self {
            pid: forked.pid,
            channel: BufReader::new(Timed {
                stream: forked.channel,
                deadline: Instant::now(),
            }),
            containment: Containment::default(),
        };
        let setup = Setup {
            folder: folder.to_owned(),
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
        self.pid
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
        protocol::send(&mut &self.channel.get_ref().stream, request)?;
        self.channel.get_mut().deadline = Instant::now() + patience;
        if let Some(idle) = idle
            && self.waits()?
        {
            idle();
        }
        protocol::receive(&mut self.channel)?.ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::BrokenPipe,
                "the worker has closed its channel",
            )
        })
    }

    /// Closes its channel, upon which it leaves.
    pub(crate) fn tell_to_leave(&mut self) {
        // It fails only where the worker is gone already.
        let _ = self.channel.get_ref().stream.shutdown(Shutdown::Write);
    }

    /// True once it has closed its end.
    fn has_left(&mut self, patience: Duration) -> bool {
        let timed = self.channel.get_mut();
        timed.deadline = Instant::now() + patience;
        let mut rest = [0; 512];
        loop {
            match timed.read(&mut rest) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(error) => return error.kind() != io::ErrorKind::TimedOut,
            }
        }
    }

    /// Looks until there is something to read, or until all that it started waits for something.
    fn waits(&self) -> io::Result<bool> {
        if self.channel.get_ref().is_ready(FIRST_LOOK)? {
            return Ok(false);
        }
        let mut length = LOOK;
        while Instant::now() < self.channel.get_ref().deadline {
            let Some(before) = Look::at(self.pid()) else {
                return Ok(false);
            };
            let begun = Instant::now();
            if self.channel.get_ref().is_ready(length)? {
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
        if self.has_left(LEAVING) {
            return;
        }
        if let Some(process) = i32::try_from(self.pid).ok().and_then(Pid::from_raw) {
            // It fails only where the process is gone already.
            let _ = kill_process(process, Signal::KILL);
            self.has_left(LEAVING);
        }
        leftovers::end();
    }
}

/// A channel that is read until a deadline.
struct Timed {
    stream: UnixStream,
    deadline: Instant,
}

impl Timed {
    /// True once there is something to read, or its end; false after the deadline, or `most` if that is sooner.
    fn is_ready(&self, most: Duration) -> io::Result<bool> {
        let until = self.deadline.min(Instant::now() + most);
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let left = Timespec::try_from(left).map_err(io::Error::other)?;
            match poll(&mut [PollFd::new(&self.stream, PollFlags::IN)], Some(&left)) {
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
        (&self.stream).read(buffer)
    }
}
