//! The small pieces of which shown values are made: numbers, escapes, prefixes, commas.

use super::elide;

/// Bytes of the number that `text` begins with. A dot that begins an elision is none of it.
pub(super) fn number_length(text: &str) -> Option<usize> {
    let digits = |from: usize| {
        text[from..]
            .find(|c: char| !c.is_ascii_digit() && c != '_')
            .unwrap_or(text.len() - from)
    };
    let mut at = usize::from(text.starts_with(['+', '-']));
    if text[at..].starts_with('0') && text[at + 1..].starts_with(['x', 'o', 'b', 'X', 'O', 'B']) {
        let rest = &text[at + 2..];
        let end = rest.find(|c: char| !c.is_ascii_hexdigit() && c != '_');
        let length = end.unwrap_or(rest.len());
        return (length > 0).then_some(at + 2 + length);
    }
    let whole = digits(at);
    at += whole;
    let rest = &text[at..];
    if rest.starts_with('.') && elide::at_start(rest) == 0 && !rest[1..].starts_with('.') {
        let fraction = digits(at + 1);
        if whole + fraction == 0 {
            return None;
        }
        at += 1 + fraction;
    } else if whole == 0 {
        return None;
    }
    if text[at..].starts_with(['e', 'E']) {
        let sign = usize::from(text[at + 1..].starts_with(['+', '-']));
        let exponent = digits(at + 1 + sign);
        if exponent > 0 {
            at += 1 + sign + exponent;
        }
    }
    Some(at + usize::from(text[at..].starts_with('j')))
}

/// `name` as the prefix of a string.
pub(super) fn prefix(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    ["b", "u", "r", "br", "rb", "ur"]
        .into_iter()
        .find(|prefix| *prefix == name)
}

/// What a letter stands for behind a backslash.
pub(super) fn control(letter: char) -> Option<char> {
    Some(match letter {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'a' => '\x07',
        'b' => '\x08',
        'f' => '\x0c',
        'v' => '\x0b',
        '\\' | '\'' | '"' => letter,
        _ => return None,
    })
}

/// Cuts `text` at the commas that are in no bracket and in no string.
pub(super) fn split_items(text: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let (mut begin, mut depth, mut quote, mut escaped) = (0, 0usize, None, false);
    for (at, next) in text.char_indices() {
        match (quote, next) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), next) if next == open => quote = None,
            (None, '"' | '\'') => quote = Some(next),
            (None, '[' | '(' | '{' | '<') => depth += 1,
            (None, ']' | ')' | '}' | '>') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                items.push(text[begin..at].trim());
                begin = at + 1;
            }
            _ => {}
        }
    }
    let last = text[begin..].trim();
    if !last.is_empty() {
        items.push(last);
    }
    items
}
