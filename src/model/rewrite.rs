//! The code of a snippet as it can be written today.

use serde::{Deserialize, Serialize};

use super::Code;

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
