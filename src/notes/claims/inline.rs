//! Claims in the code itself: `expr -> value`, and `expr == value` as a bare line.
//!
//! An arrow is no Python: whoever runs the block takes the line without it.

use super::Source;
use super::meaning::raised;
use super::statements::{Kind, Statement, is_balanced, is_expression, split};
use super::values;
use crate::model::{About, Claim, ClaimForm, Says};
use crate::notes::tokens::{Kind as TokenKind, Token};

/// A claim behind an arrow, with the byte of the text at which its code ends.
pub(super) struct Arrow {
    /// The claim.
    pub(super) claim: Claim,
    /// The line on which it stands, counted from 0.
    pub(super) line: usize,
    /// The column at which the code ends.
    pub(super) end: usize,
}

/// The claim of a line such as `bool(int("3")) -> True`.
pub(super) fn arrow(source: &Source<'_>, text: &str, statement: &Statement<'_>) -> Option<Arrow> {
    if statement.from != statement.to || !matches!(statement.kind, Kind::Other | Kind::Expression) {
        return None;
    }
    let (left, end) = around_arrow(&statement.tokens)?;
    let last = left.last()?;
    if !computes(left) || !is_balanced(left) || !is_expression(left) {
        return None;
    }
    let line_start = text[..statement.range.start]
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at);
    let rest = &text[end..line_end];
    let start = end + rest.len() - rest.trim_start().len();
    let (len, says) = claimed(rest.trim())?;
    let columns = start - line_start..start + len - line_start;
    let claim = Claim {
        lines: source.lines(statement.from, statement.to),
        form: ClaimForm::Arrow,
        source: text[statement.range.start..last.end()].to_owned(),
        about: About::Statement(source.lines(statement.from, statement.to)),
        claimed: text[start..start + len].to_owned(),
        says,
        bytes: source.bytes(statement.from, columns).into_iter().collect(),
        ..Claim::default()
    };
    Some(Arrow {
        claim,
        line: statement.from,
        end: last.end() - line_start,
    })
}

/// The tokens before the first arrow outside brackets, and the byte behind that arrow.
fn around_arrow<'s, 'a>(tokens: &'s [Token<'a>]) -> Option<(&'s [Token<'a>], usize)> {
    let mut depth = 0_i64;
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth != 0 || token.kind != TokenKind::Operator {
            continue;
        }
        let next = tokens.get(at + 1);
        let joined = next.filter(|next| next.start == token.end() && next.text.starts_with('>'));
        let end = match (token.text, joined) {
            ("->" | "→" | "⇒", _) => token.end(),
            ("=" | "==", Some(next)) => next.end(),
            _ => continue,
        };
        let left = &tokens[..at];
        let drawn = left
            .iter()
            .rposition(|token| !matches!(token.text, "-" | "=" | "=="));
        return Some((&left[..=drawn?], end));
    }
    None
}

/// True where something is computed: a call, a subscript, an operator or an attribute.
fn computes(tokens: &[Token<'_>]) -> bool {
    let word = |token: &Token<'_>| {
        matches!(
            token.text,
            "def" | "class" | "lambda" | "async" | "case" | "for" | "yield"
        )
    };
    let operator = |token: &Token<'_>| {
        token.kind == TokenKind::Operator && !matches!(token.text, "," | ":" | "=")
    };
    let joined = |token: &Token<'_>| {
        token.kind == TokenKind::Name && matches!(token.text, "and" | "or" | "not" | "in" | "is")
    };
    let literal = tokens.iter().all(|token| {
        matches!(token.kind, TokenKind::Number | TokenKind::Text)
            || matches!(
                token.text,
                "(" | ")" | "[" | "]" | "{" | "}" | "," | ":" | "-"
            )
    });
    !tokens.iter().any(word)
        && !literal
        && split(tokens, ":").len() == 1
        && split(tokens, "=").len() == 1
        && split(tokens, ",").len() == 1
        && tokens.iter().any(|token| operator(token) || joined(token))
}

fn claimed(rest: &str) -> Option<(usize, Says)> {
    if let Some(found) = raised(rest) {
        return Some(found);
    }
    if let Some(found) = values::explained(rest) {
        return Some((found.len, Says::Text));
    }
    let word = rest.split([' ', '#', '，', ',']).next()?;
    let after = rest[word.len()..].trim_start();
    let types = [
        "int", "float", "str", "bytes", "list", "tuple", "dict", "set", "bool", "complex",
    ];
    let ends = after.is_empty() || after.starts_with(['#', '，', ',']);
    (types.contains(&word) && ends).then(|| (word.len(), Says::Type(word.to_owned())))
}

