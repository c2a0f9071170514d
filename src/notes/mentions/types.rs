//! `long` and `unicode` as types of Python 2: both are words for other things too, so it is the
//! company they keep that tells.

use std::sync::LazyLock;

use regex::Regex;

use super::passages::Passage;
use super::{About, Mention, Named};

/// The types of Python 2 that a note names among others or as types.
pub(super) fn mentions(passages: &[Passage], note: About<'_>) -> Vec<Mention> {
    if !note.has_python {
        return Vec::new();
    }
    let mut found: Vec<Mention> = passages.iter().flat_map(in_passage).collect();
    // A note that has named the type once means it again where the bare word stands in Chinese text.
    if found.iter().any(|mention| mention.text == "long") {
        let again = passages.iter().filter(|passage| !is_foreign(&passage.text));
        found.extend(again.flat_map(alone));
    }
    found
}

fn in_passage(passage: &Passage) -> Vec<Mention> {
    let names_one = GONE.iter().any(|name| passage.text.contains(name));
    if !names_one || is_foreign(&passage.text) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for list in LIST.find_iter(&passage.text) {
        let names: Vec<_> = NAME.find_iter(list.as_str()).collect();
        let beside = names.iter().any(|name| SURE.contains(&name.as_str()));
        let gone = names.iter().filter(|name| GONE.contains(&name.as_str()));
        found.extend(
            gone.filter(|_| beside)
                .map(|name| mention(passage, list.start() + name.start(), name.as_str())),
        );
    }
    let typed = LONG_TYPE.captures_iter(&passage.text);
    found.extend(
        typed.filter_map(|typed| Some(mention(passage, typed.name("name")?.start(), "long"))),
    );
    for word in LONG.find_iter(&passage.text) {
        let at = word.start() + word.as_str().find("long").unwrap_or_default();
        let sentence = passage.sentence(at);
        if INT.is_match(sentence) && CONVERTS.is_match(sentence) {
            found.push(mention(passage, at, "long"));
        }
    }
    found
}

/// The word `long` right beside Chinese text, or alone in its passage.
fn alone(passage: &Passage) -> Vec<Mention> {
    if passage.text.trim() == "long" {
        return vec![mention(passage, 0, "long")];
    }
    let words = LONG.find_iter(&passage.text);
    words
        .map(|word| word.start() + word.as_str().find("long").unwrap_or_default())
        .filter(|at| {
            let before = passage.text[..*at].chars().next_back();
            let after = passage.text[at + "long".len()..].chars().next();
            before.is_some_and(is_chinese) || after.is_some_and(is_chinese)
        })
        .map(|at| mention(passage, at, "long"))
        .collect()
}

fn mention(passage: &Passage, at: usize, name: &str) -> Mention {
    Mention {
        line: passage.line_of(at),
        heading: passage.heading.clone(),
        text: name.to_owned(),
        named: Named::Name(name.to_owned()),
        quiet: passage.is_old(at),
        bare: passage.is_bare(at),
    }
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// True for a text about the types of another language, of a database or of C.
fn is_foreign(text: &str) -> bool {
    FOREIGN.is_match(text)
}

/// Types of Python 2.
const GONE: [&str; 3] = ["long", "unicode", "basestring"];
/// Types that have their name in Python alone.
const SURE: [&str; 6] = ["str", "tuple", "list", "dict", "frozenset", "complex"];

#[expect(
    clippy::expect_used,
    reason = "the patterns are fixed, and the tests use each one"
)]
fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}

static LIST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[A-Za-z_][A-Za-z0-9_]*([ \t]*([、，,/|和与及或]|\band\b|\bor\b)[ \t]*([A-Za-z_][A-Za-z0-9_]*))+",
    )
});
static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"[A-Za-z_][A-Za-z0-9_]*"));
static LONG: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(^|[^A-Za-z0-9_.-])long([^A-Za-z0-9_.-]|$)"));
static INT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(^|[^A-Za-z0-9_.-])int([^A-Za-z0-9_.-]|$)"));
static CONVERTS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)转换|转[为成]|提升|溢出|超出|超过|convert|promot|overflow|exceed")
});
static LONG_TYPE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(^|[^A-Za-z0-9_.-])(?P<name>long)\s*(类型的?(整数|对象)|型整数)|\btype long\b")
});
static FOREIGN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\bjava|c语言|c 语言|c\+\+|\bgo\b|golang|rust|sql|\bstruct\b|ctypes|numpy|double|short|\bchar\b|\bvoid\b|varchar|boolean|\bbyte\b|cython|protobuf|thrift|kotlin|scala|swift",
    )
});
