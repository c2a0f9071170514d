//! Errors whose message CPython words otherwise from version to version.
//!
//! A claim of an error is explained where the message that it shows and the one that came are two
//! wordings of `data/wordings.txt` for the same program; whatever is not known there stays unexplained.

use std::collections::HashSet;
use std::sync::LazyLock;

use miniz_oxide::inflate::decompress_to_vec;

use super::catalogue;
use super::claims::place;
use super::history::{Span, Version};
use crate::model::{CheckedClaim, ClaimVerdict, Finding, Text};
use crate::text;

static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/wordings.bin"));

/// How some versions word an error.
#[derive(Debug)]
struct Wording {
    span: Span,
    class: &'static str,
    /// The message, in which `«0»` stands for a name or a number of the program.
    message: &'static str,
}

/// The findings for stale claims of errors that the Python of `version` words otherwise than the note.
pub fn wordings(claims: &[CheckedClaim], version: Version) -> Vec<Finding> {
    let stale = claims
        .iter()
        .filter(|checked| checked.verdict == ClaimVerdict::Stale);
    let mut told = HashSet::new();
    stale
        .filter_map(|checked| finding(checked, version))
        .filter(|found| told.insert(found.line))
        .collect()
}

fn finding(checked: &CheckedClaim, version: Version) -> Option<Finding> {
    let claimed = error(&checked.claim.claimed)?;
    let came = error(&checked.actual)?;
    let (then, now) = PROGRAMS
        .iter()
        .find_map(|program| both(program, claimed, came, version))?;
    let is_older = then.span.first < now.span.first;
    let known = is_older && is_known(now.span.first);
    let message = checked
        .actual
        .lines()
        .rfind(|line| !line.is_empty())?
        .trim();
    Some(Finding {
        message: title(is_older),
        since: known.then(|| now.span.first.to_string()),
        help: Some(text!("it says now: `{message}`", "现在是：`{message}`")),
        ..catalogue::finding("error-wording", place(&checked.claim))
    })
}

/// The wording that a note shows and the one that this version has, where they are of the same program.
fn both(
    program: &'static [Wording],
    claimed: (&str, &str),
    came: (&str, &str),
    version: Version,
) -> Option<(&'static Wording, &'static Wording)> {
    let now = program.iter().find(|wording| wording.span.has(version))?;
    let here = now.captures(came)?;
    let then = program.iter().find(|wording| {
        let there = wording.captures(claimed);
        !wording.span.has(version) && there.is_some_and(|there| agree(&there, &here))
    })?;
    Some((then, now))
}

fn title(is_older: bool) -> Text {
    if is_older {
        text!(
            "Python words this error otherwise than it did",
            "Python 换了这条错误信息的措辞"
        )
    } else {
        text!(
            "the note shows how a later Python words this error",
            "笔记中是更新版本的 Python 的错误信息"
        )
    }
}

/// False where the versions between the last wording and this one were not asked.
fn is_known(first: Version) -> bool {
    VERSIONS
        .iter()
        .position(|asked| *asked == first)
        .and_then(|at| VERSIONS.get(at.checked_sub(1)?))
        .is_some_and(|before| before.0 == first.0)
}

/// The class, without its modules, and the message of the last line.
fn error(text: &str) -> Option<(&str, &str)> {
    let line = text.lines().rfind(|line| !line.trim().is_empty())?.trim();
    let (class, message) = line.split_once(": ")?;
    let class = class.rsplit('.').next()?;
    let is_name = class.starts_with(char::is_uppercase) && class.chars().all(char::is_alphanumeric);
    is_name.then_some((class, message))
}

/// True where both have the same for what stands in both.
fn agree(then: &[(u32, &str)], now: &[(u32, &str)]) -> bool {
    then.iter().all(|(mark, value)| {
        now.iter()
            .all(|(other, also)| other != mark || also == value)
    })
}

impl Wording {
    /// What stands in the place of the marks; `None` where this is another error.
    fn captures<'t>(&self, (class, message): (&str, &'t str)) -> Option<Vec<(u32, &'t str)>> {
        let own = self.class.rsplit('.').next();
        if own != Some(class) {
            return None;
        }
        let mut parts = self.message.split('«');
        let mut rest = message.strip_prefix(parts.next()?)?;
        let mut found = Vec::new();
        for part in parts {
            let (mark, literal) = part.split_once('»')?;
            let end = match literal {
                "" => word(rest),
                _ => rest.find(literal).filter(|end| *end <= word(rest))?,
            };
            if end == 0 {
                return None;
            }
            found.push((mark.parse().ok()?, &rest[..end]));
            rest = rest[end..].strip_prefix(literal)?;
        }
        rest.is_empty().then_some(found)
    }
}

/// The length of the dotted name or number at the beginning of a text.
fn word(text: &str) -> usize {
    text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))
        .unwrap_or(text.len())
}

