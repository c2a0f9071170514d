//! Exceptions that a change in Python explains: from class, message and code to a rule.
//!
//! The catalogue has the texts. The same text is often an ordinary slip in Python 3, so here is
//! what else has to be so; and what no Python 2 can have run is not explained by a difference to it.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::catalogue;
use crate::notes::tokens::{Kind, Token, tokenize};

/// An exception, with the line that raised it and all code of its block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen<'a> {
    pub(super) class: &'a str,
    pub(super) message: &'a str,
    pub(super) source: &'a str,
    pub(super) code: &'a str,
}

/// The rule that explains the exception.
pub(super) fn rule(seen: Seen<'_>) -> Option<&'static str> {
    static SIGNS: LazyLock<Vec<(&str, Regex)>> = LazyLock::new(|| {
        let rules = catalogue::rules().iter();
        let texts = rules.flat_map(|rule| rule.errors.iter().map(move |text| (rule, text)));
        texts
            .map(|(rule, text)| (rule.slug.as_str(), pattern(text)))
            .collect()
    });
    let text = format!("{}: {}", seen.class, seen.message);
    let found = SIGNS.iter().find(|(rule, sign)| {
        let captures = sign.captures(&text);
        captures.is_some_and(|captures| has_evidence(rule, seen, &captures))
    });
    found.map(|(rule, _)| *rule)
}

#[expect(
    clippy::expect_used,
    reason = "the patterns are fixed or made of names, and the tests use them"
)]
fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a pattern")
}

fn finds(text: &str, source: &str) -> bool {
    pattern(source).is_match(text)
}

/// True where the code shows that the exception is what the rule is about.
fn has_evidence(rule: &str, seen: Seen<'_>, captures: &Captures<'_>) -> bool {
    let group = |at: usize| captures.get(at).map_or("", |group| group.as_str());
    let name = group(1);
    if rule.starts_with("py2-") && is_python3(seen.code) {
        return false;
    }
    match rule {
        "py2-str-bytes" => !has_string(seen.code, 'b'),
        "py2-print-statement" => finds(seen.source, r"\bprint\s*>>"),
        "py2-integer-division" => divides(seen),
        "py2-mixed-comparison" => had_an_order(name, group(2)),
        "py2-special-method" if captures[0].contains(" for /") => {
            finds(seen.code, r"\bdef\s+__[ri]?div__\s*\(")
        }
        "py2-special-method" => finds(seen.code, r"\bdef\s+__cmp__\s*\("),
        "py2-next-method" if !captures[0].starts_with("Attribute") => {
            finds(seen.code, r"\bdef\s+next\s*\(")
        }
        "py2-list-result" if captures[0].starts_with("Runtime") => {
            finds(seen.source, r"\.(keys|values|items)\s*\(\s*\)\s*:")
        }
        "py2-exception-name" => finds(seen.code, &format!(r"\bexcept\b.*\bas\s+{name}\s*:")),
        "py2-leaking-variable" => {
            let listed = format!(r"\[[^\[\]]*\bfor\s+(?:\w+\s*,\s*)*{name}\b[^\[\]]*\bin\b");
            finds(seen.code, &listed)
        }
        "py2-exec-locals" => finds(seen.code, &format!(r"\bexec\s*\(.*\b{name}\s*=")),
        "py2-eq-hash" => {
            finds(seen.code, &format!(r"\bclass\s+{name}\b"))
                && finds(seen.code, r"\bdef\s+__eq__\s*\(")
                && !finds(seen.code, r"\b__hash__\b")
        }
        "raise-string" => finds(seen.source, r#"\braise\s+[uU]?['"]"#),
        "asyncio-loop-argument" => finds(seen.code, r"\basyncio\b"),
        // Once a loop was set or run, a second one never came by itself.
        "asyncio-no-current-loop" => !finds(seen.code, r"\basyncio\.(run|Runner)\(|set_event_loop"),
        "json-encoding" => finds(seen.source, r"\bjson\.(load|dump)s?\("),
        "random-sample-set" => finds(seen.code, r"\bset\(|\.keys\(\)|\{\s*[^\s:{}][^:{}]*\}"),
        _ => true,
    }
}

/// True for code that Python 2 does not accept, or that uses what only Python 3 has.
fn is_python3(code: &str) -> bool {
    static SIGNS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(concat!(
            r"(?m)\basync\s+(?:def|for|with)\b|\bawait\s|\bnonlocal\s",
            r"|\byield\s+from\b|:=|\bprint\(.*[,(]\s*(?:end|sep|file|flush)\s*=|\)\s*->\s*[\w'\[]",
            r"|\bdef\s+\w+\([^)]*\w\s*:\s*[\w'\[]|\braise\b.*\bfrom\b|\bsuper\(\)|\bmetaclass\s*=",
            r"|^[\s>.]*\w+\s*:\s*(?:int|str|bytes|float|bool|list|dict|set|tuple)\b(?:\[.*\])?\s*=",
            r"|\b(?:import|from)\s+(?:asyncio|concurrent|configparser|contextvars|dataclasses|enum|html\.parser",
            r"|http\.(?:client|server)|pathlib|queue|secrets|socketserver|statistics|tkinter|typing|urllib\.\w+|builtins)\b",
        ))
    });
    let asks_for_it = code.contains("from __future__ import");
    !asks_for_it && (SIGNS.is_match(code) || has_string(code, 'f'))
}

/// True where a string of the code has this letter in its prefix.
fn has_string(code: &str, letter: char) -> bool {
    let tokens = tokenize(code).into_iter();
    let mut strings = tokens.filter(|token| token.kind == Kind::Text);
    strings.any(|token| {
        let prefix = token.text.split(['\'', '"']).next().unwrap_or_default();
        prefix.to_lowercase().contains(letter)
    })
}

/// True where Python 2 put values of these types into an order.
fn had_an_order(one: &str, other: &str) -> bool {
    const TYPES: [&str; 11] = [
        "int",
        "float",
        "bool",
        "str",
        "list",
        "tuple",
        "dict",
        "NoneType",
        "type",
        "function",
        "builtin_function_or_method",
    ];
    const ALONE: [&str; 4] = ["dict", "NoneType", "type", "function"];
    TYPES.contains(&one) && TYPES.contains(&other) && (one != other || ALONE.contains(&one))
}

/// True where the line divides with `/`, or uses a name that the code sets to such a quotient.
fn divides(seen: Seen<'_>) -> bool {
    let divides = |tokens: &[Token<'_>]| tokens.iter().any(|token| token.is("/") || token.is("/="));
    let line = tokenize(seen.source);
    if divides(&line) {
        return true;
    }
    let used = |name: &str| line.iter().any(|token| token.is_name(name));
    let code = tokenize(seen.code);
    let mut statements = code.split(|token| token.kind == Kind::Newline);
    statements.any(|statement| {
        let Some(equals) = statement
            .iter()
            .position(|token| token.is("=") || token.is("/="))
        else {
            return false;
        };
        let sets = statement[..equals]
            .iter()
            .any(|token| token.kind == Kind::Name && used(token.text));
        sets && divides(&statement[equals..])
    })
}
