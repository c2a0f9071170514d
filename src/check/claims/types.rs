//! Compares the type that a note names with the type of the value.

use super::family;
use super::happened::Came;
use super::judge::{Facts, Outcome, ended};
use super::raises;
use crate::model::{Claim, Tolerance, WhyUnchecked};

/// Compares `name` with the type of the value that came.
pub(super) fn judge(facts: Facts<'_>, came: &Came<'_>, name: &str) -> Outcome {
    let name = canonical(name);
    for seen in &came.seen {
        // The value is itself a type, or the name of one.
        if shown_class(&seen.text).is_some_and(|class| is_named(name, class)) {
            return Outcome::holds(&seen.text, exactly(facts.claim, &seen.text));
        }
    }
    let shown = came.seen.iter().find_map(|seen| shown_class(&seen.text));
    let guessed = || {
        came.seen
            .iter()
            .find_map(|seen| family::type_of(&seen.text))
    };
    let class = shown.or(came.class).or_else(guessed);
    match class {
        Some(class) if is_named(name, class) => Outcome::holds(class, Tolerance::Repr),
        Some(class) => {
            let mut outcome = Outcome::stale(class);
            outcome.rewrite = rewrite(facts.claim, class);
            outcome
        }
        None => unknown(facts, came),
    }
}

fn exactly(claim: &Claim, text: &str) -> Tolerance {
    if claim.claimed == text {
        Tolerance::Exact
    } else {
        Tolerance::Repr
    }
}

fn unknown(facts: Facts<'_>, came: &Came<'_>) -> Outcome {
    if let Some(raised) = &came.raised {
        return match raises::excuse(raised, &facts.claim.source) {
            Some(why) => Outcome::unchecked(why),
            None => Outcome::stale(raised.shown()),
        };
    }
    match facts.course.ended_before(facts.claim.about.lines()) {
        Some(raised) => Outcome::unchecked(ended(&raised)),
        None => Outcome::unchecked(WhyUnchecked::NoType),
    }
}

/// The class in `<class 'a'>`.
fn shown_class(text: &str) -> Option<&str> {
    text.strip_prefix("<class '")?.strip_suffix("'>")
}

/// The name that Python has for a type that people call `name`.
fn canonical(name: &str) -> &str {
    let name = name
        .trim()
        .strip_prefix("<class '")
        .and_then(|rest| rest.strip_suffix("'>"))
        .unwrap_or(name);
    match name {
        "integer" => "int",
        "string" => "str",
        "boolean" => "bool",
        "dictionary" => "dict",
        name => name,
    }
}

fn is_named(name: &str, class: &str) -> bool {
    let last = |name: &'_ str| name.rsplit('.').next().unwrap_or("").to_owned();
    let class = last(class);
    match name {
        "iterator" | "generator" => {
            let iterators = ["map", "filter", "zip", "generator", "enumerate", "reversed"];
            class.ends_with("iterator") || iterators.contains(&class.as_str())
        }
        "number" => ["int", "float", "complex"].contains(&class.as_str()),
        "function" => class.ends_with("function") || class.ends_with("method"),
        name => last(name) == class,
    }
}

/// The new name, where the claim is a name and not words about it.
fn rewrite(claim: &Claim, class: &str) -> Option<String> {
    let repr = format!("<class '{class}'>");
    if claim.claimed.starts_with("<type '") || claim.claimed.starts_with("<class '") {
        return Some(repr);
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let known = [
        "int", "float", "str", "bytes", "list", "tuple", "dict", "set", "bool", "unicode", "long",
    ];
    (known.contains(&claim.claimed.as_str()) && class.chars().all(is_name))
        .then(|| class.to_owned())
}
