#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use super::*;
use crate::model::{Event, EventKind, SyntaxProblem};
use crate::python::interpreters::{Interpreter, Source};
use crate::python::pool::Start;
use crate::python::protocol::Setup;

/// An interpreter in a folder of its own, without a package.
pub(super) fn installation() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("bin")).unwrap();
    for file in ["bin/python", "bin/verify-python", "libpython.so"] {
        fs::write(folder.path().join(file), "").unwrap();
    }
    fs::create_dir_all(packages(folder.path())).unwrap();
    folder
}

/// What runs under the interpreter in `folder`.
pub(super) fn surroundings(folder: &Path) -> Surroundings {
    Surroundings {
        start: Start {
            program: folder.join("bin/verify-python"),
            executable: folder.join("bin/python"),
            within: None,
            libpython: folder.join("libpython.so"),
            environment: vec![("PYTHONHASHSEED".into(), "0".into())],
            clock_ahead: 0,
            setup: Setup {
                contained: true,
                home: Some(folder.join("home")),
                root: folder.join("project"),
                ..Setup::default()
            },
        },
        interpreter: Interpreter {
            executable: folder.join("bin/python"),
            version: (3, 12, 1),
            version_text: "3.12.1".into(),
            implementation: "CPython".into(),
            free_threaded: false,
            libpython: Some(folder.join("libpython.so")),
            prefix: folder.to_owned(),
            base_prefix: folder.to_owned(),
            environment: None,
            leads: Vec::new(),
            source: Source::Option,
        },
    }
}

pub(super) fn packages(folder: &Path) -> PathBuf {
    folder.join("lib/python3.12/site-packages")
}

/// Tells the code of each job on its first line, and what it was asked.
#[derive(Default)]
struct Telling {
    asked: Mutex<Vec<String>>,
}

impl Telling {
    fn tell(&self, code: &Code) -> String {
        let text = code.pieces[0].text.clone();
        self.asked.lock().unwrap().push(text.clone());
        text
    }
}

impl Runner for Telling {
    fn analyze(&self, sources: &[Code]) -> Result<Vec<Analysis>, PoolError> {
        let of = |source: &Code| {
            let text = self.tell(source);
            let message = PARSER_CRASHED.to_owned();
            Analysis {
                error: (text == "crash").then_some(SyntaxProblem {
                    message,
                    ..SyntaxProblem::default()
                }),
                uses: vec![text],
                ..Analysis::default()
            }
        };
        Ok(sources.iter().map(of).collect())
    }

    fn run(&self, jobs: &[Job], done: &(dyn Fn() + Sync)) -> Result<Vec<Option<Trace>>, PoolError> {
        let of = |job: &Job| {
            done();
            let text = self.tell(&job.code);
            let line = first_line(&job.code);
            let end = match text.as_str() {
                "lost" => End::WorkerLost,
                "gone" => End::Vanished(0),
                _ => End::Finished,
            };
            Some(Trace {
                dropped: u64::from(text == "much"),
                in_replay: text == "before",
                open: Vec::new(),
                events: vec![Event {
                    line,
                    top: line,
                    kind: EventKind::Stdout(text),
                }],
                end,
                seconds: 0.1,
            })
        };
        Ok(jobs.iter().map(of).collect())
    }
}

/// A folder with an interpreter and a cache, and what was asked of the runner below it.
struct Machine {
    folder: tempfile::TempDir,
    runner: Arc<Telling>,
}

impl Machine {
    fn new() -> Self {
        Self {
            folder: installation(),
            runner: Arc::default(),
        }
    }

    /// The cache as the next run finds it.
    fn cached(&self) -> Cached {
        let folder = self.folder.path();
        let cached = Cached::new(
            Arc::clone(&self.runner) as _,
            surroundings(folder),
            folder.join("cache"),
        );
        cached.begin(true);
        cached
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.runner.asked.lock().unwrap())
    }
}

fn job(line: usize, text: &str) -> Job {
    Job {
        path: "a.md".into(),
        code: Code::script(line, text),
        ..Job::default()
    }
}

/// The line and the text of what this did.
fn run(cached: &Cached, job: &Job) -> (u32, String) {
    let traces = cached.run(std::slice::from_ref(job), &|| ()).unwrap();
    let event = &traces[0].as_ref().unwrap().events[0];
    let EventKind::Stdout(text) = &event.kind else {
        return (0, String::new());
    };
    (event.line, text.clone())
}

