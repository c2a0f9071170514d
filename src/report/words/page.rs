//! What the page says beside the notes: its parts, its filters, its keys, and what it leaves out.

use pulldown_cmark::BlockQuoteKind;

use crate::model::Text;
use crate::text;

/// The heading of the page.
pub(in crate::report) fn title() -> Text {
    text!("What the notes say, and what is so", "笔记所写与实际结果")
}

/// What ran the snippets.
pub(in crate::report) fn ran_under(version: &str) -> Text {
    text!(
        "Run under Python {version}.",
        "运行环境：Python {version}。"
    )
}

/// Leads past everything that stands before the notes.
pub(in crate::report) fn to_the_notes() -> Text {
    text!("To the notes", "跳到笔记")
}

/// The list of all notes.
pub(in crate::report) fn contents() -> Text {
    text!("Contents", "目录")
}

/// The folder of notes that lie in none.
pub(in crate::report) fn no_folder() -> Text {
    text!("Top folder", "顶层文件夹")
}

/// What is to be said about the run.
pub(in crate::report) fn about_the_run() -> Text {
    text!("About the run", "关于这次运行")
}

/// The buttons that choose what is shown.
pub(in crate::report) fn filters() -> Text {
    text!("Show only", "只显示")
}

/// The list of causes.
pub(in crate::report) fn cause() -> Text {
    text!("Cause", "原因")
}

/// The choice of no cause in particular.
pub(in crate::report) fn every_cause() -> Text {
    text!("Every cause", "所有原因")
}

/// The box for words that are looked for.
pub(in crate::report) fn search() -> Text {
    text!("Search the notes", "搜索笔记")
}

/// The choice to see all of a note that has what was asked for.
pub(in crate::report) fn whole_notes() -> Text {
    text!("Whole notes", "显示整篇笔记")
}

/// Where nothing fits.
pub(in crate::report) fn nothing_fits() -> Text {
    text!("No note has that.", "没有符合条件的笔记。")
}

/// The button that changes the colours.
pub(in crate::report) fn colours() -> Text {
    text!("Colours", "配色")
}

/// What it can be set to.
pub(in crate::report) fn settings() -> [Text; 3] {
    [
        text!("System", "系统"),
        text!("Light", "浅色"),
        text!("Dark", "深色"),
    ]
}

/// The list of keys.
pub(in crate::report) fn keys() -> Text {
    text!("Keys", "快捷键")
}

/// Each key and what it does.
pub(in crate::report) fn each_key() -> [(&'static str, Text); 8] {
    [
        (
            "j",
            text!(
                "the next problem, or what the filter shows",
                "下一个问题，或筛选出的下一处"
            ),
        ),
        ("k", text!("the one before", "上一处")),
        ("n", text!("the next note", "下一篇笔记")),
        ("p", text!("the note before", "上一篇笔记")),
        (
            "/",
            text!(
                "search; Enter goes to the next note that has it",
                "搜索；按回车转到下一篇"
            ),
        ),
        (
            "w",
            text!(
                "whole notes, or only what the filter shows",
                "显示整篇笔记，或只显示筛选出的部分"
            ),
        ),
        (
            "Esc",
            text!("take filters and search back", "取消筛选和搜索"),
        ),
        ("?", text!("this list", "显示这张表")),
    ]
}

/// Closes the list of keys.
pub(in crate::report) fn close() -> Text {
    text!("Close", "关闭")
}

/// What the marks at the edge of a line mean: the claim holds, it is false, it could not be checked.
pub(in crate::report) fn edge() -> [(&'static str, Text); 3] {
    [
        ("h", text!("what the line says holds", "这一行所写的成立")),
        (
            "x",
            text!("what the line says is not so", "这一行所写的不成立"),
        ),
        ("u", text!("it could not be checked", "这一行无法检查")),
    ]
}

/// What became of a snippet, or what is the matter with a line: the words of the statuses, and others.
pub(in crate::report) fn kind(word: &str) -> Text {
    match word {
        "stale" => text!("stale", "过时"),
        "failed" => text!("failed", "失败"),
        "new" => text!("new", "未记录"),
        "not-run" => text!("not run", "没有运行完"),
        "gone" => text!("gone", "已不存在"),
        "warning" => text!("warning", "警告"),
        "known" => text!("known", "已知"),
        "skipped" => text!("skipped", "跳过"),
        _ => text!("pass", "通过"),
    }
}

/// What an unrecorded snippet printed.
pub(in crate::report) fn prints() -> Text {
    text!("What it prints", "它的输出")
}

/// A link that is not followed.
pub(in crate::report) fn left_out(address: &str) -> Text {
    text!("link left out: {address}", "已去掉链接：{address}")
}

/// A picture that is not loaded.
pub(in crate::report) fn picture() -> Text {
    text!("picture", "图片")
}

/// The title of a quote that GitHub sets apart.
pub(in crate::report) fn alert(kind: BlockQuoteKind) -> Text {
    match kind {
        BlockQuoteKind::Note => text!("Note", "注意"),
        BlockQuoteKind::Tip => text!("Tip", "提示"),
        BlockQuoteKind::Important => text!("Important", "重要"),
        BlockQuoteKind::Warning => text!("Warning", "警告"),
        BlockQuoteKind::Caution => text!("Caution", "当心"),
    }
}
