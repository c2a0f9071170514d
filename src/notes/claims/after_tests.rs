//! One small note for each trap.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::notes::markdown;

/// The claims about the first block of a note.
fn claims(text: &str) -> Vec<Claim> {
    let note = Note {
        text: text.to_owned(),
        blocks: markdown::blocks(text).blocks,
        ..Note::default()
    };
    let found = read(&note, 0, &note.blocks[0].text);
    for claim in &found {
        let shown: Vec<&str> = claim
            .bytes
            .iter()
            .map(|bytes| &text[bytes.clone()])
            .collect();
        assert_eq!(shown.join("\n"), claim.claimed, "{text}");
    }
    found
}

fn only(text: &str) -> Claim {
    let mut found = claims(text);
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    found.remove(0)
}

/// A script that prints on lines 2 and 3, with `rest` from line 5 on.
fn printing(rest: &str) -> String {
    format!("```python\nx = 'abcd'\nprint(x, 3)\n```\n{rest}")
}

fn lines(first: usize, last: usize) -> Lines {
    Lines { first, last }
}

#[test]
fn outputs_in_a_following_block() {
    for (rest, claimed, at) in [
        ("\n输出：\n\n```\nabcd 3\n```\n", "abcd 3", (9, 9)),
        (
            "运行结果如下\n```text\nabcd 3  \n\n4\n\n```\n",
            "abcd 3\n\n4",
            (7, 9),
        ),
        ("Output:\n\n    abcd 3\n", "abcd 3", (7, 7)),
        ("\n打印\n\n```\n0 a\n1 b\n```\n", "0 a\n1 b", (9, 10)),
        ("**输出结果**\n\n> ```\n> a\n> ```\n", "a", (8, 8)),
        ("The result is\n```\na b\n```\n", "a b", (7, 7)),
        ("which prints the pair:\n```\na b\n```\n", "a b", (7, 7)),
        (
            "执行上面的脚本：\n\n    ascii\n    <type 'str'> 9\n",
            "ascii\n<type 'str'> 9",
            (7, 8),
        ),
        ("```output\nfoo\n```\n", "foo", (6, 6)),
        ("**Output:**\n\n```py\nabcd 3!\n```\n", "abcd 3!", (8, 8)),
        ("\n```\n1\n[2]\n```\n", "1\n[2]", (7, 8)),
        ("\n```\nabcd 3 !\n```\n", "abcd 3 !", (7, 7)),
        ("\n```\n$ python x.py\nfoo\n```\n", "foo", (8, 8)),
        (
            "\n```bash\nme@pc:~$ python3 x.py\nfoo\n```\n",
            "foo",
            (8, 8),
        ),
        ("<!-- a remark -->\n```output\nfoo\n```\n", "foo", (7, 7)),
        ("- 输出：\n\n  ```\n  foo\n  ```\n", "foo", (8, 8)),
    ] {
        let claim = only(&printing(rest));
        assert_eq!(claim.form, ClaimForm::NextBlock, "{rest}");
        assert_eq!(
            (claim.claimed.as_str(), claim.lines),
            (claimed, lines(at.0, at.1)),
            "{rest}"
        );
        assert_eq!(claim.about, About::Output(lines(2, 3)), "{rest}");
        assert_eq!(
            (claim.source.as_str(), claim.says),
            ("print(x, 3)", Says::Text),
            "{rest}"
        );
    }
}

#[test]
fn what_is_no_output() {
    for rest in [
        "",
        "\n```\nprint(2)\n```\n",
        "输出：\n```python\nprint(2)\n```\n",
        "```\n>>> 1\n1\n```\n",
        "```bash\npip install x\n```\n",
        "执行命令：\n```\npip install x\n```\n",
        "```json\n{\"a\": 1}\n```\n",
        "\n```\nsome words\n```\n",
        "项目结构：\n```\n├── a.py\n└── b.py\n```\n",
        "你可能以为会输出：\n```\n3\n```\n",
        "This should print 3:\n```\n3\n```\n",
        "如果 x 是 3，输出：\n```\n3\n```\n",
        "输出格式：\n```\n3\n```\n",
        "## 输出\n```\n3\n```\n",
        "第一段。\n\n第二段。\n\n输出：\n```\n3\n```\n",
        "```\n\n```\n",
        "Python 3 的字典是有序的\n```\nsome words\n```\n",
    ] {
        assert_eq!(claims(&printing(rest)), [], "{rest}");
    }
    let defines = "```python\nx = 1\n```\n";
    for rest in [
        "```output\n3\n```\n",
        "输出：\n```\n3\n```\n",
        "输出：`3`\n",
    ] {
        assert_eq!(claims(&format!("{defines}{rest}")), [], "{rest}");
    }
}

#[test]
fn a_value_at_the_end_is_what_an_output_below_is_about() {
    let claim = only("```python\nx = 1\n(x +\n 1)\n```\n结果：\n```\n2\n```\n");
    assert_eq!(claim.about, About::Statement(lines(3, 4)));
    let claim = only("```python\nx + 1\n```\n结果是 `2`\n");
    assert_eq!(claim.about, About::Statement(lines(2, 2)));
    assert_eq!((claim.claimed.as_str(), claim.lines), ("2", lines(4, 4)));
    let claim = only("```python\nf(1)\nf(2)\n```\n输出：\n```\n1\n2\n```\n");
    assert_eq!(claim.about, About::Output(lines(2, 3)));
    let claim = only("```python\nfor x in y:\n    f(x)\n```\n输出：\n```\n2\n```\n");
    assert_eq!(claim.about, About::Output(lines(2, 3)));
}

