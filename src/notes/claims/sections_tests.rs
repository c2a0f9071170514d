//! Outputs shown inside a block, and code that only looks like them.

use super::*;

type Found = (ClaimForm, String, (usize, usize));

fn shown(text: &str) -> (Vec<Found>, Vec<usize>) {
    let note = format!(
        "> ```\n> {}\n> ```\n",
        text.trim_end().replace('\n', "\n> ")
    );
    let source = Source::new(&note, text, 2);
    let shown = read(&source, &statements(text));
    for claim in &shown.claims {
        let bytes: Vec<_> = claim
            .bytes
            .iter()
            .map(|range| &note[range.clone()])
            .collect();
        assert_eq!(bytes.join("\n"), claim.claimed, "{text}");
    }
    let claims = shown.claims.into_iter().map(|claim| {
        let lines = claim.about.lines();
        (claim.form, claim.claimed, (lines.first - 2, lines.last - 2))
    });
    (claims.collect(), shown.blank.into_iter().collect())
}

#[test]
fn sections_below_labels() {
    use ClaimForm::{Section, Traceback};
    for (text, expected, blank) in [
        (
            "def main():\n    f()\n\noutput:\n    1 2\n    [3\n",
            vec![(Section, "1 2\n[3", (0, 1))],
            vec![3, 4, 5],
        ),
        (
            "print(1)\n输出：\n1\n",
            vec![(Section, "1", (0, 0))],
            vec![1, 2],
        ),
        (
            "print(1)\n# output\n1\n",
            vec![(Section, "1", (0, 0))],
            vec![1, 2],
        ),
        (
            "print(1)\nOutput is\n1\n",
            vec![(Section, "1", (0, 0))],
            vec![1, 2],
        ),
        (
            "print(1)\n输出：1\nx = 2\n",
            vec![(Section, "1", (0, 0))],
            vec![1],
        ),
        (
            "print(1)\noutput:\n1\nprint(2)\noutput:\n2\n",
            vec![(Section, "1", (0, 0)), (Section, "2", (3, 3))],
            vec![1, 2, 4, 5],
        ),
        (
            "print(1)\n# 输出结果\n1\n\nprint(2)\n",
            vec![(Section, "1", (0, 0))],
            vec![1, 2, 3],
        ),
        (
            "print(1)\n\n$ python x.py\n1\n",
            vec![(Section, "1", (0, 0))],
            vec![2, 3],
        ),
        (
            "f()\nTraceback (most recent call last):\n  File \"x\", line 1\nTypeError: bad\ng()\n",
            vec![(Traceback, "TypeError: bad", (0, 0))],
            vec![1, 2, 3],
        ),
        (
            "f()\noutput:\n1\nTraceback (most recent call last):\n  File\nKeyError: 'a'\n",
            vec![(Traceback, "KeyError: 'a'", (0, 0)), (Section, "1", (0, 0))],
            vec![1, 2, 3, 4, 5],
        ),
        (
            "print(1)\n\n'''\n输出:\n  1\n  2\n'''\n",
            vec![(Section, "1\n2", (0, 0))],
            vec![],
        ),
        (
            "print('ab')\n\"\"\"\nab\n\"\"\"\nif x:\n    print('c d')\n    '''\n    c d\n    '''\n",
            vec![(Section, "ab", (0, 0)), (Section, "c d", (5, 5))],
            vec![],
        ),
        (
            "print('ab')\n#> ab\nprint('cd')\n'''cd'''\n",
            vec![(Section, "cd", (2, 2))],
            vec![],
        ),
        (
            "print('ab')\n\"\"\"ab\"\"\"\n",
            vec![(Section, "ab", (0, 0))],
            vec![],
        ),
    ] {
        let expected: Vec<Found> = expected
            .into_iter()
            .map(|(form, claimed, lines)| (form, claimed.to_owned(), lines))
            .collect();
        assert_eq!(shown(text), (expected, blank), "{text}");
    }
}

#[test]
fn echoes_below_expressions() {
    use ClaimForm::{Echo, Section};
    for (text, expected, blank) in [
        (
            "chr(dis.opname.index('LOAD_GLOBAL'))\n't'\ndis.opname[ord('d')]\n'LOAD_CONST'\n",
            vec![(Echo, "'t'", (0, 0)), (Echo, "'LOAD_CONST'", (2, 2))],
            vec![1, 3],
        ),
        (
            "# 字节码\nx.__code__.co_code\nb't\\x00d\\x01'\n",
            vec![(Echo, "b't\\x00d\\x01'", (1, 1))],
            vec![2],
        ),
        (
            "f(x)\n[1,\n 2]\n",
            vec![(Echo, "[1,\n 2]", (0, 0))],
            vec![1, 2],
        ),
        (
            "x / 0\nZeroDivisionError: division by zero\n",
            vec![(Echo, "ZeroDivisionError: division by zero", (0, 0))],
            vec![1],
        ),
        (
            "type(x)\n<class 'int'>\n",
            vec![(Echo, "<class 'int'>", (0, 0))],
            vec![1],
        ),
        (
            "print('a b')\na b\nprint('c d')\nc d\n",
            vec![(Echo, "a b", (0, 0)), (Echo, "c d", (2, 2))],
            vec![1, 3],
        ),
        (
            "x.__code__\n# dis\n0 LOAD_GLOBAL   0 (0)\n2 POP_TOP\n# end\n",
            vec![(Section, "0 LOAD_GLOBAL   0 (0)\n2 POP_TOP", (0, 0))],
            vec![2, 3],
        ),
    ] {
        let expected: Vec<Found> = expected
            .into_iter()
            .map(|(form, claimed, lines)| (form, claimed.to_owned(), lines))
            .collect();
        assert_eq!(shown(text), (expected, blank), "{text}");
    }
}

#[test]
fn code_and_prose_are_not_shown() {
    for text in [
        "output:\n1\n",
        "output\nprint(output)\n",
        "x = f()\noutput\n",
        "# output\nprint(1)\n",
        "f()\n# 输出\n# 3\n",
        "if x:\n    f()\nelse:\n    g()\n",
        "try:\n    f()\n",
        "'''\noutput:\n1\n'''\nf()\n",
        "x = '''\noutput:\n1\n'''\n",
        "x = {\n'output':\n1}\n",
        "x = 3\n3\n",
        "f()\nThread(1)\n",
        "f()\n'''a comment'''\n",
        "f()\n...\n",
        "f()\n1\n2\n",
        "1\n'a'\n[1]\n",
        "def f():\n    'doc'\n",
        "f()\n\n3\n",
        "os.getcwd()\n当前目录\nos.listdir()\n所有文件\n",
        "print(1)\nresult: int = 3\n",
        "print(1)\noutput: str\n",
        "f()\n\n'''note'''\n",
        "f()\nx\n",
        "print(1)\n'''See the docs for more about this.'''\n",
        "def f():\n    '''output:\n    1'''\n",
        "import os\nos.x()\n# 结果\ny = 3\n",
        "print(1)\n输出格式：\nx\n",
    ] {
        assert_eq!(shown(text), (vec![], vec![]), "{text}");
    }
}

#[test]
fn text_of_any_shape_is_read() {
    for text in [
        "",
        "\n",
        "'''",
        "输出:",
        "x\n输出:\n",
        "'''\n'''",
        "print()\n''''''\n",
        "print()\n'''\n",
        "\u{feff}x\n",
        "(\noutput:\n)",
    ] {
        let _ = shown(text);
    }
}
