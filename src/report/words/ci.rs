//! The sentences of the reports for other programs, and what they call a problem without a cause.

use crate::model::Text;
use crate::text;

/// A false claim.
pub(in crate::report) const STALE_CLAIM: &str = "stale-claim";
/// An exception that nothing explains.
pub(in crate::report) const RAISES: &str = "raises";
/// Something else than was recorded.
pub(in crate::report) const OUTPUT_CHANGED: &str = "output-changed";
/// Nothing is recorded.
pub(in crate::report) const NOT_RECORDED: &str = "not-recorded";
/// It was not run to its end.
pub(in crate::report) const NOT_RUN: &str = "not-run";
/// A failure of which nothing else is known.
pub(in crate::report) const FAILED: &str = "failed";
/// Stale without a claim or a cause.
pub(in crate::report) const STALE: &str = "stale";
/// Something that belongs to no snippet.
pub(in crate::report) const OF_THE_RUN: &str = "warning";

/// The title for a snippet without a recording.
pub(in crate::report) fn not_recorded() -> Text {
    text!(
        "nothing is recorded yet for this snippet",
        "这个片段还没有记录"
    )
}

/// The next step for it.
pub(in crate::report) fn record(command: &str) -> Text {
    text!(
        "if it does what you mean, run `{command}` and commit what it writes",
        "如果结果正确，运行 `{command}` 并提交它写入的文件"
    )
}

/// The title for a snippet that nothing is known of.
pub(in crate::report) fn not_run() -> Text {
    text!("this snippet was not run to its end", "这个片段没有运行完")
}

/// The next step for it.
pub(in crate::report) fn run_again() -> Text {
    text!("run `verify` again", "请重新运行 `verify`")
}

/// A next step.
pub(in crate::report) fn help(help: &str) -> Text {
    text!("help: {help}", "建议：{help}")
}

/// Why a known problem is no alarm.
pub(in crate::report) fn accepted() -> Text {
    text!(
        "accepted in the recording of the note",
        "在这篇笔记的记录中记为已知"
    )
}

/// The title above known problems.
pub(in crate::report) fn known_problems(count: usize) -> Text {
    let noun = if count == 1 { "problem" } else { "problems" };
    text!("{count} known {noun}", "{count} 个已知的问题")
}

/// That GitHub shows only some of the annotations.
pub(in crate::report) fn more_than_shown(most: usize) -> Text {
    text!(
        "GitHub shows at most {most} errors, {most} warnings and {most} notices of a step beside the files; the lines above have all",
        "GitHub 在文件旁最多显示一个步骤的 {most} 个错误、{most} 个警告和 {most} 个提示；上面的日志有全部内容"
    )
}

/// The title of a report where nothing is to be done.
pub(in crate::report) fn all_is_well() -> Text {
    text!("verify: nothing to do", "verify：没有问题")
}

/// The title of a report with so many problems.
pub(in crate::report) fn problems(count: usize) -> Text {
    let noun = if count == 1 { "problem" } else { "problems" };
    text!("verify: {count} {noun}", "verify：{count} 个问题")
}

/// The title above warnings.
pub(in crate::report) fn warnings(count: usize) -> Text {
    let noun = if count == 1 { "warning" } else { "warnings" };
    text!("{count} {noun}", "{count} 个警告")
}

/// The heads of the columns of a table of problems: place, what is wrong, cause.
pub(in crate::report) fn columns() -> [Text; 3] {
    [
        text!("where", "位置"),
        text!("what is wrong", "问题"),
        text!("cause", "原因"),
    ]
}

/// That a report was cut.
pub(in crate::report) fn left_out(count: usize) -> Text {
    text!(
        "{count} more do not fit in here; the log of the run has all",
        "还有 {count} 个放不下；运行日志中有全部内容"
    )
}

/// The name of a test case for a snippet below a heading, `""` for none.
pub(in crate::report) fn test_case(heading: &str, line: usize) -> Text {
    match heading {
        "" => text!("line {line}", "第 {line} 行"),
        _ => text!("{heading} (line {line})", "{heading}（第 {line} 行）"),
    }
}

/// Since when a rule holds.
pub(in crate::report) fn since(since: &str) -> Text {
    text!("So since Python {since}.", "从 Python {since} 起如此。")
}

/// That there is nothing to look at.
pub(in crate::report) fn unchanged(since: &str) -> Text {
    text!(
        "no note has changed since {since}",
        "自 {since} 以来没有笔记改变"
    )
}
