//! The report for GitLab's code quality widget, in its JSON.
//!
//! What belongs to no file is left out: the format has no place for it, and the log has it.

use serde::Serialize;

use super::ci::{self, Options};
use super::tell::Weight;
use super::tell::{self, Issue};
use super::words::ci as words;
use crate::model::Report;

#[derive(Serialize)]
struct Entry {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// One JSON document with a line end: a list with an entry for each problem.
pub fn render(report: &Report, options: &Options) -> String {
    let issues = tell::all(report, options.strict);
    let fingerprints = ci::fingerprints(&issues);
    let entries = issues.iter().zip(fingerprints);
    let entries: Vec<Entry> = entries
        .filter(|(issue, _)| !issue.path.is_empty())
        .map(|(issue, fingerprint)| entry(issue, fingerprint, options))
        .collect();
    // Nothing in it can fail to serialize: no maps, and no numbers that JSON lacks.
    let mut text = serde_json::to_string_pretty(&entries).unwrap_or_default();
    text.push('\n');
    text
}

fn entry(issue: &Issue, fingerprint: String, options: &Options) -> Entry {
    let title = issue.full_title();
    let help = issue.helps.first();
    let help = help.map(|help| format!("; {}", words::help(help).get(issue.lang)));
    Entry {
        description: format!("{title}{}", help.unwrap_or_default()),
        check_name: issue.rule.clone(),
        fingerprint,
        severity: match issue.weight {
            Weight::Error => "major",
            Weight::Warning => "minor",
            Weight::Known => "info",
        },
        location: Location {
            path: options.path(issue.path),
            lines: Lines {
                begin: issue.place.map_or(1, |place| place.line),
                end: issue.place.map_or(1, |place| place.end_line),
            },
        },
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::report::sample::{assert_fixture, sample};

    #[test]
    fn the_sample() {
        assert_fixture(
            "sample.gitlab.json",
            &render(&sample(), &Options::default()),
        );
    }

    #[test]
    fn no_fingerprint_is_used_twice_and_paths_are_those_of_the_repository() {
        let options = Options {
            prefix: "docs/".to_owned(),
            ..Options::default()
        };
        let entries: Vec<Value> = serde_json::from_str(&render(&sample(), &options)).unwrap();
        let mut seen = std::collections::HashSet::new();
        for entry in &entries {
            assert!(seen.insert(entry["fingerprint"].as_str().unwrap()));
            let path = entry["location"]["path"].as_str().unwrap();
            assert!(path.starts_with("docs/notes/"), "{path}");
        }
        assert_eq!(render(&Report::default(), &options), "[]\n");
    }
}
