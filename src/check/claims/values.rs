//! Compares two values as they are shown.
//!
//! Both were read; where they are written alike was seen before, so what agrees here agrees at
//! least as a repr. Lists and tuples have an order, sets and dicts have none.

use std::collections::HashMap;

use super::context::Context;
use super::literal::{Kind, Literal};
use super::shapes::{self, Shape, Token};
use super::{elide, number};
use crate::model::Tolerance;

/// More pairs of items than these are not compared where there is no order.
const UNORDERED: usize = 40_000;

/// Compares a claimed value with what came.
pub(super) fn compare(claimed: &Literal, actual: &Literal, context: &Context) -> Option<Tolerance> {
    use Literal::{Call, Gap, Group, Named, Number, Opaque, Pair, Text, Word};
    if claimed == actual && *claimed != Gap {
        return Some(Tolerance::Exact);
    }
    match (claimed, actual) {
        (Gap, _) => Some(Tolerance::Elided),
        (Number(claimed), Number(actual)) => number(claimed, actual, context),
        (
            Text {
                prefix: p,
                value: claimed,
            },
            Text {
                prefix: q,
                value: actual,
            },
        ) => (p == q).then(|| text(claimed, actual, context)).flatten(),
        (Word(name), Text { prefix: ' ', value }) => {
            (name == value && !is_constant(name)).then_some(Tolerance::Repr)
        }
        (Word(name), Opaque(repr)) => is_class_of(name, repr).then_some(Tolerance::Repr),
        (Word(claimed), Word(actual)) => word(claimed, actual, context),
        (Opaque(claimed), Opaque(actual)) => opaque(claimed, actual, context),
        (Group(claimed_kind, claimed), Group(kind, actual)) => {
            group((*claimed_kind, claimed), (*kind, actual), context)
        }
        (Pair(key, value), Pair(actual_key, actual_value)) => {
            let key = compare(key, actual_key, context)?;
            Some(key.max(compare(value, actual_value, context)?))
        }
        (Named(name, value), Named(actual_name, actual)) if name == actual_name => {
            compare(value, actual, context)
        }
        (Call(name, claimed), Call(actual_name, actual)) if name == actual_name => {
            call(name, claimed, actual, context)
        }
        _ => None,
    }
}

/// True for names that are values themselves.
pub(super) fn is_constant(name: &str) -> bool {
    matches!(name, "True" | "False" | "None")
}

fn number(claimed: &str, actual: &str, context: &Context) -> Option<Tolerance> {
    if number::is_cut(claimed, actual) || context.close && number::is_close(claimed, actual) {
        return Some(Tolerance::Float);
    }
    let unsigned = |text: &'_ str| text.trim_start_matches(['+', '-']).to_owned();
    shapes::compare(&unsigned(claimed), &unsigned(actual), context, true)
        .filter(|tolerance| *tolerance == Tolerance::Volatile)
}

/// The contents of two strings.
fn text(claimed: &str, actual: &str, context: &Context) -> Option<Tolerance> {
    if elide::is_in(claimed) && elide::matches(claimed, actual) {
        return Some(Tolerance::Elided);
    }
    if context.random || context.varies(actual) {
        return Some(Tolerance::Volatile);
    }
    shapes::compare(claimed, actual, context, true)
        .filter(|tolerance| *tolerance == Tolerance::Volatile)
}

fn word(claimed: &str, actual: &str, context: &Context) -> Option<Tolerance> {
    let token = |text| Token {
        shape: Shape::Word,
        text,
    };
    if is_constant(claimed) != is_constant(actual) {
        return None;
    }
    shapes::token(token(claimed), token(actual), context)
}

/// Whether `<class 'a.b'>` or the like is the class that a note calls `name`.
fn is_class_of(name: &str, repr: &str) -> bool {
    let class = repr
        .strip_prefix("<class '")
        .and_then(|rest| rest.strip_suffix("'>"));
    class.is_some_and(|class| class == name || class.rsplit('.').next() == Some(name))
}

fn opaque(claimed: &str, actual: &str, context: &Context) -> Option<Tolerance> {
    let main = "__main__.";
    let compare = |claimed: &str, actual: &str| {
        if elide::is_in(claimed) && elide::matches(claimed, actual) {
            return Some(Tolerance::Elided);
        }
        shapes::compare(claimed, actual, context, false)
    };
    compare(claimed, actual)
        .or_else(|| compare(&claimed.replace(main, ""), &actual.replace(main, "")))
        .or_else(|| {
            // What the note ran as a module of its own runs as `__main__` here.
            let class = claimed.trim_start_matches('<').split(' ').next()?;
            let (module, _) = class.split_once('.')?;
            let moved = claimed.replacen(&format!("<{module}."), "<__main__.", 1);
            compare(&moved, actual)
        })
        .map(|tolerance| tolerance.max(Tolerance::Repr))
}

