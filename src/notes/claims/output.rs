//! Whether what a note shows is output without doubt, so that what came may be written in its place.
//!
//! What was read as output may still be the code or the words of the author. A line that reads
//! as one of these is output only where what came is alike.

use std::collections::BTreeSet;

use super::{prompts, values};
use crate::notes::language;

/// Why what a note shows may be something else than output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// A line of it reads as code.
    Code,
    /// A line of it reads as words of the author.
    Words,
    /// It has lines that did not come in any form, and not all of them are values.
    Lines,
}

/// What speaks against `came` being written in the place of `shown`.
pub fn doubt(shown: &str, came: &str) -> Option<Doubt> {
    let (shown, came) = (lines(shown), lines(came));
    let beside = |at: usize| match came.get(at) {
        Some(line) if shown.len() == came.len() => vec![*line],
        _ => came.clone(),
    };
    let changed = || {
        let numbered = shown.iter().enumerate();
        numbered.filter(|(_, line)| !line.is_empty() && !came.contains(line))
    };
    changed()
        .find_map(|(at, line)| doubt_of(line, &beside(at)))
        .or_else(|| {
            let mut changed = changed();
            let is_lost =
                shown.len() > came.len() && changed.any(|(_, line)| !values::is_value(line));
            is_lost.then_some(Doubt::Lines)
        })
}

fn lines(text: &str) -> Vec<&str> {
    text.trim().lines().map(str::trim).collect()
}

/// What speaks against one of `came` being written in the place of `line`.
fn doubt_of(line: &str, came: &[&str]) -> Option<Doubt> {
    let mut came = came.iter().copied();
    // A remark beside the output would be gone with it.
    if line.contains(" #") && !came.clone().any(|came| came.contains('#')) {
        return Some(Doubt::Words);
    }
    if values::is_value(line) {
        let is_repr = |came: &str| values::is_value(came) && came.ends_with([')', ']', '}', '>']);
        let may_be_call = line.starts_with(|c: char| c.is_alphabetic()) && line.ends_with(')');
        return (may_be_call && !came.any(is_repr)).then_some(Doubt::Code);
    }
    if language::reads_as_statement(line) {
        return (!came.any(|came| first_word(came) == first_word(line))).then_some(Doubt::Code);
    }
    (prompts::is_sentence(line) && !came.any(|came| is_alike(line, came))).then_some(Doubt::Words)
}

/// What a line begins with, as far as the first sign that is no part of a name.
fn first_word(line: &str) -> &str {
    let end = line.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
    &line[..end.unwrap_or(line.len())]
}

/// True where `came` has at least half of the words of `line`, each Chinese character being one.
pub(super) fn is_alike(line: &str, came: &str) -> bool {
    let (line, came) = (words(line), words(came));
    let known = line.iter().filter(|word| came.contains(*word)).count();
    known * 2 >= line.len()
}

fn words(text: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for word in text.split(|c: char| !c.is_alphabetic()) {
        if word.is_ascii() {
            words.insert(word.to_lowercase());
        } else {
            words.extend(word.chars().map(String::from));
        }
    }
    words.remove("");
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_what_is_alike_may_be_replaced() {
        for (shown, came) in [
            ("1", "1.5"),
            ("'a'\n\n[1, 2]", "'b'\n\n[1, 3]"),
            ("set(['a'])", "{'a'}"),
            ("Point(x=1)", "Point(x=2)"),
            ("<type 'int'>", "int"),
            ("x = 3", "x = 4"),
            ("f(1) is called", "f(2) is called"),
            ("The sum of all is three.", "The sum of all is 3."),
            ("总共有三个不同的数字", "总共有 3 个不同的数字"),
            ("one", "two"),
            ("1\n2\n3", "1"),
            ("a b\n1", "a b\n2\n3"),
            ("", "1"),
        ] {
            assert_eq!(doubt(shown, came), None, "{shown} {came}");
        }
    }

    #[test]
    fn code_and_words_of_the_author_stay() {
        for (shown, came, expected) in [
            ("mood.upper()", "'calm'", Doubt::Code),
            ("Thing(3)", "2", Doubt::Code),
            ("y = x + 1\nprint(y)", "3\n4", Doubt::Code),
            ("import os", "", Doubt::Code),
            (
                "1. `'steep'` is what most people want.",
                "tea - hot",
                Doubt::Words,
            ),
            ("2. Any word may be given back.", "4", Doubt::Words),
            ("这里的结果与预期的不同。", "3", Doubt::Words),
            (
                "Adding 3 4   # where do they come from?",
                "Adding 3 5",
                Doubt::Words,
            ),
            ("a.py:2: UserWarning: careful\nafter", "after", Doubt::Lines),
            ("ValueError: no\nsee there", "ValueError: yes", Doubt::Lines),
        ] {
            assert_eq!(doubt(shown, came), Some(expected), "{shown} {came}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_may_be_asked_about(shown: String, came: String) {
            let _ = doubt(&shown, &came);
            proptest::prop_assert_eq!(doubt(&shown, &shown), None);
        }
    }
}
