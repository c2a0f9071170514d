//! Compares what a note says with what came, both as text.
//!
//! From the strict to the tolerant: as text, as one value, line by line, with parts left out,
//! token by token. Nothing in here knows where the text came from.

use super::context::Context;
use super::literal::{Kind, Literal, parse};
use super::scan::split_items;
use super::{elide, shapes, terminal, values};
use crate::model::Tolerance;

/// Compares a claim with what came; `None` where they disagree.
pub(super) fn compare(claimed: &str, actual: &str, context: &Context) -> Option<Tolerance> {
    let claimed = tidy(&terminal::shown(&claimed.replace("<BLANKLINE>", "")));
    let actual = tidy(actual);
    if claimed == actual {
        return Some(Tolerance::Exact);
    }
    if claimed.is_empty() || actual.is_empty() {
        return None;
    }
    line(&claimed, &actual, context)
        .or_else(|| lines(&claimed, &actual, context))
        .or_else(|| permuted(&claimed, &actual, context))
        .or_else(|| under_bare_names(&claimed, &actual, context))
        .or_else(|| remarked(&claimed, &actual, context))
}

/// What came, where the note has remarks of its author beside it: `done  # that was quick`.
fn remarked(claimed: &str, actual: &str, context: &Context) -> Option<Tolerance> {
    if actual.contains('#') || !claimed.contains(" #") {
        return None;
    }
    let bare = |line: &'_ str| {
        line.split(" #")
            .next()
            .unwrap_or_default()
            .trim_end()
            .to_owned()
    };
    let bare: Vec<String> = claimed.lines().map(bare).collect();
    let tolerance = compare(&bare.join("\n"), actual, context)?;
    Some(tolerance.max(Tolerance::Repr))
}

/// Names that the note has without the module that they are defined in: what ran is `__main__` here,
/// and a `typing` in front of a name tells a reader nothing.
fn under_bare_names(claimed: &str, actual: &str, context: &Context) -> Option<Tolerance> {
    let (bare_claim, bare) = (bare_names(claimed), bare_names(actual));
    if bare == actual && bare_claim == claimed {
        return None;
    }
    if bare_claim == bare {
        return Some(Tolerance::Repr);
    }
    let found = line(&bare_claim, &bare, context).or_else(|| lines(&bare_claim, &bare, context));
    found.map(|tolerance| tolerance.max(Tolerance::Repr))
}

fn bare_names(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let begins = !kept.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.'));
        let module = ["__main__.", "typing."].into_iter().find(|name| {
            begins
                && rest
                    .strip_prefix(name)
                    .is_some_and(|name| name.starts_with(|c: char| c.is_alphabetic() || c == '_'))
        });
        let passed = module.map_or(c.len_utf8(), str::len);
        if module.is_none() {
            kept.push(c);
        }
        rest = &rest[passed..];
    }
    kept
}

