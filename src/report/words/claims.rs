//! The sentences about claims: what a note says, what came, how the two came apart, what to write.

use super::{counted, joined};
use crate::model::{Open, OpenKind, Text, Tolerance, WhyUnchecked};
use crate::text;

/// What came in place of what a note says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Came<'a> {
    /// A value or an output, on one line; `""` is none.
    Text(&'a str),
    /// An exception, as Python names it.
    Exception(&'a str),
}

impl Came<'_> {
    fn sentence(self) -> Text {
        match self {
            Self::Text("") => text!("nothing came", "没有任何结果"),
            Self::Text(came) => text!("`{came}` came", "实际是 `{came}`"),
            Self::Exception(exception) => {
                text!("it raises `{exception}`", "实际抛出 `{exception}`")
            }
        }
    }
}

/// The title of a false claim that fits on a line.
pub(in crate::report) fn is_false(claimed: &str, came: Came<'_>) -> Text {
    if claimed.is_empty() {
        return says_nothing_comes(came);
    }
    let Text { en, zh } = came.sentence();
    text!(
        "the note says `{claimed}`, but {en}",
        "笔记写的是 `{claimed}`，{zh}"
    )
}

/// The title where nothing should have come.
pub(in crate::report) fn says_nothing_comes(came: Came<'_>) -> Text {
    let Text { en, zh } = came.sentence();
    text!(
        "the note says that nothing comes, but {en}",
        "笔记说没有输出，{zh}"
    )
}

/// The title where the type is another.
pub(in crate::report) fn type_is_false(class: &str, came: Came<'_>) -> Text {
    let Text { en, zh } = came.sentence();
    text!(
        "the note says that the type is `{class}`, but {en}",
        "笔记说类型是 `{class}`，{zh}"
    )
}

/// The title where an exception should have come, any for `""`.
pub(in crate::report) fn error_is_false(exception: &str, came: Came<'_>) -> Text {
    let Text { en, zh } = match came {
        Came::Text("") => text!("nothing was raised", "实际没有抛出异常"),
        _ => came.sentence(),
    };
    if exception.is_empty() {
        return text!(
            "the note says that it raises an exception, but {en}",
            "笔记说会抛出异常，{zh}"
        );
    }
    text!(
        "the note says that it raises `{exception}`, but {en}",
        "笔记说会抛出 `{exception}`，{zh}"
    )
}

/// The title of a false claim that takes more room.
pub(in crate::report) fn output_is_false() -> Text {
    text!(
        "the note shows another output than what came",
        "笔记中的输出与实际结果不同"
    )
}

/// The title of a false claim that takes more room, where nothing came.
pub(in crate::report) fn output_is_missing() -> Text {
    text!(
        "the note shows an output, but nothing came",
        "笔记中有输出，实际没有任何结果"
    )
}

/// The title of a false claim that takes more room, where an exception came.
pub(in crate::report) fn output_but_raises(exception: &str) -> Text {
    text!(
        "the note shows an output, but it raises `{exception}`",
        "笔记中有输出，实际抛出 `{exception}`"
    )
}

/// A false claim where its cause is why nothing came.
pub(in crate::report) fn nothing_to_compare(claimed: &str) -> Text {
    text!(
        "the note says `{claimed}`; nothing came that could be compared with it",
        "笔记写的是 `{claimed}`；没有可以与它比较的结果"
    )
}

/// A false claim that takes more room, where its cause is why nothing came.
pub(in crate::report) fn nothing_to_compare_output() -> Text {
    text!(
        "the note shows an output; nothing came that could be compared with it",
        "笔记中有输出；没有可以与它比较的结果"
    )
}

/// The title of a shown error that takes more room.
pub(in crate::report) fn shown_error_is_false() -> Text {
    text!(
        "the note shows another error than what came",
        "笔记中的异常与实际的不同"
    )
}

/// One of several claims that have one cause.
pub(in crate::report) fn on_line(line: usize, sentence: &Text) -> Text {
    let Text { en, zh } = sentence;
    text!("line {line}: {en}", "第 {line} 行：{zh}")
}

/// Further claims that have the same cause.
pub(in crate::report) fn more_with_cause(claims: usize, lines: &Text) -> Text {
    let Text { en, zh } = lines;
    let more = counted(claims, "claim");
    text!(
        "so are {more} more ({en})",
        "还有 {claims} 处说法也是如此（{zh}）"
    )
}

/// What stands above the two sides of a false claim.
pub(in crate::report) fn claimed_and_came() -> Text {
    text!(
        "in the note (-) and what came (+):",
        "笔记中的内容（-）与实际结果（+）："
    )
}

