//! What `verify lsp` says beside the words of the reports: titles of actions, and hovers.

use crate::model::{Skip, Status, Text};
use crate::text;

/// The action that writes what came into the note.
pub(in crate::report) fn write_what_came(came: &str) -> Text {
    text!("Write what came: {came}", "写成实际结果：{came}")
}

/// The action that takes a claim out where nothing came.
pub(in crate::report) fn take_out() -> Text {
    text!("Take it out, as nothing came", "删去它，因为没有输出")
}

/// The action that rewrites code.
pub(in crate::report) fn rewrite(line: &str) -> Text {
    text!("Rewrite: {line}", "改写：{line}")
}

/// The action that accepts the problems of a snippet for now.
pub(in crate::report) fn mark_known() -> Text {
    text!(
        "Mark as known: record what this snippet does",
        "记为已知：记录这个片段现在的结果"
    )
}

/// The action that accepts what a note names outside of its snippets.
pub(in crate::report) fn mark_names_known() -> Text {
    text!("Mark as known: record this note", "记为已知：记录这篇笔记")
}

/// The action that records a snippet for the first time.
pub(in crate::report) fn record() -> Text {
    text!("Record what it does", "记录它现在的结果")
}

/// What is known of a snippet.
pub(in crate::report) fn status(status: Status, known: bool) -> Text {
    let told = match status {
        Status::Pass => text!("passes", "通过"),
        Status::Stale => text!("stale", "过时"),
        Status::Failed => text!("failed", "失败"),
        Status::New => text!("not recorded yet", "还没有记录"),
        Status::Skipped => text!("skipped", "跳过"),
    };
    let Text { en, zh } = told;
    if known {
        text!("{en} (known)", "{zh}（已知）")
    } else {
        text!("{en}", "{zh}")
    }
}

/// A skipped snippet, and why.
pub(in crate::report) fn skipped(skip: &Skip) -> Text {
    let Text { en, zh } = super::skip(skip);
    text!("skipped: {en}", "跳过：{zh}")
}

/// Which Python recorded a snippet.
pub(in crate::report) fn recorded_with(python: &str) -> Text {
    text!("recorded with Python {python}", "记录时是 Python {python}")
}

/// What stands above what a snippet printed.
pub(in crate::report) fn printed() -> Text {
    text!("it printed:", "它的输出：")
}

/// A snippet that is run before another one.
pub(in crate::report) fn ran_before() -> Text {
    text!(
        "this snippet is run before it, as it uses its names",
        "它用到这个片段中的名字，因此先运行这个片段"
    )
}

/// That recordings were written.
pub(in crate::report) fn recorded(changes: usize) -> Text {
    match changes {
        0 => text!(
            "verify: nothing to record, it is as it was",
            "verify：没有要记录的，与之前相同"
        ),
        _ => text!(
            "verify: recorded under expected/; review it like code",
            "verify：已记录到 expected/ 下；请像审查代码一样审查它"
        ),
    }
}