fn group(
    (claimed_kind, claimed): (Kind, &[Literal]),
    (kind, actual): (Kind, &[Literal]),
    context: &Context,
) -> Option<Tolerance> {
    let empty = |items: &[Literal]| items.iter().all(|item| *item == Literal::Gap);
    let bare = (claimed_kind, kind) == (Kind::Bare, Kind::Tuple);
    let any =
        empty(claimed) && !claimed.is_empty() && (claimed_kind, kind) == (Kind::Dict, Kind::Set);
    if claimed_kind != kind && !bare && !any {
        return None;
    }
    let least = if bare {
        Tolerance::Repr
    } else {
        Tolerance::Exact
    };
    let found = if matches!(kind, Kind::Set | Kind::Dict) {
        unordered(claimed, actual, context)
    } else {
        ordered(claimed, actual, context)
    };
    found.map(|tolerance| tolerance.max(least))
}

fn call(
    name: &str,
    claimed: &[Literal],
    actual: &[Literal],
    context: &Context,
) -> Option<Tolerance> {
    if let Some(found) = ordered(claimed, actual, context) {
        let counts = name.ends_with("OrderedDict") && found == Tolerance::Order;
        return (!counts).then_some(found);
    }
    let may_vary = match name {
        "datetime.datetime" | "time.struct_time" => !context.has_second(),
        "datetime.date" | "datetime.time" | "datetime.timedelta" => false,
        _ => return None,
    };
    (may_vary || context.times || context.varies_at_all()).then_some(Tolerance::Volatile)
}

/// Items one by one; what is left out stands for any number of them.
fn ordered(claimed: &[Literal], actual: &[Literal], context: &Context) -> Option<Tolerance> {
    let (mut at, mut next) = (0, 0);
    let mut widest = Tolerance::Exact;
    // Where to go on when it fails: behind the last gap, one item further.
    let mut again: Option<(usize, usize, Tolerance)> = None;
    while next < actual.len() || at < claimed.len() {
        match claimed.get(at) {
            Some(Literal::Gap) => {
                widest = Tolerance::Elided;
                again = Some((at + 1, next, widest));
                at += 1;
                continue;
            }
            Some(item) if next < actual.len() => {
                if let Some(tolerance) = compare(item, &actual[next], context) {
                    widest = widest.max(tolerance);
                    at += 1;
                    next += 1;
                    continue;
                }
            }
            _ => {}
        }
        let (gap, from, before) = again.filter(|(_, from, _)| *from < actual.len())?;
        again = Some((gap, from + 1, before));
        (at, next, widest) = (gap, from + 1, before);
    }
    Some(widest)
}

/// Items in any order. Every pair of items is compared once at most, so that nested values cost
/// no more than their size.
fn unordered(claimed: &[Literal], actual: &[Literal], context: &Context) -> Option<Tolerance> {
    let wanted: Vec<&Literal> = claimed
        .iter()
        .filter(|item| **item != Literal::Gap)
        .collect();
    let gap = wanted.len() < claimed.len();
    if wanted.len() > actual.len() || !gap && wanted.len() != actual.len() {
        return None;
    }
    let mut left: Vec<Option<&Literal>> = actual.iter().map(Some).collect();
    let mut widest = if gap {
        Tolerance::Elided
    } else {
        Tolerance::Exact
    };
    let mut places: HashMap<&Literal, Vec<usize>> = HashMap::new();
    for (place, item) in actual.iter().enumerate().rev() {
        places.entry(item).or_default().push(place);
    }
    let mut loose = Vec::new();
    for (at, item) in wanted.into_iter().enumerate() {
        match places.get_mut(item).and_then(Vec::pop) {
            Some(found) => {
                left[found] = None;
                widest = widest.max(moved(at, found));
            }
            None => loose.push((at, item)),
        }
    }
    if loose.len() * left.len() > UNORDERED {
        return None;
    }
    for (at, item) in loose {
        let mut places = std::iter::once(at).chain((0..left.len()).filter(|place| *place != at));
        let (found, tolerance) =
            places.find_map(|place| Some((place, compare(item, left[place]?, context)?)))?;
        left[found] = None;
        widest = widest.max(tolerance).max(moved(at, found));
    }
    Some(widest)
}

fn moved(from: usize, to: usize) -> Tolerance {
    if from == to {
        Tolerance::Exact
    } else {
        Tolerance::Order
    }
}
