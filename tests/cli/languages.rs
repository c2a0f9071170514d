//! Reports, listings and questions in Chinese: on request, by the locale, by the note.

use snapbox::str;

use crate::support::{Project, note};

/// A note in Chinese in which most things happen that a report can tell.
const NUMBERS: &str = "# 数字\n\n整数相除：\n\n```python\nprint(7 / 2)  # 3\n```\n\n旧的写法：\n\n```python\nprint '旧'\n```\n\n```python\nprint('新')\n```\n\n```python\nimport no_such_module\nprint(no_such_module.x)  # 1\n```\n\n```python\n1 / 0\n```\n\n这里用 `sys.maxint` 作上限。\n";

/// The same things in English.
const ENGLISH: &str =
    "# Numbers\n\nIntegers are divided like this:\n\n```python\nprint(7 / 2)  # 3\n```\n";

#[test]
fn all_of_a_report_is_in_chinese_on_request() {
    let project = Project::with_note(NUMBERS).file("notes/b.md", ENGLISH);
    project.verify("--lang zh -v").is(str![[r#"
错误[py2-integer-division]: 整数之间的 `/` 得到浮点数
 --> notes/a.md:6:9
  |
6 | print(7 / 2)  # 3
  |         ^       -
  |
  = 说明: 笔记写的是 `3`，实际是 `3.5`
  = 说明: 自 Python 3.0 起如此，当前是 [VERSION]
  = 说明: 参见 https://peps.python.org/pep-0238/
  = 建议: 要整数就写 `print(7 // 2)`
  = 建议: 写成 `3.5`，或运行 `verify fix notes/a.md:6`
  = 建议: 要暂时接受它，请运行 `verify --update notes/a.md:6`

错误[py2-print-statement]: `print` 在 Python 3 中是函数，不再是语句
  --> notes/a.md:12:1
   |
12 | print '旧'
   | ^^^^^
   |
   = 说明: 自 Python 3.0 起如此，当前是 [VERSION]
   = 说明: 参见 https://peps.python.org/pep-3105/
   = 建议: 写成 `print('旧')`
   = 建议: 要暂时接受它，请运行 `verify --update notes/a.md:12`

错误: 代码抛出 ZeroDivisionError: division by zero
  --> notes/a.md:25:1
   |
25 | 1 / 0
   | ^^^^^
   |
   = 建议: 修改代码；如果本来就要抛出异常，请运行 `verify --update notes/a.md:25`

错误[sys-maxint]: `sys.maxint` 只在 Python 2 中有
  --> notes/a.md:28:6
   |
28 | 这里用 `sys.maxint` 作上限。
   |         ^^^^^^^^^^
   |
   = 说明: 自 Python 3.0 起如此，当前是 [VERSION]
   = 说明: 参见 https://docs.python.org/3/library/sys.html#sys.maxsize
   = 建议: 改用 `sys.maxsize`；`int` 没有上限
   = 建议: 要暂时接受它，请运行 `verify --update notes/a.md`

错误[py2-integer-division]: 整数之间的 `/` 得到浮点数
 --> notes/b.md:6:9
  |
6 | print(7 / 2)  # 3
  |         ^       -
  |
  = 说明: 笔记写的是 `3`，实际是 `3.5`
  = 说明: 自 Python 3.0 起如此，当前是 [VERSION]
  = 说明: 参见 https://peps.python.org/pep-0238/
  = 建议: 要整数就写 `print(7 // 2)`
  = 建议: 写成 `3.5`，或运行 `verify fix notes/b.md:6`
  = 建议: 要暂时接受它，请运行 `verify --update notes/b.md:6`

错误: 有 1 个片段还没有记录
  notes/a.md: 1 个新片段（第 16 行）
    notes/a.md:16 的输出：
      新
  建议: 如果结果符合预期，请运行 `verify --update` 并提交它写入的文件

跳过 1 个片段：1 个缺少模块
  notes/a.md:20: 缺少模块：no_such_module
没有安装：no_such_module
  建议: 要运行这些片段，请运行 `pip install no_such_module`

放宽后成立的说法，以及无法检查的说法：
  notes/a.md:21: print(no_such_module.x)  →  1  无法检查：`no_such_module` 没有定义

读到 3 处说法：2 处过时，1 处无法检查（1 处：`no_such_module` 没有定义）
2 篇笔记，6 个片段：0 个通过，3 个过时，1 个失败，1 个未记录，1 个跳过，1 个已不存在的名字，用时 [TIME]
[exit 1]

"#]]);
}

#[test]
fn listings_and_changes_are_in_chinese_on_request() {
    let project = Project::with_note(NUMBERS);
    project.verify("list --claims --lang zh").is(str![[r#"
notes/a.md
  第 6 行      围栏  python   （标签为 python）
    6  注释  print(7 / 2)  → 3
  第 12 行     围栏  python2  （标签为 python，只能按 Python 2 解析）
  第 16 行     围栏  python   （标签为 python）
  第 20-21 行  围栏  python   （标签为 python）
    21  注释  print(no_such_module.x)  → 1
  第 25 行     围栏  python   （标签为 python）

1 篇笔记，5 个代码块，5 个片段，2 处说法
[exit 0]

"#]]);
    project.verify("--update -q --lang zh").is(str![[r#"
notes/a.md:28: 记为已知：`sys.maxint` 只在 Python 2 中有 [sys-maxint]
notes/a.md:6: 已记录
    + 3.5
notes/a.md:6: 记为已知：整数之间的 `/` 得到浮点数 [py2-integer-division]
notes/a.md:6: 记为已知：`print(7 / 2)`：笔记写的是 `3`，实际是 `3.5`
notes/a.md:12: 记为已知：`print` 在 Python 3 中是函数，不再是语句 [py2-print-statement]
notes/a.md:16: 已记录
    + 新
notes/a.md:25: 已记录
    + ZeroDivisionError: division by zero
已更新：新记录 3 个，记为已知 4 个

[exit 0]

"#]]);
    project.edit("notes/a.md", "print('新')", "print('新的')");
    project.verify("--lang zh").is(str![[r#"
错误: 代码在记录之后修改过，现在的结果不同了
  --> notes/a.md:16:1
   |
16 | print('新的')
   | ^^^^^^^^^^^^^
   |
   = 说明: 记录的内容（-）与实际结果（+）：
           - 新
           + 新的
   = 建议: 如果新的输出是对的，请运行 `verify --update notes/a.md:16`

跳过 1 个片段：1 个缺少模块
没有安装：no_such_module
  建议: 要运行这些片段，请运行 `pip install no_such_module`
有 2 个片段的问题是已知的；加 -v 显示原因

读到 2 处说法：1 处过时（1 处已知），1 处无法检查（1 处：`no_such_module` 没有定义）
1 篇笔记，5 个片段：1 个通过，3 个过时，1 个跳过（2 个已知），用时 [TIME]
[exit 1]

"#]]);
}

#[test]
fn fixes_and_new_projects_are_told_in_chinese() {
    let project = Project::with_note(NUMBERS);
    project.verify("fix --dry-run --lang zh").is(str![[r#"
--- a/notes/a.md
+++ b/notes/a.md
@@ -3,7 +3,7 @@
 整数相除：
 
 ```python
-print(7 / 2)  # 3
+print(7 / 2)  # 3.5
 ```
 
 旧的写法：
[stderr]
notes/a.md: 将改写 1 处说法
[exit 1]

"#]]);
    project.verify("fix --yes --lang zh").is(str![[r#"
notes/a.md: 已改写 1 处说法
接下来：查看 `git diff`
[exit 0]

"#]]);
    project.bare("init --lang zh").is(str![[r#"
写入 verify.toml
写入 expected/.gitkeep
写入 .github/workflows/verify.yml
接下来：`verify` 检查笔记，`verify --update` 记录它们今天的结果
[exit 0]

"#]]);
    let pythons = project.bare("python --lang zh").exits(0);
    assert!(pythons.out.contains("可以嵌入"), "{}", pythons.text());
    assert!(
        pythons.out.contains("是运行时使用的 Python"),
        "{}",
        pythons.text()
    );
}

#[test]
fn the_locale_decides_where_nothing_else_does() {
    let project = Project::with_note(ENGLISH).variable("LC_ALL", "zh_CN.UTF-8");
    let chinese = project.verify("");
    assert!(
        chinese.out.contains("笔记写的是 `3`，实际是 `3.5`"),
        "{}",
        chinese.text()
    );
    assert!(
        chinese
            .counts()
            .starts_with("1 篇笔记，1 个片段：0 个通过，1 个过时")
    );

    let project = project.file("verify.toml", "lang = \"en\"\n");
    let english = project.verify("");
    assert!(
        english.out.contains("the note says `3`, but `3.5` came"),
        "{}",
        english.text()
    );
    assert_eq!(
        project.verify("--lang zh").out.lines().next(),
        chinese.out.lines().next()
    );
}

#[test]
fn without_a_locale_each_note_is_told_about_in_its_own_language() {
    for locale in ["C", "C.UTF-8", "POSIX", ""] {
        let project = Project::with_note(NUMBERS)
            .file("notes/b.md", ENGLISH)
            .variable("LC_ALL", locale);
        let session = project.verify("");
        let text = session.text();
        assert!(text.contains("笔记写的是 `3`，实际是 `3.5`"), "{text}");
        assert!(text.contains("the note says `3`, but `3.5` came"), "{text}");
        assert!(
            session.counts().starts_with("2 notes, 6 snippets: "),
            "{text}"
        );
    }
}

#[test]
fn json_has_messages_in_the_language_and_words_as_they_are() {
    let project = Project::with_note(NUMBERS);
    let report = |lang: &str| {
        project
            .verify(&format!("--format json --lang {lang}"))
            .json()
    };
    let (english, chinese) = (report("en"), report("zh"));
    let block = |report: &serde_json::Value, at: usize| report["notes"][0]["blocks"][at].clone();
    let claims = |block: serde_json::Value| {
        let mut claims = block["claims"].as_array().unwrap().clone();
        for claim in &mut claims {
            claim.as_object_mut().unwrap().remove("why");
        }
        claims
    };
    assert_eq!(block(&chinese, 0)["why"], "标签为 python");
    assert_eq!(block(&english, 0)["why"], "tagged python");
    let finding = &block(&chinese, 1)["findings"][0];
    assert_eq!(finding["rule"], "py2-print-statement");
    assert_eq!(finding["severity"], "error");
    assert!(
        finding["message"].as_str().unwrap().contains("函数"),
        "{finding}"
    );
    assert_eq!(block(&chinese, 3)["reason"], "needs-module: no_such_module");
    for at in 0..5 {
        assert_eq!(block(&chinese, at)["status"], block(&english, at)["status"]);
        assert_eq!(claims(block(&chinese, at)), claims(block(&english, at)));
    }
}

#[test]
fn recordings_are_the_same_in_every_language() {
    let record = |lang: &str| {
        let project = Project::with_note(NUMBERS);
        project.verify(&format!("--update --lang {lang}"));
        project.read("expected/notes/a.toml")
    };
    assert_eq!(record("zh"), record("en"));
}

#[test]
fn a_language_that_is_not_spoken_is_a_mistake() {
    let project = Project::with_note(&note(&["print(1)"]));
    let session = project.bare("--lang fr");
    assert_eq!(session.code, Some(2));
    assert!(
        session.err.contains("[possible values: en, zh]"),
        "{}",
        session.text()
    );
}
