//! Which comments are claims, and about what.

use super::*;

/// The claims of a block: line, claimed text, first and last line of the code, and what it is about.
fn claims(text: &str) -> Vec<(usize, String, (usize, usize), bool)> {
    let note = format!("```\n{text}```\n");
    let source = Source::new(&note, text, 2);
    let found = read(source, &|_| true);
    for claim in &found {
        let bytes: Vec<_> = claim
            .bytes
            .iter()
            .map(|range| &note[range.clone()])
            .collect();
        assert_eq!(bytes.join("\n"), claim.claimed);
    }
    found
        .into_iter()
        .map(|claim| {
            let lines = claim.about.lines();
            let output = matches!(claim.about, About::Output(_));
            (
                claim.lines.first - 1,
                claim.claimed,
                (lines.first - 1, lines.last - 1),
                output,
            )
        })
        .collect()
}

#[test]
fn comments_beside_statements() {
    for (line, claimed) in [
        ("3 / 2  # 1", "1"),
        ("print(x)  # 3", "3"),
        ("print 3/2  # 1", "1"),
        ("print(a, b)  # 1 2", "1 2"),
        ("x = f(1)  # 3", "3"),
        ("x += y  # 3", "3"),
        ("x = [1, 2][:]  #[1, 2]", "[1, 2]"),
        ("s[0]  # 'abc' (切片)", "'abc'"),
        ("x is y  # True", "True"),
        ("f()  # b'x'", "b'x'"),
        ("a, b = b, a  # (1, 2)", "(1, 2)"),
        ("type(x)  # <class 'int'>", "<class 'int'>"),
        ("type(x)  # <type 'str'>", "<type 'str'>"),
        ("map(f, x)  # <map object at 0x7f>", "<map object at 0x7f>"),
        ("d.keys()  # dict_keys(['a'])", "dict_keys(['a'])"),
        ("3 / 2  # float", "float"),
        ("print(type(x))  # int", "int"),
        ("x = 3  # TypeError", "TypeError"),
        ("import StringIO  # ImportError", "ImportError"),
        ("del x  # raises NameError", "NameError"),
        ("for i in x: print(i)  # 0 1 2", "0 1 2"),
        ("print('x:', x)  # NameError", "NameError"),
        ("f(1,\n  2)  # => 3", "3"),
        ("f(1,\n  2\n)  # 3", "3"),
        ("1 + 1  # Python 3: 2", "2"),
        ("x = f()  # 输出: 3", "3"),
    ] {
        let found = claims(&format!("{line}\n"));
        assert_eq!(found.len(), 1, "{line}: {found:?}");
        assert_eq!(found[0].1, claimed, "{line}");
        assert_eq!(found[0].2, (1, line.lines().count()), "{line}");
    }
}

#[test]
fn comments_beside_other_things_are_none() {
    for text in [
        "for i in x:  # 3\n",
        "if x:  # True\n",
        "def f():  # None\n",
        "class A:  # 1\n",
        "with f() as g:  # 1\n",
        "import os  # 3\n",
        "pass  # 3\n",
        "raise E  # 3\n",
        "@f  # 3\n",
        "return x  # 3\n",
        "yield x  # 3\n",
        "x = 3  # 3\n",
        "x = 'a'  # 'a'\n",
        "x = 3  # 4\n",
        "x = [\n  1,  # 1\n  2,  # 2\n]\n",
        "f(a=1,  # 1\n  b=2)  # 2\n",
        "'delay': True  # True\n",
        "f(  # 3\n",
        "import a  # 1\nb = f()  # 2\nc()  # 3\n",
        "print('a')  # 1\n",
        "x = f()  # 10 seconds\n",
        "x = f()  # x = 1\n",
        "s = '# 3'\n",
        "'''\nx  # 3\n'''\n",
        "some words here  # 3\n",
        "try:  # TypeError\n",
        "except TypeError:  # TypeError\n",
        "return  # raises ValueError\n",
        "print(x.split())  # 返回一个列表\n",
    ] {
        assert_eq!(claims(text), [], "{text}");
    }
}

