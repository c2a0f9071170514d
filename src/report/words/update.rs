//! The words of `verify --update` and `verify init`.

use super::joined;
use crate::model::Text;
use crate::text;

/// A snippet that is recorded for the first time.
pub(in crate::report) fn recorded() -> Text {
    text!("recorded", "已记录")
}

/// A snippet whose recording changes.
pub(in crate::report) fn recorded_anew(varies: bool) -> Text {
    if varies {
        text!(
            "recorded anew, with masks for what varies from run to run",
            "已重新记录，每次运行都不同的部分已遮住"
        )
    } else {
        text!("recorded anew", "已重新记录")
    }
}

/// A finding that an update accepts.
pub(in crate::report) fn accepted(rule: &str, message: &Text) -> Text {
    let Text { en, zh } = message;
    text!(
        "accepted as known: {en} [{rule}]",
        "记为已知：{zh} [{rule}]"
    )
}

/// A finding that is gone.
pub(in crate::report) fn no_longer_known(rule: &str) -> Text {
    text!(
        "no longer there, so no longer known: {rule}",
        "已不存在，不再记为已知：{rule}"
    )
}

/// A recording without a snippet.
pub(in crate::report) fn recording_removed(heading: &str) -> Text {
    if heading.is_empty() {
        text!(
            "its recording was removed: nothing belongs to it any more",
            "已删除它的记录：没有对应的内容了"
        )
    } else {
        text!(
            "the recording of a snippet under `{heading}` was removed",
            "已删除 `{heading}` 下一个片段的记录"
        )
    }
}

/// A picture without a recording.
pub(in crate::report) fn picture_removed() -> Text {
    text!(
        "removed: no recording names this picture",
        "已删除：没有记录用到这张图"
    )
}

/// Two runs that can't be one recording.
pub(in crate::report) fn unstable() -> Text {
    text!(
        "not recorded: two runs ended differently; mark it with `<!-- verify: skip reason=\"…\" -->` or make it end the same each time",
        "没有记录：两次运行的结局不同；请用 `<!-- verify: skip reason=\"…\" -->` 标记它，或让它每次的结局相同"
    )
}

/// The counts of an update.
pub(in crate::report) fn counts(
    recorded: usize,
    changed: usize,
    accepted: usize,
    removed: usize,
) -> Text {
    let parts = [
        (
            recorded,
            text!("{recorded} recorded", "新记录 {recorded} 个"),
        ),
        (changed, text!("{changed} changed", "更改 {changed} 个")),
        (
            accepted,
            text!("{accepted} accepted as known", "记为已知 {accepted} 个"),
        ),
        (removed, text!("{removed} removed", "删除 {removed} 个")),
    ];
    let told: Vec<Text> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(_, what)| what)
        .collect();
    if told.is_empty() {
        return text!("nothing to update", "没有需要更新的内容");
    }
    let Text { en, zh } = joined(&told, ", ", "，");
    text!("updated: {en}", "已更新：{zh}")
}

/// What became of a file of a new project.
pub(in crate::report) fn init_file(path: &str, written: bool) -> Text {
    if written {
        text!("wrote {path}", "写入 {path}")
    } else {
        text!("kept {path}, which was there already", "保留原有的 {path}")
    }
}

/// What comes after a new project's files.
pub(in crate::report) fn init_next() -> Text {
    text!(
        "next: `verify` checks the notes, and `verify --update` records what they do today",
        "接下来：`verify` 检查笔记，`verify --update` 记录它们今天的结果"
    )
}
