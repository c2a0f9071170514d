//! Which parts of code are set in which way: words of the language, strings, numbers, comments.
//!
//! The tokens are those of `notes::tokens`, which reads any text. Nothing in here knows HTML.

use std::ops::Range;

use crate::model::Language;
use crate::notes::tokens::{Kind, Token, tokenize};

/// How a part of a line is set, as the name of a class.
pub(super) type Class = &'static str;

/// The parts of a line that are set apart, in order.
pub(super) type Parts = Vec<(Range<usize>, Class)>;

const KEYWORDS: [&str; 38] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "case", "class",
    "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if",
    "import", "in", "is", "lambda", "match", "nonlocal", "not", "or", "pass", "raise", "return",
    "try", "type", "while", "with", "yield",
];
/// Words that are names wherever they don't begin a line.
const SOFT: [&str; 3] = ["case", "match", "type"];
const PROMPTS: [&str; 2] = [">>>", "..."];

/// The parts of each line of a block.
pub(super) fn lines(text: &str, language: Language) -> Vec<Parts> {
    match language {
        Language::Python | Language::Python2 => code(text),
        Language::Pycon => session(text),
        _ => text.split_terminator('\n').map(|_| Parts::new()).collect(),
    }
}

fn code(text: &str) -> Vec<Parts> {
    let begins: Vec<usize> = std::iter::once(0)
        .chain(text.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    let mut lines: Vec<Parts> = text.split_terminator('\n').map(|_| Parts::new()).collect();
    let tokens = tokenize(text);
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        let Some(class) = class(token, before, tokens.get(at + 1)) else {
            continue;
        };
        let mut start = token.start;
        let first = begins.partition_point(|begin| *begin <= start) - 1;
        for (line, begin) in begins.iter().enumerate().skip(first) {
            let next = begins.get(line + 1).map_or(text.len(), |next| next - 1);
            let end = token.end().min(next);
            if let Some(parts) = lines.get_mut(line).filter(|_| start < end) {
                parts.push((start - begin..end - begin, class));
            }
            start = next + 1;
            if token.end() <= next {
                break;
            }
        }
    }
    lines
}

fn class(token: &Token, before: Option<&Token>, after: Option<&Token>) -> Option<Class> {
    let follows = |word: &str| before.is_some_and(|before| before.is_name(word));
    match token.kind {
        Kind::Comment => Some("c"),
        Kind::Text => Some("s"),
        Kind::Number => Some("n"),
        Kind::Name if before.is_some_and(|before| before.is(".")) => None,
        Kind::Name if follows("def") || follows("class") => Some("f"),
        Kind::Name if SOFT.contains(&token.text) => {
            let begins = before.is_none_or(|before| before.line != token.line);
            let goes_on = after.is_some_and(|after| after.kind != Kind::Operator);
            (begins && goes_on).then_some("k")
        }
        Kind::Name => KEYWORDS.contains(&token.text).then_some("k"),
        Kind::Operator | Kind::Newline => None,
    }
}

/// A session: what stands behind its prompts is code, all else is what came.
fn session(text: &str) -> Vec<Parts> {
    let all: Vec<&str> = text.split_terminator('\n').collect();
    let mut lines = Vec::with_capacity(all.len());
    for typed in all.chunk_by(|above, below| prompt(above) > 0 && prompt(below) > 0) {
        if typed.iter().all(|line| prompt(line) == 0) {
            lines.extend(typed.iter().map(|line| vec![(0..line.len(), "o")]));
            continue;
        }
        let input: String = typed
            .iter()
            .map(|line| format!("{}\n", &line[prompt(line)..]))
            .collect();
        for (line, parts) in typed.iter().zip(code(&input)) {
            let begin = prompt(line);
            let moved = |(part, class): (Range<usize>, Class)| {
                (part.start + begin..part.end + begin, class)
            };
            let prompt = std::iter::once((0..begin, "p"));
            lines.push(prompt.chain(parts.into_iter().map(moved)).collect());
        }
    }
    lines
}

/// The length of the prompt of a line with what stands before it, 0 where there is none.
fn prompt(line: &str) -> usize {
    let indent = line.len() - line.trim_start().len();
    let rest = &line[indent..];
    let found = PROMPTS.iter().find(|prompt| {
        let after = rest.strip_prefix(**prompt);
        after.is_some_and(|after| after.is_empty() || after.starts_with(' '))
    });
    found.map_or(0, |prompt| {
        indent + prompt.len() + usize::from(rest.len() > prompt.len())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str, language: Language) -> Vec<String> {
        let parts = lines(text, language);
        let lines = text.split_terminator('\n').zip(parts);
        lines
            .map(|(line, parts)| {
                let parts = parts.into_iter();
                let parts = parts.map(|(part, class)| format!("{class}:{}", &line[part]));
                parts.collect::<Vec<_>>().join(" ")
            })
            .collect()
    }

    #[test]
    fn words_strings_numbers_and_comments_are_set_apart() {
        let text = "def f(x):  # 数\n    return x.is_ or 1.5\nmatch = type(x)\n";
        assert_eq!(
            shown(text, Language::Python),
            ["k:def f:f c:# 数", "k:return k:or n:1.5", ""]
        );
        let text = "s = '''a\n\n数'''\nmatch s:\n    case 1: pass";
        assert_eq!(
            shown(text, Language::Python),
            ["s:'''a", "", "s:数'''", "k:match", "k:case n:1 k:pass"]
        );
    }

    #[test]
    fn sessions_have_prompts_and_outputs() {
        let text = ">>> for x in '''a\n... b''':\n...     x\n'if'\n>>>\n";
        assert_eq!(
            shown(text, Language::Pycon),
            [
                "p:>>>  k:for k:in s:'''a",
                "p:...  s:b'''",
                "p:... ",
                "o:'if'",
                "p:>>>"
            ]
        );
    }

    proptest! {
        #[test]
        fn parts_lie_in_their_lines_in_order(text in "([ \\n>.'\"#数a1(]|>>> |\\.\\.\\. |def |'''){0,30}") {
            for language in [Language::Python, Language::Pycon, Language::Other] {
                let parts = lines(&text, language);
                prop_assert_eq!(parts.len(), text.split_terminator('\n').count());
                for (line, parts) in text.split_terminator('\n').zip(parts) {
                    let mut end = 0;
                    for (part, _) in parts {
                        prop_assert!(end <= part.start && line.get(part.clone()).is_some());
                        end = part.end;
                    }
                }
            }
        }
    }
}
