//! The words of `verify review`.

use super::joined;
use crate::model::Text;
use crate::review::Action;
use crate::text;

/// A snippet that nothing is recorded of.
pub(in crate::report) fn not_recorded() -> Text {
    text!("this snippet is not recorded yet", "这段代码还没有记录")
}

/// What is asked about one item, with its number, its id and what can be done.
pub(in crate::report) fn what_to_do(
    number: usize,
    of: usize,
    id: &str,
    actions: &[Action],
) -> Text {
    let mut keys: Vec<Text> = actions.iter().map(|action| key(*action)).collect();
    keys.extend([
        text!("[s]kip", "[s] 跳过"),
        text!("[u]ndo", "[u] 撤销"),
        text!("[q]uit", "[q] 结束"),
        text!("[?]", "[?]"),
    ]);
    let Text { en, zh } = joined(&keys, ", ", "，");
    text!(
        "{id} ({number} of {of}) {en}: ",
        "{id}（第 {number} 项，共 {of} 项）{zh}："
    )
}

fn key(action: Action) -> Text {
    match action {
        Action::Accept => text!("[a]ccept", "[a] 接受"),
        Action::Fix => text!("[f]ix the note", "[f] 改笔记"),
        Action::Known => text!("[k]nown", "[k] 记为已知"),
    }
}

/// What the answers mean.
pub(in crate::report) fn answers() -> Text {
    text!(
        "\
a, accept  record what the snippet does in expected/; what else is asked about here becomes known
f, fix     rewrite the note so that it says what came, or so that its code runs
k, known   leave the note as it is, and let this fail no run any more
s, skip    leave it pending
u, undo    take the last answer back
q, quit    leave this and all below pending, and do what was answered so far
?, help    show this
Nothing is written before the last answer or `quit`; Ctrl-C leaves everything as it is.",
        "\
a, accept  把代码的结果记录到 expected/ 中；这里问到的问题同时记为已知
f, fix     改写笔记，使说法与实际结果一致，或使代码能够运行
k, known   笔记保持原样，以后不再因此失败
s, skip    暂不处理
u, undo    撤销上一个回答
q, quit    这一项和后面的暂不处理，执行已作出的回答
?, help    显示这段说明
在最后一个回答或 `quit` 之前不会写入任何文件；按 Ctrl-C 则一切保持原样。"
    )
}

/// An answer that is none, or can't be given here.
pub(in crate::report) fn no_answer() -> Text {
    text!(
        "that is no answer here; `?` says what the answers mean",
        "这里不能这样回答；`?` 说明各个回答的意思"
    )
}

/// That there is no answer to take back.
pub(in crate::report) fn nothing_to_undo() -> Text {
    text!("there is no answer to take back", "没有可以撤销的回答")
}

/// What stands above what accepting records.
pub(in crate::report) fn accepting() -> Text {
    text!("accepting records:", "接受后的记录：")
}

/// What stands above what fixing writes.
pub(in crate::report) fn fixing() -> Text {
    text!("fixing writes into the note:", "改写后的笔记：")
}

/// How many more places one name has.
pub(in crate::report) fn more_places(more: usize) -> Text {
    text!("and {more} more in this note", "这篇笔记中还有 {more} 处")
}

/// That nothing is pending.
pub(in crate::report) fn nothing() -> Text {
    text!("nothing is pending", "没有待处理的内容")
}

/// How much is still pending.
pub(in crate::report) fn left(count: usize) -> Text {
    text!("{count} still pending", "还有 {count} 项待处理")
}
