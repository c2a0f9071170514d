//! What comments claim, and what they don't.

use super::super::statements::statements;
use super::*;

fn read(code: &str, text: &str) -> Vec<(String, Says, Option<String>)> {
    let found = statements(code);
    let words = Words::of(&found);
    meant(text, found.last().expect("a statement"), &words)
        .into_iter()
        .map(|claim| (text[claim.range].to_owned(), claim.says, claim.scope))
        .collect()
}

fn raises(class: &str, message: Option<&str>) -> Says {
    Says::Raises {
        class: class.to_owned(),
        message: message.map(str::to_owned),
    }
}

#[test]
fn values_behind_labels() {
    for (text, claimed) in [
        (" 输出: 3", "3"),
        ("输出 3", "3"),
        (" 结果：[1, 2]", "[1, 2]"),
        (" 打印 3", "3"),
        (" 返回 True", "True"),
        (" 值为 3", "3"),
        (" 结果是 3", "3"),
        (" Output: 3", "3"),
        (" output 3", "3"),
        (" prints 3", "3"),
        (" print: 3", "3"),
        (" returns None", "None"),
        (" Result: {'a': 1}", "{'a': 1}"),
        (" -> 3", "3"),
        (" => 3", "3"),
        (" ==> 3", "3"),
        (" --> 3", "3"),
        (" → 3", "3"),
        ("> 1", "1"),
        (" >>> 3", "3"),
        (" Out: 3", "3"),
        (" 输出：3，因为取整", "3"),
        (" 输出: 1 2 3", "1 2 3"),
        (" 输出: hello world", "hello world"),
        (" 输出: 你好", "你好"),
        (" Output: hello", "hello"),
        (" = 8", "8"),
        (" 相加，输出8", "8"),
        (" 'a'，按十六进制，输出'd'。", "'d'"),
    ] {
        let code = "print('hello world', '你好', x)";
        let expected = vec![(claimed.to_owned(), Says::Text, None)];
        assert_eq!(read(code, text), expected, "{text}");
    }
}

#[test]
fn errors_types_and_silence() {
    let none = None::<String>;
    for (text, claimed, says) in [
        (" 报错: TypeError", "TypeError", raises("TypeError", None)),
        (" 抛出 KeyError", "KeyError", raises("KeyError", None)),
        (" 抛出 KeyError 异常", "KeyError", raises("KeyError", None)),
        (
            " 触发 KeyError错误，没有它",
            "KeyError",
            raises("KeyError", None),
        ),
        (
            " raises a ValueError",
            "ValueError",
            raises("ValueError", None),
        ),
        (
            " => raises a TypeError: no",
            "TypeError: no",
            raises("TypeError", Some("no")),
        ),
        (" error", "error", raises("", None)),
        (" 报错", "报错", raises("", None)),
        (" 会报错，因为没有定义", "会报错", raises("", None)),
        (" TypeError", "TypeError", raises("TypeError", None)),
        (
            " TypeError: bad",
            "TypeError: bad",
            raises("TypeError", Some("bad")),
        ),
        (" 输出: NameError", "NameError", raises("NameError", None)),
        (" 什么都不输出", "什么都不输出", Says::Nothing),
        (" nothing is printed", "nothing is printed", Says::Nothing),
        (" prints nothing", "prints nothing", Says::Nothing),
        (" int", "int", Says::Type("int".into())),
        (" 返回整数", "返回整数", Says::Type("int".into())),
        (" 返回一个列表", "返回一个列表", Says::Type("list".into())),
        (
            " returns a list",
            "returns a list",
            Says::Type("list".into()),
        ),
        (
            " returns an iterator",
            "returns an iterator",
            Says::Type("iterator".into()),
        ),
    ] {
        let expected = vec![(claimed.to_owned(), says, none.clone())];
        assert_eq!(read("f(x)", text), expected, "{text}");
    }
}

#[test]
fn clauses_for_versions() {
    let int = Says::Type("int".into());
    let float = Says::Type("float".into());
    for (text, expected) in [
        (
            " 除法默认返回整数，在 Python 3 中返回浮点数。",
            vec![
                ("除法默认返回整数", int, None),
                ("在 Python 3 中返回浮点数", float.clone(), Some(">=3")),
            ],
        ),
        (
            " a float in Python 3",
            vec![("a float in Python 3", float, Some(">=3"))],
        ),
        (
            " Python 2 输出 1，Python 3 输出 1.5",
            vec![
                ("1", Says::Text, Some("<3")),
                ("1.5", Says::Text, Some(">=3")),
            ],
        ),
        (
            " py2: 1; py3: 1.5",
            vec![
                ("1", Says::Text, Some("<3")),
                ("1.5", Says::Text, Some(">=3")),
            ],
        ),
        (
            " 1 in Python 2, 1.5 in Python 3",
            vec![
                ("1", Says::Text, Some("<3")),
                ("1.5", Says::Text, Some(">=3")),
            ],
        ),
        (" 1 (Python 2)", vec![("1", Says::Text, Some("<3"))]),
        (
            " TypeError since 3.7",
            vec![("TypeError", raises("TypeError", None), Some(">=3.7"))],
        ),
        (" 1 in Python 2/3", vec![]),
        (" Python 3 的写法", vec![]),
    ] {
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(claimed, says, scope)| (claimed.to_owned(), says, scope.map(str::to_owned)))
            .collect();
        assert_eq!(read("3 / 2", text), expected, "{text}");
    }
}

#[test]
fn prose_claims_nothing() {
    for text in [
        "",
        " ",
        " 创建目录",
        " the sum",
        " should print 3 but does not",
        " 以为输出 3",
        " 10 seconds",
        " 3 items",
        " 8KB",
        "!/usr/bin/python",
        " -*- coding: utf-8 -*-",
        " noqa",
        " type: ignore",
        " type: List[int]",
        " pragma: no cover",
        " TODO: 3",
        " https://example.org",
        " x = 1",
        " print(x)",
        " 输出格式",
        " 输出列表中的元素",
        " 打印 debug 信息",
        " output file",
        " result list",
        " prints each item",
        " prints x",
        " 输出 x",
        " 输出: x",
        " Output: the list of names",
        " 输出：每个元素的平方",
        " returns the sum",
        " returns list of names",
        " 返回列表中的最大值",
        " 返回 True 如果相等",
        " returns True if equal",
        " error handling",
        " 错误处理",
        " 不会报错",
        " Error codes are listed below",
        " 异常处理",
        " -> 下一步",
        " => see below",
        " 2020-01-01",
        " 1. first",
        " ① 说明",
        " (1)",
        " list of names",
        " int value",
        " set the flag",
        " 同上",
        " 结果保存在 x 中",
        " 返回值是一个整数列表",
        " TypeErrors are bad",
        " 运行很慢",
        " 值得注意",
        " 得分",
        " is a list of things",
        " now we print it",
        " shows how it works",
        " = x",
        " expected: 3",
        " 期望输出 3",
        " 如果为空，输出0",
        " 大于零时，输出1",
        " 相加，输出和",
        " KeyError 异常处理",
        " throws away the rest",
        " exception safe",
    ] {
        assert_eq!(read("print(x)", text), [], "{text}");
    }
}

#[test]
fn a_sentence_that_the_code_has_in_a_string_is_printed() {
    let found = statements("def f():\n    print('It is done')\nf()\n");
    let words = Words::of(&found);
    let call = found.last().expect("a statement");
    for (text, claims) in [
        (" => It is done", 1),
        (" => It is over", 0),
        (" It is done", 0),
    ] {
        assert_eq!(meant(text, call, &words).len(), claims, "{text}");
    }
}
