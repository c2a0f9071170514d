//! Outputs shown on the line below the code that gives them, as if there were prompts.
//!
//! A literal as a line of its own is useless as code; other text counts only where a block
//! does this more than once, and where its program could print such text.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::meaning::raised;
use super::sections::{Page, Shown};
use super::statements::{Kind, Statement};
use super::{pattern, values};
use crate::model::{About, ClaimForm, Says};

/// Adds what `page` shows without a label to `shown`.
pub(super) fn read(page: &Page<'_>, shown: &mut Shown) {
    let listed = listings(page, shown);
    let mut found = Vec::new();
    let mut texts = 0;
    for (at, above) in page.statements.iter().enumerate() {
        let Some(echo) = below(page, at, above).filter(|echo| !listed.contains(&echo.lines.start))
        else {
            continue;
        };
        texts += usize::from(!echo.is_value);
        found.push((above, echo));
    }
    let alternates = found.len() > 1 && texts > 0;
    for (above, echo) in found {
        if !echo.is_value && !alternates {
            continue;
        }
        let places: Vec<_> = echo
            .lines
            .clone()
            .map(|at| (at, 0..page.lines[at].trim_end().len()))
            .collect();
        let about = About::Statement(page.source.lines(above.from, above.to));
        if let Some(mut claim) = page.claim_at(&places, ClaimForm::Echo, about) {
            claim.says = echo.says;
            shown.claims.push(claim);
            shown.blank.extend(echo.lines);
        }
    }
}

struct Echo {
    lines: Range<usize>,
    is_value: bool,
    says: Says,
}

/// What is shown directly below statement `at`.
fn below(page: &Page<'_>, at: usize, above: &Statement<'_>) -> Option<Echo> {
    let next = page.statements.get(at + 1)?;
    let shows = matches!(above.kind, Kind::Expression | Kind::Print) && above.indent == 0;
    if !shows
        || is_shown(above)
        || next.from != above.to + 1
        || next.indent > 0
        || next.kind == Kind::Comment
    {
        return None;
    }
    let line = page.lines.get(next.from)?.trim();
    if let Some((_, says)) = raised(line).filter(|(len, _)| *len == line.len()) {
        return Some(Echo {
            lines: next.from..next.to + 1,
            is_value: true,
            says,
        });
    }
    if is_shown(next) {
        let chain = page.statements.get(at + 2);
        let chained = chain.is_some_and(|after| after.from == next.to + 1 && is_shown(after));
        return (!chained).then(|| Echo {
            lines: next.from..next.to + 1,
            is_value: true,
            says: Says::Text,
        });
    }
    let count = page.statements[at + 1..]
        .iter()
        .enumerate()
        .take_while(|(i, one)| one.from == next.from + i && one.from == one.to)
        .take_while(|(_, one)| one.kind == Kind::Other && one.comment.is_none())
        .take_while(|(_, one)| page.words().could_print(page.lines[one.from]))
        .count();
    (count > 0).then(|| Echo {
        lines: next.from..next.from + count,
        is_value: false,
        says: Says::Text,
    })
}

/// True for a value alone, which is of no use as code. Long strings are comments to many,
/// `...` stands for code, and `Point(1, 2)` may be either.
fn is_shown(statement: &Statement<'_>) -> bool {
    let code = statement.code;
    let long = code.contains("'''") || code.contains("\"\"\"");
    statement.comment.is_none()
        && !long
        && code != "..."
        && !CONSTRUCTOR.is_match(code)
        && values::is_value(code)
}

/// Reads listings of byte code, and gives their lines.
fn listings(page: &Page<'_>, shown: &mut Shown) -> Vec<usize> {
    let mut listed = Vec::new();
    let mut at = 0;
    while at < page.lines.len() {
        let count = page.lines[at..]
            .iter()
            .take_while(|line| LISTING.is_match(line))
            .count();
        if count > 0 {
            listed.extend(at..at + count);
            listing(page, at..at + count, shown);
        }
        at += count.max(1);
    }
    listed
}

fn listing(page: &Page<'_>, lines: Range<usize>, shown: &mut Shown) {
    let until = page.statements.partition_point(|one| one.to < lines.start);
    let above = page.statements[..until]
        .iter()
        .rfind(|one| one.is_code() && !is_shown(one));
    let begins = page
        .statements
        .get(until)
        .is_some_and(|one| one.from == lines.start);
    let Some(above) = above.filter(|_| begins) else {
        return;
    };
    let places: Vec<_> = lines
        .clone()
        .map(|at| (at, 0..page.lines[at].trim_end().len()))
        .collect();
    let about = About::Output(page.source.lines(above.from, above.to));
    shown
        .claims
        .extend(page.claim_at(&places, ClaimForm::Section, about));
    shown.blank.extend(lines);
}

static LISTING: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\s*(?:\d+\s+)?(?:>>\s+)?\d+\s+[A-Z][A-Z_]{2,}\b"));
static CONSTRUCTOR: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:\w+\.)*[A-Z]\w*\("));
