//! The processes that a snippet leaves behind, and the worker's own size.

use std::io;

use super::check;

/// Makes this process the parent of every orphan among its descendants, so that
/// daemons can be found (`PR_SET_CHILD_SUBREAPER` in prctl(2)).
pub(crate) fn adopt_orphans() -> io::Result<()> {
    #[cfg(target_os = "linux")]
    // SAFETY: sets a flag of this process.
    check(unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) })?;
    Ok(())
}

/// Kills a snippet's process group.
pub(crate) fn kill_group(leader: libc::pid_t) {
    // SAFETY: `leader` is a child that has not been reaped, so the number is its own.
    unsafe {
        libc::kill(-leader, libc::SIGKILL);
        libc::kill(leader, libc::SIGKILL);
    }
}

/// Kills and reaps every process that the snippet left behind.
pub(crate) fn reap_leftovers() {
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

/// Bytes of private writable memory that this process has now (`VmData` in proc(5)).
pub(crate) fn data_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmData:"));
    let kibibytes = line
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|word| word.parse::<u64>().ok());
    kibibytes.unwrap_or(0) * 1024
}
