//! The terminal report over the shared sample, and over what could break it.

use super::*;
use crate::model::{
    About, ClaimForm, Finding, Grade, Lang, Language, Lines, PythonInfo, Skip, Summary, Text,
    Warning,
};
use crate::report::sample::{assert_fixture, block, claim, finding, in_note, note, sample};
use crate::report::text;

fn options(verbosity: Verbosity) -> Options {
    Options {
        color: false,
        width: 100,
        verbosity,
        strict: false,
        update_hint: "verify --update".to_owned(),
    }
}

fn normal(report: &Report) -> String {
    render(report, &options(Verbosity::Normal))
}

/// A report with one stale snippet that fills its note.
fn one(text: &str, change: impl FnOnce(&mut BlockReport)) -> Report {
    let mut stale = BlockReport {
        status: Some(Status::Stale),
        ..block((1, text.lines().count()), Language::Python, "tagged python")
    };
    change(&mut stale);
    Report {
        distrusted: Vec::new(),
        containment: None,
        python: PythonInfo {
            version: "3.13.0".to_owned(),
            executable: String::new(),
        },
        summary: Summary {
            notes: 1,
            snippets: 1,
            stale: 1,
            ..Summary::default()
        },
        notes: vec![note("a.md", text, vec![stale])],
        warnings: Vec::new(),
        lang: Lang::En,
        shard: None,
    }
}

#[test]
fn the_sample_plain() {
    assert_fixture("sample.txt", &normal(&sample()));
}

#[test]
fn the_sample_with_everything() {
    assert_fixture(
        "sample.verbose.txt",
        &render(&sample(), &options(Verbosity::Verbose)),
    );
}

#[test]
fn one_problem_in_colour() {
    let report = one("s = '数字'; unicode(s)\n", |block| {
        block.findings = vec![finding(1, "the name `unicode` is gone")];
        block.difference = Some(crate::model::Difference {
            recorded: "the old word\n".to_owned(),
            actual: "the new word\n".to_owned(),
            ..Default::default()
        });
    });
    let colour = Options {
        color: true,
        ..options(Verbosity::Normal)
    };
    let readable = render(&report, &colour).replace('\x1b', "␛");
    assert_fixture("one.colour.txt", &readable);
}

#[test]
fn claims_in_colour() {
    let text = "n = 7\nn / 2  # 结果: 3\nprint(n)\n# 7 is\n# odd\n";
    let report = one(text, |block| {
        let mut claims = vec![
            claim(2, ClaimForm::Comment, "n / 2", "3", "3.5"),
            claim(
                4,
                ClaimForm::Section,
                "print(n)",
                "7 is\nodd",
                "7 is\nnot odd",
            ),
        ];
        claims[1].claim.about = About::Output(Lines { first: 3, last: 3 });
        block.claims = in_note(text, claims);
    });
    let colour = Options {
        color: true,
        ..options(Verbosity::Normal)
    };
    let readable = render(&report, &colour).replace('\x1b', "␛");
    assert_fixture("claims.colour.txt", &readable);
}

#[test]
fn colour_changes_nothing_but_colour() {
    let colour = Options {
        color: true,
        ..options(Verbosity::Verbose)
    };
    let coloured = render(&sample(), &colour);
    let bare = anstream::adapter::strip_str(&coloured).to_string();
    let lines = |text: &str| {
        text.lines()
            .map(|line| line.trim_end().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        lines(&bare),
        lines(&render(&sample(), &options(Verbosity::Verbose)))
    );
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    assert_eq!(normal(&sample()), normal(&sample()));
}

#[test]
fn an_underline_stands_under_chinese_text() {
    let report = one("结果 = '数字'; n = unicode(结果)\n", |block| {
        block.findings = vec![finding(1, "the name `unicode` is gone")];
    });
    let shown = normal(&report);
    let lines: Vec<&str> = shown.lines().collect();
    let at = lines
        .iter()
        .position(|line| line.contains("unicode("))
        .unwrap_or_default();
    let before = lines[at].split("unicode").next().unwrap_or_default();
    let blank = lines[at + 1].split('^').next().unwrap_or_default();
    assert_eq!(text::width(before), text::width(blank), "{shown}");
    assert!(
        lines[at + 1].ends_with(&"^".repeat("unicode".len())),
        "{shown}"
    );
}

#[test]
fn nothing_raw_reaches_the_terminal() {
    let evil = "\x1b]0;x\x07\u{9b}31m\u{202e}\u{2066}\r";
    let mut report = one(&format!("x = '{evil}'\n"), |block| {
        block.findings = vec![Finding {
            rule: evil.to_owned(),
            since: Some(evil.to_owned()),
            help: Some(Text::same(evil)),
            url: Some(evil.to_owned()),
            ..finding(1, evil)
        }];
        block.claims = vec![claim(1, ClaimForm::Comment, evil, evil, "1")];
        block.difference = Some(crate::model::Difference {
            recorded: evil.to_owned(),
            recorded_with: evil.to_owned(),
            ..Default::default()
        });
    });
    let path = format!("a{evil}.md");
    let mut more = vec![
        block((1, 1), Language::Python, evil),
        block((1, 1), Language::Python, evil),
    ];
    more[0].status = Some(Status::Skipped);
    more[0].skip = Some(Skip::NeedsModule(evil.to_owned()));
    more[1].status = Some(Status::New);
    more[1].stdout = evil.to_owned();
    report.notes.push(note(&path, "x\n", more));
    report.warnings.push(Warning {
        path: path.clone(),
        line: Some(1),
        message: Text::same(evil),
        help: Some(Text::same(evil)),
        grade: Grade::Warning,
    });
    report.python.version = evil.to_owned();
    let shown = render(&report, &options(Verbosity::Verbose))
        + &crate::report::list::text(&report, Some(80));
    let raw = |c: char| {
        c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c) || c == '\u{2066}'
    };
    assert!(!shown.contains(raw), "{shown:?}");
}

