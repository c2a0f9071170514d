//! From a stale claim to the edits that make the note say what came.
//!
//! Pure. Only bytes of the claim are replaced, but for whole lines that come or go
//! with it; prefixes, line ends and everything beside the claim stay as they are.

use std::ops::Range;

use super::Why;
use crate::model::{CheckedClaim, ClaimForm};

/// How doctest writes an empty line of output.
const BLANK: &str = "<BLANKLINE>";

/// Other text for some bytes of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty where something is put in.
    pub bytes: Range<usize>,
    /// What stands there then.
    pub text: String,
}

/// The edits that put what came in the place of what the note says, in the order of
/// their places; or why that can't be done.
pub fn plan_edits(note: &str, checked: &CheckedClaim) -> Result<Vec<Edit>, Why> {
    let claim = &checked.claim;
    let rewrite = checked.rewrite.as_deref().ok_or(Why::NoText)?;
    let lines = Lines::of(note, claim.claimed.split('\n').count(), &claim.bytes)?;
    let new = new_lines(note, rewrite, claim.form)?;
    let mut edits = lines.replaced(&new);
    if new.len() > lines.all.len() {
        let one_line = lines.all.len() == 1 && claim.form == ClaimForm::Comment;
        edits.push(lines.added(&new[lines.all.len()..], one_line)?);
    } else {
        edits.extend(lines.removed(new.len())?);
    }
    edits.retain(|edit| note.get(edit.bytes.clone()) != Some(&edit.text));
    Ok(edits)
}

/// The note with these edits, which do not overlap and are sorted by their places.
pub fn apply(note: &str, edits: &[Edit]) -> String {
    let mut edited = String::with_capacity(note.len());
    let mut done = 0;
    for edit in edits {
        edited.push_str(note.get(done..edit.bytes.start).unwrap_or_default());
        edited.push_str(&edit.text);
        done = edit.bytes.end;
    }
    edited.push_str(note.get(done..).unwrap_or_default());
    edited
}

/// The lines to be written: none where nothing came.
fn new_lines(note: &str, rewrite: &str, form: ClaimForm) -> Result<Vec<String>, Why> {
    if rewrite
        .chars()
        .any(|c| c.is_control() && !"\n\t".contains(c))
    {
        return Err(Why::Unprintable);
    }
    if rewrite.is_empty() {
        return Ok(Vec::new());
    }
    let at_prompt = matches!(form, ClaimForm::Prompt | ClaimForm::Traceback);
    let blank = if at_prompt && note.contains(BLANK) {
        BLANK
    } else {
        ""
    };
    let line = |line: &str| match line {
        "" => blank.to_owned(),
        BLANK if at_prompt => blank.to_owned(),
        _ => line.to_owned(),
    };
    Ok(rewrite.split('\n').map(line).collect())
}

/// True where this, at the beginning of a line, may stand at the beginning of another one
/// too: indentation, marks of quotes, the sign of a comment with its arrow.
fn is_prefix(text: &str) -> bool {
    let inside = text.trim_start_matches([' ', '\t', '>']);
    inside.is_empty() || inside.starts_with('#') && inside.chars().all(|c| "#-=>→⇒ \t".contains(c))
}

/// One line of a claim.
struct Line<'n> {
    /// What stands before the claim.
    prefix: &'n str,
    /// The claim.
    bytes: Range<usize>,
    /// What stands behind it.
    rest: &'n str,
    /// `\n`, `\r\n`, or nothing at the end of the note.
    end: &'n str,
}

impl Line<'_> {
    /// The place of the first byte of the line.
    fn start(&self) -> usize {
        self.bytes.start - self.prefix.len()
    }

    /// The place behind the last byte of the line's text.
    fn text_end(&self) -> usize {
        self.bytes.end + self.rest.len()
    }

    /// The place behind the line's end.
    fn stop(&self) -> usize {
        self.text_end() + self.end.len()
    }
}

