//! Errors that a note shows: tracebacks, and prose that names the error.
//!
//! A warning is no error, and a sentence with an "if" or a "not" names none.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::pattern;
use crate::model::Says;

/// An error in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Raised {
    /// The lines that name it, counted from 0.
    pub(super) lines: Range<usize>,
    /// Its class and its message.
    pub(super) says: Says,
}

/// The error that a shown output ends with: below the last traceback, or in the last line of a
/// text that is nothing but an error.
pub(super) fn shown(text: &str) -> Option<Raised> {
    let lines: Vec<&str> = text.lines().collect();
    match lines.iter().rposition(|line| is_header(line)) {
        Some(header) => below_header(&lines, header),
        None => alone(&lines),
    }
}

/// True for the line that begins a traceback.
pub(super) fn is_header(line: &str) -> bool {
    line.contains("Traceback (most recent call last)")
}

fn below_header(lines: &[&str], header: usize) -> Option<Raised> {
    let margin = lines[header].len() - lines[header].trim_start().len();
    let named = |pattern: &Regex| {
        (header + 1..lines.len()).find(|&at| {
            let line = lines[at];
            line.len() - line.trim_start().len() <= margin && pattern.is_match(line.trim())
        })
    };
    let at = named(&ERROR).or_else(|| named(&ANY_CLASS))?;
    let end = lines[at..]
        .iter()
        .take_while(|line| !line.trim().is_empty())
        .count()
        + at;
    Some(Raised {
        lines: at..end,
        says: says(&lines[at..end].join("\n"))?,
    })
}

/// The error of a text without a traceback: all other lines only point to the place, as those
/// above a `SyntaxError` do, or are left out.
fn alone(lines: &[&str]) -> Option<Raised> {
    let at = lines.iter().rposition(|line| !line.trim().is_empty())?;
    let mut above = lines[..at].iter().map(|line| line.trim());
    let points = lines[..at]
        .iter()
        .any(|line| line.trim().starts_with("File \""));
    let dots = |line: &str| line.chars().all(|c| matches!(c, '.' | '…'));
    (ERROR.is_match(lines[at].trim()) && (points || above.all(dots))).then_some(())?;
    Some(Raised {
        lines: at..at + 1,
        says: says(lines[at])?,
    })
}

/// What `Class: message` says.
fn says(text: &str) -> Option<Says> {
    let text = text.trim();
    let class = ANY_CLASS.captures(text)?.get(1)?.as_str();
    let message = text[class.len()..].strip_prefix(':').map(str::trim);
    Some(Says::Raises {
        class: class.to_owned(),
        message: message.filter(|it| !it.is_empty()).map(str::to_owned),
    })
}

/// The error that a line of prose says the code raises: where it stands in the line, and what it is.
pub(super) fn named(line: &str) -> Option<(Range<usize>, Says)> {
    let found = [&*WHOLE, &*SAID]
        .iter()
        .find_map(|pattern| pattern.captures(line))?;
    let class = found.name("class")?;
    // Without a mark around it nothing tells where a message in a sentence ends.
    let is_marked = found.name("quote").is_none_or(|quote| !quote.is_empty());
    let message = found.name("message").filter(|_| is_marked);
    let range = class.start()..message.map_or(class.end(), |it| it.end());
    let (before, after) = (&line[..range.start], &line[range.end..]);
    let is_first = !STOPS.iter().any(|stop| before.contains(stop));
    let end = STOPS.iter().filter_map(|stop| after.find(stop)).min();
    let rest = &after[..end.unwrap_or(after.len())];
    (is_first && !HEDGE.is_match(before) && !HEDGE.is_match(rest)).then_some(())?;
    Some((range.clone(), says(&line[range])?))
}

/// What ends a sentence.
const STOPS: [&str; 4] = ["。", ". ", "；", "; "];

