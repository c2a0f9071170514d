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

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(class: &str, message: &str, code: &str) -> Option<&'static str> {
        rule(Seen {
            class,
            message,
            source: code.lines().last().unwrap_or_default(),
            code,
        })
    }

    #[test]
    fn a_quotient_explains_an_index_where_there_is_one() {
        let error = |code| {
            let message = "list indices must be integers or slices, not float";
            explained("TypeError", message, code)
        };
        let division = Some("py2-integer-division");
        assert_eq!(error("a[len(a) / 2]"), division);
        assert_eq!(error("m = (i + j) / 2\na[m]"), division);
        assert_eq!(error("m = 0.5\na[m]"), None);
        assert_eq!(error("k = 3 / 2\nm = 0.5\na[m]"), None);
        assert_eq!(error("path = '/tmp'\na[1.0]"), None);
        assert_eq!(error("a[m // 2.0]"), None);
        assert_eq!(error("print(f'{a}')\na[len(a) / 2]"), None);
    }

    #[test]
    fn mixing_text_and_bytes_is_a_slip_where_the_code_knows_bytes() {
        let error = |code| explained("TypeError", "can't concat str to bytes", code);
        assert_eq!(
            error("out = check_output(c)\nout + 'a'"),
            Some("py2-str-bytes")
        );
        assert_eq!(error("b'a' + 'b'"), None);
        assert_eq!(error("import urllib.request\nout + 'b'"), None);
    }

    #[test]
    fn types_that_never_had_an_order_are_left_alone() {
        let error = |one: &str, other: &str| {
            let message = format!("'<' not supported between instances of '{one}' and '{other}'");
            explained("TypeError", &message, "sorted(x)")
        };
        assert_eq!(error("int", "str"), Some("py2-mixed-comparison"));
        assert_eq!(error("NoneType", "NoneType"), Some("py2-mixed-comparison"));
        assert_eq!(error("complex", "complex"), None);
        assert_eq!(error("A", "A"), None);
    }

    #[test]
    fn a_name_is_explained_by_what_made_it_in_python_2() {
        let error = |name: &str, code| {
            let message = format!("name '{name}' is not defined");
            explained("NameError", &message, code)
        };
        let caught = "try: f()\nexcept E as e: pass\ne";
        assert_eq!(error("e", caught), Some("py2-exception-name"));
        assert_eq!(error("x", caught), None);
        let listed = "[i * x for i, x in y]\nx";
        assert_eq!(error("x", listed), Some("py2-leaking-variable"));
        assert_eq!(error("y", listed), None);
        assert_eq!(error("x", "(x for x in y)\nx"), None);
    }
}
