//! Runs nothing twice: what was run once is answered from memory, as long as its code, what is
//! replayed before it and its limits stay the same.
//!
//! Where only its lines have moved, so do those of what happened; a run that tells a number
//! which may be one of its lines is run again. Nothing is kept on a disk.

use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;

use super::placed::{Key, Placed, first_line, key};
use super::pool::{PoolError, Runner};
use super::protocol::Job;
use crate::model::{Analysis, Code, End, Trace};

/// A runner that remembers what another one ran.
pub struct Remembering<R> {
    runner: R,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    runs: HashMap<Key, Run>,
    /// The paths and first lines of what was run since that was last asked.
    ran: BTreeSet<(String, u32)>,
    round: u64,
}

struct Run {
    path: String,
    placed: Placed,
    /// The round in which it was last asked for.
    asked: u64,
}

impl<R> Remembering<R> {
    /// Remembers nothing yet.
    pub fn new(runner: R) -> Self {
        Self {
            runner,
            memory: Mutex::default(),
        }
    }

    /// The paths and first lines of what was really run since this was last asked.
    pub fn take_ran(&self) -> BTreeSet<(String, u32)> {
        let memory = self.memory.lock();
        memory.map_or_else(
            |_| BTreeSet::new(),
            |mut memory| std::mem::take(&mut memory.ran),
        )
    }

    /// Begins a round: what it does not ask for is no longer needed at its end.
    pub fn begin_round(&self) {
        if let Ok(mut memory) = self.memory.lock() {
            memory.round += 1;
        }
    }

    /// Forgets what this round did not ask for of the notes with these paths.
    pub fn end_round(&self, looked_at: &BTreeSet<&str>) {
        if let Ok(mut memory) = self.memory.lock() {
            let round = memory.round;
            memory
                .runs
                .retain(|_, run| run.asked == round || !looked_at.contains(run.path.as_str()));
        }
    }

    fn recall(&self, key: &Key, job: &Job) -> Option<Trace> {
        let mut memory = self.memory.lock().ok()?;
        let round = memory.round;
        let run = memory.runs.get_mut(key)?;
        let trace = run.placed.at(job)?;
        run.asked = round;
        Some(trace)
    }

    fn remember(&self, key: Key, job: &Job, trace: &Trace) {
        let Ok(mut memory) = self.memory.lock() else {
            return;
        };
        let asked = memory.round;
        memory.ran.insert((job.path.clone(), first_line(&job.code)));
        // A worker may be lost for a reason that has nothing to do with the snippet.
        if trace.end != End::WorkerLost {
            let run = Run {
                path: job.path.clone(),
                placed: Placed::of(job, trace),
                asked,
            };
            memory.runs.insert(key, run);
        }
    }
}

impl<R: Runner> Runner for Remembering<R> {
    fn analyze(&self, sources: &[Code]) -> Result<Vec<Analysis>, PoolError> {
        self.runner.analyze(sources)
    }