#[test]
fn comments_below_statements() {
    let one = |line: usize, claimed: &str, from: usize, to: usize, output: bool| {
        vec![(line, claimed.to_owned(), (from, to), output)]
    };
    for (text, expected) in [
        ("print(x)\n# 3\n", one(2, "3", 1, 1, false)),
        ("x()\n# => 3\n", one(2, "3", 1, 1, false)),
        ("x()\n#> 3\n", one(2, "3", 1, 1, false)),
        ("print(x)\n# 输出: 3\n", one(2, "3", 1, 1, false)),
        ("x = f()\n# [1, 2]\n", one(2, "[1, 2]", 1, 1, false)),
        (
            "print(1, a)\nprint(2, b)\n# 返回结果:1 True\n# 返回结果:2 False\n",
            one(3, "1 True\n2 False", 1, 2, true),
        ),
        (
            "for i in x:\n    print(i)\n# 0 1 2\n",
            one(3, "0 1 2", 2, 2, false),
        ),
        (
            "print(1)\nprint(2)\n# Output:\n# 1\n# 2\n",
            one(4, "1\n2", 1, 2, true),
        ),
        (
            "print(1)\n\n# 输出：\n# 1\n# 然后结束了\n",
            one(4, "1", 1, 1, true),
        ),
        ("print(1)\nprint(2)\n# 1\n# 2\n", one(3, "1\n2", 1, 2, true)),
        (
            "print(1)\n\nprint(2)\nprint(3)\n#> 2\n#> 3\n",
            one(5, "2\n3", 3, 4, true),
        ),
        ("print(x)\n# [1,\n#  2]\n", one(2, "[1,\n 2]", 1, 1, false)),
    ] {
        assert_eq!(claims(text), expected, "{text}");
    }
}

#[test]
fn each_section_is_about_the_lines_since_the_one_before() {
    let text = "print(1)\n# Output:\n# 1\nprint(2)  # 2\nprint(3)\n# Output:\n# 3\n";
    assert_eq!(
        claims(text),
        [
            (3, "1".to_owned(), (1, 1), true),
            (4, "2".to_owned(), (4, 4), false),
            (7, "3".to_owned(), (5, 5), true),
        ]
    );
}

#[test]
fn comments_above_code_and_numbers_are_none() {
    for text in [
        "# 3\nprint(x)\n",
        "# Output:\n# 3\nprint(x)\n",
        "print(x)\n\n# 3\n",
        "x = f()\n# 4\ny = 3\n",
        "# 1\nf()\n# 2\ng()\n",
        "x = 3\n# 3\n",
        "x = f()\n# 输出: 3\nprint(x)\n",
        "f()\n# 第一步\ng()\n",
        "def f():\n# 3\n",
        "def f(x):\n    '''doc'''\n    # 输出: 3\n",
        "print('a:', x)\nprint('b:', y)\n# 1\n# 2\n",
        "print(x)\n# 输出\nprint(y)\n",
        "print(x)\n# Output:\n# 每一个元素\n",
    ] {
        assert_eq!(claims(text), [], "{text}");
    }
}

#[test]
fn headings_name_the_version_of_what_is_below() {
    let text = "# Python 2\n3 / 2  # 1\n\n# Python 3\n3 / 2  # 1.5\n\n# 其他\n3 // 2  # 1\n";
    let source = Source::new(text, text, 1);
    let scopes: Vec<_> = read(source, &|_| true)
        .into_iter()
        .map(|one| one.scope)
        .collect();
    assert_eq!(
        scopes,
        [Some("<3".to_owned()), Some(">=3".to_owned()), None]
    );
}

#[test]
fn lines_that_are_no_code_are_left_out() {
    let text = "x  # 3\n'''  # 4\ny  # 5\n";
    let source = Source::new(text, text, 1);
    let found = read(source, &|at| at != 1);
    let claimed: Vec<_> = found.iter().map(|one| one.claimed.as_str()).collect();
    assert_eq!(claimed, ["3", "5"]);
}

#[test]
fn comments_behind_an_empty_line() {
    for (text, claimed) in [
        ("x = 1\nprint(x)\n\n# Out: 1\n\ny = 2\n", Some("1")),
        ("print(x)\n\n#> 1\nprint(y)\n", Some("1")),
        ("print(x)\n\n# [1, 2]\n", Some("[1, 2]")),
        ("print(x)\n\n# [1, 2]\ny = f()\n", None),
        ("print(x)\n\n\n# [1, 2]\n", None),
        ("f(x)\n\n# [1, 2]\n", None),
    ] {
        let found = claims(text);
        let first = found.first().map(|claim| claim.1.as_str());
        assert_eq!((found.len() <= 1, first), (true, claimed), "{text}");
    }
}

#[test]
fn tracebacks_in_comments() {
    let trace =
        "#> Traceback (most recent call last):\n#>   File \"x\", line 1\n#> KeyError: 'a'\n";
    let plain = trace.replace("#>", "#");
    for (text, line, code) in [
        (format!("d = {{}}\nd['a']\n{trace}"), 5, (1, 2)),
        (format!("d = {{}}\nd['a']\n\n{plain}"), 6, (1, 2)),
        (format!("print(1)\n# 1\nd['a']\n{trace}"), 6, (3, 3)),
    ] {
        let found = claims(&text);
        let expected = (line, "KeyError: 'a'".to_owned(), code, true);
        assert_eq!(found.last(), Some(&expected), "{text}");
    }
    for text in [
        format!("try:\n    f()\nexcept E:\n    g()\n{trace}"),
        format!("f()\n\n\n{trace}"),
        "f()\n# a Traceback (most recent call last) is shown\n".to_owned(),
    ] {
        assert_eq!(claims(&text), [], "{text}");
    }
}
