//! `verify fix`: stale claims of the notes become what came, and old code becomes what ran.
//!
//! From a report to what can be rewritten, and from what was chosen of it to the
//! notes. No file is touched before its new text was read again and found to say
//! the same but for what was chosen. Nothing here runs a snippet, asks or prints.

mod choice;
mod code;
mod edits;
mod proof;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

pub use self::choice::{Answer, Choice, Place};
pub use self::code::{CodeFix, prove as prove_code};
pub use self::edits::{Edit, apply, plan_edits};
pub use self::proof::{Reader, prove, reader};
use crate::bug::{self, Stage};
use crate::model::{
    BlockReport, CheckedClaim, ClaimForm, ClaimVerdict, Finding, NoteReport, Report, Says, Text,
    Warning,
};
use crate::notes::claims::{self, Doubt};
use crate::recording;
use crate::text;

/// What is rewritten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Subject {
    /// What the notes say about their snippets.
    #[default]
    Claims,
    /// Code that no longer works.
    Code,
}

/// Why a stale claim, or code, can't be rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// What came is another thing in every run.
    Varies,
    /// It is a comparison: either side may be the wrong one.
    Comparison,
    /// The snippet raises an exception.
    Raised,
    /// What came can't be written as the note writes it.
    NoText,
    /// It is not known where in the note it stands.
    NoPlace,
    /// What came takes more or fewer lines than the note has room for.
    NoRoom,
    /// What came has control characters.
    Unprintable,
    /// It stands where another claim stands.
    Shared,
    /// Written for today, the code does not run.
    Unproven,
    /// The note says that the code is Python 2.
    ForPython2,
    /// A line of it reads as code.
    MayBeCode,
    /// A line of it reads as words of the author.
    MayBeWords,
    /// It shows more lines than came.
    MoreLines,
    /// The snippet left with a status that tells of a failure.
    LeftEarly,
    /// The program itself is at fault.
    Bug,
}

/// A stale claim, or code, that can't be rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// Its line in the note.
    pub line: usize,
    /// Why it can't.
    pub why: Why,
    /// It is accepted in the recording.
    pub known: bool,
}

/// What a fix is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A stale claim.
    Claim(Box<CheckedClaim>),
    /// The code of a snippet.
    Code(Box<CodeFix>),
}

/// A stale claim, or the code of a snippet, that can be rewritten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it is about.
    pub target: Target,
    /// What explains that it is stale.
    pub causes: Vec<Finding>,
    /// What rewrites it.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// The line of the note that it is about.
    pub fn line(&self) -> usize {
        match &self.target {
            Target::Claim(checked) => checked.claim.lines.first,
            Target::Code(code) => code.lines.first,
        }
    }

    /// The claim, where it is about one.
    pub fn checked(&self) -> Option<&CheckedClaim> {
        match &self.target {
            Target::Claim(checked) => Some(checked),
            Target::Code(_) => None,
        }
    }

    /// The code, where it is about that.
    pub fn code(&self) -> Option<&CodeFix> {
        match &self.target {
            Target::Claim(_) => None,
            Target::Code(code) => Some(code),
        }
    }
}

/// What `verify fix` knows about one note.
#[derive(Clone, Debug, PartialEq)]
pub struct NoteFixes<'r> {
    /// The note.
    pub note: &'r NoteReport,
    /// What can be rewritten, in the order of the note; no two of them touch the same bytes.
    pub fixes: Vec<Fix>,
    /// What can't be.
    pub left: Vec<Left>,
}

/// Why a note was left as it was.
#[derive(Debug)]
pub enum Refusal {
    /// It would say something else beside the chosen claims.
    ReadsOtherwise,
    /// It would have other code, or say something else, beside the chosen snippets.
    CodeReadsOtherwise,
    /// Its file has another text than the one that was checked.
    Changed,
    /// The program itself is at fault.
    Bug(Box<Warning>),
    /// It can't be read or written.
    Io {
        /// What was tried: `read` or `written`.
        done: &'static str,
        /// Why not.
        source: std::io::Error,
    },
}

impl Refusal {
    /// What is wrong.
    pub fn message(&self) -> Text {
        match self {
            Self::ReadsOtherwise => text!(
                "with what came in place of this claim, the rest of the note would read otherwise",
                "把这处说法换成实际结果，会改变笔记其余部分的意思"
            ),
            Self::CodeReadsOtherwise => text!(
                "with the code of this snippet rewritten, the note would read otherwise",
                "改写这段代码，会改变笔记其余部分的意思"
            ),
            Self::Changed => text!(
                "it was changed while its snippets ran",
                "它在代码运行期间被改动了"
            ),
            Self::Bug(bug) => bug.message.clone(),
            Self::Io { done, source } => {
                let zh = if *done == "read" { "读取" } else { "写入" };
                text!("it can't be {done}: {source}", "无法{zh}：{source}")
            }
        }
    }

