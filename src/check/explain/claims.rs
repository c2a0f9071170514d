//! Why a claim is stale: from what a note shows and what came to a rule of the catalogue.
//!
//! Two kinds of rules. Some texts only Python 2 can have shown, such as `<type 'int'>`: such a
//! claim is stale whatever came, even where nothing did. For the others, what came tells.

use std::sync::LazyLock;

use regex::Regex;

use super::catalogue;
use super::history::{History, Version};
use crate::model::{About, CheckedClaim, Claim, ClaimForm, ClaimVerdict, Finding, Text};
use crate::text;

/// What Python 3 never shows.
#[derive(Debug)]
struct Shape {
    slug: &'static str,
    pattern: &'static LazyLock<Regex>,
}

/// A difference that a change in Python makes.
#[derive(Debug)]
struct Change {
    slug: &'static str,
    explains: fn(&CheckedClaim) -> bool,
    /// What to write at this place, where that is more than the rule says.
    help: fn(&CheckedClaim) -> Option<Text>,
}

/// The findings that explain stale claims under the Python of `version`, one for each rule and line.
pub fn claims(claims: &mut [CheckedClaim], version: Version) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let old_listing = claims
        .iter()
        .any(|checked| can_be_explained(checked) && !opcodes(&checked.claim, version).is_empty());
    for checked in claims {
        if old_listing && can_be_explained(checked) && checked.claim.source.contains("co_code") {
            // What is shown beside a listing of an old byte code is of the same old version.
            is_stale(checked);
        }
        for finding in explain(checked, version) {
            let is_new = !findings
                .iter()
                .any(|other| other.rule == finding.rule && other.line == finding.line);
            if is_new {
                findings.push(finding);
            }
        }
    }
    findings
}

/// False for claims that hold, and for those that are about another Python.
fn can_be_explained(checked: &CheckedClaim) -> bool {
    let elsewhere = checked.claim.scope.is_some() || checked.claim.options.skip;
    match checked.verdict {
        ClaimVerdict::Holds => false,
        ClaimVerdict::Stale => true,
        ClaimVerdict::Unchecked => !elsewhere,
    }
}

fn is_stale(checked: &mut CheckedClaim) {
    checked.verdict = ClaimVerdict::Stale;
    checked.why = String::new();
}

fn explain(checked: &mut CheckedClaim, version: Version) -> Vec<Finding> {
    if !can_be_explained(checked) {
        return Vec::new();
    }
    let impossible = impossible(&checked.claim, version);
    if !impossible.is_empty() {
        is_stale(checked);
    }
    if checked.verdict != ClaimVerdict::Stale || !impossible.is_empty() {
        return impossible;
    }
    let changes = CHANGES.iter().filter(|change| (change.explains)(checked));
    changes.map(|change| change.finding(checked)).collect()
}

/// The findings for what only an older Python can have shown.
pub(super) fn impossible(claim: &Claim, version: Version) -> Vec<Finding> {
    let shapes = SHAPES
        .iter()
        .filter_map(|shape| Some(catalogue::finding(shape.slug, line_of(shape, claim)?)));
    shapes.chain(opcodes(claim, version)).collect()
}

/// The findings for instructions in a listing of byte code that this Python does not have.
fn opcodes(claim: &Claim, version: Version) -> Vec<Finding> {
    let listed = claim.claimed.lines().enumerate();
    let gone = listed.filter_map(|(at, line)| {
        let name = BYTE_CODE.captures(line)?.get(3)?.as_str();
        let since = History::get().opcode(name)?.span.gone_in()?;
        (since <= version).then_some((at, name, since))
    });
    gone.map(|(at, name, since)| Finding {
        message: text!(
            "the instruction `{name}` of CPython's byte code is gone",
            "CPython 字节码中已没有指令 `{name}`"
        ),
        since: Some(since.to_string()),
        ..catalogue::finding(
            "opcode-gone",
            (claim.lines.first + at).min(claim.lines.last),
        )
    })
    .collect()
}

