//! A run whose findings are decided one by one: what is pending, and what is done about it.
//!
//! Nothing is written before everything is decided.

use std::collections::{BTreeMap, HashMap};

use super::course::{Course, Planned, only_writer};
use super::store::{Chosen, Store};
use super::{Failure, Judged, Progress, Stop};
use crate::config::Config;
use crate::fix::{self, Folders, NoteDone, Subject};
use crate::model::Report;
use crate::notes::markdown;
use crate::plan::Plan;
use crate::python::interpreters::Interpreter;
use crate::recording;
use crate::review::{self, Decided, Found, Item};
use crate::update::Change;

/// A run, and what it left to be decided.
pub struct Reviewed {
    /// The report.
    pub report: Report,
    /// What is pending.
    pub items: Vec<Item>,
    /// The user stopped it before its end.
    pub interrupted: bool,
    kept: Kept,
}

/// What of a run is kept: no worker waits for answers.
struct Kept {
    plan: Plan,
    store: Store,
    judged: BTreeMap<usize, Judged>,
    interpreter: Interpreter,
}

/// What came of the decisions.
#[derive(Debug, Default)]
pub struct Applied {
    /// What became of the notes in which something was to be rewritten.
    pub notes: Vec<(Subject, NoteDone)>,
    /// What changed in the recordings.
    pub changes: Vec<Change>,
}

impl Applied {
    /// True where a note could not be rewritten.
    pub fn is_refused(&self) -> bool {
        self.notes.iter().any(|(_, note)| note.refused.is_some())
    }
}

/// Runs what is selected, and finds what is pending.
pub fn review(config: &Config, stop: &Stop, progress: &dyn Progress) -> Result<Reviewed, Failure> {
    let planned = Planned::new(config, stop)?;
    let mut course = Course::run(planned, config, stop, progress)?;
    let (plan, judged) = (course.planned.plan.clone(), course.judged.clone());
    let report = course.report(config);
    let claims = fix::survey(&report, Subject::Claims);
    let code = fix::survey(&report, Subject::Code);
    let kept = Kept {
        plan,
        store: course.store,
        judged,
        interpreter: course.planned.ready.interpreter.clone(),
    };
    let places = kept.places(&report);
    let outcome = |note: usize, block: usize| {
        let at = places.get(&(note, block));
        let judged = at.and_then(|at| Some((*at, kept.judged.get(at)?)));
        judged.map_or(Vec::new(), |(at, judged)| {
            kept.store.outcome_change(at, judged)
        })
    };
    let found = Found {
        claims: &claims,
        code: &code,
        outcome: &outcome,
    };
    let items = review::items(&report, &found);
    Ok(Reviewed {
        items,
        report,
        interrupted: stop.is_stopped(),
        kept,
    })
}

impl Kept {
    /// The index of each snippet by those of its note and block in the report.
    fn places(&self, report: &Report) -> BTreeMap<(usize, usize), usize> {
        let reported = report.notes.iter().enumerate();
        let reported: HashMap<&str, usize> = reported
            .map(|(at, note)| (note.path.as_str(), at))
            .collect();
        let place = |&at: &usize| {
            let snippet = &self.plan.snippets[at];
            let note = &self.plan.notes[snippet.note];
            let lines = note.blocks[snippet.block].lines;
            let found = *reported.get(note.path.as_str())?;
            let blocks = &report.notes[found].blocks;
            // They are in the order of the note.
            let block = blocks.partition_point(|block| block.block.lines < lines);
            let is_it = blocks.get(block)?.block.lines == lines;
            is_it.then_some(((found, block), at))
        };
        self.judged.keys().filter_map(place).collect()
    }
}

impl Reviewed {
    /// Does what was decided: rewrites the notes, then records. Nothing is written where a
    /// recording is no longer the one that was read.
    pub fn apply(&mut self, config: &Config, decided: &Decided) -> Result<Applied, Failure> {
        let mut applied = Applied::default();
        if decided.is_empty() {
            return Ok(applied);
        }
        let mut lock = recording::lock(&config.expected)?;
        let _only_writer = only_writer(&mut lock, config)?;
        if let Some(path) = self.kept.store.changed(config)? {
            return Err(Failure::Overtaken(path));
        }
        let folders = Folders {
            root: &config.root,
            expected: &config.expected,
        };
        for (subject, chosen) in [
            (Subject::Claims, &decided.claims),
            (Subject::Code, &decided.code),
        ] {
            let notes = fix::survey(&self.report, subject);
            let done = fix::rewrite(&notes, chosen, folders, false);
            let touched = done
                .into_iter()
                .filter(|note| note.rewritten > 0 || note.refused.is_some());
            applied.notes.extend(touched.map(|note| (subject, note)));
        }
        let chosen = self.chosen(decided, &applied.notes);
        let Kept {
            plan,
            store,
            judged,
            interpreter,
        } = &mut self.kept;
        applied.changes = store.accept(config, plan, judged, &chosen, interpreter)?;
        Ok(applied)
    }

    /// What is recorded, with the notes as they were rewritten.
    fn chosen(&mut self, decided: &Decided, notes: &[(Subject, NoteDone)]) -> Chosen {
        let mut chosen = Chosen::default();
        let places = self.kept.places(&self.report);
        let plan = &self.kept.plan;
        for (place, accepted) in &decided.accepted {
            let at = places.get(place);
            chosen.accepted.extend(at.map(|at| (*at, accepted.clone())));
        }
        for (&note, gone) in &decided.gone {
            let path = &self.report.notes[note].path;
            let at = plan.notes.iter().position(|note| note.path == *path);
            chosen.gone.extend(at.map(|at| (at, gone.clone())));
        }
        let claims = notes
            .iter()
            .filter(|(subject, _)| *subject == Subject::Claims);
        for (_, done) in claims {
            let Some(after) = &done.after else { continue };
            let blocks = markdown::blocks(after).blocks;
            for (at, snippet) in plan.snippets.iter().enumerate() {
                if plan.notes[snippet.note].path == done.path
                    && let Some(block) = blocks.get(snippet.block)
                {
                    chosen.rewritten.insert(at, block.text.clone());
                }
            }
        }
        for (at, text) in &chosen.rewritten {
            if let Some(judged) = self.kept.judged.get_mut(at) {
                judged.report.block.text.clone_from(text);
            }
        }
        chosen
    }
}
