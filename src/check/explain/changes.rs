//! What a change in Python makes of what a note shows: from a claim and what came to a rule.
//!
//! Each change compares the two; what stands in the code alone never makes a finding.

use std::sync::LazyLock;

use regex::Regex;

use super::catalogue;
use super::claims::{BYTE_CODE, pattern, place};
use crate::model::{CheckedClaim, Finding, Text};
use crate::text;

/// The findings for a stale claim, one for each change that explains it.
pub(super) fn findings(checked: &CheckedClaim) -> Vec<Finding> {
    let changes = CHANGES.iter().filter(|change| (change.explains)(checked));
    changes.map(|change| change.finding(checked)).collect()
}

/// A difference that a change in Python makes.
#[derive(Debug)]
struct Change {
    slug: &'static str,
    explains: fn(&CheckedClaim) -> bool,
    /// What to write at this place, where that is more than the rule says.
    help: fn(&CheckedClaim) -> Option<Text>,
}

impl Change {
    const fn new(slug: &'static str, explains: fn(&CheckedClaim) -> bool) -> Self {
        Self {
            slug,
            explains,
            help: |_| None,
        }
    }

    fn finding(&self, checked: &CheckedClaim) -> Finding {
        let finding = catalogue::finding(self.slug, place(&checked.claim));
        Finding {
            help: (self.help)(checked).or(finding.help),
            ..finding
        }
    }
}

static CHANGES: [Change; 18] = [
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
    Change::new("py2-print-tuple", was_a_tuple),
    Change::new("exception-repr", |checked| {
        let claimed = claimed(checked);
        claimed.contains(",)") && claimed.replace(",)", ")") == came(checked)
    }),
    Change::new("ordereddict-repr", |checked| {
        claimed(checked).contains("OrderedDict([") && came(checked).contains("OrderedDict({")
    }),
    Change::new("timedelta-repr", |checked| {
        TIMEDELTA.is_match(claimed(checked)) && NAMED_TIMEDELTA.is_match(came(checked))
    }),
    Change::new("optional-repr", |checked| {
        claimed(checked).contains(", NoneType]") && came(checked).contains("typing.Optional[")
    }),
    Change::new("enum-str", is_member_as_value),
    Change::new("enum-flag-repr", has_other_order_of_flags),
    Change::new("float-repr", has_more_digits),
    Change::new("qualified-repr", lacks_where_it_is_defined),
    Change::new("py2-byte-string-repr", was_a_byte_string),
    Change::new("py2-octal-literal", |checked| {
        let digits = came(checked).strip_prefix("0o");
        digits.is_some_and(|digits| claimed(checked).strip_prefix('0') == Some(digits))
    }),
    Change::new("py2-str-length", counts_bytes),
    Change::new("hash-randomization", |checked| {
        let source = &checked.claim.source;
        let hashes = source.contains("hash(") && source.contains(['\'', '"']);
        let is_set = came(checked).starts_with("{'") && !came(checked).contains("': ");
        let numbers = [claimed(checked), came(checked)];
        (hashes && numbers.iter().all(|number| number.parse::<i128>().is_ok()))
            || ((is_set || source.contains("set(")) && is_reordered(checked))
    }),
    Change::new("dict-order", |checked| {
        let source = &checked.claim.source;
        let signs = [".keys()", ".values()", ".items()", "dict("];
        let of_dict =
            signs.iter().any(|sign| source.contains(sign)) || came(checked).starts_with("dict_");
        of_dict && !source.contains("sorted(") && is_reordered(checked)
    }),
    Change::new("py2-round", |checked| {
        checked.claim.source.contains("round(")
            && claimed(checked).ends_with(".0")
            && came(checked).parse::<i64>().is_ok()
    }),
    Change::new("byte-code", |checked| {
        let source = &checked.claim.source;
        BYTE_CODE.is_match(&checked.claim.claimed)
            || source.contains("co_code")
            || source.contains("dis.dis(")
    }),
];

/// True where what came differs in its numbers alone, which were rounded down.
fn is_integer_division(checked: &CheckedClaim) -> bool {
    let divides = checked.claim.source.replace("//", "").contains('/');
    let (claimed, came) = (claimed(checked), came(checked));
    let numbers = |text| NUMBER.find_iter(text).map(|number| number.as_str());
    let differ = || {
        numbers(claimed)
            .zip(numbers(came))
            .filter(|(one, other)| one != other)
    };
    divides
        && NUMBER.replace_all(claimed, "0") == NUMBER.replace_all(came, "0")
        && differ().next().is_some()
        && differ().all(|(whole, exact)| is_floor(whole, exact))
}

