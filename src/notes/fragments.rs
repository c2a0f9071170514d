//! Why code that does not parse is an illustration rather than a mistake.
//!
//! The signs are those of writers: elisions, placeholders, prose between the
//! lines, and statements that stop where the reader is expected to go on.

use std::sync::LazyLock;

use regex::Regex;

use super::tokens::{Kind, Token, tokenize};
use crate::model::{Form, Text};
use crate::text;

/// The sign that `text`, which the parser refused on line `line` (from 0) with `message`, is an
/// illustration; none where it reads as whole code with a mistake in it.
pub fn why(text: &str, line: usize, message: &str) -> Option<Text> {
    let lines: Vec<&str> = text.lines().collect();
    let at = lines
        .get(line)
        .or(lines.last())
        .copied()
        .unwrap_or_default();
    if ELISION.is_match(at) || lines.iter().any(|line| BARE_ELISION.is_match(line)) {
        return Some(left_out());
    }
    if let Some(placeholder) = PLACEHOLDER.find(at) {
        return Some(is_placeholder(placeholder.as_str()));
    }
    let last = lines.iter().rev().find(|line| is_code(line));
    if last.is_some_and(|line| line.trim_start().starts_with('@')) && message == "invalid syntax" {
        return Some(text!("it stops before its end", "代码没有写完"));
    }
    if is_open_end(message)
        && lines
            .iter()
            .skip(line + 1)
            .all(|line| line.trim().is_empty() || line.trim().starts_with('#'))
    {
        return Some(text!("it stops before its end", "代码没有写完"));
    }
    if is_bare_header(&lines, line, message) {
        return Some(text!(
            "it shows a header without its body",
            "只展示了语句的开头，没有语句体"
        ));
    }
    if has_body_of_comments(&lines, line, message) {
        return Some(text!(
            "there are only comments where code would be",
            "本该有代码的地方只有注释"
        ));
    }
    if SIGNATURE.is_match(at) && !is_definition(at) {
        return Some(text!("it shows a signature", "它展示的是函数签名"));
    }
    if OPTIONAL.is_match(at) {
        return Some(text!(
            "it shows in brackets what may be left out",
            "方括号表示可以省略的部分"
        ));
    }
    if ARROW.is_match(at) && !at.trim_start().starts_with("def ") {
        return Some(text!("it shows values behind arrows", "箭头后面是值"));
    }
    let prose = lines.iter().find(|line| is_prose(line))?;
    let prose = shortened(prose.trim());
    Some(text!("`{prose}` is no code", "`{prose}` 不是代码"))
}

/// True where the parser stopped at a header without its colon, below which no body stands.
fn is_bare_header(lines: &[&str], at: usize, message: &str) -> bool {
    let misses_colon = message.starts_with("expected ':'") || message == "invalid syntax";
    let Some(header) = lines.get(at).filter(|_| misses_colon) else {
        return false;
    };
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut below = lines[at + 1..].iter().filter(|line| is_code(line));
    let has_body = below
        .next()
        .is_some_and(|line| indent(line) > indent(header));
    HEADER.is_match(header) && is_balanced(header) && !has_body
}

/// True where a header has nothing but comments below it, and code that is no body of it follows.
fn has_body_of_comments(lines: &[&str], at: usize, message: &str) -> bool {
    if !message.starts_with("expected an indented block") || at == 0 {
        return false;
    }
    let above = lines[..at.min(lines.len())].iter().rev();
    let mut above = above.skip_while(|line| line.trim().is_empty()).peekable();
    above
        .peek()
        .is_some_and(|line| line.trim_start().starts_with('#'))
}

fn is_code(line: &str) -> bool {
    let line = line.trim_start();
    !line.is_empty() && !line.starts_with('#')
}

/// True for a line that closes the brackets it opens and has no colon outside of them.
fn is_balanced(line: &str) -> bool {
    let mut depth = 0_i32;
    for token in tokenize(line) {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            ":" if depth == 0 => return false,
            _ => {}
        }
    }
    depth == 0
}

fn is_definition(line: &str) -> bool {
    let line = line.trim_start();
    let is_one = |word: &&str| line.starts_with(*word);
    ["def ", "async def ", "class ", "lambda"]
        .iter()
        .any(is_one)
        || line.contains("lambda")
}

/// The reason for code with an ellipsis in it.
pub fn left_out() -> Text {
    text!("code is left out", "有省略的代码")
}

fn is_placeholder(code: &str) -> Text {
    text!("`{code}` is a placeholder", "`{code}` 是占位符")
}

/// The reason for code in a quote that the parser refused with `message` only because Markdown keeps
/// no indentation there; none for other mistakes and other forms of blocks.
pub fn lost_indentation(form: Form, message: &str) -> Option<Text> {
    let is_lost = form == Form::Quoted && message.starts_with("expected an indented block");
    is_lost.then(|| text!("the indentation was lost in the quote", "引用中丢失了缩进"))
}

