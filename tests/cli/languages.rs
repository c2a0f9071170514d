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
    project.verify("--lang zh -v").is(str![]);
}

#[test]
fn listings_and_changes_are_in_chinese_on_request() {
    let project = Project::with_note(NUMBERS);
    project.verify("list --claims --lang zh").is(str![]);
    project.verify("--update -q --lang zh").is(str![]);
    project.edit("notes/a.md", "print('新')", "print('新的')");
    project.verify("--lang zh").is(str![]);
}

#[test]
fn fixes_and_new_projects_are_told_in_chinese() {
    let project = Project::with_note(NUMBERS);
    project.verify("fix --dry-run --lang zh").is(str![]);
    project.verify("fix --yes --lang zh").is(str![]);
    project.bare("init --lang zh").is(str![]);
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
        assert_eq!(block(&chinese, at)["claims"], block(&english, at)["claims"]);
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
