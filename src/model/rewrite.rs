//! The code of a snippet as it can be written today, and the guess that was tried for it.

use serde::{Deserialize, Serialize};

use super::{Code, Finding, Severity};

/// The code of a snippet as it could be written today; a guess until it ran.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// All of it.
    pub code: Code,
    /// What is written otherwise in it.
    pub changes: Vec<Rewritten>,
}

/// One statement that is written otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Rewritten {
    /// The rule that says why.
    pub rule: String,
    /// The line of the note.
    pub line: usize,
    /// The statement as it could be written.
    pub modern: String,
}

impl Rewritten {
    /// True where this finding is about what was written.
    pub fn is_of(&self, finding: &Finding) -> bool {
        finding.severity == Severity::Error
            && finding.rule == self.rule
            && finding.line == self.line
    }
}

/// The code of a snippet as it can be written today; that it runs so was tried.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rewrite {
    /// What the note shows.
    pub written: Code,
    /// What ran, piece by piece; a piece of which that is not known is as the note has it.
    pub modern: Code,
    /// Lines of the note with something old in it whose modern form did not run.
    pub unproven: Vec<usize>,
}

impl Rewrite {
    /// True where some of it is to be written in another way.
    pub fn changes(&self) -> bool {
        self.written != self.modern
    }
}
