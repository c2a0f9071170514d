//! What running text says of Python that only Python 2 did, where no name is gone.

use std::sync::LazyLock;

use regex::Regex;

use super::passages::Passage;
use super::{About, Mention, Named};

/// Files of byte code with an ending of their own, special methods that nothing calls any more, and
/// lists that are views today.
pub(super) fn mentions(passages: &[Passage], note: About<'_>) -> Vec<Mention> {
    if !note.has_python {
        return Vec::new();
    }
    passages.iter().flat_map(in_passage).collect()
}

fn in_passage(passage: &Passage) -> Vec<Mention> {
    let text = &passage.text;
    let files = PYO.find_iter(text).filter(|found| {
        let sentence = passage.sentence(found.start());
        PYC.is_match(sentence)
    });
    let methods = SPECIAL.find_iter(text);
    let lists = VIEWS.find(text).filter(|found| {
        let sentence = passage.sentence(found.start());
        let is_dict = VIEWS.find_iter(sentence).count() > 1 || DICT.is_match(text);
        is_dict && GIVES_LIST.is_match(sentence) && !NO_LIST.is_match(sentence)
    });
    let found = files
        .map(|found| ("pyo-files", found))
        .chain(methods.map(|found| ("py2-special-method", found)))
        .chain(lists.map(|found| ("py2-list-result", found)));
    found
        .map(|(slug, found)| Mention {
            line: passage.line_of(found.start()),
            heading: passage.heading.clone(),
            text: found.as_str().to_owned(),
            named: Named::Rule(slug),
            quiet: passage.is_old(found.start()),
            bare: passage.is_bare(found.start()),
        })
        .collect()
}

#[expect(
    clippy::expect_used,
    reason = "the patterns are fixed, and the tests use each one"
)]
fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}

static PYO: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?-u:\b)pyo(?-u:\b)"));
static PYC: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\bpyc\b|字节码|byte ?code"));
static SPECIAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"__(nonzero|cmp|unicode|long|getslice|setslice|delslice|div|idiv|rdiv|coerce|oct|hex|metaclass)__",
    )
});
static VIEWS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:(?-u:\b)(?:d|dict|字典)\.|[^\w.]|^)(keys|values|items)\(\)"));
static DICT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)字典|\bdict"));
static GIVES_LIST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(返回|构造|生成|得到|创建|\breturns?\b|\bbuilds?\b|\bcreates?\b|\bgives?\b)[^，,]{0,24}(列表|\blists?\b)",
    )
});
static NO_LIST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)list\(|视图|\bviews?\b|迭代|iterat|转[换为成]|convert|不|\bnot\b|n't|类似|like")
});
