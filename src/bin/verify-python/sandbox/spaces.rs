//! Namespaces: processes, network and files of a worker's own.
//!
//! They are made once, when a worker begins, and not for each snippet: a worker runs one snippet
//! at a time and has all ended that it left behind. The worker becomes the first process of a process
//! namespace, so that nothing outlives it; its snippets live in another one below that (`warden`).

use std::fs;
use std::io;
use std::path::Path;

use pyo3::Python;
use rustix::mount::MountPropagationFlags;

use super::{check, processes};

/// How many tasks, processes and threads, there may be at once.
pub(super) const TASKS: u32 = 1024;
/// How many `inotify(7)` instances there may be at once.
const WATCHES: u32 = 16;
/// The kernel never hands out lower numbers again.
const RESERVED: u32 = 300;

/// Which of them there are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spaces {
    /// A process namespace.
    pub(super) processes: bool,
    /// A network namespace.
    pub(super) network: bool,
    /// A user namespace, in which tasks are counted apart from the user's own.
    pub(super) user: bool,
}

/// Moves this process into namespaces of its own, as far as the kernel gives them. It is a fork
/// that returns; the process that called it stays behind, and ends when the fork does.
pub(super) fn enter(py: Python<'_>) -> io::Result<Spaces> {
    let apart = libc::CLONE_NEWPID
        | libc::CLONE_NEWNET
        | libc::CLONE_NEWIPC
        | libc::CLONE_NEWUTS
        | libc::CLONE_NEWNS;
    // SAFETY: asks for numbers of this process.
    let (uid, gid) = unsafe { (libc::getuid(), libc::getgid()) };
    // SAFETY: no other thread shares anything with this one.
    let user = can_be_used(uid, gid) && unsafe { libc::unshare(libc::CLONE_NEWUSER | apart) } == 0;
    if user {
        map_ids(uid, gid)?;
    // SAFETY: as above. It is granted to the administrator alone.
    } else if unsafe { libc::unshare(apart) } != 0 {
        return Ok(Spaces::default());
    }
    become_first(py)?;
    Ok(Spaces {
        processes: true,
        network: bring_loopback_up().is_ok(),
        user,
    })
}

/// True where a user namespace is of use. Some systems let everybody make one in which nothing
/// is allowed, and there is no way back out of it: so another process tries.
fn can_be_used(uid: libc::uid_t, gid: libc::gid_t) -> bool {
    // SAFETY: the child makes system calls and leaves without returning into Python.
    let child = unsafe { libc::fork() };
    if child == 0 {
        // SAFETY: as above.
        let made = unsafe { libc::unshare(libc::CLONE_NEWUSER | libc::CLONE_NEWNS) } == 0;
        let private = MountPropagationFlags::PRIVATE | MountPropagationFlags::REC;
        let used =
            made && map_ids(uid, gid).is_ok() && rustix::mount::mount_change("/", private).is_ok();
        // SAFETY: ends this process without running the worker's destructors.
        unsafe { libc::_exit(libc::c_int::from(!used)) }
    }
    child > 0 && processes::reap(child).is_ok_and(|status| status == 0)
}

/// The same numbers inside as outside, so that a snippet sees the user who runs it.
fn map_ids(uid: libc::uid_t, gid: libc::gid_t) -> io::Result<()> {
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write("/proc/self/uid_map", format!("{uid} {uid} 1"))?;
    fs::write("/proc/self/gid_map", format!("{gid} {gid} 1"))
}

fn become_first(py: Python<'_>) -> io::Result<()> {
    let first = processes::fork(py)?;
    if first != 0 {
        stand_by(first);
    }
    // SAFETY: plain system calls about this process. A session of its own tells the driver
    // which processes are a worker's.
    unsafe {
        check(libc::setsid())?;
        check(libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL))?;
    }
    rustix::system::sethostname(b"localhost").map_err(io::Error::from)
}

/// The life of the process that stays behind: it holds nothing open, and leaves as `first` does.
fn stand_by(first: libc::pid_t) -> ! {
    // SAFETY: this process does nothing but wait from here on.
    unsafe {
        libc::signal(libc::SIGINT, libc::SIG_IGN);
        libc::syscall(libc::SYS_close_range, 0, libc::c_uint::MAX, 0);
        let status = processes::reap(first).unwrap_or(libc::c_int::MAX);
        libc::_exit(if libc::WIFEXITED(status) {
            libc::WEXITSTATUS(status)
        } else {
            2
        })
    }
}

fn bring_loopback_up() -> io::Result<()> {
    // SAFETY: `ifreq` is plain data, for which zeros are valid.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(b"lo") {
        *to = from.cast_signed() as libc::c_char;
    }
    request.ifr_ifru.ifru_flags =
        libc::c_short::try_from(libc::IFF_UP | libc::IFF_RUNNING).map_err(io::Error::other)?;
    // SAFETY: the socket is closed at the end, and `request` is what the call takes.
    unsafe {
        let socket = check(libc::socket(
            libc::AF_INET,
            libc::SOCK_DGRAM | libc::SOCK_CLOEXEC,
            0,
        ))?;
        let done = check(libc::ioctl(socket, libc::SIOCSIFFLAGS, &raw const request));
        libc::close(socket);
        done.map(drop)
    }
}

/// Settings of these namespaces, by the files below `proc`. None of them is needed.
pub(super) fn tune(proc: &Path, number: u32, ahead: bool) {
    let set = |name: &str, value: String| fs::write(proc.join("sys").join(name), value);
    // Any port can be bound, and bound again by the next snippet.
    let _ = set("net/ipv4/ip_unprivileged_port_start", "0".into());
    let _ = set("net/ipv4/tcp_max_tw_buckets", "0".into());
    // What has happened and was not read is kept for each of these, and counted for nobody.
    let _ = set("user/max_inotify_instances", WATCHES.to_string());
    // A process must not have the same number in both runs of its snippet, as what differs there
    // is how what varies is known. So the numbers of both are apart.
    let (first, last) = if ahead {
        (RESERVED + 2 * TASKS, RESERVED + 10 * TASKS)
    } else {
        (RESERVED, RESERVED + 2 * TASKS)
    };
    if counts_apart() {
        let _ = set("kernel/pid_max", last.to_string());
    }
    let _ = set("kernel/ns_last_pid", (first + number % TASKS).to_string());
}

/// True where `pid_max` is one of the namespace: before Linux 6.14 it was that of the machine.
fn counts_apart() -> bool {
    let uname = rustix::system::uname();
    let release = uname.release().to_string_lossy().into_owned();
    let mut parts = release.split(|c: char| !c.is_ascii_digit());
    let mut part = || parts.next().and_then(|part| part.parse::<u32>().ok());
    let version = (part().unwrap_or(0), part().unwrap_or(0));
    version >= (6, 14)
}
