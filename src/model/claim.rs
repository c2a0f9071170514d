//! Claims: what a note itself says about what a snippet does.

/// One claim and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The line of the note on which the claim stands, 1-based.
    pub line: usize,
    /// How it is written.
    pub form: ClaimForm,
    /// The code that it is about.
    pub source: String,
    /// What the note says.
    pub claimed: String,
    /// What came.
    pub actual: String,
    /// Whether the two agree.
    pub verdict: ClaimVerdict,
    /// The tolerance under which it holds.
    pub tolerance: Option<String>,
    /// Accepted in the recording.
    pub known: bool,
}

/// How a claim is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimForm {
    /// Below a prompt.
    Prompt,
    /// In a comment beside or below the code.
    Comment,
    /// Behind an arrow.
    Arrow,
    /// A comparison as a bare line.
    Equality,
    /// A literal on the line below an expression.
    Echo,
    /// Below a label inside the block.
    Section,
    /// In the block that follows.
    NextBlock,
    /// A shown traceback.
    Traceback,
}

impl ClaimForm {
    /// The word that reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Prompt => "prompt",
            Self::Comment => "comment",
            Self::Arrow => "arrow",
            Self::Equality => "equality",
            Self::Echo => "echo",
            Self::Section => "section",
            Self::NextBlock => "next-block",
            Self::Traceback => "traceback",
        }
    }
}

/// Whether a claim agrees with what happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimVerdict {
    /// It does.
    Holds,
    /// It does not.
    Stale,
    /// It was not possible to tell.
    Unchecked,
}

impl ClaimVerdict {
    /// The word that reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Stale => "stale",
            Self::Unchecked => "unchecked",
        }
    }
}
