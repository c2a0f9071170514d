//! The report: the one value that every format is made from.

use serde::{Deserialize, Serialize};

use super::{
    BUG, Block, CheckedClaim, ClaimVerdict, Containment, Finding, Lang, Rewrite, Severity, Shard,
    Skip, Text,
};

mod picture;

/// The version of the JSON report: another one where a field changes its meaning or goes away.
pub const REPORT_VERSION: u32 = 1;

/// Everything that a run found out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The Python that the snippets ran under.
    pub python: PythonInfo,
    /// What contained the snippets; none where none ran.
    pub containment: Option<Containment>,
    /// The counts.
    pub summary: Summary,
    /// Every note, sorted by path.
    pub notes: Vec<NoteReport>,
    /// What is to be said about the run as a whole.
    pub warnings: Vec<Warning>,
    /// Keys of `verify.toml` that were left out, as strangers may have written it.
    pub distrusted: Vec<String>,
    /// The language of what is said about more than one note.
    pub lang: Lang,
    /// The shard that it is about; none where it is about all notes.
    #[serde(skip)]
    pub shard: Option<Shard>,
}

impl Report {
    /// How much the worst matters that is to be said beside what the notes say.
    pub fn worst(&self) -> Grade {
        let blocks = self.notes.iter().flat_map(|note| &note.blocks);
        let mut findings = blocks.flat_map(|block| &block.findings);
        let grades = self.warnings.iter().map(|warning| warning.grade);
        if findings.any(|finding| finding.rule == BUG) {
            Grade::Bug
        } else {
            grades.max().unwrap_or_default()
        }
    }

    /// Puts the warnings into the order of their places, which is the same however many machines
    /// have found them.
    pub fn sort_warnings(&mut self) {
        self.warnings
            .sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    }
}

/// Which Python it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PythonInfo {
    /// Such as `3.11.7`.
    pub version: String,
    /// The path of the interpreter.
    pub executable: String,
}

/// The counts of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Summary {
    pub notes: usize,
    pub blocks: usize,
    pub snippets: usize,
    pub pass: usize,
    pub stale: usize,
    pub failed: usize,
    pub new: usize,
    pub skipped: usize,
    /// Stale, failed and new snippets whose findings and false claims are all known.
    pub known: usize,
    pub claims: usize,
    pub claims_checked: usize,
    pub claims_stale: usize,
    /// Snippets that were not run, as the cache says what they do.
    pub cached: usize,
    pub seconds: f64,
}

impl Summary {
    /// The counts of these notes.
    pub fn of(notes: &[NoteReport], seconds: f64) -> Self {
        let mut summary = Self {
            notes: notes.len(),
            seconds,
            ..Self::default()
        };
        for block in notes.iter().flat_map(|note| &note.blocks) {
            summary.count(block);
        }
        summary
    }

    fn count(&mut self, block: &BlockReport) {
        self.blocks += 1;
        self.snippets += usize::from(block.block.language.is_snippet());
        match block.status {
            Some(Status::Pass) => self.pass += 1,
            Some(Status::Stale) => self.stale += 1,
            Some(Status::Failed) => self.failed += 1,
            Some(Status::New) => self.new += 1,
            Some(Status::Skipped) => self.skipped += 1,
            None => {}
        }
        debug_assert!(
            !block.known
                || block
                    .findings
                    .iter()
                    .all(|finding| finding.known || finding.severity == Severity::Warning)
        );
        self.known += usize::from(block.known && block.status.is_some());
        self.cached += usize::from(block.cached);
        self.claims += block.claims.len();
        let with = |verdict| {
            let claims = block.claims.iter();
            claims.filter(|claim| claim.verdict == verdict).count()
        };
        self.claims_stale += with(ClaimVerdict::Stale);
        self.claims_checked += block.claims.len() - with(ClaimVerdict::Unchecked);
    }
}

/// Something to be said that belongs to no block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// The file that it is about, `""` where it is about none.
    pub path: String,
    /// The 1-based line in it, where there is one.
    pub line: Option<usize>,
    /// What is wrong, in one sentence.
    pub message: Text,
    /// What to do next.
    pub help: Option<Text>,
    /// How much it matters.
    pub grade: Grade,
}

/// How much something matters that is to be said about a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// It fails nothing.
    #[default]
    Warning,
    /// A note could not be judged: the run fails.
    Error,
    /// The program itself is at fault.
    Bug,
}

/// What was found out about one note.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NoteReport {
    /// The path as shown.
    pub path: String,
    /// The language of what is said beside its lines.
    pub lang: Lang,
    /// The note's text, for showing its lines.
    pub text: String,
    /// Every block of the note, in order.
    pub blocks: Vec<BlockReport>,
    /// The lines of running text that name what is gone, in order, each as a block of its own.
    pub mentions: Vec<BlockReport>,
}

