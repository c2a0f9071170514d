//! What one process of a snippet may use. No process can lift its own limits again.

use std::io;

use verify::python::protocol::Limits;

use super::{check, processes};

const MAX_FILE_BYTES: u64 = 256 << 20;
const MAX_OPEN_FILES: u64 = 1024;
/// How many processes a snippet may have.
pub(super) const PROCESSES: usize = 1024;
/// What the interpreter itself needs of memory, and what is freed late.
pub(super) const SPARE_MEMORY: u64 = 128 << 20;
/// Stacks of threads and what allocators set aside, which takes addresses and no memory.
const ADDRESSES: u64 = 8 << 30;

/// Limits this process and all that it starts. `tasks` are limited where they are counted apart
/// from those of the user who runs `verify`.
pub(super) fn enter(limits: &Limits, tasks: Option<u32>) -> io::Result<()> {
    limit(libc::RLIMIT_CPU, limits.cpu, limits.cpu + 1)?;
    limit(libc::RLIMIT_FSIZE, MAX_FILE_BYTES, MAX_FILE_BYTES)?;
    enter_no_core()?;
    let size = processes::size();
    let memory = limits.memory.saturating_add(size.data);
    limit(libc::RLIMIT_DATA, memory, memory)?;
    if cfg!(target_os = "linux") {
        // Memory that is shared with other processes is no data.
        let addresses = memory
            .saturating_mul(2)
            .saturating_add(size.all + ADDRESSES);
        limit(libc::RLIMIT_AS, addresses, addresses)?;
    }
    limit(libc::RLIMIT_NOFILE, MAX_OPEN_FILES, MAX_OPEN_FILES)?;
    match tasks {
        Some(tasks) => limit(libc::RLIMIT_NPROC, tasks.into(), tasks.into()),
        None => Ok(()),
    }
}

/// How many descriptors this process can have.
pub(super) fn descriptors() -> libc::c_int {
    let most = now(libc::RLIMIT_NOFILE).map_or(MAX_OPEN_FILES, |limit| limit.rlim_cur);
    libc::c_int::try_from(most.min(MAX_OPEN_FILES)).unwrap_or(libc::c_int::MAX)
}

/// Has no core dumped, not even into a program of the system: 1 is the limit that Linux takes for no handler
/// at all (`do_coredump` in its fs/coredump.c), where 0 is for files alone.
pub(super) fn enter_no_core() -> io::Result<()> {
    limit(libc::RLIMIT_CORE, 1, 1)
}

#[cfg(target_env = "gnu")]
type Resource = libc::__rlimit_resource_t;
#[cfg(not(target_env = "gnu"))]
type Resource = libc::c_int;

/// Sets a limit, or a lower one where the system has set a lower one already.
fn limit(resource: Resource, soft: u64, hard: u64) -> io::Result<()> {
    let now = now(resource)?;
    let value = libc::rlimit {
        rlim_cur: soft.min(now.rlim_max),
        rlim_max: hard.min(now.rlim_max),
    };
    // SAFETY: `value` is a valid rlimit.
    check(unsafe { libc::setrlimit(resource, &raw const value) }).map(drop)
}

fn now(resource: Resource) -> io::Result<libc::rlimit> {
    let mut now = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: `now` is a writable rlimit.
    check(unsafe { libc::getrlimit(resource, &raw mut now) }).map(|_| now)
}
