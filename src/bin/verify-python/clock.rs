//! A clock that can be set ahead for the snippets of this worker alone.
//!
//! What varies from run to run is found by running twice. Two runs in the same
//! second would agree about the time, so the second run's clock is set ahead: the
//! C library's functions that tell the time are defined here, and the dynamic
//! linker prefers the program's own definitions to the library's (ld.so(8)).
#![allow(unsafe_code)]

use std::sync::atomic::{AtomicI64, Ordering};

static AHEAD_SECONDS: AtomicI64 = AtomicI64::new(0);

/// Sets the clock of this process and its children ahead.
pub(crate) fn set_ahead(seconds: i64) {
    AHEAD_SECONDS.store(seconds, Ordering::Relaxed);
}

fn is_wall_clock(clock: libc::clockid_t) -> bool {
    #[cfg(target_os = "linux")]
    if clock == libc::CLOCK_REALTIME_COARSE {
        return true;
    }
    clock == libc::CLOCK_REALTIME
}

/// `clock_gettime(2)` with the wall clock set ahead.
///
/// # Safety
/// `time` must point to a writable `timespec`, as for the system's function.
#[cfg(target_os = "linux")]
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn clock_gettime(
    clock: libc::clockid_t,
    time: *mut libc::timespec,
) -> libc::c_int {
    // SAFETY: the caller promises what the system call needs.
    let status = unsafe { libc::syscall(libc::SYS_clock_gettime, clock, time) };
    if status == 0 && is_wall_clock(clock) {
        // SAFETY: the call succeeded, so `time` points to a timespec.
        unsafe { (*time).tv_sec += AHEAD_SECONDS.load(Ordering::Relaxed) };
    }
    libc::c_int::try_from(status).unwrap_or(-1)
}

/// `time(2)` with the clock set ahead.
///
/// # Safety
/// `store` must be null or point to a writable `time_t`, as for the system's function.
#[cfg(target_os = "linux")]
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn time(store: *mut libc::time_t) -> libc::time_t {
    let mut now = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: `now` is a writable timespec.
    unsafe { clock_gettime(libc::CLOCK_REALTIME, &raw mut now) };
    if !store.is_null() {
        // SAFETY: the caller promises that a pointer which is not null can be written.
        unsafe { *store = now.tv_sec };
    }
    now.tv_sec
}
