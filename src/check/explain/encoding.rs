//! Comments beside a line that names the encoding of source code, where they say what became of
//! code without it in Python 2.
//!
//! Such a line changes nothing today, as source code is UTF-8 anyway (PEP 3120).

use std::sync::LazyLock;

use regex::Regex;

use super::catalogue;
use crate::model::{Block, Finding};
use crate::notes::mentions::is_about_old;

/// The finding for a comment that calls code without such a line an error.
pub fn source_encoding(block: &Block) -> Option<Finding> {
    let lines: Vec<&str> = block.text.lines().collect();
    let cookie = lines
        .iter()
        .take(4)
        .position(|line| COOKIE.is_match(line))?;
    let first = cookie.saturating_sub(1);
    let comments = lines[first..]
        .iter()
        .enumerate()
        .take_while(|(at, line)| *at <= cookie - first || line.trim_start().starts_with('#'));
    let comments: Vec<(usize, &str)> = comments
        .filter_map(|(at, line)| Some((first + at, line.split_once('#')?.1)))
        .collect();
    let condition = comments.iter().any(|(_, text)| WITHOUT.is_match(text));
    let (at, _) = comments
        .into_iter()
        .find(|(_, text)| FAILS.is_match(text) && !is_about_old(text))?;
    condition.then(|| catalogue::finding("py2-source-encoding", block.lines.first + at))
}

#[expect(
    clippy::expect_used,
    reason = "the patterns are fixed, and the tests use each one"
)]
fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}

static COOKIE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*#.*coding[:=][ \t]*[-\w.]+"));
static WITHOUT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)没有|不写|不加|不指定|不声明|缺少|省略|否则|\bwithout\b|\bif (not|missing|omitted|absent)\b|\botherwise\b|\bunless\b|or else",
    )
});
static FAILS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(不能|无法|不可以?)(被|通过)?(编译|解析|运行|执行|识别)|会?(报错|出错)|编译(错误|失败)|SyntaxError|\b(can'?t|can ?not|won'?t|not) (be )?(compiled?|parsed?|run)\b|\bfails?\b|\ban error\b|raises?\b",
    )
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lines;

    fn line(text: &str) -> Option<usize> {
        let block = Block {
            text: text.into(),
            lines: Lines { first: 5, last: 9 },
            ..Block::default()
        };
        source_encoding(&block).map(|finding| finding.line)
    }

    #[test]
    fn comments_that_call_code_without_the_line_an_error_are_told() {
        for (text, at) in [
            ("# -*- coding: utf-8 -*-  # 没有这一行中文会报错\n", 5),
            (
                "#!/usr/bin/python  # 脚本\n# coding: utf-8  # 必须在前两行\n   # 如果没有它，\n   # 将不能被编译\n",
                8,
            ),
            (
                "# 不写这一行，中文无法编译\n# coding=utf-8\nprint('中')\n",
                5,
            ),
            (
                "# coding: utf-8\n# Without it, non-ASCII text can't be compiled.\n",
                6,
            ),
            ("# coding: utf-8  (otherwise an error)", 5),
        ] {
            assert_eq!(line(text), Some(at), "{text}");
        }
    }

    #[test]
    fn other_comments_are_not() {
        for text in [
            "# -*- coding: utf-8 -*-\nx = 1  # 没有 x 会报错\n",
            "# coding: utf-8  # 源文件的编码\n",
            "# coding: utf-8\n# Python 2 中没有这一行会报错\n",
            "# 没有这一行会报错\nimport os\n",
            "x = 1\n",
            "",
        ] {
            assert_eq!(line(text), None, "{text}");
        }
    }
}