#[test]
fn quiet_is_silent_where_nothing_is_wrong() {
    let mut report = sample();
    report
        .notes
        .iter_mut()
        .flat_map(|note| &mut note.blocks)
        .for_each(|block| {
            block.status = block.status.map(|_| Status::Pass);
            block.findings.clear();
        });
    assert_eq!(render(&report, &options(Verbosity::Quiet)), "");
    assert!(normal(&report).ends_with(" s\n"));
}

#[test]
fn an_empty_report_says_what_to_do() {
    assert!(normal(&Report::default()).starts_with("no notes found"));
}

#[test]
fn known_problems_fail_and_show_only_when_strict() {
    let report = one("d.has_key(1)\n", |block| {
        block.known = true;
        block.findings = vec![Finding {
            known: true,
            ..finding(1, "dictionaries have no `has_key`")
        }];
    });
    assert!(!normal(&report).contains("has_key"));
    let strict = Options {
        strict: true,
        ..options(Verbosity::Quiet)
    };
    assert!(render(&report, &strict).starts_with("error[rule]"));
    assert!(render(&report, &options(Verbosity::Verbose)).starts_with("note[rule]: known:"));
}

#[test]
fn a_block_with_many_problems_shows_the_first_few() {
    let report = one("x\n".repeat(9).as_str(), |block| {
        block.findings = (1..=9).map(|line| finding(line, "gone")).collect();
    });
    let shown = normal(&report);
    assert_eq!(shown.matches("error[rule]").count(), PROBLEMS);
    assert!(
        shown.contains("4 problems more in this block (lines 6, 7, 8, 9)"),
        "{shown}"
    );
    let all = render(&report, &options(Verbosity::Verbose));
    assert_eq!(all.matches("error[rule]").count(), 9);
}

#[test]
fn odd_lines_widths_and_lengths_do_no_harm() {
    let long = format!("{}unicode{}\n", "数".repeat(30_000), "x".repeat(30_000));
    for line in [0, 1, 2, usize::MAX] {
        for width in [0, 1, 80, usize::MAX] {
            let report = one(&long, |block| {
                block.findings = vec![finding(line, "the name `unicode` is gone")];
                block.claims = vec![claim(line, ClaimForm::Prompt, "unicode", "", "")];
            });
            let options = Options {
                width,
                ..options(Verbosity::Normal)
            };
            let shown = render(&report, &options);
            let widest = shown.lines().map(text::width).max().unwrap_or_default();
            assert!(widest < 240, "line {line}, width {width}: {widest} columns");
        }
    }
}

#[test]
fn a_long_line_is_shown_around_its_place() {
    let long = format!("{}; unicode(x); {}\n", "数字".repeat(100), "y".repeat(300));
    let report = one(&long, |block| {
        block.findings = vec![finding(1, "the name `unicode` is gone")];
    });
    assert_fixture("long.txt", &normal(&report));
}

#[test]
fn findings_of_a_skipped_snippet_fail_nothing() {
    let report = one("x\n", |block| {
        block.status = Some(Status::Skipped);
        block.findings = vec![finding(1, "gone")];
    });
    assert!(normal(&report).starts_with("warning[rule]: gone"));
    assert_eq!(render(&report, &options(Verbosity::Quiet)), "");
}
