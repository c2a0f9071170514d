//! The listing: every block of every note, what it was taken for and why, and on
//! request the claims that were read in it.
//!
//! It tells what is known before anything runs. The listing for other programs
//! is the JSON report.

use super::text;
use super::words::claims as claim_words;
use super::words::list as words;
use super::words::summary::no_notes;
use super::words::{exception, skip};
use crate::model::{BlockReport, Claim, Lang, NoteReport, Report, Says, Text};

/// The listing as text. With the claims where columns are given that their lines may take.
pub fn text(report: &Report, claims: Option<usize>) -> String {
    if report.notes.is_empty() {
        return format!("{}\n", no_notes().get(report.lang));
    }
    let mut shown = String::new();
    for note in &report.notes {
        shown.push_str(&text::visible_line(&note.path));
        shown.push('\n');
        shown.push_str(&blocks(note, claims));
        shown.push('\n');
    }
    let all = || report.notes.iter().flat_map(|note| &note.blocks);
    let snippets = all().filter(|block| block.block.language.is_snippet());
    let read = claims.map(|_| all().map(|block| block.claims.len()).sum());
    let counts = words::listed(report.notes.len(), all().count(), snippets.count(), read);
    shown.push_str(counts.get(report.lang));
    shown.push('\n');
    shown
}

fn blocks(note: &NoteReport, claims: Option<usize>) -> String {
    if note.blocks.is_empty() {
        return format!("  {}\n", words::no_blocks().get(note.lang));
    }
    let rows: Vec<_> = note
        .blocks
        .iter()
        .map(|block| row(block, note.lang))
        .collect();
    let mut shown = String::new();
    for (line, block) in aligned(&rows).zip(&note.blocks) {
        shown.extend(["  ", line.trim_end(), "\n"]);
        if let Some(columns) = claims {
            shown.push_str(&claims_of(block, columns, note.lang));
        }
    }
    shown
}

/// Every row on a line, each cell as wide as the widest of its column.
fn aligned<const N: usize>(rows: &[[String; N]]) -> impl Iterator<Item = String> {
    let width = |column: usize| rows.iter().map(|row| text::width(&row[column])).max();
    let widths: [usize; N] = std::array::from_fn(|column| width(column).unwrap_or_default());
    rows.iter().map(move |row| {
        let cells = row.iter().zip(widths);
        let cells = cells.map(|(cell, width)| text::pad(cell, width));
        cells.collect::<Vec<_>>().join("  ")
    })
}

/// The claims of a block: line, form, code, what is claimed of it, and of which Pythons.
fn claims_of(block: &BlockReport, columns: usize, lang: Lang) -> String {
    const INDENT: &str = "    ";
    const LEAST: usize = 20;
    let claims = block.claims.iter().map(|checked| &checked.claim);
    let place = |claim: &Claim| {
        [
            claim.lines.first.to_string(),
            words::claim_form(claim.form).get(lang).to_owned(),
            source(claim, columns / 3, lang),
            "→".to_owned(),
        ]
    };
    let places: Vec<_> = claims.clone().map(place).collect();
    let places: Vec<String> = aligned(&places).collect();
    let used = places.iter().map(|place| text::width(place)).max();
    let scopes = claims.clone().map(|claim| text::width(&scope(claim, lang)));
    let used = INDENT.len() + used.unwrap_or_default() + 1 + 2 + scopes.max().unwrap_or_default();
    let left = columns.saturating_sub(used).max(LEAST);
    let rows: Vec<_> = places
        .iter()
        .zip(claims)
        .map(|(place, claim)| {
            [
                format!("{place} {}", claimed(claim, left, lang)),
                scope(claim, lang),
            ]
        })
        .collect();
    let line = |line: String| format!("{INDENT}{}\n", line.trim_end());
    aligned(&rows).map(line).collect()
}

/// The code that a claim is about on one line, as far as it fits.
pub(super) fn source(claim: &Claim, columns: usize, lang: Lang) -> String {
    first_line(&claim.source, columns, lang)
}

/// What is claimed on one line, as far as it fits.
pub(super) fn claimed(claim: &Claim, columns: usize, lang: Lang) -> String {
    match &claim.says {
        Says::Nothing => claim_words::nothing().get(lang).to_owned(),
        Says::Raises { class, message } if claim.lines.first < claim.lines.last => {
            let message = message.as_deref().unwrap_or_default();
            first_line(&exception(class, message), columns, lang)
        }
        _ if claim.claimed.trim().is_empty() => claim_words::nothing().get(lang).to_owned(),
        _ => first_line(&claim.claimed, columns, lang),
    }
}

fn first_line(text: &str, columns: usize, lang: Lang) -> String {
    let mut lines = text.trim().lines();
    let first = text::visible_line(lines.next().unwrap_or_default());
    match lines.count() {
        0 => text::clip(&first, columns),
        more => {
            let rest = claim_words::more_lines(more);
            let rest = rest.get(lang);
            let columns = columns.saturating_sub(text::width(rest) + 1);
            format!("{} {rest}", text::clip(&first, columns))
        }
    }
}

fn scope(claim: &Claim, lang: Lang) -> String {
    let scope = claim.scope.as_deref().map(claim_words::only_for);
    text::visible_line(scope.unwrap_or_default().get(lang))
}

const COLUMNS: usize = 5;

/// Lines, form, language, the reason for the language, and what else is known.
fn row(report: &BlockReport, lang: Lang) -> [String; COLUMNS] {
    let block = &report.block;
    let mut rest = Vec::new();
    if !report.depends_on.is_empty() {
        rest.push(words::depends_on(&report.depends_on));
    }
    if let Some(skip) = &report.skip {
        rest.push(words::will_skip(&self::skip(skip)));
    }
    let why = text::clip(&text::visible_line(block.why.get(lang)), 60);
    [
        words::block_lines(block.lines.first, block.lines.last),
        words::form(block.form),
        words::language(block.language),
        words::because(&Text::same(why)),
        words::rest(&rest),
    ]
    .map(|cell| text::visible_line(cell.get(lang)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ClaimForm, Language};
    use crate::report::sample::{assert_fixture, block, claim, note, sample};

    #[test]
    fn the_sample_reads_as_documented() {
        assert_fixture("list.txt", &text(&sample(), None));
    }

    #[test]
    fn the_claims_of_the_sample_read_as_documented() {
        assert_fixture("list.claims.txt", &text(&sample(), Some(80)));
    }

    #[test]
    fn lines_of_claims_keep_to_the_columns() {
        let long = claim(
            1,
            ClaimForm::Comment,
            &"数".repeat(99),
            &"字\n".repeat(99),
            "",
        );
        let blocks = vec![BlockReport {
            claims: vec![long],
            ..block((1, 1), Language::Python, "tag")
        }];
        for columns in [0, 60, 61, 120] {
            let listing = super::blocks(&note("a.md", "x\n", blocks.clone()), Some(columns));
            let line = listing.lines().nth(1).unwrap_or_default();
            assert!(line.ends_with("  → 字 (+98 lines)"), "{line}");
            assert!(text::width(line) <= columns.max(60), "{columns}: {line}");
        }
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
        let listing = super::blocks(&note("a.md", "x\ny\nz\n", blocks), None);
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
        assert!(text(&Report::default(), None).contains("verify notes"));
        let empty = Report {
            notes: vec![note("a.md", "x\n", Vec::new())],
            ..Report::default()
        };
        assert_eq!(
            text(&empty, None),
            "a.md\n  no code blocks\n\n1 note, 0 blocks, 0 snippets\n"
        );
    }
}
