//! Puts the filters of system calls over the worker (seccomp(2)). What they let through stands in the
//! library, in `calls`.
//!
//! The first is put there once, after all else is set up: forked processes have it from there.

use std::io;

use libc::sock_filter;
use verify::python::calls::{Sockets, filter, filter_of_snippets};

use super::check;

/// Puts the filter over this process and all that it starts.
pub(super) fn refuse(sockets: Sockets) -> io::Result<()> {
    install(filter(sockets))
}

/// Puts another one over it, for what the worker itself needed until now.
pub(super) fn refuse_rings() -> io::Result<()> {
    install(filter_of_snippets())
}

fn install(mut program: Vec<sock_filter>) -> io::Result<()> {
    let filter = libc::sock_fprog {
        len: u16::try_from(program.len()).map_err(io::Error::other)?,
        filter: program.as_mut_ptr(),
    };
    // SAFETY: `filter` names a program that is as long as it says.
    let status = unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_SET_MODE_FILTER,
            0,
            &raw const filter,
        )
    };
    check(libc::c_int::try_from(status).unwrap_or(-1)).map(drop)
}
