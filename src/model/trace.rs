//! What really happened when a snippet ran.

use serde::{Deserialize, Serialize};

/// Everything that one run of a snippet produced, in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// What happened, in the order in which it happened.
    pub events: Vec<Event>,
    /// Bytes of output that were counted but not kept.
    pub dropped: u64,
    /// How it ended.
    pub end: End,
    /// True where it ended while the snippets that it depends on were replayed.
    pub in_replay: bool,
    /// Where what came rests on something that another run may give otherwise.
    pub open: Vec<OpenLines>,
    /// Wall time from fork to exit, in seconds.
    pub seconds: f64,
}

/// A statement whose value, or whose output, rests on something that another run may give otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenLines {
    /// Its first line.
    pub first: u32,
    /// Its last line.
    pub last: u32,
    /// What it rests on.
    pub open: Open,
}

/// Something that another run, or another machine, may give otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Open {
    /// What was asked.
    pub kind: OpenKind,
    /// The line of the note that asked for it, 0 where none is known.
    pub line: u32,
}

/// What values are open to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OpenKind {
    /// Chance that nobody seeded: one of several outcomes, of which two runs may well give the same.
    Chance,
    /// Chance that never gives the same twice, such as that of a UUID.
    Unique,
    /// The time, and what is measured with it.
    Clock,
    /// The machine, its settings and where files lie on it.
    Machine,
    /// Which object or which process it is.
    Identity,
    /// The hashes of strings, and the order of sets that comes from them.
    Hash,
    /// Which thread is the first.
    Race,
}

impl OpenKind {
    const ALL: [Self; 7] = [
        Self::Chance,
        Self::Unique,
        Self::Clock,
        Self::Machine,
        Self::Identity,
        Self::Hash,
        Self::Race,
    ];

    /// The word that the worker uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chance => "chance",
            Self::Unique => "unique",
            Self::Clock => "clock",
            Self::Machine => "machine",
            Self::Identity => "identity",
            Self::Hash => "hash",
            Self::Race => "race",
        }
    }

    /// The kind that has this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

impl Open {
    /// True where two runs may agree by luck, so that comparing them shows nothing.
    pub fn is_by_luck(self) -> bool {
        matches!(self.kind, OpenKind::Chance | OpenKind::Race)
    }
}

impl Trace {
    /// True where an exception of this class was not caught.
    pub fn raises(&self, wanted: &str) -> bool {
        self.raised().any(|class| class == wanted)
    }

    /// The classes of the exceptions that nothing caught.
    pub fn raised(&self) -> impl Iterator<Item = &str> {
        self.events.iter().filter_map(|event| match &event.kind {
            EventKind::Raised { class, .. } => Some(class.as_str()),
            _ => None,
        })
    }

    /// What an event rests on that another run may give otherwise.
    pub fn open(&self, event: &Event) -> Option<Open> {
        let holds = |at: &&OpenLines| (at.first..=at.last).contains(&event.line);
        // Of several reasons, one that two runs do not show is the one that counts.
        let mut found = self.open.iter().filter(holds).map(|at| at.open);
        let first = found.next()?;
        let by_luck = Some(first).filter(|open| open.is_by_luck());
        by_luck
            .or_else(|| found.find(|open| open.is_by_luck()))
            .or(Some(first))
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The innermost line of the note that caused it, 0 where none is known.
    pub line: u32,
    /// The line of the snippet's own top level that led there, 0 where none is known.
    pub top: u32,
    /// What it was.
    pub kind: EventKind,
}

/// The kinds of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventKind {
    /// Text written to standard output.
    Stdout(String),
    /// Text written to standard error.
    Stderr(String),
    /// A value that a prompt displayed, as its repr.
    Value(String),
    /// What a statement that somebody asked about was worth; it was not displayed.
    Worth(Worth),
    /// An exception that nothing caught. At a prompt the session goes on after it.
    Raised {
        /// The exception's class as a traceback names it, such as `json.decoder.JSONDecodeError`.
        class: String,
        /// `str()` of the exception.
        message: String,
        /// The missing name of a `NameError`, `AttributeError`, `ImportError` or
        /// `ModuleNotFoundError`, the path of an `OSError`; else `""`.
        subject: String,
        /// The traceback as Python prints it.
        traceback: String,
    },
    /// A picture of a figure that was drawn, as PNG; nobody has looked at the bytes yet.
    Figure(Vec<u8>),
    /// A figure was drawn of which no picture was kept.
    FigureLeft,
    /// A warning; its line is 0 where it is about code outside of the note.
    Warned {
        /// The warning's class, such as `DeprecationWarning`.
        class: String,
        /// The note's own code gave it: it is part of what the snippet does.
        own: bool,
        /// Its text.
        message: String,
    },
}

/// The value of an expression statement, what an assignment assigned, or the object whose
/// method was called for its effect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worth {
    /// `repr()` of it.
    pub repr: String,
    /// `str()` of it.
    pub text: String,
    /// The name of its type as `__qualname__` has it.
    pub class: String,
    /// It is the object whose method was called, as the call itself was worth `None`.
    pub receiver: bool,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum End {
    /// It ran to its end, or an exception ended it that the events tell.
    Finished,
    /// It left by `sys.exit` with this status.
    Exit(i32),
    /// Its process was gone with this status before its end was reached (`os._exit`).
    Vanished(i32),
    /// A signal killed it.
    Signal(i32),
    /// It was stopped at one of its limits.
    Limit(Limit),
    /// The worker was lost with it, twice.
    WorkerLost,
}

/// The limits of section "Limits" in `docs/running.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Limit {
    /// Seconds of processor time.
    Cpu,
    /// Seconds on the clock.
    Wall,
    /// Bytes of memory of all its processes.
    Memory,
    /// Processes at once.
    Processes,
}