/// The story of a note that was wrong when it was recorded. `value` is what came, `""` where it is long.
pub(in crate::report) fn always_wrong(value: &str, with: &str, current: &str) -> Text {
    let Text { en, zh } = came_then(value, with, current);
    text!(
        "the note has said so since before it was recorded: {en}",
        "笔记在记录之前就这样写：{zh}"
    )
}

/// The story where it is not known whether the note or the recording is older.
pub(in crate::report) fn recorded_alike(value: &str, with: &str, current: &str) -> Text {
    let Text { en, zh } = came_then(value, with, current);
    text!(
        "the recording says otherwise too: {en}",
        "记录也与笔记不同：{zh}"
    )
}

fn came_then(value: &str, with: &str, current: &str) -> Text {
    let same_python = with.is_empty() || with == current;
    match (value, same_python) {
        ("", true) => text!(
            "what comes today came then already",
            "当时的结果就与今天一样"
        ),
        ("", false) => text!(
            "what comes today came then already, with Python {with}",
            "当时用 Python {with}，结果就与今天一样"
        ),
        (_, true) => text!(
            "`{value}` came then and comes today",
            "当时和今天的结果都是 `{value}`"
        ),
        (_, false) => text!(
            "`{value}` came then, with Python {with}, and comes today",
            "当时（Python {with}）和今天的结果都是 `{value}`"
        ),
    }
}

/// The story of a Python that changed.
pub(in crate::report) fn python_changed(with: &str, current: &str) -> Text {
    text!(
        "the note and its recording from Python {with} agree; Python {current} does something else",
        "笔记与 Python {with} 下的记录一致；Python {current} 的结果不同"
    )
}

/// The story of a snippet that was edited, and what is said about it was not.
pub(in crate::report) fn right_before_edit() -> Text {
    text!(
        "the note agrees with what was recorded before the snippet was edited",
        "笔记与代码修改之前的记录一致"
    )
}

/// The story where something other than note and Python changed.
pub(in crate::report) fn right_when_recorded() -> Text {
    text!(
        "the note and its recording agree; what came today is something else",
        "笔记与记录一致；今天的结果不同"
    )
}

/// The story of a value that no two runs agree on.
pub(in crate::report) fn varies() -> Text {
    text!(
        "another run gave something else: what comes varies from run to run",
        "再次运行得到不同的结果：每次运行的结果都不同"
    )
}

/// The story of a recording that is old where the note is right.
pub(in crate::report) fn only_recording_is_old() -> Text {
    text!(
        "all that the note itself says holds: it is the recording that is old",
        "笔记自己的说法全都成立：是记录旧了"
    )
}

/// The next step for a false claim of one line.
pub(in crate::report) fn write_instead(instead: &str) -> Text {
    text!("write `{instead}` in the note", "在笔记中写成 `{instead}`")
}

/// The next step for a false claim of one line that can be rewritten.
pub(in crate::report) fn write_or_fix(instead: &str, command: &str) -> Text {
    text!(
        "write `{instead}`, or run `{command}`",
        "写成 `{instead}`，或运行 `{command}`"
    )
}

/// The next step where more can be rewritten.
pub(in crate::report) fn fix(command: &str) -> Text {
    text!(
        "`{command}` writes what came in the note",
        "`{command}` 会把实际结果写进笔记"
    )
}

/// The next step where what came varies.
pub(in crate::report) fn leave_out() -> Text {
    text!(
        "write `...` in place of what varies",
        "把变化的部分写成 `...`"
    )
}

/// The next step for a comparison that is not so.
pub(in crate::report) fn mend_comparison() -> Text {
    text!("mend one side of the comparison", "修改比较的其中一边")
}

/// The next step where an exception came.
pub(in crate::report) fn mend_or_show_error() -> Text {
    text!(
        "mend the code, or show in the note the error that it raises",
        "修改代码，或在笔记中写出它抛出的异常"
    )
}

/// The next step where a shown exception did not come. `instead` is what came, `""` for nothing or for much.
pub(in crate::report) fn take_error_out(instead: &str) -> Text {
    if instead.is_empty() {
        return text!("take the error out of the note", "从笔记中去掉这个异常");
    }
    text!(
        "take the error out of the note, or write `{instead}`",
        "从笔记中去掉这个异常，或写成 `{instead}`"
    )
}

/// The next step where nothing came.
pub(in crate::report) fn take_out() -> Text {
    text!(
        "take it out of the note, or mend the code",
        "从笔记中去掉它，或修改代码"
    )
}

/// The next step where what came is long.
pub(in crate::report) fn write_what_came() -> Text {
    text!("write what came in the note", "在笔记中写上实际结果")
}

/// Why claims could not be checked, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::report) enum Reason {
    /// The note says it of another Python.
    OtherPython,
    /// Nothing ran.
    NotRun,
    /// doctest's directive says so.
    Doctest,
    /// What is told in words.
    Because(WhyUnchecked),
    /// Several, each rare.
    Various,
}

