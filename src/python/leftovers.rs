//! Processes of snippets that outlived the worker which would have ended them.
//!
//! A worker ends what its snippets leave behind. Where a snippet has killed its worker,
//! or the user has stopped the run, this process becomes the parent of what is left
//! (`PR_SET_CHILD_SUBREAPER` in prctl(2)), and ends it. It is told from workers by its
//! session: each snippet begins one of its own.

use std::fs;
use std::sync::Mutex;

use rustix::process::{Pid, Signal, WaitOptions, getpid, kill_process, waitpid};

/// Makes this process the parent of those whose worker is gone.
pub(super) fn adopt() {
    // It fails only on systems older than any that has pidfds, which the worker needs.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_child_subreaper(Some(getpid()));
}

/// Ends these, which were forked from processes that are gone, so that they are children of this one by now.
pub(super) fn end_these(processes: &[u32]) {
    let pids = processes.iter().filter_map(|&pid| i32::try_from(pid).ok());
    for process in pids.filter_map(Pid::from_raw) {
        // One that is no child is gone, and its number may be another's.
        if let Ok(None) = waitpid(Some(process), WaitOptions::NOHANG) {
            // Both fail only where the process is gone already.
            let _ = kill_process(process, Signal::KILL);
            let _ = waitpid(Some(process), WaitOptions::empty());
        }
    }
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
    let own = session(getpid());
    let mut children = children();
    children.retain(|&child| session(child).is_some_and(|session| Some(session) != own));
    children
}

/// The session of a process: 0 where its leader is outside of this PID namespace, as it is in
/// many containers, which `getsid` of rustix takes for impossible.
fn session(process: Pid) -> Option<i32> {
    let path = format!("/proc/{}/stat", process.as_raw_nonzero());
    session_in(&fs::read_to_string(path).ok()?)
}

/// Field 6 of `proc_pid_stat(5)`; field 2, the program's name, may hold anything in its brackets.
fn session_in(stat: &str) -> Option<i32> {
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_whitespace().nth(3)?.parse().ok()
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_session_stands_behind_the_name() {
        assert_eq!(session_in("7 (cat) S 1 7 5 0 -1 4194560"), Some(5));
        assert_eq!(session_in("7 (a) S 1 2 3) R 1 7 0 0 -1 4"), Some(0));
        assert_eq!(session_in("7 (cat"), None);
    }

    #[test]
    fn a_child_that_began_no_session_is_not_adopted() {
        let mut child = std::process::Command::new("sleep")
            .arg("60")
            .spawn()
            .unwrap();
        let pid = Pid::from_child(&child);
        assert!(children().contains(&pid));
        assert!(!adopted().contains(&pid));
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
