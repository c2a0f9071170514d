//! The words of `verify fix`.

use super::counted;
use crate::fix::{Subject, Why};
use crate::model::Text;
use crate::text;

/// What is asked about one claim, with its number and the number of all.
pub(in crate::report) fn rewrite_it(number: usize, of: usize) -> Text {
    text!(
        "rewrite it? ({number} of {of}) [y]es, [n]o, [a]ll, [q]uit: ",
        "改写吗？（第 {number} 处，共 {of} 处）[y] 是，[n] 否，[a] 全部，[q] 退出："
    )
}

/// What is said to an answer that is none.
pub(in crate::report) fn answers() -> Text {
    text!(
        "please answer `yes`, `no`, `all` (this one and all below) or `quit` (none of them)",
        "请回答 `yes`（是）、`no`（否）、`all`（这一处和后面的全部）或 `quit`（一处也不改）"
    )
}

/// What stands before the code of a claim.
pub(in crate::report) fn code() -> Text {
    text!("code", "代码")
}

/// What stands before the cause of a stale claim.
pub(in crate::report) fn why() -> Text {
    text!("why", "原因")
}

/// The cause of a stale claim.
pub(in crate::report) fn cause(message: &Text, rule: &str, since: Option<&str>) -> Text {
    let Text { en, zh } = message;
    match since {
        Some(since) => text!(
            "{en} [{rule}], since Python {since}",
            "{zh} [{rule}]，自 Python {since} 起"
        ),
        None => text!("{en} [{rule}]", "{zh} [{rule}]"),
    }
}

/// What is asked about the code of a snippet.
pub(in crate::report) fn code_is_old() -> Text {
    text!(
        "this code no longer works, and runs when it is written like this",
        "这段代码已经不能运行，改成下面的写法后可以运行"
    )
}

/// That there is nothing to rewrite.
pub(in crate::report) fn nothing(subject: Subject) -> Text {
    match subject {
        Subject::Claims => text!(
            "nothing to rewrite: no claim that was checked is stale",
            "没有需要改写的内容：检查过的说法都没有过时"
        ),
        Subject::Code => text!(
            "nothing to rewrite: no snippet has code that no longer works and can be written for today",
            "没有需要改写的内容：没有发现已经失效且能改成新写法的代码"
        ),
    }
}

/// How many claims or snippets of a note were rewritten, or would be.
pub(in crate::report) fn rewritten(count: usize, subject: Subject, dry: bool) -> Text {
    let Text { en, zh } = match subject {
        Subject::Claims => Text {
            en: counted(count, "claim"),
            zh: format!("{count} 处说法"),
        },
        Subject::Code => snippets(count),
    };
    if dry {
        text!("{en} would be rewritten", "将改写 {zh}")
    } else {
        text!("{en} rewritten", "已改写 {zh}")
    }
}

/// Why a note was left as it was.
pub(in crate::report) fn refused(why: &str) -> Text {
    text!(
        "this note was not rewritten: {why}",
        "这篇笔记没有改写：{why}"
    )
}

/// How many claims or snippets were not chosen.
pub(in crate::report) fn declined(count: usize, subject: Subject) -> Text {
    let Text { en, zh } = match subject {
        Subject::Claims => stale(count),
        Subject::Code => snippets(count),
    };
    let it_is = if count == 1 { "it is" } else { "they are" };
    text!("{en} left as {it_is} in the note", "{zh}保持原样")
}

/// How many claims or places in code can't be rewritten.
pub(in crate::report) fn left(count: usize, subject: Subject) -> Text {
    let Text { en, zh } = match subject {
        Subject::Claims => stale(count),
        Subject::Code => Text {
            en: counted(count, "place"),
            zh: format!("{count} 处代码"),
        },
    };
    text!("{en} can't be rewritten", "{zh}无法改写")
}

fn stale(count: usize) -> Text {
    Text {
        en: counted(count, "stale claim"),
        zh: format!("{count} 处过时的说法"),
    }
}

