//! The sentences of the reports for other programs, and what they call a problem without a cause.

use crate::model::{Lang, NoteReport, Report};
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
pub(in crate::report) fn not_recorded(lang: Lang) -> String {
    text!(
        "nothing is recorded yet for this snippet",
        "这段代码还没有记录"
    )
    .get(lang)
    .to_owned()
}

/// The next step for it.
pub(in crate::report) fn record(lang: Lang, command: &str) -> String {
    text!(
        "if it does what you mean, run `{command}` and commit what it writes",
        "如果结果正确，运行 `{command}` 并提交它写入的文件"
    )
    .get(lang)
    .to_owned()
}

/// The title for a snippet that nothing is known of.
pub(in crate::report) fn not_run(lang: Lang) -> String {
    text!("this snippet was not run to its end", "这段代码没有运行完")
        .get(lang)
        .to_owned()
}

/// The next step for it.
pub(in crate::report) fn run_again(lang: Lang) -> String {
    text!("run `verify` again", "请重新运行 `verify`")
        .get(lang)
        .to_owned()
}

/// A next step.
pub(in crate::report) fn help(lang: Lang, help: &str) -> String {
    text!("help: {help}", "建议：{help}").get(lang).to_owned()
}

/// A problem that the author has accepted.
pub(in crate::report) fn known(lang: Lang, title: &str) -> String {
    text!("known: {title}", "已接受：{title}")
        .get(lang)
        .to_owned()
}

/// Why a known problem is no alarm.
pub(in crate::report) fn accepted(lang: Lang) -> String {
    text!(
        "accepted in the recording of the note",
        "已在这篇笔记的记录中接受"
    )
    .get(lang)
    .to_owned()
}

/// The title above known problems.
pub(in crate::report) fn known_problems(lang: Lang, count: usize) -> String {
    let noun = if count == 1 { "problem" } else { "problems" };
    text!("{count} known {noun}", "{count} 个已接受的问题")
        .get(lang)
        .to_owned()
}

/// That GitHub shows only some of the annotations.
pub(in crate::report) fn more_than_shown(lang: Lang, most: usize) -> String {
    text!(
        "GitHub shows at most {most} errors, {most} warnings and {most} notices of a step beside the files; the lines above have all",
        "GitHub 在文件旁最多显示一个步骤的 {most} 个错误、{most} 个警告和 {most} 个提示；上面的日志有全部内容"
    )
    .get(lang)
    .to_owned()
}

/// The title of a report where nothing is to be done.
pub(in crate::report) fn all_is_well(lang: Lang) -> String {
    text!("verify: nothing to do", "verify：没有问题")
        .get(lang)
        .to_owned()
}

/// The title of a report with so many problems.
pub(in crate::report) fn problems(lang: Lang, count: usize) -> String {
    let noun = if count == 1 { "problem" } else { "problems" };
    text!("verify: {count} {noun}", "verify：{count} 个问题")
        .get(lang)
        .to_owned()
}

/// The title above warnings.
pub(in crate::report) fn warnings(lang: Lang, count: usize) -> String {
    let noun = if count == 1 { "warning" } else { "warnings" };
    text!("{count} {noun}", "{count} 个警告")
        .get(lang)
        .to_owned()
}

/// The heads of the columns of a table of problems: place, what is wrong, cause.
pub(in crate::report) fn columns(lang: Lang) -> [String; 3] {
    [
        text!("where", "位置"),
        text!("what is wrong", "问题"),
        text!("cause", "原因"),
    ]
    .map(|text| text.get(lang).to_owned())
}

/// That a report was cut.
pub(in crate::report) fn left_out(lang: Lang, count: usize) -> String {
    text!(
        "{count} more do not fit in here; the log of the run has all",
        "还有 {count} 个放不下；运行日志中有全部内容"
    )
    .get(lang)
    .to_owned()
}

/// The name of a test case for a snippet below a heading, `""` for none.
pub(in crate::report) fn test_case(lang: Lang, heading: &str, line: usize) -> String {
    let place = text!("line {line}", "第 {line} 行").get(lang).to_owned();
    match heading {
        "" => place,
        _ => text!("{heading} ({place})", "{heading}（{place}）")
            .get(lang)
            .to_owned(),
    }
}

/// The counts of a run in one line.
pub(in crate::report) fn counts(lang: Lang, report: &Report) -> String {
    let summary = &report.summary;
    let gone = report.notes.iter().flat_map(NoteReport::gone);
    let gone = gone.filter(|finding| !finding.known).count();
    let parts = [
        (summary.stale, text!("stale", "过时")),
        (summary.failed, text!("failed", "失败")),
        (summary.new, text!("new", "未记录")),
        (summary.skipped, text!("skipped", "跳过")),
        (summary.known, text!("known", "已接受")),
        (gone, text!("gone in text", "正文中的名字已消失")),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!(", {count} {}", what.get(lang)))
        .collect();
    let parts = parts.concat();
    let (notes, snippets, pass) = (summary.notes, summary.snippets, summary.pass);
    let python = &report.python.version;
    let plural = |count| if count == 1 { "" } else { "s" };
    let (s_notes, s_snippets) = (plural(notes), plural(snippets));
    text!(
        "{notes} note{s_notes}, {snippets} snippet{s_snippets} under Python {python}: {pass} pass{parts}",
        "{notes} 篇笔记，{snippets} 段代码，Python {python}：{pass} 通过{parts}"
    )
    .get(lang)
    .to_owned()
}

/// Since when a rule holds.
pub(in crate::report) fn since(lang: Lang, since: &str) -> String {
    text!("So since Python {since}.", "从 Python {since} 起如此。")
        .get(lang)
        .to_owned()
}

/// That there is nothing to look at.
pub(in crate::report) fn unchanged(lang: Lang, since: &str) -> String {
    text!(
        "no note has changed since {since}",
        "自 {since} 以来没有笔记改变"
    )
    .get(lang)
    .to_owned()
}
