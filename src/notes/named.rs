//! The files that a note shows under their names, so that later snippets find them.
//!
//! A name stands in the info string (`title="shop.py"`), in a comment on the first line
//! (`# file: shop.py`), or in the words right above (``Save this as `shop.py`:``).

use std::sync::LazyLock;

use regex::Regex;

use super::words::Words;
use crate::model::Block;

/// The longest name of a file.
const LONGEST: usize = 100;

/// The name under which a block shows a file, relative to the folder that a snippet runs in.
pub(super) fn file(block: &Block) -> Option<String> {
    if block.text.trim().is_empty() {
        return None;
    }
    let of_info = Words(&block.info).find_map(|word| {
        let names = ["title", "file", "filename", "name", "caption"];
        word.value.filter(|_| names.contains(&word.name))
    });
    let first = block.text.lines().next().unwrap_or_default();
    // `os.path` and `str.upper` are no files: words and comments have to name a usual one.
    let found = |pattern: &Regex, text: &str| {
        let name = pattern.captures(text)?[1].to_owned();
        USUAL.is_match(&name).then_some(name)
    };
    of_info
        .map(str::to_owned)
        .filter(|name| is_file(name))
        .or_else(|| found(&COMMENT, first))
        .or_else(|| found(&ABOVE, &block.lead_in))
        .or_else(|| found(&ALONE, &block.lead_in))
        .filter(|name| is_file(name))
}

/// True for a name that leads nowhere but below the folder.
fn is_file(name: &str) -> bool {
    let parts_are_plain = name.split('/').all(|part| {
        !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', ':', '\0'])
    });
    name.len() <= LONGEST && parts_are_plain && NAME.is_match(name)
}

#[expect(
    clippy::expect_used,
    reason = "the patterns are fixed, and the tests use each one"
)]
fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}

static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[\w/-][\w./ -]*\.[A-Za-z]\w{0,7}$"));
static USUAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\.(?:py|pyi|txt|csv|tsv|jsonl?|toml|ini|cfg|conf|ya?ml|xml|html?|css|md|rst|log|sql|dat|tmpl|j2|env)$",
    )
});
static COMMENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s*(?:#|//|;|--)\s*(?:(?i:file(?:name)?|文件名?)\s*[:：]\s*)?`?([\w./-]+\.\w+)`?\s*$",
    )
});
static ABOVE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\b(?:save|saved|put|store|write|copy|create|given|called|named|files?|modules?|scripts?)\b[^`]{0,40}|(?:保存|另存|存为|存成|写入|放在|放到|新建|创建|文件|模块|脚本)[^`]{0,12})`([^`]+)`[^`]*$",
    )
});
static ALONE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[*_]*`([^`]+)`[*_]*\s*[:：]?[*_]*$"));

#[cfg(test)]
mod tests {
    use super::*;

    fn named(info: &str, lead_in: &str, text: &str) -> Option<String> {
        file(&Block {
            info: info.to_owned(),
            lead_in: lead_in.to_owned(),
            text: text.to_owned(),
            ..Block::default()
        })
    }

    #[test]
    fn a_file_is_named_in_the_info_string_in_a_comment_or_above() {
        for (info, lead_in, text, name) in [
            ("py title=\"shop.py\"", "", "x = 1\n", "shop.py"),
            ("csv file=\"data/a.csv\"", "", "1,2\n", "data/a.csv"),
            ("python", "", "# file: shop.py\nx = 1\n", "shop.py"),
            ("python", "", "# shop/cart.py\nx = 1\n", "shop/cart.py"),
            ("ini", "The file `shop.ini` holds:", "[a]\n", "shop.ini"),
            ("python", "Save this as `greet.py`:", "x = 1\n", "greet.py"),
            ("python", "保存为 `greet.py`：", "x = 1\n", "greet.py"),
            ("python", "`greet.py`:", "x = 1\n", "greet.py"),
        ] {
            assert_eq!(
                named(info, lead_in, text).as_deref(),
                Some(name),
                "{info} {lead_in} {text}"
            );
        }
    }

    #[test]
    fn what_names_no_file_or_leads_away_is_none() {
        for (info, lead_in, text) in [
            ("py title=\"A shop\"", "", "x = 1\n"),
            ("py title=\"../shop.py\"", "", "x = 1\n"),
            ("py title=\"/etc/shop.py\"", "", "x = 1\n"),
            ("py title=\".bashrc\"", "", "x = 1\n"),
            ("python", "Call `str.upper` of it:", "x = 1\n"),
            ("python", "The module `os.path`:", "x = 1\n"),
            ("python", "Then run `shop.py` again:", "x = 1\n"),
            ("python", "", "# 3.5\nx = 1\n"),
            ("py title=\"shop.py\"", "", "\n"),
        ] {
            assert_eq!(named(info, lead_in, text), None, "{info} {lead_in} {text}");
        }
    }
}
