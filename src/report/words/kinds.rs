//! The problems that have no cause in the catalogue, told as rules for formats that list their rules.

use super::ci::{
    FAILED, NOT_RECORDED, NOT_RUN, OF_THE_RUN, OUTPUT_CHANGED, RAISES, STALE, STALE_CLAIM,
};
use crate::model::{Rule, Text};
use crate::text;

/// What a problem is called that the catalogue does not know, as a rule of its own.
pub(in crate::report) fn kind(name: &str) -> Rule {
    let (title, changed) = texts(name)
        .or_else(|| texts_of_end(name))
        .unwrap_or_else(|| {
            let title = text!(
                "something does not work on this Python",
                "在这个 Python 上不可用"
            );
            (title, Text::default())
        });
    Rule {
        slug: name.to_owned(),
        title,
        changed,
        ..Rule::default()
    }
}

/// The title, and what is so in a sentence.
fn texts(name: &str) -> Option<(Text, Text)> {
    let texts = match name {
        STALE_CLAIM => (
            text!("a claim of the note is false", "笔记中的说法不成立"),
            text!(
                "The note says something about what a snippet does: a value, an output or an error. Something else came.",
                "笔记写出了片段的结果（值、输出或报错），而运行得到的不同。"
            ),
        ),
        RAISES => (
            text!("a snippet raises an exception", "片段抛出异常"),
            text!(
                "The snippet raises, and neither the note, nor its recording, nor an older Python explains that.",
                "片段抛出异常，而笔记、记录和旧版 Python 都不能解释它。"
            ),
        ),
        OUTPUT_CHANGED => (
            text!(
                "a snippet does something else than was recorded",
                "运行结果与记录不同"
            ),
            text!(
                "What the snippet does today is not what its recording under `expected/` says.",
                "片段现在的结果与 `expected/` 中的记录不同。"
            ),
        ),
        NOT_RECORDED => (
            text!("nothing is recorded yet for a snippet", "片段还没有记录"),
            text!(
                "The snippet runs well, but its recording under `expected/` is missing.",
                "片段可以正常运行，但 `expected/` 中还没有它的记录。"
            ),
        ),
        NOT_RUN => (
            text!("a snippet was not run to its end", "片段没有运行完"),
            text!(
                "The run ended before anything could be said about the snippet.",
                "还没能对这个片段作出判断，运行就结束了。"
            ),
        ),
        FAILED => (
            text!("a snippet failed", "片段运行失败"),
            text!(
                "The snippet did not reach its end, and left no exception.",
                "片段没有运行到结尾，也没有留下异常。"
            ),
        ),
        STALE => (
            text!("a snippet is stale", "片段已经过时"),
            text!(
                "The note says something about the snippet that is not so on this Python.",
                "笔记对这个片段的说法在这个 Python 上不成立。"
            ),
        ),
        OF_THE_RUN => (
            text!("something to look at", "需要留意的问题"),
            text!(
                "Something about the notes, the recordings or the run that belongs to no snippet.",
                "与笔记、记录或运行本身有关、不属于某个片段的问题。"
            ),
        ),
        _ => return None,
    };
    Some(texts)
}

/// The same for ways in which a run ends.
fn texts_of_end(name: &str) -> Option<(Text, Text)> {
    let texts = match name {
        "raises-nothing" => (
            text!(
                "an exception that is meant to be raised is not",
                "应当抛出的异常没有抛出"
            ),
            text!(
                "A directive says that the snippet raises, and it does not.",
                "指令说这个片段会抛出异常，而它没有。"
            ),
        ),
        "exit-status" => (
            text!(
                "a snippet leaves with a status other than 0",
                "片段以非 0 的状态码退出"
            ),
            text!(
                "The snippet ends itself with a status that says that it failed.",
                "片段以表示失败的状态码结束。"
            ),
        ),
        "timeout" => (
            text!("a snippet reaches a limit", "片段达到上限"),
            text!(
                "The snippet used more time, memory or processes than it may, and was stopped.",
                "片段使用的时间、内存或进程超过上限，被停止了。"
            ),
        ),
        "crashed" | "vanished" => (
            text!("a snippet ends its process", "片段使进程意外结束"),
            text!(
                "The process of the snippet was gone before the snippet's end.",
                "片段还没运行完，进程就结束了。"
            ),
        ),
        _ => return None,
    };
    Some(texts)
}
