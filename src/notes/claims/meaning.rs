//! What the text of a comment claims: a value, an output, a type, an error, or nothing.
//!
//! Looks at the text and at the statement it is about. Whoever calls decides where a comment
//! may stand; here prose is told from claims.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::labels::{self, Kind as Label};
use super::statements::{Kind, Statement};
use super::values::{self, Kind as ValueKind};
use super::within::Texts;
use super::{pattern, scope};
use crate::model::Says;
use crate::notes::tokens::Kind as TokenKind;

/// One claim in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Meant {
    /// The bytes of the claimed text.
    pub(super) range: Range<usize>,
    /// How it is to be understood.
    pub(super) says: Says,
    /// The Pythons that it is about.
    pub(super) scope: Option<String>,
    /// A label or a name of an error makes it unmistakable.
    pub(super) marked: bool,
}

/// True for a comment that says what a type checker says of its line, and Python need not.
pub(super) fn is_of_checker(text: &str) -> bool {
    CHECKER.is_match(text)
}

/// What the strings of a block say, to tell what a program could print from prose.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    letters: HashSet<char>,
    single: HashSet<String>,
    strings: Vec<String>,
    /// The strings, once something is looked for in them.
    index: OnceCell<Texts>,
}

impl Words {
    pub(super) fn of<'s, 'a: 's>(statements: impl IntoIterator<Item = &'s Statement<'a>>) -> Self {
        let mut found = Self::default();
        let tokens = statements.into_iter().flat_map(|one| &one.tokens);
        for token in tokens.filter(|token| token.kind == TokenKind::Text) {
            found.letters.extend(token.text.chars());
            found.single.extend(ascii_words(token.text));
            found.strings.push(token.text.to_owned());
        }
        found
    }

    fn index(&self) -> &Texts {
        self.index
            .get_or_init(|| Texts::of(self.strings.iter().map(String::as_str)))
    }

    /// True where a program with these strings could well print `text`.
    pub(super) fn could_print(&self, text: &str) -> bool {
        let text = text.trim();
        if text.contains(' ') && self.index().have(text) {
            return true;
        }
        if text.is_empty() || PROSE.is_match(text) {
            return false;
        }
        if values::is_value(text) {
            return true;
        }
        let foreign = |c: &char| !c.is_ascii() && c.is_alphabetic();
        if !text
            .chars()
            .filter(foreign)
            .all(|c| self.letters.contains(&c))
        {
            return false;
        }
        let words: Vec<_> = ascii_words(text).collect();
        let known = words
            .iter()
            .filter(|word| self.single.contains(*word))
            .count();
        match words.len() {
            1 => known == 1 || !text.contains(' '),
            count => known * 2 >= count,
        }
    }
}

fn ascii_words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_ascii_alphabetic())
        .filter(|word| word.len() > 1)
        .map(str::to_lowercase)
}

/// The claims that `text`, a comment without its `#`, makes about `statement`.
pub(super) fn meant(text: &str, statement: &Statement<'_>, words: &Words) -> Vec<Meant> {
    if NO_CLAIM.is_match(text.trim_start()) {
        return Vec::new();
    }
    match scope::mentions(text).as_deref() {
        None => Vec::new(),
        Some([]) => single(text, statement, words).into_iter().collect(),
        Some(_) => scoped(text, statement, words),
    }
}

/// The claims of a text that names versions: each clause is read for itself.
fn scoped(text: &str, statement: &Statement<'_>, words: &Words) -> Vec<Meant> {
    let mut found = Vec::new();
    for clause in clauses(text) {
        let part = &text[clause.clone()];
        let mentions = scope::mentions(part).unwrap_or_default();
        let inner = match mentions.as_slice() {
            [] => 0..part.len(),
            [one] => match around(part, &one.range) {
                Some(range) => range,
                None => continue,
            },
            _ => continue,
        };
        let Some(mut claim) = single(&part[inner.clone()], statement, words) else {
            continue;
        };
        let start = clause.start + inner.start;
        claim.range = start + claim.range.start..start + claim.range.end;
        claim.scope = mentions.into_iter().next().map(|mention| mention.spec);
        // `在 Python 3 中返回浮点数` is claimed with the words that name the version.
        if matches!(claim.says, Says::Type(_)) && claim.scope.is_some() {
            claim.range = trimmed(text, clause);
        }
        found.push(claim);
    }
    found
}