impl NoteReport {
    /// The names that are gone: those of running text, and what blocks show that are no snippets.
    pub fn gone(&self) -> impl Iterator<Item = &Finding> {
        let blocks = self.blocks.iter();
        let shown = blocks.filter(|block| !block.block.language.is_snippet());
        self.mentions
            .iter()
            .chain(shown)
            .flat_map(|block| &block.findings)
    }

    /// The blocks, and the lines that name what is gone, in the order of lines.
    pub fn places(&self) -> Vec<&BlockReport> {
        let mut places: Vec<_> = self.blocks.iter().chain(&self.mentions).collect();
        places.sort_by_key(|place| place.block.lines);
        places
    }
}

/// What was found out about one block.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BlockReport {
    /// The block itself.
    pub block: Block,
    /// Its status; none for blocks that are no snippets.
    pub status: Option<Status>,
    /// Why it was skipped.
    pub skip: Option<Skip>,
    /// All its false claims and error findings are accepted in the recording.
    pub known: bool,
    /// First lines of the earlier snippets that were replayed before it.
    pub depends_on: Vec<usize>,
    /// What it printed.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
    /// The figures that it drew, and those that were recorded and it did not draw.
    pub figures: Vec<FigureReport>,
    /// The exception that nothing caught; at prompts the first one.
    pub error: Option<ErrorReport>,
    /// How it was recorded; none where it is not.
    pub recorded: Option<Recorded>,
    /// What differs from the recording.
    pub difference: Option<Difference>,
    /// What the note says about it.
    pub claims: Vec<CheckedClaim>,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
    /// Its code as it can be written today, where some of it is old and that could be tried.
    pub rewrite: Option<Rewrite>,
    /// It was not run, as the cache says what it does.
    pub cached: bool,
    /// Wall time of its run.
    pub seconds: f64,
}

impl BlockReport {
    /// Of a block of which nothing is known yet.
    pub fn of(block: Block) -> Self {
        Self {
            block,
            ..Self::default()
        }
    }

    /// Its findings that fail nothing.
    pub fn warnings(&self) -> impl Iterator<Item = &Finding> {
        let findings = self.findings.iter();
        findings.filter(|finding| finding.severity == Severity::Warning)
    }
}

/// An exception that nothing caught.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorReport {
    /// Its class, such as `TypeError`.
    pub class: String,
    /// Its message.
    pub message: String,
    /// The line of the note that raised it, 0 where none is known.
    pub line: usize,
}

/// A figure that a snippet drew, beside the one that was recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FigureReport {
    /// The line of the note that showed or saved it, 0 where none is known.
    pub line: usize,
    /// The picture of it, as PNG; none where it was not drawn.
    #[serde(with = "picture")]
    pub png: Option<Vec<u8>>,
    /// The picture that was recorded, as PNG, where there is one that can be read.
    #[serde(with = "picture")]
    pub recorded: Option<Vec<u8>>,
    /// The file of that picture as shown, `""` where it is recorded in none.
    pub path: String,
    /// How the two differ.
    pub state: FigureState,
}

/// How a figure differs from the one that was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum FigureState {
    /// Nothing is recorded for it.
    New,
    /// Not so that anybody would see it.
    Same,
    /// It is recorded as one that varies from run to run.
    Varies,
    /// In this share of its pixels, above 0 and at most 1.
    Pixels(f64),
    /// In its size: width and height of the recorded one, then of the one that came.
    Size([u32; 2], [u32; 2]),
    /// The recorded file is no picture that can be read.
    Unreadable,
    /// The recorded file is missing.
    Missing,
    /// It was recorded, and is not drawn any more.
    Gone,
}

impl FigureState {
    /// True where the recording agrees.
    pub fn is_as_recorded(self) -> bool {
        matches!(self, Self::Same | Self::Varies)
    }
}

/// How a snippet was recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// The Python that the recording was made with, such as `3.9`.
    pub with: String,
    /// The snippet was edited since.
    pub edited: bool,
}

/// How what came differs from what was recorded. Both as text of whole lines,
/// masks shown as `⟪kind⟫` on both sides where they match.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// What the recording says.
    pub recorded: String,
    /// What came.
    pub actual: String,
    /// The snippet was edited since it was recorded.
    pub edited: bool,
    /// The output varies from run to run: a second run differed from the first.
    pub varies: bool,
    /// The Python that the recording was made with, such as `3.9`.
    pub recorded_with: String,
}

/// The status of a snippet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// It ran; every claim holds; it does what its recording says.
    Pass,
    /// The note says something that is not so on this Python.
    Stale,
    /// It raises, hangs or crashes, and nothing explains that.
    Failed,
    /// It runs well but nothing is recorded yet.
    New,
    /// It can't be judged by running it.
    Skipped,
}

impl Status {
    /// The word that reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Stale => "stale",
            Self::Failed => "failed",
            Self::New => "new",
            Self::Skipped => "skipped",
        }
    }

    /// True for statuses that make the run fail unless known.
    pub fn is_problem(self) -> bool {
        matches!(self, Self::Stale | Self::Failed | Self::New)
    }
}
