//! Code that a comment hides from the readers of a note, and that what follows needs.
//!
//! `<!-- verify: setup` with code on the lines below it is `verify`'s own form, `<!-- invisible-code-block: python`
//! that of Sybil.

/// The code in a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hidden<'t> {
    /// The line on which it begins, counted from 0 at the begin of the comment.
    pub(super) line: usize,
    /// Whole lines.
    pub(super) code: &'t str,
}

/// The code that a comment with this inside hides.
pub(super) fn code(inside: &str) -> Option<Hidden<'_>> {
    let (first, code) = inside.split_once('\n')?;
    let words = first.trim_matches(|c: char| c == '-' || c.is_whitespace());
    let (mark, asked) = words.split_once(':')?;
    let is_mark = match mark.trim_end() {
        mark if mark.eq_ignore_ascii_case("verify") => asked.trim() == "setup",
        "invisible-code-block" | "invisible-code" => matches!(asked.trim(), "python" | "py"),
        _ => false,
    };
    (is_mark && !code.trim().is_empty()).then_some(Hidden { line: 1, code })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stands_below_the_words_that_announce_it() {
        for inside in [
            " verify: setup\nx = 1\n",
            "Verify: setup \nx = 1\n",
            "- invisible-code-block: python\nx = 1\n",
        ] {
            let code = code(inside).map(|hidden| (hidden.line, hidden.code));
            assert_eq!(code, Some((1, "x = 1\n")), "{inside}");
        }
    }

    #[test]
    fn other_comments_hide_no_code() {
        for inside in [
            " verify: setup ",
            " verify: setup\n\n",
            " verify: skip\nx = 1\n",
            " invisible-code-block: js\nx = 1\n",
            " todo:\nx = 1\n",
            "",
        ] {
            assert_eq!(code(inside), None, "{inside}");
        }
    }
}
