//! What Python itself warns of: code that works today and is to fail or to change.
//!
//! Only what Python says about the note's own lines. What a snippet warns of by itself is part of
//! what it does, and a note that names a class of warnings knows of them.

use std::sync::LazyLock;

use regex::{Regex, RegexSet};

use super::history::{self, Gone, Version};
use super::{Told, catalogue, name_gone};
use crate::check::raised::SourceLines;
use crate::model::{Analysis, Block, EventKind, Finding, Severity, Text, Trace};
use crate::text;

/// A warning with its line in the note.
struct Given<'a> {
    line: usize,
    source: &'a str,
    class: &'a str,
    message: &'a str,
}

/// The warnings that the compiler gave and those that came while the snippet ran, as findings of the
/// Python of `version`; one for each rule and line.
pub fn warnings(
    block: &Block,
    analysis: &Analysis,
    trace: Option<&Trace>,
    version: Version,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut told = Told::default();
    let lines = SourceLines::of(block);
    let unknown: Vec<&str> = SOON_STALE
        .into_iter()
        .filter(|class| !block.text.contains(class))
        .collect();
    for (line, class, message) in compiled(analysis).chain(ran(trace)) {
        let is_here = block.lines.first <= line && line <= block.lines.last;
        if !is_here || !unknown.contains(&class) {
            continue;
        }
        let given = Given {
            line,
            source: lines.line(line),
            class,
            message,
        };
        let found = finding(&given, version);
        if told.is_new(&found) {
            findings.push(found);
        }
    }
    findings
}

/// Line, class and text of each warning.
fn compiled(analysis: &Analysis) -> impl Iterator<Item = (usize, &str, &str)> {
    let given = analysis.warnings.iter();
    given.map(|it| (it.line as usize, it.class.as_str(), it.message.as_str()))
}

fn ran(trace: Option<&Trace>) -> impl Iterator<Item = (usize, &str, &str)> {
    let events = trace.into_iter().flat_map(|trace| &trace.events);
    events.filter_map(|event| match &event.kind {
        EventKind::Warned {
            class,
            own: false,
            message,
        } => Some((event.line as usize, class.as_str(), message.as_str())),
        _ => None,
    })
}

/// The classes of warnings about what is to fail or to change.
const SOON_STALE: [&str; 3] = [
    "DeprecationWarning",
    "PendingDeprecationWarning",
    "SyntaxWarning",
];

/// A rule of the catalogue, else a name that is to go, else what Python says.
fn finding(given: &Given<'_>, version: Version) -> Finding {
    let found = by_rule(given)
        .or_else(|| by_name(given, version))
        .unwrap_or_else(|| in_its_words(given, version));
    Finding {
        severity: Severity::Warning,
        ..found
    }
}

fn by_rule(given: &Given<'_>) -> Option<Finding> {
    let at = PATTERNS.matches(given.message).into_iter().next()?;
    let found = catalogue::finding(RULES[at].0, given.line);
    let message = match ESCAPE.captures(given.message) {
        Some(escape) if found.rule == "invalid-escape" => no_escape(&escape[1]),
        _ => found.message,
    };
    Some(Finding { message, ..found })
}

fn no_escape(escape: &str) -> Text {
    text!(
        "`{escape}` is no escape: the backslash stands for itself, and Python warns of it",
        "`{escape}` 不是转义：反斜杠只代表它自己，Python 对此发出警告"
    )
}

/// Where the warning begins with a name that the history knows to end after this version, or where
/// its line has such a name.
fn by_name(given: &Given<'_>, version: Version) -> Option<Finding> {
    let said = NAMED
        .captures(given.message)
        .map(|found| found[1].to_owned());
    let mut names = said.into_iter().chain(dotted(given));
    let gone = names.find_map(|name| history::soon(&name, version))?;
    let title = works_until(&gone);
    Some(Finding {
        message: title,
        ..name_gone(gone, given.line)
    })
}

/// The dotted names of the line that a warning is about.
fn dotted(given: &Given<'_>) -> Vec<String> {
    let mut names: Vec<String> = DOTTED
        .find_iter(given.source)
        .map(|found| found.as_str().to_owned())
        .collect();
    if let Some(found) = IMPORT.captures(given.source) {
        let imported = found[2]
            .split(',')
            .map(|name| name.trim_matches(['(', ')', ' ']));
        names.extend(imported.map(|name| format!("{}.{name}", &found[1])));
    }
    names.retain(|name| is_about(given.message, name));
    if given.message.starts_with("Please use assert") {
        let methods = METHOD.captures_iter(given.source);
        names.extend(methods.map(|found| format!("unittest.TestCase.{}", &found[1])));
    }
    names
}

