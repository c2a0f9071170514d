//! What is said about warnings: what works today and is to fail.

use crate::model::Text;
use crate::text;

/// How many there are.
pub(in crate::report) fn count(count: usize) -> Text {
    let noun = if count == 1 { "warning" } else { "warnings" };
    text!("{count} {noun}", "{count} 个警告")
}

/// From which version on something is so, which this one does not do yet.
pub(in crate::report) fn so_from(since: &str, current: &str) -> Text {
    text!(
        "so from Python {since} on, this is {current}",
        "从 Python {since} 起如此，当前是 {current}"
    )
}

/// True where the first of two versions is known to be the later one.
pub(in crate::report) fn is_later(version: &str, other: &str) -> bool {
    let numbers = |text: &str| -> Option<Vec<u32>> {
        text.split('.').map(|part| part.parse().ok()).collect()
    };
    numbers(version)
        .zip(numbers(other))
        .is_some_and(|(version, other)| version > other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(is_later("3.10", "3.9"));
        assert!(is_later("3.16", "3.13"));
        for (version, other) in [("3.9", "3.10"), ("3.9", "3.9"), ("3.9", ""), ("", "3.9")] {
            assert!(!is_later(version, other), "{version} {other}");
        }
    }
}
