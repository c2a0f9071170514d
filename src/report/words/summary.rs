//! What is said about a run as a whole: what is new, what was skipped, the counts.

use super::{at_lines, counted, joined};
use crate::model::{Containment, Shard, ShardNumber, Summary, Text};
use crate::text;

/// The title over all unrecorded snippets.
pub(in crate::report) fn not_recorded(count: usize) -> Text {
    let snippets = counted(count, "snippet");
    text!(
        "nothing is recorded yet for {snippets}",
        "有 {count} 个片段还没有记录"
    )
}

/// The unrecorded snippets of one note.
pub(in crate::report) fn new_in_note(path: &str, lines: &[usize]) -> Text {
    let count = lines.len();
    let snippets = counted(count, "new snippet");
    let Text { en, zh } = at_lines(lines);
    text!(
        "{path}: {snippets} ({en})",
        "{path}: {count} 个新片段（{zh}）"
    )
}

/// What an unrecorded snippet printed.
pub(in crate::report) fn prints(place: &str) -> Text {
    text!("{place} prints:", "{place} 的输出：")
}

/// That an unrecorded snippet printed nothing.
pub(in crate::report) fn prints_nothing(place: &str) -> Text {
    text!("{place} prints nothing", "{place} 没有输出")
}

/// The next step for unrecorded snippets.
pub(in crate::report) fn record_all(command: &str) -> Text {
    text!(
        "if they do what you mean, run `{command}` and commit what it writes",
        "如果结果符合预期，请运行 `{command}` 并提交它写入的文件"
    )
}

/// Skipped snippets by reason, the most frequent first.
pub(in crate::report) fn skipped(total: usize, reasons: &[(Text, usize)]) -> Text {
    let reasons: Vec<Text> = reasons
        .iter()
        .map(|(Text { en, zh }, count)| text!("{count} {en}", "{count} 个{zh}"))
        .collect();
    let snippets = counted(total, "snippet");
    let Text { en, zh } = joined(&reasons, ", ", "，");
    text!("{snippets} skipped: {en}", "跳过 {total} 个片段：{zh}")
}

/// The modules that snippets lack.
pub(in crate::report) fn missing_modules(modules: &[String]) -> Text {
    let (en, zh) = (modules.join(", "), modules.join("、"));
    text!("not installed: {en}", "没有安装：{zh}")
}

/// The next step for missing modules.
pub(in crate::report) fn install(packages: &[String]) -> Text {
    let packages = packages.join(" ");
    text!(
        "to run these snippets too, run `pip install {packages}`",
        "要运行这些片段，请运行 `pip install {packages}`"
    )
}

/// How many snippets have problems that are known.
pub(in crate::report) fn known(count: usize) -> Text {
    let snippets = counted(count, "snippet");
    text!(
        "{snippets} known to be a problem; -v shows why",
        "有 {count} 个片段的问题是已知的；加 -v 显示原因"
    )
}

/// How many snippets passed.
pub(in crate::report) fn pass(count: usize) -> Text {
    text!("{count} pass", "{count} 个通过")
}

/// How many snippets are stale.
pub(in crate::report) fn stale(count: usize) -> Text {
    text!("{count} stale", "{count} 个过时")
}

/// How many snippets failed.
pub(in crate::report) fn failed(count: usize) -> Text {
    text!("{count} failed", "{count} 个失败")
}

/// How many snippets are not recorded.
pub(in crate::report) fn new(count: usize) -> Text {
    text!("{count} new", "{count} 个未记录")
}

/// How many snippets did not count.
pub(in crate::report) fn left(count: usize) -> Text {
    text!("{count} skipped", "{count} 个跳过")
}

/// How many names are gone that notes mention outside of their snippets.
pub(in crate::report) fn names_gone(count: usize) -> Text {
    let names = counted(count, "name");
    let are = if count == 1 { "that is" } else { "that are" };
    text!("{names} {are} gone", "{count} 个已不存在的名字")
}