fn is_floor(whole: &str, exact: &str) -> bool {
    let (Ok(whole), Ok(number), true) = (
        whole.parse::<i64>(),
        exact.parse::<f64>(),
        exact.contains(['.', 'e']),
    ) else {
        return false;
    };
    #[expect(
        clippy::cast_precision_loss,
        reason = "a difference of that size is no integer division"
    )]
    let whole = whole as f64;
    (number.floor() - whole).abs() < f64::EPSILON
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

/// True where the same items came in another order.
fn is_reordered(checked: &CheckedClaim) -> bool {
    let items = |text: &str| {
        let inside = text.find(['[', '{']).map_or(text, |at| &text[at..]);
        let inside = inside.trim_matches(['[', ']', '{', '}', '(', ')']);
        let mut items: Vec<String> = inside.split(", ").map(str::to_owned).collect();
        items.sort_unstable();
        items
    };
    let (claimed, came) = (items(claimed(checked)), items(came(checked)));
    claimed.len() > 1 && claimed == came
}

fn is_member_as_value(checked: &CheckedClaim) -> bool {
    let (claimed, came) = (unquoted(claimed(checked)), unquoted(came(checked)));
    let formats = ["f'", "f\"", "format("];
    if MEMBER.is_match(claimed) {
        return came.parse::<i64>().is_ok();
    }
    let name = MEMBER.captures(came).and_then(|member| member.get(1));
    let formatted = formats
        .iter()
        .any(|sign| checked.claim.source.contains(sign));
    formatted && name.is_some_and(|name| name.as_str().eq_ignore_ascii_case(claimed))
}

fn has_other_order_of_flags(checked: &CheckedClaim) -> bool {
    let flags = |text| {
        let found = FLAGS.captures(text)?;
        let mut names: Vec<String> = found[2].split('|').map(str::to_owned).collect();
        names.sort_unstable();
        Some((found[1].to_owned(), names, found[3].to_owned()))
    };
    let old = flags(claimed(checked));
    old.is_some() && old == flags(came(checked))
}

fn has_more_digits(checked: &CheckedClaim) -> bool {
    let (claimed, came) = (claimed(checked), came(checked));
    let bits = |text: &str| text.parse::<f64>().map(f64::to_bits).ok();
    let digits = claimed.bytes().filter(u8::is_ascii_digit).count();
    let is_same = bits(claimed).is_some_and(|value| bits(came) == Some(value));
    digits >= 17 && claimed.len() > came.len() && is_same
}

/// True where a function or class is shown without what it is defined in.
fn lacks_where_it_is_defined(checked: &CheckedClaim) -> bool {
    let plain = |text| ADDRESS.replace_all(text, "").into_owned();
    let (claimed, came) = (plain(claimed(checked)), plain(came(checked)));
    claimed != came && claimed.starts_with('<') && QUALIFIED.replace_all(&came, "$1") == claimed
}

fn was_a_byte_string(checked: &CheckedClaim) -> bool {
    let came = came(checked);
    let bytes = came
        .strip_prefix('b')
        .filter(|rest| rest.starts_with(['\'', '"']));
    bytes.is_some_and(|rest| {
        rest == claimed(checked) || (unquoted(rest) == claimed(checked) && !rest.contains('\\'))
    })
}

/// True where the length of a literal is claimed in bytes of UTF-8.
fn counts_bytes(checked: &CheckedClaim) -> bool {
    let Some(text) = LENGTH
        .captures(&checked.claim.source)
        .and_then(|found| found.get(2))
    else {
        return false;
    };
    let text = text.as_str();
    !text.is_ascii()
        && claimed(checked) == text.len().to_string()
        && came(checked) == text.chars().count().to_string()
}

fn claimed(checked: &CheckedClaim) -> &str {
    checked.claim.claimed.trim()
}

fn came(checked: &CheckedClaim) -> &str {
    checked.actual.trim()
}

fn unquoted(text: &str) -> &str {
    let inside = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    inside('\'').or_else(|| inside('"')).unwrap_or(text)
}

static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"-?\d+(\.\d+)?(e[+-]?\d+)?"));
static TIMEDELTA: LazyLock<Regex> = LazyLock::new(|| pattern(r"\btimedelta\(-?\d"));
static NAMED_TIMEDELTA: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\btimedelta\((days|seconds|microseconds)="));
static MEMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[A-Z]\w*\.([A-Z][A-Z0-9_]*)$"));
static FLAGS: LazyLock<Regex> = LazyLock::new(|| pattern(r"^<(\w+)\.([\w|]+): (\d+)>$"));
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| pattern(r" at 0x[0-9a-fA-F]+"));
static QUALIFIED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(<function |<class ')(?:[\w.]+\.)?(?:<locals>\.|\w+\.)"));
static LENGTH: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"\blen\(\s*(['"])([^'"\\]*)['"]\s*\)"#));

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::Claim;

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
