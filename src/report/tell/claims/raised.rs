//! Whether what came in place of a claim was raised, or only looks like that.

use super::story::has_lines;
use super::within;
use crate::model::{BlockReport, CheckedClaim, ClaimForm, Language};
use crate::report::words as common;

/// True where what came is an exception that was raised there: what looks like one may
/// have been printed. Of a session only the first one is known, but not what it printed.
pub(super) fn is_raised(claim: &CheckedClaim, block: &BlockReport) -> bool {
    let (code, actual) = (claim.claim.about.lines(), claim.actual.trim());
    let is_known = block.error.as_ref().is_some_and(|error| {
        within(code, error.line) && actual == common::exception(&error.class, &error.message).trim()
    });
    let is_typed = matches!(claim.claim.form, ClaimForm::Prompt | ClaimForm::Traceback)
        && block.block.language == Language::Pycon;
    is_known
        || is_typed
            && block.error.is_some()
            && reads_as_exception(actual)
            && !has_lines(&block.stdout, actual)
            && !has_lines(&block.stderr, actual)
}

/// True for a class of exceptions, a colon and a message, as the end of a traceback has them.
fn reads_as_exception(text: &str) -> bool {
    let class = text.split_once(": ").map_or(text, |(class, _)| class);
    let is_name = |part: &str| {
        let is_start = |c: char| c.is_alphabetic() || c == '_';
        part.starts_with(is_start) && part.chars().all(|c| is_start(c) || c.is_numeric())
    };
    let ends = [
        "Error",
        "Exception",
        "Interrupt",
        "Exit",
        "Iteration",
        "Warning",
    ];
    class.split('.').all(is_name) && ends.iter().any(|end| class.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_has_the_name_of_one() {
        for text in [
            "KeyError",
            "ValueError: a: b",
            "json.decoder.JSONDecodeError: no",
            "编码Error: x",
        ] {
            assert!(reads_as_exception(text), "{text}");
        }
        for text in [
            "",
            "Error code: 3",
            "3 Errors",
            "print: KeyError",
            ".Error: x",
            "a..bError",
        ] {
            assert!(!reads_as_exception(text), "{text}");
        }
    }
}