/// True where a text has the first or the last part of a dotted name as a word.
fn is_about(message: &str, name: &str) -> bool {
    let mut words = message.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let (first, last) = (name.split('.').next(), name.rsplit('.').next());
    words.any(|word| Some(word) == first || Some(word) == last)
}

fn works_until(gone: &Gone) -> Text {
    let (path, since) = (gone.path(), gone.since);
    text!(
        "`{path}` is deprecated and is gone in Python {since}",
        "`{path}` 已弃用，Python {since} 中没有它"
    )
}

fn in_its_words(given: &Given<'_>, version: Version) -> Finding {
    let slug = match given.class {
        "SyntaxWarning" => "syntax-warning",
        _ => "deprecated",
    };
    let message = given.message.lines().next().unwrap_or_default();
    Finding {
        message: text!("Python warns: {message}", "Python 警告：{message}"),
        since: announced(given.message, version).map(|since| since.to_string()),
        ..catalogue::finding(slug, given.line)
    }
}

/// The version after this one in which it ends, as the warning says.
fn announced(message: &str, version: Version) -> Option<Version> {
    let named = ANNOUNCED.captures_iter(message);
    let mut versions =
        named.filter_map(|found| Version::parse(found.get(1).or_else(|| found.get(2))?.as_str()));
    versions.find(|announced| *announced > version)
}

/// Rules of the catalogue, and how CPython begins the warnings that they are about.
const RULES: [(&str, &str); 32] = [
    (
        "asyncio-no-current-loop",
        r"^There is no current event loop",
    ),
    ("asyncio-loop-argument", r"^The loop argument is deprecated"),
    (
        "asyncio-bare-coroutine",
        r"^The explicit passing of coroutine objects to asyncio\.wait\(\) is deprecated",
    ),
    (
        "random-shuffle-argument",
        r"^The \*random\* parameter to shuffle\(\) has been deprecated",
    ),
    (
        "re-inline-flags",
        r"^Flags not at the start of the expression",
    ),
    (
        "invalid-escape",
        r"^(?:invalid escape sequence|.\\.. is an invalid escape sequence)",
    ),
    (
        "invalid-octal-escape",
        r"^(?:invalid octal escape sequence|.\\\d+. is an invalid octal escape)",
    ),
    ("is-literal", r#"^"is(?: not)?" with "#),
    ("missing-comma", r"; perhaps you missed a comma\?$"),
    (
        "assert-tuple",
        r"^assertion is always true, perhaps remove parentheses",
    ),
    (
        "return-in-finally",
        r"^'(?:return|break|continue)' in a 'finally' block",
    ),
    (
        "number-before-keyword",
        r"^invalid (?:decimal|hexadecimal|octal|binary|imaginary) literal$",
    ),
    (
        "datetime-utcnow",
        r"^datetime\.datetime\.utc(?:now|fromtimestamp)\(\) is deprecated",
    ),
    (
        "bool-invert",
        r"^Bitwise inversion '~' on bool is deprecated",
    ),
    (
        "tarfile-filter",
        r"^Python 3\.14 will, by default, filter extracted tar archives",
    ),
    (
        "sqlite3-adapters",
        r"^The default \w+ (?:adapter|converter) is deprecated as of Python 3\.12",
    ),
    (
        "locale-default",
        r"^(?:'locale\.getdefaultlocale' is deprecated|Use setlocale\(\), getencoding\(\) and getlocale\(\) instead)",
    ),
    (
        "throw-signature",
        r"^the \(type, (?:exc|val), tb\) signature",
    ),
    (
        "notimplemented-bool",
        r"^NotImplemented should not be used in a boolean context",
    ),
    ("random-sample-set", r"^Sampling from a set deprecated"),
    (
        "threading-camel-case",
        r"^(?:currentThread|activeCount|notifyAll|isSet|getName|setName|isDaemon|setDaemon)\(\) is deprecated",
    ),
    (
        "fork-with-threads",
        r"^This process \(pid=\d+\) is multi-threaded, use of fork",
    ),
    (
        "logging-warn",
        r"^The 'warn' (?:method|function) is deprecated, use 'warning'",
    ),
    (
        "re-positional",
        r"^'(?:count|maxsplit|flags)' is passed as positional argument",
    ),
    ("element-truth", r"^Testing an element's truth value"),
    (
        "strptime-without-year",
        r"^Parsing dates involving a day of month without a year",
    ),
    (
        "itertools-copy",
        r"^Pickle, copy, and deepcopy support will be removed from itertools",
    ),
    (
        "int-from-trunc",
        r"^The delegation of int\(\) to __trunc__ is deprecated",
    ),
    ("typing-submodules", r"^typing\.(?:io|re) is deprecated"),
    (
        "calendar-months",
        r"^The '(?:January|February)' attribute is deprecated",
    ),
    (
        "typing-keyword-fields",
        r"^Creating NamedTuple classes using keyword arguments is deprecated",
    ),
    ("array-u", r"^The 'u' type code is deprecated"),
];

#[expect(
    clippy::expect_used,
    reason = "the patterns are fixed, and the tests use each one"
)]
fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}

