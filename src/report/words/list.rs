//! The words of `verify list`.

use super::{counted, joined};
use crate::model::{ClaimForm, Form, Language, Text};
use crate::text;

/// The lines of a block.
pub(in crate::report) fn block_lines(first: usize, last: usize) -> Text {
    match first.cmp(&last) {
        std::cmp::Ordering::Less => text!("lines {first}-{last}", "第 {first}-{last} 行"),
        std::cmp::Ordering::Equal => text!("line {first}", "第 {first} 行"),
        std::cmp::Ordering::Greater => text!("line {first}, empty", "第 {first} 行，空"),
    }
}

/// How a block stands in its note.
pub(in crate::report) fn form(form: Form) -> Text {
    let word = form.as_str();
    match form {
        Form::Fenced => text!("{word}", "围栏"),
        Form::Indented => text!("{word}", "缩进"),
        Form::Quoted => text!("{word}", "引用"),
        Form::Inline => text!("{word}", "正文"),
    }
}

/// What a block is written in; the names of languages are the same everywhere.
pub(in crate::report) fn language(language: Language) -> Text {
    let word = language.as_str();
    match language {
        Language::Output => text!("{word}", "输出"),
        Language::Other => text!("{word}", "其他"),
        _ => Text::same(word),
    }
}

/// Why a block was taken for that.
pub(in crate::report) fn because(why: &Text) -> Text {
    let Text { en, zh } = why;
    text!("({en})", "（{zh}）")
}

/// How a claim is written.
pub(in crate::report) fn claim_form(form: ClaimForm) -> Text {
    let word = form.as_str();
    match form {
        ClaimForm::Prompt => text!("{word}", "提示符"),
        ClaimForm::Comment => text!("{word}", "注释"),
        ClaimForm::Arrow => text!("{word}", "箭头"),
        ClaimForm::Equality => text!("{word}", "等式"),
        ClaimForm::Echo => text!("{word}", "回显"),
        ClaimForm::Section => text!("{word}", "标出的输出"),
        ClaimForm::NextBlock => text!("{word}", "后面的块"),
        ClaimForm::Traceback => text!("{word}", "回溯信息"),
    }
}

/// Which snippets a snippet depends on.
pub(in crate::report) fn depends_on(lines: &[usize]) -> Text {
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    let (en, zh) = (lines.join(", "), lines.join("、"));
    text!("depends on {en}", "依赖第 {zh} 行")
}

/// Why a snippet will not be run.
pub(in crate::report) fn will_skip(reason: &Text) -> Text {
    let Text { en, zh } = reason;
    text!("skipped ({en})", "跳过（{zh}）")
}

/// What else is known of a block.
pub(in crate::report) fn rest(told: &[Text]) -> Text {
    joined(told, "; ", "；")
}

/// A note without blocks.
pub(in crate::report) fn no_blocks() -> Text {
    text!("no code blocks", "没有代码块")
}

/// The counts under the listing.
pub(in crate::report) fn listed(
    notes: usize,
    blocks: usize,
    snippets: usize,
    claims: Option<usize>,
) -> Text {
    let count = |count: usize, noun: &str, zh: &str| Text {
        en: counted(count, noun),
        zh: format!("{count} {zh}"),
    };
    let mut counts = vec![
        count(notes, "note", "篇笔记"),
        count(blocks, "block", "个代码块"),
        count(snippets, "snippet", "个片段"),
    ];
    counts.extend(claims.map(|claims| count(claims, "claim", "处说法")));
    joined(&counts, ", ", "，")
}