/// What a clause says besides its version, where that stands at one of its ends.
fn around(part: &str, version: &Range<usize>) -> Option<Range<usize>> {
    let noise = |c: char| c.is_whitespace() || ":：()（）,，-—".contains(c);
    let (before, after) = (&part[..version.start], &part[version.end..]);
    if before.trim_matches(noise).is_empty() {
        let from = part.len() - after.trim_start_matches(noise).len();
        let to = part.trim_end().len();
        Some(from.min(to)..to)
    } else if after.trim_matches(noise).is_empty() {
        let to = before.trim_end_matches(|c: char| c.is_whitespace() || "(（,，".contains(c));
        Some(0..to.len())
    } else {
        None
    }
}

/// The clauses of a text: what stands between commas, stops and semicolons outside brackets and strings.
fn clauses(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut depth, mut quote) = (0, 0_usize, None);
    for (at, c) in text.char_indices() {
        match (c, quote) {
            ('\'' | '"', None) => quote = Some(c),
            (_, Some(open)) => quote = quote.filter(|_| c != open),
            ('(' | '[' | '{', _) => depth += 1,
            (')' | ']' | '}', _) => depth = depth.saturating_sub(1),
            (',' | '，' | '。' | ';' | '；', None) if depth == 0 => {
                found.push(start..at);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    found.push(start..text.len());
    found.retain(|range| !text[range.clone()].trim().is_empty());
    found
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + part.len() - part.trim_start().len();
    start..start + part.trim().len()
}

/// The claim of a text that names no version.
fn single(text: &str, statement: &Statement<'_>, words: &Words) -> Option<Meant> {
    let skipped = text.len() - text.trim_start().len();
    let text = text.trim();
    let marked = |range: Range<usize>, says| {
        Some(Meant {
            range: skipped + range.start..skipped + range.end,
            says,
            scope: None,
            marked: true,
        })
    };
    if labels::says_nothing(text) {
        return marked(0..text.len(), Says::Nothing);
    }
    if let Some((len, says)) = raised(text) {
        return marked(0..len, says);
    }
    if let Some((range, name)) = type_in_words(text) {
        return marked(range, Says::Type(name));
    }
    if let Some(label) = labels::leading(text) {
        if label.kind == Label::Error {
            let (range, says) = error(text, label.end, statement)?;
            return marked(range, says);
        }
        if let Some((range, says)) = named_error(&text[label.end..], statement) {
            return marked(label.end + range.start..label.end + range.end, says);
        }
        let (len, says) = labelled(&text[label.end..], label, statement, words)?;
        return marked(label.end..label.end + len, says);
    }
    if let Some(range) = told_last(text, statement) {
        return marked(range, Says::Text);
    }
    let (len, says) = bare(text, statement)?;
    Some(Meant {
        range: skipped..skipped + len,
        says,
        scope: None,
        marked: false,
    })
}

/// The value that the last of several clauses says is printed: `加法，输出3`.
fn told_last(text: &str, statement: &Statement<'_>) -> Option<Range<usize>> {
    let all = clauses(text);
    let [.., _, last] = all.as_slice() else {
        return None;
    };
    if statement.kind != Kind::Print || HEDGED.is_match(&text[..last.start]) {
        return None;
    }
    let range = trimmed(text, last.clone());
    let label = LAST_LABEL.find(&text[range.clone()])?;
    let value = range.start + label.end()..range.end;
    values::is_value(&text[value.clone()]).then_some(value)
}

/// A value or a type without a label.
fn bare(text: &str, statement: &Statement<'_>) -> Option<(usize, Says)> {
    if let Some(found) = values::explained(text) {
        let printed = statement.kind == Kind::Print;
        return (found.kind != ValueKind::Several || printed).then_some((found.len, Says::Text));
    }
    let len = TYPE.find(text)?.end();
    let asks = statement.uses("type") || statement.uses("__class__");
    let verb = matches!(&text[..len], "set" | "long" | "object" | "function");
    (!verb || asks).then(|| (len, Says::Type(text[..len].to_owned())))
}

/// What stands behind a label.
fn labelled(
    rest: &str,
    label: labels::Label,
    statement: &Statement<'_>,
    words: &Words,
) -> Option<(usize, Says)> {
    if labels::says_nothing(rest) {
        return Some((rest.len(), Says::Nothing));
    }
    if let Some(found) = raised(rest) {
        return Some(found);
    }
    // `输出 1 2 3` prints three numbers, `=> 1 2 3` may do so as well.
    if let Some(found) = values::explained(rest) {
        return Some((found.len, Says::Text));
    }
    if let Some(found) = TYPE.find(rest).filter(|_| label.firm) {
        return Some((found.end(), Says::Type(rest.to_owned())));
    }
    let printed = statement.kind == Kind::Print
        || (statement.kind == Kind::Expression && label.kind != Label::Value);
    let spoken = label.firm || (label.kind == Label::Printed && !text_is_english(rest));
    let about_code = statement.uses(rest);
    (printed && spoken && !about_code && words.could_print(rest))
        .then_some((rest.len(), Says::Text))
}

/// Behind a label without a colon English words are prose: `prints each item`.
fn text_is_english(text: &str) -> bool {
    text.contains(' ') || text.starts_with(char::is_alphabetic)
}

/// The class of an exception at the beginning of `text`, with its message if there is one.
pub(super) fn raised(text: &str) -> Option<(usize, Says)> {
    let captures = RAISED.captures(text)?;
    let class = captures.name("class")?;
    let rest = &text[class.end()..];
    let message = rest
        .strip_prefix(':')
        .or_else(|| rest.strip_prefix('：'))
        .map(str::trim)
        .filter(|message| !message.is_empty());
    if message.is_none() && !ENDS_CLAUSE.is_match(rest) {
        return None;
    }
    let len = message.map_or(class.end(), |_| text.trim_end().len());
    let says = Says::Raises {
        class: class.as_str().to_owned(),
        message: message.map(str::to_owned),
    };
    Some((len, says))
}

/// What a label such as `报错` says: the class behind it, or any error where none is named.
fn error(text: &str, end: usize, statement: &Statement<'_>) -> Option<(Range<usize>, Says)> {
    let rest = &text[end..];
    let named = rest
        .find(|c: char| c.is_ascii_alphabetic())
        .filter(|at| rest[..*at].chars().all(|c| " 一个:：`".contains(c)));
    if let Some((at, (len, says))) = named.and_then(|at| Some((at, raised(&rest[at..])?))) {
        return Some((end + at..end + at + len, says));
    }
    let label = text[..end].trim_end().trim_end_matches([':', '：']);
    let bare = ENDS_CLAUSE.is_match(&text[label.len()..]) || text[..end].ends_with([':', '：']);
    let logs = statement.code.to_lowercase();
    let says = Says::Raises {
        class: String::new(),
        message: None,
    };
    let spoken = !["error", "log", "except", "raise"]
        .iter()
        .any(|word| logs.contains(word));
    (bare && spoken).then_some((0..label.len(), says))
}

/// The class that follows `raises` or the like behind another label: `=> raises TypeError`.
fn named_error(text: &str, statement: &Statement<'_>) -> Option<(Range<usize>, Says)> {
    let label = labels::leading(text).filter(|label| label.kind == Label::Error)?;
    let (range, says) = error(text, label.end, statement)?;
    let named = matches!(&says, Says::Raises { class, .. } if !class.is_empty());
    named.then_some((range, says))
}

/// A type named in a whole clause: `返回一个列表`, `returns a list`.
fn type_in_words(text: &str) -> Option<(Range<usize>, String)> {
    let text = &*labels::simplified(text);
    let clause = clauses(text).into_iter().next()?;
    let range = trimmed(text, clause);
    let captures = TYPE_IN_WORDS.captures(&text[range.clone()])?;
    let word = captures.name("zh").or(captures.name("en"))?.as_str();
    Some((range, type_name(&word.to_lowercase())?.to_owned()))
}

fn type_name(word: &str) -> Option<&'static str> {
    let name = match word {
        "整数" | "整型" | "int" | "integer" => "int",
        "浮点数" | "小数" | "浮点型" | "float" | "floating-point number" => "float",
        "字符串" | "str" | "string" => "str",
        "列表" | "list" => "list",
        "元组" | "tuple" => "tuple",
        "字典" | "dict" | "dictionary" => "dict",
        "集合" | "set" => "set",
        "字节串" | "字节" | "bytes" => "bytes",
        "布尔值" | "布尔型" | "bool" | "boolean" => "bool",
        "迭代器" | "iterator" => "iterator",
        "生成器" | "generator" => "generator",
        "复数" | "complex" => "complex",
        _ => return None,
    };
    Some(name)
}

static NO_CLAIM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:!|-\*-|noqa|type:|pragma|pylint|fmt:|isort|mypy|verify:|doctest|todo|fixme|xxx|https?:|www\.|v?\d+(\.\d+)+\+?$.*[a-z]|python\s*>=)",
    )
});
/// Words that only a type checker says.
static CHECKER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?xi)\b(?:mypy|pyright|pyre|pytype|pylance|basedpyright|static\ typing|type[\ -]?check(?:er|ers|ing|s)?)\b
        |^\s*(?:[^\w\s]*\s*)?(?:static\ |type\ )error\b|^\s*ty:
        |\btype\ mismatch\b|\bincompatible\ (?:types?\b|return|override|default|with\ supertype)
        |\bhas\ incompatible\ type\b|\bis\ not\ assignable\b|\b(?:cannot|can't)\ (?:be\ assigned|assign)
        |\bincompatible\ with\b|"[^"]+"\ has\ no\ attribute\ "|\bexpected\ "[^"]+"|\bgot\ "[^"]+"|\brevealed?\ type\b
        |\bargument\ missing\b|\b(?:missing|too\ (?:many|few))\ (?:positional\ )?arguments?\ for\ "
        |\bunsupported\ (?:left\ |right\ )?operand\ types?\b|类型检查器|静态检查|类型不兼容
        |\[[a-z]+(?:-[a-z]+)+\]\s*$|\breport[A-Z]\w+\b"#,
    )
});
static PROSE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:the|an|all|each|every|some|it|this|that|nothing|same|none of|error|whatever|depends|看|见|同上|类似|例如|比如|e\.g|i\.e)\b",
    )
});
static TYPE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:int|float|complex|str|bytes|bytearray|list|tuple|dict|set|frozenset|bool|NoneType|unicode|long|range|generator|object|function|dict_keys|dict_values|dict_items)$",
    )
});
static RAISED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?P<class>(?:[A-Za-z_]\w*\.)*(?:[A-Z]\w*(?:Error|Exception|Warning|Exit|Interrupt)|StopIteration|StopAsyncIteration|Exception|KeyboardInterrupt|error\.\w*Error))",
    )
});
/// What may follow where a clause ends.
static ENDS_CLAUSE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^\s*(?:的?(?:异常|错误))?\s*(?:$|[:：，。,;；（(!！]|--|—|- |因为|because)")
});
/// What a last clause says before a value; no space need stand between them.
static LAST_LABEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:将|会|则|将会|所以|因此|最终)?(?:输出|打印|显示)(?:结果|的)?(?:为|是)?[:：]?\s*")
});
/// Says that what follows is only so sometimes, or is not so.
static HEDGED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"如果|若|假如|当|时$|时[，,]|否则|期望|预期|应该|本应|原本|以为|希望|不是|可能|比如|例如",
    )
});
static TYPE_IN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)^(?:
        (?:\S{0,6}?)(?:默认|总是|会|将|则|就|都|只|现在|而)*(?:返回|得到|结果是|结果为)(?:的)?(?:是|了)?(?:一个|一個|个)?(?:新的?)?
        (?P<zh>整数|整型|浮点数|小数|浮点型|字符串|列表|元组|字典|集合|字节串|布尔值|布尔型|迭代器|生成器|复数)(?:类型|对象)?
        |(?:it\ |this\ |now\ |always\ |will\ |by\ default\ )*(?:returns?\ (?:an?\ |the\ )?|(?:gives\ |yields\ |is\ )?(?:an?\ |the\ ))(?:new\ )?
        (?P<en>int|integer|float|string|str|list|tuple|dict|dictionary|set|bytes|bool|boolean|iterator|generator)(?:\ object)?(?:\ by\ default)?
        )$",
    )
});

#[cfg(test)]
#[path = "meaning_tests.rs"]
#[allow(clippy::expect_used)]
mod tests;
