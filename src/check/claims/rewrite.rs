//! What to write in place of a claim that is false, in the claim's own style.

use super::context::Context;
use super::happened::{How, Raised, Seen};
use super::literal::{Kind, Literal, parse};
use super::scan::split_items;
use super::{elide, raises, shapes, text};
use crate::model::{Claim, ClaimForm};

/// A comment is not made longer than this.
const WIDTH: usize = 160;

/// What to write for `claimed`, the text of `claim` or a line of it, where `seen` came.
pub(super) fn text(claim: &Claim, claimed: &str, seen: &Seen, context: &Context) -> Option<String> {
    let actual = seen.text.as_str();
    if claim.form == ClaimForm::Equality || shapes::is_volatile(actual) {
        return None;
    }
    let styled = in_style(claimed, seen)?;
    let in_passing = matches!(
        claim.form,
        ClaimForm::Comment | ClaimForm::Arrow | ClaimForm::Traceback
    );
    let one_line = in_passing && !claimed.contains('\n');
    if one_line && (styled.contains('\n') || styled.chars().count() > WIDTH) {
        return None;
    }
    let holds = |actual: &str| text::compare(&styled, actual, context).is_some();
    (!styled.is_empty() && (holds(actual) || holds(&text::collapsed(actual)))).then_some(styled)
}

/// What to write for an exception that came with another message.
pub(super) fn message(claim: &Claim, class: &str, raised: &Raised<'_>) -> Option<String> {
    let lines: Vec<&str> = claim.claimed.lines().collect();
    let at = lines.iter().rposition(|shown| {
        !shown.trim().is_empty() && !class.is_empty() && shown.contains(class)
    })?;
    // Lines below it are the rest of a message, or notes, which may still be so.
    if lines[at + 1..].iter().any(|line| !line.trim().is_empty()) {
        return None;
    }
    let message = match raises::suggestion(lines[at]) {
        Some(_) => raises::shown(raised).filter(|shown| raises::suggestion(shown).is_some())?,
        None => raised.message,
    };
    let line = crate::check::normalize::raised(class, message);
    if line.contains('\n') || shapes::is_volatile(&line) {
        return None;
    }
    let begin = lines[at].find(class)?;
    let mut rewritten = lines[..at].to_vec();
    let last = format!("{}{line}", &lines[at][..begin]);
    rewritten.push(&last);
    Some(rewritten.join("\n"))
}

fn in_style(claimed: &str, seen: &Seen) -> Option<String> {
    let actual = seen.text.as_str();
    if elide::is_in(claimed) {
        let kept = with_gap(claimed, actual);
        return kept.or_else(|| (actual.len() <= WIDTH).then(|| actual.to_owned()));
    }
    let printed = matches!(seen.how, How::Printed | How::Called | How::Line | How::Both);
    let one_line = !claimed.contains('\n');
    if one_line && actual.contains('\n') && claimed.trim().contains(' ') && parse(actual).is_none()
    {
        let between = if claimed.contains(", ") { ", " } else { " " };
        return Some(text::collapsed(actual).replace(' ', between))
            .filter(|_| actual.lines().all(|line| !line.trim().contains(' ')));
    }
    Some(match (parse(claimed), parse(actual)) {
        (Some(Literal::Group(Kind::Bare, _)), Some(Literal::Group(Kind::Tuple, items)))
            if items.len() > 1 =>
        {
            actual[1..actual.len() - 1].trim_end_matches(',').to_owned()
        }
        (Some(Literal::Text { prefix: ' ', .. }), Some(Literal::Text { prefix: ' ', value })) => {
            quoted(claimed, &value).unwrap_or_else(|| actual.to_owned())
        }
        (Some(Literal::Text { prefix: ' ', .. }), _) if printed => quoted(claimed, actual)?,
        _ => actual.to_owned(),
    })
}

/// `value` in the quotes of `claimed`, where nothing in it needs an escape.
fn quoted(claimed: &str, value: &str) -> Option<String> {
    let quote = claimed.chars().next().filter(|c| "'\"".contains(*c))?;
    let plain = |c: char| c != quote && c != '\\' && !c.is_control();
    value
        .chars()
        .all(plain)
        .then(|| format!("{quote}{value}{quote}"))
}

/// What came, with the part left out that the claim leaves out.
fn with_gap(claimed: &str, actual: &str) -> Option<String> {
    let pieces = elide::pieces(claimed);
    let [head, tail] = pieces[..] else {
        return None;
    };
    let gap = &claimed[head.len()..claimed.len() - tail.len()];
    if let (Some(Literal::Group(kind, claimed)), Some(Literal::Group(other, _))) =
        (parse(claimed), parse(actual))
    {
        return (kind == other)
            .then(|| items_with_gap(&claimed, actual, gap))
            .flatten();
    }
    let (head, tail) = (
        head.chars().count(),
        tail.trim_end_matches('L').chars().count(),
    );
    let signs: Vec<char> = actual.chars().collect();
    if actual.contains('\n') || head + tail >= signs.len() {
        return None;
    }
    let text = |signs: &[char]| signs.iter().collect::<String>();
    let end = text(&signs[signs.len() - tail..]);
    Some(format!("{}{gap}{end}", text(&signs[..head])))
}

fn items_with_gap(claimed: &[Literal], actual: &str, gap: &str) -> Option<String> {
    let before = claimed.iter().position(|item| *item == Literal::Gap)?;
    let behind = claimed.len() - before - 1;
    let inner = actual.get(1..actual.len().checked_sub(1)?)?;
    let items = split_items(inner);
    if before + behind > items.len() {
        return None;
    }
    let mut shown: Vec<&str> = items[..before].to_vec();
    shown.push(gap);
    shown.extend(&items[items.len() - behind..]);
    let (open, close) = (&actual[..1], &actual[actual.len() - 1..]);
    Some(format!("{open}{}{close}", shown.join(", ")))
}