#[test]
fn an_output_for_each_python() {
    let text = printing(
        "Python 2.x 输出：\n```\na\n```\nPython 3.x 输出：\n```\nb\n```\n其它\n```\nc\n```\n",
    );
    let told: Vec<_> = claims(&text)
        .into_iter()
        .map(|claim| (claim.claimed, claim.scope.unwrap()))
        .collect();
    assert_eq!(
        told,
        [("a".into(), "<3".into()), ("b".into(), ">=3".to_owned())]
    );
    let values =
        printing("Python 2 输出：\n```\nset(['a'])\n```\nPython 3 输出：\n```\n{'a'}\n```\n");
    assert_eq!(claims(&values).len(), 2);
    let text = printing("Python 3.6 之前：\n\n```\na\n```\n");
    assert_eq!(only(&text).scope.as_deref(), Some("<3.6"));
    let text = printing("- Python 2 输出：`1`\n- 在 Python 3 中：`1.5`\n");
    let told: Vec<_> = claims(&text)
        .into_iter()
        .map(|claim| (claim.claimed, claim.scope.unwrap()))
        .collect();
    assert_eq!(
        told,
        [("1".into(), "<3".into()), ("1.5".into(), ">=3".to_owned())]
    );
}

#[test]
fn outputs_in_a_paragraph() {
    for (rest, claimed) in [
        ("输出：`3 5 7`\n", "3 5 7"),
        ("\nOutput: `3`.\n", "3"),
        ("**输出**：`a`，因为……\n", "a"),
        ("输出结果：[1, 2]。\n", "[1, 2]"),
        ("> 输出 `x`\n", "x"),
    ] {
        let claim = only(&printing(rest));
        assert_eq!(
            (claim.form, claim.claimed.as_str()),
            (ClaimForm::NextBlock, claimed),
            "{rest}"
        );
    }
    for rest in [
        "输出 3 个数\n",
        "输出：三个数\n",
        "输出 `a` 和 `b`\n",
        "输出 `a`、`b`\n",
        "本应输出 `a`\n",
        "返回 `a`\n",
        "`a` 是 3\n",
        "=== \"JSON\"\n",
        "另见 Python 3 的 `print`\n",
        "\n## 输出 `a`\n",
        "说明。\n\n输出：`3`\n",
    ] {
        assert_eq!(claims(&printing(rest)), [], "{rest}");
    }
}

#[test]
fn errors_around_a_script() {
    let trace = "Traceback (most recent call last):\n  File \"x.py\", line 1\nTypeError: no";
    for (rest, claimed, at) in [
        (format!("```\n{trace}\n```\n"), "TypeError: no", 8),
        (format!("```python\n{trace}\n```\n"), "TypeError: no", 8),
        (
            format!("会报错：\n\n```pytb\n{trace}\n```\n"),
            "TypeError: no",
            10,
        ),
        ("```\nTypeError: no\n```\n".to_owned(), "TypeError: no", 6),
        (
            "上面的代码会抛出 `TypeError: no`。\n".to_owned(),
            "TypeError: no",
            5,
        ),
        ("报错：TypeError: no\n".to_owned(), "TypeError: no", 5),
        ("输出：`TypeError: no`\n".to_owned(), "TypeError: no", 5),
    ] {
        let claim = only(&printing(&rest));
        assert_eq!(
            (claim.form, claim.claimed.as_str()),
            (ClaimForm::Traceback, claimed),
            "{rest}"
        );
        assert_eq!(
            (claim.lines, claim.about),
            (lines(at, at), About::Output(lines(2, 3))),
            "{rest}"
        );
        let says = Says::Raises {
            class: "TypeError".into(),
            message: Some("no".into()),
        };
        assert_eq!(claim.says, says, "{rest}");
    }
    let lead_in = only("下面的代码会抛出 `KeyError`：\n\n```python\nf()\n```\n");
    assert_eq!(
        (lead_in.claimed.as_str(), lead_in.lines),
        ("KeyError", lines(1, 1))
    );
    for text in [
        printing("如果 x 为空，会报错：\n\n```\nTypeError: no\n```\n"),
        printing("如果 x 为空，会抛出 `TypeError`。\n"),
        printing("注意，别处会抛出 `TypeError`。\n"),
        "抛出 `KeyError` 的情形很多\n\n```python\nf()\n```\n".to_owned(),
        "```python\ntry:\n    f()\nexcept E:\n    pass\n```\n会抛出 `KeyError`\n".to_owned(),
    ] {
        assert_eq!(claims(&text), [], "{text}");
    }
}

#[test]
fn an_error_that_is_caught_and_printed_is_text() {
    let text = "```python\ntry:\n    f()\nexcept E as e:\n    print(e)\n```\n输出：\n```\nTypeError: no\n```\n";
    assert_eq!(only(text).says, Says::Text);
}
