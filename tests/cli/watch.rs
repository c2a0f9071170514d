//! `verify watch` behind a pipe: a report for each change, and nothing run that need not be.
//!
//! Nothing here depends on how long something takes: every step waits for what it expects.

use std::fs;
use std::io::Read;
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::cache::CACHES;
use crate::support::{Project, VERIFY, note};

/// How long a report may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// A `verify watch` that is running.
struct Watching<'p> {
    project: &'p Project,
    child: Child,
    output: Receiver<String>,
    /// What it wrote since it was last waited for.
    written: String,
    /// Its first report.
    first: String,
}

impl<'p> Watching<'p> {
    /// Watches, and has told its first report.
    fn start(project: &'p Project) -> Self {
        let mut child = project
            .under_python(VERIFY, "watch")
            .env("XDG_CACHE_HOME", project.outside().join("cache"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut pipe = child.stdout.take().unwrap();
        let (sender, output) = mpsc::channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(read @ 1..) = pipe.read(&mut bytes) {
                let text = String::from_utf8_lossy(&bytes[..read]).into_owned();
                if sender.send(text).is_err() {
                    break;
                }
            }
        });
        let mut watching = Self {
            project,
            child,
            output,
            written: String::new(),
            first: String::new(),
        };
        watching.first = watching.wait("run in");
        watching
    }

    /// All that is written until this text was.
    #[track_caller]
    fn wait(&mut self, wanted: &str) -> String {
        let begun = Instant::now();
        let end = loop {
            if let Some(at) = self.written.find(wanted) {
                let rest = &self.written[at..];
                // A report ends with an empty line below its problems.
                if let Some(end) = rest.find("\n\n") {
                    break at + end;
                }
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "no `{wanted}` in:\n{}",
                self.written
            );
            if let Ok(text) = self.output.recv_timeout(Duration::from_millis(100)) {
                self.written.push_str(&text);
            }
        };
        self.written.drain(..end).collect()
    }