/// The claim of a bare line such as `bool([]) == False`: that it is true.
pub(super) fn equality(
    source: &Source<'_>,
    text: &str,
    statement: &Statement<'_>,
) -> Option<Claim> {
    if statement.kind != Kind::Expression || statement.from != statement.to {
        return None;
    }
    let [left, right] = split(&statement.tokens, "==").try_into().ok()?;
    let compares = |token: &Token<'_>| {
        matches!(
            token.text,
            "!=" | "<>"
                | "<"
                | ">"
                | "<="
                | ">="
                | ";"
                | "and"
                | "or"
                | "not"
                | "in"
                | "is"
                | "if"
                | "lambda"
                | "for"
        )
    };
    let (first, last) = (right.first()?, right.last()?);
    let right_text = &text[first.start..last.end()];
    let left_text = &text[left.first()?.start..left.last()?.end()];
    let found = values::value(right_text).filter(|found| found.len == right_text.len())?;
    let outside = split(left, ",").len() == 1 && !outer(left).any(compares);
    if !outside || found.kind == values::Kind::Repr || values::is_value(left_text) {
        return None;
    }
    let line_start = text[..statement.range.start]
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let columns = first.start - line_start..last.end() - line_start;
    Some(Claim {
        lines: source.lines(statement.from, statement.to),
        form: ClaimForm::Equality,
        source: statement.code.to_owned(),
        about: About::Statement(source.lines(statement.from, statement.to)),
        claimed: String::from("True"),
        bytes: source.bytes(statement.from, columns).into_iter().collect(),
        ..Claim::default()
    })
}

/// The tokens outside brackets.
fn outer<'s, 'a>(tokens: &'s [Token<'a>]) -> impl Iterator<Item = &'s Token<'a>> {
    let mut depth = 0_i64;
    tokens.iter().filter(move |token| {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        depth == 0
    })
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::super::statements::statements;
    use super::*;

    fn source(text: &str) -> Source<'_> {
        Source::new(text, text, 1)
    }

    #[test]
    fn arrows_behind_what_is_computed() {
        for (text, code, claimed) in [
            ("bool(int(\"3\")) -> True", "bool(int(\"3\"))", "True"),
            ("  3 / 2 => 1.5", "3 / 2", "1.5"),
            ("x[0] → 'a'  # 第一个", "x[0]", "'a'"),
            ("f(x) ==> [1, 2] 列表", "f(x)", "[1, 2]"),
            ("f(x) --> 3", "f(x)", "3"),
            ("int('a') -> ValueError", "int('a')", "ValueError"),
            ("3 / 2 -> float", "3 / 2", "float"),
            ("a is b -> True", "a is b", "True"),
            ("not x -> False", "not x", "False"),
            ("math.pi -> 3.14159...", "math.pi", "3.14159..."),
        ] {
            let found = statements(text)
                .iter()
                .find_map(|one| arrow(&source(text), text, one));
            let found = found.expect(text);
            assert_eq!(
                (found.claim.source.as_str(), found.claim.claimed.as_str()),
                (code, claimed)
            );
            assert_eq!(text[..found.end].trim(), code);
            assert_eq!(&text[found.claim.bytes[0].clone()], claimed);
        }
    }

    #[test]
    fn other_arrows_claim_nothing() {
        for text in [
            "def f() -> int:",
            "def f(x) -> None: ...",
            "lambda x: x -> 3",
            "the list -> 3",
            "a -> b",
            "'a' -> 'b'",
            "1 -> 2",
            "[1, 2] -> [2, 1]",
            "'a': 1 -> 2",
            "x = f() -> 3",
            "f(x) -> the value",
            "f( -> 3",
            "f(x) -> x + 1",
            "f(x) - > 3",
            "x >= 3",
            "foo -> 3",
            "f(x), g(x) -> 3",
            "f(x) -> new list",
            "f(x) -> int or None",
            "类型(x) 转换 -> 3",
            "x.append(1) -> 追加",
        ] {
            let found = statements(text)
                .iter()
                .find_map(|one| arrow(&source(text), text, one));
            assert_eq!(found.map(|found| found.claim.claimed), None, "{text}");
        }
    }

    #[test]
    fn equalities_as_bare_lines() {
        for (text, right) in [
            ("bool([]) == False", Some("False")),
            ("range(10)[True] == 1", Some("1")),
            ("f(a == b) == [1, 2]  # 注释", Some("[1, 2]")),
            ("x == 'a'", Some("'a'")),
            ("assert x == 3", None),
            ("if x == 3:", None),
            ("return x == 3", None),
            ("x == y", None),
            ("x == 3 and y", None),
            ("a == b == 3", None),
            ("y = x == 3", None),
            ("1 == 2", None),
            ("x != 3", None),
            ("a < b == 3", None),
            ("print(x == 3)", None),
            ("x, y == 3", None),
        ] {
            let found = statements(text)
                .iter()
                .find_map(|one| equality(&source(text), text, one));
            let bytes = found.map(|claim| &text[claim.bytes[0].clone()]);
            assert_eq!(bytes, right, "{text}");
        }
    }
}
