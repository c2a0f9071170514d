//! The one sample report that every format is tested with: each status, each
//! shape of a problem, Chinese text and text that tries to harm a terminal.

mod claims;

use std::path::Path;

use crate::model::{
    About, Block, BlockReport, CheckedClaim, Claim, ClaimForm, ClaimVerdict, Difference,
    ErrorReport, Finding, Form, Grade, Lang, Language, Lines, NoteReport, PythonInfo, Recorded,
    Report, Severity, Skip, Status, Summary, Text, Tolerance, Warning,
};
use crate::text;

/// Compares with `tests/fixtures/report/<name>`, or writes it where `SNAPSHOTS=overwrite`.
#[track_caller]
pub(super) fn assert_fixture(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/report")
        .join(name);
    snapbox::Assert::new().action_env("SNAPSHOTS").eq(
        actual.to_owned(),
        snapbox::Data::read_from(&path, None).raw(),
    );
}

/// A report over four notes.
pub(super) fn sample() -> Report {
    let notes = vec![old_notes(), containers(), numbers(), claims::note()];
    let statuses = || notes.iter().flat_map(|note| &note.blocks);
    let count = |status| statuses().filter(|b| b.status == Some(status)).count();
    let claims = || statuses().flat_map(|block| &block.claims);
    let verdicts = || claims().map(|claim| claim.verdict);
    let summary = Summary {
        notes: notes.len(),
        blocks: statuses().count(),
        snippets: statuses().filter(|b| b.status.is_some()).count(),
        pass: count(Status::Pass),
        stale: count(Status::Stale),
        failed: count(Status::Failed),
        new: count(Status::New),
        skipped: count(Status::Skipped),
        known: statuses().filter(|b| b.known).count(),
        claims: verdicts().count(),
        claims_checked: verdicts().filter(|v| *v != ClaimVerdict::Unchecked).count(),
        claims_stale: verdicts().filter(|v| *v == ClaimVerdict::Stale).count(),
        cached: statuses().filter(|b| b.cached).count(),
        seconds: 1.237_000_4,
    };
    Report {
        distrusted: Vec::new(),
        containment: None,
        python: PythonInfo {
            version: "3.13.0".to_owned(),
            executable: "/usr/bin/python3.13".to_owned(),
        },
        summary,
        notes,
        warnings: vec![
            Warning {
                path: "notes/latin.md".to_owned(),
                line: Some(3),
                message: text!(
                    "this note is not UTF-8 (byte 57), so it was left out",
                    "这篇笔记不是 UTF-8（字节 57），已略过"
                ),
                help: Some(text!("save it as UTF-8", "请存为 UTF-8")),
                grade: Grade::Warning,
            },
            Warning {
                path: String::new(),
                line: None,
                message: text!(
                    "the kernel can't keep snippets from the network",
                    "内核无法阻止片段访问网络"
                ),
                help: None,
                grade: Grade::Warning,
            },
        ],
        lang: Lang::En,
        shard: None,
    }
}

const OLD: &str = "# Old parts\n\n```python\nprint 'hello'\n```\n\n> ```python\n> s = u'数字'; n = unicode(s)\n> ```\n\
\n```pycon\n>>> 3 / 2\n1\n>>> [1, 2]\n[1, 2]\n```\n\n    d.has_key(1)\n\n```python\nrun(<path>)\n```\n";

fn old_notes() -> NoteReport {
    let print = BlockReport {
        status: Some(Status::Stale),
        error: Some(ErrorReport {
            class: "SyntaxError".to_owned(),
            message: "Missing parentheses in call to 'print'".to_owned(),
            line: 4,
        }),
        findings: vec![Finding {
            rule: "py2-print-statement".to_owned(),
            since: Some("3.0".to_owned()),
            help: Some(Text::same("print('hello')")),
            url: Some("https://docs.python.org/3/whatsnew/3.0.html".to_owned()),
            ..finding(4, "`print` is a function now")
        }],
        ..block((4, 4), Language::Python, "tagged python")
    };
    let unicode = BlockReport {
        status: Some(Status::Stale),
        findings: vec![Finding {
            rule: "py2-unicode".to_owned(),
            since: Some("3.0".to_owned()),
            help: Some(Text::same("write `str`")),
            ..finding(8, "the name `unicode` is gone")
        }],
        ..block((8, 8), Language::Python, "tagged python")
    };
    let claims = vec![
        rewritten(13, "3 / 2", "1", "1.5"),
        holding(15, "[1, 2]", "[1, 2]", Tolerance::Exact),
    ];
    let prompt = BlockReport {
        status: Some(Status::Stale),
        stdout: "1.5\n[1, 2]\n".to_owned(),
        recorded: Some(Recorded {
            with: "3.9".to_owned(),
            edited: false,
        }),
        claims: in_note(OLD, claims),
        ..block((12, 15), Language::Pycon, "has prompts")
    };
    let mut has_key = BlockReport {
        status: Some(Status::Stale),
        known: true,
        findings: vec![Finding {
            rule: "py2-has-key".to_owned(),
            known: true,
            ..finding(18, "dictionaries have no `has_key`")
        }],
        ..block((18, 18), Language::Python, "parses as Python 3")
    };
    has_key.block.form = Form::Indented;
    has_key.block.tag = String::new();
    let fragment = BlockReport {
        status: Some(Status::Skipped),
        skip: Some(Skip::Fragment(text!(
            "the placeholder <path>",
            "占位符 <path>"
        ))),
        ..block((21, 21), Language::Python, "tagged python")
    };
    note(
        "notes/01-old.md",
        OLD,
        vec![print, unicode, prompt, has_key, fragment],
    )
}

