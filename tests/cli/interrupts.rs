//! A run that is stopped, politely or not.

use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Project, VERIFY, note, processes_in, processes_with};

/// A snippet that starts a daemon with `marker` on its command line, and sleeps.
fn lasting(marker: &str) -> String {
    format!(
        "import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)', '{marker}'], start_new_session=True, cwd='/')\ntime.sleep(300)"
    )
}

/// Starts a run and waits until the daemon of its snippet is there.
fn started(project: &Project, arguments: &str, marker: &str) -> Child {
    let mut command = project.under_python(VERIFY, arguments);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_until(|| processes_with(marker) > 0);
    child
}

fn wait_until(condition: impl Fn() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "it never happened"
        );
        sleep(Duration::from_millis(20));
    }
}

fn send(child: &Child, signal: Signal) {
    let pid = Pid::from_raw(child.id().try_into().unwrap()).unwrap();
    kill_process(pid, signal).unwrap();
}

#[test]
fn a_run_that_the_user_stops_leaves_nothing_and_writes_nothing() {
    for (signal, arguments) in [
        (Signal::INT, "--wall-limit 300"),
        (Signal::TERM, "--wall-limit 300 --update"),
    ] {
        let marker = format!("interrupted-{}", signal.as_raw());
        let project = Project::with_note(&note(&["print('first')", &lasting(&marker)]));
        let child = started(&project, arguments, &marker);
        send(&child, signal);
        let session = project.finished(&child.wait_with_output().unwrap());
        assert_eq!(session.code, Some(130), "{}", session.text());
        assert_eq!(processes_with(&marker), 0);
        assert_eq!(project.names(), ["notes/a.md"]);
    }
}

#[test]
fn a_run_that_the_user_stops_tells_what_it_knows() {
    let project = Project::with_note(&note(&["1 / 0", &lasting("stopped-and-told")]));
    let child = started(&project, "--wall-limit 300 --jobs 1", "stopped-and-told");
    send(&child, Signal::INT);
    let session = project.finished(&child.wait_with_output().unwrap());
    assert_eq!(session.code, Some(130), "{}", session.text());
    assert!(
        session.out.contains("ZeroDivisionError") && session.out.contains("notes/a.md:2"),
        "{}",
        session.text()
    );
}

#[test]
fn a_run_that_is_killed_leaves_no_process_and_whole_recordings() {
    let marker = "killed-with-its-driver";
    let project = Project::with_note(&note(&["print('first')"]));
    project.verify("--update").exits(0);
    let recorded = project.read("expected/notes/a.toml");
    project.write("notes/a.md", note(&["print('second')", &lasting(marker)]));
    let mut child = started(&project, "--wall-limit 300 --update", marker);
    send(&child, Signal::KILL);
    child.wait().unwrap();
    wait_until(|| processes_in(&project.temporary()).is_empty() && processes_with(marker) == 0);
    assert_eq!(project.read("expected/notes/a.toml"), recorded);
    assert_eq!(project.names(), ["expected/notes/a.toml", "notes/a.md"]);
}
