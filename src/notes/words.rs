//! Splits a comment or an info string into words with their values.
//!
//! Nothing here knows which words there are.

/// A word with its value, as in `skip` and `session=name`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Word<'a> {
    pub(super) name: &'a str,
    pub(super) value: Option<&'a str>,
}

/// The words of a comment or an info string. White space, commas, semicolons and
/// braces separate them; a value may stand in quotes.
pub(super) struct Words<'a>(pub(super) &'a str);

impl<'a> Iterator for Words<'a> {
    type Item = Word<'a>;

    fn next(&mut self) -> Option<Word<'a>> {
        let text = self
            .0
            .trim_start_matches(|c: char| is_separator(c) || c == '=');
        let first = text.chars().next()?;
        let end = match first {
            '"' | '\'' => text[1..].find(first).map_or(text.len(), |at| at + 2),
            '<' | '>' | '!' | '~' => text.find(is_separator).unwrap_or(text.len()),
            _ => text
                .find(|c: char| is_separator(c) || "=<>!~".contains(c))
                .unwrap_or(text.len()),
        };
        let (name, rest) = text.split_at(end);
        let Some(value) = rest.trim_start().strip_prefix('=') else {
            self.0 = rest;
            return Some(Word { name, value: None });
        };
        let (value, rest) = split_value(value.trim_start());
        self.0 = rest;
        Some(Word {
            name,
            value: Some(value),
        })
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';' | '{' | '}')
}

/// Splits a value from what follows it, quotes left out.
fn split_value(text: &str) -> (&str, &str) {
    let closing = match text.chars().next() {
        Some('“' | '”') => '”',
        Some(quote @ ('"' | '\'')) => quote,
        Some('{') => '}',
        _ => return text.split_at(bare_value_end(text)),
    };
    let inner = &text[text.chars().next().map_or(0, char::len_utf8)..];
    inner.split_once(closing).unwrap_or((inner, ""))
}

/// A bare value ends at white space, a brace or a comma, but `>=3.9,<3.13` is one value.
fn bare_value_end(text: &str) -> usize {
    let mut rest = text;
    loop {
        let Some(at) = rest.find(is_separator) else {
            return text.len();
        };
        let end = text.len() - rest.len() + at;
        match rest[at..].strip_prefix(',') {
            Some(after) if after.trim_start().starts_with(['<', '>', '=', '!', '~']) => {
                rest = after.trim_start();
            }
            _ => return end,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<(&str, Option<&str>)> {
        Words(text).map(|word| (word.name, word.value)).collect()
    }

    #[test]
    fn words_and_values() {
        assert_eq!(split(" a, b;{c} "), [("a", None), ("b", None), ("c", None)]);
        assert_eq!(
            split("a=1 b = '2 3' c=“4 5” d"),
            [
                ("a", Some("1")),
                ("b", Some("2 3")),
                ("c", Some("4 5")),
                ("d", None)
            ]
        );
        assert_eq!(
            split("lines={1,3},b"),
            [("lines", Some("1,3")), ("b", None)]
        );
        assert_eq!(
            split("python=>=3.9, <3.13,b"),
            [("python", Some(">=3.9, <3.13")), ("b", None)]
        );
        assert_eq!(
            split("\"quoted skip\" b"),
            [("\"quoted skip\"", None), ("b", None)]
        );
    }

    #[test]
    fn whatever_is_typed_comes_to_an_end() {
        for text in [
            "=", "a=", "a='", "\"", "'é", ">", ">=3", "a>b", "a==", "“", "{", "a={", "é=é",
        ] {
            assert!(split(text).len() <= 2, "{text:?}");
        }
    }
}