/// So many claims with their reason.
fn unchecked(count: usize, reason: &Reason) -> Text {
    let one = count == 1;
    let is = if one { "is" } else { "are" };
    let stand = if one { "stands" } else { "stand" };
    match reason {
        Reason::OtherPython => text!(
            "{count} {is} about another Python",
            "{count} 处说的是另一版 Python"
        ),
        Reason::NotRun => text!(
            "{count} {stand} in code that was not run",
            "{count} 处所在的代码没有运行"
        ),
        Reason::Doctest => text!(
            "{count} {is} marked `# doctest: +SKIP`",
            "{count} 处标有 `# doctest: +SKIP`"
        ),
        Reason::Because(reason) => {
            let Text { en, zh } = why(reason);
            text!("{count} as {en}", "{count} 处：{zh}")
        }
        Reason::Various if one => text!("1 for another reason", "1 处另有原因"),
        Reason::Various => text!("{count} for other reasons", "{count} 处另有原因"),
    }
}

/// The counts of claims, for the summary.
pub(in crate::report) fn coverage(
    hold: usize,
    stale: usize,
    known: usize,
    reasons: &[(usize, Reason)],
) -> Text {
    let unread: usize = reasons.iter().map(|(count, _)| count).sum();
    let mut told = Vec::new();
    if hold > 0 {
        let holds = if hold == 1 { "holds" } else { "hold" };
        told.push(text!("{hold} {holds}", "{hold} 处成立"));
    }
    if stale > 0 {
        told.push(match known {
            0 => text!("{stale} stale", "{stale} 处过时"),
            _ => text!(
                "{stale} stale ({known} known)",
                "{stale} 处过时（{known} 处已知）"
            ),
        });
    }
    if unread > 0 {
        let reasons = reasons.iter();
        let reasons: Vec<Text> = reasons
            .map(|(count, reason)| unchecked(*count, reason))
            .collect();
        let Text { en, zh } = joined(&reasons, ", ", "，");
        told.push(text!(
            "{unread} could not be checked ({en})",
            "{unread} 处无法检查（{zh}）"
        ));
    }
    let all = hold + stale + unread;
    let claims = counted(all, "claim");
    let Text { en, zh } = joined(&told, ", ", "，");
    text!("{claims} read: {en}", "读到 {all} 处说法：{zh}")
}

/// What stands above the claims that are listed one by one.
pub(in crate::report) fn with_care() -> Text {
    text!(
        "claims that hold with a tolerance, and claims that could not be checked:",
        "放宽后成立的说法，以及无法检查的说法："
    )
}

/// A claim that holds, and how.
pub(in crate::report) fn holds_as(tolerance: Tolerance) -> Text {
    let en = tolerance.as_str();
    let zh = match tolerance {
        Tolerance::Exact => "完全相同",
        Tolerance::Repr => "写法不同",
        Tolerance::Order => "顺序不同",
        Tolerance::Float => "位数较少",
        Tolerance::Elided => "有省略",
        Tolerance::Volatile => "每次不同",
    };
    text!("holds as: {en}", "成立：{zh}")
}

/// A claim that could not be checked, and why.
pub(in crate::report) fn not_checked(reason: Option<&WhyUnchecked>) -> Text {
    let Some(reason) = reason else {
        return text!("could not be checked", "无法检查");
    };
    let Text { en, zh } = why(reason);
    text!("could not be checked: {en}", "无法检查：{zh}")
}

