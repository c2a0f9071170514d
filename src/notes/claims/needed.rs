//! Words around a block that say which Python it needs at least: `requires Python 3.13`,
//! `On Python 3.13 and later you can write:`, `需要 Python 3.12`.

use std::sync::LazyLock;

use regex::Regex;

use super::{pattern, scope};
use crate::model::Block;

/// The Pythons that the words right above a block, its heading or the comment that it begins with
/// say it needs, as a PEP 440 specifier such as `>=3.13`.
pub fn needed_python(block: &Block) -> Option<String> {
    let comment = block.text.lines().find(|line| !line.trim().is_empty());
    let comment = comment.and_then(|line| line.trim_start().strip_prefix('#'));
    let texts = [Some(block.lead_in.as_str()), Some(&block.heading), comment];
    texts.into_iter().flatten().find_map(needed)
}

/// The Pythons that a block needs by what it raises under one of `version`, where some version
/// that the words around it or its comments name is a later one.
pub fn named_later(block: &Block, version: (u8, u8, u8)) -> Option<String> {
    let comments = block.text.lines().filter_map(|line| line.split_once('#'));
    let around = [block.lead_in.as_str(), block.heading.as_str()];
    let texts = around.into_iter().chain(comments.map(|(_, text)| text));
    let minors = texts.flat_map(|text| MINOR.captures_iter(text).map(|found| found[1].parse()));
    let last = minors
        .flatten()
        .max()
        .filter(|&minor: &u8| minor > version.1)?;
    Some(format!(">=3.{last}"))
}

/// The Pythons that a text says are needed, where it says little else.
fn needed(text: &str) -> Option<String> {
    if !text.contains('3') {
        return None;
    }
    let text = text.replace('≥', ">=");
    let text = text.trim_matches(|c: char| c.is_whitespace() || "*_()（）#.。".contains(c));
    let mentions = scope::mentions(text)?;
    let [one] = mentions.as_slice() else {
        return None;
    };
    let noise = |c: char| c.is_whitespace() || "*_()（）,，:：.。-—`".contains(c);
    let before = text[..one.range.start].trim_matches(noise);
    let after = text[one.range.end..].trim_matches(noise);
    let is_asked = ASKS.is_match(before) || (before.is_empty() && ASKS_BEHIND.is_match(after));
    let is_all = before.is_empty() && after.is_empty();
    let announces = before.is_empty() && text.ends_with([':', '：']);
    let minor = match one.spec.strip_prefix(">=") {
        Some(version) if is_asked || is_all || announces => version,
        None if is_asked => one.spec.strip_prefix("==")?.strip_suffix(".*")?,
        _ => return None,
    };
    minor.starts_with("3.").then(|| format!(">={minor}"))
}

/// What stands before a version that is needed.
static ASKS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:(?:this|the|it|note|example|code|snippet|block|below|following)\s+)*(?:new|added|introduced|available(?: only)?|requires?|required|needs?|needed|only(?: works)?|works|需要|要求|需|至少需要|仅支持|新增于|始于)(?:\s*(?:in|since|from|on|with|at least|version|[:：]))*$",
    )
});
/// What stands behind it.
static ASKS_BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^(?:is\s+)?(?:only|required|needed|新增|新特性|引入|才有|才支持)$")
});
static MINOR: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b3\.(\d{1,2})\b"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_python_that_is_needed_is_named_in_few_words() {
        for (text, spec) in [
            ("On Python 3.13 and later you can write:", Some(">=3.13")),
            ("Python 3.12+", Some(">=3.12")),
            ("Python 3.13 and above", Some(">=3.13")),
            ("Python 3.13 or higher", Some(">=3.13")),
            ("(requires Python 3.14)", Some(">=3.14")),
            ("Requires Python ≥ 3.13.", Some(">=3.13")),
            ("**New in Python 3.12**", Some(">=3.12")),
            ("This requires Python 3.12:", Some(">=3.12")),
            ("Python 3.13 only", Some(">=3.13")),
            ("Python 3.13 及以上", Some(">=3.13")),
            ("需要 Python 3.12", Some(">=3.12")),
            ("从 Python 3.12 开始：", Some(">=3.12")),
            ("Python 3.12", None),
            ("In Python 3.12:", None),
            ("Before Python 3.12:", None),
            ("Python 3.12 and later are faster at this.", None),
            ("It works on Python 3.8+ and prints:", Some(">=3.8")),
            ("It is slow on Python 3.8+ and prints:", None),
            ("Python 3.12 或 Python 3.13", None),
            ("Numbers", None),
            ("", None),
        ] {
            assert_eq!(needed(text).as_deref(), spec, "{text}");
        }
    }

    #[test]
    fn a_later_python_is_named_somewhere_around() {
        let block = |lead_in: &str, text: &str| Block {
            lead_in: lead_in.to_owned(),
            text: text.to_owned(),
            ..Block::default()
        };
        let version = (3, 11, 0);
        assert_eq!(
            named_later(&block("New in version 3.13", ""), version),
            Some(">=3.13".to_owned())
        );
        assert_eq!(
            named_later(&block("", "import copy  # since 3.13\n"), version),
            Some(">=3.13".to_owned())
        );
        assert_eq!(
            named_later(&block("Up to 3.9", "x = 3.12\n"), version),
            None
        );
    }
}
