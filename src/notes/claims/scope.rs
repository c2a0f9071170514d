//! Which Pythons a sentence is about: "在 Python 2 中", "before Python 3.6", "3.7+".
//!
//! Reads one line of text; what names several versions without an order says nothing.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::pattern;
use super::statements::{Kind, Statement};

/// A version as a text names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    /// The bytes of the words that name it.
    pub(super) range: Range<usize>,
    /// The Pythons meant, as a PEP 440 specifier.
    pub(super) spec: String,
}

/// The Pythons that `text` is about, as a PEP 440 specifier.
pub fn scope_of(text: &str) -> Option<String> {
    let mut mentions = mentions(text)?.into_iter();
    let spec = mentions.next()?.spec;
    mentions.all(|other| other.spec == spec).then_some(spec)
}

/// The Pythons that a line names, where it says nothing else: a heading such as `# Python 2`.
pub(super) fn heading(text: &str) -> Option<String> {
    let text = text.trim_start_matches(['#', ' ']).trim_end();
    let text = text.trim_end_matches([':', '：', ' ']);
    match mentions(text)?.as_slice() {
        [one] if one.range == (0..text.len()) => Some(one.spec.clone()),
        _ => None,
    }
}

/// The Pythons that a heading such as `# Python 2` names for the lines below it: pairs of a line,
/// counted from 0, and what holds from there on.
pub(super) fn headings(statements: &[Statement<'_>]) -> Vec<(usize, Option<String>)> {
    let mut found = Vec::new();
    let mut last = None;
    for one in statements {
        let apart = last.is_none_or(|last| one.from > last + 1);
        last = Some(one.to);
        if one.kind != Kind::Comment {
            continue;
        }
        let spec = one.comment.and_then(|(_, text)| heading(text));
        if spec.is_some() || (apart && !found.is_empty()) {
            found.push((one.from, spec));
        }
    }
    found
}

/// What the last heading above line `at` names.
pub(super) fn scope_at(headings: &[(usize, Option<String>)], at: usize) -> Option<String> {
    let below = headings.partition_point(|(line, _)| *line <= at);
    let (_, spec) = headings.get(below.checked_sub(1)?)?;
    spec.clone()
}

/// Every version that `text` names, or `None` where it names two in one breath (`Python 2/3`).
pub(super) fn mentions(text: &str) -> Option<Vec<Mention>> {
    if !may_name_version(text) {
        return Some(Vec::new());
    }
    let text = &*super::labels::simplified(text);
    let mut found: Vec<Mention> = Vec::new();
    for captures in VERSION.captures_iter(text) {
        let Some(mention) = mention(text, &captures).map(|one| up_to(text, one)) else {
            continue;
        };
        let end = found.last().map_or(0, |last| last.range.end);
        if mention.range.start < end {
            continue;
        }
        if SECOND.is_match(&text[mention.range.end..]) {
            return None;
        }
        found.push(mention);
    }
    Some(found)
}

/// False for most texts: a version is `2` or `3` with a minor version behind it or a Python before.
fn may_name_version(text: &str) -> bool {
    let has_minor = |at: usize| matches!(text.as_bytes()[at + 1..], [b'.', b'0'..=b'9', ..]);
    let is_named = |at: usize| {
        let between = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '=' | 'v' | 'V');
        let before = text[..at].trim_end_matches(between).as_bytes();
        let names: [&[u8]; 2] = [b"py", b"python"];
        let ends_with = |name: &&[u8]| {
            let start = before.len().checked_sub(name.len());
            start.is_some_and(|start| before[start..].eq_ignore_ascii_case(name))
        };
        names.iter().any(ends_with)
    };
    memchr::memchr2_iter(b'2', b'3', text.as_bytes()).any(|at| has_minor(at) || is_named(at))
}

fn mention(text: &str, captures: &Captures<'_>) -> Option<Mention> {
    let whole = captures.get(0)?;
    let major: u32 = captures.name("major")?.as_str().parse().ok()?;
    let minor = captures.name("minor").and_then(|m| m.as_str().parse().ok());
    let start = captures.name("name").or(captures.name("major"))?.start();
    let inside_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let digits_end = captures.name("number")?.end();
    let next = text[digits_end..].chars().next();
    if (captures.name("before").is_none() && text[..start].ends_with(inside_word))
        || next.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
        || (next == Some('.') && text[digits_end + 1..].starts_with(|c: char| c.is_alphanumeric()))
    {
        return None;
    }
    let word = |name| captures.name(name).map_or("", |found| found.as_str());
    let order = Order::of(
        &word("before").to_lowercase(),
        word("op"),
        word("plus"),
        &word("tail").to_lowercase(),
    );
    let named = captures.name("name").is_some();
    if !named && (minor.is_none() || order == Order::This || !word("op").is_empty()) {
        return None;
    }
    Some(Mention {
        range: whole.start()..whole.start() + whole.as_str().trim_end().len(),
        spec: order.spec(major, minor),
    })
}

/// `mention`, or all from it to the version behind a dash: `Python 2.7 - 3.5`.
fn up_to(text: &str, mention: Mention) -> Mention {
    let Some(captures) = RANGE.captures(&text[mention.range.end..]) else {
        return mention;
    };
    let number = |name| captures.name(name)?.as_str().parse::<u32>().ok();
    let from = mention.spec.strip_prefix("==");
    let from = from.and_then(|spec| spec.strip_suffix(".*"));
    let (Some(from), Some(major), Some(minor)) = (from, number("major"), number("minor")) else {
        return mention;
    };
    let below = Order::UpTo.spec(major, Some(minor));
    Mention {
        range: mention.range.start..mention.range.end + captures[0].len(),
        spec: format!(">={from},{below}"),
    }
}

