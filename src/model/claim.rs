//! Claims: what a note itself says about what a snippet does.

use serde::{Deserialize, Serialize};

use std::ops::Range;

use super::{Lines, Open, WhyUnchecked};

/// One claim as the note has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The lines of the note on which the claimed text stands.
    pub lines: Lines,
    /// How it is written.
    pub form: ClaimForm,
    /// The code that it is about, as the note shows it.
    pub source: String,
    /// What it is compared with.
    pub about: About,
    /// What the note says, `\n` between lines and none behind the last.
    pub claimed: String,
    /// How `claimed` is to be understood.
    pub says: Says,
    /// Where `claimed` stands in the note, a byte range for each of its lines; empty where
    /// it can't be told, and then the claim can't be rewritten.
    pub bytes: Vec<Range<usize>>,
    /// The Pythons that the note names for it, as a PEP 440 specifier such as `<3`.
    pub scope: Option<String>,
    /// What is asked for by doctest's directives.
    pub options: Options,
}

impl Claim {
    /// What recordings call it.
    pub fn name(&self) -> String {
        let one_line = |text: &str| text.trim().replace('\n', "⏎");
        format!(
            "claim: {} → {}",
            one_line(&self.source),
            one_line(&self.claimed)
        )
    }
}

/// What a claim is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum About {
    /// All that the code on these lines of the note printed, displayed and raised.
    Output(Lines),
    /// The value of the statement on these lines (what an assignment assigned), or what it printed.
    Statement(Lines),
}

impl Default for About {
    fn default() -> Self {
        Self::Output(Lines::default())
    }
}

impl About {
    /// The lines of code.
    pub fn lines(self) -> Lines {
        match self {
            Self::Output(lines) | Self::Statement(lines) => lines,
        }
    }
}

/// How the text of a claim is to be understood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Says {
    /// As output, or as the repr or the str of a value.
    #[default]
    Text,
    /// As the type of a value, by this name.
    Type(String),
    /// As an exception of this class, any for `""`, with this message, any for `None`.
    Raises {
        /// The class as written.
        class: String,
        /// The message.
        message: Option<String>,
    },
    /// Nothing is printed.
    Nothing,
}

/// The directives of doctest that change how a claim is compared.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own, as doctest has them"
)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// `SKIP`: it is neither run nor compared.
    pub skip: bool,
    /// `IGNORE_OUTPUT`: it is run and not compared.
    pub ignore: bool,
    /// `FLOAT_CMP`: numbers may differ a little.
    pub close: bool,
    /// `IGNORE_EXCEPTION_DETAIL`: the message of an exception may differ.
    pub ignore_detail: bool,
    /// `NORMALIZE_WHITESPACE`: any white space equals any other.
    pub any_space: bool,
    /// A type checker says it, which Python does not.
    pub by_checker: bool,
}

impl Options {
    /// What either asks for.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            skip: self.skip || other.skip,
            ignore: self.ignore || other.ignore,
            close: self.close || other.close,
            ignore_detail: self.ignore_detail || other.ignore_detail,
            any_space: self.any_space || other.any_space,
            by_checker: self.by_checker || other.by_checker,
        }
    }
}

/// One claim and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedClaim {
    /// The claim.
    pub claim: Claim,
    /// What came.
    pub actual: String,
    /// Whether the two agree.
    pub verdict: ClaimVerdict,
    /// Under which tolerance it holds.
    pub tolerance: Tolerance,
    /// Why it could not be checked; none where it was.
    pub why: Option<WhyUnchecked>,
    /// What came rests on this.
    pub open: Option<Open>,
    /// What to write in place of `claimed`, where it is stale and can be rewritten.
    pub rewrite: Option<String>,
    /// What came varies from run to run.
    pub varies: bool,
    /// Accepted in the recording.
    pub known: bool,
}

impl From<Claim> for CheckedClaim {
    /// The claim before anything was compared with it.
    fn from(claim: Claim) -> Self {
        Self {
            claim,
            ..Self::default()
        }
    }
}

/// How a claim is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ClaimForm {
    /// Below a prompt.
    #[default]
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
    /// In the block or paragraph that follows.
    NextBlock,
    /// A shown traceback, or prose beside the block that names the error.
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClaimVerdict {
    /// It does.
    Holds,
    /// It does not.
    Stale,
    /// It was not possible to tell.
    #[default]
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

/// What had to be tolerated for a claim to hold: the widest of what was needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Tolerance {
    /// Nothing, but for white space at line ends.
    #[default]
    Exact,
    /// The str of a value for its repr, other quotes, other white space, a type or exception by its name.
    Repr,
    /// Another order of a set or dict.
    Order,
    /// Fewer digits of a float.
    Float,
    /// Parts that the note leaves out.
    Elided,
    /// Values that differ in every run and are right in shape.
    Volatile,
}

impl Tolerance {
    /// The word that reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Repr => "repr",
            Self::Order => "order",
            Self::Float => "float",
            Self::Elided => "elided",
            Self::Volatile => "volatile",
        }
    }
}
