//! Processes of snippets that outlived the worker which would have ended them.
//!
//! A worker ends what its snippets leave behind. Where a snippet has killed its worker,
//! or the user has stopped the run, this process becomes the parent of what is left
//! (`PR_SET_CHILD_SUBREAPER` in prctl(2)), and ends it. It is told from workers by its
//! session: each snippet begins one of its own.

use std::fs;
use std::sync::Mutex;

use rustix::process::{Pid, Signal, WaitOptions, getpid, getsid, kill_process, waitpid};

/// Makes this process the parent of those whose worker is gone.
pub(super) fn adopt() {
    // It fails only on systems older than any that has pidfds, which the worker needs.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_child_subreaper(Some(getpid()));
}

/// Ends all that were adopted, and those that they leave behind in turn.
pub(super) fn end() {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock();
    loop {
        let adopted = adopted();
        if adopted.is_empty() {
            return;
        }
        for process in adopted {
            // Both fail only where the process is gone already.
            let _ = kill_process(process, Signal::KILL);
            let _ = waitpid(Some(process), WaitOptions::empty());
        }
    }
}

fn adopted() -> Vec<Pid> {
    let own = getsid(None).ok();
    let mut children = children();
    children.retain(|&child| getsid(Some(child)).is_ok_and(|session| Some(session) != own));
    children
}

fn children() -> Vec<Pid> {
    let threads = fs::read_dir("/proc/self/task")
        .into_iter()
        .flatten()
        .flatten();
    let lists =
        threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    lists
        .flat_map(|list| {
            list.split_whitespace()
                .filter_map(|pid| pid.parse().ok())
                .collect::<Vec<i32>>()
        })
        .filter_map(Pid::from_raw)
        .collect()
}