static ERROR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:\w+\.)*(?:\w*(?:Error|Exception)|KeyboardInterrupt|SystemExit|GeneratorExit|StopIteration|StopAsyncIteration)(?:\s*:(?:\s.*)?)?$",
    )
});
static ANY_CLASS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?s)^([A-Za-z_]\w*(?:\.\w+)*)(?::(?:\s.*)?)?$"));
/// A line that is an error message, with a label at most.
static WHOLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\W{0,4}(?:(?i:报错|错误|异常|抛出异常|报错信息|错误信息|error)(?:信息|提示|内容|如下|为|是)*\s*[:：]\s*\W{0,3}?)?(?P<class>[A-Z][A-Za-z]*(?:Error|Exception)|StopIteration)(?P<message>: [^`]*[^`*\s])[`*]*\s*$",
    )
});
static SAID: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:抛出|引发|触发|报错|产生|出现|导致|报|提示|\b(?i:raises?|throws?|fails with|results in))(?:了|一个|异常|错误|如下|的|an?\b|the\b|[:：\s]){0,4}(?P<quote>`?)(?P<class>(?:[a-z][a-z0-9_]*\.)*[A-Z][A-Za-z0-9_]*(?:Error|Exception)|StopIteration)(?P<message>: [^`]+)?",
    )
});
/// Words with which a sentence does not say that the error comes.
static HEDGE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)不会|不再|没有|避免|防止|如果|假如|若|当|除非|否则|可能|捕获|处理|例如|比如|或|而不是|本应|应该|以前|之前|曾|想要|期望|以为|\b(?:expected|should|if|when|whenever|unless|otherwise|avoid\w*|without|instead|catch\w*|handle\w*|doesn't|don't|won't|not|never|may|might|could|can|would|or)\b",
    )
});

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn told(says: Says) -> (String, Option<String>) {
        match says {
            Says::Raises { class, message } => (class, message),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_error_below_a_traceback() {
        for (text, lines, class, message) in [
            (
                "Traceback (most recent call last):\n  File \"<stdin>\", line 1, in <module>\nZeroDivisionError: division by zero",
                2..3,
                "ZeroDivisionError",
                Some("division by zero"),
            ),
            (
                "Traceback (most recent call last):\n  ...\nmodule.Gone",
                2..3,
                "module.Gone",
                None,
            ),
            (
                "out\nTraceback (most recent call last):\n  x\nKeyError: 'a'\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  y\nE: a\nb\n\nmore",
                9..11,
                "E",
                Some("a\nb"),
            ),
            (
                "------\nNameError   Traceback (most recent call last)\n<ipython-input-1-a> in <module>()\n----> 1 x\n\nNameError: name 'x' is not defined",
                5..6,
                "NameError",
                Some("name 'x' is not defined"),
            ),
            (
                "  File \"<stdin>\", line 1\n    print 1\n          ^\nSyntaxError: invalid syntax",
                3..4,
                "SyntaxError",
                Some("invalid syntax"),
            ),
            ("...\nTypeError: no", 1..2, "TypeError", Some("no")),
            ("StopIteration", 0..1, "StopIteration", None),
        ] {
            let raised = shown(text).unwrap();
            assert_eq!(raised.lines, lines, "{text}");
            assert_eq!(
                told(raised.says),
                (class.to_owned(), message.map(str::to_owned)),
                "{text}"
            );
        }
    }

    #[test]
    fn texts_that_show_no_error() {
        for text in [
            "",
            "1",
            "start\nValueError: x",
            "ValueError('x')",
            "DeprecationWarning: old",
            "<class 'ValueError'>",
            "Traceback (most recent call last):\n  File \"x\"",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn prose_that_names_an_error() {
        for (line, text, class) in [
            ("会抛出 `TypeError`。", "TypeError", "TypeError"),
            ("上面的代码会抛出TypeError异常", "TypeError", "TypeError"),
            ("this raises `KeyError`.", "KeyError", "KeyError"),
            (
                "This raises an `IndexError: list index out of range`",
                "IndexError: list index out of range",
                "IndexError",
            ),
            (
                "报错：NameError: name 'x' is not defined",
                "NameError: name 'x' is not defined",
                "NameError",
            ),
            (
                "TypeError: 'int' object is not iterable",
                "TypeError: 'int' object is not iterable",
                "TypeError",
            ),
            ("`TypeError: no`", "TypeError: no", "TypeError"),
            ("会抛出 TypeError: 类型不对", "TypeError", "TypeError"),
            (
                "运行会报 json.JSONDecodeError",
                "json.JSONDecodeError",
                "json.JSONDecodeError",
            ),
        ] {
            let (range, says) = named(line).expect(line);
            assert_eq!(
                (&line[range], told(says).0.as_str()),
                (text, class),
                "{line}"
            );
        }
    }

    #[test]
    fn prose_that_promises_no_error() {
        for line in [
            "",
            "不会抛出 TypeError",
            "如果 key 不存在，会抛出 `KeyError`",
            "raises KeyError if the key is missing",
            "does not raise TypeError",
            "`TypeError` is a class",
            "捕获 TypeError 异常",
            "此时可能抛出 TypeError",
            "没问题。但别处会抛出 TypeError",
            "会抛出异常",
            "Error: x",
        ] {
            assert_eq!(named(line), None, "{line}");
        }
    }
}
