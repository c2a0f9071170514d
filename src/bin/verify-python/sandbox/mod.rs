//! What keeps a snippet inside its own process, folder and limits.
//!
//! Everything that contains a snippet belongs here, so that what can be reached
//! from inside is read in one place. What a worker can set up once is set up in `linux`;
//! `Sandbox::enter` is what each forked process does before its first line of Python.
#![allow(unsafe_code)]

#[cfg(target_os = "linux")]
mod calls;
mod folder;
mod limits;
#[cfg(target_os = "linux")]
mod linux;
mod memory;
mod order;
#[cfg(target_os = "linux")]
mod pages;
mod paths;
mod processes;
#[cfg(target_os = "linux")]
mod rules;
#[cfg(target_os = "linux")]
mod shared;
#[cfg(target_os = "linux")]
mod sockets;
#[cfg(target_os = "linux")]
mod spaces;
mod start;
#[cfg(target_os = "linux")]
mod tally;
#[cfg(target_os = "linux")]
mod view;
#[cfg(target_os = "linux")]
mod warden;

use std::fs::File;
use std::io;
#[cfg(target_os = "linux")]
use std::io::Seek;
use std::os::fd::RawFd;
use std::path::PathBuf;
use std::sync::OnceLock;

use pyo3::Python;
use verify::model::{Containment, Fence, Limit};
use verify::python::protocol::{Limits, Setup};

pub(crate) use folder::{Folder, Place};
pub(crate) use memory::fill_gaps;
pub(crate) use order::step_in_front_of_the_driver;
#[cfg(target_os = "linux")]
pub(crate) use pages::{Pinned, written};
pub(crate) use paths::Installation;
pub(crate) use processes::{fork, reap};
pub(crate) use start::{forget_how_it_was_started, put_driver_aside, with_piped_output};

/// The descriptor of the result channel: far above those that a snippet gets when it opens files, where
/// the system grants as many.
pub(crate) fn result_fd() -> RawFd {
    static NUMBER: OnceLock<RawFd> = OnceLock::new();
    *NUMBER.get_or_init(|| limits::descriptors().min(251) - 1)
}

/// What contains the snippets of this worker.
pub(crate) struct Sandbox {
    /// What there is of it.
    pub(crate) containment: Containment,
    /// Where the folders of snippets are made.
    pub(crate) place: Place,
    order: order::Order,
    /// Where the memory of the worker says what it is: the worker is not among the processes of `/proc`.
    maps: Option<File>,
    #[cfg(target_os = "linux")]
    fences: linux::Fences,
}

impl Sandbox {
    /// Sets up what is set up once for each worker. It may fork: the process that returns is the worker.
    pub(crate) fn begin(
        py: Python<'_>,
        setup: &Setup,
        installation: &Installation,
        clock_ahead: bool,
    ) -> io::Result<Self> {
        let base = std::env::current_dir()?;
        let place = Place {
            swept: base.clone(),
            base,
            in_memory: false,
            kept: Vec::new(),
            links: links(setup),
        };
        if setup.contained {
            return Self::contained(py, setup, installation, place, clock_ahead);
        }
        processes::adopt_orphans()?;
        Ok(Self {
            containment: Containment {
                off: true,
                has: Vec::new(),
            },
            place,
            order: order::Order::of_this_process(),
            maps: own_maps(),
            #[cfg(target_os = "linux")]
            fences: linux::Fences::default(),
        })
    }

    #[cfg(not(target_os = "linux"))]
    fn contained(
        _: Python<'_>,
        _: &Setup,
        _: &Installation,
        place: Place,
        _: bool,
    ) -> io::Result<Self> {
        Ok(Self {
            containment: Containment::default(),
            place,
            order: order::Order::of_this_process(),
            maps: own_maps(),
        })
    }

    /// What is mapped in the memory of the worker, as far as the system says.
    #[cfg(target_os = "linux")]
    pub(crate) fn maps(&self) -> io::Result<String> {
        let mut maps = self.maps.as_ref().ok_or(io::ErrorKind::NotFound)?;
        maps.rewind()?;
        pages::read(maps)
    }

    /// Lets the forks that follow inherit what they would look up for themselves, and get copies of these
    /// pages.
    #[cfg(target_os = "linux")]
    pub(crate) fn prepare_forks(&self, pages: &[usize]) -> Option<Pinned> {
        memory::share_page_tables(&self.maps().ok()?);
        Pinned::new(pages, &self.maps().ok()?)
    }

