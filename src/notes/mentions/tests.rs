use super::*;
use crate::model::Language;
use crate::model::Lines;

/// The names that a note with one snippet mentions, quiet ones in brackets.
fn names(text: &str) -> Vec<String> {
    let snippet = Block {
        lines: Lines {
            first: 1000,
            last: 1001,
        },
        language: Language::Python,
        ..Block::default()
    };
    let shown = |mention: Mention| {
        let name = key(&mention.named);
        if mention.quiet {
            format!("({name})")
        } else {
            name
        }
    };
    mentions(text, &[snippet]).into_iter().map(shown).collect()
}

#[test]
fn what_can_only_be_a_name_of_python_is_a_mention() {
    for (text, name) in [
        ("32 位或 64 位（`sys.maxint`）。", "sys.maxint"),
        ("使用 `v = d.viewitems()`获取视图", "dict.viewitems"),
        ("call `d.has_key(k)` first", "dict.has_key"),
        ("`dict.iteritems`", "dict.iteritems"),
        ("`from imp import reload`", "imp.reload"),
        ("`import urllib2`", "urllib2"),
        ("`import os.path as p`", "os.path"),
        (
            "`from collections import Iterable as I`",
            "collections.Iterable",
        ),
        ("use `@asyncio.coroutine` here", "asyncio.coroutine"),
        ("序列化对象，如pickle，cpickle，marshal", "cPickle"),
        ("使用eval/exec/execfile/runpy", "execfile"),
        ("用xrange更省内存", "xrange"),
        ("用 intern() 函数", "intern"),
        ("用 `reload(sys)`", "reload"),
        ("`imp` 模块", "imp"),
        ("the module `distutils`", "distutils"),
        ("`print \"x\"` 打印", "py2-print-statement"),
        ("`except IOError, e`", "py2-except-comma"),
        ("* 不可变对象：int，long，str，tuple", "long"),
        ("str、`unicode` 都提供了编码方法", "unicode"),
        ("str, unicode, list，tuple", "unicode"),
        ("当超出int限制，会自动转换成long。", "long"),
        ("# 用 `xrange`", "xrange"),
        ("| 名 | 义 |\n|---|---|\n| `xrange` | 惰性 |", "xrange"),
        ("> 用 `xrange`", "xrange"),
    ] {
        let found = names(text);
        assert!(found.contains(&name.to_owned()), "{text}: {found:?}");
    }
}

#[test]
fn words_that_mean_other_things_are_no_mentions() {
    for text in [
        "`long` 很长，a long time, long-running",
        "`urllib2.py` 和 `/usr/lib/urllib2` 和 `lib/urllib2`",
        "`string.split()` 方法，`thread.start()`，`file.read()`，`user.name`",
        "`df.iteritems()` 和 `six.iteritems(d)`",
        "unicode 编码，ascii、unicode、utf-8",
        "Java 的 int、long、float 与 str",
        "short，int，long，double，list",
        "`import parser` 与 `import parser from 'x'`",
        "`$ python -m urllib2`",
        "<https://docs.python.org/2/library/urllib2.html>",
        "[文](urllib2.html)",
        "`my-xrange` `xrange-like` 'xrange'",
        "`print` 语句，`print x`，`print \"$x\";`",
        "`0777` 权限，`10L`，`a <> b`",
        "`reduce()` `apply()` `buffer()` `reload(m)`",
        "`commands` 模块",
        "<!-- xrange -->",
        "---\ntitle: xrange\n---\n",
        "```\nxrange\n```\n",
        "    raw_input()\n",
        "",
    ] {
        let found = names(text);
        let gone = [
            "xrange", "py2", "long", "unicode", "dict.", "urllib2", "string", "commands",
        ];
        let known = |name: &String| gone.iter().any(|word| name.starts_with(word));
        let left: Vec<_> = found.into_iter().filter(known).collect();
        assert_eq!(left, Vec::<String>::new(), "{text}");
    }
}

#[test]
fn what_the_text_puts_down_as_old_is_quiet() {
    for text in [
        "Python 2 的 xrange 在 Python 3 中改为 range",
        "`xrange` was removed",
        "`xrange` is deprecated since long ago",
        "`xrange` 已移除",
        "`xrange` 已弃用，请用 range",
        "`xrange` 已废弃",
        "`xrange` 不再支持",
        "`xrange` 被 range 取代",
        "`xrange` was renamed to `range`",
        "`xrange` was replaced by `range`",
        "旧版用 `xrange`",
        "in Python 2, `xrange` is lazy",
        "py2: `xrange`",
        "`xrange` is legacy",
        "历史上有 `xrange`",
        "以前用 `xrange`",
        "Python 3.x 中没有 `xrange`",
        "use `range` instead of `xrange`",
        "`xrange` → `range`",
        "## Python 2 与 Python 3\n\n用 `xrange`",
        "## 旧版\n\n### 循环\n\n用 `xrange`",
        "| Python 2 | Python 3 |\n|---|---|\n| `xrange` | `range` |",
        "## xrange\n\nxrange 不再存在，range 就是它",
        "## range 和 xrange 的区别",
        "Python 2.7 里有它。\n`xrange` 是惰性的。",
    ] {
        assert_eq!(
            names(text).first().map(String::as_str),
            Some("(xrange)"),
            "{text}"
        );
    }
}

#[test]
fn a_heading_reaches_to_the_next_of_its_level() {
    let text = "## Python 2\n\n`xrange`\n\n## 循环\n\n`unichr`\n";
    assert_eq!(names(text), ["(xrange)", "unichr"]);
}

#[test]
fn another_sentence_does_not_make_it_quiet() {
    assert_eq!(names("`xrange` 是惰性的。对象以前被复制。"), ["xrange"]);
    assert_eq!(names("当池不再有引用时，用 `xrange`。"), ["xrange"]);
}

#[test]
fn a_type_that_was_named_once_is_meant_again() {
    let text = "int，long，str\n\n**long**\n\nlong是变长对象\n\na long day\n";
    let lines: Vec<usize> = {
        let snippet = Block {
            lines: Lines {
                first: 90,
                last: 90,
            },
            language: Language::Python,
            ..Block::default()
        };
        let found = mentions(text, &[snippet]);
        found.into_iter().map(|mention| mention.line).collect()
    };
    assert_eq!(lines, [1, 3, 5]);
}

#[test]
fn a_note_without_python_has_only_what_no_other_language_has() {
    let text =
        "`intern()`, int, long, str, `print \"x\"`, has_key, `unicode(x)`, the `statvfs` module";
    assert_eq!(mentions(text, &[]), []);
    assert_eq!(mentions("`raw_input`", &[]).len(), 1);
}

proptest::proptest! {
    #[test]
    fn any_text_is_read(text in "([a-z`*_#|>. 。，\n-]|xrange|long|Python 2|`int`|import ){0,60}") {
        for mention in mentions(&text, &[]) {
            assert!(mention.line >= 1 && mention.line <= text.lines().count());
        }
    }
}
