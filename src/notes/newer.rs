//! Syntax that only later Pythons have, recognised where an earlier one refuses it.
//!
//! A parser that knows no `type X = int` says no more than "invalid syntax". The line that it
//! refused shows what was meant.

use std::sync::LazyLock;

use regex::Regex;

/// Syntax with the minor version of Python 3 that brought it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Syntax {
    /// In short, as code.
    pub what: &'static str,
    /// Of Python 3.
    pub minor: u8,
}

/// What of `line`, which the parser of `version` refused with `message`, a later Python has.
pub fn syntax(line: &str, message: &str, version: (u8, u8, u8)) -> Option<Syntax> {
    let code = line.trim_start_matches(['>', '.', ' ', '\t']);
    let fits = |form: &&Form| match form.sign {
        Sign::Line => form.pattern.is_match(code),
        Sign::Message => form.pattern.is_match(message),
    };
    let form = FORMS.iter().find(fits)?;
    let is_later = version.0 == 3 && version.1 < form.syntax.minor;
    is_later.then_some(form.syntax)
}

/// True for a line that catches two classes of exceptions without parentheses, as Python 3.14 has it: in
/// Python 2 what stands behind the comma is a variable.
pub fn catches_classes(line: &str) -> bool {
    CATCHES_CLASSES.is_match(line)
}

#[expect(
    clippy::expect_used,
    reason = "the pattern is fixed, and a test uses it"
)]
static CATCHES_CLASSES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^\s*except\s+[\w.]+(?:\s*,\s*(?:\w+\.)*[A-Z]\w*(?:Error|Exception|Warning|Exit|Interrupt|Iteration))+\s*:",
    )
    .expect("a fixed pattern")
});

/// Where a form shows itself.
enum Sign {
    Line,
    Message,
}

struct Form {
    sign: Sign,
    pattern: Regex,
    syntax: Syntax,
}

impl Form {
    #[expect(
        clippy::expect_used,
        reason = "the patterns are fixed, and a test uses each one"
    )]
    fn new(sign: Sign, minor: u8, what: &'static str, pattern: &str) -> Self {
        Self {
            sign,
            pattern: Regex::new(pattern).expect("a fixed pattern"),
            syntax: Syntax { what, minor },
        }
    }
}

static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    use Sign::{Line, Message};
    vec![
        Form::new(
            Line,
            14,
            "except A, B:",
            r"^except\*?\s+[\w.]+(?:\s*,\s*[\w.]+)+\s*:",
        ),
        Form::new(Line, 14, "t\"…\"", r#"(?:^|[^\w"'])(?i:t|tr|rt)["']"#),
        Form::new(
            Line,
            12,
            "type X = …",
            r"^type\s+[^\W\d]\w*\s*(?:\[.*\]\s*)?=(?:[^=]|$)",
        ),
        Form::new(Line, 12, "def f[T]()", r"^(?:async\s+)?def\s+\w+\s*\["),
        Form::new(Line, 12, "class A[T]", r"^class\s+\w+\s*\["),
        Form::new(
            Message,
            12,
            "f\"{…}\"",
            r"^f-string(?::)? expression part cannot include",
        ),
        Form::new(
            Line,
            12,
            "f\"{d[\"k\"]}\"",
            r#"\b(?i:f|fr|rf)"[^"{]*\{[^}"]*"[^"]*"[^}"]*\}"#,
        ),
        Form::new(
            Line,
            12,
            "f'{d['k']}'",
            r"\b(?i:f|fr|rf)'[^'{]*\{[^}']*'[^']*'[^}']*\}",
        ),
        Form::new(Line, 11, "except*", r"^except\s*\*"),
        Form::new(
            Line,
            10,
            "match",
            r"^(?:match|case)\s+[^=\s].*:\s*(?:#.*)?$",
        ),
    ]
});

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str, minor: u8) -> Option<u8> {
        syntax(line, "invalid syntax", (3, minor, 0)).map(|found| found.minor)
    }

    #[test]
    fn syntax_is_known_by_the_line_that_was_refused() {
        for (line, minor) in [
            ("except KeyError, IndexError:", 14),
            ("print(t'{x}')", 14),
            ("type Pair[T] = tuple[T, T]", 12),
            (">>> type X = int", 12),
            ("async def first[T](x: T) -> T:", 12),
            ("class Box[T]:", 12),
            ("print(f\"{d[\"k\"]}\")", 12),
            ("print(f'{d['k']}')", 12),
            ("except* ValueError as group:", 11),
            ("match command.split():", 10),
            ("    case [x, y]:  # two", 10),
        ] {
            assert_eq!(found(line, 9), Some(minor), "{line}");
            assert_eq!(found(line, minor), None, "{line}");
        }
        let message = "f-string expression part cannot include a backslash";
        assert!(syntax("f'{\"\\n\".join(a)}'", message, (3, 11, 0)).is_some());
    }

    #[test]
    fn classes_are_told_from_variables() {
        assert!(catches_classes("except KeyError, json.JSONDecodeError:"));
        assert!(!catches_classes("except KeyError, e:"));
        assert!(!catches_classes("except KeyError, Error as e:"));
    }

    #[test]
    fn mistakes_and_old_syntax_are_not_taken_for_it() {
        for line in [
            "type = 3 4",
            "typeset x = 1",
            "def f(x:",
            "match = re.match(x",
            "match x",
            "print 'at'",
            "print('don't')",
            "class A(B)",
            "x = f\"{a}\" \"b\" c",
            "except E as e",
            "",
        ] {
            assert_eq!(found(line, 9), None, "{line}");
        }
    }
}
