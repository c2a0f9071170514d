//! What `verify watch` says.

use super::{counted, joined};
use crate::model::Text;
use crate::text;

/// Notes named in full at most.
const NAMED: usize = 3;

/// What was looked at, and how many snippets were run for it.
pub(in crate::report) fn looked_at(notes: &[String], ran: usize, seconds: f64) -> Text {
    let Text { en, zh } = which(notes);
    let snippets = counted(ran, "snippet");
    text!(
        "{en}: {snippets} run in {seconds:.2} s",
        "{zh}：运行了 {ran} 个片段，用时 {seconds:.2} 秒"
    )
}

fn which(notes: &[String]) -> Text {
    let count = notes.len();
    if count > NAMED {
        let counted = counted(count, "note");
        return text!("{counted}", "{count} 篇笔记");
    }
    let names: Vec<Text> = notes.iter().map(Text::same).collect();
    joined(&names, ", ", "、")
}

/// Notes that are gone.
pub(in crate::report) fn gone(notes: &[String]) -> Text {
    let Text { en, zh } = which(notes);
    text!("gone: {en}", "已删除：{zh}")
}

/// That there is nothing to do.
pub(in crate::report) fn nothing_to_do() -> Text {
    text!("nothing to do", "没有问题")
}

/// How many problems do not fit.
pub(in crate::report) fn more(count: usize) -> Text {
    text!(
        "… {count} more; Enter shows all",
        "… 还有 {count} 个；按回车键全部显示"
    )
}

/// The keys.
pub(in crate::report) fn keys() -> Text {
    text!(
        "q quit, r run all, u record, Enter show all",
        "q 退出，r 全部重新运行，u 记录，回车键全部显示"
    )
}

/// The keys below what was shown in full.
pub(in crate::report) fn any_key() -> Text {
    text!("any key goes back", "按任意键返回")
}

/// The question before recordings are written.
pub(in crate::report) fn ask_record() -> Text {
    text!(
        "record what all snippets do today in expected/? [y]es, [n]o:",
        "把所有片段现在的结果记录到 expected/ 吗？[y] 是，[n] 否："
    )
}