/// Why a claim could not be checked.
pub(in crate::report) fn why(reason: &WhyUnchecked) -> Text {
    match reason {
        WhyUnchecked::OtherPython(scope) => text!(
            "the note says this of Python {scope}",
            "笔记说的是 Python {scope}"
        ),
        WhyUnchecked::Doctest => Text::same("doctest: +SKIP"),
        WhyUnchecked::NotToCompare => {
            text!("the note asks not to compare it", "笔记要求不作比较")
        }
        WhyUnchecked::TypeChecker => text!(
            "it is said of a type checker, not of a run",
            "说的是类型检查，不是运行结果"
        ),
        WhyUnchecked::AllLeftOut => text!("everything is left out", "内容全部省略了"),
        WhyUnchecked::NotRun => text!("its snippet was not run", "它的片段没有运行"),
        WhyUnchecked::EarlierNotRun => text!(
            "an earlier snippet that it needs did not run to its end",
            "它需要的前面的片段没有运行完"
        ),
        WhyUnchecked::Stopped => text!("the run was stopped before its end", "运行中途被停止"),
        WhyUnchecked::Ended => text!("the run was ended", "运行被结束了"),
        WhyUnchecked::EndedWith(class) => text!(
            "the run ended before it with {class}",
            "运行在此之前因 {class} 结束"
        ),
        WhyUnchecked::EndedOn(line) => text!(
            "the run ended on line {line} before it",
            "运行在此之前结束于第 {line} 行"
        ),
        WhyUnchecked::BelowError(line) => text!(
            "line {line} above it raises an exception, so what it rests on is not known",
            "上面第 {line} 行抛出异常，因此不知道它所依据的状态"
        ),
        WhyUnchecked::OutputCut => text!(
            "the output was too long to keep all of it",
            "输出太长，没有全部保留"
        ),
        WhyUnchecked::NotSeen => text!(
            "this line was not reached, or has no value that can be seen",
            "没有运行到这一行，或者它没有可以看到的值"
        ),
        WhyUnchecked::NotRaised => text!(
            "this line was not reached, or the code catches what it raises",
            "没有运行到这一行，或者代码捕获了它抛出的异常"
        ),
        WhyUnchecked::Caught => text!(
            "the code catches an exception of this name itself",
            "代码自己捕获了这个名字的异常"
        ),
        WhyUnchecked::OfSomethingElse => text!(
            "it may be about something else than the value of this line",
            "说的可能不是这一行的值"
        ),
        WhyUnchecked::NoTruth => text!(
            "the comparison is neither true nor false",
            "比较的结果既不是真也不是假"
        ),
        WhyUnchecked::NoType => text!("the type of what came can't be seen", "看不到结果的类型"),
        WhyUnchecked::Open(open) => rests_on(*open),
        WhyUnchecked::OfTheMachine => {
            text!("what comes depends on the machine", "结果取决于所用的机器")
        }
        WhyUnchecked::Undefined(name) => text!("`{name}` is not defined", "`{name}` 没有定义"),
        WhyUnchecked::NoModule(name) => {
            text!("the module `{name}` is not there", "没有模块 `{name}`")
        }
        WhyUnchecked::NoFile(message) => text!(
            "it needs a file or folder: {message}",
            "它需要文件或文件夹：{message}"
        ),
        WhyUnchecked::Input => text!("it waits for input", "它在等待输入"),
        WhyUnchecked::Display => text!("it needs a display", "它需要图形界面"),
        WhyUnchecked::Network => text!("it needs the network", "它需要网络"),
        WhyUnchecked::Broken => text!("its code is no whole Python", "它的代码不是完整的 Python"),
    }
}

/// Code and what is claimed of it, on one line.
pub(in crate::report) fn source_and_claimed(source: &str, claimed: &str) -> String {
    match source {
        "" => claimed.to_owned(),
        _ => format!("{source}  →  {claimed}"),
    }
}

/// What is claimed where nothing is to come.
pub(in crate::report) fn nothing() -> Text {
    text!("(nothing)", "（没有输出）")
}

/// That a text has more lines than the one that is shown.
pub(in crate::report) fn more_lines(more: usize) -> Text {
    let lines = counted(more, "line");
    text!("(+{lines})", "（另有 {more} 行）")
}

/// The Pythons that a claim is about, for the listing.
pub(in crate::report) fn only_for(scope: &str) -> Text {
    text!("(Python {scope})", "（Python {scope}）")
}

/// A false claim that an update accepts.
pub(in crate::report) fn accepted(source: &str, claimed: &str, actual: &str) -> Text {
    as_accepted(source, &is_false(claimed, Came::Text(actual)))
}

/// A false claim that takes more room, and that an update accepts.
pub(in crate::report) fn accepted_output(source: &str) -> Text {
    as_accepted(source, &output_is_false())
}

fn as_accepted(source: &str, sentence: &Text) -> Text {
    let Text { en, zh } = sentence;
    if source.is_empty() {
        return text!("accepted as known: {en}", "记为已知：{zh}");
    }
    text!(
        "accepted as known: `{source}`: {en}",
        "记为已知：`{source}`：{zh}"
    )
}

fn rests_on(open: Open) -> Text {
    let Text { en, zh } = match open.kind {
        OpenKind::Chance | OpenKind::Unique => text!("chance", "随机数"),
        OpenKind::Clock => text!("the time", "时间"),
        OpenKind::Machine => text!("the machine", "所用的机器"),
        OpenKind::Identity => text!("an id of this very run", "本次运行特有的标识"),
        OpenKind::Hash => text!("the order of a set or a hash", "集合的顺序或哈希值"),
        OpenKind::Race => text!("which thread is first", "线程的先后"),
    };
    match open.line {
        0 => text!("what comes depends on {en}", "结果取决于{zh}"),
        line => text!(
            "what comes depends on {en}, asked for on line {line}",
            "结果取决于第 {line} 行用到的{zh}"
        ),
    }
}
