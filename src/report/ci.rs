//! What the reports for other programs have in common: how they are to be written, where
//! things lie for the server that shows them, and by what a problem is known again.

use std::collections::HashMap;

use super::tell::{Issue, Place};
use super::words::{self as common, summary as words};
use crate::model::{NoteReport, Report, Text};

/// Digits of a fingerprint.
const LENGTH: usize = 32;

/// How a report for another program is to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Known problems and warnings fail the run, so they are told as errors.
    pub strict: bool,
    /// The folder of the notes within the repository, with a `/` at its end; `""` where they are one.
    pub prefix: String,
    /// The address of the repository's files at this commit, with a `/` at its end.
    pub files: Option<String>,
    /// The run was stopped before its end.
    pub interrupted: bool,
}

impl Options {
    /// A path as the repository has it.
    pub(super) fn path(&self, path: &str) -> String {
        if path.starts_with('/') {
            path.to_owned()
        } else {
            format!("{}{path}", self.prefix)
        }
    }

    /// The address of a place: on the server where that is known, else from the folder of the notes.
    pub(super) fn link(&self, path: &str, place: Option<Place>) -> String {
        let line = place.map(|place| format!("#L{}", place.line));
        let line = line.unwrap_or_default();
        let Some(files) = &self.files else {
            return format!("{}{line}", escaped(path));
        };
        // Markdown is shown without its lines unless it is asked for as plain text.
        let plain = if line.is_empty() { "" } else { "?plain=1" };
        format!("{files}{}{plain}{line}", escaped(&self.path(path)))
    }
}

/// Every count of a run that is not zero, in one line.
pub(super) fn counts(report: &Report) -> Text {
    let summary = &report.summary;
    let gone = report.notes.iter().flat_map(NoteReport::gone);
    let gone = gone.filter(|finding| !finding.known).count();
    let counts = [
        (summary.stale, words::stale as fn(usize) -> Text),
        (summary.failed, words::failed),
        (summary.new, words::new),
        (summary.skipped, words::left),
        (gone, words::names_gone),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    let mut told = vec![words::pass(summary.pass)];
    told.extend(counts.map(|(count, words)| words(count)));
    let blocks = report.notes.iter().flat_map(|note| &note.blocks);
    let warned = blocks.map(|block| block.warnings().count()).sum();
    let warned = (warned > 0).then(|| common::warnings::count(warned));
    words::all(summary, &told, warned)
}

/// A path as part of a URI.
pub fn escaped(path: &str) -> String {
    let byte = |byte: u8| match byte {
        b'/' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    path.bytes().map(byte).collect()
}

/// A name for each issue that stays the same as long as its lines, its file and its cause do.
pub(super) fn fingerprints<'a>(issues: &'a [Issue<'a>]) -> Vec<String> {
    let mut seen: HashMap<[&str; 3], u64> = HashMap::new();
    let fingerprint = |issue: &'a Issue<'a>| {
        let key = [issue.rule.as_str(), issue.path, issue.text.as_str()];
        let ordinal = seen.entry(key).or_default();
        let mut hash = blake3::Hasher::new();
        for part in key {
            hash.update(&(part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        hash.update(&ordinal.to_le_bytes());
        *ordinal += 1;
        hash.finalize().to_hex()[..LENGTH].to_owned()
    };
    issues.iter().map(fingerprint).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::{About, Lines};
    use crate::report::sample::sample;
    use crate::report::tell;

    #[test]
    fn paths_are_placed_and_escaped() {
        let options = Options {
            prefix: "docs/".to_owned(),
            files: Some("https://example.org/a/b/blob/c/".to_owned()),
            ..Options::default()
        };
        let place = Place {
            line: 3,
            column: 1,
            end_line: 3,
            end_column: 2,
        };
        assert_eq!(
            options.link("a b#.md", Some(place)),
            "https://example.org/a/b/blob/c/docs/a%20b%23.md?plain=1#L3"
        );
        assert_eq!(
            Options::default().link("数.md", Some(place)),
            "%E6%95%B0.md#L3"
        );
        assert_eq!(options.path("/else/x.md"), "/else/x.md");
    }

    #[test]
    fn a_fingerprint_survives_edits_above_and_none_is_used_twice() {
        let report = sample();
        let before = fingerprints(&tell::all(&report, false));
        let mut unique = before.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), before.len());

        let mut moved = report.clone();
        for note in &mut moved.notes {
            note.text.insert_str(0, "Two more\nlines.\n");
            for block in &mut note.blocks {
                block.block.lines.first += 2;
                block.block.lines.last += 2;
                block
                    .findings
                    .iter_mut()
                    .for_each(|finding| finding.line += 2);
                if let Some(error) = &mut block.error {
                    error.line += 2;
                }
                for claim in block.claims.iter_mut().map(|checked| &mut checked.claim) {
                    let down = |lines: Lines| Lines {
                        first: lines.first + 2,
                        last: lines.last + 2,
                    };
                    claim.lines = down(claim.lines);
                    claim.about = match claim.about {
                        About::Output(lines) => About::Output(down(lines)),
                        About::Statement(lines) => About::Statement(down(lines)),
                    };
                    for bytes in &mut claim.bytes {
                        *bytes = bytes.start + 16..bytes.end + 16;
                    }
                }
            }
        }
        let moved = tell::all(&moved, false);
        assert_eq!(fingerprints(&moved), before);
    }

    #[test]
    fn equal_problems_on_equal_lines_are_told_apart() {
        let report = sample();
        let issue = tell::all(&report, false).pop().unwrap();
        let prints = fingerprints(&[issue.clone(), issue]);
        assert_ne!(prints[0], prints[1]);
    }
}
