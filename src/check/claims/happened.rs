//! What a run did at the lines of a claim.
//!
//! A claim rarely says which of all that it means, so everything that it could mean is listed,
//! the likeliest first.

use super::terminal;
use crate::model::{About, End, Event, EventKind, Lines, Trace, Worth};

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

/// What came at the lines that `about` names.
pub(super) fn came(trace: &Trace, about: About) -> Came<'_> {
    match about {
        About::Output(lines) => output(trace, lines),
        About::Statement(lines) => statement(trace, lines),
    }
}

/// The exception that ended the run before these lines, if one did.
pub(super) fn ended_before(trace: &Trace, lines: Lines) -> Option<Raised<'_>> {
    let at = trace
        .events
        .iter()
        .rposition(|event| Raised::of(event).is_some())?;
    let went_on = trace.events[at + 1..].iter().any(|event| place(event) > 0);
    let raised = Raised::of(&trace.events[at])?;
    (!went_on && (raised.line < lines.first || is_syntax(raised.class))).then_some(raised)
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

/// What an event adds to what a reader sees, standard error only if asked for.
fn shown(event: &Event, errors: bool) -> String {
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

fn output(trace: &Trace, lines: Lines) -> Came<'_> {
    let inside = |event: &&Event| {
        let place = place(event);
        (lines.first..=lines.last).contains(&place)
    };
    let window = window(&trace.events, lines);
    // What C code or a child process wrote has no line; it lies between what has one.
    let with_children = |event: &&Event| place(event) == 0 || inside(event);
    let mut seen = Vec::new();
    push(
        &mut seen,
        How::Printed,
        &joined(trace.events.iter().filter(inside), false),
    );
    push(
        &mut seen,
        How::Called,
        &joined(window.iter().filter(with_children), false),
    );
    push(
        &mut seen,
        How::Both,
        &joined(window.iter().filter(with_children), true),
    );
    let raised = trace
        .events
        .iter()
        .filter(inside)
        .filter_map(Raised::of)
        .next_back();
    Came {
        seen,
        raised,
        class: None,
    }
}

/// The events from the last before these lines to the first behind them.
fn window(events: &[Event], lines: Lines) -> &[Event] {
    let inside = |event: &Event| (lines.first..=lines.last).contains(&place(event));
    let other = |event: &Event| place(event) > 0 && !inside(event);
    let Some(first) = events.iter().position(inside) else {
        let behind = |event: &Event| place(event) > lines.last;
        let end = events.iter().position(behind).unwrap_or(events.len());
        let begin = events[..end].iter().rposition(other).map_or(0, |at| at + 1);
        return &events[begin..end];
    };
    let last = events.iter().rposition(inside).unwrap_or(first);
    let begin = events[..first]
        .iter()
        .rposition(other)
        .map_or(0, |at| at + 1);
    let behind = events[last..].iter().position(other);
    let end = behind.map_or(events.len(), |at| last + at);
    &events[begin..end]
}

fn statement(trace: &Trace, lines: Lines) -> Came<'_> {
    let events = || trace.events.iter();
    let at = |event: &&Event| within(event.line, lines);
    let below = |event: &&Event| within(event.line, lines) || within(event.top, lines);
    let is_value = |event: &Event| matches!(event.kind, EventKind::Value(_));
    let printed = joined(events().filter(at).filter(|event| !is_value(event)), false);
    let called = joined(
        events().filter(below).filter(|event| !is_value(event)),
        false,
    );
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
    for event in events().filter(at).take(MANY) {
        if let EventKind::Value(repr) = &event.kind {
            push(&mut seen, How::Repr, repr);
        }
    }
    let worths: Vec<&Worth> = events().filter(at).filter_map(worth).take(MANY).collect();
    add_worths(&mut seen, &worths);
    push(&mut seen, How::Both, &joined(events().filter(below), true));
    let own = worths.iter().find(|worth| !worth.receiver);
    Came {
        seen,
        raised: events().filter(below).filter_map(Raised::of).next_back(),
        class: own.map(|worth| worth.class.as_str()),
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