    /// Ends it with a signal, and proves that it left nothing.
    fn end(self, signal: Signal) {
        let pid = Pid::from_raw(self.child.id().try_into().unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
        let session = self
            .project
            .finished(&self.child.wait_with_output().unwrap());
        assert_eq!((session.code, session.err.as_str()), (Some(130), ""));
    }
}

/// Four snippets, of which the third and the fourth need the first.
fn four() -> String {
    note(&[
        "x = 10",
        "print('apart')",
        "print(x + 1)",
        "print(x * 2)  # 20",
    ])
}

#[test]
fn only_what_a_save_touched_is_run_again() {
    let project = Project::with_note(&four()).file("notes/b.md", note(&["print('b')"]));
    let mut watching = Watching::start(&project);

    project.edit("notes/a.md", "print('apart')", "print('alone')");
    watching.wait("notes/a.md: 1 snippet run in");
    project.edit("notes/a.md", "x = 10", "x = 11");
    let told = watching.wait("notes/a.md: 3 snippets run in");
    assert!(!told.contains("error"), "{told}");
    let told = watching.wait("notes/a.md:");
    assert!(told.contains("the note says `20`, but `22` came"), "{told}");
    project.edit("notes/a.md", "# 20", "# 22");
    let told = watching.wait("notes/a.md: 1 snippet run in");
    assert!(
        told.contains("0 stale") || !told.contains("stale"),
        "{told}"
    );
    watching.end(Signal::INT);
}

#[test]
fn snippets_that_only_moved_are_not_run() {
    let project = Project::with_note(&four());
    let mut watching = Watching::start(&project);
    project.write("notes/a.md", format!("# A title\n\n{}", four()));
    watching.wait("notes/a.md: 0 snippets run in");
    project.edit("notes/a.md", "# 20", "# 21");
    watching.wait("notes/a.md: 1 snippet run in");
    let told = watching.wait("notes/a.md:16: ");
    assert!(told.contains("the note says `21`, but `20` came"), "{told}");
    watching.end(Signal::TERM);
}

#[test]
fn what_an_earlier_watch_ran_is_answered_from_the_cache() {
    if !*CACHES {
        return;
    }
    let project = Project::with_note(&four());
    project.verify("--update").exits(0);
    for ran in ["4 snippets run in", "0 snippets run in"] {
        let watching = Watching::start(&project);
        assert!(watching.first.contains(ran), "{}", watching.first);
        watching.end(Signal::TERM);
    }
}

#[test]
fn a_note_that_an_editor_replaces_comes_or_goes_is_noticed() {
    let project = Project::with_note(&four());
    let mut watching = Watching::start(&project);
    let new = note(&["print(1)", "print('apart')"]);
    project.write("notes/a.md~", &new);
    fs::rename(project.at("notes/a.md~"), project.at("notes/a.md")).unwrap();
    watching.wait("notes/a.md: 1 snippet run in");

    project.write("notes/sub/deep/c.md", note(&["print(3)  # 4"]));
    watching.wait("notes/sub/deep/c.md: 1 snippet run in");
    let told = watching.wait("notes/sub/deep/c.md:2: ");
    assert!(told.contains("the note says `4`, but `3` came"), "{told}");
    project.edit("notes/sub/deep/c.md", "# 4", "# 3");
    watching.wait("notes/sub/deep/c.md: 1 snippet run in");

    fs::remove_dir_all(project.at("notes/sub")).unwrap();
    watching.wait("gone: notes/sub/deep/c.md");
    watching.wait("notes/a.md: 2 new");
    watching.end(Signal::INT);
}

#[test]
fn recordings_are_compared_without_running_anything() {
    let project = Project::with_note(&four());
    let mut watching = Watching::start(&project);
    let mut update = project.under_python(VERIFY, "--update");
    assert!(update.output().unwrap().status.success());
    watching.wait("notes/a.md: 0 snippets run in");
    watching.wait("4 pass");
    project.edit("expected/notes/a.toml", "apart", "a part");
    // Whether what differs varies is told by a second run.
    let told = watching.wait("notes/a.md: 1 snippet run in");
    assert!(told.contains("3 pass, 1 stale"), "{told}");
    fs::remove_dir_all(project.at("expected")).unwrap();
    watching.wait("notes/a.md: 0 snippets run in");
    watching.wait("4 new");
    watching.end(Signal::INT);
}

#[test]
fn what_is_in_the_way_is_told_until_it_is_mended() {
    let project = Project::with_note(&four());
    let mut watching = Watching::start(&project);
    project.write("verify.toml", "pahts = []\n");
    let told = watching.wait("error: verify.toml:1");
    assert!(told.contains("4 snippets"), "the last counts stay: {told}");
    project.write("verify.toml", "state = \"isolated\"\n");
    watching.wait("2 skipped");

    project.write("notes/a.md", b"\xff\n");
    watching.wait("not UTF-8");
    project.write("notes/a.md", four());
    watching.wait("notes/a.md: 4 snippets run in");
    project.write("expected/notes/a.toml", "[[snippet]\n");
    watching.wait("error: ");
    project.remove("expected/notes/a.toml");
    watching.wait("notes/a.md: ");
    project.remove("notes/a.md");
    watching.wait("error: no notes in");
    project.write("notes/a.md", four());
    watching.wait("notes/a.md: ");
    watching.end(Signal::INT);
}

#[test]
fn what_cannot_be_watched_is_told_at_once() {
    let project = Project::with_note(&four());
    let session = project.verify("watch notes/a.md:2");
    assert_eq!(session.code, Some(2), "{}", session.text());
    assert!(session.err.contains("whole notes"), "{}", session.text());
    let session = project.bare("watch --python /nowhere/python3");
    assert_eq!(session.code, Some(2), "{}", session.text());
    assert!(
        session.err.contains("/nowhere/python3"),
        "{}",
        session.text()
    );
}
