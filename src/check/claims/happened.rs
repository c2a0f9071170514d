//! What a run did at the lines of a claim.
//!
//! A claim rarely says which of all that it means, so everything that it could mean is listed,
//! the likeliest first.

use super::terminal;
use crate::model::{About, End, Event, EventKind, Lines, Trace, Worth};
use crate::steps;

/// Of the lines and values of a loop, these many are listed one by one.
const MANY: usize = 200;

/// What came at the lines of a claim.
#[derive(Clone, Debug, Default)]
pub(super) struct Came<'a> {
    /// All that the claim could mean, the likeliest first; never an empty text.
    pub seen: Vec<Seen>,
    /// The exception that nothing caught.
    pub raised: Option<Raised<'a>>,
    /// The type of the value.
    pub class: Option<&'a str>,
}

/// One text that a claim could mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// Where it comes from.
    pub how: How,
    /// The text.
    pub text: String,
}

/// Where a text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// Printed by the lines themselves.
    Printed,
    /// Printed by what the lines called.
    Called,
    /// Printed in several lines, as one line.
    Joined,
    /// One line of several that were printed.
    Line,
    /// The repr of the value.
    Repr,
    /// The str of the value.
    Text,
    /// Printed, with standard error.
    Both,
    /// The repr of the object whose method was called.
    Receiver,
    /// Its str.
    ReceiverText,
}

/// An exception that nothing caught.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Raised<'a> {
    /// Its class.
    pub class: &'a str,
    /// Its message.
    pub message: &'a str,
    /// What it is about, such as the missing name.
    pub subject: &'a str,
    /// The traceback.
    pub traceback: &'a str,
    /// The line of the snippet's top level.
    pub line: usize,
}

impl<'a> Raised<'a> {
    fn of(event: &'a Event) -> Option<Self> {
        match &event.kind {
            EventKind::Raised {
                class,
                message,
                subject,
                traceback,
            } => Some(Self {
                class,
                message,
                subject,
                traceback,
                line: place(event),
            }),
            _ => None,
        }
    }

    /// As the last line of a traceback shows it.
    pub(super) fn shown(&self) -> String {
        crate::check::normalize::raised(self.class, self.message)
    }
}

/// A run, and where in it each line is found, so that a claim costs no look at all that happened.
#[derive(Debug)]
pub(super) struct Course<'a> {
    /// The run.
    pub trace: &'a Trace,
    /// Each line with the place of an event that it caused or led to, in order.
    lines: Vec<(u32, usize)>,
    /// The furthest place of the note that was come to with each event.
    furthest: Vec<usize>,
    /// The exception that nothing went on after.
    last: Option<Raised<'a>>,
}

impl<'a> Course<'a> {
    /// Reads what happened once.
    pub(super) fn of(trace: &'a Trace) -> Self {
        let events = trace.events.iter().enumerate();
        let mut lines: Vec<(u32, usize)> = events
            .flat_map(|(at, event)| [(event.line, at), (event.top, at)])
            .filter(|(line, _)| *line > 0)
            .collect();
        lines.sort_unstable();
        lines.dedup();
        let furthest = trace.events.iter().scan(0, |furthest, event| {
            *furthest = place(event).max(*furthest);
            Some(*furthest)
        });
        Self {
            trace,
            lines,
            furthest: furthest.collect(),
            last: last_raised(trace),
        }
    }