fn snippets(count: usize) -> Text {
    Text {
        en: counted(count, "snippet"),
        zh: format!("{count} 段代码"),
    }
}

/// Why a stale claim can't be rewritten, and what to do.
pub(in crate::report) fn reason(why: Why) -> Text {
    match why {
        Why::Varies => text!(
            "what came is another thing in every run; write `...` in place of what varies",
            "每次运行的结果都不同；请把变化的部分写成 `...`"
        ),
        Why::Comparison => text!(
            "it is a comparison; decide which of its sides is wrong",
            "这是一个比较；请判断哪一边是错的"
        ),
        Why::Raised => text!(
            "the snippet raises an exception; mend it, or write in the note that it raises",
            "代码抛出异常；请修改代码，或在笔记中写明会抛出异常"
        ),
        Why::NoText => text!(
            "what came can't be written as the note writes it; edit it by hand",
            "实际结果无法按笔记的写法写出；请手工修改"
        ),
        Why::NoPlace => text!(
            "its exact place in the note is not known; edit it by hand",
            "不知道它在笔记中的确切位置；请手工修改"
        ),
        Why::NoRoom => text!(
            "what came does not fit into the lines of the claim; edit it by hand",
            "实际结果放不进这处说法的行；请手工修改"
        ),
        Why::Unprintable => text!(
            "what came has control characters; print its `repr` in the snippet",
            "实际结果含有控制字符；请在代码中打印它的 `repr`"
        ),
        Why::Shared => text!(
            "it stands where another claim is rewritten; run `verify fix` again after that",
            "它所在的地方要改写另一处说法；请在那之后再次运行 `verify fix`"
        ),
        Why::MayBeCode => text!(
            "a line of it reads as code and not as output; if it is output, edit it by hand",
            "其中有一行看起来是代码而不是输出；如果确实是输出，请手工修改"
        ),
        Why::MayBeWords => text!(
            "a line of it reads as your own words and not as output; if it is output, edit it by hand",
            "其中有一行看起来是作者的话而不是输出；如果确实是输出，请手工修改"
        ),
        Why::LeftEarly => text!(
            "the snippet left with a status other than 0, as where nobody types what it asks for; mend it",
            "代码以非 0 状态码退出，例如没有人输入它要的内容；请修改代码"
        ),
        Why::Bug => text!(
            "a bug of verify: what stands in this note can't be looked at; please report it with the note",
            "verify 自身的错误：无法处理这篇笔记；请连同笔记一起报告"
        ),
        Why::MoreLines => text!(
            "it shows more lines than came; take away by hand those that are no longer so",
            "它显示的行数比实际结果多；请手工去掉不再成立的行"
        ),
        Why::Unproven => text!(
            "it is not known how to write this today so that it runs; mend it by hand",
            "不知道如何改成能运行的新写法；请手工修改"
        ),
        Why::ForPython2 => text!(
            "the note says that this is Python 2; `<!-- verify: skip -->` above it leaves it out",
            "笔记写明这是 Python 2；在上方加 `<!-- verify: skip -->` 可以跳过它"
        ),
    }
}

/// What to do once notes were rewritten whose snippets have recordings.
pub(in crate::report) fn record_next(command: &str) -> Text {
    text!(
        "next: look at `git diff`, then run `{command}`, as the recordings know the old text",
        "接下来：查看 `git diff`，再运行 `{command}`，因为记录中还是旧的内容"
    )
}

/// What to do once notes were rewritten.
pub(in crate::report) fn look_next(subject: Subject) -> Text {
    match subject {
        Subject::Claims => text!("next: look at `git diff`", "接下来：查看 `git diff`"),
        Subject::Code => text!(
            "next: look at `git diff`, then run `verify`, which compares what the notes say with the new code",
            "接下来：查看 `git diff`，再运行 `verify`，检查笔记中的说法是否符合新代码"
        ),
    }
}

/// More places than are named.
pub(in crate::report) fn more(count: usize) -> Text {
    text!("and {count} more", "另有 {count} 处")
}
