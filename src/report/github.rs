//! The report for a step of GitHub Actions: one workflow command for each problem, which GitHub
//! shows beside the lines of the notes, and the counts.
//!
//! Whatever comes from notes stands inside of commands, escaped, so that nothing a snippet
//! prints can be taken for a command.

use super::ci::{self, Options};
use super::tell::Weight;
use super::tell::{self, Issue};
use super::words::ci as words;
use crate::model::Report;

/// Annotations of one level that GitHub shows of a step.
const SHOWN: usize = 10;

/// One command on a line for each problem, the errors first and what is known last, then the counts.
pub fn render(report: &Report, options: &Options) -> String {
    let issues = tell::all(report, options.strict);
    let mut lines = Vec::new();
    let mut cut = false;
    for weight in [Weight::Error, Weight::Warning, Weight::Known] {
        let of_weight: Vec<&Issue> = issues.iter().filter(|i| i.weight == weight).collect();
        cut |= of_weight.len() > SHOWN;
        let commands = of_weight.iter().map(|issue| command(issue, options));
        if weight == Weight::Known && !of_weight.is_empty() {
            let title = words::known_problems(of_weight.len());
            lines.push(format!("::group::{}", data(title.get(report.lang))));
            lines.extend(commands);
            lines.push("::endgroup::".to_owned());
        } else {
            lines.extend(commands);
        }
    }
    if cut {
        lines.push(words::more_than_shown(SHOWN).get(report.lang).to_owned());
    }
    lines.push(ci::counts(report).get(report.lang).to_owned());
    lines.join("\n") + "\n"
}

fn command(issue: &Issue, options: &Options) -> String {
    let name = match issue.weight {
        Weight::Error => "error",
        Weight::Warning => "warning",
        Weight::Known => "notice",
    };
    let path = options.path(issue.path);
    let mut properties = Vec::new();
    let mut place = String::new();
    if !issue.path.is_empty() {
        properties.push(("file", path.clone()));
        place = format!("{path}: ");
    }
    if let Some(at) = issue.place.filter(|_| !issue.path.is_empty()) {
        properties.push(("line", at.line.to_string()));
        properties.push(("endLine", at.end_line.to_string()));
        // GitHub takes columns of one line only.
        if at.line == at.end_line && at.column < at.end_column {
            properties.push(("col", at.column.to_string()));
            properties.push(("endColumn", at.end_column.to_string()));
        }
        place = format!("{path}:{}:{}: ", at.line, at.column);
    }
    properties.push(("title", format!("verify: {}", issue.rule)));
    let properties: Vec<String> = properties
        .iter()
        .map(|(name, value)| format!("{name}={}", property(value)))
        .collect();
    // The log shows the message alone, so it names the place too.
    let mut message = vec![format!("{place}{}", issue.full_title())];
    message.extend(issue.more());
    let message = message.join("\n");
    format!("::{name} {}::{}", properties.join(","), data(&message))
}

/// The text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Finding, Language, Severity, Status};
    use crate::report::sample::{assert_fixture, block, finding, note, sample};

    /// The name, the properties and the text of a command.
    type Command = (String, Vec<(String, String)>, String);

    /// What GitHub's runner makes of a line: its command, properties and text.
    fn read(line: &str) -> Option<Command> {
        let (head, text) = line.strip_prefix("::")?.split_once("::")?;
        let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
        let plain = |text: &str| {
            text.replace("%0D", "\r")
                .replace("%0A", "\n")
                .replace("%3A", ":")
                .replace("%2C", ",")
                .replace("%25", "%")
        };
        let pairs = properties
            .split(',')
            .filter_map(|pair| pair.split_once('='));
        let pairs = pairs.map(|(name, value)| (name.to_owned(), plain(value)));
        Some((name.to_owned(), pairs.collect(), plain(text)))
    }

    #[test]
    fn the_sample() {
        assert_fixture("sample.github.txt", &render(&sample(), &Options::default()));
    }

    #[test]
    fn columns_are_told_where_a_problem_stands_on_one_line() {
        let report = sample();
        for line in render(&report, &Options::default()).lines() {
            let Some((name, properties, _)) = read(line) else {
                continue;
            };
            let number = |wanted: &str| -> Option<usize> {
                let found = properties.iter().find(|(name, _)| name == wanted)?;
                Some(found.1.parse().unwrap())
            };
            if name == "group" || name == "endgroup" || number("line").is_none() {
                continue;
            }
            assert!(number("line") >= Some(1) && number("endLine") >= number("line"));
            if number("col").is_some() {
                assert_eq!(number("line"), number("endLine"), "{line}");
                assert!(number("col") < number("endColumn"), "{line}");
            }
        }
    }

    #[test]
    fn more_than_github_shows_is_said() {
        let mut report = sample();
        report.notes.truncate(1);
        assert!(!render(&report, &Options::default()).contains("GitHub shows"));
        report.notes[0].blocks[1].findings = (0..11)
            .map(|_| finding(8, "the name `unicode` is gone"))
            .collect();
        assert!(render(&report, &Options::default()).contains("GitHub shows at most 10 errors"));
    }

    #[test]
    fn known_problems_are_errors_when_strict() {
        let strict = Options {
            strict: true,
            ..Options::default()
        };
        let shown = render(&sample(), &strict);
        assert!(
            !shown.contains("::notice") && !shown.contains("::warning"),
            "{shown}"
        );
    }

    proptest! {
        #[test]
        fn every_line_is_one_command(path in "\\PC{0,12}", rule in ".{0,9}", message in "(.|\n|\r|::|%|\\|){0,40}") {
            let mut stale = block((1, 1), Language::Python, "tagged python");
            stale.status = Some(Status::Stale);
            stale.findings = vec![Finding {
                rule,
                help: Some(crate::model::Text::same(message.clone())),
                severity: Severity::Error,
                ..finding(1, &message)
            }];
            let report = Report { notes: vec![note(&path, "# x\n", vec![stale])], ..Report::default() };
            let shown = render(&report, &Options::default());
            let lines: Vec<&str> = shown.split('\n').collect();
            prop_assert_eq!(lines.len(), 3, "{}", shown);
            let (name, properties, _) = read(lines[0]).unwrap();
            prop_assert_eq!(name, "error");
            let known = ["file", "line", "endLine", "col", "endColumn", "title"];
            prop_assert!(properties.iter().all(|(name, _)| known.contains(&name.as_str())), "{:?}", properties);
            let file = properties.iter().find(|(name, _)| name == "file").map(|(_, value)| value.as_str());
            prop_assert_eq!(file.unwrap_or_default(), path);
        }
    }
}