    /// What came at the lines that `about` names.
    pub(super) fn came(&self, about: About) -> Came<'a> {
        match about {
            About::Output(lines) => self.output(lines),
            About::Statement(lines) => self.statement(lines),
        }
    }

    /// The exception that ended the run before these lines, if one did.
    pub(super) fn ended_before(&self, lines: Lines) -> Option<Raised<'a>> {
        let is_before = |raised: &Raised<'_>| raised.line < lines.first;
        self.last
            .filter(|raised| is_before(raised) || is_syntax(raised.class))
    }

    /// The events at the lines that `about` names.
    pub(super) fn events(&self, about: About) -> Vec<&'a Event> {
        let is_meant = |event: &&Event| match about {
            About::Output(lines) => within_place(event, lines),
            About::Statement(_) => true,
        };
        let near = self.near(about.lines()).into_iter();
        near.map(|at| &self.trace.events[at])
            .filter(is_meant)
            .collect()
    }

    /// The places of the events that these lines caused or led to.
    fn near(&self, lines: Lines) -> Vec<usize> {
        let begin = |line: usize| {
            self.lines
                .partition_point(|&(other, _)| (other as usize) < line)
        };
        let (first, behind) = (begin(lines.first), begin(lines.last.saturating_add(1)));
        let found = self.lines.get(first..behind).unwrap_or_default();
        steps::take(1 + found.len());
        let mut places: Vec<usize> = found.iter().map(|(_, at)| *at).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    fn output(&self, lines: Lines) -> Came<'a> {
        let events = &self.trace.events;
        let is_inside = |&at: &usize| within_place(&events[at], lines);
        let inside: Vec<usize> = self.near(lines).into_iter().filter(is_inside).collect();
        let own = || inside.iter().map(|&at| &events[at]);
        // What C code or a child process wrote has no line; it lies between what has one.
        let is_near = |event: &&Event| place(event) == 0 || within_place(event, lines);
        let around = || self.window(&inside, lines).iter().filter(is_near);
        let mut seen = Vec::new();
        push(&mut seen, How::Printed, &joined(own(), false));
        push(&mut seen, How::Called, &joined(around(), false));
        push(&mut seen, How::Both, &joined(around(), true));
        Came {
            seen,
            raised: own().rev().find_map(Raised::of),
            class: None,
        }
    }

    /// The events from the last before these lines to the first behind them; those at `inside` are theirs.
    fn window(&self, inside: &[usize], lines: Lines) -> &'a [Event] {
        let events = &self.trace.events;
        let other = |event: &Event| place(event) > 0 && !within_place(event, lines);
        let begin = |until: usize| {
            let before = events[..until].iter().rposition(other);
            before.map_or(0, |at| at + 1)
        };
        let (Some(&first), Some(&last)) = (inside.first(), inside.last()) else {
            let end = self
                .furthest
                .partition_point(|&furthest| furthest <= lines.last);
            return &events[begin(end)..end];
        };
        let behind = events[last..].iter().position(other);
        let end = behind.map_or(events.len(), |at| last + at);
        let window = &events[begin(first)..end];
        steps::take(window.len());
        window
    }

    fn statement(&self, lines: Lines) -> Came<'a> {
        let events = &self.trace.events;
        let near = self.near(lines);
        let below = || near.iter().map(|&at| &events[at]);
        let at = || below().filter(|event| within(event.line, lines));
        let is_text = |event: &&Event| !matches!(event.kind, EventKind::Value(_));
        let printed = joined(at().filter(is_text), false);
        let called = joined(below().filter(is_text), false);
        let mut seen = Vec::new();
        push(&mut seen, How::Printed, &printed);
        let whole = if printed.is_empty() {
            &called
        } else {
            &printed
        };
        push(&mut seen, How::Called, &called);
        if whole.trim().contains('\n') {
            push(&mut seen, How::Joined, &super::text::collapsed(whole));
            for line in whole.lines().take(MANY) {
                push(&mut seen, How::Line, line);
            }
        }
        for event in at().take(MANY) {
            if let EventKind::Value(repr) = &event.kind {
                push(&mut seen, How::Repr, repr);
            }
        }
        let worths: Vec<&Worth> = at().filter_map(worth).take(MANY).collect();
        add_worths(&mut seen, &worths);
        push(&mut seen, How::Both, &joined(below(), true));
        let own = worths.iter().find(|worth| !worth.receiver);
        Came {
            seen,
            raised: below().rev().find_map(Raised::of),
            class: own.map(|worth| worth.class.as_str()),
        }
    }
}

/// The last exception of a run that nothing of the note followed.
fn last_raised(trace: &Trace) -> Option<Raised<'_>> {
    let is_raised = |event: &Event| Raised::of(event).is_some();
    let at = trace.events.iter().rposition(is_raised)?;
    let went_on = trace.events[at + 1..].iter().any(|event| place(event) > 0);
    Raised::of(&trace.events[at]).filter(|_| !went_on)
}

/// True for the exceptions that keep all of a snippet from running.
pub(super) fn is_syntax(class: &str) -> bool {
    matches!(class, "SyntaxError" | "IndentationError" | "TabError")
}

/// True where the run was stopped or lost.
pub(super) fn was_stopped(trace: &Trace) -> bool {
    !matches!(trace.end, End::Finished | End::Exit(_))
}

fn place(event: &Event) -> usize {
    let line = if event.top == 0 {
        event.line
    } else {
        event.top
    };
    line as usize
}

fn within(line: u32, lines: Lines) -> bool {
    (lines.first..=lines.last).contains(&(line as usize))
}

fn within_place(event: &Event, lines: Lines) -> bool {
    (lines.first..=lines.last).contains(&place(event))
}

/// What an event adds to what a reader sees, standard error only if asked for.
pub(super) fn shown(event: &Event, errors: bool) -> String {
    match &event.kind {
        EventKind::Stdout(text) => text.clone(),
        EventKind::Stderr(text) if errors => text.clone(),
        EventKind::Value(text) => format!("{text}\n"),
        _ => String::new(),
    }
}

fn joined<'a>(events: impl Iterator<Item = &'a Event>, errors: bool) -> String {
    events.map(|event| shown(event, errors)).collect()
}

fn push(seen: &mut Vec<Seen>, how: How, text: &str) {
    push_text(seen, how, &terminal::shown(text));
    if let Some(steps) = terminal::unrolled(text) {
        push_text(seen, how, &steps);
    }
}

fn push_text(seen: &mut Vec<Seen>, how: How, text: &str) {
    let text = super::text::tidy(text);
    let again = seen
        .iter()
        .any(|other| other.text == text && other.how != How::Repr);
    if !text.is_empty() && !again {
        seen.push(Seen { how, text });
    }
}

fn add_worths(seen: &mut Vec<Seen>, worths: &[&Worth]) {
    let (receivers, own): (Vec<&Worth>, Vec<&Worth>) =
        worths.iter().partition(|worth| worth.receiver);
    for (worths, repr, text) in [
        (own, How::Repr, How::Text),
        (receivers, How::Receiver, How::ReceiverText),
    ] {
        for worth in worths {
            push(seen, repr, &worth.repr);
            push(seen, text, &worth.text);
        }
    }
}

fn worth(event: &Event) -> Option<&Worth> {
    match &event.kind {
        EventKind::Worth(worth) => Some(worth),
        _ => None,
    }
}
