//! One small session for each trap.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

/// The claims of a session that begins on line 3 of its note.
fn claims(text: &str) -> Vec<Claim> {
    let note = format!("#\n```\n{text}```\n");
    let found = read(Source::new(&note, text, 3));
    for claim in &found {
        let shown: Vec<&str> = claim
            .bytes
            .iter()
            .map(|bytes| &note[bytes.clone()])
            .collect();
        let claimed = claim.claimed.as_str();
        assert_eq!(
            shown.join("\n").replace("<BLANKLINE>", ""),
            claimed,
            "{text}"
        );
    }
    found
}

fn only(text: &str) -> Claim {
    let mut found = claims(text);
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    found.remove(0)
}

fn lines(first: usize, last: usize) -> Lines {
    Lines { first, last }
}

#[test]
fn what_is_claimed() {
    for (text, source, claimed, at) in [
        (">>> 3 / 2\n1\n", "3 / 2", "1", (4, 4)),
        (">>>x\n1\n\n2\n\n", "x", "1\n\n2", (4, 6)),
        (">>> x  # 因为\n'a'\n", "x", "'a'", (4, 4)),
        (">>> f(1,\n...   2)\n3\n", "f(1,", "3", (5, 5)),
        ("  >>> x\n  [1,\n   2]\n", "x", "[1,\n 2]", (4, 5)),
        ("In [3]: x\nOut[3]: 1\n\nIn [4]: y = 1\n", "x", "1", (4, 4)),
        ("In [3]: x\nOut[3]:\n  a\n1  2\n", "x", "  a\n1  2", (5, 6)),
        (">>> x\n3\nx.pop() # 4\n", "x", "3", (4, 4)),
        (
            ">>> for i in x:\n>>>    i\n1\n2\n",
            "for i in x:",
            "1\n2",
            (5, 6),
        ),
        (">>> x\na\n<BLANKLINE>\nb\n", "x", "a\n\nb", (4, 6)),
        (">>> x\n# 输出\n3\n# 说明\n", "x", "3", (5, 5)),
        (">>> x\n输出：\n3\n", "x", "3", (5, 5)),
        (">>> x\n3   # an int\n", "x", "3", (4, 4)),
        (">>> x\n[1, 2]  # 列表\n", "x", "[1, 2]", (4, 4)),
        (">>> x\n1 （整数）\n", "x", "1", (4, 4)),
        (">>> print(x)\n# 1\n2\n", "print(x)", "2", (5, 5)),
        (">>> x\n'a # b'\n", "x", "'a # b'", (4, 4)),
        (">>> f(2)\n5    # 1 + 4\n", "f(2)", "5", (4, 4)),
        (">>> print(s)\n5 # 1\n", "print(s)", "5 # 1", (4, 4)),
        (">>> x\nitem #2 is\n", "x", "item #2 is", (4, 4)),
        (">>> print(x)\n3 (整除)\n", "print(x)", "3 (整除)", (4, 4)),
        (
            ">>> print(x)\n你好，世界。再见\n",
            "print(x)",
            "你好，世界。再见",
            (4, 4),
        ),
        (
            ">>> x\n3\n\n这里返回整数，而不是浮点数。\n",
            "x",
            "3",
            (4, 4),
        ),
        (
            ">>> x\n3\n\nThis is because of floor division.\n",
            "x",
            "3",
            (4, 4),
        ),
        (
            ">>> print('你好，世界。\\n\\n这是第二段的内容。')\n你好\n\n这是第二段的内容。\n",
            "print('你好，世界。\\n\\n这是第二段的内容。')",
            "你好\n\n这是第二段的内容。",
            (4, 6),
        ),
        (
            ">>> x\n{'x': 123, ......}\n",
            "x",
            "{'x': 123, ......}",
            (4, 4),
        ),
        (
            ">>> for i in x:\n    print(i)\n\n1\n",
            "for i in x:",
            "1",
            (6, 6),
        ),
    ] {
        let claim = only(text);
        assert_eq!(claim.form, ClaimForm::Prompt, "{text}");
        assert_eq!(
            (claim.source.as_str(), claim.claimed.as_str()),
            (source, claimed),
            "{text}"
        );
        assert_eq!(claim.lines, lines(at.0, at.1), "{text}");
        assert_eq!(claim.says, Says::Text, "{text}");
    }
}

