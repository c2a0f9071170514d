//! Some snippets run together, each with the earlier ones that it needs.
//!
//! What of them is run is told by the caller; here is how: on which lines, after what,
//! and once more without it where that only led astray.

use std::collections::BTreeMap;

use super::{prepare, start};
use crate::check::rewrite::Draft;
use crate::config::Config;
use crate::model::{About, Code, EventKind, Lines, Trace};
use crate::picture;
use crate::plan::{self, Plan};
use crate::python::pool::{PoolError, Runner};
use crate::python::protocol::Job;

/// What the runs of some snippets have in common.
#[derive(Clone, Copy)]
pub(super) struct Batch<'a> {
    pub(super) plan: &'a Plan,
    pub(super) config: &'a Config,
    pub(super) runner: &'a dyn Runner,
    /// How snippets are run that others need, where not as they are planned.
    pub(super) drafts: &'a BTreeMap<usize, Draft>,
    /// By how many lines they stand further down than in their notes.
    pub(super) ahead: u32,
}

impl Batch<'_> {
    /// Runs these snippets, and some of them once more alone: one that ended while others were
    /// replayed for it, and one that names from under other headings only led astray.
    pub(super) fn whole(
        &self,
        which: &[usize],
        code: &dyn Fn(usize) -> Code,
        done: &(dyn Fn() + Sync),
    ) -> Result<BTreeMap<usize, Trace>, PoolError> {
        let job = |&at: &usize| self.job(at, code(at));
        let jobs: Vec<Job> = which.iter().map(job).collect();
        let traces = self.runner.run(&jobs, done)?;
        let mut found: BTreeMap<usize, Trace> = which
            .iter()
            .copied()
            .zip(traces)
            .filter_map(|(at, trace)| Some((at, trace?)))
            .collect();
        let doubtful = |at: &usize, trace: &Trace| {
            trace.in_replay || (raises(trace, "") && self.only_from_afar(*at))
        };
        let alone: Vec<usize> = found
            .iter()
            .filter(|(at, trace)| doubtful(at, trace))
            .map(|(&at, _)| at)
            .collect();
        let jobs: Vec<Job> = alone
            .iter()
            .map(|at| Job {
                replay: self.preparations(*at),
                ..job(at)
            })
            .collect();
        for (at, trace) in alone.into_iter().zip(self.runner.run(&jobs, &|| ())?) {
            let Some(trace) = trace else { continue };
            if found[&at].in_replay || raises(&trace, "NameError") {
                found.insert(at, trace);
            }
        }
        for (&at, trace) in &mut found {
            move_up(trace, self.ahead);
            let snippet = &self.plan.snippets[at];
            let block = &self.plan.notes[snippet.note].blocks[snippet.block];
            only_own_lines(trace, block.lines);
            if !self.config.setup.is_empty() {
                lines_of_note(trace, self.plan.notes[snippet.note].text.lines().count());
            }
            clean_figures(trace);
        }
        Ok(found)
    }

    /// Runs the statements of these snippets one by one, with the modules that they use and import
    /// nowhere.
    pub(super) fn statements(
        &self,
        which: &[usize],
        code: &dyn Fn(usize) -> Code,
    ) -> Result<BTreeMap<usize, Trace>, PoolError> {
        let jobs: Vec<Job> = which
            .iter()
            .map(|&at| Job {
                imports: self.plan.snippets[at].facts.modules.clone(),
                ..self.job(at, plan::statements(&code(at)))
            })
            .collect();
        let traces = self.runner.run(&jobs, &|| ())?;
        let found = which.iter().copied().zip(traces);
        Ok(found
            .filter_map(|(at, trace)| {
                let mut trace = trace?;
                if !self.plan.snippets[at].code.prompts {
                    // A script displays nothing.
                    trace
                        .events
                        .retain(|event| !matches!(event.kind, EventKind::Value(_)));
                }
                move_up(&mut trace, self.ahead);
                Some((at, trace))
            })
            .collect())
    }

    fn job(&self, at: usize, code: Code) -> Job {
        let snippet = &self.plan.snippets[at];
        let values = snippet.claims.iter().filter_map(|claim| match claim.about {
            About::Statement(lines) => {
                Some((line(lines.first, self.ahead), line(lines.last, self.ahead)))
            }
            About::Output(_) => None,
        });
        let code_and_replay = snippet.depends_on.iter().chain([&at]);
        let modules = code_and_replay.flat_map(|&at| self.plan.snippets[at].facts.imports.clone());
        Job {
            modules: modules.collect(),
            path: self.plan.notes[snippet.note].path.clone(),
            replay: self.replayed(at, snippet.depends_on.iter().copied()),
            files: snippet.files.clone(),
            imports: Vec::new(),
            code: self.moved_down(code),
            values: values.collect(),
            limits: start::limits(self.config),
        }
    }

    /// The set-ups of the note of snippet `at`, and the code of snippets that are run before it.
    fn replayed(&self, at: usize, earlier: impl Iterator<Item = usize>) -> Vec<Code> {
        let note = &self.plan.notes[self.plan.snippets[at].note];
        let setups = match self.config.setup.as_slice() {
            [] => Vec::new(),
            _ => prepare::of_note(self.config, &note.path, note.text.lines().count()),
        };
        let code = |at: usize| {
            let draft = self.drafts.get(&at).map(|draft| &draft.code);
            self.moved_down(draft.unwrap_or(&self.plan.snippets[at].code).clone())
        };
        setups.into_iter().chain(earlier.map(code)).collect()
    }

    /// The same for those alone that prepare all that follows them.
    fn preparations(&self, at: usize) -> Vec<Code> {
        let prepares = |earlier: &usize| {
            let snippet = &self.plan.snippets[*earlier];
            let block = &self.plan.notes[snippet.note].blocks[snippet.block];
            block.directives.setup
        };
        let earlier = self.plan.snippets[at].depends_on.iter().copied();
        self.replayed(at, earlier.filter(prepares))
    }

    fn moved_down(&self, mut code: Code) -> Code {
        for piece in &mut code.pieces {
            piece.line = piece.line.saturating_add(self.ahead);
        }
        code
    }

    /// True where all the snippets that it depends on stand under other headings.
    fn only_from_afar(&self, at: usize) -> bool {
        let heading = |at: usize| {
            let snippet = &self.plan.snippets[at];
            &self.plan.notes[snippet.note].blocks[snippet.block].heading
        };
        let depends_on = &self.plan.snippets[at].depends_on;
        !depends_on.is_empty()
            && depends_on
                .iter()
                .all(|&earlier| heading(earlier) != heading(at))
    }
}

