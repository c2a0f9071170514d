//! One snippet in a process of its own: fork, wait for its exit, collect what it did.
#![allow(unsafe_code)]

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsRawFd, IntoRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use pyo3::prelude::*;
use pyo3::types::PyModule;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pipe::{PipeFlags, pipe_with};
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use verify::model::{Code, Containment, End, EventKind, Limit, Trace};
use verify::python::channel::{Channel, Ended};
use verify::python::protocol::{Job, Ran, Setup};

use crate::sandbox::{self, Folder, Installation, Sandbox};
use crate::seal::{self, Seal};

/// Some code needs the file that it came from: processes that are spawned, for one.
const NEEDS_FILE: [&str; 5] = [
    "__file__",
    "multiprocessing",
    "ProcessPool",
    "getsource",
    "getfile",
];

/// Code without any of these draws nothing of which a picture could be taken (docs/figures.md).
const MAY_DRAW: [&str; 5] = ["plot", "pylab", "seaborn", "savefig", ".hist("];

/// Code without any of these asks nothing that another run may give otherwise, as far as can be told.
const MAY_ASK: [&str; 17] = [
    "random",
    "secrets",
    "uuid",
    "time",
    "date",
    "hash(",
    "id(",
    "os.",
    "import os",
    "from os",
    "sys",
    "platform",
    "socket",
    "locale",
    "getpass",
    "Path",
    "completed",
];
/// Code with one of these may make a set,
const MAY_MAKE_SETS: [&str; 2] = ["set(", "{"];
/// and with one of these may see its order.
const MAY_SEE_ORDER: [&str; 8] = [
    "for ",
    ".pop()",
    "list(",
    "tuple(",
    "iter(",
    "enumerate(",
    "join(",
    "(*",
];

/// What shows that the driver has closed its end.
#[cfg(target_os = "linux")]
const DRIVER_GONE: PollFlags = PollFlags::RDHUP;
#[cfg(not(target_os = "linux"))]
const DRIVER_GONE: PollFlags = PollFlags::empty();

/// Runs snippets one after the other.
pub(crate) struct Snippets {
    /// The function of `harness.py`.
    run: Py<PyAny>,
    /// That of `environment.py`, where snippets are in a virtual environment.
    enter: Option<Py<PyAny>>,
    sandbox: Sandbox,
    /// The number of the folder that the next snippet gets, and `HOME` says.
    number: u64,
    /// The last snippet's folder, where it was left as it was made.
    spare: Option<Folder>,
    /// What forks get copies of.
    #[cfg(target_os = "linux")]
    pinned: Option<sandbox::Pinned>,
}

impl Snippets {
    /// The module of `harness.py`, and what brings each snippet into its environment.
    pub(crate) fn new(
        py: Python<'_>,
        (harness, enter): (&Bound<'_, PyModule>, Option<&Bound<'_, PyAny>>),
        setup: &Setup,
        installation: &Installation,
    ) -> io::Result<Self> {
        let ahead = std::env::var("VERIFY_CLOCK_AHEAD")
            .ok()
            .and_then(|value| value.parse().ok());
        if let Some(seconds) = ahead {
            crate::clock::set_ahead(seconds);
        }
        let sandbox = Sandbox::begin(py, setup, installation, ahead.is_some())?;
        Ok(Self {
            run: harness.getattr("run")?.unbind(),
            enter: enter.map(|enter| enter.clone().unbind()),
            sandbox,
            number: 0,
            spare: None,
            #[cfg(target_os = "linux")]
            pinned: None,
        })
    }

    /// What contains the snippets.
    pub(crate) fn containment(&self) -> &Containment {
        &self.sandbox.containment
    }

