//! What reads as a Python value at the beginning of a text, and where it ends.
//!
//! Literals of Python 2 and 3, reprs, and values with parts left out. Nothing is evaluated.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern;

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A number.
    Number,
    /// `True`, `None` and the like.
    Word,
    /// A string.
    Text,
    /// A tuple, list, set or dict, or values separated by commas.
    Container,
    /// `Name(…)` or `<…>`.
    Repr,
    /// Values separated by spaces, as `print` shows them.
    Several,
    /// What is left out.
    Elision,
}

/// A value at the beginning of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Value {
    /// Its length in bytes.
    pub(super) len: usize,
    /// What it looks like.
    pub(super) kind: Kind,
}

/// Brackets in brackets up to this depth are read.
const DEEPEST: usize = 60;

/// The value at the beginning of `text`.
pub(super) fn value(text: &str) -> Option<Value> {
    let mut reader = Reader { text, at: 0 };
    let kind = reader.value(0)?;
    let len = reader.at;
    let cut = text[..len].ends_with(['.', '+', '-']) && !text[..len].ends_with("...");
    (kind != Kind::Elision && !cut).then_some(Value { len, kind })
}

/// The value or values at the beginning of `text`: `1`, `1, 2` or `1 [2]`.
pub(super) fn values(text: &str) -> Option<Value> {
    let mut found = value(text)?;
    let mut separator = None;
    loop {
        let rest = &text[found.len..];
        let this = match rest.chars().next() {
            Some(',') => ',',
            Some(' ' | '\t') => ' ',
            _ => break,
        };
        let gap = 1 + rest[1..].len() - rest[1..].trim_start().len();
        let next = value(&rest[gap..]);
        let elided = elision(&rest[gap..]).filter(|_| this == ',');
        let Some(len) = next.map(|next| next.len).or(elided) else {
            break;
        };
        if *separator.get_or_insert(this) != this {
            break;
        }
        found.len += gap + len;
        found.kind = if this == ',' {
            Kind::Container
        } else {
            Kind::Several
        };
    }
    Some(found)
}

/// The value at the beginning of `text`, where what follows can only be an explanation.
pub(super) fn explained(text: &str) -> Option<Value> {
    let found = values(text)?;
    if is_aside(&text[found.len..], found.kind) {
        return Some(found);
    }
    None
}

/// True where all of `text` is one value.
pub(super) fn is_value(text: &str) -> bool {
    let text = text.trim();
    values(text).is_some_and(|found| found.len == text.len())
}

/// True where `rest`, which follows a value, is nothing or explains it.
fn is_aside(rest: &str, kind: Kind) -> bool {
    let text = rest.trim();
    let apart = rest.starts_with(char::is_whitespace);
    if text.is_empty() {
        return true;
    }
    let inner = text.trim_start_matches(|c: char| c.is_whitespace() || "，。；;,(（-—".contains(c));
    if CONDITION.is_match(inner) || (kind == Kind::Number && UNIT.is_match(text)) {
        return false;
    }
    // `10;11` and `a,b` are texts of their own, `10; rounded` is explained.
    let ends = |mark: char| {
        let rest = text.strip_prefix(mark);
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_graphic()))
    };
    let closed = text.starts_with(['，', '。', '；', '（', '！', '←', '#'])
        || ends(';')
        || ends(',') && kind != Kind::Several
        || apart && text.starts_with("<-")
        || apart && (text.starts_with("--") || text.starts_with('—') || text.starts_with('('))
        || apart && text.starts_with("- ") && !inner.starts_with(|c: char| c.is_ascii_digit())
        || text.starts_with('(') && kind == Kind::Number;
    let wordy = apart && text.starts_with(char::is_alphabetic);
    closed
        || wordy && REASON.is_match(text)
        || wordy && matches!(kind, Kind::Container | Kind::Repr) && !VERB.is_match(text)
}

