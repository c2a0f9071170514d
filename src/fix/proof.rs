//! The proof that edits change what the chosen claims say, and nothing else.
//!
//! The edited text is read again by the functions that read the note. Its blocks
//! must be the same but for the edited lines, and their claims the same but for
//! what the chosen ones say. Pure: a reader is handed in.

use std::collections::BTreeSet;
use std::mem::discriminant;
use std::ops::RangeInclusive;

use super::edits::{Edit, apply};
use super::{Fix, Refusal};
use crate::model::{Block, CheckedClaim, Claim, ClaimForm, Language, Note, NoteReport, Says};
use crate::notes::{claims, markdown};

/// How doctest writes an empty line of output.
const BLANK: &str = "<BLANKLINE>";

/// Reads a note: every block with its claims.
pub type Reader<'a> = dyn Fn(&str) -> Vec<(Block, Vec<Claim>)> + 'a;

/// The reader of a run that made this report: it takes the blocks for what they were taken for
/// then, and reads the claims of those that are in the report.
pub fn reader(report: &NoteReport) -> impl Fn(&str) -> Vec<(Block, Vec<Claim>)> + use<> {
    let blocks = markdown::blocks(&report.text).blocks;
    let language = |block: &Block| {
        let same = report.blocks.iter().map(|report| &report.block);
        same.filter(|known| known.lines == block.lines)
            .map(|known| known.language)
            .next()
            .unwrap_or_default()
    };
    let languages: Vec<Language> = blocks.iter().map(language).collect();
    move |text| {
        let note = Note {
            text: text.to_owned(),
            blocks: markdown::blocks(text).blocks,
            ..Note::default()
        };
        let claims_of = |at: usize| match languages.get(at) {
            Some(language) if language.is_snippet() => {
                claims::read(&note, at, *language == Language::Pycon).claims
            }
            _ => Vec::new(),
        };
        let claims: Vec<Vec<Claim>> = (0..note.blocks.len()).map(claims_of).collect();
        note.blocks.into_iter().zip(claims).collect()
    }
}

/// The text of the note with these fixes, or the line of the first claim that keeps them from
/// being proved.
pub fn prove(note: &str, fixes: &[&Fix], read: &Reader<'_>) -> Result<String, (usize, Refusal)> {
    let before = read(note);
    let proved = |fixes: &[&Fix]| {
        let edits = sorted(fixes);
        let text = apply(note, &edits);
        let seen = Edited::new(note, &text, &edits);
        let proved = seen.is_within(note, fixes) && seen.holds(&before, &read(&text), fixes);
        proved.then_some(text)
    };
    first_without(fixes, proved).map_err(|line| (line, Refusal::ReadsOtherwise))
}

/// What can be proved of all these fixes, or the line of the first that keeps them from it.
pub(super) fn first_without(
    fixes: &[&Fix],
    proved: impl Fn(&[&Fix]) -> Option<String>,
) -> Result<String, usize> {
    if let Some(text) = proved(fixes) {
        return Ok(text);
    }
    let counts: Vec<usize> = (1..fixes.len()).collect();
    let culprit = counts.partition_point(|&count| proved(&fixes[..count]).is_some());
    Err(fixes.get(culprit).map_or(0, |fix| fix.line()))
}

pub(super) fn sorted(fixes: &[&Fix]) -> Vec<Edit> {
    let mut edits: Vec<Edit> = fixes.iter().flat_map(|fix| fix.edits.clone()).collect();
    edits.sort_by_key(|edit| (edit.bytes.start, edit.bytes.end));
    edits
}

/// Which lines the edits touched, before and after, and how many lines came and went where.
struct Edited {
    touched_before: BTreeSet<usize>,
    touched_after: BTreeSet<usize>,
    /// Lines of the note before, each with how many lines more there are below it now.
    moves: Vec<(usize, isize)>,
}

impl Edited {
    fn new(before: &str, after: &str, edits: &[Edit]) -> Self {
        let mut edited = Self {
            touched_before: BTreeSet::new(),
            touched_after: BTreeSet::new(),
            moves: Vec::new(),
        };
        let (old, new) = (LineStarts::new(before), LineStarts::new(after));
        // Bytes of the new text before this place, less those of the old.
        let mut ahead = 0_isize;
        for Edit { bytes, text } in edits {
            let start = bytes.start.saturating_add_signed(ahead);
            let end = start + text.len();
            ahead += signed(text.len()) - signed(bytes.len());
            let replaced = before.get(bytes.clone()).unwrap_or_default();
            edited
                .touched_before
                .extend(old.touched(bytes.start, bytes.end));
            // Of whole lines that were taken away none is left to be touched.
            if !replaced.ends_with('\n') {
                edited.touched_after.extend(new.touched(start, end));
            }
            let more = signed(text.matches('\n').count()) - signed(replaced.matches('\n').count());
            if more != 0 {
                edited.moves.push((old.line(bytes.start), more));
            }
        }
        edited
    }

    /// True where only lines of the claims are touched.
    fn is_within(&self, note: &str, fixes: &[&Fix]) -> bool {
        let starts = LineStarts::new(note);
        let claims = fixes.iter().filter_map(|fix| fix.checked());
        let places = claims.flat_map(|checked| &checked.claim.bytes);
        let lines: BTreeSet<usize> = places.map(|bytes| starts.line(bytes.start)).collect();
        self.touched_before.is_subset(&lines)
    }