/// The lines of a claim in its note.
struct Lines<'n> {
    note: &'n str,
    all: Vec<Line<'n>>,
}

impl<'n> Lines<'n> {
    /// Lines at these places, one each, all different and in order.
    fn of(note: &'n str, count: usize, places: &[Range<usize>]) -> Result<Self, Why> {
        let all: Option<Vec<Line>> = places.iter().map(|place| line_at(note, place)).collect();
        let all = all
            .filter(|all| !all.is_empty() && all.len() == count)
            .filter(|all| all.windows(2).all(|two| two[0].stop() <= two[1].start()))
            .ok_or(Why::NoPlace)?;
        Ok(Self { note, all })
    }

    /// The lines that stay, with their new text.
    fn replaced(&self, new: &[String]) -> Vec<Edit> {
        let filled = |line: &&Line| !line.bytes.is_empty() && is_prefix(line.prefix);
        let usual = self.all.iter().rev().find(filled);
        let edit = |(line, text): (&Line, &String)| {
            // An empty line often lacks the prefix of its neighbours.
            let missing = usual
                .filter(|_| line.bytes.is_empty() && !text.is_empty())
                .and_then(|usual| usual.prefix.strip_prefix(line.prefix))
                .unwrap_or_default();
            Edit {
                bytes: line.bytes.clone(),
                text: format!("{missing}{text}"),
            }
        };
        self.all.iter().zip(new).map(edit).collect()
    }

    /// More lines below the last one, with its prefix.
    fn added(&self, new: &[String], one_line: bool) -> Result<Edit, Why> {
        let last = self.all.last().ok_or(Why::NoPlace)?;
        if one_line || !is_prefix(last.prefix) {
            return Err(Why::NoRoom);
        }
        let end = match last.end {
            "" => line_end_before(self.note, last.start()),
            end => end,
        };
        let mut text = String::new();
        for line in new {
            text.push_str(end);
            let blank = line.is_empty();
            let prefix = last.prefix;
            text.push_str(if blank { prefix.trim_end() } else { prefix });
            text.push_str(line);
        }
        let at = last.text_end();
        Ok(Edit {
            bytes: at..at,
            text,
        })
    }

    /// The lines from this one on taken away whole.
    fn removed(&self, from: usize) -> Result<Vec<Edit>, Why> {
        let mut gone: Vec<Range<usize>> = Vec::new();
        for line in self.all.iter().skip(from) {
            if !is_prefix(line.prefix) || !line.rest.trim().is_empty() {
                return Err(Why::NoRoom);
            }
            match gone.last_mut() {
                Some(before) if before.end == line.start() => before.end = line.stop(),
                _ => gone.push(line.start()..line.stop()),
            }
        }
        // The note ends as it did: without a line end where it had none.
        if let Some(last) = gone.last_mut()
            && last.end == self.note.len()
            && !self.note.ends_with('\n')
        {
            let kept = self.note.get(..last.start).unwrap_or_default();
            last.start = without_end(kept).len();
        }
        let edit = |bytes| Edit {
            bytes,
            text: String::new(),
        };
        Ok(gone.into_iter().map(edit).collect())
    }
}

fn line_at<'n>(note: &'n str, place: &Range<usize>) -> Option<Line<'n>> {
    let claimed = note.get(place.clone())?;
    let before = note.get(..place.start)?;
    let after = note.get(place.end..)?;
    let whole = after.split_inclusive('\n').next().unwrap_or_default();
    let rest = without_end(whole);
    (!claimed.contains('\n')).then(|| Line {
        prefix: before.rsplit('\n').next().unwrap_or_default(),
        bytes: place.clone(),
        rest,
        end: &whole[rest.len()..],
    })
}

fn without_end(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

/// How the line that ends here ends.
fn line_end_before(note: &str, at: usize) -> &'static str {
    if note.get(..at).is_some_and(|text| text.ends_with("\r\n")) {
        "\r\n"
    } else {
        "\n"
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