fn keep(cached: &Cached, lines: &[u32]) {
    let places = lines.iter().map(|&line| ("a.md".to_owned(), line));
    let containment = Containment {
        off: false,
        has: Fence::ALL.to_vec(),
    };
    cached.keep(&places.collect(), Some(&containment));
}

#[test]
fn what_was_kept_is_answered_in_the_next_run_and_moves_with_its_lines() {
    let machine = Machine::new();
    let cached = machine.cached();
    run(&cached, &job(3, "x"));
    run(&cached, &job(9, "y"));
    assert!(cached.answered().is_empty());
    keep(&cached, &[3]);
    assert_eq!(machine.asked(), ["x", "y"]);
    let cached = machine.cached();
    assert_eq!(run(&cached, &job(5, "x")), (5, "x".into()));
    run(&cached, &job(9, "y"));
    assert_eq!(cached.answered(), BTreeSet::from([("a.md".into(), 5)]));
    assert_eq!(machine.asked(), ["y"]);
}

#[test]
fn other_code_another_past_another_limit_or_another_note_is_run() {
    let machine = Machine::new();
    let cached = machine.cached();
    run(&cached, &job(3, "x"));
    keep(&cached, &[3]);
    machine.asked();
    let mut others = vec![job(3, "z"); 1];
    others.resize(4, job(3, "x"));
    others[1].replay = vec![Code::script(1, "f")];
    others[2].limits.cpu += 1;
    others[3].path = "b.md".into();
    let cached = machine.cached();
    for other in &others {
        run(&cached, other);
    }
    assert_eq!(machine.asked(), ["z", "x", "x", "x"]);
}

#[test]
fn what_the_parser_says_is_known_and_nothing_is_where_no_answers_are_wanted() {
    let machine = Machine::new();
    let cached = machine.cached();
    let sources = [Code::script(3, "x"), Code::script(7, "crash")];
    let first = cached.analyze(&sources).unwrap();
    run(&cached, &job(3, "x"));
    keep(&cached, &[3]);
    assert_eq!(machine.asked(), ["x", "crash", "x"]);
    let cached = machine.cached();
    assert_eq!(cached.analyze(&sources).unwrap(), first);
    run(&cached, &job(3, "x"));
    assert_eq!(machine.asked(), ["crash"]);
    cached.begin(false);
    assert_eq!(cached.analyze(&sources).unwrap(), first);
    run(&cached, &job(3, "x"));
    assert_eq!(machine.asked(), ["x", "crash", "x"]);
}

#[test]
fn what_ended_otherwise_or_was_run_in_more_than_one_way_is_not_kept() {
    let machine = Machine::new();
    let cached = machine.cached();
    let lines = [1, 2, 3, 4, 5];
    for (line, text) in lines
        .iter()
        .zip(["lost", "gone", "much", "before", "twice"])
    {
        run(&cached, &job(*line as usize, text));
    }
    run(&cached, &job(5, "twice again"));
    keep(&cached, &lines);
    machine.asked();
    let cached = machine.cached();
    for (line, text) in lines
        .iter()
        .zip(["lost", "gone", "much", "before", "twice"])
    {
        run(&cached, &job(*line as usize, text));
    }
    assert_eq!(machine.asked().len(), lines.len());
}

#[test]
fn what_files_or_the_network_may_have_a_part_in_is_not_kept() {
    let with = |off, has: &[Fence]| Containment {
        off,
        has: has.to_vec(),
    };
    assert!(is_apart(&with(false, &Fence::ALL)));
    assert!(is_apart(&with(false, &[Fence::Landlock, Fence::Seccomp])));
    assert!(!is_apart(&with(true, &Fence::ALL)));
    assert!(!is_apart(&with(false, &[Fence::Landlock])));
    assert!(!is_apart(&with(false, &[Fence::Network, Fence::Processes])));
    let machine = Machine::new();
    let cached = machine.cached();
    run(&cached, &job(3, "x"));
    cached.keep(&BTreeSet::from([("a.md".into(), 3)]), None);
    run(&machine.cached(), &job(3, "x"));
    assert_eq!(machine.asked(), ["x", "x"]);
}

#[test]
fn nothing_is_kept_where_the_packages_change_meanwhile() {
    let machine = Machine::new();
    let cached = machine.cached();
    run(&cached, &job(3, "x"));
    let package = packages(machine.folder.path()).join("new-1.0.dist-info");
    fs::create_dir(&package).unwrap();
    keep(&cached, &[3]);
    fs::remove_dir(&package).unwrap();
    run(&machine.cached(), &job(3, "x"));
    assert_eq!(machine.asked(), ["x", "x"]);
}