/// How many characters of a placeholder are told.
const LONGEST_SHOWN: usize = 60;

/// The sign that code which parses is an illustration all the same: a string that is a
/// placeholder, such as `'<user_name>'`.
pub fn placeholder(text: &str) -> Option<Text> {
    let strings = tokenize(text)
        .into_iter()
        .filter(|token| token.kind == Kind::Text);
    let mut found = strings.filter(|token| PLACEHOLDER_STRING.is_match(token.text));
    let text = found.next()?.text;
    let mut shown: String = text.chars().take(LONGEST_SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    Some(is_placeholder(&shown))
}

/// True for module names that writers put where the reader's own goes.
pub fn is_placeholder_module(name: &str) -> bool {
    PLACEHOLDER_MODULE.is_match(name)
}

/// The messages of CPython's parser for code that goes on where the text ends.
fn is_open_end(message: &str) -> bool {
    message.starts_with("expected an indented block")
        || message.contains("was never closed")
        || message.contains("unexpected EOF")
        || message.contains("expected 'except' or 'finally' block")
}

/// A line of words: names side by side that no operator joins, outside comments and strings.
fn is_prose(line: &str) -> bool {
    let tokens: Vec<Token<'_>> = tokenize(line)
        .into_iter()
        .filter(|token| token.kind != Kind::Newline)
        .collect();
    if tokens
        .first()
        .is_some_and(|token| token.text.starts_with(['$', '%']) && token.kind == Kind::Operator)
    {
        return true;
    }
    if tokens
        .iter()
        .any(|token| token.kind == Kind::Name && token.text.chars().any(is_han))
        && !line.contains('=')
    {
        return true;
    }
    if line.trim_end().ends_with(['!', '?', '！', '？', '。'])
        && !line.contains(['(', '[', '{', '=', '#', '（'])
    {
        return true;
    }
    let words = |pair: &[Token<'_>]| {
        pair.iter()
            .all(|token| token.kind == Kind::Name && !KEYWORDS.contains(&token.text))
    };
    let starts_statement = tokens
        .first()
        .is_some_and(|token| STATEMENTS.contains(&token.text));
    let joined = tokens.windows(2).filter(|pair| words(pair)).count();
    joined >= if starts_statement { 2 } else { 1 }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn shortened(text: &str) -> String {
    let kept: String = text.chars().take(30).collect();
    if kept.len() < text.len() {
        format!("{kept}…")
    } else {
        kept
    }
}

const STATEMENTS: [&str; 8] = [
    "print", "exec", "def", "class", "import", "from", "raise", "except",
];
const KEYWORDS: [&str; 33] = [
    "and", "as", "assert", "async", "await", "class", "def", "del", "elif", "else", "except",
    "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not",
    "or", "raise", "return", "try", "while", "with", "yield", "pass", "break", "continue", "print",
];

#[expect(
    clippy::expect_used,
    reason = "the patterns are fixed, and the tests use each one"
)]
fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}

