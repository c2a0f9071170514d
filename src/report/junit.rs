//! The report in the XML of JUnit, as Surefire writes it and Jenkins and GitLab read it: a suite
//! for each note, a test case for each snippet.
//!
//! A line of running text that names what is gone, and a warning, is a test case too, so
//! that a run never fails without one that does.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::ci::Options;
use super::tell::Weight;
use super::tell::place::Lined;
use super::tell::{self, Issue};
use super::words::ci as words;
use super::{text, words as common};
use crate::model::{BlockReport, Report, Status};

type Xml = Writer<Vec<u8>>;

#[derive(Debug, Default)]
struct Suite {
    name: String,
    cases: Vec<Case>,
}

#[derive(Debug)]
struct Case {
    name: String,
    seconds: f64,
    end: End,
    /// What is said beside its end.
    aside: String,
}

#[derive(Debug, PartialEq)]
enum End {
    Pass,
    Skipped(String),
    Failure(Trouble),
    Error(Trouble),
}

#[derive(Debug, PartialEq)]
struct Trouble {
    message: String,
    rule: String,
    text: String,
}

/// One XML document with a line end.
pub fn render(report: &Report, options: &Options) -> String {
    let mut suites: Vec<Suite> = Vec::new();
    for note in &report.notes {
        let lined = Lined::of(note);
        let cases = note.places().into_iter();
        let cases: Vec<Case> = cases
            .filter_map(|block| of_block(report, &lined, block, options))
            .collect();
        add(&mut suites, &note.path, cases);
    }
    let all = tell::all(report, options.strict);
    for issue in all.iter().filter(|issue| issue.rule == words::OF_THE_RUN) {
        let name = if issue.path.is_empty() {
            "verify"
        } else {
            issue.path
        };
        add(&mut suites, name, vec![of_warning(issue)]);
    }
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    // A vector takes whatever is written.
    let _ = write(&mut xml, &suites);
    String::from_utf8_lossy(&xml.into_inner()).into_owned() + "\n"
}

fn add(suites: &mut Vec<Suite>, name: &str, cases: Vec<Case>) {
    match suites.iter_mut().find(|suite| suite.name == name) {
        Some(suite) => suite.cases.extend(cases),
        None => suites.push(Suite {
            name: name.to_owned(),
            cases,
        }),
    }
}

fn of_block<'a>(
    report: &'a Report,
    note: &Lined<'a>,
    block: &'a BlockReport,
    options: &Options,
) -> Option<Case> {
    let issues = tell::of_block(report, note, block, options.strict);
    if issues.is_empty() && !block.block.language.is_snippet() {
        return None;
    }
    let of = |weight| {
        issues
            .iter()
            .filter(move |issue: &&Issue| issue.weight == weight)
    };
    let errors: Vec<&Issue> = of(Weight::Error).collect();
    let end = if let Some(first) = errors.first() {
        let trouble = Trouble {
            message: with_more(&first.title, errors.len()),
            rule: first.rule.clone(),
            text: told(&errors),
        };
        match block.status {
            Some(Status::Failed) => End::Error(trouble),
            None if block.block.language.is_snippet() => End::Error(trouble),
            _ => End::Failure(trouble),
        }
    } else if let Some(skip) = &block.skip {
        End::Skipped(common::skip(skip).get(note.note.lang).to_owned())
    } else if let Some(known) = of(Weight::Known).next() {
        End::Skipped(known.full_title())
    } else {
        End::Pass
    };
    let line = block.block.lines.first;
    Some(Case {
        name: words::test_case(&block.block.heading, line)
            .get(note.note.lang)
            .to_owned(),
        seconds: block.seconds,
        end,
        aside: told(&of(Weight::Warning).collect::<Vec<_>>()),
    })
}

fn of_warning(issue: &Issue) -> Case {
    let text = told(&[issue]);
    let end = if issue.weight == Weight::Error {
        End::Failure(Trouble {
            message: issue.title.clone(),
            rule: issue.rule.clone(),
            text,
        })
    } else {
        End::Skipped(issue.title.clone())
    };
    Case {
        name: issue.title.clone(),
        seconds: 0.0,
        end,
        aside: String::new(),
    }
}

