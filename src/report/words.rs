//! The one catalogue of words: every sentence of the reports stands here, once, in all languages.
//!
//! This file has what is said about a problem, those below it what belongs to one command or
//! one part of a report. Functions take data and give back a [`Text`]; they know no colour and
//! no layout, and whoever calls them picks the language and makes what comes from notes safe to show.

pub(super) mod ci;
pub(super) mod claims;
pub(super) mod editor;
pub(super) mod explain;
pub(super) mod figures;
pub(super) mod fix;
pub(super) mod kinds;
pub(super) mod list;
pub(super) mod modules;
pub(super) mod page;
pub(super) mod python;
pub(super) mod review;
pub(super) mod summary;
pub(super) mod update;
pub(super) mod warnings;
pub(super) mod watch;

use crate::model::{Skip, Text};
use crate::text;

/// What stands before a problem that fails the run.
pub(super) fn error() -> Text {
    text!("error", "错误")
}

/// What stands before a problem that fails nothing.
pub(super) fn warning() -> Text {
    text!("warning", "警告")
}

/// What stands before the evidence.
pub(super) fn note() -> Text {
    text!("note", "说明")
}

/// The command that records everything.
pub(super) const UPDATE: &str = "verify --update";

/// What stands before a next step.
pub(super) fn help() -> Text {
    text!("help", "建议")
}