/// How the Pythons meant lie to the version named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    This,
    Below,
    UpTo,
    From,
    Above,
}

impl Order {
    fn of(before: &str, operator: &str, plus: &str, tail: &str) -> Self {
        let has = |text: &str, words: &[&str]| words.iter().any(|word| text.contains(word));
        match operator {
            "<" => return Self::Below,
            "<=" => return Self::UpTo,
            ">=" => return Self::From,
            ">" => return Self::Above,
            _ => {}
        }
        if has(tail, &["以下", "及", "earlier", "older", "更早"])
            && !has(tail, &["后", "以上", "高"])
        {
            Self::UpTo
        } else if has(tail, &["前"]) || has(before, &["before", "prior", "until"]) {
            Self::Below
        } else if !plus.is_empty()
            || has(
                tail,
                &["后", "以上", "更高", "开始", "起", "later", "newer"],
            )
            || has(tail, &["above", "higher", "onward", "up"])
            || has(
                before,
                &["since", "from", "as of", "starting", "after", "自", "从"],
            )
        {
            Self::From
        } else {
            Self::This
        }
    }

    fn spec(self, major: u32, minor: Option<u32>) -> String {
        let version = minor.map_or(major.to_string(), |minor| format!("{major}.{minor}"));
        let next = minor.map_or((major + 1).to_string(), |minor| {
            format!("{major}.{}", minor.saturating_add(1))
        });
        match self {
            Self::Below => format!("<{version}"),
            Self::UpTo => format!("<{next}"),
            Self::From => format!(">={version}"),
            Self::Above => format!(">={next}"),
            Self::This => match (major, minor) {
                (_, Some(_)) => format!("=={version}.*"),
                (2, None) => String::from("<3"),
                (_, None) => format!(">={version}"),
            },
        }
    }
}

static VERSION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)
        (?P<before>(?:\b(?:since|from|as\ of|starting\ (?:with|in|from)|before|prior\ to|until|after|in|on|under|for)\s+|自从\s*|自\s*|从\s*|在\s*))?
        (?P<name>c?python\s*v?|py\s*)?
        (?P<op>>=|<=|<|>|==)?\s*
        (?P<number>(?P<major>[23])(?:\.(?P<minor>\d{1,2}|x))?(?:\.(?:\d{1,2}|x))?)
        (?P<plus>\+)?
        (?P<tail>\s*(?:版本|系列|时代|版)?\s*(?:
            及?\s*(?:以前|之前|以下|以后|之后|以上)|或更[早高]|前|后|开始|起|中|里|下|环境[中下]|时
            |\(?(?:or|and)\ (?:later|newer|above|higher|earlier|older|up)\)?|onwards?)?)",
    )
});

/// The last of several versions.
static RANGE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:[-–—~～]|\bto\b|\bthrough\b|至|到)\s*(?:c?python|py)?\s*(?P<major>[23])\.(?P<minor>\d{1,2})\b",
    )
});

/// A second version, joined to the one before.
static SECOND: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^\s*(?:/|和|与|或|及|、|&|\band\b|\bor\b)\s*(?:c?python|py)?\s*[23](?:\.|\b)")
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_versions_that_a_sentence_is_about() {
        for (text, spec) in [
            ("在 Python 2 中", Some("<3")),
            ("Python2:", Some("<3")),
            ("py2", Some("<3")),
            ("Python 2.x 输出：", Some("<3")),
            ("python 2.7 下", Some("==2.7.*")),
            ("Python 2.7.18", Some("==2.7.*")),
            ("在Python 3中返回浮点数", Some(">=3")),
            ("py3: 1.5", Some(">=3")),
            ("Python 3.x", Some(">=3")),
            ("Python 3.6 之前", Some("<3.6")),
            ("before Python 3.6", Some("<3.6")),
            ("3.6 以前", Some("<3.6")),
            ("Python 3.6 及以前", Some("<3.7")),
            ("Python 3.6 or earlier", Some("<3.7")),
            ("Python 3.7+", Some(">=3.7")),
            ("since 3.7", Some(">=3.7")),
            ("Python 3.7 及以上", Some(">=3.7")),
            ("从 Python 3.7 开始", Some(">=3.7")),
            ("3.7 以后", Some(">=3.7")),
            ("Python >= 3.8", Some(">=3.8")),
            ("Python 3 and later", Some(">=3")),
            ("Python 2.7 - Python 3.5", Some(">=2.7,<3.6")),
            ("Python 3.4-3.6：", Some(">=3.4,<3.7")),
            ("Python 3.4 到 3.6", Some(">=3.4,<3.7")),
            ("Python 3.7 - 12", Some("==3.7.*")),
            ("Python 2/3", None),
            ("Python 2 和 3", None),
            ("Python 2 和 Python 3 中", None),
            ("Python 2 输出 1，Python 3 输出 1.5", None),
            ("IPython 3", None),
            ("见 3.7 节", None),
            ("3 / 2", None),
            ("numpy2", None),
            ("Python 36", None),
            ("py27", None),
            ("大于 2.5", None),
            ("", None),
        ] {
            assert_eq!(scope_of(text).as_deref(), spec, "{text}");
        }
    }

    #[test]
    fn a_heading_names_a_version_and_nothing_else() {
        assert_eq!(heading("# Python 2").as_deref(), Some("<3"));
        assert_eq!(heading("# 在 Python 3.7+ 中：").as_deref(), Some(">=3.7"));
        assert_eq!(heading("# Python 3 版本").as_deref(), Some(">=3"));
        assert_eq!(heading("# Python 2 的写法"), None);
        assert_eq!(heading("# since"), None);
    }
}
