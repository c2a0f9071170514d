//! The words of `verify python`.

use crate::model::Text;
use crate::python::interpreters::{ProbeError, Source};
use crate::text;

/// Which of the interpreters is used.
pub(in crate::report) fn used() -> Text {
    text!(
        "* is the one that a run uses; `--python` chooses another.",
        "* 是运行时使用的 Python；用 `--python` 选择另一个。"
    )
}

/// That there is no interpreter, above the commands that install one.
pub(in crate::report) fn none_found() -> Text {
    text!(
        "No Python was found. Install one:",
        "没有找到 Python。请安装一个："
    )
}

/// That no interpreter will do, above the commands that install one.
pub(in crate::report) fn none_fit() -> Text {
    text!(
        "None of these can be embedded. Install one:",
        "这些都不能嵌入。请安装一个："
    )
}

/// An interpreter that could not be asked what it is.
pub(in crate::report) fn unknown() -> Text {
    text!("unknown", "未知")
}

/// Why an interpreter could not be asked.
pub(in crate::report) fn unusable(problem: &ProbeError) -> Text {
    text!("can't be used: {problem}", "不能使用：{problem}")
}

/// An interpreter that will do.
pub(in crate::report) fn fit() -> Text {
    text!("can be embedded", "可以嵌入")
}

/// An interpreter without the global lock.
pub(in crate::report) fn free_threaded() -> Text {
    text!("free-threaded", "自由线程")
}

/// Why an interpreter was found.
pub(in crate::report) fn source(source: Source) -> Text {
    match source {
        Source::VirtualEnvironment => text!("{source}", "虚拟环境"),
        Source::Own => text!("{source}", "verify 所在的环境"),
        Source::System => text!("{source}", "系统"),
        _ => Text::same(source.to_string()),
    }
}