static CONDITION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:如果|若|当|否则|或|其他|默认|if\b|when\b|unless\b|or\b|otherwise\b|else\b|by default)",
    )
});
static UNIT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[(（]\s*(?:秒|分钟?|小?时|天|个|元|米|字节|位|次|s|ms|us|ns|secs?|seconds?|min|minutes?|hours?|days?|bytes?|bits?|[kmg]b)\s*[)）]",
    )
});
static REASON: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:因为|由于|而不是|而非|不是|注意|because\b|since\b|not\b|instead\b|rather\b|as\b|but\b)",
    )
});
static VERB: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:变|改|换|转|与|和|或|的|中|里|是|会|都|也|则|将|之|to\b|in\b|is\b|are\b|and\b|or\b|of\b|has\b|have\b|will\b|would\b|can\b|becomes?\b|for\b)",
    )
});
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)^[+-]?(?:
        \d+\s?(?:\.{3,}|…+)\s?\d+
        |\d+\.\d+(?:\.{3,}|…+)
        |0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+
        |(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?:[+-](?:\d+\.?\d*)(?:[eE][+-]?\d+)?j)?
        )[jJlL]?",
    )
});
static COMPLEX: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\([+-]?[\d.]+(?:e[+-]?\d+)?[+-][\d.]+(?:e[+-]?\d+)?j\)"));
static WORD: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:True|False|None|NotImplemented|Ellipsis|-?inf|nan)\b"));
static CALL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(?:\w+\.)*[A-Z]\w*|(?:datetime\.)?(?:datetime|date|time|timedelta|timezone)|(?:collections\.)?(?:deque|defaultdict)|set|frozenset|bytearray|range|xrange|slice|array|tensor|mappingproxy|dict_keys|dict_values|dict_items|odict_keys|odict_values|odict_items|namespace|count|repeat|memoryview|time\.struct_time|os\.\w+_(?:result|size))\(",
    )
});
static KEYWORD: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[A-Za-z_]\w*="));
static MEMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[A-Za-z_]\w*(?:\.\w+)+"));
static ELISION: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:\.{3,}|…+)(?:\s*\.{3,})*"));

