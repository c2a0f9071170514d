//! The start of a worker: its channel to the driver is put out of reach, and how it was started
//! is forgotten.

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;

use pyo3::prelude::*;

use super::{check, limits};

/// What the driver starts a worker with, and no snippet is to see.
const OWN: [&std::ffi::CStr; 4] = [
    c"LD_BIND_NOW",
    c"LD_PRELOAD",
    c"DYLD_INSERT_LIBRARIES",
    c"VERIFY_CLOCK_AHEAD",
];

/// Moves the driver's socket off standard input, so that nothing that Python does reaches it.
pub(crate) fn put_driver_aside() -> io::Result<UnixStream> {
    let socket = duplicate(0)?;
    let null = File::options().read(true).write(true).open("/dev/null")?;
    // SAFETY: both descriptors are open.
    check(unsafe { libc::dup2(null.as_raw_fd(), 0) })?;
    Ok(OwnedFd::from(socket).into())
}

/// Does something while standard output and error are pipes, as they are in a snippet's process:
/// streams look once at what they write to.
pub(crate) fn with_piped_output<T>(job: impl FnOnce() -> T) -> io::Result<T> {
    let kept = [(1, duplicate(1)?), (2, duplicate(2)?)];
    let (_reader, writer) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
    for (fd, _) in &kept {
        // SAFETY: both descriptors are open.
        check(unsafe { libc::dup2(writer.as_raw_fd(), *fd) })?;
    }
    let done = job();
    for (fd, file) in &kept {
        // SAFETY: as above.
        check(unsafe { libc::dup2(file.as_raw_fd(), *fd) })?;
    }
    Ok(done)
}

fn duplicate(fd: RawFd) -> io::Result<File> {
    // In the middle, where the system grants few.
    let at_least = (limits::descriptors() / 2).min(100);
    // SAFETY: asks for a new descriptor at this number or above and touches no memory.
    let copy = check(unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, at_least) })?;
    // SAFETY: the descriptor is new and nobody else's.
    Ok(unsafe { File::from_raw_fd(copy) })
}

/// Takes what the worker was started with out of what snippets and their children see.
pub(crate) fn forget_how_it_was_started(py: Python<'_>) -> PyResult<()> {
    let environ = py.import("os")?.getattr("environ")?;
    for name in OWN {
        wipe(name);
        environ.call_method1("pop", (name.to_string_lossy(), py.None()))?;
    }
    let sys = py.import("sys")?;
    let executable = sys.getattr("executable")?;
    if sys.hasattr("orig_argv")? {
        sys.setattr("orig_argv", vec![executable])?;
    }
    Ok(())
}

/// Overwrites a variable where it lies, as `/proc/self/environ` shows that place.
fn wipe(name: &std::ffi::CStr) {
    // SAFETY: the value is a text of the environment that this process was started with, which is
    // writable, and no other thread reads it.
    unsafe {
        let value = libc::getenv(name.as_ptr());
        if !value.is_null() {
            let length = libc::strlen(value);
            std::ptr::write_bytes(value, 0, length);
        }
    }
}
