//! What kind of thing a text shows, as far as telling whether two texts are about the same.

use super::literal::{Kind, Literal, parse};

/// A kind of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// A number.
    Number,
    /// `True` or `False`.
    Bool,
    /// `None`.
    None,
    /// A string, bytes, or text without quotes.
    Text,
    /// Anything with several values, and objects.
    Many,
    /// A class.
    Class,
    /// A word.
    Word,
}

/// What kind of thing `text` shows.
pub(super) fn of(text: &str) -> Family {
    match parse(text) {
        Some(Literal::Number(_)) => Family::Number,
        Some(Literal::Word(name)) => match name.as_str() {
            "True" | "False" => Family::Bool,
            "None" => Family::None,
            _ => Family::Word,
        },
        Some(Literal::Opaque(repr)) if repr.starts_with("<class") || repr.starts_with("<type") => {
            Family::Class
        }
        Some(Literal::Text { .. }) | None => Family::Text,
        Some(_) => Family::Many,
    }
}

/// Whether a claim of the one may be about the other. Where it may not, the two say nothing about
/// each other: `# 3` beside `d.clear()`.
pub(super) fn may_be_about(claimed: &str, actual: &str) -> bool {
    let whole = |text: &str| {
        // `10L` and `set([1])` of Python 2 are what `10` and `{1}` are today.
        let long = text
            .strip_suffix('L')
            .filter(|rest| rest.ends_with(|c: char| c.is_ascii_digit()));
        of(long.unwrap_or(text))
    };
    match (whole(claimed), of(actual)) {
        (Family::None, _) => true,
        (Family::Word, other) | (other, Family::Word) => {
            matches!(other, Family::Text | Family::Class | Family::Word)
        }
        (Family::Text, Family::Number) => super::elide::is_in(claimed),
        (claimed, actual) => claimed == actual,
    }
}

/// The type of the value that `text` shows, where its look tells it.
pub(super) fn type_of(text: &str) -> Option<&'static str> {
    Some(match parse(text)? {
        Literal::Number(number) if number.ends_with('j') => "complex",
        Literal::Number(number) if number.contains(['.', 'e']) && !number.starts_with("0x") => {
            "float"
        }
        Literal::Number(_) => "int",
        Literal::Text { prefix: 'b', .. } => "bytes",
        Literal::Group(Kind::List, _) => "list",
        Literal::Group(Kind::Tuple, _) => "tuple",
        Literal::Group(Kind::Dict, _) => "dict",
        Literal::Group(Kind::Set, _) => "set",
        Literal::Word(name) if matches!(name.as_str(), "True" | "False") => "bool",
        Literal::Word(name) if name == "None" => "NoneType",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_things_of_a_kind_are_about_each_other() {
        for (claimed, actual, expected) in [
            ("3", "4.5", true),
            ("3", "None", false),
            ("3", "[1, 2, 3]", false),
            ("10L", "11", true),
            ("[1]", "<map object at 0x7f>", true),
            ("['a']", "dict_keys(['a'])", true),
            ("<type 'str'>", "<class 'str'>", true),
            ("int", "<class 'str'>", true),
            ("'a'", "b'a'", true),
            ("abc", "'abd'", true),
            ("None", "3", true),
            ("True", "1", false),
        ] {
            assert_eq!(
                may_be_about(claimed, actual),
                expected,
                "{claimed} {actual}"
            );
        }
    }

    #[test]
    fn a_look_tells_the_type() {
        assert_eq!(type_of("1.5"), Some("float"));
        assert_eq!(type_of("0xe"), Some("int"));
        assert_eq!(type_of("{}"), Some("dict"));
        assert_eq!(type_of("hello there"), None);
    }
}