/// The last line of a report. `told` are the counts of snippets, of which so many problems are known.
pub(in crate::report) fn all(summary: &Summary, told: &[Text], warned: Option<Text>) -> Text {
    let Summary {
        notes,
        snippets,
        known,
        cached,
        seconds,
        ..
    } = *summary;
    let Text { mut en, mut zh } = joined(told, ", ", "，");
    if known > 0 {
        en.push_str(&format!(" ({known} known)"));
        zh.push_str(&format!("（{known} 个已知）"));
    }
    if let Some(warned) = warned {
        en.push_str(&format!(", {}", warned.en));
        zh.push_str(&format!("，{}", warned.zh));
    }
    let (en_notes, en_snippets) = (counted(notes, "note"), counted(snippets, "snippet"));
    let mut line = text!(
        "{en_notes}, {en_snippets}: {en} in {seconds:.2} s",
        "{notes} 篇笔记，{snippets} 个片段：{zh}，用时 {seconds:.2} 秒"
    );
    if cached > 0 {
        line.en.push_str(&format!(" ({cached} from the cache)"));
        line.zh.push_str(&format!("（{cached} 个来自缓存）"));
    }
    line
}

/// What was removed of the cache.
pub(in crate::report) fn cleaned(folder: &str, bytes: Option<u64>) -> Text {
    match bytes {
        Some(bytes) => text!(
            "removed the cache, {bytes} bytes in `{folder}`",
            "已删除缓存：`{folder}` 中的 {bytes} 字节"
        ),
        None => text!("there is no cache in `{folder}`", "`{folder}` 中没有缓存"),
    }
}

/// That there is nothing to look at.
pub(in crate::report) fn no_notes() -> Text {
    text!(
        "no notes found: give a folder with Markdown files, such as `verify notes`",
        "没有找到笔记：请给出存放 Markdown 文件的文件夹，例如 `verify notes`"
    )
}

/// The same of one shard, whose others may have some.
pub(in crate::report) fn nothing_in_shard() -> Text {
    text!("nothing to check in this shard", "这一份里没有要检查的内容")
}

/// What is counted while snippets run.
pub(in crate::report) fn progress() -> Text {
    text!("snippets", "个片段")
}

/// What contained the snippets, where something was missing.
pub(in crate::report) fn contained_by(containment: &Containment) -> Text {
    let what = containment.words();
    text!("sandbox: {what}", "沙盒：{what}")
}

/// That nothing contained them.
pub(in crate::report) fn not_contained() -> Text {
    text!(
        "the sandbox is off: snippets can read and write your files, and use the network",
        "沙盒已关闭：片段可以读写你的文件，也可以使用网络"
    )
}

/// Which keys of `verify.toml` do not hold.
pub(in crate::report) fn distrusted(keys: &[String]) -> Text {
    let keys = keys.iter().map(|key| format!("`{key}`"));
    let keys: Vec<String> = keys.collect();
    let (comma, dun) = (keys.join(", "), keys.join("、"));
    text!(
        "this run is for a pull request, which may have changed verify.toml, so the file does not decide {comma}",
        "这次运行针对合并请求，verify.toml 可能被改动过：未采用其中的 {dun}"
    )
}

/// How to have them hold.
pub(in crate::report) fn trust_settings() -> Text {
    text!(
        "give the file from outside of the branch with `--config FILE`, or believe this one with `--trust-config`",
        "请用 `--config FILE` 指定分支之外的文件；如果确实信任这个文件，请加上 `--trust-config`"
    )
}

/// Which part of the notes a report is about.
pub(in crate::report) fn shard(shard: &Shard, how: &Text) -> Text {
    let ShardNumber { index, total } = shard.number;
    let notes = counted(shard.notes, "note");
    let all = shard.notes;
    let own = match shard.paths.len() {
        0 => text!("none", "没有笔记"),
        own => text!("{own}", "{own} 篇笔记"),
    };
    let Text { en, zh } = own;
    let Text { en: by, zh: fen } = how;
    text!(
        "shard {index} of {total}: {en} of {notes}, {by}",
        "第 {index} 份，共 {total} 份：{zh}（总共 {all} 篇），{fen}"
    )
}

/// That shards are made of the paths alone.
pub(in crate::report) fn by_path() -> Text {
    text!("chosen by path", "按路径划分")
}

/// The same, where they were to be made by timings.
pub(in crate::report) fn by_path_without(file: &str) -> Text {
    text!(
        "chosen by path, as `{file}` is not there yet",
        "按路径划分，因为还没有 `{file}`"
    )
}

/// That shards are made by how long notes took.
pub(in crate::report) fn by_timings() -> Text {
    text!(
        "chosen by how long notes took before",
        "按笔记以前所用的时间划分"
    )
}
