//! What `expected/` says that the snippets of a note did.

/// The recording of one note.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recording {
    /// The Python that was recorded, such as `3.11`.
    pub python: String,
    /// What the note names or shows outside of its snippets that is gone, and the author has accepted.
    pub known: Vec<String>,
    /// One entry for each snippet, in the order of the note.
    pub entries: Vec<Entry>,
}

/// What one snippet did when the author last accepted it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The heading above the snippet.
    pub heading: String,
    /// The first twelve hexadecimal digits of the BLAKE3 hash of the snippet's text.
    pub code: String,
    /// What it printed, masks as `⟪kind⟫` where `masked`.
    pub stdout: String,
    /// What it wrote to standard error, masks as `⟪kind⟫` where `masked`.
    pub stderr: String,
    /// The exception that ended it, `Type: message`, masks as `⟪kind⟫` where `masked`.
    pub raises: Option<String>,
    /// The status that it left with, where not 0.
    pub exit: Option<i32>,
    /// The figures that it drew, in order.
    pub figures: Vec<RecordedFigure>,
    /// True where `⟪kind⟫` stands for something that varies from run to run and `⟪⟪` for a literal `⟪`.
    pub masked: bool,
    /// False for an entry that only says what is known about a snippet that is not run.
    pub ran: bool,
    /// Findings and false claims that the author has accepted.
    pub known: Vec<String>,
}

/// A figure that a snippet drew when the author last accepted it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordedFigure {
    /// It varies from run to run: any picture will do.
    Varies,
    /// It is compared with a file.
    File {
        /// The name of the file in the folder of the note's pictures; `""` for one that gets its
        /// name when it is written.
        name: String,
        /// What the file holds; none where it is missing.
        png: Option<Vec<u8>>,
    },
}

impl RecordedFigure {
    /// The name of its file, where it has one.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::File { name, .. } => Some(name),
            Self::Varies => None,
        }
    }

    /// The picture, where there is one.
    pub fn png(&self) -> Option<&[u8]> {
        match self {
            Self::File { png, .. } => png.as_deref(),
            Self::Varies => None,
        }
    }
}