    /// What to do next.
    pub fn help(&self) -> Text {
        match self {
            Self::ReadsOtherwise => text!(
                "edit this claim by hand, or answer `no` to it in `verify fix` to have the others rewritten",
                "请手工修改这处说法，或在 `verify fix` 中对它回答 `no`，以便改写其他的"
            ),
            Self::CodeReadsOtherwise => text!(
                "edit this snippet by hand, or answer `no` to it in `verify fix --code` to have the others rewritten",
                "请手工修改这段代码，或在 `verify fix --code` 中对它回答 `no`，以便改写其他的"
            ),
            Self::Changed => text!("run `verify fix` again", "请再次运行 `verify fix`"),
            Self::Bug(bug) => bug.help.clone().unwrap_or_default(),
            Self::Io { .. } => text!(
                "check the permissions of the file and its folder, and the space on its disk",
                "请检查文件和文件夹的权限，以及磁盘空间"
            ),
        }
    }
}

/// What became of one note.
#[derive(Debug, Default)]
pub struct NoteDone {
    /// The path as shown.
    pub path: String,
    /// Its new text, where something was rewritten.
    pub after: Option<String>,
    /// How many claims or snippets were rewritten.
    pub rewritten: usize,
    /// The lines of what was not chosen.
    pub declined: Vec<usize>,
    /// What can't be rewritten.
    pub left: Vec<Left>,
    /// Why nothing was rewritten, with the line that it is about.
    pub refused: Option<(usize, Refusal)>,
    /// There is a recording of its snippets.
    pub recorded: bool,
}

impl NoteDone {
    /// True where the program itself was at fault.
    pub fn has_bug(&self) -> bool {
        let is_bug = |(_, refusal): &(usize, Refusal)| matches!(refusal, Refusal::Bug(_));
        self.refused.as_ref().is_some_and(is_bug)
            || self.left.iter().any(|left| left.why == Why::Bug)
    }

    /// True where nothing is left but those that are known.
    pub fn is_complete(&self) -> bool {
        self.declined.is_empty()
            && self.refused.is_none()
            && self.left.iter().all(|left| left.known)
    }
}

/// Where the notes and their recordings lie.
#[derive(Clone, Copy, Debug)]
pub struct Folders<'a> {
    /// The folder that the paths of notes are seen from.
    pub root: &'a Path,
    /// The folder of the recordings.
    pub expected: &'a Path,
}

/// What of a report can be rewritten and what can't, those notes left out that have neither.
pub fn survey(report: &Report, subject: Subject) -> Vec<NoteFixes<'_>> {
    let notes = report.notes.iter().map(|note| {
        let found = bug::kept_to(&note.path, Stage::Fix, || of_note(note, subject));
        found.unwrap_or_else(|_| NoteFixes {
            note,
            fixes: Vec::new(),
            left: vec![Left {
                line: 1,
                why: Why::Bug,
                known: false,
            }],
        })
    });
    notes
        .filter(|note| !note.fixes.is_empty() || !note.left.is_empty())
        .collect()
}

/// Rewrites what was chosen, note by note; `dry` writes no file.
pub fn rewrite(
    notes: &[NoteFixes<'_>],
    chosen: &BTreeSet<Place>,
    folders: Folders<'_>,
    dry: bool,
) -> Vec<NoteDone> {
    let one = |(at, found): (usize, &NoteFixes<'_>)| {
        let (taken, declined): (Vec<_>, Vec<_>) =
            (0..found.fixes.len()).partition(|&fix| chosen.contains(&Place { note: at, fix }));
        let line = |fix: usize| found.fixes[fix].line();
        let mut done = NoteDone {
            path: found.note.path.clone(),
            declined: declined.into_iter().map(line).collect(),
            left: found.left.clone(),
            recorded: recording::path_of(folders.expected, &found.note.path).is_file(),
            ..NoteDone::default()
        };
        let taken: Vec<&Fix> = taken.into_iter().map(|fix| &found.fixes[fix]).collect();
        let rewritten = bug::kept_to(&found.note.path, Stage::Fix, || {
            rewrite_note(found.note, &taken, folders.root, dry)
        });
        match rewritten.unwrap_or_else(|bug| Err((1, Refusal::Bug(bug)))) {
            Ok(after) => {
                done.rewritten = taken.len();
                done.after = after;
            }
            Err(refused) => done.refused = Some(refused),
        }
        done
    };
    notes.iter().enumerate().map(one).collect()
}

/// The new text of a note, where there is to be one.
fn rewrite_note(
    note: &NoteReport,
    fixes: &[&Fix],
    root: &Path,
    dry: bool,
) -> Result<Option<String>, (usize, Refusal)> {
    let Some(first) = fixes.first() else {
        return Ok(None);
    };
    let after = match first.target {
        Target::Claim(_) => prove(&note.text, fixes, &reader(note))?,
        Target::Code(_) => prove_code(note, fixes)?,
    };
    if !dry {
        let line = first.line();
        write::write(&root.join(&note.path), &note.text, &proof::sorted(fixes))
            .map_err(|refusal| (line, refusal))?;
    }
    Ok(Some(after))
}

fn of_note(note: &NoteReport, subject: Subject) -> NoteFixes<'_> {
    let mut found = NoteFixes {
        note,
        fixes: Vec::new(),
        left: Vec::new(),
    };
    for block in &note.blocks {
        if subject == Subject::Code {
            let (fix, left) = code::of_block(note, block);
            found.fixes.extend(fix);
            found.left.extend(left);
            continue;
        }
        let stale = block
            .claims
            .iter()
            .filter(|checked| checked.verdict == ClaimVerdict::Stale);
        for checked in stale {
            match of_claim(&note.text, block, checked) {
                Ok(fix) => found.fixes.push(fix),
                Err(why) => found.left.push(left(checked, why)),
            }
        }
    }
    found.fixes.sort_by_key(|fix| fix.edits[0].bytes.start);
    found.part_shared();
    found.left.sort_by_key(|left| left.line);
    found
}

