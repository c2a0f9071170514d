//! What happened in a run, wherever in its note the same code stands.
//!
//! Where only its lines have moved, so do those of what happened; a run that tells a number
//! which may be one of its lines can't be moved.

use serde::{Deserialize, Serialize};

use super::protocol::Job;
use crate::model::{Code, Event, EventKind, Lines, Trace, Worth};

/// Stands for a job, wherever in its note it stands.
pub(super) type Key = [u8; 32];

/// A run with the lines that it was made on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Placed {
    /// The first and last lines of what was replayed, and of the snippet.
    lines: Vec<Lines>,
    trace: Trace,
}

impl Placed {
    /// What happened when this was run.
    pub(super) fn of(job: &Job, trace: &Trace) -> Self {
        Self {
            lines: lines_of(job),
            trace: trace.clone(),
        }
    }

    /// What happens where the same job stands now; none where that can't be told.
    pub(super) fn at(&self, job: &Job) -> Option<Trace> {
        moved(&self.trace, &self.lines, &lines_of(job))
    }
}

/// What a job is, wherever in its note it stands; none where that can't be told.
pub(super) fn key(job: &Job) -> Option<Key> {
    let base = first_line(&job.code);
    let down = |line: &u32| line.wrapping_sub(base);
    let lines = job.values.iter();
    let placeless = Job {
        replay: job.replay.iter().map(at_the_top).collect(),
        code: at_the_top(&job.code),
        values: lines
            .map(|(first, last)| (down(first), down(last)))
            .collect(),
        ..job.clone()
    };
    let bytes = postcard::to_stdvec(&placeless).ok()?;
    Some(*blake3::hash(&bytes).as_bytes())
}

/// Its first line in the note.
pub(super) fn first_line(code: &Code) -> u32 {
    code.pieces.first().map_or(0, |piece| piece.line)
}

fn at_the_top(code: &Code) -> Code {
    let base = first_line(code);
    let mut code = code.clone();
    for piece in &mut code.pieces {
        piece.line = piece.line.wrapping_sub(base);
    }
    code
}

fn lines_of(job: &Job) -> Vec<Lines> {
    let codes = job.replay.iter().chain([&job.code]);
    codes
        .map(|code| {
            let last = code.pieces.iter().map(|piece| {
                let below = piece.text.lines().count().saturating_sub(1);
                piece.line as usize + below
            });
            Lines {
                first: first_line(code) as usize,
                last: last.max().unwrap_or_default(),
            }
        })
        .collect()
}

/// What happened, on the lines where the same code stands now; none where that can't be told.
fn moved(trace: &Trace, from: &[Lines], to: &[Lines]) -> Option<Trace> {
    if from == to {
        return Some(trace.clone());
    }
    let within = |line: usize, lines: &Lines| (lines.first..=lines.last).contains(&line);
    let moved = |line: u32| {
        let line = line as usize;
        let at = from.iter().position(|lines| within(line, lines));
        match at {
            Some(at) => u32::try_from(line - from[at].first + to[at].first).ok(),
            None => (line == 0).then_some(0),
        }
    };
    let is_line = |number: usize| from.iter().any(|lines| within(number, lines));
    let mut trace = trace.clone();
    for event in &mut trace.events {
        if texts(event).iter().any(|text| numbers(text).any(&is_line)) {
            return None;
        }
        event.line = moved(event.line)?;
        event.top = moved(event.top)?;
    }
    for at in &mut trace.open {
        at.first = moved(at.first)?;
        at.last = moved(at.last)?;
        at.open.line = moved(at.open.line)?;
    }
    Some(trace)
}

/// Every text that an event came with.
fn texts(event: &Event) -> Vec<&str> {
    match &event.kind {
        EventKind::Stdout(text) | EventKind::Stderr(text) | EventKind::Value(text) => vec![text],
        EventKind::Worth(Worth { repr, text, .. }) => vec![repr, text],
        EventKind::Raised {
            message,
            subject,
            traceback,
            ..
        } => vec![message, subject, traceback],
        EventKind::Warned { message, .. } => vec![message],
        EventKind::Figure(_) | EventKind::FigureLeft => Vec::new(),
    }
}

fn numbers(text: &str) -> impl Iterator<Item = usize> {
    let digits = text.split(|c: char| !c.is_ascii_digit());
    digits.filter_map(|digits| digits.parse().ok())
}