static ARROW: LazyLock<Regex> = LazyLock::new(|| pattern(r"[\w)\]}'\x22]\s*(-+>|=+>|→|⇒)\s*\S"));
/// A bracket of a signature, as in `f(x[, y])`.
static OPTIONAL: LazyLock<Regex> = LazyLock::new(|| pattern(r"\w\s*\[\s*,\s*\**\w"));
/// The marks of a signature for what goes by place and by name alone, as in `f(x, /, *, key=None)`.
static SIGNATURE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\w\s*\((?:[^()]*,)?\s*[/*]\s*[,)]"));
/// The begin of a statement that a body belongs to.
static HEADER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s*(?:(?:async\s+)?(?:def\s+\w+\s*\(.*\)(?:\s*->.*)?|for\s+.+\s+in\s+.+|with\s+.+)|class\s+\w+.*|(?:if|elif|while)\s+[^=]*(?:[=!<>]=[^=]*)*|else|try|finally|except(?:\s.*)?)\s*(?:#.*)?$",
    )
});
static PLACEHOLDER_STRING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^['\x22]<([A-Za-z]+([_ -][A-Za-z]+)+|[\p{Han}\w -]*\p{Han}[\p{Han}\w -]*)>['\x22]$")
});
static PLACEHOLDER_MODULE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(x{2,}|y{2,}|foo|bar|baz|spam|eggs|(my|your|some|the|other|a)_?(module|package|app|project|lib)|(module|package)(_?(name|\d|[abxy]))?|[abxy])$",
    )
});
static ELISION: LazyLock<Regex> = LazyLock::new(|| pattern(r"\.\.\.|…"));
static BARE_ELISION: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\s*(#\s*)?(\.{3,}|…+)\s*(#.*)?$"));
static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"<[A-Za-z\p{Han}][\w\p{Han} .-]*>|\$\{?\w+\}?|\{\{.*?\}\}|=\s*,\s*$|=\s*\)|\*\*\.|xxx+",
    )
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elisions_placeholders_and_prose_make_a_fragment() {
        assert!(why("f(a, ...Request)\n", 0, "invalid syntax").is_some());
        assert!(why("class A\n...\n", 0, "expected ':'").is_some());
        assert!(
            why("copy($from, $to)\n", 0, "invalid syntax")
                .is_some_and(|why| why.en.contains("$from"))
        );
        assert!(why("run(<命令>)\n", 0, "invalid syntax").is_some());
        assert!(why("setup(\n  author=,\n)\n", 1, "invalid syntax").is_some());
        assert!(
            why(
                "import x\nint() argument must be a string\n",
                1,
                "invalid syntax"
            )
            .is_some()
        );
        assert!(why("put(data)\n队列的用法：先放后取\n", 1, "invalid character").is_some());
        assert!(why("It's \"so\"!\n", 0, "unterminated string literal").is_some());
        assert!(why("join(path[, *more])\n", 0, "invalid syntax").is_some());
        assert_eq!(why("x = [, 1]\n", 0, "invalid syntax"), None);
        assert!(why("import x\n$python x.py\n", 1, "invalid syntax").is_some());
    }

    #[test]
    fn code_that_stops_early_is_a_fragment_only_at_its_end() {
        assert!(
            why(
                "@hook\ndef f():\n",
                1,
                "expected an indented block after function definition on line 2"
            )
            .is_some()
        );
        assert!(
            why(
                "def f():\nx = 1\ny = 2\n",
                1,
                "expected an indented block after function definition on line 1"
            )
            .is_none()
        );
        assert!(why("os.mkdir(\n", 0, "'(' was never closed").is_some());
    }

    #[test]
    fn headers_and_signatures_are_illustrations() {
        let expected = "expected ':'";
        for (text, line, message) in [
            ("def add(a, b)\n", 0, expected),
            ("def add(a, b) -> int\n", 0, expected),
            ("class Foo(Base)\n", 0, expected),
            ("if x > 3\n", 0, expected),
            ("if x == 3\n", 0, "invalid syntax"),
            ("for i in range(3)\n", 0, expected),
            ("@property\ndef name(self)\n", 1, expected),
            ("with open(f) as g\n", 0, expected),
            ("def a(x)\ndef b(x)\n", 0, expected),
            ("@app.route('/')\n", 0, "invalid syntax"),
            ("sorted(items, /, *, key=None)\n", 0, "invalid syntax"),
        ] {
            assert!(why(text, line, message).is_some(), "{text}");
        }
        let comments = "def f():\n    if x:\n        # later\n    return 1\n";
        let message = "expected an indented block after 'if' statement on line 2";
        assert!(why(comments, 3, message).is_some());
    }

    #[test]
    fn a_header_with_a_body_is_a_mistake() {
        for (text, message) in [
            ("def add(a, b)\n    return a\n", "expected ':'"),
            ("for i in range(3)\n    print(i)\n", "expected ':'"),
            ("if x = 1\n", "invalid syntax"),
        ] {
            assert_eq!(why(text, 0, message), None, "{text}");
        }
    }

    #[test]
    fn only_a_quote_loses_its_indentation() {
        for message in [
            "expected an indented block",
            "expected an indented block after 'for' statement on line 3",
        ] {
            assert_eq!(
                lost_indentation(Form::Quoted, message).map(|why| why.en),
                Some("the indentation was lost in the quote".to_owned())
            );
            assert_eq!(lost_indentation(Form::Indented, message), None);
        }
        assert_eq!(lost_indentation(Form::Quoted, "invalid syntax"), None);
    }

    #[test]
    fn arrows_and_placeholders_make_a_fragment() {
        assert!(why("bool(1) -> True\n", 0, "invalid syntax").is_some());
        assert!(placeholder("login('<user_password>')").is_some());
        assert_eq!(
            placeholder("x = '<html>' + '<stdin>' + \"<a href='b'>\""),
            None
        );
        assert!(is_placeholder_module("xxx") && is_placeholder_module("mymodule"));
        assert!(!is_placeholder_module("numpy") && !is_placeholder_module("apps"));
    }

    #[test]
    fn a_mistake_is_no_fragment() {
        assert_eq!(why("class A(B)\n    x = 1\n", 0, "expected ':'"), None);
        assert_eq!(
            why("print（'x'）\n", 0, "invalid character '（' (U+FF08)"),
            None
        );
        assert_eq!(
            why(
                "print('done!)\nx = 'so!\n",
                0,
                "unterminated string literal"
            ),
            None
        );
        assert_eq!(why("x = 1\n  y = 2\n", 1, "unexpected indent"), None);
        assert_eq!(why("if x = 1:\n    pass\n", 0, "invalid syntax"), None);
    }
}