const CONTAINERS: &str = "# Containers\n\n~~~py\nimport time\nprint(time.time())\n~~~\n\n~~~py\nfor c in 'abc':\n    \
print(c)\n~~~\n\n~~~py\nx = {}\nx['\u{1b}[31m\u{202e}k']\n~~~\n\n```\ntotal 4\n```\n\n~~~py\nimport numpy\n~~~\n\n~~~py\n\
import yaml\n~~~\n\n~~~py\nname = input()\n~~~\n\n~~~py\na = 1\n~~~\n\n~~~py\nprint(a)\n~~~\n\n~~~py\nb = '\\d'\n~~~\n";

fn containers() -> NoteReport {
    let skipped = |line, skip| BlockReport {
        status: Some(Status::Skipped),
        skip: Some(skip),
        ..block((line, line), Language::Python, "tagged py")
    };
    let mut blocks = vec![varying(), differing(), raising()];
    blocks.push(block((19, 19), Language::Output, "does not read as code"));
    blocks.push(skipped(23, Skip::NeedsModule("numpy".to_owned())));
    blocks.push(skipped(27, Skip::NeedsModule("yaml".to_owned())));
    blocks.push(skipped(31, Skip::NeedsInput));
    blocks.push(BlockReport {
        status: Some(Status::New),
        ..block((35, 35), Language::Python, "tagged py")
    });
    blocks.push(BlockReport {
        status: Some(Status::New),
        depends_on: vec![35],
        stdout: "1\n".to_owned(),
        ..block((39, 39), Language::Python, "tagged py")
    });
    blocks.push(BlockReport {
        status: Some(Status::Pass),
        findings: vec![Finding {
            rule: "invalid-escape".to_owned(),
            severity: Severity::Warning,
            help: Some(Text::same("b = r'\\d'")),
            ..finding(43, "`\\d` will be an error in a later Python")
        }],
        ..block((43, 43), Language::Python, "tagged py")
    });
    note("notes/02 containers.md", CONTAINERS, blocks)
}

fn varying() -> BlockReport {
    BlockReport {
        status: Some(Status::Stale),
        stdout: "1700000001.5\n".to_owned(),
        difference: Some(Difference {
            edited: false,
            recorded: "1700000000.25\n".to_owned(),
            actual: "1700000001.5\n".to_owned(),
            varies: true,
            recorded_with: "3.13".to_owned(),
        }),
        ..block((4, 5), Language::Python, "tagged py")
    }
}

fn differing() -> BlockReport {
    let letters = ('a'..='z')
        .map(|c| format!("{c}\n"))
        .collect::<Vec<_>>()
        .concat();
    BlockReport {
        status: Some(Status::Stale),
        difference: Some(Difference {
            edited: false,
            recorded: format!("{letters}<type 'str'>\n编码 the end\n"),
            actual: format!("{letters}<class 'str'>\n编码 the\tend\n"),
            varies: false,
            recorded_with: "3.9".to_owned(),
        }),
        ..block((9, 10), Language::Python, "tagged py")
    }
}

fn raising() -> BlockReport {
    BlockReport {
        status: Some(Status::Failed),
        depends_on: vec![4, 9],
        error: Some(ErrorReport {
            class: "KeyError".to_owned(),
            message: "'\u{1b}[31m\u{202e}k'".to_owned(),
            line: 15,
        }),
        ..block((14, 15), Language::Python, "tagged py")
    }
}

const NUMBERS: &str = "# 数字\n\n```python\nround(2.5)  # 四舍五入的结果: 3\n结果 = '数' * 3; print(结果)  # 输出: 数数\n```\n\
\n```sh\nls\n```\n\n```python\nprint(sorted({3, 1}))\n```\n\n```text\n[3, 1]\n[1]\n```\n";