/// A title, and how many others there are.
fn with_more(title: &str, all: usize) -> String {
    match all {
        0 | 1 => title.to_owned(),
        _ => format!("{title} (+{})", all - 1),
    }
}

fn told(issues: &[&Issue]) -> String {
    let one = |issue: &&Issue| {
        let place = issue.place.map_or_else(
            || text::visible_line(issue.path),
            |place| format!("{}:{}", text::visible_line(issue.path), place.line),
        );
        let head = format!("{place}: {} [{}]", issue.title, issue.rule);
        let mut lines = vec![head];
        lines.extend(issue.more());
        lines.join("\n")
    };
    let told: Vec<String> = issues.iter().map(one).collect();
    told.join("\n\n")
}

fn write(xml: &mut Xml, suites: &[Suite]) -> io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let all = || suites.iter().flat_map(|suite| &suite.cases);
    let root = xml.create_element("testsuites");
    let root = root.with_attributes([
        ("name", "verify"),
        ("tests", &all().count().to_string()),
        ("failures", &count(all(), is_failure)),
        ("errors", &count(all(), is_error)),
        ("time", &seconds(all().map(|case| case.seconds).sum())),
    ]);
    root.write_inner_content(|xml| suites.iter().try_for_each(|suite| write_suite(xml, suite)))?;
    Ok(())
}

fn write_suite(xml: &mut Xml, suite: &Suite) -> io::Result<()> {
    let cases = || suite.cases.iter();
    let is_skipped = |case: &Case| matches!(case.end, End::Skipped(_));
    let name = legal(&text::visible_line(&suite.name));
    let element = xml.create_element("testsuite").with_attributes([
        ("name", name.as_str()),
        ("tests", &suite.cases.len().to_string()),
        ("failures", &count(cases(), is_failure)),
        ("errors", &count(cases(), is_error)),
        ("skipped", &count(cases(), is_skipped)),
        ("time", &seconds(cases().map(|case| case.seconds).sum())),
    ]);
    element.write_inner_content(|xml| cases().try_for_each(|case| write_case(xml, case, &name)))?;
    Ok(())
}

fn write_case(xml: &mut Xml, case: &Case, suite: &str) -> io::Result<()> {
    let name = legal(&text::visible_line(&case.name));
    let time = seconds(case.seconds);
    let element = xml.create_element("testcase").with_attributes([
        ("name", name.as_str()),
        ("classname", suite),
        ("time", &time),
    ]);
    if case.end == End::Pass && case.aside.is_empty() {
        element.write_empty()?;
        return Ok(());
    }
    element.write_inner_content(|xml| {
        match &case.end {
            End::Pass => {}
            End::Skipped(why) => {
                let why = legal(&text::visible_line(why));
                let element = xml.create_element("skipped");
                element
                    .with_attribute(("message", why.as_str()))
                    .write_empty()?;
            }
            End::Failure(trouble) => write_trouble(xml, "failure", trouble)?,
            End::Error(trouble) => write_trouble(xml, "error", trouble)?,
        }
        if !case.aside.is_empty() {
            let aside = legal(&case.aside);
            let element = xml.create_element("system-out");
            element.write_text_content(BytesText::new(&aside))?;
        }
        Ok(())
    })?;
    Ok(())
}

fn write_trouble(xml: &mut Xml, name: &str, trouble: &Trouble) -> io::Result<()> {
    let (message, rule) = (legal(&trouble.message), legal(&trouble.rule));
    let element = xml
        .create_element(name)
        .with_attributes([("message", message.as_str()), ("type", rule.as_str())]);
    element.write_text_content(BytesText::new(&legal(&trouble.text)))?;
    Ok(())
}

fn is_failure(case: &Case) -> bool {
    matches!(case.end, End::Failure(_))
}

fn is_error(case: &Case) -> bool {
    matches!(case.end, End::Error(_))
}

fn count<'a>(cases: impl Iterator<Item = &'a Case>, is: impl Fn(&Case) -> bool) -> String {
    cases.filter(|case| is(case)).count().to_string()
}

