//! Some readings run together, each after the earlier snippets that it needs.
//!
//! What is read is told by the caller; here is how: on which lines, after what, and what of the
//! things that happened belongs to the snippet.

use super::{Failure, prepare};
use crate::config::Setup;
use crate::model::{
    About, Case, Code, CodeForm, Conditions, Context, EventKind, Language, Lines, Reading, Trace,
};
use crate::picture;
use crate::plan::{self, Plan};
use crate::python::pool::Runner;
use crate::python::protocol::{Job, Limits};
use crate::reading::Purpose;

/// By how many lines a snippet stands further down in the run that finds what varies: moving it
/// must not change its recording.
const LINES_AHEAD: u32 = 1000;

/// What the readings of some snippets have in common.
#[derive(Clone, Copy)]
pub(super) struct Batch<'a> {
    pub(super) plan: &'a Plan,
    pub(super) purpose: Purpose,
    pub(super) limits: Limits,
    pub(super) setups: &'a [Setup],
    /// All snippets of the plan, with the form in which old ones are replayed.
    pub(super) cases: &'a [Case],
}

impl Batch<'_> {
    /// What happens in each of these readings; nothing where it was not run, as the user stopped it.
    pub(super) fn run(
        &self,
        wanted: &[(usize, Reading)],
        runner: &dyn Runner,
        done: &(dyn Fn() + Sync),
    ) -> Result<Vec<Option<Trace>>, Failure> {
        let jobs = wanted.iter().map(|&(at, reading)| self.job(at, reading));
        let traces = runner.run(&jobs.collect::<Vec<Job>>(), done)?;
        let each = wanted.iter().zip(traces);
        let own = |(&(at, reading), trace): (_, Option<Trace>)| Some(self.own(at, reading, trace?));
        Ok(each.map(own).collect())
    }

    fn job(&self, at: usize, reading: Reading) -> Job {
        let snippet = &self.plan.snippets[at];
        let ahead = self.ahead(reading);
        let moved = |mut code: Code| {
            for piece in &mut code.pieces {
                piece.line = piece.line.saturating_add(ahead);
            }
            code
        };
        let replay = snippet.depends_on.iter().copied();
        let replay = replay.filter(|&at| match reading.context {
            Context::Needed => true,
            Context::Alone => self.prepares(at),
        });
        let replay = replay.map(|at| moved(self.replayed(at, reading.form)));
        let values = snippet.claims.iter().filter_map(|claim| match claim.about {
            About::Statement(lines) => Some((line(lines.first, ahead), line(lines.last, ahead))),
            About::Output(_) => None,
        });
        let code_and_replay = snippet.depends_on.iter().chain([&at]);
        let modules = code_and_replay.flat_map(|&at| self.plan.snippets[at].facts.imports.clone());
        Job {
            modules: modules.collect(),
            path: self.plan.notes[snippet.note].path.clone(),
            replay: self.setups_of(at).into_iter().chain(replay).collect(),
            files: snippet.files.clone(),
            imports: if reading.form.is_whole() {
                Vec::new()
            } else {
                snippet.facts.modules.clone()
            },
            code: moved(self.code(at, reading.form)),
            values: values.collect(),
            // Only claims and recordings are judged by it.
            open: !snippet.claims.is_empty() || self.purpose != Purpose::Check,
            limits: self.limits,
        }
    }

    /// By how many lines it stands further down than in its note.
    fn ahead(&self, reading: Reading) -> u32 {
        let is_recorded = self.purpose != Purpose::Check && reading.form == CodeForm::Written;
        match reading.conditions {
            Conditions::Second if is_recorded => LINES_AHEAD,
            _ => 0,
        }
    }

    /// What is run of a snippet.
    fn code(&self, at: usize, form: CodeForm) -> Code {
        let written = &self.plan.snippets[at].code;
        let modern = self.cases[at].draft.as_ref().map(|draft| &draft.code);
        let code = modern.filter(|_| form.is_modern()).unwrap_or(written);
        if form.is_whole() {
            code.clone()
        } else {
            plan::statements(code)
        }
    }

    /// What is run of a snippet that another one needs: what only Python 2 accepts as it could be
    /// written today, all else in the form of the other one.
    fn replayed(&self, at: usize, form: CodeForm) -> Code {
        let snippet = &self.plan.snippets[at];
        let block = &self.plan.notes[snippet.note].blocks[snippet.block];
        let is_modern = form.is_modern() || block.language == Language::Python2;
        self.code(
            at,
            if is_modern {
                CodeForm::Modern
            } else {
                CodeForm::Written
            },
        )
    }

    /// What of a trace is the snippet's own, on the lines of its note.
    fn own(&self, at: usize, reading: Reading, mut trace: Trace) -> Trace {
        let snippet = &self.plan.snippets[at];
        move_up(&mut trace, self.ahead(reading));
        if reading.form.is_whole() {
            let block = &self.plan.notes[snippet.note].blocks[snippet.block];
            only_own_lines(&mut trace, block.lines);
            if !self.setups.is_empty() {
                let lines = self.plan.notes[snippet.note].text.lines().count();
                lines_of_note(&mut trace, lines);
            }
            clean_figures(&mut trace);
        } else if !snippet.code.prompts {
            // A script displays nothing.
            let is_value = |kind: &EventKind| matches!(kind, EventKind::Value(_));
            trace.events.retain(|event| !is_value(&event.kind));
        }
        trace
    }

    /// What is to be run before all snippets of the note of this one.
    fn setups_of(&self, at: usize) -> Vec<Code> {
        let note = &self.plan.notes[self.plan.snippets[at].note];
        match self.setups {
            [] => Vec::new(),
            setups => prepare::of_note(setups, &note.path, note.text.lines().count()),
        }
    }

    /// True for a snippet that prepares all that follow it.
    fn prepares(&self, at: usize) -> bool {
        let snippet = &self.plan.snippets[at];
        let block = &self.plan.notes[snippet.note].blocks[snippet.block];
        block.directives.setup
    }
}

/// Counts the lines of a run that was `ahead` as the note does.
fn move_up(trace: &mut Trace, ahead: u32) {
    for event in &mut trace.events {
        event.line = event.line.saturating_sub(ahead);
        event.top = event.top.saturating_sub(ahead);
    }
    for at in &mut trace.open {
        for line in [&mut at.first, &mut at.last, &mut at.open.line] {
            *line = line.saturating_sub(ahead);
        }
    }
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
