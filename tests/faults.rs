//! Kills of the driver at random moments: every file is the old or the new one, and the next
//! run works at once.
//!
//! The moments are random, half of them in the time in which files are written. The seed is
//! printed; `VERIFY_FAULT_SEED` sets it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

#[allow(dead_code)]
#[path = "cli/support.rs"]
mod support;

use std::collections::BTreeMap;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use support::{DRAWING, Project, VERIFY, note, processes_in};

const NOTES: usize = 40;
/// How many kills there are from one whole run to the next.
const KILLS_IN_A_ROW: usize = 10;

type Files = BTreeMap<String, Vec<u8>>;

/// Steele, Lea and Flood's `SplitMix64`.
struct Random(u64);

impl Random {
    fn new() -> Self {
        let seed = std::env::var("VERIFY_FAULT_SEED").ok().map_or_else(
            || {
                u64::from(
                    SystemTime::now()
                        .duration_since(UNIX_EPOCH)
                        .unwrap()
                        .subsec_nanos(),
                )
            },
            |seed| seed.parse().expect("VERIFY_FAULT_SEED is a number"),
        );
        eprintln!("VERIFY_FAULT_SEED={seed}");
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Some part of a duration.
    fn part_of(&mut self, whole: Duration) -> Duration {
        let nanos = u64::try_from(whole.as_nanos()).unwrap().max(1);
        Duration::from_nanos(self.next() % nanos)
    }
}

/// A command that turns files from an old state into a new one.
struct Change {
    project: Project,
    arguments: &'static str,
    old: Files,
    new: Files,
    /// The first file that it writes.
    first: String,
    /// How long it takes until it writes, and from there to its end.
    before: Duration,
    writing: Duration,
}

impl Change {
    /// `project` is in the old state.
    fn new(project: Project, arguments: &'static str) -> Self {
        let old = project.files();
        project.verify(arguments).exits(0);
        let new = project.files();
        let first = new.iter().find(|(path, text)| old.get(*path) != Some(text));
        let first = first.expect("it changes something").0.clone();
        let mut change = Self {
            project,
            arguments,
            old,
            new,
            first,
            before: Duration::ZERO,
            writing: Duration::ZERO,
        };
        change.reset();
        let begun = Instant::now();
        let mut child = change.start();
        change.await_writing(&mut child);
        change.before = begun.elapsed();
        assert!(child.wait().unwrap().success());
        change.writing = begun.elapsed().saturating_sub(change.before);
        change
    }

    fn reset(&self) {
        for (path, text) in &self.old {
            self.project.write(path, text);
        }
        for path in self.new.keys().filter(|path| !self.old.contains_key(*path)) {
            let _ = std::fs::remove_file(self.project.at(path));
        }
    }

    fn start(&self) -> Child {
        let mut command = self.project.under_python(VERIFY, self.arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    }

    /// Waits until the first file has been written, or the process has ended.
    fn await_writing(&self, child: &mut Child) {
        let path = self.project.at(&self.first);
        let old = self.old.get(&self.first);
        while std::fs::read(&path).ok().as_ref() == old && child.try_wait().unwrap().is_none() {
            sleep(Duration::from_micros(500));
        }
    }

    fn kill_at_random(&self, random: &mut Random) {
        let mut child = self.start();
        if random.next().is_multiple_of(2) {
            sleep(random.part_of(self.before));
        } else {
            self.await_writing(&mut child);
            sleep(random.part_of(self.writing));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let begun = Instant::now();
        while !processes_in(&self.project.temporary()).is_empty() {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "a process outlives its driver"
            );
            sleep(Duration::from_millis(1));
        }
    }

    /// How many files are new; each is old or new, and what else there is was left unfinished.
    fn count_new(&self) -> usize {
        let mut files = self.project.files();
        files.retain(|path, _| !path.contains("/.verify-unfinished-"));
        for (path, text) in &files {
            let states = [self.old.get(path), self.new.get(path)];
            assert!(
                states.contains(&Some(text)),
                "{path} is neither old nor new:\n{}",
                String::from_utf8_lossy(text)
            );
        }
        let is_there = |path: &&String| files.contains_key(*path) || !self.new.contains_key(*path);
        assert_eq!(
            self.old.keys().find(|path| !is_there(path)),
            None,
            "a file is lost"
        );
        has_all_pictures(&files);
        let is_new = |(path, text): &(&String, &Vec<u8>)| self.old.get(*path) != Some(text);
        files.iter().filter(is_new).count()
    }

    fn survives(&self, kills: usize) {
        let mut random = Random::new();
        let mut part_written = 0;
        for kill in 1..=kills {
            self.reset();
            self.kill_at_random(&mut random);
            let count = self.count_new();
            part_written += usize::from((1..NOTES).contains(&count));
            if kill.is_multiple_of(KILLS_IN_A_ROW) {
                self.project.verify(self.arguments).exits(0);
                assert_eq!(self.project.files(), self.new);
            }
        }
        eprintln!("{part_written} of {kills} kills came between two files");
    }
}

/// A project with as many notes, each written by `text` from its number.
fn notes(text: impl Fn(usize) -> String) -> Project {
    let one = |project: Project, at| project.file(&format!("notes/n{at:02}.md"), text(at));
    (0..NOTES).fold(Project::new(), one)
}

/// Every picture that a recording names is there.
fn has_all_pictures(files: &Files) {
    for (path, text) in files {
        let Some(folder) = path.strip_suffix(".toml") else {
            continue;
        };
        let text = String::from_utf8_lossy(text);
        for name in text.split('"').filter(|name| name.starts_with("figure-")) {
            let picture = format!("{folder}/{name}");
            assert!(files.contains_key(&picture), "{picture} is missing");
        }
    }
}

#[test]
fn an_update_that_is_killed_leaves_old_and_new_recordings() {
    // Most are not run, which takes no time: their findings are recorded all the same.
    let text = |word: &str, at: usize| {
        let ran = format!("print('{word}', {at})");
        note(&[
            if at.is_multiple_of(8) {
                &ran
            } else {
                "print 'old'"
            },
            &format!("print '{word}'"),
        ])
    };
    let project = notes(|at| text("before", at));
    project.verify("--update").exits(0);
    for at in 0..NOTES {
        project.write(&format!("notes/n{at:02}.md"), text("after", at));
    }
    Change::new(project, "--update").survives(200);
}

#[test]
fn an_update_that_is_killed_leaves_no_recording_without_its_pictures() {
    // Pictures that change, that come and that go.
    let text = |at: usize, greys: &[usize]| match at % 8 {
        0 => {
            let figures = greys
                .iter()
                .map(|grey| format!("plt.figure(grey={grey})\n"));
            note(&[&format!(
                "{DRAWING}{}plt.show()",
                figures.collect::<String>()
            )])
        }
        _ => note(&[&format!("print 'old', {}", greys.len())]),
    };
    let project = notes(|at| text(at, &[0, 50, 100])).drawing();
    project.verify("--update").exits(0);
    for at in 0..NOTES {
        let greys = [&[10, 200][..], &[0, 90, 100, 150]][at / 8 % 2];
        project.write(&format!("notes/n{at:02}.md"), text(at, greys));
    }
    Change::new(project, "--update").survives(30);
}

#[test]
fn a_fix_that_is_killed_leaves_old_and_new_notes() {
    let project = notes(|at| note(&[&format!("{at} + 1  # {at}")]));
    Change::new(project, "fix --yes").survives(80);
}