#[expect(
    clippy::expect_used,
    reason = "the patterns are fixed, and the tests use each one"
)]
static PATTERNS: LazyLock<RegexSet> = LazyLock::new(|| {
    RegexSet::new(RULES.iter().map(|(_, pattern)| pattern)).expect("fixed patterns")
});
static ESCAPE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(\\.)"));
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"^(?:[Tt]he )?(?:module )?["'`]?([A-Za-z_]\w*(?:\.\w+)*)(?:\(\))?["'`]?(?: module| package)? is deprecated"#,
    )
});
static ANNOUNCED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:removed|removal|disallowed|forbidden|change|an error|stop working) in (?:Python )?(3\.\d+)|\bin (?:Python )?(3\.\d+) it will\b",
    )
});
static DOTTED: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+"));
static IMPORT: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*from\s+([\w.]+)\s+import\s+(.+)$"));
static METHOD: LazyLock<Regex> = LazyLock::new(|| pattern(r"\.(\w+)\("));

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::{CodeWarning, Event, Lines};

    fn block(text: &str) -> Block {
        Block {
            lines: Lines {
                first: 5,
                last: 4 + text.lines().count(),
            },
            text: text.into(),
            ..Block::default()
        }
    }

    /// The findings for one warning on the first line of `text`, which Python 3.9 runs.
    fn found(text: &str, class: &str, message: &str) -> Vec<Finding> {
        let analysis = Analysis {
            warnings: vec![CodeWarning {
                line: 5,
                class: class.into(),
                message: message.into(),
            }],
            ..Analysis::default()
        };
        warnings(&block(text), &analysis, None, Version(3, 9))
    }

    #[test]
    fn every_pattern_leads_to_a_rule_that_says_since_when_python_warns() {
        for (slug, _) in RULES {
            let rule = catalogue::rule(slug).unwrap();
            assert!(rule.warns.is_some(), "{slug}");
        }
    }

    #[test]
    fn warnings_of_cpython_lead_to_their_rules() {
        for (message, slug) in [
            ("invalid escape sequence \\d", "invalid-escape"),
            (
                "\"\\d\" is an invalid escape sequence. Such sequences will not work in the future. Did you mean \"\\\\d\"? A raw string is also an option.",
                "invalid-escape",
            ),
            (
                "invalid octal escape sequence '\\777'",
                "invalid-octal-escape",
            ),
            (
                "\"is\" with 'str' literal. Did you mean \"==\"?",
                "is-literal",
            ),
            (
                "\"is not\" with a literal. Did you mean \"!=\"?",
                "is-literal",
            ),
            (
                "'tuple' object is not callable; perhaps you missed a comma?",
                "missing-comma",
            ),
            (
                "list indices must be integers or slices, not tuple; perhaps you missed a comma?",
                "missing-comma",
            ),
            (
                "assertion is always true, perhaps remove parentheses?",
                "assert-tuple",
            ),
            ("'return' in a 'finally' block", "return-in-finally"),
            ("invalid decimal literal", "number-before-keyword"),
            (
                "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature instead.",
                "throw-signature",
            ),
            (
                "setDaemon() is deprecated, set the daemon attribute instead",
                "threading-camel-case",
            ),
            (
                "The 'warn' method is deprecated, use 'warning' instead",
                "logging-warn",
            ),
            (
                "Use setlocale(), getencoding() and getlocale() instead",
                "locale-default",
            ),
            ("There is no current event loop", "asyncio-no-current-loop"),
            (
                "The loop argument is deprecated since Python 3.8, and scheduled for removal in Python 3.10.",
                "asyncio-loop-argument",
            ),
            (
                "The explicit passing of coroutine objects to asyncio.wait() is deprecated since Python 3.8, and scheduled for removal in Python 3.11.",
                "asyncio-bare-coroutine",
            ),
            (
                "The *random* parameter to shuffle() has been deprecated since Python 3.9 and will be removed in a subsequent version.",
                "random-shuffle-argument",
            ),
            (
                "Flags not at the start of the expression 'a(?i)'",
                "re-inline-flags",
            ),
            ("The frobnicator is old", "deprecated"),
        ] {
            let found = found("x\n", "DeprecationWarning", message);
            let slugs: Vec<_> = found.iter().map(|it| it.rule.as_str()).collect();
            assert_eq!(slugs, [slug], "{message}");
            assert_eq!(found[0].severity, Severity::Warning);
            assert_eq!(found[0].line, 5);
        }
    }

    #[test]
    fn names_that_are_to_go_are_told_with_the_version() {
        for (source, message, slug, since) in [
            (
                "import imp",
                "the imp module is deprecated in favour of importlib; see the module's documentation for alternative uses",
                "module-imp",
                "3.12",
            ),
            (
                "import cgi",
                "'cgi' is deprecated and slated for removal in Python 3.13",
                "module-cgi",
                "3.13",
            ),
            (
                "collections.Mapping",
                "Using or importing the ABCs from 'collections' instead of from 'collections.abc' is deprecated",
                "collections-mapping",
                "3.10",
            ),
            (
                "from collections import OrderedDict, Mapping",
                "Using or importing the ABCs from 'collections'",
                "collections-mapping",
                "3.10",
            ),
            (
                "parser.parse(locale.format('%d', 3))",
                "This method will be removed in a future version of Python. Use 'locale.format_string()' instead.",
                "locale-format",
                "3.12",
            ),
            (
                "self.assertEquals(1, 1)",
                "Please use assertEqual instead.",
                "unittest-testcase-assertequals",
                "3.12",
            ),
        ] {
            let found = found(source, "DeprecationWarning", message);
            let told: Vec<_> = found
                .iter()
                .map(|it| (it.rule.as_str(), it.since.as_deref()))
                .collect();
            assert_eq!(told, [(slug, Some(since))], "{source}");
        }
    }

    #[test]
    fn an_escape_is_named() {
        for message in [
            "invalid escape sequence \\d",
            "invalid escape sequence '\\d'",
            "\"\\d\" is an invalid escape sequence. Did you mean \"\\\\d\"?",
        ] {
            let found = found("'\\d'", "SyntaxWarning", message);
            assert!(found[0].message.zh.starts_with("`\\d` "), "{found:?}");
        }
    }

    #[test]
    fn what_nobody_knows_is_quoted_with_the_version_that_it_names() {
        for (message, since) in [
            (
                "spam is deprecated and slated for removal in Python 3.15",
                Some("3.15"),
            ),
            (
                "spam will be removed in Python 3.11; use eggs",
                Some("3.11"),
            ),
            (
                "spam is deprecated since Python 3.8, and in 3.10 it will stop working",
                Some("3.10"),
            ),
            ("spam was removed in Python 3.2", None),
            ("spam is deprecated since Python 3.12", None),
        ] {
            let found = found("spam", "DeprecationWarning", message);
            assert_eq!(found[0].since.as_deref(), since, "{message}");
            assert!(found[0].message.en.ends_with(message));
        }
        assert_eq!(found("x", "SyntaxWarning", "odd")[0].rule, "syntax-warning");
    }

    #[test]
    fn what_the_note_knows_or_did_itself_is_no_finding() {
        assert!(found("x  # SyntaxWarning", "SyntaxWarning", "odd").is_empty());
        assert!(found("x", "UserWarning", "odd").is_empty());
        let event = |line, own| Event {
            line,
            top: line,
            kind: EventKind::Warned {
                class: "DeprecationWarning".into(),
                own,
                message: "spam is deprecated".into(),
            },
        };
        let trace = Trace {
            events: vec![
                event(0, false),
                event(5, true),
                event(6, false),
                event(6, false),
                event(9, false),
            ],
            end: crate::model::End::Finished,
            dropped: 0,
            in_replay: false,
            open: Vec::new(),
            seconds: 0.0,
        };
        let findings = warnings(
            &block("a\nb\n"),
            &Analysis::default(),
            Some(&trace),
            Version(3, 9),
        );
        let lines: Vec<_> = findings.iter().map(|it| it.line).collect();
        assert_eq!(lines, [6]);
    }
}