fn left(checked: &CheckedClaim, why: Why) -> Left {
    Left {
        line: checked.claim.lines.first,
        why,
        known: checked.known,
    }
}

fn of_claim(note: &str, block: &BlockReport, checked: &CheckedClaim) -> Result<Fix, Why> {
    if checked.varies {
        return Err(Why::Varies);
    }
    let mut findings = block.findings.iter();
    if findings.any(|finding| finding.rule == "exit-status") {
        return Err(Why::LeftEarly);
    }
    let edits = match (&checked.rewrite, doubt(checked), &block.error) {
        (None, ..) if checked.claim.form == ClaimForm::Equality => Err(Why::Comparison),
        (None, Some(why), _) => Err(why),
        (None, None, Some(_)) => Err(Why::Raised),
        _ => plan_edits(note, checked),
    }?;
    if edits.is_empty() {
        return Err(Why::NoText);
    }
    Ok(Fix {
        target: Target::Claim(Box::new(checked.clone())),
        causes: causes(block, checked),
        edits,
    })
}

/// Why what came can't take the place of a text that may be no output.
fn doubt(checked: &CheckedClaim) -> Option<Why> {
    let is_text = checked.claim.says == Says::Text && !checked.actual.is_empty();
    let doubt = claims::doubt(&checked.claim.claimed, &checked.actual).filter(|_| is_text)?;
    Some(match doubt {
        Doubt::Code => Why::MayBeCode,
        Doubt::Words => Why::MayBeWords,
        Doubt::Lines => Why::MoreLines,
    })
}

/// The findings on the lines of a claim and of its code.
fn causes(block: &BlockReport, checked: &CheckedClaim) -> Vec<Finding> {
    let findings = block.findings.iter();
    let causes = findings.filter(|finding| is_cause(finding, checked));
    causes.cloned().collect()
}

/// True for a finding on the lines of a claim or of its code.
pub fn is_cause(finding: &Finding, checked: &CheckedClaim) -> bool {
    let claim = &checked.claim;
    [claim.lines, claim.about.lines()]
        .iter()
        .any(|lines| (lines.first..=lines.last).contains(&finding.line))
}

impl NoteFixes<'_> {
    /// Leaves every claim that would be rewritten where one above it is already.
    fn part_shared(&mut self) {
        let mut taken = BTreeMap::new();
        for fix in std::mem::take(&mut self.fixes) {
            if fix.edits.iter().any(|edit| is_taken(&taken, &edit.bytes)) {
                let shared = fix.checked().map(|checked| left(checked, Why::Shared));
                self.left.extend(shared);
                continue;
            }
            let places = fix
                .edits
                .iter()
                .map(|edit| (edit.bytes.start, edit.bytes.end));
            taken.extend(places);
            self.fixes.push(fix);
        }
    }
}

/// True where some of these bytes, or the place where they begin, is one of those taken, which
/// are ends by their starts.
fn is_taken(taken: &BTreeMap<usize, usize>, bytes: &Range<usize>) -> bool {
    let before = taken.range(..=bytes.start).next_back();
    before.is_some_and(|(&start, &end)| start == bytes.start || end > bytes.start)
        || taken
            .range(bytes.start + 1..)
            .next()
            .is_some_and(|(&start, _)| start < bytes.end)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;
