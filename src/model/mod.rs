//! Plain values that the other modules pass to each other.
//!
//! Nothing in here reads a file, starts a process, knows a colour or formats for
//! a terminal; everything is data that a test can write down by hand.

mod case;
mod claim;
mod code;
mod containment;
mod finding;
mod note;
mod recording;
mod report;
mod rewrite;
mod rule;
mod shard;
mod text;
mod trace;
mod why;

pub use case::{Case, CodeForm, Conditions, Context, Reading, Standing};
pub use claim::{About, CheckedClaim, Claim, ClaimForm, ClaimVerdict, Options, Says, Tolerance};
pub use code::{
    Analysis, Code, CodeWarning, Endless, ShownFile, StatementKind, Stretch, SyntaxProblem,
};
pub use containment::{Containment, Fence};
pub use finding::{BUG, Finding, Severity};
pub use note::{Block, Directives, Form, Included, Language, Lines, Note, Skip};
pub use recording::{Entry, RecordedFigure, Recording};
pub use report::{
    BlockReport, Difference, ErrorReport, FigureReport, FigureState, Grade, NoteReport, PythonInfo,
    REPORT_VERSION, Recorded, Report, Status, Summary, Warning,
};
pub use rewrite::{Draft, Rewrite, Rewritten};
pub use rule::{Example, Rule};
pub use shard::{Cut, Shard, ShardNumber};
pub use text::{Lang, Text};
pub use trace::{End, Event, EventKind, Limit, Open, OpenKind, OpenLines, Trace, Worth};
pub use why::WhyUnchecked;