fn line_of(shape: &Shape, claim: &Claim) -> Option<usize> {
    let at = claim
        .claimed
        .lines()
        .position(|line| shape.pattern.is_match(line))?;
    Some((claim.lines.first + at).min(claim.lines.last))
}

impl Shape {
    const fn new(slug: &'static str, pattern: &'static LazyLock<Regex>) -> Self {
        Self { slug, pattern }
    }
}

impl Change {
    fn finding(&self, checked: &CheckedClaim) -> Finding {
        let claim = &checked.claim;
        let of_the_whole = matches!(
            claim.form,
            ClaimForm::Section | ClaimForm::NextBlock | ClaimForm::Traceback
        );
        let line = match claim.about {
            About::Output(_) if of_the_whole => claim.lines.first,
            About::Output(lines) | About::Statement(lines) => lines.first,
        };
        let finding = catalogue::finding(self.slug, line);
        Finding {
            help: (self.help)(checked).or(finding.help),
            ..finding
        }
    }
}

#[expect(
    clippy::expect_used,
    reason = "the patterns are fixed, and the tests use each one"
)]
fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}

static TYPE: LazyLock<Regex> = LazyLock::new(|| pattern(r"<type '[\w.]+'>"));
static UNICODE: LazyLock<Regex> = LazyLock::new(|| pattern(r#"(^|[\s\[({,:=])u('[^']*'|"[^"]*")"#));
static LONG: LazyLock<Regex> = LazyLock::new(|| pattern(r"(^|[\s\[({,.…-])\d+L($|[\s\])},])"));
static BYTES: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(^|[\s\[({,:=])'[^']*\\x[c-f][0-9a-f]\\x[89ab][0-9a-f][^']*'"));
static SET: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(set|frozenset)\(\["));
static INSTANCE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"<[\w.]+ instance at 0x[0-9a-fA-F]+>"));
static UNBOUND: LazyLock<Regex> = LazyLock::new(|| pattern(r"<unbound method [\w.]+>"));
static BYTE_CODE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?m)^\s*(\d+\s+)?(>>\s+)?\d+\s+([A-Z][A-Z_]{3,})\b"));

static SHAPES: [Shape; 7] = [
    Shape::new("py2-type-repr", &TYPE),
    Shape::new("py2-unicode-repr", &UNICODE),
    Shape::new("py2-long-repr", &LONG),
    Shape::new("py2-byte-string-repr", &BYTES),
    Shape::new("py2-set-repr", &SET),
    Shape::new("py2-instance-repr", &INSTANCE),
    Shape::new("py2-unbound-method", &UNBOUND),
];

static CHANGES: [Change; 5] = [
    Change {
        slug: "py2-integer-division",
        explains: is_integer_division,
        help: floor_division,
    },
    Change {
        slug: "py2-list-result",
        explains: was_a_list,
        help: |checked| Some(as_list(checked)),
    },
    Change {
        slug: "py2-print-tuple",
        explains: was_a_tuple,
        help: |_| None,
    },
    Change {
        slug: "py2-round",
        explains: |checked| {
            checked.claim.source.contains("round(")
                && checked.claim.claimed.ends_with(".0")
                && checked.actual.parse::<i64>().is_ok()
        },
        help: |_| None,
    },
    Change {
        slug: "byte-code",
        explains: |checked| {
            let source = &checked.claim.source;
            BYTE_CODE.is_match(&checked.claim.claimed)
                || source.contains("co_code")
                || source.contains("dis.dis(")
        },
        help: |_| None,
    },
];

fn is_integer_division(checked: &CheckedClaim) -> bool {
    let divides = checked.claim.source.replace("//", "").contains('/');
    let whole = checked.claim.claimed.trim().parse::<i64>();
    let came = checked.actual.trim();
    let (true, Ok(whole), Ok(exact), true) = (
        divides,
        whole,
        came.parse::<f64>(),
        came.contains(['.', 'e']),
    ) else {
        return false;
    };
    #[expect(
        clippy::cast_precision_loss,
        reason = "a difference of that size is no integer division"
    )]
    let whole = whole as f64;
    (exact.floor() - whole).abs() < f64::EPSILON
}

/// The same with `//`, where there is one `/` that can be meant.
fn floor_division(checked: &CheckedClaim) -> Option<Text> {
    let source = checked.claim.source.trim();
    let one = source.matches('/').count() == 1;
    let modern = source.replace('/', "//");
    one.then(|| text!("write `{modern}` for the integer", "要整数就写 `{modern}`"))
}

fn was_a_list(checked: &CheckedClaim) -> bool {
    const LAZY: [&str; 7] = [
        "<map object",
        "<filter object",
        "<zip object",
        "range(",
        "dict_keys(",
        "dict_values(",
        "dict_items(",
    ];
    checked.claim.claimed.trim().starts_with('[')
        && LAZY
            .iter()
            .any(|lazy| checked.actual.trim().starts_with(lazy))
}

/// The same as a list, inside of a `print`.
fn as_list(checked: &CheckedClaim) -> Text {
    let source = checked.claim.source.trim();
    let printed = source.strip_prefix("print").map(str::trim);
    let inside = printed.and_then(|rest| match rest.strip_prefix('(') {
        Some(inner) => inner.strip_suffix(')'),
        None => source.strip_prefix("print "),
    });
    let listed = match inside {
        Some(value) => format!("print(list({}))", value.trim()),
        None => format!("list({source})"),
    };
    text!(
        "write `{listed}` where a list is wanted",
        "需要列表时写 `{listed}`"
    )
}

fn was_a_tuple(checked: &CheckedClaim) -> bool {
    let source = checked.claim.source.trim();
    let claimed = checked.claim.claimed.trim();
    source.starts_with("print(")
        && source.contains(',')
        && claimed.starts_with('(')
        && claimed.ends_with(')')
        && !checked.actual.trim().starts_with('(')
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::Lines;

    fn rules(source: &str, claimed: &str, actual: &str) -> Vec<String> {
        let mut claims = [CheckedClaim {
            claim: Claim {
                lines: Lines { first: 4, last: 4 },
                about: About::Statement(Lines { first: 3, last: 3 }),
                source: source.into(),
                claimed: claimed.into(),
                ..Claim::default()
            },
            actual: actual.into(),
            verdict: ClaimVerdict::Stale,
            ..CheckedClaim::default()
        }];
        super::claims(&mut claims, Version(3, 11))
            .into_iter()
            .map(|finding| finding.rule)
            .collect()
    }

    #[test]
    fn each_rule_explains_what_it_is_about_and_nothing_else() {
        for (source, claimed, actual, rule) in [
            ("3 / 2", "1", "1.5", "py2-integer-division"),
            ("-3 / 2", "-2", "-1.5", "py2-integer-division"),
            ("4 / 2", "2", "2.0", "py2-integer-division"),
            ("range(3)", "[0, 1, 2]", "range(0, 3)", "py2-list-result"),
            ("d.keys()", "['a']", "dict_keys(['a'])", "py2-list-result"),
            ("print(1, 2)", "(1, 2)", "1 2", "py2-print-tuple"),
            ("round(2.5)", "3.0", "2", "py2-round"),
            ("f.__code__.co_code", "b't'", "b'x'", "byte-code"),
            ("type(1)", "<type 'int'>", "<class 'int'>", "py2-type-repr"),
            ("s", "u'abc'", "'abc'", "py2-unicode-repr"),
            ("s", "[u'a', u'b']", "['a', 'b']", "py2-unicode-repr"),
            (
                "2 ** 64",
                "18446744073709551616L",
                "18446744073709551616",
                "py2-long-repr",
            ),
            ("1 << 99", "633...88L", "633", "py2-long-repr"),
            ("'中'", r"'\xe4\xb8\xad'", "'中'", "py2-byte-string-repr"),
            ("s", "set([1, 2])", "{1, 2}", "py2-set-repr"),
            (
                "a",
                "<__main__.A instance at 0x7f00>",
                "<__main__.A object at 0x7f00>",
                "py2-instance-repr",
            ),
            (
                "A.f",
                "<unbound method A.f>",
                "<function A.f at 0x7f00>",
                "py2-unbound-method",
            ),
        ] {
            assert_eq!(
                rules(source, claimed, actual),
                [rule],
                "{source}: {claimed}"
            );
        }
        for (source, claimed, actual) in [
            ("3 // 2", "2", "1"),
            ("3 / 2", "2", "1.5"),
            ("x", "[1]", "[2]"),
            ("s", "'u'", "'v'"),
            ("s", "b'\\xe4'", "b'\\xe5'"),
            ("s", "1 L", "2"),
        ] {
            assert_eq!(
                rules(source, claimed, actual),
                [""; 0],
                "{source}: {claimed}"
            );
        }
    }

    #[test]
    fn a_list_is_asked_for_inside_of_a_print() {
        for (source, modern) in [
            ("d.keys()", "list(d.keys())"),
            ("print d.keys()", "print(list(d.keys()))"),
            ("print(map(f, x))", "print(list(map(f, x)))"),
        ] {
            let checked = CheckedClaim {
                claim: Claim {
                    source: source.into(),
                    ..Claim::default()
                },
                ..CheckedClaim::default()
            };
            let help = as_list(&checked);
            assert!(help.en.contains(&format!("`{modern}`")), "{help:?}");
        }
    }

    #[test]
    fn what_only_python_2_can_show_is_stale_though_nothing_came() {
        let mut claims = [CheckedClaim {
            claim: Claim {
                claimed: "<type 'str'>, 9".into(),
                ..Claim::default()
            },
            why: "`s` is not defined".into(),
            ..CheckedClaim::default()
        }];
        assert_eq!(super::claims(&mut claims, Version(3, 11)).len(), 1);
        assert_eq!(claims[0].verdict, ClaimVerdict::Stale);
        let scoped = Claim {
            scope: Some("<3".into()),
            ..claims[0].claim.clone()
        };
        let mut claims = [CheckedClaim {
            claim: scoped,
            ..CheckedClaim::default()
        }];
        assert!(super::claims(&mut claims, Version(3, 11)).is_empty());
        assert_eq!(claims[0].verdict, ClaimVerdict::Unchecked);
    }

    #[test]
    fn instructions_that_are_gone_are_named_and_bytes_beside_them_are_as_old() {
        let claim = |source: &str, claimed: &str| CheckedClaim {
            claim: Claim {
                lines: Lines { first: 4, last: 9 },
                about: About::Statement(Lines { first: 4, last: 4 }),
                source: source.into(),
                claimed: claimed.into(),
                ..Claim::default()
            },
            ..CheckedClaim::default()
        };
        let listing = "  3           0 LOAD_GLOBAL              0 (print)\n              4 CALL_FUNCTION            1";
        let mut claims = [
            claim("f.__code__.co_code", "b't'"),
            claim("dis.dis(f)", listing),
        ];
        let findings = super::claims(&mut claims, Version(3, 11));
        let told: Vec<_> = findings
            .iter()
            .map(|it| (it.rule.as_str(), it.line))
            .collect();
        assert_eq!(told, [("byte-code", 4), ("opcode-gone", 5)]);
        assert!(claims.iter().all(|it| it.verdict == ClaimVerdict::Stale));
        let mut claims = [claim("dis.dis(f)", listing)];
        assert!(super::claims(&mut claims, Version(3, 10)).is_empty());
        assert_eq!(claims[0].verdict, ClaimVerdict::Unchecked);
    }

    #[test]
    fn the_modern_form_of_a_division_is_offered_where_there_is_one() {
        let checked = |source: &str| CheckedClaim {
            claim: Claim {
                source: source.into(),
                ..Claim::default()
            },
            ..CheckedClaim::default()
        };
        assert_eq!(
            floor_division(&checked("3 / 2")).unwrap().en,
            "write `3 // 2` for the integer"
        );
        assert_eq!(floor_division(&checked("3 / 2 / 1")), None);
    }
}