/// Counts the lines of a run that was `ahead` as the note does.
fn move_up(trace: &mut Trace, ahead: u32) {
    for event in &mut trace.events {
        event.line = event.line.saturating_sub(ahead);
        event.top = event.top.saturating_sub(ahead);
    }
}

/// True where an exception of this class, or of any for `""`, was not caught.
fn raises(trace: &Trace, wanted: &str) -> bool {
    let mut raised = trace.events.iter().filter_map(|event| match &event.kind {
        EventKind::Raised { class, .. } => Some(class),
        _ => None,
    });
    raised.any(|class| wanted.is_empty() || class == wanted)
}

/// Takes the lines of other snippets away, such as those of a function that a thread runs: what
/// comes from there comes from this snippet as a whole.
fn only_own_lines(trace: &mut Trace, lines: Lines) {
    for event in &mut trace.events {
        if event.top > 0 && !(lines.first..=lines.last).contains(&(event.top as usize)) {
            (event.line, event.top) = (0, 0);
        }
    }
}

/// What comes from code behind the last line of the note, its set-up, comes from the line that
/// called it.
fn lines_of_note(trace: &mut Trace, last: usize) {
    for event in &mut trace.events {
        if event.line as usize > last {
            event.line = event.top;
        }
    }
}

/// Looks into the pictures: from here on they are pictures, with nothing else in them.
fn clean_figures(trace: &mut Trace) {
    for event in &mut trace.events {
        if let EventKind::Figure(png) = &event.kind {
            event.kind = picture::cleaned(png).map_or(EventKind::FigureLeft, EventKind::Figure);
        }
    }
}

fn line(line: usize, ahead: u32) -> u32 {
    u32::try_from(line)
        .unwrap_or(u32::MAX)
        .saturating_add(ahead)
}