/// A number and its noun in English, in the right form.
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("{count} {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

/// Texts with what stands between them.
pub(super) fn joined(texts: &[Text], en: &str, zh: &str) -> Text {
    let join = |of: fn(&Text) -> &str, between: &str| {
        let texts: Vec<&str> = texts.iter().map(of).collect();
        texts.join(between)
    };
    Text {
        en: join(|text| &text.en, en),
        zh: join(|text| &text.zh, zh),
    }
}

/// Such as `line 4` or `lines 4, 17, 30`.
pub(super) fn at_lines(lines: &[usize]) -> Text {
    const MOST: usize = 12;
    let shown: Vec<String> = lines.iter().take(MOST).map(ToString::to_string).collect();
    let (en, zh) = (shown.join(", "), shown.join("、"));
    let noun = if lines.len() == 1 { "line" } else { "lines" };
    match lines.len().saturating_sub(MOST) {
        0 => text!("{noun} {en}", "第 {zh} 行"),
        more => text!(
            "{noun} {en}, and {more} more",
            "第 {zh} 行等，另有 {more} 处"
        ),
    }
}

/// What stands above the two sides of a difference.
pub(super) fn recorded_and_came() -> Text {
    text!(
        "recorded (-) and what came (+):",
        "记录的内容（-）与实际结果（+）："
    )
}

/// An exception, as a title.
pub(super) fn raises(class: &str, message: &str) -> Text {
    let exception = exception(class, message);
    text!("the snippet raises {exception}", "代码抛出 {exception}")
}

/// An exception beside another cause.
pub(super) fn it_raises(class: &str, message: &str) -> Text {
    let exception = exception(class, message);
    text!("it raises {exception}", "它抛出 {exception}")
}

/// An exception as Python names it.
pub(super) fn exception(class: &str, message: &str) -> String {
    if message.is_empty() {
        class.to_owned()
    } else {
        format!("{class}: {message}")
    }
}

/// The title for output that no two runs agree on.
pub(super) fn output_varies() -> Text {
    text!("the output varies from run to run", "每次运行的输出都不同")
}

/// The title where the author changed the code.
pub(super) fn edited_since() -> Text {
    text!(
        "the snippet was edited since it was recorded, and does something else now",
        "代码在记录之后修改过，现在的结果不同了"
    )
}

/// The title where the recording was made with another Python.
pub(super) fn recorded_with_another(recorded: &str, current: &str) -> Text {
    text!(
        "recorded with Python {recorded}, this is {current}: the output is another",
        "记录时是 Python {recorded}，现在是 {current}：输出不同"
    )
}

/// The title where only the output has changed.
pub(super) fn output_differs() -> Text {
    text!("the output is not what was recorded", "输出与记录不同")
}

/// The title of a failure that left no exception.
pub(super) fn failed() -> Text {
    text!(
        "the snippet failed before its end was reached",
        "代码没有运行到结尾就失败了"
    )
}

/// The title where no reason is at hand.
pub(super) fn stale() -> Text {
    text!(
        "the note says something about this snippet that is not so",
        "笔记对这段代码的说法与事实不符"
    )
}

/// What it wrote to standard error.
pub(super) fn wrote_to_stderr(written: &str) -> Text {
    text!("on standard error:\n{written}", "标准错误输出：\n{written}")
}

/// Since when something is so.
pub(super) fn so_since(since: &str, current: &str) -> Text {
    if current.is_empty() {
        text!("so since Python {since}", "自 Python {since} 起如此")
    } else {
        text!(
            "so since Python {since}, this is {current}",
            "自 Python {since} 起如此，当前是 {current}"
        )
    }
}

/// Which snippets were run first.
pub(super) fn ran_after(lines: &[usize]) -> Text {
    let noun = if lines.len() == 1 {
        "the snippet"
    } else {
        "the snippets"
    };
    let Text { en, zh } = at_lines(lines);
    text!(
        "it ran after {noun} at {en}, as it uses their names",
        "它用到{zh}的片段中的名字，因此在那之后运行"
    )
}

/// Where a cause is documented.
pub(super) fn see(url: &str) -> Text {
    text!("see {url}", "参见 {url}")
}

/// The next step where so many problems of a snippet may stay for now.
pub(super) fn accept(problems: usize, command: &str) -> Text {
    let Text { en, zh } = match problems {
        1 => text!("it", "它"),
        2 => text!("both problems here", "这里的两个问题"),
        _ => text!("all {problems} problems here", "这里的 {problems} 个问题"),
    };
    text!(
        "to accept {en} for now, run `{command}`",
        "要暂时接受{zh}，请运行 `{command}`"
    )
}

/// The command that rewrites the claims of the snippet at a place.
pub(super) fn fix_command(place: &str) -> String {
    format!("verify fix {place}")
}

/// The next step where the new output is right.
pub(super) fn record(command: &str) -> Text {
    text!(
        "if the new output is right, run `{command}`",
        "如果新的输出是对的，请运行 `{command}`"
    )
}

/// The next step where the output varies.
pub(super) fn mask(command: &str) -> Text {
    text!(
        "`{command}` masks what varies",
        "`{command}` 会遮住变化的部分"
    )
}

/// The next step for a snippet that raises.
pub(super) fn mend(command: &str) -> Text {
    text!(
        "mend the snippet, or run `{command}` if it is meant to raise",
        "修改代码；如果本来就要抛出异常，请运行 `{command}`"
    )
}

/// That a block has more problems than are shown.
pub(super) fn more_in_block(count: usize, lines: &[usize]) -> Text {
    let problems = counted(count, "problem");
    let Text { en, zh } = at_lines(lines);
    text!(
        "{problems} more in this block ({en}); -v shows all",
        "这个代码块还有 {count} 个问题（{zh}）；加 -v 全部显示"
    )
}

/// The title of a problem that is known.
pub(super) fn as_known(title: &Text) -> Text {
    let Text { en, zh } = title;
    text!("known: {en}", "已知：{zh}")
}

/// Lines left out of a text.
pub(super) fn left_out(lines: usize) -> Text {
    let counted = counted(lines, "line");
    text!("… {counted} left out …", "… 省略 {lines} 行 …")
}

/// Lines that are the same on both sides.
pub(super) fn same_lines(lines: usize) -> Text {
    let noun = if lines == 1 { "line" } else { "lines" };
    text!("… {lines} equal {noun} …", "… {lines} 行相同 …")
}

/// That two sides look alike when shown.
pub(super) fn only_line_ends_differ() -> Text {
    text!(
        "they differ only in the line end at the end",
        "两者只差末尾的换行"
    )
}

/// Why a snippet was skipped or will be.
pub(super) fn skip(skip: &Skip) -> Text {
    let word = skip_word(skip);
    let detail = skip.detail();
    if detail.is_empty() {
        return word;
    }
    joined(&[word, detail], ": ", "：")
}

/// The kind of reason for which a snippet is skipped.
pub(super) fn skip_word(skip: &Skip) -> Text {
    let word = skip.word();
    match skip {
        Skip::Fragment(_) => text!("{word}", "示意代码"),
        Skip::NeedsModule(_) => text!("{word}", "缺少模块"),
        Skip::NeedsPython(_) => text!("{word}", "需要更高版本的 Python"),
        Skip::NeedsInput | Skip::NeedsArguments => text!("{word}", "需要输入"),
        Skip::NeedsFile(_) => text!("{word}", "缺少文件"),
        Skip::NeedsNetwork(_) => text!("{word}", "需要网络"),
        Skip::Endless(_) => text!("{word}", "不会结束"),
        Skip::Directive(_) => text!("{word}", "按指令跳过"),
    }
}