    /// Takes from the worker what it needed to prepare and no snippet is to have.
    #[cfg(target_os = "linux")]
    pub(crate) fn seal(&self) -> io::Result<()> {
        if self.containment.has.contains(&Fence::Seccomp) {
            calls::refuse_rings()?;
        }
        Ok(())
    }

    /// Makes the forked process the snippet's own: session, descriptors, limits, fences.
    ///
    /// Called between fork and the first line of Python; an error ends the process.
    pub(crate) fn enter(
        &self,
        standard: [RawFd; 3],
        result: RawFd,
        limits: &Limits,
    ) -> io::Result<()> {
        // SAFETY: plain system calls on descriptors of this process.
        unsafe {
            check(libc::setsid())?;
            #[cfg(target_os = "linux")]
            check(libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL))?;
            for (from, to) in standard
                .into_iter()
                .chain([result])
                .zip([0, 1, 2, result_fd()])
            {
                check(libc::dup2(from, to))?;
            }
            check(libc::fcntl(result_fd(), libc::F_SETFD, libc::FD_CLOEXEC))?;
            // Rust's own handlers, which report overflows of its stack, would swallow the first signal
            // that `os.kill` sends.
            for signal in [libc::SIGSEGV, libc::SIGBUS] {
                libc::signal(signal, libc::SIG_DFL);
            }
        }
        limits::enter(limits, self.tasks())?;
        #[cfg(target_os = "linux")]
        self.fences.enter()?;
        close_all_but_own();
        Ok(())
    }

    #[cfg(target_os = "linux")]
    fn tasks(&self) -> Option<u32> {
        self.fences.tasks()
    }

    #[cfg(not(target_os = "linux"))]
    fn tasks(&self) -> Option<u32> {
        None
    }

    /// Forks the process of the next snippet.
    pub(crate) fn fork(&self, py: Python<'_>) -> io::Result<libc::pid_t> {
        #[cfg(target_os = "linux")]
        self.fences.begin();
        self.order.fork_in_front(py)
    }

    /// The limit that all processes of the snippet together are above, if they are above one.
    #[cfg(target_os = "linux")]
    pub(crate) fn exceeded(&self, limits: &Limits) -> Option<Limit> {
        let most = limits.memory.saturating_add(limits::SPARE_MEMORY);
        self.fences.exceeded(most)
    }

    /// Nothing counts them together.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn exceeded(&self, _: &Limits) -> Option<Limit> {
        None
    }

    /// True for a process with this status that the kernel has ended as memory ran out.
    pub(crate) fn was_out_of_memory(&self, status: libc::c_int) -> bool {
        libc::WIFSIGNALED(status)
            && libc::WTERMSIG(status) == libc::SIGKILL
            && self.order.has_ended_some()
    }

    /// Ends the snippet with all that it started, and returns the status that it left with, and whether it is
    /// certain that nothing of it is left.
    pub(crate) fn end(&self, child: libc::pid_t) -> io::Result<(libc::c_int, bool)> {
        #[cfg(target_os = "linux")]
        if let Some(warden) = self.fences.warden() {
            processes::kill(child);
            // What it started is the warden's once it is gone.
            let status = processes::reap(child)?;
            return Ok((status, warden.clean()));
        }
        processes::kill_group(child);
        let status = processes::reap(child)?;
        processes::reap_leftovers();
        Ok((status, true))
    }

    /// True where the next snippet finds all as the first one did; `spare` is the folder that it gets, where it
    /// gets one that is there already.
    #[cfg(target_os = "linux")]
    pub(crate) fn is_as_it_was(&self, spare: Option<&Folder>) -> bool {
        self.fences.are_as_they_were(spare.is_some())
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) fn is_as_it_was(&self, _: Option<&Folder>) -> bool {
        true
    }
}

fn own_maps() -> Option<File> {
    File::open("/proc/self/maps").ok()
}

/// What is granted below the root can be reached from a snippet's folder as it is from the root.
fn links(setup: &Setup) -> Vec<(PathBuf, PathBuf)> {
    let granted = setup.read.iter().chain(&setup.write);
    granted
        .filter_map(|path| {
            let name = path.strip_prefix(&setup.root).ok()?;
            let named = name.components().next().is_some();
            named.then(|| (name.to_owned(), path.clone()))
        })
        .collect()
}

fn close_all_but_own() {
    let result = libc::c_uint::try_from(result_fd()).unwrap_or(libc::c_uint::MAX);
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

/// The value of a system call, or its error.
pub(crate) fn check(value: libc::c_int) -> io::Result<libc::c_int> {
    if value < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(value)
    }
}
