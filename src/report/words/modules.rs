//! The words of `verify deps`.

use super::counted;
use crate::model::Text;
use crate::text;

/// What stands above the modules that are not installed.
pub(in crate::report) fn missing() -> Text {
    text!("missing", "缺少")
}

/// What stands above the modules that Python no longer has.
pub(in crate::report) fn gone() -> Text {
    text!("no longer in Python", "Python 中已没有")
}

/// What stands above the requirements of scripts.
pub(in crate::report) fn declared() -> Text {
    text!("asked for by scripts", "脚本要求的")
}

/// What stands above the modules of packages.
pub(in crate::report) fn installed() -> Text {
    text!("installed", "已安装")
}

/// What stands above the modules of the project.
pub(in crate::report) fn local() -> Text {
    text!("of this project", "本项目的")
}

/// What stands above names that stand for others.
pub(in crate::report) fn placeholder() -> Text {
    text!("placeholders", "占位名")
}

/// The package that brings a missing module.
pub(in crate::report) fn package(name: &str, sure: bool) -> Text {
    if sure {
        text!("the package `{name}`", "软件包 `{name}`")
    } else {
        text!(
            "no package is known; one called `{name}` is a guess",
            "没有已知的软件包；名为 `{name}` 的只是猜测"
        )
    }
}

/// Since when a module is gone, its cause, and what to write instead.
pub(in crate::report) fn since(since: &str, rule: &str, instead: Option<&Text>) -> Text {
    match instead {
        Some(Text { en, zh }) => text!(
            "gone since {since} [{rule}]: {en}",
            "自 {since} 起没有了 [{rule}]：{zh}"
        ),
        None => text!(
            "gone since {since} [{rule}]",
            "自 {since} 起没有了 [{rule}]"
        ),
    }
}

/// That a requirement is not installed.
pub(in crate::report) fn not_installed() -> Text {
    text!("not installed", "没有安装")
}

/// How many snippets.
pub(in crate::report) fn snippets(count: usize) -> Text {
    let snippets = counted(count, "snippet");
    text!("{snippets}", "{count} 个片段")
}

/// How many modules there are, and how many of them are Python's own.
pub(in crate::report) fn counts(all: usize, standard: usize) -> Text {
    let modules = counted(all, "module");
    text!(
        "{modules} imported, {standard} of the standard library",
        "导入了 {all} 个模块，其中标准库 {standard} 个"
    )
}

/// What became of the file of requirements.
pub(in crate::report) fn written(path: &str, added: usize) -> Text {
    if added == 0 {
        return text!("{path} has it all already", "{path} 已包含全部内容");
    }
    let lines = counted(added, "line");
    text!("added {lines} to {path}", "已在 {path} 中添加 {added} 行")
}
