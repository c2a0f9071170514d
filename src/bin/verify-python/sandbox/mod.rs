//! What keeps a snippet inside its own process: descriptors, process group, limits, folder.
//!
//! Everything that contains a snippet belongs here, so that what can be reached
//! from inside is read in one place.
#![allow(unsafe_code)]

mod folder;
mod processes;

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, RawFd};

use pyo3::prelude::*;
use verify::python::protocol::Limits;

pub(crate) use folder::Folder;
pub(crate) use processes::{adopt_orphans, kill_group, reap_leftovers};

/// The descriptor of the result channel: far above those that a snippet gets when it opens files.
pub(crate) const RESULT_FD: RawFd = 250;
const MAX_FILE_BYTES: u64 = 256 << 20;

/// Moves the driver's channel off the standard descriptors, so that nothing that Python does reaches it.
pub(crate) fn put_driver_aside() -> io::Result<(File, File)> {
    let requests = duplicate(0)?;
    let replies = duplicate(1)?;
    let null = File::options().read(true).write(true).open("/dev/null")?;
    for standard in [0, 1] {
        // SAFETY: both descriptors are open.
        check(unsafe { libc::dup2(null.as_raw_fd(), standard) })?;
    }
    Ok((requests, replies))
}

fn duplicate(fd: RawFd) -> io::Result<File> {
    // SAFETY: asks for a new descriptor at 100 or above and touches no memory.
    let copy = check(unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 100) })?;
    // SAFETY: the descriptor is new and nobody else's.
    Ok(unsafe { File::from_raw_fd(copy) })
}

/// Takes what the worker was started with out of what snippets and their children see.
pub(crate) fn forget_how_it_was_started(py: Python<'_>) -> PyResult<()> {
    let environ = py.import("os")?.getattr("environ")?;
    for name in ["LD_PRELOAD", "DYLD_INSERT_LIBRARIES", "VERIFY_CLOCK_AHEAD"] {
        environ.call_method1("pop", (name, py.None()))?;
    }
    let sys = py.import("sys")?;
    let executable = sys.getattr("executable")?;
    if sys.hasattr("orig_argv")? {
        sys.setattr("orig_argv", vec![executable])?;
    }
    Ok(())
}

/// Makes the forked process the snippet's own: session, descriptors, limits.
///
/// Called between fork and the first line of Python; an error ends the process.
pub(crate) fn enter(
    null: RawFd,
    out: RawFd,
    err: RawFd,
    result: RawFd,
    limits: &Limits,
) -> io::Result<()> {
    // SAFETY: plain system calls on descriptors of this process.
    unsafe {
        check(libc::setsid())?;
        #[cfg(target_os = "linux")]
        check(libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL))?;
        for (from, to) in [(null, 0), (out, 1), (err, 2), (result, RESULT_FD)] {
            check(libc::dup2(from, to))?;
        }
        check(libc::fcntl(RESULT_FD, libc::F_SETFD, libc::FD_CLOEXEC))?;
        // Rust's own handlers, which report overflows of its stack, would swallow the first signal
        // that `os.kill` sends.
        for signal in [libc::SIGSEGV, libc::SIGBUS] {
            libc::signal(signal, libc::SIG_DFL);
        }
    }
    close_all_but_own();
    limit(libc::RLIMIT_CPU, limits.cpu, limits.cpu + 1)?;
    limit(libc::RLIMIT_FSIZE, MAX_FILE_BYTES, MAX_FILE_BYTES)?;
    limit(libc::RLIMIT_CORE, 0, 0)?;
    let memory = limits.memory.saturating_add(processes::data_bytes());
    limit(libc::RLIMIT_DATA, memory, memory)
}

fn close_all_but_own() {
    let result = libc::c_uint::try_from(RESULT_FD).unwrap_or(libc::c_uint::MAX);
    #[cfg(target_os = "linux")]
    // SAFETY: closes descriptors that nothing in this process uses after the fork.
    unsafe {
        libc::syscall(libc::SYS_close_range, 3, result - 1, 0);
        libc::syscall(libc::SYS_close_range, result + 1, libc::c_uint::MAX, 0);
    }
    #[cfg(not(target_os = "linux"))]
    for fd in (3..1024).filter(|&fd| fd != result) {
        // SAFETY: as above.
        unsafe { libc::close(fd as RawFd) };
    }
}

#[cfg(target_env = "gnu")]
type Resource = libc::__rlimit_resource_t;
#[cfg(not(target_env = "gnu"))]
type Resource = libc::c_int;

fn limit(resource: Resource, soft: u64, hard: u64) -> io::Result<()> {
    let value = libc::rlimit {
        rlim_cur: soft,
        rlim_max: hard,
    };
    // SAFETY: `value` is a valid rlimit.
    check(unsafe { libc::setrlimit(resource, &raw const value) }).map(drop)
}

/// The value of a system call, or its error.
pub(crate) fn check(value: libc::c_int) -> io::Result<libc::c_int> {
    if value < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(value)
    }
}
