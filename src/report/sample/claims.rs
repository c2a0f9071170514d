//! The note of the sample that has claims of every shape.

use super::{block, claim, finding, holding, in_note, rewritten};
use crate::model::{
    About, BlockReport, CheckedClaim, ClaimForm, ClaimVerdict, Difference, ErrorReport, Finding,
    Language, Lines, NoteReport, Recorded, Says, Status, Tolerance, WhyUnchecked,
};

const CLAIMS: &str = "# 声明\n\n```python\nimport time\n时间 = time.time()  # 1700000000.25\nd = {}; d.keys()  # Python 2 中输出: []\n\
range(9)  # [0, 1, ...]\n```\n\n```pycon\n>>> sorted('数字')\n[u'\\u5b57', u'\\u6570']\n>>> 7 / 2\n3\n>>> list('ab')\nlist('ab')\n\
>>> 1 == 1.0\nTraceback (most recent call last):\nTypeError: no\n```\n\n```python\nfor x in '一二三四五':\n    print(x)\n\
print(len('中文'))\n```\n\n输出:\n\n```text\n一\n2\n三\n4\n五\n6\n```\n\n```python\nprint(random())  # 0.5\nint('x') -> 0\n\
str(1) == 1\nprint()  # 什么都不输出\nmap(str, [])  # 返回列表\n```\n";

pub(super) fn note() -> NoteReport {
    let blocks = vec![
        tolerated(),
        prompts(),
        shown_output(),
        block((31, 36), Language::Output, "tagged text"),
        said_in_words(),
    ];
    super::note("notes/04-声明.md", CLAIMS, blocks)
}

fn tolerated() -> BlockReport {
    let mut claims = vec![
        holding(
            5,
            "时间 = time.time()",
            "1700000000.25",
            Tolerance::Volatile,
        ),
        unchecked(
            6,
            "d = {}; d.keys()",
            "[]",
            WhyUnchecked::OtherPython("<3".to_owned()),
        ),
        holding(7, "range(9)", "[0, 1, ...]", Tolerance::Elided),
    ];
    for checked in &mut claims {
        checked.claim.form = ClaimForm::Comment;
    }
    claims[1].claim.scope = Some("<3".to_owned());
    BlockReport {
        status: Some(Status::Pass),
        claims: in_note(CLAIMS, claims),
        ..block((4, 7), Language::Python, "tagged python")
    }
}

/// One finding that is the cause of two false claims, and a recording that agrees with the note.
fn prompts() -> BlockReport {
    let mut claims = vec![
        claim(
            12,
            ClaimForm::Prompt,
            "sorted('数字')",
            r"[u'\u5b57', u'\u6570']",
            "['字', '数']",
        ),
        rewritten(14, "7 / 2", "3", "3.5"),
        rewritten(
            16,
            "list('ab')",
            "list('ab')",
            &format!("{:?}", ["a long word"; 6]),
        ),
        claim(
            18,
            ClaimForm::Traceback,
            "1 == 1.0",
            "Traceback (most recent call last):\nTypeError: no",
            "True",
        ),
    ];
    claims[0].claim.about = About::Output(Lines {
        first: 11,
        last: 11,
    });
    claims[3].claim.says = Says::Raises {
        class: "TypeError".to_owned(),
        message: Some("no".to_owned()),
    };
    claims[3].claim.about = About::Output(Lines {
        first: 17,
        last: 17,
    });
    BlockReport {
        status: Some(Status::Stale),
        stdout: "['字', '数']\n3.5\nTrue\n".to_owned(),
        difference: Some(Difference {
            recorded: "['字', '数']\n3\nTrue\n".to_owned(),
            actual: "['字', '数']\n3.5\nTrue\n".to_owned(),
            recorded_with: "3.9".to_owned(),
            ..Difference::default()
        }),
        claims: in_note(CLAIMS, claims),
        findings: vec![Finding {
            rule: "py2-unicode-repr".to_owned(),
            since: Some("3.0".to_owned()),
            ..finding(11, "strings have no `u` before them")
        }],
        ..block((11, 19), Language::Pycon, "tagged pycon")
    }
}

/// Lines of one shown output, of which three are false.
fn shown_output() -> BlockReport {
    let shown = [
        ("一", "一"),
        ("2", "二"),
        ("三", "三"),
        ("4", "四"),
        ("五", "五"),
        ("6", "2"),
    ];
    let claims = (31..).zip(shown).map(|(line, (claimed, actual))| {
        let mut checked = claim(line, ClaimForm::NextBlock, "print(x)", claimed, actual);
        checked.claim.about = About::Output(Lines {
            first: 23,
            last: 25,
        });
        if claimed == actual {
            checked.verdict = ClaimVerdict::Holds;
        }
        checked
    });
    BlockReport {
        status: Some(Status::Stale),
        stdout: "一\n二\n三\n四\n五\n2\n".to_owned(),
        recorded: Some(Recorded {
            with: "3.9".to_owned(),
            edited: false,
        }),
        claims: in_note(CLAIMS, claims.collect()),
        ..block((23, 25), Language::Python, "tagged python")
    }
}

fn said_in_words() -> BlockReport {
    let mut claims = vec![
        claim(40, ClaimForm::Comment, "print(random())", "0.5", "0.8444"),
        claim(
            41,
            ClaimForm::Arrow,
            "int('x')",
            "0",
            "ValueError: invalid literal for int() with base 10: 'x'",
        ),
        claim(42, ClaimForm::Equality, "str(1) == 1", "True", "False"),
        claim(43, ClaimForm::Comment, "print()", "什么都不输出", "x"),
        claim(44, ClaimForm::Comment, "map(str, [])", "返回列表", "map"),
        unchecked(44, "map(str, [])", "...", WhyUnchecked::AllLeftOut),
    ];
    claims[0].varies = true;
    claims[3].claim.says = Says::Nothing;
    claims[4].claim.says = Says::Type("list".to_owned());
    BlockReport {
        status: Some(Status::Stale),
        error: Some(ErrorReport {
            class: "ValueError".to_owned(),
            message: "invalid literal for int() with base 10: 'x'".to_owned(),
            line: 41,
        }),
        claims: in_note(CLAIMS, claims),
        ..block((40, 44), Language::Python, "tagged python")
    }
}

fn unchecked(line: usize, source: &str, claimed: &str, why: WhyUnchecked) -> CheckedClaim {
    CheckedClaim {
        verdict: ClaimVerdict::Unchecked,
        why: Some(why),
        ..claim(line, ClaimForm::Comment, source, claimed, "")
    }
}