    /// Readies this process for its forks, which get copies of these pages. It is the last step before the
    /// first snippet.
    pub(crate) fn prepare_forks(&mut self, pages: &[usize]) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        {
            self.pinned = self.sandbox.prepare_forks(pages);
            self.sandbox.seal()?;
        }
        Ok(())
    }

    /// A new folder, in the place of the last one where that is gone, or the last one where nobody can tell.
    fn folder(&mut self, py: Python<'_>) -> io::Result<Folder> {
        if let Some(folder) = self.spare.take() {
            return Ok(folder);
        }
        while self.number == 0 || self.sandbox.place.has(self.number) {
            self.number += 1;
            set_home(py, self.sandbox.place.folder(self.number).as_os_str())?;
        }
        Folder::new(&self.sandbox.place, self.number)
    }

    /// Runs one snippet to its end or its limits. After an error this process must run no other one.
    ///
    /// `driver` is watched meanwhile: where the driver is gone, so is the snippet, at once.
    pub(crate) fn run(
        &mut self,
        py: Python<'_>,
        job: &Job,
        driver: &UnixStream,
    ) -> io::Result<Ran> {
        let folder = self.folder(py)?;
        let seal = seal::new()?;
        let (result, result_end) = pipe_with(PipeFlags::CLOEXEC)?;
        let (out, out_end) = pipe_with(PipeFlags::CLOEXEC)?;
        let (err, err_end) = pipe_with(PipeFlags::CLOEXEC)?;
        let started = Instant::now();
        let child = self.sandbox.fork(py)?;
        if child == 0 {
            self.live(py, job, &folder, [&result_end, &out_end, &err_end], seal);
        }
        drop((result_end, out_end, err_end));
        let watched = Watch::new(child, [result, out, err], job.limits.output, seal);
        let watched = watched.and_then(|mut watch| {
            let deadline = started + Duration::from_secs_f64(job.limits.wall.clamp(0.01, 1e6));
            let exceeded = || self.sandbox.exceeded(&job.limits);
            let limit = watch.until_exit(deadline, driver, exceeded)?;
            Ok((watch, limit))
        });
        let (status, is_gone) = self.sandbox.end(child)?;
        let (mut watch, limit) = watched?;
        let ran_out = limit.is_none() && self.sandbox.was_out_of_memory(status);
        // Files in memory are gone at once.
        let retires = !is_gone || !self.is_ready_for_next(folder);
        watch.drain();
        let limit = limit.or_else(|| ran_out.then_some(Limit::Memory));
        if ran_out {
            std::thread::sleep(GIVING_BACK);
        }
        let in_replay = !job.replay.is_empty() && !watch.channel.replayed;
        let events = if in_replay {
            Vec::new()
        } else {
            watch.channel.events
        };
        let trace = Trace {
            end: limit.map_or_else(|| end(status, watch.channel.ended), End::Limit),
            events,
            dropped: watch.channel.dropped,
            in_replay,
            open: watch.channel.open,
            seconds: started.elapsed().as_secs_f64(),
        };
        Ok(Ran {
            trace: Box::new(trace),
            retires,
        })
    }

    /// True where the next snippet finds all as if this one had never been.
    fn is_ready_for_next(&mut self, folder: Folder) -> bool {
        let emptied = if folder.is_untouched() {
            self.spare = Some(folder);
            true
        } else {
            folder.remove().is_ok()
        };
        emptied && self.sandbox.is_as_it_was(self.spare.as_ref())
    }

    /// The life of the forked process, which is given its ends of the result channel and of its outputs; it
    /// leaves by `_exit`.
    fn live(
        &self,
        py: Python<'_>,
        job: &Job,
        folder: &Folder,
        [result, out, err]: [&OwnedFd; 3],
        seal: Seal,
    ) -> ! {
        seal::take(seal);
        // Opened anew for each snippet: what one sets of it, such as its flags, holds for all who share it.
        let null = File::options().read(true).write(true).open("/dev/null");
        let ready = null.and_then(|null| {
            // What is not needed is closed all at once.
            let standard = [null.into_raw_fd(), out.as_raw_fd(), err.as_raw_fd()];
            self.sandbox
                .enter(standard, result.as_raw_fd(), &job.limits)?;
            std::env::set_current_dir(folder.path())
        });
        if ready.is_ok() {
            // Not before: packages may do anything.
            if let Some(enter) = &self.enter {
                let _ = enter.call0(py);
            }
            let _ = call(self.run.bind(py), job);
        }
        // SAFETY: ends this process without running the worker's destructors.
        unsafe { libc::_exit(125) }
    }
}

/// Calls the function of `harness.py` with what it needs of a job.
pub(crate) fn call(run: &Bound<'_, PyAny>, job: &Job) -> PyResult<()> {
    let replay: Vec<_> = job.replay.iter().map(code).collect();
    let files: Vec<_> = job
        .files
        .iter()
        .map(|file| (&file.name, &file.text))
        .collect();
    let told = (
        &job.path,
        job.limits.output,
        manner(job),
        files,
        &job.imports,
        replay,
        code(&job.code),
        &job.values,
    );
    run.call1(told).map(drop)
}

/// Code as the harness takes it.
fn code(code: &Code) -> (bool, Vec<(u32, &str)>) {
    (code.prompts, crate::interpreter::pieces(code))
}

/// What code asks for by what it names: that it has to do with warnings, needs the file that it came
/// from, may draw figures, can see when objects are deleted, and may do something else the next time.
fn manner(job: &Job) -> (bool, bool, bool, bool, bool) {
    (
        names(job, &["arning", "ARNING"]),
        names(job, &NEEDS_FILE),
        may_draw(job),
        names(job, &["__del__"]),
        may_vary(job),
    )
}

/// True where a snippet may draw figures.
pub(crate) fn may_draw(job: &Job) -> bool {
    names(job, &MAY_DRAW)
}

/// True where what a snippet does may rest on something that another run may give otherwise.
pub(crate) fn may_vary(job: &Job) -> bool {
    let by_order = || names(job, &MAY_MAKE_SETS) && names(job, &MAY_SEE_ORDER);
    job.open && (names(job, &MAY_ASK) || by_order())
}

fn names(job: &Job, words: &[&str]) -> bool {
    let codes = job.replay.iter().chain([&job.code]);
    let mut texts = codes.flat_map(|code| code.pieces.iter().map(|piece| piece.text.as_str()));
    texts.any(|text| words.iter().any(|word| text.contains(word)))
}

