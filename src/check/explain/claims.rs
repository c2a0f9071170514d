//! Why a claim is stale: from what a note shows and what came to a rule of the catalogue.
//!
//! Two kinds of rules. Some texts only Python 2 can have shown, such as `<type 'int'>`: such a
//! claim is stale whatever came, even where nothing did. For the others, what came tells.

use std::sync::LazyLock;

use regex::Regex;

use super::changes;
use super::history::{History, Version};
use super::{Told, catalogue};
use crate::model::{About, CheckedClaim, Claim, ClaimForm, ClaimVerdict, Finding};
use crate::text;

/// What Python 3 never shows.
#[derive(Debug)]
struct Shape {
    slug: &'static str,
    pattern: &'static LazyLock<Regex>,
}

/// The findings that explain stale claims under the Python of `version`, one for each rule and line.
pub fn claims(claims: &mut [CheckedClaim], version: Version) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut told = Told::default();
    let old_listing = claims
        .iter()
        .any(|checked| can_be_explained(checked) && !opcodes(&checked.claim, version).is_empty());
    for checked in claims {
        if old_listing && can_be_explained(checked) && checked.claim.source.contains("co_code") {
            // What is shown beside a listing of an old byte code is of the same old version.
            is_stale(checked);
        }
        for finding in explain(checked, version) {
            if told.is_new(&finding) {
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
    checked.why = None;
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
    let found = changes::findings(checked).into_iter();
    found.filter(|finding| is_so(finding, version)).collect()
}

/// False for what changes in a later version.
fn is_so(finding: &Finding, version: Version) -> bool {
    let since = finding.since.as_deref().and_then(Version::parse);
    since.is_none_or(|since| since <= version)
}

/// The findings for what only an older Python can have shown.
pub(super) fn impossible(claim: &Claim, version: Version) -> Vec<Finding> {
    let shapes = SHAPES
        .iter()
        .filter_map(|shape| Some(catalogue::finding(shape.slug, line_of(shape, claim)?)));
    shapes
        .filter(|finding| is_so(finding, version))
        .chain(opcodes(claim, version))
        .collect()
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

/// The line at which the cause of a stale claim is told.
pub(super) fn place(claim: &Claim) -> usize {
    let of_the_whole = matches!(
        claim.form,
        ClaimForm::Section | ClaimForm::NextBlock | ClaimForm::Traceback
    );
    match claim.about {
        About::Output(_) if of_the_whole => claim.lines.first,
        About::Output(lines) | About::Statement(lines) => lines.first,
    }
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

#[expect(
    clippy::expect_used,
    reason = "the patterns are fixed, and the tests use each one"
)]
pub(super) fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}

static TYPE: LazyLock<Regex> = LazyLock::new(|| pattern(r"<type '[\w.]+'>"));
static UNICODE: LazyLock<Regex> = LazyLock::new(|| pattern(r#"(^|[\s\[({,:=])u('[^']*'|"[^"]*")"#));
static LONG: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(^|[\s\[({,.…-])(\d+|0x[0-9a-f]+)L($|[\s\])},])"));
static BYTES: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(^|[\s\[({,:=])'[^']*\\x[c-f][0-9a-f]\\x[89ab][0-9a-f][^']*'"));
static SET: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(set|frozenset)\(\["));
static INSTANCE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"<(?:[\w.]+ instance|class [\w.]+) at 0x[0-9a-fA-F]+>"));
static UNBOUND: LazyLock<Regex> = LazyLock::new(|| pattern(r"<unbound method [\w.]+>"));
pub(super) static BYTE_CODE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?m)^\s*(\d+\s+)?(>>\s+)?\d+\s+([A-Z][A-Z_]{3,})\b"));

static FILE: LazyLock<Regex> = LazyLock::new(|| pattern(r"<(open|closed) file '"));
static ITERATOR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"<(list|listreverse|tuple|set|range|dictionary-(key|value|item))iterator object")
});
static MATCH: LazyLock<Regex> = LazyLock::new(|| pattern(r"<_sre\.SRE_(Match|Pattern) "));

static SHAPES: [Shape; 10] = [
    Shape::new("py2-type-repr", &TYPE),
    Shape::new("py2-unicode-repr", &UNICODE),
    Shape::new("py2-long-repr", &LONG),
    Shape::new("py2-byte-string-repr", &BYTES),
    Shape::new("py2-set-repr", &SET),
    Shape::new("py2-instance-repr", &INSTANCE),
    Shape::new("py2-unbound-method", &UNBOUND),
    Shape::new("py2-file-repr", &FILE),
    Shape::new("py2-iterator-repr", &ITERATOR),
    Shape::new("re-match-repr", &MATCH),
];

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::WhyUnchecked;
    use crate::model::{About, Lines};

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

    const EXPLAINED: &[(&str, &str, &str, &str)] = &[
        ("3 / 2", "1", "1.5", "py2-integer-division"),
        ("-3 / 2", "-2", "-1.5", "py2-integer-division"),
        ("4 / 2", "2", "2.0", "py2-integer-division"),
        ("range(3)", "[0, 1, 2]", "range(0, 3)", "py2-list-result"),
        ("d.keys()", "['a']", "dict_keys(['a'])", "py2-list-result"),
        ("print(1, 2)", "(1, 2)", "1 2", "py2-print-tuple"),
        ("round(2.5)", "3.0", "2", "py2-round"),
        ("7 / 2, 7 % 2", "(3, 1)", "(3.5, 1)", "py2-integer-division"),
        ("e", "ValueError('x',)", "ValueError('x')", "exception-repr"),
        (
            "td",
            "datetime.timedelta(1)",
            "datetime.timedelta(days=1)",
            "timedelta-repr",
        ),
        ("print(Color.RED)", "Color.RED", "1", "enum-str"),
        ("f'{Color.RED}'", "'red'", "'Color.RED'", "enum-str"),
        ("p", "<Perm.W|R: 6>", "<Perm.R|W: 6>", "enum-flag-repr"),
        (
            "T",
            "typing.Union[int, NoneType]",
            "typing.Optional[int]",
            "optional-repr",
        ),
        ("0.1", "0.10000000000000001", "0.1", "float-repr"),
        ("out", "'a\\n'", "b'a\\n'", "py2-byte-string-repr"),
        ("print(out)", "abc", "b'abc'", "py2-byte-string-repr"),
        ("oct(8)", "010", "0o10", "py2-octal-literal"),
        ("len('中文')", "6", "2", "py2-str-length"),
        ("hash('a')", "12416037344", "-39281", "hash-randomization"),
        (
            "set('ab')",
            "{'b', 'c', 'a'}",
            "{'a', 'b', 'c'}",
            "hash-randomization",
        ),
        ("list(d.keys())", "['b', 'a']", "['a', 'b']", "dict-order"),
        (
            "f",
            "<function inner at 0x7f00>",
            "<function outer.<locals>.inner at 0x7f01>",
            "qualified-repr",
        ),
        (
            "open('x')",
            "<open file 'x', mode 'r' at 0x7f00>",
            "",
            "py2-file-repr",
        ),
        (
            "iter([])",
            "<listiterator object at 0x7f00>",
            "",
            "py2-iterator-repr",
        ),
        (
            "m",
            "<_sre.SRE_Match object at 0x7f00>",
            "",
            "re-match-repr",
        ),
        ("A", "<class __main__.A at 0x7f00>", "", "py2-instance-repr"),
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
    ];

    const UNEXPLAINED: &[(&str, &str, &str)] = &[
        ("3 // 2", "2", "1"),
        ("f()", "line 12345678901234567", "line 1"),
        ("3 / 2", "2", "1.5"),
        ("x", "[1]", "[2]"),
        ("s", "'u'", "'v'"),
        ("s", "b'\\xe4'", "b'\\xe5'"),
        ("s", "1 L", "2"),
        ("7 / 2, x", "(3, 1)", "(3.5, 2)"),
        ("x", "['b', 'a']", "['a', 'b']"),
        ("d.keys()", "['b', 'a']", "['a', 'c']"),
        ("len('abc')", "6", "3"),
        ("x", "1.5", "1"),
        ("x.y", "a.b", "1"),
        // Python 3.12 changes this.
        ("od", "OrderedDict([('a', 1)])", "OrderedDict({'a': 1})"),
    ];

    #[test]
    fn each_rule_explains_what_it_is_about_and_nothing_else() {
        for (source, claimed, actual, rule) in EXPLAINED {
            assert_eq!(
                rules(source, claimed, actual),
                [*rule],
                "{source}: {claimed}"
            );
        }
        for (source, claimed, actual) in UNEXPLAINED {
            assert_eq!(
                rules(source, claimed, actual),
                [""; 0],
                "{source}: {claimed}"
            );
        }
    }

    #[test]
    fn what_only_python_2_can_show_is_stale_though_nothing_came() {
        let mut claims = [CheckedClaim {
            claim: Claim {
                claimed: "<type 'str'>, 9".into(),
                ..Claim::default()
            },
            why: Some(WhyUnchecked::Undefined("s".into())),
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
}