static TEXT: LazyLock<String> = LazyLock::new(|| {
    let bytes = decompress_to_vec(PACKED).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
});

/// The versions that were asked.
static VERSIONS: LazyLock<Vec<Version>> = LazyLock::new(|| {
    let line = TEXT.lines().find_map(|line| line.strip_prefix("versions "));
    let versions = line.unwrap_or_default().split(' ');
    versions.filter_map(Version::parse).collect()
});

/// For each program how its error is worded, from the oldest version on.
static PROGRAMS: LazyLock<Vec<Vec<Wording>>> = LazyLock::new(|| {
    let programs = TEXT.split("\n= ").skip(1);
    programs
        .map(|program| program.lines().skip(1).filter_map(read).collect())
        .collect()
});

/// Reads `2.7-3.9 TypeError: …`; a line that makes no sense is left out, and a test finds it.
fn read(line: &'static str) -> Option<Wording> {
    let (span, told) = line.split_once(' ')?;
    let (first, last) = span.split_once('-')?;
    let (class, message) = told.split_once(": ")?;
    let last = match last {
        "" => None,
        last => Some(Version::parse(last)?),
    };
    let first = Version::parse(first)?;
    Some(Wording {
        span: Span { first, last },
        class,
        message,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::{About, Claim, Lines};

    fn found(claimed: &str, actual: &str, version: Version) -> Option<Finding> {
        let checked = CheckedClaim {
            claim: Claim {
                lines: Lines { first: 4, last: 6 },
                about: About::Statement(Lines { first: 3, last: 3 }),
                claimed: claimed.into(),
                ..Claim::default()
            },
            actual: actual.into(),
            verdict: ClaimVerdict::Stale,
            ..CheckedClaim::default()
        };
        wordings(&[checked], version).into_iter().next()
    }

    #[test]
    fn every_line_of_the_data_makes_sense() {
        assert!(VERSIONS.len() > 1 && VERSIONS.is_sorted());
        let lines = TEXT
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
        assert_eq!(lines.count(), PROGRAMS.iter().map(Vec::len).sum::<usize>());
        for program in &*PROGRAMS {
            assert!(program.len() > 1, "{program:?}");
            let ends = program.windows(2);
            for pair in ends {
                assert!(pair[0].span.last.unwrap() < pair[1].span.first, "{pair:?}");
            }
        }
    }

    #[test]
    fn a_wording_of_another_version_is_explained() {
        let now = Version(3, 11);
        for (claimed, actual, since) in [
            (
                "TypeError: area() takes 1 positional argument but 2 were given",
                "TypeError: Point.area() takes 1 positional argument but 2 were given",
                Some("3.10"),
            ),
            (
                "Traceback (most recent call last):\n  File \"<stdin>\", line 1, in <module>\nTypeError: f() takes exactly 2 arguments (3 given)",
                "TypeError: f() takes 2 positional arguments but 3 were given",
                None,
            ),
            (
                "TypeError: object() takes no parameters",
                "TypeError: Spam() takes no arguments",
                Some("3.7"),
            ),
            (
                "RuntimeError: maximum recursion depth exceeded",
                "RecursionError: maximum recursion depth exceeded",
                None,
            ),
        ] {
            let found = found(claimed, actual, now).unwrap();
            assert_eq!(found.rule, "error-wording", "{claimed}");
            assert_eq!(found.since.as_deref(), since, "{claimed}");
            assert_eq!(found.line, 3);
            assert!(found.help.unwrap().en.contains(actual));
        }
    }

    #[test]
    fn another_error_is_not() {
        let now = Version(3, 11);
        for (claimed, actual) in [
            (
                "TypeError: f() takes exactly 2 arguments (3 given)",
                "TypeError: g() takes 2 positional arguments but 3 were given",
            ),
            (
                "TypeError: f() takes exactly 2 arguments (3 given)",
                "ZeroDivisionError: division by zero",
            ),
            (
                "TypeError: a message of somebody's own",
                "TypeError: Point.area() takes 1 positional argument but 2 were given",
            ),
            ("TypeError: f() takes exactly 2 arguments (3 given)", ""),
            ("'Point' object", "TypeError: Spam() takes no arguments"),
            ("ValueError: a", "ValueError: b"),
        ] {
            assert_eq!(found(claimed, actual, now), None, "{claimed}");
        }
    }

    #[test]
    fn a_wording_of_a_later_version_is_told_as_one() {
        let found = found(
            "TypeError: Point.area() takes 1 positional argument but 2 were given",
            "TypeError: area() takes 1 positional argument but 2 were given",
            Version(3, 9),
        );
        let found = found.unwrap();
        assert!(found.message.en.contains("later"), "{found:?}");
        assert_eq!(found.since, None);
    }
}