fn set_home(py: Python<'_>, home: &OsStr) -> PyResult<()> {
    let environ = py.import("os")?.getattr("environ")?;
    let home = home.to_string_lossy();
    for name in ["HOME", "TMPDIR"] {
        environ.set_item(name, home.as_ref())?;
    }
    Ok(())
}

fn end(status: libc::c_int, ended: Option<Ended>) -> End {
    if libc::WIFSIGNALED(status) {
        return match libc::WTERMSIG(status) {
            libc::SIGXCPU => End::Limit(Limit::Cpu),
            signal => End::Signal(signal),
        };
    }
    match ended {
        Some(Ended::Here) => End::Finished,
        Some(Ended::Exit(status)) => End::Exit(status),
        None => End::Vanished(libc::WEXITSTATUS(status)),
    }
}

/// Waits for a snippet's exit and takes in what it produces meanwhile.
struct Watch {
    pidfd: OwnedFd,
    result: Source,
    raw: [Raw; 2],
    channel: Channel,
}

/// One of the two standard descriptors as seen from outside.
struct Raw {
    source: Source,
    kind: fn(String) -> EventKind,
    left: u64,
}

/// The reading end of a pipe, until its last writer is gone.
struct Source {
    pipe: File,
    open: bool,
}

/// How often it is looked how much all processes of a snippet use together.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How long the kernel may take to give back what a process had that it has ended; until then it would end the next one.
const GIVING_BACK: Duration = Duration::from_millis(200);
/// How often one source is read before the others and the clock get their turn.
const READS_IN_A_ROW: usize = 64;

impl Source {
    fn new(pipe: OwnedFd) -> io::Result<Self> {
        rustix::io::ioctl_fionbio(&pipe, true)?;
        Ok(Self {
            pipe: pipe.into(),
            open: true,
        })
    }

    /// Hands on what there is to read now.
    fn drain(&mut self, mut take: impl FnMut(&[u8])) {
        let mut buffer = [0; 16384];
        for _ in 0..READS_IN_A_ROW {
            match self.pipe.read(&mut buffer) {
                Ok(0) => {
                    self.open = false;
                    return;
                }
                Ok(length) => take(&buffer[..length]),
                Err(_) => return,
            }
        }
    }
}

impl Watch {
    fn new(
        child: libc::pid_t,
        [result, out, err]: [OwnedFd; 3],
        keep: u64,
        seal: Seal,
    ) -> io::Result<Self> {
        let pid = Pid::from_raw(child).ok_or_else(|| io::Error::other("no such process"))?;
        let raw = [
            Raw {
                source: Source::new(out)?,
                kind: EventKind::Stdout,
                left: keep,
            },
            Raw {
                source: Source::new(err)?,
                kind: EventKind::Stderr,
                left: keep,
            },
        ];
        let pidfd = pidfd_open(pid, PidfdFlags::empty())?;
        Ok(Self {
            pidfd,
            result: Source::new(result)?,
            raw,
            channel: Channel::sealed(seal),
        })
    }

    /// The limit that it ran into, or none where it ended by itself.
    fn until_exit(
        &mut self,
        deadline: Instant,
        driver: &UnixStream,
        exceeded: impl Fn() -> Option<Limit>,
    ) -> io::Result<Option<Limit>> {
        let mut look = Instant::now() + LOOK_EVERY;
        loop {
            let now = Instant::now();
            let Some(left) = deadline.checked_duration_since(now) else {
                return Ok(Some(Limit::Wall));
            };
            if now >= look {
                if let Some(limit) = exceeded() {
                    return Ok(Some(limit));
                }
                look = Instant::now() + LOOK_EVERY;
            }
            let left = left.min(look.saturating_duration_since(now));
            let left = Timespec::try_from(left).map_err(io::Error::other)?;
            let mut fds = vec![
                PollFd::new(&self.pidfd, PollFlags::IN),
                PollFd::new(driver, DRIVER_GONE),
            ];
            let sources = [&self.result, &self.raw[0].source, &self.raw[1].source];
            fds.extend(
                sources
                    .iter()
                    .filter(|source| source.open)
                    .map(|source| PollFd::new(&source.pipe, PollFlags::IN)),
            );
            match poll(&mut fds, Some(&left)) {
                Ok(_) => {}
                Err(rustix::io::Errno::INTR) => continue,
                Err(error) => return Err(error.into()),
            }
            let (exited, driver_gone) =
                (!fds[0].revents().is_empty(), !fds[1].revents().is_empty());
            if driver_gone {
                return Ok(Some(Limit::Wall));
            }
            self.drain();
            if exited {
                return Ok(None);
            }
        }
    }

    /// Takes in what there is now: first what was reported, then what came raw, which is newer.
    fn drain(&mut self) {
        let channel = &mut self.channel;
        self.result.drain(|bytes| channel.take(bytes));
        for raw in &mut self.raw {
            let Raw { source, kind, left } = raw;
            source.drain(|bytes| {
                let kept = bytes
                    .len()
                    .min(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= kept as u64;
                channel.dropped += (bytes.len() - kept) as u64;
                if kept > 0 {
                    channel.take_raw(&bytes[..kept], *kind);
                }
            });
        }
    }
}
