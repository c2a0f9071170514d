//! What `verify explain` and the pages of rules say around a rule.

use crate::model::Text;
use crate::text;

/// The head of a table of rules, in both languages.
pub(in crate::report) const TABLE: &str =
    "| rule | version | what is so | 现状 |\n|---|---|---|---|\n";

/// What the index of the pages begins with, in both languages.
pub(in crate::report) const INDEX: &str = "\
# Rules · 规则

Why something is stale: each cause that a report names in brackets. `verify explain RULE` prints the same.
Written by `SNAPSHOTS=overwrite cargo test --test rule_pages`.

报告方括号中的每一个原因。`verify explain RULE` 打印同样的内容。
";

/// What stands above the names in it.
pub(in crate::report) const NAMES: &str = "
## Names that are gone · 已移除的名字

From the history of the standard library, by what they belonged to.

来自标准库的历史，按所属的模块或类排列。
";

/// The head of a table of names, in both languages.
pub(in crate::report) const NAMES_TABLE: &str =
    "| rule | gone in | instead | 改法 |\n|---|---|---|---|\n";

/// The heading of the Chinese half of a page, in Chinese only.
pub(in crate::report) const IN_CHINESE: &str = "\n## 中文\n";

/// From which version on it is so.
pub(in crate::report) fn since(version: &str) -> Text {
    text!("since Python {version}", "自 Python {version} 起")
}

/// From which version on Python warns.
pub(in crate::report) fn warns(version: &str) -> Text {
    text!(
        "Python warns since {version}",
        "Python 从 {version} 起发出警告"
    )
}

/// From which version on today's form works.
pub(in crate::report) fn needs(version: &str) -> Text {
    text!(
        "today's form needs Python {version}",
        "现在的写法需要 Python {version}"
    )
}

/// What to write today.
pub(in crate::report) fn instead(modern: &Text) -> Text {
    let Text { en, zh } = modern;
    text!("instead: {en}", "改法：{zh}")
}

/// What stands before the old form.
pub(in crate::report) fn old() -> Text {
    text!("old:", "旧写法：")
}

/// What stands before today's form.
pub(in crate::report) fn today() -> Text {
    text!("today:", "现在的写法：")
}

/// Where more is said.
pub(in crate::report) fn see(url: &str) -> Text {
    text!("see {url}", "参见 {url}")
}

/// The rules of what Python 3.0 changed.
pub(in crate::report) fn of_python_3() -> Text {
    text!("Only in Python 2", "只在 Python 2 中有效")
}

/// The rules of what later versions changed or announced.
pub(in crate::report) fn of_later() -> Text {
    text!("Changed after Python 3.0", "Python 3.0 之后的变化")
}

/// The rules of what works and is warned of.
pub(in crate::report) fn of_warnings() -> Text {
    text!(
        "Python warns, and no version of its end is named",
        "Python 发出警告，但没有说明移除的版本"
    )
}

/// All other rules.
pub(in crate::report) fn of_all_versions() -> Text {
    text!("Of no one version", "不属于某一个版本")
}

/// How to see the names that are gone.
pub(in crate::report) fn more() -> Text {
    text!(
        "`verify explain RULE` says more about one; `verify explain --all` lists the names that are gone too",
        "`verify explain RULE` 解释其中一条，`verify explain --all` 也列出已移除的名字"
    )
}

/// What is no rule, and what to do about it.
pub(in crate::report) fn unknown(slug: &str, near: &[String]) -> (Text, Text) {
    let message = text!("`{slug}` is no rule", "没有名为 `{slug}` 的规则");
    let quoted: Vec<String> = near.iter().map(|slug| format!("`{slug}`")).collect();
    let help = if quoted.is_empty() {
        text!(
            "`verify explain --all` lists all rules",
            "`verify explain --all` 列出全部规则"
        )
    } else {
        let (en, zh) = (quoted.join(", "), quoted.join("、"));
        text!("the nearest: {en}", "最接近的是 {zh}")
    };
    (message, help)
}