fn numbers() -> NoteReport {
    let claims = vec![
        claim(4, ClaimForm::Comment, "round(2.5)", "3", "2"),
        claim(5, ClaimForm::Comment, "print(结果)", "数数", "数数数"),
    ];
    let rounding = BlockReport {
        status: Some(Status::Stale),
        claims: in_note(NUMBERS, claims),
        findings: vec![Finding {
            rule: "py2-round".to_owned(),
            since: Some("3.0".to_owned()),
            ..finding(4, "`round` goes to the even neighbour")
        }],
        ..block((4, 5), Language::Python, "tagged python")
    };
    let mut shell = block((9, 9), Language::Shell, "tagged sh");
    shell.block.tag = "sh".to_owned();
    let mut shown = claim(
        17,
        ClaimForm::NextBlock,
        "print(sorted({3, 1}))",
        "[3, 1]\n[1]",
        "[1, 3]",
    );
    shown.claim.about = About::Output(Lines {
        first: 13,
        last: 13,
    });
    let sorted = BlockReport {
        status: Some(Status::Stale),
        claims: in_note(NUMBERS, vec![shown]),
        ..block((13, 13), Language::Python, "tagged python")
    };
    let output = block((17, 18), Language::Output, "tagged text");
    note(
        "notes/03-数字.md",
        NUMBERS,
        vec![rounding, shell, sorted, output],
    )
}

/// The claims with their bytes in the note, as far as each of their lines holds what they claim.
pub(super) fn in_note(text: &str, mut claims: Vec<CheckedClaim>) -> Vec<CheckedClaim> {
    let begin = |line: usize| {
        text.split_inclusive('\n')
            .take(line - 1)
            .map(str::len)
            .sum::<usize>()
    };
    for claim in claims.iter_mut().map(|checked| &mut checked.claim) {
        let places = (claim.lines.first..).zip(claim.claimed.lines());
        claim.bytes = places
            .filter_map(|(line, claimed)| {
                let start = begin(line);
                let end = start + text[start..].find('\n')?;
                let start = start + text[start..end].rfind(claimed)?;
                Some(start..start + claimed.len())
            })
            .collect();
    }
    claims
}

/// A block of these lines that ran in 4 ms and has no status yet.
pub(super) fn block(lines: (usize, usize), language: Language, why: &str) -> BlockReport {
    BlockReport {
        block: Block {
            lines: Lines {
                first: lines.0,
                last: lines.1,
            },
            tag: why.strip_prefix("tagged ").unwrap_or_default().to_owned(),
            language,
            why: Text::same(why),
            ..Block::default()
        },
        seconds: 0.004,
        ..BlockReport::default()
    }
}

/// A note whose blocks get their text and heading from it.
pub(super) fn note(path: &str, text: &str, mut blocks: Vec<BlockReport>) -> NoteReport {
    let lines: Vec<&str> = text.lines().collect();
    for block in &mut blocks {
        let range = block.block.lines.first - 1..block.block.lines.last;
        let content = lines.get(range).unwrap_or_default();
        let content = content
            .iter()
            .map(|line| line.strip_prefix("> ").unwrap_or(line));
        block.block.text = content
            .map(|line| format!("{line}\n"))
            .collect::<Vec<_>>()
            .concat();
        block.block.heading = lines[0].trim_start_matches("# ").to_owned();
    }
    NoteReport {
        lang: Lang::En,
        path: path.to_owned(),
        text: text.to_owned(),
        blocks,
        mentions: Vec::new(),
    }
}

/// An error finding without more than it must have.
pub(super) fn finding(line: usize, message: &str) -> Finding {
    Finding {
        rule: "rule".to_owned(),
        line,
        message: Text::same(message),
        since: None,
        severity: Severity::Error,
        help: None,
        url: None,
        known: false,
    }
}

/// A false claim.
pub(super) fn claim(
    line: usize,
    form: ClaimForm,
    source: &str,
    claimed: &str,
    actual: &str,
) -> CheckedClaim {
    let last = line + claimed.lines().count().saturating_sub(1);
    CheckedClaim {
        claim: Claim {
            lines: Lines { first: line, last },
            form,
            source: source.to_owned(),
            about: About::Statement(Lines {
                first: line,
                last: line,
            }),
            claimed: claimed.to_owned(),
            ..Claim::default()
        },
        actual: actual.to_owned(),
        verdict: ClaimVerdict::Stale,
        ..CheckedClaim::default()
    }
}

fn holding(line: usize, source: &str, value: &str, tolerance: Tolerance) -> CheckedClaim {
    CheckedClaim {
        verdict: ClaimVerdict::Holds,
        tolerance,
        ..claim(line, ClaimForm::Prompt, source, value, value)
    }
}

/// A false claim below its prompt that can be rewritten to what came.
pub(super) fn rewritten(line: usize, source: &str, claimed: &str, actual: &str) -> CheckedClaim {
    let mut checked = CheckedClaim {
        rewrite: Some(actual.to_owned()),
        ..claim(line, ClaimForm::Prompt, source, claimed, actual)
    };
    checked.claim.about = About::Output(Lines {
        first: line - 1,
        last: line - 1,
    });
    checked
}