fn elision(text: &str) -> Option<usize> {
    ELISION.find(text).map(|found| found.end())
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn take(&mut self, pattern: &Regex) -> bool {
        let found = pattern.find(self.rest());
        self.at += found.map_or(0, |found| found.end());
        found.is_some()
    }

    fn value(&mut self, depth: usize) -> Option<Kind> {
        if depth > DEEPEST {
            return None;
        }
        let first = self.rest().chars().next()?;
        if self.take(&COMPLEX) {
            return Some(Kind::Number);
        }
        match first {
            '(' | '[' | '{' => {
                self.at += 1;
                self.elements(first, depth).map(|()| Kind::Container)
            }
            '<' => self.angle(),
            _ if self.take(&ELISION) => Some(Kind::Elision),
            _ if self.take(&WORD) => self.ends_word().then_some(Kind::Word),
            _ if first.is_ascii_digit() || "+-.".contains(first) => self.number(),
            _ if self.string() => Some(Kind::Text),
            _ if self.take(&CALL) => self.elements('c', depth).map(|()| Kind::Repr),
            _ => None,
        }
    }

    fn number(&mut self) -> Option<Kind> {
        let found = self.take(&NUMBER);
        (found && self.ends_word()).then_some(Kind::Number)
    }

    /// True where no other word goes on here, as in `3rd`, `10%`, `3个`, `2020-01-01` or `12:30`.
    fn ends_word(&self) -> bool {
        let mut next = self.rest().chars();
        match next.next() {
            None => true,
            Some(c) if c.is_alphanumeric() || c == '_' => false,
            Some('.' | ':') => !next.next().is_some_and(char::is_alphanumeric),
            Some(c) => c.is_whitespace() || ",;)]}>，。；）（(…".contains(c),
        }
    }

    /// The elements of a bracket, and its end. `open` is `c` for the arguments of a call.
    fn elements(&mut self, open: char, depth: usize) -> Option<()> {
        let close = match open {
            '[' => ']',
            '{' => '}',
            _ => ')',
        };
        let (mut count, mut commas, mut last) = (0, 0, Kind::Elision);
        loop {
            self.skip_space();
            let next = self.rest().chars().next()?;
            if next == close {
                self.at += 1;
                let single = open == '(' && count == 1 && commas == 0;
                return (!single || last == Kind::Elision).then_some(());
            }
            if count > 0 && commas < count {
                let loose = last == Kind::Elision || open == '[' && last != Kind::Text;
                if !(loose || self.rest().starts_with("...") || next == '…') {
                    return None;
                }
            }
            last = self.element(open, depth)?;
            count += 1;
            self.skip_space();
            if self.rest().starts_with(',') {
                self.at += 1;
                commas = count;
            }
        }
    }

    fn element(&mut self, open: char, depth: usize) -> Option<Kind> {
        if open == 'c' {
            self.take(&KEYWORD);
        }
        let before = self.at;
        let kind = match self.value(depth + 1) {
            Some(kind) => kind,
            None if open == 'c' => {
                self.at = before;
                self.take(&MEMBER).then_some(Kind::Word)?
            }
            None => return None,
        };
        self.skip_space();
        if open == '{' && self.rest().starts_with(':') {
            self.at += 1;
            self.skip_space();
            return self.value(depth + 1);
        }
        Some(kind)
    }

    /// A repr such as `<class 'int'>` or `<__main__.A object at 0x7f…>`.
    fn angle(&mut self) -> Option<Kind> {
        let line = self.rest().lines().next()?;
        if !line[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            return None;
        }
        let mut depth = 0_usize;
        for (at, c) in line.char_indices() {
            match c {
                '<' => depth += 1,
                '>' if line[..at].ends_with('-') => {}
                '>' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.at += at + 1;
                return line[..at].contains(' ').then_some(Kind::Repr);
            }
        }
        None
    }

    fn string(&mut self) -> bool {
        let rest = self.rest();
        let prefix = rest
            .bytes()
            .take(2)
            .take_while(|byte| b"bBuUrR".contains(byte))
            .count();
        let body = &rest[prefix..];
        let Some(quote) = body.chars().next().filter(|c| matches!(c, '\'' | '"')) else {
            return false;
        };
        let triple = quote.to_string().repeat(3);
        let close = if body.starts_with(&triple) {
            triple
        } else {
            quote.to_string()
        };
        let mut at = close.len();
        while let Some(c) = body[at..].chars().next() {
            if body[at..].starts_with(&close) {
                self.at += prefix + at + close.len();
                return true;
            }
            if c == '\n' && close.len() == 1 {
                return false;
            }
            at += c.len_utf8();
            if c == '\\' {
                at += body[at..].chars().next().map_or(0, char::len_utf8);
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_what_explains_them() {
        for (text, claimed) in [
            ("3", "3"),
            ("-1.5e-3", "-1.5e-3"),
            ("10L", "10L"),
            ("(1+2j)", "(1+2j)"),
            ("[1, 2]", "[1, 2]"),
            ("'a b'", "'a b'"),
            ("b'x\\''", "b'x\\''"),
            ("True", "True"),
            ("{'a': 1, 'b': [2]}", "{'a': 1, 'b': [2]}"),
            ("(1, 2)", "(1, 2)"),
            ("(1,)", "(1,)"),
            ("()", "()"),
            ("1, 2", "1, 2"),
            ("1 2 3", "1 2 3"),
            ("[1, 2, ...]", "[1, 2, ...]"),
            ("{'x': 123, ......}", "{'x': 123, ......}"),
            ("[1, 2 … 9]", "[1, 2 … 9]"),
            ("[1 2 3]", "[1 2 3]"),
            ("<class 'int'>", "<class 'int'>"),
            ("<map object at 0x7f>", "<map object at 0x7f>"),
            (
                "<bound method A.f of <__main__.A object at 0x1>>",
                "<bound method A.f of <__main__.A object at 0x1>>",
            ),
            ("Point(x=1, y=2)", "Point(x=1, y=2)"),
            ("dict_keys(['a'])", "dict_keys(['a'])"),
            (
                "defaultdict(<class 'list'>, {})",
                "defaultdict(<class 'list'>, {})",
            ),
            ("3，因为取整", "3"),
            ("3 (整除)", "3"),
            ("3 -- floor", "3"),
            ("3, because", "3"),
            ("[1, 2] 浅拷贝", "[1, 2]"),
            ("True 因为相等", "True"),
            ("4 not 5", "4"),
            ("3.14159...", "3.14159..."),
            ("3; rounded", "3"),
            ("3;", "3"),
            ("['x'] <-- shared", "['x']"),
        ] {
            let found = explained(text).map(|found| &text[..found.len]);
            assert_eq!(found, Some(claimed), "{text}");
        }
    }

    #[test]
    fn prose_units_and_code_are_no_values() {
        for text in [
            "",
            "3 items",
            "10 seconds",
            "8KB",
            "10%",
            "3个",
            "3 个元素",
            "1st",
            "2020-01-01",
            "12:30",
            "1.",
            "1. first",
            "1) one",
            "1、一",
            "3: three",
            "(1)",
            "(1) one",
            "192.168.1.1",
            "3.7+",
            "[x for x in y]",
            "(a, b)",
            "print(1)",
            "foo(1)",
            "x",
            "True if equal",
            "None when empty",
            "True, if equal",
            "True or False",
            "True 表示成功",
            "'r' 表示只读",
            "'a' -> 'b'",
            "[1, 2] 变成 [2, 1]",
            "[1, 2] is a list",
            "...",
            "<div>",
            "< 3",
            "-",
            "+",
            "'open",
            "[1, 2",
            "10 (秒)",
            "3 - 2",
            "3/4",
            "1 => 2",
            "f'{x}'",
            "{1: }",
            "Foo(",
            "3D",
            "1;2;3",
            "1,a,b",
            "3;x",
        ] {
            let found = explained(text).map(|found| &text[..found.len]);
            assert_eq!(found, None, "{text}");
        }
    }

    #[test]
    fn brackets_without_end_are_no_trouble() {
        assert_eq!(value(&"[".repeat(100_000)), None);
        assert_eq!(value(&"<".repeat(1000)), None);
        assert_eq!(value("'\\"), None);
        assert_eq!(value("<a>>"), None);
    }
}