/// A text without the characters that no XML document may have, not even escaped.
fn legal(text: &str) -> String {
    let is_legal = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars()
        .map(|c| if is_legal(c) { c } else { '\u{fffd}' })
        .collect()
}

/// Seconds with three digits, as the schema of Surefire has them.
fn seconds(seconds: f64) -> String {
    let is_real = seconds.is_finite() && seconds > 0.0;
    let seconds = if is_real { seconds } else { 0.0 };
    format!("{seconds:.3}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;
    use uppsala::{Document, XsdValidator};

    use super::*;
    use crate::model::{Finding, Language, Skip, Text};
    use crate::report::sample::{assert_fixture, block, finding, note, sample};

    /// What the schema of Jenkins and Surefire has against a document.
    fn wrong(xml: &str) -> Vec<String> {
        let schema = include_str!("../../tests/fixtures/schemas/junit-10.xsd");
        let schema = uppsala::parse(schema).unwrap();
        let validator = XsdValidator::from_schema(&schema).unwrap();
        match uppsala::parse(xml) {
            Err(error) => vec![error.to_string()],
            Ok(document) => {
                let errors = validator.validate(&document);
                errors.iter().map(ToString::to_string).collect()
            }
        }
    }

    #[test]
    fn the_sample() {
        let shown = render(&sample(), &Options::default());
        assert_eq!(wrong(&shown), [""; 0]);
        assert_fixture("sample.junit.xml", &shown);
    }

    #[test]
    fn the_schema_refuses_what_is_wrong() {
        let shown = render(&sample(), &Options::default());
        for (old, new) in [
            ("classname=", "class="),
            ("<skipped", "<left-out"),
            ("time=\"0.0", "time=\"soon"),
            ("</testsuite>", ""),
            ("KeyError", "\u{1}"),
        ] {
            assert!(shown.contains(old), "{old}");
            assert!(!wrong(&shown.replace(old, new)).is_empty(), "{old} → {new}");
        }
        assert_eq!(
            wrong(&render(&Report::default(), &Options::default())),
            [""; 0]
        );
    }

    #[test]
    fn strict_makes_failures_of_warnings_and_of_what_is_known() {
        let strict = Options {
            strict: true,
            ..Options::default()
        };
        let count = |options: &Options| {
            let shown = render(&sample(), options);
            shown.matches("<failure").count() + shown.matches("<error").count()
        };
        assert!(count(&strict) > count(&Options::default()));
        assert!(!render(&sample(), &strict).contains("known:"));
    }

    #[test]
    fn seconds_have_three_digits() {
        assert_eq!(seconds(1234.5678), "1234.568");
        for odd in [f64::NAN, f64::INFINITY, -1.0, -0.0] {
            assert_eq!(seconds(odd), "0.000");
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_a_document_that_reads_back(
            path in any::<String>(),
            message in any::<String>(),
            heading in "(\\PC|[\u{0}-\u{1f}\u{fffe}\u{ffff}]|]]>|&lt;|\"){0,20}",
        ) {
            let mut stale = block((1, 1), Language::Python, "tagged python");
            stale.status = Some(Status::Stale);
            stale.findings = vec![Finding {
                rule: message.clone(),
                help: Some(Text::same(message.clone())),
                ..finding(1, &message)
            }];
            let mut skipped = block((1, 1), Language::Python, "tagged python");
            skipped.status = Some(Status::Skipped);
            skipped.skip = Some(Skip::Fragment(Text::same(message.clone())));
            let mut note = note(&path, "# x\n", vec![stale, skipped]);
            note.blocks[0].block.heading.clone_from(&heading);
            let report = Report { notes: vec![note], ..Report::default() };
            let shown = render(&report, &Options::default());
            prop_assert_eq!(wrong(&shown), Vec::<String>::new(), "{}", shown);
            let document: Document = uppsala::parse(&shown).unwrap();
            let cases = document.get_elements_by_tag_name("testcase");
            let name = document.element(cases[0]).and_then(|case| case.get_attribute("name"));
            let wanted = legal(&text::visible_line(&words::test_case(&heading, 1).en));
            prop_assert_eq!(name.unwrap(), wanted);
        }
    }
}
