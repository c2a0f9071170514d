//! The processes of snippets: how they begin, what they leave behind, and their size.

use std::io;

use pyo3::Python;

use super::check;

/// fork(2), with what CPython needs done around it.
pub(crate) fn fork(_: Python<'_>) -> io::Result<libc::pid_t> {
    // SAFETY: this thread holds the interpreter and is the only one; the hooks bracket the
    // fork as `os.fork` does.
    unsafe {
        pyo3::ffi::PyOS_BeforeFork();
        let child = libc::fork();
        let failed = io::Error::last_os_error();
        if child == 0 {
            pyo3::ffi::PyOS_AfterFork_Child();
            return Ok(0);
        }
        pyo3::ffi::PyOS_AfterFork_Parent();
        if child < 0 { Err(failed) } else { Ok(child) }
    }
}

/// Waits for the end of a child and returns its status.
pub(crate) fn reap(child: libc::pid_t) -> io::Result<libc::c_int> {
    let mut status = 0;
    loop {
        // SAFETY: `status` is writable.
        match check(unsafe { libc::waitpid(child, &raw mut status, 0) }) {
            Ok(_) => return Ok(status),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Makes this process the parent of every orphan among its descendants, so that
/// daemons can be found (`PR_SET_CHILD_SUBREAPER` in prctl(2)).
pub(super) fn adopt_orphans() -> io::Result<()> {
    #[cfg(target_os = "linux")]
    // SAFETY: sets a flag of this process.
    check(unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) })?;
    Ok(())
}

/// Kills the snippet's own process, if it has not ended yet.
#[cfg(target_os = "linux")]
pub(super) fn kill(child: libc::pid_t) {
    // SAFETY: `child` has not been reaped, so the number is its own.
    unsafe { libc::kill(child, libc::SIGKILL) };
}

/// Kills a snippet's process group.
pub(super) fn kill_group(leader: libc::pid_t) {
    // SAFETY: `leader` is a child that has not been reaped, so the number is its own.
    unsafe {
        libc::kill(-leader, libc::SIGKILL);
        libc::kill(leader, libc::SIGKILL);
    }
}

/// Kills every other process of this namespace. No process that is being forked is missed.
#[cfg(target_os = "linux")]
pub(super) fn kill_all() {
    // SAFETY: this is the first process of a namespace of its own, so that it reaches no others.
    unsafe { libc::kill(-1, libc::SIGKILL) };
}

/// Waits for the end of every child, which are all the processes of this namespace.
#[cfg(target_os = "linux")]
pub(super) fn reap_all() {
    // SAFETY: waits for any child and stores no status.
    while unsafe { libc::waitpid(-1, std::ptr::null_mut(), 0) } > 0 {}
}

/// Kills and reaps every process that the snippet left behind, one generation after the other.
pub(super) fn reap_leftovers() {
    loop {
        // SAFETY: asks for any child and stores no status.
        let pid = unsafe { libc::waitpid(-1, std::ptr::null_mut(), libc::WNOHANG) };
        if pid < 0 {
            return;
        }
        if pid > 0 {
            continue;
        }
        let children = children();
        if children.is_empty() {
            return;
        }
        for child in children {
            // SAFETY: a child of this process that has not been reaped.
            unsafe { libc::kill(child, libc::SIGKILL) };
        }
        std::thread::sleep(std::time::Duration::from_micros(200));
    }
}

fn children() -> Vec<libc::pid_t> {
    std::fs::read_to_string("/proc/thread-self/children")
        .unwrap_or_default()
        .split_whitespace()
        .filter_map(|pid| pid.parse().ok())
        .collect()
}

/// The number of bytes that stands behind `name` in a file of `/proc`.
pub(super) fn field(text: &str, name: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let kibibytes = line.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    kibibytes.map_or(0, |kibibytes: u64| kibibytes.saturating_mul(1024))
}

/// Bytes of a process.
#[derive(Clone, Copy, Default)]
pub(super) struct Size {
    /// All addresses (`VmSize` in proc(5)).
    pub(super) all: u64,
    /// Private memory that it can write to (`VmData`).
    pub(super) data: u64,
}

/// The size of this process now.
pub(super) fn size() -> Size {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    Size {
        all: field(&status, "VmSize:"),
        data: field(&status, "VmData:"),
    }
}
