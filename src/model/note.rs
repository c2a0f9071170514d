//! Notes and their blocks, as they stand in the files.

use std::ops::Range;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Lang, Options, Text};
use crate::text;

/// One Markdown file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// Where the file lies, for reading and writing it.
    pub file: PathBuf,
    /// The path as reports show it: relative to the project, with `/`.
    pub path: String,
    /// The whole text, byte order mark and line ends as they are.
    pub text: String,
    /// The language that it is written in.
    pub lang: Lang,
    /// Every code block, in the order of the note.
    pub blocks: Vec<Block>,
}

/// First and last line of something, 1-based and inclusive. An empty block has
/// `last == first - 1`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Lines {
    /// The first line.
    pub first: usize,
    /// The last line.
    pub last: usize,
}

/// How a block stands in its note.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// Between two fences (`CommonMark` section 4.5).
    #[default]
    Fenced,
    /// Indented by four columns or more (`CommonMark` section 4.4).
    Indented,
    /// The paragraphs of a block quote, read as code.
    Quoted,
    /// A line of running text: no block, but a place that something is to be said about.
    Inline,
}

impl Form {
    /// The word that reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fenced => "fenced",
            Self::Indented => "indented",
            Self::Quoted => "quoted",
            Self::Inline => "inline",
        }
    }
}

/// What a block is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Python 3, as a script.
    Python,
    /// Python at a prompt.
    Pycon,
    /// Python that only Python 2 accepts.
    Python2,
    /// What a program printed.
    Output,
    /// Commands for a shell.
    Shell,
    /// Anything else.
    #[default]
    Other,
}

impl Language {
    /// The word that reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Pycon => "pycon",
            Self::Python2 => "python2",
            Self::Output => "output",
            Self::Shell => "shell",
            Self::Other => "other",
        }
    }

    /// True for blocks that get a status.
    pub fn is_snippet(self) -> bool {
        matches!(self, Self::Python | Self::Pycon | Self::Python2)
    }
}

/// One code block of a note.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// The content's lines in the note, without fence lines.
    pub lines: Lines,
    /// How it stands in the note.
    pub form: Form,
    /// The first word of the info string as written, `""` where there is none.
    pub tag: String,
    /// The whole info string, `""` where there is none.
    pub info: String,
    /// The content as a `CommonMark` reader sees it: container prefixes removed, `\n` line ends.
    pub text: String,
    /// The byte range of the content in the note, prefixes included.
    pub bytes: Range<usize>,
    /// The text of the nearest heading above, `""` where there is none.
    pub heading: String,
    /// The last non-blank paragraph line directly above, `""` where another block is.
    pub lead_in: String,
    /// The name of the file that it shows, relative to the folder that a snippet runs in.
    pub file: Option<String>,
    /// The files that its lines include.
    pub included: Vec<Included>,
    /// What the author asked for with directives.
    pub directives: Directives,
    /// What it is written in.
    pub language: Language,
    /// Why it was taken for that, in words.
    pub why: Text,
}

/// A file that a site generator puts into a block.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Included {
    /// The line of the block that includes it, counted from 0.
    pub line: usize,
    /// Its name, as written.
    pub file: String,
    /// What is included; none where it is not there.
    pub text: Option<String>,
}

/// What the author asked for, in HTML comments or in the info string.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Directives {
    /// Not to be run, with the reason given.
    pub skip: Option<Text>,
    /// The snippets of one session see each other's names; others see nothing of them.
    pub session: Option<String>,
    /// The Python versions that the snippet is for, as a PEP 440 specifier.
    pub python: Option<String>,
    /// The exception that the snippet is meant to raise.
    pub raises: Option<String>,
    /// It may raise something, and need not.
    pub may_raise: bool,
    /// The packages that the snippet says it needs, as PEP 508 has them.
    pub dependencies: Vec<String>,
    /// It prepares all later snippets of its session, or of its note where it names none.
    pub setup: bool,
    /// How all that it shows is compared.
    pub options: Options,
}

/// Why a snippet can't be judged by running it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Skip {
    /// An illustration: undefined names, placeholders, elided code. Holds what made it one.
    Fragment(Text),
    /// Needs a module that is not installed. Holds its name.
    NeedsModule(String),
    /// Only a later Python can run it. Holds which.
    NeedsPython(Text),
    /// Reads what somebody types.
    NeedsInput,
    /// Is a program that asks for arguments.
    NeedsArguments,
    /// Needs a file that the note names and that is not there. Holds what is missing.
    NeedsFile(Text),
    /// Talks to another machine. Holds what could not be reached.
    NeedsNetwork(Text),
    /// A server or loop, by design. Holds what never ends.
    Endless(Text),
    /// A directive says so. Holds its reason.
    Directive(Text),
}

impl Skip {
    /// The closed list's word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Fragment(_) => "fragment",
            Self::NeedsModule(_) => "needs-module",
            Self::NeedsPython(_) => "needs-python",
            Self::NeedsInput | Self::NeedsArguments => "needs-input",
            Self::NeedsFile(_) => "needs-file",
            Self::NeedsNetwork(_) => "needs-network",
            Self::Endless(_) => "endless",
            Self::Directive(_) => "directive",
        }
    }

    /// What made it so, nothing where the word says all.
    pub fn detail(&self) -> Text {
        match self {
            Self::Fragment(why)
            | Self::NeedsPython(why)
            | Self::NeedsFile(why)
            | Self::NeedsNetwork(why)
            | Self::Endless(why)
            | Self::Directive(why) => why.clone(),
            Self::NeedsModule(module) => Text::same(module),
            Self::NeedsInput => Text::default(),
            Self::NeedsArguments => text!("arguments", "命令行参数"),
        }
    }
}