    /// True where the note after these fixes reads as the one before but for what they say.
    fn holds(
        &self,
        before: &[(Block, Vec<Claim>)],
        after: &[(Block, Vec<Claim>)],
        fixes: &[&Fix],
    ) -> bool {
        let mut open: Vec<&CheckedClaim> = fixes.iter().filter_map(|fix| fix.checked()).collect();
        let same = before.len() == after.len()
            && before.iter().zip(after).all(|(old, new)| {
                self.same_block(&old.0, &new.0) && same_claims(&old.1, &new.1, &mut open)
            });
        same && open.is_empty()
    }

    fn same_block(&self, old: &Block, new: &Block) -> bool {
        let moved = |from: usize, to: usize| -> isize {
            let within = self
                .moves
                .iter()
                .filter(|(line, _)| (from..to).contains(line));
            within.map(|(_, more)| more).sum()
        };
        let above = moved(0, old.lines.first);
        let inside = moved(old.lines.first, old.lines.last + 1);
        (old.form, &old.tag, &old.info, &old.heading)
            == (new.form, &new.tag, &new.info, &new.heading)
            && old.directives == new.directives
            && old.lines.first.saturating_add_signed(above) == new.lines.first
            && old.lines.last.saturating_add_signed(above + inside) == new.lines.last
            && untouched(old, &self.touched_before).eq(untouched(new, &self.touched_after))
    }
}

/// The lines of a block that no edit touched.
fn untouched<'b>(block: &'b Block, touched: &BTreeSet<usize>) -> impl Iterator<Item = &'b str> {
    let lines = (block.lines.first..).zip(block.text.lines());
    lines
        .filter(|(line, _)| !touched.contains(line))
        .map(|(_, text)| text)
}

/// True where the claims are the same, those still open saying now what they should; takes
/// them out of the open ones.
fn same_claims(old: &[Claim], new: &[Claim], open: &mut Vec<&CheckedClaim>) -> bool {
    let mut new = new.iter().peekable();
    for claim in old {
        let (chosen, others) = std::mem::take(open)
            .into_iter()
            .partition(|checked| is_part(&checked.claim, claim));
        *open = others;
        let same = if chosen.is_empty() {
            new.next().is_some_and(|new| is_unchanged(claim, new))
        } else {
            let rewrite = rewritten(claim, &chosen);
            let fits = |new: &&Claim| says(claim, new, &rewrite);
            // Where nothing comes, nothing need be said.
            new.next_if(fits).is_some() || rewrite.is_empty()
        };
        if !same {
            return false;
        }
    }
    new.next().is_none()
}

/// True for the claim as it was read, and for one of the lines that it was compared by.
fn is_part(part: &Claim, whole: &Claim) -> bool {
    part == whole
        || (part.form == whole.form
            && part.about == whole.about
            && !part.bytes.is_empty()
            && part.bytes.iter().all(|bytes| whole.bytes.contains(bytes)))
}

/// What the whole claim says once its chosen parts are rewritten.
fn rewritten(whole: &Claim, chosen: &[&CheckedClaim]) -> String {
    let new = |checked: &CheckedClaim| checked.rewrite.clone().unwrap_or_default();
    if let [only] = chosen
        && only.claim == *whole
    {
        return new(only);
    }
    let lines = whole.claimed.split('\n').zip(&whole.bytes);
    let shown: Vec<String> = lines
        .filter_map(|(line, bytes)| {
            let part = chosen.iter().find(|part| part.claim.bytes.contains(bytes));
            match part {
                None => Some(line.to_owned()),
                Some(part) if part.claim.bytes.first() == Some(bytes) => Some(new(part)),
                Some(_) => None,
            }
        })
        .collect();
    shown.join("\n")
}

fn is_unchanged(old: &Claim, new: &Claim) -> bool {
    old.form == new.form && old.says == new.says && old.claimed == new.claimed && is_about(old, new)
}

fn says(old: &Claim, new: &Claim, rewrite: &str) -> bool {
    let at_prompt = |claim: &Claim| matches!(claim.form, ClaimForm::Prompt | ClaimForm::Traceback);
    let raises = matches!(new.says, Says::Raises { .. });
    let wanted = plain(rewrite);
    let read = plain(&new.claimed);
    // Of a traceback its last line is what is claimed.
    let same =
        read == wanted || (raises && wanted.last().is_some() && read.last() == wanted.last());
    (old.form == new.form || (at_prompt(old) && at_prompt(new))) && same && is_about(old, new)
}

/// True where both are about the same code, wherever it stands now.
fn is_about(old: &Claim, new: &Claim) -> bool {
    // A comment in the code may hold another claim that was rewritten.
    let code = |claim: &Claim| -> Vec<String> {
        let lines = claim.source.lines();
        let code = lines.map(|line| line.split('#').next().unwrap_or_default().trim_end());
        code.map(str::to_owned).collect()
    };
    discriminant(&old.about) == discriminant(&new.about)
        && old.scope == new.scope
        && old.options == new.options
        && code(old) == code(new)
}

/// The lines without white space at their ends, an empty line in one way.
fn plain(text: &str) -> Vec<&str> {
    let lines = text.trim_end().split('\n').map(str::trim_end);
    lines
        .map(|line| if line == BLANK { "" } else { line })
        .collect()
}

fn signed(length: usize) -> isize {
    isize::try_from(length).unwrap_or(isize::MAX)
}

/// Where each line of a text begins.
struct LineStarts(Vec<usize>);

impl LineStarts {
    fn new(text: &str) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        Self(std::iter::once(0).chain(ends).collect())
    }

    /// The line of a byte, counted from 1.
    fn line(&self, byte: usize) -> usize {
        self.0.partition_point(|start| *start <= byte)
    }

    /// The lines that have some of these bytes, or the place between two where there are none.
    fn touched(&self, start: usize, end: usize) -> RangeInclusive<usize> {
        self.line(start)..=self.line(end.saturating_sub(1).max(start))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;
