//! The marks by which other tools skip a block.
//!
//! Each is read from the inside of one comment, as its own tool reads it, and says
//! which tool it is of. What follows from a mark is decided in `directives`.

use crate::model::Text;
use crate::text;

/// How much of another tool's mark a reason shows.
const REASON_CHARS: usize = 80;
/// What stands for any formatter.
const FORMATTER: &str = "formatter";

/// A mark that another tool reads.
pub(super) enum Mark {
    /// Skips the next block, for this reason.
    Next(Text),
    /// Skips every block from here on: the tool and the reason.
    Start(&'static str, Text),
    /// Ends what the tool's `Start` began.
    End(&'static str),
    /// The next block is meant to raise something.
    Raises,
    /// The next block prepares all that follow.
    Setup,
}

/// Reads the marks of other tools.
pub(super) fn foreign_mark(inside: &str) -> Option<Mark> {
    let reason = |tool: &str| {
        let start: String = inside.chars().take(REASON_CHARS).collect();
        let words: Vec<&str> = start.split_whitespace().collect();
        let words = words.join(" ");
        match tool {
            FORMATTER => text!(
                "`{words}` (a formatter's mark)",
                "`{words}`（格式化工具的标记）"
            ),
            _ => text!("`{words}` ({tool})", "`{words}`（{tool}）"),
        }
    };
    let range = |tool, action: &str| match action.split(|c: char| !c.is_alphabetic()).next() {
        Some("next") => Some(Mark::Next(reason(tool))),
        Some("start" | "off") => Some(Mark::Start(tool, reason(tool))),
        Some("end" | "on") => Some(Mark::End(tool)),
        _ => None,
    };
    if let Some(rest) = inside.strip_prefix("skip") {
        let (tool, action) = rest.split_once(':')?;
        return match tool.trim() {
            "" => range("Sybil", action.trim_start()),
            tool if tool.starts_with("doccmd") => range("doccmd", action.trim_start()),
            _ => None,
        };
    }
    if let Some((tool, action)) = inside.split_once(':') {
        let action = action.trim_start();
        match tool.trim_end() {
            "fmt" => return range(FORMATTER, action),
            "blacken-docs" => return range("blacken-docs", action),
            "pytest-codeblocks" if action.starts_with("skip") => {
                return Some(Mark::Next(reason("pytest-codeblocks")));
            }
            "pytest-codeblocks" if action.starts_with("expect-error") => return Some(Mark::Raises),
            "pmd-metadata" if action.split_whitespace().any(|word| word == "notest") => {
                return Some(Mark::Next(reason("pytest-markdown-docs")));
            }
            _ => {}
        }
    }
    match inside {
        "notest" => Some(Mark::Next(reason("pytest-markdown-docs"))),
        "phmdoctest-skip" | "phmdoctest-mark.skip" => Some(Mark::Next(reason("phmdoctest"))),
        "phmdoctest-setup" => Some(Mark::Setup),
        _ if inside.starts_with("pytest.mark.skip") => {
            Some(Mark::Next(reason("pytest-codeblocks")))
        }
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn marks_that_skip_the_next_block_name_their_tool() {
        for (inside, tool) in [
            ("skip: next", "Sybil"),
            ("skip:next", "Sybil"),
            ("skip: next if(1 > 0, reason=\"x\")", "Sybil"),
            ("skip doccmd[all]: next", "doccmd"),
            ("pytest-codeblocks:skip", "pytest-codeblocks"),
            ("pytest-codeblocks:skipif(True)", "pytest-codeblocks"),
            ("pytest.mark.skip", "pytest-codeblocks"),
            ("notest", "pytest-markdown-docs"),
            ("pmd-metadata: notest", "pytest-markdown-docs"),
            ("phmdoctest-skip", "phmdoctest"),
        ] {
            let Some(Mark::Next(reason)) = foreign_mark(inside) else {
                panic!("{inside} is not seen");
            };
            assert_eq!(reason.en, format!("`{inside}` ({tool})"));
        }
    }

    #[test]
    fn an_expected_error_is_no_skip() {
        assert!(matches!(
            foreign_mark("pytest-codeblocks:expect-error"),
            Some(Mark::Raises)
        ));
    }

    #[test]
    fn what_prepares_is_marked() {
        assert!(matches!(
            foreign_mark("phmdoctest-setup"),
            Some(Mark::Setup)
        ));
    }

    #[test]
    fn prose_is_no_mark() {
        for inside in [
            "",
            "skip",
            "skip this: next time",
            "skip: nothing",
            "note: skip",
            "fmt: please",
            "TODO: next",
        ] {
            assert!(foreign_mark(inside).is_none(), "{inside}");
        }
    }

    #[test]
    fn a_long_mark_is_cut() {
        let inside = format!("skip: next if({})", "é".repeat(1000));
        let Some(Mark::Next(reason)) = foreign_mark(&inside) else {
            panic!("not seen");
        };
        assert!(reason.en.chars().count() < 100);
    }
}