/// Text without what never counts: white space at line ends, blank lines around it, the indent
/// that all lines share.
pub(super) fn tidy(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let indent = lines
        .iter()
        .filter(|line| !line.is_empty())
        .map(|line| line.len() - line.trim_start_matches([' ', '\t']).len())
        .min()
        .unwrap_or(0);
    let lines: Vec<&str> = lines
        .iter()
        .map(|line| line.get(indent..).unwrap_or(""))
        .collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// Text with every run of white space as one space.
pub(super) fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One line, or a text taken as one piece.
fn line(claimed: &str, actual: &str, context: &Context) -> Option<Tolerance> {
    if claimed == actual {
        return Some(Tolerance::Exact);
    }
    if context.any_space && collapsed(claimed) == collapsed(actual) {
        return Some(Tolerance::Repr);
    }
    let (value, came) = (parse(claimed), parse(actual));
    let found = match (&value, &came) {
        (Some(value), Some(came)) => values::compare(value, came, context),
        _ if claimed.contains('\n') || actual.contains('\n') => None,
        _ => shapes::compare(claimed, actual, context, false),
    };
    found
        .map(|tolerance| tolerance.max(Tolerance::Repr))
        .or_else(|| unquoted(value.as_ref(), claimed, came.as_ref(), actual, context))
        .or_else(|| left_out(claimed, actual, context))
}

/// A string with its quotes on one side only, and values with commas for what was printed side by side.
fn unquoted(
    value: Option<&Literal>,
    claimed: &str,
    came: Option<&Literal>,
    actual: &str,
    context: &Context,
) -> Option<Tolerance> {
    let shown = |literal: Option<&Literal>| match literal {
        Some(Literal::Text { prefix: ' ', value }) => Some(tidy(value)),
        _ => None,
    };
    let loose = match value {
        None => true,
        Some(Literal::Word(name)) => !values::is_constant(name),
        Some(Literal::Text { .. }) => false,
        // `3` at a prompt is no string.
        Some(_) => !context.transcript,
    };
    let agrees = shown(value).is_some_and(|text| text == actual)
        || loose && shown(came).is_some_and(|text| text == claimed)
        || value.is_some_and(|value| side_by_side(value, actual));
    agrees.then_some(Tolerance::Repr)
}

/// Whether `1, 'a'` is what `print(1, 'a')` printed.
fn side_by_side(claimed: &Literal, actual: &str) -> bool {
    let Literal::Group(Kind::Bare, items) = claimed else {
        return false;
    };
    let printed: Option<Vec<&str>> = items
        .iter()
        .map(|item| match item {
            Literal::Number(text) | Literal::Word(text) | Literal::Opaque(text) => {
                Some(text.as_str())
            }
            Literal::Text { prefix: ' ', value } => Some(value.as_str()),
            _ => None,
        })
        .collect();
    printed.is_some_and(|printed| printed.join(" ") == collapsed(actual))
}

/// A claim with parts left out.
fn left_out(claimed: &str, actual: &str, context: &Context) -> Option<Tolerance> {
    if !elide::is_in(claimed) {
        return None;
    }
    let (claimed, actual) = (collapsed(claimed), collapsed(actual));
    if elide::matches(&claimed, &actual) {
        return Some(Tolerance::Elided);
    }
    if has_items(&claimed, &actual) {
        return Some(Tolerance::Elided);
    }
    let (masked_claim, masked) = (masked(&claimed, context), masked(&actual, context));
    elide::matches(&masked_claim, &masked).then_some(Tolerance::Volatile)
}

/// Whether `{'x': 1, ...}` names items of a dict or set whose reprs can't be read as values.
fn has_items(claimed: &str, actual: &str) -> bool {
    let inner = |text: &'_ str| {
        let inner = text.strip_prefix('{')?.strip_suffix('}')?;
        Some(format!(", {inner},"))
    };
    let (Some(claimed), Some(actual)) = (inner(claimed), inner(actual)) else {
        return false;
    };
    parse(&actual).is_none()
        && split_items(&claimed)
            .iter()
            .filter(|item| !item.is_empty() && elide::at_start(item) == 0)
            .all(|item| actual.contains(&format!(", {item},")))
}

/// Text in which what is only ever right in shape looks the same everywhere.
fn masked(text: &str, context: &Context) -> String {
    use shapes::Shape;
    shapes::tokens(text)
        .into_iter()
        .map(|token| match token.shape {
            Shape::Address => "at 0x0",
            Shape::Timing => "1 loop",
            Shape::Moment if !context.has_second() || context.times => "now",
            Shape::Duration if token.text.contains('.') => "1.0 s",
            Shape::Int if context.ids && token.text.len() >= 5 => "12345",
            Shape::Int if context.processes && token.text.len() >= 3 => "12345",
            Shape::Float if context.times || context.random => "1.5",
            _ => token.text,
        })
        .collect()
}

/// The lines of a text that say something.
pub(super) fn telling_lines(text: &str) -> Vec<&str> {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .collect()
}

/// Line by line; blank lines do not count.
fn lines(claimed: &str, actual: &str, context: &Context) -> Option<Tolerance> {
    let (claimed, actual) = (telling_lines(claimed), telling_lines(actual));
    if claimed.len() != actual.len() {
        return None;
    }
    let pairs = claimed.into_iter().zip(actual);
    pairs
        .map(|(claimed, actual)| line(claimed, actual, context))
        .try_fold(Tolerance::Repr, |widest, next| Some(widest.max(next?)))
}

/// The same tokens in another order, where a second run gave them in yet another.
fn permuted(claimed: &str, actual: &str, context: &Context) -> Option<Tolerance> {
    (context.is_permuted() && is_permuted(claimed, actual)).then_some(Tolerance::Volatile)
}

/// True for the same tokens in some order.
pub(super) fn is_permuted(claimed: &str, actual: &str) -> bool {
    let sorted = |text| {
        let mut words: Vec<&str> = shapes::tokens(text)
            .into_iter()
            .filter(|token| token.shape != shapes::Shape::Space)
            .map(|token| token.text)
            .collect();
        words.sort_unstable();
        words
    };
    sorted(claimed) == sorted(actual)
}

/// Text in which only the last line is left of each traceback.
pub(super) fn without_tracebacks(text: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        let begins = line
            .trim_start()
            .starts_with("Traceback (most recent call last)");
        let frame = line.starts_with([' ', '\t', '.', '…']) || line.trim().is_empty();
        inside = begins || inside && frame;
        if !inside {
            kept.push(line);
        }
    }
    kept.join("\n")
}
