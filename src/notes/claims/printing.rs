//! What a print statement shows besides the value that a comment tells.
//!
//! `print("Sum:", x)  # 3` tells only a part of the line that is printed, and such a comment
//! can't be compared with it.

use super::statements::{Kind, Statement, split};
use super::values;
use crate::notes::tokens::{Kind as TokenKind, Token};

/// True where `claimed` can only be a part of what `statement` prints.
pub(super) fn is_part(statement: &Statement<'_>, claimed: &str) -> bool {
    if statement.kind != Kind::Print {
        return false;
    }
    let arguments = arguments(&statement.tokens);
    let words: Vec<_> = arguments
        .iter()
        .filter_map(|one| literal(one))
        .flat_map(words)
        .collect();
    if words.is_empty() {
        let one = values::value(claimed).is_some_and(|found| found.len == claimed.len());
        return arguments.len() > 1 && one;
    }
    let claimed = claimed.to_lowercase();
    !words.iter().any(|word| claimed.contains(word.as_str()))
}

/// The arguments of a print, without those given by keyword.
fn arguments<'s, 'a>(tokens: &'s [Token<'a>]) -> Vec<&'s [Token<'a>]> {
    let begin = tokens.iter().position(|token| token.is_name("print"));
    let Some(inner) = begin.and_then(|at| tokens.get(at + 1..)) else {
        return Vec::new();
    };
    let inner = match inner {
        [first, inner @ .., last] if first.is("(") && last.is(")") => inner,
        _ => inner,
    };
    let mut found = split(inner, ",");
    found.retain(|one| !one.is_empty() && split(one, "=").len() == 1);
    found
}

/// The string that an argument prints as it is, or that it fills with values.
fn literal<'a>(argument: &[Token<'a>]) -> Option<&'a str> {
    let (first, rest) = argument.split_first()?;
    let formats = match rest {
        [] => true,
        [dot, name, ..] if dot.is(".") => name.is_name("format"),
        [next, ..] => next.is("%"),
    };
    (first.kind == TokenKind::Text && formats).then_some(first.text)
}

/// The words of a string, without its prefix and what is filled in.
fn words(text: &str) -> Vec<String> {
    let body = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let mut plain = String::new();
    let (mut depth, mut percent) = (0_usize, false);
    for c in body.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ if percent => percent = !c.is_alphabetic(),
            '%' => percent = true,
            _ => plain.push(c),
        }
    }
    plain
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::statements::statements;
    use super::*;

    #[test]
    fn comments_that_tell_a_part_of_what_is_printed() {
        for (code, claimed, part) in [
            ("print(x)", "3", false),
            ("print(x, end='')", "3", false),
            ("print(a, b)", "1 2", false),
            ("print(a, b)", "1, 2", false),
            ("print(f'{x:.2f}')", "3.14", false),
            ("print('%d' % x)", "3", false),
            ("print('{}'.format(x))", "3", false),
            ("print('a,b'.split(','))", "['a', 'b']", false),
            ("print('Sum:', x)", "Sum: 3", false),
            ("print(len('abc'))", "3", false),
            ("print('Sum:', x)", "3", true),
            ("print 'Sum:', x", "3", true),
            ("print(f'总和：{x}')", "3", true),
            ("print('sum %d' % x)", "3", true),
            ("print('sum {}'.format(x))", "3", true),
            ("print(t, type(t))", "<class 'int'>", true),
            ("print('hello')", "3", true),
            ("f('Sum:', x)", "3", false),
        ] {
            let found = statements(code);
            assert_eq!(is_part(&found[0], claimed), part, "{code} # {claimed}");
        }
    }
}
