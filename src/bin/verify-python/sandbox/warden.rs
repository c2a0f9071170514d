//! The warden: the first process of the namespace in which snippets live.
//!
//! A worker forks its snippets into a process namespace that it is not in itself. So they have no
//! number for it, and nothing that takes a number reaches it: no signal, limit or priority. The first
//! process in there does nothing but end the others when it is told to, as only somebody inside can
//! say "all". A snippet that slows it down or ends it costs the worker, which is replaced, and no
//! other snippet.

use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use super::{check, linux, processes, spaces, view};

/// Shows `/proc` of its namespace, and sets what can be set of it.
const SHOW: u8 = 1;
/// Gives up what only the beginning needs.
const SEAL: u8 = 2;
/// Ends every other process of its namespace.
const CLEAN: u8 = 3;

/// How long it may take to answer once there are snippets that can slow it down.
const PATIENCE: Duration = Duration::from_secs(1);
/// Where it takes longer than this one of them may have done so.
const SLOW: Duration = Duration::from_millis(100);

/// A warden as its worker sees it.
#[derive(Debug)]
pub(super) struct Warden {
    socket: UnixStream,
}

/// What it needs to know of its worker.
#[derive(Clone, Copy, Debug)]
pub(super) struct Charge<'a> {
    /// Where `/proc` is to be shown.
    pub(super) proc: &'a Path,
    /// The number of the worker outside.
    pub(super) number: u32,
    /// The clock of this worker is set ahead.
    pub(super) ahead: bool,
}

impl Warden {
    /// Makes a process namespace for all that this process forks from here on, with a warden in it.
    pub(super) fn begin(charge: Charge<'_>) -> io::Result<Self> {
        let (socket, its_end) = UnixStream::pair()?;
        // SAFETY: no other thread shares anything with this one.
        check(unsafe { libc::unshare(libc::CLONE_NEWPID) })?;
        // SAFETY: the child never returns into Python.
        if check(unsafe { libc::fork() })? == 0 {
            live(&its_end, charge);
        }
        Ok(Self { socket })
    }

    /// Shows `/proc` of the snippets' namespace, where the kernel lets it be mounted.
    pub(super) fn show_processes(&self) -> io::Result<()> {
        self.tell(SHOW).map(drop)
    }

    /// Takes from it what no process beside snippets is to have. It is the last step before the first snippet.
    pub(super) fn seal(&self) -> io::Result<()> {
        if self.tell(SEAL)? {
            self.socket.set_read_timeout(Some(PATIENCE))
        } else {
            Err(io::Error::other("privileges can't be dropped"))
        }
    }

    /// Ends whatever a snippet left behind; its own process has been reaped before. False where it can't be
    /// told that nothing is left, or that the next time will do.
    pub(super) fn clean(&self) -> bool {
        let begun = Instant::now();
        matches!(self.tell(CLEAN), Ok(true)) && begun.elapsed() < SLOW
    }

    fn tell(&self, order: u8) -> io::Result<bool> {
        let mut answer = [0];
        (&self.socket).write_all(&[order])?;
        (&self.socket).read_exact(&mut answer)?;
        Ok(answer == [1])
    }
}

/// The life of the warden: it does what it is told until its worker is gone.
fn live(socket: &UnixStream, charge: Charge<'_>) -> ! {
    let alone = stand_apart(socket.as_raw_fd());
    let mut order = [0];
    while alone.is_ok() && (&mut &*socket).read_exact(&mut order).is_ok() {
        let done = match order[0] {
            SHOW => show(charge),
            SEAL => linux::hide_and_drop_privileges().is_ok(),
            CLEAN => end_all_others(),
            _ => false,
        };
        if (&mut &*socket).write_all(&[u8::from(done)]).is_err() {
            break;
        }
    }
    // SAFETY: ends this process without running the worker's destructors.
    unsafe { libc::_exit(0) }
}

/// Lets go of what the worker has, but for the way to it.
fn stand_apart(socket: libc::c_int) -> io::Result<()> {
    let after = |fd: libc::c_int| libc::c_uint::try_from(fd).unwrap_or(0);
    // SAFETY: plain system calls about this process, which uses no other descriptor.
    unsafe {
        check(libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL))?;
        // Handlers that it inherits would let signals through to it.
        for signal in 1..libc::SIGRTMIN() {
            libc::signal(signal, libc::SIG_DFL);
        }
        if socket > 0 {
            libc::syscall(libc::SYS_close_range, 0, after(socket - 1), 0);
        }
        libc::syscall(
            libc::SYS_close_range,
            after(socket + 1),
            libc::c_uint::MAX,
            0,
        );
    }
    std::env::set_current_dir("/")
}

fn show(charge: Charge<'_>) -> bool {
    let mounted = view::mount_processes(charge.proc);
    let proc = if mounted {
        charge.proc
    } else {
        Path::new("/proc")
    };
    spaces::tune(proc, charge.number, charge.ahead);
    mounted
}

fn end_all_others() -> bool {
    processes::kill_all();
    processes::reap_all();
    true
}