    fn run(&self, jobs: &[Job], done: &(dyn Fn() + Sync)) -> Result<Vec<Option<Trace>>, PoolError> {
        let mut traces: Vec<Option<Trace>> = Vec::new();
        let mut open: Vec<(usize, Option<Key>)> = Vec::new();
        for (at, job) in jobs.iter().enumerate() {
            let key = key(job);
            let known = key.as_ref().and_then(|key| self.recall(key, job));
            match &known {
                Some(_) => done(),
                None => open.push((at, key)),
            }
            traces.push(known);
        }
        let asked: Vec<Job> = open.iter().map(|(at, _)| jobs[*at].clone()).collect();
        for ((at, key), trace) in open.into_iter().zip(self.runner.run(&asked, done)?) {
            if let (Some(key), Some(trace)) = (key, &trace) {
                self.remember(key, &jobs[at], trace);
            }
            traces[at] = trace;
        }
        Ok(traces)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::{Event, EventKind};

    /// Prints the code of a job on each of its lines.
    #[derive(Default)]
    struct Printing {
        runs: Mutex<Vec<String>>,
    }

    impl Runner for Printing {
        fn analyze(&self, sources: &[Code]) -> Result<Vec<Analysis>, PoolError> {
            Ok(vec![Analysis::default(); sources.len()])
        }

        fn run(
            &self,
            jobs: &[Job],
            done: &(dyn Fn() + Sync),
        ) -> Result<Vec<Option<Trace>>, PoolError> {
            let traces = jobs.iter().map(|job| {
                let piece = &job.code.pieces[0];
                self.runs.lock().unwrap().push(piece.text.clone());
                done();
                let event = Event {
                    line: job.replay.first().map_or(piece.line, first_line),
                    top: piece.line,
                    kind: EventKind::Stdout(piece.text.clone()),
                };
                Some(Trace {
                    events: vec![event],
                    dropped: 0,
                    end: if piece.text == "lost" {
                        End::WorkerLost
                    } else {
                        End::Finished
                    },
                    in_replay: false,
                    open: Vec::new(),
                    seconds: 0.0,
                })
            });
            Ok(traces.collect())
        }
    }

    fn job(line: usize, text: &str, replay: &[(usize, &str)]) -> Job {
        Job {
            path: "a.md".into(),
            code: Code::script(line, text),
            replay: replay
                .iter()
                .map(|&(line, text)| Code::script(line, text))
                .collect(),
            ..Job::default()
        }
    }

    fn lines(remembering: &Remembering<Printing>, job: &Job) -> (u32, u32) {
        let traces = remembering.run(std::slice::from_ref(job), &|| ()).unwrap();
        let event = &traces[0].as_ref().unwrap().events[0];
        (event.line, event.top)
    }

    fn count(remembering: &Remembering<Printing>) -> usize {
        remembering.runner.runs.lock().unwrap().len()
    }

    #[test]
    fn the_same_is_run_once_and_moves_with_its_lines() {
        let remembering = Remembering::new(Printing::default());
        assert_eq!(lines(&remembering, &job(9, "x", &[(3, "f")])), (3, 9));
        assert_eq!(lines(&remembering, &job(9, "x", &[(3, "f")])), (3, 9));
        assert_eq!(lines(&remembering, &job(14, "x", &[(4, "f")])), (4, 14));
        assert_eq!(count(&remembering), 1);
        assert_eq!(remembering.take_ran(), BTreeSet::from([("a.md".into(), 9)]));
        assert!(remembering.take_ran().is_empty());
    }

    #[test]
    fn other_code_another_past_or_another_limit_is_run() {
        let remembering = Remembering::new(Printing::default());
        let mut slow = job(9, "x", &[(3, "f")]);
        slow.limits.cpu = 99;
        let jobs = [
            job(9, "x", &[(3, "f")]),
            job(9, "y", &[(3, "f")]),
            job(9, "x", &[(3, "g")]),
            job(9, "x", &[]),
            slow,
        ];
        for job in &jobs {
            lines(&remembering, job);
        }
        assert_eq!(count(&remembering), jobs.len());
    }

    #[test]
    fn what_may_tell_a_line_is_run_again_where_that_moved() {
        let remembering = Remembering::new(Printing::default());
        for (line, runs) in [(9, 1), (9, 1), (10, 2)] {
            lines(&remembering, &job(line, "line 9 or 10", &[]));
            assert_eq!(count(&remembering), runs, "at {line}");
        }
        for (line, runs) in [(9, 3), (10, 3)] {
            lines(&remembering, &job(line, "chapter 99", &[]));
            assert_eq!(count(&remembering), runs, "at {line}");
        }
    }

    #[test]
    fn what_a_round_did_not_ask_for_is_forgotten_and_a_lost_worker_never_kept() {
        let remembering = Remembering::new(Printing::default());
        let round = |text: &str, paths: &[&str]| {
            remembering.begin_round();
            lines(&remembering, &job(1, text, &[]));
            remembering.end_round(&paths.iter().copied().collect());
            count(&remembering)
        };
        assert_eq!(round("x", &["a.md"]), 1);
        assert_eq!(round("y", &["b.md"]), 2);
        assert_eq!(round("x", &["a.md"]), 2);
        assert_eq!(round("y", &["a.md"]), 3);
        assert_eq!(round("lost", &["a.md"]), 4);
        assert_eq!(round("lost", &["a.md"]), 5);
    }
}