#[test]
fn what_claims_nothing() {
    for text in [
        ">>> x = 1\n>>> y\n",
        ">>> x = 1\n# 这里 x 是整数\n",
        ">>> x = 1\n这里把变量 x 赋值为整数。\n",
        ">>> import os\nWe import the module first of all.\n",
        ">>> x\n...\n",
        ">>> x\n……\n",
        ">>> exit()\nbye\n",
        ">>> # 例子\n例子\n",
        ">>>\n3\n",
        "Python 3.8.5 (x)\n>>> x\n$ python\nhi\n",
    ] {
        assert_eq!(claims(text), [], "{text}");
    }
}

#[test]
fn errors_claim_their_last_lines() {
    let claim = only(
        ">>> f()\nout\nTraceback (most recent call last):\n  File \"<stdin>\", line 1\nKeyError: 'a'\n",
    );
    assert_eq!(claim.form, ClaimForm::Traceback);
    assert_eq!(claim.lines, lines(7, 7));
    assert_eq!(claim.claimed, "KeyError: 'a'");
    let says = Says::Raises {
        class: "KeyError".into(),
        message: Some("'a'".into()),
    };
    assert_eq!(claim.says, says);
    let shown = ">>> try: f()\n... except KeyError as e: print(e)\nKeyError: 'a'\n";
    assert_eq!(only(shown).says, Says::Text);
    assert_eq!(only(">>> f()\nKeyError: 'a'\n").says, says);
    assert_eq!(only(">>> f()\nKeyError: 'a'  # 没有\n").says, says);
}

#[test]
fn a_claim_is_about_all_lines_of_its_input() {
    let claim = only(">>> def f():\n...     return 1\n... \n>>> for i in x:\n...     f()\n1\n");
    assert_eq!(claim.about, About::Output(lines(6, 7)));
}

#[test]
fn greetings_and_headings_say_which_python_is_meant() {
    let scopes = |text| -> Vec<Option<String>> {
        claims(text).into_iter().map(|claim| claim.scope).collect()
    };
    let two = Some("==2.7.*".to_owned());
    assert_eq!(
        scopes("Python 2.7.3 (default, x)\n[GCC 4] on linux2\n>>> 1\n1\n>>> 2\n2\n"),
        [two.clone(), two.clone()]
    );
    assert_eq!(
        scopes("$ python2\n>>> 1\n1\n$ python3\n>>> 1\n1\n"),
        [Some("<3".to_owned()), None]
    );
    assert_eq!(
        scopes("# Python 2\n>>> 1\n1\n>>> # Python 3\n>>> 1\n1\n# Python 2.7\n>>> 1\n1\n"),
        [Some("<3".to_owned()), Some(">=3".to_owned()), two]
    );
    assert_eq!(
        scopes(">>> 1  # py2\n1\n>>> 2\n2\n"),
        [Some("<3".to_owned()), None]
    );
}

#[test]
fn directives_of_doctest_are_options() {
    let claim = only(">>> x  # doctest: +SKIP, +NORMALIZE_WHITESPACE\n1\n");
    assert_eq!(claim.source, "x");
    assert!(claim.options.skip && claim.options.any_space && !claim.options.ignore_detail);
    let claim = only(">>> x  # doctest:+IGNORE_EXCEPTION_DETAIL\n1\n");
    assert!(claim.options.ignore_detail && !claim.options.skip);
}

#[test]
fn comments_beside_an_input_are_claims_of_their_own() {
    let claim = only(">>> x + 1  # 3\n>>> y\n");
    assert_eq!(claim.form, ClaimForm::Comment);
    assert_eq!((claim.claimed.as_str(), claim.lines), ("3", lines(3, 3)));
    assert_eq!(claim.about, About::Statement(lines(3, 3)));
    let claim = only(">>> x + 1\n# 3\n");
    assert_eq!((claim.claimed.as_str(), claim.lines), ("3", lines(4, 4)));
}
