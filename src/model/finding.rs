//! Findings: one disagreement or one idiom that no longer works.

use serde::{Deserialize, Serialize};

use super::Text;

/// One disagreement or one idiom that no longer works, with its place and its cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule's slug, such as `py2-print-statement`.
    pub rule: String,
    /// The line of the note, 1-based.
    pub line: usize,
    /// What is wrong, in one sentence without a line end.
    pub message: Text,
    /// The Python version from which on this is so.
    pub since: Option<String>,
    /// Whether it fails the run.
    pub severity: Severity,
    /// What to write or do instead.
    pub help: Option<Text>,
    /// Where this is documented.
    pub url: Option<String>,
    /// Accepted in the recording.
    pub known: bool,
}

/// The rule of a snippet that could not be judged, as the program itself is at fault.
pub const BUG: &str = "bug";

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Severity {
    /// It does not work on this Python.
    Error,
    /// It works today.
    Warning,
}

impl Severity {
    /// The word that reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}
