//! The listing: every block of every note, what it was taken for and why.
//!
//! It tells what is known before anything runs. The listing for other programs
//! is the JSON report.

use super::{text, words};
use crate::model::{BlockReport, NoteReport, Report};

/// The listing as text.
pub fn text(report: &Report) -> String {
    if report.notes.is_empty() {
        return format!("{}\n", words::no_notes());
    }
    let mut shown = String::new();
    for note in &report.notes {
        shown.push_str(&text::visible_line(&note.path));
        shown.push('\n');
        shown.push_str(&blocks(note));
        shown.push('\n');
    }
    let all = || report.notes.iter().flat_map(|note| &note.blocks);
    let snippets = all().filter(|block| block.block.language.is_snippet());
    let counts = words::listed(report.notes.len(), all().count(), snippets.count());
    shown + &counts + "\n"
}

fn blocks(note: &NoteReport) -> String {
    if note.blocks.is_empty() {
        return format!("  {}\n", words::no_blocks());
    }
    let rows: Vec<_> = note.blocks.iter().map(row).collect();
    let mut widths = [0; COLUMNS];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = text::width(cell).max(*width);
        }
    }
    let line = |row: &[String; COLUMNS]| {
        let cells = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| text::pad(cell, width));
        let line = cells.collect::<Vec<_>>().join("  ");
        format!("  {}\n", line.trim_end())
    };
    rows.iter().map(line).collect()
}

const COLUMNS: usize = 5;

/// Lines, form, language, the reason for the language, and what else is known.
fn row(report: &BlockReport) -> [String; COLUMNS] {
    let block = &report.block;
    let mut rest = Vec::new();
    if !report.depends_on.is_empty() {
        rest.push(words::depends_on(&report.depends_on));
    }
    if let Some(skip) = &report.skip {
        rest.push(words::will_skip(&skip.to_string()));
    }
    [
        words::block_lines(block.lines.first, block.lines.last),
        block.form.as_str().to_owned(),
        block.language.as_str().to_owned(),
        format!("({})", text::clip(&text::visible_line(&block.why), 60)),
        text::visible_line(&rest.join("; ")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Language;
    use crate::report::sample::{assert_fixture, block, note, sample};

    #[test]
    fn the_sample_reads_as_documented() {
        assert_fixture("list.txt", &text(&sample()));
    }

    #[test]
    fn columns_are_aligned_under_chinese() {
        let blocks = vec![
            block((1, 1), Language::Python, "标签是 python"),
            BlockReport {
                depends_on: vec![1],
                ..block((2, 2), Language::Python, "tag")
            },
            BlockReport {
                depends_on: vec![1, 2],
                ..block((3, 3), Language::Python, "标签是 python")
            },
        ];
        let listing = super::blocks(&note("a.md", "x\ny\nz\n", blocks));
        let columns: Vec<usize> = listing
            .lines()
            .filter_map(|line| line.split_once("depends"))
            .map(|(before, _)| text::width(before))
            .collect();
        assert_eq!(columns.len(), 2);
        assert_eq!(columns[0], columns[1]);
    }

    #[test]
    fn nothing_to_list_says_what_to_do() {
        assert!(text(&Report::default()).contains("verify notes"));
        let empty = Report {
            notes: vec![note("a.md", "x\n", Vec::new())],
            ..Report::default()
        };
        assert_eq!(
            text(&empty),
            "a.md\n  no code blocks\n\n1 note, 0 blocks, 0 snippets\n"
        );
    }
}
